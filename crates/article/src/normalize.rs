//! From safe HTML to a normalised article: boilerplate is removed, dateline and channels are
//! extracted, and facts for lists are computed.

use std::collections::{HashMap, HashSet};

use unicode_segmentation::UnicodeSegmentation;
use warta_text::{collapse_whitespace, is_right_to_left, is_unspaced, same_words};

use crate::boilerplate::{is_boilerplate, is_long};
use crate::dom::{Dom, Id, Kind, ROOT, is_heading};
use crate::media::can_be_lead_picture;
use crate::model::{MAX_PICTURES, NormalizedEntry, Picture, PublisherChannel, SafeHtml};
use crate::publisher_channel::publisher_channel;
use crate::{dateline, sanitize};

/// Characters of an excerpt.
const EXCERPT: usize = 280;
/// Bytes of a text used to detect its language.
const SAMPLE: usize = 2000;
/// Length of a text below which a page may be a gallery with captions, in bytes.
const SHORT_TEXT: usize = 300;
/// Number of lines searched for a dateline.
const MAX_BEFORE: usize = 12;
/// Minimum number of letters to detect a language.
const ENOUGH_LETTERS: usize = 100;

pub(crate) fn from_html(
    html: &str,
    title: Option<&str>,
    base_url: Option<&str>,
    language_hint: Option<&str>,
) -> NormalizedEntry {
    let html = with_paragraphs(html);
    let mut dom = sanitize::clean(&html, base_url);
    finish(&mut dom, title, language_hint)
}

pub(crate) fn finish(
    dom: &mut Dom,
    title: Option<&str>,
    language_hint: Option<&str>,
) -> NormalizedEntry {
    finish_with(dom, title, language_hint, Dom::plain_text)
}

/// The same for a page, without captions in the text.
pub(crate) fn finish_page(
    dom: &mut Dom,
    title: Option<&str>,
    language_hint: Option<&str>,
) -> NormalizedEntry {
    finish_with(dom, title, language_hint, running_text_of)
}

/// The text without captions, unless most of it is captions, as in a gallery.
fn running_text_of(dom: &Dom, id: Id) -> String {
    let running = dom.running_text(id);
    if running.len() < SHORT_TEXT {
        let whole = dom.plain_text(id);
        if whole.len() > running.len() * 2 {
            return whole;
        }
    }
    running
}

fn finish_with(
    dom: &mut Dom,
    title: Option<&str>,
    language_hint: Option<&str>,
    text_of: fn(&Dom, Id) -> String,
) -> NormalizedEntry {
    paragraphs_from_breaks(dom);
    let channels = take_channels(dom);
    remove_boilerplate(dom);
    if let Some(title) = title {
        remove_repeated_title(dom, title);
    }
    let dateline = take_dateline(dom);
    remove_empty(dom);
    sanitize::settle(dom);
    let text = text_of(dom, ROOT);
    let pictures = pictures(dom);
    let language = language(&text, language_hint);
    NormalizedEntry {
        html: SafeHtml(dom.to_html()),
        excerpt: excerpt(&running_text(dom, &text)),
        dateline,
        lead_picture: lead(&pictures),
        pictures,
        publisher_channels: channels,
        word_count: word_count(&text),
        right_to_left: is_right_to_left(&text),
        language,
        text,
    }
}

/// Turns plain text with line breaks, as some feeds have it, into paragraphs.
fn with_paragraphs(html: &str) -> std::borrow::Cow<'_, str> {
    if !html.contains('\n') || has_blocks(html) {
        return html.into();
    }
    // With inline markup a line break is white space, but an empty line separates paragraphs.
    let line_end = if has_tags(html) { "\n" } else { "<br>" };
    let mut marked = String::with_capacity(html.len() + 64);
    for paragraph in html.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
        marked.extend(["<p>", &paragraph.replace('\n', line_end), "</p>"]);
    }
    marked.into()
}

fn has_tags(html: &str) -> bool {
    memchr::memchr_iter(b'<', html.as_bytes()).any(|at| {
        let next = html.as_bytes().get(at + 1);
        next.is_some_and(|next| next.is_ascii_alphabetic() || *next == b'/')
    })
}

fn has_blocks(html: &str) -> bool {
    let blocks = [
        "p",
        "div",
        "br",
        "li",
        "h",
        "table",
        "blockquote",
        "P",
        "BR",
        "DIV",
    ];
    let starts = memchr::memchr_iter(b'<', html.as_bytes());
    starts
        .map(|at| &html[at + 1..])
        .any(|tag| blocks.iter().any(|block| tag.starts_with(block)))
}

