//! The tray icon and its menu: what it shows is computed from the engine's state, in the language of the
//! settings, and renewed after the engine's events.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use warta_engine::Engine;
use warta_engine::api::{Event, LinkTarget};

use crate::engine_handle::EngineHandle;
use crate::links::open_target;
use crate::window::show_soon;
use crate::words::Words;

/// Events within this time lead to one renewal.
const SETTLED: Duration = Duration::from_millis(400);

/// The tray icon.
#[derive(Default)]
pub(crate) struct Tray {
    /// Once made it is kept, and hidden while it is not wanted: appindicator cannot make it twice.
    made: Mutex<Option<Made>>,
    shown: AtomicBool,
    /// The library that shows icons is missing.
    unavailable: AtomicBool,
}

struct Made {
    icon: TrayIcon,
    open: MenuItem<Wry>,
    unread: MenuItem<Wry>,
    front_page: MenuItem<Wry>,
    sync: MenuItem<Wry>,
    quit: MenuItem<Wry>,
    labels: Labels,
}

/// What the tray reports.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Status {
    language: String,
    unread: u64,
    syncing: bool,
}

/// The texts of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Labels {
    open: &'static str,
    unread: String,
    front_page: &'static str,
    sync: &'static str,
    may_sync: bool,
    quit: &'static str,
    tooltip: String,
}

impl Status {
    fn labels(&self) -> Labels {
        let words = Words::of(&self.language);
        let unread = words.unread(self.unread);
        Labels {
            open: words.open,
            front_page: words.front_page,
            sync: if self.syncing {
                words.syncing
            } else {
                words.sync_now
            },
            may_sync: !self.syncing,
            quit: words.quit,
            tooltip: format!("Warta · {unread}"),
            unread,
        }
    }
}

impl Tray {
    /// Whether the reader can see the icon, as far as Warta knows.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown.load(Ordering::Acquire)
    }
}

/// Shows the tray icon while the settings want it and the system has a place for it. Runs until dropped.
pub(crate) async fn follow(app: AppHandle, engine: Engine, mut host: watch::Receiver<bool>) {
    let mut events = engine.events();
    let mut syncing = false;
    loop {
        let wanted = *host.borrow_and_update() && engine.settings().keep_running;
        let status = if wanted { status(&engine).await } else { None };
        syncing = status.as_ref().map_or(syncing, |status| status.syncing);
        let labels = status.map(|status| status.labels());
        let on = app.clone();
        if let Err(error) = app.run_on_main_thread(move || renew(&on, labels)) {
            tracing::warn!(%error, "the tray icon was not renewed");
        }
        loop {
            tokio::select! {
                changed = host.changed() => if changed.is_err() { return } else { break },
                event = events.recv() => match event {
                    Ok(Event::SyncProgress { .. }) if syncing => {}
                    Ok(
                        Event::SyncProgress { .. }
                        | Event::SyncFinished { .. }
                        | Event::ArticlesArrived { .. }
                        | Event::PlacesChanged,
                    )
                    | Err(RecvError::Lagged(_)) => break,
                    Ok(_) => {}
                    Err(RecvError::Closed) => return,
                },
            }
        }
        tokio::time::sleep(SETTLED).await;
    }
}

async fn status(engine: &Engine) -> Option<Status> {
    let of = engine.clone();
    let read = move || {
        Ok(Status {
            language: of.settings().language,
            unread: of.lists().unread()?,
            syncing: of.sync().sync_progress().is_some(),
        })
    };
    let status: Result<_, warta_engine::api::Failure> =
        tokio::task::spawn_blocking(read).await.ok()?;
    status
        .inspect_err(|failure| tracing::warn!(?failure, "the tray cannot count"))
        .ok()
}

