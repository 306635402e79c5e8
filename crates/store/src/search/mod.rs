//! Searching. The index follows what is committed in a thread of its own and says in its own commits
//! how far it has come, so that after a kill it goes on by itself. It holds nothing that the store
//! does not: lost, damaged or of another making, it is deleted and made again.
mod analysis;
mod passage;
mod query;

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use crate::error::{Result, StoreError};
use crate::model::{Hit, Hits};
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};
use analysis::Analyzer;

/// What the writer may take before it writes a segment, in bytes.
const WRITER_BYTES: usize = 50_000_000;
const COMMIT_AFTER: Duration = Duration::from_millis(1_500);
const COMMIT_AT_LEAST_EVERY: Duration = Duration::from_secs(10);
const COMMIT_DOCUMENTS: usize = 10_000;
/// Threads that take words into the index.
const WRITERS: usize = 2;
/// While articles come in, the index leaves the machine to them until none came for so long …
const QUIET: Duration = Duration::from_millis(300);
/// … but waits no longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Articles between two looks at whether to stop.
const STEP: u64 = 100;
const MOST_FAILURES: u32 = 3;
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

#[derive(Debug, Default)]
struct Progress {
    wanted: u64,
    done: u64,
    /// How many wait for the index to be complete.
    waiting: usize,
    stop: bool,
    gave_up: Option<String>,
    /// When articles last came in.
    poked: Option<Instant>,
}

pub(crate) struct SearchIndex {
    folder: PathBuf,
    identity: String,
    opened: RwLock<Opened>,
    progress: Mutex<Progress>,
    changed: Condvar,
}

