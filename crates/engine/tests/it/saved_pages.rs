//! Saved pages: full text and pictures, once per address, kept apart from subscriptions; waiting
//! for the network; failures by page; in snapshots.

use warta_engine::Keep;
use warta_engine::api::{Connection, PageState, Place};

use crate::server::{Page, Server};
use crate::{Bench, INSIDE, rss};

fn page(title: &str) -> Page {
    let text = "Kapal Bima tiba di pelabuhan pagi ini setelah berlayar semalam. ".repeat(12);
    Page::of(
        "text/html; charset=utf-8",
        format!(
            "<html lang=\"id\"><head><title>{title} - Situs</title>\
             <meta property=\"og:site_name\" content=\"Situs\"></head>\
             <body><article><h1>{title}</h1><p>{text}</p><p>{text}</p></article></body></html>"
        ),
    )
}

fn pages_place(bench: &Bench) -> Place {
    let place = bench.engine.places().unwrap().saved_pages.unwrap();
    Place::Feed { id: place.feed }
}

#[tokio::test]
async fn a_page_becomes_an_article_with_its_full_text() {
    let server = Server::start().await;
    server.put("/a", page("Kapal Bima tiba"));
    let bench = Bench::new();
    assert!(bench.engine.places().unwrap().saved_pages.is_none());
    let pages = bench.engine.saved_pages();
    let address = format!("{}?utm_source=surel#isi", server.url("/a"));
    let saved = pages.save(&address).unwrap();
    assert_eq!((saved.state, saved.already), (PageState::Waiting, false));
    assert_eq!(saved.url, server.url("/a"));
    let kept = pages.fetch(saved.article).await.unwrap();
    assert_eq!(kept.state, PageState::Kept);
    assert_eq!(kept.title, "Kapal Bima tiba");
    let article = bench.engine.article(saved.article).unwrap();
    assert!(
        article.html.contains("berlayar semalam"),
        "{}",
        article.html
    );
    assert!(article.row.saved);
    assert_eq!(bench.titles(pages_place(&bench)), ["Kapal Bima tiba"]);
    assert_eq!(bench.titles(Place::Saved), ["Kapal Bima tiba"]);
    bench.engine.search().finish_indexing().unwrap();
    assert_eq!(
        bench
            .engine
            .search()
            .search("berlayar", 9, 0)
            .unwrap()
            .total,
        1
    );
    // The same address again, written otherwise, is the same article.
    let again = pages.save(&format!(" {} ", server.url("/a"))).unwrap();
    assert_eq!((again.article, again.already), (saved.article, true));
    // The feed that holds saved pages is not shown as a subscription.
    let places = bench.engine.places().unwrap();
    assert!(places.feeds.is_empty());
    assert!(bench.engine.feeds().activity().unwrap().is_empty());
    assert!(
        !bench
            .engine
            .opml()
            .export_opml()
            .unwrap()
            .contains("saved-pages")
    );
    assert_eq!(bench.sync_all().await.feeds, 0);
    let none = Keep {
        articles: Some(0),
        ..Keep::default()
    };
    bench.engine.maintenance().keep_within(&none).unwrap();
    assert_eq!(bench.titles(Place::Saved), ["Kapal Bima tiba"]);
}

#[tokio::test]
async fn without_a_network_a_page_waits_also_across_a_restart() {
    let server = Server::start().await;
    let feed = server.url("/feed");
    server.put(
        "/feed",
        Page::of(
            "application/rss+xml",
            rss("Kabar", &[("a", "Satu", "<p>Satu.</p>")]),
        ),
    );
    let bench = Bench::new();
    bench.subscribe(&feed);
    bench.sync_all().await;
    let address = server.url("/halaman");
    server.stop().await;
    bench.sync_all().await;
    assert_eq!(
        bench.engine.connectivity().connection(),
        Connection::Offline
    );
    let saved = bench.engine.saved_pages().save(&address).unwrap();
    let page_now = bench
        .engine
        .saved_pages()
        .fetch(saved.article)
        .await
        .unwrap();
    assert_eq!(page_now.state, PageState::Waiting, "{:?}", page_now.problem);
    let bench = bench.reopened();
    let back = Server::start().await;
    back.put("/halaman", page("Kembali"));
    // The network is back, and another page can be reached; the first one's server stays away.
    let second = bench
        .engine
        .saved_pages()
        .save(&back.url("/halaman"))
        .unwrap();
    bench.engine.saved_pages().fetch_waiting().await.unwrap();
    let rows = bench.rows(pages_place(&bench));
    assert!(rows.iter().any(|row| row.id == saved.article));
    assert!(rows.iter().any(|row| row.id == second.article));
}

#[tokio::test]
async fn a_failure_is_recorded_with_its_page_and_can_be_tried_again() {
    let server = Server::start().await;
    server.put("/a", Page::status(404));
    let bench = Bench::new();
    let pages = bench.engine.saved_pages();
    let saved = pages.save(&server.url("/a")).unwrap();
    let failed = pages.fetch(saved.article).await.unwrap();
    assert_eq!(failed.state, PageState::Failed);
    assert!(failed.problem.is_some());
    assert_eq!(
        pages.fetch_waiting().await.unwrap(),
        0,
        "it is not tried by itself"
    );
    server.put("/a", page("Sekarang ada"));
    let kept = pages.fetch(saved.article).await.unwrap();
    assert_eq!((kept.state, kept.problem), (PageState::Kept, None));
    assert_eq!(bench.titles(pages_place(&bench)), ["Sekarang ada"]);
}

#[tokio::test]
async fn a_page_of_the_web_cannot_lead_into_the_readers_network() {
    let server = Server::start().await;
    server.put("/a", page("Rahasia"));
    let port = server.url("").rsplit(':').next().unwrap().to_owned();
    let bench = Bench::new();
    let pages = bench.engine.saved_pages();
    // A public name that resolves to a private address.
    let saved = pages.save(&format!("http://{INSIDE}:{port}/a")).unwrap();
    let failed = pages.fetch(saved.article).await.unwrap();
    assert_eq!(failed.state, PageState::Failed);
    assert!(server.asked().is_empty(), "nothing was requested");
}

#[tokio::test]
async fn a_snapshot_brings_saved_pages_back() {
    let server = Server::start().await;
    server.put("/a", page("Kapal Bima tiba"));
    let bench = Bench::new();
    let saved = bench.engine.saved_pages().save(&server.url("/a")).unwrap();
    bench
        .engine
        .saved_pages()
        .fetch(saved.article)
        .await
        .unwrap();
    let snapshot = bench.engine.maintenance().snapshot().unwrap();
    let other = Bench::new();
    let summary = other.engine.restoring().restore(&snapshot).unwrap();
    assert_eq!(summary.refused_count, 0, "{:?}", summary.refused);
    assert_eq!(other.titles(pages_place(&other)), ["Kapal Bima tiba"]);
    assert!(other.engine.places().unwrap().feeds.is_empty());
    assert_eq!(other.engine.saved_pages().fetch_waiting().await.unwrap(), 1);
    let id = other.rows(Place::Saved)[0].id;
    assert!(other.engine.article(id).unwrap().html.contains("semalam"));
}
