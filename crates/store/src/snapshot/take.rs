//! Taking a snapshot of an open store.
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::PoisonError;

use chrono::{DateTime, Utc};

use crate::clock::{DAY, clock};
use crate::error::Result;
use crate::files::write_atomically;
use crate::folder_tree::{Folders, join, path};
use crate::model::{Feed, FeedId, Folder, SavedSearch};
use crate::records;
use crate::snapshot::files::{file_name, list, look, numbered, prune, written_at};
use crate::snapshot::format::{Record, text_of};
use crate::state::Entry;
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};

const READ_MARKS_OF_A_FEED: usize = 1_000;

const READ_PAGES_OF_A_FEED: usize = 200;

/// In [`Name::Meta`]: when the newest snapshot was taken, and its number.
const LAST_SNAPSHOT: &[u8] = b"last_snapshot";

pub(crate) const LAST_SEQUENCE: &[u8] = b"snapshot_sequence";

impl Store {
    /// Writes what cannot be fetched again as one plain-text file (JSON Lines with checksums, and
    /// OPML beside it), atomically; keeps the last few and one for each of the last days.
    pub fn snapshot(&self, now: i64) -> Result<PathBuf> {
        take(&self.core, now)
    }

    /// The snapshots, newest first.
    pub fn snapshots(&self) -> Result<Vec<PathBuf>> {
        list(&self.core.dir)
    }
}

pub(crate) fn is_due(core: &Core) -> bool {
    let newest = list(&core.dir)
        .ok()
        .and_then(|all| written_at(all.first()?));
    let now = clock().as_secs() as i64;
    // A snapshot from the future does not count: the clock was wrong.
    let is_old = newest.is_none_or(|at| now.saturating_sub(at) >= DAY || at > now + DAY);
    is_old && !core.state().feeds.is_empty()
}

pub(crate) fn take(core: &Core, now: i64) -> Result<PathBuf> {
    core.may_write()?;
    let _one_at_a_time = core
        .snapshots
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let highest = numbered(&core.dir)?.first().map_or(0, |first| first.1);
    let sequence = highest.max(last_sequence(core)?) + 1;
    announce(core, now, sequence)?;
    let (text, folders, feeds) = text(core, now, READ_MARKS_OF_A_FEED)?;
    let folder = core.dir.join("snapshots");
    crate::private::create_folder(&folder)?;
    let path = folder.join(file_name(now)?);
    let at = DateTime::<Utc>::from_timestamp(now, 0).unwrap_or_default();
    let opml = crate::opml::write(&folders, &feeds, &at.to_rfc2822());
    write_atomically(&path.with_extension("opml"), opml.as_bytes())?;
    if let Err(error) = write_atomically(&path, text.as_bytes()) {
        // Without its snapshot the list of subscriptions would never be removed.
        std::fs::remove_file(path.with_extension("opml")).ok();
        return Err(error);
    }
    prune(&core.dir, &path)?;
    Ok(path)
}

/// Records a snapshot in sled. A sled without the newest snapshot lost the end of its log.
pub(crate) fn announce(core: &Core, now: i64, sequence: u64) -> Result<()> {
    let _writing = core.hold_still();
    let last = last_snapshot(core)?.unwrap_or(i64::MIN).max(now);
    let sequence = last_sequence(core)?.max(sequence);
    let mut changes = Changes::default();
    changes.put_bytes(Name::Meta, LAST_SNAPSHOT, &last.to_be_bytes());
    changes.put_bytes(Name::Meta, LAST_SEQUENCE, &sequence.to_be_bytes());
    core.apply(&changes)?;
    core.flush()
}

fn last_snapshot(core: &Core) -> Result<Option<i64>> {
    let value = core.trees().meta.get(LAST_SNAPSHOT)?;
    let bytes = value.and_then(|value| value.as_ref().try_into().ok());
    Ok(bytes.map(i64::from_be_bytes))
}

/// The sequence number of the newest snapshot recorded in sled.
fn last_sequence(core: &Core) -> Result<u64> {
    let value = core.trees().meta.get(LAST_SEQUENCE)?;
    value.map_or(Ok(0), |value| crate::keys::number_of(&value))
}

/// Whether there is a newer snapshot than sled recorded. Unreadable ones do not count.
pub(crate) fn is_sled_behind(core: &Core) -> Result<bool> {
    let numbered = numbered(&core.dir)?;
    let highest = numbered.first().map_or(0, |first| first.1);
    let known = last_sequence(core)?;
    if highest > 0 || known > 0 {
        return Ok(highest > known);
    }
    // All are from before 0.2.
    let Some(known) = last_snapshot(core)? else {
        return Ok(false);
    };
    let readable = numbered.iter().filter(|(path, _)| look(path).is_some());
    let newest = readable.filter_map(|(path, _)| written_at(path)).max();
    Ok(newest.is_some_and(|newest| newest > known))
}

