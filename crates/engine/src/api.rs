//! What crosses to the front ends (the desktop app and the CLI): plain data, camelCase in JSON.
//!
//! TypeScript's types are generated from these, so nothing here is written twice. Times are seconds
//! since 1970 UTC. Ids are numbers that the front ends hand back and never look into.

pub(crate) mod failures;
mod packs;

use serde::{Deserialize, Serialize};
use specta::Type;

/// A result or a failure, for the front ends.
pub type Result<T> = std::result::Result<T, Failure>;

pub use packs::{
    AutoPack, PackLack, PackPage, PackPreview, PackSource, PackStatus, PackView, PackWish,
    PackedRow, PageStatus, PageView, Traffic,
};

/// Everything a front end shows before its first click.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    /// The reader's settings.
    pub settings: Settings,
    /// Whether the reader has not chosen any feed yet.
    pub first_run: bool,
    /// The sidebar.
    pub places: Places,
    /// Whether the network could be reached at the last try.
    pub connection: Connection,
    /// The sync that is running, if one is.
    pub sync: Option<SyncProgress>,
    /// Warta's version.
    pub version: String,
    /// The folder that holds everything.
    pub data_dir: String,
    /// Hour-independent "now" of the engine, so that front ends and engine agree on relative times.
    pub now: i64,
}

/// Whether the network could be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Connection {
    /// Nothing was tried yet.
    Unknown,
    /// The last try reached somebody.
    Online,
    /// The last try reached nobody.
    Offline,
    /// Something in between answers for everybody: a hotel's or train's sign-in page.
    Portal,
}

/// How many articles, and how many of them are unread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// All.
    pub total: u64,
    /// Unread ones.
    pub unread: u64,
}

/// The sidebar: every place with its counts.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Every article.
    pub all: Count,
    /// Articles of the reader's day.
    pub today: Count,
    /// Saved articles.
    pub saved: u64,
    /// Folders in the reader's order.
    pub folders: Vec<FolderPlace>,
    /// All feeds, by title; each names its folder.
    pub feeds: Vec<FeedPlace>,
    /// Searches that the reader keeps; [`crate::Engine::search_counts`] counts them.
    pub searches: Vec<SearchPlace>,
    /// What rules put on articles, by name.
    pub tags: Vec<TagPlace>,
    /// Forwards that wait for the network.
    pub waiting: u32,
    /// Packs, newest first.
    pub packs: Vec<PackView>,
}

/// A search that the reader keeps as a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchPlace {
    /// Its id.
    pub id: u32,
    /// As the reader named it.
    pub name: String,
    /// What is searched for.
    pub query: String,
}

/// How many articles a kept search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchCount {
    /// The search.
    pub id: u32,
    /// Of what it finds as typed.
    pub count: Count,
}

/// A tag in the sidebar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TagPlace {
    /// Its id.
    pub id: u32,
    /// As the reader named it.
    pub name: String,
    /// Its articles.
    pub count: Count,
}

/// A folder in the sidebar.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FolderPlace {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Over its feeds.
    pub count: Count,
}

/// A feed in the sidebar.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedPlace {
    /// Its id.
    pub id: u32,
    /// The reader's name for it, else its own, else its host.
    pub title: String,
    /// The reader's own name for it.
    pub custom_title: Option<String>,
    /// Where it is fetched, credentials hidden.
    pub url: String,
    /// The publisher's site.
    pub site: Option<String>,
    /// Its folder.
    pub folder: Option<u32>,
    /// Address of its icon in the media protocol.
    pub icon: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Its articles.
    pub count: Count,
    /// Not fetched until the reader says so.
    pub paused: bool,
    /// Why the last fetch failed.
    pub failure: Option<Problem>,
    /// When it was last fetched.
    pub checked_at: Option<i64>,
    /// When it is fetched next.
    pub next_due_at: Option<i64>,
}

/// What went wrong with a feed: a code that the front ends put into words, and the engine's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `hostNotFound`, `noConnection`, `tls`, `timedOut`, `notFound`, `gone`, `forbidden`, `tooManyRequests`,
    /// `serverError`, `status`, `tooLarge`, `tooManyRedirects`, `privateAddress`, `brokeOff`, `badAddress`,
    /// `notAFeed`, `webPage`, `empty`, `portal`, `store`; of an article's page also `unwelcome` (the
    /// site asks programs to keep away), `noArticle`, `paywalled`, and what it is instead of a page:
    /// `isPdf`, `isSound`, `isVideo`, `isPicture`, `isArchive`, `isDocument`, `isData`. `movedInside`: a
    /// feed of the web whose address now leads into the reader's own network.
    pub code: String,
    /// English, for the log and the curious.
    pub detail: String,
}

/// A list the reader can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Place {
    /// Every article.
    All,
    /// Every unread article.
    Unread,
    /// Articles since the reader's midnight.
    Today,
    /// Saved articles, last saved first.
    Saved,
    /// Articles of a folder's feeds.
    Folder {
        /// The folder.
        id: u32,
    },
    /// Articles of one feed.
    Feed {
        /// The feed.
        id: u32,
    },
    /// Articles that a rule put a tag on, last arrived first.
    Tag {
        /// The tag.
        id: u32,
    },
    /// What a pack holds, in its order.
    Pack {
        /// The pack.
        id: u32,
    },
}

/// Where a list page ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Cursor {
    /// The list's order.
    pub time: i64,
    /// Breaks ties.
    pub id: u64,
}

