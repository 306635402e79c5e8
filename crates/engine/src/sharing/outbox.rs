//! Forwards that wait for the network or for a service.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use warta_store::{Forward, ProblemCode};

use crate::api::{Event, Failure, FailureCode, ForwardRecord, ForwardState, Result, Subject};
use crate::context::Context;
use crate::context::locks::locked;
use crate::sharing::preferences::SharePreferences;

/// Prefix of the JSON records about waiting forwards, by id.
pub(crate) const OUTBOX: &str = "outbox";

/// What is known of a waiting forward in addition to its history entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Waiting {
    /// What was forwarded; `None` for records written before 0.1.
    pub(crate) subject: Option<Subject>,
    /// Fallback targets.
    pub(crate) fallback: Vec<String>,
    /// Number of attempts.
    pub(crate) tries: u32,
    /// Earliest time of the next attempt.
    pub(crate) not_before: i64,
    /// Why the last attempt failed.
    pub(crate) problem: Option<ProblemCode>,
}

/// Forwards that wait to be sent.
pub(crate) struct Outbox {
    ctx: Arc<Context>,
    preferences: Arc<SharePreferences>,
    lock: Mutex<()>,
}

impl Outbox {
    pub(crate) fn new(ctx: &Arc<Context>, preferences: &Arc<SharePreferences>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            preferences: Arc::clone(preferences),
            lock: Mutex::default(),
        }
    }

    /// Waiting forwards, oldest first.
    pub(crate) fn waiting_forwards(&self) -> Result<Vec<Forward>> {
        let mut waiting = self.ctx.store.forwards().list(None, usize::MAX)?;
        waiting.retain(|forward| forward.state == warta_store::ForwardState::Waiting);
        waiting.reverse();
        Ok(waiting)
    }

    pub(crate) fn waiting(&self, id: u64) -> Result<(Forward, Waiting)> {
        let forward = self
            .waiting_forwards()?
            .into_iter()
            .find(|forward| forward.id == id)
            .ok_or_else(|| Failure::not_found("waiting forward"))?;
        let waiting = self.all_waiting()?.remove(&id).unwrap_or_default();
        Ok((forward, waiting))
    }

    pub(crate) fn all_waiting(&self) -> Result<BTreeMap<u64, Waiting>> {
        let json = self.ctx.store.setting(OUTBOX)?.unwrap_or_default();
        Ok(serde_json::from_str(&json).unwrap_or_default())
    }

    pub(crate) fn change_waiting(
        &self,
        change: impl FnOnce(&mut BTreeMap<u64, Waiting>),
    ) -> Result<()> {
        let _one_at_a_time = locked(&self.lock);
        let mut all = self.all_waiting()?;
        change(&mut all);
        let json = serde_json::to_string(&all)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        Ok(self.ctx.store.set_setting(OUTBOX, &json)?)
    }

    /// Stores the final state of a forward and removes it from the outbox.
    pub(crate) fn settled(&self, forward: &Forward) -> Result<()> {
        self.ctx.store.forwards().change(forward)?;
        self.change_waiting(|all| {
            all.remove(&forward.id);
        })?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    pub(crate) fn record(&self, forward: Forward, waiting: &Waiting) -> ForwardRecord {
        let channels = warta_share::channels(&self.preferences.preferences());
        let name = channels
            .into_iter()
            .find(|c| c.id == forward.channel)
            .map(|c| c.name);
        ForwardRecord {
            id: forward.id,
            at: forward.at,
            article: forward.article.map(|id| id.0),
            channel_name: name.unwrap_or_else(|| forward.channel.clone()),
            by_itself: warta_share::service::find(&forward.channel).is_some(),
            channel: forward.channel,
            title: forward.title,
            message: forward.message,
            target: forward.target,
            state: match forward.state {
                warta_store::ForwardState::Opened => ForwardState::Opened,
                warta_store::ForwardState::Copied => ForwardState::Copied,
                warta_store::ForwardState::Waiting => ForwardState::Waiting,
                warta_store::ForwardState::Failed => ForwardState::Failed,
            },
            problem: waiting.problem,
            edited_since: false,
        }
    }
}
