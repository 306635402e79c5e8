//! The store through its public API.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at whatever it did not expect"
)]
mod archive;
mod aside;
mod bringing;
mod damage;
mod faults;
#[path = "../support/folders.rs"]
mod folders;
mod full;
mod full_text;
mod handover;
mod identity;
mod incomplete_folders;
mod kill;
mod listings;
mod lost;
mod markers;
mod migration;
mod model;
mod narrowing;
mod nesting;
mod open_files;
mod order;
mod podcasts;
mod privacy;
mod profile;
mod read_only;
mod restoring;
mod searching;
mod settings_and_marks;
mod snapshots;
mod space;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) use folders::{ALL, copy_folder};
use warta_store::{FeedBatch, FeedFacts, FeedId, NewArticle, NewFeed, Options, Store};

/// 2026-11-24.
pub(crate) const NOW: i64 = 1_795_500_000;

/// Opens a store without automatic snapshots or a disk reserve.
pub(crate) fn open(dir: &std::path::Path) -> Store {
    open_result(dir).expect("the store opens")
}

pub(crate) fn open_result(dir: &std::path::Path) -> warta_store::Result<Store> {
    Store::open_with(
        dir,
        Options {
            reserve_bytes: 0,
            automatic_snapshots: false,
            ..Options::default()
        },
    )
}

pub(crate) fn feed(store: &Store, url: &str) -> FeedId {
    let new = NewFeed {
        url: url.to_owned(),
        title: Some(format!("Title of {url}")),
        ..NewFeed::default()
    };
    match store
        .add_feeds(&[new], NOW)
        .expect("a feed is added")
        .as_slice()
    {
        [warta_store::Added::New(id) | warta_store::Added::Already(id)] => *id,
        other => panic!("one feed was added, but there are {other:?}"),
    }
}

pub(crate) fn article(guid: &str, published: i64) -> NewArticle {
    NewArticle {
        guid: guid.to_owned(),
        url: Some(format!("https://example.org/{guid}")),
        title: format!("Title {guid}"),
        published: Some(published),
        excerpt: format!("Excerpt of {guid}"),
        html: format!("<p>The text of {guid}.</p>"),
        ..NewArticle::default()
    }
}

pub(crate) fn batch(feed: FeedId, articles: Vec<NewArticle>) -> FeedBatch {
    FeedBatch {
        feed,
        facts: FeedFacts::default(),
        articles,
        received_at: NOW,
    }
}

pub(crate) fn assert_sound(store: &Store) {
    let checkup = store.check().expect("the check runs");
    assert!(checkup.is_sound(), "the store must be sound: {checkup:#?}");
}

/// Runs a test of this program in a process of its own, with the environment variable `folder`. It is
/// killed at `moment` after it has printed `ready`, or without one after it has printed `done`.
pub(crate) fn kill_child(test: &str, folder: (&str, &Path), moment: Option<Duration>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(folder.0, folder.1)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    assert!(lines.any(|line| line == "ready"));
    if let Some(moment) = moment {
        // Busy waiting: the moment of the kill, not a wait for a condition.
        let moment = Instant::now() + moment;
        while Instant::now() < moment {
            std::hint::spin_loop();
        }
    } else {
        assert!(lines.any(|line| line == "done"));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
