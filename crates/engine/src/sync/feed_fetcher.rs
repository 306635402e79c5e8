//! Processes one feed: fetches, parses, ingests, applies rules, commits and reports the result.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc, oneshot};
use url::Url;
use warta_feed::{FeedKind, NotAFeed, Source};
use warta_net::{FetchError, FetchPermit, Fetched, Response, Validators, Wanted};
use warta_store::{
    ArticleId, ArticleRow, Committed, DocumentKind, Failure as StoredFailure, Feed, FeedBatch,
    FeedFacts, FetchRecord, ListQuery, NewArticle, Place, ProblemCode, StoredPart,
};

use crate::api::{Event, Failure, FailureCode, Problem, Result};
use crate::context::labels::host_of;
use crate::context::{Context, blocking, off_thread};
use crate::network::credentials::{Credentials, may_be_sent};
use crate::network::own_network::OwnNetwork;
use crate::network::requests::Requests;
use crate::offline::pictures::{PictureRequest, Pictures};
use crate::rules::Rules;
use crate::subscriptions::page_feeds::{self, Learnt, PageRead};
use crate::subscriptions::{documents, schedule};
use crate::sync::images::{self, PicturesByGuid};
use crate::sync::ingest::{Prepared, prepare};
use crate::sync::parts::{self, PartFetcher};

/// Number of fetches kept in a feed's history.
const FETCHES_KEPT: usize = 10;

/// A fetched feed to be written to the store.
pub(super) struct ToStore {
    pub(super) batch: FeedBatch,
    pub(super) done: oneshot::Sender<Result<Committed>>,
    /// Held until the feed is stored, which limits the bodies in memory.
    pub(super) slot: FetchPermit,
}

/// A fetched document.
enum Document {
    /// It was parsed. Its body was fetched now, or for an index at an earlier sync.
    Parsed(Box<warta_feed::Feed>, Answered),
    /// The same as at the last sync.
    Unchanged(Answered),
    /// It is not a feed.
    Failed(FetchFailure),
}

/// The parts of a response other than its body.
struct Answered {
    /// After redirects.
    url: String,
    took_ms: u32,
    wire_bytes: u64,
    /// Validators for the next fetch.
    validators: Validators,
    max_age: Option<u64>,
    body_hash: Option<[u8; 16]>,
    moved_to: Option<String>,
    /// The parts of an index that are known now.
    parts: Vec<StoredPart>,
    /// What a page brought besides entries.
    learnt: Learnt,
    /// Held until the feed is stored, which limits the bodies in memory.
    slot: FetchPermit,
}

struct Ready {
    batch: FeedBatch,
    kind: DocumentKind,
    /// Whether its entries are whole and have no further text on their pages.
    is_whole: bool,
    learnt: Learnt,
    /// URLs of pictures by GUID: the lead picture, and all pictures.
    pictures: PicturesByGuid,
    /// Whether rules have pending actions for the articles.
    has_notes: bool,
    wire_bytes: u64,
    /// The feed's new permanent address.
    moved_to: Option<String>,
}

/// The result of one feed's fetch.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) not_modified: bool,
    /// Whether the reader unsubscribed before the result was stored.
    pub(super) is_removed: bool,
    /// Number of pictures beyond the limit for one sync.
    pub(super) left_for_later: u32,
    pub(super) new: Vec<ArticleId>,
    pub(super) updated: Vec<ArticleId>,
    /// Articles that another feed of the publisher listed first.
    pub(super) listed: Vec<ArticleId>,
    /// Rows of new and changed articles.
    pub(super) rows: Vec<ArticleRow>,
    /// The GUIDs of these rows in the feed.
    pub(super) given: Vec<String>,
    pub(super) requests: Vec<PictureRequest>,
    pub(super) wire_bytes: u64,
    pub(super) failure: Option<FetchFailure>,
}

#[derive(Debug)]
pub(super) struct FetchFailure {
    pub(super) problem: Problem,
    /// Whether the host was unreachable.
    pub(super) unreached: bool,
    /// Whether the fetch was skipped because the host is backing off.
    pub(super) is_backing_off: bool,
    /// The other host that answered with a web page after a redirect.
    pub(super) led_to: Option<String>,
    /// Whether its public name resolved to a private address.
    pub(super) inside: bool,
    /// The server's `Retry-After` in seconds.
    pub(super) retry_after: Option<u64>,
    pub(super) took_ms: u32,
}

