//! Opening and closing: the lock, the format, sled's trees, what is read into memory, and the two
//! background threads, which end when the last [`Store`] is dropped.
use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::sync::{RwLockReadGuard, RwLockWriteGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::{Result, StoreError};
use crate::listings;
use crate::markers::{self, Marker};
use crate::model::{FeedId, FeedUsage, Folder, FolderId, UndoToken, Usage};
use crate::packs::{Pack, PackedArticle};
use crate::records::{self, StoredEntries, StoredFeed, StoredListing};
use crate::reserve::Reserve;
use crate::search::SearchIndex;
use crate::space::Live;
use crate::state::{Entry, FeedState, Shared, State};
use crate::trees::{self, Changes, Trees};
use crate::value_log::{self, ValueLog};

/// The newest format that this program reads and the one it writes.
pub const FORMAT: u32 = 4;
const FLUSH_EVERY: Duration = Duration::from_millis(500);
/// When the background first looks for dead space after opening, and how often then.
const FIRST_LOOK_AT_SPACE: Duration = Duration::from_mins(2);
const LOOK_AT_SPACE_EVERY: Duration = Duration::from_hours(1);
const LOCK_TRIES: u32 = 10;
const UNDO_KEPT: usize = 50;
/// Articles in one record of the lists once it is merged.
pub(crate) const ENTRIES_OF_A_RECORD: usize = 200;
pub(crate) const DAY: i64 = 86_400;

/// How to open a store.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Writing stops with [`StoreError::DiskFull`] while the disk has less than this free, in
    /// bytes: sled does not survive a failed write within one session.
    pub reserve_bytes: u64,
    /// Whether snapshots are taken by themselves.
    pub automatic_snapshots: bool,
    /// After so many records written sled is made to sum up its log when the store is closed, so that
    /// the next opening is quick.
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
    _owner: Arc<Owner>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("dir", &self.core.dir)
            .finish_non_exhaustive()
    }
}

pub(crate) enum Undo {
    /// Articles that were marked read, by feed.
    Read(Vec<(FeedId, Vec<u64>)>),
    Removed(FeedId),
    /// A folder and the feeds that stood in it.
    Folder(Folder, Vec<FeedId>),
    /// A pack and what it held.
    Pack(Box<Pack>, Vec<PackedArticle>),
}

#[derive(Default)]
pub(crate) struct UndoList {
    next: u64,
    kept: VecDeque<(u64, Undo)>,
}

pub(crate) struct Core {
    pub(crate) dir: PathBuf,
    pub(crate) options: Options,
    pub(crate) state: RwLock<State>,
    /// Held by whoever writes.
    writer: Mutex<()>,
    /// Batches that wait for whoever writes.
    pub(crate) queue: Mutex<VecDeque<crate::commit::Queued>>,
    pub(crate) undo: Mutex<UndoList>,
    pub(crate) bodies: ValueLog,
    pub(crate) pictures: ValueLog,
    pub(crate) search: SearchIndex,
    /// Written since the last flush.
    pub(crate) dirty: AtomicBool,
    /// Goes up with each change that asks for a snapshot.
    subscriptions_changed: AtomicU64,
    /// Held by whoever takes a snapshot.
    pub(crate) snapshots: Mutex<()>,
    /// Held by whoever gives space back.
    pub(crate) compacting: Mutex<()>,
    /// Held by whoever goes through the lists of articles to change them: merging gives them other
    /// keys.
    pub(crate) lists: Mutex<()>,
    stop: Mutex<bool>,
    wake: Condvar,
    trees: RwLock<Arc<Trees>>,
    pub(crate) reserve: Reserve,
    /// Last, so that it is given back after everything is closed.
    _lock: File,
}

