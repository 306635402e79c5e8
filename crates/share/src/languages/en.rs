//! English.

use crate::language::{ChannelWords, Language};
use crate::model::Daypart;

pub(super) static ENGLISH: Language = Language {
    tag: "en",
    understood_by: &["en"],
    channels: &[
        (
            "link-alone",
            ChannelWords {
                name: "",
                note: "Only the link is shared; you write the text there.",
            },
        ),
        (
            "google-news",
            ChannelWords {
                name: "",
                note: "Searches Google News for this story. You can't post to Google News.",
            },
        ),
        (
            "copy-link",
            ChannelWords {
                name: "Copy link",
                note: "",
            },
        ),
        (
            "email",
            ChannelWords {
                name: "E-mail",
                note: "",
            },
        ),
        (
            "telegram",
            ChannelWords {
                name: "",
                note: "Telegram puts the link before the text.",
            },
        ),
        (
            "whatsapp-channel",
            ChannelWords {
                name: "My WhatsApp Channel",
                note: "WhatsApp has no link for posting to a channel: the message is copied, the channel opened, and you paste it there.",
            },
        ),
        (
            "signal",
            ChannelWords {
                name: "",
                note: "Signal has no link for sharing: the message is copied, paste it in Signal.",
            },
        ),
        (
            "messenger",
            ChannelWords {
                name: "",
                note: "Messenger has no link for sharing from a computer: the message is copied, paste it in Messenger.",
            },
        ),
        (
            "copy-text",
            ChannelWords {
                name: "Copy text",
                note: "",
            },
        ),
        (
            "system",
            ChannelWords {
                name: "Share via system…",
                note: "",
            },
        ),
        (
            "qr-code",
            ChannelWords {
                name: "QR code",
                note: "Opens the link on your phone: scan this code with its camera.",
            },
        ),
        (
            "picture-card",
            ChannelWords {
                name: "Picture card",
                note: "The picture shows the headline and publisher, not the link.",
            },
        ),
        (
            "file",
            ChannelWords {
                name: "File",
                note: "",
            },
        ),
    ],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    contents: "Contents",
    digest,
    reported_by,
};

fn digest(count: usize, daypart: Daypart) -> String {
    let when = match daypart {
        Daypart::Morning => "this morning",
        Daypart::Noon => "at noon",
        Daypart::Afternoon => "this afternoon",
        Daypart::Night => "tonight",
    };
    let stories = if count == 1 { "story" } else { "stories" };
    format!("{count} {stories} {when}")
}

fn reported_by(named: &str, more: usize) -> String {
    match more {
        0 => format!("Reported by {named}"),
        more => format!("Reported by {named} and {more} more"),
    }
}
