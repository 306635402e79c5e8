//! Restores and imports of untrusted files: predicted correctly, checked, and atomic.
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use warta_store::{
    Incoming, ListQuery, Mark, NewArticle, Place, Restored, Store, StoreError, import,
    import_checked,
};

use crate::{NOW, article, assert_sound, batch, feed, kill_child, open};

const JOURNAL: &str = "restoring.jsonl";
const FOLDER: &str = "WARTA_STORE_RESTORE_FOLDER";
const FEEDS: usize = 30;

/// A store with every kind of record that a snapshot contains.
fn filled() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for n in 0..FEEDS {
        let folder = store.folders().named(&format!("Map {}", n % 7)).unwrap();
        let id = feed(&store, &format!("https://feed/{n}"));
        store
            .update_feed(id, &mut |feed| feed.folder = Some(folder))
            .unwrap();
        let articles = (0..6)
            .map(|a| article(&format!("{n}-{a}"), NOW - a))
            .collect();
        let ids = store.commit(batch(id, articles)).unwrap().new;
        let read = Mark {
            read: Some(true),
            saved: None,
        };
        let saved = Mark {
            read: None,
            saved: Some(true),
        };
        store.mark(&ids[..3], read, NOW).unwrap();
        store.mark(&ids[2..4], saved, NOW + 1).unwrap();
        store.set_setting(&format!("rule/{n}"), "{}").unwrap();
        store
            .saved_searches()
            .save(&format!("Cari {n}"), &format!("kata {n}"))
            .unwrap();
    }
    (dir, store)
}

/// Everything that a snapshot says of a store, but for its times.
fn content(store: &Store) -> Vec<String> {
    let file = store.snapshot(NOW + 5).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut lines: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
    lines.pop();
    lines.sort();
    lines
}

fn numbers(restored: &Restored) -> [u64; 6] {
    [
        restored.feeds,
        restored.folders,
        restored.marks,
        restored.settings,
        restored.forwards,
        restored.searches,
    ]
}

#[test]
fn a_plan_changes_nothing_and_predicts_the_result() {
    let (_dir, source) = filled();
    let file = source.snapshot(NOW).unwrap();
    // Into an empty store, over itself, over a store that has some of it, and over one that lists
    // the same pages under other GUIDs.
    for case in 0..4 {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        if case == 1 {
            store.restore(&file, NOW).unwrap();
        }
        if case == 2 {
            let id = feed(&store, "https://feed/3");
            let articles = (0..4).map(|a| article(&format!("3-{a}"), NOW)).collect();
            let ids = store.commit(batch(id, articles)).unwrap().new;
            let read = Mark {
                read: Some(true),
                saved: Some(true),
            };
            store.mark(&ids[..1], read, NOW).unwrap();
            store.folders().named("Map 2").unwrap();
            store.set_setting("rule/4", "[]").unwrap();
            store.saved_searches().save("Lain", "kata 5").unwrap();
            let removed = feed(&store, "https://feed/9");
            store.remove_feed(removed, NOW).unwrap();
        }
        if case == 3 {
            let id = feed(&store, "https://feed/3");
            let renamed = |a: i64| {
                let guid = format!("other-{a}");
                NewArticle {
                    guid,
                    ..article(&format!("3-{a}"), NOW - a)
                }
            };
            let articles = (0..5).map(renamed).collect();
            let ids = store.commit(batch(id, articles)).unwrap().new;
            let read = Mark {
                read: Some(true),
                saved: None,
            };
            store.mark(&ids[1..2], read, NOW).unwrap();
        }
        let before = content(&store);
        let plan = store.plan_restore(&file, &mut |_| true).unwrap();
        assert_eq!(
            content(&store),
            before,
            "case {case}: a plan changes nothing"
        );
        let restored = store.apply_restore(&plan, NOW).unwrap();
        assert_eq!(numbers(plan.adds()), numbers(&restored), "case {case}");
        if case == 1 {
            assert_eq!(numbers(&restored), [0; 6], "all of it was here");
        } else {
            assert!(restored.feeds > 20 && restored.marks > 100, "{restored:?}");
        }
        assert!(!dir.path().join(JOURNAL).exists());
        assert_sound(&store);
    }
}

