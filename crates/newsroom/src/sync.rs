//! Fetching what is due: feeds first, each committed whole and shown at once, then pictures.
//!
//! Every feed is a task of its own; the client bounds how many fetch at a time, in all and a host,
//! and [`CPU_AT_ONCE`] bounds how many are parsed. A failure stays with its feed. When nobody at all
//! could be reached the reader is offline, and that is no feed's fault: no failure is written down.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinSet};
use warta_feed::Source;
use warta_net::{Answer, FetchError, Fetched, Request, Validators, Wanted};
use warta_store::{ArticleId, Failure as StoredFailure, Feed, FeedBatch, FeedId};

use crate::entries::{Prepared, prepare};
use crate::face::{Connection, Event, Problem, SyncProgress, SyncReport, SyncScope};
use crate::names::host_of;
use crate::pictures::{Wish, off_async};
use crate::{Newsroom, Result, locked};

/// Feeds that are parsed and cleaned at a time.
const CPU_AT_ONCE: usize = 2;
/// Pictures that are fetched at a time.
const PICTURES_AT_ONCE: usize = 12;
/// Feeds that are asked to learn whether the network is there.
const PROBED: usize = 3;
/// A feed is fetched no more often than this, whatever it asks for.
const SHORTEST_INTERVAL: i64 = 30 * 60;
/// A feed is fetched at least this often, whatever it asks for.
const LONGEST_INTERVAL: i64 = 24 * 3600;
/// How often the pictures that came in are told.
const PICTURES_TOLD_EVERY: Duration = Duration::from_millis(700);
/// How often the background looks whether something is due.
const BACKGROUND_TICK: Duration = Duration::from_mins(1);

/// All syncs that run now; their progress is shown as one.
#[derive(Default)]
pub(crate) struct Syncing {
    running: u32,
    progress: SyncProgress,
    in_flight: HashSet<FeedId>,
    stop: Arc<Notify>,
}

/// What one fetch of a feed came to.
#[derive(Debug, Default)]
struct Outcome {
    not_modified: bool,
    new: Vec<ArticleId>,
    updated: Vec<ArticleId>,
    wishes: Vec<Wish>,
    wire_bytes: u64,
    failure: Option<Broken>,
}

#[derive(Debug)]
struct Broken {
    problem: Problem,
    /// Nobody was reached.
    unreached: bool,
    /// Seconds.
    retry_after: Option<u64>,
    took_ms: u32,
}

impl Newsroom {
    /// How far the running syncs have come, if any runs.
    #[must_use]
    pub fn sync_progress(&self) -> Option<SyncProgress> {
        let syncing = locked(&self.inner.syncing);
        (syncing.running > 0).then(|| syncing.progress.clone())
    }

    /// Stops the running syncs: what is being stored is stored whole, the rest is left for later.
    pub fn stop_sync(&self) {
        locked(&self.inner.syncing).stop.notify_waiters();
    }

    /// Fetches feeds and the pictures of their new articles. Feeds that another sync is fetching are
    /// left to it. Articles are stored, listed and told as they come in.
    pub async fn sync(&self, scope: &SyncScope) -> Result<SyncReport> {
        let started = Instant::now();
        let (newsroom, wanted) = (self.clone(), scope.clone());
        let feeds = off_async(move || newsroom.choose(&wanted)).await??;
        let (feeds, stop) = self.begin(feeds);
        let mut report = SyncReport {
            feeds: feeds.len() as u32,
            ..SyncReport::default()
        };
        let finished = self.run(feeds.clone(), &stop, &mut report).await;
        self.end(&feeds);
        report.seconds = started.elapsed().as_secs_f64();
        self.tell(Event::PlacesChanged);
        self.tell(Event::SyncFinished {
            report: report.clone(),
        });
        finished.map(|()| report)
    }

