//! Full-text search over all stored articles.

use std::sync::Arc;

use crate::api::{Result, SearchHit, SearchPage};
use crate::context::{Context, checks};
use crate::reading::rows::Rows;

/// Full-text search.
pub struct Search {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
}

impl Search {
    pub(crate) fn new(ctx: &Arc<Context>, rows: &Arc<Rows>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
        }
    }

    /// Searches all stored articles.
    pub fn search(&self, query: &str, limit: u32, offset: u32) -> Result<SearchPage> {
        let query = checks::typed(checks::query(query))?;
        let limit = limit.clamp(1, 200) as usize;
        let day_begins = |day| self.ctx.clock.day_begins(day);
        let found = self
            .ctx
            .store
            .search_at(query, &day_begins, limit, offset as usize)?;
        let mut hits = Vec::with_capacity(found.hits.len());
        for hit in found.hits {
            hits.push(SearchHit {
                row: self.rows.view(hit.row)?,
                title: hit.title.into_iter().map(Into::into).collect(),
                passage: hit.passage.into_iter().map(Into::into).collect(),
            });
        }
        Ok(SearchPage {
            query: query.to_owned(),
            hits,
            total: found.total as u32,
        })
    }

    /// Waits until everything stored is indexed.
    pub fn finish_indexing(&self) -> Result<()> {
        Ok(self.ctx.store.finish_indexing()?)
    }
}
