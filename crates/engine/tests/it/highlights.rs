//! Highlights: they outlive restarts, their article and their store, hold their article, and go
//! out as W3C annotations, Markdown and to Readwise.

use std::path::Path;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use warta_engine::api::{
    HighlightChange, HighlightColour, HighlightFormat, NewHighlight, Place, ProblemCode,
    ServiceAccount, TextQuote,
};
use warta_engine::{Clock, Keep, Restoring};

use crate::server::{Page, Server};
use crate::{Bench, NOON, rss};

const EXACT: &str = "Kapal Bima tiba";

async fn bench() -> (Bench, Server) {
    let server = Server::start().await;
    let entries = [
        ("a", "Feri tiba", "<p>Kapal Bima tiba di pelabuhan.</p>"),
        ("b", "Harga beras", "<p>Harga beras turun.</p>"),
    ];
    server.put(
        "/feed",
        Page::of("application/rss+xml", rss("Kabar", &entries)),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    (bench, server)
}

fn id_of(bench: &Bench, title: &str) -> u64 {
    let rows = bench.rows(Place::All);
    rows.iter().find(|row| row.title == title).unwrap().id
}

fn new(article: u64, note: &str) -> NewHighlight {
    NewHighlight {
        article,
        quote: TextQuote {
            exact: EXACT.into(),
            prefix: String::new(),
            suffix: " di pelabuhan.".into(),
            start: 0,
            end: 15,
        },
        colour: HighlightColour::Green,
        note: note.into(),
    }
}

#[tokio::test]
async fn highlights_are_kept_searched_changed_and_brought_back() {
    let (bench, _server) = bench().await;
    let article = id_of(&bench, "Feri tiba");
    let made = bench
        .engine
        .highlights()
        .add(new(article, " Café dermaga "))
        .unwrap();
    assert_eq!(made.note, "Café dermaga");
    assert_eq!(made.publisher, "Kabar");
    let again = bench.engine.highlights().add(new(article, "lain")).unwrap();
    assert_eq!(again, made, "the same passage is marked once");
    let bench = bench.reopened();
    let highlights = bench.engine.highlights();
    for (query, total) in [("", 1), ("cafe BIMA", 1), ("feri kabar", 1), ("beras", 0)] {
        assert_eq!(
            highlights.highlights(query, 10, 0).unwrap().total,
            total,
            "{query}"
        );
    }
    assert_eq!(
        highlights.of_article(article).unwrap(),
        std::slice::from_ref(&made)
    );
    assert_eq!(bench.engine.places().unwrap().highlights, 1);
    highlights.set_lost(article, &[made.id]).unwrap();
    bench.pass(60);
    let change = HighlightChange {
        colour: Some(HighlightColour::Pink),
        note: None,
    };
    let changed = highlights.change(made.id, change).unwrap();
    assert_eq!(
        (changed.colour, changed.lost, changed.note.as_str()),
        (HighlightColour::Pink, true, "Café dermaga")
    );
    highlights.remove(&[made.id, 99]).unwrap();
    assert_eq!(highlights.highlights("", 10, 0).unwrap().total, 0);
    assert_eq!(highlights.bring_back(&[made.id]).unwrap(), 1);
    assert_eq!(highlights.of_article(article).unwrap(), [changed]);
}

#[tokio::test]
async fn an_article_with_a_highlight_outlives_retention_and_a_highlight_its_article() {
    let (bench, _server) = bench().await;
    let article = id_of(&bench, "Feri tiba");
    let highlight = bench.engine.highlights().add(new(article, "")).unwrap();
    let none = Keep {
        articles: Some(0),
        ..Keep::default()
    };
    bench.engine.maintenance().keep_within(&none).unwrap();
    assert_eq!(bench.titles(Place::All), ["Feri tiba"]);
    // Also in a session that did not make the highlight.
    let bench = bench.reopened();
    bench.engine.maintenance().keep_within(&none).unwrap();
    assert_eq!(bench.titles(Place::All), ["Feri tiba"]);
    // Unsubscribing takes the article away, at the next start for good, but never the highlight.
    let feed = bench.engine.places().unwrap().feeds[0].id;
    bench.engine.feeds().remove_feed(feed).unwrap();
    let bench = bench.reopened();
    let page = bench.engine.highlights().highlights("", 10, 0).unwrap();
    let one = &page.highlights[0];
    assert_eq!((one.id, one.article), (highlight.id, None));
    assert_eq!(
        (one.title.as_str(), one.quote.exact.as_str()),
        ("Feri tiba", EXACT)
    );
    // Without its highlight an article is like any other.
    bench.engine.highlights().remove(&[one.id]).unwrap();
    assert_eq!(bench.engine.places().unwrap().highlights, 0);
}

#[tokio::test]
async fn a_snapshot_carries_highlights_to_another_store_and_finds_their_articles() {
    let (bench, server) = bench().await;
    let article = id_of(&bench, "Feri tiba");
    let highlight = bench
        .engine
        .highlights()
        .add(new(article, "penting"))
        .unwrap();
    let snapshot = bench.engine.maintenance().snapshot().unwrap();
    let other = Bench::new();
    let plan = other.engine.restoring().plan_restore(&snapshot).unwrap();
    assert_eq!((plan.highlights, plan.refused_count), (1, 0));
    other.engine.restoring().apply_restore(plan.plan).unwrap();
    let page = other.engine.highlights().highlights("", 10, 0).unwrap();
    assert_eq!(page.highlights[0].article, None, "it was not fetched yet");
    other.sync_all().await;
    let here = id_of(&other, "Feri tiba");
    let found = other.engine.highlights().of_article(here).unwrap();
    assert_eq!(
        (found[0].id, found[0].note.as_str()),
        (highlight.id, "penting")
    );
    let all = Keep {
        articles: Some(0),
        ..Keep::default()
    };
    other.engine.maintenance().keep_within(&all).unwrap();
    assert_eq!(other.titles(Place::All), ["Feri tiba"]);
    // Restoring again adds nothing.
    let plan = other.engine.restoring().plan_restore(&snapshot).unwrap();
    assert_eq!(plan.highlights, 0);
    drop(server);
}

#[tokio::test]
async fn a_profile_carries_highlights_with_their_articles() {
    let (bench, _server) = bench().await;
    let article = id_of(&bench, "Feri tiba");
    bench.engine.highlights().add(new(article, "")).unwrap();
    let file = bench.folder.path().join("profil.warta");
    bench.engine.maintenance().export(&file).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (_, summary) = Restoring::import(&file, folder.path(), &Clock::given(|| NOON)).unwrap();
    assert_eq!((summary.highlights, summary.refused_count), (1, 0));
    let engine = open(folder.path());
    let page = engine.highlights().highlights("", 10, 0).unwrap();
    let here = page.highlights[0].article.unwrap();
    assert_eq!(engine.article(here).unwrap().row.title, "Feri tiba");
}

fn open(folder: &Path) -> warta_engine::Engine {
    let mut opening = warta_engine::Opening::usual(folder, "id");
    opening.clock = Clock::given(|| NOON);
    warta_engine::Engine::open(&opening).unwrap()
}

#[tokio::test]
async fn only_passages_of_articles_within_bounds_are_taken() {
    let (bench, _server) = bench().await;
    let article = id_of(&bench, "Feri tiba");
    let highlights = bench.engine.highlights();
    let with = |exact: &str, start, end| NewHighlight {
        quote: TextQuote {
            exact: exact.into(),
            start,
            end,
            ..TextQuote::default()
        },
        ..new(article, "")
    };
    for refused in [
        with(" \n", 0, 2),
        with("kata", 5, 1),
        with(&"a".repeat(20_001), 0, 20_001),
        new(article, &"a".repeat(20_001)),
        new(99, ""),
    ] {
        highlights.add(refused).unwrap_err();
    }
    assert_eq!(bench.engine.places().unwrap().highlights, 0);
}

#[tokio::test]
async fn files_follow_the_web_annotation_format_and_markdown_stays_text() {
    let (bench, _server) = bench().await;
    let article = id_of(&bench, "Feri tiba");
    let highlights = bench.engine.highlights();
    let made = highlights
        .add(new(article, "# bukan judul\n<b>teks</b>"))
        .unwrap();
    let export = bench.engine.highlight_export();
    let json = export.file("", HighlightFormat::Json).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["@context"], "http://www.w3.org/ns/anno.jsonld");
    assert_eq!(json["total"], 1);
    let one = &json["first"]["items"][0];
    assert_eq!(one["type"], "Annotation");
    assert_eq!(one["id"], format!("urn:warta:highlight:{}", made.id));
    assert_eq!(one["created"], "2026-05-04T12:00:00Z");
    assert_eq!(one["body"]["value"], "# bukan judul\n<b>teks</b>");
    assert_eq!(one["target"]["source"], "https://kabar.example/a");
    let selectors = &one["target"]["selector"];
    assert_eq!(selectors[0]["type"], "TextQuoteSelector");
    assert_eq!(selectors[0]["exact"], EXACT);
    assert_eq!(selectors[0]["suffix"], " di pelabuhan.");
    assert_eq!(selectors[1]["type"], "TextPositionSelector");
    assert_eq!(
        (&selectors[1]["start"], &selectors[1]["end"]),
        (&0.into(), &15.into())
    );
    let markdown = export.file("", HighlightFormat::Markdown).unwrap();
    assert_eq!(
        markdown,
        "## Feri tiba\n\n*Kabar*\n\n<https://kabar.example/a>\n\n> Kapal Bima tiba\n\n\
         \\# bukan judul\n\n\\<b\\>teks\\</b\\>\n"
    );
    assert_eq!(
        export.file("beras", HighlightFormat::Markdown).unwrap(),
        "\n"
    );
}

