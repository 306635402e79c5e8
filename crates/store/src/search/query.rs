//! Parsing a query. No input is an error: unknown syntax is treated as words.
use std::collections::HashSet;
use std::ops::Bound;

use chrono::{Months, NaiveDate};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::error::Result;
use crate::search::analysis::{Analyzer, Word, is_stop_word};
use crate::search::schema::Fields;
use crate::search::vocabulary::Vocabulary;

/// Maps the beginning of a day in UTC to its beginning in the reader's time zone.
pub(crate) type DayBegins<'a> = &'a dyn Fn(i64) -> i64;

/// Maximum length of a query, in characters.
const LONGEST_QUERY: usize = 1_000;

const MOST_CLAUSES: usize = 24;

const TITLE_BOOST: f32 = 3.0;

const SHORTEST_PREFIX: usize = 2;

/// Shorter words are not corrected; those of `LONG` or more characters may have two mistakes.
const SHORTEST_MISTYPED: usize = 4;

const LONG: usize = 8;

/// One word or phrase.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent parts of the syntax"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clause {
    text: String,
    negated: bool,
    title_only: bool,
    quoted: bool,
    /// The reader may still be typing it.
    unfinished: bool,
}

/// What to highlight in a text.
#[derive(Debug, Default)]
pub(crate) struct Highlights {
    words: HashSet<String, foldhash::fast::RandomState>,
    prefixes: Vec<String>,
    /// Words that may be mistyped, with how many mistakes, and whether more may follow them.
    near: Vec<(String, u8, bool)>,
}

impl Highlights {
    /// Whether to highlight a folded word.
    pub(crate) fn contains(&self, form: &str) -> bool {
        self.words.contains(form)
            || self.prefixes.iter().any(|prefix| form.starts_with(prefix))
            || self
                .near
                .iter()
                .any(|(near, mistakes, open)| is_near(near, form, *mistakes, *open))
    }
}

/// A condition on an article's status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Read,
    Unread,
    Saved,
}

/// A parsed query.
#[derive(Debug, Default)]
pub(crate) struct ParsedQuery {
    clauses: Vec<Clause>,
    /// Names of feeds, and whether they are excluded.
    pub(crate) feeds: Vec<(String, bool)>,
    /// Conditions on the status, and whether they are negated.
    pub(crate) statuses: Vec<(Status, bool)>,
    /// From this time on, in the reader's time zone.
    after: Option<i64>,
    /// Up to but not including this time.
    before: Option<i64>,
}

/// The feeds of a `feed:` clause.
pub(crate) struct FeedFilter {
    pub(crate) ids: Vec<u32>,
    pub(crate) negated: bool,
}

impl ParsedQuery {
    /// Parses a query.
    pub(crate) fn read(typed: &str) -> Self {
        let mut asked = Self::default();
        for clause in clauses(typed) {
            if !asked.take_filter(&clause) {
                asked.clauses.push(clause);
            }
        }
        asked
    }

    /// Takes the clause as a filter; false if it is not one.
    fn take_filter(&mut self, clause: &Clause) -> bool {
        let Some((name, value)) = clause.text.split_once(':').filter(|_| !clause.quoted) else {
            return false;
        };
        match (name.to_lowercase().as_str(), value) {
            ("feed" | "umpan" | "is" | "after" | "sejak" | "before" | "sebelum", "") => true,
            ("feed" | "umpan", value) => {
                self.feeds.push((value.to_owned(), clause.negated));
                true
            }
            ("is", value) => {
                let status = match value.to_lowercase().as_str() {
                    "saved" | "tersimpan" => Status::Saved,
                    "unread" | "belum-dibaca" => Status::Unread,
                    "read" | "dibaca" => Status::Read,
                    _ => return false,
                };
                self.statuses.push((status, clause.negated));
                true
            }
            ("after" | "sejak", value) if !clause.negated => {
                let Some(day) = day(value) else { return false };
                self.after = Some(self.after.map_or(day, |other| other.max(day)));
                true
            }
            ("before" | "sebelum", value) if !clause.negated => {
                let Some(day) = day(value) else { return false };
                self.before = Some(self.before.map_or(day, |other| other.min(day)));
                true
            }
            _ => false,
        }
    }

    /// The single words that may be mistyped, folded.
    pub(crate) fn words(&self, analyzer: &mut Analyzer) -> Vec<Word> {
        self.clauses
            .iter()
            .filter(|clause| !clause.quoted && !clause.negated)
            .filter_map(|clause| match analyzer.words(&clause.text).as_slice() {
                [word] if mistakes(&word.folded, false) > 0 && !is_stop_word(&word.folded) => {
                    Some(word.clone())
                }
                _ => None,
            })
            .collect()
    }

