//! CSS selectors (Selectors Level 4) over a parsed page, by the `selectors` crate: all combinators,
//! attributes, `:not`, `:is`, `:where`, `:has` and the structural pseudo-classes. Deliberately
//! absent: states (`:hover`, `:visited`) and pseudo-elements, which a page at rest does not have.

use std::borrow::Borrow;
use std::fmt;

use cssparser::{ParserInput, ToCss};
use html5ever::ns;
use precomputed_hash::PrecomputedHash;
use selectors::attr::{
    AttrSelectorOperation, CaseSensitivity, NamespaceConstraint, ParsedCaseSensitivity,
};
use selectors::bloom::BloomFilter;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode,
    SelectorCaches,
};
use selectors::matching::{ElementSelectorFlags, matches_selector_list};
use selectors::parser::{
    Component, NonTSPseudoClass, ParseRelative, PseudoElement, SelectorList, SelectorParseErrorKind,
};
use selectors::{Element, OpaqueElement, SelectorImpl};

use crate::parse::{DOCUMENT, Data, NodeId, Tree};

/// Maximum length of a selector, in bytes.
pub const LONGEST_SELECTOR: usize = 1000;
/// Maximum number of elements of a page that a selector is tried on.
const MAX_TRIED: usize = 100_000;
/// The same for selectors with `:has`, which look below every element.
const MAX_TRIED_BELOW: usize = 20_000;
/// Maximum number of combinators and functions of a selector.
const MOST_STEPS: usize = 40;

/// A CSS selector that was understood.
#[derive(Clone)]
pub struct Selector {
    text: String,
    list: SelectorList<Names>,
    looks_below: bool,
}

/// A selector that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSelector {
    /// Nothing but white space.
    #[error("the selector is empty")]
    Empty,
    /// Longer than [`LONGEST_SELECTOR`], or with too many steps.
    #[error("the selector is too long")]
    TooLong,
    /// Not a selector, or one with a state or pseudo-element.
    #[error("the selector cannot be read, from character {at}")]
    NotUnderstood {
        /// The first character that cannot be read, counted from 1.
        at: usize,
    },
}

impl Selector {
    /// Parses a list of selectors, separated by commas.
    pub fn parse(text: &str) -> Result<Self, BadSelector> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadSelector::Empty);
        }
        let steps = text
            .bytes()
            .filter(|byte| matches!(byte, b' ' | b'>' | b'+' | b'~' | b'('))
            .count();
        if text.len() > LONGEST_SELECTOR || steps > MOST_STEPS {
            return Err(BadSelector::TooLong);
        }
        let mut input = ParserInput::new(text);
        let mut parser = cssparser::Parser::new(&mut input);
        match SelectorList::parse(&Reader, &mut parser, ParseRelative::No) {
            Ok(list) => Ok(Self {
                text: text.to_owned(),
                list,
                looks_below: text.to_ascii_lowercase().contains(":has("),
            }),
            Err(error) => Err(BadSelector::NotUnderstood {
                at: error.location.column as usize,
            }),
        }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is one for scripts, whose items are in their JSON-LD.
    #[must_use]
    pub fn is_of_scripts(&self) -> bool {
        let is_script = |part: &Component<Names>| matches!(part, Component::LocalName(name) if name.lower_name.0 == "script");
        self.list
            .slice()
            .iter()
            .any(|one| one.iter().any(is_script))
    }

    /// What was parsed.
    pub(super) fn list(&self) -> &SelectorList<Names> {
        &self.list
    }

    /// The matching elements in document order.
    pub(crate) fn select(&self, tree: &Tree) -> Vec<NodeId> {
        let mut caches = SelectorCaches::default();
        let mut context = MatchingContext::new(
            MatchingMode::Normal,
            None,
            &mut caches,
            QuirksMode::NoQuirks,
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        let most = if self.looks_below {
            MAX_TRIED_BELOW
        } else {
            MAX_TRIED
        };
        tree.below(DOCUMENT)
            .filter(|id| tree.name_of_any(*id).is_some())
            .take(most)
            .filter(|id| {
                let element = InTree { tree, id: *id };
                matches_selector_list(&self.list, &element, &mut context)
            })
            .collect()
    }
}

impl fmt::Debug for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Selector({})", self.text)
    }
}

impl PartialEq for Selector {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A name as a selector writes it, escaped if need be.
pub(crate) fn escaped(name: &str) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = cssparser::serialize_identifier(name, &mut out);
    out
}

