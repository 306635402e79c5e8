//! Articles that several feeds of one publisher list. An article belongs to the feed that brought it
//! first; the others list it under its number, so that whatever the reader does to it is done to it
//! everywhere. It stays as long as one of its feeds does: when the reader unsubscribes from the one it
//! belongs to, it is handed over to another.
use std::collections::{BTreeMap, HashMap};

use crate::error::{Result, StoreError};
use crate::identity::Traits;
use crate::model::{Feed, FeedId, NewArticle};
use crate::publishers::{is_own, publisher_of};
use crate::records::{self, StoredArticle, StoredEntries, StoredListing, StoredPage};
use crate::space::Live;
use crate::state::{Entry, State};
use crate::store::Core;
use crate::trees::{Changes, Name};
use crate::value_log::{Kind, Pointer, article_key};

/// Articles of one page that are compared with an entry: the newest.
const CANDIDATES: usize = 16;
/// Articles handed over in one transaction.
const CHUNK: usize = 200;

/// An article of another feed that a document has too.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) id: u64,
    pub(crate) listing: StoredListing,
}

impl Listed {
    pub(crate) fn entry(&self) -> Entry {
        Entry {
            time: self.listing.time,
            id: self.id,
            guid: records::guid_hash(&self.listing.guid),
            print: self.listing.print,
        }
    }
}

/// A key and a record of the value log.
type LogRecord = ([u8; 16], Vec<u8>);

/// An article on its way from one feed to another.
struct HandedOver {
    id: u64,
    to: FeedId,
    has_text: bool,
    old_body: Option<Pointer>,
    stored: StoredArticle,
    /// Under which the feed that it leaves lists it.
    back: StoredListing,
}

/// The key of a [`StoredListing`].
pub(crate) fn key(feed: FeedId, id: u64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&feed.0.to_be_bytes());
    key[4..].copy_from_slice(&id.to_be_bytes());
    key
}

pub(crate) fn read_key(key: &[u8]) -> Result<(FeedId, u64)> {
    let Some((feed, id)) = key.split_at_checked(4).filter(|_| key.len() == 12) else {
        return Err(StoreError::Damaged(format!(
            "a listing's key has {} bytes",
            key.len()
        )));
    };
    let feed = records::number_of(feed)? as u32;
    Ok((FeedId(feed), records::number_of(id)?))
}

/// The key of a list of articles of a feed. Numbers of articles that were handed over may be the first
/// of a list of another feed, too, so the feed is part of it.
pub(crate) fn list_key(first: u64, feed: FeedId) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&first.to_be_bytes());
    key[8..].copy_from_slice(&feed.0.to_be_bytes());
    key
}

