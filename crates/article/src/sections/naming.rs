//! A selector for the items of a list: short, readable, without names that a build or a state of
//! the page made, and checked against the page.

use std::collections::{BTreeMap, HashSet};

use crate::parse::{NodeId, Tree};

use super::classes::{Class, is_stable_id, stable};
use super::items::{Found, Headline, MAX_ITEMS, headlines, of_headlines};
use super::links::PageLinks;
use super::selector::{Selector, escaped};

/// Maximum number of selectors that are tried for a list.
const MAX_TRIED: usize = 40;
/// Maximum number of ancestors that are named.
const MAX_ANCESTORS: usize = 5;
/// Maximum number of selectors that are tried again without the lists beside.
const MAX_NARROWED: usize = 3;
/// Attributes that programs of sites give to the parts of their pages.
const DATA: [&str; 6] = [
    "data-testid",
    "data-feature-id",
    "data-component",
    "data-module",
    "data-type",
    "data-name",
];

/// The best selector for the elements of the items `found`, and the items that it gives.
pub(super) fn selector_for(page: &PageLinks<'_>, found: &[Found]) -> Option<(String, Vec<Found>)> {
    let wanted: HashSet<&str> = found.iter().map(|one| &*one.item.id).collect();
    let nodes: Vec<NodeId> = found.iter().map(|one| one.node).collect();
    let mut best: Option<Named> = None;
    let mut waiting: Vec<String> = candidates(page.tree(), &nodes);
    waiting.truncate(MAX_TRIED);
    waiting.reverse();
    let mut narrowed = 0;
    while let Some(text) = waiting.pop() {
        let Some(named) = tried(page, text, &wanted, found.len()) else {
            continue;
        };
        // A selector that also matches lists beside this one is tried without these.
        if named.recall > 0.95 && named.precision < 0.99 && narrowed < MAX_NARROWED {
            narrowed += 1;
            waiting.extend(narrower(page, &named, &wanted, &nodes));
        }
        if best.as_ref().is_none_or(|best| named.fit > best.fit + 0.02) {
            best = Some(named);
        }
        if best.as_ref().is_some_and(|best| best.fit > 0.995) {
            break;
        }
    }
    let best = best?;
    (best.fit > 0.3).then(|| (best.text, of_headlines(page, best.items)))
}

/// A selector and what it gives.
struct Named {
    text: String,
    items: Vec<Headline>,
    precision: f64,
    recall: f64,
    fit: f64,
}

fn tried(
    page: &PageLinks<'_>,
    text: String,
    wanted: &HashSet<&str>,
    count: usize,
) -> Option<Named> {
    let selected = Selector::parse(&text).ok()?.select(page.tree());
    if selected.len() > count * 6 + 20 && count < MAX_ITEMS {
        return None;
    }
    let items = headlines(page, &selected);
    let right = items
        .iter()
        .filter(|one| wanted.contains(&*one.link.id))
        .count() as f64;
    let precision = right / (items.len() as f64).max(1.0);
    let recall = right / (wanted.len() as f64).max(1.0);
    Some(Named {
        text,
        items,
        precision,
        recall,
        // Precision counts twice: what is not of the list is seen every day.
        fit: precision * precision * recall,
    })
}

/// The selector without the elements inside the nearest named ancestors of what it should not match.
fn narrower(
    page: &PageLinks<'_>,
    named: &Named,
    wanted: &HashSet<&str>,
    nodes: &[NodeId],
) -> Option<String> {
    let tree = page.tree();
    let ancestors = |node: NodeId| std::iter::successors(tree.parent(node), |id| tree.parent(*id));
    let around_list: HashSet<NodeId> = nodes.iter().flat_map(|node| ancestors(*node)).collect();
    let mut excluded: Vec<String> = Vec::new();
    for stranger in named
        .items
        .iter()
        .filter(|one| !wanted.contains(&*one.link.id))
    {
        let outside: Vec<NodeId> = ancestors(stranger.node)
            .take_while(|node| !around_list.contains(node))
            .collect();
        let name = outside.iter().rev().find_map(|node| {
            let id = tree.attribute(*node, "id").filter(|id| is_stable_id(id));
            let landmark = tree
                .name(*node)
                .filter(|name| matches!(*name, "aside" | "nav" | "footer" | "header"));
            let class = stable(tree.attribute(*node, "class").unwrap_or_default())
                .into_iter()
                .find_map(|class| match class {
                    Class::Whole(name) => Some(format!(".{}", escaped(&name))),
                    Class::Stem(_) => None,
                });
            id.map(|id| format!("#{}", escaped(id)))
                .or_else(|| landmark.map(str::to_owned))
                .or(class)
        })?;
        if !excluded.contains(&name) {
            excluded.push(name);
        }
        if excluded.len() > 3 {
            return None;
        }
    }
    let excluded: Vec<String> = excluded.iter().map(|name| format!("{name} *")).collect();
    (!excluded.is_empty() && !named.text.contains(":not("))
        .then(|| format!("{}:not({})", named.text, excluded.join(", ")))
}

