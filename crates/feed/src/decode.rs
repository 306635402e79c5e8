//! From bytes to text, by byte order mark, HTTP charset, the document's own declaration and
//! detection, in that order (RFC 7303 § 3; in contrast to it, a charset that does not fit the bytes
//! is ignored).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::memchr;
use warta_text::assigned_value;

/// Length of the beginning that is searched for a charset declaration, in bytes.
const PROLOGUE: usize = 1024;
/// Begins an escape sequence of ISO-2022-JP.
const ESCAPE: u8 = 0x1b;

/// Decodes a document. Never fails: bytes that fit no charset become replacement characters.
pub(crate) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Some(text) = utf32(bytes) {
        return Cow::Owned(text);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Some(encoding) = utf16_by_shape(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    // Non-ASCII text that is valid UTF-8 is hardly ever anything else, while documents saved as
    // UTF-8 often keep an older declaration. Pure ASCII can only be something else in ISO-2022-JP.
    let utf8 = simdutf8::basic::from_utf8(bytes);
    if let Ok(text) = utf8
        && (memchr(ESCAPE, bytes).is_none() || !bytes.is_ascii())
    {
        return Cow::Borrowed(text);
    }
    let named = [content_type.and_then(charset_of), declared(bytes)];
    let named = named.map(|label| Encoding::for_label(label?.as_bytes()));
    // XML without a declaration is UTF-8, even if a few bytes are damaged: text in another charset
    // is never this close to valid UTF-8.
    let says_utf8 = named
        .iter()
        .flatten()
        .next()
        .is_none_or(|encoding| *encoding == UTF_8);
    if utf8.is_err() && is_damaged_utf8(bytes, says_utf8) {
        return UTF_8.decode_without_bom_handling(bytes).0;
    }
    for encoding in named.into_iter().flatten() {
        // A declaration that is readable as bytes cannot be UTF-16.
        let encoding = Some(encoding).filter(|e| *e != UTF_16LE && *e != UTF_16BE);
        if let Some(encoding) = encoding
            && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
        {
            return text;
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Deny);
    let encoding = if encoding == UTF_8 {
        WINDOWS_1252
    } else {
        encoding
    };
    encoding.decode_without_bom_handling(bytes).0
}

/// The charset of a `Content-Type`.
fn charset_of(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']).to_owned())
            .filter(|value| !value.is_empty())
    })
}

/// The charset of the XML declaration, or of an HTML page's `meta`.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PROLOGUE)]).to_ascii_lowercase();
    let xml = head.find("<?xml").and_then(|start| {
        let declaration = head[start..].split("?>").next()?;
        assigned_value(declaration, "encoding").map(str::to_owned)
    });
    xml.or_else(|| {
        let meta = head.find("<meta")?;
        assigned_value(&head[meta..], "charset").map(str::to_owned)
    })
}

/// Recognises UTF-16 without a byte order mark by its first character, which is ASCII.
fn utf16_by_shape(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, second, 0, ..] if *second != 0 => Some(UTF_16LE),
        [0, b'<', 0, second, ..] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

fn utf32(bytes: &[u8]) -> Option<String> {
    let big = match bytes {
        [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, b'<', ..] => true,
        [0xFF, 0xFE, 0, 0, ..] | [b'<', 0, 0, 0, ..] => false,
        _ => return None,
    };
    let text: String = bytes
        .chunks_exact(4)
        .map(|unit| {
            let unit = [unit[0], unit[1], unit[2], unit[3]];
            let value = if big {
                u32::from_be_bytes(unit)
            } else {
                u32::from_le_bytes(unit)
            };
            char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect();
    Some(text.trim_start_matches('\u{FEFF}').to_owned())
}

/// Whether the bytes are UTF-8 with a few errors. If they are declared as UTF-8, at least as many
/// sequences must be valid as invalid; otherwise many more. Truncated sequences count as valid.
fn is_damaged_utf8(bytes: &[u8], is_said: bool) -> bool {
    let (mut whole, mut cut, mut broken) = (0_usize, 0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid().as_bytes();
        whole += valid.iter().filter(|byte| **byte >= 0xc0).count();
        match chunk.invalid() {
            [] => {}
            [_, _, ..] => cut += 1,
            // The document was truncated within this sequence.
            [0xc2..=0xff] if bytes.as_ptr_range().end == chunk.invalid().as_ptr_range().end => {
                cut += 1;
            }
            [_] => broken += 1,
        }
    }
    match (whole + cut, is_said) {
        (0, _) => false,
        (for_it, true) => for_it >= broken,
        (for_it, false) => for_it > broken * 20,
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn a_broken_byte_costs_one_character() {
        let xml = |label: &str| format!("<?xml version=\"1.0\"{label}?><a>");
        let utf8 = " encoding=\"utf-8\"";
        for (label, text, content_type, expected) in [
            (
                utf8,
                b"caf\xc3\xa9 \xe2\x80</a>".as_slice(),
                None,
                "café \u{fffd}</a>",
            ),
            (
                utf8,
                b"\xe2\x80\x9ckata\xff</a>".as_slice(),
                None,
                "“kata\u{fffd}</a>",
            ),
            (
                "",
                b"a \xe2\x80</a>".as_slice(),
                Some("text/xml; charset=UTF-8"),
                "a \u{fffd}</a>",
            ),
            (
                "",
                b"\xc3\xa9\xc3\xa8\x80</a>".as_slice(),
                None,
                "éè\u{fffd}</a>",
            ),
            // In Latin-1 letters beyond ASCII follow each other seldom, and never in this order.
            (
                utf8,
                b"caf\xe9, na\xefve</a>".as_slice(),
                None,
                "café, naïve</a>",
            ),
        ] {
            let bytes = [xml(label).as_bytes(), text].concat();
            let text = decode(&bytes, content_type);
            assert!(text.ends_with(expected), "{text}");
        }
        let many = ["é".repeat(50).as_bytes(), b"\xe9"].concat();
        let text = decode(&many, Some("text/xml; charset=iso-8859-1")).into_owned();
        assert!(
            text.starts_with("éé"),
            "UTF-8 declared as another charset, with one invalid byte: {text}"
        );
    }

    #[test]
    fn text_is_read_in_the_charset_it_is_in() {
        let declared = |label: &str| format!("<?xml version=\"1.0\" encoding=\"{label}\"?><a>caf");
        let latin = [declared("iso-8859-1").as_bytes(), b"\xe9</a>"].concat();
        let wrong = [declared("utf-8").as_bytes(), b"\xe9</a>"].concat();
        let utf16: Vec<u8> = "<a>café</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let utf32: Vec<u8> = "<a>café</a>"
            .chars()
            .flat_map(|c| (c as u32).to_be_bytes())
            .collect();
        for (bytes, content_type) in [
            (latin.as_slice(), None),
            (wrong.as_slice(), None),
            ("<a>café</a>".as_bytes(), None),
            (
                "\u{FEFF}<a>café</a>".as_bytes(),
                Some("text/xml; charset=iso-8859-1"),
            ),
            (
                b"<a>caf\xe9</a>".as_slice(),
                Some("text/xml; charset=\"ISO-8859-1\""),
            ),
            ("<a>café</a>".as_bytes(), Some("text/xml; charset=bogus")),
            (utf16.as_slice(), None),
            (utf32.as_slice(), None),
        ] {
            let text = decode(bytes, content_type);
            assert!(text.contains("café"), "{text} from {bytes:?}");
        }
    }
}
