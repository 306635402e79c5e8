//! HTML in, a safe readable article out.
use chrono::{DateTime, Utc};
use serde::Serialize;

/// HTML that can run and load nothing but pictures: it comes only from [`sanitize`] (or back from the store, which kept what `sanitize` gave).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(String);
impl SafeHtml {
    #[must_use] pub fn as_str(&self) -> &str { &self.0 }
    #[must_use] pub fn into_string(self) -> String { self.0 }
}

/// Cleans `html`: an allow-list of elements and attributes, absolute http(s)/mailto/tel links, `img` with absolute http(s) `src`
/// (lazy attributes resolved), tracking pixels dropped, bounded nesting.
pub fn sanitize(html: &str, base_url: Option<&str>) -> SafeHtml { let _ = (html, base_url); todo!() }

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture { pub url: String, pub alt: String, pub width: Option<u32>, pub height: Option<u32> }

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind { WhatsappChannel, GoogleNews }

/// A publisher's own place elsewhere: its WhatsApp Channel or Google News page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublisherChannel { pub kind: ChannelKind, pub url: String }

/// A feed's entry made readable.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Readable {
    /// Without the dateline and without the closing invitation to the publisher's channels.
    pub html: SafeHtml,
    /// Plain text, a blank line between blocks.
    pub text: String,
    /// At most 280 characters of plain text, cut at a word.
    pub excerpt: String,
    /// As printed, e.g. "Beijing (BERITAJA) -" gives `BEIJING (BERITAJA)`: set off by the reader's view.
    pub dateline: Option<String>,
    pub lead_picture: Option<Picture>,
    pub pictures: Vec<Picture>,
    pub publisher_channels: Vec<PublisherChannel>,
    pub word_count: u32,
    /// BCP 47 primary tag, from the text itself when it is long enough.
    pub language: Option<String>,
    pub right_to_left: bool,
}
/// `language_hint`: what the feed or page claims.
pub fn from_entry(html: &str, title: Option<&str>, base_url: Option<&str>, language_hint: Option<&str>) -> Readable { let _ = (html, title, base_url, language_hint); todo!() }

/// A whole page, its article found. Field order is the CLI's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    pub title: Option<String>,
    pub byline: Option<String>,
    pub published: Option<DateTime<Utc>>,
    pub language: Option<String>,
    pub dateline: Option<String>,
    pub text: String,
    pub html: SafeHtml,
    pub excerpt: String,
    pub image: Option<String>,
    pub images: Vec<Picture>,
    pub publisher_channels: Vec<PublisherChannel>,
    pub site_name: Option<String>,
    pub canonical: Option<String>,
}
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum NoArticle { #[error("the page is empty")] Empty, #[error("no article was found on the page")] NotFound }
pub fn extract(bytes: &[u8], url: Option<&str>, content_type: Option<&str>) -> Result<Page, NoArticle> { let _ = (bytes, url, content_type); todo!() }

/// Gives every `img` of `html` the address that `locate` names for its own; where `locate` gives none the picture becomes
/// a placeholder (`<span class="picture-missing" role="img" aria-label=ALT data-src=URL>`): the result loads nothing else.
pub fn place_pictures(html: &SafeHtml, locate: &mut dyn FnMut(&str) -> Option<String>) -> String { let _ = (html, locate); todo!() }

/// SafeHtml that was stored earlier; the caller vouches that it came from [`sanitize`].
pub fn stored_html(html: String) -> SafeHtml { SafeHtml(html) }

pub mod picture {
    //! Pictures checked by content, never by what a server says of them.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Format { Jpeg, Png, Gif, WebP, Bmp, Ico }
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Kept { pub bytes: Vec<u8>, pub format: Format, pub width: u32, pub height: u32 }
    #[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
    pub enum BadPicture { #[error("not a picture that Warta shows")] Unknown, #[error("{width} × {height} pixels are too many")] TooLarge { width: u32, height: u32 }, #[error("the picture is damaged: {0}")] Damaged(String) }
    impl Format { #[must_use] pub fn media_type(self) -> &'static str { todo!() } }
    /// Checks `bytes` and, where the picture is wider than `max_width`, scales it down (never up) and re-encodes it. Bounded: no more than 40 megapixels are decoded.
    pub fn keep(bytes: &[u8], max_width: u32) -> Result<Kept, BadPicture> { let _ = (bytes, max_width); todo!() }
}