    /// Asks a few feeds whether there is news, to learn whether the network is there.
    pub async fn probe(&self) -> Result<Connection> {
        let newsroom = self.clone();
        let ids = off_async(move || newsroom.probed()).await??;
        if !ids.is_empty() {
            self.sync(&SyncScope::Feeds { ids }).await?;
        }
        Ok(self.connection())
    }

    /// Keeps everything fresh for as long as it is polled: syncs what is due at the start and from
    /// then on by the reader's settings; while offline, looks every minute whether the network is
    /// back. Its owner ends it by dropping it.
    pub async fn keep_fresh(&self) {
        let mut last = self.now();
        if self.settings().sync_at_start {
            self.freshen().await;
        } else {
            self.say(self.probe().await);
        }
        loop {
            tokio::time::sleep(BACKGROUND_TICK).await;
            if self.connection() == Connection::Offline {
                if matches!(self.probe().await, Ok(Connection::Online)) {
                    self.freshen().await;
                }
                continue;
            }
            let every = i64::from(self.settings().sync_every_minutes) * 60;
            if every > 0 && self.now() - last >= every {
                last = self.now();
                self.freshen().await;
            }
        }
    }

    async fn freshen(&self) {
        match self.sync(&SyncScope::Due).await {
            // Nothing was due, so nothing was learned about the network.
            Ok(report) if report.feeds == 0 => self.say(self.probe().await),
            other => self.say(other),
        }
    }

    fn say<T>(&self, result: Result<T>) {
        if let Err(failure) = result {
            tracing::error!(?failure, dir = ?self.store().dir(), "the background sync failed");
        }
    }

    /// Blocks.
    fn choose(&self, scope: &SyncScope) -> Result<Vec<Feed>> {
        let now = self.now();
        let mut feeds = self.store().feeds()?;
        feeds.retain(|feed| match scope {
            SyncScope::All => !feed.paused,
            SyncScope::Due => !feed.paused && feed.facts.next_due_at.is_none_or(|at| at <= now),
            SyncScope::Feeds { ids } => ids.contains(&feed.id.0),
        });
        // Those that were never fetched first: a reader who has just subscribed is waiting.
        feeds.sort_by_key(|feed| (feed.facts.checked_at, feed.id));
        Ok(feeds)
    }

    /// Blocks.
    fn probed(&self) -> Result<Vec<u32>> {
        let mut feeds = self.store().feeds()?;
        feeds.retain(|feed| !feed.paused);
        feeds.sort_by_key(|feed| std::cmp::Reverse(feed.facts.succeeded_at));
        let mut hosts = HashSet::new();
        feeds.retain(|feed| hosts.insert(host_of(&feed.url)));
        Ok(feeds.iter().take(PROBED).map(|feed| feed.id.0).collect())
    }

    fn begin(&self, mut feeds: Vec<Feed>) -> (Vec<Feed>, Arc<Notify>) {
        let mut syncing = locked(&self.inner.syncing);
        feeds.retain(|feed| syncing.in_flight.insert(feed.id));
        if syncing.running == 0 {
            syncing.progress = SyncProgress::default();
        }
        syncing.running += 1;
        syncing.progress.total += feeds.len() as u32;
        let progress = syncing.progress.clone();
        let stop = Arc::clone(&syncing.stop);
        drop(syncing);
        self.tell(Event::SyncProgress { progress });
        (feeds, stop)
    }

    fn end(&self, feeds: &[Feed]) {
        let mut syncing = locked(&self.inner.syncing);
        syncing.running -= 1;
        for feed in feeds {
            syncing.in_flight.remove(&feed.id);
        }
    }

    fn progress(&self, change: impl FnOnce(&mut SyncProgress)) {
        let mut syncing = locked(&self.inner.syncing);
        change(&mut syncing.progress);
        let progress = syncing.progress.clone();
        drop(syncing);
        self.tell(Event::SyncProgress { progress });
    }

