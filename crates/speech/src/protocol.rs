//! SSIP on the wire: replies and events in, commands and text out. Pure.
//!
//! Lines end with CR LF. A reply or event is lines of a three-digit code, `-` and data, and a last
//! line of the code, a space and a message. Events have the codes 700 to 799 and may come between
//! replies.

use crate::{Error, Result};

/// Maximum length of a line from the service, in bytes.
pub(crate) const LINE: usize = 64 << 10;
/// Maximum number of lines of a reply. A synthesizer with variants lists some 13,000 voices.
const LINES: usize = 200_000;
/// Maximum length of a text to speak, in characters.
const TEXT: usize = 20_000;

/// A reply or an event.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) code: u16,
    pub(crate) lines: Vec<String>,
    pub(crate) text: String,
}

/// What happens to an utterance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// It begins to be spoken.
    Began,
    /// It was spoken to its end.
    Ended,
    /// It was cancelled, by whichever program.
    Cancelled,
    /// It was paused.
    Paused,
    /// It goes on after a pause.
    Resumed,
    /// A mark in the text was reached.
    Mark,
}

/// An event of an utterance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The utterance, as [`Client::say`](crate::Client::say) returned it.
    pub utterance: u64,
    /// What happens to it.
    pub kind: EventKind,
}

impl Message {
    /// Adds a line without its end; returns the message once it is complete.
    pub(crate) fn add(&mut self, line: &str) -> Result<Option<Self>> {
        let invalid = || Error::Invalid(line.chars().take(80).collect());
        let code = line.get(..3).ok_or_else(invalid)?;
        if !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid());
        }
        let code: u16 = code.parse().map_err(|_| invalid())?;
        if !self.lines.is_empty() && self.code != code {
            return Err(invalid());
        }
        self.code = code;
        // The code is ASCII, so that the fourth byte begins a character.
        match line.as_bytes().get(3) {
            Some(b'-') if self.lines.len() < LINES => {
                self.lines.push(line[4..].to_owned());
                Ok(None)
            }
            Some(b' ') => {
                line[4..].clone_into(&mut self.text);
                Ok(Some(std::mem::take(self)))
            }
            _ => Err(invalid()),
        }
    }

    pub(crate) fn is_event(&self) -> bool {
        (700..800).contains(&self.code)
    }

    /// The reply, or the error that it reports.
    pub(crate) fn accepted(self) -> Result<Self> {
        match self.code {
            200..300 => Ok(self),
            300..600 => Err(Error::Refused {
                code: self.code,
                message: self.text,
            }),
            code => Err(Error::Invalid(format!("{code} {}", self.text))),
        }
    }

    /// The event; `None` for one that is not known.
    pub(crate) fn event(&self) -> Option<Event> {
        let kind = match self.code {
            700 => EventKind::Mark,
            701 => EventKind::Began,
            702 => EventKind::Ended,
            703 => EventKind::Cancelled,
            704 => EventKind::Paused,
            705 => EventKind::Resumed,
            _ => return None,
        };
        let utterance = self.lines.first()?.parse().ok()?;
        Some(Event { utterance, kind })
    }
}

/// A value as part of a command; no control characters, since these would end it.
pub(crate) fn argument<'t>(what: &'static str, text: &'t str) -> Result<&'t str> {
    let is_good = !text.is_empty()
        && text.len() <= 1_000
        && text.trim() == text
        && !text.chars().any(char::is_control);
    is_good.then_some(text).ok_or(Error::BadInput(what))
}

/// A language tag as part of a command.
pub(crate) fn language(tag: &str) -> Result<&str> {
    let is_tag = !tag.is_empty()
        && tag.len() <= 60
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_tag.then_some(tag).ok_or(Error::BadInput("language tag"))
}

