//! Set-up that several tests share.
use std::path::Path;

use warta_store::{ListQuery, Place};

/// Every article.
pub(crate) const ALL: ListQuery = ListQuery {
    place: Place::All,
    unread_only: false,
    before: None,
    limit: 1_000,
};

/// Copies a folder with everything in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
