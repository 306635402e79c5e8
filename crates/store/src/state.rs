//! The state in memory, so that lists and counts need no walk over sled: for every feed its
//! articles' times and ids in order (32 bytes each), one read bit per article, and what is saved.
//! It is read from sled at open and updated after each durable change, never before.
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};
use std::ops::Bound;

use crate::model::{Count, Cursor, Feed, FeedId, Folder, FolderId, Order, Place};
use crate::publishers::publisher_of;
use crate::space::Live;

/// Bits of one stored block; a block is 512 bytes in sled.
pub(crate) const BLOCK_BITS: u64 = 4096;

const WORDS: usize = (BLOCK_BITS / 64) as usize;

pub(crate) const BLOCK_BYTES: usize = WORDS * 8;

/// One bit for every article id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    pub(crate) fn get(&self, id: u64) -> bool {
        self.words
            .get((id / 64) as usize)
            .is_some_and(|word| word >> (id % 64) & 1 == 1)
    }

    pub(crate) fn set(&mut self, id: u64, on: bool) {
        let at = (id / 64) as usize;
        if at >= self.words.len() {
            if !on {
                return;
            }
            self.words.resize(at + 1, 0);
        }
        if on {
            self.words[at] |= 1 << (id % 64);
        } else {
            self.words[at] &= !(1 << (id % 64));
        }
    }

    /// The ids that are set, ascending.
    pub(crate) fn ones(&self) -> impl Iterator<Item = u64> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let word = *word;
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| at as u64 * 64 + bit)
        })
    }

    /// The stored form of a block after `changes` (id, on) to it.
    pub(crate) fn block(&self, block: u64, changes: &[(u64, bool)]) -> Vec<u8> {
        let first = block as usize * WORDS;
        let mut words: Vec<u64> = (first..first + WORDS)
            .map(|at| self.words.get(at).copied().unwrap_or(0))
            .collect();
        for (id, on) in changes {
            let word = &mut words[(id % BLOCK_BITS / 64) as usize];
            if *on {
                *word |= 1 << (id % 64);
            } else {
                *word &= !(1 << (id % 64));
            }
        }
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// Loads a stored block; false if it has the wrong size.
    pub(crate) fn load(&mut self, block: u64, bytes: &[u8]) -> bool {
        if bytes.len() != BLOCK_BYTES || block > u64::from(u32::MAX) {
            return false;
        }
        let first = block as usize * WORDS;
        if self.words.len() < first + WORDS {
            self.words.resize(first + WORDS, 0);
        }
        for (word, eight) in self.words[first..].iter_mut().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*eight);
        }
        true
    }
}

/// An article in its feed's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) time: i64,
    pub(crate) id: u64,
    /// Of its guid.
    pub(crate) guid: u64,
    /// Of its page, else its title ([`crate::identity::Traits::print`]); zero where an older
    /// version wrote none.
    pub(crate) print: u64,
}

/// An article that several feeds list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shared {
    /// The feed that it belongs to.
    pub(crate) owner: FeedId,
    pub(crate) time: i64,
    /// The other feeds that list it.
    pub(crate) feeds: Vec<FeedId>,
}

impl Shared {
    /// All feeds that list it.
    pub(crate) fn all(&self) -> impl Iterator<Item = FeedId> {
        std::iter::once(self.owner).chain(self.feeds.iter().copied())
    }
}

