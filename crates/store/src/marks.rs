//! Read and saved marks. Each change is durable when the call returns.
use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::model::{ArticleId, Cursor, FeedId, Mark, Order, Place, Span, UndoToken};
use crate::state::Walk;
use crate::store::{Core, Store, Undo};
use crate::trees::{Changes, Name};

#[derive(Clone, Copy, PartialEq)]
enum Saving {
    Stays,
    Since(i64),
    Ends,
}

/// A change of status.
struct Change {
    id: u64,
    feed: FeedId,
    read: Option<bool>,
    saved: Saving,
}

impl Store {
    /// Changes the status of articles; returns how many changed. Unknown articles are skipped.
    pub fn mark(&self, ids: &[ArticleId], mark: Mark, now: i64) -> Result<usize> {
        let core = &self.core;
        let _writing = core.write_little()?;
        let mut changes: HashMap<u64, Change> = HashMap::new();
        for id in ids {
            let Some(stored) = core.stored(id.0)? else {
                continue;
            };
            let state = core.state();
            if !state.is_listed(id.0, stored.row.feed) {
                continue;
            }
            let is_saved = state.saved_at.contains_key(&id.0);
            let change = Change {
                id: id.0,
                feed: stored.row.feed,
                read: mark.read.filter(|read| *read != state.read.get(id.0)),
                saved: match mark.saved {
                    Some(true) if !is_saved => Saving::Since(now),
                    Some(false) if is_saved => Saving::Ends,
                    _ => Saving::Stays,
                },
            };
            if change.read.is_some() || change.saved != Saving::Stays {
                changes.insert(id.0, change);
            }
        }
        let changes: Vec<Change> = changes.into_values().collect();
        apply_changes(core, &changes)?;
        Ok(changes.len())
    }

    /// Marks the articles of `place` at or before `newest` read; returns how many changed, and the
    /// undo token.
    pub fn mark_all_read(
        &self,
        place: Place,
        newest: Option<Cursor>,
        _now: i64,
    ) -> Result<(usize, UndoToken)> {
        let span = newest.map_or_else(Span::default, Span::until);
        self.mark_spans_read(&[(place, span)])
    }

    /// Marks parts of lists read; returns how many changed, and the undo token for all of them.
    pub fn mark_spans_read(&self, parts: &[(Place, Span)]) -> Result<(usize, UndoToken)> {
        let core = &self.core;
        let _writing = core.write_little()?;
        let mut seen = Seen {
            may_overlap: parts.len() > 1,
            ids: HashSet::new(),
        };
        let mut changed = Vec::new();
        for (place, span) in parts {
            changed.extend(unread_in(core, *place, span, &mut seen));
        }
        let count = changed.iter().map(|(_, ids)| ids.len()).sum();
        set_read(core, &changed, true)?;
        Ok((count, core.keep_undo(Undo::Read(changed))))
    }

    /// Marks these articles read; returns those that were unread, and the undo token.
    pub fn mark_read(&self, ids: &[ArticleId]) -> Result<(Vec<ArticleId>, UndoToken)> {
        let core = &self.core;
        let _writing = core.write_little()?;
        let mut by_feed: HashMap<FeedId, Vec<u64>> = HashMap::new();
        let mut seen = HashSet::new();
        for id in ids.iter().filter(|id| seen.insert(id.0)) {
            let Some(stored) = core.stored(id.0)? else {
                continue;
            };
            let state = core.state();
            if state.is_listed(id.0, stored.row.feed) && !state.read.get(id.0) {
                by_feed.entry(stored.row.feed).or_default().push(id.0);
            }
        }
        let changed: Vec<(FeedId, Vec<u64>)> = by_feed.into_iter().collect();
        set_read(core, &changed, true)?;
        let all = changed.iter().flat_map(|(_, ids)| ids);
        let all = all.copied().map(ArticleId).collect();
        Ok((all, core.keep_undo(Undo::Read(changed))))
    }

    /// How many of these existing articles are unread, from memory.
    #[must_use]
    pub fn unread_among(&self, ids: &[u64]) -> u64 {
        let state = self.core.state();
        ids.iter().filter(|id| !state.read.get(**id)).count() as u64
    }
}

/// The articles found so far, so that none is found twice.
#[derive(Default)]
struct Seen {
    /// Whether several parts are looked at; else only articles that several feeds list can be found
    /// twice.
    may_overlap: bool,
    ids: HashSet<u64>,
}

impl Seen {
    fn is_new(&mut self, id: u64, is_shared: bool) -> bool {
        !(self.may_overlap || is_shared) || self.ids.insert(id)
    }
}

