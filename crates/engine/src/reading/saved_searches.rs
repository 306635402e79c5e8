//! Saved searches.

use std::sync::Arc;

use crate::api::{Event, Result, SearchCount, SearchPlace};
use crate::context::{Context, checks};
use crate::reading::tags::Tags;

/// Adds, removes and counts saved searches.
pub struct SavedSearches {
    ctx: Arc<Context>,
    tags: Arc<Tags>,
}

impl SavedSearches {
    pub(crate) fn new(ctx: &Arc<Context>, tags: &Arc<Tags>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            tags: Arc::clone(tags),
        }
    }

    /// Saves a search; an existing search with the same query is renamed. The query carries its
    /// filters and order.
    pub fn save_search(&self, name: &str, query: &str) -> Result<SearchPlace> {
        let name = checks::typed(checks::name("a search's name", name))?;
        let query = checks::typed(checks::query(query))?;
        let saved = self.ctx.store.saved_searches().save(&name, query)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(place(saved))
    }

    /// Removes a saved search.
    pub fn remove_search(&self, id: u32) -> Result<()> {
        self.ctx.store.saved_searches().remove(id)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    /// The number of matches of each saved search. Loads no rows; takes a few milliseconds per
    /// search.
    pub fn search_counts(&self) -> Result<Vec<SearchCount>> {
        let searches = self.ctx.store.saved_searches().all()?;
        let day_begins = |day| self.ctx.clock.day_begins(day);
        searches
            .into_iter()
            .map(|search| {
                let count = self.ctx.store.search_count(&warta_store::SearchRequest {
                    day_begins: &day_begins,
                    today: self.ctx.clock.today(),
                    tags: &*self.tags,
                    ..warta_store::SearchRequest::new(&search.query)
                })?;
                Ok(SearchCount {
                    id: search.id,
                    count: count.into(),
                })
            })
            .collect()
    }

    /// The saved searches, by name.
    pub(crate) fn search_places(&self) -> Result<Vec<SearchPlace>> {
        let searches = self.ctx.store.saved_searches().all()?;
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
