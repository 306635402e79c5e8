//! The open store: its locks, its state in memory, and the primitives that all other modules build
//! on. Its background threads end when the last [`Store`] is dropped.
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
};
use std::thread::JoinHandle;

use crate::error::{Result, StoreError};
use crate::files::folder_bytes;
use crate::format::{LAST_CLOSE, last_close};
use crate::markers;
use crate::model::{FeedId, FeedUsage, Folder, FolderId, Pack, PackedArticle, UndoToken, Usage};
use crate::records::{self, LoggedArticle, StoredArticle, StoredPage};
use crate::reserve::Reserve;
use crate::search::SearchIndex;
use crate::state::{BLOCK_BITS, State};
use crate::trees::{self, Changes, Name, Trees};
use crate::value_log::{Kind, ValueLog, article_key};

const UNDO_KEPT: usize = 50;

/// Articles per record of a merged list.
pub(crate) const ENTRIES_OF_A_RECORD: usize = 200;

/// How to open a store.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Writing stops with [`StoreError::DiskFull`] while the disk has less than this free, in
    /// bytes: sled does not survive a failed write within one session.
    pub reserve_bytes: u64,
    /// Whether snapshots are taken automatically.
    pub automatic_snapshots: bool,
    /// Number of written records after which sled's log is compacted on closing, so that the next
    /// opening is quick.
    pub long_log: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reserve_bytes: 16 << 20,
            automatic_snapshots: true,
            long_log: 100_000,
        }
    }
}

/// Cheap to clone; all clones are the same store. Dropping the last one flushes.
#[derive(Clone)]
pub struct Store {
    pub(crate) core: Arc<Core>,
    pub(crate) _owner: Arc<Owner>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("dir", &self.core.dir)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The data folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.core.dir
    }

    /// Flushes everything to disk.
    pub fn flush(&self) -> Result<()> {
        self.core.flush()
    }

    /// Disk usage.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a `Result` like the other methods: a later format may have to read sled"
    )]
    pub fn usage(&self) -> Result<Usage> {
        let core = &self.core;
        let mut usage = Usage {
            bytes_total: folder_bytes(&core.dir).saturating_sub(core.reserve.length()),
            bytes_bodies: core.bodies.bytes(),
            bytes_pictures: core.pictures.bytes(),
            bytes_search: folder_bytes(&core.dir.join("search")),
            bytes_lists: folder_bytes(&trees::folder(&core.dir, core.trees().generation)),
            ..Usage::default()
        };
        usage.articles = core.article_count();
        let state = core.state();
        usage.bytes_dead = usage.bytes_bodies.saturating_sub(state.live.total());
        for (id, known) in &state.feeds {
            let articles = known.entries.len() as u64;
            if known.visible() {
                usage.feeds.push(FeedUsage {
                    feed: *id,
                    articles,
                    bytes: state.live.of_feed(*id),
                });
            }
        }
        Ok(usage)
    }
}

pub(crate) enum Undo {
    /// Articles that were marked read, by feed.
    Read(Vec<(FeedId, Vec<u64>)>),
    Subscriptions(Box<Before>),
    /// What an import brought.
    Brought(Box<crate::trace::Trace>),
    /// A pack and its articles.
    Pack(Box<Pack>, Vec<PackedArticle>),
}

/// What feeds and folders were before a change of subscriptions.
#[derive(Debug, Default)]
pub(crate) struct Before {
    /// Feeds that were hidden.
    pub(crate) hidden: Vec<FeedId>,
    /// Folders that were removed or changed, as they were.
    pub(crate) folders: Vec<Folder>,
    pub(crate) moved: Vec<Moved>,
}

/// A feed that was moved between folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) feed: FeedId,
    pub(crate) from: Option<FolderId>,
    pub(crate) to: Option<FolderId>,
}

#[derive(Default)]
pub(crate) struct UndoList {
    pub(crate) next: u64,
    pub(crate) kept: VecDeque<(u64, Undo)>,
}

