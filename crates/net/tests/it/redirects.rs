//! Redirects: followed hop by hop, each one checked.

use warta_net::{FetchError, Request};

use crate::server::{Reply, Server};
use crate::{client, failure, fetched, request};

/// `/301/308/end` answers 301 to `/308/end` and so on.
async fn by_path() -> Server {
    Server::start(|asked| {
        let rest = asked.path.trim_start_matches('/');
        match rest.split_once('/') {
            Some((status, next)) => Reply::to(status.parse().unwrap(), &format!("/{next}")),
            None => Reply::of(200, &[], "here"),
        }
    })
    .await
}

#[tokio::test]
async fn permanent_redirects_are_reported_up_to_the_first_temporary_one() {
    let server = by_path().await;
    for (route, moved_to) in [
        ("/301/end", Some("/end")),
        ("/308/301/end", Some("/end")),
        ("/302/end", None),
        ("/301/302/end", Some("/302/end")),
        ("/308/301/307/301/end", Some("/307/301/end")),
        ("/302/301/end", None),
        ("/303/end", None),
        ("/307/end", None),
        ("/301/301/301/301/301/end", Some("/end")),
    ] {
        let fetched = fetched(server.url(route)).await;
        assert_eq!(fetched.bytes, b"here");
        assert_eq!(fetched.url, server.url("/end"));
        assert_eq!(
            fetched.moved_to,
            moved_to.map(|path| server.url(path)),
            "{route}"
        );
    }
}

#[tokio::test]
async fn redirect_loops_and_long_chains_end() {
    let server = Server::start(|_| Reply::to(301, "/again")).await;
    assert_eq!(failure(server.url("/")).await, FetchError::TooManyRedirects);
    assert_eq!(server.asked().len(), 6, "the request and five redirects");
    let long = by_path().await;
    assert_eq!(
        failure(long.url("/301/301/301/301/301/301/end")).await,
        FetchError::TooManyRedirects
    );
}

#[tokio::test]
async fn only_http_redirects_are_followed() {
    for location in [
        "ftp://e.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:,x",
        "http://",
        "//[",
        "",
    ] {
        let to = location.to_owned();
        let server = Server::start(move |_| Reply::to(302, &to)).await;
        let failure = failure(server.url("/")).await;
        let refused = match location {
            // An empty reference is the page itself (RFC 3986 § 5.2.2): a loop.
            "" => failure == FetchError::TooManyRedirects,
            _ => matches!(failure, FetchError::BadAddress(_)),
        };
        assert!(refused, "{location}: {failure:?}");
    }
    let nowhere = Server::start(|_| Reply::of(301, &[], "")).await;
    let expected = FetchError::Status {
        status: 301,
        retry_after: None,
    };
    assert_eq!(failure(nowhere.url("/")).await, expected);
}

#[tokio::test]
async fn public_addresses_cannot_redirect_into_the_private_network() {
    let server = by_path().await;
    let ask = |url: String, by: Option<&str>| Request {
        named_by: by.map(Into::into),
        ..request(url)
    };
    let client = client();
    let port = server.address.rsplit(':').next().unwrap();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "0x7f.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fd00::1]",
        "router.local",
    ] {
        let url = format!("http://{host}:{port}/end");
        let result = client
            .fetch(ask(url, Some("https://kabar.example/feed")))
            .await;
        assert!(
            matches!(result, Err(FetchError::PrivateAddress(_))),
            "{host}: {result:?}"
        );
    }
    assert!(server.asked().is_empty(), "no request was sent");
    // A feed in the reader's own network may link to addresses in it.
    client
        .fetch(ask(server.url("/end"), Some("http://192.168.1.9/feed")))
        .await
        .unwrap();
    client
        .fetch(ask(server.url("/302/end"), None))
        .await
        .unwrap();
}

#[tokio::test]
async fn credentials_stay_with_their_host() {
    let other =
        Server::start(|asked| Reply::of(200, &[], asked.header("authorization").unwrap_or("none")))
            .await;
    let with_login = |url: String| url.replace("http://", "http://ani:rahasia@");
    // Another host, and another port of the same host.
    for to in [
        other.url("/end").replace("127.0.0.1", "localhost"),
        other.url("/end"),
    ] {
        let first = Server::start(move |_| Reply::to(302, &to)).await;
        assert_eq!(fetched(with_login(first.url("/"))).await.bytes, b"none");
    }
    let same = Server::start(|asked| match asked.path.as_str() {
        "/" => Reply::to(
            302,
            &format!("http://{}/end", asked.header("host").unwrap()),
        ),
        _ => Reply::of(200, &[], asked.header("authorization").unwrap_or("none")),
    })
    .await;
    let came = fetched(with_login(same.url("/"))).await.bytes;
    assert_eq!(
        came, b"Basic YW5pOnJhaGFzaWE=",
        "an absolute URL of the same origin"
    );
}

#[test]
fn secrets_are_kept_within_their_origin() {
    for (home, to, kept) in [
        ("https://e.org/feed", "https://e.org/other", true),
        ("https://e.org/feed", "https://e.org:443/", true),
        ("http://e.org/feed", "https://e.org/feed", true),
        ("http://e.org:80/feed", "https://e.org:443/feed", true),
        ("https://e.org/feed", "http://e.org/feed", false),
        ("https://e.org/feed", "https://e.org:8443/", false),
        ("http://e.org:8080/feed", "https://e.org/", false),
        ("http://e.org/feed", "https://e.org:8443/", false),
        ("https://e.org/feed", "https://www.e.org/", false),
        ("https://e.org/feed", "https://e.org.jahat.example/", false),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8002/", false),
    ] {
        let url = |address: &str| url::Url::parse(address).unwrap();
        let found = warta_net::keeps_secrets(&url(home), &url(to));
        assert_eq!(found, kept, "{home} to {to}");
    }
}

