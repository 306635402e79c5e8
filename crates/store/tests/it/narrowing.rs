//! Searches narrowed by feed, folder, tag, language and title, their order, and what is said of a
//! query that was probably not meant so.
use warta_store::{
    ArticleId, FilterKind, Hits, Mark, NewArticle, ProblemKind, QueryProblem, SearchRequest,
    SearchSort, Store, TagSource, search_languages,
};

use crate::{NOW, article, batch, feed, open};

/// The first articles of a store have the tag "Laut", all others "Kota".
struct Tagged(Vec<ArticleId>);

impl TagSource for Tagged {
    fn tag_names(&self) -> Vec<(u32, String)> {
        vec![(1, "Laut".into()), (2, "Kota Tua".into())]
    }

    fn articles(&self, tag: u32) -> Vec<ArticleId> {
        let (first, others) = self.0.split_at(2);
        if tag == 1 { first } else { others }.to_vec()
    }
}

/// Tags that write to the store when they are asked for.
struct Writing(Store, ArticleId);

impl TagSource for Writing {
    fn tag_names(&self) -> Vec<(u32, String)> {
        let saved = Mark {
            read: None,
            saved: Some(true),
        };
        self.0.mark(&[self.1], saved, NOW).unwrap();
        vec![(1, "Laut".into())]
    }

    fn articles(&self, _tag: u32) -> Vec<ArticleId> {
        self.tag_names();
        vec![self.1]
    }
}

struct Library {
    _dir: tempfile::TempDir,
    store: Store,
    tags: Tagged,
}

/// `one` in "Koran", `two` in "Koran / Daerah", `three` outside folders; three articles each, of
/// which the title of the first has "laut". Dates go down with the number.
fn library() -> Library {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let koran = store.folders().add("Koran", None).unwrap();
    let daerah = store.folders().add("Daerah", Some(koran)).unwrap();
    let mut ids = Vec::new();
    for (at, (name, title, folder, language)) in [
        ("one", "Kabar", Some(koran), Some("id")),
        ("two", "Kabar Nusa", Some(daerah), Some("en-GB")),
        ("three", "Tekno", None, None),
    ]
    .into_iter()
    .enumerate()
    {
        let id = feed(&store, &format!("https://{name}"));
        store
            .update_feed(id, &mut |feed| {
                feed.custom_title = Some(title.into());
                feed.folder = folder;
            })
            .unwrap();
        let articles = (0..3)
            .map(|n| NewArticle {
                title: if n == 0 { "Laut pasang" } else { "Berita" }.into(),
                html: "<p>Air laut naik.</p>".into(),
                language: language.map(str::to_owned),
                ..article(&format!("{name}{n}"), NOW - (n * 10 + at as i64) * 3_600)
            })
            .collect();
        ids.extend(store.commit(batch(id, articles)).unwrap().new);
    }
    store.finish_indexing().unwrap();
    Library {
        _dir: dir,
        store,
        tags: Tagged(ids),
    }
}

impl Library {
    fn find(&self, query: &str, sort: SearchSort) -> Hits {
        self.store
            .search_for(&SearchRequest {
                sort,
                today: NOW - NOW.rem_euclid(86_400),
                tags: &self.tags,
                ..SearchRequest::new(query)
            })
            .unwrap()
    }

    fn guids(&self, query: &str) -> Vec<String> {
        let hits = self.find(query, SearchSort::Newest).hits;
        hits.into_iter().map(|hit| hit.row.guid).collect()
    }

    fn problems(&self, query: &str) -> Vec<QueryProblem> {
        self.find(query, SearchSort::Newest).reading.problems
    }
}

