//! Full-text search. A thread of its own indexes what is committed and records its progress in the
//! index's commits, so that it continues after a kill. The index contains nothing that the store
//! does not: if it is lost, damaged or of another version, it is deleted and rebuilt.
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
