//! Entry or page HTML in, a safe readable article out. Pure: no clock, no network, no disk.
//! [`SafeHtml`] cannot run anything or load anything but pictures; it only comes from the
//! allow-list of [`sanitize`]. Deliberately absent: fetching anything that a page links to.

mod avif;
mod barrier;
mod boilerplate;
mod class_hints;
mod cleanup;
mod dateline;
mod dates;
mod dom;
mod facts;
mod frames;
mod hidden;
mod image_format;
mod image_rewriter;
mod media;
mod model;
mod normalize;
mod outline;
mod own_style;
mod page;
mod paging;
mod parse;
mod paywall;
mod phrases;
pub mod picture;
mod preferred_text;
mod publisher_channel;
mod sanitize;
mod scoring;
pub mod sections;
mod signs;
mod style;
mod watch;
mod xhtml;

pub use model::{
    Barrier, ChannelKind, ImageLocation, MAX_PICTURES, NoArticle, NormalizedEntry, Page, Picture,
    PublisherChannel, SafeHtml,
};
pub use own_style::{LONGEST_STYLE, OwnStyle, SCOPE, StyleIssue, StyleIssueKind, own_style};
pub use preferred_text::{PreferredText, preferred_text, wants_full_text};
pub use publisher_channel::publisher_channel;
pub use watch::{Difference, WatchedPart, difference, watched_part};

/// Cleans `html`: an allow-list of elements and attributes, absolute http, https, mailto and tel
/// links, pictures with absolute http or https addresses (lazy attributes resolved), tracking
/// pixels dropped, embedded videos as links, bounded nesting and size.
#[must_use]
pub fn sanitize(html: &str, base_url: Option<&str>) -> SafeHtml {
    SafeHtml(sanitize::clean(html, base_url).to_html())
}

/// Safe HTML from the store; the caller guarantees that it came from [`sanitize`].
#[must_use]
pub fn stored_html(html: String) -> SafeHtml {
    SafeHtml(html)
}

/// The publisher channels that any page links to, such as a front page; the first of each kind.
#[must_use]
pub fn publisher_channels(page: &[u8], content_type: Option<&str>) -> Vec<PublisherChannel> {
    page::channels(page, content_type)
}

/// Whether a picture that a feed provides beside its text can be the lead picture: not an emoji,
/// icon, logo, author portrait or tracking pixel.
#[must_use]
pub fn can_be_lead_picture(url: &str) -> bool {
    media::can_be_lead_picture(url, "", None, None)
}

/// Normalises a feed's entry. `title` is removed if the text begins with it; `language_hint` is the
/// language stated by the feed.
#[must_use]
pub fn from_entry(
    html: &str,
    title: Option<&str>,
    base_url: Option<&str>,
    language_hint: Option<&str>,
) -> NormalizedEntry {
    normalize::from_html(html, title, base_url, language_hint)
}

/// Whether a page is a bot check, a consent page or the like instead of an article. [`extract`]
/// also refuses such pages.
#[must_use]
pub fn barrier(bytes: &[u8], content_type: Option<&str>) -> Option<Barrier> {
    match extract(bytes, None, content_type) {
        Err(NoArticle::Barrier(barrier)) => Some(barrier),
        _ => None,
    }
}

/// Extracts the article of a page.
pub fn extract(
    bytes: &[u8],
    url: Option<&str>,
    content_type: Option<&str>,
) -> Result<Page, NoArticle> {
    page::extract(bytes, url, content_type)
}

/// The content of an XHTML body as allowed in an EPUB (EPUB 3.3, § 6.1), with picture URLs from
/// `locate`; a picture without one is replaced by its description.
#[must_use]
pub fn xhtml(html: &SafeHtml, locate: &mut dyn FnMut(&str) -> Option<String>) -> String {
    xhtml::xhtml(html.as_str(), locate)
}

/// Replaces the URL of every picture with the one from `locate`. A missing picture is replaced by a
/// placeholder (`<span class="picture-missing" role="img" aria-label=ALT>`), so that the result
/// loads nothing else.
#[must_use]
pub fn rewrite_image_urls(
    html: &SafeHtml,
    locate: &mut dyn FnMut(&str) -> ImageLocation,
) -> String {
    image_rewriter::rewrite_image_urls(html.as_str(), locate)
}