#[test]
fn filters_narrow_by_feed_folder_tag_language_and_title() {
    let library = library();
    for (query, expected) in [
        ("feed:kabar in:title laut", &["one0", "two0"][..]),
        ("feed:\"kabar\" laut in:title", &["one0"]),
        ("feed:\"kabar nu\" laut di:judul", &["two0"]),
        ("feed:tekno feed:nusa title:laut", &["two0", "three0"]),
        ("-feed:kabar", &["three0", "three1", "three2"]),
        ("folder:koran in:title laut", &["one0", "two0"]),
        ("folder:daerah", &["two0", "two1", "two2"]),
        ("folder:Koran/Daerah", &["two0", "two1", "two2"]),
        ("folder:\"koran / daerah\"", &["two0", "two1", "two2"]),
        ("-folder:koran", &["three0", "three1", "three2"]),
        ("folder:koran feed:nusa", &["two0", "two1", "two2"]),
        ("folder:koran feed:tekno", &[]),
        ("tag:laut", &["one0", "one1"]),
        ("tag:LAUT in:title laut", &["one0"]),
        ("tag:laut tag:kota", &[]),
        ("-tag:\"kota tua\"", &["one0", "one1"]),
        ("label:kota feed:one", &["one2"]),
        ("lang:id", &["one0", "one1", "one2"]),
        ("bahasa:Indonesia", &["one0", "one1", "one2"]),
        ("lang:en", &["two0", "two1", "two2"]),
        ("lang:en-gb", &["two0", "two1", "two2"]),
        ("lang:en-us", &[]),
        ("lang:en lang:id in:title laut", &["one0", "two0"]),
        ("-lang:en -lang:id", &["three0", "three1", "three2"]),
        ("laut in:title feed:tekno", &["three0"]),
        ("is:nothing feed:tekno", &["three0", "three1", "three2"]),
        ("after:2099-13-40 feed:tekno title:laut", &["three0"]),
    ] {
        assert_eq!(library.guids(query), expected, "{query}");
    }
    let languages = search_languages(&library.store).unwrap();
    let expected = [("en", 3), ("en-gb", 3), ("id", 3)].map(|(tag, many)| (tag.to_owned(), many));
    assert_eq!(languages, expected);
}

#[test]
fn results_are_sorted_by_date_on_request() {
    let library = library();
    let order = |query: &str, sort| -> Vec<String> {
        let hits = library.find(query, sort).hits;
        hits.into_iter().map(|hit| hit.row.guid).collect()
    };
    let newest = [
        "one0", "two0", "three0", "one1", "two1", "three1", "one2", "two2", "three2",
    ];
    assert_eq!(order("laut", SearchSort::Newest), newest);
    let oldest: Vec<&str> = newest.into_iter().rev().collect();
    assert_eq!(order("laut", SearchSort::Oldest), oldest);
    assert_eq!(
        order("laut sort:oldest", SearchSort::Newest),
        oldest,
        "the query's own order is preferred"
    );
    assert_eq!(
        order("laut urut:terbaru is:unread", SearchSort::Relevance),
        newest
    );
    let best = order("laut", SearchSort::Relevance);
    assert_eq!(&best[..3], ["one0", "two0", "three0"], "titles first");
    let found = library.find("laut sort:oldest", SearchSort::Relevance);
    assert_eq!((found.sort, found.unindexed), (SearchSort::Oldest, 0));
    // Pages neither repeat nor omit a hit.
    let mut paged = Vec::new();
    for offset in (0..9).step_by(2) {
        let page = library
            .store
            .search_for(&SearchRequest {
                sort: SearchSort::Oldest,
                limit: 2,
                offset,
                ..SearchRequest::new("laut")
            })
            .unwrap();
        assert_eq!(page.total, 9);
        paged.extend(page.hits.into_iter().map(|hit| hit.row.guid));
    }
    assert_eq!(paged, oldest);
}

#[test]
fn articles_of_one_time_are_in_the_order_of_lists() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let id = feed(&store, "https://one");
    let articles = (0..20).map(|n| article(&n.to_string(), NOW)).collect();
    store.commit(batch(id, articles)).unwrap();
    store.finish_indexing().unwrap();
    let list = store
        .list(&warta_store::ListQuery {
            place: warta_store::Place::All,
            unread_only: false,
            before: None,
            limit: 50,
        })
        .unwrap();
    let listed: Vec<ArticleId> = list.rows.iter().map(|row| row.id).collect();
    for (sort, expected) in [
        (SearchSort::Newest, listed.clone()),
        (SearchSort::Oldest, listed.into_iter().rev().collect()),
    ] {
        let hits = store
            .search_for(&SearchRequest {
                sort,
                limit: 50,
                ..SearchRequest::new("is:unread")
            })
            .unwrap()
            .hits;
        let found: Vec<ArticleId> = hits.iter().map(|hit| hit.row.id).collect();
        assert_eq!(found, expected, "{sort:?}");
    }
}

