//! Runs automatic work: syncs, offline packs, saves to integrations, and maintenance.
//!
//! Each loop runs while its owner polls it and ends when its owner drops it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use warta_store::PackState;

use crate::api::{AutoPack, Connection, Event, FailureCode, PackView, Result, SyncScope};
use crate::context::records::json;
use crate::context::{Context, blocking, off_thread};
use crate::maintenance::Maintenance;
use crate::network::connectivity::Connectivity;
use crate::offline::data_budget::DataBudget;
use crate::offline::imported_pictures::ImportedPictures;
use crate::offline::packs::Packs;
use crate::offline::podcasts::Podcasts;
use crate::offline::saved_pages::SavedPages;
use crate::rules::Rules;
use crate::sharing::integrations::Integrations;
use crate::stories::Stories;
use crate::subscriptions::mending::Mending;
use crate::sync::FeedSync;
use crate::sync::back_issues::BackIssues;

const DAY: i64 = 86_400;
/// Record: when old days of the trending history were last merged into weeks.
const FOLDED: &str = "own/folded";
/// Settings: what the reader was told once, and when.
const FIRST_TIMES: &str = "first/";
/// How often the schedule of the automatic pack is checked.
const PACK_TICK: Duration = Duration::from_mins(1);
/// How often waiting saves are checked.
const SAVE_TICK: Duration = Duration::from_secs(30);
/// Setting: when the last automatic pack was started.
const LAST_AUTOMATIC: &str = "auto_pack_at";
/// How often the background checks whether a sync is due.
const BACKGROUND_TICK: Duration = Duration::from_mins(1);
/// A tick that took longer than this, in seconds, means that the machine was asleep.
const ASLEEP: i64 = 3 * 60;

/// Runs automatic work.
pub struct Background {
    pub(crate) ctx: Arc<Context>,
    pub(crate) connectivity: Arc<Connectivity>,
    pub(crate) sync: Arc<FeedSync>,
    pub(crate) maintenance: Arc<Maintenance>,
    pub(crate) packs: Arc<Packs>,
    pub(crate) podcasts: Arc<Podcasts>,
    pub(crate) saved_pages: Arc<SavedPages>,
    pub(crate) imported_pictures: Arc<ImportedPictures>,
    pub(crate) integrations: Arc<Integrations>,
    pub(crate) rules: Arc<Rules>,
    pub(crate) stories: Arc<Stories>,
    pub(crate) budget: Arc<DataBudget>,
    pub(crate) mending: Arc<Mending>,
    pub(crate) back_issues: Arc<BackIssues>,
}

impl Background {
    /// Periodic maintenance: records trending stories, and applies the retention limits once a day.
    pub(crate) fn run_maintenance(&self) -> Result<()> {
        self.stories.note_trending()?;
        let now = self.ctx.now();
        if self.maintenance.is_due()? {
            self.maintenance.free_space()?;
        }
        let folded: i64 = match self.ctx.store.setting(FOLDED)? {
            Some(json) => serde_json::from_str(&json).unwrap_or(0),
            None => 0,
        };
        if now - folded >= DAY {
            self.stories.fold_past()?;
            self.podcasts.remove_old_audio(false)?;
            self.ctx
                .store
                .set_settings(&[(FOLDED.into(), Some(json(&now)))])?;
        }
        Ok(())
    }

    /// Whether this is the first call with this name for the data folder. A read-only one cannot
    /// remember the call, so there it never is.
    pub fn first_time(&self, name: &str) -> Result<bool> {
        let record = format!("{FIRST_TIMES}{name}");
        let store = &self.ctx.store;
        if store.may_write().is_err() || store.setting(&record)?.is_some() {
            return Ok(false);
        }
        store.set_setting(&record, &self.ctx.now().to_string())?;
        Ok(true)
    }

    /// Continues packs and fetching older articles: at the start, when the network returns, and on
    /// the reader's schedule. Runs until dropped.
    pub async fn keep_packing(self: &Arc<Self>) {
        if self.ctx.store.may_write().is_err() {
            return;
        }
        let mut events = self.ctx.events();
        loop {
            if self.connectivity.connection() != Connection::Offline {
                self.go_on_packing().await;
            }
            let tick = tokio::time::sleep(PACK_TICK);
            tokio::pin!(tick);
            loop {
                tokio::select! {
                    () = &mut tick => break,
                    event = events.recv() => match event {
                        Ok(Event::ConnectionChanged { connection: Connection::Online }) => break,
                        Err(RecvError::Closed) => return,
                        _ => {}
                    },
                }
            }
        }
    }

    /// Continues unfinished packs, and starts the automatic pack when it is due.
    async fn go_on_packing(self: &Arc<Self>) {
        let this = Arc::clone(self);
        if let Err(failure) = self.back_issues.go_on().await {
            tracing::warn!(?failure, "cannot go on fetching older articles");
        }
        let begun = off_thread(move || this.packs_begun()).await;
        for id in begun.and_then(|begun| begun).unwrap_or_default() {
            if let Err(failure) = self.packs.run_pack(id).await {
                tracing::error!(?failure, id, "cannot continue pack");
            }
        }
        if let Err(failure) = self.pack_by_schedule().await {
            tracing::error!(?failure, "cannot create the automatic pack");
        }
    }