/// Asks for one page of a list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ListRequest {
    /// Which list.
    pub place: Place,
    /// Leaves read articles out.
    pub unread_only: bool,
    /// Continues after this row; none starts at the newest.
    pub before: Option<Cursor>,
    /// Rows at most (1 to 500).
    pub limit: u32,
}

/// One page of a list, newest first.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleList {
    /// The rows.
    pub rows: Vec<ArticleRow>,
    /// Where the next page starts; none at the end.
    pub next: Option<Cursor>,
}

/// What a list shows of an article.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleRow {
    /// Its id.
    pub id: u64,
    /// Its feed.
    pub feed: u32,
    /// The publisher's name: the feed's title, or the source that an aggregator names.
    pub publisher: String,
    /// Address of the feed's icon in the media protocol.
    pub icon: Option<String>,
    /// Plain text; may be empty.
    pub title: String,
    /// The publisher's page.
    pub url: Option<String>,
    /// Plain text, at most 280 characters.
    pub excerpt: String,
    /// The list's order; when it was published, as far as known.
    pub time: i64,
    /// By whom.
    pub authors: Vec<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
    /// Minutes of reading, at least 1.
    pub minutes: u32,
    /// Address of a small picture in the media protocol, if it is kept.
    pub thumbnail: Option<String>,
    /// Read.
    pub read: bool,
    /// Saved.
    pub saved: bool,
    /// The story it belongs to, if others report it too.
    pub story: Option<StoryBrief>,
}

/// A story in one line.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoryBrief {
    /// Its id.
    pub id: u64,
    /// Independent publishers.
    pub publishers: u32,
}

/// An article to read.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleView {
    /// What lists show of it.
    pub row: ArticleRow,
    /// Safe HTML; its pictures point into the media protocol or are placeholders.
    pub html: String,
    /// Set off before the first paragraph, e.g. `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// The picture above the text, unless the text itself begins with it.
    pub lead_picture: Option<PictureView>,
    /// When it was changed by its publisher, where it says so.
    pub updated: Option<i64>,
    /// Audio, video and files that came with it.
    pub enclosures: Vec<EnclosureView>,
    /// Its publisher.
    pub publisher: Publisher,
    /// The story it belongs to, if others report it too.
    pub story: Option<Story>,
    /// Where it was forwarded, newest first.
    pub forwards: Vec<ForwardRecord>,
    /// The page where readers comment.
    pub comments: Option<String>,
    /// Where its chapters are listed (a podcast's).
    pub chapters: Option<String>,
    /// Its link goes by an aggregator, which leads on to the publisher when it is opened.
    pub link_is_redirect: bool,
    /// Pictures that are not kept (yet).
    pub pictures_missing: u32,
    /// The text of its own page.
    pub page: PageView,
    /// Words of its feed's text.
    pub feed_words: u32,
}

/// A picture with its place in the media protocol.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PictureView {
    /// Its address in the media protocol.
    pub src: String,
    /// Pixels; 0 when unknown.
    pub width: u32,
    /// Pixels; 0 when unknown.
    pub height: u32,
}

/// A file that came with an article.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EnclosureView {
    /// Where it is.
    pub url: String,
    /// e.g. `audio/mpeg`.
    pub media_type: Option<String>,
    /// Bytes, as the feed says.
    pub length: Option<u64>,
    /// Seconds that it plays, as the feed says.
    pub duration_seconds: Option<u32>,
    /// Its own name.
    pub title: Option<String>,
    /// Whether it is here to be listened to; none of what is no sound.
    pub sound: Option<SoundView>,
}

/// A sound, as far as it is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SoundView {
    /// Its address in the media protocol, once it is kept.
    pub src: Option<String>,
    /// How it stands.
    pub state: SoundState,
    /// Bytes that are here.
    pub bytes: u64,
    /// Of so many, where that is known.
    pub of: Option<u64>,
    /// Where its listener is.
    pub listening: Listening,
}

/// How a sound stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SoundState {
    /// Where its feed names it.
    Away,
    /// On its way here.
    Fetching,
    /// Here, for listening without a network.
    Kept,
}

/// Where the listener of a sound is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Listening {
    /// From its beginning, in seconds.
    pub seconds: u32,
    /// It was heard to its end.
    pub heard: bool,
}

/// The site behind a feed.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Publisher {
    /// Its name.
    pub name: String,
    /// Its host.
    pub host: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// Its WhatsApp Channel, its Google News page.
    pub channels: Vec<PublisherChannel>,
}

/// A publisher's own place elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PublisherChannel {
    /// `whatsapp-channel` or `google-news`.
    pub kind: String,
    /// Where it is.
    pub url: String,
}

/// The front page.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FrontPage {
    /// Trending stories, most first; empty on a quiet day.
    pub stories: Vec<Story>,
    /// Stories that the reader follows and that are not among those.
    pub followed: Vec<Story>,
    /// The newest articles that stand in none of those stories.
    pub latest: Vec<ArticleRow>,
    /// When it was made.
    pub made_at: i64,
    /// Whether the stories of the last days are still being gathered: more will come.
    pub gathering: bool,
}

/// Articles of several publishers about one event.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    /// The id of its first article.
    pub id: u64,
    /// The headline that stands for it.
    pub headline: String,
    /// The article that the headline and excerpt come from.
    pub lead: ArticleRow,
    /// Large picture, if one of its articles has one that is kept.
    pub picture: Option<PictureView>,
    /// Independent publishers, in the order they took it up.
    pub publishers: Vec<String>,
    /// Articles, copies included.
    pub article_count: u32,
    /// Of its first article.
    pub first_at: i64,
    /// Of its latest article.
    pub latest_at: i64,
    /// Where it is in its course.
    pub phase: Phase,
    /// Articles per slice from the first to now, oldest first.
    pub course: Vec<u16>,
    /// Why it is here.
    pub why: Why,
    /// Whether the reader follows it.
    pub followed: bool,
}

