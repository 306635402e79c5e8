//! Finds the lists that repeat: links of one shape, with a headline each.
//!
//! Links whose nearest ancestors have the same names and stable classes form a group. The element
//! of an item is the largest one around its link that contains no other item. Groups whose items
//! are siblings of one kind, or share a class, are joined: lists give their first item, or every
//! second, names of their own, and front pages repeat one kind of item in many blocks.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::parse::NodeId;

use super::classes::{Class, Place, stable};
use super::links::{PageLinks, is_heading_name};

/// Number of ancestors that make the shape of a link, itself included.
const SHAPE: usize = 3;
/// Minimum number of items of a list.
pub(super) const FEWEST: usize = 3;
/// Maximum number of groups that are read further.
const MAX_GROUPS: usize = 24;
/// Maximum number of steps from a link to the element of its item.
const MAX_CLIMB: usize = 12;
/// Maximum number of links of the element of an item.
const MAX_LINKS_OF_ITEM: usize = 40;
/// Minimum number of letters of another headline, outside a heading, that ends an item.
const OTHER_HEADLINE: u32 = 24;
/// Minimum number of items of one holder to be a list of its own, apart from others of its class.
const LONG_LIST: usize = 8;

/// Links of one shape and the elements of their items.
struct Group {
    place: Place,
    /// The element of each item, by part.
    items: Vec<usize>,
    /// Letters of the headlines.
    letters: u32,
}

/// The elements of the items of each list that repeats; the longest headlines in all first.
pub(super) fn lists(page: &PageLinks<'_>) -> Vec<Vec<NodeId>> {
    let mut by_shape: BTreeMap<(Place, String), Vec<usize>> = BTreeMap::new();
    for (at, link) in page.links.iter().enumerate() {
        if link.may_head_item() && !link.sponsored {
            let key = (page.places[link.part], shape(page, link.part));
            by_shape.entry(key).or_default().push(at);
        }
    }
    // Lists whose links are pictures or invitations to read on, below a heading without a link.
    for (at, link) in page.links.iter().enumerate() {
        if !link.is_headline() && !link.sponsored && page.places[link.part] != Place::Furniture {
            let key = (
                page.places[link.part],
                format!("?{}", shape(page, link.part)),
            );
            by_shape.entry(key).or_default().push(at);
        }
    }
    let mut groups: Vec<Group> = by_shape
        .into_iter()
        .filter_map(|((place, shape), links)| group(page, place, &links, shape.starts_with('?')))
        .collect();
    join(page, &mut groups);
    groups.retain(|group| group.items.len() >= FEWEST);
    groups.sort_by_key(|group| std::cmp::Reverse((group.letters, group.items.len())));
    groups.truncate(MAX_GROUPS);
    let nodes = |group: Group| -> Vec<NodeId> {
        group
            .items
            .iter()
            .map(|part| page.outline.parts[*part].node)
            .collect()
    };
    groups.into_iter().map(nodes).collect()
}

/// The names and stable classes of a link and its nearest ancestors.
fn shape(page: &PageLinks<'_>, part: usize) -> String {
    let mut shape = String::new();
    for at in page.outline.upwards(part).take(SHAPE) {
        shape.push_str(page.outline.parts[at].name);
        for class in stable(page.outline.attribute(at, "class").unwrap_or_default()) {
            shape.push('.');
            match class {
                Class::Whole(name) | Class::Stem(name) => shape.push_str(&name),
            }
        }
        shape.push('<');
    }
    shape
}

fn group(page: &PageLinks<'_>, place: Place, links: &[usize], untitled: bool) -> Option<Group> {
    let ids: HashSet<&str> = links.iter().map(|at| &*page.links[*at].id).collect();
    if ids.len() < FEWEST && untitled {
        return None;
    }
    let climbs: Vec<(usize, usize)> = links
        .iter()
        .map(|at| (*at, climb(page, *at, &ids)))
        .collect();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, steps) in &climbs {
        *counts.entry(*steps).or_default() += 1;
    }
    // The usual distance; the smaller of equals.
    let (usual, _) = counts
        .iter()
        .max_by_key(|(steps, count)| (**count, std::cmp::Reverse(**steps)))?;
    let mut items: Vec<usize> = climbs
        .iter()
        .filter_map(|(at, steps)| {
            let part = page.links[*at].part;
            page.outline.upwards(part).nth(*steps.min(usual))
        })
        .collect();
    items.sort_unstable();
    items.dedup();
    if untitled {
        items.retain(|item| has_heading(page, *item));
    }
    let letters = links
        .iter()
        .map(|at| page.links[*at].letters.min(100))
        .sum();
    Some(Group {
        place,
        items,
        letters,
    })
}

