//! The crate's data: safe HTML, pictures, publisher channels, and articles from entries and pages.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

/// Maximum number of pictures of an article that are fetched. Further ones stay in the HTML with
/// their description and count as missing.
pub const MAX_PICTURES: usize = 200;

/// HTML that cannot run anything or load anything but pictures: it only comes from
/// [`sanitize`](crate::sanitize), directly or by way of the store.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct SafeHtml(pub(crate) String);

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

/// A picture of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Its URL.
    pub url: String,
    /// Its text alternative; may be empty.
    pub alt: String,
    /// In pixels, as stated in the HTML.
    pub width: Option<u32>,
    /// In pixels, as stated in the HTML.
    pub height: Option<u32>,
}

/// The kind of a publisher channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// A WhatsApp Channel.
    WhatsappChannel,
    /// A Google News publication.
    GoogleNews,
}

/// A publisher's channel on another service: its WhatsApp Channel or Google News page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublisherChannel {
    /// Its kind.
    pub kind: ChannelKind,
    /// Its URL.
    pub url: String,
}

/// A normalised entry of a feed.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct NormalizedEntry {
    /// Without the dateline and without boilerplate such as the closing invitation to the
    /// publisher's channels.
    pub html: SafeHtml,
    /// Plain text, a blank line between blocks.
    pub text: String,
    /// At most 280 characters of plain text, cut at a word.
    pub excerpt: String,
    /// Removed from the text, the place in capitals: `BEIJING (BERITAJA)`.
    pub dateline: Option<String>,
    /// The first picture that is not an emoji, icon, logo or author portrait.
    pub lead_picture: Option<Picture>,
    /// The pictures to fetch, in order, without duplicates; at most [`MAX_PICTURES`].
    pub pictures: Vec<Picture>,
    /// Publisher channels that the entry links to.
    pub publisher_channels: Vec<PublisherChannel>,
    /// Number of words; in scripts without spaces two characters count as a word.
    pub word_count: u32,
    /// BCP 47 primary tag: detected if the text is long enough, else as stated by the feed.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
}

/// The article of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// Names of the authors.
    pub byline: Option<String>,
    /// When it was published, in the page's own time zone if it is stated, else in UTC.
    pub published: Option<DateTime<FixedOffset>>,
    /// BCP 47 primary tag.
    pub language: Option<String>,
    /// Removed from the text.
    pub dateline: Option<String>,
    /// Plain text, a blank line between blocks, without captions unless there is nothing else.
    pub text: String,
    /// Its safe HTML, captions included.
    pub html: SafeHtml,
    /// At most 280 characters.
    pub excerpt: String,
    /// URL of its lead picture.
    pub image: Option<String>,
    /// Pictures in the text.
    pub images: Vec<Picture>,
    /// Publisher channels that the page links to.
    pub publisher_channels: Vec<PublisherChannel>,
    /// The site's name.
    pub site_name: Option<String>,
    /// The URL that the page declares as canonical.
    pub canonical: Option<String>,
    /// The next page of an article on several pages.
    #[expect(
        clippy::struct_field_names,
        reason = "`page` is a page of the article, not the struct's name"
    )]
    pub next_page: Option<String>,
    /// The single-page version of such an article.
    #[expect(
        clippy::struct_field_names,
        reason = "`page` is a page of the article, not the struct's name"
    )]
    pub single_page: Option<String>,
    /// Whether only the part before the paywall is there.
    pub paywalled: bool,
    /// Number of words; in scripts without spaces two characters count as a word.
    pub word_count: u32,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
}

/// Why a page has no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Barrier {
    /// A bot check.
    BotCheck,
    /// It blocks the request.
    Blocked,
    /// It asks for consent to cookies first.
    Consent,
    /// It asks for a sign-in first.
    Login,
    /// It asks for a subscription first.
    Paywall,
    /// It states that there is nothing at the URL.
    NotFound,
}

impl fmt::Display for Barrier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::BotCheck => "the page is a bot check",
            Self::Blocked => "the site blocked the request",
            Self::Consent => "the page only asks for consent to cookies",
            Self::Login => "the page only asks to sign in",
            Self::Paywall => "the page only asks for a subscription",
            Self::NotFound => "the page says that it was not found",
        })
    }
}

/// A page without an article.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum NoArticle {
    /// No bytes, or only white space.
    #[error("the page is empty")]
    Empty,
    /// Nothing on it looks like an article.
    #[error("no article was found on the page")]
    NotFound,
    /// The server sent another page instead of the article, with status 200.
    #[error("no article: {0}")]
    Barrier(Barrier),
}

/// Where a picture of an article is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageLocation {
    /// Kept, at this URL.
    At(String),
    /// Not kept.
    Missing,
    /// To be removed without a placeholder.
    LeftOut,
}

impl From<Option<String>> for ImageLocation {
    fn from(kept: Option<String>) -> Self {
        kept.map_or(Self::Missing, Self::At)
    }
}