struct Owner {
    core: Option<Arc<Core>>,
    threads: Vec<JoinHandle<()>>,
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
        match core.flush() {
            Ok(()) => {
                if let Err(error) = core.stamp() {
                    tracing::warn!(%error, "that the store was closed could not be noted");
                }
            }
            Err(error) => {
                tracing::error!(%error, "the store could not be flushed when it was closed");
            }
        }
        crate::private::close_to_others(&core.dir);
        if let Ok(core) = Arc::try_unwrap(core) {
            core.close();
        }
    }
}

impl Store {
    /// Opens or creates the store in `dir`.
    pub fn open(dir: &Path) -> Result<Self> {
        Self::open_with(dir, Options::default())
    }

    /// Opens or creates the store in `dir`.
    pub fn open_with(dir: &Path, options: Options) -> Result<Self> {
        let lock = lock_folder(dir)?;
        let opened = crate::profile::finish_import(dir)
            .and_then(|()| read_format(dir))
            .and_then(|said| Core::open(dir, options, lock, said));
        let (core, format) = opened.map_err(damage_of)?;
        let core = Arc::new(core);
        if format.is_some_and(|format| format < FORMAT) {
            core.migrate()?;
        }
        core.say_format()?;
        core.finish_restore();
        crate::private::close_to_others(dir);
        let mut threads = Vec::new();
        let of_flusher = Arc::clone(&core);
        threads.push(spawn("warta-store", move || of_flusher.look_after())?);
        let of_sweeper = Arc::clone(&core);
        threads.push(spawn("warta-space", move || of_sweeper.look_after_space())?);
        let of_indexer = Arc::clone(&core);
        threads.push(spawn("warta-index", move || {
            crate::search::run(&of_indexer);
        })?);
        Ok(Self {
            core: Arc::clone(&core),
            _owner: Arc::new(Owner {
                core: Some(core),
                threads,
            }),
        })
    }

    /// The data folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.core.dir
    }

    /// Writes a file outside the store, whole or not at all: what the reader asked to have.
    #[expect(
        clippy::unused_self,
        reason = "files are written by whoever has the store"
    )]
    pub fn write_file(&self, file: &Path, bytes: &[u8]) -> Result<()> {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let mut written = tempfile::NamedTempFile::new_in(folder)?;
        std::io::Write::write_all(&mut written, bytes)?;
        written.as_file().sync_all()?;
        written.persist(file).map_err(|error| error.error)?;
        Ok(())
    }

    /// Brings everything onto the disk.
    pub fn flush(&self) -> Result<()> {
        self.core.flush()
    }

    /// What takes how much room.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "like its siblings; a later format may read sled"
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

impl Core {
    /// Opens the store whose format is as said; gives its format, or none if it is new.
    fn open(
        dir: &Path,
        options: Options,
        lock: File,
        said: SaidFormat,
    ) -> Result<(Self, Option<u32>)> {
        let is_new = said == SaidFormat::New;
        let trees = Trees::open(dir, trees::current(dir)?)?;
        let known = guarded(|| {
            let format = format_of(&trees, dir, said)?;
            let identity = identity(&trees.meta, dir, is_new)?;
            check_stamp(&trees, dir)?;
            let state = load_trees(&trees)?;
            settle_generation(&trees, dir)?;
            Ok((format, identity, state))
        });
        let (format, identity, state) = match known {
            Ok(known) => known,
            Err(error) => {
                trees::close_damaged(trees);
                return Err(error);
            }
        };
        let was_closed = matches!(markers::read(dir, markers::STAMP), Marker::Says(_));
        let folder = dir.join("search");
        let search = SearchIndex::open(&folder, identity, state.next_article, was_closed)?;
        let core = Self {
            dir: dir.to_owned(),
            options,
            state: RwLock::new(state),
            writer: Mutex::new(()),
            queue: Mutex::new(VecDeque::new()),
            undo: Mutex::new(UndoList {
                next: undo_base(),
                kept: VecDeque::new(),
            }),
            bodies: ValueLog::open(&dir.join("bodies"))?,
            pictures: ValueLog::open(&dir.join("pictures"))?,
            search,
            dirty: AtomicBool::new(is_new),
            subscriptions_changed: AtomicU64::new(0),
            snapshots: Mutex::new(()),
            compacting: Mutex::new(()),
            lists: Mutex::new(()),
            stop: Mutex::new(false),
            wake: Condvar::new(),
            trees: RwLock::new(Arc::new(trees)),
            reserve: Reserve::open(dir, options.reserve_bytes),
            _lock: lock,
        };
        core.flush()?;
        // Whatever ends this session other than closing the store leaves no stamp.
        remove_stamp(dir)?;
        Ok((core, format))
    }

