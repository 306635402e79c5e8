//! Entry or page HTML in, a safe readable article out. Pure: no clock, no network, no disk.
//!
//! HTML that reached [`SafeHtml`] can run nothing and load nothing but pictures; the only ways to one
//! lead through [`sanitize`]'s allow-list. Deliberately absent: fetching anything a page names.

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
mod image_rewriter;
mod media;
mod normalize;
mod outline;
mod page;
mod paging;
mod parse;
mod paywall;
mod phrases;
pub mod picture;
mod preferred_text;
mod sanitize;
mod scoring;
mod signs;
mod style;
mod xhtml;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

pub use barrier::Barrier;
pub use boilerplate::channel as publisher_channel;
pub use preferred_text::{PreferredText, preferred_text, wants_full_text};

/// Pictures of an article that are listed to be fetched. What follows keeps its place and its
/// description in the HTML, and counts as missing.
pub const MAX_PICTURES: usize = 200;

/// HTML that can run nothing and load nothing but pictures: it comes only from [`sanitize`], or back
/// from the store, which kept what `sanitize` gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// Cleans `html`: an allow-list of elements and attributes, absolute http, https, mailto and tel
/// links, pictures with absolute http or https addresses (lazy attributes resolved), tracking pixels
/// dropped, embedded videos as links, bounded nesting and size.
#[must_use]
pub fn sanitize(html: &str, base_url: Option<&str>) -> SafeHtml {
    SafeHtml(sanitize::clean(html, base_url).to_html())
}

/// Safe HTML that was stored; the caller vouches that it came from [`sanitize`].
#[must_use]
pub fn stored_html(html: String) -> SafeHtml {
    SafeHtml(html)
}

/// A picture of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Its address.
    pub url: String,
    /// What it shows, in words; may be empty.
    pub alt: String,
    /// Pixels, as the HTML says.
    pub width: Option<u32>,
    /// Pixels, as the HTML says.
    pub height: Option<u32>,
}

/// What kind of place a publisher's channel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// A WhatsApp Channel.
    WhatsappChannel,
    /// A Google News publication.
    GoogleNews,
}

/// A publisher's own place elsewhere: its WhatsApp Channel or Google News page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublisherChannel {
    /// What kind of place.
    pub kind: ChannelKind,
    /// Where it is.
    pub url: String,
}

/// The publisher's places that a page links to, whatever else it is: a front page will do. One of a kind,
/// the first.
#[must_use]
pub fn publisher_channels(page: &[u8], content_type: Option<&str>) -> Vec<PublisherChannel> {
    page::channels(page, content_type)
}

/// A feed's entry made readable.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct NormalizedEntry {
    /// Without the dateline and without what is no article text, such as the closing invitation to
    /// the publisher's channels.
    pub html: SafeHtml,
    /// Plain text, a blank line between blocks.
    pub text: String,
    /// At most 280 characters of plain text, cut at a word.
    pub excerpt: String,
    /// Set off from the text, the place in capitals: `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// The first picture that is no emoji, icon, logo or portrait of a writer.
    pub lead_picture: Option<Picture>,
    /// The pictures to fetch, in order, without repeats; at most 200, whatever the HTML holds.
    pub pictures: Vec<Picture>,
    /// Places of the publisher that the entry links to.
    pub publisher_channels: Vec<PublisherChannel>,
    /// Words; in scripts without spaces two characters count as one.
    pub word_count: u32,
    /// BCP 47 primary tag: from the text itself when it is long enough, else what was claimed.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
}

/// Whether a picture that a feed names beside its text may stand for an article: no emoji, icon, logo,
/// portrait of a writer or counting pixel.
#[must_use]
pub fn can_be_lead_picture(url: &str) -> bool {
    media::can_be_lead_picture(url, "", None, None)
}

/// Makes a feed's entry readable. `title` is left out where the text begins with it; `language_hint`
/// is what the feed claims.
#[must_use]
pub fn from_entry(
    html: &str,
    title: Option<&str>,
    base_url: Option<&str>,
    language_hint: Option<&str>,
) -> NormalizedEntry {
    normalize::from_html(html, title, base_url, language_hint)
}

/// A whole page, its article found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// By whom.
    pub byline: Option<String>,
    /// When it was published, by the page's own clock where it names its offset, else in UTC.
    pub published: Option<DateTime<FixedOffset>>,
    /// BCP 47 primary tag.
    pub language: Option<String>,
    /// Set off from the text.
    pub dateline: Option<String>,
    /// Plain text, a blank line between blocks, without what stands below pictures unless there is
    /// nothing else.
    pub text: String,
    /// Its safe HTML, captions included.
    pub html: SafeHtml,
    /// At most 280 characters.
    pub excerpt: String,
    /// Address of the picture that stands for it.
    pub image: Option<String>,
    /// Pictures in the text.
    pub images: Vec<Picture>,
    /// Places of the publisher that the page links to.
    pub publisher_channels: Vec<PublisherChannel>,
    /// The site's name.
    pub site_name: Option<String>,
    /// The address that the page calls its own.
    pub canonical: Option<String>,
    /// The next page of an article on several.
    #[expect(
        clippy::struct_field_names,
        reason = "pages of the article, not of the struct"
    )]
    pub next_page: Option<String>,
    /// All of such an article on one page.
    #[expect(
        clippy::struct_field_names,
        reason = "pages of the article, not of the struct"
    )]
    pub single_page: Option<String>,
    /// Whether only a beginning is there, the rest for those who pay.
    pub paywalled: bool,
    /// Words; in scripts without spaces two characters count as one.
    pub word_count: u32,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
}

/// A page without an article.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum NoArticle {
    /// No byte, or white space only.
    #[error("the page is empty")]
    Empty,
    /// Nothing on it reads like an article.
    #[error("no article was found on the page")]
    NotFound,
    /// Something stands before the article, though the server answered as if it were there.
    #[error("no article: {0}")]
    Barrier(Barrier),
}

/// What a page holds instead of an article, if it is a check for robots, a request for consent or the
/// like; `None` for an article and for whatever else. [`extract`] refuses such pages by itself.
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

/// The inside of an XHTML body that an EPUB may hold (EPUB 3.3, § 6.1), its pictures at the addresses
/// that `locate` names; where it names none, what they show stands in words.
#[must_use]
pub fn xhtml(html: &SafeHtml, locate: &mut dyn FnMut(&str) -> Option<String>) -> String {
    xhtml::xhtml(html.as_str(), locate)
}

/// Where a picture is that an article shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageLocation {
    /// Kept, at this address.
    At(String),
    /// Not kept.
    Missing,
    /// It shows nothing and leaves no gap.
    LeftOut,
}

impl From<Option<String>> for ImageLocation {
    fn from(kept: Option<String>) -> Self {
        kept.map_or(Self::Missing, Self::At)
    }
}

/// Gives every picture of `html` the address that `locate` names for its own. A placeholder takes the
/// place of a missing one (`<span class="picture-missing" role="img" aria-label=ALT>`), so that the
/// result loads nothing else.
#[must_use]
pub fn rewrite_image_urls(
    html: &SafeHtml,
    locate: &mut dyn FnMut(&str) -> ImageLocation,
) -> String {
    image_rewriter::rewrite_image_urls(html.as_str(), locate)
}
