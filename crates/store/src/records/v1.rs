//! The shapes of version 1 that were extended since. No longer written, only read.
use serde::{Deserialize, Serialize};

use crate::documents::DocumentKind;
use crate::model::{self, Failure, FeedId, FolderId};
use crate::publisher_channels::PublisherChannel;
use crate::records::shapes::{LoggedArticle, StoredArticle, StoredFeed, StoredRow};
use crate::value_log::Pointer;

#[derive(Deserialize)]
pub(super) struct Feed {
    feed: Subscription,
    removed_at: Option<i64>,
}

#[derive(Deserialize)]
struct Subscription {
    id: FeedId,
    url: String,
    custom_title: Option<String>,
    folder: Option<FolderId>,
    added_at: i64,
    paused: bool,
    facts: Facts,
}

#[derive(Deserialize)]
pub(super) struct Facts {
    title: Option<String>,
    site: Option<String>,
    description: Option<String>,
    language: Option<String>,
    icon_url: Option<String>,
    etag: Option<String>,
    last_modified: Option<String>,
    body_hash: Option<[u8; 16]>,
    checked_at: Option<i64>,
    succeeded_at: Option<i64>,
    next_due_at: Option<i64>,
    failures_in_a_row: u32,
    failure: Option<Failure>,
    last_new: u32,
    took_ms: u32,
    wire_bytes: u64,
    #[serde(deserialize_with = "crate::publisher_channels::known_channels")]
    publisher_channels: Vec<PublisherChannel>,
    moved_to: Option<(String, i64)>,
}

#[derive(Deserialize)]
struct Row {
    feed: FeedId,
    guid: String,
    url: Option<String>,
    title: String,
    authors: Vec<String>,
    time: i64,
    published: Option<i64>,
    updated: Option<i64>,
    received_at: i64,
    language: Option<String>,
    right_to_left: bool,
    dateline: Option<String>,
    excerpt: String,
    word_count: u32,
    lead_picture: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Article {
    row: Row,
    body: Option<Pointer>,
    content: [u8; 16],
}

#[derive(Deserialize)]
pub(super) struct Logged {
    id: u64,
    feed_url: String,
    row: Row,
    content: [u8; 16],
    html: String,
    pictures: Vec<String>,
    enclosures: Vec<Enclosure>,
    categories: Vec<String>,
    comments: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Enclosure {
    url: String,
    media_type: Option<String>,
    length: Option<u64>,
}

/// A new article in version 1. Its hash shows whether an article changed, and must stay the same
/// for articles without later fields.
#[derive(Serialize)]
pub(crate) struct Arrived<'a> {
    guid: &'a str,
    url: &'a Option<String>,
    title: &'a str,
    authors: &'a [String],
    published: Option<i64>,
    updated: Option<i64>,
    language: &'a Option<String>,
    right_to_left: bool,
    dateline: &'a Option<String>,
    excerpt: &'a str,
    word_count: u32,
    html: &'a str,
    lead_picture: &'a Option<String>,
    pictures: &'a [String],
    enclosures: Vec<Enclosure>,
    categories: &'a [String],
    source: &'a Option<String>,
    comments: &'a Option<String>,
    read: bool,
}

impl<'a> Arrived<'a> {
    /// Everything but the read flag.
    pub(crate) fn of(article: &'a model::NewArticle) -> Self {
        Self {
            guid: &article.guid,
            url: &article.url,
            title: &article.title,
            authors: &article.authors,
            published: article.published,
            updated: article.updated,
            language: &article.language,
            right_to_left: article.right_to_left,
            dateline: &article.dateline,
            excerpt: &article.excerpt,
            word_count: article.word_count,
            html: &article.html,
            lead_picture: &article.lead_picture,
            pictures: &article.pictures,
            enclosures: article
                .enclosures
                .iter()
                .map(|enclosure| Enclosure {
                    url: enclosure.url.clone(),
                    media_type: enclosure.media_type.clone(),
                    length: enclosure.length,
                })
                .collect(),
            categories: &article.categories,
            source: &article.source,
            comments: &article.comments,
            read: false,
        }
    }
}

impl From<Feed> for StoredFeed {
    fn from(old: Feed) -> Self {
        let Subscription {
            id,
            url,
            custom_title,
            folder,
            added_at,
            paused,
            facts,
        } = old.feed;
        Self {
            feed: model::Feed {
                id,
                url,
                custom_title,
                folder,
                added_at,
                paused,
                kind: DocumentKind::Feed,
                options: model::FeedOptions::default(),
                facts: facts.into(),
            },
            removed_at: old.removed_at,
        }
    }
}

impl From<Facts> for model::FeedFacts {
    fn from(old: Facts) -> Self {
        Self {
            title: old.title,
            site: old.site,
            description: old.description,
            language: old.language,
            icon_url: old.icon_url,
            etag: old.etag,
            last_modified: old.last_modified,
            body_hash: old.body_hash,
            checked_at: old.checked_at,
            succeeded_at: old.succeeded_at,
            next_due_at: old.next_due_at,
            failures_in_a_row: old.failures_in_a_row,
            failure: old.failure,
            last_new: old.last_new,
            took_ms: old.took_ms,
            wire_bytes: old.wire_bytes,
            publisher_channels: old.publisher_channels,
            moved_to: old.moved_to,
            schedule: model::FeedSchedule::default(),
            history: Vec::new(),
            parts: Vec::new(),
        }
    }
}

impl From<Row> for StoredRow {
    fn from(old: Row) -> Self {
        Self {
            feed: old.feed,
            guid: old.guid,
            url: old.url,
            title: old.title,
            authors: old.authors,
            time: old.time,
            published: old.published,
            updated: old.updated,
            received_at: old.received_at,
            language: old.language,
            right_to_left: old.right_to_left,
            dateline: old.dateline,
            excerpt: old.excerpt,
            word_count: old.word_count,
            lead_picture: old.lead_picture,
            source: old.source,
            link_is_redirect: false,
        }
    }
}

impl From<Article> for StoredArticle {
    fn from(old: Article) -> Self {
        Self {
            row: old.row.into(),
            body: old.body,
            content: old.content,
        }
    }
}

impl From<Logged> for LoggedArticle {
    fn from(old: Logged) -> Self {
        Self {
            id: old.id,
            feed_url: old.feed_url,
            row: old.row.into(),
            content: old.content,
            html: old.html,
            pictures: old.pictures,
            enclosures: old.enclosures.into_iter().map(Into::into).collect(),
            categories: old.categories,
            comments: old.comments,
            chapters: None,
        }
    }
}

impl From<Enclosure> for model::Enclosure {
    fn from(old: Enclosure) -> Self {
        Self {
            url: old.url,
            media_type: old.media_type,
            length: old.length,
            ..Self::default()
        }
    }
}
