//! How many fetches run at a time, in all and a host, and which hosts asked to be left alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{FetchError, Limits};

/// No host is left alone for longer than this, whatever it asks for.
const LONGEST_REST: Duration = Duration::from_hours(24);
/// Large bodies that are held at a time.
const LARGE_AT_ONCE: usize = 4;
/// Hosts are forgotten when there are more than so many and nobody fetches from them.
const HOSTS_KEPT: usize = 4096;

#[derive(Debug)]
pub(crate) struct RateLimiter {
    all: Arc<Semaphore>,
    large: Arc<Semaphore>,
    per_host: usize,
    burst: u32,
    pace: Duration,
    hosts: Mutex<HashMap<String, Host>>,
    backing_off: Mutex<HashMap<String, (Instant, u16)>>,
}

#[derive(Debug)]
struct Host {
    turns: Arc<Semaphore>,
    /// When the next fetch could begin if no burst were allowed: it runs ahead of the time by up to
    /// a burst (the generic cell rate algorithm).
    next: Instant,
}

/// The right to fetch from a host; given back by dropping it.
#[derive(Debug)]
pub(crate) struct HostPermit {
    _host: Option<OwnedSemaphorePermit>,
    all: Option<OwnedSemaphorePermit>,
}

impl HostPermit {
    /// Ends the fetch; what was fetched still counts until the permit is dropped.
    pub(crate) fn into_fetch_permit(self) -> FetchPermit {
        FetchPermit {
            fetch: self.all.map(Arc::new),
            large: None,
        }
    }
}

/// A place among the fetches that may run at a time. What was fetched keeps it until it is dropped,
/// so that bodies never pile up in memory when they come faster than they are read.
#[derive(Debug, Clone, Default)]
pub struct FetchPermit {
    fetch: Option<Arc<OwnedSemaphorePermit>>,
    large: Option<Arc<OwnedSemaphorePermit>>,
}

impl FetchPermit {
    /// Takes over the place of a fetch.
    pub(crate) fn join(&mut self, other: Self) {
        self.fetch = other.fetch;
    }
}

impl RateLimiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(limits.at_once.max(1))),
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
            per_host: limits.per_host.max(1),
            burst: limits.burst.max(1),
            pace: limits.pace,
            hosts: Mutex::default(),
            backing_off: Mutex::default(),
        }
    }

    /// Waits for a turn. The host's comes first, so that a crowd at one host takes no place from
    /// others.
    pub(crate) async fn turn(&self, host: &str, is_paced: bool) -> HostPermit {
        let turns = self.turns_of(host);
        // Neither semaphore is ever closed.
        let turn = turns.acquire_owned().await.ok();
        if is_paced {
            let wait = self.wait_at(host, Instant::now());
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
        }
        let all = Arc::clone(&self.all).acquire_owned().await.ok();
        HostPermit { _host: turn, all }
    }

    /// Waits until the body of a permit may be large, unless it may already.
    pub(crate) async fn large(&self, permit: &mut FetchPermit) {
        if permit.large.is_none() {
            let large = Arc::clone(&self.large).acquire_owned().await.ok();
            permit.large = large.map(Arc::new);
        }
    }

    fn turns_of(&self, host: &str) -> Arc<Semaphore> {
        let now = Instant::now();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() > HOSTS_KEPT {
            hosts.retain(|_, host| Arc::strong_count(&host.turns) > 1 || host.next > now);
        }
        let new = || Host {
            turns: Arc::new(Semaphore::new(self.per_host)),
            next: now,
        };
        Arc::clone(&hosts.entry(host.to_owned()).or_insert_with(new).turns)
    }

    /// How long a fetch that comes `now` has to wait, which it is then taken to do.
    fn wait_at(&self, host: &str, now: Instant) -> Duration {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(host) = hosts.get_mut(host) else {
            return Duration::ZERO;
        };
        let ahead = host.next.saturating_duration_since(now);
        host.next = host.next.max(now) + self.pace;
        ahead.saturating_sub(self.pace * (self.burst - 1))
    }

    /// Whether a host asked to be left alone, and still does.
    pub(crate) fn check_backoff(&self, host: &str) -> Result<(), FetchError> {
        let mut backing_off = self
            .backing_off
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some((until, status)) = backing_off.get(host).copied() else {
            return Ok(());
        };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            backing_off.remove(host);
            return Ok(());
        }
        Err(FetchError::Status {
            status,
            retry_after: Some(left.as_secs().max(1)),
        })
    }

    /// Remembers that a host asked to be left alone for so many seconds.
    pub(crate) fn back_off(&self, host: &str, status: u16, seconds: u64) {
        let rest = Duration::from_secs(seconds).min(LONGEST_REST);
        let mut backing_off = self
            .backing_off
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        backing_off.insert(host.to_owned(), (Instant::now() + rest, status));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_at_a_pace_after_a_burst() {
        let bounds = RateLimiter::new(&Limits {
            burst: 3,
            pace: Duration::from_secs(1),
            ..Limits::default()
        });
        let began = Instant::now();
        let waits = |host: &str, after: u64| {
            drop(bounds.turns_of(host));
            bounds
                .wait_at(host, began + Duration::from_secs(after))
                .as_secs()
        };
        assert_eq!([0; 4].map(|after| waits("a", after)), [0, 0, 0, 1]);
        assert_eq!(waits("b", 0), 0, "another host is another matter");
        assert_eq!(waits("a", 0), 2, "each waits behind the one before");
        assert_eq!(
            [60; 4].map(|after| waits("a", after)),
            [0, 0, 0, 1],
            "after a rest"
        );
    }
}
