//! Plain data that the store's methods take and return.
use serde::{Deserialize, Serialize};

use crate::codes::{PackPart, ProblemCode};
use crate::documents::{DocumentKind, StoredPart};
use crate::publisher_channels::{PublisherChannel, known_channels};

/// An article's id: ascending, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArticleId(pub u64);

/// A subscription's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FeedId(pub u32);

/// A folder's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FolderId(pub u32);

/// The first 16 bytes of the BLAKE3 hash of the picture's address; printed as 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PictureId(pub [u8; 16]);

impl PictureId {
    /// The id of the picture at `url`.
    #[must_use]
    pub fn of_url(url: &str) -> Self {
        Self(crate::hash::hash16(url.as_bytes()))
    }

    /// Reads the 32 hex digits that [`std::fmt::Display`] writes.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 32 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u128::from_str_radix(hex, 16)
            .ok()
            .map(|number| Self(number.to_be_bytes()))
    }
}

impl std::fmt::Display for PictureId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

/// The reader's grouping of feeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// The reader's name for it; unique among the folders beside it.
    pub name: String,
    /// Ascending.
    pub position: u32,
    /// The folder it is in; `None`: at the top level.
    pub parent: Option<FolderId>,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// Where it is fetched from; unique.
    pub url: String,
    /// The reader's own name for it.
    pub custom_title: Option<String>,
    /// `None`: at the top level.
    pub folder: Option<FolderId>,
    /// When it was subscribed to.
    pub added_at: i64,
    /// Not fetched automatically.
    pub paused: bool,
    /// What the document at its address is.
    pub kind: DocumentKind,
    /// The reader's settings for fetching and retention.
    pub options: FeedOptions,
    /// What fetches reported.
    pub facts: FeedFacts,
}

impl Feed {
    /// Sets whether full texts are fetched as the feed's kind suggests, unless the reader chose.
    pub fn choose_full_text(&mut self) {
        self.options.full_text = self.options.full_text.or(self.kind.full_text_by_default());
    }
}

/// The reader's settings for fetching and retention; cannot be fetched again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedOptions {
    /// Replaces Warta's own user agent.
    pub user_agent: Option<String>,
    /// Names of further headers. Their values are secrets and not in the store.
    pub headers: Vec<String>,
    /// Whether the system's keyring has a user name and password, or the headers' values.
    pub secret: bool,
    /// The reader's own interval between two fetches, in minutes.
    pub every_minutes: Option<u32>,
    /// Whether the articles' pages are fetched for their full text; `None` lets Warta decide.
    pub full_text: Option<bool>,
    /// When the feed first answered 410 (gone); it is no longer fetched automatically.
    pub ended_at: Option<i64>,
    /// What to keep of it.
    pub keep: Retention,
}

/// Retention limits; `None` sets no limit. Saved articles are kept forever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Maximum age in days.
    pub days: Option<u32>,
    /// Maximum number of articles.
    pub articles: Option<u32>,
}

/// What fetches reported about a feed; can be fetched again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedFacts {
    /// Its own title.
    pub title: Option<String>,
    /// The site it belongs to.
    pub site: Option<String>,
    /// Its own description.
    pub description: Option<String>,
    /// As a BCP 47 tag.
    pub language: Option<String>,
    /// The address of its icon.
    pub icon_url: Option<String>,
    /// The validator of the last answer (RFC 9110 §8.8.3).
    pub etag: Option<String>,
    /// The validator of the last answer (RFC 9110 §8.8.2).
    pub last_modified: Option<String>,
    /// Of the last body that was parsed: the same bytes again need no parsing.
    pub body_hash: Option<[u8; 16]>,
    /// When it was last requested.
    pub checked_at: Option<i64>,
    /// When a fetch last succeeded.
    pub succeeded_at: Option<i64>,
    /// When it is due again.
    pub next_due_at: Option<i64>,
    /// How many fetches failed since the last success.
    pub failures_in_a_row: u32,
    /// The last failure; `None` after a success.
    pub failure: Option<Failure>,
    /// How many new articles the last fetch brought; counted by the store.
    pub last_new: u32,
    /// How long the last fetch took, in milliseconds.
    pub took_ms: u32,
    /// How much the last fetch brought over the wire, in bytes.
    pub wire_bytes: u64,
    /// The publisher's channels that its articles named.
    #[serde(deserialize_with = "known_channels")]
    pub publisher_channels: Vec<PublisherChannel>,
    /// Where a permanent redirect points, and since when it was seen.
    pub moved_to: Option<(String, i64)>,
    /// Its update interval, as declared and as observed.
    pub schedule: FeedSchedule,
    /// The last fetches, newest first, ten at most.
    pub history: Vec<FetchRecord>,
    /// The parts that were fetched, if it is a sitemap index.
    pub parts: Vec<StoredPart>,
}

