//! What disks, other processes and other versions do to a store.
use std::collections::HashSet;
use std::fs::OpenOptions;
use std::path::PathBuf;

use warta_store::{ArticleId, ListQuery, Options, Place, Store, StoreError, rebuild, repair};

use crate::{ALL, NOW, article, assert_sound, batch, feed, open, open_result};

fn filled() -> (tempfile::TempDir, usize) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for n in 0..5 {
        let id = feed(&store, &format!("https://feed/{n}"));
        let articles = (0..20)
            .map(|a| article(&format!("{n}-{a}"), NOW - a))
            .collect();
        store.commit(batch(id, articles)).unwrap();
    }
    (dir, 100)
}

fn last_segment(dir: &std::path::Path) -> PathBuf {
    dir.join("bodies/00000001.log")
}

#[test]
fn a_second_opening_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert!(matches!(open_result(dir.path()), Err(StoreError::InUse(_))));
    drop(store);
    open(dir.path());
}

#[test]
fn a_newer_format_is_refused_untouched() {
    let (dir, _) = filled();
    std::fs::write(dir.path().join("format"), "9\n").unwrap();
    let refused = open_result(dir.path());
    assert!(matches!(
        refused,
        Err(StoreError::NewerFormat { found: 9, known: 8 })
    ));
    std::fs::write(dir.path().join("format"), "8\n").unwrap();
    assert_sound(&open(dir.path()));
}

