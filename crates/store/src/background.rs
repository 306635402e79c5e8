//! The background threads: one flushes, purges and takes snapshots, one frees space.
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::store::Core;

const FLUSH_EVERY: Duration = Duration::from_millis(500);

/// First check for dead space after opening, and the interval of later ones.
const FIRST_LOOK_AT_SPACE: Duration = Duration::from_mins(2);

const LOOK_AT_SPACE_EVERY: Duration = Duration::from_hours(1);

/// Flushes, purges removed feeds, takes snapshots.
pub(crate) fn look_after(core: &Core) {
    crate::purge::purge_removed(core);
    if let Err(error) = crate::purge::merge_entries(core) {
        tracing::error!(%error, "the lists of articles could not be merged");
    }
    if crate::snapshot::is_due(core) {
        automatic_snapshot(core);
    }
    let mut snapshot_of = 0;
    let mut seen = 0;
    let mut quiet_for = 0_u32;
    loop {
        let stop = core.stop.lock().unwrap_or_else(PoisonError::into_inner);
        let stopped = match core
            .wake
            .wait_timeout_while(stop, FLUSH_EVERY, |stop| !*stop)
        {
            Ok((stop, _)) => *stop,
            Err(_) => true,
        };
        if core.dirty.load(Ordering::Acquire)
            && let Err(error) = core.flush()
        {
            tracing::error!(%error, "the store could not be flushed");
        }
        core.reserve.look();
        let changes = core.subscriptions_changed.load(Ordering::Acquire);
        quiet_for = if changes == seen { quiet_for + 1 } else { 0 };
        seen = changes;
        if changes != snapshot_of && (stopped || quiet_for >= 4) {
            snapshot_of = changes;
            automatic_snapshot(core);
        }
        if stopped {
            return;
        }
    }
}

/// Frees space now and then, also that of damaged files which were repaired.
pub(crate) fn look_after_space(core: &Core) {
    let mut pause = FIRST_LOOK_AT_SPACE;
    loop {
        let stop = core.stop.lock().unwrap_or_else(PoisonError::into_inner);
        match core.wake.wait_timeout_while(stop, pause, |stop| !*stop) {
            Ok((stop, _)) if !*stop => {}
            _ => return,
        }
        if let Err(error) = crate::compact::compact_what_is_worth_it(core) {
            tracing::warn!(%error, "could not free disk space");
        }
        let now = crate::clock::clock().as_secs() as i64;
        if let Err(error) = crate::aside::prune(&core.dir, now) {
            tracing::warn!(%error, "damaged files of earlier repairs could not be removed");
        }
        pause = LOOK_AT_SPACE_EVERY;
    }
}

fn automatic_snapshot(core: &Core) {
    if core.options.automatic_snapshots
        && let Err(error) = crate::snapshot::take(core, crate::clock::clock().as_secs() as i64)
    {
        tracing::error!(%error, "no snapshot could be taken");
    }
}
