//! The folder in which a profile is unpacked, and moving it into place.
use std::path::Path;

use crate::error::Result;

/// The folder in which a profile is unpacked.
pub(crate) const UNPACKED: &str = "importing";

/// Marks the unpacked store as complete.
pub(crate) const WHOLE: &str = "whole";

/// Moves an imported store into place if it is complete, else removes it. The caller holds the lock
/// of `dir`.
pub(crate) fn finish_import(dir: &Path) -> Result<()> {
    let unpacked = dir.join(UNPACKED);
    if !unpacked.is_dir() {
        return Ok(());
    }
    if unpacked.join(WHOLE).exists() {
        for entry in std::fs::read_dir(&unpacked)? {
            let entry = entry?;
            let name = entry.file_name();
            if name != WHOLE && name != "lock" {
                crate::files::rename(&entry.path(), &dir.join(name))?;
            }
        }
        crate::files::sync_folder(dir)?;
    }
    std::fs::remove_dir_all(&unpacked)?;
    crate::files::sync_folder(dir)
}