/// Where a story is in its course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// It has just come up.
    New,
    /// More publishers take it up than before.
    Rising,
    /// As many as ever.
    Peak,
    /// Fewer than before.
    Fading,
}

/// The figures behind a story's rank; the front ends put them into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// Independent publishers.
    pub publishers: u32,
    /// Hours between the first and the latest of them, rounded up.
    pub hours: u32,
    /// Who had it first.
    pub first_publisher: String,
    /// When.
    pub first_at: i64,
}

/// A story with all its articles.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoryPage {
    /// The story.
    pub story: Story,
    /// Its articles, oldest first.
    pub articles: Vec<ArticleRow>,
    /// Ids of those that copy an earlier one.
    pub copies: Vec<u64>,
    /// What several publishers agree on: two or three of their own sentences.
    pub summary: Vec<Quote>,
    /// The articles in order of time, copies under their source.
    pub reports: Vec<Report>,
    /// What only one publisher says.
    pub only: Vec<Quote>,
    /// Names of the reader's folders that have published since it began, but nothing of it.
    pub silent: Vec<String>,
    /// Whether the reader has muted it.
    pub muted: bool,
}

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// The article.
    pub article: u64,
    /// Who says it.
    pub publisher: String,
    /// As it stands there.
    pub text: String,
    /// BCP 47.
    pub language: Option<String>,
    /// Whether it runs from right to left.
    pub right_to_left: bool,
}

/// An article and those that copy it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The article.
    pub article: u64,
    /// Its copies, in order of time.
    pub copies: Vec<u64>,
}

/// What the reader watches: stories followed and stories muted.
#[derive(Debug, Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Watched {
    /// Followed until they end.
    pub followed: Vec<WatchedStory>,
    /// Muted until they end.
    pub muted: Vec<WatchedStory>,
}

/// A story that the reader follows or has muted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WatchedStory {
    /// Of this watch.
    pub id: u64,
    /// The story, while it goes on.
    pub story: Option<u64>,
    /// The headline it last had.
    pub headline: String,
    /// Since when.
    pub since: i64,
}

/// What is done to matching articles as they arrive. All that is given must match; of several words,
/// feeds or authors, one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something a rule may do"
)]
pub struct Rule {
    /// 0 for a new one.
    pub id: u64,
    /// As the reader named it.
    pub name: String,
    /// Words or phrases, small and capital letters and accents alike; whole words.
    pub words: Vec<String>,
    /// A regular expression over title and text, small and capital letters alike.
    pub pattern: Option<String>,
    /// Looks for words and pattern in titles alone.
    pub title_only: bool,
    /// Feeds.
    pub feeds: Vec<u32>,
    /// Parts of authors' names.
    pub authors: Vec<String>,
    /// Arrives as read, and shows in no list or story but by search and tag.
    pub mute: bool,
    /// Arrives as read.
    pub mark_read: bool,
    /// Arrives as saved.
    pub save: bool,
    /// Is told at once.
    pub notify: bool,
    /// Put on it.
    pub tag: Option<String>,
    /// Until then; none is for ever.
    pub ends_at: Option<i64>,
    /// When it was made.
    pub made_at: i64,
}

/// What a rule would have done to what is stored.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RuleTrial {
    /// Articles looked at, the newest first.
    pub looked_at: u32,
    /// Articles that match.
    pub matching: u32,
    /// Some of these.
    pub rows: Vec<ArticleRow>,
}

/// Something to tell the reader at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The story's headline, or the rule's name.
    pub title: String,
    /// What is new: a publisher and its sentence, or headlines.
    pub text: String,
    /// The article to open.
    pub article: u64,
    /// The story that has moved on.
    pub story: Option<u64>,
}

/// A stretch of the reader's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From Monday to Monday.
    Week,
}

/// What was trending once.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PastPage {
    /// When the day or week began.
    pub from: i64,
    /// When it ended.
    pub to: i64,
    /// Most trending first.
    pub stories: Vec<PastStory>,
    /// A moment of the day or week before it that has something.
    pub earlier: Option<i64>,
    /// A moment of the day or week after it that has something.
    pub later: Option<i64>,
}

/// A story that was trending.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PastStory {
    /// The headline it had.
    pub headline: String,
    /// Of the headline, BCP 47.
    pub language: Option<String>,
    /// Whether the headline runs from right to left.
    pub right_to_left: bool,
    /// Who reported it.
    pub publishers: Vec<String>,
    /// Its articles then.
    pub article_count: u32,
    /// Of its first article.
    pub first_at: i64,
    /// Of its latest article then.
    pub latest_at: i64,
    /// Those of its articles that are still kept, oldest first; some of them.
    pub articles: Vec<ArticleRow>,
}

/// Where a text or link comes from, among what is stored.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Original {
    /// How sure that is.
    pub sure: Sureness,
    /// The earliest article that tells it; none if nothing does.
    pub earliest: Option<ArticleRow>,
    /// The article that is closest to what was asked.
    pub closest: Option<ArticleRow>,
    /// The story, while it goes on.
    pub story: Option<u64>,
    /// Who else has it, in order of time.
    pub others: Vec<ArticleRow>,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Sureness {
    /// Nothing like it is stored.
    Nothing,
    /// It shares names and words: perhaps the same event.
    Perhaps,
    /// It shares most of what tells events apart: very likely the same event.
    Likely,
    /// It has the same words in the same order.
    SameText,
    /// It is the same link.
    SameLink,
}

