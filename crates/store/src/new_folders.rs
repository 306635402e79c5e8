//! Planning folders at paths of names, to be written with other changes.
use crate::error::Result;
use crate::folder_tree::{Folders, MOST_LEVELS, checked_name, child, free_name, too_deep};
use crate::model::{Folder, FolderId};
use crate::store::Core;
use crate::trees::{Changes, Name};

/// New folders, before they are written.
pub(crate) struct NewFolders {
    all: Folders,
    next: u32,
    position: u32,
    made: Vec<Folder>,
}

impl NewFolders {
    /// The caller holds the write lock until the folders are written.
    pub(crate) fn begin(core: &Core) -> Result<Self> {
        let next = match core.trees().meta.get("next_folder")? {
            Some(next) => crate::keys::number_of(&next)? as u32,
            None => 1,
        };
        let all = core.state().folders.clone();
        let positions = all.values().map(|folder| folder.position);
        let position = positions.max().map_or(0, |last| last.saturating_add(1));
        Ok(Self {
            all,
            next,
            position,
            made: Vec::new(),
        })
    }

    /// The folder at a path; those that are missing are planned.
    pub(crate) fn at(&mut self, path: &[String]) -> Result<Option<FolderId>> {
        if path.len() > MOST_LEVELS {
            return Err(too_deep());
        }
        let names: Result<Vec<String>> = path.iter().map(|name| checked_name(name)).collect();
        let mut parent = None;
        for name in names? {
            parent = Some(match child(&self.all, parent, &name) {
                Some(id) => id,
                None => self.add(name, parent),
            });
        }
        Ok(parent)
    }

    fn add(&mut self, name: String, parent: Option<FolderId>) -> FolderId {
        let folder = Folder {
            id: FolderId(self.next),
            name,
            position: self.position,
            parent,
        };
        self.next += 1;
        self.position = self.position.saturating_add(1);
        self.made.push(folder.clone());
        let id = folder.id;
        self.all.insert(id, folder);
        id
    }

    /// Replaces a known folder; where its new name is taken, it gets a number.
    pub(crate) fn rename(&mut self, mut folder: Folder) -> Folder {
        folder.name = free_name(&self.all, folder.parent, &folder.name, folder.id);
        self.all.insert(folder.id, folder.clone());
        folder
    }

    /// Adds the writing of the new folders to the changes, and returns them.
    pub(crate) fn write(self, changes: &mut Changes) -> Result<Vec<Folder>> {
        if !self.made.is_empty() {
            changes.put_bytes(Name::Meta, b"next_folder", &self.next.to_be_bytes());
        }
        for folder in &self.made {
            changes.put(Name::Folders, &folder.id.0.to_be_bytes(), folder)?;
        }
        Ok(self.made)
    }
}
