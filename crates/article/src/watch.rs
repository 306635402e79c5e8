//! Page watch: the text of a part of a page, and a readable difference of two versions of it.
//!
//! White space never counts. Left out of the comparison, since they change without anyone having
//! written anything: relative times ("3 hours ago"), counters of views, shares, comments and the
//! like in short lines, running clocks, and lines that say when the page was made or updated. Other
//! numbers and times always count: a price or the hour of a meeting is what a reader watches.
//! Deliberately absent: fetching, and pictures, which have no text to compare.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use url::Url;
use warta_text::{collapse_whitespace, escape_html, sentence_ends};

use crate::dom::ROOT;
use crate::hidden::{Hidden, Surroundings};
use crate::model::SafeHtml;
use crate::page::decode;
use crate::parse::{NodeId, Tree};
use crate::sanitize::{self, Selection, bounded};
use crate::sections::Selector;
use crate::signs::shown_characters;

/// Maximum number of units (sentences or lines) of a version that are compared.
const MAX_UNITS: usize = 2500;
/// Maximum number of words of a changed sentence that are compared one by one.
const MAX_WORDS: usize = 400;
/// Length above which a line is compared by sentence, in bytes.
const LONG_LINE: usize = 160;
/// Number of unchanged units shown around a change.
const CONTEXT: usize = 1;
/// Minimum share of words that two sentences have in common to be shown as one that changed.
const SAME_SENTENCE: f32 = 0.5;
/// Maximum length of a line with a counter, in bytes.
const LONGEST_COUNTER: usize = 80;

/// A watched part of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatchedPart {
    /// Plain text, a blank line between blocks: what is kept to be compared with the next version.
    pub text: String,
    /// The part as safe HTML.
    pub html: SafeHtml,
}

/// A change between two versions of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What was added (`ins`) and removed (`del`), a paragraph each, with the sentence before and
    /// after; `…` where unchanged text is left out.
    pub html: SafeHtml,
    /// The first added text, else the first removed one, as a title.
    pub summary: String,
    /// Number of added sentences or lines; a changed one counts as added and removed.
    pub added: u32,
    /// Number of removed sentences or lines.
    pub removed: u32,
}

/// The part of a page that `selector` matches; its elements in document order. `None` if it matches
/// nothing visible, which is not the same as an empty part.
#[must_use]
pub fn watched_part(
    bytes: &[u8],
    url: Option<&str>,
    content_type: Option<&str>,
    selector: &Selector,
) -> Option<WatchedPart> {
    let html = decode(bytes, content_type);
    let tree = Tree::of_document(bounded(&html));
    let hidden = Hidden::of(&tree, Surroundings::Page);
    let parts = outermost(&tree, selector.select(&tree), &hidden);
    if parts.is_empty() {
        return None;
    }
    let base = url.and_then(|url| Url::parse(url).ok());
    let (mut texts, mut html) = (Vec::new(), String::new());
    for part in &parts {
        let selection = Selection {
            parts: std::slice::from_ref(part),
            ..Selection::all()
        };
        let mut dom = sanitize::clean_parts(&tree, &selection, &hidden, base.as_ref());
        crate::normalize::paragraphs_from_breaks(&mut dom);
        texts.push(shown_characters(&dom.plain_text(ROOT)));
        html.extend(["<div>", &dom.to_html(), "</div>"]);
    }
    Some(WatchedPart {
        text: texts.join("\n"),
        html: crate::sanitize(&html, None),
    })
}

/// The elements that are in no other one, without hidden ones.
fn outermost(tree: &Tree, nodes: Vec<NodeId>, hidden: &Hidden) -> Vec<NodeId> {
    let ancestors = |node: NodeId| std::iter::successors(tree.parent(node), |id| tree.parent(*id));
    let chosen: std::collections::HashSet<NodeId> = nodes.iter().copied().collect();
    nodes
        .into_iter()
        .filter(|node| !hidden.has(*node))
        .filter(|node| !ancestors(*node).any(|id| chosen.contains(&id) || hidden.has(id)))
        .collect()
}

