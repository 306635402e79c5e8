//! Searching. The index follows what is committed in a thread of its own and says in its own commits
//! how far it has come, so that after a kill it goes on by itself. It holds nothing that the store
//! does not: lost, damaged or of another making, it is deleted and made again.
mod analysis;
mod directory;
mod stemming;
mod snippet;
mod query;
mod queue;
mod vocabulary;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tantivy::collector::{Count, FilterCollector, TopDocs};
use tantivy::index::SegmentComponent;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{
    DocAddress, Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Searcher,
    TantivyDocument, Term,
};

use crate::error::{Result, StoreError};
use crate::model::{Hit, Hits};
use crate::state::Bits;
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};
use analysis::Analyzer;
use directory::IndexDirectory;
use stemming::{StemIndex, Learner};
use query::{ParsedQuery, Highlights, FeedFilter, Status};
use queue::{Queue, Waiting};
use vocabulary::Vocabulary;

const COMMIT_AFTER: Duration = Duration::from_millis(1_500);
const COMMIT_AT_LEAST_EVERY: Duration = Duration::from_secs(10);
/// Where more articles than this wait, the index is made of larger parts.
const MANY: u64 = 30_000;
/// While articles come in, the index leaves the machine to them until none came for so long …
const QUIET: Duration = Duration::from_millis(300);
/// … but waits no longer than this, and then rests for so many times as long as it works.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
const RESTS: u32 = 24;
/// Articles between two looks at whether to stop.
const STEP: u64 = 100;
const MOST_FAILURES: u32 = 3;
/// Threads that look into the index's parts for one search.
const MOST_SEARCHERS: usize = 4;
/// How long a search waits while a damaged index is made again.
const PATIENCE: Duration = Duration::from_secs(5);
/// Says which files were found whole.
const CHECKED: &str = "checked";
/// No search gives more hits than this.
const MOST_HITS: usize = 1_000;
/// No search looks further down than this.
const DEEPEST: usize = 100_000;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    id: Field,
    feed: Field,
    time: Field,
    title: Field,
    body: Field,
}

#[derive(Clone)]
struct Opened {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    /// The last article in it.
    last: u64,
}

/// How the index is written.
struct Effort {
    /// Threads that take words in; another reads the articles for them.
    writers: usize,
    /// What they may take before they write a segment, in bytes.
    bytes: usize,
    commit_documents: usize,
}

impl Effort {
    /// Of many articles one thread makes large parts, which are merged less often; while more come in it
    /// leaves the memory to the sync.
    fn for_articles(waiting: u64, is_quiet: bool) -> Self {
        let (writers, bytes, commit_documents) = match (waiting > MANY, is_quiet) {
            (true, true) => (1, 100_000_000, 50_000),
            (true, false) => (1, 30_000_000, 10_000),
            (false, _) => (2, 50_000_000, 10_000),
        };
        Self {
            writers,
            bytes,
            commit_documents,
        }
    }
}

#[derive(Debug, Default)]
struct Progress {
    wanted: u64,
    done: u64,
    /// How many wait for the index to be complete.
    waiting: usize,
    stop: bool,
    gave_up: Option<String>,
    /// The index was held against its checksums and the store since it was opened.
    verified: bool,
    /// What a search met that a sound index does not do.
    broken: Option<String>,
    /// Why the index was made again since the store was opened.
    damaged: Option<String>,
    /// It was damaged and is not complete again.
    rebuilding: bool,
    /// When articles last came in.
    poked: Option<Instant>,
}

pub(crate) struct SearchIndex {
    folder: PathBuf,
    identity: String,
    was_closed: bool,
    opened: RwLock<Opened>,
    forms: StemIndex,
    progress: Mutex<Progress>,
    changed: Condvar,
}

impl Store {
    /// Words (all must occur), "phrases", `title:word`, -word; the last word may be unfinished.
    /// `feed:name`, `is:saved`, `is:unread`, `is:read`, `after:2026-01-31`, `before:2026-02` narrow
    /// it. Where nothing is found as typed, what is spelled nearly so is. Never fails on what a
    /// reader types.
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Result<Hits> {
        self.search_at(query, &|day| day, limit, offset)
    }

