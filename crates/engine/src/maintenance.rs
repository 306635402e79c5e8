//! Retention, compaction, snapshots, checks and disk usage.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use warta_store::{
    Checkup, Compacted, Exported, Feed, Keep, Purged, Repaired, Retention, Usage as StoreUsage,
};

use crate::api::{Event, FeedUsage, RepairReport, Result, Settings, Tidied, Usage};
use crate::context::Context;
use crate::context::clock::Clock;
use crate::context::records::json;
use crate::offline::podcasts::Podcasts;
use crate::reading::highlights::Highlights;
use crate::reading::rows::thumbnail_key;
use crate::reading::tags::Tags;

const DAY: i64 = 86_400;
/// Number of feeds in the usage report.
const LARGEST_FEEDS: usize = 10;
const TIDIED: &str = "own/tidied";
const REPAIRED: &str = "own/repaired";

/// Applies the retention limits, and checks, repairs and exports the store.
pub struct Maintenance {
    ctx: Arc<Context>,
    tags: Arc<Tags>,
    highlights: Arc<Highlights>,
    podcasts: Arc<Podcasts>,
    opened_at: i64,
}

impl Maintenance {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        tags: &Arc<Tags>,
        highlights: &Arc<Highlights>,
        podcasts: &Arc<Podcasts>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            tags: Arc::clone(tags),
            highlights: Arc::clone(highlights),
            podcasts: Arc::clone(podcasts),
            opened_at: ctx.now(),
        }
    }

    /// Checks the whole store. Slow for a large store.
    pub fn check(&self) -> Result<Checkup> {
        Ok(self.ctx.store.check()?)
    }

    /// Writes data that cannot be fetched again to a plain-text file and returns its path.
    pub fn snapshot(&self) -> Result<PathBuf> {
        Ok(self.ctx.store.snapshot(self.ctx.now())?)
    }

    /// Disk usage by kind of data.
    pub fn usage(&self) -> Result<Usage> {
        let usage = self.ctx.store.usage()?;
        let mut feeds: Vec<FeedUsage> = usage
            .feeds
            .iter()
            .map(|feed| FeedUsage {
                feed: feed.feed.0,
                title: self
                    .ctx
                    .labels
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
            bytes_audio: self.podcasts.bytes_of_all_audio(),
            bytes_bodies: usage.bytes_bodies,
            bytes_pictures: usage.bytes_pictures,
            bytes_search: usage.bytes_search,
            bytes_lists: usage.bytes_lists,
            bytes_dead: usage.bytes_dead,
            feeds,
            tidied: self.tidied()?,
        })
    }

    /// Removes data beyond the retention limits, frees disk space and reports the result. Slow for
    /// a large store.
    pub fn free_space(&self) -> Result<Tidied> {
        let before = self.ctx.store.usage()?.bytes_total;
        let mut tidied = Tidied {
            at: self.ctx.now(),
            articles: 0,
            pictures: 0,
            episodes: 0,
            freed: 0,
            failure: None,
        };
        if let Err(failure) = self.remove_excess(&mut tidied) {
            tracing::warn!(?failure, "cannot free space");
            tidied.failure = Some(failure.code);
        }
        let after = self.ctx.store.usage()?.bytes_total;
        tidied.freed = before.saturating_sub(after);
        self.ctx
            .store
            .set_settings(&[(TIDIED.into(), Some(json(&tidied)))])?;
        Ok(tidied)
    }

    fn remove_excess(&self, tidied: &mut Tidied) -> Result<()> {
        let settings = self.ctx.settings();
        tidied.articles = self.keep_within(&bounds(&settings))?.articles;
        self.tags.tidy_tags()?;
        if settings.keep_picture_days > 0 {
            let since = self.ctx.now() - i64::from(settings.keep_picture_days) * DAY;
            tidied.pictures = self
                .ctx
                .store
                .forget_pictures(&kept_as, &self.icons()?, since)?;
        }
        tidied.episodes = self.podcasts.remove_old_audio(true)?;
        tidied.pictures += self.compact()?.pictures;
        Ok(())
    }

    /// The result of the last clean-up, if any.
    pub fn tidied(&self) -> Result<Option<Tidied>> {
        let json = self.ctx.store.setting(TIDIED)?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// Whether retention limits are set and were last applied more than a day ago.
    pub(crate) fn is_due(&self) -> Result<bool> {
        let now = self.ctx.now();
        let feeds = self.ctx.store.feeds()?;
        let has_own_limits = |feed: &Feed| feed.options.keep != Retention::default();
        let settings = self.ctx.settings();
        let has_limits = bounds(&settings) != bounds(&Settings::default())
            || settings.keep_picture_days > 0
            || feeds.iter().any(has_own_limits);
        let last = self.tidied()?.map_or(i64::MIN, |tidied| tidied.at);
        Ok(has_limits && now.saturating_sub(last) >= DAY)
    }

    fn icons(&self) -> Result<Vec<String>> {
        let feeds = self.ctx.subscriptions()?;
        Ok(feeds
            .iter()
            .filter_map(crate::context::labels::icon_url)
            .collect())
    }

    /// Disk usage by kind of data and by feed.
    pub fn usage_in_detail(&self) -> Result<StoreUsage> {
        Ok(self.ctx.store.usage()?)
    }

    /// Checks a store that is not open, and rebuilds it if it is damaged. Slow for a large store.
    pub fn repair(data_dir: &Path, clock: &Clock) -> Result<Repaired> {
        Ok(warta_store::repair(data_dir, clock.now())?)
    }

    /// Like [`Maintenance::repair`], with a report for front ends.
    pub fn repaired(data_dir: &Path, clock: &Clock) -> Result<RepairReport> {
        let repaired = Self::repair(data_dir, clock)?;
        let still_damaged = repaired.left.as_ref().is_some_and(|left| !left.is_sound());
        let rebuilt = repaired.rebuilt.unwrap_or_default();
        // Feeds without articles are restored from the snapshot.
        let from_snapshot = rebuilt.restored.map_or(0, |(_, restored)| restored.feeds);
        Ok(RepairReport {
            articles: rebuilt.articles,
            without_text: rebuilt.without_text,
            feeds: rebuilt.feeds + from_snapshot,
            pictures: rebuilt.pictures,
            still_damaged,
            set_aside: rebuilt.set_aside.map(|dir| dir.display().to_string()),
            notes: repaired.notes,
            at: clock.now(),
            automatic: false,
            kept_items: repaired.aside.items,
            kept_bytes: repaired.aside.bytes,
            unrepaired_items: repaired.aside.unrepaired_items,
        })
    }

    /// Records a repair, for [`Maintenance::last_repair`].
    pub fn record_repair(&self, report: &RepairReport) -> Result<()> {
        Ok(self
            .ctx
            .store
            .set_settings(&[(REPAIRED.into(), Some(json(report)))])?)
    }

    /// The last repair, also an automatic one in this session.
    pub fn last_repair(&self) -> Result<Option<RepairReport>> {
        let stored = self.ctx.store.setting(REPAIRED)?;
        let stored = stored.and_then(|json| serde_json::from_str::<RepairReport>(&json).ok());
        let Some(found) = self.repaired_automatically()? else {
            return Ok(stored);
        };
        if stored.as_ref().is_some_and(|stored| {
            stored.at >= self.opened_at
                && found.notes.iter().all(|note| stored.notes.contains(note))
        }) {
            return Ok(stored);
        }
        self.record_repair(&found)?;
        Ok(Some(found))
    }

    /// What was repaired automatically in this session.
    pub(crate) fn repaired_automatically(&self) -> Result<Option<RepairReport>> {
        let (notes, aside) = warta_store::automatic_repairs(&self.ctx.store)?;
        if notes.is_empty() {
            return Ok(None);
        }
        Ok(Some(RepairReport {
            at: self.ctx.now(),
            automatic: true,
            notes,
            kept_items: aside.items,
            kept_bytes: aside.bytes,
            unrepaired_items: aside.unrepaired_items,
            ..RepairReport::default()
        }))
    }

    /// Purges articles beyond the given limits and the feeds' own limits; saved articles and those
    /// with highlights are kept.
    pub fn keep_within(&self, keep: &Keep) -> Result<Purged> {
        self.highlights.find_articles()?;
        let purged = self.ctx.store.retain(keep, self.ctx.now())?;
        if purged.articles > 0 {
            self.ctx.emit(Event::PlacesChanged);
        }
        Ok(purged)
    }

    /// Removes the oldest pictures beyond the size limit, except those of saved articles and packs.
    /// Returns the number of bytes removed.
    pub fn make_room_for_pictures(&self) -> Result<u64> {
        let megabytes = self.ctx.settings().picture_megabytes;
        if megabytes == 0 {
            return Ok(0);
        }
        let most = u64::from(megabytes) * 1_000_000;
        Ok(self.ctx.store.make_room(most, &kept_as, &self.icons()?)?)
    }

    /// Returns unused space to the disk. Reading and writing continue meanwhile. Slow for a large
    /// store.
    pub fn compact(&self) -> Result<Compacted> {
        Ok(self.ctx.store.compact(&kept_as, &self.icons()?)?)
    }

    /// Exports the whole profile to one file.
    pub fn export(&self, file: &Path) -> Result<Exported> {
        Ok(self.ctx.store.export(file, self.ctx.now())?)
    }

    /// Writes a file atomically.
    pub fn write_file(file: &Path, bytes: &[u8]) -> Result<()> {
        Ok(warta_store::write_file(file, bytes)?)
    }
}

/// Other keys under which the picture at a URL may be stored.
fn kept_as(url: &str) -> Vec<String> {
    vec![thumbnail_key(url)]
}

/// The reader's retention limits.
pub(crate) fn bounds(settings: &Settings) -> Keep {
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
