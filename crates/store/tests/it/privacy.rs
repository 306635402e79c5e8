//! Other users of the machine cannot read the store.
#![cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use warta_store::{Audio, Picture, repair};

use crate::{NOW, article, batch, feed, open};

fn modes(dir: &Path, into: &mut Vec<(String, u32)>) {
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    into.push((dir.display().to_string(), mode(dir)));
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            modes(&path, into);
        } else {
            into.push((path.display().to_string(), mode(&path)));
        }
    }
}

fn assert_closed(dir: &Path) {
    let mut found = Vec::new();
    modes(dir, &mut found);
    assert!(found.len() > 10);
    for (path, mode) in found {
        assert_eq!(mode & 0o077, 0, "{path} has the mode {mode:o}");
    }
}

fn fill(dir: &Path) {
    let store = open(dir);
    let one = feed(&store, "https://one/?token=secret");
    let articles = (0..9).map(|n| article(&n.to_string(), NOW - n)).collect();
    let ids = store.commit(batch(one, articles)).unwrap().new;
    let picture = Picture {
        bytes: vec![5; 3_000],
        media_type: "image/png".into(),
        width: 1,
        height: 2,
    };
    store.pictures().keep("https://p/1", &picture).unwrap();
    let url = "https://sound/1.mp3";
    let mut file = store
        .podcasts()
        .open_file(Audio::id_of(url), 0, None)
        .unwrap();
    store.podcasts().append(&mut file, b"sound").unwrap();
    let sound = Audio {
        url: url.into(),
        article: ids[0],
        media_type: "audio/mpeg".into(),
        ending: "mp3".into(),
        bytes: 0,
        by_pack: false,
    };
    store.podcasts().keep(file, sound).unwrap();
    store.finish_indexing().unwrap();
    store.snapshot(NOW).unwrap();
    store.compact(&|_| Vec::new(), &[]).unwrap();
}

#[test]
fn new_files_are_private() {
    let above = tempfile::tempdir().unwrap();
    let dir = above.path().join("data");
    fill(&dir);
    assert_closed(&dir);
    std::fs::remove_dir_all(dir.join("db-2")).unwrap();
    repair(&dir, NOW).unwrap();
    assert_closed(&dir);
}

#[test]
fn opening_removes_others_access() {
    let above = tempfile::tempdir().unwrap();
    let dir = above.path().join("data");
    fill(&dir);
    let mut found = Vec::new();
    modes(&dir, &mut found);
    for (path, _) in found {
        let mode = if Path::new(&path).is_dir() {
            0o755
        } else {
            0o644
        };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let theirs = dir.join("notes.txt");
    std::fs::write(&theirs, "x").unwrap();
    std::fs::set_permissions(&theirs, std::fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(&dir));
    let mode = std::fs::metadata(&theirs).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "what is not Warta's is left alone");
    std::fs::remove_file(theirs).unwrap();
    assert_closed(&dir);
}

#[test]
fn a_shared_folder_keeps_its_mode() {
    let above = tempfile::tempdir().unwrap();
    let dir = above.path().join("shared");
    std::fs::create_dir(&dir).unwrap();
    std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o1777)).unwrap();
    drop(open(&dir));
    let mode = std::fs::metadata(&dir).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o1777);
    let inside = std::fs::metadata(dir.join("db")).unwrap();
    assert_eq!(inside.permissions().mode() & 0o077, 0);
}
