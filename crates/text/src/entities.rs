//! Decoding and encoding of character references (entities). The frequent ones are decoded here;
//! HTML's full list and its rules for malformed references come from the htmlize crate.

use std::borrow::Cow;

use memchr::memchr;

/// Decodes the character references of `text` once; anything else stays as it is.
#[must_use]
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    unescape_into(&mut decoded, text);
    Cow::Owned(decoded)
}

/// Appends `text` to `decoded` with its character references decoded once.
pub fn unescape_into(decoded: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        decoded.push_str(&rest[..at]);
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
                    decoded.push(character);
                    rest = &rest[1 + length..];
                } else {
                    let length = 1 + of_an_entity(after);
                    decoded.push_str(&htmlize::unescape(&rest[..length]));
                    rest = &rest[length..];
                }
                continue;
            }
        };
        decoded.push_str(plain);
        rest = &rest[length..];
    }
    decoded.push_str(rest);
}

/// Decodes a plain numeric reference such as `#8217;`; returns the character and the length.
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
            // HTML has special rules for control characters, windows-1252 bytes and noncharacters.
            let plain = matches!(value, 0x20..0x7f | 0xa0..0xd800 | 0xe000..0xfdd0);
            let character = char::from_u32(value).filter(|_| plain)?;
            return Some((character, start + index + 1));
        } else {
            return None;
        }
    }
    None
}

/// Decodes a surrogate pair written as two references: `#55357;&#56841;`.
fn pair(after: &[u8]) -> Option<(char, usize)> {
    let (high, length) = unit(after)?;
    let (low, rest) = unit(after.get(length..)?.strip_prefix(b"&")?)?;
    let halves = char::decode_utf16([high, low]).next()?;
    Some((halves.ok()?, length + 1 + rest))
}

/// Decodes a reference to a surrogate such as `#xD83D;`; returns the UTF-16 unit and the length.
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

/// Number of bytes after an ampersand that can belong to its reference.
fn of_an_entity(after: &[u8]) -> usize {
    let mut length = usize::from(after.first() == Some(&b'#'));
    length += after[length..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    length + usize::from(after.get(length) == Some(&b';'))
}

/// Encodes `& < > " '` for HTML and XML, in text and attributes.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(is_special) {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut html, text);
    Cow::Owned(html)
}

/// Appends `text` to `html`, encoded as by [`escape`].
pub fn escape_into(html: &mut String, text: &str) {
    escape_where(html, text, is_special);
}

fn escape_where(html: &mut String, text: &str, is_special: impl Fn(u8) -> bool) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(&is_special) {
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

/// Encodes `& < > "` and leaves apostrophes: for text and attributes in double quotes.
#[must_use]
pub fn escape_html(text: &str) -> Cow<'_, str> {
    let is_special = |byte: u8| byte != b'\'' && is_special(byte);
    if !text.bytes().any(is_special) {
        return Cow::Borrowed(text);
    }
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    escape_where(&mut html, text, is_special);
    Cow::Owned(html)
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')
}

#[cfg(test)]
mod tests {
    use super::{escape, escape_html, unescape};

    #[test]
    fn references_are_decoded_as_in_html() {
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
            assert_eq!(unescape(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_decodes_what_htmlize_decodes(text in "(&|#|x|[0-9]{1,4}|;|lt|gt|amp|quot|nbsp|copy|é|notin| |[a-z]){0,30}") {
            proptest::prop_assert_eq!(unescape(&text), htmlize::unescape(text.as_str()));
        }

        #[test]
        fn decoding_reverses_encoding(text in ".{0,100}") {
            let html = escape(&text);
            proptest::prop_assert_eq!(unescape(&html), text.as_str());
            let html = escape_html(&text);
            proptest::prop_assert_eq!(unescape(&html), text.as_str());
        }
    }
}