    /// [`Store::search`] with the days of the reader's time zone: `day_begins` gives when a day that
    /// begins at the given moment in UTC begins there.
    pub fn search_at(
        &self,
        query: &str,
        day_begins: DayBegins<'_>,
        limit: usize,
        offset: usize,
    ) -> Result<Hits> {
        let wish = Paging {
            day_begins,
            limit: limit.min(MOST_HITS),
            offset,
        };
        self.core.searched(&|| self.core.find(query, wish))
    }

    /// How many articles a search finds, as typed, and how many of them are unread. Loads no row.
    pub fn search_count(
        &self,
        query: &str,
        day_begins: DayBegins<'_>,
    ) -> Result<crate::model::Count> {
        let look = || self.core.count_found(query, day_begins);
        self.core.searched(&look)
    }

    /// Waits until all that was committed can be found.
    pub fn finish_indexing(&self) -> Result<()> {
        let search = &self.core.search;
        let mut progress = search.progress();
        let wanted = progress.wanted;
        progress.waiting += 1;
        search.changed.notify_all();
        while progress.done < wanted && progress.gave_up.is_none() && !progress.stop {
            progress = search
                .changed
                .wait(progress)
                .unwrap_or_else(PoisonError::into_inner);
        }
        progress.waiting -= 1;
        match &progress.gave_up {
            Some(why) => Err(StoreError::Damaged(why.clone())),
            None => Ok(()),
        }
    }
}

