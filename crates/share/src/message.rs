//! What is said: a headline, who published it, a line or two, the link.

use unicode_segmentation::UnicodeSegmentation;

use crate::channel::Channel;
use crate::{Preferences, Subject, clean_link};

/// Characters of the excerpt that a message carries.
const EXCERPT: usize = 200;
/// Characters of a headline, where a channel has no bound that is nearer.
const HEADLINE: usize = 300;
/// Stands before text that runs from right to left, where the line would else begin at the left.
const RIGHT_TO_LEFT_MARK: char = '\u{200F}';

/// The channel's message about `subject`, within its limit; the link is never cut.
pub(crate) fn of(channel: &Channel, subject: &Subject, preferences: &Preferences) -> String {
    let link = clean_link(&subject.url);
    let title = one_line(&subject.title);
    let publisher = one_line(&subject.publisher);
    if channel.id == "reddit" {
        return within(&title, channel.limit);
    }
    let mut tail = String::new();
    if preferences.via {
        tail += "\n\nvia Warta";
    }
    if channel.link_inside && !link.is_empty() {
        tail = format!("\n\n{link}{tail}");
    }
    let room = channel
        .limit
        .map_or(usize::MAX, |limit| limit.saturating_sub(length(&tail)));
    let short_title = shortened(&title, HEADLINE.min(room.saturating_sub(2)));
    let mut message = String::new();
    if is_right_to_left(&short_title) {
        message.push(RIGHT_TO_LEFT_MARK);
    }
    message += &if channel.bold {
        bold(&short_title)
    } else {
        short_title
    };
    if !publisher.is_empty() {
        append(&mut message, "\n", &publisher, room);
    }
    let excerpt = one_line(&subject.excerpt);
    // Channels with little room carry the headline alone.
    if !excerpt.is_empty() && room >= 400 {
        append(&mut message, "\n\n", &shortened(&excerpt, EXCERPT), room);
    }
    message += &tail;
    within(message.trim_matches('\n'), channel.limit)
}

/// `message` within `limit` characters: cut at the end of a sentence, else of a word, never inside
/// a link or what shows as one character.
pub(crate) fn within(message: &str, limit: Option<usize>) -> String {
    match limit {
        Some(limit) if length(message) > limit => shortened(message, limit),
        _ => message.to_owned(),
    }
}

fn append(message: &mut String, gap: &str, part: &str, room: usize) {
    if length(message) + length(gap) + length(part) <= room {
        *message += gap;
        *message += part;
    }
}

/// At most `limit` characters of `text`, with an ellipsis where something is missing.
fn shortened(text: &str, limit: usize) -> String {
    if length(text) <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(1);
    // The longest run of whole grapheme clusters that fits.
    let mut fits = 0;
    let mut count = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        count += length(cluster);
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
    let sentence = head
        .match_indices(['.', '!', '?', '。', '؟'])
        .map(|(at, mark)| at + mark.len())
        .rfind(|end| text[*end..].starts_with(char::is_whitespace) || text[..*end].ends_with('。'))
        .filter(|end| *end > half);
    if let Some(end) = sentence {
        return head[..end].to_owned();
    }
    // Scripts without spaces have no word to go back to.
    let word = (cut == fits && in_word)
        .then(|| head.rfind(char::is_whitespace))
        .flatten();
    let head = word.filter(|at| *at > half).map_or(head, |at| &head[..at]);
    format!("{}…", head.trim_end())
}

/// Unicode scalar values: what the channels count, near enough.
fn length(text: &str) -> usize {
    text.chars().count()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// WhatsApp shows `*…*` as bold: an asterisk inside would end it early.
fn bold(title: &str) -> String {
    if title.is_empty() {
        String::new()
    } else {
        format!("*{}*", title.replace('*', "∗"))
    }
}

/// Whether the first letter belongs to a script that is written from right to left (Hebrew, Arabic
/// and their relatives).
fn is_right_to_left(text: &str) -> bool {
    text.chars()
        .find(|c| c.is_alphabetic())
        .is_some_and(|c| matches!(c as u32, 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF))
}
