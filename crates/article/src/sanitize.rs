//! The allow-list: from arbitrary HTML to a tree that is safe by construction. A browser-grade
//! parser reads the HTML, so that Warta sees the same tree as a web view. Listed elements and
//! attributes are then copied one by one; anything else is dropped.

use std::collections::HashSet;

use html5ever::ns;
use url::Url;

use crate::dom::{Dom, Id, Kind, ROOT};
use crate::hidden::{Hidden, Surroundings};
use crate::media::{
    Embedded, absolute, absolute_web, custom_player, framed, is_empty_data, is_tiny,
    picture_address, pixels,
};
use crate::parse::{DOCUMENT, Data, NodeId, Tree, is_no_text};
use crate::signs::shown_characters;

/// Maximum size of HTML, in bytes; the rest is cut off.
const LONGEST: usize = 8 << 20;
/// Maximum depth of kept elements; deeper content is moved into the deepest one. Less than half of
/// the parser's depth, so that the result is parsed completely again.
const DEEPEST: usize = 100;
/// Maximum length of `title` and `alt`, in bytes.
const LONGEST_WORDS: usize = 4000;
/// Maximum number of times that HTML is parsed again until it is stable.
const MAX_READINGS: usize = 6;
/// The `rel` of links, so that the target learns nothing about the reader.
const LINK_TYPES: &str = "noopener noreferrer nofollow";

/// Kept elements, with their names in the result.
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
        | "nav" | "center" | "hgroup" | "form" | "fieldset" | "dialog" => "div",
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

/// Elements that are removed with their content.
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
            | "img"
    )
}

/// The safe tree of `html`. Parsing its output gives the same tree again, so a web view sees what
/// was checked here, and sanitising twice changes nothing.
pub(crate) fn clean(html: &str, base_url: Option<&str>) -> Dom {
    let base = base_url.and_then(|url| Url::parse(url).ok());
    let tree = Tree::of_fragment(bounded(html));
    let hidden = Hidden::of(&tree, Surroundings::Entry);
    let mut dom = copied(&tree, &Selection::all(), &hidden, base.as_ref(), false);
    settle(&mut dom);
    dom
}

/// The parts of a page to copy.
pub(crate) struct Selection<'s> {
    /// In the document's order.
    pub(crate) parts: &'s [NodeId],
    /// Excluded nodes.
    pub(crate) left_out: &'s [bool],
    /// Nodes that become captions.
    pub(crate) captions: &'s [bool],
    /// Nodes that become figures.
    pub(crate) figures: &'s [bool],
}

impl Selection<'_> {
    /// The whole page.
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
pub(crate) fn clean_parts(
    tree: &Tree,
    parts: &Selection<'_>,
    hidden: &Hidden,
    base: Option<&Url>,
) -> Dom {
    let mut dom = copied(tree, parts, hidden, base, true);
    settle(&mut dom);
    dom
}

/// Removing elements can leave others where a parser would not, such as a paragraph in a paragraph.
/// The output is then parsed again until it is stable.
pub(crate) fn settle(dom: &mut Dom) {
    for _ in 0..MAX_READINGS {
        if dom.is_settled() {
            return;
        }
        let html = dom.to_html();
        let nothing = Hidden::default();
        *dom = copied(
            &Tree::of_fragment(&html),
            &Selection::all(),
            &nothing,
            None,
            false,
        );
        if dom.to_html() == html {
            return;
        }
    }
    // No such HTML is known; plain text is safe and stable in any case.
    let text = dom.plain_text(ROOT);
    *dom = Dom::new();
    dom.append(ROOT, Kind::Text(text));
}

fn copied(
    tree: &Tree,
    selection: &Selection<'_>,
    hidden: &Hidden,
    base: Option<&Url>,
    is_page: bool,
) -> Dom {
    let mut dom = Dom::new();
    let mut cleaner = Cleaner {
        base,
        dom: &mut dom,
        tree,
        selection,
        hidden,
        is_page,
        shown: HashSet::new(),
    };
    for part in selection.parts {
        cleaner.copy(*part);
    }
    dom
}

/// `html`, truncated to the maximum size.
pub(crate) fn bounded(html: &str) -> &str {
    &html[..html.floor_char_boundary(LONGEST)]
}