    /// Says in sled too which format it has.
    fn say_format(&self) -> Result<()> {
        let trees = self.trees();
        if format_in_sled(&trees)? != Some(FORMAT) {
            let _writing = self.hold_still();
            trees.meta.insert(FORMAT_IN_SLED, &FORMAT.to_be_bytes())?;
            self.changed();
        }
        Ok(())
    }

    /// Says in sled, as the last thing, and beside it that it was closed: one that does not say so
    /// lost the end of its log.
    fn stamp(&self) -> Result<()> {
        let _writing = self.hold_still();
        let trees = self.trees();
        let closing = closing_of(&trees)?.wrapping_add(1).max(1);
        trees.meta.insert(CLOSING, &closing.to_be_bytes())?;
        trees.db.flush()?;
        markers::write(&self.dir, markers::STAMP, closing)
    }

    /// Closes sled; where much was written since it was opened, opens it once more: it sums up its log
    /// only then, and the reader would wait for it at the next start.
    fn close(self) {
        let Self {
            dir,
            options,
            trees,
            _lock: lock,
            ..
        } = self;
        let trees = trees.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (generation, written) = (trees.generation, trees.written_count());
        drop(trees);
        if written >= options.long_log
            && let Err(error) = Trees::open(&dir, generation)
        {
            tracing::error!(%error, "sled could not be opened to sum up its log");
        }
        drop(lock);
    }

    /// Makes a store of an older format one of this. Old records are read as they are and written
    /// anew only when they change; the file `format` comes last, so that a kill before it leaves
    /// a store of the old format.
    fn migrate(&self) -> Result<()> {
        if !self.state().feeds.is_empty() {
            self.snapshot(crate::snapshot::clock().as_secs() as i64)?;
        }
        self.flush()?;
        write_format(&self.dir)
    }

    /// sled as it is now; a rewriting may put another in its place.
    pub(crate) fn trees(&self) -> Arc<Trees> {
        Arc::clone(&self.trees.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts another sled in place of this one; the caller has the right to write.
    pub(crate) fn put_trees(&self, trees: Trees) -> Arc<Trees> {
        let mut place = self.trees.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *place, Arc::new(trees))
    }

    /// Makes all changes or none; the caller has the right to write.
    pub(crate) fn apply(&self, changes: &Changes) -> Result<()> {
        self.trees().apply(changes)?;
        self.changed();
        Ok(())
    }

    /// How many articles there are, those of feeds removed in this session too.
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

    /// The right to write; refused while the disk is all but full.
    pub(crate) fn write(&self) -> Result<MutexGuard<'_, ()>> {
        let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.has_room()?;
        Ok(guard)
    }

