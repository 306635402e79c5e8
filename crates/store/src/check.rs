//! Checks the store: every referenced record is read, all redundant data is compared. Changes
//! nothing; the store cannot be written to meanwhile.
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::error::Result;
use crate::model::{
    Aside, Check, Checkup, Count, FeedId, Folder, Forward, Pack, PackedArticle, SavedSearch,
};
use crate::records::{
    self, StoredArticle, StoredEntries, StoredFeed, StoredListing, StoredPage, StoredPicture,
};
use crate::space::Live;
use crate::state::{BLOCK_BITS, Bits};
use crate::store::{Core, Store};
use crate::value_log::Pointer;

/// Checks whose findings are repaired without rebuilding sled.
pub(crate) const STANDS_ALONE: [&str; 3] = [SNAPSHOTS, AUDIO, SEARCH_INDEX];

const SNAPSHOTS: &str = "snapshots";

const AUDIO: &str = "sounds";

const SEARCH_INDEX: &str = "search index";

/// Maximum number of findings per check; more are only counted.
const MAX_FINDINGS: usize = 20;

struct Findings {
    check: Check,
    unreported: u64,
}

impl Findings {
    fn new(name: &str) -> Self {
        Self {
            check: Check {
                name: name.to_owned(),
                looked_at: 0,
                found: Vec::new(),
            },
            unreported: 0,
        }
    }

    fn look(&mut self) {
        self.check.looked_at += 1;
    }

    fn report(&mut self, what: impl FnOnce() -> String) {
        if self.check.found.len() < MAX_FINDINGS {
            self.check.found.push(what());
        } else {
            self.unreported += 1;
        }
    }

    fn expect(&mut self, is_right: bool, what: impl FnOnce() -> String) {
        self.look();
        if !is_right {
            self.report(what);
        }
    }

    fn done(mut self) -> Check {
        if self.unreported > 0 {
            self.check
                .found
                .push(format!("and {} more", self.unreported));
        }
        self.check
    }
}

/// What was repaired automatically in this session, as text, and the damaged files that are then
/// kept beside the store.
pub fn automatic_repairs(store: &Store) -> Result<(Vec<String>, Aside)> {
    let core = &store.core;
    let mut notes = core.automatic_repairs.clone();
    if let Some(why) = core.search.was_damaged().filter(|_| core.copy.is_none()) {
        notes.push(format!(
            "the search index was damaged ({why}) and is rebuilt"
        ));
    }
    let aside = if notes.is_empty() {
        Aside::default()
    } else {
        crate::aside::report(&core.dir)?
    };
    Ok((notes, aside))
}

impl Store {
    /// Checks checksums, counters, indices and orphans.
    pub fn check(&self) -> Result<Checkup> {
        let core = &self.core;
        core.search.until_verified();
        let _nobody_writes = core.hold_still();
        crate::trees::guarded(|| check_everything(self))
    }
}

fn check_everything(store: &Store) -> Result<Checkup> {
    let core = &store.core;
    let feeds = stored_feeds(core)?;
    let mut entries = EntriesOnDisk::read(core)?;
    let subscriptions = subscriptions(core, &feeds)?;
    let (articles, texts, twice) = articles(core, &feeds, &mut entries)?;
    Ok(Checkup {
        checks: vec![
            subscriptions,
            articles,
            texts,
            twice,
            marks(core, &entries)?,
            counters(core, &entries)?,
            space(core)?,
            pictures(core)?,
            pages(core)?,
            packs(core)?,
            settings(core)?,
            audio(store)?,
            snapshots(core)?,
            search_index(core),
        ],
        aside: crate::aside::report(&core.dir)?,
    })
}

/// The lists of articles on disk.
struct EntriesOnDisk {
    /// Feed, time and GUID hash by id.
    by_id: HashMap<u64, (FeedId, i64, u64)>,
    /// Listings of other feeds' articles: time and GUID hash.
    listed: HashMap<(FeedId, u64), (i64, u64)>,
    read: Bits,
    wrong: Vec<String>,
}

