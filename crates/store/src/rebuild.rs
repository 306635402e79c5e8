//! Rebuilds sled if it does not open or is inconsistent: from the value logs, whose records contain
//! their keys, from what is readable of the old folder, and from the snapshots. The old folder is
//! moved aside, never deleted. Meanwhile only a few numbers per article are in memory, never its
//! text.
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::documents::DocumentKind;
use crate::error::{Result, StoreError};
use crate::hash::guid_hash;
use crate::identity::Traits;
use crate::model::{
    Feed, FeedFacts, FeedId, FeedOptions, Folder, Forward, FullText, Pack, PackedArticle, Restored,
    SavedSearch,
};
use crate::records::Tombstone;
use crate::records::{
    self, LoggedArticle, LoggedPurge, StoredArticle, StoredEntries, StoredFeed, StoredListing,
    StoredPage, StoredPicture, WaitingMark,
};
use crate::snapshot::{self, Merged};
use crate::state::{BLOCK_BITS, BLOCK_BYTES};
use crate::store::{self, Options, Store};
use crate::trees::{self, Changes, Name, Trees};
use crate::value_log::{self, Kind, Pointer};

/// Records written per transaction.
const CHUNK: usize = 500;

/// What a [`rebuild`] recovered.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Rebuilt {
    /// Articles with their texts.
    pub articles: u64,
    /// Articles whose text is lost; it will be fetched again.
    pub without_text: u64,
    /// Subscriptions, without those from the snapshot.
    pub feeds: u64,
    /// Pictures.
    pub pictures: u64,
    /// Torn or damaged parts that were skipped.
    pub gaps: u64,
    /// What was readable in the old folder.
    pub salvaged: Salvaged,
    /// The snapshot that was restored afterwards, and what it added.
    pub restored: Option<(PathBuf, Restored)>,
    /// The new path of sled's old folder.
    pub set_aside: Option<PathBuf>,
}

/// What was readable in a damaged sled.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Salvaged {
    /// Whether it opened.
    pub opened: bool,
    /// Trees that were readable only in part.
    pub torn: u64,
    /// Subscriptions.
    pub feeds: u64,
    /// Folders.
    pub folders: u64,
    /// Saved marks.
    pub saved: u64,
    /// Blocks of read marks, of up to 4,096 articles each.
    pub read_blocks: u64,
    /// Settings.
    pub settings: u64,
    /// Forwards.
    pub forwards: u64,
    /// Saved searches.
    pub searches: u64,
}

pub(crate) fn open(dir: &Path) -> Result<Store> {
    let options = Options {
        automatic_snapshots: false,
        ..Options::default()
    };
    Store::open_with(dir, options)
}

/// An article to recover, with what lists are ordered by.
struct Candidate {
    /// `None`: only its row is known, from the old sled.
    body: Option<Pointer>,
    feed: FeedId,
    guid: u64,
    print: u64,
    time: i64,
    received_at: i64,
}

/// The content of the value log of articles.
#[derive(Default)]
struct Logged {
    articles: BTreeMap<u64, Candidate>,
    /// The latest address of each feed.
    urls: HashMap<FeedId, String>,
    purged: HashSet<u64>,
    tombstones: HashMap<(FeedId, u64), Tombstone>,
    /// Above all assigned ids.
    next_article: u64,
}

/// Rebuilds sled in `dir` from the value logs, what is readable of the old folder, and the
/// snapshots. Articles of unsubscribed feeds are left out.
pub fn rebuild(dir: &Path, now: i64) -> Result<Rebuilt> {
    rebuild_from(dir, now, None)
}

