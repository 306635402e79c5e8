//! Lists, marks, search and stories.

use warta_engine::api::{Cursor, ListRequest, Mark, Order, Place, ReadSpan, TodaySpan};

use crate::server::{Page, Server};
use crate::{Bench, NOON, rss};

const RSS: &str = "application/rss+xml";

async fn bench_with(entries: &[(&str, &str, &str)]) -> Bench {
    let server = Server::start().await;
    server.put("/feed", Page::of(RSS, rss("Kabar", entries)));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    bench
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_update_lists_and_counts() {
    let bench = bench_with(&[("a", "Satu", "x"), ("b", "Dua", "y"), ("c", "Tiga", "z")]).await;
    let rows = bench.rows(Place::All);
    let read = Mark {
        read: Some(true),
        saved: None,
    };
    let save = Mark {
        read: None,
        saved: Some(true),
    };
    assert_eq!(bench.engine.marks().mark(&[rows[0].id], read).unwrap(), 1);
    assert_eq!(
        bench.engine.marks().mark(&[rows[0].id], read).unwrap(),
        0,
        "marking again changes nothing"
    );
    bench.engine.marks().mark(&[rows[2].id], save).unwrap();
    assert_eq!(bench.titles(Place::Unread), ["Dua", "Tiga"]);
    assert_eq!(bench.titles(Place::Saved), ["Tiga"]);
    let places = bench.engine.places().unwrap();
    assert_eq!(
        (places.all.total, places.all.unread, places.saved),
        (3, 2, 1)
    );
    assert_eq!((places.today.total, places.today.unread), (3, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn mark_all_read_can_be_undone() {
    let bench = bench_with(&[("a", "Satu", "x"), ("b", "Dua", "y"), ("c", "Tiga", "z")]).await;
    let rows = bench.rows(Place::All);
    bench
        .engine
        .marks()
        .mark(
            &[rows[1].id],
            Mark {
                read: Some(true),
                saved: None,
            },
        )
        .unwrap();
    let undo = bench
        .engine
        .marks()
        .mark_all_read(Place::All, None)
        .unwrap();
    assert_eq!(undo.changed, 2);
    assert!(bench.titles(Place::Unread).is_empty());
    assert!(bench.engine.marks().undo(undo.token).unwrap());
    assert_eq!(
        bench.titles(Place::Unread),
        ["Satu", "Tiga"],
        "articles read before must stay read"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_paged() {
    let entries: Vec<(String, String)> = (0..11)
        .map(|n| (format!("g{n}"), format!("Judul {n}")))
        .collect();
    let entries: Vec<_> = entries
        .iter()
        .map(|(g, t)| (g.as_str(), t.as_str(), "x"))
        .collect();
    let bench = bench_with(&entries).await;
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let request = ListRequest {
            place: Place::All,
            unread_only: false,
            before,
            limit: 4,
            order: Order::Newest,
            by_feed: false,
        };
        let page = bench.engine.lists().list(&request).unwrap();
        seen.extend(page.rows.into_iter().map(|row| row.title));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 11);
    assert_eq!(
        seen,
        bench.titles(Place::All),
        "pages have no gap and no duplicate"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_and_highlights_words_in_title_and_text() {
    let bench = bench_with(&[
        (
            "a",
            "Feri baru ke Pulau Seribu",
            "<p>Kapal itu berlayar setiap pagi.</p>",
        ),
        (
            "b",
            "Harga cabai",
            "<p>Pedagang pasar mengeluhkan pasokan.</p>",
        ),
    ])
    .await;
    bench.engine.search().finish_indexing().unwrap();
    for (query, expected) in [
        ("feri", 1),
        ("berlayar", 1),
        ("pasokan cabai", 1),
        ("gunung", 0),
        ("\"", 0),
    ] {
        let page = bench.engine.search().search(query, 20, 0).unwrap();
        assert_eq!(page.hits.len(), expected, "{query}");
    }
    let page = bench.engine.search().search("feri", 20, 0).unwrap();
    let hit: String = page.hits[0]
        .title
        .iter()
        .filter(|r| r.hit)
        .map(|r| r.text.clone())
        .collect();
    assert_eq!(hit.to_lowercase(), "feri");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_has_a_dateline_and_publisher_channels() {
    let html = "<p>Ambon (KABAR) - Feri pertama tiba pada Senin pagi di dermaga kota.</p>\
        <p>Warga menyambutnya dengan tarian dan musik.</p>\
        <p>Silakan baca berita lain dari Kabar di <a href=\"https://news.google.com/publications/CAAq\">Google News</a> \
        dan <a href=\"https://whatsapp.com/channel/0029VaKabar\">WhatsApp Channel</a>!</p>";
    let bench = bench_with(&[("a", "Feri pertama tiba", html)]).await;
    let row = bench.rows(Place::All).remove(0);
    let view = bench.engine.article(row.id).unwrap();
    assert_eq!(view.dateline.as_deref(), Some("AMBON (KABAR)"));
    assert!(
        view.html.contains("Feri pertama tiba pada Senin"),
        "{}",
        view.html
    );
    assert!(
        !view.html.contains("Google News"),
        "the channel invitation must be removed: {}",
        view.html
    );
    let kinds: Vec<_> = view
        .publisher
        .channels
        .iter()
        .map(|c| c.kind.as_str())
        .collect();
    assert_eq!(kinds, ["whatsapp-channel", "google-news"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_of_several_publishers_is_trending() {
    let bench = Bench::new();
    let titles = [
        "Feri Nusa Laut tenggelam di Selat Bangka, 40 penumpang selamat",
        "40 penumpang selamat setelah feri Nusa Laut tenggelam di Selat Bangka",
        "Feri Nusa Laut tenggelam di Selat Bangka, semua penumpang selamat",
    ];
    let mut servers = Vec::new();
    for (index, title) in titles.iter().enumerate() {
        let server = Server::start().await;
        let site = format!("https://penerbit{index}.example/");
        let feed = rss(
            &format!("Penerbit {index}"),
            &[(
                "a",
                title,
                "<p>Feri Nusa Laut tenggelam di Selat Bangka.</p>",
            )],
        )
        .replace("https://kabar.example/", &site);
        server.put("/feed", Page::of(RSS, feed));
        bench.subscribe(&server.url("/feed"));
        servers.push(server);
    }
    bench.sync_all().await;
    let front = bench.engine.stories().front_page().unwrap();
    assert_eq!(front.stories.len(), 1, "{front:?}");
    let story = &front.stories[0];
    assert_eq!(story.publishers.len(), 3, "{story:?}");
    assert!(
        story
            .publishers
            .iter()
            .all(|name| name.starts_with("Penerbit ")),
        "{story:?}"
    );
    assert!(
        front.latest.is_empty(),
        "articles of stories are not repeated among the latest"
    );
    let page = bench.engine.stories().story(story.id).unwrap();
    assert_eq!(page.articles.len(), 3);
    let row = bench.rows(Place::All).remove(0);
    assert_eq!(
        row.story.map(|s| s.publishers),
        Some(3),
        "rows refer to their story"
    );
}

/// Two feeds whose articles take turns in time, an hour apart; the newest is at noon.
async fn two_feeds() -> Bench {
    let bench = Bench::new();
    let server = Server::start().await;
    for (path, name, from) in [("/b", "Beta", 0), ("/a", "Alfa", 1)] {
        let items: Vec<String> = (0..4)
            .map(|n| {
                let hours = n * 2 + from;
                let date = chrono::DateTime::from_timestamp(NOON - hours * 3600, 0).unwrap();
                format!(
                    "<item><guid>{name}{n}</guid><title>{name} {n}</title><link>https://{name}.example/{n}</link>\
                     <description>Isi {name} {n} yang cukup panjang.</description><pubDate>{}</pubDate></item>",
                    date.to_rfc2822()
                )
            })
            .collect();
        let items = items.concat();
        let body =
            format!("<rss version=\"2.0\"><channel><title>{name}</title>{items}</channel></rss>");
        server.put(path, Page::of(RSS, body));
        bench.subscribe(&server.url(path));
    }
    bench.sync_all().await;
    bench
}

fn pages(bench: &Bench, place: Place, order: Order, by_feed: bool) -> Vec<String> {
    let mut request = ListRequest {
        place,
        unread_only: false,
        before: None,
        limit: 3,
        order,
        by_feed,
    };
    let mut titles = Vec::new();
    loop {
        let page = bench.engine.lists().list(&request).unwrap();
        titles.extend(page.rows.into_iter().map(|row| row.title));
        if page.next.is_none() {
            return titles;
        }
        request.before = page.next;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_begin_with_the_oldest_or_go_by_feed() {
    let bench = two_feeds().await;
    let newest = [
        "Beta 0", "Alfa 0", "Beta 1", "Alfa 1", "Beta 2", "Alfa 2", "Beta 3", "Alfa 3",
    ];
    assert_eq!(pages(&bench, Place::All, Order::Newest, false), newest);
    let mut oldest = pages(&bench, Place::All, Order::Oldest, false);
    oldest.reverse();
    assert_eq!(oldest, newest);
    assert_eq!(
        pages(&bench, Place::All, Order::Newest, true),
        [
            "Alfa 0", "Alfa 1", "Alfa 2", "Alfa 3", "Beta 0", "Beta 1", "Beta 2", "Beta 3"
        ]
    );
    assert_eq!(
        pages(&bench, Place::Unread, Order::Oldest, true),
        [
            "Alfa 3", "Alfa 2", "Alfa 1", "Alfa 0", "Beta 3", "Beta 2", "Beta 1", "Beta 0"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_lists_are_marked_read_with_undo() {
    let bench = two_feeds().await;
    let rows = bench.rows(Place::All);
    let cursor = |title: &str| {
        let row = rows.iter().find(|row| row.title == title).unwrap();
        Cursor {
            time: row.time,
            id: row.id,
        }
    };
    let marks = bench.engine.marks();
    let check = |span: ReadSpan, left: &[&str]| {
        let undo = marks.mark_span_read(Place::All, span).unwrap();
        assert_eq!(bench.titles(Place::Unread), left, "after {span:?}");
        assert_eq!(undo.changed as usize, rows.len() - left.len());
        assert!(marks.undo(undo.token).unwrap());
        assert_eq!(bench.titles(Place::Unread).len(), rows.len(), "undone");
    };
    let than = cursor("Alfa 1");
    check(
        ReadSpan::Older { than },
        &["Beta 0", "Alfa 0", "Beta 1", "Alfa 1"],
    );
    let newest = Some(cursor("Alfa 0"));
    check(
        ReadSpan::Newer { than, newest },
        &["Beta 0", "Alfa 1", "Beta 2", "Alfa 2", "Beta 3", "Alfa 3"],
    );
    check(
        ReadSpan::FollowingFeeds {
            row: than,
            order: Order::Newest,
        },
        &["Alfa 0", "Alfa 1"],
    );
    check(
        ReadSpan::FollowingFeeds {
            row: than,
            order: Order::Oldest,
        },
        &["Alfa 1", "Alfa 2", "Alfa 3"],
    );
    check(
        ReadSpan::Age { hours: 5 },
        &["Beta 0", "Alfa 0", "Beta 1", "Alfa 1", "Beta 2", "Alfa 2"],
    );

    let ids: Vec<u64> = rows[..2].iter().map(|row| row.id).collect();
    let save = Mark {
        read: None,
        saved: Some(true),
    };
    marks.mark(&[rows[0].id, rows[7].id], save).unwrap();
    let old = marks
        .mark_span_read(Place::Saved, ReadSpan::Age { hours: 5 })
        .unwrap();
    assert_eq!(
        old.changed, 1,
        "the article's age counts, not when it was saved"
    );
    assert!(marks.undo(old.token).unwrap());
    let undo = marks.mark_articles_read(&ids).unwrap();
    assert_eq!(undo.changed, 2);
    assert!(marks.undo(undo.token).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn today_is_the_calendar_day_or_the_last_24_hours() {
    let bench = two_feeds().await;
    // Two o'clock at night: two of the articles are of the last two hours.
    bench.pass(-10 * 3600 + 24 * 3600);
    assert!(
        bench.titles(Place::Today).is_empty(),
        "the day has just begun"
    );
    let mut settings = bench.engine.settings();
    settings.today_span = TodaySpan::Hours24;
    bench.engine.set_settings(settings).unwrap();
    assert_eq!(bench.titles(Place::Today).len(), 8);
    let places = bench.engine.places().unwrap();
    assert_eq!(places.today.total, 8, "the sidebar counts the same");
}