/// How often a feed is updated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSchedule {
    /// RSS `ttl`, or the interval given by `sy:updatePeriod`.
    pub ttl_minutes: Option<u32>,
    /// RSS `skipHours`: bit n is the hour n, in UTC.
    pub skip_hours: u32,
    /// RSS `skipDays`: bit 0 is Monday.
    pub skip_days: u8,
    /// `Cache-Control: max-age` of the last answer.
    pub max_age_seconds: Option<u32>,
    /// Its observed interval, estimated from its articles.
    pub interval_seconds: Option<u32>,
}

/// The outcome of a fetch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchRecord {
    /// Time of the fetch.
    pub at: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// How much came over the wire, in bytes.
    pub wire_bytes: u64,
    /// How many articles were new.
    pub new: u32,
    /// The failure's code; `None` after a success.
    pub code: Option<ProblemCode>,
}

/// Why a fetch failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// For programs.
    pub code: ProblemCode,
    /// For people.
    pub detail: String,
}

/// A feed to subscribe to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewFeed {
    /// Where it is fetched from.
    pub url: String,
    /// The reader's own name for it.
    pub custom_title: Option<String>,
    /// `None`: at the top level.
    pub folder: Option<FolderId>,
    /// Shown until the first fetch.
    pub title: Option<String>,
    /// Its site, if known.
    pub site: Option<String>,
    /// What the document at its address is, as far as that is known.
    pub kind: DocumentKind,
}

/// The outcome of adding a [`NewFeed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It was added.
    New(FeedId),
    /// It was present already; nothing changed.
    Already(FeedId),
}

/// An article as it arrives.
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NewArticle {
    /// Unique within the feed.
    pub guid: String,
    /// Its page.
    pub url: Option<String>,
    /// Plain text.
    pub title: String,
    /// Plain names.
    pub authors: Vec<String>,
    /// As given by the feed.
    pub published: Option<i64>,
    /// As given by the feed.
    pub updated: Option<i64>,
    /// As a BCP 47 tag.
    pub language: Option<String>,
    /// Its script runs from right to left.
    pub right_to_left: bool,
    /// For instance `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// Plain text, a few lines.
    pub excerpt: String,
    /// Number of words of the text.
    pub word_count: u32,
    /// Sanitised HTML.
    pub html: String,
    /// The address of its main picture.
    pub lead_picture: Option<String>,
    /// Addresses of all its pictures, the lead first.
    pub pictures: Vec<String>,
    /// Audio, video and other attachments.
    pub enclosures: Vec<Enclosure>,
    /// Plain text.
    pub categories: Vec<String>,
    /// The publication it was taken from, where an aggregator's feed names one.
    pub source: Option<String>,
    /// The page of its comments.
    pub comments: Option<String>,
    /// Stored as read (an old entry of a first fetch, or by a rule).
    pub read: bool,
    /// Stored as saved (by a rule).
    pub saved: bool,
    /// Where its chapters are listed (`podcast:chapters`).
    pub chapters: Option<String>,
    /// [`NewArticle::url`] redirects to the page, as Google News links do.
    pub link_is_redirect: bool,
    /// The caller's note of what is left to do once it is stored; written in the same transaction
    /// as the article and kept until it is removed (see [`crate::Store::notes`]). For new articles
    /// only.
    #[serde(default)]
    pub note: Option<String>,
}

/// An attachment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Its address.
    pub url: String,
    /// For instance `audio/mpeg`.
    pub media_type: Option<String>,
    /// In bytes.
    pub length: Option<u64>,
    /// How long it plays.
    pub duration_seconds: Option<u32>,
    /// Plain text.
    pub title: Option<String>,
}

/// One fetched feed: committed atomically.
#[derive(Debug, Clone)]
pub struct FeedBatch {
    /// The fetched feed.
    pub feed: FeedId,
    /// Replaces what was known.
    pub facts: FeedFacts,
    /// In the document's order, which lists keep unless dates differ.
    pub articles: Vec<NewArticle>,
    /// When it was fetched.
    pub received_at: i64,
}

