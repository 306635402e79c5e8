//! Long bodies in chunks, and resuming them.

use std::time::Duration;

use warta_net::{Client, FetchError, Limits, PartialDownload, Request, Wanted};

use crate::server::{Reply, Server, Then};
use crate::{client_with, limits, request};

const EPISODE: &[u8] = b"ID3 a long episode, in two pieces";

fn client() -> Client {
    client_with(Limits {
        audio_bytes: 100_000,
        pause: Duration::from_millis(300),
        ..limits()
    })
}

fn sound(server: &Server) -> Request {
    Request {
        wanted: Wanted::Audio,
        ..request(server.url("/episode.mp3"))
    }
}

/// All received bytes, and the result.
async fn all(
    client: &Client,
    request: Request,
    begun: Option<PartialDownload>,
) -> (u64, Option<String>, Vec<u8>, Result<(), FetchError>) {
    let mut download = match client.download(request, begun).await {
        Ok(download) => download,
        Err(error) => return (0, None, Vec::new(), Err(error)),
    };
    let mut bytes = Vec::new();
    let end = loop {
        match download.read(&mut bytes).await {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    (download.from, download.validator.clone(), bytes, end)
}

/// Serves the episode, or its rest to a request with this validator.
async fn episode(etag: &'static str) -> Server {
    Server::start(move |asked| {
        let from = asked.header("range").and_then(|range| {
            range
                .strip_prefix("bytes=")?
                .strip_suffix('-')?
                .parse()
                .ok()
        });
        match from {
            Some(from) if from >= EPISODE.len() => Reply::of(416, &[], ""),
            Some(from) if asked.header("if-range") == Some(etag) => {
                let range = format!("bytes {from}-{}/{}", EPISODE.len() - 1, EPISODE.len());
                let headers = [("Content-Range", range.as_str()), ("ETag", etag)];
                Reply::of(206, &headers, &EPISODE[from..])
            }
            _ => Reply::of(200, &[("ETag", etag)], EPISODE),
        }
    })
    .await
}

#[tokio::test]
async fn an_interrupted_download_resumes() {
    let head = format!(
        "HTTP/1.1 200 X\r\nETag: \"1\"\r\nContent-Length: {}\r\n\r\n",
        EPISODE.len()
    );
    let broken = [head.as_bytes(), &EPISODE[..10]].concat();
    let breaks = Server::start(move |_| Reply::raw(broken.clone(), Then::Close)).await;
    let client = client();
    let (from, validator, first, end) = all(&client, sound(&breaks), None).await;
    assert_eq!((from, first.as_slice()), (0, &EPISODE[..10]));
    assert!(matches!(end, Err(FetchError::BrokeOff(_))), "{end:?}");
    assert_eq!(validator.as_deref(), Some("\"1\""));

    let begun = PartialDownload {
        bytes: 10,
        validator: validator.unwrap(),
    };
    let whole = episode("\"1\"").await;
    let (from, _, rest, end) = all(&client, sound(&whole), Some(begun)).await;
    end.unwrap();
    assert_eq!((from, rest.as_slice()), (10, &EPISODE[10..]));
    assert_eq!(
        whole.asked()[0].header("accept-encoding"),
        Some("identity"),
        "ranges count uncompressed bytes"
    );
    assert_eq!(client.spent(), EPISODE.len() as u64, "no byte came twice");
}

#[tokio::test]
async fn a_changed_file_is_downloaded_again() {
    let server = episode("\"2\"").await;
    for bytes in [10, 500] {
        let begun = PartialDownload {
            bytes,
            validator: "\"1\"".into(),
        };
        let (from, _, all, end) = all(&client(), sound(&server), Some(begun)).await;
        end.unwrap();
        assert_eq!((from, all.as_slice()), (0, EPISODE), "after {bytes}");
    }
}

#[tokio::test]
async fn an_unrequested_range_is_rejected() {
    let server =
        Server::start(|_| Reply::of(206, &[("Content-Range", "bytes 20-32/33")], &EPISODE[20..]))
            .await;
    let begun = PartialDownload {
        bytes: 10,
        validator: "\"1\"".into(),
    };
    let (.., end) = all(&client(), sound(&server), Some(begun)).await;
    assert!(matches!(end, Err(FetchError::BrokeOff(_))), "{end:?}");
}

#[tokio::test]
async fn a_weak_validator_does_not_allow_resuming() {
    let server = Server::start(|_| Reply::of(200, &[("ETag", "W/\"1\"")], EPISODE)).await;
    let (_, validator, ..) = all(&client(), sound(&server), None).await;
    assert_eq!(validator, None);
}

#[tokio::test]
async fn a_download_is_limited_in_pauses_and_size_but_not_in_time() {
    let head = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = [b"1000\r\n".as_slice(), &[7; 0x1000], b"\r\n"].concat();
    let endless = Server::start(move |_| Reply::raw(head, Then::Flood(chunk.clone()))).await;
    let (.., end) = all(&client(), sound(&endless), None).await;
    assert_eq!(end, Err(FetchError::TooLarge(100_000)));

    let announced = Server::start(|_| Reply::of(200, &[], vec![7; 200_000])).await;
    let (.., end) = all(&client(), sound(&announced), None).await;
    assert_eq!(
        end,
        Err(FetchError::TooLarge(100_000)),
        "before a byte is read"
    );

    let silent = Server::start(move |_| {
        let head = "HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nID3";
        Reply::raw(head, Then::Hang)
    })
    .await;
    let (_, _, here, end) = all(&client(), sound(&silent), None).await;
    assert_eq!(here, b"ID3", "received bytes are kept");
    assert!(matches!(end, Err(FetchError::TimedOut(_))), "{end:?}");
}
