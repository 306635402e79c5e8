//! Parses dates with words and in loose order, in any language of the tables: "Mon, 02 Jan 2006
//! 15:04:05 EST", "Nov. 16, 2020, 10:57 a.m.", "Selasa, 5 Mei 2026 pukul 09.12 WIB", "2026年5月5日
//! 下午9:12" …
//!
//! A text is folded and split into numbers, words and marks; the time is extracted first, then the
//! zone; the remaining numbers are the day. Unknown words are ignored. Deliberately absent:
//! relative dates, since there is no clock, and the Islamic lunar calendar.

use std::ops::Range;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};

use warta_text::{
    month as month_named, persian_month, two_word_month, vietnamese_month, weekday as weekday_named,
};

use crate::calendars::{PERSIAN_YEARS, from_persian, gregorian};
use crate::date_folding::fold_date;
use crate::day_parts::Part;
use crate::zones::{self, Zone};

/// Maximum number of pieces of a date.
const MAX_PIECES: usize = 60;
/// Parses a date.
pub(crate) fn read(text: &str) -> Option<DateTime<Utc>> {
    let (text, place) = zones::without_place(text)?;
    // Korea has one zone, and its feeds omit it.
    let is_korean = |c: char| ('\u{ac00}'..='\u{d7a3}').contains(&c);
    let assumed = if text.contains(is_korean) {
        Zone::hours(9)
    } else {
        Zone::default()
    };
    let text = fold_date(&text);
    let (outside, remark) = without_remarks(&text);
    parsed(&outside, &remark, place, assumed).or_else(|| {
        // The whole date may be in brackets.
        let all = text.replace(['(', ')'], " ");
        (!remark.is_empty()).then(|| parsed(&all, "", place, assumed))?
    })
}

fn parsed(text: &str, remark: &str, place: Option<Zone>, assumed: Zone) -> Option<DateTime<Utc>> {
    let mut pieces = cut(text)?;
    let clock = clock(&mut pieces)?;
    let zone = zone(&mut pieces, clock.as_ref().map(|clock| clock.end))?;
    let zone = zone.or(place).or_else(|| remarked(remark));
    let zone = zone.unwrap_or(assumed);
    let (day, hour) = day(&pieces, clock.as_ref())?;
    let time = clock.map_or((hour.unwrap_or(0), 0, 0), |clock| clock.time);
    let (hour, minute, second) = time;
    let (hour, days) = if hour == 24 && minute == 0 {
        (0, 1)
    } else {
        (hour, 0)
    };
    let local =
        day.checked_add_signed(Duration::days(days))?
            .and_hms_opt(hour, minute, second.min(59))?;
    zone.moment(local)
}

/// The text outside and inside of brackets (comments of RFC 822, which may be nested).
fn without_remarks(text: &str) -> (String, String) {
    let (mut outside, mut remark, mut depth) = (String::new(), String::new(), 0_usize);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if depth > 0 => drop(chars.next()),
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                outside.push(' ');
                remark.push(' ');
            }
            _ if depth > 0 => remark.push(c),
            _ => outside.push(c),
        }
    }
    (outside, remark)
}

// ---- splitting into pieces ----

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind<'t> {
    Number(&'t str),
    Word(&'t str),
    Mark(char),
}

#[derive(Debug, Clone, Copy)]
struct Piece<'t> {
    kind: Kind<'t>,
    /// Whether it follows the previous piece without a space.
    tight: bool,
    /// Whether it belongs to the time or the zone.
    taken: bool,
}

struct Pieces<'t>(Vec<Piece<'t>>);

fn cut(text: &str) -> Option<Pieces<'_>> {
    let is_letter = |c: char| c.is_ascii_alphabetic() || !(c.is_ascii() || c.is_whitespace());
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let (mut rest, mut tight) = (text, false);
    while let Some(c) = rest.chars().next() {
        if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
            tight = false;
            continue;
        }
        let end_of =
            |fits: &dyn Fn(char) -> bool| rest.find(|c: char| !fits(c)).unwrap_or(rest.len());
        let (kind, end) = if c.is_ascii_digit() {
            let end = end_of(&|c| c.is_ascii_digit());
            (Kind::Number(&rest[..end]), end)
        } else if is_letter(c) {
            let end = end_of(&is_letter);
            (Kind::Word(&rest[..end]), end)
        } else {
            (Kind::Mark(c), 1)
        };
        pieces.push(Piece {
            kind,
            tight,
            taken: false,
        });
        if pieces.len() > MAX_PIECES {
            return None;
        }
        rest = &rest[end..];
        tight = true;
    }
    Some(Pieces(pieces))
}

