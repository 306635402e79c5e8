//! Links and files that the app is opened with: by this start, by a later one, or by the system.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, Manager, State};
use tauri_specta::Event as _;
use warta_engine::api::{Failure, FailureCode, ImportReport, LinkTarget};

use crate::commands::Result;
use crate::engine_handle::EngineHandle;
use crate::file_commands::import_opml_at;
use crate::start::HIDDEN;
use crate::window::show_soon;

/// Links beyond this many that the window has not taken are dropped.
const MOST_WAITING: usize = 20;

/// What was opened and not yet taken by the window.
#[derive(Default)]
pub(crate) struct Links {
    waiting: Mutex<Vec<LinkTarget>>,
    /// The OPML files among the links that the window has taken, oldest first.
    files: Mutex<Vec<PathBuf>>,
}

/// There are links to take.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct LinksOpened;

impl Links {
    /// Keeps what the arguments of a start name, until the window takes it. `folder` is what relative
    /// paths begin at.
    pub(crate) fn add(&self, arguments: &[String], folder: &Path) {
        let mut waiting = locked(&self.waiting);
        let targets = values(arguments).filter_map(|argument| LinkTarget::of(argument, folder));
        waiting.extend(targets);
        waiting.truncate(MOST_WAITING);
    }

    /// Keeps what Warta itself wants to show.
    pub(crate) fn add_target(&self, target: LinkTarget) {
        let mut waiting = locked(&self.waiting);
        waiting.push(target);
        waiting.truncate(MOST_WAITING);
    }

    fn take(&self) -> Vec<LinkTarget> {
        let taken = std::mem::take(&mut *locked(&self.waiting));
        let files = taken.iter().filter_map(|target| match target {
            LinkTarget::Opml { path, .. } => Some(path.clone()),
            _ => None,
        });
        locked(&self.files).extend(files);
        taken
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The arguments without options and their values.
fn values(arguments: &[String]) -> impl Iterator<Item = &str> {
    let mut is_value = false;
    arguments.iter().filter_map(move |argument| {
        let is_skipped = std::mem::replace(&mut is_value, argument == "--data-dir");
        (!is_skipped && !argument.starts_with('-')).then_some(argument.as_str())
    })
}

/// Hands the arguments of another start to the window and opens it, unless that start is a hidden one.
pub(crate) fn open(app: &AppHandle, arguments: &[String], folder: &Path) {
    app.state::<Links>().add(arguments, folder);
    if !arguments.iter().any(|argument| argument == HIDDEN) {
        show_soon(app);
    }
    announce(app);
}

/// Opens the window with something that Warta itself wants to show.
pub(crate) fn open_target(app: &AppHandle, target: LinkTarget) {
    app.state::<Links>().add_target(target);
    show_soon(app);
    announce(app);
}

/// A window that is not open yet takes the links when it starts.
fn announce(app: &AppHandle) {
    if let Err(error) = LinksOpened.emit(app) {
        tracing::warn!(%error, "the window was not told of a link");
    }
}

/// The links that the app was opened with since the last call.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_links(links: State<'_, Links>) -> Result<Vec<LinkTarget>> {
    Ok(links.take())
}

/// Imports the OPML file that the app was opened with and starts fetching its feeds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_opened_opml(
    links: State<'_, Links>,
    handle: State<'_, EngineHandle>,
) -> Result<ImportReport> {
    let next = {
        let mut files = locked(&links.files);
        (!files.is_empty()).then(|| files.remove(0))
    };
    let path =
        next.ok_or_else(|| Failure::new(FailureCode::NotFound, "no OPML file was opened"))?;
    import_opml_at(handle, path).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(arguments: &[&str]) -> Vec<LinkTarget> {
        let links = Links::default();
        let arguments: Vec<String> = arguments.iter().map(|&one| one.into()).collect();
        links.add(&arguments, Path::new("/"));
        links.take()
    }

    #[test]
    fn options_and_their_values_are_no_links() {
        let article = |id| LinkTarget::Article { id };
        for arguments in [
            &["--data-dir", "warta://article/1", "warta://article/2"][..],
            &["--data-dir=warta://article/1", "warta://article/2"],
            &["warta://article/2", "--data-dir"],
            &["--unknown", "nothing", "warta://article/2"],
        ] {
            assert_eq!(added(arguments), [article(2)], "{arguments:?}");
        }
    }

    #[test]
    fn links_are_taken_once_and_bounded() {
        let links = Links::default();
        let many = vec!["warta://article/1".to_owned(); 50];
        links.add(&many, Path::new("/"));
        assert_eq!(links.take().len(), MOST_WAITING);
        assert!(links.take().is_empty());
    }
}
