//! Freeing dead space on disk. Segments of the value logs are rewritten without dead records; sled,
//! which never shrinks, is copied in key order into a new folder while others read and write,
//! compared, and switched to by renaming one file. A kill at any moment leaves either the old or
//! the new one intact; leftovers are removed at the next open.
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use sled::IVec;

use crate::error::{Result, StoreError};
use crate::files::folder_bytes;
use crate::model::{Compacted, FeedId, PictureId};
use crate::records::Tombstone;
use crate::records::{self, LoggedPurge, StoredArticle, StoredPage, StoredPicture};
use crate::space::Live;
use crate::store::{Core, Store};
use crate::trees::{self, Changes, Name, Trees};
use crate::value_log::{Found, Kind, Pointer, ValueLog};

/// Dead share above which the background rewrites a segment …
const HALF: f64 = 0.5;

/// … and above which the reader's request does.
const SOME: f64 = 0.1;

/// Number of keys and bytes of records moved per transaction.
const KEYS: usize = 500;

const BYTES: usize = 1 << 20;

/// Rounds of copying newly written keys before writers are blocked.
const ROUNDS: usize = 6;

const FEW: usize = 500;

/// Tombstones of articles that their feed has not listed for this many days are dropped.
const TOMBSTONE_DAYS: u32 = 400;

/// Approximate size of an article in a freshly written sled, in bytes; and how much a small sled
/// may waste.
const OF_AN_ARTICLE: u64 = 1_400;

const SMALL: u64 = 64 << 20;

/// How long to wait for the last readers of the old sled.
const LAST_READERS: Duration = Duration::from_secs(20);

impl Store {
    /// Frees dead space on disk, while others read and write. Pictures that no article uses are
    /// removed: `keys` returns every address under which an article's picture is stored, `also`
    /// names those that stay without an article.
    pub fn compact(
        &self,
        keys: &dyn Fn(&str) -> Vec<String>,
        also: &[String],
    ) -> Result<Compacted> {
        let core = &self.core;
        core.may_write()?;
        let _alone = core
            .compacting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let bytes_before = folder_bytes(&core.dir);
        let pictures = sweep_pictures(core, keys, also, i64::MIN)?;
        core.bodies.close_segment()?;
        core.pictures.close_segment()?;
        rewrite_bodies(core, SOME)?;
        rewrite_pictures(core, SOME)?;
        match rewrite_sled(core) {
            // The rest was freed.
            Err(StoreError::DiskFull) => tracing::warn!("no room to copy sled"),
            done => done?,
        }
        Ok(Compacted {
            bytes_before,
            bytes_after: folder_bytes(&core.dir),
            pictures,
        })
    }
}

impl Store {
    /// Removes pictures that neither an article since `since`, nor a saved one, nor `also` names;
    /// returns how many. `keys` as for [`Store::compact`], which then frees their space.
    pub fn forget_pictures(
        &self,
        keys: &dyn Fn(&str) -> Vec<String>,
        also: &[String],
        since: i64,
    ) -> Result<u64> {
        let core = &self.core;
        let _alone = core
            .compacting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        sweep_pictures(core, keys, also, since)
    }
}

/// A picture and the newest article that names it.
struct Named {
    time: i64,
    stays: bool,
}

impl Store {
    /// Limits pictures to `most` bytes: above that, removes those of the oldest articles until an
    /// eighth is free; returns how many bytes were removed. Those of saved articles and of packs
    /// stay, and those `also` names; `keys` as for [`Store::compact`].
    /// [`Store::compact`] frees the space on disk.
    pub fn make_room(
        &self,
        most: u64,
        keys: &dyn Fn(&str) -> Vec<String>,
        also: &[String],
    ) -> Result<u64> {
        let core = &self.core;
        let _alone = core
            .compacting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        make_room(core, most, keys, also)
    }
}

