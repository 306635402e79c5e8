//! Exporting and importing a profile.
use warta_store::{
    FeedId, Forward, ForwardState, ListQuery, Mark, Picture, PictureId, Place, Store, StoreError,
    import,
};

use crate::{NOW, article, assert_sound, batch, feed, open};

const ALL: ListQuery = ListQuery {
    place: Place::All,
    unread_only: false,
    before: None,
    limit: 10_000,
};

fn filled() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let folder = store.folders().named("Berita").unwrap();
    for n in 0..3 {
        let id = feed(&store, &format!("https://feed/{n}"));
        store
            .update_feed(id, &mut |feed| {
                feed.folder = Some(folder);
                feed.options.every_minutes = Some(9);
            })
            .unwrap();
        // More read marks than a snapshot keeps.
        let articles = (0..1_500)
            .map(|a| article(&format!("{n}-{a}"), NOW - a))
            .collect();
        let ids = store.commit(batch(id, articles)).unwrap().new;
        store.mark_all_read(Place::Feed(id), None, NOW).unwrap();
        let mark = Mark {
            read: Some(false),
            saved: Some(true),
        };
        store.mark(&ids[3..8], mark, NOW + 1).unwrap();
        store.purge(&ids[1_400..], NOW).unwrap();
    }
    let picture = Picture {
        bytes: vec![5; 3_000],
        media_type: "image/png".into(),
        width: 1,
        height: 2,
    };
    store.pictures().keep("https://p/1", &picture).unwrap();
    store.set_setting("theme", "3").unwrap();
    store.saved_searches().save("Air", "banjir").unwrap();
    let id = store.list(&ALL).unwrap().rows[0].id;
    store
        .forwards()
        .append(Forward {
            id: 0,
            at: NOW,
            article: Some(id),
            channel: "whatsapp".into(),
            title: "T".into(),
            message: "M".into(),
            target: None,
            state: ForwardState::Opened,
        })
        .unwrap();
    (dir, store)
}

#[test]
fn a_profile_moves_whole_into_another_folder() {
    let (dir, store) = filled();
    let file = dir.path().join("me.warta");
    let exported = store.export(&file, NOW).unwrap();
    assert_eq!(exported.articles, 4_200);
    assert_eq!(exported.bytes, std::fs::metadata(&file).unwrap().len());
    assert_sound(&store);
    let other = tempfile::tempdir().unwrap();
    let rebuilt = import(&file, other.path(), NOW).unwrap();
    assert_eq!((rebuilt.articles, rebuilt.gaps), (4_200, 0));
    let (_, restored) = rebuilt.restored.unwrap();
    assert_eq!(restored.problems, Vec::<String>::new());
    let moved = open(other.path());
    assert_eq!(moved.list(&ALL).unwrap(), store.list(&ALL).unwrap());
    assert_eq!(moved.counts().unwrap(), store.counts().unwrap());
    let feeds = |store: &Store| -> Vec<_> {
        let feeds = store.feeds().unwrap().into_iter();
        feeds.map(|f| (f.id, f.url, f.folder, f.options)).collect()
    };
    assert_eq!(feeds(&moved), feeds(&store));
    assert_eq!(
        moved.folders().all().unwrap(),
        store.folders().all().unwrap()
    );
    assert_eq!(
        moved.saved_searches().all().unwrap(),
        store.saved_searches().all().unwrap()
    );
    assert_eq!(moved.setting("theme").unwrap().as_deref(), Some("3"));
    assert_eq!(
        moved.forwards().list(None, 9).unwrap(),
        store.forwards().list(None, 9).unwrap()
    );
    let picture = PictureId::of_url("https://p/1");
    assert_eq!(
        moved.pictures().get(picture).unwrap(),
        store.pictures().get(picture).unwrap()
    );
    let row = &moved.list(&ALL).unwrap().rows[17];
    assert_eq!(
        moved.article(row.id).unwrap(),
        store.article(row.id).unwrap()
    );
    let purged = vec![article("1-1450", NOW)];
    let committed = moved.commit(batch(FeedId(2), purged)).unwrap();
    assert_eq!(committed.unchanged, 1, "what was purged stays away");
    assert_sound(&moved);
}

#[test]
fn a_file_that_is_not_a_profile_is_refused_and_nothing_is_overwritten() {
    let (dir, store) = filled();
    let file = dir.path().join("me.warta");
    store.export(&file, NOW).unwrap();
    drop(store);
    let refused = import(&file, dir.path(), NOW);
    assert!(
        matches!(refused, Err(StoreError::Invalid(_))),
        "{refused:?}"
    );
    assert_sound(&open(dir.path()));
    let whole = std::fs::read(&file).unwrap();
    let bad = dir.path().join("bad.warta");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 0x55;
    for bytes in [
        Vec::new(),
        b"no profile".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        damaged,
    ] {
        std::fs::write(&bad, bytes).unwrap();
        let other = tempfile::tempdir().unwrap();
        if let Ok(rebuilt) = import(&bad, other.path(), NOW) {
            let (_, restored) = rebuilt.restored.unwrap();
            assert!(
                rebuilt.gaps > 0 || !restored.problems.is_empty(),
                "a single damaged record is reported"
            );
        } else {
            // The folder is as good as new.
            import(&file, other.path(), NOW).unwrap();
        }
        assert_sound(&open(other.path()));
    }
}

