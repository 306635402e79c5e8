use warta_speech::{Error, EventKind, Utterance};

use crate::stand_in::StandIn;

fn utterance(text: &str) -> Utterance<'_> {
    Utterance {
        text,
        language: Some("id"),
        voice: Some(("espeak-ng", "Indonesian (Jakarta)")),
        rate: 30,
    }
}

#[tokio::test]
async fn an_utterance_is_said_with_its_voice_and_its_events_follow() {
    let server = StandIn::start(|_| None);
    let mut client = server.client().await.unwrap();
    let first = client.say(&utterance("Satu.\n.Dua")).await.unwrap();
    let second = client.say(&utterance("Tiga.")).await.unwrap();
    assert_ne!(first, second);
    let mut events = Vec::new();
    for _ in 0..4 {
        let event = client.next_event().await.unwrap();
        events.push((event.utterance, event.kind));
    }
    let expected = [first, second]
        .into_iter()
        .flat_map(|utterance| [EventKind::Began, EventKind::Ended].map(|kind| (utterance, kind)));
    assert_eq!(events, expected.collect::<Vec<_>>());
    let received = server.received();
    assert_eq!(
        received[..13],
        [
            "SET SELF CLIENT_NAME ani:warta:reading",
            "SET SELF PRIORITY MESSAGE",
            "SET SELF SSML_MODE OFF",
            "SET SELF NOTIFICATION ALL ON",
            "SET SELF OUTPUT_MODULE espeak-ng",
            "SET SELF LANGUAGE id",
            "SET SELF SYNTHESIS_VOICE Indonesian (Jakarta)",
            "SET SELF RATE 30",
            "SPEAK",
            "Satu.",
            "..Dua",
            ".",
            "SET SELF OUTPUT_MODULE espeak-ng",
        ]
    );
}

#[tokio::test]
async fn events_before_a_reply_are_kept_in_their_order() {
    let server = StandIn::start(|line| match line {
        "END" => Some("701-7\r\n701-1\r\n701 BEGIN\r\n225-7\r\n225 OK MESSAGE QUEUED\r\n"),
        "CANCEL SELF" => Some(
            "700-7\r\n700-1\r\n700-a\r\n700 INDEX MARK\r\n704-7\r\n704-1\r\n704 PAUSED\r\n\
             705-7\r\n705-1\r\n705 RESUMED\r\n799-7\r\n799 NEW KIND\r\n213 OK CANCELED\r\n\
             703-7\r\n703-1\r\n703 CANCELED\r\n",
        ),
        _ => None,
    });
    let mut client = server.client().await.unwrap();
    assert_eq!(client.say(&utterance("Satu.")).await.unwrap(), 7);
    client.cancel().await.unwrap();
    for kind in [
        EventKind::Began,
        EventKind::Mark,
        EventKind::Paused,
        EventKind::Resumed,
        EventKind::Cancelled,
    ] {
        assert_eq!(client.next_event().await.unwrap().kind, kind);
    }
}

#[tokio::test]
async fn voices_are_listed_by_synthesizer_the_usual_one_first() {
    let server = StandIn::start(|_| None);
    let mut client = server.client().await.unwrap();
    let voices = client.voices().await.unwrap();
    let named: Vec<(&str, &str)> = voices
        .iter()
        .map(|voice| (voice.module.as_str(), voice.name.as_str()))
        .collect();
    assert_eq!(
        named,
        [("festival", "Indonesian"), ("espeak-ng", "Indonesian")],
        "without variants and without the placeholder"
    );
    assert_eq!(
        server.received().last().unwrap(),
        "SET SELF OUTPUT_MODULE festival",
        "the usual synthesizer is chosen again"
    );
}

#[tokio::test]
async fn a_synthesizer_that_fails_hides_no_other() {
    let server = StandIn::start(|line| {
        (line == "SET SELF OUTPUT_MODULE festival")
            .then_some("412 ERR COULDNT SET OUTPUT MODULE\r\n")
    });
    let mut client = server.client().await.unwrap();
    let voices = client.voices().await.unwrap();
    assert_eq!(voices.len(), 1);
    assert_eq!(voices[0].module, "espeak-ng");
}

#[tokio::test]
async fn a_service_without_synthesizer_has_no_voices() {
    for none in [
        "250-dummy\r\n250 OK MODULE LIST SENT\r\n",
        "250 OK MODULE LIST SENT\r\n",
        "306 ERR CANT LIST OUTPUT MODULES\r\n",
    ] {
        let server = match none {
            "306 ERR CANT LIST OUTPUT MODULES\r\n" => StandIn::start(|line| {
                (line == "LIST OUTPUT_MODULES").then_some("306 ERR CANT LIST OUTPUT MODULES\r\n")
            }),
            "250 OK MODULE LIST SENT\r\n" => StandIn::start(|line| {
                (line == "LIST OUTPUT_MODULES").then_some("250 OK MODULE LIST SENT\r\n")
            }),
            _ => StandIn::start(|line| {
                (line == "LIST OUTPUT_MODULES")
                    .then_some("250-dummy\r\n250 OK MODULE LIST SENT\r\n")
            }),
        };
        let mut client = server.client().await.unwrap();
        assert!(client.voices().await.unwrap().is_empty(), "{none}");
    }
}

#[tokio::test]
async fn a_refused_command_is_an_error_and_the_connection_goes_on() {
    let server = StandIn::start(|line| {
        (line == "SET SELF LANGUAGE xx").then_some("409 ERR PARAMETER NOT ON OR OFF\r\n")
    });
    let mut client = server.client().await.unwrap();
    let odd = Utterance {
        language: Some("xx"),
        ..utterance("Satu.")
    };
    let refused = client.say(&odd).await;
    assert!(matches!(refused, Err(Error::Refused { code: 409, .. })));
    assert!(client.say(&utterance("Satu.")).await.is_ok());
}

#[tokio::test]
async fn no_value_can_carry_a_command() {
    let server = StandIn::start(|_| None);
    let mut client = server.client().await.unwrap();
    for bad in [
        Utterance {
            language: Some("id\r\nSTOP ALL"),
            ..utterance("a")
        },
        Utterance {
            voice: Some(("espeak-ng", "a\nSTOP ALL")),
            ..utterance("a")
        },
        Utterance {
            voice: Some(("a\r\nSTOP ALL", "a")),
            ..utterance("a")
        },
    ] {
        let refused = client.say(&bad).await;
        assert!(matches!(refused, Err(Error::BadInput(_))), "{bad:?}");
    }
    assert_eq!(
        server.received().len(),
        4,
        "nothing was sent after the greeting"
    );
}
