//! Fetching what is due: feeds first, each committed whole and shown at once, then pictures.
//!
//! Every feed is a task of its own; the client bounds how many fetch at a time, in all and a host,
//! and [`CPU_AT_ONCE`] bounds how many are parsed. A failure stays with its feed. When nobody at all
//! could be reached the reader is offline, and that is no feed's fault: no failure is written down.

pub(crate) mod feed_fetcher;
pub(crate) mod icons;
pub(crate) mod ingest;
pub(crate) mod power;

use crate::network::connectivity::is_fetched;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::{JoinError, JoinSet};
use warta_store::{ArticleId, ArticleRow, Committed, Feed, FeedId};

use self::feed_fetcher::{Broken, FeedFetcher, Outcome, ToStore};
use self::icons::Icons;
use self::power::{Power, ResourceConstraint};
use crate::api::{Connection, Event, Result, SyncProgress, SyncReport, SyncScope};
use crate::context::labels::host_of;
use crate::context::locks::locked;
use crate::context::{Context, blocking, off_thread};
use crate::maintenance::Maintenance;
use crate::network::connectivity::Connectivity;
use crate::offline::data_budget::DataBudget;
use crate::offline::full_text::FullTexts;
use crate::offline::pictures::Pictures;
use crate::stories::Stories;

/// Feeds whose fetches are begun at a time, most of which wait for their host's turn.
const BEGUN_AT_ONCE: usize = 256;

/// Feeds that are parsed and cleaned at a time.
const CPU_AT_ONCE: usize = 2;

/// Pictures that are fetched at a time.
const PICTURES_AT_ONCE: usize = 12;

/// Fetched feeds that are written together at most.
const WRITTEN_TOGETHER: usize = 32;

/// Feeds whose articles are placed into stories together at most, and for how long they are waited for.
const PLACED_TOGETHER: usize = 32;

const PLACED_EVERY: Duration = Duration::from_millis(200);

/// So many hosts that lead to one and the same other are no coincidence.
const LED_ASTRAY: usize = 3;

/// Pictures that one sync fetches from one host at most, whichever feeds name them. At the pace of a
/// host that takes some minutes.
const PICTURES_A_HOST: u32 = 1_500;

/// How often the pictures that came in are told.
const PICTURES_TOLD_EVERY: Duration = Duration::from_millis(700);

/// All syncs that run now; their progress is shown as one.
#[derive(Default)]
pub(crate) struct RunningSyncs {
    running: u32,
    progress: SyncProgress,
    in_flight: HashSet<FeedId>,
    stop: Arc<Notify>,
}

/// Articles whose pictures came in and have not been told yet.
#[derive(Default)]
struct PicturesTold {
    waiting: HashSet<u64>,
    last: Option<Instant>,
}

impl PicturesTold {
    fn add(&mut self, article: Option<ArticleId>) {
        self.waiting.extend(article.map(|id| id.0));
    }

    fn tell(&mut self, ctx: &Context, now: bool) {
        let due = now
            || self
                .last
                .is_none_or(|last| last.elapsed() >= PICTURES_TOLD_EVERY);
        if due && !self.waiting.is_empty() {
            let articles = self.waiting.drain().collect();
            ctx.emit(Event::PicturesArrived { articles });
            self.last = Some(Instant::now());
        }
    }
}

/// What a task gave; none for one that was stopped or, which is logged, broke.
fn survived<T>(joined: std::result::Result<T, JoinError>) -> Option<T> {
    joined
        .inspect_err(|error| {
            if error.is_panic() {
                tracing::error!(%error, "a sync task broke");
            }
        })
        .ok()
}

/// One feed of each host after the other, so that no host with many feeds holds the others up.
fn by_turns(feeds: Vec<Feed>) -> Vec<Feed> {
    let mut turns: HashMap<Option<String>, u32> = HashMap::new();
    let mut ordered: Vec<(u32, Feed)> = Vec::with_capacity(feeds.len());
    for feed in feeds {
        let turn = turns.entry(host_of(&feed.url)).or_default();
        ordered.push((*turn, feed));
        *turn += 1;
    }
    // Stable: within a turn they stay as they came.
    ordered.sort_by_key(|(turn, _)| *turn);
    ordered.into_iter().map(|(_, feed)| feed).collect()
}

/// Whether one host answers for many others with its page, or says so itself (RFC 6585 § 6), or the
/// names of many lead into the reader's own network.
fn is_portal(unreached: &[(Feed, Broken)]) -> bool {
    let mut led: HashMap<&str, HashSet<Option<String>>> = HashMap::new();
    for (feed, broken) in unreached {
        if broken.problem.code == "portal" {
            return true;
        }
        if let Some(to) = &broken.led_to {
            led.entry(to).or_default().insert(host_of(&feed.url));
        }
    }
    let all: HashSet<_> = unreached
        .iter()
        .map(|(feed, _)| host_of(&feed.url))
        .collect();
    let inside: HashSet<_> = unreached
        .iter()
        .filter(|(_, broken)| broken.inside)
        .map(|(feed, _)| host_of(&feed.url))
        .collect();
    led.values()
        .chain([&inside])
        .any(|hosts| hosts.len() >= LED_ASTRAY.min(all.len().max(2)))
}

