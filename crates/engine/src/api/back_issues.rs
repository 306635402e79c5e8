//! Older articles of a feed, from its publisher's archive.

use serde::{Deserialize, Serialize};
use specta::Type;
use warta_store::ProblemCode;

/// How a publisher offers older articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ArchiveKind {
    /// Archive documents of RFC 5005.
    Archived,
    /// Pages of RFC 5005.
    Paged,
    /// Pages of a JSON Feed.
    JsonFeed,
    /// Numbered pages of WordPress.
    WordPress,
    /// Numbered entries of Blogger.
    Blogger,
    /// Sitemaps.
    Sitemaps,
}

impl From<warta_feed::back_issues::ArchiveKind> for ArchiveKind {
    fn from(kind: warta_feed::back_issues::ArchiveKind) -> Self {
        use warta_feed::back_issues::ArchiveKind as Known;
        match kind {
            Known::Archived => Self::Archived,
            Known::Paged => Self::Paged,
            Known::JsonFeed => Self::JsonFeed,
            Known::WordPress => Self::WordPress,
            Known::Blogger => Self::Blogger,
            Known::Sitemaps => Self::Sitemaps,
        }
    }
}

/// Which older articles the reader wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OlderRequest {
    /// Maximum number; `None` for all, up to 5,000.
    pub number: Option<u32>,
    /// None from before.
    pub since: Option<i64>,
    /// Maximum number of megabytes to transfer.
    pub megabytes: u32,
    /// Whether they arrive as unread.
    pub unread: bool,
}

/// What limits a feed's older articles, for the reader to know before fetching them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OlderLimits {
    /// How many more articles the next clean-up would keep.
    pub room: Option<u32>,
    /// The next clean-up would remove articles from before this time.
    pub kept_since: Option<i64>,
    /// Whether the connection is metered and the reader wants less fetched there.
    pub metered: bool,
    /// Whether the monthly data budget is used up.
    pub over_budget: bool,
}

/// Why fetching older articles ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum OlderEnd {
    /// The archive has no older ones.
    Oldest,
    /// The number was reached.
    Number,
    /// The date was reached.
    Since,
    /// The megabytes were reached.
    Budget,
    /// The next clean-up would remove what is older.
    Retention,
    /// The reader stopped it.
    Stopped,
    /// The publisher offers no archive.
    NoArchive,
    /// The publisher refused: by its robots.txt or its server's answer.
    Refused,
    /// A page repeated earlier ones.
    Repeats,
    /// The next page belongs to somebody else.
    Elsewhere,
    /// A page had only newer articles.
    Forward,
    /// Too many pages.
    Endless,
    /// A fetch failed.
    Failed,
}

/// Fetching a feed's older articles: how far it is, or what it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OlderRun {
    /// The feed's id.
    pub feed: u32,
    /// What was asked for.
    pub request: OlderRequest,
    /// How the publisher offers them, once that is known.
    pub kind: Option<ArchiveKind>,
    /// Whether it runs now.
    pub running: bool,
    /// Number of stored articles.
    pub articles: u32,
    /// Time of the oldest of them.
    pub oldest: Option<i64>,
    /// Time of the newest of them.
    pub newest: Option<i64>,
    /// Number of full texts fetched.
    pub texts: u32,
    /// Number of fetched pages of the archive.
    pub pages: u32,
    /// Transferred bytes.
    pub bytes: u64,
    /// Why it ended; `None` while it runs or waits for the network.
    pub end: Option<OlderEnd>,
    /// The failure that ended it.
    pub code: Option<ProblemCode>,
    /// Whether there may be more, which another request continues with.
    pub has_more: bool,
}
