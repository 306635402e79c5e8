//! Storing, listing, marking, subscribing, before and after reopening.
use warta_store::{
    Added, ArticleId, Cursor, Enclosure, FeedId, Forward, ForwardState, ListQuery, Mark,
    NewArticle, NewFeed, Page, Picture, PictureId, PictureState, Place, Store, StoreError,
};

use crate::{NOW, article, assert_sound, batch, feed, open};

fn list(store: &Store, place: Place) -> Vec<String> {
    guids(&page(store, place, false, None, 1_000))
}

fn unread(store: &Store, place: Place) -> Vec<String> {
    guids(&page(store, place, true, None, 1_000))
}

fn page(
    store: &Store,
    place: Place,
    unread_only: bool,
    before: Option<Cursor>,
    limit: usize,
) -> Page {
    store
        .list(&ListQuery {
            place,
            unread_only,
            before,
            limit,
        })
        .expect("the list is there")
}

fn guids(page: &Page) -> Vec<String> {
    page.rows.iter().map(|row| row.guid.clone()).collect()
}

#[test]
fn an_article_survives_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let full = NewArticle {
        guid: "g".into(),
        url: Some("https://example.org/g".into()),
        title: "Banjir di kota".into(),
        authors: vec!["A".into(), "B".into()],
        published: Some(NOW - 50),
        updated: Some(NOW - 40),
        language: Some("id".into()),
        right_to_left: false,
        dateline: Some("JAKARTA (WARTA)".into()),
        excerpt: "Air naik".into(),
        word_count: 2,
        html: format!("<p>{}</p>", "Air naik. ".repeat(500)),
        lead_picture: Some("https://example.org/p.jpg".into()),
        pictures: vec![
            "https://example.org/p.jpg".into(),
            "https://example.org/q.jpg".into(),
        ],
        enclosures: vec![Enclosure {
            url: "https://example.org/a.mp3".into(),
            media_type: Some("audio/mpeg".into()),
            length: Some(9),
            duration_seconds: Some(61),
            title: Some("Episode".into()),
        }],
        categories: vec!["Kota".into()],
        source: Some("Sumber".into()),
        comments: Some("https://example.org/g#c".into()),
        read: false,
        saved: false,
        chapters: Some("https://example.org/chapters.json".into()),
        link_is_redirect: true,
        note: None,
    };
    let (id, before) = {
        let store = open(dir.path());
        let feed = feed(&store, "https://example.org/feed");
        let committed = store.commit(batch(feed, vec![full.clone()])).unwrap();
        let mark = Mark {
            read: Some(true),
            saved: Some(true),
        };
        assert_eq!(store.mark(&committed.new, mark, NOW + 5).unwrap(), 1);
        assert_eq!(
            store.mark(&committed.new, mark, NOW + 6).unwrap(),
            0,
            "nothing is left to do"
        );
        (
            committed.new[0],
            store.article(committed.new[0]).unwrap().unwrap(),
        )
    };
    let store = open(dir.path());
    let after = store.article(id).unwrap().unwrap();
    assert_eq!(after, before);
    assert_eq!(after.html, full.html);
    assert_eq!(after.pictures, full.pictures);
    assert_eq!(after.enclosures, full.enclosures);
    assert_eq!(after.categories, full.categories);
    assert_eq!(after.comments, full.comments);
    assert_eq!(after.chapters, full.chapters);
    assert!(after.row.link_is_redirect);
    assert_eq!(after.row.title, full.title);
    assert_eq!(after.row.saved_at, Some(NOW + 5));
    assert!(after.row.read && after.row.saved);
    assert_eq!(store.rows(&[id, ArticleId(99)]).unwrap(), [after.row]);
    assert_sound(&store);
}