/// The difference of two texts of [`WatchedPart`]; `None` if nothing changed that counts.
#[must_use]
pub fn difference(before: &str, after: &str) -> Option<Difference> {
    let (old, new) = (units(before), units(after));
    let keys = |units: &[String]| -> Vec<String> { units.iter().map(|unit| key(unit)).collect() };
    let (old_keys, new_keys) = (keys(&old), keys(&new));
    if old_keys == new_keys {
        return None;
    }
    let ops = capture_diff_slices(Algorithm::Myers, &old_keys, &new_keys);
    let mut shown = Shown::default();
    for op in &ops {
        match *op {
            DiffOp::Equal { new_index, len, .. } => shown.equal(&new[new_index..new_index + len]),
            DiffOp::Delete {
                old_index, old_len, ..
            } => shown.replaced(&old[old_index..old_index + old_len], &[]),
            DiffOp::Insert {
                new_index, new_len, ..
            } => shown.replaced(&[], &new[new_index..new_index + new_len]),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => shown.replaced(
                &old[old_index..old_index + old_len],
                &new[new_index..new_index + new_len],
            ),
        }
    }
    if shown.added + shown.removed == 0 {
        return None;
    }
    Some(Difference {
        html: crate::sanitize(&shown.html, None),
        summary: shown.first_added.or(shown.first_removed)?,
        added: shown.added,
        removed: shown.removed,
    })
}

/// A text as lines, long ones by sentence.
fn units(text: &str) -> Vec<String> {
    let mut units = Vec::new();
    for line in text.lines() {
        let line = collapse_whitespace(line);
        if line.is_empty() {
            continue;
        }
        if line.len() <= LONG_LINE {
            units.push(line);
        } else {
            let mut start = 0;
            for end in sentence_ends(&line).into_iter().chain([line.len()]) {
                let sentence = line[start..end].trim();
                if !sentence.is_empty() {
                    units.push(sentence.to_owned());
                }
                start = end;
            }
        }
        if units.len() >= MAX_UNITS {
            units.truncate(MAX_UNITS);
            break;
        }
    }
    units
}

/// The HTML of a difference as it grows.
#[derive(Default)]
struct Shown {
    html: String,
    first_added: Option<String>,
    first_removed: Option<String>,
    added: u32,
    removed: u32,
    /// Unchanged units since the last change.
    waiting: Vec<String>,
}

impl Shown {
    fn equal(&mut self, units: &[String]) {
        let has_change = self.added + self.removed > 0;
        if has_change {
            for unit in units.iter().take(CONTEXT) {
                self.paragraph(&escape_html(unit));
            }
        }
        let skipped = if has_change { CONTEXT } else { 0 };
        self.waiting = units.iter().skip(skipped).cloned().collect();
    }

    fn paragraph(&mut self, html: &str) {
        self.html.extend(["<p>", html, "</p>"]);
    }

    /// The unchanged units before a change.
    fn lead(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let from = waiting.len().saturating_sub(CONTEXT);
        if from > 0 {
            self.paragraph("…");
        }
        for unit in &waiting[from..] {
            self.paragraph(&escape_html(unit));
        }
    }

    fn replaced(&mut self, old: &[String], new: &[String]) {
        self.lead();
        for unit in old {
            self.first_removed.get_or_insert_with(|| unit.clone());
        }
        for unit in new {
            self.first_added.get_or_insert_with(|| unit.clone());
        }
        self.removed += old.len() as u32;
        self.added += new.len() as u32;
        // A sentence that changed is shown once, with the words that differ.
        let mut rest = new.iter().peekable();
        for unit in old {
            if let Some(next) = rest.peek()
                && let Some(html) = changed_words(unit, next)
            {
                self.paragraph(&html);
                rest.next();
            } else {
                self.paragraph(&format!("<del>{}</del>", escape_html(unit)));
            }
        }
        for unit in rest {
            self.paragraph(&format!("<ins>{}</ins>", escape_html(unit)));
        }
    }
}

