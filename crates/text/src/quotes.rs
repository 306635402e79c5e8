//! Pairs of quotation marks. Apostrophes look like single closing marks, so single marks are
//! ignored, except when sentences are searched inside of them.

use std::borrow::Cow;

/// Maximum length of a quotation that is kept together, in characters.
const LONGEST: usize = 600;

/// The closing marks of an opening mark.
fn closers(open: char) -> &'static [char] {
    match open {
        '"' => &['"'],
        '“' => &['”'],
        '„' => &['“', '”'],
        '«' => &['»'],
        '(' => &[')'],
        _ => &[],
    }
}

/// Whether the mark at `at` is an opening one: after white space or nothing, and before a word.
fn opens(text: &str, at: usize, mark: char) -> bool {
    let before = text[..at].chars().next_back();
    let after = text[at + mark.len_utf8()..].chars().next();
    let behind_gap = before.is_none_or(|c| c.is_whitespace() || "([{—–-/“„«:".contains(c));
    match mark {
        '"' => behind_gap && after.is_some_and(|c| !c.is_whitespace()),
        '“' | '„' | '«' | '(' => true,
        _ => false,
    }
}

/// The end of the quotation or bracket that opens at `at`, after its closing mark. `None` if
/// nothing opens there, or the end is not on the same line or too far away.
pub(crate) fn quotation_end(text: &str, at: usize, mark: char) -> Option<usize> {
    let ends = closers(mark);
    if ends.is_empty() || !opens(text, at, mark) {
        return None;
    }
    let start = at + mark.len_utf8();
    for (offset, c) in text[start..].char_indices().take(LONGEST) {
        let here = start + offset;
        if c == '\n' {
            return None;
        }
        if ends.contains(&c) && !(c == '"' && opens(text, here, c)) {
            return Some(here + c.len_utf8());
        }
        // Another one opens first: this one is never closed.
        if c == mark {
            return None;
        }
    }
    None
}

/// The missing closing marks and the missing opening marks of a text, in the order in which they
/// are to be added.
fn unpaired(text: &str) -> (String, String) {
    let mut open: Vec<char> = Vec::new();
    let mut missing = String::new();
    for (at, c) in text.char_indices() {
        match c {
            '"' if opens(text, at, c) && !open.contains(&'"') => open.push(c),
            '“' if open.last() == Some(&'„') => {
                open.pop();
            }
            '“' | '„' | '«' => open.push(c),
            '"' | '”' | '»' => {
                let pair = open.iter().rposition(|mark| closers(*mark).contains(&c));
                if let Some(pair) = pair {
                    open.truncate(pair);
                } else if c != '"' {
                    missing.insert(0, if c == '”' { '“' } else { '«' });
                } else if !text[..at].ends_with(|c: char| c.is_ascii_digit()) {
                    // After a digit it means inches.
                    missing.insert(0, '"');
                }
            }
            _ => {}
        }
    }
    let close = open.iter().rev().filter_map(|mark| closers(*mark).last());
    (missing, close.collect())
}

/// The missing closing quotation marks of a text.
#[must_use]
pub fn unclosed(text: &str) -> String {
    unpaired(text).1
}

/// The text with the missing marks of truncated quotations added.
#[must_use]
pub fn balanced(text: &str) -> Cow<'_, str> {
    let (open, close) = unpaired(text);
    if open.is_empty() && close.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{open}{text}{close}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_quotation_has_both_its_marks() {
        for (text, whole) in [
            ("\"Kami siap.", "\"Kami siap.\""),
            (
                "Kami berangkat,\" kata Yani.",
                "\"Kami berangkat,\" kata Yani.",
            ),
            ("“We are ready.", "“We are ready.”"),
            ("We leave,” she said.", "“We leave,” she said."),
            ("Ia menyebut \"baik", "Ia menyebut \"baik\""),
            ("„Wir sind bereit.", "„Wir sind bereit.”"),
            ("„Bereit“, sagte er.", "„Bereit“, sagte er."),
            ("«Nous partons", "«Nous partons»"),
            ("\"Siap,\" kata Yani. \"Ayo", "\"Siap,\" kata Yani. \"Ayo\""),
            // Paired, or no quotation at all.
            ("\"Siap,\" kata Yani.", "\"Siap,\" kata Yani."),
            ("Layar 15\" itu pecah.", "Layar 15\" itu pecah."),
            ("It’s the workers’ day.", "It’s the workers’ day."),
            ("tanpa kutipan", "tanpa kutipan"),
            ("", ""),
        ] {
            assert_eq!(balanced(text), whole, "{text}");
        }
    }

    proptest! {
        #[test]
        fn balanced_quotes_do_not_change(text in "[a-z \".,0-9]{0,40}|[a-z “”.,]{0,40}|[a-z «».]{0,40}") {
            let once = balanced(&text).into_owned();
            prop_assert!(once.contains(text.as_str()));
            prop_assert!(unclosed(&once).is_empty(), "{:?} {:?}", text, once);
        }
    }
}