impl SearchIndex {
    /// Opens the index, or begins a new one where it does not fit the store.
    /// `was_closed`: the last session ended with the store's closing, not with a kill.
    pub(crate) fn open(
        folder: &Path,
        identity: String,
        next_article: u64,
        was_closed: bool,
    ) -> Result<Self> {
        set_overwritten_aside(folder)?;
        let fitting = std::panic::catch_unwind(|| open_fitting(folder, &identity, next_article));
        let (fitting, damaged) = match fitting {
            Ok(Ok(Some(opened))) => (Some(opened), None),
            Ok(Ok(None)) => (None, left_without_list(folder)),
            Ok(Err(error)) => (None, Some(error.to_string())),
            Err(_) => (None, Some("its files cannot be read".to_owned())),
        };
        if let Some(why) = &damaged {
            tracing::warn!(why, "the search index is damaged and is made again");
        }
        let opened = match fitting {
            Some(opened) => opened,
            None => create(folder).or_else(|error| {
                tracing::error!(%error, "the search index cannot be kept on disk");
                open_index(Index::create_in_ram(schema().0), 0)
            })?,
        };
        Ok(Self {
            folder: folder.to_owned(),
            identity,
            was_closed,
            opened: RwLock::new(opened),
            forms: StemIndex::open(folder),
            // What the last session left undone counts as wanted.
            progress: Mutex::new(Progress {
                wanted: 1,
                rebuilding: damaged.is_some(),
                damaged,
                ..Progress::default()
            }),
            changed: Condvar::new(),
        })
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opened(&self) -> Opened {
        self.opened
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn vocabulary<'a>(&'a self, searcher: &'a Searcher, fields: Fields) -> Vocabulary<'a> {
        Vocabulary {
            searcher,
            forms: &self.forms,
            fields,
        }
    }

    /// There is something new to index.
    pub(crate) fn poke(&self) {
        let mut progress = self.progress();
        progress.wanted += 1;
        progress.poked = Some(Instant::now());
        drop(progress);
        self.changed.notify_all();
    }

    /// Whether no articles came in for a while.
    fn is_quiet(&self) -> bool {
        let poked = self.progress().poked;
        poked.is_none_or(|at| at.elapsed() >= QUIET)
    }

    /// Whether nothing comes in that it could hold up, or somebody waits for it.
    fn may_hurry(&self) -> bool {
        self.is_quiet() || self.progress().waiting > 0
    }

    /// Waits while articles come in, for `longest` at most, unless somebody waits for the index.
    fn wait_for_quiet(&self, longest: Duration) {
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

    /// A search met what a sound index does not do: the index is made again.
    pub(crate) fn broke(&self, why: &str) {
        let mut progress = self.progress();
        progress.broken.get_or_insert_with(|| why.to_owned());
        progress.rebuilding = true;
        progress.wanted += 1;
        drop(progress);
        self.changed.notify_all();
    }

    /// Why the index had to be made again since the store was opened.
    pub(crate) fn was_damaged(&self) -> Option<String> {
        let progress = self.progress();
        progress
            .damaged
            .clone()
            .or_else(|| progress.gave_up.clone())
    }

    /// Waits until the index was held against its checksums.
    pub(crate) fn until_verified(&self) {
        let mut progress = self.progress();
        while !progress.verified && progress.gave_up.is_none() && !progress.stop {
            progress = self
                .changed
                .wait(progress)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits a little while the index is made again; whether it is complete.
    fn is_complete_soon(&self) -> bool {
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

    /// Holds the index's files against their own checksums, and what it holds against the store.
    pub(crate) fn verify(&self, core: &Core) -> Result<()> {
        let verified = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let opened = self.opened();
            verify_files(&self.folder, &opened.index)?;
            match verify_articles(core, &opened) {
                // The end of sled's log was lost with the process, and what the index had of it was not.
                Err(StoreError::SearchIndex(why)) if !self.was_closed => {
                    Err(StoreError::Invalid(why))
                }
                verified => verified,
            }
        }));
        verified.unwrap_or_else(|_| Err(StoreError::SearchIndex("its files cannot be read".into())))
    }

    fn start_over(&self) -> Result<()> {
        let fresh = create(&self.folder)?;
        self.forms.clear();
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// How far the index has come, and how many documents it holds.
    pub(crate) fn extent(&self) -> (u64, u64) {
        let opened = self.opened();
        (opened.last, opened.reader.searcher().num_docs())
    }
}

/// The indexing thread.
pub(crate) fn run(core: &Core) {
    for failures in 1..=MOST_FAILURES {
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| follow(core)));
        let is_damage = !matches!(worked, Ok(Err(StoreError::Invalid(_))));
        let why = match worked {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the search index panicked".to_owned(),
        };
        tracing::error!(why, failures, "the search index failed and is made again");
        {
            let mut progress = core.search.progress();
            progress.damaged = progress.damaged.take().or(is_damage.then_some(why));
            progress.broken = None;
            progress.rebuilding = true;
        }
        if let Err(error) = core.search.start_over() {
            tracing::error!(%error, "the search index cannot be made again");
            break;
        }
    }
    core.search.progress().gave_up = Some("the search index cannot be written".into());
    core.search.changed.notify_all();
}

/// Indexes what comes until told to stop.
fn follow(core: &Core) -> Result<()> {
    let search = &core.search;
    search.verify(core)?;
    search.progress().verified = true;
    search.changed.notify_all();
    let mut opened = search.opened();
    let mut learner = Learner::new(&search.forms, &search.folder);
    learn(&mut learner, &opened)?;
    let mut writer: Option<IndexWriter<Waiting>> = None;
    let mut effort = Effort::for_articles(0, true);
    let waiting = Queue::default();
    let mut uncommitted = 0;
    let mut since_commit = Instant::now();
    let mut taken: Vec<(sled::IVec, sled::IVec)> = Vec::new();
    loop {
        if uncommitted == 0 {
            search.wait_for_quiet(LONGEST_WAIT);
        }
        let began = Instant::now();
        let (wanted, urgent, stop) = {
            let mut progress = search.progress();
            if let Some(why) = progress.broken.take() {
                return Err(StoreError::SearchIndex(why));
            }
            (progress.wanted, progress.waiting > 0, progress.stop)
        };
        let next_article = core.state().next_article;
        let queue = if taken.is_empty() {
            queued(core)?
        } else {
            Vec::new()
        };
        let until = next_article.min(opened.last + 1 + STEP);
        let idle = queue.is_empty() && opened.last + 1 >= until;
        if !idle && !stop {
            let writer = match &mut writer {
                Some(writer) => writer,
                none => {
                    let waiting = next_article - opened.last;
                    effort = Effort::for_articles(waiting, search.is_quiet());
                    let made = opened
                        .index
                        .writer_with_num_threads(effort.writers, effort.bytes)?;
                    none.insert(made)
                }
            };
            if uncommitted == 0 {
                since_commit = Instant::now();
            }
            for (key, value) in queue {
                let id = crate::records::number_of(&key)?;
                writer.delete_term(Term::from_field_u64(opened.fields.id, id));
                if id <= opened.last {
                    add(core, writer, &waiting, opened.fields, id)?;
                }
                taken.push((key, value));
                uncommitted += 1;
            }
            for id in opened.last + 1..until {
                add(core, writer, &waiting, opened.fields, id)?;
                uncommitted += 1;
                opened.last = id;
            }
        }
        let due = uncommitted >= effort.commit_documents
            || since_commit.elapsed() >= COMMIT_AT_LEAST_EVERY
            || (idle && (urgent || since_commit.elapsed() >= COMMIT_AFTER));
        if uncommitted > 0
            && (stop || due)
            && let Some(writer) = &mut writer
        {
            commit(core, writer, &opened, &mut taken)?;
            learn(&mut learner, &opened)?;
            uncommitted = 0;
        }
        if stop {
            learner.keep();
            return Ok(());
        }
        if idle {
            rest(search, uncommitted, wanted);
        } else if !search.may_hurry() {
            // What the writers' threads do counts as well.
            waiting.run_dry();
            search.wait_for_quiet(began.elapsed() * RESTS);
        }
    }
}

fn learn(learner: &mut Learner<'_>, opened: &Opened) -> Result<()> {
    let fields = [opened.fields.title, opened.fields.body];
    learner.learn(&opened.reader.searcher(), fields)
}

/// Waits for something to do.
fn rest(search: &SearchIndex, uncommitted: usize, wanted: u64) {
    let mut progress = search.progress();
    if uncommitted == 0 && progress.done < wanted {
        progress.done = wanted;
        progress.rebuilding = progress.broken.is_some();
        search.changed.notify_all();
    }
    if progress.stop || progress.wanted > wanted || (uncommitted > 0 && progress.waiting > 0) {
        return;
    }
    let patience = if uncommitted > 0 {
        COMMIT_AFTER / 5
    } else {
        Duration::from_hours(1)
    };
    drop(search.changed.wait_timeout(progress, patience));
}

fn commit(
    core: &Core,
    writer: &mut IndexWriter<Waiting>,
    opened: &Opened,
    taken: &mut Vec<(sled::IVec, sled::IVec)>,
) -> Result<()> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&payload(&core.search.identity, opened.last));
    prepared.commit()?;
    opened.reader.reload()?;
    core.search
        .opened
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .last = opened.last;
    if taken.is_empty() {
        return Ok(());
    }
    let _writing = core.hold_still();
    let trees = core.trees();
    let mut changes = Changes::default();
    for (key, value) in taken.drain(..) {
        // Changed again meanwhile: it stays in the queue.
        if trees.reindex.get(&key)? == Some(value) {
            changes.remove(Name::Reindex, &key);
        }
    }
    core.apply(&changes)
}

