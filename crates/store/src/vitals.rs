//! What each feed published lately and how much of it was read. From memory: only the entries since
//! a time are looked at, which are found by a binary search.
use std::collections::HashMap;

use crate::model::FeedId;
use crate::state::{Entry, FeedState};
use crate::store::Store;

/// Newest entries of a feed that are compared with other feeds'.
const COMPARED: usize = 50;

/// A feed's recent past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vitals {
    /// Which.
    pub feed: FeedId,
    /// Its articles.
    pub total: u64,
    /// The time of its newest article.
    pub newest: Option<i64>,
    /// The time of an earlier article and the number of articles since then, for the usual
    /// interval between articles.
    pub earlier: Option<(i64, u32)>,
    /// Articles since the given time.
    pub recent: u32,
    /// Of these, read ones.
    pub recent_read: u32,
    /// Saved articles.
    pub saved: u32,
    /// The other feed with most of its newest articles, and their share in percent.
    pub same_as: Option<(FeedId, u32)>,
}

/// Articles whose distance gives the pace of a feed.
const PACE: usize = 10;

impl Vitals {
    /// Those of every subscription, by ascending id.
    #[must_use]
    pub fn of(store: &Store, since: i64) -> Vec<Self> {
        let state = store.core.state();
        let mut saved: HashMap<FeedId, u32> = HashMap::new();
        for (_, feed) in state.saved_at.values() {
            *saved.entry(*feed).or_default() += 1;
        }
        let feeds: Vec<(FeedId, &FeedState)> = state
            .feeds
            .iter()
            .filter(|(_, known)| known.visible())
            .map(|(id, known)| (*id, known))
            .collect();
        let same = same_articles(&feeds);
        feeds
            .into_iter()
            .map(|(id, known)| {
                let from = known.entries.partition_point(|entry| entry.time < since);
                let recent = known.entries.get(from..).unwrap_or_default();
                let read = recent.iter().filter(|entry| state.read.get(entry.id));
                let back = known.entries.len().min(PACE);
                let earlier = known.entries.len().checked_sub(back);
                let earlier = earlier.and_then(|at| known.entries.get(at));
                Vitals {
                    feed: id,
                    total: known.entries.len() as u64,
                    newest: known.entries.last().map(|entry| entry.time),
                    earlier: earlier.map(|entry| (entry.time, back as u32)),
                    recent: recent.len() as u32,
                    recent_read: read.count() as u32,
                    saved: saved.get(&id).copied().unwrap_or_default(),
                    same_as: same.get(&id).copied(),
                }
            })
            .collect()
    }
}

fn newest(entries: &[Entry]) -> impl Iterator<Item = u64> {
    let from = entries.len().saturating_sub(COMPARED);
    let newest = entries.get(from..).unwrap_or_default().iter();
    newest.map(|entry| entry.print).filter(|print| *print != 0)
}

/// For each feed the one that shares most of its newest articles, by fingerprint.
fn same_articles(feeds: &[(FeedId, &FeedState)]) -> HashMap<FeedId, (FeedId, u32)> {
    /// A fingerprint that more feeds have says nothing about two of them.
    const MOST_HOLDERS: usize = 20;
    let mut holders: HashMap<u64, Vec<FeedId>> = HashMap::new();
    for (id, known) in feeds {
        for print in newest(&known.entries) {
            let holders = holders.entry(print).or_default();
            if holders.len() < MOST_HOLDERS && holders.last() != Some(id) {
                holders.push(*id);
            }
        }
    }
    let mut same = HashMap::new();
    for (id, known) in feeds {
        let mut shared: HashMap<FeedId, u32> = HashMap::new();
        let mut all = 0;
        for print in newest(&known.entries) {
            all += 1;
            let others = holders.get(&print).into_iter().flatten();
            for other in others.filter(|other| *other != id) {
                *shared.entry(*other).or_default() += 1;
            }
        }
        let most = shared
            .into_iter()
            .max_by_key(|(other, count)| (*count, std::cmp::Reverse(*other)));
        if let Some((other, count)) = most {
            same.insert(*id, (other, count * 100 / all.max(1)));
        }
    }
    same
}
