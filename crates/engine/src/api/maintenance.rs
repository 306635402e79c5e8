//! Disk usage, retention and repair reports.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::failure::FailureCode;

/// What a repair recovered from a damaged store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RepairReport {
    /// When it was repaired.
    pub at: i64,
    /// Whether it was repaired automatically while it was opened or searched.
    pub automatic: bool,
    /// Articles recovered with their text.
    pub articles: u64,
    /// Articles whose text is lost and will be fetched again.
    pub without_text: u64,
    /// Subscriptions recovered.
    pub feeds: u64,
    /// Pictures recovered.
    pub pictures: u64,
    /// Whether damage remains.
    pub still_damaged: bool,
    /// The folder that the damaged files were moved to.
    pub set_aside: Option<String>,
    /// Other findings and actions, in English.
    pub notes: Vec<String>,
    /// Number of damaged files and folders that are kept.
    pub kept_items: u64,
    /// Their size in bytes.
    pub kept_bytes: u64,
    /// Those of them that may hold what could not be repaired; only the reader removes them.
    pub unrepaired_items: u64,
}

/// Disk usage by kind of data.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Number of articles.
    pub articles: u64,
    /// Total bytes.
    pub bytes_total: u64,
    /// Bytes of article text.
    pub bytes_bodies: u64,
    /// Bytes of pictures.
    pub bytes_pictures: u64,
    /// Bytes of audio files.
    pub bytes_audio: u64,
    /// Bytes of the search index.
    pub bytes_search: u64,
    /// Bytes of lists, marks, subscriptions and settings.
    pub bytes_lists: u64,
    /// Bytes of text that no article references any more.
    pub bytes_dead: u64,
    /// The feeds that use the most space, largest first.
    pub feeds: Vec<FeedUsage>,
    /// The most recent clean-up.
    pub tidied: Option<Tidied>,
}

/// Disk usage of one feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedUsage {
    /// The feed's id.
    pub feed: u32,
    /// The feed's title.
    pub title: String,
    /// Number of articles.
    pub articles: u64,
    /// Bytes of article text.
    pub bytes: u64,
}

/// What a clean-up removed to meet the retention limits, and the space it freed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tidied {
    /// When the clean-up ran.
    pub at: i64,
    /// Articles removed.
    pub articles: u64,
    /// Pictures removed.
    pub pictures: u64,
    /// Audio files removed.
    #[serde(default, rename = "sounds")]
    pub episodes: u32,
    /// Bytes freed on disk; 0 if the folder has grown in the meantime.
    pub freed: u64,
    /// Why the clean-up stopped early.
    pub failure: Option<FailureCode>,
}
