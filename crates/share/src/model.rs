//! The crate's data: what is forwarded, what the reader has set, and what comes out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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
    /// What the reader quotes of it.
    pub quote: String,
    /// Who reports it, of a story.
    pub reported_by: Vec<String>,
}

/// Somebody on WhatsApp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// As the reader calls them.
    pub name: String,
    /// E.164 digits without `+`; see [`whatsapp_number`].
    pub number: String,
}

/// A channel of the reader's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnChannel {
    /// Never changes.
    pub id: String,
    /// As the reader calls it.
    pub name: String,
    /// What to open, with `{title}`, `{url}`, `{text}`, `{publisher}`; see [`is_valid_template`].
    pub template: String,
}

/// What the reader set for forwarding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// `id` or `en`.
    pub language: String,
    /// Google News edition as `hl`, `gl`, `ceid`, e.g. `id`, `ID`, `ID:id`.
    pub google_news: (String, String, String),
    /// Adds "via Warta"; off by default.
    pub via: bool,
    /// Ids of channels that come first, in this order.
    pub order: Vec<String>,
    /// Ids of channels that are out of sight.
    pub hidden: Vec<String>,
    /// The reader's own messages by channel, as templates; see [`Channel::template`].
    pub messages: BTreeMap<String, String>,
    /// The host of the reader's Mastodon instance, or nothing.
    pub mastodon: String,
    /// The code of the reader's own WhatsApp Channel, or nothing; see [`whatsapp_channel`].
    pub whatsapp_channel: String,
    /// People on WhatsApp.
    pub contacts: Vec<Contact>,
    /// The reader's own channels.
    pub own: Vec<OwnChannel>,
    /// Ids of the services where the reader has an account; see [`service::SERVICES`].
    pub services: Vec<String>,
}

/// The part of the reader's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Daypart {
    /// Until eleven.
    Morning,
    /// Until three.
    Noon,
    /// Until half past six.
    Afternoon,
    /// Until four.
    Night,
}

impl Daypart {
    /// Of a time, in seconds since the reader's midnight.
    #[must_use]
    pub fn of(seconds: i64) -> Self {
        match seconds.div_euclid(60) {
            240..660 => Self::Morning,
            660..900 => Self::Noon,
            900..1110 => Self::Afternoon,
            _ => Self::Night,
        }
    }
}

/// A message and where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// The channel's id.
    pub channel: String,
    /// What is said; within the channel's limit. Empty where the channel carries no words.
    pub message: String,
    /// The link that goes beside the message, where it does not stand in it.
    pub link: Option<String>,
    /// Whether the message goes onto the clipboard.
    pub copies: bool,
    /// What to open; none for a channel that opens nothing.
    pub target: Option<String>,
    /// What to open where nothing opens the target, in order.
    pub fallback: Vec<String>,
    /// What stands above message and link in the system's share sheet; none where no sheet opens.
    pub sheet: Option<String>,
}

/// Why nothing can be forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareError {
    /// There is no channel of that id.
    UnknownChannel(String),
    /// The channel carries a link, and there is none.
    NoLink,
    /// There is neither headline nor text nor link.
    NothingToSay,
    /// The channel takes one article at a time.
    OneAtATime,
    /// The reader's Mastodon instance is not known.
    NeedsInstance,
    /// The reader's own WhatsApp Channel is not known.
    NeedsWhatsappChannel,
    /// It does not fit.
    TooLong,
}
