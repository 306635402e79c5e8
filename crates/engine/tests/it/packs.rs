//! Full texts and packs against loopback servers: what is fetched, and what is reported.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::atomic::Ordering;

use image::{ImageFormat, RgbImage};
use warta_engine::api::{
    AutoPack, Connection, FailureCode, FeedChange, FileFormat, FullText, Mark, PackSource,
    PackStatus, PackWish, PageStatus, Place, ProblemCode, Settings, Subject, Undoable,
};
use warta_engine::{Keep, Retention};

use crate::server::{Page, Server};
use crate::{Bench, NOON, rss};

pub(crate) fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(40, 30, image::Rgb([shade, 90, 120]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// A feed whose entries link to pages on the same server: `(guid, title, html)`.
fn feed_of(server: &Server, entries: &[(&str, &str, &str)]) -> String {
    rss("Harian Uji", entries).replace("https://kabar.example/", &server.url("/"))
}

/// Whether a path is that of a picture in these tests.
pub(crate) fn is_picture(path: &str) -> bool {
    path.rsplit('.').next() == Some("png")
}

/// A page with an article of about 200 words that starts with the feed's text, and one picture.
pub(crate) fn page_of(title: &str, beginning: &str, word: &str, picture: &str) -> String {
    let paragraphs: Vec<String> = (0..8)
        .map(|n| {
            format!(
                "<p>Paragraf {n} menjelaskan {word} secara panjang lebar, dengan angka dan nama \
                 tempat, supaya pembaca memahami apa yang terjadi di pelabuhan itu sejak pagi \
                 hingga malam.</p>"
            )
        })
        .collect();
    let more = paragraphs.concat();
    format!(
        "<!doctype html><html lang=\"id\"><head><title>{title}</title></head><body>\
         <nav><a href=\"/\">Beranda</a></nav><article><h1>{title}</h1><p>{beginning}</p>\
         <figure><img src=\"{picture}\" width=\"800\" height=\"600\" alt=\"Gambar\"></figure>{more}\
         </article><footer>Hak cipta</footer></body></html>"
    )
}

const BEGINNING: &str = "Kapal barang merapat di pelabuhan Teluk Sagara pada Senin pagi.";

/// A server with a feed of `count` teasers, each with a page and a picture of its own.
async fn teasers(count: usize) -> (Server, Vec<String>) {
    let server = Server::start().await;
    let guids: Vec<String> = (0..count).map(|n| format!("a{n}")).collect();
    let titles: Vec<String> = (0..count)
        .map(|n| format!("Kapal ke-{n} merapat"))
        .collect();
    let entries: Vec<(&str, &str, &str)> = guids
        .iter()
        .zip(&titles)
        .map(|(guid, title)| (guid.as_str(), title.as_str(), BEGINNING))
        .collect();
    server.put(
        "/feed",
        Page::of("application/rss+xml", feed_of(&server, &entries)),
    );
    for (n, guid) in guids.iter().enumerate() {
        let page = page_of(
            &titles[n],
            BEGINNING,
            &format!("kata{n}"),
            &format!("/p{n}.png"),
        );
        let path = format!("/{guid}?utm_source=rss");
        server.put(&path, Page::of("text/html; charset=utf-8", page));
        server.put(&format!("/p{n}.png"), Page::of("image/png", png(n as u8)));
    }
    (server, guids)
}

/// The number of requests for each path.
pub(crate) fn asked(server: &Server) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for head in server.asked() {
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        *counts.entry(path.to_owned()).or_default() += 1;
    }
    counts
}

/// A wish for a pack of texts and pictures, without limits.
pub(crate) fn wish(from: PackSource) -> PackWish {
    PackWish {
        name: None,
        from: vec![from],
        minutes: None,
        megabytes: None,
        pictures: true,
        audio: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreachable_host_does_not_stop_a_pack() {
    // No process listens there any more.
    let away = {
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", gone.local_addr().unwrap())
    };
    let server = Server::start().await;
    let items = format!(
        "<item><guid>1</guid><title>Satu</title><link>{away}/a1</link>\
         <description>&lt;p&gt;Pendek.&lt;img src=\"{away}/1.png\"&gt;</description></item>"
    );
    let feed = format!("<rss version=\"2.0\"><channel><title>Uji</title>{items}</channel></rss>");
    server.put("/feed", Page::of("application/rss+xml", feed));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    bench
        .engine
        .full_texts()
        .complete_article(id)
        .await
        .unwrap();
    assert_eq!(bench.engine.connectivity().connection(), Connection::Online);
    let page = bench.engine.article(id).unwrap().page;
    assert_eq!(page.status, PageStatus::Failed);

    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(
        done.status,
        PackStatus::Done,
        "it must not wait for the host"
    );
    assert_eq!((done.articles, done.complete), (1, 0), "{done:?}");
    assert_eq!(bench.engine.connectivity().connection(), Connection::Online);

    server.stop().await;
    let waits = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    bench.sync_all().await;
    assert_eq!(
        bench.engine.connectivity().connection(),
        Connection::Offline
    );
    let waits = bench.engine.packs().run_pack(waits.id).await.unwrap();
    assert_ne!(waits.status, PackStatus::Done, "it waits for the network");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_text_is_completed_when_opened() {
    let (server, _) = teasers(2).await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    assert!(
        !asked(&server).keys().any(|path| path.starts_with("/a")),
        "no page may be fetched yet"
    );
    let id = bench.rows(Place::All)[0].id;
    let before = bench.engine.article(id).unwrap();
    assert_eq!(before.page.status, PageStatus::Absent);
    bench
        .engine
        .full_texts()
        .complete_article(id)
        .await
        .unwrap();
    let after = bench.engine.article(id).unwrap();
    assert_eq!(after.page.status, PageStatus::Shown);
    assert!(after.html.contains("kata0"), "{}", after.html);
    assert!(
        after.html.contains("<img"),
        "with the page's picture: {}",
        after.html
    );
    assert!(!after.html.contains("Beranda"));
    assert!(after.row.minutes >= before.row.minutes);
    assert_eq!(after.feed_words, 10, "the feed's text is still stored");
    bench.engine.search().finish_indexing().unwrap();
    assert_eq!(
        bench.engine.search().search("kata0", 5, 0).unwrap().total,
        1
    );
    bench.engine.full_texts().choose_text(id, false).unwrap();
    let put_back = bench.engine.article(id).unwrap();
    assert_eq!(put_back.page.status, PageStatus::Kept);
    assert!(!put_back.html.contains("kata0"));
    assert_eq!(asked(&server)["/robots.txt"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_canonical_url_is_forwarded_and_the_article_exported_as_epub() {
    let (server, _) = teasers(1).await;
    let page = page_of("Kapal ke-0 merapat", BEGINNING, "kata0", "/p0.png").replace(
        "</head>",
        "<link rel=\"canonical\" href=\"/berita/kapal-0\"></head>",
    );
    let path = "/a0?utm_source=rss";
    server.put(path, Page::of("text/html; charset=utf-8", page));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    let message = || {
        let subject = Subject::Article { id };
        let draft = bench.engine.sharing().draft(&subject, "whatsapp", None, 0);
        draft.unwrap().message
    };
    assert!(message().contains(&server.url("/a0")), "{}", message());
    bench
        .engine
        .full_texts()
        .complete_article(id)
        .await
        .unwrap();
    let named = server.url("/berita/kapal-0");
    assert!(message().contains(&named), "{}", message());
    let (name, book) = bench
        .engine
        .cards()
        .article_file(id, FileFormat::Epub)
        .unwrap();
    assert_eq!(name, "Kapal ke-0 merapat.epub");
    check_book(&book);
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_txt_is_respected_unless_the_reader_asks() {
    let (server, _) = teasers(1).await;
    server.put(
        "/robots.txt",
        Page::of("text/plain", "User-agent: *\nDisallow: /a"),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    bench
        .engine
        .full_texts()
        .complete_article(id)
        .await
        .unwrap();
    let view = bench.engine.article(id).unwrap();
    assert_eq!(view.page.status, PageStatus::Failed);
    assert_eq!(
        view.page.problem.unwrap().code,
        ProblemCode::DisallowedByRobots
    );
    assert!(!asked(&server).contains_key("/a0?utm_source=rss"));
    bench.engine.full_texts().fetch_full_text(id).await.unwrap();
    let view = bench.engine.article(id).unwrap();
    assert_eq!(
        view.page.status,
        PageStatus::Shown,
        "robots.txt does not apply to the reader's own request"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robots_txt_that_fails_is_not_called_a_refusal() {
    let (server, _) = teasers(1).await;
    server.put("/robots.txt", Page::status(500));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    let full_texts = bench.engine.full_texts();
    full_texts.complete_article(id).await.unwrap();
    let problem = bench.engine.article(id).unwrap().page.problem.unwrap();
    assert_eq!(problem.code, ProblemCode::ServerError, "{}", problem.detail);
    assert!(
        problem
            .detail
            .contains("robots.txt of 127.0.0.1 could not be fetched")
    );
    assert!(!asked(&server).contains_key("/a0?utm_source=rss"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feeds_full_text_setting_is_respected() {
    let (server, _) = teasers(2).await;
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/feed"));
    let set = |full_text| {
        let change = FeedChange {
            full_text: Some(full_text),
            ..FeedChange::default()
        };
        bench.engine.feeds().change_feed(feed, &change).unwrap();
        assert_eq!(
            bench.engine.feeds().feed_details(feed).unwrap().full_text,
            full_text
        );
    };
    set(FullText::OnRequest);
    bench.sync_all().await;
    let rows = bench.rows(Place::All);
    bench
        .engine
        .full_texts()
        .complete_article(rows[0].id)
        .await
        .unwrap();
    let status = |id| bench.engine.article(id).unwrap().page.status;
    assert_eq!(status(rows[0].id), PageStatus::Absent);
    set(FullText::Always);
    bench.sync_all().await;
    assert_eq!(status(rows[0].id), PageStatus::Shown, "at the sync itself");
    assert_eq!(status(rows[1].id), PageStatus::Shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_an_article_are_joined() {
    let (server, _) = teasers(1).await;
    let part = |n: usize, next: &str| {
        page_of(
            "Kapal ke-0 merapat",
            BEGINNING,
            &format!("bagian{n}"),
            "/p0.png",
        )
        .replace(
            "</article>",
            &format!("</article><div class=\"pagination\">{next}</div>"),
        )
    };
    let next = "<a rel=\"next\" href=\"/a0?page=2\">2</a>";
    server.put(
        "/a0?utm_source=rss",
        Page::of(
            "text/html",
            part(1, next).replace("<head>", "<head><link rel=\"next\" href=\"/a0?page=2\">"),
        ),
    );
    server.put("/a0?page=2", Page::of("text/html", part(2, "")));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    bench
        .engine
        .full_texts()
        .complete_article(id)
        .await
        .unwrap();
    let html = bench.engine.article(id).unwrap().html;
    assert!(
        html.contains("bagian1") && html.contains("bagian2"),
        "{html}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_complete_offline() {
    let (server, _) = teasers(5).await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let preview = bench
        .engine
        .packs()
        .preview_pack(&wish(PackSource::Unread))
        .unwrap();
    assert_eq!((preview.articles, preview.ready), (5, 0));
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    assert_eq!(pack.status, PackStatus::Waiting, "it is not running yet");
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(done.status, PackStatus::Done);
    assert_eq!((done.articles, done.complete, done.pictures), (5, 5, 5));
    assert!(done.lacks.is_empty() && done.bytes > 5_000, "{done:?}");
    for (path, times) in asked(&server) {
        let once = is_picture(&path) || path.starts_with("/a");
        assert!(!once || times == 1, "{path} was fetched {times} times");
    }
    server.stop().await;
    let bench = bench.reopened();
    let page = bench.engine.packs().pack(pack.id).unwrap();
    assert_eq!(page.pack.complete, 5);
    for packed in &page.articles {
        let view = bench.engine.article(packed.row.id).unwrap();
        assert!(
            view.html.contains("kata") && view.pictures_missing == 0,
            "{}",
            view.html
        );
    }
    let listed = bench.titles(Place::Pack { id: pack.id });
    assert_eq!(listed.len(), 5);
    let bounds = Keep {
        each_feed: Retention {
            days: Some(1),
            articles: Some(0),
        },
        ..Keep::default()
    };
    bench.pass(100 * 86_400);
    assert_eq!(
        bench
            .engine
            .maintenance()
            .keep_within(&bounds)
            .unwrap()
            .articles,
        0
    );
    let Undoable { token, .. } = bench.engine.packs().remove_pack(pack.id).unwrap();
    assert!(bench.engine.marks().undo(token).unwrap());
    assert_eq!(bench.engine.places().unwrap().packs.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_parts_are_reported_with_reasons() {
    let (server, _) = teasers(3).await;
    server.put("/p0.png", Page::status(404));
    server.put(
        "/p1.png",
        Page::of("image/png", "<svg><script>alert(1)</script></svg>"),
    );
    server.put("/a2?utm_source=rss", Page::status(500));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    let lacks: Vec<_> = done
        .lacks
        .iter()
        .map(|lack| (lack.what.as_str(), lack.code.as_str(), lack.articles))
        .collect();
    assert!(lacks.contains(&("pictures", "notFound", 1)), "{lacks:?}");
    assert!(lacks.contains(&("pictures", "badPicture", 1)), "{lacks:?}");
    assert!(lacks.contains(&("text", "serverError", 1)), "{lacks:?}");
    assert_eq!((done.articles, done.complete), (3, 0));
    // A retry succeeds.
    server.put("/p0.png", Page::of("image/png", png(1)));
    bench.engine.packs().resume_pack(pack.id).unwrap();
    let again = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(again.complete, 1, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_waits_for_the_network_and_resumes() {
    let (server, _) = teasers(4).await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    server.stop().await;
    let waiting = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!((waiting.status, waiting.tried), (PackStatus::Waiting, 0));
    assert_eq!(
        bench.engine.connectivity().connection(),
        Connection::Offline
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_pack_fetches_nothing_until_it_is_resumed() {
    let (server, _) = teasers(3).await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    bench.engine.packs().pause_pack(pack.id).unwrap();
    let paused = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!((paused.status, paused.tried), (PackStatus::Paused, 0));
    bench.engine.packs().resume_pack(pack.id).unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!((done.status, done.complete), (PackStatus::Done, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_and_megabytes_limit_a_pack() {
    let (server, _) = teasers(11).await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let short = PackWish {
        minutes: Some(3),
        ..wish(PackSource::Unread)
    };
    let pack = bench.engine.packs().create_pack(&short).unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(done.status, PackStatus::Done);
    assert!(done.articles < 11, "the rest must be omitted: {done:?}");
    assert!(
        done.minutes >= 3 && done.complete == done.articles,
        "{done:?}"
    );
    let nothing = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Saved))
        .unwrap_err();
    assert_eq!(nothing.code, FailureCode::NothingToPack);
    let ids: Vec<u64> = bench.rows(Place::All).iter().map(|row| row.id).collect();
    let saved = Mark {
        read: None,
        saved: Some(true),
    };
    bench.engine.marks().mark(&ids[..2], saved).unwrap();
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Saved))
        .unwrap();
    assert_eq!(pack.articles, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_makes_one_pack_a_day_and_replaces_the_last() {
    let (server, _) = teasers(2).await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let settings = Settings {
        auto_pack: Some(AutoPack {
            at_minute: 13 * 60,
            wish: wish(PackSource::Unread),
        }),
        ..bench.engine.settings()
    };
    bench.engine.set_settings(settings).unwrap();
    assert_eq!(bench.now.load(Ordering::SeqCst), NOON);
    assert!(
        bench
            .engine
            .background()
            .pack_by_schedule()
            .await
            .unwrap()
            .is_none(),
        "too early"
    );
    bench.pass(3_700);
    let made = bench
        .engine
        .background()
        .pack_by_schedule()
        .await
        .unwrap()
        .unwrap();
    assert!(
        made.automatic && made.status == PackStatus::Done,
        "{made:?}"
    );
    assert!(
        bench
            .engine
            .background()
            .pack_by_schedule()
            .await
            .unwrap()
            .is_none(),
        "once a day"
    );
    bench.pass(86_400);
    let next = bench
        .engine
        .background()
        .pack_by_schedule()
        .await
        .unwrap()
        .unwrap();
    let packs = bench.engine.packs().packs().unwrap();
    assert_eq!(packs.len(), 1);
    assert_eq!(packs[0].id, next.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn above_the_budget_automatic_fetches_stop() {
    let (server, _) = teasers(2).await;
    server.put(
        "/besar",
        Page::of("application/rss+xml", vec![b' '; 1_100_000]),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    assert!(bench.engine.budget().traffic().unwrap().bytes > 500);
    let settings = Settings {
        monthly_megabytes: 1,
        ..bench.engine.settings()
    };
    bench.engine.set_settings(settings).unwrap();
    assert!(!bench.engine.budget().traffic().unwrap().over);
    bench.subscribe(&server.url("/besar"));
    bench.sync_all().await;
    let traffic = bench.engine.budget().traffic().unwrap();
    assert!(
        traffic.over && traffic.budget == Some(1_000_000),
        "{traffic:?}"
    );
    let id = bench.rows(Place::All)[0].id;
    bench
        .engine
        .full_texts()
        .complete_article(id)
        .await
        .unwrap();
    assert!(!asked(&server).contains_key("/a0?utm_source=rss"));
    bench.engine.full_texts().fetch_full_text(id).await.unwrap();
    assert!(
        asked(&server).contains_key("/a0?utm_source=rss"),
        "requests of the reader are allowed"
    );
    let bench = bench.reopened();
    assert!(
        bench.engine.budget().traffic().unwrap().over,
        "also after a restart"
    );
    bench.pass(31 * 86_400);
    assert!(
        !bench.engine.budget().traffic().unwrap().over,
        "a new month resets the budget"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_requires_a_referrer_gets_one() {
    let (server, _) = teasers(1).await;
    server.refuse_strangers("/p0.png");
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(done.complete, 1, "{done:?}");
    let heads: Vec<String> = server
        .asked()
        .into_iter()
        .filter(|head| head.starts_with("GET /p0.png"))
        .collect();
    assert_eq!(heads.len(), 2);
    let referrer = |head: &str| {
        let line = head
            .lines()
            .find(|line| line.to_ascii_lowercase().starts_with("referer:"));
        line.map(|line| line["referer:".len()..].trim().to_owned())
    };
    assert_eq!(
        referrer(&heads[0]),
        None,
        "the first request has no referrer"
    );
    assert_eq!(
        referrer(&heads[1]),
        Some(server.url("/")),
        "then the site only, not the article"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_favicon_the_icon_of_the_home_page_is_used() {
    let server = Server::start().await;
    let feed = feed_of(&server, &[("a", "Berita", "<p>Isi.</p>")]);
    server.put("/feed", Page::of("application/rss+xml", feed));
    let home = "<html><head><link rel=\"icon\" href=\"/l.svg\" type=\"image/svg+xml\">\
                <link rel=\"icon\" sizes=\"64x64\" href=\"/ikon-64.png\"></head></html>";
    server.put("/", Page::of("text/html", home));
    server.put("/ikon-64.png", Page::of("image/png", png(9)));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    assert!(bench.engine.places().unwrap().feeds[0].icon.is_some());
    bench.sync_all().await;
    assert_eq!(asked(&server)["/"], 1, "it is requested only once");
    assert!(
        !asked(&server).contains_key("/l.svg"),
        "SVG icons are not used"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_exported_as_epub() {
    let (server, _) = teasers(3).await;
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let pack = bench
        .engine
        .packs()
        .create_pack(&wish(PackSource::Unread))
        .unwrap();
    bench.engine.packs().run_pack(pack.id).await.unwrap();
    let book = bench
        .engine
        .books()
        .pack_epub(pack.id, "Bekal <Senin> & Selasa")
        .unwrap();
    assert!(book.starts_with(b"PK\x03\x04"));
    assert_eq!(
        &book[30..58],
        b"mimetypeapplication/epub+zip",
        "the first file must be the uncompressed mimetype"
    );
    let mut zip = zip::ZipArchive::new(Cursor::new(book.clone())).unwrap();
    let names: Vec<String> = zip
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    let of = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
    assert_eq!((of(".xhtml"), of(".png")), (4, 3), "{names:?}");
    let mut chapter = String::new();
    let mut file = zip.by_name("EPUB/article-0001.xhtml").unwrap();
    std::io::Read::read_to_string(&mut file, &mut chapter).unwrap();
    assert!(
        chapter.contains("kata0") && chapter.contains("src=\"pictures/"),
        "{chapter}"
    );
    check_book(&book);
}

/// Gzipped pages of the corpora; empty if they are missing.
#[expect(
    clippy::disallowed_methods,
    reason = "the corpora are files of the test"
)]
fn strangers_pages() -> Vec<Vec<u8>> {
    let corpora = std::env::var_os("WARTA_CORPORA").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        std::path::PathBuf::from,
    );
    let Ok(entries) = std::fs::read_dir(corpora.join("extract/scrapinghub")) else {
        return Vec::new();
    };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "gz"))
        .collect();
    paths.sort();
    // Extraction is slow in debug builds.
    paths.truncate(40);
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_corpora_make_a_valid_epub() {
    let pages = strangers_pages();
    if pages.is_empty() {
        println!("skipped: corpora not found");
        return;
    }
    let server = Server::start().await;
    let count = pages.len();
    let mut items = String::new();
    for (n, page) in pages.into_iter().enumerate() {
        let link = server.url(&format!("/h{n}"));
        let title = format!("{n} &lt;b&gt; &amp;");
        for part in [
            "<item><title>",
            &title,
            "</title><link>",
            &link,
            "</link></item>",
        ] {
            items.push_str(part);
        }
        let mut answer = Page::of("text/html", page);
        answer
            .headers
            .push(("Content-Encoding".into(), "gzip".into()));
        server.put(&format!("/h{n}"), answer);
    }
    let feed = format!("<rss version=\"2.0\"><channel><title>Uji</title>{items}</channel></rss>");
    server.put("/feed", Page::of("application/rss+xml", feed));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let texts_only = PackWish {
        pictures: false,
        ..wish(PackSource::Unread)
    };
    let pack = bench.engine.packs().create_pack(&texts_only).unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert!(done.complete as usize > count * 9 / 10, "{done:?}");
    check_book(
        &bench
            .engine
            .books()
            .pack_epub(pack.id, "Halaman orang lain")
            .unwrap(),
    );
}

/// Runs epubcheck if it is installed; the test set-up installs it on Debian.
#[expect(clippy::print_stdout, reason = "says that it was skipped")]
pub(crate) fn check_book(book: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bekal.epub");
    #[expect(clippy::disallowed_methods, reason = "a file of the test's own")]
    std::fs::write(&file, book).unwrap();
    // Debian's is a JAR file that must be run with Java.
    let checker = std::path::Path::new("/usr/share/java/epubcheck.jar");
    if !checker.exists() {
        println!("skipped: epubcheck is not installed");
        return;
    }
    let said = std::process::Command::new("java")
        .arg("-jar")
        .args([checker, &file])
        .arg("--failonwarnings")
        .output()
        .unwrap();
    assert!(
        said.status.success(),
        "{}{}",
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    );
}
