//! An article or story and a channel in, message and target out. Opens nothing, asks nobody.
//!
//! Channels are data ([`channels`]); what differs between them is how many characters they carry and
//! how their target is made. Deliberately absent: anything that only a request could find out, such
//! as where a short link leads.

mod channel;
mod link;
mod message;

use serde::{Deserialize, Serialize};

pub use channel::{Channel, Means, channels, follow_topic, google_news_search, prefer_source};
pub use link::clean_link;

/// What is forwarded. Fields may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The headline, plain text.
    pub title: String,
    /// Where it stands.
    pub url: String,
    /// Who published it.
    pub publisher: String,
    /// A few lines of it, plain text.
    pub excerpt: String,
}

/// What the reader set for forwarding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// `id` or `en`.
    pub language: String,
    /// Google News edition as `hl`, `gl`, `ceid`, e.g. `id`, `ID`, `ID:id`.
    pub google_news: (String, String, String),
    /// Adds "via Warta"; off by default.
    pub via: bool,
}

/// A message and where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// The channel's id.
    pub channel: String,
    /// What is said; within the channel's limit. Empty where the channel carries none.
    pub message: String,
    /// What to open; none for a channel that copies.
    pub target: Option<String>,
    /// What to open where nothing opens the target, in order.
    pub fallback: Vec<String>,
}

/// Why nothing can be forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareError {
    /// There is no channel of that id.
    UnknownChannel(String),
    /// The channel carries a link, and there is none.
    NoLink,
}

/// The message that a channel makes of `subject`, and where it goes.
pub fn compose(
    channel: &str,
    subject: &Subject,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let channel = channel::find(channel)?;
    let message = message::of(channel, subject, preferences);
    channel::draft(channel, subject, message, preferences)
}

/// The same with the reader's own words, shortened only where the channel's limit asks for it.
pub fn compose_with(
    channel: &str,
    subject: &Subject,
    message: &str,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let channel = channel::find(channel)?;
    let message = message::within(message, channel.limit);
    channel::draft(channel, subject, message, preferences)
}
