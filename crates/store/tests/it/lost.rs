//! sled's folder gone altogether: whatever was done before, every article that was not purged comes
//! back with its text, and everything precious as of the last snapshot.
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use warta_store::{ArticleId, ListQuery, Mark, Place, Store, repair};

use crate::{NOW, article, assert_sound, batch, feed, open};

const ALL: ListQuery = ListQuery {
    place: Place::All,
    unread_only: false,
    before: None,
    limit: 10_000,
};

#[derive(Debug, Clone)]
enum Step {
    Commit {
        feed: u8,
        articles: Vec<u8>,
    },
    Mark {
        article: usize,
        read: bool,
        saved: bool,
    },
    Purge {
        article: usize,
    },
    Setting {
        name: u8,
        value: u8,
    },
    Search {
        query: u8,
    },
    Title {
        feed: u8,
        title: u8,
    },
    Compact,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0..4_u8, prop::collection::vec(0..20_u8, 1..8))
            .prop_map(|(feed, articles)| Step::Commit { feed, articles }),
        4 => (any::<usize>(), any::<bool>(), any::<bool>())
            .prop_map(|(article, read, saved)| Step::Mark { article, read, saved }),
        2 => any::<usize>().prop_map(|article| Step::Purge { article }),
        2 => (0..3_u8, any::<u8>()).prop_map(|(name, value)| Step::Setting { name, value }),
        1 => (0..3_u8).prop_map(|query| Step::Search { query }),
        1 => (0..4_u8, any::<u8>()).prop_map(|(feed, title)| Step::Title { feed, title }),
        1 => Just(Step::Compact),
    ];
    prop::collection::vec(step, 0..14)
}

fn take(store: &Store, step: &Step, clock: i64) {
    let rows = || store.list(&ALL).unwrap().rows;
    match step {
        Step::Commit { feed: n, articles } => {
            let id = feed(store, &format!("https://feed/{n}"));
            let articles = articles
                .iter()
                .map(|a| article(&format!("{n}-{a}"), NOW - i64::from(*a)))
                .collect();
            store.commit(batch(id, articles)).unwrap();
        }
        Step::Mark {
            article,
            read,
            saved,
        } => {
            let rows = rows();
            if let Some(row) = rows.get(article % rows.len().max(1)) {
                let mark = Mark {
                    read: Some(*read),
                    saved: Some(*saved),
                };
                store.mark(&[row.id], mark, NOW + clock).unwrap();
            }
        }
        Step::Purge { article } => {
            let rows = rows();
            if let Some(row) = rows.get(article % rows.len().max(1)) {
                store.purge(&[row.id], NOW).unwrap();
            }
        }
        Step::Setting { name, value } => store
            .set_settings(&[(format!("own/{name}"), Some(value.to_string()))])
            .unwrap(),
        Step::Search { query } => {
            store
                .saved_searches()
                .save(&format!("S{query}"), &format!("kata{query}"))
                .unwrap();
        }
        Step::Title { feed: n, title } => {
            let id = feed(store, &format!("https://feed/{n}"));
            let named = &mut |feed: &mut warta_store::Feed| {
                feed.custom_title = Some(format!("T{title}"));
            };
            store.update_feed(id, named).unwrap();
        }
        Step::Compact => {
            store.compact(&|_| Vec::new(), &[]).unwrap();
        }
    }
}

type Named = (String, String);
type Precious = (
    BTreeMap<String, Option<String>>,
    BTreeSet<Named>,
    Vec<Named>,
    Vec<Named>,
);

/// What a snapshot holds.
fn precious(store: &Store) -> Precious {
    let feeds = store.feeds().unwrap();
    let url = |id| feeds.iter().find(|f| f.id == id).unwrap().url.clone();
    let saved = store
        .list(&ALL)
        .unwrap()
        .rows
        .into_iter()
        .filter(|row| row.saved);
    let saved = saved.map(|row| (url(row.feed), row.guid)).collect();
    let titles = feeds
        .iter()
        .map(|f| (f.url.clone(), f.custom_title.clone()))
        .collect();
    let searches = store.saved_searches().all().unwrap();
    let searches = searches.into_iter().map(|s| (s.name, s.query)).collect();
    (
        titles,
        saved,
        store.settings_under("own/").unwrap(),
        searches,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn without_sled_all_articles_and_what_the_snapshot_holds_come_back(
        before in steps(),
        after in steps(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        feed(&store, "https://feed/0");
        for (clock, step) in before.iter().enumerate() {
            take(&store, step, clock as i64);
        }
        store.snapshot(NOW).unwrap();
        let (titles, saved, settings, searches) = precious(&store);
        for (clock, step) in after.iter().enumerate() {
            take(&store, step, 100 + clock as i64);
        }
        let rows = store.list(&ALL).unwrap().rows;
        drop(store);
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name == "db" || name.starts_with("db-") {
                std::fs::remove_dir_all(path).unwrap();
            }
        }
        let repaired = repair(dir.path(), NOW + 1_000).unwrap();
        prop_assert!(repaired.left.unwrap().is_sound());
        let store = open(dir.path());
        assert_sound(&store);
        let feeds: BTreeMap<_, _> = store.feeds().unwrap().into_iter().map(|f| (f.id, f.url)).collect();
        for row in &rows {
            let article = store.article(ArticleId(row.id.0)).unwrap();
            let article = article.unwrap_or_else(|| panic!("{} is lost", row.guid));
            prop_assert_eq!(&article.row.guid, &row.guid);
            let text = format!("The text of {}.", row.guid);
            prop_assert!(article.html.contains(&text));
        }
        let here: BTreeSet<Named> = rows
            .iter()
            .map(|row| (feeds[&row.feed].clone(), row.guid.clone()))
            .collect();
        let (titles_now, saved_now, settings_now, searches_now) = precious(&store);
        for row in store.list(&ALL).unwrap().rows {
            let name = (feeds[&row.feed].clone(), row.guid);
            prop_assert!(here.contains(&name) || saved.contains(&name), "{name:?} was purged");
        }
        for (url, title) in titles {
            prop_assert_eq!(titles_now.get(&url), Some(&title));
        }
        prop_assert!(saved.is_subset(&saved_now), "{saved:?} {saved_now:?}");
        prop_assert_eq!(settings_now, settings);
        prop_assert_eq!(searches_now, searches);
    }
}
