//! The commands that read or write files which the reader chooses: subscriptions, snapshots, other
//! readers' exports, saved articles.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use warta_engine::Maintenance;
use warta_engine::api::{
    Failure, FailureCode, ImportReport, ImportSummary, RestoreSummary, SavedExport, SavedFormat,
    SyncScope,
};

use crate::commands::{Result, begin_sync, chosen};
use crate::engine_handle::EngineHandle;

/// Maximum size of an OPML file, in bytes.
const LARGEST_OPML: u64 = 64 << 20;

/// Imports an OPML file and starts fetching its feeds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_opml(
    handle: State<'_, EngineHandle>,
    bytes: Vec<u8>,
) -> Result<ImportReport> {
    let (report, ids) = handle
        .call(move |engine| engine.opml().import_opml(&bytes))
        .await?;
    begin_sync(&handle, SyncScope::Feeds { ids }).await?;
    Ok(report)
}

/// Imports an OPML file that the reader chooses; `None` if the reader cancels.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_opml_file(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<Option<ImportReport>> {
    let dialog = app.dialog().file().add_filter("OPML", &["opml", "xml"]);
    let Some(path) = chosen(|answer| dialog.pick_file(answer)).await? else {
        return Ok(None);
    };
    import_opml_at(handle, path).await.map(Some)
}

/// Imports an OPML file that the reader chose or opened, and starts fetching its feeds.
pub(crate) async fn import_opml_at(
    handle: State<'_, EngineHandle>,
    path: PathBuf,
) -> Result<ImportReport> {
    let bytes = tokio::task::spawn_blocking(move || read_bounded(&path))
        .await
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))??;
    import_opml(handle, bytes).await
}

/// Reads a snapshot that the reader chooses and returns what restoring it would add; `None` if the
/// reader cancels.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_restore_file(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<Option<RestoreSummary>> {
    let dialog = app.dialog().file().add_filter("Warta", &["jsonl"]);
    let Some(path) = chosen(|answer| dialog.pick_file(answer)).await? else {
        return Ok(None);
    };
    handle
        .call(move |engine| engine.restoring().plan_restore(&path).map(Some))
        .await
}

/// Reads a file of another reader or service that the reader chooses and returns what importing it
/// would bring; `None` if the reader cancels.
#[tauri::command]
#[specta::specta]
pub(crate) async fn plan_import_file(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<Option<ImportSummary>> {
    let dialog = app.dialog().file();
    let Some(path) = chosen(|answer| dialog.pick_file(answer)).await? else {
        return Ok(None);
    };
    handle
        .call(move |engine| engine.importing().plan_import(&path).map(Some))
        .await
}

/// Applies the last import plan and starts fetching its feeds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn apply_import(
    handle: State<'_, EngineHandle>,
    plan: u32,
) -> Result<ImportSummary> {
    let (summary, ids) = handle
        .call(move |engine| engine.importing().apply_import(plan))
        .await?;
    if !ids.is_empty() {
        begin_sync(&handle, SyncScope::Feeds { ids }).await?;
    }
    Ok(summary)
}

/// Exports saved articles to a file or folder that the reader chooses; `None` if the reader cancels.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_saved(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
    format: SavedFormat,
) -> Result<Option<SavedExport>> {
    let dialog = app.dialog().file();
    let (name, kind, end) = match format {
        SavedFormat::JsonFeed => ("warta.json", "JSON Feed", "json"),
        SavedFormat::Bookmarks => ("warta.html", "HTML", "html"),
        SavedFormat::Csv => ("warta.csv", "CSV", "csv"),
        SavedFormat::Markdown | SavedFormat::Epub => ("", "", ""),
    };
    let path = if name.is_empty() {
        chosen(|answer| dialog.pick_folder(answer)).await?
    } else {
        let dialog = dialog.set_file_name(name).add_filter(kind, &[end]);
        chosen(|answer| dialog.save_file(answer)).await?
    };
    let Some(path) = path else {
        return Ok(None);
    };
    handle
        .call(move |engine| engine.saved_export().export_saved(&path, format).map(Some))
        .await
}

/// Exports the subscriptions to a file that the reader chooses; returns the file's name, if any.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_opml_file(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<Option<String>> {
    let dialog = app
        .dialog()
        .file()
        .set_file_name("warta.opml")
        .add_filter("OPML", &["opml"]);
    let Some(path) = chosen(|answer| dialog.save_file(answer)).await? else {
        return Ok(None);
    };
    handle
        .call(move |engine| {
            Maintenance::write_file(&path, engine.opml().export_opml()?.as_bytes())?;
            Ok(Some(path.display().to_string()))
        })
        .await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the reader chose this file in a dialog, or opened it with Warta"
)]
fn read_bounded(path: &Path) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path)
        .map_err(|error| unusable_file(&error))?
        .len();
    if size > LARGEST_OPML {
        return Err(Failure::new(
            FailureCode::BadInput,
            "the file is too large for an OPML file",
        ));
    }
    std::fs::read(path).map_err(|error| unusable_file(&error))
}

fn unusable_file(error: &std::io::Error) -> Failure {
    Failure::new(FailureCode::BadInput, error.to_string())
}
