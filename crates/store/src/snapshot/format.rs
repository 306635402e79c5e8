//! The text of a snapshot: its records, line by line.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::documents::DocumentKind;
use crate::error::{Result, StoreError};
use crate::folder_tree::split;
use crate::model::{FeedOptions, Forward, NewArticle, Retention};

pub(crate) const VERSION: u32 = 1;

/// Kinds of records of a snapshot, as its header counts them.
pub(crate) const KINDS: [&str; 8] = [
    "folders", "feeds", "saved", "read", "settings", "searches", "forwards", "articles",
];

/// A line of a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Record {
    Header {
        format: String,
        version: u32,
        written_at: i64,
        counts: BTreeMap<String, u64>,
        /// Ascending, independent of the clock; 0 before 0.2.
        #[serde(default)]
        sequence: u64,
    },
    Folder {
        /// Of a nested folder: its path as one name, as versions without nesting read it.
        name: String,
        position: u32,
        /// Outermost first; empty in what versions without nesting wrote.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        path: Vec<String>,
    },
    Feed {
        url: String,
        custom_title: Option<String>,
        folder: Option<String>,
        /// As in a folder's record.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        folder_path: Vec<String>,
        added_at: i64,
        paused: bool,
        title: Option<String>,
        site: Option<String>,
        #[serde(default, skip_serializing_if = "is_default")]
        document: DocumentKind,
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
        /// Fingerprints, for articles that the feed may list under other GUIDs.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pages: Vec<String>,
    },
    /// An article of another program, only in the journal of an import: its HTML was sanitised.
    Article {
        feed: String,
        article: Box<NewArticle>,
        saved_at: Option<i64>,
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
    /// Identifies what a record is about.
    pub(crate) fn names(&self) -> String {
        match self {
            Self::Header { .. } | Self::End { .. } => String::new(),
            Self::Folder { name, .. } => format!("folder {name}"),
            Self::Feed { url, .. } => format!("feed {url}"),
            Self::Saved { feed, guid, .. } => format!("saved {feed}\n{guid}"),
            Self::Read { feed, .. } => format!("read {feed}"),
            Self::Article { feed, article, .. } => format!("article {feed}\n{}", article.guid),
            Self::Setting { name, .. } => format!("setting {name}"),
            Self::Search { query, .. } => format!("search {query}"),
            Self::Forward { forward } => format!(
                "forward {} {}\n{}",
                forward.at, forward.channel, forward.message
            ),
        }
    }

    /// Which of [`KINDS`] it is.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Self::Header { .. } | Self::End { .. } => return None,
            Self::Folder { .. } => "folders",
            Self::Feed { .. } => "feeds",
            Self::Saved { .. } => "saved",
            Self::Read { .. } => "read",
            Self::Article { .. } => "articles",
            Self::Setting { .. } => "settings",
            Self::Search { .. } => "searches",
            Self::Forward { .. } => "forwards",
        })
    }
}

impl Record {
    /// A subscription with defaults.
    pub(crate) fn feed(url: &str, added_at: i64) -> Self {
        Self::Feed {
            url: url.to_owned(),
            custom_title: None,
            folder: None,
            folder_path: Vec::new(),
            added_at,
            paused: false,
            title: None,
            site: None,
            document: DocumentKind::Feed,
            options: Options::default(),
        }
    }
}

/// [`FeedOptions`], with defaults for fields that older versions did not write.
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

const LINE_START: &str = "{\"crc\":\"";

const LINE_MIDDLE: &str = "\",\"record\":";

fn line(record: &Record) -> Result<String> {
    let json = serde_json::to_string(record).map_err(|e| StoreError::Invalid(e.to_string()))?;
    let checksum = crc32fast::hash(json.as_bytes());
    Ok(format!("{LINE_START}{checksum:08x}{LINE_MIDDLE}{json}}}\n"))
}

/// The text of a snapshot with these records.
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

/// The record of a line, if it is intact and known; its folders are paths.
pub(crate) fn record_of(line: &str) -> Option<Record> {
    let mut record: Record = serde_json::from_str(whole(line)?).ok()?;
    match &mut record {
        Record::Folder { name, path, .. } if path.is_empty() => *path = split(name),
        Record::Feed {
            folder: Some(name),
            folder_path,
            ..
        } if folder_path.is_empty() => *folder_path = split(name),
        _ => {}
    }
    Some(record)
}

/// The JSON of a line, if its checksum matches.
fn whole(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(LINE_START)?;
    let (checksum, rest) = rest.split_at_checked(8)?;
    let json = rest.strip_prefix(LINE_MIDDLE)?.strip_suffix('}')?;
    let checksum = u32::from_str_radix(checksum, 16).ok()?;
    (crc32fast::hash(json.as_bytes()) == checksum).then_some(json)
}

/// Parses hexadecimal hashes; invalid ones are left out, and so is zero, which means none.
pub(crate) fn hashes(hex: &[String]) -> HashSet<u64> {
    let hex = hex.iter();
    hex.filter_map(|hash| u64::from_str_radix(hash, 16).ok())
        .filter(|hash| *hash != 0)
        .collect()
}

/// The intact lines of a snapshot, and its problems.
pub(crate) struct Snapshot {
    /// When it was taken and how many records of each kind it had.
    pub(crate) header: Option<(i64, BTreeMap<String, u64>)>,
    pub(crate) lines: Vec<Record>,
    pub(crate) problems: Vec<String>,
}

impl Snapshot {
    /// Number of intact records of each kind.
    pub(crate) fn counts(&self) -> HashMap<&'static str, u64> {
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
                "line {} is from a newer version and was left out",
                number + 1
            )),
            None => problems.push(format!("line {} is damaged and was left out", number + 1)),
        }
        before_end.update(line);
    }
    if lines.is_empty() && header.is_none() {
        return Err(StoreError::Invalid(
            "this is not a snapshot, or all of it is damaged".into(),
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

/// Whether any of the first lines is an intact line of a snapshot.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').take(8);
    lines.any(|line| std::str::from_utf8(line).is_ok_and(|line| whole(line.trim_end()).is_some()))
}
