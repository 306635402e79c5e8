//! Articles that several feeds of one publisher list. An article belongs to the feed in which it
//! was seen first; the others list it under the same id, so that its status is shared. It stays as
//! long as one of its feeds: when the reader unsubscribes from its owner, it is handed over to
//! another.
use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::identity::Traits;
use crate::keys::list_key;
use crate::model::{Feed, FeedId, NewArticle};
use crate::publishers::{is_own, publisher_of};
use crate::records::{self, StoredArticle, StoredEntries, StoredListing, StoredPage};
use crate::space::Live;
use crate::state::{Entry, State};
use crate::store::Core;
use crate::trees::{Changes, Name};
use crate::value_log::{Kind, Pointer, article_key};

/// Number of newest articles of one page that are compared with an entry.
const CANDIDATES: usize = 16;

/// Articles handed over in one transaction.
const CHUNK: usize = 200;

/// An article of another feed that a document contains too.
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
            guid: crate::hash::guid_hash(&self.listing.guid),
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
    /// The listing for the previous owner.
    back: StoredListing,
}

/// For each entry that links to its publisher's own site, the article of that page from another
/// feed of the publisher, if any.
pub(crate) fn of_siblings(
    core: &Core,
    feed: &Feed,
    articles: &[&NewArticle],
    traits: &[&Traits],
) -> Result<Vec<Option<(u64, StoredArticle)>>> {
    let mut found = vec![None; articles.len()];
    let publisher = publisher_of(&feed.url, feed.facts.site.as_deref());
    if !core.state().has_another_feed(publisher, feed.id) {
        return Ok(found);
    }
    if !core.state().by_print.contains_key(&publisher) {
        core.state_mut().look_up_publisher(publisher);
    }
    for ((found, article), traits) in found.iter_mut().zip(articles).zip(traits) {
        if !links_own_page(feed, article, traits) {
            continue;
        }
        let print = traits.print();
        let ids: Vec<u64> = {
            let state = core.state();
            let prints = state.by_print.get(&publisher).into_iter();
            let same = prints.flat_map(|prints| prints.range((print, 0)..=(print, u64::MAX)));
            same.rev().take(CANDIDATES).map(|(_, id)| *id).collect()
        };
        for id in ids {
            if let Some(stored) = core.stored(id)?
                && is_of_sibling(core, publisher, feed.id, id, &stored)
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
fn is_of_sibling(
    core: &Core,
    publisher: u64,
    feed: FeedId,
    id: u64,
    stored: &StoredArticle,
) -> bool {
    let state = core.state();
    let is_sibling = |other: FeedId| {
        let known = state.visible_feed(other);
        known.is_some_and(|known| known.publisher == publisher)
    };
    match state.shared.get(&id) {
        Some(shared) => shared.all().any(is_sibling) && shared.all().all(|one| one != feed),
        None => stored.row.feed != feed && is_sibling(stored.row.feed),
    }
}

/// Hands articles of a feed that others list over to one of those; the caller holds the write lock.
pub(crate) fn hand_over(core: &Core, feed: FeedId) -> Result<()> {
    let going: BTreeMap<u64, FeedId> = {
        let state = core.state();
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
    for item in &core.trees().entries {
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
            // Their texts are rewritten, which a full disk may have no room for.
            core.reserve.for_deletions()?;
            let chunk: BTreeMap<u64, FeedId> = chunk.iter().map(|id| (*id, going[id])).collect();
            hand_over_some(core, feed, &key, &chunk)?;
        }
    }
    core.search.poke();
    core.flush()
}

/// The articles with their new rows, and their texts as logged for the new owners.
fn rows_to_hand_over(
    core: &Core,
    going: &BTreeMap<u64, FeedId>,
) -> Result<(Vec<HandedOver>, Vec<LogRecord>)> {
    let mut logged = Vec::new();
    let mut rows: Vec<HandedOver> = Vec::new();
    for (id, to) in going {
        let listing = core
            .trees()
            .listings
            .get(crate::keys::listing_key(*to, *id))?;
        let (Some(mut stored), Some(listing)) = (core.stored(*id)?, listing) else {
            continue;
        };
        let listing: StoredListing = records::decode(&listing, "a listing")?;
        let old_body = stored.body;
        let mut text = core.logged(*id, &stored).ok();
        let back = StoredListing {
            owner: *to,
            time: stored.row.time,
            guid: std::mem::replace(&mut stored.row.guid, listing.guid),
            print: listing.print,
        };
        stored.row.feed = *to;
        if let Some(text) = &mut text {
            text.row = stored.row.clone();
            let state = core.state();
            let url = state.feeds.get(to).map(|known| known.feed.url.clone());
            text.feed_url = url.unwrap_or_default();
            logged.push((article_key(*id), records::encode(text)?));
        } else {
            // An unreadable text is fetched again.
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
    core: &Core,
    from: FeedId,
    key: &[u8],
    going: &BTreeMap<u64, FeedId>,
) -> Result<()> {
    let Some(value) = core.trees().entries.get(key)? else {
        return Ok(());
    };
    let mut record: StoredEntries = records::decode(&value, "a list of articles")?;
    let mut changes = Changes::default();
    let (rows, logged) = rows_to_hand_over(core, going)?;
    let mut pointers = core.bodies.append(Kind::Article, &logged)?.into_iter();
    core.bodies.sync()?;
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
        let guid = crate::hash::guid_hash(&stored.row.guid);
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
        if let Some(StoredPage::Kept { pointer, .. }) = core.stored_page(id)? {
            live.remove(from, pointer);
            live.add(to, pointer);
        }
        changes.put(Name::Articles, &id.to_be_bytes(), &stored)?;
        changes.put_bytes(Name::Reindex, &id.to_be_bytes(), stored.content.as_slice());
        changes.remove(Name::Listings, &crate::keys::listing_key(to, id));
        let state = core.state();
        if let Some((at, _)) = state.saved_at.get(&id) {
            changes.put(Name::Saved, &id.to_be_bytes(), &(*at, to))?;
        }
        let others = state.shared.get(&id).into_iter().flat_map(|one| &one.feeds);
        for other in others.filter(|other| **other != to) {
            if let Some(value) = core
                .trees()
                .listings
                .get(crate::keys::listing_key(*other, id))?
            {
                let mut listing: StoredListing = records::decode(&value, "a listing")?;
                listing.owner = to;
                changes.put(
                    Name::Listings,
                    &crate::keys::listing_key(*other, id),
                    &listing,
                )?;
            }
        }
        if state.feeds.contains_key(&from) {
            changes.put(Name::Listings, &crate::keys::listing_key(from, id), &back)?;
        }
    }
    core.state().live.put(&live, &mut changes);
    core.apply(&changes)?;
    let mut state = core.state_mut();
    state.live.take_in(&live);
    for (id, to) in moved {
        state.change_owner(id, from, to);
    }
    Ok(())
}

/// Whether an entry links a page on its publisher's own site.
pub(crate) fn links_own_page(feed: &Feed, article: &NewArticle, traits: &Traits) -> bool {
    let site = feed.facts.site.as_deref();
    let url = article.url.as_deref().filter(|_| traits.page().is_some());
    url.is_some_and(|url| is_own(url, &feed.url, site))
}

impl State {
    /// Adds a feed to those that list an article.
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
