//! HTTP: conditional, polite, bounded. Knows nothing of feeds.
//!
//! Redirects are followed here, hop by hop, so that each hop's scheme and host are checked; bodies
//! are counted after decompression while they stream in, so that none is held beyond its bound. Logins,
//! further headers and validators are sent only to the origin (scheme, host, port) they are for. A
//! cookie lives for one fetch; a referrer is sent only where the caller names one, and names a site,
//! never a page. Deliberately absent: caching, and retrying: who calls decides when to come again.

mod client;
mod content_encoding;
mod cookies;
mod download;
mod headers;
mod post;
mod proxy;
mod rate_limit;
mod robots;
mod sniff;
mod ssrf;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

pub use client::Client;
pub use download::{Download, PartialDownload};
pub use post::PostRequest;
pub use rate_limit::FetchPermit;
pub use sniff::{Content, FileKind, content_of};
pub use ssrf::is_private_host;

/// What a server said to recognise a body by (RFC 9110 § 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, as it came.
    pub etag: Option<String>,
    /// `Last-Modified`, as it came.
    pub last_modified: Option<String>,
}

/// What is fetched: decides the bound and the `Accept` header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wanted {
    /// A feed.
    #[default]
    Feed,
    /// A web page; what turns out to be a file is left after its first bytes.
    Page,
    /// A feed, or the page of a site that may name some.
    FeedOrPage,
    /// A picture.
    Picture,
    /// An episode of a podcast; [`Client::download`] reads it piece by piece.
    Audio,
    /// A site's rules for programs.
    Robots,
}

/// Something that no log may show.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the reader has set for the fetches of one feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Custom {
    /// Instead of Warta's own name.
    pub user_agent: Option<String>,
    /// Further headers; sent to the address's own origin only.
    pub headers: Vec<(String, Secret)>,
    /// A name and a password for basic authentication (RFC 7617); sent to the address's own origin
    /// only, over what the address carries.
    pub login: Option<(String, Secret)>,
}

/// Which proxy fetches go through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Proxy {
    /// As the system says.
    #[default]
    System,
    /// None, whatever the system says.
    None,
    /// This one: an `http://`, `https://` or `socks5://` address.
    At(String),
}

/// What to fetch.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// An http or https address; may carry credentials, which are sent as basic authentication.
    pub url: String,
    /// What is expected there.
    pub wanted: Wanted,
    /// What is known of it: asks for it only if it changed.
    pub validators: Validators,
    /// The feed or page that named this address: a public one cannot send Warta to private addresses.
    pub named_by: Option<String>,
    /// Its name is known to belong to a public address: a private one is refused (DNS rebinding).
    pub public_only: bool,
    /// What the reader has set for it.
    pub custom: Custom,
    /// The page that shows this, whose site is named to its host.
    pub referrer: Option<String>,
}

/// What a server answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// 304: what is known is current.
    NotModified {
        /// From the request to the answer.
        took: Duration,
        /// What came with the answer to ask with the next time; empty where nothing came.
        validators: Validators,
        /// Where permanent redirects (301, 308) led before the first temporary one.
        moved_to: Option<String>,
    },
    /// A body.
    Fetched(Fetched),
}

/// A body and what its server said of it.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// After decompression.
    pub bytes: Vec<u8>,
    /// After redirects, without credentials.
    pub url: String,
    /// Where permanent redirects (301, 308) led before the first temporary one.
    pub moved_to: Option<String>,
    /// Whether the address that was asked for has a public name and answered from a private address;
    /// never told of what a proxy fetched.
    pub is_inside: bool,
    /// `Content-Type`, unparsed.
    pub content_type: Option<String>,
    /// To ask with the next time.
    pub validators: Validators,
    /// Seconds that `Cache-Control: max-age` allows.
    pub max_age: Option<u64>,
    /// Bytes of the body as they came over the wire, still compressed.
    pub wire_bytes: u64,
    /// From the request to the last byte.
    pub took: Duration,
    /// Counts among the fetches that run until it is dropped.
    pub permit: FetchPermit,
}

