//! The texts of articles' own pages, beside the feeds' texts: both are kept, and the better one or
//! the reader's choice is shown. A page's text is in the value log under its article's id and is
//! purged with its article.
use warta_text::html_line;

use crate::codes::ProblemCode;
use crate::error::{Result, StoreError};
use crate::model::{ArticleId, FullText, FullTextState};
use crate::records::{self, StoredArticle, StoredPage, StoredRow};
use crate::space::Live;
use crate::store::{Core, Store};
use crate::trees::{Changes, Name};
use crate::value_log::{Kind, article_key};

/// Maximum length of an article's indexed text, in bytes.
const LONGEST_TEXT: usize = 1 << 20;

/// The texts of articles' own pages: [`Store::full_text`].
#[derive(Debug, Clone, Copy)]
pub struct FullTexts<'a> {
    store: &'a Store,
}

impl Store {
    /// The texts of articles' own pages.
    #[must_use]
    pub fn full_text(&self) -> FullTexts<'_> {
        FullTexts { store: self }
    }
}

impl FullTexts<'_> {
    /// Stores the text of an article's page, durably; replaces an earlier one.
    pub fn keep(self, id: ArticleId, page: &FullText) -> Result<()> {
        let core = &self.store.core;
        let record = records::encode(page)?;
        let _writing = core.write()?;
        let stored = core.stored(id.0)?.ok_or(StoreError::NotFound("article"))?;
        let before = core.stored_page(id.0)?;
        let mut pointers = core
            .bodies
            .append(Kind::Page, &[(article_key(id.0), record)])?;
        core.bodies.sync()?;
        let pointer = pointers
            .pop()
            .ok_or_else(|| StoreError::Invalid("the text is empty".into()))?;
        let chosen = match &before {
            Some(StoredPage::Kept { chosen, .. }) => *chosen,
            _ => None,
        };
        let kept = StoredPage::of(page, pointer, chosen);
        let mut live = Live::default();
        live.add(stored.row.feed, pointer);
        if let Some(StoredPage::Kept { pointer: old, .. }) = before {
            live.remove(stored.row.feed, old);
        }
        let mut changes = Changes::default();
        changes.put(Name::Pages, &id.0.to_be_bytes(), &kept)?;
        core.state().live.put(&live, &mut changes);
        reindex(core, id.0, &mut changes)?;
        core.apply(&changes)?;
        core.state_mut().live.take_in(&live);
        core.search.poke();
        core.flush()
    }

    /// Records that an article's page could not be fetched; an earlier text stays.
    pub fn set_failed(
        self,
        id: ArticleId,
        problem: ProblemCode,
        detail: &str,
        now: i64,
    ) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        if core.stored(id.0)?.is_none()
            || matches!(core.stored_page(id.0)?, Some(StoredPage::Kept { .. }))
        {
            return Ok(());
        }
        let failed = StoredPage::Failed {
            code: problem,
            detail: detail.to_owned(),
            at: now,
        };
        let mut changes = Changes::default();
        changes.put(Name::Pages, &id.0.to_be_bytes(), &failed)?;
        core.apply(&changes)
    }

    /// Chooses which text is shown, the page's or the feed's; durable when the call returns.
    pub fn choose(self, id: ArticleId, page: bool) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let Some(StoredPage::Kept {
            pointer,
            word_count,
            lead_picture,
            paywalled,
            is_better,
            ..
        }) = core.stored_page(id.0)?
        else {
            return Err(StoreError::NotFound("page"));
        };
        let kept = StoredPage::Kept {
            pointer,
            word_count,
            lead_picture,
            paywalled,
            is_better,
            chosen: Some(page),
        };
        let mut changes = Changes::default();
        changes.put(Name::Pages, &id.0.to_be_bytes(), &kept)?;
        reindex(core, id.0, &mut changes)?;
        core.apply(&changes)?;
        core.search.poke();
        core.flush()
    }

    /// The state of an article's full text; loads no text.
    pub fn state(self, id: ArticleId) -> Result<FullTextState> {
        Ok(match self.store.core.stored_page(id.0)? {
            None => FullTextState::Unknown,
            Some(StoredPage::Failed { code, detail, at }) => {
                FullTextState::Failed { code, detail, at }
            }
            Some(
                kept @ StoredPage::Kept {
                    word_count,
                    paywalled,
                    ..
                },
            ) => FullTextState::Kept {
                word_count,
                shows: kept.shows(),
                paywalled,
            },
        })
    }

    /// Number of words in the feed's text, whichever text is shown.
    pub fn feed_word_count(self, id: ArticleId) -> Result<u32> {
        let stored = self.store.core.stored(id.0)?;
        Ok(stored.map_or(0, |stored| stored.row.word_count))
    }

    /// The text of an article's page, if it is stored. A damaged one is removed, so that it is
    /// fetched again.
    pub fn get(self, id: ArticleId) -> Result<Option<FullText>> {
        let core = &self.store.core;
        match page(core, id.0) {
            Err(StoreError::Damaged(why)) => {
                tracing::warn!(article = id.0, why, "the text of a page is lost");
                let _writing = core.hold_still();
                if let Ok(found) = page(core, id.0) {
                    return Ok(found);
                }
                let mut changes = Changes::default();
                let mut live = Live::default();
                if let (Some(stored), Some(StoredPage::Kept { pointer, .. })) =
                    (core.stored(id.0)?, core.stored_page(id.0)?)
                {
                    live.remove(stored.row.feed, pointer);
                }
                changes.remove(Name::Pages, &id.0.to_be_bytes());
                core.state().live.put(&live, &mut changes);
                core.apply(&changes)?;
                core.state_mut().live.take_in(&live);
                Ok(None)
            }
            other => other,
        }
    }
}

