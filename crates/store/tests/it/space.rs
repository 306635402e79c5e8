//! Retention, purges that last, and compaction.
use std::sync::atomic::{AtomicBool, Ordering};

use warta_store::{
    FeedBatch, FeedFacts, FeedId, Keep, ListQuery, Mark, NewArticle, Picture, PictureId, Place,
    Purged, Retention, Store, rebuild,
};

use crate::{NOW, article, assert_sound, batch, feed, open};

const DAY: i64 = 86_400;
const ALL: ListQuery = ListQuery {
    place: Place::All,
    unread_only: false,
    before: None,
    limit: 100_000,
};
const SAVE: Mark = Mark {
    read: None,
    saved: Some(true),
};
const READ: Mark = Mark {
    read: Some(true),
    saved: None,
};

fn guids(store: &Store) -> Vec<String> {
    let rows = store.list(&ALL).unwrap().rows;
    rows.into_iter().map(|row| row.guid).collect()
}

/// Articles `name`0, `name`1 …, each a day older than the one before.
fn daily(name: &str, count: i64) -> Vec<NewArticle> {
    (0..count)
        .map(|n| NewArticle {
            html: format!("<p>{name} {n} {}</p>", noise(n as u64, 1_500)),
            ..article(&format!("{name}{n}"), NOW - n * DAY)
        })
        .collect()
}

/// Text that does not compress away.
fn noise(seed: u64, length: usize) -> String {
    let mut state = seed + 1;
    let mut text = String::new();
    while text.len() < length {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        text.push_str(&(state >> 16).to_string());
        text.push(' ');
    }
    text
}

fn none(_: &str) -> Vec<String> {
    Vec::new()
}

#[test]
fn retention_purges_the_oldest_but_never_saved_articles() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (feed(&store, "https://one"), feed(&store, "https://two"));
    let ids = store.commit(batch(one, daily("a", 10))).unwrap().new;
    store.commit(batch(two, daily("b", 10))).unwrap();
    store.mark(&ids[9..], SAVE, NOW).unwrap();
    store.mark(&ids[5..7], READ, NOW).unwrap();
    let keep = |days, articles| Keep {
        each_feed: Retention { days, articles },
        ..Keep::default()
    };
    assert_eq!(
        store.retain(&Keep::default(), NOW).unwrap(),
        Purged::default(),
        "without limits nothing is purged"
    );
    let unread = Keep {
        unread: true,
        ..keep(Some(4), None)
    };
    store
        .update_feed(two, &mut |feed| feed.options.keep.days = Some(100))
        .unwrap();
    assert_eq!(store.retain(&unread, NOW).unwrap().articles, 2);
    let purged = store.retain(&keep(Some(7), None), NOW).unwrap();
    assert_eq!(
        purged.articles, 1,
        "a8; a9 is saved, and feed two has a higher limit of its own"
    );
    assert!(purged.bytes > 500);
    store
        .update_feed(two, &mut |feed| feed.options.keep.articles = Some(3))
        .unwrap();
    assert_eq!(store.retain(&keep(None, Some(6)), NOW).unwrap().articles, 7);
    assert_eq!(
        guids(&store),
        ["b0", "a0", "b1", "a1", "b2", "a2", "a3", "a4", "a7", "a9"]
    );
    let all = Keep {
        articles: Some(4),
        ..Keep::default()
    };
    store.retain(&all, NOW).unwrap();
    assert_eq!(
        guids(&store),
        ["b0", "a0", "b1", "a9"],
        "the saved one counts"
    );
    let bytes = store.usage().unwrap();
    let of_one = bytes.feeds[0].bytes / 2;
    let small = Keep {
        bytes: Some(of_one * 5 / 2),
        ..Keep::default()
    };
    store.retain(&small, NOW).unwrap();
    assert_eq!(guids(&store).len(), 2);
    assert_eq!(store.counts().unwrap().all.total, 2);
    assert_sound(&store);
    drop(store);
    let store = open(dir.path());
    assert_eq!(guids(&store).len(), 2);
    assert_sound(&store);
}

