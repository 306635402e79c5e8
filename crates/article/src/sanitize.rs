//! The allow-list: from any bytes that call themselves HTML to a tree that is safe by construction.
//!
//! A browser-grade parser reads the HTML, so that Warta sees the same tree that a web view would;
//! elements and attributes are then copied one by one from a closed list. Whatever is not listed does
//! not exist in what comes out.

use std::collections::HashSet;

use html5ever::ns;
use url::Url;

use crate::dom::{Dom, Id, Kind, ROOT};
use crate::media::{Embedded, absolute, absolute_web, framed, is_tiny, picture_address, pixels};
use crate::parse::{DOCUMENT, Data, NodeId, Tree};

/// Longer HTML is cut, in bytes.
const LONGEST: usize = 8 << 20;
/// Kept elements inside each other at most; what lies deeper joins the last one. Less than half of
/// what the parser opens, so that it reads what was written out in full.
const DEEPEST: usize = 100;
/// Titles and descriptions are left out beyond this, in bytes.
const LONGEST_WORDS: usize = 4000;
/// Times that HTML is read again until it stays the same.
const MOST_READINGS: usize = 6;
/// What a link says of itself: the site it leads to learns nothing of the reader.
const LINK_TYPES: &str = "noopener noreferrer nofollow";

/// Elements that are kept, and what they are called then.
fn kept_as(name: &str) -> Option<&'static str> {
    Some(match name {
        "a" => "a",
        "abbr" | "acronym" => "abbr",
        "b" => "b",
        "blockquote" => "blockquote",
        "br" => "br",
        "caption" => "caption",
        "cite" => "cite",
        "code" | "tt" => "code",
        "col" => "col",
        "colgroup" => "colgroup",
        "dd" => "dd",
        "del" | "strike" => "del",
        "details" => "details",
        "dfn" => "dfn",
        "div" | "section" | "article" | "main" | "header" | "footer" | "aside" | "address"
        | "nav" | "center" | "hgroup" | "form" | "fieldset" => "div",
        "dl" => "dl",
        "dt" => "dt",
        "em" => "em",
        "figcaption" => "figcaption",
        "figure" => "figure",
        "h1" | "h2" => "h2",
        "h3" => "h3",
        "h4" => "h4",
        "h5" => "h5",
        "h6" => "h6",
        "hr" => "hr",
        "i" => "i",
        "img" => "img",
        "ins" => "ins",
        "kbd" => "kbd",
        "li" => "li",
        "mark" => "mark",
        "ol" => "ol",
        "p" => "p",
        "pre" | "listing" => "pre",
        "q" => "q",
        "rp" => "rp",
        "rt" => "rt",
        "ruby" => "ruby",
        "s" => "s",
        "samp" => "samp",
        "small" => "small",
        "strong" => "strong",
        "sub" => "sub",
        "summary" => "summary",
        "sup" => "sup",
        "table" => "table",
        "tbody" => "tbody",
        "td" => "td",
        "tfoot" => "tfoot",
        "th" => "th",
        "thead" => "thead",
        "time" => "time",
        "tr" => "tr",
        "u" => "u",
        "ul" | "menu" | "dir" => "ul",
        "var" => "var",
        "wbr" => "wbr",
        _ => return None,
    })
}

/// Elements that go with all that is inside them.
fn is_dropped_whole(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "title"
            | "textarea"
            | "select"
            | "option"
            | "optgroup"
            | "datalist"
            | "object"
            | "embed"
            | "applet"
            | "param"
            | "frame"
            | "frameset"
            | "noframes"
            | "noembed"
            | "xmp"
            | "plaintext"
            | "svg"
            | "math"
            | "canvas"
            | "button"
            | "input"
            | "head"
            | "meta"
            | "link"
            | "base"
            | "map"
            | "area"
            | "progress"
            | "meter"
            | "keygen"
            | "bgsound"
            | "portal"
            | "fencedframe"
            | "source"
            | "track"
            | "rb"
            | "rtc"
            | "legend"
            | "dialog"
            | "img"
    )
}

