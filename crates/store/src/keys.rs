//! Keys of records in sled.
use crate::error::{Result, StoreError};
use crate::model::FeedId;

/// A key of four bytes that sorts as its number.
pub(crate) fn number_of(key: &[u8]) -> Result<u64> {
    match key.len() {
        4 => Ok(key.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
        8 => Ok(key.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))),
        length => Err(StoreError::Damaged(format!("a key of {length} bytes"))),
    }
}

/// The key of a [`StoredListing`].
pub(crate) fn listing_key(feed: FeedId, id: u64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&feed.0.to_be_bytes());
    key[4..].copy_from_slice(&id.to_be_bytes());
    key
}

pub(crate) fn read_listing_key(key: &[u8]) -> Result<(FeedId, u64)> {
    let Some((feed, id)) = key.split_at_checked(4).filter(|_| key.len() == 12) else {
        return Err(StoreError::Damaged(format!(
            "a listing's key has {} bytes",
            key.len()
        )));
    };
    let feed = number_of(feed)? as u32;
    Ok((FeedId(feed), number_of(id)?))
}

/// The key of a list of articles of a feed. A handed-over article may be the first of lists of two
/// feeds, so the key contains the feed.
pub(crate) fn list_key(first: u64, feed: FeedId) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&first.to_be_bytes());
    key[8..].copy_from_slice(&feed.0.to_be_bytes());
    key
}

pub(crate) fn guid_key(feed: FeedId, guid: u64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&feed.0.to_be_bytes());
    key[4..].copy_from_slice(&guid.to_be_bytes());
    key
}

/// In [`crate::trees::Name::Meta`]: a GUID that names several articles of a feed.
pub(crate) fn unsound_key(feed: FeedId, guid: u64) -> Vec<u8> {
    let mut key = unsound_prefix(feed);
    key.extend_from_slice(&guid.to_be_bytes());
    key
}

pub(crate) fn unsound_prefix(feed: FeedId) -> Vec<u8> {
    let mut key = b"unsound/".to_vec();
    key.extend_from_slice(&feed.0.to_be_bytes());
    key
}
