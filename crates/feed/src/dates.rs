//! Parses dates as found in feeds: RFC 3339 and its variants, RFC 822 with all kinds of errors,
//! month names in many languages, and numeric dates in any order.

use std::ops::Range;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc, Weekday};

use crate::calendars::{PERSIAN_YEARS, from_persian, gregorian};
use crate::date_folding::fold_date;
use crate::{loose_dates, zones};

/// Maximum length of a date, in bytes.
const LONGEST: usize = 200;
/// Tolerance around [`ZEROS`], in seconds: time zones shift them by half a day.
const AROUND_ZERO: i64 = 86_400;
/// The beginning of the year 3000; later dates are errors.
const LAST: i64 = 32_503_680_000;
/// Epochs of operating systems and databases, which are written for missing dates: 1601 (Windows),
/// 1753 and 1900 (SQL Server), 1858 (VMS), 1899 (OLE, Delphi, Excel), 1904 (Mac OS), 1970 (Unix),
/// in Unix time.
const ZEROS: [i64; 7] = [
    -11_644_473_600,
    -6_847_804_800,
    -3_506_716_800,
    -2_209_161_600,
    -2_208_988_800,
    -2_082_844_800,
    0,
];

/// Parses a feed's date, in UTC. Without a time zone it is taken as UTC, without a time as
/// midnight. Placeholder dates (the year 1, the Unix epoch) are `None`.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    // Go's `Time.String` ends with the reading of the monotonic clock.
    let text = match text.split_once(" m=") {
        Some((date, reading)) if reading.starts_with(['+', '-']) => date.trim_end(),
        _ => text,
    };
    usual(text.as_bytes())
        .or_else(|| iso(text))
        .or_else(|| compact(text))
        .or_else(|| since_1970(text))
        .or_else(|| loose_dates::read(text))
        .or_else(|| overflowing(text))
        .filter(|moment| is_plausible(*moment))
}

/// Whether a date is plausible, and not a placeholder for a missing one.
fn is_plausible(moment: DateTime<Utc>) -> bool {
    let seconds = moment.timestamp();
    if (AROUND_ZERO + 1..LAST).contains(&seconds) {
        return true;
    }
    (3..3000).contains(&moment.year())
        && ZEROS
            .iter()
            .all(|zero| (seconds - zero).abs() > AROUND_ZERO)
}

/// Fast path for the two usual forms, `Mon, 02 Jan 2006 15:04:05 +0700` and
/// `2006-01-02T15:04:05+07:00`.
fn usual(text: &[u8]) -> Option<DateTime<Utc>> {
    let (year, month, day, rest) = match text {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', rest @ ..] => {
            let year = two(*y1, *y2)? * 100 + two(*y3, *y4)?;
            (year, two(*m1, *m2)?, two(*d1, *d2)?, rest)
        }
        [
            _,
            _,
            _,
            b',',
            b' ',
            d1,
            d2,
            b' ',
            m1,
            m2,
            m3,
            b' ',
            y1,
            y2,
            y3,
            y4,
            b' ',
            rest @ ..,
        ] => {
            let month = ENGLISH.iter().position(|name| *name == [*m1, *m2, *m3])? as u32 + 1;
            let year = two(*y1, *y2)? * 100 + two(*y3, *y4)?;
            (year, month, two(*d1, *d2)?, rest)
        }
        _ => return None,
    };
    let [h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] = rest else {
        return None;
    };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    let rest = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            &fraction[digits..]
        }
        _ => rest,
    };
    let offset_seconds = match rest {
        b"Z" | b" GMT" | b" UTC" | b" Z" => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2]
        | [b' ', sign @ (b'+' | b'-'), h1, h2, m1, m2] => {
            let (hours, minutes) = (two(*h1, *h2)?, two(*m1, *m2)?);
            let seconds = i64::from(hours * 3600 + minutes * 60);
            match sign {
                _ if hours > 15 || minutes > 59 => return None,
                b'-' => -seconds,
                _ => seconds,
            }
        }
        _ => return None,
    };
    let plain = hour < 24 && minute < 60 && second < 60;
    let time = Time {
        hour,
        minute,
        second,
        offset_seconds,
    };
    plain.then(|| moment(i32::try_from(year).ok()?, month, day, time))?
}

/// The value of two digits.
fn two(tens: u8, ones: u8) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

/// Months as abbreviated in RFC 822.
const ENGLISH: [[u8; 3]; 12] = [
    *b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct",
    *b"Nov", *b"Dec",
];