/// Some of the articles that changed or went after they were indexed.
fn queued(core: &Core) -> Result<Vec<(sled::IVec, sled::IVec)>> {
    Ok(core
        .trees()
        .reindex
        .iter()
        .take(2_000)
        .collect::<Result<Vec<_>, _>>()?)
}

fn add(
    core: &Core,
    writer: &IndexWriter<Waiting>,
    waiting: &Queue,
    fields: Fields,
    id: u64,
) -> Result<()> {
    let Some(stored) = core.stored(id)? else {
        return Ok(());
    };
    let text = core.searched_text(id, &stored);
    let mut document = TantivyDocument::new();
    document.add_u64(fields.id, id);
    document.add_u64(fields.feed, u64::from(stored.row.feed.0));
    document.add_i64(fields.time, stored.row.time);
    document.add_text(fields.title, &stored.row.title);
    document.add_text(fields.body, text);
    writer.add_document(waiting.add(document))?;
    Ok(())
}

/// What is wrong with a folder of the index that has parts, but not the list of them.
fn left_without_list(folder: &Path) -> Option<String> {
    let is_part =
        |name: &str| name.len() > 32 && name.as_bytes()[..32].iter().all(u8::is_ascii_hexdigit);
    let mut entries = std::fs::read_dir(folder).ok()?.flatten();
    let has_parts = entries.any(|entry| entry.file_name().to_str().is_some_and(is_part));
    (has_parts && !folder.join("meta.json").exists())
        .then(|| "the list of its parts is missing".into())
}

