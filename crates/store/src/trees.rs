//! sled's trees, and the only way to write into them: a list of changes that is applied atomically.
//! Also records which keys are written while the trees are being copied.
use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use sled::IVec;
use sled::transaction::ConflictableTransactionError;

use crate::error::{Result, StoreError};
use crate::markers::{self, Marker};
use crate::records;

/// In [`Name::Meta`]: the generation. An incomplete copy has another's.
const GENERATION: &[u8] = b"generation";

/// Of sled's log, in bytes.
const SEGMENT: usize = 512 << 10;

const SEGMENT_HEADER: usize = 20;

const CACHE_BYTES: u64 = 48 << 20;

/// sled's file `conf` is shorter, in bytes: a longer one is something else.
const LONGEST_CONF: u64 = 1_000;

/// A tree of sled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Name {
    /// Counters and the store's id.
    Meta,
    Feeds,
    Folders,
    /// Rows by article.
    Articles,
    /// Lists by the first article in them.
    Entries,
    /// Blocks of read bits.
    Read,
    Saved,
    /// Marks that wait for their article.
    Waiting,
    /// Articles that the search index has to look at again.
    Reindex,
    Pictures,
    /// Where a picture's bytes lie, by their hash.
    Contents,
    Settings,
    Forwards,
    /// What was purged, by feed and guid.
    Tombstones,
    /// How many bytes of the value log are in use, by feed and by segment.
    Space,
    Searches,
    /// What is known of articles' own pages.
    Pages,
    /// Packs, and each article of a pack by the pack's id and its position.
    Packs,
    /// Articles that another feed lists too, by that feed and article.
    Listings,
}

impl Name {
    pub(crate) const ALL: [Self; 19] = [
        Self::Meta,
        Self::Feeds,
        Self::Folders,
        Self::Articles,
        Self::Entries,
        Self::Read,
        Self::Saved,
        Self::Waiting,
        Self::Reindex,
        Self::Pictures,
        Self::Contents,
        Self::Settings,
        Self::Forwards,
        Self::Tombstones,
        Self::Space,
        Self::Searches,
        Self::Pages,
        Self::Packs,
        Self::Listings,
    ];
}

/// An open sled with its trees.
pub(crate) struct Trees {
    /// Which of the folders `db`, `db-2` … it is.
    pub(crate) generation: u32,
    pub(crate) db: sled::Db,
    pub(crate) meta: sled::Tree,
    pub(crate) feeds: sled::Tree,
    pub(crate) folders: sled::Tree,
    pub(crate) articles: sled::Tree,
    pub(crate) entries: sled::Tree,
    pub(crate) read: sled::Tree,
    pub(crate) saved: sled::Tree,
    pub(crate) waiting: sled::Tree,
    pub(crate) reindex: sled::Tree,
    pub(crate) pictures: sled::Tree,
    pub(crate) contents: sled::Tree,
    pub(crate) settings: sled::Tree,
    pub(crate) forwards: sled::Tree,
    pub(crate) tombstones: sled::Tree,
    pub(crate) space: sled::Tree,
    pub(crate) searches: sled::Tree,
    /// Records written since it was opened.
    count: AtomicU64,
    pub(crate) pages: sled::Tree,
    pub(crate) packs: sled::Tree,
    pub(crate) listings: sled::Tree,
    /// Keys written since copying began.
    written: Mutex<Option<HashSet<(Name, IVec)>>>,
}

impl Trees {
    /// Opens or creates a generation in the data folder `dir`.
    pub(crate) fn open(dir: &Path, generation: u32) -> Result<Self> {
        Self::open_folder(&folder(dir, generation), generation)
    }

    /// Opens a folder of sled wherever it lies.
    pub(crate) fn open_folder(folder: &Path, generation: u32) -> Result<Self> {
        let db = open_sled(folder)?;
        guarded(|| Self::of(db, generation))
    }

    fn of(db: sled::Db, generation: u32) -> Result<Self> {
        Ok(Self {
            generation,
            meta: db.open_tree("meta")?,
            feeds: db.open_tree("feeds")?,
            folders: db.open_tree("folders")?,
            articles: db.open_tree("articles")?,
            entries: db.open_tree("entries")?,
            read: db.open_tree("read")?,
            saved: db.open_tree("saved")?,
            waiting: db.open_tree("waiting")?,
            reindex: db.open_tree("reindex")?,
            pictures: db.open_tree("pictures")?,
            contents: db.open_tree("contents")?,
            settings: db.open_tree("settings")?,
            forwards: db.open_tree("forwards")?,
            tombstones: db.open_tree("tombstones")?,
            space: db.open_tree("space")?,
            searches: db.open_tree("searches")?,
            pages: db.open_tree("pages")?,
            packs: db.open_tree("packs")?,
            listings: db.open_tree("listings")?,
            db,
            count: AtomicU64::new(0),
            written: Mutex::new(None),
        })
    }

