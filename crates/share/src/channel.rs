//! The channels, as data. A new channel is one entry of [`ENTRIES`].

use serde::Serialize;
use url::Url;

use crate::languages::language;
use crate::length::{Limit, Unit};
use crate::model::{Contact, OwnChannel, Preferences, ShareError};
use crate::service;

/// How a channel is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// Opens a target in another app or the browser.
    Open,
    /// Puts text on the clipboard.
    Copy,
    /// Puts text on the clipboard and opens the place to paste it at.
    CopyAndOpen,
    /// Shows the link as a QR code.
    QrCode,
    /// Draws a picture card.
    Card,
    /// Writes a file.
    File,
    /// Sends the link to a service where the reader has an account.
    Service,
    /// Opens the system's own share sheet, on systems that have one.
    System,
}

/// Where an article or story can be forwarded to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
pub struct Channel {
    /// Such as `whatsapp`; `whatsapp:62812…` is a contact there.
    pub id: String,
    /// In the reader's language, such as `WhatsApp`.
    pub name: String,
    /// Name of an icon, such as `message-circle`.
    pub icon: &'static str,
    /// How it is reached.
    pub means: Means,
    /// Maximum length of a message, if there is one.
    pub limit: Option<Limit>,
    /// Whether the reader can edit a message first.
    pub has_message: bool,
    /// Whether the link is inside the message; otherwise the target has it separately.
    pub link_inside: bool,
    /// Whether one message can contain several articles.
    pub takes_several: bool,
    /// Its limitations, in the reader's language; may be empty.
    pub note: &'static str,
    /// The template of the message, with `{title}`, `{publisher}`, `{excerpt}`, `{link}`; a line
    /// whose placeholders are all empty is left out.
    pub template: String,
    /// Whether the reader has hidden it.
    pub hidden: bool,
    /// Templates of the targets, best first.
    #[serde(skip)]
    pub(crate) targets: Vec<String>,
    /// The same for a message without a link.
    #[serde(skip)]
    pub(crate) without_link: Vec<String>,
    #[serde(skip)]
    pub(crate) line_break: &'static str,
}

/// One channel of the table. In targets `{text}`, `{url}` and `{title}` stand for the message, the
/// clean link and the headline, percent-encoded; `{edition}`, `{instance}`, `{number}` and
/// `{channel}` for what the reader has set, as it is.
struct Entry {
    id: &'static str,
    /// A brand's name; empty where languages name it ([`crate::language::ChannelWords`]).
    name: &'static str,
    icon: &'static str,
    means: Means,
    limit: Option<Limit>,
    template: &'static str,
    targets: &'static [&'static str],
    without_link: &'static [&'static str],
    line_break: &'static str,
    has_message: bool,
    takes_several: bool,
    /// Whose note is shown: a key of [`crate::language::Language::channels`]; empty for its own.
    note_of: &'static str,
}

const FULL: &str = "{title}\n{publisher}\n\n{excerpt}\n\n{link}";
const BOLD: &str = "*{title}*\n{publisher}\n\n{excerpt}\n\n{link}";
const BESIDE: &str = "{title}\n{publisher}\n\n{excerpt}";

const PLAIN: Entry = Entry {
    id: "",
    name: "",
    icon: "share",
    means: Means::Open,
    limit: None,
    template: FULL,
    targets: &[],
    without_link: &[],
    line_break: "\n",
    has_message: true,
    takes_several: true,
    note_of: "",
};

/// Only takes a link; text is written at the target.
const LINK_ALONE: Entry = Entry {
    template: "",
    has_message: false,
    takes_several: false,
    note_of: "link-alone",
    ..PLAIN
};

/// The message is copied to the clipboard.
const COPIED: Entry = Entry {
    means: Means::Copy,
    icon: "copy",
    ..PLAIN
};

const fn characters(most: usize) -> Limit {
    Limit {
        most,
        unit: Unit::Characters,
    }
}

const WHATSAPP: Entry = Entry {
    id: "whatsapp",
    name: "WhatsApp",
    icon: "message-circle",
    limit: Some(characters(1000)),
    template: BOLD,
    targets: &[
        "whatsapp://send?text={text}",
        "https://wa.me/?text={text}",
        "https://web.whatsapp.com/send?text={text}",
    ],
    ..PLAIN
};

