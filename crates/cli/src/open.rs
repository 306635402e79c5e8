//! Opens the engine for a command.

use std::ffi::OsString;
use std::future::Future;
use std::path::PathBuf;

use warta_engine::api::Failure;
use warta_engine::{DataFolder, Engine, Opening, language_of_locale};

use crate::output::{Done, Ended};

/// Number of threads for blocking work. Work that waits for other blocking work is limited
/// elsewhere.
const BLOCKING_THREADS: usize = 6;

/// The data folder to use.
#[derive(Debug)]
pub(crate) struct Place {
    found: Option<DataFolder>,
}

impl Place {
    pub(crate) fn new(given: Option<PathBuf>) -> Self {
        Self {
            found: DataFolder::find(given),
        }
    }

    /// The folder's path.
    pub(crate) fn folder(&self) -> Done<PathBuf> {
        Ok(self.data_folder()?.path.clone())
    }

    /// The folder, and why it is used.
    pub(crate) fn data_folder(&self) -> Done<&DataFolder> {
        self.found
            .as_ref()
            .ok_or_else(|| Ended::Failed("this system has no data folder: give --data-dir".into()))
    }

    /// Opens or creates the engine there.
    pub(crate) fn open(&self) -> Done<Engine> {
        Ok(self.engine()??)
    }

    /// Opens or creates the engine there; the inner result is the engine's own.
    pub(crate) fn engine(&self) -> Done<Result<Engine, Failure>> {
        let folder = self.data_folder()?;
        let language = language_of_locale(&locale().to_string_lossy());
        let opening = Opening::usual(&folder.path, language.tag);
        Ok(Engine::open(&opening).map_err(|failure| folder.explained(failure)))
    }
}

/// Runs an async operation to completion.
pub(crate) fn on_runtime<T>(work: impl Future<Output = T>) -> Done<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Each worker thread keeps memory in its allocator cache.
        .max_blocking_threads(BLOCKING_THREADS)
        .build()
        .map_err(|error| Ended::Failed(error.to_string()))?;
    Ok(runtime.block_on(work))
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The locale, from the variables in POSIX order; empty if there is none.
fn locale() -> OsString {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(environment)
        .unwrap_or_default()
}

/// Fails unless all of these feeds exist.
pub(crate) fn check_feeds(engine: &Engine, ids: &[u32]) -> Done {
    let feeds = engine.places()?.feeds;
    let missing = ids
        .iter()
        .find(|id| feeds.iter().all(|feed| feed.id != **id));
    match missing {
        Some(id) => Err(Ended::Failed(format!("there is no feed {id}"))),
        None => Ok(()),
    }
}
