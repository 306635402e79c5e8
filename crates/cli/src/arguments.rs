//! Command-line arguments. Each command is implemented in the module of its topic.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

/// An offline news reader for the terminal.
#[derive(Debug, Parser)]
#[command(name = "warta", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// Data folder [default: the desktop app's]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Print results as JSON (JSON Lines for lists) to standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Manage subscriptions
    #[command(subcommand)]
    Feeds(Feeds),
    /// List the feeds that a site or channel offers, or search podcasts by name
    Discover {
        /// URL of a site, feed or channel, or the name of a channel: @name, @name@server, r/name
        #[arg(required_unless_present = "podcasts")]
        url: Option<String>,
        /// Send these words to Apple's podcast directory, and list what it finds
        #[arg(long, value_name = "WORDS", num_args = 1.., conflicts_with = "url")]
        podcasts: Vec<String>,
    },
    /// Fetch the feeds that are due
    Sync(Sync),
    /// List articles, newest first
    Articles(Articles),
    /// Show an article
    Article {
        id: u64,
        /// Output format [default: text, with --json: json]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Mark articles as read, unread, saved or unsaved
    Mark(Marking),
    /// Search all stored articles
    Search(Search),
    /// List the stories that several publishers report
    Trending {
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// Show a story: its summary, then its articles by time, each with its copies
    Story { id: u64 },
    /// Show trending stories and the latest articles
    FrontPage,
    /// Save pages to read later, with text and pictures
    Save {
        /// Addresses of pages
        #[arg(required = true, value_name = "URL")]
        urls: Vec<String>,
    },
    /// List and export highlights
    #[command(subcommand)]
    Highlights(Highlights),
    /// Manage mail accounts whose newsletters are feeds
    #[command(subcommand)]
    Newsletters(NewsletterCommand),
    /// Manage offline packs: articles with full texts and pictures
    #[command(subcommand)]
    Pack(Pack),
    /// Forward an article or a story
    Share(Share),
    /// Manage forwards that wait to be sent
    #[command(subcommand)]
    Outbox(Outbox),
    /// Check the store
    Doctor(Doctor),
    /// Write data that cannot be fetched again to a plain-text file
    Snapshot,
    /// Add the content of a snapshot to the store
    Restore {
        file: PathBuf,
        /// Only show what would be added, changed and rejected
        #[arg(long)]
        dry_run: bool,
    },
    /// Show disk usage
    Usage,
    /// Remove articles beyond the given limits and free unused disk space
    Compact(Compact),
    /// Export the whole profile to one file, or saved articles in another format
    Export {
        file: PathBuf,
        /// Export saved articles in this format; markdown and epub write into a folder
        #[arg(long, value_enum)]
        format: Option<ExportFormat>,
    },
    /// Import what another reader or service exported, or a profile into an empty data folder
    ///
    /// Recognised by content: Google Reader, Inoreader and FreshRSS (JSON, ZIP), Feedly, Pocket,
    /// Instapaper, Omnivore, Raindrop.io, bookmarks, OPML, and the databases of Newsboat, Liferea,
    /// RSS Guard, QuiteRSS and NetNewsWire.
    Import {
        file: PathBuf,
        /// Only show what would be brought
        #[arg(long)]
        dry_run: bool,
    },
    /// Show how Warta parses a file; uses no store and no network
    #[command(subcommand)]
    Inspect(Inspect),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HealthKind {
    Ended,
    Failing,
    Silent,
    Empty,
    Flood,
    NeverRead,
    Duplicate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    JsonFeed,
    Bookmarks,
    Csv,
    Markdown,
    Epub,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Rebuild a damaged store from readable data and snapshots
    #[arg(long)]
    pub(crate) repair: bool,
    /// Print what a report of a fault needs, without addresses and titles; checks nothing
    #[arg(long, conflicts_with = "repair")]
    pub(crate) diagnostics: bool,
}

/// Retention limits; saved articles are always kept.
#[derive(Debug, Args)]
pub(crate) struct Compact {
    /// Remove articles older than this
    #[arg(long = "keep-days", value_name = "DAYS")]
    pub(crate) days: Option<u32>,
    /// Keep only the newest N articles
    #[arg(long = "keep-articles", value_name = "N")]
    pub(crate) articles: Option<u64>,
    /// Keep at most N MB of article text
    #[arg(long = "keep-mb", value_name = "N")]
    pub(crate) megabytes: Option<u64>,
    /// Also keep unread articles
    #[arg(long = "keep-unread")]
    pub(crate) unread: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Feeds {
    /// Subscribe to feeds; the URL of a site works too
    Add {
        #[arg(required = true, value_name = "URL")]
        urls: Vec<String>,
        /// The folder to add them to, by name or path (`Technology/Linux`); created if it does not
        /// exist
        #[arg(long, value_name = "NAME")]
        folder: Option<String>,
    },
    /// List publishers of the built-in catalogue, or subscribe to them
    ///
    /// It was collected from public lists, and nothing was checked. `--add` tries each publisher's
    /// addresses and takes the first that answers.
    Catalogue {
        /// Only those with all these words in title, site, topics, language or place
        words: Vec<String>,
        /// Subscribe to what would be listed
        #[arg(long, requires = "words")]
        add: bool,
        /// The folder to add them to, as in `feeds add`
        #[arg(long, value_name = "NAME", requires = "add")]
        folder: Option<String>,
    },
    /// Show a web page as a feed, or subscribe to it
    ///
    /// Of the items of a list of headlines, or of the changes in a part of it.
    Page {
        /// URL of the page
        url: String,
        /// The list whose items this CSS selector matches, instead of the lists that are found
        #[arg(long, value_name = "SELECTOR", conflicts_with = "watch")]
        list: Option<String>,
        /// The part that this CSS selector matches
        #[arg(long, value_name = "SELECTOR")]
        watch: Option<String>,
        /// Subscribe to what would be shown; without a selector, to the first list
        #[arg(long)]
        add: bool,
        /// The folder to add it to, as in `feeds add`
        #[arg(long, value_name = "NAME", requires = "add")]
        folder: Option<String>,
    },
    /// List the subscriptions
    List,
    /// Move feeds into a folder
    Move {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
        /// The folder, by name or path; created if it does not exist. Empty: the top level
        #[arg(long, value_name = "NAME")]
        folder: String,
    },
    /// List feeds that are silent, failing, flooding, not read or doubled
    ///
    /// To clean up: `feeds remove`, `feeds every` to fetch less, `feeds mute`.
    Health {
        /// Only these
        #[arg(long, value_enum, value_delimiter = ',', value_name = "KIND")]
        kind: Vec<HealthKind>,
    },
    /// Look for the new addresses of feeds that stopped, and take them
    ///
    /// Without IDs: those that were found and wait for an answer.
    Mend {
        #[arg(value_name = "ID")]
        ids: Vec<u32>,
        /// Take the addresses that were found
        #[arg(long, requires = "ids", group = "answer")]
        accept: bool,
        /// Do not offer them again
        #[arg(long, requires = "ids", group = "answer")]
        decline: bool,
        /// Give the feeds their earlier addresses back
        #[arg(long, requires = "ids", group = "answer")]
        take_back: bool,
    },
    /// Fetch articles from before a feed's own entries, from its publisher's archive
    ///
    /// They arrive as read. Pages of an archive, and the sitemaps of a site, are fetched as its
    /// robots.txt allows. The same command goes on where it ended.
    Older {
        #[arg(value_name = "ID")]
        id: u32,
        /// Maximum number of articles
        #[arg(long, value_name = "N", default_value_t = 100,
              value_parser = clap::value_parser!(u32).range(1..=5_000))]
        number: u32,
        /// None from before this day (`2025-01-31`)
        #[arg(long, value_name = "DATE")]
        since: Option<chrono::NaiveDate>,
        /// Maximum number of megabytes to transfer
        #[arg(long, value_name = "MB", default_value_t = 50,
              value_parser = clap::value_parser!(u32).range(1..=10_000))]
        budget: u32,
        /// Let them arrive as unread
        #[arg(long)]
        unread: bool,
    },
    /// Set how often feeds are fetched at most
    Every {
        /// Minutes between two fetches; 0 lets Warta choose
        minutes: u32,
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
    },
    /// Mute feeds by a rule: their new articles are marked read and hidden from lists
    Mute {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
        /// Remove the rules that only mute these feeds
        #[arg(long)]
        off: bool,
    },
    /// Unsubscribe
    Remove {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
    },
    /// Allow feeds to be fetched from private network addresses
    Allow {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
    },
    /// Subscribe to all feeds in an OPML file (`-` for standard input)
    Import { file: PathBuf },
    /// Print the subscriptions as OPML
    Export,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// Fetch only these feeds, even if not due
    #[arg(long = "feed", value_name = "ID")]
    pub(crate) feeds: Vec<u32>,
    /// Fetch the feeds of this folder and those inside it, even if not due
    #[arg(long, value_name = "NAME", conflicts_with = "feeds")]
    pub(crate) folder: Option<String>,
    /// Fetch all feeds, even if not due
    #[arg(long, conflicts_with_all = ["feeds", "folder"])]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("place").args(["feed", "folder", "saved"]))]
