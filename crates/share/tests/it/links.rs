//! Tracking parameters are removed, and nothing else.

use std::path::PathBuf;

use proptest::prelude::*;
use warta_share::{clean_link, preferred_link};

#[test]
fn trackers_go() {
    let mut seen = 0;
    for line in include_str!("../data/tracked.tsv").lines() {
        let (link, expected) = line
            .split_once('\t')
            .expect("a link and what is left of it");
        assert_eq!(clean_link(link), expected, "{link}");
        seen += 1;
    }
    assert!(seen >= 60, "{seen}");
}

#[test]
fn harmless_links_do_not_change() {
    let mut seen = 0;
    for link in include_str!("../data/harmless.txt").lines() {
        assert_eq!(clean_link(link), link, "no tracking parameter is left");
        seen += 1;
    }
    assert!(seen >= 40, "{seen}");
}

#[test]
fn addresses_that_are_not_web_addresses_do_not_change() {
    for text in ["mailto:a@e.org", "bukan tautan", ""] {
        assert_eq!(clean_link(text), text);
    }
}

#[test]
#[ignore = "needs WARTA_CORPORA"]
fn the_corpus_of_tracked_links_comes_out_clean() {
    let corpora = std::env::var_os("WARTA_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let files = std::fs::read_dir(corpora.join("urls/tracking-params"))
        .expect("the corpora are beside the project, or WARTA_CORPORA names them");
    let mut seen = 0;
    for file in files {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        for case in cases {
            let (input, expected) = (
                case["input"].as_str().unwrap(),
                case["expected"].as_str().unwrap(),
            );
            // The same query in either encoding of a space.
            let same = |link: &str| link.replace('+', "%20").trim_end_matches('/').to_owned();
            assert_eq!(same(&clean_link(input)), same(expected), "{input}");
            seen += 1;
        }
    }
    assert!(seen > 0, "the corpus has cases");
}

#[test]
fn a_pages_own_address_is_preferred_on_the_same_site() {
    let link = "https://m.kabar.example/a/amp?utm_source=rss";
    for (canonical, expected) in [
        (
            Some("https://www.kabar.example/a?utm_medium=x"),
            "https://www.kabar.example/a",
        ),
        (Some("https://kabar.example/a"), "https://kabar.example/a"),
        (
            Some("https://lain.example/a"),
            "https://m.kabar.example/a/amp",
        ),
        (
            Some("https://www.kabar.example/"),
            "https://m.kabar.example/a/amp",
        ),
        (Some("javascript:alert(1)"), "https://m.kabar.example/a/amp"),
        (Some(""), "https://m.kabar.example/a/amp"),
        (None, "https://m.kabar.example/a/amp"),
    ] {
        assert_eq!(preferred_link(link, canonical), expected, "{canonical:?}");
    }
}

proptest! {
    #[test]
    fn cleaning_ends_and_is_done_once(link in "https?://[a-z.]{1,20}/[a-z/]{0,20}(\\?[a-z_=&%0-9]{0,60})?") {
        let once = clean_link(&link);
        prop_assert_eq!(clean_link(&once), once);
    }
}

#[test]
fn double_escaped_ampersands_separate_parameters() {
    for (link, clean) in [
        (
            "https://a.example/2?id=5&amp;utm_source=rss&amp;utm_medium=feed",
            "https://a.example/2?id=5",
        ),
        (
            "https://a.example/2?utm_source=rss&amp;id=5",
            "https://a.example/2?id=5",
        ),
        (
            "https://a.example/2?id=5&amp;amp;hal=2",
            "https://a.example/2?id=5&hal=2",
        ),
        (
            "https://a.example/2?id=5&#038;utm_source=rss",
            "https://a.example/2?id=5",
        ),
        (
            "https://a.example/2?id=5&#38;hal=2#bab",
            "https://a.example/2?id=5&hal=2#bab",
        ),
        // What only looks like it stays.
        (
            "https://a.example/amp;x?amp=1&ampere=2",
            "https://a.example/amp;x?amp=1&ampere=2",
        ),
        ("https://a.example/a&amp;b", "https://a.example/a&amp;b"),
    ] {
        assert_eq!(warta_share::clean_link(link), clean, "{link}");
    }
}
