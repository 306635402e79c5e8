//! Speech Dispatcher. One task owns the connection, which is opened for the first utterance and closed
//! when idle, because the service exits after its last client.

use std::time::Duration;

use tauri::AppHandle;
use tauri_specta::Event as _;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;
use warta_speech::{Address, Client, Error, Event, EventKind, Options};

use super::{SpeechEvent, SpeechOutcome, SpeechProblem, SystemVoice, SystemVoices, Utterance};

/// How long a connection that is not used stays open.
const IDLE: Duration = Duration::from_mins(1);
/// How long the app's end waits for speech to stop.
const CLOSING: Duration = Duration::from_millis(500);
/// Orders that wait for the one before them.
const ORDERS: usize = 16;
/// SSIP's rate at which espeak-ng speaks at 200 % of its usual speed.
const RATE_AT_DOUBLE: i32 = 61;

enum Order {
    Say(Utterance),
    Stop(oneshot::Sender<()>),
    Voices(oneshot::Sender<SystemVoices>),
}

pub(crate) struct Speaker(mpsc::Sender<Order>);

impl Speaker {
    pub(crate) fn new(app: AppHandle) -> Self {
        let (send, orders) = mpsc::channel(ORDERS);
        tauri::async_runtime::spawn(run(orders, move |id, outcome| {
            if let Err(error) = (SpeechEvent { id, outcome }).emit(&app) {
                tracing::warn!(%error, "cannot send an event to the window");
            }
        }));
        Self(send)
    }

    pub(super) async fn voices(&self) -> SystemVoices {
        let (answer, answered) = oneshot::channel();
        let _ = self.0.send(Order::Voices(answer)).await;
        answered
            .await
            .unwrap_or_else(|_| none(SpeechProblem::Failed))
    }

    pub(super) async fn say(&self, utterance: Utterance) {
        let _ = self.0.send(Order::Say(utterance)).await;
    }

    pub(super) async fn stop(&self) {
        let (answer, answered) = oneshot::channel();
        let _ = self.0.send(Order::Stop(answer)).await;
        let _ = answered.await;
    }

    /// Stops speaking before the app ends: the service would speak its queue to the end.
    pub(crate) fn close(&self) {
        tauri::async_runtime::block_on(async {
            let _ = tokio::time::timeout(CLOSING, self.stop()).await;
        });
    }
}

fn none(problem: SpeechProblem) -> SystemVoices {
    SystemVoices {
        problem: Some(problem),
        voices: Vec::new(),
    }
}

/// The connection and what is being spoken.
#[derive(Default)]
struct Connection {
    client: Option<Client>,
    /// The service's number and the window's id.
    current: Option<(u64, u32)>,
}

async fn run(mut orders: mpsc::Receiver<Order>, report: impl Fn(u32, SpeechOutcome) + Send) {
    let mut connection = Connection::default();
    loop {
        let is_idle = connection.client.is_some() && connection.current.is_none();
        tokio::select! {
            order = orders.recv() => match order {
                None => return,
                Some(Order::Say(utterance)) => {
                    let id = utterance.id;
                    if let Err(error) = connection.say(&utterance).await {
                        report(id, SpeechOutcome::Failed(connection.problem(&error)));
                    }
                }
                Some(Order::Stop(answer)) => {
                    connection.stop().await;
                    let _ = answer.send(());
                }
                Some(Order::Voices(answer)) => {
                    let _ = answer.send(connection.voices().await);
                }
            },
            event = next_event(&mut connection.client) => {
                if let Some((id, outcome)) = connection.take(event) {
                    report(id, outcome);
                }
            }
            () = sleep(IDLE), if is_idle => connection.client = None,
        }
    }
}

/// Without a connection there are no events.
async fn next_event(client: &mut Option<Client>) -> warta_speech::Result<Event> {
    match client {
        Some(client) => client.next_event().await,
        None => std::future::pending().await,
    }
}

impl Connection {
    async fn client(&mut self) -> warta_speech::Result<&mut Client> {
        let client = match self.client.take() {
            Some(client) => client,
            None => Client::connect(&Address::from_environment()?, &Options::default()).await?,
        };
        Ok(self.client.insert(client))
    }

    async fn say(&mut self, utterance: &Utterance) -> warta_speech::Result<()> {
        self.stop().await;
        let voice = utterance.voice.as_ref();
        let said = warta_speech::Utterance {
            text: &utterance.text,
            language: voice
                .map(|voice| voice.language.as_str())
                .or(utterance.language.as_deref()),
            voice: voice.map(|voice| (voice.module.as_str(), voice.name.as_str())),
            rate: rate(utterance.speed),
        };
        let number = self.client().await?.say(&said).await?;
        self.current = Some((number, utterance.id));
        Ok(())
    }