#[test]
fn purged_articles_never_return_as_new() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = feed(&store, "https://one");
    let ids = store.commit(batch(one, daily("a", 6))).unwrap().new;
    let (_, token) = store.mark_all_read(Place::All, None, NOW).unwrap();
    let purged = store.purge(&ids[2..], NOW).unwrap();
    assert_eq!(purged.articles, 4);
    assert!(store.undo(token).unwrap());
    assert_eq!(
        store.counts().unwrap().all.unread,
        2,
        "what is gone is not counted as unread"
    );
    assert_eq!(store.article(ids[3]).unwrap(), None);
    let again = |store: &Store, days: i64| {
        let committed = store
            .commit(FeedBatch {
                received_at: NOW + days * DAY,
                ..batch(one, daily("a", 6))
            })
            .unwrap();
        assert_eq!((committed.new.len(), committed.unchanged), (0, 6));
        assert_sound(store);
    };
    again(&store, 0);
    again(&store, 300);
    store.finish_indexing().unwrap();
    assert_eq!(store.search("title", 10, 0).unwrap().total, 2);
    store.compact(&none, &[]).unwrap();
    again(&store, 301);
    drop(store);
    let store = open(dir.path());
    again(&store, 302);
    store.snapshot(NOW).unwrap();
    drop(store);
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("db")
        {
            std::fs::remove_dir_all(path).unwrap();
        }
    }
    let rebuilt = rebuild(dir.path(), NOW).unwrap();
    assert_eq!((rebuilt.articles, rebuilt.gaps), (2, 0));
    let store = open(dir.path());
    again(&store, 303);
}

#[test]
fn a_rebuild_does_not_bring_back_purged_articles() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = feed(&store, "https://one");
    let ids = store.commit(batch(one, daily("a", 6))).unwrap().new;
    store.purge(&ids[..3], NOW).unwrap();
    store.snapshot(NOW).unwrap();
    drop(store);
    std::fs::remove_dir_all(dir.path().join("db")).unwrap();
    assert_eq!(rebuild(dir.path(), NOW).unwrap().articles, 3);
    let store = open(dir.path());
    assert_eq!(guids(&store), ["a3", "a4", "a5"]);
    assert_eq!(
        store.commit(batch(one, daily("a", 6))).unwrap().unchanged,
        6
    );
    assert_sound(&store);
}

#[test]
fn a_snapshot_restores_articles_that_were_saved_and_purged_later() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = feed(&store, "https://one");
    let ids = store.commit(batch(one, daily("a", 3))).unwrap().new;
    store.mark(&ids[1..2], SAVE, NOW).unwrap();
    let file = store.snapshot(NOW).unwrap();
    let unsave = Mark {
        read: None,
        saved: Some(false),
    };
    store.mark(&ids[1..2], unsave, NOW).unwrap();
    store.purge(&ids[1..2], NOW).unwrap();
    store.restore(&file, NOW).unwrap();
    assert_eq!(guids(&store), ["a0", "a1", "a2"]);
    store.commit(batch(one, daily("a", 3))).unwrap();
    let saved = ListQuery {
        place: Place::Saved,
        ..ALL
    };
    let rows = store.list(&saved).unwrap().rows;
    let article = store.article(rows[0].id).unwrap().unwrap();
    assert!(article.html.starts_with("<p>a 1"));
    assert_sound(&store);
}

fn picture(n: u8) -> Picture {
    Picture {
        bytes: noise(u64::from(n), 30_000).into_bytes(),
        media_type: "image/png".into(),
        width: 3,
        height: 4,
    }
}