    /// Its recorded generation; `None` if a version before 0.2 created it.
    pub(crate) fn said_generation(&self) -> Result<Option<u32>> {
        let value = self.meta.get(GENERATION)?;
        let said = value
            .map(|value| crate::keys::number_of(&value))
            .transpose()?;
        Ok(said.map(|said| said as u32))
    }

    /// Records its generation, which marks it as complete. The caller must hold the write lock.
    pub(crate) fn say_generation(&self) -> Result<()> {
        let value = self.generation.to_be_bytes();
        if self.meta.get(GENERATION)?.as_deref() != Some(value.as_slice()) {
            self.meta.insert(GENERATION, &value)?;
        }
        Ok(())
    }

    /// How many records were written since it was opened.
    pub(crate) fn written_count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    pub(crate) fn tree(&self, name: Name) -> &sled::Tree {
        match name {
            Name::Meta => &self.meta,
            Name::Feeds => &self.feeds,
            Name::Folders => &self.folders,
            Name::Articles => &self.articles,
            Name::Entries => &self.entries,
            Name::Read => &self.read,
            Name::Saved => &self.saved,
            Name::Waiting => &self.waiting,
            Name::Reindex => &self.reindex,
            Name::Pictures => &self.pictures,
            Name::Contents => &self.contents,
            Name::Settings => &self.settings,
            Name::Forwards => &self.forwards,
            Name::Tombstones => &self.tombstones,
            Name::Space => &self.space,
            Name::Searches => &self.searches,
            Name::Pages => &self.pages,
            Name::Packs => &self.packs,
            Name::Listings => &self.listings,
        }
    }

    /// Puts one record that the next flush makes durable; a kill may lose it. The caller must hold
    /// the write lock. sled writes a batch to the disk at once, even of a single record.
    pub(crate) fn put_unflushed<T: Serialize>(
        &self,
        name: Name,
        key: &[u8],
        value: &T,
    ) -> Result<()> {
        let value = records::encode(value)?;
        self.note(std::iter::once((name, key.into())));
        self.tree(name).insert(key, value)?;
        Ok(())
    }

    /// Notes keys that are about to be written.
    fn note(&self, keys: impl ExactSizeIterator<Item = (Name, IVec)>) {
        self.count.fetch_add(keys.len() as u64, Ordering::Relaxed);
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(written) = written.as_mut() {
            written.extend(keys);
        }
    }

    /// Applies all changes or none. The caller must hold the write lock.
    pub(crate) fn apply(&self, changes: &Changes) -> Result<()> {
        self.note(
            changes
                .list
                .iter()
                .map(|(name, key, _)| (*name, key.clone())),
        );
        let batches = changes.batches();
        match batches.as_slice() {
            [] => Ok(()),
            [(name, batch)] => Ok(self.tree(*name).apply_batch(batch.clone())?),
            several => {
                let trees: Vec<&sled::Tree> =
                    several.iter().map(|(name, _)| self.tree(*name)).collect();
                sled::Transactional::transaction(trees.as_slice(), |views| {
                    for (view, (_, batch)) in views.iter().zip(several) {
                        view.apply_batch(batch)?;
                    }
                    Ok::<_, ConflictableTransactionError<StoreError>>(())
                })?;
                Ok(())
            }
        }
    }

    /// Begins recording written keys.
    pub(crate) fn remember(&self) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(HashSet::new());
    }

    /// What was written since [`Trees::remember`] or the last call.
    pub(crate) fn written(&self) -> Vec<(Name, IVec)> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        match written.as_mut() {
            Some(written) => written.drain().collect(),
            None => Vec::new(),
        }
    }

    pub(crate) fn forget_written(&self) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Changes to be made together.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    list: Vec<(Name, IVec, Option<IVec>)>,
}

impl Changes {
    /// Puts a record.
    pub(crate) fn put<T: Serialize>(&mut self, tree: Name, key: &[u8], value: &T) -> Result<()> {
        self.put_bytes(tree, key, records::encode(value)?);
        Ok(())
    }

    /// Puts bytes as they are.
    pub(crate) fn put_bytes(&mut self, tree: Name, key: &[u8], value: impl Into<IVec>) {
        self.list.push((tree, key.into(), Some(value.into())));
    }

    pub(crate) fn remove(&mut self, tree: Name, key: &[u8]) {
        self.list.push((tree, key.into(), None));
    }

