//! The crate's data: safe HTML, pictures, publisher channels, and articles from entries and pages.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

/// Pictures of an article that are listed to be fetched. What follows keeps its place and its
/// description in the HTML, and counts as missing.
pub const MAX_PICTURES: usize = 200;

/// HTML that can run nothing and load nothing but pictures: it comes only from [`sanitize`], or
/// back from the store, which kept what `sanitize` gave.
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

/// Why a page holds no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Barrier {
    /// It wants to know whether a person asks, or a program that runs scripts.
    BotCheck,
    /// It refuses to answer.
    Blocked,
    /// It asks for consent to cookies first.
    Consent,
    /// It asks for a sign-in first.
    Login,
    /// It asks for a subscription first.
    Paywall,
    /// It says that there is nothing at the address.
    NotFound,
}

impl fmt::Display for Barrier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::BotCheck => "the page only checks for robots",
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