impl Entry {
    fn order(&self) -> (i64, u64) {
        (self.time, self.id)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct FeedState {
    pub(crate) feed: Feed,
    pub(crate) removed_at: Option<i64>,
    /// Oldest first, including articles of other feeds that this feed lists too.
    pub(crate) entries: Vec<Entry>,
    pub(crate) unread: u64,
    /// Equal for feeds of one publisher.
    pub(crate) publisher: u64,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) feeds: BTreeMap<FeedId, FeedState>,
    pub(crate) by_url: HashMap<String, FeedId>,
    pub(crate) folders: BTreeMap<FolderId, Folder>,
    pub(crate) read: Bits,
    pub(crate) saved_at: HashMap<u64, (i64, FeedId)>,
    pub(crate) saved_order: BTreeSet<(i64, u64)>,
    /// How many packs hold an article.
    pub(crate) packed: HashMap<u64, u32>,
    /// Articles that the caller pinned; see [`crate::Store::pin`].
    pub(crate) pinned: HashSet<u64>,
    /// Articles that several feeds list.
    pub(crate) shared: HashMap<u64, Shared>,
    /// For publishers with several feeds, built on first use: fingerprints and articles. An article
    /// in it may have been purged since; callers check.
    pub(crate) by_print: HashMap<u64, BTreeSet<(u64, u64)>>,
    pub(crate) next_article: u64,
    /// Which bytes of the value log are in use.
    pub(crate) live: Live,
    /// Removed in an earlier session; their articles may still be in the search index.
    pub(crate) purging: Vec<FeedId>,
}

/// Which part of a list to walk.
pub(crate) struct Walk {
    pub(crate) place: Place,
    pub(crate) unread_only: bool,
    /// Only articles that come after this one: strictly older, or newer from the oldest on.
    pub(crate) before: Option<(i64, u64)>,
    pub(crate) order: Order,
    /// Only articles with `time` at or after this; saved articles have none.
    pub(crate) since: i64,
}

impl Walk {
    /// Sort key: articles listed earlier have larger keys. Applied twice, it gives its input.
    fn key(&self, (time, id): (i64, u64)) -> (i64, u64) {
        match self.order {
            Order::NewestFirst => (time, id),
            Order::OldestFirst => (!time, !id),
        }
    }

    /// The part of a feed's entries, oldest first, that is still to be visited.
    fn rest<'e>(&self, entries: &'e [Entry]) -> &'e [Entry] {
        let from = entries.partition_point(|entry| entry.time < self.since);
        let entries = &entries[from..];
        let Some(cursor) = self.before else {
            return entries;
        };
        match self.order {
            Order::NewestFirst => {
                &entries[..entries.partition_point(|entry| entry.order() < cursor)]
            }
            Order::OldestFirst => {
                &entries[entries.partition_point(|entry| entry.order() <= cursor)..]
            }
        }
    }
}

/// Number of newest articles of a feed that are compared with the publisher's other feeds.
const LOOKED_UP: usize = 5_000;

impl FeedState {
    pub(crate) fn new(feed: Feed) -> Self {
        Self {
            publisher: publisher_of(&feed.url, feed.facts.site.as_deref()),
            feed,
            removed_at: None,
            entries: Vec::new(),
            unread: 0,
        }
    }

    pub(crate) fn visible(&self) -> bool {
        self.removed_at.is_none()
    }

    pub(crate) fn count(&self) -> Count {
        Count {
            total: self.entries.len() as u64,
            unread: self.unread,
        }
    }

    pub(crate) fn add(&mut self, new: &[Entry]) {
        let sorted_until = self.entries.last().map(Entry::order);
        self.entries.extend_from_slice(new);
        let in_order = self.entries[self.entries.len() - new.len()..]
            .is_sorted_by_key(Entry::order)
            && new.first().map(Entry::order) > sorted_until;
        if !in_order {
            // Merges the two sorted runs; nearly linear.
            self.entries.sort_by_key(Entry::order);
        }
    }
}

impl State {
    pub(crate) fn visible_feed(&self, id: FeedId) -> Option<&FeedState> {
        self.feeds.get(&id).filter(|feed| feed.visible())
    }

    pub(crate) fn is_visible(&self, feed: FeedId) -> bool {
        self.visible_feed(feed).is_some()
    }

    /// Whether an article may be opened: a feed that lists it is there, or a pack holds it.
    pub(crate) fn is_shown(&self, id: u64, feed: FeedId) -> bool {
        self.is_listed(id, feed) || self.packed.contains_key(&id)
    }

