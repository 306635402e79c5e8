//! Untrusted input: `inspect` and listings accept anything, and output contains no terminal control
//! characters.

use std::io::Read;
use std::process::Stdio;

use crate::Bench;
use crate::server::{Server, rss};

const KINDS: [&str; 5] = ["feed", "article", "sanitize", "opml", "stories"];

/// Reproducible pseudo-random bytes.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    })
    .take(length)
    .collect()
}

#[test]
fn inspect_does_not_crash_on_any_input() {
    let bench = Bench::new();
    // The parsers have more thorough tests of their own; this tests that the process does not
    // crash.
    let deep = |tag: &str| format!("<{tag}>").repeat(2_000).into_bytes();
    let mut inputs = vec![
        Vec::new(),
        vec![0; 4096],
        b"\xff\xfe\x00\xd8<\x00".to_vec(),
        b"<rss><channel><item><title>\xff\xfe".to_vec(),
        b"{\"id\": \"\\ud800\"}\n".to_vec(),
        b"{\"id\":\"1\",\"title\":\"a\"}\nnot json\n".to_vec(),
        "[".repeat(100_000).into_bytes(),
        deep("div"),
        deep("outline"),
        [b"<rss><channel>".to_vec(), deep("item")].concat(),
        b"<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><rss>&b;</rss>".to_vec(),
        vec![b'<'; 2_000],
        vec![b'&'; 2_000],
    ];
    inputs.extend((1..6).map(|seed| noise(seed, 3_000)));
    for kind in KINDS {
        for input in &inputs {
            let ran = bench.fed(&["--json", "inspect", kind, "-"], input);
            let start = String::from_utf8_lossy(&input[..input.len().min(40)]).into_owned();
            assert!(matches!(ran.code, Some(0 | 1)), "{kind} {start:?}: {ran:?}");
            assert_eq!(
                ran.code == Some(1),
                !ran.err.is_empty(),
                "{kind} {start:?}: {ran:?}"
            );
            for line in ran.out.lines() {
                serde_json::from_str::<serde_json::Value>(line).expect("JSON on every line");
            }
        }
    }
    assert!(!bench.data_dir().exists(), "inspect must not open a store");
    assert!(!bench.path("home").exists());
}

#[test]
fn inspect_prints_the_result() {
    let bench = Bench::new();
    let feed = bench.file(
        "feed.xml",
        rss("Kabar", &[("a", "Satu &amp; dua", "<p>x</p>")]),
    );
    let feed = bench.json(&[
        "inspect",
        "feed",
        feed.to_str().unwrap(),
        "--url",
        "https://e.org/",
    ]);
    assert_eq!(feed["entries"][0]["title"], "Satu & dua");
    let page = bench.file(
        "page.html",
        "<!doctype html><title>Judul</title><h1>Judul</h1><article><p>Isi berita yang panjang, \
         cukup panjang untuk disebut isi, dengan koma, dan titik.</p></article>",
    );
    let page = bench.json(&[
        "inspect",
        "article",
        page.to_str().unwrap(),
        "--url",
        "https://e.org/",
    ]);
    assert!(
        page["text"].as_str().unwrap().contains("Isi berita"),
        "{page}"
    );
    let dirty = b"<p onclick=x>a<script>b</script></p>";
    let safe = bench.fed(&["--json", "inspect", "sanitize", "-"], dirty);
    assert_eq!(safe.out.trim(), r#"{"html":"<p>a</p>"}"#);
    assert_eq!(
        bench.fed(&["inspect", "sanitize", "-"], dirty).out.trim(),
        "<p>a</p>"
    );
    let opml = b"<opml><body><outline text=F><outline xmlUrl=\"https://e.org/f\"/></outline></body></opml>";
    let opml = bench.fed(&["--json", "inspect", "opml", "-"], opml);
    assert!(opml.out.contains("https://e.org/f"), "{opml:?}");
    let lines =
        "{\"id\":\"1\",\"title\":\"Gempa di Lombok\"}\n\n{\"id\":\"2\",\"title\":\"Konser\"}\n";
    let stories = bench.fed(&["inspect", "stories", "-"], lines.as_bytes());
    assert_eq!(stories.out.lines().count(), 2, "{stories:?}");
    assert!(stories.out.contains("\"id\":\"1\"") && stories.out.contains("\"story\":"));
}

#[test]
fn headlines_contain_no_control_characters() {
    let (bench, server) = (Bench::new(), Server::start());
    let title = "Awas\u{9b}2J\u{202e}tukilabret";
    let html = "<p>teks\u{9b}2J &#x1b;]0;judul&#7;</p>";
    server.put(
        "/f.xml",
        "application/rss+xml",
        rss("Kabar", &[("a", title, html)]),
    );
    bench.done(&["feeds", "add", &server.url("/f.xml")]);
    bench.done(&["sync"]);
    for words in [
        vec!["articles"],
        vec!["article", "1"],
        vec!["search", "awas"],
        vec!["front-page"],
    ] {
        let out = bench.done(&words);
        let harmful = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!out.contains(harmful), "{words:?}: {out:?}");
    }
}

#[test]
fn closed_output_is_not_a_failure() {
    let bench = Bench::new();
    let text = bench.file("long.html", "<p>panjang</p>".repeat(100_000));
    let mut child = bench
        .command(&["inspect", "sanitize", text.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert!(said.is_empty(), "{said}");
}
