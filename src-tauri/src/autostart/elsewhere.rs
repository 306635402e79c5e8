//! Windows and macOS, by Tauri's plugin.

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Wry};
use tauri_plugin_autostart::ManagerExt as _;
use warta_engine::api::{Failure, FailureCode};

use crate::start::{HIDDEN, given_data_dir};

/// The plugin with the arguments of a start at login.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    let mut plugin = tauri_plugin_autostart::Builder::new().arg(HIDDEN);
    if let Some(folder) = given_data_dir() {
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        let folder = folder.to_string_lossy();
        // On Windows the arguments become one line.
        let folder = if cfg!(windows) {
            format!("\"{folder}\"")
        } else {
            folder.into_owned()
        };
        plugin = plugin.arg("--data-dir").arg(folder);
    }
    plugin.build()
}

pub(super) fn is_on(app: &AppHandle) -> bool {
    app.autolaunch().is_enabled().unwrap_or(false)
}

pub(super) fn set(app: &AppHandle, on: bool) -> Result<(), Failure> {
    let login = app.autolaunch();
    let result = if on { login.enable() } else { login.disable() };
    result.map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}
