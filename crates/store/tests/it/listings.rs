//! One article in several feeds of its publisher: counted and shown once, marked everywhere, and
//! here as long as one of its feeds is.
use warta_store::{
    ArticleId, Count, FeedBatch, FeedFacts, FeedId, Keep, ListQuery, Mark, NewArticle, Place,
    Retention, Store, rebuild,
};

use crate::{NOW, article, assert_sound, feed, open};

const SITE: &str = "https://kabar.example/";

struct Shelf {
    dir: tempfile::TempDir,
    store: Store,
    main: FeedId,
    sport: FeedId,
}

fn of_site(id: FeedId, site: &str, articles: Vec<NewArticle>) -> FeedBatch {
    FeedBatch {
        feed: id,
        facts: FeedFacts {
            site: Some(site.into()),
            ..FeedFacts::default()
        },
        articles,
        received_at: NOW,
    }
}

fn entry(name: &str, at: i64) -> NewArticle {
    NewArticle {
        url: Some(format!("https://www.kabar.example/artikel/{name}")),
        ..article(name, NOW - at)
    }
}

impl Shelf {
    /// The same fixture after its store was closed and rebuilt.
    fn rebuilt(self) -> Self {
        let Self {
            dir,
            store,
            main,
            sport,
        } = self;
        drop(store);
        rebuild(dir.path(), NOW).unwrap();
        Self {
            store: open(dir.path()),
            dir,
            main,
            sport,
        }
    }

    /// A main feed of articles 1 to 4 and a section of 3 to 5, fetched together or one by one.
    fn filled(together: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let main = feed(&store, "https://kabar.example/feed");
        let sport = feed(&store, "https://kabar.example/olahraga/feed");
        let batches = vec![
            of_site(main, SITE, Self::articles(1..=4)),
            of_site(sport, SITE, Self::articles(3..=5)),
        ];
        if together {
            for result in store.commit_many(batches) {
                result.unwrap();
            }
        } else {
            for batch in batches {
                store.commit(batch).unwrap();
            }
        }
        Self {
            dir,
            store,
            main,
            sport,
        }
    }

    fn articles(range: std::ops::RangeInclusive<i64>) -> Vec<NewArticle> {
        range
            .rev()
            .map(|n| entry(&n.to_string(), 100 - n))
            .collect()
    }

    fn reopened(self) -> Self {
        let Self {
            dir,
            store,
            main,
            sport,
        } = self;
        drop(store);
        let store = open(dir.path());
        Self {
            dir,
            store,
            main,
            sport,
        }
    }

    fn rows(&self, place: Place) -> Vec<warta_store::ArticleRow> {
        let query = ListQuery {
            place,
            unread_only: false,
            before: None,
            limit: 100,
        };
        self.store.list(&query).unwrap().rows
    }

    fn guids(&self, place: Place) -> Vec<String> {
        self.rows(place).into_iter().map(|row| row.guid).collect()
    }

    fn id(&self, name: &str) -> ArticleId {
        let end = format!("/{name}");
        let rows = self.rows(Place::All);
        let has_it = |row: &&warta_store::ArticleRow| row.url.as_ref().unwrap().ends_with(&end);
        rows.iter().find(has_it).unwrap().id
    }

    #[track_caller]
    fn assert_unread(&self, all: u64, main: u64, sport: u64) {
        let counts = self.store.counts().unwrap();
        let of = |id| counts.feeds.iter().find(|(feed, _)| *feed == id).unwrap().1;
        let unread = (
            counts.all.unread,
            of(self.main).unread,
            of(self.sport).unread,
        );
        assert_eq!(unread, (all, main, sport), "all, main, section");
        assert_eq!(self.store.count_since(i64::MIN).unwrap(), counts.all);
    }
}

fn read(read: bool) -> Mark {
    Mark {
        read: Some(read),
        saved: None,
    }
}

