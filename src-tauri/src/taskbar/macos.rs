//! macOS: the badge of the icon in the Dock, which needs no window, unlike Tauri's own call for it. The Dock has
//! no progress bar of its own.

use objc2::MainThreadMarker;
use objc2_app_kit::NSApplication;
use objc2_foundation::NSString;
use tauri::AppHandle;

use super::Status;

#[expect(clippy::unused_async, reason = "Linux waits for its bus")]
pub(super) async fn show(app: &AppHandle, status: Status) {
    let shown = app.run_on_main_thread(move || badge(status.unread));
    if let Err(error) = shown {
        tracing::warn!(%error, "the badge in the Dock was not changed");
    }
}

fn badge(unread: u64) {
    let Some(thread) = MainThreadMarker::new() else {
        return;
    };
    let label = (unread > 0).then(|| NSString::from_str(&unread.to_string()));
    let tile = NSApplication::sharedApplication(thread).dockTile();
    tile.setBadgeLabel(label.as_deref());
}
