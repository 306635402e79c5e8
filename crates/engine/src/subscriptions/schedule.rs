//! Computes when a feed is fetched next. Pure: the time is an argument, and jitter is derived from
//! the feed's id.
//!
//! A feed is fetched about twice as often as it publishes, but not more often than its publisher
//! allows (`ttl`, `sy:`, `Cache-Control`, `skipHours`, `skipDays`). An interval set by the reader
//! takes precedence. Values from servers are clamped, so that none can silence a feed permanently.

use warta_store::{FeedId, FeedSchedule};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// Minimum automatic interval.
const SHORTEST: i64 = 30 * MINUTE;
/// Maximum automatic interval.
const LONGEST: i64 = DAY;
/// Interval of a feed whose publishing rate is unknown.
const USUAL: i64 = HOUR;
/// Maximum delay due to `Cache-Control`.
const LONGEST_CACHED: i64 = 6 * HOUR;
/// Minimum interval that a reader can set.
const SHORTEST_OWN: i64 = 5 * MINUTE;
/// Maximum estimated publishing interval of a feed without new entries.
const LONGEST_INTERVAL: i64 = 14 * DAY;
/// Number of newest entries from which the publishing interval is estimated.
const TELLING: usize = 20;
/// Number of failures after which the retry interval stops growing.
const MOST_DOUBLINGS: u32 = 6;

/// When a feed that was fetched successfully at `now` is due again. `every_minutes`: the reader's
/// interval.
pub(crate) fn next_due(
    now: i64,
    feed: FeedId,
    schedule: &FeedSchedule,
    every_minutes: Option<u32>,
) -> i64 {
    if let Some(minutes) = every_minutes {
        return now + (i64::from(minutes) * MINUTE).max(SHORTEST_OWN);
    }
    let wanted = schedule
        .interval_seconds
        .map_or(USUAL, |interval| i64::from(interval) / 2);
    let ttl = schedule
        .ttl_minutes
        .map_or(0, |minutes| i64::from(minutes) * MINUTE);
    let cached = schedule
        .max_age_seconds
        .map_or(0, |age| i64::from(age).min(LONGEST_CACHED));
    let pause = wanted.max(ttl).max(cached).clamp(SHORTEST, LONGEST);
    past_skipped(now + spread(pause, feed, now), schedule)
}

/// When a feed is retried after `failures` consecutive failures. `asked`: the server's
/// `Retry-After` in seconds.
pub(crate) fn next_try(now: i64, feed: FeedId, failures: u32, asked: Option<u64>) -> i64 {
    let retry_interval = SHORTEST << failures.saturating_sub(1).min(MOST_DOUBLINGS);
    let asked = asked.map_or(0, |seconds| seconds.min(DAY as u64) as i64);
    now + spread(retry_interval, feed, now).max(asked).min(LONGEST)
}

/// Estimates a feed's publishing interval in seconds from the publication times of its entries.
pub(crate) fn interval(now: i64, published: impl Iterator<Item = i64>) -> Option<u32> {
    let mut times: Vec<i64> = published.filter(|time| *time <= now).collect();
    times.sort_unstable();
    times.dedup();
    let first = times.len().saturating_sub(TELLING);
    let told = &times[first..];
    // Include the time since the newest entry, so that feeds that stopped publishing are fetched
    // rarely.
    let span = now - told.first()?;
    (told.len() > 1).then(|| (span / told.len() as i64).clamp(1, LONGEST_INTERVAL) as u32)
}

/// The publishing interval after a fetch without new entries: slightly longer each time.
pub(crate) fn after_silence(interval: Option<u32>) -> Option<u32> {
    let longer = |seconds: u32| i64::from(seconds) + i64::from(seconds / 10);
    interval.map(|seconds| longer(seconds).min(LONGEST_INTERVAL) as u32)
}