pub(crate) struct Core {
    pub(crate) dir: PathBuf,
    pub(crate) options: Options,
    pub(crate) state: RwLock<State>,
    /// The write lock.
    pub(crate) writer: Mutex<()>,
    pub(crate) undo: Mutex<UndoList>,
    pub(crate) bodies: ValueLog,
    pub(crate) pictures: ValueLog,
    pub(crate) search: SearchIndex,
    /// Written since the last flush.
    pub(crate) dirty: AtomicBool,
    /// Incremented by each change that should be followed by a snapshot.
    pub(crate) subscriptions_changed: AtomicU64,
    /// Held while a snapshot is taken.
    pub(crate) snapshots: Mutex<()>,
    /// Held while space is freed.
    pub(crate) compacting: Mutex<()>,
    /// Held while lists of articles are walked and changed: merging changes their keys.
    pub(crate) lists: Mutex<()>,
    pub(crate) stop: Mutex<bool>,
    pub(crate) wake: Condvar,
    pub(crate) trees: RwLock<Arc<Trees>>,
    pub(crate) reserve: Reserve,
    /// Files that were set aside while the store was opened.
    pub(crate) automatic_repairs: Vec<String>,
    /// The copy of sled's folder, if the data folder cannot be written.
    pub(crate) copy: Option<tempfile::TempDir>,
    /// Last, so that it is released after everything is closed.
    pub(crate) _lock: File,
}

impl Core {
    /// Numbers this clean close, in sled as its last write and in the file `stamp`: a sled without
    /// that number lost the end of its log.
    fn stamp(&self) -> Result<()> {
        let _writing = self.hold_still();
        let trees = self.trees();
        let close = last_close(&trees)?.wrapping_add(1).max(1);
        trees.meta.insert(LAST_CLOSE, &close.to_be_bytes())?;
        trees.db.flush()?;
        markers::write(&self.dir, markers::STAMP, close)
    }

    /// Closes sled; after many writes, opens it once more, since it compacts its log only on
    /// opening and the reader would wait for that at the next start.
    fn close(self) {
        let Self {
            dir,
            options,
            trees,
            copy,
            _lock: lock,
            ..
        } = self;
        let trees = trees.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (generation, written) = (trees.generation, trees.written_count());
        drop(trees);
        if copy.is_none()
            && written >= options.long_log
            && let Err(error) = Trees::open(&dir, generation)
        {
            tracing::error!(%error, "could not reopen sled to compact its log");
        }
        drop(lock);
    }

    /// The current sled; compaction may replace it.
    pub(crate) fn trees(&self) -> Arc<Trees> {
        Arc::clone(&self.trees.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces sled; the caller holds the write lock.
    pub(crate) fn put_trees(&self, trees: Trees) -> Arc<Trees> {
        let mut place = self.trees.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *place, Arc::new(trees))
    }

    /// Applies all changes or none; the caller holds the write lock.
    pub(crate) fn apply(&self, changes: &Changes) -> Result<()> {
        self.trees().apply(changes)?;
        self.changed();
        Ok(())
    }

    /// Number of articles, including those of feeds removed in this session.
    pub(crate) fn article_count(&self) -> u64 {
        let state = self.state();
        let lists = state.feeds.values();
        let listed: u64 = lists.map(|feed| feed.entries.len() as u64).sum();
        listed - state.listed_again()
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the write lock; fails while the disk is nearly full.
    pub(crate) fn write(&self) -> Result<MutexGuard<'_, ()>> {
        self.may_write()?;
        let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.has_room()?;
        Ok(guard)
    }

    /// Takes the write lock for marks and deletions, which work on a full disk too.
    pub(crate) fn write_little(&self) -> Result<MutexGuard<'_, ()>> {
        self.may_write()?;
        let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.reserve.for_deletions()?;
        Ok(guard)
    }

    /// Fails while the disk is nearly full.
    pub(crate) fn has_room(&self) -> Result<()> {
        self.may_write()?;
        self.reserve.for_new_things()
    }

