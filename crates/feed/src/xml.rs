//! A forgiving reader of XML as the web serves it.
//!
//! It never fails: undefined entities and lone ampersands stay text, end tags that fit nothing are
//! passed over, elements left open end with their parent, what stands before the first tag is
//! skipped. It knows no external entities and expands none but characters, so that no document can
//! grow or reach out. The tree is an arena without recursion, so depth costs no stack.

use std::borrow::Cow;

/// An element deeper than this is read as if it closed its parent.
const DEEPEST: usize = 256;

/// Namespace prefixes that are remembered; every name is looked up among them.
const MOST_PREFIXES: usize = 200;

/// A node's place in [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

/// What a document's namespaces mean to feeds; others are [`Space::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Space {
    /// No namespace, RSS in any version, RDF, Atom, CDF: told apart by their elements' names.
    #[default]
    Core,
    Content,
    DublinCore,
    Media,
    Itunes,
    Syndication,
    FeedBurner,
    Xhtml,
    Podcast,
    Slash,
    Other,
}

#[derive(Debug)]
pub(crate) struct Element<'a> {
    /// As written, with its prefix.
    pub(crate) raw_name: &'a str,
    pub(crate) space: Space,
    /// Without its prefix.
    pub(crate) name: &'a str,
    /// What names without a prefix mean inside.
    default_space: Space,
    attributes: Vec<(&'a str, &'a str)>,
    children: Vec<NodeId>,
    parent: Option<NodeId>,
}

