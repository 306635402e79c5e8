//! Files that do not belong where they are. They may be the only copy of something, so they are
//! moved into the folder `damaged` and never deleted.
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Result, StoreError};
use crate::private;

pub(crate) const FOLDER: &str = "damaged";

/// Moves a file or folder into the folder `damaged`; returns its new path.
pub(crate) fn set_aside(dir: &Path, path: &Path) -> Result<PathBuf> {
    let folder = dir.join(FOLDER);
    private::create_folder(&folder)?;
    let name = path.strip_prefix(dir).unwrap_or(path);
    let name = name.to_string_lossy().replace(['/', '\\'], "-");
    let free = (1..10_000)
        .map(|number| folder.join(format!("{name}-{number}")))
        .find(|path| !path.exists());
    let aside = free.ok_or_else(|| StoreError::Invalid("no free name".into()))?;
    fs::rename(path, &aside)?;
    Ok(aside)
}
