//! When sled does not open any more: a new folder for it, made from the value logs, whose records
//! name themselves, and from the newest snapshot. The damaged folder is set aside, never deleted.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::commit::waiting_key;
use crate::error::{Result, StoreError};
use crate::model::{Feed, FeedFacts, FeedId, FeedOptions, Restored};
use crate::records::{
    self, LoggedArticle, LoggedPurge, StoredArticle, StoredEntries, StoredFeed, StoredPicture,
    StoredRow, Tombstone, guid_hash,
};
use crate::snapshot;
use crate::store::{self, Store};
use crate::trees::{self, Trees};
use crate::value_log::{self, Kind, Pointer};

/// What a [`rebuild`] brought back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rebuilt {
    /// Articles with their texts.
    pub articles: u64,
    /// Feeds that these articles named.
    pub feeds: u64,
    /// Pictures.
    pub pictures: u64,
    /// Torn or damaged stretches that were passed over.
    pub gaps: u64,
    /// The snapshot that was restored on top, if there was one, and what it added.
    pub restored: Option<(PathBuf, Restored)>,
    /// Where sled's old folder went.
    pub set_aside: Option<PathBuf>,
}

struct Candidate {
    stored: StoredArticle,
    feed_url: String,
}

/// Makes sled's folder in `dir` again from the value logs and the newest readable snapshot.
/// Articles of feeds that were unsubscribed before that snapshot stay away.
pub fn rebuild(dir: &Path, now: i64) -> Result<Rebuilt> {
    let lock = store::lock_folder(dir)?;
    let set_aside = set_aside(dir)?;
    let snapshot = snapshot::list(dir)?
        .into_iter()
        .find_map(|path| snapshot::feed_urls(&path).ok().map(|urls| (path, urls)));
    let mut rebuilt = Rebuilt {
        articles: 0,
        feeds: 0,
        pictures: 0,
        gaps: 0,
        restored: None,
        set_aside,
    };
    {
        let trees = Trees::open(dir, 1)?;
        let (candidates, tombstones) = articles(dir, &mut rebuilt)?;
        let candidates = subscribed(candidates, snapshot.as_ref());
        write(&trees, candidates, &mut rebuilt)?;
        bury(&trees, &tombstones)?;
        pictures(dir, &trees, &mut rebuilt)?;
        let identity = format!("rebuilt at {now} {}", std::process::id());
        let identity = blake3::hash(identity.as_bytes()).to_hex().to_string();
        trees.meta.insert("identity", identity.as_bytes())?;
        trees.db.flush()?;
    }
    store::write_format(dir)?;
    drop(lock);
    if let Some((path, _)) = snapshot {
        let restored = Store::open(dir)?.restore(&path, now)?;
        rebuilt.restored = Some((path, restored));
    }
    Ok(rebuilt)
}

/// Moves every folder of sled out of the way; gives where the one in use went.
fn set_aside(dir: &Path) -> Result<Option<PathBuf>> {
    let current = trees::current(dir).ok();
    let mut went = None;
    for (generation, folder) in trees::generations(dir)? {
        let free = (1..10_000)
            .map(|number| dir.join(format!("db-damaged-{number}")))
            .find(|p| !p.exists());
        let aside = free.ok_or_else(|| StoreError::Invalid("no free name".into()))?;
        std::fs::rename(&folder, &aside)?;
        if current.is_none_or(|current| current == generation) {
            went = Some(aside);
        }
    }
    value_log::sync_folder(dir)?;
    trees::set_current(dir, 1)?;
    Ok(went)
}

type Tombstones = HashMap<(FeedId, u64), Tombstone>;

/// The newest record of every article that was not purged, and what was.
fn articles(dir: &Path, rebuilt: &mut Rebuilt) -> Result<(BTreeMap<u64, Candidate>, Tombstones)> {
    let mut candidates = BTreeMap::new();
    let mut purges = Vec::new();
    let mut undecodable = 0;
    rebuilt.gaps += value_log::walk(&dir.join("bodies"), &mut |found| {
        let data = found.data();
        if found.kind == Kind::Purge as u8 {
            match data.and_then(|data| records::decode::<LoggedPurge>(&data, "a purge")) {
                Ok(purge) => purges.push(purge),
                Err(_) => undecodable += 1,
            }
            return Ok(());
        }
        if found.kind != Kind::Article as u8 {
            return Ok(());
        }
        let logged = data.and_then(|data| records::decode::<LoggedArticle>(&data, "an article"));
        let Ok(logged) = logged else {
            undecodable += 1;
            return Ok(());
        };
        let LoggedArticle {
            id,
            feed_url,
            row,
            content,
            ..
        } = logged;
        let stored = StoredArticle {
            row,
            body: Some(found.pointer),
            content,
        };
        candidates.insert(id, Candidate { stored, feed_url });
        Ok(())
    })?;
    rebuilt.gaps += undecodable;
    let mut tombstones = Tombstones::new();
    for purge in purges {
        for article in purge.articles {
            candidates.remove(&article.id);
            tombstones.insert((purge.feed, article.guid), Tombstone::of(purge.at));
        }
    }
    // One article a guid: the number given last is the one that was in use.
    let mut seen = HashSet::new();
    let mut older = Vec::new();
    for (id, candidate) in candidates.iter().rev() {
        let row = &candidate.stored.row;
        if !seen.insert((row.feed, row.guid.clone())) {
            older.push(*id);
        }
    }
    for id in older {
        candidates.remove(&id);
    }
    // What came again after all, for instance from a snapshot, is not buried.
    for candidate in candidates.values() {
        let row: &StoredRow = &candidate.stored.row;
        tombstones.remove(&(row.feed, guid_hash(&row.guid)));
    }
    Ok((candidates, tombstones))
}