/// What to change about articles.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// Read or unread; none leaves it.
    pub read: Option<bool>,
    /// Saved or not; none leaves it.
    pub saved: Option<bool>,
}

/// Something that can be taken back.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Undoable {
    /// Articles or feeds that it changed.
    pub changed: u32,
    /// Hand it back to undo.
    pub token: u64,
}

/// One page of search results.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchPage {
    /// The query they answer.
    pub query: String,
    /// Best first.
    pub hits: Vec<SearchHit>,
    /// Articles that match.
    pub total: u32,
}

/// A search result.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// The article.
    pub row: ArticleRow,
    /// Its title, the found words marked.
    pub title: Vec<Run>,
    /// A passage, the found words marked.
    pub passage: Vec<Run>,
}

/// A run of plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Plain text.
    pub text: String,
    /// Whether it was searched for.
    pub hit: bool,
}

/// The feeds that an address offers.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Discovery {
    /// The address that was asked for, completed.
    pub url: String,
    /// Best first; never empty.
    pub feeds: Vec<FoundFeed>,
}

/// A feed that an address offers.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundFeed {
    /// Its address.
    pub url: String,
    /// Its name, as far as known.
    pub title: String,
    /// Its site.
    pub site: Option<String>,
    /// What it says of itself.
    pub description: Option<String>,
    /// Entries it has now, if it was read.
    pub entries: Option<u32>,
    /// Whether the reader has it.
    pub already: bool,
}

/// A feed to subscribe to.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewFeed {
    /// Its address.
    pub url: String,
    /// A name to show until it was fetched.
    pub title: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// The folder's name; made if there is none.
    pub folder: Option<String>,
}

/// What became of a subscription.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Subscribed {
    /// New feeds; their sync has begun.
    pub added: Vec<u32>,
    /// Feeds the reader had already.
    pub already: Vec<u32>,
    /// Where the passwords that came with the addresses are now.
    pub secrets: SecretsKept,
}

/// What an OPML import did.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// New feeds; their sync has begun.
    pub added: u32,
    /// Feeds the reader had already.
    pub already: u32,
    /// What could not be read.
    pub problems: Vec<LineProblem>,
}

/// What restoring a snapshot or importing a profile adds. Nothing is ever removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RestoreSummary {
    /// Names the plan to [`crate::Engine::apply_restore`].
    pub plan: u32,
    /// Whether it was done; else it is what would be done.
    pub applied: bool,
    /// Subscriptions.
    pub feeds: u64,
    /// Subscriptions that are removed: always 0.
    pub feeds_removed: u64,
    /// Folders.
    pub folders: u64,
    /// Articles that are marked read or saved, now or when they arrive.
    pub marks: u64,
    /// Records of settings: the settings themselves, channels, each rule.
    pub settings: u64,
    /// Forwards of the history.
    pub forwards: u64,
    /// Saved searches.
    pub searches: u64,
    /// The reader's own channels among the settings.
    pub channels: u32,
    /// Rules among the settings.
    pub rules: u32,
    /// The proxy that fetches will go through, where that is not the system's.
    pub proxy: Option<String>,
    /// Whether old articles will be removed, by the settings or by those of a feed.
    pub limits_articles: bool,
    /// What was left out, the first few.
    pub refused: Vec<Refused>,
    /// How many things were left out.
    pub refused_count: u32,
    /// What could not be read of the file. English.
    pub problems: Vec<String>,
}

/// Something that a file brought and that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// What it is.
    pub kind: RefusedKind,
    /// Which one.
    pub what: String,
    /// Why, in English.
    pub why: String,
}

/// What was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RefusedKind {
    /// A feed.
    Feed,
    /// A folder.
    Folder,
    /// A proxy.
    Proxy,
    /// A channel to forward to.
    Channel,
    /// A contact on WhatsApp.
    Contact,
    /// An account at a service.
    Service,
    /// A rule.
    Rule,
    /// A saved search.
    Search,
    /// Another setting.
    Setting,
    /// A saved article.
    Article,
    /// A forward of the history.
    Forward,
}

/// What could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineProblem {
    /// From 1.
    pub line: u32,
    /// English.
    pub what: String,
}

/// A feed of the starter catalogue; not checked live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueFeed {
    /// Its name.
    pub title: String,
    /// Its address.
    pub url: String,
    /// Its site.
    pub site: Option<String>,
    /// BCP 47.
    pub language: String,
    /// ISO 3166-1 alpha-2; empty is the world.
    pub country: String,
    /// One of a closed set of keys.
    pub topic: String,
    /// Whether the reader has it.
    pub already: bool,
}

