//! Ids for entries without one, and distinct ids for entries that share one.

use std::collections::{HashMap, HashSet};

use crate::bounds;
use crate::model::Entry;

/// An id from the content of an entry, for entries without GUID and link.
pub(crate) fn content_id(entry: &Entry) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [&entry.title, &entry.summary, &entry.content] {
        hasher.update(part.as_deref().unwrap_or_default().as_bytes());
        hasher.update(&[0]);
    }
    if let Some(published) = entry.published {
        hasher.update(&published.timestamp().to_be_bytes());
    }
    format!("content:{}", &hasher.finalize().to_hex()[..32])
}

/// Entries that share a GUID are distinguished by their link, or by their content if they share
/// that too. If two entries share it, the first keeps its id; if more do, none keeps it, so that
/// ids do not depend on their order. Identical entries keep one id and become one article.
pub(crate) fn make_unique(entries: &mut [Entry]) {
    let mut taken: HashSet<String> = HashSet::new();
    {
        let mut known: HashSet<&str> = HashSet::with_capacity(entries.len());
        if entries.iter().all(|entry| known.insert(&entry.id)) {
            return;
        }
        taken.extend(known.into_iter().map(str::to_owned));
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let place = *places.entry(entry.id.clone()).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(index);
    }
    for group in groups.iter().filter(|group| group.len() > 1) {
        make_group_unique(entries, group, &mut taken);
    }
}

/// Gives distinct ids to a group of entries that share one.
fn make_group_unique(entries: &mut [Entry], group: &[usize], taken: &mut HashSet<String>) {
    let said: Vec<(String, Option<String>)> = group
        .iter()
        .map(|index| (content_id(&entries[*index]), entries[*index].link.clone()))
        .collect();
    let distinct: HashSet<&(String, Option<String>)> = said.iter().collect();
    let mut links: HashMap<&str, usize> = HashMap::new();
    for (_, link) in &distinct {
        *links
            .entry(link.as_deref().unwrap_or_default())
            .or_default() += 1;
    }
    let mut given: HashMap<&(String, Option<String>), String> = HashMap::new();
    for (index, says) in group.iter().zip(&said) {
        let id = &entries[*index].id;
        let new = given.entry(says).or_insert_with(|| {
            if distinct.len() <= 2 && *index == group[0] {
                return id.clone();
            }
            let (content, link) = says;
            let by_link = link
                .as_deref()
                .filter(|link| *link != id && links[link] == 1)
                .map(|link| format!("{id}#{link}"))
                .filter(|new| !taken.contains(new));
            let new = by_link.unwrap_or_else(|| format!("{id}#{content}"));
            taken.insert(new.clone());
            new
        });
        entries[*index].id.clone_from(new);
        bounds::id(&mut entries[*index].id);
    }
}
