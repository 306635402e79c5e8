//! Feeds that trouble the reader, with figures.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Problem;

/// A feed with something to report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedHealth {
    /// The feed's id.
    pub feed: u32,
    /// Its title.
    pub title: String,
    /// Its stored articles.
    pub total: u64,
    /// Of these, saved ones.
    pub saved: u32,
    /// What is reported; never empty.
    pub ailments: Vec<Ailment>,
}

/// How often a feed is fetched at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedInterval {
    /// The feed's id.
    pub feed: u32,
    /// Minutes between two fetches; 0 lets Warta choose.
    pub every_minutes: u32,
}

/// What troubles a feed's reader. Counts of articles are of the last 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Ailment {
    /// The publisher removed it (410).
    Ended {
        /// When that was seen.
        at: i64,
    },
    /// It cannot be fetched.
    Failing {
        /// Failures in a row.
        failures: u32,
        /// The last success; `None` if there was none.
        succeeded_at: Option<i64>,
        /// The last failure.
        problem: Problem,
    },
    /// Nothing new for much longer than usual.
    Silent {
        /// The time of its newest article.
        newest: i64,
        /// The usual time between two articles, if known.
        usual_seconds: Option<u32>,
    },
    /// It never had an article.
    Empty {
        /// When it was subscribed to.
        since: i64,
    },
    /// It brings very many articles.
    Flood {
        /// Articles a day.
        a_day: u32,
    },
    /// None of its articles is read.
    NeverRead {
        /// How many it brought.
        articles: u32,
    },
    /// Another feed has almost all of its articles.
    Duplicate {
        /// The other feed.
        of: u32,
        /// Its title.
        of_title: String,
        /// The share of articles that both have.
        percent: u32,
    },
}
