//! Fetching what is due: feeds first, each committed whole and shown at once, then pictures.
//!
//! Every feed is a task of its own; the client bounds how many fetch at a time, in all and a host,
//! and [`CPU_AT_ONCE`] bounds how many are parsed. A failure stays with its feed. When nobody at all
//! could be reached the reader is offline, and that is no feed's fault: no failure is written down.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, Semaphore, mpsc, oneshot};
use tokio::task::{JoinError, JoinSet};
use url::Url;
use warta_feed::Source;
use warta_net::{Answer, FetchError, Fetched, Request, Slot, Validators, Wanted, keeps_secrets};
use warta_store::{
    ArticleId, ArticleRow, Committed, Failure as StoredFailure, Feed, FeedBatch, FeedFacts, FeedId,
    FetchRecord,
};

use crate::api::{
    Connection, Event, Failure, FailureCode, Problem, SyncProgress, SyncReport, SyncScope,
};
use crate::entries::{Prepared, prepare};
use crate::names::host_of;
use crate::pictures::{Wish, off_async};
use crate::thrift::Thrift;
use crate::{Engine, Result, locked, schedule};

/// Feeds whose fetches are begun at a time, most of which wait for their host's turn.
const BEGUN_AT_ONCE: usize = 256;
/// Feeds that are parsed and cleaned at a time.
const CPU_AT_ONCE: usize = 2;
/// Pictures that are fetched at a time.
const PICTURES_AT_ONCE: usize = 12;
/// Feeds that are asked to learn whether the network is there.
const PROBED: usize = 3;
/// So long a host that was not reached while others answered is taken to be away.
const AWAY_FOR: Duration = Duration::from_mins(10);
/// Fetches of a feed that are remembered.
const FETCHES_KEPT: usize = 10;
/// Fetched feeds that are written together at most.
const WRITTEN_TOGETHER: usize = 32;
/// Feeds whose articles are placed into stories together at most, and for how long they are waited for.
const PLACED_TOGETHER: usize = 32;
const PLACED_EVERY: Duration = Duration::from_millis(200);
/// So many hosts that lead to one and the same other are no coincidence.
const LED_ASTRAY: usize = 3;
/// Pictures of one feed that one sync fetches at most.
const PICTURES_A_FEED: usize = 600;
/// Pictures that one sync fetches from one host at most, whichever feeds name them. At the pace of a
/// host that takes some minutes.
const PICTURES_A_HOST: u32 = 1_500;
/// How often the pictures that came in are told.
const PICTURES_TOLD_EVERY: Duration = Duration::from_millis(700);
/// How often the background looks whether something is due.
const BACKGROUND_TICK: Duration = Duration::from_mins(1);
/// A tick that took longer than this, in seconds, was a sleep of the machine.
const ASLEEP: i64 = 3 * 60;

/// All syncs that run now; their progress is shown as one.
#[derive(Default)]
pub(crate) struct Syncing {
    running: u32,
    progress: SyncProgress,
    in_flight: HashSet<FeedId>,
    stop: Arc<Notify>,
}

/// A fetched feed on its way to the store.
struct ToStore {
    batch: FeedBatch,
    done: oneshot::Sender<Result<Committed>>,
    /// Held until it is stored, so that no more is under way than may be.
    slot: Slot,
}

/// What was made of a fetch.
enum Taken {
    /// It goes to the store.
    Ready(Box<Ready>),
    /// It is settled already.
    Settled(Box<Outcome>),
}

struct Ready {
    batch: FeedBatch,
    /// Addresses of pictures by GUID: the lead's, and all.
    pictures: HashMap<String, (Option<String>, Vec<String>)>,
    /// Rules want more of what is new than how it arrives.
    has_notes: bool,
    wire_bytes: u64,
    /// The address to take over.
    moved_to: Option<String>,
}

/// What one fetch of a feed came to.
#[derive(Debug, Default)]
struct Outcome {
    not_modified: bool,
    /// Pictures beyond those that one sync fetches.
    left_for_later: u32,
    new: Vec<ArticleId>,
    updated: Vec<ArticleId>,
    /// Known by another feed of the publisher.
    listed: Vec<ArticleId>,
    /// Of new and changed articles.
    rows: Vec<ArticleRow>,
    /// What the feed called each of them.
    given: Vec<String>,
    wishes: Vec<Wish>,
    wire_bytes: u64,
    failure: Option<Broken>,
}

