//! Reading articles back, with or without their bodies.
use std::collections::HashMap;

use crate::error::{Result, StoreError};
use crate::model::{Article, ArticleId, ArticleRow};
use crate::records::{self, LoggedArticle, StoredArticle, StoredFeed, StoredRow};
use crate::state::BLOCK_BITS;
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};
use crate::value_log::{Kind, article_key};

impl Store {
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
        if !core.state().is_shown(id.0, stored.row.feed) {
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
                chapters: logged.chapters,
            })),
            Err(StoreError::Damaged(why)) => {
                tracing::warn!(article = id.0, why, "the text of an article is lost");
                if let Err(error) = core.ask_again(id.0) {
                    tracing::warn!(%error, "it cannot be asked for again now");
                }
                Ok(Some(Article {
                    html: format!("<p>{}</p>", crate::text::escape(&row.excerpt)),
                    pictures: row.lead_picture.iter().cloned().collect(),
                    row,
                    enclosures: Vec::new(),
                    categories: Vec::new(),
                    comments: None,
                    chapters: None,
                }))
            }
            Err(error) => Err(error),
        }
    }
}

impl Core {
    /// The stored blocks of read bits after `changes`; the bits in memory stay as they are.
    pub(crate) fn put_read(&self, changes: &[(u64, bool)], writes: &mut Changes) {
        let mut by_block: HashMap<u64, Vec<(u64, bool)>> = HashMap::new();
        for change in changes {
            by_block
                .entry(change.0 / BLOCK_BITS)
                .or_default()
                .push(*change);
        }
        let state = self.state();
        for (block, changes) in by_block {
            let bits = state.read.block(block, &changes);
            writes.put_bytes(Name::Read, &(block as u32).to_be_bytes(), bits);
        }
    }

    pub(crate) fn stored(&self, id: u64) -> Result<Option<StoredArticle>> {
        match self.trees().articles.get(id.to_be_bytes())? {
            Some(value) => records::decode(&value, "an article").map(Some),
            None => Ok(None),
        }
    }

    /// An article's record in the value log.
    pub(crate) fn logged(&self, id: u64, stored: &StoredArticle) -> Result<LoggedArticle> {
        let mut body = stored.body;
        loop {
            let pointer = body.ok_or_else(|| StoreError::Damaged("no text was kept".into()))?;
            match self.bodies.read(Kind::Article, article_key(id), pointer) {
                Ok(data) => return records::decode(&data, "an article's text"),
                Err(error) => {
                    // The record may have been moved since the row was read.
                    let now = self.stored(id)?.and_then(|stored| stored.body);
                    if now == body {
                        return Err(error);
                    }
                    body = now;
                }
            }
        }
    }

    /// A row with its status.
    pub(crate) fn dress(&self, id: u64, row: StoredRow) -> ArticleRow {
        let mut row = self.row_with_page(id, row);
        let state = self.state();
        row.feed = state.shown_feed(id, row.feed);
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
                && self.state().is_shown(id, stored.row.feed)
            {
                rows.push(self.dress(id, stored.row));
            }
        }
        Ok(rows)
    }

    /// Makes the next fetch of the feed whole, and the article in it count as changed.
    fn ask_again(&self, id: u64) -> Result<()> {
        let _writing = self.write()?;
        let Some(mut stored) = self.stored(id)?.filter(|stored| stored.content != [0; 16]) else {
            return Ok(());
        };
        stored.content = [0; 16];
        let feed = self
            .state()
            .feeds
            .get(&stored.row.feed)
            .map(|known| known.feed.clone());
        let mut changes = Changes::default();
        changes.put(Name::Articles, &id.to_be_bytes(), &stored)?;
        let mut known = None;
        if let Some(mut feed) = feed {
            feed.facts.etag = None;
            feed.facts.last_modified = None;
            feed.facts.body_hash = None;
            let record = StoredFeed {
                feed,
                removed_at: None,
            };
            changes.put(Name::Feeds, &record.feed.id.0.to_be_bytes(), &record)?;
            known = Some(record.feed);
        }
        self.apply(&changes)?;
        if let Some(feed) = known
            && let Some(known) = self.state_mut().feeds.get_mut(&feed.id)
        {
            known.feed = feed;
        }
        Ok(())
    }
}
