//! Opens a store whose folder cannot be written (a read-only medium, another user's folder) for
//! reading. sled writes even when it only reads, so its folder is copied to a temporary one, which is
//! deleted when the store is closed; texts, pictures, episodes and the search index are read where
//! they are. Nothing in the data folder changes, and every change is refused.
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;

use crate::error::{Result, StoreError};
use crate::format::{FORMAT, check_stamp, format_in_sled};
use crate::load::load_trees;
use crate::markers::{self, Marker};
use crate::open::Parts;
use crate::reserve::Reserve;
use crate::search::SearchIndex;
use crate::store::{Core, Options, Owner, Store};
use crate::trees::{self, Trees, guarded};
use crate::value_log::ValueLog;

/// Opens the store in `dir` for reading. Fails if there is none.
pub fn open_read_only(dir: &Path) -> Result<Store> {
    let lock = share_lock(dir)?;
    let read_only = || StoreError::ReadOnly(dir.to_owned());
    match markers::read(dir, markers::FORMAT) {
        Marker::Says(found) if found > FORMAT => {
            return Err(StoreError::NewerFormat {
                found,
                known: FORMAT,
            });
        }
        Marker::Missing if trees::generations(dir).map_err(|_| read_only())?.is_empty() => {
            return Err(read_only());
        }
        _ => {}
    }
    let generation = trees::current(dir)?;
    let copy = tempfile::Builder::new().prefix("warta-").tempdir()?;
    copy_folder(
        &trees::folder(dir, generation),
        &trees::folder(copy.path(), generation),
    )?;
    let trees = Trees::open(copy.path(), generation)?;
    let known = guarded(|| {
        check_stamp(&trees, dir)?;
        if let Some(found) = format_in_sled(&trees)?.filter(|found| *found > FORMAT) {
            return Err(StoreError::NewerFormat {
                found,
                known: FORMAT,
            });
        }
        let identity = trees.meta.get("identity")?;
        let identity = identity.ok_or_else(|| StoreError::Damaged("sled is empty".into()))?;
        let identity = String::from_utf8_lossy(&identity).into_owned();
        Ok((identity, load_trees(&trees)?))
    });
    let (identity, state) = match known {
        Ok(known) => known,
        Err(error) => {
            trees::close_damaged(trees);
            return Err(error);
        }
    };
    let search = SearchIndex::open_read_only(&dir.join("search"), identity, state.next_article)?;
    let log = |name: &str| {
        let folder = dir.join(name);
        // One that was never written is empty.
        let is_here = folder.is_dir();
        ValueLog::open(&if is_here {
            folder
        } else {
            copy.path().join(name)
        })
    };
    let parts = Parts {
        state,
        bodies: log("bodies")?,
        pictures: log("pictures")?,
        search,
        trees,
        reserve: Reserve::open(copy.path(), 0),
        lock,
        is_new: false,
        copy: Some(copy),
    };
    let core = Arc::new(Core::of(dir, Options::default(), parts));
    Ok(Store {
        core: Arc::clone(&core),
        _owner: Arc::new(Owner {
            core: Some(core),
            threads: Vec::new(),
        }),
    })
}

impl Store {
    /// Fails if the data folder cannot be written.
    pub fn may_write(&self) -> Result<()> {
        self.core.may_write()
    }
}

impl Core {
    /// Fails if the data folder cannot be written.
    pub(crate) fn may_write(&self) -> Result<()> {
        match self.copy {
            Some(_) => Err(StoreError::ReadOnly(self.dir.clone())),
            None => Ok(()),
        }
    }
}

/// Keeps other processes from writing while the store is read, where it has a lock file.
fn share_lock(dir: &Path) -> Result<File> {
    let Ok(lock) = File::open(dir.join("lock")) else {
        return Ok(tempfile::tempfile()?);
    };
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(dir.to_owned())),
        // Some file systems of read-only media have no locks.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(lock),
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    crate::private::create_folder(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            // Not `fs::copy`, which copies the permissions too.
            let mut copied = crate::private::append_to(&target)?;
            std::io::copy(&mut File::open(&path)?, &mut copied)?;
        }
    }
    Ok(())
}
