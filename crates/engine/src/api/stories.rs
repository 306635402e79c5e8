//! Stories, the front page, what is and was trending.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::reading::{ArticleRow, PictureView};

/// The front page.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FrontPage {
    /// Trending stories, most first; empty on a quiet day.
    pub stories: Vec<Story>,
    /// Stories that the reader follows and that are not among those.
    pub followed: Vec<Story>,
    /// The newest articles that stand in none of those stories.
    pub latest: Vec<ArticleRow>,
    /// When it was made.
    pub made_at: i64,
    /// Whether the stories of the last days are still being gathered: more will come.
    pub gathering: bool,
}

/// Articles of several publishers about one event.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    /// The id of its first article.
    pub id: u64,
    /// The headline that stands for it.
    pub headline: String,
    /// The article that the headline and excerpt come from.
    pub lead: ArticleRow,
    /// Large picture, if one of its articles has one that is kept.
    pub picture: Option<PictureView>,
    /// Independent publishers, in the order they took it up.
    pub publishers: Vec<String>,
    /// Articles, copies included.
    pub article_count: u32,
    /// Of its first article.
    pub first_at: i64,
    /// Of its latest article.
    pub latest_at: i64,
    /// Where it is in its course.
    pub phase: Phase,
    /// Articles per slice from the first to now, oldest first.
    pub course: Vec<u16>,
    /// Why it is here.
    pub why: Why,
    /// Whether the reader follows it.
    pub followed: bool,
}

/// Where a story is in its course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
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

/// The figures behind a story's rank; the front ends put them into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// Independent publishers.
    pub publishers: u32,
    /// Hours between the first and the latest of them, rounded up.
    pub hours: u32,
    /// Who had it first.
    pub first_publisher: String,
    /// When.
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
    /// Ids of those that copy an earlier one.
    pub copies: Vec<u64>,
    /// What several publishers agree on: two or three of their own sentences.
    pub summary: Vec<Quote>,
    /// The articles in order of time, copies under their source.
    pub reports: Vec<Report>,
    /// What only one publisher says.
    pub only: Vec<Quote>,
    /// Names of the reader's folders that have published since it began, but nothing of it.
    pub silent: Vec<String>,
    /// Whether the reader has muted it.
    pub muted: bool,
}

/// A sentence of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// The article.
    pub article: u64,
    /// Who says it.
    pub publisher: String,
    /// As it stands there.
    pub text: String,
    /// BCP 47.
    pub language: Option<String>,
    /// Whether it runs from right to left.
    pub right_to_left: bool,
}

/// An article and those that copy it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The article.
    pub article: u64,
    /// Its copies, in order of time.
    pub copies: Vec<u64>,
}

/// What the reader watches: stories followed and stories muted.
#[derive(Debug, Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Watched {
    /// Followed until they end.
    pub followed: Vec<WatchedStory>,
    /// Muted until they end.
    pub muted: Vec<WatchedStory>,
}

/// A story that the reader follows or has muted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WatchedStory {
    /// Of this watch.
    pub id: u64,
    /// The story, while it goes on.
    pub story: Option<u64>,
    /// The headline it last had.
    pub headline: String,
    /// Since when.
    pub since: i64,
}

/// A stretch of the reader's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From Monday to Monday.
    Week,
}

/// What was trending once.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PastPage {
    /// When the day or week began.
    pub from: i64,
    /// When it ended.
    pub to: i64,
    /// Most trending first.
    pub stories: Vec<PastStory>,
    /// A moment of the day or week before it that has something.
    pub earlier: Option<i64>,
    /// A moment of the day or week after it that has something.
    pub later: Option<i64>,
}

/// A story that was trending.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PastStory {
    /// The headline it had.
    pub headline: String,
    /// Of the headline, BCP 47.
    pub language: Option<String>,
    /// Whether the headline runs from right to left.
    pub right_to_left: bool,
    /// Who reported it.
    pub publishers: Vec<String>,
    /// Its articles then.
    pub article_count: u32,
    /// Of its first article.
    pub first_at: i64,
    /// Of its latest article then.
    pub latest_at: i64,
    /// Those of its articles that are still kept, oldest first; some of them.
    pub articles: Vec<ArticleRow>,
}

/// Where a text or link comes from, among what is stored.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Original {
    /// How sure that is.
    pub sure: Sureness,
    /// The earliest article that tells it; none if nothing does.
    pub earliest: Option<ArticleRow>,
    /// The article that is closest to what was asked.
    pub closest: Option<ArticleRow>,
    /// The story, while it goes on.
    pub story: Option<u64>,
    /// Who else has it, in order of time.
    pub others: Vec<ArticleRow>,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Sureness {
    /// Nothing like it is stored.
    Nothing,
    /// It shares names and words: perhaps the same event.
    Perhaps,
    /// It shares most of what tells events apart: very likely the same event.
    Likely,
    /// It has the same words in the same order.
    SameText,
    /// It is the same link.
    SameLink,
}
