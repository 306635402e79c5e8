//! The clock, for what the store does on its own.
use std::time::{Duration, SystemTime};

pub(crate) const DAY: i64 = 86_400;

/// How long after 1970 it is; for what the store does of its own accord.
pub(crate) fn clock() -> Duration {
    #[expect(
        clippy::disallowed_methods,
        reason = "nobody gives the time to a background thread"
    )]
    let now = SystemTime::now();
    now.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}