/// Whether an item has a heading that is not in a link.
fn has_heading(page: &PageLinks<'_>, item: usize) -> bool {
    page.outline.parts[item..page.outline.parts[item].end]
        .iter()
        .any(|part| is_heading_name(part.name) && !part.linked)
}

/// Number of steps from a link up to the element of its item.
fn climb(page: &PageLinks<'_>, at: usize, ids: &HashSet<&str>) -> usize {
    let parts = &page.outline.parts;
    let link = &page.links[at];
    let mut current = link.part;
    for steps in 0..MAX_CLIMB {
        let parent = parts[current].parent;
        if matches!(parts[parent].name, "" | "html" | "body" | "main") {
            return steps;
        }
        let around = page.links_in(parent..parts[parent].end);
        if around.len() > MAX_LINKS_OF_ITEM {
            return steps;
        }
        let mut others: HashSet<&str> = HashSet::new();
        for other in around.iter().filter(|other| other.id != link.id) {
            if ids.contains(&*other.id) {
                return steps;
            }
            let is_outside = !page.outline.holds(current, other.part);
            let is_rival = other.may_head_item()
                && (other.heading || other.letters >= OTHER_HEADLINE)
                && page.places[other.part] <= page.places[link.part];
            if is_outside && is_rival {
                others.insert(&other.id);
            }
        }
        if others.len() >= 2 {
            return steps;
        }
        current = parent;
    }
    MAX_CLIMB
}

/// Joins groups whose items are siblings of one kind, or elements of one name and class.
fn join(page: &PageLinks<'_>, groups: &mut Vec<Group>) {
    let parts = &page.outline.parts;
    let kind = |group: &Group| {
        let mut holders: HashMap<usize, usize> = HashMap::new();
        for item in &group.items {
            *holders.entry(parts[*item].parent).or_default() += 1;
        }
        let (holder, _) = holders
            .into_iter()
            .max_by_key(|(holder, count)| (*count, std::cmp::Reverse(*holder)))?;
        let first = group
            .items
            .iter()
            .find(|item| parts[**item].parent == holder)?;
        Some((holder, parts[*first].name, shared_classes(page, group)))
    };
    let mut kept: Vec<(usize, &str, Vec<Class>, Group)> = Vec::new();
    for group in groups.drain(..) {
        let Some((holder, name, classes)) = kind(&group) else {
            continue;
        };
        let joins = |known: &&mut (usize, &str, Vec<Class>, Group)| {
            known.3.place == group.place
                && known.1 == name
                && (known.0 == holder || known.2.iter().any(|class| classes.contains(class)))
        };
        match kept.iter_mut().find(joins) {
            Some((_, _, shared, known)) => {
                shared.retain(|class| classes.contains(class));
                known.items.extend(&group.items);
                known.items.sort_unstable();
                known.items.dedup();
                known.letters += group.letters;
            }
            None => kept.push((holder, name, classes, group)),
        }
    }
    for (.., group) in kept {
        split(page, group, groups);
    }
}

/// Separates a long list from the elements elsewhere that share its class, such as a box beside it.
fn split(page: &PageLinks<'_>, mut group: Group, groups: &mut Vec<Group>) {
    let holder = |item: &usize| page.outline.parts[*item].parent;
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for item in &group.items {
        *counts.entry(holder(item)).or_default() += 1;
    }
    if let Some((main, count)) = counts.into_iter().max_by_key(|(_, count)| *count)
        && count >= LONG_LIST
        && count * 5 >= group.items.len() * 3
        && count < group.items.len()
    {
        let (own, others) = group.items.iter().partition(|item| holder(item) == main);
        group.items = own;
        groups.push(Group {
            place: group.place,
            items: others,
            letters: 0,
        });
    }
    groups.push(group);
}

/// The stable classes that all items of a group have.
fn shared_classes(page: &PageLinks<'_>, group: &Group) -> Vec<Class> {
    let classes = |item: &usize| stable(page.outline.attribute(*item, "class").unwrap_or_default());
    let mut items = group.items.iter();
    let mut shared = items.next().map(classes).unwrap_or_default();
    for item in items.take(200) {
        let own = classes(item);
        shared.retain(|class| own.contains(class));
    }
    shared
}