/// The files of a segment.
const PARTS: [SegmentComponent; 7] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Terms,
    SegmentComponent::Store,
    SegmentComponent::Delete,
];

/// Which files were found whole, by name: their length and when they were written.
type Checked = BTreeMap<String, (u64, u64)>;

/// Holds the files of the index against their checksums; those that have not changed since they were
/// found whole are passed over.
fn verify_files(folder: &Path, index: &Index) -> Result<()> {
    let file = folder.join(CHECKED);
    let known: Checked = std::fs::read(&file)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut whole = Checked::new();
    let managed = index.directory().list_managed_files();
    for segment in index.load_metas()?.segments {
        for part in PARTS {
            let name = segment.relative_path(part.clone());
            let path = folder.join(&name);
            let Ok(facts) = std::fs::metadata(&path) else {
                // Not every segment has every file.
                if managed.contains(&name) && part != SegmentComponent::Delete {
                    let what = format!("{} is missing", name.display());
                    return Err(StoreError::SearchIndex(what));
                }
                continue;
            };
            let written = facts.modified().ok();
            let written = written.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
            let written = written.map_or(0, |at| at.as_nanos() as u64);
            let name = name.to_string_lossy().into_owned();
            let state = (facts.len(), written);
            if known.get(&name) != Some(&state) && !directory::is_whole(&path)? {
                return Err(StoreError::SearchIndex(format!(
                    "{name} fails its checksum"
                )));
            }
            whole.insert(name, state);
        }
    }
    if whole != known
        && let Ok(json) = serde_json::to_vec(&whole)
        && let Err(error) = crate::snapshot::write_atomically(&file, &json)
    {
        tracing::debug!(%error, "what was checked is checked again at the next start");
    }
    Ok(())
}

/// Holds the articles of the index against those of the store.
fn verify_articles(core: &Core, opened: &Opened) -> Result<()> {
    let wrong = |what: String| Err(StoreError::SearchIndex(what));
    let mut indexed = Bits::default();
    let searcher = opened.reader.searcher();
    for segment in searcher.segment_readers() {
        let ids = segment.fast_fields().u64("id")?;
        for document in segment.doc_ids_alive() {
            let Some(id) = ids.first(document) else {
                return wrong("an article in it has no number".into());
            };
            // A number of a damaged file may be any.
            if id >= core.state().next_article {
                return wrong(format!("it holds article {id}, which does not exist yet"));
            }
            if indexed.get(id) {
                return wrong(format!("it holds article {id} twice"));
            }
            indexed.set(id, true);
        }
    }
    let trees = core.trees();
    let waits = |id: u64| trees.reindex.contains_key(id.to_be_bytes());
    let mut lacking = Vec::new();
    {
        let state = core.state();
        // Several feeds may list one article.
        let mut listed = Bits::default();
        for entry in state.feeds.values().flat_map(|feed| &feed.entries) {
            if listed.get(entry.id) {
                continue;
            }
            listed.set(entry.id, true);
            if indexed.get(entry.id) {
                indexed.set(entry.id, false);
            } else if entry.id <= opened.last {
                lacking.push(entry.id);
            }
        }
    }
    for id in lacking {
        if !waits(id)? && trees.articles.contains_key(id.to_be_bytes())? {
            return wrong(format!("it lacks article {id}"));
        }
    }
    for id in indexed.ones() {
        if !trees.articles.contains_key(id.to_be_bytes())? && !waits(id)? {
            return wrong(format!("it holds article {id}, which is not here"));
        }
    }
    Ok(())
}

