//! Datelines: the place (and agency) before the first words of a report.

use warta_text::collapse_whitespace;

/// Maximum length of a dateline, in characters.
const LONGEST: usize = 70;

/// Splits off the dateline of a paragraph: `Beijing (BERITAJA) - Presiden …` gives `BEIJING
/// (BERITAJA)` and its length in the text in bytes, including dash and space.
///
/// Known forms: `Place (AGENCY) -`, `PLACE, AGENCY -`, `PLACE -`, with any dash, and a date inside
/// as in `Jakarta, 5 Mei (ANTARA) -`.
pub(crate) fn split(text: &str, emphasis: &str) -> Option<(String, usize)> {
    let trimmed = text.trim_start();
    let skipped = text.len() - trimmed.len();
    for (at, dash) in trimmed.char_indices().take(LONGEST + 4) {
        if !matches!(dash, '-' | '–' | '—' | '―') {
            continue;
        }
        let before = &trimmed[..at];
        let after = &trimmed[at + dash.len_utf8()..];
        // Inside a word it is a hyphen, and two of them are one dash.
        let spaced = before.ends_with(char::is_whitespace) || before.ends_with(')');
        let ends = after.starts_with(char::is_whitespace) || after.starts_with(['-', '–']);
        let is_long = dash != '-';
        if !(spaced || is_long && ends) {
            continue;
        }
        if !ends && !after.starts_with(char::is_alphabetic) {
            continue;
        }
        let head = before.trim();
        let set_off = emphasis.trim_end_matches(['-', '–', '—', ' ']) == head && is_named(head);
        if !set_off && !is_dateline(head) {
            return None;
        }
        let rest = after.trim_start_matches(['-', '–', '—']).trim_start();
        if rest.is_empty() {
            return None;
        }
        return Some((shown(head), skipped + trimmed.len() - rest.len()));
    }
    None
}

/// The dateline of a line that is nothing else, as in `ISTANBUL, 23 Februari 2016 (Antara) -`.
pub(crate) fn alone(text: &str) -> Option<String> {
    let head = text.trim().strip_suffix(['-', '–', '—'])?;
    let head = head.trim_end_matches(['-', '–', '—', ' ']);
    (head.contains(['(', ',']) && is_dateline(head)).then(|| shown(head))
}

fn is_dateline(head: &str) -> bool {
    if head.is_empty()
        || head.chars().count() > LONGEST
        || head.contains(['.', '?', '!', ':', '"', ';']) && !has_agency_with_dot(head)
    {
        return false;
    }
    let (place, agency) = match head.split_once('(') {
        Some((place, agency)) => (place.trim(), agency.strip_suffix(')')),
        None => (head, None),
    };
    if head.contains('(') {
        let Some(agency) = agency else { return false };
        let words = place.split_whitespace().count();
        return !place.is_empty()
            && words <= 7
            && begins_upper(place)
            && agency.chars().count() <= 40;
    }
    // Without an agency in brackets, only capitals distinguish a dateline from a sentence.
    let (place, rest) = place.split_once(',').unwrap_or((place, ""));
    let words = place.split_whitespace().count();
    is_capitals(place)
        && words <= 4
        && place.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && rest.split_whitespace().count() <= 4
}

/// A few names, nothing else.
fn is_named(head: &str) -> bool {
    let mut words = head.split_whitespace();
    words.clone().count() <= 5
        && words.all(|word| begins_upper(word.trim_start_matches('(')))
        && !head.contains(['?', '!', ':', '"', ';'])
}

/// `KOMPAS.com` and its like.
fn has_agency_with_dot(head: &str) -> bool {
    let dots = head.matches('.').count();
    let hosts = [".com", ".id", ".co", ".net", ".org", ".tv", ".news"]
        .iter()
        .any(|e| head.to_ascii_lowercase().contains(e));
    hosts && dots <= 2 && !head.contains(['?', '!', ':', '"', ';'])
}

fn begins_upper(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_uppercase)
}

fn is_capitals(text: &str) -> bool {
    text.chars().all(|c| !c.is_lowercase()) && text.chars().any(char::is_uppercase)
}

/// The place in capitals, the agency as printed.
fn shown(head: &str) -> String {
    let collapsed = collapse_whitespace(head);
    match collapsed.split_once('(') {
        Some((place, agency)) => format!("{} ({agency}", place.trim().to_uppercase()),
        None => match collapsed.split_once(',') {
            Some((place, agency)) => format!("{},{agency}", place.to_uppercase()),
            None => collapsed.to_uppercase(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn datelines_are_distinguished_from_sentences() {
        for (text, expected) in [
            (
                "Beijing (BERITAJA) - Presiden itu datang",
                Some(("BEIJING (BERITAJA)", "Presiden itu datang")),
            ),
            (
                "JAKARTA, KOMPAS.com – Hujan turun",
                Some(("JAKARTA, KOMPAS.com", "Hujan turun")),
            ),
            (
                "Jakarta (ANTARA) -Hujan turun",
                Some(("JAKARTA (ANTARA)", "Hujan turun")),
            ),
            (
                "LONDON (Reuters) - Rain fell",
                Some(("LONDON (Reuters)", "Rain fell")),
            ),
            (
                "LONDON, May 5 (Reuters) -- Rain fell",
                Some(("LONDON, MAY 5 (Reuters)", "Rain fell")),
            ),
            (
                "PULAU KANDARA (SAGARA) — Seluruh penumpang",
                Some(("PULAU KANDARA (SAGARA)", "Seluruh penumpang")),
            ),
            (
                "SURABAYA — Pasar dibuka",
                Some(("SURABAYA", "Pasar dibuka")),
            ),
            (
                "New York (AP) — Shares rose",
                Some(("NEW YORK (AP)", "Shares rose")),
            ),
            ("Dia datang - lalu pergi", None),
            ("Harga naik 5 persen - kata dia", None),
            ("Kota itu (yang lama) ramai - sangat ramai", None),
            ("Hari-hari berlalu", None),
            ("A - B", None),
            ("", None),
            ("—", None),
        ] {
            let got = split(text, "");
            let got = got.as_ref().map(|(line, at)| (line.as_str(), &text[*at..]));
            assert_eq!(got, expected, "{text}");
        }
    }
}
