//! The lists of a page and their items.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

/// Confidence from which on a page is taken for a list.
pub(super) const CERTAIN: f64 = 0.5;

/// The lists of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// The page's title.
    pub title: Option<String>,
    /// How certain it is that the page is a list and not an article, 0 to 1.
    pub confidence: f64,
    /// Best first; never empty.
    pub lists: Vec<HeadlineList>,
}

impl Section {
    /// Whether the page is taken for a list, not for an article with links.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.confidence >= CERTAIN
    }
}

/// A list of headlines.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadlineList {
    /// How it was found.
    pub source: ListSource,
    /// The CSS selector of its items, for [`list_items`](super::list_items).
    pub selector: String,
    /// In the page's order, each page linked to once.
    pub items: Vec<ListItem>,
}

/// How a list was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListSource {
    /// JSON-LD: an `ItemList`, an array of articles, the updates of a `LiveBlogPosting`.
    JsonLd,
    /// Microdata: elements with the type of an article.
    Microdata,
    /// Microformats: `h-entry` or `hentry`.
    Microformats,
    /// Links of one shape.
    Links,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListItem {
    /// What identifies it between fetches: its link without scheme, `www.`, closing slash,
    /// tracking and session parameters.
    pub id: String,
    /// Its link, absolute, without tracking and session parameters.
    pub url: String,
    /// Its headline, plain text; never empty.
    pub title: String,
    /// Plain text, at most about 400 bytes.
    pub snippet: Option<String>,
    /// From the item's `time` element or text, else from its link. Without a time zone it is taken
    /// as UTC.
    pub published: Option<DateTime<FixedOffset>>,
    /// URL of its picture.
    pub picture: Option<String>,
}