    pub(crate) fn count(&self) -> usize {
        self.list.len()
    }

    fn batches(&self) -> Vec<(Name, sled::Batch)> {
        let mut batches: Vec<(Name, sled::Batch)> = Vec::new();
        for (name, key, value) in &self.list {
            let known = batches.iter().position(|(known, _)| known == name);
            let at = known.unwrap_or_else(|| {
                batches.push((*name, sled::Batch::default()));
                batches.len() - 1
            });
            match value {
                Some(value) => batches[at].1.insert(key.clone(), value.clone()),
                None => batches[at].1.remove(key.clone()),
            }
        }
        batches
    }
}

/// Closes a sled that is damaged, and may panic once more.
pub(crate) fn close_damaged(trees: Trees) {
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(trees))).is_err() {
        tracing::warn!("the damaged sled could not be closed properly");
    }
}

/// The folder of a generation of sled.
pub(crate) fn folder(dir: &Path, generation: u32) -> PathBuf {
    match generation {
        1 => dir.join("db"),
        later => dir.join(format!("db-{later}")),
    }
}

/// The generation in use. If its marker is lost or damaged, the only one present; among several
/// none is chosen here, because the others are deleted afterwards: see [`sound_one`].
pub(crate) fn current(dir: &Path) -> Result<u32> {
    let marker = markers::read(dir, markers::GENERATION);
    let found = generations(dir)?;
    let why = match marker {
        Marker::Says(number) if found.is_empty() || folder(dir, number).is_dir() => {
            return Ok(number);
        }
        Marker::Says(number) => {
            format!("the file `generation` names the folder {number}, which is not there")
        }
        Marker::Missing => "the file `generation` is missing".to_owned(),
        Marker::Damaged(why) => why,
    };
    match found.as_slice() {
        [] => Ok(1),
        [(only, _)] => {
            tracing::warn!(why, only, "the only generation is taken");
            Ok(*only)
        }
        _ => Err(StoreError::Damaged(why)),
    }
}

/// The newest complete generation by its own record; else the one with the most content.
pub(crate) fn sound_one(dir: &Path) -> Result<Option<u32>> {
    let mut best: Option<((bool, u64, u32), u32)> = None;
    for (generation, folder) in generations(dir)? {
        let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let trees = Trees::open_folder(&folder, generation).ok()?;
            trees.meta.get("identity").ok()??;
            let is_whole = trees.said_generation().ok()? == Some(generation);
            let count = trees.articles.len() + trees.feeds.len() + trees.settings.len();
            Some((
                is_whole,
                if is_whole { 0 } else { count as u64 },
                generation,
            ))
        }));
        if let Ok(Some(rank)) = looked
            && best.is_none_or(|(best, _)| rank > best)
        {
            best = Some((rank, generation));
        }
    }
    Ok(best.map(|(_, generation)| generation))
}

/// The generations of sled in the data folder `dir`, and their folders.
pub(crate) fn generations(dir: &Path) -> Result<Vec<(u32, PathBuf)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let generation = match name {
            Some("db") => Some(1),
            Some(name) => name.strip_prefix("db-").and_then(|n| n.parse::<u32>().ok()),
            None => None,
        };
        found.extend(generation.map(|generation| (generation, path)));
    }
    Ok(found)
}

/// Records durably which generation is in use.
pub(crate) fn set_current(dir: &Path, generation: u32) -> Result<()> {
    markers::write(dir, markers::GENERATION, generation)
}

/// Removes what compaction left behind. On Windows another program, such as a virus scanner, can
/// keep a file from being deleted; its folder is then left for the next start.
pub(crate) fn remove_others(dir: &Path, current: u32) -> Result<()> {
    for (generation, folder) in generations(dir)? {
        if generation != current
            && folder.is_dir()
            && let Err(error) = std::fs::remove_dir_all(&folder)
        {
            tracing::warn!(%error, ?folder, "an old folder of sled is left for the next start");
        }
    }
    Ok(())
}

/// Opens sled; its panics on damaged files become errors.
fn open_sled(folder: &Path) -> Result<sled::Db> {
    if folder.exists() && !folder.is_dir() {
        return Err(StoreError::Damaged("sled's folder is a file".into()));
    }
    crate::private::create_folder(folder)?;
    repair_derived_files(folder)?;
    if is_foreign(&folder.join("db")) {
        // sled would write over it.
        return Err(StoreError::Damaged("sled's log is another file".into()));
    }
    try_open(folder)
}