/// Changes to a feed; none leaves a field as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedChange {
    /// The reader's name for it; empty gives it its own back.
    pub custom_title: Option<String>,
    /// The folder's name; empty moves it to the top.
    pub folder: Option<String>,
    /// Not fetched while paused.
    pub paused: Option<bool>,
    /// Sent instead of Warta's own user agent; empty takes Warta's own again.
    pub user_agent: Option<String>,
    /// The reader's own minutes between two fetches; 0 leaves it to Warta.
    pub every_minutes: Option<u32>,
    /// No article older than so many days; 0 leaves it to the settings.
    pub keep_days: Option<u32>,
    /// No more than the newest so many articles; 0 leaves it to the settings.
    pub keep_articles: Option<u32>,
    /// Whether its headlines and pictures stand for stories first.
    pub trusted: Option<bool>,
    /// A name and password; an empty name forgets them.
    pub login: Option<Login>,
    /// All further headers; empty forgets them.
    pub headers: Option<Vec<HeaderLine>>,
    /// Whether its address may lead into the reader's own network.
    pub own_network: Option<bool>,
    /// Whether the pages of its articles are fetched for their whole texts.
    pub full_text: Option<FullText>,
}

/// Whether the pages of a feed's articles are fetched for their whole texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FullText {
    /// When an article is opened or packed whose text in the feed is short.
    WhereShort,
    /// Of every new article.
    Always,
    /// Only when the reader asks for one.
    OnRequest,
}

/// A name and password for a feed (RFC 7617).
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(…)")
    }
}

/// A header that is sent with a feed's fetches.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeaderLine {
    /// Its name.
    pub name: String,
    /// Its value: a secret.
    pub value: String,
}

impl std::fmt::Debug for HeaderLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HeaderLine({}: …)", self.name)
    }
}

/// Where a feed's secrets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SecretsKept {
    /// It has none.
    None,
    /// In the system's keyring.
    Keyring,
    /// The system has no keyring: they are held until Warta ends.
    Session,
}

/// All that can be said of a feed and its fetches.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedDetails {
    /// What the activity says of it.
    pub activity: FeedActivity,
    /// Where it is fetched, credentials hidden.
    pub url: String,
    /// Sent instead of Warta's own user agent.
    pub user_agent: Option<String>,
    /// The reader's own minutes between two fetches.
    pub every_minutes: Option<u32>,
    /// No article older than so many days.
    pub keep_days: Option<u32>,
    /// No more than the newest so many articles.
    pub keep_articles: Option<u32>,
    /// Whether its headlines and pictures stand for stories first.
    pub trusted: bool,
    /// The name that it signs in with.
    pub user: Option<String>,
    /// Names of further headers; their values are not shown.
    pub headers: Vec<String>,
    /// Whether its address may lead into the reader's own network; none where its name says so by itself.
    pub own_network: Option<bool>,
    /// Whether its articles' pages are fetched for their whole texts.
    pub full_text: FullText,
    /// How often it publishes, in seconds, as far as known.
    pub interval_seconds: Option<u32>,
    /// Its last fetches, newest first.
    pub history: Vec<FetchRecord>,
}

/// A fetch that was made.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FetchRecord {
    /// When.
    pub at: i64,
    /// Milliseconds.
    pub took_ms: u32,
    /// Over the wire.
    pub bytes: u64,
    /// New articles.
    #[serde(rename = "new")]
    pub new: u32,
    /// Why it failed: a [`Problem`]'s code.
    pub code: Option<String>,
}

/// What to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum SyncScope {
    /// What is due.
    Due,
    /// Everything that is not paused.
    All,
    /// These feeds, paused or not.
    Feeds {
        /// Which.
        ids: Vec<u32>,
    },
}

/// How far a sync has come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncProgress {
    /// Feeds to fetch.
    pub total: u32,
    /// Feeds done, failed ones included.
    pub done: u32,
    /// Feeds that failed.
    pub failed: u32,
    /// New articles so far.
    pub new_articles: u32,
    /// Bytes over the wire so far.
    pub bytes: u64,
    /// Pictures still to fetch.
    pub pictures_left: u32,
}

/// What a sync did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SyncReport {
    /// Feeds it tried.
    pub feeds: u32,
    /// Feeds that gave a body.
    pub fetched: u32,
    /// Feeds with nothing new (304, or the same bytes).
    pub not_modified: u32,
    /// Feeds that failed.
    pub failed: u32,
    /// New articles.
    #[serde(rename = "new")]
    pub new: u32,
    /// Articles that their publishers changed.
    pub updated: u32,
    /// Pictures kept.
    pub pictures: u32,
    /// Pictures and pages that were left for when their articles are opened, because one feed or host
    /// had too many for one sync.
    pub left_for_later: u32,
    /// Over the wire.
    pub bytes: u64,
    /// Wall time.
    pub seconds: f64,
    /// Whether nobody at all could be reached.
    pub offline: bool,
    /// Whether a sign-in page answered instead of everybody.
    pub portal: bool,
    /// Whether the reader stopped it.
    pub stopped: bool,
}

/// What the last fetch of a feed did, for the activity panel.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedActivity {
    /// The feed.
    pub feed: u32,
    /// Its title.
    pub title: String,
    /// When it was last fetched.
    pub checked_at: Option<i64>,
    /// When that last succeeded.
    pub succeeded_at: Option<i64>,
    /// When it is fetched next.
    pub next_due_at: Option<i64>,
    /// Why the last fetch failed.
    pub failure: Option<Problem>,
    /// In a row.
    pub failures: u32,
    /// Articles the last fetch brought.
    pub last_new: u32,
    /// Milliseconds.
    pub took_ms: u32,
    /// Over the wire.
    pub bytes: u64,
    /// Not fetched until the reader says so.
    pub paused: bool,
    /// Since when the feed says that it is gone for good: it is not fetched any more.
    pub ended_at: Option<i64>,
    /// Where it says that it has moved; taken over when it says so again on another day.
    pub moving_to: Option<String>,
}

