use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::UnixListener;
use warta_speech::{Address, Client, Error, EventKind, Options, Utterance};

use crate::stand_in::{StandIn, connect};

const WORD: Utterance<'_> = Utterance {
    text: "Satu.",
    language: None,
    voice: None,
    rate: 0,
};

#[tokio::test]
async fn a_service_that_ends_in_the_middle_is_reported() {
    for (at, server) in [
        (
            "the greeting",
            StandIn::start(|line| line.starts_with("SET SELF CLIENT").then_some("\u{4}")),
        ),
        (
            "a text",
            StandIn::start(|line| (line == "END").then_some("\u{4}")),
        ),
        (
            "a reply",
            StandIn::start(|line| (line == "END").then_some("225-1\r\n225 OK MESS\u{4}")),
        ),
    ] {
        let said = async { server.client().await?.say(&WORD).await };
        let error = said.await.unwrap_err();
        assert!(matches!(error, Error::Lost(_)), "{at}: {error}");
    }
}

#[tokio::test]
async fn waiting_for_events_ends_with_the_service() {
    let server = StandIn::start(|line| {
        (line == "END").then_some(
            "225-1\r\n225 OK MESSAGE QUEUED\r\n701-1\r\n701-1\r\n701 BEGIN\r\n702-1\r\n\u{4}",
        )
    });
    let mut client = server.client().await.unwrap();
    client.say(&WORD).await.unwrap();
    assert_eq!(client.next_event().await.unwrap().kind, EventKind::Began);
    assert!(matches!(client.next_event().await, Err(Error::Lost(_))));
    assert!(matches!(client.say(&WORD).await, Err(Error::Lost(_))));
}

#[tokio::test]
async fn a_service_that_does_not_reply_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    // Connections wait in the socket's queue, and nothing answers.
    let _listener = UnixListener::bind(&socket).unwrap();
    let options = Options {
        patience: Duration::from_millis(20),
        ..Options::default()
    };
    let error = Client::connect(&Address::Unix(socket), &options)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NoReply), "{error}");
}

#[tokio::test]
async fn what_is_not_ssip_is_an_error() {
    let endless = "a".repeat(70 << 10);
    for sent in [
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\u{fffd}\u{fffd}\r\n",
        "208\r\n",
        "100 WAIT\r\n",
        "208-a\r\n209 OK\r\n",
        endless.as_str(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("s")).unwrap();
        let sent = sent.to_owned();
        let shown: String = sent.chars().take(20).collect();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.write_all(sent.as_bytes()).await;
            stream
        });
        let error = connect(&folder.path().join("s")).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{shown}: {error}");
        drop(server.await);
    }
}
