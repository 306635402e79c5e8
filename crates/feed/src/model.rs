//! The crate's data: what was fetched, and the feed and entries read from it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::urls::tidy;

/// A fetched document and what its server said about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Source<'a> {
    /// The body.
    pub bytes: &'a [u8],
    /// Its address after redirects: the base of relative links.
    pub url: Option<&'a str>,
    /// The HTTP `Content-Type` header, unparsed.
    pub content_type: Option<&'a str>,
}

/// The family of formats that a feed belongs to.
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
    /// A sitemap with Google's news extension.
    #[serde(rename = "news-sitemap")]
    NewsSitemap,
    /// A sitemap without it (sitemaps.org, 0.9): its entries are the addresses that look like
    /// articles and have a modification date.
    Sitemap,
    /// A sitemap index: [`Feed::parts`] are its sitemaps.
    #[serde(rename = "sitemap-index")]
    SitemapIndex,
    /// The public preview page of a Telegram channel (`https://t.me/s/NAME`).
    Telegram,
    /// A web page, read by a rule of the reader's; [`parse`](crate::parse) never gives it.
    Page,
}

/// A parsed feed.
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
    /// BCP 47, as the feed states it.
    pub language: Option<String>,
    /// When it was changed, as it states itself.
    pub updated: Option<DateTime<Utc>>,
    /// URL of its icon or logo.
    pub icon: Option<String>,
    /// The feed's own URL (`atom:link rel=self`).
    pub self_url: Option<String>,
    /// The fetch schedule that the publisher asks for.
    pub schedule: Schedule,
    /// Its entries, in document order; those of a sitemap newest first.
    pub entries: Vec<Entry>,
    /// The documents that have its entries, for a sitemap index.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<FeedPart>,
    /// What it states about its older entries.
    #[serde(skip)]
    pub archive: ArchiveLinks,
    /// What was wrong with the document; empty for a valid feed.
    pub problems: Vec<String>,
}

impl Feed {
    /// A sitemap index: a feed without entries of its own; its parts contain them.
    #[must_use]
    pub fn index_of(parts: Vec<FeedPart>) -> Self {
        Self {
            parts,
            ..Self::empty(FeedKind::SitemapIndex)
        }
    }

    /// What was read from a web page.
    #[must_use]
    pub fn of_page(title: Option<String>, link: &str, entries: Vec<Entry>) -> Self {
        Self {
            title,
            link: Some(link.to_owned()),
            entries,
            ..Self::empty(FeedKind::Page)
        }
    }

    pub(crate) fn empty(kind: FeedKind) -> Self {
        Self {
            kind,
            title: None,
            link: None,
            description: None,
            language: None,
            updated: None,
            icon: None,
            self_url: None,
            schedule: Schedule::default(),
            entries: Vec::new(),
            parts: Vec::new(),
            archive: ArchiveLinks::default(),
            problems: Vec::new(),
        }
    }
}

/// What a feed states about where its older entries are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchiveLinks {
    /// The archive document before this one (`rel=prev-archive`, RFC 5005 § 4).
    pub prev_archive: Option<String>,
    /// The next page of a paged feed: `rel=next` (RFC 5005 § 3), `next_url` of a JSON Feed.
    pub next: Option<String>,
    /// Whether the document has all entries (`fh:complete`, RFC 5005 § 2).
    pub is_complete: bool,
    /// The program that wrote the feed, as it names itself.
    pub generator: Option<String>,
}

/// A document that has a part of a feed's entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedPart {
    /// Its URL.
    pub url: String,
    /// When it was changed, as the feed states it.
    pub changed_at: Option<DateTime<Utc>>,
}

/// When a publisher wants its feed fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Schedule {
    /// Minutes between fetches (`ttl`, `sy:`).
    pub ttl_minutes: Option<u32>,
    /// Hours without fetches (`skipHours`): bit 0 is midnight to one o'clock GMT.
    pub skip_hours: u32,
    /// Days without fetches (`skipDays`): bit 0 is Monday.
    pub skip_days: u8,
}

