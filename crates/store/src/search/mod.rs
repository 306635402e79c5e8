//! Full-text search. A thread of its own indexes what is committed and records its progress in the
//! index's commits, so that it continues after a kill. The index contains nothing that the store
//! does not: if it is lost, damaged or of another version, it is deleted and rebuilt.
mod analysis;
mod dates;
mod directory;
mod find;
mod follow;
mod index;
mod languages;
mod query;
mod queue;
mod reading;
mod schema;
mod snippet;
mod spelling;
mod stemming;
mod syntax;
mod verify;
mod vocabulary;

pub use dates::{Age, AgeUnit};
pub use find::{Hit, Hits, SearchRequest, search_languages};
pub use reading::{NoTags, TagSource};
pub use snippet::Run;
pub use syntax::{FilterKind, ProblemKind, QueryFilter, QueryProblem, QueryReading, SearchSort};

pub(crate) use follow::*;
pub(crate) use index::*;
pub(crate) use verify::*;