/// When a day begins in the reader's time zone, by when it begins in UTC.
pub(crate) type DayBegins<'a> = &'a dyn Fn(i64) -> i64;

/// How much of what is found is wanted.
#[derive(Clone, Copy)]
struct Paging<'a> {
    day_begins: DayBegins<'a>,
    limit: usize,
    offset: usize,
}

/// The ids that a search's `is:` lets through; none lets all.
type Allowed = Option<Arc<dyn Fn(u64) -> bool + Send + Sync>>;

impl Core {
    /// The one door of all searches: a damaged index may fail or panic anywhere. Then it is made again,
    /// and the search waits for that, but not for long.
    fn searched<T>(&self, look: &dyn Fn() -> Result<T>) -> Result<T> {
        for _ in 0..2 {
            if !self.search.is_complete_soon() {
                break;
            }
            let why = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(look)) {
                Ok(Err(StoreError::SearchIndex(why))) => why,
                Ok(answer) => return answer,
                Err(_) => "a search panicked".to_owned(),
            };
            tracing::warn!(why, "the search index is damaged and is made again");
            self.search.broke(&why);
        }
        match &self.search.progress().gave_up {
            Some(why) => Err(StoreError::SearchIndex(why.clone())),
            None => Err(StoreError::SearchRebuilding),
        }
    }

    fn find(&self, typed: &str, wish: Paging<'_>) -> Result<Hits> {
        let analyzer = &mut Analyzer::new();
        let opened = self.search.opened();
        let asked = ParsedQuery::read(typed);
        let searcher = opened.reader.searcher();
        let vocabulary = self.search.vocabulary(&searcher, opened.fields);
        let mut highlights = Highlights::default();
        let mut best = Vec::new();
        let mut total = 0;
        for again in [false, true] {
            let mistyped = if again {
                vocabulary.suspects(&asked, analyzer)?
            } else {
                HashSet::new()
            };
            if again && mistyped.is_empty() {
                break;
            }
            let query = self.query(&asked, analyzer, &vocabulary, wish.day_begins, &mistyped)?;
            let Some((query, lit)) = query else {
                break;
            };
            highlights = lit;
            (best, total) = top(&searcher, &query, &self.allowed(&asked), wish)?;
            if total > 0 {
                break;
            }
        }
        let mut hits = Vec::new();
        for address in best {
            let segment = searcher.segment_reader(address.segment_ord);
            let Some(id) = segment.fast_fields().u64("id")?.first(address.doc_id) else {
                continue;
            };
            let Some(stored) = self.stored(id)? else {
                continue;
            };
            if !self.state().is_listed(id, stored.row.feed) {
                continue;
            }
            let text = self.searched_text(id, &stored);
            hits.push(Hit {
                title: snippet::title(&stored.row.title, analyzer, &highlights),
                passage: snippet::passage(&text, analyzer, &highlights),
                row: self.dress(id, stored.row),
            });
        }
        Ok(Hits { hits, total })
    }

    fn count_found(&self, typed: &str, day_begins: DayBegins<'_>) -> Result<crate::model::Count> {
        let opened = self.search.opened();
        let asked = ParsedQuery::read(typed);
        let exact = HashSet::new();
        let mut analyzer = Analyzer::new();
        let searcher = opened.reader.searcher();
        let vocabulary = self.search.vocabulary(&searcher, opened.fields);
        let query = self.query(&asked, &mut analyzer, &vocabulary, day_begins, &exact)?;
        let mut count = crate::model::Count::default();
        let Some((query, _)) = query else {
            return Ok(count);
        };
        let read = self.state().read.clone();
        let unread: Allowed = Some(Arc::new(move |id| !read.get(id)));
        let allowed = self.allowed(&asked);
        let both = match (allowed.clone(), unread) {
            (Some(one), Some(other)) => Some(Arc::new(move |id| one(id) && other(id)) as Arc<_>),
            (one, other) => one.or(other),
        };
        count.total = counted(&searcher, &query, &allowed)? as u64;
        count.unread = counted(&searcher, &query, &both)? as u64;
        Ok(count)
    }

    /// The query of what is asked, without what is hidden.
    fn query(
        &self,
        asked: &ParsedQuery,
        analyzer: &mut Analyzer,
        vocabulary: &Vocabulary<'_>,
        day_begins: DayBegins<'_>,
        mistyped: &HashSet<String>,
    ) -> Result<Option<(Box<dyn Query>, Highlights)>> {
        let feeds: Vec<FeedFilter> = asked
            .feeds
            .iter()
            .map(|(name, negated)| FeedFilter {
                ids: self.feeds_called(name, analyzer),
                negated: *negated,
            })
            .collect();
        let made = asked.query(analyzer, vocabulary, &feeds, day_begins, mistyped)?;
        Ok(made.map(|(query, highlights)| (self.without_hidden(query, vocabulary.fields), highlights)))
    }

    /// The feeds whose name or address has `name` in it.
    fn feeds_called(&self, name: &str, analyzer: &mut Analyzer) -> Vec<u32> {
        let mut folded = |text: &str| {
            let mut folded = String::new();
            analyzer.fold(text, &mut folded);
            folded
        };
        let name = folded(name);
        let mut found = Vec::new();
        for (id, known) in &self.state().feeds {
            let feed = &known.feed;
            let names = [feed.custom_title.as_ref(), feed.facts.title.as_ref()];
            let mut names = names.into_iter().flatten().chain([&feed.url]);
            if names.any(|called| folded(called).contains(&name)) {
                found.push(id.0);
            }
        }
        found
    }

    fn allowed(&self, asked: &ParsedQuery) -> Allowed {
        if asked.statuses.is_empty() {
            return None;
        }
        let state = self.state();
        let read = state.read.clone();
        let mut saved = Bits::default();
        for id in state.saved_at.keys() {
            saved.set(*id, true);
        }
        let statuses = asked.statuses.clone();
        Some(Arc::new(move |id| {
            statuses.iter().all(|(status, negated)| {
                let is = match status {
                    Status::Read => read.get(id),
                    Status::Unread => !read.get(id),
                    Status::Saved => saved.get(id),
                };
                is != *negated
            })
        }))
    }

    fn without_hidden(&self, query: Box<dyn Query>, fields: Fields) -> Box<dyn Query> {
        let state = self.state();
        let mut parts = vec![(Occur::Must, query)];
        let hidden = state
            .feeds
            .iter()
            .filter(|(_, feed)| !feed.visible())
            .map(|(id, _)| id);
        for id in hidden.chain(&state.purging) {
            let term = Term::from_field_u64(fields.feed, u64::from(id.0));
            parts.push((
                Occur::MustNot,
                Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>,
            ));
        }
        Box::new(BooleanQuery::new(parts))
    }
}