impl EntriesOnDisk {
    fn read(core: &Core) -> Result<Self> {
        let mut entries = Self {
            by_id: HashMap::new(),
            listed: HashMap::new(),
            read: Bits::default(),
            wrong: Vec::new(),
        };
        for item in &core.trees().entries {
            let (key, value) = item?;
            let record: StoredEntries = match records::decode(&value, "a list of articles") {
                Ok(record) => record,
                Err(error) => {
                    entries.wrong.push(format!(
                        "{error} (at {})",
                        crate::keys::number_of(&key[..8.min(key.len())])?
                    ));
                    continue;
                }
            };
            for (id, time, guid, _) in record.entries {
                let known = entries.by_id.insert(id, (FeedId(record.feed), time, guid));
                if known.is_some() {
                    entries.wrong.push(format!("article {id} is listed twice"));
                }
            }
        }
        for item in &core.trees().listings {
            let (key, value) = item?;
            let (feed, id) = crate::keys::read_listing_key(&key)?;
            // Those of a feed that is being purged are purged with it.
            if !core.state().feeds.contains_key(&feed) {
                continue;
            }
            match records::decode::<StoredListing>(&value, "a listing") {
                Ok(listing) => {
                    let guid = crate::hash::guid_hash(&listing.guid);
                    entries.listed.insert((feed, id), (listing.time, guid));
                }
                Err(error) => entries.wrong.push(error.to_string()),
            }
        }
        for item in &core.trees().read {
            let (key, value) = item?;
            let block = crate::keys::number_of(&key)?;
            if !entries.read.load(block, &value) {
                entries.wrong.push(format!(
                    "the read marks of block {block} have the wrong size"
                ));
            }
        }
        Ok(entries)
    }
}

fn stored_feeds(core: &Core) -> Result<BTreeMap<FeedId, Result<StoredFeed>>> {
    let mut feeds = BTreeMap::new();
    for item in &core.trees().feeds {
        let (key, value) = item?;
        let id = FeedId(crate::keys::number_of(&key)? as u32);
        feeds.insert(id, records::decode(&value, "a feed"));
    }
    Ok(feeds)
}

fn subscriptions(core: &Core, feeds: &BTreeMap<FeedId, Result<StoredFeed>>) -> Result<Check> {
    let mut found = Findings::new("subscriptions");
    let mut folders = HashSet::new();
    for item in &core.trees().folders {
        let (key, value) = item?;
        let id = crate::keys::number_of(&key)?;
        let folder = records::decode::<Folder>(&value, "a folder");
        found.expect(
            folder
                .as_ref()
                .is_ok_and(|folder| u64::from(folder.id.0) == id),
            || format!("folder {id} cannot be read"),
        );
        folders.insert(id);
    }
    let mut urls = HashSet::new();
    for (id, stored) in feeds {
        found.look();
        match stored {
            Ok(stored) => {
                let feed = &stored.feed;
                let folder = feed.folder.map(|folder| u64::from(folder.0));
                if feed.id != *id {
                    found.report(|| format!("feed {} says that it is feed {}", id.0, feed.id.0));
                }
                if stored.removed_at.is_none() && !urls.insert(feed.url.clone()) {
                    found.report(|| format!("{} is subscribed to twice", feed.url));
                }
                if stored.removed_at.is_none()
                    && folder.is_some_and(|folder| !folders.contains(&folder))
                {
                    found
                        .report(|| format!("feed {} is in a folder that does not exist", feed.url));
                }
            }
            Err(error) => found.report(|| format!("feed {}: {error}", id.0)),
        }
    }
    let state = core.state();
    for (id, known) in &state.feeds {
        let on_disk = feeds.get(id).and_then(|stored| stored.as_ref().ok());
        found.expect(
            on_disk.is_some_and(|stored| stored.feed == known.feed),
            || format!("feed {} differs between memory and disk", known.feed.url),
        );
    }
    Ok(found.done())
}

