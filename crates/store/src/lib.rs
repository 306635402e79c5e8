//! Everything that Warta stores. The only crate that uses sled, tantivy or the file system.
//!
//! The promise: what [`Store::commit`] and every other change reported as done survives a kill at
//! any moment, and a batch is atomic. Lists never load bodies and never sort. All methods block:
//! call them off the async threads. Times are seconds since 1970 UTC and are passed as arguments.
//!
//! The data folder:
//! - `db/`: sled. Subscriptions, marks, settings, forwards, and for each article what a list shows.
//! - `bodies/`, `pictures/`: append-only value logs that sled points into. Each record contains its
//!   key and a checksum, so that sled's trees can be rebuilt from them ([`rebuild`]).
//! - `sounds/`: a file for each podcast episode.
//! - `search/`: the tantivy index, which can always be rebuilt.
//! - `snapshots/`: plain-text copies of what cannot be fetched again.
//! - `format`, `generation`, `stamp`: small markers that can be restored ([`markers`]).
//! - `reserve`: space reserved for deletions on a full disk ([`reserve`]).
//! - `damaged/`, `db-damaged-*`, `snapshots/*.damaged*`: what was moved aside ([`damaged`]). Repaired
//!   files are removed after a while ([`aside`]).
//!
//! Deliberately absent: any knowledge of feeds' formats, of HTML beyond dropping its tags for the
//! search index, and of the network.
mod articles;
mod aside;
mod background;
mod bring;
mod check;
mod clock;
mod codes;
mod commit;
mod compact;
mod damaged;
mod documents;
mod error;
mod files;
mod folder_tree;
mod folders;
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
mod new_folders;
mod open;
mod opml;
mod packs;
mod pictures;
mod placing;
mod podcasts;
mod private;
mod profile;
mod publisher_channels;
mod publishers;
mod purge;
mod read_only;
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
mod take_back;
mod trace;
mod trees;
mod undo;
mod value_log;
mod vitals;
mod waiting;

pub use bring::{Brought, BroughtArticle, BroughtFeed, Done, Imports, Present};
pub use check::automatic_repairs;
pub use codes::{ChannelKind, PackPart, ProblemCode};
pub use documents::{DocumentKind, NEWSLETTERS, StoredPart};
pub use error::{Result, StoreError};
pub use files::{create_folder, read_foreign, read_wal, write_file};
pub use folder_tree::MOST_LEVELS;
pub use folders::StoredFolders;
pub use format::FORMAT;
pub use full_text::FullTexts;
pub use model::{
    Added, Article, ArticleId, ArticleRow, Aside, Check, Checkup, Committed, Compacted, Count,
    Counts, Cursor, Enclosure, Failure, Feed, FeedBatch, FeedFacts, FeedId, FeedOptions,
    FeedSchedule, FeedUsage, FetchRecord, Folder, FolderId, Forward, ForwardState, FullText,
    FullTextState, Keep, ListQuery, Mark, NewArticle, NewFeed, Order, Pack, PackState,
    PackedArticle, Page, Picture, PictureId, PictureState, Place, Pruned, Purged, Restored,
    Retention, SAVED_PAGES, SavedSearch, Span, UndoToken, Usage,
};
pub use packs::Packs;
pub use pictures::Pictures;
pub use podcasts::{Audio, AudioFile, Podcasts};
pub use profile::{Exported, import, import_checked};
pub use publisher_channels::PublisherChannel;
pub use publishers::is_own as is_own_address;
pub use read_only::open_read_only;
pub use rebuild::{Rebuilt, Salvaged, rebuild};
pub use repair::{Repaired, repair};
pub use restore::{Check as RestoreCheck, Incoming, IncomingFeed, RestorePlan};
pub use saved_searches::SavedSearches;
pub use search::{
    Age, AgeUnit, FilterKind, Hit, Hits, NoTags, ProblemKind, QueryFilter, QueryProblem,
    QueryReading, Run, SearchRequest, SearchSort, TagSource, search_languages,
};
pub use settings::Forwards;
pub use settings::{OWN, note_name};
pub use store::{Options, Store};
pub use vitals::Vitals;
