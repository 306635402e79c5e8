//! A data folder that cannot be written is read, and nothing in it changes.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use warta_store::{ArticleId, Mark, NewFeed, Place, Store, StoreError, open_read_only};

use crate::{ALL, NOW, article, batch, feed, open};

/// Two articles, one saved; a picture; all indexed.
fn filled(dir: &Path) -> Vec<ArticleId> {
    let store = open(dir);
    let id = feed(&store, "https://feed");
    let articles = vec![article("banjir", NOW), article("kabar", NOW - 1)];
    let ids = store.commit(batch(id, articles)).unwrap().new;
    let saved = Mark {
        read: None,
        saved: Some(true),
    };
    store.mark(&ids[..1], saved, NOW).unwrap();
    store.set_setting("s", "1").unwrap();
    store.finish_indexing().unwrap();
    store.snapshot(NOW).unwrap();
    ids
}

/// Every file with its content and time.
fn contents(dir: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
            found.insert(path.clone(), (std::fs::read(&path).unwrap(), modified));
        }
    }
    found
}

fn is_refused<T: std::fmt::Debug>(result: warta_store::Result<T>) {
    match result {
        Err(error @ StoreError::ReadOnly(_)) => {
            assert!(error.to_string().contains("cannot be written"), "{error}");
        }
        other => panic!("it must be refused: {other:?}"),
    }
}

/// Reads everything and tries to change everything.
fn use_it(store: &Store, ids: &[ArticleId]) {
    is_refused(store.may_write());
    let rows = store.list(&ALL).unwrap().rows;
    assert_eq!(rows.len(), 2);
    assert!(rows[0].saved && !rows[1].saved);
    let text = store.article(ids[0]).unwrap().unwrap().html;
    assert_eq!(text, "<p>The text of banjir.</p>");
    assert_eq!(store.feeds().unwrap().len(), 1);
    assert_eq!(store.setting("s").unwrap().as_deref(), Some("1"));
    let hits = store.search("banjir", 10, 0).unwrap();
    assert_eq!(hits.total, 1, "the index is read where it is");
    let feed = store.feeds().unwrap()[0].id;
    let read = Mark {
        read: Some(true),
        saved: None,
    };
    is_refused(store.mark(ids, read, NOW));
    is_refused(store.mark_all_read(Place::All, None, NOW));
    is_refused(store.commit(batch(feed, vec![article("new", NOW)])));
    is_refused(store.set_setting("s", "2"));
    is_refused(store.purge(ids, NOW));
    is_refused(store.remove_feed(feed, NOW));
    is_refused(store.snapshot(NOW + 1));
    is_refused(store.compact(&|_| Vec::new(), &[]));
    is_refused(store.folders().named("Berita"));
    is_refused(store.saved_searches().save("Air", "banjir"));
    let sound = warta_store::Audio::id_of("https://feed/1.mp3");
    is_refused(store.podcasts().open_file(sound, 0, None).map(drop));
    is_refused(store.podcasts().remove(sound));
    let new = NewFeed {
        url: "https://other".into(),
        ..NewFeed::default()
    };
    is_refused(store.add_feeds(&[new], NOW));
    assert!(!store.list(&ALL).unwrap().rows[0].read, "nothing changed");
    assert!(store.check().unwrap().is_sound());
}

#[test]
fn a_read_only_folder_is_read_and_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let ids = filled(dir.path());
    let before = contents(dir.path());
    let store = open_read_only(dir.path()).unwrap();
    use_it(&store, &ids);
    let second = open_read_only(dir.path()).unwrap();
    assert_eq!(
        second.list(&ALL).unwrap().rows.len(),
        2,
        "by several at once"
    );
    drop((store, second));
    assert!(contents(dir.path()) == before, "no file changed");
    // Nothing is taken from the next session that may write.
    let store = open(dir.path());
    assert_eq!(store.mark(&ids, Mark::default(), NOW).unwrap(), 0);
    assert!(matches!(
        open_read_only(dir.path()),
        Err(StoreError::InUse(_))
    ));
}

#[test]
fn a_folder_without_a_store_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    is_refused(open_read_only(dir.path()).map(drop));
    is_refused(open_read_only(&dir.path().join("missing")).map(drop));
}

/// A store that was killed, not closed, is read too.
#[test]
fn a_store_that_was_not_closed_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let ids = filled(dir.path());
    std::fs::remove_file(dir.path().join("stamp")).unwrap();
    std::fs::remove_dir_all(dir.path().join("search")).unwrap();
    let before = contents(dir.path());
    let store = open_read_only(dir.path()).unwrap();
    assert!(store.article(ids[0]).unwrap().is_some());
    let search = store.search("banjir", 10, 0);
    let why = search.expect_err("there is no index").to_string();
    assert!(why.contains("cannot be written"), "{why}");
    drop(store);
    assert!(contents(dir.path()) == before);
}

const FOLDER: &str = "WARTA_STORE_READ_ONLY_FOLDER";
const IDS: &str = "WARTA_STORE_READ_ONLY_IDS";

/// The child process, whose user may not write the folder.
#[test]
fn child_reads_a_folder_of_another_user() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let dir = Path::new(&folder);
    is_refused(Store::open(dir).map(drop));
    let ids = std::env::var(IDS).unwrap();
    let ids: Vec<_> = ids
        .split(' ')
        .map(|id| ArticleId(id.parse().unwrap()))
        .collect();
    use_it(&open_read_only(dir).unwrap(), &ids);
    println!("\nread");
}

#[cfg(unix)]
#[test]
fn the_system_refuses_writing_and_reading_works() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    fn set(path: &Path, folder: u32, file: u32) {
        let mode = if path.is_dir() {
            for entry in std::fs::read_dir(path).unwrap() {
                set(&entry.unwrap().path(), folder, file);
            }
            folder
        } else {
            file
        };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let above = tempfile::tempdir().unwrap();
    let dir = above.path().join("data");
    let ids = filled(&dir);
    set(above.path(), 0o555, 0o444);
    // Root may write everywhere, so the test runs as another user.
    let is_privileged = std::fs::write(dir.join("probe"), "").is_ok();
    if is_privileged {
        std::fs::remove_file(dir.join("probe")).unwrap();
    }
    let before = contents(&dir);
    // The program's own folder may be closed to the other user.
    let program = above.path().join("program");
    if is_privileged {
        std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o555)).unwrap();
    }
    let mut child = std::process::Command::new(if is_privileged {
        program
    } else {
        std::env::current_exe().unwrap()
    });
    if is_privileged {
        child.uid(65_534).gid(65_534);
    }
    let ids: Vec<_> = ids.iter().map(|id| id.0.to_string()).collect();
    let child = child
        .args([
            "--exact",
            "read_only::child_reads_a_folder_of_another_user",
            "--nocapture",
        ])
        .env(FOLDER, &dir)
        .env(IDS, ids.join(" "))
        .env("TMPDIR", "/tmp")
        .current_dir("/")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && said.contains("\nread"),
        "{said} {}",
        String::from_utf8_lossy(&child.stderr)
    );
    assert!(contents(&dir) == before, "no file changed");
    set(above.path(), 0o755, 0o644);
}
