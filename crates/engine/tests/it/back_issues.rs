//! Older articles: the archive behind a feed, fetched when the reader asks.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use warta_engine::api::{
    ArchiveKind, Event, FeedChange, FullText, OlderEnd, OlderRequest, OlderRun, Place, Rule,
    Settings,
};
use warta_engine::{Engine, Opening};

use crate::child::{Killable, child_folder};
use crate::packs::page_of;
use crate::server::{Page, Server};
use crate::{Bench, NOON, list_request, new_feed};

const ATOM: &str = "application/atom+xml";
const DAY: i64 = 86_400;
const WORDPRESS: &str = "<generator>https://wordpress.org/?v=6.5</generator>";
const BLOGGER: &str = "<generator uri='http://www.blogger.com'>Blogger</generator>";

fn date(n: usize) -> String {
    let at = chrono::DateTime::from_timestamp(NOON - n as i64 * DAY, 0).unwrap();
    at.to_rfc3339()
}

/// An Atom feed; article `n` was published `n` days before [`NOON`].
fn atom(server: &Server, numbers: impl IntoIterator<Item = usize>, head: &str) -> Page {
    let mut entries = String::new();
    for n in numbers {
        let (link, at) = (server.url(&format!("/k{n}")), date(n));
        write!(
            entries,
            "<entry><id>urn:kabar:{n}</id><title>Kabar {n}</title><link href='{link}'/>\
             <published>{at}</published><updated>{at}</updated>\
             <content type='html'>Kapal barang nomor {n} merapat di pelabuhan.</content></entry>"
        )
        .unwrap();
    }
    let site = server.url("/");
    let feed = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Kabar</title><link href='{site}'/>\
         {head}{entries}</feed>"
    );
    Page::of(ATOM, feed)
}

fn next(server: &Server, rel: &str, path: &str) -> String {
    format!("<link rel='{rel}' href='{}'/>", server.url(path))
}

fn request(number: Option<u32>) -> OlderRequest {
    OlderRequest {
        number,
        since: None,
        megabytes: 100,
        unread: false,
    }
}

async fn fetch(bench: &Bench, feed: u32, request: &OlderRequest) -> OlderRun {
    let back_issues = bench.engine.back_issues();
    back_issues.begin(feed, request).unwrap();
    back_issues.run(feed).await.unwrap()
}

fn titles(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|n| format!("Kabar {n}")).collect()
}

fn unread(bench: &Bench, feed: u32) -> u64 {
    let places = bench.engine.places().unwrap();
    let place = places.feeds.iter().find(|place| place.id == feed).unwrap();
    place.count.unread
}

