//! Importing what other readers export: what goes where, once, whole, and safe; and exporting saved
//! articles.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use warta_engine::api::{FailureCode, FullText, ImportSummary, Place, SavedFormat, Settings};

use crate::Bench;
use crate::server::{Page, Server};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../import/tests/files")
        .join(name)
}

fn import(bench: &Bench, bytes: &[u8]) -> ImportSummary {
    let importing = bench.engine.importing();
    let plan = importing.plan_bytes(bytes, None).unwrap();
    importing.apply_import(plan.plan).unwrap().0
}

fn saved(bench: &Bench) -> Vec<String> {
    bench
        .rows(Place::Saved)
        .into_iter()
        .map(|row| row.title)
        .collect()
}

/// The tags, with the number of their articles.
fn tags(bench: &Bench) -> Vec<(String, u64)> {
    let tags = bench.engine.places().unwrap().tags.into_iter();
    tags.map(|tag| (tag.name, tag.count.total)).collect()
}

const STARRED: &str = r#"{"id":"user/1/state/com.google/starred","items":[
  {"id":"x1","published":1777800000,"title":"Star <b>one</b>","alternate":[{"href":"https://a.example/1"}],
   "categories":["user/1/state/com.google/read","user/1/state/com.google/starred"],
   "origin":{"streamId":"feed/https://a.example/feed","title":"A"},
   "summary":{"content":"<p onclick=\"evil()\">The harbour was quiet.</p><script>evil()</script>"}},
  {"id":"x2","published":1777800001,"title":"Star two","alternate":[{"href":"https://a.example/2"}],
   "categories":[],"origin":{"streamId":"feed/https://a.example/feed","title":"A"}}]}"#;

#[test]
fn stars_go_to_saved_pages_with_safe_text_and_once() {
    let bench = Bench::new();
    let importing = bench.engine.importing();
    let plan = importing.plan_bytes(STARRED.as_bytes(), None).unwrap();
    assert_eq!((plan.saved_pages, plan.saved, plan.read), (2, 2, 1));
    assert!(!plan.applied);
    assert!(saved(&bench).is_empty(), "a plan changes nothing");
    let (done, new) = importing.apply_import(plan.plan).unwrap();
    assert!(done.applied && new.is_empty());
    assert!(Path::new(&done.snapshot.unwrap()).is_file());
    let rows = bench.rows(Place::Saved);
    assert_eq!(rows.len(), 2);
    let one = rows
        .iter()
        .find(|row| row.title.starts_with("Star <b>"))
        .unwrap();
    assert!(one.read && one.saved);
    let article = bench.engine.article(one.id).unwrap();
    assert!(article.html.contains("The harbour was quiet."));
    assert!(!article.html.contains("evil"), "{}", article.html);
    // The second import finds everything here.
    let again = importing.plan_bytes(STARRED.as_bytes(), None).unwrap();
    assert_eq!((again.saved_pages, again.saved, again.read), (0, 0, 0));
    assert_eq!(again.articles_already, 2);
    importing.apply_import(again.plan).unwrap();
    assert_eq!(saved(&bench).len(), 2);
    // A plan is applied once.
    let refused = importing.apply_import(again.plan).unwrap_err();
    assert_eq!(refused.code, FailureCode::NotFound);
    // It survives a restart, and Saved pages is neither fetched nor exported.
    let bench = bench.reopened();
    assert_eq!(saved(&bench).len(), 2);
    assert!(
        !bench
            .engine
            .opml()
            .export_opml()
            .unwrap()
            .contains("warta:")
    );
    assert!(bench.engine.maintenance().check().unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_that_are_here_are_marked_by_guid_or_link() {
    let server = Server::start().await;
    let feed = server.url("/feed.xml");
    server.put("/feed.xml", rss_of(&server, 1..=3));
    let bench = Bench::new();
    bench.subscribe(&feed);
    bench.sync_all().await;
    let table = format!(
        "title,url,time_added,tags,status\nApa saja,{},1777000000,x,archive\n",
        server.url("/artikel/2")
    );
    let done = import(&bench, table.as_bytes());
    assert_eq!((done.articles_already, done.saved_pages), (1, 0));
    assert_eq!((done.saved, done.read), (1, 1));
    assert_eq!(done.tagged, 1);
    assert_eq!(tags(&bench), [("x".to_owned(), 1)]);
    assert!(done.left_out.is_empty(), "{:?}", done.left_out);
    assert_eq!(saved(&bench), ["Judul 2"], "the article of the feed");
    assert_eq!(bench.rows(Place::All).len(), 3, "nothing is doubled");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_imported_articles_are_fetched_unless_they_wait_for_the_reader() {
    let server = Server::start().await;
    let feed = server.url("/feed.xml");
    server.put("/feed.xml", rss_of(&server, 1..=1));
    server.put("/p.png", Page::of("image/png", crate::sync::picture()));
    let bench = Bench::new();
    bench.subscribe(&feed);
    let export = format!(
        r#"{{"id":"user/1/state/com.google/starred","items":[{{"id":"x9","published":1777800000,"title":"Star",
        "alternate":[{{"href":"{}"}}],"categories":[],"origin":{{"streamId":"feed/{feed}","title":"A"}},
        "summary":{{"content":"<p>The harbour was quiet.</p><img src=\"{}\">"}}}}]}}"#,
        server.url("/9"),
        server.url("/p.png"),
    );
    import(&bench, export.as_bytes());
    let requests = || {
        let asked = server.asked().into_iter();
        asked.filter(|head| head.contains("/p.png")).count()
    };
    for (pictures_on_request, fetched) in [(true, 0), (false, 1)] {
        let settings = Settings {
            pictures_on_request,
            ..bench.engine.settings()
        };
        bench.engine.set_settings(settings).unwrap();
        let saving = bench.engine.background().keep_saving();
        let _ = tokio::time::timeout(Duration::from_millis(1_500), saving).await;
        assert_eq!(requests(), fetched, "on request: {pictures_on_request}");
    }
}

