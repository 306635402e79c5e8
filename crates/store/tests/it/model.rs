//! Any sequence of operations gives the same lists and counts as a plain model in memory.
use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use warta_store::{
    ArticleId, Count, FeedId, FolderId, Keep, ListQuery, Mark, NewArticle, Place, Retention, Store,
    UndoToken,
};

use crate::{NOW, article, assert_sound, batch, feed, open};

const FEEDS: usize = 3;

#[derive(Debug, Clone)]
enum Operation {
    Commit {
        feed: usize,
        articles: Vec<(u8, i8, bool, u8)>,
    },
    Mark {
        article: usize,
        read: Option<bool>,
        saved: Option<bool>,
    },
    MarkAll {
        place: u8,
        newest: Option<usize>,
    },
    Undo {
        back: usize,
    },
    Remove {
        feed: usize,
    },
    AddAgain {
        feed: usize,
    },
    Purge {
        articles: Vec<usize>,
    },
    Retain {
        articles: Option<u64>,
        of_a_feed: Option<u32>,
        unread: bool,
    },
    Compact,
    RemoveFolder,
    Reopen,
}

#[derive(Debug, Clone)]
struct Known {
    feed: FeedId,
    guid: String,
    time: i64,
    read: bool,
    saved_at: Option<i64>,
}

#[derive(Debug, Clone)]
enum Way {
    Unread(Vec<u64>),
    Show(FeedId),
    Folder(Vec<FeedId>),
}

/// The model: a map and plain sorting.
#[derive(Default)]
struct Model {
    articles: BTreeMap<u64, Known>,
    hidden: Vec<FeedId>,
    /// Purged articles that must not come back, by feed and GUID.
    purged: HashSet<(FeedId, String)>,
    /// None: the folder is removed.
    folder: Option<HashSet<FeedId>>,
    undo: Vec<(UndoToken, Option<Way>)>,
    clock: i64,
}

impl Model {
    fn list(&self, place: Place, folder: &[FeedId], unread_only: bool) -> Vec<u64> {
        let mut found: Vec<(i64, u64)> = self
            .articles
            .iter()
            .filter(|(_, known)| !self.hidden.contains(&known.feed))
            .filter(|(_, known)| !(unread_only && known.read))
            .filter(|(_, known)| match place {
                Place::All => true,
                Place::Feed(feed) => known.feed == feed,
                Place::Folder(_) => folder.contains(&known.feed),
                Place::Since(since) => known.time >= since,
                Place::Saved => known.saved_at.is_some(),
            })
            .map(|(id, known)| match (place, known.saved_at) {
                (Place::Saved, Some(at)) => (at, *id),
                _ => (known.time, *id),
            })
            .collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        found.into_iter().map(|(_, id)| id).collect()
    }

    fn purge(&mut self, ids: HashSet<u64>) {
        for id in ids {
            let known = self.articles.remove(&id).unwrap();
            self.purged.insert((known.feed, known.guid));
        }
    }
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let articles = prop::collection::vec((0..8_u8, -3..3_i8, any::<bool>(), 0..2_u8), 0..5);
    let operation = prop_oneof![
        5 => (0..FEEDS, articles).prop_map(|(feed, articles)| Operation::Commit { feed, articles }),
        5 => (any::<usize>(), any::<Option<bool>>(), any::<Option<bool>>())
            .prop_map(|(article, read, saved)| Operation::Mark { article, read, saved }),
        2 => (0..6_u8, any::<Option<usize>>())
            .prop_map(|(place, newest)| Operation::MarkAll { place, newest }),
        2 => (0..4_usize).prop_map(|back| Operation::Undo { back }),
        1 => (0..FEEDS).prop_map(|feed| Operation::Remove { feed }),
        1 => (0..FEEDS).prop_map(|feed| Operation::AddAgain { feed }),
        2 => prop::collection::vec(any::<usize>(), 0..4)
            .prop_map(|articles| Operation::Purge { articles }),
        1 => (prop::option::of(0..12_u64), prop::option::of(0..6_u32), any::<bool>())
            .prop_map(|(articles, of_a_feed, unread)| Operation::Retain {
                articles,
                of_a_feed,
                unread
            }),
        1 => Just(Operation::Compact),
        1 => Just(Operation::RemoveFolder),
        1 => Just(Operation::Reopen),
    ];
    prop::collection::vec(operation, 1..25)
}

