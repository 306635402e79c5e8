//! Back issues: the articles that a publisher's archive has from before a feed's own entries,
//! fetched when the reader asks, within a number, a date and a number of megabytes.
//!
//! `warta_feed::back_issues` knows the way through an archive; here its pages are fetched, one at a
//! time and as robots.txt allows, and stored. What is stored counts as nothing new: it arrives as
//! read unless the reader wants otherwise, rules do not notify of it, and what the feed has already
//! stays as it is. A run is a record that is written after each page, so it goes on after a restart.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::DateTime;
use serde::{Deserialize, Serialize};
use url::Url;
use warta_feed::back_issues::{Walk, WalkEnd};
use warta_feed::sitemap::{SitemapName, usual_places};
use warta_feed::{Entry, FeedKind};
use warta_net::{FetchError, FetchPermit, Fetched, Request, Response, Wanted};
use warta_store::{
    ArticleId, BroughtArticle, Feed, FeedBatch, FeedId, Imports, ListQuery, NewArticle, Place,
    ProblemCode, is_own_address,
};

use crate::api::{
    Event, Failure, FailureCode, OlderEnd, OlderLimits, OlderRequest, OlderRun, Problem, Result,
};
use crate::context::locks::locked;
use crate::context::{Context, blocking, off_thread, records};
use crate::maintenance;
use crate::network::connectivity::Connectivity;
use crate::network::requests::Requests;
use crate::offline::data_budget::DataBudget;
use crate::offline::full_text::{FullTexts, Got, RequestedBy};
use crate::rules::Rules;
use crate::subscriptions::documents;
use crate::sync::ingest;
use crate::sync::power::{Power, ResourceConstraint};

/// Prefix of the records, by the id of their feed.
const RECORDS: &str = "own/back-issues/";
/// Maximum number of articles of a run.
const MOST: u32 = 5_000;
/// Maximum number of megabytes of a run.
const MOST_MEGABYTES: u32 = 10_000;
const MEGABYTE: u64 = 1_000_000;
const DAY: i64 = 86_400;
/// Number of sitemaps of a site that are looked at for an index.
const SITEMAPS: usize = 4;

/// A run as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Run {
    request: OlderRequest,
    /// `None` until the feed's document was read.
    walk: Option<Walk>,
    /// Articles whose pages are still to be fetched.
    texts_left: Vec<u64>,
    articles: u32,
    oldest: Option<i64>,
    newest: Option<i64>,
    texts: u32,
    pages: u32,
    bytes: u64,
    end: Option<OlderEnd>,
    /// Why it ends once the texts are fetched.
    ending: Option<OlderEnd>,
    code: Option<ProblemCode>,
    /// Time of the newest article of the feed when the run began; what is newer comes with syncs.
    known_until: Option<i64>,
    /// The oldest date that was seen: undated articles are listed there.
    reached: Option<i64>,
}

impl Run {
    fn of(request: OlderRequest, walk: Option<Walk>) -> Self {
        Self {
            request,
            walk,
            texts_left: Vec::new(),
            articles: 0,
            oldest: None,
            newest: None,
            texts: 0,
            pages: 0,
            bytes: 0,
            end: None,
            ending: None,
            code: None,
            known_until: None,
            reached: None,
        }
    }

    fn fails(&mut self, error: &FetchError) {
        self.end = Some(match error {
            FetchError::DisallowedByRobots(_)
            | FetchError::Status {
                status: 401 | 403 | 451,
                ..
            } => OlderEnd::Refused,
            _ => OlderEnd::Failed,
        });
        self.code = Some(Problem::from(error).code);
    }

    fn has_more(&self) -> bool {
        self.walk.as_ref().is_some_and(|walk| walk.next().is_some())
    }

    fn is_over_budget(&self) -> bool {
        self.bytes >= u64::from(self.request.megabytes) * MEGABYTE
    }
}

/// How many of which articles a run may still store.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    number: u32,
    since: Option<i64>,
    /// Whether `number` is that of the retention limits, and `since` too.
    is_number_kept: bool,
    is_since_kept: bool,
}

/// An answer to a request of a run.
enum Answer {
    Page(Box<warta_feed::Feed>, String),
    /// Nothing is there.
    Missing,
    Failed(FetchError),
    /// The network is unreachable.
    Offline,
}

