//! A lenient XML parser for the web.
//!
//! It never fails: undefined entities and bare ampersands stay text, unmatched end tags are
//! ignored, unclosed elements end with their parent, text before the first tag is skipped.
//! Deliberately absent: external and custom entities, so that no document can grow or access
//! anything.
//!
//! The tree is one list of nodes in document order and one of attributes; the content of an element
//! is the range of nodes after it. Nothing recurses, so depth needs no stack, and nothing is copied
//! from the document until it is requested.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::memmem::{self, Finder};
use memchr::{memchr, memchr2};

use warta_text::{escape, escape_into, unescape, unescape_into};

use crate::names::{Name, Space, space_of, usual_prefix};
use crate::text::markup_in;

/// Maximum depth; a deeper element closes its parent.
const DEEPEST: usize = 256;

/// Maximum number of namespace prefixes; feeds have a few dozen.
const MAX_PREFIXES: usize = 200;

/// Maximum number of nested `xml:base` attributes: each link is joined to all of them.
const MAX_BASES: usize = 16;

/// The problem of a document whose last elements are not closed.
const CUT_OFF: &str = "the document ends in the middle";

/// Size of the cache of names.
const REMEMBERED: usize = 64;

/// Index of a node in [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

/// An element with its start tag.
#[derive(Debug)]
pub(crate) struct Element<'a> {
    /// As written, with its prefix.
    pub(crate) raw_name: &'a str,
    meaning: Meaning,
    /// Default namespace inside the element.
    default_space: Space,
    /// Range of its attributes.
    attributes: (u32, u32),
    /// Index of the first node after its content.
    end: u32,
    parent: Option<NodeId>,
}

/// The resolved name of an element.
#[derive(Debug, Clone, Copy)]
struct Meaning {
    space: Space,
    known: Name,
    /// Offset of the local name.
    local: u32,
}

impl<'a> Element<'a> {
    pub(crate) fn space(&self) -> Space {
        self.meaning.space
    }

    pub(crate) fn known(&self) -> Name {
        self.meaning.known
    }

    /// The local name, without prefix.
    pub(crate) fn name(&self) -> &'a str {
        &self.raw_name[self.meaning.local as usize..]
    }

    /// Whether it is an entry of a feed.
    pub(crate) fn is_entry(&self) -> bool {
        self.space() == Space::Core && matches!(self.known(), Name::Item | Name::Entry)
    }
}

#[derive(Debug)]
enum Node<'a> {
    Element(Element<'a>),
    /// Character data with entities.
    Text(&'a str),
    /// Character data without entities.
    Cdata(&'a str),
}

/// A step of [`Tree::walk`].
pub(crate) enum Visit<'a> {
    /// The start of an element.
    Start(NodeId),
    /// Character data, entities decoded.
    Text(Cow<'a, str>),
    /// The end of an element whose content was visited.
    End(NodeId),
}

/// A document.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    attributes: Vec<(&'a str, &'a str)>,
    /// Elements without a parent, in order.
    pub(crate) roots: Vec<NodeId>,
    /// Problems found, each once, with the byte offset of the first occurrence.
    pub(crate) problems: Vec<(&'static str, usize)>,
}

/// Finds the next occurrence from growing positions, without repeating a search.
#[expect(
    clippy::option_option,
    reason = "outer `None`: not searched yet; inner `None`: not found"
)]
struct Ahead {
    finder: Finder<'static>,
    /// The last result.
    found: Option<Option<usize>>,
}

impl Ahead {
    fn of(what: &'static str) -> Self {
        Self {
            finder: Finder::new(what),
            found: None,
        }
    }

    fn next(&mut self, text: &str, from: usize) -> Option<usize> {
        match self.found {
            Some(Some(at)) if at >= from => return Some(at),
            Some(None) => return None,
            _ => {}
        }
        let found = self
            .finder
            .find(&text.as_bytes()[from..])
            .map(|at| from + at);
        self.found = Some(found);
        found
    }
}