/// Where an article or story can be forwarded to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ShareChannel {
    /// e.g. `whatsapp`; `whatsapp:62812…` is one person there.
    pub id: String,
    /// In the reader's language, e.g. `WhatsApp`.
    pub name: String,
    /// The name of its icon, one of a fixed set.
    pub icon: String,
    /// How it is reached.
    pub means: ShareMeans,
    /// Whether it copies instead of opening something.
    pub copies: bool,
    /// How much of a message it takes, where bounded.
    pub limit: Option<u32>,
    /// What `limit` counts.
    pub unit: ShareUnit,
    /// Whether there is a message to edit.
    pub has_message: bool,
    /// Whether several articles can go there in one message.
    pub takes_several: bool,
    /// What it honestly cannot do, in the reader's language; may be empty.
    pub note: String,
    /// Its message as a template, with `{title}`, `{publisher}`, `{excerpt}`, `{link}`.
    pub template: String,
    /// Whether the reader has put it out of sight.
    pub hidden: bool,
}

/// How a channel is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ShareMeans {
    /// Opens something.
    Open,
    /// Copies the message.
    Copy,
    /// Copies the message and opens the place to paste it at.
    CopyAndOpen,
    /// Shows a QR code.
    QrCode,
    /// Draws a picture card.
    Card,
    /// Writes a file.
    File,
    /// Sends the link to a service.
    Service,
    /// Opens the system's share sheet.
    System,
}

/// What a channel's limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ShareUnit {
    /// Unicode scalar values.
    Characters,
    /// What shows as one character.
    Graphemes,
    /// As X counts: most letters 1, Chinese, Japanese, Korean and emoji 2, a link 23.
    Weighted,
}

/// What is forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Subject {
    /// An article.
    Article {
        /// Which.
        id: u64,
    },
    /// A story.
    Story {
        /// Which.
        id: u64,
    },
    /// Some words of an article.
    Quote {
        /// The article.
        id: u64,
        /// The words, plain text.
        text: String,
    },
    /// Several articles.
    Digest {
        /// Which, in order; 1 to 50.
        ids: Vec<u64>,
    },
}

/// A message and where it goes, before it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// The channel's id.
    pub channel: String,
    /// What will be said; the reader may edit it.
    pub message: String,
    /// The link that goes beside the message, where it does not stand in it.
    pub link: Option<String>,
    /// Whether the message goes onto the clipboard.
    pub copies: bool,
    /// What will be opened; none for a channel that opens nothing.
    pub target: Option<String>,
    /// What is opened if that has no handler.
    pub fallback: Vec<String>,
    /// What stands above message and link in the system's share sheet; none where no sheet opens.
    pub sheet: Option<String>,
    /// Whether it needs the network to open.
    pub needs_network: bool,
    /// Of a digest that the limit splits: which message this is, from 0.
    pub part: u32,
    /// How many messages there are.
    pub parts: u32,
    /// The link as a QR code, for the channel that shows one.
    pub qr_code: Option<QrCode>,
}

/// A QR code as an SVG path; its `viewBox` is `0 0 size size`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct QrCode {
    /// Modules of a side, the quiet zone included.
    pub size: u32,
    /// The dark modules.
    pub path: String,
}

/// Sends a draft on its way.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ForwardRequest {
    /// What.
    pub subject: Subject,
    /// Where to.
    pub channel: String,
    /// The reader's words; none takes the channel's own message.
    pub message: Option<String>,
    /// Puts it into the outbox instead of opening it now.
    pub wait: bool,
    /// Of a digest that the limit splits: which message, from 0.
    pub part: u32,
}

/// A forward that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ForwardRecord {
    /// Its id.
    pub id: u64,
    /// When.
    pub at: i64,
    /// The article.
    pub article: Option<u64>,
    /// The channel's id.
    pub channel: String,
    /// The channel's name.
    pub channel_name: String,
    /// The headline.
    pub title: String,
    /// What was said.
    pub message: String,
    /// What was opened.
    pub target: Option<String>,
    /// What became of it.
    pub state: ForwardState,
    /// Goes out without the reader's hand, once the network lets it: to a service.
    pub by_itself: bool,
    /// Why it could not go out yet: a [`Problem`]'s code, or `signIn` where the service does not take the
    /// reader's token any more.
    pub problem: Option<String>,
    /// The publisher has changed the headline since.
    pub edited_since: bool,
}

/// What became of a forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ForwardState {
    /// Its target or the system's share sheet was opened; a service has it.
    Opened,
    /// Its text is on the clipboard.
    Copied,
    /// It waits in the outbox.
    Waiting,
    /// Nothing could open it, or the reader dropped it.
    Failed,
}

/// What the reader has set for forwarding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Forwarding {
    /// Ids of channels that come first, in this order.
    pub order: Vec<String>,
    /// Ids of channels that are out of sight.
    pub hidden: Vec<String>,
    /// The reader's own messages, as templates.
    pub messages: Vec<OwnMessage>,
    /// The host of the reader's Mastodon instance; may be empty.
    pub mastodon: String,
    /// The address of the reader's own WhatsApp Channel; may be empty.
    pub whatsapp_channel: String,
    /// People on WhatsApp.
    pub contacts: Vec<WhatsappContact>,
    /// The reader's own channels.
    pub own: Vec<OwnChannel>,
    /// The channel that was chosen last; may be empty.
    pub last_channel: String,
}

/// The reader's own message for a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OwnMessage {
    /// The channel's id.
    pub channel: String,
    /// With `{title}`, `{publisher}`, `{excerpt}`, `{link}`.
    pub template: String,
}

