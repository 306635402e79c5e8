//! Redirects: followed here, each hop looked at.

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
async fn a_permanent_way_is_told_and_a_temporary_one_is_not() {
    let server = by_path().await;
    for (way, permanent) in [
        ("/301/end", true),
        ("/308/301/end", true),
        ("/302/end", false),
        ("/301/302/end", false),
        ("/302/301/end", false),
        ("/303/end", false),
        ("/307/end", false),
        ("/301/301/301/301/301/end", true),
    ] {
        let fetched = fetched(server.url(way)).await;
        assert_eq!(fetched.bytes, b"here");
        assert_eq!(fetched.url, server.url("/end"));
        assert_eq!(
            fetched.moved_to,
            permanent.then(|| server.url("/end")),
            "{way}"
        );
    }
}

#[tokio::test]
async fn loops_and_long_ways_end() {
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
async fn only_the_web_is_followed() {
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
async fn the_web_cannot_lead_into_the_readers_network() {
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
    assert!(server.asked().is_empty(), "nothing was even asked for");
    // A feed of the reader's own network may name what lies there.
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
    let to = other.url("/end").replace("127.0.0.1", "localhost");
    let first = Server::start(move |_| Reply::to(302, &to)).await;
    let url = first.url("/").replace("http://", "http://ani:rahasia@");
    assert_eq!(fetched(url).await.bytes, b"none");
}
