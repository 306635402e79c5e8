//! Nested folders: what is inside, moving, removing and undoing.
use std::collections::HashMap;

use warta_store::{
    FeedId, FolderId, ListQuery, MOST_LEVELS, NewFeed, Place, Store, StoreError, UndoToken,
};

use crate::{NOW, article, assert_sound, batch, open};

/// `News` with `City` inside it and `Bay` inside that; a feed of three articles in each, and one
/// outside of any folder.
struct Shelf {
    dir: tempfile::TempDir,
    store: Store,
    news: FolderId,
    city: FolderId,
    bay: FolderId,
    feeds: Vec<FeedId>,
}

impl Shelf {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let paths: [Vec<String>; 4] = [
            path(&["News"]),
            path(&["News", "City"]),
            path(&["News", "City", "Bay"]),
            path(&[]),
        ];
        let new: Vec<(NewFeed, Vec<String>)> = paths
            .iter()
            .zip(0..)
            .map(|(path, n)| (new_feed(n), path.clone()))
            .collect();
        store.add_feeds_in_folders(&new, NOW).unwrap();
        let feeds: Vec<FeedId> = store.feeds().unwrap().iter().map(|feed| feed.id).collect();
        for feed in &feeds {
            let articles = (0..3).map(|n| article(&format!("{}-{n}", feed.0), NOW - n));
            store.commit(batch(*feed, articles.collect())).unwrap();
        }
        let at = |path: &[String]| store.folders().at(path).unwrap().unwrap();
        let (news, city, bay) = (at(&paths[0]), at(&paths[1]), at(&paths[2]));
        Self {
            dir,
            store,
            news,
            city,
            bay,
            feeds,
        }
    }

    fn reopen(self) -> Self {
        let Self { dir, store, .. } = self;
        drop(store);
        let store = open(dir.path());
        Self { dir, store, ..self }
    }

    fn listed(&self, folder: FolderId) -> usize {
        let query = ListQuery {
            place: Place::Folder(folder),
            unread_only: false,
            before: None,
            limit: 100,
        };
        self.store.list(&query).unwrap().rows.len()
    }

    fn counted(&self, folder: FolderId) -> u64 {
        let counts = self.store.counts().unwrap().folders;
        let counts: HashMap<_, _> = counts.into_iter().collect();
        counts.get(&folder).map_or(0, |count| count.total)
    }

    /// The path of each folder, and the folder of each feed.
    fn shape(&self) -> (Vec<String>, Vec<Option<FolderId>>) {
        let paths = self.store.folders().paths();
        let mut paths: Vec<String> = paths.into_iter().map(|(_, path)| path.join("/")).collect();
        paths.sort();
        let feeds = self.store.feeds().unwrap();
        (paths, feeds.iter().map(|feed| feed.folder).collect())
    }

    fn undo(&self, token: UndoToken) {
        assert!(self.store.undo(token).unwrap());
    }
}

fn new_feed(number: u32) -> NewFeed {
    NewFeed {
        url: format!("https://{number}.example/feed"),
        ..NewFeed::default()
    }
}

fn is_refused<T>(outcome: &Result<T, StoreError>) -> bool {
    matches!(*outcome, Err(StoreError::Invalid(_)))
}

#[test]
fn a_folder_lists_and_counts_what_is_in_the_folders_inside_it() {
    let shelf = Shelf::new().reopen();
    for (folder, articles) in [(shelf.news, 9), (shelf.city, 6), (shelf.bay, 3)] {
        assert_eq!(shelf.listed(folder), articles);
        assert_eq!(shelf.counted(folder), articles as u64);
    }
    let read = shelf
        .store
        .mark_all_read(Place::Folder(shelf.city), None, NOW)
        .unwrap();
    assert_eq!(read.0, 6);
    assert_sound(&shelf.store);
}