struct Run {
    dir: tempfile::TempDir,
    store: Option<Store>,
    model: Model,
    feeds: Vec<FeedId>,
    folder: FolderId,
}

impl Run {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(dir.path());
        let folder = store.folders().named("F").unwrap();
        let feeds: Vec<FeedId> = (0..FEEDS)
            .map(|n| feed(&store, &format!("https://feed/{n}")))
            .collect();
        let mut run = Self {
            dir,
            store: Some(store),
            model: Model::default(),
            feeds,
            folder,
        };
        for feed in [run.feeds[0], run.feeds[1]] {
            run.put_in_folder(feed);
        }
        run.model.folder = Some(run.feeds[..2].iter().copied().collect());
        run
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    fn put_in_folder(&mut self, feed: FeedId) {
        let folder = self.folder;
        self.store()
            .update_feed(feed, &mut |feed| feed.folder = Some(folder))
            .unwrap();
    }

    fn place(&self, place: u8) -> Place {
        match place {
            0 => Place::All,
            1 => Place::Feed(self.feeds[0]),
            2 => Place::Feed(self.feeds[2]),
            3 => Place::Folder(self.folder),
            4 => Place::Since(NOW - 1),
            _ => Place::Saved,
        }
    }

    fn apply(&mut self, operation: &Operation) {
        self.model.clock += 1;
        let now = NOW + self.model.clock;
        match operation {
            Operation::Commit { feed, articles } => self.commit(*feed, articles),
            Operation::Mark {
                article,
                read,
                saved,
            } => {
                let visible = self.model.list(Place::All, &[], false);
                let Some(id) = visible.get(article % visible.len().max(1)) else {
                    return;
                };
                let mark = Mark {
                    read: *read,
                    saved: *saved,
                };
                let changed = self.store().mark(&[ArticleId(*id)], mark, now).unwrap();
                let known = self.model.articles.get_mut(id).unwrap();
                let before = known.clone();
                known.read = read.unwrap_or(known.read);
                match saved {
                    Some(true) => known.saved_at = known.saved_at.or(Some(now)),
                    Some(false) => known.saved_at = None,
                    None => {}
                }
                let differs = before.read != known.read || before.saved_at != known.saved_at;
                assert_eq!(changed, usize::from(differs));
            }
            Operation::MarkAll { place, newest } => self.mark_all(*place, *newest, now),
            Operation::Undo { back } => self.undo(*back),
            Operation::Remove { feed } => {
                let feed = self.feeds[*feed];
                if let Ok(token) = self.store().remove_feed(feed, now) {
                    assert!(!self.model.hidden.contains(&feed));
                    self.model.hidden.push(feed);
                    self.model.undo.push((token, Some(Way::Show(feed))));
                }
            }
            Operation::AddAgain { feed: at } => {
                let id = feed(self.store(), &format!("https://feed/{at}"));
                self.model.hidden.retain(|hidden| *hidden != id);
                self.feeds[*at] = id;
            }
            Operation::Purge { articles } => {
                let visible = self.model.list(Place::All, &[], false);
                let of = |at: &usize| visible.get(at % visible.len().max(1)).copied();
                let ids: Vec<u64> = articles.iter().filter_map(of).collect();
                let wanted: Vec<ArticleId> = ids.iter().map(|id| ArticleId(*id)).collect();
                let purged = self.store().purge(&wanted, now).unwrap();
                let saved = |id: &u64| self.model.articles[id].saved_at.is_some();
                let going: HashSet<u64> = ids.into_iter().filter(|id| !saved(id)).collect();
                assert_eq!(purged.articles, going.len() as u64);
                self.model.purge(going);
            }
            Operation::Retain {
                articles,
                of_a_feed,
                unread,
            } => self.retain(*articles, *of_a_feed, *unread, now),
            Operation::Compact => {
                self.store().compact(&|_| Vec::new(), &[]).unwrap();
            }
            Operation::RemoveFolder => {
                let removed = self.store().folders().remove(self.folder);
                assert_eq!(removed.is_ok(), self.model.folder.is_some());
                if let (Ok(token), Some(feeds)) = (removed, self.model.folder.take()) {
                    let way = Way::Folder(feeds.into_iter().collect());
                    self.model.undo.push((token, Some(way)));
                }
            }
            Operation::Reopen => {
                self.store = None;
                self.store = Some(open(self.dir.path()));
                let hidden = std::mem::take(&mut self.model.hidden);
                self.model
                    .articles
                    .retain(|_, known| !hidden.contains(&known.feed));
                if let Some(folder) = &mut self.model.folder {
                    folder.retain(|feed| !hidden.contains(feed));
                }
                self.model.undo.iter_mut().for_each(|(_, way)| *way = None);
            }
        }
    }

