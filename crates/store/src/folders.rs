//! Folders and what is in them: adding, renaming, moving, removing. Each change is atomic and
//! durable when the call returns.
use std::collections::HashSet;
use std::sync::PoisonError;

use crate::error::{Result, StoreError};
use crate::folder_tree::{
    Folders, MOST_LEVELS, chain, checked_name, child, free_name, height, path, split, too_deep,
    within,
};
use crate::model::{Feed, FeedId, Folder, FolderId, UndoToken};
use crate::new_folders::NewFolders;
use crate::records::{StoredFeed, VERSION_OF_NESTED_FOLDERS};
use crate::store::{Before, Core, Moved, Store, Undo};
use crate::subscriptions::hide_feed;
use crate::trees::{Changes, Name};

/// The folders of a store: [`Store::folders`].
#[derive(Debug, Clone, Copy)]
pub struct StoredFolders<'a> {
    store: &'a Store,
}

impl Store {
    /// The folders.
    #[must_use]
    pub fn folders(&self) -> StoredFolders<'_> {
        StoredFolders { store: self }
    }
}

impl StoredFolders<'_> {
    /// The folder of that name at the top level, created if needed.
    pub fn named(self, name: &str) -> Result<FolderId> {
        let found = self.at(&[name.to_owned()])?;
        found.ok_or(StoreError::NotFound("folder"))
    }

    /// The folder at a path of names, outermost first; created if needed. `None`: the path is empty.
    pub fn at(self, path: &[String]) -> Result<Option<FolderId>> {
        let core = &self.store.core;
        let _writing = core.write()?;
        folder_at(core, path)
    }

    /// All folders, by position.
    #[expect(
        clippy::unnecessary_wraps,
        reason = "a `Result` like the other methods: a later format may have to read sled"
    )]
    pub fn all(self) -> Result<Vec<Folder>> {
        let mut folders: Vec<Folder> = self.store.core.state().folders.values().cloned().collect();
        folders.sort_by_key(|folder| (folder.position, folder.id));
        Ok(folders)
    }

    /// The names of each folder and of those around it, outermost first; by ascending id.
    #[must_use]
    pub fn paths(self) -> Vec<(FolderId, Vec<String>)> {
        let state = self.store.core.state();
        let ids = state.folders.keys();
        ids.map(|id| (*id, path(&state.folders, *id))).collect()
    }

    /// The folder and every folder inside it.
    #[must_use]
    pub fn within(self, id: FolderId) -> HashSet<FolderId> {
        within(&self.store.core.state().folders, id)
    }

    /// Adds a folder; its name must be free inside `parent`.
    pub fn add(self, name: &str, parent: Option<FolderId>) -> Result<FolderId> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let name = checked_name(name)?;
        let around = {
            let state = core.state();
            let around = place_of(&state.folders, parent)?;
            if child(&state.folders, parent, &name).is_some() {
                return Err(taken(&name));
            }
            around
        };
        let names = [around, vec![name]].concat();
        folder_at(core, &names)?.ok_or(StoreError::NotFound("folder"))
    }

    /// Renames a folder; the name must be free beside it.
    pub fn rename(self, id: FolderId, name: &str) -> Result<()> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let name = checked_name(name)?;
        let folder = {
            let state = core.state();
            let Some(folder) = state.folders.get(&id) else {
                return Err(StoreError::NotFound("folder"));
            };
            if child(&state.folders, folder.parent, &name).is_some_and(|other| other != id) {
                return Err(taken(&name));
            }
            Folder {
                name,
                ..folder.clone()
            }
        };
        apply(core, &[folder], &[], &[])?;
        core.subscriptions_changed();
        Ok(())
    }

    /// Moves feeds and folders into a folder, or to the top level; [`Store::undo`] moves them back.
    pub fn move_into(
        self,
        feeds: &[FeedId],
        folders: &[FolderId],
        into: Option<FolderId>,
    ) -> Result<UndoToken> {
        let core = &self.store.core;
        let _writing = core.write()?;
        let (before, after, moved) = {
            let state = core.state();
            let target = place_of(&state.folders, into)?;
            // Folders inside another chosen one move with it.
            let chosen: HashSet<FolderId> = folders.iter().copied().collect();
            let mut all = state.folders.clone();
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for id in &chosen {
                let Some(folder) = state.folders.get(id) else {
                    return Err(StoreError::NotFound("folder"));
                };
                let around = chain(&state.folders, *id);
                if around[1..].iter().any(|outer| chosen.contains(outer)) || folder.parent == into {
                    continue;
                }
                if into.is_some_and(|into| within(&state.folders, *id).contains(&into)) {
                    return Err(StoreError::Invalid(format!(
                        "the folder {} cannot be moved into itself",
                        folder.name
                    )));
                }
                if child(&all, into, &folder.name).is_some() {
                    return Err(taken(&folder.name));
                }
                if target.len() + height(&state.folders, *id) > MOST_LEVELS {
                    return Err(too_deep());
                }
                let moved = Folder {
                    parent: into,
                    ..folder.clone()
                };
                all.insert(*id, moved.clone());
                before.push(folder.clone());
                after.push(moved);
            }
            let mut moved = Vec::new();
            for id in feeds {
                let Some(known) = state.visible_feed(*id) else {
                    return Err(StoreError::NotFound("feed"));
                };
                if known.feed.folder != into {
                    moved.push(Moved {
                        feed: *id,
                        from: known.feed.folder,
                        to: into,
                    });
                }
            }
            (before, after, moved)
        };
        apply(core, &after, &[], &moved)?;
        core.subscriptions_changed();
        Ok(core.keep_undo(Undo::Subscriptions(Box::new(Before {
            folders: before,
            moved,
            hidden: Vec::new(),
        }))))
    }

    /// Removes a folder. What is in it moves to the folder around it; a folder whose name is taken
    /// there gets a number. [`Store::undo`] restores all of it.
    pub fn remove(self, id: FolderId) -> Result<UndoToken> {
        let core = &self.store.core;
        let _writing = core.write_little()?;
        let (removed, before, after, moved) = {
            let state = core.state();
            let Some(removed) = state.folders.get(&id).cloned() else {
                return Err(StoreError::NotFound("folder"));
            };
            let mut all = state.folders.clone();
            all.remove(&id);
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for folder in state.folders.values().filter(|one| one.parent == Some(id)) {
                let moved = Folder {
                    parent: removed.parent,
                    name: free_name(&all, removed.parent, &folder.name, folder.id),
                    ..folder.clone()
                };
                all.insert(folder.id, moved.clone());
                before.push(folder.clone());
                after.push(moved);
            }
            let feeds = state.feeds.values();
            let moved = feeds
                .filter(|known| known.feed.folder == Some(id))
                .map(|known| Moved {
                    feed: known.feed.id,
                    from: Some(id),
                    to: removed.parent,
                });
            let moved: Vec<Moved> = moved.collect();
            (removed, before, after, moved)
        };
        apply(core, &after, &[id], &moved)?;
        core.subscriptions_changed();
        Ok(core.keep_undo(Undo::Subscriptions(Box::new(Before {
            folders: [vec![removed], before].concat(),
            moved,
            hidden: Vec::new(),
        }))))
    }

    /// Removes folders with everything in them, and feeds; see [`Store::remove_feed`]. Feeds
    /// that are listed elsewhere too keep those articles. [`Store::undo`] restores all of it.
    pub fn unsubscribe(
        self,
        feeds: &[FeedId],
        folders: &[FolderId],
        now: i64,
    ) -> Result<UndoToken> {
        let core = &self.store.core;
        let mut before = Before::default();
        {
            let _lists = core.lists.lock().unwrap_or_else(PoisonError::into_inner);
            let _writing = core.write_little()?;
            let (removed, moved, going) = {
                let state = core.state();
                let mut removed: HashSet<FolderId> = HashSet::new();
                for id in folders {
                    if !state.folders.contains_key(id) {
                        return Err(StoreError::NotFound("folder"));
                    }
                    removed.extend(within(&state.folders, *id));
                }
                if let Some(missing) = feeds.iter().find(|id| !state.is_visible(**id)) {
                    tracing::debug!(feed = missing.0, "is not subscribed to");
                    return Err(StoreError::NotFound("feed"));
                }
                let mut moved = Vec::new();
                let mut going: Vec<FeedId> = Vec::new();
                for known in state.feeds.values() {
                    let from = known.feed.folder.filter(|folder| removed.contains(folder));
                    if let Some(from) = from {
                        moved.push(Moved {
                            feed: known.feed.id,
                            from: Some(from),
                            to: None,
                        });
                    }
                    let is_meant = from.is_some() || feeds.contains(&known.feed.id);
                    if is_meant && known.visible() {
                        going.push(known.feed.id);
                    }
                }
                let removed: Vec<Folder> = removed
                    .iter()
                    .filter_map(|id| state.folders.get(id).cloned())
                    .collect();
                (removed, moved, going)
            };
            for id in going {
                crate::listings::hand_over(core, id)?;
                hide_feed(core, id, Some(now))?;
                before.hidden.push(id);
            }
            let ids: Vec<FolderId> = removed.iter().map(|folder| folder.id).collect();
            apply(core, &[], &ids, &moved)?;
            before.folders = removed;
            before.moved = moved;
        }
        core.subscriptions_changed();
        Ok(core.keep_undo(Undo::Subscriptions(Box::new(before))))
    }
}