#[test]
fn a_newsboat_database_brings_feeds_articles_and_states() {
    let bench = Bench::new();
    let importing = bench.engine.importing();
    let plan = importing.plan_import(&fixture("newsboat.db")).unwrap();
    assert_eq!(plan.sources, ["Newsboat"]);
    assert_eq!((plan.feeds, plan.articles, plan.saved), (2, 8, 2));
    let (_, new) = importing.apply_import(plan.plan).unwrap();
    assert_eq!(new.len(), 2);
    assert_eq!(bench.rows(Place::All).len(), 8);
    assert_eq!(saved(&bench).len(), 2);
    let read = bench.rows(Place::All).iter().filter(|row| row.read).count();
    assert_eq!(read, 3);
    let again = importing.plan_import(&fixture("newsboat.db")).unwrap();
    assert_eq!(
        (again.feeds, again.articles, again.saved, again.read),
        (0, 0, 0, 0)
    );
    assert_eq!((again.feeds_already, again.articles_already), (2, 8));
}

#[test]
fn every_known_file_is_imported_twice_without_doubling() {
    for name in [
        "liferea.db",
        "rssguard.db",
        "quiterss.db",
        "netnewswire.db",
        "google-reader.json",
        "feedly.json",
        "pocket.csv",
        "pocket.html",
        "instapaper.csv",
        "raindrop.csv",
        "omnivore.zip",
        "freshrss.zip",
        "newsboat-urls.txt",
        "newsboat-wal.db",
    ] {
        let bench = Bench::new();
        let importing = bench.engine.importing();
        let plan = importing.plan_import(&fixture(name)).unwrap();
        let brought = plan.feeds + plan.articles + plan.saved_pages;
        assert!(brought > 0, "{name}: {plan:?}");
        importing.apply_import(plan.plan).unwrap();
        let here = bench.rows(Place::All).len();
        assert_eq!(
            here,
            (plan.articles + plan.saved_pages) as usize,
            "{name}: {plan:?}"
        );
        assert_eq!(saved(&bench).len(), plan.saved as usize, "{name}: {plan:?}");
        let again = importing.plan_import(&fixture(name)).unwrap();
        assert_eq!(
            (
                again.feeds,
                again.articles,
                again.saved_pages,
                again.saved,
                again.read
            ),
            (0, 0, 0, 0, 0),
            "{name}"
        );
        importing.apply_import(again.plan).unwrap();
        assert_eq!(bench.rows(Place::All).len(), here, "{name}");
        assert!(
            bench.engine.maintenance().check().unwrap().is_sound(),
            "{name}"
        );
    }
}

