//! Storing what a fetch brought, and reading it back.
//!
//! One fetched feed is one sled transaction over all trees it touches, made after the bodies were
//! synced, and flushed before the call returns: what is reported stored survives a kill.
use std::collections::HashMap;

use sled::transaction::ConflictableTransactionError;

use crate::error::{Result, StoreError};
use crate::model::{Article, ArticleId, ArticleRow, Committed, FeedBatch, FeedId, NewArticle};
use crate::records::{
    self, LoggedArticle, StoredArticle, StoredEntries, StoredFeed, StoredRow, WaitingMark,
};
use crate::state::{BLOCK_BITS, Entry};
use crate::store::{Core, Store};
use crate::value_log::{Kind, article_key};

/// A batch made ready, before anything is written.
#[derive(Default)]
struct Plan {
    committed: Committed,
    entries: Vec<Entry>,
    logged: Vec<LoggedArticle>,
    /// Ids that arrive as read.
    read: Vec<u64>,
    saved: Vec<(u64, i64)>,
    /// Keys of waiting marks that found their article.
    waited: Vec<[u8; 12]>,
    next_article: u64,
}

impl Store {
    /// Stores one fetched feed, durably. A guid seen before is updated in place (its id, status
    /// and time stay) if its content changed.
    pub fn commit(&self, batch: &FeedBatch) -> Result<Committed> {
        let mut committed = self.commit_many(std::slice::from_ref(batch))?;
        committed.pop().ok_or(StoreError::NotFound("feed"))
    }

