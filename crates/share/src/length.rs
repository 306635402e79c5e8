//! How long a text is as a channel counts it, and how it is shortened.

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

/// Number of bytes after a cut that are read to find the end of a sentence.
const SEEN_BEYOND: usize = 2000;

/// How a channel counts text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Unicode scalar values.
    Characters,
    /// User-perceived characters (UAX 29).
    Graphemes,
    /// As counted by X (`twitter-text` configuration, version 3): most letters 1, Chinese,
    /// Japanese, Korean and emoji 2, a link 23.
    Weighted,
}

/// The maximum length of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The maximum.
    pub most: usize,
    /// Its unit.
    pub unit: Unit,
}

/// The length of a text in this unit.
#[must_use]
pub fn length(text: &str, unit: Unit) -> usize {
    match unit {
        Unit::Characters => text.chars().count(),
        Unit::Graphemes => text.graphemes(true).count(),
        Unit::Weighted => text
            .split_inclusive(char::is_whitespace)
            .map(|word| match word.find("://") {
                Some(_) if word.starts_with("http") => {
                    23 + length_of_clusters(&word[word.trim_end().len()..])
                }
                _ => length_of_clusters(word),
            })
            .sum(),
    }
}

fn length_of_clusters(text: &str) -> usize {
    text.graphemes(true).map(weight).sum()
}

fn weight(cluster: &str) -> usize {
    let is_emoji = cluster.chars().any(|c| {
        matches!(c as u32, 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x20E3 | 0xFE0F | 0xE0020..=0xE007F)
    });
    if is_emoji {
        return 2;
    }
    let light = |c: char| matches!(c as u32, 0..=0x10FF | 0x2000..=0x200D | 0x2010..=0x201F | 0x2032..=0x2037);
    cluster.chars().map(|c| if light(c) { 1 } else { 2 }).sum()
}

/// `message` within a limit: cut at the end of a sentence, else of a word, never inside a link or a
/// grapheme.
pub(crate) fn within(message: &str, limit: Option<Limit>) -> String {
    match limit {
        Some(limit) if length(message, limit.unit) > limit.most => {
            shortened(message, limit.most, limit.unit)
        }
        _ => message.to_owned(),
    }
}

/// At most `room` units of `text`, with an ellipsis if it was cut. A quotation that is cut keeps
/// both quotation marks.
pub(crate) fn shortened(text: &str, room: usize, unit: Unit) -> String {
    if length(text, unit) <= room {
        return text.to_owned();
    }
    let short = cut(text, room, unit);
    let missing = warta_text::unclosed(&short);
    if missing.is_empty() {
        return short;
    }
    let mut shorter = cut(text, room.saturating_sub(length(&missing, unit)), unit);
    let missing = warta_text::unclosed(&shorter);
    if length(&shorter, unit) + length(&missing, unit) <= room {
        shorter += &missing;
    }
    shorter
}

/// The last end of a sentence in a text's first `most` bytes.
fn sentence_end(text: &str, most: usize) -> Option<usize> {
    // What follows decides whether a full stop ends a sentence; very long texts are not read to the
    // end.
    let mut seen = text.len().min(most + SEEN_BEYOND);
    while !text.is_char_boundary(seen) {
        seen -= 1;
    }
    let ends = warta_text::sentence_ends(&text[..seen]);
    ends.into_iter().rfind(|end| *end <= most)
}

fn cut(text: &str, room: usize, unit: Unit) -> String {
    let ellipsis = length("…", unit);
    let room = room.saturating_sub(ellipsis);
    // The longest run of whole grapheme clusters that fits.
    let mut fits = 0;
    let mut count = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        count += match unit {
            Unit::Characters => cluster.chars().count(),
            Unit::Graphemes => 1,
            Unit::Weighted => weight(cluster),
        };
        if count > room {
            break;
        }
        fits = at + cluster.len();
    }
    let mut cut = fits;
    // A link across the end is removed as a whole.
    let before = text[..fits]
        .char_indices()
        .rfind(|(_, c)| c.is_whitespace());
    let word_start = before.map_or(0, |(at, space)| at + space.len_utf8());
    let word_end = text[fits..]
        .find(char::is_whitespace)
        .map_or(text.len(), |at| fits + at);
    let in_word = fits < text.len() && word_end > fits;
    if in_word && text[word_start..word_end].contains("://") {
        cut = word_start;
    }
    let head = &text[..cut];
    let half = head.len() / 2;
    if let Some(end) = sentence_end(text, cut).filter(|end| *end > half) {
        return head[..end].to_owned();
    }
    // Scripts without spaces have no word to go back to.
    let word = (cut == fits && in_word)
        .then(|| head.rfind(char::is_whitespace))
        .flatten();
    let head = word.filter(|at| *at > half).map_or(head, |at| &head[..at]);
    let head = head.trim_end();
    if ellipsis > 0 && room == 0 {
        return String::new();
    }
    format!("{head}…")
}
