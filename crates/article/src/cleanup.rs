//! Removes lines that are not part of the article and that scoring cannot separate: teasers between
//! its paragraphs, and what precedes and follows the text.

use std::collections::HashSet;

use warta_text::{is_unspaced, letters_only, same_words};

use crate::dates::date;
use crate::dom::{Dom, Id, ROOT, is_heading};
use crate::phrases::{is_barrier, is_byline, is_note, is_picture_note, opens_elsewhere};

/// Lines with more letters are never teasers.
const LINE: usize = 220;

/// Maximum number of lines; longer documents are left as they are.
const MAX_LINES: usize = 20_000;

/// A block without nested blocks.
struct Line {
    id: Id,
    text: String,
    letters: usize,
    linked: usize,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Prose,
    Heading,
    Caption,
    /// Contains a picture.
    Picture,
    /// A cell of a table or preformatted text.
    Fixed,
    Short,
}

/// Removes lines that are not part of the article. `declared`: its text as stated in the page's
/// metadata.
pub(crate) fn clean_up(
    dom: &mut Dom,
    title: Option<&str>,
    byline: Option<&str>,
    declared: Option<&str>,
) {
    let leaves = dom.leaves();
    if leaves.len() > MAX_LINES {
        return;
    }
    let lines: Vec<Line> = leaves.into_iter().map(|id| line(dom, id)).collect();
    let mut gone = vec![false; lines.len()];
    repeats(&lines, &mut gone);
    link_lists(dom, &lines, &mut gone);
    teasers(&lines, &mut gone);
    endings(&lines, &mut gone, byline);
    beginnings(&lines, &mut gone, title, byline);
    if let Some(declared) = declared {
        undeclared(&lines, &mut gone, declared);
    }
    loose_headings(&lines, &mut gone);
    let ids: Vec<Id> = lines
        .iter()
        .zip(&gone)
        .filter(|(_, gone)| **gone)
        .map(|(line, _)| line.id)
        .collect();
    dom.remove_all(&ids);
}

fn line(dom: &Dom, id: Id) -> Line {
    let inside = dom.below(id);
    let text = dom.plain_text(id);
    let letters = count(&text);
    let links = inside.iter().filter(|inner| dom.name(**inner) == "a");
    let linked = links.map(|link| count(&dom.plain_text(*link))).sum();
    let name = dom.name(id);
    let holder = dom.parent(id);
    let kind = if is_heading(name) {
        Kind::Heading
    } else if matches!(name, "figcaption" | "caption") || dom.name(holder) == "figcaption" {
        Kind::Caption
    } else if inside.iter().any(|inner| dom.name(*inner) == "img") || within_figure(dom, id) {
        Kind::Picture
    } else if matches!(name, "td" | "th" | "tr" | "pre") {
        Kind::Fixed
    } else if letters >= 40
        && linked * 2 < letters
        && text.contains(['.', ',', '!', '?', '。', '，', '؟', '।', '…', '"', '”'])
    {
        Kind::Prose
    } else {
        Kind::Short
    };
    Line {
        id,
        text,
        letters,
        linked,
        kind,
    }
}

fn within_figure(dom: &Dom, id: Id) -> bool {
    let mut at = id;
    while at != ROOT {
        if dom.name(at) == "figure" {
            return true;
        }
        at = dom.parent(at);
    }
    false
}

/// Number of letters; a letter of a script without spaces counts as three.
fn count(text: &str) -> usize {
    let letters = text.chars().filter(|c| !c.is_whitespace());
    letters.map(|c| if is_unspaced(c) { 3 } else { 1 }).sum()
}

