//! Adding the records of a snapshot to an open store.
use std::collections::{HashMap, HashSet};

use crate::error::{Result, StoreError};
use crate::model::{
    ArticleId, Feed, FeedOptions, Forward, ForwardState, NewArticle, NewFeed, Restored,
};
use crate::records;
use crate::settings::OWN;
use crate::snapshot::files::{Merged, list, written_at};
use crate::snapshot::format::{Record, hashes};
use crate::store::Core;
use crate::trace::Trace;
use crate::trees::{Changes, Name};
use crate::waiting::{Wait, wait_for};

pub(crate) const MOST_PROBLEMS: usize = 50;

/// Whether records come from this same store, with the same article ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    No,
    Yes {
        /// They are newer than the existing ones.
        wins: bool,
    },
}

/// [`Store::restore`] of snapshots of this same store, whose articles have the same ids. Their
/// records overwrite existing ones if they are newer than `sled_knew`, the last snapshot that sled
/// recorded.
pub(crate) fn restore_own(
    core: &Core,
    merged: Merged,
    sled_knew: u64,
    now: i64,
) -> Result<Restored> {
    let wins = merged.sequence > sled_knew;
    let files = list(&core.dir)?;
    let newest = files.iter().filter_map(|path| written_at(path)).max();
    crate::snapshot::announce(core, newest.unwrap_or(now), merged.sequence)?;
    let mut restored = Restored {
        problems: merged.problems,
        ..Restored::default()
    };
    restored.problems.truncate(MOST_PROBLEMS);
    restore(core, merged.records, now, Own::Yes { wins }, &mut restored)?;
    core.subscriptions_changed();
    Ok(restored)
}

pub(crate) fn restore(
    core: &Core,
    lines: Vec<Record>,
    now: i64,
    own: Own,
    restored: &mut Restored,
) -> Result<()> {
    restore_traced(core, lines, now, own, (restored, &mut Trace::default())).map(drop)
}

/// [`restore`] that also records how to undo it; returns the articles that have notes now.
pub(crate) fn restore_traced(
    core: &Core,
    lines: Vec<Record>,
    now: i64,
    own: Own,
    (restored, trace): (&mut Restored, &mut Trace),
) -> Result<Vec<ArticleId>> {
    let wins = own == Own::Yes { wins: true };
    let own = own != Own::No;
    let mut stubs: HashMap<String, Vec<(NewArticle, i64)>> = HashMap::new();
    let mut brought: HashMap<String, Vec<(NewArticle, Option<i64>)>> = HashMap::new();
    let mut noted = Vec::new();
    let mut forwards: Option<HashSet<(i64, String, String)>> = None;
    for record in lines {
        match record {
            Record::Header { .. } | Record::End { .. } => {}
            Record::Folder { path, .. } => restore_folder(core, &path, restored, trace)?,
            Record::Feed {
                url,
                custom_title,
                folder: _,
                folder_path,
                added_at,
                paused,
                title,
                site,
                document,
                options,
            } => {
                let folder = folder_of(core, &folder_path);
                let new = NewFeed {
                    url,
                    custom_title,
                    folder,
                    title,
                    site,
                    kind: document,
                };
                let own = OwnSettings {
                    added_at,
                    paused,
                    options: options.into(),
                };
                let is_new = restore_feed(core, &new, &own, wins)?;
                if is_new {
                    restored.feeds += 1;
                    trace.feeds.extend(core.state().by_url.get(&new.url));
                }
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
                restored.marks += restore_read(core, &feed, &hashes(&guids), &hashes(&pages))?;
            }
            Record::Article {
                feed,
                article,
                saved_at,
            } => brought.entry(feed).or_default().push((*article, saved_at)),
            Record::Setting { name, .. } if !own && name.starts_with(OWN) => {}
            Record::Setting { name, json } => {
                restored.settings += u64::from(restore_setting(core, &name, &json, wins)?);
            }
            Record::Search { name, query } => restore_search(core, &name, &query, restored)?,
            Record::Forward { forward } => {
                let known = match &mut forwards {
                    Some(known) => known,
                    none => none.insert(known_forwards(core)?),
                };
                let key = (forward.at, forward.channel.clone(), forward.message.clone());
                if known.insert(key) {
                    restore_forward(core, forward, own)?;
                    restored.forwards += 1;
                }
            }
        }
    }
    for (feed, stubs) in stubs {
        restored.marks += restore_saved(core, &feed, stubs, now)?;
    }
    for (feed, articles) in brought {
        let placed = crate::placing::bring_articles(core, &feed, articles, now, trace)?;
        restored.articles += placed.new;
        restored.marks += placed.marks;
        noted.extend(placed.noted);
    }
    core.search.poke();
    core.flush()?;
    Ok(noted)
}

/// Makes the folders of a path that are missing.
fn restore_folder(
    core: &Core,
    path: &[String],
    restored: &mut Restored,
    trace: &mut Trace,
) -> Result<()> {
    let _writing = core.write()?;
    let before: HashSet<_> = core.state().folders.keys().copied().collect();
    if reported(crate::folders::folder_at(core, path), restored)?.is_some() {
        let state = core.state();
        let new = state.folders.keys().filter(|id| !before.contains(id));
        let new: Vec<_> = new.copied().collect();
        restored.folders += new.len() as u64;
        trace.folders.extend(new);
    }
    Ok(())
}

/// Saves a search unless the same query is saved already.
fn restore_search(core: &Core, name: &str, query: &str, restored: &mut Restored) -> Result<()> {
    let _writing = core.write()?;
    let mut known = crate::saved_searches::saved_searches(core)?.into_iter();
    if !known.any(|known| known.query == query)
        && reported(
            crate::saved_searches::save_search(core, name, query),
            restored,
        )?
        .is_some()
    {
        restored.searches += 1;
    }
    Ok(())
}