/// [`rebuild`] with the given records instead of the folder's snapshots.
pub(crate) fn rebuild_from(dir: &Path, now: i64, given: Option<Merged>) -> Result<Rebuilt> {
    let lock = crate::format::lock_folder(dir)?;
    crate::importing::finish_import(dir)?;
    clear_places(dir)?;
    let mut rebuilt = Rebuilt {
        set_aside: set_aside(dir)?,
        ..Rebuilt::default()
    };
    crate::format::remove_stamp(dir)?;
    let snapshot = match given {
        Some(given) => Some(given),
        None => snapshot::merged(dir)?,
    };
    let sled_knew;
    {
        let trees = Trees::open(dir, 1)?;
        let mut logged = logged(dir, &mut rebuilt.gaps)?;
        let mut old = Old::open(rebuilt.set_aside.as_deref(), &mut rebuilt.salvaged);
        sled_knew = old.last_sequence();
        let feeds = feeds(&mut old, &mut logged, snapshot.as_ref(), now, &mut rebuilt)?;
        articles(dir, &trees, &mut old, &mut logged, &feeds, &mut rebuilt)?;
        write_feeds(&trees, &logged, feeds, &mut old, &mut rebuilt)?;
        marks(&trees, &logged, &mut old, &mut rebuilt)?;
        listings(&trees, &logged, &mut old)?;
        pages(dir, &trees, &logged, &mut old)?;
        small_things(&trees, &mut old, &mut rebuilt)?;
        pictures(dir, &trees, &mut old, &mut rebuilt)?;
        rebuilt.salvaged.torn = old.torn.len() as u64;
        old.close();
        let identity = format!("rebuilt at {now} {}", std::process::id());
        let identity = blake3::hash(identity.as_bytes()).to_hex().to_string();
        trees.meta.insert("identity", identity.as_bytes())?;
        trees.db.flush()?;
    }
    crate::format::write_format(dir)?;
    drop(lock);
    if let Some(merged) = snapshot {
        let path = merged.sources.first().cloned().unwrap_or_default();
        let restored = snapshot::restore_own(&open(dir)?.core, merged, sled_knew, now)?;
        rebuilt.restored = Some((path, restored));
    }
    Ok(rebuilt)
}

/// Moves every folder of sled aside; returns the new path of the one in use.
fn set_aside(dir: &Path) -> Result<Option<PathBuf>> {
    let current = match trees::current(dir) {
        Ok(current) => Some(current),
        Err(_) => trees::sound_one(dir)?,
    };
    let mut went = None;
    for (generation, folder) in trees::generations(dir)? {
        let aside = free_name(dir)?;
        crate::files::rename(&folder, &aside)?;
        if current.is_none_or(|current| current == generation) {
            went = Some(aside);
        }
    }
    crate::files::sync_folder(dir)?;
    trees::set_current(dir, 1)?;
    Ok(went)
}

/// A free path for an old folder of sled.
pub(crate) fn free_name(dir: &Path) -> Result<PathBuf> {
    (1..10_000)
        .map(|number| dir.join(format!("db-damaged-{number}")))
        .find(|path| !path.exists())
        .ok_or_else(|| StoreError::Invalid("no free name".into()))
}

/// Moves files aside that are in the place of folders, and folders in the place of files.
fn clear_places(dir: &Path) -> Result<()> {
    for name in ["bodies", "pictures", "snapshots", "sounds", "search"] {
        let place = dir.join(name);
        if place.is_file() {
            crate::damaged::set_aside(dir, &place)?;
        } else if place.is_dir() && name != "search" {
            for entry in std::fs::read_dir(&place)? {
                let path = entry?.path();
                if path.is_dir() {
                    crate::damaged::set_aside(dir, &path)?;
                }
            }
        }
    }
    Ok(())
}

/// Takes a key and its value.
type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> Result<()> + 'a;

/// The old sled, as far as it is readable.
pub(crate) struct Old {
    trees: Option<Trees>,
    torn: BTreeSet<Name>,
}

impl Old {
    fn open(folder: Option<&Path>, salvaged: &mut Salvaged) -> Self {
        let opened = folder.and_then(|folder| {
            catch_unwind(AssertUnwindSafe(|| Trees::open_folder(folder, 0).ok()))
                .ok()
                .flatten()
        });
        salvaged.opened = opened.is_some();
        Self {
            trees: opened,
            torn: BTreeSet::new(),
        }
    }