fn make_room(
    core: &Core,
    most: u64,
    keys: &dyn Fn(&str) -> Vec<String>,
    also: &[String],
) -> Result<u64> {
    let trees = core.trees();
    let mut here: Vec<([u8; 16], [u8; 16], u64)> = Vec::new();
    let mut sizes: HashMap<[u8; 16], (u64, u32)> = HashMap::new();
    for item in &trees.pictures {
        let (key, value) = item?;
        let stored: StoredPicture = records::decode(&value, "a picture")?;
        if let (
            Ok(key),
            StoredPicture::Kept {
                content, pointer, ..
            },
        ) = (<[u8; 16]>::try_from(key.as_ref()), stored)
        {
            let bytes = u64::from(pointer.length);
            here.push((key, content, bytes));
            sizes.entry(content).or_insert((bytes, 0)).1 += 1;
        }
    }
    let mut total: u64 = sizes.values().map(|(bytes, _)| bytes).sum();
    if total <= most {
        return Ok(0);
    }
    // Somewhat less, so that the next few pictures do not trigger this again.
    let most = most - most / 8;
    let named = named_pictures(core, keys, also)?;
    let rank = |key: &[u8; 16]| named.get(key).map_or(i64::MIN, |named| named.time);
    here.retain(|(key, ..)| !named.get(key).is_some_and(|named| named.stays));
    here.sort_by_key(|(key, ..)| rank(key));
    let mut going = Vec::new();
    let before = total;
    for (key, content, bytes) in here {
        if total <= most {
            break;
        }
        going.push(key);
        if let Some((_, names)) = sizes.get_mut(&content) {
            *names -= 1;
            total -= if *names == 0 { bytes } else { 0 };
        }
    }
    for chunk in going.chunks(KEYS) {
        let _writing = core.write_little()?;
        let mut changes = Changes::default();
        for key in chunk {
            changes.remove(Name::Pictures, key);
        }
        core.apply(&changes)?;
    }
    rewrite_pictures(core, HALF)?;
    Ok(before - total)
}

/// Every picture that an article or `also` names.
fn named_pictures(
    core: &Core,
    keys: &dyn Fn(&str) -> Vec<String>,
    also: &[String],
) -> Result<HashMap<[u8; 16], Named>> {
    let mut named: HashMap<[u8; 16], Named> = HashMap::new();
    let mut name = |url: &str, time: i64, stays: bool| {
        let keys = keys(url);
        for key in std::iter::once(url).chain(keys.iter().map(String::as_str)) {
            let known = named.entry(PictureId::of_url(key).0).or_insert(Named {
                time: i64::MIN,
                stays: false,
            });
            known.time = known.time.max(time);
            known.stays |= stays;
        }
    };
    for url in also {
        name(url, i64::MAX, true);
    }
    for feed in core.state().feeds.values() {
        let icon = feed.feed.facts.icon_url.iter();
        icon.for_each(|url| name(url, i64::MAX, true));
    }
    for item in &core.trees().articles {
        let (key, value) = item?;
        go_on(core)?;
        let id = crate::keys::number_of(&key)?;
        let stored: StoredArticle = records::decode(&value, "an article")?;
        let stays = core.state().is_kept(id);
        let time = stored.row.time;
        let lead = stored.row.lead_picture.iter();
        lead.for_each(|url| name(url, time, stays));
        if let Ok(logged) = core.logged(id, &stored) {
            logged
                .pictures
                .iter()
                .for_each(|url| name(url, time, stays));
        }
        if let Ok(Some(page)) = crate::full_text::page(core, id) {
            let all = page.lead_picture.iter().chain(&page.pictures);
            all.for_each(|url| name(url, time, stays));
        }
    }
    Ok(named)
}

