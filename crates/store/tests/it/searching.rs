//! Finding: stems, accents, phrases, prefixes, and whatever a reader may type.
use proptest::prelude::*;
use warta_store::{Hits, Mark, NewArticle, SearchRequest, Store};

use crate::{NOW, article, batch, copy_folder, feed, open};

fn library() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://one");
    let articles = [
        (
            "harga",
            "Harga beras naik",
            "<p>Pedagang menjual beras di pasar kota tua.</p>",
        ),
        (
            "latih",
            "Pelatihan guru dimulai",
            "<p>Ratusan guru mengikuti kegiatan itu.</p>",
        ),
        (
            "runs",
            "She runs the city",
            "<p>The mayor has been running offices for years.</p>",
        ),
        (
            "cafe",
            "Café baru",
            "<p>Crème brûlée &amp; kopi tubruk dijual.</p>",
        ),
        ("cjk", "東京で地震", "<p>今日は東京で地震がありました。</p>"),
        (
            "site",
            "Berita teknologi",
            "<p>Lihat google.com untuk kota lain.</p>",
        ),
    ];
    let articles = articles
        .into_iter()
        .enumerate()
        .map(|(at, (guid, title, html))| NewArticle {
            title: title.into(),
            html: html.into(),
            ..article(guid, NOW - at as i64)
        })
        .collect();
    store.commit(batch(id, articles)).unwrap();
    store.finish_indexing().unwrap();
    (dir, store)
}

fn guids(hits: &Hits) -> Vec<&str> {
    let mut guids: Vec<&str> = hits.hits.iter().map(|hit| hit.row.guid.as_str()).collect();
    guids.sort_unstable();
    guids
}

#[test]
fn queries_find_the_expected_articles() {
    let (_dir, store) = library();
    for (typed, expected) in [
        ("beras ", &["harga"][..]),
        ("penjualan ", &["cafe", "harga"]),
        ("dijual ", &["cafe", "harga"]),
        ("melatih ", &["latih"]),
        ("run ", &["runs"]),
        ("office ", &["runs"]),
        ("cafe ", &["cafe"]),
        ("BRULEE ", &["cafe"]),
        ("\"kota tua\"", &["harga"]),
        ("\"tua kota\"", &[]),
        ("kota ", &["harga", "site"]),
        ("kota -tua", &["site"]),
        ("-kota -the -guru -kopi", &["cjk"]),
        ("title:beras ", &["harga"]),
        ("title:kota ", &[]),
        ("judul:berita", &["site"]),
        ("googl", &["site"]),
        ("google.com ", &["site"]),
        ("bera", &["harga"]),
        ("ber", &["harga", "site"]),
        ("beras guru ", &[]),
        ("harga di pasar yang tidakada ", &[]),
        ("beras yang di dan ", &["harga"]),
        ("地震", &["cjk"]),
        ("東京", &["cjk"]),
        ("京東", &[]),
        ("", &[]),
        ("\"\"", &[]),
        ("-", &[]),
    ] {
        let hits = store.search(typed, 10, 0).unwrap();
        assert_eq!(guids(&hits), expected, "{typed:?}");
        assert_eq!(hits.total, expected.len(), "{typed:?}");
    }
}

#[test]
fn mistyped_words_find_the_expected_articles() {
    let (_dir, store) = library();
    for (typed, expected) in [
        ("berass ", &["harga"][..]),
        ("pasra ", &["harga"]),
        ("pedagagn beras ", &["harga"]),
        ("teknlogi", &["site"]),
        ("tekonolo", &["site"]),
        ("guur ", &["latih"]),
        ("xyz ", &[]),
        ("\"bears\"", &[]),
        ("kota -tau", &["harga", "site"]),
        ("sampai jumpa lagi ", &[]),
    ] {
        let hits = store.search(typed, 10, 0).unwrap();
        assert_eq!(guids(&hits), expected, "{typed:?}");
    }
    let hits = store.search("pedagagn ", 10, 0).unwrap();
    let lit: Vec<&str> = hits.hits[0]
        .passage
        .iter()
        .filter(|run| run.hit)
        .map(|run| run.text.as_str())
        .collect();
    assert_eq!(lit, ["Pedagang"]);
}

