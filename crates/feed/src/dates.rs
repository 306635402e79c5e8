//! Dates as feeds really write them: RFC 3339 and its relatives, RFC 822 with everything that is done
//! to it, month names in the languages of the feeds, and numbers in the order that their place gives.

use chrono::{DateTime, Duration, NaiveDate, Utc};

/// Longer texts are no dates.
const LONGEST: usize = 120;

/// The moment that a feed's date means, in UTC; none when it means nothing. A date without a time
/// zone is taken as UTC, one without a time as midnight.
pub(crate) fn parse(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    usual(text.as_bytes())
        .or_else(|| iso(text))
        .or_else(|| compact(text))
        .or_else(|| free(text))
        .or_else(|| overflowing(text))
}

/// The two forms that nearly all dates have, read without a look at any table:
/// `Mon, 02 Jan 2006 15:04:05 +0700` and `2006-01-02T15:04:05+07:00`. None for everything else.
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

/// The number that two digits make.
fn two(tens: u8, ones: u8) -> Option<u32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

/// Months as RFC 822 abbreviates them.
const ENGLISH: [[u8; 3]; 12] = [
    *b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun", *b"Jul", *b"Aug", *b"Sep", *b"Oct",
    *b"Nov", *b"Dec",
];

/// An ISO 8601 moment whose parts are too large, as bad arithmetic makes them: the 32nd of July is the
/// first of August, 25 o'clock is one in the next night.
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
        .checked_add_signed(Duration::seconds(seconds - zone(rest)?))?;
    Some(naive.and_utc())
}

/// A clock time with its distance from UTC.
#[derive(Debug, Clone, Copy, Default)]
struct Time {
    hour: u32,
    minute: u32,
    second: u32,
    offset_seconds: i64,
}

fn moment(year: i32, month: u32, day: u32, time: Time) -> Option<DateTime<Utc>> {
    // A leap second is the last second of its minute; 24:00 is the next day's midnight.
    let (hour, days) = if time.hour == 24 && time.minute == 0 {
        (0, 1)
    } else {
        (time.hour, 0)
    };
    let naive = NaiveDate::from_ymd_opt(year, month, day)?
        .and_hms_opt(hour, time.minute, time.second.min(59))?
        .checked_add_signed(Duration::days(days))?
        .checked_sub_signed(Duration::seconds(time.offset_seconds))?;
    Some(naive.and_utc())
}

