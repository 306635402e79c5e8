//! Feed discovery, subscriptions, folders and imports.

use serde::{Deserialize, Serialize};
use specta::Type;
use warta_store::ProblemCode;

use super::back_issues::ArchiveKind;
use super::sync::FeedActivity;

/// The feeds found at an address.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Discovery {
    /// The requested address, completed to a URL.
    pub url: String,
    /// The feeds found, best first; never empty.
    pub feeds: Vec<FoundFeed>,
    /// Whether the feeds are at usual addresses, because the page names none.
    pub guessed: bool,
}

/// A discovered feed.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundFeed {
    /// The feed's URL.
    pub url: String,
    /// The feed's title, if known.
    pub title: String,
    /// URL of its site.
    pub site: Option<String>,
    /// The feed's description.
    pub description: Option<String>,
    /// Number of entries, if the feed was fetched.
    pub entries: Option<u32>,
    /// Whether the reader is subscribed to it.
    pub already: bool,
    /// What it is.
    pub kind: FoundKind,
    /// The part of the page that it is, if it is a page.
    pub page: Option<PageFeed>,
    /// How it offers older articles, as far as its document shows that.
    pub archive: Option<ArchiveKind>,
}

/// A part of a web page that is a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageFeed {
    /// What its entries are.
    pub kind: PageFeedKind,
    /// The CSS selector of the part.
    pub selector: String,
}

/// What the entries of a page are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum PageFeedKind {
    /// The items of a list of headlines.
    HeadlineList,
    /// The changes of a watched part.
    Watch,
}

/// What a page would be as a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PagePreview {
    /// The address to subscribe to.
    pub url: String,
    /// The page's title, else its host.
    pub title: String,
    /// Whether the page is a front or section page, not an article with links.
    pub is_list: bool,
    /// Its lists of headlines, best first; the chosen one before them.
    pub lists: Vec<PageList>,
    /// The text of the watched part, shortened; `None` if none was chosen or nothing matches.
    pub part: Option<String>,
}

/// A list of headlines on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageList {
    /// The CSS selector of its items.
    pub selector: String,
    /// Number of its items.
    pub total: u32,
    /// Its first items, in the page's order.
    pub items: Vec<PageItem>,
}

/// An item of a list of headlines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PageItem {
    /// Its headline.
    pub title: String,
    /// Its link.
    pub url: String,
    /// When it was published, in seconds since 1970, if the page says so.
    pub published: Option<i64>,
}

/// What was found at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FoundKind {
    /// RSS, Atom, RDF, JSON Feed, CDF, or the public page of a Telegram channel.
    Feed,
    /// The videos of a YouTube channel that are not Shorts.
    WithoutShorts,
    /// A sitemap of a site's news, or an index of such: titles and dates; the texts come from the
    /// articles' pages.
    NewsSitemap,
    /// A sitemap without news: addresses that changed lately, with titles made from them.
    Sitemap,
    /// A list of headlines on a page.
    HeadlineList,
}

/// A podcast that Apple's directory found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundPodcast {
    /// URL of its feed, which was not fetched.
    pub url: String,
    /// Its name.
    pub title: String,
    /// Who makes it; empty if that is not said.
    pub author: String,
    /// Its page in the directory.
    pub site: Option<String>,
    /// When its newest episode was published.
    pub newest: Option<i64>,
    /// Number of its episodes.
    pub episodes: Option<u32>,
    /// Whether the reader is subscribed to it.
    pub already: bool,
}

/// A feed to subscribe to.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewFeed {
    /// The feed's URL.
    pub url: String,
    /// The title to show until the first fetch.
    pub title: Option<String>,
    /// URL of its site.
    pub site: Option<String>,
    /// The names of its folder and those around it, outermost first; created as needed.
    pub folder: Vec<String>,
    /// The part of the page at `url` that is the feed; `None` for any other feed.
    pub page: Option<PageFeed>,
}

/// An address at which a feed that stopped goes on.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedOffer {
    /// The feed's id.
    pub feed: u32,
    /// Its title.
    pub title: String,
    /// Its address now.
    pub from: String,
    /// What was found.
    pub to: FoundFeed,
    /// Why it has the same publisher.
    pub proof: OfferProof,
    /// Whether the feed is encrypted now and would no longer be.
    pub loses_tls: bool,
    /// When the newest entry there was published, if it says so.
    pub newest: Option<i64>,
    /// The first headlines there.
    pub headlines: Vec<String>,
}

/// Why a found feed has the same publisher as one that stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum OfferProof {
    /// It links to articles that are stored.
    Articles {
        /// How many.
        count: u32,
    },
    /// It has the titles of stored articles.
    Titles {
        /// How many.
        count: u32,
    },
    /// It has the feed's title, and all its entries are on the publisher's site.
    Site,
}

/// An address that a feed had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReplacedAddress {
    /// When it was replaced.
    pub at: i64,
    /// The earlier address.
    pub from: String,
    /// The one that took its place.
    pub to: String,
}

/// Feeds and folders that something is done to together.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChosenPlaces {
    /// Ids of feeds.
    pub feeds: Vec<u32>,
    /// Ids of folders.
    pub folders: Vec<u32>,
}

/// The result of subscribing.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Subscribed {
    /// Ids of the new feeds; their sync has started.
    pub added: Vec<u32>,
    /// Ids of feeds that already existed.
    pub already: Vec<u32>,
    /// Where passwords from the URLs are stored.
    pub secrets: SecretsKept,
}

/// The result of an OPML import.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Number of new feeds; their sync has started.
    pub added: u32,
    /// Number of feeds that already existed.
    pub already: u32,
    /// Parts of the file that could not be read.
    pub problems: Vec<LineProblem>,
}