#[test]
fn a_full_disk_is_reported_before_anything_breaks() {
    let (dir, articles) = filled();
    let options = Options {
        reserve_bytes: u64::MAX,
        automatic_snapshots: false,
        ..Options::default()
    };
    let store = Store::open_with(dir.path(), options).unwrap();
    let id = store.feeds().unwrap()[0].id;
    let full = store.commit(batch(id, vec![article("new", NOW)]));
    assert!(matches!(full, Err(StoreError::DiskFull)));
    assert_eq!(
        store.list(&ALL).unwrap().rows.len(),
        articles,
        "reading goes on"
    );
    assert_sound(&store);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("data");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(folder.join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    assert!(matches!(open_result(&folder), Err(StoreError::ReadOnly(_))));
}

#[test]
fn a_truncated_log_loses_only_its_tail() {
    let (dir, articles) = filled();
    let path = last_segment(dir.path());
    let length = std::fs::metadata(&path).unwrap().len();
    OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(length - 300)
        .unwrap();
    let store = open(dir.path());
    let rows = store.list(&ALL).unwrap().rows;
    assert_eq!(rows.len(), articles, "every row is there");
    let mut whole = 0;
    for row in &rows {
        let article = store.article(row.id).unwrap().unwrap();
        if article.html.contains("The text of") {
            whole += 1;
        } else {
            assert_eq!(article.html, format!("<p>{}</p>", row.excerpt));
        }
    }
    assert!(
        (articles - 4..articles).contains(&whole),
        "{whole} texts are whole"
    );
    let found = store.check().unwrap();
    let texts = found
        .checks
        .iter()
        .find(|check| check.name == "texts")
        .unwrap();
    assert_eq!(
        texts.found.len(),
        articles - whole,
        "the doctor sees each lost text"
    );
    for feed in store.feeds().unwrap() {
        let n = feed.url.rsplit('/').next().unwrap();
        let articles = (0..20)
            .map(|a| article(&format!("{n}-{a}"), NOW - a))
            .collect();
        store.commit(batch(feed.id, articles)).unwrap();
    }
    assert_sound(&store);
}

/// The lock file is always empty, and on Windows no other handle can read what is locked.
#[test]
fn articles_that_were_exchanged_with_the_lock_file_are_found() {
    let (dir, count) = filled();
    let (lock, segment) = (dir.path().join("lock"), last_segment(dir.path()));
    std::fs::copy(&segment, &lock).unwrap();
    std::fs::write(&segment, "").unwrap();
    let repaired = repair(dir.path(), NOW).unwrap();
    assert!(
        repaired.left.as_ref().unwrap().is_sound(),
        "{:?}",
        repaired.notes
    );
    assert_eq!(std::fs::metadata(lock).unwrap().len(), 0);
    let store = open(dir.path());
    assert_sound(&store);
    let rows = store.list(&ALL).unwrap().rows;
    assert_eq!(rows.len(), count);
    for row in rows {
        let article = store.article(row.id).unwrap().unwrap();
        assert!(article.html.contains("The text of"), "{}", article.html);
    }
}

#[test]
fn a_damaged_sled_is_reported_and_can_be_rebuilt() {
    let (dir, articles) = filled();
    let before = {
        let store = open(dir.path());
        let folder = store.folders().named("Berita").unwrap();
        let first = store.feeds().unwrap()[0].id;
        store
            .update_feed(first, &mut |feed| {
                feed.custom_title = Some("Mine".into());
                feed.folder = Some(folder);
            })
            .unwrap();
        store.mark_all_read(Place::Feed(first), None, NOW).unwrap();
        let gone = feed(&store, "https://feed/gone");
        let stale = warta_store::FeedBatch {
            received_at: NOW - 500,
            ..batch(gone, vec![article("gone", NOW - 500)])
        };
        store.commit(stale).unwrap();
        store.remove_feed(gone, NOW).unwrap();
        store.set_setting("theme", "1").unwrap();
        store.snapshot(NOW).unwrap();
        store.list(&ALL).unwrap().rows
    };
    std::fs::remove_dir_all(dir.path().join("db")).unwrap();
    assert!(matches!(
        open_result(dir.path()),
        Err(StoreError::Damaged(_))
    ));
    let rebuilt = rebuild(dir.path(), NOW).unwrap();
    assert_eq!(rebuilt.articles, articles as u64);
    let store = open(dir.path());
    let mut after = store.list(&ALL).unwrap().rows;
    assert_eq!(after.len(), before.len());
    for (after, before) in after.iter_mut().zip(&before) {
        assert_eq!(after, before, "the row is the same, its marks too");
    }
    let first = &store.feeds().unwrap()[0];
    assert_eq!(first.custom_title.as_deref(), Some("Mine"));
    assert!(first.folder.is_some());
    assert_eq!(store.setting("theme").unwrap().as_deref(), Some("1"));
    assert_sound(&store);
    store.finish_indexing().unwrap();
    assert_eq!(store.search("text", 10, 0).unwrap().total, articles);
}

/// How many rounds of damage; more for a long run.
pub(crate) fn rounds() -> u64 {
    let wanted = std::env::var("WARTA_STORE_FAULTS").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(12)
}

#[test]
fn a_truncated_sled_is_rebuilt_from_snapshot_and_log() {
    for seed in 0..rounds() {
        let (dir, articles) = filled();
        {
            let store = open(dir.path());
            let first = store.feeds().unwrap()[0].id;
            store.mark_all_read(Place::Feed(first), None, NOW).unwrap();
            store.set_setting("theme", "1").unwrap();
            store.snapshot(NOW).unwrap();
        }
        let path = dir.path().join("db/db");
        let length = std::fs::metadata(&path).unwrap().len();
        let cut = length * (seed * 7_919 % 1_000) / 1_000;
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(cut).unwrap();
        drop(file);
        let repaired = repair(dir.path(), NOW).unwrap();
        let sound = repaired.left.as_ref().or(repaired.found.as_ref());
        assert!(sound.unwrap().is_sound(), "seed {seed}: {repaired:#?}");
        let store = open(dir.path());
        assert_sound(&store);
        let rows = store.list(&ALL).unwrap().rows;
        assert_eq!(
            rows.len(),
            articles,
            "seed {seed}, cut at {cut} of {length}"
        );
        assert_eq!(rows.iter().filter(|row| row.read).count(), 20);
        assert_eq!(store.setting("theme").unwrap().as_deref(), Some("1"));
        for row in rows {
            let article = store.article(row.id).unwrap().unwrap();
            assert!(article.html.contains("The text of"));
        }
    }
}

/// sled writes these files in place: a kill may leave any part of them.
#[test]
fn derived_files_of_sled_may_be_torn() {
    for torn in ["conf", "snap", "generating"] {
        let (dir, articles) = filled();
        drop(open(dir.path()));
        let db = dir.path().join("db");
        let snapshot = std::fs::read_dir(&db)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains("snap."));
        let file = match torn {
            "conf" => db.join("conf"),
            "snap" => snapshot.unwrap_or(db.join("snap.00000000000000FF")),
            _ => db.join("snap.FFFFFFFFFFFFFFFF.generating"),
        };
        std::fs::write(&file, b"torn, and long enough").unwrap();
        let store = open(dir.path());
        assert_eq!(store.list(&ALL).unwrap().rows.len(), articles, "{torn}");
        assert_sound(&store);
    }
}

