//! Which entry is which article when GUIDs lie, change or are missing. Two errors are possible: one
//! article shown as two, and two taken for one; each kind has tests for both.
use warta_store::{FeedId, Keep, ListQuery, Mark, NewArticle, Place, Retention, Store};

use crate::{NOW, assert_sound, batch, feed, open};

const DAY: i64 = 86_400;
const READ: Mark = Mark {
    read: Some(true),
    saved: None,
};

struct Shelf {
    dir: tempfile::TempDir,
    store: Store,
    feed: FeedId,
}

impl Shelf {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let feed = feed(&store, "https://kabar.example/feed");
        Self { dir, store, feed }
    }

    /// How many are new.
    fn fetch(&self, document: Vec<NewArticle>) -> usize {
        self.store
            .commit(batch(self.feed, document))
            .unwrap()
            .new
            .len()
    }

    fn rows(&self) -> Vec<warta_store::ArticleRow> {
        let query = ListQuery {
            place: Place::Feed(self.feed),
            unread_only: false,
            before: None,
            limit: 10_000,
        };
        self.store.list(&query).unwrap().rows
    }

    fn read_all(&self) {
        let ids: Vec<_> = self.rows().iter().map(|row| row.id).collect();
        self.store.mark(&ids, READ, NOW).unwrap();
    }

    /// Titles with whether they are read, by title.
    fn state(&self) -> Vec<(String, bool)> {
        let mut all: Vec<_> = self
            .rows()
            .into_iter()
            .map(|row| (row.title, row.read))
            .collect();
        all.sort();
        all
    }

    /// Fetches successive windows of a feed, marking everything read in between: each title must be
    /// one article, and only new ones unread.
    #[track_caller]
    fn check_windows(&self, windows: Vec<Vec<NewArticle>>) {
        let mut seen: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
        for (number, window) in windows.into_iter().enumerate() {
            let titles: Vec<String> = window.iter().map(|one| one.title.clone()).collect();
            self.fetch(window);
            let mut expected: Vec<(String, bool)> =
                seen.iter().map(|title| (title.clone(), true)).collect();
            for title in titles {
                if seen.insert(title.clone()) {
                    expected.push((title, false));
                }
            }
            expected.sort();
            assert_eq!(self.state(), expected, "after window {number}");
            self.read_all();
        }
        assert_sound(&self.store);
    }
}

/// An entry about `name`.
fn entry(guid: &str, name: &str) -> NewArticle {
    NewArticle {
        guid: guid.into(),
        url: Some(format!("https://kabar.example/{name}")),
        title: format!("Judul {name}"),
        published: Some(NOW - DAY),
        excerpt: "Apa yang terjadi.".into(),
        html: "<p>Apa yang terjadi.</p>".into(),
        ..NewArticle::default()
    }
}

fn moved(seconds: i64, one: NewArticle) -> NewArticle {
    NewArticle {
        published: one.published.map(|at| at + seconds),
        ..one
    }
}

fn undated(one: NewArticle) -> NewArticle {
    NewArticle {
        published: None,
        ..one
    }
}

/// The names that the parser gives entries that share a GUID.
fn as_parsed(guid: &str, names: &[&str]) -> Vec<NewArticle> {
    let all = names.iter().enumerate();
    all.map(|(at, name)| {
        let keeps = names.len() == 1 || (names.len() == 2 && at == 0);
        let own = format!("{guid}#https://kabar.example/{name}");
        entry(if keeps { guid } else { &own }, name)
    })
    .collect()
}

