//! Feed bytes in, entries out: RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed, CDF, sitemaps, the
//! public pages of Telegram channels; feeds offered by a page; OPML. Pure: no clock, no network, no disk.
//!
//! Parsing never fails on a malformed document: it returns what could be read and what was wrong.
//! It refuses only what contains no feed at all. Deliberately absent: sanitising HTML (the article
//! crate does that), and fetching anything that a document links to.

pub mod back_issues;
mod bounds;
mod calendars;
mod channel_rules;
mod children;
mod content;
mod date_folding;
mod dates;
mod day_parts;
mod decode;
pub mod discovery;
mod entry_ids;
mod google_news;
mod json;
mod loose_dates;
mod media;
mod model;
mod mojibake;
mod names;
pub mod opml;
pub mod podcast_directory;
mod read;
mod reader;
mod schedule;
mod shorthands;
mod site;
mod site_rules;
pub mod sitemap;
mod sitemap_parts;
mod slugs;
mod telegram;
mod text;
mod urls;
mod xml;
mod zones;

pub use media::is_audio;
pub use model::{
    ArchiveLinks, Enclosure, Entry, EntrySource, Feed, FeedKind, FeedPart, NotAFeed, Schedule,
    Source,
};
pub use urls::tidy as tidy_url;

/// Parses a feed.
pub fn parse(source: &Source<'_>) -> Result<Feed, NotAFeed> {
    let text = decode::decode(source.bytes, source.content_type);
    let text = text.trim_start_matches(['\u{FEFF}', '\0']);
    if text.trim().is_empty() {
        return Err(NotAFeed::Empty);
    }
    if text.trim_start().starts_with('{') {
        return json::read(text.trim(), source.url);
    }
    read::read(text, source.url)
}
