//! Holds the engine: opens it off the main thread and runs its blocking calls off the async
//! threads.

use std::sync::{Mutex, PoisonError};

use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Emitter, Manager};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use warta_engine::api::{Event, Failure, FailureCode, Notice, RepairReport};
use warta_engine::{Engine, Opening};

use crate::events::EngineEvent;

type Opened = Option<Result<Engine, Failure>>;

/// The engine, once it is open.
pub(crate) struct EngineHandle {
    opened: watch::Sender<Opened>,
    opening: Opening,
    background: Mutex<Vec<JoinHandle<()>>>,
}

impl EngineHandle {
    /// Starts opening the engine and returns immediately.
    pub(crate) fn open(app: AppHandle, opening: Opening) -> Self {
        let (opened, _) = watch::channel(None);
        let handle = Self {
            opened,
            opening,
            background: Mutex::default(),
        };
        handle.begin(app);
        handle
    }

    /// Opens the engine in the background and runs its background work.
    fn begin(&self, app: AppHandle) {
        let (opened, opening) = (self.opened.clone(), self.opening.clone());
        self.in_background(async move {
            let result = off_async(move || Engine::open(&opening)).await;
            if let Err(failure) = &result {
                tracing::error!(?failure, "the engine could not be opened");
            }
            let engine = result.as_ref().ok().cloned();
            opened.send_replace(Some(result));
            if let Some(engine) = engine {
                Box::pin(live(app, engine)).await;
            }
        });
    }

    /// Repairs a store that did not open because it is damaged, and opens it.
    pub(crate) async fn repair(&self, app: AppHandle) -> Result<RepairReport, Failure> {
        let is_damaged = matches!(
            &*self.opened.borrow(),
            Some(Err(failure)) if failure.code == FailureCode::Damaged
        );
        if !is_damaged {
            return Err(Failure::new(
                FailureCode::BadInput,
                "nothing has to be repaired",
            ));
        }
        self.opened.send_replace(None);
        let opening = self.opening.clone();
        let repaired = off_async(move || {
            warta_engine::Maintenance::repaired(&opening.data_dir, &opening.clock)
        })
        .await;
        // In any case, reopening shows the store's state.
        self.begin(app);
        let engine = self.engine().await?;
        let report = repaired?;
        let of_window = report.clone();
        off_async(move || engine.maintenance().record_repair(&report)).await?;
        Ok(of_window)
    }

    /// Waits until the engine is open and returns it.
    pub(crate) async fn engine(&self) -> Result<Engine, Failure> {
        let mut opened = self.opened.subscribe();
        let result = opened.wait_for(Option::is_some).await;
        match result.as_deref() {
            Ok(Some(result)) => result.clone(),
            _ => Err(Failure::new(
                FailureCode::Internal,
                "the engine was not opened",
            )),
        }
    }

    /// Runs blocking work with the engine on a blocking thread.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let engine = self.engine().await?;
        off_async(move || work(&engine)).await
    }

    /// Runs background work until it ends or the app exits.
    pub(crate) fn in_background(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut background = self
            .background
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        background.retain(|task| !task.inner().is_finished());
        background.push(tauri::async_runtime::spawn(work));
    }

    /// Stops background work and flushes the store.
    pub(crate) fn close(&self) {
        for task in self
            .background
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            task.abort();
        }
        if let Some(Ok(engine)) = &*self.opened.borrow() {
            engine.sync().stop_sync();
            if let Err(failure) = engine.flush() {
                tracing::error!(?failure, "the store could not be flushed");
            }
        }
    }
}

async fn off_async<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Failure::new(FailureCode::Internal, error.to_string())))
}

/// Background work for the app's lifetime: events to the window, stories, sync.
async fn live(app: AppHandle, engine: Engine) {
    let mut events = engine.events();
    let settings = engine.clone();
    let forward = async move {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if let Event::Noticed { notice } = &event
                        && settings.settings().notify
                    {
                        notify(&app, notice);
                    }
                    emit(&app, event);
                }
                // The window missed events, so make it reload its data.
                Err(RecvError::Lagged(_)) => {
                    emit(&app, Event::PlacesChanged);
                    emit(&app, Event::StoriesChanged);
                }
                Err(RecvError::Closed) => return,
            }
        }
    };
    let gathering = engine.clone();
    let gather = async move {
        let gathered =
            tokio::task::spawn_blocking(move || gathering.stories().gather_stories()).await;
        if let Ok(Err(failure)) = gathered {
            tracing::error!(?failure, "could not cluster the stories");
        }
    };
    tokio::join!(
        forward,
        gather,
        engine.background().keep_fresh(),
        engine.background().keep_packing(),
        engine.background().keep_saving()
    );
}

/// Shows a system notification unless the window has the focus.
fn notify(app: &AppHandle, notice: &Notice) {
    let window = app.get_webview_window("main");
    let is_seen = window.is_some_and(|window| window.is_focused().unwrap_or(false));
    if is_seen {
        return;
    }
    // Not Tauri's plugin, which injects a script into the page.
    let mut notification = notify_rust::Notification::new();
    let Notice { title, text, .. } = notice.clone();
    #[cfg(windows)]
    notification.app_id(&app.config().identifier);
    tauri::async_runtime::spawn_blocking(move || {
        // By the specification the summary is plain text; the body may contain markup.
        notification
            .appname("Warta")
            .summary(&warta_engine::text::plain_line(&title))
            .body(&warta_engine::text::notification(&text, renders_markup()));
        if let Err(error) = notification.show() {
            tracing::warn!(%error, "cannot show a notification");
        }
    });
}

/// Whether the notification server interprets markup in the body. Assumes so if it does not answer.
#[cfg(all(unix, not(target_os = "macos")))]
fn renders_markup() -> bool {
    notify_rust::get_capabilities().map_or(true, |all| all.iter().any(|one| one == "body-markup"))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn renders_markup() -> bool {
    false
}

fn emit<R: tauri::Runtime>(app: &AppHandle<R>, event: Event)
where
    AppHandle<R>: Emitter<R>,
{
    if let Err(error) = EngineEvent(event).emit(app) {
        tracing::warn!(%error, "an event did not reach the window");
    }
}
