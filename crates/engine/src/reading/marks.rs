//! Marking articles as read or saved, and undoing changes.

use std::sync::Arc;

use warta_store::{ArticleId, UndoToken};

use crate::api::{Cursor, Event, Mark, Place, Result, Undoable};
use crate::context::{Context, checks};
use crate::reading::rows::Rows;
use crate::reading::tags::Tags;

/// Marks articles as read or saved, and undoes changes.
pub struct Marks {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    tags: Arc<Tags>,
}

impl Marks {
    pub(crate) fn new(ctx: &Arc<Context>, rows: &Arc<Rows>, tags: &Arc<Tags>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            tags: Arc::clone(tags),
        }
    }

    /// Marks an opened article read and, if the reader has set so, the other articles of its story.
    /// Returns the ids of all articles that changed.
    pub fn mark_opened(&self, id: u64) -> Result<Vec<u64>> {
        let settings = self.ctx.settings();
        if !settings.mark_read_on_open {
            return Ok(Vec::new());
        }
        let mut ids = vec![ArticleId(id)];
        if settings.mark_story_read {
            ids.extend(self.rows.others_of_story(id));
        }
        let (marked, _) = self.ctx.store.mark_read(&ids)?;
        if !marked.is_empty() {
            self.ctx.emit(Event::PlacesChanged);
        }
        Ok(marked.into_iter().map(|id| id.0).collect())
    }

    /// Marks articles; returns how many changed.
    pub fn mark(&self, ids: &[u64], mark: Mark) -> Result<u32> {
        checks::typed(checks::count("articles", ids.len(), checks::ARTICLES))?;
        let ids: Vec<ArticleId> = ids.iter().copied().map(ArticleId).collect();
        let mark = warta_store::Mark {
            read: mark.read,
            saved: mark.saved,
        };
        let changed = self.ctx.store.mark(&ids, mark, self.ctx.now())?;
        if changed > 0 {
            self.ctx.emit(Event::PlacesChanged);
        }
        Ok(changed as u32)
    }

    /// Marks a list read, up to the newest row that the reader has seen.
    pub fn mark_all_read(&self, place: Place, newest: Option<Cursor>) -> Result<Undoable> {
        if let Place::Pack { id } = place {
            return self.mark_pack_read(id);
        }
        let (changed, token) = if let Place::Tag { id } = place {
            let ids = self.tags.articles_of(id);
            let (changed, token) = self.ctx.store.mark_read(&ids)?;
            (changed.len(), token)
        } else {
            let place = self.rows.store_place(place);
            self.ctx
                .store
                .mark_all_read(place, newest.map(Into::into), self.ctx.now())?
        };
        self.ctx.emit(Event::PlacesChanged);
        Ok(Undoable {
            changed: changed as u32,
            token: token.0,
        })
    }

    fn mark_pack_read(&self, id: u32) -> Result<Undoable> {
        let packed = self.ctx.store.packs().articles(id)?;
        let ids: Vec<ArticleId> = packed.iter().map(|packed| packed.article).collect();
        let (changed, token) = self.ctx.store.mark_read(&ids)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(Undoable {
            changed: changed.len() as u32,
            token: token.0,
        })
    }

    /// Undoes an action; returns false if it can no longer be undone.
    pub fn undo(&self, token: u64) -> Result<bool> {
        let done = self.ctx.store.undo(UndoToken(token))?;
        if done {
            for feed in self.ctx.store.feeds()? {
                self.ctx.labels.learn(&feed);
            }
            self.ctx.emit(Event::PlacesChanged);
        }
        Ok(done)
    }
}
