//! The shapes that stand in sled and in the value log. Every value begins with the version it was
//! written in. A shape that has shipped never changes: to let one grow, raise [`VERSION`], keep the
//! old shape in a module named for its version, and say in [`Record::read`] how to read it.
pub(crate) mod v1;
mod v2;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::model::{
    ArticleRow, Enclosure, Feed, FeedId, Folder, Forward, NewArticle, Picture, PictureId,
    SavedSearch,
};
use crate::packs::{Pack, PackedArticle};
use crate::full_text::FullText;
use crate::store::DAY;
use crate::value_log::Pointer;

pub(crate) const VERSION: u8 = 3;
const FIRST_VERSION: u8 = 1;

/// A value that can be read whatever Warta wrote it.
pub(crate) trait Record: DeserializeOwned {
    /// Reads the value as `version` wrote it; by default it has not changed since.
    fn read(version: u8, bytes: &[u8]) -> postcard::Result<Self> {
        let _ = version;
        postcard::from_bytes(bytes)
    }
}

/// Reads the shape `Old` of version 1, or `New`.
fn grown<Old: DeserializeOwned + Into<New>, New: DeserializeOwned>(
    version: u8,
    bytes: &[u8],
) -> postcard::Result<New> {
    match version {
        1 => postcard::from_bytes::<Old>(bytes).map(Into::into),
        _ => postcard::from_bytes(bytes),
    }
}

impl Record for StoredFeed {
    fn read(version: u8, bytes: &[u8]) -> postcard::Result<Self> {
        grown::<v1::Feed, Self>(version, bytes)
    }
}

impl Record for StoredArticle {
    fn read(version: u8, bytes: &[u8]) -> postcard::Result<Self> {
        grown::<v1::Article, Self>(version, bytes)
    }
}

impl Record for LoggedArticle {
    fn read(version: u8, bytes: &[u8]) -> postcard::Result<Self> {
        grown::<v1::Logged, Self>(version, bytes)
    }
}

impl Record for StoredEntries {
    fn read(version: u8, bytes: &[u8]) -> postcard::Result<Self> {
        match version {
            1 | 2 => postcard::from_bytes::<v2::Entries>(bytes).map(Into::into),
            _ => postcard::from_bytes(bytes),
        }
    }
}

impl Record for Tombstone {
    fn read(version: u8, bytes: &[u8]) -> postcard::Result<Self> {
        match version {
            1 | 2 => postcard::from_bytes::<v2::Tombstone>(bytes).map(Into::into),
            _ => postcard::from_bytes(bytes),
        }
    }
}

impl Record for StoredPicture {}
impl Record for WaitingMark {}
impl Record for StoredListing {}
impl Record for LoggedPurge {}
impl Record for SavedSearch {}
impl Record for Folder {}
impl Record for Forward {}
impl Record for Pack {}
impl Record for PackedArticle {}
impl Record for FullText {}
impl Record for StoredPage {}
impl Record for Pointer {}
/// A setting.
impl Record for String {}
/// A saved mark.
impl Record for (i64, FeedId) {}
/// What is known of a picture.
impl Record for (PictureId, String, u32, u32) {}

pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    encode_as(VERSION, value, 0)
}

/// `about`: how many bytes it may take, so that they are not moved while they become more.
pub(crate) fn encode_as<T: Serialize>(version: u8, value: &T, about: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(about);
    bytes.push(version);
    postcard::to_extend(value, bytes).map_err(|error| StoreError::Invalid(error.to_string()))
}

pub(crate) fn decode<T: Record>(bytes: &[u8], what: &str) -> Result<T> {
    match bytes.split_first() {
        Some((&version @ FIRST_VERSION..=VERSION, rest)) => T::read(version, rest)
            .map_err(|error| StoreError::Damaged(format!("{what} cannot be read: {error}"))),
        Some((version, _)) => Err(StoreError::Damaged(format!(
            "{what} has the unknown version {version}"
        ))),
        None => Err(StoreError::Damaged(format!("{what} is empty"))),
    }
}

/// A key of four bytes that sorts as its number.
pub(crate) fn number_of(key: &[u8]) -> Result<u64> {
    match key.len() {
        4 => Ok(key.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
        8 => Ok(key.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
        length => Err(StoreError::Damaged(format!("a key of {length} bytes"))),
    }
}

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
    /// None: only the row is known (restored from a snapshot, or the body was lost).
    pub(crate) body: Option<Pointer>,
    /// Of what the feed gave; zero asks for a rewrite when it is next seen.
    pub(crate) content: [u8; 16],
}

/// An article's record in the value log: all of it, so that the row can be made again.
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

/// An article that came with one feed and is listed in another of the same publisher too. The key is
/// the other feed and the article.
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

/// What is known of an article's own page.
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
        code: String,
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

/// Where an article was that was purged, so that it does not come back as new.
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

/// What was purged from a feed, in the value log: its articles' records may still stand there.
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

/// The first eight bytes of a guid's hash: the deduplication key within a feed.
pub(crate) fn guid_hash(guid: &str) -> u64 {
    let hash = blake3::hash(guid.as_bytes());
    hash.as_bytes()[..8]
        .iter()
        .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

pub(crate) fn hash16(bytes: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    short
}

/// A picture's record in the value log: what is known of it (its length first), then its bytes.
pub(crate) fn encode_picture(id: PictureId, picture: &Picture) -> Result<Vec<u8>> {
    let facts = encode(&(id, &picture.media_type, picture.width, picture.height))?;
    let mut data = Vec::with_capacity(4 + facts.len() + picture.bytes.len());
    data.extend_from_slice(&(facts.len() as u32).to_le_bytes());
    data.extend_from_slice(&facts);
    data.extend_from_slice(&picture.bytes);
    Ok(data)
}

pub(crate) fn decode_picture(mut data: Vec<u8>) -> Result<(PictureId, Picture)> {
    let damaged = || StoreError::Damaged("a picture cannot be read".into());
    let length: [u8; 4] = data
        .get(..4)
        .and_then(|four| four.try_into().ok())
        .ok_or_else(damaged)?;
    let end = 4 + u32::from_le_bytes(length) as usize;
    let facts = data.get(4..end).ok_or_else(damaged)?;
    let (id, media_type, width, height) = decode(facts, "a picture")?;
    let bytes = data.split_off(end);
    Ok((
        id,
        Picture {
            bytes,
            media_type,
            width,
            height,
        },
    ))
}