/// Names that would lead out of the folder, links, and files that no profile has.
#[test]
fn only_known_files_are_extracted() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("evil.warta");
    let mut tar = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
    let mut put = |name: &str, data: &[u8], kind: tar::EntryType| {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_entry_type(kind);
        let bytes = header.as_old_mut();
        bytes.name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        tar.append(&header, data).unwrap();
    };
    let manifest = br#"{"format":"warta profile","version":1,"store_format":2,"written_at":1}"#;
    let regular = tar::EntryType::Regular;
    put("manifest.json", manifest, regular);
    put("../out", b"x", regular);
    put("bodies/../../out", b"x", regular);
    put("/tmp/out", b"x", regular);
    put("bodies/00000001.log", b"", tar::EntryType::Symlink);
    put("format", b"9", regular);
    put("snapshot.jsonl", b"nothing", regular);
    let bytes = tar.into_inner().unwrap().finish().unwrap();
    std::fs::write(&file, bytes).unwrap();
    let inside = dir.path().join("data");
    import(&file, &inside, NOW).unwrap();
    let names: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(open(&inside).feeds().unwrap().is_empty());
}

fn profile_of(entries: &[(&str, u64)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
    let manifest: &[u8] =
        br#"{"format":"warta profile","version":1,"store_format":3,"written_at":1}"#;
    let mut put = |name: &str, length: u64, data: &mut dyn std::io::Read| {
        let mut header = tar::Header::new_gnu();
        header.set_size(length);
        header.set_entry_type(tar::EntryType::Regular);
        tar.append_data(&mut header, name, data).unwrap();
    };
    put("manifest.json", manifest.len() as u64, &mut &*manifest);
    for (name, length) in entries {
        let mut zeros = std::io::Read::take(std::io::repeat(0), *length);
        put(name, *length, &mut zeros);
    }
    tar.into_inner().unwrap().finish().unwrap()
}

/// A small file that unpacks to far more than Warta ever packs: as one file, as many, or as files
/// that are not extracted.
#[test]
fn a_bomb_is_refused_and_leaves_nothing() {
    let many: Vec<(String, u64)> = (1..=4)
        .map(|n| (format!("pictures/{n:08}.log"), 40 << 20))
        .collect();
    let many: Vec<(&str, u64)> = many
        .iter()
        .map(|(name, length)| (name.as_str(), *length))
        .collect();
    for (what, entries) in [
        ("one", vec![("bodies/00000001.log", 200 << 20)]),
        ("many", many),
        ("unknown", vec![("elsewhere/x", 200 << 20)]),
        ("a snapshot", vec![("snapshot.jsonl", 200 << 20)]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("bomb.warta");
        let bytes = profile_of(&entries);
        assert!(bytes.len() < 100_000);
        std::fs::write(&file, bytes).unwrap();
        let inside = dir.path().join("data");
        let refused = import(&file, &inside, NOW);
        assert!(
            matches!(&refused, Err(StoreError::Invalid(_))),
            "{what}: {refused:?}"
        );
        assert!(!inside.join("importing").exists(), "{what}");
        assert!(open(&inside).feeds().unwrap().is_empty());
    }
}

#[test]
fn too_many_files_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("many.warta");
    std::fs::write(&file, profile_of(&vec![("elsewhere/x", 0); 100_001])).unwrap();
    let refused = import(&file, &dir.path().join("data"), NOW);
    assert!(
        matches!(refused, Err(StoreError::Invalid(_))),
        "{refused:?}"
    );
}

#[test]
fn opening_removes_an_incomplete_import() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let left = dir.path().join("importing");
    std::fs::create_dir_all(left.join("bodies")).unwrap();
    std::fs::write(left.join("bodies/00000001.log"), "x").unwrap();
    drop(open(dir.path()));
    assert!(!left.exists());
}

/// A snapshot that lost records says nothing of what is not in it: feeds and articles that the
/// value logs name are there all the same.
#[test]
fn a_profile_with_a_damaged_snapshot_brings_all_its_articles() {
    for how in ["a line", "cut", "nothing whole"] {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("me.warta");
        {
            let store = open(&dir.path().join("store"));
            for name in ["one", "two"] {
                let id = feed(&store, &format!("https://{name}"));
                let articles = vec![article(name, NOW)];
                store.commit(batch(id, articles)).unwrap();
            }
            store.export(&file, NOW + 100_000).unwrap();
        }
        let packed = std::fs::read(&file).unwrap();
        let mut from = tar::Archive::new(zstd::Decoder::new(&packed[..]).unwrap());
        let mut to = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
        for entry in from.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut header = entry.header().clone();
            let path = entry.path().unwrap().into_owned();
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
            if path.ends_with("snapshot.jsonl") {
                let text = String::from_utf8(bytes).unwrap();
                let at = text.find("https://two").unwrap();
                bytes = match how {
                    "a line" => text.replace("https://two", "https://tvo").into_bytes(),
                    "cut" => text.as_bytes()[..at].to_vec(),
                    _ => b"nothing".to_vec(),
                };
                header.set_size(bytes.len() as u64);
            }
            to.append_data(&mut header, path, &bytes[..]).unwrap();
        }
        std::fs::write(&file, to.into_inner().unwrap().finish().unwrap()).unwrap();
        let target = dir.path().join("target");
        let rebuilt = import(&file, &target, NOW + 200_000).unwrap();
        let (_, restored) = rebuilt.restored.unwrap();
        assert!(!restored.problems.is_empty(), "{how}: it is reported");
        // Nor does a later snapshot of it.
        for _ in 0..2 {
            let store = open(&target);
            assert_eq!(store.feeds().unwrap().len(), 2, "{how}");
            assert_eq!(store.counts().unwrap().all.unread, 2, "{how}");
            assert_sound(&store);
            drop(store);
            warta_store::rebuild(&target, NOW + 300_000).unwrap();
        }
    }
}
