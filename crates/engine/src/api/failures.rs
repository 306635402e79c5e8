//! Converts the errors of the other crates into [`Failure`] and [`Problem`].

use warta_feed::NotAFeed;
use warta_net::{FetchError, FileKind};
use warta_store::StoreError;

use super::failure::{Failure, FailureCode, Problem};

impl Failure {
    /// A failure with this message and no detail.
    #[must_use]
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            detail: String::new(),
        }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(FailureCode::NotFound, format!("there is no such {what}"))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::InUse(_) => FailureCode::InUse,
            StoreError::NewerFormat { .. } => FailureCode::NewerFormat,
            StoreError::ReadOnly(_) => FailureCode::ReadOnly,
            StoreError::DiskFull => FailureCode::DiskFull,
            StoreError::Damaged(_) | StoreError::SearchIndex(_) => FailureCode::Damaged,
            StoreError::SearchRebuilding => FailureCode::SearchRebuilding,
            StoreError::NotFound(_) => FailureCode::NotFound,
            StoreError::Invalid(_) => FailureCode::BadInput,
            StoreError::Io(_) => FailureCode::Internal,
        };
        Self {
            code,
            message: error.to_string(),
            detail: format!("{error:?}"),
        }
    }
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        let code = match &error {
            FetchError::BadAddress(_) => FailureCode::BadAddress,
            error if error.suggests_offline() => FailureCode::Offline,
            _ => FailureCode::FetchFailed,
        };
        Self {
            code,
            message: error.to_string(),
            detail: fetch_code(&error).into(),
        }
    }
}

/// The [`Problem`] code of a fetch error.
pub(crate) fn fetch_code(error: &FetchError) -> &'static str {
    match error {
        FetchError::BadAddress(_) => "badAddress",
        FetchError::HostNotFound(_) => "hostNotFound",
        FetchError::NoConnection(_) => "noConnection",
        FetchError::Tls(..) => "tls",
        FetchError::TimedOut(_) => "timedOut",
        FetchError::Status { status: 404, .. } => "notFound",
        FetchError::Status { status: 410, .. } => "gone",
        FetchError::Status {
            status: 401 | 403, ..
        } => "forbidden",
        FetchError::Status { status: 429, .. } => "tooManyRequests",
        FetchError::Status { status: 511, .. } => "portal",
        FetchError::Status {
            status: 500..=599, ..
        } => "serverError",
        FetchError::Status { .. } => "status",
        FetchError::TooLarge(_) => "tooLarge",
        FetchError::TooManyRedirects => "tooManyRedirects",
        FetchError::DisallowedByRobots(_) => "unwelcome",
        FetchError::RobotsUnreachable { cause, .. } => match &**cause {
            // Words about the site, which are true of the article too.
            FetchError::TimedOut(_)
            | FetchError::Tls(..)
            | FetchError::BrokeOff(_)
            | FetchError::Status { .. } => fetch_code(cause),
            _ => "robotsUnreachable",
        },
        FetchError::PrivateAddress(_) => "privateAddress",
        FetchError::NotAPage(kind) => match kind {
            FileKind::Pdf => "isPdf",
            FileKind::Audio => "isSound",
            FileKind::Video => "isVideo",
            FileKind::Picture => "isPicture",
            FileKind::Archive => "isArchive",
            FileKind::Document => "isDocument",
            FileKind::Data => "isData",
        },
        FetchError::BrokeOff(_) => "brokeOff",
    }
}

impl From<&FetchError> for Problem {
    fn from(error: &FetchError) -> Self {
        Self {
            code: fetch_code(error).into(),
            detail: error.to_string(),
        }
    }
}

impl From<&NotAFeed> for Problem {
    fn from(error: &NotAFeed) -> Self {
        let code = match error {
            NotAFeed::Empty => "empty",
            NotAFeed::Html => "webPage",
            NotAFeed::Unrecognised(_) => "notAFeed",
        };
        Self {
            code: code.into(),
            detail: error.to_string(),
        }
    }
}

impl From<&Failure> for Problem {
    fn from(failure: &Failure) -> Self {
        Self {
            code: "store".into(),
            detail: failure.message.clone(),
        }
    }
}
