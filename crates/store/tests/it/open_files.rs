//! Files that another program holds open. On Windows they can neither be deleted nor renamed.
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use crate::{NOW, article, assert_sound, batch, feed, open};

/// An old folder of sled, as compaction leaves it behind when it cannot remove it; returns its file.
fn leave_old_generation(dir: &Path) -> PathBuf {
    let folder = dir.join("db-7");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("db");
    std::fs::write(&file, "old").unwrap();
    file
}

#[test]
fn an_old_generation_in_use_is_left_for_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let feed = feed(&store, "https://example.org/feed");
    store.commit(batch(feed, vec![article("1", NOW)])).unwrap();
    drop(store);
    let old = leave_old_generation(dir.path());
    let mut options = OpenOptions::new();
    options.read(true);
    // Nobody else may read, write or delete it.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 0);
    let held = options.open(&old).unwrap();
    let store = open(dir.path());
    assert_sound(&store);
    assert_eq!(
        cfg!(windows),
        old.exists(),
        "Windows keeps an open file from being deleted"
    );
    drop(store);
    drop(held);
    let store = open(dir.path());
    assert!(!old.exists(), "the next start removes it");
    assert_sound(&store);
}

#[test]
fn a_file_that_another_program_reads_for_a_moment_is_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("feeds.opml");
    std::fs::write(&file, "old").unwrap();
    let mut options = OpenOptions::new();
    options.read(true);
    // Others may read it, and neither replace nor delete it: `FILE_SHARE_READ`.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 1);
    let held = options.open(&file).unwrap();
    let (folder, read) = (dir.path().to_owned(), file.clone());
    let scanner = std::thread::spawn(move || {
        // Until the replacement is beside it. On systems other than Windows it may have replaced it by then.
        let is_beside = || std::fs::read_dir(&folder).unwrap().count() > 1;
        while !is_beside() && std::fs::read(&read).unwrap() == b"old" {
            std::thread::yield_now();
        }
        drop(held);
    });
    warta_store::write_file(&file, b"new").unwrap();
    scanner.join().unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"new");
}
