//! A folder with any part of a store is never treated as new; missing parts are reported and
//! rebuilt from the others.
use std::path::Path;

use warta_store::{Mark, NewFeed, Repaired, StoreError, repair};

use crate::{ALL, NOW, article, assert_sound, batch, feed, open, open_result};

/// Two feeds, ten articles of which two are saved; snapshots of both.
fn filled() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for n in 0..2 {
        let id = feed(&store, &format!("https://feed/{n}"));
        let articles = (0..5)
            .map(|a| article(&format!("{n}-{a}"), NOW - a))
            .collect();
        let ids = store.commit(batch(id, articles)).unwrap().new;
        let mark = Mark {
            read: Some(true),
            saved: Some(true),
        };
        store.mark(&ids[..1], mark, NOW).unwrap();
        store.set_setting(&format!("s{n}"), "1").unwrap();
        store.snapshot(NOW + n).unwrap();
    }
    drop(store);
    dir
}

fn remove(dir: &Path, name: &str) {
    let path = dir.join(name);
    if path.is_dir() {
        std::fs::remove_dir_all(path).unwrap();
    } else {
        std::fs::remove_file(path).unwrap();
    }
}

fn snapshots(dir: &Path) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(dir.join("snapshots")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| path.extension().unwrap() == "jsonl")
        .collect();
    files.sort();
    files
}

fn repaired(dir: &Path) -> Repaired {
    let repaired = repair(dir, NOW + 50).unwrap();
    let left = repaired.left.as_ref().or(repaired.found.as_ref());
    assert!(left.unwrap().is_sound(), "{repaired:#?}");
    repaired
}

#[test]
fn a_folder_with_any_part_of_a_store_is_not_new() {
    let everything = [
        "format",
        "generation",
        "stamp",
        "db",
        "bodies",
        "search",
        "snapshots",
    ];
    for keep in ["bodies", "snapshots", "search", "generation"] {
        let dir = filled();
        for name in everything {
            if name != keep {
                remove(dir.path(), name);
            }
        }
        let refused = open_result(dir.path());
        assert!(
            matches!(&refused, Err(StoreError::Damaged(why)) if why.contains(keep)),
            "only {keep} is left: {refused:?}"
        );
        let repaired = repaired(dir.path());
        assert!(
            repaired
                .notes
                .iter()
                .any(|note| note.contains("contained a store")),
            "{repaired:?}"
        );
        assert!(repaired.rebuilt.is_some(), "{keep}");
        let store = open(dir.path());
        let rows = store.list(&ALL).unwrap().rows;
        match keep {
            "bodies" => assert_eq!(rows.len(), 10, "every article comes back"),
            "snapshots" => {
                assert_eq!(rows.len(), 2, "saved articles come back");
                assert!(rows.iter().all(|row| row.saved));
                assert_eq!(store.feeds().unwrap().len(), 2);
                assert_eq!(store.setting("s1").unwrap().as_deref(), Some("1"));
            }
            _ => assert!(rows.is_empty()),
        }
        assert_sound(&store);
    }
}

#[test]
fn a_folder_with_foreign_files_only_is_new() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("window.json"), "{}").unwrap();
    std::fs::create_dir(dir.path().join("logs")).unwrap();
    std::fs::create_dir(dir.path().join("snapshots")).unwrap();
    assert!(open(dir.path()).feeds().unwrap().is_empty());
    assert!(repair(dir.path(), NOW).unwrap().was_sound());
}

/// A file of another program in the place of one of the index's, which cannot be set aside, is not
/// overwritten.
#[test]
fn a_foreign_file_in_the_index_that_cannot_be_set_aside_stays() {
    let dir = filled();
    let foreign = dir.path().join("search/manifest");
    std::fs::write(&foreign, "another program's").unwrap();
    std::fs::write(dir.path().join("damaged"), "in the way").unwrap();
    assert!(open_result(dir.path()).is_err());
    assert_eq!(std::fs::read(&foreign).unwrap(), b"another program's");
    std::fs::remove_file(dir.path().join("damaged")).unwrap();
    assert_sound(&open(dir.path()));
}