/// The state of the parser.
struct Parser<'a> {
    tree: Tree<'a>,
    /// Open elements, outermost first.
    open: Vec<NodeId>,
    /// Declared prefixes: the first declaration of a known namespace wins.
    prefixes: HashMap<&'a str, Space>,
    /// Cache of names: a document has few.
    remembered: [Option<(&'a str, Space, Meaning)>; REMEMBERED],
}

impl<'a> Tree<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let mut parser = Parser {
            tree: Tree {
                nodes: Vec::with_capacity(text.len() / 64),
                attributes: Vec::with_capacity(text.len() / 512),
                roots: Vec::new(),
                problems: Vec::new(),
            },
            open: Vec::new(),
            prefixes: HashMap::new(),
            remembered: [None; REMEMBERED],
        };
        parser.document(text);
        parser.tree
    }

    pub(crate) fn element(&self, id: NodeId) -> &Element<'a> {
        match &self.nodes[id.0 as usize] {
            Node::Element(element) => element,
            // Ids are only given out for elements.
            Node::Text(_) | Node::Cdata(_) => unreachable!("the id of an element"),
        }
    }

    /// The child elements.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut next = id.0 + 1;
        let end = self.element(id).end;
        std::iter::from_fn(move || {
            while next < end {
                let at = next;
                match &self.nodes[at as usize] {
                    Node::Element(element) => {
                        next = element.end;
                        return Some(NodeId(at));
                    }
                    Node::Text(_) | Node::Cdata(_) => next += 1,
                }
            }
            None
        })
    }

    /// The problems found, in words.
    pub(crate) fn problem_texts(&self) -> Vec<String> {
        let texts = self.problems.iter().map(|(what, _)| (*what).to_owned());
        texts.collect()
    }

    /// All elements below, in document order.
    pub(crate) fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let below = id.0 + 1..self.element(id).end;
        below
            .filter(|at| matches!(self.nodes[*at as usize], Node::Element(_)))
            .map(NodeId)
    }

    fn attributes_of(&self, element: &Element<'a>) -> &[(&'a str, &'a str)] {
        let (start, end) = element.attributes;
        &self.attributes[start as usize..end as usize]
    }

    /// An attribute's value with entities decoded. The name is compared without case; a prefix is
    /// ignored.
    pub(crate) fn attribute(&self, id: NodeId, name: &str) -> Option<Cow<'a, str>> {
        let attributes = self.attributes_of(self.element(id));
        let exact = attributes
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        let found = exact.or_else(|| {
            let local = |n: &str| {
                n.rsplit_once(':')
                    .is_some_and(|(_, l)| l.eq_ignore_ascii_case(name))
            };
            attributes
                .iter()
                .find(|(n, _)| !n.starts_with("xmlns") && local(n))
        });
        found.map(|(_, value)| unescape(value))
    }

    /// The value of `xml:NAME` on the element or its nearest ancestor with one.
    pub(crate) fn inherited(&self, id: NodeId, name: &str) -> Option<Cow<'a, str>> {
        self.around(id, name).next()
    }

    /// Every `xml:base` from the element outwards, innermost first.
    pub(crate) fn bases(&self, id: NodeId) -> Vec<Cow<'a, str>> {
        self.around(id, "xml:base").take(MAX_BASES).collect()
    }

    /// The values of an attribute on the element and its ancestors, innermost first.
    fn around<'t>(&'t self, id: NodeId, name: &'t str) -> impl Iterator<Item = Cow<'a, str>> + 't {
        std::iter::successors(Some(id), |id| self.element(*id).parent).filter_map(move |id| {
            let attributes = self.attributes_of(self.element(id));
            let (_, value) = attributes.iter().find(|(n, _)| *n == name)?;
            Some(unescape(value))
        })
    }

    /// The text content without scripts and nested entries, entities decoded once.
    pub(crate) fn text_of(&self, id: NodeId) -> Cow<'a, str> {
        let end = self.element(id).end;
        let mut next = id.0 + 1;
        if next == end {
            return Cow::Borrowed("");
        }
        if next + 1 == end {
            match &self.nodes[next as usize] {
                Node::Text(raw) => return unescape(raw),
                Node::Cdata(raw) => return Cow::Borrowed(raw),
                Node::Element(_) => return Cow::Borrowed(""),
            }
        }
        let mut text = String::new();
        while next < end {
            match &self.nodes[next as usize] {
                Node::Text(raw) => unescape_into(&mut text, raw),
                Node::Cdata(raw) => text += raw,
                Node::Element(element)
                    if element.is_entry()
                        || matches!(element.known(), Name::Script | Name::Style) =>
                {
                    next = element.end;
                    continue;
                }
                Node::Element(_) => {}
            }
            next += 1;
        }
        Cow::Owned(text)
    }

    /// Visits the content of an element in document order. The content of an element inside it is
    /// visited if `visit` returns true for its start.
    pub(crate) fn walk(&self, id: NodeId, visit: &mut dyn FnMut(Visit<'a>) -> bool) {
        let end = self.element(id).end;
        let mut open: Vec<(u32, NodeId)> = Vec::new();
        let mut next = id.0 + 1;
        loop {
            while let Some((_, id)) = open.pop_if(|(end, _)| *end <= next) {
                visit(Visit::End(id));
            }
            if next >= end {
                return;
            }
            match &self.nodes[next as usize] {
                Node::Text(raw) => {
                    visit(Visit::Text(unescape(raw)));
                }
                Node::Cdata(raw) => {
                    visit(Visit::Text(Cow::Borrowed(raw)));
                }
                Node::Element(element) if visit(Visit::Start(NodeId(next))) => {
                    open.push((element.end, NodeId(next)));
                }
                Node::Element(element) => {
                    next = element.end;
                    continue;
                }
            }
            next += 1;
        }
    }

    /// The text directly in an element, without that of elements inside it; entities decoded once.
    pub(crate) fn own_text(&self, id: NodeId) -> Cow<'a, str> {
        let end = self.element(id).end;
        let mut next = id.0 + 1;
        let mut text = Cow::Borrowed("");
        while next < end {
            let piece = match &self.nodes[next as usize] {
                Node::Text(raw) => unescape(raw),
                Node::Cdata(raw) => Cow::Borrowed(*raw),
                Node::Element(element) => {
                    next = element.end;
                    continue;
                }
            };
            if text.is_empty() {
                text = piece;
            } else {
                text.to_mut().push_str(&piece);
            }
            next += 1;
        }
        text
    }

    /// Number of elements and pieces of text below an element.
    pub(crate) fn size(&self, id: NodeId) -> usize {
        (self.element(id).end - id.0 - 1) as usize
    }

    /// Whether the document ended before its elements did.
    pub(crate) fn ends_in_the_middle(&self) -> bool {
        self.problems.iter().any(|(what, _)| *what == CUT_OFF)
    }

    /// Whether nothing follows an element.
    pub(crate) fn is_at_the_end(&self, id: NodeId) -> bool {
        self.element(id).end as usize == self.nodes.len()
    }

    /// The content as HTML: elements are written as tags, as for XHTML content and feeds that
    /// forgot to escape; entities in character data are decoded once. Nested entries are left out:
    /// they are read separately.
    ///
    /// Below an inner `xml:base`, URLs are made absolute by `absolute`, since HTML has no such
    /// attribute.
    pub(crate) fn inner_html(
        &self,
        id: NodeId,
        absolute: &dyn Fn(NodeId, &str) -> Option<String>,
    ) -> Cow<'a, str> {
        let end = self.element(id).end;
        let mut next = id.0 + 1;
        if next + 1 == end {
            match &self.nodes[next as usize] {
                Node::Text(raw) => return unescape(raw),
                Node::Cdata(raw) => return Cow::Borrowed(raw),
                Node::Element(_) => {}
            }
        }
        let has_elements = self.children(id).next().is_some();
        let mut html = String::new();
        let mut open: Vec<(u32, &str)> = Vec::new();
        // After the last element with its own base, URLs are left as written.
        let mut based_until = 0;
        loop {
            while let Some((_, name)) = open.pop_if(|(end, _)| *end <= next) {
                for part in ["</", name, ">"] {
                    html += part;
                }
            }
            if next >= end {
                return Cow::Owned(html);
            }
            match &self.nodes[next as usize] {
                Node::Text(raw) if has_elements => {
                    let text = unescape(raw);
                    // Some feeds mix markup with markup that was escaped once too often.
                    match open.is_empty().then(|| markup_in(&text)).flatten() {
                        Some(markup) => html += &markup,
                        None => escape_into(&mut html, &text),
                    }
                }
                Node::Text(raw) => unescape_into(&mut html, raw),
                Node::Cdata(raw) => html += raw,
                Node::Element(element) if element.is_entry() => {
                    next = element.end;
                    continue;
                }
                Node::Element(element) => {
                    let name = element.name();
                    html.push('<');
                    html += name;
                    let attributes = self.attributes_of(element);
                    if attributes.iter().any(|(name, _)| *name == "xml:base") {
                        based_until = based_until.max(element.end);
                    }
                    for (name, value) in attributes {
                        if name.starts_with("xmlns") {
                            continue;
                        }
                        let mut value = unescape(value);
                        if next < based_until
                            && is_address(name)
                            && !value.starts_with('#')
                            && let Some(whole) = absolute(NodeId(next), &value)
                        {
                            value = Cow::Owned(whole);
                        }
                        for part in [" ", name, "=\"", &escape(&value), "\""] {
                            html += part;
                        }
                    }
                    html.push('>');
                    if !is_void(name) {
                        open.push((element.end, name));
                    }
                }
            }
            next += 1;
        }
    }
}

