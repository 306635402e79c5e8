//! Importing what other readers and services export, and exporting saved articles.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What an import brings. It never removes anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportSummary {
    /// The plan's id, for [`crate::Importing::apply_import`].
    pub plan: u32,
    /// Whether the plan was applied; otherwise this is a preview.
    pub applied: bool,
    /// Names of the programs and services that wrote the file.
    pub sources: Vec<String>,
    /// New subscriptions.
    pub feeds: u32,
    /// Subscriptions that are here already.
    pub feeds_already: u32,
    /// New articles in subscribed feeds.
    pub articles: u32,
    /// New articles in "Saved pages".
    pub saved_pages: u32,
    /// Articles that are here already.
    pub articles_already: u32,
    /// Articles, new or not, that become saved.
    pub saved: u32,
    /// Articles, new or not, that become read.
    pub read: u32,
    /// Articles that are not stored yet and become read when they arrive.
    pub read_later: u32,
    /// Articles that get tags.
    pub tagged: u32,
    /// New saved pages without a text, which is fetched from their pages.
    pub without_text: u32,
    /// What the file has and Warta does not bring.
    pub left_out: Vec<LeftOut>,
    /// The snapshot that was written before.
    pub snapshot: Option<String>,
    /// Whether [`crate::Importing::undo_import`] can undo it.
    pub can_undo: bool,
}

/// Something that is not brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// Why.
    pub reason: LeftOutReason,
    /// How many.
    pub count: u32,
}

/// Why something is not brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LeftOutReason {
    /// Articles without an address of the web.
    NoAddress,
    /// Subscriptions that are no web feeds.
    NotWeb,
    /// Unsaved articles of feeds that the reader is not subscribed to.
    NotSubscribed,
    /// Subscriptions beyond the number that one import adds.
    TooMany,
    /// Parts of the file are damaged.
    Damaged,
    /// Files in the archive that are not known.
    Unknown,
    /// Tags of articles that are not stored.
    Tags,
}

/// The format of an export of saved articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SavedFormat {
    /// JSON Feed 1.1, with text, tags and state.
    JsonFeed,
    /// Bookmarks as web browsers read them (Netscape bookmark file).
    Bookmarks,
    /// A table of links.
    Csv,
    /// A Markdown file for each article.
    Markdown,
    /// An EPUB file for each article.
    Epub,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedExport {
    /// The file or folder.
    pub place: String,
    /// How many articles.
    pub articles: u32,
}