    fn commit(&mut self, at: usize, articles: &[(u8, i8, bool, u8)]) {
        let feed = self.feeds[at];
        let new: Vec<NewArticle> = articles
            .iter()
            .map(|(guid, time, read, content)| NewArticle {
                html: format!("<p>{content}</p>"),
                read: *read,
                ..article(&guid.to_string(), NOW + i64::from(*time))
            })
            .collect();
        let Ok(committed) = self.store().commit(batch(feed, new.clone())) else {
            let is_known = self.store().feed(feed).unwrap().is_some();
            assert!(!is_known, "only a removed feed is refused");
            return;
        };
        let mut ids = committed.new.iter();
        let mut seen = Vec::new();
        for article in new {
            if seen.contains(&article.guid) {
                continue;
            }
            seen.push(article.guid.clone());
            let known = |known: &&Known| known.feed == feed && known.guid == article.guid;
            if self.model.articles.values().any(|one| known(&one)) {
                continue;
            }
            let name = (feed, article.guid.clone());
            if self.model.purged.contains(&name) {
                continue;
            }
            let id = ids.next().expect("an unknown guid is a new article");
            let published = article.published.unwrap();
            let known = Known {
                feed,
                guid: article.guid,
                time: if published <= NOW { published } else { NOW },
                read: article.read,
                saved_at: None,
            };
            self.model.articles.insert(id.0, known);
        }
        assert_eq!(ids.next(), None, "a known GUID is not a new article");
    }

    fn mark_all(&mut self, place: u8, newest: Option<usize>, now: i64) {
        let place = self.place(place);
        if let Place::Feed(feed) = place
            && self.store().feed(feed).unwrap().is_none()
        {
            return;
        }
        let folder = self.folder_feeds();
        let all = self.model.list(place, &folder, false);
        let newest = newest.and_then(|at| all.get(at % all.len().max(1)).copied());
        let cursor = newest.map(|id| {
            let known = &self.model.articles[&id];
            let time = if place == Place::Saved {
                known.saved_at.unwrap()
            } else {
                known.time
            };
            warta_store::Cursor {
                time,
                id: ArticleId(id),
            }
        });
        let (changed, token) = self.store().mark_all_read(place, cursor, now).unwrap();
        let mut expected = self.model.list(place, &folder, true);
        if let Some(newest) = newest {
            let from = all.iter().position(|id| *id == newest).unwrap();
            expected.retain(|id| all[from..].contains(id));
        }
        assert_eq!(changed, expected.len());
        for id in &expected {
            self.model.articles.get_mut(id).unwrap().read = true;
        }
        self.model.undo.push((token, Some(Way::Unread(expected))));
    }

    fn undo(&mut self, back: usize) {
        let Some(at) = self.model.undo.len().checked_sub(back + 1) else {
            return;
        };
        let (token, way) = self.model.undo[at].clone();
        self.model.undo[at].1 = None;
        let undone = self.store().undo(token).unwrap();
        match way {
            Some(Way::Unread(ids)) => {
                assert!(undone);
                for id in ids {
                    // It may have been purged meanwhile.
                    if let Some(known) = self.model.articles.get_mut(&id) {
                        known.read = false;
                    }
                }
            }
            Some(Way::Folder(feeds)) => {
                assert!(undone);
                self.model.folder = Some(feeds.into_iter().collect());
            }
            Some(Way::Show(feed)) => {
                assert_eq!(undone, self.model.hidden.contains(&feed));
                self.model.hidden.retain(|hidden| *hidden != feed);
            }
            None => assert!(!undone),
        }
    }

