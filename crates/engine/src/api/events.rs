//! Events sent to the front ends.

use serde::Serialize;
use specta::Type;

use super::article::AudioView;
use super::back_issues::OlderRun;
use super::overview::Connection;
use super::packs::{PackView, Traffic};
use super::rules::Notice;
use super::sync::{SyncProgress, SyncReport};

/// A change in the engine; front ends reload the data they show.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Event {
    /// A sync has started or made progress.
    SyncProgress {
        /// The current progress.
        progress: SyncProgress,
    },
    /// A sync has finished.
    SyncFinished {
        /// The result.
        report: SyncReport,
    },
    /// Articles of a feed were stored.
    ArticlesArrived {
        /// The feed's id.
        feed: u32,
        /// Number of new articles.
        new: u32,
    },
    /// Pictures of these articles were stored.
    PicturesArrived {
        /// Ids of the articles.
        articles: Vec<u64>,
    },
    /// An audio file's download started, progressed, finished, or the file was removed.
    AudioChanged {
        /// The article's id.
        article: u64,
        /// The audio file's URL.
        url: String,
        /// The new state.
        audio: AudioView,
    },
    /// An article's text was fetched, or the text to show was changed.
    TextArrived {
        /// The article's id.
        article: u64,
    },
    /// A pack made progress or changed.
    PackChanged {
        /// The pack.
        pack: PackView,
    },
    /// The monthly data budget is used up; automatic fetches stop.
    BudgetSpent {
        /// The traffic so far.
        traffic: Traffic,
    },
    /// A newer release was found.
    UpdateFound {
        /// Its version.
        version: String,
    },
    /// A new address was found for a feed that stopped.
    FeedOffered {
        /// The feed's id.
        feed: u32,
        /// Its title.
        title: String,
    },
    /// Fetching a feed's older articles progressed or ended.
    OlderArticles {
        /// How far it is.
        run: OlderRun,
    },
    /// Counts, feeds or folders changed.
    PlacesChanged,
    /// The front page changed.
    StoriesChanged,
    /// A notification for the reader.
    Noticed {
        /// The notification.
        notice: Notice,
    },
    /// The network became reachable or unreachable.
    ConnectionChanged {
        /// The new state.
        connection: Connection,
    },
}
