//! The reader's subscriptions: discovery, feeds, folders, OPML, publisher channels and the
//! catalogue.

pub(crate) mod catalogue;
mod catalogue_findings;
mod catalogue_table;
pub(crate) mod discovery;
pub(crate) mod documents;
pub(crate) mod feeds;
pub(crate) mod health;
pub(crate) mod main_feed;
pub(crate) mod mending;
pub(crate) mod opml;
pub(crate) mod page_feeds;
pub(crate) mod podcast_directory;
pub(crate) mod publisher_channels;
pub(crate) mod schedule;
