//! The open index and its progress.
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexReader, IndexSettings, ReloadPolicy, Searcher};

use crate::error::Result;
use crate::search::analysis::Analyzer;
use crate::search::directory::{IndexDirectory, MANIFEST};
use crate::search::schema::{Fields, schema};
use crate::search::stemming::StemIndex;
use crate::search::vocabulary::Vocabulary;
use crate::search::{analysis, directory, stemming};

/// Indexing pauses while articles arrive, until none arrived for this long …
const QUIET: Duration = Duration::from_millis(300);

/// … but no longer than this.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Maximum number of threads per search.
const MOST_SEARCHERS: usize = 4;

/// How long a search waits for a damaged index to be rebuilt.
const PATIENCE: Duration = Duration::from_secs(5);

/// Name of the manifest in versions before it listed checksums.
const CHECKED: &str = "checked";

#[derive(Clone)]
pub(crate) struct Opened {
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    pub(crate) fields: Fields,
    /// The last article in it.
    pub(crate) last: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) wanted: u64,
    pub(crate) done: u64,
    /// Number of callers waiting for the index to be complete.
    pub(crate) waiting: usize,
    pub(crate) stop: bool,
    pub(crate) gave_up: Option<String>,
    /// The index was compared with its checksums and the store since it was opened.
    pub(crate) verified: bool,
    /// A failure that a sound index does not cause.
    pub(crate) broken: Option<String>,
    /// Why the index was rebuilt in this session.
    pub(crate) damaged: Option<String>,
    /// It was damaged and is still incomplete.
    pub(crate) rebuilding: bool,
    /// When articles last arrived.
    pub(crate) poked: Option<Instant>,
}

pub(crate) struct SearchIndex {
    pub(crate) folder: PathBuf,
    pub(crate) identity: String,
    pub(crate) was_closed: bool,
    pub(crate) opened: RwLock<Opened>,
    pub(crate) forms: StemIndex,
    pub(crate) progress: Mutex<Progress>,
    pub(crate) changed: Condvar,
}

impl SearchIndex {
    /// Uses the index that [`find_index`] found, or creates a new one if that does not belong to the store.
    /// `was_closed`: the last session closed the store properly.
    pub(crate) fn open(
        folder: &Path,
        (found, forms): (IndexOnDisk, StemIndex),
        identity: String,
        next_article: u64,
        was_closed: bool,
    ) -> Result<Self> {
        let (fitting, damaged) = match found {
            IndexOnDisk::Whole(found) => (found.fitting(&identity, next_article), None),
            IndexOnDisk::Missing => (None, None),
            IndexOnDisk::Damaged(why) => (None, Some(why)),
        };
        if let Some(why) = &damaged {
            tracing::warn!(why, "the search index is damaged and is being rebuilt");
        }
        let (opened, forms) = match fitting {
            Some(opened) => (opened, forms),
            None => (
                create(folder).or_else(|error| {
                    tracing::error!(%error, "the search index cannot be kept on disk");
                    open_index(Index::create_in_ram(schema().0), 0)
                })?,
                StemIndex::default(),
            ),
        };
        Ok(Self {
            folder: folder.to_owned(),
            identity,
            was_closed,
            opened: RwLock::new(opened),
            forms,
            // The last session may have left articles unindexed.
            progress: Mutex::new(Progress {
                wanted: 1,
                rebuilding: damaged.is_some(),
                damaged,
                ..Progress::default()
            }),
            changed: Condvar::new(),
        })
    }

    /// Opens the index as it is. Without one that fits the store, every search fails.
    pub(crate) fn open_read_only(
        folder: &Path,
        identity: String,
        next_article: u64,
    ) -> Result<Self> {
        let fitting = match look_for_index(folder, true) {
            IndexOnDisk::Whole(found) => found.fitting(&identity, next_article),
            IndexOnDisk::Missing | IndexOnDisk::Damaged(_) => None,
        };
        let (opened, gave_up) = if let Some(opened) = fitting {
            (opened, None)
        } else {
            let why = "the data folder cannot be written, so the search index cannot be rebuilt";
            let empty = open_index(Index::create_in_ram(schema().0), 0)?;
            (empty, Some(why.to_owned()))
        };
        Ok(Self {
            folder: folder.to_owned(),
            identity,
            was_closed: true,
            opened: RwLock::new(opened),
            forms: StemIndex::read(&folder.join(stemming::FILE)).unwrap_or_default(),
            progress: Mutex::new(Progress {
                verified: true,
                rebuilding: gave_up.is_some(),
                gave_up,
                ..Progress::default()
            }),
            changed: Condvar::new(),
        })
    }

