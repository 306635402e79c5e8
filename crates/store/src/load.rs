//! Reads what is kept in memory.
use std::collections::BTreeMap;

use crate::error::{Result, StoreError};
use crate::model::{FeedId, Folder, FolderId, PackedArticle};
use crate::records::{self, StoredEntries, StoredFeed, StoredListing};
use crate::space::Live;
use crate::state::{Entry, FeedState, Shared, State};
use crate::trees::Trees;

/// Reads what is kept in memory.
pub(crate) fn load_trees(trees: &Trees) -> Result<State> {
    let mut state = State {
        next_article: 1,
        ..State::default()
    };
    if let Some(next) = trees.meta.get("next_article")? {
        state.next_article = crate::keys::number_of(&next)?;
    }
    for item in &trees.feeds {
        let (key, value) = item?;
        let stored: StoredFeed = records::decode(&value, "a feed")?;
        let id = FeedId(crate::keys::number_of(&key)? as u32);
        if stored.removed_at.is_some() {
            state.purging.push(id);
            continue;
        }
        state.by_url.insert(stored.feed.url.clone(), id);
        state.feeds.insert(id, FeedState::new(stored.feed));
    }
    for item in &trees.folders {
        let (key, value) = item?;
        let folder: Folder = records::decode(&value, "a folder")?;
        state
            .folders
            .insert(FolderId(crate::keys::number_of(&key)? as u32), folder);
    }
    crate::folder_tree::detach_lost(&mut state.folders);
    for item in &trees.read {
        let (key, value) = item?;
        if !state.read.load(crate::keys::number_of(&key)?, &value) {
            return Err(StoreError::Damaged(
                "a block of read marks has the wrong size".into(),
            ));
        }
    }
    load_entries(trees, &mut state)?;
    for item in &trees.packs {
        let (key, value) = item?;
        if key.len() == 8 {
            let packed: PackedArticle = records::decode(&value, "an article of a pack")?;
            state.pack(std::iter::once(packed.article.0));
        }
    }
    crate::space::count_once(trees)?;
    state.live = Live::load(trees)?;
    for item in &trees.saved {
        let (key, value) = item?;
        let id = crate::keys::number_of(&key)?;
        let (at, feed): (i64, FeedId) = records::decode(&value, "a saved mark")?;
        if state.feeds.contains_key(&feed) {
            state.set_saved(id, feed, Some(at));
        }
    }
    Ok(state)
}

fn load_entries(trees: &Trees, state: &mut State) -> Result<()> {
    let mut by_feed: BTreeMap<u32, Vec<Entry>> = BTreeMap::new();
    for item in &trees.entries {
        let (_, value) = item?;
        let record: StoredEntries = records::decode(&value, "a list of articles")?;
        let list = by_feed.entry(record.feed).or_default();
        list.extend(
            record
                .entries
                .into_iter()
                .map(|(id, time, guid, print)| Entry {
                    time,
                    id,
                    guid,
                    print,
                }),
        );
    }
    load_listings(trees, state, &mut by_feed)?;
    let State { feeds, read, .. } = state;
    for (feed, mut entries) in by_feed {
        if let Some(feed) = feeds.get_mut(&FeedId(feed)) {
            entries.sort_unstable_by_key(|entry| (entry.time, entry.id));
            feed.unread = entries.iter().filter(|entry| !read.get(entry.id)).count() as u64;
            feed.entries = entries;
        }
    }
    Ok(())
}

/// Reads which feeds list articles of other feeds.
fn load_listings(
    trees: &Trees,
    state: &mut State,
    by_feed: &mut BTreeMap<u32, Vec<Entry>>,
) -> Result<()> {
    for item in &trees.listings {
        let (key, value) = item?;
        let (feed, id) = crate::keys::read_listing_key(&key)?;
        if !state.feeds.contains_key(&feed) {
            continue;
        }
        let listing: StoredListing = records::decode(&value, "a listing")?;
        by_feed.entry(feed.0).or_default().push(Entry {
            time: listing.time,
            id,
            guid: crate::hash::guid_hash(&listing.guid),
            print: listing.print,
        });
        let shared = state.shared.entry(id).or_insert_with(|| Shared {
            owner: listing.owner,
            time: listing.time,
            feeds: Vec::new(),
        });
        shared.feeds.push(feed);
    }
    Ok(())
}