#[test]
fn an_article_of_two_feeds_is_stored_once_and_listed_in_both() {
    for together in [true, false] {
        let mut shelf = Shelf::filled(together);
        for _ in 0..2 {
            assert_eq!(shelf.guids(Place::All), ["5", "4", "3", "2", "1"]);
            assert_eq!(shelf.guids(Place::Feed(shelf.main)), ["4", "3", "2", "1"]);
            assert_eq!(shelf.guids(Place::Feed(shelf.sport)), ["5", "4", "3"]);
            shelf.assert_unread(5, 4, 3);
            assert_eq!(shelf.store.counts().unwrap().all.total, 5);
            assert_eq!(shelf.store.usage().unwrap().articles, 5);
            assert_sound(&shelf.store);
            shelf = shelf.reopened();
        }
        let again = of_site(shelf.sport, SITE, Shelf::articles(3..=6));
        let committed = shelf.store.commit(again).unwrap();
        assert_eq!((committed.new.len(), committed.unchanged), (1, 3));
        let again = of_site(shelf.main, SITE, Shelf::articles(3..=6));
        let committed = shelf.store.commit(again).unwrap();
        assert_eq!((committed.new.len(), committed.listed.len()), (0, 2));
        assert_eq!(shelf.guids(Place::All), ["6", "5", "4", "3", "2", "1"]);
        assert_sound(&shelf.store);
    }
}

#[test]
fn the_read_mark_is_shared() {
    let shelf = Shelf::filled(true);
    let id = shelf.id("3");
    shelf.store.mark(&[id], read(true), NOW).unwrap();
    shelf.assert_unread(4, 3, 2);
    shelf.store.mark(&[id], read(false), NOW).unwrap();
    shelf.assert_unread(5, 4, 3);
    let (changed, undo) = shelf
        .store
        .mark_all_read(Place::Feed(shelf.sport), None, NOW)
        .unwrap();
    assert_eq!(changed, 3);
    shelf.assert_unread(2, 2, 0);
    assert!(shelf.store.undo(undo).unwrap());
    shelf.assert_unread(5, 4, 3);
    let (changed, _) = shelf.store.mark_all_read(Place::All, None, NOW).unwrap();
    assert_eq!(changed, 5, "each is counted once");
    shelf.assert_unread(0, 0, 0);
    let shelf = shelf.reopened();
    shelf.assert_unread(0, 0, 0);
    assert_sound(&shelf.store);
}

#[test]
fn a_folder_shows_and_counts_it_once() {
    let shelf = Shelf::filled(true);
    let folder = shelf.store.folders().named("Kabar").unwrap();
    for id in [shelf.main, shelf.sport] {
        let set = &mut |feed: &mut warta_store::Feed| feed.folder = Some(folder);
        shelf.store.update_feed(id, set).unwrap();
    }
    assert_eq!(shelf.guids(Place::Folder(folder)).len(), 5);
    let count = Count {
        total: 5,
        unread: 5,
    };
    assert_eq!(shelf.store.counts().unwrap().folders, [(folder, count)]);
    shelf
        .store
        .update_feed(shelf.sport, &mut |feed| feed.folder = None)
        .unwrap();
    assert_eq!(shelf.store.counts().unwrap().folders[0].1.total, 4);
}

#[test]
fn it_stays_when_its_owner_is_removed() {
    let shelf = Shelf::filled(true);
    let (three, four) = (shelf.id("3"), shelf.id("4"));
    let save = Mark {
        read: Some(true),
        saved: Some(true),
    };
    shelf.store.mark(&[three], save, NOW).unwrap();
    let text = shelf.store.article(four).unwrap().unwrap().html;
    let undo = shelf.store.remove_feed(shelf.main, NOW).unwrap();
    assert_eq!(shelf.guids(Place::All), ["5", "4", "3"]);
    assert_eq!(shelf.guids(Place::Saved), ["3"]);
    assert!(
        shelf
            .rows(Place::All)
            .iter()
            .all(|row| row.feed == shelf.sport)
    );
    assert_sound(&shelf.store);
    assert!(shelf.store.undo(undo).unwrap());
    assert_eq!(shelf.guids(Place::All), ["5", "4", "3", "2", "1"]);
    assert_eq!(shelf.guids(Place::Feed(shelf.main)), ["4", "3", "2", "1"]);
    shelf.assert_unread(4, 3, 2);
    assert_sound(&shelf.store);

    shelf.store.remove_feed(shelf.main, NOW).unwrap();
    let mut shelf = shelf;
    // The next opening purges.
    for _ in 0..2 {
        shelf = shelf.reopened();
        assert_eq!(shelf.guids(Place::All), ["5", "4", "3"]);
        assert_eq!(shelf.id("4"), four, "under the same id");
        let article = shelf.store.article(four).unwrap().unwrap();
        assert_eq!(
            (article.html.as_str(), article.row.feed),
            (text.as_str(), shelf.sport)
        );
        let article = shelf.store.article(three).unwrap().unwrap();
        assert!(article.row.saved && article.row.read);
    }
    let again = of_site(shelf.sport, SITE, Shelf::articles(3..=5));
    let committed = shelf.store.commit(again).unwrap();
    assert_eq!((committed.new.len(), committed.updated.len()), (0, 0));
    drop(shelf.store);
    let store = wait_for_purge(shelf.dir.path());
    assert_sound(&store);
}

