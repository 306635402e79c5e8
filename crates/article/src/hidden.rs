//! Finds the elements of a page or an entry that are not visible: hidden by an attribute, by their
//! inline style, or, in an entry, by a `<style>` block.
//!
//! In style blocks only rules for one element by tag, classes or id are read, and of those only
//! `display` and `visibility`; media queries are ignored. An element with nearly all of the text is
//! waiting for a script to show it and is not considered hidden. Deliberately absent: layout, and
//! style sheets that would have to be fetched.

use std::collections::HashMap;

use html5ever::{local_name, ns};

use crate::parse::{DOCUMENT, Data, NodeId, Tree, is_no_text};
use crate::style::{Style, may_hide};

/// Minimum number of letters of a hidden part that a script may show.
const ENOUGH: usize = 250;
/// Maximum number of rules of style blocks, and size of a block in bytes.
const MAX_RULES: usize = 400;
const LONGEST_SHEET: usize = 200_000;
/// Maximum number of parts whose text is counted.
const MAX_COUNTED: usize = 64;

/// The surroundings of the text, which determine how much of it a hidden element must have to be
/// shown by a script.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Surroundings {
    /// A feed's entry, which is nothing but the article.
    Entry,
    /// A whole page, with navigation around the article.
    Page,
}

/// The hidden nodes.
#[derive(Debug, Default)]
pub(crate) struct Hidden(Vec<bool>);

impl Hidden {
    pub(crate) fn of(tree: &Tree, surroundings: Surroundings) -> Self {
        // A page's scripts change what its style blocks hide, and its other style sheets are not
        // available.
        let sheet = match surroundings {
            Surroundings::Entry => Sheet::of(tree),
            Surroundings::Page => Sheet::default(),
        };
        let may_hide = |id: NodeId| match tree.data(id) {
            Data::Element(name, attributes) => {
                name.ns == ns!(html) && name.local == local_name!("dialog")
                    || attributes.iter().any(|a| {
                        a.name.local == local_name!("style") && may_hide(&a.value)
                            || a.name.local == local_name!("hidden")
                            || &*a.name.local == "popover"
                    })
            }
            _ => false,
        };
        if sheet.is_empty() && !tree.ids().any(may_hide) {
            return Self::default();
        }
        let mut search = Search {
            tree,
            sheet,
            hidden: vec![false; tree.ids().count()],
            surroundings,
            all: None,
            counted: 0,
        };
        let is_faded = |id: NodeId| {
            tree.attribute(id, "style")
                .is_some_and(|style| style.to_ascii_lowercase().contains("opacity"))
        };
        let fades_in = tree.ids().any(is_faded) && search.fades_in();
        search.mark(fades_in);
        Self(search.hidden)
    }

    pub(crate) fn has(&self, node: NodeId) -> bool {
        self.0.get(node as usize) == Some(&true)
    }
}

/// How an element is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cover {
    None,
    /// With its content.
    Whole,
    /// Like `Whole`, by its transparency.
    Transparent,
}

/// The inherited state of a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Inherited {
    invisible: bool,
    no_font_size: bool,
}

struct Search<'t> {
    tree: &'t Tree,
    sheet: Sheet,
    hidden: Vec<bool>,
    surroundings: Surroundings,
    /// Letters of the whole document, counted on demand.
    all: Option<usize>,
    counted: usize,
}