/// Fetches older articles of feeds.
pub struct BackIssues {
    pub(crate) ctx: Arc<Context>,
    pub(crate) requests: Arc<Requests>,
    pub(crate) connectivity: Arc<Connectivity>,
    pub(crate) budget: Arc<DataBudget>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) full_texts: Arc<FullTexts>,
    pub(crate) power: Arc<Power>,
    /// The runs in progress; true stops one.
    pub(crate) running: Mutex<HashMap<u32, Arc<AtomicBool>>>,
}

/// Marks a run as running until it is dropped.
struct Running {
    back_issues: Arc<BackIssues>,
    feed: u32,
}

impl Drop for Running {
    fn drop(&mut self) {
        locked(&self.back_issues.running).remove(&self.feed);
    }
}

impl BackIssues {
    /// What the retention limits, the connection and the data budget say about older articles.
    pub async fn limits(self: &Arc<Self>, feed: u32, unread: bool) -> Result<OlderLimits> {
        let metered = self.power.constraint().await == ResourceConstraint::Metered;
        blocking(self, move |this| {
            let (room, kept_since) = this.kept(&this.feed(feed)?, unread)?;
            Ok(OlderLimits {
                room,
                kept_since,
                metered,
                over_budget: this.budget.is_over_budget(),
            })
        })
        .await
    }

    /// Begins to fetch older articles; [`Self::run`] does the work. Continues where an earlier run
    /// ended, if there may be more.
    pub fn begin(&self, feed: u32, request: &OlderRequest) -> Result<OlderRun> {
        self.ctx.store.may_write()?;
        self.feed(feed)?;
        if locked(&self.running).contains_key(&feed) {
            return self.state(feed)?.ok_or_else(|| Failure::not_found("run"));
        }
        let is_valid = request.number != Some(0)
            && (1..=MOST_MEGABYTES).contains(&request.megabytes)
            && request.number.is_none_or(|number| number <= MOST);
        if !is_valid {
            return Err(Failure::new(
                FailureCode::BadInput,
                "a number up to 5000 and 1 to 10000 megabytes are possible",
            ));
        }
        let earlier = self.record(feed)?;
        let walk = earlier.as_ref().and_then(|run| run.walk.clone());
        let walk = walk.filter(|walk| walk.next().is_some());
        let mut run = Run::of(*request, walk);
        if let Some(earlier) = earlier.filter(|_| run.walk.is_some()) {
            run.known_until = earlier.known_until;
            run.reached = earlier.reached;
            run.texts_left = earlier.texts_left;
        } else {
            let newest = ListQuery::newest(Place::Feed(FeedId(feed)), 1);
            let newest = self.ctx.store.list(&newest)?;
            run.known_until = newest.rows.first().map(|row| row.time);
        }
        self.keep(feed, &run)?;
        Ok(self.view(feed, &run))
    }

    /// Stops a run; the page being stored is completed.
    pub fn stop(&self, feed: u32) -> Result<()> {
        if let Some(stop) = locked(&self.running).get(&feed) {
            stop.store(true, Ordering::Release);
            return Ok(());
        }
        if let Some(mut run) = self.record(feed)?.filter(|run| run.end.is_none()) {
            run.end = Some(OlderEnd::Stopped);
            self.keep(feed, &run)?;
        }
        Ok(())
    }

    /// The feed's last run.
    pub fn state(&self, feed: u32) -> Result<Option<OlderRun>> {
        let run = self.record(feed)?;
        Ok(run.map(|run| self.view(feed, &run)))
    }

    /// The feeds whose runs have not ended and do not run.
    pub(crate) fn unfinished(&self) -> Result<Vec<u32>> {
        let records = self.ctx.store.settings_under(RECORDS)?;
        let running = locked(&self.running);
        let feeds = records.iter().filter_map(|(name, json)| {
            let feed: u32 = name.strip_prefix(RECORDS)?.parse().ok()?;
            let run: Run = serde_json::from_str(json).ok()?;
            (run.end.is_none() && !running.contains_key(&feed)).then_some(feed)
        });
        Ok(feeds.collect())
    }

    /// Continues the runs that a restart or the network interrupted; none while the data budget is
    /// used up or the connection is metered.
    pub(crate) async fn go_on(self: &Arc<Self>) -> Result<()> {
        let left = blocking(self, move |this| this.unfinished()).await?;
        for feed in left {
            let metered = self.power.constraint().await == ResourceConstraint::Metered;
            if metered || self.budget.is_over_budget() {
                break;
            }
            self.run(feed).await?;
        }
        Ok(())
    }

