//! Which feeds are reported, with which figures; and unsubscribing from several with one undo.

use warta_engine::api::{Ailment, FeedHealth, Place};

use crate::server::{Page, Server};
use crate::{Bench, rss};

const DAY: i64 = 86_400;

fn report(bench: &Bench) -> Vec<FeedHealth> {
    bench.engine.health().feed_health().unwrap()
}

fn of(bench: &Bench, feed: u32) -> Vec<Ailment> {
    let found = report(bench).into_iter().find(|one| one.feed == feed);
    found.map_or_else(Vec::new, |one| one.ailments)
}

/// Three entries, an hour apart.
fn feed(title: &str, of: &str) -> Page {
    let entries: Vec<(String, String, String)> = (0..6)
        .map(|n| {
            (
                format!("{of}-{n}"),
                format!("Judul {of} {n}"),
                format!("Isi {of} {n}"),
            )
        })
        .collect();
    let entries: Vec<(&str, &str, &str)> = entries
        .iter()
        .map(|(guid, title, html)| (guid.as_str(), title.as_str(), html.as_str()))
        .collect();
    Page::of("application/rss+xml", rss(title, &entries))
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_failing_and_doubled_feeds_are_reported() {
    let server = Server::start().await;
    server.put("/a", feed("A", "a"));
    server.put("/b", feed("B", "a"));
    server.put("/c", feed("C", "c"));
    let bench = Bench::new();
    let [a, b, c] = ["/a", "/b", "/c"].map(|path| bench.subscribe(&server.url(path)));
    bench.sync_all().await;
    assert!(matches!(
        of(&bench, b)[..],
        [Ailment::Duplicate { of, percent: 100, .. }] if of == a
    ));
    assert!(
        of(&bench, a).is_empty(),
        "the older of two equal feeds is kept"
    );
    assert!(of(&bench, c).is_empty());
    // Hourly until now, then nothing for forty days.
    server.put("/c", Page::status(500));
    for _ in 0..4 {
        bench.pass(10 * DAY);
        bench.sync_all().await;
    }
    let silent = of(&bench, a);
    assert!(
        matches!(
            silent[..],
            [Ailment::Silent {
                usual_seconds: Some(3600),
                ..
            }]
        ),
        "{silent:?}"
    );
    let failing = of(&bench, c);
    assert!(
        matches!(
            &failing[..],
            [Ailment::Failing { failures, succeeded_at: Some(_), .. }] if *failures >= 3
        ),
        "{failing:?}"
    );
    let first = &report(&bench)[0];
    assert_eq!((first.feed, first.total), (c, 6), "the worst first");
    // Several at once, and back again.
    let undo = bench
        .engine
        .feeds()
        .unsubscribe(&warta_engine::api::ChosenPlaces {
            feeds: vec![a, c],
            folders: Vec::new(),
        })
        .unwrap();
    assert_eq!(undo.changed, 2);
    assert_eq!(bench.engine.places().unwrap().feeds.len(), 1);
    assert!(bench.engine.marks().undo(undo.token).unwrap());
    assert_eq!(bench.engine.places().unwrap().feeds.len(), 3);
    assert_eq!(report(&bench).len(), 3);
    assert!(!bench.rows(Place::All).is_empty());
    assert!(bench.engine.maintenance().check().unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_and_feeds_that_are_not_read_are_reported() {
    let server = Server::start().await;
    let item = |n: usize| {
        format!(
            "<item><guid isPermaLink=\"false\">n-{n}</guid><title>Nomor {n}</title>\
             <link>https://banjir.example/{n}</link>\
             <pubDate>Sun, 03 May 2026 12:00:00 GMT</pubDate><description>Isi {n}</description></item>"
        )
    };
    let body = |items: String| {
        let xml = format!("<rss version=\"2.0\"><channel><title>F</title>{items}</channel></rss>");
        Page::of("application/rss+xml", xml)
    };
    server.put("/many", body((0..130).map(item).collect()));
    let bench = Bench::new();
    let id = bench.subscribe(&server.url("/many"));
    bench.sync_all().await;
    assert_eq!(of(&bench, id), [Ailment::Flood { a_day: 130 }]);
    bench.pass(29 * DAY);
    assert!(of(&bench, id).is_empty(), "130 in a month are no flood");
    // Subscribed for thirty days, and nothing of it was read.
    bench.pass(DAY);
    let fresh = item(900).replace("03 May", "01 Jun");
    let fresh: String = (0..12)
        .map(|n| fresh.replace("900", &format!("{}", 900 + n)))
        .collect();
    server.put("/many", body(fresh));
    bench.sync_all().await;
    assert_eq!(of(&bench, id), [Ailment::NeverRead { articles: 12 }]);
    let one = bench.rows(Place::All)[0].id;
    let read = warta_engine::api::Mark {
        read: Some(true),
        saved: None,
    };
    bench.engine.marks().mark(&[one], read).unwrap();
    assert!(of(&bench, id).is_empty(), "one was read");
}