#[tokio::test]
async fn secrets_and_validators_stay_with_their_origin() {
    let other = Server::start(|_| Reply::of(200, &[], "ok")).await;
    let away = other.url("/there");
    let first = Server::start(move |asked| match asked.path.as_str() {
        "/near" => Reply::to(302, "/here"),
        "/here" => Reply::to(302, &away),
        _ => Reply::of(404, &[], ""),
    })
    .await;
    let asked = Request {
        validators: warta_net::Validators {
            etag: Some("\"1\"".into()),
            last_modified: Some("Mon, 04 May 2026 10:00:00 GMT".into()),
        },
        custom: warta_net::Custom {
            headers: vec![("X-Key".into(), warta_net::Secret("kunci".into()))],
            login: Some(("ani".into(), warta_net::Secret("rahasia".into()))),
            ..warta_net::Custom::default()
        },
        referrer: Some("http://127.0.0.1/artikel?baca=1#bagian".into()),
        ..request(first.url("/near"))
    };
    client().fetch(asked).await.unwrap();
    let secret = [
        "authorization",
        "x-key",
        "if-none-match",
        "if-modified-since",
        "referer",
    ];
    for asked in first.asked() {
        for name in secret {
            assert!(asked.header(name).is_some(), "{name} at home: {asked:?}");
        }
        assert_eq!(
            asked.header("referer"),
            Some("http://127.0.0.1/"),
            "the referrer is a site, not a page"
        );
    }
    let there = other.asked().pop().unwrap();
    for name in secret {
        assert_eq!(there.header(name), None, "{name} at another port");
    }
}

#[tokio::test]
async fn a_cookie_lives_for_one_fetch() {
    let server = Server::start(|asked| {
        let brings = |cookie: &str| asked.header("cookie").is_some_and(|c| c.contains(cookie));
        match asked.path.as_str() {
            "/feed" if brings("seen=1") => Reply::of(200, &[], "here"),
            "/feed" => Reply::to(302, "/check"),
            "/check" => Reply::of(
                302,
                &[("Location", "/feed"), ("Set-Cookie", "seen=1; Path=/")],
                "",
            ),
            // To itself, with two cookies one after the other.
            "/self" if brings("a=1") && brings("b=2") => Reply::of(200, &[], "here"),
            "/self" if brings("a=1") => {
                Reply::of(307, &[("Location", "/self"), ("Set-Cookie", "b=2")], "")
            }
            "/self" => Reply::of(303, &[("Location", "/self"), ("Set-Cookie", "a=1")], ""),
            _ => Reply::to(302, "/again"),
        }
    })
    .await;
    let client = client();
    for path in ["/feed", "/self", "/feed"] {
        let before = server.asked().len();
        client.fetch(request(server.url(path))).await.unwrap();
        let first = &server.asked()[before];
        assert_eq!(first.header("cookie"), None, "nothing is kept: {first:?}");
    }
}

#[tokio::test]
async fn a_cookie_stays_with_its_host_and_the_readers_own_is_sent_too() {
    let other = Server::start(|_| Reply::of(200, &[], "ok")).await;
    let away = other.url("/there").replace("127.0.0.1", "localhost");
    let first = Server::start(move |asked| match asked.path.as_str() {
        "/" => Reply::of(
            302,
            &[("Location", "/b"), ("Set-Cookie", "a=1; Path=/")],
            "",
        ),
        _ => Reply::to(302, &away),
    })
    .await;
    let asked = Request {
        custom: warta_net::Custom {
            headers: vec![("Cookie".into(), warta_net::Secret("sid=9".into()))],
            ..warta_net::Custom::default()
        },
        ..request(first.url("/"))
    };
    client().fetch(asked).await.unwrap();
    assert_eq!(first.asked()[1].header("cookie"), Some("sid=9; a=1"));
    assert_eq!(other.asked()[0].header("cookie"), None);
}

#[tokio::test]
async fn dns_rebinding_to_a_private_address_is_refused() {
    let server = by_path().await;
    let port = server.address.rsplit(':').next().unwrap();
    let client = crate::client_with(warta_net::Limits {
        names: std::sync::Arc::new([("kabar.example".into(), [127, 0, 0, 1].into())].into()),
        ..crate::limits()
    });
    let feed = |path: &str, public_only| Request {
        public_only,
        ..request(format!("http://kabar.example:{port}{path}"))
    };
    let refused = client.fetch(feed("/end", true)).await;
    assert!(
        matches!(&refused, Err(FetchError::PrivateAddress(host)) if host == "kabar.example"),
        "{refused:?}"
    );
    assert!(server.asked().is_empty(), "no request was sent");
    let Ok(warta_net::Response::Fetched(inside)) = client.fetch(feed("/302/end", false)).await
    else {
        panic!("a reader may ask for anything")
    };
    assert!(inside.is_inside);
    assert!(
        !fetched(server.url("/end")).await.is_inside,
        "the host name is a private one"
    );
    // Pictures and pages that a feed of the web names.
    let named = Request {
        named_by: Some("https://lain.example/feed".into()),
        ..feed("/end", false)
    };
    let refused = client.fetch(named).await;
    assert!(
        matches!(refused, Err(FetchError::PrivateAddress(_))),
        "{refused:?}"
    );
}
