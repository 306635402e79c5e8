//! What was moved aside: files that do not belong where they are (in the folder `damaged`), sled's
//! damaged folders (`db-damaged-*`) and damaged snapshots (`*.jsonl.damaged`). They may be the only
//! copy of something, so they are never deleted before a repair has looked at them.
//!
//! A repair appends its outcome and time to their names: `.repaired-SECONDS` if it lost nothing,
//! else `.incomplete-SECONDS`. What is removed when is decided in `aside.rs`.
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Seek;
use std::path::{Path, PathBuf};

use crate::error::{Result, StoreError};
use crate::private;

pub(crate) const FOLDER: &str = "damaged";
/// What follows the name of a damaged snapshot.
const SNAPSHOT: &str = ".jsonl.damaged";

/// Moves a file or folder into the folder `damaged`; returns its new path.
pub(crate) fn set_aside(dir: &Path, path: &Path) -> Result<PathBuf> {
    let aside = free_place(dir, path)?;
    crate::files::rename(path, &aside)?;
    Ok(aside)
}

/// Moves the content of an open file into the folder `damaged`. The file itself stays, empty.
pub(crate) fn set_content_aside(dir: &Path, path: &Path, mut file: &File) -> Result<()> {
    let aside = free_place(dir, path)?;
    let mut copy = private::append_to(&aside)?;
    file.rewind()?;
    std::io::copy(&mut file, &mut copy)?;
    copy.sync_all()?;
    Ok(file.set_len(0)?)
}

/// A free path in the folder `damaged`, which is created, for what is moved there.
fn free_place(dir: &Path, path: &Path) -> Result<PathBuf> {
    let folder = dir.join(FOLDER);
    private::create_folder(&folder)?;
    let name = path.strip_prefix(dir).unwrap_or(path);
    let name = name.to_string_lossy().replace(['/', '\\'], "-");
    let free = (1..10_000)
        .map(|number| folder.join(format!("{name}-{number}")))
        .find(|path| !path.exists());
    free.ok_or_else(|| StoreError::Invalid("no free name".into()))
}

/// The names of what was moved into the folder `damaged`, below the data folder `dir`.
pub(crate) fn names(dir: &Path) -> Result<BTreeSet<String>> {
    let folder = dir.join(FOLDER);
    if !folder.is_dir() {
        return Ok(BTreeSet::new());
    }
    fs::read_dir(folder)?
        .map(|entry| {
            let name = entry?.file_name();
            Ok(Path::new(FOLDER).join(name).display().to_string())
        })
        .collect()
}

/// What a repair made of the files that were set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The store lacks nothing that they hold.
    Repaired,
    /// They may hold what could not be repaired.
    Incomplete,
}

impl Outcome {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Repaired => "repaired",
            Self::Incomplete => "incomplete",
        }
    }
}

/// The outcome and time of the repair after which a file was kept, from its name.
pub(crate) fn outcome(path: &Path) -> Option<(Outcome, i64)> {
    let ending = path.extension()?.to_str()?;
    [Outcome::Repaired, Outcome::Incomplete]
        .into_iter()
        .find_map(|outcome| {
            let at = ending.strip_prefix(outcome.name())?.strip_prefix('-')?;
            Some((outcome, at.parse().ok()?))
        })
}

/// Whether a file in the folder `snapshots` was set aside.
pub(crate) fn is_snapshot_aside(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.contains(SNAPSHOT)
}

/// Whether something was set aside that no repair has looked at.
pub(crate) fn has_unexamined(dir: &Path) -> bool {
    fs::read_dir(dir.join(FOLDER)).is_ok_and(|entries| {
        let mut paths = entries.flatten().map(|entry| entry.path());
        paths.any(|path| outcome(&path).is_none())
    })
}