/// Compacts in the background, if enough is dead.
pub(crate) fn compact_what_is_worth_it(core: &Core) -> Result<()> {
    let _alone = core
        .compacting
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    rewrite_bodies(core, HALF)?;
    let bytes = folder_bytes(&trees::folder(&core.dir, core.trees().generation));
    if bytes > SMALL + 2 * OF_AN_ARTICLE * core.article_count() {
        rewrite_sled(core)?;
    }
    Ok(())
}

/// Rewrites segments of texts of which at least `share` is dead.
fn rewrite_bodies(core: &Core, share: f64) -> Result<()> {
    let mut closed = core.bodies.closed_segments()?;
    // The segments with least to copy come first: on a full disk they make room for the others.
    closed.sort_by_key(|(segment, _)| core.state().live.of_segment(*segment));
    for (segment, length) in closed {
        if core.is_stopping() {
            return Ok(());
        }
        let live = core.state().live.of_segment(segment);
        if is_dead(live, length, share) && has_room_for(core, live) {
            chunks(&core.bodies, segment, &mut |chunk| {
                move_articles(core, chunk)
            })?;
            core.flush()?;
            // Damaged records may still be referenced: then the segment stays.
            if core.state().live.of_segment(segment) == 0 {
                core.bodies.remove_segment(segment)?;
            }
        }
    }
    Ok(())
}

/// Whether this much can be written before space is freed.
fn has_room_for(core: &Core, bytes: u64) -> bool {
    core.reserve.for_rewriting(bytes).is_ok()
}

