//! The monthly data budget: counts the bytes transferred in the reader's calendar month. When the
//! budget is used up, automatic fetches stop; fetches that the reader asks for are always allowed.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use warta_store::Store;

use crate::api::{Event, Result, Traffic};
use crate::context::Context;
use crate::context::locks::locked;

const RECORD: &str = "traffic";
/// Minimum number of new bytes before the counter is written to the store.
const WRITTEN_EVERY: u64 = 256 << 10;
const MEGABYTE: u64 = 1_000_000;

/// The stored and the current counter.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Ledger {
    /// When the month began.
    since: i64,
    bytes: u64,
    /// The part of the client's counter that `bytes` includes.
    #[serde(skip)]
    seen: u64,
    #[serde(skip)]
    unwritten: u64,
}

impl Ledger {
    pub(crate) fn load(store: &Store) -> Result<Self> {
        let json = store.setting(RECORD)?;
        Ok(json
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default())
    }
}

/// Counts the bytes transferred each month.
pub struct DataBudget {
    ctx: Arc<Context>,
    ledger: Mutex<Ledger>,
}

impl DataBudget {
    pub(crate) fn new(ctx: &Arc<Context>, ledger: Ledger) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            ledger: Mutex::new(ledger),
        }
    }

    /// Bytes transferred this month.
    pub fn traffic(&self) -> Result<Traffic> {
        self.account(true)?;
        Ok(self.traffic_now())
    }

    fn traffic_now(&self) -> Traffic {
        let ledger = *locked(&self.ledger);
        let budget = u64::from(self.ctx.settings().monthly_megabytes) * MEGABYTE;
        let budget = (budget > 0).then_some(budget);
        Traffic {
            since: ledger.since,
            bytes: ledger.bytes,
            budget,
            over: budget.is_some_and(|budget| ledger.bytes >= budget),
        }
    }

    /// Whether the budget is used up and automatic fetches must stop.
    pub(crate) fn is_over_budget(&self) -> bool {
        if self.ctx.settings().monthly_megabytes == 0 {
            return false;
        }
        self.take_count();
        self.traffic_now().over
    }

    /// Adds what the client has counted since the last call; resets at the start of a month.
    fn take_count(&self) {
        let spent = self.ctx.http.spent();
        let month = self.ctx.clock.month();
        let mut ledger = locked(&self.ledger);
        let new = spent.saturating_sub(ledger.seen);
        ledger.seen = spent;
        if ledger.since != month {
            (ledger.since, ledger.bytes) = (month, 0);
        }
        ledger.bytes += new;
        ledger.unwritten += new;
    }

    /// Writes the counter to the store; if not `all`, only when enough bytes were added.
    pub(crate) fn account(&self, all: bool) -> Result<()> {
        let before = self.traffic_now().over;
        self.take_count();
        let ledger = *locked(&self.ledger);
        let least = if all { 1 } else { WRITTEN_EVERY };
        if ledger.unwritten >= least {
            let json = serde_json::to_string(&ledger).unwrap_or_default();
            self.ctx.store.set_setting(RECORD, &json)?;
            let mut now = locked(&self.ledger);
            now.unwritten = now.unwritten.saturating_sub(ledger.unwritten);
        }
        let traffic = self.traffic_now();
        if traffic.over && !before {
            self.ctx.emit(Event::BudgetSpent { traffic });
        }
        Ok(())
    }
}
