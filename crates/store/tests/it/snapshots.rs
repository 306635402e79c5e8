//! Writing and restoring snapshots.
use proptest::prelude::*;
use warta_store::{
    DocumentKind, FeedOptions, Forward, ForwardState, ListQuery, Mark, NewFeed, Options, Place,
    Retention, Store, StoreError,
};

use crate::{NOW, article, assert_sound, batch, feed, open};

const SAVED: ListQuery = ListQuery {
    place: Place::Saved,
    unread_only: false,
    before: None,
    limit: 100,
};

fn options() -> FeedOptions {
    FeedOptions {
        user_agent: Some("Warta \"lain\"".into()),
        headers: vec!["X-Token".into()],
        secret: true,
        every_minutes: Some(30),
        full_text: Some(false),
        ended_at: Some(NOW - 7),
        keep: Retention {
            days: Some(90),
            articles: Some(500),
        },
    }
}

fn filled() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let folder = store.folders().named("Berita <\"&>").unwrap();
    let (one, two) = (
        feed(&store, "https://one/?a=1&b=2"),
        feed(&store, "https://two"),
    );
    store
        .update_feed(one, &mut |feed| {
            feed.custom_title = Some("Satu \"&\" <satu>".into());
            feed.folder = Some(folder);
            feed.paused = true;
            feed.kind = DocumentKind::Sitemap;
            feed.options = options();
        })
        .unwrap();
    let articles = (0..4).map(|n| article(&n.to_string(), NOW - n)).collect();
    let ids = store.commit(batch(two, articles)).unwrap().new;
    store
        .mark(
            &ids[..2],
            Mark {
                read: Some(true),
                saved: None,
            },
            NOW,
        )
        .unwrap();
    store
        .mark(
            &ids[1..3],
            Mark {
                read: None,
                saved: Some(true),
            },
            NOW + 3,
        )
        .unwrap();
    store.set_setting("theme", "\"dark\"").unwrap();
    let forward = Forward {
        id: 0,
        at: NOW,
        article: Some(ids[0]),
        channel: "whatsapp".into(),
        title: "T".into(),
        message: "M\nN".into(),
        target: None,
        state: ForwardState::Opened,
    };
    store.forwards().append(forward).unwrap();
    (dir, store)
}

#[test]
fn a_snapshot_makes_an_empty_store_the_same() {
    let (_dir, store) = filled();
    let file = store.snapshot(NOW).unwrap();
    for line in std::fs::read_to_string(&file).unwrap().lines() {
        let _: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
    }
    let opml = std::fs::read_to_string(file.with_extension("opml")).unwrap();
    assert!(
        opml.contains("xmlUrl=\"https://one/?a=1&amp;b=2\""),
        "{opml}"
    );
    assert!(
        opml.contains("<outline text=\"Berita &lt;&quot;&amp;&gt;\""),
        "{opml}"
    );

    let other_dir = tempfile::tempdir().unwrap();
    let other = open(other_dir.path());
    let restored = other.restore(&file, NOW).unwrap();
    assert_eq!(restored.problems, Vec::<String>::new());
    let counted = (
        restored.feeds,
        restored.folders,
        restored.settings,
        restored.forwards,
    );
    assert_eq!(counted, (2, 1, 1, 1));
    let feeds = other.feeds().unwrap();
    assert_eq!(feeds[0].custom_title.as_deref(), Some("Satu \"&\" <satu>"));
    assert!(feeds[0].paused && feeds[0].folder.is_some());
    assert_eq!(feeds[0].options, options());
    assert_eq!(feeds[0].kind, DocumentKind::Sitemap);
    let saved = other.list(&SAVED).unwrap().rows;
    let guids: Vec<&str> = saved.iter().map(|row| row.guid.as_str()).collect();
    assert_eq!(
        guids,
        ["1", "2"],
        "saved articles are listed before they are fetched again"
    );
    assert!(saved[0].read && !saved[1].read);
    let articles = (0..4).map(|n| article(&n.to_string(), NOW - n)).collect();
    let two = feeds[1].id;
    let committed = other.commit(batch(two, articles)).unwrap();
    assert_eq!((committed.new.len(), committed.updated.len()), (2, 2));
    let all = ListQuery {
        place: Place::All,
        ..SAVED
    };
    let rows = other.list(&all).unwrap().rows;
    let marks: Vec<(bool, bool)> = rows.iter().map(|row| (row.read, row.saved)).collect();
    assert_eq!(
        marks,
        [(true, false), (true, true), (false, true), (false, false)]
    );
    let again = other.restore(&file, NOW).unwrap();
    assert_eq!(
        (again.feeds, again.folders, again.marks, again.forwards),
        (0, 0, 0, 0)
    );
    assert_sound(&other);
}

