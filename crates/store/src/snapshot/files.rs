//! The snapshots of a data folder: their names, order and number, and what they hold together.
use std::collections::HashSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::clock::DAY;
use crate::error::{Result, StoreError};
use crate::snapshot::format::{KINDS, Record, record_of};

const KEPT: usize = 7;

const DAYS_KEPT: usize = 7;

/// Maximum length of the first and of the last line of a snapshot.
const LOOKED_AT: u64 = 4_096;

/// The snapshots in a data folder, newest first: by their sequence number, since clocks may be
/// wrong; those without one last, by their time.
pub(crate) fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    Ok(numbered(dir)?.into_iter().map(|(path, _)| path).collect())
}

pub(crate) fn numbered(dir: &Path) -> Result<Vec<(PathBuf, u64)>> {
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

/// Facts from the first or last line of a snapshot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    sequence: u64,
    pub(crate) written_at: Option<i64>,
}

/// Reads the first and the last line of a snapshot; `None` if neither is intact.
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

/// The problems of each of a data folder's snapshots. One of a newer version counts as intact.
pub(crate) fn check(dir: &Path) -> Result<Vec<(PathBuf, Vec<String>)>> {
    let mut found = Vec::new();
    for path in list(dir)? {
        let problems = match crate::snapshot::read(&path) {
            Ok(snapshot) => snapshot.problems,
            Err(StoreError::NewerFormat { .. }) => Vec::new(),
            Err(error) => vec![error.to_string()],
        };
        found.push((path, problems));
    }
    Ok(found)
}

/// Renames a damaged snapshot; returns its new path.
pub(crate) fn set_aside(path: &Path) -> Result<PathBuf> {
    let free = std::iter::once(String::new())
        .chain((2..10_000).map(|number| format!("-{number}")))
        .map(|number| path.with_extension(format!("jsonl.damaged{number}")))
        .find(|path| !path.exists());
    let aside = free.ok_or_else(|| StoreError::Invalid("no free name".into()))?;
    crate::files::rename(path, &aside)?;
    std::fs::remove_file(path.with_extension("opml")).ok();
    Ok(aside)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The file name of a snapshot.
pub(crate) fn file_name(at: i64) -> Result<String> {
    let at = DateTime::<Utc>::from_timestamp(at, 0)
        .ok_or_else(|| StoreError::Invalid("a time beyond the calendar".into()))?;
    Ok(format!("warta-{}.jsonl", at.format("%Y%m%dT%H%M%SZ")))
}

/// When a snapshot was written, from its file name.
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

/// Keeps the newest few, the newest of each of the last days, and the one just written.
pub(crate) fn prune(dir: &Path, written: &Path) -> Result<()> {
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

/// The merged records of a data folder's snapshots.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) records: Vec<Record>,
    /// The snapshots used, newest first.
    pub(crate) sources: Vec<PathBuf>,
    pub(crate) problems: Vec<String>,
    /// The highest sequence number.
    pub(crate) sequence: u64,
    /// When the newest snapshot with an intact list of feeds was taken.
    pub(crate) taken_at: Option<i64>,
    /// The feeds' addresses.
    pub(crate) feeds: HashSet<String>,
}

impl Merged {
    /// A single snapshot from the file `source`. Without `taken_at` it does not count as intact.
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

/// Merges the snapshots: for each kind of record the newest; if that is damaged, also the one
/// before, and so on. `None` without any record.
pub(crate) fn merged(dir: &Path) -> Result<Option<Merged>> {
    let mut merged = Merged::default();
    let mut open_kinds: HashSet<&str> = KINDS.into_iter().collect();
    let mut seen: HashSet<String> = HashSet::new();
    for (path, sequence) in numbered(dir)? {
        merged.sequence = merged.sequence.max(sequence);
        if open_kinds.is_empty() {
            break;
        }
        let snapshot = match crate::snapshot::read(&path) {
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
    // Folders before feeds, feeds before marks.
    let rank = |record: &Record| KINDS.iter().position(|kind| record.kind() == Some(*kind));
    merged.records.sort_by_key(rank);
    Ok((!merged.sources.is_empty()).then_some(merged))
}