/// Two versions of one sentence; `None` if they have too little in common.
fn changed_words(old: &str, new: &str) -> Option<String> {
    let words = |text: &str| -> Vec<String> {
        text.split(' ')
            .take(MAX_WORDS + 1)
            .map(str::to_owned)
            .collect()
    };
    let (old, new) = (words(old), words(new));
    if old.len() > MAX_WORDS || new.len() > MAX_WORDS {
        return None;
    }
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    if similar::get_diff_ratio(&ops, old.len(), new.len()) < SAME_SENTENCE {
        return None;
    }
    let mut parts = Vec::new();
    for op in &ops {
        let (from, to) = (&old[op.old_range()], &new[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            parts.push(escape_html(&to.join(" ")).to_string());
            continue;
        }
        if !from.is_empty() {
            parts.push(format!("<del>{}</del>", escape_html(&from.join(" "))));
        }
        if !to.is_empty() {
            parts.push(format!("<ins>{}</ins>", escape_html(&to.join(" "))));
        }
    }
    Some(parts.join(" "))
}

/// What of a unit counts: in two units with one key nothing changed.
fn key(unit: &str) -> String {
    let low = unit.to_lowercase();
    if is_running_clock(&low) || is_update_note(&low) {
        return String::from("\u{1}");
    }
    let low = without_relative_times(&low);
    if low.len() <= LONGEST_COUNTER && has_counter(&low) {
        return without_numbers(&low);
    }
    // Letters in another case are a change.
    if low == unit.to_lowercase() {
        unit.to_owned()
    } else {
        low
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// A clock with seconds and nothing else but a date.
fn is_running_clock(low: &str) -> bool {
    let is_clock = |word: &str| {
        let parts: Vec<&str> = word.split([':', '.']).collect();
        parts.len() == 3
            && parts
                .iter()
                .all(|part| part.len() <= 2 && is_number(part) && !part.is_empty())
            && word.contains(':')
    };
    let of_date = |word: &str| {
        is_number(word)
            || warta_text::month(&folded(word)).is_some()
            || warta_text::weekday(&folded(word)).is_some()
            || matches!(
                word,
                "am" | "pm"
                    | "wib"
                    | "wita"
                    | "wit"
                    | "utc"
                    | "gmt"
                    | "jam"
                    | "pukul"
                    | "hari"
                    | "tanggal"
                    | "jumat"
                    | "time"
                    | "date"
                    | "waktu"
                    | "server"
                    | "kamis"
            )
    };
    low.split_whitespace()
        .any(|word| is_clock(word.trim_matches(',')))
        && words(low).all(of_date)
}

fn folded(word: &str) -> String {
    word.chars().map(warta_text::base_letter).collect()
}

/// A line that says when the page was made.
fn is_update_note(low: &str) -> bool {
    const STARTS: [&str; 16] = [
        "last updated",
        "last update",
        "updated:",
        "updated at",
        "updated on",
        "last modified",
        "page generated",
        "generated in",
        "generated at",
        "rendered in",
        "terakhir diperbarui",
        "diperbarui:",
        "diperbarui pada",
        "pembaruan terakhir",
        "update terakhir",
        "waktu server",
    ];
    low.len() <= LONGEST_COUNTER
        && STARTS.iter().any(|start| low.starts_with(start))
        && low.contains(|c: char| c.is_ascii_digit())
}

/// Words beside the numbers that count readers and reactions.
fn has_counter(low: &str) -> bool {
    const WORDS: [&str; 32] = [
        "views",
        "view",
        "shares",
        "likes",
        "comments",
        "comment",
        "komentar",
        "dibaca",
        "dilihat",
        "pembaca",
        "pengunjung",
        "visitors",
        "visits",
        "hits",
        "reads",
        "followers",
        "pengikut",
        "subscribers",
        "downloads",
        "diunduh",
        "unduhan",
        "votes",
        "reactions",
        "replies",
        "retweets",
        "penayangan",
        "tayangan",
        "kunjungan",
        "suka",
        "dibagikan",
        "online",
        "pageviews",
    ];
    low.contains(|c: char| c.is_ascii_digit())
        && words(low).any(|word| WORDS.contains(&word))
        && words(low).count() <= 8
}

fn without_numbers(low: &str) -> String {
    words(low)
        .filter(|word| {
            !word.starts_with(|c: char| c.is_ascii_digit())
                && !matches!(*word, "k" | "rb" | "jt" | "m")
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text without "3 hours ago", "just now", "2 jam (yang) lalu", "baru saja".
fn without_relative_times(low: &str) -> String {
    const UNITS: [&str; 29] = [
        "second", "seconds", "sec", "secs", "minute", "minutes", "min", "mins", "hour", "hours",
        "hr", "hrs", "day", "days", "week", "weeks", "month", "months", "year", "years", "detik",
        "menit", "jam", "hari", "minggu", "bulan", "tahun", "h", "m",
    ];
    let words: Vec<&str> = low.split(' ').collect();
    let bare = |at: usize| {
        words
            .get(at)
            .map_or("", |word| word.trim_matches(|c: char| !c.is_alphanumeric()))
    };
    let mut kept: Vec<&str> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let first = bare(at);
        let is_count =
            is_number(first) && !first.is_empty() || matches!(first, "a" | "an" | "one" | "satu");
        let length = if is_count && UNITS.contains(&bare(at + 1)) {
            match (bare(at + 2), bare(at + 3)) {
                ("ago" | "lalu", _) => 3,
                ("yang", "lalu") => 4,
                _ => 0,
            }
        } else if matches!((first, bare(at + 1)), ("just", "now") | ("baru", "saja"))
            && words.len() <= 6
        {
            2
        } else {
            0
        };
        if length == 0 {
            kept.push(words[at]);
            at += 1;
        } else {
            kept.push("\u{2}");
            at += length;
        }
    }
    kept.join(" ")
}
