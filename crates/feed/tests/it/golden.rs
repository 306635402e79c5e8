//! Self-written feeds in `tests/feeds`, each named after the rule it shows, with a snapshot of what
//! is read from it. `INSTA_UPDATE=always cargo test -p warta-feed golden` rewrites the snapshots;
//! look at the diff.

use std::path::Path;

use insta::{assert_json_snapshot, with_settings};
use warta_feed::{NotAFeed, Source, parse};

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the feeds are files of the test, not of the reader's store"
)]
fn every_feed_is_read_as_in_its_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/feeds");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending != "snap"))
        .collect();
    files.sort();
    assert!(files.len() >= 30, "{} feeds", files.len());
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let bytes = std::fs::read(&file).unwrap();
        let read = parse(&Source {
            bytes: &bytes,
            url: Some("https://kabar.example/umpan/"),
            content_type: None,
        });
        with_settings!({
            snapshot_path => &folder,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            match read {
                Ok(feed) => assert_json_snapshot!(name, feed),
                Err(error) => assert_json_snapshot!(name, refusal(&error)),
            }
        });
    }
}

fn refusal(error: &NotAFeed) -> String {
    format!("refused: {error}")
}