impl FetchFailure {
    /// Whether the network rather than the feed may have failed, which is decided after all feeds
    /// were fetched.
    pub(super) fn may_be_network_failure(&self) -> bool {
        self.unreached || self.is_backing_off || self.led_to.is_some() || self.inside
    }

    /// A failure of the feed itself, not of the network.
    pub(super) fn of(problem: Problem, took_ms: u32) -> Self {
        Self {
            problem,
            unreached: false,
            is_backing_off: false,
            led_to: None,
            inside: false,
            retry_after: None,
            took_ms,
        }
    }

    pub(super) fn by(feed: &Feed, error: &FetchError, took_ms: u32) -> Self {
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
                code: ProblemCode::MovedInside,
                detail: "the feed was on the web, and its address now leads into your own network"
                    .into(),
            };
        }
        Self {
            unreached,
            inside,
            retry_after,
            ..Self::of(problem, took_ms)
        }
    }
}

/// Fetches one feed and prepares it for the store.
pub(crate) struct FeedFetcher {
    ctx: Arc<Context>,
    credentials: Arc<Credentials>,
    own_network: Arc<OwnNetwork>,
    requests: Arc<Requests>,
    rules: Arc<Rules>,
    pictures: Arc<Pictures>,
    parts: PartFetcher,
}

