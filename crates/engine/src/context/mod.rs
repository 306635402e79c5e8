//! The shared context of all services: store, HTTP client, clock, events, settings and feed labels.
//!
//! It has no news logic and depends on no service.

pub(crate) mod checks;
pub(crate) mod clock;
pub(crate) mod labels;
pub(crate) mod locks;
pub(crate) mod records;
pub(crate) mod settings;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use tokio::sync::broadcast;
use warta_net::Client;
pub(crate) use warta_store::SAVED_PAGES;
use warta_store::{Feed, PictureId, Store};

use self::clock::Clock;
use self::labels::Labels;
use self::locks::{read_locked, write_locked};
use crate::api::{Event, Failure, FailureCode, Result, Settings};

/// Number of events buffered for a slow listener before it misses some.
const EVENTS_BUFFERED: usize = 1024;

/// What all services share.
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) http: Client,
    pub(crate) clock: Clock,
    /// The titles, hosts and icons of feeds.
    pub(crate) labels: Labels,
    /// Base URL of the media protocol.
    pub(crate) media_base: String,
    events: broadcast::Sender<Event>,
    settings: RwLock<Settings>,
    /// Incremented when settings or trusted feeds change, which affect the ranking of stories.
    ranking_revision: AtomicU64,
}

impl Context {
    pub(crate) fn new(
        store: Store,
        http: Client,
        clock: Clock,
        media_base: String,
        language: &str,
    ) -> Result<Self> {
        let settings = settings::load(&store, language)?;
        // An invalid proxy was rejected when it was set.
        let _ = http.set_proxy(settings::proxy(&settings));
        Ok(Self {
            labels: Labels::of(&store.feeds()?),
            events: broadcast::channel(EVENTS_BUFFERED).0,
            settings: RwLock::new(settings),
            ranking_revision: AtomicU64::new(0),
            store,
            http,
            clock,
            media_base,
        })
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now()
    }

    /// The reader's subscriptions, without the feed of saved pages.
    pub(crate) fn subscriptions(&self) -> Result<Vec<Feed>> {
        let mut feeds = self.store.feeds()?;
        feeds.retain(|feed| feed.url != SAVED_PAGES);
        Ok(feeds)
    }

    /// Sends an event to the front ends.
    pub(crate) fn emit(&self, event: Event) {
        // The CLI has no listener, so ignore the error.
        let _ = self.events.send(event);
    }

    pub(crate) fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Makes all acknowledged writes durable.
    pub(crate) fn flush(&self) -> Result<()> {
        Ok(self.store.flush()?)
    }

    /// The media protocol URL of the picture fetched from `url`.
    pub(crate) fn media_address(&self, url: &str) -> String {
        format!("{}/{}", self.media_base, PictureId::of_url(url))
    }

    pub(crate) fn settings(&self) -> Settings {
        read_locked(&self.settings).clone()
    }

    /// Stores new settings after validation and returns them as stored.
    pub(crate) fn set_settings(&self, mut settings: Settings) -> Result<Settings> {
        if let Some(refused) = checks::settings(&mut settings).into_iter().next() {
            return Err(checks::refused(refused.why));
        }
        self.http.set_proxy(settings::proxy(&settings))?;
        settings::save(&self.store, &settings)?;
        self.store.flush()?;
        *write_locked(&self.settings) = settings.clone();
        self.ranking_changed();
        self.emit(Event::PlacesChanged);
        Ok(settings)
    }

    /// Reloads the settings after a restore.
    pub(crate) fn reload_settings(&self) -> Result<()> {
        let settings = settings::load(&self.store, &self.settings().language)?;
        self.http.set_proxy(settings::proxy(&settings))?;
        *write_locked(&self.settings) = settings;
        self.ranking_changed();
        Ok(())
    }

    /// Records a change that affects the ranking of stories.
    pub(crate) fn ranking_changed(&self) {
        self.ranking_revision.fetch_add(1, Ordering::AcqRel);
    }

    /// A number that changes whenever stories must be ranked again.
    pub(crate) fn ranking_revision(&self) -> u64 {
        self.ranking_revision.load(Ordering::Acquire)
    }
}

/// Runs a service's blocking work on a blocking thread.
pub(crate) async fn blocking<S, T>(
    service: &Arc<S>,
    work: impl FnOnce(&Arc<S>) -> Result<T> + Send + 'static,
) -> Result<T>
where
    S: Send + Sync + 'static,
    T: Send + 'static,
{
    let service = Arc::clone(service);
    off_thread(move || work(&service)).await?
}

/// Runs blocking or long work on a blocking thread.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}
