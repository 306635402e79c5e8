//! Plain text from what feeds put into titles, names and descriptions.

use crate::xml::{escaped, unescaped};

/// Whether a text holds something that is meant as HTML: a tag, or an entity.
pub(crate) fn looks_like_html(text: &str) -> bool {
    has_tag(text) || unescaped(text).len() != text.len()
}

fn has_tag(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let after = text[at + 1..].trim_start_matches('/');
        after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') && after.contains('>')
    })
}

/// One line of plain text: tags left out, entities undone, however often the feed escaped them;
/// white space folded.
pub(crate) fn plain(text: &str) -> String {
    let mut current = std::borrow::Cow::Borrowed(text);
    // Titles are met escaped once (as the format asks), twice (HTML inside), seldom three times.
    for _ in 0..3 {
        let mut next = current.clone().into_owned();
        if has_tag(&next) {
            next = without_tags(&next);
        }
        if let std::borrow::Cow::Owned(undone) = unescaped(&next) {
            next = undone;
        }
        if next == *current {
            break;
        }
        current = next.into();
    }
    folded(&current)
}

/// Undoes a common accident: UTF-8 that was taken for Latin-1 and encoded again
/// ("actualitÃ©s"). What reads as UTF-8 after undoing was hardly meant otherwise.
pub(crate) fn repaired(text: String) -> String {
    if text.is_ascii() || !text.contains(['Ã', 'Â', 'â', 'Ð', 'Ñ', 'Å', 'Ä']) {
        return text;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    match bytes.map(String::from_utf8) {
        Some(Ok(undone)) => undone,
        _ => text,
    }
}

/// White space folded into single spaces.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || (c.is_control() && c != '\u{200d}')) {
        if !word.is_empty() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded += word;
        }
    }
    folded
}

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        plain += &rest[..start];
        let tag = &rest[start..];
        let opens = tag[1..].trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic() || c == '!');
        match tag.find('>').filter(|_| opens) {
            Some(end) => {
                let name: String = tag[1..].trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                if matches!(name.to_ascii_lowercase().as_str(), "br" | "p" | "div" | "li" | "td") {
                    plain.push(' ');
                }
                rest = &tag[end + 1..];
            }
            None => {
                plain.push('<');
                rest = &tag[1..];
            }
        }
    }
    plain + rest
}

/// Plain text as HTML.
pub(crate) fn as_html(text: &str) -> String {
    escaped(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn titles_are_plain_text_however_they_are_escaped() {
        for (text, expected) in [
            ("AT&T", "AT&T"),
            ("AT&amp;T", "AT&T"),
            ("AT&amp;amp;T", "AT&T"),
            ("<b>Tebal</b> sekali", "Tebal sekali"),
            ("&lt;b&gt;Tebal&lt;/b&gt;", "Tebal"),
            ("2 < 3 dan 5 > 4", "2 < 3 dan 5 > 4"),
            ("a <3 b", "a <3 b"),
            ("  spasi \n banyak ", "spasi banyak"),
            ("caf&eacute; &#8211; &#x201c;x&#x201d;", "café – “x”"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