/// Reopens the store until removed feeds are purged, which happens in the background.
fn wait_for_purge(dir: &std::path::Path) -> Store {
    for _ in 0..1_000 {
        let store = open(dir);
        if store.usage().unwrap().feeds.len() == 1 && store.check().unwrap().is_sound() {
            return store;
        }
    }
    open(dir)
}

#[test]
fn it_is_purged_with_the_last_of_its_feeds() {
    let shelf = Shelf::filled(true);
    shelf.store.remove_feed(shelf.main, NOW).unwrap();
    shelf.store.remove_feed(shelf.sport, NOW).unwrap();
    assert!(shelf.guids(Place::All).is_empty());
    let shelf = shelf.reopened();
    assert!(shelf.guids(Place::All).is_empty());
    assert_eq!(shelf.store.counts().unwrap().all.total, 0);

    let shelf = Shelf::filled(true);
    shelf.store.remove_feed(shelf.sport, NOW).unwrap();
    let shelf = shelf.reopened();
    assert_eq!(shelf.guids(Place::All), ["4", "3", "2", "1"]);
    let count = shelf.store.counts().unwrap().all;
    assert_eq!((count.total, count.unread), (4, 4));
}

#[test]
fn retention_of_any_of_its_feeds_keeps_it() {
    let shelf = Shelf::filled(true);
    let keep = |main: u32, sport: u32| {
        for (id, most) in [(shelf.main, main), (shelf.sport, sport)] {
            let set = &mut |feed: &mut warta_store::Feed| {
                feed.options.keep = Retention {
                    days: None,
                    articles: Some(most),
                };
            };
            shelf.store.update_feed(id, set).unwrap();
        }
        shelf.store.retain(&Keep::default(), NOW).unwrap().articles
    };
    assert_eq!(keep(1, 3), 2, "1 and 2 are in the main feed alone");
    assert_eq!(shelf.guids(Place::All), ["5", "4", "3"]);
    assert_eq!(keep(1, 2), 1, "3 is beyond the bounds of both");
    assert_eq!(shelf.guids(Place::All), ["5", "4"]);
    assert_eq!(shelf.guids(Place::Feed(shelf.main)), ["4"]);
    shelf.assert_unread(2, 1, 2);
    assert_sound(&shelf.store);
    for (id, range) in [(shelf.main, 1..=4), (shelf.sport, 3..=5)] {
        let again = of_site(id, SITE, Shelf::articles(range));
        assert_eq!(shelf.store.commit(again).unwrap().new, [], "purged in both");
    }
    let shelf = shelf.reopened();
    assert_eq!(shelf.guids(Place::All), ["5", "4"]);
    assert_sound(&shelf.store);
}

#[test]
fn only_feeds_of_one_publisher_share() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let at = |url: &str, site: &str, new: usize, why: &str| {
        let id = feed(&store, url);
        let committed = store
            .commit(of_site(id, site, vec![entry("1", 5)]))
            .unwrap();
        assert_eq!(committed.new.len(), new, "{why}");
    };
    at("https://kabar.example/feed", SITE, 1, "the first");
    at(
        "https://planet.example/all",
        "https://planet.example/",
        1,
        "an aggregator",
    );
    at(
        "https://planet.example/id",
        "https://planet.example/",
        1,
        "another list of it",
    );
    at(
        "https://jahat.example/feed",
        SITE,
        1,
        "a feed that claims to be of that site",
    );
    at(
        "https://rss.kabar.example/sport",
        SITE,
        0,
        "a section on another host",
    );
    assert_sound(&store);
}