#[test]
fn folders_and_feeds_move_together_and_back() {
    let shelf = Shelf::new();
    let before = shelf.shape();
    let other = shelf.store.folders().add("Other", None).unwrap();
    let with_other = shelf.shape();
    let token = shelf
        .store
        .folders()
        .move_into(&[shelf.feeds[3]], &[shelf.city, shelf.bay], Some(other))
        .unwrap();
    let shape = shelf.shape();
    assert_eq!(shape.0, ["News", "Other", "Other/City", "Other/City/Bay"]);
    assert_eq!(shape.1[3], Some(other));
    assert_eq!((shelf.listed(shelf.news), shelf.listed(other)), (3, 9));
    shelf.undo(token);
    assert_eq!(shelf.shape(), with_other);
    shelf.store.folders().remove(other).unwrap();
    assert_eq!(shelf.shape(), before);
    assert_eq!(shelf.reopen().shape(), before);
}

#[test]
fn a_folder_is_not_moved_into_itself_nor_over_another() {
    let shelf = Shelf::new();
    let before = shelf.shape();
    let into = |id, into| shelf.store.folders().move_into(&[], &[id], Some(into));
    assert!(is_refused(&into(shelf.news, shelf.bay)));
    assert!(is_refused(&into(shelf.news, shelf.news)));
    let second = shelf.store.folders().add("City", None).unwrap();
    assert!(is_refused(&into(second, shelf.news)), "the name is taken");
    assert!(is_refused(
        &shelf.store.folders().add("City", Some(shelf.news))
    ));
    assert!(matches!(
        into(FolderId(99), shelf.news),
        Err(StoreError::NotFound(_))
    ));
    shelf.store.folders().remove(second).unwrap();
    assert_eq!(shelf.shape(), before);
}

#[test]
fn folders_nest_to_a_limit() {
    let shelf = Shelf::new();
    let path: Vec<String> = (0..MOST_LEVELS).map(|level| format!("L{level}")).collect();
    let deepest = shelf.store.folders().at(&path).unwrap().unwrap();
    assert!(is_refused(
        &shelf.store.folders().add("Deeper", Some(deepest))
    ));
    assert!(is_refused(&shelf.store.folders().move_into(
        &[],
        &[shelf.bay],
        Some(deepest)
    )));
}

#[test]
fn what_is_in_a_removed_folder_moves_up() {
    let shelf = Shelf::new();
    shelf.store.folders().add("Bay", Some(shelf.news)).unwrap();
    let before = shelf.shape();
    let token = shelf.store.folders().remove(shelf.city).unwrap();
    let shape = shelf.shape();
    assert_eq!(shape.0, ["News", "News/Bay", "News/Bay (2)"]);
    assert_eq!(shape.1[1], Some(shelf.news));
    assert_eq!(shelf.listed(shelf.news), 9);
    shelf.undo(token);
    assert_eq!(shelf.shape(), before);
}

#[test]
fn folders_are_unsubscribed_with_what_is_in_them_and_come_back() {
    let shelf = Shelf::new();
    let before = shelf.shape();
    let token = shelf
        .store
        .folders()
        .unsubscribe(&[shelf.feeds[3]], &[shelf.city], NOW)
        .unwrap();
    assert_eq!(shelf.shape(), (vec!["News".into()], vec![Some(shelf.news)]));
    shelf.undo(token);
    assert_eq!(shelf.shape(), before);
    assert_eq!(shelf.listed(shelf.news), 9);
    shelf
        .store
        .folders()
        .unsubscribe(&[], &[shelf.news], NOW)
        .unwrap();
    let shelf = shelf.reopen();
    assert_eq!(shelf.shape(), (Vec::new(), vec![None]));
    assert_sound(&shelf.store);
}

#[test]
fn snapshots_and_lists_for_other_readers_keep_the_nesting() {
    let shelf = Shelf::new();
    let snapshot = shelf.store.snapshot(NOW).unwrap();
    let opml = std::fs::read_to_string(snapshot.with_extension("opml")).unwrap();
    let order = [
        "text=\"News\"",
        "text=\"City\"",
        "text=\"Bay\"",
        "https://2.",
        "https://1.",
        "https://0.",
    ];
    let places = order.map(|part| opml.find(part).unwrap());
    assert!(places.is_sorted(), "{opml}");
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store.restore(&snapshot, NOW).unwrap();
    let restored = Shelf {
        dir,
        store,
        ..Shelf::new()
    };
    assert_eq!(restored.shape().0, shelf.shape().0);
}
