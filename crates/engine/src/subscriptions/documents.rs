//! Reads the document at a feed's address as the stored [`DocumentKind`] says. A kind that cannot be
//! read from its bytes alone (it needs a rule, or a part of a page) gets its own match arm here.

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
        // Recognised by content, since a publisher may replace a feed by a sitemap or the reverse.
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
