//! The shapes of versions 1 to 3 that were extended since. No longer written, only read.
use serde::Deserialize;

use crate::model::{self, FolderId};

#[derive(Deserialize)]
pub(super) struct Folder {
    id: FolderId,
    name: String,
    position: u32,
}

impl From<Folder> for model::Folder {
    fn from(old: Folder) -> Self {
        Self {
            id: old.id,
            name: old.name,
            position: old.position,
            parent: None,
        }
    }
}