    async fn run(&self, feeds: Vec<Feed>, stop: &Notify, report: &mut SyncReport) -> Result<()> {
        let cpu = Arc::new(Semaphore::new(CPU_AT_ONCE));
        let picture_permits = Arc::new(Semaphore::new(PICTURES_AT_ONCE));
        let mut tasks = JoinSet::new();
        for feed in feeds {
            let (newsroom, cpu) = (self.clone(), Arc::clone(&cpu));
            tasks.spawn(async move { (feed.clone(), newsroom.sync_feed(feed, &cpu).await) });
        }
        let mut pictures: JoinSet<(Option<ArticleId>, Result<Option<u64>>)> = JoinSet::new();
        let mut asked = HashSet::new();
        let mut unreached = Vec::new();
        let mut told = PicturesTold::default();
        let stopped = stop.notified();
        tokio::pin!(stopped);
        while !(tasks.is_empty() && pictures.is_empty()) {
            tokio::select! {
                Some(joined) = tasks.join_next() => {
                    let Some((feed, outcome)) = survived(joined) else { continue };
                    let mut outcome = outcome?;
                    for wish in std::mem::take(&mut outcome.wishes) {
                        if asked.insert(wish.url.clone()) {
                            let (newsroom, permits) = (self.clone(), Arc::clone(&picture_permits));
                            let article = wish.article;
                            pictures.spawn(async move {
                                let _permit = permits.acquire_owned().await;
                                (article, newsroom.fetch_picture(wish).await)
                            });
                        }
                    }
                    let left = pictures.len() as u32;
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
                    told.tell(self, left == 0);
                }
                () = &mut stopped, if !report.stopped => {
                    tasks.abort_all();
                    pictures.abort_all();
                    report.stopped = true;
                }
            }
        }
        told.tell(self, true);
        self.conclude(unreached, report).await
    }

