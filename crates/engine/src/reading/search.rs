//! Full-text search over all stored articles.

use std::sync::Arc;

use warta_store::{ArticleId, TagSource};

use crate::api::{
    Result, SearchFilter, SearchHit, SearchLanguage, SearchPage, SearchProblem, SearchRequest,
    SearchSort,
};
use crate::context::{Context, checks};
use crate::reading::rows::Rows;
use crate::reading::tags::Tags;

/// Full-text search.
pub struct Search {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    tags: Arc<Tags>,
}

impl Search {
    pub(crate) fn new(ctx: &Arc<Context>, rows: &Arc<Rows>, tags: &Arc<Tags>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            tags: Arc::clone(tags),
        }
    }

    /// Searches all stored articles, the best match first.
    pub fn search(&self, query: &str, limit: u32, offset: u32) -> Result<SearchPage> {
        self.search_for(&SearchRequest {
            query: query.to_owned(),
            sort: SearchSort::Relevance,
            limit,
            offset,
        })
    }

    /// Searches all stored articles.
    pub fn search_for(&self, request: &SearchRequest) -> Result<SearchPage> {
        let query = checks::typed(checks::query(&request.query))?;
        let day_begins = |day| self.ctx.clock.day_begins(day);
        let found = self.ctx.store.search_for(&warta_store::SearchRequest {
            query,
            sort: request.sort.into(),
            limit: request.limit.clamp(1, 200) as usize,
            offset: request.offset as usize,
            day_begins: &day_begins,
            today: self.ctx.clock.today(),
            tags: &*self.tags,
        })?;
        let mut hits = Vec::with_capacity(found.hits.len());
        for hit in found.hits {
            hits.push(SearchHit {
                row: self.rows.view(hit.row)?,
                title: hit.title.into_iter().map(Into::into).collect(),
                passage: hit.passage.into_iter().map(Into::into).collect(),
            });
        }
        let filters = found.reading.filters.into_iter();
        let problems = found.reading.problems.into_iter();
        Ok(SearchPage {
            query: query.to_owned(),
            sort: found.sort.into(),
            hits,
            total: found.total as u32,
            unindexed: u32::try_from(found.unindexed).unwrap_or(u32::MAX),
            filters: filters.map(|one| SearchFilter::of(query, one)).collect(),
            problems: problems.map(|one| SearchProblem::of(query, one)).collect(),
        })
    }

    /// The languages of the indexed articles, the most frequent first.
    pub fn languages(&self) -> Result<Vec<SearchLanguage>> {
        let languages = warta_store::search_languages(&self.ctx.store)?;
        let languages = languages.into_iter();
        Ok(languages
            .map(|(tag, articles)| SearchLanguage { tag, articles })
            .collect())
    }

    /// Waits until everything stored is indexed.
    pub fn finish_indexing(&self) -> Result<()> {
        Ok(self.ctx.store.finish_indexing()?)
    }
}

impl TagSource for Tags {
    fn tag_names(&self) -> Vec<(u32, String)> {
        self.all_names()
    }

    fn articles(&self, tag: u32) -> Vec<ArticleId> {
        self.articles_of(tag)
    }
}