#[derive(Debug)]
struct Broken {
    problem: Problem,
    /// Nobody was reached.
    unreached: bool,
    /// Nobody was asked: the host wants to be left alone for a while.
    rests: bool,
    /// Another host answered in its place, with a page.
    led_to: Option<String>,
    /// Its public name led into the reader's own network.
    inside: bool,
    /// Seconds.
    retry_after: Option<u64>,
    took_ms: u32,
}

impl Engine {
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
        let on_purpose = matches!(scope, SyncScope::Feeds { ids } if ids.len() == 1);
        self.sync_for(scope, on_purpose).await
    }

    /// `on_purpose`: the reader asks for this very feed, and doubts that it has nothing new.
    async fn sync_for(&self, scope: &SyncScope, on_purpose: bool) -> Result<SyncReport> {
        let (started, began_at) = (Instant::now(), self.now());
        let (engine, wanted) = (self.clone(), scope.clone());
        let feeds = off_async(move || engine.choose(&wanted)).await??;
        let (feeds, stop) = self.begin(feeds);
        let mut report = SyncReport {
            feeds: feeds.len() as u32,
            ..SyncReport::default()
        };
        // Asked once: the system takes its time to tell.
        let spare = self.thrift().await == Thrift::Metered || self.is_over_budget();
        let with_pictures = !spare;
        let finished = self
            .run(feeds.clone(), with_pictures, on_purpose, &stop, &mut report)
            .await;
        self.end(&feeds);
        if !spare && !report.stopped {
            report.left_for_later += self.fetch_new_texts(began_at).await?;
            self.find_icons().await?;
        }
        let (engine, pictures) = (self.clone(), report.pictures);
        off_async(move || {
            if pictures > 0 {
                engine.make_room_for_pictures()?;
            }
            engine.account(true)
        })
        .await??;
        report.seconds = started.elapsed().as_secs_f64();
        self.tell(Event::PlacesChanged);
        self.tell(Event::SyncFinished {
            report: report.clone(),
        });
        finished.map(|()| report)
    }

    /// Asks a few feeds whether there is news, to learn whether the network is there.
    pub async fn probe(&self) -> Result<Connection> {
        let engine = self.clone();
        let feeds = off_async(move || engine.probed()).await??;
        let ids: Vec<u32> = feeds.iter().map(|feed| feed.id.0).collect();
        if !ids.is_empty() {
            self.sync_for(&SyncScope::Feeds { ids }, false).await?;
        }
        Ok(self.connection())
    }

    /// Whether the network is gone, now that the host of `url` was not reached: asks a few feeds. A host
    /// that is away while others answer is no reason to ask again for a while.
    pub(crate) async fn is_cut_off(&self, url: &str) -> Result<bool> {
        // One at a time: what one learns, the others know.
        let mut away = self.inner.away.lock().await;
        if matches!(self.connection(), Connection::Offline | Connection::Portal) {
            return Ok(true);
        }
        let host = host_of(url).unwrap_or_default();
        away.retain(|_, since| since.elapsed() < AWAY_FOR);
        if away.contains_key(&host) {
            return Ok(false);
        }
        let engine = self.clone();
        let mut feeds = off_async(move || engine.probed()).await??;
        // A host that wants to be left alone is not asked: its refusal tells nothing.
        feeds.retain(|feed| !self.inner.client.rests(&feed.url));
        for feed in &feeds {
            let request = self.request_for(feed).await?;
            let answer = self.inner.client.fetch(request).await;
            if matches!(answer, Ok(_) | Err(FetchError::Status { .. })) {
                away.insert(host, Instant::now());
                return Ok(false);
            }
        }
        if !feeds.is_empty() {
            self.set_connection(Connection::Offline);
        }
        Ok(!feeds.is_empty())
    }

    /// Keeps everything fresh for as long as it is polled: syncs what is due at the start, after the
    /// machine's sleep, when the network returns, and from then on by the reader's settings; less
    /// often on battery or a metered line. Its owner ends it by dropping it.
    pub async fn keep_fresh(&self) {
        let mut last = self.now();
        let engine = self.clone();
        self.say(off_async(move || engine.carry_out(true)).await.flatten());
        if self.settings().sync_at_start && !self.is_over_budget() {
            self.freshen().await;
        } else {
            self.say(self.probe().await);
        }
        let mut ticked = self.now();
        loop {
            tokio::time::sleep(BACKGROUND_TICK).await;
            let engine = self.clone();
            self.say(off_async(move || engine.chores()).await.flatten());
            let now = self.now();
            let slept = now - ticked > ASLEEP;
            ticked = now;
            if matches!(self.connection(), Connection::Offline | Connection::Portal) {
                if matches!(self.probe().await, Ok(Connection::Online)) {
                    last = now;
                    self.freshen().await;
                }
                continue;
            }
            let every = i64::from(self.settings().sync_every_minutes) * 60;
            let every = every * self.thrift().await.patience();
            if self.is_over_budget() {
                continue;
            }
            if every > 0 && (slept || now - last >= every) {
                last = now;
                self.freshen().await;
            }
        }
    }

    /// What the machine asks to be sparing with, as far as the reader wants that heard.
    async fn thrift(&self) -> Thrift {
        if !self.settings().spare {
            return Thrift::None;
        }
        let ask = Arc::clone(&self.inner.thrift);
        off_async(move || ask()).await.unwrap_or_default()
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
            SyncScope::All => is_fetched(feed),
            SyncScope::Due => is_fetched(feed) && feed.facts.next_due_at.is_none_or(|at| at <= now),
            SyncScope::Feeds { ids } => ids.contains(&feed.id.0),
        });
        // Those that were never fetched first: a reader who has just subscribed is waiting.
        feeds.sort_by_key(|feed| (feed.facts.checked_at, feed.id));
        Ok(by_turns(feeds))
    }

    /// Blocks.
    fn probed(&self) -> Result<Vec<Feed>> {
        let mut feeds = self.store().feeds()?;
        feeds.retain(is_fetched);
        feeds.sort_by_key(|feed| std::cmp::Reverse(feed.facts.succeeded_at));
        let mut hosts = HashSet::new();
        feeds.retain(|feed| hosts.insert(host_of(&feed.url)));
        feeds.truncate(PROBED);
        Ok(feeds)
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

    async fn run(
        &self,
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
        let writing = tokio::spawn(self.clone().write_batches(batches));
        // Beside the fetching, so that no feed waits for the stories of another.
        let (to_place, arrived) = mpsc::unbounded_channel();
        let placing = tokio::spawn(self.clone().place_arrivals(arrived));
        let mut tasks = JoinSet::new();
        let mut not_begun = feeds.into_iter();
        let mut to_store = Some(to_store);
        let mut begin = |tasks: &mut JoinSet<_>, most: usize| {
            while tasks.len() < most
                && let Some(to_store) = &to_store
                && let Some(feed) = not_begun.next()
            {
                let (engine, cpu, to_store) = (self.clone(), Arc::clone(&cpu), to_store.clone());
                tasks.spawn(async move {
                    (
                        feed.clone(),
                        engine
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
                            let (engine, permits) = (self.clone(), Arc::clone(&picture_permits));
                            let article = wish.article;
                            pictures.spawn(async move {
                                let _permit = permits.acquire_owned().await;
                                (article, engine.fetch_picture(wish).await)
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
                    told.tell(self, left == 0);
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
        told.tell(self, true);
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
        self,
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
            if rows.is_empty() || self.leave_for_gathering(rows.iter().map(|row| row.id)) {
                continue;
            }
            let engine = self.clone();
            off_async(move || engine.place_in_stories(rows)).await??;
            self.tell(Event::StoriesChanged);
        }
        Ok(())
    }

    /// Stores what the tasks bring, many feeds together.
    async fn write_batches(self, mut batches: mpsc::Receiver<ToStore>) {
        let mut group = Vec::new();
        while batches.recv_many(&mut group, WRITTEN_TOGETHER).await > 0 {
            let engine = self.clone();
            let (batches, waiting): (Vec<_>, Vec<_>) = group
                .drain(..)
                .map(|one| (one.batch, (one.done, one.slot)))
                .unzip();
            let written = off_async(move || engine.store().commit_many(batches)).await;
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
            Some(broken) if broken.may_be_nobodys_fault() => {
                unreached.push((feed.clone(), broken));
            }
            Some(broken) => {
                self.set_connection(Connection::Online);
                let (engine, feed) = (self.clone(), feed.clone());
                off_async(move || engine.write_failure(&feed, &broken)).await??;
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
        if new > 0 || !(outcome.updated.is_empty() && outcome.listed.is_empty()) {
            self.tell(Event::ArticlesArrived {
                feed: feed.id.0,
                new,
            });
        }
        Ok(())
    }

    /// When everybody was out of reach, the reader is offline, or somebody in between answers for
    /// everybody; else each of those feeds failed.
    async fn conclude(
        &self,
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
            self.set_connection(Connection::Portal);
        } else if report.offline {
            self.set_connection(Connection::Offline);
        }
        let nobodys_fault = report.portal || report.offline;
        let engine = self.clone();
        off_async(move || {
            if !nobodys_fault {
                for (feed, broken) in &unreached {
                    engine.write_failure(feed, broken)?;
                }
            }
            engine.flush()
        })
        .await?
    }

    /// Whether feeds that were not reached mean that nobody can be: a few of many say nothing, so others
    /// are asked.
    async fn tells_of_the_network(&self, unreached: &[(Feed, Broken)]) -> Result<bool> {
        let engine = self.clone();
        let witnesses = off_async(move || engine.probed()).await??;
        let asked = |one: &Feed| unreached.iter().any(|(feed, _)| feed.id == one.id);
        match unreached.first() {
            Some((feed, _)) if !witnesses.iter().all(asked) => self.is_cut_off(&feed.url).await,
            _ => Ok(true),
        }
    }

    async fn sync_feed(
        &self,
        feed: Feed,
        with_pictures: bool,
        on_purpose: bool,
        cpu: &Semaphore,
        to_store: &mpsc::Sender<ToStore>,
    ) -> Result<Outcome> {
        let started = Instant::now();
        let mut request = self.request_for(&feed).await?;
        if on_purpose && had_nothing_new(&feed) {
            // Some servers say so for ever.
            request.validators = Validators::default();
        }
        let rests = self.inner.client.rests(&feed.url);
        let answer = self.inner.client.fetch(request).await;
        let fetched = match answer {
            Ok(Answer::Fetched(fetched)) => fetched,
            Ok(Answer::NotModified {
                took,
                validators,
                moved_to,
            }) => {
                let engine = self.clone();
                let unchanged = Unchanged {
                    took_ms: millis(took),
                    wire_bytes: 0,
                    // A 304 need not repeat what still holds (RFC 9111 § 3.2).
                    validators: Validators {
                        etag: validators.etag.or_else(|| feed.facts.etag.clone()),
                        last_modified: validators
                            .last_modified
                            .or_else(|| feed.facts.last_modified.clone()),
                    },
                    moved_to,
                };
                return off_async(move || engine.write_unchanged(&feed, unchanged)).await?;
            }
            Err(error) => {
                let broken = Broken::by(&feed, &error, millis(started.elapsed()));
                return Ok(Outcome {
                    failure: Some(Broken { rests, ..broken }),
                    ..Outcome::default()
                });
            }
        };
        let reading = cpu.acquire().await;
        let (engine, known, slot) = (self.clone(), feed.clone(), fetched.slot.clone());
        let taken = off_async(move || engine.take_in(&known, fetched)).await??;
        drop(reading);
        let ready = match taken {
            Taken::Ready(ready) => ready,
            Taken::Settled(outcome) => return Ok(*outcome),
        };
        let (done, stored) = oneshot::channel();
        let one = ToStore {
            batch: ready.batch,
            done,
            slot,
        };
        let lost = || Failure::new(FailureCode::Internal, "the store is closed");
        to_store.send(one).await.map_err(|_| lost())?;
        let committed = stored.await.map_err(|_| lost())??;
        let (pictures, wire_bytes, moved_to) = (ready.pictures, ready.wire_bytes, ready.moved_to);
        let has_notes = ready.has_notes;
        let engine = self.clone();
        off_async(move || {
            if let Some(to) = moved_to {
                engine.take_over_address(&feed, &to)?;
            }
            if has_notes && !committed.new.is_empty() {
                engine.carry_out(true)?;
            }
            let mut outcome = engine.after_storing(&feed, committed, wire_bytes)?;
            if with_pictures {
                engine.wishes_after(&feed, &mut outcome, &pictures)?;
            }
            Ok(outcome)
        })
        .await?
    }

    /// What to ask a feed's server for. Looks into the keyring only where it holds something.
    pub(crate) async fn request_for(&self, feed: &Feed) -> Result<Request> {
        let mut custom = warta_net::Custom {
            user_agent: feed.options.user_agent.clone(),
            ..warta_net::Custom::default()
        };
        if feed.options.secret {
            let (engine, url) = (self.clone(), feed.url.clone());
            let secrets = off_async(move || engine.inner.vault.of(&url)).await?;
            custom.login = secrets
                .login
                .map(|(user, password)| (user, warta_net::Secret(password)));
            custom.headers = secrets
                .headers
                .into_iter()
                .map(|(name, value)| (name, warta_net::Secret(value)))
                .collect();
        }
        Ok(Request {
            url: feed.url.clone(),
            wanted: Wanted::Feed,
            validators: Validators {
                etag: feed.facts.etag.clone(),
                last_modified: feed.facts.last_modified.clone(),
            },
            custom,
            public_only: self.is_public_feed(feed),
            ..Request::default()
        })
    }

    /// Parses and cleans what was fetched. Blocks.
    fn take_in(&self, feed: &Feed, fetched: Fetched) -> Result<Taken> {
        let took_ms = millis(fetched.took);
        let hash = body_hash(&fetched.bytes);
        if feed.facts.body_hash == Some(hash) && feed.facts.failure.is_none() {
            let unchanged = Unchanged {
                took_ms,
                wire_bytes: fetched.wire_bytes,
                validators: fetched.validators,
                moved_to: fetched.moved_to,
            };
            let outcome = self.write_unchanged(feed, unchanged)?;
            return Ok(Taken::Settled(Box::new(outcome)));
        }
        let source = Source {
            bytes: &fetched.bytes,
            url: Some(&fetched.url),
            content_type: fetched.content_type.as_deref(),
        };
        let parsed = match warta_feed::parse(&source) {
            Ok(parsed) => parsed,
            Err(error) => {
                let answered = host_of(&fetched.url);
                let elsewhere = answered != host_of(&feed.url);
                let led_to =
                    answered.filter(|_| elsewhere && matches!(error, warta_feed::NotAFeed::Html));
                let failure = Some(Broken {
                    problem: Problem::from(&error),
                    unreached: false,
                    rests: false,
                    led_to,
                    inside: false,
                    retry_after: None,
                    took_ms,
                });
                return Ok(Taken::Settled(Box::new(Outcome {
                    failure,
                    ..Outcome::default()
                })));
            }
        };
        self.note_fetched(&feed.url, fetched.is_inside)?;
        let now = self.now();
        let schedule = warta_store::FeedSchedule {
            ttl_minutes: parsed.schedule.ttl_minutes,
            skip_hours: parsed.schedule.skip_hours,
            skip_days: parsed.schedule.skip_days,
            max_age_seconds: fetched
                .max_age
                .map(|age| u32::try_from(age).unwrap_or(u32::MAX)),
            interval_seconds: None,
        };
        let Prepared {
            mut facts,
            mut articles,
        } = prepare(feed, parsed, &fetched.url, now);
        self.judge(feed.id, &mut articles);
        let has_notes = articles.iter().any(|article| article.note.is_some());
        facts.schedule = warta_store::FeedSchedule {
            interval_seconds: schedule::interval(now, articles.iter().filter_map(|a| a.published)),
            ..schedule
        };
        facts.etag = fetched.validators.etag;
        facts.last_modified = fetched.validators.last_modified;
        facts.body_hash = Some(hash);
        let every = feed.options.every_minutes;
        facts.next_due_at = Some(schedule::next_due(now, feed.id, &facts.schedule, every));
        facts.took_ms = took_ms;
        facts.wire_bytes = fetched.wire_bytes;
        facts.history.clone_from(&feed.facts.history);
        remember(&mut facts, now, None);
        let (moved_to, adopted) = moved(feed, fetched.moved_to, now);
        facts.moved_to = moved_to;
        let pictures = articles
            .iter()
            .map(|a| (a.guid.clone(), (a.lead_picture.clone(), a.pictures.clone())))
            .collect();
        let batch = FeedBatch {
            feed: feed.id,
            facts,
            articles,
            received_at: now,
        };
        Ok(Taken::Ready(Box::new(Ready {
            batch,
            pictures,
            has_notes,
            wire_bytes: fetched.wire_bytes,
            moved_to: adopted,
        })))
    }

    /// Blocks.
    fn after_storing(&self, feed: &Feed, committed: Committed, wire_bytes: u64) -> Result<Outcome> {
        if feed.options.ended_at.is_some() {
            // It is back, whatever it said before.
            self.store()
                .update_feed(feed.id, &mut |feed| feed.options.ended_at = None)?;
        }
        if let Some(feed) = self.store().feed(feed.id)?
            && self.inner.names.learn(&feed)
        {
            self.tell(Event::PlacesChanged);
        }
        Ok(Outcome {
            new: committed.new,
            updated: committed.updated,
            listed: committed.listed,
            rows: committed.rows,
            given: committed.given,
            wire_bytes,
            ..Outcome::default()
        })
    }

    /// The feed is at another address for good. Blocks.
    fn take_over_address(&self, feed: &Feed, to: &str) -> Result<()> {
        let is_same_origin = || {
            let (from, to) = (Url::parse(&feed.url).ok()?, Url::parse(to).ok()?);
            Some(keeps_secrets(&from, &to))
        };
        if feed.options.secret && is_same_origin() != Some(true) {
            // What is secret for one origin is not told to another: the reader decides.
            return Ok(());
        }
        let taken = self
            .store()
            .feeds()?
            .iter()
            .any(|other| other.url == to && other.id != feed.id);
        if taken {
            // The reader has that one too; which of the two stays is the reader's to say.
            return Ok(());
        }
        self.inner.vault.moved(&feed.url, to);
        self.store().update_feed(feed.id, &mut |feed| {
            to.clone_into(&mut feed.url);
            feed.facts.moved_to = None;
        })?;
        self.tell(Event::PlacesChanged);
        Ok(())
    }

    /// The pictures that new and changed articles show, and the feed's icon. Blocks.
    fn wishes_after(
        &self,
        feed: &Feed,
        outcome: &mut Outcome,
        pictures: &HashMap<String, (Option<String>, Vec<String>)>,
    ) -> Result<()> {
        let mut wishes = Vec::new();
        if !self.settings().fetch_pictures {
            return Ok(());
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
        let of_rows = || {
            let rows = outcome.rows.iter().zip(&outcome.given);
            rows.filter_map(|(row, given)| Some((row.id, pictures.get(given)?)))
        };
        // Lists show lead pictures, so those of all articles come first.
        let leads = of_rows().filter_map(|(id, (lead, _))| Some((id, lead.as_ref()?, true)));
        let others = of_rows().flat_map(|(id, (lead, urls))| {
            let others = urls.iter().filter(move |url| Some(*url) != lead.as_ref());
            others.map(move |url| (id, url, false))
        });
        let mut left_for_later = 0;
        for (article, url, with_thumbnail) in leads.chain(others) {
            if wishes.len() >= PICTURES_A_FEED {
                left_for_later += 1;
            } else if self.is_wanted(url, false)? {
                wishes.push(Wish {
                    url: url.clone(),
                    named_by: named_by.clone(),
                    article: Some(article),
                    with_thumbnail,
                });
            }
        }
        outcome.left_for_later = left_for_later;
        outcome.wishes = wishes;
        Ok(())
    }

    /// Blocks.
    fn write_unchanged(&self, feed: &Feed, unchanged: Unchanged) -> Result<Outcome> {
        let now = self.now();
        let (took_ms, wire_bytes) = (unchanged.took_ms, unchanged.wire_bytes);
        let (moved_to, adopted) = moved(feed, unchanged.moved_to, now);
        self.store().update_feed(feed.id, &mut |feed| {
            let facts = &mut feed.facts;
            facts.etag.clone_from(&unchanged.validators.etag);
            let last_modified = &unchanged.validators.last_modified;
            facts.last_modified.clone_from(last_modified);
            facts.moved_to.clone_from(&moved_to);
            facts.checked_at = Some(now);
            facts.succeeded_at = Some(now);
            let interval = &mut facts.schedule.interval_seconds;
            *interval = schedule::after_silence(*interval);
            let every = feed.options.every_minutes;
            facts.next_due_at = Some(schedule::next_due(now, feed.id, &facts.schedule, every));
            feed.options.ended_at = None;
            facts.failures_in_a_row = 0;
            facts.failure = None;
            facts.last_new = 0;
            facts.took_ms = took_ms;
            facts.wire_bytes = wire_bytes;
            remember(facts, now, None);
        })?;
        if let Some(to) = adopted {
            self.take_over_address(feed, &to)?;
        }
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
            facts.wire_bytes = 0;
            let failures = facts.failures_in_a_row;
            facts.next_due_at = Some(schedule::next_try(
                now,
                feed.id,
                failures,
                broken.retry_after,
            ));
            remember(facts, now, Some(broken.problem.code.clone()));
            if broken.problem.code == "gone" {
                feed.options.ended_at.get_or_insert(now);
            }
        });
        match updated {
            // Removed by the reader in the meantime.
            Err(warta_store::StoreError::NotFound(_)) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}

impl Broken {
    /// Whether the network rather than the feed may be at fault, which shows once all were asked.
    fn may_be_nobodys_fault(&self) -> bool {
        self.unreached || self.rests || self.led_to.is_some() || self.inside
    }

    fn by(feed: &Feed, error: &FetchError, took_ms: u32) -> Self {
        let retry_after = match error {
            FetchError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        let unreached = error.suggests_offline();
        let inside = matches!(error, FetchError::PrivateAddress(host)
            if Url::parse(&feed.url).is_ok_and(|url| url.host_str() == Some(host)));
        let mut problem = Problem::from(error);
        if inside {
            problem = Problem {
                code: "movedInside".into(),
                detail: "the feed was on the web, and its address now leads into your own network"
                    .into(),
            };
        }
        Self {
            problem,
            unreached,
            rests: false,
            led_to: None,
            inside,
            retry_after,
            took_ms,
        }
    }
}

/// An answer without a new body.
struct Unchanged {
    took_ms: u32,
    wire_bytes: u64,
    /// To ask with the next time.
    validators: Validators,
    moved_to: Option<String>,
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

    fn tell(&mut self, engine: &Engine, now: bool) {
        let due = now
            || self
                .last
                .is_none_or(|last| last.elapsed() >= PICTURES_TOLD_EVERY);
        if due && !self.waiting.is_empty() {
            let articles = self.waiting.drain().collect();
            engine.tell(Event::PicturesArrived { articles });
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

/// Whether a feed is fetched by itself: not while paused, and not after it has ended.
fn is_fetched(feed: &Feed) -> bool {
    !feed.paused && feed.options.ended_at.is_none()
}

/// Whether the last answer was a 304.
fn had_nothing_new(feed: &Feed) -> bool {
    let last = feed.facts.history.first();
    last.is_some_and(|fetch| fetch.code.is_none() && fetch.wire_bytes == 0)
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

/// Where a feed says that it has moved and since when; and the address to take over: the one that it
/// named on another day already, since one day's redirect may be a mistake.
fn moved(feed: &Feed, to: Option<String>, now: i64) -> (Option<(String, i64)>, Option<String>) {
    let day = |time: i64| time.div_euclid(86_400);
    match (to, &feed.facts.moved_to) {
        (None, _) => (None, None),
        (Some(to), Some((seen, since))) if *seen == to => {
            let adopted = (day(*since) != day(now)).then(|| to.clone());
            (Some((to, *since)), adopted)
        }
        (Some(to), _) => (Some((to, now)), None),
    }
}

/// Writes the fetch that `facts` tells of into their history.
fn remember(facts: &mut FeedFacts, at: i64, code: Option<String>) {
    let record = FetchRecord {
        at,
        took_ms: facts.took_ms,
        wire_bytes: facts.wire_bytes,
        new: facts.last_new,
        code,
    };
    facts.history.insert(0, record);
    facts.history.truncate(FETCHES_KEPT);
}

fn millis(took: Duration) -> u32 {
    u32::try_from(took.as_millis()).unwrap_or(u32::MAX)
}

fn body_hash(bytes: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    short
}
