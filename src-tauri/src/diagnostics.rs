//! "Copy diagnostics".

use tauri::{AppHandle, State};
use warta_engine::api::{Failure, FailureCode};
use warta_engine::{FrontEnd, Host as _, diagnostics_text};
use warta_log::Program;

use crate::commands::Result;
use crate::engine_handle::EngineHandle;
use crate::host::System;
use crate::rendering;

/// Copies the diagnostics to the clipboard and returns them, also where the engine did not open.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_diagnostics(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<String> {
    let engine = handle.engine().await;
    let folder = handle.folder().clone();
    let compose = move || {
        let about = FrontEnd {
            program: Program::App,
            folder: &folder,
            facts: vec![
                ("Web view", web_view()),
                ("Drawing", rendering::described().to_owned()),
            ],
        };
        let text = diagnostics_text(engine.as_ref(), &about);
        let copied = System(app).copy(&text);
        copied.map(|()| text)
    };
    tokio::task::spawn_blocking(compose)
        .await
        .map_err(|error| error.to_string())
        .flatten()
        .map_err(|error| Failure::new(FailureCode::Internal, error))
}

fn web_view() -> String {
    let name = if cfg!(windows) {
        "WebView2"
    } else if cfg!(target_os = "macos") {
        "WebKit"
    } else {
        "WebKitGTK"
    };
    match tauri::webview_version() {
        Ok(version) => format!("{name} {version}"),
        Err(error) => format!("{name}, version unknown: {error}"),
    }
}
