//! What crosses the store's door. Plain data; the doors themselves are methods of [`crate::Store`].
use serde::{Deserialize, Serialize};

/// An article's number: given once, ascending, never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArticleId(pub u64);

/// A subscription's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FeedId(pub u32);

/// A folder's number.
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
    /// Its number.
    pub id: FolderId,
    /// As the reader named it; unique.
    pub name: String,
    /// Ascending.
    pub position: u32,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// Its number.
    pub id: FeedId,
    /// Where it is fetched from; unique.
    pub url: String,
    /// The reader's own name for it.
    pub custom_title: Option<String>,
    /// None: at the top level.
    pub folder: Option<FolderId>,
    /// When it was subscribed to.
    pub added_at: i64,
    /// Not fetched by itself.
    pub paused: bool,
    /// How the reader wants it fetched and kept.
    pub options: FeedOptions,
    /// What fetching taught.
    pub facts: FeedFacts,
}

/// How the reader wants a feed fetched and kept; precious.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedOptions {
    /// Sent instead of Warta's own.
    pub user_agent: Option<String>,
    /// Names of further headers. Their values are secrets and not in the store.
    pub headers: Vec<String>,
    /// The system's keyring has a user name and password, or the headers' values.
    pub secret: bool,
    /// The reader's own interval between two fetches, in minutes.
    pub every_minutes: Option<u32>,
    /// Whether the articles' pages are fetched for their whole text; none leaves it to Warta.
    pub full_text: Option<bool>,
    /// Since when the feed says that it is gone for good (410); it is not fetched by itself then.
    pub ended_at: Option<i64>,
    /// What to keep of it.
    pub keep: Retention,
}

/// What to keep; none sets no bound. Saved articles are kept for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// No article older than so many days.
    pub days: Option<u32>,
    /// No more than the newest so many articles.
    pub articles: Option<u32>,
}

/// What fetching taught about a feed; can be fetched again.
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
    /// Where its icon lies.
    pub icon_url: Option<String>,
    /// The validator of the last answer (RFC 9110 §8.8.3).
    pub etag: Option<String>,
    /// The validator of the last answer (RFC 9110 §8.8.2).
    pub last_modified: Option<String>,
    /// Of the last body that was parsed: the same bytes again need no parsing.
    pub body_hash: Option<[u8; 16]>,
    /// When it was last asked for.
    pub checked_at: Option<i64>,
    /// When it last answered well.
    pub succeeded_at: Option<i64>,
    /// When it is due again.
    pub next_due_at: Option<i64>,
    /// How many fetches failed since the last success.
    pub failures_in_a_row: u32,
    /// `{code, detail}` of the last failure; none after a success.
    pub failure: Option<Failure>,
    /// How many new articles the last fetch brought; counted by the store.
    pub last_new: u32,
    /// How long the last fetch took, in milliseconds.
    pub took_ms: u32,
    /// How much the last fetch brought over the wire, in bytes.
    pub wire_bytes: u64,
    /// The publisher's channels that its articles named.
    pub publisher_channels: Vec<PublisherChannel>,
    /// Where a permanent redirect points, and since when it was seen.
    pub moved_to: Option<(String, i64)>,
    /// When it wants to be fetched, by its own word and by its ways.
    pub schedule: FeedSchedule,
    /// The last fetches, newest first, ten at most.
    pub history: Vec<FetchRecord>,
}

/// When a feed wants to be fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedSchedule {
    /// RSS `ttl`, or what `sy:updatePeriod` comes to.
    pub ttl_minutes: Option<u32>,
    /// RSS `skipHours`: bit n is the hour n, in UTC.
    pub skip_hours: u32,
    /// RSS `skipDays`: bit 0 is Monday.
    pub skip_days: u8,
    /// `Cache-Control: max-age` of the last answer.
    pub max_age_seconds: Option<u32>,
    /// How often it really publishes, as estimated from its articles.
    pub interval_seconds: Option<u32>,
}

