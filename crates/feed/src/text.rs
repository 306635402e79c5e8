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

/// HTML that was escaped once or twice too often, undone.
pub(crate) fn unescaped_again(html: Cow<'_, str>) -> Cow<'_, str> {
    match markup_in(&html) {
        Some(markup) if !has_tag(&html) => Cow::Owned(markup),
        _ => html,
    }
}

/// The markup that a text is once its entities are undone, if it begins with it. A text that merely
/// speaks of tags begins with words.
pub(crate) fn markup_in(text: &str) -> Option<String> {
    let mut undone = Cow::Borrowed(text.trim());
    for _ in 0..2 {
        if !undone.starts_with("&amp;lt;") && !undone.starts_with("&lt;") {
            return None;
        }
        undone = Cow::Owned(unescaped(&undone).into_owned());
        if undone.starts_with('<') && has_tag(&undone) {
            return Some(undone.into_owned());
        }
    }
    None
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
    if has_tag(&current) {
        current = Cow::Owned(without_any_tag(current.into_owned()));
    }
    folded(&current)
}

/// A text without tags though they hide in each other or were escaped more often than is met.
fn without_any_tag(mut text: String) -> String {
    for _ in 0..3 {
        text = without_tags(&text);
        if !has_tag(&text) {
            return text;
        }
    }
    text.replace('<', "")
}

/// Undoes a common accident: UTF-8 that was taken for Latin-1 and encoded again ("actualitÃ©s"). What
/// reads as UTF-8 after undoing was hardly meant otherwise.
pub(crate) fn mended(text: Cow<'_, str>) -> Cow<'_, str> {
    // Ã, Â, â, Ð, Ñ, Å, Ä: each begins with this byte.
    let bytes = text.as_bytes();
    let accident = |at: usize| matches!(bytes.get(at + 1), Some(0x82..=0x85 | 0x90 | 0x91 | 0xA2));
    if !memchr_iter(0xC3, bytes).any(accident) {
        return text;
    }
    // In text that is as it was meant, the first letter beyond ASCII ends this.
    let mut following = 0;
    for c in text.chars() {
        following = match (following, c) {
            (0, '\0'..='\u{7f}') => 0,
            (0, '\u{c2}'..'\u{e0}') => 1,
            (0, '\u{e0}'..'\u{f0}') => 2,
            (0, '\u{f0}'..'\u{f5}') => 3,
            (1.., '\u{80}'..'\u{c0}') => following - 1,
            _ => return text,
        };
    }
    let undone = text.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    String::from_utf8(undone).map_or(text, Cow::Owned)
}

/// White space folded into single spaces, control characters too.
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
            rest = &tag[end + 1..];
            match name.to_ascii_lowercase().as_str() {
                "br" | "p" | "div" | "li" | "td" => plain.push(' '),
                // Ten to the power of six is not 106; text browsers write it so too.
                "sup" if !tag.starts_with("</") && is_power(&plain, rest) => plain.push('^'),
                _ => {}
            }
        } else {
            plain.push('<');
            rest = &tag[1..];
        }
    }
    plain + rest + tail
}

/// Whether what is raised here is a number behind a letter or another number.
fn is_power(before: &str, raised: &str) -> bool {
    let raised = raised.trim_start_matches(['-', '+', '−']);
    before.ends_with(char::is_alphanumeric) && raised.starts_with(|c: char| c.is_ascii_digit())
}

/// Plain text as HTML.
pub(crate) fn as_html(text: &str) -> String {
    escaped(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{mended, plain};

    #[test]
    fn text_that_was_encoded_twice_is_mended() {
        for (text, expected) in [
            ("actualitÃ©s", "actualités"),
            ("Ã\u{a0} lâ\u{80}\u{99}heure", "à l’heure"),
            ("ÐŸ ÃŸ", "ÐŸ ÃŸ"),
            ("château Â«", "château Â«"),
            ("Â« ArrÃªt Â»", "« Arrêt »"),
            ("São João, Pâris", "São João, Pâris"),
            ("日本 Ã©", "日本 Ã©"),
        ] {
            assert_eq!(mended(text.into()), expected, "{text}");
        }
    }

    #[test]
    fn titles_are_plain_text_however_they_are_escaped() {
        for (text, expected) in [
            ("AT&T", "AT&T"),
            ("AT&amp;T", "AT&T"),
            ("AT&amp;amp;T", "AT&T"),
            ("<b>Tebal</b> sekali", "Tebal sekali"),
            ("&lt;b&gt;Tebal&lt;/b&gt;", "Tebal"),
            ("&amp;amp;lt;b&amp;amp;gt;Tebal", "Tebal"),
            ("<<<<<<b>b>b>b>b>b> a", "a"),
            ("2 < 3 dan 5 > 4", "2 < 3 dan 5 > 4"),
            ("a <3 b", "a <3 b"),
            ("  spasi \n banyak ", "spasi banyak"),
            ("a\u{a0}b\u{0}c\u{85}", "a b c"),
            ("10<sup>6</sup> ft<sup>2</sup>", "10^6 ft^2"),
            ("&lt;sup&gt;6&lt;/sup&gt; 1<sup>st</sup>", "6 1st"),
            ("caf&eacute; &#8211; &#x201c;x&#x201d;", "café – “x”"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