/// The targets are documented by each service.
static ENTRIES: &[Entry] = &[
    WHATSAPP,
    Entry {
        id: "google-news",
        name: "Google News",
        icon: "newspaper",
        limit: Some(characters(150)),
        template: "{title}",
        targets: &["https://news.google.com/search?q={text}&{edition}"],
        has_message: false,
        takes_several: false,
        ..PLAIN
    },
    Entry {
        id: "copy-link",
        icon: "link",
        template: "{link}",
        has_message: false,
        takes_several: false,
        ..COPIED
    },
    Entry {
        id: "email",
        icon: "mail",
        limit: Some(characters(8000)),
        // Line breaks in mail are CRLF (RFC 6068 § 5).
        targets: &["mailto:?subject={title}&body={text}"],
        line_break: "\r\n",
        ..PLAIN
    },
    Entry {
        id: "telegram",
        name: "Telegram",
        icon: "send",
        limit: Some(characters(4000)),
        template: BESIDE,
        targets: &[
            "tg://msg_url?url={url}&text={text}",
            "https://t.me/share/url?url={url}&text={text}",
        ],
        without_link: &[
            "tg://msg_url?url={text}",
            "https://t.me/share/url?url={text}",
        ],
        ..PLAIN
    },
    Entry {
        id: "line",
        name: "LINE",
        icon: "message-square",
        limit: Some(characters(1000)),
        template: BESIDE,
        targets: &["https://social-plugins.line.me/lineit/share?url={url}&text={text}"],
        without_link: &["https://line.me/R/share?text={text}"],
        ..PLAIN
    },
    Entry {
        id: "x",
        name: "X",
        icon: "hash",
        // Of 280; a link counts 23, whatever its length, and a space goes before it.
        limit: Some(Limit {
            most: 256,
            unit: Unit::Weighted,
        }),
        template: "{title}\n{publisher}",
        targets: &["https://x.com/intent/tweet?text={text}&url={url}"],
        without_link: &["https://x.com/intent/tweet?text={text}"],
        ..PLAIN
    },
    Entry {
        id: "facebook",
        name: "Facebook",
        icon: "users",
        targets: &["https://www.facebook.com/sharer/sharer.php?u={url}"],
        ..LINK_ALONE
    },
    Entry {
        id: "threads",
        name: "Threads",
        icon: "at-sign",
        limit: Some(characters(450)),
        template: BESIDE,
        targets: &["https://www.threads.com/intent/post?text={text}&url={url}"],
        without_link: &["https://www.threads.com/intent/post?text={text}"],
        ..PLAIN
    },
    Entry {
        id: "bluesky",
        name: "Bluesky",
        icon: "cloud",
        limit: Some(Limit {
            most: 300,
            unit: Unit::Graphemes,
        }),
        template: "{title}\n{publisher}\n\n{link}",
        targets: &["https://bsky.app/intent/compose?text={text}"],
        ..PLAIN
    },
    Entry {
        id: "mastodon",
        name: "Mastodon",
        icon: "megaphone",
        limit: Some(characters(500)),
        targets: &["https://{instance}/share?text={text}"],
        ..PLAIN
    },
    Entry {
        id: "reddit",
        name: "Reddit",
        icon: "message-square",
        limit: Some(characters(300)),
        template: "{title}",
        targets: &["https://www.reddit.com/submit?url={url}&title={text}"],
        without_link: &["https://www.reddit.com/submit?title={text}"],
        takes_several: false,
        ..PLAIN
    },
    Entry {
        id: "linkedin",
        name: "LinkedIn",
        icon: "briefcase",
        targets: &["https://www.linkedin.com/sharing/share-offsite/?url={url}"],
        ..LINK_ALONE
    },
    Entry {
        id: "sms",
        name: "SMS",
        icon: "message-square",
        limit: Some(characters(480)),
        targets: &["sms:?body={text}"],
        ..PLAIN
    },
    Entry {
        id: "whatsapp-channel",
        icon: "megaphone",
        means: Means::CopyAndOpen,
        template: BOLD,
        targets: &["https://whatsapp.com/channel/{channel}"],
        ..PLAIN
    },
    Entry {
        id: "signal",
        name: "Signal",
        icon: "message-circle",
        ..COPIED
    },
    Entry {
        id: "messenger",
        name: "Messenger",
        icon: "message-circle",
        ..COPIED
    },
    Entry {
        id: "copy-text",
        ..COPIED
    },
    Entry {
        id: "system",
        means: Means::System,
        template: BESIDE,
        // Not opened, but passed to the share sheet.
        targets: &["{url}{text}"],
        without_link: &["{text}"],
        ..PLAIN
    },
    Entry {
        id: "qr-code",
        icon: "qr-code",
        means: Means::QrCode,
        template: "{link}",
        has_message: false,
        takes_several: false,
        ..PLAIN
    },
    Entry {
        id: "picture-card",
        icon: "image",
        means: Means::Card,
        template: "",
        has_message: false,
        takes_several: false,
        ..PLAIN
    },
    Entry {
        id: "file",
        icon: "file-text",
        means: Means::File,
        template: "",
        has_message: false,
        takes_several: false,
        ..PLAIN
    },
];

impl Entry {
    fn channel(&self, preferences: &Preferences) -> Channel {
        let language = language(&preferences.language);
        let name = language.channel(self.id).name;
        let note_of = if self.note_of.is_empty() {
            self.id
        } else {
            self.note_of
        };
        let owned = |templates: &[&str]| templates.iter().map(|t| (*t).to_owned()).collect();
        Channel {
            id: self.id.into(),
            name: if name.is_empty() { self.name } else { name }.into(),
            icon: self.icon,
            means: self.means,
            limit: self.limit,
            has_message: self.has_message,
            link_inside: !self.targets.iter().any(|t| t.contains("{url}")),
            takes_several: self.takes_several,
            note: language.channel(note_of).note,
            template: self.template.into(),
            hidden: false,
            targets: owned(self.targets),
            without_link: owned(self.without_link),
            line_break: self.line_break,
        }
    }
}

