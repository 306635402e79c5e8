//! What is said: a headline, who published it, a line or two, the link; shortened where a channel asks.

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use crate::channel::Channel;
use crate::{Preferences, Subject, clean_link};

/// Characters of the excerpt that a message carries: two lines.
const EXCERPT: usize = 200;
/// Characters of a headline, where a channel has no bound that is nearer.
const HEADLINE: usize = 300;
/// Characters of a quote, where a channel has no bound that is nearer.
const QUOTE: usize = 700;
/// A shortened excerpt or quote of fewer characters says nothing.
const LEAST: usize = 40;
/// Bytes behind a cut that are looked at for where a quotation ends.
const SEEN_BEYOND: usize = 2000;
/// Publishers of a story that are named.
const NAMED: usize = 4;
/// Stands before a line that runs from right to left, where it would else begin at the left.
const RIGHT_TO_LEFT_MARK: char = '\u{200F}';

/// How a channel counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Unicode scalar values.
    Characters,
    /// What shows as one character (UAX 29).
    Graphemes,
    /// As X counts (its `twitter-text` configuration, version 3): most letters 1, Chinese, Japanese,
    /// Korean and emoji 2, a link 23.
    Weighted,
}

/// How much a channel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// At most so many.
    pub most: usize,
    /// Of these.
    pub unit: Unit,
}

/// How long a text is, as a channel counts it.
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

/// The parts that a message is made of.
#[derive(Default)]
struct Parts {
    title: String,
    publisher: String,
    excerpt: String,
    quote: String,
    link: String,
    via: &'static str,
}

/// The channel's message about `subject`, within its limit; the link is never cut. Empty only where
/// there is nothing to say, or the channel carries no words.
pub(crate) fn of(channel: &Channel, subject: &Subject, preferences: &Preferences) -> String {
    if channel.template.is_empty() {
        return String::new();
    }
    let carries_words = channel.has_message;
    let mut parts = Parts {
        title: one_line(&subject.title),
        publisher: published_by(subject, preferences),
        excerpt: shortened(&one_line(&subject.excerpt), EXCERPT, Unit::Characters),
        quote: shortened(subject.quote.trim(), QUOTE, Unit::Characters),
        link: clean_link(&subject.url),
        via: if preferences.via && carries_words {
            "via Warta"
        } else {
            ""
        },
    };
    parts.title = shortened(&parts.title, HEADLINE, Unit::Characters);
    if !parts.quote.is_empty() {
        // The reader has chosen what stands for the article.
        parts.excerpt.clear();
    }
    let template = with_quote(&channel.template, &parts);
    if let Some(limit) = channel.limit {
        fit(&mut parts, &template, limit);
    }
    let message = rendered(&template, &parts);
    let message = if message.is_empty() {
        // An article without a headline is told by what it has.
        let rest = [&parts.excerpt, &parts.publisher, &parts.quote];
        rest.into_iter()
            .find(|part| !part.is_empty())
            .cloned()
            .unwrap_or_default()
    } else {
        message
    };
    within(&message, channel.limit)
}

/// A quote stands before all else, unless the reader's own template gives it a place.
fn with_quote(template: &str, parts: &Parts) -> String {
    if parts.quote.is_empty() || template.contains("{quote}") {
        template.to_owned()
    } else {
        format!("“{{quote}}”\n\n{template}")
    }
}

/// Shortens the parts until the message fits: first the excerpt, then the quote, who published it, the
/// headline, "via Warta". A link that alone is too long stays out as a whole.
fn fit(parts: &mut Parts, template: &str, limit: Limit) {
    if length(&parts.link, limit.unit) > limit.most {
        parts.link.clear();
    }
    let over =
        |parts: &Parts| length(&rendered(template, parts), limit.unit).saturating_sub(limit.most);
    let shorter = |text: &str, over: usize, least: usize| {
        let room = length(text, limit.unit).saturating_sub(over);
        if room < least {
            String::new()
        } else {
            shortened(text, room, limit.unit)
        }
    };
    for step in 0..5 {
        let excess = over(parts);
        if excess == 0 {
            return;
        }
        match step {
            0 => parts.excerpt = shorter(&parts.excerpt, excess, LEAST),
            1 => parts.quote = shorter(&parts.quote, excess, LEAST),
            2 if length(&parts.title, limit.unit) < excess + LEAST => parts.publisher.clear(),
            3 => parts.title = shorter(&parts.title, excess, 2),
            4 => parts.via = "",
            _ => {}
        }
    }
}

