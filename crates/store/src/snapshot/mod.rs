//! What cannot be fetched again, as plain text: one JSON record a line, each with its own checksum,
//! so that every whole line of a damaged file still counts; the last line says that nothing is
//! missing. Written beside, then renamed: a snapshot is there whole or not at all.
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
