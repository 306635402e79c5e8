//! The shapes of versions 1 and 2 that were extended since. No longer written, only read.
use serde::Deserialize;

use crate::records::shapes::StoredEntries;

#[derive(Deserialize)]
pub(super) struct Entries {
    feed: u32,
    entries: Vec<(u64, i64, u64)>,
}

impl From<Entries> for StoredEntries {
    fn from(old: Entries) -> Self {
        let entries = old.entries.into_iter();
        Self {
            feed: old.feed,
            entries: entries
                .map(|(id, time, guid)| (id, time, guid, 0))
                .collect(),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Tombstone {
    day: u32,
}

impl From<Tombstone> for super::Tombstone {
    fn from(old: Tombstone) -> Self {
        Self {
            day: old.day,
            print: 0,
        }
    }
}
