//! The crate's data: what was fetched, and the feed and entries read from it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::urls::tidy;

/// What was fetched, and what its server said about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Source<'a> {
    /// The body.
    pub bytes: &'a [u8],
    /// Where it came from, after redirects: the base of relative links.
    pub url: Option<&'a str>,
    /// The HTTP `Content-Type` header, unparsed.
    pub content_type: Option<&'a str>,
}

/// Which family of formats a feed belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedKind {
    /// RSS 0.91 to 2.0.
    Rss,
    /// RSS 0.90 and 1.0.
    Rdf,
    /// Atom 0.3 and 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1.0 and 1.1.
    Json,
    /// Channel Definition Format.
    Cdf,
}

/// A feed as it was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Feed {
    /// The format.
    pub kind: FeedKind,
    /// Plain text.
    pub title: Option<String>,
    /// The publisher's site.
    pub link: Option<String>,
    /// Plain text.
    pub description: Option<String>,
    /// BCP 47, as the feed says.
    pub language: Option<String>,
    /// When it says it changed.
    pub updated: Option<DateTime<Utc>>,
    /// Address of its icon or logo.
    pub icon: Option<String>,
    /// The feed's own address as it names itself (`atom:link rel=self`).
    pub self_url: Option<String>,
    /// When the publisher wants it fetched.
    pub schedule: Schedule,
    /// Its entries, in the document's order.
    pub entries: Vec<Entry>,
    /// What was wrong with the document; empty for a sound feed.
    pub problems: Vec<String>,
}

/// When a publisher wants its feed fetched, and when not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Schedule {
    /// How long to wait between fetches, in minutes (`ttl`, `sy:`).
    pub ttl_minutes: Option<u32>,
    /// Hours in which nothing is to be fetched (`skipHours`): bit 0 is midnight to one o'clock GMT.
    pub skip_hours: u32,
    /// Days on which nothing is to be fetched (`skipDays`): bit 0 is Monday.
    pub skip_days: u8,
}

/// An entry as the feed gave it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Entry {
    /// GUID, else link, else a hash of the content: stable from fetch to fetch, unique in the feed.
    pub id: String,
    /// Plain text, as the feed gives it; see [`Entry::headline`].
    pub title: Option<String>,
    /// Its page, as the feed links it; where it links none its id (see `link_is_id`), else the first
    /// file that comes with it.
    pub link: Option<String>,
    /// Whether `link` is only the id: RFC 4287 lets it be any IRI (`tag:`, `urn:`), and RSS writers
    /// put anything there, so it need not be a page that can be opened.
    pub link_is_id: bool,
    /// Its page itself, where `link` is a redirect that says where it leads (`feedburner:origLink`,
    /// Google News' older links).
    pub original_link: Option<String>,
    /// Whether `link` leads on to a page that the feed does not name, so that only the network knows
    /// it: Google News' newer links, FeedBurner's without `origLink`.
    pub link_is_redirect: bool,
    /// The page where readers comment.
    pub comments: Option<String>,
    /// When it was published, as the feed says: that may be in the future (a slip of the publisher, or
    /// an announcement), and none where it says nothing that means a moment. Parsing knows no clock;
    /// the newsroom takes the time of the first fetch in both cases, so that no article hides behind
    /// the others or stays on top of them.
    pub published: Option<DateTime<Utc>>,
    /// When it was changed.
    pub updated: Option<DateTime<Utc>>,
    /// By whom: names, or addresses where there is no name.
    pub authors: Vec<String>,
    /// HTML as the feed gave it (plain text is escaped), not safe to show.
    pub summary: Option<String>,
    /// HTML as the feed gave it, not safe to show.
    pub content: Option<String>,
    /// Tags.
    pub categories: Vec<String>,
    /// Files that come with it.
    pub enclosures: Vec<Enclosure>,
    /// Address of its chapters (`podcast:chapters`, JSON).
    pub chapters: Option<String>,
    /// Address of a picture that stands for it.
    pub image: Option<String>,
    /// BCP 47, as the feed says.
    pub language: Option<String>,
    /// The publication that it was taken from (`<source>`).
    pub source: Option<EntrySource>,
    /// What relative addresses in its text are relative to, where the feed says so (`xml:base`);
    /// elsewhere that is its page.
    pub base: Option<String>,
}

impl Entry {
    /// The title without the name of the publication that an aggregator appends to it: Google News
    /// writes "Title - Publication" and names the publication in `<source>`.
    #[must_use]
    pub fn headline(&self) -> Option<&str> {
        let title = self.title.as_deref()?;
        let publication = self
            .source
            .as_ref()
            .and_then(|source| source.title.as_deref());
        let short = publication
            .and_then(|name| title.strip_suffix(name)?.trim_end().strip_suffix('-'))
            .map(str::trim_end)
            .filter(|short| !short.is_empty());
        Some(short.unwrap_or(title))
    }

    /// The page that a reader can open, if there is one: not a counting redirect where its target is
    /// known, and not an id that is no address of the web.
    #[must_use]
    pub fn page(&self) -> Option<&str> {
        let opens =
            |address: &&str| address.starts_with("http://") || address.starts_with("https://");
        let named = self
            .link
            .as_deref()
            .filter(|_| !self.link_is_id || is_address(&self.id));
        self.original_link.as_deref().or(named).filter(opens)
    }
}

/// Whether an id is written as an address: whole, or from its site's root.
fn is_address(id: &str) -> bool {
    let id = tidy(id);
    let scheme = id.split_once(':').map_or("", |(scheme, _)| scheme);
    id.starts_with(['/', '\\'])
        || scheme.eq_ignore_ascii_case("http")
        || scheme.eq_ignore_ascii_case("https")
}

/// A file that comes with an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enclosure {
    /// Where it is.
    pub url: String,
    /// e.g. `audio/mpeg`.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// Bytes.
    pub length: Option<u64>,
    /// How long it plays (`itunes:duration`, `media:content`); none where that is not said or nothing.
    pub duration_seconds: Option<u32>,
    /// Its name, where it has one of its own.
    pub title: Option<String>,
}

/// Where an aggregator took an entry from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntrySource {
    /// The publication's name.
    pub title: Option<String>,
    /// Its address.
    pub url: Option<String>,
}

/// The bytes hold no feed.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum NotAFeed {
    /// No byte, or white space only.
    #[error("the document is empty")]
    Empty,
    /// A page of the web.
    #[error("this is a web page, not a feed")]
    Html,
    /// Anything else.
    #[error("this is not a feed: {0}")]
    Unrecognised(String),
}

/// A feed that a page or a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedLink {
    /// Its address.
    pub url: String,
    /// Its name, as the page gives it.
    pub title: Option<String>,
    /// Its media type, as the page gives it.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
}
