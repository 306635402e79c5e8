//! Damaged marker files never lock the store.
use std::path::Path;

use warta_store::{Place, StoreError, repair};

use crate::{ALL, NOW, article, assert_sound, batch, copy_folder, feed, open, open_result};

fn filled() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = feed(&store, "https://one");
    let articles = (0..9).map(|n| article(&n.to_string(), NOW - n)).collect();
    store.commit(batch(one, articles)).unwrap();
    store.mark_all_read(Place::All, None, NOW).unwrap();
    drop(store);
    dir
}

fn assert_all_is_there(dir: &Path, why: &str) {
    let store = open_result(dir).unwrap_or_else(|error| panic!("{why}: {error}"));
    let rows = store.list(&ALL).unwrap().rows;
    assert_eq!(rows.len(), 9, "{why}");
    assert!(rows.iter().all(|row| row.read), "{why}");
    assert_sound(&store);
}

/// Damages a marker in one of several ways.
fn spoilt(path: &Path, how: &str) {
    match how {
        "missing" => std::fs::remove_file(path).unwrap(),
        "a folder" => {
            std::fs::remove_file(path).unwrap();
            std::fs::create_dir(path).unwrap();
            std::fs::write(path.join("something"), "x").unwrap();
        }
        "not UTF-8" => std::fs::write(path, b"\xff\xfe").unwrap(),
        "empty" => std::fs::write(path, "").unwrap(),
        "zeros" => std::fs::write(path, [0; 11]).unwrap(),
        "words" => std::fs::write(path, "drei\n").unwrap(),
        "too long" => std::fs::write(path, vec![b'1'; 100_000]).unwrap(),
        "too high" => std::fs::write(path, "4294967295\n").unwrap(),
        "half" => std::fs::write(path, "1\n \t  ").unwrap(),
        "a wrong sum" => std::fs::write(path, format!("7\n{:32}\n", "")).unwrap(),
        "a missing generation" => std::fs::write(path, "42\n").unwrap(),
        other => panic!("{other}"),
    }
}

const SPOILT: [&str; 10] = [
    "missing",
    "a folder",
    "not UTF-8",
    "empty",
    "zeros",
    "words",
    "too long",
    "too high",
    "half",
    "a wrong sum",
];

#[test]
fn an_unreadable_marker_does_not_lock_the_store() {
    for name in ["generation", "format"] {
        for how in SPOILT {
            let dir = filled();
            spoilt(&dir.path().join(name), how);
            assert_all_is_there(dir.path(), &format!("{name}: {how}"));
        }
    }
}

#[test]
fn repair_rewrites_markers_and_reports_it() {
    for (name, how) in [
        ("generation", "not UTF-8"),
        ("format", "not UTF-8"),
        ("generation", "a folder"),
        ("format", "empty"),
    ] {
        let dir = filled();
        spoilt(&dir.path().join(name), how);
        let repaired = repair(dir.path(), NOW).unwrap();
        assert!(
            repaired.notes.iter().any(|note| note.contains(name)),
            "{name}, {how}: {repaired:?}"
        );
        assert!(repaired.rebuilt.is_none(), "nothing else is touched");
        assert_all_is_there(dir.path(), &format!("{name}: {how}"));
        assert!(repair(dir.path(), NOW).unwrap().was_sound());
    }
}

#[test]
fn both_markers_may_be_lost_at_once() {
    for how in ["missing", "not UTF-8"] {
        let dir = filled();
        spoilt(&dir.path().join("generation"), how);
        spoilt(&dir.path().join("format"), how);
        repair(dir.path(), NOW).unwrap();
        assert_all_is_there(dir.path(), how);
    }
}

#[test]
fn a_marker_that_names_a_missing_generation_is_not_followed() {
    let dir = filled();
    spoilt(&dir.path().join("generation"), "a missing generation");
    assert_all_is_there(dir.path(), "a missing generation");
}

/// With several generations nothing is deleted by guessing: a repair takes the newest whose own
/// record marks it complete.
#[test]
fn repair_takes_the_newest_complete_generation() {
    for marker in ["", "\u{1}\u{2}", "9\n", "3\n"] {
        let dir = filled();
        let path = dir.path();
        open(path).compact(&|_| Vec::new(), &[]).unwrap();
        assert!(path.join("db-2").exists());
        // An unfinished copy, and a folder with an invalid database.
        copy_folder(&path.join("db-2"), &path.join("db-3"));
        std::fs::create_dir(path.join("db-9")).unwrap();
        std::fs::write(path.join("db-9/db"), "nothing").unwrap();
        std::fs::write(path.join("generation"), marker).unwrap();
        assert!(
            matches!(open_result(path), Err(StoreError::Damaged(_))),
            "{marker:?}: one that is not whole must not be taken"
        );
        let repaired = repair(path, NOW).unwrap();
        assert!(!repaired.notes.is_empty(), "{marker:?}");
        assert!(repaired.rebuilt.is_none(), "{repaired:?}");
        assert_all_is_there(path, marker);
    }
}

#[test]
fn a_newer_format_is_refused_only_with_a_valid_checksum() {
    let dir = filled();
    let path = dir.path().join("format");
    std::fs::write(&path, "9\n").unwrap();
    for _ in 0..2 {
        let refused = repair(dir.path(), NOW);
        assert!(
            matches!(refused, Err(StoreError::NewerFormat { found: 9, .. })),
            "{refused:?}"
        );
    }
    for noise in [
        "9 00000000\n",
        "9\n        \n",
        "99999999\n",
        "9\n9\n",
        "9a\n",
    ] {
        std::fs::write(&path, noise).unwrap();
        assert_all_is_there(dir.path(), noise);
    }
}