#[test]
fn damage_loses_only_the_damaged_lines() {
    let (dir, store) = filled();
    let file = store.snapshot(NOW).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let damaged = dir.path().join("damaged.jsonl");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let theme = lines
        .iter()
        .position(|line| line.contains("theme"))
        .unwrap();
    lines[theme] = lines[theme].replace("dark", "dork");
    lines.pop();
    std::fs::write(&damaged, lines.join("\n")).unwrap();
    let other_dir = tempfile::tempdir().unwrap();
    let other = open(other_dir.path());
    let restored = other.restore(&damaged, NOW).unwrap();
    assert_eq!((restored.feeds, restored.settings), (2, 0));
    assert_eq!(restored.problems.len(), 2, "{:?}", restored.problems);
    std::fs::write(&damaged, "no snapshot\n").unwrap();
    assert!(matches!(
        other.restore(&damaged, NOW),
        Err(StoreError::Invalid(_))
    ));
    assert!(other.restore(&dir.path().join("missing"), NOW).is_err());
}

/// As a Warta of format 1 wrote it: its feeds have no options.
#[test]
fn an_old_snapshot_still_restores() {
    let dir = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for json in [
        r#"{"kind":"header","format":"warta snapshot","version":1,"written_at":1795500000,"counts":{"feeds":1}}"#,
        r#"{"kind":"feed","url":"https://one","custom_title":"Mine","folder":null,"added_at":7,"paused":true,"title":"One","site":null}"#,
        r#"{"kind":"setting","name":"theme","json":"1"}"#,
    ] {
        let checksum = crc32fast::hash(json.as_bytes());
        let line = format!("{{\"crc\":\"{checksum:08x}\",\"record\":{json}}}\n");
        text.push_str(&line);
    }
    let file = dir.path().join("old.jsonl");
    std::fs::write(&file, text).unwrap();
    let store = open(dir.path());
    let restored = store.restore(&file, NOW).unwrap();
    assert_eq!((restored.feeds, restored.settings), (1, 1));
    let feed = store.feeds().unwrap().remove(0);
    assert_eq!((feed.paused, feed.added_at), (true, 7));
    assert_eq!(feed.options, FeedOptions::default());
}

#[test]
fn the_latest_snapshots_are_kept() {
    let (_dir, store) = filled();
    for n in 0..12 {
        store.snapshot(NOW + n).unwrap();
    }
    let kept = store.snapshots().unwrap();
    assert_eq!(kept.len(), 7);
    assert!(kept.is_sorted_by(|a, b| a > b), "newest first");
    for day in 1..12 {
        store.snapshot(NOW + day * 86_400).unwrap();
    }
    assert_eq!(store.snapshots().unwrap().len(), 7);
    for n in 0..12 {
        store.snapshot(NOW + 20 * 86_400 + n).unwrap();
    }
    assert_eq!(
        store.snapshots().unwrap().len(),
        13,
        "the newest 7, and one for 6 more days"
    );
}

#[test]
fn snapshots_are_taken_automatically() {
    let dir = tempfile::tempdir().unwrap();
    let options = Options {
        reserve_bytes: 0,
        automatic_snapshots: true,
        ..Options::default()
    };
    let store = Store::open_with(dir.path(), options).unwrap();
    let new = |url: &str| NewFeed {
        url: url.into(),
        ..NewFeed::default()
    };
    store.add_feeds(&[new("https://one")], NOW).unwrap();
    drop(store);
    let store = open(dir.path());
    let kept = store.snapshots().unwrap();
    assert_eq!(
        kept.len(),
        1,
        "a change of subscriptions is in a snapshot when the store closes"
    );
    assert!(
        std::fs::read_to_string(&kept[0])
            .unwrap()
            .contains("https://one")
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_file_is_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0..900_usize) {
        let (dir, store) = filled();
        let file = store.snapshot(NOW).unwrap();
        let mut text = std::fs::read(&file).unwrap();
        let at = cut.min(text.len());
        text.splice(at..at, bytes);
        let hostile = dir.path().join("hostile");
        std::fs::write(&hostile, text).unwrap();
        let _ = store.restore(&hostile, NOW);
        assert_sound(&store);
    }
}
