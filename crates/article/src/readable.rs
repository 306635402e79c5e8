//! From safe HTML to an article: what is no text goes, dateline and channels are set off, and what
//! lists need of it is counted.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::boilerplate::{channel, is_boilerplate};
use crate::dom::{Dom, Id, Kind, ROOT, is_block};
use crate::{Picture, PublisherChannel, Readable, SafeHtml, dateline, sanitize};

/// Characters of an excerpt.
const EXCERPT: usize = 280;
/// Letters that a text needs before its language is told from it.
const ENOUGH_LETTERS: usize = 120;

pub(crate) fn from_html(
    html: &str,
    title: Option<&str>,
    base_url: Option<&str>,
    language_hint: Option<&str>,
) -> Readable {
    let html = with_paragraphs(html);
    let mut dom = sanitize::clean(&html, base_url);
    finish(&mut dom, title, language_hint)
}

pub(crate) fn finish(dom: &mut Dom, title: Option<&str>, language_hint: Option<&str>) -> Readable {
    paragraphs_from_breaks(dom);
    let channels = take_channels(dom);
    remove_boilerplate(dom);
    if let Some(title) = title {
        remove_repeated_title(dom, title);
    }
    let dateline = take_dateline(dom);
    remove_empty(dom);
    let text = dom.plain_text(ROOT);
    let pictures = pictures(dom);
    let language = language(&text, language_hint);
    Readable {
        html: SafeHtml(dom.to_html()),
        excerpt: excerpt(&text),
        dateline,
        lead_picture: pictures.first().cloned(),
        pictures,
        publisher_channels: channels,
        word_count: word_count(&text),
        right_to_left: is_right_to_left(&text),
        language,
        text,
    }
}

/// Plain text with line breaks, as some feeds write, becomes paragraphs.
fn with_paragraphs(html: &str) -> std::borrow::Cow<'_, str> {
    let has_blocks = [
        "<p",
        "<div",
        "<br",
        "<li",
        "<h",
        "<table",
        "<pre",
        "<blockquote",
        "<P",
        "<BR",
        "<DIV",
    ]
    .iter()
    .any(|tag| html.contains(tag));
    if has_blocks || !html.contains('\n') {
        return html.into();
    }
    let mut paragraphs = String::new();
    for paragraph in html.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
        paragraphs.push_str("<p>");
        paragraphs.push_str(&paragraph.replace('\n', "<br>"));
        paragraphs.push_str("</p>");
    }
    paragraphs.into()
}

/// Inline content beside blocks, and runs apart by two line breaks, become paragraphs.
fn paragraphs_from_breaks(dom: &mut Dom) {
    let mut containers = vec![ROOT];
    containers.extend(
        dom.below(ROOT)
            .into_iter()
            .filter(|id| matches!(dom.name(*id), "div" | "blockquote" | "p")),
    );
    for container in containers {
        let children = dom.children(container).to_vec();
        let breaks = children.windows(2).any(|pair| {
            dom.name(pair[0]) == "br"
                && (dom.name(pair[1]) == "br"
                    || dom.text(pair[1]).is_some_and(|t| t.trim().is_empty()))
        });
        let has_block = children.iter().any(|id| is_block(dom.name(*id)));
        let loose_text = children
            .iter()
            .any(|id| dom.text(*id).is_some_and(|t| !t.trim().is_empty()));
        let mixed = has_block && loose_text && container != ROOT;
        let at_root = container == ROOT && children.iter().any(|id| !is_block(dom.name(*id)));
        if !(breaks || mixed || at_root) {
            continue;
        }
        let is_paragraph = dom.name(container) == "p";
        let mut groups: Vec<Vec<Id>> = vec![Vec::new()];
        let mut rebuilt: Vec<Result<Id, usize>> = Vec::new();
        let mut break_run = 0;
        let close = |groups: &mut Vec<Vec<Id>>, rebuilt: &mut Vec<Result<Id, usize>>| {
            if groups.last().is_some_and(|g| !g.is_empty()) {
                rebuilt.push(Err(groups.len() - 1));
                groups.push(Vec::new());
            }
        };
        for child in children {
            let blank = dom.text(child).is_some_and(|t| t.trim().is_empty());
            if is_block(dom.name(child)) {
                close(&mut groups, &mut rebuilt);
                rebuilt.push(Ok(child));
                break_run = 0;
            } else if dom.name(child) == "br" {
                break_run += 1;
                if break_run == 2 {
                    // The first of the two was taken for a line's end.
                    if let Some(group) = groups.last_mut() {
                        while group.last().is_some_and(|id| {
                            dom.name(*id) == "br"
                                || dom.text(*id).is_some_and(|t| t.trim().is_empty())
                        }) {
                            group.pop();
                        }
                    }
                    close(&mut groups, &mut rebuilt);
                } else if break_run == 1 && groups.last().is_some_and(|g| !g.is_empty()) {
                    groups.last_mut().into_iter().for_each(|g| g.push(child));
                }
            } else {
                if !blank {
                    break_run = 0;
                }
                if !blank || groups.last().is_some_and(|g| !g.is_empty()) {
                    groups.last_mut().into_iter().for_each(|g| g.push(child));
                }
            }
        }
        close(&mut groups, &mut rebuilt);
        let count = rebuilt.len();
        let children: Vec<Id> = rebuilt
            .into_iter()
            .map(|part| match part {
                Ok(id) => id,
                Err(group) => {
                    let group = std::mem::take(&mut groups[group]);
                    let paragraph = dom.make(Kind::Element("p", Vec::new()));
                    dom.set_children(paragraph, group);
                    paragraph
                }
            })
            .collect();
        if is_paragraph && count > 1 {
            // A paragraph holds no paragraphs: they take its place.
            let parent = dom.parent(container);
            let siblings = dom.children(parent).to_vec();
            let spread = siblings
                .into_iter()
                .flat_map(|id| {
                    if id == container {
                        children.clone()
                    } else {
                        vec![id]
                    }
                })
                .collect();
            dom.set_children(parent, spread);
        } else if !is_paragraph {
            dom.set_children(container, children);
        }
    }
}

