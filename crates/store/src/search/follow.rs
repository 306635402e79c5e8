//! The indexing thread.
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use tantivy::{IndexWriter, TantivyDocument, Term};

use crate::error::{Result, StoreError};
use crate::search::index::{LONGEST_WAIT, Opened, SearchIndex, payload};
use crate::search::languages;
use crate::search::queue::{Queue, Waiting};
use crate::search::schema::Fields;
use crate::search::stemming::Learner;
use crate::search::verify::verify;
use crate::store::Core;
use crate::trees::{Changes, Name};

const COMMIT_AFTER: Duration = Duration::from_millis(1_500);

const COMMIT_AT_LEAST_EVERY: Duration = Duration::from_secs(10);

/// Above this number of waiting articles, the index is written in larger segments.
const MANY: u64 = 30_000;

/// Articles indexed between two checks for stopping.
const STEP: u64 = 100;

const RESTS: u32 = 24;

const MOST_FAILURES: u32 = 3;

/// How much effort indexing may use.
struct Effort {
    /// Number of tantivy's writer threads; another thread reads the articles.
    writers: usize,
    /// Memory before a segment is written, in bytes.
    bytes: usize,
    commit_documents: usize,
}

impl Effort {
    /// For many articles, one thread writes large segments, which are merged less often; during a
    /// sync it uses less memory.
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
        tracing::error!(
            why,
            failures,
            "the search index failed and is being rebuilt"
        );
        {
            let mut progress = core.search.progress();
            progress.damaged = progress.damaged.take().or(is_damage.then_some(why));
            progress.broken = None;
            progress.rebuilding = true;
        }
        if let Err(error) = core.search.start_over() {
            tracing::error!(%error, "cannot rebuild the search index");
            break;
        }
    }
    core.search.progress().gave_up = Some("the search index cannot be written".into());
    core.search.changed.notify_all();
}

/// Indexes new articles until stopped.
fn follow(core: &Core) -> Result<()> {
    let search = &core.search;
    verify(core)?;
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
                let id = crate::keys::number_of(&key)?;
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
            // Includes the work of the writer threads.
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
        // One that changed again meanwhile stays in the queue.
        if trees.reindex.get(&key)? == Some(value) {
            changes.remove(Name::Reindex, &key);
        }
    }
    core.apply(&changes)
}

/// Some of the articles that changed or were purged after they were indexed.
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
    let text = crate::full_text::searched_text(core, id, &stored);
    let mut document = TantivyDocument::new();
    document.add_u64(fields.id, id);
    document.add_u64(fields.feed, u64::from(stored.row.feed.0));
    document.add_i64(fields.time, stored.row.time);
    for tag in stored
        .row
        .language
        .iter()
        .flat_map(|tag| languages::tags(tag))
    {
        document.add_text(fields.language, tag);
    }
    document.add_text(fields.title, &stored.row.title);
    document.add_text(fields.body, text);
    writer.add_document(waiting.add(document))?;
    Ok(())
}
