//! Marking articles as read or saved, and undoing changes.

use std::sync::Arc;

use warta_store::{ArticleId, ListQuery, Span, UndoToken};

use crate::api::{Cursor, Event, Mark, Order, Place, ReadSpan, Result, Undoable};
use crate::context::{Context, checks};
use crate::reading::lists::Lists;
use crate::reading::rows::Rows;
use crate::reading::tags::Tags;

/// Ten years.
const MOST_HOURS: u32 = 87_600;

/// Marks articles as read or saved, and undoes changes.
pub struct Marks {
    ctx: Arc<Context>,
    rows: Arc<Rows>,
    tags: Arc<Tags>,
    lists: Arc<Lists>,
}

impl Marks {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        rows: &Arc<Rows>,
        tags: &Arc<Tags>,
        lists: &Arc<Lists>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            rows: Arc::clone(rows),
            tags: Arc::clone(tags),
            lists: Arc::clone(lists),
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

    /// Marks these articles read, with undo.
    pub fn mark_articles_read(&self, ids: &[u64]) -> Result<Undoable> {
        checks::typed(checks::count("articles", ids.len(), checks::ARTICLES))?;
        let ids: Vec<ArticleId> = ids.iter().copied().map(ArticleId).collect();
        self.mark_ids_read(&ids)
    }

    /// Marks a part of a list read.
    pub fn mark_span_read(&self, place: Place, span: ReadSpan) -> Result<Undoable> {
        let parts = match span {
            ReadSpan::Newer { than, newest } => {
                let until = newest.map_or_else(Span::default, |row| Span::until(row.into()));
                vec![Span {
                    after: Some(than.into()),
                    ..until
                }]
            }
            ReadSpan::Older { than } => vec![Span {
                before: Some(than.into()),
                ..Span::default()
            }],
            ReadSpan::Age { hours } => {
                let hours = i64::from(hours.clamp(1, MOST_HOURS));
                let end = self.ctx.now() - hours * 3600;
                if matches!(place, Place::Saved | Place::Tag { .. } | Place::Pack { .. }) {
                    return self.mark_ids_read(&self.older_than(place, end)?);
                }
                vec![Span::older_than(end)]
            }
            ReadSpan::FollowingFeeds { row, order } => {
                return self.mark_following_feeds(place, row, order);
            }
        };
        let place = self.rows.store_place(place);
        self.mark_parts(
            &parts
                .into_iter()
                .map(|span| (place, span))
                .collect::<Vec<_>>(),
        )
    }

    fn mark_following_feeds(&self, place: Place, row: Cursor, order: Order) -> Result<Undoable> {
        let feeds = self.lists.feeds_by_title(place)?;
        let since = match self.rows.store_place(place) {
            warta_store::Place::Since(since) => Span::since(since),
            _ => Span::default(),
        };
        let at = self.ctx.store.group_of(ArticleId(row.id), &feeds)?;
        let following = at.map_or(&[][..], |at| &feeds[at..]);
        let parts: Vec<_> = following
            .iter()
            .enumerate()
            .map(|(n, feed)| {
                let span = match (n, order) {
                    (0, Order::Newest) => Span {
                        before: Some(row.into()),
                        ..since
                    },
                    (0, Order::Oldest) => Span {
                        after: Some(row.into()),
                        ..since
                    },
                    _ => since,
                };
                (warta_store::Place::Feed(*feed), span)
            })
            .collect();
        self.mark_parts(&parts)
    }

    fn mark_parts(&self, parts: &[(warta_store::Place, Span)]) -> Result<Undoable> {
        let (changed, token) = self.ctx.store.mark_spans_read(parts)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(Undoable {
            changed: changed as u32,
            token: token.0,
        })
    }

    /// The articles of a list that is not in order of time, older than `end`.
    fn older_than(&self, place: Place, end: i64) -> Result<Vec<ArticleId>> {
        let store = &self.ctx.store;
        let ids = match place {
            Place::Tag { id } => self.tags.articles_of(id),
            Place::Pack { id } => {
                let packed = store.packs().articles(id)?;
                packed.iter().map(|packed| packed.article).collect()
            }
            _ => {
                let query = ListQuery {
                    place: self.rows.store_place(place),
                    unread_only: true,
                    before: None,
                    limit: usize::MAX,
                };
                store.list(&query)?.rows.iter().map(|row| row.id).collect()
            }
        };
        let rows = store.rows(&ids)?;
        let old = rows.into_iter().filter(|row| row.time < end);
        Ok(old.map(|row| row.id).collect())
    }

    fn mark_ids_read(&self, ids: &[ArticleId]) -> Result<Undoable> {
        let (changed, token) = self.ctx.store.mark_read(ids)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(Undoable {
            changed: changed.len() as u32,
            token: token.0,
        })
    }

    fn mark_pack_read(&self, id: u32) -> Result<Undoable> {
        let packed = self.ctx.store.packs().articles(id)?;
        let ids: Vec<ArticleId> = packed.iter().map(|packed| packed.article).collect();
        self.mark_ids_read(&ids)
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
