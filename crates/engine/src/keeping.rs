//! What keeps the reader's things: check-ups, snapshots, and what uses how much room.

use std::path::{Path, PathBuf};

use warta_store::{
    Checkup, Compacted, Exported, Keep, Purged, Repaired, Retention, Usage as StoreUsage,
};

use crate::api::{Event, FeedUsage, RepairReport, Tidied, Usage};
use crate::clock::Clock;
use crate::pictures::thumbnail_key;
use crate::tags::json;
use crate::{Engine, Result};

const DAY: i64 = 86_400;
/// Feeds that the reader sees the use of.
const LARGEST_FEEDS: usize = 10;
const TIDIED: &str = "own/tidied";
const FOLDED: &str = "own/folded";

/// Under which other names the picture of an address is kept.
fn kept_as(url: &str) -> Vec<String> {
    vec![thumbnail_key(url)]
}

/// The reader's bounds.
fn bounds(settings: &crate::api::Settings) -> Keep {
    let bound = |most: u32| (most > 0).then_some(most);
    Keep {
        each_feed: Retention {
            days: bound(settings.keep_days),
            articles: bound(settings.keep_feed_articles),
        },
        articles: bound(settings.keep_articles).map(u64::from),
        bytes: bound(settings.keep_megabytes).map(|megabytes| u64::from(megabytes) * 1_000_000),
        unread: settings.keep_unread,
    }
}

impl Engine {
    /// Checks the whole store. Blocks, long for a large store.
    pub fn check(&self) -> Result<Checkup> {
        Ok(self.store().check()?)
    }

    /// Writes what cannot be fetched again into a plain-text file, and says where. Blocks.
    pub fn snapshot(&self) -> Result<PathBuf> {
        Ok(self.store().snapshot(self.now())?)
    }

    /// What uses how much of the disk. Blocks.
    pub fn usage(&self) -> Result<Usage> {
        let usage = self.store().usage()?;
        let mut feeds: Vec<FeedUsage> = usage
            .feeds
            .iter()
            .map(|feed| FeedUsage {
                feed: feed.feed.0,
                title: self
                    .inner
                    .names
                    .get(feed.feed)
                    .map_or_else(String::new, |name| name.title.clone()),
                articles: feed.articles,
                bytes: feed.bytes,
            })
            .collect();
        feeds.sort_by_key(|feed| std::cmp::Reverse(feed.bytes));
        feeds.truncate(LARGEST_FEEDS);
        Ok(Usage {
            articles: usage.articles,
            bytes_total: usage.bytes_total,
            bytes_sounds: self.bytes_of_sounds(),
            bytes_bodies: usage.bytes_bodies,
            bytes_pictures: usage.bytes_pictures,
            bytes_search: usage.bytes_search,
            bytes_lists: usage.bytes_lists,
            bytes_dead: usage.bytes_dead,
            feeds,
            tidied: self.tidied()?,
        })
    }

    /// Lets go of what is beyond the reader's bounds, gives the space back, and says what that came to.
    /// Blocks, long for a large store.
    pub fn free_space(&self) -> Result<Tidied> {
        let before = self.store().usage()?.bytes_total;
        let mut tidied = Tidied {
            at: self.now(),
            articles: 0,
            pictures: 0,
            sounds: 0,
            freed: 0,
            failure: None,
        };
        if let Err(failure) = self.let_go(&mut tidied) {
            tracing::warn!(?failure, "space could not be freed");
            tidied.failure = Some(failure.code);
        }
        let after = self.store().usage()?.bytes_total;
        tidied.freed = before.saturating_sub(after);
        self.store()
            .set_settings(&[(TIDIED.into(), Some(json(&tidied)))])?;
        Ok(tidied)
    }

    fn let_go(&self, tidied: &mut Tidied) -> Result<()> {
        let settings = self.settings();
        tidied.articles = self.keep_within(&bounds(&settings))?.articles;
        self.tidy_tags()?;
        if settings.keep_picture_days > 0 {
            let since = self.now() - i64::from(settings.keep_picture_days) * DAY;
            tidied.pictures = self
                .store()
                .forget_pictures(&kept_as, &self.icons()?, since)?;
        }
        tidied.sounds = self.tidy_sounds(true)?;
        tidied.pictures += self.compact()?.pictures;
        Ok(())
    }

    /// What was last let go, if anything ever was. Blocks.
    pub fn tidied(&self) -> Result<Option<Tidied>> {
        let json = self.store().setting(TIDIED)?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// What is due now and then: notes what is trending; once a day keeps within the reader's bounds.
    /// Blocks.
    pub(crate) fn chores(&self) -> Result<()> {
        self.note_trending()?;
        let now = self.now();
        let feeds = self.store().feeds()?;
        let own = |feed: &warta_store::Feed| feed.options.keep != Retention::default();
        let settings = self.settings();
        let has_bounds = bounds(&settings) != bounds(&crate::api::Settings::default())
            || settings.keep_picture_days > 0
            || feeds.iter().any(own);
        let last = self.tidied()?.map_or(i64::MIN, |tidied| tidied.at);
        if has_bounds && now.saturating_sub(last) >= DAY {
            self.free_space()?;
        }
        let folded: i64 = match self.store().setting(FOLDED)? {
            Some(json) => serde_json::from_str(&json).unwrap_or(0),
            None => 0,
        };
        if now - folded >= DAY {
            self.fold_past()?;
            self.tidy_sounds(false)?;
            self.store()
                .set_settings(&[(FOLDED.into(), Some(json(&now)))])?;
        }
        Ok(())
    }

    fn icons(&self) -> Result<Vec<String>> {
        let feeds = self.store().feeds()?;
        Ok(feeds.iter().filter_map(crate::names::icon_url).collect())
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

    /// The same, told as a front end tells it. Blocks.
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
            notes: repaired.notes,
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
        let most = u64::from(megabytes) * 1_000_000;
        Ok(self.store().make_room(most, &kept_as, &self.icons()?)?)
    }

    /// Gives space that nothing needs any more back to the disk. Reading and writing go on
    /// meanwhile. Blocks, long for a large store.
    pub fn compact(&self) -> Result<Compacted> {
        Ok(self.store().compact(&kept_as, &self.icons()?)?)
    }

    /// Writes the whole profile into one file. Blocks.
    pub fn export(&self, file: &Path) -> Result<Exported> {
        Ok(self.store().export(file, self.now())?)
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
