//! Undoing a change.
use crate::error::Result;
use crate::model::UndoToken;
use crate::store::{Store, Undo};
use crate::trees::Changes;

impl Store {
    /// Undoes a [`Store::mark_read`], [`Store::mark_all_read`], [`Store::mark_spans_read`], [`Store::remove_feed`],
    /// [`Store::unsubscribe`], [`Store::move_into`], [`Store::remove_folder`],
    /// [`crate::Packs::remove`] or [`crate::Imports::bring`]; false if the token has expired.
    pub fn undo(&self, token: UndoToken) -> Result<bool> {
        let core = &self.core;
        let writing = core.write_little()?;
        match core.take_undo(token) {
            Some(Undo::Brought(trace)) => {
                drop(writing);
                let now = crate::clock::clock().as_secs() as i64;
                crate::take_back::take_back(self, *trace, now)?;
                Ok(true)
            }
            Some(Undo::Read(changed)) => {
                crate::marks::set_read(core, &crate::marks::still_here(core, changed), false)?;
                Ok(true)
            }
            Some(Undo::Subscriptions(before)) => crate::folders::bring_back(core, *before),
            Some(Undo::Pack(pack, mut packed)) => {
                // A purge may have come in between.
                let mut lost = Vec::new();
                for one in &packed {
                    if core.stored(one.article.0)?.is_none() {
                        lost.push(one.article);
                    }
                }
                packed.retain(|one| !lost.contains(&one.article));
                crate::packs::put_pack(core, &pack, &packed, Changes::default())?;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}
