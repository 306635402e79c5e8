//! The overview and the sidebar's contents.

use serde::Serialize;
use specta::Type;

use super::failure::Problem;
use super::maintenance::RepairReport;
use super::packs::PackView;
use super::settings::Settings;
use super::sync::SyncProgress;

/// Everything a front end needs to show its first screen.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The reader's settings.
    pub settings: Settings,
    /// Whether there are no subscriptions yet.
    pub first_run: bool,
    /// The sidebar's contents.
    pub places: Places,
    /// Network state at the last attempt.
    pub connection: Connection,
    /// The running sync, if any.
    pub sync: Option<SyncProgress>,
    /// Warta's version.
    pub version: String,
    /// The data folder's path.
    pub data_dir: String,
    /// What was repaired automatically while the store was opened.
    pub repaired: Option<RepairReport>,
    /// Whether the data folder cannot be written: everything can be read, nothing can be changed.
    pub read_only: bool,
    /// The engine's current time, so that front ends compute the same relative times.
    pub now: i64,
}

/// Whether the network is reachable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Connection {
    /// No request has been made yet.
    Unknown,
    /// The last attempt succeeded.
    Online,
    /// The last attempt reached no host.
    Offline,
    /// A captive portal answers in place of the requested hosts.
    Portal,
}

/// Numbers of articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// All articles.
    pub total: u64,
    /// Unread articles.
    pub unread: u64,
}

/// The sidebar: every list with its counts.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Every article.
    pub all: Count,
    /// Articles published since the reader's midnight.
    pub today: Count,
    /// Saved articles.
    pub saved: u64,
    /// Highlights.
    pub highlights: u64,
    /// Saved pages; `None` until one was saved.
    pub saved_pages: Option<SavedPagesPlace>,
    /// Folders in the reader's order.
    pub folders: Vec<FolderPlace>,
    /// All feeds, by title; each refers to its folder.
    pub feeds: Vec<FeedPlace>,
    /// Saved searches; [`crate::SavedSearches::search_counts`] returns their counts.
    pub searches: Vec<SearchPlace>,
    /// Tags, by name.
    pub tags: Vec<TagPlace>,
    /// Forwards waiting for the network.
    pub waiting: u32,
    /// Packs, newest first.
    pub packs: Vec<PackView>,
}

/// The list of saved pages in the sidebar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedPagesPlace {
    /// The id of the feed that holds them.
    pub feed: u32,
    /// The pages.
    pub count: Count,
}

/// A saved search in the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchPlace {
    /// The search's id.
    pub id: u32,
    /// The name the reader gave it.
    pub name: String,
    /// The query.
    pub query: String,
}

/// Number of articles that a saved search matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchCount {
    /// The search's id.
    pub id: u32,
    /// Articles that match it exactly.
    pub count: Count,
}

/// A tag in the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TagPlace {
    /// The tag's id.
    pub id: u32,
    /// The tag's name.
    pub name: String,
    /// Articles with the tag.
    pub count: Count,
}

/// A folder in the sidebar.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FolderPlace {
    /// The folder's id.
    pub id: u32,
    /// The folder's name.
    pub name: String,
    /// The folder it is in.
    pub parent: Option<u32>,
    /// Articles in all its feeds and in those of the folders inside it.
    pub count: Count,
}

/// A feed in the sidebar.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedPlace {
    /// The feed's id.
    pub id: u32,
    /// The reader's name for the feed, else the feed's title, else its host.
    pub title: String,
    /// The reader's name for the feed.
    pub custom_title: Option<String>,
    /// The feed's URL, credentials hidden.
    pub url: String,
    /// The publisher's site.
    pub site: Option<String>,
    /// The id of its folder.
    pub folder: Option<u32>,
    /// URL of its icon in the media protocol.
    pub icon: Option<String>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// Articles of the feed.
    pub count: Count,
    /// Whether the reader paused it.
    pub paused: bool,
    /// Why the last fetch failed.
    pub failure: Option<Problem>,
    /// When it was last fetched.
    pub checked_at: Option<i64>,
    /// When it will be fetched next.
    pub next_due_at: Option<i64>,
}
