//! The Persian and the Thai calendar.

use std::ops::Range;

/// Difference of the Buddhist calendar in years.
const BUDDHIST: i32 = 543;
const BUDDHIST_YEARS: Range<i32> = 2440..2700;
/// Years taken as Persian: no feed is dated in these Gregorian years.
pub(crate) const PERSIAN_YEARS: Range<i32> = 1300..1473;

/// The Gregorian year; Buddhist years are recognised by their size.
pub(crate) fn gregorian(year: i32) -> i32 {
    if BUDDHIST_YEARS.contains(&year) {
        year - BUDDHIST
    } else {
        year
    }
}

/// Converts a Persian date by the 33-year cycle, which is correct for the years 1244 to 1472.
pub(crate) fn from_persian(year: i32, month: u32, day: u32) -> Option<chrono::NaiveDate> {
    if !(1244..=1472).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let before: u32 = if month <= 7 {
        (month - 1) * 31
    } else {
        (month - 7) * 30 + 186
    };
    // 1 Farvardin 1404 is 21 March 2025; these remainders are leap years.
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