/// The best of what a query finds, and how much it finds.
fn top(
    searcher: &Searcher,
    query: &dyn Query,
    allowed: &Allowed,
    wish: Paging<'_>,
) -> Result<(Vec<DocAddress>, usize)> {
    if wish.limit == 0 || wish.offset >= DEEPEST {
        return Ok((Vec::new(), counted(searcher, query, allowed)?));
    }
    let best = TopDocs::with_limit(wish.limit).and_offset(wish.offset);
    // Of equals the newest first.
    let by_score_and_time = best.tweak_score(|segment: &tantivy::SegmentReader| {
        let times = segment.fast_fields().i64("time").ok();
        move |document: tantivy::DocId, score: tantivy::Score| {
            let time = times.as_ref().and_then(|times| times.first(document));
            (score, time.unwrap_or(i64::MIN))
        }
    });
    let (best, total) = match allowed.clone() {
        None => searcher.search(query, &(by_score_and_time, Count))?,
        Some(allowed) => {
            let passes = move |id: u64| allowed(id);
            let both = (by_score_and_time, Count);
            searcher.search(query, &FilterCollector::new("id".into(), passes, both))?
        }
    };
    Ok((
        best.into_iter().map(|(_, address)| address).collect(),
        total,
    ))
}

fn counted(searcher: &Searcher, query: &dyn Query, allowed: &Allowed) -> Result<usize> {
    Ok(match allowed.clone() {
        None => searcher.search(query, &Count)?,
        Some(allowed) => {
            let passes = move |id: u64| allowed(id);
            searcher.search(query, &FilterCollector::new("id".into(), passes, Count))?
        }
    })
}

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let text = |tokenizer| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        TextOptions::default().set_indexing_options(indexing)
    };
    let fields = Fields {
        id: builder.add_u64_field("id", INDEXED | FAST),
        feed: builder.add_u64_field("feed", INDEXED),
        time: builder.add_i64_field("time", FAST),
        title: builder.add_text_field("title", text(analysis::OF_TITLES)),
        body: builder.add_text_field("body", text(analysis::OF_TEXTS)),
    };
    (builder.build(), fields)
}

