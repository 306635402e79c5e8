//! Composes messages: headline, publisher, excerpt, link; shortened to the channel's limit.

use warta_text::{collapse_whitespace, is_right_to_left};

use crate::channel::Channel;
use crate::languages::language;
use crate::length::{Limit, Unit, length, shortened, within};
use crate::link::clean_link;
use crate::model::{Preferences, Subject};

/// Maximum length of an excerpt, in characters: two lines.
const EXCERPT: usize = 200;
/// Maximum length of a headline, in characters.
const HEADLINE: usize = 300;
/// Maximum length of a quotation, in characters.
const QUOTE: usize = 700;
/// Minimum length of a shortened excerpt or quotation; a shorter one is left out.
const LEAST: usize = 40;
/// Number of publishers of a story that are named.
const NAMED: usize = 4;
/// Put before right-to-left lines, which would otherwise begin at the left.
const RIGHT_TO_LEFT_MARK: char = '\u{200F}';

/// The parts of a message.
#[derive(Default)]
struct Parts {
    title: String,
    publisher: String,
    excerpt: String,
    quote: String,
    link: String,
    via: &'static str,
}

/// The channel's message about `subject`, within its limit; the link is never truncated. Empty only
/// if there is no content, or the channel takes no text.
pub(crate) fn compose(channel: &Channel, subject: &Subject, preferences: &Preferences) -> String {
    if channel.template.is_empty() {
        return String::new();
    }
    let carries_words = channel.has_message;
    let mut parts = Parts {
        title: collapse_whitespace(&subject.title),
        publisher: published_by(subject, preferences),
        excerpt: shortened(
            &collapse_whitespace(&subject.excerpt),
            EXCERPT,
            Unit::Characters,
        ),
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
        // The quotation replaces the excerpt.
        parts.excerpt.clear();
    }
    let template = with_quote(&channel.template, &parts);
    if let Some(limit) = channel.limit {
        fit(&mut parts, &template, limit);
    }
    let message = rendered(&template, &parts);
    let message = if message.is_empty() {
        // Without a headline, use what there is.
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

/// Puts the quotation first, unless the template has a place for it.
fn with_quote(template: &str, parts: &Parts) -> String {
    if parts.quote.is_empty() || template.contains("{quote}") {
        template.to_owned()
    } else {
        format!("“{{quote}}”\n\n{template}")
    }
}

/// Shortens the parts until the message fits: first the excerpt, then the quotation, the publisher,
/// the headline, "via Warta". A link that exceeds the limit is left out.
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

/// Fills in the template. A line whose placeholders are all empty is left out.
fn rendered(template: &str, parts: &Parts) -> String {
    let mut message = String::new();
    // An asterisk inside `*…*` would end it early; the same for the other marks.
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

/// Adds a line, never two empty ones, with a mark before right-to-left text.
fn push_line(message: &mut String, line: &str) {
    if line.is_empty() && (message.is_empty() || message.ends_with("\n\n")) {
        return;
    }
    if is_right_to_left(line) {
        message.push(RIGHT_TO_LEFT_MARK);
    }
    message.push_str(line);
    message.push('\n');
}

/// The publisher, or the publishers of a story.
fn published_by(subject: &Subject, preferences: &Preferences) -> String {
    let all: Vec<String> = subject
        .reported_by
        .iter()
        .map(|one| collapse_whitespace(one))
        .collect();
    if all.len() < 2 {
        return collapse_whitespace(&subject.publisher);
    }
    let named = all[..all.len().min(NAMED)].join(", ");
    let more = all.len().saturating_sub(NAMED);
    (language(&preferences.language).reported_by)(&named, more)
}

/// The headline as a subject line; the publisher if there is none.
pub(crate) fn headline(subject: &Subject) -> String {
    let title = collapse_whitespace(&subject.title);
    let title = if title.is_empty() {
        collapse_whitespace(&subject.publisher)
    } else {
        title
    };
    shortened(&title, HEADLINE, Unit::Characters)
}
