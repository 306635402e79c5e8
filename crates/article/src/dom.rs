//! A small tree of safe elements and text, in an arena: built by the sanitizer, rearranged by
//! normalisation, and the only tree that is serialised as HTML.

use memchr::{memchr2, memchr3, memmem};

/// Index of a node in [`Dom`].
pub(crate) type Id = usize;

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// An allowed element and its allowed attributes.
    Element(&'static str, Vec<(&'static str, String)>),
    Text(String),
}

#[derive(Debug, Clone)]
struct Node {
    kind: Kind,
    children: Vec<Id>,
    parent: Id,
    is_block: bool,
}

impl Node {
    fn new(kind: Kind, parent: Id) -> Self {
        Self {
            is_block: matches!(&kind, Kind::Element(name, _) if is_block(name)),
            kind,
            children: Vec::new(),
            parent,
        }
    }
}

/// The root is node 0, an element without a name.
#[derive(Debug, Clone)]
pub(crate) struct Dom {
    nodes: Vec<Node>,
    /// Size of all text added: an estimate of the output size.
    text_bytes: usize,
}

pub(crate) const ROOT: Id = 0;

impl Dom {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::new(Kind::Element("", Vec::new()), ROOT)],
            text_bytes: 0,
        }
    }

    pub(crate) fn append(&mut self, parent: Id, kind: Kind) -> Id {
        if let Kind::Text(text) = &kind {
            self.text_bytes += text.len();
        }
        // Adjacent texts are merged.
        if let (Kind::Text(new), Some(last)) = (&kind, self.nodes[parent].children.last().copied())
            && let Kind::Text(text) = &mut self.nodes[last].kind
        {
            text.push_str(new);
            return last;
        }
        let id = self.nodes.len();
        self.nodes.push(Node::new(kind, parent));
        self.nodes[parent].children.push(id);
        id
    }

    /// Size of all text added, in bytes.
    pub(crate) fn text_bytes(&self) -> usize {
        self.text_bytes
    }

    /// Number of nodes, including detached ones.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn name(&self, id: Id) -> &'static str {
        match &self.nodes[id].kind {
            Kind::Element(name, _) => name,
            Kind::Text(_) => "#text",
        }
    }

    pub(crate) fn is_block(&self, id: Id) -> bool {
        self.nodes[id].is_block
    }

    pub(crate) fn kind(&self, id: Id) -> &Kind {
        &self.nodes[id].kind
    }

    pub(crate) fn text(&self, id: Id) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Text(text) => Some(text),
            Kind::Element(..) => None,
        }
    }

    pub(crate) fn set_text(&mut self, id: Id, new: String) {
        if let Kind::Text(text) = &mut self.nodes[id].kind {
            *text = new;
        }
    }

    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        match &self.nodes[id].kind {
            Kind::Element(_, attributes) => attributes
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| value.as_str()),
            Kind::Text(_) => None,
        }
    }

    pub(crate) fn children(&self, id: Id) -> &[Id] {
        &self.nodes[id].children
    }

    pub(crate) fn set_children(&mut self, id: Id, children: Vec<Id>) {
        for child in &children {
            self.nodes[*child].parent = id;
        }
        self.nodes[id].children = children;
    }

    pub(crate) fn parent(&self, id: Id) -> Id {
        self.nodes[id].parent
    }

    /// Creates a detached node.
    pub(crate) fn make(&mut self, kind: Kind) -> Id {
        self.nodes.push(Node::new(kind, ROOT));
        self.nodes.len() - 1
    }

    /// Whether parsing the output gives the same tree; `false` if in doubt
    /// (WHATWG HTML, "The rules for parsing tokens in HTML content").
    pub(crate) fn is_settled(&self) -> bool {
        let mut waiting: Vec<(Id, Around)> = vec![(ROOT, Around::default())];
        while let Some((id, around)) = waiting.pop() {
            let holder = self.name(id);
            for child in &self.nodes[id].children {
                let name = match &self.nodes[*child].kind {
                    Kind::Text(text) if takes_only_parts(holder) => {
                        if !text.bytes().all(|b| b.is_ascii_whitespace()) {
                            return false;
                        }
                        continue;
                    }
                    Kind::Text(_) => continue,
                    Kind::Element(name, _) => *name,
                };
                if !around.allows(holder, name) {
                    return false;
                }
                waiting.push((*child, around.inside(name)));
            }
        }
        true
    }

    /// Removes nodes, and elements that become empty by that.
    pub(crate) fn remove_all(&mut self, ids: &[Id]) {
        let mut gone = vec![false; self.nodes.len()];
        let mut waiting: Vec<Id> = ids.to_vec();
        while !waiting.is_empty() {
            let mut holders: Vec<Id> = Vec::new();
            for id in waiting.drain(..) {
                gone[id] = true;
                holders.push(self.nodes[id].parent);
            }
            holders.sort_unstable();
            holders.dedup();
            for holder in holders {
                self.nodes[holder].children.retain(|child| !gone[*child]);
                let kept = holder == ROOT || matches!(self.name(holder), "td" | "th" | "tr");
                if !kept && !gone[holder] && self.is_blank(holder) {
                    waiting.push(holder);
                }
            }
        }
    }

    /// Whether an element contains only white space and line breaks.
    pub(crate) fn is_blank(&self, id: Id) -> bool {
        self.nodes[id]
            .children
            .iter()
            .all(|child| match &self.nodes[*child].kind {
                Kind::Text(text) => text.trim().is_empty(),
                Kind::Element(name, _) => *name == "br",
            })
    }

    /// Whether its plain text is not empty.
    pub(crate) fn has_text(&self, id: Id) -> bool {
        let is_shown = |id: Id| self.text(id).is_some_and(|text| !text.trim().is_empty());
        is_shown(id) || self.walk(id).any(is_shown)
    }

    /// All nodes below, in document order.
    pub(crate) fn below(&self, id: Id) -> Vec<Id> {
        let mut found = Vec::with_capacity(if id == ROOT { self.len() } else { 0 });
        found.extend(self.walk(id));
        found
    }

    /// As [`Dom::below`], one by one.
    pub(crate) fn walk(&self, id: Id) -> impl Iterator<Item = Id> {
        let mut waiting: Vec<Id> = self.nodes[id].children.iter().rev().copied().collect();
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(self.nodes[next].children.iter().rev());
            Some(next)
        })
    }

    /// The blocks that contain no other block, in document order.
    pub(crate) fn leaves(&self) -> Vec<Id> {
        let mut blocks = self.below(ROOT);
        blocks.retain(|id| self.is_block(*id));
        let mut holds_blocks = vec![false; self.len()];
        for block in &blocks {
            let mut holder = self.parent(*block);
            while holder != ROOT && !holds_blocks[holder] {
                holds_blocks[holder] = true;
                holder = self.parent(holder);
            }
        }
        blocks.retain(|id| self.name(*id) != "hr" && !holds_blocks[*id]);
        blocks
    }

    /// The text inside with collapsed white space, blocks separated by a blank line, lines by a
    /// line break.
    pub(crate) fn plain_text(&self, id: Id) -> String {
        self.text_without(id, &|_| false)
    }

    /// The same without captions.
    pub(crate) fn running_text(&self, id: Id) -> String {
        let is_beside = |id: Id| {
            let name = self.name(id);
            name == "figcaption"
                || name == "figure" && self.below(id).iter().any(|id| self.name(*id) == "img")
        };
        self.text_without(id, &is_beside)
    }

    fn text_without(&self, id: Id, is_left_out: &dyn Fn(Id) -> bool) -> String {
        enum Step {
            /// A node, and whether it is inside a `pre`.
            Enter(Id, bool),
            Gap(&'static str),
        }
        let mut text = String::with_capacity(if id == ROOT { self.text_bytes } else { 0 });
        let mut waiting = vec![Step::Enter(id, self.is_preformatted(id))];
        while let Some(step) = waiting.pop() {
            let (id, preformatted) = match step {
                Step::Gap(gap) => {
                    push_gap(&mut text, gap);
                    continue;
                }
                Step::Enter(id, _) if is_left_out(id) => continue,
                Step::Enter(id, preformatted) => (id, preformatted),
            };
            match &self.nodes[id].kind {
                Kind::Text(raw) if preformatted => text.push_str(raw),
                Kind::Text(raw) => push_folded(&mut text, raw),
                Kind::Element("br", _) => push_gap(&mut text, "\n"),
                Kind::Element(name, _) => {
                    let gap = if self.nodes[id].is_block {
                        if matches!(*name, "li" | "tr" | "dt" | "dd") {
                            "\n"
                        } else {
                            "\n\n"
                        }
                    } else if matches!(*name, "td" | "th") {
                        " "
                    } else {
                        ""
                    };
                    push_gap(&mut text, gap);
                    if !gap.is_empty() {
                        waiting.push(Step::Gap(gap));
                    }
                    let preformatted = preformatted || *name == "pre";
                    let children = self.nodes[id].children.iter().rev();
                    waiting.extend(children.map(|child| Step::Enter(*child, preformatted)));
                }
            }
        }
        text.truncate(text.trim_end().len());
        text
    }

    fn is_preformatted(&self, id: Id) -> bool {
        let mut current = id;
        while current != ROOT {
            current = self.nodes[current].parent;
            if self.name(current) == "pre" {
                return true;
            }
        }
        false
    }

    pub(crate) fn to_html(&self) -> String {
        let mut html = String::with_capacity(self.text_bytes + self.nodes.len() * 8);
        let mut waiting: Vec<(Id, bool)> = self.nodes[ROOT]
            .children
            .iter()
            .rev()
            .map(|id| (*id, false))
            .collect();
        while let Some((id, closing)) = waiting.pop() {
            match &self.nodes[id].kind {
                Kind::Text(text) => escape_text(&mut html, text),
                Kind::Element(name, _) if closing => {
                    html.extend(["</", name, ">"]);
                }
                Kind::Element(name, attributes) => {
                    html.extend(["<", name]);
                    for (name, value) in attributes {
                        html.extend([" ", name, "=\""]);
                        escape_attribute(&mut html, value);
                        html.push('"');
                    }
                    html.push('>');
                    // The parser drops the first line break of a `pre`.
                    let first = self.nodes[id].children.first().and_then(|c| self.text(*c));
                    if *name == "pre" && first.is_some_and(|t| t.starts_with('\n')) {
                        html.push('\n');
                    }
                    if !is_void(name) {
                        waiting.push((id, true));
                        waiting.extend(self.nodes[id].children.iter().rev().map(|c| (*c, false)));
                    }
                }
            }
        }
        html
    }
}