#[test]
fn rejected_records_are_left_out() {
    let (_dir, source) = filled();
    let file = source.snapshot(NOW).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let empty = content(&store);
    let plan = store.plan_restore(&file, &mut |_| false).unwrap();
    assert_eq!(numbers(plan.adds()), [0; 6]);
    store.apply_restore(&plan, NOW).unwrap();
    assert_eq!(content(&store), empty, "all was refused");
    let plan = store
        .plan_restore(&file, &mut |record| match record {
            Incoming::Feed(feed) => {
                *feed.custom_title = Some("Diganti".into());
                feed.url.ends_with("/1")
            }
            Incoming::Setting { name, .. } => name == "rule/7",
            Incoming::Search { .. } | Incoming::Folder { .. } => false,
            _ => true,
        })
        .unwrap();
    let restored = store.apply_restore(&plan, NOW).unwrap();
    assert_eq!(numbers(plan.adds()), numbers(&restored));
    assert_eq!((restored.feeds, restored.settings), (1, 1));
    let feeds = store.feeds().unwrap();
    assert_eq!(feeds[0].custom_title.as_deref(), Some("Diganti"));
    assert_eq!(feeds[0].folder, None, "its folder was refused");
    assert!(store.saved_searches().all().unwrap().is_empty());
    for n in ["no snapshot", "", "{\"crc\":\"00000000\",\"record\":{}}"] {
        let bad = dir.path().join("bad");
        std::fs::write(&bad, n).unwrap();
        let before = content(&store);
        let refused = store.restore(&bad, NOW);
        assert!(
            matches!(refused, Err(StoreError::Invalid(_))),
            "{refused:?}"
        );
        assert_eq!(content(&store), before, "a refused file changes nothing");
    }
}

#[test]
fn an_interrupted_restore_is_finished_by_the_next_opening() {
    let (_dir, source) = filled();
    let file = source.snapshot(NOW).unwrap();
    let whole = tempfile::tempdir().unwrap();
    let expected = {
        let store = open(whole.path());
        store.restore(&file, NOW).unwrap();
        content(&store)
    };
    // The journal alone, and the journal after a part was done.
    for part_was_done in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        if part_was_done {
            let half = store.plan_restore(&file, &mut |record| {
                matches!(record, Incoming::Folder { .. } | Incoming::Feed(_))
            });
            store.apply_restore(&half.unwrap(), NOW).unwrap();
        }
        drop(store);
        std::fs::copy(&file, dir.path().join(JOURNAL)).unwrap();
        let store = open(dir.path());
        assert_eq!(content(&store), expected, "{part_was_done}");
        assert!(!dir.path().join(JOURNAL).exists());
        assert_sound(&store);
    }
    // One that cannot be read does not keep the store from opening.
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    std::fs::write(dir.path().join(JOURNAL), "torn").unwrap();
    assert_sound(&open(dir.path()));
}

/// The child process that is killed.
#[test]
fn child_restores_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let store = open(&folder.join("store"));
    let plan = store
        .plan_restore(&folder.join("snapshot"), &mut |_| true)
        .unwrap();
    let mut out = std::io::stdout();
    writeln!(out, "\nready").and_then(|()| out.flush()).unwrap();
    store.apply_restore(&plan, NOW).unwrap();
    writeln!(out, "\ndone").and_then(|()| out.flush()).unwrap();
    loop {
        std::thread::park();
    }
}

#[test]
fn a_kill_in_the_middle_leaves_all_or_nothing() {
    let (_dir, source) = filled();
    let file = source.snapshot(NOW).unwrap();
    let expected = {
        let whole = tempfile::tempdir().unwrap();
        let store = open(whole.path());
        store.restore(&file, NOW).unwrap();
        content(&store).len()
    };
    let (mut none, mut all) = (0, 0);
    // From at once to after its end; the whole takes some 100 ms.
    for round in 0..12_u64 {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(&file, folder.path().join("snapshot")).unwrap();
        let moment = (round < 11).then(|| Duration::from_micros(round * round * 1_000));
        kill_child(
            "restoring::child_restores_until_killed",
            (FOLDER, folder.path()),
            moment,
        );
        let store = open(&folder.path().join("store"));
        assert_sound(&store);
        match content(&store).len() {
            0 => none += 1,
            found => {
                assert_eq!(found, expected, "round {round}: all or nothing");
                all += 1;
            }
        }
    }
    assert_eq!(none + all, 12);
    assert!(all > 0, "the last one had ended");
}