#[test]
fn the_same_guid_is_the_same_article() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (feed(&store, "https://one"), feed(&store, "https://two"));
    let first = store
        .commit(batch(one, vec![article("a", NOW), article("a", NOW - 9)]))
        .unwrap();
    assert_eq!(first.new.len(), 1, "twice in one document is once");
    let again = store.commit(batch(one, vec![article("a", NOW)])).unwrap();
    assert_eq!(
        (again.new.len(), again.updated.len(), again.unchanged),
        (0, 0, 1)
    );
    let read = NewArticle {
        read: true,
        ..article("a", NOW)
    };
    let again = store.commit(batch(one, vec![read])).unwrap();
    assert_eq!(
        again.unchanged, 1,
        "the read flag does not count as changed content"
    );
    store
        .mark(
            &first.new,
            Mark {
                read: Some(true),
                saved: Some(true),
            },
            NOW,
        )
        .unwrap();
    let changed = NewArticle {
        html: "<p>corrected</p>".into(),
        ..article("a", NOW - 500)
    };
    let updated = store.commit(batch(one, vec![changed])).unwrap();
    assert_eq!(updated.updated, first.new);
    let article_now = store.article(first.new[0]).unwrap().unwrap();
    assert_eq!(article_now.html, "<p>corrected</p>");
    assert_eq!(article_now.row.time, NOW, "its place in lists stays");
    assert!(
        article_now.row.read && article_now.row.saved,
        "its status stays"
    );
    let other = store.commit(batch(two, vec![article("a", NOW)])).unwrap();
    assert_eq!(other.new.len(), 1, "another feed's guid is another article");
    assert_sound(&store);
}

#[test]
fn the_time_of_an_article_is_never_in_the_future() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://one");
    for (at, (published, time)) in [
        (Some(NOW - 5), NOW - 5),
        (None, NOW),
        (Some(NOW + 60), NOW),
        (Some(NOW + 90_000), NOW),
        (Some(-5), -5),
    ]
    .into_iter()
    .enumerate()
    {
        let new = NewArticle {
            published,
            ..article(&at.to_string(), NOW)
        };
        let committed = store.commit(batch(id, vec![new])).unwrap();
        let row = &store.rows(&committed.new).unwrap()[0];
        assert_eq!((row.time, row.published), (time, published));
    }
}

#[test]
fn lists_are_ordered_and_pages_are_contiguous() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let folder = store.folders().named("Berita").unwrap();
    assert_eq!(store.folders().named(" Berita ").unwrap(), folder);
    let (one, two) = (feed(&store, "https://one"), feed(&store, "https://two"));
    store
        .update_feed(one, &mut |feed| feed.folder = Some(folder))
        .unwrap();
    let of = |name: &str, times: &[i64]| {
        times
            .iter()
            .map(|t| article(&format!("{name}{t}"), NOW - t))
            .collect::<Vec<_>>()
    };
    store.commit(batch(one, of("a", &[1, 3, 5, 7]))).unwrap();
    store.commit(batch(two, of("b", &[2, 4, 4, 6]))).unwrap();
    assert_eq!(
        list(&store, Place::All),
        ["a1", "b2", "a3", "b4", "a5", "b6", "a7"]
    );
    assert_eq!(
        list(&store, Place::Folder(folder)),
        ["a1", "a3", "a5", "a7"]
    );
    assert_eq!(list(&store, Place::Feed(two)), ["b2", "b4", "b6"]);
    assert_eq!(
        list(&store, Place::Since(NOW - 4)),
        ["a1", "b2", "a3", "b4"]
    );
    let mut walked = Vec::new();
    let mut before = None;
    loop {
        let page = page(&store, Place::All, false, before, 2);
        walked.extend(guids(&page));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(
        walked,
        list(&store, Place::All),
        "pages make the whole list"
    );
    let count = store.count_since(NOW - 4).unwrap();
    assert_eq!((count.total, count.unread), (4, 4));
    assert!(page(&store, Place::All, false, None, 0).rows.is_empty());
    for place in [
        Place::Feed(FeedId(77)),
        Place::Folder(warta_store::FolderId(77)),
    ] {
        let query = ListQuery {
            place,
            unread_only: false,
            before: None,
            limit: 1,
        };
        assert!(matches!(store.list(&query), Err(StoreError::NotFound(_))));
    }
    store.folders().remove(folder).unwrap();
    assert_eq!(store.feed(one).unwrap().unwrap().folder, None);
    assert_sound(&store);
}

