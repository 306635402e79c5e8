//! Fills in the target templates of channels.

use url::Url;

use crate::channel::{Channel, Means};
use crate::link::{percent_encoded, safe_mailto};
use crate::message;
use crate::model::{Draft, Preferences, ShareError, Subject};

/// Schemes allowed in targets.
pub const SCHEMES: [&str; 6] = ["https", "http", "mailto", "sms", "whatsapp", "tg"];

/// The draft for `message`. `link` is clean and may be empty; a share sheet only gets web links,
/// since it would share the content of others, such as files.
pub(crate) fn draft(
    channel: &Channel,
    subject: &Subject,
    link: &str,
    message: String,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let is_sheet = channel.means == Means::System;
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    let link = if is_sheet && !is_web { "" } else { link };
    let carries_link_alone = matches!(channel.means, Means::Service | Means::QrCode)
        || channel.id == "copy-link"
        || (!channel.link_inside && channel.without_link.is_empty());
    if carries_link_alone && link.is_empty() {
        return Err(ShareError::NoLink);
    }
    if message.is_empty() && !channel.template.is_empty() {
        return Err(ShareError::NothingToSay);
    }
    let templates = match (channel.link_inside, link.is_empty()) {
        (false, true) => &channel.without_link,
        _ => &channel.targets,
    };
    let text = message.replace('\n', channel.line_break);
    let title = message::headline(subject);
    let mut targets = Vec::new();
    if channel.means != Means::Service && !is_sheet {
        for template in templates {
            let template = with_settings(template, preferences)?;
            // The message comes last: it may contain what looks like a placeholder.
            targets.push(fill(
                &template,
                &[
                    ("{url}", link),
                    ("{title}", &title),
                    ("{publisher}", &subject.publisher),
                    ("{text}", &text),
                ],
            ));
        }
    }
    let mut targets = targets.into_iter();
    let sheet = is_sheet.then(|| {
        // Windows needs a title.
        let first = message.lines().next().unwrap_or_default();
        if title.is_empty() {
            first.to_owned()
        } else {
            title
        }
    });
    Ok(Draft {
        channel: channel.id.clone(),
        message,
        link: (!channel.link_inside && !link.is_empty()).then(|| link.to_owned()),
        copies: matches!(channel.means, Means::Copy | Means::CopyAndOpen),
        target: targets.next(),
        fallback: targets.collect(),
        sheet,
    })
}

/// Fills in the reader's settings.
fn with_settings(template: &str, preferences: &Preferences) -> Result<String, ShareError> {
    let mut filled = template.replace("{edition}", &edition_query(&preferences.google_news));
    for (placeholder, value, missing) in [
        (
            "{instance}",
            &preferences.mastodon,
            ShareError::NeedsInstance,
        ),
        (
            "{channel}",
            &preferences.whatsapp_channel,
            ShareError::NeedsWhatsappChannel,
        ),
    ] {
        if filled.contains(placeholder) {
            if value.is_empty() {
                return Err(missing);
            }
            filled = filled.replace(placeholder, value);
        }
    }
    Ok(filled)
}

/// Replaces placeholders with percent-encoded values; unknown placeholders are removed.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        filled += &rest[..start];
        let end = rest[start..]
            .find('}')
            .map_or(rest.len(), |end| start + end + 1);
        let value = values.iter().find(|(name, _)| *name == &rest[start..end]);
        filled += &value
            .map(|(_, value)| percent_encoded(value))
            .unwrap_or_default();
        rest = &rest[end..];
    }
    filled + rest
}

/// Whether a template of the reader is valid: a URL with an allowed scheme and with placeholders in
/// its path or query only.
#[must_use]
pub fn is_valid_template(template: &str) -> bool {
    let carries = ["{text}", "{url}", "{title}", "{publisher}"];
    let probe = fill(template, &[]);
    let filled = carries
        .iter()
        .fold(template.to_owned(), |all, name| all.replace(name, "x"));
    let (Ok(probe), Ok(filled)) = (Url::parse(&probe), Url::parse(&filled)) else {
        return false;
    };
    carries.iter().any(|name| template.contains(name))
        && SCHEMES.contains(&probe.scheme())
        && probe.scheme() == filled.scheme()
        && probe.host_str() == filled.host_str()
        && probe.port() == filled.port()
        && probe.username().is_empty()
        && (probe.scheme() != "mailto" || is_safe_mail(&filled))
}

/// Whether [`safe_mailto`] keeps all fields of a mail template.
fn is_safe_mail(filled: &Url) -> bool {
    let fields = |link: &str| link.matches(['?', '&']).count();
    let safe = safe_mailto(filled.as_str());
    safe.is_some_and(|safe| fields(&safe) == fields(filled.as_str()))
}

/// The feed of a Google News search, to follow a topic.
#[must_use]
pub fn follow_topic(query: &str, edition: &(String, String, String)) -> String {
    format!(
        "https://news.google.com/rss/search?q={}&{}",
        percent_encoded(query),
        edition_query(edition)
    )
}

/// The page where readers add a preferred source to Google, by its domain.
#[must_use]
pub fn prefer_source(domain: &str) -> String {
    format!(
        "https://www.google.com/preferences/source?q={}",
        percent_encoded(domain)
    )
}

fn edition_query((hl, gl, ceid): &(String, String, String)) -> String {
    // The colon of `ID:id` is allowed in a query and stays.
    let ceid = percent_encoded(ceid).replace("%3A", ":");
    format!(
        "hl={}&gl={}&ceid={ceid}",
        percent_encoded(hl),
        percent_encoded(gl)
    )
}
