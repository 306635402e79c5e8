//! Entities undone and made. The few that feeds are full of are read here; the long list of HTML's
//! others and its rules for broken ones are the htmlize crate's.

use std::borrow::Cow;

use memchr::memchr;

/// Character data with its entities undone; what is no entity stays as it is.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut undone = String::with_capacity(text.len());
    unescape_onto(&mut undone, text);
    Cow::Owned(undone)
}

/// Appends a text with its entities undone.
pub(crate) fn unescape_onto(undone: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        undone.push_str(&rest[..at]);
        rest = &rest[at..];
        let after = &rest.as_bytes()[1..];
        let (plain, length) = match after {
            [b'l', b't', b';', ..] => ("<", 4),
            [b'g', b't', b';', ..] => (">", 4),
            [b'a', b'm', b'p', b';', ..] => ("&", 5),
            [b'q', b'u', b'o', b't', b';', ..] => ("\"", 6),
            [b'a', b'p', b'o', b's', b';', ..] => ("'", 6),
            [b'n', b'b', b's', b'p', b';', ..] => ("\u{a0}", 6),
            _ => {
                if let Some((character, length)) = numbered(after).or_else(|| pair(after)) {
                    undone.push(character);
                    rest = &rest[1 + length..];
                } else {
                    let length = 1 + of_an_entity(after);
                    undone.push_str(&htmlize::unescape(&rest[..length]));
                    rest = &rest[length..];
                }
                continue;
            }
        };
        undone.push_str(plain);
        rest = &rest[length..];
    }
    undone.push_str(rest);
}

/// The character of `#8217;` where nothing is odd about it, and how long that is.
fn numbered(after: &[u8]) -> Option<(char, usize)> {
    let digits = after.strip_prefix(b"#")?;
    let (digits, radix, start) = match digits.strip_prefix(b"x") {
        Some(digits) => (digits, 16, 2),
        None => (digits, 10, 1),
    };
    let mut value = 0_u32;
    for (index, byte) in digits.iter().take(6).enumerate() {
        if let Some(digit) = char::from(*byte).to_digit(radix) {
            value = value * radix + digit;
        } else if *byte == b';' && index > 0 {
            // Controls, what Windows puts in their place, and noncharacters have rules of their own.
            let plain = matches!(value, 0x20..0x7f | 0xa0..0xd800 | 0xe000..0xfdd0);
            let character = char::from_u32(value).filter(|_| plain)?;
            return Some((character, start + index + 1));
        } else {
            return None;
        }
    }
    None
}

/// The character whose UTF-16 halves stand in two references: `#55357;&#56841;`.
fn pair(after: &[u8]) -> Option<(char, usize)> {
    let (high, length) = unit(after)?;
    let (low, rest) = unit(after.get(length..)?.strip_prefix(b"&")?)?;
    let halves = char::decode_utf16([high, low]).next()?;
    Some((halves.ok()?, length + 1 + rest))
}

/// The UTF-16 unit of `#xD83D;` where it is half of a pair, and how long the reference is.
fn unit(after: &[u8]) -> Option<(u16, usize)> {
    let digits = after.strip_prefix(b"#")?;
    let (digits, radix, start) = match digits {
        [b'x' | b'X', digits @ ..] => (digits, 16, 2),
        _ => (digits, 10, 1),
    };
    let length = digits.iter().take(9).position(|byte| *byte == b';')?;
    let digits = std::str::from_utf8(&digits[..length]).ok()?;
    let value = u16::from_str_radix(digits, radix).ok()?;
    (0xd800..0xe000)
        .contains(&value)
        .then_some((value, start + length + 1))
}

/// How many bytes behind an ampersand can belong to its entity.
fn of_an_entity(after: &[u8]) -> usize {
    let mut length = usize::from(after.first() == Some(&b'#'));
    length += after[length..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    length + usize::from(after.get(length) == Some(&b';'))
}

/// Text as HTML shows it.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(is_special) {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    escape_onto(&mut html, text);
    Cow::Owned(html)
}

/// Appends a text as HTML shows it.
pub(crate) fn escape_onto(html: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_special) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&apos;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')
}

#[cfg(test)]
mod tests {
    use super::{escaped, unescaped};

    #[test]
    fn entities_are_undone_as_html_has_them() {
        for (text, expected) in [
            (
                "&lt;p&gt;a &amp;amp; b&nbsp;c&#39;s &quot;d&quot;",
                "<p>a &amp; b\u{a0}c's \"d\"",
            ),
            (
                "&#8217;&#x2019;&#X2019;&#146;&#0;&#x110000;",
                "’’’’\u{fffd}\u{fffd}",
            ),
            ("AT&T &copy 2026 &eacute;&hellip;", "AT&T © 2026 é…"),
            ("&ampfoo; &lt &#65 &#; & &&lt;&", "&foo; < A &#; & &<&"),
            ("&#00000000065;", "A"),
            ("&#55357;&#56841; &#xD83D;&#xDE09;", "😉 😉"),
            ("&#xd83d;&#56841;&#X1F609;", "😉😉"),
            ("&#55357; &#56841;&#55357;", "\u{fffd} \u{fffd}\u{fffd}"),
            ("&#56841;&#55357;", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(unescaped(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_undoes_what_htmlize_undoes(text in "(&|#|x|[0-9]{1,4}|;|lt|gt|amp|quot|nbsp|copy|é|notin| |[a-z]){0,30}") {
            proptest::prop_assert_eq!(unescaped(&text), htmlize::unescape(text.as_str()));
        }

        #[test]
        fn what_was_escaped_is_undone(text in ".{0,100}") {
            let html = escaped(&text);
            proptest::prop_assert_eq!(unescaped(&html), text.as_str());
        }
    }
}
