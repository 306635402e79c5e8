//! The result of a fetch.

use std::time::Duration;

use crate::rate_limit::FetchPermit;
use crate::request::Validators;

/// A successful response.
#[derive(Debug, Clone)]
pub enum Response {
    /// 304: the caller's version is current.
    NotModified {
        /// From the request to the response.
        took: Duration,
        /// For the next request; empty if the response had none.
        validators: Validators,
        /// The target of permanent redirects (301, 308) before the first temporary one.
        moved_to: Option<String>,
    },
    /// A body.
    Fetched(Fetched),
}

/// A body and its metadata.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// After decompression.
    pub bytes: Vec<u8>,
    /// After redirects, without credentials.
    pub url: String,
    /// The target of permanent redirects (301, 308) before the first temporary one.
    pub moved_to: Option<String>,
    /// Whether the requested address has a public name, but a private address responded. Always
    /// false behind a proxy.
    pub is_inside: bool,
    /// `Content-Type`, unparsed.
    pub content_type: Option<String>,
    /// For the next request.
    pub validators: Validators,
    /// Seconds of `Cache-Control: max-age`.
    pub max_age: Option<u64>,
    /// Bytes of the body over the wire, before decompression.
    pub wire_bytes: u64,
    /// From the request to the last byte.
    pub took: Duration,
    /// Counts this body among the running fetches until it is dropped.
    pub permit: FetchPermit,
}