    /// Counts what became of one feed and tells it.
    async fn settle(
        &self,
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
            Some(broken) if broken.unreached => unreached.push((feed.clone(), broken)),
            Some(broken) => {
                self.set_connection(Connection::Online);
                let (newsroom, feed) = (self.clone(), feed.clone());
                off_async(move || newsroom.write_failure(&feed, &broken)).await??;
            }
            None => {
                self.set_connection(Connection::Online);
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
        if new > 0 || !outcome.updated.is_empty() {
            self.tell(Event::ArticlesArrived {
                feed: feed.id.0,
                new,
            });
            let newsroom = self.clone();
            off_async(move || {
                let articles: Vec<_> = outcome.new.into_iter().chain(outcome.updated).collect();
                newsroom.place_in_stories(&articles)
            })
            .await??;
            self.tell(Event::StoriesChanged);
        }
        Ok(())
    }

    /// When everybody was out of reach, the reader is offline; else each of those feeds failed.
    async fn conclude(
        &self,
        unreached: Vec<(Feed, Broken)>,
        report: &mut SyncReport,
    ) -> Result<()> {
        let nobody = report.feeds > 0 && unreached.len() as u32 == report.feeds;
        if nobody {
            report.offline = true;
            self.set_connection(Connection::Offline);
        }
        let newsroom = self.clone();
        off_async(move || {
            if !nobody {
                for (feed, broken) in &unreached {
                    newsroom.write_failure(feed, broken)?;
                }
            }
            newsroom.flush()
        })
        .await?
    }

    async fn sync_feed(&self, feed: Feed, cpu: &Arc<Semaphore>) -> Result<Outcome> {
        let started = Instant::now();
        let request = Request {
            url: feed.url.clone(),
            wanted: Wanted::Feed,
            validators: Validators {
                etag: feed.facts.etag.clone(),
                last_modified: feed.facts.last_modified.clone(),
            },
            named_by: None,
        };
        let answer = self.inner.client.fetch(request).await;
        let took_ms = |took: Duration| u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        match answer {
            Ok(Answer::Fetched(fetched)) => {
                let reading = Arc::clone(cpu).acquire_owned().await.ok();
                let newsroom = self.clone();
                off_async(move || newsroom.take_in(&feed, fetched, reading)).await?
            }
            Ok(Answer::NotModified { took }) => {
                let newsroom = self.clone();
                let took = took_ms(took);
                off_async(move || newsroom.write_unchanged(&feed, took, 0)).await?
            }
            Err(error) => Ok(Outcome {
                failure: Some(Broken::by(&error, took_ms(started.elapsed()))),
                ..Outcome::default()
            }),
        }
    }

    /// Parses, cleans and stores what was fetched; `reading` is given back before it waits for the
    /// disk, so that the store can write many feeds together. Blocks.
    fn take_in(
        &self,
        feed: &Feed,
        fetched: Fetched,
        reading: Option<OwnedSemaphorePermit>,
    ) -> Result<Outcome> {
        let took_ms = u32::try_from(fetched.took.as_millis()).unwrap_or(u32::MAX);
        let hash = body_hash(&fetched.bytes);
        if feed.facts.body_hash == Some(hash) && feed.facts.failure.is_none() {
            return self.write_unchanged(feed, took_ms, fetched.wire_bytes);
        }
        let source = Source {
            bytes: &fetched.bytes,
            url: Some(&fetched.url),
            content_type: fetched.content_type.as_deref(),
        };
        let parsed = match warta_feed::parse(&source) {
            Ok(parsed) => parsed,
            Err(error) => {
                let failure = Some(Broken {
                    problem: Problem::from(&error),
                    unreached: false,
                    retry_after: None,
                    took_ms,
                });
                return Ok(Outcome {
                    failure,
                    ..Outcome::default()
                });
            }
        };
        let now = self.now();
        let ttl = parsed.schedule.ttl_minutes.map(|minutes| i64::from(minutes) * 60);
        let max_age = fetched.max_age.map(|age| age.min(6 * 3600) as i64);
        let Prepared {
            mut facts,
            articles,
        } = prepare(feed, parsed, &fetched.url, now);
        facts.etag = fetched.validators.etag;
        facts.last_modified = fetched.validators.last_modified;
        facts.body_hash = Some(hash);
        facts.next_due_at = Some(next_due(now, ttl.max(max_age)));
        facts.took_ms = took_ms;
        facts.wire_bytes = fetched.wire_bytes;
        facts.moved_to = fetched.moved_to.map(|to| match &feed.facts.moved_to {
            Some((seen, since)) if *seen == to => (to, *since),
            _ => (to, now),
        });
        let pictures: HashMap<String, (Option<String>, Vec<String>)> = articles
            .iter()
            .map(|a| (a.guid.clone(), (a.lead_picture.clone(), a.pictures.clone())))
            .collect();
        let batch = FeedBatch {
            feed: feed.id,
            facts,
            articles,
            received_at: now,
        };
        drop(reading);
        let committed = self.store().commit(batch)?;
        if let Some(feed) = self.store().feed(feed.id)?
            && self.inner.names.learn(&feed)
        {
            self.tell(Event::PlacesChanged);
        }
        Ok(Outcome {
            wishes: self.wishes_after(feed, &committed, &pictures)?,
            new: committed.new,
            updated: committed.updated,
            wire_bytes: fetched.wire_bytes,
            ..Outcome::default()
        })
    }

    /// The pictures that new and changed articles show, and the feed's icon. Blocks.
    fn wishes_after(
        &self,
        feed: &Feed,
        committed: &warta_store::Committed,
        pictures: &HashMap<String, (Option<String>, Vec<String>)>,
    ) -> Result<Vec<Wish>> {
        let mut wishes = Vec::new();
        if !self.settings().fetch_pictures {
            return Ok(wishes);
        }
        let named_by = feed.url.clone();
        if let Some(url) = self
            .inner
            .names
            .get(feed.id)
            .and_then(|name| name.icon_url.clone())
            && self.is_wanted(&url, false)?
        {
            let named_by = named_by.clone();
            wishes.push(Wish {
                url,
                named_by,
                article: None,
                with_thumbnail: false,
            });
        }
        let ids: Vec<ArticleId> = committed
            .new
            .iter()
            .chain(&committed.updated)
            .copied()
            .collect();
        let rows = self.store().rows(&ids)?;
        // Lists show lead pictures, so those of all articles come first.
        let (mut leads, mut others) = (Vec::new(), Vec::new());
        for row in &rows {
            let Some((lead, urls)) = pictures.get(&row.guid) else {
                continue;
            };
            for url in lead
                .iter()
                .chain(urls.iter().filter(|url| Some(*url) != lead.as_ref()))
            {
                if self.is_wanted(url, false)? {
                    let with_thumbnail = Some(url) == lead.as_ref();
                    let wish = Wish {
                        url: url.clone(),
                        named_by: named_by.clone(),
                        article: Some(row.id),
                        with_thumbnail,
                    };
                    if with_thumbnail {
                        leads.push(wish);
                    } else {
                        others.push(wish);
                    }
                }
            }
        }
        wishes.extend(leads.into_iter().chain(others));
        Ok(wishes)
    }

    /// Blocks.
    fn write_unchanged(&self, feed: &Feed, took_ms: u32, wire_bytes: u64) -> Result<Outcome> {
        let now = self.now();
        self.store().update_feed(feed.id, &mut |feed| {
            let facts = &mut feed.facts;
            facts.checked_at = Some(now);
            facts.succeeded_at = Some(now);
            facts.next_due_at = Some(next_due(now, None));
            facts.failures_in_a_row = 0;
            facts.failure = None;
            facts.last_new = 0;
            facts.took_ms = took_ms;
            facts.wire_bytes = wire_bytes;
        })?;
        Ok(Outcome {
            not_modified: true,
            wire_bytes,
            ..Outcome::default()
        })
    }

    /// Blocks.
    fn write_failure(&self, feed: &Feed, broken: &Broken) -> Result<()> {
        let now = self.now();
        let updated = self.store().update_feed(feed.id, &mut |feed| {
            let facts = &mut feed.facts;
            facts.checked_at = Some(now);
            facts.failures_in_a_row = facts.failures_in_a_row.saturating_add(1);
            facts.failure = Some(StoredFailure {
                code: broken.problem.code.clone(),
                detail: broken.problem.detail.clone(),
            });
            facts.last_new = 0;
            facts.took_ms = broken.took_ms;
            let patience = SHORTEST_INTERVAL << facts.failures_in_a_row.saturating_sub(1).min(6);
            let asked = broken
                .retry_after
                .map_or(0, |seconds| seconds.min(86_400) as i64);
            facts.next_due_at = Some(now + patience.max(asked).min(LONGEST_INTERVAL));
        });
        match updated {
            // Removed by the reader in the meantime.
            Err(warta_store::StoreError::NotFound(_)) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}

impl Broken {
    fn by(error: &FetchError, took_ms: u32) -> Self {
        let retry_after = match error {
            FetchError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        let unreached = error.suggests_offline();
        Self {
            problem: error.into(),
            unreached,
            retry_after,
            took_ms,
        }
    }
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

    fn tell(&mut self, newsroom: &Newsroom, now: bool) {
        let due = now
            || self
                .last
                .is_none_or(|last| last.elapsed() >= PICTURES_TOLD_EVERY);
        if due && !self.waiting.is_empty() {
            let articles = self.waiting.drain().collect();
            newsroom.tell(Event::PicturesArrived { articles });
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

fn next_due(now: i64, asked: Option<i64>) -> i64 {
    now + asked
        .unwrap_or(0)
        .clamp(SHORTEST_INTERVAL, LONGEST_INTERVAL)
}

fn body_hash(bytes: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    short
}
