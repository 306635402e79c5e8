//! Everything Warta keeps. The only crate that names sled, tantivy or a file.
//!
//! The promise: what [`Store::commit`] and every marking, subscribing and setting reported as done
//! is there after a kill at any moment, and a batch is there whole or not at all. Lists never load
//! bodies and never sort. Everything blocks: call it off the async threads. Times are seconds since
//! 1970 UTC and come in as arguments.
//!
//! Where things lie in the data folder:
//! - `db/`: sled. Subscriptions, marks, settings, forwards, and for each article what a list shows.
//! - `bodies/`, `pictures/`: append-only value logs that sled points into. A record names itself
//!   and carries a checksum, so that sled's trees can be made again from them ([`rebuild`]).
//! - `sounds/`: a file for each kept episode of a podcast.
//! - `search/`: the tantivy index, which can always be made again.
//! - `snapshots/`: plain-text copies of what cannot be fetched again.
//! - `format`, `generation`, `stamp`: small markers that can be made again ([`markers`]).
//! - `reserve`: room that is kept for deletions on a full disk ([`reserve`]).
//! - `damaged/`, `db-damaged-*`: what a repair set aside; nothing reads it.
//!
//! Deliberately absent: any knowledge of feeds' formats, of HTML beyond dropping its tags for the
//! search index, and of the network.
mod articles;
mod check;
mod commit;
mod compact;
mod damaged;
mod error;
mod identity;
mod listings;
mod lists;
mod markers;
mod marks;
mod model;
mod opml;
mod packs;
mod full_text;
mod pictures;
mod private;
mod profile;
mod publishers;
mod purge;
mod rebuild;
mod records;
mod reserve;
mod restore;
mod saved_searches;
mod search;
mod settings;
mod snapshot;
mod podcasts;
mod space;
mod state;
mod store;
mod subscriptions;
mod text;
mod trees;
mod value_log;

pub use error::{Result, StoreError};
pub use model::{
    Added, Article, ArticleId, ArticleRow, Check, Checkup, Committed, Compacted, Count, Counts,
    Cursor, Enclosure, Failure, Feed, FeedBatch, FeedFacts, FeedId, FeedOptions, FeedSchedule,
    FeedUsage, FetchRecord, Folder, FolderId, Forward, ForwardState, Hit, Hits, Keep, ListQuery,
    Mark, NewArticle, NewFeed, Page, Picture, PictureId, PictureState, Place, PublisherChannel,
    Purged, Restored, Retention, Run, SavedSearch, UndoToken, Usage,
};
pub use packs::{Pack, PackState, PackedArticle};
pub use full_text::{FullTextState, FullText};
pub use profile::{Exported, import, import_checked};
pub use rebuild::{Rebuilt, Repaired, Salvaged, rebuild, repair};
pub use restore::{Check as RestoreCheck, Incoming, IncomingFeed, RestorePlan};
pub use settings::{OWN, note_name};
pub use podcasts::{Audio, AudioFile};
pub use store::{FORMAT, Options, Store};