/// An ISO 8601 date with parts that are too large, as written by faulty arithmetic: 32 July is 1
/// August, 25:00 is 1:00 of the next day.
fn overflowing(text: &str) -> Option<DateTime<Utc>> {
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (hour, rest) = number(rest.strip_prefix(['T', 't', ' '])?, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => number(rest, 2)?,
        None => (0, rest),
    };
    let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let (months, days) = (month.checked_sub(1)?, day.checked_sub(1)?);
    let year = i32::try_from(year + months / 12).ok()?;
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    let first = NaiveDate::from_ymd_opt(year, months % 12 + 1, 1)?.and_hms_opt(0, 0, 0)?;
    let naive = first
        .checked_add_signed(Duration::days(i64::from(days)))?
        .checked_add_signed(Duration::seconds(seconds - zones::numeric_seconds(rest)?))?;
    Some(naive.and_utc())
}

/// A time of day with its offset from UTC.
#[derive(Debug, Clone, Copy, Default)]
struct Time {
    hour: u32,
    minute: u32,
    second: u32,
    offset_seconds: i64,
}

fn moment(year: i32, month: u32, day: u32, time: Time) -> Option<DateTime<Utc>> {
    // A leap second becomes the last second of its minute; 24:00 is midnight of the next day.
    let (hour, days) = if time.hour == 24 && time.minute == 0 {
        (0, 1)
    } else {
        (time.hour, 0)
    };
    let date = if PERSIAN_YEARS.contains(&year) {
        from_persian(year, month, day)?
    } else {
        NaiveDate::from_ymd_opt(gregorian(year), month, day)?
    };
    let naive = date
        .and_hms_opt(hour, time.minute, time.second.min(59))?
        .checked_add_signed(Duration::days(days))?
        .checked_sub_signed(Duration::seconds(time.offset_seconds))?;
    Some(naive.and_utc())
}

/// At most `most` digits at the start of `text`, and the rest.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let end = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// ISO 8601 in the extended form used by W3CDTF and RFC 3339; month names are accepted.
fn iso(text: &str) -> Option<DateTime<Utc>> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 4 {
        return None;
    }
    let year: i32 = text[..4].parse().ok()?;
    let rest = &text[4..];
    if rest.is_empty() {
        return moment(year, 1, 1, Time::default());
    }
    if let Some(week) = rest.trim_start_matches('-').strip_prefix(['W', 'w']) {
        return week_date(year, week);
    }
    let separator = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '/' | '.'))?;
    let rest = &rest[1..];
    if let Some(day) = ordinal(year, rest) {
        return day;
    }
    let (month, rest) = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        number(rest, 3)?
    } else {
        let end = rest.find(separator)?;
        (warta_text::month(&fold_date(&rest[..end]))?.0, &rest[end..])
    };
    let Some(rest) = rest.strip_prefix(separator) else {
        return rest
            .is_empty()
            .then(|| moment(year, month, 1, Time::default()))?;
    };
    let (day, rest) = number(rest, 3)?;
    let rest = rest.trim_start_matches(['T', 't', ' ', ',']).trim();
    let time = if rest.is_empty() {
        Time::default()
    } else {
        iso_time(rest)?
    };
    moment(year, month, day, time)
}

/// An ordinal date such as `125` and `125T09:12Z`.
#[expect(
    clippy::option_option,
    reason = "outer `None`: another format; inner `None`: no such day or time"
)]
fn ordinal(year: i32, text: &str) -> Option<Option<DateTime<Utc>>> {
    let (day, rest) = text.split_at_checked(3)?;
    let day = day.bytes().all(|b| b.is_ascii_digit()).then_some(day)?;
    let time = match rest.strip_prefix(['T', 't', ' ']) {
        Some(time) => time,
        None => rest.is_empty().then_some("")?,
    };
    Some(day.parse().ok().and_then(|day| {
        let date = NaiveDate::from_yo_opt(year, day)?;
        on(date, time)
    }))
}

/// An ISO 8601 week date such as `19-2` and `192`; Monday if no day is given.
fn week_date(year: i32, text: &str) -> Option<DateTime<Utc>> {
    let (week, rest) = number(text, 2)?;
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let (day, rest) = number(rest, 1).unwrap_or((1, rest));
    let day = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
    let date = NaiveDate::from_isoywd_opt(year, week, day)?;
    let time = rest.strip_prefix(['T', 't', ' ']);
    on(date, time.or_else(|| rest.is_empty().then_some(""))?)
}

/// An optional time on a day.
fn on(date: NaiveDate, time: &str) -> Option<DateTime<Utc>> {
    let time = if time.is_empty() {
        Time::default()
    } else {
        compact_time(time)?
    };
    moment(date.year(), date.month(), date.day(), time)
}

