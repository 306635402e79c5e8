//! Events sent to the window.

use serde::Serialize;
use specta::Type;
use warta_engine::api::Event;

/// An event from the engine.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct EngineEvent(pub(crate) Event);