    /// The query, and what to highlight; `None` for an empty query. Days begin as
    /// `day_begins` says; `mistyped` words also find what is spelled nearly so.
    pub(crate) fn query(
        &self,
        analyzer: &mut Analyzer,
        vocabulary: &Vocabulary<'_>,
        feeds: &[FeedFilter],
        day_begins: DayBegins<'_>,
        mistyped: &HashSet<String>,
    ) -> Result<Option<(Box<dyn Query>, Highlights)>> {
        let mut highlights = Highlights::default();
        let mut wanted: Vec<(bool, Box<dyn Query>)> = Vec::new();
        let mut unwanted: Vec<Box<dyn Query>> = Vec::new();
        for clause in &self.clauses {
            let words = analyzer.words(&clause.text);
            let Some(query) = of_clause(clause, &words, vocabulary, mistyped)? else {
                continue;
            };
            if clause.negated {
                unwanted.push(query);
                continue;
            }
            highlights
                .prefixes
                .extend(prefix(clause, &words).map(str::to_owned));
            let is_stop = !clause.quoted
                && !clause.unfinished
                && words.iter().all(|word| is_stop_word(&word.folded));
            for word in words {
                if mistyped.contains(&word.folded) {
                    let mistakes = mistakes(&word.folded, clause.unfinished);
                    let near = (word.folded.clone(), mistakes, clause.unfinished);
                    highlights.near.push(near);
                }
                if !is_stop && !clause.quoted {
                    highlights.words.extend(vocabulary.relatives(&word));
                }
                highlights.words.insert(word.folded);
            }
            wanted.push((is_stop, query));
        }
        let mut parts = self.filters(vocabulary.fields, feeds, day_begins);
        let narrows = !parts.is_empty() || !self.statuses.is_empty();
        if wanted.is_empty() && unwanted.is_empty() && !narrows {
            return Ok(None);
        }
        let only_stop_words = wanted.iter().all(|(is_stop, _)| *is_stop);
        if wanted.is_empty() {
            parts.push((Occur::Must, Box::new(AllQuery)));
        }
        for (is_stop, query) in wanted {
            let occur = if is_stop && !only_stop_words {
                Occur::Should
            } else {
                Occur::Must
            };
            parts.push((occur, query));
        }
        parts.extend(unwanted.into_iter().map(|query| (Occur::MustNot, query)));
        Ok(Some((Box::new(BooleanQuery::new(parts)), highlights)))
    }

    /// Filters, which do not affect the score.
    fn filters(
        &self,
        fields: Fields,
        feeds: &[FeedFilter],
        day_begins: DayBegins<'_>,
    ) -> Vec<(Occur, Box<dyn Query>)> {
        let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for of_feeds in feeds {
            let terms = of_feeds.ids.iter();
            let terms = terms.map(|id| Term::from_field_u64(fields.feed, u64::from(*id)));
            let occur = if of_feeds.negated {
                Occur::MustNot
            } else {
                Occur::Must
            };
            let query: Box<dyn Query> = Box::new(TermSetQuery::new(terms));
            parts.push((occur, Box::new(BoostQuery::new(query, 0.0))));
        }
        if self.after.is_some() || self.before.is_some() {
            let bound = |time: i64| Term::from_field_i64(fields.time, day_begins(time));
            let from = self.after.map(bound);
            let to = self.before.map(bound);
            let query = RangeQuery::new(
                from.map_or(Bound::Unbounded, Bound::Included),
                to.map_or(Bound::Unbounded, Bound::Excluded),
            );
            parts.push((Occur::Must, Box::new(BoostQuery::new(Box::new(query), 0.0))));
        }
        parts
    }
}

/// The beginning of a day, month or year.
fn day(text: &str) -> Option<i64> {
    let mut parts = text.split(['-', '/']);
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = parts.next().map_or(Some(1), |month| month.parse().ok())?;
    let day = parts.next().map_or(Some(1), |day| day.parse().ok())?;
    if parts.next().is_some() {
        return None;
    }
    // A day beyond the month's end is the next month's first.
    let date = NaiveDate::from_ymd_opt(year, month, day).or_else(|| {
        let first = NaiveDate::from_ymd_opt(year, month, 1).filter(|_| day <= 31)?;
        first.checked_add_months(Months::new(1))
    })?;
    Some(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())
}

/// Maximum number of mistakes in a word; one that is still being typed would match too many words
/// with two.
fn mistakes(word: &str, open: bool) -> u8 {
    match word.chars().count() {
        0..SHORTEST_MISTYPED => 0,
        LONG.. if !open => 2,
        _ => 1,
    }
}