/// Wraps inline content beside blocks, and runs separated by two line breaks, in paragraphs.
pub(crate) fn paragraphs_from_breaks(dom: &mut Dom) {
    let mut containers = vec![ROOT];
    let holds_text = |id: &Id| matches!(dom.name(*id), "div" | "blockquote" | "p");
    containers.extend(dom.below(ROOT).into_iter().filter(holds_text));
    // Paragraphs cannot be nested: the new ones replace the old one.
    let mut spread: HashMap<Id, Vec<Id>> = HashMap::new();
    for container in containers {
        if !needs_paragraphs(dom, container) {
            continue;
        }
        let children = grouped(dom, container);
        if dom.name(container) != "p" {
            dom.set_children(container, children);
        } else if children.len() > 1 {
            spread.insert(container, children);
        }
    }
    let mut holders: Vec<Id> = spread.keys().map(|id| dom.parent(*id)).collect();
    holders.sort_unstable();
    holders.dedup();
    for holder in holders {
        let children = dom.children(holder).to_vec();
        let children = children
            .into_iter()
            .flat_map(|id| spread.remove(&id).unwrap_or(vec![id]));
        let children = children.collect();
        dom.set_children(holder, children);
    }
}

fn is_blank_text(dom: &Dom, id: Id) -> bool {
    dom.text(id).is_some_and(|text| text.trim().is_empty())
}

fn needs_paragraphs(dom: &Dom, container: Id) -> bool {
    let children = dom.children(container);
    let breaks = children.windows(2).any(|pair| {
        dom.name(pair[0]) == "br" && (dom.name(pair[1]) == "br" || is_blank_text(dom, pair[1]))
    });
    let has_block = children.iter().any(|id| dom.is_block(*id));
    let has_inline = children
        .iter()
        .any(|id| !dom.is_block(*id) && !is_blank_text(dom, *id));
    breaks || (has_inline && (has_block || container == ROOT))
}

/// The children of a container, with inline ones collected into paragraphs.
fn grouped(dom: &mut Dom, container: Id) -> Vec<Id> {
    let mut whole: Vec<Id> = Vec::new();
    let mut line: Vec<Id> = Vec::new();
    let mut breaks = 0;
    for child in dom.children(container).to_vec() {
        if dom.is_block(child) {
            close_paragraph(dom, &mut line, &mut whole);
            whole.push(child);
            breaks = 0;
        } else if dom.name(child) == "br" {
            breaks += 1;
            if breaks == 2 {
                close_paragraph(dom, &mut line, &mut whole);
            } else if !line.is_empty() {
                line.push(child);
            }
        } else {
            let blank = is_blank_text(dom, child);
            if !blank {
                breaks = 0;
            }
            if !blank || !line.is_empty() {
                line.push(child);
            }
        }
    }
    close_paragraph(dom, &mut line, &mut whole);
    whole
}

fn close_paragraph(dom: &mut Dom, line: &mut Vec<Id>, whole: &mut Vec<Id>) {
    // The first of two breaks was added to the line.
    while line
        .last()
        .is_some_and(|id| dom.name(*id) == "br" || is_blank_text(dom, *id))
    {
        line.pop();
    }
    if !line.is_empty() {
        let paragraph = dom.make(Kind::Element("p", Vec::new()));
        dom.set_children(paragraph, std::mem::take(line));
        whole.push(paragraph);
    }
}

/// The publisher channels that the entry links to.
fn take_channels(dom: &Dom) -> Vec<PublisherChannel> {
    let mut channels: Vec<PublisherChannel> = Vec::new();
    for id in dom.below(ROOT) {
        if let Some(found) = dom.attribute(id, "href").and_then(publisher_channel)
            && channels.iter().all(|c| c.kind != found.kind)
        {
            channels.push(found);
        }
    }
    channels
}

fn remove_boilerplate(dom: &mut Dom) {
    let gone: Vec<Id> = dom
        .leaves()
        .into_iter()
        .filter(|id| leads_elsewhere(dom, *id))
        .collect();
    dom.remove_all(&gone);
}

fn leads_elsewhere(dom: &Dom, id: Id) -> bool {
    if matches!(dom.name(id), "td" | "th" | "tr" | "pre") {
        return false;
    }
    // Most blocks are decided by length alone, before the text is assembled.
    let mut length = 0;
    for inner in dom.walk(id) {
        length += dom.text(inner).map_or(0, shown_length);
        if is_long(length) || dom.name(inner) == "img" {
            return false;
        }
    }
    let links = dom.walk(id).filter(|inner| dom.name(*inner) == "a");
    let linked: usize = links.map(|link| dom.plain_text(link).chars().count()).sum();
    is_boilerplate(&dom.plain_text(id), linked)
}

/// Number of characters other than ASCII white space.
fn shown_length(text: &str) -> usize {
    let begins = |byte: &u8| *byte > b' ' && (*byte & 0xC0) != 0x80;
    text.as_bytes().iter().filter(|byte| begins(byte)).count()
}

