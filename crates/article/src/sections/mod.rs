//! Section pages as feeds: the lists of headlines on a front or section page, best first, and the
//! items of a list by its CSS selector.
//!
//! A list is declared (JSON-LD, microdata, microformats) or repeats: links of one shape with a
//! headline each. Every list has a selector, from which [`list_items`] gives the same items; a list
//! in JSON-LD has the selector of its script element. An item is identified by its tidied link, so
//! that advertisements, tracking parameters and the order of a page make no new entries.
//! Deliberately absent: fetching, further pages of a list, and dates such as "2 hours ago", since
//! there is no clock.
//!
//! For a feed: [`section`] at subscribing, where the reader chooses a list or writes a
//! [`Selector`]; the selector's text is stored. At each fetch [`list_items`] gives the items, whose
//! `id` is the entry's GUID and whose `url` its link. No item at all where there were some means
//! that the page was rebuilt: then [`section`] finds the list again, and the ids still match.

mod address;
mod classes;
mod declared;
mod evidence;
mod items;
mod links;
mod model;
mod naming;
mod ranking;
mod repeats;
mod selector;
mod xpath;

use std::collections::HashSet;

use url::Url;

use crate::facts::Facts;
use crate::page::decode;
use crate::parse::{NodeId, Tree};
use crate::sanitize::bounded;
use crate::signs::shown_characters;

use declared::{Declared, JSON_LD};
use evidence::Evidence;
use items::{Found, of_elements};
use links::PageLinks;
use model::CERTAIN;
pub use model::{HeadlineList, ListItem, ListSource, Section};
pub use selector::{BadSelector, LONGEST_SELECTOR, Selector};
pub use xpath::{ITEM_TITLE, ITEM_URI, LONGEST_XPATH, css_of_xpath, xpath_of_css};

/// Maximum number of lists of a page.
pub const MAX_LISTS: usize = 8;
/// Lists that weigh less than this part of the best one are not worth offering.
const LEAST_SHARE: f64 = 0.04;
/// Confidence in the updates of a live blog, which are always declared.
const LIVE: f64 = 0.95;

/// A list before it has a selector.
struct Draft {
    source: ListSource,
    selector: Option<String>,
    found: Vec<Found>,
    items: Vec<ListItem>,
    weight: f64,
}

/// What identifies the page that a link leads to, as [`ListItem::id`]; `None` if it is no URL.
#[must_use]
pub fn link_id(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(address::identity(&address::tidied(url, None)))
}

/// The lists of a page, if it is a front or section page. `url` is its address after redirects.
#[must_use]
pub fn section(bytes: &[u8], url: Option<&str>, content_type: Option<&str>) -> Option<Section> {
    found(bytes, url, content_type, CERTAIN)
}

/// The lists of any page, best first, even if it is likely to be an article: for a reader who
/// wants a list of it all the same. `None` if nothing on it repeats.
#[must_use]
pub fn all_lists(bytes: &[u8], url: Option<&str>, content_type: Option<&str>) -> Option<Section> {
    found(bytes, url, content_type, 0.0)
}

/// The lists of a page, unless the confidence is below `least_confidence`.
fn found(
    bytes: &[u8],
    url: Option<&str>,
    content_type: Option<&str>,
    least_confidence: f64,
) -> Option<Section> {
    let html = decode(bytes, content_type);
    let tree = Tree::of_document(bounded(&html));
    let outline = links::outline(&tree);
    let page = PageLinks::of(&outline, url);
    let declared = declared::json_lists(&page, &declared::scripts(&tree));
    let mut drafts = drafts(&page, &declared);
    drafts.sort_by(|one, two| two.weight.total_cmp(&one.weight));
    let best = drafts.first()?;
    let facts = Facts::of(&tree);
    let evidence = Evidence::of(
        &page,
        &facts,
        &declared,
        &best.found,
        best.source == ListSource::JsonLd,
    );
    // A live blog is an article whose updates are a list.
    let live = best.source == ListSource::JsonLd && declared.lists.iter().any(|list| list.live);
    let confidence = if live { LIVE } else { evidence.confidence() };
    // Finding selectors takes longer than all else.
    if confidence < least_confidence {
        return None;
    }
    let least = best.weight * LEAST_SHARE;
    drafts.retain(|draft| draft.weight >= least);
    let mut lists: Vec<HeadlineList> = Vec::new();
    for draft in drafts {
        if lists.len() >= MAX_LISTS {
            break;
        }
        let Some(list) = finish(&page, &declared, draft) else {
            continue;
        };
        if lists.iter().all(|known| !is_same(known, &list)) {
            lists.push(list);
        }
    }
    (!lists.is_empty()).then(|| Section {
        title: facts.title().map(|title| shown_characters(&title)),
        confidence,
        lists,
    })
}