#[test]
fn two_hundred_fetches_with_new_guids_are_fifty_articles() {
    for change in [
        // With dates, without, and with dates that are always those of the request.
        (|_, one| one) as fn(i64, NewArticle) -> NewArticle,
        |_, one| undated(one),
        |fetch, one| moved(fetch, one),
        // Without a link, and with one that leads to the front page.
        |_, one| NewArticle { url: None, ..one },
        |_, one| NewArticle {
            url: Some("https://kabar.example/".into()),
            ..one
        },
    ] {
        let shelf = Shelf::new();
        for fetch in 0..200 {
            let document = (0..50).map(|n| {
                let guid = format!("{:x}-{n}", fetch * 7_919 + 13);
                change(fetch, entry(&guid, &n.to_string()))
            });
            let new = shelf.fetch(document.collect());
            assert_eq!(new, if fetch == 0 { 50 } else { 0 }, "fetch {fetch}");
            if fetch == 0 {
                shelf.read_all();
            }
        }
        let state = shelf.state();
        assert_eq!(state.len(), 50);
        assert!(
            state.iter().all(|(_, read)| *read),
            "what was read stays so"
        );
        assert_sound(&shelf.store);
    }
}

#[test]
fn new_articles_are_found_although_all_guids_change() {
    let shelf = Shelf::new();
    let window = |fetch: i64, names: std::ops::Range<i64>| {
        let all = names.rev();
        all.map(|n| entry(&format!("g{fetch}-{n}"), &n.to_string()))
            .collect::<Vec<_>>()
    };
    shelf.check_windows(
        (0..20)
            .map(|fetch| window(fetch, fetch..fetch + 10))
            .collect(),
    );
}

#[test]
fn new_guids_and_an_edit_are_an_update() {
    let shelf = Shelf::new();
    let document = |fetch: i64, text: &str| {
        let all = (0..5).map(|n| entry(&format!("g{fetch}-{n}"), &n.to_string()));
        let mut all: Vec<NewArticle> = all.collect();
        all[2].excerpt = text.into();
        all[2].html = format!("<p>{text}</p>");
        all
    };
    shelf.fetch(document(0, "Awal."));
    shelf.read_all();
    assert_eq!(shelf.fetch(document(1, "Diperbarui.")), 0);
    let rows = shelf.rows();
    let edited = rows.iter().find(|row| row.title == "Judul 2").unwrap();
    assert_eq!(edited.excerpt, "Diperbarui.");
    assert!(rows.iter().all(|row| row.read));
}

#[test]
fn a_changing_redirect_address_is_the_same_article() {
    let shelf = Shelf::new();
    let document = |key: &str| {
        let all = (0..5).map(|n| NewArticle {
            url: Some(format!("https://gabung.example/r/{key}{n}")),
            link_is_redirect: true,
            source: Some("Harian".into()),
            html: format!("<a href=\"https://gabung.example/r/{key}{n}\">Jalan</a>"),
            ..moved(-n, entry(&format!("{key}{n}"), &n.to_string()))
        });
        all.collect::<Vec<_>>()
    };
    shelf.fetch(document("AAA"));
    shelf.read_all();
    for key in ["BBB", "CCC"] {
        let committed = shelf
            .store
            .commit(batch(shelf.feed, document(key)))
            .unwrap();
        assert_eq!((committed.new.len(), committed.updated.len()), (0, 0));
    }
    // Of another publication it is another article.
    let mut other = document("DDD");
    other[0].source = Some("Mingguan".into());
    assert_eq!(shelf.fetch(other), 1);
}

#[test]
fn a_site_that_moves_repeats_nothing() {
    for (from, to) in [
        ("http://kabar.example", "https://kabar.example"),
        ("https://www.kabar.example", "https://kabar.example"),
        ("https://kabar.example", "https://koran.example"),
    ] {
        let shelf = Shelf::new();
        let document = |site: &str| {
            let all = (1..4).map(|n| NewArticle {
                url: Some(format!("{site}/artikel-{n}/")),
                ..entry(&format!("{site}/?p={n}"), &n.to_string())
            });
            all.collect::<Vec<_>>()
        };
        shelf.fetch(document(from));
        shelf.read_all();
        assert_eq!(shelf.fetch(document(to)), 0, "{from} to {to}");
        assert!(
            shelf.state().iter().all(|(_, read)| *read),
            "{from} to {to}"
        );
        assert_eq!(shelf.rows().len(), 3);
    }
    // An edit afterwards is one, too, for the GUID differs in its scheme alone.
    let shelf = Shelf::new();
    shelf.fetch(vec![entry("http://kabar.example/?p=1234", "a")]);
    let edited = NewArticle {
        title: "Judul lain".into(),
        ..entry("https://kabar.example/?p=1234", "a")
    };
    assert_eq!(shelf.fetch(vec![edited]), 0);
}