/// A truncated newest snapshot is used as far as it goes, and completed from the previous one.
#[test]
fn a_truncated_snapshot_is_completed_from_an_older_one() {
    let whole = filled();
    let newest = snapshots(whole.path()).pop().unwrap();
    let length = std::fs::metadata(&newest).unwrap().len() as usize;
    for part in [0, 1, 3, 5, 7, 9] {
        let dir = filled();
        let newest = snapshots(dir.path()).pop().unwrap();
        let bytes = std::fs::read(&newest).unwrap();
        std::fs::write(&newest, &bytes[..length * part / 10]).unwrap();
        remove(dir.path(), "db");
        repaired(dir.path());
        let store = open(dir.path());
        let first = store.setting("s0").unwrap();
        assert_eq!(first.as_deref(), Some("1"), "{part}/10: from the older one");
        let saved = store.list(&ALL).unwrap().rows;
        let saved = saved.iter().filter(|row| row.guid == "0-0" && row.saved);
        assert_eq!(saved.count(), 1, "{part}/10");
        assert_eq!(store.feeds().unwrap().len(), 2, "{part}/10");
        assert_sound(&store);
    }
}

/// A feed that was removed does not come back from an older snapshot while the newer list is whole.
#[test]
fn an_older_snapshot_adds_only_what_the_newer_lost() {
    let dir = filled();
    {
        let store = open(dir.path());
        let gone = store.feeds().unwrap()[1].id;
        store.remove_feed(gone, NOW + 10).unwrap();
        store.snapshot(NOW + 20).unwrap();
    }
    let newest = snapshots(dir.path()).pop().unwrap();
    let text = std::fs::read_to_string(&newest).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // The list of feeds is whole, what follows is not.
    let feeds = lines
        .iter()
        .rposition(|line| line.contains("\"kind\":\"feed\""));
    std::fs::write(&newest, lines[..=feeds.unwrap()].join("\n") + "\n").unwrap();
    remove(dir.path(), "db");
    repaired(dir.path());
    let store = open(dir.path());
    let urls: Vec<String> = store
        .feeds()
        .unwrap()
        .into_iter()
        .map(|feed| feed.url)
        .collect();
    assert_eq!(urls, ["https://feed/0"]);
    assert_eq!(store.setting("s1").unwrap().as_deref(), Some("1"));
}

#[test]
fn damaged_snapshots_are_reported_and_moved_aside() {
    type Spoil = fn(&mut Vec<u8>);
    let spoils: [(&str, Spoil); 5] = [
        ("cut", |bytes| bytes.truncate(bytes.len() / 2)),
        ("empty", Vec::clear),
        ("zeros", |bytes| bytes.fill(0)),
        ("one bit", |bytes| {
            let at = bytes.len() / 2;
            bytes[at] ^= 1;
        }),
        ("noise", |bytes| *bytes = b"no snapshot\n".to_vec()),
    ];
    for (how, spoil) in spoils {
        for at in 0..2 {
            let dir = filled();
            let path = snapshots(dir.path()).remove(at);
            let mut bytes = std::fs::read(&path).unwrap();
            spoil(&mut bytes);
            std::fs::write(&path, bytes).unwrap();
            {
                let store = open(dir.path());
                let checkup = store.check().unwrap();
                let check = checkup
                    .checks
                    .iter()
                    .find(|check| check.name == "snapshots");
                assert_eq!(check.unwrap().found.len(), 1, "{how}: {checkup:?}");
            }
            let repaired = repaired(dir.path());
            assert!(repaired.rebuilt.is_none(), "sled is sound: {how}");
            assert!(repaired.notes.iter().any(|note| note.contains("set aside")));
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let kept = std::fs::read_dir(path.parent().unwrap()).unwrap();
            let mut kept = kept.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            assert!(kept.any(|kept| kept.starts_with(&format!("{name}.damaged"))));
            assert!(repair(dir.path(), NOW).unwrap().was_sound(), "{how}");
            assert_eq!(open(dir.path()).list(&ALL).unwrap().rows.len(), 10);
        }
    }
}

