//! What an import changed, for its undo.
use std::collections::BTreeMap;

use sled::IVec;

use crate::model::{FeedId, FolderId};

/// What an import changed.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) feeds: Vec<FeedId>,
    pub(crate) folders: Vec<FolderId>,
    pub(crate) articles: Vec<(FeedId, u64)>,
    /// Known articles that became read.
    pub(crate) read: BTreeMap<FeedId, Vec<u64>>,
    /// Articles that became saved, with their feeds.
    pub(crate) saved: Vec<(u64, FeedId)>,
    /// Waiting marks, as they were.
    pub(crate) waiting: Vec<([u8; 12], Option<IVec>)>,
}
