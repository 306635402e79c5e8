//! Tracks whether the network is reachable, and which hosts are unreachable while others respond.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use warta_net::FetchError;
use warta_store::Feed;

use crate::api::{Connection, Event, Result};
use crate::context::labels::host_of;
use crate::context::locks::locked;
use crate::context::{Context, blocking};
use crate::network::requests::Requests;

/// Number of feeds that are probed to learn whether the network is up.
const PROBED: usize = 3;
/// How long an unreachable host is skipped while other hosts respond.
const AWAY_FOR: Duration = Duration::from_mins(10);

/// Tracks whether the network is reachable.
pub struct Connectivity {
    ctx: Arc<Context>,
    requests: Arc<Requests>,
    connection: Mutex<Connection>,
    away: tokio::sync::Mutex<HashMap<String, Instant>>,
}

impl Connectivity {
    pub(crate) fn new(ctx: &Arc<Context>, requests: &Arc<Requests>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            requests: Arc::clone(requests),
            connection: Mutex::new(Connection::Unknown),
            away: tokio::sync::Mutex::default(),
        }
    }

    /// Whether the network is down, after the host of `url` was unreachable: probes a few feeds. A
    /// host that is unreachable while others respond is not probed again for a while.
    pub(crate) async fn is_cut_off(self: &Arc<Self>, url: &str) -> Result<bool> {
        // One probe at a time; callers that waited use its result.
        let mut away = self.away.lock().await;
        if matches!(self.connection(), Connection::Offline | Connection::Portal) {
            return Ok(true);
        }
        let host = host_of(url).unwrap_or_default();
        away.retain(|_, since| since.elapsed() < AWAY_FOR);
        if away.contains_key(&host) {
            return Ok(false);
        }
        let mut feeds = blocking(self, move |this| this.probed()).await?;
        // Skip hosts that are backing off: a refused request shows nothing about the network.
        feeds.retain(|feed| !self.ctx.http.is_backing_off(&feed.url));
        for feed in &feeds {
            let request = self.requests.request_for(feed).await?;
            let answer = self.ctx.http.fetch(request).await;
            if matches!(answer, Ok(_) | Err(FetchError::Status { .. })) {
                away.insert(host, Instant::now());
                return Ok(false);
            }
        }
        if !feeds.is_empty() {
            self.set_connection(Connection::Offline);
        }
        Ok(!feeds.is_empty())
    }

    /// Feeds on different hosts that were last fetched successfully, for probing the network.
    pub(crate) fn probed(&self) -> Result<Vec<Feed>> {
        let mut feeds = self.ctx.subscriptions()?;
        feeds.retain(|feed| is_fetched(feed) && !feed.kind.is_newsletter());
        feeds.sort_by_key(|feed| std::cmp::Reverse(feed.facts.succeeded_at));
        let mut hosts = HashSet::new();
        feeds.retain(|feed| hosts.insert(host_of(&feed.url)));
        feeds.truncate(PROBED);
        Ok(feeds)
    }

    /// Network state at the last attempt.
    #[must_use]
    pub fn connection(&self) -> Connection {
        *locked(&self.connection)
    }

    pub(crate) fn set_connection(&self, connection: Connection) {
        let before = std::mem::replace(&mut *locked(&self.connection), connection);
        if before != connection {
            self.ctx.emit(Event::ConnectionChanged { connection });
        }
    }
}

/// Whether a feed is fetched automatically: not while paused, and not after it has ended.
pub(crate) fn is_fetched(feed: &Feed) -> bool {
    !feed.paused && feed.options.ended_at.is_none()
}