impl<'t> Pieces<'t> {
    fn get(&self, at: usize) -> Option<&Piece<'t>> {
        self.0.get(at)
    }

    /// The digits, if the piece is a number.
    fn digits(&self, at: usize) -> Option<&'t str> {
        match self.get(at)?.kind {
            Kind::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// The value, if it is a number of at most two digits.
    fn short(&self, at: usize) -> Option<u32> {
        self.digits(at)
            .filter(|digits| digits.len() <= 2)?
            .parse()
            .ok()
    }

    fn word(&self, at: usize) -> Option<&'t str> {
        match self.get(at)?.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    fn is_mark(&self, at: usize, marks: &[char]) -> bool {
        matches!(self.get(at).map(|p| p.kind), Some(Kind::Mark(mark)) if marks.contains(&mark))
    }

    fn is_tight(&self, at: usize) -> bool {
        self.get(at).is_some_and(|piece| piece.tight)
    }

    fn take(&mut self, range: Range<usize>) {
        for piece in &mut self.0[range] {
            piece.taken = true;
        }
    }
}

// ---- the time ----

struct Clock {
    time: (u32, u32, u32),
    /// Index of the first piece after it.
    end: usize,
    /// Whether it has "AM" or "PM", which indicates American order.
    halves: bool,
}

/// Extracts the time. Inner `None`: there is none; outer `None`: it is invalid.
#[expect(
    clippy::option_option,
    reason = "outer `None`: invalid; inner `None`: absent"
)]
fn clock(pieces: &mut Pieces<'_>) -> Option<Option<Clock>> {
    let mut found: Option<(Range<usize>, (u32, u32, u32))> = None;
    for at in 0..pieces.0.len() {
        let Some(next) = with_colons(pieces, at).or_else(|| with_units(pieces, at)) else {
            continue;
        };
        let (end, time) = next?;
        let is_first = found.as_ref().is_none_or(|(range, _)| at >= range.end);
        if !is_first || is_offset(pieces, at, end, found.is_some()) {
            continue;
        }
        match &found {
            // Of two times the second wins if the first is midnight.
            Some((range, (0, 0, 0))) if time != (0, 0, 0) => {
                pieces.take(range.clone());
                found = Some((at..end, time));
            }
            Some(_) => {}
            None => found = Some((at..end, time)),
        }
    }
    let found = found
        .or_else(|| with_dots(pieces))
        .or_else(|| with_part_alone(pieces))
        .or_else(|| with_t(pieces));
    let Some((range, (hour, minute, second))) = found else {
        return Some(None);
    };
    pieces.take(range.clone());
    let halves = matches!(pieces.word(range.end), Some("am" | "pm"));
    let (part, end) = part_beside(pieces, &range);
    let hour = part.map_or(hour, |part| part.hour(hour));
    let fits = (hour < 24 || (hour == 24 && minute == 0)) && minute < 60 && second <= 60;
    let clock = Clock {
        time: (hour, minute, second),
        end,
        halves,
    };
    fits.then_some(Some(clock))
}

type Found = (usize, (u32, u32, u32));