#[test]
fn a_removed_folder_comes_back_with_its_feeds() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let folder = store.folders().named("Berita").unwrap();
    let other = store.folders().named("Lain").unwrap();
    let feeds: Vec<FeedId> = (0..3)
        .map(|n| feed(&store, &format!("https://feed/{n}")))
        .collect();
    let put = |feed: FeedId, folder| {
        store
            .update_feed(feed, &mut |feed| feed.folder = folder)
            .unwrap();
    };
    let folder_of = |feed: FeedId| store.feed(feed).unwrap().unwrap().folder;
    for feed in &feeds {
        put(*feed, Some(folder));
    }
    let token = store.folders().remove(folder).unwrap();
    assert_eq!(store.folders().all().unwrap().len(), 1);
    put(feeds[2], Some(other));
    assert!(store.undo(token).unwrap());
    assert_eq!(store.folders().all().unwrap()[0].name, "Berita");
    assert_eq!(folder_of(feeds[0]), Some(folder));
    assert_eq!(
        folder_of(feeds[2]),
        Some(other),
        "what the reader moved since stays there"
    );
    let token = store.folders().remove(folder).unwrap();
    let again = store.folders().named("Berita").unwrap();
    assert!(store.undo(token).unwrap());
    assert_eq!(
        store.folders().all().unwrap().len(),
        2,
        "no name is there twice"
    );
    assert_eq!(folder_of(feeds[1]), Some(again));
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.feed(feeds[1]).unwrap().unwrap().folder, Some(again));
    assert_sound(&store);
}

#[test]
fn searches_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let first = store
        .saved_searches()
        .save(" Banjir ", "banjir is:unread")
        .unwrap();
    let second = store.saved_searches().save("Beras", "harga beras").unwrap();
    let renamed = store
        .saved_searches()
        .save("Air", "banjir is:unread")
        .unwrap();
    assert_eq!((first.name.as_str(), renamed.id), ("Banjir", first.id));
    assert!(store.saved_searches().save("", "x").is_err());
    let file = store.snapshot(NOW).unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(
        store.saved_searches().all().unwrap(),
        [renamed.clone(), second]
    );
    store.saved_searches().remove(first.id).unwrap();
    assert!(store.saved_searches().remove(first.id).is_err());
    assert_eq!(store.restore(&file, NOW).unwrap().searches, 1);
    assert_eq!(store.saved_searches().all().unwrap().len(), 2);
    assert_sound(&store);
}

#[test]
fn marking_all_read_can_be_undone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = feed(&store, "https://one");
    let articles = (0..10).map(|n| article(&n.to_string(), NOW - n)).collect();
    let ids = store.commit(batch(one, articles)).unwrap().new;
    let read = Mark {
        read: Some(true),
        saved: None,
    };
    store.mark(&ids[5..6], read, NOW).unwrap();
    let newest = Cursor {
        time: NOW - 3,
        id: ids[3],
    };
    let (changed, token) = store.mark_all_read(Place::All, Some(newest), NOW).unwrap();
    assert_eq!(changed, 6, "3, 4, 6, 7, 8 and 9");
    assert_eq!(unread(&store, Place::All), ["0", "1", "2"]);
    assert_eq!(store.counts().unwrap().all.unread, 3);
    assert!(store.undo(token).unwrap());
    assert!(!store.undo(token).unwrap(), "once only");
    assert_eq!(
        unread(&store, Place::All).len(),
        9,
        "what was read before stays read"
    );
    let (changed, _) = store.mark_all_read(Place::Feed(one), None, NOW).unwrap();
    assert_eq!(changed, 9);
    assert!(unread(&store, Place::All).is_empty());
    let mut last = None;
    for _ in 0..60 {
        last = Some(store.mark_all_read(Place::Saved, None, NOW).unwrap().1);
    }
    assert!(!store.undo(token).unwrap());
    assert!(store.undo(last.unwrap()).unwrap());
    drop(store);
    let store = open(dir.path());
    assert!(unread(&store, Place::All).is_empty());
    assert_sound(&store);
}

#[test]
fn saved_is_in_the_order_of_saving() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let one = feed(&store, "https://one");
    let articles = (0..4).map(|n| article(&n.to_string(), NOW - n)).collect();
    let ids = store.commit(batch(one, articles)).unwrap().new;
    for (at, n) in [2_usize, 0, 3].into_iter().enumerate() {
        let mark = Mark {
            read: None,
            saved: Some(true),
        };
        store.mark(&ids[n..=n], mark, NOW + at as i64).unwrap();
    }
    assert_eq!(list(&store, Place::Saved), ["3", "0", "2"]);
    let first = page(&store, Place::Saved, false, None, 1);
    let second = page(&store, Place::Saved, false, first.next, 1);
    assert_eq!(guids(&second), ["0"]);
    store
        .mark(
            &ids[..1],
            Mark {
                read: Some(true),
                saved: None,
            },
            NOW,
        )
        .unwrap();
    assert_eq!(unread(&store, Place::Saved), ["3", "2"]);
    assert_eq!(store.counts().unwrap().saved, 3);
    store
        .mark(
            &ids[..1],
            Mark {
                read: None,
                saved: Some(false),
            },
            NOW,
        )
        .unwrap();
    assert_eq!(list(&store, Place::Saved), ["3", "2"]);
    assert_sound(&store);
}