#[test]
fn noise_in_sled_is_reported_as_damage() {
    for seed in 0..rounds() {
        let (dir, _) = filled();
        let path = dir.path().join("db/db");
        let mut bytes = std::fs::read(&path).unwrap();
        let mut state = seed + 1;
        for _ in 0..200 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = (state >> 20) as usize % bytes.len();
            bytes[at] ^= (state >> 50) as u8 | 1;
        }
        std::fs::write(&path, bytes).unwrap();
        match open_result(dir.path()) {
            Err(StoreError::Damaged(_)) => {}
            Err(other) => panic!("seed {seed}: {other:?}"),
            Ok(store) => drop(store.check()),
        }
        let rebuilt = rebuild(dir.path(), NOW).unwrap();
        assert_eq!(rebuilt.articles, 100, "seed {seed}");
        assert_sound(&open(dir.path()));
    }
}

/// What was marked and set after the newest snapshot is read from the damaged sled itself, as far
/// as it can be read; what the log lost keeps its row.
#[test]
fn a_repair_salvages_the_old_sled() {
    let (dir, articles) = filled();
    let lost = {
        let store = open(dir.path());
        store.snapshot(NOW).unwrap();
        let first = store.feeds().unwrap()[0].id;
        let folder = store.folders().named("Berita").unwrap();
        store
            .update_feed(first, &mut |feed| {
                feed.custom_title = Some("Mine".into());
                feed.folder = Some(folder);
                feed.facts.etag = Some("e".into());
            })
            .unwrap();
        store.mark_all_read(Place::Feed(first), None, NOW).unwrap();
        let rows = store.list(&ALL).unwrap().rows;
        let save = warta_store::Mark {
            read: None,
            saved: Some(true),
        };
        store.mark(&[rows[3].id], save, NOW + 1).unwrap();
        store.set_setting("theme", "2").unwrap();
        store.saved_searches().save("Air", "banjir").unwrap();
        let at_first = ListQuery {
            place: Place::Feed(first),
            ..ALL
        };
        store.list(&at_first).unwrap().rows[0].clone()
    };
    let sound = repair(dir.path(), NOW).unwrap();
    assert!(sound.rebuilt.is_none(), "what is sound is left alone");
    // The record of one article is hit.
    let log = last_segment(dir.path());
    let mut bytes = std::fs::read(&log).unwrap();
    let names = |bytes: &[u8], id: u64| {
        let key = [&[0; 8], id.to_be_bytes().as_slice()].concat();
        bytes.windows(16).position(|window| window == key)
    };
    let at = names(&bytes, lost.id.0).unwrap();
    bytes[at + 40] ^= 1;
    std::fs::write(&log, bytes).unwrap();
    let repaired = repair(dir.path(), NOW).unwrap();
    let found = repaired.found.unwrap();
    assert!(!found.is_sound());
    let rebuilt = repaired.rebuilt.unwrap();
    assert_eq!(
        (rebuilt.articles, rebuilt.without_text, rebuilt.gaps),
        (articles as u64 - 1, 1, 1)
    );
    let salvaged = &rebuilt.salvaged;
    assert_eq!(
        (
            salvaged.feeds,
            salvaged.folders,
            salvaged.saved,
            salvaged.settings,
            salvaged.searches
        ),
        (5, 1, 1, 1, 1)
    );
    assert!(repaired.left.unwrap().is_sound());
    let store = open(dir.path());
    let rows = store.list(&ALL).unwrap().rows;
    assert_eq!(rows.len(), articles);
    assert_eq!(rows.iter().filter(|row| row.read).count(), 20);
    assert_eq!(rows.iter().filter(|row| row.saved).count(), 1);
    let first = store.feeds().unwrap().remove(0);
    assert_eq!(first.custom_title.as_deref(), Some("Mine"));
    assert!(first.folder.is_some());
    assert_eq!(first.facts.etag, None, "the lost text is asked for again");
    assert!(rows.contains(&lost), "the row is as it was");
    let n = lost.guid.split('-').next().unwrap();
    let again = (0..20)
        .map(|a| article(&format!("{n}-{a}"), NOW - a))
        .collect();
    let committed = store.commit(batch(first.id, again)).unwrap();
    assert_eq!(committed.updated, [lost.id]);
    assert_sound(&store);
}

