//! Lists, marks, search and stories.

use warta_engine::api::{ListRequest, Mark, Place};

use crate::server::{Page, Server};
use crate::{Bench, rss};

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
