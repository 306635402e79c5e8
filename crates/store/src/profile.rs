//! The whole profile as one file: a zstd-compressed tar of the value logs and of a snapshot with
//! every read mark. Importing it rebuilds a store from these in an empty folder.
//!
//! A profile may come from anywhere: only files with known names are extracted, and their content
//! is verified by checksums as always.
use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::format::FORMAT;
use crate::importing::{UNPACKED, WHOLE, finish_import};
use crate::rebuild::{self, Rebuilt};
use crate::restore::{self, Check};
use crate::snapshot::{Merged, Record};
use crate::store::Store;
use crate::value_log;

const VERSION: u32 = 1;

const MANIFEST: &str = "manifest.json";

const SNAPSHOT: &str = "snapshot.jsonl";

const LOGS: [&str; 2] = ["bodies", "pictures"];

/// Low, since texts and pictures are compressed already.
const LEVEL: i32 = 1;

/// Maximum size of an unpacked profile: this ratio of its length, or at least this many bytes …
const MOST_RATIO: u64 = 30;

const LEAST_BOUND: u64 = 64 << 20;

/// … always leaving this much of the disk free; and the maximum number of files.
const LEFT_FREE: u64 = 16 << 20;

const MOST_ENTRIES: u64 = 100_000;

/// The sequence number of an imported snapshot.
const SEQUENCE: u64 = 1;

/// The first file of a profile.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    store_format: u32,
    written_at: i64,
}

/// What [`Store::export`] wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// The written file.
    pub file: PathBuf,
    /// How long the file is.
    pub bytes: u64,
    /// How many articles were in the store.
    pub articles: u64,
}

impl Store {
    /// Writes the whole profile into `file` atomically. Others may read and write meanwhile: later
    /// changes may be left out.
    pub fn export(&self, file: &Path, now: i64) -> Result<Exported> {
        let core = &self.core;
        // Prevents compaction while segments are copied.
        let _alone = core
            .compacting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let articles = core.article_count();
        let mut segments: Vec<(String, PathBuf, u64)> = Vec::new();
        {
            let _writing = core.hold_still();
            for (name, log) in [("bodies", &core.bodies), ("pictures", &core.pictures)] {
                log.sync()?;
                let folder = core.dir.join(name);
                for (segment, length) in value_log::segments(&folder)? {
                    let path = value_log::segment_path(&folder, segment);
                    segments.push((format!("{name}/{segment:08}.log"), path, length));
                }
            }
        }
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut written = tempfile::NamedTempFile::new_in(folder)?;
        {
            let compressed = zstd::Encoder::new(written.as_file_mut(), LEVEL)?;
            let mut tar = tar::Builder::new(compressed);
            let manifest = Manifest {
                format: "warta profile".into(),
                version: VERSION,
                store_format: FORMAT,
                written_at: now,
            };
            let manifest = serde_json::to_vec(&manifest)
                .map_err(|error| StoreError::Invalid(error.to_string()))?;
            put(&mut tar, MANIFEST, manifest.len() as u64, now, &*manifest)?;
            let (text, _, _) = crate::snapshot::text(core, now, usize::MAX)?;
            put(&mut tar, SNAPSHOT, text.len() as u64, now, text.as_bytes())?;
            for (name, path, length) in segments {
                put(&mut tar, &name, length, now, File::open(path)?.take(length))?;
            }
            tar.into_inner()?.finish()?.flush()?;
        }
        written.as_file().sync_all()?;
        let bytes = written.as_file().metadata()?.len();
        crate::files::persist(written, file)?;
        crate::files::sync_folder(folder)?;
        Ok(Exported {
            file: file.to_owned(),
            bytes,
            articles,
        })
    }
}

fn put<W: Write>(
    tar: &mut tar::Builder<W>,
    name: &str,
    length: u64,
    now: i64,
    data: impl Read,
) -> Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    header.set_mtime(now.max(0) as u64);
    header.set_entry_type(tar::EntryType::Regular);
    tar.append_data(&mut header, name, data)?;
    Ok(())
}

/// Creates the store in `dir` from a profile. The folder must not contain a store.
pub fn import(file: &Path, dir: &Path, now: i64) -> Result<Rebuilt> {
    import_checked(file, dir, now, &mut |_| true)
}

/// [`import`] of the records that pass a check. The store is created in a folder inside `dir` and
/// moved into place when it is complete: after a kill, the next opening finds either the whole
/// profile or no store.
pub fn import_checked(file: &Path, dir: &Path, now: i64, check: Check<'_>) -> Result<Rebuilt> {
    let _lock = crate::format::lock_folder(dir)?;
    finish_import(dir)?;
    if dir.join("format").exists() || !crate::format::remains(dir)?.is_empty() {
        return Err(StoreError::Invalid(
            "the folder holds a store already; import into an empty one".into(),
        ));
    }
    let unpacked = dir.join(UNPACKED);
    let made = make_store(file, &unpacked, now, check);
    if made.is_err() {
        std::fs::remove_dir_all(&unpacked).ok();
    }
    let mut rebuilt = made?;
    crate::files::sync_folder(&unpacked)?;
    crate::files::write_atomically(&unpacked.join(WHOLE), b"")?;
    finish_import(dir)?;
    if let Some((path, _)) = &mut rebuilt.restored
        && let Ok(inside) = path.strip_prefix(&unpacked)
    {
        *path = dir.join(inside);
    }
    Ok(rebuilt)
}