fn contact(contact: &Contact, preferences: &Preferences) -> Channel {
    Channel {
        id: format!("whatsapp:{}", contact.number),
        name: format!("WhatsApp: {}", contact.name),
        targets: vec![
            format!("whatsapp://send?phone={}&text={{text}}", contact.number),
            format!("https://wa.me/{}?text={{text}}", contact.number),
        ],
        ..WHATSAPP.channel(preferences)
    }
}

fn own(own: &OwnChannel, preferences: &Preferences) -> Channel {
    let carries_text = own.template.contains("{text}");
    let link_inside = !own.template.contains("{url}");
    Channel {
        id: format!("own:{}", own.id),
        name: own.name.clone(),
        has_message: carries_text,
        takes_several: carries_text && link_inside,
        template: if !carries_text {
            ""
        } else if link_inside {
            FULL
        } else {
            BESIDE
        }
        .into(),
        targets: vec![own.template.clone()],
        link_inside,
        ..PLAIN.channel(preferences)
    }
}

fn saving(service: &service::Service) -> Channel {
    Channel {
        id: service.id.into(),
        name: service.name.into(),
        icon: "bookmark",
        means: Means::Service,
        limit: None,
        has_message: false,
        link_inside: false,
        takes_several: false,
        note: "",
        template: String::new(),
        hidden: false,
        targets: vec!["{url}".into()],
        without_link: Vec::new(),
        line_break: "\n",
    }
}

/// All channels in the reader's order, WhatsApp and Google News first by default, contacts after
/// WhatsApp. Channels whose settings are missing (a Mastodon instance, an own WhatsApp Channel) are
/// included and fail when used.
#[must_use]
pub fn channels(preferences: &Preferences) -> Vec<Channel> {
    let mut all = Vec::new();
    for entry in ENTRIES {
        all.push(entry.channel(preferences));
        if entry.id == "whatsapp" {
            all.extend(
                preferences
                    .contacts
                    .iter()
                    .map(|one| contact(one, preferences)),
            );
        }
    }
    all.extend(preferences.own.iter().map(|one| own(one, preferences)));
    let has = |service: &&service::Service| preferences.services.iter().any(|s| s == service.id);
    all.extend(service::SERVICES.iter().filter(has).map(saving));
    for channel in &mut all {
        channel.hidden = preferences.hidden.contains(&channel.id);
        if let Some(own) = preferences.messages.get(&channel.id) {
            channel.template.clone_from(own);
        }
    }
    let place = |channel: &Channel| {
        let at = preferences.order.iter().position(|id| *id == channel.id);
        at.unwrap_or(usize::MAX)
    };
    all.sort_by_key(place);
    all
}

pub(crate) fn find(id: &str, preferences: &Preferences) -> Result<Channel, ShareError> {
    channels(preferences)
        .into_iter()
        .find(|channel| channel.id == id)
        .ok_or_else(|| ShareError::UnknownChannel(id.to_owned()))
}

/// The host of a Mastodon instance as written by the reader (`https://mastodon.social/`,
/// `@me@fosstodon.org`).
#[must_use]
pub fn mastodon_instance(written: &str) -> Option<String> {
    let written = written.trim().trim_end_matches('/');
    let host = written.rsplit(['@', '/']).next().unwrap_or_default();
    let url = Url::parse(&format!("https://{host}/")).ok()?;
    let name = url.host_str()?;
    (name.contains('.') && url.path() == "/").then(|| match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    })
}

/// A telephone number as used in WhatsApp links (E.164 digits): `+62 812-3456-7890` and, in
/// Indonesia, `0812…` come out as `62812…`.
#[must_use]
pub fn whatsapp_number(written: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '.' | '+');
    let international = written.trim().starts_with('+');
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.strip_prefix("00").or(digits.strip_prefix('0')) {
        Some(rest) if digits.starts_with("00") => rest.to_owned(),
        Some(rest) if !international => format!("62{rest}"),
        Some(_) => return None,
        None => digits,
    };
    ((8..=15).contains(&digits.len()) && written.chars().all(known)).then_some(digits)
}

/// The code in the link of a WhatsApp Channel.
#[must_use]
pub fn whatsapp_channel(written: &str) -> Option<String> {
    let written = written.trim();
    let url = Url::parse(written)
        .or_else(|_| Url::parse(&format!("https://{written}")))
        .ok()?;
    let host = url.host_str()?.trim_start_matches("www.");
    let code = url.path().strip_prefix("/channel/")?.split('/').next()?;
    let valid = code.len() >= 4 && code.bytes().all(|b| b.is_ascii_alphanumeric());
    (matches!(host, "whatsapp.com" | "wa.me") && valid).then(|| code.to_owned())
}