/// `hh:mm[:ss[.fff]]` from this piece on; inner `None`: it is invalid.
#[expect(
    clippy::option_option,
    reason = "outer `None`: another format; inner `None`: invalid"
)]
fn with_colons(pieces: &Pieces<'_>, at: usize) -> Option<Option<Found>> {
    let colon =
        |at: usize| pieces.is_mark(at, &[':']) && pieces.is_tight(at) && pieces.is_tight(at + 1);
    let hour = pieces.short(at)?;
    if !colon(at + 1) {
        return None;
    }
    // After another colon it is part of something else, unless a year precedes it (as in logs).
    if at > 1 && colon(at - 1) && pieces.short(at - 2).is_some() {
        return None;
    }
    let Some(minute) = pieces.short(at + 2) else {
        // `09:xx` is an invalid time, not a date without time.
        return pieces.word(at + 2).map(|_| None);
    };
    let mut end = at + 3;
    let mut second = 0;
    let dotted = pieces.is_mark(end, &['.'])
        && pieces.is_tight(end)
        && pieces.is_tight(end + 1)
        && pieces.digits(end + 1).is_some_and(|d| d.len() == 2);
    if colon(end) || dotted {
        if let Some(value) = pieces.short(end + 1) {
            second = value;
            end += 2;
        }
        let fraction = pieces.is_mark(end, &['.', ',', ':'])
            && pieces.is_tight(end)
            && pieces.is_tight(end + 1)
            && pieces.digits(end + 1).is_some();
        if fraction {
            // A fourth part with one digit is a mistake, not a fraction.
            if pieces.is_mark(end, &[':']) && pieces.digits(end + 1).is_some_and(|d| d.len() < 2) {
                return Some(None);
            }
            end += 2;
        }
    }
    Some(Some((end, (hour, minute, second))))
}

/// `9h12`, `9h12m30s`, `9 Uhr 12`, `9時12分30秒`.
#[expect(
    clippy::option_option,
    reason = "outer `None`: another format; inner `None`: invalid"
)]
fn with_units(pieces: &Pieces<'_>, at: usize) -> Option<Option<Found>> {
    let hour = pieces.short(at)?;
    let unit = pieces.word(at + 1)?;
    let tight = pieces.is_tight(at + 1);
    let fits = match unit {
        "h" | "hs" | "時" | "uhr" | "ч" => true,
        "u" => tight && pieces.is_tight(at + 2),
        _ => false,
    };
    if !fits || hour > 24 {
        return None;
    }
    let (mut end, mut minute, mut second) = (at + 2, 0, 0);
    let is_unit = |at: usize, units: &[&str]| pieces.word(at).is_some_and(|w| units.contains(&w));
    let minutes = &["分", "m", "min", "mn", "мин"];
    let follows = |at: usize| pieces.is_tight(at) || is_unit(at + 1, minutes) || unit == "uhr";
    if let Some(value) = pieces.short(end).filter(|_| follows(end) || unit == "時") {
        (minute, end) = (value, end + 1);
        end += usize::from(is_unit(end, minutes));
        let seconds = &["秒", "s", "sec", "сек"];
        if let Some(value) = pieces.short(end).filter(|_| is_unit(end + 1, seconds)) {
            (second, end) = (value, end + 2);
        }
    }
    Some(Some((end, (hour, minute, second))))
}

/// Whether an apparent time is the offset of a zone: `+07:00`.
fn is_offset(pieces: &Pieces<'_>, at: usize, end: usize, has_time: bool) -> bool {
    if at == 0 || !pieces.is_mark(at - 1, &['+', '-']) || !pieces.is_tight(at) {
        return false;
    }
    let whole = end - at > 3;
    let behind_name = at > 1
        && pieces
            .word(at - 2)
            .is_some_and(|w| zones::named(w).is_some());
    has_time || behind_name || (pieces.is_mark(at - 1, &['+']) && !whole)
}

/// "3 PM", "3pm".
fn with_part_alone(pieces: &Pieces<'_>) -> Option<(Range<usize>, (u32, u32, u32))> {
    (0..pieces.0.len()).find_map(|at| {
        let hour = pieces.short(at).filter(|hour| (1..=12).contains(hour))?;
        let (part, _) = part_at(pieces, at + 1)?;
        let word = pieces.word(at + 1)?;
        // Without minutes, only words that mean nothing else in other languages.
        let certain = matches!(word, "am" | "pm" | "a" | "p" | "noon" | "midnight");
        (certain && part != Part::Night || word == "midnight").then_some((at..at + 1, (hour, 0, 0)))
    })
}