/// The open elements around a node that a parser might close.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "mirrors the parser's checks one by one"
)]
struct Around {
    paragraph: bool,
    link: bool,
    item: bool,
    term: bool,
}

impl Around {
    fn allows(self, holder: &str, name: &str) -> bool {
        let at_home = match name {
            "caption" | "colgroup" | "thead" | "tbody" | "tfoot" => holder == "table",
            "tr" => matches!(holder, "thead" | "tbody" | "tfoot"),
            "td" | "th" => holder == "tr",
            "col" => holder == "colgroup",
            "rt" | "rp" => holder == "ruby",
            "a" => !self.link && !takes_only_parts(holder),
            "li" => !self.item && !takes_only_parts(holder),
            "dt" | "dd" => !self.term && !takes_only_parts(holder),
            "h2" | "h3" | "h4" | "h5" | "h6" => !is_heading(holder) && !takes_only_parts(holder),
            _ => !takes_only_parts(holder),
        };
        at_home && !(self.paragraph && is_block(name))
    }

    fn inside(self, name: &str) -> Self {
        match name {
            "td" | "th" | "caption" => Self::default(),
            "table" => Self {
                link: self.link,
                ..Self::default()
            },
            "p" => Self {
                paragraph: true,
                ..self
            },
            "a" => Self { link: true, ..self },
            "li" => Self {
                item: true,
                term: false,
                ..self
            },
            "dt" | "dd" => Self {
                item: false,
                term: true,
                ..self
            },
            "div" => self,
            _ if is_block(name) => Self {
                item: false,
                term: false,
                ..self
            },
            _ => self,
        }
    }
}