#[derive(Debug)]
enum Node<'a> {
    Element(Element<'a>),
    /// Character data, entities not yet undone.
    Text(&'a str),
    /// Character data as it is.
    Cdata(&'a str),
}

/// A document.
#[derive(Debug)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    /// Elements without a parent, in order.
    pub(crate) roots: Vec<NodeId>,
    /// Prefixes as declared anywhere: the first declaration of a known namespace counts.
    prefixes: Vec<(&'a str, Space)>,
    /// What was wrong, as far as it matters.
    pub(crate) problems: Vec<String>,
}

impl<'a> Tree<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let mut tree = Tree {
            nodes: Vec::new(),
            roots: Vec::new(),
            prefixes: Vec::new(),
            problems: Vec::new(),
        };
        let mut open: Vec<NodeId> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let Some(start) = rest.find('<') else {
                tree.text(&open, rest);
                break;
            };
            tree.text(&open, &rest[..start]);
            rest = &rest[start..];
            if let Some(after) = rest.strip_prefix("<!--") {
                rest = after.find("-->").map_or("", |end| &after[end + 3..]);
            } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
                let end = after.find("]]>");
                tree.cdata(&open, &after[..end.unwrap_or(after.len())]);
                rest = end.map_or("", |end| &after[end + 3..]);
            } else if rest.starts_with("<?") {
                rest = rest
                    .find("?>")
                    .or_else(|| rest.find('>'))
                    .map_or("", |end| {
                        rest[end..]
                            .trim_start_matches('?')
                            .strip_prefix('>')
                            .unwrap_or_default()
                    });
            } else if rest.starts_with("<!") {
                rest = after_declaration(rest);
            } else if let Some(after) = rest.strip_prefix("</") {
                let end = after.find('>').unwrap_or(after.len());
                tree.close(&mut open, after[..end].trim());
                rest = after.get(end + 1..).unwrap_or_default();
            } else if rest[1..].starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':') {
                rest = tree.open(&mut open, rest);
            } else {
                // A lone "<" is text.
                tree.text(&open, &rest[..1]);
                rest = &rest[1..];
            }
        }
        if !open.is_empty() {
            tree.problems.push("the document ends in the middle".into());
        }
        tree
    }

    fn open(&mut self, open: &mut Vec<NodeId>, text: &'a str) -> &'a str {
        let body = &text[1..];
        let name_end = body
            .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))
            .unwrap_or(body.len());
        let raw_name = &body[..name_end];
        let (attributes, rest, empty) = attributes(&body[name_end..]);
        if open.len() >= DEEPEST {
            open.pop();
        }
        let parent = open.last().copied();
        let mut default_space = parent.map_or(Space::Core, |id| self.element(id).default_space);
        for (name, value) in &attributes {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                self.declare(prefix, value);
            } else if *name == "xmlns" {
                // An unknown vocabulary as the default is mostly a misspelt one of a feed.
                let space = space_of(value);
                default_space = if space == Space::Other {
                    Space::Core
                } else {
                    space
                };
            }
        }
        let (space, name) = self.resolve(raw_name, default_space);
        let element = Element {
            raw_name,
            space,
            name,
            default_space,
            attributes,
            children: Vec::new(),
            parent,
        };
        let id = self.push(Node::Element(element), parent);
        if parent.is_none() {
            self.roots.push(id);
        }
        if !empty {
            open.push(id);
        }
        rest
    }

    fn close(&mut self, open: &mut Vec<NodeId>, raw_name: &str) {
        let local = raw_name.rsplit(':').next().unwrap_or(raw_name);
        let fits = |tree: &Self, id: &NodeId| {
            let element = tree.element(*id);
            element.raw_name.eq_ignore_ascii_case(raw_name)
                || element.name.eq_ignore_ascii_case(local)
        };
        match open.iter().rposition(|id| fits(self, id)) {
            Some(at) => {
                if at + 1 < open.len() {
                    self.problem("elements overlap");
                }
                open.truncate(at);
            }
            None => self.problem("an end tag fits no start tag"),
        }
    }

    fn problem(&mut self, what: &str) {
        if self.problems.len() < 20 && self.problems.iter().all(|p| p != what) {
            self.problems.push(what.into());
        }
    }

    fn text(&mut self, open: &[NodeId], text: &'a str) {
        if !text.is_empty() && !open.is_empty() {
            self.push(Node::Text(text), open.last().copied());
        }
    }

    fn cdata(&mut self, open: &[NodeId], text: &'a str) {
        if !text.is_empty() && !open.is_empty() {
            self.push(Node::Cdata(text), open.last().copied());
        }
    }

    fn push(&mut self, node: Node<'a>, parent: Option<NodeId>) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node);
        if let Some(NodeId(parent)) = parent
            && let Node::Element(element) = &mut self.nodes[parent as usize]
        {
            element.children.push(id);
        }
        id
    }

    fn declare(&mut self, prefix: &'a str, uri: &str) {
        let space = space_of(uri);
        if let Some(known) = self.prefixes.iter_mut().find(|(p, _)| *p == prefix) {
            // A prefix that is declared anew, deeper down, mostly means what it meant.
            if known.1 == Space::Other || space == Space::Core {
                known.1 = space;
            }
        } else if self.prefixes.len() < MOST_PREFIXES {
            self.prefixes.push((prefix, space));
        }
    }

    fn resolve(&self, raw_name: &'a str, default_space: Space) -> (Space, &'a str) {
        let Some((prefix, name)) = raw_name.split_once(':') else {
            return (default_space, raw_name);
        };
        let declared = self
            .prefixes
            .iter()
            .find(|(p, _)| *p == prefix)
            .map(|(_, space)| *space);
        (declared.unwrap_or_else(|| usual_prefix(prefix)), name)
    }

    pub(crate) fn element(&self, id: NodeId) -> &Element<'a> {
        match &self.nodes[id.0 as usize] {
            Node::Element(element) => element,
            // Ids of other nodes are never handed out as elements.
            Node::Text(_) | Node::Cdata(_) => unreachable!("the id of an element"),
        }
    }

    /// The elements directly inside.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.element(id)
            .children
            .iter()
            .copied()
            .filter(|child| self.is_element(*child))
    }

    fn is_element(&self, id: NodeId) -> bool {
        matches!(self.nodes[id.0 as usize], Node::Element(_))
    }

    /// All elements below, in the document's order.
    pub(crate) fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut waiting: Vec<NodeId> = self.children(id).collect();
        waiting.reverse();
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            let from = waiting.len();
            waiting.extend(self.children(next));
            waiting[from..].reverse();
            Some(next)
        })
    }

    /// An attribute's value, entities undone. Compared without case, and without its prefix.
    pub(crate) fn attribute(&self, id: NodeId, name: &str) -> Option<Cow<'a, str>> {
        let attributes = &self.element(id).attributes;
        let exact = attributes
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        let found = exact.or_else(|| {
            let local = |n: &str| {
                n.rsplit(':')
                    .next()
                    .is_some_and(|l| l.eq_ignore_ascii_case(name))
            };
            attributes
                .iter()
                .find(|(n, _)| !n.starts_with("xmlns") && local(n))
        });
        found.map(|(_, value)| unescaped(value))
    }

    /// The value of `xml:NAME` on the element or the nearest one around it.
    pub(crate) fn inherited(&self, id: NodeId, name: &str) -> Option<Cow<'a, str>> {
        let mut current = Some(id);
        while let Some(id) = current {
            let element = self.element(id);
            if let Some((_, value)) = element.attributes.iter().find(|(n, _)| *n == name) {
                return Some(unescaped(value));
            }
            current = element.parent;
        }
        None
    }

    /// Every `xml:base` from the element outwards.
    pub(crate) fn bases(&self, id: NodeId) -> Vec<Cow<'a, str>> {
        let mut bases = Vec::new();
        let mut current = Some(id);
        while let Some(id) = current {
            let element = self.element(id);
            if let Some((_, value)) = element.attributes.iter().find(|(n, _)| *n == "xml:base") {
                bases.push(unescaped(value));
            }
            current = element.parent;
        }
        bases
    }

    /// The character data inside, markup and scripts left out, entities undone once.
    pub(crate) fn text_of(&self, id: NodeId) -> String {
        let mut text = String::new();
        let mut in_script = false;
        self.walk(id, &mut |node, closing| match node {
            Node::Element(element) if matches!(element.name, "script" | "style") => {
                in_script = !closing;
            }
            Node::Text(_) | Node::Cdata(_) if in_script => {}
            Node::Text(raw) => text += &unescaped(raw),
            Node::Cdata(raw) => text += raw,
            Node::Element(_) => {}
        });
        text
    }

    /// What is inside as HTML: elements are written out, as in XHTML content or in feeds that forgot
    /// to escape; plain character data has its entities undone once.
    pub(crate) fn inner_html(&self, id: NodeId) -> String {
        let mut html = String::new();
        let has_elements = self.children(id).next().is_some();
        let outer = id;
        self.walk(id, &mut |node, closing| match node {
            Node::Text(raw) if has_elements => html += &escaped(&unescaped(raw)),
            Node::Text(raw) => html += &unescaped(raw),
            Node::Cdata(raw) => html += raw,
            Node::Element(element) => {
                if std::ptr::eq(element, self.element(outer)) {
                    return;
                }
                html.push('<');
                if closing {
                    html.push('/');
                }
                html += element.name;
                if !closing {
                    for (name, value) in &element.attributes {
                        if !name.starts_with("xmlns") {
                            for part in [" ", name, "=\"", &escaped(&unescaped(value)), "\""] {
                                html += part;
                            }
                        }
                    }
                }
                html.push('>');
            }
        });
        html
    }

    /// Visits a node and what is inside it; elements twice, the second time closing (void ones of
    /// HTML once).
    fn walk(&self, id: NodeId, visit: &mut dyn FnMut(&Node<'a>, bool)) {
        let mut waiting = vec![(id, false)];
        while let Some((id, closing)) = waiting.pop() {
            let node = &self.nodes[id.0 as usize];
            visit(node, closing);
            if let Node::Element(element) = node
                && !closing
            {
                if !is_void(element.name) {
                    waiting.push((id, true));
                }
                waiting.extend(element.children.iter().rev().map(|child| (*child, false)));
            }
        }
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr" | "img" | "input" | "wbr" | "area" | "col" | "source" | "embed"
    )
}

