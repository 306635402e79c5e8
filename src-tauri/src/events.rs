//! What the window is told.

use serde::Serialize;
use specta::Type;
use warta_engine::api::Event;

/// Something happened in the engine.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct EngineEvent(pub(crate) Event);