/// Whether an element only contains parts of a table.
fn takes_only_parts(name: &str) -> bool {
    matches!(
        name,
        "table" | "thead" | "tbody" | "tfoot" | "tr" | "colgroup"
    )
}

pub(crate) fn is_heading(name: &str) -> bool {
    matches!(name, "h2" | "h3" | "h4" | "h5" | "h6")
}

pub(crate) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "wbr" | "col")
}

/// Whether an element is a block.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "blockquote"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "caption"
            | "figure"
            | "figcaption"
            | "pre"
            | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "details"
            | "summary"
    )
}

fn push_gap(text: &mut String, gap: &str) {
    if gap.is_empty() || text.is_empty() {
        return;
    }
    if gap == " " {
        if !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        return;
    }
    let kept = text.trim_end_matches(' ').len();
    text.truncate(kept);
    let have = text.len() - text.trim_end_matches('\n').len();
    for _ in have..gap.len() {
        text.push('\n');
    }
}

fn push_folded(text: &mut String, raw: &str) {
    let lead = raw.starts_with(char::is_whitespace);
    if lead && !text.is_empty() && !text.ends_with(char::is_whitespace) {
        text.push(' ');
    }
    let inner = raw.trim();
    if is_folded(inner) {
        text.push_str(inner);
    } else {
        for (at, word) in inner.split_whitespace().enumerate() {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(word);
        }
    }
    if !inner.is_empty() && raw.ends_with(char::is_whitespace) {
        text.push(' ');
    }
}

/// Whether single spaces are the only white space; `false` if in doubt.
fn is_folded(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr3(b'\n', b'\r', b'\t', bytes).is_none()
        && memchr2(0x0B, 0x0C, bytes).is_none()
        && memmem::find(bytes, b"  ").is_none()
        // White space beyond ASCII begins with one of these.
        && memchr2(0xC2, 0xE1, bytes).is_none()
        && memchr2(0xE2, 0xE3, bytes).is_none()
}

fn escape_text(html: &mut String, text: &str) {
    escape(html, text, false);
}

fn escape_attribute(html: &mut String, text: &str) {
    escape(html, text, true);
}

fn escape(html: &mut String, text: &str, quotes: bool) {
    let bytes = text.as_bytes();
    let is_plain =
        memchr3(b'&', b'<', b'>', bytes).is_none() && memchr3(b'"', 0xC2, 0, bytes).is_none();
    if is_plain {
        html.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let (written, length) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'"' if quotes => ("&quot;", 1),
            0 => ("", 1),
            // A no-break space: C2 A0.
            0xC2 if text.as_bytes().get(at + 1) == Some(&0xA0) => ("&nbsp;", 2),
            _ => continue,
        };
        html.push_str(&text[done..at]);
        html.push_str(written);
        done = at + length;
    }
    html.push_str(&text[done..]);
}