#[test]
fn windows_of_one_guid_for_all_lose_and_repeat_nothing() {
    for guid in [
        "N/A",
        "0",
        "https://kabar.example/",
        "https://kabar.example/feed",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ] {
        let windows: [&[&str]; 8] = [
            &["a"],
            &["b", "a"],
            &["c", "b", "a"],
            &["d", "c", "b"],
            &["e", "d"],
            &["f"],
            &["g"],
            &["g", "f"],
        ];
        let shelf = Shelf::new();
        shelf.check_windows(windows.iter().map(|names| as_parsed(guid, names)).collect());
        let shelf = Shelf::new();
        shelf.check_windows(
            windows
                .iter()
                .map(|names| as_parsed(guid, names).into_iter().map(undated).collect())
                .collect(),
        );
    }
}

#[test]
fn one_guid_reused_by_articles_of_different_fetches() {
    for guid in ["N/A", "terbaru", "0000-0000"] {
        let shelf = Shelf::new();
        let window = |name: &str| vec![entry(guid, name)];
        shelf.check_windows(["a", "b", "c", "c", "d"].map(window).into());
    }
}

#[test]
fn positions_in_the_list_are_not_guids() {
    let window = |names: &[&str], change: &dyn Fn(NewArticle) -> NewArticle| {
        let all = names.iter().enumerate();
        all.map(|(at, name)| change(entry(&(at + 1).to_string(), name)))
            .collect::<Vec<_>>()
    };
    let windows: [&[&str]; 5] = [
        &["c", "b", "a"],
        &["d", "c", "b"],
        &["e", "d", "c"],
        &["h", "g", "f"],
        &["h", "g", "f"],
    ];
    let same: &dyn Fn(NewArticle) -> NewArticle = &|one| one;
    let at_home: &dyn Fn(NewArticle) -> NewArticle = &|one| NewArticle {
        url: Some("https://kabar.example/".into()),
        ..one
    };
    for change in [same, &undated, at_home] {
        let shelf = Shelf::new();
        shelf.check_windows(windows.iter().map(|names| window(names, change)).collect());
    }
}

#[test]
fn swapped_guids_do_not_swap_articles() {
    let shelf = Shelf::new();
    shelf.check_windows(vec![
        vec![
            entry("satu-1001", "a"),
            entry("dua-2002", "b"),
            entry("tiga-3003", "c"),
        ],
        vec![
            entry("dua-2002", "a"),
            entry("satu-1001", "b"),
            entry("tiga-3003", "c"),
        ],
        vec![
            entry("tiga-3003", "a"),
            entry("satu-1001", "b"),
            entry("dua-2002", "c"),
        ],
        vec![
            entry("satu-1001", "d"),
            entry("dua-2002", "b"),
            entry("tiga-3003", "a"),
        ],
    ]);
}

