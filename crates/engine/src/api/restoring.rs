//! Restoring snapshots.

use serde::Serialize;
use specta::Type;

/// What restoring a snapshot or importing a profile adds. Nothing is ever removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RestoreSummary {
    /// Names the plan to [`crate::Restoring::apply_restore`].
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