    /// The articles that a limit on their number removes, by plain sorting.
    fn retain(&mut self, all: Option<u64>, of_a_feed: Option<u32>, unread: bool, now: i64) {
        let keep = Keep {
            each_feed: Retention {
                days: None,
                articles: of_a_feed,
            },
            articles: all,
            bytes: None,
            unread,
        };
        let purged = self.store().retain(&keep, now).unwrap();
        let free = |known: &Known| known.saved_at.is_none() && (!unread || known.read);
        let mut going = HashSet::new();
        for feed in &self.feeds {
            let Some(most) = of_a_feed else { break };
            let newest_first = self.model.list(Place::Feed(*feed), &[], false);
            let beyond = newest_first.iter().skip(most as usize);
            going.extend(beyond.copied().filter(|id| free(&self.model.articles[id])));
        }
        if let Some(most) = all {
            // Hidden feeds' articles count, but stay.
            let mut here = self.model.articles.len() - going.len();
            for id in self.model.list(Place::All, &[], false).into_iter().rev() {
                if here as u64 <= most {
                    break;
                }
                if free(&self.model.articles[&id]) && going.insert(id) {
                    here -= 1;
                }
            }
        }
        assert_eq!(purged.articles, going.len() as u64, "{keep:?}");
        self.model.purge(going);
    }

    fn folder_feeds(&self) -> Vec<FeedId> {
        let feeds = self.model.folder.iter().flatten();
        let visible = feeds.filter(|feed| !self.model.hidden.contains(feed));
        visible.copied().collect()
    }

    fn compare(&self) {
        let folder = self.folder_feeds();
        for feed in self.store().feeds().unwrap() {
            let expected = folder.contains(&feed.id).then_some(self.folder);
            assert_eq!(feed.folder, expected, "{feed:?}");
        }
        for place in 0..6 {
            let place = self.place(place);
            for unread_only in [false, true] {
                let query = ListQuery {
                    place,
                    unread_only,
                    before: None,
                    limit: 100,
                };
                let Ok(page) = self.store().list(&query) else {
                    continue;
                };
                let ids: Vec<u64> = page.rows.iter().map(|row| row.id.0).collect();
                assert_eq!(
                    ids,
                    self.model.list(place, &folder, unread_only),
                    "{query:?}"
                );
                let mut backwards = self
                    .store()
                    .list_in(&query, warta_store::Order::OldestFirst)
                    .unwrap();
                backwards.rows.reverse();
                assert_eq!(backwards.rows, page.rows, "{query:?} from the oldest");
                for row in page.rows {
                    let known = &self.model.articles[&row.id.0];
                    assert_eq!((row.read, row.saved_at), (known.read, known.saved_at));
                }
            }
        }
        let counts = self.store().counts().unwrap();
        let count = |place| Count {
            total: self.model.list(place, &folder, false).len() as u64,
            unread: self.model.list(place, &folder, true).len() as u64,
        };
        assert_eq!(counts.all, count(Place::All));
        assert_eq!(counts.saved, count(Place::Saved).total);
        for (feed, found) in counts.feeds {
            assert_eq!(found, count(Place::Feed(feed)));
        }
        assert_eq!(
            self.store().count_since(NOW - 1).unwrap(),
            count(Place::Since(NOW - 1))
        );
    }
}

/// How many sequences; more for a long run.
fn cases() -> u32 {
    let wanted = std::env::var("WARTA_STORE_MODEL_CASES").ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(24)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_store_does_what_the_model_does(operations in operations()) {
        let mut run = Run::new();
        for operation in &operations {
            run.apply(operation);
            run.compare();
        }
        assert_sound(run.store());
        run.store = None;
        run.store = Some(open(run.dir.path()));
        run.model.articles.retain(|_, known| !run.model.hidden.contains(&known.feed));
        run.compare();
    }
}
