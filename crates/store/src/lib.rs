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
mod background;
mod check;
mod clock;
mod commit;
mod compact;
mod damaged;
mod error;
mod files;
mod format;
mod full_text;
mod hash;
mod identity;
mod importing;
mod keys;
mod listings;
mod lists;
mod load;
mod markers;
mod marks;
mod misplaced;
mod model;
mod open;
mod opml;
mod packs;
mod pictures;
mod podcasts;
mod private;
mod profile;
mod publishers;
mod purge;
mod rebuild;
mod records;
mod repair;
mod reserve;
mod restore;
mod saved_searches;
mod search;
mod settings;
mod snapshot;
mod space;
mod state;
mod store;
mod subscriptions;
mod text;
mod trees;
mod undo;
mod value_log;

pub use error::{Result, StoreError};
pub use format::FORMAT;
pub use full_text::FullTexts;
pub use model::{
    Added, Article, ArticleId, ArticleRow, Check, Checkup, Committed, Compacted, Count, Counts,
    Cursor, Enclosure, Failure, Feed, FeedBatch, FeedFacts, FeedId, FeedOptions, FeedSchedule,
    FeedUsage, FetchRecord, Folder, FolderId, Forward, ForwardState, FullText, FullTextState, Hit,
    Hits, Keep, ListQuery, Mark, NewArticle, NewFeed, Pack, PackState, PackedArticle, Page,
    Picture, PictureId, PictureState, Place, PublisherChannel, Purged, Restored, Retention, Run,
    SavedSearch, UndoToken, Usage,
};
pub use packs::Packs;
pub use pictures::Pictures;
pub use podcasts::{Audio, AudioFile, Podcasts};
pub use profile::{Exported, import, import_checked};
pub use rebuild::{Rebuilt, Salvaged, rebuild};
pub use repair::{Repaired, repair};
pub use restore::{Check as RestoreCheck, Incoming, IncomingFeed, RestorePlan};
pub use settings::{OWN, note_name};
pub use store::{Options, Store};