/// Restores a setting if it is missing or the snapshot is newer (`wins`); returns whether it did.
fn restore_setting(core: &Core, name: &str, json: &str, wins: bool) -> Result<bool> {
    let _writing = core.write()?;
    if !wins && core.trees().settings.get(name)?.is_some() {
        return Ok(false);
    }
    let mut changes = Changes::default();
    changes.put(Name::Settings, name.as_bytes(), &json)?;
    core.apply(&changes)?;
    Ok(true)
}

/// The folder at a path, if it exists.
fn folder_of(core: &Core, path: &[String]) -> Option<crate::model::FolderId> {
    let state = core.state();
    let mut parent = None;
    for name in path {
        parent = Some(crate::folder_tree::child(&state.folders, parent, name)?);
    }
    parent
}

/// The fields of a feed's record in a snapshot that are not part of [`NewFeed`].
struct OwnSettings {
    added_at: i64,
    paused: bool,
    options: FeedOptions,
}

/// Subscribes, or fills in missing fields of a feed; true if it was new.
fn restore_feed(core: &Core, new: &NewFeed, own: &OwnSettings, wins: bool) -> Result<bool> {
    let OwnSettings {
        added_at,
        paused,
        ref options,
    } = *own;
    let store = |feed: &mut Feed, is_new: bool| {
        if wins {
            feed.custom_title.clone_from(&new.custom_title);
            feed.folder = new.folder;
            feed.paused = paused;
            feed.kind.clone_from(&new.kind);
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
        if is_new {
            feed.paused = paused;
        }
        if feed.options == FeedOptions::default() {
            feed.options = options.clone();
        }
    };
    if new.url.trim().is_empty() {
        return Ok(false);
    }
    let added = crate::subscriptions::add_feeds(core, std::slice::from_ref(new), added_at)?;
    let (id, is_new) = match added.first() {
        Some(crate::model::Added::New(id)) => (*id, true),
        Some(crate::model::Added::Already(id)) => (*id, false),
        None => return Ok(false),
    };
    crate::subscriptions::change_feed(core, id, &mut |feed| store(feed, is_new))?;
    Ok(is_new)
}

fn restore_read(
    core: &Core,
    url: &str,
    hashes: &HashSet<u64>,
    pages: &HashSet<u64>,
) -> Result<u64> {
    let _writing = core.write()?;
    let Some(feed) = core.state().by_url.get(url).copied() else {
        return Ok(0);
    };
    let mut here = Vec::new();
    let (mut missing, mut missing_pages) = (hashes.clone(), pages.clone());
    if let Some(known) = core.state().feeds.get(&feed) {
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
    let mut marks = crate::marks::add_marks(core, &here)?;
    let mut changes = Changes::default();
    let mut wait = |hash| {
        let wait = Wait {
            hash,
            read: true,
            saved_at: None,
        };
        wait_for(core, feed, &wait, &mut changes, &mut Trace::default())
    };
    for guid in missing {
        marks += u64::from(wait(guid)?);
    }
    for page in missing_pages {
        wait(page)?;
    }
    core.apply(&changes)?;
    Ok(marks)
}

/// Marks saved articles that exist; adds a stub for each other one.
fn restore_saved(core: &Core, url: &str, saved: Vec<(NewArticle, i64)>, now: i64) -> Result<u64> {
    let _writing = core.write()?;
    let Some(feed) = core.state().by_url.get(url).copied() else {
        return Ok(0);
    };
    let mut changed = 0;
    let mut stubs = Vec::new();
    let mut here = Vec::new();
    for (article, saved_at) in saved {
        let hash = crate::hash::guid_hash(&article.guid);
        let known: Option<u64> = core.state().feeds.get(&feed).and_then(|known| {
            known
                .entries
                .iter()
                .find(|entry| entry.guid == hash)
                .map(|entry| entry.id)
        });
        if let Some(id) = known {
            here.push((id, feed, article.read, Some(saved_at)));
        } else {
            let wait = Wait {
                hash,
                read: article.read,
                saved_at: Some(saved_at),
            };
            let mut waiting = Changes::default();
            let untraced = &mut Trace::default();
            changed += u64::from(wait_for(core, feed, &wait, &mut waiting, untraced)?);
            core.apply(&waiting)?;
            stubs.push(article);
        }
    }
    changed += crate::marks::add_marks(core, &here)?;
    crate::commit::add_stubs(core, feed, stubs, now)?;
    Ok(changed)
}

pub(crate) fn known_forwards(core: &Core) -> Result<HashSet<(i64, String, String)>> {
    let mut known = HashSet::new();
    for item in &core.trees().forwards {
        let forward: Forward = records::decode(&item?.1, "a forward")?;
        known.insert((forward.at, forward.channel, forward.message));
    }
    Ok(known)
}

fn restore_forward(core: &Core, mut forward: Forward, own: bool) -> Result<()> {
    let _writing = core.write()?;
    let last = core.trees().forwards.last()?;
    forward.id = last.map_or(Ok(0), |(key, _)| crate::keys::number_of(&key))? + 1;
    // Ids of another store refer to other articles here.
    forward.article = forward.article.filter(|_| own);
    if forward.state == ForwardState::Waiting {
        forward.state = ForwardState::Failed;
    }
    let mut changes = Changes::default();
    changes.put(Name::Forwards, &forward.id.to_be_bytes(), &forward)?;
    core.apply(&changes)
}

/// Reports and skips invalid records.
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