/// The unread articles of a part of a list, by feed, without those seen before.
fn unread_in(core: &Core, place: Place, span: &Span, seen: &mut Seen) -> Vec<(FeedId, Vec<u64>)> {
    let state = core.state();
    if place == Place::Saved {
        let mut by_feed: HashMap<FeedId, Vec<u64>> = HashMap::new();
        let walk = Walk {
            place,
            unread_only: true,
            before: span.before.map(Into::into),
            order: Order::NewestFirst,
            since: i64::MIN,
        };
        state.walk(&walk, &mut |time, id| {
            if !span.contains((time, id)) {
                return false;
            }
            if let Some((_, feed)) = state.saved_at.get(&id)
                && seen.is_new(id, false)
            {
                by_feed.entry(*feed).or_default().push(id);
            }
            true
        });
        return by_feed.into_iter().collect();
    }
    let since = match place {
        Place::Since(since) => since,
        _ => i64::MIN,
    };
    let mut changed = Vec::new();
    for known in state
        .feeds_in(place)
        .into_iter()
        .filter(|known| known.unread > 0)
    {
        let ids: Vec<u64> = known
            .entries
            .iter()
            .filter(|entry| {
                entry.time >= since
                    && span.contains((entry.time, entry.id))
                    && !state.read.get(entry.id)
                    && seen.is_new(entry.id, state.shared.contains_key(&entry.id))
            })
            .map(|entry| entry.id)
            .collect();
        if !ids.is_empty() {
            changed.push((known.feed.id, ids));
        }
    }
    changed
}

/// Leaves out articles that were purged since.
pub(crate) fn still_here(
    core: &Core,
    mut by_feed: Vec<(FeedId, Vec<u64>)>,
) -> Vec<(FeedId, Vec<u64>)> {
    let state = core.state();
    for (feed, ids) in &mut by_feed {
        let here: HashSet<u64> = match state.feeds.get(feed) {
            Some(known) => known.entries.iter().map(|entry| entry.id).collect(),
            None => HashSet::new(),
        };
        ids.retain(|id| here.contains(id));
    }
    by_feed
}

pub(crate) fn set_read(core: &Core, by_feed: &[(FeedId, Vec<u64>)], read: bool) -> Result<()> {
    let bits: Vec<(u64, bool)> = by_feed
        .iter()
        .flat_map(|(_, ids)| ids.iter().map(|id| (*id, read)))
        .collect();
    if bits.is_empty() {
        return Ok(());
    }
    let mut changes = Changes::default();
    core.put_read(&bits, &mut changes);
    core.apply(&changes)?;
    {
        let mut state = core.state_mut();
        for (feed, ids) in by_feed {
            for id in ids {
                state.set_read(*id, *feed, read);
            }
        }
    }
    core.flush()
}

fn apply_changes(core: &Core, changes: &[Change]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let bits: Vec<(u64, bool)> = changes
        .iter()
        .filter_map(|change| Some((change.id, change.read?)))
        .collect();
    let mut writes = Changes::default();
    core.put_read(&bits, &mut writes);
    for change in changes {
        let key = change.id.to_be_bytes();
        match change.saved {
            Saving::Since(at) => writes.put(Name::Saved, &key, &(at, change.feed))?,
            Saving::Ends => writes.remove(Name::Saved, &key),
            Saving::Stays => {}
        }
    }
    core.apply(&writes)?;
    {
        let mut state = core.state_mut();
        for change in changes {
            if let Some(read) = change.read {
                state.set_read(change.id, change.feed, read);
            }
            match change.saved {
                Saving::Since(at) => state.set_saved(change.id, change.feed, Some(at)),
                Saving::Ends => state.set_saved(change.id, change.feed, None),
                Saving::Stays => {}
            }
        }
    }
    core.flush()
}

/// Takes the saved mark off articles that have it.
pub(crate) fn end_saving(core: &Core, saved: &[(u64, FeedId)]) -> Result<()> {
    let changes: Vec<Change> = {
        let state = core.state();
        let saved = saved.iter();
        let saved = saved.filter(|(id, _)| state.saved_at.contains_key(id));
        let changes = saved.map(|(id, feed)| Change {
            id: *id,
            feed: *feed,
            read: None,
            saved: Saving::Ends,
        });
        changes.collect()
    };
    apply_changes(core, &changes)
}

/// Adds marks from a snapshot; returns how many articles changed. Never removes marks.
pub(crate) fn add_marks(core: &Core, marks: &[(u64, FeedId, bool, Option<i64>)]) -> Result<u64> {
    let mut changes = Vec::new();
    for (id, feed, read, saved_at) in marks {
        let state = core.state();
        let change = Change {
            id: *id,
            feed: *feed,
            read: (*read && !state.read.get(*id)).then_some(true),
            saved: match saved_at {
                Some(at) if !state.saved_at.contains_key(id) => Saving::Since(*at),
                _ => Saving::Stays,
            },
        };
        if change.read.is_some() || change.saved != Saving::Stays {
            changes.push(change);
        }
    }
    apply_changes(core, &changes)?;
    Ok(changes.len() as u64)
}