/// Appends the live records again and updates their pointers.
fn move_articles(core: &Core, chunk: &[Found<'_>]) -> Result<()> {
    let _writing = core.write_little()?;
    let trees = core.trees();
    let mut raw: Vec<&[u8]> = Vec::new();
    let mut articles: Vec<(u64, StoredArticle, Pointer)> = Vec::new();
    let mut pages: Vec<(u64, StoredPage, FeedId)> = Vec::new();
    let mut raw_pages: Vec<&[u8]> = Vec::new();
    let mut purges = Vec::new();
    for found in chunk {
        if found.kind == Kind::Article as u8 {
            let id = crate::keys::number_of(&found.key[8..])?;
            if let Some(stored) = core.stored(id)?.filter(|s| s.body == Some(found.pointer)) {
                articles.push((id, stored, found.pointer));
                raw.push(found.raw);
            }
        } else if found.kind == Kind::Page as u8 {
            let id = crate::keys::number_of(&found.key[8..])?;
            if let Some(page) = core.stored_page(id)?
                && matches!(page, StoredPage::Kept { pointer, .. } if pointer == found.pointer)
                && let Some(stored) = core.stored(id)?
            {
                pages.push((id, page, stored.row.feed));
                raw_pages.push(found.raw);
            }
        } else if found.kind == Kind::Purge as u8
            && let Some(record) = still_purged(&trees, found)?
        {
            purges.push((found.key, record));
        }
    }
    if !purges.is_empty() {
        core.bodies.append(Kind::Purge, &purges)?;
    }
    if articles.is_empty() && pages.is_empty() {
        return Ok(());
    }
    let pointers = core.bodies.append_raw(&raw)?;
    let page_pointers = core.bodies.append_raw(&raw_pages)?;
    // A pointer may reach the disk before the next flush.
    core.bodies.sync()?;
    let mut live = Live::default();
    let mut changes = Changes::default();
    for ((id, mut stored, old), new) in articles.into_iter().zip(pointers) {
        stored.body = Some(new);
        live.remove(stored.row.feed, old);
        live.add(stored.row.feed, new);
        changes.put(Name::Articles, &id.to_be_bytes(), &stored)?;
    }
    for ((id, mut page, feed), new) in pages.into_iter().zip(page_pointers) {
        if let StoredPage::Kept { pointer, .. } = &mut page {
            live.remove(feed, *pointer);
            live.add(feed, new);
            *pointer = new;
        }
        changes.put(Name::Pages, &id.to_be_bytes(), &page)?;
    }
    core.state().live.put(&live, &mut changes);
    core.apply(&changes)?;
    core.state_mut().live.take_in(&live);
    Ok(())
}

/// Removes unused pictures; returns how many. Articles before `since` count only while they are
/// saved or in a pack.
fn sweep_pictures(
    core: &Core,
    keys: &dyn Fn(&str) -> Vec<String>,
    also: &[String],
    since: i64,
) -> Result<u64> {
    let mut named: HashSet<[u8; 16]> = HashSet::new();
    let mut name = |url: &str| {
        named.insert(PictureId::of_url(url).0);
        named.extend(keys(url).iter().map(|key| PictureId::of_url(key).0));
    };
    for url in also {
        name(url);
    }
    for feed in core.state().feeds.values() {
        feed.feed.facts.icon_url.iter().for_each(|url| name(url));
    }
    let trees = core.trees();
    if trees.pictures.is_empty() {
        return Ok(0);
    }
    // Only those present now: new ones may be named by articles that were checked already.
    let here: Vec<IVec> = trees.pictures.iter().keys().collect::<Result<_, _>>()?;
    for item in &trees.articles {
        let (key, value) = item?;
        go_on(core)?;
        let stored: StoredArticle = records::decode(&value, "an article")?;
        let id = crate::keys::number_of(&key)?;
        let stays = {
            let state = core.state();
            state.saved_at.contains_key(&id) || state.packed.contains_key(&id)
        };
        if stored.row.time < since && !stays {
            continue;
        }
        stored.row.lead_picture.iter().for_each(|url| name(url));
        if let Ok(logged) = core.logged(id, &stored) {
            logged.pictures.iter().for_each(|url| name(url));
        }
        if let Ok(Some(page)) = crate::full_text::page(core, crate::keys::number_of(&key)?) {
            let all = page.lead_picture.iter().chain(&page.pictures);
            all.for_each(|url| name(url));
        }
    }
    let is_named =
        |key: &IVec| <[u8; 16]>::try_from(key.as_ref()).is_ok_and(|key| named.contains(&key));
    let unnamed: Vec<IVec> = here.into_iter().filter(|key| !is_named(key)).collect();
    for chunk in unnamed.chunks(KEYS) {
        let _writing = core.write_little()?;
        let mut changes = Changes::default();
        for key in chunk {
            changes.remove(Name::Pictures, key);
        }
        core.apply(&changes)?;
    }
    Ok(unnamed.len() as u64)
}

/// Rewrites segments of pictures of which at least `share` is dead.
fn rewrite_pictures(core: &Core, share: f64) -> Result<()> {
    let mut closed = core.pictures.closed_segments()?;
    let mut live: HashMap<u32, u64> = HashMap::new();
    {
        // Removes contents without a picture.
        let _writing = core.write_little()?;
        let trees = core.trees();
        let mut used: HashSet<[u8; 16]> = HashSet::new();
        for item in &trees.pictures {
            let stored: StoredPicture = records::decode(&item?.1, "a picture")?;
            if let StoredPicture::Kept { content, .. } = stored {
                used.insert(content);
            }
        }
        let mut changes = Changes::default();
        for item in &trees.contents {
            let (key, value) = item?;
            let pointer: Pointer = records::decode(&value, "a picture's pointer")?;
            if <[u8; 16]>::try_from(key.as_ref()).is_ok_and(|key| used.contains(&key)) {
                *live.entry(pointer.segment).or_default() += u64::from(pointer.length);
            } else {
                changes.remove(Name::Contents, &key);
            }
        }
        core.apply(&changes)?;
    }
    closed.sort_by_key(|(segment, _)| live.get(segment).copied().unwrap_or_default());
    for (segment, length) in closed {
        let live = live.get(&segment).copied().unwrap_or_default();
        if core.is_stopping() {
            return Ok(());
        }
        if is_dead(live, length, share) && has_room_for(core, live) {
            let mut damaged = live;
            chunks(&core.pictures, segment, &mut |chunk| {
                damaged -= move_pictures(core, chunk)?.min(damaged);
                Ok(())
            })?;
            core.flush()?;
            if damaged == 0 {
                core.pictures.remove_segment(segment)?;
            }
        }
    }
    Ok(())
}

/// Appends the live records again and updates their pointers; returns their length.
fn move_pictures(core: &Core, chunk: &[Found<'_>]) -> Result<u64> {
    let _writing = core.write_little()?;
    let trees = core.trees();
    let mut moving: Vec<&Found> = Vec::new();
    for found in chunk {
        let place = trees.contents.get(found.key)?;
        let place = place.map(|value| records::decode::<Pointer>(&value, "a picture's pointer"));
        if place.transpose()? == Some(found.pointer) {
            moving.push(found);
        }
    }
    let raw: Vec<&[u8]> = moving.iter().map(|found| found.raw).collect();
    let pointers = core.pictures.append_raw(&raw)?;
    core.pictures.sync()?;
    let mut changes = Changes::default();
    for (found, pointer) in moving.iter().zip(pointers) {
        changes.put(Name::Contents, &found.key, &pointer)?;
    }
    core.apply(&changes)?;
    Ok(raw.iter().map(|raw| raw.len() as u64).sum())
}

/// Copies sled into a fresh folder and puts that in its place.
fn rewrite_sled(core: &Core) -> Result<()> {
    let old = core.trees();
    let next = old.generation + 1;
    let old_folder = trees::folder(&core.dir, old.generation);
    let free = fs4::available_space(&core.dir)?;
    if free < folder_bytes(&old_folder).saturating_add(core.options.reserve_bytes) {
        return Err(StoreError::DiskFull);
    }
    let folder = trees::folder(&core.dir, next);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    {
        let _writing = core.hold_still();
        old.remember();
    }
    let copied = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        copy_and_switch(core, &old, next)
    }));
    old.forget_written();
    let copied =
        copied.unwrap_or_else(|_| Err(StoreError::Damaged("sled's trees cannot be copied".into())));
    if let Err(error) = copied {
        std::fs::remove_dir_all(&folder).ok();
        return Err(error);
    }
    // Readers of the old one may finish.
    let began = Instant::now();
    while Arc::strong_count(&old) > 1 && began.elapsed() < LAST_READERS {
        std::thread::sleep(Duration::from_millis(5));
    }
    if Arc::strong_count(&old) == 1 {
        drop(old);
        if let Err(error) = std::fs::remove_dir_all(&old_folder) {
            tracing::warn!(%error, "sled's old folder is left for the next start to remove");
        }
    }
    Ok(())
}