/// The text of a snapshot with at most `read_marks` read marks per feed, and its folders and feeds.
pub(crate) fn text(
    core: &Core,
    now: i64,
    read_marks: usize,
) -> Result<(String, Vec<Folder>, Vec<Feed>)> {
    let (folders, feeds) = subscriptions(core);
    let mut records = Vec::new();
    collect(core, &folders, &feeds, read_marks, &mut records)?;
    let text = text_of(&records, now, last_sequence(core)?)?;
    Ok((text, folders, feeds))
}

fn subscriptions(core: &Core) -> (Vec<Folder>, Vec<Feed>) {
    let state = core.state();
    let mut folders: Vec<Folder> = state.folders.values().cloned().collect();
    folders.sort_by_key(|folder| (folder.position, folder.id));
    let visible = state.feeds.values().filter(|feed| feed.visible());
    (folders, visible.map(|feed| feed.feed.clone()).collect())
}

fn collect(
    core: &Core,
    folders: &[Folder],
    feeds: &[Feed],
    read_marks: usize,
    records: &mut Vec<Record>,
) -> Result<()> {
    let tree: Folders = folders
        .iter()
        .map(|folder| (folder.id, folder.clone()))
        .collect();
    for folder in folders {
        let path = path(&tree, folder.id);
        records.push(Record::Folder {
            name: join(&path),
            position: folder.position,
            path,
        });
    }
    for feed in feeds {
        let folder_path = feed.folder.map_or_else(Vec::new, |id| path(&tree, id));
        records.push(Record::Feed {
            url: feed.url.clone(),
            custom_title: feed.custom_title.clone(),
            folder: Some(join(&folder_path)).filter(|name| !name.is_empty()),
            folder_path,
            added_at: feed.added_at,
            paused: feed.paused,
            title: feed.facts.title.clone(),
            site: feed.facts.site.clone(),
            document: feed.kind.clone(),
            options: feed.options.clone().into(),
        });
    }
    // In the order of saving, so that a restore assigns ids in that order.
    let saved: Vec<(u64, i64, FeedId)> = {
        let state = core.state();
        let feed_of = |id| state.saved_at.get(id).map(|(_, feed)| *feed);
        let in_order = state.saved_order.iter();
        in_order
            .filter_map(|(at, id)| Some((*id, *at, feed_of(id)?)))
            .collect()
    };
    let urls: HashMap<FeedId, &String> = feeds.iter().map(|feed| (feed.id, &feed.url)).collect();
    for (id, saved_at, feed) in saved {
        if let Some(url) = urls.get(&feed)
            && let Some(stored) = core.stored(id)?
        {
            records.push(Record::Saved {
                feed: (*url).clone(),
                guid: stored.row.guid,
                url: stored.row.url,
                title: stored.row.title,
                time: stored.row.time,
                saved_at,
                read: core.state().read.get(id),
            });
        }
    }
    read_marks_of(core, feeds, read_marks, records);
    for item in &core.trees().settings {
        let (key, value) = item?;
        let json = records::decode(&value, "a setting")?;
        records.push(Record::Setting {
            name: String::from_utf8_lossy(&key).into_owned(),
            json,
        });
    }
    for SavedSearch { name, query, .. } in crate::saved_searches::saved_searches(core)? {
        records.push(Record::Search { name, query });
    }
    for item in &core.trees().forwards {
        let forward = records::decode(&item?.1, "a forward")?;
        records.push(Record::Forward { forward });
    }
    Ok(())
}

/// The newest articles of each feed that were read, at most `read_marks`.
fn read_marks_of(core: &Core, feeds: &[Feed], read_marks: usize, records: &mut Vec<Record>) {
    for feed in feeds {
        let state = core.state();
        let Some(known) = state.feeds.get(&feed.id) else {
            continue;
        };
        let newest_read = known
            .entries
            .iter()
            .rev()
            .filter(|entry| state.read.get(entry.id));
        let newest_read: Vec<&Entry> = newest_read.take(read_marks).collect();
        let guids: Vec<String> = newest_read
            .iter()
            .map(|entry| format!("{:016x}", entry.guid))
            .collect();
        let with_page = newest_read.iter().take(READ_PAGES_OF_A_FEED);
        let mut count: HashMap<u64, usize> =
            with_page.clone().map(|entry| (entry.print, 0)).collect();
        for entry in &known.entries {
            if let Some(count) = count.get_mut(&entry.print) {
                *count += 1;
            }
        }
        let pages = with_page
            .filter(|entry| entry.print != 0 && count[&entry.print] == 1)
            .map(|entry| format!("{:016x}", entry.print))
            .collect();
        if !guids.is_empty() {
            records.push(Record::Read {
                feed: feed.url.clone(),
                guids,
                pages,
            });
        }
    }
}