/// Whether selectors compare the values of an attribute without case unless told otherwise (HTML,
/// "Case-sensitivity of selectors").
pub(super) fn folds_case(attribute: &str) -> bool {
    let folds = |part: &Component<Names>| {
        matches!(
            part,
            Component::AttributeInNoNamespace {
                case_sensitivity:
                    ParsedCaseSensitivity::AsciiCaseInsensitiveIfInHtmlElementInHtmlDocument,
                ..
            }
        )
    };
    Selector::parse(&format!("[{}=x]", escaped(attribute))).is_ok_and(|selector| {
        let all = selector.list.slice().iter();
        all.flat_map(|one| one.iter_raw_match_order()).any(folds)
    })
}

struct Reader;

impl<'i> selectors::parser::Parser<'i> for Reader {
    type Impl = Names;
    type Error = SelectorParseErrorKind<'i>;

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn parse_has(&self) -> bool {
        true
    }

    fn parse_nth_child_of(&self) -> bool {
        true
    }

    fn allow_forgiving_selectors(&self) -> bool {
        false
    }
}

/// The types of names and values.
#[derive(Debug, Clone)]
pub(super) struct Names;

impl SelectorImpl for Names {
    type ExtraMatchingData<'a> = ();
    type AttrValue = Name;
    type Identifier = Name;
    type LocalName = Name;
    type NamespaceUrl = Name;
    type NamespacePrefix = Name;
    type BorrowedNamespaceUrl = str;
    type BorrowedLocalName = str;
    type NonTSPseudoClass = NoState;
    type PseudoElement = NoPart;
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Name(String);

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl ToCss for Name {
    fn to_css<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        cssparser::serialize_identifier(&self.0, out)
    }
}

impl PrecomputedHash for Name {
    /// FNV-1a, 32 bits.
    fn precomputed_hash(&self) -> u32 {
        self.0.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
    }
}

/// The states of elements: there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoState {}

impl ToCss for NoState {
    fn to_css<W: fmt::Write>(&self, _: &mut W) -> fmt::Result {
        match *self {}
    }
}

impl NonTSPseudoClass for NoState {
    type Impl = Names;

    fn is_active_or_hover(&self) -> bool {
        match *self {}
    }

    fn is_user_action_state(&self) -> bool {
        match *self {}
    }
}

/// The pseudo-elements: there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoPart {}

impl ToCss for NoPart {
    fn to_css<W: fmt::Write>(&self, _: &mut W) -> fmt::Result {
        match *self {}
    }
}

impl PseudoElement for NoPart {
    type Impl = Names;
}

/// An element of a tree.
#[derive(Clone)]
struct InTree<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl fmt::Debug for InTree<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "element {}", self.id)
    }
}

impl<'t> InTree<'t> {
    fn at(&self, id: NodeId) -> Option<Self> {
        self.tree.name_of_any(id).map(|_| Self {
            tree: self.tree,
            id,
        })
    }

    /// The first element in a direction.
    fn along(&self, step: impl Fn(&Tree, NodeId) -> Option<NodeId>) -> Option<Self> {
        let mut next = step(self.tree, self.id);
        while let Some(id) = next {
            if let Some(found) = self.at(id) {
                return Some(found);
            }
            next = step(self.tree, id);
        }
        None
    }

    fn attribute(&self, name: &str) -> Option<&'t str> {
        self.tree.attribute(self.id, name)
    }
}

