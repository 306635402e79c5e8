//! Lists and counts. Order and status come from memory, the rows from sled by ascending keys.
use std::collections::{BTreeMap, HashMap};

use crate::error::{Result, StoreError};
use crate::model::{
    ArticleId, Count, Counts, Cursor, FeedId, FolderId, ListQuery, Order, Page, Place,
};
use crate::state::{Shared, Walk};
use crate::store::Store;

impl Store {
    /// A page of a list, newest first.
    pub fn list(&self, query: &ListQuery) -> Result<Page> {
        self.list_in(query, Order::NewestFirst)
    }

    /// A page of a list in an order.
    pub fn list_in(&self, query: &ListQuery, order: Order) -> Result<Page> {
        let mut found: Vec<Cursor> = Vec::new();
        let mut more = false;
        {
            let state = self.core.state();
            match query.place {
                Place::Feed(id) if !state.is_visible(id) => {
                    return Err(StoreError::NotFound("feed"));
                }
                Place::Folder(id) if !state.folders.contains_key(&id) => {
                    return Err(StoreError::NotFound("folder"));
                }
                _ => {}
            }
            let walk = Walk {
                place: query.place,
                unread_only: query.unread_only,
                before: query.before.map(Into::into),
                order,
                since: since_of(query.place),
            };
            state.walk(&walk, &mut |time, id| {
                if found.len() == query.limit {
                    more = true;
                    return false;
                }
                found.push(Cursor {
                    time,
                    id: ArticleId(id),
                });
                true
            });
        }
        let rows = crate::articles::rows(&self.core, found.iter().map(|cursor| cursor.id.0))?;
        Ok(Page {
            rows,
            next: found.last().copied().filter(|_| more),
        })
    }

    /// A page of a list that goes from feed to feed, in the order of `feeds`. An article that several
    /// of them list is in the list of the first one.
    pub fn list_by_feed(&self, query: &ListQuery, feeds: &[FeedId], order: Order) -> Result<Page> {
        // A row that is gone leaves no place to continue from.
        let from = match query.before {
            Some(cursor) => self.group_of(cursor.id, feeds)?,
            None => Some(0),
        };
        let rest = from.map_or(&[][..], |from| &feeds[from..]);
        let ranks: HashMap<FeedId, usize> = feeds.iter().copied().zip(0..).collect();
        let mut found: Vec<Cursor> = Vec::new();
        let mut more = false;
        {
            let state = self.core.state();
            let is_elsewhere = |id: u64, feed: FeedId| {
                let shared = state.shared.get(&id).into_iter();
                let first = shared
                    .flat_map(Shared::all)
                    .filter_map(|feed| ranks.get(&feed))
                    .min();
                first.is_some_and(|first| feeds[*first] != feed)
            };
            for (at, feed) in rest.iter().enumerate() {
                let walk = Walk {
                    place: Place::Feed(*feed),
                    unread_only: query.unread_only,
                    before: query.before.filter(|_| at == 0).map(Into::into),
                    order,
                    since: since_of(query.place),
                };
                state.walk(&walk, &mut |time, id| {
                    if is_elsewhere(id, *feed) {
                        return true;
                    }
                    more = found.len() == query.limit;
                    if !more {
                        found.push(Cursor {
                            time,
                            id: ArticleId(id),
                        });
                    }
                    !more
                });
                if more {
                    break;
                }
            }
        }
        let rows = crate::articles::rows(&self.core, found.iter().map(|cursor| cursor.id.0))?;
        Ok(Page {
            rows,
            next: found.last().copied().filter(|_| more),
        })
    }

    /// The feeds whose articles a place lists, in no order.
    #[must_use]
    pub fn feeds_in(&self, place: Place) -> Vec<FeedId> {
        let state = self.core.state();
        let feeds = state.feeds_in(place);
        feeds.iter().map(|known| known.feed.id).collect()
    }

    /// Which of `feeds` an article is listed under by [`Store::list_by_feed`]: the first that lists it.
    pub fn group_of(&self, id: ArticleId, feeds: &[FeedId]) -> Result<Option<usize>> {
        let Some(stored) = self.core.stored(id.0)? else {
            return Ok(None);
        };
        let state = self.core.state();
        let shared = state.shared.get(&id.0);
        Ok(feeds.iter().position(|feed| match shared {
            Some(shared) => shared.all().any(|one| one == *feed),
            None => stored.row.feed == *feed,
        }))
    }

    /// From memory.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a `Result` like the other methods: a later format may have to read sled"
    )]
    pub fn counts(&self) -> Result<Counts> {
        let state = self.core.state();
        let mut counts = Counts::default();
        let mut folders: BTreeMap<FolderId, Count> = BTreeMap::new();
        let all = state.folders.keys();
        let chains: HashMap<FolderId, Vec<FolderId>> = all
            .map(|id| (*id, crate::folder_tree::chain(&state.folders, *id)))
            .collect();
        for (id, feed) in state.feeds.iter().filter(|(_, feed)| feed.visible()) {
            let count = feed.count();
            counts.all.total += count.total;
            counts.all.unread += count.unread;
            counts.feeds.push((*id, count));
            let around = feed.feed.folder.and_then(|folder| chains.get(&folder));
            for folder in around.into_iter().flatten() {
                let sum = folders.entry(*folder).or_default();
                sum.total += count.total;
                sum.unread += count.unread;
            }
        }
        let less = |count: &mut Count, again: Count| {
            count.total = count.total.saturating_sub(again.total);
            count.unread = count.unread.saturating_sub(again.unread);
        };
        if !state.shared.is_empty() {
            less(&mut counts.all, state.counted_again(i64::MIN, &|_| true));
            for (folder, again) in state.counted_again_by_folder(&chains) {
                if let Some(count) = folders.get_mut(&folder) {
                    less(count, again);
                }
            }
        }
        counts.folders = folders.into_iter().collect();
        let saved = state
            .saved_at
            .iter()
            .filter(|(id, (_, feed))| state.is_listed(**id, *feed));
        counts.saved = saved.count() as u64;
        Ok(counts)
    }

    /// Counts of articles with `time >= since`, from memory.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a `Result` like the other methods: a later format may have to read sled"
    )]
    pub fn count_since(&self, since: i64) -> Result<Count> {
        Ok(self.core.state().count_since(since))
    }
}

/// The smallest time of a place's articles.
fn since_of(place: Place) -> i64 {
    match place {
        Place::Since(since) => since,
        _ => i64::MIN,
    }
}
