//! Strangers' HTML, pages and pictures through the crate's public face.

mod bombs;
mod danger;
mod entries;
mod extraction;
mod hidden;
mod pages;
mod pictures;
mod safety;
mod walls;

use std::path::PathBuf;

/// A folder of the test corpora; says so where it is missing.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn corpora(folder: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let root = std::env::var_os("WARTA_CORPORA").map_or(beside, PathBuf::from);
    let folder = root.join(folder);
    if !folder.is_dir() {
        println!("skipped: corpora not found");
        return None;
    }
    Some(folder)
}