#[test]
fn an_interrupted_import_is_finished_or_forgotten() {
    const ALL: ListQuery = ListQuery {
        place: Place::All,
        unread_only: false,
        before: None,
        limit: 1_000,
    };
    let (dir, source) = filled();
    let file = dir.path().join("me.warta");
    source.export(&file, NOW).unwrap();
    let whole = tempfile::tempdir().unwrap();
    import(&file, whole.path(), NOW).unwrap();
    let expected = open(whole.path()).list(&ALL).unwrap().rows.len();
    assert_eq!(expected, FEEDS * 6);
    // After a kill: complete but not moved, then partly moved.
    for half_moved in [false, true] {
        let target = tempfile::tempdir().unwrap();
        let importing = target.path().join("importing");
        std::fs::create_dir(&importing).unwrap();
        let made = tempfile::tempdir().unwrap();
        import(&file, made.path(), NOW).unwrap();
        for entry in std::fs::read_dir(made.path()).unwrap() {
            let entry = entry.unwrap();
            let is_moved = half_moved && entry.file_name() == "bodies";
            let to = if is_moved { target.path() } else { &importing };
            std::fs::rename(entry.path(), to.join(entry.file_name())).unwrap();
        }
        std::fs::write(importing.join("whole"), "").unwrap();
        let store = open(target.path());
        assert_eq!(
            store.list(&ALL).unwrap().rows.len(),
            expected,
            "{half_moved}"
        );
        assert!(!importing.exists());
        assert_sound(&store);
    }
    // Incomplete: removed, and another import succeeds.
    let target = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(target.path().join("importing/bodies")).unwrap();
    std::fs::write(target.path().join("importing/bodies/00000001.log"), "torn").unwrap();
    import(&file, target.path(), NOW).unwrap();
    assert_eq!(open(target.path()).list(&ALL).unwrap().rows.len(), expected);
    // Refused: the folder is empty but for its lock.
    let target = tempfile::tempdir().unwrap();
    let bad = dir.path().join("bad.warta");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&bad, &bytes[..bytes.len() / 3]).unwrap();
    assert!(import(&bad, target.path(), NOW).is_err());
    let left: Vec<_> = std::fs::read_dir(target.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["lock"], "a refused profile leaves nothing");
}

#[test]
fn a_profile_is_checked_like_a_snapshot() {
    let (dir, source) = filled();
    let file = dir.path().join("me.warta");
    source.export(&file, NOW).unwrap();
    let target = tempfile::tempdir().unwrap();
    import_checked(&file, target.path(), NOW, &mut |record| match record {
        Incoming::Feed(feed) => feed.url.ends_with('3'),
        Incoming::Setting { .. } => false,
        _ => true,
    })
    .unwrap();
    let store = open(target.path());
    let urls: Vec<String> = store.feeds().unwrap().into_iter().map(|f| f.url).collect();
    assert_eq!(
        urls,
        ["https://feed/3", "https://feed/13", "https://feed/23"]
    );
    assert_eq!(store.setting("rule/1").unwrap(), None);
    assert_sound(&store);
}

/// Articles without a page have none in common.
#[test]
fn a_snapshot_that_names_no_page_marks_no_article_without_one() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://feed/1");
    let bare = NewArticle {
        url: None,
        title: String::new(),
        ..article("bare", NOW)
    };
    store.commit(batch(id, vec![bare])).unwrap();
    let file = dir.path().join("hostile");
    let read = r#"{"kind":"read","feed":"https://feed/1","guids":[],"pages":["0000000000000000"]}"#;
    std::fs::write(&file, line(read)).unwrap();
    let plan = store.plan_restore(&file, &mut |_| true).unwrap();
    let restored = store.apply_restore(&plan, NOW).unwrap();
    assert_eq!(numbers(plan.adds()), numbers(&restored));
    assert_eq!(restored.marks, 0);
    assert_eq!(store.counts().unwrap().all.unread, 1, "it is still unread");
}

