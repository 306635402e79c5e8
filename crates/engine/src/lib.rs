//! The one door to the engine: subscriptions, sync, reading, search, stories, forwarding, settings.
//!
//! The front ends (the desktop app, the CLI) call [`Engine`] and nothing behind it; what they get is
//! plain data ([`api`]). Everything that blocks says so: call it off the async threads. Opening
//! links, the clipboard and the share sheet belong to the front ends and come in as an [`Host`].

pub mod api;
mod budget;
mod cards;
mod catalogue;
mod channels;
mod checks;
mod clock;
mod entries;
mod epub;
mod failure;
mod forwarding;
mod icons;
pub mod inspect;
mod keeping;
mod main_feed;
mod media;
mod names;
mod original;
mod own_network;
mod packs;
mod pages;
mod past;
mod pictures;
mod plain;
mod reading;
mod restoring;
mod rules;
mod saving;
mod schedule;
mod searches;
mod settings;
mod sounds;
mod stories;
mod subscribing;
mod sync;
mod tags;
mod thrift;
mod vault;
mod watch;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use tokio::sync::broadcast;
use warta_net::{Client, Limits};
use warta_store::Store;

use api::{Connection, Event, Failure, Overview, Settings};
pub use clock::{Clock, system_clock};
pub use forwarding::{Host, ShareSheet, Shared};
pub use media::{Media, Part};
pub use thrift::{Thrift, system_thrift};
pub use vault::{Keyring, SystemKeyring};
pub use warta_store::{Checkup, Keep, Rebuilt, Retention};
/// Text that is safe for terminals, files and notifications.
pub use warta_text as text;

/// Warta's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A failure or a result, for the front ends.
pub type Result<T> = std::result::Result<T, Failure>;

/// How a engine is opened.
#[derive(Clone)]
pub struct Opening {
    /// The folder that holds everything.
    pub data_dir: PathBuf,
    /// What the media protocol's addresses begin with, e.g. `warta-media://localhost`.
    pub media_base: String,
    /// The language of a reader who has not chosen one: `id` or `en`.
    pub language: String,
    /// Where the time comes from.
    pub clock: Clock,
    /// Bounds of the network's use.
    pub limits: Limits,
    /// Where feeds' secrets are kept.
    pub keyring: Arc<dyn Keyring>,
    /// What the machine asks to be sparing with.
    pub thrift: Arc<dyn Fn() -> Thrift + Send + Sync>,
}

impl Opening {
    /// The usual opening of `data_dir`: the system's clock, the usual limits.
    #[must_use]
    pub fn usual(data_dir: &Path, language: &str) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            media_base: "warta-media://localhost".into(),
            language: language.to_owned(),
            clock: system_clock(),
            limits: Limits::default(),
            keyring: Arc::new(SystemKeyring),
            thrift: Arc::new(system_thrift),
        }
    }
}

