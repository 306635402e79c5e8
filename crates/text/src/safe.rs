//! Makes untrusted text safe for programs that interpret some characters: terminals (escape
//! sequences), file viewers (direction overrides, which reorder text) and notification servers
//! (markup).

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character must not reach a terminal or a file: C0 and C1 control characters other than
/// line feed and tab, and the invisible characters that reorder text (bidi embeddings, overrides
/// and isolates). The marks that only state a direction (LRM, RLM, ALM) and joiners stay: scripts
/// need them.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
}

/// Text of several lines without [dangerous](is_unsafe) characters. Every kind of line break
/// becomes a line feed.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                characters.next_if_eq(&'\n');
                kept.push('\n');
            }
            c if is_unsafe(c) => {}
            c => kept.push(c),
        }
    }
    Cow::Owned(kept)
}

/// The same for text on one line: control characters, line breaks and tabs become spaces.
#[must_use]
pub fn plain_line(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_control() || !is_unsafe(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// JSON with [dangerous](is_unsafe) characters as escapes: the same values, safe to print.
///
/// A serializer escapes C0 control characters only; outside of strings JSON has no others.
#[must_use]
pub fn json_safe(json: String) -> String {
    let acts = |c: char| is_unsafe(c) && c != '\r';
    // Counts all bytes instead of stopping at the first, so that the compiler vectorizes the loop.
    let suspicious = json.bytes().filter(|b| may_begin_unsafe(*b)).count();
    if suspicious == 0 || !json.contains(acts) {
        return json;
    }
    let mut safe = String::with_capacity(json.len() + 32);
    for c in json.chars() {
        if acts(c) {
            // All of them are in the basic multilingual plane: one escape each.
            let _ = write!(safe, "\\u{:04x}", c as u32);
        } else {
            safe.push(c);
        }
    }
    safe
}

/// Whether the UTF-8 form of a [dangerous](is_unsafe) character may begin with this byte. Line
/// breaks and tabs are allowed between the values of JSON.
const fn may_begin_unsafe(byte: u8) -> bool {
    (byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t'))
        || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef)
}

/// The body of a notification. `markup`: the server renders the body as markup (capability
/// `body-markup` of the freedesktop specification), so that what would be markup is escaped.
#[must_use]
pub fn notification(text: &str, markup: bool) -> String {
    let text = plain(text);
    if !markup {
        return text.into_owned();
    }
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn control_characters_and_direction_overrides_do_not_survive() {
        for (hostile, line, lines) in [
            ("a\u{1b}[2Jb", "a [2Jb", "a[2Jb"),
            ("\u{1b}]0;judul\u{7}x", " ]0;judul x", "]0;judulx"),
            ("a\u{9b}31mb", "a 31mb", "a31mb"),
            ("a\u{90}b\u{9c}c\u{7f}d", "a b c d", "abcd"),
            ("satu\r\ndua\rtiga", "satu  dua tiga", "satu\ndua\ntiga"),
            ("a\tb\nc", "a b c", "a\tb\nc"),
            ("foto\u{202e}gpj.exe", "fotogpj.exe", "fotogpj.exe"),
            ("\u{2066}a\u{2069}\u{202d}b\u{202c}", "ab", "ab"),
            // Joiners and direction marks are part of how words are written.
            (
                "क्\u{200d}ष \u{200f}ي",
                "क्\u{200d}ष \u{200f}ي",
                "क्\u{200d}ष \u{200f}ي",
            ),
        ] {
            assert_eq!(plain_line(hostile), line, "{hostile:?}");
            assert_eq!(plain(hostile), lines, "{hostile:?}");
        }
    }

    #[test]
    fn json_keeps_its_values_and_acts_on_no_terminal() {
        let json = "{\"title\":\"a\u{9b}2J\u{202e}b\u{7f}\"}".to_owned();
        assert_eq!(json_safe(json), "{\"title\":\"a\\u009b2J\\u202eb\\u007f\"}");
        assert_eq!(json_safe("[\"biasa\"]".into()), "[\"biasa\"]");
    }

    #[test]
    fn a_notification_shows_markup_as_text() {
        let text = "<b>Gempa</b> & <img src=\"https://e.org/x\">\u{1b}[0m\u{202e}";
        assert_eq!(
            notification(text, true),
            "&lt;b&gt;Gempa&lt;/b&gt; &amp; &lt;img src=\"https://e.org/x\"&gt;[0m"
        );
        assert_eq!(
            notification(text, false),
            "<b>Gempa</b> & <img src=\"https://e.org/x\">[0m",
            "a server without markup would show the references"
        );
        assert_eq!(notification("AT&amp;T", true), "AT&amp;amp;T");
        assert_eq!(notification("a\u{7}\u{9b}b", false), "ab");
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(text in "(\\PC|\\p{C}){0,60}") {
            prop_assert!(!plain(&text).contains(is_unsafe));
            prop_assert!(!plain_line(&text).contains(|c: char| c.is_control() || is_unsafe(c)));
            prop_assert!(!notification(&text, true).contains(['<', '>']));
        }
    }

    #[test]
    fn every_dangerous_character_is_found_in_json() {
        let mut count = 0;
        for c in ('\0'..=char::MAX).filter(|c| is_unsafe(*c) && *c != '\r') {
            let safe = json_safe(format!("[\"a{c}b\"]"));
            assert_eq!(safe, format!("[\"a\\u{:04x}b\"]", c as u32));
            count += 1;
        }
        // C0 without three, DEL, C1, embeddings and overrides, isolates, interlinear marks.
        assert_eq!(count, 29 + 1 + 32 + 5 + 10 + 3);
    }
}
