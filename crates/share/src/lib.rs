//! An article or story and a channel in, message and target out. Pure: opens nothing, makes no
//! request.
//!
//! Channels are data ([`channels`]): they differ in the form of a message, its limit and the
//! target. There are also requests for services that save links ([`service`]), QR codes
//! ([`qr_code`]), picture cards ([`card`]), files ([`document`]) and highlights ([`highlights`]). Deliberately absent: anything
//! that needs a request, such as resolving short links.

pub mod card;
mod channel;
mod digest;
pub mod document;
pub mod highlights;
mod language;
mod languages;
mod length;
mod link;
mod message;
mod model;
mod qr;
pub mod saved;
pub mod service;
mod target;

pub use channel::{Channel, Means, channels, mastodon_instance, whatsapp_channel, whatsapp_number};
pub use language::Language;
pub use languages::{LANGUAGES, language, language_of_locale};
pub use length::{Limit, Unit, length};
pub use link::{clean_link, openable, preferred_link, safe_mailto};
pub use model::{Contact, Daypart, Draft, OwnChannel, Preferences, ShareError, Subject};
pub use qr::{QrCode, qr_code};
pub use target::{SCHEMES, follow_topic, is_valid_template, prefer_source};

/// Composes the message about `subject` for a channel, with its target.
pub fn compose(
    channel: &str,
    subject: &Subject,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let channel = channel::find(channel, preferences)?;
    let message = message::compose(&channel, subject, preferences);
    let link = clean_link(&subject.url);
    target::draft(&channel, subject, &link, message, preferences)
}

/// The same with the reader's own message, shortened only if it exceeds the channel's limit.
pub fn compose_with(
    channel: &str,
    subject: &Subject,
    message: &str,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let channel = channel::find(channel, preferences)?;
    let message = if channel.has_message {
        length::within(message, channel.limit)
    } else {
        message::compose(&channel, subject, preferences)
    };
    let link = clean_link(&subject.url);
    target::draft(&channel, subject, &link, message, preferences)
}

/// Composes messages about several articles, as many as the channel's limit requires, at least one.
/// Links are in the text.
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
    digest::compose(&channel, subjects, daypart, preferences)
        .into_iter()
        .map(|message| {
            let message = length::within(&message, channel.limit);
            digest_part(&channel, &heading, message, preferences)
        })
        .collect()
}

/// The same for one message of a digest as edited by the reader.
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
    let message = length::within(message, channel.limit);
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
    target::draft(channel, &subject, "", message, preferences)
}
