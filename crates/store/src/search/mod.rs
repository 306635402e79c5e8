//! Searching. The index follows what is committed in a thread of its own and says in its own commits
//! how far it has come, so that after a kill it goes on by itself. It holds nothing that the store
//! does not: lost, damaged or of another making, it is deleted and made again.
mod analysis;
mod directory;
mod find;
mod follow;
mod index;
mod query;
mod queue;
mod schema;
mod snippet;
mod stemming;
mod verify;
mod vocabulary;

pub(crate) use follow::*;
pub(crate) use index::*;
pub(crate) use verify::*;
