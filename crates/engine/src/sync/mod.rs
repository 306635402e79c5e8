//! Synchronises feeds. Each feed is committed as a whole and its articles are shown at once;
//! pictures follow.
//!
//! The steps, in order: [`FeedSync::sync`] selects the feeds (`choose`); for each, `feed_fetcher`
//! fetches, parses (`subscriptions::documents`; the parts of an index by `parts`), ingests
//! (`ingest`) and applies the rules; `write_batches` commits many feeds together. Beside the
//! fetches, `place_arrivals` clusters the new articles into stories and `images` fetches their
//! pictures. Then `newsletters` reads the mail accounts. Full texts and missing icons come last; then
//! old pictures are removed to make room, and the used data is recorded. `subscriptions::schedule`
//! decides when a feed is due, and `background` when a sync starts.
//!
//! Every feed is a task of its own. The HTTP client limits concurrent fetches, in total and per
//! host, and [`CPU_AT_ONCE`] limits concurrent parsing. A failure affects only its feed. If no host
//! was reachable the network is down, and no feed's failure is recorded.

pub(crate) mod back_issues;
pub(crate) mod feed_fetcher;
pub(crate) mod icons;
mod images;
pub(crate) mod ingest;
mod newsletters;
mod parts;
pub(crate) mod power;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::{JoinError, JoinSet};
use warta_store::{ArticleRow, Committed, Feed, FeedId, FolderId, ProblemCode};

use self::feed_fetcher::{FeedFetcher, FetchFailure, Outcome, ToStore};
use self::icons::Icons;
use self::images::ImageQueue;
use self::power::{Power, ResourceConstraint};
use crate::api::{Connection, Event, Result, SyncProgress, SyncReport, SyncScope};
use crate::context::labels::host_of;
use crate::context::locks::locked;
use crate::context::{Context, blocking, off_thread};
use crate::maintenance::Maintenance;
use crate::network::connectivity::{Connectivity, is_fetched};
use crate::newsletters::Newsletters;
use crate::offline::data_budget::DataBudget;
use crate::offline::full_text::FullTexts;
use crate::offline::pictures::Pictures;
use crate::stories::Stories;

/// Number of concurrent feed tasks; most wait for their host's rate limit.
const BEGUN_AT_ONCE: usize = 256;
/// Number of feeds parsed and sanitised concurrently.
const CPU_AT_ONCE: usize = 2;
/// Maximum number of feeds written in one batch.
const WRITTEN_TOGETHER: usize = 32;
/// Maximum number of feeds whose articles are clustered together, and how long to wait for them.
const PLACED_TOGETHER: usize = 32;
const PLACED_EVERY: Duration = Duration::from_millis(200);
/// Minimum number of hosts redirecting to one third host before a captive portal is assumed.
const MIN_PORTAL_HOSTS: usize = 3;

/// The running syncs, whose progress is reported as one.
#[derive(Default)]
pub(crate) struct RunningSyncs {
    running: u32,
    progress: SyncProgress,
    in_flight: HashSet<FeedId>,
    stop: Arc<Notify>,
}

/// Synchronises feeds.
pub struct FeedSync {
    pub(crate) ctx: Arc<Context>,
    pub(crate) connectivity: Arc<Connectivity>,
    pub(crate) stories: Arc<Stories>,
    pub(crate) maintenance: Arc<Maintenance>,
    pub(crate) budget: Arc<DataBudget>,
    pub(crate) pictures: Arc<Pictures>,
    pub(crate) full_texts: Arc<FullTexts>,
    pub(crate) icons: Arc<Icons>,
    pub(crate) power: Arc<Power>,
    pub(crate) feed_fetcher: Arc<FeedFetcher>,
    pub(crate) newsletters: Arc<Newsletters>,
    pub(crate) state: Mutex<RunningSyncs>,
}

impl FeedSync {
    /// The current resource constraint.
    pub(crate) async fn power(&self) -> ResourceConstraint {
        self.power.constraint().await
    }

    /// Progress of the running syncs, if any.
    #[must_use]
    pub fn sync_progress(&self) -> Option<SyncProgress> {
        let syncing = locked(&self.state);
        (syncing.running > 0).then(|| syncing.progress.clone())
    }

