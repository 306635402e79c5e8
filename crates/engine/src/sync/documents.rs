//! Reads the document at a feed's address. [`DocumentKind`] is what the store knows of it: a kind
//! whose document needs more than its bytes (a rule, a part of a page) is read here by its own arm.

use chrono::DateTime;
use warta_feed::{FeedKind, NotAFeed, Source, sitemap};
use warta_store::DocumentKind;

/// Reads a document. Of a sitemap the entries that are news at `now` are kept.
pub(crate) fn read(
    kind: DocumentKind,
    source: &Source<'_>,
    now: i64,
) -> Result<warta_feed::Feed, NotAFeed> {
    match kind {
        // Recognised by content, since a publisher may replace one by the other.
        DocumentKind::Feed | DocumentKind::Sitemap => {
            let mut feed = warta_feed::parse(source)?;
            sitemap::keep_recent(
                &mut feed,
                DateTime::from_timestamp(now, 0).unwrap_or_default(),
            );
            Ok(feed)
        }
    }
}

/// What a document turned out to be.
pub(crate) fn kind_of(feed: &warta_feed::Feed) -> DocumentKind {
    match feed.kind {
        FeedKind::NewsSitemap | FeedKind::Sitemap | FeedKind::SitemapIndex => DocumentKind::Sitemap,
        FeedKind::Rss | FeedKind::Rdf | FeedKind::Atom | FeedKind::Json | FeedKind::Cdf => {
            DocumentKind::Feed
        }
    }
}