/// Makes, shows, changes or hides the icon. Runs on the main thread.
fn renew(app: &AppHandle, labels: Option<Labels>) {
    let tray = app.state::<Tray>();
    let wanted = labels.is_some();
    let mut made = tray.made.lock().unwrap_or_else(PoisonError::into_inner);
    let result = match (&mut *made, labels) {
        (Some(made), labels) => made.show(labels),
        (None, Some(labels)) if !tray.unavailable.load(Ordering::Relaxed) => {
            // Without its library, appindicator panics.
            if let Ok(new) = catch_unwind(AssertUnwindSafe(|| Made::new(app, labels))) {
                new.map(|new| *made = Some(new))
            } else {
                tracing::warn!("the tray icon needs libayatana-appindicator3");
                tray.unavailable.store(true, Ordering::Relaxed);
                Ok(())
            }
        }
        (None, _) => Ok(()),
    };
    let shown = wanted && made.is_some() && result.is_ok();
    tray.shown.store(shown, Ordering::Release);
    if let Err(error) = result {
        tracing::warn!(%error, "the tray icon could not be changed");
    }
}

impl Made {
    fn new(app: &AppHandle, labels: Labels) -> tauri::Result<Self> {
        let item =
            |id: &str, text: &str, enabled| MenuItem::with_id(app, id, text, enabled, None::<&str>);
        let open = item("open", labels.open, true)?;
        let unread = item("unread", &labels.unread, false)?;
        let front_page = item("front", labels.front_page, true)?;
        let sync = item("sync", labels.sync, labels.may_sync)?;
        let quit = item("quit", labels.quit, true)?;
        let separator = || PredefinedMenuItem::separator(app);
        let menu = Menu::with_items(
            app,
            &[
                &open,
                &unread,
                &separator()?,
                &front_page,
                &sync,
                &separator()?,
                &quit,
            ],
        )?;
        let mut builder = TrayIconBuilder::with_id("warta")
            .menu(&menu)
            .tooltip(&labels.tooltip)
            // Where a click is not reserved for the menu it opens the window.
            .show_menu_on_left_click(!cfg!(windows))
            .on_menu_event(|app, event| choose(app, event.id().as_ref()))
            .on_tray_icon_event(|icon, event| {
                if let TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                } = event
                    && cfg!(windows)
                {
                    show_soon(icon.app_handle());
                }
            });
        if let Some(icon) = app.default_window_icon() {
            builder = builder.icon(icon.clone());
        }
        Ok(Self {
            icon: builder.build(app)?,
            open,
            unread,
            front_page,
            sync,
            quit,
            labels,
        })
    }

    /// Shows the icon with these texts, or hides it.
    fn show(&mut self, labels: Option<Labels>) -> tauri::Result<()> {
        self.icon.set_visible(labels.is_some())?;
        let Some(labels) = labels.filter(|labels| *labels != self.labels) else {
            return Ok(());
        };
        self.open.set_text(labels.open)?;
        self.unread.set_text(&labels.unread)?;
        self.front_page.set_text(labels.front_page)?;
        self.sync.set_text(labels.sync)?;
        self.sync.set_enabled(labels.may_sync)?;
        self.quit.set_text(labels.quit)?;
        self.icon.set_tooltip(Some(&labels.tooltip))?;
        self.labels = labels;
        Ok(())
    }
}

/// Does what an item of the menu says.
fn choose(app: &AppHandle, item: &str) {
    match item {
        "open" => show_soon(app),
        "front" => open_target(app, LinkTarget::FrontPage),
        "sync" => app.state::<EngineHandle>().begin_sync_soon(app),
        "quit" => app.exit(0),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(language: &str, unread: u64, syncing: bool) -> Labels {
        let language = language.to_owned();
        Status {
            language,
            unread,
            syncing,
        }
        .labels()
    }

    #[test]
    fn the_menu_says_what_the_engine_does() {
        let idle = labels("en", 12, false);
        assert_eq!(idle.unread, "12 unread");
        assert_eq!(idle.tooltip, "Warta · 12 unread");
        assert_eq!((idle.sync, idle.may_sync), ("Sync now", true));
        let busy = labels("en", 12, true);
        assert_eq!((busy.sync, busy.may_sync), ("Syncing…", false));
        assert_ne!(idle, busy, "a sync that begins has to change the menu");
    }

    #[test]
    fn the_menu_follows_the_language() {
        let menu = labels("id", 1_200, true);
        assert_eq!(menu.open, "Buka Warta");
        assert_eq!(menu.unread, "1.200 belum dibaca");
        assert_eq!(menu.front_page, "Beranda");
        assert_eq!(menu.sync, "Menyinkronkan…");
        assert_eq!(menu.quit, "Keluar");
    }
}
