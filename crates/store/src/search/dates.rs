//! Dates in queries: a day, month or year, or an age such as `7d`.
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime};

/// A unit of an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeUnit {
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// How long ago something was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// How many units; zero is today.
    pub count: u32,
    /// The unit.
    pub unit: AgeUnit,
}

/// A day, month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    /// Its beginning, as if it were in UTC.
    pub(crate) from: i64,
    /// The beginning of the next one.
    pub(crate) to: i64,
    /// If it was given relative to today.
    pub(crate) age: Option<Age>,
}

/// Longest age, in units; no day before the year 1 is meant.
const LONGEST_AGE: u32 = 10_000;

/// Reads `2026-01-31`, `2026/01`, `2026`, `today`, `yesterday`, `7d`, `2w`, `3m`, `1y`, and the
/// same in Indonesian. `today` is the beginning of the reader's day.
pub(crate) fn day(text: &str, today: i64) -> Option<Day> {
    absolute(text).or_else(|| relative(&text.to_lowercase(), today))
}

/// The date that was probably meant, as it has to be written.
pub(crate) fn meant(text: &str, today: i64) -> Option<String> {
    // Days before months, as in most of the world; months before days where nothing else is left.
    let parts: Vec<u32> = text
        .split(['-', '/', '.'])
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let thisyear = DateTime::from_timestamp(today, 0)?.year();
    let [one, two, three] = *parts.as_slice() else {
        return None;
    };
    let date = |year: u32, month, day| {
        let year = i32::try_from(year).ok()?;
        let year = if year < 100 {
            thisyear / 100 * 100 + year
        } else {
            year
        };
        NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1900..2200).contains(&year))
    };
    let date = if text.split(['-', '/', '.']).next()?.len() == 4 {
        date(one, three, two).or_else(|| date(one, two, three))
    } else {
        date(three, two, one).or_else(|| date(three, one, two))
    }?;
    Some(date.format("%Y-%m-%d").to_string())
}

fn absolute(text: &str) -> Option<Day> {
    let mut parts = text.split(['-', '/']);
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month: Option<u32> = parts.next().map(str::parse).transpose().ok()?;
    let day: Option<u32> = parts.next().map(str::parse).transpose().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), 1)?;
    let (from, to) = match (month, day) {
        (_, Some(day)) => {
            // A day beyond the month's end is the next month's first.
            let from = first.with_day(day).or_else(|| {
                first
                    .checked_add_months(Months::new(1))
                    .filter(|_| day <= 31 && day > 0)
            })?;
            (from, from.succ_opt()?)
        }
        (Some(_), None) => (first, first.checked_add_months(Months::new(1))?),
        (None, None) => (first, first.checked_add_months(Months::new(12))?),
    };
    Some(Day {
        from: seconds(from),
        to: seconds(to),
        age: None,
    })
}

fn relative(text: &str, today: i64) -> Option<Day> {
    let age = match text {
        "today" | "hari-ini" => Age {
            count: 0,
            unit: AgeUnit::Day,
        },
        "yesterday" | "kemarin" => Age {
            count: 1,
            unit: AgeUnit::Day,
        },
        _ => {
            let letters = text.find(|c: char| !c.is_ascii_digit())?;
            let count = text[..letters].parse().ok().filter(|n| *n <= LONGEST_AGE)?;
            let unit = match &text[letters..] {
                "d" | "day" | "days" | "h" | "hari" => AgeUnit::Day,
                "w" | "week" | "weeks" | "minggu" => AgeUnit::Week,
                "m" | "month" | "months" | "b" | "bulan" => AgeUnit::Month,
                "y" | "year" | "years" | "t" | "tahun" => AgeUnit::Year,
                _ => return None,
            };
            Age { count, unit }
        }
    };
    let now = DateTime::from_timestamp(today, 0)?.date_naive();
    let from = match age.unit {
        AgeUnit::Day => now.checked_sub_days(Days::new(age.count.into())),
        AgeUnit::Week => now.checked_sub_days(Days::new(u64::from(age.count) * 7)),
        AgeUnit::Month => now.checked_sub_months(Months::new(age.count)),
        AgeUnit::Year => now.checked_sub_months(Months::new(age.count.checked_mul(12)?)),
    }
    .filter(|from| from.year() > 0)?;
    Some(Day {
        from: seconds(from),
        to: seconds(from.succ_opt()?),
        age: Some(age),
    })
}

fn seconds(date: NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-29.
    const TODAY: i64 = 1_795_910_400;

    #[test]
    fn days_are_parsed() {
        let from = |text: &str| day(text, TODAY).map(|day| day.from);
        for (text, expected) in [
            ("2026-11-24", Some(1_795_478_400)),
            ("2026/11/24", Some(1_795_478_400)),
            ("2026-02-30", from("2026-03-01")),
            ("2026", Some(1_767_225_600)),
            ("today", from("2026-11-29")),
            ("Kemarin", from("2026-11-28")),
            ("7d", from("2026-11-22")),
            ("2minggu", from("2026-11-15")),
            ("3m", from("2026-08-29")),
            ("1tahun", from("2025-11-29")),
            ("26-11-24", None),
            ("2026-13", None),
            ("2026-11-00", None),
            ("2026-11-24-1", None),
            ("7x", None),
            ("99999999999y", None),
            ("10000y", None),
            ("noon", None),
            ("", None),
        ] {
            assert_eq!(from(text), expected, "{text}");
        }
    }

    #[test]
    fn other_ways_to_write_a_date_are_recognised() {
        for (text, expected) in [
            ("24/11/2026", Some("2026-11-24")),
            ("24.11.2026", Some("2026-11-24")),
            ("3-4-2026", Some("2026-04-03")),
            ("11/24/2026", Some("2026-11-24")),
            ("24-11-26", Some("2026-11-24")),
            ("2026-24-11", Some("2026-11-24")),
            ("2026-13-40", None),
            ("40/40/2026", None),
            ("noon", None),
            ("1/2", None),
        ] {
            assert_eq!(meant(text, TODAY).as_deref(), expected, "{text}");
        }
    }
}
