//! What the document at a feed's address is, and the documents that it names.
use serde::{Deserialize, Serialize};

/// What the document at a feed's address is, which decides how it is fetched and read. Variants are
/// only ever added at the end, with a new [`FORMAT`](crate::FORMAT): older versions cannot read them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// RSS, Atom, RDF, JSON Feed or CDF.
    #[default]
    Feed,
    /// A sitemap, or a sitemap index, whose parts are fetched too.
    Sitemap,
    /// A page with a list of headlines.
    HeadlineList {
        /// The CSS selector of the list's items, which are the entries.
        selector: String,
    },
    /// A page that is watched.
    Watch {
        /// The CSS selector of the part whose changes are the entries.
        selector: String,
    },
    /// The messages of one sender in a mailbox. It has no document: its address is of Warta's own
    /// ([`NEWSLETTERS`]), and it is never fetched by HTTP.
    Newsletter {
        /// The id of the mail account.
        account: String,
        /// The sender's key.
        sender: String,
    },
}

/// Prefix of the addresses of newsletters.
pub const NEWSLETTERS: &str = "warta:newsletters/";

impl DocumentKind {
    /// Whether it is a web page, of which a part that the reader chose is the feed.
    #[must_use]
    pub fn is_page(&self) -> bool {
        matches!(self, Self::HeadlineList { .. } | Self::Watch { .. })
    }

    /// Whether its entries are messages of a mailbox.
    #[must_use]
    pub fn is_newsletter(&self) -> bool {
        matches!(self, Self::Newsletter { .. })
    }

    /// Whether the pages of its entries are fetched for their full text, unless the reader chooses
    /// otherwise: always if the entries have no text of their own, never if their text is what
    /// changed on their page. `None` lets Warta decide.
    #[must_use]
    pub fn full_text_by_default(&self) -> Option<bool> {
        match self {
            Self::Feed => None,
            Self::Sitemap | Self::HeadlineList { .. } => Some(true),
            Self::Watch { .. } | Self::Newsletter { .. } => Some(false),
        }
    }
}

/// What is known of a part of a feed: a sitemap that its index named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredPart {
    /// Its address.
    pub url: String,
    /// When it was changed, as the index stated at the last fetch.
    pub changed_at: Option<i64>,
    /// When it was last fetched.
    pub fetched_at: i64,
    /// The validator of its last answer (RFC 9110 §8.8.3).
    pub etag: Option<String>,
    /// The validator of its last answer (RFC 9110 §8.8.2).
    pub last_modified: Option<String>,
}
