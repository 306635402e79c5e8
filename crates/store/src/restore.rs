//! Restoring in two steps: a plan, which reads a snapshot, lets the caller check each record and
//! counts what it would add, and its application, which is atomic. The checked records are written
//! to a journal first; a store that finds one when it opens finishes the restore, which is safe
//! because restoring the same records twice adds nothing.
//!
//! Which records are acceptable is not decided here: the caller knows the valid settings and
//! addresses.
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::error::{Result, StoreError};
use crate::folder_tree::{MOST_LEVELS, checked_name, path};
use crate::model::{ArticleId, FeedId, Forward, Restored};
use crate::records::{self, WaitingMark};
use crate::settings::OWN;
use crate::snapshot::{self, Own, Record, Snapshot};
use crate::store::{Core, Store};
use crate::trace::Trace;

const JOURNAL: &str = "restoring.jsonl";

/// A journal that could not be applied, kept for inspection.
const FAILED_JOURNAL: &str = "restoring.failed.jsonl";

/// Maximum size of a snapshot, in bytes: one of a million articles has some 30 MB.
const LARGEST: u64 = 512 << 20;

/// Times of records are clamped to this range, in seconds since 1970: about the years -1200 to
/// 5100.
const EARLIEST: i64 = -100_000_000_000;

const LATEST: i64 = 100_000_000_000;

/// A record of a snapshot, to be checked and changed before it is restored.
#[derive(Debug)]
pub enum Incoming<'a> {
    /// A folder.
    Folder {
        /// Its name and those of the folders around it, outermost first.
        path: &'a mut Vec<String>,
    },
    /// A subscription.
    Feed(IncomingFeed<'a>),
    /// A saved article.
    Saved {
        /// The address of its feed.
        feed: &'a mut String,
        /// Its id in the feed.
        guid: &'a str,
        /// Its own address.
        url: &'a mut Option<String>,
        /// Its title.
        title: &'a mut String,
    },
    /// Read articles of a feed.
    Read {
        /// The address of the feed.
        feed: &'a mut String,
    },
    /// A setting.
    Setting {
        /// Its name.
        name: &'a str,
        /// Its value.
        json: &'a mut String,
    },
    /// A saved search.
    Search {
        /// Its name.
        name: &'a mut String,
        /// What is searched for.
        query: &'a mut String,
    },
    /// A forward of the history.
    Forward(&'a mut Forward),
}

/// A subscription of a snapshot.
#[derive(Debug)]
pub struct IncomingFeed<'a> {
    /// Where it is fetched.
    pub url: &'a mut String,
    /// The reader's name for it.
    pub custom_title: &'a mut Option<String>,
    /// The names of its folder and those around it, outermost first.
    pub folder: &'a mut Vec<String>,
    /// Its own title.
    pub title: &'a mut Option<String>,
    /// The publisher's site.
    pub site: &'a mut Option<String>,
    /// Sent with requests.
    pub user_agent: &'a mut Option<String>,
    /// Names of headers that are sent.
    pub headers: &'a mut Vec<String>,
    /// How many days and articles of it are kept.
    pub keep: [Option<u32>; 2],
}

/// Checks a record, may change it, and returns whether to accept it.
pub type Check<'a> = &'a mut dyn FnMut(Incoming<'_>) -> bool;

/// A snapshot that was read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct RestorePlan {
    records: Vec<Record>,
    adds: Restored,
}

impl RestorePlan {
    /// What applying it would add, as of when the plan was made.
    #[must_use]
    pub fn adds(&self) -> &Restored {
        &self.adds
    }
}

impl Store {
    /// Reads a snapshot and counts what restoring it would add; changes nothing.
    pub fn plan_restore(&self, file: &Path, check: Check<'_>) -> Result<RestorePlan> {
        let (records, problems) = read_checked(file, check)?;
        let mut adds = forecast(&self.core, &records)?;
        adds.problems = problems;
        adds.problems.truncate(snapshot::MOST_PROBLEMS);
        Ok(RestorePlan { records, adds })
    }

