//! Windows: the progress of the window's button in the taskbar. A number would have to be drawn as a picture; the
//! tray's tooltip has it.

use tauri::AppHandle;
use tauri::window::{ProgressBarState, ProgressBarStatus};

use super::Status;
use crate::window::main;

#[expect(clippy::unused_async, reason = "Linux waits for its bus")]
pub(super) async fn show(app: &AppHandle, status: Status) {
    let Some(window) = main(app) else {
        return;
    };
    let bar = ProgressBarState {
        status: Some(match status.synced {
            Some(_) => ProgressBarStatus::Normal,
            None => ProgressBarStatus::None,
        }),
        progress: status.synced.map(u64::from),
    };
    if let Err(error) = window.set_progress_bar(bar) {
        tracing::warn!(%error, "the progress in the taskbar was not changed");
    }
}
