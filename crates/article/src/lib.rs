//! Entry or page HTML in, a safe readable article out. Pure: no clock, no network, no disk.
//!
//! HTML that reached [`SafeHtml`] can run nothing and load nothing but pictures; the only ways to
//! one lead through [`sanitize`]'s allow-list. Deliberately absent: fetching anything a page names.

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
mod signs;
mod style;
mod xhtml;

pub use model::{
    Barrier, ChannelKind, ImageLocation, MAX_PICTURES, NoArticle, NormalizedEntry, Page, Picture,
    PublisherChannel, SafeHtml,
};
pub use preferred_text::{PreferredText, preferred_text, wants_full_text};
pub use publisher_channel::publisher_channel;

/// Cleans `html`: an allow-list of elements and attributes, absolute http, https, mailto and tel
/// links, pictures with absolute http or https addresses (lazy attributes resolved), tracking
/// pixels dropped, embedded videos as links, bounded nesting and size.
#[must_use]
pub fn sanitize(html: &str, base_url: Option<&str>) -> SafeHtml {
    SafeHtml(sanitize::clean(html, base_url).to_html())
}

/// Safe HTML that was stored; the caller vouches that it came from [`sanitize`].
#[must_use]
pub fn stored_html(html: String) -> SafeHtml {
    SafeHtml(html)
}

/// The publisher's places that a page links to, whatever else it is: a front page will do. One of a
/// kind, the first.
#[must_use]
pub fn publisher_channels(page: &[u8], content_type: Option<&str>) -> Vec<PublisherChannel> {
    page::channels(page, content_type)
}

/// Whether a picture that a feed names beside its text may stand for an article: no emoji, icon,
/// logo, portrait of a writer or counting pixel.
#[must_use]
pub fn can_be_lead_picture(url: &str) -> bool {
    media::can_be_lead_picture(url, "", None, None)
}

/// Makes a feed's entry readable. `title` is left out where the text begins with it;
/// `language_hint` is what the feed claims.
#[must_use]
pub fn from_entry(
    html: &str,
    title: Option<&str>,
    base_url: Option<&str>,
    language_hint: Option<&str>,
) -> NormalizedEntry {
    normalize::from_html(html, title, base_url, language_hint)
}

/// What a page holds instead of an article, if it is a check for robots, a request for consent or
/// the like; `None` for an article and for whatever else. [`extract`] refuses such pages by itself.
#[must_use]
pub fn barrier(bytes: &[u8], content_type: Option<&str>) -> Option<Barrier> {
    match extract(bytes, None, content_type) {
        Err(NoArticle::Barrier(barrier)) => Some(barrier),
        _ => None,
    }
}

/// Finds the article of a page.
pub fn extract(
    bytes: &[u8],
    url: Option<&str>,
    content_type: Option<&str>,
) -> Result<Page, NoArticle> {
    page::extract(bytes, url, content_type)
}

/// The inside of an XHTML body that an EPUB may hold (EPUB 3.3, § 6.1), its pictures at the
/// addresses that `locate` names; where it names none, what they show stands in words.
#[must_use]
pub fn xhtml(html: &SafeHtml, locate: &mut dyn FnMut(&str) -> Option<String>) -> String {
    xhtml::xhtml(html.as_str(), locate)
}

/// Gives every picture of `html` the address that `locate` names for its own. A placeholder takes
/// the place of a missing one (`<span class="picture-missing" role="img" aria-label=ALT>`), so that
/// the result loads nothing else.
#[must_use]
pub fn rewrite_image_urls(
    html: &SafeHtml,
    locate: &mut dyn FnMut(&str) -> ImageLocation,
) -> String {
    image_rewriter::rewrite_image_urls(html.as_str(), locate)
}