/// The template filled in. A line that has placeholders and nothing to put there goes.
fn rendered(template: &str, parts: &Parts) -> String {
    let mut message = String::new();
    // An asterisk inside of `*…*` would end it early, and so for the other marks.
    let marked = |line: &str, name: &str, value: &str| -> String {
        ["*", "_", "~"]
            .into_iter()
            .filter(|mark| line.contains(&format!("{mark}{{{name}}}{mark}")))
            .fold(value.to_owned(), |value, mark| {
                value.replace(mark, if mark == "*" { "∗" } else { "-" })
            })
    };
    for line in template.lines() {
        let mut filled = String::new();
        let mut rest = line;
        let (mut places, mut said) = (0, 0);
        while let Some(start) = rest.find('{') {
            filled += &rest[..start];
            rest = &rest[start..];
            let end = rest.find('}').map_or(rest.len(), |end| end + 1);
            let name = rest[..end].trim_matches(['{', '}']);
            let value = match name {
                "title" => &parts.title,
                "publisher" => &parts.publisher,
                "excerpt" => &parts.excerpt,
                "quote" => &parts.quote,
                "link" | "url" => &parts.link,
                _ => "",
            };
            places += 1;
            said += usize::from(!value.is_empty());
            filled += &marked(line, name, value);
            rest = &rest[end..];
        }
        filled += rest;
        if places > 0 && said == 0 {
            continue;
        }
        push_line(&mut message, &filled);
    }
    if !parts.via.is_empty() {
        push_line(&mut message, "");
        push_line(&mut message, parts.via);
    }
    message.trim_matches('\n').to_owned()
}

/// Adds a line; never two empty ones, and a mark before what runs from right to left.
fn push_line(message: &mut String, line: &str) {
    if line.is_empty() && (message.is_empty() || message.ends_with("\n\n")) {
        return;
    }
    if runs_right_to_left(line) {
        message.push(RIGHT_TO_LEFT_MARK);
    }
    message.push_str(line);
    message.push('\n');
}

/// The publisher; of a story, who reports it.
fn published_by(subject: &Subject, preferences: &Preferences) -> String {
    let all: Vec<String> = subject
        .reported_by
        .iter()
        .map(|one| one_line(one))
        .collect();
    if all.len() < 2 {
        return one_line(&subject.publisher);
    }
    let named = all[..all.len().min(NAMED)].join(", ");
    let more = all.len().saturating_sub(NAMED);
    match (preferences.language.as_str(), more) {
        ("id", 0) => format!("Diberitakan {named}"),
        ("id", more) => format!("Diberitakan {named} dan {more} lainnya"),
        (_, 0) => format!("Reported by {named}"),
        (_, more) => format!("Reported by {named} and {more} more"),
    }
}

/// The headline as a subject line takes it; what stands for it where there is none.
pub(crate) fn headline(subject: &Subject) -> String {
    let title = one_line(&subject.title);
    let title = if title.is_empty() {
        one_line(&subject.publisher)
    } else {
        title
    };
    shortened(&title, HEADLINE, Unit::Characters)
}

/// `message` within a limit: cut at the end of a sentence, else of a word, never inside a link or what
/// shows as one character.
pub(crate) fn within(message: &str, limit: Option<Limit>) -> String {
    match limit {
        Some(limit) if length(message, limit.unit) > limit.most => {
            shortened(message, limit.most, limit.unit)
        }
        _ => message.to_owned(),
    }
}

/// At most `room` of `text`, with an ellipsis where something is missing.
/// A quotation that is cut keeps both its marks.
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
    // What follows decides whether a full stop ends a sentence; a whole book is not looked at.
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
    // A link that reaches over the end goes as a whole.
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

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether most letters belong to a script that is written from right to left (Hebrew, Arabic and their
/// relatives).
pub(crate) fn runs_right_to_left(text: &str) -> bool {
    let (mut right, mut all) = (0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        all += 1;
        right += usize::from(
            matches!(c as u32, 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF),
        );
    }
    right * 2 > all
}