#[test]
fn a_removed_feed_is_hidden_restored_and_purged() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (feed(&store, "https://one"), feed(&store, "https://two"));
    let ids = store
        .commit(batch(one, vec![article("a", NOW)]))
        .unwrap()
        .new;
    store.commit(batch(two, vec![article("b", NOW)])).unwrap();
    store
        .mark(
            &ids,
            Mark {
                read: None,
                saved: Some(true),
            },
            NOW,
        )
        .unwrap();
    let token = store.remove_feed(one, NOW).unwrap();
    assert_eq!(list(&store, Place::All), ["b"]);
    assert!(list(&store, Place::Saved).is_empty());
    assert_eq!(store.article(ids[0]).unwrap(), None);
    assert_eq!(store.feeds().unwrap().len(), 1);
    assert_eq!(store.counts().unwrap().saved, 0);
    assert!(store.commit(batch(one, vec![])).is_err());
    assert!(store.undo(token).unwrap());
    assert_eq!(list(&store, Place::Saved), ["a"]);
    store.remove_feed(one, NOW).unwrap();
    assert_sound(&store);
    let again = store.add_feeds(
        &[NewFeed {
            url: "https://one".into(),
            ..NewFeed::default()
        }],
        NOW,
    );
    assert_eq!(
        again.unwrap(),
        [Added::New(one)],
        "subscribing again at once brings all back"
    );
    assert_eq!(list(&store, Place::Saved), ["a"]);
    store.remove_feed(one, NOW).unwrap();
    drop(store);
    let store = open(dir.path());
    assert_eq!(list(&store, Place::All), ["b"]);
    for _ in 0..20 {
        // Before, while and after the purge.
        assert_sound(&store);
    }
    let new = feed(&store, "https://one");
    assert_ne!(new, one);
    let committed = store.commit(batch(new, vec![article("a", NOW)])).unwrap();
    assert_eq!(committed.new.len(), 1, "what was purged can come again");
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.usage().unwrap().articles, 2);
    assert_sound(&store);
}

#[test]
fn pictures_are_kept_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let picture = Picture {
        bytes: vec![7; 50_000],
        media_type: "image/png".into(),
        width: 5,
        height: 6,
    };
    assert_eq!(
        store.pictures().state("https://p/1").unwrap(),
        PictureState::Unknown
    );
    store
        .pictures()
        .set_failed("https://p/1", "404", NOW)
        .unwrap();
    let failed = PictureState::Failed("404".into(), NOW);
    assert_eq!(store.pictures().state("https://p/1").unwrap(), failed);
    let id = store.pictures().keep("https://p/1", &picture).unwrap();
    assert_eq!(id, PictureId::of_url("https://p/1"));
    assert_eq!(PictureId::parse(&id.to_string()), Some(id));
    assert_eq!(PictureId::parse("+123456789012345678901234567890ab"), None);
    let other = store.pictures().keep("https://p/2", &picture).unwrap();
    let used = store.usage().unwrap().bytes_pictures;
    assert!(used < 60_000, "the same bytes lie there once: {used}");
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.pictures().get(id).unwrap(), Some(picture.clone()));
    assert_eq!(store.pictures().get(other).unwrap(), Some(picture));
    assert_eq!(
        store.pictures().state("https://p/1").unwrap(),
        PictureState::Kept
    );
    assert_eq!(store.pictures().get(PictureId([9; 16])).unwrap(), None);
    assert_sound(&store);
}

#[test]
fn settings_and_forwards_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.set_setting("theme", "\"dark\"").unwrap();
    let forward = |article| Forward {
        id: 0,
        at: NOW,
        article,
        channel: "whatsapp".into(),
        title: "T".into(),
        message: "M".into(),
        target: None,
        state: ForwardState::Waiting,
    };
    let first = store
        .forwards()
        .append(forward(Some(ArticleId(3))))
        .unwrap();
    let second = store.forwards().append(forward(None)).unwrap();
    store
        .forwards()
        .set_state(first, ForwardState::Opened)
        .unwrap();
    assert!(
        store
            .forwards()
            .set_state(99, ForwardState::Opened)
            .is_err()
    );
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.setting("theme").unwrap().as_deref(), Some("\"dark\""));
    assert_eq!(store.setting("other").unwrap(), None);
    let ids: Vec<u64> = store
        .forwards()
        .list(None, 10)
        .unwrap()
        .iter()
        .map(|f| f.id)
        .collect();
    assert_eq!(ids, [second, first]);
    let of_article = store.forwards().list(Some(ArticleId(3)), 10).unwrap();
    assert_eq!(of_article.len(), 1);
    assert_eq!(of_article[0].state, ForwardState::Opened);
}

