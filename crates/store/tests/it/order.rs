//! The order of lists without distinct dates: the document's, its first entry on top.
use warta_store::{Cursor, FeedFacts, FeedId, ListQuery, NewArticle, Place, Store};

use crate::{NOW, article, assert_sound, batch, feed, open};

const DAY: i64 = 86_400;

fn titles(store: &Store, place: Place) -> Vec<String> {
    let query = ListQuery {
        place,
        unread_only: false,
        before: None,
        limit: 1_000,
    };
    let rows = store.list(&query).unwrap().rows;
    rows.into_iter()
        .map(|row| row.title.replace("Title ", ""))
        .collect()
}

fn dated(guid: &str, published: Option<i64>) -> NewArticle {
    NewArticle {
        published,
        ..article(guid, NOW)
    }
}

/// Commits documents one after the other, a minute apart, and compares the feed's list.
#[track_caller]
fn check(documents: &[&[(&str, Option<i64>)]], expected: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://a.example/feed");
    for (minute, document) in documents.iter().enumerate() {
        let received_at = NOW + 60 * minute as i64;
        fetch(&store, id, document, received_at);
    }
    assert_eq!(titles(&store, Place::Feed(id)), expected, "in the feed");
    assert_eq!(titles(&store, Place::All), expected, "among all");
    assert_sound(&store);
    drop(store);
    let store = open(dir.path());
    assert_eq!(titles(&store, Place::All), expected, "after a restart");
}

fn fetch(store: &Store, id: FeedId, document: &[(&str, Option<i64>)], received_at: i64) {
    let articles = document.iter().map(|(guid, date)| dated(guid, *date));
    let mut batch = batch(id, articles.collect());
    batch.received_at = received_at;
    batch.facts = FeedFacts {
        succeeded_at: Some(received_at),
        ..FeedFacts::default()
    };
    store.commit(batch).unwrap();
}

#[test]
fn entries_without_a_date_keep_the_documents_order() {
    check(
        &[&[("c", None), ("b", None), ("a", None)]],
        &["c", "b", "a"],
    );
    check(
        &[
            &[("c", None), ("b", None), ("a", None)],
            &[("e", None), ("d", None), ("c", None), ("b", None)],
        ],
        &["e", "d", "c", "b", "a"],
    );
}

#[test]
fn entries_of_equal_date_keep_the_documents_order() {
    let at = Some(NOW - DAY);
    check(
        &[
            &[("c", at), ("b", at), ("a", at)],
            &[("e", at), ("d", at), ("c", at)],
            &[("g", at), ("f", at), ("e", at)],
        ],
        &["g", "f", "e", "d", "c", "b", "a"],
    );
    let (day, before) = (Some(NOW - NOW % DAY), Some(NOW - NOW % DAY - DAY));
    check(
        &[&[("d", day), ("c", day), ("b", before), ("a", before)]],
        &["d", "c", "b", "a"],
    );
}

#[test]
fn future_dates_keep_the_documents_order_on_top() {
    check(
        &[&[
            ("d", Some(NOW + DAY)),
            ("c", Some(NOW + 9 * DAY)),
            ("b", Some(NOW - 60)),
            ("a", Some(NOW - 90)),
        ]],
        &["d", "c", "b", "a"],
    );
}

#[test]
fn a_document_in_ascending_order_is_reversed() {
    let (one, two) = (Some(NOW - 2 * DAY), Some(NOW - DAY));
    check(
        &[
            &[("a", one), ("b", one), ("c", two), ("d", two)],
            &[("c", two), ("d", two), ("e", Some(NOW)), ("f", Some(NOW))],
        ],
        &["f", "e", "d", "c", "b", "a"],
    );
}

/// Its time is that of the fetch: readers look for new articles at the top.
#[test]
fn an_entry_without_a_date_among_dated_ones_has_the_time_of_its_fetch() {
    check(
        &[&[
            ("e", None),
            ("d", Some(NOW - 100)),
            ("c", None),
            ("b", Some(NOW - 200)),
            ("a", None),
        ]],
        &["e", "c", "a", "d", "b"],
    );
    check(
        &[
            &[("b", Some(NOW - 100)), ("a", Some(NOW - 200))],
            &[("b", Some(NOW - 100)), ("c", None), ("a", Some(NOW - 200))],
        ],
        &["c", "b", "a"],
    );
}

#[test]
fn several_feeds_keep_their_orders_in_one_list_and_pages_leave_nothing_out() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let (one, two) = (
        feed(&store, "https://a.example/feed"),
        feed(&store, "https://b.example/feed"),
    );
    fetch(&store, one, &[("a2", None), ("a1", None)], NOW);
    fetch(&store, two, &[("b2", None), ("b1", None)], NOW);
    fetch(&store, one, &[("a4", None), ("a3", None)], NOW);
    let all = titles(&store, Place::All);
    assert_eq!(all, ["a4", "a3", "b2", "b1", "a2", "a1"]);
    let mut paged = Vec::new();
    let mut before: Option<Cursor> = None;
    loop {
        let query = ListQuery {
            place: Place::All,
            unread_only: false,
            before,
            limit: 1,
        };
        let page = store.list(&query).unwrap();
        paged.extend(
            page.rows
                .into_iter()
                .map(|row| row.title.replace("Title ", "")),
        );
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(paged, all, "a page at a time it is the same list");
}

#[test]
fn a_commit_reports_in_the_documents_order() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://a.example/feed");
    let committed = store
        .commit(batch(
            id,
            ["c", "b", "a"].map(|guid| dated(guid, None)).into(),
        ))
        .unwrap();
    let guids: Vec<&str> = committed.rows.iter().map(|row| row.guid.as_str()).collect();
    assert_eq!(guids, ["c", "b", "a"]);
    assert_eq!(committed.given, ["c", "b", "a"]);
    let ids: Vec<_> = committed.rows.iter().map(|row| row.id).collect();
    assert_eq!(committed.new, ids);
}