fn copy_and_switch(core: &Core, old: &Trees, next: u32) -> Result<()> {
    let today = Tombstone::of(crate::clock::clock().as_secs() as i64).day;
    let keeps = |name: Name, value: &[u8]| {
        name != Name::Tombstones
            || records::decode::<Tombstone>(value, "a tombstone").map_or(true, |tombstone| {
                today.saturating_sub(tombstone.day) <= TOMBSTONE_DAYS
            })
    };
    let new = Trees::open(&core.dir, next)?;
    for name in Name::ALL {
        let mut changes = Changes::default();
        for item in old.tree(name) {
            let (key, value) = item?;
            if keeps(name, &value) {
                changes.put_bytes(name, &key, value);
            }
            if changes.count() >= KEYS {
                new.apply(&std::mem::take(&mut changes))?;
                go_on(core)?;
            }
        }
        new.apply(&changes)?;
    }
    for _ in 0..ROUNDS {
        let written = {
            let _writing = core.hold_still();
            old.written()
        };
        copy_keys(old, &new, &written)?;
        if written.len() <= FEW {
            break;
        }
    }
    new.db.flush()?;
    let differing = differing(core, old, &new, &keeps)?;
    let writing = core.hold_still();
    copy_keys(old, &new, &old.written())?;
    for (name, key) in differing {
        if old.tree(name).get(&key)? != new.tree(name).get(&key)? {
            return Err(StoreError::Damaged(
                "the copy of sled is not the same".into(),
            ));
        }
    }
    new.say_generation()?;
    new.db.flush()?;
    let named = trees::set_current(&core.dir, next);
    // It may have failed after the file was renamed: the file's content decides.
    if named.is_err() && trees::current(&core.dir).ok() != Some(next) {
        return named;
    }
    drop(core.put_trees(new));
    drop(writing);
    Ok(())
}

