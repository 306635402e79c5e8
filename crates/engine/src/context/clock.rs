//! The only place that reads the clock. Tests supply their own.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Local, Offset, TimeZone, Utc};

const DAY: i64 = 86_400;

/// Source of the current time. The time zone is known only as an offset from UTC at a given time;
/// days and months are derived from it, so that they are consistent in every zone and across its
/// changes.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> i64 + Send + Sync>,
    utc_offset: Arc<dyn Fn(i64) -> i32 + Send + Sync>,
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

impl Clock {
    /// A clock whose time is `now` (seconds since 1970) and whose time zone is UTC.
    pub fn given(now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self::in_zone(now, |_| 0)
    }

    /// A clock in a time zone: `utc_offset` returns its offset from UTC in seconds at a given time.
    pub fn in_zone(
        now: impl Fn() -> i64 + Send + Sync + 'static,
        utc_offset: impl Fn(i64) -> i32 + Send + Sync + 'static,
    ) -> Self {
        Self {
            now: Arc::new(now),
            utc_offset: Arc::new(utc_offset),
        }
    }

    /// Seconds since 1970 UTC.
    #[must_use]
    pub fn now(&self) -> i64 {
        (self.now)()
    }

    /// Start of the reader's current month.
    #[must_use]
    pub fn month(&self) -> i64 {
        let local = self.local(self.now());
        let first = DateTime::from_timestamp(local, 0)
            .map_or(0, |time| local.div_euclid(DAY) - i64::from(time.day0()));
        self.day_begins(first * DAY)
    }

    /// Start of the reader's current day.
    #[must_use]
    pub fn midnight(&self) -> i64 {
        self.day_begins(self.today())
    }

    /// Minutes since midnight by the reader's clock.
    pub(crate) fn minute_of_day(&self) -> u16 {
        let second = self.local(self.now()).rem_euclid(DAY);
        (second / 60) as u16
    }

    /// The reader's current day: its start as if it were in UTC.
    pub(crate) fn today(&self) -> i64 {
        let local = self.local(self.now());
        local.saturating_sub(local.rem_euclid(DAY))
    }

    /// The reader's offset from UTC in seconds at a given time.
    pub(crate) fn utc_offset(&self, at: i64) -> i32 {
        (self.utc_offset)(at)
    }

    /// Start of a calendar day in the reader's time zone; `day` is its start in UTC. If the zone
    /// skips midnight, the time of the change; if midnight occurs twice, the first one.
    pub(crate) fn day_begins(&self, day: i64) -> i64 {
        // No zone is a full day away from UTC, so these are before and after any change at this
        // midnight.
        let at_offset_of = |moment: i64| day.saturating_sub(i64::from(self.utc_offset(moment)));
        let before = at_offset_of(day.saturating_sub(DAY));
        let after = at_offset_of(day.saturating_add(DAY));
        let is_midnight = |moment: i64| self.local(moment) == day;
        if !is_midnight(before) && is_midnight(after) {
            after
        } else {
            before
        }
    }

    /// Local time, encoded as if it were UTC.
    fn local(&self, at: i64) -> i64 {
        at.saturating_add(i64::from(self.utc_offset(at)))
    }
}