#[test]
fn searches_can_be_narrowed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (feed(&store, "https://one"), feed(&store, "https://two"));
    store
        .update_feed(two, &mut |feed| {
            feed.custom_title = Some("Kabar \u{c9}lan".into());
        })
        .unwrap();
    // 2026-11-24 and the days before.
    let midnight = 1_795_478_400;
    let daily = |name: &str| {
        (0..4)
            .map(|n| NewArticle {
                title: format!("Berita {n}"),
                ..article(&format!("{name}{n}"), midnight + 1 - n * 86_400)
            })
            .collect::<Vec<_>>()
    };
    let ids = store.commit(batch(one, daily("a"))).unwrap().new;
    store.commit(batch(two, daily("b"))).unwrap();
    let mark = |read, saved| Mark { read, saved };
    store.mark(&ids[..2], mark(Some(true), None), NOW).unwrap();
    store.mark(&ids[1..3], mark(None, Some(true)), NOW).unwrap();
    store.finish_indexing().unwrap();
    for (typed, expected) in [
        ("berita is:read", &["a0", "a1"][..]),
        ("is:saved", &["a1", "a2"]),
        ("is:saved is:unread", &["a2"]),
        ("berita -is:unread", &["a0", "a1"]),
        ("-is:saved is:tersimpan", &[]),
        ("feed:elan ", &["b0", "b1", "b2", "b3"]),
        ("feed:\"kabar elan\" after:2026-11-23", &["b0", "b1"]),
        ("feed:https://one berita 3 ", &["a3"]),
        ("-feed:one after:2026-11-24", &["b0"]),
        ("feed:nobody", &[]),
        ("before:2026-11-22 berita", &["a3", "b3"]),
        ("after:2026-11-22 before:2026-11-23 berita", &["a2", "b2"]),
        ("before:2026", &[]),
        ("is:nothing", &[]),
        ("after:", &[]),
    ] {
        let hits = store.search(typed, 10, 0).unwrap();
        assert_eq!(guids(&hits), expected, "{typed:?}");
        assert_eq!(hits.total, expected.len(), "{typed:?}");
    }
    let hits = store.search("is:unread", 2, 0).unwrap();
    assert_eq!(hits.total, 6);
    let newest: Vec<&str> = hits.hits.iter().map(|hit| &*hit.row.guid).collect();
    assert_eq!(newest, ["b0", "b1"], "without words the newest first");
    // The first moment of the 24th in UTC is seven in the morning in Jakarta.
    let typed = "after:2026-11-24";
    let jakarta = 7 * 3_600;
    assert_eq!(store.search(typed, 9, 0).unwrap().total, 2);
    assert_eq!(
        store
            .search_for(&SearchRequest {
                day_begins: &|day| day - jakarta,
                ..SearchRequest::new(typed)
            })
            .unwrap()
            .total,
        2
    );
    assert_eq!(
        store
            .search_for(&SearchRequest {
                day_begins: &|day| day + jakarta,
                ..SearchRequest::new(typed)
            })
            .unwrap()
            .total,
        0
    );
    let count = store
        .search_count(&SearchRequest::new("berita is:saved"))
        .unwrap();
    assert_eq!((count.total, count.unread), (2, 1));
    assert_eq!(
        store
            .search_count(&SearchRequest::new("berita"))
            .unwrap()
            .unread,
        6
    );
    store.mark(&ids, mark(Some(true), None), NOW).unwrap();
    let count = store.search_count(&SearchRequest::new("berita")).unwrap();
    assert_eq!(
        (count.total, count.unread),
        (8, 4),
        "the status is not indexed"
    );
}