/// A line as a snapshot has it, with a good checksum.
fn line(json: &str) -> String {
    format!(
        "{{\"crc\":\"{:08x}\",\"record\":{json}}}\n",
        crc32(json.as_bytes())
    )
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

fn any_record() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof![
        Just("https://feed/1".to_owned()),
        Just(String::new()),
        ".{0,20}",
        Just("a".repeat(3_000)),
    ];
    let time = prop_oneof![Just(i64::MIN), Just(i64::MAX), Just(0), any::<i64>()];
    let kinds = prop::sample::select(vec![
        "folder", "feed", "saved", "read", "setting", "forward", "search", "header", "end",
    ]);
    (
        kinds,
        prop::collection::vec(text, 6),
        time,
        any::<bool>(),
        any::<u32>(),
    )
        .prop_map(|(kind, text, time, yes, number)| {
            let mut record = serde_json::json!({
                "kind": kind, "name": text[0], "position": number, "url": text[1],
                "custom_title": text[2], "folder": text[0], "added_at": time, "paused": yes,
                "title": text[3], "site": text[4],
                "options": {
                    "user_agent": text[5], "headers": [text[2]], "every_minutes": number,
                    "ended_at": time, "keep_days": number, "keep_articles": number,
                },
                "feed": text[1], "guid": text[2], "time": time, "saved_at": time, "read": yes,
                "guids": [format!("{number:016x}"), text[2]],
                "pages": [format!("{:016x}", number % 2), text[3]], "json": text[3], "query": text[4],
                "format": text[0], "version": 1, "written_at": time, "counts": {},
                "records": number, "blake3": text[5],
            });
            if kind == "forward" {
                record["forward"] = serde_json::json!({
                    "id": number, "at": time, "article": number, "channel": text[0],
                    "title": text[1], "message": text[2], "target": text[3], "state": "Waiting",
                });
            }
            record
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 30,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Well-formed lines that say anything at all.
    #[test]
    fn a_hostile_snapshot_does_no_harm_and_its_plan_is_correct(records in prop::collection::vec(any_record(), 1..12)) {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let id = feed(&store, "https://feed/1");
        store.commit(batch(id, vec![article("a", NOW)])).unwrap();
        let file = dir.path().join("hostile");
        let text: String = records.iter().map(|record| line(&record.to_string())).collect();
        std::fs::write(&file, text).unwrap();
        let before = content(&store);
        if let Ok(plan) = store.plan_restore(&file, &mut |_| true) {
            prop_assert_eq!(content(&store), before);
            if let Ok(restored) = store.apply_restore(&plan, NOW) {
                prop_assert_eq!(numbers(plan.adds()), numbers(&restored));
            }
        } else {
            prop_assert_eq!(content(&store), before);
        }
        drop(store);
        let store = open(dir.path());
        assert_sound(&store);
        let _ = store.list(&ListQuery { place: Place::All, unread_only: false, before: None, limit: 50 });
    }

    #[test]
    fn a_damaged_profile_is_survived(at in 0..4_000_usize, byte in any::<u8>(), cut in any::<bool>()) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("me.warta");
        {
            let store = open(&dir.path().join("store"));
            let id = feed(&store, "https://feed/1");
            store.commit(batch(id, vec![article("a", NOW)])).unwrap();
            store.export(&file, NOW).unwrap();
        }
        let mut bytes = std::fs::read(&file).unwrap();
        let at = at % bytes.len();
        if cut { bytes.truncate(at); } else { bytes[at] = byte; }
        std::fs::write(&file, bytes).unwrap();
        let target = dir.path().join("target");
        match import(&file, &target, NOW) {
            Ok(_) => assert_sound(&open(&target)),
            Err(_) => prop_assert!(!target.join("bodies").exists(), "nothing of it is left"),
        }
    }
}
