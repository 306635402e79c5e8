//! Encoding and decoding values, with their version in front.
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Result, StoreError};
use crate::model::{
    FeedId, Folder, Forward, FullText, Pack, PackedArticle, Picture, PictureId, SavedSearch,
};
use crate::records::shapes::{
    FeedOfEntries, LoggedArticle, LoggedPurge, StoredArticle, StoredEntries, StoredFeed,
    StoredListing, StoredPage, StoredPicture, Tombstone, WaitingMark,
};
use crate::records::{v1, v2, v3, v4};
use crate::value_log::Pointer;

pub(crate) const VERSION: u8 = 5;

/// Folders of older versions are not nested; their names may be joined paths.
pub(crate) const VERSION_OF_NESTED_FOLDERS: u8 = 4;

const FIRST_VERSION: u8 = 1;

/// A value that can be read in every version.
pub(crate) trait Record: DeserializeOwned {
    /// Reads the value in `version`'s shape; by default the shape has not changed.
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
        match version {
            1 => postcard::from_bytes::<v1::Feed>(bytes).map(Into::into),
            2..=4 => postcard::from_bytes::<v4::Feed>(bytes).map(Into::into),
            _ => postcard::from_bytes(bytes),
        }
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

impl Record for FeedOfEntries {}

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

impl Record for Folder {
    fn read(version: u8, bytes: &[u8]) -> postcard::Result<Self> {
        match version {
            1..VERSION_OF_NESTED_FOLDERS => {
                postcard::from_bytes::<v3::Folder>(bytes).map(Into::into)
            }
            _ => postcard::from_bytes(bytes),
        }
    }
}

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

/// `about`: estimated size in bytes, to avoid reallocation.
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