/// The folder at a path, created if needed; the caller holds the write lock.
pub(crate) fn folder_at(core: &Core, path: &[String]) -> Result<Option<FolderId>> {
    let mut new = NewFolders::begin(core)?;
    let id = new.at(path)?;
    let mut changes = Changes::default();
    let made = new.write(&mut changes)?;
    if !made.is_empty() {
        core.apply(&changes)?;
        core.flush()?;
        {
            let mut state = core.state_mut();
            let made = made.into_iter().map(|folder| (folder.id, folder));
            state.folders.extend(made);
        }
        core.subscriptions_changed();
    }
    Ok(id)
}

/// The path of a folder that must exist.
fn place_of(folders: &Folders, id: Option<FolderId>) -> Result<Vec<String>> {
    match id {
        None => Ok(Vec::new()),
        Some(id) if folders.contains_key(&id) => Ok(path(folders, id)),
        Some(_) => Err(StoreError::NotFound("folder")),
    }
}

fn taken(name: &str) -> StoreError {
    StoreError::Invalid(format!("there is a folder named {name} already"))
}

/// Writes folders, removes others, and moves feeds, in one transaction.
fn apply(core: &Core, put: &[Folder], removed: &[FolderId], moved: &[Moved]) -> Result<()> {
    let mut changes = Changes::default();
    for folder in put {
        changes.put(Name::Folders, &folder.id.0.to_be_bytes(), folder)?;
    }
    for id in removed {
        changes.remove(Name::Folders, &id.0.to_be_bytes());
    }
    let mut feeds: Vec<Feed> = Vec::with_capacity(moved.len());
    for one in moved {
        let Some(known) = core.state().feeds.get(&one.feed).cloned() else {
            continue;
        };
        let feed = Feed {
            folder: one.to,
            ..known.feed
        };
        let stored = StoredFeed {
            feed,
            removed_at: known.removed_at,
        };
        changes.put(Name::Feeds, &one.feed.0.to_be_bytes(), &stored)?;
        feeds.push(stored.feed);
    }
    if changes.count() == 0 {
        return Ok(());
    }
    core.apply(&changes)?;
    core.flush()?;
    let mut state = core.state_mut();
    for folder in put {
        state.folders.insert(folder.id, folder.clone());
    }
    for id in removed {
        state.folders.remove(id);
    }
    for feed in feeds {
        if let Some(known) = state.feeds.get_mut(&feed.id) {
            known.feed = feed;
        }
    }
    Ok(())
}

