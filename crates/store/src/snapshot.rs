//! What cannot be fetched again, as plain text: one JSON record a line, each with its own checksum,
//! so that every whole line of a damaged file still counts; the last line says that nothing is
//! missing. Written beside, then renamed: a snapshot is there whole or not at all.
//!
//! Read marks are kept for the newest thousand read articles of a feed, by the hash of their guid:
//! feeds do not serve older ones again.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::commit::waiting_key;
use crate::error::{Result, StoreError};
use crate::model::{
    Feed, FeedId, FeedOptions, Folder, Forward, ForwardState, NewArticle, NewFeed, Restored,
    Retention, SavedSearch,
};
use crate::records::{self, WaitingMark};
use crate::settings::OWN;
use crate::state::Entry;
use crate::store::{Core, DAY, Store};
use crate::trees::{Changes, Name};

pub(crate) const VERSION: u32 = 1;
const READ_MARKS_OF_A_FEED: usize = 1_000;
const READ_PAGES_OF_A_FEED: usize = 200;
const KEPT: usize = 7;
const DAYS_KEPT: usize = 7;
pub(crate) const MOST_PROBLEMS: usize = 50;
/// In [`Name::Meta`]: when the newest snapshot was taken, and its number.
const LAST_SNAPSHOT: &[u8] = b"last_snapshot";
pub(crate) const LAST_SEQUENCE: &[u8] = b"snapshot_sequence";
/// Kinds of records of a snapshot, as its header counts them.
const KINDS: [&str; 7] = [
    "folders", "feeds", "saved", "read", "settings", "searches", "forwards",
];
/// The first line of a snapshot is within so many bytes, and so is its last one.
const LOOKED_AT: u64 = 4_096;

/// A line of a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Record {
    Header {
        format: String,
        version: u32,
        written_at: i64,
        counts: BTreeMap<String, u64>,
        /// Only grows, whatever the clock says; 0 in those of before 0.2.
        #[serde(default)]
        sequence: u64,
    },
    Folder {
        name: String,
        position: u32,
    },
    Feed {
        url: String,
        custom_title: Option<String>,
        folder: Option<String>,
        added_at: i64,
        paused: bool,
        title: Option<String>,
        site: Option<String>,
        #[serde(default, skip_serializing_if = "is_default")]
        options: Options,
    },
    Saved {
        feed: String,
        guid: String,
        url: Option<String>,
        title: String,
        time: i64,
        saved_at: i64,
        read: bool,
    },
    Read {
        feed: String,
        guids: Vec<String>,
        /// By their pages, too, what the feed may list under other GUIDs when it is next fetched.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pages: Vec<String>,
    },
    Setting {
        name: String,
        json: String,
    },
    Forward {
        forward: Forward,
    },
    Search {
        name: String,
        query: String,
    },
    End {
        records: u64,
        blake3: String,
        /// As in the header, which may be damaged.
        #[serde(default)]
        sequence: u64,
    },
}

impl Record {
    /// What two records of the same thing have in common.
    fn names(&self) -> String {
        match self {
            Self::Header { .. } | Self::End { .. } => String::new(),
            Self::Folder { name, .. } => format!("folder {name}"),
            Self::Feed { url, .. } => format!("feed {url}"),
            Self::Saved { feed, guid, .. } => format!("saved {feed}\n{guid}"),
            Self::Read { feed, .. } => format!("read {feed}"),
            Self::Setting { name, .. } => format!("setting {name}"),
            Self::Search { query, .. } => format!("search {query}"),
            Self::Forward { forward } => format!(
                "forward {} {}\n{}",
                forward.at, forward.channel, forward.message
            ),
        }
    }

    /// Which of [`KINDS`] it is.
    fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Header { .. } | Self::End { .. } => return None,
            Self::Folder { .. } => "folders",
            Self::Feed { .. } => "feeds",
            Self::Saved { .. } => "saved",
            Self::Read { .. } => "read",
            Self::Setting { .. } => "settings",
            Self::Search { .. } => "searches",
            Self::Forward { .. } => "forwards",
        })
    }
}

impl Record {
    /// A subscription of which only this is known.
    pub(crate) fn feed(url: &str, added_at: i64) -> Self {
        Self::Feed {
            url: url.to_owned(),
            custom_title: None,
            folder: None,
            added_at,
            paused: false,
            title: None,
            site: None,
            options: Options::default(),
        }
    }
}

