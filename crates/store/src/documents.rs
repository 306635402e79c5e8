//! What the document at a feed's address is, and the documents that it names.
use serde::{Deserialize, Serialize};

/// What the document at a feed's address is, which decides how it is fetched and read. Variants are
/// only ever added at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// RSS, Atom, RDF, JSON Feed or CDF.
    #[default]
    Feed,
    /// A sitemap, or a sitemap index, whose parts are fetched too.
    Sitemap,
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
