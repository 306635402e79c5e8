//! News sitemaps as feeds: found, synced politely, read.

use std::fmt::Write as _;

use warta_engine::api::{FeedChange, FoundKind, FullText, Place, ProblemCode};

use crate::server::{Page, Server};
use crate::{Bench, NOON};

const XML: &str = "text/xml";
const HTML: &str = "text/html";
const HOUR: i64 = 3_600;

fn time(at: i64) -> String {
    chrono::DateTime::from_timestamp(at, 0)
        .unwrap()
        .to_rfc3339()
}

/// A news sitemap of `(address, title, published)`.
fn news(publication: &str, entries: &[(String, String, i64)]) -> String {
    let mut body = String::new();
    for (url, title, published) in entries {
        let published = time(*published);
        write!(
            body,
            "<url><loc>{url}</loc><news:news><news:publication><news:name>{publication}</news:name>\
             <news:language>id</news:language></news:publication>\
             <news:publication_date>{published}</news:publication_date>\
             <news:title>{title}</news:title><news:keywords>banjir, pesisir</news:keywords>\
             </news:news></url>"
        )
        .unwrap();
    }
    format!(
        "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{body}</urlset>"
    )
}

fn one(server: &Server, path: &str, title: &str, published: i64) -> String {
    news("Kabar", &[(server.url(path), title.into(), published)])
}

fn index(server: &Server, parts: &[(String, Option<i64>)]) -> String {
    let mut body = String::new();
    for (path, changed) in parts {
        let changed =
            changed.map_or_else(String::new, |at| format!("<lastmod>{}</lastmod>", time(at)));
        write!(
            body,
            "<sitemap><loc>{}</loc>{changed}</sitemap>",
            server.url(path)
        )
        .unwrap();
    }
    format!("<sitemapindex>{body}</sitemapindex>")
}

/// The paths that were asked for since the last call, without robots.txt and the site's icon.
struct Asked<'s> {
    server: &'s Server,
    seen: usize,
}

impl Asked<'_> {
    fn since(&mut self) -> Vec<String> {
        let asked = self.server.asked();
        let new = asked[self.seen..].iter();
        let paths = new.map(|head| head.split(' ').nth(1).unwrap_or_default().to_owned());
        let beside = ["/robots.txt", "/", "/favicon.ico"];
        let paths = paths.filter(|path| !beside.contains(&path.as_str()));
        let mut paths: Vec<String> = paths.collect();
        paths.sort();
        self.seen = asked.len();
        paths
    }
}

fn asked(server: &Server) -> Asked<'_> {
    Asked { server, seen: 0 }
}

/// Serves an index and its parts; each has one article, an hour old.
fn serve_index(server: &Server, parts: &[(String, Option<i64>)]) {
    for (n, (path, _)) in parts.iter().enumerate() {
        let article = format!("/artikel/{n}");
        let body = one(server, &article, &format!("Berita {n}"), NOON - HOUR);
        server.put(path, Page::of(XML, body).etag(&format!("\"{n}-1\"")));
    }
    let index = Page::of(XML, index(server, parts));
    server.put("/sitemap.xml", index.etag("\"1\""));
}

