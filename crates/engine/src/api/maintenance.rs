//! What the store holds, and its repair.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::failure::FailureCode;

/// What came back of a damaged store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RepairReport {
    /// Articles with their texts.
    pub articles: u64,
    /// Articles whose text is lost; it is asked for again.
    pub without_text: u64,
    /// Subscriptions.
    pub feeds: u64,
    /// Pictures.
    pub pictures: u64,
    /// Whether something is still wrong.
    pub still_damaged: bool,
    /// The folder where what was damaged is kept.
    pub set_aside: Option<String>,
    /// What else was found and done, in English.
    pub notes: Vec<String>,
}

/// What uses how much of the disk.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Articles.
    pub articles: u64,
    /// Bytes, all in all.
    pub bytes_total: u64,
    /// Bytes of articles' text.
    pub bytes_bodies: u64,
    /// Bytes of pictures.
    pub bytes_pictures: u64,
    /// Bytes of sounds.
    pub bytes_sounds: u64,
    /// Bytes of the search index.
    pub bytes_search: u64,
    /// Bytes of lists, marks, subscriptions and settings.
    pub bytes_lists: u64,
    /// Bytes of texts that no article needs any more.
    pub bytes_dead: u64,
    /// The feeds that use most, most first.
    pub feeds: Vec<FeedUsage>,
    /// What was last let go.
    pub tidied: Option<Tidied>,
}

/// What a feed's texts use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedUsage {
    /// The feed.
    pub feed: u32,
    /// Its title.
    pub title: String,
    /// Its articles.
    pub articles: u64,
    /// Bytes of their texts.
    pub bytes: u64,
}

/// What was let go to keep within the reader's bounds, and what that gave back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tidied {
    /// When.
    pub at: i64,
    /// Articles.
    pub articles: u64,
    /// Pictures.
    pub pictures: u64,
    /// Sounds.
    #[serde(default)]
    pub sounds: u32,
    /// By how many bytes the folder is smaller; 0 also where it has grown meanwhile.
    pub freed: u64,
    /// Why it was not finished.
    pub failure: Option<FailureCode>,
}