    /// The sequence number of the newest snapshot it recorded.
    fn last_sequence(&self) -> u64 {
        let read = || {
            let value = self
                .trees
                .as_ref()?
                .meta
                .get(snapshot::LAST_SEQUENCE)
                .ok()??;
            crate::keys::number_of(&value).ok()
        };
        catch_unwind(AssertUnwindSafe(read))
            .ok()
            .flatten()
            .unwrap_or(0)
    }

    /// Visits the readable records of a tree.
    fn each(&mut self, name: Name, visit: &mut Visit<'_>) -> Result<()> {
        let Some(trees) = &self.trees else {
            return Ok(());
        };
        let mut failed = None;
        let read = catch_unwind(AssertUnwindSafe(|| {
            for item in trees.tree(name) {
                let Ok((key, value)) = item else {
                    return false;
                };
                if let Err(error) = visit(&key, &value) {
                    failed = Some(error);
                    break;
                }
            }
            true
        }));
        if !read.unwrap_or(false) {
            self.torn.insert(name);
        }
        failed.map_or(Ok(()), Err)
    }

    /// The readable values of a tree, with their keys.
    fn values<T: records::Record>(&mut self, name: Name) -> Result<Vec<(Vec<u8>, T)>> {
        let mut found = Vec::new();
        self.each(name, &mut |key, value| {
            if let Ok(value) = records::decode(value, "a record") {
                found.push((key.to_vec(), value));
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn close(self) {
        if let Some(trees) = self.trees {
            trees::close_damaged(trees);
        }
    }
}

/// The newest record of every article, and the purges.
fn logged(dir: &Path, gaps: &mut u64) -> Result<Logged> {
    let mut logged = Logged {
        next_article: 1,
        ..Logged::default()
    };
    let mut undecodable = 0;
    *gaps += value_log::walk(&dir.join("bodies"), &mut |found| {
        let data = found.data();
        if found.kind == Kind::Article as u8 {
            match data.and_then(|data| records::decode::<LoggedArticle>(&data, "an article")) {
                Ok(article) => logged.take(article, found.pointer),
                Err(_) => undecodable += 1,
            }
        } else if found.kind == Kind::Purge as u8 {
            match data.and_then(|data| records::decode::<LoggedPurge>(&data, "a purge")) {
                Ok(purge) => logged.bury(&purge),
                Err(_) => undecodable += 1,
            }
        }
        Ok(())
    })?;
    *gaps += undecodable;
    let Logged {
        articles, purged, ..
    } = &mut logged;
    articles.retain(|id, _| !purged.contains(id));
    Ok(logged)
}

impl Logged {
    fn take(&mut self, article: LoggedArticle, pointer: Pointer) {
        self.next_article = self.next_article.max(article.id + 1);
        let feed = article.row.feed;
        self.urls.insert(feed, article.feed_url);
        let candidate = Candidate {
            body: Some(pointer),
            feed,
            guid: guid_hash(&article.row.guid),
            print: Traits::of_row(&article.row).print(),
            time: article.row.time,
            received_at: article.row.received_at,
        };
        self.articles.insert(article.id, candidate);
    }

    fn bury(&mut self, purge: &LoggedPurge) {
        for article in &purge.articles {
            self.next_article = self.next_article.max(article.id + 1);
            self.purged.insert(article.id);
            let key = (purge.feed, article.guid);
            self.tombstones.insert(key, Tombstone::of(purge.at));
        }
    }

    /// Keeps one article per GUID: the one with the highest id was in use.
    fn drop_doubles(&mut self) {
        let mut seen: HashSet<(FeedId, u64)> = HashSet::new();
        let mut older = Vec::new();
        for (id, candidate) in self.articles.iter().rev() {
            if !seen.insert((candidate.feed, candidate.guid)) {
                older.push(*id);
            }
        }
        for id in older {
            self.articles.remove(&id);
        }
    }
}

/// The feeds: those in the old sled, and those with articles, unless the snapshot lacks them and
/// nothing arrived from them since.
fn feeds(
    old: &mut Old,
    logged: &mut Logged,
    snapshot: Option<&Merged>,
    now: i64,
    rebuilt: &mut Rebuilt,
) -> Result<BTreeMap<FeedId, Feed>> {
    let mut feeds: BTreeMap<FeedId, Feed> = BTreeMap::new();
    let mut removed: HashSet<FeedId> = HashSet::new();
    let mut urls: HashSet<String> = HashSet::new();
    for (key, stored) in old.values::<StoredFeed>(Name::Feeds)? {
        let id = stored.feed.id;
        if crate::keys::number_of(&key).ok() != Some(u64::from(id.0)) {
            continue;
        }
        if stored.removed_at.is_some() {
            removed.insert(id);
        } else if urls.insert(stored.feed.url.clone()) {
            rebuilt.salvaged.feeds += 1;
            feeds.insert(id, stored.feed);
        }
    }
    // The first and the last article of each other feed.
    let mut others: BTreeMap<FeedId, (i64, i64)> = BTreeMap::new();
    for candidate in logged.articles.values() {
        let at = candidate.received_at;
        if !feeds.contains_key(&candidate.feed) && !removed.contains(&candidate.feed) {
            let (first, last) = others.entry(candidate.feed).or_insert((at, at));
            (*first, *last) = ((*first).min(at), (*last).max(at));
        }
    }
    // A snapshot dated in the future is not trusted to be newer.
    let taken_at = snapshot.and_then(|merged| merged.taken_at);
    let taken_at = taken_at.filter(|at| *at <= now);
    for (id, (first, last)) in others.into_iter().rev() {
        let Some(url) = logged.urls.get(&id) else {
            continue;
        };
        let is_known = snapshot.is_none_or(|merged| merged.feeds.contains(url));
        if (is_known || taken_at.is_none_or(|at| last >= at)) && urls.insert(url.clone()) {
            let feed = Feed {
                id,
                url: url.clone(),
                custom_title: None,
                folder: None,
                added_at: first,
                paused: false,
                kind: DocumentKind::Feed,
                options: FeedOptions::default(),
                facts: FeedFacts::default(),
            };
            feeds.insert(id, feed);
        }
    }
    logged
        .articles
        .retain(|_, article| feeds.contains_key(&article.feed));
    rebuilt.feeds = feeds.len() as u64;
    Ok(feeds)
}

/// Writes the rows of all articles, and the lists.
fn articles(
    dir: &Path,
    trees: &Trees,
    old: &mut Old,
    logged: &mut Logged,
    feeds: &BTreeMap<FeedId, Feed>,
    rebuilt: &mut Rebuilt,
) -> Result<()> {
    // Rows without a text.
    let mut rows: Vec<(u64, StoredArticle)> = Vec::new();
    old.each(Name::Articles, &mut |key, value| {
        let id = crate::keys::number_of(key)?;
        logged.next_article = logged.next_article.max(id + 1);
        if logged.articles.contains_key(&id) || logged.purged.contains(&id) {
            return Ok(());
        }
        let stored = records::decode::<StoredArticle>(value, "an article");
        if let Ok(stored) = stored
            && feeds.contains_key(&stored.row.feed)
        {
            rows.push((id, stored));
        }
        Ok(())
    })?;
    for (id, stored) in &rows {
        let row = &stored.row;
        let candidate = Candidate {
            body: None,
            feed: row.feed,
            guid: guid_hash(&row.guid),
            print: Traits::of_row(row).print(),
            time: row.time,
            received_at: row.received_at,
        };
        logged.articles.insert(*id, candidate);
    }
    logged.drop_doubles();
    let mut changes = Changes::default();
    for (id, mut stored) in rows {
        if logged.articles.contains_key(&id) {
            (stored.body, stored.content) = (None, [0; 16]);
            changes.put(Name::Articles, &id.to_be_bytes(), &stored)?;
            rebuilt.without_text += 1;
        }
    }
    trees.apply(&std::mem::take(&mut changes))?;
    value_log::walk(&dir.join("bodies"), &mut |found| {
        if found.kind != Kind::Article as u8 {
            return Ok(());
        }
        let id = crate::keys::number_of(&found.key[8..])?;
        let is_newest = |article: &Candidate| article.body == Some(found.pointer);
        if !logged.articles.get(&id).is_some_and(is_newest) {
            return Ok(());
        }
        let article: LoggedArticle = records::decode(&found.data()?, "an article")?;
        let stored = StoredArticle {
            row: article.row,
            body: Some(found.pointer),
            content: article.content,
        };
        changes.put(Name::Articles, &id.to_be_bytes(), &stored)?;
        rebuilt.articles += 1;
        if changes.count() >= CHUNK {
            trees.apply(&std::mem::take(&mut changes))?;
        }
        Ok(())
    })?;
    trees.apply(&std::mem::take(&mut changes))?;
    let mut lists: BTreeMap<FeedId, Vec<(u64, i64, u64, u64)>> = BTreeMap::new();
    for (id, article) in &logged.articles {
        let list = lists.entry(article.feed).or_default();
        list.push((*id, article.time, article.guid, article.print));
    }
    for (feed, entries) in lists {
        for chunk in entries.chunks(store::ENTRIES_OF_A_RECORD) {
            let record = StoredEntries {
                feed: feed.0,
                entries: chunk.to_vec(),
            };
            changes.put(Name::Entries, &chunk[0].0.to_be_bytes(), &record)?;
        }
        trees.apply(&std::mem::take(&mut changes))?;
    }
    let next = logged.next_article.to_be_bytes();
    changes.put_bytes(Name::Meta, b"next_article", &next);
    trees.apply(&changes)
}

fn write_feeds(
    trees: &Trees,
    logged: &Logged,
    feeds: BTreeMap<FeedId, Feed>,
    old: &mut Old,
    rebuilt: &mut Rebuilt,
) -> Result<()> {
    let mut changes = Changes::default();
    let mut folders = HashSet::new();
    old.each(Name::Folders, &mut |key, value| {
        if let Ok(folder) = records::decode::<Folder>(value, "a folder")
            && crate::keys::number_of(key).ok() == Some(u64::from(folder.id.0))
        {
            // As they were: opening the store nests those of older versions.
            changes.put_bytes(Name::Folders, key, value);
            folders.insert(folder.id);
            rebuilt.salvaged.folders += 1;
        }
        Ok(())
    })?;
    let next_folder = folders.iter().map(|id| id.0 + 1).max().unwrap_or(1);
    changes.put_bytes(Name::Meta, b"next_folder", &next_folder.to_be_bytes());
    let lacking: HashSet<FeedId> = logged
        .articles
        .values()
        .filter(|article| article.body.is_none())
        .map(|article| article.feed)
        .collect();
    // Ids are not reused: articles of a removed feed may still be in the log.
    let numbers = feeds.keys().chain(logged.urls.keys());
    let next_feed = numbers.map(|id| id.0 + 1).max().unwrap_or(1);
    changes.put_bytes(Name::Meta, b"next_feed", &next_feed.to_be_bytes());
    for (id, mut feed) in feeds {
        feed.folder = feed.folder.filter(|folder| folders.contains(folder));
        if lacking.contains(&id) {
            // An unconditional fetch brings lost texts back.
            feed.facts.etag = None;
            feed.facts.last_modified = None;
            feed.facts.body_hash = None;
        }
        let stored = StoredFeed {
            feed,
            removed_at: None,
        };
        changes.put(Name::Feeds, &id.0.to_be_bytes(), &stored)?;
    }
    trees.apply(&changes)
}

/// Read and saved marks, marks that wait, and tombstones.
fn marks(trees: &Trees, logged: &Logged, old: &mut Old, rebuilt: &mut Rebuilt) -> Result<()> {
    let mut changes = Changes::default();
    let blocks = logged.next_article.div_ceil(BLOCK_BITS);
    old.each(Name::Read, &mut |key, value| {
        if value.len() == BLOCK_BYTES
            && crate::keys::number_of(key).is_ok_and(|block| block < blocks)
        {
            changes.put_bytes(Name::Read, key, value);
            rebuilt.salvaged.read_blocks += 1;
        }
        Ok(())
    })?;
    for (key, (at, feed)) in old.values::<(i64, FeedId)>(Name::Saved)? {
        let id = crate::keys::number_of(&key).unwrap_or_default();
        if logged
            .articles
            .get(&id)
            .is_some_and(|article| article.feed == feed)
        {
            changes.put(Name::Saved, &key, &(at, feed))?;
            rebuilt.salvaged.saved += 1;
        }
    }
    for (key, mark) in old.values::<WaitingMark>(Name::Waiting)? {
        changes.put(Name::Waiting, &key, &mark)?;
    }
    // An existing article has no tombstone.
    let here: HashSet<[u8; 12]> = logged
        .articles
        .values()
        .map(|article| crate::keys::guid_key(article.feed, article.guid))
        .collect();
    for (key, tombstone) in old.values::<Tombstone>(Name::Tombstones)? {
        if !here.contains(key.as_slice()) {
            changes.put(Name::Tombstones, &key, &tombstone)?;
        }
    }
    for ((feed, guid), tombstone) in &logged.tombstones {
        let key = crate::keys::guid_key(*feed, *guid);
        if !here.contains(&key) && trees.feeds.contains_key(feed.0.to_be_bytes())? {
            changes.put(Name::Tombstones, &key, tombstone)?;
        }
    }
    trees.apply(&changes)
}

/// Which other feeds list an article; lost ones come back with their next fetch.
fn listings(trees: &Trees, logged: &Logged, old: &mut Old) -> Result<()> {
    let mut changes = Changes::default();
    for (key, mut listing) in old.values::<StoredListing>(Name::Listings)? {
        let Ok((feed, id)) = crate::keys::read_listing_key(&key) else {
            continue;
        };
        let article = logged.articles.get(&id);
        if let Some(article) = article.filter(|article| article.feed != feed)
            && trees.feeds.contains_key(feed.0.to_be_bytes())?
        {
            (listing.owner, listing.time) = (article.feed, article.time);
            changes.put(Name::Listings, &key, &listing)?;
        }
    }
    trees.apply(&changes)
}

/// Articles' full texts: the newest of each, and the reader's choice. Packs, with their existing
/// articles.
fn pages(dir: &Path, trees: &Trees, logged: &Logged, old: &mut Old) -> Result<()> {
    let mut newest: BTreeMap<u64, StoredPage> = BTreeMap::new();
    value_log::walk(&dir.join("bodies"), &mut |found| {
        if found.kind != Kind::Page as u8 {
            return Ok(());
        }
        let id = crate::keys::number_of(&found.key[8..])?;
        let text = found.data();
        if let Ok(page) = text.and_then(|text| records::decode::<FullText>(&text, "a page"))
            && logged.articles.contains_key(&id)
        {
            newest.insert(id, StoredPage::of(&page, found.pointer, None));
        }
        Ok(())
    })?;
    let mut changes = Changes::default();
    for (key, known) in old.values::<StoredPage>(Name::Pages)? {
        let id = crate::keys::number_of(&key).unwrap_or_default();
        match (known, newest.get_mut(&id)) {
            (StoredPage::Kept { chosen, .. }, Some(StoredPage::Kept { chosen: new, .. })) => {
                *new = chosen;
            }
            (failed @ StoredPage::Failed { .. }, None) if logged.articles.contains_key(&id) => {
                changes.put(Name::Pages, &key, &failed)?;
            }
            _ => {}
        }
    }
    for (id, page) in newest {
        changes.put(Name::Pages, &id.to_be_bytes(), &page)?;
        if changes.count() >= CHUNK {
            trees.apply(&std::mem::take(&mut changes))?;
        }
    }
    trees.apply(&std::mem::take(&mut changes))?;
    let mut next_pack = 1_u32;
    let mut packs: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    old.each(Name::Packs, &mut |key, value| {
        packs.push((key.to_vec(), value.to_vec()));
        Ok(())
    })?;
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    // In key order, a pack precedes its articles.
    for (key, value) in packs {
        match key.len() {
            4 => {
                if let Ok(pack) = records::decode::<Pack>(&value, "a pack") {
                    next_pack = next_pack.max(pack.id + 1);
                    changes.put(Name::Packs, &key, &pack)?;
                    known.insert(key);
                }
            }
            8 => {
                let packed = records::decode::<PackedArticle>(&value, "an article of a pack");
                if let Ok(packed) = packed
                    && known.contains(&key[..4])
                    && logged.articles.contains_key(&packed.article.0)
                {
                    changes.put(Name::Packs, &key, &packed)?;
                }
            }
            _ => {}
        }
    }
    changes.put_bytes(Name::Meta, b"next_pack", &next_pack.to_be_bytes());
    trees.apply(&changes)
}

fn small_things(trees: &Trees, old: &mut Old, rebuilt: &mut Rebuilt) -> Result<()> {
    let mut changes = Changes::default();
    for (key, json) in old.values::<String>(Name::Settings)? {
        changes.put(Name::Settings, &key, &json)?;
        rebuilt.salvaged.settings += 1;
    }
    for (key, forward) in old.values::<Forward>(Name::Forwards)? {
        if crate::keys::number_of(&key).ok() == Some(forward.id) {
            changes.put(Name::Forwards, &key, &forward)?;
            rebuilt.salvaged.forwards += 1;
        }
    }
    for (key, search) in old.values::<SavedSearch>(Name::Searches)? {
        changes.put(Name::Searches, &key, &search)?;
        rebuilt.salvaged.searches += 1;
    }
    trees.apply(&changes)
}

fn pictures(dir: &Path, trees: &Trees, old: &mut Old, rebuilt: &mut Rebuilt) -> Result<()> {
    let mut contents: HashMap<[u8; 16], Pointer> = HashMap::new();
    let mut changes = Changes::default();
    let mut undecodable = 0;
    rebuilt.gaps += value_log::walk(&dir.join("pictures"), &mut |found| {
        let Ok((id, picture)) = found.data().and_then(records::decode_picture) else {
            undecodable += 1;
            return Ok(());
        };
        let stored = StoredPicture::Kept {
            content: found.key,
            pointer: found.pointer,
            media_type: picture.media_type,
            width: picture.width,
            height: picture.height,
        };
        changes.put(Name::Pictures, &id.0, &stored)?;
        changes.put(Name::Contents, &found.key, &found.pointer)?;
        contents.insert(found.key, found.pointer);
        if changes.count() >= CHUNK {
            trees.apply(&std::mem::take(&mut changes))?;
        }
        Ok(())
    })?;
    rebuilt.gaps += undecodable;
    // Other addresses of the same pictures, and failures.
    for (key, stored) in old.values::<StoredPicture>(Name::Pictures)? {
        let stored = match stored {
            StoredPicture::Kept {
                content,
                media_type,
                width,
                height,
                ..
            } => contents.get(&content).map(|pointer| StoredPicture::Kept {
                content,
                pointer: *pointer,
                media_type,
                width,
                height,
            }),
            failed @ StoredPicture::Failed { .. } => Some(failed),
        };
        if let Some(stored) = stored {
            changes.put(Name::Pictures, &key, &stored)?;
        }
        if changes.count() >= CHUNK {
            trees.apply(&std::mem::take(&mut changes))?;
        }
    }
    trees.apply(&changes)?;
    rebuilt.pictures = contents.len() as u64;
    Ok(())
}
