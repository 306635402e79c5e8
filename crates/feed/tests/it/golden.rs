//! Self-written feeds in `tests/feeds`, sitemaps in `tests/sitemaps` and pages of Telegram channels
//! in `tests/telegram`, each named after the rule it shows, with a snapshot of what is read from it. `INSTA_UPDATE=always cargo test -p warta-feed
//! golden` rewrites the snapshots; look at the diff.

use std::path::{Path, PathBuf};

use insta::{assert_json_snapshot, with_settings};
use warta_feed::{Feed, NotAFeed, Source, parse, sitemap};

use crate::sitemaps::noon;

#[test]
fn every_feed_is_read_as_in_its_snapshot() {
    check("tests/feeds", "https://kabar.example/umpan/", 30, |_| {});
}

/// With what is kept of the entries at noon of 2026-05-04.
#[test]
fn every_sitemap_is_read_as_in_its_snapshot() {
    check(
        "tests/sitemaps",
        "https://kabar.example/sitemap.xml",
        45,
        |feed| sitemap::keep_recent(feed, noon()),
    );
}

#[test]
fn every_telegram_channel_is_read_as_in_its_snapshot() {
    check("tests/telegram", "https://t.me/s/kabar_pesisir", 10, |_| {});
}

fn check(folder: &str, url: &str, least: usize, then: impl Fn(&mut Feed)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = files_of(&folder);
    assert!(files.len() >= least, "{} files", files.len());
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let read = parse(&Source {
            bytes: &bytes_of(&file),
            url: Some(url),
            content_type: None,
        });
        with_settings!({
            snapshot_path => &folder,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            match read {
                Ok(mut feed) => {
                    then(&mut feed);
                    assert_json_snapshot!(name, feed);
                }
                Err(error) => assert_json_snapshot!(name, refusal(&error)),
            }
        });
    }
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending != "snap"))
        .collect();
    files.sort();
    files
}

#[expect(
    clippy::disallowed_methods,
    reason = "files of the test, not of the reader's store"
)]
fn bytes_of(file: &Path) -> Vec<u8> {
    std::fs::read(file).unwrap()
}

fn refusal(error: &NotAFeed) -> String {
    format!("refused: {error}")
}
