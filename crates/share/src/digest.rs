//! Several articles in one message, or in as many as the channel's limit requires.

use warta_text::collapse_whitespace;

use crate::channel::Channel;
use crate::languages::language;
use crate::length::{Unit, length, shortened};
use crate::link::clean_link;
use crate::model::{Daypart, Preferences, Subject};

/// Maximum length of a headline, in characters.
const HEADLINE: usize = 160;
/// Length of "(12/12)" after the heading.
const NUMBERING: usize = 9;

/// The messages, in order; each within the channel's limit, no article split.
pub(crate) fn compose(
    channel: &Channel,
    subjects: &[Subject],
    daypart: Daypart,
    preferences: &Preferences,
) -> Vec<String> {
    let bold = if channel.template.contains("*{title}*") {
        "*"
    } else {
        ""
    };
    let heading = heading(subjects.len(), daypart, preferences);
    let (most, unit) = channel
        .limit
        .map_or((usize::MAX, Unit::Characters), |limit| {
            (limit.most, limit.unit)
        });
    let around = length(&heading, unit) + 2 * bold.len() + NUMBERING;
    let room = most.saturating_sub(around);
    let mut messages: Vec<Vec<String>> = vec![Vec::new()];
    let mut used = 0;
    for (index, subject) in subjects.iter().enumerate() {
        let item = item(index + 1, subject, room, unit, bold);
        let long = length(&item, unit) + 2;
        if used + long > room && used > 0 {
            messages.push(Vec::new());
            used = 0;
        }
        used += long;
        if let Some(last) = messages.last_mut() {
            last.push(item);
        }
    }
    let count = messages.len();
    let mut messages: Vec<String> = messages
        .into_iter()
        .enumerate()
        .map(|(at, items)| {
            let number = if count > 1 {
                format!(" ({}/{count})", at + 1)
            } else {
                String::new()
            };
            format!("{bold}{heading}{bold}{number}\n\n{}", items.join("\n\n"))
        })
        .collect();
    if preferences.via
        && let Some(last) = messages.last_mut()
        && length(last, unit).saturating_add(12) <= most
    {
        last.push_str("\n\nvia Warta");
    }
    messages
}

/// "5 berita pagi ini", "5 stories this morning".
pub(crate) fn heading(count: usize, daypart: Daypart, preferences: &Preferences) -> String {
    (language(&preferences.language).digest)(count, daypart)
}

/// "1. Headline – Publisher", and the link on a separate line.
fn item(number: usize, subject: &Subject, room: usize, unit: Unit, bold: &str) -> String {
    let mut link = clean_link(&subject.url);
    let publisher = collapse_whitespace(&subject.publisher);
    let title = collapse_whitespace(&subject.title);
    let title = if title.is_empty() {
        collapse_whitespace(&subject.excerpt)
    } else {
        title
    };
    // Only the heading is bold.
    let title = if bold.is_empty() {
        title
    } else {
        title.replace('*', "∗")
    };
    if length(&link, unit) + LEAST_BESIDE_LINK > room {
        link.clear();
    }
    let told = |title: &str, publisher: &str| {
        let by = if publisher.is_empty() || title.is_empty() {
            publisher.to_owned()
        } else {
            format!(" – {publisher}")
        };
        let end = if link.is_empty() {
            String::new()
        } else {
            format!("\n{link}")
        };
        format!("{number}. {title}{by}{end}")
    };
    let mut title = shortened(&title, HEADLINE, Unit::Characters);
    let mut publisher = shortened(&publisher, HEADLINE, Unit::Characters);
    // Two line breaks go between the articles.
    let fits = |text: &str| length(text, unit) + 2 <= room;
    if !fits(&told(&title, &publisher)) {
        publisher.clear();
    }
    if !fits(&told(&title, &publisher)) {
        let over = (length(&told(&title, ""), unit) + 2).saturating_sub(room);
        title = shortened(&title, length(&title, unit).saturating_sub(over), unit);
    }
    told(&title, &publisher)
}

/// Minimum length of an item without its link: a number, a few words and an ellipsis.
const LEAST_BESIDE_LINK: usize = 16;
