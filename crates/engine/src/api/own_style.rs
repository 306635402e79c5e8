//! The reader's own style sheet for article text.

use serde::Serialize;
use specta::Type;
use warta_article::StyleIssue;

/// The reader's own style sheet for article text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleStyle {
    /// Length of the sheet that the reader chose, in bytes; 0 without one.
    pub bytes: u32,
    /// The sheet made safe: it fetches nothing, and its rules match only article text.
    pub css: String,
    /// What was left out, by line.
    pub left_out: Vec<StyleIssue>,
    /// How much more was left out than is listed.
    pub more: u32,
}