impl FeedFetcher {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        credentials: &Arc<Credentials>,
        own_network: &Arc<OwnNetwork>,
        requests: &Arc<Requests>,
        rules: &Arc<Rules>,
        pictures: &Arc<Pictures>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            credentials: Arc::clone(credentials),
            own_network: Arc::clone(own_network),
            requests: Arc::clone(requests),
            rules: Arc::clone(rules),
            pictures: Arc::clone(pictures),
            parts: PartFetcher::new(ctx, requests),
        }
    }

    pub(super) async fn sync_feed(
        self: &Arc<Self>,
        feed: Feed,
        with_pictures: bool,
        on_purpose: bool,
        cpu: &Semaphore,
        to_store: &mpsc::Sender<ToStore>,
    ) -> Result<Outcome> {
        let id = feed.id;
        let outcome = self
            .fetch(feed, with_pictures, on_purpose, cpu, to_store)
            .await;
        match outcome {
            Err(failure)
                if failure.code == FailureCode::NotFound && self.ctx.store.feed(id)?.is_none() =>
            {
                // The reader unsubscribed in the meantime.
                Ok(Outcome {
                    is_removed: true,
                    ..Outcome::default()
                })
            }
            other => other,
        }
    }

    async fn fetch(
        self: &Arc<Self>,
        feed: Feed,
        with_pictures: bool,
        on_purpose: bool,
        cpu: &Semaphore,
        to_store: &mpsc::Sender<ToStore>,
    ) -> Result<Outcome> {
        let failed = |failure| Outcome {
            failure: Some(failure),
            ..Outcome::default()
        };
        let document = match self.document(&feed, on_purpose, cpu).await? {
            Document::Unchanged(answered) if !feed.facts.parts.is_empty() => {
                // Parts change without their index.
                let index = warta_feed::Feed::index_of(parts::remembered(&feed));
                self.gather(&feed, index, answered, cpu, true).await?
            }
            Document::Parsed(index, answered) if index.kind == FeedKind::SitemapIndex => {
                self.gather(&feed, *index, answered, cpu, false).await?
            }
            other => other,
        };
        let (parsed, answered) = match document {
            Document::Parsed(parsed, answered) => (parsed, answered),
            Document::Unchanged(answered) => {
                let this = Arc::clone(self);
                return off_thread(move || this.write_unchanged(&feed, answered)).await?;
            }
            Document::Failed(failure) => return Ok(failed(failure)),
        };
        let reading = cpu.acquire().await;
        let (known, slot) = (feed.clone(), answered.slot.clone());
        let ready = blocking(self, move |this| {
            this.prepare_batch(&known, *parsed, answered)
        })
        .await?;
        drop(reading);
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
        let (has_notes, kind, learnt) = (ready.has_notes, ready.kind, ready.learnt);
        blocking(self, move |this| {
            if let Some(to) = moved_to {
                this.take_over_address(&feed, &to)?;
            }
            this.learn_kind(&feed, &kind, ready.is_whole)?;
            learnt.keep_watched(&this.ctx.store, &feed)?;
            let mut outcome = this.after_storing(&feed, committed, has_notes)?;
            outcome.wire_bytes = wire_bytes;
            if with_pictures {
                let articles = (outcome.rows.as_slice(), outcome.given.as_slice());
                (outcome.requests, outcome.left_for_later) =
                    images::requests_for(&this.ctx, &this.pictures, &feed, articles, &pictures)?;
            }
            Ok(outcome)
        })
        .await
    }

    /// Fetches and parses the document at the feed's address.
    async fn document(
        self: &Arc<Self>,
        feed: &Feed,
        on_purpose: bool,
        cpu: &Semaphore,
    ) -> Result<Document> {
        let started = Instant::now();
        let mut request = self.requests.request_for(feed).await?;
        if on_purpose && had_nothing_new(feed) {
            // Some servers answer 304 indefinitely.
            request.validators = Validators::default();
        }
        let is_backing_off = self.ctx.http.is_backing_off(&feed.url);
        let answer = if feed.kind.is_page() {
            request.wanted = Wanted::Page;
            self.ctx.http.fetch_if_allowed(request).await
        } else {
            self.ctx.http.fetch(request).await
        };
        match answer {
            Ok(Response::Fetched(fetched)) => {
                let _reading = cpu.acquire().await;
                let known = feed.clone();
                blocking(self, move |this| this.parse(&known, fetched)).await
            }
            Ok(Response::NotModified {
                took,
                validators,
                moved_to,
            }) => Ok(Document::Unchanged(Answered {
                url: feed.url.clone(),
                took_ms: millis(took),
                wire_bytes: 0,
                // A 304 need not repeat unchanged validators (RFC 9111 § 3.2).
                validators: Validators {
                    etag: validators.etag.or_else(|| feed.facts.etag.clone()),
                    last_modified: validators
                        .last_modified
                        .or_else(|| feed.facts.last_modified.clone()),
                },
                max_age: None,
                body_hash: feed.facts.body_hash,
                moved_to,
                parts: feed.facts.parts.clone(),
                learnt: Learnt::default(),
                slot: FetchPermit::default(),
            })),
            Err(error) => Ok(Document::Failed(FetchFailure {
                is_backing_off,
                ..FetchFailure::by(feed, &error, millis(started.elapsed()))
            })),
        }
    }

    /// Parses a fetched body.
    fn parse(&self, feed: &Feed, fetched: Fetched) -> Result<Document> {
        let hash = body_hash(&fetched.bytes);
        let answered = Answered {
            url: fetched.url.clone(),
            took_ms: millis(fetched.took),
            wire_bytes: fetched.wire_bytes,
            validators: fetched.validators,
            max_age: fetched.max_age,
            body_hash: Some(hash),
            moved_to: fetched.moved_to,
            parts: feed.facts.parts.clone(),
            learnt: Learnt::default(),
            slot: fetched.permit,
        };
        // The index of parts is read again: which of them are due depends on the time.
        let is_same = feed.facts.body_hash == Some(hash) && feed.facts.failure.is_none();
        if is_same && feed.facts.parts.is_empty() {
            return Ok(Document::Unchanged(answered));
        }
        let source = Source {
            bytes: &fetched.bytes,
            url: Some(&fetched.url),
            content_type: fetched.content_type.as_deref(),
        };
        let read = match page_feeds::read(&self.ctx.store, feed, &source)? {
            Some(PageRead::Entries(page, learnt)) => Ok((*page, learnt)),
            Some(PageRead::Unchanged) => return Ok(Document::Unchanged(answered)),
            Some(PageRead::Failed(problem)) => Err((problem, true)),
            None => match documents::read(&source, self.ctx.now()) {
                Ok(parsed) => Ok((parsed, Learnt::default())),
                Err(error) => Err((Problem::from(&error), error == NotAFeed::Html)),
            },
        };
        match read {
            Ok((parsed, learnt)) => {
                self.own_network
                    .note_fetched(&feed.url, fetched.is_inside)?;
                let parts = match parsed.kind {
                    FeedKind::SitemapIndex => answered.parts,
                    _ => Vec::new(),
                };
                let answered = Answered {
                    parts,
                    learnt,
                    ..answered
                };
                Ok(Document::Parsed(Box::new(parsed), answered))
            }
            Err((problem, is_other_page)) => {
                let host = host_of(&fetched.url);
                let elsewhere = host != host_of(&feed.url);
                let led_to = host.filter(|_| elsewhere && is_other_page);
                Ok(Document::Failed(FetchFailure {
                    led_to,
                    ..FetchFailure::of(problem, answered.took_ms)
                }))
            }
        }
    }

    /// Fetches the parts of an index and adds what they have.
    async fn gather(
        &self,
        feed: &Feed,
        mut index: warta_feed::Feed,
        mut answered: Answered,
        cpu: &Semaphore,
        is_same: bool,
    ) -> Result<Document> {
        // A task that waits for permits must not hold one.
        answered.slot = FetchPermit::default();
        let started = Instant::now();
        let gathered = self.parts.gather(feed, &index.parts, cpu).await?;
        answered.took_ms = answered.took_ms.saturating_add(millis(started.elapsed()));
        if let Some(error) = gathered.failure {
            return Ok(Document::Failed(FetchFailure::by(
                feed,
                &error,
                answered.took_ms,
            )));
        }
        answered.wire_bytes += gathered.wire_bytes;
        answered.parts = gathered.parts;
        let is_same = is_same || feed.facts.body_hash == answered.body_hash;
        if is_same && gathered.entries.is_empty() && feed.facts.failure.is_none() {
            return Ok(Document::Unchanged(answered));
        }
        index.title = gathered.title;
        index.entries = gathered.entries;
        Ok(Document::Parsed(Box::new(index), answered))
    }

    /// Ingests and applies rules to a parsed document.
    fn prepare_batch(
        &self,
        feed: &Feed,
        parsed: warta_feed::Feed,
        answered: Answered,
    ) -> Result<Ready> {
        let now = self.ctx.now();
        let known = answered.learnt.rule.as_ref().unwrap_or(&feed.kind);
        let kind = documents::kind_of(&parsed, known);
        let is_whole = parsed.kind == FeedKind::Telegram;
        let stated = warta_store::FeedSchedule {
            ttl_minutes: parsed.schedule.ttl_minutes,
            skip_hours: parsed.schedule.skip_hours,
            skip_days: parsed.schedule.skip_days,
            max_age_seconds: answered
                .max_age
                .map(|age| u32::try_from(age).unwrap_or(u32::MAX)),
            interval_seconds: None,
        };
        let Prepared {
            mut facts,
            mut articles,
        } = prepare(feed, parsed, &answered.url, now, self.known_until(feed)?);
        let has_notes = self.apply_rules(feed, &mut articles);
        let published = articles.iter().filter_map(|article| article.published);
        facts.schedule = warta_store::FeedSchedule {
            interval_seconds: schedule::interval(now, published),
            ..stated
        };
        facts.etag = answered.validators.etag;
        facts.last_modified = answered.validators.last_modified;
        facts.body_hash = answered.body_hash;
        facts.parts = answered.parts;
        let every = feed.options.every_minutes;
        facts.next_due_at = Some(schedule::next_due(now, feed.id, &facts.schedule, every));
        facts.took_ms = answered.took_ms;
        facts.wire_bytes = answered.wire_bytes;
        facts.history.clone_from(&feed.facts.history);
        remember(&mut facts, now, None);
        let (moved_to, adopted) = moved(feed, answered.moved_to, now);
        facts.moved_to = moved_to;
        let pictures = articles
            .iter()
            .map(|a| (a.guid.clone(), (a.lead_picture.clone(), a.pictures.clone())))
            .collect();
        Ok(Ready {
            batch: FeedBatch {
                feed: feed.id,
                facts,
                articles,
                received_at: now,
            },
            kind,
            is_whole,
            learnt: answered.learnt,
            pictures,
            has_notes,
            wire_bytes: answered.wire_bytes,
            moved_to: adopted,
        })
    }

    /// The time of a feed's newest article, if its address was not fetched yet.
    fn known_until(&self, feed: &Feed) -> Result<Option<i64>> {
        if feed.facts.succeeded_at.is_some() {
            return Ok(None);
        }
        let newest = self
            .ctx
            .store
            .list(&ListQuery::newest(Place::Feed(feed.id), 1))?;
        Ok(newest.rows.first().map(|row| row.time))
    }

    /// Records what the feed's document turned out to be. If its entries are whole, the first fetch
    /// sets that their pages are not fetched by themselves.
    fn learn_kind(&self, feed: &Feed, kind: &DocumentKind, is_whole: bool) -> Result<()> {
        let is_first = feed.facts.succeeded_at.is_none();
        let sets_text = is_whole && is_first && feed.options.full_text.is_none();
        if *kind == feed.kind && !sets_text {
            return Ok(());
        }
        self.ctx.store.update_feed(feed.id, &mut |feed| {
            feed.kind.clone_from(kind);
            if sets_text {
                feed.options.full_text = Some(false);
            }
            feed.choose_full_text();
        })?;
        Ok(())
    }

    /// Applies the rules; returns whether they left actions to be done once the articles are stored.
    pub(super) fn apply_rules(&self, feed: &Feed, articles: &mut [NewArticle]) -> bool {
        self.rules.apply_rules(feed.id, articles);
        articles.iter().any(|article| article.note.is_some())
    }

    /// What follows once a feed's articles are stored. `has_notes`: whether rules left actions for
    /// them.
    pub(super) fn after_storing(
        &self,
        feed: &Feed,
        committed: Committed,
        has_notes: bool,
    ) -> Result<Outcome> {
        if has_notes && !committed.new.is_empty() {
            self.rules.carry_out(true)?;
        }
        if feed.options.ended_at.is_some() {
            // The feed is available again.
            self.ctx
                .store
                .update_feed(feed.id, &mut |feed| feed.options.ended_at = None)?;
        }
        if let Some(feed) = self.ctx.store.feed(feed.id)?
            && self.ctx.labels.learn(&feed)
        {
            self.ctx.emit(Event::PlacesChanged);
        }
        Ok(Outcome {
            new: committed.new,
            updated: committed.updated,
            listed: committed.listed,
            rows: committed.rows,
            given: committed.given,
            ..Outcome::default()
        })
    }

    /// Changes the feed's URL after a permanent redirect.
    fn take_over_address(&self, feed: &Feed, to: &str) -> Result<()> {
        if feed.options.secret && !may_be_sent(&feed.url, to) {
            // Do not send credentials to another origin: the reader decides.
            return Ok(());
        }
        let taken = self
            .ctx
            .store
            .feeds()?
            .iter()
            .any(|other| other.url == to && other.id != feed.id);
        if taken {
            // The reader is subscribed to that feed too and decides which one to keep.
            return Ok(());
        }
        self.credentials.moved(&feed.url, to);
        self.ctx.store.update_feed(feed.id, &mut |feed| {
            to.clone_into(&mut feed.url);
            feed.facts.moved_to = None;
        })?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    fn write_unchanged(&self, feed: &Feed, unchanged: Answered) -> Result<Outcome> {
        let now = self.ctx.now();
        let (took_ms, wire_bytes) = (unchanged.took_ms, unchanged.wire_bytes);
        let (moved_to, adopted) = moved(feed, unchanged.moved_to, now);
        self.ctx.store.update_feed(feed.id, &mut |feed| {
            let facts = &mut feed.facts;
            facts.etag.clone_from(&unchanged.validators.etag);
            let last_modified = &unchanged.validators.last_modified;
            facts.last_modified.clone_from(last_modified);
            facts.moved_to.clone_from(&moved_to);
            facts.body_hash = unchanged.body_hash;
            facts.parts.clone_from(&unchanged.parts);
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

    pub(super) fn write_failure(&self, feed: &Feed, failure: &FetchFailure) -> Result<()> {
        let now = self.ctx.now();
        let updated = self.ctx.store.update_feed(feed.id, &mut |feed| {
            let facts = &mut feed.facts;
            facts.checked_at = Some(now);
            facts.failures_in_a_row = facts.failures_in_a_row.saturating_add(1);
            facts.failure = Some(StoredFailure {
                code: failure.problem.code,
                detail: failure.problem.detail.clone(),
            });
            facts.last_new = 0;
            facts.took_ms = failure.took_ms;
            facts.wire_bytes = 0;
            let failures = facts.failures_in_a_row;
            facts.next_due_at = Some(schedule::next_try(
                now,
                feed.id,
                failures,
                failure.retry_after,
            ));
            remember(facts, now, Some(failure.problem.code));
            if failure.problem.code == ProblemCode::Gone {
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

/// Whether the last response was a 304.
pub(super) fn had_nothing_new(feed: &Feed) -> bool {
    let last = feed.facts.history.first();
    last.is_some_and(|fetch| fetch.code.is_none() && fetch.wire_bytes == 0)
}

/// The target of a permanent redirect and when it was first seen; and the new URL, if the same
/// target was seen on an earlier day. A redirect of a single day may be a mistake.
pub(super) fn moved(
    feed: &Feed,
    to: Option<String>,
    now: i64,
) -> (Option<(String, i64)>, Option<String>) {
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

/// Adds the last fetch in `facts` to the feed's history.
pub(super) fn remember(facts: &mut FeedFacts, at: i64, code: Option<ProblemCode>) {
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

pub(super) fn millis(took: Duration) -> u32 {
    u32::try_from(took.as_millis()).unwrap_or(u32::MAX)
}

pub(super) fn body_hash(bytes: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    short
}
