//! How many fetches run at a time, in all and a host, and which hosts asked to be left alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::FetchError;

/// No host is left alone for longer than this, whatever it asks for.
const LONGEST_REST: Duration = Duration::from_hours(24);
/// Hosts are forgotten when there are more than so many and nobody fetches from them.
const HOSTS_KEPT: usize = 4096;

#[derive(Debug)]
pub(crate) struct Bounds {
    all: Arc<Semaphore>,
    per_host: usize,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
    resting: Mutex<HashMap<String, (Instant, u16)>>,
}

/// The right to fetch from a host; given back by dropping it.
#[derive(Debug)]
pub(crate) struct Turn {
    _host: Option<OwnedSemaphorePermit>,
    all: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// Ends the fetch; what was fetched still counts until the slot is dropped.
    pub(crate) fn into_slot(self) -> Slot {
        Slot(self.all.map(Arc::new))
    }
}

/// A place among the fetches that may run at a time. What was fetched keeps it until it is dropped,
/// so that bodies never pile up in memory when they come faster than they are read.
#[derive(Debug, Clone, Default)]
pub struct Slot(#[expect(dead_code, reason = "only held")] Option<Arc<OwnedSemaphorePermit>>);

impl Bounds {
    pub(crate) fn new(at_once: usize, per_host: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(at_once.max(1))),
            per_host: per_host.max(1),
            hosts: Mutex::default(),
            resting: Mutex::default(),
        }
    }

    /// Waits for a turn. The host's comes first, so that a crowd at one host takes no place from
    /// others.
    pub(crate) async fn turn(&self, host: &str) -> Turn {
        let of_host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            if hosts.len() > HOSTS_KEPT {
                hosts.retain(|_, semaphore| Arc::strong_count(semaphore) > 1);
            }
            let new = || Arc::new(Semaphore::new(self.per_host));
            Arc::clone(hosts.entry(host.to_owned()).or_insert_with(new))
        };
        // Neither semaphore is ever closed.
        let host = of_host.acquire_owned().await.ok();
        let all = Arc::clone(&self.all).acquire_owned().await.ok();
        Turn { _host: host, all }
    }

    /// Whether a host asked to be left alone, and still does.
    pub(crate) fn rest_of(&self, host: &str) -> Result<(), FetchError> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((until, status)) = resting.get(host).copied() else {
            return Ok(());
        };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            resting.remove(host);
            return Ok(());
        }
        Err(FetchError::Status {
            status,
            retry_after: Some(left.as_secs().max(1)),
        })
    }

    /// Remembers that a host asked to be left alone for so many seconds.
    pub(crate) fn rest(&self, host: &str, status: u16, seconds: u64) {
        let rest = Duration::from_secs(seconds).min(LONGEST_REST);
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.insert(host.to_owned(), (Instant::now() + rest, status));
    }
}