#[test]
fn compaction_frees_space_and_keeps_everything_else() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let pictures = store.pictures();
    let feeds: Vec<FeedId> = (0..4)
        .map(|n| feed(&store, &format!("https://feed/{n}")))
        .collect();
    for (n, id) in feeds.iter().enumerate() {
        let mut articles = daily(&format!("{n}-"), 400);
        for (at, article) in articles.iter_mut().enumerate().take(10) {
            article.pictures = vec![format!("https://p/{n}/{at}")];
        }
        articles[0].pictures = vec!["https://p/shared".into()];
        store.commit(batch(*id, articles)).unwrap();
        for at in 1..10 {
            let url = format!("https://p/{n}/{at}");
            pictures.keep(&url, &picture((n * 10 + at) as u8)).unwrap();
            let small = format!("thumbnail:{url}");
            pictures
                .keep(&small, &picture((n * 10 + at) as u8 + 100))
                .unwrap();
        }
    }
    pictures.keep("https://p/shared", &picture(250)).unwrap();
    pictures.keep("https://p/icon", &picture(251)).unwrap();
    pictures.keep("https://p/nobody", &picture(252)).unwrap();
    store.flush().unwrap();
    let before = store.usage().unwrap();
    let keep = Keep {
        articles: Some(800),
        ..Keep::default()
    };
    // The newest stay; of two feeds none does.
    for id in &feeds[2..] {
        let place = Place::Feed(*id);
        let rows = store.list(&ListQuery { place, ..ALL }).unwrap().rows;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        store.purge(&ids, NOW).unwrap();
    }
    store.retain(&keep, NOW).unwrap();
    let rows = store.list(&ALL).unwrap().rows;
    assert_eq!(rows.len(), 800);
    let texts: Vec<_> = rows
        .iter()
        .map(|row| store.article(row.id).unwrap().unwrap())
        .collect();
    let thumbnail = |url: &str| vec![format!("thumbnail:{url}")];
    // What the index still had to write would count, too.
    store.finish_indexing().unwrap();
    let compacted = store
        .compact(&thumbnail, &["https://p/icon".into()])
        .unwrap();
    assert_eq!(
        compacted.pictures,
        2 * 2 * 9 + 1,
        "those of two feeds, and unused ones"
    );
    let after = store.usage().unwrap();
    assert!(
        after.bytes_bodies < before.bytes_bodies * 6 / 10,
        "{before:?} {after:?}"
    );
    assert!(after.bytes_pictures < before.bytes_pictures * 6 / 10);
    assert!(after.bytes_lists < before.bytes_lists);
    assert_eq!(after.bytes_total, compacted.bytes_after);
    assert!(compacted.bytes_after < compacted.bytes_before);
    let check = |store: &Store| {
        for article in &texts {
            assert_eq!(
                store.article(article.row.id).unwrap().as_ref(),
                Some(article)
            );
        }
        for url in [
            "https://p/shared",
            "https://p/icon",
            "https://p/0/3",
            "thumbnail:https://p/1/9",
        ] {
            let kept = store.pictures().get(PictureId::of_url(url)).unwrap();
            assert!(kept.is_some(), "{url}");
        }
        assert_eq!(
            store
                .pictures()
                .get(PictureId::of_url("https://p/3/3"))
                .unwrap(),
            None
        );
        assert_sound(store);
    };
    check(&store);
    drop(store);
    let store = open(dir.path());
    check(&store);
    assert!(!dir.path().join("db").exists() && dir.path().join("db-2").exists());
    store
        .compact(&thumbnail, &["https://p/icon".into()])
        .unwrap();
    check(&store);
}

#[test]
fn compaction_does_not_block_readers_and_writers() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = feed(&store, "https://one");
    store.commit(batch(one, daily("old", 2_000))).unwrap();
    let stop = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut n = 0;
            while !stop.load(Ordering::Relaxed) {
                let new = store
                    .commit(batch(one, daily(&format!("new{n}-"), 5)))
                    .unwrap();
                store.mark(&new.new[..2], SAVE, NOW + n).unwrap();
                store.mark(&new.new[..3], READ, NOW).unwrap();
                let changed = NewArticle {
                    title: format!("Changed {n}"),
                    ..daily("old", 20).pop().unwrap()
                };
                store.commit(batch(one, vec![changed])).unwrap();
                let wished = format!("{n}");
                store.set_setting("n", &wished).unwrap();
                n += 1;
            }
            n
        });
        let reader = scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let rows = store.list(&ListQuery { limit: 50, ..ALL }).unwrap().rows;
                for row in rows.iter().take(5) {
                    let article = store.article(row.id).unwrap().unwrap();
                    assert!(
                        article.html.len() > 1_000,
                        "a text that is moved can be read all the while"
                    );
                }
            }
        });
        for round in 0..4 {
            let rows = store.list(&ALL).unwrap().rows;
            let old: Vec<_> = rows
                .iter()
                .filter(|row| !row.saved && row.guid.starts_with("old"))
                .map(|row| row.id)
                .rev()
                .take(400)
                .collect();
            store.purge(&old, NOW).unwrap();
            store
                .compact(&none, &[])
                .unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
        stop.store(true, Ordering::Relaxed);
        reader.join().unwrap();
        writer.join().unwrap()
    });
    let look = |store: &Store| {
        let counts = store.counts().unwrap();
        assert_eq!(counts.all.total, 400 + 5 * written as u64);
        assert_eq!(counts.saved, 2 * written as u64);
        assert_eq!(counts.all.unread, 400 + 2 * written as u64);
        let last = format!("{}", written - 1);
        assert_eq!(store.setting("n").unwrap(), Some(last));
        assert_sound(store);
    };
    look(&store);
    drop(store);
    look(&open(dir.path()));
}

