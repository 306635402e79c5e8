//! Life without a window: closing hides to the tray where there is one, and a start may be hidden.
//!
//! A closed window is destroyed with its web view once the page has stored its pending changes. A page that
//! is busy (an open dialog, a playing episode) is only hidden. If there is neither a window nor a visible
//! tray icon, the window opens again, so that the process can always be reached.

use std::time::Duration;

use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, CloseRequestApi, ExitRequestApi, Manager, State};
use tauri_specta::Event as _;
use tokio::sync::watch;
use warta_engine::api::LinkTarget;

use crate::commands::Result;
use crate::engine_handle::EngineHandle;
use crate::links::Links;
use crate::notifications::{Notification, Notifications};
use crate::tray::Tray;
use crate::tray_host::is_there;
use crate::window::{MainWindow, main, show_soon};
use crate::words::Words;

/// How long the page may take to store what is pending.
const FLUSH: Duration = Duration::from_secs(3);
/// How long the desktop's tray may take to appear at login, or to come back.
const TRAY_APPEARS: Duration = Duration::from_secs(20);
/// How often a wait looks again.
const STEP: Duration = Duration::from_millis(50);
/// Name of the engine's record that the reader was told about the tray.
const TOLD_ONCE: &str = "kept_running";

/// The window was closed and goes on in the background: the page stores what is pending and calls
/// [`finish_closing`].
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct WindowClosing {
    turn: u32,
}

/// The window's close button: keeps Warta running if the reader wants that and can get it back.
pub(crate) fn close_requested(app: &AppHandle, api: &CloseRequestApi) {
    let wants = app
        .state::<EngineHandle>()
        .opened()
        .is_some_and(|engine| engine.settings().keep_running);
    if !wants || !app.state::<Tray>().is_shown() {
        return;
    }
    api.prevent_close();
    let turn = app.state::<MainWindow>().next_turn();
    if let Some(window) = main(app)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window could not be hidden");
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // The icon may have lost its host since.
        if !is_there().await {
            app.exit(0);
            return;
        }
        let closing = WindowClosing { turn };
        if let Err(error) = closing.emit(&app) {
            tracing::warn!(%error, "the page was not told that its window closes");
        }
        let give_up = async {
            tokio::time::sleep(FLUSH).await;
            // The page does not answer.
            app.state::<MainWindow>().release(&app, turn);
        };
        tokio::join!(say_once(&app), give_up);
    });
}

/// The page has stored its pending changes. `release`: it is not busy, so the window can be destroyed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn finish_closing(
    app: AppHandle,
    window: State<'_, MainWindow>,
    turn: u32,
    release: bool,
) -> Result<()> {
    if release {
        window.release(&app, turn);
    } else {
        window.keep(turn);
    }
    Ok(())
}

/// Tells the reader the first time that closing is not the end.
async fn say_once(app: &AppHandle) {
    let first = app
        .state::<EngineHandle>()
        .call(|engine| engine.background().first_time(TOLD_ONCE))
        .await;
    if !matches!(first, Ok(true)) {
        return;
    }
    let Some(engine) = app.state::<EngineHandle>().opened() else {
        return;
    };
    let settings = engine.settings();
    let words = Words::of(&settings.language);
    let is_said = settings.notify
        && !engine.is_quiet()
        && app
            .state::<Notifications>()
            .show(Notification {
                title: words.kept_running.into(),
                text: words.kept_running_hint.into(),
                opens: LinkTarget::FrontPage,
            })
            .await;
    if !is_said {
        app.state::<Links>().add_target(LinkTarget::KeptRunning);
    }
}

/// The last window is gone, or Warta was asked to end.
pub(crate) fn exit_requested(app: &AppHandle, code: Option<i32>, api: &ExitRequestApi) {
    let stays = app.state::<MainWindow>().is_released();
    if code.is_none() && stays && app.state::<Tray>().is_shown() {
        api.prevent_exit();
    }
}

/// Starts hidden; opens the window if no tray icon appears.
pub(crate) fn begin_hidden(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let wants = app
            .state::<EngineHandle>()
            .engine()
            .await
            .is_ok_and(|engine| engine.settings().keep_running);
        if !wants || !appears(&app).await {
            show_soon(&app);
        }
    });
}

/// Waits until the tray icon shows; false if it does not.
async fn appears(app: &AppHandle) -> bool {
    for _ in 0..TRAY_APPEARS.as_millis() / STEP.as_millis() {
        if main(app).is_some() || app.state::<Tray>().is_shown() {
            return true;
        }
        tokio::time::sleep(STEP).await;
    }
    false
}

/// Opens the window if the tray disappears and stays away while no window is visible. Runs until dropped.
pub(crate) async fn keep_reachable(app: AppHandle, mut host: watch::Receiver<bool>) {
    loop {
        // A tray that was there and disappeared; a hidden start waits for the first one itself.
        if host.wait_for(|is_there| *is_there).await.is_err()
            || host.wait_for(|is_there| !*is_there).await.is_err()
        {
            return;
        }
        let back = tokio::time::timeout(TRAY_APPEARS, host.wait_for(|is_there| *is_there)).await;
        if back.is_err() && is_out_of_sight(&app) {
            show_soon(&app);
        }
    }
}

fn is_out_of_sight(app: &AppHandle) -> bool {
    main(app).is_none_or(|window| !window.is_visible().unwrap_or(true))
}
