//! What a reader types, made a query. Nothing typed is an error: what has no meaning is a word.
use std::collections::HashSet;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::IndexRecordOption;

use super::Fields;
use super::analysis::{Analyzer, Word, is_stop_word};

/// More than this of a query is not looked at, in characters.
const LONGEST_QUERY: usize = 1_000;
const MOST_CLAUSES: usize = 24;
const TITLE_BOOST: f32 = 3.0;
const SHORTEST_PREFIX: usize = 2;

/// One word or phrase.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing a reader can type"
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

/// What to light up in a text.
#[derive(Debug, Default)]
pub(crate) struct Lights {
    words: HashSet<String>,
    prefixes: Vec<String>,
}

impl Lights {
    pub(crate) fn shine_on(&self, word: &Word) -> bool {
        self.words.contains(&word.folded)
            || word.stems.iter().any(|stem| self.words.contains(stem))
            || self
                .prefixes
                .iter()
                .any(|prefix| word.folded.starts_with(prefix))
    }
}

/// The query for `typed`, and what to light up; none if nothing can be looked for.
pub(crate) fn build(
    typed: &str,
    analyzer: &mut Analyzer,
    fields: Fields,
) -> Option<(Box<dyn Query>, Lights)> {
    let mut lights = Lights::default();
    let mut wanted: Vec<(bool, Box<dyn Query>)> = Vec::new();
    let mut unwanted: Vec<Box<dyn Query>> = Vec::new();
    for clause in clauses(typed) {
        let words = analyzer.words(&clause.text);
        let Some(query) = of_clause(&clause, &words, fields) else {
            continue;
        };
        if clause.negated {
            unwanted.push(query);
            continue;
        }
        lights
            .prefixes
            .extend(prefix(&clause, &words).map(str::to_owned));
        let is_stop = !clause.quoted
            && !clause.unfinished
            && words.iter().all(|word| is_stop_word(&word.folded));
        for word in words {
            if !is_stop {
                lights.words.extend(word.stems);
            }
            lights.words.insert(word.folded);
        }
        wanted.push((is_stop, query));
    }
    if wanted.is_empty() && unwanted.is_empty() {
        return None;
    }
    let only_stop_words = wanted.iter().all(|(is_stop, _)| *is_stop);
    let mut parts: Vec<(Occur, Box<dyn Query>)> = Vec::new();
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
    Some((Box::new(BooleanQuery::new(parts)), lights))
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

/// The beginning of a word that stands for all words with it.
fn prefix<'a>(clause: &Clause, words: &'a [Word]) -> Option<&'a str> {
    match words {
        [word] if clause.unfinished && !clause.negated => {
            (word.folded.chars().count() >= SHORTEST_PREFIX).then_some(word.folded.as_str())
        }
        _ => None,
    }
}

fn of_clause(clause: &Clause, words: &[Word], fields: Fields) -> Option<Box<dyn Query>> {
    let mut either: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for (field, boost) in [(fields.title, TITLE_BOOST), (fields.body, 1.0)] {
        if clause.title_only && field != fields.title {
            continue;
        }
        let query: Box<dyn Query> = match words {
            [] => return None,
            [word] => {
                let stems: &[String] = if clause.quoted { &[] } else { &word.stems };
                let mut forms: Vec<(Occur, Box<dyn Query>)> = std::iter::once(&word.folded)
                    .chain(stems)
                    .map(|form| {
                        let term = Term::from_field_text(field, form);
                        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                        (Occur::Should, Box::new(query) as Box<dyn Query>)
                    })
                    .collect();
                if let Some(prefix) = prefix(clause, words) {
                    let term = Term::from_field_text(field, prefix);
                    let query = FuzzyTermQuery::new_prefix(term, 0, false);
                    forms.push((Occur::Should, Box::new(query)));
                }
                Box::new(BooleanQuery::new(forms))
            }
            words => Box::new(PhraseQuery::new(
                words
                    .iter()
                    .map(|word| Term::from_field_text(field, &word.folded))
                    .collect(),
            )),
        };
        either.push((Occur::Should, Box::new(BoostQuery::new(query, boost))));
    }
    Some(Box::new(BooleanQuery::new(either)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Vec<(String, bool, bool, bool)> {
        clauses(typed)
            .into_iter()
            .map(|c| (c.text, c.negated, c.title_only, c.quoted))
            .collect()
    }

    #[test]
    fn typing_becomes_clauses() {
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
        assert!(read(" \" \"\" - ").is_empty() || read(" \" \"\" - ").len() == 1);
    }
}