fn iso_time(text: &str) -> Option<Time> {
    let (mut time, rest) = clock(text)?;
    time.offset_seconds = zones::numeric_seconds(rest)?;
    Some(time)
}

/// ISO 8601's basic forms: `20031231`, `20031231T101455Z`, `031231`, `03-12-31`, `-0312`, `-03-12`,
/// `03335`, `2003335`, and fourteen digits in a row.
fn compact(text: &str) -> Option<DateTime<Utc>> {
    let body = text.strip_prefix('-').unwrap_or(text);
    let dashed = body.len() < text.len();
    let century = |year: u32| i32::try_from(if year < 70 { 2000 + year } else { 1900 + year }).ok();
    let parts: Vec<&str> = body.split('-').collect();
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if parts.iter().all(|part| all_digits(part) && part.len() == 2) {
        match *parts.as_slice() {
            [year, month, day] if !dashed => {
                let (month, day) = (month.parse().ok()?, day.parse().ok()?);
                return moment(century(year.parse().ok()?)?, month, day, Time::default());
            }
            [year, month] if dashed => {
                let year = century(year.parse().ok()?)?;
                return moment(year, month.parse().ok()?, 1, Time::default());
            }
            _ => {}
        }
    }
    let (digits, rest) = body.split_at(body.bytes().take_while(u8::is_ascii_digit).count());
    if digits.len() == 4 && rest.starts_with(['W', 'w']) {
        return week_date(digits.parse().ok()?, &rest[1..]);
    }
    let time_follows = matches!(digits.len(), 7 | 8) && rest.starts_with(['T', 't', ' ']);
    let zone_follows = matches!(digits.len(), 12 | 14);
    if !rest.is_empty() && !time_follows && !zone_follows {
        return None;
    }
    let part = |range: Range<usize>| digits[range].parse::<u32>().ok();
    match digits.len() {
        4 if dashed => moment(century(part(0..2)?)?, part(2..4)?, 1, Time::default()),
        // A year and an ordinal day; only the month is certain.
        5 if !dashed => {
            let day = part(2..5)?;
            let date = NaiveDate::from_yo_opt(century(part(0..2)?)?, day)?;
            let first = date.format("%Y-%m-01").to_string();
            iso(&first)
        }
        6 if !dashed => moment(
            century(part(0..2)?)?,
            part(2..4)?,
            part(4..6)?,
            Time::default(),
        ),
        7 if !dashed => {
            let date = NaiveDate::from_yo_opt(i32::try_from(part(0..4)?).ok()?, part(4..7)?)?;
            on(date, rest.trim_start_matches(['T', 't', ' ']))
        }
        12 | 14 if !dashed && (1990..2100).contains(&part(0..4)?) => {
            let date = NaiveDate::from_ymd_opt(part(0..4)? as i32, part(4..6)?, part(6..8)?)?;
            on(date, &text[8..])
        }
        8 if !dashed => {
            let rest = rest.trim_start_matches(['T', 't', ' ']);
            let time = if rest.is_empty() {
                Time::default()
            } else {
                compact_time(rest)?
            };
            moment(
                i32::try_from(part(0..4)?).ok()?,
                part(4..6)?,
                part(6..8)?,
                time,
            )
        }
        _ => None,
    }
}