    /// Stops the running syncs: feeds being written are completed, the others are skipped.
    pub fn stop_sync(&self) {
        locked(&self.state).stop.notify_waiters();
    }

    /// Fetches feeds and the pictures of their new articles, except feeds that another sync is
    /// fetching. Articles are stored, listed and reported as they arrive.
    pub async fn sync(self: &Arc<Self>, scope: &SyncScope) -> Result<SyncReport> {
        let on_purpose = matches!(scope, SyncScope::Feeds { ids } if ids.len() == 1);
        self.sync_for(scope, on_purpose).await
    }

    /// Whether the connection is metered and the reader wants less fetched there.
    pub(crate) async fn is_metered(&self) -> bool {
        self.power.constraint().await == ResourceConstraint::Metered
    }

    /// `on_purpose`: the reader asked for this feed, so send no validators if the last response
    /// was a 304.
    async fn sync_for(self: &Arc<Self>, scope: &SyncScope, on_purpose: bool) -> Result<SyncReport> {
        self.ctx.store.may_write()?;
        let (started, began_at) = (Instant::now(), self.ctx.now());
        let wanted = scope.clone();
        let (feeds, accounts) = blocking(self, move |this| {
            let chosen = this.choose(&wanted)?;
            let (mail, feeds): (Vec<_>, Vec<_>) = chosen
                .into_iter()
                .partition(|feed| feed.kind.is_newsletter());
            let accounts = this.newsletters.chosen(&wanted, &mail)?;
            Ok((feeds, accounts))
        })
        .await?;
        let (feeds, stop) = self.begin(feeds);
        if !accounts.is_empty() {
            self.progress(|progress| progress.total += accounts.len() as u32);
        }
        let mut report = SyncReport {
            feeds: feeds.len() as u32,
            ..SyncReport::default()
        };
        // Queried once: it takes a few milliseconds.
        let spare = self.is_metered().await || self.budget.is_over_budget();
        let with_pictures = !spare;
        let finished = self
            .run(feeds.clone(), with_pictures, on_purpose, &stop, &mut report)
            .await;
        let finished = match finished {
            Ok(())
                if !(accounts.is_empty() || report.stopped || report.offline || report.portal) =>
            {
                let with_feeds = !feeds.is_empty();
                tokio::select! {
                    read = self.sync_newsletters(accounts, with_feeds, &mut report) => read.map(|()| false),
                    () = stop.notified() => Ok(true),
                }
                .map(|stopped| report.stopped |= stopped)
            }
            finished => finished,
        };
        self.end(&feeds);
        if !spare && !report.stopped {
            report.left_for_later += self.full_texts.fetch_new_texts(began_at).await?;
            self.icons.find_icons().await?;
        }
        let pictures = report.pictures;
        blocking(self, move |this| {
            if pictures > 0 {
                this.maintenance.make_room_for_pictures()?;
            }
            this.budget.account(true)
        })
        .await?;
        report.seconds = started.elapsed().as_secs_f64();
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::SyncFinished {
            report: report.clone(),
        });
        finished.map(|()| report)
    }

    /// Fetches a few feeds to learn whether the network is up.
    pub async fn probe(self: &Arc<Self>) -> Result<Connection> {
        let feeds = blocking(self, move |this| this.connectivity.probed()).await?;
        let ids: Vec<u32> = feeds.iter().map(|feed| feed.id.0).collect();
        if !ids.is_empty() {
            self.sync_for(&SyncScope::Feeds { ids }, false).await?;
        }
        Ok(self.connectivity.connection())
    }

    fn choose(&self, scope: &SyncScope) -> Result<Vec<Feed>> {
        let now = self.ctx.now();
        let mut feeds = self.ctx.subscriptions()?;
        let folders = match scope {
            SyncScope::Folder { id } => self.ctx.store.folders().within(FolderId(*id)),
            _ => HashSet::new(),
        };
        feeds.retain(|feed| match scope {
            SyncScope::Folder { .. } => {
                is_fetched(feed) && feed.folder.is_some_and(|id| folders.contains(&id))
            }
            SyncScope::All => is_fetched(feed),
            SyncScope::Due => is_fetched(feed) && feed.facts.next_due_at.is_none_or(|at| at <= now),
            SyncScope::Feeds { ids } => ids.contains(&feed.id.0),
        });
        // New feeds first: the reader has just subscribed and is waiting.
        feeds.sort_by_key(|feed| (feed.facts.checked_at, feed.id));
        Ok(interleave_by_host(feeds))
    }

    fn begin(&self, mut feeds: Vec<Feed>) -> (Vec<Feed>, Arc<Notify>) {
        let mut syncing = locked(&self.state);
        feeds.retain(|feed| syncing.in_flight.insert(feed.id));
        if syncing.running == 0 {
            syncing.progress = SyncProgress::default();
        }
        syncing.running += 1;
        syncing.progress.total += feeds.len() as u32;
        let progress = syncing.progress.clone();
        let stop = Arc::clone(&syncing.stop);
        drop(syncing);
        self.ctx.emit(Event::SyncProgress { progress });
        (feeds, stop)
    }

    pub(crate) fn end(&self, feeds: &[Feed]) {
        let mut syncing = locked(&self.state);
        syncing.running -= 1;
        for feed in feeds {
            syncing.in_flight.remove(&feed.id);
        }
    }

    fn progress(&self, change: impl FnOnce(&mut SyncProgress)) {
        let mut syncing = locked(&self.state);
        change(&mut syncing.progress);
        let progress = syncing.progress.clone();
        drop(syncing);
        self.ctx.emit(Event::SyncProgress { progress });
    }

    async fn run(
        self: &Arc<Self>,
        feeds: Vec<Feed>,
        with_pictures: bool,
        on_purpose: bool,
        stop: &Notify,
        report: &mut SyncReport,
    ) -> Result<()> {
        let cpu = Arc::new(Semaphore::new(CPU_AT_ONCE));
        let (to_store, batches) = mpsc::channel(WRITTEN_TOGETHER);
        // Ends when the last task with data to write has ended.
        let writing = tokio::spawn(Arc::clone(self).write_batches(batches));
        // Runs concurrently, so that no feed waits for another's clustering.
        let (to_place, arrived) = mpsc::unbounded_channel();
        let placing = tokio::spawn(Arc::clone(self).place_arrivals(arrived));
        let mut tasks = JoinSet::new();
        let mut not_begun = feeds.into_iter();
        let mut to_store = Some(to_store);
        let mut begin = |tasks: &mut JoinSet<_>, most: usize| {
            while tasks.len() < most
                && let Some(to_store) = &to_store
                && let Some(feed) = not_begun.next()
            {
                let (this, cpu, to_store) = (Arc::clone(self), Arc::clone(&cpu), to_store.clone());
                tasks.spawn(async move {
                    (
                        feed.clone(),
                        this.feed_fetcher
                            .sync_feed(feed, with_pictures, on_purpose, &cpu, &to_store)
                            .await,
                    )
                });
            }
            if most == 0 || not_begun.len() == 0 {
                to_store = None;
            }
        };
        begin(&mut tasks, BEGUN_AT_ONCE);
        let mut pictures = ImageQueue::new(&self.pictures);
        let mut unreached = Vec::new();
        let stopped = stop.notified();
        tokio::pin!(stopped);
        while !(tasks.is_empty() && pictures.is_empty()) {
            tokio::select! {
                Some(joined) = tasks.join_next() => {
                    begin(&mut tasks, BEGUN_AT_ONCE);
                    let Some((feed, outcome)) = join_result(joined) else { continue };
                    let mut outcome = outcome?;
                    report.left_for_later += outcome.left_for_later;
                    report.left_for_later += pictures.request(std::mem::take(&mut outcome.requests));
                    let left = pictures.left();
                    to_place.send(std::mem::take(&mut outcome.rows)).ok();
                    self.record_result(feed, outcome, report, &mut unreached, left).await?;
                }
                Some(joined) = pictures.join_next() => {
                    let left = pictures.left();
                    if let Some((article, Ok(Some(bytes)))) = join_result(joined) {
                        report.pictures += 1;
                        report.bytes += bytes;
                        pictures.arrived(article);
                    }
                    self.progress(|p| p.pictures_left = left);
                    pictures.report(&self.ctx, left == 0);
                }
                () = &mut stopped, if !report.stopped => {
                    // Start no more tasks.
                    begin(&mut tasks, 0);
                    tasks.abort_all();
                    pictures.abort_all();
                    report.stopped = true;
                }
            }
        }
        pictures.report(&self.ctx, true);
        // Complete the commits that had started when the reader stopped the sync.
        let _ = writing.await;
        drop(to_place);
        if let Some(placed) = join_result(placing.await) {
            placed?;
        }
        self.finish(unreached, report).await
    }

    /// Clusters arriving articles in batches of several feeds, which is much faster.
    async fn place_arrivals(
        self: Arc<Self>,
        mut arrived: mpsc::UnboundedReceiver<Vec<ArticleRow>>,
    ) -> Result<()> {
        while let Some(mut rows) = arrived.recv().await {
            let until = tokio::time::Instant::now() + PLACED_EVERY;
            for _ in 1..PLACED_TOGETHER {
                let Ok(Some(more)) = tokio::time::timeout_at(until, arrived.recv()).await else {
                    break;
                };
                rows.extend(more);
            }
            if rows.is_empty()
                || self
                    .stories
                    .leave_for_gathering(rows.iter().map(|row| row.id))
            {
                continue;
            }
            blocking(&self, move |this| this.stories.place_in_stories(rows)).await?;
            self.ctx.emit(Event::StoriesChanged);
        }
        Ok(())
    }

    /// Commits fetched feeds in batches.
    async fn write_batches(self: Arc<Self>, mut batches: mpsc::Receiver<ToStore>) {
        let mut group = Vec::new();
        while batches.recv_many(&mut group, WRITTEN_TOGETHER).await > 0 {
            let this = Arc::clone(&self);
            let (batches, waiting): (Vec<_>, Vec<_>) = group
                .drain(..)
                .map(|one| (one.batch, (one.done, one.slot)))
                .unzip();
            let written = off_thread(move || this.ctx.store.commit_many(batches)).await;
            let results: Vec<Result<Committed>> = match written {
                Ok(results) => results
                    .into_iter()
                    .map(|result| result.map_err(Into::into))
                    .collect(),
                Err(failure) => waiting.iter().map(|_| Err(failure.clone())).collect(),
            };
            for ((done, _slot), result) in waiting.into_iter().zip(results) {
                // The receiver is dropped when the reader stops the sync.
                let _ = done.send(result);
            }
        }
    }

    /// Records the result of one feed in the report and emits events.
    async fn record_result(
        self: &Arc<Self>,
        feed: Feed,
        outcome: Outcome,
        report: &mut SyncReport,
        unreached: &mut Vec<(Feed, FetchFailure)>,
        pictures_left: u32,
    ) -> Result<()> {
        report.bytes += outcome.wire_bytes;
        report.new += outcome.new.len() as u32;
        report.updated += outcome.updated.len() as u32;
        let failed = outcome.failure.is_some();
        match outcome.failure {
            Some(failure) if failure.may_be_network_failure() => {
                unreached.push((feed.clone(), failure));
            }
            Some(failure) => {
                self.connectivity.set_connection(Connection::Online);
                let feed = feed.clone();
                blocking(self, move |this| {
                    this.feed_fetcher.write_failure(&feed, &failure)
                })
                .await?;
            }
            None if outcome.is_removed => {}
            None => {
                self.connectivity.set_connection(Connection::Online);
                report.not_modified += u32::from(outcome.not_modified);
                report.fetched += u32::from(!outcome.not_modified);
            }
        }
        report.failed += u32::from(failed);
        let new = outcome.new.len() as u32;
        self.progress(|progress| {
            progress.done += 1;
            progress.failed += u32::from(failed);
            progress.new_articles += new;
            progress.bytes += outcome.wire_bytes;
            progress.pictures_left = pictures_left;
        });
        if new > 0 || !(outcome.updated.is_empty() && outcome.listed.is_empty()) {
            self.ctx.emit(Event::ArticlesArrived {
                feed: feed.id.0,
                new,
            });
        }
        Ok(())
    }

    /// Decides about unreachable feeds: if no feed was reached the network is down or a captive
    /// portal answers; otherwise each of these feeds has failed.
    async fn finish(
        self: &Arc<Self>,
        unreached: Vec<(Feed, FetchFailure)>,
        report: &mut SyncReport,
    ) -> Result<()> {
        let asked = || {
            unreached
                .iter()
                .filter(|(_, failure)| !failure.is_backing_off)
        };
        let all_unreached = unreached.len() as u32 == report.feeds && asked().next().is_some();
        report.portal = all_unreached && is_portal(&unreached);
        report.offline = all_unreached
            && asked().all(|(_, failure)| failure.unreached)
            && self.is_network_down(&unreached).await?;
        if report.portal {
            self.connectivity.set_connection(Connection::Portal);
        } else if report.offline {
            self.connectivity.set_connection(Connection::Offline);
        }
        let is_network_failure = report.portal || report.offline;
        blocking(self, move |this| {
            if !is_network_failure {
                for (feed, failure) in &unreached {
                    this.feed_fetcher.write_failure(feed, failure)?;
                }
            }
            this.ctx.flush()
        })
        .await
    }

    /// Whether unreachable feeds mean that the network is down: a few of many prove nothing, so
    /// others are probed.
    async fn is_network_down(self: &Arc<Self>, unreached: &[(Feed, FetchFailure)]) -> Result<bool> {
        let probed = blocking(self, move |this| this.connectivity.probed()).await?;
        let asked = |one: &Feed| unreached.iter().any(|(feed, _)| feed.id == one.id);
        match unreached.first() {
            Some((feed, _)) if !probed.iter().all(asked) => {
                self.connectivity.is_cut_off(&feed.url).await
            }
            _ => Ok(true),
        }
    }
}

