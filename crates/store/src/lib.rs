//! Everything Warta keeps. The only crate that names sled, tantivy or a file. Blocking; call it off the async threads.
//! Times are seconds since 1970 UTC and come in as arguments.
use std::path::{Path, PathBuf};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArticleId(pub u64);
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FeedId(pub u32);
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FolderId(pub u32);
/// The first 16 bytes of the BLAKE3 hash of the picture's address; printed as 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PictureId(pub [u8; 16]);
impl PictureId { #[must_use] pub fn of_url(url: &str) -> Self { let _ = url; todo!() } #[must_use] pub fn parse(hex: &str) -> Option<Self> { let _ = hex; todo!() } }
impl std::fmt::Display for PictureId { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { let _ = f; todo!() } }

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("another Warta is using {0}")] InUse(PathBuf),
    #[error("this store was written by a newer Warta (format {found}, this one reads {known})")] NewerFormat { found: u32, known: u32 },
    #[error("the folder {0} cannot be written")] ReadOnly(PathBuf),
    #[error("the disk is full")] DiskFull,
    #[error("the store is damaged: {0}")] Damaged(String),
    #[error("no such {0}")] NotFound(&'static str),
    #[error("{0}")] Invalid(String),
    #[error(transparent)] Io(#[from] std::io::Error),
}
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Cheap to clone; all clones are the same store. Dropping the last one flushes.
#[derive(Debug, Clone)]
pub struct Store { _private: () }

// ---- subscriptions and folders (precious) ----
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder { pub id: FolderId, pub name: String, /** Ascending. */ pub position: u32 }
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    pub id: FeedId,
    pub url: String,
    /// The reader's own name for it.
    pub custom_title: Option<String>,
    pub folder: Option<FolderId>,
    pub added_at: i64,
    pub paused: bool,
    pub facts: FeedFacts,
}
/// What fetching taught about a feed; can be fetched again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedFacts {
    pub title: Option<String>,
    pub site: Option<String>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub icon_url: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Of the last body that was parsed: the same bytes again need no parsing.
    pub body_hash: Option<[u8; 16]>,
    pub checked_at: Option<i64>,
    pub succeeded_at: Option<i64>,
    pub next_due_at: Option<i64>,
    pub failures_in_a_row: u32,
    /// `{code, detail}` of the last failure; none after a success.
    pub failure: Option<Failure>,
    pub last_new: u32,
    pub took_ms: u32,
    pub wire_bytes: u64,
    pub publisher_channels: Vec<PublisherChannel>,
    /// Where a permanent redirect points, and since when it was seen.
    pub moved_to: Option<(String, i64)>,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure { pub code: String, pub detail: String }
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherChannel { /** `whatsapp-channel` or `google-news`. */ pub kind: String, pub url: String }

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeed { pub url: String, pub custom_title: Option<String>, pub folder: Option<FolderId>, /** Shown until the first fetch. */ pub title: Option<String>, pub site: Option<String> }
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added { New(FeedId), Already(FeedId) }

impl Store {
    /// Opens or creates the store in `dir`.
    pub fn open(dir: &Path) -> Result<Self> { let _ = dir; todo!() }
    #[must_use] pub fn dir(&self) -> &Path { todo!() }
    pub fn flush(&self) -> Result<()> { todo!() }

    pub fn add_feeds(&self, feeds: &[NewFeed], now: i64) -> Result<Vec<Added>> { let _ = (feeds, now); todo!() }
    pub fn feeds(&self) -> Result<Vec<Feed>> { todo!() }
    pub fn feed(&self, id: FeedId) -> Result<Option<Feed>> { let _ = id; todo!() }
    pub fn update_feed(&self, id: FeedId, change: &mut dyn FnMut(&mut Feed)) -> Result<Feed> { let _ = (id, change); todo!() }
    /// Hides the feed and its articles; [`Store::undo`] brings them back until the store is next opened, which purges them.
    pub fn remove_feed(&self, id: FeedId, now: i64) -> Result<UndoToken> { let _ = (id, now); todo!() }
    /// The folder of that name, made if there is none.
    pub fn folder_named(&self, name: &str) -> Result<FolderId> { let _ = name; todo!() }
    pub fn folders(&self) -> Result<Vec<Folder>> { todo!() }
    pub fn rename_folder(&self, id: FolderId, name: &str) -> Result<()> { let _ = (id, name); todo!() }
    /// Its feeds move to the top level.
    pub fn remove_folder(&self, id: FolderId) -> Result<()> { let _ = id; todo!() }
}

