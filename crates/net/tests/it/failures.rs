//! Kinds of failures, and timeouts.

use std::time::{Duration, Instant};

use warta_net::FetchError;

use crate::server::{Reply, Server, Then};
use crate::{client, failure, fetch, limits, request};

#[tokio::test]
async fn only_web_addresses_are_fetched() {
    for address in [
        "",
        "kabar",
        "ftp://e.org/",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "about:blank",
    ] {
        let failure = failure(address).await;
        assert!(
            matches!(failure, FetchError::BadAddress(_)),
            "{address}: {failure:?}"
        );
        assert!(!failure.suggests_offline());
    }
}

#[tokio::test]
async fn a_silent_port_and_an_unknown_name_are_distinguished() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let refused = failure(format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(refused, FetchError::NoConnection("127.0.0.1".into()));
    // No name server is asked: a label has at most 63 letters (RFC 1035 § 2.3.4).
    let name = format!("{}.example", "a".repeat(70));
    let unknown = failure(format!("http://{name}/")).await;
    assert_eq!(unknown, FetchError::HostNotFound(name));
    assert!(refused.suggests_offline() && unknown.suggests_offline());
}

#[tokio::test]
async fn a_server_without_encryption_gives_no_secure_connection() {
    // It answers the TLS handshake with plain text.
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            use tokio::io::AsyncWriteExt;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            // Kept open, so that the text is read before the connection ends.
            tokio::spawn(async move {
                use tokio::io::AsyncReadExt;
                while stream.read(&mut [0; 512]).await.is_ok_and(|n| n > 0) {}
            });
        }
    });
    let failure = failure(format!("https://{address}/")).await;
    assert!(
        matches!(&failure, FetchError::Tls(host, _) if host == "127.0.0.1"),
        "{failure:?}"
    );
}

/// Servers close idle connections, some of them just as the next request is sent.
#[tokio::test]
async fn a_request_on_a_connection_that_was_closed_is_sent_again_once() {
    let dropped = std::sync::atomic::AtomicBool::new(false);
    let server = Server::start(move |asked| {
        let first = !dropped.swap(asked.path == "/b", std::sync::atomic::Ordering::SeqCst);
        if asked.path == "/b" && first {
            return Reply::raw("", Then::Close);
        }
        Reply::of(200, &[], "answer")
    })
    .await;
    let client = client();
    for path in ["/a", "/b"] {
        let answer = client.fetch(request(server.url(path))).await;
        assert!(answer.is_ok(), "{path}: {answer:?}");
    }
    assert_eq!((server.asked().len(), server.connections()), (3, 2));

    let silent = Server::start(|_| Reply::raw("", Then::Close)).await;
    failure(silent.url("/")).await;
    assert_eq!(silent.asked().len(), 2, "once more, not for ever");
}

#[tokio::test]
async fn error_statuses_are_reported() {
    for status in [400, 401, 403, 404, 410, 418, 451, 500, 502, 504] {
        let server = Server::start(move |_| Reply::of(status, &[], "no")).await;
        let expected = FetchError::Status {
            status,
            retry_after: None,
        };
        assert_eq!(failure(server.url("/")).await, expected);
    }
}

#[tokio::test]
async fn retry_after_starts_a_backoff() {
    for (status, retry_after, rests) in [
        (429, Some("120"), true),
        (503, Some("120"), true),
        (429, None, true),
        (503, None, false),
        (500, Some("120"), false),
    ] {
        let server = Server::start(move |_| {
            let headers: Vec<_> = retry_after
                .map(|value| ("Retry-After", value))
                .into_iter()
                .collect();
            Reply::of(status, &headers, "")
        })
        .await;
        let client = client();
        let first = client.fetch(request(server.url("/a"))).await.unwrap_err();
        let asked_for = retry_after.map(|value| value.parse().unwrap());
        assert_eq!(
            first,
            FetchError::Status {
                status,
                retry_after: asked_for
            }
        );
        let second = client.fetch(request(server.url("/b"))).await.unwrap_err();
        assert_eq!(
            server.asked().len(),
            if rests { 1 } else { 2 },
            "{status} {retry_after:?}"
        );
        if let (
            true,
            FetchError::Status {
                status: again,
                retry_after: Some(left),
            },
        ) = (rests, &second)
        {
            assert_eq!(*again, status);
            assert!((1..=120).contains(left), "{left}");
        }
        assert_eq!(
            matches!(
                second,
                FetchError::Status {
                    retry_after: Some(_),
                    ..
                }
            ),
            rests || status == 500
        );
    }
}