/// Undoes a change of subscriptions: shows hidden feeds, restores folders, and moves feeds back
/// that were not moved since. Where a restored folder's name was taken meanwhile, its feeds go into
/// the folder that has it. Returns whether there was anything left to undo. The caller holds the
/// write lock.
pub(crate) fn bring_back(core: &Core, before: Before) -> Result<bool> {
    let mut shown = before.hidden.is_empty();
    for id in &before.hidden {
        match hide_feed(core, *id, None) {
            Ok(()) => shown = true,
            Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let (put, moved) = {
        let state = core.state();
        let mut all = state.folders.clone();
        // Outermost first, so that a folder's surroundings are restored before it.
        let mut waiting = before.folders;
        let mut put = Vec::new();
        let mut instead = std::collections::HashMap::new();
        while let Some(at) = waiting.iter().position(|folder| {
            let inside = |other: &Folder| Some(other.id) == folder.parent;
            !waiting.iter().any(inside)
        }) {
            let mut folder = waiting.remove(at);
            folder.parent = folder
                .parent
                .map(|parent| *instead.get(&parent).unwrap_or(&parent))
                .filter(|parent| all.contains_key(parent))
                .filter(|parent| !chain(&all, *parent).contains(&folder.id));
            let is_new = !all.contains_key(&folder.id);
            match child(&all, folder.parent, &folder.name) {
                Some(other) if other != folder.id && is_new => {
                    instead.insert(folder.id, other);
                    continue;
                }
                _ => {}
            }
            folder.name = free_name(&all, folder.parent, &folder.name, folder.id);
            all.insert(folder.id, folder.clone());
            put.push(folder);
        }
        let back = before.moved.iter().filter_map(|one| {
            let known = state.feeds.get(&one.feed)?;
            let from = one.from.map(|id| *instead.get(&id).unwrap_or(&id));
            let is_there = known.feed.folder == one.to;
            let exists = from.is_none_or(|id| all.contains_key(&id));
            (is_there && exists).then_some(Moved {
                feed: one.feed,
                from: one.to,
                to: from,
            })
        });
        (put, back.collect::<Vec<_>>())
    };
    apply(core, &put, &[], &moved)?;
    core.subscriptions_changed();
    Ok(shown)
}

/// Nests folders that versions before nested folders wrote with joined names (`A / B`): they came
/// from nested lists of other readers.
pub(crate) fn nest_joined(core: &Core) -> Result<()> {
    let mut joined: Vec<FolderId> = Vec::new();
    for item in &core.trees().folders {
        let (key, value) = item?;
        let id = FolderId(crate::keys::number_of(&key)? as u32);
        let is_old = value
            .first()
            .is_some_and(|version| *version < VERSION_OF_NESTED_FOLDERS);
        let names = core
            .state()
            .folders
            .get(&id)
            .map(|folder| split(&folder.name));
        if is_old && names.is_some_and(|names| (2..=MOST_LEVELS).contains(&names.len())) {
            joined.push(id);
        }
    }
    if joined.is_empty() {
        return Ok(());
    }
    let _writing = core.write()?;
    let mut new = NewFolders::begin(core)?;
    let mut changes = Changes::default();
    let mut nested: Vec<Folder> = Vec::new();
    for id in joined {
        let Some(folder) = core.state().folders.get(&id).cloned() else {
            continue;
        };
        let mut names = split(&folder.name);
        let name = names.pop().unwrap_or_default();
        let parent = new.at(&names)?;
        nested.push(new.rename(Folder {
            name,
            parent,
            ..folder
        }));
    }
    for folder in &nested {
        changes.put(Name::Folders, &folder.id.0.to_be_bytes(), folder)?;
    }
    let made = new.write(&mut changes)?;
    core.apply(&changes)?;
    core.flush()?;
    {
        let mut state = core.state_mut();
        for folder in nested.into_iter().chain(made) {
            state.folders.insert(folder.id, folder);
        }
    }
    core.subscriptions_changed();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NewFeed;
    use crate::records;

    const NOW: i64 = 1_772_400_000;

    fn feed(url: &str, folder: Option<FolderId>) -> NewFeed {
        NewFeed {
            url: url.into(),
            folder,
            ..NewFeed::default()
        }
    }

    /// Writes a folder as versions without nesting wrote it.
    fn write_old(core: &Core, id: FolderId, name: &str, version: u8) {
        let _writing = core.write().unwrap();
        let bytes = records::encode_as(version, &(id, name, id.0), 0).unwrap();
        let mut changes = Changes::default();
        changes.put_bytes(Name::Folders, &id.0.to_be_bytes(), bytes);
        core.apply(&changes).unwrap();
        core.flush().unwrap();
    }

    #[test]
    fn joined_names_of_an_older_store_become_nested_folders() {
        for version in 1..VERSION_OF_NESTED_FOLDERS {
            let dir = tempfile::tempdir().unwrap();
            let ids: Vec<FolderId> = {
                let store = Store::open(dir.path()).unwrap();
                let names = [
                    "Dunia",
                    "Dunia / Asia",
                    "Dunia / Asia / Jepang",
                    "A / B",
                    "TCP/IP",
                ];
                let ids = names.map(|name| store.folders().named(name).unwrap());
                for (number, (id, name)) in ids.into_iter().zip(names).enumerate() {
                    write_old(&store.core, id, name, version);
                    let url = format!("https://{number}.example/feed");
                    store.add_feeds(&[feed(&url, Some(id))], NOW).unwrap();
                }
                ids.into()
            };
            for opening in 0..2 {
                let store = Store::open(dir.path()).unwrap();
                let paths: std::collections::HashMap<FolderId, Vec<String>> =
                    store.folders().paths().into_iter().collect();
                let path = |at: usize| paths[&ids[at]].join(" > ");
                assert_eq!(path(1), "Dunia > Asia", "opening {opening}");
                assert_eq!(path(2), "Dunia > Asia > Jepang");
                assert_eq!(path(3), "A > B");
                assert_eq!(
                    path(4),
                    "TCP/IP",
                    "a slash without blanks is part of a name"
                );
                assert_eq!(paths.len(), 6, "only `A` is new");
                for (feed, id) in store.feeds().unwrap().iter().zip(&ids) {
                    assert_eq!(feed.folder, Some(*id), "feeds stay in their folders");
                }
            }
        }
    }

    #[test]
    fn a_name_that_looks_like_a_path_stays_as_the_reader_wrote_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let id = store.folders().add("Siang / malam", None).unwrap();
        let snapshot = store.snapshot(NOW).unwrap();
        drop(store);
        let store = Store::open(dir.path()).unwrap();
        assert_eq!(
            store.folders().paths(),
            [(id, vec!["Siang / malam".into()])]
        );
        let other = tempfile::tempdir().unwrap();
        let store = Store::open(other.path()).unwrap();
        store.restore(&snapshot, NOW).unwrap();
        assert_eq!(store.folders().paths()[0].1, ["Siang / malam"]);
    }
}