/// Digits at the start of `text`, at most `most`, and what follows.
fn number(text: &str, most: usize) -> Option<(u32, &str)> {
    let end = text
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// ISO 8601 as far as W3CDTF and RFC 3339 use it, in its extended form, months by name allowed.
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
    let separator = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '/' | '.'))?;
    let rest = &rest[1..];
    let (month, rest) = if rest.starts_with(|c: char| c.is_ascii_digit()) {
        number(rest, 3)?
    } else {
        let end = rest.find(separator)?;
        (month_named(&rest[..end])?, &rest[end..])
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

fn iso_time(text: &str) -> Option<Time> {
    let (mut time, rest) = clock(text)?;
    let rest = rest.trim();
    let rest = if let Some(half) = half_day(rest) {
        time.hour = apply_half(time.hour, half.0)?;
        half.1
    } else {
        rest
    };
    time.offset_seconds = if rest.is_empty() { 0 } else { zone(rest)? };
    Some(time)
}

/// ISO 8601's short forms: `20031231`, `20031231T101455Z`, `031231`, `03-12-31`, `-0312`, `-03-12`,
/// `03335`, and seconds since 1970.
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
    let time_follows = digits.len() == 8 && rest.starts_with(['T', 't', ' ']);
    if !rest.is_empty() && !time_follows {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits[range].parse::<u32>().ok();
    match digits.len() {
        4 if dashed => moment(century(part(0..2)?)?, part(2..4)?, 1, Time::default()),
        // A year and a day of it; only the month of it is told for sure.
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
        9..=10 if !dashed => DateTime::from_timestamp(digits.parse().ok()?, 0),
        // Moments are told in whole seconds, however finely they were counted.
        13 if !dashed => DateTime::from_timestamp(digits.parse::<i64>().ok()? / 1000, 0),
        _ => None,
    }
}

fn compact_time(text: &str) -> Option<Time> {
    if text.contains(':') {
        return iso_time(text);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let second = if digits >= 6 { part(4..6)? } else { 0 };
    let rest = text[digits..].trim();
    let offset_seconds = if rest.is_empty() { 0 } else { zone(rest)? };
    Some(Time {
        hour: part(0..2)?,
        minute: part(2..4)?,
        second,
        offset_seconds,
    })
}

/// `hh:mm[:ss[.fff]]` at the start, or with dots or an h as clocks are written in Europe.
fn clock(text: &str) -> Option<(Time, &str)> {
    let (hour, rest) = number(text, 2)?;
    let rest = rest.strip_prefix([':', 'h'])?;
    let (minute, mut rest) = number(rest, 2)?;
    let mut second = 0;
    if let Some(after) = rest.strip_prefix(':') {
        (second, rest) = number(after, 2)?;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        // A fourth part is no clock.
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

/// "pm", "p.m.", "PM": whether it is after noon, and what follows.
fn half_day(text: &str) -> Option<(bool, &str)> {
    let letter = text.chars().next()?.to_ascii_lowercase();
    if !matches!(letter, 'a' | 'p') {
        return None;
    }
    let rest = text[1..].strip_prefix('.').unwrap_or(&text[1..]);
    let rest = rest.strip_prefix(['m', 'M'])?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    ends.then(|| (letter == 'p', rest.trim_start()))
}

fn apply_half(hour: u32, after_noon: bool) -> Option<u32> {
    match (hour, after_noon) {
        (12, false) => Some(0),
        (12, true) => Some(12),
        (1..=11, true) => Some(hour + 12),
        (13..=23, _) | (0..=11, false) => Some(hour),
        _ => None,
    }
}

/// Seconds east of UTC that a zone means: `Z`, `+07:00`, `+0700`, `GMT+7`, `EST`, `WIB` … A name that
/// is not known, such as a city's, is taken as UTC; a broken offset is none.
fn zone(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = text.split('(').next().unwrap_or_default().trim();
    let text = text
        .strip_suffix(['Z', 'z'])
        .filter(|t| t.contains([':']))
        .unwrap_or(text);
    if text.is_empty() {
        return Some(0);
    }
    let named_end = text
        .find(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit())
        .unwrap_or(text.len());
    let (name, offset) = text.split_at(named_end);
    let name = name.trim();
    if !offset.is_empty() {
        let known = name.is_empty()
            || matches!(
                name.to_ascii_uppercase().as_str(),
                "GMT" | "UTC" | "UT" | "Z"
            );
        return if known {
            numeric_zone(offset)
        } else {
            zone_named(name)
        };
    }
    zone_named(name)
}

fn numeric_zone(text: &str) -> Option<i64> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let body = text[1..].trim();
    let digits = |part: &str| {
        let plain = part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<i64>().ok())?
    };
    let (hours, minutes) = match body.split_once(':') {
        Some((hours, minutes)) => (hours, minutes.get(..minutes.len().min(2))?),
        None if body.len() <= 2 => (body, "0"),
        None => body.split_at_checked(body.len().checked_sub(2)?)?,
    };
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours <= 15 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn zone_named(name: &str) -> Option<i64> {
    let upper = name.to_ascii_uppercase();
    let hours = match upper.as_str() {
        "HST" => -10.0,
        "AKST" => -9.0,
        "AKDT" | "PST" | "PT" => -8.0,
        "PDT" | "MST" | "MT" => -7.0,
        "MDT" | "CST" | "CT" => -6.0,
        "CDT" | "EST" | "ET" => -5.0,
        "EDT" | "AST" | "AT" => -4.0,
        "NST" => -3.5,
        "ADT" | "BRT" | "ART" => -3.0,
        "NDT" => -2.5,
        "BST" | "CET" | "MEZ" | "WEST" | "WAT" => 1.0,
        "CEST" | "MESZ" | "EET" | "SAST" | "CAT" => 2.0,
        "EEST" | "MSK" | "EAT" => 3.0,
        "MSD" | "GST" => 4.0,
        "PKT" => 5.0,
        "IST" => 5.5,
        "ICT" | "WIB" => 7.0,
        "WITA" | "SGT" | "MYT" | "HKT" | "AWST" | "PHT" => 8.0,
        "WIT" | "JST" | "KST" => 9.0,
        "ACST" => 9.5,
        "AEST" => 10.0,
        "ACDT" => 10.5,
        "AEDT" => 11.0,
        "NZST" => 12.0,
        "NZDT" => 13.0,
        // UTC under its many names, a military letter, or a place whose rules are not known here.
        _ if upper
            .chars()
            .all(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '_' | ' ' | '.')) =>
        {
            0.0
        }
        _ => return None,
    };
    Some((hours * 3600.0) as i64)
}

/// Dates in words and loose order: "Mon, 02 Jan 2006 15:04:05 EST", "Nov. 16, 2020, 10:57 a.m.",
/// "Lundi, 16. Novembre 2020 - 15:54", "10/30/23 21:55:58", "Selasa, 5 Mei 2026 09.12 WIB" …
fn free(text: &str) -> Option<DateTime<Utc>> {
    let (before, time) = split_time(text)?;
    let cleaned: String = before
        .chars()
        .map(|c| if matches!(c, ',' | '(' | ')') { ' ' } else { c })
        .collect();
    let mut month = None;
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    let mut month_came_after = 0;
    for word in cleaned.split_whitespace() {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let parts: Vec<&str> = word
                .split(['/', '-', '.'])
                .filter(|p| !p.is_empty())
                .collect();
            for part in parts {
                let digits = part.bytes().take_while(u8::is_ascii_digit).count();
                if digits == 0 {
                    month = month.or(Some(month_named(part)?));
                    month_came_after = numbers.len();
                    continue;
                }
                if digits > 4 || !is_ordinal(&part[digits..]) {
                    return None;
                }
                numbers.push((part[..digits].parse().ok()?, digits));
            }
        } else if let Some(named) = month_named(word).filter(|_| month.is_none()) {
            month = Some(named);
            month_came_after = numbers.len();
        }
        // Weekdays and fillers ("at", "pukul", "de") say nothing that is needed.
    }
    let (year, month, day) = ordered(&numbers, month, month_came_after)?;
    moment(year, month, day, time)
}

fn is_ordinal(suffix: &str) -> bool {
    matches!(
        suffix.to_ascii_lowercase().as_str(),
        "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª"
    )
}

/// Which number is the year, which the day, and without a name the month.
fn ordered(
    numbers: &[(u32, usize)],
    month: Option<u32>,
    named_after: usize,
) -> Option<(i32, u32, u32)> {
    let full = |(year, digits): (u32, usize)| {
        i32::try_from(match digits {
            4 | 3 => year,
            _ if year < 70 => 2000 + year,
            _ => 1900 + year,
        })
        .ok()
    };
    if let Some(month) = month {
        return match *numbers {
            // "Nov. 2020"
            [year] if year.1 == 4 => Some((full(year)?, month, 1)),
            [first, second] if first.1 >= 3 && named_after >= 1 => {
                Some((full(first)?, month, second.0))
            }
            [day, year] => Some((full(year)?, month, day.0)),
            _ => None,
        };
    }
    let &[first, second, third] = numbers else {
        return None;
    };
    if first.1 == 4 {
        return Some((full(first)?, second.0, third.0));
    }
    let year = full(third)?;
    // Day first, as most of the world writes, unless it cannot be.
    if second.0 > 12 {
        Some((year, first.0, second.0))
    } else {
        Some((year, second.0, first.0))
    }
}

/// Takes the clock time out of a text: what stands before it (and a year behind it, as asctime has
/// it), and the time. A text without one has midnight.
fn split_time(text: &str) -> Option<(String, Time)> {
    let at = text.char_indices().find(|(at, c)| {
        c.is_ascii_digit() && !text[..*at].ends_with(|before: char| before.is_ascii_digit()) && {
            let digits = text[*at..].bytes().take_while(u8::is_ascii_digit).count();
            digits <= 2 && text[*at + digits..].starts_with(':')
        }
    });
    let Some((at, _)) = at else {
        return Some(dotted_time(text));
    };
    let (mut time, rest) = clock(&text[at..])?;
    let mut rest = rest.trim();
    if let Some((after_noon, after)) = half_day(rest) {
        time.hour = apply_half(time.hour, after_noon)?;
        rest = after;
    }
    // "Sun Jan  4 16:29:06 2004", perhaps with a zone before the year.
    let mut before = text[..at].trim_end_matches([' ', '-']).to_owned();
    let mut zone_text = rest.to_owned();
    let words: Vec<&str> = rest.split_whitespace().collect();
    if let Some(year) = words
        .iter()
        .position(|w| w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit()))
        && !words[..year].iter().any(|w| w.starts_with(['+', '-']))
    {
        before = format!("{before} {}", words[year]);
        zone_text = words
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != year)
            .map(|(_, w)| *w)
            .collect::<Vec<_>>()
            .join(" ");
    }
    let zone_text = zone_text.trim_matches([',', ' ']);
    time.offset_seconds = if zone_text.is_empty() {
        0
    } else {
        zone(zone_text)?
    };
    Some((before, time))
}

