//! Stores that older versions wrote. `fixtures/format-1` was written by the last program of format
//! 1: five feeds of eight articles, one of them changed since and one feed removed.
//! `fixtures/format-5` was written by the last program of format 5: two feeds of two articles, one
//! with an interval of its own, and one that failed.
use std::path::{Path, PathBuf};

use warta_store::{
    ArticleId, ChannelKind, DocumentKind, Failure, FeedOptions, FeedSchedule, Picture, PictureId,
    PictureState, ProblemCode, PublisherChannel, Store, StoredPart, rebuild,
};

use crate::{ALL, NOW, article, assert_sound, batch, copy_folder, open};

pub(crate) fn of_format_1() -> tempfile::TempDir {
    of_fixture("format-1")
}

fn of_fixture(name: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    copy_folder(&fixtures.join(name), dir.path());
    dir
}

pub(crate) fn format_of(dir: &Path) -> String {
    let text = std::fs::read_to_string(dir.join("format")).unwrap();
    // As versions before 0.2 read it: the checksum is written in blanks behind the number.
    format!("{}\n", text.trim())
}

/// The rows that the old program showed, by feed and number.
pub(crate) fn assert_articles(store: &Store) {
    let rows = store.list(&ALL).unwrap().rows;
    assert_eq!(
        rows.len(),
        4 * 8 + 1,
        "the removed feed is hidden, one article is a stub"
    );
    for row in rows.iter().filter(|row| row.guid.starts_with("a-")) {
        let mut numbers = row
            .guid
            .split('-')
            .skip(1)
            .map(|n| n.parse::<i64>().unwrap());
        let (at, n) = (numbers.next().unwrap(), numbers.next().unwrap());
        assert_eq!(row.title, format!("Judul {at} {n}"));
        assert_eq!(row.excerpt, format!("Ringkasan {at} {n}"));
        assert_eq!(row.authors, ["Ani", "Budi"]);
        assert_eq!(
            (row.time, row.published),
            (NOW - n * 100 - at, Some(NOW - n * 100 - at))
        );
        assert_eq!(row.dateline.as_deref(), Some("JAKARTA (WARTA)"));
        assert_eq!((row.right_to_left, row.link_is_redirect), (n == 1, false));
        assert_eq!(row.read, matches!(n, 2 | 3 | 7), "{}", row.guid);
        let saved = matches!(n, 3 | 4).then_some(NOW + at);
        assert_eq!(row.saved_at, saved, "{}", row.guid);
        let article = store.article(row.id).unwrap().unwrap();
        let html = match (at, n) {
            (0, 0) => "<p>Diperbarui.</p>".to_owned(),
            _ => format!("<p>Teks artikel {at} {n} tentang banjir.</p>"),
        };
        assert_eq!(article.html, html);
        assert_eq!(article.pictures.len(), 2);
        assert_eq!(article.enclosures[0].url, "https://e.example/a.mp3");
        assert_eq!(
            (
                article.enclosures[0].length,
                article.enclosures[0].duration_seconds
            ),
            (Some(77), None)
        );
        assert_eq!(article.categories, ["Kota"]);
        assert_eq!(article.comments.as_deref(), Some("https://site.example/c"));
        assert_eq!(article.chapters, None);
    }
}

