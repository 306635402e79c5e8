//! Rules and what they report.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::reading::ArticleRow;

/// What is done to matching articles as they arrive. All that is given must match; of several words,
/// feeds or authors, one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something a rule may do"
)]
pub struct Rule {
    /// 0 for a new one.
    pub id: u64,
    /// As the reader named it.
    pub name: String,
    /// Words or phrases, small and capital letters and accents alike; whole words.
    pub words: Vec<String>,
    /// A regular expression over title and text, small and capital letters alike.
    pub pattern: Option<String>,
    /// Looks for words and pattern in titles alone.
    pub title_only: bool,
    /// Feeds.
    pub feeds: Vec<u32>,
    /// Parts of authors' names.
    pub authors: Vec<String>,
    /// Arrives as read, and shows in no list or story but by search and tag.
    pub mute: bool,
    /// Arrives as read.
    pub mark_read: bool,
    /// Arrives as saved.
    pub save: bool,
    /// Is told at once.
    pub notify: bool,
    /// Put on it.
    pub tag: Option<String>,
    /// Until then; none is for ever.
    pub ends_at: Option<i64>,
    /// When it was made.
    pub made_at: i64,
}

/// What a rule would have done to what is stored.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RuleTrial {
    /// Articles looked at, the newest first.
    pub looked_at: u32,
    /// Articles that match.
    pub matching: u32,
    /// Some of these.
    pub rows: Vec<ArticleRow>,
}

/// Something to tell the reader at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The story's headline, or the rule's name.
    pub title: String,
    /// What is new: a publisher and its sentence, or headlines.
    pub text: String,
    /// The article to open.
    pub article: u64,
    /// The story that has moved on.
    pub story: Option<u64>,
}
