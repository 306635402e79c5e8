//! What keeps the reader's things: check-ups, snapshots, and what uses how much room.

use std::path::{Path, PathBuf};

use warta_store::{
    Checkup, Compacted, Exported, Keep, Purged, Rebuilt, Repaired, Restored, Usage as StoreUsage,
};

use crate::clock::Clock;
use crate::face::{Event, RepairReport, Usage};
use crate::pictures::thumbnail_key;
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

    /// What uses how much of the disk, each feed too. Blocks.
    pub fn usage_in_detail(&self) -> Result<StoreUsage> {
        Ok(self.store().usage()?)
    }

    /// Checks the store of a data folder that nobody has open, and makes it again where it is
    /// damaged. Blocks, long for a large store.
    pub fn repair(data_dir: &Path, clock: &Clock) -> Result<Repaired> {
        Ok(warta_store::repair(data_dir, clock.now())?)
    }

    /// The same, told as a face tells it. Blocks.
    pub fn repaired(data_dir: &Path, clock: &Clock) -> Result<RepairReport> {
        let repaired = Self::repair(data_dir, clock)?;
        let still_damaged = repaired.left.as_ref().is_some_and(|left| !left.is_sound());
        let rebuilt = repaired.rebuilt.unwrap_or_default();
        // Those that no article names come from the snapshot.
        let from_snapshot = rebuilt.restored.map_or(0, |(_, restored)| restored.feeds);
        Ok(RepairReport {
            articles: rebuilt.articles,
            without_text: rebuilt.without_text,
            feeds: rebuilt.feeds + from_snapshot,
            pictures: rebuilt.pictures,
            still_damaged,
            set_aside: rebuilt.set_aside.map(|dir| dir.display().to_string()),
        })
    }

    /// Purges what is beyond the given bounds and the feeds' own; saved articles stay. Blocks.
    pub fn keep_within(&self, keep: &Keep) -> Result<Purged> {
        let purged = self.store().retain(keep, self.now())?;
        if purged.articles > 0 {
            self.tell(Event::PlacesChanged);
        }
        Ok(purged)
    }

    /// Forgets the oldest pictures where they take more room than the reader gives them; those of saved
    /// articles and packs stay. Gives how many bytes went. Blocks.
    pub fn make_room_for_pictures(&self) -> Result<u64> {
        let megabytes = self.settings().picture_megabytes;
        if megabytes == 0 {
            return Ok(0);
        }
        let kept_as = |url: &str| vec![thumbnail_key(url)];
        let most = u64::from(megabytes) * 1_000_000;
        Ok(self.store().make_room(most, &kept_as, &self.icons()?)?)
    }

    /// Addresses of the feeds' icons.
    fn icons(&self) -> Result<Vec<String>> {
        let feeds = self.store().feeds()?;
        Ok(feeds.iter().filter_map(crate::names::icon_url).collect())
    }

    /// Gives space that nothing needs any more back to the disk. Reading and writing go on
    /// meanwhile. Blocks, long for a large store.
    pub fn compact(&self) -> Result<Compacted> {
        let kept_as = |url: &str| vec![thumbnail_key(url)];
        Ok(self.store().compact(&kept_as, &self.icons()?)?)
    }

    /// Writes the whole profile into one file. Blocks.
    pub fn export(&self, file: &Path) -> Result<Exported> {
        Ok(self.store().export(file, self.now())?)
    }

    /// Makes a profile's file the store of a folder that holds none. Blocks.
    pub fn import(file: &Path, data_dir: &Path, clock: &Clock) -> Result<Rebuilt> {
        Ok(warta_store::import(file, data_dir, clock.now())?)
    }

    /// Writes a file that the reader named, whole or not at all. Blocks.
    pub fn write_file(&self, file: &Path, bytes: &[u8]) -> Result<()> {
        Ok(self.store().write_file(file, bytes)?)
    }

    /// Brings everything that was acknowledged onto the disk. Blocks.
    pub fn flush(&self) -> Result<()> {
        Ok(self.store().flush()?)
    }
}
