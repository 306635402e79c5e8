//! The data saver: what came over the wire this month, by the reader's calendar, and whether that is
//! more than the reader wants. Past the budget nothing is fetched by itself; what the reader asks for
//! always is.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};
use warta_store::Store;

use crate::api::{Event, Result, Traffic};
use crate::context::Context;
use crate::context::locks::locked;

const RECORD: &str = "traffic";
/// Written down once so much is not, in bytes.
const WRITTEN_EVERY: u64 = 256 << 10;
const MEGABYTE: u64 = 1_000_000;

/// What came, as it was last written down and as it is.
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

/// Counts what comes over the network each month.
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

    /// What came over the wire this month.
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

    /// Whether nothing may be fetched by itself any more this month.
    pub(crate) fn is_over_budget(&self) -> bool {
        if self.ctx.settings().monthly_megabytes == 0 {
            return false;
        }
        self.take_count();
        self.traffic_now().over
    }

    /// Takes over what the client counted since the last look; a new month begins at nothing.
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

    /// Writes down what came; small amounts only if `all`.
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