/// Whether `word`, or a prefix of it if `open`, is at most `mistakes` edits away from `near`:
/// insertions, deletions, replacements and swaps.
fn is_near(near: &str, word: &str, mistakes: u8, open: bool) -> bool {
    let near: Vec<char> = near.chars().collect();
    let word: Vec<char> = word
        .chars()
        .take(near.len() + usize::from(mistakes) + 1)
        .collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=near.len()).collect();
    let mut best = row[near.len()];
    for (at, letter) in word.iter().enumerate() {
        let mut next = vec![at + 1];
        for (other, expected) in near.iter().enumerate() {
            let mut cost = (row[other] + usize::from(letter != expected))
                .min(row[other + 1] + 1)
                .min(next[other] + 1);
            if at > 0 && other > 0 && *letter == near[other - 1] && word[at - 1] == *expected {
                cost = cost.min(before[other - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
        best = best.min(row[near.len()]);
    }
    let distance = if open { best } else { row[near.len()] };
    distance <= usize::from(mistakes)
}

fn clauses(typed: &str) -> Vec<Clause> {
    let typed: String = typed.chars().take(LONGEST_QUERY).collect();
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
    let mut clauses = Vec::new();
    let mut rest = typed.trim_start();
    while !rest.is_empty() && clauses.len() < MOST_CLAUSES {
        let mut negated = false;
        let mut title_only = false;
        loop {
            if let Some(after) = rest.strip_prefix('-').filter(|_| !negated) {
                (negated, rest) = (true, after);
            } else if let Some(after) = ["title:", "judul:"]
                .iter()
                .find_map(|name| strip_prefix_ignoring_case(rest, name))
                .filter(|_| !title_only)
            {
                (title_only, rest) = (true, after);
            } else {
                break;
            }
        }
        // A filter's value may be in quotes: feed:"Kabar Kota".
        let filter = ["feed:", "umpan:"].iter().find(|name| {
            strip_prefix_ignoring_case(rest, name).is_some_and(|r| r.starts_with(is_quote))
        });
        if let Some(name) = filter {
            let value = rest[name.len()..].trim_start_matches(is_quote);
            let end = value.find(is_quote).unwrap_or(value.len());
            clauses.push(Clause {
                text: format!("feed:{}", &value[..end]),
                negated,
                title_only: false,
                quoted: false,
                unfinished: false,
            });
            rest = value[end..].trim_start_matches(is_quote).trim_start();
            continue;
        }
        let quoted = rest.starts_with(is_quote);
        if quoted {
            rest = rest.trim_start_matches(is_quote);
        }
        let end = match rest.find(|c: char| {
            if quoted {
                is_quote(c)
            } else {
                c.is_whitespace()
            }
        }) {
            Some(end) => end,
            None => rest.len(),
        };
        let text = rest[..end].to_owned();
        let unfinished = end == rest.len() && !quoted;
        rest = rest[end..].trim_start_matches(is_quote).trim_start();
        if !text.is_empty() {
            clauses.push(Clause {
                text,
                negated,
                title_only,
                quoted,
                unfinished,
            });
        }
    }
    clauses
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let start = text.get(..prefix.len())?;
    start
        .eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

/// The prefix to search for, if the word may be unfinished.
fn prefix<'a>(clause: &Clause, words: &'a [Word]) -> Option<&'a str> {
    match words {
        [word] if clause.unfinished && !clause.negated => {
            (word.folded.chars().count() >= SHORTEST_PREFIX).then_some(word.folded.as_str())
        }
        _ => None,
    }
}

fn of_clause(
    clause: &Clause,
    words: &[Word],
    vocabulary: &Vocabulary<'_>,
    mistyped: &HashSet<String>,
) -> Result<Option<Box<dyn Query>>> {
    if words.is_empty() {
        return Ok(None);
    }
    let fields = vocabulary.fields;
    let mut either: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for (field, boost) in [(fields.title, TITLE_BOOST), (fields.body, 1.0)] {
        if clause.title_only && field != fields.title {
            continue;
        }
        let queries = match words {
            [word] => word_queries(clause, word, field, vocabulary, mistyped)?,
            words => phrase(words, field, field == fields.body)
                .into_iter()
                .collect(),
        };
        either.extend(queries.into_iter().map(|query| {
            let query: Box<dyn Query> = Box::new(BoostQuery::new(query, boost));
            (Occur::Should, query)
        }));
    }
    Ok(Some(Box::new(BooleanQuery::new(either))))
}

/// The queries for a single word in a field.
fn word_queries(
    clause: &Clause,
    word: &Word,
    field: Field,
    vocabulary: &Vocabulary<'_>,
    mistyped: &HashSet<String>,
) -> Result<Vec<Box<dyn Query>>> {
    let mut queries = if clause.quoted {
        let term = Term::from_field_text(field, &word.folded);
        vec![Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>]
    } else {
        vocabulary.finding(field, word)?
    };
    if let Some(prefix) = prefix(clause, std::slice::from_ref(word)) {
        let term = Term::from_field_text(field, prefix);
        queries.push(Box::new(FuzzyTermQuery::new_prefix(term, 0, false)));
    }
    if mistyped.contains(&word.folded) && !clause.negated && !clause.quoted {
        let term = Term::from_field_text(field, &word.folded);
        let mistakes = mistakes(&word.folded, clause.unfinished);
        queries.push(Box::new(if clause.unfinished {
            FuzzyTermQuery::new_prefix(term, mistakes, true)
        } else {
            FuzzyTermQuery::new(term, mistakes, true)
        }));
    }
    Ok(queries)
}

/// A phrase; if stop words are not indexed, any word may take their place.
fn phrase(words: &[Word], field: Field, without_stop_words: bool) -> Option<Box<dyn Query>> {
    let terms: Vec<(usize, Term)> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| !(without_stop_words && is_stop_word(&word.folded)))
        .map(|(at, word)| (at, Term::from_field_text(field, &word.folded)))
        .collect();
    match terms.as_slice() {
        [] => None,
        [(_, one)] => Some(Box::new(TermQuery::new(
            one.clone(),
            IndexRecordOption::WithFreqs,
        ))),
        _ => Some(Box::new(PhraseQuery::new_with_offset(terms))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn read(typed: &str) -> Vec<(String, bool, bool, bool)> {
        clauses(typed)
            .into_iter()
            .map(|c| (c.text, c.negated, c.title_only, c.quoted))
            .collect()
    }

    #[test]
    fn queries_are_split_into_clauses() {
        assert_eq!(
            read("banjir -\"kota tua\" TITLE:hujan title:\"a b\" -"),
            [
                ("banjir".into(), false, false, false),
                ("kota tua".into(), true, false, true),
                ("hujan".into(), false, true, false),
                ("a b".into(), false, true, true),
            ]
        );
        assert_eq!(
            read("\"never closed"),
            [("never closed".into(), false, false, true)]
        );
        assert_eq!(read("--x"), [("-x".into(), true, false, false)]);
        assert_eq!(
            read("feed:\"Kabar kota\" -feed:x"),
            [
                ("feed:Kabar kota".into(), false, false, false),
                ("feed:x".into(), true, false, false),
            ]
        );
        assert!(read(" \" \"\" - ").is_empty() || read(" \" \"\" - ").len() == 1);
    }

    #[test]
    fn filters_are_separated_from_words() {
        let asked = ParsedQuery::read(
            "banjir is:unread -is:saved feed:kota after:2026-01-01 before:2026-02",
        );
        assert_eq!(asked.clauses.len(), 1);
        assert_eq!(asked.feeds, [("kota".to_owned(), false)]);
        assert_eq!(
            asked.statuses,
            [(Status::Unread, false), (Status::Saved, true)]
        );
        assert_eq!(asked.after, Some(1_767_225_600));
        assert_eq!(asked.before, Some(1_767_225_600 + 31 * DAY));
        let words = ParsedQuery::read("is:funny after:noon http://x.y \"is:read\"");
        assert_eq!(words.clauses.len(), 4, "unknown syntax is treated as words");
        assert_eq!(
            ParsedQuery::read("feed: after:").clauses.len(),
            0,
            "still being typed"
        );
    }

    #[test]
    fn days_are_parsed() {
        for (text, expected) in [
            ("2026-11-24", Some(1_795_478_400)),
            ("2026/11/24", Some(1_795_478_400)),
            ("2026-02-30", day("2026-03-01")),
            ("2026", Some(1_767_225_600)),
            ("26-11-24", None),
            ("2026-13", None),
            ("2026-11-24-1", None),
            ("", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }

    #[test]
    fn misspelt_words_are_near() {
        for (near, word, mistakes, open, expected) in [
            ("banjri", "banjir", 1, false, true),
            ("bajir", "banjir", 1, false, true),
            ("banjjir", "banjir", 1, false, true),
            ("panjir", "banjir", 1, false, true),
            ("panjri", "banjir", 1, false, false),
            ("pemerintha", "pemerintahannya", 2, false, false),
            ("pemerintha", "pemerintahannya", 2, true, true),
            ("kota", "koran", 1, false, false),
        ] {
            assert_eq!(
                is_near(near, word, mistakes, open),
                expected,
                "{near} {word}"
            );
        }
    }
}