// ---- articles ----
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NewArticle {
    /// Unique within the feed.
    pub guid: String,
    pub url: Option<String>,
    pub title: String,
    pub authors: Vec<String>,
    pub published: Option<i64>,
    pub updated: Option<i64>,
    pub language: Option<String>,
    pub right_to_left: bool,
    pub dateline: Option<String>,
    pub excerpt: String,
    pub word_count: u32,
    /// Already safe.
    pub html: String,
    pub lead_picture: Option<String>,
    /// Addresses of all its pictures, the lead first.
    pub pictures: Vec<String>,
    pub enclosures: Vec<Enclosure>,
    pub categories: Vec<String>,
    /// The publication it was taken from, where an aggregator's feed names one.
    pub source: Option<String>,
    pub comments: Option<String>,
    /// Arrives as read (an old entry of a first fetch, or a rule's doing).
    pub read: bool,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure { pub url: String, pub media_type: Option<String>, pub length: Option<u64> }

/// One fetched feed: committed whole or not at all.
#[derive(Debug, Clone)]
pub struct FeedBatch { pub feed: FeedId, pub facts: FeedFacts, pub articles: Vec<NewArticle>, pub received_at: i64 }
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed { pub new: Vec<ArticleId>, pub updated: Vec<ArticleId>, pub unchanged: usize }

/// What a list shows of an article; never a body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleRow {
    pub id: ArticleId, pub feed: FeedId, pub guid: String, pub url: Option<String>, pub title: String, pub authors: Vec<String>,
    /// The list's order: published, or when it was received if that is unknown or in the future.
    pub time: i64,
    pub published: Option<i64>, pub updated: Option<i64>, pub received_at: i64,
    pub language: Option<String>, pub right_to_left: bool, pub dateline: Option<String>, pub excerpt: String, pub word_count: u32,
    pub lead_picture: Option<String>, pub source: Option<String>,
    pub read: bool, pub saved: bool, pub saved_at: Option<i64>,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Article { pub row: ArticleRow, pub html: String, pub pictures: Vec<String>, pub enclosures: Vec<Enclosure>, pub categories: Vec<String>, pub comments: Option<String> }

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place { All, Feed(FeedId), Folder(FolderId), /** Articles with `time` at or after it. */ Since(i64), Saved }
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor { pub time: i64, pub id: ArticleId }
#[derive(Debug, Clone, Copy)]
pub struct ListQuery { pub place: Place, pub unread_only: bool, /** Rows strictly older than it. */ pub before: Option<Cursor>, pub limit: usize }
#[derive(Debug, Clone, PartialEq)]
pub struct Page { /** Newest first (saved: last saved first). */ pub rows: Vec<ArticleRow>, pub next: Option<Cursor> }

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark { pub read: Option<bool>, pub saved: Option<bool> }
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UndoToken(pub u64);
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count { pub total: u64, pub unread: u64 }
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts { pub all: Count, pub saved: u64, pub feeds: Vec<(FeedId, Count)> }

impl Store {
    pub fn commit(&self, batch: &FeedBatch) -> Result<Committed> { let _ = batch; todo!() }
    pub fn list(&self, query: &ListQuery) -> Result<Page> { let _ = query; todo!() }
    pub fn rows(&self, ids: &[ArticleId]) -> Result<Vec<ArticleRow>> { let _ = ids; todo!() }
    pub fn article(&self, id: ArticleId) -> Result<Option<Article>> { let _ = id; todo!() }
    /// How many changed.
    pub fn mark(&self, ids: &[ArticleId], mark: Mark, now: i64) -> Result<usize> { let _ = (ids, mark, now); todo!() }
    /// Marks what stands in `place` now and is at or before `newest`; gives how many changed and the way back.
    pub fn mark_all_read(&self, place: Place, newest: Option<Cursor>, now: i64) -> Result<(usize, UndoToken)> { let _ = (place, newest, now); todo!() }
    /// Takes back a [`Store::mark_all_read`] or [`Store::remove_feed`]; false when it is too late.
    pub fn undo(&self, token: UndoToken) -> Result<bool> { let _ = token; todo!() }
    /// From maintained records; walks nothing.
    pub fn counts(&self) -> Result<Counts> { todo!() }
    /// Unread and total with `time >= since`, walking no more than 20,000 rows.
    pub fn count_since(&self, since: i64) -> Result<Count> { let _ = since; todo!() }
}

// ---- pictures ----
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture { pub bytes: Vec<u8>, pub media_type: String, pub width: u32, pub height: u32 }
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureState { Kept, /** `{why, at}`. */ Failed(String, i64), Unknown }
impl Store {
    pub fn keep_picture(&self, url: &str, picture: &Picture) -> Result<PictureId> { let _ = (url, picture); todo!() }
    pub fn picture(&self, id: PictureId) -> Result<Option<Picture>> { let _ = id; todo!() }
    pub fn picture_failed(&self, url: &str, why: &str, now: i64) -> Result<()> { let _ = (url, why, now); todo!() }
    pub fn picture_state(&self, url: &str) -> Result<PictureState> { let _ = url; todo!() }
}

// ---- search ----
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit { pub row: ArticleRow, /** The title, then a passage, as runs of plain text. */ pub title: Vec<Run>, pub passage: Vec<Run> }
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run { pub text: String, pub hit: bool }
#[derive(Debug, Clone, PartialEq)]
pub struct Hits { pub hits: Vec<Hit>, pub total: usize }
impl Store {
    /// Words (all must occur), "phrases", `title:word`, -word. Never fails on what a reader types.
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Result<Hits> { let _ = (query, limit, offset); todo!() }
    /// Waits until all that was committed can be found.
    pub fn finish_indexing(&self) -> Result<()> { todo!() }
}

// ---- small precious records: settings, forwards ----
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ForwardState { Opened, Copied, Waiting, Failed }
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward { pub id: u64, pub at: i64, pub article: Option<ArticleId>, pub channel: String, pub title: String, pub message: String, pub target: Option<String>, pub state: ForwardState }
impl Store {
    /// The JSON text kept under `name`.
    pub fn setting(&self, name: &str) -> Result<Option<String>> { let _ = name; todo!() }
    pub fn set_setting(&self, name: &str, json: &str) -> Result<()> { let _ = (name, json); todo!() }
    /// `forward.id` is given by the store.
    pub fn add_forward(&self, forward: Forward) -> Result<u64> { let _ = forward; todo!() }
    pub fn set_forward_state(&self, id: u64, state: ForwardState) -> Result<()> { let _ = (id, state); todo!() }
    /// Newest first; of one article where given.
    pub fn forwards(&self, article: Option<ArticleId>, limit: usize) -> Result<Vec<Forward>> { let _ = (article, limit); todo!() }
}

// ---- safety ----
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check { /** e.g. `counters`. */ pub name: String, /** How many records were looked at. */ pub looked_at: u64, /** What was wrong; empty is sound. */ pub found: Vec<String> }
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkup { pub checks: Vec<Check> }
impl Checkup { #[must_use] pub fn is_sound(&self) -> bool { self.checks.iter().all(|c| c.found.is_empty()) } }
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored { pub feeds: u64, pub folders: u64, pub marks: u64, pub settings: u64, pub forwards: u64, pub problems: Vec<String> }
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Usage { pub articles: u64, pub bytes_total: u64, pub bytes_bodies: u64, pub bytes_pictures: u64, pub bytes_search: u64 }
impl Store {
    /// Checksums, counters, indices, orphans.
    pub fn check(&self) -> Result<Checkup> { todo!() }
    /// Writes what cannot be fetched again as one plain-text file (JSON Lines, checksummed, with the OPML beside it), atomically; keeps the last few.
    pub fn snapshot(&self, now: i64) -> Result<PathBuf> { let _ = now; todo!() }
    pub fn snapshots(&self) -> Result<Vec<PathBuf>> { todo!() }
    /// Adds what `file` holds to what is here; nothing is removed.
    pub fn restore(&self, file: &Path, now: i64) -> Result<Restored> { let _ = (file, now); todo!() }
    pub fn usage(&self) -> Result<Usage> { todo!() }
}