#[test]
fn matches_are_highlighted_in_plain_text() {
    let (_dir, store) = library();
    let hits = store.search("penjualan kopi", 10, 0).unwrap();
    let passage = &hits.hits[0].passage;
    let text: String = passage.iter().map(|run| run.text.as_str()).collect();
    assert_eq!(text, "Crème brûlée & kopi tubruk dijual.");
    let lit: Vec<&str> = passage
        .iter()
        .filter(|r| r.hit)
        .map(|r| r.text.as_str())
        .collect();
    assert_eq!(lit, ["kopi", "dijual"]);
    let hits = store.search("title:harga", 10, 0).unwrap();
    assert!(hits.hits[0].title[0].hit && hits.hits[0].title[0].text == "Harga");
}

#[test]
fn the_index_follows_changes_and_is_rebuilt_when_lost() {
    let (dir, store) = library();
    let id = store.feeds().unwrap()[0].id;
    let changed = NewArticle {
        title: "Harga cabai turun".into(),
        html: "<p>Cabai.</p>".into(),
        ..article("harga", NOW)
    };
    store.commit(batch(id, vec![changed])).unwrap();
    store.finish_indexing().unwrap();
    assert_eq!(store.search("beras ", 10, 0).unwrap().total, 0);
    assert_eq!(store.search("cabai ", 10, 0).unwrap().total, 1);
    let hidden = store.remove_feed(id, NOW).unwrap();
    assert_eq!(store.search("cabai ", 10, 0).unwrap().total, 0);
    store.undo(hidden).unwrap();
    drop(store);
    for damage in 0..3 {
        let search = dir.path().join("search");
        match damage {
            0 => std::fs::remove_dir_all(&search).unwrap(),
            1 => std::fs::write(search.join("meta.json"), "{").unwrap(),
            _ => {
                for entry in std::fs::read_dir(&search).unwrap() {
                    let path = entry.unwrap().path();
                    if path
                        .extension()
                        .is_some_and(|ext| ext != "json" && ext != "lock")
                    {
                        std::fs::write(path, "damaged").unwrap();
                    }
                }
            }
        }
        let store = open(dir.path());
        store.finish_indexing().unwrap();
        assert_eq!(
            store.search("cabai ", 10, 0).unwrap().total,
            1,
            "damage {damage}"
        );
        assert_eq!(
            store.search("kota ", 10, 0).unwrap().total,
            1,
            "damage {damage}"
        );
    }
    let store = open(dir.path());
    store.remove_feed(id, NOW).unwrap();
    drop(store);
    let store = open(dir.path());
    feed(&store, "https://two");
    store.finish_indexing().unwrap();
    assert_eq!(store.search("cabai ", 10, 0).unwrap().total, 0);
}

#[test]
fn hits_carry_the_status_and_come_in_pages() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://one");
    let articles = (0..30)
        .map(|n| NewArticle {
            title: "Sama".into(),
            html: "<p>Sama.</p>".into(),
            ..article(&n.to_string(), NOW - n)
        })
        .collect();
    let ids = store.commit(batch(id, articles)).unwrap().new;
    store
        .mark(
            &ids[..1],
            Mark {
                read: Some(true),
                saved: Some(true),
            },
            NOW,
        )
        .unwrap();
    store.finish_indexing().unwrap();
    let first = store.search("sama", 10, 0).unwrap();
    assert_eq!((first.hits.len(), first.total), (10, 30));
    assert!(first.hits[0].row.read && first.hits[0].row.saved);
    let times: Vec<i64> = first.hits.iter().map(|hit| NOW - hit.row.time).collect();
    assert_eq!(
        times,
        (0..10).collect::<Vec<_>>(),
        "of equals the newest first"
    );
    let last = store.search("sama", 10, 25).unwrap();
    assert_eq!(last.hits.len(), 5);
    assert!(store.search("sama", 0, 0).unwrap().hits.is_empty());
    assert!(
        store
            .search("sama", 10, usize::MAX)
            .unwrap()
            .hits
            .is_empty()
    );
}

