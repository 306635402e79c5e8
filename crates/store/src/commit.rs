//! Storing what fetches brought.
//!
//! One fetched feed is one sled transaction over all trees it touches, made after the bodies were
//! synced, and flushed before the call returns: what is reported stored survives a kill. Callers
//! that come while the disk is busy are written together: one of them waits for the disk for all.
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Result, StoreError};
use crate::model::{ArticleId, Committed, Feed, FeedBatch, FeedId, NewArticle};
use crate::records::{
    self, LoggedArticle, StoredArticle, StoredEntries, StoredFeed, StoredRow, Tombstone,
    WaitingMark,
};
use crate::settings::note_name;
use crate::space::Live;
use crate::state::Entry;
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};
use crate::value_log::{Kind, Pointer, article_key};

/// A tombstone whose article is still listed says so anew after so many days.
const TOMBSTONE_IS_RENEWED_AFTER: u32 = 14;
/// What a record holds beside its HTML is seldom longer, in bytes.
const MOST_BESIDE_HTML: usize = 2_000;
/// Batches written together at most.
const TOGETHER: usize = 32;

/// A batch that waits to be written, and where its outcome goes.
pub(crate) struct Queued {
    batch: FeedBatch,
    outcome: Arc<Mutex<Option<Result<Committed>>>>,
}

struct Prepared {
    plan: Plan,
    feed: Feed,
    outcome: Arc<Mutex<Option<Result<Committed>>>>,
}

/// A batch made ready, before anything is written.
#[derive(Default)]
struct Plan {
    committed: Committed,
    entries: Vec<Entry>,
    logged: Vec<LoggedArticle>,
    /// Ids that arrive as read.
    read: Vec<u64>,
    saved: Vec<(u64, i64)>,
    /// Known articles that changed, and where their records lay.
    replaced: HashMap<u64, Option<Pointer>>,
    /// Tombstones of what the feed still lists, and the day they say so.
    still_listed: Vec<([u8; 12], Tombstone)>,
    /// Keys of tombstones of what comes back all the same.
    unburied: Vec<[u8; 12]>,
    /// Keys of waiting marks that found their article.
    waited: Vec<[u8; 12]>,
    /// By article.
    notes: Vec<(u64, String)>,
    next_article: u64,
}

impl Store {
    /// Stores one fetched feed, durably. A guid seen before is updated in place (its id, status
    /// and time stay) if its content changed.
    pub fn commit(&self, batch: FeedBatch) -> Result<Committed> {
        let mut committed = self.commit_many(vec![batch]);
        committed.pop().unwrap_or(Err(StoreError::NotFound("feed")))
    }

    /// Stores several fetched feeds, each whole or not at all, waiting for the disk as seldom as
    /// possible. Says of each what became of it, in their order.
    pub fn commit_many(&self, batches: Vec<FeedBatch>) -> Vec<Result<Committed>> {
        let core = &self.core;
        let outcomes: Vec<_> = batches.iter().map(|_| Arc::new(Mutex::new(None))).collect();
        {
            let mut queue = core.queue.lock().unwrap_or_else(PoisonError::into_inner);
            for (batch, outcome) in batches.into_iter().zip(&outcomes) {
                let outcome = Arc::clone(outcome);
                queue.push_back(Queued { batch, outcome });
            }
        }
        let is_done = |outcome: &Arc<Mutex<Option<Result<Committed>>>>| {
            outcome
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_some()
        };
        while !outcomes.iter().all(is_done) {
            match core.write() {
                Ok(_writing) => {
                    // Whoever had the right to write before may have done it already.
                    if !outcomes.iter().all(is_done) {
                        core.commit_group(core.next_group());
                    }
                }
                Err(error) => {
                    let mut queue = core.queue.lock().unwrap_or_else(PoisonError::into_inner);
                    queue.retain(|one| !outcomes.iter().any(|own| Arc::ptr_eq(own, &one.outcome)));
                    // Another writer may have stored some of them.
                    for outcome in outcomes.iter().filter(|outcome| !is_done(outcome)) {
                        settle(outcome, Err(error.again()));
                    }
                }
            }
        }
        let take = |outcome: Arc<Mutex<Option<Result<Committed>>>>| {
            let taken = outcome
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take();
            taken.unwrap_or_else(|| Err(StoreError::Invalid("a batch was lost".into())))
        };
        outcomes.into_iter().map(take).collect()
    }
}

