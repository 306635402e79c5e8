//! Discovery and subscriptions.

use warta_engine::api::{
    FailureCode, FeedChange, HeaderLine, Login, PageFeedKind, Place, SecretsKept,
};

use crate::server::{Page, Server};
use crate::{Bench, rss};

const RSS: &str = "application/rss+xml";

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_found_directly_by_links_or_by_guess() {
    let server = Server::start().await;
    server.put(
        "/umpan.xml",
        Page::of(RSS, rss("Umpan Utama", &[("a", "Satu", "x")])),
    );
    server.put("/feed", Page::of(RSS, rss("Umpan Tebakan", &[])));
    let page = "<html><head><link rel=alternate type=application/rss+xml href=/umpan.xml title=U>\
                <link rel=alternate type=application/rss+xml href=/hilang.xml></head></html>";
    server.put("/", Page::of("text/html", page));
    server.put("/polos/", Page::of("text/html", "<p>Tanpa umpan</p>"));
    let bench = Bench::new();

    let found = bench.discover(&server.url("/")).await;
    let titles: Vec<_> = found.feeds.iter().map(|feed| feed.title.as_str()).collect();
    assert_eq!(
        titles,
        ["Umpan Utama"],
        "a linked feed that does not exist is not offered"
    );
    assert_eq!(found.feeds[0].entries, Some(1));
    assert!(!found.feeds[0].already);

    bench.subscribe(&server.url("/umpan.xml"));
    let found = bench.discover(&server.url("/umpan.xml")).await;
    assert!(found.feeds[0].already, "the feed is marked as subscribed");

    let found = bench.discover(&server.url("/polos/")).await;
    assert_eq!(found.feeds[0].title, "Umpan Tebakan");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_feed_is_listed_first() {
    let server = Server::start().await;
    let feeds = [
        ("/comments/feed", "Komentar untuk Kabar"),
        ("/category/olahraga/feed", "Kabar » Olahraga"),
        ("/feed", "Kabar"),
        ("/tag/banjir/feed", "Kabar » Banjir"),
    ];
    let mut head = String::new();
    for (path, title) in feeds {
        server.put(path, Page::of(RSS, rss(title, &[("a", "Satu", "x")])));
        head.push_str("<link rel=alternate type=application/rss+xml href=\"");
        head.push_str(path);
        head.push_str("\">");
    }
    let page = format!("<html><head>{head}</head></html>");
    server.put("/", Page::of("text/html", page.clone()));
    server.put("/category/olahraga/", Page::of("text/html", page));
    let bench = Bench::new();
    let offered = async |path: &str| {
        let found = bench.discover(&server.url(path)).await;
        let titles = found.feeds.into_iter().map(|feed| feed.title);
        titles.collect::<Vec<_>>()
    };
    let of_site = offered("/").await;
    assert_eq!((of_site.len(), of_site[0].as_str()), (4, "Kabar"));
    assert_eq!(of_site[3], "Komentar untuk Kabar", "comments come last");
    let of_section = offered("/category/olahraga/").await;
    assert_eq!(
        of_section[0], "Kabar » Olahraga",
        "the requested section's feed comes first"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_feeds_yields_a_reason() {
    let server = Server::start().await;
    server.put("/", Page::of("text/html", "<p>Tanpa umpan</p>"));
    let bench = Bench::new();
    let code = async |address: &str| {
        bench
            .engine
            .discovery()
            .discover(address)
            .await
            .unwrap_err()
            .code
    };
    assert_eq!(code(&server.url("/")).await, FailureCode::NoFeed);
    assert_eq!(code(&server.url("/hilang")).await, FailureCode::FetchFailed);
    assert_eq!(code("berita hari ini").await, FailureCode::BadAddress);
    assert_eq!(code("file:///etc/passwd").await, FailureCode::BadAddress);
    // Without other hosts to probe it may be either; report the address, which the reader can
    // check.
    let nobody = "http://127.0.0.1:1/";
    assert_eq!(code(nobody).await, FailureCode::FetchFailed);
    bench.subscribe(&server.url("/"));
    server.stop().await;
    assert_eq!(code(nobody).await, FailureCode::Offline);
}

#[tokio::test(flavor = "multi_thread")]
async fn opml_is_imported_and_exported() {
    let bench = Bench::new();
    let opml = br#"<opml version="2.0"><head><title>Langganan</title></head><body>
        <outline text="Nusantara"><outline type="rss" text="Kabar" xmlUrl="https://kabar.example/f"/></outline>
        <outline type="rss" text="Warta" xmlUrl="https://warta.example/f"/>
        <outline type="rss" text="Rusak" xmlUrl="javascript:alert(1)"/>
        <outline type="rss" text="Lagi" xmlUrl="https://warta.example/f"/></body></opml>"#;
    let (report, ids) = bench.engine.opml().import_opml(opml).unwrap();
    assert_eq!((report.added, ids.len()), (2, 2));
    assert!(
        !report.problems.is_empty(),
        "the invalid address is reported"
    );
    let (report, _) = bench.engine.opml().import_opml(opml).unwrap();
    assert_eq!(
        (report.added, report.already),
        (0, 2),
        "a second import adds nothing"
    );

    let exported = bench.engine.opml().export_opml().unwrap();
    let other = Bench::new();
    other
        .engine
        .opml()
        .import_opml(exported.as_bytes())
        .unwrap();
    let shape = |bench: &Bench| {
        let places = bench.engine.places().unwrap();
        let folder = |id: Option<u32>| {
            places
                .folders
                .iter()
                .find(|f| Some(f.id) == id)
                .map(|f| f.name.clone())
        };
        places
            .feeds
            .iter()
            .map(|f| (f.title.clone(), f.url.clone(), folder(f.folder)))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        shape(&bench),
        shape(&other),
        "an exported file imports completely"
    );
    assert_eq!(
        bench
            .engine
            .opml()
            .import_opml(b"bukan opml")
            .unwrap_err()
            .code,
        FailureCode::BadInput
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_as_feeds_are_imported_and_exported() {
    let bench = Bench::new();
    let opml = br##"<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><body>
        <outline type="HTML+XPath" text="Berita" xmlUrl="https://kabar.example/" frss:xPathItem="//ul[@id='berita']/li"/>
        <outline type="HTML+XPath" text="Opini" xmlUrl="https://kabar.example/" frss:xPathItem="//ul[@id='opini']/li"/>
        <outline text="Jadwal" xmlUrl="https://kabar.example/" warta:watch="#jadwal"/>
        <outline type="HTML+XPath" text="Teks" xmlUrl="https://teks.example/" frss:xPathItem="//li[contains(., 'x')]"/>
        </body></opml>"##;
    let (report, ids) = bench.engine.opml().import_opml(opml).unwrap();
    assert_eq!((report.added, ids.len()), (3, 3));
    let problems: Vec<&str> = report.problems.iter().map(|p| p.what.as_str()).collect();
    assert_eq!(problems, ["Teks: the XPath rule cannot be translated"]);
    let parts = |bench: &Bench, ids: &[u32]| -> Vec<(PageFeedKind, String)> {
        let feeds = bench.engine.feeds();
        let page = |id: &u32| feeds.feed_details(*id).unwrap().page.unwrap();
        let pages = ids.iter().map(page);
        pages.map(|page| (page.kind, page.selector)).collect()
    };
    assert_eq!(
        parts(&bench, &ids),
        [
            (PageFeedKind::HeadlineList, "ul#berita > li".to_owned()),
            (PageFeedKind::HeadlineList, "ul#opini > li".to_owned()),
            (PageFeedKind::Watch, "#jadwal".to_owned()),
        ]
    );
    let exported = bench.engine.opml().export_opml().unwrap();
    assert_eq!(
        exported
            .matches("xmlUrl=\"https://kabar.example/\"")
            .count(),
        3,
        "the fragments that tell them apart stay here: {exported}"
    );
    assert!(exported.contains("frss:xPathItem=\"//*[@id = &quot;jadwal&quot;]\""));
    let (again, _) = bench
        .engine
        .opml()
        .import_opml(exported.as_bytes())
        .unwrap();
    assert_eq!((again.added, again.already), (0, 3));
    let other = Bench::new();
    let (_, copied) = other
        .engine
        .opml()
        .import_opml(exported.as_bytes())
        .unwrap();
    let sorted = |mut parts: Vec<(PageFeedKind, String)>| {
        parts.sort_by(|one, two| one.1.cmp(&two.1));
        parts
    };
    assert_eq!(sorted(parts(&other, &copied)), sorted(parts(&bench, &ids)));
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_feed_can_be_undone() {
    let server = Server::start().await;
    server.put("/feed", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    let bench = Bench::new();
    let id = bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let undo = bench.engine.feeds().remove_feed(id).unwrap();
    assert!(bench.titles(Place::All).is_empty());
    assert!(bench.engine.places().unwrap().feeds.is_empty());
    assert!(bench.engine.marks().undo(undo.token).unwrap());
    assert_eq!(bench.titles(Place::Feed { id }), ["Satu"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_renamed_moved_and_paused() {
    let server = Server::start().await;
    server.put("/feed", Page::of(RSS, rss("Kabar", &[("a", "Satu", "x")])));
    let bench = Bench::new();
    let id = bench.subscribe(&server.url("/feed"));
    let change = FeedChange {
        custom_title: Some("Pagi".into()),
        folder: Some(vec!["Nusantara".into()]),
        paused: Some(true),
        ..FeedChange::default()
    };
    bench.engine.feeds().change_feed(id, &change).unwrap();
    let places = bench.engine.places().unwrap();
    assert_eq!(places.feeds[0].title, "Pagi");
    assert_eq!(places.folders[0].name, "Nusantara");
    assert_eq!(
        bench.sync_all().await.feeds,
        0,
        "a paused feed is not fetched"
    );
    let back = FeedChange {
        custom_title: Some(String::new()),
        folder: Some(Vec::new()),
        paused: Some(false),
        ..FeedChange::default()
    };
    bench.engine.feeds().change_feed(id, &back).unwrap();
    bench.sync_all().await;
    let places = bench.engine.places().unwrap();
    assert_eq!(
        (places.feeds[0].title.as_str(), places.feeds[0].folder),
        ("Kabar", None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_stored_in_the_keyring_only() {
    let server = Server::start().await;
    server.put(
        "/feed",
        Page::of("application/rss+xml", rss("Kabar", &[("a", "Satu", "x")])),
    );
    let bench = Bench::new();
    let address = server
        .url("/feed")
        .replace("http://", "http://ani:r%40hasia@");
    let found = bench.discover(&address).await;
    assert_eq!(
        found.feeds[0].url,
        server.url("/feed"),
        "credentials are not shown"
    );
    let id = bench.subscribe(&found.feeds[0].url);
    let login = "Basic YW5pOnJAaGFzaWE=";
    let sent = |head: &String| head.contains(login);
    bench.sync_all().await;
    assert!(server.asked().iter().all(sent), "{:?}", server.asked());
    let details = bench.engine.feeds().feed_details(id).unwrap();
    assert_eq!(
        (details.url, details.user.as_deref()),
        (server.url("/feed"), Some("ani"))
    );

    let change = FeedChange {
        user_agent: Some("Peramban/1".into()),
        headers: Some(vec![HeaderLine {
            name: "X-Key".into(),
            value: "kunci-rahasia".into(),
        }]),
        ..FeedChange::default()
    };
    assert_eq!(
        bench.engine.feeds().change_feed(id, &change).unwrap(),
        SecretsKept::Keyring
    );
    bench.engine.maintenance().snapshot().unwrap();
    let bench = bench.reopened();
    bench.sync_all().await;
    let last = server.asked().pop().unwrap();
    for part in [login, "kunci-rahasia", "Peramban/1"] {
        assert!(last.contains(part), "{part} in {last}");
    }
    // While the engine is closed: otherwise the index may be merging its files.
    bench.reopened_after(|folder| {
        for file in walkdir::WalkDir::new(folder).into_iter().flatten() {
            if file.file_type().is_file() {
                #[expect(clippy::disallowed_methods, reason = "reads every file of the store")]
                let bytes = std::fs::read(file.path()).unwrap();
                for secret in [&b"kunci-rahasia"[..], b"r@hasia", b"r%40hasia"] {
                    assert!(
                        !bytes.windows(secret.len()).any(|part| part == secret),
                        "found a secret in {:?}",
                        file.path()
                    );
                }
            }
        }
    });

    let forget = FeedChange {
        login: Some(Login::default()),
        headers: Some(Vec::new()),
        ..FeedChange::default()
    };
    let bench = Bench::new();
    let id = bench.subscribe(&address);
    assert_eq!(
        bench.engine.feeds().change_feed(id, &forget).unwrap(),
        SecretsKept::None
    );
    assert_eq!(bench.engine.feeds().feed_details(id).unwrap().user, None);
}