impl Search<'_> {
    /// Marks hidden nodes, from the document downwards.
    fn mark(&mut self, fades_in: bool) {
        let tree = self.tree;
        let mut waiting = vec![(DOCUMENT, Inherited::default())];
        while let Some((node, around)) = waiting.pop() {
            let mut inside = around;
            match tree.data(node) {
                Data::Text(_) => {
                    self.hidden[node as usize] = around.invisible || around.no_font_size;
                    continue;
                }
                Data::Element(name, _) => {
                    let (style, cover) = self.looks(node, fades_in);
                    if cover != Cover::None && !self.waits_for_script(node) {
                        self.hide(node);
                        continue;
                    }
                    if let Some(invisible) = style.is_invisible() {
                        let starts = invisible && !around.invisible;
                        if starts && self.waits_for_script(node) {
                            inside.invisible = false;
                        } else if starts && !self.shows_something(node) {
                            self.hide(node);
                            continue;
                        } else {
                            inside.invisible = invisible;
                        }
                    }
                    if let Some(none) = style.has_no_font_size() {
                        inside.no_font_size = none;
                    }
                    let is_replaced = name.ns == ns!(html)
                        && matches!(
                            &*name.local,
                            "img"
                                | "amp-img"
                                | "picture"
                                | "video"
                                | "audio"
                                | "iframe"
                                | "object"
                                | "embed"
                        );
                    if inside.invisible && is_replaced {
                        self.hide(node);
                        continue;
                    }
                }
                Data::Other => {}
            }
            waiting.extend(tree.children_backwards(node).map(|child| (child, inside)));
        }
    }

    fn hide(&mut self, node: NodeId) {
        self.hidden[node as usize] = true;
        for below in self.tree.below(node) {
            self.hidden[below as usize] = true;
        }
    }

    /// An element's style, and whether it hides its content.
    fn looks(&self, node: NodeId, fades_in: bool) -> (Style, Cover) {
        let tree = self.tree;
        let own = tree.attribute(node, "style").map(Style::of);
        let style = match (self.sheet.style_of(tree, node), own) {
            (Some(sheet), Some(own)) => sheet.overlaid(own),
            (Some(style), None) | (None, Some(style)) => style,
            (None, None) => Style::default(),
        };
        let name = tree.name(node);
        // Pages hide `html` or `body` until a script has run.
        if matches!(name, Some("html" | "body")) {
            return (Style::default(), Cover::None);
        }
        // The browser's default style is `display: none`, which any other declaration overrides.
        let hides = style.displays_none().unwrap_or_else(|| {
            let hidden = tree.attribute(node, "hidden");
            // `hidden=until-found` is meant to be read.
            hidden.is_some_and(|value| !value.trim().eq_ignore_ascii_case("until-found"))
                || tree.attribute(node, "popover").is_some()
                || name == Some("dialog") && tree.attribute(node, "open").is_none()
        });
        let cover = if hides || style.is_out_of_sight() {
            Cover::Whole
        } else if style.is_transparent() && !fades_in && !is_loaded_later(tree, node) {
            Cover::Transparent
        } else {
            Cover::None
        };
        (style, cover)
    }

    /// Whether all transparent parts together contain so much text that a script must fade it in.
    fn fades_in(&mut self) -> bool {
        let tree = self.tree;
        let mut letters = 0;
        let mut waiting = vec![DOCUMENT];
        while let Some(node) = waiting.pop() {
            if matches!(tree.data(node), Data::Element(..)) {
                match self.looks(node, false).1 {
                    Cover::Whole => continue,
                    Cover::Transparent => {
                        letters += letters_in(tree, node);
                        continue;
                    }
                    Cover::None => {}
                }
            }
            waiting.extend(tree.children_backwards(node));
        }
        letters > 0 && self.is_nearly_all(letters)
    }

    /// Whether a hidden element contains the main text.
    fn waits_for_script(&mut self, node: NodeId) -> bool {
        if self.tree.name(node) == Some("dialog") || self.counted == MAX_COUNTED {
            return false;
        }
        let letters = letters_in(self.tree, node);
        self.counted += usize::from(letters > 0);
        letters > 0 && self.is_nearly_all(letters)
    }

    fn is_nearly_all(&mut self, letters: usize) -> bool {
        if letters < ENOUGH {
            return false;
        }
        let all = *self
            .all
            .get_or_insert_with(|| letters_in(self.tree, DOCUMENT));
        match self.surroundings {
            Surroundings::Entry => letters * 10 >= all * 9,
            Surroundings::Page => letters * 10 >= all * 6,
        }
    }

    /// Whether something inside an invisible element is visible again.
    fn shows_something(&mut self, node: NodeId) -> bool {
        self.counted += 1;
        self.counted > MAX_COUNTED
            || self
                .tree
                .below(node)
                .any(|below| self.looks(below, true).0.is_invisible() == Some(false))
    }
}

/// Whether a picture is lazy and shown by a script.
fn is_loaded_later(tree: &Tree, node: NodeId) -> bool {
    tree.name(node) == Some("img")
        && ["data-src", "data-srcset", "data-lazy-src", "data-original"]
            .iter()
            .any(|name| tree.attribute(node, name).is_some())
}

/// Number of letters outside links.
fn letters_in(tree: &Tree, node: NodeId) -> usize {
    let mut letters = 0;
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match tree.data(node) {
            Data::Text(text) => {
                letters += text.bytes().filter(|byte| *byte > b' ').count();
            }
            Data::Element(..) => {
                let name = tree.name(node).unwrap_or_default();
                if !is_no_text(name) && !matches!(name, "a" | "head" | "title" | "button") {
                    waiting.extend(tree.children(node));
                }
            }
            Data::Other => waiting.extend(tree.children(node)),
        }
    }
    letters
}

/// A simple selector: tag, id and classes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Selector {
    tag: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
}

impl Selector {
    /// `None` for selectors with other elements or states.
    fn of(text: &str) -> Option<Self> {
        let mut selector = Self::default();
        let mut rest = text.trim();
        let name_end = |text: &str| {
            text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
                .unwrap_or(text.len())
        };
        let tag = name_end(rest);
        if tag > 0 {
            selector.tag = Some(rest[..tag].to_ascii_lowercase());
        }
        rest = &rest[tag..];
        while let Some(mark) = rest.chars().next() {
            if !matches!(mark, '.' | '#') {
                return None;
            }
            let name = &rest[1..];
            let end = name_end(name);
            if end == 0 {
                return None;
            }
            if mark == '.' {
                selector.classes.push(name[..end].to_owned());
            } else {
                selector.id = Some(name[..end].to_owned());
            }
            rest = &name[end..];
        }
        (selector != Self::default()).then_some(selector)
    }

