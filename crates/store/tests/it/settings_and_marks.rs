//! The engine's own records, marks that an article is committed with, and the removal of pictures.
use warta_store::{ListQuery, Mark, NewArticle, Picture, PictureState, Place};

use crate::{NOW, article, assert_sound, batch, feed, open};

const DAY: i64 = 86_400;

#[test]
fn settings_are_stored_together_listed_by_prefix_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let put = |name: &str, json: Option<&str>| (name.to_owned(), json.map(str::to_owned));
    let records = [
        put("own/a/1", Some("1")),
        put("own/a/2", Some("2")),
        put("rule/1", Some("r")),
    ];
    store.set_settings(&records).unwrap();
    store
        .set_settings(&[put("own/a/1", None), put("own/a/3", Some("3"))])
        .unwrap();
    drop(store);
    let store = open(dir.path());
    let names = |prefix| -> Vec<String> {
        let found = store.settings_under(prefix).unwrap();
        found.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names("own/a/"), ["own/a/2", "own/a/3"]);
    assert_eq!(names("rule/"), ["rule/1"]);
    let snapshot = store.snapshot(NOW).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let other = open(elsewhere.path());
    other.restore(&snapshot, NOW).unwrap();
    assert_eq!(other.settings_under("rule/").unwrap().len(), 1);
    assert!(
        other.settings_under("own/").unwrap().is_empty(),
        "in another store the ids belong to other articles"
    );
}

#[test]
fn an_article_can_be_committed_as_saved_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://feed/1");
    let saved = || NewArticle {
        saved: true,
        ..article("a", NOW)
    };
    let committed = store.commit(batch(id, vec![saved()])).unwrap();
    assert_eq!(store.counts().unwrap().saved, 1);
    let unsave = Mark {
        read: None,
        saved: Some(false),
    };
    store.mark(&committed.new, unsave, NOW).unwrap();
    let again = store.commit(batch(id, vec![saved()])).unwrap();
    assert_eq!((again.new.len(), again.unchanged), (0, 1));
    assert_eq!(
        store.counts().unwrap().saved,
        0,
        "a later change by the reader is kept"
    );
    assert_sound(&store);
}

#[test]
fn mark_read_can_be_undone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://feed/1");
    let articles = (0..4).map(|n| article(&n.to_string(), NOW - n)).collect();
    let ids = store.commit(batch(id, articles)).unwrap().new;
    store.mark_read(&ids[..1]).unwrap();
    let (changed, undo) = store.mark_read(&ids[..3]).unwrap();
    assert_eq!(changed.len(), 2, "one of them was read before");
    let numbers: Vec<u64> = ids.iter().map(|id| id.0).collect();
    assert_eq!(store.unread_among(&numbers), 1);
    assert!(store.undo(undo).unwrap());
    assert_eq!(store.unread_among(&numbers), 3);
    assert_sound(&store);
}

#[test]
fn pictures_of_old_articles_are_removed_except_those_of_saved_ones() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://feed/1");
    let articles = (0..4)
        .map(|n| NewArticle {
            pictures: vec![format!("https://p/{n}"), "https://p/shared".into()],
            ..article(&n.to_string(), NOW - n * DAY)
        })
        .collect();
    let ids = store.commit(batch(id, articles)).unwrap().new;
    let names = ["0", "1", "2", "3", "shared", "icon"];
    for (n, name) in names.iter().enumerate() {
        let picture = Picture {
            bytes: vec![n as u8; 2_000],
            media_type: "image/png".into(),
            width: 9,
            height: 9,
        };
        store
            .pictures()
            .keep(&format!("https://p/{name}"), &picture)
            .unwrap();
    }
    let save = Mark {
        read: None,
        saved: Some(true),
    };
    store.mark(&ids[3..], save, NOW).unwrap();
    let gone = store
        .forget_pictures(&|_| Vec::new(), &["https://p/icon".into()], NOW - DAY)
        .unwrap();
    assert_eq!(gone, 1);
    for (name, kept) in names.iter().zip([true, true, false, true, true, true]) {
        let state = store
            .pictures()
            .state(&format!("https://p/{name}"))
            .unwrap();
        assert_eq!(state == PictureState::Kept, kept, "{name}");
    }
    let all = ListQuery {
        place: Place::All,
        unread_only: false,
        before: None,
        limit: 10,
    };
    assert_eq!(store.list(&all).unwrap().rows.len(), 4, "articles stay");
    assert_sound(&store);
}