    /// The right to write marks and deletions, which a full disk takes as well.
    pub(crate) fn write_little(&self) -> Result<MutexGuard<'_, ()>> {
        let guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.reserve.for_deletions()?;
        Ok(guard)
    }

    /// Fails while the disk is all but full.
    pub(crate) fn has_room(&self) -> Result<()> {
        self.reserve.for_new_things()
    }

    /// Keeps everybody else from writing, however full the disk is.
    pub(crate) fn hold_still(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything onto the disk: the logs before the trees that point into them.
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

    /// Something precious changed: a snapshot is due soon.
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

    /// The background thread: flushes, purges what was removed, takes snapshots.
    fn look_after(&self) {
        self.purge_removed();
        if let Err(error) = self.merge_entries() {
            tracing::error!(%error, "the lists of articles could not be merged");
        }
        if self.snapshot_is_due() {
            self.automatic_snapshot();
        }
        let mut snapshot_of = 0;
        let mut seen = 0;
        let mut quiet_for = 0_u32;
        loop {
            let stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
            let stopped = match self
                .wake
                .wait_timeout_while(stop, FLUSH_EVERY, |stop| !*stop)
            {
                Ok((stop, _)) => *stop,
                Err(_) => true,
            };
            if self.dirty.load(Ordering::Acquire)
                && let Err(error) = self.flush()
            {
                tracing::error!(%error, "the store could not be flushed");
            }
            self.reserve.look();
            let changes = self.subscriptions_changed.load(Ordering::Acquire);
            quiet_for = if changes == seen { quiet_for + 1 } else { 0 };
            seen = changes;
            if changes != snapshot_of && (stopped || quiet_for >= 4) {
                snapshot_of = changes;
                self.automatic_snapshot();
            }
            if stopped {
                return;
            }
        }
    }

    /// The background thread that gives space back.
    fn look_after_space(&self) {
        let mut patience = FIRST_LOOK_AT_SPACE;
        loop {
            let stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
            match self.wake.wait_timeout_while(stop, patience, |stop| !*stop) {
                Ok((stop, _)) if !*stop => {}
                _ => return,
            }
            if let Err(error) = self.compact_what_is_worth_it() {
                tracing::warn!(%error, "no space could be given back");
            }
            patience = LOOK_AT_SPACE_EVERY;
        }
    }

    fn automatic_snapshot(&self) {
        if self.options.automatic_snapshots
            && let Err(error) = self.snapshot(crate::snapshot::clock().as_secs() as i64)
        {
            tracing::error!(%error, "no snapshot could be taken");
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    Ok(std::thread::Builder::new().name(name.into()).spawn(work)?)
}

/// Makes the folder and takes its lock, which the system gives back even after a kill.
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
    // A program that this one is just starting holds its files, locks too, until it runs.
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
    // An old lock file may be writable where nothing new can be made.
    tempfile::tempfile_in(dir).map_err(refused)?;
    Ok(lock)
}

/// What the file `format` says.
#[derive(Debug, PartialEq, Eq)]
enum SaidFormat {
    /// Nothing: there never was an archive in this folder.
    New,
    Is(u32),
    /// It is lost or damaged; sled knows as well.
    Unreadable(String),
}

/// Reads the folder's format, and begins a new store where there never was one.
fn read_format(dir: &Path) -> Result<SaidFormat> {
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
                "this folder held an archive ({} is here), but the file `format` is missing",
                found.join(", ")
            ),
        },
    };
    if !trees::generations(dir)?.is_empty() {
        return Ok(SaidFormat::Unreadable(why));
    }
    Err(StoreError::Damaged(format!("{why}, and sled's folder too")))
}

/// What of an archive is in a folder. One that holds any of it is never taken for a new one.
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

