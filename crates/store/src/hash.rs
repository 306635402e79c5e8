//! Short hashes that identify GUIDs and contents.

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