    /// Fetches until the run ends, is stopped or the network is unreachable, after which it goes on
    /// by itself. [`Event::OlderArticles`] reports progress.
    pub async fn run(self: &Arc<Self>, feed: u32) -> Result<OlderRun> {
        let stop = Arc::new(AtomicBool::new(false));
        {
            let mut running = locked(&self.running);
            if running.contains_key(&feed) {
                drop(running);
                return self.state(feed)?.ok_or_else(|| Failure::not_found("run"));
            }
            running.insert(feed, Arc::clone(&stop));
        }
        let mark = Running {
            back_issues: Arc::clone(self),
            feed,
        };
        let outcome = self.work_through(feed, &stop).await;
        drop(mark);
        let view = blocking(self, move |this| {
            this.budget.account(true)?;
            this.ctx.flush()?;
            this.state(feed)
        })
        .await;
        if let Ok(Some(run)) = &view {
            self.ctx.emit(Event::OlderArticles { run: run.clone() });
        }
        outcome?;
        view?.ok_or_else(|| Failure::not_found("run"))
    }

    async fn work_through(self: &Arc<Self>, id: u32, stop: &AtomicBool) -> Result<()> {
        let Some(mut run) = blocking(self, move |this| this.record(id)).await? else {
            return Ok(());
        };
        while run.end.is_none() {
            let feed = blocking(self, move |this| {
                let feed = this.ctx.store.feed(FeedId(id))?;
                if feed.is_none() {
                    this.forget(id)?;
                }
                Ok(feed)
            });
            let Some(feed) = feed.await? else {
                return Ok(());
            };
            let goes_on = if stop.load(Ordering::Acquire) {
                run.end = Some(OlderEnd::Stopped);
                true
            } else if run.is_over_budget() {
                run.end = Some(OlderEnd::Budget);
                true
            } else if !run.texts_left.is_empty() {
                self.fetch_text(&mut run).await?
            } else if run.walk.is_none() {
                self.find_archive(&feed, &mut run).await?
            } else {
                self.fetch_page(&feed, &mut run).await?
            };
            run = blocking(self, move |this| {
                this.keep(id, &run)?;
                let view = this.view(id, &run);
                this.ctx.emit(Event::OlderArticles { run: view });
                this.budget.account(false)?;
                Ok(run)
            })
            .await?;
            if !goes_on {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Fetches one full text; false if the network is unreachable.
    async fn fetch_text(self: &Arc<Self>, run: &mut Run) -> Result<bool> {
        let Some(id) = run.texts_left.last().copied() else {
            return Ok(true);
        };
        // Another fetch at the same time counts too, so the limit is never exceeded unnoticed.
        let before = self.ctx.http.spent();
        let got = self
            .full_texts
            .page_for(ArticleId(id), RequestedBy::Warta)
            .await;
        run.bytes += self.ctx.http.spent().saturating_sub(before);
        match got {
            Ok(Got::Offline) => return Ok(false),
            Ok(Got::New) => run.texts += 1,
            Ok(_) => {}
            Err(failure) if failure.code == FailureCode::NotFound => {}
            Err(failure) => return Err(failure),
        }
        run.texts_left.pop();
        if run.texts_left.is_empty() {
            run.end = run.ending.take();
        }
        Ok(true)
    }

    /// Finds the way into the archive; false if the network is unreachable.
    async fn find_archive(self: &Arc<Self>, feed: &Feed, run: &mut Run) -> Result<bool> {
        if feed.kind.is_page() {
            run.end = Some(OlderEnd::NoArchive);
            return Ok(true);
        }
        let mut request = self.requests.request_for(feed).await?;
        request.validators = warta_net::Validators::default();
        let answer = self.ctx.http.fetch(request).await;
        let mut walk = match self.read(feed, answer, run).await? {
            Answer::Page(document, _) if document.archive.is_complete => {
                run.end = Some(OlderEnd::Oldest);
                return Ok(true);
            }
            Answer::Page(document, url) => Walk::begin(&document, &url),
            Answer::Offline => return Ok(false),
            Answer::Failed(error) => {
                run.fails(&error);
                return Ok(true);
            }
            Answer::Missing => {
                run.end = Some(OlderEnd::Failed);
                run.code = Some(ProblemCode::NotFound);
                return Ok(true);
            }
        };
        if walk.is_none() {
            walk = self.sitemaps(feed, run).await?;
        }
        match walk {
            Some(mut walk) => {
                let room = self.room(feed, run)?;
                if let Some(since) = room.since.and_then(|at| DateTime::from_timestamp(at, 0)) {
                    walk.leave_out_before(since);
                }
                run.end = walk.end().map(end_of);
                if room.number == 0 {
                    run.end = Some(OlderEnd::Retention);
                }
                run.walk = Some(walk);
            }
            None => run.end = Some(OlderEnd::NoArchive),
        }
        Ok(true)
    }

    /// The sitemaps of a feed's site, where the feed has all of its articles: a section's articles
    /// cannot be told from the others.
    async fn sitemaps(self: &Arc<Self>, feed: &Feed, run: &mut Run) -> Result<Option<Walk>> {
        let site = feed.facts.site.as_deref().filter(|site| {
            Url::parse(site).is_ok_and(|url| url.path() == "/")
                && is_own_address(site, &feed.url, None)
        });
        let Some(site) = site else {
            return Ok(None);
        };
        let request = self.requests.request_named_by(feed, site).await?;
        // Nothing is allowed where robots.txt could not be fetched.
        let Ok(mut addresses) = self.ctx.http.sitemaps(&request).await else {
            return Ok(None);
        };
        if addresses.is_empty() {
            addresses = usual_places(site);
        }
        addresses.retain(|address| {
            SitemapName::of(address) == SitemapName::Unknown
                && is_own_address(address, &feed.url, feed.facts.site.as_deref())
        });
        for address in addresses.into_iter().take(SITEMAPS) {
            let answer = self.ask(feed, &address).await?;
            if let Answer::Page(index, url) = self.read(feed, answer, run).await?
                && index.kind == FeedKind::SitemapIndex
                && let Some(walk) = Walk::begin(&index, &url)
            {
                return Ok(Some(walk));
            }
        }
        Ok(None)
    }

    /// Fetches and stores the next page; false if the network is unreachable.
    async fn fetch_page(self: &Arc<Self>, feed: &Feed, run: &mut Run) -> Result<bool> {
        let Some(walk) = &mut run.walk else {
            return Ok(true);
        };
        let is_own = |url: &str| is_own_address(url, &feed.url, feed.facts.site.as_deref());
        walk.stay_with(is_own);
        let Some(next) = walk.next().map(str::to_owned) else {
            run.end = walk.end().map(end_of);
            return Ok(true);
        };
        let answer = self.ask(feed, &next).await?;
        match self.read(feed, answer, run).await? {
            Answer::Page(_, url) if !is_own(&url) => run.end = Some(OlderEnd::Elsewhere),
            Answer::Page(page, url) => {
                run.pages += 1;
                let (known, moved) = (feed.clone(), run.clone());
                *run = blocking(self, move |this| this.take(&known, moved, *page, &url)).await?;
            }
            Answer::Missing => {
                run.pages += 1;
                if let Some(walk) = &mut run.walk {
                    walk.skip();
                    run.end = walk.end().map(end_of);
                }
            }
            Answer::Failed(error) => run.fails(&error),
            Answer::Offline => return Ok(false),
        }
        Ok(true)
    }

    async fn ask(
        self: &Arc<Self>,
        feed: &Feed,
        url: &str,
    ) -> Result<std::result::Result<Response, FetchError>> {
        let request = Request {
            wanted: Wanted::Feed,
            ..self.requests.request_named_by(feed, url).await?
        };
        Ok(self.ctx.http.fetch_if_allowed(request).await)
    }

    async fn read(
        self: &Arc<Self>,
        feed: &Feed,
        answer: std::result::Result<Response, FetchError>,
        run: &mut Run,
    ) -> Result<Answer> {
        match answer {
            Ok(Response::Fetched(fetched)) => {
                run.bytes += fetched.wire_bytes;
                let fetched = Fetched {
                    permit: FetchPermit::default(),
                    ..fetched
                };
                off_thread(
                    move || match warta_feed::parse(&documents::source_of(&fetched)) {
                        Ok(page) => Answer::Page(Box::new(page), fetched.url),
                        Err(_) => Answer::Missing,
                    },
                )
                .await
            }
            Ok(Response::NotModified { .. })
            | Err(FetchError::Status {
                status: 404 | 410, ..
            }) => Ok(Answer::Missing),
            Err(error) => {
                let may_be_offline = error.suggests_offline();
                if may_be_offline && self.connectivity.is_cut_off(&feed.url).await? {
                    return Ok(Answer::Offline);
                }
                Ok(Answer::Failed(error))
            }
        }
    }

    /// Stores what is older on a page, within the limits.
    fn take(&self, feed: &Feed, mut run: Run, page: warta_feed::Feed, url: &str) -> Result<Run> {
        let Some(mut walk) = run.walk.clone() else {
            return Ok(run);
        };
        let is_sitemap = matches!(page.kind, FeedKind::Sitemap | FeedKind::NewsSitemap);
        let language = page.language.clone();
        let mut entries = walk.take(page);
        let mut room = self.room(feed, &run)?;
        if let Some(known) = run.known_until {
            entries.retain(|entry| date_of(entry).is_none_or(|at| at <= known));
        }
        let seen = entries.len();
        self.date(&mut entries, &mut run);
        if let Some(since) = room.since {
            entries.retain(|entry| date_of(entry).is_some_and(|at| at >= since));
        }
        // Dates of a sitemap are those of changes, and its order is not known.
        let is_past = !is_sitemap && entries.is_empty() && seen > 0;
        let mut articles: Vec<NewArticle> = entries
            .into_iter()
            .map(|entry| {
                ingest::older(
                    entry,
                    url,
                    language.as_deref(),
                    self.ctx.now(),
                    !run.request.unread,
                )
            })
            .collect();
        self.leave_out_known(feed, &mut articles);
        articles.sort_by_key(|article| std::cmp::Reverse(article.published));
        let is_cut = articles.len() > room.number as usize;
        articles.truncate(room.number as usize);
        self.store(feed, &mut run, articles)?;
        room.number = self.room(feed, &run)?.number;
        if !is_cut {
            // What was cut off is on this page when the run is continued.
            run.walk = Some(walk);
        }
        let end = run.walk.as_ref().and_then(Walk::end);
        run.ending = if is_cut || room.number == 0 {
            let kept = room.is_number_kept;
            Some(if kept {
                OlderEnd::Retention
            } else {
                OlderEnd::Number
            })
        } else if is_past {
            let kept = room.is_since_kept;
            Some(if kept {
                OlderEnd::Retention
            } else {
                OlderEnd::Since
            })
        } else {
            end.map(end_of)
        };
        if run.texts_left.is_empty() {
            run.end = run.ending.take();
        }
        Ok(run)
    }

    /// Gives undated entries the oldest date that was seen so far: they are not new.
    fn date(&self, entries: &mut [Entry], run: &mut Run) {
        for entry in entries {
            if let Some(at) = date_of(entry) {
                run.reached = Some(run.reached.map_or(at, |reached| reached.min(at)));
            } else {
                let reached = run.reached.or(run.known_until);
                let at = reached.unwrap_or_else(|| self.ctx.now() - DAY);
                entry.published = DateTime::from_timestamp(at, 0);
            }
        }
    }

    /// Removes articles that the feed has, by GUID or link: an archive's version of an article may
    /// be older than the stored one.
    fn leave_out_known(&self, feed: &Feed, articles: &mut Vec<NewArticle>) {
        let brought: Vec<BroughtArticle> = articles
            .drain(..)
            .map(|article| BroughtArticle {
                feed: feed.url.clone(),
                article,
                saved_at: None,
            })
            .collect();
        let present = Imports::into(&self.ctx.store).present(&brought);
        let unknown = brought.into_iter().zip(present);
        articles.extend(
            unknown
                .filter(|(_, present)| present.is_none())
                .map(|(one, _)| one.article),
        );
    }

    fn store(&self, feed: &Feed, run: &mut Run, mut articles: Vec<NewArticle>) -> Result<()> {
        if articles.is_empty() {
            return Ok(());
        }
        self.rules.apply_silently(feed.id, &mut articles);
        let has_notes = articles.iter().any(|article| article.note.is_some());
        // The facts of the last sync stay; it may have ended since the page was asked for.
        let current = self.feed(feed.id.0)?;
        let last_new = current.facts.last_new;
        let committed = self.ctx.store.commit(FeedBatch {
            feed: feed.id,
            facts: current.facts,
            articles,
            received_at: self.ctx.now(),
        })?;
        self.ctx
            .store
            .update_feed(feed.id, &mut |feed| feed.facts.last_new = last_new)?;
        if has_notes {
            self.rules.carry_out(false)?;
        }
        let stored = committed.new.len() + committed.listed.len();
        run.articles += u32::try_from(stored).unwrap_or(u32::MAX);
        for row in &committed.rows {
            run.oldest = Some(run.oldest.map_or(row.time, |oldest| oldest.min(row.time)));
            run.newest = Some(run.newest.map_or(row.time, |newest| newest.max(row.time)));
        }
        if feed.options.full_text == Some(true) {
            // The last is fetched first.
            run.texts_left = committed.new.iter().rev().map(|id| id.0).collect();
        }
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    /// How many articles the run may still store, and from when.
    fn room(&self, feed: &Feed, run: &Run) -> Result<Allowance> {
        let (kept, kept_since) = self.kept(feed, run.request.unread)?;
        let asked = run
            .request
            .number
            .unwrap_or(MOST)
            .saturating_sub(run.articles);
        let since = run.request.since;
        let is_since_kept = kept_since.is_some_and(|kept| since.is_none_or(|since| since < kept));
        Ok(Allowance {
            number: kept.map_or(asked, |kept| kept.min(asked)),
            since: since.max(kept_since),
            is_number_kept: kept.is_some_and(|kept| kept < asked),
            is_since_kept,
        })
    }

    /// How many more articles of a feed the retention limits keep, and from when.
    fn kept(&self, feed: &Feed, unread: bool) -> Result<(Option<u32>, Option<i64>)> {
        let keep = maintenance::bounds(&self.ctx.settings());
        if unread && keep.unread {
            return Ok((None, None));
        }
        let counts = self.ctx.store.counts()?;
        let own = counts.feeds.iter().find(|(id, _)| *id == feed.id);
        let own = own.map_or(0, |(_, count)| count.total);
        let most = feed.options.keep.articles.or(keep.each_feed.articles);
        let of_feed = most.map(|most| u64::from(most).saturating_sub(own));
        let of_all = keep
            .articles
            .map(|most| most.saturating_sub(counts.all.total));
        let room = of_feed.into_iter().chain(of_all).min();
        let days = feed.options.keep.days.or(keep.each_feed.days);
        Ok((
            room.map(|room| u32::try_from(room).unwrap_or(u32::MAX)),
            days.map(|days| self.ctx.now() - i64::from(days) * DAY),
        ))
    }

    fn feed(&self, id: u32) -> Result<Feed> {
        let feed = self.ctx.store.feed(FeedId(id))?;
        feed.ok_or_else(|| Failure::not_found("feed"))
    }

    fn record(&self, feed: u32) -> Result<Option<Run>> {
        let json = self.ctx.store.setting(&format!("{RECORDS}{feed}"))?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }

    fn keep(&self, feed: u32, run: &Run) -> Result<()> {
        let record = (format!("{RECORDS}{feed}"), Some(records::json(run)));
        Ok(self.ctx.store.set_settings(&[record])?)
    }

    fn forget(&self, feed: u32) -> Result<()> {
        let record = (format!("{RECORDS}{feed}"), None);
        Ok(self.ctx.store.set_settings(&[record])?)
    }

    fn view(&self, feed: u32, run: &Run) -> OlderRun {
        OlderRun {
            feed,
            request: run.request,
            kind: run.walk.as_ref().map(|walk| walk.kind().into()),
            running: locked(&self.running).contains_key(&feed),
            articles: run.articles,
            oldest: run.oldest,
            newest: run.newest,
            texts: run.texts,
            pages: run.pages,
            bytes: run.bytes,
            end: run.end,
            code: run.code,
            has_more: run.has_more(),
        }
    }
}

fn date_of(entry: &Entry) -> Option<i64> {
    entry.date().map(|at| at.timestamp())
}

fn end_of(end: WalkEnd) -> OlderEnd {
    match end {
        WalkEnd::Oldest => OlderEnd::Oldest,
        WalkEnd::Repeats => OlderEnd::Repeats,
        WalkEnd::Elsewhere => OlderEnd::Elsewhere,
        WalkEnd::Forward => OlderEnd::Forward,
        WalkEnd::Endless => OlderEnd::Endless,
    }
}