    /// Takes the write lock however full the disk is.
    pub(crate) fn hold_still(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Flushes everything: the logs before the trees that point into them.
    pub(crate) fn flush(&self) -> Result<()> {
        self.dirty.store(false, Ordering::Release);
        let flushed = self
            .bodies
            .sync()
            .and_then(|()| self.pictures.sync())
            .and_then(|()| {
                self.trees().db.flush()?;
                Ok(())
            });
        if flushed.is_err() {
            self.dirty.store(true, Ordering::Release);
        }
        flushed
    }

    pub(crate) fn changed(&self) {
        self.dirty.store(true, Ordering::Release);
    }

    /// Notes that something changed that cannot be fetched again: a snapshot is due soon.
    pub(crate) fn subscriptions_changed(&self) {
        self.subscriptions_changed.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn keep_undo(&self, undo: Undo) -> UndoToken {
        let mut list = self.undo.lock().unwrap_or_else(PoisonError::into_inner);
        list.next += 1;
        let token = list.next;
        list.kept.push_back((token, undo));
        while list.kept.len() > UNDO_KEPT {
            list.kept.pop_front();
        }
        UndoToken(token)
    }

    pub(crate) fn take_undo(&self, token: UndoToken) -> Option<Undo> {
        let mut list = self.undo.lock().unwrap_or_else(PoisonError::into_inner);
        let at = list.kept.iter().position(|(kept, _)| *kept == token.0)?;
        list.kept.remove(at).map(|(_, undo)| undo)
    }

    /// The stored blocks of read bits after `changes`; the bits in memory stay as they are.
    pub(crate) fn put_read(&self, changes: &[(u64, bool)], writes: &mut Changes) {
        let mut by_block: HashMap<u64, Vec<(u64, bool)>> = HashMap::new();
        for change in changes {
            by_block
                .entry(change.0 / BLOCK_BITS)
                .or_default()
                .push(*change);
        }
        let state = self.state();
        for (block, changes) in by_block {
            let bits = state.read.block(block, &changes);
            writes.put_bytes(Name::Read, &(block as u32).to_be_bytes(), bits);
        }
    }

    pub(crate) fn stored(&self, id: u64) -> Result<Option<StoredArticle>> {
        match self.trees().articles.get(id.to_be_bytes())? {
            Some(value) => records::decode(&value, "an article").map(Some),
            None => Ok(None),
        }
    }

    /// An article's record in the value log.
    pub(crate) fn logged(&self, id: u64, stored: &StoredArticle) -> Result<LoggedArticle> {
        let mut body = stored.body;
        loop {
            let pointer = body.ok_or_else(|| StoreError::Damaged("no text was kept".into()))?;
            match self.bodies.read(Kind::Article, article_key(id), pointer) {
                Ok(data) => return records::decode(&data, "an article's text"),
                Err(error) => {
                    // The record may have been moved since the row was read.
                    let now = self.stored(id)?.and_then(|stored| stored.body);
                    if now == body {
                        return Err(error);
                    }
                    body = now;
                }
            }
        }
    }

    pub(crate) fn stored_page(&self, id: u64) -> Result<Option<StoredPage>> {
        match self.trees().pages.get(id.to_be_bytes())? {
            Some(value) => records::decode(&value, "a full-text record").map(Some),
            None => Ok(None),
        }
    }
}

pub(crate) struct Owner {
    pub(crate) core: Option<Arc<Core>>,
    pub(crate) threads: Vec<JoinHandle<()>>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        let Some(core) = self.core.take() else { return };
        *core.stop.lock().unwrap_or_else(PoisonError::into_inner) = true;
        core.wake.notify_all();
        core.search.stop();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a background thread of the store panicked");
            }
        }
        match core.may_write().and_then(|()| core.flush()) {
            Err(StoreError::ReadOnly(_)) => {}
            Ok(()) => {
                if let Err(error) = core.stamp() {
                    tracing::warn!(%error, "could not record the clean close");
                }
            }
            Err(error) => {
                tracing::error!(%error, "the store could not be flushed when it was closed");
            }
        }
        if core.copy.is_none() {
            crate::private::close_to_others(&core.dir);
        }
        if let Ok(core) = Arc::try_unwrap(core) {
            core.close();
        }
    }
}