#[test]
fn a_sound_guid_is_one_article_whatever_changes() {
    let shelf = Shelf::new();
    let first = entry("https://kabar.example/?p=4711", "banjir");
    shelf.fetch(vec![
        first.clone(),
        entry("https://kabar.example/?p=4712", "lain"),
    ]);
    let retitled = NewArticle {
        title: "Banjir surut".into(),
        ..first.clone()
    };
    let elsewhere = NewArticle {
        url: Some("https://kabar.example/banjir-surut".into()),
        ..retitled.clone()
    };
    let later = moved(3_600, elsewhere.clone());
    for edited in [retitled, elsewhere, later] {
        assert_eq!(shelf.fetch(vec![edited]), 0);
        assert_eq!(shelf.rows().len(), 2);
    }
    // Entries that show a current value under a lasting name (weather, rates).
    for url in ["https://kabar.example/cuaca", "https://kabar.example/"] {
        let value = |name: &str, text: &str, at: i64| NewArticle {
            url: Some(url.into()),
            title: format!("{name}: {text}"),
            excerpt: text.into(),
            ..moved(at, entry(name, "cuaca"))
        };
        let shelf = Shelf::new();
        for (hour, text) in ["29 derajat", "30 derajat", "31 derajat"]
            .iter()
            .enumerate()
        {
            let at = hour as i64 * 3_600;
            let document = vec![value("jakarta", text, at), value("bogor", text, at)];
            assert_eq!(
                shelf.fetch(document),
                if hour == 0 { 2 } else { 0 },
                "{url}"
            );
        }
    }
}

#[test]
fn a_title_that_comes_again_is_another_article() {
    // One a day, with a link of its own, with the page's, and with the front page's.
    for url in [
        "https://kabar.example/{}",
        "https://kabar.example/pagi",
        "https://kabar.example/",
    ] {
        let briefing = |day: i64| NewArticle {
            url: Some(url.replace("{}", &day.to_string())),
            title: "Kabar pagi".into(),
            ..moved(day * DAY, entry(&format!("pagi-{}", 20_260 + day), "pagi"))
        };
        let shelf = Shelf::new();
        for day in 0..5 {
            assert_eq!(
                shelf.fetch(vec![briefing(day)]),
                1,
                "{url} alone, day {day}"
            );
        }
        let shelf = Shelf::new();
        for day in 0..5 {
            let window = (0..=day).rev().take(3).map(briefing).collect();
            assert_eq!(shelf.fetch(window), 1, "{url} in a window, day {day}");
        }
        assert_eq!(shelf.rows().len(), 5);
    }
    // Two on one day, distinguished by their picture.
    let cartoon = |n: u32| NewArticle {
        title: "Kartun hari ini".into(),
        url: Some("https://kabar.example/".into()),
        excerpt: String::new(),
        lead_picture: Some(format!("https://gambar.example/{n}.png")),
        ..entry(&format!("kartun-{n}"), "kartun")
    };
    let shelf = Shelf::new();
    assert_eq!(shelf.fetch(vec![cartoon(1)]), 1);
    assert_eq!(shelf.fetch(vec![cartoon(2)]), 1);
    assert_eq!(shelf.fetch(vec![cartoon(3), cartoon(2), cartoon(1)]), 1);
}

#[test]
fn without_a_guid_an_unshared_link_identifies_an_article() {
    let of_shop = |name: &str, day: i64| NewArticle {
        url: Some("https://kabar.example/toko".into()),
        lead_picture: Some(format!("https://gambar.example/{name}.jpg")),
        ..moved(
            day * DAY,
            entry(&format!("https://kabar.example/toko#content:{name}"), name),
        )
    };
    let shelf = Shelf::new();
    shelf.check_windows(vec![
        vec![of_shop("a", 0), of_shop("b", 0)],
        vec![of_shop("c", 1), of_shop("d", 1)],
        vec![of_shop("c", 1), of_shop("d", 1)],
    ]);
    // Without a link either, title and date.
    let unnamed = |text: &str, day: i64| NewArticle {
        url: None,
        excerpt: text.into(),
        ..moved(day * DAY, entry(&format!("content:{text}"), "catatan"))
    };
    let shelf = Shelf::new();
    assert_eq!(shelf.fetch(vec![unnamed("awal", 0)]), 1);
    assert_eq!(shelf.fetch(vec![unnamed("diperbaiki", 0)]), 0);
    assert_eq!(shelf.fetch(vec![unnamed("lain", 1)]), 1);
    let page = |title: &str| NewArticle {
        title: title.into(),
        ..entry("https://kabar.example/halaman", "halaman")
    };
    let shelf = Shelf::new();
    assert_eq!(shelf.fetch(vec![page("Judul")]), 1);
    assert_eq!(shelf.fetch(vec![page("Judul yang diperbaiki")]), 0);
}

