//! Subscribing through the catalogue: its built-in rows, with their addresses on a loopback server
//! that answers as the publishers did according to public lists of feeds of 2026.

use std::sync::atomic::Ordering;

use warta_engine::api::{CatalogueCheck, CatalogueFeed, FailureCode, NewFeed, ProblemCode};

use crate::server::{Page, Server};
use crate::{Bench, rss};

const RSS: &str = "application/rss+xml";
const DAY: i64 = 86_400;
/// A host whose TLS handshake fails, according to these lists.
const NO_TLS: &str = "rss.kontan.co.id";

/// The publishers that the tests subscribe to.
const TITLES: [&str; 12] = [
    "ANTARA",
    "Detikcom",
    "Detikcom: Finance",
    "Jawa Pos",
    "Kontan",
    "Liputan6",
    "Merdeka.com",
    "Pikiran Rakyat",
    "Suara.com",
    "Tempo",
    "Tempo: Cantika",
    "The Jakarta Post",
];

/// A path on the server that stands for an address.
fn path(address: &str) -> String {
    let rest = address.strip_prefix("https://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    format!("/{host}/{path}")
}

/// The built-in catalogue with all addresses on the server, its hosts as first parts of paths. An
/// address of [`NO_TLS`] keeps its scheme, which the server does not speak.
fn table(server: &Server) -> &'static str {
    let built_in = include_str!("../../data/catalogue.tsv");
    let http = server.url("/");
    let https = http.replacen("http:", "https:", 1);
    let there = built_in
        .replace(&format!("https://{NO_TLS}"), "\u{0}")
        .replace("https://", &http)
        .replace('\u{0}', &format!("{https}{NO_TLS}"));
    String::leak(there)
}

fn bench(server: &Server) -> Bench {
    let table = table(server);
    Bench::with(|opening| opening.catalogue = Some(table))
}

fn articles(title: &str) -> Page {
    Page::of(RSS, rss(title, &[("a", "Satu", "Isi berita.")]))
}

fn put(server: &Server, address: &str, page: Page) {
    server.put(&path(address), page);
}

/// Answers as the lists say; addresses that are not named here are 404.
fn answer_as_listed(server: &Server) {
    let full = |address: &str, title: &str| put(server, address, articles(title));
    full("https://www.antaranews.com/rss/terkini.xml", "ANTARA");
    server.close(&path("https://rss.detik.com/index.php/detikcom"));
    server.close(&path("https://rss.detik.com/index.php/finance"));
    full("https://news.detik.com/berita/rss", "detikNews");
    full("https://finance.detik.com/rss", "detikFinance");
    full("https://www.jawapos.com/rss.xml", "Jawa Pos");
    full("https://investasi.kontan.co.id/rss", "Kontan Investasi");
    let mut moved = Page::status(301);
    let to = server.url("/www.liputan6.com/feed/rss/terbaru");
    moved.headers.push(("Location".into(), to));
    put(server, "https://feed.liputan6.com/rss", moved);
    full("https://www.liputan6.com/feed/rss/terbaru", "Liputan6");
    // A web page instead of a feed; home pages link to one.
    let page = "<p>Halaman tidak ditemukan</p>";
    put(
        server,
        "https://www.merdeka.com/feed/",
        Page::of("text/html", page),
    );
    for (site, title) in [
        ("https://www.merdeka.com/", "Merdeka"),
        ("https://www.thejakartapost.com/", "The Jakarta Post"),
    ] {
        let feed = format!("{site}kabar.xml");
        let link = path(&feed);
        let home = format!(
            "<html><head><link rel=alternate type=application/rss+xml href={link}></head></html>"
        );
        put(server, site, Page::of("text/html", home));
        full(&feed, title);
    }
    put(
        server,
        "https://www.suara.com/",
        Page::of("text/html", "<p>Tanpa umpan</p>"),
    );
    put(
        server,
        "https://rss.tempo.co/",
        Page::of(RSS, rss("Tempo", &[])),
    );
    full("https://rss.tempo.co/nasional", "Tempo Nasional");
    put(
        server,
        "https://rss.tempo.co/cantik",
        Page::of(RSS, rss("Cantika", &[])),
    );
}

