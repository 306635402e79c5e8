//! Translates between XPath 1.0, in which other programs (FreshRSS, RSS-Bridge) store the items of a
//! page, and CSS selectors. A translation selects the same elements of every page, or there is none.
//! Both sides see elements of HTML; names and attributes of SVG and `MathML` count as HTML's, as in
//! libxml2. White space is space, tab and line break, as in XML. The trees may differ: libxml2 adds
//! no `tbody`, so that `table/tr` selects rows there and nothing here.

mod of_css;
mod sets;
mod syntax;
mod to_css;
mod values;

use super::selector::Selector;
pub use syntax::LONGEST_XPATH;

/// The headings of the context element and below.
macro_rules! headings {
    () => {
        "descendant-or-self::*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6][normalize-space()]"
    };
}

/// Links with the words of a headline, below the context element, in it or around it.
macro_rules! worded_links {
    () => {
        "(descendant-or-self::a | ancestor::a)[@href][string-length(normalize-space()) > 14]"
    };
}

/// Links below the context element, in it or around it.
macro_rules! links {
    () => {
        "(descendant-or-self::a | ancestor::a)[@href]"
    };
}

/// `$first`, or `$second` if it is empty. XPath 1.0 has no conditional: `1 div not(X)` is 1 where X
/// is empty, else infinite, and a substring from there on is empty.
macro_rules! first_of {
    ($first:expr, $second:expr) => {
        concat!(
            "concat(",
            $first,
            ", substring(",
            $second,
            ", 1 div not(",
            $first,
            ")))"
        )
    };
}

/// The title of an item, from its element as the context node. FreshRSS takes the text of the first
/// node in document order. That is the first heading, since cards begin with a label or a picture;
/// without a heading the first link with more than a few words, since shorter ones name a section
/// or an author; else the first link of all.
pub const ITEM_TITLE: &str = first_of!(headings!(), first_of!(worded_links!(), links!()));

/// The address of an item, from its element as the context node: of the link in or around its first
/// heading, else of the link that gives the title in [`ITEM_TITLE`].
pub const ITEM_URI: &str = first_of!(
    concat!(
        "(",
        headings!(),
        "/descendant::a/@href | ",
        headings!(),
        "/ancestor-or-self::a/@href)"
    ),
    first_of!(
        concat!(worded_links!(), "/@href"),
        concat!(links!(), "/@href")
    )
);

/// A CSS selector for an XPath expression that selects elements. `None` if it cannot be read, or if
/// no selector matches exactly the same elements.
#[must_use]
pub fn css_of_xpath(xpath: &str) -> Option<String> {
    if xpath.len() > LONGEST_XPATH {
        return None;
    }
    let css = to_css::selector(&syntax::parse(xpath)?)?;
    Selector::parse(&css).ok().map(|_| css)
}

/// An XPath expression for a selector. `None` if XPath 1.0 has none for exactly the same elements,
/// or if it is too long.
#[must_use]
pub fn xpath_of_css(selector: &Selector) -> Option<String> {
    of_css::expression(selector.list()).filter(|xpath| xpath.len() <= LONGEST_XPATH)
}
