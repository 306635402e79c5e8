//! Searching: the query, its filters, the best hits.
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use tantivy::collector::sort_key::SortByStaticFastValue;
use tantivy::collector::{Collector, Count, FilterCollector, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Order, Searcher, Term};

use crate::error::{Result, StoreError};
use crate::model::ArticleRow;
use crate::search::analysis::Analyzer;
use crate::search::query::Highlights;
use crate::search::reading::{NoTags, Resolved, TagSource, resolve};
use crate::search::schema::Fields;
use crate::search::snippet::{self, Run};
use crate::search::syntax::{ParsedQuery, QueryReading, SearchSort, Status};
use crate::state::Bits;
use crate::store::{Core, Store};

/// Maximum number of hits per search.
const MOST_HITS: usize = 1_000;

/// Maximum offset.
const DEEPEST: usize = 100_000;

/// What to search for.
#[derive(Clone, Copy)]
pub struct SearchRequest<'a> {
    /// The query.
    pub query: &'a str,
    /// The order, unless the query has a `sort:` of its own.
    pub sort: SearchSort,
    /// Maximum number of hits.
    pub limit: usize,
    /// Number of hits to skip.
    pub offset: usize,
    /// Maps the beginning of a day in UTC to its beginning in the reader's time zone.
    pub day_begins: &'a dyn Fn(i64) -> i64,
    /// The beginning of the reader's current day, as if it were in UTC.
    pub today: i64,
    /// The tags of articles.
    pub tags: &'a dyn TagSource,
}

impl<'a> SearchRequest<'a> {
    /// A search by relevance, with days in UTC and without tags.
    #[must_use]
    pub fn new(query: &'a str) -> Self {
        Self {
            query,
            sort: SearchSort::Relevance,
            limit: 20,
            offset: 0,
            day_begins: &|day| day,
            today: 0,
            tags: &NoTags,
        }
    }
}

impl std::fmt::Debug for SearchRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchRequest")
            .field("query", &self.query)
            .field("sort", &self.sort)
            .finish_non_exhaustive()
    }
}

/// A found article.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What lists show.
    pub row: ArticleRow,
    /// The title as runs of plain text.
    pub title: Vec<Run>,
    /// A snippet of the text as runs of plain text.
    pub passage: Vec<Run>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_field_names, reason = "a page of hits is hits")]
pub struct Hits {
    /// In the order asked for.
    pub hits: Vec<Hit>,
    /// How many there are altogether.
    pub total: usize,
    /// Number of the newest articles that are not in the index yet.
    pub unindexed: u64,
    /// The order in force.
    pub sort: SearchSort,
    /// How the query was understood.
    pub reading: QueryReading,
}

/// Filter by `is:` and `tag:`; `None` allows all.
type Allowed = Option<Arc<dyn Fn(u64) -> bool + Send + Sync>>;

impl Store {
    /// Words (all must occur), "phrases", `title:word`, -word; the last word may be unfinished.
    /// Filters ([`crate::FilterKind`]) narrow it. If nothing matches, similar spellings are tried.
    /// No query is invalid: [`Hits::reading`] says what could not be understood.
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Result<Hits> {
        self.search_for(&SearchRequest {
            limit,
            offset,
            ..SearchRequest::new(query)
        })
    }

    /// [`Store::search`] with an order, the reader's time zone and tags.
    pub fn search_for(&self, request: &SearchRequest<'_>) -> Result<Hits> {
        searched(&self.core, &|| find(&self.core, request))
    }

