//! Reports on restoring snapshots and importing profiles.

use serde::Serialize;
use specta::Type;

/// What restoring a snapshot or importing a profile adds. It never removes anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RestoreSummary {
    /// The plan's id, for [`crate::Restoring::apply_restore`].
    pub plan: u32,
    /// Whether the plan was applied; otherwise this is a preview.
    pub applied: bool,
    /// Subscriptions.
    pub feeds: u64,
    /// Subscriptions that are removed: always 0.
    pub feeds_removed: u64,
    /// Folders.
    pub folders: u64,
    /// Articles marked read or saved, now or when they arrive.
    pub marks: u64,
    /// Settings records: the settings, the channels, and one for each rule.
    pub settings: u64,
    /// Records of the forwarding history.
    pub forwards: u64,
    /// Saved searches.
    pub searches: u64,
    /// The reader's own channels.
    pub channels: u32,
    /// Number of rules.
    pub rules: u32,
    /// Number of highlights.
    pub highlights: u32,
    /// The proxy that fetches will use, if it is not the system's.
    pub proxy: Option<String>,
    /// Whether a retention limit in the settings or of a feed will remove old articles.
    pub limits_articles: bool,
    /// The first few records that were rejected.
    pub refused: Vec<Refused>,
    /// How many records were rejected.
    pub refused_count: u32,
    /// Parts of the file that could not be read, in English.
    pub problems: Vec<String>,
}

/// A record in the file that was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// The kind of record.
    pub kind: RefusedKind,
    /// The record's name.
    pub what: String,
    /// The reason, in English.
    pub why: String,
}

/// The kind of a rejected record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RefusedKind {
    /// A feed.
    Feed,
    /// A folder.
    Folder,
    /// A proxy.
    Proxy,
    /// A forwarding channel.
    Channel,
    /// A WhatsApp contact.
    Contact,
    /// An account with an integration.
    Service,
    /// A rule.
    Rule,
    /// A saved search.
    Search,
    /// Another setting.
    Setting,
    /// A saved article.
    Article,
    /// A record of the forwarding history.
    Forward,
}
