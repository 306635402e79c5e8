//! Removes control characters, and direction marks that would reorder the following text.

/// Text without control characters (C0 and C1 except line feeds and tabs), without direction
/// overrides, and with directional embeddings and isolates only if they are closed in the same text
/// (Unicode Standard Annex 9, § 2).
pub(crate) fn shown_characters(text: &str) -> String {
    if !has_unseen(text.as_bytes()) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    // Start of each open embedding or isolate.
    let mut open: Vec<(usize, Mark)> = Vec::new();
    for c in text.chars() {
        match Mark::of(c) {
            None => match c {
                '\r' => shown.push('\n'),
                '\u{c}' | '\u{b}' => shown.push(' '),
                '\n' | '\t' => shown.push(c),
                '\u{feff}' => {}
                c if c.is_control() => {}
                c => shown.push(c),
            },
            Some(mark @ (Mark::Embedding | Mark::Isolate)) => {
                open.push((shown.len(), mark));
                shown.push(c);
            }
            Some(mark @ (Mark::EndOfEmbedding | Mark::EndOfIsolate)) => {
                let begins = if mark == Mark::EndOfEmbedding {
                    Mark::Embedding
                } else {
                    Mark::Isolate
                };
                if open.last().is_some_and(|(_, last)| *last == begins) {
                    open.pop();
                    shown.push(c);
                }
            }
            Some(Mark::Override) => {}
        }
    }
    for (at, _) in open.into_iter().rev() {
        shown.remove(at);
    }
    shown
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Embedding,
    Override,
    EndOfEmbedding,
    Isolate,
    EndOfIsolate,
}

impl Mark {
    fn of(c: char) -> Option<Self> {
        Some(match c {
            '\u{202a}' | '\u{202b}' => Self::Embedding,
            '\u{202c}' => Self::EndOfEmbedding,
            '\u{202d}' | '\u{202e}' => Self::Override,
            '\u{2066}'..='\u{2068}' => Self::Isolate,
            '\u{2069}' => Self::EndOfIsolate,
            _ => return None,
        })
    }
}

/// Whether there may be anything to remove; nearly all text has nothing.
fn has_unseen(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'\n' | b'\t' => false,
        0..=0x1f | 0x7f => true,
        // C1: C2 80 to C2 9F.
        0xc2 => bytes.get(at + 1).is_some_and(|next| *next < 0xa0),
        0xe2 => match bytes.get(at + 1..at + 3) {
            Some([0x80, third]) => (0xaa..=0xae).contains(third),
            Some([0x81, third]) => (0xa6..=0xa9).contains(third),
            _ => false,
        },
        0xef => bytes[at..].starts_with(b"\xef\xbb\xbf"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_shows_or_orders_text_stays() {
        for (text, expected) in [
            ("plain – text…", "plain – text…"),
            ("a\u{1b}[31mb\u{7}", "a[31mb"),
            ("a\u{0}b\u{8}c\u{7f}d\u{9b}e\u{85}f", "abcdef"),
            ("a\tb\nc\rd", "a\tb\nc\nd"),
            ("a\u{c}b", "a b"),
            ("\u{feff}a", "a"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("a\u{202e}b\u{202c}c", "abc"),
            ("a\u{202d}b", "ab"),
            ("a\u{202b}b", "ab"),
            ("a\u{2067}b\u{2066}c", "abc"),
            ("a\u{202c}b\u{2069}c", "abc"),
            ("a\u{202b}b\u{202c}c", "a\u{202b}b\u{202c}c"),
            ("a\u{2068}b\u{2069}c", "a\u{2068}b\u{2069}c"),
            ("a\u{202b}b\u{2068}c\u{2069}d", "ab\u{2068}c\u{2069}d"),
            ("a\u{2068}b\u{202b}c\u{2069}d", "abcd"),
            ("a\u{200e}b\u{200f}c\u{61c}", "a\u{200e}b\u{200f}c\u{61c}"),
        ] {
            assert_eq!(shown_characters(text), expected, "{text:?}");
            assert_eq!(shown_characters(expected), expected, "stays: {text:?}");
        }
    }
}
