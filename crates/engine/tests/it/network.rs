//! Responses of servers: redirects, validators, files in place of pages, too many pictures, and
//! host names that resolve to private addresses.

use std::fmt::Write as _;

use warta_engine::api::{
    FeedChange, HeaderLine, PackSource, PageStatus, Place, ProblemCode, SyncScope,
};

use crate::packs::wish;
use crate::server::{Page, Server};
use crate::sync::picture;
use crate::{Bench, INSIDE, PUBLIC_NAMES, rss};

const RSS: &str = "application/rss+xml";

fn to(status: u16, location: &str) -> Page {
    let mut page = Page::status(status);
    page.headers.push(("Location".into(), location.into()));
    page
}

fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim().to_owned())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_added_by_its_permanent_address() {
    let server = Server::start().await;
    server.put("/feed", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    server.put("/temporary", to(302, "/feed"));
    server.put("/permanent", to(301, "/feed"));
    for (path, page, expected) in [
        ("/302", to(302, "/feed"), "/302"),
        ("/303", to(303, "/feed"), "/303"),
        ("/307", to(307, "/feed"), "/307"),
        ("/301", to(301, "/feed"), "/feed"),
        ("/308", to(308, "/feed#atas"), "/feed"),
        ("/both", to(301, "/temporary"), "/temporary"),
        ("/mixed", to(302, "/permanent"), "/mixed"),
    ] {
        server.put(path, page);
        let bench = Bench::new();
        let found = bench.discover(&server.url(path)).await;
        assert_eq!(found.feeds.len(), 1, "{path}");
        assert_eq!(found.feeds[0].url, server.url(expected), "{path}");
        bench.subscribe(&found.feeds[0].url);
        let again = bench.discover(&server.url(path)).await;
        assert!(again.feeds[0].already, "{path}");
    }
    // Two links of a page that redirect to one feed.
    server.put("/other", to(302, "/feed"));
    let links = "<html><head><link rel=alternate type=application/rss+xml href=/302>\
                 <link rel=alternate type=application/rss+xml href=/other></head></html>";
    server.put("/site", Page::of("text/html", links));
    let bench = Bench::new();
    let found = bench.discover(&server.url("/site")).await;
    assert_eq!(found.feeds.len(), 1, "{:?}", found.feeds);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_permanent_redirects_change_the_address() {
    for (status, moves) in [
        (301, true),
        (308, true),
        (302, false),
        (303, false),
        (307, false),
    ] {
        let server = Server::start().await;
        server.put("/old", to(status, "/new"));
        let feed = Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")]));
        server.put("/new", feed.etag("\"1\""));
        let bench = Bench::new();
        let id = bench.subscribe(&server.url("/old"));
        for _ in 0..3 {
            bench.sync_all().await;
            bench.pass(86_400);
        }
        let url = bench.engine.feeds().feed_details(id).unwrap().url;
        let expected = if moves { "/new" } else { "/old" };
        assert_eq!(url, server.url(expected), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_not_sent_to_another_origin_after_a_move() {
    let elsewhere = Server::start().await;
    let feed = rss("Kabar", &[("a", "Satu", "x")]);
    elsewhere.put("/feed", Page::of(RSS, feed.clone()));
    let server = Server::start().await;
    server.put("/away", to(301, &elsewhere.url("/feed")));
    server.put("/near", to(301, "/feed"));
    server.put("/feed", Page::of(RSS, feed));
    let bench = Bench::new();
    let secret = FeedChange {
        headers: Some(vec![HeaderLine {
            name: "X-Key".into(),
            value: "kunci".into(),
        }]),
        ..FeedChange::default()
    };
    let ids = ["/away", "/near"].map(|path| {
        let id = bench.subscribe(&server.url(path));
        bench.engine.feeds().change_feed(id, &secret).unwrap();
        id
    });
    for _ in 0..3 {
        bench.sync_all().await;
        bench.pass(86_400);
    }
    let urls = ids.map(|id| bench.engine.feeds().feed_details(id).unwrap().url);
    assert_eq!(urls, [server.url("/away"), server.url("/feed")]);
    for head in elsewhere.asked() {
        assert_eq!(header(&head, "x-key"), None, "{head}");
    }
    let last = server.asked().pop().unwrap();
    assert_eq!(header(&last, "x-key").as_deref(), Some("kunci"));
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_bound_to_host_and_port() {
    let elsewhere = Server::start().await;
    let feed = |link: &str| channel(&item("a", link, ""));
    elsewhere.put("/feed", Page::of(RSS, feed("")));
    let server = Server::start().await;
    let links = format!(
        "<html><head><link rel=alternate type=application/rss+xml href=\"{}\">\
         <link rel=alternate type=application/rss+xml href=/feed></head></html>",
        elsewhere.url("/feed")
    );
    server.put("/site", Page::of("text/html", links));
    server.put("/feed", Page::of(RSS, feed(&elsewhere.url("/artikel"))));
    let bench = Bench::new();
    let with_login = |url: String| url.replace("http://", "http://ani:rahasia@");
    let site = with_login(server.url("/site"));
    let found = bench.discover(&site).await;
    assert_eq!(found.feeds.len(), 2);
    for feed in &found.feeds {
        bench.subscribe(&feed.url);
    }
    bench.sync_all().await;
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    bench.engine.packs().run_pack(pack.id).await.unwrap();
    let asked = |server: &Server, path: &str| -> Vec<bool> {
        let start = format!("GET {path} ");
        let heads = server.asked().into_iter();
        heads
            .filter(|head| head.starts_with(&start))
            .map(|head| header(&head, "authorization").is_some())
            .collect()
    };
    assert_eq!(
        asked(&server, "/feed"),
        [true, true],
        "the feed's own origin"
    );
    assert_eq!(
        asked(&elsewhere, "/feed"),
        [false, false],
        "a feed on another origin"
    );
    assert_eq!(
        asked(&elsewhere, "/artikel"),
        [false],
        "an article's page on another origin"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_are_updated_by_every_response() {
    let server = Server::start().await;
    let feed = rss("Kabar", &[("a", "Satu", "x")]);
    let version = |etag: Option<&str>, date: Option<&str>| {
        let mut page = Page::of(RSS, feed.clone());
        let headers = [("ETag", etag), ("Last-Modified", date)];
        let given = headers
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        page.headers
            .extend(given.map(|(name, value)| (name.into(), value.into())));
        page
    };
    let (monday, tuesday) = (
        "Mon, 04 May 2026 10:00:00 GMT",
        "Tue, 05 May 2026 10:00:00 GMT",
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    // Only the validators change, not the body.
    for (etag, date) in [
        (Some("\"1\""), Some(monday)),
        (Some("\"2\""), Some(tuesday)),
        (Some("\"2\""), Some(tuesday)),
        (None, Some(monday)),
        (Some("\"3\""), None),
        (None, None),
    ] {
        server.put("/feed", version(etag, date));
        bench.sync_all().await;
        bench.sync_all().await;
        let asked = server.asked();
        let last = asked
            .iter()
            .rfind(|head| head.starts_with("GET /feed "))
            .unwrap();
        let sent = (
            header(last, "if-none-match"),
            header(last, "if-modified-since"),
        );
        let expected = (etag.map(str::to_owned), date.map(str::to_owned));
        assert_eq!(sent, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_requested_fetch_sends_no_validators() {
    let server = Server::start().await;
    let feed = Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")]));
    server.put("/feed", feed.clone().etag("\"1\""));
    let bench = Bench::new();
    let id = bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    bench.sync_all().await;
    let news = rss("Kabar", &[("b", "Dua", "x"), ("a", "Satu", "x")]);
    // The server has a new entry but keeps the old validator.
    server.put("/feed", Page::of(RSS, news).etag("\"1\""));
    assert_eq!(bench.sync_all().await.new, 0, "the server answers 304");
    let on_purpose = SyncScope::Feeds { ids: vec![id] };
    assert_eq!(bench.engine.sync().sync(&on_purpose).await.unwrap().new, 1);
    let report = bench.engine.sync().sync(&on_purpose).await.unwrap();
    assert_eq!(report.not_modified, 1);
    let last = server.asked().pop().unwrap();
    let condition = header(&last, "if-none-match");
    assert_eq!(
        condition.as_deref(),
        Some("\"1\""),
        "later fetches are conditional again"
    );
}

fn item(title: &str, link: &str, more: &str) -> String {
    format!(
        "<item><title>{title}</title><guid isPermaLink=\"false\">{title}</guid>\
         <link>{link}</link><description>Hujan turun sejak pagi dan air sungai naik ({title}).</description>{more}</item>"
    )
}

fn channel(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>Uji</title>{items}</channel></rss>")
}

/// A linked resource: name, media type, bytes, and the expected problem code if it is not text.
type Linked = (&'static str, &'static str, Vec<u8>, Option<&'static str>);

fn files_and_pages() -> Vec<Linked> {
    let pdf = [&b"%PDF-1.7\n"[..], &[b'x'; 3_000]].concat();
    let mp3 = [&b"ID3\x04\0\0\0\0\0\0"[..], &[0; 3_000]].concat();
    let zip = [&b"PK\x03\x04\x14\0\0\0\x08\0"[..], &[7; 3_000]].concat();
    let jpeg = [&b"\xFF\xD8\xFF\xE0\0\x10JFIF\0"[..], &[9; 3_000]].concat();
    let sentence = "Hujan turun sejak pagi dan air sungai naik sampai ke tepi jalan desa. ";
    let paragraph = sentence.repeat(6);
    let plain = format!("{paragraph}\n\n{paragraph}\n\nHarga 2 < 3 & naik. {paragraph}");
    let page = format!(
        "<html><head><title>H</title></head><body><article><h1>H</h1><p>{paragraph}</p>\
         <p>{paragraph}</p><p>{paragraph}</p></article></body></html>"
    );
    vec![
        ("pdf", "application/pdf", pdf.clone(), Some("isPdf")),
        ("pdf-as-page", "text/html", pdf, Some("isPdf")),
        ("mp3", "audio/mpeg", mp3.clone(), Some("isSound")),
        (
            "mp3-untyped",
            "application/octet-stream",
            mp3,
            Some("isSound"),
        ),
        ("zip", "application/zip", zip.clone(), Some("isArchive")),
        (
            "zip-as-page",
            "text/html; charset=utf-8",
            zip,
            Some("isArchive"),
        ),
        ("jpeg", "image/jpeg", jpeg, Some("isPicture")),
        (
            "json",
            "application/json",
            b"{\"a\": \"Isi\"}".to_vec(),
            Some("isData"),
        ),
        (
            "page-as-file",
            "application/octet-stream",
            page.clone().into_bytes(),
            None,
        ),
        (
            "page-as-picture",
            "image/png",
            page.clone().into_bytes(),
            None,
        ),
        ("xhtml", "application/xhtml+xml", page.into_bytes(), None),
        ("text", "text/plain", plain.into_bytes(), None),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_not_shown_as_article_text() {
    let server = Server::start().await;
    let pages = files_and_pages();
    let mut items = String::new();
    for (name, content_type, bytes, _) in &pages {
        items += &item(name, &server.url(&format!("/{name}")), "");
        server.put(&format!("/{name}"), Page::of(content_type, bytes.clone()));
    }
    server.put("/feed", Page::of(RSS, channel(&items)));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    for row in bench.rows(Place::All) {
        let (.., code) = pages.iter().find(|(name, ..)| *name == row.title).unwrap();
        let article = bench.engine.article(row.id).unwrap();
        let problem = article
            .page
            .problem
            .as_ref()
            .map(|problem| problem.code.as_str());
        assert_eq!(problem, *code, "{}", row.title);
        if code.is_some() {
            assert_eq!(article.page.status, PageStatus::Failed, "{}", row.title);
            let teaser = format!("({})", row.title);
            assert!(
                article.html.contains(&teaser),
                "{}: {}",
                row.title,
                article.html
            );
        } else {
            assert_eq!(article.page.status, PageStatus::Shown, "{}", row.title);
            assert!(article.html.contains("tepi jalan desa"), "{}", row.title);
        }
        if row.title == "text" {
            assert!(
                article.html.contains("2 &lt; 3 &amp; naik"),
                "{}",
                article.html
            );
            assert_eq!(article.html.matches("<p>").count(), 3, "{}", article.html);
        }
    }
    let mut lacks: Vec<(&str, u32)> = done
        .lacks
        .iter()
        .map(|lack| (lack.code.as_str(), lack.articles))
        .collect();
    lacks.sort_unstable();
    let expected = [
        ("isArchive", 2),
        ("isData", 1),
        ("isPdf", 2),
        ("isPicture", 1),
        ("isSound", 2),
    ];
    assert_eq!(lacks, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_episode_without_a_page_is_not_fetched_as_a_page() {
    let server = Server::start().await;
    let episode = |path: &str, kind: &str| {
        let url = server.url(path);
        let enclosure = format!("<enclosure url=\"{url}\" type=\"{kind}\" length=\"9\"/>");
        item(path, &url, &enclosure)
    };
    let items = [
        episode("/1.mp3", "audio/mpeg"),
        episode("/2", "audio/x-m4a"),
        episode("/3.mp4?token=1", ""),
        episode("/4.opus", "application/octet-stream"),
    ];
    server.put("/feed", Page::of(RSS, channel(&items.concat())));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let before = server.asked().len();
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(
        server.asked().len(),
        before,
        "{:?}",
        &server.asked()[before..]
    );
    assert_eq!(done.complete, 4, "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn excess_pictures_are_limited_and_reported() {
    const FEEDS: usize = 3;
    const ARTICLES: usize = 65;
    const PICTURES: usize = 10;
    let server = Server::start().await;
    let bench = Bench::new();
    for feed in 0..FEEDS {
        let mut items = String::new();
        for article in 0..ARTICLES {
            let mut pictures = String::new();
            for n in 0..PICTURES {
                let url = server.url(&format!("/p/{feed}-{article}-{n}.png"));
                write!(
                    pictures,
                    "&lt;img src=\"{url}\" width=\"400\" height=\"300\"&gt;"
                )
                .unwrap();
            }
            write!(
                items,
                "<item><guid isPermaLink=\"false\">{article}</guid><title>B {article}</title>\
                 <description>&lt;p&gt;Isi.&lt;/p&gt;{pictures}</description></item>"
            )
            .unwrap();
        }
        let path = format!("/feed{feed}");
        server.put(&path, Page::of(RSS, channel(&items)));
        bench.subscribe(&server.url(&path));
    }
    let report = bench.sync_all().await;
    let asked = server.asked();
    let pictures = asked
        .iter()
        .filter(|head| head.starts_with("GET /p/"))
        .count();
    let of_feed = |feed: usize| {
        let start = format!("GET /p/{feed}-");
        asked.iter().filter(|head| head.starts_with(&start)).count()
    };
    // Includes the feed's icon.
    assert!(
        (1_490..=1_500).contains(&pictures),
        "pictures fetched from one host: {pictures}"
    );
    for feed in 0..FEEDS {
        assert!(
            (200..=600).contains(&of_feed(feed)),
            "pictures fetched for one feed: {}",
            of_feed(feed)
        );
    }
    let left = FEEDS * ARTICLES * PICTURES - pictures;
    assert_eq!(report.left_for_later as usize, left);
}

#[tokio::test(flavor = "multi_thread")]
async fn excess_pictures_of_an_article_are_fetched_when_the_reader_asks() {
    const PICTURES: usize = 240;
    let server = Server::start().await;
    let mut html = String::from("<p>Isi.</p>");
    for n in 0..PICTURES {
        let path = format!("/p/{n}.png");
        server.put(&path, Page::of("image/png", picture()));
        let url = server.url(&path);
        write!(html, "<img src=\"{url}\" width=\"400\" height=\"300\">").unwrap();
    }
    server.put(
        "/feed",
        Page::of(RSS, rss("Kabar", &[("a", "Satu", &html)])),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    let fetched = || {
        let asked = server.asked();
        let of_pictures = asked.iter().filter(|head| head.starts_with("GET /p/"));
        of_pictures.count()
    };
    let view = bench.engine.article(id).unwrap();
    assert_eq!((view.pictures_missing, view.pictures_left_out), (0, 40));
    assert_eq!(fetched(), 200);
    let full_texts = bench.engine.full_texts();
    full_texts.complete_article(id).await.unwrap();
    assert_eq!(fetched(), 200, "opening it fetches no more");
    let got = bench.engine.pictures().fetch_pictures(id).await.unwrap();
    assert_eq!((got, fetched()), (40, PICTURES));
    let view = bench.engine.article(id).unwrap();
    assert_eq!((view.pictures_missing, view.pictures_left_out), (0, 0));
    assert_eq!(view.html.matches("<img").count(), PICTURES);
}

/// URL of the server's feed with a public host name that resolves to the loopback address.
fn named_inside(server: &Server) -> String {
    server.url("/feed").replace("127.0.0.1", INSIDE)
}

/// Uses this server as a proxy from now on, so that the resolved addresses are unknown.
fn by_proxy(bench: &Bench, server: Option<&Server>) {
    let mut settings = bench.engine.settings();
    settings.proxy = server.map_or_else(|| "none".into(), |server| server.url("/"));
    bench.engine.set_settings(settings).unwrap();
}

fn failure_of(bench: &Bench, id: u32) -> Option<ProblemCode> {
    let details = bench.engine.feeds().feed_details(id).unwrap();
    details.activity.failure.map(|problem| problem.code)
}

fn ask_again(bench: &Bench, id: u32, may: bool) {
    let change = FeedChange {
        own_network: Some(may),
        ..FeedChange::default()
    };
    bench.engine.feeds().change_feed(id, &change).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_feed_resolving_to_a_private_address_is_rejected_until_allowed() {
    let server = Server::start().await;
    let url = named_inside(&server);
    let feed = || Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")]));
    // Public: requested through the proxy with its absolute URL.
    server.put(&url, feed());
    server.put("/feed", feed());
    for subscribed_by in ["sync", "discovery"] {
        let bench = Bench::new();
        by_proxy(&bench, Some(&server));
        if subscribed_by == "discovery" {
            let found = bench.discover(&url).await;
            assert_eq!(found.feeds[0].url, url);
        }
        let id = bench.subscribe(&url);
        if subscribed_by == "sync" {
            bench.sync_all().await;
            assert_eq!(failure_of(&bench, id), None);
        }
        by_proxy(&bench, None);
        let bench = bench.reopened();
        let before = server.asked().len();
        bench.pass(60);
        let report = bench.sync_all().await;
        assert_eq!(
            failure_of(&bench, id),
            Some(ProblemCode::MovedInside),
            "{report:?}"
        );
        assert_eq!(server.asked().len(), before, "no request was sent");
        let details = bench.engine.feeds().feed_details(id).unwrap();
        assert_eq!(details.own_network, Some(false));
        // Another discovery does not allow it.
        bench.discover(&url).await;
        bench.sync_all().await;
        assert_eq!(failure_of(&bench, id), Some(ProblemCode::MovedInside));

        ask_again(&bench, id, true);
        let bench = bench.reopened();
        bench.sync_all().await;
        assert_eq!(failure_of(&bench, id), None, "{subscribed_by}");
        ask_again(&bench, id, false);
        bench.sync_all().await;
        assert_eq!(failure_of(&bench, id), Some(ProblemCode::MovedInside));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_was_private_from_the_start_is_allowed() {
    let server = Server::start().await;
    let pictured = format!(
        "&lt;img src=\"{}\" width=\"400\" height=\"300\"&gt;",
        server.url("/p.png").replace("127.0.0.1", INSIDE)
    );
    let feed = channel(&item("a", "", "").replace("Hujan", &format!("{pictured} Hujan")));
    server.put("/feed", Page::of(RSS, feed));
    server.put("/p.png", Page::of("image/png", crate::packs::png(7)));
    for found_first in [false, true] {
        let bench = Bench::new();
        by_proxy(&bench, None);
        let url = named_inside(&server);
        if found_first {
            bench.discover(&url).await;
        }
        let id = bench.subscribe(&url);
        let report = bench.sync_all().await;
        assert_eq!(
            (failure_of(&bench, id), report.pictures),
            (None, 1),
            "{report:?}"
        );
        let bench = bench.reopened();
        bench.pass(86_400);
        bench.sync_all().await;
        assert_eq!(failure_of(&bench, id), None);
        let details = bench.engine.feeds().feed_details(id).unwrap();
        assert_eq!(details.own_network, Some(true));
        let local = bench.subscribe(&server.url("/feed"));
        bench.sync_all().await;
        let details = bench.engine.feeds().feed_details(local).unwrap();
        assert_eq!(
            details.own_network, None,
            "its host name is private by itself"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_names_resolving_to_private_addresses_are_a_captive_portal() {
    let server = Server::start().await;
    let bench = Bench::new();
    by_proxy(&bench, Some(&server));
    let ids = PUBLIC_NAMES.map(|host| {
        let url = server.url("/feed").replace("127.0.0.1", host);
        server.put(&url, Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
        bench.subscribe(&url)
    });
    bench.sync_all().await;
    by_proxy(&bench, None);
    bench.pass(60);
    let report = bench.sync_all().await;
    assert!(
        report.portal,
        "a captive portal answers for all names: {report:?}"
    );
    for id in ids {
        assert_eq!(
            failure_of(&bench, id),
            None,
            "no failure is recorded for the feed"
        );
    }
}
