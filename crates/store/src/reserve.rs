//! Disk space reserved for operations that free space. On a full disk nothing new is stored, but
//! marks, removals and compaction must work: they write little and free much. For them some
//! megabytes are reserved in the file `reserve`, which is deleted when they are needed and created
//! again when the disk has space.
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Result, StoreError};

const FILE: &str = "reserve";

/// Maximum length of the file, in bytes.
const LENGTH: u64 = 4 << 20;

/// Disk space that always stays free, in bytes: sled does not survive a failed write.
const LEAST: u64 = 512 << 10;

/// Background ticks between two attempts to restore the file.
const LOOKS: u32 = 120;

/// The reserved disk space.
#[derive(Debug)]
pub(crate) struct Reserve {
    file: PathBuf,
    /// What new data leaves free, in bytes.
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

    /// The length of the file, which does not count as the store's usage.
    pub(crate) fn length(&self) -> u64 {
        std::fs::metadata(&self.file).map_or(0, |facts| facts.len())
    }

    /// Fails if new data would use the last space.
    pub(crate) fn for_new_things(&self) -> Result<()> {
        match self.free() {
            Some(free) if free < self.bytes => Err(StoreError::DiskFull),
            _ => Ok(()),
        }
    }

    /// Fails only if not even a deletion can be written; deletes the file if its space is needed.
    pub(crate) fn for_deletions(&self) -> Result<()> {
        self.for_rewriting(0)
    }

    /// [`Reserve::for_deletions`] of an operation that first writes this many bytes.
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

    /// Called by the background thread.
    pub(crate) fn look(&self) {
        if self.looks.fetch_add(1, Ordering::Relaxed) % LOOKS == LOOKS - 1 {
            self.make();
        }
    }

    /// Creates the file if the disk has enough space.
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
