//! Full texts, packs and the data saver, as the front ends see them.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::failure::Problem;
use super::reading::ArticleRow;

/// The text of an article's own page, beside its feed's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageView {
    /// Whether it is there, and shows.
    pub status: PageStatus,
    /// Of its text; 0 when it is not there.
    pub word_count: u32,
    /// Only a beginning is there, the rest for those who pay.
    pub paywalled: bool,
    /// Why it could not be had.
    pub problem: Option<Problem>,
}

/// Whether the text of an article's own page is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PageStatus {
    /// The article names no page.
    None,
    /// It was not fetched.
    Absent,
    /// It is there; the feed's text shows.
    Kept,
    /// It is there and shows.
    Shown,
    /// It could not be had.
    Failed,
}

/// Where a pack's articles come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum PackSource {
    /// The stories that trend.
    Trending,
    /// What is not read yet, newest first.
    Unread,
    /// What the reader saved, last saved first.
    Saved,
    /// A folder's articles, unread ones first.
    Folder {
        /// Which.
        id: u32,
    },
    /// A feed's articles, unread ones first.
    Feed {
        /// Which.
        id: u32,
    },
}

/// What to take along, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackWish {
    /// A name; without one it is called after its day.
    pub name: Option<String>,
    /// One article of each in turn.
    pub from: Vec<PackSource>,
    /// No more than so many minutes of reading.
    pub minutes: Option<u32>,
    /// No more than so many megabytes on the disk.
    pub megabytes: Option<u32>,
    /// Pictures too.
    pub pictures: bool,
    /// Sounds too: the episodes of podcasts.
    #[serde(default)]
    pub sounds: bool,
}

/// What a wish would come to, before anything is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackPreview {
    /// Articles, about.
    pub articles: u32,
    /// Minutes of reading, about.
    pub minutes: u32,
    /// Articles of which everything is here already.
    pub ready: u32,
}

/// A pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackView {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// When it was asked for.
    pub made_at: i64,
    /// How far it is.
    pub status: PackStatus,
    /// Made by the schedule.
    pub automatic: bool,
    /// Articles in it.
    pub articles: u32,
    /// Articles that were tried.
    pub tried: u32,
    /// Articles of which everything is here.
    pub complete: u32,
    /// Pictures that are here.
    pub pictures: u32,
    /// On the disk, texts and pictures.
    pub bytes: u64,
    /// Over the wire.
    pub wire_bytes: u64,
    /// Minutes of reading.
    pub minutes: u32,
    /// What is missing, most first.
    pub lacks: Vec<PackLack>,
}

/// How far a pack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PackStatus {
    /// It is being made.
    Running,
    /// It goes on by itself once the network is there.
    Waiting,
    /// The reader stopped it for now.
    Paused,
    /// Every article was tried.
    Done,
}

/// What articles of a pack lack, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackLack {
    /// `text` or `pictures`.
    pub what: String,
    /// A [`Problem`]'s code, or `noArticle`, `paywalled`, `unwelcome`, `badPicture`, `noRoom`.
    pub code: String,
    /// Articles that lack it.
    pub articles: u32,
}

/// A pack with what it holds.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackPage {
    /// The pack.
    pub pack: PackView,
    /// Its articles in its order.
    pub articles: Vec<PackedRow>,
}

/// An article in a pack.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PackedRow {
    /// The article.
    pub row: ArticleRow,
    /// Whether it was tried.
    pub tried: bool,
    /// What it lacks: `text` or `pictures`, and a code as in [`PackLack`].
    pub lacks: Vec<(String, String)>,
}

/// A pack that is made by itself every day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AutoPack {
    /// Minutes after the reader's midnight.
    pub at_minute: u16,
    /// What it takes along.
    pub wish: PackWish,
}

/// What came over the wire this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Traffic {
    /// When the month began.
    pub since: i64,
    /// Bytes.
    pub bytes: u64,
    /// The reader's budget in bytes.
    pub budget: Option<u64>,
    /// Nothing is fetched by itself any more this month.
    pub over: bool,
}