impl Core {
    /// For each entry that links a page of its publisher's own, the article that another feed of the
    /// publisher has brought of that page, if it has.
    pub(crate) fn of_siblings(
        &self,
        feed: &Feed,
        articles: &[&NewArticle],
        traits: &[&Traits],
    ) -> Result<Vec<Option<(u64, StoredArticle)>>> {
        let mut found = vec![None; articles.len()];
        let publisher = publisher_of(&feed.url, feed.facts.site.as_deref());
        if !self.state().has_another_feed(publisher, feed.id) {
            return Ok(found);
        }
        if !self.state().by_print.contains_key(&publisher) {
            self.state_mut().look_up_publisher(publisher);
        }
        for ((found, article), traits) in found.iter_mut().zip(articles).zip(traits) {
            if !links_own_page(feed, article, traits) {
                continue;
            }
            let print = traits.print();
            let ids: Vec<u64> = {
                let state = self.state();
                let prints = state.by_print.get(&publisher).into_iter();
                let same = prints.flat_map(|prints| prints.range((print, 0)..=(print, u64::MAX)));
                same.rev().take(CANDIDATES).map(|(_, id)| *id).collect()
            };
            for id in ids {
                if let Some(stored) = self.stored(id)?
                    && self.is_of_sibling(publisher, feed.id, id, &stored)
                    && traits.is_same_page(
                        &article.guid,
                        &Traits::of_row(&stored.row),
                        &stored.row.guid,
                    )
                {
                    *found = Some((id, stored));
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Whether an article is listed by a visible feed of this publisher, and not by `feed` itself.
    fn is_of_sibling(&self, publisher: u64, feed: FeedId, id: u64, stored: &StoredArticle) -> bool {
        let state = self.state();
        let is_sibling = |other: FeedId| {
            let known = state.visible_feed(other);
            known.is_some_and(|known| known.publisher == publisher)
        };
        match state.shared.get(&id) {
            Some(shared) => shared.all().any(is_sibling) && shared.all().all(|one| one != feed),
            None => stored.row.feed != feed && is_sibling(stored.row.feed),
        }
    }

    /// Gives articles of a feed that others list to one of those; the caller has the right to write.
    pub(crate) fn hand_over(&self, feed: FeedId) -> Result<()> {
        let going: BTreeMap<u64, FeedId> = {
            let state = self.state();
            let owned = state.shared.iter().filter(|(_, one)| one.owner == feed);
            owned
                .filter_map(|(id, shared)| {
                    let mut others = shared.feeds.iter();
                    Some((*id, *others.find(|other| state.is_visible(**other))?))
                })
                .collect()
        };
        if going.is_empty() {
            return Ok(());
        }
        let mut keys: HashMap<sled::IVec, Vec<u64>> = HashMap::new();
        for item in &self.trees().entries {
            let (key, value) = item?;
            let record: StoredEntries = records::decode(&value, "a list of articles")?;
            if record.feed == feed.0 {
                let ids = record.entries.iter().map(|entry| entry.0);
                let ids: Vec<u64> = ids.filter(|id| going.contains_key(id)).collect();
                if !ids.is_empty() {
                    keys.insert(key, ids);
                }
            }
        }
        for (key, ids) in keys {
            for chunk in ids.chunks(CHUNK) {
                // Their texts are written again, which a full disk may not have room for.
                self.reserve.for_deletions()?;
                let chunk: BTreeMap<u64, FeedId> =
                    chunk.iter().map(|id| (*id, going[id])).collect();
                self.hand_over_some(feed, &key, &chunk)?;
            }
        }
        self.search.poke();
        self.flush()
    }

    /// Articles with the rows that they get, and their texts as the new owners log them.
    fn rows_to_hand_over(
        &self,
        going: &BTreeMap<u64, FeedId>,
    ) -> Result<(Vec<HandedOver>, Vec<LogRecord>)> {
        let mut logged = Vec::new();
        let mut rows: Vec<HandedOver> = Vec::new();
        for (id, to) in going {
            let listing = self.trees().listings.get(self::key(*to, *id))?;
            let (Some(mut stored), Some(listing)) = (self.stored(*id)?, listing) else {
                continue;
            };
            let listing: StoredListing = records::decode(&listing, "a listing")?;
            let old_body = stored.body;
            let mut text = self.logged(*id, &stored).ok();
            let back = StoredListing {
                owner: *to,
                time: stored.row.time,
                guid: std::mem::replace(&mut stored.row.guid, listing.guid),
                print: listing.print,
            };
            stored.row.feed = *to;
            if let Some(text) = &mut text {
                text.row = stored.row.clone();
                let state = self.state();
                let url = state.feeds.get(to).map(|known| known.feed.url.clone());
                text.feed_url = url.unwrap_or_default();
                logged.push((article_key(*id), records::encode(text)?));
            } else {
                // A text that cannot be read is asked for again.
                (stored.body, stored.content) = (None, [0; 16]);
            }
            rows.push(HandedOver {
                id: *id,
                to: *to,
                has_text: text.is_some(),
                old_body,
                stored,
                back,
            });
        }
        Ok((rows, logged))
    }

    fn hand_over_some(
        &self,
        from: FeedId,
        key: &[u8],
        going: &BTreeMap<u64, FeedId>,
    ) -> Result<()> {
        let Some(value) = self.trees().entries.get(key)? else {
            return Ok(());
        };
        let mut record: StoredEntries = records::decode(&value, "a list of articles")?;
        let mut changes = Changes::default();
        let (rows, logged) = self.rows_to_hand_over(going)?;
        let mut pointers = self.bodies.append(Kind::Article, &logged)?.into_iter();
        self.bodies.sync()?;
        let mut live = Live::default();
        let moved: BTreeMap<u64, FeedId> = rows.iter().map(|one| (one.id, one.to)).collect();
        let (gone, staying) = record
            .entries
            .into_iter()
            .partition::<Vec<_>, _>(|entry| moved.contains_key(&entry.0));
        record.entries = staying;
        if record.entries.is_empty() {
            changes.remove(Name::Entries, key);
        } else {
            changes.put(Name::Entries, key, &record)?;
        }
        let times: HashMap<u64, i64> = gone.iter().map(|entry| (entry.0, entry.1)).collect();
        for one in rows {
            let HandedOver {
                id,
                to,
                has_text,
                old_body,
                mut stored,
                back,
            } = one;
            let guid = records::guid_hash(&stored.row.guid);
            let list = StoredEntries {
                feed: to.0,
                entries: vec![(id, times[&id], guid, back.print)],
            };
            changes.put(Name::Entries, &list_key(id, to), &list)?;
            if let Some(old) = old_body {
                live.remove(from, old);
            }
            if has_text {
                stored.body = pointers.next();
                let new: Option<Pointer> = stored.body;
                if let Some(new) = new {
                    live.add(to, new);
                }
            }
            if let Some(StoredPage::Kept { pointer, .. }) = self.stored_page(id)? {
                live.remove(from, pointer);
                live.add(to, pointer);
            }
            changes.put(Name::Articles, &id.to_be_bytes(), &stored)?;
            changes.put_bytes(Name::Reindex, &id.to_be_bytes(), stored.content.as_slice());
            changes.remove(Name::Listings, &self::key(to, id));
            let state = self.state();
            if let Some((at, _)) = state.saved_at.get(&id) {
                changes.put(Name::Saved, &id.to_be_bytes(), &(*at, to))?;
            }
            let others = state.shared.get(&id).into_iter().flat_map(|one| &one.feeds);
            for other in others.filter(|other| **other != to) {
                if let Some(value) = self.trees().listings.get(self::key(*other, id))? {
                    let mut listing: StoredListing = records::decode(&value, "a listing")?;
                    listing.owner = to;
                    changes.put(Name::Listings, &self::key(*other, id), &listing)?;
                }
            }
            if state.feeds.contains_key(&from) {
                changes.put(Name::Listings, &self::key(from, id), &back)?;
            }
        }
        self.state().live.put(&live, &mut changes);
        self.apply(&changes)?;
        let mut state = self.state_mut();
        state.live.take_in(&live);
        for (id, to) in moved {
            state.change_owner(id, from, to);
        }
        Ok(())
    }
}

/// Whether an entry links a page on its publisher's own site.
pub(crate) fn links_own_page(feed: &Feed, article: &NewArticle, traits: &Traits) -> bool {
    let site = feed.facts.site.as_deref();
    let url = article.url.as_deref().filter(|_| traits.page().is_some());
    url.is_some_and(|url| is_own(url, &feed.url, site))
}

impl State {
    /// A feed lists an article of another from now on.
    pub(crate) fn list(&mut self, feed: FeedId, listed: &Listed) {
        let shared = self
            .shared
            .entry(listed.id)
            .or_insert_with(|| crate::state::Shared {
                owner: listed.listing.owner,
                time: listed.listing.time,
                feeds: Vec::new(),
            });
        if !shared.feeds.contains(&feed) {
            shared.feeds.push(feed);
        }
    }

    fn change_owner(&mut self, id: u64, from: FeedId, to: FeedId) {
        let is_here = self.feeds.contains_key(&from);
        if let Some(shared) = self.shared.get_mut(&id) {
            shared.owner = to;
            shared.feeds.retain(|feed| *feed != to);
            if is_here {
                shared.feeds.push(from);
            } else if shared.feeds.is_empty() {
                self.shared.remove(&id);
            }
        }
        if let Some((_, feed)) = self.saved_at.get_mut(&id) {
            *feed = to;
        }
    }
}