/// The publisher's channels that the entry links to.
fn take_channels(dom: &Dom) -> Vec<PublisherChannel> {
    let mut channels: Vec<PublisherChannel> = Vec::new();
    for id in dom.below(ROOT) {
        if let Some(found) = dom.attribute(id, "href").and_then(channel)
            && channels.iter().all(|c| c.kind != found.kind)
        {
            channels.push(found);
        }
    }
    channels
}

/// Blocks that hold no other block.
fn leaves(dom: &Dom) -> Vec<Id> {
    dom.below(ROOT)
        .into_iter()
        .filter(|id| is_block(dom.name(*id)) && dom.name(*id) != "hr")
        .filter(|id| {
            !dom.below(*id)
                .iter()
                .any(|inner| is_block(dom.name(*inner)))
        })
        .collect()
}

fn remove_boilerplate(dom: &mut Dom) {
    for id in leaves(dom) {
        if matches!(dom.name(id), "td" | "th" | "tr" | "pre") {
            continue;
        }
        let inside = dom.below(id);
        if inside.iter().any(|inner| dom.name(*inner) == "img") {
            continue;
        }
        let linked: usize = inside
            .iter()
            .filter(|inner| dom.name(**inner) == "a")
            .map(|link| dom.plain_text(*link).chars().count())
            .sum();
        let text = dom.plain_text(id);
        if is_boilerplate(&text, linked) {
            // A list or heading whose every line leads elsewhere goes with its last line.
            dom.remove(id);
        }
    }
}

fn remove_repeated_title(dom: &mut Dom, title: &str) {
    let first = leaves(dom)
        .into_iter()
        .find(|id| !dom.plain_text(*id).is_empty());
    let Some(first) = first else { return };
    if dom.name(first).starts_with('h') && same_words(&dom.plain_text(first), title) {
        dom.remove(first);
    }
}

