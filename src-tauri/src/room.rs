//! The newsroom behind the window: opened off the window's thread, called off the async threads.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Emitter};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use warta_newsroom::face::{Event, Failure, FailureCode};
use warta_newsroom::{Newsroom, Opening};

use crate::NewsroomEvent;

type Opened = Option<Result<Newsroom, Failure>>;

/// The newsroom, as soon as it is open.
pub(crate) struct Room {
    opened: watch::Receiver<Opened>,
    background: Mutex<Vec<JoinHandle<()>>>,
}

impl Room {
    /// Begins to open the newsroom and returns at once.
    pub(crate) fn open(
        app: AppHandle,
        data_dir: PathBuf,
        language: String,
        media_base: String,
    ) -> Self {
        let (tell, opened) = watch::channel(None);
        let task = tauri::async_runtime::spawn(async move {
            let opening = Opening {
                media_base,
                ..Opening::usual(&data_dir, &language)
            };
            let result = tokio::task::spawn_blocking(move || Newsroom::open(&opening))
                .await
                .unwrap_or_else(|error| {
                    Err(Failure::new(FailureCode::Internal, error.to_string()))
                });
            if let Err(failure) = &result {
                tracing::error!(?failure, "the newsroom could not be opened");
            }
            let newsroom = result.as_ref().ok().cloned();
            tell.send_replace(Some(result));
            if let Some(newsroom) = newsroom {
                live(app, newsroom).await;
            }
        });
        Self {
            opened,
            background: Mutex::new(vec![task]),
        }
    }

    /// The newsroom; waits until it is open.
    pub(crate) async fn newsroom(&self) -> Result<Newsroom, Failure> {
        let mut opened = self.opened.clone();
        let result = opened.wait_for(Option::is_some).await;
        match result.as_deref() {
            Ok(Some(result)) => result.clone(),
            _ => Err(Failure::new(
                FailureCode::Internal,
                "the newsroom was not opened",
            )),
        }
    }

    /// Runs blocking work with the newsroom, off the async threads.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Newsroom) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let newsroom = self.newsroom().await?;
        tokio::task::spawn_blocking(move || work(&newsroom))
            .await
            .unwrap_or_else(|error| Err(Failure::new(FailureCode::Internal, error.to_string())))
    }

    /// Runs something beside the window until it ends or the app does.
    pub(crate) fn in_background(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut background = self
            .background
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        background.retain(|task| !task.inner().is_finished());
        background.push(tauri::async_runtime::spawn(work));
    }

    /// Ends what runs in the background and brings everything onto the disk.
    pub(crate) fn close(&self) {
        for task in self
            .background
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            task.abort();
        }
        if let Some(Ok(newsroom)) = &*self.opened.borrow() {
            newsroom.stop_sync();
            if let Err(failure) = newsroom.flush() {
                tracing::error!(?failure, "the store could not be flushed");
            }
        }
    }
}

/// What runs for as long as the app does: events to the window, stories, sync.
async fn live(app: AppHandle, newsroom: Newsroom) {
    let mut events = newsroom.events();
    let forward = async move {
        loop {
            match events.recv().await {
                Ok(event) => emit(&app, event),
                // The window fell behind: it fetches anew what it shows.
                Err(RecvError::Lagged(_)) => {
                    emit(&app, Event::PlacesChanged);
                    emit(&app, Event::StoriesChanged);
                }
                Err(RecvError::Closed) => return,
            }
        }
    };
    let engine = newsroom.clone();
    let gather = async move {
        let gathered = tokio::task::spawn_blocking(move || engine.gather_stories()).await;
        if let Ok(Err(failure)) = gathered {
            tracing::error!(?failure, "the stories could not be gathered");
        }
    };
    tokio::join!(forward, gather, newsroom.keep_fresh());
}

fn emit<R: tauri::Runtime>(app: &AppHandle<R>, event: Event)
where
    AppHandle<R>: Emitter<R>,
{
    if let Err(error) = NewsroomEvent(event).emit(app) {
        tracing::warn!(%error, "an event did not reach the window");
    }
}
