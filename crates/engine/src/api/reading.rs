//! Lists, articles and marks.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A list the reader can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Place {
    /// Every article.
    All,
    /// Every unread article.
    Unread,
    /// Articles since the reader's midnight, or of the last 24 hours.
    Today,
    /// Saved articles, last saved first.
    Saved,
    /// Articles of a folder's feeds.
    Folder {
        /// The folder.
        id: u32,
    },
    /// Articles of one feed.
    Feed {
        /// The feed.
        id: u32,
    },
    /// Articles with a tag, last arrived first.
    Tag {
        /// The tag.
        id: u32,
    },
    /// Articles of a pack, in the pack's order.
    Pack {
        /// The pack.
        id: u32,
    },
}

/// Position after which a list page continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Cursor {
    /// The sort key of the last row.
    pub time: i64,
    /// The id of the last row, which breaks ties.
    pub id: u64,
}

/// A request for one page of a list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ListRequest {
    /// The list to read.
    pub place: Place,
    /// Whether to omit read articles.
    pub unread_only: bool,
    /// Continues after this row; `None` starts at the beginning.
    pub before: Option<Cursor>,
    /// Maximum number of rows (1 to 500).
    pub limit: u32,
    /// Where the list begins. Packs have an order of their own.
    #[serde(default)]
    pub order: Order,
    /// Lists one feed after the other, by title. Saved articles, tags and packs are not grouped.
    #[serde(default)]
    pub by_feed: bool,
}

/// Where a list begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Order {
    /// With the newest article.
    #[default]
    Newest,
    /// With the oldest article.
    Oldest,
}

/// Which articles of a list to mark as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum ReadSpan {
    /// Newer than this row, up to the newest one that the reader has seen.
    Newer {
        /// The row; it is not marked.
        than: Cursor,
        /// Articles that arrived after this one are not marked.
        newest: Option<Cursor>,
    },
    /// Older than this row.
    Older {
        /// The row; it is not marked.
        than: Cursor,
    },
    /// What follows this row in a list by feeds: the rest of its feed and the feeds after it.
    FollowingFeeds {
        /// The row; it is not marked.
        row: Cursor,
        /// The order within a feed.
        order: Order,
    },
    /// At least this old.
    Age {
        /// In hours, 1 to 87,600.
        hours: u32,
    },
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleList {
    /// The rows.
    pub rows: Vec<ArticleRow>,
    /// Where the next page starts; `None` on the last page.
    pub next: Option<Cursor>,
}

/// An article as lists show it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleRow {
    /// The article's id.
    pub id: u64,
    /// The feed's id.
    pub feed: u32,
    /// The publisher's name: the feed's title, or the source that an aggregator gives.
    pub publisher: String,
    /// URL of the feed's icon in the media protocol.
    pub icon: Option<String>,
    /// Plain text; may be empty.
    pub title: String,
    /// URL of the publisher's page.
    pub url: Option<String>,
    /// Plain text, at most 280 characters.
    pub excerpt: String,
    /// The list's sort key: the publication time, if known.
    pub time: i64,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
    /// Reading time in minutes, at least 1.
    pub minutes: u32,
    /// URL of a thumbnail in the media protocol, if one is stored.
    pub thumbnail: Option<String>,
    /// Whether the article is marked read.
    pub read: bool,
    /// Whether the article is saved.
    pub saved: bool,
    /// The story this article belongs to, if other publishers report it too.
    pub story: Option<StoryBrief>,
}

/// A story's id and size.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoryBrief {
    /// The story's id.
    pub id: u64,
    /// Number of independent publishers.
    pub publishers: u32,
}

/// A picture served by the media protocol.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PictureView {
    /// URL in the media protocol.
    pub src: String,
    /// Pixels; 0 when unknown.
    pub width: u32,
    /// Pixels; 0 when unknown.
    pub height: u32,
}

/// Changes to the marks of articles.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// Marks read or unread; `None` changes nothing.
    pub read: Option<bool>,
    /// Saves or unsaves; `None` changes nothing.
    pub saved: Option<bool>,
}

/// The result of an action that can be undone.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Undoable {
    /// Articles or feeds changed.
    pub changed: u32,
    /// Passed back to undo the action.
    pub token: u64,
}
