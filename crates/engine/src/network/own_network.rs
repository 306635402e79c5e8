//! Decides which feeds with public host names may resolve to private addresses.
//!
//! A feed whose host name resolved to a public address is rejected when the name later resolves to
//! a private one; otherwise whoever controls the name could read from the reader's network (DNS
//! rebinding). A feed that resolved to a private address from the start is allowed, and the reader
//! can allow any other. Host names and addresses that are private by themselves (`nas.local`,
//! `192.168.1.2`) need no permission.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, RwLock};

use serde::{Deserialize, Serialize};
use url::Url;
use warta_net::is_private_host;
use warta_store::{Feed, Store};

use crate::api::Result;
use crate::context::Context;
use crate::context::locks::{read_locked, write_locked};
use crate::context::records::{json, read};

const RECORD: &str = "own/network";

/// What is known about hosts with public names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KnownHosts {
    /// When recording of private addresses began. Nothing is known about fetches before that by
    /// older versions.
    since: i64,
    /// Hosts that may resolve to private addresses.
    inside: BTreeSet<String>,
    /// Hosts that were public when the reader subscribed, until the first fetch.
    outside: BTreeSet<String>,
    /// Hosts that were public during discovery.
    #[serde(skip)]
    looked_at: HashSet<String>,
}

impl KnownHosts {
    pub(crate) fn load(store: &Store, now: i64) -> Result<Self> {
        if let Some(json) = store.setting(RECORD)? {
            return Ok(read(RECORD, &json));
        }
        let new = Self {
            since: now,
            ..Self::default()
        };
        // Continue on a full disk, so that reading still works.
        if let Err(error) = store.set_settings(&[(RECORD.to_owned(), Some(json(&new)))]) {
            tracing::warn!(%error, "cannot store the list of private hosts");
        }
        Ok(new)
    }
}

/// Decides which feeds may be fetched from private addresses.
pub(crate) struct OwnNetwork {
    ctx: Arc<Context>,
    known: RwLock<KnownHosts>,
}

impl OwnNetwork {
    pub(crate) fn new(ctx: &Arc<Context>, known: KnownHosts) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            known: RwLock::new(known),
        }
    }

    /// Whether this feed must not be fetched from a private address.
    pub(crate) fn is_public_feed(&self, feed: &Feed) -> bool {
        let Some(host) = public_name(&feed.url) else {
            return false;
        };
        let known = read_locked(&self.known);
        let answered = feed.facts.succeeded_at;
        !known.inside.contains(&host)
            && (known.outside.contains(&host) || answered.is_some_and(|at| at >= known.since))
    }

    /// The origin of a URL, if requests for it must not go to private addresses.
    pub(crate) fn named_by(&self, url: String) -> Option<String> {
        let is_inside =
            public_name(&url).is_some_and(|host| read_locked(&self.known).inside.contains(&host));
        (!is_inside).then_some(url)
    }

    /// Whether the feed at `url` may resolve to private addresses; `None` if its host name is
    /// itself private.
    pub(crate) fn may_be_inside(&self, url: &str) -> Option<bool> {
        let host = public_name(url)?;
        Some(read_locked(&self.known).inside.contains(&host))
    }

    /// Records whether a feed resolved to a private address during discovery.
    pub(crate) fn note_looked_at(&self, url: &str, is_inside: bool) -> Result<()> {
        let Some(host) = public_name(url) else {
            return Ok(());
        };
        if !is_inside {
            write_locked(&self.known).looked_at.insert(host);
            return Ok(());
        }
        let is_it = |feed: &Feed| public_name(&feed.url).as_ref() == Some(&host);
        let feeds = self.ctx.store.feeds()?;
        // Another discovery does not allow a feed that was public before.
        if feeds
            .iter()
            .any(|feed| is_it(feed) && self.is_public_feed(feed))
        {
            return Ok(());
        }
        self.let_inside(url, true)
    }

    /// Records that a host was public when the reader subscribed.
    pub(crate) fn note_subscribed(&self, urls: impl Iterator<Item = String>) -> Result<()> {
        let hosts: Vec<String> = {
            let known = read_locked(&self.known);
            urls.filter_map(|url| public_name(&url))
                .filter(|host| known.looked_at.contains(host) && !known.inside.contains(host))
                .collect()
        };
        if hosts.is_empty() {
            return Ok(());
        }
        self.change_own_network(|known| known.outside.extend(hosts))
    }

    /// Records from where a subscribed feed was fetched. The first fetch determines what is allowed
    /// later.
    pub(crate) fn note_fetched(&self, url: &str, is_inside: bool) -> Result<()> {
        if is_inside {
            return self.let_inside(url, true);
        }
        let Some(host) = public_name(url) else {
            return Ok(());
        };
        if !read_locked(&self.known).outside.contains(&host) {
            return Ok(());
        }
        // From now on the feed's success record decides.
        self.change_own_network(|known| {
            known.outside.remove(&host);
        })
    }

    /// Allows or disallows private addresses for a feed's host.
    pub(crate) fn let_inside(&self, url: &str, may: bool) -> Result<()> {
        let Some(host) = public_name(url) else {
            return Ok(());
        };
        if read_locked(&self.known).inside.contains(&host) == may {
            return Ok(());
        }
        self.change_own_network(|known| {
            known.outside.remove(&host);
            if may {
                known.inside.insert(host);
            } else {
                known.inside.remove(&host);
                known.outside.insert(host);
            }
        })
    }

    fn change_own_network(&self, change: impl FnOnce(&mut KnownHosts)) -> Result<()> {
        let json = {
            let mut known = write_locked(&self.known);
            change(&mut known);
            json(&*known)
        };
        Ok(self
            .ctx
            .store
            .set_settings(&[(RECORD.to_owned(), Some(json))])?)
    }
}

/// The host of a URL, unless it is itself private.
fn public_name(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_name = url.domain().is_some() && !is_private_host(&url);
    let host = url.host_str().filter(|_| is_name)?;
    Some(host.to_ascii_lowercase())
}