impl<'a> Parser<'a> {
    fn document(&mut self, text: &'a str) {
        let mut comment_ends = Ahead::of("-->");
        let mut cdata_ends = Ahead::of("]]>");
        // Comments before this offset are known to be unclosed.
        let mut unclosed_until = 0;
        let cdata_start = Finder::new("<![CDATA[");
        let instruction_end = Finder::new("?>");
        let mut they_end_properly = true;
        let mut rest = text;
        while let Some(start) = memchr(b'<', rest.as_bytes()) {
            self.text(&rest[..start]);
            rest = &rest[start..];
            match rest.as_bytes().get(1) {
                Some(b'/') => {
                    let after = &rest[2..];
                    let end = memchr(b'>', after.as_bytes()).unwrap_or(after.len());
                    self.close(after[..end].trim(), text.len() - after.len());
                    rest = after.get(end + 1..).unwrap_or_default();
                }
                Some(b'!') => {
                    let offset = text.len() - rest.len();
                    if let Some(after) = rest.strip_prefix("<!--") {
                        let from = offset + 4;
                        let end = if offset < unclosed_until {
                            None
                        } else {
                            comment_ends.next(text, from)
                        };
                        let inside = &text[from..end.unwrap_or(text.len())];
                        if offset < unclosed_until {
                            rest = after;
                        } else if let Some(at) = self.end_tag_in(inside) {
                            // Never closed: what follows is text.
                            self.problem("a comment is not closed", offset);
                            unclosed_until = from + at;
                            rest = after;
                        } else {
                            rest = end.map_or("", |end| &text[end + 3..]);
                        }
                    } else if rest.starts_with("<![CDATA[") {
                        let from = offset + 9;
                        let end = cdata_ends.next(text, from);
                        let inside = &text[from..end.unwrap_or(text.len())];
                        // If another one begins inside, or there is no end, it may be unclosed.
                        let suspect =
                            end.is_none() || cdata_start.find(inside.as_bytes()).is_some();
                        let unclosed = suspect.then(|| self.end_tag_in(inside)).flatten();
                        if let Some(at) = unclosed {
                            self.problem("a CDATA section is not closed", offset);
                            self.cdata(&inside[..at]);
                            rest = &text[from + at..];
                        } else {
                            self.cdata(inside);
                            rest = end.map_or("", |end| &text[end + 3..]);
                        }
                    } else {
                        rest = after_declaration(rest);
                    }
                }
                Some(b'?') => {
                    // If one has no proper end, do not search again for each.
                    let end = they_end_properly
                        .then(|| instruction_end.find(rest.as_bytes()))
                        .flatten();
                    they_end_properly = end.is_some();
                    rest = match end {
                        Some(end) => &rest[end + 2..],
                        None => memchr(b'>', rest.as_bytes()).map_or("", |end| &rest[end + 1..]),
                    };
                }
                _ if rest[1..].starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':') => {
                    rest = self.open(rest);
                }
                _ => {
                    // A bare "<" is text.
                    self.text(&rest[..1]);
                    rest = &rest[1..];
                }
            }
        }
        self.text(rest);
        if !self.open.is_empty() {
            self.problem(CUT_OFF, text.len());
        }
        self.end_from(0);
    }

    /// Offset of the end tag of the innermost open element within a comment or CDATA section, which
    /// was then not closed. Only for elements with text: elsewhere whole entries may be commented
    /// out.
    fn end_tag_in(&self, inside: &str) -> Option<usize> {
        let element = self.tree.element(*self.open.last()?);
        let holds_text = matches!(
            element.known(),
            Name::Title
                | Name::Description
                | Name::Encoded
                | Name::Content
                | Name::Summary
                | Name::Subtitle
                | Name::Tagline
                | Name::Abstract
                | Name::FullItem
                | Name::Author
                | Name::Creator
                | Name::Category
                | Name::Loc
                | Name::Keywords
        );
        if !holds_text {
            return None;
        }
        let name = element.raw_name;
        memmem::find_iter(inside.as_bytes(), "</").find(|at| {
            let after = &inside.as_bytes()[at + 2..];
            let named = after.get(..name.len());
            named.is_some_and(|named| named.eq_ignore_ascii_case(name.as_bytes()))
                && matches!(
                    after.get(name.len()),
                    Some(b'>' | b' ' | b'\n' | b'\r' | b'\t')
                )
        })
    }

    /// Parses a start tag; returns the rest.
    fn open(&mut self, text: &'a str) -> &'a str {
        let body = &text[1..];
        let name_end = body
            .bytes()
            .position(|b| is_space(b) || matches!(b, b'>' | b'/' | b'<'))
            .unwrap_or(body.len());
        let raw_name = &body[..name_end];
        let first = self.tree.attributes.len();
        let (rest, empty) = attributes(&body[name_end..], &mut self.tree.attributes);
        if self.open.len() >= DEEPEST {
            self.end_from(self.open.len() - 1);
        }
        let parent = self.open.last().copied();
        let mut default_space =
            parent.map_or(Space::Core, |id| self.tree.element(id).default_space);
        for at in first..self.tree.attributes.len() {
            let (name, value) = self.tree.attributes[at];
            let Some(prefix) = name.strip_prefix("xmlns") else {
                continue;
            };
            if let Some(prefix) = prefix.strip_prefix(':') {
                self.declare(prefix, value);
            } else if prefix.is_empty() {
                // An unknown default namespace is mostly a misspelt one of a feed.
                let space = space_of(value);
                default_space = if space == Space::Other {
                    Space::Core
                } else {
                    space
                };
            }
        }
        let element = Element {
            raw_name,
            meaning: self.meaning(raw_name, default_space),
            default_space,
            attributes: (first as u32, self.tree.attributes.len() as u32),
            end: self.tree.nodes.len() as u32 + 1,
            parent,
        };
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(Node::Element(element));
        if parent.is_none() {
            self.tree.roots.push(id);
        }
        if !empty {
            self.open.push(id);
        }
        rest
    }

    fn close(&mut self, raw_name: &str, offset: usize) {
        let local = raw_name.rsplit(':').next().unwrap_or(raw_name);
        let fits = |id: &NodeId| {
            let element = self.tree.element(*id);
            element.raw_name.eq_ignore_ascii_case(raw_name)
                || element.name().eq_ignore_ascii_case(local)
        };
        match self.open.iter().rposition(fits) {
            Some(at) => {
                if at + 1 < self.open.len() {
                    self.problem("elements overlap", offset);
                }
                self.end_from(at);
            }
            None => self.problem("an end tag fits no start tag", offset),
        }
    }

    /// Ends the open elements from this index on.
    fn end_from(&mut self, at: usize) {
        let end = self.tree.nodes.len() as u32;
        for id in self.open.drain(at..) {
            if let Node::Element(element) = &mut self.tree.nodes[id.0 as usize] {
                element.end = end;
            }
        }
    }

    fn problem(&mut self, what: &'static str, offset: usize) {
        let problems = &mut self.tree.problems;
        if problems.iter().all(|(known, _)| *known != what) {
            problems.push((what, offset));
        }
    }

    fn text(&mut self, text: &'a str) {
        if !text.is_empty() && !self.open.is_empty() {
            self.tree.nodes.push(Node::Text(text));
        }
    }

    fn cdata(&mut self, text: &'a str) {
        if !text.is_empty() && !self.open.is_empty() {
            self.tree.nodes.push(Node::Cdata(text));
        }
    }

    fn declare(&mut self, prefix: &'a str, uri: &str) {
        if let Some(known) = self.prefixes.get_mut(prefix) {
            let space = space_of(uri);
            // A prefix redeclared deeper down mostly keeps its meaning.
            if (*known == Space::Other || space == Space::Core) && *known != space {
                *known = space;
                self.remembered = [None; REMEMBERED];
            }
        } else if self.prefixes.len() < MAX_PREFIXES {
            self.prefixes.insert(prefix, space_of(uri));
            self.remembered = [None; REMEMBERED];
        }
    }

    fn meaning(&mut self, raw_name: &'a str, default_space: Space) -> Meaning {
        let bytes = raw_name.as_bytes();
        let (first, last) = (bytes.first(), bytes.last());
        let mixed = bytes.len() * 7
            + usize::from(*first.unwrap_or(&0)) * 3
            + usize::from(*last.unwrap_or(&0));
        let place = mixed % REMEMBERED;
        if let Some((name, space, meaning)) = self.remembered[place]
            && name == raw_name
            && space == default_space
        {
            return meaning;
        }
        let (space, local) = match raw_name.split_once(':') {
            None => (default_space, 0),
            Some((prefix, _)) => {
                let declared = self.prefixes.get(prefix).copied();
                let space = declared.unwrap_or_else(|| usual_prefix(prefix));
                (space, prefix.len() + 1)
            }
        };
        let meaning = Meaning {
            space,
            known: Name::of(&raw_name[local..]),
            local: local as u32,
        };
        self.remembered[place] = Some((raw_name, default_space, meaning));
        meaning
    }
}

