//! Tests of the engine against small loopback servers: the behaviour that front ends rely on.
#![expect(
    clippy::unwrap_used,
    reason = "failing to set up the fixture fails the test"
)]

mod attention;
mod back_issues;
mod catalogue;
mod channels;
mod child;
mod corpora;
#[cfg(target_os = "linux")]
mod dovecot;
mod forwarding;
mod health;
mod highlights;
mod identity;
mod importing;
mod kill;
mod mending;
mod network;
#[cfg(target_os = "linux")]
mod newsletters;
mod own_style;
mod pack_kill;
mod packs;
mod page_feeds;
mod podcasts;
mod reading;
mod restoring;
mod saved_pages;
mod saving;
mod server;
mod sitemaps;
mod subscribing;
mod sync;
mod updates;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use warta_engine::api::{Discovery, ListRequest, NewFeed, Order, Place, SyncReport, SyncScope};
use warta_engine::{Clock, Engine, Keyring, Opening, ResourceConstraint};

/// 2026-05-04 12:00 UTC.
pub(crate) const NOON: i64 = 1_777_896_000;

/// A public host name that resolves to the loopback address.
pub(crate) const INSIDE: &str = PUBLIC_NAMES[0];
/// Public host names that resolve to the loopback address.
pub(crate) const PUBLIC_NAMES: [&str; 3] = ["kabar-pindah.example", "satu.example", "dua.example"];

/// An engine in a temporary folder, with a clock that the test controls.
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) now: Arc<AtomicI64>,
    pub(crate) folder: TempDir,
    keyring: Arc<MemoryKeyring>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// With options that `change` sets.
    pub(crate) fn with(change: impl FnOnce(&mut Opening)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(NOON));
        let keyring = Arc::new(MemoryKeyring::default());
        let engine = open(&folder, &now, &keyring, change);
        Self {
            engine,
            now,
            folder,
            keyring,
        }
    }

    /// Closes the engine and reopens it in the same folder.
    pub(crate) fn reopened(self) -> Self {
        self.reopened_after(|_| {})
    }

    /// Like [`Self::reopened`], calling `between` with the folder while it is closed.
    pub(crate) fn reopened_after(self, between: impl FnOnce(&Path)) -> Self {
        self.reopened_as(between, |_| {})
    }

    /// Like [`Self::reopened`], with options that `change` sets.
    pub(crate) fn reopened_with(self, change: impl FnOnce(&mut Opening)) -> Self {
        self.reopened_as(|_| {}, change)
    }

    fn reopened_as(self, between: impl FnOnce(&Path), change: impl FnOnce(&mut Opening)) -> Self {
        let Self {
            engine,
            now,
            folder,
            keyring,
        } = self;
        engine.flush().unwrap();
        drop(engine);
        between(folder.path());
        let engine = open(&folder, &now, &keyring, change);
        Self {
            engine,
            now,
            folder,
            keyring,
        }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn subscribe(&self, url: &str) -> u32 {
        let feed = new_feed(url);
        let subscribed = self.engine.feeds().subscribe(&[feed]).unwrap();
        subscribed
            .added
            .into_iter()
            .chain(subscribed.already)
            .next()
            .unwrap()
    }

    pub(crate) async fn discover(&self, url: &str) -> Discovery {
        self.engine.discovery().discover(url).await.unwrap()
    }

    pub(crate) async fn sync_all(&self) -> SyncReport {
        self.engine.sync().sync(&SyncScope::All).await.unwrap()
    }

    pub(crate) fn titles(&self, place: Place) -> Vec<String> {
        self.rows(place).into_iter().map(|row| row.title).collect()
    }

    pub(crate) fn rows(&self, place: Place) -> Vec<warta_engine::api::ArticleRow> {
        let request = list_request(place, 100);
        self.engine.lists().list(&request).unwrap().rows
    }
}

/// A feed outside folders that has no title of the reader's.
pub(crate) fn new_feed(url: impl Into<String>) -> NewFeed {
    NewFeed {
        url: url.into(),
        title: None,
        site: None,
        folder: Vec::new(),
        page: None,
    }
}

/// The newest articles of a place, at most `limit`.
pub(crate) fn list_request(place: Place, limit: u32) -> ListRequest {
    ListRequest {
        place,
        unread_only: false,
        before: None,
        limit,
        order: Order::Newest,
        by_feed: false,
    }
}

fn open(
    folder: &TempDir,
    now: &Arc<AtomicI64>,
    keyring: &Arc<MemoryKeyring>,
    change: impl FnOnce(&mut Opening),
) -> Engine {
    let now = Arc::clone(now);
    let mut opening = Opening::usual(folder.path(), "id");
    opening.clock = Clock::given(move || now.load(Ordering::SeqCst));
    opening.limits.connect = Duration::from_secs(2);
    opening.limits.total = Duration::from_secs(2);
    let names = PUBLIC_NAMES.map(|name| (name.to_owned(), [127, 0, 0, 1].into()));
    opening.limits.names = Arc::new(names.into());
    opening.keyring = Arc::clone(keyring) as Arc<dyn Keyring>;
    opening.resource_constraint = Arc::new(|| ResourceConstraint::None);
    change(&mut opening);
    Engine::open(&opening).unwrap()
}

/// An in-memory keyring, so that the user's is not touched; survives reopening.
#[derive(Default)]
pub(crate) struct MemoryKeyring(Mutex<HashMap<String, String>>);

impl Keyring for MemoryKeyring {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn set(&self, name: &str, secret: Option<&str>) -> Result<(), String> {
        let mut all = self.0.lock().unwrap();
        all.remove(name);
        all.extend(secret.map(|secret| (name.to_owned(), secret.to_owned())));
        Ok(())
    }
}

/// An RSS feed of `(guid, title, html)`; the first entry was published an hour before [`NOON`],
/// each further one an hour earlier.
pub(crate) fn rss(title: &str, entries: &[(&str, &str, &str)]) -> String {
    let mut items = String::new();
    for (index, (guid, title, html)) in entries.iter().enumerate() {
        let hour = 11 - index;
        write!(
            items,
            "<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title>\
             <link>https://kabar.example/{guid}?utm_source=rss</link>\
             <pubDate>Mon, 04 May 2026 {hour:02}:00:00 GMT</pubDate>\
             <description><![CDATA[{html}]]></description></item>"
        )
        .unwrap();
    }
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>{title}</title>\
         <link>https://kabar.example/</link><description>d</description>{items}</channel></rss>"
    )
}