#[test]
fn no_query_is_an_error() {
    let (_dir, store) = library();
    let hostile = [
        "title:",
        "title:title:title:x",
        "AND OR NOT",
        "((((",
        "*",
        "a*b?",
        "\\",
        "\"",
        "-\"-",
        "[a TO b]",
        "~1",
        "^5",
        ":",
        "::",
        "title:\"",
        "\u{0}",
        "\u{202e}kota",
        "’",
        "- - -",
        "body:kota",
        "id:1",
        "feed:\"",
        "-feed:-",
        "is:",
        "after:9999-99-99",
        "before:-1 after:2026-02-31",
    ];
    for typed in hostile {
        store
            .search(typed, 5, 0)
            .unwrap_or_else(|error| panic!("{typed:?}: {error}"));
    }
    for typed in [
        "kota ".repeat(50_000),
        "\"".repeat(9_999),
        "-a".repeat(9_999),
        "ก".repeat(9_999),
    ] {
        store.search(&typed, 5, 0).unwrap();
    }
    let runner = ProptestConfig {
        failure_persistence: None,
        ..Default::default()
    };
    proptest!(runner, |(typed in "\\PC{0,40}")| {
        prop_assert!(store.search(&typed, 5, 0).is_ok());
    });
}

/// The files of the index, without those that are empty.
fn index_files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(dir.join("search")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let mut files: Vec<_> = files
        .filter(|path| std::fs::metadata(path).unwrap().len() > 0)
        .collect();
    files.sort();
    files
}

fn assert_all_is_found(store: &Store, why: &str) {
    store.finish_indexing().unwrap();
    assert_eq!(store.search("satu", 10, 0).unwrap().total, 40, "{why}");
    for n in 0..40 {
        let hits = store.search(&format!("nomor{n}x"), 10, 0).unwrap();
        assert_eq!(hits.total, 1, "{why}: {n}");
        assert_eq!(hits.hits[0].row.guid, n.to_string(), "{why}");
    }
}

fn indexed() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = crate::open(dir.path());
    let one = crate::feed(&store, "https://one");
    let articles = (0..40)
        .map(|n| {
            let mut article = crate::article(&n.to_string(), crate::NOW - n);
            article.title = format!("Satu nomor{n}x");
            article
        })
        .collect();
    store.commit(crate::batch(one, articles)).unwrap();
    store.finish_indexing().unwrap();
    drop(store);
    dir
}

/// Damages each file of the index in several ways: this is detected at opening, reported, and
/// repaired automatically.
#[test]
fn a_damaged_index_is_reported_and_rebuilt() {
    let template = indexed();
    let mut told = 0;
    for (at, path) in index_files(template.path()).into_iter().enumerate() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let others = if at % 2 == 0 { "cut" } else { "zeros" };
        for how in ["deleted", "one bit", others] {
            let dir = tempfile::tempdir().unwrap();
            copy_folder(template.path(), dir.path());
            let path = dir.path().join("search").join(&name);
            let mut bytes = std::fs::read(&path).unwrap();
            match how {
                "deleted" => std::fs::remove_file(&path).unwrap(),
                "cut" => std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap(),
                "zeros" => std::fs::write(&path, vec![0; bytes.len()]).unwrap(),
                _ => {
                    bytes[4] ^= 4;
                    std::fs::write(&path, bytes).unwrap();
                }
            }
            let why = format!("{name} {how}");
            let store = crate::open(dir.path());
            let checkup = store.check().unwrap();
            let is_part = name.len() > 32;
            assert!(!is_part || !checkup.is_sound(), "{why} is reported");
            told += u32::from(!checkup.is_sound());
            store.finish_indexing().unwrap();
            assert_eq!(store.search("satu", 10, 0).unwrap().total, 40, "{why}");
            assert_eq!(store.search("nomor7x", 10, 0).unwrap().total, 1, "{why}");
        }
    }
    assert!(told >= 15, "{told}");
}

