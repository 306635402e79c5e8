//! Discovery, feeds, folders, imports.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::sync::FeedActivity;

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