/// "5 Mei 2026 09.12", "05.05.2026 09.12.30": the last group with dots that can be a time.
fn with_dots(pieces: &Pieces<'_>) -> Option<(Range<usize>, (u32, u32, u32))> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < pieces.0.len() {
        let mut end = at + 1;
        if pieces.digits(at).is_some() {
            while pieces.is_mark(end, &['.'])
                && pieces.is_tight(end)
                && pieces.is_tight(end + 1)
                && pieces.digits(end + 1).is_some()
            {
                end += 2;
            }
            if end > at + 1 {
                groups.push(at..end);
            }
        }
        at = end;
    }
    let group = groups.iter().rev().find(|group| {
        let two = |at: usize| pieces.digits(at).is_some_and(|d| d.len() == 2);
        let fits = (group.len() == 3 || (group.len() == 5 && two(group.start + 4)))
            && two(group.start + 2)
            && pieces
                .short(group.start + 2)
                .is_some_and(|minute| minute < 60)
            && pieces.short(group.start).is_some_and(|hour| hour < 24);
        // The rest must still be a day.
        let others = (0..pieces.0.len()).filter(|at| !group.contains(at));
        let numbers = others
            .clone()
            .filter(|at| pieces.digits(*at).is_some())
            .count();
        let month = others.clone().any(|at| {
            pieces
                .word(at)
                .is_some_and(|w| month_named(w).is_some() || w == "thang")
        });
        fits && (numbers >= 3 || (month && numbers >= 2))
    })?;
    let second = pieces.short(group.start + 4).filter(|_| group.len() == 5);
    let time = (
        pieces.short(group.start)?,
        pieces.short(group.start + 2)?,
        second.unwrap_or(0),
    );
    Some((group.clone(), time))
}

/// "2026-05-05T091200", "05 May 2026 T0912".
fn with_t(pieces: &Pieces<'_>) -> Option<(Range<usize>, (u32, u32, u32))> {
    (1..pieces.0.len()).find_map(|at| {
        let digits = pieces.digits(at).filter(|d| matches!(d.len(), 4 | 6))?;
        let behind = pieces.word(at - 1) == Some("t") && pieces.is_tight(at);
        let part = |range: Range<usize>| digits.get(range)?.parse::<u32>().ok();
        let time = (part(0..2)?, part(2..4)?, part(4..6).unwrap_or(0));
        behind.then_some((at..at + 1, time))
    })
}

/// The part of the day at this piece ("pm", "p.m.", "p. m."), and its number of pieces.
fn part_at(pieces: &Pieces<'_>, at: usize) -> Option<(Part, usize)> {
    let first = pieces.word(at)?;
    if first.chars().count() == 1 {
        let dots = usize::from(pieces.is_mark(at + 1, &['.']));
        let second = pieces
            .word(at + 1 + dots)
            .filter(|w| w.chars().count() == 1);
        if let Some(part) = second.and_then(|second| Part::named(&format!("{first}{second}"))) {
            return Some((part, 2 + dots));
        }
    }
    Part::named(first).map(|part| (part, 1))
}

/// The part of the day after or before a time, and the end of the time including it.
fn part_beside(pieces: &mut Pieces<'_>, range: &Range<usize>) -> (Option<Part>, usize) {
    let behind = range.end + usize::from(pieces.is_mark(range.end, &[',', '.']));
    if let Some((part, length)) = part_at(pieces, behind) {
        pieces.take(range.end..behind + length);
        return (Some(part), behind + length);
    }
    let mut before = range.start;
    while before > 0 && pieces.is_mark(before - 1, &['.', ',', '-']) {
        before -= 1;
    }
    for length in [3, 2, 1] {
        if let Some(start) = before.checked_sub(length)
            && let Some((part, found)) = part_at(pieces, start)
            && found == length
        {
            // "de" is Spanish for "of" unless a dot follows.
            if pieces.word(start) == Some("de") && !pieces.is_mark(start + 1, &['.']) {
                continue;
            }
            pieces.take(start..before);
            return (Some(part), range.end);
        }
    }
    (None, range.end)
}

// ---- the zone ----

