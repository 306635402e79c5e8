//! Imports of what other programs kept: complete or not at all after a kill, and undone as a whole.
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use warta_store::{
    Brought, BroughtArticle, BroughtFeed, Imports, NewArticle, Place, SAVED_PAGES, Store,
};

use crate::{NOW, assert_sound, batch, feed, kill_child, open};

const FOLDER: &str = "WARTA_STORE_BRING_FOLDER";
const ARTICLES: usize = 1_200;

/// A feed in a folder with articles, and saved pages; every third is read, all have a text.
fn library() -> Brought {
    let article = |n: usize, of: &str| BroughtArticle {
        feed: of.to_owned(),
        article: NewArticle {
            guid: format!("{of}#{n}"),
            url: Some(format!("https://halaman.example/{}/{n}", of.len())),
            title: format!("Judul {n}"),
            html: format!("<p>Isi {n}.</p>"),
            read: n.is_multiple_of(3),
            saved: of == SAVED_PAGES,
            note: n.is_multiple_of(5).then(|| "{}".to_owned()),
            ..NewArticle::default()
        },
        saved_at: None,
    };
    let feeds = [
        (
            "https://kabar.example/feed",
            vec!["Dunia".into(), "Asia".into()],
        ),
        (SAVED_PAGES, Vec::new()),
    ];
    let articles = feeds.iter().flat_map(|(url, _)| {
        let numbers = 0..ARTICLES / 2;
        numbers.map(|n| article(n, url))
    });
    Brought {
        articles: articles.collect(),
        feeds: feeds
            .iter()
            .map(|(url, folder)| BroughtFeed {
                url: (*url).to_owned(),
                folder: folder.clone(),
                paused: *url == SAVED_PAGES,
                ..BroughtFeed::default()
            })
            .collect(),
    }
}

/// Articles, read ones, saved ones, notes, feeds and folders.
fn content(store: &Store) -> [usize; 6] {
    let counts = store.counts().unwrap();
    [
        counts.all.total as usize,
        (counts.all.total - counts.all.unread) as usize,
        counts.saved as usize,
        store.notes().unwrap().len(),
        store.feeds().unwrap().len(),
        store.folders().all().unwrap().len(),
    ]
}

const WHOLE: [usize; 6] = [ARTICLES, ARTICLES / 3, ARTICLES / 2, ARTICLES / 5, 2, 2];

/// The child process that is killed.
#[test]
fn child_brings_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = open(Path::new(&folder));
    let mut out = std::io::stdout();
    writeln!(out, "\nready").and_then(|()| out.flush()).unwrap();
    Imports::into(&store).bring(library(), NOW).unwrap();
    writeln!(out, "\ndone").and_then(|()| out.flush()).unwrap();
    loop {
        std::thread::park();
    }
}

#[test]
fn a_kill_in_the_middle_of_an_import_leaves_all_or_nothing() {
    let (mut none, mut all) = (0, 0);
    for round in 0..10_u64 {
        let folder = tempfile::tempdir().unwrap();
        let moment = (round < 9).then(|| Duration::from_micros(round * round * 3_000));
        kill_child(
            "bringing::child_brings_until_killed",
            (FOLDER, folder.path()),
            moment,
        );
        let store = open(folder.path());
        assert_sound(&store);
        match content(&store) {
            [0, ..] => none += 1,
            found => {
                assert_eq!(found, WHOLE, "round {round}: all or nothing");
                all += 1;
            }
        }
    }
    assert_eq!(none + all, 10);
    assert!(all > 0, "the last one had ended");
}

#[test]
fn bringing_twice_adds_nothing_and_undoing_removes_all_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    for round in 0..2 {
        let done = Imports::into(&store).bring(library(), NOW).unwrap();
        assert_eq!(done.added.articles as usize, ARTICLES, "round {round}");
        assert_eq!(done.saved.len(), ARTICLES / 2);
        assert_eq!(done.noted.len(), ARTICLES / 5);
        assert_eq!(content(&store), WHOLE);
        let again = Imports::into(&store).bring(library(), NOW).unwrap();
        assert_eq!((again.added.articles, again.added.feeds), (0, 0));
        assert_eq!(content(&store), WHOLE);
        // The second changed nothing, so undoing it does not either.
        assert!(store.undo(again.undo).unwrap());
        assert_eq!(content(&store)[..3], WHOLE[..3]);
        assert!(store.undo(done.undo).unwrap());
        assert!(!store.undo(done.undo).unwrap());
        let [articles, _, saved, _, feeds, folders] = content(&store);
        assert_eq!(
            (articles, saved, feeds, folders),
            (0, 0, 0, 0),
            "round {round}"
        );
    }
    drop(store);
    let store = open(dir.path());
    assert_eq!(content(&store)[0], 0, "not after a restart either");
    assert_sound(&store);
}

#[test]
fn marks_of_the_reader_stay_when_an_import_is_undone() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let url = "https://kabar.example/feed";
    let id = feed(&store, url);
    let known: Vec<NewArticle> = library()
        .articles
        .into_iter()
        .filter(|one| one.feed == url)
        .map(|one| NewArticle {
            read: false,
            note: None,
            ..one.article
        })
        .take(9)
        .collect();
    let committed = store.commit(batch(id, known)).unwrap();
    let (marked, _) = store.mark_read(&committed.new[..1]).unwrap();
    assert_eq!(marked.len(), 1);
    let before = content(&store);
    let mut more = library();
    more.feeds.retain(|feed| feed.url != url);
    let done = Imports::into(&store).bring(more, NOW).unwrap();
    assert_eq!(done.added.articles as usize, ARTICLES - 9);
    assert!(store.undo(done.undo).unwrap());
    let after = content(&store);
    assert_eq!(
        after[..3],
        before[..3],
        "the reader's own articles and marks"
    );
    assert_eq!(after[4..], before[4..]);
    let query = warta_store::ListQuery {
        place: Place::All,
        unread_only: false,
        before: None,
        limit: 100,
    };
    let rows = store.list(&query).unwrap().rows;
    assert_eq!(rows.iter().filter(|row| row.read).count(), 1);
    assert_sound(&store);
}

#[test]
fn the_list_for_other_readers_has_no_feed_of_saved_pages() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    Imports::into(&store).bring(library(), NOW).unwrap();
    let snapshot = store.snapshot(NOW).unwrap();
    let opml = std::fs::read_to_string(snapshot.with_extension("opml")).unwrap();
    assert!(opml.contains("https://kabar.example/feed"), "{opml}");
    assert!(!opml.contains("warta:"), "{opml}");
    // The snapshot itself has it: the reader's saved pages are restored.
    let text = std::fs::read_to_string(&snapshot).unwrap();
    assert!(text.contains(SAVED_PAGES));
}