/// The result of a task; `None` if it was aborted or panicked, which is logged.
fn join_result<T>(joined: std::result::Result<T, JoinError>) -> Option<T> {
    joined
        .inspect_err(|error| {
            if error.is_panic() {
                tracing::error!(%error, "a sync task panicked");
            }
        })
        .ok()
}

/// Interleaves the feeds of different hosts, so that a host with many feeds does not delay the
/// others.
fn interleave_by_host(feeds: Vec<Feed>) -> Vec<Feed> {
    let mut turns: HashMap<Option<String>, u32> = HashMap::new();
    let mut ordered: Vec<(u32, Feed)> = Vec::with_capacity(feeds.len());
    for feed in feeds {
        let turn = turns.entry(host_of(&feed.url)).or_default();
        ordered.push((*turn, feed));
        *turn += 1;
    }
    // The sort is stable: feeds of one round keep their order.
    ordered.sort_by_key(|(turn, _)| *turn);
    ordered.into_iter().map(|(_, feed)| feed).collect()
}

/// Detects a captive portal: many hosts redirect to one host, a response has status 511 (RFC 6585 §
/// 6), or many public names resolve to private addresses.
fn is_portal(unreached: &[(Feed, FetchFailure)]) -> bool {
    let mut led: HashMap<&str, HashSet<Option<String>>> = HashMap::new();
    for (feed, failure) in unreached {
        if failure.problem.code == ProblemCode::Portal {
            return true;
        }
        if let Some(to) = &failure.led_to {
            led.entry(to).or_default().insert(host_of(&feed.url));
        }
    }
    let all: HashSet<_> = unreached
        .iter()
        .map(|(feed, _)| host_of(&feed.url))
        .collect();
    let inside: HashSet<_> = unreached
        .iter()
        .filter(|(_, failure)| failure.inside)
        .map(|(feed, _)| host_of(&feed.url))
        .collect();
    led.values()
        .chain([&inside])
        .any(|hosts| hosts.len() >= MIN_PORTAL_HOSTS.min(all.len().max(2)))
}
