//! The tree that folders form. Nothing here writes.
use std::collections::{BTreeMap, HashSet};

use crate::error::{Result, StoreError};
use crate::model::{Folder, FolderId};

pub(crate) type Folders = BTreeMap<FolderId, Folder>;

/// How many folders may be inside one another.
pub const MOST_LEVELS: usize = 16;

/// Before folders could be nested, the names of nested ones were joined by this into one name.
const SEPARATOR: &str = " / ";

/// The names of a path written as one name, outermost first.
pub(crate) fn split(text: &str) -> Vec<String> {
    let names = text.split(SEPARATOR).map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(crate) fn join(path: &[String]) -> String {
    path.join(SEPARATOR)
}

/// The folder and those around it, innermost first.
pub(crate) fn chain(folders: &Folders, id: FolderId) -> Vec<FolderId> {
    let mut chain = Vec::new();
    let mut at = folders.get(&id);
    while let Some(folder) = at.filter(|_| chain.len() <= folders.len()) {
        chain.push(folder.id);
        at = folder.parent.and_then(|parent| folders.get(&parent));
    }
    chain
}

/// The names of the folder and those around it, outermost first.
pub(crate) fn path(folders: &Folders, id: FolderId) -> Vec<String> {
    let chain = chain(folders, id);
    let names = chain.iter().rev().filter_map(|id| folders.get(id));
    names.map(|folder| folder.name.clone()).collect()
}

/// The folder and every folder inside it.
pub(crate) fn within(folders: &Folders, id: FolderId) -> HashSet<FolderId> {
    let inside = folders
        .keys()
        .filter(|other| chain(folders, **other).contains(&id));
    inside.copied().collect()
}

/// How many levels of folders a folder has, itself included.
pub(crate) fn height(folders: &Folders, id: FolderId) -> usize {
    let own = chain(folders, id).len();
    let deepest = within(folders, id)
        .into_iter()
        .map(|other| chain(folders, other).len());
    deepest.max().unwrap_or(own) + 1 - own
}

/// The folder of that name directly inside `parent`.
pub(crate) fn child(folders: &Folders, parent: Option<FolderId>, name: &str) -> Option<FolderId> {
    let mut all = folders.values();
    all.find(|folder| folder.parent == parent && folder.name == name)
        .map(|folder| folder.id)
}

/// `name`, or with a number where another folder in `parent` has it.
pub(crate) fn free_name(
    folders: &Folders,
    parent: Option<FolderId>,
    name: &str,
    id: FolderId,
) -> String {
    let is_free = |name: &str| child(folders, parent, name).is_none_or(|other| other == id);
    if is_free(name) {
        return name.to_owned();
    }
    let mut number = 2;
    loop {
        let other = format!("{name} ({number})");
        if is_free(&other) {
            return other;
        }
        number += 1;
    }
}

/// Moves folders whose surroundings are lost or circular to the top level.
pub(crate) fn detach_lost(folders: &mut Folders) {
    let ids: Vec<FolderId> = folders.keys().copied().collect();
    for id in ids {
        let chain = chain(folders, id);
        let outermost = chain.last().and_then(|last| folders.get(last));
        let is_circular = chain.len() > folders.len();
        let lost = match outermost {
            Some(folder) if is_circular => Some(folder.id),
            Some(folder) if folder.parent.is_some() => Some(folder.id),
            _ => None,
        };
        if let Some(folder) = lost.and_then(|id| folders.get_mut(&id)) {
            folder.parent = None;
        }
    }
}

/// A valid name of a folder.
pub(crate) fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.len() > 1_000 {
        return Err(StoreError::Invalid(
            "a folder needs a name of reasonable length".into(),
        ));
    }
    Ok(name.to_owned())
}

pub(crate) fn too_deep() -> StoreError {
    StoreError::Invalid(format!("folders nest at most {MOST_LEVELS} levels deep"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(folders: &[(u32, &str, Option<u32>)]) -> Folders {
        let folders = folders.iter().map(|(id, name, parent)| Folder {
            id: FolderId(*id),
            name: (*name).to_owned(),
            position: *id,
            parent: parent.map(FolderId),
        });
        folders.map(|folder| (folder.id, folder)).collect()
    }

    #[test]
    fn paths_lead_from_the_outermost_folder_inwards() {
        let folders = tree(&[(1, "A", None), (2, "B", Some(1)), (3, "C", Some(2))]);
        assert_eq!(path(&folders, FolderId(3)), ["A", "B", "C"]);
        assert_eq!(within(&folders, FolderId(2)).len(), 2);
        assert_eq!(height(&folders, FolderId(1)), 3);
        assert_eq!(height(&folders, FolderId(3)), 1);
        assert_eq!(split("A / B/C /  / D"), ["A", "B/C", "D"]);
    }

    #[test]
    fn circles_and_missing_parents_of_a_damaged_store_are_detached() {
        let mut folders = tree(&[
            (1, "A", Some(2)),
            (2, "B", Some(1)),
            (3, "C", Some(77)),
            (4, "D", Some(3)),
            (5, "E", Some(5)),
        ]);
        detach_lost(&mut folders);
        for id in folders.keys() {
            let outermost = chain(&folders, *id).pop().unwrap();
            assert_eq!(folders[&outermost].parent, None, "{id:?}");
        }
        assert_eq!(folders[&FolderId(4)].parent, Some(FolderId(3)));
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let folders = tree(&[(1, "A", None), (2, "A (2)", None), (3, "A", Some(1))]);
        assert_eq!(free_name(&folders, None, "A", FolderId(3)), "A (3)");
        assert_eq!(free_name(&folders, None, "A", FolderId(1)), "A");
        assert_eq!(
            free_name(&folders, Some(FolderId(2)), "A", FolderId(3)),
            "A"
        );
    }
}
