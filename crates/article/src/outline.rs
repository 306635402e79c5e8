//! A page as a list of its visible parts in document order, with letter counts of each block: the
//! input of scoring.

use crate::class_hints::{Hints, hints};
use warta_text::is_unspaced;

use crate::hidden::Hidden;
use crate::parse::{DOCUMENT, Data, NodeId, Tree, is_no_text};

/// An element or a text of a page.
#[derive(Debug)]
pub(crate) struct Part<'t> {
    pub(crate) node: NodeId,
    /// `#text` for a text.
    pub(crate) name: &'t str,
    pub(crate) parent: usize,
    /// Index after its last descendant.
    pub(crate) end: usize,
    /// The enclosing block, itself if it is one.
    pub(crate) block: usize,
    /// Whether it is inside a link.
    pub(crate) linked: bool,
    pub(crate) hints: Hints,
}

/// Counts of a block without nested blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Own {
    /// Letters; a letter of a script without spaces counts as three.
    pub(crate) letters: u32,
    /// Letters in links.
    pub(crate) linked: u32,
    /// Punctuation marks of sentences.
    pub(crate) marks: u32,
}

/// The parts of a page.
#[derive(Debug)]
pub(crate) struct Outline<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) parts: Vec<Part<'t>>,
    pub(crate) own: Vec<Own>,
    /// Prefix sums of letters and letters in links.
    before: Vec<(u32, u32)>,
}

impl<'t> Outline<'t> {
    pub(crate) fn of(tree: &'t Tree, hidden: &Hidden) -> Self {
        let mut parts: Vec<Part<'t>> = Vec::new();
        let mut waiting: Vec<(NodeId, usize)> = vec![(DOCUMENT, 0)];
        while let Some((node, parent)) = waiting.pop() {
            if hidden.has(node) {
                continue;
            }
            let at = parts.len();
            let (name, found, starts_block) = match tree.data(node) {
                Data::Text(_) => ("#text", Hints::default(), false),
                Data::Other => ("", Hints::default(), at == 0),
                Data::Element(..) => {
                    let Some(name) = tree.name(node) else {
                        continue;
                    };
                    if is_unseen(tree, node, name) {
                        continue;
                    }
                    let attribute = |name| tree.attribute(node, name);
                    (
                        name,
                        hints(attribute("class"), attribute("id")),
                        !is_inline(name),
                    )
                }
            };
            let holder = parts.get(parent);
            parts.push(Part {
                node,
                name,
                parent,
                end: at + 1,
                block: if starts_block {
                    at
                } else {
                    holder.map_or(0, |h| h.block)
                },
                linked: name == "a" || holder.is_some_and(|h| h.linked),
                hints: found,
            });
            waiting.extend(tree.children_backwards(node).map(|child| (child, at)));
        }
        for at in (1..parts.len()).rev() {
            let (parent, end) = (parts[at].parent, parts[at].end);
            parts[parent].end = parts[parent].end.max(end);
        }
        let mut own = vec![Own::default(); parts.len()];
        for part in &parts {
            if let Data::Text(text) = tree.data(part.node) {
                let (letters, marks) = counted(text);
                let block = &mut own[part.block];
                block.letters += letters;
                block.linked += if part.linked { letters } else { 0 };
                block.marks += marks;
            }
        }
        let mut before = Vec::with_capacity(own.len() + 1);
        let mut sum = (0_u32, 0_u32);
        before.push(sum);
        for own in &own {
            sum = (
                sum.0.saturating_add(own.letters),
                sum.1.saturating_add(own.linked),
            );
            before.push(sum);
        }
        Self {
            tree,
            parts,
            own,
            before,
        }
    }

    /// The children of a part, the first one first.
    pub(crate) fn children(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.parts[at].end;
        let first = Some(at + 1).filter(|next| *next < end);
        std::iter::successors(first, move |child| {
            Some(self.parts[*child].end).filter(|next| *next < end)
        })
    }

    /// The part and its ancestors up to the document.
    pub(crate) fn upwards(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(at), |at| (*at != 0).then(|| self.parts[*at].parent))
    }

    /// Whether `holder` is `at` or an ancestor of it.
    pub(crate) fn holds(&self, holder: usize, at: usize) -> bool {
        holder <= at && at < self.parts[holder].end
    }

    pub(crate) fn attribute(&self, at: usize, name: &str) -> Option<&'t str> {
        self.tree.attribute(self.parts[at].node, name)
    }

    /// Letters inside a part.
    pub(crate) fn letters(&self, at: usize) -> u32 {
        self.before[self.parts[at].end].0 - self.before[at].0
    }

    /// Letters in links inside a part.
    pub(crate) fn linked(&self, at: usize) -> u32 {
        self.before[self.parts[at].end].1 - self.before[at].1
    }

    /// The text inside with collapsed white space; `None` if it is longer than `longest`.
    pub(crate) fn short_text(&self, at: usize, longest: usize) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts[at..self.parts[at].end] {
            if let Data::Text(characters) = self.tree.data(part.node) {
                for word in characters.split_whitespace() {
                    if !text.is_empty() {
                        text.push(' ');
                    }
                    text.push_str(word);
                }
                if text.len() > longest {
                    return None;
                }
            }
        }
        Some(text)
    }
}

fn is_unseen(tree: &Tree, node: NodeId, name: &str) -> bool {
    is_no_text(name)
        || matches!(
            name,
            "head" | "title" | "button" | "object" | "canvas" | "input" | "dialog" | "option"
        )
        || name == "noscript"
            && tree
                .below(node)
                .all(|below| tree.name(below) != Some("img"))
}

/// Whether an element is inline.
fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "br"
            | "cite"
            | "code"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "picture"
            | "source"
            | "noscript"
    )
}

/// Counts letters and punctuation marks.
fn counted(text: &str) -> (u32, u32) {
    let (mut letters, mut marks) = (0, 0);
    if text.is_ascii() {
        for byte in text.bytes() {
            letters += u32::from(byte > b' ');
            marks += u32::from(matches!(byte, b'.' | b',' | b'!' | b'?' | b';'));
        }
        return (letters, marks);
    }
    for c in text.chars() {
        if c.is_whitespace() {
            continue;
        }
        letters += if is_unspaced(c) { 3 } else { 1 };
        let is_mark = matches!(
            c,
            '.' | ','
                | '!'
                | '?'
                | ';'
                | '。'
                | '，'
                | '、'
                | '！'
                | '？'
                | '…'
                | '،'
                | '؟'
                | '।'
                | '۔'
        );
        marks += u32::from(is_mark);
    }
    (letters, marks)
}
