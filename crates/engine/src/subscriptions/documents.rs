//! Reads the document at a feed's address as the stored [`DocumentKind`] says.

use chrono::DateTime;
use warta_feed::{FeedKind, NotAFeed, Source, sitemap};
use warta_net::Fetched;
use warta_store::DocumentKind;

/// What was fetched, as it is read.
pub(crate) fn source_of(fetched: &Fetched) -> Source<'_> {
    Source {
        bytes: &fetched.bytes,
        url: Some(&fetched.url),
        content_type: fetched.content_type.as_deref(),
    }
}

/// Reads a feed, a sitemap or the page of a Telegram channel. It is recognised by content, since a
/// publisher may replace a feed by a sitemap or the reverse. Of a sitemap the entries that are news
/// at `now` are kept.
pub(crate) fn read(source: &Source<'_>, now: i64) -> Result<warta_feed::Feed, NotAFeed> {
    let mut feed = warta_feed::parse(source)?;
    sitemap::keep_recent(
        &mut feed,
        DateTime::from_timestamp(now, 0).unwrap_or_default(),
    );
    Ok(feed)
}

/// What the document turned out to be; `known` is what it is known as. A page is read by the
/// reader's rule and is never taken for anything else.
pub(crate) fn kind_of(feed: &warta_feed::Feed, known: &DocumentKind) -> DocumentKind {
    match feed.kind {
        FeedKind::NewsSitemap | FeedKind::Sitemap | FeedKind::SitemapIndex => DocumentKind::Sitemap,
        FeedKind::Rss
        | FeedKind::Rdf
        | FeedKind::Atom
        | FeedKind::Json
        | FeedKind::Cdf
        | FeedKind::Telegram => DocumentKind::Feed,
        FeedKind::Page => known.clone(),
    }
}
