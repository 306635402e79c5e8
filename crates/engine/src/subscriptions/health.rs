//! Which feeds trouble the reader: silent, failing, flooding, never read or doubled. Computed from
//! records that are maintained anyway, never from articles on disk.

use std::collections::HashMap;
use std::sync::Arc;

use warta_store::{Feed, FeedId, Vitals};

use crate::api::{Ailment, FeedHealth, Problem, Result};
use crate::context::Context;
use crate::context::labels::title;

const DAY: i64 = 86_400;
/// The period in which articles are counted, in days.
const PERIOD: i64 = 30;
/// A feed is silent after this many times its usual interval …
const SILENT_INTERVALS: i64 = 10;
/// … and at least this many days …
const SILENT_DAYS: i64 = 30;
/// … and at most this many, however rarely it published.
const LONGEST_SILENCE_DAYS: i64 = 730;
/// A feed fails if it failed this often in a row …
const FAILURES: u32 = 3;
/// … and did not succeed for this many days.
const FAILING_DAYS: i64 = 2;
/// Articles a day from which a feed is a flood.
const FLOOD_A_DAY: u32 = 40;
/// A feed that brought at least this many articles, none of which is read, is not read.
const UNREAD_ARTICLES: u32 = 10;
/// Share of articles that another feed has too from which a feed is a duplicate, in percent.
const SAME_PERCENT: u32 = 80;
/// Articles from which two feeds can be compared.
const SAME_ARTICLES: u64 = 5;

/// Judges feeds.
pub struct Health {
    ctx: Arc<Context>,
}

impl Health {
    pub(crate) fn new(ctx: &Arc<Context>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
        }
    }

    /// The feeds with something to report, the most troublesome first.
    pub fn feed_health(&self) -> Result<Vec<FeedHealth>> {
        let now = self.ctx.now();
        let vitals = Vitals::of(&self.ctx.store, now - PERIOD * DAY);
        let by_feed: HashMap<FeedId, Vitals> = vitals
            .into_iter()
            .map(|vitals| (vitals.feed, vitals))
            .collect();
        let feeds = self.ctx.subscriptions()?;
        let titles: HashMap<FeedId, String> =
            feeds.iter().map(|feed| (feed.id, title(feed))).collect();
        let mut ill: Vec<FeedHealth> = feeds
            .iter()
            .filter_map(|feed| {
                let vitals = by_feed.get(&feed.id)?;
                let ailments = ailments(feed, vitals, &titles, now);
                (!ailments.is_empty()).then(|| FeedHealth {
                    feed: feed.id.0,
                    title: title(feed),
                    total: vitals.total,
                    saved: vitals.saved,
                    ailments,
                })
            })
            .collect();
        ill.sort_by_cached_key(|one| {
            let worst = one.ailments.iter().map(rank).min();
            (worst, one.title.to_lowercase())
        });
        Ok(ill)
    }
}

fn rank(ailment: &Ailment) -> u8 {
    match ailment {
        Ailment::Ended { .. } => 0,
        Ailment::Failing { .. } => 1,
        Ailment::Silent { .. } | Ailment::Empty { .. } => 2,
        Ailment::Duplicate { .. } => 3,
        Ailment::NeverRead { .. } => 4,
        Ailment::Flood { .. } => 5,
    }
}

fn ailments(
    feed: &Feed,
    vitals: &Vitals,
    titles: &HashMap<FeedId, String>,
    now: i64,
) -> Vec<Ailment> {
    let facts = &feed.facts;
    let subscribed = now - feed.added_at;
    let mut ailments = Vec::new();
    if let Some(at) = feed.options.ended_at {
        ailments.push(Ailment::Ended { at });
    } else if let Some(failure) = &facts.failure
        && facts.failures_in_a_row >= FAILURES
    {
        let last = facts.succeeded_at;
        if now - last.unwrap_or(feed.added_at) >= FAILING_DAYS * DAY {
            ailments.push(Ailment::Failing {
                failures: facts.failures_in_a_row,
                succeeded_at: last,
                problem: Problem {
                    code: failure.code,
                    detail: failure.detail.clone(),
                },
            });
        }
    }
    let succeeds = facts.failure.is_none() && facts.succeeded_at.is_some() && !feed.paused;
    match vitals.newest {
        None if succeeds && subscribed >= SILENT_DAYS * DAY => {
            ailments.push(Ailment::Empty {
                since: feed.added_at,
            });
        }
        Some(newest) if succeeds => {
            let usual = usual_interval(vitals);
            let patience = (usual.unwrap_or(0) * SILENT_INTERVALS)
                .clamp(SILENT_DAYS * DAY, LONGEST_SILENCE_DAYS * DAY);
            if now - newest > patience {
                ailments.push(Ailment::Silent {
                    newest,
                    usual_seconds: usual.map(|usual| usual.clamp(0, i64::from(u32::MAX)) as u32),
                });
            }
        }
        _ => {}
    }
    let days = (subscribed / DAY).clamp(1, PERIOD) as u32;
    if vitals.recent >= FLOOD_A_DAY * days.max(3) {
        ailments.push(Ailment::Flood {
            a_day: vitals.recent / days,
        });
    }
    if subscribed >= PERIOD * DAY && vitals.recent >= UNREAD_ARTICLES && vitals.recent_read == 0 {
        ailments.push(Ailment::NeverRead {
            articles: vitals.recent,
        });
    }
    if let Some((other, percent)) = vitals.same_as
        && percent >= SAME_PERCENT
        && vitals.total >= SAME_ARTICLES
        && let Some(other_title) = titles.get(&other)
        // Of two equal feeds, the younger one is the duplicate.
        && (other < feed.id)
    {
        ailments.push(Ailment::Duplicate {
            of: other.0,
            of_title: other_title.clone(),
            percent,
        });
    }
    ailments
}

/// The usual time between two articles, from the newest few.
fn usual_interval(vitals: &Vitals) -> Option<i64> {
    let (newest, (earlier, count)) = (vitals.newest?, vitals.earlier?);
    (count > 2).then(|| (newest - earlier) / i64::from(count - 1))
}
