//! Parses HTML like a browser (WHATWG HTML, "Parsing HTML documents") into an arena. Built on
//! html5ever with its own tree: nodes are linked to their neighbours, so that no operation of the
//! parser searches siblings, and nothing recurses. A guard between tokenizer and tree builder
//! bounds the stack of open elements; without it, deep nesting takes quadratic time. Deliberately
//! absent: scripts, inert documents of templates, shadow roots.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, Tracer, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::State;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, QualName, TokenizerResult, local_name, ns};

/// Maximum number of open elements, including formatting elements to be reopened. Further start
/// tags are ignored; their text stays.
const MAX_OPEN: usize = 256;
/// Maximum number of nodes: unclosed formatting elements are reopened in every following block.
const MAX_NODES: usize = 500_000;
/// Maximum number of nodes of a whole page, which is traversed more often.
const MAX_NODES_OF_PAGE: usize = 250_000;
/// Maximum number of attributes of an element.
const MAX_ATTRIBUTES: usize = 64;

/// Size of the chunks given to the tokenizer, in bytes.
const PIECE: usize = 2048;
/// Maximum number of attribute comparisons; the rest of the document is cut off.
const MAX_WORK: u64 = 500_000_000;

/// Index of a node in a [`Tree`].
pub(crate) type NodeId = u32;

const NONE: NodeId = NodeId::MAX;
/// The document itself.
pub(crate) const DOCUMENT: NodeId = 0;

/// The kind of a node.
#[derive(Debug)]
pub(crate) enum Data {
    /// The document, a comment or a processing instruction.
    Other,
    /// Characters.
    Text(StrTendril),
    /// An element and its attributes.
    Element(Rc<QualName>, Vec<Attribute>),
}

#[derive(Debug)]
struct Node {
    data: Data,
    parent: NodeId,
    previous: NodeId,
    next: NodeId,
    first: NodeId,
    last: NodeId,
}