/// Whether a file that is not empty has no segment of sled's log in it. Each begins with a checksum
/// of the sixteen bytes behind it. False if it cannot be read: on Windows a sled that is ending
/// keeps others from reading its log.
pub(crate) fn is_foreign(file: &Path) -> bool {
    let Ok(mut opened) = File::open(file) else {
        return file.is_dir();
    };
    let length = opened.metadata().map_or(0, |facts| facts.len());
    let mut is_zero = true;
    for at in (0..length).step_by(SEGMENT) {
        let mut header = [0; SEGMENT_HEADER];
        let read = opened
            .seek(SeekFrom::Start(at))
            .and_then(|_| opened.read_exact(&mut header));
        if read
            .as_ref()
            .is_err_and(|error| error.kind() != ErrorKind::UnexpectedEof)
        {
            return false;
        }
        is_zero &= read.is_ok() && header == [0; SEGMENT_HEADER];
        let checksum = crc32fast::hash(&header[4..]) ^ u32::MAX;
        if read.is_ok() && header[..4] == checksum.to_le_bytes() {
            return false;
        }
    }
    length > 0 && !is_zero
}

/// A kill can tear two kinds of sled's files, after which it does not open: its snapshots, which
/// only speed up reading the log, and `conf`, whose content is constant. Torn snapshots are
/// removed, a torn `conf` is rewritten.
fn repair_derived_files(folder: &Path) -> Result<()> {
    let above = folder.parent().unwrap_or(folder);
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // A snapshot that was being written during a kill is treated as one.
        if !name.starts_with("snap.") {
            continue;
        }
        if name.ends_with(".generating") && path.is_file() {
            tracing::warn!(?path, "removing a torn snapshot of sled");
            std::fs::remove_file(&path)?;
        } else if path.is_dir() || !is_whole(&std::fs::read(&path)?, 12) {
            tracing::warn!(?path, "moving a damaged snapshot of sled to `damaged`");
            crate::damaged::set_aside(above, &path)?;
        }
    }
    let conf = folder.join("conf");
    if conf.exists() && (conf.is_dir() || !is_whole(&std::fs::read(&conf)?, 4)) {
        tracing::warn!(?conf, "rewriting a torn file of sled");
        if std::fs::symlink_metadata(&conf)?.len() > LONGEST_CONF {
            crate::damaged::set_aside(above, &conf)?;
        }
        let fresh = tempfile::tempdir_in(folder)?;
        drop(try_open(fresh.path())?);
        let whole = std::fs::read(fresh.path().join("conf"))?;
        crate::files::write_atomically(&conf, &whole)?;
    }
    Ok(())
}

/// Whether the last `end` bytes of a file of sled end in the checksum of those before.
fn is_whole(bytes: &[u8], end: usize) -> bool {
    let Some(data) = bytes.len().checked_sub(end).filter(|length| *length > 0) else {
        return false;
    };
    let checksum = crc32fast::hash(&bytes[..data]).to_le_bytes();
    bytes.ends_with(&checksum)
}

fn try_open(folder: &Path) -> Result<sled::Db> {
    let config = sled::Config::new()
        .path(folder)
        .cache_capacity(CACHE_BYTES)
        .mode(sled::Mode::HighThroughput)
        .flush_every_ms(None);
    let mut tries = 0;
    loop {
        let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| config.open()));
        return match opened {
            Ok(Ok(db)) => Ok(db),
            // We hold the folder's lock: this one belongs to a sled thread of this process that is
            // about to end.
            Ok(Err(error)) if tries < 100 && error.to_string().contains("acquire lock") => {
                tries += 1;
                std::thread::sleep(Duration::from_millis(30));
                continue;
            }
            Ok(Err(sled::Error::Io(error))) if crate::error::is_full(error.kind()) => {
                Err(StoreError::DiskFull)
            }
            Ok(Err(error)) => Err(StoreError::Damaged(format!("sled does not open: {error}"))),
            Err(_) => Err(StoreError::Damaged(
                "sled does not open: its files are damaged".into(),
            )),
        };
    }
}

/// Reads from sled, which may panic if its files are damaged.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(read) => read,
        Err(_) => Err(StoreError::Damaged("sled's trees cannot be read".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_others_cannot_read_is_not_taken_for_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("db");
        let body = [7; SEGMENT_HEADER - 4];
        let checksum = crc32fast::hash(&body) ^ u32::MAX;
        std::fs::write(&file, [&checksum.to_le_bytes()[..], &body].concat()).unwrap();
        // As sled does; on Windows this keeps every other handle from reading.
        let held = File::options().read(true).write(true).open(&file).unwrap();
        held.try_lock().unwrap();
        assert!(!is_foreign(&file));
        drop(held);
        std::fs::write(&file, "another file").unwrap();
        assert!(is_foreign(&file));
    }
}
