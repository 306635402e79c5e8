//! The channels, as data, and their targets.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::{Draft, Preferences, ShareError, Subject, clean_link};

/// All but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How a channel is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// Opens a target in another app or the browser.
    Open,
    /// Puts text on the clipboard.
    Copy,
}

/// Where an article or story can be forwarded to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Channel {
    /// e.g. `whatsapp`.
    pub id: &'static str,
    /// e.g. `WhatsApp`.
    pub name: &'static str,
    /// How it is reached.
    pub means: Means,
    /// Characters of the message, where the channel has a bound.
    pub limit: Option<usize>,
    /// Whether the reader can edit a message first.
    pub has_message: bool,
    /// Whether the link stands inside the message; else the target carries it beside.
    #[serde(skip)]
    pub(crate) link_inside: bool,
    /// Whether `*bold*` shows as bold there.
    #[serde(skip)]
    pub(crate) bold: bool,
    /// Templates of what to open, best first: `{text}`, `{url}`, `{title}` stand for the message, the
    /// clean link and the headline, percent-encoded.
    #[serde(skip)]
    targets: &'static [&'static str],
}

const fn opens(id: &'static str, name: &'static str, targets: &'static [&'static str]) -> Channel {
    Channel {
        id,
        name,
        means: Means::Open,
        limit: None,
        has_message: true,
        link_inside: true,
        bold: false,
        targets,
    }
}

const fn copies(id: &'static str, name: &'static str) -> Channel {
    Channel {
        means: Means::Copy,
        ..opens(id, name, &[])
    }
}

/// Facts about each channel's targets stand in the design, § 5.
static CHANNELS: [Channel; 14] = [
    Channel {
        limit: Some(1000),
        bold: true,
        ..opens(
            "whatsapp",
            "WhatsApp",
            &[
                "whatsapp://send?text={text}",
                "https://wa.me/?text={text}",
                "https://web.whatsapp.com/send?text={text}",
            ],
        )
    },
    Channel {
        has_message: false,
        ..opens("google-news", "Google News", &["{google-news}"])
    },
    copies("copy-link", "Copy link"),
    Channel {
        limit: Some(8000),
        ..opens("email", "E-mail", &["mailto:?subject={title}&body={text}"])
    },
    Channel {
        limit: Some(4000),
        link_inside: false,
        ..opens(
            "telegram",
            "Telegram",
            &[
                "tg://msg_url?url={url}&text={text}",
                "https://t.me/share/url?url={url}&text={text}",
            ],
        )
    },
    Channel {
        limit: Some(1000),
        link_inside: false,
        ..opens(
            "line",
            "LINE",
            &["https://social-plugins.line.me/lineit/share?url={url}&text={text}"],
        )
    },
    Channel {
        // A link counts 23 of X's 280 characters, whatever its length.
        limit: Some(250),
        link_inside: false,
        ..opens(
            "x",
            "X",
            &["https://x.com/intent/tweet?text={text}&url={url}"],
        )
    },
    Channel {
        has_message: false,
        ..opens(
            "facebook",
            "Facebook",
            &["https://www.facebook.com/sharer/sharer.php?u={url}"],
        )
    },
    Channel {
        limit: Some(450),
        link_inside: false,
        ..opens(
            "threads",
            "Threads",
            &["https://www.threads.com/intent/post?text={text}&url={url}"],
        )
    },
    Channel {
        limit: Some(300),
        ..opens(
            "bluesky",
            "Bluesky",
            &["https://bsky.app/intent/compose?text={text}"],
        )
    },
    Channel {
        limit: Some(300),
        link_inside: false,
        ..opens(
            "reddit",
            "Reddit",
            &["https://www.reddit.com/submit?url={url}&title={text}"],
        )
    },
    Channel {
        has_message: false,
        ..opens(
            "linkedin",
            "LinkedIn",
            &["https://www.linkedin.com/sharing/share-offsite/?url={url}"],
        )
    },
    Channel {
        limit: Some(480),
        ..opens("sms", "SMS", &["sms:?body={text}"])
    },
    copies("copy-text", "Copy text"),
];

/// The channels, WhatsApp and Google News first.
#[must_use]
pub fn channels() -> &'static [Channel] {
    &CHANNELS
}

pub(crate) fn find(id: &str) -> Result<&'static Channel, ShareError> {
    CHANNELS
        .iter()
        .find(|channel| channel.id == id)
        .ok_or_else(|| ShareError::UnknownChannel(id.to_owned()))
}

/// Where `message` goes. A channel without a message gives an empty one; `copy-link` the link itself.
pub(crate) fn draft(
    channel: &'static Channel,
    subject: &Subject,
    message: String,
    preferences: &Preferences,
) -> Result<Draft, ShareError> {
    let link = clean_link(&subject.url);
    let needs_link =
        channel.targets.iter().any(|t| t.contains("{url}")) || channel.id == "copy-link";
    if needs_link && link.is_empty() {
        return Err(ShareError::NoLink);
    }
    let message = match (channel.id, channel.has_message) {
        ("copy-link", _) => link.clone(),
        (_, true) => message,
        (_, false) => String::new(),
    };
    let mut targets = channel.targets.iter().map(|template| {
        if *template == "{google-news}" {
            return google_news_search(&subject.title, &preferences.google_news);
        }
        // Line breaks in mail are CRLF (RFC 6068 § 5).
        let text = if channel.id == "email" {
            message.replace('\n', "\r\n")
        } else {
            message.clone()
        };
        // The message comes last: it may hold what looks like a placeholder.
        fill(
            template,
            &[
                ("{url}", &link),
                ("{title}", &subject.title),
                ("{text}", &text),
            ],
        )
    });
    let target = targets.next();
    Ok(Draft {
        channel: channel.id.into(),
        target,
        fallback: targets.collect(),
        message,
    })
}

/// Puts percent-encoded values in place of a template's placeholders, each exactly once.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        filled += &rest[..start];
        let end = rest[start..]
            .find('}')
            .map_or(rest.len(), |end| start + end + 1);
        let value = values.iter().find(|(name, _)| *name == &rest[start..end]);
        filled += &value.map(|(_, value)| encoded(value)).unwrap_or_default();
        rest = &rest[end..];
    }
    filled + rest
}

/// Percent-encoded UTF-8 by RFC 3986: only unreserved characters stay as they are.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Where Google News finds a headline, in an edition (`hl`, `gl`, `ceid`).
#[must_use]
pub fn google_news_search(title: &str, edition: &(String, String, String)) -> String {
    format!(
        "https://news.google.com/search?q={}&{}",
        encoded(title),
        edition_query(edition)
    )
}

/// The feed of a Google News search: a topic that can be followed.
#[must_use]
pub fn follow_topic(query: &str, edition: &(String, String, String)) -> String {
    format!(
        "https://news.google.com/rss/search?q={}&{}",
        encoded(query),
        edition_query(edition)
    )
}

/// Where a reader tells Google to prefer a source, by its domain.
#[must_use]
pub fn prefer_source(domain: &str) -> String {
    format!(
        "https://www.google.com/preferences/source?q={}",
        encoded(domain)
    )
}

fn edition_query((hl, gl, ceid): &(String, String, String)) -> String {
    // The colon of `ID:id` is a plain character of a query and stays.
    let ceid = encoded(ceid).replace("%3A", ":");
    format!("hl={}&gl={}&ceid={ceid}", encoded(hl), encoded(gl))
}