/// Synchronises feeds.
pub struct FeedSync {
    ctx: Arc<Context>,
    connectivity: Arc<Connectivity>,
    stories: Arc<Stories>,
    maintenance: Arc<Maintenance>,
    budget: Arc<DataBudget>,
    pictures: Arc<Pictures>,
    full_texts: Arc<FullTexts>,
    icons: Arc<Icons>,
    power: Arc<Power>,
    feed_fetcher: Arc<FeedFetcher>,
    state: Mutex<RunningSyncs>,
}

impl FeedSync {
    /// Battery power or a metered connection, where the reader wants that considered.
    pub(crate) async fn power(&self) -> ResourceConstraint {
        self.power.constraint().await
    }

    pub(crate) fn new(
        ctx: &Arc<Context>,
        connectivity: &Arc<Connectivity>,
        stories: &Arc<Stories>,
        maintenance: &Arc<Maintenance>,
        budget: &Arc<DataBudget>,
        pictures: &Arc<Pictures>,
        full_texts: &Arc<FullTexts>,
        icons: &Arc<Icons>,
        power: &Arc<Power>,
        feed_fetcher: &Arc<FeedFetcher>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            connectivity: Arc::clone(connectivity),
            stories: Arc::clone(stories),
            maintenance: Arc::clone(maintenance),
            budget: Arc::clone(budget),
            pictures: Arc::clone(pictures),
            full_texts: Arc::clone(full_texts),
            icons: Arc::clone(icons),
            power: Arc::clone(power),
            feed_fetcher: Arc::clone(feed_fetcher),
            state: Mutex::default(),
        }
    }

    /// How far the running syncs have come, if any runs.
    #[must_use]
    pub fn sync_progress(&self) -> Option<SyncProgress> {
        let syncing = locked(&self.state);
        (syncing.running > 0).then(|| syncing.progress.clone())
    }

    /// Stops the running syncs: what is being stored is stored whole, the rest is left for later.
    pub fn stop_sync(&self) {
        locked(&self.state).stop.notify_waiters();
    }

    /// Fetches feeds and the pictures of their new articles. Feeds that another sync is fetching are
    /// left to it. Articles are stored, listed and told as they come in.
    pub async fn sync(self: &Arc<Self>, scope: &SyncScope) -> Result<SyncReport> {
        let on_purpose = matches!(scope, SyncScope::Feeds { ids } if ids.len() == 1);
        self.sync_for(scope, on_purpose).await
    }

    /// `on_purpose`: the reader asks for this very feed, and doubts that it has nothing new.
    async fn sync_for(self: &Arc<Self>, scope: &SyncScope, on_purpose: bool) -> Result<SyncReport> {
        let (started, began_at) = (Instant::now(), self.ctx.now());
        let wanted = scope.clone();
        let feeds = blocking(self, move |this| this.choose(&wanted)).await?;
        let (feeds, stop) = self.begin(feeds);
        let mut report = SyncReport {
            feeds: feeds.len() as u32,
            ..SyncReport::default()
        };
        // Asked once: the system takes its time to tell.
        let spare = self.power.constraint().await == ResourceConstraint::Metered
            || self.budget.is_over_budget();
        let with_pictures = !spare;
        let finished = self
            .run(feeds.clone(), with_pictures, on_purpose, &stop, &mut report)
            .await;
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

    /// Asks a few feeds whether there is news, to learn whether the network is there.
    pub async fn probe(self: &Arc<Self>) -> Result<Connection> {
        let feeds = blocking(self, move |this| this.connectivity.probed()).await?;
        let ids: Vec<u32> = feeds.iter().map(|feed| feed.id.0).collect();
        if !ids.is_empty() {
            self.sync_for(&SyncScope::Feeds { ids }, false).await?;
        }
        Ok(self.connectivity.connection())
    }

    /// Blocks.
    fn choose(&self, scope: &SyncScope) -> Result<Vec<Feed>> {
        let now = self.ctx.now();
        let mut feeds = self.ctx.store.feeds()?;
        feeds.retain(|feed| match scope {
            SyncScope::All => is_fetched(feed),
            SyncScope::Due => is_fetched(feed) && feed.facts.next_due_at.is_none_or(|at| at <= now),
            SyncScope::Feeds { ids } => ids.contains(&feed.id.0),
        });
        // Those that were never fetched first: a reader who has just subscribed is waiting.
        feeds.sort_by_key(|feed| (feed.facts.checked_at, feed.id));
        Ok(by_turns(feeds))
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
        let picture_permits = Arc::new(Semaphore::new(PICTURES_AT_ONCE));
        let (to_store, batches) = mpsc::channel(WRITTEN_TOGETHER);
        // Ends when the last task that could bring something has ended.
        let writing = tokio::spawn(Arc::clone(self).write_batches(batches));
        // Beside the fetching, so that no feed waits for the stories of another.
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
        let mut pictures: JoinSet<(Option<ArticleId>, Result<Option<u64>>)> = JoinSet::new();
        let mut asked = HashSet::new();
        let mut asked_of_host: HashMap<Option<String>, u32> = HashMap::new();
        let mut unreached = Vec::new();
        let mut told = PicturesTold::default();
        let stopped = stop.notified();
        tokio::pin!(stopped);
        while !(tasks.is_empty() && pictures.is_empty()) {
            tokio::select! {
                Some(joined) = tasks.join_next() => {
                    begin(&mut tasks, BEGUN_AT_ONCE);
                    let Some((feed, outcome)) = survived(joined) else { continue };
                    let mut outcome = outcome?;
                    report.left_for_later += outcome.left_for_later;
                    for wish in std::mem::take(&mut outcome.wishes) {
                        if asked.insert(wish.url.clone()) {
                            let of_host = asked_of_host.entry(host_of(&wish.url)).or_default();
                            if *of_host >= PICTURES_A_HOST {
                                report.left_for_later += 1;
                                continue;
                            }
                            *of_host += 1;
                            let (this, permits) = (Arc::clone(self), Arc::clone(&picture_permits));
                            let article = wish.article;
                            pictures.spawn(async move {
                                let _permit = permits.acquire_owned().await;
                                (article, this.pictures.fetch_picture(wish).await)
                            });
                        }
                    }
                    let left = pictures.len() as u32;
                    to_place.send(std::mem::take(&mut outcome.rows)).ok();
                    self.settle(feed, outcome, report, &mut unreached, left).await?;
                }
                Some(joined) = pictures.join_next() => {
                    let left = pictures.len() as u32;
                    if let Some((article, Ok(Some(bytes)))) = survived(joined) {
                        report.pictures += 1;
                        report.bytes += bytes;
                        told.add(article);
                    }
                    self.progress(|p| p.pictures_left = left);
                    told.tell(&self.ctx, left == 0);
                }
                () = &mut stopped, if !report.stopped => {
                    // Nothing more begins.
                    begin(&mut tasks, 0);
                    tasks.abort_all();
                    pictures.abort_all();
                    report.stopped = true;
                }
            }
        }
        told.tell(&self.ctx, true);
        // What was being stored when the reader stopped the sync is stored whole.
        let _ = writing.await;
        drop(to_place);
        if let Some(placed) = survived(placing.await) {
            placed?;
        }
        self.conclude(unreached, report).await
    }

    /// Takes what arrives into the stories, many feeds' articles together: that is much less work.
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

    /// Stores what the tasks bring, many feeds together.
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
                // Nobody waits any more where the reader stopped the sync.
                let _ = done.send(result);
            }
        }
    }

    /// Counts what became of one feed and tells it.
    async fn settle(
        self: &Arc<Self>,
        feed: Feed,
        outcome: Outcome,
        report: &mut SyncReport,
        unreached: &mut Vec<(Feed, Broken)>,
        pictures_left: u32,
    ) -> Result<()> {
        report.bytes += outcome.wire_bytes;
        report.new += outcome.new.len() as u32;
        report.updated += outcome.updated.len() as u32;
        let failed = outcome.failure.is_some();
        match outcome.failure {
            Some(broken) if broken.may_be_nobodys_fault() => {
                unreached.push((feed.clone(), broken));
            }
            Some(broken) => {
                self.connectivity.set_connection(Connection::Online);
                let feed = feed.clone();
                blocking(self, move |this| {
                    this.feed_fetcher.write_failure(&feed, &broken)
                })
                .await?;
            }
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

    /// When everybody was out of reach, the reader is offline, or somebody in between answers for
    /// everybody; else each of those feeds failed.
    async fn conclude(
        self: &Arc<Self>,
        unreached: Vec<(Feed, Broken)>,
        report: &mut SyncReport,
    ) -> Result<()> {
        let asked = || unreached.iter().filter(|(_, broken)| !broken.rests);
        let nobody = unreached.len() as u32 == report.feeds && asked().next().is_some();
        report.portal = nobody && is_portal(&unreached);
        report.offline = nobody
            && asked().all(|(_, broken)| broken.unreached)
            && self.tells_of_the_network(&unreached).await?;
        if report.portal {
            self.connectivity.set_connection(Connection::Portal);
        } else if report.offline {
            self.connectivity.set_connection(Connection::Offline);
        }
        let nobodys_fault = report.portal || report.offline;
        blocking(self, move |this| {
            if !nobodys_fault {
                for (feed, broken) in &unreached {
                    this.feed_fetcher.write_failure(feed, broken)?;
                }
            }
            this.ctx.flush()
        })
        .await
    }

    /// Whether feeds that were not reached mean that nobody can be: a few of many say nothing, so others
    /// are asked.
    async fn tells_of_the_network(self: &Arc<Self>, unreached: &[(Feed, Broken)]) -> Result<bool> {
        let witnesses = blocking(self, move |this| this.connectivity.probed()).await?;
        let asked = |one: &Feed| unreached.iter().any(|(feed, _)| feed.id == one.id);
        match unreached.first() {
            Some((feed, _)) if !witnesses.iter().all(asked) => {
                self.connectivity.is_cut_off(&feed.url).await
            }
            _ => Ok(true),
        }
    }
}
