//! The reader's own style sheet for article text.

use serde::Serialize;
use specta::Type;

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

/// A part of a style sheet that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StyleIssue {
    /// Line of the sheet, from 1.
    pub line: u32,
    /// Why.
    pub kind: StyleIssueKind,
    /// Name of the rule, selector, property or value.
    pub what: String,
}

/// Why a part of a style sheet was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum StyleIssueKind {
    /// A rule such as `@import` or `@font-face`.
    AtRule,
    /// A selector that could match outside article text.
    Selector,
    /// A property that could cover the window, animate or load something.
    Property,
    /// A value that could load something or is not allowed for the property.
    Value,
    /// It is not CSS.
    Syntax,
}

impl From<warta_article::StyleIssue> for StyleIssue {
    fn from(issue: warta_article::StyleIssue) -> Self {
        use warta_article::StyleIssueKind as Kind;
        let warta_article::StyleIssue { line, kind, what } = issue;
        let kind = match kind {
            Kind::AtRule => StyleIssueKind::AtRule,
            Kind::Selector => StyleIssueKind::Selector,
            Kind::Property => StyleIssueKind::Property,
            Kind::Value => StyleIssueKind::Value,
            Kind::Syntax => StyleIssueKind::Syntax,
        };
        Self { line, kind, what }
    }
}