/// The items of the elements that a selector matches, in document order: of each element the link
/// of its headline, once for each page. A selector that matches a single element with several
/// headlines gives all of them; one that matches JSON-LD scripts gives their lists.
#[must_use]
pub fn list_items(
    bytes: &[u8],
    url: Option<&str>,
    content_type: Option<&str>,
    selector: &Selector,
) -> Vec<ListItem> {
    let html = decode(bytes, content_type);
    let tree = Tree::of_document(bounded(&html));
    let outline = links::outline(&tree);
    let page = PageLinks::of(&outline, url);
    let declared = declared::json_lists(&page, &declared::scripts(&tree));
    let nodes = selector.select(&tree);
    let scripts: Vec<NodeId> = nodes
        .iter()
        .copied()
        .filter(|node| tree.name(*node) == Some("script"))
        .collect();
    if scripts.is_empty() {
        return with_known(&declared, of_elements(&page, &nodes));
    }
    declared_items(&page, &declared::json_lists(&page, &scripts))
}

fn drafts(page: &PageLinks<'_>, declared: &Declared) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut add = |source, selector: Option<String>, found: Vec<Found>, bonus: f64| {
        if found.len() < repeats::FEWEST {
            return;
        }
        drafts.push(Draft {
            source,
            selector,
            weight: ranking::weight(page, &found) * bonus,
            items: with_known(declared, found.clone()),
            found,
        });
    };
    for (formats, nodes) in declared::marked(page.tree()) {
        let source = if formats {
            ListSource::Microformats
        } else {
            ListSource::Microdata
        };
        add(source, None, of_elements(page, &nodes), 1.2);
    }
    for nodes in repeats::lists(page) {
        add(ListSource::Links, None, of_elements(page, &nodes), 1.0);
    }
    let items = declared_items(page, declared);
    if !items.is_empty() {
        let found = in_document(page, &items);
        let live = declared.lists.iter().any(|list| list.live);
        let count = items.len() as f64;
        let shown = found.len() as f64;
        let usual = if shown > 0.0 {
            ranking::weight(page, &found) / shown
        } else {
            1.2
        };
        drafts.push(Draft {
            source: ListSource::JsonLd,
            selector: Some(JSON_LD.to_owned()),
            found,
            items,
            weight: if live { f64::MAX } else { usual * count },
        });
    }
    drafts
}

/// The items of the declared lists that have a title, declared or in the document.
fn declared_items(page: &PageLinks<'_>, declared: &Declared) -> Vec<ListItem> {
    let live = declared.lists.iter().any(|list| list.live);
    let mut items: Vec<ListItem> = Vec::new();
    let mut seen = HashSet::new();
    for list in declared.lists.iter().filter(|list| list.live == live) {
        for item in &list.items {
            if seen.insert(&item.id) {
                items.push(item.clone());
            }
        }
    }
    for item in items.iter_mut().filter(|item| item.title.is_empty()) {
        let shown = page.links.iter().filter(|link| link.id == item.id);
        if let Some(link) = shown.max_by_key(|link| link.letters) {
            item.title.clone_from(&link.title);
        }
    }
    items.retain(|item| !item.title.is_empty() && !links::is_invitation(&item.title));
    items
}

/// Where the items of a declared list are in the document.
fn in_document(page: &PageLinks<'_>, items: &[ListItem]) -> Vec<Found> {
    let ids: HashSet<&str> = items.iter().map(|item| &*item.id).collect();
    let nodes: Vec<NodeId> = page
        .links
        .iter()
        .filter(|link| ids.contains(&*link.id) && link.is_headline())
        .map(|link| page.outline.parts[link.part].node)
        .collect();
    if nodes.len() == 1 {
        return Vec::new();
    }
    of_elements(page, &nodes)
}

/// Adds what the page's JSON-LD says about the items.
fn with_known(declared: &Declared, found: Vec<Found>) -> Vec<ListItem> {
    let add = |found: Found| {
        let mut item = found.item;
        if let Some(known) = declared.known.get(&item.id) {
            let from_text = found.has_date.then_some(item.published).flatten();
            item.published = known.published.or(from_text).or(item.published);
            item.picture = item.picture.or_else(|| known.picture.clone());
            item.snippet = item.snippet.or_else(|| known.snippet.clone());
        }
        item
    };
    found.into_iter().map(add).collect()
}

fn finish(page: &PageLinks<'_>, declared: &Declared, draft: Draft) -> Option<HeadlineList> {
    if let Some(selector) = draft.selector {
        return Some(HeadlineList {
            source: draft.source,
            selector,
            items: draft.items,
        });
    }
    let (selector, found) = naming::selector_for(page, &draft.found)?;
    Some(HeadlineList {
        source: draft.source,
        selector,
        items: with_known(declared, found),
    })
}

/// Whether two lists have nearly the same items.
fn is_same(one: &HeadlineList, two: &HeadlineList) -> bool {
    let ids: HashSet<&str> = one.items.iter().map(|item| &*item.id).collect();
    let shared = two
        .items
        .iter()
        .filter(|item| ids.contains(&*item.id))
        .count();
    one.selector == two.selector || shared * 10 >= two.items.len() * 8
}