/// Unix time in seconds (optionally with a fraction), milliseconds or finer, also in .NET's form.
/// The result is in whole seconds.
fn since_1970(text: &str) -> Option<DateTime<Utc>> {
    let inner = text.trim_matches('/').strip_prefix("Date(");
    let inner = inner.and_then(|inner| inner.strip_suffix(')'));
    // .NET appends an offset that does not change the time.
    let text = match inner {
        Some(inner) => inner.split(['+', '-']).next()?,
        None => text.strip_prefix('@').unwrap_or(text),
    };
    let digits = match text.split_once('.') {
        Some((digits, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => digits,
        Some(_) => return None,
        None => text,
    };
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let divisor = match digits.len() {
        9 | 10 => 1,
        12 | 13 => 1_000,
        16 => 1_000_000,
        19 => 1_000_000_000,
        _ => return None,
    };
    DateTime::from_timestamp(digits.parse::<i64>().ok()? / divisor, 0)
}

fn compact_time(text: &str) -> Option<Time> {
    if text.contains(':') {
        return iso_time(text);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let part = |range: Range<usize>| text.get(range)?.parse::<u32>().ok();
    let second = if digits >= 6 { part(4..6)? } else { 0 };
    let rest = text[digits..].trim();
    let offset_seconds = zones::numeric_seconds(rest)?;
    Some(Time {
        hour: part(0..2)?,
        minute: part(2..4)?,
        second,
        offset_seconds,
    })
}

/// `hh:mm[:ss[.fff]]` at the start.
fn clock(text: &str) -> Option<(Time, &str)> {
    let (hour, rest) = number(text, 2)?;
    let rest = rest.strip_prefix(':')?;
    let (minute, mut rest) = number(rest, 2)?;
    let mut second = 0;
    if let Some(after) = rest.strip_prefix(':') {
        (second, rest) = number(after, 2)?;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        // A time has at most three parts.
        if rest.starts_with(':') {
            return None;
        }
    }
    (hour <= 24 && minute < 60 && second <= 60).then_some((
        Time {
            hour,
            minute,
            second,
            offset_seconds: 0,
        },
        rest,
    ))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn dates_are_parsed_in_every_spelling() {
        for (text, expected) in [
            (
                "Mon, 02 Jan 2006 15:04:05 EST",
                Some("2006-01-02T20:04:05Z"),
            ),
            ("2006-01-02T15:04:05-07:00", Some("2006-01-02T22:04:05Z")),
            ("2003-12-31T10:14:55.1234Z", Some("2003-12-31T10:14:55Z")),
            ("20031231T101455Z", Some("2003-12-31T10:14:55Z")),
            ("Selasa, 5 Mei 2026 09:12 WIB", Some("2026-05-05T02:12:00Z")),
            (
                "Selasa, 5 Mei 2026 pukul 09.12 WIB",
                Some("2026-05-05T02:12:00Z"),
            ),
            ("17 Agustus 2025 10:00 WITA", Some("2025-08-17T02:00:00Z")),
            ("Nov. 16, 2020, 10:57 p.m.", Some("2020-11-16T22:57:00Z")),
            (
                "Lundi, 16. Novembre 2020 - 15:54",
                Some("2020-11-16T15:54:00Z"),
            ),
            ("Sun Jan  4 16:29:06 2004", Some("2004-01-04T16:29:06Z")),
            ("10/30/23 21:55:58", Some("2023-10-30T21:55:58Z")),
            ("26/06/2020", Some("2020-06-26T00:00:00Z")),
            ("1520932969", Some("2018-03-13T09:22:49Z")),
            ("1520932969711", Some("2018-03-13T09:22:49Z")),
            (
                "Thu, 29 Oct 2020 07:36:03 GMT-07:00",
                Some("2020-10-29T14:36:03Z"),
            ),
            (
                "Wed, 31 Dec 2025 24:00:00 GMT",
                Some("2026-01-01T00:00:00Z"),
            ),
            ("2026-05-05T09:12:00+7", Some("2026-05-05T02:12:00Z")),
            ("2026-05-05T09:12:00+730", Some("2026-05-05T01:42:00Z")),
            ("2026-05-05T09:12:00+9999999999999999:00", None),
            ("2026-05-05T09:12:00+-7:00", None),
            ("invalid", None),
            ("Sun, 99 Jun 2009 12:00:00 GMT", None),
            ("2013-01-28T09:xx:00Z", None),
            ("", None),
            ("::::", None),
            ("é:é", None),
        ] {
            let moment = parse(text);
            assert_eq!(
                moment.map_or(0, |t| t.timestamp_subsec_nanos()),
                0,
                "{text}"
            );
            let got = moment.map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string());
            assert_eq!(got.as_deref(), expected, "{text}");
        }
    }

    #[track_caller]
    fn check(dates: &[(&str, &str)]) {
        let mut wrong = Vec::new();
        for (text, expected) in dates {
            let got = parse(text).map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string());
            if got.as_deref().unwrap_or("none") != *expected {
                wrong.push(format!("{text}: {got:?}, expected {expected}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn placeholder_dates_are_none() {
        for text in [
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00+07:00",
            "Mon, 01 Jan 0001 00:00:00 +0000",
            "0000-00-00 00:00:00",
            "Wed, 30 Nov -0001 00:00:00 +0000",
            "-0001-11-30T00:00:00+00:00",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "1970-01-01",
            "Wed, 31 Dec 1969 19:00:00 -0500",
            "1970-01-01T07:00:00+07:00",
            "1 Januari 1970 07.00 WIB",
            "0",
            "1601-01-01T00:00:00Z",
            "12/30/1899 12:00:00 AM",
            "1899-12-31",
            "Mon, 01 Jan 1900 00:00:00 GMT",
            "1904-01-01T00:00:00Z",
            "1753-01-01",
            "9999-12-31T23:59:59Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        check(&[
            ("1970-02-01", "1970-02-01T00:00:00Z"),
            ("1905-06-30", "1905-06-30T00:00:00Z"),
        ]);
    }

    #[test]
    fn zones_are_read_in_every_spelling() {
        check(&[
            ("2026-03-04 08:15:00 +0700 WIB", "2026-03-04T01:15:00Z"),
            (
                "2026-03-04 08:15:00.25 +0900 WIT m=+0.012",
                "2026-03-03T23:15:00Z",
            ),
            (
                "2026-03-04 08:15:00.123456789 +0700 WIB m=+12345.678901234",
                "2026-03-04T01:15:00Z",
            ),
            ("2026-03-04 08:15:00 +0330 +0330", "2026-03-04T04:45:00Z"),
            ("Wed Mar  4 08:15:00 +0000 2026", "2026-03-04T08:15:00Z"),
            ("Wed Mar 04 08:15:00 WIB 2026", "2026-03-04T01:15:00Z"),
            (
                "Wed, 04 Mar 2026 08:15:00 +0700 (WIB)",
                "2026-03-04T01:15:00Z",
            ),
            ("Wed, 04 Mar 2026 08:15:00 (GMT+7)", "2026-03-04T01:15:00Z"),
            (
                "Wed Mar 04 2026 08:15:00 GMT+0900 (Japan Standard Time)",
                "2026-03-03T23:15:00Z",
            ),
            (
                "Wed Mar 04 2026 08:15:00 (Western Indonesia Time)",
                "2026-03-04T01:15:00Z",
            ),
            (
                "4 March 2026 08:15 Pacific Standard Time",
                "2026-03-04T16:15:00Z",
            ),
            (
                "4 July 2026 08:15 Eastern Daylight Time",
                "2026-07-04T12:15:00Z",
            ),
            (
                "Wed, 04 Mar 2026 08:15:00 UTC+07:00",
                "2026-03-04T01:15:00Z",
            ),
            ("Wed, 04 Mar 2026 08:15:00 GMT +7", "2026-03-04T01:15:00Z"),
            (
                "Wed, 04 Mar 2026 08:15:00 -0000 GMT",
                "2026-03-04T08:15:00Z",
            ),
            ("Wed, 04 Mar 2026 08:15:00 --0700", "2026-03-04T15:15:00Z"),
            ("Wed, 04 Mar 2026 08:15:00 +7", "2026-03-04T01:15:00Z"),
            ("Wed, 04 Mar 2026 08:15:00 +07", "2026-03-04T01:15:00Z"),
            ("Wed, 04 Mar 2026 08:15:00+0700.", "2026-03-04T01:15:00Z"),
            ("Wed, 04 Mar 2026 08:15:00MST", "2026-03-04T15:15:00Z"),
            (
                "Wed, 04 Mar 2026 08:15:00 EST-05:00",
                "2026-03-04T13:15:00Z",
            ),
            ("2026-03-04T08:15:00:-0700", "2026-03-04T15:15:00Z"),
            ("2026-03-04T08:15:00-07:00Z", "2026-03-04T15:15:00Z"),
            ("2026-03-04T08:15:00-07:00:00", "2026-03-04T15:15:00Z"),
            ("2026-03-04+07:00", "2026-03-03T17:00:00Z"),
            ("04.03.2026 -0700", "2026-03-04T07:00:00Z"),
            ("Thu, 30 Apr 2026 08:57:00 MET", "2026-04-30T07:57:00Z"),
            ("Thu, 30 Apr 2026 08:57:00 MEST", "2026-04-30T06:57:00Z"),
            ("Thu, 30 Apr 2026 08:57:00 MESZ", "2026-04-30T06:57:00Z"),
            ("Mon, 26 January 2026 16:31:00 PT", "2026-01-27T00:31:00Z"),
            ("Sun, 26 July 2026 16:31:00 ET", "2026-07-26T20:31:00Z"),
            ("Wed, 04 Mar 2026 08:15:00 UT", "2026-03-04T08:15:00Z"),
            ("Wed, 04 Mar 2026 08:15:00 Q", "2026-03-04T08:15:00Z"),
            ("Wed, 04 Mar 2026 08:15:00 Etc/GMT", "2026-03-04T08:15:00Z"),
            (
                "Wed, 04 Mar 2026 08:15:00 Etc/GMT-7",
                "2026-03-04T01:15:00Z",
            ),
            ("2026-03-04T08:15:00 Asia/Jayapura", "2026-03-03T23:15:00Z"),
            ("2026-07-04T08:15:00[Europe/Paris]", "2026-07-04T06:15:00Z"),
            (
                "2026-03-04T08:15:00+01:00[Europe/Paris]",
                "2026-03-04T07:15:00Z",
            ),
            (
                "4 Mar 2026 08:15 America/Argentina/Buenos_Aires",
                "2026-03-04T11:15:00Z",
            ),
            ("4 Mar 2026 08:15 Asia/Atlantis", "none"),
            ("08:15 WIB, 4 Mar 2026", "2026-03-04T01:15:00Z"),
            ("15:04 02.01.2026 -0700", "2026-01-02T22:04:00Z"),
            ("Wed, 04 Mar 2026 08:15:00 +zz:00", "none"),
            ("Wed, 04 Mar 2026 08:15:00 +00:zz", "none"),
        ]);
    }

    #[test]
    fn clocks_are_read_in_every_spelling() {
        check(&[
            ("Wed, 04 Mar 2026 08.15.30 +0700", "2026-03-04T01:15:30Z"),
            ("04.03.2026 08.15", "2026-03-04T08:15:00Z"),
            ("4 Maret 2026, pukul 08.15 WITA", "2026-03-04T00:15:00Z"),
            ("ke 4.3.2026 klo 8.15", "2026-03-04T08:15:00Z"),
            ("4 mars 2026 à 8h15", "2026-03-04T08:15:00Z"),
            ("4 mars 2026 8h15m30s", "2026-03-04T08:15:30Z"),
            ("4. März 2026, 8 Uhr", "2026-03-04T08:00:00Z"),
            ("Mittwoch, 4. März 2026 - 08:15 Uhr", "2026-03-04T08:15:00Z"),
            ("March 4, 2026 8:15 p.m. ET", "2026-03-05T01:15:00Z"),
            ("March 4, 2026 at 8PM", "2026-03-04T20:00:00Z"),
            ("March 4, 2026 12:15 AM", "2026-03-04T00:15:00Z"),
            ("March 4, 2026 12:15 PM", "2026-03-04T12:15:00Z"),
            ("March 4, 2026 15:15 PM", "2026-03-04T15:15:00Z"),
            ("4 de marzo de 2026, 8:15 p. m.", "2026-03-04T20:15:00Z"),
            ("4/3/2026 8:15:00\u{202f}PM", "2026-04-03T20:15:00Z"),
            ("Wed, 4/3/2026 8:15 PM", "2026-03-04T20:15:00Z"),
            ("4 Maret 2026 8:15 malam", "2026-03-04T20:15:00Z"),
            ("Wed, 04 Mar 2026 24:00:00 GMT", "2026-03-05T00:00:00Z"),
            ("2026-03-04T23:59:60Z", "2026-03-04T23:59:59Z"),
            ("2026-03-04T08:15:00,123+07:00", "2026-03-04T01:15:00Z"),
            ("2026-03-04T08:15:00:00", "2026-03-04T08:15:00Z"),
            ("2026-03-04T081500+0700", "2026-03-04T01:15:00Z"),
            (
                "2026-03-04 00:00:00.0 08:15:04.0 -0700",
                "2026-03-04T15:15:04Z",
            ),
            ("Wed, 04 Mar 2026 8 -0700", "2026-03-04T15:00:00Z"),
            ("Wed, 04 Mar 2026 1:2:3:4 GMT", "none"),
            ("Wed, 04 Mar 2026 25:10 GMT", "none"),
            ("[04/Mar/2026:08:15:00 +0700]", "2026-03-04T01:15:00Z"),
        ]);
    }

    #[test]
    fn days_are_read_in_every_order() {
        check(&[
            ("Wednesday, 04-Mar-26 08:15:00 UTC", "2026-03-04T08:15:00Z"),
            ("Wed Mar 4 2026", "2026-03-04T00:00:00Z"),
            ("wed,04 mar 2026 08:15:00 gmt", "2026-03-04T08:15:00Z"),
            ("04 Wednesday, Mar 2026 08:15", "2026-03-04T08:15:00Z"),
            ("2026 March 04", "2026-03-04T00:00:00Z"),
            ("4th of March, 2026", "2026-03-04T00:00:00Z"),
            ("Mar-04-2026 08:15", "2026-03-04T08:15:00Z"),
            ("26/3/4 08:15", "2004-03-26T08:15:00Z"),
            ("26-3-4 08:15", "2026-03-04T08:15:00Z"),
            ("96/3/4 08:15", "1996-03-04T08:15:00Z"),
            ("04.03.26", "2026-03-04T00:00:00Z"),
            ("12/25/2026 08:15:00", "2026-12-25T08:15:00Z"),
            ("Wed, 03/04/2026", "2026-03-04T00:00:00Z"),
            ("Rabu, 04/03/2026 08:15 WIB", "2026-03-04T01:15:00Z"),
            ("Wed, 04 Mar 126 08:15:00 GMT", "2026-03-04T08:15:00Z"),
            ("2026-063", "2026-03-04T00:00:00Z"),
            ("2026-063T08:15:00Z", "2026-03-04T08:15:00Z"),
            ("2026063", "2026-03-04T00:00:00Z"),
            ("2026-W10-3", "2026-03-04T00:00:00Z"),
            ("2026W103T081500Z", "2026-03-04T08:15:00Z"),
            ("2026-W10", "2026-03-02T00:00:00Z"),
            ("20260304081500", "2026-03-04T08:15:00Z"),
            ("202603040815", "2026-03-04T08:15:00Z"),
            ("20260304 08:15:00 +0700", "2026-03-04T01:15:00Z"),
            ("20260304T081500 WIB", "2026-03-04T01:15:00Z"),
            ("1772612100.5", "2026-03-04T08:15:00Z"),
            ("1772612100123456", "2026-03-04T08:15:00Z"),
            ("/Date(1772612100000+0700)/", "2026-03-04T08:15:00Z"),
            ("Wed, 31 Jun 2026 08:15:00 GMT", "2026-07-01T08:15:00Z"),
            ("2026-13-01T08:15:00Z", "2027-01-01T08:15:00Z"),
            ("Mar 2026", "2026-03-01T00:00:00Z"),
            ("Sun, 16 zzz 2026 11:47:32 GMT", "none"),
            ("Sun, Dec x 2026 11:47:32 GMT", "none"),
            ("5 menit yang lalu", "none"),
            ("4 Mar 08:15", "none"),
        ]);
    }

    #[test]
    fn days_are_read_in_every_language() {
        check(&[
            ("mar., 3 mars 2026 08:15:00 +0100", "2026-03-03T07:15:00Z"),
            ("mar, 01 déc. 2026 16:11:02 +0000", "2026-12-01T16:11:02Z"),
            ("Mi, 04 Mär 2026 00:00:00 +0100", "2026-03-03T23:00:00Z"),
            ("mercoledì 4 marzo 2026 - 08:15", "2026-03-04T08:15:00Z"),
            ("Rabu, 26 Agt 2026 08.15 WIB", "2026-08-26T01:15:00Z"),
            ("26 Agst 2026 08:15", "2026-08-26T08:15:00Z"),
            ("miércoles, 4 de marzo de 2026", "2026-03-04T00:00:00Z"),
            ("qua, 4 de março de 2026 às 8h15", "2026-03-04T08:15:00Z"),
            ("dimecres, 1 d'abril de 2026", "2026-04-01T00:00:00Z"),
            ("wo 4 mrt 2026 08:15 uur", "2026-03-04T08:15:00Z"),
            ("śr., 4 mar 2026 08:15", "2026-03-04T08:15:00Z"),
            ("4 października 2026", "2026-10-04T00:00:00Z"),
            ("středa 4. února 2026 8:15", "2026-02-04T08:15:00Z"),
            ("4. ožujka 2026.", "2026-03-04T00:00:00Z"),
            ("sub, 7. mart 2026", "2026-03-07T00:00:00Z"),
            ("2026. március 4. du. 3:15", "2026-03-04T15:15:00Z"),
            ("miercuri, 4 februarie 2026", "2026-02-04T00:00:00Z"),
            ("4 Mart 2026 Çarşamba 08:15", "2026-03-04T08:15:00Z"),
            ("04 Ağustos 2026", "2026-08-04T00:00:00Z"),
            (
                "keskiviikko 4. maaliskuuta 2026 klo 8.15",
                "2026-03-04T08:15:00Z",
            ),
            ("onsdag den 4 mars 2026 kl. 08:15", "2026-03-04T08:15:00Z"),
            ("4. ágúst 2026", "2026-08-04T00:00:00Z"),
            ("2026 m. kovo 4 d.", "2026-03-04T00:00:00Z"),
            ("Τετ, 04 Μαρ 2026 08:15:00 EET", "2026-03-04T06:15:00Z"),
            ("4 Αυγούστου 2026 8:15 μ.μ.", "2026-08-04T20:15:00Z"),
            ("среда, 4 марта 2026 г. 08:15 МСК", "2026-03-04T05:15:00Z"),
            ("4 травня 2026, 08:15", "2026-05-04T08:15:00Z"),
            ("04 септември 2026", "2026-09-04T00:00:00Z"),
            ("4 במרץ 2026 08:15", "2026-03-04T08:15:00Z"),
            ("الأربعاء، ٤ مارس ٢٠٢٦ ٠٨:١٥ م", "2026-03-04T20:15:00Z"),
            ("4 نيسان 2026", "2026-04-04T00:00:00Z"),
            ("4 تشرين الثاني 2026", "2026-11-04T00:00:00Z"),
            ("4 رمضان 1447", "none"),
            ("۱۳ اسفند ۱۴۰۴", "2026-03-04T00:00:00Z"),
            ("۱۴۰۴/۱۲/۱۳ ۰۸:۱۵", "2026-03-04T08:15:00Z"),
            ("4 मार्च 2026", "2026-03-04T00:00:00Z"),
            ("বুধবার, ৪ মার্চ ২০২৬", "2026-03-04T00:00:00Z"),
            ("4 มีนาคม 2569 08:15 น.", "2026-03-04T08:15:00Z"),
            ("4 มี.ค. 2569", "2026-03-04T00:00:00Z"),
            ("พุธ ๔ มีนาคม พ.ศ. ๒๕๖๙", "2026-03-04T00:00:00Z"),
            ("2569-03-04T08:15:00+07:00", "2026-03-04T01:15:00Z"),
            ("Thứ Tư, 4 tháng 3, 2026, 8:15", "2026-03-04T08:15:00Z"),
            ("ngày 04 tháng Ba năm 2026", "2026-03-04T00:00:00Z"),
            ("2026年3月4日 08:15", "2026-03-04T08:15:00Z"),
            ("2026年3月4日(水) 午後8時15分", "2026-03-04T20:15:00Z"),
            ("令和8年3月4日", "2026-03-04T00:00:00Z"),
            ("民國115年3月4日", "2026-03-04T00:00:00Z"),
            (
                "二〇二六年三月四日星期三下午8点15分",
                "2026-03-04T20:15:00Z",
            ),
            ("2026/03/04 下午 08:15:30", "2026-03-04T20:15:30Z"),
            ("2026년 3월 4일 수요일 오후 8:15", "2026-03-04T11:15:00Z"),
            ("2026-03-04 오전 8:15:17", "2026-03-03T23:15:17Z"),
            ("2026년 3월 4일 08:15 UTC", "2026-03-04T08:15:00Z"),
            ("２０２６年３月４日　０８：１５", "2026-03-04T08:15:00Z"),
            ("4 Pebruari 2026", "2026-02-04T00:00:00Z"),
            ("Jum’at, 6 Maret 2026 | 08:15 WIB", "2026-03-06T01:15:00Z"),
            ("Khamis, 5 Mac 2026 8:15 PTG", "2026-03-05T20:15:00Z"),
            ("ika-4 ng Marso 2026", "2026-03-04T00:00:00Z"),
        ]);
    }

    proptest::proptest! {
        #[test]
        fn no_words_of_dates_break_it(parts in proptest::collection::vec(proptest::prop_oneof![
            proptest::strategy::Just("9:12"), proptest::strategy::Just("+"), proptest::strategy::Just("-07:00"),
            proptest::strategy::Just("2026"), proptest::strategy::Just("("), proptest::strategy::Just(")"),
            proptest::strategy::Just("\\"), proptest::strategy::Just("年"), proptest::strategy::Just("十五月"),
            proptest::strategy::Just("요일"), proptest::strategy::Just("曜"), proptest::strategy::Just("周"),
            proptest::strategy::Just(" 5 "), proptest::strategy::Just("p. m."), proptest::strategy::Just("tháng"),
            proptest::strategy::Just("."), proptest::strategy::Just(":"), proptest::strategy::Just("/"),
            proptest::strategy::Just("Asia/"), proptest::strategy::Just("W10"), proptest::strategy::Just("𝟓é"),
            proptest::strategy::Just("/Date("), proptest::strategy::Just("اسفند"), proptest::strategy::Just("GMT")
        ], 0..16)) {
            let _ = parse(&parts.concat());
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,130}") {
            let _ = parse(&text);
        }

        #[test]
        fn nothing_that_looks_like_a_date_breaks_it(text in "[A-Za-zé]{0,4},? ?[0-9]{0,5}[-/. ][A-Z0-9a-zä]{0,4}[-/. ]?[0-9]{0,5}[T ]?[0-9:.]{0,12} ?[+-A-Z]{0,4}[0-9:]{0,5}") {
            let _ = parse(&text);
        }
    }
}
