//! Purging articles beyond the retention limits and those of removed feeds. Saved articles stay
//! forever, those of packs as long as the pack. A purged article leaves a tombstone, so that it is
//! not new again while its feed still lists it, and a record in the value log, so that a rebuild
//! does not bring it back. An interrupted purge leaves a sound store in which less was purged.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::PoisonError;

use crate::clock::DAY;
use crate::error::Result;
use crate::identity::Traits;
use crate::keys::{list_key, unsound_prefix};
use crate::model::{ArticleId, FeedId, Keep, Purged};
use crate::records::{
    self, FeedOfEntries, LoggedPurge, PurgedArticle, StoredEntries, StoredListing, StoredPage,
    Tombstone,
};
use crate::space::Live;
use crate::state::{Bits, Entry, State};
use crate::store::{Core, ENTRIES_OF_A_RECORD, Store};
use crate::trees::{Changes, Name};
use crate::value_log::{Kind, article_key};

/// Articles purged per transaction.
const CHUNK: usize = 500;

/// Number of newest articles that a feed may still list.
const MAY_BE_LISTED: usize = 500;

/// Id, time, and the hashes of GUID and page.
type ListEntry = (u64, i64, u64, u64);

/// The articles to purge.
#[derive(Default)]
pub(crate) struct Victims {
    /// By id.
    marked: Bits,
    count: u64,
    feeds: HashSet<FeedId>,
    /// They leave no tombstones, so they may arrive again.
    may_return: bool,
}

impl Victims {
    /// These articles, which may arrive again.
    pub(crate) fn returning(articles: &[(FeedId, u64)]) -> Self {
        let mut victims = Self {
            may_return: true,
            ..Self::default()
        };
        for (feed, id) in articles {
            victims.take(*feed, *id);
        }
        victims
    }

    fn take(&mut self, feed: FeedId, id: u64) {
        if !self.marked.get(id) {
            self.marked.set(id, true);
            self.count += 1;
            self.feeds.insert(feed);
        }
    }
}

impl Store {
    /// Purges what exceeds `keep` and the feeds' own limits; saved articles stay. Others may read
    /// and write meanwhile.
    pub fn retain(&self, keep: &Keep, now: i64) -> Result<Purged> {
        let core = &self.core;
        let victims = beyond(core, keep, now)?;
        purge_articles(core, &victims, now)
    }

    /// Purges these articles, unless they are saved.
    pub fn purge(&self, ids: &[ArticleId], now: i64) -> Result<Purged> {
        let core = &self.core;
        let mut victims = Victims::default();
        for id in ids {
            if let Some(stored) = core.stored(id.0)?
                && !core.state().is_kept(id.0)
            {
                victims.take(stored.row.feed, id.0);
            }
        }
        purge_articles(core, &victims, now)
    }
}

/// The articles beyond the limits.
fn beyond(core: &Core, keep: &Keep, now: i64) -> Result<Victims> {
    let mut victims = Victims::default();
    // By article that several feeds list: the number of feeds whose limits it exceeds.
    let mut beyond_of: HashMap<u64, u64> = HashMap::new();
    let mut left: Vec<(i64, u64, FeedId)> = Vec::new();
    let mut bytes;
    {
        let state = core.state();
        bytes = state.live.total();
        let bounds_all = keep.articles.is_some() || keep.bytes.is_some_and(|most| bytes > most);
        for (feed, known) in state.feeds.iter().filter(|(_, known)| known.visible()) {
            let own = known.feed.options.keep;
            let oldest = own.days.or(keep.each_feed.days);
            let oldest = oldest.map_or(i64::MIN, |days| now - i64::from(days) * DAY);
            let most = own.articles.or(keep.each_feed.articles);
            let beyond = most.map_or(0, |most| known.entries.len().saturating_sub(most as usize));
            for (at, entry) in known.entries.iter().enumerate() {
                if !is_free(&state, keep, entry) {
                    continue;
                }
                let is_beyond = at < beyond || entry.time < oldest;
                if is_beyond && state.shared.contains_key(&entry.id) {
                    *beyond_of.entry(entry.id).or_default() += 1;
                } else if is_beyond {
                    victims.take(*feed, entry.id);
                } else if bounds_all {
                    let shared = state.shared.get(&entry.id);
                    let owner = shared.map_or(*feed, |shared| shared.owner);
                    left.push((entry.time, entry.id, owner));
                }
            }
        }
        for (id, count) in beyond_of {
            if let Some(shared) = state.shared.get(&id)
                && count >= shared.all().filter(|one| state.is_visible(*one)).count() as u64
            {
                victims.take(shared.owner, id);
            }
        }
        if bounds_all {
            left.sort_unstable();
            left.dedup();
            left.retain(|(_, id, _)| !victims.marked.get(*id));
        }
        if let Some(most) = keep.articles {
            let lists = state.feeds.values();
            let all: u64 = lists.map(|known| known.entries.len() as u64).sum();
            let here = all - state.listed_again() - victims.count;
            let beyond = (here.saturating_sub(most) as usize).min(left.len());
            left.sort_unstable();
            for (_, id, feed) in left.drain(..beyond) {
                victims.take(feed, id);
            }
        }
    }
    if let Some(most) = keep.bytes {
        for id in victims.marked.ones() {
            bytes = bytes.saturating_sub(length_of(core, id)?);
        }
        left.sort_unstable();
        for (_, id, feed) in left {
            if bytes <= most {
                break;
            }
            bytes = bytes.saturating_sub(length_of(core, id)?);
            victims.take(feed, id);
        }
    }
    Ok(victims)
}

