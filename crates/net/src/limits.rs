//! Limits on what the client does at once, for how long and with how much.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// Limits on the use of the network.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Maximum number of concurrent fetches.
    pub at_once: usize,
    /// Maximum number of concurrent fetches from one host.
    pub per_host: usize,
    /// Maximum number of fetches that may begin at a host without a pause …
    pub burst: u32,
    /// … after which one may begin each time this has passed. Does not apply to the reader's own
    /// machine.
    pub pace: Duration,
    /// Timeout for connecting.
    pub connect: Duration,
    /// Timeout from the request to the last byte, redirects included.
    pub total: Duration,
    /// Maximum size of a feed, after decompression.
    pub feed_bytes: u64,
    /// Maximum size of a page, after decompression.
    pub page_bytes: u64,
    /// Maximum size of a picture.
    pub picture_bytes: u64,
    /// Maximum size of a podcast episode.
    pub audio_bytes: u64,
    /// Timeout between two chunks of an episode, which has no timeout as a whole.
    pub pause: Duration,
    /// Maximum number of redirects.
    pub redirects: usize,
    /// Addresses of host names, in lower case, that are not looked up, so that tests need no DNS
    /// server.
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