/// What became of a fetch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchRecord {
    /// When.
    pub at: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
    /// How much came over the wire, in bytes.
    pub wire_bytes: u64,
    /// How many articles were new.
    pub new: u32,
    /// The failure's code; none after a success.
    pub code: Option<String>,
}

/// Why a fetch failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// For programs.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// A page of a publisher on another platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherChannel {
    /// `whatsapp-channel` or `google-news`.
    pub kind: String,
    /// Its address.
    pub url: String,
}

/// A feed to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeed {
    /// Where it is fetched from.
    pub url: String,
    /// The reader's own name for it.
    pub custom_title: Option<String>,
    /// None: at the top level.
    pub folder: Option<FolderId>,
    /// Shown until the first fetch.
    pub title: Option<String>,
    /// Its site, if known.
    pub site: Option<String>,
}

/// What became of a [`NewFeed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is subscribed to now.
    New(FeedId),
    /// It was subscribed to before; nothing changed.
    Already(FeedId),
}

/// An article as it arrives.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one fact of an article"
)]
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
    /// By the feed's word.
    pub published: Option<i64>,
    /// By the feed's word.
    pub updated: Option<i64>,
    /// As a BCP 47 tag.
    pub language: Option<String>,
    /// Its script runs from right to left.
    pub right_to_left: bool,
    /// For instance `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// Plain text, a few lines.
    pub excerpt: String,
    /// Of the text.
    pub word_count: u32,
    /// Already safe.
    pub html: String,
    /// The address of the picture that stands for it.
    pub lead_picture: Option<String>,
    /// Addresses of all its pictures, the lead first.
    pub pictures: Vec<String>,
    /// Sound, video and other attachments.
    pub enclosures: Vec<Enclosure>,
    /// Plain text.
    pub categories: Vec<String>,
    /// The publication it was taken from, where an aggregator's feed names one.
    pub source: Option<String>,
    /// The page of its comments.
    pub comments: Option<String>,
    /// Arrives as read (an old entry of a first fetch, or a rule's doing).
    pub read: bool,
    /// Arrives as saved (a rule's doing).
    pub saved: bool,
    /// Where its chapters are listed (`podcast:chapters`).
    pub chapters: Option<String>,
    /// [`NewArticle::url`] only leads on to the page, as Google News's links do.
    pub link_is_redirect: bool,
    /// What is left to do with it once it is stored, in its caller's words; kept in the same transaction
    /// as the article until it is taken back (see [`crate::Store::notes`]). Only of one that is new.
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

/// One fetched feed: committed whole or not at all.
#[derive(Debug, Clone)]
pub struct FeedBatch {
    /// Which feed.
    pub feed: FeedId,
    /// Replaces what was known.
    pub facts: FeedFacts,
    /// In the document's order: lists keep it where dates do not say another.
    pub articles: Vec<NewArticle>,
    /// When it was fetched.
    pub received_at: i64,
}

/// What a [`FeedBatch`] changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Committed {
    /// Seen for the first time, in the batch's order.
    pub new: Vec<ArticleId>,
    /// Known, but with other content than before.
    pub updated: Vec<ArticleId>,
    /// Known, with the same content.
    pub unchanged: usize,
    /// Known by another feed of the same publisher, and listed in this one too from now on.
    pub listed: Vec<ArticleId>,
    /// The rows of what is new or updated, in the batch's order.
    pub rows: Vec<ArticleRow>,
    /// What the batch called the article of each row: where feeds give GUIDs twice or anew, the row
    /// has another.
    pub given: Vec<String>,
}

/// What a list shows of an article; never a body.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about an article"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// Its number.
    pub id: ArticleId,
    /// The feed it came with, or another that lists it where the reader has unsubscribed from that.
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
    /// By the feed's word.
    pub published: Option<i64>,
    /// By the feed's word.
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
    /// Of the text.
    pub word_count: u32,
    /// The address of the picture that stands for it.
    pub lead_picture: Option<String>,
    /// The publication it was taken from.
    pub source: Option<String>,
    /// [`ArticleRow::url`] only leads on to the page.
    pub link_is_redirect: bool,
    /// The reader has read it.
    pub read: bool,
    /// The reader keeps it.
    pub saved: bool,
    /// Since when.
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

