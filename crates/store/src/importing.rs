//! The folder in which a profile is unpacked, and moving it into place.
use std::path::Path;

use crate::error::Result;

/// Where a profile is unpacked before anything of it counts.
pub(crate) const UNPACKED: &str = "importing";

/// Beside what was unpacked, once all of it is a whole store.
pub(crate) const WHOLE: &str = "whole";

/// Moves an imported store to its place if it is whole, else removes what there is of it. The caller
/// holds the lock of `dir`.
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
                std::fs::rename(entry.path(), dir.join(name))?;
            }
        }
        crate::files::sync_folder(dir)?;
    }
    std::fs::remove_dir_all(&unpacked)?;
    crate::files::sync_folder(dir)
}