/// The attributes of a start tag, what follows the tag, and whether the element is empty. Values
/// without quotes, and a tag that never ends, are read as far as they go.
fn attributes(text: &str) -> (Vec<(&str, &str)>, &str, bool) {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return (found, after, true);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after, false);
        }
        if rest.is_empty() || rest.starts_with('<') {
            return (found, rest, false);
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '<'))
            .unwrap_or(rest.len());
        // A "/" before ">" closes the element, even after a value without quotes.
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
        rest = rest[end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            found.push((name, ""));
            continue;
        };
        rest = after.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some(quote) = quote {
            let value = &rest[1..];
            let end = value.find(quote).unwrap_or(value.len());
            found.push((name, &value[..end]));
            rest = value.get(end + 1..).unwrap_or_default();
        } else {
            let end = rest
                .find(|c: char| c.is_whitespace() || c == '>')
                .unwrap_or(rest.len());
            found.push((name, &rest[..end]));
            rest = &rest[end..];
        }
    }
}

/// What follows a `<!…>` declaration, an internal subset included.
fn after_declaration(text: &str) -> &str {
    let end = text.find('>').unwrap_or(text.len());
    if let Some(bracket) = text[..end].find('[') {
        let inside = &text[bracket..];
        let close = inside.find(']').unwrap_or(inside.len());
        let rest = &inside[close..];
        return rest.find('>').map_or("", |end| &rest[end + 1..]);
    }
    text.get(end + 1..).unwrap_or_default()
}