pub(crate) struct Articles {
    /// Only articles of this feed
    #[arg(long, value_name = "ID")]
    pub(crate) feed: Option<u32>,
    /// Only articles of the feeds in this folder and those inside it
    #[arg(long, value_name = "NAME")]
    pub(crate) folder: Option<String>,
    /// Only saved articles, last saved first
    #[arg(long)]
    pub(crate) saved: bool,
    /// Only unread articles
    #[arg(long)]
    pub(crate) unread: bool,
    /// The oldest first; of saved ones, the first saved
    #[arg(long)]
    pub(crate) oldest: bool,
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Html,
    Json,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("marks").args(["read", "unread", "saved", "unsaved"]).required(true).multiple(true))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Marking {
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<u64>,
    #[arg(long, conflicts_with = "unread")]
    pub(crate) read: bool,
    #[arg(long)]
    pub(crate) unread: bool,
    #[arg(long, conflicts_with = "unsaved")]
    pub(crate) saved: bool,
    #[arg(long)]
    pub(crate) unsaved: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NewsletterCommand {
    /// Add a mailbox: every sender is a feed; nothing in it is changed
    ///
    /// The password is asked for, or read from standard input.
    Add {
        #[command(flatten)]
        server: MailServer,
        /// Only these senders, by the key that `check` shows, or by address [default: those with a
        /// mailing list]
        #[arg(long = "sender", value_name = "KEY")]
        senders: Vec<String>,
        /// Senders that appear later do not become feeds
        #[arg(long)]
        only_these: bool,
        /// The folder for the feeds; repeat for a folder inside it
        #[arg(long, value_name = "FOLDER")]
        into: Vec<String>,
    },
    /// List the accounts
    List,
    /// Sign in to an account and list who writes to it
    Check { id: String },
    /// Remove an account and its password; its feeds stay
    Remove { id: String },
}

#[derive(Debug, Args)]
pub(crate) struct MailServer {
    /// The mail address
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: String,
    /// The IMAP server [default: by the address]
    #[arg(long)]
    pub(crate) host: Option<String>,
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: Option<u16>,
    /// How the connection is encrypted; `none` for this computer only
    #[arg(long, value_enum, default_value_t = MailEncryption::Tls)]
    pub(crate) encryption: MailEncryption,
    /// The user name [default: the address]
    #[arg(long)]
    pub(crate) user: Option<String>,
    /// The folder of the mailbox
    #[arg(long, default_value = "INBOX", value_name = "FOLDER")]
    pub(crate) mailbox: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MailEncryption {
    Tls,
    Starttls,
    None,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Highlights {
    /// List highlights with their notes, newest first
    List {
        /// Only those with these words in quote, note, title or publisher
        query: Vec<String>,
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Print highlights as Markdown, or as JSON in the W3C Web Annotation format
    Export {
        /// Only those with these words in quote, note, title or publisher
        query: Vec<String>,
        /// Output format [default: markdown, with --json: json]
        #[arg(long, value_enum)]
        format: Option<HighlightsFormat>,
    },
    /// Send new and changed highlights to Readwise
    Send,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HighlightsFormat {
    Markdown,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// Fetch full texts and pictures of articles (default: unread ones)
    Create(PackCreate),
    /// List the packs, newest first
    List,
    /// Resume an unfinished pack, or retry what it lacks
    Resume { id: u32 },
    /// Remove packs; their articles are kept
    Remove {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
    },
    /// Export a pack as EPUB
    Export { id: u32, file: PathBuf },
}

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct PackCreate {
    /// Unread articles, newest first
    #[arg(long)]
    pub(crate) unread: bool,
    /// Saved articles
    #[arg(long)]
    pub(crate) saved: bool,
    /// Articles of trending stories
    #[arg(long)]
    pub(crate) trending: bool,
    /// Articles of a feed, unread ones first
    #[arg(long = "feed", value_name = "ID")]
    pub(crate) feeds: Vec<u32>,
    /// Articles of a folder and those inside it, unread ones first
    #[arg(long = "folder", value_name = "NAME")]
    pub(crate) folders: Vec<String>,
    /// Maximum reading time in hours
    #[arg(long, value_name = "H", value_parser = hours)]
    pub(crate) hours: Option<f64>,
    /// Maximum size on disk in megabytes
    #[arg(long = "max-mb", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) megabytes: Option<u32>,
    /// Name of the pack
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Do not fetch pictures
    #[arg(long)]
    pub(crate) no_pictures: bool,
    /// Include podcast episodes
    #[arg(long, visible_alias = "sounds")]
    pub(crate) audio: bool,
}

fn hours(typed: &str) -> Result<f64, String> {
    match typed.parse() {
        Ok(hours) if (0.01..=1000.0).contains(&hours) => Ok(hours),
        _ => Err("a number of hours up to 1000, e.g. 1.5".into()),
    }
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Share {
    #[command(subcommand)]
    pub(crate) what: Option<ShareCommand>,
    /// Ids of articles; several are sent as a digest
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<u64>,
    /// The channel's id: see `warta share channels`
    #[arg(long, required_unless_present_any = ["card", "save"], value_name = "CHANNEL")]
    pub(crate) to: Option<String>,
    /// The id is that of a story
    #[arg(long)]
    pub(crate) story: bool,
    /// Share a quote from the article
    #[arg(long, value_name = "TEXT", conflicts_with = "story")]
    pub(crate) quote: Option<String>,
    /// Number of the message, from 1, if a digest is split
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) part: u32,
    /// Render a picture card to this PNG file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "save"])]
    pub(crate) card: Option<PathBuf>,
    /// Render the card in 1080 × 1920 (status) instead of 1080 × 1350
    #[arg(long, requires = "card")]
    pub(crate) status: bool,
    /// Draw the article's picture on the card
    #[arg(long, requires = "card")]
    pub(crate) with_picture: bool,
    /// Write the article to this .txt, .md, .html or .epub file
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    pub(crate) save: Option<PathBuf>,
    /// Replace the channel's message
    #[arg(long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Print message and target without opening anything (default)
    #[arg(long, conflicts_with_all = ["open", "later"])]
    pub(crate) print: bool,
    /// Open the target, or copy the message
    #[arg(long, conflicts_with = "later")]
    pub(crate) open: bool,
    /// Add it to the outbox
    #[arg(long)]
    pub(crate) later: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ShareCommand {
    /// List the channels
    Channels,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Outbox {
    /// List waiting forwards, oldest first
    List,
    /// Open waiting forwards, oldest first, and send waiting saves
    Send,
    /// Remove a forward without opening it
    Drop { id: u64 },
    /// Edit the message of a forward
    Edit {
        id: u64,
        #[arg(long, value_name = "TEXT")]
        message: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Inspect {
    /// Parse a feed
    Feed {
        /// The file (`-` for standard input)
        file: PathBuf,
        /// URL that the file was fetched from
        #[arg(long)]
        url: Option<String>,
        /// The `Content-Type` header
        #[arg(long, value_name = "TYPE")]
        content_type: Option<String>,
    },
    /// Extract the article from a page
    Article {
        /// The file (`-` for standard input)
        file: PathBuf,
        /// URL that the file was fetched from
        #[arg(long)]
        url: Option<String>,
        /// The `Content-Type` header
        #[arg(long, value_name = "TYPE")]
        content_type: Option<String>,
    },
    /// Sanitise HTML
    Sanitize {
        /// The file (`-` for standard input)
        file: PathBuf,
        /// URL that the file was fetched from
        #[arg(long)]
        url: Option<String>,
    },
    /// Parse an OPML file; list feeds, folders and problems
    Opml {
        /// The file (`-` for standard input)
        file: PathBuf,
    },
    /// Cluster articles (one `{id, title, text, url, publisher, published, language}` per line)
    /// into stories
    Stories {
        /// The file (`-` for standard input)
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words, "a phrase", -word, title:…, in:title, feed:…, folder:…, tag:…, lang:…, is:saved,
    /// is:unread, is:read, after:2026-01-31, before:7d, on:2026-01, sort:newest
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// The order, unless the query has a `sort:` of its own
    #[arg(long, value_enum, default_value_t = Sort::Relevance)]
    pub(crate) sort: Sort,
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
    pub(crate) limit: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Sort {
    Relevance,
    Newest,
    Oldest,
}

impl From<Sort> for warta_engine::api::SearchSort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Relevance => Self::Relevance,
            Sort::Newest => Self::Newest,
            Sort::Oldest => Self::Oldest,
        }
    }
}