    fn packs_begun(&self) -> Result<Vec<u32>> {
        let packs = self.ctx.store.packs().all()?;
        let begun = packs.iter().filter(|pack| pack.state == PackState::Running);
        Ok(begun.map(|pack| pack.id).collect())
    }

    /// Creates the automatic pack if it is due. Syncs due feeds first, so that it contains the
    /// latest articles.
    pub async fn pack_by_schedule(self: &Arc<Self>) -> Result<Option<PackView>> {
        let Some(AutoPack { at_minute, wish }) = self.ctx.settings().auto_pack else {
            return Ok(None);
        };
        let now = self.ctx.now();
        let due_at = self.ctx.clock.midnight() + i64::from(at_minute) * 60;
        let last = blocking(self, move |this| {
            Ok(this.ctx.store.setting(LAST_AUTOMATIC)?)
        })
        .await?;
        let last: i64 = last.and_then(|at| at.parse().ok()).unwrap_or(0);
        if now < due_at || last >= due_at || self.budget.is_over_budget() {
            return Ok(None);
        }
        let report = self.sync.sync(&SyncScope::Due).await?;
        if report.offline || report.portal {
            return Ok(None);
        }
        let made = blocking(self, move |this| {
            this.ctx
                .store
                .set_setting(LAST_AUTOMATIC, &now.to_string())?;
            match this.packs.make_pack(&wish, true) {
                Err(failure) if failure.code == FailureCode::NothingToPack => Ok(None),
                other => other.map(Some),
            }
        })
        .await?;
        match made {
            Some(pack) => self.packs.run_pack(pack.id).await.map(Some),
            None => Ok(None),
        }
    }

    /// Sends waiting saves to integrations, and fetches saved pages that wait for the network and
    /// pictures of imported articles. Runs until dropped.
    pub async fn keep_saving(&self) {
        if self.ctx.store.may_write().is_err() {
            return;
        }
        loop {
            if !matches!(
                self.connectivity.connection(),
                Connection::Offline | Connection::Portal
            ) {
                if let Err(failure) = self.integrations.send_saves().await {
                    tracing::warn!(?failure, "cannot send waiting saves");
                }
                if !self.budget.is_over_budget() {
                    if let Err(failure) = self.saved_pages.fetch_waiting().await {
                        tracing::warn!(?failure, "cannot fetch saved pages");
                    }
                    if let Err(failure) = self.fetch_imported_pictures().await {
                        tracing::warn!(?failure, "cannot fetch pictures of imported articles");
                    }
                }
            }
            tokio::time::sleep(SAVE_TICK).await;
        }
    }

    /// Fetches pictures of imported articles, for at most [`SAVE_TICK`], so that new saves do not
    /// wait. Fetches none where a sync would fetch none for new articles.
    async fn fetch_imported_pictures(&self) -> Result<()> {
        let settings = self.ctx.settings();
        let are_wanted = settings.fetch_pictures && !settings.pictures_on_request;
        // Whether the connection is metered is asked last: it takes a few milliseconds.
        if !are_wanted || !self.imported_pictures.are_left().await? || self.sync.is_metered().await
        {
            return Ok(());
        }
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < SAVE_TICK && !self.budget.is_over_budget() {
            if !self.imported_pictures.fetch_some().await? {
                break;
            }
        }
        Ok(())
    }

    /// Syncs due feeds: at the start, after the machine was asleep, when the network returns, and
    /// at the interval in the reader's settings; less often on battery power or a metered
    /// connection. Runs until dropped.
    pub async fn keep_fresh(self: &Arc<Self>) {
        if self.ctx.store.may_write().is_err() {
            return;
        }
        let mut last = self.ctx.now();
        self.log_error(blocking(self, move |this| this.rules.carry_out(true)).await);
        if self.ctx.settings().sync_at_start && !self.budget.is_over_budget() {
            self.sync_due().await;
        } else {
            self.log_error(self.sync.probe().await);
        }
        let mut ticked = self.ctx.now();
        loop {
            tokio::time::sleep(BACKGROUND_TICK).await;
            self.log_error(blocking(self, move |this| this.run_maintenance()).await);
            let now = self.ctx.now();
            let slept = now - ticked > ASLEEP;
            ticked = now;
            if matches!(
                self.connectivity.connection(),
                Connection::Offline | Connection::Portal
            ) {
                if matches!(self.sync.probe().await, Ok(Connection::Online)) {
                    last = now;
                    self.sync_due().await;
                }
                continue;
            }
            let every = i64::from(self.ctx.settings().sync_every_minutes) * 60;
            let every = every * self.sync.power().await.sync_interval_multiplier();
            if self.budget.is_over_budget() {
                continue;
            }
            if every > 0 && (slept || now - last >= every) {
                last = now;
                self.sync_due().await;
                self.log_error(self.mending.look().await);
            }
        }
    }

    async fn sync_due(&self) {
        match self.sync.sync(&SyncScope::Due).await {
            // No feed was due, so the sync did not check the network.
            Ok(report) if report.feeds == 0 => self.log_error(self.sync.probe().await),
            other => self.log_error(other),
        }
    }

    fn log_error<T>(&self, result: Result<T>) {
        if let Err(failure) = result {
            tracing::error!(?failure, dir = ?self.ctx.store.dir(), "the background sync failed");
        }
    }
}