/// Where the reader looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Every feed.
    All,
    /// One feed.
    Feed(FeedId),
    /// The feeds of a folder.
    Folder(FolderId),
    /// Articles with `time` at or after it.
    Since(i64),
    /// What the reader keeps.
    Saved,
}

/// A place in a list: the row with this time and id. In [`Place::Saved`] the time is `saved_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The row's time.
    pub time: i64,
    /// The row's article.
    pub id: ArticleId,
}

/// Which rows to list.
#[derive(Debug, Clone, Copy)]
pub struct ListQuery {
    /// Where.
    pub place: Place,
    /// Leave out what is read.
    pub unread_only: bool,
    /// Rows strictly older than it.
    pub before: Option<Cursor>,
    /// No more rows than this.
    pub limit: usize,
}

/// A stretch of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Newest first (saved: last saved first).
    pub rows: Vec<ArticleRow>,
    /// Where the next stretch begins; none at the end.
    pub next: Option<Cursor>,
}

/// What to change of an article's status; none leaves it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Read or unread.
    pub read: Option<bool>,
    /// Kept or not.
    pub saved: Option<bool>,
}

/// The way back from a change. Works until the store is next opened or 50 more changes were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UndoToken(pub u64);

/// How many articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// All.
    pub total: u64,
    /// Of these, not read yet.
    pub unread: u64,
}

/// How many articles stand where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Over all feeds.
    pub all: Count,
    /// Kept by the reader.
    pub saved: u64,
    /// Each feed, by ascending id. An article that several feeds list is counted in each.
    pub feeds: Vec<(FeedId, Count)>,
    /// Each folder with feeds in it, by ascending id; every article once.
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
    /// The picture is here.
    Kept,
    /// `{why, at}`.
    Failed(String, i64),
    /// Never asked for.
    Unknown,
}

/// A found article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// What lists show.
    pub row: ArticleRow,
    /// The title as runs of plain text.
    pub title: Vec<Run>,
    /// A passage of the text as runs of plain text.
    pub passage: Vec<Run>,
}

/// A run of plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Never empty.
    pub text: String,
    /// It is what was searched for.
    pub hit: bool,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// Best first.
    pub hits: Vec<Hit>,
    /// How many there are altogether.
    pub total: usize,
}

/// A search that the reader keeps as a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// Given by the store, ascending.
    pub id: u32,
    /// As the reader named it.
    pub name: String,
    /// What [`crate::Store::search`] takes.
    pub query: String,
}

/// What became of a forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForwardState {
    /// Its target was opened.
    Opened,
    /// Its text was copied.
    Copied,
    /// It waits for the network.
    Waiting,
    /// It could not be opened.
    Failed,
}

/// An article or story that the reader forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// Given by the store, ascending.
    pub id: u64,
    /// When.
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
    /// What became of it.
    pub state: ForwardState,
}

/// One thing that [`crate::Store::check`] looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// For instance `counters`.
    pub name: String,
    /// How many records were looked at.
    pub looked_at: u64,
    /// What was wrong; empty is sound.
    pub found: Vec<String>,
}

/// All that [`crate::Store::check`] looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkup {
    /// In a fixed order.
    pub checks: Vec<Check>,
}

impl Checkup {
    /// Nothing was wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.checks.iter().all(|check| check.found.is_empty())
    }
}

/// What [`crate::Store::restore`] added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// Subscriptions that were not there.
    pub feeds: u64,
    /// Folders that were not there.
    pub folders: u64,
    /// Articles whose marks changed, or that now wait to be marked when they arrive.
    pub marks: u64,
    /// Settings that were not there.
    pub settings: u64,
    /// Forwards that were not there.
    pub forwards: u64,
    /// Saved searches that were not there.
    pub searches: u64,
    /// What could not be read, and where.
    pub problems: Vec<String>,
}

