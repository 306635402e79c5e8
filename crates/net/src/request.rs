//! A request: address, kind of content, validators, the reader's headers.

use serde::{Deserialize, Serialize};
use url::Url;

/// What identifies a version of a body (RFC 9110 § 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`, unchanged.
    pub etag: Option<String>,
    /// `Last-Modified`, unchanged.
    pub last_modified: Option<String>,
}

/// What is fetched: decides the size limit and the `Accept` header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wanted {
    /// A feed.
    #[default]
    Feed,
    /// A web page; a file is abandoned after its first bytes.
    Page,
    /// A feed, or the page of a site that may link to some.
    FeedOrPage,
    /// A picture.
    Picture,
    /// A podcast episode; [`crate::Client::download`] reads it in chunks.
    Audio,
    /// A site's robots.txt.
    Robots,
    /// An update manifest, or its signature.
    Manifest,
    /// A package of the program; [`crate::Client::download`] reads it in chunks.
    Package,
}

/// Something that must not appear in a log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The reader's settings for the fetches of one feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Custom {
    /// Replaces Warta's own user agent.
    pub user_agent: Option<String>,
    /// Further headers; sent to the address's own origin only.
    pub headers: Vec<(String, Secret)>,
    /// User name and password for basic authentication (RFC 7617); sent to the address's own origin
    /// only. Takes precedence over credentials in the address.
    pub login: Option<(String, Secret)>,
}

/// Which proxy fetches go through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Proxy {
    /// The system's setting.
    #[default]
    System,
    /// No proxy, whatever the system's setting.
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
    /// Of the version that the caller has: the body is sent only if it changed.
    pub validators: Validators,
    /// The feed or page that contained this address: a public one cannot send Warta to private
    /// addresses.
    pub named_by: Option<String>,
    /// The host is known to have a public address: a private one is refused (DNS rebinding).
    pub public_only: bool,
    /// The reader's settings for this feed.
    pub custom: Custom,
    /// The page that shows this; only its site is sent as the referrer.
    pub referrer: Option<String>,
}

/// How much of a body is already on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialDownload {
    /// Number of bytes.
    pub bytes: u64,
    /// The [`crate::Download::validator`] that came with them.
    pub validator: String,
}

/// Whether secrets for one address may be sent to another: only within the same origin (scheme,
/// host and port), or to the same host's encrypted default port.
#[must_use]
pub fn keeps_secrets(home: &Url, to: &Url) -> bool {
    let is_upgrade = (home.scheme(), to.scheme()) == ("http", "https")
        && home.host_str() == to.host_str()
        && home.port_or_known_default() == Some(80)
        && to.port_or_known_default() == Some(443);
    is_upgrade || home.origin() == to.origin()
}
