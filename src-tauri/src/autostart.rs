//! Starting at login, without a window. What the system does is the truth: at each start the setting follows
//! it, since the reader may have changed it with the desktop's own tools, or restored a snapshot of another
//! computer.

#[cfg_attr(target_os = "linux", path = "autostart/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "autostart/elsewhere.rs")]
mod system;

use tauri::AppHandle;
use warta_engine::Engine;
use warta_engine::api::{Failure, Settings};

#[cfg(any(windows, target_os = "macos"))]
pub(crate) use system::plugin;

/// Makes the system start Warta at login, or not any more.
pub(crate) fn set(app: &AppHandle, on: bool) -> Result<(), Failure> {
    system::set(app, on)
}

/// Makes the setting say what the system does. Blocking; before the window reads the settings, which it
/// stores as a whole.
pub(crate) fn agree(app: &AppHandle, engine: &Engine) {
    let settings = engine.settings();
    let start_at_login = system::is_on(app);
    if start_at_login == settings.start_at_login || engine.is_read_only() {
        return;
    }
    let settings = Settings {
        start_at_login,
        ..settings
    };
    if let Err(failure) = engine.set_settings(settings) {
        tracing::warn!(
            ?failure,
            "the setting of the start at login was not renewed"
        );
    }
}