#[test]
fn an_article_that_several_feeds_list_is_found_in_each() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let entry = |name: &str| NewArticle {
        url: Some(format!("https://www.kabar.example/artikel/{name}")),
        ..article(name, NOW)
    };
    let facts = || warta_store::FeedFacts {
        site: Some("https://kabar.example/".into()),
        ..warta_store::FeedFacts::default()
    };
    for path in ["utama", "olahraga"] {
        let id = feed(&store, &format!("https://kabar.example/{path}"));
        let mut articles = vec![entry("sama")];
        articles.push(entry(path));
        store
            .commit(warta_store::FeedBatch {
                facts: facts(),
                ..batch(id, articles)
            })
            .unwrap();
    }
    store.finish_indexing().unwrap();
    for (query, expected) in [
        ("feed:utama", 2),
        ("feed:olahraga", 2),
        ("feed:kabar", 3),
        ("-feed:olahraga", 1),
    ] {
        let found = store.search(query, 9, 0).unwrap();
        assert_eq!(found.total, expected, "{query}");
    }
}

#[test]
fn names_that_nothing_has_are_reported() {
    let library = library();
    for (query, kind, suggestion, replacement) in [
        (
            "feed:tekon laut",
            ProblemKind::NoSuchFeed,
            Some("Tekno"),
            "feed:\"Tekno\"",
        ),
        (
            "-sumber:nusaa",
            ProblemKind::NoSuchFeed,
            Some("Kabar Nusa"),
            "-feed:\"Kabar Nusa\"",
        ),
        ("feed:xyzzy", ProblemKind::NoSuchFeed, None, ""),
        (
            "folder:deerah",
            ProblemKind::NoSuchFolder,
            Some("Daerah"),
            "folder:\"Daerah\"",
        ),
        (
            "tag:luat",
            ProblemKind::NoSuchTag,
            Some("Laut"),
            "tag:\"Laut\"",
        ),
    ] {
        let problems = library.problems(query);
        let [problem] = problems.as_slice() else {
            panic!("{query}: {problems:?}");
        };
        assert_eq!(problem.kind, kind, "{query}");
        assert_eq!(problem.suggestion.as_deref(), suggestion, "{query}");
        assert_eq!(problem.replacement.as_deref(), Some(replacement), "{query}");
        let mut mended = query.to_owned();
        mended.replace_range(problem.span.clone(), replacement);
        assert!(library.problems(&mended).is_empty(), "{mended}");
    }
    let filters = library
        .find(
            "feed:nusa folder:daer tag:lau feed:kabar",
            SearchSort::Newest,
        )
        .reading
        .filters;
    let names: Vec<(FilterKind, Option<&str>)> = filters
        .iter()
        .map(|filter| (filter.kind, filter.name.as_deref()))
        .collect();
    assert_eq!(
        names,
        [
            (FilterKind::Feed, Some("Kabar Nusa")),
            (FilterKind::Folder, Some("Daerah")),
            (FilterKind::Tag, Some("Laut")),
            (FilterKind::Feed, None),
        ],
        "a value that several names contain names none"
    );
}

#[test]
fn no_lock_is_held_while_tags_are_asked_for() {
    let library = library();
    let tags = Writing(library.store.clone(), library.tags.0[0]);
    let (done, found) = std::sync::mpsc::channel();
    // A lock that is held would stop this thread for ever.
    let store = library.store.clone();
    std::thread::spawn(move || {
        let request = SearchRequest {
            tags: &tags,
            ..SearchRequest::new("tag:laut")
        };
        done.send(store.search_for(&request).unwrap().total)
    });
    let total = found.recv_timeout(std::time::Duration::from_secs(30));
    assert_eq!(total, Ok(1));
}
