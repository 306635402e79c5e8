//! Parses dates on pages: ISO 8601, RFC 2822, and dates with numbers or month names in many
//! languages. Deliberately absent: relative dates, since there is no clock.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, Utc};

/// Maximum length of a text with a date, in bytes.
const LONGEST: usize = 160;
/// Plausible years of publication.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// The date in `text`. Without a time zone it is taken as UTC; the page's own offset is kept, since
/// it determines the visible day.
pub(crate) fn date(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = text.trim();
    if text.len() > LONGEST || text.len() < 6 {
        return None;
    }
    exact(text)
        .or_else(|| printed(text))
        .filter(|date| YEARS.contains(&date.year()))
}

/// The date in a URL, as in `/2026/03/04/`.
pub(crate) fn date_in_address(address: &str) -> Option<DateTime<FixedOffset>> {
    let path = address.split(['?', '#']).next()?;
    let parts: Vec<&str> = path
        .split(['/', '-', '_'])
        .filter(|part| !part.is_empty())
        .take(60)
        .collect();
    let number = |part: &str, longest: usize| {
        let fits = part.len() <= longest && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let in_row = parts.windows(3).find_map(|part| {
        let year = number(part[0], 4).filter(|_| part[0].len() == 4)?;
        let month = number(part[1], 2).or_else(|| month(part[1]))?;
        day(year as i32, month, number(part[2], 2)?)
    });
    let day_first = || {
        parts.windows(3).find_map(|part| {
            let year = number(part[2], 4).filter(|_| part[2].len() == 4)?;
            day(year as i32, number(part[1], 2)?, number(part[0], 2)?)
        })
    };
    in_row
        .or_else(day_first)
        .or_else(|| {
            let whole = parts
                .iter()
                .filter(|part| part.len() == 8)
                .find_map(|part| number(part, 8))?;
            day((whole / 10_000) as i32, whole / 100 % 100, whole % 100)
        })
        .filter(|date| YEARS.contains(&date.year()))
        .map(at_midnight)
}

fn at_midnight(day: NaiveDate) -> DateTime<FixedOffset> {
    day.and_time(NaiveTime::MIN).and_utc().fixed_offset()
}

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).filter(|date| YEARS.contains(&date.year()))
}

fn exact(text: &str) -> Option<DateTime<FixedOffset>> {
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date);
    }
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date);
    }
    let zoned = [
        "%Y-%m-%dT%H:%M:%S%.f%#z",
        "%Y-%m-%dT%H:%M%#z",
        "%Y-%m-%d %H:%M:%S%.f %#z",
        "%Y-%m-%d %H:%M:%S%.f%#z",
        "%a %b %d %H:%M:%S %z %Y",
    ];
    if let Some(date) = zoned
        .iter()
        .find_map(|form| DateTime::parse_from_str(text, form).ok())
    {
        return Some(date);
    }
    let local = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%Y%m%dT%H%M%S",
        "%Y%m%d%H%M%S",
    ];
    local
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map(|d| d.and_utc().fixed_offset())
}

/// A date among other words, with the time of day after it.
fn printed(text: &str) -> Option<DateTime<FixedOffset>> {
    let plain: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .map(warta_text::base_letter)
        .collect();
    // Years and days are numbers; most texts have none.
    if !plain.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let words: Vec<&str> = plain
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '(' | ')' | '•' | '·'))
        .filter(|word| !word.is_empty())
        .collect();
    for at in 0..words.len() {
        if let Some((day, used)) = day_at(&words[at..]) {
            let (time, zone) = time_in(&words[(at + used).min(words.len())..]);
            let zone = zone.unwrap_or_else(|| Utc.fix());
            return day.and_time(time).and_local_timezone(zone).single();
        }
    }
    None
}