/// Duplicate lines, such as a caption for two sizes. If much is duplicated, it is intended.
fn repeats(lines: &[Line], gone: &mut [bool]) {
    let mut seen = HashSet::new();
    let counts =
        |line: &Line| line.letters > 60 && !matches!(line.kind, Kind::Fixed | Kind::Picture);
    let again: Vec<usize> = (0..lines.len())
        .filter(|at| counts(&lines[*at]) && !seen.insert(lines[*at].text.as_str()))
        .collect();
    let all: usize = lines.iter().map(|line| line.letters).sum();
    let repeated: usize = again.iter().map(|at| lines[*at].letters).sum();
    if repeated * 4 < all {
        for at in again {
            gone[at] = true;
        }
    }
}

/// Lists whose items are links.
fn link_lists(dom: &Dom, lines: &[Line], gone: &mut [bool]) {
    let mut at = 0;
    while at < lines.len() {
        let list = list_around(dom, lines[at].id);
        let Some(list) = list else {
            at += 1;
            continue;
        };
        let end = (at..lines.len())
            .find(|next| list_around(dom, lines[*next].id) != Some(list))
            .unwrap_or(lines.len());
        let letters: usize = lines[at..end].iter().map(|l| l.letters).sum();
        let linked: usize = lines[at..end].iter().map(|l| l.linked).sum();
        let many = end - at > 1 || letters < LINE;
        if many && linked * 10 > letters * 6 {
            gone[at..end].fill(true);
        }
        at = end;
    }
}

/// The outermost list around a line.
fn list_around(dom: &Dom, id: Id) -> Option<Id> {
    let mut found = None;
    let mut at = id;
    while at != ROOT {
        if matches!(dom.name(at), "ul" | "ol" | "dl") {
            found = Some(at);
        }
        at = dom.parent(at);
    }
    found
}

/// Lines that only link to other articles.
fn teasers(lines: &[Line], gone: &mut [bool]) {
    for (at, line) in lines.iter().enumerate() {
        if gone[at]
            || matches!(line.kind, Kind::Picture | Kind::Caption | Kind::Fixed)
            || line.letters > LINE
        {
            continue;
        }
        let low = line.text.to_lowercase();
        let is_linked = line.linked * 3 > line.letters * 2;
        let next_is_prose = lines
            .get(at + 1)
            .is_some_and(|next| next.kind == Kind::Prose);
        gone[at] = match line.kind {
            Kind::Heading => {
                (is_linked && !next_is_prose) || opens_elsewhere(&low) && line.linked > 0
            }
            _ => {
                is_linked
                    || is_labelled_link(line)
                    || opens_elsewhere(&low)
                        && (line.linked * 3 > line.letters || line.letters < 25)
            }
        };
        gone[at] |= is_note(&low)
            || is_barrier(&low)
            || is_initials(&line.text)
            || is_picture_note(&low) && line.letters < 120;
    }
}

/// "(abc/def)": initials of author and editor.
fn is_initials(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) else {
        return false;
    };
    inside.len() < 20
        && inside.contains('/')
        && inside
            .chars()
            .all(|c| c.is_ascii_lowercase() || matches!(c, '/' | ' '))
}

/// "Lea también: …": a few words and a colon before a link.
fn is_labelled_link(line: &Line) -> bool {
    let Some((label, rest)) = line.text.split_once(':') else {
        return false;
    };
    line.linked > 15 && label.split_whitespace().count() <= 4 && line.linked + 3 >= count(rest)
}

