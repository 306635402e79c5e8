//! Usage errors and failures: exit codes and reasons.

use crate::Bench;
use crate::server::{Server, rss};

#[test]
fn usage_errors_and_failures_have_different_exit_codes() {
    let bench = Bench::new();
    for words in [
        vec![],
        vec!["baca"],
        vec!["articles", "--limit", "0"],
        vec!["articles", "--limit", "banyak"],
        vec!["articles", "--saved", "--feed", "1"],
        vec!["articles", "--feed", "-1"],
        vec!["article"],
        vec!["article", "satu"],
        vec!["article", "1", "--format", "pdf"],
        vec!["mark", "1"],
        vec!["mark", "--read"],
        vec!["mark", "1", "--read", "--unread"],
        vec!["mark", "1", "--saved", "--unsaved"],
        vec!["feeds"],
        vec!["feeds", "add"],
        vec!["feeds", "remove", "kabar"],
        vec!["feeds", "older"],
        vec!["feeds", "older", "1", "--number", "0"],
        vec!["feeds", "older", "1", "--since", "kemarin"],
        vec!["sync", "--all", "--feed", "1"],
        vec!["search"],
        vec!["share"],
        vec!["share", "1"],
        vec!["share", "1", "--to", "whatsapp", "--print", "--open"],
        vec!["outbox"],
        vec!["restore"],
        vec!["inspect"],
        vec!["inspect", "feed"],
        vec!["doctor", "--panjang"],
    ] {
        let ran = bench.run(&words);
        assert_eq!(ran.code, Some(2), "{words:?}: {ran:?}");
        assert!(
            ran.out.is_empty() && ran.err.contains("--help"),
            "{words:?}: {ran:?}"
        );
    }
    assert!(
        !bench.data_dir().exists(),
        "a usage error must not open a store"
    );
    for words in [["--help"], ["--version"]] {
        assert_eq!(bench.run(&words).code, Some(0));
    }
}

#[test]
fn failures_print_a_reason() {
    let bench = Bench::new();
    let missing = bench.path("missing");
    let missing = missing.to_str().unwrap();
    for (words, reason) in [
        (vec!["article", "7"], "no such article"),
        (vec!["articles", "--feed", "7"], "no feed 7"),
        (
            vec!["articles", "--folder", "Olahraga"],
            "no folder `Olahraga`",
        ),
        (vec!["sync", "--feed", "7"], "no feed 7"),
        (vec!["feeds", "remove", "7"], "7"),
        (
            vec!["feeds", "add", "ftp://kabar.example/"],
            "is not an address",
        ),
        (vec!["feeds", "import", missing], "missing"),
        (vec!["share", "7", "--to", "whatsapp"], "no such article"),
        (vec!["restore", missing], "missing"),
        (vec!["inspect", "feed", missing], "missing"),
        (vec!["inspect", "feed", "/"], "/"),
    ] {
        let said = bench.fails(&words);
        assert!(said.contains(reason), "{words:?}: {said}");
    }
}

#[test]
fn an_empty_store_suggests_the_next_command() {
    let bench = Bench::new();
    assert!(bench.done(&["front-page"]).contains("feeds add"));
    assert!(bench.done(&["feeds", "list"]).contains("feeds add"));
    assert!(bench.done(&["sync"]).contains("Nothing is due"));
    assert!(bench.done(&["articles"]).contains("No articles"));
    assert!(bench.done(&["trending"]).contains("No story"));
    assert!(bench.done(&["outbox", "list"]).contains("Nothing waits"));
    for words in [["articles"], ["trending"]] {
        assert!(
            bench.lines(&words).is_empty(),
            "an empty list prints no lines"
        );
    }
    assert!(
        !bench.path("home").exists(),
        "nothing must be written outside the data folder"
    );
}

#[test]
fn sync_reports_failed_feeds_with_reasons() {
    let (bench, server) = (Bench::new(), Server::start());
    server.put(
        "/baik.xml",
        "application/rss+xml",
        rss("Baik", &[("a", "Kabar baik", "<p>x</p>")]),
    );
    server.put(
        "/laman",
        "text/html",
        "<!doctype html><title>Bukan umpan</title>",
    );
    server.put_status("/hilang", 410, "text/plain", "");
    let outlines: Vec<_> = ["/baik.xml", "/laman", "/hilang", "/tiada"]
        .iter()
        .map(|path| format!("<outline xmlUrl=\"{}\" text=\"{path}\"/>", server.url(path)))
        .collect();
    let opml = format!(
        "<opml version=\"2.0\"><body>{}</body></opml>",
        outlines.concat()
    );
    bench.done(&[
        "feeds",
        "import",
        bench.file("feeds.opml", opml).to_str().unwrap(),
    ]);
    let ran = bench.run(&["--json", "sync"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let report: serde_json::Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!(
        (&report["feeds"], &report["failed"], &report["new"]),
        (&4.into(), &3.into(), &1.into())
    );
    for words in ["web page", "410", "404"] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    assert_eq!(bench.lines(&["articles"]).len(), 1);
}

#[test]
fn an_unreachable_host_is_a_failure() {
    let bench = Bench::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://ani:rahasia@127.0.0.1:{port}/feed");
    let opml = format!("<opml version=\"2.0\"><body><outline xmlUrl=\"{url}\"/></body></opml>");
    bench.done(&[
        "feeds",
        "import",
        bench.file("feeds.opml", opml).to_str().unwrap(),
    ]);
    for words in [
        vec!["sync"],
        vec!["discover", &url],
        vec!["feeds", "add", &url],
    ] {
        let said = bench.fails(&words);
        assert!(!said.contains("rahasia"), "{words:?}: {said}");
    }
    let listed = bench.done(&["feeds", "list"]) + &bench.done(&["--json", "feeds", "list"]);
    assert!(!listed.contains("rahasia"), "{listed}");
}

#[test]
fn only_one_process_opens_the_store() {
    let bench = Bench::new();
    let opening = warta_engine::Opening::usual(&bench.data_dir(), "en");
    let engine = warta_engine::Engine::open(&opening).unwrap();
    let said = bench.fails(&["articles"]);
    assert!(said.to_lowercase().contains("warta"), "{said}");
    drop(engine);
    bench.done(&["articles"]);
}
