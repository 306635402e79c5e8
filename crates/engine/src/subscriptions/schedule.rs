//! When a feed is fetched next. Pure: the time comes in, and chance is drawn from the feed's number.
//!
//! A feed is asked about twice as often as it publishes, no more often than its publisher allows
//! (`ttl`, `sy:`, `Cache-Control`, `skipHours`, `skipDays`), and a reader who sets an interval is
//! obeyed. What servers ask for is clamped: none can silence a feed for ever.

use warta_store::{FeedId, FeedSchedule};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// A feed is fetched no more often than this by itself.
const SHORTEST: i64 = 30 * MINUTE;
/// A feed is fetched at least this often.
const LONGEST: i64 = DAY;
/// A feed of which nothing is known is fetched this often.
const USUAL: i64 = HOUR;
/// `Cache-Control` holds a feed back no longer than this.
const LONGEST_CACHED: i64 = 6 * HOUR;
/// Minimum interval that a reader can set.
const SHORTEST_OWN: i64 = 5 * MINUTE;
/// A silent feed's interval grows no longer than this.
const LONGEST_INTERVAL: i64 = 14 * DAY;
/// Number of newest entries from which the publishing interval is estimated.
const TELLING: usize = 20;
/// Number of failures after which the pause between tries stops growing.
const MOST_DOUBLINGS: u32 = 6;

/// When a feed that answered `now` is due again. `every_minutes`: the reader's own interval.
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

/// When a feed is tried again that failed `failures` times in a row. `asked`: seconds that its
/// server asks to wait.
pub(crate) fn next_try(now: i64, feed: FeedId, failures: u32, asked: Option<u64>) -> i64 {
    let patience = SHORTEST << failures.saturating_sub(1).min(MOST_DOUBLINGS);
    let asked = asked.map_or(0, |seconds| seconds.min(DAY as u64) as i64);
    now + spread(patience, feed, now).max(asked).min(LONGEST)
}

/// How often a feed publishes, in seconds, from when its entries were published.
pub(crate) fn interval(now: i64, published: impl Iterator<Item = i64>) -> Option<u32> {
    let mut times: Vec<i64> = published.filter(|time| *time <= now).collect();
    times.sort_unstable();
    times.dedup();
    let first = times.len().saturating_sub(TELLING);
    let told = &times[first..];
    // The silence since the newest counts: a feed that has stopped publishes rarely.
    let span = now - told.first()?;
    (told.len() > 1).then(|| (span / told.len() as i64).clamp(1, LONGEST_INTERVAL) as u32)
}

/// The interval of a feed that had nothing new: a little longer each time.
pub(crate) fn after_silence(interval: Option<u32>) -> Option<u32> {
    let longer = |seconds: u32| i64::from(seconds) + i64::from(seconds / 10);
    interval.map(|seconds| longer(seconds).min(LONGEST_INTERVAL) as u32)
}

/// A tenth more or less, so that feeds that were fetched together drift apart.
fn spread(pause: i64, feed: FeedId, now: i64) -> i64 {
    // One step of SplitMix64 (Steele, Lea, Flood 2014).
    let mut bits = (u64::from(feed.0) << 32 ^ now as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^= bits >> 31;
    let tenth = pause / 10;
    pause - tenth + (bits % (2 * tenth.max(1) as u64)) as i64
}

/// The first hour from then on in which the feed may be fetched.
fn past_skipped(at: i64, schedule: &FeedSchedule) -> i64 {
    let is_skipped = |at: i64| {
        let hour = at.div_euclid(HOUR).rem_euclid(24);
        // The first of January 1970 was a Thursday.
        let day = (at.div_euclid(DAY) + 3).rem_euclid(7);
        schedule.skip_hours >> hour & 1 == 1 || schedule.skip_days >> day & 1 == 1
    };
    if !is_skipped(at) {
        return at;
    }
    let hours = (1..=7 * 24).map(|hours| at.div_euclid(HOUR) * HOUR + hours * HOUR);
    // One that allows no hour at all cannot mean it.
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
    fn a_feed_is_asked_as_often_as_it_publishes_within_bounds() {
        let of = |interval| FeedSchedule {
            interval_seconds: Some(interval),
            ..FeedSchedule::default()
        };
        for (interval, expected) in [(60, SHORTEST), (4 * 3600, 2 * HOUR), (30 * 86_400, LONGEST)] {
            let got = pause(&of(interval), None);
            assert!(about(got, expected), "{interval}: {got}, not {expected}");
        }
        let got = pause(&FeedSchedule::default(), None);
        assert!(about(got, USUAL), "nothing known: {got}");
        assert_eq!(pause(&of(60), Some(15)), 15 * MINUTE, "the reader decides");
        assert_eq!(pause(&of(60), Some(1)), SHORTEST_OWN);
    }

    #[test]
    fn publishers_hold_back_but_not_for_ever() {
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
    fn skipped_hours_and_days_are_passed_over() {
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
            "no hour at all is no wish"
        );
    }

    #[test]
    fn failures_make_patient_and_servers_are_heard() {
        let after = |failures, asked| next_try(NOON, FeedId(3), failures, asked) - NOON;
        assert!(about(after(1, None), SHORTEST));
        assert!(about(after(3, None), 2 * HOUR));
        assert!(after(60, None) <= LONGEST);
        assert_eq!(after(1, Some(7200)), 2 * HOUR);
        assert_eq!(after(1, Some(u64::MAX)), LONGEST);
    }

    #[test]
    fn how_often_a_feed_publishes_is_told_from_its_entries() {
        let every_hour = (0..30).map(|n| NOON - n * HOUR);
        let told = interval(NOON, every_hour).unwrap();
        assert!((3400..3700).contains(&told), "{told}");
        let silent = (0..30).map(|n| NOON - 100 * DAY - n * HOUR);
        assert!(i64::from(interval(NOON, silent).unwrap()) > 4 * DAY);
        assert_eq!(interval(NOON, [NOON - 5, NOON - 5].into_iter()), None);
        assert_eq!(
            interval(NOON, [NOON + 5].into_iter()),
            None,
            "the future tells nothing"
        );
        assert_eq!(after_silence(Some(1000)), Some(1100));
    }
}
