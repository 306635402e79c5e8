//! Bodies: compressed, truncated, endless, broken.

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use warta_net::{FetchError, FileKind, Request, Wanted};

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
async fn every_encoding_is_decoded_within_the_size_limit() {
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
async fn irregular_content_encodings_are_accepted() {
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
}

#[tokio::test]
async fn unknown_content_encodings_are_ignored() {
    let text = "Kabar baik hari ini. ".repeat(200);
    let plain = text.as_bytes();
    for (coding, body) in [
        ("UTF-8", plain.to_vec()),
        ("aws-chunked", plain.to_vec()),
        ("none", plain.to_vec()),
        ("text/xml; charset=utf-8", plain.to_vec()),
        ("binary, identity", plain.to_vec()),
        (",", plain.to_vec()),
        ("aws-chunked,gzip", gzip(plain)),
        ("gzip, aws-chunked", gzip(plain)),
        ("utf-8, br", encoded("br", plain)),
        ("none,none,none,none,none, GZIP", gzip(plain)),
    ] {
        let server = serving(coding, body).await;
        assert_eq!(fetched(server.url("/")).await.bytes, plain, "{coding}");
    }
    let often = gzip(&gzip(&gzip(&gzip(plain))));
    let server = serving("gzip, gzip, gzip, gzip", often).await;
    let failure = failure(server.url("/")).await;
    assert!(matches!(failure, FetchError::BrokeOff(_)), "{failure:?}");
}

#[tokio::test]
async fn a_compressed_file_is_recognised_by_its_first_bytes() {
    let text = "<rss>Kabar baik hari ini.</rss>".repeat(200);
    let plain = text.as_bytes().to_vec();
    for (headers, body, expected) in [
        (
            vec![("Content-Type", "application/gzip")],
            gzip(&plain),
            Some(&plain),
        ),
        (
            vec![("Content-Type", "application/rss+xml")],
            gzip(&plain),
            Some(&plain),
        ),
        (vec![], gzip(&plain), Some(&plain)),
        // The server compresses the file once more.
        (
            vec![("Content-Encoding", "gzip")],
            gzip(&gzip(&plain)),
            Some(&plain),
        ),
        (
            vec![("Content-Encoding", "none")],
            gzip(&plain),
            Some(&plain),
        ),
        // Its first bytes are misleading.
        (vec![], b"\x1F\x8B\x08 words".to_vec(), None),
    ] {
        let sent = body.clone();
        let server = Server::start(move |_| Reply::of(200, &headers, &sent)).await;
        let fetched = fetched(server.url("/feed.xml.gz")).await;
        assert_eq!(&fetched.bytes, expected.unwrap_or(&body));
        assert_eq!(fetched.wire_bytes, body.len() as u64);
    }
    let bomb = gzip(&vec![b' '; 20 << 20]);
    let server = Server::start(move |_| Reply::of(200, &[], &bomb)).await;
    assert_eq!(
        failure(server.url("/")).await,
        FetchError::TooLarge(100_000)
    );
    let old = Server::start(|_| Reply::of(200, &[], b"\x1F\x9D\x90lzw")).await;
    let failure = failure(old.url("/")).await;
    assert!(matches!(failure, FetchError::BrokeOff(_)), "{failure:?}");
}

#[tokio::test]
async fn a_file_in_place_of_a_page_is_abandoned_early() {
    let head = |length: usize, headers: &str| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{headers}\r\n").into_bytes()
    };
    let pdf = [b"%PDF-1.7\n".as_slice(), &[b'x'; 2_000]].concat();
    let mp3 = [b"ID3\x04\0\0\0\0\0\0".as_slice(), &[0; 2_000]].concat();
    // The rest of each body never arrives, so only early detection ends before the timeout.
    for (headers, body, kind) in [
        ("Content-Type: text/html\r\n", pdf.clone(), FileKind::Pdf),
        ("Content-Type: audio/mpeg\r\n", mp3.clone(), FileKind::Audio),
        ("", mp3, FileKind::Audio),
        (
            "Content-Encoding: br\r\n",
            encoded("br", &pdf),
            FileKind::Pdf,
        ),
        (
            "Content-Type: image/jpeg\r\n",
            vec![0xFF; 1_500],
            FileKind::Picture,
        ),
    ] {
        let body = if body.len() < 1_500 {
            // The stream continues after the compressed part.
            [body, vec![0; 1_500]].concat()
        } else {
            body
        };
        let answer = [head(40_000_000, headers), body].concat();
        let server = Server::start(move |_| Reply::raw(answer.clone(), Then::Hang)).await;
        let page = Request {
            wanted: Wanted::Page,
            ..request(server.url("/artikel"))
        };
        let refused = client().fetch(page).await.unwrap_err();
        assert_eq!(refused, FetchError::NotAPage(kind), "{headers}");
    }
    // Short files, compressed ones, and what only looks like one.
    for (headers, body, kind) in [
        (
            vec![("Content-Type", "text/html")],
            b"%PDF-1.4 short".to_vec(),
            Some(FileKind::Pdf),
        ),
        (
            vec![("Content-Encoding", "gzip")],
            gzip(&pdf),
            Some(FileKind::Pdf),
        ),
        (
            vec![("Content-Type", "application/json")],
            b"{}".to_vec(),
            Some(FileKind::Data),
        ),
        (
            vec![("Content-Type", "application/octet-stream")],
            b"<html><p>Berita".to_vec(),
            None,
        ),
        (
            vec![("Content-Type", "application/gzip")],
            gzip(b"<html><p>Berita"),
            None,
        ),
        (vec![], b"Berita tanpa tanda".to_vec(), None),
    ] {
        let server = Server::start(move |_| Reply::of(200, &headers, &body)).await;
        let page = Request {
            wanted: Wanted::Page,
            ..request(server.url("/artikel"))
        };
        let came = client().fetch(page).await;
        assert_eq!(came.err(), kind.map(FetchError::NotAPage));
    }
}

#[tokio::test]
async fn broken_compression_is_reported() {
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
async fn each_kind_has_its_size_limit() {
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
async fn an_endless_body_is_abandoned_at_its_limit() {
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
async fn a_truncated_body_is_an_error() {
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