/// Selectors to try, the simplest first.
fn candidates(tree: &Tree, nodes: &[NodeId]) -> Vec<String> {
    let steps = steps(tree, nodes);
    let holders = holders(tree, nodes);
    let mut tried: Vec<String> = Vec::new();
    let named = steps.iter().filter(|step| step.contains(['.', '[']));
    // A name of its own says it all.
    tried.extend(named.clone().cloned());
    for step in &steps {
        for holder in &holders {
            tried.push(format!("{} > {step}", holder.name));
            if !holder.is_direct {
                tried.pop();
            }
            tried.push(format!("{} {step}", holder.name));
        }
    }
    tried.extend(chain(tree, nodes));
    let inside = ["h2 a", "h3 a", "h4 a", "h1 a", "time", "img"];
    for step in &steps {
        for below in inside {
            tried.push(format!("{step}:has({below})"));
        }
    }
    tried.extend(nodes.first().map(|node| path(tree, *node)));
    let mut seen = HashSet::new();
    tried.retain(|text| seen.insert(text.clone()));
    tried
}

/// The ways to write the elements themselves, the most telling first.
fn steps(tree: &Tree, nodes: &[NodeId]) -> Vec<String> {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut classes: BTreeMap<(&str, Class), usize> = BTreeMap::new();
    for node in nodes {
        let Some(name) = tree.name(*node) else {
            continue;
        };
        *names.entry(name).or_default() += 1;
        for class in stable(tree.attribute(*node, "class").unwrap_or_default()) {
            *classes.entry((name, class)).or_default() += 1;
        }
    }
    let Some((name, count)) = names.into_iter().max_by_key(|(_, count)| *count) else {
        return Vec::new();
    };
    let mut shared: Vec<(&Class, usize)> = classes
        .iter()
        .filter(|((of, _), shared)| *of == name && **shared * 10 >= count * 9)
        .map(|((_, class), shared)| (class, *shared))
        .collect();
    // The rarer a class on the page, the better it tells; long names say more.
    let is_used = |value: &str, class: &Class| match class {
        Class::Whole(name) => value.split_ascii_whitespace().any(|own| own == name),
        Class::Stem(stem) => value.contains(&**stem),
    };
    let uses = |class: &Class| {
        let values = tree.ids().filter_map(|id| tree.attribute(id, "class"));
        values.filter(|value| is_used(value, class)).count()
    };
    if shared.len() > 1 {
        shared.sort_by_cached_key(|(class, _)| uses(class));
    }
    let written = |class: &Class| match class {
        Class::Whole(class) => format!(".{}", escaped(class)),
        Class::Stem(stem) => format!("[class*=\"{stem}\"]"),
    };
    let mut steps: Vec<String> = shared
        .iter()
        .take(4)
        .map(|(class, _)| format!("{name}{}", written(class)))
        .collect();
    if let [(first, _), (second, _), ..] = shared[..] {
        steps.push(format!("{name}{}{}", written(first), written(second)));
    }
    let data = |node: &NodeId| -> Vec<String> {
        let value = |name: &&str| {
            let value = tree.attribute(*node, name)?;
            let is_word = !value.is_empty()
                && value.len() <= 40
                && value
                    .chars()
                    .all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '_'));
            is_word.then(|| format!("[{name}=\"{value}\"]"))
        };
        DATA.iter().filter_map(value).collect()
    };
    if let Some((first, others)) = nodes.split_first() {
        let shared = data(first)
            .into_iter()
            .filter(|value| others.iter().all(|node| data(node).contains(value)));
        steps.extend(shared.take(1).map(|value| format!("{name}{value}")));
    }
    steps.push(name.to_owned());
    steps
}

