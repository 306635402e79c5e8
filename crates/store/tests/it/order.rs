//! The order of lists without distinct dates: the document's, its first entry on top.
use warta_store::{Cursor, FeedFacts, FeedId, ListQuery, NewArticle, Order, Place, Span, Store};

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

#[test]
fn pages_from_the_oldest_have_no_gap_and_no_duplicate() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let feeds = [0, 1, 2].map(|n| feed(&store, &format!("https://{n}.example/feed")));
    for (n, id) in feeds.iter().enumerate() {
        // Times that repeat within and between feeds.
        let dates: Vec<(String, i64)> = (0..7)
            .map(|at| (format!("{n}-{at}"), NOW - DAY * (at / 2) - n as i64 / 2))
            .collect();
        let document: Vec<(&str, Option<i64>)> = dates
            .iter()
            .map(|(guid, date)| (guid.as_str(), Some(*date)))
            .collect();
        fetch(&store, *id, &document, NOW);
    }
    let newest: Vec<_> = pages(&store, Order::NewestFirst, false);
    assert_eq!(newest.len(), 21);
    let mut oldest = pages(&store, Order::OldestFirst, false);
    oldest.reverse();
    assert_eq!(oldest, newest);

    store
        .mark_spans_read(&[(Place::Feed(feeds[1]), Span::default())])
        .unwrap();
    let mut unread = pages(&store, Order::OldestFirst, true);
    unread.reverse();
    assert_eq!(unread, pages(&store, Order::NewestFirst, true));
    assert_eq!(unread.len(), 14);
}

/// All articles as (time, id), read in pages of two.
fn pages(store: &Store, order: Order, unread_only: bool) -> Vec<(i64, u64)> {
    let mut query = ListQuery {
        place: Place::All,
        unread_only,
        before: None,
        limit: 2,
    };
    let mut seen = Vec::new();
    loop {
        let page = store.list_in(&query, order).unwrap();
        seen.extend(page.rows.iter().map(|row| (row.time, row.id.0)));
        match page.next {
            Some(next) => query.before = Some(next),
            None => return seen,
        }
    }
}

#[test]
fn parts_of_lists_are_marked_read_and_undone_together() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://a.example/feed");
    let document = [
        ("today", Some(NOW)),
        ("yesterday", Some(NOW - DAY)),
        ("week", Some(NOW - 7 * DAY)),
        ("year", Some(NOW - 365 * DAY)),
    ];
    fetch(&store, id, &document, NOW);
    let unread = |store: &Store| pages(store, Order::NewestFirst, true);
    let all = unread(&store);
    let cursor = |at: usize| Cursor {
        time: all[at].0,
        id: warta_store::ArticleId(all[at].1),
    };

    let older = Span {
        before: Some(cursor(1)),
        ..Span::default()
    };
    let (count, token) = store.mark_spans_read(&[(Place::All, older)]).unwrap();
    assert_eq!(count, 2, "rows below the second, without it");
    assert_eq!(unread(&store), all[..2]);
    assert!(store.undo(token).unwrap());
    assert_eq!(unread(&store), all);

    let newer = Span {
        after: Some(cursor(2)),
        before: Span::until(cursor(1)).before,
    };
    let (count, token) = store.mark_spans_read(&[(Place::All, newer)]).unwrap();
    assert_eq!(
        count, 1,
        "between the third and the second, with the second"
    );
    assert_eq!(unread(&store), [all[0], all[2], all[3]]);
    assert!(store.undo(token).unwrap());

    let parts = [
        (Place::Feed(id), Span::older_than(NOW - 7 * DAY)),
        (Place::All, Span::since(NOW)),
        (Place::All, Span::since(NOW)),
    ];
    let (count, token) = store.mark_spans_read(&parts).unwrap();
    assert_eq!(
        count, 2,
        "the year-old one and today's; the week-old one is not older"
    );
    assert_eq!(unread(&store), all[1..3]);
    assert!(store.undo(token).unwrap());
    assert_eq!(unread(&store), all, "one undo for all parts");
}