    /// Adds the plan's records to the store; removes nothing. Marks of unknown articles wait for
    /// them; saved ones are listed at once, without their text. After a kill, the next opening
    /// finishes it.
    pub fn apply_restore(&self, plan: &RestorePlan, now: i64) -> Result<Restored> {
        let mut restored = Restored::default();
        let untraced = &mut Trace::default();
        apply_traced(
            &self.core,
            plan.records.clone(),
            now,
            (&mut restored, untraced),
        )?;
        restored.problems.splice(0..0, plan.adds.problems.clone());
        restored.problems.truncate(snapshot::MOST_PROBLEMS);
        Ok(restored)
    }

    /// [`Store::plan_restore`] and [`Store::apply_restore`] without a check.
    pub fn restore(&self, file: &Path, now: i64) -> Result<Restored> {
        let plan = self.plan_restore(file, &mut |_| true)?;
        self.apply_restore(&plan, now)
    }
}

/// Writes records to the journal, then adds them to the store and records how to undo that.
/// Returns the articles that have notes now.
pub(crate) fn apply_traced(
    core: &Core,
    records: Vec<Record>,
    now: i64,
    outcome: (&mut Restored, &mut Trace),
) -> Result<Vec<ArticleId>> {
    core.has_room()?;
    let journal = core.dir.join(JOURNAL);
    let text = snapshot::text_of(&records, now, 0)?;
    crate::files::write_atomically(&journal, text.as_bytes())?;
    drop(text);
    let noted = snapshot::restore_traced(core, records, now, Own::No, outcome)?;
    remove_journal(&core.dir)?;
    core.subscriptions_changed();
    Ok(noted)
}

/// Finishes an interrupted restore. Never prevents the store from opening.
pub(crate) fn finish_restore(core: &Core) {
    let journal = core.dir.join(JOURNAL);
    if !journal.exists() {
        return;
    }
    let now = crate::clock::clock().as_secs() as i64;
    let finished = catch_unwind(AssertUnwindSafe(|| {
        let Snapshot { lines, .. } = snapshot::read(&journal)?;
        crate::snapshot::restore(core, lines, now, Own::No, &mut Restored::default())?;
        remove_journal(&core.dir)
    }));
    match finished {
        Ok(Ok(())) => {
            tracing::info!("finished a restore that was interrupted");
            core.subscriptions_changed();
        }
        // It is tried again at the next opening: the disk may be full now.
        Ok(Err(error)) => {
            tracing::error!(%error, "an interrupted restore could not be finished");
        }
        Err(_) => {
            tracing::error!("an interrupted restore cannot be finished and is set aside");
            let _ = std::fs::rename(&journal, core.dir.join(FAILED_JOURNAL));
        }
    }
}

