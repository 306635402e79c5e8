//! Commands for older articles from publishers' archives.

use tauri::State;
use warta_engine::api::{OlderLimits, OlderRequest, OlderRun};

use crate::commands::Result;
use crate::engine_handle::EngineHandle;

/// What limits a feed's older articles; `unread`: they would arrive as unread.
#[tauri::command]
#[specta::specta]
pub(crate) async fn older_limits(
    handle: State<'_, EngineHandle>,
    feed: u32,
    unread: bool,
) -> Result<OlderLimits> {
    let engine = handle.engine().await?;
    engine.back_issues().limits(feed, unread).await
}

/// How far fetching a feed's older articles is, or what it did last.
#[tauri::command]
#[specta::specta]
pub(crate) async fn older_run(
    handle: State<'_, EngineHandle>,
    feed: u32,
) -> Result<Option<OlderRun>> {
    handle
        .call(move |engine| engine.back_issues().state(feed))
        .await
}

/// Starts fetching a feed's older articles.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_older(
    handle: State<'_, EngineHandle>,
    feed: u32,
    request: OlderRequest,
) -> Result<OlderRun> {
    let begun = handle
        .call(move |engine| engine.back_issues().begin(feed, &request))
        .await?;
    let engine = handle.engine().await?;
    handle.in_background(async move {
        if let Err(failure) = engine.back_issues().run(feed).await {
            tracing::error!(?failure, feed, "cannot fetch older articles");
        }
    });
    Ok(begun)
}

/// Stops fetching a feed's older articles.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_older(handle: State<'_, EngineHandle>, feed: u32) -> Result<()> {
    handle
        .call(move |engine| engine.back_issues().stop(feed))
        .await
}