    /// Whether the feed that an article belongs to is there, or another that lists it.
    pub(crate) fn is_listed(&self, id: u64, owner: FeedId) -> bool {
        self.is_visible(owner)
            || self.shared.get(&id).is_some_and(|shared| {
                let mut others = shared.feeds.iter();
                others.any(|feed| self.is_visible(*feed))
            })
    }

    /// The feed that an article is shown under: its owner, unless the reader has unsubscribed from
    /// it.
    pub(crate) fn shown_feed(&self, id: u64, owner: FeedId) -> FeedId {
        if self.is_visible(owner) {
            return owner;
        }
        let shared = self.shared.get(&id);
        let mut others = shared.into_iter().flat_map(|shared| &shared.feeds);
        let other = others.find(|feed| self.is_visible(**feed));
        other.copied().unwrap_or(owner)
    }

    /// How many of these feeds list an article.
    fn listed_in(shared: &Shared, is_meant: &dyn Fn(FeedId) -> bool) -> u64 {
        shared.all().filter(|feed| is_meant(*feed)).count() as u64
    }

    /// The subscription with this address.
    pub(crate) fn subscribed(&self, url: &str) -> Option<&FeedState> {
        self.visible_feed(*self.by_url.get(url)?)
    }

    /// By how much the sum of these feeds' counts exceeds the number of articles with
    /// `time >= since`, because several feeds list the same ones.
    pub(crate) fn counted_again(&self, since: i64, is_meant: &dyn Fn(&FeedState) -> bool) -> Count {
        let is_meant = |id| self.visible_feed(id).is_some_and(is_meant);
        let mut again = Count::default();
        for (id, shared) in self.shared.iter().filter(|(_, one)| one.time >= since) {
            let more = Self::listed_in(shared, &is_meant).saturating_sub(1);
            again.total += more;
            again.unread += if self.read.get(*id) { 0 } else { more };
        }
        again
    }

    /// For each folder, how often articles are listed beyond the first time in it and the folders
    /// inside it. `chains`: each folder with those around it.
    pub(crate) fn counted_again_by_folder(
        &self,
        chains: &HashMap<FolderId, Vec<FolderId>>,
    ) -> HashMap<FolderId, Count> {
        let mut again: HashMap<FolderId, Count> = HashMap::new();
        for (id, shared) in &self.shared {
            let mut listed: HashMap<FolderId, u64> = HashMap::new();
            for known in shared.all().filter_map(|feed| self.visible_feed(feed)) {
                let chain = known.feed.folder.and_then(|folder| chains.get(&folder));
                for folder in chain.into_iter().flatten() {
                    *listed.entry(*folder).or_default() += 1;
                }
            }
            for (folder, times) in listed.into_iter().filter(|(_, times)| *times > 1) {
                let count = again.entry(folder).or_default();
                count.total += times - 1;
                count.unread += if self.read.get(*id) { 0 } else { times - 1 };
            }
        }
        again
    }

    /// Number of entries in the feeds' lists beyond the number of articles.
    pub(crate) fn listed_again(&self) -> u64 {
        let lists = |feed: FeedId| self.feeds.contains_key(&feed);
        let again = self.shared.values();
        again
            .map(|shared| Self::listed_in(shared, &lists).saturating_sub(1))
            .sum()
    }

    /// Replaces a feed's subscription.
    pub(crate) fn set_feed(&mut self, feed: Feed) {
        let Some(known) = self.feeds.get_mut(&feed.id) else {
            return;
        };
        let publisher = publisher_of(&feed.url, feed.facts.site.as_deref());
        let id = feed.id;
        known.feed = feed;
        if known.publisher != publisher {
            known.publisher = publisher;
            self.look_up(id);
        }
    }

    /// Shows or hides a feed.
    pub(crate) fn set_removed(&mut self, id: FeedId, removed_at: Option<i64>) {
        if let Some(known) = self.feeds.get_mut(&id) {
            known.removed_at = removed_at;
            self.look_up(id);
        }
    }