/// The length of an article's record.
fn length_of(core: &Core, id: u64) -> Result<u64> {
    let body = core.stored(id)?.and_then(|stored| stored.body);
    Ok(body.map_or(0, |pointer| u64::from(pointer.length)))
}

pub(crate) fn purge_articles(core: &Core, victims: &Victims, now: i64) -> Result<Purged> {
    let mut purged = Purged::default();
    if victims.count == 0 {
        return Ok(purged);
    }
    let _lists = core.lists.lock().unwrap_or_else(PoisonError::into_inner);
    for (feed, keys) in lists_of(core, &victims.feeds)? {
        for key in keys {
            while purge_some(core, feed, &key, victims, now, &mut purged)? {
                if core.is_stopping() {
                    return Ok(purged);
                }
            }
        }
    }
    core.flush()?;
    core.search.poke();
    Ok(purged)
}

/// The keys of the lists of these feeds.
fn lists_of(core: &Core, feeds: &HashSet<FeedId>) -> Result<BTreeMap<FeedId, Vec<sled::IVec>>> {
    let mut keys: BTreeMap<FeedId, Vec<sled::IVec>> = BTreeMap::new();
    for item in &core.trees().entries {
        let (key, value) = item?;
        let record: StoredEntries = records::decode(&value, "a list of articles")?;
        if feeds.contains(&FeedId(record.feed)) {
            keys.entry(FeedId(record.feed)).or_default().push(key);
        }
    }
    Ok(keys)
}

/// Purges some articles of one list; true if there may be more.
fn purge_some(
    core: &Core,
    feed: FeedId,
    key: &[u8],
    victims: &Victims,
    now: i64,
    purged: &mut Purged,
) -> Result<bool> {
    let _writing = core.write_little()?;
    let Some(value) = core.trees().entries.get(key)? else {
        return Ok(false);
    };
    let record: StoredEntries = records::decode(&value, "a list of articles")?;
    let mut going: Vec<ListEntry> = Vec::new();
    let mut staying = Vec::with_capacity(record.entries.len());
    {
        // The reader may have saved or packed one meanwhile.
        let state = core.state();
        for entry in record.entries {
            let goes =
                going.len() < CHUNK && victims.marked.get(entry.0) && !state.is_kept(entry.0);
            if goes {
                going.push(entry);
            } else {
                staying.push(entry);
            }
        }
    }
    if going.is_empty() {
        return Ok(false);
    }
    let more = going.len() == CHUNK;
    let mut changes = Changes::default();
    if staying.is_empty() {
        changes.remove(Name::Entries, key);
    } else {
        let record = StoredEntries {
            feed: feed.0,
            entries: staying,
        };
        changes.put(Name::Entries, key, &record)?;
    }
    if !victims.may_return {
        bury(core, feed, &going, now, &mut changes)?;
    }
    let going: Vec<(u64, u64)> = going.iter().map(|entry| (entry.0, entry.2)).collect();
    let live = forget(core, feed, &going, now, changes)?;
    purged.articles += going.len() as u64;
    purged.bytes += (-live.feeds.get(&feed.0).copied().unwrap_or_default()).max(0) as u64;
    let gone: HashSet<u64> = going.into_iter().map(|(id, _)| id).collect();
    let mut state = core.state_mut();
    let State {
        feeds,
        read,
        shared,
        ..
    } = &mut *state;
    let others = gone.iter().filter_map(|id| shared.remove(id));
    let mut lists: HashSet<FeedId> = others.flat_map(|one| one.feeds).collect();
    lists.insert(feed);
    for list in lists {
        if let Some(known) = feeds.get_mut(&list) {
            let goes = |entry: &&Entry| gone.contains(&entry.id) && !read.get(entry.id);
            let unread = known.entries.iter().filter(goes).count() as u64;
            known.unread = known.unread.saturating_sub(unread);
            known.entries.retain(|entry| !gone.contains(&entry.id));
        }
    }
    Ok(more)
}

