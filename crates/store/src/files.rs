//! Files and folders on disk.
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

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
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    crate::files::sync_folder(folder)
}

/// Writes a file outside the store atomically.
pub fn write_file(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut written = tempfile::NamedTempFile::new_in(folder)?;
    written.write_all(bytes)?;
    written.as_file().sync_all()?;
    written.persist(file).map_err(|error| error.error)?;
    Ok(())
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
