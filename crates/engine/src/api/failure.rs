//! Failures and their codes.

use serde::{Deserialize, Serialize};
use specta::Type;
use warta_store::ProblemCode;

/// The result type of every call that a front end makes.
pub type Result<T> = std::result::Result<T, Failure>;

/// Why a feed or page fetch failed: a code that the front ends translate, and an English detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// For programs.
    pub code: ProblemCode,
    /// English, for the log.
    pub detail: String,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct Failure {
    /// The code that front ends translate or act on.
    pub code: FailureCode,
    /// An English message for the user.
    pub message: String,
    /// The cause, for the log.
    pub detail: String,
}

/// Why a platform does not give a channel out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosedReason {
    /// Telegram shows no public preview of this channel, group or user.
    Telegram,
    /// Spotify publishes no feeds of podcasts.
    Spotify,
    /// YouTube asks for consent before it shows the page.
    YoutubeConsent,
    /// Reddit refuses or limits requests.
    Reddit,
}

/// Every failure code that front ends must handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FailureCode {
    /// Another process has opened the store.
    InUse,
    /// The store was written by a newer version of Warta.
    NewerFormat,
    /// The data folder is read-only.
    ReadOnly,
    /// The data folder beside a portable program is read-only.
    PortableReadOnly,
    /// The disk is full.
    DiskFull,
    /// The store is damaged.
    Damaged,
    /// The search index was damaged and is being rebuilt.
    SearchRebuilding,
    /// No such article, feed, folder or story.
    NotFound,
    /// The file is none of the formats that can be imported.
    UnknownFile,
    /// The address is not a web URL.
    BadAddress,
    /// The address is not a feed and its page links to none.
    NoFeed,
    /// The platform does not give this channel out; `detail` is the key of a [`ClosedReason`].
    ClosedChannel,
    /// The network is unreachable.
    Offline,
    /// The address could not be fetched.
    FetchFailed,
    /// The input could not be parsed or is invalid.
    BadInput,
    /// A sync is already running.
    SyncRunning,
    /// The regular expression is invalid.
    BadPattern,
    /// The CSS selector is invalid.
    BadSelector,
    /// The channel is unknown or cannot carry this content.
    CannotForward,
    /// No installed application handles the target.
    NoHandler,
    /// No article text was found on the page.
    NoFullText,
    /// The selection for a pack has no articles.
    NothingToPack,
    /// The update is not signed with the key of Warta's releases.
    UpdateRefused,
    /// Any other error.
    Internal,
}
