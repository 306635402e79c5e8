//! Failures and their codes.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A result or a failure, for the front ends.
pub type Result<T> = std::result::Result<T, Failure>;

/// What went wrong with a feed: a code that the front ends put into words, and the engine's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `hostNotFound`, `noConnection`, `tls`, `timedOut`, `notFound`, `gone`, `forbidden`, `tooManyRequests`,
    /// `serverError`, `status`, `tooLarge`, `tooManyRedirects`, `privateAddress`, `brokeOff`, `badAddress`,
    /// `notAFeed`, `webPage`, `empty`, `portal`, `store`; of an article's page also `unwelcome` (the
    /// site asks programs to keep away), `noArticle`, `paywalled`, and what it is instead of a page:
    /// `isPdf`, `isSound`, `isVideo`, `isPicture`, `isArchive`, `isDocument`, `isData`. `movedInside`: a
    /// feed of the web whose address now leads into the reader's own network.
    pub code: String,
    /// English, for the log and the curious.
    pub detail: String,
}

/// Why something could not be done, for the front ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct Failure {
    /// What a front end can act on or translate.
    pub code: FailureCode,
    /// English, for people.
    pub message: String,
    /// The cause, for the log and the curious.
    pub detail: String,
}

/// The closed set of causes that the front ends translate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FailureCode {
    /// Another Warta has the store.
    InUse,
    /// A newer Warta wrote the store.
    NewerFormat,
    /// The folder cannot be written.
    ReadOnly,
    /// The disk is full.
    DiskFull,
    /// The store is damaged.
    Damaged,
    /// The search index was damaged and is being rebuilt.
    SearchRebuilding,
    /// No such article, feed, folder or story.
    NotFound,
    /// The address is no web address.
    BadAddress,
    /// The address has no feed and its page names none.
    NoFeed,
    /// Nobody could be reached.
    Offline,
    /// The address could not be fetched.
    FetchFailed,
    /// The bytes are not what they should be.
    BadInput,
    /// A sync is running already.
    SyncRunning,
    /// The regular expression cannot be read.
    BadPattern,
    /// The channel is not known or cannot carry this.
    CannotForward,
    /// Nothing on this machine opens the target.
    NoHandler,
    /// The page of an article gave no text.
    NoFullText,
    /// What a pack was wished of is empty.
    NothingToPack,
    /// Anything else.
    Internal,
}
