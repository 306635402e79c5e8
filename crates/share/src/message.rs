//! What is said: a headline, who published it, a line or two, the link; shortened where a channel
//! asks.

use warta_text::{collapse_whitespace, is_right_to_left};

use crate::channel::Channel;
use crate::length::{Limit, Unit, length, shortened, within};
use crate::link::clean_link;
use crate::model::{Preferences, Subject};

/// Characters of the excerpt that a message carries: two lines.
const EXCERPT: usize = 200;
/// Characters of a headline, where a channel has no bound that is nearer.
const HEADLINE: usize = 300;
/// Characters of a quote, where a channel has no bound that is nearer.
const QUOTE: usize = 700;
/// A shortened excerpt or quote of fewer characters says nothing.
const LEAST: usize = 40;
/// Publishers of a story that are named.
const NAMED: usize = 4;
/// Stands before a line that runs from right to left, where it would else begin at the left.
const RIGHT_TO_LEFT_MARK: char = '\u{200F}';

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

/// Shortens the parts until the message fits: first the excerpt, then the quote, who published it,
/// the headline, "via Warta". A link that alone is too long stays out as a whole.
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
    if is_right_to_left(line) {
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
        .map(|one| collapse_whitespace(one))
        .collect();
    if all.len() < 2 {
        return collapse_whitespace(&subject.publisher);
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
    let title = collapse_whitespace(&subject.title);
    let title = if title.is_empty() {
        collapse_whitespace(&subject.publisher)
    } else {
        title
    };
    shortened(&title, HEADLINE, Unit::Characters)
}