/// [`FeedOptions`], each with a default for what an older Warta did not write.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Options {
    pub(crate) user_agent: Option<String>,
    pub(crate) headers: Vec<String>,
    secret: bool,
    every_minutes: Option<u32>,
    full_text: Option<bool>,
    pub(crate) ended_at: Option<i64>,
    pub(crate) keep_days: Option<u32>,
    pub(crate) keep_articles: Option<u32>,
}

impl From<FeedOptions> for Options {
    fn from(options: FeedOptions) -> Self {
        Self {
            user_agent: options.user_agent,
            headers: options.headers,
            secret: options.secret,
            every_minutes: options.every_minutes,
            full_text: options.full_text,
            ended_at: options.ended_at,
            keep_days: options.keep.days,
            keep_articles: options.keep.articles,
        }
    }
}

impl From<Options> for FeedOptions {
    fn from(options: Options) -> Self {
        Self {
            user_agent: options.user_agent,
            headers: options.headers,
            secret: options.secret,
            every_minutes: options.every_minutes,
            full_text: options.full_text,
            ended_at: options.ended_at,
            keep: Retention {
                days: options.keep_days,
                articles: options.keep_articles,
            },
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Store {
    /// Writes what cannot be fetched again as one plain-text file (JSON Lines, checksummed, with the
    /// OPML beside it), atomically; keeps the last few and one for each of the last days.
    pub fn snapshot(&self, now: i64) -> Result<PathBuf> {
        self.core.snapshot(now)
    }

    /// The snapshots, newest first.
    pub fn snapshots(&self) -> Result<Vec<PathBuf>> {
        list(&self.core.dir)
    }

    /// [`Store::restore`] of snapshots of this very store, whose articles have the same numbers.
    /// What is here already gives way where it was taken from a sled that knew of the snapshot
    /// `sled_knew` at most, and there is a newer one.
    pub(crate) fn restore_own(&self, merged: Merged, sled_knew: u64, now: i64) -> Result<Restored> {
        let wins = merged.sequence > sled_knew;
        let files = list(&self.core.dir)?;
        let newest = files.iter().filter_map(|path| written_at(path)).max();
        self.core
            .announce_snapshot(newest.unwrap_or(now), merged.sequence)?;
        let mut restored = Restored {
            problems: merged.problems,
            ..Restored::default()
        };
        restored.problems.truncate(MOST_PROBLEMS);
        self.core
            .restore(merged.records, now, Own::Yes { wins }, &mut restored)?;
        self.core.subscriptions_changed();
        Ok(restored)
    }
}

/// How long after 1970 it is; for what the store does of its own accord.
pub(crate) fn clock() -> Duration {
    #[expect(
        clippy::disallowed_methods,
        reason = "nobody gives the time to a background thread"
    )]
    let now = SystemTime::now();
    now.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

/// Beside, synced, renamed, and the folder synced.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    crate::value_log::sync_folder(folder)
}

/// The snapshots in a data folder, newest first: by their number, for clocks may be wrong; those
/// without one by their time, after all others.
pub(crate) fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    Ok(numbered(dir)?.into_iter().map(|(path, _)| path).collect())
}

fn numbered(dir: &Path) -> Result<Vec<(PathBuf, u64)>> {
    let mut found = Vec::new();
    let folder = dir.join("snapshots");
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if written_at(&path).is_some() {
                let sequence = look(&path).map_or(0, |look| look.sequence);
                found.push((path, sequence));
            }
        }
    }
    found.sort_unstable_by(|a, b| (b.1, &b.0).cmp(&(a.1, &a.0)));
    Ok(found)
}

/// What the ends of a snapshot say of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    sequence: u64,
    pub(crate) written_at: Option<i64>,
}

/// Looks at the first and the last line of a snapshot; none where neither is whole.
pub(crate) fn look(file: &Path) -> Option<Look> {
    let mut opened = File::open(file).ok()?;
    let length = opened.metadata().ok()?.len();
    let mut piece = |from: u64| {
        let mut bytes = Vec::new();
        opened.seek(SeekFrom::Start(from)).ok()?;
        (&mut opened).take(LOOKED_AT).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    };
    let record = |line: &[u8]| record_of(std::str::from_utf8(line).ok()?.trim_end());
    let head = piece(0)?;
    if let Some(Record::Header {
        sequence,
        written_at,
        ..
    }) = head.split(|byte| *byte == b'\n').next().and_then(record)
    {
        return Some(Look {
            sequence,
            written_at: Some(written_at),
        });
    }
    let tail = piece(length.saturating_sub(LOOKED_AT))?;
    let mut lines = tail.rsplit(|byte| *byte == b'\n');
    match lines.find(|line| !line.is_empty()).and_then(record)? {
        Record::End { sequence, .. } => Some(Look {
            sequence,
            written_at: None,
        }),
        _ => None,
    }
}

