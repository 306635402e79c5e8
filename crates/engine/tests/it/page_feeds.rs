//! Web pages as feeds: lists of headlines, and watched parts.

use std::fmt::Write as _;

use warta_engine::api::{
    FailureCode, FeedChange, FoundKind, FullText, NewFeed, PageFeed, PageFeedKind, Place,
    ProblemCode,
};

use crate::server::{Page, Server};
use crate::{Bench, new_feed};

const HTML: &str = "text/html";
const HOUR: i64 = 3_600;

/// A section page with headlines numbered so; `class` is that of an item.
fn section(class: &str, numbers: &[u32], aside: &str) -> String {
    let mut items = String::new();
    for number in numbers {
        write!(
            items,
            "<div class=\"{class}\"><h3><a href=\"/berita/2026/05/04/{number}/warga-desa-{number}\">\
             Warga desa nomor {number} menanam bakau di pesisir</a></h3>\
             <p>Kelompok tani nomor {number} menanam seribu bibit bersama para relawan.</p></div>"
        )
        .unwrap();
    }
    format!(
        "<!doctype html><html lang=\"id\"><head><title>Lingkungan - Kabar</title></head><body>\
         <nav><a href=\"/\">Beranda</a> <a href=\"/ekonomi\">Ekonomi</a></nav>\
         <main><h1>Lingkungan</h1><div class=\"daftar\">{items}</div></main>\
         <aside>{aside}</aside><footer><a href=\"/tentang\">Tentang kami</a></footer></body></html>"
    )
}

fn list_of(selector: &str) -> PageFeed {
    PageFeed {
        kind: PageFeedKind::HeadlineList,
        selector: selector.into(),
    }
}

fn watch_of(selector: &str) -> PageFeed {
    PageFeed {
        kind: PageFeedKind::Watch,
        selector: selector.into(),
    }
}

fn subscribe(bench: &Bench, url: String, page: PageFeed) -> u32 {
    let feed = NewFeed {
        page: Some(page),
        ..new_feed(url)
    };
    bench.engine.feeds().subscribe(&[feed]).unwrap().added[0]
}

/// Leaves the pages of articles alone, whose requests would only be in the way.
fn without_texts(bench: &Bench, feed: u32) {
    let change = FeedChange {
        full_text: Some(FullText::OnRequest),
        ..FeedChange::default()
    };
    bench.engine.feeds().change_feed(feed, &change).unwrap();
}

