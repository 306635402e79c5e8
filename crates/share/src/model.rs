//! The crate's data: what is forwarded, what the reader has set, and what comes out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is forwarded. Fields may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The headline, plain text.
    pub title: String,
    /// Its link.
    pub url: String,
    /// Its publisher.
    pub publisher: String,
    /// A few lines of it, plain text.
    pub excerpt: String,
    /// The reader's quotation from it.
    pub quote: String,
    /// The publishers of a story.
    pub reported_by: Vec<String>,
}

/// A contact on WhatsApp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name chosen by the reader.
    pub name: String,
    /// E.164 digits without `+`; see [`whatsapp_number`].
    pub number: String,
}

/// A channel defined by the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnChannel {
    /// Never changes.
    pub id: String,
    /// Name chosen by the reader.
    pub name: String,
    /// What to open, with `{title}`, `{url}`, `{text}`, `{publisher}`; see [`is_valid_template`].
    pub template: String,
}

/// The reader's settings for forwarding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// `id` or `en`.
    pub language: String,
    /// Google News edition as `hl`, `gl`, `ceid`, e.g. `id`, `ID`, `ID:id`.
    pub google_news: (String, String, String),
    /// Adds "via Warta"; off by default.
    pub via: bool,
    /// Ids of the first channels, in this order.
    pub order: Vec<String>,
    /// Ids of hidden channels.
    pub hidden: Vec<String>,
    /// The reader's message templates by channel; see [`Channel::template`].
    pub messages: BTreeMap<String, String>,
    /// The host of the reader's Mastodon instance; may be empty.
    pub mastodon: String,
    /// The code of the reader's own WhatsApp Channel, may be empty; see [`whatsapp_channel`].
    pub whatsapp_channel: String,
    /// Contacts on WhatsApp.
    pub contacts: Vec<Contact>,
    /// The reader's own channels.
    pub own: Vec<OwnChannel>,
    /// Ids of the services where the reader has an account; see [`service::SERVICES`].
    pub services: Vec<String>,
}

/// The part of the day, in the reader's time zone.
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
    /// From the seconds since midnight in the reader's time zone.
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

/// A message with its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// The channel's id.
    pub channel: String,
    /// The message, within the channel's limit. Empty if the channel takes no text.
    pub message: String,
    /// The link, if it is passed separately and not in the message.
    pub link: Option<String>,
    /// Whether the message is copied to the clipboard.
    pub copies: bool,
    /// What to open; `None` if the channel opens nothing.
    pub target: Option<String>,
    /// What to open if the target cannot be opened, in order.
    pub fallback: Vec<String>,
    /// Title in the system's share sheet; `None` if the channel does not use it.
    pub sheet: Option<String>,
}

/// Why something cannot be forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareError {
    /// There is no channel with this id.
    UnknownChannel(String),
    /// The channel needs a link, and there is none.
    NoLink,
    /// There is no headline, text or link.
    NothingToSay,
    /// The channel only takes one article at a time.
    OneAtATime,
    /// The reader's Mastodon instance is not known.
    NeedsInstance,
    /// The reader's own WhatsApp Channel is not known.
    NeedsWhatsappChannel,
    /// The text is too long.
    TooLong,
}