/// The store's format; none if it is new. Where the file that says it is damaged, sled says it.
fn format_of(trees: &Trees, dir: &Path, said: SaidFormat) -> Result<Option<u32>> {
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

/// In [`trees::Name::Meta`]: the format, and which closing came last.
const FORMAT_IN_SLED: &[u8] = b"format";
const CLOSING: &[u8] = b"closing";

pub(crate) fn format_in_sled(trees: &Trees) -> Result<Option<u32>> {
    let value = trees.meta.get(FORMAT_IN_SLED)?;
    let found = value.map(|value| records::number_of(&value)).transpose()?;
    Ok(found.map(|found| found as u32))
}

fn closing_of(trees: &Trees) -> Result<u32> {
    let value = trees.meta.get(CLOSING)?;
    let last = value.map(|value| records::number_of(&value)).transpose()?;
    Ok(last.unwrap_or(0) as u32)
}

/// Fails where sled does not know of the closing that the stamp tells of.
fn check_stamp(trees: &Trees, dir: &Path) -> Result<()> {
    match markers::read(dir, markers::STAMP) {
        Marker::Says(closing) if closing_of(trees)? != closing => Err(StoreError::Damaged(
            "the end of sled's log was lost: it does not say that the store was closed".into(),
        )),
        _ => Ok(()),
    }
}

pub(crate) fn remove_stamp(dir: &Path) -> Result<()> {
    let path = dir.join(markers::STAMP);
    match markers::read(dir, markers::STAMP) {
        Marker::Missing => Ok(()),
        Marker::Says(_) => Ok(std::fs::remove_file(path)?),
        // It may be something else under its name.
        Marker::Damaged(_) => crate::damaged::set_aside(dir, &path).map(drop),
    }
}

/// Makes the marker say which generation is in use, and removes the others.
fn settle_generation(trees: &Trees, dir: &Path) -> Result<()> {
    let generation = trees.generation;
    let others = trees::generations(dir)?.len() > 1;
    if let Some(said) = trees.said_generation()?
        && said != generation
        && others
    {
        return Err(StoreError::Damaged(format!(
            "the file `generation` names the folder {generation}, which is not whole"
        )));
    }
    trees.say_generation()?;
    // Written before there is a second one, so that its loss is never taken for a choice.
    if markers::read(dir, markers::GENERATION) != Marker::Says(generation) {
        trees.db.flush()?;
        trees::set_current(dir, generation)?;
    }
    trees::remove_others(dir, generation)
}

pub(crate) fn write_format(dir: &Path) -> Result<()> {
    markers::write(dir, markers::FORMAT, FORMAT)
}

/// What the file system says of files that are not what they should be is damage, which can be
/// repaired; a failing disk or a lack of rights is not.
fn damage_of(error: StoreError) -> StoreError {
    use std::io::ErrorKind::{
        AlreadyExists, InvalidData, InvalidInput, IsADirectory, NotADirectory, NotFound,
        UnexpectedEof,
    };
    match error {
        StoreError::Io(error)
            if matches!(
                error.kind(),
                AlreadyExists
                    | InvalidData
                    | InvalidInput
                    | IsADirectory
                    | NotADirectory
                    | NotFound
                    | UnexpectedEof
            ) =>
        {
            StoreError::Damaged(error.to_string())
        }
        other => other,
    }
}

/// What this store is called by its search index. Missing in an old folder, sled lost everything.
fn identity(meta: &sled::Tree, dir: &Path, is_new: bool) -> Result<String> {
    if let Some(identity) = meta.get("identity")? {
        return Ok(String::from_utf8_lossy(&identity).into_owned());
    }
    let has_segments =
        |name: &str| Ok::<_, StoreError>(!value_log::segments(&dir.join(name))?.is_empty());
    let holds_some = has_segments("bodies")?
        || has_segments("pictures")?
        || !crate::snapshot::list(dir)?.is_empty()
        || dir.join(markers::STAMP).exists();
    if !is_new && holds_some {
        return Err(StoreError::Damaged(
            "this folder held an archive, but sled's folder is empty or was lost".into(),
        ));
    }
    let (now, process) = (crate::snapshot::clock(), std::process::id());
    let seed = format!("{} {now:?} {process}", dir.display());
    let identity = blake3::hash(seed.as_bytes()).to_hex().to_string();
    meta.insert("identity", identity.as_bytes())?;
    Ok(identity)
}

/// Tokens of an earlier session must not be taken for ones of this.
fn undo_base() -> u64 {
    crate::snapshot::clock().as_millis() as u64
}

/// Reads something of sled, which may panic wherever its files are damaged.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T>) -> Result<T> {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)) {
        Ok(read) => read,
        Err(_) => Err(StoreError::Damaged("sled's trees cannot be read".into())),
    }
}

