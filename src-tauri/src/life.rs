//! What runs for the app's lifetime, with or without a window.

use std::pin::Pin;

use tauri::{AppHandle, Emitter};
use tauri_specta::Event as _;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use warta_engine::Engine;
use warta_engine::api::Event;

use crate::background::keep_reachable;
use crate::events::EngineEvent;
use crate::notifications::follow as show_notices;
use crate::start::first_list;
use crate::taskbar::follow as show_in_taskbar;
use crate::tray::follow as show_tray;
use crate::tray_host::watch as watch_tray_host;

/// Background work for the app's lifetime, with or without a window: events to the window, stories, sync,
/// tray and notifications. Stories and sync wait for the window's first list.
pub(crate) fn live(app: AppHandle, engine: Engine) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(run(app, engine))
}

async fn run(app: AppHandle, engine: Engine) {
    let mut events = engine.events();
    let to = app.clone();
    let forward = async move {
        loop {
            match events.recv().await {
                Ok(event) => emit(&to, event),
                // The window missed events, so make it reload its data.
                Err(RecvError::Lagged(_)) => {
                    emit(&to, Event::PlacesChanged);
                    emit(&to, Event::StoriesChanged);
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
    let (found, host) = watch::channel(false);
    #[cfg(target_os = "macos")]
    let menu_bar = crate::menu_bar::follow(app.clone(), engine.clone());
    #[cfg(not(target_os = "macos"))]
    let menu_bar = std::future::ready(());
    let on = app.clone();
    let after_the_first_list = async {
        first_list(&on).await;
        tokio::join!(
            gather,
            engine.background().keep_fresh(),
            engine.background().keep_packing(),
            engine.background().keep_saving(),
            engine.updates().keep_checking()
        )
    };
    tokio::join!(
        forward,
        after_the_first_list,
        watch_tray_host(found),
        show_tray(app.clone(), engine.clone(), host.clone()),
        keep_reachable(app.clone(), host),
        show_notices(app.clone(), engine.clone()),
        show_in_taskbar(app, engine.clone()),
        menu_bar
    );
}

fn emit<R: tauri::Runtime>(app: &AppHandle<R>, event: Event)
where
    AppHandle<R>: Emitter<R>,
{
    if let Err(error) = EngineEvent(event).emit(app) {
        tracing::warn!(%error, "an event did not reach the window");
    }
}