/// The address of the feed of Warta's own that holds the pages which the reader saved, and imported
/// articles without a subscription. It is never fetched.
pub const SAVED_PAGES: &str = "warta:saved-pages";

/// What a [`FeedBatch`] changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Committed {
    /// Seen for the first time, in the batch's order.
    pub new: Vec<ArticleId>,
    /// Known, with changed content.
    pub updated: Vec<ArticleId>,
    /// Known, with the same content.
    pub unchanged: usize,
    /// Known from another feed of the same publisher; now listed in this one too.
    pub listed: Vec<ArticleId>,
    /// Became saved, whether new or known.
    pub saved: Vec<ArticleId>,
    /// The rows of what is new or updated, in the batch's order.
    pub rows: Vec<ArticleRow>,
    /// The GUID of each row in the batch: if a feed reuses or renews GUIDs, the row has another.
    pub given: Vec<String>,
}

/// What a list shows of an article; never a body.
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// Its id.
    pub id: ArticleId,
    /// Its feed, or another that lists it if the reader has unsubscribed from that.
    pub feed: FeedId,
    /// Unique within the feed.
    pub guid: String,
    /// Its page.
    pub url: Option<String>,
    /// Plain text.
    pub title: String,
    /// Plain names.
    pub authors: Vec<String>,
    /// The list's order: published, or when it was received if that is unknown or in the future.
    pub time: i64,
    /// As given by the feed.
    pub published: Option<i64>,
    /// As given by the feed.
    pub updated: Option<i64>,
    /// When it was first fetched.
    pub received_at: i64,
    /// As a BCP 47 tag.
    pub language: Option<String>,
    /// Its script runs from right to left.
    pub right_to_left: bool,
    /// For instance `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// Plain text, a few lines.
    pub excerpt: String,
    /// Number of words of the text.
    pub word_count: u32,
    /// The address of its main picture.
    pub lead_picture: Option<String>,
    /// The publication it was taken from.
    pub source: Option<String>,
    /// [`ArticleRow::url`] redirects to the page, as Google News links do.
    pub link_is_redirect: bool,
    /// The reader has read it.
    pub read: bool,
    /// The reader saved it.
    pub saved: bool,
    /// When it was saved.
    pub saved_at: Option<i64>,
}

/// An article with its body.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// What lists show.
    pub row: ArticleRow,
    /// Safe, as it was stored.
    pub html: String,
    /// Addresses of all its pictures, the lead first.
    pub pictures: Vec<String>,
    /// Attachments.
    pub enclosures: Vec<Enclosure>,
    /// Plain text.
    pub categories: Vec<String>,
    /// The page of its comments.
    pub comments: Option<String>,
    /// Where its chapters are listed.
    pub chapters: Option<String>,
}

/// The source of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Every feed.
    All,
    /// One feed.
    Feed(FeedId),
    /// The feeds of a folder and of the folders inside it.
    Folder(FolderId),
    /// Articles with `time` at or after it.
    Since(i64),
    /// Saved articles.
    Saved,
}

/// A position in a list: the row with this time and id. In [`Place::Saved`] the time is `saved_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The row's time.
    pub time: i64,
    /// The row's article.
    pub id: ArticleId,
}

/// Where a list begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// With the newest article (saved: the last saved).
    #[default]
    NewestFirst,
    /// With the oldest article (saved: the first saved).
    OldestFirst,
}

/// A part of a list, by its rows' times and ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Only rows strictly newer than it.
    pub after: Option<Cursor>,
    /// Only rows strictly older than it.
    pub before: Option<Cursor>,
}

impl Span {
    /// The rows at or before this one.
    #[must_use]
    pub fn until(newest: Cursor) -> Self {
        // The smallest cursor above it.
        let before = match newest.id.0.checked_add(1) {
            Some(id) => Cursor {
                time: newest.time,
                id: ArticleId(id),
            },
            None => Cursor {
                time: newest.time.saturating_add(1),
                id: ArticleId(0),
            },
        };
        Self {
            after: None,
            before: Some(before),
        }
    }

    /// The rows with `time >= since`.
    #[must_use]
    pub fn since(since: i64) -> Self {
        Self {
            after: Some(Cursor {
                time: since.saturating_sub(1),
                id: ArticleId(u64::MAX),
            }),
            before: None,
        }
    }

    /// The rows with `time < end`.
    #[must_use]
    pub fn older_than(end: i64) -> Self {
        Self {
            after: None,
            before: Some(Cursor {
                time: end,
                id: ArticleId(0),
            }),
        }
    }