/// The data of a `SPEAK` command: the text in lines, dots at their starts doubled, and the line that
/// ends it. Other control characters become spaces, and a text that is too long is cut.
pub(crate) fn data(text: &str) -> String {
    let cut: String = text.chars().take(TEXT).collect();
    let mut data = String::with_capacity(cut.len() + 16);
    for line in cut.replace("\r\n", "\n").split(['\n', '\r']) {
        let spaced = line.replace(char::is_control, " ");
        if spaced.starts_with('.') {
            data.push('.');
        }
        data.push_str(&spaced);
        data.push_str("\r\n");
    }
    data.push_str(".\r\n");
    data
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads data as a server does: until the first line that is a dot alone. Returns the text and
    /// what follows, which a server takes for commands.
    fn received(data: &str) -> (String, &str) {
        let mut lines = Vec::new();
        let mut rest = data;
        while let Some((line, after)) = rest.split_once("\r\n") {
            rest = after;
            if line == "." {
                return (lines.join("\n"), rest);
            }
            lines.push(line.strip_prefix('.').unwrap_or(line));
        }
        panic!("the data does not end");
    }

    proptest! {
        #[test]
        fn no_text_ends_its_own_data(text in "[.\r\nA-Za-z0-9 \u{0}-\u{1f}é·]{0,60}") {
            let data = data(&text);
            let (spoken, commands) = received(&data);
            prop_assert_eq!(commands, "");
            let plain = text.replace("\r\n", "\n").replace('\r', "\n");
            let plain = plain.replace(|c: char| c.is_control() && c != '\n', " ");
            prop_assert_eq!(spoken, plain);
        }

        #[test]
        fn no_line_panics(lines in prop::collection::vec(any::<String>(), 0..8)) {
            let mut message = Message::default();
            for line in lines {
                if let Ok(Some(whole)) = message.add(&line) {
                    let _ = (whole.event(), whole.accepted());
                }
            }
        }
    }

    #[test]
    fn data_is_dot_stuffed() {
        assert_eq!(data("Satu."), "Satu.\r\n.\r\n");
        assert_eq!(data("."), "..\r\n.\r\n");
        assert_eq!(data(".\nSTOP ALL"), "..\r\nSTOP ALL\r\n.\r\n");
        assert_eq!(data("a\r..b\u{0}c"), "a\r\n...b c\r\n.\r\n");
        assert_eq!(data(&"a".repeat(TEXT + 1)).len(), TEXT + 5);
    }

    #[test]
    fn replies_and_events_are_parsed() {
        let read = |lines: &[&str]| {
            let mut message = Message::default();
            let mut whole = None;
            for line in lines {
                assert!(whole.is_none(), "the message ended early");
                whole = message.add(line).unwrap();
            }
            whole.unwrap()
        };
        let reply = read(&["225-21", "225 OK MESSAGE QUEUED"]);
        assert!(!reply.is_event());
        assert_eq!(reply.accepted().unwrap().lines, ["21"]);
        let event = read(&["702-21", "702-1", "702 END"]);
        assert!(event.is_event());
        assert_eq!(
            event.event(),
            Some(Event {
                utterance: 21,
                kind: EventKind::Ended
            })
        );
        assert_eq!(read(&["799-1", "799 NEW"]).event(), None);
        assert_eq!(read(&["701-x", "701 BEGIN"]).event(), None);
        let refused = read(&["409 ERR RATE TOO HIGH"]).accepted();
        assert!(matches!(refused, Err(Error::Refused { code: 409, .. })));
        assert!(matches!(
            read(&["100 WHAT"]).accepted(),
            Err(Error::Invalid(_))
        ));
        for bad in ["", "2", "225", "225_", "OK ", "२२५ OK", "+25 OK", "éé OK"] {
            assert!(Message::default().add(bad).is_err(), "{bad}");
        }
        let mut mixed = Message::default();
        mixed.add("249-a").unwrap();
        assert!(mixed.add("250 OK").is_err(), "one message has one code");
    }

    #[test]
    fn values_cannot_end_a_command() {
        for good in ["English (America)", "espeak-ng", "Bahasa+Adam"] {
            assert!(argument("voice", good).is_ok(), "{good}");
        }
        for bad in ["", " a", "a\r\nSTOP ALL", "a\nb", "a\u{0}"] {
            assert!(argument("voice", bad).is_err(), "{bad}");
        }
        for good in ["id", "en-US", "zh-Hant-TW"] {
            assert!(language(good).is_ok(), "{good}");
        }
        for bad in ["", "id\r\n", "en US", "i\u{e9}"] {
            assert!(language(bad).is_err(), "{bad}");
        }
    }
}
