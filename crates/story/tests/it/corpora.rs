//! Public labelled sets, scored with one set of parameters: shuffled, then sorted by day (stably).
//! The minimum scores are slightly below the worst of many shuffles.

use std::path::{Path, PathBuf};

use serde_json::Value;
use warta_story::{Clusterer, Item};

use crate::labelled::bcubed;

/// A folder of the corpora: below `WARTA_CORPORA`, else beside the project.
fn corpus(folder: &str) -> PathBuf {
    let corpora = std::env::var_os("WARTA_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let folder = corpora.join("cluster").join(folder);
    assert!(folder.is_dir(), "{} is missing", folder.display());
    folder
}

#[expect(
    clippy::disallowed_methods,
    reason = "the corpora are files of the test, not of the reader's store"
)]
fn rows(path: &Path) -> Vec<Value> {
    let text = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn check(folder: &str, files: &[&str], floor: f64) {
    let folder = corpus(folder);
    let mut rows: Vec<Value> = files.iter().flat_map(|f| rows(&folder.join(f))).collect();
    // A reproducible shuffle: sort by hash.
    rows.sort_by_cached_key(|row| blend(&row.to_string()));
    let day = |row: &Value| row["published_ms"].as_i64().map_or(0, |ms| ms / 86_400_000);
    rows.sort_by_key(day);
    let mut clusters: Vec<String> = Vec::new();
    let mut clusterer = Clusterer::new();
    for (index, row) in rows.iter().enumerate() {
        let sentences: Vec<&str> = row["sentences"]
            .as_array()
            .map(|sentences| sentences.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let title = row["title"].as_str().or(sentences.first().copied());
        clusterer.insert(&Item {
            id: index as u64,
            title: title.unwrap_or_default().to_owned(),
            text: sentences.get(1..).unwrap_or_default().join(" "),
            publisher: row["publisher"].as_str().unwrap_or_default().to_owned(),
            published: row["published_ms"].as_i64().map(|_| day(row) * 86_400),
            ..Item::default()
        });
        clusters.push(row["cluster"].to_string());
    }
    let mut names = clusters.clone();
    names.sort_unstable();
    names.dedup();
    let gold: Vec<usize> = clusters
        .iter()
        .map(|name| names.binary_search(name).unwrap())
        .collect();
    let mine: Vec<u32> = (0..rows.len())
        .map(|index| clusterer.story_of(index as u64).unwrap().0)
        .collect();
    let (precision, recall, f1) = bcubed(&gold, &mine);
    println!(
        "{}: P {precision:.3} R {recall:.3} F1 {f1:.4}",
        folder.display()
    );
    assert!(f1 >= floor, "{}: BCubed F1 {f1:.4}", folder.display());
}

/// FNV-1a.
fn blend(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
#[ignore = "needs WARTA_CORPORA"]
fn english_headlines_of_a_week() {
    // The first half of the set; the whole takes too long without optimisation.
    check("uci-news-aggregator", &["headlines.01.jsonl"], 0.74);
}

#[test]
#[ignore = "needs WARTA_CORPORA"]
fn events_that_are_easily_confused() {
    check("ecbplus", &["docs.jsonl"], 0.875);
}

#[test]
#[ignore = "needs WARTA_CORPORA"]
fn french_headlines_without_a_time() {
    check("french-google-news", &["headlines.jsonl"], 0.80);
}
