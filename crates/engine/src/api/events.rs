//! Events to the front ends.

use serde::Serialize;
use specta::Type;

use super::article::SoundView;
use super::overview::Connection;
use super::packs::{PackView, Traffic};
use super::rules::Notice;
use super::sync::{SyncProgress, SyncReport};

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
