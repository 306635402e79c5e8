//! Plain text from sanitised HTML, for the search index and its snippets. One pass in linear time.

/// Maximum length of an article's indexed text, in bytes.
pub(crate) const LONGEST: usize = 1 << 20;

/// The text of sanitised HTML: tags become spaces or nothing, character references are decoded.
pub(crate) fn of_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len().min(LONGEST) / 2);
    let mut rest = html;
    while text.len() < LONGEST {
        let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) else {
            push(&mut text, rest);
            break;
        };
        push(&mut text, &rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (decoded, length) = reference(rest);
            match decoded {
                Some('\u{a0}') => push(&mut text, " "),
                Some(character) => text.push(character),
                None => text.push('&'),
            }
            rest = &rest[length..];
        } else if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) {
            if !is_inline(&rest[1..]) {
                push(&mut text, " ");
            }
            rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
        } else {
            text.push('<');
            rest = &rest[1..];
        }
    }
    let kept = text.trim_end().len();
    text.truncate(kept);
    text
}

/// Appends text with its white space collapsed.
fn push(text: &mut String, mut more: &str) {
    loop {
        let is_apart = text.is_empty() || text.ends_with(' ');
        let (plain, rest) = more.split_at(plain_length(more.as_bytes(), is_apart));
        text.push_str(plain);
        let mut characters = rest.chars();
        match characters.next() {
            None => return,
            Some(other) if !other.is_whitespace() => text.push(other),
            Some(_) if text.is_empty() || text.ends_with(' ') => {}
            Some(_) => text.push(' '),
        }
        more = characters.as_str();
    }
}

/// Length of the beginning of a text that needs no collapsing, in bytes. `after_space`: whether it
/// follows a space.
fn plain_length(bytes: &[u8], after_space: bool) -> usize {
    let mut before = if after_space { SPACE } else { PLAIN };
    let is_plain = |byte: &&u8| {
        let sign = SIGNS[usize::from(**byte)];
        // A second space, or possibly another white space.
        let ends = sign & (before | DOUBTFUL);
        before = sign;
        ends == 0
    };
    bytes.iter().take_while(is_plain).count()
}

const PLAIN: u8 = 0;

const SPACE: u8 = 1;

/// White space other than a space, or its first byte.
const DOUBTFUL: u8 = 2;

/// Classes of bytes.
static SIGNS: [u8; 256] = {
    let mut signs = [PLAIN; 256];
    let mut byte = 0_u8;
    loop {
        signs[byte as usize] = match byte {
            b' ' => SPACE,
            // White space beyond ASCII begins with one of these.
            0xc2 | 0xe1..=0xe3 => DOUBTFUL,
            control if control.is_ascii_control() => DOUBTFUL,
            _ => PLAIN,
        };
        if byte == u8::MAX {
            break signs;
        }
        byte += 1;
    }
};

/// Inline tags.
fn is_inline(tag: &str) -> bool {
    const INLINE: &[&str] = &[
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "kbd", "mark", "q", "s",
        "small", "span", "strong", "sub", "sup", "u", "wbr",
    ];
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let end = tag
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(tag.len());
    INLINE
        .iter()
        .any(|inline| inline.eq_ignore_ascii_case(&tag[..end]))
}

/// Decodes a character reference at the start of `text`; returns its length too.
fn reference(text: &str) -> (Option<char>, usize) {
    let limit = text.char_indices().nth(12).map_or(text.len(), |(at, _)| at);
    let Some(end) = text[..limit].find(';') else {
        return (None, 1);
    };
    let name = &text[1..end];
    let decoded = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        "shy" => Some('\u{ad}'),
        "mdash" => Some('—'),
        "ndash" => Some('–'),
        "hellip" => Some('…'),
        "lsquo" => Some('‘'),
        "rsquo" => Some('’'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        _ => numeric(name),
    };
    decoded.map_or((None, 1), |character| (Some(character), end + 1))
}

fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}

/// Escapes text for HTML and XML, including attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            // Not representable in XML.
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text() {
        for (html, text) in [
            ("<p>Satu</p><p>dua</p>", "Satu dua"),
            (
                "ha<b>lf</b> a&nbsp;word &amp; &#8212; &#x41;",
                "half a word & — A",
            ),
            ("3 < 4 &unknown; & more", "3 < 4 &unknown; & more"),
            ("<p>cut <a href=\"x", "cut"),
            ("<ul><li>a</li><li>b</li></ul>", "a b"),
            ("  a \t b\u{2003}\u{3000}é “c”\n ", "a b é “c”"),
            ("&#0;&#xD800;&#99999999999;", "\u{0}&#xD800;&#99999999999;"),
        ] {
            assert_eq!(of_html(html), text, "{html}");
        }
    }
}
