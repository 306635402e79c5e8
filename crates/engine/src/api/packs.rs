//! Full texts, packs and the data budget.

use serde::{Deserialize, Serialize};
use specta::Type;
use warta_store::{PackPart, ProblemCode};

use super::failure::Problem;
use super::reading::ArticleRow;

/// State of the full text from an article's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageView {
    /// Whether the page's text is stored and shown.
    pub status: PageStatus,
    /// Word count of the page's text; 0 if it is not stored.
    pub word_count: u32,
    /// Whether the page shows only the part before a paywall.
    pub paywalled: bool,
    /// Why the fetch failed.
    pub problem: Option<Problem>,
}

/// Whether the text of an article's own page is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PageStatus {
    /// The article has no link.
    None,
    /// Not fetched yet.
    Absent,
    /// Stored, but the feed's text is shown.
    Kept,
    /// Stored and shown.
    Shown,
    /// The fetch failed.
    Failed,
}

/// A source of articles for a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum PackSource {
    /// Trending stories.
    Trending,
    /// Unread articles, newest first.
    Unread,
    /// Saved articles, last saved first.
    Saved,
    /// A folder's articles, unread ones first.
    Folder {
        /// The folder's id.
        id: u32,
    },
    /// A feed's articles, unread ones first.
    Feed {
        /// The feed's id.
        id: u32,
    },
}

/// What to include in a pack, and its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackWish {
    /// The pack's name; defaults to the date.
    pub name: Option<String>,
    /// Sources; articles are taken from each in turn.
    pub from: Vec<PackSource>,
    /// Maximum reading time in minutes.
    pub minutes: Option<u32>,
    /// Maximum size on disk in megabytes.
    pub megabytes: Option<u32>,
    /// Whether to include pictures.
    pub pictures: bool,
    /// Whether to include podcast episodes.
    #[serde(default, rename = "sounds")]
    pub audio: bool,
}

/// An estimate of a pack before anything is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackPreview {
    /// Estimated number of articles.
    pub articles: u32,
    /// Estimated reading time in minutes.
    pub minutes: u32,
    /// Articles that are already complete.
    pub ready: u32,
}

/// A pack and its progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackView {
    /// The pack's id.
    pub id: u32,
    /// The pack's name.
    pub name: String,
    /// When it was created.
    pub made_at: i64,
    /// Whether it is running, waiting, paused or done.
    pub status: PackStatus,
    /// Whether the schedule created it.
    pub automatic: bool,
    /// Number of articles chosen when it was created; `None` for packs of older versions.
    pub planned: Option<u32>,
    /// Number of articles.
    pub articles: u32,
    /// Articles processed so far.
    pub tried: u32,
    /// Articles that are complete.
    pub complete: u32,
    /// Pictures stored.
    pub pictures: u32,
    /// Bytes of text and pictures on disk.
    pub bytes: u64,
    /// Bytes transferred.
    pub wire_bytes: u64,
    /// Reading time in minutes.
    pub minutes: u32,
    /// What is missing, most frequent first.
    pub lacks: Vec<PackLack>,
}

/// State of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PackStatus {
    /// Articles are being fetched.
    Running,
    /// Continues automatically when the network is reachable.
    Waiting,
    /// Paused by the reader.
    Paused,
    /// Every article was processed.
    Done,
}

/// How many articles of a pack lack something for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackLack {
    /// What is missing.
    pub what: PackPart,
    /// Why.
    pub code: ProblemCode,
    /// Number of articles.
    pub articles: u32,
}

/// A pack with its articles.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackPage {
    /// The pack.
    pub pack: PackView,
    /// Its articles in the pack's order.
    pub articles: Vec<PackedRow>,
}

/// An article in a pack.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackedRow {
    /// The article.
    pub row: ArticleRow,
    /// Whether it was processed.
    pub tried: bool,
    /// What is missing, and why.
    pub lacks: Vec<(PackPart, ProblemCode)>,
}

/// A pack that is created every day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AutoPack {
    /// Minutes after the reader's midnight.
    pub at_minute: u16,
    /// What the pack includes.
    pub wish: PackWish,
}

/// Network traffic of the current month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Traffic {
    /// When the month began.
    pub since: i64,
    /// Bytes transferred.
    pub bytes: u64,
    /// The monthly data budget in bytes.
    pub budget: Option<u64>,
    /// Whether the budget is used up and automatic fetches are stopped.
    pub over: bool,
}