fn on_request(bench: &Bench, feed: u32) {
    let change = FeedChange {
        full_text: Some(FullText::OnRequest),
        ..FeedChange::default()
    };
    bench.engine.feeds().change_feed(feed, &change).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn syncs_of_an_index_with_300_parts_ask_only_for_what_changed() {
    let server = Server::start().await;
    let part = |n: usize| format!("/part/{n}.xml");
    // Twelve parts were changed in the last two days.
    let mut parts: Vec<(String, Option<i64>)> = (0..300)
        .map(|n| {
            (
                part(n),
                Some(NOON - 60 - HOUR * if n < 12 { 1 + n as i64 } else { 500 }),
            )
        })
        .collect();
    serve_index(&server, &parts);
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/sitemap.xml"));
    on_request(&bench, feed);
    let mut asked = asked(&server);

    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (12, 0));
    let first = asked.since();
    assert_eq!(first.len(), 13, "the index and its recent parts: {first:?}");
    assert!(first.contains(&part(11)) && !first.contains(&part(12)));

    bench.pass(HOUR);
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.not_modified), (0, 1));
    assert_eq!(asked.since(), ["/sitemap.xml"], "nothing changed");

    // One part has news, one only has a new date, and one of the old parts has a new date too.
    bench.pass(HOUR);
    let now = NOON + 2 * HOUR;
    for n in [3, 5, 200] {
        parts[n].1 = Some(now);
    }
    let changed = news(
        "Kabar",
        &[
            (server.url("/artikel/3"), "Berita 3".into(), NOON - HOUR),
            (server.url("/artikel/3b"), "Berita 3b".into(), now),
        ],
    );
    server.put(&part(3), Page::of(XML, changed).etag("\"3-2\""));
    server.put(
        "/sitemap.xml",
        Page::of(XML, index(&server, &parts)).etag("\"2\""),
    );
    let bench = bench.reopened();
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.updated, report.failed), (2, 0, 0));
    assert_eq!(
        asked.since(),
        [part(200), part(3), part(5), "/sitemap.xml".into()],
        "only parts with a new date, also after a restart"
    );
    let conditional = |path: &str| {
        let start = format!("GET {path} ");
        let heads = server.asked();
        let last = heads.iter().rev().find(|head| head.starts_with(&start));
        last.unwrap().to_ascii_lowercase().contains("if-none-match")
    };
    assert!(conditional("/sitemap.xml") && conditional(&part(3)) && conditional(&part(5)));
    assert!(!conditional(&part(200)), "it was not fetched before");
    assert_eq!(bench.titles(Place::All)[0], "Berita 3b");
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_without_dates_are_asked_for_conditionally_and_take_turns() {
    let server = Server::start().await;
    let part = |n: usize| format!("/daerah-{n}/sitemap-news.xml");
    let parts: Vec<(String, Option<i64>)> = (0..40).map(|n| (part(n), None)).collect();
    serve_index(&server, &parts);
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/sitemap.xml"));
    on_request(&bench, feed);
    let mut asked = asked(&server);

    let report = bench.sync_all().await;
    assert_eq!(
        (report.new, asked.since().len()),
        (30, 31),
        "bounded in one sync"
    );
    bench.pass(HOUR);
    let report = bench.sync_all().await;
    assert_eq!(
        report.new, 10,
        "what waited comes first, though the index is not sent again"
    );
    assert_eq!(asked.since().len(), 31);

    let more = news(
        "Kabar",
        &[
            (server.url("/artikel/0"), "Berita 0".into(), NOON - HOUR),
            (server.url("/artikel/0b"), "Berita 0b".into(), NOON + HOUR),
        ],
    );
    server.put(&part(0), Page::of(XML, more).etag("\"2\""));
    server.put(&part(1), Page::status(404));
    bench.pass(HOUR);
    let report = bench.sync_all().await;
    bench.pass(HOUR);
    let again = bench.sync_all().await;
    assert_eq!(
        report.new + again.new,
        1,
        "parts change without their index"
    );
    assert_eq!(
        (report.failed, again.failed),
        (0, 0),
        "a lost part is no failure"
    );
    asked.since();
    bench.pass(HOUR);
    bench.sync_all().await;
    bench.pass(HOUR);
    bench.sync_all().await;
    assert!(
        !asked.since().contains(&part(1)),
        "a part that is gone is forgotten"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_news_sitemap_has_titles_dates_keywords_and_texts_from_the_pages() {
    let server = Server::start().await;
    let text = "Air surut pada pagi hari dan warga mulai membersihkan rumah mereka. ".repeat(20);
    let page =
        format!("<html><body><article><h1>Banjir surut</h1><p>{text}</p></article></body></html>");
    server.put("/banjir", Page::of(HTML, page));
    server.put("/berita-lama", Page::of(HTML, "<p>lama"));
    let sitemap = news(
        "Kabar Pesisir",
        &[
            (
                server.url("/banjir"),
                "Banjir surut".into(),
                NOON - 5 * HOUR,
            ),
            (
                server.url("/berita-lama"),
                "Berita lama".into(),
                NOON - 80 * HOUR,
            ),
        ],
    );
    // A compressed file without a `Content-Encoding` header.
    server.put(
        "/news.xml.gz",
        Page::of("application/octet-stream", gzip(&sitemap)),
    );
    let bench = Bench::new();
    let found = bench.discover(&server.url("/news.xml.gz")).await;
    assert_eq!(found.feeds.len(), 1);
    assert_eq!(found.feeds[0].kind, FoundKind::NewsSitemap);
    assert_eq!(
        (found.feeds[0].title.as_str(), found.feeds[0].entries),
        ("Kabar Pesisir", Some(1))
    );
    let feed = bench.subscribe(&found.feeds[0].url);

    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (1, 0), "of two days");
    let row = bench.rows(Place::All).remove(0);
    assert_eq!(
        (row.title.as_str(), row.time),
        ("Banjir surut", NOON - 5 * HOUR)
    );
    let details = bench.engine.feeds().feed_details(feed).unwrap();
    assert_eq!(details.full_text, FullText::Always, "it has no other text");
    assert_eq!(row.publisher, "Kabar Pesisir");
    let article = bench.engine.article(row.id).unwrap();
    assert!(
        article.html.contains("warga mulai membersihkan"),
        "{}",
        article.html
    );

    // The reader's choice stays.
    on_request(&bench, feed);
    bench.pass(HOUR);
    bench.sync_all().await;
    let details = bench.engine.feeds().feed_details(feed).unwrap();
    assert_eq!(details.full_text, FullText::OnRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn sitemaps_are_offered_after_feeds() {
    let server = Server::start().await;
    let page = "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed\">\
                </head><body>Kabar</body></html>";
    server.put("/", Page::of(HTML, page));
    server.put(
        "/feed",
        Page::of(
            "application/rss+xml",
            crate::rss("Kabar", &[("a", "Satu", "x")]),
        ),
    );
    server.put(
        "/berita/news.xml",
        Page::of(XML, one(&server, "/a", "Satu", NOON - HOUR)),
    );
    server.put(
        "/semua.xml",
        Page::of(XML, index(&server, &[("/1.xml".into(), Some(NOON))])),
    );
    server.put(
        "/robots.txt",
        Page::of(
            "text/plain",
            "User-agent: *\nDisallow: /rahasia\nSitemap: /semua.xml\nSitemap: /rahasia/news.xml\n\
             Sitemap: /berita/news.xml\nSitemap: /sitemap-image.xml",
        ),
    );
    server.put(
        "/rahasia/news.xml",
        Page::of(XML, one(&server, "/b", "Dua", NOON - HOUR)),
    );
    let bench = Bench::new();
    let found = bench.discover(&server.url("/")).await;
    let offered: Vec<(String, FoundKind)> = found
        .feeds
        .into_iter()
        .map(|feed| (feed.url, feed.kind))
        .collect();
    assert_eq!(
        offered,
        [
            (server.url("/feed"), FoundKind::Feed),
            (server.url("/berita/news.xml"), FoundKind::NewsSitemap)
        ]
    );
    let paths: Vec<String> = asked(&server).since();
    assert!(
        !paths.iter().any(|path| path.starts_with("/rahasia")),
        "{paths:?}"
    );
    assert!(
        !paths.contains(&"/semua.xml".to_owned()),
        "feeds are better: {paths:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_feeds_is_read_by_its_sitemap() {
    let server = Server::start().await;
    server.put("/", Page::of(HTML, "<html><body>Kabar</body></html>"));
    let parts = [
        ("/nasional/sitemap-news.xml".to_owned(), None),
        ("/arsip/2019-01.xml".to_owned(), Some(NOON)),
    ];
    server.put("/sitemap.xml", Page::of(XML, index(&server, &parts)));
    server.put(
        &parts[0].0,
        Page::of(XML, one(&server, "/a", "Satu", NOON - HOUR)),
    );
    let bench = Bench::new();
    let found = bench.discover(&server.url("/")).await;
    assert_eq!(found.feeds.len(), 1);
    let feed = &found.feeds[0];
    assert_eq!(
        (&feed.url, feed.kind),
        (&server.url("/sitemap.xml"), FoundKind::NewsSitemap)
    );
    assert_eq!(feed.entries, None, "the parts are not fetched yet");
    let id = bench.subscribe(&feed.url);
    on_request(&bench, id);
    bench.sync_all().await;
    assert_eq!(bench.titles(Place::All), ["Satu"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_sitemap_that_rested_is_not_offered() {
    let server = Server::start().await;
    server.put("/", Page::of(HTML, "<html><body>Kabar</body></html>"));
    let old = format!(
        "<urlset><url><loc>{}</loc><lastmod>2026-01-01</lastmod></url></urlset>",
        server.url("/banjir-surut-di-pesisir")
    );
    server.put("/sitemap.xml", Page::of(XML, old));
    let bench = Bench::new();
    let none = bench.engine.discovery().discover(&server.url("/")).await;
    assert_eq!(
        none.unwrap_err().code,
        warta_engine::api::FailureCode::NoFeed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_whose_parts_cannot_be_fetched_has_failed() {
    let server = Server::start().await;
    let parts = [("/rahasia/news.xml".to_owned(), Some(NOON))];
    server.put("/sitemap.xml", Page::of(XML, index(&server, &parts)));
    server.put(
        "/robots.txt",
        Page::of("text/plain", "User-agent: *\nDisallow: /rahasia"),
    );
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/sitemap.xml"));
    let report = bench.sync_all().await;
    assert_eq!(report.failed, 1);
    let details = bench.engine.feeds().feed_details(feed).unwrap();
    let code = details.activity.failure.map(|failure| failure.code);
    assert_eq!(code, Some(ProblemCode::DisallowedByRobots));
    assert!(
        !asked(&server)
            .since()
            .contains(&"/rahasia/news.xml".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_indexes_is_followed_and_a_circle_ends() {
    let server = Server::start().await;
    let top = [
        ("/satu/news.xml".to_owned(), None),
        ("/sitemap.xml".to_owned(), None),
    ];
    server.put("/sitemap.xml", Page::of(XML, index(&server, &top)));
    let inner = [
        ("/satu/a-news.xml".to_owned(), None),
        ("/satu/news.xml".to_owned(), None),
    ];
    server.put("/satu/news.xml", Page::of(XML, index(&server, &inner)));
    server.put(
        "/satu/a-news.xml",
        Page::of(XML, one(&server, "/a", "Satu", NOON - HOUR)),
    );
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/sitemap.xml"));
    on_request(&bench, feed);
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.failed), (1, 0));
    let paths = asked(&server).since();
    assert!(paths.len() <= 4, "{paths:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn publications_of_an_index_stay_the_sources_of_their_articles() {
    let server = Server::start().await;
    let parts = [
        ("/a/news.xml".to_owned(), Some(NOON)),
        ("/b/news.xml".to_owned(), Some(NOON)),
    ];
    for (name, path) in [("Kabar Utara", "a"), ("Kabar Selatan", "b")] {
        let body = news(
            name,
            &[(server.url(&format!("/{path}")), name.into(), NOON - HOUR)],
        );
        server.put(&format!("/{path}/news.xml"), Page::of(XML, body));
    }
    server.put("/sitemap.xml", Page::of(XML, index(&server, &parts)));
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/sitemap.xml"));
    on_request(&bench, feed);
    bench.sync_all().await;
    let sources = |bench: &Bench| {
        let rows = bench.rows(Place::All).into_iter();
        let mut sources: Vec<_> = rows.map(|row| (row.title, row.publisher)).collect();
        sources.sort();
        sources
    };
    let before = sources(&bench);
    assert!(
        before.iter().all(|(title, source)| source == title),
        "{before:?}"
    );
    // Only one of them changes.
    bench.pass(HOUR);
    let changed = [(parts[0].0.clone(), Some(NOON + HOUR)), parts[1].clone()];
    server.put("/sitemap.xml", Page::of(XML, index(&server, &changed)));
    let report = bench.sync_all().await;
    assert_eq!((report.new, report.updated), (0, 0));
    assert_eq!(sources(&bench), before);
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