    /// Stores several fetched feeds, each whole or not at all, with one wait for the disk. On an
    /// error the batches before the failing one are stored.
    pub fn commit_many(&self, batches: &[FeedBatch]) -> Result<Vec<Committed>> {
        let core = &self.core;
        let _writing = core.write()?;
        let mut done = Vec::with_capacity(batches.len());
        let mut outcome = Ok(());
        for batch in batches {
            match core.commit(batch) {
                Ok(committed) => done.push(committed),
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        if done
            .iter()
            .any(|one| !one.new.is_empty() || !one.updated.is_empty())
        {
            core.flush()?;
            core.search.poke();
        }
        outcome.map(|()| done)
    }

    /// The rows of these articles, in this order; what is not there is left out.
    pub fn rows(&self, ids: &[ArticleId]) -> Result<Vec<ArticleRow>> {
        self.core.rows(ids.iter().map(|id| id.0))
    }

    /// An article with its body. If the body was lost, the excerpt stands for it and the next
    /// fetch brings it back.
    pub fn article(&self, id: ArticleId) -> Result<Option<Article>> {
        let core = &self.core;
        let Some(stored) = core.stored(id.0)? else {
            return Ok(None);
        };
        if !core.state().is_visible(stored.row.feed) {
            return Ok(None);
        }
        let logged = core.logged(id.0, &stored);
        let row = core.dress(id.0, stored.row.clone());
        match logged {
            Ok(logged) => Ok(Some(Article {
                row,
                html: logged.html,
                pictures: logged.pictures,
                enclosures: logged.enclosures,
                categories: logged.categories,
                comments: logged.comments,
            })),
            Err(StoreError::Damaged(why)) => {
                tracing::warn!(article = id.0, why, "the text of an article is lost");
                if let Err(error) = core.ask_again(id.0, stored) {
                    tracing::warn!(%error, "it cannot be asked for again now");
                }
                Ok(Some(Article {
                    html: format!("<p>{}</p>", crate::text::escape(&row.excerpt)),
                    pictures: row.lead_picture.iter().cloned().collect(),
                    row,
                    enclosures: Vec::new(),
                    categories: Vec::new(),
                    comments: None,
                }))
            }
            Err(error) => Err(error),
        }
    }
}

impl Core {
    fn commit(&self, batch: &FeedBatch) -> Result<Committed> {
        let (mut feed, next_article) = {
            let state = self.state();
            let known = state
                .visible_feed(batch.feed)
                .ok_or(StoreError::NotFound("feed"))?;
            (known.feed.clone(), state.next_article)
        };
        feed.facts = batch.facts.clone();
        let plan = self.plan(batch, &feed.url, next_article)?;
        let mut records = Vec::with_capacity(plan.logged.len());
        for logged in &plan.logged {
            records.push((article_key(logged.id), records::encode(logged)?));
        }
        let pointers = self.bodies.append(Kind::Article, &records)?;
        drop(records);
        self.bodies.sync()?;

        let mut articles = sled::Batch::default();
        for (logged, pointer) in plan.logged.iter().zip(pointers) {
            let stored = StoredArticle {
                row: logged.row.clone(),
                body: Some(pointer),
                content: logged.content,
            };
            articles.insert(&logged.id.to_be_bytes(), records::encode(&stored)?);
        }
        self.write_plan(
            &plan,
            &articles,
            &StoredFeed {
                feed: feed.clone(),
                removed_at: None,
            },
        )?;

        let mut state = self.state_mut();
        state.next_article = plan.next_article;
        for id in &plan.read {
            state.read.set(*id, true);
        }
        for (id, at) in &plan.saved {
            state.set_saved(*id, batch.feed, Some(*at));
        }
        if let Some(known) = state.feeds.get_mut(&batch.feed) {
            known.feed = feed;
            known.add(&plan.entries);
            known.unread += (plan.entries.len() - plan.read.len()) as u64;
        }
        Ok(plan.committed)
    }

    fn plan(&self, batch: &FeedBatch, feed_url: &str, next_article: u64) -> Result<Plan> {
        let mut plan = Plan {
            next_article,
            ..Plan::default()
        };
        let mut wanted: HashMap<u64, Vec<u64>> = HashMap::new();
        for article in &batch.articles {
            wanted.insert(records::guid_hash(&article.guid), Vec::new());
        }
        if let Some(known) = self.state().feeds.get(&batch.feed) {
            for entry in &known.entries {
                if let Some(ids) = wanted.get_mut(&entry.guid) {
                    ids.push(entry.id);
                }
            }
        }
        let mut in_batch = std::collections::HashSet::new();
        let any_waiting = !self.trees.waiting.is_empty();
        for article in &batch.articles {
            if !in_batch.insert(article.guid.as_str()) {
                continue;
            }
            let hash = records::guid_hash(&article.guid);
            let content = content_hash(article)?;
            let known = self.known(wanted.get(&hash), &article.guid)?;
            let (id, time, received_at) = match &known {
                Some((_, stored)) if stored.content == content => {
                    plan.committed.unchanged += 1;
                    continue;
                }
                Some((id, stored)) => {
                    plan.committed.updated.push(ArticleId(*id));
                    (*id, stored.row.time, stored.row.received_at)
                }
                None => {
                    let id = plan.next_article;
                    plan.next_article += 1;
                    plan.committed.new.push(ArticleId(id));
                    let time = list_time(article.published, batch.received_at);
                    plan.entries.push(Entry {
                        time,
                        id,
                        guid: hash,
                    });
                    let mut mark = WaitingMark {
                        read: article.read,
                        saved_at: None,
                    };
                    if any_waiting {
                        self.take_waiting(batch.feed, hash, &mut mark, &mut plan.waited)?;
                    }
                    if mark.read {
                        plan.read.push(id);
                    }
                    plan.saved.extend(mark.saved_at.map(|at| (id, at)));
                    (id, time, batch.received_at)
                }
            };
            plan.logged.push(LoggedArticle {
                id,
                feed_url: feed_url.to_owned(),
                row: StoredRow::of(article, batch.feed, time, received_at),
                content,
                html: article.html.clone(),
                pictures: article.pictures.clone(),
                enclosures: article.enclosures.clone(),
                categories: article.categories.clone(),
                comments: article.comments.clone(),
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
        self.commit(&FeedBatch {
            feed,
            facts,
            articles,
            received_at: now,
        })
        .map(drop)
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

    fn take_waiting(
        &self,
        feed: FeedId,
        guid: u64,
        mark: &mut WaitingMark,
        waited: &mut Vec<[u8; 12]>,
    ) -> Result<()> {
        let key = waiting_key(feed, guid);
        if let Some(value) = self.trees.waiting.get(key)? {
            let waiting: WaitingMark = records::decode(&value, "a waiting mark")?;
            mark.read |= waiting.read;
            mark.saved_at = waiting.saved_at;
            waited.push(key);
        }
        Ok(())
    }

    fn write_plan(&self, plan: &Plan, articles: &sled::Batch, feed: &StoredFeed) -> Result<()> {
        let id = feed.feed.id.0;
        let feed = records::encode(feed)?;
        let entries = match plan.entries.first() {
            Some(first) => {
                let entries = plan
                    .entries
                    .iter()
                    .map(|e| (e.id, e.time, e.guid))
                    .collect();
                Some((
                    first.id,
                    records::encode(&StoredEntries { feed: id, entries })?,
                ))
            }
            None => None,
        };
        let changes: Vec<(u64, bool)> = plan.read.iter().map(|id| (*id, true)).collect();
        let read = self.read_blocks(&changes);
        let mut saved = sled::Batch::default();
        for (article, at) in &plan.saved {
            saved.insert(&article.to_be_bytes(), records::encode(&(*at, FeedId(id)))?);
        }
        // The content tells the indexer whether an article changed again while it looked.
        let mut reindex = sled::Batch::default();
        for logged in &plan.logged {
            if plan.committed.updated.contains(&ArticleId(logged.id)) {
                reindex.insert(&logged.id.to_be_bytes(), &logged.content);
            }
        }
        let trees = &self.trees;
        let all = (
            &trees.articles,
            &trees.entries,
            &trees.feeds,
            &trees.meta,
            &trees.read,
            &trees.saved,
            &trees.waiting,
            &trees.reindex,
        );
        sled::Transactional::transaction(
            &all,
            |(t, t_entries, t_feeds, t_meta, t_read, t_saved, t_waiting, t_reindex)| {
                t.apply_batch(articles)?;
                if let Some((first, record)) = &entries {
                    t_entries.insert(&first.to_be_bytes(), record.as_slice())?;
                    t_meta.insert("next_article", &plan.next_article.to_be_bytes())?;
                }
                t_feeds.insert(&id.to_be_bytes(), feed.as_slice())?;
                t_read.apply_batch(&read)?;
                t_saved.apply_batch(&saved)?;
                for key in &plan.waited {
                    t_waiting.remove(key)?;
                }
                t_reindex.apply_batch(&reindex)?;
                Ok::<_, ConflictableTransactionError<StoreError>>(())
            },
        )?;
        self.changed();
        Ok(())
    }

    /// The stored blocks of read bits after `changes`; the bits in memory stay as they are.
    pub(crate) fn read_blocks(&self, changes: &[(u64, bool)]) -> sled::Batch {
        let mut by_block: HashMap<u64, Vec<(u64, bool)>> = HashMap::new();
        for change in changes {
            by_block
                .entry(change.0 / BLOCK_BITS)
                .or_default()
                .push(*change);
        }
        let state = self.state();
        let mut batch = sled::Batch::default();
        for (block, changes) in by_block {
            batch.insert(
                &(block as u32).to_be_bytes(),
                state.read.block(block, &changes),
            );
        }
        batch
    }

    pub(crate) fn stored(&self, id: u64) -> Result<Option<StoredArticle>> {
        match self.trees.articles.get(id.to_be_bytes())? {
            Some(value) => records::decode(&value, "an article").map(Some),
            None => Ok(None),
        }
    }

    /// An article's record in the value log.
    pub(crate) fn logged(&self, id: u64, stored: &StoredArticle) -> Result<LoggedArticle> {
        let pointer = stored
            .body
            .ok_or_else(|| StoreError::Damaged("no text was kept".into()))?;
        let data = self.bodies.read(Kind::Article, article_key(id), pointer)?;
        records::decode(&data, "an article's text")
    }

    /// A row with its status.
    pub(crate) fn dress(&self, id: u64, row: StoredRow) -> ArticleRow {
        let state = self.state();
        row.into_row(
            id,
            state.read.get(id),
            state.saved_at.get(&id).map(|(at, _)| *at),
        )
    }

    pub(crate) fn rows(&self, ids: impl Iterator<Item = u64>) -> Result<Vec<ArticleRow>> {
        let mut rows = Vec::new();
        for id in ids {
            if let Some(stored) = self.stored(id)?
                && self.state().is_visible(stored.row.feed)
            {
                rows.push(self.dress(id, stored.row));
            }
        }
        Ok(rows)
    }

    /// Makes the next fetch of the feed whole, and the article in it count as changed.
    fn ask_again(&self, id: u64, mut stored: StoredArticle) -> Result<()> {
        let _writing = self.write()?;
        if stored.content == [0; 16] {
            return Ok(());
        }
        stored.content = [0; 16];
        let feed = self
            .state()
            .feeds
            .get(&stored.row.feed)
            .map(|known| known.feed.clone());
        self.trees
            .articles
            .insert(id.to_be_bytes(), records::encode(&stored)?)?;
        if let Some(mut feed) = feed {
            feed.facts.etag = None;
            feed.facts.last_modified = None;
            feed.facts.body_hash = None;
            let record = StoredFeed {
                feed,
                removed_at: None,
            };
            self.trees
                .feeds
                .insert(record.feed.id.0.to_be_bytes(), records::encode(&record)?)?;
            if let Some(known) = self.state_mut().feeds.get_mut(&stored.row.feed) {
                known.feed = record.feed;
            }
        }
        self.changed();
        Ok(())
    }
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

/// Of everything but the wish to arrive as read. Never zero.
fn content_hash(article: &NewArticle) -> Result<[u8; 16]> {
    let bytes = if article.read {
        records::encode(&NewArticle {
            read: false,
            ..article.clone()
        })?
    } else {
        records::encode(article)?
    };
    let mut hash = records::hash16(&bytes);
    hash[0] |= 1;
    Ok(hash)
}