/// Compares articles with list entries and their texts, and looks for duplicate GUIDs.
fn articles(
    core: &Core,
    feeds: &BTreeMap<FeedId, Result<StoredFeed>>,
    entries: &mut EntriesOnDisk,
) -> Result<(Check, Check, Check)> {
    let mut found = Findings::new("articles");
    let mut texts = Findings::new("texts");
    let mut twice = Findings::new("deduplication");
    for wrong in std::mem::take(&mut entries.wrong) {
        found.report(|| wrong);
    }
    let mut seen = HashSet::new();
    let mut guids: HashSet<(FeedId, [u8; 16])> = HashSet::new();
    let next_article = core.state().next_article;
    for item in &core.trees().articles {
        let (key, value) = item?;
        let id = crate::keys::number_of(&key)?;
        found.look();
        seen.insert(id);
        let stored: StoredArticle = match records::decode(&value, "the row") {
            Ok(stored) => stored,
            Err(error) => {
                found.report(|| format!("article {id}: {error}"));
                continue;
            }
        };
        let feed = stored.row.feed;
        let guid = crate::hash::guid_hash(&stored.row.guid);
        if id >= next_article {
            found.report(|| format!("article {id} has an id that was not assigned yet"));
        }
        match feeds.get(&feed) {
            Some(_) if entries.by_id.get(&id) == Some(&(feed, stored.row.time, guid)) => {}
            Some(_) => {
                found.report(|| format!("the list entry of article {id} differs from its row"));
            }
            None => found.report(|| format!("article {id} belongs to no feed")),
        }
        let key = (feed, crate::hash::hash16(stored.row.guid.as_bytes()));
        twice.expect(guids.insert(key), || format!("article {id} is there twice"));
        if stored.body.is_some() {
            text(core, id, &stored, &mut texts);
        }
    }
    let state = core.state();
    for (id, (feed, _, _)) in &entries.by_id {
        // A purge removes the articles of a feed first.
        if !seen.contains(id) && state.feeds.contains_key(feed) {
            found.report(|| format!("article {id} is listed but missing"));
        }
    }
    Ok((found.done(), texts.done(), twice.done()))
}

fn text(core: &Core, id: u64, stored: &StoredArticle, texts: &mut Findings) {
    texts.look();
    match core.logged(id, stored) {
        Ok(logged) if logged.id == id && logged.row.guid == stored.row.guid => {}
        Ok(_) => texts.report(|| format!("the text of article {id} is another article's")),
        Err(error) => texts.report(|| format!("the text of article {id} is lost: {error}")),
    }
}

fn marks(core: &Core, entries: &EntriesOnDisk) -> Result<Check> {
    let mut found = Findings::new("marks");
    let state = core.state();
    let mut saved = HashSet::new();
    for item in &core.trees().saved {
        let (key, value) = item?;
        let id = crate::keys::number_of(&key)?;
        saved.insert(id);
        let mark = records::decode::<(i64, FeedId)>(&value, "a saved mark").ok();
        if mark.is_some_and(|(_, feed)| state.purging.contains(&feed)) {
            continue;
        }
        found.expect(
            mark.is_some() && mark == state.saved_at.get(&id).copied(),
            || format!("the saved mark of article {id} differs between memory and disk"),
        );
        let feed = mark.map(|(_, feed)| feed);
        let is_kept = feed.is_none_or(|feed| {
            !state.feeds.contains_key(&feed)
                || entries.by_id.get(&id).is_some_and(|entry| entry.0 == feed)
        });
        found.expect(is_kept, || format!("saved article {id} is not there"));
    }
    for id in state.saved_at.keys() {
        found.expect(saved.contains(id), || {
            format!("the saved mark of article {id} is missing on disk")
        });
    }
    for id in entries.by_id.keys() {
        found.expect(state.read.get(*id) == entries.read.get(*id), || {
            format!("the read mark of article {id} differs between memory and disk")
        });
    }
    for item in &core.trees().waiting {
        let (_, value) = item?;
        let mark = records::decode::<records::WaitingMark>(&value, "a waiting mark");
        found.expect(mark.is_ok(), || "a waiting mark cannot be read".into());
    }
    Ok(found.done())
}

