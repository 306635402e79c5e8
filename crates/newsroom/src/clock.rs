//! The one place that reads the clock. Tests give a clock of their own.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Local, NaiveTime, TimeZone, Utc};

/// Where the time comes from.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> i64 + Send + Sync>,
    midnight: Arc<dyn Fn(i64) -> i64 + Send + Sync>,
    month: Arc<dyn Fn(i64) -> i64 + Send + Sync>,
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

impl Clock {
    /// A clock that says what `now` says (seconds since 1970) and whose days begin at UTC's midnight.
    pub fn given(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self {
            now: Arc::new(now),
            midnight: Arc::new(|now| now - now.rem_euclid(86_400)),
            month: Arc::new(|now| first_of_month(&Utc, now)),
        }
    }

    /// Seconds since 1970 UTC.
    #[must_use]
    pub fn now(&self) -> i64 {
        (self.now)()
    }

    /// When the reader's current month began.
    #[must_use]
    pub fn month(&self) -> i64 {
        (self.month)(self.now())
    }

    /// When the reader's current day began.
    #[must_use]
    pub fn midnight(&self) -> i64 {
        (self.midnight)(self.now())
    }

    /// By how many seconds the reader's clock is ahead of UTC.
    pub(crate) fn utc_offset(&self) -> i32 {
        let past = self.midnight().rem_euclid(86_400) as i32;
        if past > 12 * 3600 {
            86_400 - past
        } else {
            -past
        }
    }
}

/// When the month of a time began in a time zone.
fn first_of_month<Z: TimeZone>(zone: &Z, now: i64) -> i64 {
    let begins = |time: DateTime<Z>| {
        time.with_day(1)?
            .with_time(NaiveTime::MIN)
            .earliest()
            .map(|first| first.timestamp())
    };
    let here = zone.timestamp_opt(now, 0).earliest();
    here.and_then(begins).unwrap_or(0)
}

/// The machine's clock and time zone.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub fn system_clock() -> Clock {
    Clock {
        now: Arc::new(|| Utc::now().timestamp()),
        midnight: Arc::new(|now| {
            Local
                .timestamp_opt(now, 0)
                .earliest()
                .and_then(|t| t.with_time(NaiveTime::MIN).earliest())
                .map_or(now - now.rem_euclid(86_400), |t| t.timestamp())
        }),
        month: Arc::new(|now| first_of_month(&Local, now)),
    }
}
