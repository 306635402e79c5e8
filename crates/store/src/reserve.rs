//! Room for what frees room. On a full disk nothing new is stored, but marks, removals and compaction
//! must work: they write little, and give much back. For them some megabytes are kept in the file
//! `reserve`, which is deleted once they are needed and made again when the disk has room.
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Result, StoreError};

const FILE: &str = "reserve";

/// How long the file is at most, in bytes.
const LENGTH: u64 = 4 << 20;

/// sled does not survive a failed write, so the very last bytes are nobody's.
const LEAST: u64 = 512 << 10;

/// Looks at whether there is room again, of those that the background takes.
const LOOKS: u32 = 120;

/// The disk's last room.
#[derive(Debug)]
pub(crate) struct Reserve {
    file: PathBuf,
    /// What new things leave free, in bytes.
    bytes: u64,
    looks: AtomicU32,
}

impl Reserve {
    pub(crate) fn open(dir: &Path, bytes: u64) -> Self {
        let reserve = Self {
            file: dir.join(FILE),
            bytes,
            looks: AtomicU32::new(0),
        };
        reserve.make();
        reserve
    }

    /// How long the file is, in bytes: no part of what the archive takes.
    pub(crate) fn length(&self) -> u64 {
        std::fs::metadata(&self.file).map_or(0, |facts| facts.len())
    }

    /// Fails while new things would take the last room.
    pub(crate) fn for_new_things(&self) -> Result<()> {
        match self.free() {
            Some(free) if free < self.bytes => Err(StoreError::DiskFull),
            _ => Ok(()),
        }
    }

    /// Fails only where not even a deletion can be written; lets the file go where it is needed.
    pub(crate) fn for_deletions(&self) -> Result<()> {
        self.for_rewriting(0)
    }

    /// [`Reserve::for_deletions`] of what first writes so many bytes.
    pub(crate) fn for_rewriting(&self, bytes: u64) -> Result<()> {
        let needed = LEAST.min(self.bytes).saturating_add(bytes);
        if self.free().is_none_or(|free| free >= needed.max(LEAST * 2)) {
            return Ok(());
        }
        if std::fs::remove_file(&self.file).is_ok() {
            tracing::warn!("the disk is full: its reserve is used for deletions");
        }
        match self.free() {
            Some(free) if free < needed => Err(StoreError::DiskFull),
            _ => Ok(()),
        }
    }

    /// Called now and then by the background.
    pub(crate) fn look(&self) {
        if self.looks.fetch_add(1, Ordering::Relaxed) % LOOKS == LOOKS - 1 {
            self.make();
        }
    }

    /// Makes the file where the disk has room for it and more.
    fn make(&self) {
        let length = LENGTH.min(self.bytes);
        let has_room = |free: u64| free >= self.bytes.saturating_add(2 * length);
        if length == 0 || self.length() >= length || !self.free().is_some_and(has_room) {
            return;
        }
        if let Err(error) = self.write(length) {
            tracing::debug!(%error, "no room could be reserved");
            std::fs::remove_file(&self.file).ok();
        }
    }

    fn write(&self, length: u64) -> std::io::Result<()> {
        if self.file.is_dir() {
            std::fs::remove_dir_all(&self.file)?;
        }
        let file: File = crate::private::append_to(&self.file)?;
        fs4::FileExt::allocate(&file, length)
    }

    fn free(&self) -> Option<u64> {
        fs4::available_space(self.file.parent()?).ok()
    }
}