/// Adds a jitter of ±10 %, so that feeds fetched together spread out.
fn spread(pause: i64, feed: FeedId, now: i64) -> i64 {
    // One step of SplitMix64 (Steele, Lea, Flood 2014).
    let mut bits = (u64::from(feed.0) << 32 ^ now as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^= bits >> 31;
    let tenth = pause / 10;
    pause - tenth + (bits % (2 * tenth.max(1) as u64)) as i64
}

/// The first hour at or after `at` that the feed's skip hours and days allow.
fn past_skipped(at: i64, schedule: &FeedSchedule) -> i64 {
    let is_skipped = |at: i64| {
        let hour = at.div_euclid(HOUR).rem_euclid(24);
        // 1 January 1970 was a Thursday.
        let day = (at.div_euclid(DAY) + 3).rem_euclid(7);
        schedule.skip_hours >> hour & 1 == 1 || schedule.skip_days >> day & 1 == 1
    };
    if !is_skipped(at) {
        return at;
    }
    let hours = (1..=7 * 24).map(|hours| at.div_euclid(HOUR) * HOUR + hours * HOUR);
    // Ignore a schedule that skips every hour.
    hours.into_iter().find(|at| !is_skipped(*at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday, 2026-05-04 12:00 UTC.
    const NOON: i64 = 1_777_896_000;

    fn pause(schedule: &FeedSchedule, every: Option<u32>) -> i64 {
        next_due(NOON, FeedId(7), schedule, every) - NOON
    }

    fn about(pause: i64, expected: i64) -> bool {
        (pause - expected).abs() <= expected / 10
    }

    #[test]
    fn the_interval_follows_the_publishing_rate_within_limits() {
        let of = |interval| FeedSchedule {
            interval_seconds: Some(interval),
            ..FeedSchedule::default()
        };
        for (interval, expected) in [(60, SHORTEST), (4 * 3600, 2 * HOUR), (30 * 86_400, LONGEST)] {
            let got = pause(&of(interval), None);
            assert!(
                about(got, expected),
                "{interval}: got {got}, expected {expected}"
            );
        }
        let got = pause(&FeedSchedule::default(), None);
        assert!(about(got, USUAL), "unknown rate: {got}");
        assert_eq!(
            pause(&of(60), Some(15)),
            15 * MINUTE,
            "the reader's interval takes precedence"
        );
        assert_eq!(pause(&of(60), Some(1)), SHORTEST_OWN);
    }

    #[test]
    fn publisher_limits_are_clamped() {
        let slow = |ttl, age| FeedSchedule {
            ttl_minutes: ttl,
            max_age_seconds: age,
            interval_seconds: Some(60),
            ..FeedSchedule::default()
        };
        for (schedule, expected) in [
            (slow(Some(180), None), 3 * HOUR),
            (slow(Some(1_000_000), None), LONGEST),
            (slow(None, Some(7200)), 2 * HOUR),
            (slow(None, Some(u32::MAX)), LONGEST_CACHED),
        ] {
            let got = pause(&schedule, None);
            assert!(about(got, expected), "{schedule:?}: {got}");
        }
    }

    #[test]
    fn skip_hours_and_skip_days_are_respected() {
        let hours = FeedSchedule {
            skip_hours: 0b111 << 12,
            ..FeedSchedule::default()
        };
        assert_eq!(next_due(NOON, FeedId(1), &hours, None), NOON + 3 * HOUR);
        let monday = FeedSchedule {
            skip_days: 1,
            ..FeedSchedule::default()
        };
        assert_eq!(next_due(NOON, FeedId(1), &monday, None), NOON + 12 * HOUR);
        let never = FeedSchedule {
            skip_days: 0x7F,
            ..FeedSchedule::default()
        };
        assert!(
            about(pause(&never, None), USUAL),
            "a schedule that skips every hour is ignored"
        );
    }

    #[test]
    fn failures_back_off_and_retry_after_is_respected() {
        let after = |failures, asked| next_try(NOON, FeedId(3), failures, asked) - NOON;
        assert!(about(after(1, None), SHORTEST));
        assert!(about(after(3, None), 2 * HOUR));
        assert!(after(60, None) <= LONGEST);
        assert_eq!(after(1, Some(7200)), 2 * HOUR);
        assert_eq!(after(1, Some(u64::MAX)), LONGEST);
    }

    #[test]
    fn the_publishing_interval_is_estimated_from_entries() {
        let every_hour = (0..30).map(|n| NOON - n * HOUR);
        let told = interval(NOON, every_hour).unwrap();
        assert!((3400..3700).contains(&told), "{told}");
        let silent = (0..30).map(|n| NOON - 100 * DAY - n * HOUR);
        assert!(i64::from(interval(NOON, silent).unwrap()) > 4 * DAY);
        assert_eq!(interval(NOON, [NOON - 5, NOON - 5].into_iter()), None);
        assert_eq!(
            interval(NOON, [NOON + 5].into_iter()),
            None,
            "future dates are ignored"
        );
        assert_eq!(after_silence(Some(1000)), Some(1100));
    }
}