/// Answers each request with the next status, and returns the requests.
async fn answering(statuses: &'static [u16]) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let mut asked = Vec::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = String::new();
            let mut buffer = [0; 4096];
            while !request.contains("\"highlights\"") || !request.ends_with('}') {
                let read = stream.read(&mut buffer).await.unwrap();
                request += std::str::from_utf8(&buffer[..read]).unwrap();
            }
            asked.push(request);
            let answer =
                format!("HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        asked
    });
    (address, task)
}

#[tokio::test]
async fn readwise_gets_each_version_once_and_a_failure_loses_nothing() {
    let (bench, _server) = bench().await;
    let article = id_of(&bench, "Feri tiba");
    let highlights = bench.engine.highlights();
    let made = highlights.add(new(article, "catatan")).unwrap();
    let export = bench.engine.highlight_export();
    let sent = export.send().await.unwrap();
    assert_eq!(
        (sent.sent, sent.left, sent.problem),
        (0, 1, Some(ProblemCode::SignIn))
    );
    let (address, asked) = answering(&[503, 200, 200]).await;
    let account = ServiceAccount {
        address,
        token: "tok-1".into(),
        ..ServiceAccount::default()
    };
    bench
        .engine
        .integrations()
        .connect_service("readwise", &account)
        .unwrap();
    let sent = export.send().await.unwrap();
    assert_eq!(
        (sent.sent, sent.left, sent.problem),
        (0, 1, Some(ProblemCode::ServerError))
    );
    let sent = export.send().await.unwrap();
    assert_eq!((sent.sent, sent.left, sent.problem), (1, 0, None));
    assert_eq!(export.send().await.unwrap().sent, 0, "it has it already");
    let change = HighlightChange {
        colour: None,
        note: Some("catatan baru".into()),
    };
    highlights.change(made.id, change).unwrap();
    assert_eq!(highlights.highlights("", 1, 0).unwrap().unsent, 1);
    assert_eq!(export.send().await.unwrap().sent, 1);
    let asked = asked.await.unwrap();
    let (head, body) = asked[1].split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /api/v2/highlights/ HTTP/1.1"),
        "{head}"
    );
    assert!(
        head.to_ascii_lowercase()
            .contains("authorization: token tok-1"),
        "{head}"
    );
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let one = &body["highlights"][0];
    assert_eq!(one["text"], EXACT);
    assert_eq!(one["note"], "catatan");
    assert_eq!(one["source_url"], "https://kabar.example/a");
    assert_eq!(one["highlighted_at"], "2026-05-04T12:00:00Z");
    assert!(asked[2].contains("catatan baru"));
}