    pub(crate) fn contains(&self, row: (i64, u64)) -> bool {
        self.before.is_none_or(|before| row < before.into())
            && self.after.is_none_or(|after| row > after.into())
    }
}

/// Which rows to list.
#[derive(Debug, Clone, Copy)]
pub struct ListQuery {
    /// The place whose articles are listed.
    pub place: Place,
    /// Leave out what is read.
    pub unread_only: bool,
    /// The row that the page continues after: rows strictly older than it, or newer in a list that
    /// begins with the oldest.
    pub before: Option<Cursor>,
    /// No more rows than this.
    pub limit: usize,
}

impl ListQuery {
    /// The newest articles of a place, read or not.
    #[must_use]
    pub fn newest(place: Place, limit: usize) -> Self {
        Self {
            place,
            unread_only: false,
            before: None,
            limit,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Newest first (saved: last saved first).
    pub rows: Vec<ArticleRow>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// Changes to an article's status; `None` leaves it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Read or unread.
    pub read: Option<bool>,
    /// Saved or not.
    pub saved: Option<bool>,
}

/// Undoes a change. Valid until the store is closed or 50 more changes were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UndoToken(pub u64);

/// Numbers of articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// All articles.
    pub total: u64,
    /// Unread articles.
    pub unread: u64,
}

/// Numbers of articles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Over all feeds.
    pub all: Count,
    /// Saved articles.
    pub saved: u64,
    /// Each feed, by ascending id. An article that several feeds list is counted in each.
    pub feeds: Vec<(FeedId, Count)>,
    /// Each folder with feeds in it or in the folders inside it, by ascending id; every article
    /// once.
    pub folders: Vec<(FolderId, Count)>,
}

/// A picture, ready to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The encoded picture.
    pub bytes: Vec<u8>,
    /// For instance `image/jpeg`.
    pub media_type: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// What is known about a picture's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureState {
    /// The picture is stored.
    Kept,
    /// `{why, at}`.
    Failed(String, i64),
    /// Never requested.
    Unknown,
}

/// A saved search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Assigned by the store, ascending.
    pub id: u32,
    /// The reader's name for it.
    pub name: String,
    /// What [`crate::Store::search`] takes.
    pub query: String,
}

/// The state of a forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForwardState {
    /// Its target was opened.
    Opened,
    /// Its text was copied.
    Copied,
    /// Waiting for the network.
    Waiting,
    /// It could not be opened.
    Failed,
}

/// An article or story that the reader forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// Assigned by the store, ascending.
    pub id: u64,
    /// Time of the forward.
    pub at: i64,
    /// None for a story.
    pub article: Option<ArticleId>,
    /// The channel's name.
    pub channel: String,
    /// What was forwarded.
    pub title: String,
    /// As the reader left it in the preview.
    pub message: String,
    /// The opened address.
    pub target: Option<String>,
    /// Its state.
    pub state: ForwardState,
}

/// One thing that [`crate::Store::check`] looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// For instance `counters`.
    pub name: String,
    /// How many records were looked at.
    pub looked_at: u64,
    /// Problems; empty if sound.
    pub found: Vec<String>,
}

/// All that [`crate::Store::check`] looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkup {
    /// In a fixed order.
    pub checks: Vec<Check>,
    /// Damaged files that are kept beside the store.
    pub aside: Aside,
}

/// Damaged files that were moved aside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Aside {
    /// Number of files and folders.
    pub items: u64,
    /// Their size on disk.
    pub bytes: u64,
    /// Those of them that may hold what could not be repaired; they are never removed
    /// automatically.
    pub unrepaired_items: u64,
    /// Their size on disk.
    pub unrepaired_bytes: u64,
}

/// Repaired files that were removed because of their age, number or size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// Number of files and folders.
    pub items: u64,
    /// Bytes freed.
    pub bytes: u64,
}

impl Checkup {
    /// Whether no problem was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(|check| check.found.is_empty())
    }
}

/// What [`crate::Store::restore`] added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// New subscriptions.
    pub feeds: u64,
    /// New folders.
    pub folders: u64,
    /// New articles.
    pub articles: u64,
    /// Articles whose marks changed, or will change when they arrive.
    pub marks: u64,
    /// New settings.
    pub settings: u64,
    /// New forwards.
    pub forwards: u64,
    /// New saved searches.
    pub searches: u64,
    /// Unreadable records.
    pub problems: Vec<String>,
}

