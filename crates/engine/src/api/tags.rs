//! Tags that the reader gives to articles.

use serde::Serialize;
use specta::Type;

/// A tag, and how many of some articles have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TagUse {
    /// The tag's id.
    pub id: u32,
    /// The tag's name.
    pub name: String,
    /// Number of these articles that have it.
    pub articles: u32,
}

/// What tagging changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tagged {
    /// The tag's id.
    pub id: u32,
    /// The tag's name, as it was first written.
    pub name: String,
    /// The articles that did not have it, or that had it.
    pub changed: Vec<u64>,
}

/// What applying a rule to stored articles changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RuleApplied {
    /// Articles that match.
    pub matching: u32,
    /// Passed back to undo it, until Warta ends.
    pub token: u64,
}