#[test]
fn one_page_may_carry_several_articles() {
    let shelf = Shelf::filled(true);
    let page = |title: &str, at: i64| NewArticle {
        title: title.into(),
        guid: format!("{title} {at}"),
        excerpt: format!("{title} {at}"),
        ..entry("langsung", at)
    };
    let commit = |id, one| {
        let batch = of_site(id, SITE, vec![one]);
        shelf.store.commit(batch).unwrap().new.len()
    };
    assert_eq!(commit(shelf.main, page("Langsung: banjir", 50)), 1);
    assert_eq!(commit(shelf.sport, page("Langsung: final", 40)), 1);
    assert_eq!(
        commit(shelf.sport, page("Langsung: banjir", 30)),
        1,
        "on another day"
    );
    let same = NewArticle {
        guid: "lain".into(),
        ..page("Langsung: banjir", 50)
    };
    assert_eq!(commit(shelf.sport, same), 0, "under another GUID");
    let front = |id: &str| NewArticle {
        url: Some(SITE.into()),
        ..entry(id, 20)
    };
    assert_eq!(commit(shelf.main, front("a")), 1);
    assert_eq!(
        commit(shelf.sport, front("a")),
        1,
        "a link to the front page identifies no article"
    );
    assert_sound(&shelf.store);
}

#[test]
fn only_the_owner_updates_its_content() {
    let shelf = Shelf::filled(true);
    let id = shelf.id("4");
    let shorter = NewArticle {
        title: "Judul pendek".into(),
        html: "<p>Pendek.</p>".into(),
        ..entry("4", 96)
    };
    let committed = shelf
        .store
        .commit(of_site(shelf.sport, SITE, vec![shorter.clone()]))
        .unwrap();
    assert_eq!((committed.new.len(), committed.updated.len()), (0, 0));
    assert_eq!(
        shelf.store.article(id).unwrap().unwrap().html,
        "<p>The text of 4.</p>"
    );
    let committed = shelf
        .store
        .commit(of_site(shelf.main, SITE, vec![shorter]))
        .unwrap();
    assert_eq!(committed.updated, [id]);
    assert_sound(&shelf.store);
}

#[test]
fn it_survives_a_rebuild_and_a_restore() {
    let shelf = Shelf::filled(true);
    let id = shelf.id("3");
    shelf.store.mark(&[id], read(true), NOW).unwrap();
    shelf.store.remove_feed(shelf.main, NOW).unwrap();
    let shelf = shelf.rebuilt();
    assert_eq!(shelf.guids(Place::All), ["5", "4", "3"]);
    assert_sound(&shelf.store);

    let shelf = Shelf::filled(false);
    shelf.store.mark(&[shelf.id("3")], read(true), NOW).unwrap();
    let snapshot = shelf.store.snapshot(NOW).unwrap();
    let shelf = shelf.rebuilt();
    assert_eq!(shelf.guids(Place::Feed(shelf.sport)), ["5", "4", "3"]);
    shelf.assert_unread(4, 3, 2);
    assert_sound(&shelf.store);

    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.restore(&snapshot, NOW).unwrap();
    let (main, sport) = (
        feed(&store, "https://kabar.example/feed"),
        feed(&store, "https://kabar.example/olahraga/feed"),
    );
    let shelf = Shelf {
        dir,
        store,
        main,
        sport,
    };
    for (id, range) in [(shelf.sport, 3..=5), (shelf.main, 1..=4)] {
        let batch = of_site(id, SITE, Shelf::articles(range));
        shelf.store.commit(batch).unwrap();
    }
    assert_eq!(shelf.guids(Place::All), ["5", "4", "3", "2", "1"]);
    shelf.assert_unread(4, 3, 2);
    assert_sound(&shelf.store);
}
