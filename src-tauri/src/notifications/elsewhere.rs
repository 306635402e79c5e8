//! Windows and macOS, by notify-rust. A thread waits for each notification's click.

use tauri::AppHandle;
use warta_engine::text;

use super::Notification;
use crate::links::open_target;

/// Shows notifications.
pub(crate) struct Notifications {
    app: AppHandle,
}

impl Notifications {
    pub(crate) fn new(app: &AppHandle) -> Self {
        Self { app: app.clone() }
    }

    /// Whether the notification was shown.
    pub(crate) async fn show(&self, notification: Notification) -> bool {
        let Notification { title, text, opens } = notification;
        // Not Tauri's plugin, which injects a script into the page.
        let mut shown = notify_rust::Notification::new();
        shown
            .appname("Warta")
            .summary(&text::plain_line(&title))
            .body(&text::notification(&text, false));
        #[cfg(windows)]
        shown.app_id(&self.app.config().identifier);
        let result = tauri::async_runtime::spawn_blocking(move || shown.show()).await;
        match result {
            Ok(Ok(handle)) => {
                let app = self.app.clone();
                // Its own thread: the reader may leave a notification alone for hours.
                std::thread::spawn(move || {
                    handle.wait_for_action(|action| {
                        if action != "__closed" {
                            open_target(&app, opens);
                        }
                    });
                });
                true
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot show a notification");
                false
            }
            Err(_) => false,
        }
    }
}
