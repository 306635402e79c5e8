//! Searches that the reader keeps as places.

use std::sync::Arc;

use crate::api::{Event, Result, SearchCount, SearchPlace};
use crate::context::{Context, checks};

/// Searches that the reader keeps.
pub struct SavedSearches {
    ctx: Arc<Context>,
}

impl SavedSearches {
    pub(crate) fn new(ctx: &Arc<Context>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
        }
    }

    /// Keeps a search; one of the same words is kept once and takes the new name.
    pub fn save_search(&self, name: &str, query: &str) -> Result<SearchPlace> {
        let name = checks::typed(checks::name("a search's name", name))?;
        let query = checks::typed(checks::query(query))?;
        let saved = self.ctx.store.save_search(&name, query)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(place(saved))
    }

    /// Forgets a search.
    pub fn remove_search(&self, id: u32) -> Result<()> {
        self.ctx.store.remove_search(id)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    /// How many articles each kept search finds. Loads no row, a few milliseconds each.
    pub fn search_counts(&self) -> Result<Vec<SearchCount>> {
        let searches = self.ctx.store.saved_searches()?;
        let day_begins = |day| self.ctx.clock.day_begins(day);
        searches
            .into_iter()
            .map(|search| {
                let count = self.ctx.store.search_count(&search.query, &day_begins)?;
                Ok(SearchCount {
                    id: search.id,
                    count: count.into(),
                })
            })
            .collect()
    }

    /// By name.
    pub(crate) fn search_places(&self) -> Result<Vec<SearchPlace>> {
        let searches = self.ctx.store.saved_searches()?;
        let mut places: Vec<SearchPlace> = searches.into_iter().map(place).collect();
        places.sort_by_cached_key(|place| (place.name.to_lowercase(), place.id));
        Ok(places)
    }
}

fn place(saved: warta_store::SavedSearch) -> SearchPlace {
    SearchPlace {
        id: saved.id,
        name: saved.name,
        query: saved.query,
    }
}
