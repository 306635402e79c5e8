//! What keeps the reader's things: check-ups, snapshots, and what uses how much room.

use std::path::{Path, PathBuf};

use warta_store::{Checkup, Restored};

use crate::face::{Event, Usage};
use crate::{Newsroom, Result};

impl Newsroom {
    /// Checks the whole store. Blocks, long for a large store.
    pub fn check(&self) -> Result<Checkup> {
        Ok(self.store().check()?)
    }

    /// Writes what cannot be fetched again into a plain-text file, and says where. Blocks.
    pub fn snapshot(&self) -> Result<PathBuf> {
        Ok(self.store().snapshot(self.now())?)
    }

    /// Adds what a snapshot holds to what is here; nothing is removed. Blocks.
    pub fn restore(&self, file: &Path) -> Result<Restored> {
        let restored = self.store().restore(file, self.now())?;
        for feed in self.store().feeds()? {
            self.inner.names.learn(&feed);
        }
        self.tell(Event::PlacesChanged);
        Ok(restored)
    }

    /// What uses how much of the disk. Blocks.
    pub fn usage(&self) -> Result<Usage> {
        let usage = self.store().usage()?;
        Ok(Usage {
            articles: usage.articles,
            bytes_total: usage.bytes_total,
            bytes_bodies: usage.bytes_bodies,
            bytes_pictures: usage.bytes_pictures,
            bytes_search: usage.bytes_search,
        })
    }

    /// Brings everything that was acknowledged onto the disk. Blocks.
    pub fn flush(&self) -> Result<()> {
        Ok(self.store().flush()?)
    }
}
