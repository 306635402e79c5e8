//! Which entries are the same article, from the feed's bytes to the lists.

use std::fmt::Write as _;

use warta_engine::api::{Mark, Place};

use crate::server::{Page, Server};
use crate::{Bench, rss};

const RSS: &str = "application/rss+xml";
const READ: Mark = Mark {
    read: Some(true),
    saved: None,
};

/// A feed of entries (GUID, name), all with the same date or none.
fn feed(entries: &[(String, String)], date: Option<&str>) -> Page {
    let mut items = String::new();
    let date = date.map_or_else(String::new, |date| format!("<pubDate>{date}</pubDate>"));
    for (guid, name) in entries {
        write!(
            items,
            "<item><guid isPermaLink=\"false\">{guid}</guid><title>Judul {name}</title>\
             <link>https://kabar.example/{name}</link>{date}\
             <description>Apa yang terjadi di {name}.</description></item>"
        )
        .unwrap();
    }
    let head = "<title>Kabar</title><link>https://kabar.example/</link>";
    let feed = format!("<rss version=\"2.0\"><channel>{head}{items}</channel></rss>");
    Page::of(RSS, feed)
}

fn mark_all(bench: &Bench) {
    let ids: Vec<u64> = bench.rows(Place::All).iter().map(|row| row.id).collect();
    bench.engine.marks().mark(&ids, READ).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_fetches_of_fifty_entries_with_new_guids_are_fifty_articles() {
    for date in [Some("Mon, 04 May 2026 08:00:00 GMT"), None] {
        let server = Server::start().await;
        let bench = Bench::new();
        let id = bench.subscribe(&server.url("/feed"));
        for fetch in 0..200_u32 {
            let entries: Vec<(String, String)> = (0..50)
                .map(|n| {
                    (
                        format!("{:08x}-{n}", fetch.wrapping_mul(2_654_435_761)),
                        n.to_string(),
                    )
                })
                .collect();
            server.put("/feed", feed(&entries, date));
            let report = bench.sync_all().await;
            let new = if fetch == 0 { 50 } else { 0 };
            assert_eq!((report.new, report.updated), (new, 0), "fetch {fetch}");
            if fetch == 0 {
                mark_all(&bench);
            }
            bench.pass(600);
        }
        let rows = bench.rows(Place::Feed { id });
        assert_eq!(rows.len(), 50);
        assert!(
            rows.iter().all(|row| row.read),
            "read articles must stay read"
        );
        let bench = bench.reopened();
        assert_eq!(bench.rows(Place::Feed { id }).len(), 50);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_guid_loses_and_duplicates_no_entry() {
    for guid in ["N/A", "0", "https://kabar.example/", "berita-terbaru"] {
        let server = Server::start().await;
        let bench = Bench::new();
        bench.subscribe(&server.url("/feed"));
        let mut seen: Vec<String> = Vec::new();
        for window in ["A", "BA", "CBA", "DCB", "ED", "F", "G", "GF"] {
            let entries: Vec<(String, String)> = window
                .chars()
                .map(|name| (guid.to_owned(), name.to_string()))
                .collect();
            server.put(
                "/feed",
                feed(&entries, Some("Mon, 04 May 2026 08:00:00 GMT")),
            );
            bench.sync_all().await;
            let mut shown: Vec<(String, bool)> = bench
                .rows(Place::All)
                .into_iter()
                .map(|row| (row.title, row.read))
                .collect();
            shown.sort();
            let mut expected: Vec<(String, bool)> =
                seen.iter().map(|title| (title.clone(), true)).collect();
            for (_, name) in entries {
                let title = format!("Judul {name}");
                if !seen.contains(&title) {
                    expected.push((title.clone(), false));
                    seen.push(title);
                }
            }
            expected.sort();
            assert_eq!(shown, expected, "{guid}, after {window}");
            mark_all(&bench);
            bench.pass(600);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_entries_with_a_shared_guid_are_fetched() {
    let server = Server::start().await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    server.put("/satu.png", Page::of("image/png", crate::sync::picture()));
    let entry = |name: &str, text: &str| {
        let site = "<link>https://kabar.example/</link>";
        Page::of(
            RSS,
            format!(
                "<rss version=\"2.0\"><channel>{site}<item><guid isPermaLink=\"false\">N/A</guid>\
                 <title>{name}</title><link>https://kabar.example/{name}</link>\
                 <description><![CDATA[<p>{text}</p>]]></description></item></channel></rss>"
            ),
        )
    };
    server.put("/feed", entry("satu", "Kata"));
    bench.sync_all().await;
    let picture = format!("Kata <img src=\"{}\">", server.url("/satu.png"));
    server.put("/feed", entry("dua", &picture));
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.pictures), (1, 1), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_in_two_feeds_of_a_site_is_stored_once() {
    let server = Server::start().await;
    let both = ("b", "Kapal tiba di pelabuhan", "<p>Kapal tiba.</p>");
    let main = rss("Kabar", &[("a", "Satu", "x"), both]);
    let section = rss("Kabar Kelautan", &[both, ("c", "Tiga", "z")]);
    server.put("/feed", Page::of(RSS, main));
    server.put("/laut/feed", Page::of(RSS, section));
    let bench = Bench::new();
    let (main, section) = (
        bench.subscribe(&server.url("/feed")),
        bench.subscribe(&server.url("/laut/feed")),
    );
    let report = bench.sync_all().await;
    assert_eq!(report.new, 3, "counted once");
    let title = "Kapal tiba di pelabuhan";
    let of = |bench: &Bench, place| {
        let rows = bench.rows(place).into_iter();
        rows.filter(|row| row.title == title).collect::<Vec<_>>()
    };
    let (one, other) = (
        of(&bench, Place::Feed { id: main }),
        of(&bench, Place::Feed { id: section }),
    );
    assert_eq!((one.len(), other.len()), (1, 1));
    assert_eq!(one[0].id, other[0].id);
    assert_eq!(of(&bench, Place::All).len(), 1);
    assert_eq!(bench.engine.places().unwrap().all.unread, 3);
    bench.engine.search().finish_indexing().unwrap();
    assert_eq!(
        bench
            .engine
            .search()
            .search("pelabuhan", 10, 0)
            .unwrap()
            .total,
        1
    );

    let mark = Mark {
        read: Some(true),
        saved: Some(true),
    };
    bench.engine.marks().mark(&[other[0].id], mark).unwrap();
    let places = bench.engine.places().unwrap();
    assert_eq!((places.all.unread, places.saved), (2, 1));
    for feed in &places.feeds {
        assert_eq!(feed.count.unread, 1, "{}", feed.title);
    }
    for (gone, left) in [(main, section), (section, main)] {
        let undo = bench.engine.feeds().remove_feed(gone).unwrap();
        let rows = of(&bench, Place::All);
        assert_eq!(rows.len(), 1, "the other feed still lists it");
        assert!(rows[0].read && rows[0].saved);
        assert_eq!(rows[0].feed, left);
        bench.engine.marks().undo(undo.token).unwrap();
    }
    bench.engine.feeds().remove_feed(main).unwrap();
    let bench = bench.reopened();
    let rows = of(&bench, Place::Saved);
    assert_eq!((rows.len(), rows[0].id), (1, one[0].id));
    assert_eq!(bench.rows(Place::All).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_front_page_keep_the_feeds_order() {
    for date in [
        None,
        Some("Mon, 04 May 2026 08:00:00 GMT"),
        Some("2026-05-04"),
    ] {
        let server = Server::start().await;
        let bench = Bench::new();
        bench.subscribe(&server.url("/feed"));
        let window = |names: &str| {
            let entries: Vec<(String, String)> = names
                .chars()
                .map(|name| (format!("g-{name}"), name.to_string()))
                .collect();
            feed(&entries, date)
        };
        for (names, expected) in [("54321", "54321"), ("87654", "87654321")] {
            server.put("/feed", window(names));
            bench.sync_all().await;
            let titles: String = bench
                .titles(Place::All)
                .iter()
                .map(|title| title.replace("Judul ", ""))
                .collect();
            assert_eq!(titles, expected, "{date:?}");
            let front = bench.engine.stories().front_page_now().unwrap().latest;
            let titles: Vec<String> = front.into_iter().map(|row| row.title).collect();
            let listed = bench.titles(Place::All);
            assert_eq!(titles, listed[..titles.len()], "{date:?}, front page");
        }
    }
}