/// What restoring these records would add, counted as [`snapshot::restore`] does.
fn forecast(core: &Core, records: &[Record]) -> Result<Restored> {
    let mut adds = Restored::default();
    let mut folders: HashSet<Vec<String>> = {
        let state = core.state();
        let ids = state.folders.keys();
        ids.map(|id| path(&state.folders, *id)).collect()
    };
    let mut queries: HashSet<String> = crate::saved_searches::saved_searches(core)?
        .into_iter()
        .map(|search| search.query)
        .collect();
    let mut forwards = crate::snapshot::known_forwards(core)?;
    let mut settings = HashSet::new();
    let mut new_feeds: HashSet<&str> = HashSet::new();
    let mut marks = ForecastMarks {
        core,
        unknown: HashMap::new(),
        here: HashMap::new(),
        entries: HashMap::new(),
    };
    let mut saved = Vec::new();
    for record in records {
        match record {
            Record::Header { .. } | Record::End { .. } | Record::Article { .. } => {}
            Record::Folder { path, .. } => {
                let names = path.iter().map(|name| checked_name(name));
                let names: Vec<String> = names.collect::<Result<_>>().unwrap_or_default();
                if names.len() <= MOST_LEVELS {
                    for level in 1..=names.len() {
                        adds.folders += u64::from(folders.insert(names[..level].to_vec()));
                    }
                }
            }
            Record::Feed { url, .. } => {
                let state = core.state();
                let known = state.by_url.get(url);
                let is_here = known.is_some_and(|id| state.is_visible(*id));
                if !url.trim().is_empty() && !is_here {
                    adds.feeds += u64::from(new_feeds.insert(url));
                }
            }
            Record::Saved {
                feed, guid, read, ..
            } => saved.push((feed, crate::hash::guid_hash(guid), *read)),
            Record::Read { feed, guids, pages } => {
                let hashes = snapshot::hashes(guids);
                let is_new = new_feeds.contains(feed.as_str());
                for id in marks.named_by_page(feed, &snapshot::hashes(pages)) {
                    adds.marks += u64::from(marks.mark_here(id, true, false));
                }
                for hash in hashes {
                    adds.marks += u64::from(marks.mark(feed, is_new, hash, true, false)?);
                }
            }
            Record::Setting { name, .. } => {
                let is_taken = !name.starts_with(OWN)
                    && !core.trees().settings.contains_key(name)?
                    && settings.insert(name);
                adds.settings += u64::from(is_taken);
            }
            Record::Search { name, query } => {
                let is_good = crate::saved_searches::checked(name, query).is_ok();
                if is_good && !queries.contains(query) {
                    queries.insert(query.trim().to_owned());
                    adds.searches += 1;
                }
            }
            Record::Forward { forward } => {
                let key = (forward.at, forward.channel.clone(), forward.message.clone());
                adds.forwards += u64::from(forwards.insert(key));
            }
        }
    }
    for (feed, hash, read) in saved {
        let is_new = new_feeds.contains(feed.as_str());
        adds.marks += u64::from(marks.mark(feed, is_new, hash, read, true)?);
    }
    Ok(adds)
}

/// The marks after the records so far.
struct ForecastMarks<'c> {
    core: &'c Core,
    /// Read and saved marks of unknown articles, by feed and GUID.
    unknown: HashMap<(String, u64), (bool, bool)>,
    /// Read and saved marks of existing articles.
    here: HashMap<u64, (bool, bool)>,
    /// Existing articles, by feed and GUID.
    entries: HashMap<FeedId, HashMap<u64, u64>>,
}

impl ForecastMarks<'_> {
    /// Whether marking an article changes anything.
    fn mark(&mut self, url: &str, is_new: bool, guid: u64, read: bool, save: bool) -> Result<bool> {
        let state = self.core.state();
        let known = state.by_url.get(url).copied();
        if known.is_none() && !is_new {
            return Ok(false);
        }
        let entry = known.and_then(|id| {
            let of_feed = self.entries.entry(id).or_insert_with(|| {
                let feed = state.feeds.get(&id);
                let entries = feed.into_iter().flat_map(|feed| &feed.entries);
                entries.map(|entry| (entry.guid, entry.id)).collect()
            });
            of_feed.get(&guid).copied()
        });
        drop(state);
        if let Some(id) = entry {
            return Ok(self.mark_here(id, read, save));
        }
        let marks = {
            let key = (url.to_owned(), guid);
            match self.unknown.entry(key) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(place) => {
                    let waiting = waits(self.core, known, guid)?;
                    place.insert(waiting)
                }
            }
        };
        Ok(add_mark(marks, read, save))
    }

    /// Existing articles with one of these fingerprints.
    fn named_by_page(&self, url: &str, pages: &HashSet<u64>) -> Vec<u64> {
        let state = self.core.state();
        let known = state.by_url.get(url).and_then(|id| state.feeds.get(id));
        let entries = known.into_iter().flat_map(|feed| &feed.entries);
        let named = entries.filter(|entry| pages.contains(&entry.print));
        named.map(|entry| entry.id).collect()
    }

    /// Whether marking an existing article changes anything.
    fn mark_here(&mut self, id: u64, read: bool, save: bool) -> bool {
        let state = self.core.state();
        let now = || (state.read.get(id), state.saved_at.contains_key(&id));
        add_mark(self.here.entry(id).or_insert_with(now), read, save)
    }
}