    /// Adds a feed's articles to its publisher's fingerprints, if those are loaded.
    fn look_up(&mut self, id: FeedId) {
        if let Some(known) = self.feeds.get(&id)
            && let Some(prints) = self.by_print.get_mut(&known.publisher)
        {
            prints.extend(looked_up(known));
        }
    }

    /// Adds a commit's entries to a feed.
    pub(crate) fn add_entries(&mut self, feed: FeedId, new: &[Entry]) {
        let Self {
            feeds,
            read,
            by_print,
            ..
        } = self;
        let Some(known) = feeds.get_mut(&feed) else {
            return;
        };
        known.add(new);
        known.unread += new.iter().filter(|entry| !read.get(entry.id)).count() as u64;
        if let Some(prints) = by_print.get_mut(&known.publisher) {
            prints.extend(new.iter().map(|entry| (entry.print, entry.id)));
        }
    }

    /// Whether a publisher has a feed besides this one.
    pub(crate) fn has_another_feed(&self, publisher: u64, feed: FeedId) -> bool {
        let mut feeds = self.feeds.iter();
        feeds.any(|(id, known)| known.publisher == publisher && known.visible() && *id != feed)
    }

    /// Loads the fingerprints of a publisher's articles.
    pub(crate) fn look_up_publisher(&mut self, publisher: u64) {
        let feeds = self.feeds.values();
        let of_publisher = feeds.filter(|known| known.publisher == publisher && known.visible());
        let prints = of_publisher.flat_map(looked_up).collect();
        self.by_print.insert(publisher, prints);
    }

    /// The feeds of a place (not [`Place::Saved`]).
    pub(crate) fn feeds_in(&self, place: Place) -> Vec<&FeedState> {
        match place {
            Place::Feed(id) => self.visible_feed(id).into_iter().collect(),
            Place::Folder(folder) => {
                let inside = crate::folder_tree::within(&self.folders, folder);
                let is_inside = |id: FolderId| inside.contains(&id);
                let feeds = self.feeds.values();
                feeds
                    .filter(|feed| feed.visible() && feed.feed.folder.is_some_and(is_inside))
                    .collect()
            }
            Place::All | Place::Since(_) => {
                self.feeds.values().filter(|feed| feed.visible()).collect()
            }
            Place::Saved => Vec::new(),
        }
    }

    /// Visits the articles of a list in its order, as (time, id), until `visit` returns false.
    pub(crate) fn walk(&self, walk: &Walk, visit: &mut dyn FnMut(i64, u64) -> bool) {
        if walk.place == Place::Saved {
            return self.walk_saved(walk, visit);
        }
        let mut lists: Vec<&[Entry]> = Vec::new();
        let mut heap = BinaryHeap::new();
        for feed in self.feeds_in(walk.place) {
            if walk.unread_only && feed.unread == 0 {
                continue;
            }
            let mut rest = walk.rest(&feed.entries);
            if let Some(entry) = self.next_of(&mut rest, walk) {
                heap.push((walk.key(entry.order()), Reverse(lists.len())));
                lists.push(rest);
            }
        }
        let mut last = None;
        while let Some((key, Reverse(list))) = heap.pop() {
            let (time, id) = walk.key(key);
            // An article that several feeds list comes from each of them, one right after the
            // other.
            if last.replace(id) != Some(id) && !visit(time, id) {
                return;
            }
            if let Some(entry) = self.next_of(&mut lists[list], walk) {
                heap.push((walk.key(entry.order()), Reverse(list)));
            }
        }
    }

    fn next_of(&self, rest: &mut &[Entry], walk: &Walk) -> Option<Entry> {
        loop {
            let (next, others) = match walk.order {
                Order::NewestFirst => rest.split_last()?,
                Order::OldestFirst => rest.split_first()?,
            };
            *rest = others;
            if !walk.unread_only || !self.read.get(next.id) {
                return Some(*next);
            }
        }
    }