/// The keys whose values differ.
fn differing(
    core: &Core,
    old: &Trees,
    new: &Trees,
    keeps: &dyn Fn(Name, &[u8]) -> bool,
) -> Result<Vec<(Name, IVec)>> {
    let mut differing = Vec::new();
    for name in Name::ALL {
        let mut ours = old.tree(name).iter();
        let mut theirs = new.tree(name).iter();
        let mut next_kept = || {
            ours.by_ref()
                .find(|item| item.as_ref().map_or(true, |(_, value)| keeps(name, value)))
                .transpose()
        };
        let (mut mine, mut copy) = (next_kept()?, theirs.next().transpose()?);
        let mut looked_at = 0_usize;
        loop {
            looked_at += 1;
            if looked_at.is_multiple_of(10_000) {
                go_on(core)?;
            }
            let order = match (&mine, &copy) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((key, _)), Some((other, _))) => key.cmp(other),
            };
            if mine != copy {
                let first = if order.is_le() { &mine } else { &copy };
                differing.extend(first.iter().map(|(key, _)| (name, key.clone())));
            }
            if order.is_le() {
                mine = next_kept()?;
            }
            if order.is_ge() {
                copy = theirs.next().transpose()?;
            }
        }
    }
    Ok(differing)
}

fn go_on(core: &Core) -> Result<()> {
    if core.is_stopping() {
        return Err(StoreError::Invalid("the store is being closed".into()));
    }
    Ok(())
}

fn is_dead(live: u64, length: u64, share: f64) -> bool {
    length.saturating_sub(live) as f64 >= share * length as f64
}

/// Visits the intact records of a segment in chunks.
fn chunks(
    log: &ValueLog,
    segment: u32,
    each: &mut dyn FnMut(&[Found<'_>]) -> Result<()>,
) -> Result<()> {
    let bytes = log.segment_bytes(segment)?;
    let mut chunk: Vec<Found> = Vec::new();
    let mut length = 0;
    crate::value_log::walk_bytes(segment, &bytes, &mut |found| {
        length += found.raw.len();
        chunk.push(found);
        if length >= BYTES {
            each(&chunk)?;
            chunk.clear();
            length = 0;
        }
        Ok(())
    })?;
    each(&chunk)
}

/// A purge record reduced to articles that still have a tombstone.
fn still_purged(trees: &Trees, found: &Found<'_>) -> Result<Option<Vec<u8>>> {
    let mut purge: LoggedPurge = records::decode(&found.data()?, "a purge")?;
    let mut kept = Vec::new();
    for article in purge.articles {
        let key = crate::keys::guid_key(purge.feed, article.guid);
        if trees.tombstones.contains_key(key)? {
            kept.push(article);
        }
    }
    if kept.is_empty() {
        return Ok(None);
    }
    purge.articles = kept;
    records::encode(&purge).map(Some)
}

fn copy_keys(old: &Trees, new: &Trees, keys: &[(Name, IVec)]) -> Result<()> {
    for chunk in keys.chunks(KEYS) {
        let mut changes = Changes::default();
        for (name, key) in chunk {
            match old.tree(*name).get(key)? {
                Some(value) => changes.put_bytes(*name, key, value),
                None => changes.remove(*name, key),
            }
        }
        new.apply(&changes)?;
    }
    Ok(())
}