/// Somebody on WhatsApp; kept on this machine only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WhatsappContact {
    /// As the reader calls them.
    pub name: String,
    /// As the reader writes it; kept as digits with the country's code.
    pub number: String,
}

/// A channel of the reader's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OwnChannel {
    /// Never changes; empty for a new one.
    pub id: String,
    /// As the reader calls it.
    pub name: String,
    /// What to open, with `{title}`, `{url}`, `{text}`, `{publisher}`.
    pub template: String,
}

/// What Google News has to do with an article or story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GoogleNewsPlaces {
    /// The publisher's page there.
    pub publisher: Option<String>,
    /// Where the reader tells Google to prefer this source.
    pub prefer: Option<String>,
    /// Words that the topic can be followed by.
    pub topic: String,
}

/// The shape of a picture card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CardShape {
    /// 1080 × 1350.
    Post,
    /// 1080 × 1920.
    Status,
}

/// Asks for a picture card.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CardRequest {
    /// What it says.
    pub subject: Subject,
    /// Its shape.
    pub shape: CardShape,
    /// Whether the article's picture stands on it.
    pub with_picture: bool,
}

/// A headline as a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PictureCard {
    /// A PNG in base64 (RFC 4648 § 4).
    pub png: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Characters that no font of this machine has, the first few.
    pub missing: String,
    /// Whether the article has a picture that could stand on it.
    pub has_picture: bool,
    /// A name for its file.
    pub name: String,
}

/// What an article is written to a file as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FileFormat {
    /// Plain text.
    Text,
    /// Markdown (`CommonMark`).
    Markdown,
    /// A web page that stands alone.
    Html,
    /// EPUB 3, with its pictures.
    Epub,
}

/// A service that keeps links to read later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ShareService {
    /// e.g. `raindrop`.
    pub id: String,
    /// e.g. `Raindrop.io`.
    pub name: String,
    /// What it asks for.
    pub needs: ServiceNeeds,
    /// Where it is; empty where the reader has to say.
    pub address: String,
    /// Whether everybody runs their own: the reader says where.
    pub own_address: bool,
    /// Where a reader gets what it asks for.
    pub where_to_get: String,
    /// Whether the reader has an account there.
    pub connected: bool,
    /// Whether the service has taken it: it was asked, or something was saved there.
    pub taken: bool,
}

/// What a service asks of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ServiceNeeds {
    /// A token.
    Token,
    /// A name and a password.
    Login,
    /// A client's id and secret, a name and a password.
    Client,
}

/// A reader's account at a service: secrets, which go into the system's keyring.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceAccount {
    /// Where the service is; empty takes the usual address.
    pub address: String,
    /// The token.
    pub token: String,
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
}

impl std::fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServiceAccount({})", self.address)
    }
}

/// The reader's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in the settings"
)]
pub struct Settings {
    /// `id` or `en`.
    pub language: String,
    /// Light, dark and so on.
    pub theme: Theme,
    /// Pixels of an article's text, 14 to 28.
    pub text_size: u8,
    /// Characters a line, 50 to 90.
    pub line_width: u8,
    /// Serif for the article's text, else sans.
    pub serif: bool,
    /// Google News edition: interface language, e.g. `id`.
    pub google_news_language: String,
    /// Google News edition: country, e.g. `ID`.
    pub google_news_country: String,
    /// Opens WhatsApp in the browser instead of the app.
    pub whatsapp_in_browser: bool,
    /// Adds "via Warta" to messages.
    pub via_warta: bool,
    /// Syncs when Warta starts.
    pub sync_at_start: bool,
    /// Syncs what is due every so many minutes while Warta runs; 0 never.
    pub sync_every_minutes: u16,
    /// Fetches less by itself on battery, and no pictures on a metered line.
    pub spare: bool,
    /// The way to the web: `system`, `none`, or a proxy's address.
    pub proxy: String,
    /// Fetches the pictures of new articles.
    pub fetch_pictures: bool,
    /// An article is read once it is opened.
    pub mark_read_on_open: bool,
    /// With it, the others of its story are read too.
    pub mark_story_read: bool,
    /// Tells developments and what rules notify of through the system.
    pub notify: bool,
    /// No article older than so many days; 0 is no bound. Saved ones stay, here and below.
    pub keep_days: u32,
    /// No more than the newest so many articles of a feed; 0 is no bound.
    pub keep_feed_articles: u32,
    /// No more than the newest so many articles altogether; 0 is no bound.
    pub keep_articles: u32,
    /// No more than so many megabytes of texts; 0 is no bound.
    pub keep_megabytes: u32,
    /// What is not read yet stays too.
    pub keep_unread: bool,
    /// No pictures of articles older than so many days; 0 is no bound.
    pub keep_picture_days: u32,
    /// Megabytes a month that may come over the wire; past them nothing is fetched by itself. 0 sets
    /// no bound.
    pub monthly_megabytes: u32,
    /// Pictures of an article that is opened are fetched only when the reader asks for them.
    pub pictures_on_request: bool,
    /// Megabytes of pictures that are kept; those of saved articles and packs stay whatever it says.
    /// 0 sets no bound.
    pub picture_megabytes: u32,
    /// A pack that is made by itself every day.
    pub auto_pack: Option<AutoPack>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: "id".into(),
            theme: Theme::System,
            text_size: 19,
            line_width: 66,
            serif: true,
            google_news_language: "id".into(),
            google_news_country: "ID".into(),
            whatsapp_in_browser: false,
            via_warta: false,
            sync_at_start: true,
            sync_every_minutes: 30,
            spare: true,
            proxy: "system".into(),
            fetch_pictures: true,
            mark_read_on_open: true,
            mark_story_read: false,
            notify: true,
            keep_days: 0,
            keep_feed_articles: 0,
            keep_articles: 0,
            keep_megabytes: 0,
            keep_unread: true,
            keep_picture_days: 0,
            monthly_megabytes: 0,
            pictures_on_request: false,
            picture_megabytes: 2_000,
            auto_pack: None,
        }
    }
}

