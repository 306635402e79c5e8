//! The lock of a data folder, its format, and whether it was closed properly.
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use crate::error::{Result, StoreError};
use crate::markers::{self, Marker};
use crate::trees::{self, Trees};

/// The newest format that this program reads and the one it writes.
pub const FORMAT: u32 = 8;

const LOCK_TRIES: u32 = 10;

/// Creates the folder and takes its lock, which the system releases even after a kill.
pub(crate) fn lock_folder(dir: &Path) -> Result<File> {
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly(dir.to_owned())
        }
        _ => error.into(),
    };
    crate::private::create_folder(dir).map_err(refused)?;
    if dir.join("lock").is_dir() {
        crate::damaged::set_aside(dir, &dir.join("lock"))?;
    }
    let lock = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(dir.join("lock"))
        .map_err(refused)?;
    // A child process that is just starting holds inherited files, locks too, until it has started.
    let mut tries = 0;
    loop {
        match lock.try_lock() {
            Ok(()) => break,
            Err(std::fs::TryLockError::WouldBlock) if tries < LOCK_TRIES => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(std::fs::TryLockError::WouldBlock) => {
                return Err(StoreError::InUse(dir.to_owned()));
            }
            Err(std::fs::TryLockError::Error(error)) => return Err(refused(error)),
        }
    }
    // An old lock file may be writable in a folder that is not.
    tempfile::tempfile_in(dir).map_err(refused)?;
    // It is always empty: what is in it was misplaced, and a repair looks for that in `damaged`.
    // On Windows only this handle can read it.
    if lock.metadata()?.len() > 0 {
        crate::damaged::set_content_aside(dir, &dir.join("lock"), &lock)?;
    }
    Ok(lock)
}

/// The content of the file `format`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SaidFormat {
    /// There never was a store in this folder.
    New,
    Is(u32),
    /// It is lost or damaged; sled has a copy.
    Unreadable(String),
}

/// Reads the folder's format; writes it in a new folder.
pub(crate) fn read_format(dir: &Path) -> Result<SaidFormat> {
    let why = match markers::read(dir, markers::FORMAT) {
        Marker::Says(found) if found > FORMAT => {
            return Err(StoreError::NewerFormat {
                found,
                known: FORMAT,
            });
        }
        Marker::Says(found) => return Ok(SaidFormat::Is(found)),
        Marker::Damaged(why) => why,
        Marker::Missing => match remains(dir)?.as_slice() {
            [] => {
                write_format(dir)?;
                return Ok(SaidFormat::New);
            }
            found => format!(
                "this folder contained a store ({} is here), but the file `format` is missing",
                found.join(", ")
            ),
        },
    };
    if !trees::generations(dir)?.is_empty() {
        return Ok(SaidFormat::Unreadable(why));
    }
    Err(StoreError::Damaged(format!(
        "{why}, and so is sled's folder"
    )))
}

/// The parts of a store in a folder. A folder with any of them is not treated as new.
pub(crate) fn remains(dir: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut add = |is_here: bool, name: &str| {
        if is_here {
            found.push(format!("`{name}`"));
        }
    };
    let has_files = |name: &str| {
        std::fs::read_dir(dir.join(name)).is_ok_and(|mut entries| entries.next().is_some())
    };
    for name in ["bodies", "pictures", "sounds", "snapshots", "search"] {
        add(has_files(name), name);
    }
    add(dir.join(markers::GENERATION).exists(), markers::GENERATION);
    add(dir.join(markers::STAMP).exists(), markers::STAMP);
    for entry in std::fs::read_dir(dir)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        add(name == "db" || name.starts_with("db-"), &name);
    }
    Ok(found)
}

/// The store's format; `None` if it is new. If the file is damaged, the copy in sled counts.
pub(crate) fn format_of(trees: &Trees, dir: &Path, said: SaidFormat) -> Result<Option<u32>> {
    let why = match said {
        SaidFormat::New => return Ok(None),
        SaidFormat::Is(format) => return Ok(Some(format)),
        SaidFormat::Unreadable(why) => why,
    };
    match format_in_sled(trees)? {
        Some(found) if found > FORMAT => Err(StoreError::NewerFormat {
            found,
            known: FORMAT,
        }),
        Some(found) => {
            tracing::warn!(why, "the file is written again");
            markers::write(dir, markers::FORMAT, found)?;
            Ok(Some(found))
        }
        None => Err(StoreError::Damaged(why)),
    }
}

/// In [`trees::Name::Meta`]: the format, and the number of the last clean close.
pub(crate) const FORMAT_IN_SLED: &[u8] = b"format";

pub(crate) const LAST_CLOSE: &[u8] = b"closing";

pub(crate) fn format_in_sled(trees: &Trees) -> Result<Option<u32>> {
    let value = trees.meta.get(FORMAT_IN_SLED)?;
    let found = value
        .map(|value| crate::keys::number_of(&value))
        .transpose()?;
    Ok(found.map(|found| found as u32))
}

pub(crate) fn last_close(trees: &Trees) -> Result<u32> {
    let value = trees.meta.get(LAST_CLOSE)?;
    let last = value
        .map(|value| crate::keys::number_of(&value))
        .transpose()?;
    Ok(last.unwrap_or(0) as u32)
}

/// Fails if sled lacks the clean close that the stamp records.
pub(crate) fn check_stamp(trees: &Trees, dir: &Path) -> Result<()> {
    match markers::read(dir, markers::STAMP) {
        Marker::Says(close) if last_close(trees)? != close => Err(StoreError::Damaged(
            "the end of sled's log was lost: the record of the last clean close is missing".into(),
        )),
        _ => Ok(()),
    }
}

pub(crate) fn remove_stamp(dir: &Path) -> Result<()> {
    let path = dir.join(markers::STAMP);
    match markers::read(dir, markers::STAMP) {
        Marker::Missing => Ok(()),
        Marker::Says(_) => Ok(std::fs::remove_file(path)?),
        // It may be another file under that name.
        Marker::Damaged(_) => crate::damaged::set_aside(dir, &path).map(drop),
    }
}

/// Writes the generation in use to the marker, and removes the others.
pub(crate) fn settle_generation(trees: &Trees, dir: &Path) -> Result<()> {
    let generation = trees.generation;
    let others = trees::generations(dir)?.len() > 1;
    if let Some(said) = trees.said_generation()?
        && said != generation
        && others
    {
        return Err(StoreError::Damaged(format!(
            "the file `generation` names the folder {generation}, which is incomplete"
        )));
    }
    trees.say_generation()?;
    // Written before a second generation exists, so that a lost marker is recognised as lost.
    if markers::read(dir, markers::GENERATION) != Marker::Says(generation) {
        trees.db.flush()?;
        trees::set_current(dir, generation)?;
    }
    trees::remove_others(dir, generation)
}

pub(crate) fn write_format(dir: &Path) -> Result<()> {
    markers::write(dir, markers::FORMAT, FORMAT)
}