fn problem(bench: &Bench, feed: u32) -> Option<ProblemCode> {
    let details = bench.engine.feeds().feed_details(feed).unwrap();
    details.activity.failure.map(|problem| problem.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_page_without_a_feed_is_found_as_a_list_and_read() {
    let server = Server::start().await;
    let page = section("kartu", &[6, 5, 4, 3, 2, 1], "Iklan 1");
    server.put("/lingkungan", Page::of(HTML, page));
    let bench = Bench::new();
    let found = bench.discover(&server.url("/lingkungan")).await;
    let [list] = &found.feeds[..] else {
        panic!("one list: {:?}", found.feeds);
    };
    assert_eq!(
        (list.kind, list.entries),
        (FoundKind::HeadlineList, Some(6))
    );
    assert!(!list.already && list.title.contains("Lingkungan"));

    let feed = subscribe(&bench, list.url.clone(), list.page.clone().unwrap());
    let details = bench.engine.feeds().feed_details(feed).unwrap();
    assert_eq!(details.full_text, FullText::Always, "a list has no texts");
    without_texts(&bench, feed);
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (6, 0));
    let rows = bench.rows(Place::All);
    assert_eq!(rows.len(), 6);
    assert!(
        rows[0].title.starts_with("Warga desa nomor 6"),
        "as on the page"
    );
    assert!(rows[0].excerpt.contains("seribu bibit"));
    assert_eq!(
        rows[0].url.as_deref(),
        Some(&*server.url("/berita/2026/05/04/6/warga-desa-6"))
    );
    let again = bench.discover(&server.url("/lingkungan")).await;
    assert!(again.feeds[0].already);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_new_headlines_of_a_list_make_entries() {
    let server = Server::start().await;
    server.put(
        "/s",
        Page::of(HTML, section("kartu", &[4, 3, 2, 1], "Iklan 1")),
    );
    let bench = Bench::new();
    let feed = subscribe(&bench, server.url("/s"), list_of(".kartu"));
    without_texts(&bench, feed);
    assert_eq!(bench.sync_all().await.new, 4);

    // Another advertisement, another order.
    bench.pass(HOUR);
    server.put(
        "/s",
        Page::of(HTML, section("kartu", &[1, 2, 4, 3], "Iklan 2")),
    );
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.updated, report.failed), (0, 0, 0));

    bench.pass(HOUR);
    server.put(
        "/s",
        Page::of(HTML, section("kartu", &[6, 5, 4, 3], "Iklan 3")),
    );
    let bench = bench.reopened();
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.updated), (2, 0));
    assert_eq!(
        bench.titles(Place::All).len(),
        6,
        "what left the page stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_found_again_by_its_entries_when_the_page_is_rebuilt() {
    let server = Server::start().await;
    server.put("/s", Page::of(HTML, section("kartu", &[4, 3, 2, 1], "")));
    let bench = Bench::new();
    let feed = subscribe(&bench, server.url("/s"), list_of(".kartu"));
    without_texts(&bench, feed);
    bench.sync_all().await;

    bench.pass(HOUR);
    server.put(
        "/s",
        Page::of(HTML, section("item-baru", &[6, 5, 4, 3, 2], "")),
    );
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (2, 0));
    let rule = bench
        .engine
        .feeds()
        .feed_details(feed)
        .unwrap()
        .page
        .unwrap();
    assert_ne!(rule.selector, ".kartu");
    bench.pass(HOUR);
    server.put(
        "/s",
        Page::of(HTML, section("item-baru", &[7, 6, 5, 4, 3], "")),
    );
    assert_eq!(bench.sync_all().await.new, 1, "by the new rule");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_the_list_is_a_failure_and_loses_nothing() {
    let server = Server::start().await;
    server.put("/s", Page::of(HTML, section("kartu", &[4, 3, 2, 1], "")));
    let bench = Bench::new();
    let feed = subscribe(&bench, server.url("/s"), list_of(".kartu"));
    without_texts(&bench, feed);
    bench.sync_all().await;

    bench.pass(HOUR);
    // Another list, of which no entry is known.
    server.put("/s", Page::of(HTML, section("lain", &[94, 93, 92, 91], "")));
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (0, 1));
    assert_eq!(problem(&bench, feed), Some(ProblemCode::PartMissing));
    assert_eq!(bench.titles(Place::All).len(), 4);

    // The reader puts the rule right.
    let change = FeedChange {
        page: Some(list_of(".lain")),
        ..FeedChange::default()
    };
    bench.engine.feeds().change_feed(feed, &change).unwrap();
    bench.pass(HOUR);
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (4, 0));
    assert_eq!(problem(&bench, feed), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_part_gives_an_entry_for_each_change() {
    let page = |price: &str, ad: &str| {
        format!(
            "<html><body><p id=\"iklan\">{ad}</p><div id=\"harga\"><p>Harga beras premium</p>\
             <p>Hari ini {price} per kilogram di pasar induk.</p>\
             <p>Dilihat 2.314 kali</p></div></body></html>"
        )
    };
    let server = Server::start().await;
    server.put("/harga", Page::of(HTML, page("Rp15.000", "Iklan 1")));
    let bench = Bench::new();
    let feed = NewFeed {
        title: Some("Harga beras".into()),
        page: Some(watch_of("#harga")),
        ..new_feed(server.url("/harga"))
    };
    let feed = bench.engine.feeds().subscribe(&[feed]).unwrap().added[0];
    let details = bench.engine.feeds().feed_details(feed).unwrap();
    assert_eq!(
        details.full_text,
        FullText::OnRequest,
        "its text is the change"
    );
    assert_eq!(bench.sync_all().await.new, 1);
    assert_eq!(bench.titles(Place::All), ["Harga beras"], "as it is now");

    bench.pass(HOUR);
    server.put("/harga", Page::of(HTML, page("Rp15.000", "Iklan 2")));
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (0, 0), "only the rest changed");

    bench.pass(HOUR);
    server.put("/harga", Page::of(HTML, page("Rp15.500", "Iklan 2")));
    let bench = bench.reopened();
    assert_eq!(bench.sync_all().await.new, 1, "compared across a restart");
    let rows = bench.rows(Place::All);
    assert!(rows[0].title.contains("Rp15.500"), "{}", rows[0].title);
    let article = bench.engine.article(rows[0].id).unwrap();
    assert!(
        article.html.contains("<del>") && article.html.contains("Rp15.000"),
        "{}",
        article.html
    );
    assert!(
        article.html.contains("<ins>") && article.html.contains("Rp15.500"),
        "{}",
        article.html
    );

    bench.pass(HOUR);
    server.put("/harga", Page::of(HTML, page("Rp15.000", "Iklan 2")));
    assert_eq!(
        bench.sync_all().await.new,
        1,
        "back to what it was is a change too"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_can_be_several_feeds() {
    let server = Server::start().await;
    let page = section("kartu", &[2, 1], "<p id=\"cuaca\">Hujan sore hari</p>");
    server.put("/s", Page::of(HTML, page));
    let bench = Bench::new();
    let address = server.url("/s");
    let list = subscribe(&bench, address.clone(), list_of(".kartu"));
    without_texts(&bench, list);
    let watch = subscribe(&bench, address.clone(), watch_of("#cuaca"));
    assert_ne!(list, watch);
    let again = NewFeed {
        page: Some(watch_of("#cuaca")),
        ..new_feed(address)
    };
    let again = bench.engine.feeds().subscribe(&[again]).unwrap();
    assert_eq!((again.added.len(), again.already), (0, vec![watch]));
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (3, 0));
    let heads = server.asked();
    assert!(heads.iter().all(|head| !head.contains('#')));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_the_lists_and_what_a_rule_gives() {
    let server = Server::start().await;
    let page = section("kartu", &[3, 2, 1], "<p id=\"cuaca\">Hujan sore hari</p>");
    server.put("/s", Page::of(HTML, page));
    let bench = Bench::new();
    let url = server.url("/s");
    let preview = |page| bench.engine.page_feeds().preview(&url, page);
    let shown = preview(None).await.unwrap();
    assert_eq!(shown.lists[0].total, 3);
    assert!(
        shown.lists[0].items[0]
            .title
            .starts_with("Warga desa nomor 3")
    );
    assert_eq!(shown.part, None);

    let shown = preview(Some(list_of("nav a"))).await.unwrap();
    let titles: Vec<&str> = shown.lists[0]
        .items
        .iter()
        .map(|item| &*item.title)
        .collect();
    assert_eq!(
        titles,
        ["Beranda", "Ekonomi"],
        "the reader's own rule is first"
    );
    assert!(shown.lists.len() > 1);
    let shown = preview(Some(watch_of("#cuaca"))).await.unwrap();
    assert_eq!(shown.part.as_deref(), Some("Hujan sore hari"));
    assert_eq!(preview(Some(watch_of("#tiada"))).await.unwrap().part, None);

    let refused = preview(Some(list_of("div["))).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::BadSelector);
    let feed = NewFeed {
        page: Some(list_of("div[")),
        ..new_feed(url.clone())
    };
    let refused = bench.engine.feeds().subscribe(&[feed]).unwrap_err();
    assert_eq!(refused.code, FailureCode::BadSelector);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_robots_txt_disallows_is_neither_offered_nor_fetched() {
    let server = Server::start().await;
    let robots = "User-agent: *\nDisallow: /s\n";
    server.put("/robots.txt", Page::of("text/plain", robots));
    server.put("/s", Page::of(HTML, section("kartu", &[4, 3, 2, 1], "")));
    let bench = Bench::new();
    let failure = bench.engine.discovery().discover(&server.url("/s")).await;
    assert_eq!(failure.unwrap_err().code, FailureCode::NoFeed);

    let feed = subscribe(&bench, server.url("/s"), list_of(".kartu"));
    let before = server.asked().len();
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (0, 1));
    assert_eq!(problem(&bench, feed), Some(ProblemCode::DisallowedByRobots));
    let heads = server.asked();
    assert!(
        heads[before..]
            .iter()
            .all(|head| !head.starts_with("GET /s "))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_is_subscribed_to_again_by_a_rule_is_read_by_it() {
    let server = Server::start().await;
    server.put("/s", Page::of(HTML, section("kartu", &[2, 1], "")));
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/s"));
    assert_eq!(bench.sync_all().await.failed, 1, "a page is not a feed");
    bench.engine.feeds().remove_feed(feed).unwrap();
    let feed = subscribe(&bench, server.url("/s"), list_of(".kartu"));
    without_texts(&bench, feed);
    bench.pass(HOUR);
    assert_eq!(bench.sync_all().await.new, 2);
    assert_eq!(problem(&bench, feed), None);
}
