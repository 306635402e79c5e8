//! The overview and the sidebar.

use serde::Serialize;
use specta::Type;

use super::failure::Problem;
use super::packs::PackView;
use super::settings::Settings;
use super::sync::SyncProgress;

/// Everything a front end shows before its first click.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The reader's settings.
    pub settings: Settings,
    /// Whether the reader has not chosen any feed yet.
    pub first_run: bool,
    /// The sidebar.
    pub places: Places,
    /// Whether the network could be reached at the last try.
    pub connection: Connection,
    /// The sync that is running, if one is.
    pub sync: Option<SyncProgress>,
    /// Warta's version.
    pub version: String,
    /// The folder that holds everything.
    pub data_dir: String,
    /// Hour-independent "now" of the engine, so that front ends and engine agree on relative times.
    pub now: i64,
}

/// Whether the network could be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Connection {
    /// Nothing was tried yet.
    Unknown,
    /// The last try reached somebody.
    Online,
    /// The last try reached nobody.
    Offline,
    /// Something in between answers for everybody: a hotel's or train's sign-in page.
    Portal,
}

/// How many articles, and how many of them are unread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// All.
    pub total: u64,
    /// Unread ones.
    pub unread: u64,
}

/// The sidebar: every place with its counts.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Every article.
    pub all: Count,
    /// Articles of the reader's day.
    pub today: Count,
    /// Saved articles.
    pub saved: u64,
    /// Folders in the reader's order.
    pub folders: Vec<FolderPlace>,
    /// All feeds, by title; each names its folder.
    pub feeds: Vec<FeedPlace>,
    /// Searches that the reader keeps; [`crate::SavedSearches::search_counts`] counts them.
    pub searches: Vec<SearchPlace>,
    /// What rules put on articles, by name.
    pub tags: Vec<TagPlace>,
    /// Forwards that wait for the network.
    pub waiting: u32,
    /// Packs, newest first.
    pub packs: Vec<PackView>,
}

/// A search that the reader keeps as a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchPlace {
    /// Its id.
    pub id: u32,
    /// As the reader named it.
    pub name: String,
    /// What is searched for.
    pub query: String,
}

/// How many articles a kept search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchCount {
    /// The search.
    pub id: u32,
    /// Of what it finds as typed.
    pub count: Count,
}

/// A tag in the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TagPlace {
    /// Its id.
    pub id: u32,
    /// As the reader named it.
    pub name: String,
    /// Its articles.
    pub count: Count,
}

/// A folder in the sidebar.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FolderPlace {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Over its feeds.
    pub count: Count,
}

/// A feed in the sidebar.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedPlace {
    /// Its id.
    pub id: u32,
    /// The reader's name for it, else its own, else its host.
    pub title: String,
    /// The reader's own name for it.
    pub custom_title: Option<String>,
    /// Where it is fetched, credentials hidden.
    pub url: String,
    /// The publisher's site.
    pub site: Option<String>,
    /// Its folder.
    pub folder: Option<u32>,
    /// Address of its icon in the media protocol.
    pub icon: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Its articles.
    pub count: Count,
    /// Not fetched until the reader says so.
    pub paused: bool,
    /// Why the last fetch failed.
    pub failure: Option<Problem>,
    /// When it was last fetched.
    pub checked_at: Option<i64>,
    /// When it is fetched next.
    pub next_due_at: Option<i64>,
}