/// Extracts the zone. Inner `None`: there is none; outer `None`: an offset is invalid.
#[expect(
    clippy::option_option,
    reason = "outer `None`: invalid; inner `None`: absent"
)]
fn zone(pieces: &mut Pieces<'_>, behind: Option<usize>) -> Option<Option<Zone>> {
    let mut by_name: Option<Zone> = None;
    let mut by_offset: Option<Zone> = None;
    let mut at = 0;
    while at < pieces.0.len() {
        if pieces.0[at].taken {
            at += 1;
            continue;
        }
        let is_behind = behind.is_some_and(|end| at >= end);
        if pieces.is_mark(at, &['+', '-']) {
            if let Some(length) = offset_at(pieces, at, is_behind)? {
                let seconds = offset_of(pieces, at + 1, length)?;
                let sign = if pieces.is_mark(at, &['-']) { -1 } else { 1 };
                by_offset = by_offset.or(Some(Zone::Fixed(sign * seconds)));
                pieces.take(at..at + 1 + length);
                at += 1 + length;
                continue;
            }
        } else if let Some(word) = pieces.word(at) {
            let certain = matches!(word, "utc" | "gmt" | "wib" | "wita");
            // Before a time only unambiguous names count.
            if let Some(named) = zones::named(word).filter(|_| is_behind || certain || word == "z")
            {
                by_name = by_name.or(Some(named));
                pieces.take(at..at + 1);
            }
        }
        at += 1;
    }
    if by_offset.is_none() && by_name.is_none() && behind.is_some() {
        let words = (behind.unwrap_or(0)..pieces.0.len()).filter_map(|at| pieces.word(at));
        by_name = zones::long_named(&words.collect::<Vec<_>>().join(" "));
    }
    Some(by_offset.or(by_name))
}

/// Number of pieces of the offset after a sign. Inner `None`: the sign is not one of an offset;
/// outer `None`: the offset is invalid.
#[expect(
    clippy::option_option,
    reason = "outer `None`: invalid; inner `None`: not an offset"
)]
fn offset_at(pieces: &Pieces<'_>, at: usize, is_behind: bool) -> Option<Option<usize>> {
    let plus = pieces.is_mark(at, &['+']);
    let behind_name = at > 0
        && pieces
            .word(at - 1)
            .is_some_and(|w| zones::named(w).is_some());
    if !(pieces.is_tight(at + 1) || behind_name && pieces.digits(at + 1).is_some()) {
        return Some(None);
    }
    if plus && is_behind && (pieces.word(at + 1).is_some() || pieces.is_mark(at + 1, &['-'])) {
        return None;
    }
    let Some(digits) = pieces.digits(at + 1) else {
        return Some(None);
    };
    // Within a date it is a separator; the time and the zone name are extracted by now.
    let inside = at > 0
        && pieces.is_tight(at)
        && !pieces.0[at - 1].taken
        && !matches!(pieces.0[at - 1].kind, Kind::Mark(_));
    if inside && !(plus && pieces.digits(at - 1).is_some()) {
        return Some(None);
    }
    let mut length = 1;
    while length < 5 && digits.len() <= 2 && pieces.is_mark(at + 1 + length, &[':']) {
        if pieces.digits(at + 2 + length).is_none() {
            return if length == 1 {
                None
            } else {
                Some(Some(length))
            };
        }
        length += 2;
    }
    // A dash before a day or a year: "9:12 -5 Mei 2026".
    let parted =
        pieces.is_mark(at + 1 + length, &['-', '/', '.']) && pieces.is_tight(at + 1 + length);
    let date_follows = parted && pieces.digits(at + 2 + length).is_some();
    Some((!date_follows).then_some(length))
}

fn offset_of(pieces: &Pieces<'_>, at: usize, length: usize) -> Option<i64> {
    if length == 1 {
        return zones::offset(pieces.digits(at)?);
    }
    zones::offset_of(pieces.short(at)?, pieces.short(at + 2)?)
}

/// The zone named in brackets: "(WIB)", "(GMT+7)", "(Western Indonesia Time)".
fn remarked(remark: &str) -> Option<Zone> {
    let mut pieces = cut(remark)?;
    zone(&mut pieces, Some(0))?
}

// ---- the day ----

#[derive(Debug, Clone, Copy)]
struct Number {
    value: u32,
    digits: usize,
    at: usize,
}

impl Number {
    fn can_be_day(self) -> bool {
        self.digits <= 2 && (1..=31).contains(&self.value)
    }
}