async fn check(bench: &Bench, titles: &[&str]) -> Vec<CatalogueCheck> {
    let titles: Vec<String> = titles.iter().map(|title| (*title).to_owned()).collect();
    bench.engine.catalogue().check(&titles).await.unwrap()
}

fn row(bench: &Bench, title: &str) -> CatalogueFeed {
    let all = bench.engine.catalogue().catalogue().unwrap();
    all.into_iter().find(|row| row.title == title).unwrap()
}

/// The codes found at a row's addresses, in the order in which they are tried.
fn codes(row: &CatalogueFeed) -> Vec<Option<ProblemCode>> {
    let findings = row.addresses.iter().filter_map(|a| a.finding.as_ref());
    findings.map(|finding| finding.code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_address_with_articles_is_taken() {
    let server = Server::start().await;
    answer_as_listed(&server);
    let bench = bench(&server);
    let checked = check(&bench, &TITLES).await;
    assert_eq!(checked.len(), TITLES.len());
    let taken = |title: &str| {
        let checked = checked.iter().find(|checked| checked.title == title);
        checked.unwrap().feed.as_ref().map(|feed| feed.url.clone())
    };
    let at = |address: &str| Some(server.url(&path(address)));
    for (title, expected) in [
        ("ANTARA", at("https://www.antaranews.com/rss/terkini.xml")),
        ("Detikcom", at("https://news.detik.com/berita/rss")),
        ("Detikcom: Finance", at("https://finance.detik.com/rss")),
        ("Jawa Pos", at("https://www.jawapos.com/rss.xml")),
        ("Kontan", at("https://investasi.kontan.co.id/rss")),
        ("Liputan6", at("https://www.liputan6.com/feed/rss/terbaru")),
        ("Merdeka.com", at("https://www.merdeka.com/kabar.xml")),
        ("Pikiran Rakyat", None),
        ("Suara.com", None),
        ("Tempo", at("https://rss.tempo.co/nasional")),
        // Nothing else is known: a section without articles today may have some tomorrow.
        ("Tempo: Cantika", at("https://rss.tempo.co/cantik")),
        (
            "The Jakarta Post",
            at("https://www.thejakartapost.com/kabar.xml"),
        ),
    ] {
        assert_eq!(taken(title), expected, "{title}");
    }

    let subscribing: Vec<NewFeed> = checked
        .iter()
        .filter_map(|checked| {
            let feed = checked.feed.as_ref()?;
            Some(NewFeed {
                url: feed.url.clone(),
                title: Some(checked.title.clone()),
                site: feed.site.clone(),
                folder: Vec::new(),
                page: None,
            })
        })
        .collect();
    let subscribed = bench.engine.feeds().subscribe(&subscribing).unwrap();
    assert_eq!(subscribed.added.len(), 10, "ten publishers have a feed");
    let report = bench.sync_all().await;
    assert_eq!((report.fetched, report.failed), (10, 0));
    for title in TITLES {
        let has_feed = !["Pikiran Rakyat", "Suara.com"].contains(&title);
        assert_eq!(row(&bench, title).already, has_feed, "{title}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_is_kept_and_changes_the_order() {
    let server = Server::start().await;
    answer_as_listed(&server);
    let bench = bench(&server);
    let fresh = row(&bench, "Kontan");
    assert!(
        codes(&fresh).is_empty(),
        "nothing is claimed before it was tried"
    );
    check(&bench, &["Kontan", "Detikcom", "Liputan6", "Suara.com"]).await;
    let bench = bench.reopened_with(|opening| opening.catalogue = Some(table(&server)));

    let kontan = row(&bench, "Kontan");
    assert_eq!(codes(&kontan), [None, Some(ProblemCode::Tls)]);
    let urls = |row: &CatalogueFeed| -> Vec<String> {
        row.addresses.iter().map(|a| a.url.clone()).collect()
    };
    let mut expected = urls(&fresh);
    let failed = expected.remove(0);
    expected.push(failed);
    assert_eq!(
        urls(&kontan),
        expected,
        "the address that failed comes last"
    );
    let detik = row(&bench, "Detikcom");
    let closed = detik.addresses.iter().find(|a| a.url.contains("index.php"));
    let closed = closed.and_then(|address| address.finding.clone()).unwrap();
    assert!(
        matches!(
            closed.code,
            Some(ProblemCode::BrokeOff | ProblemCode::NoConnection)
        ),
        "{closed:?}"
    );
    assert_eq!(closed.at, bench.now.load(Ordering::SeqCst));
    let moved = row(&bench, "Liputan6").addresses[0]
        .finding
        .clone()
        .unwrap();
    let to = server.url("/www.liputan6.com/feed/rss/terbaru");
    assert_eq!((moved.code, moved.feed), (None, Some(to)));
    let dark = row(&bench, "Suara.com");
    assert!(codes(&dark).iter().all(Option::is_some), "{dark:?}");
    assert_eq!(codes(&dark).len(), dark.addresses.len());

    // The next check asks the address that answered first.
    let before = server.asked().len();
    check(&bench, &["Kontan"]).await;
    let asked = server.asked().split_off(before);
    assert_eq!(asked.len(), 1, "{asked:?}");
    bench.pass(31 * DAY);
    assert_eq!(
        urls(&row(&bench, "Kontan")),
        urls(&fresh),
        "after a month the order of trust counts again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscribed_feed_that_fails_steps_back_and_has_alternatives() {
    let server = Server::start().await;
    answer_as_listed(&server);
    let bench = bench(&server);
    let feed = server.url(&path("https://www.antaranews.com/rss/terkini.xml"));
    bench.subscribe(&feed);
    bench.sync_all().await;
    assert_eq!(row(&bench, "ANTARA").addresses[0].url, feed);
    put(
        &server,
        "https://www.antaranews.com/rss/terkini.xml",
        Page::status(404),
    );
    for _ in 0..3 {
        bench.pass(DAY);
        bench.sync_all().await;
    }
    let antara = row(&bench, "ANTARA");
    assert_eq!(antara.addresses.last().unwrap().url, feed);
    assert_eq!(codes(&antara), [Some(ProblemCode::NotFound)]);
    assert!(antara.already, "the subscription stays");
    let others = bench.engine.catalogue().alternatives(&feed).unwrap();
    let others: Vec<&str> = others.iter().map(|other| other.url.as_str()).collect();
    let expected = [
        server.url(&path("https://www.antaranews.com/rss/top-news.xml")),
        server.url(&path("https://www.antaranews.com/")),
    ];
    assert_eq!(others, expected);
    let unknown = bench
        .engine
        .catalogue()
        .alternatives("https://lain.example/rss");
    assert_eq!(unknown.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_held_against_addresses_without_a_network() {
    let server = Server::start().await;
    answer_as_listed(&server);
    let bench = bench(&server);
    bench.subscribe(&server.url(&path("https://news.detik.com/berita/rss")));
    bench.sync_all().await;
    server.stop().await;
    let titles = ["ANTARA".to_owned(), "Kontan".to_owned()];
    let failure = bench.engine.catalogue().check(&titles).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Offline);
    for title in titles {
        assert!(codes(&row(&bench, &title)).is_empty(), "{title}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_titles_are_ignored() {
    let server = Server::start().await;
    let bench = bench(&server);
    assert!(check(&bench, &["Tidak Ada", ""]).await.is_empty());
    assert_eq!(server.asked(), [""; 0]);
}