    async fn stop(&mut self) {
        if self.current.take().is_some()
            && let Some(client) = &mut self.client
            && let Err(error) = client.cancel().await
        {
            self.problem(&error);
        }
    }

    async fn voices(&mut self) -> SystemVoices {
        let found = match self.client().await {
            Ok(client) => client.voices().await,
            Err(error) => Err(error),
        };
        match found {
            Ok(voices) if voices.is_empty() => none(SpeechProblem::NoSynthesizer),
            Ok(voices) => SystemVoices {
                problem: None,
                voices: voices.into_iter().map(SystemVoice::from).collect(),
            },
            Err(error) => none(self.problem(&error)),
        }
    }

    /// What an event means for the utterance that is being spoken.
    fn take(&mut self, event: warta_speech::Result<Event>) -> Option<(u32, SpeechOutcome)> {
        let (number, id) = match (&event, self.current) {
            (Err(error), current) => {
                let problem = self.problem(error);
                self.current = None;
                return current.map(|(_, id)| (id, SpeechOutcome::Failed(problem)));
            }
            (Ok(_), Some(current)) => current,
            (Ok(_), None) => return None,
        };
        let event = event.ok().filter(|event| event.utterance == number)?;
        let outcome = match event.kind {
            EventKind::Ended => SpeechOutcome::Ended,
            EventKind::Cancelled => SpeechOutcome::Interrupted,
            EventKind::Began | EventKind::Paused | EventKind::Resumed | EventKind::Mark => {
                return None;
            }
        };
        self.current = None;
        Some((id, outcome))
    }

    /// Converts an error for the window. Closes a connection that is unusable.
    fn problem(&mut self, error: &Error) -> SpeechProblem {
        tracing::warn!(%error, "cannot speak");
        if !matches!(error, Error::Refused { .. } | Error::BadInput(_)) {
            self.client = None;
        }
        match error {
            Error::NotInstalled => SpeechProblem::NotInstalled,
            Error::NotStarted(_) => SpeechProblem::NotStarted,
            Error::NotLocal(_) => SpeechProblem::NotLocal,
            _ => SpeechProblem::Failed,
        }
    }
}

impl From<warta_speech::Voice> for SystemVoice {
    fn from(voice: warta_speech::Voice) -> Self {
        Self {
            module: voice.module,
            name: voice.name,
            language: voice.language,
        }
    }
}

/// SSIP's rate, -100 to 100, for a speed in percent. What a rate means is the synthesizer's choice;
/// up to 200 % this is exact for espeak-ng, from there to 300 % it rises evenly to the maximum.
fn rate(speed: u16) -> i8 {
    let speed = i32::from(speed.clamp(50, 300));
    let rate = match speed {
        ..=100 => 2 * (speed - 100),
        101..=200 => (speed - 100) * RATE_AT_DOUBLE / 100,
        _ => RATE_AT_DOUBLE + (speed - 200) * (100 - RATE_AT_DOUBLE) / 100,
    };
    rate as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_become_rates() {
        for (speed, expected) in [
            (0, -100),
            (50, -100),
            (75, -50),
            (100, 0),
            (150, 30),
            (200, 61),
            (250, 80),
            (300, 100),
            (u16::MAX, 100),
        ] {
            assert_eq!(rate(speed), expected, "{speed}");
        }
    }

    #[test]
    fn only_events_of_what_is_being_spoken_are_reported() {
        let mut connection = Connection {
            client: None,
            current: Some((8, 3)),
        };
        let mut take = |utterance, kind| connection.take(Ok(Event { utterance, kind }));
        assert_eq!(take(7, EventKind::Cancelled), None, "an older one");
        assert_eq!(take(8, EventKind::Began), None);
        assert_eq!(take(8, EventKind::Ended), Some((3, SpeechOutcome::Ended)));
        assert_eq!(take(8, EventKind::Cancelled), None, "it has ended");
        connection.current = Some((9, 4));
        let interrupted = Event {
            utterance: 9,
            kind: EventKind::Cancelled,
        };
        assert_eq!(
            connection.take(Ok(interrupted)),
            Some((4, SpeechOutcome::Interrupted))
        );
        connection.current = Some((10, 5));
        assert_eq!(
            connection.take(Err(Error::Lost(None))),
            Some((5, SpeechOutcome::Failed(SpeechProblem::Failed)))
        );
        assert_eq!(connection.take(Err(Error::Lost(None))), None);
    }
}
