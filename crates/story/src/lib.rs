//! Articles in, stories and what is trending out. Pure and deterministic: time and articles come in
//! as arguments, and the same articles in the same order give the same stories.
//!
//! One pass, in arrival order. Articles are compared by the words they share, weighted by how rare
//! the words are in this stream. A new article is grouped together with the stories near it, small
//! ones article by article, by the mean closeness between groups: so stories merge and split as
//! evidence comes. When an hour is over its articles are placed once more in order of their time,
//! so that the order in which feeds were fetched does not show. Articles in two languages meet only
//! where names or numbers agree, besides words of a small lexicon.
//! Deliberately absent: any model or list that would have to be fetched.

mod clusterer;
mod digest;
mod index;
mod lexicon;
mod linkage;
mod near_duplicates;
mod similarity;
mod tokenizer;
mod trend;
mod tuning;

use serde::{Deserialize, Serialize};

pub use clusterer::Clusterer;
pub use digest::{ArticleWithCopies, AttributedSentence, Digest, digest};
pub use similarity::{Similarity, development, similarity};
pub use tokenizer::unaccented;
pub use trend::Preferences;
pub use tuning::Tuning;

/// What the engine needs of an article. `inspect stories` reads these as JSON Lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// Handed back, never looked into.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    /// The headline, plain text.
    pub title: String,
    /// The text or its beginning, plain text.
    pub text: String,
    /// Where it stands.
    pub url: Option<String>,
    /// The publisher's name or host; empty is unknown.
    pub publisher: String,
    /// Seconds since 1970 UTC; RFC 3339 in JSON.
    #[serde(deserialize_with = "moment", skip_serializing)]
    pub published: Option<i64>,
    /// BCP 47.
    pub language: Option<String>,
}

/// A story, for as long as its clusterer lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoryNumber(pub u32);

/// Where a story is in its course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// It has just come up.
    New,
    /// More publishers take it up than before.
    Rising,
    /// As many as ever.
    Peak,
    /// Fewer than before.
    Fading,
}

/// Articles of several publishers about one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Story {
    /// [`StoryNumber`].
    pub number: u32,
    /// The id of the article whose headline stands for the story.
    pub headline_item: String,
    /// Article ids, oldest first.
    pub items: Vec<String>,
    /// Ids of those that are near-copies of an earlier one.
    pub copies: Vec<String>,
    /// Publishers in the order they took it up, who only copied last.
    pub publishers: Vec<String>,
    /// Of its first article, seconds since 1970.
    pub first_at: i64,
    /// Of its latest article, seconds since 1970.
    pub latest_at: i64,
    /// How much it is trending; comparable within one moment.
    pub score: f64,
    /// Where it is in its course.
    pub phase: Phase,
    /// Whether it trends now: publishers take it up, or did within the last half day.
    pub is_trending: bool,
    /// Articles per slice from the first to now, oldest first, 12 slices.
    pub course: Vec<u16>,
    /// Why it ranks where it does.
    pub why: Why,
}

/// The figures behind the ranking; the faces put them into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Publishers, a site's sections counted once.
    pub publishers: u32,
    /// Those of them who have a report of their own and not only a copy.
    pub reports: u32,
    /// Hours between the first article and the latest, rounded up, at least 1.
    pub hours: u32,
    /// Who had it first.
    pub first_publisher: String,
    /// When, seconds since 1970.
    pub first_at: i64,
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(i64),
    }
    Ok(match Id::deserialize(deserializer)? {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    })
}

/// RFC 3339 (a date alone counts as its midnight, UTC) or none; what cannot be read is none.
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