impl Element for InTree<'_> {
    type Impl = Names;

    fn opaque(&self) -> OpaqueElement {
        OpaqueElement::new(self.tree.data(self.id))
    }

    fn parent_element(&self) -> Option<Self> {
        self.at(self.tree.parent(self.id)?)
    }

    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.along(Tree::previous)
    }

    fn next_sibling_element(&self) -> Option<Self> {
        self.along(Tree::next)
    }

    fn first_element_child(&self) -> Option<Self> {
        self.tree.children(self.id).find_map(|id| self.at(id))
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.tree.name(self.id).is_some()
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.tree.name_of_any(self.id) == Some(name)
    }

    fn has_namespace(&self, url: &str) -> bool {
        matches!(self.tree.data(self.id), Data::Element(name, _) if &*name.ns == url)
    }

    fn is_same_type(&self, other: &Self) -> bool {
        match (self.tree.data(self.id), self.tree.data(other.id)) {
            (Data::Element(one, _), Data::Element(two, _)) => {
                one.local == two.local && one.ns == two.ns
            }
            _ => false,
        }
    }

    fn attr_matches(
        &self,
        namespace: &NamespaceConstraint<&Name>,
        name: &Name,
        operation: &AttrSelectorOperation<&Name>,
    ) -> bool {
        let anywhere = match namespace {
            NamespaceConstraint::Any => true,
            NamespaceConstraint::Specific(url) => url.0.is_empty(),
        };
        let Data::Element(_, attributes) = self.tree.data(self.id) else {
            return false;
        };
        anywhere
            && attributes.iter().any(|attribute| {
                attribute.name.ns == ns!()
                    && *attribute.name.local == *name.0
                    && operation.eval_str(&attribute.value)
            })
    }

    fn match_non_ts_pseudo_class(
        &self,
        state: &NoState,
        _: &mut MatchingContext<'_, Names>,
    ) -> bool {
        match *state {}
    }

    fn match_pseudo_element(&self, part: &NoPart, _: &mut MatchingContext<'_, Names>) -> bool {
        match *part {}
    }

    fn apply_selector_flags(&self, _: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        self.tree.name(self.id) == Some("a") && self.attribute("href").is_some()
    }

    fn is_html_slot_element(&self) -> bool {
        false
    }

    fn has_id(&self, id: &Name, case: CaseSensitivity) -> bool {
        self.attribute("id")
            .is_some_and(|own| case.eq(own.as_bytes(), id.0.as_bytes()))
    }

    fn has_class(&self, name: &Name, case: CaseSensitivity) -> bool {
        self.attribute("class").is_some_and(|classes| {
            classes
                .split_ascii_whitespace()
                .any(|own| case.eq(own.as_bytes(), name.0.as_bytes()))
        })
    }

    fn has_custom_state(&self, _: &Name) -> bool {
        false
    }

    fn imported_part(&self, _: &Name) -> Option<Name> {
        None
    }

    fn is_part(&self, _: &Name) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        self.tree
            .children(self.id)
            .all(|id| match self.tree.data(id) {
                Data::Text(text) => text.is_empty(),
                Data::Element(..) => false,
                Data::Other => true,
            })
    }

    fn is_root(&self) -> bool {
        self.tree.parent(self.id) == Some(DOCUMENT)
    }

    fn add_element_unique_hashes(&self, _: &mut BloomFilter) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_match_as_in_a_browser() {
        let tree = Tree::of_document(
            "<main id=m><ul class='list news'><li id=1 class=item><h3 id=h><a id=a href=/x>A</a></h3>\
             <li id=2 class='item ad'><a id=b href=/y data-kind=Ad>B</a><li id=3 class=item>\
             <svg id=s><a id=c></a></svg></ul><p id=p></p></main>",
        );
        for (selector, expected) in [
            ("li", "1 2 3"),
            (".item:not(.ad)", "1 3"),
            ("ul.news > li:nth-child(2)", "2"),
            ("li:nth-of-type(odd)", "1 3"),
            ("#m li h3 a", "a"),
            ("li + li", "2 3"),
            ("li ~ li.ad", "2"),
            ("li:has(h3)", "1"),
            ("li:is(.ad, :first-child)", "1 2"),
            ("[data-kind=ad i]", "b"),
            ("[href^='/']", "a b"),
            ("p:empty", "p"),
            ("LI.item:last-child", "3"),
            ("h3, p", "h p"),
            (":nth-child(1 of .ad)", "2"),
        ] {
            let found = Selector::parse(selector).expect(selector).select(&tree);
            let found: Vec<&str> = found
                .iter()
                .filter_map(|id| tree.attribute(*id, "id"))
                .collect();
            assert_eq!(found.join(" "), expected, "{selector}");
        }
    }

    #[test]
    fn what_is_no_selector_is_refused_with_its_place() {
        for (text, expected) in [
            ("", BadSelector::Empty),
            ("  ", BadSelector::Empty),
            (&*"a ".repeat(42), BadSelector::TooLong),
            (&*"a".repeat(1001), BadSelector::TooLong),
        ] {
            assert_eq!(Selector::parse(text), Err(expected), "{text}");
        }
        for text in [
            "a >",
            "..x",
            "a:hover",
            "a::before",
            "li[",
            "a {}",
            "<b>",
            "a,,b",
            "&",
        ] {
            let refused = Selector::parse(text);
            assert!(
                matches!(refused, Err(BadSelector::NotUnderstood { .. })),
                "{text}: {refused:?}"
            );
        }
    }

    #[test]
    fn names_are_escaped() {
        for name in ["md:w-1/2", "1st", "a b", "normal", "ünï"] {
            let html = format!("<p class='{}'>", name.replace(' ', "&nbsp;"));
            let name = name.replace(' ', "\u{a0}");
            let selector = format!("p.{}", escaped(&name));
            let found =
                Selector::parse(&selector).map(|s| s.select(&Tree::of_document(&html)).len());
            assert_eq!(found, Ok(1), "{selector}");
        }
    }
}