/// The safe tree of `html`. Reading what it is written out as gives the same tree again: a web view
/// sees what was checked here, and cleaning twice changes nothing.
pub(crate) fn clean(html: &str, base_url: Option<&str>) -> Dom {
    let base = base_url.and_then(|url| Url::parse(url).ok());
    let tree = Tree::of_fragment(bounded(html));
    let mut dom = copied(&tree, &Selection::all(), base.as_ref());
    settle(&mut dom);
    dom
}

/// What is copied of a page.
pub(crate) struct Selection<'s> {
    /// In the document's order.
    pub(crate) parts: &'s [NodeId],
    /// What is left out of them, by node.
    pub(crate) left_out: &'s [bool],
    /// What becomes the words below a picture, by node.
    pub(crate) captions: &'s [bool],
    /// What becomes a picture with what belongs to it, by node.
    pub(crate) figures: &'s [bool],
}

impl Selection<'_> {
    /// Everything.
    pub(crate) fn all() -> Self {
        Self {
            parts: &[DOCUMENT],
            left_out: &[],
            captions: &[],
            figures: &[],
        }
    }
}

/// The safe tree of parts of a page.
pub(crate) fn clean_parts(tree: &Tree, parts: &Selection<'_>, base: Option<&Url>) -> Dom {
    let mut dom = copied(tree, parts, base);
    settle(&mut dom);
    dom
}

/// Leaving elements out can put others where a parser would not leave them, such as a paragraph in a
/// paragraph. What comes out is then read again until it stays as it is.
pub(crate) fn settle(dom: &mut Dom) {
    for _ in 0..MOST_READINGS {
        if dom.is_settled() {
            return;
        }
        let html = dom.to_html();
        *dom = copied(&Tree::of_fragment(&html), &Selection::all(), None);
        if dom.to_html() == html {
            return;
        }
    }
    // No such HTML is known; its text is safe and settled in any case.
    let text = dom.plain_text(ROOT);
    *dom = Dom::new();
    dom.append(ROOT, Kind::Text(text));
}

fn copied(tree: &Tree, selection: &Selection<'_>, base: Option<&Url>) -> Dom {
    let mut dom = Dom::new();
    let mut cleaner = Cleaner {
        base,
        dom: &mut dom,
        tree,
        selection,
        shown: HashSet::new(),
    };
    for part in selection.parts {
        cleaner.copy(*part);
    }
    dom
}

/// `html`, cut where it is too long.
pub(crate) fn bounded(html: &str) -> &str {
    &html[..html.floor_char_boundary(LONGEST)]
}

struct Cleaner<'t> {
    base: Option<&'t Url>,
    dom: &'t mut Dom,
    tree: &'t Tree,
    selection: &'t Selection<'t>,
    /// Pictures so far: a script's stand-in and its `noscript` show the same one.
    shown: HashSet<String>,
}

