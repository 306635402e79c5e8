//! Articles in, stories and what is trending out. Pure: time comes in as an argument.
use serde::{Deserialize, Serialize};

/// What the engine needs of an article. `inspect stories` reads these as JSON Lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    pub id: String,
    pub title: String,
    pub text: String,
    pub url: Option<String>,
    /// The publisher's name or host; empty is unknown.
    pub publisher: String,
    /// RFC 3339 in `inspect`; seconds since 1970 here.
    #[serde(skip)]
    pub published: Option<i64>,
    pub language: Option<String>,
}

/// Groups articles into stories online: one pass, in arrival order.
#[derive(Debug, Default)]
pub struct Desk { _private: () }
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoryNumber(pub u32);
impl Desk {
    #[must_use] pub fn new() -> Self { Self::default() }
    /// Places one article and says into which story.
    pub fn place(&mut self, item: &Item) -> StoryNumber { let _ = item; todo!() }
    /// The stories that are trending at `now` (seconds since 1970), most first, at most `limit`.
    #[must_use] pub fn trending(&self, now: i64, limit: usize) -> Vec<Story> { let _ = (now, limit); todo!() }
    #[must_use] pub fn story(&self, number: StoryNumber, now: i64) -> Option<Story> { let _ = (number, now); todo!() }
    #[must_use] pub fn story_of(&self, item_id: &str) -> Option<StoryNumber> { let _ = item_id; todo!() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase { New, Rising, Peak, Fading }

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Story {
    pub number: u32,
    /// The id of the article whose headline stands for the story.
    pub headline_item: String,
    /// Article ids, oldest first.
    pub items: Vec<String>,
    /// Ids of those that are near-copies of an earlier one.
    pub copies: Vec<String>,
    /// Independent publishers, in the order they took it up.
    pub publishers: Vec<String>,
    /// Seconds since 1970.
    pub first_at: i64,
    pub latest_at: i64,
    pub score: f64,
    pub phase: Phase,
    /// Articles per slice from first to now, oldest first, 12 slices: for a small curve.
    pub course: Vec<u16>,
    pub why: Why,
}
/// The figures behind the ranking; the faces put them into words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why { pub publishers: u32, pub hours: u32, pub first_publisher: String, pub first_at: i64 }
