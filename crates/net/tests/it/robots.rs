//! Automatic fetches and a site's robots.txt, also where it cannot be fetched.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use warta_net::{FetchError, Response};

use crate::server::{Reply, Server, Then};
use crate::{client, request};

/// A server whose robots.txt is answered by `robots` until `recovered`, then allows everything.
async fn site(robots: fn() -> Reply, recovered: &Arc<AtomicBool>) -> Server {
    let recovered = Arc::clone(recovered);
    Server::start(move |asked| match asked.path.as_str() {
        "/robots.txt" if recovered.load(Ordering::SeqCst) => Reply::of(200, &[], ""),
        "/robots.txt" => robots(),
        _ => Reply::of(200, &[], "<p>page"),
    })
    .await
}

fn asked_for(server: &Server, path: &str) -> usize {
    server.asked().iter().filter(|a| a.path == path).count()
}

#[tokio::test]
async fn a_robots_txt_that_times_out_is_reported_as_such_and_asked_again() {
    for (robots, is_expected) in [
        (
            (|| Reply::raw("", Then::Hang)) as fn() -> Reply,
            (|cause| matches!(cause, FetchError::TimedOut(_))) as fn(&FetchError) -> bool,
        ),
        (
            || {
                Reply::raw(
                    "HTTP/1.1 200 X\r\nContent-Length: 99\r\n\r\nUser",
                    Then::Close,
                )
            },
            |cause| matches!(cause, FetchError::BrokeOff(_)),
        ),
    ] {
        let recovered = Arc::default();
        let server = site(robots, &recovered).await;
        let client = client();
        let error = client
            .fetch_if_allowed(request(server.url("/a")))
            .await
            .expect_err("robots.txt was not fetched");
        assert!(
            matches!(&error, FetchError::RobotsUnreachable { cause, .. } if is_expected(cause)),
            "{error:?}"
        );
        assert!(
            error.to_string().contains("could not be fetched"),
            "{error}"
        );
        assert_eq!(asked_for(&server, "/a"), 0, "nothing is fetched unasked");
        recovered.store(true, Ordering::SeqCst);
        let answer = client.fetch_if_allowed(request(server.url("/a"))).await;
        assert!(
            matches!(answer, Ok(Response::Fetched(_))),
            "a failure of the network is not cached: {answer:?}"
        );
    }
}

/// RFC 9309 § 2.3.1.4: server errors mean complete disallow.
#[tokio::test]
async fn a_server_error_disallows_for_a_while_and_keeps_its_name() {
    let recovered = Arc::default();
    let server = site(|| Reply::of(503, &[], ""), &recovered).await;
    let client = client();
    for _ in 0..2 {
        let error = client
            .fetch_if_allowed(request(server.url("/a")))
            .await
            .expect_err("complete disallow");
        let expected = FetchError::RobotsUnreachable {
            host: "127.0.0.1".into(),
            cause: Box::new(FetchError::Status {
                status: 503,
                retry_after: None,
            }),
        };
        assert_eq!(error, expected);
        recovered.store(true, Ordering::SeqCst);
    }
    assert_eq!(asked_for(&server, "/robots.txt"), 1, "the answer is cached");
    assert_eq!(asked_for(&server, "/a"), 0);
    // The reader's own request is not subject to it.
    assert!(client.fetch(request(server.url("/a"))).await.is_ok());
}

#[tokio::test]
async fn only_a_robots_txt_that_was_read_is_said_to_disallow() {
    let recovered = Arc::default();
    let rules = || Reply::of(200, &[], "User-agent: *\nDisallow: /a");
    let server = site(rules, &recovered).await;
    let client = client();
    let error = client.fetch_if_allowed(request(server.url("/a"))).await;
    assert_eq!(
        error.expect_err("disallowed"),
        FetchError::DisallowedByRobots("127.0.0.1".into())
    );
    let allowed = client.fetch_if_allowed(request(server.url("/b"))).await;
    assert!(allowed.is_ok(), "{allowed:?}");
    let missing = site(|| Reply::of(404, &[], ""), &Arc::default()).await;
    let allowed = client.fetch_if_allowed(request(missing.url("/a"))).await;
    assert!(allowed.is_ok(), "{allowed:?}");
}

#[tokio::test]
async fn the_sitemaps_of_a_site_are_absolute_and_none_where_it_has_no_robots_txt() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/robots.txt" => Reply::of(
            200,
            &[],
            "Sitemap: /a.xml\nUser-agent: *\nDisallow: /\nSitemap: https://lain.example/b.xml#x\n\
             Sitemap: javascript:alert(1)\nSitemap: http://[\n",
        ),
        _ => Reply::of(404, &[], ""),
    })
    .await;
    let sitemaps = client().sitemaps(&request(server.url("/berita/1"))).await;
    let expected = [
        server.url("/a.xml"),
        "https://lain.example/b.xml".to_owned(),
    ];
    assert_eq!(sitemaps, Ok(expected.to_vec()));

    let without = Server::start(|_| Reply::of(404, &[], "")).await;
    let client = client();
    for _ in 0..2 {
        let none = client.sitemaps(&request(without.url("/"))).await;
        assert_eq!(none, Ok(Vec::new()));
    }
    assert_eq!(
        asked_for(&without, "/robots.txt"),
        1,
        "the answer is cached"
    );
}