/// Reads what is kept in memory.
fn load_trees(trees: &Trees) -> Result<State> {
    let mut state = State {
        next_article: 1,
        ..State::default()
    };
    if let Some(next) = trees.meta.get("next_article")? {
        state.next_article = records::number_of(&next)?;
    }
    for item in &trees.feeds {
        let (key, value) = item?;
        let stored: StoredFeed = records::decode(&value, "a feed")?;
        let id = FeedId(records::number_of(&key)? as u32);
        if stored.removed_at.is_some() {
            state.purging.push(id);
            continue;
        }
        state.by_url.insert(stored.feed.url.clone(), id);
        state.feeds.insert(id, FeedState::new(stored.feed));
    }
    for item in &trees.folders {
        let (key, value) = item?;
        let folder: Folder = records::decode(&value, "a folder")?;
        state
            .folders
            .insert(FolderId(records::number_of(&key)? as u32), folder);
    }
    for item in &trees.read {
        let (key, value) = item?;
        if !state.read.load(records::number_of(&key)?, &value) {
            return Err(StoreError::Damaged(
                "a block of read marks has the wrong size".into(),
            ));
        }
    }
    load_entries(trees, &mut state)?;
    for item in &trees.packs {
        let (key, value) = item?;
        if key.len() == 8 {
            let packed: PackedArticle = records::decode(&value, "an article of a pack")?;
            state.pack(std::iter::once(packed.article.0));
        }
    }
    crate::space::count_once(trees)?;
    state.live = Live::load(trees)?;
    for item in &trees.saved {
        let (key, value) = item?;
        let id = records::number_of(&key)?;
        let (at, feed): (i64, FeedId) = records::decode(&value, "a saved mark")?;
        if state.feeds.contains_key(&feed) {
            state.set_saved(id, feed, Some(at));
        }
    }
    Ok(state)
}

fn load_entries(trees: &Trees, state: &mut State) -> Result<()> {
    let mut by_feed: BTreeMap<u32, Vec<Entry>> = BTreeMap::new();
    for item in &trees.entries {
        let (_, value) = item?;
        let record: StoredEntries = records::decode(&value, "a list of articles")?;
        let list = by_feed.entry(record.feed).or_default();
        list.extend(
            record
                .entries
                .into_iter()
                .map(|(id, time, guid, print)| Entry {
                    time,
                    id,
                    guid,
                    print,
                }),
        );
    }
    load_listings(trees, state, &mut by_feed)?;
    let State { feeds, read, .. } = state;
    for (feed, mut entries) in by_feed {
        if let Some(feed) = feeds.get_mut(&FeedId(feed)) {
            entries.sort_unstable_by_key(|entry| (entry.time, entry.id));
            feed.unread = entries.iter().filter(|entry| !read.get(entry.id)).count() as u64;
            feed.entries = entries;
        }
    }
    Ok(())
}

/// Reads which feeds list articles of others.
fn load_listings(
    trees: &Trees,
    state: &mut State,
    by_feed: &mut BTreeMap<u32, Vec<Entry>>,
) -> Result<()> {
    for item in &trees.listings {
        let (key, value) = item?;
        let (feed, id) = listings::read_key(&key)?;
        if !state.feeds.contains_key(&feed) {
            continue;
        }
        let listing: StoredListing = records::decode(&value, "a listing")?;
        by_feed.entry(feed.0).or_default().push(Entry {
            time: listing.time,
            id,
            guid: records::guid_hash(&listing.guid),
            print: listing.print,
        });
        let shared = state.shared.entry(id).or_insert_with(|| Shared {
            owner: listing.owner,
            time: listing.time,
            feeds: Vec::new(),
        });
        shared.feeds.push(feed);
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
