//! Conditional requests and what an answer says of itself.

use warta_net::{Answer, Validators, Wanted};

use crate::server::{Reply, Server};
use crate::{client, fetched, request};

#[tokio::test]
async fn an_answer_tells_how_to_ask_next_time() {
    let server = Server::start(|_| {
        let headers = [
            ("ETag", " W/\"abc\" "),
            ("Last-Modified", "Mon, 04 May 2026 10:00:00 GMT"),
            ("Cache-Control", "public, max-age=600"),
            ("Content-Type", "application/rss+xml; charset=utf-8"),
        ];
        Reply::of(200, &headers, "<rss/>")
    })
    .await;
    let fetched = fetched(server.url("/feed")).await;
    assert_eq!(fetched.bytes, b"<rss/>");
    assert_eq!(fetched.url, server.url("/feed"));
    assert_eq!(fetched.moved_to, None);
    assert_eq!(
        fetched.content_type.as_deref(),
        Some("application/rss+xml; charset=utf-8")
    );
    assert_eq!(fetched.max_age, Some(600));
    assert_eq!(fetched.wire_bytes, 6);
    assert_eq!(fetched.validators.etag.as_deref(), Some("W/\"abc\""));

    let client = client();
    let again = warta_net::Request {
        validators: fetched.validators,
        ..request(server.url("/2"))
    };
    client.fetch(again).await.unwrap();
    let asked = server.asked().pop().unwrap();
    assert_eq!(asked.header("if-none-match"), Some("W/\"abc\""));
    assert_eq!(
        asked.header("if-modified-since"),
        Some("Mon, 04 May 2026 10:00:00 GMT")
    );
}

#[tokio::test]
async fn what_did_not_change_is_not_sent() {
    let server = Server::start(|asked| {
        assert_eq!(asked.header("if-none-match"), Some("\"1\""));
        Reply::raw(
            "HTTP/1.1 304 Not Modified\r\n\r\n",
            crate::server::Then::Next,
        )
    })
    .await;
    let validators = Validators {
        etag: Some("\"1\"".into()),
        last_modified: None,
    };
    let answer = client()
        .fetch(warta_net::Request {
            validators,
            ..request(server.url("/"))
        })
        .await;
    assert!(
        matches!(answer, Ok(Answer::NotModified { .. })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_request_says_who_asks_for_what_and_nothing_else() {
    let server = Server::start(|_| Reply::of(200, &[("Set-Cookie", "id=1; Path=/")], "ok")).await;
    let client = client();
    for (wanted, accepted) in [
        (Wanted::Feed, "application/rss+xml"),
        (Wanted::Page, "text/html"),
        (Wanted::Picture, "image/webp"),
    ] {
        client
            .fetch(warta_net::Request {
                wanted,
                ..request(server.url("/"))
            })
            .await
            .unwrap();
        let asked = server.asked().pop().unwrap();
        assert!(
            asked.header("accept").unwrap().starts_with(accepted),
            "{asked:?}"
        );
        assert_eq!(
            asked.header("user-agent"),
            Some("Warta/0.1 (desktop news reader)")
        );
        assert_eq!(
            asked.header("cookie"),
            None,
            "cookies would tell readers apart"
        );
        assert_eq!(
            asked.header("referer"),
            None,
            "a referrer would tell where a reader was"
        );
        for coding in ["gzip", "br", "zstd"] {
            assert!(
                asked.header("accept-encoding").unwrap().contains(coding),
                "{asked:?}"
            );
        }
    }
    assert_eq!(server.connections(), 1, "a connection is used again");
}

#[tokio::test]
async fn odd_validators_do_no_harm() {
    let long = "x".repeat(5_000);
    let server = Server::start(move |_| Reply::of(200, &[("ETag", &long)], "ok")).await;
    assert_eq!(
        fetched(server.url("/")).await.validators,
        Validators::default(),
        "too long to keep"
    );
    let validators = Validators {
        etag: Some("a\r\nX: y".into()),
        last_modified: Some(String::new()),
    };
    client()
        .fetch(warta_net::Request {
            validators,
            ..request(server.url("/"))
        })
        .await
        .unwrap();
    assert_eq!(
        server.asked().pop().unwrap().header("x"),
        None,
        "no header can be smuggled in"
    );
}

#[tokio::test]
async fn credentials_are_sent_and_never_shown() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/feed" => Reply::of(200, &[], asked.header("authorization").unwrap_or("none")),
        _ => Reply::of(401, &[], ""),
    })
    .await;
    let with = |path: &str| {
        server
            .url(path)
            .replace("http://", "http://ani:ra%40hasia@")
    };
    let fetched = fetched(with("/feed")).await;
    // RFC 7617: base64 of `ani:ra@hasia`.
    assert_eq!(fetched.bytes, b"Basic YW5pOnJhQGhhc2lh");
    assert_eq!(fetched.url, server.url("/feed"));
    let failure = crate::failure(with("/other")).await;
    assert!(
        !format!("{failure:?} {failure}").contains("hasia"),
        "{failure:?}"
    );
}

#[tokio::test]
async fn what_the_reader_set_for_a_feed_is_sent_to_its_host_only() {
    let elsewhere = Server::start(|_| Reply::of(200, &[], b"ok")).await;
    let away = elsewhere.url("/there").replace("127.0.0.1", "localhost");
    let server = Server::start(move |_| Reply::of(302, &[("Location", &away)], b"")).await;
    let custom = warta_net::Custom {
        user_agent: Some("Peramban/1".into()),
        headers: vec![
            ("X-Key".into(), warta_net::Secret("kunci".into())),
            ("not a header".into(), warta_net::Secret("x".into())),
        ],
        login: Some(("ani".into(), warta_net::Secret("rahasia".into()))),
    };
    assert!(
        !format!("{custom:?}").contains("rahasia"),
        "no log shows it"
    );
    let request = warta_net::Request {
        custom,
        ..request(server.url("/"))
    };
    client().fetch(request).await.unwrap();
    let (home, there) = (
        server.asked().pop().unwrap(),
        elsewhere.asked().pop().unwrap(),
    );
    assert_eq!(home.header("user-agent"), Some("Peramban/1"));
    assert_eq!(home.header("x-key"), Some("kunci"));
    assert_eq!(home.header("authorization"), Some("Basic YW5pOnJhaGFzaWE="));
    assert_eq!(there.header("user-agent"), Some("Peramban/1"));
    assert_eq!(
        (there.header("x-key"), there.header("authorization")),
        (None, None)
    );
}

#[tokio::test]
async fn the_readers_proxy_is_asked_instead() {
    let proxy = Server::start(|_| Reply::of(200, &[], b"by proxy")).await;
    let client = client();
    client
        .set_proxy(warta_net::Proxy::At(proxy.url("/")))
        .unwrap();
    client
        .fetch(request("http://kabar.example/rss"))
        .await
        .unwrap();
    assert_eq!(
        proxy.asked().pop().unwrap().path,
        "http://kabar.example/rss"
    );
    let machine = Server::start(|_| Reply::of(200, &[], b"at home")).await;
    client.fetch(request(machine.url("/"))).await.unwrap();
    assert_eq!(proxy.asked().len(), 1, "no proxy reaches this machine");
    let wrong = warta_net::Proxy::At("bukan alamat".into());
    assert!(client.set_proxy(wrong).is_err());
}