fn payload(identity: &str, last: u64) -> String {
    format!("{} {identity} {last}", analysis::VERSION)
}

fn open_fitting(folder: &Path, identity: &str, next_article: u64) -> Result<Option<Opened>> {
    if !folder.join("meta.json").exists() {
        return Ok(None);
    }
    let index = Index::open(IndexDirectory::open(folder)?)?;
    let metas = index.load_metas()?;
    let last = match &metas.payload {
        Some(payload) => {
            let mut words = payload.split(' ');
            let fits = words.next() == Some(analysis::VERSION.to_string().as_str())
                && words.next() == Some(identity);
            words
                .next()
                .filter(|_| fits)
                .and_then(|last| last.parse::<u64>().ok())
        }
        None => metas.segments.is_empty().then_some(0),
    };
    match last {
        Some(last) if last < next_article && index.schema() == schema().0 => {
            open_index(index, last).map(Some)
        }
        _ => Ok(None),
    }
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

/// What lies under the names of files that are written over without being read.
fn set_overwritten_aside(folder: &Path) -> Result<()> {
    let dir = folder.parent().unwrap_or(folder);
    for name in [
        ".tantivy-writer.lock",
        ".tantivy-meta.lock",
        CHECKED,
        stemming::FILE,
    ] {
        let path = folder.join(name);
        let is_empty =
            std::fs::metadata(&path).is_ok_and(|facts| facts.is_file() && facts.len() == 0);
        let is_its = match name {
            CHECKED => is_json(&path),
            stemming::FILE => StemIndex::is_whole(&path),
            _ => is_empty,
        };
        if path.exists() && !is_empty && !is_its {
            crate::damaged::set_aside(dir, &path)?;
        }
    }
    Ok(())
}

fn is_json(path: &Path) -> bool {
    let text = std::fs::read(path).unwrap_or_default();
    serde_json::from_slice::<serde_json::Value>(&text).is_ok()
}

/// What is no part of the index although it lies there may be the only copy of something.
fn set_strangers_aside(dir: &Path, folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let Ok(bytes) = std::fs::metadata(&path).map(|facts| facts.len()) else {
            continue;
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_its = match &*name {
            stemming::FILE => StemIndex::is_whole(&path),
            CHECKED | "meta.json" | ".managed.json" => is_json(&path),
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
