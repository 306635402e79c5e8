//! Bytes in, entries out.
use chrono::{DateTime, Utc};
use serde::Serialize;

/// What was fetched, and what its server said about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Source<'a> {
    pub bytes: &'a [u8],
    /// Where it came from, after redirects: the base of relative links.
    pub url: Option<&'a str>,
    /// The HTTP `Content-Type` header, unparsed.
    pub content_type: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedKind { Rss, Rdf, Atom, Json, Cdf }

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Feed {
    pub kind: FeedKind,
    /// Plain text.
    pub title: Option<String>,
    pub link: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub updated: Option<DateTime<Utc>>,
    pub icon: Option<String>,
    /// The feed's own address as it names itself (`atom:link rel=self`).
    pub self_url: Option<String>,
    /// How long the publisher asks to wait between fetches, in minutes (`ttl`, `sy:`).
    pub ttl_minutes: Option<u32>,
    pub entries: Vec<Entry>,
    /// What was wrong with the document, in the order it was met; empty for a sound feed.
    pub problems: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Entry {
    /// GUID, else link, else a hash of the content: stable from fetch to fetch, unique within the feed.
    pub id: String,
    /// Plain text.
    pub title: Option<String>,
    pub link: Option<String>,
    pub comments: Option<String>,
    pub published: Option<DateTime<Utc>>,
    pub updated: Option<DateTime<Utc>>,
    pub authors: Vec<String>,
    /// HTML as the feed gave it (plain text is escaped), not safe to show.
    pub summary: Option<String>,
    /// HTML as the feed gave it, not safe to show.
    pub content: Option<String>,
    pub categories: Vec<String>,
    pub enclosures: Vec<Enclosure>,
    pub image: Option<String>,
    pub language: Option<String>,
    /// The publication the entry was taken from (`<source>`): its name and address.
    pub source: Option<EntrySource>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enclosure {
    pub url: String,
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// Bytes.
    pub length: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntrySource { pub title: Option<String>, pub url: Option<String> }

/// The bytes hold no feed.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum NotAFeed {
    #[error("the document is empty")]
    Empty,
    #[error("this is a web page, not a feed")]
    Html,
    #[error("this is not a feed: {0}")]
    Unrecognised(String),
}

pub fn parse(source: &Source<'_>) -> Result<Feed, NotAFeed> { let _ = source; todo!() }

pub mod discovery {
    //! Which feeds a page offers.
    use serde::Serialize;
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct FeedLink { pub url: String, pub title: Option<String>, #[serde(rename = "type")] pub media_type: Option<String> }
    /// Feeds that the page names (link elements first, then plausible anchors), best first, without repeats.
    pub fn in_page(html: &[u8], url: &str, content_type: Option<&str>) -> Vec<FeedLink> { let _ = (html, url, content_type); todo!() }
    /// Feed addresses that a known site's address implies by rule (YouTube, Reddit, GitHub …); no request needed.
    pub fn by_rule(url: &str) -> Vec<FeedLink> { let _ = url; todo!() }
    /// Addresses worth trying when the page names none (`/feed`, `/rss.xml` …), best first.
    pub fn common_paths(url: &str) -> Vec<String> { let _ = url; todo!() }
}

pub mod opml {
    //! Subscriptions in and out (OPML 1.0, 1.1, 2.0).
    use serde::Serialize;
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
    pub struct Subscriptions { pub title: Option<String>, pub feeds: Vec<Subscription>, pub problems: Vec<Problem> }
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
    pub struct Subscription { pub url: String, pub title: Option<String>, pub site: Option<String>,
        /// Folder names, outermost first; empty at the top.
        pub folder: Vec<String> }
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Problem { /** 1-based. */ pub line: usize, pub what: String }
    #[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
    pub enum NotOpml { #[error("the document is empty")] Empty, #[error("this is not OPML: {0}")] Unrecognised(String) }
    pub fn parse(bytes: &[u8]) -> Result<Subscriptions, NotOpml> { let _ = bytes; todo!() }
    /// An OPML 2.0 document.
    pub fn write(subscriptions: &Subscriptions) -> String { let _ = subscriptions; todo!() }
}