/// Each file of a segment ends with a correct checksum wherever it is.
#[test]
fn exchanged_index_files_are_reported_and_rebuilt() {
    let template = indexed();
    let is_part = |path: &std::path::PathBuf| path.file_stem().is_some_and(|id| id.len() == 32);
    let parts: Vec<_> = index_files(template.path())
        .into_iter()
        .filter(is_part)
        .collect();
    assert!(parts.len() >= 5, "{parts:?}");
    for (at, one) in parts.iter().enumerate() {
        let other = &parts[(at + 1) % parts.len()];
        let names = [one, other].map(|path| path.file_name().unwrap());
        let dir = tempfile::tempdir().unwrap();
        copy_folder(template.path(), dir.path());
        let search = dir.path().join("search");
        std::fs::copy(one, search.join(names[1])).unwrap();
        std::fs::copy(other, search.join(names[0])).unwrap();
        let store = crate::open(dir.path());
        let checkup = store.check().unwrap();
        assert!(!checkup.is_sound(), "{names:?} is reported");
        assert_all_is_found(&store, &format!("{names:?}"));
    }
}

#[test]
fn repair_rebuilds_a_damaged_index_only() {
    let dir = indexed();
    let path = index_files(dir.path())
        .into_iter()
        .find(|path| path.extension().is_some_and(|ending| ending == "term"))
        .unwrap();
    let length = std::fs::metadata(&path).unwrap().len() as usize;
    std::fs::write(&path, vec![7; length]).unwrap();
    let repaired = warta_store::repair(dir.path(), crate::NOW).unwrap();
    assert!(repaired.found.is_some_and(|found| !found.is_sound()));
    assert!(repaired.rebuilt.is_none());
    assert!(repaired.left.unwrap().is_sound());
    assert!(
        warta_store::repair(dir.path(), crate::NOW)
            .unwrap()
            .was_sound()
    );
    assert_all_is_found(&crate::open(dir.path()), "after the repair");
}

/// The files are damaged while the store is open: a search meets it, and none ever panics.
#[test]
fn a_search_on_a_damaged_index_waits_for_the_rebuild() {
    for how in ["cut", "noise"] {
        let dir = indexed();
        let store = crate::open(dir.path());
        store.finish_indexing().unwrap();
        for path in index_files(dir.path()) {
            if path.file_name().unwrap().len() > 32 {
                let length = std::fs::metadata(&path).unwrap().len();
                let file = std::fs::File::options().write(true).open(&path).unwrap();
                if how == "cut" {
                    file.set_len(length / 4).unwrap();
                } else {
                    drop(file);
                    let noise = (0..length)
                        .map(|at| (at * 37 % 251) as u8)
                        .collect::<Vec<_>>();
                    std::fs::write(&path, noise).unwrap();
                }
            }
        }
        for n in 0..40 {
            match store.search(&format!("nomor{n}x"), 10, 0) {
                Ok(_) | Err(warta_store::StoreError::SearchRebuilding) => {}
                Err(other) => panic!("{how}: {other:?}"),
            }
        }
        store.check().unwrap();
        assert_all_is_found(&store, how);
    }
}

/// An index whose files are whole, but of another state of the store.
#[test]
fn an_index_that_differs_from_the_store_is_rebuilt() {
    let dir = indexed();
    let before = index_files(dir.path());
    let before: Vec<_> = before
        .into_iter()
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    {
        let store = crate::open(dir.path());
        let id = store.search("nomor7x", 1, 0).unwrap().hits[0].row.id;
        store.purge(&[id], crate::NOW).unwrap();
        store.finish_indexing().unwrap();
    }
    std::fs::remove_dir_all(dir.path().join("search")).unwrap();
    std::fs::create_dir(dir.path().join("search")).unwrap();
    for (path, bytes) in before {
        std::fs::write(path, bytes).unwrap();
    }
    let store = crate::open(dir.path());
    assert!(!store.check().unwrap().is_sound());
    store.finish_indexing().unwrap();
    assert_eq!(
        store
            .search_count(&SearchRequest::new("nomor7x"))
            .unwrap()
            .total,
        0
    );
    assert_eq!(store.search("satu", 1, 0).unwrap().total, 39);
}
