//! The crate's data: articles as they come in, stories as they go out, and what readers prefer.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// An article to cluster. `inspect stories` reads these as JSON Lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Opaque to this crate, except that it decides between articles of the same time; returned
    /// unchanged. `inspect stories` numbers the ids of its input.
    #[serde(skip)]
    pub id: u64,
    /// The headline, plain text.
    pub title: String,
    /// The text or its beginning, plain text.
    pub text: String,
    /// Its page.
    pub url: Option<String>,
    /// The publisher's name or host; empty if unknown.
    pub publisher: String,
    /// Seconds since 1970 UTC; RFC 3339 in JSON.
    #[serde(deserialize_with = "moment", skip_serializing)]
    pub published: Option<i64>,
    /// BCP 47.
    pub language: Option<String>,
}

/// Identifies a story within one [`Clusterer`](crate::Clusterer).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoryNumber(pub u32);

/// How a story's coverage is developing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// First reported within the last three hours.
    New,
    /// More publishers joined in the last four hours than in the four before.
    Rising,
    /// Publishers still join, but no more than before.
    Peak,
    /// No publisher joined in the last four hours.
    Fading,
}

/// Articles of several publishers about one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Story {
    /// [`StoryNumber`].
    pub number: u32,
    /// Id of the article whose headline represents the story.
    pub headline_item: u64,
    /// Article ids, oldest first.
    pub items: Vec<u64>,
    /// Ids of those that are near-copies of an earlier one.
    pub copies: Vec<u64>,
    /// Publishers in the order they joined; those with copies only come last.
    pub publishers: Vec<String>,
    /// Time of its first article, seconds since 1970.
    pub first_at: i64,
    /// Time of its latest article, seconds since 1970.
    pub latest_at: i64,
    /// How strongly it is trending; only comparable with scores of the same moment.
    pub score: f64,
    /// How its coverage is developing.
    pub phase: Phase,
    /// Whether at least two publishers cover it and one joined within the last 12 hours.
    pub is_trending: bool,
    /// Articles per slice of time, from the first article to now: 12 slices, oldest first.
    pub course: Vec<u16>,
    /// Why it ranks where it does.
    pub why: Why,
}

/// The figures behind the ranking; the front ends put them into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Publishers; the sections of one site count once.
    pub publishers: u32,
    /// Publishers with at least one article that is not a copy.
    pub reports: u32,
    /// Hours from the first to the latest article, rounded up, at least 1.
    pub hours: u32,
    /// Publisher of the first article.
    pub first_publisher: String,
    /// Time of the first article, seconds since 1970.
    pub first_at: i64,
}

/// What the reader prefers in a story's headline and picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language they read, BCP 47.
    pub language: Option<String>,
    /// Publishers they trust, named as in [`Item::publisher`].
    pub trusted: BTreeSet<String>,
}

/// Accepts RFC 3339, or a date alone (midnight UTC); anything else becomes `None`.
fn moment<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| {
        let full = if text.len() == 10 {
            format!("{text}T00:00:00Z")
        } else {
            text
        };
        chrono::DateTime::parse_from_rfc3339(&full)
            .ok()
            .map(|time| time.timestamp())
    }))
}