/// Whether an HTML attribute contains a URL.
fn is_address(attribute: &str) -> bool {
    [
        "href",
        "src",
        "poster",
        "data",
        "cite",
        "longdesc",
        "background",
    ]
    .iter()
    .any(|name| name.eq_ignore_ascii_case(attribute))
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr" | "img" | "input" | "wbr" | "area" | "col" | "source" | "embed"
    )
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// Text without leading white space.
fn trimmed(text: &str) -> &str {
    match text.as_bytes().first() {
        Some(byte) if is_space(*byte) || !byte.is_ascii() => text.trim_start(),
        _ => text,
    }
}

/// Parses the attributes of a start tag; returns the rest, and whether the element is empty.
/// Unquoted values and unterminated tags are accepted.
fn attributes<'a>(text: &'a str, found: &mut Vec<(&'a str, &'a str)>) -> (&'a str, bool) {
    let mut rest = text;
    loop {
        rest = trimmed(rest);
        match rest.as_bytes() {
            [b'>', ..] => return (&rest[1..], false),
            [b'/', b'>', ..] => return (&rest[2..], true),
            [] | [b'<', ..] => return (rest, false),
            _ => {}
        }
        let end = rest
            .find(|c: char| matches!(c, '=' | '>' | '<') || c.is_whitespace())
            .unwrap_or(rest.len());
        // A "/" before ">" closes the element, even after an unquoted value.
        let end = if rest[..end].ends_with('/') && rest[end..].starts_with('>') {
            end - 1
        } else {
            end
        };
        if end == 0 {
            let skip = rest.chars().next().map_or(1, char::len_utf8);
            rest = &rest[skip..];
            continue;
        }
        let name = &rest[..end];
        rest = trimmed(&rest[end..]);
        let Some(after) = rest.strip_prefix('=') else {
            found.push((name, ""));
            continue;
        };
        rest = trimmed(after);
        if let Some(quote @ (b'"' | b'\'')) = rest.as_bytes().first() {
            let value = &rest[1..];
            let end = memchr(*quote, value.as_bytes()).unwrap_or(value.len());
            found.push((name, &value[..end]));
            rest = value.get(end + 1..).unwrap_or_default();
        } else {
            let end = rest
                .find(|c: char| c == '>' || c.is_whitespace())
                .unwrap_or(rest.len());
            found.push((name, &rest[..end]));
            rest = &rest[end..];
        }
    }
}

/// The rest after a `<!…>` declaration including its internal subset.
fn after_declaration(text: &str) -> &str {
    let Some(end) = memchr2(b'>', b'[', text.as_bytes()) else {
        return "";
    };
    if text.as_bytes()[end] == b'[' {
        let inside = &text[end..];
        let close = memchr(b']', inside.as_bytes()).unwrap_or(inside.len());
        let rest = &inside[close..];
        return memchr(b'>', rest.as_bytes()).map_or("", |end| &rest[end + 1..]);
    }
    &text[end + 1..]
}
