//! Lists and counts. Order and status come from memory, the rows from sled by ascending keys.
use std::collections::{BTreeMap, HashMap};

use crate::error::{Result, StoreError};
use crate::model::{ArticleId, Count, Counts, Cursor, FolderId, ListQuery, Page, Place};
use crate::state::Walk;
use crate::store::Store;

impl Store {
    /// A page of a list, newest first.
    pub fn list(&self, query: &ListQuery) -> Result<Page> {
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
