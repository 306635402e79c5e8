//! What cannot be fetched again, as plain text: one JSON record per line, each with its own
//! checksum, so that every intact line of a damaged file can be used; the last line confirms that
//! nothing is missing. Snapshots are written atomically.
//!
//! Read marks are kept for the newest thousand read articles of a feed, by the hash of their guid:
//! feeds do not serve older ones again.
mod apply;
mod files;
mod format;
mod take;

pub(crate) use apply::*;
pub(crate) use files::*;
pub(crate) use format::*;
pub(crate) use take::*;
