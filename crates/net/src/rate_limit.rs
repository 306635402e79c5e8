//! How many fetches run at once, in total and per host, and which hosts are backed off from.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::FetchError;
use crate::limits::Limits;

/// Maximum backoff, whatever `Retry-After` asks for.
const MAX_BACKOFF: Duration = Duration::from_hours(24);
/// Maximum number of large bodies in memory.
const LARGE_AT_ONCE: usize = 4;
/// Idle hosts are dropped above this number of hosts.
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
    semaphore: Arc<Semaphore>,
    /// When the next fetch could begin without a burst allowance; runs up to one burst ahead of the
    /// clock (generic cell rate algorithm).
    next: Instant,
}

/// Permission to fetch from a host; dropping it returns it.
#[derive(Debug)]
pub(crate) struct HostPermit {
    _host: Option<OwnedSemaphorePermit>,
    all: Option<OwnedSemaphorePermit>,
}

impl HostPermit {
    /// Ends the fetch from this host; the body still counts among all fetches.
    pub(crate) fn into_fetch_permit(self) -> FetchPermit {
        FetchPermit {
            fetch: self.all.map(Arc::new),
            large: None,
        }
    }
}

/// A place among the concurrent fetches, held by a body until it is dropped, so that bodies do not
/// pile up in memory when they arrive faster than they are processed.
#[derive(Debug, Clone, Default)]
pub struct FetchPermit {
    fetch: Option<Arc<OwnedSemaphorePermit>>,
    large: Option<Arc<OwnedSemaphorePermit>>,
}

impl FetchPermit {
    /// Takes over the place of `other`, and keeps its own place among large bodies.
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

    /// Waits for permission. The host's limit comes first, so that many fetches from one host do
    /// not block others.
    pub(crate) async fn acquire(&self, host: &str, is_paced: bool) -> HostPermit {
        let semaphore = self.semaphore_of(host);
        // Neither semaphore is ever closed.
        let host_permit = semaphore.acquire_owned().await.ok();
        if is_paced {
            let wait = self.wait_at(host, Instant::now());
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
        }
        let all = Arc::clone(&self.all).acquire_owned().await.ok();
        HostPermit {
            _host: host_permit,
            all,
        }
    }

    /// Waits until the permit's body may be large.
    pub(crate) async fn allow_large(&self, permit: &mut FetchPermit) {
        if permit.large.is_none() {
            let large = Arc::clone(&self.large).acquire_owned().await.ok();
            permit.large = large.map(Arc::new);
        }
    }

    fn semaphore_of(&self, host: &str) -> Arc<Semaphore> {
        let now = Instant::now();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() > HOSTS_KEPT {
            hosts.retain(|_, host| Arc::strong_count(&host.semaphore) > 1 || host.next > now);
        }
        let new = || Host {
            semaphore: Arc::new(Semaphore::new(self.per_host)),
            next: now,
        };
        Arc::clone(&hosts.entry(host.to_owned()).or_insert_with(new).semaphore)
    }

    /// How long a fetch that arrives `now` has to wait; counts it as begun after that wait.
    fn wait_at(&self, host: &str, now: Instant) -> Duration {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(host) = hosts.get_mut(host) else {
            return Duration::ZERO;
        };
        let ahead = host.next.saturating_duration_since(now);
        host.next = host.next.max(now) + self.pace;
        ahead.saturating_sub(self.pace * (self.burst - 1))
    }

    /// Fails while a host's backoff lasts.
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

    /// Begins a backoff of this many seconds.
    pub(crate) fn back_off(&self, host: &str, status: u16, seconds: u64) {
        let backoff = Duration::from_secs(seconds).min(MAX_BACKOFF);
        let mut backing_off = self
            .backing_off
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        backing_off.insert(host.to_owned(), (Instant::now() + backoff, status));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fetches_from_a_host_are_paced_after_a_burst() {
        let limiter = RateLimiter::new(&Limits {
            burst: 3,
            pace: Duration::from_secs(1),
            ..Limits::default()
        });
        let began = Instant::now();
        let waits = |host: &str, after: u64| {
            drop(limiter.semaphore_of(host));
            limiter
                .wait_at(host, began + Duration::from_secs(after))
                .as_secs()
        };
        assert_eq!([0; 4].map(|after| waits("a", after)), [0, 0, 0, 1]);
        assert_eq!(waits("b", 0), 0, "hosts are independent");
        assert_eq!(waits("a", 0), 2, "each fetch waits behind the previous one");
        assert_eq!(
            [60; 4].map(|after| waits("a", after)),
            [0, 0, 0, 1],
            "a pause restores the burst"
        );
    }
}
