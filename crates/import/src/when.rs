//! Times as other programs write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// Numbers above it count milliseconds: as seconds, it is the year 5138.
const LATEST_SECONDS: f64 = 1e11;
/// Numbers above it count microseconds.
const LATEST_MILLISECONDS: f64 = 1e14;

/// Seconds since 1970 from a number of seconds, milliseconds or microseconds.
pub(crate) fn of_number(number: f64) -> Option<i64> {
    if !number.is_finite() || number <= 0.0 {
        return None;
    }
    let seconds = if number > LATEST_MILLISECONDS {
        number / 1e6
    } else if number > LATEST_SECONDS {
        number / 1e3
    } else {
        number
    };
    (seconds < LATEST_SECONDS).then_some(seconds as i64)
}

/// Seconds since 1970 from a number, an ISO 8601 or an RFC 2822 date. A date without a zone is in
/// UTC.
pub(crate) fn of_text(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return of_number(number);
    }
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.timestamp());
    }
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.timestamp());
    }
    for form in [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
    ] {
        if let Ok(date) = NaiveDateTime::parse_from_str(text, form) {
            return Some(date.and_utc().timestamp());
        }
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp())
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn times_of_all_kinds_are_read() {
        for (text, expected) in [
            ("1507652171", Some(1_507_652_171)),
            ("1507652171000", Some(1_507_652_171)),
            ("1507652171000000", Some(1_507_652_171)),
            ("2017-10-10T16:16:11Z", Some(1_507_652_171)),
            ("2017-10-10T16:16:11.250Z", Some(1_507_652_171)),
            ("2017-10-10T16:16:11", Some(1_507_652_171)),
            ("2017-10-10 16:16:11", Some(1_507_652_171)),
            ("Tue, 10 Oct 2017 16:16:11 +0000", Some(1_507_652_171)),
            ("2017-10-10", Some(1_507_593_600)),
            ("", None),
            ("0", None),
            ("-5", None),
            ("NaN", None),
            ("inf", None),
            ("1e300", None),
            ("yesterday", None),
        ] {
            assert_eq!(of_text(text), expected, "{text:?}");
        }
    }
}