#[tokio::test]
async fn retry_after_may_be_a_date() {
    for (value, expected) in [
        ("Fri, 31 Dec 2999 23:59:59 GMT", true),
        ("Mon, 04 May 1998 10:00:00 GMT", true),
        ("soon", false),
        ("-5", false),
        ("99999999999999999999999", false),
    ] {
        let server = Server::start(move |_| Reply::of(429, &[("Retry-After", value)], "")).await;
        let FetchError::Status {
            status: 429,
            retry_after,
        } = failure(server.url("/")).await
        else {
            panic!("{value}: a refusal was expected")
        };
        assert_eq!(retry_after.is_some(), expected, "{value}: {retry_after:?}");
        if value.contains("1998") {
            assert_eq!(retry_after, Some(0), "a date in the past means no wait");
        }
    }
}

#[tokio::test]
async fn every_wait_has_a_timeout() {
    let replies: [fn() -> Reply; 4] = [
        || Reply::raw("", Then::Hang),
        || {
            Reply::raw(
                "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc",
                Then::Hang,
            )
        },
        || {
            Reply::raw(
                "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
                Then::Drip,
            )
        },
        || Reply::raw("HTTP/1.1 200 OK\r\nX-Slow: ", Then::Drip),
    ];
    for reply in replies {
        let server = Server::start(move |_| reply()).await;
        let short = warta_net::Limits {
            total: Duration::from_millis(300),
            ..limits()
        };
        let started = Instant::now();
        let failure = crate::client_with(short)
            .fetch(request(server.url("/")))
            .await
            .unwrap_err();
        assert_eq!(failure, FetchError::TimedOut(Duration::from_millis(300)));
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{:?}",
            started.elapsed()
        );
    }
}

#[tokio::test]
async fn invalid_header_lines_are_ignored() {
    for line in [
        "X-Cache : HIT",
        "Set-Cookie: a=b; domain=\u{7f}kabar.example",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\">: x",
        "Foo bar",
        "Content/type: text/xml",
        "X-Policy: a;\r\n\tb",
        ": x",
        "X-Caf\u{e9}: y",
        "Link: </a.css>; rel=preload\r\n".repeat(300).trim_end(),
        "",
    ] {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!("{line}\r\n")
        };
        let answer = format!("HTTP/1.1 200 OK\r\n{line}ETag: \"1\"\r\nContent-Length: 2\r\n\r\nok");
        let server = Server::start(move |_| Reply::raw(answer.clone(), Then::Close)).await;
        let fetched = crate::fetched(server.url("/")).await;
        assert_eq!(fetched.bytes, b"ok", "{line}");
        assert_eq!(fetched.validators.etag.as_deref(), Some("\"1\""), "{line}");
    }
}

#[tokio::test]
async fn hostile_headers_are_harmless() {
    let many = "X-A: b\r\n".repeat(5_000);
    let long = format!("X-Long: {}\r\n", "y".repeat(2_000_000));
    for headers in [
        many,
        long,
        "X\u{0}: y\r\n".to_owned(),
        ": nameless\r\n".to_owned(),
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{headers}\r\nok");
        let server = Server::start(move |_| Reply::raw(answer.clone(), Then::Close)).await;
        let result = fetch(server.url("/")).await;
        assert!(
            !matches!(result, Err(FetchError::TimedOut(_))),
            "{result:?}"
        );
    }
    let server = Server::start(|_| {
        let headers =
            "Content-Type: \u{ff}\u{fe}\r\nCache-Control: max-age=99999999999999999999\r\n";
        Reply::raw(
            format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag:\r\n{headers}\r\nok"),
            Then::Close,
        )
    })
    .await;
    let fetched = crate::fetched(server.url("/")).await;
    assert_eq!(
        (
            fetched.max_age,
            fetched.content_type,
            fetched.validators.etag
        ),
        (None, None, None)
    );
}