/// A part of a file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LineProblem {
    /// Line number, from 1.
    pub line: u32,
    /// Description of the problem, in English.
    pub what: String,
}

/// A publisher of the built-in catalogue, or a section of one; its availability is not checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueFeed {
    /// The publisher's name, with the section's after a colon; names one row.
    pub title: String,
    /// Its addresses, in the order in which they are tried; never empty.
    pub addresses: Vec<CatalogueAddress>,
    /// URL of the publisher's site.
    pub site: String,
    /// Keys of its topics, from a fixed set; the main one first.
    pub topics: Vec<String>,
    /// BCP 47 language tag.
    pub language: String,
    /// ISO 3166-1 alpha-2 country code; empty for international publishers.
    pub country: String,
    /// The region that it reports from: an ISO 3166-2 code in Indonesia, elsewhere a name; empty
    /// for the whole country.
    pub region: String,
    /// The city that it reports from; empty for the whole region.
    pub city: String,
    /// Whether the reader is subscribed to it.
    pub already: bool,
}

/// An address of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueAddress {
    /// The address.
    pub url: String,
    /// What is expected there.
    pub kind: AddressKind,
    /// What this copy of Warta found there last; `None` if it never looked.
    pub finding: Option<CatalogueFinding>,
}

/// What is expected at an address of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum AddressKind {
    /// A feed.
    Feed,
    /// A news sitemap.
    Sitemap,
    /// A site whose feeds are discovered.
    Site,
    /// A feed of a search service with the publisher's articles.
    Search,
}

/// What was found at an address of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueFinding {
    /// When.
    pub at: i64,
    /// Why it did not answer with articles; `None` if it did.
    pub code: Option<ProblemCode>,
    /// The feed that it led to, if that has another address.
    pub feed: Option<String>,
}

/// The outcome of trying the addresses of a row of the catalogue.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueCheck {
    /// The row's title.
    pub title: String,
    /// The feed to subscribe to; `None` if no address answered with a feed.
    pub feed: Option<FoundFeed>,
    /// The row's addresses with what was found.
    pub addresses: Vec<CatalogueAddress>,
}

/// Changes to a feed; `None` changes nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedChange {
    /// The reader's name for the feed; empty restores the feed's title.
    pub custom_title: Option<String>,
    /// The path of its folder as in [`NewFeed`]; empty moves the feed to the top level.
    pub folder: Option<Vec<String>>,
    /// Whether the feed is paused and not fetched.
    pub paused: Option<bool>,
    /// The user agent to send; empty restores the default.
    pub user_agent: Option<String>,
    /// Minutes between two fetches; 0 restores the automatic interval.
    pub every_minutes: Option<u32>,
    /// Maximum age of articles in days; 0 uses the global setting.
    pub keep_days: Option<u32>,
    /// Maximum number of articles; 0 uses the global setting.
    pub keep_articles: Option<u32>,
    /// Whether stories prefer its headlines and pictures.
    pub trusted: Option<bool>,
    /// Name and password; an empty name deletes them.
    pub login: Option<Login>,
    /// All additional headers; empty deletes them.
    pub headers: Option<Vec<HeaderLine>>,
    /// Whether requests may go to private addresses.
    pub own_network: Option<bool>,
    /// When to fetch the full text of its articles.
    pub full_text: Option<FullText>,
    /// The part of the page at its address that is the feed.
    pub page: Option<PageFeed>,
}

/// When to fetch the full text of a feed's articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FullText {
    /// When an article whose feed text is short is opened or packed.
    WhereShort,
    /// For every new article.
    Always,
    /// When the reader asks for it.
    OnRequest,
}

/// Credentials for a feed (RFC 7617).
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(…)")
    }
}

/// An additional request header for a feed.
#[derive(Clone, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeaderLine {
    /// The header's name.
    pub name: String,
    /// The header's value, treated as a secret.
    pub value: String,
}

impl std::fmt::Debug for HeaderLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HeaderLine({}: …)", self.name)
    }
}

/// Where a feed's secrets are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SecretsKept {
    /// The feed has no secrets.
    None,
    /// In the system keyring.
    Keyring,
    /// In memory until Warta exits, because the system has no keyring.
    Session,
}

/// A feed's settings and fetch history.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FeedDetails {
    /// The last fetch, as in the activity panel.
    pub activity: FeedActivity,
    /// The feed's URL, credentials hidden.
    pub url: String,
    /// The user agent sent instead of the default.
    pub user_agent: Option<String>,
    /// Minutes between two fetches, if set by the reader.
    pub every_minutes: Option<u32>,
    /// Maximum age of articles in days.
    pub keep_days: Option<u32>,
    /// Maximum number of articles.
    pub keep_articles: Option<u32>,
    /// Whether stories prefer its headlines and pictures.
    pub trusted: bool,
    /// The user name for signing in.
    pub user: Option<String>,
    /// Names of the additional headers; values are not returned.
    pub headers: Vec<String>,
    /// Whether requests may go to private addresses; `None` when the URL itself is a private
    /// address.
    pub own_network: Option<bool>,
    /// When to fetch the full text of its articles.
    pub full_text: FullText,
    /// The part of the page that it is, if it is a page.
    pub page: Option<PageFeed>,
    /// Estimated publishing interval in seconds.
    pub interval_seconds: Option<u32>,
    /// Recent fetches, newest first.
    pub history: Vec<FetchRecord>,
}

/// A record of one fetch.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FetchRecord {
    /// Time of the fetch.
    pub at: i64,
    /// Duration in milliseconds.
    pub took_ms: u32,
    /// Bytes transferred.
    pub bytes: u64,
    /// Number of new articles.
    #[serde(rename = "new")]
    pub new: u32,
    /// Why it failed, if it did.
    pub code: Option<ProblemCode>,
}
