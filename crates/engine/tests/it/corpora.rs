//! Imports every real feed of the corpora by OPML from a loopback server and syncs them at once.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Bench;
use crate::server::{Page, Server};

/// Feeds of the corpora; empty if they are missing.
fn real_feeds() -> Vec<PathBuf> {
    let corpora = std::env::var_os("WARTA_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let mut waiting = vec![
        corpora.join("feeds/real"),
        corpora.join("feeds/real-indonesian"),
    ];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread")]
#[expect(
    clippy::disallowed_methods,
    reason = "the corpora are files of the test, not of the reader's store"
)]
async fn every_feed_of_the_corpora_is_imported_and_synced() {
    let files = real_feeds();
    if files.is_empty() {
        println!("skipped: corpora not found");
        return;
    }
    let server = Server::start().await;
    let mut opml = "<opml version=\"2.0\"><body>".to_owned();
    for (index, file) in files.iter().enumerate() {
        let path = format!("/{index}");
        server.put(&path, Page::of("text/xml", std::fs::read(file).unwrap()));
        write!(
            opml,
            "<outline type=\"rss\" text=\"{index}\" xmlUrl=\"{}\"/>",
            server.url(&path)
        )
        .unwrap();
    }
    opml += "</body></opml>";
    let bench = Bench::new();
    let settings = warta_engine::api::Settings {
        // Files that these feeds link to are not on this machine.
        fetch_pictures: false,
        ..bench.engine.settings()
    };
    bench.engine.set_settings(settings).unwrap();
    let (import, _) = bench.engine.opml().import_opml(opml.as_bytes()).unwrap();
    assert_eq!(import.added as usize, files.len());

    let report = bench.sync_all().await;
    assert_eq!(report.feeds as usize, files.len());
    assert_eq!(
        report.fetched + report.not_modified + report.failed,
        report.feeds,
        "every feed has an outcome: {report:?}"
    );
    assert!(report.fetched >= 220, "too few feeds: {report:?}");
    let failed = bench.engine.feeds().activity().unwrap();
    for feed in failed.iter().filter_map(|a| a.failure.as_ref()) {
        let no_feed = ["webPage", "notAFeed", "empty"].contains(&feed.code.as_str());
        assert!(no_feed, "a feed failed: {feed:?}");
    }
    assert!(report.new > 3000, "too few articles: {report:?}");
    let checkup = bench.engine.maintenance().check().unwrap();
    assert!(checkup.is_sound(), "{checkup:?}");
}