/// Why nothing came. No variant shows credentials.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// Not an address that Warta fetches.
    #[error("{0} is not an http or https address")]
    BadAddress(String),
    /// Its name is not known.
    #[error("the host {0} was not found")]
    HostNotFound(String),
    /// Nobody answers there.
    #[error("no connection to {0}")]
    NoConnection(String),
    /// The certificate or the handshake was not sound.
    #[error("the secure connection to {0} failed: {1}")]
    Tls(String, String),
    /// It took too long.
    #[error("no answer within {} seconds", .0.as_secs_f32().ceil())]
    TimedOut(Duration),
    /// The server refused.
    #[error("the server answered {status}")]
    Status {
        /// RFC 9110 § 15.
        status: u16,
        /// Seconds that the server asks to wait.
        retry_after: Option<u64>,
    },
    /// The body is larger than its bound.
    #[error("more than {} bytes", .0)]
    TooLarge(u64),
    /// A loop, or a long route.
    #[error("too many redirects")]
    TooManyRedirects,
    /// The site asks programs not to fetch this by themselves (RFC 9309).
    #[error("{0} asks programs to leave this alone")]
    DisallowedByRobots(String),
    /// A feed or page of the web pointed into the reader's own network.
    #[error("a public address led to the private address {0}")]
    PrivateAddress(String),
    /// It is a file, not the page that was wanted.
    #[error("it is {0}, not a page")]
    NotAPage(FileKind),
    /// The connection was cut, or the compression was broken.
    #[error("the answer broke off: {0}")]
    BrokeOff(String),
}

/// Whether what is secret for one address may be sent to another: only within the same origin (scheme,
/// host and port), or to the same host's encrypted default port.
#[must_use]
pub fn keeps_secrets(home: &Url, to: &Url) -> bool {
    let is_upgrade = (home.scheme(), to.scheme()) == ("http", "https")
        && home.host_str() == to.host_str()
        && home.port_or_known_default() == Some(80)
        && to.port_or_known_default() == Some(443);
    is_upgrade || home.origin() == to.origin()
}

impl FetchError {
    /// Whether the failure speaks of the reader's own connection rather than of the server.
    #[must_use]
    pub fn suggests_offline(&self) -> bool {
        matches!(self, Self::HostNotFound(_) | Self::NoConnection(_))
    }
}

/// RateLimiter of the network's use.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Fetches at a time.
    pub at_once: usize,
    /// Fetches at a time from one host.
    pub per_host: usize,
    /// So many fetches may begin at a host one right after the other …
    pub burst: u32,
    /// … then one each time this has passed. The reader's own machine is spared the wait.
    pub pace: Duration,
    /// For connecting.
    pub connect: Duration,
    /// From the request to the last byte, redirects included.
    pub total: Duration,
    /// Of a feed, after decompression.
    pub feed_bytes: u64,
    /// Of a page, after decompression.
    pub page_bytes: u64,
    /// Of a picture.
    pub picture_bytes: u64,
    /// Of an episode of a podcast.
    pub audio_bytes: u64,
    /// Between two pieces of an episode, which as a whole may take its time.
    pub pause: Duration,
    /// Redirects followed.
    pub redirects: usize,
    /// Addresses of host names, in lower case, that are not looked up: what a name server says can be
    /// tried out with these.
    pub names: Arc<HashMap<String, IpAddr>>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            at_once: 48,
            per_host: 2,
            burst: 60,
            pace: Duration::from_millis(100),
            connect: Duration::from_secs(10),
            total: Duration::from_secs(30),
            feed_bytes: 32 << 20,
            page_bytes: 8 << 20,
            picture_bytes: 12 << 20,
            audio_bytes: 1 << 30,
            pause: Duration::from_secs(30),
            redirects: 8,
            names: Arc::default(),
        }
    }
}