pub(crate) fn page(core: &Core, id: u64) -> Result<Option<FullText>> {
    let mut known = core.stored_page(id)?;
    loop {
        let Some(StoredPage::Kept { pointer, .. }) = known else {
            return Ok(None);
        };
        match core.bodies.read(Kind::Page, article_key(id), pointer) {
            Ok(data) => return records::decode(&data, "a page's text").map(Some),
            Err(error) => {
                // The record may have been moved since it was looked up.
                let now = core.stored_page(id)?;
                if matches!(now, Some(StoredPage::Kept { pointer: new, .. }) if new == pointer) {
                    return Err(error);
                }
                known = now;
            }
        }
    }
}

/// The row with the page's word count, if its text is shown, and its picture, if the row has none.
pub(crate) fn row_with_page(core: &Core, id: u64, mut row: StoredRow) -> StoredRow {
    if let Ok(Some(page)) = core.stored_page(id) {
        let shows = page.shows();
        if let StoredPage::Kept {
            word_count,
            lead_picture,
            ..
        } = page
        {
            if shows {
                row.word_count = word_count;
            }
            row.lead_picture = row.lead_picture.or(lead_picture);
        }
    }
    row
}

/// The text that is indexed and that snippets are taken from: the feed's, and the page's if that is
/// shown.
pub(crate) fn searched_text(core: &Core, id: u64, stored: &StoredArticle) -> String {
    let of_feed = match core.logged(id, stored) {
        Ok(logged) => html_line(&logged.html, LONGEST_TEXT),
        Err(_) => stored.row.excerpt.clone(),
    };
    let shows = matches!(core.stored_page(id), Ok(Some(page)) if page.shows());
    match page(core, id) {
        Ok(Some(page)) if shows => {
            let of_page = html_line(&page.html, LONGEST_TEXT);
            // Most feeds' texts are the beginning of the page's.
            let beginning = of_feed.trim_end_matches(|c: char| !c.is_alphanumeric());
            if of_page.contains(beginning) {
                of_page
            } else {
                format!("{of_page} {of_feed}")
            }
        }
        _ => of_feed,
    }
}

/// Queues an article for indexing again.
fn reindex(core: &Core, id: u64, changes: &mut Changes) -> Result<()> {
    let key = id.to_be_bytes();
    // A different value, so that indexing in progress does not count for this change.
    let before = core.trees().reindex.get(key)?;
    let turn = before.map_or(0, |before| before.first().copied().unwrap_or(0));
    changes.put_bytes(Name::Reindex, &key, &[turn.wrapping_add(1); 17]);
    Ok(())
}