#[test]
fn purged_articles_do_not_return_under_another_guid() {
    let shelf = Shelf::new();
    let document = |fetch: i64| {
        let all = (0..10).map(|n| moved(-n * 60, entry(&format!("g{fetch}-{n}"), &n.to_string())));
        all.collect::<Vec<_>>()
    };
    shelf.fetch(document(0));
    let keep = Keep {
        each_feed: Retention {
            days: None,
            articles: Some(4),
        },
        ..Keep::default()
    };
    assert_eq!(shelf.store.retain(&keep, NOW).unwrap().articles, 6);
    for fetch in 1..4 {
        assert_eq!(shelf.fetch(document(fetch)), 0, "fetch {fetch}");
    }
    assert_eq!(shelf.rows().len(), 4);
    assert_sound(&shelf.store);
    // A tombstone for a GUID that all articles share must not suppress others.
    let shelf = Shelf::new();
    shelf.fetch(vec![entry("N/A", "a")]);
    let ids: Vec<_> = shelf.rows().iter().map(|row| row.id).collect();
    shelf.store.purge(&ids, NOW).unwrap();
    assert_eq!(shelf.fetch(vec![entry("N/A", "a")]), 0);
    assert_eq!(shelf.fetch(vec![entry("N/A", "b")]), 1);
}

#[test]
fn marks_of_a_snapshot_find_articles_under_other_guids() {
    let shelf = Shelf::new();
    let document = |fetch: i64| {
        let all = (0..6).map(|n| entry(&format!("g{fetch}-{n}"), &n.to_string()));
        all.collect::<Vec<_>>()
    };
    shelf.fetch(document(0));
    let rows = shelf.rows();
    let id_of = |name: &str| rows.iter().find(|row| row.title == name).unwrap().id;
    let (read, saved) = (id_of("Judul 1"), id_of("Judul 2"));
    shelf.store.mark(&[read], READ, NOW).unwrap();
    let save = Mark {
        read: None,
        saved: Some(true),
    };
    shelf.store.mark(&[saved], save, NOW).unwrap();
    let snapshot = shelf.store.snapshot(NOW).unwrap();
    for fetched_before in [true, false] {
        let other = Shelf::new();
        if fetched_before {
            other.fetch(document(1));
        }
        other.store.restore(&snapshot, NOW).unwrap();
        other.fetch(document(2));
        let rows = other.rows();
        assert_eq!(rows.len(), 6, "fetched before: {fetched_before}");
        for row in rows {
            assert_eq!(row.read, row.title == "Judul 1", "{}", row.title);
            assert_eq!(row.saved, row.title == "Judul 2", "{}", row.title);
            let article = other.store.article(row.id).unwrap().unwrap();
            assert_eq!(article.html, "<p>Apa yang terjadi.</p>", "its text is here");
        }
        assert_sound(&other.store);
    }
}

#[test]
fn all_this_holds_after_a_restart() {
    let mut shelf = Shelf::new();
    let names = ["c", "b", "a"];
    shelf.fetch(as_parsed("N/A", &["b", "a"]));
    shelf.read_all();
    for fetch in 0..3 {
        drop(shelf.store);
        shelf.store = open(shelf.dir.path());
        let mut document = as_parsed("N/A", &names);
        document.push(entry(&format!("baru-{fetch}"), "d"));
        assert_eq!(shelf.fetch(document), if fetch == 0 { 2 } else { 0 });
    }
    assert_eq!(shelf.rows().len(), 4);
    assert_sound(&shelf.store);
}