/// Compares the counters and lists in memory with those on disk.
fn counters(core: &Core, entries: &EntriesOnDisk) -> Result<Check> {
    let mut found = Findings::new("counters");
    let mut walked: HashMap<FeedId, Count> = HashMap::new();
    for (id, (feed, _, _)) in &entries.by_id {
        let count = walked.entry(*feed).or_default();
        count.total += 1;
        count.unread += u64::from(!entries.read.get(*id));
    }
    for (feed, id) in entries.listed.keys() {
        let count = walked.entry(*feed).or_default();
        count.total += 1;
        count.unread += u64::from(!entries.read.get(*id));
        found.expect(entries.by_id.contains_key(id), || {
            format!("article {id} is listed by feed {}, but missing", feed.0)
        });
    }
    let state = core.state();
    for (id, known) in &state.feeds {
        let walked = walked.get(id).copied().unwrap_or_default();
        found.expect(known.count() == walked, || {
            let (shown, url) = (known.count(), &known.feed.url);
            format!("the counters of {url} are {shown:?}, but its list has {walked:?}")
        });
        let in_order = known
            .entries
            .is_sorted_by_key(|entry| (entry.time, entry.id));
        found.expect(in_order, || {
            format!("the list of {} is out of order", known.feed.url)
        });
        for entry in &known.entries {
            let on_disk = entries.by_id.get(&entry.id);
            let listed = entries.listed.get(&(*id, entry.id));
            let is_its_own = on_disk == Some(&(*id, entry.time, entry.guid));
            let is_as_shown = is_its_own || listed == Some(&(entry.time, entry.guid));
            found.expect(is_as_shown, || {
                format!(
                    "the list entry of article {} differs between memory and disk",
                    entry.id
                )
            });
        }
    }
    let next = core.trees().meta.get("next_article")?;
    let next = next.map_or(Ok(1), |next| crate::keys::number_of(&next))?;
    found.expect(next == state.next_article, || {
        format!(
            "the next article id is {next} on disk and {} in memory",
            state.next_article
        )
    });
    let is_behind = crate::snapshot::is_sled_behind(core)?;
    found.expect(!is_behind, || {
        "the lists are older than the newest snapshot: their end was lost".into()
    });
    let highest = entries.by_id.keys().max().copied().unwrap_or(0);
    found.expect(highest < next, || {
        format!("article {highest} is listed, but {next} is next")
    });
    let blocks = next.div_ceil(BLOCK_BITS);
    found.expect(core.trees().read.len() as u64 <= blocks + 1, || {
        "there are read marks beyond the last article".into()
    });
    Ok(found.done())
}

/// The live bytes by feed and segment, and tombstones.
fn space(core: &Core) -> Result<Check> {
    let mut found = Findings::new("space");
    let trees = core.trees();
    let mut counted = Live::default();
    for item in &trees.articles {
        let (key, value) = item?;
        let Ok(stored) = records::decode::<StoredArticle>(&value, "the row") else {
            continue;
        };
        let page = crate::keys::number_of(&key).map(|id| core.stored_page(id));
        let of_page = match page {
            Ok(Ok(Some(StoredPage::Kept { pointer, .. }))) => Some(pointer),
            _ => None,
        };
        for pointer in stored.body.into_iter().chain(of_page) {
            counted.add(stored.row.feed, pointer);
        }
    }
    let on_disk = Live::load(&trees);
    found.expect(on_disk.as_ref().is_ok_and(|live| *live == counted), || {
        "the live-byte counters do not match the articles".into()
    });
    found.expect(core.state().live == counted, || {
        "the live-byte counters differ between memory and disk".into()
    });
    for item in &trees.tombstones {
        let tombstone = records::decode::<records::Tombstone>(&item?.1, "a tombstone");
        found.expect(tombstone.is_ok(), || "a tombstone cannot be read".into());
    }
    Ok(found.done())
}

fn pictures(core: &Core) -> Result<Check> {
    let mut found = Findings::new("pictures");
    for item in &core.trees().pictures {
        let (_, value) = item?;
        found.look();
        match records::decode(&value, "a picture") {
            Ok(StoredPicture::Kept {
                content, pointer, ..
            }) => {
                if let Err(error) = crate::pictures::picture_bytes(core, content, pointer) {
                    found.report(|| format!("a picture is lost: {error}"));
                }
            }
            Ok(StoredPicture::Failed { .. }) => {}
            Err(error) => found.report(|| error.to_string()),
        }
    }
    for item in &core.trees().contents {
        let (_, value) = item?;
        let pointer = records::decode::<Pointer>(&value, "a picture's pointer");
        found.expect(pointer.is_ok(), || {
            "the pointer to a picture cannot be read".into()
        });
    }
    Ok(found.done())
}