impl Cleaner<'_> {
    fn copy(&mut self, part: NodeId) {
        let tree = self.tree;
        // Parts of lists and tables mean nothing without them.
        let is_part = matches!(
            tree.name(part),
            Some(
                "li" | "td"
                    | "th"
                    | "tr"
                    | "tbody"
                    | "thead"
                    | "tfoot"
                    | "dd"
                    | "dt"
                    | "figcaption"
            )
        );
        let mut waiting: Vec<(NodeId, Id, usize)> = if is_part {
            tree.children_backwards(part)
                .map(|child| (child, ROOT, 0))
                .collect()
        } else {
            vec![(part, ROOT, 0)]
        };
        let is_marked = |marks: &[bool], node: NodeId| marks.get(node as usize) == Some(&true);
        while let Some((node, parent, depth)) = waiting.pop() {
            if is_marked(self.selection.left_out, node) {
                continue;
            }
            let made = if is_marked(self.selection.captions, node) {
                Some("figcaption")
            } else if is_marked(self.selection.figures, node) {
                Some("figure")
            } else {
                None
            };
            if let Some(name) = made.filter(|_| depth < DEEPEST) {
                let inside = self.dom.append(parent, Kind::Element(name, Vec::new()));
                waiting.extend(
                    tree.children_backwards(node)
                        .map(|child| (child, inside, depth + 1)),
                );
                continue;
            }
            let inside = match tree.data(node) {
                Data::Text(text) => {
                    self.dom.append(parent, Kind::Text(shown_characters(text)));
                    continue;
                }
                // Foreign content (SVG, MathML) is dropped whole, whatever its elements are called.
                Data::Element(name, _) if name.ns == ns!(html) => {
                    self.element(node, &name.local, parent, depth)
                }
                Data::Other if node == DOCUMENT => Some(parent),
                _ => continue,
            };
            let Some(inside) = inside else { continue };
            let depth = depth + usize::from(inside != parent);
            waiting.extend(
                tree.children_backwards(node)
                    .map(|child| (child, inside, depth)),
            );
        }
    }

    /// Copies one element; where its children go, or none if they go with it.
    fn element(&mut self, node: NodeId, name: &str, parent: Id, depth: usize) -> Option<Id> {
        let tree = self.tree;
        let attribute = |wanted: &str| tree.attribute(node, wanted);
        match name {
            "iframe" => {
                let address = attribute("src").filter(|src| *src != "about:blank");
                let lazy = || attribute("data-src").or_else(|| attribute("data-lazy-src"));
                let url = absolute_web(address.or_else(lazy)?, self.base)?;
                self.embed(framed(&url)?, attribute("title"), parent);
                return None;
            }
            "video" | "audio" => {
                self.recording(node, parent);
                return None;
            }
            "img" | "amp-img" => self.picture(node, parent),
            _ => {}
        }
        if is_dropped_whole(name) {
            return None;
        }
        // What is hidden on the page is no text.
        if attribute("hidden").is_some() || attribute("style").is_some_and(is_hidden) {
            return None;
        }
        let Some(kept) = kept_as(name).filter(|_| depth < DEEPEST) else {
            return Some(parent);
        };
        let attributes = self.attributes(node, kept);
        Some(self.dom.append(parent, Kind::Element(kept, attributes)))
    }

    fn attributes(&self, node: NodeId, kept: &str) -> Vec<(&'static str, String)> {
        let tree = self.tree;
        let attribute = |wanted: &str| tree.attribute(node, wanted);
        let mut safe: Vec<(&'static str, String)> = Vec::new();
        let mut keep = |name: &'static str, value: Option<String>| {
            safe.extend(value.map(|value| (name, value)));
        };
        let plain = |name: &str| {
            attribute(name)
                .filter(|value| value.len() < LONGEST_WORDS)
                .map(shown_characters)
        };
        let number = |name: &str, most: u32| {
            let value: u32 = attribute(name)?.trim().parse().ok()?;
            (value <= most).then(|| value.to_string())
        };
        match kept {
            "a" => {
                let href = attribute("href").and_then(|href| self.link(href));
                let goes = href.is_some();
                keep("href", href);
                keep("title", plain("title"));
                keep("rel", goes.then(|| LINK_TYPES.to_owned()));
            }
            "td" | "th" => {
                keep("colspan", number("colspan", 100));
                keep("rowspan", number("rowspan", 100));
            }
            "ol" => keep("start", number("start", 100_000)),
            "time" => keep("datetime", plain("datetime")),
            "abbr" | "dfn" => keep("title", plain("title")),
            "details" => keep("open", attribute("open").map(|_| String::new())),
            _ => {}
        }
        let direction = attribute("dir").map(str::to_ascii_lowercase);
        keep(
            "dir",
            direction.filter(|d| matches!(d.as_str(), "rtl" | "ltr" | "auto")),
        );
        let language = attribute("lang").filter(|l| {
            (2..20).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
        keep("lang", language.map(str::to_owned));
        safe
    }

    /// An absolute address that may be opened.
    fn link(&self, href: &str) -> Option<String> {
        let url = absolute(href, self.base)?;
        matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.into())
    }

    fn picture(&mut self, node: NodeId, parent: Id) {
        let tree = self.tree;
        let attribute = |wanted: &str| tree.attribute(node, wanted);
        if is_tiny(&attribute) {
            return;
        }
        let address = picture_address(&attribute, self.base).or_else(|| self.source_beside(node));
        let Some(url) = address.map(String::from) else {
            return;
        };
        if !self.shown.insert(url.clone()) {
            return;
        }
        let words = |name: &str| {
            attribute(name).map(|words| {
                let words: String = words.chars().take(LONGEST_WORDS / 4).collect();
                shown_characters(&words)
            })
        };
        let alt = words("alt").unwrap_or_default();
        let title = words("title").filter(|title| !title.is_empty() && *title != alt);
        let mut safe = vec![("src", url), ("alt", alt)];
        safe.extend(title.map(|title| ("title", title)));
        for name in ["width", "height"] {
            safe.extend(pixels(attribute(name)).map(|side| (name, side.to_string())));
        }
        self.dom.append(parent, Kind::Element("img", safe));
    }

    /// The picture of the `source` elements beside an `img` that names none itself.
    fn source_beside(&self, node: NodeId) -> Option<Url> {
        let holder = self
            .tree
            .parent(node)
            .filter(|p| self.tree.name(*p) == Some("picture"))?;
        let mut sources = self
            .tree
            .children(holder)
            .take(20)
            .filter(|s| self.tree.name(*s) == Some("source"));
        sources.find_map(|source| {
            picture_address(
                &|wanted: &str| self.tree.attribute(source, wanted),
                self.base,
            )
        })
    }

    /// A recording becomes a link to its file.
    fn recording(&mut self, node: NodeId, parent: Id) {
        let tree = self.tree;
        let of = |node: NodeId| {
            tree.attribute(node, "src")
                .or_else(|| tree.attribute(node, "data-src"))
        };
        let mut sources = tree
            .children(node)
            .take(20)
            .filter(|child| tree.name(*child) == Some("source"));
        let address = of(node).or_else(|| sources.find_map(of));
        let Some(target) = address.and_then(|a| absolute_web(a, self.base)) else {
            return;
        };
        let still = tree
            .attribute(node, "poster")
            .and_then(|p| absolute_web(p, self.base));
        let medium = Embedded {
            target,
            still: still.map(String::from),
        };
        self.embed(medium, tree.attribute(node, "title"), parent);
    }

    /// Embedded media become a link to where they play, below their still.
    fn embed(&mut self, medium: Embedded, title: Option<&str>, parent: Id) {
        let title = title
            .map(str::trim)
            .filter(|t| !t.is_empty() && t.len() < LONGEST_WORDS);
        let host = medium.target.host_str().unwrap_or_default();
        let label = shown_characters(title.unwrap_or_else(|| host.trim_start_matches("www.")));
        let figure = self.dom.append(parent, Kind::Element("figure", Vec::new()));
        if let Some(still) = medium
            .still
            .filter(|still| self.shown.insert(still.clone()))
        {
            let safe = vec![("src", still), ("alt", label.clone())];
            self.dom.append(figure, Kind::Element("img", safe));
        }
        let safe = vec![
            ("href", medium.target.into()),
            ("rel", LINK_TYPES.to_owned()),
        ];
        let link = self.dom.append(figure, Kind::Element("a", safe));
        self.dom.append(link, Kind::Text(format!("▶ {label}")));
    }
}

/// Characters as a parser would give them again: no NUL, no byte order mark, line feeds only.
fn shown_characters(text: &str) -> String {
    let may_be_unseen = |byte: &u8| matches!(byte, b'\0' | b'\r' | 0xef);
    if !text.as_bytes().iter().any(may_be_unseen) {
        return text.to_owned();
    }
    text.chars()
        .filter(|c| !matches!(c, '\0' | '\u{feff}'))
        .map(|c| if c == '\r' { '\n' } else { c })
        .collect()
}

pub(crate) fn is_hidden(style: &str) -> bool {
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}
