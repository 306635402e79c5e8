//! Rules and notifications.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::reading::ArticleRow;

/// Actions for matching articles as they arrive. All conditions that are set must match; of several
/// words, feeds or authors, one must.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
pub struct Rule {
    /// The rule's id; 0 creates a new rule.
    pub id: u64,
    /// The rule's name.
    pub name: String,
    /// Whether it is switched off.
    pub off: bool,
    /// Whole words or phrases; case and accents are ignored.
    pub words: Vec<String>,
    /// A regular expression matched against title and text, ignoring case.
    pub pattern: Option<String>,
    /// Matches words and pattern against titles only.
    pub title_only: bool,
    /// Ids of feeds.
    pub feeds: Vec<u32>,
    /// Parts of authors' names.
    pub authors: Vec<String>,
    /// Marks the article read and hides it from lists and stories, except search and tags.
    pub mute: bool,
    /// Marks the article read.
    pub mark_read: bool,
    /// Saves the article.
    pub save: bool,
    /// Shows a notification.
    pub notify: bool,
    /// The tag to add.
    pub tag: Option<String>,
    /// When the rule ends; `None` for never.
    pub ends_at: Option<i64>,
    /// When the rule was created.
    pub made_at: i64,
}

/// What a rule would have done to stored articles.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RuleTrial {
    /// Articles examined, newest first.
    pub looked_at: u32,
    /// Articles that match.
    pub matching: u32,
    /// Some of the matching articles.
    pub rows: Vec<ArticleRow>,
}

/// A notification for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The story's headline, or the rule's name.
    pub title: String,
    /// What is new: a publisher with a sentence, or headlines.
    pub text: String,
    /// The article to open.
    pub article: u64,
    /// The followed story that has a development.
    pub story: Option<u64>,
}