/// Character data with its entities undone; what is no entity stays as it is.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    htmlize::unescape(text)
}

/// Text as HTML shows it.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    htmlize::escape_all_quotes(text)
}

fn space_of(uri: &str) -> Space {
    let uri = uri.trim().trim_end_matches(['/', '#']).to_ascii_lowercase();
    let uri = uri
        .trim_start_matches("https://")
        .trim_start_matches("http://");
    let uri = uri.trim_start_matches("www.");
    if uri.is_empty() {
        return Space::Core;
    }
    let table: [(&str, Space); 20] = [
        ("w3.org/2005/atom", Space::Core),
        ("purl.org/atom", Space::Core),
        ("purl.org/rss/1.0/modules/content", Space::Content),
        ("purl.org/rss/1.0/modules/syndication", Space::Syndication),
        ("purl.org/rss/1.0/modules/slash", Space::Slash),
        ("purl.org/rss/1.0/modules", Space::Other),
        ("purl.org/rss/1.0", Space::Core),
        ("purl.org/net/rss1.1", Space::Core),
        ("my.netscape.com/rdf", Space::Core),
        ("channel.netscape.com/rdf", Space::Core),
        ("backend.userland.com/rss", Space::Core),
        ("blogs.law.harvard.edu/tech/rss", Space::Core),
        ("w3.org/1999/02/22-rdf-syntax-ns", Space::Core),
        ("purl.org/dc", Space::DublinCore),
        ("search.yahoo.com/mrss", Space::Media),
        ("itunes.com/dtds/podcast-1.0.dtd", Space::Itunes),
        ("rssnamespace.org/feedburner", Space::FeedBurner),
        ("w3.org/1999/xhtml", Space::Xhtml),
        ("podcastindex.org/namespace", Space::Podcast),
        ("w3.org/2000/xmlns", Space::Other),
    ];
    let known = table
        .iter()
        .find(|(start, _)| uri.starts_with(start))
        .map(|(_, space)| *space);
    known.unwrap_or(Space::Other)
}

/// What a prefix means when nobody declared it.
fn usual_prefix(prefix: &str) -> Space {
    match prefix.to_ascii_lowercase().as_str() {
        "" | "rss" | "rdf" | "atom" | "atom10" | "atom03" | "a10" => Space::Core,
        "content" => Space::Content,
        "dc" | "dcterms" => Space::DublinCore,
        "media" => Space::Media,
        "itunes" => Space::Itunes,
        "sy" | "syn" => Space::Syndication,
        "feedburner" => Space::FeedBurner,
        "xhtml" => Space::Xhtml,
        "podcast" => Space::Podcast,
        "slash" => Space::Slash,
        _ => Space::Other,
    }
}
