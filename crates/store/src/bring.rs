//! Storing what another program kept: subscriptions, articles with their text, and their status.
//!
//! Like a restore, it is written to a journal first, so that a kill leaves all of it or nothing, and
//! doing it twice adds nothing. An article that is here already only gets marks: its text is its
//! feed's.
use std::collections::HashSet;

use crate::documents::DocumentKind;
use crate::error::Result;
use crate::model::{ArticleId, FeedId, FeedOptions, NewArticle, Restored, UndoToken};
use crate::placing::find;
use crate::snapshot::Record;
use crate::store::{Store, Undo};
use crate::trace::Trace;

/// A subscription to bring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BroughtFeed {
    /// Where it is fetched from; unique.
    pub url: String,
    /// Its title.
    pub title: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// The names of its folder and those around it, outermost first.
    pub folder: Vec<String>,
    /// It is not fetched.
    pub paused: bool,
    /// What the document at its address is, as far as that is known.
    pub kind: DocumentKind,
}

/// An article to bring.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BroughtArticle {
    /// The address of its feed, which is subscribed to or among the brought ones.
    pub feed: String,
    /// The article and its status. An unsaved article without text is not stored; if it was read,
    /// it is marked as read when its feed delivers it. The note is written even if the article is
    /// already stored.
    pub article: NewArticle,
    /// When it was saved.
    pub saved_at: Option<i64>,
}

/// Everything to bring.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Brought {
    /// Subscriptions; their folders are created if needed.
    pub feeds: Vec<BroughtFeed>,
    /// Articles.
    pub articles: Vec<BroughtArticle>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// What was added.
    pub added: Restored,
    /// For [`Store::undo`].
    pub undo: UndoToken,
    /// Articles that have a note now (see [`Store::notes`]).
    pub noted: Vec<ArticleId>,
    /// New articles that are saved.
    pub saved: Vec<ArticleId>,
}

/// The status of an article that is here already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// Which.
    pub id: ArticleId,
    /// It is read.
    pub read: bool,
    /// It is saved.
    pub saved: bool,
}

/// Imports into a store.
#[derive(Clone, Copy)]
pub struct Imports<'s>(&'s Store);

impl<'s> Imports<'s> {
    /// Into this store.
    #[must_use]
    pub fn into(store: &'s Store) -> Self {
        Self(store)
    }

    /// Which of these articles are here: in their feed by GUID or link, and those of
    /// [`crate::SAVED_PAGES`] in any feed by link. From memory.
    #[must_use]
    pub fn present(self, articles: &[BroughtArticle]) -> Vec<Option<Present>> {
        let found = find(
            &self.0.core,
            articles.iter().map(|one| (&*one.feed, &one.article)),
        );
        let state = self.0.core.state();
        let status = |(id, _): (u64, FeedId)| Present {
            id: ArticleId(id),
            read: state.read.get(id),
            saved: state.saved_at.contains_key(&id),
        };
        found.into_iter().map(|one| one.map(status)).collect()
    }

    /// Stores all of it. After a kill, the next opening finishes it.
    pub fn bring(self, brought: Brought, now: i64) -> Result<Done> {
        let core = &self.0.core;
        let mut records: Vec<Record> = Vec::new();
        let folders = brought.feeds.iter().filter(|feed| !feed.folder.is_empty());
        records.extend(folders.map(|feed| Record::Folder {
            name: crate::folder_tree::join(&feed.folder),
            position: 0,
            path: feed.folder.clone(),
        }));
        records.dedup();
        records.extend(brought.feeds.into_iter().map(|feed| {
            Record::Feed {
                url: feed.url,
                custom_title: None,
                folder: None,
                folder_path: feed.folder,
                added_at: now,
                paused: feed.paused,
                title: feed.title,
                site: feed.site,
                options: FeedOptions {
                    full_text: feed.kind.full_text_by_default(),
                    ..FeedOptions::default()
                }
                .into(),
                document: feed.kind,
            }
        }));
        records.extend(brought.articles.into_iter().map(|one| Record::Article {
            feed: one.feed,
            article: Box::new(one.article),
            saved_at: one.saved_at,
        }));
        let mut added = Restored::default();
        let mut trace = Trace::default();
        let noted = crate::restore::apply_traced(core, records, now, (&mut added, &mut trace))?;
        let new: HashSet<u64> = trace.articles.iter().map(|(_, id)| *id).collect();
        let saved = trace.saved.iter().filter(|(id, _)| new.contains(id));
        let saved = saved.map(|(id, _)| ArticleId(*id)).collect();
        let undo = core.keep_undo(Undo::Brought(Box::new(trace)));
        Ok(Done {
            added,
            undo,
            noted,
            saved,
        })
    }
}