/// Colours of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// Light or dark as the system says.
    System,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
    /// Old paper.
    Sepia,
    /// The most contrast.
    Contrast,
}

/// What came back of a damaged store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RepairReport {
    /// Articles with their texts.
    pub articles: u64,
    /// Articles whose text is lost; it is asked for again.
    pub without_text: u64,
    /// Subscriptions.
    pub feeds: u64,
    /// Pictures.
    pub pictures: u64,
    /// Whether something is still wrong.
    pub still_damaged: bool,
    /// The folder where what was damaged is kept.
    pub set_aside: Option<String>,
    /// What else was found and done, in English.
    pub notes: Vec<String>,
}

/// What uses how much of the disk.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Articles.
    pub articles: u64,
    /// Bytes, all in all.
    pub bytes_total: u64,
    /// Bytes of articles' text.
    pub bytes_bodies: u64,
    /// Bytes of pictures.
    pub bytes_pictures: u64,
    /// Bytes of sounds.
    pub bytes_sounds: u64,
    /// Bytes of the search index.
    pub bytes_search: u64,
    /// Bytes of lists, marks, subscriptions and settings.
    pub bytes_lists: u64,
    /// Bytes of texts that no article needs any more.
    pub bytes_dead: u64,
    /// The feeds that use most, most first.
    pub feeds: Vec<FeedUsage>,
    /// What was last let go.
    pub tidied: Option<Tidied>,
}

/// What a feed's texts use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedUsage {
    /// The feed.
    pub feed: u32,
    /// Its title.
    pub title: String,
    /// Its articles.
    pub articles: u64,
    /// Bytes of their texts.
    pub bytes: u64,
}

/// What was let go to keep within the reader's bounds, and what that gave back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tidied {
    /// When.
    pub at: i64,
    /// Articles.
    pub articles: u64,
    /// Pictures.
    pub pictures: u64,
    /// Sounds.
    #[serde(default)]
    pub sounds: u32,
    /// By how many bytes the folder is smaller; 0 also where it has grown meanwhile.
    pub freed: u64,
    /// Why it was not finished.
    pub failure: Option<FailureCode>,
}

/// Something happened; the front ends fetch anew what they show of it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Event {
    /// A sync has begun or gone on.
    SyncProgress {
        /// How far.
        progress: SyncProgress,
    },
    /// A sync has ended.
    SyncFinished {
        /// What it did.
        report: SyncReport,
    },
    /// Articles of a feed were stored.
    ArticlesArrived {
        /// The feed.
        feed: u32,
        /// New ones.
        new: u32,
    },
    /// Pictures of these articles were kept.
    PicturesArrived {
        /// Which articles.
        articles: Vec<u64>,
    },
    /// A sound of this article is on its way, has come or is gone.
    SoundChanged {
        /// Which article.
        article: u64,
        /// Its own address.
        url: String,
        /// How it stands.
        sound: SoundView,
    },
    /// Another text of this article is there or shows.
    TextArrived {
        /// Which article.
        article: u64,
    },
    /// A pack has come further.
    PackChanged {
        /// The pack.
        pack: PackView,
    },
    /// The month's budget is spent: nothing is fetched by itself any more.
    BudgetSpent {
        /// What came.
        traffic: Traffic,
    },
    /// Counts, feeds or folders changed.
    PlacesChanged,
    /// The front page would look different.
    StoriesChanged,
    /// Something is to be told at once.
    Noticed {
        /// What.
        notice: Notice,
    },
    /// The network came or went.
    ConnectionChanged {
        /// Which.
        connection: Connection,
    },
}

/// Why something could not be done, for the front ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct Failure {
    /// What a front end can act on or translate.
    pub code: FailureCode,
    /// English, for people.
    pub message: String,
    /// The cause, for the log and the curious.
    pub detail: String,
}

/// The closed set of causes that the front ends translate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FailureCode {
    /// Another Warta has the store.
    InUse,
    /// A newer Warta wrote the store.
    NewerFormat,
    /// The folder cannot be written.
    ReadOnly,
    /// The disk is full.
    DiskFull,
    /// The store is damaged.
    Damaged,
    /// The search index was damaged and is being rebuilt.
    SearchRebuilding,
    /// No such article, feed, folder or story.
    NotFound,
    /// The address is no web address.
    BadAddress,
    /// The address has no feed and its page names none.
    NoFeed,
    /// Nobody could be reached.
    Offline,
    /// The address could not be fetched.
    FetchFailed,
    /// The bytes are not what they should be.
    BadInput,
    /// A sync is running already.
    SyncRunning,
    /// The regular expression cannot be read.
    BadPattern,
    /// The channel is not known or cannot carry this.
    CannotForward,
    /// Nothing on this machine opens the target.
    NoHandler,
    /// The page of an article gave no text.
    NoFullText,
    /// What a pack was wished of is empty.
    NothingToPack,
    /// Anything else.
    Internal,
}
