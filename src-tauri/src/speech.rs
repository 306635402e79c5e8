//! Speech by the system's own service: Speech Dispatcher on Linux. Other systems have voices in their
//! web views, so there this only says that it is not supported.

#[cfg_attr(target_os = "linux", path = "speech/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "speech/elsewhere.rs")]
mod system;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::State;
use warta_engine::api::Failure;

pub(crate) use system::Speaker;

/// A voice of the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub(crate) struct SystemVoice {
    /// The synthesizer.
    module: String,
    /// The voice's name, unique within its synthesizer.
    name: String,
    /// BCP 47.
    language: String,
}

/// The voices of the system.
#[derive(Debug, Clone, Serialize, Type)]
pub(crate) struct SystemVoices {
    /// Why there are none.
    problem: Option<SpeechProblem>,
    /// Those of the usual synthesizer first.
    voices: Vec<SystemVoice>,
}

/// Why the system does not speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "the web view speaks")
)]
pub(crate) enum SpeechProblem {
    /// This system's voices are those of the web view.
    #[cfg_attr(
        target_os = "linux",
        expect(dead_code, reason = "Linux has a speech service")
    )]
    Unsupported,
    /// The speech service is not installed.
    NotInstalled,
    /// The speech service does not start.
    NotStarted,
    /// The speech service has no synthesizer.
    NoSynthesizer,
    /// The speech service is set to be on another computer.
    NotLocal,
    /// The speech service ended, or did what it should not.
    Failed,
}

/// A text to speak.
#[derive(Debug, Clone, Deserialize, Type)]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "the web view speaks")
)]
pub(crate) struct Utterance {
    /// Chosen by the window; names this text in events.
    id: u32,
    text: String,
    /// BCP 47.
    language: Option<String>,
    voice: Option<SystemVoice>,
    /// In percent, 50 to 300.
    speed: u16,
}

/// What became of an utterance. There is none for one that the window has stopped or replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "the web view speaks")
)]
pub(crate) enum SpeechOutcome {
    /// It was spoken to its end.
    Ended,
    /// Another program stopped it.
    Interrupted,
    /// It could not be spoken.
    Failed(SpeechProblem),
}

/// An utterance has ended.
#[derive(Debug, Clone, Serialize, Type, tauri_specta::Event)]
pub(crate) struct SpeechEvent {
    id: u32,
    outcome: SpeechOutcome,
}

/// The system's voices. Starts the speech service if it does not run.
#[tauri::command]
#[specta::specta]
pub(crate) async fn system_voices(speaker: State<'_, Speaker>) -> Result<SystemVoices, Failure> {
    Ok(speaker.voices().await)
}

/// Speaks a text in place of the one that is being spoken; an event reports its end.
#[tauri::command]
#[specta::specta]
pub(crate) async fn speak(
    speaker: State<'_, Speaker>,
    utterance: Utterance,
) -> Result<(), Failure> {
    speaker.say(utterance).await;
    Ok(())
}

/// Stops speaking.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_speaking(speaker: State<'_, Speaker>) -> Result<(), Failure> {
    speaker.stop().await;
    Ok(())
}