#[test]
fn leftovers_of_a_compaction_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    {
        let store = open(path);
        let one = feed(&store, "https://one");
        store.commit(batch(one, daily("a", 3))).unwrap();
    }
    // Killed while it copied.
    std::fs::create_dir(path.join("db-2")).unwrap();
    std::fs::write(path.join("db-2/db"), "half").unwrap();
    assert_eq!(guids(&open(path)).len(), 3);
    assert!(!path.join("db-2").exists());
    // Killed after it switched.
    open(path).compact(&none, &[]).unwrap();
    std::fs::create_dir(path.join("db")).unwrap();
    std::fs::write(path.join("db/db"), "old").unwrap();
    let store = open(path);
    assert_eq!(guids(&store).len(), 3);
    assert!(!path.join("db").exists() && path.join("db-2").exists());
    drop(store);
    // The marker is lost: with a single folder the generation is clear.
    std::fs::remove_file(path.join("generation")).unwrap();
    assert_eq!(guids(&open(path)).len(), 3);
    std::fs::remove_file(path.join("generation")).unwrap();
    std::fs::create_dir(path.join("db-7")).unwrap();
    assert!(
        crate::open_result(path).is_err(),
        "nothing is deleted by guessing"
    );
    assert!(path.join("db-2").exists());
    assert_eq!(rebuild(path, NOW).unwrap().articles, 3);
    assert_eq!(guids(&open(path)).len(), 3);
}

#[test]
fn disk_usage_is_reported_by_feed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (feed(&store, "https://one"), feed(&store, "https://two"));
    store.commit(batch(one, daily("a", 30))).unwrap();
    store.commit(batch(two, daily("b", 10))).unwrap();
    let usage = store.usage().unwrap();
    assert_eq!((usage.articles, usage.bytes_dead), (40, 0));
    let of = |at: usize| (usage.feeds[at].feed, usage.feeds[at].articles);
    assert_eq!((of(0), of(1)), ((one, 30), (two, 10)));
    assert_eq!(
        usage.feeds[0].bytes + usage.feeds[1].bytes,
        usage.bytes_bodies
    );
    let changed = daily("a", 30)
        .into_iter()
        .map(|article| NewArticle {
            title: "Changed".into(),
            ..article
        })
        .collect();
    store
        .commit(FeedBatch {
            feed: one,
            facts: FeedFacts::default(),
            articles: changed,
            received_at: NOW,
        })
        .unwrap();
    let usage = store.usage().unwrap();
    assert!(usage.bytes_dead > usage.bytes_bodies / 3, "{usage:?}");
    store.compact(&none, &[]).unwrap();
    assert_eq!(store.usage().unwrap().bytes_dead, 0);
}

#[test]
fn a_long_log_is_compacted_on_closing() {
    // sled names its snapshots after the log offset that they cover.
    let summed_up = |dir: &std::path::Path| {
        let files = std::fs::read_dir(dir.join("db")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let reach =
            names.filter_map(|name| i64::from_str_radix(name.strip_prefix("snap.")?, 16).ok());
        reach.max().unwrap_or(-1)
    };
    for (long_log, expected) in [(u64::MAX, false), (100, true)] {
        let dir = tempfile::tempdir().unwrap();
        let options = warta_store::Options {
            automatic_snapshots: false,
            long_log,
            ..Default::default()
        };
        let store = Store::open_with(dir.path(), options).unwrap();
        let id = feed(&store, "https://a.example/feed");
        let at_first = summed_up(dir.path());
        store.commit(batch(id, daily("a", 200))).unwrap();
        drop(store);
        assert_eq!(summed_up(dir.path()) > at_first, expected);
        let store = open(dir.path());
        assert_eq!(guids(&store).len(), 200);
    }
}