    /// Number of articles that match exactly, and how many of them are unread. Loads no row.
    pub fn search_count(&self, request: &SearchRequest<'_>) -> Result<crate::model::Count> {
        searched(&self.core, &|| count_found(&self.core, request))
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

/// The languages of the indexed articles, as BCP 47 tags in lower case, with how many articles have
/// each; the most frequent first.
pub fn search_languages(store: &Store) -> Result<Vec<(String, u64)>> {
    searched(&store.core, &|| languages(&store.core))
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

/// The query, and what its filters stand for.
fn read(
    core: &Core,
    request: &SearchRequest<'_>,
    analyzer: &mut Analyzer,
) -> (ParsedQuery, Resolved) {
    let mut parsed = ParsedQuery::read(request.query, request.today);
    let resolved = resolve(&mut parsed, core, request.tags, analyzer);
    (parsed, resolved)
}

fn find(core: &Core, request: &SearchRequest<'_>) -> Result<Hits> {
    let analyzer = &mut Analyzer::new();
    let opened = core.search.opened();
    let (asked, resolved) = read(core, request, analyzer);
    let allowed = allowed(core, &asked, &resolved);
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
        let query = asked.query(
            analyzer,
            &vocabulary,
            &resolved.feeds,
            request.day_begins,
            &mistyped,
            allowed.is_some(),
        )?;
        let Some((query, lit)) = query else {
            break;
        };
        highlights = lit;
        let query = without_hidden(core, query, opened.fields);
        let sort = asked.sort.unwrap_or(request.sort);
        (best, total) = top(&searcher, &query, &allowed, sort, request)?;
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
    let indexed = core.state().next_article.saturating_sub(1);
    Ok(Hits {
        hits,
        total,
        unindexed: indexed.saturating_sub(opened.last),
        sort: asked.sort.unwrap_or(request.sort),
        reading: asked.reading,
    })
}

fn count_found(core: &Core, request: &SearchRequest<'_>) -> Result<crate::model::Count> {
    let opened = core.search.opened();
    let exact = HashSet::new();
    let mut analyzer = Analyzer::new();
    let (asked, resolved) = read(core, request, &mut analyzer);
    let allowed = allowed(core, &asked, &resolved);
    let searcher = opened.reader.searcher();
    let vocabulary = core.search.vocabulary(&searcher, opened.fields);
    let query = asked.query(
        &mut analyzer,
        &vocabulary,
        &resolved.feeds,
        request.day_begins,
        &exact,
        allowed.is_some(),
    )?;
    let mut count = crate::model::Count::default();
    let Some((query, _)) = query else {
        return Ok(count);
    };
    let query = without_hidden(core, query, opened.fields);
    let read = core.state().read.clone();
    let unread: Allowed = Some(Arc::new(move |id| !read.get(id)));
    let both = match (allowed.clone(), unread) {
        (Some(one), Some(other)) => Some(Arc::new(move |id| one(id) && other(id)) as Arc<_>),
        (one, other) => one.or(other),
    };
    count.total = counted(&searcher, &query, &allowed)? as u64;
    count.unread = counted(&searcher, &query, &both)? as u64;
    Ok(count)
}

fn allowed(core: &Core, asked: &ParsedQuery, resolved: &Resolved) -> Allowed {
    if asked.statuses.is_empty() && resolved.tagged.is_empty() {
        return None;
    }
    let state = core.state();
    let read = state.read.clone();
    let mut saved = Bits::default();
    for id in state.saved_at.keys() {
        saved.set(*id, true);
    }
    let statuses = asked.statuses.clone();
    let tagged = resolved.tagged.clone();
    Some(Arc::new(move |id| {
        let fits = statuses.iter().all(|(status, negated)| {
            let is = match status {
                Status::Read => read.get(id),
                Status::Unread => !read.get(id),
                Status::Saved => saved.get(id),
            };
            is != *negated
        });
        fits && tagged
            .iter()
            .all(|(articles, negated)| articles.get(id) != *negated)
    }))
}

fn languages(core: &Core) -> Result<Vec<(String, u64)>> {
    let opened = core.search.opened();
    let mut counts: HashMap<String, u64> = HashMap::new();
    for segment in opened.reader.searcher().segment_readers() {
        let index = segment.inverted_index(opened.fields.language)?;
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            if let Ok(tag) = std::str::from_utf8(terms.key()) {
                *counts.entry(tag.to_owned()).or_default() += u64::from(terms.value().doc_freq);
            }
        }
    }
    let mut languages: Vec<(String, u64)> = counts.into_iter().collect();
    languages.sort_by(|(a, many), (b, others)| others.cmp(many).then_with(|| a.cmp(b)));
    Ok(languages)
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

/// The first matches in an order, and the number of all.
fn top(
    searcher: &Searcher,
    query: &dyn Query,
    allowed: &Allowed,
    sort: SearchSort,
    request: &SearchRequest<'_>,
) -> Result<(Vec<DocAddress>, usize)> {
    let limit = request.limit.min(MOST_HITS);
    if limit == 0 || request.offset >= DEEPEST {
        return Ok((Vec::new(), counted(searcher, query, allowed)?));
    }
    let first = TopDocs::with_limit(limit).and_offset(request.offset);
    let order = match sort {
        SearchSort::Relevance => {
            // Equal scores: newest first.
            let by_score_and_time = first.tweak_score(|segment: &tantivy::SegmentReader| {
                let times = segment.fast_fields().i64("time").ok();
                move |document: tantivy::DocId, score: tantivy::Score| {
                    let time = times.as_ref().and_then(|times| times.first(document));
                    (score, time.unwrap_or(i64::MIN))
                }
            });
            return collected(searcher, query, allowed, by_score_and_time);
        }
        SearchSort::Newest => Order::Desc,
        SearchSort::Oldest => Order::Asc,
    };
    // As in lists: by time, then by id. Both are in columns, and no score is computed.
    let time = SortByStaticFastValue::<i64>::for_field("time");
    let id = SortByStaticFastValue::<u64>::for_field("id");
    let by_time = first.order_by(((time, order), (id, order)));
    collected(searcher, query, allowed, by_time)
}

fn collected<Key: Send + 'static>(
    searcher: &Searcher,
    query: &dyn Query,
    allowed: &Allowed,
    first: impl Collector<Fruit = Vec<(Key, DocAddress)>>,
) -> Result<(Vec<DocAddress>, usize)> {
    let (first, total) = match allowed.clone() {
        None => searcher.search(query, &(first, Count))?,
        Some(allowed) => {
            let passes = move |id: u64| allowed(id);
            let both = (first, Count);
            searcher.search(query, &FilterCollector::new("id".into(), passes, both))?
        }
    };
    let addresses = first.into_iter().map(|(_, address)| address);
    Ok((addresses.collect(), total))
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
