//! The command line's grammar. What a command does is in the module of its topic.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

/// Warta, a news reader that works offline, from a terminal.
#[derive(Debug, Parser)]
#[command(name = "warta", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// The folder that holds everything [default: the desktop app's]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Results as JSON (JSON Lines for lists) on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Subscriptions
    #[command(subcommand)]
    Feeds(Feeds),
    /// The feeds that a site offers
    Discover {
        /// A site or a feed
        url: String,
    },
    /// Fetch what is due
    Sync(Sync),
    /// List articles, newest first
    Articles(Articles),
    /// Read an article
    Article {
        id: u64,
        /// How to show it [default: text, with --json: json]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Mark articles
    Mark(Marking),
    /// Search all that is stored
    Search {
        /// Words, "a phrase", title:…, feed:…, is:saved
        #[arg(required = true)]
        query: Vec<String>,
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
    },
    /// Stories that several publishers take up
    Trending {
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// A story: in short, then its articles in order of time, copies under their source
    Story { id: u64 },
    /// The front page: trending stories, then the latest articles
    FrontPage,
    /// Articles made complete for reading offline
    #[command(subcommand)]
    Pack(Pack),
    /// Forward an article or a story
    Share(Share),
    /// What waits to be forwarded
    #[command(subcommand)]
    Outbox(Outbox),
    /// Check everything that is stored
    Doctor(Doctor),
    /// Save what cannot be fetched again into a plain-text file
    Snapshot,
    /// Add what a snapshot holds to what is here
    Restore {
        file: PathBuf,
        /// Only show what would be added, changed and left out
        #[arg(long)]
        dry_run: bool,
    },
    /// Show what uses how much of the disk
    Usage,
    /// Take out what is beyond the bounds, and give dead space back to the disk
    Compact(Compact),
    /// Write the whole profile into one file
    Export { file: PathBuf },
    /// Make a profile's file the store of a folder that holds none
    Import { file: PathBuf },
    /// Show what Warta makes of a file; reads no store and no network
    #[command(subcommand)]
    Inspect(Inspect),
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Make again what is damaged, from the texts, what is readable and the snapshots
    #[arg(long)]
    pub(crate) repair: bool,
}

/// Bounds on what is kept; saved articles always are.
#[derive(Debug, Args)]
pub(crate) struct Compact {
    /// No article older than this
    #[arg(long = "keep-days", value_name = "DAYS")]
    pub(crate) days: Option<u32>,
    /// No more than the newest N articles altogether
    #[arg(long = "keep-articles", value_name = "N")]
    pub(crate) articles: Option<u64>,
    /// No more than N MB of texts
    #[arg(long = "keep-mb", value_name = "N")]
    pub(crate) megabytes: Option<u64>,
    /// What is not read yet stays too
    #[arg(long = "keep-unread")]
    pub(crate) unread: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Feeds {
    /// Subscribe; a site's address works too
    Add {
        #[arg(required = true, value_name = "URL")]
        urls: Vec<String>,
        /// The folder to put them into; made if there is none
        #[arg(long, value_name = "NAME")]
        folder: Option<String>,
    },
    /// List the subscriptions
    List,
    /// Unsubscribe
    Remove {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
    },
    /// Let feeds be fetched again whose addresses now lead into your own network
    Allow {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
    },
    /// Subscribe to all that an OPML file names (`-` reads standard input)
    Import { file: PathBuf },
    /// Print the subscriptions as OPML
    Export,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// Only these feeds, due or not
    #[arg(long = "feed", value_name = "ID")]
    pub(crate) feeds: Vec<u32>,
    /// All feeds, due or not
    #[arg(long, conflicts_with = "feeds")]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("place").args(["feed", "folder", "saved"]))]
pub(crate) struct Articles {
    /// Of one feed
    #[arg(long, value_name = "ID")]
    pub(crate) feed: Option<u32>,
    /// Of a folder's feeds
    #[arg(long, value_name = "NAME")]
    pub(crate) folder: Option<String>,
    /// Saved ones, last saved first
    #[arg(long)]
    pub(crate) saved: bool,
    /// Unread ones only
    #[arg(long)]
    pub(crate) unread: bool,
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
pub(crate) enum Pack {
    /// Fetch full texts and pictures of articles, by default of the unread ones
    Create(PackCreate),
    /// List the packs, newest first
    List,
    /// Go on with a pack that was broken off, or try again what it lacks
    Resume { id: u32 },
    /// Remove packs; their articles stay
    Remove {
        #[arg(required = true, value_name = "ID")]
        ids: Vec<u32>,
    },
    /// Write a pack as an EPUB for an e-reader or phone
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
    /// The stories that trend
    #[arg(long)]
    pub(crate) trending: bool,
    /// Articles of a feed, unread ones first
    #[arg(long = "feed", value_name = "ID")]
    pub(crate) feeds: Vec<u32>,
    /// Articles of a folder, unread ones first
    #[arg(long = "folder", value_name = "NAME")]
    pub(crate) folders: Vec<String>,
    /// Limit the pack to this many hours of reading
    #[arg(long, value_name = "H", value_parser = hours)]
    pub(crate) hours: Option<f64>,
    /// Limit the pack to this many megabytes on disk
    #[arg(long = "max-mb", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) megabytes: Option<u32>,
    /// What to call it
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Texts only
    #[arg(long)]
    pub(crate) no_pictures: bool,
    /// The episodes of podcasts too
    #[arg(long)]
    pub(crate) sounds: bool,
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
    /// The article's id; several make a digest
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<u64>,
    /// Where to: see `warta share channels`
    #[arg(long, required_unless_present_any = ["card", "save"], value_name = "CHANNEL")]
    pub(crate) to: Option<String>,
    /// The id is a story's
    #[arg(long)]
    pub(crate) story: bool,
    /// Quote these words of the article
    #[arg(long, value_name = "TEXT", conflicts_with = "story")]
    pub(crate) quote: Option<String>,
    /// Of a digest in several messages: which, from 1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) part: u32,
    /// Draw the headline as a picture into this PNG
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "save"])]
    pub(crate) card: Option<PathBuf>,
    /// The picture is 1080 × 1920, for a status, instead of 1080 × 1350
    #[arg(long, requires = "card")]
    pub(crate) status: bool,
    /// Include the article's picture
    #[arg(long, requires = "card")]
    pub(crate) with_picture: bool,
    /// Write the article into this .txt, .md or .html file
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    pub(crate) save: Option<PathBuf>,
    /// Say this instead of the channel's own message
    #[arg(long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
    /// Show message and target, open nothing (the default)
    #[arg(long, conflicts_with_all = ["open", "later"])]
    pub(crate) print: bool,
    /// Open the target, or copy the message
    #[arg(long, conflicts_with = "later")]
    pub(crate) open: bool,
    /// Put it into the outbox
    #[arg(long)]
    pub(crate) later: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ShareCommand {
    /// The channels that Warta forwards to
    Channels,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Outbox {
    /// What waits, oldest first
    List,
    /// Open what waits, oldest first, and send what waits for a service
    Send,
    /// Take one out without opening it
    Drop { id: u64 },
    /// Change its words
    Edit {
        id: u64,
        #[arg(long, value_name = "TEXT")]
        message: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Inspect {
    /// The parsed feed
    Feed {
        /// `-` reads standard input
        file: PathBuf,
        /// Where it came from
        #[arg(long)]
        url: Option<String>,
        /// As its server said
        #[arg(long, value_name = "TYPE")]
        content_type: Option<String>,
    },
    /// The article of a page
    Article {
        /// `-` reads standard input
        file: PathBuf,
        /// Where it came from
        #[arg(long)]
        url: Option<String>,
        /// As its server said
        #[arg(long, value_name = "TYPE")]
        content_type: Option<String>,
    },
    /// The safe HTML
    Sanitize {
        /// `-` reads standard input
        file: PathBuf,
        /// Where it came from
        #[arg(long)]
        url: Option<String>,
    },
    /// The feeds and folders of an OPML file, and what was wrong
    Opml {
        /// `-` reads standard input
        file: PathBuf,
    },
    /// Articles (one `{id, title, text, url, publisher, published, language}` a line) as stories
    Stories {
        /// `-` reads standard input
        file: PathBuf,
    },
}
