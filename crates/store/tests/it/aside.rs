//! Damaged files that repairs move aside: bounded in age, number and size, unless they may hold what
//! could not be repaired.
use std::path::{Path, PathBuf};

use warta_store::{Repaired, repair};

use crate::{NOW, article, assert_sound, batch, feed, open};

const DAY: i64 = 86_400;

/// A store of five articles with two snapshots.
fn filled() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://feed");
    let articles = (0..5).map(|n| article(&format!("{n}"), NOW - n)).collect();
    store.commit(batch(id, articles)).unwrap();
    store.snapshot(NOW).unwrap();
    store.snapshot(NOW + 1).unwrap();
    drop(store);
    dir
}

fn repaired(dir: &Path, at: i64) -> Repaired {
    let repaired = repair(dir, at).unwrap();
    let left = repaired.left.as_ref().or(repaired.found.as_ref());
    assert!(left.unwrap().is_sound(), "{repaired:#?}");
    repaired
}

/// Everything that was set aside.
fn aside(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (folder, mark) in [
        ("damaged", ""),
        ("", "db-damaged-"),
        ("snapshots", ".damaged"),
    ] {
        for entry in std::fs::read_dir(dir.join(folder)).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.contains(mark) {
                found.push(path);
            }
        }
    }
    found
}

fn cut(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

fn newest_snapshot(dir: &Path) -> PathBuf {
    let files = std::fs::read_dir(dir.join("snapshots")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().unwrap() == "jsonl")
        .max()
        .unwrap()
}

#[test]
fn repaired_files_are_removed_after_a_month() {
    let dir = filled();
    cut(&newest_snapshot(dir.path()));
    let first = repaired(dir.path(), NOW + 10);
    assert_eq!((first.aside.items, first.aside.unrepaired_items), (1, 0));
    assert_eq!(aside(dir.path()).len(), 1, "the damaged snapshot is kept");
    let later = repaired(dir.path(), NOW + 29 * DAY);
    assert_eq!((later.pruned.items, later.aside.items), (0, 1));
    assert!(later.was_sound(), "kept files are not damage: {later:?}");
    let store = open(dir.path());
    let checkup = store.check().unwrap();
    assert!(checkup.aside.items == 1 && checkup.aside.bytes > 0);
    drop(store);
    let last = repaired(dir.path(), NOW + 31 * DAY);
    assert_eq!((last.pruned.items, last.aside.items), (1, 0));
    assert!(last.pruned.bytes > 0 && aside(dir.path()).is_empty());
}

#[test]
fn what_could_not_be_repaired_is_never_removed() {
    let dir = filled();
    // One text is damaged and the lists are gone: its article has no other copy.
    let bodies = dir.path().join("bodies");
    let segment = std::fs::read_dir(&bodies).unwrap().next().unwrap();
    let segment = segment.unwrap().path();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20].fill(0);
    std::fs::write(&segment, bytes).unwrap();
    std::fs::write(dir.path().join("db/db"), [7; 5_000]).unwrap();
    let lossy = repaired(dir.path(), NOW + 10);
    let rebuilt = lossy.rebuilt.as_ref().unwrap();
    assert!(rebuilt.gaps > 0 && rebuilt.articles < 5, "{rebuilt:?}");
    let kept = rebuilt.set_aside.clone().unwrap();
    assert!(
        kept.exists(),
        "the report names the folder as it is called now"
    );
    assert!(lossy.aside.unrepaired_items > 0);
    for days in [1, 40, 4_000] {
        let later = repaired(dir.path(), NOW + days * DAY);
        assert_eq!(later.pruned.items, 0, "after {days} days");
        assert_eq!(later.aside, lossy.aside);
        assert!(kept.exists());
    }
    assert_sound(&open(dir.path()));
}

#[test]
fn the_number_and_size_of_repaired_files_are_bounded() {
    let dir = filled();
    let folder = dir.path().join("damaged");
    std::fs::create_dir(&folder).unwrap();
    for n in 0..30 {
        let file = folder.join(format!("old.repaired-{}", NOW + n));
        std::fs::write(file, "x").unwrap();
    }
    std::fs::write(folder.join("not seen-1"), "x").unwrap();
    let first = repaired(dir.path(), NOW + 100);
    assert_eq!((first.pruned.items, first.aside.items), (11, 20));
    let names: Vec<_> = aside(dir.path())
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let has = |wanted: String| names.contains(&wanted);
    assert!(
        has(format!("not seen-1.repaired-{}", NOW + 100)),
        "{names:?}"
    );
    assert!(has(format!("old.repaired-{}", NOW + 29)), "the newest stay");
    assert!(!has(format!("old.repaired-{NOW}")), "the oldest go");

    // Sparse: only their length counts.
    let large = |n: i64| folder.join(format!("large.repaired-{}", NOW + n));
    for (n, megabytes) in [(150, 900_u64), (200, 900), (300, 1_200)] {
        let file = std::fs::File::create(large(n)).unwrap();
        file.set_len(megabytes << 20).unwrap();
    }
    let second = repaired(dir.path(), NOW + 400);
    assert!(large(300).exists(), "the newest stays, however large");
    assert!(large(200).exists(), "less than a gigabyte beside it");
    assert!(!large(150).exists(), "more than a gigabyte beside it");
    assert!(second.aside.items <= 20 && second.aside.bytes < 2_200 << 20);
}