/// Whether any of the first lines is a whole one of a snapshot.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').take(8);
    lines.any(|line| std::str::from_utf8(line).is_ok_and(|line| whole(line.trim_end()).is_some()))
}

/// What a data folder's snapshots say together.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    records: Vec<Record>,
    /// Where something came from, the newest first.
    pub(crate) sources: Vec<PathBuf>,
    problems: Vec<String>,
    /// The highest number of all.
    sequence: u64,
    /// When the newest was taken whose list of feeds is whole.
    pub(crate) taken_at: Option<i64>,
    /// The addresses of feeds.
    pub(crate) feeds: HashSet<String>,
}

impl Merged {
    /// A single snapshot, whose file is here as `source`. Without `taken_at` it does not count as whole.
    pub(crate) fn of(
        records: Vec<Record>,
        source: PathBuf,
        taken_at: Option<i64>,
        sequence: u64,
    ) -> Self {
        let urls = records.iter().filter_map(|record| match record {
            Record::Feed { url, .. } => Some(url.clone()),
            _ => None,
        });
        Self {
            feeds: urls.collect(),
            records,
            sources: vec![source],
            problems: Vec::new(),
            sequence,
            taken_at,
        }
    }
}

/// Of each kind of record what the newest snapshot has; where that lost some of its own, also what the
/// one before has, and so on. None where no snapshot has anything.
pub(crate) fn merged(dir: &Path) -> Result<Option<Merged>> {
    let mut merged = Merged::default();
    let mut open_kinds: HashSet<&str> = KINDS.into_iter().collect();
    let mut seen: HashSet<String> = HashSet::new();
    for (path, sequence) in numbered(dir)? {
        merged.sequence = merged.sequence.max(sequence);
        if open_kinds.is_empty() {
            break;
        }
        let snapshot = match read(&path) {
            Ok(snapshot) => snapshot,
            Err(error) => {
                merged.problems.push(format!("{}: {error}", name_of(&path)));
                continue;
            }
        };
        let counts = snapshot.counts();
        let before = merged.records.len();
        for record in snapshot.lines {
            let Some(kind) = record.kind() else { continue };
            if open_kinds.contains(kind) && seen.insert(record.names()) {
                if let Record::Feed { url, .. } = &record {
                    merged.feeds.insert(url.clone());
                }
                merged.records.push(record);
            }
        }
        for kind in KINDS {
            let here = counts.get(kind).copied().unwrap_or_default();
            let is_whole = match &snapshot.header {
                Some((_, counted)) => counted.get(kind).copied().unwrap_or_default() <= here,
                None => false,
            };
            if (is_whole || snapshot.problems.is_empty())
                && open_kinds.remove(kind)
                && kind == "feeds"
            {
                merged.taken_at = snapshot.header.as_ref().map(|header| header.0);
            }
        }
        if merged.records.len() > before || merged.sources.is_empty() {
            let problems = snapshot.problems.into_iter();
            let named = problems.map(|problem| format!("{}: {problem}", name_of(&path)));
            merged.problems.extend(named);
            merged.sources.push(path);
        }
    }
    // Feeds after the folders that they are in, marks after their feeds.
    let rank = |record: &Record| KINDS.iter().position(|kind| record.kind() == Some(*kind));
    merged.records.sort_by_key(rank);
    Ok((!merged.sources.is_empty()).then_some(merged))
}

/// What is wrong with each of a data folder's snapshots; empty for whole ones. One of a newer Warta
/// counts as whole.
pub(crate) fn check(dir: &Path) -> Result<Vec<(PathBuf, Vec<String>)>> {
    let mut found = Vec::new();
    for path in list(dir)? {
        let problems = match read(&path) {
            Ok(snapshot) => snapshot.problems,
            Err(StoreError::NewerFormat { .. }) => Vec::new(),
            Err(error) => vec![error.to_string()],
        };
        found.push((path, problems));
    }
    Ok(found)
}

