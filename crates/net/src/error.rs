//! Why a fetch failed.

use std::time::Duration;

use crate::sniff::FileKind;

/// Why a fetch failed. No variant shows credentials.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// Not an http or https address.
    #[error("{0} is not an http or https address")]
    BadAddress(String),
    /// The host name does not resolve.
    #[error("the host {0} was not found")]
    HostNotFound(String),
    /// The host refused the connection or is unreachable.
    #[error("no connection to {0}")]
    NoConnection(String),
    /// The certificate or the handshake was invalid.
    #[error("the secure connection to {0} failed: {1}")]
    Tls(String, String),
    /// No complete response in time.
    #[error("no response within {} seconds", .0.as_secs_f32().ceil())]
    TimedOut(Duration),
    /// A status other than success, redirect or 304.
    #[error("the server responded with {status}")]
    Status {
        /// RFC 9110 § 15.
        status: u16,
        /// Seconds that the server asks to wait.
        retry_after: Option<u64>,
    },
    /// The body is larger than its limit.
    #[error("more than {} bytes", .0)]
    TooLarge(u64),
    /// A loop or too long a chain of redirects.
    #[error("too many redirects")]
    TooManyRedirects,
    /// The site's robots.txt disallows this address for automatic fetches (RFC 9309).
    #[error("robots.txt of {0} disallows this address")]
    DisallowedByRobots(String),
    /// The site's robots.txt could not be fetched, so that its automatic fetches are not allowed
    /// (RFC 9309 § 2.3.1.4).
    #[error("robots.txt of {host} could not be fetched: {cause}")]
    RobotsUnreachable {
        /// The site's host.
        host: String,
        /// Why.
        cause: Box<FetchError>,
    },
    /// A public feed or page pointed into the reader's own network.
    #[error("a public address led to the private address {0}")]
    PrivateAddress(String),
    /// A file was found where a page was wanted.
    #[error("it is {0}, not a page")]
    NotAPage(FileKind),
    /// The connection was cut, or the compressed body is invalid.
    #[error("the response was cut off: {0}")]
    BrokeOff(String),
}

impl FetchError {
    /// Whether a server answered, in contrast to a failure of the network.
    pub(crate) fn is_answer(&self) -> bool {
        matches!(
            self,
            Self::Status { .. } | Self::TooLarge(_) | Self::TooManyRedirects
        )
    }

    /// Whether the cause may be the reader's own connection rather than the server.
    #[must_use]
    pub fn suggests_offline(&self) -> bool {
        matches!(self, Self::HostNotFound(_) | Self::NoConnection(_))
    }
}
