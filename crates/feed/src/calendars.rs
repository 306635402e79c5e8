//! The Persian and the Thai calendar.

use std::ops::Range;

/// Thailand counts 543 years more.
const BUDDHIST: i32 = 543;
const BUDDHIST_YEARS: Range<i32> = 2440..2700;
/// Years that are Iran's: ours of that number had no feeds.
pub(crate) const PERSIAN_YEARS: Range<i32> = 1300..1473;

/// A year of our calendar: Thailand's count is recognised by its size.
pub(crate) fn gregorian(year: i32) -> i32 {
    if BUDDHIST_YEARS.contains(&year) {
        year - BUDDHIST
    } else {
        year
    }
}

/// The Gregorian year, month and day of one of the Persian calendar, by its cycle of 33 years (right
/// from 1244 to 1472 of it).
pub(crate) fn from_persian(year: i32, month: u32, day: u32) -> Option<chrono::NaiveDate> {
    if !(1244..=1472).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let before: u32 = if month <= 7 {
        (month - 1) * 31
    } else {
        (month - 7) * 30 + 186
    };
    // The first of Farvardin 1404 is 21 March 2025; leap years fall on these rests of the cycle.
    let leap = |year: i32| matches!(year.rem_euclid(33), 1 | 5 | 9 | 13 | 17 | 22 | 26 | 30);
    let length = |year: i32| 365 + i64::from(leap(year));
    let years: i64 = if year >= 1404 {
        (1404..year).map(length).sum()
    } else {
        -(year..1404).map(length).sum::<i64>()
    };
    let start = chrono::NaiveDate::from_ymd_opt(2025, 3, 21)?;
    start.checked_add_signed(chrono::Duration::days(years + i64::from(before + day - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persian_dates_are_converted() {
        for (persian, expected) in [
            ((1403, 12, 30), "2025-03-20"),
            ((1404, 1, 1), "2025-03-21"),
            ((1405, 2, 15), "2026-05-05"),
            ((1399, 12, 30), "2021-03-20"),
            ((1379, 7, 1), "2000-09-22"),
        ] {
            let (year, month, day) = persian;
            let date = from_persian(year, month, day).map(|date| date.to_string());
            assert_eq!(date.as_deref(), Some(expected), "{persian:?}");
        }
    }
}
