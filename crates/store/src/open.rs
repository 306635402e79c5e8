//! Opening a store: the lock, the format, sled, what is kept in memory, and the background threads.
use std::collections::VecDeque;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::thread::JoinHandle;

use crate::error::{Result, StoreError};
use crate::format::{
    FORMAT, FORMAT_IN_SLED, SaidFormat, check_stamp, format_in_sled, format_of, lock_folder,
    read_format, remove_stamp, settle_generation, write_format,
};
use crate::load::load_trees;
use crate::markers::{self, Marker};
use crate::reserve::Reserve;
use crate::search::{SearchIndex, find_index};
use crate::state::State;
use crate::store::{Core, Options, Owner, Store, UndoList};
use crate::trees::{self, Trees, guarded};
use crate::value_log::{self, ValueLog};

impl Store {
    /// Opens or creates the store in `dir`.
    pub fn open(dir: &Path) -> Result<Self> {
        Self::open_with(dir, Options::default())
    }

    /// Opens or creates the store in `dir`.
    pub fn open_with(dir: &Path, options: Options) -> Result<Self> {
        let lock = lock_folder(dir)?;
        let aside_before = crate::damaged::names(dir)?;
        let opened = crate::importing::finish_import(dir)
            .and_then(|()| read_format(dir))
            .and_then(|said| Core::open(dir, options, lock, said));
        let (mut core, format) = opened.map_err(damage_of)?;
        core.automatic_repairs = crate::damaged::names(dir)?
            .difference(&aside_before)
            .map(|name| format!("a damaged file was set aside as {name}"))
            .collect();
        let core = Arc::new(core);
        if format.is_some_and(|format| format < FORMAT) {
            migrate(&core)?;
        }
        crate::folders::nest_joined(&core)?;
        say_format(&core)?;
        crate::restore::finish_restore(&core);
        crate::private::close_to_others(dir);
        let mut threads = Vec::new();
        let of_flusher = Arc::clone(&core);
        threads.push(spawn("warta-store", move || {
            crate::background::look_after(&of_flusher);
        })?);
        let of_sweeper = Arc::clone(&core);
        threads.push(spawn("warta-space", move || {
            crate::background::look_after_space(&of_sweeper);
        })?);
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
}

/// What an open store consists of.
pub(crate) struct Parts {
    pub(crate) state: State,
    pub(crate) bodies: ValueLog,
    pub(crate) pictures: ValueLog,
    pub(crate) search: SearchIndex,
    pub(crate) trees: Trees,
    pub(crate) reserve: Reserve,
    pub(crate) lock: File,
    pub(crate) is_new: bool,
    /// The copy of sled's folder, if the data folder cannot be written.
    pub(crate) copy: Option<tempfile::TempDir>,
}

impl Core {
    /// Opens the store; returns its format, or `None` if it is new.
    fn open(
        dir: &Path,
        options: Options,
        lock: File,
        said: SaidFormat,
    ) -> Result<(Self, Option<u32>)> {
        let is_new = said == SaidFormat::New;
        let trees = Trees::open(dir, trees::current(dir)?)?;
        let folder = dir.join("search");
        let (known, index) = std::thread::scope(|scope| {
            let finding = scope.spawn(|| find_index(&folder));
            let known = guarded(|| {
                let format = format_of(&trees, dir, said)?;
                let identity = identity(&trees.meta, dir, is_new)?;
                check_stamp(&trees, dir)?;
                let state = load_trees(&trees)?;
                settle_generation(&trees, dir)?;
                Ok((format, identity, state))
            });
            let index = finding
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (known, index)
        });
        let (format, identity, state) = match known {
            Ok(known) => known,
            Err(error) => {
                trees::close_damaged(trees);
                return Err(error);
            }
        };
        let was_closed = matches!(markers::read(dir, markers::STAMP), Marker::Says(_));
        let next_article = state.next_article;
        let search = SearchIndex::open(&folder, index?, identity, next_article, was_closed)?;
        let parts = Parts {
            state,
            bodies: ValueLog::open(&dir.join("bodies"))?,
            pictures: ValueLog::open(&dir.join("pictures"))?,
            search,
            trees,
            reserve: Reserve::open(dir, options.reserve_bytes),
            lock,
            is_new,
            copy: None,
        };
        let core = Self::of(dir, options, parts);
        core.flush()?;
        // Only closing the store writes the stamp again.
        remove_stamp(dir)?;
        Ok((core, format))
    }

    pub(crate) fn of(dir: &Path, options: Options, parts: Parts) -> Self {
        Self {
            dir: dir.to_owned(),
            options,
            state: RwLock::new(parts.state),
            writer: Mutex::new(()),
            undo: Mutex::new(UndoList {
                next: undo_base(),
                kept: VecDeque::new(),
            }),
            bodies: parts.bodies,
            pictures: parts.pictures,
            search: parts.search,
            dirty: AtomicBool::new(parts.is_new),
            subscriptions_changed: AtomicU64::new(0),
            snapshots: Mutex::new(()),
            compacting: Mutex::new(()),
            lists: Mutex::new(()),
            stop: Mutex::new(false),
            wake: Condvar::new(),
            trees: RwLock::new(Arc::new(parts.trees)),
            reserve: parts.reserve,
            copy: parts.copy,
            automatic_repairs: Vec::new(),
            _lock: parts.lock,
        }
    }
}

/// Records the format in sled too.
fn say_format(core: &Core) -> Result<()> {
    let trees = core.trees();
    if format_in_sled(&trees)? != Some(FORMAT) {
        let _writing = core.hold_still();
        trees.meta.insert(FORMAT_IN_SLED, &FORMAT.to_be_bytes())?;
        core.changed();
    }
    Ok(())
}

/// Migrates a store of an older format. Old records stay readable and are rewritten only when they
/// change; the file `format` is written last, so that a kill before it leaves the old format.
fn migrate(core: &Core) -> Result<()> {
    if !core.state().feeds.is_empty() {
        crate::snapshot::take(core, crate::clock::clock().as_secs() as i64)?;
    }
    core.flush()?;
    write_format(&core.dir)
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    Ok(std::thread::Builder::new().name(name.into()).spawn(work)?)
}

/// I/O errors about missing or wrong files are damage, which can be repaired; a failing disk or
/// missing permissions are not.
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

/// The id that ties the search index to this store. If it is missing in an old folder, sled lost
/// everything.
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
            "this folder contained a store, but its database folder is empty or missing".into(),
        ));
    }
    let (now, process) = (crate::clock::clock(), std::process::id());
    let seed = format!("{} {now:?} {process}", dir.display());
    let identity = blake3::hash(seed.as_bytes()).to_hex().to_string();
    meta.insert("identity", identity.as_bytes())?;
    Ok(identity)
}

/// Tokens of an earlier session must not be valid in this one.
fn undo_base() -> u64 {
    crate::clock::clock().as_millis() as u64
}
