//! Reading articles, with or without their bodies.
use crate::error::{Result, StoreError};
use crate::model::{Article, ArticleId, ArticleRow};
use crate::records::{StoredFeed, StoredRow};
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};

impl Store {
    /// The rows of these articles, in this order; unknown ones are left out.
    pub fn rows(&self, ids: &[ArticleId]) -> Result<Vec<ArticleRow>> {
        rows(&self.core, ids.iter().map(|id| id.0))
    }

    /// Keeps these articles, and no others, regardless of retention, as saved ones are; forgotten
    /// when the store is closed. They go with their feed when the reader unsubscribes.
    pub fn pin(&self, ids: impl IntoIterator<Item = ArticleId>) {
        self.core.state_mut().pinned = ids.into_iter().map(|id| id.0).collect();
    }

    /// The article of the feed at `feed_url` with this GUID.
    #[must_use]
    pub fn find_guid(&self, feed_url: &str, guid: &str) -> Option<ArticleId> {
        let state = self.core.state();
        let known = state.subscribed(feed_url)?;
        let hash = crate::hash::guid_hash(guid);
        let entry = known.entries.iter().rev().find(|one| one.guid == hash)?;
        Some(ArticleId(entry.id))
    }

    /// An article with its body. If the body is damaged, the excerpt replaces it until the next
    /// fetch restores it.
    pub fn article(&self, id: ArticleId) -> Result<Option<Article>> {
        let core = &self.core;
        let Some(stored) = core.stored(id.0)? else {
            return Ok(None);
        };
        if !core.state().is_shown(id.0, stored.row.feed) {
            return Ok(None);
        }
        let logged = core.logged(id.0, &stored);
        let row = dress(core, id.0, stored.row.clone());
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
                if let Err(error) = ask_again(core, id.0) {
                    tracing::warn!(%error, "could not schedule the article for refetching");
                }
                Ok(Some(Article {
                    html: format!("<p>{}</p>", warta_text::escape(&row.excerpt)),
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

/// A row with its status.
pub(crate) fn dress(core: &Core, id: u64, row: StoredRow) -> ArticleRow {
    let mut row = crate::full_text::row_with_page(core, id, row);
    let state = core.state();
    row.feed = state.shown_feed(id, row.feed);
    row.into_row(
        id,
        state.read.get(id),
        state.saved_at.get(&id).map(|(at, _)| *at),
    )
}

pub(crate) fn rows(core: &Core, ids: impl Iterator<Item = u64>) -> Result<Vec<ArticleRow>> {
    let mut rows = Vec::new();
    for id in ids {
        if let Some(stored) = core.stored(id)?
            && core.state().is_shown(id, stored.row.feed)
        {
            rows.push(dress(core, id, stored.row));
        }
    }
    Ok(rows)
}

/// Makes the next fetch of the feed unconditional and the article in it count as changed.
fn ask_again(core: &Core, id: u64) -> Result<()> {
    let _writing = core.write()?;
    let Some(mut stored) = core.stored(id)?.filter(|stored| stored.content != [0; 16]) else {
        return Ok(());
    };
    stored.content = [0; 16];
    let feed = core
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
    core.apply(&changes)?;
    if let Some(feed) = known
        && let Some(known) = core.state_mut().feeds.get_mut(&feed.id)
    {
        known.feed = feed;
    }
    Ok(())
}
