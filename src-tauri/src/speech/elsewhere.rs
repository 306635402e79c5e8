//! Systems whose web view has voices.

use tauri::AppHandle;
use tauri_specta::Event as _;

use super::{SpeechEvent, SpeechOutcome, SpeechProblem, SystemVoices, Utterance};

pub(crate) struct Speaker(AppHandle);

impl Speaker {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self(app)
    }

    #[expect(clippy::unused_async, reason = "the same interface as on Linux")]
    pub(super) async fn voices(&self) -> SystemVoices {
        SystemVoices {
            problem: Some(SpeechProblem::Unsupported),
            voices: Vec::new(),
        }
    }

    #[expect(clippy::unused_async, reason = "the same interface as on Linux")]
    pub(super) async fn say(&self, utterance: Utterance) {
        let event = SpeechEvent {
            id: utterance.id,
            outcome: SpeechOutcome::Failed(SpeechProblem::Unsupported),
        };
        let _ = event.emit(&self.0);
    }

    #[expect(
        clippy::unused_async,
        clippy::unused_self,
        reason = "the same interface as on Linux"
    )]
    pub(super) async fn stop(&self) {}

    #[expect(clippy::unused_self, reason = "the same interface as on Linux")]
    pub(crate) fn close(&self) {}
}
