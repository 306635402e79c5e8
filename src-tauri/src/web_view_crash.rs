//! The web view's process ended: the page is loaded again. If it ends again within a minute, Warta on Linux
//! starts again without the graphics processor, whose drivers are the usual cause; elsewhere the reader is
//! asked.
//!
//! The engine is not affected. Not on Windows: there the web view does not report it through Tauri (2.12).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tauri::{Manager, WebviewWindow};
use tauri_plugin_dialog::DialogExt as _;

use crate::engine_handle::EngineHandle;
use crate::rendering;
use crate::words::Words;

/// Maximum time between two crashes for the second one to count as repeated.
const REPEATED: Duration = Duration::from_mins(1);

/// Crashes of the web view in this process.
#[derive(Default)]
pub(crate) struct Crashes {
    last: Mutex<Option<Instant>>,
    restarts: AtomicBool,
}

/// How Warta reacts to a crash.
#[derive(Debug, PartialEq, Eq)]
enum Reaction {
    Reload,
    /// Start again without the graphics processor.
    Restart,
    /// Show a message, and reload the page once the reader closes it.
    Ask,
}

fn reaction(since_last: Option<Duration>, may_restart: bool) -> Reaction {
    match since_last {
        Some(time) if time < REPEATED && may_restart => Reaction::Restart,
        Some(time) if time < REPEATED => Reaction::Ask,
        _ => Reaction::Reload,
    }
}

impl Crashes {
    /// Whether Warta is exiting in order to restart without the graphics processor.
    #[cfg(target_os = "linux")]
    pub(crate) fn ends_in_restart(&self) -> bool {
        self.restarts.load(Ordering::Acquire)
    }

    /// Records a crash; returns the time since the one before.
    fn count(&self, now: Instant) -> Option<Duration> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.replace(now).map(|before| now - before)
    }
}

/// The web view's process has ended unexpectedly.
pub(crate) fn handle(window: &WebviewWindow) {
    let app = window.app_handle();
    let crashes = app.state::<Crashes>();
    let may_restart = cfg!(target_os = "linux") && !rendering::is_software();
    let reaction = reaction(crashes.count(Instant::now()), may_restart);
    tracing::error!(?reaction, "the web view crashed");
    match reaction {
        Reaction::Reload => reload(window),
        Reaction::Restart => {
            crashes.restarts.store(true, Ordering::Release);
            app.exit(0);
        }
        Reaction::Ask => {
            let engine = app.state::<EngineHandle>().opened();
            let language = engine.map(|engine| engine.settings().language);
            let words = Words::of(&language.unwrap_or_default());
            let window = window.clone();
            app.dialog()
                .message(words.crashed_again)
                .title("Warta")
                .show(move |_| reload(&window));
        }
    }
}

fn reload(window: &WebviewWindow) {
    if let Err(error) = window.reload() {
        tracing::error!(%error, "the page could not be loaded again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_crash_within_a_minute_leads_to_software_rendering() {
        let crashes = Crashes::default();
        let begin = Instant::now();
        let seconds = |seconds| begin + Duration::from_secs(seconds);
        for (at, may_restart, expected) in [
            (0, true, Reaction::Reload),
            (59, true, Reaction::Restart),
            (119, true, Reaction::Reload),
            (120, false, Reaction::Ask),
            (500, false, Reaction::Reload),
        ] {
            let found = reaction(crashes.count(seconds(at)), may_restart);
            assert_eq!(found, expected, "at {at} s");
        }
    }
}
