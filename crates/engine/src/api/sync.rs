//! Syncs and how they went.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::failure::Problem;

/// What to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum SyncScope {
    /// What is due.
    Due,
    /// Everything that is not paused.
    All,
    /// These feeds, paused or not.
    Feeds {
        /// Which.
        ids: Vec<u32>,
    },
}

/// How far a sync has come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncProgress {
    /// Feeds to fetch.
    pub total: u32,
    /// Feeds done, failed ones included.
    pub done: u32,
    /// Feeds that failed.
    pub failed: u32,
    /// New articles so far.
    pub new_articles: u32,
    /// Bytes over the wire so far.
    pub bytes: u64,
    /// Pictures still to fetch.
    pub pictures_left: u32,
}

/// What a sync did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// Feeds it tried.
    pub feeds: u32,
    /// Feeds that gave a body.
    pub fetched: u32,
    /// Feeds with nothing new (304, or the same bytes).
    pub not_modified: u32,
    /// Feeds that failed.
    pub failed: u32,
    /// New articles.
    #[serde(rename = "new")]
    pub new: u32,
    /// Articles that their publishers changed.
    pub updated: u32,
    /// Pictures kept.
    pub pictures: u32,
    /// Pictures and pages that were left for when their articles are opened, because one feed or host
    /// had too many for one sync.
    pub left_for_later: u32,
    /// Over the wire.
    pub bytes: u64,
    /// Wall time.
    pub seconds: f64,
    /// Whether nobody at all could be reached.
    pub offline: bool,
    /// Whether a sign-in page answered instead of everybody.
    pub portal: bool,
    /// Whether the reader stopped it.
    pub stopped: bool,
}

/// What the last fetch of a feed did, for the activity panel.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedActivity {
    /// The feed.
    pub feed: u32,
    /// Its title.
    pub title: String,
    /// When it was last fetched.
    pub checked_at: Option<i64>,
    /// When that last succeeded.
    pub succeeded_at: Option<i64>,
    /// When it is fetched next.
    pub next_due_at: Option<i64>,
    /// Why the last fetch failed.
    pub failure: Option<Problem>,
    /// In a row.
    pub failures: u32,
    /// Articles the last fetch brought.
    pub last_new: u32,
    /// Milliseconds.
    pub took_ms: u32,
    /// Over the wire.
    pub bytes: u64,
    /// Not fetched until the reader says so.
    pub paused: bool,
    /// Since when the feed says that it is gone for good: it is not fetched any more.
    pub ended_at: Option<i64>,
    /// Where it says that it has moved; taken over when it says so again on another day.
    pub moving_to: Option<String>,
}
