//! Converts stored rows for display: adds publisher, icon, thumbnail and story.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock, RwLock, Weak};

use warta_article::picture::BadPicture;
use warta_store::{ArticleId, FeedId, FolderId, ListQuery, Order, PictureState};

use crate::api::{ArticleRow, PictureView, Place, Result, StoryBrief, TodaySpan};
use crate::context::Context;
use crate::context::locks::{read_locked, write_locked};

/// Reading speed, at the low end of published figures for Indonesian and English.
pub(crate) const WORDS_A_MINUTE: u32 = 200;

/// The story information that rows show; implemented by the stories service, which depends on rows.
pub(crate) trait StoryLookup: Send + Sync {
    /// The story that an article belongs to.
    fn brief(&self, article: ArticleId) -> Option<StoryBrief>;
    /// The articles of the trending story that an article belongs to.
    fn articles_with(&self, article: u64) -> Vec<ArticleId>;
}

/// Articles hidden from all lists.
#[derive(Default)]
struct Hidden {
    by_rules: HashSet<u64>,
    by_stories: HashSet<u64>,
}

impl Hidden {
    fn contains(&self, article: u64) -> bool {
        self.by_rules.contains(&article) || self.by_stories.contains(&article)
    }
}

/// Converts stored rows for display.
pub(crate) struct Rows {
    ctx: Arc<Context>,
    hidden: RwLock<Hidden>,
    stories: OnceLock<Weak<dyn StoryLookup>>,
}

impl Rows {
    pub(crate) fn new(ctx: &Arc<Context>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            hidden: RwLock::default(),
            stories: OnceLock::new(),
        }
    }

    /// Sets the source of story information.
    pub(crate) fn set_stories(&self, stories: Weak<dyn StoryLookup>) {
        // Called once, when the engine opens.
        let _ = self.stories.set(stories);
    }

    fn stories(&self) -> Option<Arc<dyn StoryLookup>> {
        self.stories.get()?.upgrade()
    }

    /// The articles of the trending story that an article belongs to.
    pub(crate) fn others_of_story(&self, article: u64) -> Vec<ArticleId> {
        self.stories()
            .map_or_else(Vec::new, |stories| stories.articles_with(article))
    }

    /// Hides the articles that rules have muted.
    pub(crate) fn hide_by_rules(&self, articles: HashSet<u64>) {
        write_locked(&self.hidden).by_rules = articles;
    }

    /// Hides the articles of muted stories.
    pub(crate) fn hide_by_stories(&self, articles: HashSet<u64>) {
        write_locked(&self.hidden).by_stories = articles;
    }

    pub(crate) fn shows_nothing(&self, url: &str) -> Result<bool> {
        let state = self.ctx.store.pictures().state(url)?;
        Ok(matches!(state, PictureState::Failed(why, _) if is_speck(&why)))
    }

    /// A page without muted articles, newest first; skips pages on which all articles are muted.
    pub(crate) fn visible_page(&self, query: ListQuery) -> Result<warta_store::Page> {
        self.visible_page_in(query, Order::NewestFirst)
    }

    /// [`Rows::visible_page`] in an order.
    pub(crate) fn visible_page_in(
        &self,
        query: ListQuery,
        order: Order,
    ) -> Result<warta_store::Page> {
        self.without_muted(query, |query| self.ctx.store.list_in(query, order))
    }

    /// A page of a list that goes from feed to feed, without muted articles.
    pub(crate) fn visible_page_by_feed(
        &self,
        query: ListQuery,
        feeds: &[FeedId],
        order: Order,
    ) -> Result<warta_store::Page> {
        let store = &self.ctx.store;
        self.without_muted(query, |query| store.list_by_feed(query, feeds, order))
    }

    fn without_muted(
        &self,
        mut query: ListQuery,
        list: impl Fn(&ListQuery) -> warta_store::Result<warta_store::Page>,
    ) -> Result<warta_store::Page> {
        loop {
            let mut page = list(&query)?;
            if query.place != warta_store::Place::Saved {
                let hidden = read_locked(&self.hidden);
                page.rows.retain(|row| !hidden.contains(row.id.0));
            }
            if !page.rows.is_empty() || page.next.is_none() {
                return Ok(page);
            }
            query.before = page.next;
        }
    }

    pub(crate) fn views(&self, rows: Vec<warta_store::ArticleRow>) -> Result<Vec<ArticleRow>> {
        rows.into_iter().map(|row| self.view(row)).collect()
    }

    pub(crate) fn view(&self, row: warta_store::ArticleRow) -> Result<ArticleRow> {
        let name = self.ctx.labels.get(row.feed);
        let thumbnail = row.lead_picture.as_deref().map(thumbnail_key);
        Ok(ArticleRow {
            id: row.id.0,
            feed: row.feed.0,
            publisher: row
                .source
                .or_else(|| name.as_ref().map(|n| n.title.clone()))
                .unwrap_or_default(),
            icon: self.kept(name.as_ref().and_then(|n| n.icon_url.as_deref()))?,
            title: row.title,
            url: row.url,
            excerpt: row.excerpt,
            time: row.time,
            authors: row.authors,
            language: row.language,
            right_to_left: row.right_to_left,
            minutes: row.word_count.div_ceil(WORDS_A_MINUTE).max(1),
            thumbnail: self.kept(thumbnail.as_deref())?,
            read: row.read,
            saved: row.saved,
            story: self.stories().and_then(|stories| stories.brief(row.id)),
        })
    }

    /// The media protocol URL of a picture, if it is stored.
    pub(crate) fn kept(&self, url: Option<&str>) -> Result<Option<String>> {
        let Some(url) = url else { return Ok(None) };
        let state = self.ctx.store.pictures().state(url)?;
        Ok(matches!(state, PictureState::Kept).then(|| self.ctx.media_address(url)))
    }

    /// Since when articles count as today's.
    pub(crate) fn today_since(&self) -> i64 {
        match self.ctx.settings().today_span {
            TodaySpan::CalendarDay => self.ctx.clock.midnight(),
            TodaySpan::Hours24 => self.ctx.now() - 86_400,
        }
    }

    pub(crate) fn store_place(&self, place: Place) -> warta_store::Place {
        match place {
            // Tags and packs are listed from their own records.
            Place::All | Place::Unread | Place::Tag { .. } | Place::Pack { .. } => {
                warta_store::Place::All
            }
            Place::Today => warta_store::Place::Since(self.today_since()),
            Place::Saved => warta_store::Place::Saved,
            Place::Folder { id } => warta_store::Place::Folder(FolderId(id)),
            Place::Feed { id } => warta_store::Place::Feed(FeedId(id)),
        }
    }

    pub(crate) fn picture_view(&self, url: &str) -> Result<Option<PictureView>> {
        let id = warta_store::PictureId::of_url(url);
        Ok(self
            .ctx
            .store
            .pictures()
            .get(id)?
            .map(|picture| PictureView {
                src: self.ctx.media_address(url),
                width: picture.width,
                height: picture.height,
            }))
    }
}

/// The key under which the thumbnail of a picture is stored.
pub(crate) fn thumbnail_key(url: &str) -> String {
    format!("thumbnail:{url}")
}

/// Whether a picture was rejected as a tracking pixel.
pub(crate) fn is_speck(why: &str) -> bool {
    why == BadPicture::Tiny.to_string()
}