/// What to keep of the whole store; none sets no bound. Saved articles are kept for ever, and a
/// feed's own [`Retention`] goes before that of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keep {
    /// Of each feed that says nothing itself.
    pub each_feed: Retention,
    /// No more than the newest so many articles altogether.
    pub articles: Option<u64>,
    /// No more than so many bytes of articles' texts; the oldest go first.
    pub bytes: Option<u64>,
    /// What is not read yet is kept too.
    pub unread: bool,
}

/// What a purge took out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Purged {
    /// How many articles.
    pub articles: u64,
    /// Their texts, in bytes; [`crate::Store::compact`] gives them back to the disk.
    pub bytes: u64,
}

/// What [`crate::Store::compact`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Compacted {
    /// The whole folder before, in bytes.
    pub bytes_before: u64,
    /// The whole folder after, in bytes.
    pub bytes_after: u64,
    /// Pictures that no article named any more.
    pub pictures: u64,
}

/// What a feed takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FeedUsage {
    /// Which.
    pub feed: FeedId,
    /// How many articles.
    pub articles: u64,
    /// Their texts, in bytes.
    pub bytes: u64,
}

/// What takes how much room.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// How many articles.
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
    /// Of the texts, what no article needs any more; [`crate::Store::compact`] gives it back.
    pub bytes_dead: u64,
    /// Each feed, by ascending id.
    pub feeds: Vec<FeedUsage>,
}

/// The text of an article's own page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FullText {
    /// Its address: the one that it names as its own, else where it was after redirects.
    pub url: String,
    /// When it was fetched.
    pub fetched_at: i64,
    /// Already safe.
    pub html: String,
    /// Of the text.
    pub word_count: u32,
    /// Plain text, a few lines.
    pub excerpt: String,
    /// For instance `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// By whom.
    pub byline: Option<String>,
    /// As a BCP 47 tag.
    pub language: Option<String>,
    /// Its script runs from right to left.
    pub right_to_left: bool,
    /// The address of the picture that stands for it.
    pub lead_picture: Option<String>,
    /// Addresses of all its pictures.
    pub pictures: Vec<String>,
    /// Only a beginning is there, the rest for those who pay.
    pub paywalled: bool,
    /// It is better than the feed's: it shows unless the reader chose the feed's.
    pub is_better: bool,
}

/// What is known of the page of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FullTextState {
    /// Never asked for.
    Unknown,
    /// Its text is here.
    Kept {
        /// Of its text.
        word_count: u32,
        /// It shows.
        shows: bool,
        /// Only a beginning is there.
        paywalled: bool,
    },
    /// It could not be had.
    Failed {
        /// For programs.
        code: String,
        /// For people.
        detail: String,
        /// When.
        at: i64,
    },
}

/// A set of articles for the road.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Its number.
    pub id: u32,
    /// As the reader sees it.
    pub name: String,
    /// When it was asked for.
    pub made_at: i64,
    /// What was asked for, as JSON; the store does not look into it.
    pub wish: String,
    /// How far it is.
    pub state: PackState,
    /// When it was done.
    pub done_at: Option<i64>,
    /// What its making took over the wire, in bytes.
    pub wire_bytes: u64,
}

/// How far a pack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackState {
    /// Articles are still to be made complete.
    Running,
    /// The reader stopped it for now.
    Paused,
    /// Every article was tried.
    Done,
}

/// An article in a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedArticle {
    /// Which.
    pub article: ArticleId,
    /// Whether it was tried.
    pub tried: bool,
    /// Pictures of it that are here.
    pub pictures: u32,
    /// What it takes on the disk with its pictures, in bytes.
    pub bytes: u64,
    /// What it lacks, and why: `(what, code of the reason)`.
    pub lacks: Vec<(String, String)>,
}

impl PackedArticle {
    /// One that was not tried yet.
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

    /// Everything of it is here.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.tried && self.lacks.is_empty()
    }
}
