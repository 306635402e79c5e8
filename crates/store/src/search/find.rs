//! Searching: the query, its filters, the best hits.
use std::collections::HashSet;
use std::sync::{Arc, PoisonError};

use tantivy::collector::{Count, FilterCollector, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher, Term};

use crate::error::{Result, StoreError};
use crate::model::{Hit, Hits};
use crate::search::analysis::Analyzer;
use crate::search::query::{DayBegins, FeedFilter, Highlights, ParsedQuery, Status};
use crate::search::schema::Fields;
use crate::search::snippet;
use crate::search::vocabulary::Vocabulary;
use crate::state::Bits;
use crate::store::{Core, Store};

/// Maximum number of hits per search.
const MOST_HITS: usize = 1_000;

/// Maximum offset.
const DEEPEST: usize = 100_000;

/// Which part of the hits to return.
#[derive(Clone, Copy)]
struct Paging<'a> {
    day_begins: DayBegins<'a>,
    limit: usize,
    offset: usize,
}

/// Filter by `is:`; `None` allows all.
type Allowed = Option<Arc<dyn Fn(u64) -> bool + Send + Sync>>;

impl Store {
    /// Words (all must occur), "phrases", `title:word`, -word; the last word may be unfinished.
    /// `feed:name`, `is:saved`, `is:unread`, `is:read`, `after:2026-01-31`, `before:2026-02` narrow
    /// it. If nothing matches, similar spellings are tried. No query is
    /// invalid.
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Result<Hits> {
        self.search_at(query, &|day| day, limit, offset)
    }

    /// [`Store::search`] with the days of the reader's time zone: `day_begins` maps the beginning
    /// of a day in UTC to its beginning there.
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
        searched(&self.core, &|| find(&self.core, query, wish))
    }

    /// Number of articles that match exactly, and how many of them are unread. Loads no row.
    pub fn search_count(
        &self,
        query: &str,
        day_begins: DayBegins<'_>,
    ) -> Result<crate::model::Count> {
        let look = || count_found(&self.core, query, day_begins);
        searched(&self.core, &look)
    }

    /// Waits until everything committed is indexed.
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

/// Runs a search: a damaged index may fail or panic anywhere. It is then rebuilt, and the search
/// waits for that, but not for long.
fn searched<T>(core: &Core, look: &dyn Fn() -> Result<T>) -> Result<T> {
    for _ in 0..2 {
        if !core.search.is_complete_soon() {
            break;
        }
        let why = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(look)) {
            Ok(Err(StoreError::SearchIndex(why))) => why,
            Ok(answer) => return answer,
            Err(_) => "a search panicked".to_owned(),
        };
        tracing::warn!(why, "the search index is damaged and is being rebuilt");
        if core.copy.is_some() {
            // It cannot be rebuilt.
            return Err(StoreError::SearchIndex(why));
        }
        core.search.broke(&why);
    }
    match &core.search.progress().gave_up {
        Some(why) => Err(StoreError::SearchIndex(why.clone())),
        None => Err(StoreError::SearchRebuilding),
    }
}

fn find(core: &Core, typed: &str, wish: Paging<'_>) -> Result<Hits> {
    let analyzer = &mut Analyzer::new();
    let opened = core.search.opened();
    let asked = ParsedQuery::read(typed);
    let searcher = opened.reader.searcher();
    let vocabulary = core.search.vocabulary(&searcher, opened.fields);
    let mut highlights = Highlights::default();
    let mut best = Vec::new();
    let mut total = 0;
    for again in [false, true] {
        let mistyped = if again {
            vocabulary.suspects(asked.words(analyzer))?
        } else {
            HashSet::new()
        };
        if again && mistyped.is_empty() {
            break;
        }
        let query = query(
            core,
            &asked,
            analyzer,
            &vocabulary,
            wish.day_begins,
            &mistyped,
        )?;
        let Some((query, lit)) = query else {
            break;
        };
        highlights = lit;
        (best, total) = top(&searcher, &query, &allowed(core, &asked), wish)?;
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
        let Some(stored) = core.stored(id)? else {
            continue;
        };
        if !core.state().is_listed(id, stored.row.feed) {
            continue;
        }
        let text = crate::full_text::searched_text(core, id, &stored);
        hits.push(Hit {
            title: snippet::title(&stored.row.title, analyzer, &highlights),
            passage: snippet::snippet(&text, analyzer, &highlights),
            row: crate::articles::dress(core, id, stored.row),
        });
    }
    Ok(Hits { hits, total })
}

fn count_found(core: &Core, typed: &str, day_begins: DayBegins<'_>) -> Result<crate::model::Count> {
    let opened = core.search.opened();
    let asked = ParsedQuery::read(typed);
    let exact = HashSet::new();
    let mut analyzer = Analyzer::new();
    let searcher = opened.reader.searcher();
    let vocabulary = core.search.vocabulary(&searcher, opened.fields);
    let query = query(core, &asked, &mut analyzer, &vocabulary, day_begins, &exact)?;
    let mut count = crate::model::Count::default();
    let Some((query, _)) = query else {
        return Ok(count);
    };
    let read = core.state().read.clone();
    let unread: Allowed = Some(Arc::new(move |id| !read.get(id)));
    let allowed = allowed(core, &asked);
    let both = match (allowed.clone(), unread) {
        (Some(one), Some(other)) => Some(Arc::new(move |id| one(id) && other(id)) as Arc<_>),
        (one, other) => one.or(other),
    };
    count.total = counted(&searcher, &query, &allowed)? as u64;
    count.unread = counted(&searcher, &query, &both)? as u64;
    Ok(count)
}

/// The query, without hidden feeds.
fn query(
    core: &Core,
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
            ids: feeds_called(core, name, analyzer),
            negated: *negated,
        })
        .collect();
    let made = asked.query(analyzer, vocabulary, &feeds, day_begins, mistyped)?;
    Ok(
        made.map(|(query, highlights)| {
            (without_hidden(core, query, vocabulary.fields), highlights)
        }),
    )
}

/// The feeds whose name or address contains `name`.
fn feeds_called(core: &Core, name: &str, analyzer: &mut Analyzer) -> Vec<u32> {
    let mut folded = |text: &str| {
        let mut folded = String::new();
        analyzer.fold(text, &mut folded);
        folded
    };
    let name = folded(name);
    let mut found = Vec::new();
    for (id, known) in &core.state().feeds {
        let feed = &known.feed;
        let names = [feed.custom_title.as_ref(), feed.facts.title.as_ref()];
        let mut names = names.into_iter().flatten().chain([&feed.url]);
        if names.any(|called| folded(called).contains(&name)) {
            found.push(id.0);
        }
    }
    found
}

fn allowed(core: &Core, asked: &ParsedQuery) -> Allowed {
    if asked.statuses.is_empty() {
        return None;
    }
    let state = core.state();
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

fn without_hidden(core: &Core, query: Box<dyn Query>, fields: Fields) -> Box<dyn Query> {
    let state = core.state();
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

/// The best matches, and the number of all.
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
    // Equal scores: newest first.
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