#[test]
fn an_unknown_file_is_refused() {
    let bench = Bench::new();
    let refused = bench
        .engine
        .importing()
        .plan_bytes(b"hello", None)
        .unwrap_err();
    assert_eq!(refused.code, FailureCode::UnknownFile);
    let opml = br#"<opml version="2.0"><body><outline text="F" xmlUrl="https://f.example/feed"/></body></opml>"#;
    let done = import(&bench, opml);
    assert_eq!((done.feeds, done.sources), (1, vec!["OPML".to_owned()]));
}

#[test]
fn saved_articles_go_out_and_come_back() {
    let bench = Bench::new();
    import(&bench, STARRED.as_bytes());
    let folder = tempfile::tempdir().unwrap();
    let exporter = bench.engine.saved_export();
    for (name, format) in [
        ("saved.json", SavedFormat::JsonFeed),
        ("saved.html", SavedFormat::Bookmarks),
        ("saved.csv", SavedFormat::Csv),
    ] {
        let file = folder.path().join(name);
        let export = exporter.export_saved(&file, format).unwrap();
        assert_eq!(export.articles, 2, "{name}");
        let other = Bench::new();
        let plan = other.engine.importing().plan_import(&file).unwrap();
        let (done, _) = other.engine.importing().apply_import(plan.plan).unwrap();
        assert_eq!(
            (done.saved_pages, done.saved, done.read),
            (2, 2, 1),
            "{name}"
        );
        assert_eq!(
            saved(&other),
            saved(&bench),
            "{name}: the order of saving is kept"
        );
        if format == SavedFormat::JsonFeed {
            let row = &other.rows(Place::Saved)[1];
            let article = other.engine.article(row.id).unwrap();
            assert!(
                article.html.contains("The harbour was quiet."),
                "{}",
                article.html
            );
        }
    }
    for (name, format, end) in [
        ("markdown", SavedFormat::Markdown, "md"),
        ("epub", SavedFormat::Epub, "epub"),
    ] {
        let into = folder.path().join(name);
        assert_eq!(exporter.export_saved(&into, format).unwrap().articles, 2);
        let files: Vec<_> = walkdir::WalkDir::new(&into)
            .into_iter()
            .filter_map(|entry| entry.ok().filter(|entry| entry.file_type().is_file()))
            .collect();
        assert_eq!(files.len(), 2, "{name}");
        assert!(
            files
                .iter()
                .all(|file| file.path().extension().is_some_and(|e| e == end))
        );
    }
}

/// A feed with articles of these numbers.
fn rss_of(server: &Server, numbers: impl Iterator<Item = u32>) -> Page {
    let mut items = String::new();
    for n in numbers {
        let link = server.url(&format!("/artikel/{n}"));
        write!(
            items,
            "<item><guid isPermaLink=\"false\">g-{n}</guid><title>Judul {n}</title>\
             <link>{link}</link><pubDate>Sun, 03 May 2026 12:00:{n:02} GMT</pubDate>\
             <description>Isi {n} yang cukup panjang.</description></item>"
        )
        .unwrap();
    }
    let body = format!("<rss version=\"2.0\"><channel><title>F</title>{items}</channel></rss>");
    Page::of("application/rss+xml", body)
}