impl Store {
    /// Words (all must occur), "phrases", `title:word`, -word; the last word may be unfinished.
    /// Never fails on what a reader types.
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Result<Hits> {
        self.core.find(query, limit.min(MOST_HITS), offset)
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
    pub(crate) fn open(folder: &Path, identity: String, next_article: u64) -> Result<Self> {
        let fitting = std::panic::catch_unwind(|| open_fitting(folder, &identity, next_article));
        let opened = match fitting {
            Ok(Ok(Some(opened))) => opened,
            _ => create(folder).or_else(|error| {
                tracing::error!(%error, "the search index cannot be kept on disk");
                open_index(Index::create_in_ram(schema().0), 0)
            })?,
        };
        Ok(Self {
            folder: folder.to_owned(),
            identity,
            opened: RwLock::new(opened),
            // What the last session left undone counts as wanted.
            progress: Mutex::new(Progress {
                wanted: 1,
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

    /// There is something new to index.
    pub(crate) fn poke(&self) {
        let mut progress = self.progress();
        progress.wanted += 1;
        progress.poked = Some(Instant::now());
        drop(progress);
        self.changed.notify_all();
    }

    /// Waits while articles come in, unless somebody waits for the index.
    fn wait_for_quiet(&self) {
        let began = Instant::now();
        let mut progress = self.progress();
        loop {
            let quiet_for = progress.poked.map_or(QUIET, |at| at.elapsed());
            let patience = QUIET
                .saturating_sub(quiet_for)
                .min(LONGEST_WAIT.saturating_sub(began.elapsed()));
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

    fn start_over(&self) -> Result<()> {
        let fresh = create(&self.folder)?;
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
        let why = match worked {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the search index panicked".to_owned(),
        };
        tracing::error!(why, failures, "the search index failed and is made again");
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
    let mut opened = search.opened();
    let mut writer: Option<IndexWriter> = None;
    let mut uncommitted = 0;
    let mut since_commit = Instant::now();
    let mut taken: Vec<(sled::IVec, sled::IVec)> = Vec::new();
    loop {
        if uncommitted == 0 {
            search.wait_for_quiet();
        }
        let (wanted, urgent, stop) = {
            let progress = search.progress();
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
                none => none.insert(
                    opened
                        .index
                        .writer_with_num_threads(WRITERS, WRITER_BYTES)?,
                ),
            };
            if uncommitted == 0 {
                since_commit = Instant::now();
            }
            for (key, value) in queue {
                let id = crate::records::number_of(&key)?;
                writer.delete_term(Term::from_field_u64(opened.fields.id, id));
                if id <= opened.last {
                    add(core, writer, opened.fields, id)?;
                }
                taken.push((key, value));
                uncommitted += 1;
            }
            for id in opened.last + 1..until {
                add(core, writer, opened.fields, id)?;
                uncommitted += 1;
                opened.last = id;
            }
        }
        let due = uncommitted >= COMMIT_DOCUMENTS
            || since_commit.elapsed() >= COMMIT_AT_LEAST_EVERY
            || (idle && (urgent || since_commit.elapsed() >= COMMIT_AFTER));
        if uncommitted > 0
            && (stop || due)
            && let Some(writer) = &mut writer
        {
            commit(core, writer, &opened, &mut taken)?;
            uncommitted = 0;
        }
        if stop {
            return Ok(());
        }
        if idle {
            rest(search, uncommitted, wanted);
        }
    }
}

/// Waits for something to do.
fn rest(search: &SearchIndex, uncommitted: usize, wanted: u64) {
    let mut progress = search.progress();
    if uncommitted == 0 && progress.done < wanted {
        progress.done = wanted;
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
    writer: &mut IndexWriter,
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

fn add(core: &Core, writer: &IndexWriter, fields: Fields, id: u64) -> Result<()> {
    let Some(stored) = core.stored(id)? else {
        return Ok(());
    };
    let text = match core.logged(id, &stored) {
        Ok(logged) => crate::text::of_html(&logged.html),
        Err(_) => stored.row.excerpt.clone(),
    };
    let mut document = TantivyDocument::new();
    document.add_u64(fields.id, id);
    document.add_u64(fields.feed, u64::from(stored.row.feed.0));
    document.add_i64(fields.time, stored.row.time);
    document.add_text(fields.title, &stored.row.title);
    document.add_text(fields.body, text);
    writer.add_document(document)?;
    Ok(())
}

impl Core {
    fn find(&self, typed: &str, limit: usize, offset: usize) -> Result<Hits> {
        let nothing = Hits {
            hits: Vec::new(),
            total: 0,
        };
        let opened = self.search.opened();
        let fields = opened.fields;
        let mut analyzer = Analyzer::new();
        let Some((query, lights)) = query::build(typed, &mut analyzer, fields) else {
            return Ok(nothing);
        };
        let query = self.without_hidden(query, fields);
        let searcher = opened.reader.searcher();
        let total = searcher.search(&query, &Count)?;
        if total == 0 || limit == 0 || offset >= DEEPEST {
            return Ok(Hits { total, ..nothing });
        }
        let best = TopDocs::with_limit(limit).and_offset(offset);
        // Of equals the newest first.
        let by_score_and_time = best.tweak_score(|segment: &tantivy::SegmentReader| {
            let times = segment.fast_fields().i64("time").ok();
            move |document: tantivy::DocId, score: tantivy::Score| {
                let time = times.as_ref().and_then(|times| times.first(document));
                (score, time.unwrap_or(i64::MIN))
            }
        });
        let mut hits = Vec::new();
        for (_, address) in searcher.search(&query, &by_score_and_time)? {
            let document: TantivyDocument = searcher.doc(address)?;
            let id = document
                .get_first(fields.id)
                .and_then(|value| value.as_u64());
            let Some(stored) = id.map(|id| self.stored(id)).transpose()?.flatten() else {
                continue;
            };
            let id = id.unwrap_or_default();
            if !self.state().is_visible(stored.row.feed) {
                continue;
            }
            let text = match self.logged(id, &stored) {
                Ok(logged) => crate::text::of_html(&logged.html),
                Err(_) => stored.row.excerpt.clone(),
            };
            hits.push(Hit {
                title: passage::title(&stored.row.title, &mut analyzer, &lights),
                passage: passage::passage(&text, &mut analyzer, &lights),
                row: self.dress(id, stored.row),
            });
        }
        Ok(Hits { hits, total })
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

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analysis::TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing);
    let fields = Fields {
        id: builder.add_u64_field("id", INDEXED | STORED),
        feed: builder.add_u64_field("feed", INDEXED),
        time: builder.add_i64_field("time", FAST),
        title: builder.add_text_field("title", text.clone()),
        body: builder.add_text_field("body", text),
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
    let index = Index::open_in_dir(folder)?;
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
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    open_index(Index::create_in_dir(folder, schema().0)?, 0)
}

fn open_index(index: Index, last: u64) -> Result<Opened> {
    let analyzer = TextAnalyzer::from(Analyzer::new());
    index.tokenizers().register(analysis::TOKENIZER, analyzer);
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