#[test]
fn a_store_of_format_1_opens_with_everything_in_it() {
    let dir = of_format_1();
    let store = open(dir.path());
    assert_eq!(format_of(dir.path()), "8\n");
    assert_eq!(
        store.snapshots().unwrap().len(),
        1,
        "a snapshot comes before the migration"
    );
    assert_articles(&store);
    let folders: Vec<String> = store
        .folders()
        .all()
        .unwrap()
        .into_iter()
        .map(|f| f.name)
        .collect();
    assert_eq!(folders, ["Berita", "Teknologi & \"lain\""]);
    let feeds = store.feeds().unwrap();
    assert_eq!(feeds.len(), 4);
    for (at, feed) in feeds.iter().enumerate() {
        assert_eq!(feed.url, format!("https://feed.example/{at}.xml"));
        assert_eq!(feed.folder.is_some(), at != 2);
        assert_eq!(feed.paused, at == 2);
        let custom = (at == 1).then_some("Milik saya");
        assert_eq!(feed.custom_title.as_deref(), custom);
        assert_eq!(feed.options, FeedOptions::default());
        let facts = &feed.facts;
        assert_eq!(facts.title, Some(format!("Feed {at}")));
        assert_eq!(facts.etag, Some(format!("\"{at}\"")));
        assert_eq!(facts.body_hash, Some([at as u8; 16]));
        assert_eq!(facts.next_due_at, Some(NOW + 3_600));
        assert_eq!(facts.failures_in_a_row, at as u32);
        let failure = Failure {
            code: ProblemCode::Other,
            detail: "Tidak menjawab".into(),
        };
        assert_eq!(facts.failure, (at == 3).then_some(failure));
        let channel = PublisherChannel {
            kind: ChannelKind::GoogleNews,
            url: "https://news.google.com/publications/x".into(),
        };
        assert_eq!(facts.publisher_channels, [channel]);
        assert_eq!(facts.wire_bytes, 4_321);
        assert_eq!(facts.schedule, FeedSchedule::default());
        assert!(facts.history.is_empty());
    }
    assert_eq!(
        store.setting("theme").unwrap().as_deref(),
        Some("\"sepia\"")
    );
    let forwards = store.forwards().list(Some(ArticleId(3)), 10).unwrap();
    let messages: Vec<&str> = forwards.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(messages, ["M1", "M0"]);
    let picture = Picture {
        bytes: (0..3_000_u32).map(|n| ((n * n) >> 3) as u8).collect(),
        media_type: "image/png".into(),
        width: 30,
        height: 20,
    };
    for url in ["https://p.example/1.png", "https://p.example/2.png"] {
        let kept = store.pictures().get(PictureId::of_url(url)).unwrap();
        assert_eq!(kept, Some(picture.clone()));
    }
    let failed = store.pictures().state("https://p.example/3.png").unwrap();
    assert_eq!(failed, PictureState::Failed("404".into(), NOW));
    let late = store.list(&ALL).unwrap().rows;
    let late = late
        .iter()
        .find(|row| row.guid.starts_with("late-"))
        .unwrap();
    assert!(late.saved, "a mark that waited still waits");
    assert_sound(&store);
    store.finish_indexing().unwrap();
    // All but the removed feed's articles and the changed one, whose text lacks the word.
    assert_eq!(store.search("banjir ", 50, 0).unwrap().total, 31);
    drop(store);
    let store = open(dir.path());
    assert_articles(&store);
    assert_sound(&store);
}

#[test]
fn old_and_new_records_coexist() {
    let dir = of_format_1();
    let store = open(dir.path());
    let feed = store.feeds().unwrap()[1].clone();
    let new = article("new", NOW + 5);
    store.commit(batch(feed.id, vec![new])).unwrap();
    store
        .update_feed(feed.id, &mut |feed| feed.options.every_minutes = Some(7))
        .unwrap();
    drop(store);
    let store = open(dir.path());
    let feed = store.feed(feed.id).unwrap().unwrap();
    assert_eq!(feed.options.every_minutes, Some(7));
    assert_eq!(store.list(&ALL).unwrap().rows.len(), 34);
    assert_sound(&store);
}

#[test]
fn articles_of_format_1_do_not_count_as_changed() {
    let dir = of_format_1();
    let store = open(dir.path());
    let feed = store.feeds().unwrap()[1].clone();
    let again = of_the_fixture(1, 5);
    let committed = store.commit(batch(feed.id, vec![again.clone()])).unwrap();
    assert_eq!((committed.new.len(), committed.unchanged), (0, 1));
    let mut with_more = again;
    with_more.enclosures[0].duration_seconds = Some(90);
    let committed = store.commit(batch(feed.id, vec![with_more])).unwrap();
    assert_eq!(committed.updated.len(), 1, "what is new in it is a change");
}

#[test]
fn a_lost_sled_of_format_1_is_rebuilt() {
    let dir = of_format_1();
    std::fs::remove_dir_all(dir.path().join("db")).unwrap();
    let rebuilt = rebuild(dir.path(), NOW).unwrap();
    // Without a snapshot, the removal of the fifth feed is unknown.
    assert_eq!((rebuilt.articles, rebuilt.gaps), (5 * 8 + 1, 0));
    let store = open(dir.path());
    assert_eq!(store.list(&ALL).unwrap().rows.len(), 41);
    assert_sound(&store);
}

