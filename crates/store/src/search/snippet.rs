//! Snippets: texts as runs with the matches highlighted, and the passage that shows them best.
use crate::search::analysis::Analyzer;
use crate::search::query::Highlights;

/// A run of plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Never empty.
    pub text: String,
    /// It matches the query.
    pub hit: bool,
}

/// How long a passage is, in bytes of text.
const PASSAGE: usize = 260;

/// Text before the first match, in bytes.
const LEAD: usize = 60;

/// Maximum length of the searched text, in bytes.
const LOOKED_AT: usize = 64 << 10;

pub(crate) fn title(text: &str, analyzer: &mut Analyzer, highlights: &Highlights) -> Vec<Run> {
    runs(text, &places(text, analyzer, highlights))
}

/// A word's range, and whether it is a match.
type Place = (usize, usize, bool);

fn places(text: &str, analyzer: &mut Analyzer, highlights: &Highlights) -> Vec<Place> {
    analyzer.places(text, &|form| highlights.contains(form))
}

/// The part of `text` with the most matches, the earliest if several; its beginning if there is
/// none.
pub(crate) fn snippet(text: &str, analyzer: &mut Analyzer, highlights: &Highlights) -> Vec<Run> {
    let text = &text[..text.floor_char_boundary(LOOKED_AT)];
    let words = places(text, analyzer, highlights);
    let finds: Vec<&Place> = words.iter().filter(|word| word.2).collect();
    let mut best = (0, 0);
    let mut end = 0;
    for (at, first) in finds.iter().enumerate() {
        while end < finds.len() && finds[end].1 <= first.0 + PASSAGE - LEAD {
            end += 1;
        }
        if end - at > best.0 {
            best = (end - at, first.0);
        }
    }
    let wanted = best.1.saturating_sub(LEAD);
    // Begins and ends between words.
    let from = match words.iter().find(|word| word.0 >= wanted) {
        Some(word) if wanted > 0 => word.0,
        _ => 0,
    };
    let to = match words.iter().rev().find(|word| word.1 <= from + PASSAGE) {
        Some(word) if from + PASSAGE < text.len() && word.1 > from => word.1,
        _ => text.floor_char_boundary(from + PASSAGE),
    };
    let mut shown = String::new();
    if from > 0 {
        shown.push('…');
    }
    shown.push_str(&text[from..to]);
    if to < text.len() {
        shown.push('…');
    }
    runs(&shown, &places(&shown, analyzer, highlights))
}

fn runs(text: &str, words: &[Place]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    let mut push = |text: &str, hit: bool| {
        if !text.is_empty() {
            runs.push(Run {
                text: text.to_owned(),
                hit,
            });
        }
    };
    for (from, to, _) in words.iter().filter(|word| word.2) {
        push(&text[at..*from], false);
        push(&text[*from..*to], true);
        at = *to;
    }
    push(&text[at..], false);
    runs
}