/// "Selasa, 5 Mei 2026 pukul 09.12 WIB": clock times with a dot, as Indonesia writes them, stand
/// behind a year.
fn dotted_time(text: &str) -> (String, Time) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let year = words.iter().position(|w| {
        let w = w.trim_end_matches(',');
        w.len() == 4 && w.bytes().all(|b| b.is_ascii_digit())
    });
    if let Some(year) = year {
        for (index, word) in words.iter().enumerate().skip(year + 1) {
            if let Some((hour, minute)) = word.split_once('.')
                && let (Ok(hour), Ok(minute)) = (hour.parse(), minute.parse())
                && hour < 24
                && minute < 60
            {
                let rest = words[index + 1..].join(" ");
                let offset_seconds = zone(&rest).unwrap_or(0);
                let time = Time {
                    hour,
                    minute,
                    second: 0,
                    offset_seconds,
                };
                return (words[..=year].join(" "), time);
            }
        }
        // A lone zone behind the date: "26 Sep 2022 GMT".
        return (words[..=year].join(" "), Time::default());
    }
    (text.to_owned(), Time::default())
}

/// The month of a name or its abbreviation, in the languages that feeds are written in.
fn month_named(word: &str) -> Option<u32> {
    let word: String = word.trim_matches(['.', ',']).to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    MONTHS
        .iter()
        .position(|names| {
            names.iter().any(|name| {
                word == *name
                    || (name.starts_with(word.as_str()) && word.chars().count() >= 3)
                    || (name.chars().count() >= 3
                        && name.chars().count() <= 4
                        && word.starts_with(name)
                        && word.chars().count() <= name.chars().count() + 2)
            })
        })
        .map(|index| index as u32 + 1)
}

