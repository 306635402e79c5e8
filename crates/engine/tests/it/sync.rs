//! Sync: conditional requests, failures, offline detection, and nothing lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use warta_engine::api::{
    Connection, Event, FailureCode, FeedChange, Place, ProblemCode, SyncScope,
};
use warta_engine::{Engine, Opening, ResourceConstraint};

use crate::server::{Page, Server};
use crate::{Bench, NOON, new_feed, rss};

const RSS: &str = "application/rss+xml";

#[tokio::test(flavor = "multi_thread")]
async fn sync_stores_new_articles_and_sends_validators_afterwards() {
    let server = Server::start().await;
    let feed = rss(
        "Kabar",
        &[
            ("a", "Satu", "<p>Isi satu</p>"),
            ("b", "Dua", "<p>Isi dua</p>"),
        ],
    );
    server.put("/feed", Page::of(RSS, feed).etag("\"1\""));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));

    let report = bench.sync_all().await;
    assert_eq!(
        (report.feeds, report.fetched, report.new, report.failed),
        (1, 1, 2, 0)
    );
    assert_eq!(bench.titles(Place::All), ["Satu", "Dua"], "newest first");
    assert_eq!(bench.engine.connectivity().connection(), Connection::Online);

    let report = bench.sync_all().await;
    assert_eq!(
        (report.not_modified, report.new),
        (1, 0),
        "the validators are sent"
    );
    let bench = bench.reopened();
    let report = bench.sync_all().await;
    assert_eq!(
        (report.not_modified, report.new),
        (1, 0),
        "the validators outlive a restart"
    );
    assert_eq!(bench.titles(Place::Unread), ["Satu", "Dua"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_body_without_validators_counts_as_not_modified() {
    let server = Server::start().await;
    server.put("/feed", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let report = bench.sync_all().await;
    assert_eq!((report.not_modified, report.fetched, report.new), (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_article_is_updated_and_keeps_its_id_and_marks() {
    let server = Server::start().await;
    server.put(
        "/feed",
        Page::of(RSS, rss("Kabar", &[("a", "Satu", "<p>Lama</p>")])),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let before = bench.rows(Place::All).remove(0);
    let mark = warta_engine::api::Mark {
        read: Some(true),
        saved: Some(true),
    };
    bench.engine.marks().mark(&[before.id], mark).unwrap();

    server.put(
        "/feed",
        Page::of(RSS, rss("Kabar", &[("a", "Satu!", "<p>Baru</p>")])),
    );
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.updated), (0, 1));
    let after = bench.engine.article(before.id).unwrap();
    assert_eq!(after.row.title, "Satu!");
    assert!(after.html.contains("Baru"), "{}", after.html);
    assert!(after.row.read && after.row.saved, "marks survive an update");
}

#[tokio::test(flavor = "multi_thread")]
async fn doubly_encoded_text_is_repaired() {
    let server = Server::start().await;
    let text = "<p>Dia bilang â€œtidakâ€\u{9d}: kafÃ© itu tutup.</p>";
    server.put(
        "/feed",
        Page::of(RSS, rss("Kabar", &[("a", "Hari Jumâ€™at", text)])),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    assert_eq!(bench.titles(Place::All), ["Hari Jum’at"]);
    let id = bench.rows(Place::All).remove(0).id;
    let html = bench.engine.article(id).unwrap().html;
    assert!(html.contains("“tidak”: kafé itu"), "{html}");
}

/// Unsubscribing while a feed is fetched must not end the sync of the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_removed_during_its_fetch_affects_no_other() {
    let server = Server::start().await;
    let first = rss("Kabar", &[("a", "Satu", "x")]);
    let second = rss("Kabar", &[("a", "Satu", "x"), ("b", "Dua", "y")]);
    // What the removed feed answers: a new article, 304, the same bytes, an error.
    let answers = [
        Page::of(RSS, second.clone()),
        Page::of(RSS, first.clone()).etag("\"1\""),
        Page::of(RSS, first.clone()),
        Page::status(500),
    ];
    for answer in answers {
        let bench = Bench::new();
        let page = Page {
            headers: answer.headers.clone(),
            ..Page::of(RSS, first.clone())
        };
        server.put("/left", page);
        server.put("/kept", Page::of(RSS, first.clone()));
        let left = bench.subscribe(&server.url("/left"));
        bench.subscribe(&server.url("/kept"));
        bench.sync_all().await;
        bench.pass(7200);
        let case = format!("{} {:?}", answer.status, answer.headers);
        server.put("/left", answer);
        server.put("/kept", Page::of(RSS, second.clone()));
        let asked = |path: &str| {
            let start = format!("GET {path} ");
            server
                .asked()
                .iter()
                .filter(|head| head.starts_with(&start))
                .count()
        };
        let (left_asked, kept_asked) = (asked("/left"), asked("/kept"));
        server.hold("/left");
        server.hold("/kept");
        let mut events = bench.engine.events();
        let engine = &bench.engine;
        let syncing = engine.sync();
        let sync = syncing.sync(&SyncScope::All);
        let meanwhile = async {
            server.until_asked("/left", left_asked + 1).await;
            server.until_asked("/kept", kept_asked + 1).await;
            engine.feeds().remove_feed(left).unwrap();
            server.release("/left");
            loop {
                match events.recv().await.unwrap() {
                    Event::SyncProgress { progress } if progress.done == 1 => break,
                    Event::SyncFinished { .. } => break,
                    _ => {}
                }
            }
            server.release("/kept");
        };
        let (report, ()) = tokio::join!(sync, meanwhile);
        let report = report.unwrap_or_else(|failure| panic!("{case}: {failure:?}"));
        assert_eq!((report.fetched, report.new), (1, 1), "{case}");
        assert_eq!(bench.titles(Place::All), ["Satu", "Dua"], "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_affects_only_its_feed_and_has_a_code() {
    let server = Server::start().await;
    server.put("/good", Page::of(RSS, rss("Baik", &[("a", "Satu", "x")])));
    server.put(
        "/page",
        Page::of("text/html", "<html><body><p>Bukan umpan</p></body></html>"),
    );
    server.put("/broken", Page::of("application/xml", "ini bukan XML"));
    server.put("/ill", Page::status(500));
    server.put("/gone", Page::status(410));
    let bench = Bench::new();
    for path in ["/good", "/page", "/broken", "/ill", "/gone", "/missing"] {
        bench.subscribe(&server.url(path));
    }
    let report = bench.sync_all().await;
    assert_eq!((report.fetched, report.failed, report.new), (1, 5, 1));
    assert!(!report.offline);
    let places = bench.engine.places().unwrap();
    let code = |path: &str| {
        let feed = places
            .feeds
            .iter()
            .find(|feed| feed.url.ends_with(path))
            .unwrap();
        feed.failure.clone().map(|failure| failure.code)
    };
    assert_eq!(code("/good"), None);
    assert_eq!(code("/page"), Some(ProblemCode::WebPage));
    assert_eq!(code("/broken"), Some(ProblemCode::NotAFeed));
    assert_eq!(code("/ill"), Some(ProblemCode::ServerError));
    assert_eq!(code("/gone"), Some(ProblemCode::Gone));
    assert_eq!(code("/missing"), Some(ProblemCode::NotFound));

    server.put("/ill", Page::of(RSS, rss("Sembuh", &[("b", "Sehat", "x")])));
    bench.sync_all().await;
    let places = bench.engine.places().unwrap();
    let healed = places
        .feeds
        .iter()
        .find(|feed| feed.url.ends_with("/ill"))
        .unwrap();
    assert_eq!(healed.failure, None, "a success clears the failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_no_host_is_reached_no_feed_failure_is_recorded() {
    let server = Server::start().await;
    server.put(
        "/feed",
        Page::of(RSS, rss("Kabar", &[("a", "Satu", "<p>Isi</p>")])),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    server.stop().await;
    let bench = bench.reopened();
    assert_eq!(
        bench.engine.connectivity().connection(),
        Connection::Unknown
    );
    assert_eq!(
        bench.engine.sync().probe().await.unwrap(),
        Connection::Offline
    );
    let places = bench.engine.places().unwrap();
    assert_eq!(
        places.feeds[0].failure, None,
        "no failure is recorded while offline"
    );
    let row = bench.rows(Place::All).remove(0);
    assert!(
        bench.engine.article(row.id).unwrap().html.contains("Isi"),
        "it reads offline"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unreachable_host_does_not_mean_offline() {
    let (server, away) = (Server::start().await, Server::start().await);
    server.put("/feed", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    let gone = away.url("/feed").replace("127.0.0.1", "localhost");
    away.stop().await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;

    let failure = bench.engine.discovery().discover(&gone).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::FetchFailed, "{failure:?}");
    let id = bench.subscribe(&gone);
    let only = SyncScope::Feeds { ids: vec![id] };
    let report = bench.engine.sync().sync(&only).await.unwrap();
    assert_eq!((report.failed, report.offline), (1, false));
    assert_eq!(bench.engine.connectivity().connection(), Connection::Online);
    let places = bench.engine.places().unwrap();
    let feed = places.feeds.iter().find(|feed| feed.id == id).unwrap();
    assert!(feed.failure.is_some(), "the failure belongs to the feed");

    server.stop().await;
    bench.pass(3600);
    let bench = bench.reopened();
    let report = bench.engine.sync().sync(&only).await.unwrap();
    assert!(report.offline, "now no host is reachable: {report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_backing_off_is_not_probed() {
    let (server, busy) = (Server::start().await, Server::start().await);
    server.put("/feed", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    let mut wait = Page::status(429);
    wait.headers.push(("Retry-After".into(), "600".into()));
    busy.put("/feed", wait);
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.subscribe(&busy.url("/feed").replace("127.0.0.1", "localhost"));
    let report = bench.sync_all().await;
    assert_eq!((report.failed, report.offline), (1, false));
    server.stop().await;
    busy.stop().await;
    let report = bench.sync_all().await;
    assert!(report.offline, "{report:?}");
    assert_eq!(
        bench.engine.connectivity().connection(),
        Connection::Offline
    );
    let places = bench.engine.places().unwrap();
    let failures = places.feeds.iter().filter(|feed| feed.failure.is_some());
    assert_eq!(failures.count(), 1, "only the earlier failure");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_due_feeds_are_fetched_and_failures_back_off() {
    let server = Server::start().await;
    server.put("/feed", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    server.put("/ill", Page::status(503));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.subscribe(&server.url("/ill"));
    bench.engine.sync().sync(&SyncScope::Due).await.unwrap();
    let again = bench.engine.sync().sync(&SyncScope::Due).await.unwrap();
    assert_eq!(again.feeds, 0, "nothing is due right after a sync");
    for failures in [2, 3] {
        bench.pass(70 * 60);
        let due = bench
            .engine
            .sync()
            .sync(&SyncScope::Due)
            .await
            .unwrap()
            .feeds;
        assert_eq!(due, 2, "{failures} failures: both are due after an hour");
    }
    bench.pass(70 * 60);
    let due = bench.engine.sync().sync(&SyncScope::Due).await.unwrap();
    assert_eq!(
        due.feeds, 1,
        "the feed that failed three times waits two hours"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_and_progress_are_reported_during_the_sync() {
    let server = Server::start().await;
    server.put(
        "/feed",
        Page::of(RSS, rss("Kabar", &[("a", "Satu", "x"), ("b", "Dua", "y")])),
    );
    let bench = Bench::new();
    let id = bench.subscribe(&server.url("/feed"));
    let mut events = bench.engine.events();
    bench.sync_all().await;
    let mut told = Vec::new();
    while let Ok(event) = events.try_recv() {
        told.push(event);
    }
    let arrived = told
        .iter()
        .position(|event| matches!(event, Event::ArticlesArrived { feed, new: 2 } if *feed == id));
    let finished = told
        .iter()
        .position(|event| matches!(event, Event::SyncFinished { .. }));
    assert!(arrived.unwrap() < finished.unwrap(), "{told:?}");
    assert!(
        told.iter()
            .any(|event| matches!(event, Event::SyncProgress { .. }))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_stored_and_served_by_the_media_protocol() {
    let server = Server::start().await;
    let png = picture();
    server.put("/foto.png", Page::of("image/png", png.clone()));
    server.put("/bohong.png", Page::of("image/png", "bukan gambar"));
    let html = format!(
        "<p>Awal</p><img src=\"{}\" alt=\"Feri\"><img src=\"{}\" alt=\"Rusak\">",
        server.url("/foto.png"),
        server.url("/bohong.png")
    );
    server.put(
        "/feed",
        Page::of(RSS, rss("Kabar", &[("a", "Satu", &html)])),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    let report = bench.sync_all().await;
    assert_eq!(
        report.pictures, 1,
        "a file with a wrong type must not be stored as a picture"
    );
    server.stop().await;
    let bench = bench.reopened();
    let row = bench.rows(Place::All).remove(0);
    let view = bench.engine.article(row.id).unwrap();
    assert!(
        !view.html.contains("src=\"http"),
        "the HTML has no web addresses of pictures: {}",
        view.html
    );
    assert!(
        view.html.contains("Rusak"),
        "a missing picture keeps its description: {}",
        view.html
    );
    let address = view.html.split("warta-media://localhost").nth(1).unwrap();
    let media = bench
        .engine
        .media()
        .media(address.split('"').next().unwrap(), None)
        .unwrap();
    assert_eq!(
        (media.content_type.as_str(), media.bytes),
        ("image/png", png)
    );
    let thumbnail = row.thumbnail.unwrap();
    let path = thumbnail.strip_prefix("warta-media://localhost").unwrap();
    assert!(
        bench.engine.media().media(path, None).is_some(),
        "lists have a small picture"
    );
    for path in ["/", "/../warta", "/00", "/etc/passwd", ""] {
        assert_eq!(bench.engine.media().media(path, None), None, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_pictures_are_not_fetched_and_tracking_pixels_are_removed() {
    let server = Server::start().await;
    server.put("/foto.png", Page::of("image/png", picture()));
    server.put("/titik.png", Page::of("image/png", picture_of(1)));
    let (photo, dot) = (server.url("/foto.png"), server.url("/titik.png"));
    let track = server.url("/lacak");
    let html = format!(
        "<p>Awal</p><img src='{track}/1' style='display:none'><img src='{track}/2' hidden>\
         <div style='visibility:hidden'><img src='{track}/3'></div><img src='{track}/4' width=1 height=1>\
         <img src='{dot}' alt='Titik'><img src='{photo}' alt='Feri'>"
    );
    server.put(
        "/feed",
        Page::of(RSS, rss("Kabar", &[("a", "Satu", &html)])),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let asked = server.asked();
    assert!(asked.iter().any(|head| head.contains("/foto.png")));
    assert!(
        asked.iter().all(|head| !head.contains("/lacak")),
        "{asked:?}"
    );
    let row = bench.rows(Place::All).remove(0);
    let view = bench.engine.article(row.id).unwrap();
    assert_eq!(
        view.pictures_missing, 0,
        "a tracking pixel does not count as missing"
    );
    assert!(
        !view.html.contains("Titik"),
        "no placeholder is left: {}",
        view.html
    );
    assert!(view.html.contains("Feri"), "{}", view.html);
    let before = server.asked().len();
    bench
        .engine
        .pictures()
        .fetch_pictures(row.id)
        .await
        .unwrap();
    assert_eq!(
        server.asked().len(),
        before,
        "the pixel must not be fetched again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gone_feed_is_not_fetched_until_the_reader_retries_it() {
    let server = Server::start().await;
    server.put("/feed", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    let bench = Bench::new();
    let id = bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    server.put("/feed", Page::status(410));
    bench.sync_all().await;
    let details = bench.engine.feeds().feed_details(id).unwrap();
    assert_eq!(details.activity.ended_at, Some(NOON));
    assert_eq!(bench.titles(Place::All), ["Satu"], "its articles are kept");
    bench.pass(7 * 86_400);
    assert_eq!(bench.sync_all().await.feeds, 0, "it is no longer fetched");

    server.put("/feed", Page::of(RSS, rss("Kabar", &[("b", "Dua", "y")])));
    let again = SyncScope::Feeds { ids: vec![id] };
    bench.engine.sync().sync(&again).await.unwrap();
    let details = bench.engine.feeds().feed_details(id).unwrap();
    assert_eq!(details.activity.ended_at, None, "it is available again");
    let codes: Vec<_> = details.history.iter().map(|fetch| fetch.code).collect();
    assert_eq!(codes, [None, Some(ProblemCode::Gone), None], "newest first");
    assert_eq!(details.history[0].new, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permanent_redirect_is_adopted_when_seen_on_another_day() {
    let server = Server::start().await;
    let mut moved = Page::status(301);
    moved.headers.push(("Location".into(), server.url("/new")));
    server.put("/old", moved);
    server.put("/new", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    let bench = Bench::new();
    let id = bench.subscribe(&server.url("/old"));
    let url = || bench.engine.feeds().feed_details(id).unwrap().url;
    bench.sync_all().await;
    let details = bench.engine.feeds().feed_details(id).unwrap();
    assert_eq!(details.activity.moving_to, Some(server.url("/new")));
    bench.pass(3600);
    server.put("/new", Page::of(RSS, rss("Kabar", &[("b", "Dua", "x")])));
    bench.sync_all().await;
    assert_eq!(
        url(),
        server.url("/old"),
        "a redirect of one day may be a mistake"
    );
    bench.pass(86_400);
    server.put("/new", Page::of(RSS, rss("Kabar", &[("c", "Tiga", "x")])));
    bench.sync_all().await;
    assert_eq!(url(), server.url("/new"));
    assert_eq!(bench.titles(Place::All).len(), 3, "its articles are kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captive_portal_is_reported_and_no_feed_failure_is_recorded() {
    let server = Server::start().await;
    let bench = Bench::new();
    let mut settings = bench.engine.settings();
    settings.proxy = server.url("/");
    bench.engine.set_settings(settings).unwrap();
    for host in ["satu.example", "dua.example", "tiga.example"] {
        let address = format!("http://{host}/feed");
        let mut led = Page::status(302);
        led.headers
            .push(("Location".into(), "http://masuk.hotel.example/".into()));
        server.put(&address, led);
        bench.subscribe(&address);
    }
    let page = Page::of("text/html", "<html><body>Masuk</body></html>");
    server.put("http://masuk.hotel.example/", page);
    let report = bench.sync_all().await;
    assert!(report.portal && !report.offline, "{report:?}");
    assert_eq!(bench.engine.connectivity().connection(), Connection::Portal);
    let places = bench.engine.places().unwrap();
    assert!(places.feeds.iter().all(|feed| feed.failure.is_none()));

    // A single feed that redirects to another host while others respond has failed on its own.
    let rss = Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")]));
    server.put("http://dua.example/feed", rss);
    let report = bench.sync_all().await;
    assert_eq!(
        (report.portal, report.fetched, report.failed),
        (false, 1, 2)
    );
    assert_eq!(bench.engine.connectivity().connection(), Connection::Online);
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_intervals_follow_publisher_and_reader() {
    let server = Server::start().await;
    let slow = rss("Kabar", &[("a", "Satu", "x")]).replace("</title>", "</title><ttl>240</ttl>");
    server.put("/slow", Page::of(RSS, slow));
    server.put("/own", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    let bench = Bench::new();
    let (slow, own) = (
        bench.subscribe(&server.url("/slow")),
        bench.subscribe(&server.url("/own")),
    );
    let change = FeedChange {
        every_minutes: Some(10),
        ..FeedChange::default()
    };
    bench.engine.feeds().change_feed(own, &change).unwrap();
    bench.sync_all().await;
    let pause = |id| {
        let details = bench.engine.feeds().feed_details(id).unwrap();
        details.activity.next_due_at.unwrap() - NOON
    };
    assert!(
        (216 * 60..=264 * 60).contains(&pause(slow)),
        "{}",
        pause(slow)
    );
    assert_eq!(pause(own), 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_pictures_are_fetched_on_a_metered_connection() {
    let server = Server::start().await;
    server.put("/foto.png", Page::of("image/png", picture()));
    let html = format!("<p>Awal</p><img src=\"{}\">", server.url("/foto.png"));
    let folder = tempfile::tempdir().unwrap();
    let asked = Arc::new(AtomicU32::new(0));
    let mut opening = Opening::usual(folder.path(), "id");
    let counted = Arc::clone(&asked);
    opening.resource_constraint = Arc::new(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        ResourceConstraint::Metered
    });
    let engine = Engine::open(&opening).unwrap();
    for path in ["/satu", "/dua"] {
        let entries = [(&path[1..], "Satu", html.as_str())];
        server.put(path, Page::of(RSS, rss("Kabar", &entries)));
        let feed = new_feed(server.url(path));
        engine.feeds().subscribe(&[feed]).unwrap();
    }
    let report = engine.sync().sync(&SyncScope::All).await.unwrap();
    assert_eq!((report.new, report.pictures), (2, 0));
    assert_eq!(
        asked.load(Ordering::SeqCst),
        1,
        "queried once per sync, not per feed"
    );
    assert!(server.asked().iter().all(|head| !head.contains("foto")));
}

/// A small PNG.
pub(crate) fn picture() -> Vec<u8> {
    picture_of(20)
}

/// A square PNG with sides of `side` pixels.
fn picture_of(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_pixel(side, side, image::Rgb([180, 40, 30]));
    image
        .write_to(
            &mut std::io::Cursor::new(&mut bytes),
            image::ImageFormat::Png,
        )
        .unwrap();
    bytes
}