/// The system's clock and time zone.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the clock"
)]
pub fn system_clock() -> Clock {
    Clock::in_zone(
        || Utc::now().timestamp(),
        |at| {
            let local = Local.timestamp_opt(at, 0).earliest();
            local.map_or(0, |time| time.offset().fix().local_minus_utc())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp()
    }

    fn fixed(now: i64, seconds: i64) -> Clock {
        Clock::in_zone(move || now, move |_| seconds as i32)
    }

    #[test]
    fn day_and_month_follow_the_time_zone() {
        for (name, offset, now, midnight, month) in [
            (
                "Kiritimati",
                14 * HOUR,
                "2026-05-31T10:30:00Z",
                "2026-05-31T10:00:00Z",
                "2026-05-31T10:00:00Z",
            ),
            (
                "Kiritimati",
                14 * HOUR,
                "2026-05-31T09:59:59Z",
                "2026-05-30T10:00:00Z",
                "2026-04-30T10:00:00Z",
            ),
            (
                "Chatham",
                12 * HOUR + 2700,
                "2026-05-04T12:00:00Z",
                "2026-05-04T11:15:00Z",
                "2026-04-30T11:15:00Z",
            ),
            (
                "Auckland",
                12 * HOUR,
                "2026-05-04T12:00:00Z",
                "2026-05-04T12:00:00Z",
                "2026-04-30T12:00:00Z",
            ),
            (
                "Jakarta",
                7 * HOUR,
                "2026-05-04T16:59:59Z",
                "2026-05-03T17:00:00Z",
                "2026-04-30T17:00:00Z",
            ),
            (
                "UTC",
                0,
                "2026-05-01T00:00:00Z",
                "2026-05-01T00:00:00Z",
                "2026-05-01T00:00:00Z",
            ),
            (
                "Pago Pago",
                -11 * HOUR,
                "2026-05-01T10:59:59Z",
                "2026-04-30T11:00:00Z",
                "2026-04-01T11:00:00Z",
            ),
            (
                "Baker Island",
                -12 * HOUR,
                "2026-05-01T12:00:00Z",
                "2026-05-01T12:00:00Z",
                "2026-05-01T12:00:00Z",
            ),
        ] {
            let clock = fixed(at(now), offset);
            assert_eq!(clock.midnight(), at(midnight), "{name} {now}");
            assert_eq!(clock.month(), at(month), "{name} {now}");
            assert_eq!(clock.utc_offset(0), offset as i32, "{name}");
            let minute = (at(now) + offset).rem_euclid(DAY) / 60;
            assert_eq!(i64::from(clock.minute_of_day()), minute, "{name}");
        }
    }

    #[test]
    fn a_day_starts_by_the_offset_at_that_time() {
        // Berlin in 2026: summer time from 29 March to 25 October, 01:00 UTC.
        let (begins, ends) = (at("2026-03-29T01:00:00Z"), at("2026-10-25T01:00:00Z"));
        let berlin = move |t: i64| {
            if (begins..ends).contains(&t) {
                7200
            } else {
                3600
            }
        };
        let clock = Clock::in_zone(|| at("2026-07-01T12:00:00Z"), berlin);
        for (day, begin) in [
            ("2026-01-15", "2026-01-14T23:00:00Z"),
            ("2026-03-29", "2026-03-28T23:00:00Z"),
            ("2026-03-30", "2026-03-29T22:00:00Z"),
            ("2026-07-01", "2026-06-30T22:00:00Z"),
            ("2026-10-25", "2026-10-24T22:00:00Z"),
            ("2026-10-26", "2026-10-25T23:00:00Z"),
        ] {
            let day = at(&format!("{day}T00:00:00Z"));
            assert_eq!(clock.day_begins(day), at(begin), "{day}");
        }
        assert_eq!(clock.midnight(), at("2026-06-30T22:00:00Z"));
    }

    #[test]
    fn skipped_and_repeated_midnights() {
        // Cairo skips 24 April 2026, 00:00 to 01:00 (+2 to +3).
        let jump = at("2026-04-23T22:00:00Z");
        let cairo = Clock::in_zone(
            || at("2026-04-24T10:00:00Z"),
            move |t| if t < jump { 7200 } else { 10_800 },
        );
        assert_eq!(cairo.midnight(), jump);
        // Havana shows midnight of 1 November 2026 twice (-4 to -5 at 01:00).
        let back = at("2026-11-01T05:00:00Z");
        let havana = Clock::in_zone(
            || at("2026-11-01T18:00:00Z"),
            move |t| if t < back { -14_400 } else { -18_000 },
        );
        assert_eq!(havana.midnight(), at("2026-11-01T04:00:00Z"));
        // Samoa skipped 30 December 2011.
        let skipped = at("2011-12-30T10:00:00Z");
        let samoa = Clock::in_zone(
            || at("2011-12-31T00:00:00Z"),
            move |t| if t < skipped { -36_000 } else { 50_400 },
        );
        assert_eq!(samoa.midnight(), skipped);
        assert_eq!(
            samoa.day_begins(at("2011-12-29T00:00:00Z")),
            at("2011-12-29T10:00:00Z")
        );
    }

    #[test]
    fn extreme_times_do_not_overflow() {
        for moment in [i64::MIN, i64::MAX, 0] {
            for offset in [-12 * HOUR, 14 * HOUR] {
                let clock = fixed(moment, offset);
                let _ = (clock.midnight(), clock.month(), clock.day_begins(moment));
                assert!(clock.minute_of_day() < 24 * 60);
            }
        }
    }
}
