//! Fetches the pictures of imported saved articles in the background, so that these can be read
//! offline. What is left is stored, so that it continues after a restart.

use std::sync::Arc;

use warta_store::ArticleId;

use crate::api::{Connection, Result};
use crate::context::records::{json, read};
use crate::context::{Context, blocking};
use crate::network::connectivity::Connectivity;
use crate::offline::pictures::Pictures;

/// Prefix of the records of imports: a list of articles each.
const LISTS: &str = "own/imported/";
/// The position in the first list.
const POSITION: &str = "own/imported-position";
/// Number of articles after which the position is stored.
const STEP: usize = 20;

/// Pictures of imported articles.
pub(crate) struct ImportedPictures {
    ctx: Arc<Context>,
    connectivity: Arc<Connectivity>,
    pictures: Arc<Pictures>,
}

impl ImportedPictures {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        connectivity: &Arc<Connectivity>,
        pictures: &Arc<Pictures>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            connectivity: Arc::clone(connectivity),
            pictures: Arc::clone(pictures),
        }
    }

    /// Adds articles whose pictures are to be fetched.
    pub(crate) fn add(&self, articles: &[ArticleId]) -> Result<()> {
        if articles.is_empty() {
            return Ok(());
        }
        let lists = self.ctx.store.settings_under(LISTS)?;
        let numbers = lists
            .iter()
            .filter_map(|(name, _)| name.strip_prefix(LISTS));
        let last = numbers
            .filter_map(|number| number.parse::<u64>().ok())
            .max();
        let next = last.map_or(0, |last| last.wrapping_add(1));
        let ids: Vec<u64> = articles.iter().map(|id| id.0).collect();
        Ok(self
            .ctx
            .store
            .set_setting(&format!("{LISTS}{next:010}"), &json(&ids))?)
    }

    /// Whether pictures of imported articles are still to be fetched.
    pub(crate) async fn are_left(self: &Arc<Self>) -> Result<bool> {
        let next = blocking(self, |this| this.next()).await?;
        Ok(next.is_some())
    }

    /// Fetches pictures of the next articles; returns whether there may be more.
    pub(crate) async fn fetch_some(self: &Arc<Self>) -> Result<bool> {
        let Some((name, ids, position)) = blocking(self, |this| this.next()).await? else {
            return Ok(false);
        };
        let some: Vec<u64> = ids.iter().skip(position).take(STEP).copied().collect();
        for id in &some {
            // Articles that were removed meanwhile have no pictures.
            if let Err(failure) = self.pictures.fetch_listed_pictures(*id).await {
                tracing::debug!(?failure, id, "cannot fetch pictures of an imported article");
            }
            if self.connectivity.connection() == Connection::Offline {
                return Ok(false);
            }
        }
        let after = position + some.len();
        let is_done = after >= ids.len();
        let records = if is_done {
            vec![(name, None), (POSITION.to_owned(), None)]
        } else {
            vec![(POSITION.to_owned(), Some(json(&after)))]
        };
        blocking(self, move |this| {
            Ok(this.ctx.store.set_settings(&records)?)
        })
        .await?;
        Ok(true)
    }

    /// The first list, and the position in it.
    fn next(&self) -> Result<Option<(String, Vec<u64>, usize)>> {
        let Some((name, list)) = self.ctx.store.settings_under(LISTS)?.into_iter().next() else {
            return Ok(None);
        };
        let position = self.ctx.store.setting(POSITION)?;
        let position = position.map_or(0, |json| read(POSITION, &json));
        let ids: Vec<u64> = read(&name, &list);
        Ok(Some((name, ids, position)))
    }
}