/// A way to write an ancestor of all items.
struct Holder {
    name: String,
    /// Whether most items are its children.
    is_direct: bool,
}

/// The nearest ancestors of all items that have a stable name.
fn holders(tree: &Tree, nodes: &[NodeId]) -> Vec<Holder> {
    let Some(common) = common_ancestor(tree, nodes) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    // Where every item has a holder of its own kind, such as the rows of a grid.
    let parents: Vec<NodeId> = nodes.iter().filter_map(|node| tree.parent(*node)).collect();
    if parents.iter().any(|parent| *parent != common) {
        for step in steps(tree, &parents) {
            if step.contains(['.', '[']) {
                found.push(Holder {
                    name: step,
                    is_direct: true,
                });
            }
        }
    }
    let ancestors = std::iter::successors(Some(common), |node| tree.parent(*node));
    for node in ancestors.take(MAX_ANCESTORS) {
        let Some(name) = tree.name(node) else { break };
        if name == "html" {
            break;
        }
        let children = nodes
            .iter()
            .filter(|item| tree.parent(**item) == Some(node))
            .count();
        let is_direct = children * 10 >= nodes.len() * 9;
        if let Some(id) = tree.attribute(node, "id").filter(|id| is_stable_id(id)) {
            found.push(Holder {
                name: format!("#{}", escaped(id)),
                is_direct,
            });
        }
        let step = steps(tree, &[node]);
        for name in step.into_iter().filter(|step| {
            step.contains(['.', '[']) || matches!(&**step, "main" | "article" | "table")
        }) {
            found.push(Holder { name, is_direct });
        }
    }
    found
}

fn common_ancestor(tree: &Tree, nodes: &[NodeId]) -> Option<NodeId> {
    let upwards = |node: NodeId| -> Vec<NodeId> {
        let mut path: Vec<NodeId> =
            std::iter::successors(tree.parent(node), |node| tree.parent(*node)).collect();
        path.reverse();
        path
    };
    let mut common = upwards(*nodes.first()?);
    for node in &nodes[1..] {
        let other = upwards(*node);
        let same = common
            .iter()
            .zip(&other)
            .take_while(|(one, two)| one == two)
            .count();
        common.truncate(same);
    }
    common.pop()
}

/// The names of the elements from the nearest ancestor that has a name of its own down to the items.
fn chain(tree: &Tree, nodes: &[NodeId]) -> Option<String> {
    let first = *nodes.first()?;
    let mut steps = vec![tree.name(first)?.to_owned()];
    let mut current = first;
    loop {
        current = tree.parent(current)?;
        let name = tree.name(current)?;
        let id = tree.attribute(current, "id").filter(|id| is_stable_id(id));
        if let Some(id) = id {
            steps.push(format!("#{}", escaped(id)));
            break;
        }
        let own = self::steps(tree, &[current]).into_iter().next()?;
        let is_named = own.contains(['.', '[']) || matches!(name, "main" | "body");
        steps.push(own);
        if is_named && nodes.len() > 1 && common_ancestor(tree, nodes) == Some(current)
            || matches!(name, "main" | "body")
        {
            break;
        }
        if steps.len() > 12 {
            return None;
        }
    }
    steps.reverse();
    Some(steps.join(" > "))
}

/// The siblings of an element by their place: for pages without any names.
fn path(tree: &Tree, node: NodeId) -> String {
    let mut steps = vec![tree.name(node).unwrap_or("*").to_owned()];
    let mut current = node;
    while let Some(parent) = tree.parent(current) {
        let Some(name) = tree.name(parent).filter(|name| *name != "html") else {
            break;
        };
        if let Some(id) = tree.attribute(parent, "id").filter(|id| is_stable_id(id)) {
            steps.push(format!("#{}", escaped(id)));
            break;
        }
        let before = std::iter::successors(tree.previous(parent), |id| tree.previous(*id))
            .filter(|id| tree.name(*id) == Some(name))
            .count();
        let alone = before == 0
            && std::iter::successors(tree.next(parent), |id| tree.next(*id))
                .all(|id| tree.name(id) != Some(name));
        steps.push(if alone || name == "body" {
            name.to_owned()
        } else {
            format!("{name}:nth-of-type({})", before + 1)
        });
        current = parent;
    }
    steps.reverse();
    steps.join(" > ")
}