/// Unpacks a profile into a new folder and creates a store there.
fn make_store(file: &Path, into: &Path, now: i64, check: Check<'_>) -> Result<Rebuilt> {
    for name in LOGS {
        crate::private::create_folder(&into.join(name))?;
    }
    let written_at = unpack(file, into)?;
    let (records, problems) = match restore::read_checked(&into.join(SNAPSHOT), &mut *check) {
        // Texts and pictures can still be imported.
        Err(StoreError::Invalid(why)) => (Vec::new(), vec![why]),
        read => read?,
    };
    let is_whole = problems.is_empty();
    let snapshots = into.join("snapshots");
    crate::private::create_folder(&snapshots)?;
    let snapshot = snapshots.join(crate::snapshot::file_name(written_at)?);
    let text = crate::snapshot::text_of(&records, written_at, SEQUENCE)?;
    crate::files::write_atomically(&snapshot, text.as_bytes())?;
    std::fs::remove_file(into.join(SNAPSHOT))?;
    // A damaged snapshot must not unsubscribe from feeds in the value logs.
    let taken_at = is_whole.then_some(written_at);
    let given = Merged::of(records.clone(), snapshot, taken_at, SEQUENCE);
    let mut rebuilt = rebuild::rebuild_from(into, now, Some(given))?;
    remove_unchecked_feeds(into, now, &records, check)?;
    if !is_whole {
        rebuild::open(into)?.snapshot(now)?;
    }
    if let Some((_, restored)) = &mut rebuilt.restored {
        restored.problems.splice(..0, problems);
        restored.problems.truncate(crate::snapshot::MOST_PROBLEMS);
    }
    Ok(rebuilt)
}

/// Unsubscribes from feeds of the value logs that fail the check.
fn remove_unchecked_feeds(
    dir: &Path,
    now: i64,
    records: &[Record],
    check: Check<'_>,
) -> Result<()> {
    let checked: HashSet<&str> = records
        .iter()
        .filter_map(|record| match record {
            Record::Feed { url, .. } => Some(url.as_str()),
            _ => None,
        })
        .collect();
    let store = rebuild::open(dir)?;
    for feed in store.feeds()? {
        let mut named_by_log = Record::feed(&feed.url, feed.added_at);
        let is_good = checked.contains(feed.url.as_str())
            || restore::incoming(&mut named_by_log).is_some_and(&mut *check);
        if !is_good {
            store.remove_feed(feed.id, now)?;
        }
    }
    Ok(())
}

/// Size limits of a profile.
struct Bounds {
    bytes: u64,
    /// The limit comes from the disk, not from the file.
    by_disk: bool,
}

impl Bounds {
    /// Texts and pictures are compressed before they are packed, snapshots are not: a profile that
    /// unpacks to much more than its own length was not written by Warta.
    fn of(packed: u64, free: u64) -> Self {
        let by_file = packed.saturating_mul(MOST_RATIO).max(LEAST_BOUND);
        let by_disk = free.saturating_sub(LEFT_FREE);
        Self {
            bytes: by_file.min(by_disk),
            by_disk: by_disk < by_file,
        }
    }

    fn exceeded(&self) -> StoreError {
        if self.by_disk {
            return StoreError::DiskFull;
        }
        StoreError::Invalid("the profile unpacks to far more than Warta would have packed".into())
    }
}

/// Extracts the known files of a profile; returns when it was written.
fn unpack(file: &Path, into: &Path) -> Result<i64> {
    let not_a_profile = || StoreError::Invalid("this is not a Warta profile".into());
    let packed = File::open(file)?;
    let most = Bounds::of(packed.metadata()?.len(), fs4::available_space(into)?);
    // One byte more, to detect that the limit is exceeded.
    let decompressed = zstd::Decoder::new(packed)?.take(most.bytes.saturating_add(1));
    let mut left = most.bytes;
    let mut entries = 0;
    let mut tar = tar::Archive::new(decompressed);
    let mut manifest: Option<Manifest> = None;
    let mut has_snapshot = false;
    for entry in tar.entries().map_err(|_| not_a_profile())? {
        let mut entry = entry.map_err(|_| not_a_profile())?;
        entries += 1;
        if entries > MOST_ENTRIES {
            return Err(StoreError::Invalid("the profile has too many files".into()));
        }
        let length = entry.header().size().map_err(|_| not_a_profile())?;
        left = match left.checked_sub(length) {
            Some(left) => left,
            None => return Err(most.exceeded()),
        };
        let name = match entry.path() {
            Ok(path) => path.to_string_lossy().replace('\\', "/"),
            Err(_) => return Err(not_a_profile()),
        };
        if entry.header().entry_type() != tar::EntryType::Regular {
            continue;
        }
        if manifest.is_none() {
            if name != MANIFEST {
                return Err(not_a_profile());
            }
            let mut text = String::new();
            entry.by_ref().take(1 << 16).read_to_string(&mut text)?;
            let read: Manifest = serde_json::from_str(&text).map_err(|_| not_a_profile())?;
            let (found, known) = if read.version > VERSION {
                (read.version, VERSION)
            } else {
                (read.store_format, FORMAT)
            };
            if found > known {
                return Err(StoreError::NewerFormat { found, known });
            }
            manifest = Some(read);
            continue;
        }
        let Some(name) = known_name(&name) else {
            continue;
        };
        has_snapshot |= name == SNAPSHOT;
        let mut out = File::create(into.join(name))?;
        std::io::copy(&mut entry, &mut out)?;
        out.sync_all()?;
    }
    match manifest {
        Some(manifest) if has_snapshot => Ok(manifest.written_at),
        _ => Err(StoreError::Invalid("the profile is incomplete".into())),
    }
}

/// The name, if it is one that a profile may hold.
fn known_name(name: &str) -> Option<&str> {
    if name == SNAPSHOT {
        return Some(name);
    }
    let (folder, segment) = name.split_once('/')?;
    let number = segment.strip_suffix(".log")?;
    let is_number = number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_digit());
    (LOGS.contains(&folder) && is_number).then_some(name)
}