/// A parsed document or fragment.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// Parses a whole page.
    pub(crate) fn of_document(html: &str) -> Self {
        let builder = TreeBuilder::new(Sink::new(), builder_options());
        read(builder, MAX_NODES_OF_PAGE, html)
    }

    /// Parses a fragment as the content of a `body`.
    pub(crate) fn of_fragment(html: &str) -> Self {
        let sink = Sink::new();
        let name = QualName::new(None, ns!(html), local_name!("body"));
        let context = sink.create_element(name, Vec::new(), ElementFlags::default());
        let builder = TreeBuilder::new_for_fragment(sink, context, None, builder_options());
        read(builder, MAX_NODES, html)
    }

    /// All nodes in order of creation.
    pub(crate) fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        0..self.nodes.len() as NodeId
    }

    /// The kind of the node.
    pub(crate) fn data(&self, id: NodeId) -> &Data {
        &self.nodes[id as usize].data
    }

    /// The local name of an HTML element.
    pub(crate) fn name(&self, id: NodeId) -> Option<&str> {
        match self.data(id) {
            Data::Element(name, _) if name.ns == ns!(html) => Some(&name.local),
            _ => None,
        }
    }

    /// The local name of an element of any kind, SVG and `MathML` included.
    pub(crate) fn name_of_any(&self, id: NodeId) -> Option<&str> {
        match self.data(id) {
            Data::Element(name, _) => Some(&name.local),
            _ => None,
        }
    }

    /// The value of an element's attribute.
    pub(crate) fn attribute(&self, id: NodeId, wanted: &str) -> Option<&str> {
        match self.data(id) {
            Data::Element(_, attributes) => attributes
                .iter()
                .find(|a| &*a.name.local == wanted)
                .map(|a| &*a.value),
            _ => None,
        }
    }

    /// The parent.
    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].parent)
    }

    /// The sibling before.
    pub(crate) fn previous(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].previous)
    }

    /// The sibling after.
    pub(crate) fn next(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].next)
    }

    /// The children in order.
    pub(crate) fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(some(self.nodes[id as usize].first), |id| {
            some(self.nodes[*id as usize].next)
        })
    }

    /// The children in reverse order.
    pub(crate) fn children_backwards(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(some(self.nodes[id as usize].last), |id| {
            some(self.nodes[*id as usize].previous)
        })
    }

    /// All nodes below, in document order.
    pub(crate) fn below(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut waiting: Vec<NodeId> = self.children_backwards(id).collect();
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(self.children_backwards(next));
            Some(next)
        })
    }

    /// All text below, unchanged.
    pub(crate) fn text(&self, id: NodeId) -> String {
        let mut text = String::new();
        for node in self.below(id) {
            if let Data::Text(characters) = self.data(node) {
                text.push_str(characters);
            }
        }
        text
    }

    fn make(&mut self, data: Data) -> NodeId {
        let id = self.nodes.len() as NodeId;
        self.nodes.push(Node {
            data,
            parent: NONE,
            previous: NONE,
            next: NONE,
            first: NONE,
            last: NONE,
        });
        id
    }

    fn detach(&mut self, id: NodeId) {
        let Node {
            parent,
            previous,
            next,
            ..
        } = self.nodes[id as usize];
        if parent == NONE {
            return;
        }
        match some(previous) {
            Some(previous) => self.nodes[previous as usize].next = next,
            None => self.nodes[parent as usize].first = next,
        }
        match some(next) {
            Some(next) => self.nodes[next as usize].previous = previous,
            None => self.nodes[parent as usize].last = previous,
        }
        let node = &mut self.nodes[id as usize];
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
    }

    /// Inserts a node into `parent`, before `next` or at the end.
    fn insert(&mut self, id: NodeId, parent: NodeId, next: NodeId) {
        self.detach(id);
        let previous = match some(next) {
            Some(next) => std::mem::replace(&mut self.nodes[next as usize].previous, id),
            None => std::mem::replace(&mut self.nodes[parent as usize].last, id),
        };
        match some(previous) {
            Some(previous) => self.nodes[previous as usize].next = id,
            None => self.nodes[parent as usize].first = id,
        }
        let node = &mut self.nodes[id as usize];
        (node.parent, node.previous, node.next) = (parent, previous, next);
    }

    fn place(&mut self, parent: NodeId, next: NodeId, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendNode(handle) => self.insert(handle.id, parent, next),
            NodeOrText::AppendText(new) => {
                let before = match some(next) {
                    Some(next) => self.nodes[next as usize].previous,
                    None => self.nodes[parent as usize].last,
                };
                if let Some(before) = some(before)
                    && let Data::Text(text) = &mut self.nodes[before as usize].data
                {
                    text.push_tendril(&new);
                    return;
                }
                let id = self.make(Data::Text(new));
                self.insert(id, parent, next);
            }
        }
    }
}

pub(crate) fn is_no_text(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "textarea"
            | "select"
            | "xmp"
            | "noembed"
            | "noframes"
            | "frameset"
            | "frame"
    )
}

fn some(id: NodeId) -> Option<NodeId> {
    (id != NONE).then_some(id)
}

fn builder_options() -> TreeBuilderOpts {
    // Warta runs no scripts, so `noscript` is parsed as markup.
    TreeBuilderOpts {
        scripting_enabled: false,
        ..TreeBuilderOpts::default()
    }
}

fn read(builder: TreeBuilder<Handle, Sink>, most_nodes: usize, html: &str) -> Tree {
    let options = TokenizerOpts {
        initial_state: Some(State::Data),
        ..TokenizerOpts::default()
    };
    let tokenizer = Tokenizer::new(
        Guard {
            builder,
            most_nodes,
            tokens: Cell::new(0),
        },
        options,
    );
    let input = BufferQueue::default();
    // An attribute can begin at every second byte at most.
    let may_cost_much = (html.len() as u64 / 2).saturating_pow(2) >= MAX_WORK;
    let mut work = Work::default();
    let mut rest = html;
    while !rest.is_empty() && work.is_affordable() && !tokenizer.sink.is_large() {
        let piece = &rest[..rest.floor_char_boundary(PIECE)];
        rest = &rest[piece.len()..];
        input.push_back(StrTendril::from(piece));
        let before = tokenizer.sink.tokens.get();
        // The tokenizer pauses for scripts, which are not run.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        if may_cost_much {
            work.add(piece, tokenizer.sink.tokens.get() != before);
        }
    }
    tokenizer.end();
    tokenizer.sink.builder.sink.finish()
}

/// Upper bound of the time that the tokenizer spends on duplicate attributes, which is quadratic. A
/// tag has at most as many attributes as could begin since the last token.
#[derive(Default)]
struct Work {
    places: u64,
    spent: u64,
}