/// Needs a small file system: a folder on it in `WARTA_STORE_SMALL_DISK`. Without one,
/// `full.rs` makes writes fail.
#[test]
fn a_disk_that_runs_full_loses_nothing_that_was_reported() {
    let Some(disk) = std::env::var_os("WARTA_STORE_SMALL_DISK") else {
        eprintln!("skipped: no small disk given");
        return;
    };
    let (mut stored, mut compactions) = (0, 0);
    for round in 0..rounds() {
        let dir = tempfile::tempdir_in(&disk).unwrap();
        let filler = dir.path().join("filler");
        let free = fs4::available_space(dir.path()).unwrap() as usize;
        let left = (2 << 20) + (round as usize * 733_331) % (10 << 20);
        std::fs::write(&filler, vec![1; free - left]).unwrap();
        let options = Options {
            reserve_bytes: [0, 1 << 20, 0, 300_000][round as usize % 4],
            automatic_snapshots: false,
            ..Options::default()
        };
        let mut run = FillingUp::default();
        // Too little may be left to begin at all.
        match Store::open_with(dir.path(), options) {
            Ok(store) => {
                let refused = run.until_refused(&store, round);
                assert!(
                    matches!(refused, StoreError::DiskFull),
                    "round {round}: {refused:?}"
                );
            }
            Err(StoreError::DiskFull) => {}
            Err(other) => panic!("round {round}: {other:?}"),
        }
        std::fs::remove_file(&filler).unwrap();
        let store = open(dir.path());
        assert_sound(&store);
        run.hold_against(&store, round);
        stored += run.stored.len();
        compactions += run.compactions;
    }
    eprintln!("{stored} articles reported stored, {compactions} compactions");
}

/// What was reported as done while a disk ran full.
#[derive(Default)]
pub(crate) struct FillingUp {
    pub(crate) stored: HashSet<ArticleId>,
    pub(crate) saved: HashSet<ArticleId>,
    /// May be gone.
    pub(crate) purging: HashSet<ArticleId>,
    pub(crate) purged: HashSet<ArticleId>,
    pub(crate) compactions: u64,
}

impl FillingUp {
    /// Stores, saves, purges and compacts until the disk is full.
    pub(crate) fn until_refused(&mut self, store: &Store, round: u64) -> StoreError {
        for n in 0..10_000 {
            if let Err(error) = self.step(store, round, n) {
                return error;
            }
        }
        panic!("round {round}: the disk does not run full")
    }

    fn step(&mut self, store: &Store, round: u64, n: u64) -> warta_store::Result<()> {
        let new = warta_store::NewFeed {
            url: "https://one".into(),
            ..warta_store::NewFeed::default()
        };
        store.add_feeds(&[new], NOW)?;
        let id = store.feeds()?[0].id;
        let mut state = round << 32 | n;
        let articles = (0..20)
            .map(|a| {
                let mut article = article(&format!("{n}-{a}"), NOW);
                article.html = String::from("<p>");
                for _ in 0..100 {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    article.html.push_str(&state.to_string());
                }
                article
            })
            .collect();
        let committed = store.commit(batch(id, articles))?;
        self.stored.extend(&committed.new);
        if n.is_multiple_of(2) {
            let mark = warta_store::Mark {
                read: Some(true),
                saved: Some(true),
            };
            store.mark(&committed.new[..5], mark, NOW)?;
            self.saved.extend(&committed.new[..5]);
        }
        if n.is_multiple_of(3) {
            self.purging.extend(&committed.new[15..]);
            let purged = store.purge(&committed.new[15..], NOW)?;
            assert_eq!(purged.articles, 5, "a purge that is reported done is done");
            self.purged.extend(&committed.new[15..]);
        }
        if n % 6 == 5 {
            store.compact(&|_| Vec::new(), &[])?;
            self.compactions += 1;
        }
        Ok(())
    }

    pub(crate) fn hold_against(&self, store: &Store, round: u64) {
        for id in &self.stored {
            let row = store.rows(&[*id]).unwrap().pop();
            if self.purged.contains(id) {
                assert_eq!(row, None, "round {round}: {id:?} was purged");
            } else if !self.purging.contains(id) {
                let article = store.article(*id).unwrap();
                let article = article.unwrap_or_else(|| panic!("round {round}: {id:?} was stored"));
                assert!(article.html.len() > 1_000);
            }
            assert!(
                row.is_none_or(|row| row.saved || !self.saved.contains(id)),
                "round {round}: {id:?} was saved"
            );
        }
    }
}
