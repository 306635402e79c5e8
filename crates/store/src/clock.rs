//! The clock, for what the store does on its own.
use std::time::{Duration, SystemTime};

pub(crate) const DAY: i64 = 86_400;

/// The time since 1970, for what the store does on its own.
pub(crate) fn clock() -> Duration {
    #[expect(
        clippy::disallowed_methods,
        reason = "background threads get no time as an argument"
    )]
    let now = SystemTime::now();
    now.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}
