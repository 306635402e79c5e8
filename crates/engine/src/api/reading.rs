//! Lists, articles, marks and search.

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
    /// Articles since the reader's midnight.
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
    /// Articles that a rule put a tag on, last arrived first.
    Tag {
        /// The tag.
        id: u32,
    },
    /// What a pack holds, in its order.
    Pack {
        /// The pack.
        id: u32,
    },
}

/// Where a list page ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Cursor {
    /// The list's order.
    pub time: i64,
    /// Breaks ties.
    pub id: u64,
}

/// Asks for one page of a list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ListRequest {
    /// Which list.
    pub place: Place,
    /// Leaves read articles out.
    pub unread_only: bool,
    /// Continues after this row; none starts at the newest.
    pub before: Option<Cursor>,
    /// Rows at most (1 to 500).
    pub limit: u32,
}

/// One page of a list, newest first.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleList {
    /// The rows.
    pub rows: Vec<ArticleRow>,
    /// Where the next page starts; none at the end.
    pub next: Option<Cursor>,
}

/// What a list shows of an article.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleRow {
    /// Its id.
    pub id: u64,
    /// Its feed.
    pub feed: u32,
    /// The publisher's name: the feed's title, or the source that an aggregator names.
    pub publisher: String,
    /// Address of the feed's icon in the media protocol.
    pub icon: Option<String>,
    /// Plain text; may be empty.
    pub title: String,
    /// The publisher's page.
    pub url: Option<String>,
    /// Plain text, at most 280 characters.
    pub excerpt: String,
    /// The list's order; when it was published, as far as known.
    pub time: i64,
    /// By whom.
    pub authors: Vec<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
    /// Minutes of reading, at least 1.
    pub minutes: u32,
    /// Address of a small picture in the media protocol, if it is kept.
    pub thumbnail: Option<String>,
    /// Read.
    pub read: bool,
    /// Saved.
    pub saved: bool,
    /// The story it belongs to, if others report it too.
    pub story: Option<StoryBrief>,
}

/// A story in one line.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoryBrief {
    /// Its id.
    pub id: u64,
    /// Independent publishers.
    pub publishers: u32,
}

/// A picture with its place in the media protocol.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PictureView {
    /// Its address in the media protocol.
    pub src: String,
    /// Pixels; 0 when unknown.
    pub width: u32,
    /// Pixels; 0 when unknown.
    pub height: u32,
}

/// What to change about articles.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// Read or unread; none leaves it.
    pub read: Option<bool>,
    /// Saved or not; none leaves it.
    pub saved: Option<bool>,
}

/// Something that can be taken back.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Undoable {
    /// Articles or feeds that it changed.
    pub changed: u32,
    /// Hand it back to undo.
    pub token: u64,
}

/// One page of search results.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchPage {
    /// The query they answer.
    pub query: String,
    /// Best first.
    pub hits: Vec<SearchHit>,
    /// Articles that match.
    pub total: u32,
}

/// A search result.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// The article.
    pub row: ArticleRow,
    /// Its title, the found words marked.
    pub title: Vec<Run>,
    /// A passage, the found words marked.
    pub passage: Vec<Run>,
}

/// A run of plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Plain text.
    pub text: String,
    /// Whether it was searched for.
    pub hit: bool,
}
