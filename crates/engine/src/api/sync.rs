//! Sync requests, progress and results.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::failure::Problem;

/// Which feeds to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum SyncScope {
    /// Feeds that are due.
    Due,
    /// All feeds that are not paused.
    All,
    /// The feeds of a folder and of the folders inside it that are not paused.
    Folder {
        /// The folder.
        id: u32,
    },
    /// These feeds, even if paused.
    Feeds {
        /// Ids of the feeds.
        ids: Vec<u32>,
    },
}

/// Progress of a sync.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncProgress {
    /// Feeds to fetch.
    pub total: u32,
    /// Feeds done, including failed ones.
    pub done: u32,
    /// Feeds that failed.
    pub failed: u32,
    /// New articles so far.
    pub new_articles: u32,
    /// Bytes transferred so far.
    pub bytes: u64,
    /// Pictures still to fetch.
    pub pictures_left: u32,
}

/// The result of a sync.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// Feeds attempted.
    pub feeds: u32,
    /// Feeds that returned a body.
    pub fetched: u32,
    /// Feeds with nothing new (304, or the same bytes).
    pub not_modified: u32,
    /// Feeds that failed.
    pub failed: u32,
    /// New articles.
    #[serde(rename = "new")]
    pub new: u32,
    /// Articles changed by their publishers.
    pub updated: u32,
    /// Pictures stored.
    pub pictures: u32,
    /// Pictures and pages deferred until their articles are opened, because one feed or host
    /// exceeded its limit for one sync.
    pub left_for_later: u32,
    /// Bytes transferred.
    pub bytes: u64,
    /// Duration in seconds.
    pub seconds: f64,
    /// Whether no host was reachable.
    pub offline: bool,
    /// Whether a captive portal answered in place of the hosts.
    pub portal: bool,
    /// Whether the reader stopped it.
    pub stopped: bool,
}

/// The last fetch of a feed, for the activity panel.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedActivity {
    /// The feed's id.
    pub feed: u32,
    /// The feed's title.
    pub title: String,
    /// When it was last fetched.
    pub checked_at: Option<i64>,
    /// When it was last fetched successfully.
    pub succeeded_at: Option<i64>,
    /// When it will be fetched next.
    pub next_due_at: Option<i64>,
    /// Why the last fetch failed.
    pub failure: Option<Problem>,
    /// Consecutive failures.
    pub failures: u32,
    /// New articles in the last fetch.
    pub last_new: u32,
    /// Duration of the last fetch in milliseconds.
    pub took_ms: u32,
    /// Bytes transferred by the last fetch.
    pub bytes: u64,
    /// Whether the reader paused it.
    pub paused: bool,
    /// When the feed reported that it is gone for good (410); it is no longer fetched.
    pub ended_at: Option<i64>,
    /// The address of a permanent redirect; adopted when it is seen again on another day.
    pub moving_to: Option<String>,
}