/// English, Indonesian, Malay, German, French, Spanish, Portuguese, Italian, Dutch, Hungarian, Greek,
/// Russian, Polish, Turkish.
static MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "januari",
        "januar",
        "jänner",
        "janvier",
        "enero",
        "ene",
        "janeiro",
        "gennaio",
        "gen",
        "január",
        "ιαν",
        "ιανουάριος",
        "январь",
        "января",
        "styczeń",
        "stycznia",
        "ocak",
    ],
    &[
        "february",
        "februari",
        "februar",
        "pebruari",
        "février",
        "fev",
        "fév",
        "febrero",
        "fevereiro",
        "febbraio",
        "február",
        "φεβ",
        "февраль",
        "февраля",
        "luty",
        "lutego",
        "şubat",
    ],
    &[
        "march",
        "maret",
        "mac",
        "märz",
        "mär",
        "mars",
        "marzo",
        "março",
        "maart",
        "mrt",
        "március",
        "μαρ",
        "μάρ",
        "март",
        "марта",
        "marzec",
        "marca",
        "mart",
    ],
    &[
        "april",
        "avril",
        "avr",
        "abril",
        "abr",
        "aprile",
        "április",
        "απρ",
        "апрель",
        "апреля",
        "kwiecień",
        "kwietnia",
        "nisan",
    ],
    &[
        "may",
        "mei",
        "mai",
        "mayo",
        "maio",
        "maggio",
        "mag",
        "május",
        "μάι",
        "μαΐ",
        "μάιος",
        "май",
        "мая",
        "maj",
        "maja",
        "mayıs",
    ],
    &[
        "june", "juni", "jun", "juin", "junio", "junho", "giugno", "giu", "június", "ιούν", "ιουν",
        "июнь", "июня", "czerwiec", "czerwca", "haziran",
    ],
    &[
        "july", "juli", "julai", "jul", "juillet", "juil", "julio", "julho", "luglio", "lug",
        "július", "ιούλ", "ιουλ", "июль", "июля", "lipiec", "lipca", "temmuz",
    ],
    &[
        "august",
        "agustus",
        "agu",
        "ags",
        "ogos",
        "août",
        "aoû",
        "agosto",
        "ago",
        "augustus",
        "augusztus",
        "αύγ",
        "αυγ",
        "август",
        "августа",
        "sierpień",
        "sierpnia",
        "ağustos",
    ],
    &[
        "september",
        "sept",
        "septembre",
        "septiembre",
        "setembro",
        "set",
        "settembre",
        "szeptember",
        "σεπ",
        "сентябрь",
        "сентября",
        "wrzesień",
        "września",
        "eylül",
    ],
    &[
        "october",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "outubro",
        "out",
        "ottobre",
        "ott",
        "október",
        "οκτ",
        "октябрь",
        "октября",
        "październik",
        "października",
        "ekim",
    ],
    &[
        "november",
        "nopember",
        "novembre",
        "noviembre",
        "novembro",
        "νοέ",
        "νοε",
        "ноябрь",
        "ноября",
        "listopad",
        "listopada",
        "kasım",
    ],
    &[
        "december",
        "desember",
        "des",
        "disember",
        "dis",
        "dezember",
        "dez",
        "décembre",
        "déc",
        "diciembre",
        "dic",
        "dezembro",
        "dicembre",
        "δεκ",
        "декабрь",
        "декабря",
        "grudzień",
        "grudnia",
        "aralık",
    ],
];

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn dates_are_read_in_every_dress() {
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

    proptest::proptest! {
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
