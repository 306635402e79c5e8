//! The sidebar, and the lists of articles behind its entries.

use std::collections::HashSet;
use std::sync::Arc;

use warta_store::{FeedId, FolderId, ListQuery};

use crate::api::{
    ArticleList, Cursor, FeedPlace, FolderPlace, ListRequest, Place, Places, Problem, Result,
    SavedPagesPlace,
};
use crate::context::labels::{icon_url, title, without_credentials};
use crate::context::{Context, SAVED_PAGES};
use crate::reading::rows::Rows;
use crate::reading::saved_searches::SavedSearches;
use crate::reading::tags::Tags;

/// The sidebar and the lists of articles.
pub struct Lists {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    tags: Arc<Tags>,
    saved_searches: Arc<SavedSearches>,
}

impl Lists {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        rows: &Arc<Rows>,
        tags: &Arc<Tags>,
        saved_searches: &Arc<SavedSearches>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            tags: Arc::clone(tags),
            saved_searches: Arc::clone(saved_searches),
        }
    }

    /// The sidebar: every list with its counts. The engine adds the outbox, the highlights and the
    /// packs.
    pub fn places(&self) -> Result<Places> {
        let counts = self.ctx.store.counts()?;
        let of_feed: std::collections::HashMap<FeedId, warta_store::Count> =
            counts.feeds.iter().copied().collect();
        let mut feeds: Vec<FeedPlace> = Vec::new();
        for feed in self.ctx.subscriptions()? {
            feeds.push(FeedPlace {
                id: feed.id.0,
                title: title(&feed),
                url: without_credentials(&feed.url),
                site: feed.facts.site.clone(),
                folder: feed.folder.map(|f| f.0),
                icon: self.rows.kept(icon_url(&feed).as_deref())?,
                language: feed.facts.language.clone(),
                count: of_feed.get(&feed.id).copied().unwrap_or_default().into(),
                paused: feed.paused,
                failure: feed.facts.failure.map(|f| Problem {
                    code: f.code,
                    detail: f.detail,
                }),
                checked_at: feed.facts.checked_at,
                next_due_at: feed.facts.next_due_at,
                custom_title: feed.custom_title,
            });
        }
        feeds.sort_by_cached_key(|feed| (feed.title.to_lowercase(), feed.id));
        let of_folder: std::collections::HashMap<FolderId, warta_store::Count> =
            counts.folders.into_iter().collect();
        let mut folders = self.ctx.store.folders().all()?;
        folders.sort_by_key(|folder| (folder.position, folder.id));
        let folders = folders
            .into_iter()
            .map(|folder| FolderPlace {
                // Not the sum over the feeds: an article listed by several feeds counts once.
                count: of_folder
                    .get(&folder.id)
                    .copied()
                    .unwrap_or_default()
                    .into(),
                id: folder.id.0,
                name: folder.name,
                parent: folder.parent.map(|parent| parent.0),
            })
            .collect();
        Ok(Places {
            all: counts.all.into(),
            today: self.ctx.store.count_since(self.rows.today_since())?.into(),
            saved: counts.saved,
            highlights: 0,
            saved_pages: self
                .ctx
                .store
                .feed_at(SAVED_PAGES)
                .map(|feed| SavedPagesPlace {
                    feed: feed.0,
                    count: of_feed.get(&feed).copied().unwrap_or_default().into(),
                }),
            folders,
            feeds,
            searches: self.saved_searches.search_places()?,
            tags: self.tags.tag_places(),
            waiting: 0,
            packs: Vec::new(),
        })
    }

    /// Number of unread articles.
    pub fn unread(&self) -> Result<u64> {
        Ok(self.ctx.store.count_since(i64::MIN)?.unread)
    }

    /// One page of a list.
    pub fn list(&self, request: &ListRequest) -> Result<ArticleList> {
        if let Place::Pack { id } = request.place {
            return self.list_pack(id, request);
        }
        let unread_only = request.unread_only || request.place == Place::Unread;
        let limit = request.limit.clamp(1, 500) as usize;
        let page = if let Place::Tag { id } = request.place {
            let before = request.before.map(|cursor| cursor.id);
            self.tags
                .tagged(id, unread_only, before, limit, request.order)?
        } else {
            let query = ListQuery {
                place: self.rows.store_place(request.place),
                unread_only,
                before: request.before.map(Into::into),
                limit,
            };
            if request.by_feed && is_grouped(request.place) {
                let feeds = self.feeds_by_title(request.place)?;
                self.rows
                    .visible_page_by_feed(query, &feeds, request.order.into())?
            } else {
                self.rows.visible_page_in(query, request.order.into())?
            }
        };
        Ok(ArticleList {
            rows: self.rows.views(page.rows)?,
            next: page.next.map(Into::into),
        })
    }

    /// The feeds of a list in the sidebar's order.
    pub(crate) fn feeds_by_title(&self, place: Place) -> Result<Vec<FeedId>> {
        let listed = self.ctx.store.feeds_in(self.rows.store_place(place));
        let listed: HashSet<FeedId> = listed.into_iter().collect();
        let mut feeds = self.ctx.store.feeds()?;
        feeds.retain(|feed| listed.contains(&feed.id));
        feeds.sort_by_cached_key(|feed| (title(feed).to_lowercase(), feed.id));
        Ok(feeds.into_iter().map(|feed| feed.id).collect())
    }

    /// The articles of a pack; the cursor's time is a position in the pack.
    fn list_pack(&self, id: u32, request: &ListRequest) -> Result<ArticleList> {
        let packed = self.ctx.store.packs().articles(id)?;
        let mut from = request
            .before
            .map_or(0, |before| before.time.max(0) as usize);
        let limit = request.limit.clamp(1, 500) as usize;
        let mut rows = Vec::new();
        while from < packed.len() && rows.len() < limit {
            let found = self.ctx.store.rows(&[packed[from].article])?;
            rows.extend(
                found
                    .into_iter()
                    .filter(|row| !(request.unread_only && row.read)),
            );
            from += 1;
        }
        let next = (from < packed.len()).then_some(Cursor {
            time: from as i64,
            id: 0,
        });
        Ok(ArticleList {
            rows: self.rows.views(rows)?,
            next,
        })
    }
}

/// Whether a list can be grouped by feed.
fn is_grouped(place: Place) -> bool {
    match place {
        Place::All | Place::Unread | Place::Today | Place::Folder { .. } => true,
        Place::Saved | Place::Feed { .. } | Place::Tag { .. } | Place::Pack { .. } => false,
    }
}
