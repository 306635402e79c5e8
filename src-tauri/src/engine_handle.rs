//! Holds the engine: opens it off the main thread and runs its blocking calls off the async
//! threads.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Manager};
use tokio::sync::watch;
use warta_engine::api::{Failure, FailureCode, RepairReport, SyncScope};
use warta_engine::{DataFolder, Engine, Opening};

use crate::autostart::agree;
use crate::start::reached;

type Opened = Option<Result<Engine, Failure>>;

/// Background work for as long as the engine is open.
pub(crate) type Life = fn(AppHandle, Engine) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// The engine, once it is open.
pub(crate) struct EngineHandle {
    opened: watch::Sender<Opened>,
    folder: DataFolder,
    opening: Opening,
    life: Life,
    background: Mutex<Vec<JoinHandle<()>>>,
}

impl EngineHandle {
    /// Starts opening the engine and returns immediately.
    pub(crate) fn open(app: AppHandle, folder: DataFolder, opening: Opening, life: Life) -> Self {
        let (opened, _) = watch::channel(None);
        let handle = Self {
            opened,
            folder,
            opening,
            life,
            background: Mutex::default(),
        };
        handle.begin(app);
        handle
    }

    /// Opens the engine in the background and runs its background work.
    fn begin(&self, app: AppHandle) {
        let (opened, opening, life) = (self.opened.clone(), self.opening.clone(), self.life);
        let folder = self.folder.clone();
        self.in_background(async move {
            let on = app.clone();
            let result = off_async(move || {
                let engine = Engine::open(&opening)?;
                agree(&on, &engine);
                Ok(engine)
            })
            .await
            .map_err(|failure| folder.explained(failure));
            if let Err(failure) = &result {
                tracing::error!(?failure, "the engine could not be opened");
            }
            reached("engine");
            let engine = result.as_ref().ok().cloned();
            opened.send_replace(Some(result));
            if let Some(engine) = engine {
                life(app, engine).await;
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

    /// The data folder.
    pub(crate) fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// The engine, if it is open.
    pub(crate) fn opened(&self) -> Option<Engine> {
        match &*self.opened.borrow() {
            Some(Ok(engine)) => Some(engine.clone()),
            _ => None,
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

    /// Starts a sync in the background; a failure is only logged.
    pub(crate) async fn begin_sync(&self, scope: SyncScope) -> Result<(), Failure> {
        let engine = self.engine().await?;
        self.in_background(async move {
            if let Err(failure) = engine.sync().sync(&scope).await {
                tracing::error!(?failure, "a sync failed");
            }
        });
        Ok(())
    }

    /// Starts a sync of all feeds once the engine is open.
    pub(crate) fn begin_sync_soon(&self, app: &AppHandle) {
        let on = app.clone();
        self.in_background(async move {
            // The window says why the engine did not open.
            let _ = on.state::<Self>().begin_sync(SyncScope::All).await;
        });
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
        if let Some(engine) = self.opened() {
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