/// Writes tombstones in every feed that lists the articles. An article that its feed may list again
/// under another GUID also gets one by its fingerprint.
fn bury(
    core: &Core,
    feed: FeedId,
    going: &[ListEntry],
    now: i64,
    changes: &mut Changes,
) -> Result<()> {
    let mut put = |feed: FeedId, hash: u64, print: u64| {
        let tombstone = Tombstone {
            print,
            ..Tombstone::of(now)
        };
        changes.put(
            Name::Tombstones,
            &crate::keys::guid_key(feed, hash),
            &tombstone,
        )
    };
    for (id, time, guid, print) in going {
        put(feed, *guid, *print)?;
        let (others, may_be_listed) = {
            let state = core.state();
            let shared = state.shared.get(id);
            let newest = state.feeds.get(&feed).and_then(|known| {
                let at = known.entries.len().checked_sub(MAY_BE_LISTED)?;
                Some(known.entries[at].time)
            });
            let others = shared.map_or_else(Vec::new, |shared| shared.feeds.clone());
            (others, newest.is_none_or(|newest| *time >= newest))
        };
        for other in others {
            if let Some(value) = core
                .trees()
                .listings
                .get(crate::keys::listing_key(other, *id))?
            {
                let listing: StoredListing = records::decode(&value, "a listing")?;
                put(other, crate::hash::guid_hash(&listing.guid), listing.print)?;
            }
        }
        if may_be_listed && let Some(stored) = core.stored(*id)? {
            put(feed, Traits::of_row(&stored.row).strong_print(), *print)?;
        }
    }
    Ok(())
}

/// Removes articles (id and GUID) and their status from sled, together with `changes`.
fn forget(
    core: &Core,
    feed: FeedId,
    articles: &[(u64, u64)],
    now: i64,
    mut changes: Changes,
) -> Result<Live> {
    let mut live = Live::default();
    for (id, _) in articles {
        let key = id.to_be_bytes();
        if let Some(pointer) = core.stored(*id)?.and_then(|stored| stored.body) {
            live.remove(feed, pointer);
        }
        if let Some(StoredPage::Kept { pointer, .. }) = core.stored_page(*id)? {
            live.remove(feed, pointer);
        }
        changes.remove(Name::Pages, &key);
        changes.remove(Name::Articles, &key);
        changes.remove(Name::Saved, &key);
        if let Some(shared) = core.state().shared.get(id) {
            for other in &shared.feeds {
                changes.remove(Name::Listings, &crate::keys::listing_key(*other, *id));
            }
        }
        changes.put_bytes(Name::Reindex, &key, &[]);
    }
    if let Some((first, _)) = articles.first() {
        let articles = articles.iter().map(|(id, guid)| PurgedArticle {
            id: *id,
            guid: *guid,
        });
        let record = records::encode(&LoggedPurge {
            at: now,
            feed,
            articles: articles.collect(),
        })?;
        core.bodies
            .append(Kind::Purge, &[(article_key(*first), record)])?;
    }
    core.state().live.put(&live, &mut changes);
    core.apply(&changes)?;
    core.state_mut().live.take_in(&live);
    Ok(live)
}

/// Purges feeds that were removed in an earlier session.
pub(crate) fn purge_removed(core: &Core) {
    let mut feeds = core.state().purging.clone();
    match feeds_of_packs(core) {
        Ok(packed) => feeds.retain(|feed| !packed.contains(feed)),
        Err(error) => {
            tracing::error!(%error, "removed feeds are left for the next start");
            return;
        }
    }
    if feeds.is_empty() {
        return;
    }
    if let Err(error) = purge_feeds(core, &feeds.into_iter().collect()) {
        tracing::error!(%error, "removed feeds could not be purged; the next start tries again");
    }
}