/// Leaves out feeds that the snapshot does not know although nothing came from them since.
fn subscribed(
    mut candidates: BTreeMap<u64, Candidate>,
    snapshot: Option<&(PathBuf, HashSet<String>)>,
) -> BTreeMap<u64, Candidate> {
    let Some((path, urls)) = snapshot else {
        return candidates;
    };
    let taken_at = snapshot::written_at(path).unwrap_or(i64::MAX);
    let mut lately: HashMap<FeedId, i64> = HashMap::new();
    for candidate in candidates.values() {
        let row = &candidate.stored.row;
        let latest = lately.entry(row.feed).or_insert(i64::MIN);
        *latest = (*latest).max(row.received_at);
    }
    candidates.retain(|_, candidate| {
        urls.contains(&candidate.feed_url)
            || lately
                .get(&candidate.stored.row.feed)
                .is_some_and(|at| *at >= taken_at)
    });
    candidates
}

fn write(trees: &Trees, candidates: BTreeMap<u64, Candidate>, rebuilt: &mut Rebuilt) -> Result<()> {
    // A feed's last address, and one feed for each address.
    let mut urls: BTreeMap<FeedId, (String, i64)> = BTreeMap::new();
    for candidate in candidates.values() {
        let row = &candidate.stored.row;
        let added_at = urls.get(&row.feed).map_or(row.received_at, |(_, at)| *at);
        urls.insert(
            row.feed,
            (candidate.feed_url.clone(), added_at.min(row.received_at)),
        );
    }
    let mut by_url: HashMap<&String, FeedId> = HashMap::new();
    for (feed, (url, _)) in urls.iter().rev() {
        by_url.entry(url).or_insert(*feed);
    }
    let keeps = |feed: &FeedId| by_url.values().any(|kept| kept == feed);
    for (id, (url, added_at)) in urls.iter().filter(|(id, _)| keeps(id)) {
        let feed = Feed {
            id: *id,
            url: url.clone(),
            custom_title: None,
            folder: None,
            added_at: *added_at,
            paused: false,
            options: FeedOptions::default(),
            facts: FeedFacts::default(),
        };
        let stored = StoredFeed {
            feed,
            removed_at: None,
        };
        trees
            .feeds
            .insert(id.0.to_be_bytes(), records::encode(&stored)?)?;
        rebuilt.feeds += 1;
    }
    let next_feed = urls.keys().last().map_or(1, |id| id.0 + 1);
    trees.meta.insert("next_feed", &next_feed.to_be_bytes())?;
    let next_article = candidates.keys().last().map_or(1, |id| id + 1);
    trees
        .meta
        .insert("next_article", &next_article.to_be_bytes())?;

    let mut entries: BTreeMap<FeedId, Vec<(u64, i64, u64)>> = BTreeMap::new();
    for (id, candidate) in candidates {
        let row = &candidate.stored.row;
        if !keeps(&row.feed) {
            continue;
        }
        entries
            .entry(row.feed)
            .or_default()
            .push((id, row.time, guid_hash(&row.guid)));
        trees
            .articles
            .insert(id.to_be_bytes(), records::encode(&candidate.stored)?)?;
        rebuilt.articles += 1;
    }
    for (feed, entries) in entries {
        for chunk in entries.chunks(store::ENTRIES_OF_A_RECORD) {
            let record = StoredEntries {
                feed: feed.0,
                entries: chunk.to_vec(),
            };
            trees
                .entries
                .insert(chunk[0].0.to_be_bytes(), records::encode(&record)?)?;
        }
    }
    Ok(())
}

fn bury(trees: &Trees, tombstones: &Tombstones) -> Result<()> {
    for ((feed, guid), tombstone) in tombstones {
        if trees.feeds.contains_key(feed.0.to_be_bytes())? {
            let key = waiting_key(*feed, *guid);
            trees.tombstones.insert(key, records::encode(tombstone)?)?;
        }
    }
    Ok(())
}

fn pictures(dir: &Path, trees: &Trees, rebuilt: &mut Rebuilt) -> Result<()> {
    let mut undecodable = 0;
    rebuilt.gaps += value_log::walk(&dir.join("pictures"), &mut |found| {
        let Ok((id, picture)) = found.data().and_then(records::decode_picture) else {
            undecodable += 1;
            return Ok(());
        };
        let pointer: Pointer = found.pointer;
        let stored = StoredPicture::Kept {
            content: found.key,
            pointer,
            media_type: picture.media_type,
            width: picture.width,
            height: picture.height,
        };
        trees.pictures.insert(id.0, records::encode(&stored)?)?;
        trees
            .contents
            .insert(found.key, records::encode(&pointer)?)?;
        rebuilt.pictures += 1;
        Ok(())
    })?;
    rebuilt.gaps += undecodable;
    Ok(())
}