/// A date at the beginning of `words`, and its number of words.
fn day_at(words: &[&str]) -> Option<(NaiveDate, usize)> {
    let first = *words.first()?;
    if let Some(day) = day_of_numbers(first) {
        return Some((day, 1));
    }
    let [second, third] = [words.get(1)?, words.get(2).unwrap_or(&"")];
    let number = |word: &str| -> Option<u32> {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let ending = &word[digits.len()..];
        let known = matches!(
            ending,
            "" | "." | "st" | "nd" | "rd" | "th" | "er" | ":" | ";"
        );
        (known && digits.len() <= 4)
            .then(|| digits.parse().ok())
            .flatten()
    };
    let year = |word: &str| {
        number(word)
            .filter(|_| word.len() >= 4)
            .map(|year| year as i32)
    };
    // "4 Maret 2026", "4. Marz 2026", "4 de marzo de 2026"
    if let Some(date) = number(first) {
        if let Some(found) = month(second) {
            return Some((day(year(third)?, found, date)?, 3));
        }
        if matches!(*second, "de" | "of") {
            let last = if matches!(*words.get(3)?, "de" | "del" | "of") {
                4
            } else {
                3
            };
            return Some((day(year(words.get(last)?)?, month(third)?, date)?, last + 1));
        }
        // "4. 3. 2026"
        if first.ends_with('.') && second.ends_with('.') {
            return Some((day(year(third)?, number(second)?, date)?, 3));
        }
        return None;
    }
    // "March 4 2026", "March 4th, 2026"
    Some((day(year(third)?, month(first)?, number(second)?)?, 3))
}

/// `2026-03-04`, `04.03.2026`, `04/03/2026` (the day first, unless it cannot be), `4-mar-2026`.
fn day_of_numbers(word: &str) -> Option<NaiveDate> {
    let word = word.trim_end_matches(['.', ':', ';', ',']);
    let word = if word.len() > 11 && word.as_bytes()[10] == b't' {
        word.get(..10)?
    } else {
        word
    };
    let mark = word.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    let parts: Vec<&str> = word.split(mark).collect();
    let [first, second, third] = parts[..] else {
        return None;
    };
    let number = |part: &str| part.parse::<u32>().ok();
    if first.len() == 4 {
        return day(number(first)? as i32, number(second)?, number(third)?);
    }
    let year = match (third.len(), number(third)?) {
        (4, year) => year as i32,
        (2, year) if mark == '.' => 2000 + year as i32,
        _ => return None,
    };
    let (first, second) = (number(first)?, number(second).or_else(|| month(second))?);
    day(year, second, first).or_else(|| day(year, first, second))
}

fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches(['.', ',']);
    if !(3..=10).contains(&word.chars().count()) || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    warta_text::month(word).map(|(number, _)| number)
}

/// The time of day among `words`, and its time zone.
fn time_in(words: &[&str]) -> (NaiveTime, Option<FixedOffset>) {
    for (at, word) in words.iter().take(6).enumerate() {
        let afternoon = word.ends_with("pm")
            || words
                .get(at + 1)
                .is_some_and(|w| w.starts_with("pm") || w.starts_with("p.m"));
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let Some((hour, minute)) = digits.split_once([':', '.']) else {
            continue;
        };
        let minute = minute.get(..2).unwrap_or(minute);
        let (Ok(hour), Ok(minute)) = (hour.parse::<u32>(), minute.parse::<u32>()) else {
            continue;
        };
        let hour = if afternoon && hour < 12 {
            hour + 12
        } else {
            hour
        };
        if let Some(time) = NaiveTime::from_hms_opt(hour, minute, 0) {
            return (
                time,
                words[at + 1..].iter().take(3).find_map(|word| zone(word)),
            );
        }
    }
    (NaiveTime::MIN, None)
}