/// Takes a snapshot that is not whole out of the way; gives where it went.
pub(crate) fn set_aside(path: &Path) -> Result<PathBuf> {
    let free = std::iter::once(String::new())
        .chain((2..10_000).map(|number| format!("-{number}")))
        .map(|number| path.with_extension(format!("jsonl.damaged{number}")))
        .find(|path| !path.exists());
    let aside = free.ok_or_else(|| StoreError::Invalid("no free name".into()))?;
    std::fs::rename(path, &aside)?;
    std::fs::remove_file(path.with_extension("opml")).ok();
    Ok(aside)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// What a snapshot of that time is called.
pub(crate) fn file_name(at: i64) -> Result<String> {
    let at = DateTime::<Utc>::from_timestamp(at, 0)
        .ok_or_else(|| StoreError::Invalid("a time beyond the calendar".into()))?;
    Ok(format!("warta-{}.jsonl", at.format("%Y%m%dT%H%M%SZ")))
}

/// When a snapshot was written, by its name.
pub(crate) fn written_at(path: &Path) -> Option<i64> {
    let name = path
        .file_name()?
        .to_str()?
        .strip_prefix("warta-")?
        .strip_suffix(".jsonl")?;
    NaiveDateTime::parse_from_str(name, "%Y%m%dT%H%M%SZ")
        .ok()
        .map(|at| at.and_utc().timestamp())
}

impl Core {
    pub(crate) fn snapshot_is_due(&self) -> bool {
        let newest = list(&self.dir)
            .ok()
            .and_then(|all| written_at(all.first()?));
        let now = clock().as_secs() as i64;
        // One of a clock that went wrong is no reason to wait.
        let is_old = newest.is_none_or(|at| now.saturating_sub(at) >= DAY || at > now + DAY);
        is_old && !self.state().feeds.is_empty()
    }

    pub(crate) fn snapshot(&self, now: i64) -> Result<PathBuf> {
        let _one_at_a_time = self
            .snapshots
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let highest = numbered(&self.dir)?.first().map_or(0, |first| first.1);
        let sequence = highest.max(self.last_sequence()?) + 1;
        self.announce_snapshot(now, sequence)?;
        let (text, folders, feeds) = self.snapshot_text(now, READ_MARKS_OF_A_FEED)?;
        let folder = self.dir.join("snapshots");
        crate::private::create_folder(&folder)?;
        let path = folder.join(file_name(now)?);
        let at = DateTime::<Utc>::from_timestamp(now, 0).unwrap_or_default();
        let opml = crate::opml::write(&folders, &feeds, &at.to_rfc2822());
        write_atomically(&path.with_extension("opml"), opml.as_bytes())?;
        write_atomically(&path, text.as_bytes())?;
        prune(&self.dir, &path)?;
        Ok(path)
    }

    /// Says in sled that there is a snapshot of that time. A sled that does not know of the newest
    /// one lost the end of its log.
    fn announce_snapshot(&self, now: i64, sequence: u64) -> Result<()> {
        let _writing = self.hold_still();
        let last = self.last_snapshot()?.unwrap_or(i64::MIN).max(now);
        let sequence = self.last_sequence()?.max(sequence);
        let mut changes = Changes::default();
        changes.put_bytes(Name::Meta, LAST_SNAPSHOT, &last.to_be_bytes());
        changes.put_bytes(Name::Meta, LAST_SEQUENCE, &sequence.to_be_bytes());
        self.apply(&changes)?;
        self.flush()
    }

    fn last_snapshot(&self) -> Result<Option<i64>> {
        let value = self.trees().meta.get(LAST_SNAPSHOT)?;
        let bytes = value.and_then(|value| value.as_ref().try_into().ok());
        Ok(bytes.map(i64::from_be_bytes))
    }

    /// The number of the newest snapshot that sled knows of.
    fn last_sequence(&self) -> Result<u64> {
        let value = self.trees().meta.get(LAST_SEQUENCE)?;
        value.map_or(Ok(0), |value| records::number_of(&value))
    }

    /// Whether there is a newer snapshot than sled knows of. Those that cannot be read do not count.
    pub(crate) fn is_behind_snapshot(&self) -> Result<bool> {
        let numbered = numbered(&self.dir)?;
        let highest = numbered.first().map_or(0, |first| first.1);
        let known = self.last_sequence()?;
        if highest > 0 || known > 0 {
            return Ok(highest > known);
        }
        // All of them are of before 0.2.
        let Some(known) = self.last_snapshot()? else {
            return Ok(false);
        };
        let readable = numbered.iter().filter(|(path, _)| look(path).is_some());
        let newest = readable.filter_map(|(path, _)| written_at(path)).max();
        Ok(newest.is_some_and(|newest| newest > known))
    }

    /// A snapshot with at most so many read marks of each feed, and the subscriptions in it.
    pub(crate) fn snapshot_text(
        &self,
        now: i64,
        read_marks: usize,
    ) -> Result<(String, Vec<Folder>, Vec<Feed>)> {
        let (folders, feeds) = self.subscriptions();
        let mut records = Vec::new();
        self.collect(&folders, &feeds, read_marks, &mut records)?;
        let text = text_of(&records, now, self.last_sequence()?)?;
        Ok((text, folders, feeds))
    }

    fn subscriptions(&self) -> (Vec<Folder>, Vec<Feed>) {
        let state = self.state();
        let mut folders: Vec<Folder> = state.folders.values().cloned().collect();
        folders.sort_by_key(|folder| (folder.position, folder.id));
        let visible = state.feeds.values().filter(|feed| feed.visible());
        (folders, visible.map(|feed| feed.feed.clone()).collect())
    }

    fn collect(
        &self,
        folders: &[Folder],
        feeds: &[Feed],
        read_marks: usize,
        records: &mut Vec<Record>,
    ) -> Result<()> {
        let names: HashMap<_, _> = folders
            .iter()
            .map(|folder| (folder.id, &folder.name))
            .collect();
        for folder in folders {
            let (name, position) = (folder.name.clone(), folder.position);
            records.push(Record::Folder { name, position });
        }
        for feed in feeds {
            records.push(Record::Feed {
                url: feed.url.clone(),
                custom_title: feed.custom_title.clone(),
                folder: feed
                    .folder
                    .and_then(|id| names.get(&id).map(|name| (*name).clone())),
                added_at: feed.added_at,
                paused: feed.paused,
                title: feed.facts.title.clone(),
                site: feed.facts.site.clone(),
                options: feed.options.clone().into(),
            });
        }
        // In the order of saving, so that a restore gives ids in that order too.
        let saved: Vec<(u64, i64, FeedId)> = {
            let state = self.state();
            let feed_of = |id| state.saved_at.get(id).map(|(_, feed)| *feed);
            let in_order = state.saved_order.iter();
            in_order
                .filter_map(|(at, id)| Some((*id, *at, feed_of(id)?)))
                .collect()
        };
        let urls: HashMap<FeedId, &String> =
            feeds.iter().map(|feed| (feed.id, &feed.url)).collect();
        for (id, saved_at, feed) in saved {
            if let Some(url) = urls.get(&feed)
                && let Some(stored) = self.stored(id)?
            {
                records.push(Record::Saved {
                    feed: (*url).clone(),
                    guid: stored.row.guid,
                    url: stored.row.url,
                    title: stored.row.title,
                    time: stored.row.time,
                    saved_at,
                    read: self.state().read.get(id),
                });
            }
        }
        for feed in feeds {
            let state = self.state();
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
        for item in &self.trees().settings {
            let (key, value) = item?;
            let json = records::decode(&value, "a setting")?;
            records.push(Record::Setting {
                name: String::from_utf8_lossy(&key).into_owned(),
                json,
            });
        }
        for SavedSearch { name, query, .. } in self.saved_searches()? {
            records.push(Record::Search { name, query });
        }
        for item in &self.trees().forwards {
            let forward = records::decode(&item?.1, "a forward")?;
            records.push(Record::Forward { forward });
        }
        Ok(())
    }

    pub(crate) fn restore(
        &self,
        lines: Vec<Record>,
        now: i64,
        own: Own,
        restored: &mut Restored,
    ) -> Result<()> {
        let wins = own == Own::Yes { wins: true };
        let own = own != Own::No;
        let mut stubs: HashMap<String, Vec<(NewArticle, i64)>> = HashMap::new();
        let mut forwards: Option<HashSet<(i64, String, String)>> = None;
        for record in lines {
            match record {
                Record::Header { .. } | Record::End { .. } => {}
                Record::Folder { name, .. } => {
                    let before = self.state().folders.len();
                    let _writing = self.write()?;
                    if reported(self.folder_named(&name), restored)?.is_some() {
                        restored.folders += (self.state().folders.len() - before) as u64;
                    }
                }
                Record::Feed {
                    url,
                    custom_title,
                    folder,
                    added_at,
                    paused,
                    title,
                    site,
                    options,
                } => {
                    let folder = self.folder_by_name(folder.as_deref());
                    let new = NewFeed {
                        url,
                        custom_title,
                        folder,
                        title,
                        site,
                    };
                    restored.feeds += u64::from(self.restore_feed(
                        &new,
                        added_at,
                        paused,
                        &options.into(),
                        wins,
                    )?);
                }
                Record::Saved {
                    feed,
                    guid,
                    url,
                    title,
                    time,
                    saved_at,
                    read,
                } => {
                    let article = NewArticle {
                        guid,
                        url,
                        title,
                        published: Some(time),
                        read,
                        ..NewArticle::default()
                    };
                    stubs.entry(feed).or_default().push((article, saved_at));
                }
                Record::Read { feed, guids, pages } => {
                    restored.marks += self.restore_read(&feed, &hashes(&guids), &hashes(&pages))?;
                }
                Record::Setting { name, .. } if !own && name.starts_with(OWN) => {}
                Record::Setting { name, json } => {
                    restored.settings += u64::from(self.restore_setting(&name, &json, wins)?);
                }
                Record::Search { name, query } => {
                    let _writing = self.write()?;
                    let mut known = self.saved_searches()?.into_iter();
                    if !known.any(|known| known.query == query)
                        && reported(self.save_search(&name, &query), restored)?.is_some()
                    {
                        restored.searches += 1;
                    }
                }
                Record::Forward { forward } => {
                    let known = match &mut forwards {
                        Some(known) => known,
                        none => none.insert(self.known_forwards()?),
                    };
                    let key = (forward.at, forward.channel.clone(), forward.message.clone());
                    if known.insert(key) {
                        self.restore_forward(forward, own)?;
                        restored.forwards += 1;
                    }
                }
            }
        }
        for (feed, stubs) in stubs {
            restored.marks += self.restore_saved(&feed, stubs, now)?;
        }
        self.search.poke();
        self.flush()
    }

    /// Keeps a setting that is not there, or any that wins; whether it did.
    fn restore_setting(&self, name: &str, json: &str, wins: bool) -> Result<bool> {
        let _writing = self.write()?;
        if !wins && self.trees().settings.get(name)?.is_some() {
            return Ok(false);
        }
        let mut changes = Changes::default();
        changes.put(Name::Settings, name.as_bytes(), &json)?;
        self.apply(&changes)?;
        Ok(true)
    }

    fn folder_by_name(&self, name: Option<&str>) -> Option<crate::model::FolderId> {
        let name = name?;
        self.state()
            .folders
            .values()
            .find(|folder| folder.name == name)
            .map(|folder| folder.id)
    }

    /// Subscribes, or fills in what is not known of a feed; true if it was not there.
    fn restore_feed(
        &self,
        new: &NewFeed,
        added_at: i64,
        paused: bool,
        options: &FeedOptions,
        wins: bool,
    ) -> Result<bool> {
        let store = |feed: &mut Feed, is_new: bool| {
            if wins {
                feed.custom_title.clone_from(&new.custom_title);
                feed.folder = new.folder;
                feed.paused = paused;
                feed.options = options.clone();
            }
            feed.custom_title = feed
                .custom_title
                .take()
                .or_else(|| new.custom_title.clone());
            feed.folder = feed.folder.or(new.folder);
            feed.facts.title = feed.facts.title.take().or_else(|| new.title.clone());
            feed.facts.site = feed.facts.site.take().or_else(|| new.site.clone());
            feed.added_at = feed.added_at.min(added_at);
            feed.paused = if is_new { paused } else { feed.paused };
            if feed.options == FeedOptions::default() {
                feed.options = options.clone();
            }
        };
        if new.url.trim().is_empty() {
            return Ok(false);
        }
        let added = self.add_feeds(std::slice::from_ref(new), added_at)?;
        let (id, is_new) = match added.first() {
            Some(crate::model::Added::New(id)) => (*id, true),
            Some(crate::model::Added::Already(id)) => (*id, false),
            None => return Ok(false),
        };
        self.change_feed(id, &mut |feed| store(feed, is_new))?;
        Ok(is_new)
    }

    fn restore_read(&self, url: &str, hashes: &HashSet<u64>, pages: &HashSet<u64>) -> Result<u64> {
        let _writing = self.write()?;
        let Some(feed) = self.state().by_url.get(url).copied() else {
            return Ok(0);
        };
        let mut here = Vec::new();
        let (mut missing, mut missing_pages) = (hashes.clone(), pages.clone());
        if let Some(known) = self.state().feeds.get(&feed) {
            for entry in known
                .entries
                .iter()
                .filter(|entry| hashes.contains(&entry.guid) || pages.contains(&entry.print))
            {
                missing.remove(&entry.guid);
                missing_pages.remove(&entry.print);
                here.push((entry.id, feed, true, None));
            }
        }
        let mut marks = self.add_marks(&here)?;
        for guid in missing {
            marks += u64::from(self.wait_for(feed, guid, true, None)?);
        }
        for page in missing_pages {
            self.wait_for(feed, page, true, None)?;
        }
        Ok(marks)
    }

    fn wait_for(&self, feed: FeedId, guid: u64, read: bool, saved_at: Option<i64>) -> Result<bool> {
        let key = waiting_key(feed, guid);
        let before = match self.trees().waiting.get(key)? {
            Some(value) => records::decode(&value, "a waiting mark")?,
            None => WaitingMark::default(),
        };
        let mark = WaitingMark {
            read: before.read || read,
            saved_at: before.saved_at.or(saved_at),
        };
        let mut changes = Changes::default();
        changes.put(Name::Waiting, &key, &mark)?;
        self.apply(&changes)?;
        Ok((mark.read, mark.saved_at) != (before.read, before.saved_at))
    }

    /// Marks the saved articles that are here; makes a row for each that is not.
    fn restore_saved(&self, url: &str, saved: Vec<(NewArticle, i64)>, now: i64) -> Result<u64> {
        let _writing = self.write()?;
        let Some(feed) = self.state().by_url.get(url).copied() else {
            return Ok(0);
        };
        let mut changed = 0;
        let mut stubs = Vec::new();
        let mut here = Vec::new();
        for (article, saved_at) in saved {
            let hash = records::guid_hash(&article.guid);
            let known: Option<u64> = self.state().feeds.get(&feed).and_then(|known| {
                known
                    .entries
                    .iter()
                    .find(|entry| entry.guid == hash)
                    .map(|entry| entry.id)
            });
            if let Some(id) = known {
                here.push((id, feed, article.read, Some(saved_at)));
            } else {
                changed += u64::from(self.wait_for(feed, hash, article.read, Some(saved_at))?);
                stubs.push(article);
            }
        }
        changed += self.add_marks(&here)?;
        self.add_stubs(feed, stubs, now)?;
        Ok(changed)
    }

    pub(crate) fn known_forwards(&self) -> Result<HashSet<(i64, String, String)>> {
        let mut known = HashSet::new();
        for item in &self.trees().forwards {
            let forward: Forward = records::decode(&item?.1, "a forward")?;
            known.insert((forward.at, forward.channel, forward.message));
        }
        Ok(known)
    }

    fn restore_forward(&self, mut forward: Forward, own: bool) -> Result<()> {
        let _writing = self.write()?;
        let last = self.trees().forwards.last()?;
        forward.id = last.map_or(Ok(0), |(key, _)| records::number_of(&key))? + 1;
        // Ids of another store mean other articles here.
        forward.article = forward.article.filter(|_| own);
        if forward.state == ForwardState::Waiting {
            forward.state = ForwardState::Failed;
        }
        let mut changes = Changes::default();
        changes.put(Name::Forwards, &forward.id.to_be_bytes(), &forward)?;
        self.apply(&changes)
    }
}

/// What makes no sense is reported and passed over.
fn reported<T>(outcome: Result<T>, restored: &mut Restored) -> Result<Option<T>> {
    match outcome {
        Err(StoreError::Invalid(why)) => {
            problem(restored, why);
            Ok(None)
        }
        other => other.map(Some),
    }
}

fn problem(restored: &mut Restored, what: String) {
    if restored.problems.len() < MOST_PROBLEMS {
        restored.problems.push(what);
    }
}

const LINE_START: &str = "{\"crc\":\"";
const LINE_MIDDLE: &str = "\",\"record\":";

fn line(record: &Record) -> Result<String> {
    let json = serde_json::to_string(record).map_err(|e| StoreError::Invalid(e.to_string()))?;
    let checksum = crc32fast::hash(json.as_bytes());
    Ok(format!("{LINE_START}{checksum:08x}{LINE_MIDDLE}{json}}}\n"))
}

/// A whole snapshot of these records.
pub(crate) fn text_of(records: &[Record], written_at: i64, sequence: u64) -> Result<String> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for kind in records.iter().filter_map(Record::kind) {
        *counts.entry(kind.to_owned()).or_default() += 1;
    }
    let mut text = line(&Record::Header {
        format: "warta snapshot".into(),
        version: VERSION,
        written_at,
        counts,
        sequence,
    })?;
    let mut count = 0;
    for record in records.iter().filter(|record| record.kind().is_some()) {
        text.push_str(&line(record)?);
        count += 1;
    }
    let blake3 = blake3::hash(text.as_bytes()).to_hex().to_string();
    text.push_str(&line(&Record::End {
        records: count,
        blake3,
        sequence,
    })?);
    Ok(text)
}

/// The record of a line, if it is whole and known.
fn record_of(line: &str) -> Option<Record> {
    serde_json::from_str(whole(line)?).ok()
}

/// The JSON of a line, if it is whole.
fn whole(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(LINE_START)?;
    let (checksum, rest) = rest.split_at_checked(8)?;
    let json = rest.strip_prefix(LINE_MIDDLE)?.strip_suffix('}')?;
    let checksum = u32::from_str_radix(checksum, 16).ok()?;
    (crc32fast::hash(json.as_bytes()) == checksum).then_some(json)
}

/// Hashes from the hexadecimal digits that a snapshot gives; what is no such number is left out, and so is
/// zero, which stands for articles that have none.
pub(crate) fn hashes(hex: &[String]) -> HashSet<u64> {
    let hex = hex.iter();
    hex.filter_map(|hash| u64::from_str_radix(hash, 16).ok())
        .filter(|hash| *hash != 0)
        .collect()
}

/// Whether records are of this very store, with the same numbers of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    No,
    Yes {
        /// They are newer than what is here.
        wins: bool,
    },
}

