//! The current version of each shape.
use serde::{Deserialize, Serialize};

use crate::clock::DAY;
use crate::codes::ProblemCode;
use crate::model::{ArticleRow, Enclosure, Feed, FeedId, FullText, NewArticle};
use crate::value_log::Pointer;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredFeed {
    pub(crate) feed: Feed,
    /// Hidden since then; purged at the next open.
    pub(crate) removed_at: Option<i64>,
}

/// What a list shows of an article, without its status.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredRow {
    pub(crate) feed: FeedId,
    pub(crate) guid: String,
    pub(crate) url: Option<String>,
    pub(crate) title: String,
    pub(crate) authors: Vec<String>,
    pub(crate) time: i64,
    pub(crate) published: Option<i64>,
    pub(crate) updated: Option<i64>,
    pub(crate) received_at: i64,
    pub(crate) language: Option<String>,
    pub(crate) right_to_left: bool,
    pub(crate) dateline: Option<String>,
    pub(crate) excerpt: String,
    pub(crate) word_count: u32,
    pub(crate) lead_picture: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) link_is_redirect: bool,
}

/// An article's value in sled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredArticle {
    pub(crate) row: StoredRow,
    /// `None`: only the row is known (restored from a snapshot, or the body was lost).
    pub(crate) body: Option<Pointer>,
    /// Hash of the feed's content; zero forces a rewrite with the next fetch.
    pub(crate) content: [u8; 16],
}

/// An article's record in the value log: all of it, so that the row can be rebuilt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LoggedArticle {
    pub(crate) id: u64,
    pub(crate) feed_url: String,
    pub(crate) row: StoredRow,
    pub(crate) content: [u8; 16],
    pub(crate) html: String,
    pub(crate) pictures: Vec<String>,
    pub(crate) enclosures: Vec<Enclosure>,
    pub(crate) categories: Vec<String>,
    pub(crate) comments: Option<String>,
    pub(crate) chapters: Option<String>,
}

/// The articles that one commit brought; the key is its first id. The order of lists and the
/// deduplication are read from these at open, so that no list ever walks the rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredEntries {
    pub(crate) feed: u32,
    /// Id, time, and the hashes of guid and page ([`crate::identity::Traits::print`]; zero where an
    /// older version wrote none).
    pub(crate) entries: Vec<(u64, i64, u64, u64)>,
}

/// The first field of [`StoredEntries`], decoded where only the feed is needed; the rest of the
/// record is not read.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct FeedOfEntries {
    pub(crate) feed: u32,
}

/// An article that came with one feed and is listed in another of the same publisher too. The key
/// is the other feed and the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredListing {
    /// The feed that the article belongs to.
    pub(crate) owner: FeedId,
    pub(crate) time: i64,
    /// In this feed.
    pub(crate) guid: String,
    pub(crate) print: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum StoredPicture {
    Kept {
        content: [u8; 16],
        pointer: Pointer,
        media_type: String,
        width: u32,
        height: u32,
    },
    Failed {
        why: String,
        at: i64,
    },
}

/// The stored state of an article's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StoredPage {
    Kept {
        pointer: Pointer,
        word_count: u32,
        lead_picture: Option<String>,
        paywalled: bool,
        is_better: bool,
        /// The reader's choice: the page's text, or the feed's.
        chosen: Option<bool>,
    },
    Failed {
        code: ProblemCode,
        detail: String,
        at: i64,
    },
}

/// A mark that waits for its article to arrive (after a restore).
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct WaitingMark {
    pub(crate) read: bool,
    pub(crate) saved_at: Option<i64>,
}

/// Marks a purged article, so that it does not come back as new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tombstone {
    /// When the feed was last seen to list it, or when it was purged, in days since 1970.
    pub(crate) day: u32,
    /// The article's [`crate::identity::Traits::print`]; zero if that is not known.
    pub(crate) print: u64,
}

impl Tombstone {
    pub(crate) fn of(now: i64) -> Self {
        Self {
            day: now.div_euclid(DAY).clamp(0, i64::from(u32::MAX)) as u32,
            print: 0,
        }
    }
}

/// What was purged from a feed, in the value log, which may still contain the articles' records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LoggedPurge {
    pub(crate) at: i64,
    pub(crate) feed: FeedId,
    pub(crate) articles: Vec<PurgedArticle>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PurgedArticle {
    pub(crate) id: u64,
    pub(crate) guid: u64,
}

impl StoredRow {
    pub(crate) fn into_row(self, id: u64, read: bool, saved_at: Option<i64>) -> ArticleRow {
        ArticleRow {
            id: crate::model::ArticleId(id),
            feed: self.feed,
            guid: self.guid,
            url: self.url,
            title: self.title,
            authors: self.authors,
            time: self.time,
            published: self.published,
            updated: self.updated,
            received_at: self.received_at,
            language: self.language,
            right_to_left: self.right_to_left,
            dateline: self.dateline,
            excerpt: self.excerpt,
            word_count: self.word_count,
            lead_picture: self.lead_picture,
            source: self.source,
            link_is_redirect: self.link_is_redirect,
            read,
            saved: saved_at.is_some(),
            saved_at,
        }
    }

    /// The row of an article as it arrives; `time` and `received_at` stay those of the first time.
    pub(crate) fn of(article: &NewArticle, feed: FeedId, time: i64, received_at: i64) -> Self {
        Self {
            feed,
            guid: article.guid.clone(),
            url: article.url.clone(),
            title: article.title.clone(),
            authors: article.authors.clone(),
            time,
            published: article.published,
            updated: article.updated,
            received_at,
            language: article.language.clone(),
            right_to_left: article.right_to_left,
            dateline: article.dateline.clone(),
            excerpt: article.excerpt.clone(),
            word_count: article.word_count,
            lead_picture: article.lead_picture.clone(),
            source: article.source.clone(),
            link_is_redirect: article.link_is_redirect,
        }
    }
}

impl StoredPage {
    pub(crate) fn of(
        page: &FullText,
        pointer: crate::value_log::Pointer,
        chosen: Option<bool>,
    ) -> Self {
        Self::Kept {
            pointer,
            word_count: page.word_count,
            lead_picture: page.lead_picture.clone(),
            paywalled: page.paywalled,
            is_better: page.is_better,
            chosen,
        }
    }

    /// Whether this text is shown instead of the feed's.
    pub(crate) fn shows(&self) -> bool {
        match self {
            Self::Kept {
                is_better, chosen, ..
            } => chosen.unwrap_or(*is_better),
            Self::Failed { .. } => false,
        }
    }
}