    /// Specificity (Selectors 4, § 17).
    fn weight(&self) -> (usize, usize, usize) {
        (
            usize::from(self.id.is_some()),
            self.classes.len(),
            usize::from(self.tag.is_some()),
        )
    }

    /// The key of the lookup.
    fn key(&self) -> &str {
        let class = self.classes.first().or(self.id.as_ref());
        class.or(self.tag.as_ref()).map_or("", String::as_str)
    }

    fn means(&self, tree: &Tree, node: NodeId) -> bool {
        let class = || tree.attribute(node, "class").unwrap_or_default();
        self.tag
            .as_deref()
            .is_none_or(|tag| tree.name(node) == Some(tag))
            && self
                .id
                .as_deref()
                .is_none_or(|id| tree.attribute(node, "id") == Some(id))
            && self
                .classes
                .iter()
                .all(|wanted| class().split_ascii_whitespace().any(|name| name == wanted))
    }
}

/// The rules of the style blocks that may hide something.
#[derive(Debug, Default)]
struct Sheet {
    rules: Vec<(Selector, String)>,
    by_key: HashMap<String, Vec<usize>>,
}

impl Sheet {
    fn of(tree: &Tree) -> Self {
        let mut sheet = Self::default();
        for node in tree.ids() {
            if let Data::Element(name, _) = tree.data(node)
                && name.ns == ns!(html)
                && name.local == local_name!("style")
                && !matches!(tree.attribute(node, "media"), Some(media) if !is_for_all(media))
            {
                let text = tree.text(node);
                if text.len() <= LONGEST_SHEET && hides_something(&text) {
                    sheet.read(&text);
                }
            }
        }
        sheet.rules.sort_by_key(|(selector, _)| selector.weight());
        for (at, (selector, _)) in sheet.rules.iter().enumerate() {
            let key = selector.key().to_owned();
            sheet.by_key.entry(key).or_default().push(at);
        }
        sheet
    }

    fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    fn read(&mut self, text: &str) {
        let mut rest = text;
        while self.rules.len() < MAX_RULES {
            let Some(open) = rest.find('{') else { break };
            let (head, inside) = (&rest[..open], &rest[open + 1..]);
            let head = head.rsplit(['}', ';']).next().unwrap_or_default();
            let head = head.rsplit("*/").next().unwrap_or_default().trim();
            let head = head.trim_start_matches("<!--").trim();
            if let Some(condition) = head.strip_prefix('@') {
                let is_plain = condition.strip_prefix("media").is_some_and(is_for_all);
                rest = if is_plain {
                    inside
                } else {
                    behind_block(inside)
                };
                continue;
            }
            let end = inside.find('}').unwrap_or(inside.len());
            let body = &inside[..end];
            rest = inside.get(end + 1..).unwrap_or_default();
            if !hides_something(body) && !body.contains("display") && !body.contains("visibility") {
                continue;
            }
            // Fading, moving and clipping in style blocks are controlled by scripts.
            let kept: String = body
                .split(';')
                .filter(|declaration| {
                    let name = declaration.split(':').next().unwrap_or_default().trim();
                    name.eq_ignore_ascii_case("display") || name.eq_ignore_ascii_case("visibility")
                })
                .fold(String::new(), |kept, declaration| kept + declaration + ";");
            if !kept.is_empty() {
                let selectors = head.split(',').filter_map(Selector::of);
                self.rules
                    .extend(selectors.map(|selector| (selector, kept.clone())));
            }
        }
    }

    fn style_of(&self, tree: &Tree, node: NodeId) -> Option<Style> {
        if self.is_empty() {
            return None;
        }
        let classes = tree.attribute(node, "class").unwrap_or_default();
        let keys = classes
            .split_ascii_whitespace()
            .chain(tree.attribute(node, "id"))
            .chain(tree.name(node));
        let mut rules: Vec<usize> = keys
            .filter_map(|key| self.by_key.get(key))
            .flatten()
            .copied()
            .filter(|at| self.rules[*at].0.means(tree, node))
            .collect();
        if rules.is_empty() {
            return None;
        }
        rules.sort_unstable();
        rules.dedup();
        let mut style = Style::default();
        for at in rules {
            style.add(&self.rules[at].1);
        }
        Some(style)
    }
}

fn hides_something(text: &str) -> bool {
    ["none", "hidden", "collapse", "NONE", "HIDDEN"]
        .iter()
        .any(|word| text.contains(word))
}

fn is_for_all(media: &str) -> bool {
    matches!(
        media.trim().to_ascii_lowercase().as_str(),
        "" | "all" | "screen" | "screen, print" | "only screen"
    )
}

/// The rest after a block whose `{` was read.
fn behind_block(text: &str) -> &str {
    let mut open = 1_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &text[at + 1..];
        }
    }
    ""
}
