//! Saved searches. Each change is durable when the call returns.
use crate::error::{Result, StoreError};
use crate::model::SavedSearch;
use crate::records;
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};

const LONGEST: usize = 1_000;

/// The saved searches of a store: [`Store::saved_searches`].
#[derive(Debug, Clone, Copy)]
pub struct SavedSearches<'a> {
    store: &'a Store,
}

impl Store {
    /// The saved searches.
    #[must_use]
    pub fn saved_searches(&self) -> SavedSearches<'_> {
        SavedSearches { store: self }
    }
}

impl SavedSearches<'_> {
    /// All searches, by ascending id.
    pub fn all(self) -> Result<Vec<SavedSearch>> {
        saved_searches(&self.store.core)
    }

    /// Saves a search; one with the same query is renamed.
    pub fn save(self, name: &str, query: &str) -> Result<SavedSearch> {
        let core = &self.store.core;
        let saved = {
            let _writing = core.write()?;
            save_search(core, name, query)?
        };
        core.subscriptions_changed();
        Ok(saved)
    }

    /// Removes a search.
    pub fn remove(self, id: u32) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write_little()?;
        let key = id.to_be_bytes();
        if !core.trees().searches.contains_key(key)? {
            return Err(StoreError::NotFound("search"));
        }
        let mut changes = Changes::default();
        changes.remove(Name::Searches, &key);
        core.apply(&changes)?;
        core.subscriptions_changed();
        core.flush()
    }
}

pub(crate) fn saved_searches(core: &Core) -> Result<Vec<SavedSearch>> {
    let trees = core.trees();
    let records = trees.searches.iter().values();
    records
        .map(|value| records::decode(&value?, "a saved search"))
        .collect()
}

/// The caller holds the write lock.
pub(crate) fn save_search(core: &Core, name: &str, query: &str) -> Result<SavedSearch> {
    let (name, query) = checked(name, query)?;
    let known = saved_searches(core)?;
    let id = match known.iter().find(|known| known.query == query) {
        Some(same) => same.id,
        None => known.last().map_or(0, |last| last.id) + 1,
    };
    let saved = SavedSearch {
        id,
        name: name.to_owned(),
        query: query.to_owned(),
    };
    let mut changes = Changes::default();
    changes.put(Name::Searches, &id.to_be_bytes(), &saved)?;
    core.apply(&changes)?;
    core.flush()?;
    Ok(saved)
}

/// The name and the query as stored.
pub(crate) fn checked<'s>(name: &'s str, query: &'s str) -> Result<(&'s str, &'s str)> {
    let (name, query) = (name.trim(), query.trim());
    if name.is_empty() || query.is_empty() || name.len().max(query.len()) > LONGEST {
        return Err(StoreError::Invalid(
            "a search needs a name and words of reasonable length".into(),
        ));
    }
    Ok((name, query))
}
