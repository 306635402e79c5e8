//! Full texts and packs: what they change in lists, that they survive reopening, compaction, rebuild
//! and retention, and are removed with their owners.
use warta_store::{
    ArticleId, Feed, FullText, FullTextState, Keep, ListQuery, Pack, PackPart, PackState,
    PackedArticle, Picture, PictureState, Place, ProblemCode, Retention, Store, rebuild,
};

use crate::{NOW, article, assert_sound, batch, feed, open};

fn page(words: u32, text: &str) -> FullText {
    FullText {
        url: "https://example.org/penuh".into(),
        fetched_at: NOW,
        html: format!("<p>{text}</p>"),
        word_count: words,
        lead_picture: Some("https://p/besar".into()),
        pictures: vec!["https://p/besar".into(), "https://p/dua".into()],
        is_better: true,
        ..FullText::default()
    }
}

fn pack() -> Pack {
    Pack {
        id: 0,
        name: "Kereta".into(),
        made_at: NOW,
        wish: "{}".into(),
        state: PackState::Running,
        done_at: None,
        wire_bytes: 0,
    }
}

fn stored(store: &Store, guids: &[&str]) -> Vec<ArticleId> {
    let id = feed(store, "https://feed/1");
    let articles = guids.iter().map(|guid| article(guid, NOW)).collect();
    store.commit(batch(id, articles)).unwrap().new
}

fn finds(store: &Store, query: &str) -> usize {
    store.finish_indexing().unwrap();
    store.search(query, 10, 0).unwrap().total
}

#[test]
fn a_full_text_is_shown_found_and_can_be_reverted() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = stored(&store, &["a"])[0];
    assert_eq!(store.full_text().state(id).unwrap(), FullTextState::Unknown);
    assert_eq!(finds(&store, "gemilang"), 0);
    store
        .full_text()
        .keep(id, &page(900, "Kata gemilang."))
        .unwrap();
    let row = &store.rows(&[id]).unwrap()[0];
    assert_eq!(row.word_count, 900, "lists tell the length of what shows");
    assert_eq!(row.lead_picture.as_deref(), Some("https://p/besar"));
    assert_eq!(finds(&store, "gemilang"), 1, "by a word only the page has");
    assert_eq!(finds(&store, "\"text of a\""), 1, "and by the feed's");
    store.full_text().choose(id, false).unwrap();
    assert_eq!(store.rows(&[id]).unwrap()[0].word_count, 0);
    assert_eq!(
        finds(&store, "gemilang"),
        0,
        "only the shown text is searched"
    );
    // A refetched page keeps the reader's choice.
    store
        .full_text()
        .keep(id, &page(901, "Kata gemilang lagi."))
        .unwrap();
    let state = store.full_text().state(id).unwrap();
    assert!(
        matches!(
            state,
            FullTextState::Kept {
                word_count: 901,
                shows: false,
                ..
            }
        ),
        "{state:?}"
    );
    assert_sound(&store);
}

#[test]
fn a_failure_is_recorded_but_keeps_the_text() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = stored(&store, &["a"])[0];
    store
        .full_text()
        .set_failed(id, ProblemCode::DisallowedByRobots, "robots", NOW)
        .unwrap();
    assert!(matches!(
        store.full_text().state(id).unwrap(),
        FullTextState::Failed { code, .. } if code == ProblemCode::DisallowedByRobots
    ));
    store.full_text().keep(id, &page(10, "Ada.")).unwrap();
    store
        .full_text()
        .set_failed(id, ProblemCode::TimedOut, "", NOW)
        .unwrap();
    assert!(store.full_text().get(id).unwrap().is_some());
    assert_sound(&store);
}

#[test]
fn pages_outlive_reopening_compacting_and_rebuilding() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let ids = stored(&store, &["a", "b", "c"]);
    for id in &ids {
        store
            .full_text()
            .keep(*id, &page(500, &format!("Teks {}.", id.0)))
            .unwrap();
        store
            .full_text()
            .keep(*id, &page(501, &format!("Teks baru {}.", id.0)))
            .unwrap();
    }
    store.full_text().choose(ids[1], false).unwrap();
    let picture = Picture {
        bytes: vec![7; 100],
        media_type: "image/png".into(),
        width: 1,
        height: 1,
    };
    store.pictures().keep("https://p/dua", &picture).unwrap();
    store.compact(&|_| Vec::new(), &[]).unwrap();
    assert_eq!(
        store.pictures().state("https://p/dua").unwrap(),
        PictureState::Kept,
        "pictures that only a page names are kept"
    );
    let looked = |store: &Store| {
        for id in &ids {
            let text = store.full_text().get(*id).unwrap().unwrap();
            assert_eq!(text.html, format!("<p>Teks baru {}.</p>", id.0));
            let FullTextState::Kept { shows, .. } = store.full_text().state(*id).unwrap() else {
                panic!("the page of {} is gone", id.0);
            };
            assert_eq!(shows, *id != ids[1], "the reader's choice stays");
        }
        assert_sound(store);
    };
    looked(&store);
    drop(store);
    let store = open(dir.path());
    looked(&store);
    drop(store);
    rebuild(dir.path(), NOW).unwrap();
    looked(&open(dir.path()));
}

#[test]
fn a_full_text_is_purged_with_its_article() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let ids = stored(&store, &["a", "b"]);
    store
        .full_text()
        .keep(ids[0], &page(500, "Pergi."))
        .unwrap();
    store.purge(&ids[..1], NOW).unwrap();
    assert_eq!(
        store.full_text().state(ids[0]).unwrap(),
        FullTextState::Unknown
    );
    assert!(store.full_text().keep(ids[0], &page(1, "x")).is_err());
    assert_sound(&store);
}

