//! HTTP: conditional, polite, bounded.
use std::time::Duration;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators { pub etag: Option<String>, pub last_modified: Option<String> }

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted { Feed, Page, Picture }

#[derive(Debug, Clone)]
pub struct Request {
    pub url: String,
    pub wanted: Wanted,
    pub validators: Validators,
    /// The feed or page that named this address: a public one cannot send Warta to private addresses.
    pub named_by: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Answer { NotModified { took: Duration }, Fetched(Fetched) }
#[derive(Debug, Clone)]
pub struct Fetched {
    pub bytes: Vec<u8>,
    /// After redirects.
    pub url: String,
    /// The address every permanent redirect (301, 308) from the first on led to, if any did.
    pub moved_to: Option<String>,
    pub content_type: Option<String>,
    pub validators: Validators,
    /// Seconds that `Cache-Control: max-age` allows.
    pub max_age: Option<u64>,
    /// Bytes that came over the wire.
    pub wire_bytes: u64,
    pub took: Duration,
}
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum FetchError {
    #[error("{0} is not an http or https address")] BadAddress(String),
    #[error("the host {0} was not found")] HostNotFound(String),
    #[error("no connection to {0}")] NoConnection(String),
    #[error("the secure connection to {0} failed: {1}")] Tls(String, String),
    #[error("no answer within {} seconds", .0.as_secs())] TimedOut(Duration),
    #[error("the server answered {status}")] Status { status: u16, /** Seconds. */ retry_after: Option<u64> },
    #[error("more than {} bytes", .0)] TooLarge(u64),
    #[error("too many redirects")] TooManyRedirects,
    #[error("a public address led to the private address {0}")] PrivateAddress(String),
    #[error("the answer broke off: {0}")] BrokeOff(String),
}
impl FetchError {
    /// Whether the failure speaks of the reader's own connection rather than of the server.
    #[must_use] pub fn suggests_offline(&self) -> bool { matches!(self, Self::HostNotFound(_) | Self::NoConnection(_)) }
}

#[derive(Debug, Clone)]
pub struct Limits { pub at_once: usize, pub per_host: usize, pub connect: Duration, pub total: Duration, pub feed_bytes: u64, pub page_bytes: u64, pub picture_bytes: u64, pub redirects: usize }
impl Default for Limits { fn default() -> Self { Self { at_once: 48, per_host: 2, connect: Duration::from_secs(10), total: Duration::from_secs(30), feed_bytes: 16 << 20, page_bytes: 8 << 20, picture_bytes: 12 << 20, redirects: 8 } } }

#[derive(Debug, Clone)]
pub struct Client { _private: () }
impl Client {
    pub fn new(limits: Limits, user_agent: &str) -> Result<Self, FetchError> { let _ = (limits, user_agent); todo!() }
    pub async fn fetch(&self, request: Request) -> Result<Answer, FetchError> { let _ = request; todo!() }
}