    fn walk_saved(&self, walk: &Walk, visit: &mut dyn FnMut(i64, u64) -> bool) {
        let mut rows: Box<dyn Iterator<Item = &(i64, u64)>> = match walk.order {
            Order::NewestFirst => {
                let end = walk.before.map_or(Bound::Unbounded, Bound::Excluded);
                Box::new(self.saved_order.range((Bound::Unbounded, end)).rev())
            }
            Order::OldestFirst => {
                let start = walk.before.map_or(Bound::Unbounded, Bound::Excluded);
                Box::new(self.saved_order.range((start, Bound::Unbounded)))
            }
        };
        for (saved_at, id) in &mut rows {
            let visible = self
                .saved_at
                .get(id)
                .is_some_and(|(_, feed)| self.is_listed(*id, *feed));
            if visible && !(walk.unread_only && self.read.get(*id)) && !visit(*saved_at, *id) {
                return;
            }
        }
    }

    /// Whether an article is kept regardless of retention: it is saved, pinned or in a pack.
    pub(crate) fn is_kept(&self, id: u64) -> bool {
        self.saved_at.contains_key(&id)
            || self.packed.contains_key(&id)
            || self.pinned.contains(&id)
    }

    /// One more pack holds these articles.
    pub(crate) fn pack(&mut self, articles: impl Iterator<Item = u64>) {
        for id in articles {
            *self.packed.entry(id).or_default() += 1;
        }
    }

    /// One pack less holds these articles.
    pub(crate) fn unpack(&mut self, articles: impl IntoIterator<Item = u64>) {
        for id in articles {
            if let Some(packs) = self.packed.get_mut(&id) {
                *packs -= 1;
                if *packs == 0 {
                    self.packed.remove(&id);
                }
            }
        }
    }

    pub(crate) fn set_saved(&mut self, id: u64, feed: FeedId, saved_at: Option<i64>) {
        if let Some((before, _)) = self.saved_at.remove(&id) {
            self.saved_order.remove(&(before, id));
        }
        if let Some(at) = saved_at {
            self.saved_at.insert(id, (at, feed));
            self.saved_order.insert((at, id));
        }
    }

    /// Sets the read bit and updates the counters of the feeds that list it; true if it changed.
    pub(crate) fn set_read(&mut self, id: u64, feed: FeedId, read: bool) -> bool {
        if self.read.get(id) == read {
            return false;
        }
        self.read.set(id, read);
        let State { feeds, shared, .. } = self;
        let mut count = |feed: FeedId| {
            if let Some(known) = feeds.get_mut(&feed) {
                known.unread = if read {
                    known.unread.saturating_sub(1)
                } else {
                    known.unread + 1
                };
            }
        };
        match shared.get(&id) {
            Some(shared) => shared.all().for_each(count),
            None => count(feed),
        }
        true
    }

    pub(crate) fn count_since(&self, since: i64) -> Count {
        let mut count = Count::default();
        for feed in self.feeds.values().filter(|feed| feed.visible()) {
            let first = feed.entries.partition_point(|entry| entry.time < since);
            let recent = &feed.entries[first..];
            count.total += recent.len() as u64;
            count.unread += if first == 0 {
                feed.unread
            } else {
                recent
                    .iter()
                    .filter(|entry| !self.read.get(entry.id))
                    .count() as u64
            };
        }
        let again = self.counted_again(since, &|_| true);
        count.total = count.total.saturating_sub(again.total);
        count.unread = count.unread.saturating_sub(again.unread);
        count
    }
}

fn looked_up(known: &FeedState) -> impl Iterator<Item = (u64, u64)> {
    let newest = known.entries.iter().rev().take(LOOKED_UP);
    newest.map(|entry| (entry.print, entry.id))
}

impl From<Cursor> for (i64, u64) {
    fn from(cursor: Cursor) -> Self {
        (cursor.time, cursor.id.0)
    }
}