fn of_the_fixture(at: i64, n: i64) -> warta_store::NewArticle {
    warta_store::NewArticle {
        guid: format!("a-{at}-{n}"),
        url: Some(format!("https://site.example/{at}/{n}")),
        title: format!("Judul {at} {n}"),
        authors: vec!["Ani".into(), "Budi".into()],
        published: Some(NOW - (n * 100 + at)),
        updated: Some(NOW - 3),
        language: Some("id".into()),
        dateline: Some("JAKARTA (WARTA)".into()),
        excerpt: format!("Ringkasan {at} {n}"),
        word_count: 5,
        html: format!("<p>Teks artikel {at} {n} tentang banjir.</p>"),
        lead_picture: Some("https://p.example/1.png".into()),
        pictures: vec![
            "https://p.example/1.png".into(),
            "https://p.example/2.png".into(),
        ],
        enclosures: vec![warta_store::Enclosure {
            url: "https://e.example/a.mp3".into(),
            media_type: Some("audio/mpeg".into()),
            length: Some(77),
            ..warta_store::Enclosure::default()
        }],
        categories: vec!["Kota".into()],
        source: Some("Sumber".into()),
        comments: Some("https://site.example/c".into()),
        ..warta_store::NewArticle::default()
    }
}

#[test]
fn articles_of_an_older_format_are_recognised_under_other_guids() {
    let dir = of_format_1();
    let before = {
        let store = open(dir.path());
        let before = store.list(&ALL).unwrap().rows;
        for feed in store.feeds().unwrap() {
            let of_feed = before.iter().filter(|row| row.feed == feed.id);
            let again = of_feed.clone().map(|row| warta_store::NewArticle {
                guid: format!("baru-{}", row.guid),
                url: row.url.clone(),
                title: row.title.clone(),
                published: row.published,
                excerpt: row.excerpt.clone(),
                lead_picture: row.lead_picture.clone(),
                source: row.source.clone(),
                ..article(&row.guid, row.time)
            });
            let committed = store.commit(batch(feed.id, again.collect())).unwrap();
            let new: Vec<_> = committed.rows.iter().map(|row| &row.title).collect();
            assert_eq!(committed.new, [], "{new:?}");
        }
        before
    };
    let store = open(dir.path());
    let after = store.list(&ALL).unwrap().rows;
    let shown = |rows: &[warta_store::ArticleRow]| {
        let all = rows
            .iter()
            .map(|row| (row.id, row.guid.clone(), row.read, row.saved_at));
        all.collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&after),
        shown(&before),
        "nothing is stored twice or marked again"
    );
    assert_sound(&store);
}

#[test]
fn a_store_of_format_5_opens_with_everything_in_it() {
    let dir = of_fixture("format-5");
    let store = open(dir.path());
    assert_eq!(format_of(dir.path()), "8\n");
    let feeds = store.feeds().unwrap();
    let urls: Vec<&str> = feeds.iter().map(|feed| feed.url.as_str()).collect();
    let expected = [1, 2, 3].map(|n| format!("http://kabar.example/{n}/feed"));
    assert_eq!(urls, expected);
    for (number, feed) in (1..).zip(&feeds) {
        let facts = &feed.facts;
        assert_eq!(
            (feed.kind.clone(), facts.parts.len()),
            (DocumentKind::Feed, 0)
        );
        assert_eq!(feed.options.every_minutes, (number == 1).then_some(45));
        assert_eq!(feed.folder.is_some(), number == 1);
        assert_eq!(facts.history.len(), 1, "the last field of the old shape");
        let failure = facts.failure.as_ref().map(|failure| failure.code);
        if number == 3 {
            assert_eq!(failure, Some(ProblemCode::NotFound));
            continue;
        }
        assert_eq!(failure, None);
        assert_eq!(facts.title, Some(format!("Kabar {number}")));
        assert_eq!(facts.etag, Some(format!("\"{number}\"")));
        assert_eq!(facts.schedule.ttl_minutes, Some(90));
        assert_eq!(facts.schedule.skip_hours.trailing_zeros(), 3);
    }
    let rows = store.list(&ALL).unwrap().rows;
    assert_eq!(rows.len(), 4);
    assert_sound(&store);

    let part = StoredPart {
        url: "http://kabar.example/1/sitemap-news.xml".into(),
        changed_at: Some(NOW),
        fetched_at: NOW + 1,
        etag: Some("\"a\"".into()),
        last_modified: None,
    };
    store
        .update_feed(feeds[0].id, &mut |feed| {
            feed.kind = DocumentKind::Sitemap;
            feed.facts.parts = vec![part.clone()];
        })
        .unwrap();
    drop(store);
    let store = open(dir.path());
    let feeds = store.feeds().unwrap();
    assert_eq!(feeds[0].kind, DocumentKind::Sitemap);
    assert_eq!(feeds[0].facts.parts, [part]);
    assert_eq!(feeds[1].kind, DocumentKind::Feed);
    assert_sound(&store);
}
