//! What a start is given: its arguments, and the names that follow from them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tauri::{AppHandle, Manager, State};
use tokio::sync::watch;
use warta_engine::{DataFolder, FolderReason, IDENTIFIER};

/// The longest that work in the background waits for the first list.
const LONGEST_WAIT: Duration = Duration::from_secs(3);

/// Whether the first list was painted, or none will be because the start is a hidden one.
pub(crate) struct FirstList(watch::Sender<bool>);

impl FirstList {
    pub(crate) fn new(is_hidden: bool) -> Self {
        Self(watch::channel(is_hidden).0)
    }
}

/// Waits until the window has painted its first list, which needs the whole processor, or for a few
/// seconds.
pub(crate) async fn first_list(app: &AppHandle) {
    let mut painted = app.state::<FirstList>().0.subscribe();
    // Either way it is time.
    let _ = tokio::time::timeout(LONGEST_WAIT, painted.wait_for(|is| *is)).await;
}

/// Logs that a start has got so far, at the level `debug`; `benches/start.mjs` times these lines.
pub(crate) fn reached(milestone: &str) {
    tracing::debug!(target: "warta_desktop::start", "reached: {milestone}");
}

/// The page has painted its first list.
#[tauri::command]
#[specta::specta]
#[expect(
    clippy::needless_pass_by_value,
    reason = "commands take their arguments by value"
)]
pub(crate) fn first_list_painted(first: State<'_, FirstList>) {
    reached("first list");
    first.0.send_replace(true);
}

/// The argument that starts Warta without a window.
pub(crate) const HIDDEN: &str = "--hidden";

/// The data folder; `None` if the system has none for apps.
pub(crate) fn data_folder() -> Option<DataFolder> {
    DataFolder::find(argument())
}

/// The data folder, unless it is the usual one.
pub(crate) fn own_data_dir() -> Option<PathBuf> {
    DataFolder::own(argument()).map(|folder| folder.path)
}

/// The data folder that a later start has to be given, because it would not find it itself.
pub(crate) fn given_data_dir() -> Option<PathBuf> {
    DataFolder::own(argument())
        .filter(|folder| folder.reason == FolderReason::Given)
        .map(|folder| folder.path)
}

/// The value of `--data-dir DIR`.
fn argument() -> Option<PathBuf> {
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--data-dir" {
            return arguments.next().map(Into::into);
        }
        if let Some(dir) = argument
            .to_str()
            .and_then(|a| a.strip_prefix("--data-dir="))
        {
            return Some(dir.into());
        }
    }
    None
}

/// The name by which a later start finds this one, to hand it its links; one for each data folder.
/// `None` where it cannot: on Linux without a session bus, and elsewhere with a data folder of its own,
/// since the plugin knows one name there. The store's lock prevents a second window in any case.
pub(crate) fn instance_id() -> Option<String> {
    let folder = own_data_dir();
    if !cfg!(target_os = "linux") {
        return folder.is_none().then(|| IDENTIFIER.to_owned());
    }
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").filter(|address| !address.is_empty())?;
    Some(name_for(folder.as_deref()))
}

/// The app's identifier, with a suffix for a data folder of its own.
pub(crate) fn name_for(folder: Option<&Path>) -> String {
    let Some(folder) = folder else {
        return IDENTIFIER.to_owned();
    };
    let mut hasher = DefaultHasher::new();
    std::path::absolute(folder)
        .unwrap_or_else(|_| folder.to_owned())
        .hash(&mut hasher);
    format!("{IDENTIFIER}.folder{:016x}", hasher.finish())
}