impl Work {
    fn add(&mut self, piece: &str, ended_a_token: bool) {
        let breaks = |b: u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'');
        let starts = piece
            .as_bytes()
            .windows(2)
            .filter(|two| breaks(two[0]) && !breaks(two[1]));
        let new = starts.count() as u64 + 1;
        self.places = if ended_a_token {
            new
        } else {
            self.places + new
        };
        self.spent += new * self.places;
    }

    fn is_affordable(&self) -> bool {
        self.spent < MAX_WORK
    }
}

/// Passes start tags on while few elements are open.
struct Guard {
    builder: TreeBuilder<Handle, Sink>,
    most_nodes: usize,
    tokens: Cell<u64>,
}

impl Guard {
    fn is_large(&self) -> bool {
        self.builder.sink.tree.borrow().nodes.len() > self.most_nodes
    }

    fn is_full(&self) -> bool {
        let open = Count(Cell::new(0));
        self.builder.trace_handles(&open);
        open.0.get() > MAX_OPEN
    }
}

impl TokenSink for Guard {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        // Errors are reported within a tag.
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        if let Token::TagToken(tag) = &token {
            let name = &*tag.name;
            // The parser would copy a selected option; after `plaintext` everything would be text.
            if matches!(
                name,
                "option" | "optgroup" | "selectedcontent" | "plaintext"
            ) {
                return TokenSinkResult::Continue;
            }
            if tag.kind == TagKind::StartTag && !is_leaf(name) && self.is_full() {
                return TokenSinkResult::Continue;
            }
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Whether an element cannot contain others: void elements, and those with text only.
fn is_leaf(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "iframe"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "noembed"
            | "noframes"
            | "param"
            | "script"
            | "source"
            | "style"
            | "textarea"
            | "title"
            | "track"
            | "wbr"
            | "xmp"
    )
}

struct Count(Cell<usize>);

impl Tracer for Count {
    type Handle = Handle;

    fn trace_handle(&self, _: &Handle) {
        self.0.set(self.0.get() + 1);
    }
}

/// A node handle of the parser.
#[derive(Debug, Clone)]
struct Handle {
    id: NodeId,
    name: Option<Rc<QualName>>,
}

struct Sink {
    tree: RefCell<Tree>,
    nameless: QualName,
}

impl Sink {
    fn new() -> Self {
        let mut tree = Tree { nodes: Vec::new() };
        tree.make(Data::Other);
        let nameless = QualName::new(None, ns!(), local_name!(""));
        Self {
            tree: RefCell::new(tree),
            nameless,
        }
    }

    fn other(&self) -> Handle {
        Handle {
            id: self.tree.borrow_mut().make(Data::Other),
            name: None,
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle {
            id: DOCUMENT,
            name: None,
        }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        target.name.as_deref().unwrap_or(&self.nameless)
    }

    fn create_element(
        &self,
        name: QualName,
        mut attributes: Vec<Attribute>,
        _: ElementFlags,
    ) -> Handle {
        attributes.truncate(MAX_ATTRIBUTES);
        let name = Rc::new(name);
        let data = Data::Element(Rc::clone(&name), attributes);
        Handle {
            id: self.tree.borrow_mut().make(data),
            name: Some(name),
        }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.other()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.other()
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.tree.borrow_mut().place(parent.id, NONE, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        let has_parent = self.tree.borrow().parent(element.id).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, new: NodeOrText<Handle>) {
        let mut tree = self.tree.borrow_mut();
        if let Some(parent) = tree.parent(sibling.id) {
            if let NodeOrText::AppendNode(node) = &new {
                tree.detach(node.id);
            }
            tree.place(parent, sibling.id, new);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, new: Vec<Attribute>) {
        let mut tree = self.tree.borrow_mut();
        if let Data::Element(_, attributes) = &mut tree.nodes[target.id as usize].data {
            for attribute in new {
                if attributes.len() < MAX_ATTRIBUTES
                    && attributes.iter().all(|a| a.name != attribute.name)
                {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.tree.borrow_mut().detach(target.id);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut tree = self.tree.borrow_mut();
        while let Some(child) = some(tree.nodes[node.id as usize].first) {
            tree.insert(child, new_parent.id, NONE);
        }
    }
}