struct Cleaner<'t> {
    base: Option<&'t Url>,
    dom: &'t mut Dom,
    tree: &'t Tree,
    selection: &'t Selection<'t>,
    hidden: &'t Hidden,
    is_page: bool,
    /// Pictures so far: a lazy picture and its `noscript` show the same one.
    shown: HashSet<String>,
}

impl Cleaner<'_> {
    fn copy(&mut self, part: NodeId) {
        let tree = self.tree;
        // Parts of lists and tables need their container.
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
            if is_marked(self.selection.left_out, node) || self.hidden.has(node) {
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
                Data::Element(name, _) if name.ns == ns!(html) => {
                    self.element(node, &name.local, parent, depth)
                }
                // Of foreign content only formulas are kept, as text; SVG is dropped completely,
                // whatever its elements are called.
                Data::Element(name, _) if name.ns == ns!(mathml) => {
                    self.formula(node, parent, depth);
                    continue;
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

    /// Copies one element; returns the parent for its children, or `None` if they are dropped.
    fn element(&mut self, node: NodeId, name: &str, parent: Id, depth: usize) -> Option<Id> {
        let tree = self.tree;
        let attribute = |wanted: &str| tree.attribute(node, wanted);
        match name {
            "iframe" | "frame" | "amp-iframe" => {
                self.frame(node, parent);
                return None;
            }
            "video" | "audio" | "amp-video" | "amp-audio" => {
                self.recording(node, parent);
                return None;
            }
            "object" | "embed" => {
                self.object(node, parent);
                return None;
            }
            "img" | "amp-img" => self.picture(node, parent),
            _ => {}
        }
        if is_dropped_whole(name) {
            return None;
        }
        if let Some(target) = custom_player(name, &attribute) {
            if let Some(medium) = framed(&target) {
                self.embed(medium, attribute("title"), parent);
            }
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
            "ol" => {
                keep("start", whole_number(attribute("start")));
                keep("reversed", attribute("reversed").map(|_| String::new()));
                let kind = attribute("type").map(str::trim);
                let kind = kind.filter(|kind| matches!(*kind, "1" | "a" | "A" | "i" | "I"));
                keep("type", kind.map(str::to_owned));
            }
            "li" => keep("value", whole_number(attribute("value"))),
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

    /// An absolute URL with an allowed scheme.
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
        let carried = attribute("src").filter(|src| src.trim_start().starts_with("data:"));
        let address = picture_address(&attribute, self.base).or_else(|| self.source_beside(node));
        let Some(url) = address.map(String::from) else {
            if let Some(carried) = carried
                && !is_empty_data(carried)
                && !self.is_repeated_without_script(node)
            {
                let words = attribute("alt").or_else(|| attribute("title"));
                self.describe(words.unwrap_or_default(), parent);
            }
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

    /// The picture from the `source` elements beside an `img` without one; a type that every system
    /// supports.
    fn source_beside(&self, node: NodeId) -> Option<Url> {
        let holder = self
            .tree
            .parent(node)
            .filter(|p| self.tree.name(*p) == Some("picture"))?;
        let sources: Vec<NodeId> = self
            .tree
            .children(holder)
            .take(20)
            .filter(|s| self.tree.name(*s) == Some("source"))
            .collect();
        let is_rare = |source: &NodeId| {
            let kind = self.tree.attribute(*source, "type").unwrap_or_default();
            matches!(
                kind.trim().to_ascii_lowercase().as_str(),
                "image/avif" | "image/jxl" | "image/heic" | "image/svg+xml"
            )
        };
        let common = sources.iter().filter(|source| !is_rare(source));
        let rare = sources.iter().filter(|source| is_rare(source));
        common.chain(rare).find_map(|source| {
            picture_address(
                &|wanted: &str| self.tree.attribute(*source, wanted),
                self.base,
            )
        })
    }

    /// Whether a `noscript` after a placeholder contains the picture.
    fn is_repeated_without_script(&self, node: NodeId) -> bool {
        let tree = self.tree;
        let is_spare = |id: NodeId| {
            tree.name(id) == Some("noscript")
                && tree.below(id).any(|id| tree.name(id) == Some("img"))
        };
        let holder = tree.parent(node);
        let near = [holder, holder.and_then(|holder| tree.parent(holder))];
        near.into_iter()
            .flatten()
            .any(|near| tree.children(near).take(50).any(is_spare))
    }

    /// Replaces a picture that cannot be kept with its description.
    fn describe(&mut self, words: &str, parent: Id) {
        let words: String = words.chars().take(LONGEST_WORDS / 4).collect();
        let words = shown_characters(words.trim());
        if self.is_page && words.is_empty() {
            return;
        }
        let text = format!("🖼 {words}");
        self.dom
            .append(parent, Kind::Text(text.trim_end().to_owned()));
    }

    /// Replaces a frame with a link to its content.
    fn frame(&mut self, node: NodeId, parent: Id) {
        let tree = self.tree;
        let attribute = |wanted: &str| tree.attribute(node, wanted);
        if is_tiny(&attribute) {
            return;
        }
        let named = attribute("src").filter(|src| {
            let src = src.trim();
            !src.is_empty() && !src.starts_with("about:") && !src.starts_with("data:")
        });
        let Some(url) = named
            .and_then(|src| absolute_web(src, self.base))
            .or_else(|| self.waiting_address(node))
        else {
            return;
        };
        if let Some(medium) = framed(&url) {
            self.embed(medium, attribute("title"), parent);
        }
    }

    /// The URL that a frame gets after consent or scrolling.
    fn waiting_address(&self, node: NodeId) -> Option<Url> {
        let Data::Element(_, attributes) = self.tree.data(node) else {
            return None;
        };
        let waiting = attributes.iter().filter(|a| {
            let name = &*a.name.local;
            name.starts_with("data-") && (name.contains("src") || name.ends_with("url"))
        });
        waiting
            .filter(|a| a.value.trim_start().starts_with("http") || a.value.starts_with('/'))
            .find_map(|a| absolute_web(&a.value, self.base))
    }

    /// Replaces plug-in content with a picture, a link to its medium, or its fallback text.
    fn object(&mut self, node: NodeId, parent: Id) {
        let tree = self.tree;
        let attribute = |wanted: &str| tree.attribute(node, wanted);
        if is_tiny(&attribute) {
            return;
        }
        let parts: Vec<NodeId> = tree.below(node).take(100).collect();
        let of_parameter = |id: &NodeId| match tree.name(*id)? {
            "param" => tree
                .attribute(*id, "name")
                .filter(|name| {
                    ["movie", "src", "url", "filename"]
                        .iter()
                        .any(|known| name.eq_ignore_ascii_case(known))
                })
                .and_then(|_| tree.attribute(*id, "value")),
            "embed" | "iframe" => tree.attribute(*id, "src"),
            _ => None,
        };
        let named = attribute("data").or_else(|| attribute("src"));
        let target = named
            .into_iter()
            .chain(parts.iter().filter_map(of_parameter))
            .find_map(|address| absolute_web(address, self.base));
        let words: String = parts
            .iter()
            .filter_map(|id| match tree.data(*id) {
                Data::Text(text) if !self.is_in_script(*id, node) => Some(&**text),
                _ => None,
            })
            .take(20)
            .collect();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = attribute("title").or(Some(words.as_str()));
        let kind = attribute("type").unwrap_or_default();
        match target {
            Some(url) if kind.trim().to_ascii_lowercase().starts_with("image/") => {
                let url = String::from(url);
                if self.shown.insert(url.clone()) {
                    let alt: String = words.chars().take(LONGEST_WORDS / 4).collect();
                    let safe = vec![("src", url), ("alt", shown_characters(&alt))];
                    self.dom.append(parent, Kind::Element("img", safe));
                }
            }
            Some(url) => {
                if let Some(medium) = framed(&url) {
                    self.embed(medium, title, parent);
                }
            }
            None if !words.is_empty() => {
                self.dom
                    .append(parent, Kind::Text(shown_characters(&words)));
            }
            None => {}
        }
    }

    /// Whether a text below `top` is inside an element without text, such as a script.
    fn is_in_script(&self, text: NodeId, top: NodeId) -> bool {
        let mut at = self.tree.parent(text);
        while let Some(id) = at.filter(|id| *id != top) {
            if self.tree.name(id).is_some_and(is_no_text) {
                return true;
            }
            at = self.tree.parent(id);
        }
        false
    }

    /// A formula as a line of text with superscripts and subscripts (`MathML` Core).
    fn formula(&mut self, node: NodeId, parent: Id, depth: usize) {
        let before = self.dom.text_bytes();
        self.formula_part(node, parent, depth);
        if self.dom.text_bytes() > before {
            return;
        }
        // Without text of its own, its source is shown.
        let tree = self.tree;
        let is_source = |id: &NodeId| tree.name_of_any(*id) == Some("annotation");
        let source = tree.below(node).find(is_source).map(|id| tree.text(id));
        let words = tree.attribute(node, "alttext").map(str::to_owned);
        if let Some(words) = words.or(source) {
            let words: String = words.trim().chars().take(LONGEST_WORDS / 4).collect();
            self.dom
                .append(parent, Kind::Text(shown_characters(&words)));
        }
    }

    fn formula_part(&mut self, node: NodeId, parent: Id, depth: usize) {
        let tree = self.tree;
        let (name, is_math) = match tree.data(node) {
            Data::Text(text) => {
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if !words.is_empty() {
                    self.dom
                        .append(parent, Kind::Text(shown_characters(&words)));
                }
                return;
            }
            Data::Element(name, _) => (&*name.local, name.ns == ns!(mathml)),
            Data::Other => return,
        };
        if !is_math && (is_no_text(name) || is_dropped_whole(name))
            || name.starts_with("annotation")
            || matches!(name, "mphantom" | "maction" | "svg" | "script" | "style")
            || self.hidden.has(node)
        {
            return;
        }
        let parts: Vec<NodeId> = tree
            .children(node)
            .filter(|child| matches!(tree.data(*child), Data::Element(..) | Data::Text(_)))
            .filter(|child| match tree.data(*child) {
                Data::Text(text) => !text.trim().is_empty(),
                _ => true,
            })
            .collect();
        if depth >= DEEPEST {
            let words = parts.iter().filter_map(|id| match tree.data(*id) {
                Data::Text(text) => Some(&**text),
                _ => None,
            });
            let words: String = words.collect();
            self.dom
                .append(parent, Kind::Text(shown_characters(&words)));
            return;
        }
        let text = |cleaner: &mut Self, words: &str| {
            cleaner.dom.append(parent, Kind::Text(words.to_owned()));
        };
        let marks: &[&'static str] = match name {
            "msup" | "mover" => &["", "sup"],
            "msub" | "munder" => &["", "sub"],
            "msubsup" | "munderover" => &["", "sub", "sup"],
            _ => &[],
        };
        let between = match name {
            "mfrac" => "/",
            "mtr" | "mlabeledtr" => " ",
            "mtable" => "; ",
            _ => "",
        };
        let bracketed = matches!(name, "msqrt" | "mroot");
        if bracketed {
            text(self, "√(");
        }
        for (at, part) in parts.iter().enumerate() {
            if at > 0 && !between.is_empty() {
                text(self, between);
            }
            let mark = marks.get(at).copied().unwrap_or_default();
            // Sums in a fraction need brackets.
            let grouped = name == "mfrac"
                && tree.name_of_any(*part) == Some("mrow")
                && tree.children(*part).nth(1).is_some();
            if grouped {
                text(self, "(");
            }
            if mark.is_empty() {
                self.formula_part(*part, parent, depth + 1);
            } else {
                let raised = self.dom.append(parent, Kind::Element(mark, Vec::new()));
                self.formula_part(*part, raised, depth + 1);
            }
            if grouped {
                text(self, ")");
            }
        }
        if bracketed {
            text(self, ")");
        }
    }

    /// Replaces audio or video with a link to its file.
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
            is_known: true,
        };
        self.embed(medium, tree.attribute(node, "title"), parent);
    }

    /// Replaces embedded media with a link below a preview picture.
    fn embed(&mut self, medium: Embedded, title: Option<&str>, parent: Id) {
        let title = title
            .map(str::trim)
            .filter(|t| !t.is_empty() && t.len() < LONGEST_WORDS);
        // Most unknown frames on pages are advertisements; those of an article have a title.
        if self.is_page && !medium.is_known && title.is_none() {
            return;
        }
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

/// An integer as in HTML (WHATWG HTML, "Signed integers").
fn whole_number(value: Option<&str>) -> Option<String> {
    let value = value?.trim_start();
    let end = value
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_digit() || *at == 0 && matches!(c, '-' | '+')))
        .map_or(value.len(), |(at, _)| at);
    let number: i32 = value[..end].trim_start_matches('+').parse().ok()?;
    (number.unsigned_abs() <= 1_000_000).then(|| number.to_string())
}