impl Core {
    /// What is written together next: every feed once, so that each batch sees what was before.
    fn next_group(&self) -> Vec<Queued> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let mut feeds = HashSet::new();
        let mut group = Vec::new();
        while group.len() < TOGETHER
            && queue
                .front()
                .is_some_and(|next| feeds.insert(next.batch.feed))
        {
            group.extend(queue.pop_front());
        }
        group
    }

    /// Writes batches of different feeds; the caller has the right to write.
    fn commit_group(&self, group: Vec<Queued>) {
        let mut next_article = self.state().next_article;
        let mut prepared = Vec::with_capacity(group.len());
        let mut records = Vec::new();
        for Queued { batch, outcome } in group {
            match self.prepare(batch, &mut next_article, &mut records) {
                Ok((plan, feed)) => prepared.push(Prepared {
                    plan,
                    feed,
                    outcome,
                }),
                Err(error) => settle(&outcome, Err(error)),
            }
        }
        let synced = self
            .bodies
            .append(Kind::Article, &records)
            .and_then(|pointers| {
                self.bodies.sync()?;
                Ok(pointers)
            });
        let mut pointers = match synced {
            Ok(pointers) => pointers.into_iter(),
            Err(error) => {
                for one in prepared {
                    settle(&one.outcome, Err(error.again()));
                }
                return;
            }
        };
        let mut written = Vec::with_capacity(prepared.len());
        for Prepared {
            plan,
            feed,
            outcome,
        } in prepared
        {
            let pointers: Vec<Pointer> = pointers.by_ref().take(plan.logged.len()).collect();
            match self.write_prepared(plan, feed, &pointers) {
                Ok(committed) => written.push((committed, outcome)),
                Err(error) => settle(&outcome, Err(error)),
            }
        }
        let changed = |one: &Committed| !one.new.is_empty() || !one.updated.is_empty();
        let flushed = if written.iter().any(|(committed, _)| changed(committed)) {
            self.search.poke();
            self.flush()
        } else {
            Ok(())
        };
        for (committed, outcome) in written {
            let result = match &flushed {
                Ok(()) => Ok(committed),
                Err(error) => Err(error.again()),
            };
            settle(&outcome, result);
        }
    }

    fn prepare(
        &self,
        batch: FeedBatch,
        next_article: &mut u64,
        records: &mut Vec<([u8; 16], Vec<u8>)>,
    ) -> Result<(Plan, Feed)> {
        let known = self
            .state()
            .visible_feed(batch.feed)
            .map(|known| known.feed.clone());
        let mut feed = known.ok_or(StoreError::NotFound("feed"))?;
        feed.facts = batch.facts;
        let articles = first_of_each_guid(batch.articles);
        let plan = self.plan(&feed, articles, batch.received_at, *next_article)?;
        feed.facts.last_new = plan.committed.new.len() as u32;
        if let Some(fetch) = feed.facts.history.first_mut()
            && fetch.at == batch.received_at
        {
            fetch.new = feed.facts.last_new;
        }
        let mut encoded = Vec::with_capacity(plan.logged.len());
        for logged in &plan.logged {
            let about = logged.html.len() + MOST_BESIDE_HTML;
            let record = records::encode_as(records::VERSION, logged, about)?;
            encoded.push((article_key(logged.id), record));
        }
        records.extend(encoded);
        *next_article = plan.next_article;
        Ok((plan, feed))
    }

    /// The transaction, then what is in memory.
    fn write_prepared(&self, plan: Plan, feed: Feed, pointers: &[Pointer]) -> Result<Committed> {
        let stored = StoredFeed {
            feed,
            removed_at: None,
        };
        let mut live = Live::default();
        let changes = self.changes_of(&plan, &stored, pointers, &mut live)?;
        self.apply(&changes)?;
        let feed = stored.feed;
        let mut state = self.state_mut();
        state.live.take_in(&live);
        if !plan.entries.is_empty() {
            state.next_article = plan.next_article;
        }
        for id in &plan.read {
            state.read.set(*id, true);
        }
        for (id, at) in &plan.saved {
            state.set_saved(*id, feed.id, Some(*at));
        }
        if let Some(known) = state.feeds.get_mut(&feed.id) {
            known.feed = feed;
            known.add(&plan.entries);
            known.unread += (plan.entries.len() - plan.read.len()) as u64;
        }
        drop(state);
        let written = plan.logged.into_iter();
        Ok(Committed {
            rows: written.map(|one| self.dress(one.id, one.row)).collect(),
            ..plan.committed
        })
    }

    fn plan(
        &self,
        feed: &Feed,
        articles: Vec<NewArticle>,
        received_at: i64,
        next_article: u64,
    ) -> Result<Plan> {
        let mut plan = Plan {
            next_article,
            ..Plan::default()
        };
        let mut wanted: HashMap<u64, Vec<u64>> = HashMap::new();
        for article in &articles {
            wanted.insert(records::guid_hash(&article.guid), Vec::new());
        }
        if let Some(known) = self.state().feeds.get(&feed.id) {
            for entry in &known.entries {
                if let Some(ids) = wanted.get_mut(&entry.guid) {
                    ids.push(entry.id);
                }
            }
        }
        let trees = self.trees();
        let any_waiting = !trees.waiting.is_empty();
        let any_purged = !trees.tombstones.is_empty();
        for mut article in articles {
            let hash = records::guid_hash(&article.guid);
            let content = content_hash(&article)?;
            let known = self.known(wanted.get(&hash), &article.guid)?;
            let (id, time, received_at) = match &known {
                Some((_, stored)) if stored.content == content => {
                    plan.committed.unchanged += 1;
                    continue;
                }
                Some((id, stored)) => {
                    plan.committed.updated.push(ArticleId(*id));
                    plan.replaced.insert(*id, stored.body);
                    (*id, stored.row.time, stored.row.received_at)
                }
                None if any_purged && self.was_purged(feed.id, hash, received_at, &mut plan)? => {
                    plan.committed.unchanged += 1;
                    continue;
                }
                None => {
                    let id = plan.next_article;
                    plan.next_article += 1;
                    plan.committed.new.push(ArticleId(id));
                    let time = list_time(article.published, received_at);
                    plan.entries.push(Entry {
                        time,
                        id,
                        guid: hash,
                    });
                    let mut mark = WaitingMark {
                        read: article.read,
                        saved_at: article.saved.then_some(received_at),
                    };
                    if any_waiting {
                        self.take_waiting(feed.id, hash, &mut mark, &mut plan.waited)?;
                    }
                    if mark.read {
                        plan.read.push(id);
                    }
                    plan.saved.extend(mark.saved_at.map(|at| (id, at)));
                    plan.notes
                        .extend(article.note.take().map(|note| (id, note)));
                    (id, time, received_at)
                }
            };
            plan.logged.push(LoggedArticle {
                id,
                feed_url: feed.url.clone(),
                row: StoredRow::of(&article, feed.id, time, received_at),
                content,
                html: article.html,
                pictures: article.pictures,
                enclosures: article.enclosures,
                categories: article.categories,
                comments: article.comments,
                chapters: article.chapters,
            });
        }
        Ok(plan)
    }

    /// Rows without a text, for articles that are known by name only; the next fetch fills them.
    pub(crate) fn add_stubs(
        &self,
        feed: FeedId,
        articles: Vec<NewArticle>,
        now: i64,
    ) -> Result<()> {
        let known = self
            .state()
            .feeds
            .get(&feed)
            .map(|known| known.feed.clone());
        let Some(known) = known.filter(|_| !articles.is_empty()) else {
            return Ok(());
        };
        let facts = known.facts;
        let batch = FeedBatch {
            feed,
            facts,
            articles,
            received_at: now,
        };
        let outcome = Arc::new(Mutex::new(None));
        self.commit_group(vec![Queued {
            batch,
            outcome: Arc::clone(&outcome),
        }]);
        let taken = outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        taken.unwrap_or(Err(StoreError::NotFound("feed"))).map(drop)
    }

    /// The article among `ids` that really has this guid.
    fn known(&self, ids: Option<&Vec<u64>>, guid: &str) -> Result<Option<(u64, StoredArticle)>> {
        for id in ids.into_iter().flatten() {
            if let Some(stored) = self.stored(*id)?
                && stored.row.guid == guid
            {
                return Ok(Some((*id, stored)));
            }
        }
        Ok(None)
    }

    /// Whether an unknown article was here and was purged. While the feed still lists it, its
    /// tombstone must not grow old.
    fn was_purged(&self, feed: FeedId, guid: u64, now: i64, plan: &mut Plan) -> Result<bool> {
        let key = waiting_key(feed, guid);
        let Some(value) = self.trees().tombstones.get(key)? else {
            return Ok(false);
        };
        let is_wanted = match self.trees().waiting.get(key)? {
            Some(value) => records::decode::<WaitingMark>(&value, "a waiting mark")?
                .saved_at
                .is_some(),
            None => false,
        };
        if is_wanted {
            // A snapshot says that the reader saved it.
            plan.unburied.push(key);
            return Ok(false);
        }
        let tombstone: Tombstone = records::decode(&value, "a tombstone")?;
        let today = Tombstone::of(now);
        if today.day > tombstone.day + TOMBSTONE_IS_RENEWED_AFTER {
            plan.still_listed.push((key, today));
        }
        Ok(true)
    }

    fn take_waiting(
        &self,
        feed: FeedId,
        guid: u64,
        mark: &mut WaitingMark,
        waited: &mut Vec<[u8; 12]>,
    ) -> Result<()> {
        let key = waiting_key(feed, guid);
        if let Some(value) = self.trees().waiting.get(key)? {
            let waiting: WaitingMark = records::decode(&value, "a waiting mark")?;
            mark.read |= waiting.read;
            mark.saved_at = waiting.saved_at;
            waited.push(key);
        }
        Ok(())
    }

    /// The changes on disk that a plan and its articles' records come to.
    fn changes_of(
        &self,
        plan: &Plan,
        feed: &StoredFeed,
        pointers: &[Pointer],
        live: &mut Live,
    ) -> Result<Changes> {
        let id = feed.feed.id;
        let mut changes = Changes::default();
        for (logged, pointer) in plan.logged.iter().zip(pointers) {
            let key = logged.id.to_be_bytes();
            let stored = StoredArticle {
                row: logged.row.clone(),
                body: Some(*pointer),
                content: logged.content,
            };
            changes.put(Name::Articles, &key, &stored)?;
            live.add(id, *pointer);
            if let Some(old) = plan.replaced.get(&logged.id) {
                // The content tells the indexer whether an article changed again while it looked.
                changes.put_bytes(Name::Reindex, &key, logged.content.as_slice());
                if let Some(old) = old {
                    live.remove(id, *old);
                }
            }
        }
        if let Some(first) = plan.entries.first() {
            let entries = plan.entries.iter().map(|e| (e.id, e.time, e.guid));
            let record = StoredEntries {
                feed: id.0,
                entries: entries.collect(),
            };
            changes.put(Name::Entries, &first.id.to_be_bytes(), &record)?;
            let next = plan.next_article.to_be_bytes();
            changes.put_bytes(Name::Meta, b"next_article", &next);
        }
        changes.put(Name::Feeds, &id.0.to_be_bytes(), feed)?;
        let read: Vec<(u64, bool)> = plan.read.iter().map(|id| (*id, true)).collect();
        self.put_read(&read, &mut changes);
        for (article, at) in &plan.saved {
            changes.put(Name::Saved, &article.to_be_bytes(), &(*at, id))?;
        }
        for (article, note) in &plan.notes {
            let name = note_name(ArticleId(*article));
            changes.put(Name::Settings, name.as_bytes(), note)?;
        }
        for key in &plan.waited {
            changes.remove(Name::Waiting, key);
        }
        for key in &plan.unburied {
            changes.remove(Name::Tombstones, key);
        }
        for (key, day) in &plan.still_listed {
            changes.put(Name::Tombstones, key, day)?;
        }
        self.state().live.put(live, &mut changes);
        Ok(changes)
    }
}

