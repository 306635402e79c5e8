//! Formats text for a terminal: aligns, wraps, and removes control characters.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

pub(crate) use warta_engine::text::plain_line as clean;

/// Cuts or pads text to a number of columns.
pub(crate) fn column(text: &str, width: usize) -> String {
    let mut text = cut(text, width);
    let missing = width.saturating_sub(text.width());
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// Cuts text to a number of columns, with an ellipsis.
pub(crate) fn cut(text: &str, width: usize) -> String {
    let text = clean(text);
    if text.width() <= width {
        return text;
    }
    let mut kept = String::new();
    let mut used = 0;
    // Cut at grapheme clusters (UAX #29): "❤️" is two code points and two columns wide, but its
    // first code point alone is one column wide.
    for character in text.graphemes(true) {
        used += character.width();
        if used >= width {
            break;
        }
        kept.push_str(character);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// A time relative to now, e.g. "2 hours ago".
pub(crate) fn ago(now: i64, time: i64) -> String {
    let seconds = now.saturating_sub(time);
    let (count, unit) = match seconds {
        i64::MIN..0 => return "in the future".into(),
        0..60 => return "just now".into(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..2_592_000 => (seconds / 86_400, "day"),
        2_592_000..31_536_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    format!("{} ago", counted(count as u64, unit))
}

/// The date of a time in the local time zone: `2026-05-04`.
pub(crate) fn local_date(time: i64) -> String {
    use chrono::{Local, TimeZone};
    let day = Local.timestamp_opt(time, 0).earliest();
    day.map(|day| day.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

/// A time in the local time zone: `14:05` within a day, else with the date.
pub(crate) fn local_time(now: i64, time: i64) -> String {
    use chrono::{Local, TimeZone};
    let form = if (time - now).abs() < 86_400 {
        "%H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    let local = Local.timestamp_opt(time, 0).earliest();
    local.map_or_else(|| time.to_string(), |at| at.format(form).to_string())
}

/// `1 feed`, `2 feeds`, `1 story`, `2 stories`.
pub(crate) fn counted(count: u64, what: &str) -> String {
    match (count, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        // "day" and similar words keep their y.
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies"),
        _ => format!("{count} {what}s"),
    }
}

/// A size in bytes with a unit, e.g. "1.5 MB".
pub(crate) fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.1} GB", count as f64 / 1e9),
    }
}

/// Wraps text to a number of columns; a longer word gets a line of its own.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let word_width = word.width();
        // A word can have width zero (a lone accent) and still needs a separator.
        if !line.is_empty() && used + 1 + word_width > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += word_width;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_relative_to_now() {
        for (seconds, expected) in [
            (-5, "in the future"),
            (0, "just now"),
            (60, "1 minute ago"),
            (7_300, "2 hours ago"),
            (86_400, "1 day ago"),
            (3 * 86_400, "3 days ago"),
            (40 * 86_400, "1 month ago"),
            (800 * 86_400, "2 years ago"),
        ] {
            assert_eq!(ago(1_000_000_000, 1_000_000_000 - seconds), expected);
        }
        assert_eq!(counted(2, "story"), "2 stories");
        assert_eq!(counted(0, "feed"), "0 feeds");
    }

    #[test]
    fn control_characters_are_removed() {
        assert_eq!(clean("a\u{1b}[2Jb\u{9b}c\r\nd\u{202e}e"), "a [2Jb c  de");
    }

    #[test]
    fn columns_align_wide_characters() {
        assert_eq!(column("新聞記事", 6), "新聞… ");
        assert_eq!(column("ab", 4), "ab  ");
        assert_eq!(cut("berita hari ini", 9), "berita h…");
    }

    #[test]
    fn grapheme_clusters_are_not_split() {
        let hearts = "❤\u{fe0f}".repeat(6);
        assert_eq!(hearts.width(), 12);
        assert_eq!(cut(&hearts, 6), format!("{}…", "❤\u{fe0f}".repeat(2)));
        assert_eq!(column(&hearts, 6).width(), 6);
        assert_eq!(column("👩‍👩‍👧‍👦 keluarga", 4), "👩‍👩‍👧‍👦… ");
        assert_eq!(cut("नमस्ते दुनिया", 5), "नमस्ते…");
    }

    #[test]
    fn a_lone_accent_is_a_word() {
        assert_eq!(wrapped("\u{2de0} 𝋠", 4), ["\u{2de0} 𝋠"]);
        assert_eq!(wrapped("a \u{301} b", 3), ["a \u{301}", "b"]);
    }

    /// Letters, and characters whose joint width differs from the sum of their widths.
    fn texts() -> impl Strategy<Value = String> {
        let pieces = prop_oneof![
            any::<String>(),
            "[a-z ❤☎\u{fe0f}\u{fe0e}\u{200d}\u{301}\u{2de0}新👩👧🏽🇮🇩\u{644}\u{627}]{0,40}",
        ];
        proptest::collection::vec(pieces, 0..4).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_fits_its_column(text in texts(), width in 2usize..40) {
            prop_assert_eq!(column(&text, width).width(), width);
            prop_assert!(cut(&text, width).width() <= width);
            let lines = wrapped(&text, width);
            let words: Vec<_> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
            prop_assert_eq!(words, text.split_whitespace().collect::<Vec<_>>());
            for line in &lines {
                prop_assert!(line.width() <= width || !line.contains(' '), "{:?}", line);
            }
        }
    }
}