/// The engine. Cheap to clone; all clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    client: Client,
    clock: Clock,
    media_base: String,
    events: broadcast::Sender<Event>,
    settings: RwLock<Settings>,
    names: names::Names,
    connection: Mutex<Connection>,
    syncing: Mutex<sync::Syncing>,
    stories: Mutex<stories::StoryDesk>,
    /// The stories that rows name.
    briefs: RwLock<HashMap<u64, api::StoryBrief>>,
    // Whoever takes several of these takes them in this order, and `stories` after `watching`.
    watching: Mutex<watch::Watching>,
    rules: Mutex<rules::Rules>,
    /// Held by whoever does what rules want.
    carrying_out: Mutex<()>,
    tags: Mutex<tags::Tags>,
    numbers: RwLock<watch::Numbers>,
    /// Articles that no list shows.
    hidden: RwLock<HashSet<u64>>,
    trusted: RwLock<HashSet<u32>>,
    vault: vault::Vault,
    /// The snapshot that was read last.
    pending_restore: Mutex<Option<restoring::Pending>>,
    own_network: RwLock<own_network::OwnNetwork>,
    /// Held while the outbox's record is changed.
    outbox: Mutex<()>,
    /// Held while saves go out, so that none goes twice.
    saving: tokio::sync::Mutex<()>,
    thrift: Arc<dyn Fn() -> Thrift + Send + Sync>,
    /// What came over the wire this month.
    ledger: Mutex<budget::Ledger>,
    /// Hosts of pages and pictures that were not reached while others were, and since when.
    away: tokio::sync::Mutex<HashMap<String, Instant>>,
    /// Packs that are being made, and how to stop them.
    packing: Mutex<HashMap<u32, Arc<AtomicBool>>>,
    picture_turns: pictures::Turns,
    sounds: sounds::Underway,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("dir", &self.inner.store.dir())
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens or creates the engine in a folder. Blocks; its stories are gathered afterwards, by
    /// [`Engine::gather_stories`] or by the first call that needs them.
    pub fn open(opening: &Opening) -> Result<Self> {
        let store = Store::open(&opening.data_dir)?;
        let client = Client::new(
            opening.limits.clone(),
            &format!("Warta/{VERSION} (desktop news reader)"),
        )?;
        let settings = settings::load(&store, &opening.language)?;
        // One that cannot be used was refused when it was set.
        let _ = client.set_proxy(settings::proxy(&settings));
        let names = names::Names::of(&store.feeds()?);
        let ledger = budget::Ledger::load(&store)?;
        let (events, _) = broadcast::channel(1024);
        let watching = watch::Watching::load(&store)?;
        let rules = rules::Rules::load(&store)?;
        let tags = tags::Tags::load(&store)?;
        let trusted = subscribing::trusted(&store)?;
        let own_network = own_network::OwnNetwork::load(&store, opening.clock.now())?;
        let engine = Self {
            inner: Arc::new(Inner {
                store,
                client,
                clock: opening.clock.clone(),
                media_base: opening.media_base.clone(),
                events,
                settings: RwLock::new(settings),
                names,
                connection: Mutex::new(Connection::Unknown),
                syncing: Mutex::default(),
                stories: Mutex::default(),
                briefs: RwLock::default(),
                watching: Mutex::new(watching),
                rules: Mutex::new(rules),
                carrying_out: Mutex::default(),
                tags: Mutex::new(tags),
                numbers: RwLock::default(),
                hidden: RwLock::default(),
                trusted: RwLock::new(trusted),
                vault: vault::Vault::new(Arc::clone(&opening.keyring)),
                pending_restore: Mutex::default(),
                own_network: RwLock::new(own_network),
                outbox: Mutex::default(),
                saving: tokio::sync::Mutex::default(),
                thrift: Arc::clone(&opening.thrift),
                ledger: Mutex::new(ledger),
                away: tokio::sync::Mutex::default(),
                packing: Mutex::default(),
                picture_turns: pictures::Turns::default(),
                sounds: sounds::Underway::default(),
            }),
        };
        engine.hide_muted();
        if let Err(failure) = engine.carry_out(false) {
            // It reads all the same; what is left to do stays noted.
            tracing::warn!(?failure, "what rules wanted could not be done");
        }
        Ok(engine)
    }

    /// What happens from now on. A listener that falls far behind misses events and should fetch
    /// anew what it shows.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// Everything a front end shows before its first click. Blocks.
    pub fn overview(&self) -> Result<Overview> {
        let places = self.places()?;
        Ok(Overview {
            settings: self.settings(),
            first_run: places.feeds.is_empty(),
            places,
            connection: self.connection(),
            sync: self.sync_progress(),
            version: VERSION.into(),
            data_dir: self.inner.store.dir().display().to_string(),
            now: self.now(),
        })
    }

    /// Whether the network could be reached at the last try.
    #[must_use]
    pub fn connection(&self) -> Connection {
        *locked(&self.inner.connection)
    }

    fn set_connection(&self, connection: Connection) {
        let before = std::mem::replace(&mut *locked(&self.inner.connection), connection);
        if before != connection {
            self.tell(Event::ConnectionChanged { connection });
        }
    }

    fn tell(&self, event: Event) {
        // Nobody listening is no failure: the CLI does not.
        let _ = self.inner.events.send(event);
    }

    fn now(&self) -> i64 {
        self.inner.clock.now()
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }
}

/// The lock, also after a panic elsewhere: what these locks guard is whole at every moment.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn written<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