fn only_feed(store: &warta_store::Store, url: &str) {
    let new = NewFeed {
        url: url.into(),
        custom_title: Some(format!("Mine {url}")),
        ..NewFeed::default()
    };
    store.add_feeds(&[new], NOW).unwrap();
}

/// The clock was a year ahead, once: later snapshots are newer all the same.
#[test]
fn a_snapshot_of_the_future_does_not_win() {
    const YEAR: i64 = 365 * 86_400;
    for wrong in [1, 14] {
        let dir = tempfile::tempdir().unwrap();
        {
            let store = open(dir.path());
            only_feed(&store, "https://before");
            for n in 0..wrong {
                store.snapshot(NOW + YEAR + n * 86_400).unwrap();
            }
            only_feed(&store, "https://after");
            let written = store.snapshot(NOW).unwrap();
            assert!(written.exists(), "what was just written is not pruned");
            assert_eq!(store.snapshots().unwrap()[0], written);
            for n in 1..5 {
                let written = store.snapshot(NOW + n).unwrap();
                assert!(written.exists() && store.snapshots().unwrap()[0] == written);
            }
        }
        remove(dir.path(), "db");
        repaired(dir.path());
        let store = open(dir.path());
        assert_eq!(store.feeds().unwrap().len(), 2, "{wrong} of the future");
        // A clock that goes back to the beginning of time.
        let written = store.snapshot(7).unwrap();
        assert_eq!(store.snapshots().unwrap()[0], written);
    }
}

fn line(json: &str) -> String {
    let checksum = crc32fast::hash(json.as_bytes());
    format!("{{\"crc\":\"{checksum:08x}\",\"record\":{json}}}\n")
}

/// As versions before 0.2 wrote them: without a number.
#[test]
fn old_snapshots_of_the_future_are_older_than_any_with_a_number() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("snapshots");
    {
        let store = open(dir.path());
        only_feed(&store, "https://now");
    }
    std::fs::create_dir_all(&folder).unwrap();
    for day in 10..30 {
        let mut text = String::new();
        for json in [
            r#"{"kind":"header","format":"warta snapshot","version":1,"written_at":4000000000,"counts":{"feeds":1}}"#,
            r#"{"kind":"feed","url":"https://old","custom_title":null,"folder":null,"added_at":7,"paused":true,"title":"One","site":null}"#,
        ] {
            text += &line(json);
        }
        let end = blake3::hash(text.as_bytes()).to_hex().to_string();
        let json = format!(r#"{{"kind":"end","records":1,"blake3":"{end}"}}"#);
        text += &line(&json);
        std::fs::write(
            folder.join(format!("warta-209610{day}T000000Z.jsonl")),
            text,
        )
        .unwrap();
    }
    {
        let store = open(dir.path());
        let written = store.snapshot(NOW).unwrap();
        assert_eq!(store.snapshots().unwrap()[0], written);
        assert_sound(&store);
    }
    remove(dir.path(), "db");
    repaired(dir.path());
    let urls: Vec<String> = open(dir.path())
        .feeds()
        .unwrap()
        .into_iter()
        .map(|f| f.url)
        .collect();
    assert_eq!(urls, ["https://now"]);
}

/// Only the last record of sled's log, the clean close, is missing: this is detected.
#[test]
fn a_lost_end_of_sleds_log_is_detected_at_opening() {
    let dir = filled();
    let before = std::fs::read(dir.path().join("db/db")).unwrap();
    {
        let store = open(dir.path());
        store.set_setting("late", "1").unwrap();
    }
    // Later writes are lost.
    std::fs::write(dir.path().join("db/db"), before).unwrap();
    for entry in std::fs::read_dir(dir.path().join("db")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains("snap.") {
            std::fs::remove_file(path).unwrap();
        }
    }
    assert!(matches!(
        open_result(dir.path()),
        Err(StoreError::Damaged(_))
    ));
    let repaired = repaired(dir.path());
    assert!(repaired.rebuilt.is_some());
    assert_eq!(open(dir.path()).list(&ALL).unwrap().rows.len(), 10);
}