/// Retention for the whole store; `None` sets no limit. Saved articles are kept forever; a feed's
/// own [`Retention`] takes precedence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keep {
    /// For each feed without its own.
    pub each_feed: Retention,
    /// Maximum number of articles in total.
    pub articles: Option<u64>,
    /// Maximum size of all texts, in bytes; the oldest articles go first.
    pub bytes: Option<u64>,
    /// Unread articles are kept too.
    pub unread: bool,
}

/// What a purge removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Purged {
    /// Number of articles.
    pub articles: u64,
    /// Their texts, in bytes; [`crate::Store::compact`] frees them on disk.
    pub bytes: u64,
}

/// What [`crate::Store::compact`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Compacted {
    /// The whole folder before, in bytes.
    pub bytes_before: u64,
    /// The whole folder after, in bytes.
    pub bytes_after: u64,
    /// Removed pictures that no article used.
    pub pictures: u64,
}

/// Disk usage of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FeedUsage {
    /// The feed.
    pub feed: FeedId,
    /// Number of its articles.
    pub articles: u64,
    /// Their texts, in bytes.
    pub bytes: u64,
}

/// Disk usage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// Number of articles.
    pub articles: u64,
    /// The whole folder, in bytes.
    pub bytes_total: u64,
    /// Articles' texts, in bytes.
    pub bytes_bodies: u64,
    /// Pictures, in bytes.
    pub bytes_pictures: u64,
    /// The search index, in bytes.
    pub bytes_search: u64,
    /// Rows, marks, subscriptions and settings, in bytes.
    pub bytes_lists: u64,
    /// Unused bytes among the texts; [`crate::Store::compact`] frees them.
    pub bytes_dead: u64,
    /// Each feed, by ascending id.
    pub feeds: Vec<FeedUsage>,
}

/// The text of an article's own page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FullText {
    /// Its canonical address, else its address after redirects.
    pub url: String,
    /// When it was fetched.
    pub fetched_at: i64,
    /// Sanitised HTML.
    pub html: String,
    /// Number of words of the text.
    pub word_count: u32,
    /// Plain text, a few lines.
    pub excerpt: String,
    /// For instance `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// Its author line.
    pub byline: Option<String>,
    /// As a BCP 47 tag.
    pub language: Option<String>,
    /// Its script runs from right to left.
    pub right_to_left: bool,
    /// The address of its main picture.
    pub lead_picture: Option<String>,
    /// Addresses of all its pictures.
    pub pictures: Vec<String>,
    /// Only the beginning is free.
    pub paywalled: bool,
    /// It is better than the feed's text: it is shown unless the reader chose the feed's.
    pub is_better: bool,
}

/// The state of an article's full text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FullTextState {
    /// Never requested.
    Unknown,
    /// It is stored.
    Kept {
        /// Of its text.
        word_count: u32,
        /// It is shown.
        shows: bool,
        /// Only the beginning is free.
        paywalled: bool,
    },
    /// It could not be fetched.
    Failed {
        /// For programs.
        code: ProblemCode,
        /// For people.
        detail: String,
        /// Time of the attempt.
        at: i64,
    },
}

/// A set of articles for reading offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub made_at: i64,
    /// The selection as JSON, opaque to the store.
    pub wish: String,
    /// Its progress.
    pub state: PackState,
    /// When it was completed.
    pub done_at: Option<i64>,
    /// Bytes downloaded for it.
    pub wire_bytes: u64,
}

/// The progress of a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackState {
    /// Articles are being downloaded.
    Running,
    /// Paused by the reader.
    Paused,
    /// Every article was attempted.
    Done,
}

/// An article in a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedArticle {
    /// The article.
    pub article: ArticleId,
    /// Whether it was attempted.
    pub tried: bool,
    /// Number of its stored pictures.
    pub pictures: u32,
    /// Its size on disk with its pictures, in bytes.
    pub bytes: u64,
    /// What is missing, and why.
    pub lacks: Vec<(PackPart, ProblemCode)>,
}

impl PackedArticle {
    /// One that was not attempted yet.
    #[must_use]
    pub fn waiting(article: ArticleId) -> Self {
        Self {
            article,
            tried: false,
            pictures: 0,
            bytes: 0,
            lacks: Vec::new(),
        }
    }

    /// Whether everything was downloaded.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.tried && self.lacks.is_empty()
    }
}
