//! Plain text from what feeds put into titles, names and descriptions.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memrchr};

use crate::escapes::{escaped, unescaped};

/// Whether a text holds something that is meant as HTML: a tag, or an entity.
pub(crate) fn looks_like_html(text: &str) -> bool {
    has_tag(text) || unescaped(text).len() != text.len()
}

fn has_tag(text: &str) -> bool {
    // Only a "<" before the last ">" can open a tag: one search for it keeps this linear.
    let bytes = text.as_bytes();
    let Some(last) = memrchr(b'>', bytes) else {
        return false;
    };
    memchr_iter(b'<', &bytes[..last]).any(|at| {
        let after = &bytes[at + 1..];
        let after = after.strip_prefix(b"/").unwrap_or(after);
        matches!(after.first(), Some(b'a'..=b'z' | b'A'..=b'Z' | b'!'))
    })
}

/// HTML without its scripts and style sheets, which are no text of the entry. What is left is no
/// safer for it.
pub(crate) fn without_scripts(html: Cow<'_, str>) -> Cow<'_, str> {
    let Some((start, end)) = script(&html) else {
        return html;
    };
    let mut kept = html[..start].to_owned();
    let mut rest = &html[end..];
    while let Some((start, end)) = script(rest) {
        kept += &rest[..start];
        rest = &rest[end..];
    }
    Cow::Owned(kept + rest)
}

/// Where the first script or style sheet starts and ends; one that never ends is none, so that no
/// text is lost to a stray tag.
fn script(html: &str) -> Option<(usize, usize)> {
    let bytes = html.as_bytes();
    let (start, name) = memchr_iter(b'<', bytes).find_map(|at| {
        let after = &bytes[at + 1..];
        if !matches!(after.first(), Some(b's' | b'S')) {
            return None;
        }
        let named = |name: &str| {
            starts_like(after, name)
                && after
                    .get(name.len())
                    .is_some_and(|b| !b.is_ascii_alphanumeric() && *b != b'-')
        };
        let name = ["script", "style"].into_iter().find(|name| named(name))?;
        Some((at, name))
    })?;
    let closing = memchr_iter(b'<', &bytes[start..]).find_map(|at| {
        let after = bytes[start + at + 1..].strip_prefix(b"/")?;
        starts_like(after, name).then_some(start + at)
    })?;
    let end = memchr(b'>', &bytes[closing..]).map_or(html.len(), |end| closing + end + 1);
    Some((start, end))
}

fn starts_like(bytes: &[u8], name: &str) -> bool {
    bytes
        .get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

/// HTML that was escaped once or twice too often, undone: without a tag, it would begin with one if it
/// were undone. A text that merely speaks of tags begins with words.
pub(crate) fn unescaped_again(html: Cow<'_, str>) -> Cow<'_, str> {
    if !html.trim_start().starts_with('&') || has_tag(&html) {
        return html;
    }
    let mut undone = html.trim().to_owned();
    for _ in 0..2 {
        if !undone.starts_with("&amp;lt;") && !undone.starts_with("&lt;") {
            break;
        }
        undone = unescaped(&undone).into_owned();
        if has_tag(&undone) && undone.starts_with('<') {
            return Cow::Owned(undone);
        }
    }
    html
}

/// One line of plain text: tags left out, entities undone, however often the feed escaped them;
/// white space folded.
pub(crate) fn plain(text: &str) -> String {
    if memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return folded(text);
    }
    let mut current = Cow::Borrowed(text);
    // Titles are met escaped once (as the format asks), twice (HTML inside), seldom three times.
    for _ in 0..3 {
        let mut next = Cow::Borrowed(&*current);
        if has_tag(&next) {
            next = Cow::Owned(without_tags(&without_scripts(next)));
        }
        if let Cow::Owned(undone) = unescaped(&next) {
            next = Cow::Owned(undone);
        }
        match next {
            Cow::Owned(next) if next != *current => current = Cow::Owned(next),
            _ => break,
        }
    }
    folded(&current)
}

/// Undoes a common accident: UTF-8 that was taken for Latin-1 and encoded again
/// ("actualitÃ©s"). What reads as UTF-8 after undoing was hardly meant otherwise.
pub(crate) fn repaired(text: Cow<'_, str>) -> Cow<'_, str> {
    // Ã, Â, â, Ð, Ñ, Å, Ä: each begins with this byte.
    let bytes = text.as_bytes();
    let accident = |at: usize| matches!(bytes.get(at + 1), Some(0x82..=0x85 | 0x90 | 0x91 | 0xA2));
    if !memchr_iter(0xC3, bytes).any(accident) {
        return text;
    }
    let bytes: Option<Vec<u8>> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    match bytes.map(String::from_utf8) {
        Some(Ok(undone)) => Cow::Owned(undone),
        _ => text,
    }
}

/// White space folded into single spaces.
pub(crate) fn folded(text: &str) -> String {
    if is_folded(text.as_bytes()) {
        return text.to_owned();
    }
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

/// Whether nothing is to be folded; beyond ASCII where that is plain to see.
fn is_folded(text: &[u8]) -> bool {
    let mut before = b' ';
    for byte in text {
        let plain = match byte {
            b' ' => before != b' ',
            // What begins with these bytes may be white space or a control character.
            0xc2 | 0xe1..=0xe3 => false,
            _ => *byte > b' ' && *byte != 0x7f,
        };
        if !plain {
            return false;
        }
        before = *byte;
    }
    before != b' ' || text.is_empty()
}

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    // Behind the last ">" there is no tag.
    let (mut rest, tail) = text.split_at(text.rfind('>').map_or(0, |last| last + 1));
    while let Some(start) = rest.find('<') {
        plain += &rest[..start];
        let tag = &rest[start..];
        let opens = tag[1..]
            .trim_start_matches('/')
            .starts_with(|c: char| c.is_ascii_alphabetic() || c == '!');
        if let Some(end) = opens.then(|| tag.find('>')).flatten() {
            let name: String = tag[1..]
                .trim_start_matches('/')
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect();
            if matches!(
                name.to_ascii_lowercase().as_str(),
                "br" | "p" | "div" | "li" | "td"
            ) {
                plain.push(' ');
            }
            rest = &tag[end + 1..];
        } else {
            plain.push('<');
            rest = &tag[1..];
        }
    }
    plain + rest + tail
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