#[test]
fn a_pack_exempts_its_articles_from_retention() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let ids = stored(&store, &["a", "b", "c"]);
    let pack = store.packs().add(pack(), &ids[..2]).unwrap();
    let nothing = Keep {
        each_feed: Retention {
            days: Some(0),
            articles: Some(0),
        },
        articles: Some(0),
        bytes: Some(0),
        unread: false,
    };
    let later = NOW + 400 * 86_400;
    assert_eq!(store.retain(&nothing, later).unwrap().articles, 1);
    store.purge(&ids, later).unwrap();
    assert_eq!(store.rows(&ids).unwrap().len(), 2);
    assert!(store.packs().contains(ids[0]));
    drop(store);
    let store = open(dir.path());
    store.purge(&ids, later).unwrap();
    assert_eq!(store.rows(&ids).unwrap().len(), 2, "after a restart too");
    let undo = store.packs().remove(pack.id).unwrap();
    assert!(store.undo(undo).unwrap(), "and after an undo");
    store.purge(&ids, later).unwrap();
    assert_eq!(store.rows(&ids).unwrap().len(), 2);
    store.packs().remove(pack.id).unwrap();
    store.purge(&ids, later).unwrap();
    assert_eq!(store.rows(&ids).unwrap().len(), 0);
    assert_sound(&store);
}

#[test]
fn a_pack_survives_the_removal_of_its_feeds() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let ids = stored(&store, &["a", "b"]);
    let pack = store.packs().add(pack(), &ids[..1]).unwrap();
    let id = store
        .feeds()
        .unwrap()
        .first()
        .map(|feed: &Feed| feed.id)
        .unwrap();
    store.remove_feed(id, NOW).unwrap();
    drop(store);
    let store = open(dir.path());
    assert!(
        store.article(ids[0]).unwrap().is_some(),
        "packed articles can be opened"
    );
    assert!(
        store.article(ids[1]).unwrap().is_none(),
        "others are removed with their feed"
    );
    let all = ListQuery {
        place: Place::All,
        unread_only: false,
        before: None,
        limit: 10,
    };
    assert_eq!(store.list(&all).unwrap().rows.len(), 0, "no list shows it");
    assert_sound(&store);
    store.packs().remove(pack.id).unwrap();
    assert!(store.article(ids[0]).unwrap().is_none());
    drop(store);
    let store = open(dir.path());
    assert_sound(&store);
}

#[test]
fn the_progress_of_a_pack_survives_reopening_and_rebuilding() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let ids = stored(&store, &["a", "b", "c"]);
    let made = store.packs().add(pack(), &ids).unwrap();
    let tried = PackedArticle {
        article: ids[1],
        tried: true,
        pictures: 2,
        bytes: 5_000,
        lacks: vec![(PackPart::Text, ProblemCode::DisallowedByRobots)],
    };
    store.packs().set_article(made.id, &tried, 700).unwrap();
    store.packs().take_out(made.id, &ids[2..]).unwrap();
    store.packs().extend(made.id, &ids[2..]).unwrap();
    assert!(store.packs().contains(ids[2]));
    store.packs().take_out(made.id, &ids[2..]).unwrap();
    let looked = |store: &Store| {
        let packed = store.packs().articles(made.id).unwrap();
        assert_eq!(packed, [PackedArticle::waiting(ids[0]), tried.clone()]);
        assert_eq!(store.packs().get(made.id).unwrap().unwrap().wire_bytes, 700);
        assert!(!store.packs().contains(ids[2]));
        assert_sound(store);
    };
    looked(&store);
    drop(store);
    looked(&open(dir.path()));
    rebuild(dir.path(), NOW).unwrap();
    let store = open(dir.path());
    looked(&store);
    let next = store.packs().add(pack(), &ids[..1]).unwrap();
    assert_eq!(next.id, made.id + 1, "ids are not reused");
}

#[test]
fn the_oldest_pictures_are_removed_except_those_of_saved_or_packed_articles() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://feed/1");
    let articles = (0..6)
        .map(|n| {
            let mut article = article(&format!("{n}"), NOW - 1_000 + n);
            article.pictures = vec![format!("https://p/{n}")];
            article
        })
        .collect();
    let ids = store.commit(batch(id, articles)).unwrap().new;
    for n in 0..6_u8 {
        let picture = Picture {
            bytes: vec![n; 10_000],
            media_type: "image/png".into(),
            width: 1,
            height: 1,
        };
        store
            .pictures()
            .keep(&format!("https://p/{n}"), &picture)
            .unwrap();
    }
    let saved = warta_store::Mark {
        read: None,
        saved: Some(true),
    };
    store.mark(&ids[..1], saved, NOW).unwrap();
    store.packs().add(pack(), &ids[1..2]).unwrap();
    let kept = |store: &Store| -> Vec<u8> {
        (0..6)
            .filter(|n| {
                let state = store.pictures().state(&format!("https://p/{n}")).unwrap();
                state == PictureState::Kept
            })
            .collect()
    };
    assert_eq!(store.make_room(100_000, &|_| Vec::new(), &[]).unwrap(), 0);
    assert_eq!(kept(&store), [0, 1, 2, 3, 4, 5], "there is room");
    assert!(store.make_room(48_000, &|_| Vec::new(), &[]).unwrap() >= 20_000);
    assert_eq!(kept(&store), [0, 1, 4, 5], "the oldest of the others go");
    store
        .make_room(1, &|_| Vec::new(), &["https://p/5".into()])
        .unwrap();
    assert_eq!(kept(&store), [0, 1, 5], "pictures in `also` are kept");
    store
        .forget_pictures(&|_| Vec::new(), &[], NOW + 1)
        .unwrap();
    assert_eq!(kept(&store), [0, 1], "by age, too");
    assert_sound(&store);
}
