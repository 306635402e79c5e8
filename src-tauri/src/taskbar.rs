//! What the taskbar or Dock shows at Warta's icon: the number of unread articles and how far a sync is.
//!
//! Linux shows both, where the desktop's dock knows the launcher interface; Windows only the sync, at the
//! window's button; macOS only the number.

#[cfg_attr(target_os = "linux", path = "taskbar/linux.rs")]
#[cfg_attr(target_os = "macos", path = "taskbar/macos.rs")]
#[cfg_attr(windows, path = "taskbar/windows.rs")]
mod system;

use std::time::Duration;

use tauri::AppHandle;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};
use warta_engine::Engine;
use warta_engine::api::{Event, SyncProgress};

/// Events within this time lead to one change.
const SETTLED: Duration = Duration::from_millis(400);

/// What the icon shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Status {
    /// 0 shows no number.
    unread: u64,
    /// Percent of a sync's feeds that are done.
    synced: Option<u8>,
}

/// Shows the state of the engine. Runs until dropped.
pub(crate) async fn follow(app: AppHandle, engine: Engine) {
    let mut events = engine.events();
    let mut shown = Status::default();
    let mut unread = count(&engine).await;
    loop {
        let status = Status {
            unread,
            synced: engine.sync().sync_progress().and_then(|now| percent(&now)),
        };
        if status != shown {
            system::show(&app, status).await;
            shown = status;
        }
        let Some(mut recount) = change(&mut events).await else {
            return;
        };
        let until = Instant::now() + SETTLED;
        while let Ok(next) = timeout_at(until, change(&mut events)).await {
            let Some(next) = next else {
                return;
            };
            recount |= next;
        }
        if recount {
            unread = count(&engine).await;
        }
    }
}

/// Waits for an event that may change the icon; whether the number may have changed. `None` at the end.
async fn change(events: &mut Receiver<Event>) -> Option<bool> {
    loop {
        match events.recv().await {
            Ok(Event::SyncProgress { .. }) => return Some(false),
            Ok(
                Event::SyncFinished { .. } | Event::ArticlesArrived { .. } | Event::PlacesChanged,
            )
            | Err(RecvError::Lagged(_)) => return Some(true),
            Ok(_) => {}
            Err(RecvError::Closed) => return None,
        }
    }
}

/// The number that the icon shows; 0 where it shows none.
async fn count(engine: &Engine) -> u64 {
    if cfg!(windows) || !engine.settings().unread_badge {
        return 0;
    }
    let of = engine.clone();
    match tokio::task::spawn_blocking(move || of.lists().unread()).await {
        Ok(Ok(unread)) => unread,
        Ok(Err(failure)) => {
            tracing::warn!(?failure, "the unread articles could not be counted");
            0
        }
        Err(_) => 0,
    }
}

/// `None` for a sync without feeds, which fetches pictures only.
fn percent(progress: &SyncProgress) -> Option<u8> {
    let done = u64::from(progress.done) * 100;
    let percent = done.checked_div(u64::from(progress.total))?;
    Some(percent.min(100) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sync_is_shown_in_percent_of_its_feeds() {
        for (done, total, percent_done) in [
            (0, 0, None),
            (0, 3, Some(0)),
            (1, 3, Some(33)),
            (3, 3, Some(100)),
            (u32::MAX, 1, Some(100)),
        ] {
            let progress = SyncProgress {
                total,
                done,
                ..SyncProgress::default()
            };
            assert_eq!(percent(&progress), percent_done, "{done} of {total}");
        }
    }
}
