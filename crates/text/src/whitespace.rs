//! White space collapsed into single spaces.

/// `text` with every run of white space collapsed into one space, and none at the ends.
#[must_use]
pub fn collapse_whitespace(text: &str) -> String {
    collapse(text, char::is_whitespace)
}

/// `text` as one line: like [`collapse_whitespace`], with control characters treated as white
/// space. The zero-width joiner stays.
#[must_use]
pub fn single_line(text: &str) -> String {
    collapse(text, |c| {
        c.is_whitespace() || (c.is_control() && c != '\u{200d}')
    })
}

fn collapse(text: &str, is_gap: impl Fn(char) -> bool) -> String {
    if is_collapsed(text.as_bytes()) {
        return text.to_owned();
    }
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split(is_gap) {
        if !word.is_empty() {
            if !collapsed.is_empty() {
                collapsed.push(' ');
            }
            collapsed += word;
        }
    }
    collapsed
}

/// Appends text with every run of white space as one space, none at the beginning or after a line
/// break.
pub(crate) fn push_collapsed(text: &mut String, mut more: &str) {
    loop {
        let is_apart = ends_apart(text);
        let (plain, rest) = more.split_at(plain_length(more.as_bytes(), is_apart));
        text.push_str(plain);
        let mut characters = rest.chars();
        match characters.next() {
            None => return,
            Some(other) if !other.is_whitespace() => text.push(other),
            Some(_) if ends_apart(text) => {}
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

fn ends_apart(text: &str) -> bool {
    text.is_empty() || text.ends_with([' ', '\n'])
}

/// Whether there is certainly nothing to collapse and no control character; `false` if in doubt.
fn is_collapsed(text: &[u8]) -> bool {
    let mut before = b' ';
    for byte in text {
        let plain = match byte {
            b' ' => before != b' ',
            // White space and control characters beyond ASCII begin with one of these bytes.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_collapsed() {
        for (text, collapsed, line) in [
            ("", "", ""),
            (" a  b\n\tc ", "a b c", "a b c"),
            ("a\u{a0}b\u{3000}c", "a b c", "a b c"),
            ("a\u{1}b\u{85}c", "a\u{1}b c", "a b c"),
            ("a\u{200d}b", "a\u{200d}b", "a\u{200d}b"),
            (
                "caf\u{e9} \u{201c}x\u{201d}",
                "caf\u{e9} \u{201c}x\u{201d}",
                "caf\u{e9} \u{201c}x\u{201d}",
            ),
        ] {
            assert_eq!(collapse_whitespace(text), collapsed, "{text:?}");
            assert_eq!(single_line(text), line, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_short_cut_changes_nothing(text in "[a-b \\n\\t\u{a0}\u{3000}\u{e9}\u{1}]{0,20}") {
            let words: Vec<&str> = text.split_whitespace().collect();
            proptest::prop_assert_eq!(collapse_whitespace(&text), words.join(" "));
        }
    }
}
