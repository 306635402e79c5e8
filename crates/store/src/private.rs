//! The data folder is private: feeds' addresses contain tokens, and reading habits are personal.
//! Folders get the mode 0700 and files 0600 when they are created and, for what an older version or
//! a copy left open, when the store is opened and closed.
//!
//! On Windows nothing is done: the profile's folder has an access list that new files inherit.
use std::fs::{File, OpenOptions};
use std::path::Path;

/// The store's files in its folder, and the log; no other file is changed.
#[cfg(unix)]
const OURS: [&str; 15] = [
    "bodies",
    "damaged",
    "format",
    "generation",
    "importing",
    "lock",
    // Written by the programs (`crates/log`), which make the folder private.
    "logs",
    "pictures",
    "reserve",
    "restoring.failed.jsonl",
    "restoring.jsonl",
    "search",
    "snapshots",
    "sounds",
    "stamp",
];

/// Creates a folder and its parents, the folder itself private.
pub(crate) fn create_folder(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above)?;
    }
    #[cfg_attr(not(unix), expect(unused_mut, reason = "a mode exists on Unix only"))]
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && folder.is_dir() => {
            Ok(())
        }
        made => made,
    }
}

/// Opens a file for appending, created private.
pub(crate) fn append_to(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes others' access to the store's files in `dir`, as far as permitted.
pub(crate) fn close_to_others(dir: &Path) {
    #[cfg(unix)]
    unix::close_to_others(dir);
    #[cfg(not(unix))]
    let _ = dir;
}

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::OURS;

    /// The bit of a shared folder such as /tmp.
    const STICKY: u32 = 0o1000;

    pub(super) fn close_to_others(dir: &Path) {
        tighten(dir);
        let Ok(entries) = std::fs::read_dir(dir) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if OURS.contains(&&*name) || name == "db" || name.starts_with("db-") {
                close(&entry.path());
            }
        }
    }

    fn close(path: &Path) {
        if !tighten(path) {
            return;
        }
        for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
            close(&entry.path());
        }
    }

    /// Removes others' access; true for a folder, whose contents follow.
    fn tighten(path: &Path) -> bool {
        // A link is skipped: its target may be shared on purpose.
        let Ok(facts) = std::fs::symlink_metadata(path) else {
            return false;
        };
        if facts.is_symlink() {
            return false;
        }
        let mode = facts.permissions().mode();
        if mode & 0o077 != 0 && mode & STICKY == 0 {
            let closed = Permissions::from_mode(mode & 0o7700);
            if let Err(error) = std::fs::set_permissions(path, closed) {
                tracing::warn!(?path, %error, "other users can read this file");
            }
        }
        facts.is_dir()
    }
}
