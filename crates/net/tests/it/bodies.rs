//! Bodies: compressed, cut, endless, broken.

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use warta_net::{FetchError, Request, Wanted};

use crate::server::{Reply, Server, Then};
use crate::{client, failure, fetched, request};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn encoded(coding: &str, bytes: &[u8]) -> Vec<u8> {
    match coding {
        "gzip" => gzip(bytes),
        "deflate" => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        "br" => {
            let mut out = Vec::new();
            let parameters = brotli::enc::BrotliEncoderParams {
                quality: 5,
                ..Default::default()
            };
            brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters).unwrap();
            out
        }
        _ => zstd::encode_all(bytes, 3).unwrap(),
    }
}

async fn serving(coding: &'static str, body: Vec<u8>) -> Server {
    Server::start(move |_| Reply::of(200, &[("Content-Encoding", coding)], &body)).await
}

#[tokio::test]
async fn every_coding_is_undone_and_none_outgrows_its_bound() {
    let text = "Kabar baik hari ini. ".repeat(1_000);
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let server = serving(coding, encoded(coding, text.as_bytes())).await;
        assert_eq!(
            fetched(server.url("/")).await.bytes,
            text.as_bytes(),
            "{coding}"
        );
        // 20 MB that travel as a few kilobytes.
        let bomb = serving(coding, encoded(coding, &vec![0; 20 << 20])).await;
        assert_eq!(
            failure(bomb.url("/")).await,
            FetchError::TooLarge(100_000),
            "{coding}"
        );
    }
}

#[tokio::test]
async fn what_servers_make_of_codings_is_read_too() {
    let text = "Kabar baik hari ini. ".repeat(1_000);
    let bytes = text.as_bytes();
    let (first, second) = bytes.split_at(4_000);
    let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
    bare.write_all(bytes).unwrap();
    for (coding, body) in [
        ("deflate", bare.finish().unwrap()),
        ("gzip", [gzip(first), gzip(second)].concat()),
        ("gzip", [gzip(bytes), b"\0\0padding".to_vec()].concat()),
        ("X-GZIP", gzip(bytes)),
        ("identity", bytes.to_vec()),
        ("gzip, br", encoded("br", &gzip(bytes))),
    ] {
        let wire_bytes = body.len() as u64;
        let server = serving(coding, body).await;
        let fetched = fetched(server.url("/")).await;
        assert_eq!(fetched.bytes, bytes, "{coding}");
        assert_eq!(
            fetched.wire_bytes, wire_bytes,
            "{coding}: what came over the wire counts"
        );
    }
    let empty = serving("gzip", Vec::new()).await;
    assert_eq!(fetched(empty.url("/")).await.bytes, b"");
    let unknown = serving("lzw", b"?".to_vec()).await;
    assert!(matches!(
        failure(unknown.url("/")).await,
        FetchError::BrokeOff(_)
    ));
}

#[tokio::test]
async fn broken_compression_is_said() {
    let whole = gzip("Kabar baik hari ini. ".repeat(500).as_bytes());
    let cut = whole[..whole.len() / 2].to_vec();
    let mut wrong = whole.clone();
    for byte in wrong.iter_mut().skip(20) {
        *byte ^= 0x55;
    }
    for body in [cut, wrong, b"not gzip at all".to_vec()] {
        let server = serving("gzip", body).await;
        let failure = failure(server.url("/")).await;
        assert!(matches!(failure, FetchError::BrokeOff(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn each_kind_has_its_bound() {
    let server = Server::start(|asked| {
        let size = asked.path.trim_start_matches('/').parse().unwrap();
        Reply::of(200, &[], vec![b'x'; size])
    })
    .await;
    let client = client();
    for (wanted, bound) in [
        (Wanted::Feed, 100_000),
        (Wanted::Page, 50_000),
        (Wanted::Picture, 60_000),
    ] {
        let ask = |size: u64| Request {
            wanted,
            ..request(server.url(&format!("/{size}")))
        };
        client
            .fetch(ask(bound))
            .await
            .expect("exactly the bound is allowed");
        let failure = client.fetch(ask(bound + 1)).await.unwrap_err();
        assert_eq!(failure, FetchError::TooLarge(bound), "{wanted:?}");
    }
}

#[tokio::test]
async fn an_endless_body_is_left_at_its_bound() {
    let server = Server::start(|_| {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let chunk = [b"1000\r\n".as_slice(), &[b'x'; 0x1000], b"\r\n"].concat();
        Reply::raw(head, Then::Flood(chunk))
    })
    .await;
    assert_eq!(
        failure(server.url("/")).await,
        FetchError::TooLarge(100_000)
    );
}

#[tokio::test]
async fn a_cut_body_is_no_body() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nonly this",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nonly this",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "\u{1}\u{2}\u{3}garbage\r\n\r\n",
        "",
    ] {
        let server = Server::start(move |_| Reply::raw(answer, Then::Close)).await;
        let failure = failure(server.url("/")).await;
        assert!(
            matches!(failure, FetchError::BrokeOff(_)),
            "{answer:?}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn a_body_may_end_with_its_connection() {
    let server = Server::start(|_| {
        Reply::raw(
            "HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss/>",
            Then::Close,
        )
    })
    .await;
    let fetched = fetched(server.url("/")).await;
    assert_eq!(
        (fetched.bytes.as_slice(), fetched.wire_bytes),
        (b"<rss/>".as_slice(), 6)
    );
    let empty = Server::start(|_| Reply::of(200, &[], "")).await;
    assert!(crate::fetched(empty.url("/")).await.bytes.is_empty());
}