/// Adds to a mark (read, saved); whether that changes it.
fn add_mark(mark: &mut (bool, bool), read: bool, save: bool) -> bool {
    let after = (mark.0 || read, mark.1 || save);
    let changes = after != *mark;
    *mark = after;
    changes
}

fn waits(core: &Core, feed: Option<FeedId>, guid: u64) -> Result<(bool, bool)> {
    let Some(feed) = feed else {
        return Ok((false, false));
    };
    let Some(value) = core
        .trees()
        .waiting
        .get(crate::keys::guid_key(feed, guid))?
    else {
        return Ok((false, false));
    };
    let mark: WaitingMark = records::decode(&value, "a waiting mark")?;
    Ok((mark.read, mark.saved_at.is_some()))
}

/// The accepted records of a snapshot, and the file's problems.
pub(crate) fn read_checked(file: &Path, check: Check<'_>) -> Result<(Vec<Record>, Vec<String>)> {
    if std::fs::metadata(file)?.len() > LARGEST {
        return Err(StoreError::Invalid(format!(
            "the file is larger than {} MB: this is not a snapshot",
            LARGEST >> 20
        )));
    }
    let Snapshot {
        lines: mut records,
        problems,
        ..
    } = snapshot::read(file)?;
    records.retain_mut(|record| {
        // Articles are only in the journal of an import: the HTML of a file is not trusted.
        if matches!(record, Record::Article { .. }) {
            return false;
        }
        bound_times(record);
        incoming(record).is_none_or(&mut *check)
    });
    Ok((records, problems))
}

/// Clamps the times of a record, so that arithmetic on them cannot overflow.
fn bound_times(record: &mut Record) {
    let bound = |time: &mut i64| *time = (*time).clamp(EARLIEST, LATEST);
    match record {
        Record::Feed {
            added_at, options, ..
        } => {
            bound(added_at);
            options.ended_at.as_mut().into_iter().for_each(bound);
        }
        Record::Saved { time, saved_at, .. } => {
            bound(time);
            bound(saved_at);
        }
        Record::Forward { forward } => bound(&mut forward.at),
        _ => {}
    }
}

pub(crate) fn incoming(record: &mut Record) -> Option<Incoming<'_>> {
    Some(match record {
        Record::Header { .. } | Record::End { .. } | Record::Article { .. } => return None,
        Record::Folder { path, .. } => Incoming::Folder { path },
        Record::Feed {
            url,
            custom_title,
            folder_path,
            title,
            site,
            options,
            ..
        } => Incoming::Feed(IncomingFeed {
            url,
            custom_title,
            folder: folder_path,
            title,
            site,
            keep: [options.keep_days, options.keep_articles],
            user_agent: &mut options.user_agent,
            headers: &mut options.headers,
        }),
        Record::Saved {
            feed,
            guid,
            url,
            title,
            ..
        } => Incoming::Saved {
            feed,
            guid,
            url,
            title,
        },
        Record::Read { feed, .. } => Incoming::Read { feed },
        Record::Setting { name, json } => Incoming::Setting { name, json },
        Record::Search { name, query } => Incoming::Search { name, query },
        Record::Forward { forward } => Incoming::Forward(forward),
    })
}

fn remove_journal(dir: &Path) -> Result<()> {
    std::fs::remove_file(dir.join(JOURNAL))?;
    crate::files::sync_folder(dir)
}