/// The texts of articles' pages.
fn pages(core: &Core) -> Result<Check> {
    let mut found = Findings::new("pages");
    for item in &core.trees().pages {
        let (key, value) = item?;
        let id = crate::keys::number_of(&key)?;
        found.look();
        if core.stored(id)?.is_none() {
            found.report(|| format!("there is a full text for article {id}, which does not exist"));
        }
        if let Err(error) = records::decode::<StoredPage>(&value, "a full-text record") {
            found.report(|| error.to_string());
        } else if let Err(error) = crate::full_text::page(core, id) {
            found.report(|| format!("the full text of article {id} is lost: {error}"));
        }
    }
    Ok(found.done())
}

/// Packs, and whether their articles exist.
fn packs(core: &Core) -> Result<Check> {
    let mut found = Findings::new("packs");
    let mut held: HashMap<u64, u32> = HashMap::new();
    for item in &core.trees().packs {
        let (key, value) = item?;
        found.look();
        if key.len() == 4 {
            let pack = records::decode::<Pack>(&value, "a pack");
            if !pack.is_ok_and(|pack| pack.id.to_be_bytes() == *key) {
                found.report(|| "a pack cannot be read".into());
            }
            continue;
        }
        match records::decode::<PackedArticle>(&value, "an article of a pack") {
            Ok(packed) => {
                let id = packed.article.0;
                *held.entry(id).or_default() += 1;
                if core.stored(id)?.is_none() {
                    found.report(|| format!("article {id} of a pack is missing"));
                }
            }
            Err(error) => found.report(|| error.to_string()),
        }
    }
    found.expect(held == core.state().packed, || {
        "the packs' articles differ between memory and disk".into()
    });
    Ok(found.done())
}

fn settings(core: &Core) -> Result<Check> {
    let mut found = Findings::new("settings and forwards");
    for item in &core.trees().settings {
        let (key, value) = item?;
        let json = records::decode::<String>(&value, "a setting");
        found.expect(json.is_ok(), || {
            format!(
                "the setting {} cannot be read",
                String::from_utf8_lossy(&key)
            )
        });
    }
    for item in &core.trees().searches {
        let search = records::decode::<SavedSearch>(&item?.1, "a saved search");
        found.expect(search.is_ok(), || "a saved search cannot be read".into());
    }
    for item in &core.trees().forwards {
        let (key, value) = item?;
        let id = crate::keys::number_of(&key)?;
        let forward = records::decode::<Forward>(&value, "a forward");
        found.expect(forward.is_ok_and(|forward| forward.id == id), || {
            format!("forward {id} cannot be read")
        });
    }
    Ok(found.done())
}

/// Each podcast episode, by its checksum.
fn audio(store: &Store) -> Result<Check> {
    let mut found = Findings::new(AUDIO);
    let (count, lost) = store.podcasts().lost()?;
    found.check.looked_at = count;
    for (audio, why) in lost {
        found.report(|| format!("the episode {} is lost: {why}", audio.url));
    }
    Ok(found.done())
}

fn snapshots(core: &Core) -> Result<Check> {
    let mut found = Findings::new(SNAPSHOTS);
    for (path, problems) in crate::snapshot::check(&core.dir)? {
        found.look();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(problem) = problems.first() {
            found.report(|| format!("{name}: {problem}"));
        }
    }
    Ok(found.done())
}

/// The index may lag behind, but not be ahead. Damage found since the store was opened is reported
/// although the index is being rebuilt.
fn search_index(core: &Core) -> Check {
    let mut found = Findings::new(SEARCH_INDEX);
    if let Some(why) = core.search.was_damaged() {
        found.report(|| format!("the search index was damaged and is being rebuilt: {why}"));
    } else if let Err(error) = crate::search::verify(core) {
        found.report(|| error.to_string());
        core.search.broke(&error.to_string());
    }
    let (last, documents) = core.search.extent();
    let next_article = core.state().next_article;
    found.check.looked_at = documents;
    if last >= next_article || documents > next_article {
        found.report(|| {
            "the search index has articles that the store lacks; delete the folder `search`".into()
        });
    }
    found.done()
}