/// Items of a Google Reader stream: read ones without a text, and the starred ones with one.
fn stream(server: &Server, read: &[u32], starred: &[u32]) -> String {
    let item = |n: &u32, is_starred: bool| {
        let (state, text) = if is_starred {
            (
                "\"user/1/state/com.google/starred\",\"user/1/label/Pilihan\",",
                format!("<p>Isi {n} yang cukup panjang.</p>"),
            )
        } else {
            ("", String::new())
        };
        format!(
            r#"{{"id":"tag:google.com,2005:reader/item/{n:016x}","published":{},"title":"Judul {n}",
              "alternate":[{{"href":"{}"}}],
              "categories":[{state}"user/1/state/com.google/read"],
              "origin":{{"streamId":"feed/{}","title":"F"}},"summary":{{"content":"{text}"}}}}"#,
            1_777_809_600 + n,
            server.url(&format!("/artikel/{n}")),
            server.url("/feed.xml"),
        )
    };
    let items: Vec<String> = read
        .iter()
        .map(|n| item(n, false))
        .chain(starred.iter().map(|n| item(n, true)))
        .collect();
    format!(
        r#"{{"id":"user/1/state/com.google/reading-list","items":[{}]}}"#,
        items.join(",")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn marks_wait_for_articles_that_arrive_later() {
    let server = Server::start().await;
    server.put("/feed.xml", rss_of(&server, 1..=5));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed.xml"));
    // Not fetched yet: two are read, one is starred and comes with its text.
    let done = import(&bench, stream(&server, &[1, 2], &[3]).as_bytes());
    assert_eq!(
        (done.articles, done.saved, done.read, done.read_later),
        (1, 1, 1, 2)
    );
    assert_eq!(done.tagged, 1);
    let bench = bench.reopened();
    bench.sync_all().await;
    let rows = bench.rows(Place::All);
    assert_eq!(
        rows.len(),
        5,
        "the starred one is the feed's: {:?}",
        bench.titles(Place::All)
    );
    let mut read: Vec<String> = rows
        .iter()
        .filter(|row| row.read)
        .map(|row| row.title.clone())
        .collect();
    read.sort();
    assert_eq!(read, ["Judul 1", "Judul 2", "Judul 3"]);
    assert_eq!(saved(&bench), ["Judul 3"]);
    assert_eq!(tags(&bench), [("Pilihan".to_owned(), 1)]);
    // Once more, and nothing changes.
    let again = import(&bench, stream(&server, &[1, 2], &[3]).as_bytes());
    assert_eq!(
        (
            again.articles,
            again.saved,
            again.read,
            again.read_later,
            again.tagged
        ),
        (0, 0, 0, 0, 0)
    );
    assert_eq!(again.articles_already, 3);
    assert_eq!(bench.rows(Place::All).len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_undone_and_can_be_done_again() {
    let server = Server::start().await;
    server.put("/feed.xml", rss_of(&server, 1..=4));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed.xml"));
    bench.sync_all().await;
    let importing = bench.engine.importing();
    assert!(
        !importing.undo_import().unwrap(),
        "there is nothing to undo"
    );
    let text = stream(&server, &[1], &[2, 9]);
    let opml = br#"<opml version="2.0"><body><outline text="Baru"><outline text="Dalam">
        <outline text="Lain" xmlUrl="https://lain.example/feed"/></outline></outline></body></opml>"#;
    for round in 0..2 {
        let done = import(&bench, text.as_bytes());
        assert_eq!(
            (done.articles, done.articles_already),
            (1, 2),
            "round {round}"
        );
        assert_eq!(
            (done.saved, done.read, done.tagged),
            (2, 3, 2),
            "round {round}"
        );
        assert!(done.can_undo);
        assert_eq!(saved(&bench).len(), 2);
        assert!(importing.undo_import().unwrap());
        assert!(
            !importing.undo_import().unwrap(),
            "an import is undone once"
        );
        assert!(saved(&bench).is_empty(), "round {round}");
        assert_eq!(bench.rows(Place::All).len(), 4, "round {round}");
        assert!(
            bench.rows(Place::All).iter().all(|row| !row.read),
            "round {round}"
        );
        assert!(tags(&bench).is_empty(), "round {round}");
        let done = import(&bench, opml);
        assert_eq!(done.feeds, 1);
        let places = bench.engine.places().unwrap();
        assert_eq!(
            (places.feeds.len(), places.folders.len()),
            (2, 2),
            "round {round}"
        );
        assert!(importing.undo_import().unwrap());
        let places = bench.engine.places().unwrap();
        assert_eq!(
            (places.feeds.len(), places.folders.len()),
            (1, 0),
            "round {round}"
        );
    }
    // What was undone does not return with the feed, nor after a restart.
    server.put("/feed.xml", rss_of(&server, 1..=5));
    let bench = bench.reopened();
    bench.sync_all().await;
    let rows = bench.rows(Place::All);
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| !row.read && !row.saved));
    assert!(bench.engine.maintenance().check().unwrap().is_sound());
}

#[test]
fn undone_saved_pages_do_not_return_with_the_next_one() {
    let bench = Bench::new();
    import(&bench, STARRED.as_bytes());
    assert_eq!(bench.rows(Place::All).len(), 2);
    assert!(bench.engine.importing().undo_import().unwrap());
    bench
        .engine
        .saved_pages()
        .save("https://b.example/sendiri")
        .unwrap();
    assert_eq!(saved(&bench), ["b.example/sendiri"]);
    assert_eq!(bench.rows(Place::All).len(), 1);
}

#[test]
fn a_saved_link_is_the_page_that_the_reader_saved_before() {
    let bench = Bench::new();
    bench
        .engine
        .saved_pages()
        .save("https://a.example/teks?id=1")
        .unwrap();
    let table = "title,url,time_added,tags,status\n\
        Teks,https://a.example/teks?id=1&utm_source=surat#awal,1777000000,x|y,unread\n\
        Dua,http://a.example/dua,1777000001,,archive\n";
    let done = import(&bench, table.as_bytes());
    assert_eq!(
        (done.saved_pages, done.articles_already, done.without_text),
        (1, 1, 1)
    );
    assert_eq!(done.tagged, 1);
    assert_eq!(tags(&bench), [("x".to_owned(), 1), ("y".to_owned(), 1)]);
    assert_eq!(bench.rows(Place::Saved).len(), 2);
}

#[test]
fn folders_keep_their_levels_and_known_feeds_their_place() {
    let bench = Bench::new();
    bench.subscribe("https://sudah.example/feed");
    let opml = br#"<opml version="2.0"><body><outline text="Dunia"><outline text="Asia">
        <outline text="Baru" xmlUrl="https://baru.example/feed"/>
        <outline text="Sudah" xmlUrl="https://sudah.example/feed"/>
        <outline text="Perintah" xmlUrl="exec:skrip"/>
        </outline></outline></body></opml>"#;
    let done = import(&bench, opml);
    assert_eq!((done.feeds, done.feeds_already), (1, 1));
    let left: u32 = done.left_out.iter().map(|left| left.count).sum();
    assert_eq!(left, 1, "{:?}", done.left_out);
    let places = bench.engine.places().unwrap();
    let names: Vec<&str> = places
        .folders
        .iter()
        .map(|folder| folder.name.as_str())
        .collect();
    assert_eq!(names, ["Dunia", "Asia"]);
    assert!(places.folders.iter().any(|folder| folder.parent.is_some()));
    let known = places
        .feeds
        .iter()
        .find(|feed| feed.title.contains("sudah"))
        .unwrap();
    assert_eq!(known.folder, None, "the reader's own order stays");
}

#[test]
fn pages_as_feeds_come_with_their_rules_and_once() {
    let bench = Bench::new();
    let opml = br##"<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><body>
        <outline type="HTML+XPath" text="Berita" xmlUrl="https://kabar.example/" frss:xPathItem="//ul[@id='berita']/li"/>
        <outline type="HTML+XPath" text="Opini" xmlUrl="https://kabar.example/" frss:xPathItem="//ul[@id='opini']/li"/>
        <outline type="HTML+XPath" text="Opini" xmlUrl="https://kabar.example/" frss:xPathItem="//ul[@id='opini']/li"/>
        <outline text="Jadwal" xmlUrl="https://kabar.example/" warta:watch="#jadwal"/>
        <outline type="HTML+XPath" text="Teks" xmlUrl="https://teks.example/" frss:xPathItem="//li[contains(., 'x')]"/>
        </body></opml>"##;
    let done = import(&bench, opml);
    assert_eq!(done.feeds, 3);
    let feeds = bench.engine.places().unwrap().feeds;
    let mut rules: Vec<(String, FullText)> = feeds
        .iter()
        .map(|feed| bench.engine.feeds().feed_details(feed.id).unwrap())
        .map(|details| (details.page.unwrap().selector, details.full_text))
        .collect();
    rules.sort_by(|one, two| one.0.cmp(&two.0));
    let expected = [
        ("#jadwal".to_owned(), FullText::OnRequest),
        ("ul#berita > li".to_owned(), FullText::Always),
        ("ul#opini > li".to_owned(), FullText::Always),
    ];
    assert_eq!(rules, expected);
}
