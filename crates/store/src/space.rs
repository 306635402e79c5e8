//! Live bytes of the value log of articles, by feed and by segment, updated with each change: for
//! the disk usage of feeds and for compaction.
use std::collections::BTreeMap;

use crate::error::{Result, StoreError};
use crate::model::FeedId;
use crate::records::{self, StoredArticle, StoredPage};
use crate::trees::{Changes, Name, Trees};
use crate::value_log::Pointer;

/// Live bytes, or their change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Live {
    pub(crate) feeds: BTreeMap<u32, i64>,
    pub(crate) segments: BTreeMap<u32, i64>,
}

const FEED: u8 = b'f';

const SEGMENT: u8 = b's';

/// In [`Name::Meta`]: the records exist.
const COUNTED: &[u8] = b"space_counted";

impl Live {
    /// Adds a record.
    pub(crate) fn add(&mut self, feed: FeedId, pointer: Pointer) {
        self.change(feed, pointer, i64::from(pointer.length));
    }

    /// Removes a record.
    pub(crate) fn remove(&mut self, feed: FeedId, pointer: Pointer) {
        self.change(feed, pointer, -i64::from(pointer.length));
    }

    fn change(&mut self, feed: FeedId, pointer: Pointer, bytes: i64) {
        *self.feeds.entry(feed.0).or_default() += bytes;
        *self.segments.entry(pointer.segment).or_default() += bytes;
    }

    pub(crate) fn take_in(&mut self, more: &Self) {
        for (mine, theirs) in [
            (&mut self.feeds, &more.feeds),
            (&mut self.segments, &more.segments),
        ] {
            for (number, bytes) in theirs {
                let sum = mine.get(number).copied().unwrap_or_default() + bytes;
                if sum == 0 {
                    mine.remove(number);
                } else {
                    mine.insert(*number, sum);
                }
            }
        }
    }

    /// Writes what this becomes once `more` is added.
    pub(crate) fn put(&self, more: &Self, changes: &mut Changes) {
        for (kind, mine, theirs) in [
            (FEED, &self.feeds, &more.feeds),
            (SEGMENT, &self.segments, &more.segments),
        ] {
            for (number, bytes) in theirs {
                let sum = mine.get(number).copied().unwrap_or_default() + bytes;
                if sum == 0 {
                    changes.remove(Name::Space, &key(kind, *number));
                } else {
                    changes.put_bytes(Name::Space, &key(kind, *number), &sum.to_be_bytes());
                }
            }
        }
    }

    pub(crate) fn of_feed(&self, feed: FeedId) -> u64 {
        self.feeds
            .get(&feed.0)
            .map_or(0, |bytes| (*bytes).max(0) as u64)
    }

    pub(crate) fn of_segment(&self, segment: u32) -> u64 {
        self.segments
            .get(&segment)
            .map_or(0, |bytes| (*bytes).max(0) as u64)
    }

    pub(crate) fn total(&self) -> u64 {
        self.segments
            .values()
            .map(|bytes| (*bytes).max(0) as u64)
            .sum()
    }

    /// Reads the records.
    pub(crate) fn load(trees: &Trees) -> Result<Self> {
        let mut live = Self::default();
        for item in &trees.space {
            let (key, value) = item?;
            let bytes: Option<[u8; 8]> = value.as_ref().try_into().ok();
            let (Some(bytes), Some((kind, number))) = (bytes, key.split_first()) else {
                return Err(StoreError::Damaged("a count of bytes is damaged".into()));
            };
            let number = crate::keys::number_of(number)? as u32;
            let place = match *kind {
                FEED => &mut live.feeds,
                _ => &mut live.segments,
            };
            place.insert(number, i64::from_be_bytes(bytes));
        }
        Ok(live)
    }

    /// Counts the articles' records.
    pub(crate) fn count(trees: &Trees) -> Result<Self> {
        let mut live = Self::default();
        for item in &trees.articles {
            let (key, value) = item?;
            let stored: StoredArticle = records::decode(&value, "an article")?;
            if let Some(pointer) = stored.body {
                live.add(stored.row.feed, pointer);
            }
            if let Some(page) = trees.pages.get(&key)?
                && let StoredPage::Kept { pointer, .. } = records::decode(&page, "a page")?
            {
                live.add(stored.row.feed, pointer);
            }
        }
        Ok(live)
    }
}

/// Counts once for a store of an older version, or after a rebuild.
pub(crate) fn count_once(trees: &Trees) -> Result<()> {
    if trees.meta.contains_key(COUNTED)? {
        return Ok(());
    }
    let mut changes = Changes::default();
    for item in &trees.space {
        changes.remove(Name::Space, &item?.0);
    }
    Live::default().put(&Live::count(trees)?, &mut changes);
    changes.put_bytes(Name::Meta, COUNTED, &[1]);
    trees.apply(&changes)
}

fn key(kind: u8, number: u32) -> [u8; 5] {
    let mut key = [kind, 0, 0, 0, 0];
    key[1..].copy_from_slice(&number.to_be_bytes());
    key
}
