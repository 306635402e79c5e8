//! Files and folders on disk.
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::error::{Result, StoreError};

/// Maximum size of another program's file.
const LARGEST_FOREIGN: u64 = 512 << 20;

/// Reads a file of another program that the reader chose, of at most 512 MB.
pub fn read_foreign(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(LARGEST_FOREIGN + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FOREIGN {
        let most = LARGEST_FOREIGN >> 20;
        return Err(StoreError::Invalid(format!(
            "the file is larger than {most} MB"
        )));
    }
    Ok(bytes)
}

/// The write-ahead log beside an `SQLite` database, if there is one.
pub fn read_wal(database: &Path) -> Result<Option<Vec<u8>>> {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    let log = Path::new(&name);
    if !log.is_file() {
        return Ok(None);
    }
    read_foreign(log).map(Some)
}

/// Creates a folder, and those above it.
pub fn create_folder(folder: &Path) -> Result<()> {
    Ok(std::fs::create_dir_all(folder)?)
}

/// Writes a file atomically and durably.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    persist(file, path)?;
    crate::files::sync_folder(folder)
}

/// Writes a file outside the store atomically.
pub fn write_file(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut written = NamedTempFile::new_in(folder)?;
    written.write_all(bytes)?;
    written.as_file().sync_all()?;
    Ok(persist(written, file)?)
}

/// Milliseconds before a file that another program holds open is tried again, 1.3 s in all. On Windows
/// such a file can be neither renamed nor replaced; virus scanners and search indexers open new files at
/// once.
const PAUSES: [u64; 7] = [10, 20, 40, 80, 150, 300, 700];

/// Gives a written file its name, and replaces the file that has it.
pub(crate) fn persist(written: NamedTempFile, path: &Path) -> io::Result<()> {
    let mut next = Some(written);
    patiently(|| {
        let Some(written) = next.take() else {
            return Ok(());
        };
        written.persist(path).map(drop).map_err(|failed| {
            next = Some(failed.file);
            failed.error
        })
    })
}

/// Renames a file or folder; an existing file is replaced.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    patiently(|| std::fs::rename(from, to))
}

/// Repeats on Windows what fails because another program holds a file open.
fn patiently(mut act: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    for pause in PAUSES {
        match act() {
            Err(error) if cfg!(windows) && is_held(&error) => {
                std::thread::sleep(Duration::from_millis(pause));
            }
            done => return done,
        }
    }
    act()
}

fn is_held(error: &io::Error) -> bool {
    /// `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION`.
    const HELD: [i32; 2] = [32, 33];
    // Replacing an open file is "access denied".
    error.kind() == ErrorKind::PermissionDenied
        || error
            .raw_os_error()
            .is_some_and(|code| HELD.contains(&code))
}

/// Makes the folder's entries durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

pub(crate) fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .filter_map(std::result::Result::ok)
        .map(|entry| match entry.metadata() {
            Ok(facts) if facts.is_dir() => folder_bytes(&entry.path()),
            Ok(facts) => facts.len(),
            Err(_) => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_on_windows_what_failed_for_a_held_file_is_tried_again() {
        let mut tries = 0;
        let result = patiently(|| {
            tries += 1;
            if tries < 3 {
                return Err(ErrorKind::PermissionDenied.into());
            }
            Ok(())
        });
        let expected = if cfg!(windows) { 3 } else { 1 };
        assert_eq!((result.is_ok(), tries), (cfg!(windows), expected));
    }

    #[test]
    fn other_failures_are_reported_at_once() {
        let mut tries = 0;
        let result = patiently(|| {
            tries += 1;
            Err(ErrorKind::StorageFull.into())
        });
        assert!(result.is_err());
        assert_eq!(tries, 1, "waiting does not help");
    }
}