fn settle(outcome: &Mutex<Option<Result<Committed>>>, result: Result<Committed>) {
    *outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
}

pub(crate) fn waiting_key(feed: FeedId, guid: u64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&feed.0.to_be_bytes());
    key[4..].copy_from_slice(&guid.to_be_bytes());
    key
}

/// Published, unless that is missing or lies after the fetch: then when it was fetched.
fn list_time(published: Option<i64>, received_at: i64) -> i64 {
    match published {
        Some(time) if time <= received_at => time,
        _ => received_at,
    }
}

/// A feed that says a guid twice means the first.
fn first_of_each_guid(mut articles: Vec<NewArticle>) -> Vec<NewArticle> {
    let mut seen = HashSet::new();
    let is_first: Vec<bool> = articles
        .iter()
        .map(|article| seen.insert(article.guid.as_str()))
        .collect();
    let mut is_first = is_first.into_iter();
    articles.retain(|_| is_first.next().unwrap_or_default());
    articles
}

/// Of everything but the wish to arrive as read. Never zero. What version 1 did not know of counts
/// only where there is any, so that articles stored by it are not taken for changed.
fn content_hash(article: &NewArticle) -> Result<[u8; 16]> {
    let about = article.html.len() + MOST_BESIDE_HTML;
    let mut bytes = records::encode_as(1, &records::v1::Arrived::of(article), about)?;
    let durations: Vec<_> = article
        .enclosures
        .iter()
        .map(|enclosure| (enclosure.duration_seconds, &enclosure.title))
        .collect();
    let has_more = article.chapters.is_some()
        || article.link_is_redirect
        || durations
            .iter()
            .any(|(seconds, title)| seconds.is_some() || title.is_some());
    if has_more {
        let more = (durations, &article.chapters, article.link_is_redirect);
        bytes.extend(records::encode_as(2, &more, 0)?);
    }
    let mut hash = records::hash16(&bytes);
    hash[0] |= 1;
    Ok(hash)
}