/// An entry as the feed gave it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Entry {
    /// The GUID, else the link, else a hash of the content: stable between fetches, unique in the
    /// feed.
    pub id: String,
    /// Plain text, as the feed gives it; see [`Entry::headline`].
    pub title: Option<String>,
    /// The link to its page; without one its id (see `link_is_id`), else its first enclosure.
    pub link: Option<String>,
    /// Whether `link` is only the id. RFC 4287 allows any IRI as an id (`tag:`, `urn:`) and RSS
    /// writers put anything there, so it may not be a page.
    pub link_is_id: bool,
    /// The page behind `link`, if `link` is a redirect with a known target (`feedburner:origLink`,
    /// older Google News links).
    pub original_link: Option<String>,
    /// Whether `link` redirects to a page that only a request can find out: newer Google News
    /// links, FeedBurner links without `origLink`.
    pub link_is_redirect: bool,
    /// The page for comments.
    pub comments: Option<String>,
    /// When it was published, as the feed states it; `None` without a readable date. It may be in
    /// the future (by mistake, or as an announcement): parsing has no clock. The engine uses the
    /// time of the first fetch in both cases, so that no article sorts last or stays on top.
    pub published: Option<DateTime<Utc>>,
    /// When it was changed.
    pub updated: Option<DateTime<Utc>>,
    /// Names of the authors; their email addresses if they have no name.
    pub authors: Vec<String>,
    /// HTML as in the feed (plain text is escaped); not safe to show.
    pub summary: Option<String>,
    /// HTML as in the feed; not safe to show.
    pub content: Option<String>,
    /// Tags.
    pub categories: Vec<String>,
    /// Attached files.
    pub enclosures: Vec<Enclosure>,
    /// URL of its chapters (`podcast:chapters`, JSON).
    pub chapters: Option<String>,
    /// URL of its picture.
    pub image: Option<String>,
    /// BCP 47, as the feed states it.
    pub language: Option<String>,
    /// The publication that an aggregator took it from (`<source>`).
    pub source: Option<EntrySource>,
    /// Base of relative URLs in its text, if the feed states one (`xml:base`); otherwise that is
    /// its page.
    pub base: Option<String>,
}

impl Entry {
    /// When it was published, or else changed.
    #[must_use]
    pub fn date(&self) -> Option<DateTime<Utc>> {
        self.published.or(self.updated)
    }

    /// The title without the publication's name that an aggregator appended: Google News writes
    /// "Title - Publication" and names the publication in `<source>`.
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

    /// The web page that a reader can open, if there is one: the target of a redirect if it is
    /// known, and never an id that is not a URL.
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

/// Whether an id is a URL, absolute or relative to the root of its site.
fn is_address(id: &str) -> bool {
    let id = tidy(id);
    let scheme = id.split_once(':').map_or("", |(scheme, _)| scheme);
    id.starts_with(['/', '\\'])
        || scheme.eq_ignore_ascii_case("http")
        || scheme.eq_ignore_ascii_case("https")
}

/// A file attached to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Enclosure {
    /// Its URL.
    pub url: String,
    /// Such as `audio/mpeg`.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// In bytes.
    pub length: Option<u64>,
    /// Playing time (`itunes:duration`, `media:content`); `None` if it is missing or zero.
    pub duration_seconds: Option<u32>,
    /// Its own title, if it has one.
    pub title: Option<String>,
}

/// The publication that an aggregator took an entry from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntrySource {
    /// Its name.
    pub title: Option<String>,
    /// Its URL.
    pub url: Option<String>,
}

/// The document is not a feed.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum NotAFeed {
    /// No bytes, or only white space.
    #[error("the document is empty")]
    Empty,
    /// A web page.
    #[error("this is a web page, not a feed")]
    Html,
    /// The page with which Telegram introduces a user, a bot, a group or a channel whose messages
    /// it does not show to the public.
    #[error("Telegram shows no public preview of this channel, group or user")]
    NoPreview,
    /// Anything else.
    #[error("this is not a feed: {0}")]
    Unrecognised(String),
}

/// A feed offered by a page or implied by a site rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedLink {
    /// Its URL.
    pub url: String,
    /// Its title, as the page states it.
    pub title: Option<String>,
    /// Its media type, as the page states it.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
}
