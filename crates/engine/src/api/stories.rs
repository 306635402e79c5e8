//! Stories, the front page, and current and past trends.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::reading::{ArticleRow, PictureView};

/// The front page.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FrontPage {
    /// Trending stories, highest rank first; may be empty.
    pub stories: Vec<Story>,
    /// Followed stories that are not among the trending ones.
    pub followed: Vec<Story>,
    /// The newest articles that are in none of these stories.
    pub latest: Vec<ArticleRow>,
    /// When it was computed.
    pub made_at: i64,
    /// Whether recent articles are still being clustered, so that more stories will follow.
    pub gathering: bool,
}

/// Articles of several publishers about one event.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    /// The id of the story's first article.
    pub id: u64,
    /// The headline of the lead article.
    pub headline: String,
    /// The article that headline and excerpt come from.
    pub lead: ArticleRow,
    /// A large picture from one of its articles, if one is stored.
    pub picture: Option<PictureView>,
    /// Independent publishers, in the order in which they reported it.
    pub publishers: Vec<String>,
    /// Number of articles, including copies.
    pub article_count: u32,
    /// Time of the first article.
    pub first_at: i64,
    /// Time of the latest article.
    pub latest_at: i64,
    /// Whether coverage is growing or fading.
    pub phase: Phase,
    /// Articles per time slice from the first article until now, oldest first.
    pub course: Vec<u16>,
    /// The figures behind its rank.
    pub why: Why,
    /// Whether the reader follows it.
    pub followed: bool,
}

/// How a story's coverage develops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// First reported a short time ago.
    New,
    /// Coverage is growing.
    Rising,
    /// Coverage is at its maximum.
    Peak,
    /// Coverage is declining.
    Fading,
}

/// The figures behind a story's rank, for front ends to explain it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// Number of independent publishers.
    pub publishers: u32,
    /// Hours between the first and the latest publisher, rounded up.
    pub hours: u32,
    /// The publisher that reported it first.
    pub first_publisher: String,
    /// When it was first reported.
    pub first_at: i64,
}

/// A story with all its articles.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StoryPage {
    /// The story.
    pub story: Story,
    /// Its articles, oldest first.
    pub articles: Vec<ArticleRow>,
    /// Ids of articles that are copies of an earlier one.
    pub copies: Vec<u64>,
    /// Two or three sentences that several publishers agree on.
    pub summary: Vec<Quote>,
    /// The articles by time, each with its copies.
    pub reports: Vec<Report>,
    /// Sentences that only one publisher has.
    pub only: Vec<Quote>,
    /// Names of folders whose feeds have published since the story began, but did not report it.
    pub silent: Vec<String>,
    /// Whether the reader has muted it.
    pub muted: bool,
}

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// The article's id.
    pub article: u64,
    /// The publisher's name.
    pub publisher: String,
    /// The sentence, unchanged.
    pub text: String,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
}

/// An article and its copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The article's id.
    pub article: u64,
    /// Ids of its copies, by time.
    pub copies: Vec<u64>,
}

/// The stories that the reader follows or has muted.
#[derive(Debug, Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Watched {
    /// Followed stories.
    pub followed: Vec<WatchedStory>,
    /// Muted stories.
    pub muted: Vec<WatchedStory>,
}

/// A story that the reader follows or has muted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WatchedStory {
    /// The id of this record.
    pub id: u64,
    /// The story's id while it is active.
    pub story: Option<u64>,
    /// The last known headline.
    pub headline: String,
    /// When the reader followed or muted it.
    pub since: i64,
}

/// A calendar period in the reader's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From Monday to Monday.
    Week,
}

/// The stories that were trending in a past period.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PastPage {
    /// Start of the period.
    pub from: i64,
    /// End of the period.
    pub to: i64,
    /// Most trending first.
    pub stories: Vec<PastStory>,
    /// A time in the previous period that has stories.
    pub earlier: Option<i64>,
    /// A time in the next period that has stories.
    pub later: Option<i64>,
}

/// A story that was trending.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PastStory {
    /// The headline at that time.
    pub headline: String,
    /// BCP 47 language tag of the headline.
    pub language: Option<String>,
    /// Whether the headline runs from right to left.
    pub right_to_left: bool,
    /// Publishers that reported it.
    pub publishers: Vec<String>,
    /// Number of articles at that time.
    pub article_count: u32,
    /// Time of the first article.
    pub first_at: i64,
    /// Time of the latest article at that time.
    pub latest_at: i64,
    /// Some of its articles that are still stored, oldest first.
    pub articles: Vec<ArticleRow>,
}

/// The stored source of a text or link.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Original {
    /// How certain the match is.
    pub sure: Sureness,
    /// The earliest matching article; `None` without a match.
    pub earliest: Option<ArticleRow>,
    /// The article most similar to the query.
    pub closest: Option<ArticleRow>,
    /// The story's id while it is active.
    pub story: Option<u64>,
    /// Other matching articles, by time.
    pub others: Vec<ArticleRow>,
}

/// How certain a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Sureness {
    /// No similar article is stored.
    Nothing,
    /// Some names and words match: possibly the same event.
    Perhaps,
    /// Most names and numbers match: very likely the same event.
    Likely,
    /// The same words in the same order.
    SameText,
    /// The same link.
    SameLink,
}
