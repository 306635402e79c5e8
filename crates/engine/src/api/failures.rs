//! Converts the errors of the other crates into [`Failure`] and [`Problem`].

use warta_article::Barrier;
use warta_feed::NotAFeed;
use warta_net::{FetchError, FileKind};
use warta_store::{ProblemCode, StoreError};

use super::failure::{ClosedReason, Failure, FailureCode, Problem};

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

impl ClosedReason {
    /// The reason as front ends know it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Spotify => "spotify",
            Self::YoutubeConsent => "youtubeConsent",
            Self::Reddit => "reddit",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Telegram => {
                "Telegram shows no public preview of this: only public channels can be read \
                 without an account"
            }
            Self::Spotify => {
                "Spotify publishes no feeds; look for the podcast by its name: `warta discover \
                 --podcasts WORDS`"
            }
            Self::YoutubeConsent => {
                "YouTube asks for consent to cookies first; open the channel in a browser and use \
                 its address with /channel/, or the address of one of its playlists"
            }
            Self::Reddit => {
                "Reddit refuses or limits requests for now; try again in some minutes, and without \
                 a VPN if you use one"
            }
        }
    }
}

impl From<ClosedReason> for Failure {
    fn from(reason: ClosedReason) -> Self {
        Self {
            code: FailureCode::ClosedChannel,
            message: reason.text().to_owned(),
            detail: reason.key().to_owned(),
        }
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
            detail: fetch_code(&error).to_string(),
        }
    }
}

/// The [`Problem`] code of a fetch error.
pub(crate) fn fetch_code(error: &FetchError) -> ProblemCode {
    match error {
        FetchError::BadAddress(_) => ProblemCode::BadAddress,
        FetchError::HostNotFound(_) => ProblemCode::HostNotFound,
        FetchError::NoConnection(_) => ProblemCode::NoConnection,
        FetchError::Tls(..) => ProblemCode::Tls,
        FetchError::TimedOut(_) => ProblemCode::TimedOut,
        FetchError::Status { status: 404, .. } => ProblemCode::NotFound,
        FetchError::Status { status: 410, .. } => ProblemCode::Gone,
        FetchError::Status {
            status: 401 | 403, ..
        } => ProblemCode::Forbidden,
        FetchError::Status { status: 429, .. } => ProblemCode::TooManyRequests,
        FetchError::Status { status: 511, .. } => ProblemCode::Portal,
        FetchError::Status {
            status: 500..=599, ..
        } => ProblemCode::ServerError,
        FetchError::Status { .. } => ProblemCode::Status,
        FetchError::TooLarge(_) => ProblemCode::TooLarge,
        FetchError::TooManyRedirects => ProblemCode::TooManyRedirects,
        FetchError::DisallowedByRobots(_) => ProblemCode::DisallowedByRobots,
        FetchError::RobotsUnreachable { cause, .. } => match &**cause {
            // What these codes say about the site is true of the article too.
            FetchError::TimedOut(_)
            | FetchError::Tls(..)
            | FetchError::BrokeOff(_)
            | FetchError::Status { .. } => fetch_code(cause),
            _ => ProblemCode::RobotsUnreachable,
        },
        FetchError::PrivateAddress(_) => ProblemCode::PrivateAddress,
        FetchError::NotAPage(kind) => match kind {
            FileKind::Pdf => ProblemCode::IsPdf,
            FileKind::Audio => ProblemCode::IsAudio,
            FileKind::Video => ProblemCode::IsVideo,
            FileKind::Picture => ProblemCode::IsPicture,
            FileKind::Archive => ProblemCode::IsArchive,
            FileKind::Document => ProblemCode::IsDocument,
            FileKind::Data => ProblemCode::IsData,
        },
        FetchError::BrokeOff(_) => ProblemCode::BrokeOff,
    }
}

/// The [`Problem`] code of a page that is shown instead of the one that was asked for.
pub(crate) fn barrier_code(barrier: Barrier) -> ProblemCode {
    match barrier {
        Barrier::BotCheck => ProblemCode::BotCheck,
        Barrier::Blocked => ProblemCode::Forbidden,
        Barrier::Consent => ProblemCode::Consent,
        Barrier::Login => ProblemCode::SignIn,
        Barrier::Paywall => ProblemCode::Paywalled,
        Barrier::NotFound => ProblemCode::NotFound,
    }
}

impl From<&FetchError> for Problem {
    fn from(error: &FetchError) -> Self {
        Self {
            code: fetch_code(error),
            detail: error.to_string(),
        }
    }
}

impl From<&NotAFeed> for Problem {
    fn from(error: &NotAFeed) -> Self {
        let code = match error {
            NotAFeed::Empty => ProblemCode::Empty,
            NotAFeed::Html => ProblemCode::WebPage,
            NotAFeed::NoPreview => ProblemCode::NoPreview,
            NotAFeed::Unrecognised(_) => ProblemCode::NotAFeed,
        };
        Self {
            code,
            detail: error.to_string(),
        }
    }
}

impl From<&Failure> for Problem {
    fn from(failure: &Failure) -> Self {
        Self {
            code: ProblemCode::Store,
            detail: failure.message.clone(),
        }
    }
}