/// The day, and the hour if the text has one without minutes.
fn day(pieces: &Pieces<'_>, clock: Option<&Clock>) -> Option<(NaiveDate, Option<u32>)> {
    let mut numbers: Vec<Number> = Vec::new();
    for (at, piece) in pieces
        .0
        .iter()
        .enumerate()
        .filter(|(_, piece)| !piece.taken)
    {
        if let Kind::Number(digits) = piece.kind {
            if digits.len() == 8 && numbers.is_empty() {
                let part = |range: Range<usize>| digits.get(range)?.parse::<u32>().ok();
                return Some((date(part(0..4)?, 4, part(4..6)?, part(6..8)?)?, None));
            }
            let value = digits.parse().ok().filter(|_| digits.len() <= 4)?;
            numbers.push(Number {
                value,
                digits: digits.len(),
                at,
            });
        }
    }
    if let Some(day) = with_day_units(pieces, &numbers) {
        return Some((day?, None));
    }
    let words = pieces
        .0
        .iter()
        .enumerate()
        .filter(|(_, piece)| !piece.taken);
    let words: Vec<(usize, &str)> = words
        .filter_map(|(at, piece)| match piece.kind {
            Kind::Word(word) => Some((at, word)),
            _ => None,
        })
        .collect();
    let mut month: Option<(usize, u32, bool)> = None;
    for (index, (at, word)) in words.iter().enumerate() {
        if let Some(number) = persian_month(word) {
            let others = day_and_year(&numbers, *at);
            let (day, year) = others?;
            return Some((from_persian(year.value as i32, number, day.value)?, None));
        }
        let next = words.get(index + 1).map_or("", |(_, word)| *word);
        let found = if *word == "thang" {
            if let Some(place) = numbers.iter().position(|number| number.at == at + 1) {
                let number = numbers.remove(place);
                Some((number.value, false))
            } else {
                let after = words.get(index + 2).map_or("", |(_, word)| *word);
                vietnamese_month(next, after).map(|month| (month, false))
            }
        } else {
            let two = two_word_month(word, next).map(|month| (month, false));
            two.or_else(|| month_named(word))
        };
        // A name that cannot be a day of the week is preferred; among ambiguous ones the last.
        if let Some((number, doubtful)) = found
            && month.is_none_or(|(_, _, was_doubtful)| was_doubtful)
        {
            month = Some((*at, number, doubtful));
        }
    }
    let group = group(pieces, &numbers);
    let (at, month) = match month {
        Some((_, _, true)) if group.is_some() => {
            return numeric(pieces, group?, clock, &words).map(|day| (day, None));
        }
        Some((at, month, _)) => (at, month),
        None => {
            let group = group.or_else(|| <[Number; 3]>::try_from(numbers.get(..3)?).ok())?;
            let day = numeric(pieces, group, clock, &words)?;
            let hour = numbers
                .get(3)
                .filter(|_| clock.is_none())
                .and_then(hour_alone);
            return Some((day, hour));
        }
    };
    if let [year] = numbers[..] {
        let whole = year.digits == 4 && clock.is_none();
        return whole.then(|| Some((date(year.value, 4, month, 1)?, None)))?;
    }
    let (day, year) = day_and_year(&numbers, at)?;
    let rest = numbers
        .iter()
        .find(|n| n.at > year.at.max(day.at) && clock.is_none());
    let hour = rest.and_then(hour_alone);
    Some((date(year.value, year.digits, month, day.value)?, hour))
}

fn hour_alone(number: &Number) -> Option<u32> {
    Some(number.value).filter(|hour| *hour < 24 && number.digits <= 2)
}

/// The day and the year among the numbers around a month name.
fn day_and_year(numbers: &[Number], month: usize) -> Option<(Number, Number)> {
    let (first, second) = (numbers.first()?, numbers.get(1)?);
    let year = numbers.iter().find(|number| number.digits >= 3);
    if let Some(year) = year {
        let mut days = numbers.iter().filter(|n| n.at != year.at && n.can_be_day());
        let nearest = days
            .clone()
            .find(|n| n.at < month && month - n.at <= 3 && year.at > n.at);
        return Some((*nearest.or_else(|| days.next())?, *year));
    }
    if first.can_be_day() {
        return Some((*first, *second));
    }
    second.can_be_day().then_some((*second, *first))
}