/// The feeds with articles in packs.
fn feeds_of_packs(core: &Core) -> Result<HashSet<FeedId>> {
    let packed: Vec<u64> = core.state().packed.keys().copied().collect();
    let mut feeds = HashSet::new();
    for id in packed {
        feeds.extend(core.stored(id)?.map(|stored| stored.row.feed));
    }
    Ok(feeds)
}

fn purge_feeds(core: &Core, feeds: &HashSet<FeedId>) -> Result<()> {
    let now = crate::clock::clock().as_secs() as i64;
    let _lists = core.lists.lock().unwrap_or_else(PoisonError::into_inner);
    for feed in feeds {
        let _writing = core.write()?;
        crate::listings::hand_over(core, *feed)?;
    }
    for (feed, keys) in lists_of(core, feeds)? {
        for key in keys {
            let mut more = true;
            while more {
                if core.is_stopping() {
                    return Ok(());
                }
                more = purge_list(core, feed, &key, now)?;
            }
        }
    }
    let _writing = core.write_little()?;
    for feed in feeds {
        let mut changes = Changes::default();
        for item in core.trees().tombstones.scan_prefix(feed.0.to_be_bytes()) {
            changes.remove(Name::Tombstones, &item?.0);
        }
        for item in core.trees().waiting.scan_prefix(feed.0.to_be_bytes()) {
            changes.remove(Name::Waiting, &item?.0);
        }
        for item in core.trees().listings.scan_prefix(feed.0.to_be_bytes()) {
            changes.remove(Name::Listings, &item?.0);
        }
        for item in core.trees().meta.scan_prefix(unsound_prefix(*feed)) {
            changes.remove(Name::Meta, &item?.0);
        }
        changes.remove(Name::Feeds, &feed.0.to_be_bytes());
        core.apply(&changes)?;
    }
    core.search.poke();
    Ok(())
}

/// Purges part of a list of a removed feed; true if there is more.
fn purge_list(core: &Core, feed: FeedId, key: &[u8], now: i64) -> Result<bool> {
    let _writing = core.write_little()?;
    let Some(value) = core.trees().entries.get(key)? else {
        return Ok(false);
    };
    let mut record: StoredEntries = records::decode(&value, "a list of articles")?;
    let staying = record.entries.split_off(record.entries.len().min(CHUNK));
    let going: Vec<(u64, u64)> = record
        .entries
        .iter()
        .map(|entry| (entry.0, entry.2))
        .collect();
    let more = !staying.is_empty();
    let mut changes = Changes::default();
    if more {
        record.entries = staying;
        changes.put(Name::Entries, key, &record)?;
    } else {
        changes.remove(Name::Entries, key);
    }
    forget(core, feed, &going, now, changes)?;
    Ok(more)
}

/// Merges the short list records that small commits and purges leave, so that opening reads few
/// keys.
pub(crate) fn merge_entries(core: &Core) -> Result<()> {
    let _lists = core.lists.lock().unwrap_or_else(PoisonError::into_inner);
    let mut keys: HashMap<FeedId, Vec<sled::IVec>> = HashMap::new();
    for item in &core.trees().entries {
        let (key, value) = item?;
        let FeedOfEntries { feed } = records::decode(&value, "a list of articles")?;
        keys.entry(FeedId(feed)).or_default().push(key);
    }
    for (feed, old) in keys {
        if core.is_stopping() {
            return Ok(());
        }
        let articles = core
            .state()
            .feeds
            .get(&feed)
            .map_or(0, |known| known.entries.len());
        if old.len() < 8 + 2 * articles.div_ceil(ENTRIES_OF_A_RECORD) {
            continue;
        }
        let _writing = core.write()?;
        let mut entries = Vec::with_capacity(articles);
        let mut changes = Changes::default();
        for key in old {
            if let Some(value) = core.trees().entries.get(&key)? {
                let record: StoredEntries = records::decode(&value, "a list of articles")?;
                entries.extend(record.entries);
            }
            changes.remove(Name::Entries, &key);
        }
        entries.sort_unstable();
        for chunk in entries.chunks(ENTRIES_OF_A_RECORD) {
            let record = StoredEntries {
                feed: feed.0,
                entries: chunk.to_vec(),
            };
            changes.put(Name::Entries, &list_key(chunk[0].0, feed), &record)?;
        }
        core.apply(&changes)?;
    }
    Ok(())
}

/// Whether retention may purge this article.
fn is_free(state: &State, keep: &Keep, entry: &Entry) -> bool {
    !state.is_kept(entry.id) && (!keep.unread || state.read.get(entry.id))
}
