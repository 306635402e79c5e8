//! cargo run --release -p warta-feed --example throughput [FOLDER] [ROUNDS]
//!
//! How many megabytes of feeds a second one core parses, beside the feed-rs crate on the same bytes
//! in the same run. FOLDER holds feed files (default: the real feeds of the corpora). Feeds that
//! feed-rs refuses are left out for both. Prints each round and the median ratio.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark reads the corpora, tells the time and prints what it measured"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use warta_feed::Source;

fn feeds(folder: &Path) -> Vec<Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let mut found: Vec<Vec<u8>> = files
        .map(|file| std::fs::read(file.path()).unwrap())
        .collect();
    found.retain(|bytes| feed_rs::parser::parse(bytes.as_slice()).is_ok());
    found
}

/// Megabytes a second of `parse` over all feeds.
fn speed(feeds: &[Vec<u8>], parse: impl Fn(&[u8]) -> usize) -> f64 {
    let bytes: usize = feeds.iter().map(Vec::len).sum();
    let began = Instant::now();
    let entries: usize = feeds.iter().map(|feed| parse(feed)).sum();
    assert!(entries > 0, "nothing was parsed");
    bytes as f64 / 1e6 / began.elapsed().as_secs_f64()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/feeds/real"),
        PathBuf::from,
    );
    let rounds: usize = arguments
        .next()
        .map_or(15, |rounds| rounds.parse().unwrap());
    let feeds = feeds(&folder);
    let bytes: usize = feeds.iter().map(Vec::len).sum();
    println!("{} feeds, {:.1} MB", feeds.len(), bytes as f64 / 1e6);
    let mut ratios: Vec<f64> = (0..rounds)
        .map(|round| {
            let ours = speed(&feeds, |bytes| {
                let source = Source {
                    bytes,
                    ..Source::default()
                };
                warta_feed::parse(&source).map_or(0, |feed| feed.entries.len())
            });
            let theirs = speed(&feeds, |bytes| {
                feed_rs::parser::parse(bytes).map_or(0, |feed| feed.entries.len())
            });
            println!(
                "round {}: Warta {ours:.0} MB/s, feed-rs {theirs:.0} MB/s",
                round + 1
            );
            ours / theirs
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!("median: {:.2} times feed-rs", ratios[rounds / 2]);
}