fn remove_repeated_title(dom: &mut Dom, title: &str) {
    let first = dom.leaves().into_iter().find(|id| dom.has_text(*id));
    let Some(first) = first else { return };
    if is_heading(dom.name(first)) && same_words(&dom.plain_text(first), title) {
        dom.remove_all(&[first]);
    }
}

/// Removes and returns the dateline of the first paragraph.
fn take_dateline(dom: &mut Dom) -> Option<String> {
    let first = dom.leaves().into_iter().find(|id| {
        !matches!(dom.name(*id), "figcaption" | "summary" | "caption")
            && !is_heading(dom.name(*id))
            && dom.has_text(*id)
    })?;
    take_dateline_of(dom, first)
}

fn take_dateline_of(dom: &mut Dom, first: Id) -> Option<String> {
    let text = folded_text(dom, first);
    let (line, taken) = dateline::split(&text, &leading_emphasis(dom, first))?;
    // Remove as many characters of the paragraph, node by node; white space was collapsed.
    let mut left = text[..taken].chars().filter(|c| !c.is_whitespace()).count();
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

/// Removes and returns the dateline of a page, which may follow other lines or be a line of its
/// own.
pub(crate) fn take_dateline_of_page(dom: &mut Dom) -> Option<String> {
    let lines = dom.leaves().into_iter().filter(|id| {
        !matches!(dom.name(*id), "figcaption" | "summary" | "caption") && !is_heading(dom.name(*id))
    });
    for line in lines.take(MAX_BEFORE).collect::<Vec<_>>() {
        let text = folded_text(dom, line);
        if let Some(found) = dateline::alone(&text) {
            dom.remove_all(&[line]);
            return Some(found);
        }
        if is_long_enough(&text)
            && let Some(found) = take_dateline_of(dom, line)
        {
            return Some(found);
        }
    }
    None
}

/// A paragraph, not a line of links.
fn is_long_enough(text: &str) -> bool {
    text.chars().count() > 80
}

/// The bold text at the start of a paragraph.
fn leading_emphasis(dom: &Dom, paragraph: Id) -> String {
    let mut first = paragraph;
    loop {
        let child = dom
            .children(first)
            .iter()
            .copied()
            .find(|id| !is_blank_text(dom, *id));
        match child {
            Some(child) if matches!(dom.name(child), "strong" | "b") => {
                return folded_text(dom, child);
            }
            Some(child) if matches!(dom.name(child), "a" | "em" | "i") => first = child,
            _ => return String::new(),
        }
    }
}

fn folded_text(dom: &Dom, id: Id) -> String {
    collapse_whitespace(&dom.plain_text(id))
}

/// Removes elements without text and pictures, which only leave gaps.
fn remove_empty(dom: &mut Dom) {
    let is_gap = |id: &Id| {
        let name = dom.name(*id);
        !matches!(
            name,
            "#text" | "img" | "br" | "hr" | "wbr" | "col" | "td" | "th" | "tr"
        ) && dom.is_blank(*id)
    };
    let gaps: Vec<Id> = dom.below(ROOT).into_iter().filter(is_gap).collect();
    dom.remove_all(&gaps);
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
        if pictures.len() == MAX_PICTURES {
            break;
        }
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

/// The first picture that can be the lead picture.
fn lead(pictures: &[Picture]) -> Option<Picture> {
    let may = |picture: &&Picture| {
        can_be_lead_picture(&picture.url, &picture.alt, picture.width, picture.height)
    };
    pictures.iter().find(may).cloned()
}

/// The beginning of the text without captions and headings.
fn running_text(dom: &Dom, whole: &str) -> String {
    let mut running = String::new();
    for id in dom.leaves() {
        let name = dom.name(id);
        let within = |name: &str| matches!(name, "figcaption" | "caption" | "figure");
        if within(name) || is_heading(name) || within(dom.name(dom.parent(id))) {
            continue;
        }
        running.push_str(&dom.plain_text(id));
        running.push(' ');
        if running.len() > EXCERPT * 5 {
            break;
        }
    }
    if running.trim().is_empty() {
        whole.to_owned()
    } else {
        running
    }
}

pub(crate) fn excerpt(text: &str) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        length += 1 + word.chars().count();
        if length > EXCERPT + 1 {
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
    let is_gap = |c: char| c.is_ascii_whitespace();
    let mut words = 0_usize;
    let mut dense = 0_usize;
    let mut rest = text;
    while let Some(at) = beyond_ascii(rest.as_bytes()) {
        // Chunks with non-ASCII letters are segmented with Unicode tables.
        let start = rest[..at].rfind(is_gap).map_or(0, |gap| gap + 1);
        let end = rest[at..].find(is_gap).map_or(rest.len(), |gap| at + gap);
        words += ascii_words(&rest.as_bytes()[..start]);
        for word in rest[start..end].unicode_words() {
            if word.chars().next().is_some_and(is_unspaced) {
                dense += word.chars().count();
            } else {
                words += 1;
            }
        }
        rest = &rest[end..];
    }
    words += ascii_words(rest.as_bytes());
    u32::try_from(words + dense.div_ceil(2)).unwrap_or(u32::MAX)
}

/// Offset of the first non-ASCII byte, searched in blocks.
fn beyond_ascii(text: &[u8]) -> Option<usize> {
    let clear = text.chunks(32).take_while(|part| part.is_ascii());
    let clear = clear.map(<[u8]>::len).sum();
    let at = text[clear..].iter().position(|byte| !byte.is_ascii())?;
    Some(clear + at)
}

/// A letter or digit of ASCII.
const LETTER: u8 = 1;
/// Punctuation that can occur within a word.
const SIGN: u8 = 2;
/// Block size; small enough that its word count fits into a byte.
const PART: usize = 192;

/// Number of words in ASCII text: runs of letters and digits, joined over one punctuation mark as
/// in "it's", "google.com" and "1,000". Written for vectorisation.
fn ascii_words(text: &[u8]) -> usize {
    let class = |byte| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => LETTER,
        b'\'' | b'.' | b',' | b':' | b'_' => SIGN,
        _ => 0,
    };
    // The last two of the previous block, then this block.
    let mut classes = [0; 2 + PART];
    let mut words = 0;
    for part in text.chunks(PART) {
        for (class_of, byte) in classes[2..].iter_mut().zip(part) {
            *class_of = class(*byte);
        }
        let windows = classes.iter().zip(&classes[1..]).zip(&classes[2..]);
        let begins = windows.take(part.len()).map(|((before, last), this)| {
            let joined = *before & (*last >> 1);
            this & !last & !joined & LETTER
        });
        words += usize::from(begins.sum::<u8>());
        classes.copy_within(part.len().., 0);
    }
    words
}

/// The detected language if the text is long enough, else the stated one.
pub(crate) fn language(text: &str, hint: Option<&str>) -> Option<String> {
    let hint = hint
        .map(|h| h.split(['-', '_']).next().unwrap_or(h).to_ascii_lowercase())
        .filter(|h| (2..=3).contains(&h.len()) && h.bytes().all(|b| b.is_ascii_alphabetic()))
        // The old code of Indonesian.
        .map(|h| if h == "in" { "id".to_owned() } else { h });
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    let letters = sample.chars().filter(|c| c.is_alphabetic());
    if letters.take(ENOUGH_LETTERS).count() < ENOUGH_LETTERS {
        return hint;
    }
    let told = by_common_words(sample)
        .map(str::to_owned)
        .or_else(|| by_letters(sample));
    match (told.as_deref(), hint) {
        // Too similar for detection to override the publisher.
        (Some("id" | "jv"), Some(hint)) if matches!(hint.as_str(), "id" | "ms" | "jv" | "su") => {
            Some(hint)
        }
        (Some(_), _) => told,
        (None, hint) => hint,
    }
}

/// Detects English and Indonesian by their most frequent words.
fn by_common_words(sample: &str) -> Option<&'static str> {
    let (mut en, mut id) = (0_u32, 0_u32);
    // Non-ASCII letters belong to words too, so that none of these is found within another word.
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'\'' || !byte.is_ascii();
    for word in sample.as_bytes().split(|byte| !is_part(byte)) {
        let mut lower = [0; LONGEST_COMMON];
        let Some(lower) = lower.get_mut(..word.len()) else {
            continue;
        };
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        match &*lower {
            b"the" | b"and" | b"of" | b"that" | b"was" | b"with" | b"for" | b"from" | b"this"
            | b"are" => en += 1,
            b"yang" | b"dan" | b"dengan" | b"untuk" | b"dari" | b"ini" | b"itu" | b"akan"
            | b"pada" | b"tidak" => id += 1,
            _ => continue,
        }
        if en + id == ENOUGH_COMMON {
            break;
        }
    }
    match (en, id) {
        (3.., _) if en > id * 4 => Some("en"),
        (_, 3..) if id > en * 4 => Some("id"),
        _ => None,
    }
}

/// Number of such words after which the search ends.
const ENOUGH_COMMON: u32 = 24;
/// Length of the longest of these words, in bytes.
const LONGEST_COMMON: usize = "dengan".len();

fn by_letters(sample: &str) -> Option<String> {
    let told = whatlang::detect(sample).filter(|told| told.confidence() > 0.5)?;
    two_letters(told.lang().code()).map(str::to_owned)
}

/// The ISO 639-1 code of an ISO 639-3 code from whatlang.
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