/// The time zone named by a word: an unambiguous abbreviation, or an offset (`+0700`, `gmt+7`).
fn zone(word: &str) -> Option<FixedOffset> {
    let word = word.trim_end_matches('.');
    let hours = match word {
        "wib" => 7,
        "wita" | "sgt" | "myt" | "hkt" => 8,
        "wit" | "jst" | "kst" => 9,
        "utc" | "gmt" | "z" => 0,
        "cet" | "mez" | "bst" => 1,
        "cest" | "mesz" | "eet" => 2,
        "eest" | "msk" => 3,
        "aest" => 10,
        "aedt" => 11,
        "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        _ => return offset(word),
    };
    FixedOffset::east_opt(hours * 3600)
}

fn offset(word: &str) -> Option<FixedOffset> {
    let word = word.trim_start_matches("gmt").trim_start_matches("utc");
    let sign = match word.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = word[1..].replace(':', "");
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) = match digits.len() {
        1 | 2 => (number, 0),
        4 => (number / 100, number % 100),
        _ => return None,
    };
    let fits = hours < 16 && minutes < 60;
    fits.then(|| FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_on_pages_are_parsed() {
        for (text, expected) in [
            ("2026-03-04T08:15:00+07:00", Some("2026-03-04T01:15:00Z")),
            ("2026-03-04T08:15:00+0700", Some("2026-03-04T01:15:00Z")),
            ("2026-03-04 08:15:00", Some("2026-03-04T08:15:00Z")),
            (
                "Wed, 04 Mar 2026 08:15:00 GMT",
                Some("2026-03-04T08:15:00Z"),
            ),
            ("2026-03-04", Some("2026-03-04T00:00:00Z")),
            (
                "Rabu, 4 Maret 2026 | 08:15 WIB",
                Some("2026-03-04T01:15:00Z"),
            ),
            ("Rabu, 04/03/2026 21:00 WITA", Some("2026-03-04T13:00:00Z")),
            ("Diterbitkan 4 Agustus 2026", Some("2026-08-04T00:00:00Z")),
            ("14 Des 2026", Some("2026-12-14T00:00:00Z")),
            ("March 4, 2026 at 8:15 pm", Some("2026-03-04T20:15:00Z")),
            ("Sept. 4th, 2026", Some("2026-09-04T00:00:00Z")),
            ("4. März 2026, 08:15 Uhr", Some("2026-03-04T08:15:00Z")),
            ("04.03.2026", Some("2026-03-04T00:00:00Z")),
            ("le 4 décembre 2026", Some("2026-12-04T00:00:00Z")),
            ("4 de marzo de 2026", Some("2026-03-04T00:00:00Z")),
            ("12/25/2026", Some("2026-12-25T00:00:00Z")),
            (
                "2026-03-04 08:15:00 +0700 WIB",
                Some("2026-03-04T01:15:00Z"),
            ),
            ("2026-03-04T08:15:00.5+0700", Some("2026-03-04T01:15:00Z")),
            (
                "Rabu, 4 Maret 2026 08:15:30 GMT+7",
                Some("2026-03-04T01:15:00Z"),
            ),
            ("March 4, 2026 8:15 p.m. EST", Some("2026-03-05T01:15:00Z")),
            ("0001-01-01T00:00:00Z", None),
            ("1970-01-01T00:00:00Z", None),
            ("31 Februari 2026", None),
            ("2 jam yang lalu", None),
            ("1.000.000", None),
            ("0000-00-00", None),
            ("", None),
        ] {
            let got = date(text).map(|d| d.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string());
            assert_eq!(got.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_found_in_urls() {
        for (address, expected) in [
            ("https://e.org/2026/03/04/x", Some("2026-03-04")),
            ("https://e.org/read/2026/mar/04/x", Some("2026-03-04")),
            ("https://e.org/berita-20260304-x", Some("2026-03-04")),
            ("https://e.org/2026-03-04-x.html", Some("2026-03-04")),
            ("https://e.org/29-10-2021", Some("2021-10-29")),
            ("https://e.org/99999999/12", None),
            ("https://e.org/1/2/3", None),
        ] {
            let got = date_in_address(address).map(|d| d.format("%Y-%m-%d").to_string());
            assert_eq!(got.as_deref(), expected, "{address}");
        }
    }
}
