//! Highlights and notes in articles.

use serde::{Deserialize, Serialize};
use specta::Type;
use warta_store::ProblemCode;

/// A passage that the reader marked in an article, as the Web Annotation Data Model describes it
/// (<https://www.w3.org/TR/annotation-model/>): a quote with its context, and where it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Highlight {
    /// The highlight's id; the same in every store.
    pub id: u64,
    /// The article's id; `None` if the article is no longer stored.
    pub article: Option<u64>,
    /// The article's title.
    pub title: String,
    /// The article's publisher.
    pub publisher: String,
    /// URL of the article's page.
    pub url: Option<String>,
    /// The article's time.
    pub time: i64,
    /// The passage and where it was.
    pub quote: TextQuote,
    /// The colour that it is marked in.
    pub colour: HighlightColour,
    /// The reader's note; may be empty.
    pub note: String,
    /// When it was made.
    pub created_at: i64,
    /// When colour or note were last changed.
    pub changed_at: i64,
    /// Whether the passage was not found when the article was last shown.
    pub lost: bool,
}

/// A passage of a text (`TextQuoteSelector`), and its position when it was selected
/// (`TextPositionSelector`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TextQuote {
    /// The passage.
    pub exact: String,
    /// The text before it.
    pub prefix: String,
    /// The text after it.
    pub suffix: String,
    /// Number of code points before it.
    pub start: u32,
    /// Number of code points up to its end.
    pub end: u32,
}

/// A colour to mark text in.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "camelCase")]
pub enum HighlightColour {
    /// Yellow.
    #[default]
    Yellow,
    /// Green.
    Green,
    /// Blue.
    Blue,
    /// Pink.
    Pink,
}

/// A highlight to make.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NewHighlight {
    /// The article.
    pub article: u64,
    /// The passage and where it is.
    pub quote: TextQuote,
    /// The colour to mark it in.
    pub colour: HighlightColour,
    /// The reader's note; may be empty.
    pub note: String,
}

/// Changes to a highlight; `None` leaves a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HighlightChange {
    /// The colour.
    pub colour: Option<HighlightColour>,
    /// The note.
    pub note: Option<String>,
}

/// A part of the reader's highlights, newest first.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HighlightPage {
    /// The highlights.
    pub highlights: Vec<Highlight>,
    /// Number of highlights that match.
    pub total: u32,
    /// Number of all highlights that Readwise does not have, or not as they are now.
    pub unsent: u32,
}

/// A file format for highlights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum HighlightFormat {
    /// Markdown, by article.
    Markdown,
    /// JSON in the Web Annotation format.
    Json,
}

/// The result of sending highlights to Readwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HighlightsSent {
    /// Number of highlights that were sent.
    pub sent: u32,
    /// Number of highlights that were not.
    pub left: u32,
    /// The problem code, if not all were sent; `signIn` if the token was rejected or there is none.
    pub problem: Option<ProblemCode>,
}
