//! Which feeds may be fetched from the reader's own network under a public name.
//!
//! A feed whose name belonged to a public address is refused once its name belongs to a private one: whoever
//! owns the name could otherwise read from the reader's network (DNS rebinding). A feed that was inside
//! from the start goes on, and the reader can let any other in. Feeds whose names or addresses are
//! private by themselves (`nas.local`, `192.168.1.2`) need none of this.

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

/// What is known of hosts with public names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KnownHosts {
    /// From then on a feed that answered from a private address is noted. Of what was fetched before,
    /// by an older Warta, nothing is known.
    since: i64,
    /// Hosts that may be in the reader's own network.
    inside: BTreeSet<String>,
    /// Hosts of feeds that were public when the reader subscribed, until they are fetched.
    outside: BTreeSet<String>,
    /// Hosts that were public when the reader looked at them.
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
        // On a full disk there is still everything to read.
        if let Err(error) = store.set_settings(&[(RECORD.to_owned(), Some(json(&new)))]) {
            tracing::warn!(%error, "what is known of the reader's own network could not be kept");
        }
        Ok(new)
    }
}

/// Decides which feeds may be fetched from the reader's own network.
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

    /// Whether a private address under this feed's name is to be refused.
    pub(crate) fn is_public_feed(&self, feed: &Feed) -> bool {
        let Some(host) = public_name(&feed.url) else {
            return false;
        };
        let known = read_locked(&self.known);
        let answered = feed.facts.succeeded_at;
        !known.inside.contains(&host)
            && (known.outside.contains(&host) || answered.is_some_and(|at| at >= known.since))
    }

    /// Who named an address, as far as that keeps it out of the reader's own network.
    pub(crate) fn named_by(&self, url: String) -> Option<String> {
        let is_inside =
            public_name(&url).is_some_and(|host| read_locked(&self.known).inside.contains(&host));
        (!is_inside).then_some(url)
    }

    /// Whether the reader lets a feed be in their own network, or it was from the start; none where
    /// its address leaves no doubt.
    pub(crate) fn may_be_inside(&self, url: &str) -> Option<bool> {
        let host = public_name(url)?;
        Some(read_locked(&self.known).inside.contains(&host))
    }

    /// Remembers from where a feed answered that the reader looks at before subscribing.
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
        // To look at it again does not let a feed in that was public before.
        if feeds
            .iter()
            .any(|feed| is_it(feed) && self.is_public_feed(feed))
        {
            return Ok(());
        }
        self.let_inside(url, true)
    }

    /// The reader subscribes: what was public when they looked is to stay public.
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

    /// Remembers from where a subscribed feed answered. What it answers from at first holds from then on.
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
        // From now on its success record decides.
        self.change_own_network(|known| {
            known.outside.remove(&host);
        })
    }

    /// Lets a feed's host be in the reader's own network, or no longer.
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

/// The host of an address whose name does not say that it is in a private network.
fn public_name(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_name = url.domain().is_some() && !is_private_host(&url);
    let host = url.host_str().filter(|_| is_name)?;
    Some(host.to_ascii_lowercase())
}