/// The whole lines of a snapshot, and what was wrong.
pub(crate) struct Snapshot {
    /// When it was taken and how many records of each kind it had.
    header: Option<(i64, BTreeMap<String, u64>)>,
    pub(crate) lines: Vec<Record>,
    pub(crate) problems: Vec<String>,
}

impl Snapshot {
    /// How many records of each kind are whole.
    fn counts(&self) -> HashMap<&'static str, u64> {
        let mut counts = HashMap::new();
        for kind in self.lines.iter().filter_map(Record::kind) {
            *counts.entry(kind).or_default() += 1;
        }
        counts
    }
}

pub(crate) fn read(file: &Path) -> Result<Snapshot> {
    let bytes = std::fs::read(file)?;
    let mut header = None;
    let mut lines = Vec::new();
    let mut problems = Vec::new();
    let mut before_end = blake3::Hasher::new();
    let mut ended = false;
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let text = std::str::from_utf8(line).ok().map(str::trim_end);
        match text.and_then(record_of) {
            Some(Record::Header { version, .. }) if version > VERSION => {
                return Err(StoreError::NewerFormat {
                    found: version,
                    known: VERSION,
                });
            }
            Some(Record::Header {
                written_at, counts, ..
            }) => header = Some((written_at, counts)),
            Some(Record::End { blake3, .. }) => {
                ended = blake3 == before_end.finalize().to_hex().as_str();
            }
            Some(record) => lines.push(record),
            None if text.and_then(whole).is_some() => problems.push(format!(
                "line {} says something that this Warta does not know",
                number + 1
            )),
            None => problems.push(format!("line {} is damaged and was left out", number + 1)),
        }
        before_end.update(line);
    }
    if lines.is_empty() && header.is_none() {
        return Err(StoreError::Invalid(
            "this is no snapshot, or nothing of it is whole".into(),
        ));
    }
    if !ended {
        problems.push("the file is cut off or was changed".into());
    }
    Ok(Snapshot {
        header,
        lines,
        problems,
    })
}

/// Keeps the newest few, the newest of each of the last days, and in any case the one just written.
fn prune(dir: &Path, written: &Path) -> Result<()> {
    let mut days: Vec<i64> = Vec::new();
    for (at, path) in list(dir)?.into_iter().enumerate() {
        if path == written {
            days.push(written_at(&path).unwrap_or_default().div_euclid(DAY));
            continue;
        }
        let day = written_at(&path).unwrap_or_default().div_euclid(DAY);
        let first_of_day = !days.contains(&day);
        if first_of_day {
            days.push(day);
        }
        if at >= KEPT && !(first_of_day && days.len() <= DAYS_KEPT) {
            std::fs::remove_file(path.with_extension("opml")).ok();
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}