/// Serves a WordPress feed of pages of three articles, beginning with article 1, at `/feed/`.
fn serve_wordpress(server: &Server, pages: usize) {
    for page in 1..=pages {
        let first = (page - 1) * 3 + 1;
        let path = match page {
            1 => "/feed/".to_owned(),
            _ => format!("/feed/?paged={page}"),
        };
        server.put(&path, atom(server, first..first + 3, WORDPRESS));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_of_each_kind_is_fetched() {
    let server = Server::start().await;
    serve_wordpress(&server, 4);
    let chain = |paths: [&str; 4], rel: &str| {
        for (page, path) in paths.iter().enumerate() {
            let head = paths.get(page + 1).map(|to| next(&server, rel, to));
            let first = page * 3 + 1;
            let page = atom(&server, first..first + 3, &head.unwrap_or_default());
            server.put(path, page);
        }
    };
    chain(["/a", "/a-3", "/a-2", "/a-1"], "prev-archive");
    chain(["/p", "/p?n=2", "/p?n=3", "/p?n=4"], "next");
    let blogger = "/feeds/posts/default";
    server.put(blogger, atom(&server, 1..4, BLOGGER));
    for (start, end) in [(4, 8), (8, 13), (13, 13)] {
        let path = format!("{blogger}?start-index={start}&max-results=100");
        server.put(&path, atom(&server, start..end, BLOGGER));
    }
    for page in 1..=4 {
        let items: Vec<String> = (page * 3 - 2..=page * 3)
            .map(|n| {
                format!(
                    r#"{{"id":"{n}","title":"Kabar {n}","date_published":"{}","content_text":"Isi {n}"}}"#,
                    date(n)
                )
            })
            .collect();
        let next = match page {
            4 => String::new(),
            _ => format!(
                r#""next_url":"{}","#,
                server.url(&format!("/j{}", page + 1))
            ),
        };
        let json = format!(
            r#"{{"version":"https://jsonfeed.org/version/1.1","title":"J",{next}"items":[{}]}}"#,
            items.join(",")
        );
        server.put(
            &format!("/j{page}"),
            Page::of("application/feed+json", json),
        );
    }
    for (path, kind) in [
        ("/feed/", ArchiveKind::WordPress),
        ("/a", ArchiveKind::Archived),
        ("/p", ArchiveKind::Paged),
        (blogger, ArchiveKind::Blogger),
        ("/j1", ArchiveKind::JsonFeed),
    ] {
        let bench = Bench::new();
        let found = bench.discover(&server.url(path)).await;
        assert_eq!(found.feeds[0].archive, Some(kind), "{path}");
        let feed = bench.subscribe(&server.url(path));
        let rule = Rule {
            name: "Kabar".into(),
            words: vec!["Kabar".into()],
            notify: true,
            ..Rule::default()
        };
        bench.engine.rules().keep_rule(rule).unwrap();
        bench.sync_all().await;
        let (before, mut events) = (unread(&bench, feed), bench.engine.events());
        let run = fetch(&bench, feed, &request(None)).await;
        assert_eq!(
            (run.end, run.code),
            (Some(OlderEnd::Oldest), None),
            "{path} {run:?}"
        );
        assert_eq!((run.kind, run.articles), (Some(kind), 9), "{path}");
        assert_eq!(run.newest, Some(NOON - 4 * DAY), "{path}");
        assert_eq!(run.oldest, Some(NOON - 12 * DAY), "{path}");
        assert!(
            run.bytes > 1_000 && !run.has_more && !run.running,
            "{path} {run:?}"
        );
        let place = Place::Feed { id: feed };
        assert_eq!(
            bench.titles(place),
            titles(1..13),
            "{path}: by date, each once"
        );
        assert_eq!(
            unread(&bench, feed),
            before,
            "{path}: nothing counts as new"
        );
        while let Ok(event) = events.try_recv() {
            let told = matches!(event, Event::Noticed { .. } | Event::ArticlesArrived { .. });
            assert!(!told, "{path}: {event:?}");
        }
        bench.sync_all().await;
        assert_eq!(unread(&bench, feed), before, "{path}: nor after a sync");
        let again = fetch(&bench, feed, &request(None)).await;
        assert_eq!(again.articles, 0, "{path}: nothing is stored twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_kept_to_and_continued() {
    let server = Server::start().await;
    serve_wordpress(&server, 4);
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/feed/"));
    bench.sync_all().await;
    let place = Place::Feed { id: feed };
    let run = fetch(&bench, feed, &request(Some(4))).await;
    assert_eq!((run.end, run.articles), (Some(OlderEnd::Number), 4));
    assert!(run.has_more);
    assert_eq!(
        bench.titles(place),
        titles(1..8),
        "the newest of the older ones"
    );
    let run = fetch(&bench, feed, &request(Some(3))).await;
    assert_eq!((run.end, run.articles), (Some(OlderEnd::Number), 3));
    assert_eq!(bench.titles(place), titles(1..11), "without a gap");
    let second = server.asked();
    let second = second.iter().filter(|head| head.contains("paged=2 "));
    assert_eq!(second.count(), 1, "it went on where it ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_before_a_date_are_left_out() {
    let server = Server::start().await;
    serve_wordpress(&server, 9);
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/feed/"));
    bench.sync_all().await;
    let wish = OlderRequest {
        since: Some(NOON - 7 * DAY),
        unread: true,
        ..request(None)
    };
    let before = unread(&bench, feed);
    let run = fetch(&bench, feed, &wish).await;
    assert_eq!(
        (run.end, run.articles),
        (Some(OlderEnd::Since), 4),
        "{run:?}"
    );
    assert_eq!(bench.titles(Place::Feed { id: feed }), titles(1..8));
    assert_eq!(
        unread(&bench, feed),
        before + 4,
        "the reader wanted them unread"
    );
    let asked = server.asked();
    assert!(!asked.iter().any(|head| head.contains("paged=5 ")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_megabytes_are_kept_to() {
    let server = Server::start().await;
    serve_wordpress(&server, 9);
    for page in 2..=9 {
        let first = page * 3 - 2;
        let mut large = atom(&server, first..first + 3, WORDPRESS);
        large.body.extend(vec![b' '; 600_000]);
        server.put(&format!("/feed/?paged={page}"), large);
    }
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/feed/"));
    bench.sync_all().await;
    let wish = OlderRequest {
        megabytes: 1,
        ..request(None)
    };
    let run = fetch(&bench, feed, &wish).await;
    assert_eq!(
        (run.end, run.pages, run.articles),
        (Some(OlderEnd::Budget), 2, 6),
        "{run:?}"
    );
    assert!(run.bytes > 1_200_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_can_be_stopped_and_continued() {
    let server = Server::start().await;
    serve_wordpress(&server, 4);
    server.hold("/feed/?paged=3");
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/feed/"));
    bench.sync_all().await;
    bench
        .engine
        .back_issues()
        .begin(feed, &request(None))
        .unwrap();
    let engine = bench.engine.clone();
    let running = tokio::spawn(async move { engine.back_issues().run(feed).await });
    server.until_asked("/feed/?paged=3", 1).await;
    let state = bench.engine.back_issues().state(feed).unwrap().unwrap();
    assert!(
        state.running && state.articles == 3 && state.end.is_none(),
        "{state:?}"
    );
    bench.engine.back_issues().stop(feed).unwrap();
    server.release("/feed/?paged=3");
    let run = running.await.unwrap().unwrap();
    assert_eq!((run.end, run.articles), (Some(OlderEnd::Stopped), 6));
    let run = fetch(&bench, feed, &request(None)).await;
    assert_eq!((run.end, run.articles), (Some(OlderEnd::Oldest), 3));
    assert_eq!(bench.titles(Place::Feed { id: feed }), titles(1..13));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_not_fetched() {
    let server = Server::start().await;
    serve_wordpress(&server, 3);
    server.put(
        "/robots.txt",
        Page::of("text/plain", "User-agent: *\nDisallow: /*paged="),
    );
    let elsewhere = "<link rel='prev-archive' href='http://lain.example/arsip'/>";
    server.put("/asing", atom(&server, 1..4, elsewhere));
    server.put("/tanpa", atom(&server, 1..4, ""));
    server.put(
        "/penuh",
        atom(
            &server,
            1..4,
            "<complete xmlns='http://purl.org/syndication/history/1.0'/>",
        ),
    );
    let bench = Bench::new();
    for (path, end) in [
        ("/feed/", OlderEnd::Refused),
        ("/asing", OlderEnd::Elsewhere),
        ("/tanpa", OlderEnd::NoArchive),
        ("/penuh", OlderEnd::Oldest),
    ] {
        let feed = bench.subscribe(&server.url(path));
        bench.sync_all().await;
        let run = fetch(&bench, feed, &request(None)).await;
        assert_eq!((run.end, run.articles), (Some(end), 0), "{path} {run:?}");
    }
    assert!(!server.asked().iter().any(|head| head.contains("paged=")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_next_clean_up_would_remove_is_not_fetched() {
    let server = Server::start().await;
    serve_wordpress(&server, 5);
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/feed/"));
    let settings = bench.engine.overview().unwrap().settings;
    bench
        .engine
        .set_settings(Settings {
            keep_feed_articles: 8,
            ..settings.clone()
        })
        .unwrap();
    bench.sync_all().await;
    let limits = bench
        .engine
        .back_issues()
        .limits(feed, false)
        .await
        .unwrap();
    assert_eq!((limits.room, limits.kept_since), (Some(5), None));
    let run = fetch(&bench, feed, &request(Some(100))).await;
    assert_eq!(
        (run.end, run.articles),
        (Some(OlderEnd::Retention), 5),
        "{run:?}"
    );
    assert_eq!(bench.engine.maintenance().free_space().unwrap().articles, 0);
    bench
        .engine
        .set_settings(Settings {
            keep_feed_articles: 0,
            keep_days: 10,
            ..settings
        })
        .unwrap();
    let limits = bench
        .engine
        .back_issues()
        .limits(feed, false)
        .await
        .unwrap();
    assert_eq!(
        (limits.room, limits.kept_since),
        (None, Some(NOON - 10 * DAY))
    );
    let run = fetch(&bench, feed, &request(Some(100))).await;
    assert_eq!(
        (run.end, run.articles),
        (Some(OlderEnd::Retention), 2),
        "{run:?}"
    );
    assert_eq!(bench.engine.maintenance().free_space().unwrap().articles, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn stored_articles_stay_as_they_are() {
    let server = Server::start().await;
    server.put("/p", atom(&server, 1..3, &next(&server, "next", "/p2")));
    let mut stale = atom(&server, 1..4, "");
    let text = String::from_utf8(stale.body)
        .unwrap()
        .replace("Kabar 2", "Kabar lama 2");
    stale.body = text.replace("urn:kabar:2<", "urn:lama:2<").into_bytes();
    server.put("/p2", stale);
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/p"));
    bench.sync_all().await;
    let run = fetch(&bench, feed, &request(None)).await;
    assert_eq!(run.articles, 1, "the others are known by GUID or link");
    assert_eq!(bench.titles(Place::Feed { id: feed }), titles(1..4));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sitemaps_of_a_site_are_its_archive() {
    let server = Server::start().await;
    server.put("/rss", atom(&server, 1..4, ""));
    let part = |month: &str| server.url(&format!("/sitemap-{month}.xml"));
    let index = format!(
        "<sitemapindex><sitemap><loc>{}</loc></sitemap><sitemap><loc>{}</loc></sitemap></sitemapindex>",
        part("2026-02"),
        part("2026-03")
    );
    server.put("/sitemap.xml", Page::of("text/xml", index));
    for (month, slug) in [
        ("2026-02", "jembatan-baru-dibuka"),
        ("2026-03", "kapal-barang-merapat"),
    ] {
        let loc = server.url(&format!("/berita/{slug}-di-kota-lama"));
        let set = format!(
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{loc}</loc>\
             <lastmod>{month}-03T08:00:00Z</lastmod></url></urlset>"
        );
        server.put(&format!("/sitemap-{month}.xml"), Page::of("text/xml", set));
        let text = "Petugas membuka jalan bagi warga pada pagi hari.";
        let page = page_of(slug, text, slug, "/p.png");
        let path = format!("/berita/{slug}-di-kota-lama");
        server.put(&path, Page::of("text/html", page));
    }
    for (full_text, texts) in [(FullText::OnRequest, 0), (FullText::Always, 2)] {
        let bench = Bench::new();
        let feed = bench.subscribe(&server.url("/rss"));
        let change = FeedChange {
            full_text: Some(full_text),
            ..FeedChange::default()
        };
        bench.engine.feeds().change_feed(feed, &change).unwrap();
        bench.sync_all().await;
        let before = unread(&bench, feed);
        let run = fetch(&bench, feed, &request(None)).await;
        assert_eq!(run.kind, Some(ArchiveKind::Sitemaps), "{run:?}");
        assert_eq!(
            (run.end, run.articles),
            (Some(OlderEnd::Oldest), 2),
            "{run:?}"
        );
        assert_eq!(run.texts, texts, "on the reader's terms");
        assert_eq!(unread(&bench, feed), before);
    }
}

const PAGES: usize = 12;

/// The child process: fetches and prints a line a page.
#[tokio::test(flavor = "multi_thread")]
async fn child_fetches_older_articles_until_killed() {
    let Some(folder) = child_folder() else {
        return;
    };
    let engine = Engine::open(&Opening::usual(&folder, "id")).unwrap();
    let mut events = engine.events();
    tokio::spawn(async move {
        while let Ok(event) = events.recv().await {
            if let Event::OlderArticles { run } = event {
                println!("\npage {}", run.pages);
            }
        }
    });
    let feed = engine.places().unwrap().feeds[0].id;
    engine.back_issues().run(feed).await.unwrap();
    println!("\ndone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_goes_on() {
    let server = Server::start().await;
    serve_wordpress(&server, PAGES);
    let folder = tempfile::tempdir().unwrap();
    let feed = {
        let engine = Engine::open(&Opening::usual(folder.path(), "id")).unwrap();
        engine
            .feeds()
            .subscribe(&[new_feed(server.url("/feed/"))])
            .unwrap();
        engine
            .sync()
            .sync(&warta_engine::api::SyncScope::All)
            .await
            .unwrap();
        let feed = engine.places().unwrap().feeds[0].id;
        engine.back_issues().begin(feed, &request(None)).unwrap();
        engine.flush().unwrap();
        feed
    };
    let mut kills = 0;
    for _ in 0..PAGES {
        let path = folder.path().to_owned();
        let done = tokio::task::spawn_blocking(move || {
            let name = "back_issues::child_fetches_older_articles_until_killed";
            let mut child = Killable::start(name, &path);
            let (mut pages, mut done) = (0, false);
            while pages < 3 && !done {
                let Some(line) = child.line() else { break };
                pages += usize::from(line.starts_with("page "));
                done = line == "done";
            }
            // Also waits for the end of a child that is done and still has the folder open.
            child.kill();
            done
        })
        .await
        .unwrap();
        if done {
            break;
        }
        kills += 1;
    }
    assert!(kills > 2, "it must have been killed while running");
    let engine = Engine::open(&Opening::usual(folder.path(), "id")).unwrap();
    assert!(engine.maintenance().check().unwrap().is_sound());
    let run = engine.back_issues().run(feed).await.unwrap();
    assert_eq!(run.end, Some(OlderEnd::Oldest), "{run:?}");
    let list = list_request(Place::Feed { id: feed }, 100);
    let rows = engine.lists().list(&list).unwrap().rows;
    let stored: Vec<String> = rows.into_iter().map(|row| row.title).collect();
    assert_eq!(stored, titles(1..=PAGES * 3), "each once, by date");
    let asked: BTreeSet<String> = server.asked().into_iter().collect();
    let repeated = server
        .asked()
        .iter()
        .filter(|head| head.contains("paged="))
        .count();
    assert!(
        repeated <= PAGES + kills,
        "a kill repeats at most the page in flight: {asked:?}"
    );
}
