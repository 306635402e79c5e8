//! An article or story and a channel in, message and target out. Opens nothing, asks nobody.
//!
//! Channels are data ([`channels`]); what differs between them is what a message looks like there, how
//! much they carry and how their target is made. Services that keep links get a request
//! ([`service`]), links to carry a QR code ([`qr_code`]), headlines a picture ([`card`]). Deliberately
//! absent: anything that only a request could find out, such as where a short link leads.

pub mod card;
mod channel;
mod digest;
pub mod document;
mod link;
mod message;
mod qr;
pub mod service;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use channel::{
    Channel, Means, SCHEMES, channels, follow_topic, is_valid_template, mastodon_instance,
    prefer_source, whatsapp_channel, whatsapp_number,
};
pub use link::{clean_link, openable, preferred_link, safe_mailto};
pub use message::{Limit, Unit, length};
pub use qr::{QrCode, qr_code};

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

/// The message that a channel makes of `subject`, and where it goes.
pub fn compose(
    channel: &str,
    subject: &Subject,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let channel = channel::find(channel, preferences)?;
    let message = message::of(&channel, subject, preferences);
    let link = clean_link(&subject.url);
    channel::draft(&channel, subject, &link, message, preferences)
}

/// The same with the reader's own words, shortened only where the channel's limit asks for it.
pub fn compose_with(
    channel: &str,
    subject: &Subject,
    message: &str,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let channel = channel::find(channel, preferences)?;
    let message = if channel.has_message {
        message::within(message, channel.limit)
    } else {
        message::of(&channel, subject, preferences)
    };
    let link = clean_link(&subject.url);
    channel::draft(&channel, subject, &link, message, preferences)
}

/// Several articles in as many messages as the channel's limit asks for, at least one. Their links stand
/// in the words.
pub fn digest(
    channel: &str,
    subjects: &[Subject],
    daypart: Daypart,
    preferences: &Preferences,
) -> Result<Vec<Draft>, ShareError> {
    let channel = channel::find(channel, preferences)?;
    if !channel.takes_several {
        return Err(ShareError::OneAtATime);
    }
    let heading = digest_heading(subjects.len(), daypart, preferences);
    digest::of(&channel, subjects, daypart, preferences)
        .into_iter()
        .map(|message| {
            let message = message::within(&message, channel.limit);
            digest_part(&channel, &heading, message, preferences)
        })
        .collect()
}

/// One message of a digest in the reader's own words.
pub fn digest_with(
    channel: &str,
    heading: &str,
    message: &str,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let channel = channel::find(channel, preferences)?;
    if !channel.takes_several {
        return Err(ShareError::OneAtATime);
    }
    let message = message::within(message, channel.limit);
    digest_part(&channel, heading, message, preferences)
}

/// "5 berita pagi ini", "5 stories this morning".
#[must_use]
pub fn digest_heading(count: usize, daypart: Daypart, preferences: &Preferences) -> String {
    digest::heading(count, daypart, preferences)
}

fn digest_part(
    channel: &Channel,
    heading: &str,
    message: String,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let subject = Subject {
        title: heading.to_owned(),
        ..Subject::default()
    };
    channel::draft(channel, &subject, "", message, preferences)
}
