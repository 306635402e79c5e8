//! Untrusted HTML, pages and pictures through the public API.

mod barriers;
mod bombs;
mod danger;
mod entries;
mod extraction;
mod golden;
mod hidden;
mod pages;
mod pictures;
mod safety;
mod sections;
mod watch;
mod xpath;

use std::path::PathBuf;

/// A folder of the corpora: below `WARTA_CORPORA`, else beside the project.
fn corpora(folder: &str) -> PathBuf {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let root = std::env::var_os("WARTA_CORPORA").map_or(beside, PathBuf::from);
    let folder = root.join(folder);
    assert!(folder.is_dir(), "{} is missing", folder.display());
    folder
}