/// The day from numbers with units: `2026年5月5日`, also with an era. Inner `None`: it is invalid.
#[expect(
    clippy::option_option,
    reason = "outer `None`: another format; inner `None`: invalid"
)]
fn with_day_units(pieces: &Pieces<'_>, numbers: &[Number]) -> Option<Option<NaiveDate>> {
    let with = |unit: &str| numbers.iter().find(|n| pieces.word(n.at + 1) == Some(unit));
    let (month, day) = (with("月")?, with("日"));
    let year = with("年").or_else(|| numbers.iter().find(|n| n.digits == 4))?;
    let era = year.at.checked_sub(1).and_then(|at| pieces.word(at));
    let (value, digits) = match era {
        Some("令和") => (year.value + 2018, 4),
        Some("平成") => (year.value + 1988, 4),
        Some("昭和") => (year.value + 1925, 4),
        Some("民國") => (year.value + 1911, 4),
        _ => (year.value, year.digits),
    };
    Some(date(
        value,
        digits,
        month.value,
        day.map_or(1, |day| day.value),
    ))
}

/// Three numbers separated by the same mark.
fn group(pieces: &Pieces<'_>, numbers: &[Number]) -> Option<[Number; 3]> {
    numbers.windows(3).find_map(|three| {
        let [first, second, third] = <[Number; 3]>::try_from(three).ok()?;
        let marks = ['-', '/', '.'];
        let mark = marks.iter().find(|mark| {
            pieces.is_mark(first.at + 1, &[**mark]) && pieces.is_mark(second.at + 1, &[**mark])
        });
        let close = second.at == first.at + 2 && third.at == second.at + 2;
        (mark.is_some() && close).then_some([first, second, third])
    })
}

/// The day from three numbers: by the position of the year, by the day of the week if there is one,
/// else day first as in most of the world, unless an American time is beside it.
fn numeric(
    pieces: &Pieces<'_>,
    [first, second, third]: [Number; 3],
    clock: Option<&Clock>,
    words: &[(usize, &str)],
) -> Option<NaiveDate> {
    let weekday = words.iter().find_map(|(_, word)| weekday_named(word));
    let fits = |day: &NaiveDate| weekday.is_none_or(|w| day.weekday().num_days_from_monday() == w);
    let of = |year: Number, month: Number, day: Number| {
        let dated = date(year.value, year.digits, month.value, day.value);
        dated.filter(|_| month.digits <= 2 && day.digits <= 2)
    };
    let dashes = pieces.is_mark(first.at + 1, &['-']);
    if first.digits >= 3 {
        let swapped = || of(first, third, second).filter(|_| !dashes);
        return of(first, second, third).or_else(swapped);
    }
    let slashes = pieces.is_mark(first.at + 1, &['/']);
    if third.digits <= 2 && (first.value > 31 || dashes) {
        let year_first = of(first, second, third).filter(fits);
        if year_first.is_some() {
            return year_first;
        }
    }
    let day_first = of(third, second, first);
    let month_first = of(third, first, second);
    let american = clock.is_some_and(|clock| clock.halves);
    let order = if slashes && american && weekday.is_none() {
        [month_first, day_first]
    } else {
        [day_first, month_first]
    };
    let found = order.into_iter().flatten();
    found
        .clone()
        .find(fits)
        .or_else(|| found.into_iter().next())
}

/// A day with the year as written. Two-digit years are between 1970 and 2069; three-digit years
/// count from 1900 (RFC 2822, section 4.3). The 31st of a shorter month is the first of the next.
fn date(year: u32, digits: usize, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok()?;
    let year = match digits {
        1..=3 if year >= 70 => 1900 + year,
        1 | 2 => 2000 + year,
        _ => gregorian(year),
    };
    if !(1..=31).contains(&day) {
        return None;
    }
    if PERSIAN_YEARS.contains(&year) {
        return from_persian(year, month, day);
    }
    NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_signed(Duration::days(i64::from(day) - 1))
}