fn same_words(a: &str, b: &str) -> bool {
    let words = |text: &str| {
        text.unicode_words()
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    words(a) == words(b)
}

/// Takes the dateline off the first paragraph of text.
fn take_dateline(dom: &mut Dom) -> Option<String> {
    let first = leaves(dom).into_iter().find(|id| {
        !matches!(dom.name(*id), "figcaption" | "summary" | "caption")
            && !dom.name(*id).starts_with('h')
            && !dom.plain_text(*id).is_empty()
    })?;
    let (line, taken) = dateline::split(&folded_text(dom, first))?;
    // Remove that many characters of the paragraph, node by node, as they were folded.
    let mut left = folded_text(dom, first)[..taken]
        .chars()
        .filter(|c| !c.is_whitespace())
        .count();
    for id in dom.below(first) {
        let Some(text) = dom.text(id) else { continue };
        let mut rest = text;
        while left > 0 {
            let Some(character) = rest.chars().next() else {
                break;
            };
            left -= usize::from(!character.is_whitespace());
            rest = &rest[character.len_utf8()..];
        }
        if left == 0 {
            let rest = rest.trim_start().to_owned();
            let done = !rest.is_empty();
            dom.set_text(id, rest);
            if done {
                break;
            }
        } else {
            dom.set_text(id, String::new());
        }
    }
    Some(line)
}

fn folded_text(dom: &Dom, id: Id) -> String {
    dom.plain_text(id)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Takes out elements without text and pictures: they only make gaps.
fn remove_empty(dom: &mut Dom) {
    let mut below = dom.below(ROOT);
    below.reverse();
    for id in below {
        let name = dom.name(id);
        if matches!(
            name,
            "#text" | "img" | "br" | "hr" | "wbr" | "col" | "td" | "th" | ""
        ) {
            continue;
        }
        let blank = dom.children(id).iter().all(|child| {
            dom.text(*child).is_some_and(|t| t.trim().is_empty()) || dom.name(*child) == "br"
        });
        if blank {
            let parent = dom.parent(id);
            let rest = dom
                .children(parent)
                .iter()
                .copied()
                .filter(|c| *c != id)
                .collect();
            dom.set_children(parent, rest);
        }
    }
}

fn pictures(dom: &Dom) -> Vec<Picture> {
    let mut seen = HashSet::new();
    let mut pictures = Vec::new();
    for id in dom.below(ROOT) {
        if dom.name(id) != "img" {
            continue;
        }
        let Some(url) = dom.attribute(id, "src") else {
            continue;
        };
        if seen.insert(url.to_owned()) {
            let size = |name| dom.attribute(id, name).and_then(|v| v.parse().ok());
            pictures.push(Picture {
                url: url.to_owned(),
                alt: dom.attribute(id, "alt").unwrap_or_default().to_owned(),
                width: size("width"),
                height: size("height"),
            });
        }
    }
    pictures
}

pub(crate) fn excerpt(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = line.chars().count() + 1 + word.chars().count();
        if longer > EXCERPT {
            if line.is_empty() {
                // A script without spaces.
                line = word.chars().take(EXCERPT - 1).collect();
            }
            line.push('…');
            return line;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    line
}

fn word_count(text: &str) -> u32 {
    let mut words = 0_usize;
    let mut dense = 0_usize;
    for word in text.unicode_words() {
        if word.chars().next().is_some_and(is_dense) {
            dense += word.chars().count();
        } else {
            words += 1;
        }
    }
    u32::try_from(words + dense.div_ceil(2)).unwrap_or(u32::MAX)
}

/// Characters of scripts that put no spaces between words: Han, kana, Thai, Lao, Khmer, Burmese.
fn is_dense(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2FA1F)
}

fn is_right_to_left(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(400);
    let (mut right, mut all) = (0_usize, 0_usize);
    for letter in letters {
        all += 1;
        right +=
            usize::from(matches!(letter as u32, 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF));
    }
    right * 2 > all
}

/// The language that the text is in, where it is long enough to tell, else what was claimed.
pub(crate) fn language(text: &str, hint: Option<&str>) -> Option<String> {
    let hint = hint
        .map(|h| h.split(['-', '_']).next().unwrap_or(h).to_ascii_lowercase())
        .filter(|h| (2..=3).contains(&h.len()) && h.bytes().all(|b| b.is_ascii_alphabetic()))
        // The old code of Indonesian.
        .map(|h| if h == "in" { "id".to_owned() } else { h });
    let sample: String = text.chars().take(2000).collect();
    if sample.chars().filter(|c| c.is_alphabetic()).count() < ENOUGH_LETTERS {
        return hint;
    }
    let told = whatlang::detect(&sample)
        .filter(|info| info.confidence() > 0.5)
        .and_then(|info| two_letters(info.lang().code()));
    match (told, hint) {
        // Too close to each other for a machine to overrule what the publisher says.
        (Some("id" | "jv"), Some(hint)) if matches!(hint.as_str(), "id" | "ms" | "jv" | "su") => {
            Some(hint)
        }
        (Some(told), _) => Some(told.to_owned()),
        (None, hint) => hint,
    }
}

/// ISO 639-1 of what whatlang tells in ISO 639-3.
fn two_letters(code: &str) -> Option<&'static str> {
    let table = [
        ("ind", "id"),
        ("jav", "jv"),
        ("eng", "en"),
        ("ara", "ar"),
        ("cmn", "zh"),
        ("jpn", "ja"),
        ("kor", "ko"),
        ("deu", "de"),
        ("fra", "fr"),
        ("spa", "es"),
        ("por", "pt"),
        ("ita", "it"),
        ("nld", "nl"),
        ("rus", "ru"),
        ("ukr", "uk"),
        ("pol", "pl"),
        ("tur", "tr"),
        ("vie", "vi"),
        ("tha", "th"),
        ("hin", "hi"),
        ("ben", "bn"),
        ("urd", "ur"),
        ("pes", "fa"),
        ("heb", "he"),
        ("ell", "el"),
        ("swe", "sv"),
        ("nob", "nb"),
        ("dan", "da"),
        ("fin", "fi"),
        ("hun", "hu"),
        ("ces", "cs"),
        ("slk", "sk"),
        ("ron", "ro"),
        ("bul", "bg"),
        ("srp", "sr"),
        ("hrv", "hr"),
        ("cat", "ca"),
        ("tgl", "tl"),
        ("tam", "ta"),
        ("mar", "mr"),
        ("guj", "gu"),
        ("lit", "lt"),
        ("lav", "lv"),
        ("est", "et"),
        ("slv", "sl"),
        ("afr", "af"),
    ];
    table
        .iter()
        .find(|(three, _)| *three == code)
        .map(|(_, two)| *two)
}