/// Lines after the end of the article.
fn endings(lines: &[Line], gone: &mut [bool], byline: Option<&str>) {
    let is_prose = |at: usize, gone: &[bool]| !gone[at] && lines[at].kind == Kind::Prose;
    let all: usize = (0..lines.len())
        .filter(|at| is_prose(*at, gone))
        .map(|at| lines[at].letters)
        .sum();
    let mut after = 0;
    // From the end: the first heading of other content with little text after it.
    let mut cut = None;
    for at in (0..lines.len()).rev() {
        if is_prose(at, gone) {
            after += lines[at].letters;
        }
        if after * 4 > all {
            break;
        }
        let line = &lines[at];
        if line.letters < 60
            && line.kind != Kind::Caption
            && opens_elsewhere(&line.text.to_lowercase())
        {
            cut = Some(at);
        }
    }
    if let Some(cut) = cut {
        gone[cut..].fill(true);
    }
    let end = (0..lines.len())
        .rfind(|at| is_prose(*at, gone))
        .map_or(0, |at| at + 1);
    for at in end..lines.len() {
        let line = &lines[at];
        gone[at] |=
            line.kind == Kind::Short && line.letters < 100 && is_byline(&line.text.to_lowercase());
    }
    let Some(byline) = byline.filter(|name| name.contains(' ') && name.len() < 60) else {
        return;
    };
    let last: Vec<usize> = (0..lines.len())
        .rev()
        .filter(|at| is_prose(*at, gone))
        .take(2)
        .collect();
    let few = all / 4;
    for at in last {
        if lines[at].letters < few.min(500) && lines[at].text.starts_with(byline) {
            gone[at] = true;
        }
    }
}

/// Lines before the text: title, byline, date.
fn beginnings(lines: &[Line], gone: &mut [bool], title: Option<&str>, byline: Option<&str>) {
    let first = (0..lines.len())
        .find(|at| !gone[*at] && lines[*at].kind == Kind::Prose && lines[*at].letters > 80);
    for at in 0..first.unwrap_or(0) {
        let line = &lines[at];
        if gone[at] || matches!(line.kind, Kind::Picture | Kind::Caption | Kind::Fixed) {
            continue;
        }
        let low = line.text.to_lowercase();
        let is_title = title.is_some_and(|title| {
            same_words(&line.text, title) || line.letters > 20 && title.contains(&*line.text)
        });
        gone[at] = is_title
            || line.letters < 120
                && ((line.kind == Kind::Short || line.letters < 50) && date(&line.text).is_some()
                    || is_byline(&low) && line.letters < 60
                    || byline.is_some_and(|name| low.contains(&name.to_lowercase()))
                        && line.letters < 80)
            || line.kind == Kind::Short && line.linked * 2 > line.letters;
    }
}

/// Lines missing from the declared text, if that contains nearly everything else.
fn undeclared(lines: &[Line], gone: &mut [bool], declared: &str) {
    let declared = letters_only(declared);
    let is_in = |line: &Line| {
        let text = letters_only(&line.text);
        let start = &text[..text.floor_char_boundary(60)];
        let end = &text[text.ceil_char_boundary(text.len().saturating_sub(40))..];
        declared.contains(start) && declared.contains(end)
    };
    let (mut all, mut known) = (0, 0);
    let known_lines: Vec<bool> = lines.iter().map(is_in).collect();
    for (at, line) in lines.iter().enumerate() {
        if !gone[at] && line.kind == Kind::Prose {
            all += line.letters;
            known += if known_lines[at] { line.letters } else { 0 };
        }
    }
    let whole = declared.chars().count();
    if known * 10 < all * 8 || whole > all * 13 / 10 || all < 300 {
        return;
    }
    let first = (0..lines.len()).find(|at| known_lines[*at] && lines[*at].kind == Kind::Prose);
    let last = (0..lines.len()).rfind(|at| known_lines[*at] && lines[*at].kind == Kind::Prose);
    for at in first.unwrap_or(0)..lines.len() {
        let fits = match lines[at].kind {
            Kind::Short => true,
            // Within the text a difference in spelling is more likely than foreign content.
            Kind::Prose => last.is_some_and(|last| at > last),
            _ => false,
        };
        gone[at] |= fits && lines[at].letters > 8 && !known_lines[at];
    }
}

/// Headings without text below them.
fn loose_headings(lines: &[Line], gone: &mut [bool]) {
    let mut has_text = false;
    for at in (0..lines.len()).rev() {
        if gone[at] {
            continue;
        }
        match lines[at].kind {
            Kind::Heading if !has_text => gone[at] = true,
            Kind::Heading => {}
            _ => has_text |= lines[at].letters > 0,
        }
    }
}