    pub(crate) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn opened(&self) -> Opened {
        self.opened
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn vocabulary<'a>(
        &'a self,
        searcher: &'a Searcher,
        fields: Fields,
    ) -> Vocabulary<'a> {
        Vocabulary {
            searcher,
            forms: &self.forms,
            fields,
        }
    }

    /// Signals that there is something new to index.
    pub(crate) fn poke(&self) {
        let mut progress = self.progress();
        progress.wanted += 1;
        progress.poked = Some(Instant::now());
        drop(progress);
        self.changed.notify_all();
    }

    /// Whether no articles arrived for a while.
    pub(crate) fn is_quiet(&self) -> bool {
        let poked = self.progress().poked;
        poked.is_none_or(|at| at.elapsed() >= QUIET)
    }

    /// Whether indexing would delay no sync, or a caller waits for it.
    pub(crate) fn may_hurry(&self) -> bool {
        self.is_quiet() || self.progress().waiting > 0
    }

    /// Waits while articles arrive, for `longest` at most, unless a caller waits for the index.
    pub(crate) fn wait_for_quiet(&self, longest: Duration) {
        let until = Instant::now() + longest;
        let mut progress = self.progress();
        loop {
            let quiet_for = progress.poked.map_or(QUIET, |at| at.elapsed());
            let patience = QUIET
                .saturating_sub(quiet_for)
                .min(until.saturating_duration_since(Instant::now()));
            if patience.is_zero() || progress.stop || progress.waiting > 0 {
                return;
            }
            progress = self
                .changed
                .wait_timeout(progress, patience)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    pub(crate) fn stop(&self) {
        self.progress().stop = true;
        self.changed.notify_all();
    }

    /// Reports a failure that a sound index does not cause: the index is rebuilt.
    pub(crate) fn broke(&self, why: &str) {
        let mut progress = self.progress();
        progress.broken.get_or_insert_with(|| why.to_owned());
        progress.rebuilding = true;
        progress.wanted += 1;
        drop(progress);
        self.changed.notify_all();
    }

    /// Why the index was rebuilt in this session.
    pub(crate) fn was_damaged(&self) -> Option<String> {
        let progress = self.progress();
        progress
            .damaged
            .clone()
            .or_else(|| progress.gave_up.clone())
    }

    /// Waits until the index was verified.
    pub(crate) fn until_verified(&self) {
        let mut progress = self.progress();
        while !progress.verified && progress.gave_up.is_none() && !progress.stop {
            progress = self
                .changed
                .wait(progress)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits briefly while the index is rebuilt; returns whether it is complete.
    pub(crate) fn is_complete_soon(&self) -> bool {
        let until = Instant::now() + PATIENCE;
        let mut progress = self.progress();
        if !progress.rebuilding {
            return true;
        }
        progress.waiting += 1;
        self.changed.notify_all();
        while progress.rebuilding && progress.gave_up.is_none() && !progress.stop {
            let patience = until.saturating_duration_since(Instant::now());
            if patience.is_zero() {
                break;
            }
            progress = self
                .changed
                .wait_timeout(progress, patience)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        progress.waiting -= 1;
        !progress.rebuilding
    }

    pub(crate) fn start_over(&self) -> Result<()> {
        let fresh = create(&self.folder)?;
        self.forms.clear();
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The last indexed article, and the number of documents.
    pub(crate) fn extent(&self) -> (u64, u64) {
        let opened = self.opened();
        (opened.last, opened.reader.searcher().num_docs())
    }
}

/// The problem with an index folder that has segments, but no list of them.
fn left_without_list(folder: &Path) -> Option<String> {
    let is_part =
        |name: &str| name.len() > 32 && name.as_bytes()[..32].iter().all(u8::is_ascii_hexdigit);
    let mut entries = std::fs::read_dir(folder).ok()?.flatten();
    let has_parts = entries.any(|entry| entry.file_name().to_str().is_some_and(is_part));
    (has_parts && !folder.join("meta.json").exists())
        .then(|| "its list of segments is missing".into())
}

pub(crate) fn payload(identity: &str, last: u64) -> String {
    format!("{} {identity} {last}", analysis::VERSION)
}

/// What the folder of the index holds.
pub(crate) enum IndexOnDisk {
    Whole(Box<Found>),
    Missing,
    /// Why it cannot be used.
    Damaged(String),
}

/// An index that could be opened. It may belong to another store.
pub(crate) struct Found {
    opened: Opened,
    /// What the last commit recorded, see [`payload`].
    payload: Option<String>,
    is_empty: bool,
    /// Where the manifest is to be brought up to date.
    directory: Option<IndexDirectory>,
}

impl Found {
    /// The index, if it belongs to the store and was made as this version makes it.
    fn fitting(self, identity: &str, next_article: u64) -> Option<Opened> {
        let last = match &self.payload {
            Some(payload) => {
                let mut words = payload.split(' ');
                let fits = words.next() == Some(analysis::VERSION.to_string().as_str())
                    && words.next() == Some(identity);
                words
                    .next()
                    .filter(|_| fits)
                    .and_then(|last| last.parse::<u64>().ok())
            }
            None => self.is_empty.then_some(0),
        };
        let last = last.filter(|last| *last < next_article)?;
        if self.opened.index.schema() != schema().0 {
            return None;
        }
        if let Some(directory) = &self.directory
            && let Err(error) = directory.update_manifest()
        {
            tracing::debug!(%error, "the index's files are verified again at the next start");
        }
        Some(Opened {
            last,
            ..self.opened
        })
    }
}

/// Opens the index in a folder, if there is one, and the stems beside it. Needs nothing of the
/// store, so the two can be opened at the same time.
///
/// # Errors
///
/// Files that do not belong to the index are in its place and cannot be set aside.
pub(crate) fn find_index(folder: &Path) -> Result<(IndexOnDisk, StemIndex)> {
    let forms = set_overwritten_aside(folder)?;
    Ok((look_for_index(folder, false), forms))
}

fn look_for_index(folder: &Path, read_only: bool) -> IndexOnDisk {
    match std::panic::catch_unwind(|| open_found(folder, read_only)) {
        Ok(Ok(Some(found))) => IndexOnDisk::Whole(Box::new(found)),
        Ok(Ok(None)) => {
            left_without_list(folder).map_or(IndexOnDisk::Missing, IndexOnDisk::Damaged)
        }
        Ok(Err(error)) => IndexOnDisk::Damaged(error.to_string()),
        Err(_) => IndexOnDisk::Damaged("its files cannot be read".to_owned()),
    }
}

fn open_found(folder: &Path, read_only: bool) -> Result<Option<Found>> {
    if !folder.join("meta.json").exists() {
        return Ok(None);
    }
    let directory = if read_only {
        IndexDirectory::open_read_only(folder)?
    } else {
        IndexDirectory::open(folder)?
    };
    let index = Index::open(directory.clone())?;
    let metas = index.load_metas()?;
    Ok(Some(Found {
        payload: metas.payload,
        is_empty: metas.segments.is_empty(),
        opened: open_index(index, 0)?,
        directory: (!read_only).then_some(directory),
    }))
}

fn create(folder: &Path) -> Result<Opened> {
    let dir = folder.parent().unwrap_or(folder);
    if folder.is_file() {
        crate::damaged::set_aside(dir, folder)?;
    } else if folder.exists() {
        set_strangers_aside(dir, folder)?;
        std::fs::remove_dir_all(folder)?;
    }
    crate::private::create_folder(folder)?;
    let files = IndexDirectory::open(folder)?;
    open_index(
        Index::create(files, schema().0, IndexSettings::default())?,
        0,
    )
}

/// Moves foreign files aside that would be overwritten without being read; returns the stems that
/// are stored beside the index.
fn set_overwritten_aside(folder: &Path) -> Result<StemIndex> {
    let dir = folder.parent().unwrap_or(folder);
    let mut forms = StemIndex::default();
    for name in [
        ".tantivy-writer.lock",
        ".tantivy-meta.lock",
        CHECKED,
        MANIFEST,
        stemming::FILE,
    ] {
        let path = folder.join(name);
        let Ok(facts) = std::fs::metadata(&path) else {
            continue;
        };
        if facts.is_file() && facts.len() == 0 {
            continue;
        }
        let is_its = match name {
            CHECKED | MANIFEST => is_json(&path),
            stemming::FILE => StemIndex::read(&path).map(|read| forms = read).is_some(),
            _ => false,
        };
        if !is_its {
            crate::damaged::set_aside(dir, &path)?;
        }
    }
    // Versions before the manifest wrote it.
    match std::fs::remove_file(folder.join(CHECKED)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(forms),
    }
}

fn is_json(path: &Path) -> bool {
    let text = std::fs::read(path).unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(&text).is_ok()
}

/// Moves files aside that are not part of the index: they may be the only copy of something.
fn set_strangers_aside(dir: &Path, folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let Ok(bytes) = std::fs::metadata(&path).map(|facts| facts.len()) else {
            continue;
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_its = match &*name {
            stemming::FILE => StemIndex::read(&path).is_some(),
            CHECKED | MANIFEST | "meta.json" | ".managed.json" => is_json(&path),
            _ => directory::has_footer(&path),
        };
        if path.is_file() && bytes > 0 && !is_its {
            crate::damaged::set_aside(dir, &path)?;
        }
    }
    Ok(())
}

fn open_index(mut index: Index, last: u64) -> Result<Opened> {
    for (name, analyzer) in [
        (analysis::OF_TITLES, Analyzer::new()),
        (analysis::OF_TEXTS, Analyzer::of_texts()),
    ] {
        let analyzer = TextAnalyzer::from(analyzer);
        index.tokenizers().register(name, analyzer);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if threads > 1 {
        index.set_multithread_executor(threads.min(MOST_SEARCHERS))?;
    }
    let reader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    Ok(Opened {
        index,
        reader,
        fields: schema().1,
        last,
    })
}
