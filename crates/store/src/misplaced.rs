//! Files whose content does not match their name. They may be the only copy of something, so they
//! are moved into the folder `damaged` (`damaged.rs`); misplaced files (two exchanged, or
//! wrongly copied) are identified by their content and moved back.
use std::fs;
use std::path::{Path, PathBuf};

use crate::damaged::{FOLDER, set_aside};
use crate::error::{Result, StoreError};
use crate::private;
use crate::snapshot;
use crate::trees::{self, Trees};
use crate::value_log::{self, Kind, SEGMENT_BYTES};

/// Whether there may be misplaced files: something was moved aside, or a log's file contains
/// something else.
pub(crate) fn may_hold_something(dir: &Path) -> Result<bool> {
    if crate::damaged::has_unexamined(dir) {
        return Ok(true);
    }
    for (name, wanted) in [("bodies", Content::Bodies), ("pictures", Content::Pictures)] {
        let folder = dir.join(name);
        for (segment, length) in value_log::segments(&folder)? {
            let path = value_log::segment_path(&folder, segment);
            if length > 0 && content(&path) != wanted {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// What a file contains, or should contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Records of articles.
    Bodies,
    Pictures,
    Snapshot,
    /// sled's log.
    Sled,
    /// Anything else.
    Other,
}

struct Place {
    path: PathBuf,
    wanted: Content,
    held: Content,
}

/// Moves misplaced files back; returns what it did, and whether texts or pictures were among them.
/// The store must not be open. Only files recognised by their own checksums are moved.
pub(crate) fn put_back(dir: &Path) -> Result<(Vec<String>, bool)> {
    let mut notes = Vec::new();
    let mut has_logs = false;
    let mut places = places(dir)?;
    look_for_sled(dir, &mut places);
    for kind in [
        Content::Bodies,
        Content::Pictures,
        Content::Sled,
        Content::Snapshot,
    ] {
        while let Some(from) = places
            .iter()
            .position(|place| place.held == kind && place.wanted != kind)
        {
            let lacks = |place: &Place| place.wanted == kind && place.held != kind;
            let exchanged = |place: &Place| lacks(place) && place.held == places[from].wanted;
            let to = places
                .iter()
                .position(exchanged)
                .or_else(|| places.iter().position(lacks));
            let source = places[from].path.clone();
            has_logs |= matches!(kind, Content::Bodies | Content::Pictures);
            if let Some(to) = to {
                let target = places[to].path.clone();
                exchange(dir, &source, &target)?;
                notes.push(format!(
                    "{} and {} were exchanged; exchanged them back",
                    shown(dir, &source),
                    shown(dir, &target)
                ));
                let held = places[to].held;
                places[to].held = kind;
                places[from].held = held;
            } else {
                // No file of its kind is missing: a free name is used.
                let target = free_place(dir, kind, &source)?;
                if let Some(target) = target {
                    if let Some(folder) = target.parent() {
                        private::create_folder(folder)?;
                    }
                    crate::files::rename(&source, &target)?;
                    notes.push(format!(
                        "restored {} as {}",
                        shown(dir, &source),
                        shown(dir, &target)
                    ));
                }
                places[from].held = Content::Other;
            }
        }
    }
    Ok((notes, has_logs))
}

/// Files that may contain lost data: misplaced ones, and those moved to `damaged`.
pub(crate) fn strays(dir: &Path) -> Result<Vec<PathBuf>> {
    let places = places(dir)?.into_iter();
    let strays = places.filter(|place| place.held == Content::Other);
    Ok(strays.map(|place| place.path).collect())
}

/// Whether a file, or a file of a folder, has an intact record of articles or pictures, or with
/// `or_snapshots` of a snapshot.
pub(crate) fn holds_records(path: &Path, or_snapshots: bool) -> bool {
    if path.is_dir() {
        return files(path)
            .is_ok_and(|files| files.iter().any(|file| holds_records(file, or_snapshots)));
    }
    // No segment or snapshot is that long, and it would be read into memory.
    if fs::metadata(path).is_ok_and(|facts| facts.len() > 4 * SEGMENT_BYTES) {
        return false;
    }
    match content(path) {
        Content::Bodies | Content::Pictures => true,
        Content::Snapshot => or_snapshots,
        Content::Sled | Content::Other => false,
    }
}

fn shown(dir: &Path, path: &Path) -> String {
    path.strip_prefix(dir).unwrap_or(path).display().to_string()
}

/// A new place for a file whose place is gone.
fn free_place(dir: &Path, kind: Content, source: &Path) -> Result<Option<PathBuf>> {
    let next_segment = |name: &str| {
        let folder = dir.join(name);
        let last = value_log::segments(&folder)?
            .last()
            .map_or(0, |last| last.0);
        Ok::<_, StoreError>(value_log::segment_path(&folder, last + 1))
    };
    Ok(match kind {
        Content::Bodies => Some(next_segment("bodies")?),
        Content::Pictures => Some(next_segment("pictures")?),
        Content::Snapshot => {
            let at = snapshot::look(source).and_then(|look| look.written_at);
            let name = at.and_then(|at| snapshot::file_name(at).ok());
            let path = name.map(|name| dir.join("snapshots").join(name));
            path.filter(|path| !path.exists())
        }
        Content::Sled | Content::Other => {
            let generations = trees::generations(dir)?;
            let folder = generations.first().map(|(_, folder)| folder.join("db"));
            folder.filter(|path| kind == Content::Sled && !path.exists())
        }
    })
}

fn exchange(dir: &Path, one: &Path, other: &Path) -> Result<()> {
    let aside = set_aside(dir, one)?;
    crate::files::rename(other, one)?;
    Ok(crate::files::rename(&aside, other)?)
}

fn places(dir: &Path) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    let mut add = |path: PathBuf, wanted: Content| {
        let held = content(&path);
        places.push(Place { path, wanted, held });
    };
    // Other files in the data folder do not belong to the store; taking the lock empties the lock file.
    for name in ["format", "generation", "stamp"] {
        let path = dir.join(name);
        if path.is_file() {
            add(path, Content::Other);
        }
    }
    for (name, wanted) in [
        ("bodies", Content::Bodies),
        ("pictures", Content::Pictures),
        ("snapshots", Content::Snapshot),
        ("search", Content::Other),
        ("sounds", Content::Other),
        (FOLDER, Content::Other),
    ] {
        for path in files(&dir.join(name))? {
            if name == "snapshots" && crate::damaged::is_snapshot_aside(&path) {
                continue;
            }
            let ending = path.extension().unwrap_or_default();
            let is_its = ending == "log" || ending == "jsonl";
            add(path, if is_its { wanted } else { Content::Other });
        }
    }
    for (_, folder) in trees::generations(dir)? {
        for path in files(&folder)? {
            let is_log = path.file_name().is_some_and(|name| name == "db");
            let wanted = if is_log {
                Content::Sled
            } else {
                Content::Other
            };
            add(path, wanted);
        }
    }
    Ok(places)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Recognises a file by its first intact record. sled's log has no magic bytes: see
/// [`look_for_sled`].
fn content(path: &Path) -> Content {
    let Ok(bytes) = fs::read(path) else {
        return Content::Other;
    };
    let mut first = None;
    // The walk stops at the first record.
    let _ = value_log::walk_bytes(0, &bytes, &mut |found| {
        first = Some(found.kind);
        Err(StoreError::Invalid(String::new()))
    });
    match first {
        Some(kind) if kind == Kind::Picture as u8 => Content::Pictures,
        Some(_) => Content::Bodies,
        None if snapshot::is_one(&bytes) => Content::Snapshot,
        None => Content::Other,
    }
}

/// Finds sled's log, if the file in its place is not one.
fn look_for_sled(dir: &Path, places: &mut [Place]) {
    let mut is_missing = false;
    for place in places.iter_mut() {
        if place.wanted == Content::Sled && place.held == Content::Other {
            if is_sled(dir, &place.path) {
                place.held = Content::Sled;
            } else {
                is_missing = true;
            }
        } else if place.wanted == Content::Sled {
            is_missing = true;
        }
    }
    if !is_missing {
        return;
    }
    for place in places {
        let is_candidate = place.wanted != Content::Sled && place.held == Content::Other;
        if is_candidate && is_sled(dir, &place.path) {
            place.held = Content::Sled;
        }
    }
}

/// Whether sled opens with this file as its log, and it contains a store's id.
fn is_sled(dir: &Path, file: &Path) -> bool {
    let is_long = fs::metadata(file).is_ok_and(|facts| facts.len() > 1_000);
    if !is_long || trees::is_foreign(file) {
        return false;
    }
    let Ok(folder) = tempfile::tempdir_in(dir) else {
        return false;
    };
    let copied = fs::copy(file, folder.path().join("db")).is_ok();
    let has_name = || {
        let trees = Trees::open_folder(folder.path(), 0).ok()?;
        trees.meta.get("identity").ok()?
    };
    copied
        && std::panic::catch_unwind(std::panic::AssertUnwindSafe(has_name))
            .is_ok_and(|name| name.is_some())
}
