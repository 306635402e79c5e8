//! Conditional requests, request headers and proxies.

use warta_net::{Response, Validators, Wanted};

use crate::server::{Reply, Server};
use crate::{client, fetched, request};

#[tokio::test]
async fn validators_are_returned() {
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
async fn unchanged_bodies_are_not_sent() {
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
        matches!(answer, Ok(Response::NotModified { .. })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_304_returns_validators_and_the_permanent_target() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/old" => Reply::to(301, "/new#x"),
        _ => Reply::raw(
            "HTTP/1.1 304 Not Modified\r\nETag: \"2\"\r\n\r\n",
            crate::server::Then::Next,
        ),
    })
    .await;
    let Ok(Response::NotModified {
        validators,
        moved_to,
        ..
    }) = client().fetch(request(server.url("/old"))).await
    else {
        panic!("a 304 was expected")
    };
    assert_eq!(validators.etag.as_deref(), Some("\"2\""));
    assert_eq!(validators.last_modified, None);
    assert_eq!(moved_to, Some(server.url("/new")), "without its fragment");
}

#[tokio::test]
async fn only_the_site_is_sent_as_referrer() {
    let server = Server::start(|_| Reply::of(200, &[], "ok")).await;
    let mut told = Vec::new();
    for page in [
        "http://127.0.0.1:81/berita/rahasia?pembaca=1#a",
        "http://ani:rahasia@127.0.0.1/berita",
        "http://kabar.example/berita",
        // Encrypted pages are not named in the clear.
        "https://kabar.example/berita",
        "bukan alamat",
        "mailto:a@b.example",
    ] {
        let picture = warta_net::Request {
            wanted: Wanted::Picture,
            referrer: Some(page.into()),
            ..request(server.url("/gambar.png"))
        };
        client().fetch(picture).await.unwrap();
        let asked = server.asked().pop().unwrap();
        told.push(asked.header("referer").map(str::to_owned));
    }
    let told: Vec<Option<&str>> = told.iter().map(Option::as_deref).collect();
    assert_eq!(
        told,
        [
            Some("http://127.0.0.1:81/"),
            Some("http://127.0.0.1/"),
            Some("http://kabar.example/"),
            None,
            None,
            None
        ]
    );
}

#[tokio::test]
async fn requests_have_only_the_expected_headers() {
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
async fn odd_validators_are_harmless() {
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
async fn credentials_are_sent_and_hidden_in_errors() {
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
async fn headers_set_for_a_feed_are_sent_to_its_host_only() {
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
async fn the_readers_proxy_is_used() {
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

#[tokio::test]
async fn a_private_proxy_may_fetch_public_addresses() {
    let proxy = Server::start(|_| Reply::of(200, &[], b"by proxy")).await;
    let port = proxy.address.rsplit(':').next().unwrap().to_owned();
    let named = |url: &str| warta_net::Request {
        named_by: Some("https://kabar.example/feed".into()),
        ..request(url)
    };
    let client = crate::client_with(warta_net::Limits {
        names: std::sync::Arc::new([("proxy.kantor.example".into(), [127, 0, 0, 1].into())].into()),
        ..crate::limits()
    });
    for host in ["proxy.kantor.example", "localhost", "127.0.0.1"] {
        let at = warta_net::Proxy::At(format!("http://{host}:{port}"));
        client.set_proxy(at).unwrap();
        let before = proxy.asked().len();
        for wanted in [Wanted::Picture, Wanted::Page, Wanted::Robots] {
            let request = warta_net::Request {
                wanted,
                ..named("http://gambar.example/a")
            };
            client.fetch(request).await.unwrap();
        }
        client
            .download(named("http://suara.example/a.mp3"), None)
            .await
            .unwrap();
        assert_eq!(proxy.asked().len(), before + 4, "{host}");
        // Private addresses are refused as targets only.
        for target in [
            "http://10.0.0.1/a",
            "http://nas.local/a",
            "http://[64:ff9b::7f00:1]/a",
        ] {
            let refused = client.fetch(named(target)).await;
            assert!(
                matches!(refused, Err(warta_net::FetchError::PrivateAddress(_))),
                "{target} by {host}: {refused:?}"
            );
        }
        assert_eq!(proxy.asked().len(), before + 4, "{host}");
    }
}

/// A SOCKS5 proxy (RFC 1928) that answers every request itself, and the targets it received.
async fn socks() -> (String, std::sync::Arc<std::sync::Mutex<Vec<String>>>) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let targets = std::sync::Arc::clone(&told);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let targets = std::sync::Arc::clone(&targets);
            tokio::spawn(async move {
                let mut hello = [0; 2];
                stream.read_exact(&mut hello).await.unwrap();
                let mut methods = vec![0; hello[1].into()];
                stream.read_exact(&mut methods).await.unwrap();
                stream.write_all(&[5, 0]).await.unwrap();
                let mut asked = [0; 4];
                stream.read_exact(&mut asked).await.unwrap();
                let target = if asked[3] == 1 {
                    let mut address = [0; 4];
                    stream.read_exact(&mut address).await.unwrap();
                    std::net::Ipv4Addr::from(address).to_string()
                } else {
                    let mut name = vec![0; stream.read_u8().await.unwrap().into()];
                    stream.read_exact(&mut name).await.unwrap();
                    String::from_utf8(name).unwrap()
                };
                targets.lock().unwrap().push(target);
                stream.read_u16().await.unwrap();
                stream
                    .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
                    .await
                    .unwrap();
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).await;
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                let _ = stream.write_all(answer).await;
            });
        }
    });
    (port, told)
}

#[tokio::test]
async fn a_proxy_that_takes_addresses_gets_public_ones_only() {
    let (port, told) = socks().await;
    let names = [
        ("proxy.kantor.example", [127, 0, 0, 1]),
        ("gambar.example", [93, 184, 216, 34]),
        ("jahat.example", [10, 0, 0, 1]),
    ];
    let names = names.map(|(name, address)| (name.to_owned(), address.into()));
    let client = crate::client_with(warta_net::Limits {
        names: std::sync::Arc::new(names.into()),
        ..crate::limits()
    });
    let picture_at = |host: &str| warta_net::Request {
        named_by: Some("https://kabar.example/feed".into()),
        ..request(format!("http://{host}/a"))
    };
    let by = |scheme: &str| warta_net::Proxy::At(format!("{scheme}://proxy.kantor.example:{port}"));
    client.set_proxy(by("socks5")).unwrap();
    client.fetch(picture_at("gambar.example")).await.unwrap();
    for inside in ["jahat.example", "proxy.kantor.example", "10.0.0.1"] {
        let refused = client.fetch(picture_at(inside)).await;
        assert!(
            matches!(refused, Err(warta_net::FetchError::PrivateAddress(_))),
            "{inside}: {refused:?}"
        );
    }
    client.set_proxy(by("socks5h")).unwrap();
    client.fetch(picture_at("gambar.example")).await.unwrap();
    assert_eq!(*told.lock().unwrap(), ["93.184.216.34", "gambar.example"]);
}