#[test]
fn subscriptions_are_checked() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (feed(&store, "https://one"), feed(&store, "https://two"));
    assert_eq!(feed(&store, "https://one"), one);
    let taken = store.update_feed(two, &mut |feed| feed.url = "https://one".into());
    assert!(matches!(taken, Err(StoreError::Invalid(_))));
    let nowhere = store.update_feed(two, &mut |feed| {
        feed.folder = Some(warta_store::FolderId(9));
    });
    assert!(matches!(nowhere, Err(StoreError::NotFound("folder"))));
    let moved = store
        .update_feed(two, &mut |feed| {
            feed.url = "https://three".into();
            feed.id = FeedId(500);
        })
        .unwrap();
    assert_eq!((moved.id, moved.url.as_str()), (two, "https://three"));
    assert_ne!(
        feed(&store, "https://two"),
        two,
        "the old address is free again"
    );
    let (a, b) = (
        store.folders().named("A").unwrap(),
        store.folders().named("B").unwrap(),
    );
    assert!(store.folders().rename(a, "B").is_err());
    store.folders().rename(a, "C").unwrap();
    let names: Vec<String> = store
        .folders()
        .all()
        .unwrap()
        .into_iter()
        .map(|f| f.name)
        .collect();
    assert_eq!(names, ["C", "B"]);
    assert!(store.folders().named("  ").is_err());
    store.folders().remove(b).unwrap();
    assert!(store.folders().remove(b).is_err());
    assert_sound(&store);
}

#[test]
fn many_small_commits_are_merged_losslessly() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (feed(&store, "https://one"), feed(&store, "https://two"));
    for n in 0..40 {
        let feed = if n % 4 == 0 { two } else { one };
        store
            .commit(batch(feed, vec![article(&n.to_string(), NOW - n)]))
            .unwrap();
    }
    let before = list(&store, Place::All);
    for _ in 0..3 {
        drop(store.clone());
    }
    drop(store);
    for _ in 0..3 {
        let store = open(dir.path());
        assert_eq!(list(&store, Place::All), before);
        assert_sound(&store);
        let again = store
            .commit(batch(one, vec![article("1", NOW - 1)]))
            .unwrap();
        assert_eq!(again.unchanged, 1, "what was merged is still known");
    }
}

#[test]
fn fetches_that_come_at_the_same_time_are_all_stored() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let feeds: Vec<FeedId> = (0..3)
        .map(|n| feed(&store, &format!("https://feed/{n}")))
        .collect();
    let new: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8_usize)
            .map(|writer| {
                let (store, feeds) = (&store, &feeds);
                scope.spawn(move || {
                    (0..6)
                        .map(|n| {
                            // Two writers each bring the same articles.
                            let guid = format!("{}-{n}", writer / 2);
                            let feed = feeds[writer / 2 % feeds.len()];
                            let all = vec![article(&guid, NOW), article("shared", NOW)];
                            store.commit(batch(feed, all)).unwrap().new.len()
                        })
                        .sum::<usize>()
                })
            })
            .collect();
        writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .sum()
    });
    assert_eq!(new, 4 * 6 + 3, "each guid of each feed is new once");
    assert_eq!(list(&store, Place::All).len(), new);
    let each = store.commit_many(vec![
        batch(FeedId(99), vec![article("x", NOW)]),
        batch(feeds[0], vec![article("y", NOW)]),
        batch(feeds[0], vec![article("y", NOW)]),
    ]);
    assert!(matches!(each[0], Err(StoreError::NotFound("feed"))));
    assert!(each[1..].iter().all(Result::is_ok), "the others are stored");
    assert_eq!(
        list(&store, Place::All).len(),
        new + 1,
        "the others are stored all the same"
    );
    assert_sound(&store);
    drop(store);
    assert_sound(&open(dir.path()));
}
