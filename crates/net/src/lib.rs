//! HTTP: conditional, polite, bounded. Knows nothing of feeds.
//!
//! Redirects are followed here, hop by hop, so that each hop's scheme and host are checked; bodies
//! are counted after decompression while they stream in, so that none is held beyond its limit.
//! Logins, further headers and validators are sent only to the origin (scheme, host, port) they are
//! for. A cookie lives for one fetch; a referrer is sent only where the caller names one, and names
//! a site, never a page. Deliberately absent: caching, and retrying: the caller decides when to try
//! again.

mod client;
mod content_encoding;
mod cookies;
mod download;
mod error;
mod headers;
mod limits;
mod post;
mod proxy;
mod rate_limit;
mod request;
mod response;
mod robots;
mod sniff;
mod ssrf;

pub use client::Client;
pub use download::Download;
pub use error::FetchError;
pub use limits::Limits;
pub use post::PostRequest;
pub use rate_limit::FetchPermit;
pub use request::{
    Custom, PartialDownload, Proxy, Request, Secret, Validators, Wanted, keeps_secrets,
};
pub use response::{Fetched, Response};
pub use sniff::{Content, FileKind, content_of};
pub use ssrf::is_private_host;
