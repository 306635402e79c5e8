//! sled's trees, and the one way to write into them: a list of changes that is made whole or not at
//! all. Whoever copies the trees learns here which keys were written meanwhile.
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use sled::IVec;
use sled::transaction::ConflictableTransactionError;

use crate::error::{Result, StoreError};
use crate::records;

const CACHE_BYTES: u64 = 48 << 20;

/// A tree of sled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Name {
    /// Counters and what the store is called.
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
    /// Packs, and each article of a pack under its number and place.
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
    /// What was written since somebody began to copy the trees.
    written: Mutex<Option<HashSet<(Name, IVec)>>>,
}

impl Trees {
    /// Opens the given generation in the data folder `dir`, or begins it.
    pub(crate) fn open(dir: &Path, generation: u32) -> Result<Self> {
        Self::open_folder(&folder(dir, generation), generation)
    }

    /// Opens a folder of sled wherever it lies.
    pub(crate) fn open_folder(folder: &Path, generation: u32) -> Result<Self> {
        let db = open_sled(folder)?;
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

    /// Makes all changes or none. Only whoever has the right to write may call it.
    pub(crate) fn apply(&self, changes: &Changes) -> Result<()> {
        let count = changes.list.len() as u64;
        self.count.fetch_add(count, Ordering::Relaxed);
        {
            let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(written) = written.as_mut() {
                written.extend(
                    changes
                        .list
                        .iter()
                        .map(|(name, key, _)| (*name, key.clone())),
                );
            }
        }
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

    /// From now on, remembers what is written.
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

/// The folder of a generation of sled.
pub(crate) fn folder(dir: &Path, generation: u32) -> PathBuf {
    match generation {
        1 => dir.join("db"),
        later => dir.join(format!("db-{later}")),
    }
}

/// The generation in use. Without the file that says it, it is the only one there is.
pub(crate) fn current(dir: &Path) -> Result<u32> {
    match std::fs::read_to_string(dir.join("generation")) {
        Ok(text) => text
            .trim()
            .parse()
            .map_err(|_| StoreError::Damaged("the file `generation` holds no number".into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            match generations(dir)?.as_slice() {
                [] => Ok(1),
                [(only, _)] => Ok(*only),
                _ => Err(StoreError::Damaged(
                    "the file `generation` is missing".into(),
                )),
            }
        }
        Err(error) => Err(error.into()),
    }
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

/// Says durably which generation is in use.
pub(crate) fn set_current(dir: &Path, generation: u32) -> Result<()> {
    let text = format!("{generation}\n");
    crate::snapshot::write_atomically(&dir.join("generation"), text.as_bytes())
}

/// Removes what an unfinished or finished rewriting left behind.
pub(crate) fn remove_others(dir: &Path, current: u32) -> Result<()> {
    for (generation, folder) in generations(dir)? {
        if generation != current {
            std::fs::remove_dir_all(&folder)?;
        }
    }
    Ok(())
}

/// sled, with whatever it panics on when its files are damaged made an error.
fn open_sled(folder: &Path) -> Result<sled::Db> {
    mend_derived_files(folder)?;
    try_open(folder)
}

/// sled writes two kinds of files in ways that a kill can tear, and does not open with a torn one:
/// its snapshots, which only save it from reading the whole log, and `conf`, which always says the
/// same. Torn snapshots are taken away, a torn `conf` is written anew.
fn mend_derived_files(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // What a kill leaves of a snapshot being written is taken for one.
        let is_torn = name.starts_with("snap.")
            && (name.ends_with(".generating") || !is_whole(&std::fs::read(&path)?, 12));
        if is_torn {
            tracing::warn!(?path, "a torn snapshot of sled is taken away");
            std::fs::remove_file(&path)?;
        }
    }
    let conf = folder.join("conf");
    if conf.exists() && !is_whole(&std::fs::read(&conf)?, 4) {
        tracing::warn!(?conf, "a torn file of sled is written anew");
        let fresh = tempfile::tempdir_in(folder)?;
        drop(try_open(fresh.path())?);
        let whole = std::fs::read(fresh.path().join("conf"))?;
        crate::snapshot::write_atomically(&conf, &whole)?;
    }
    Ok(())
}

/// Whether a file of sled ends in the checksum of what stands before its last so many bytes.
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
            // The folder's own lock is ours: this one is held by a thread of sled that is about
            // to end in this very process.
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
