//! Turns a parsed query into a query of the index.
use std::collections::HashSet;
use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::error::Result;
use crate::search::analysis::{Analyzer, Word, is_stop_word};
use crate::search::schema::Fields;
use crate::search::spelling::is_near;
use crate::search::syntax::{Clause, FilterKind, ParsedQuery};
use crate::search::vocabulary::Vocabulary;

/// Maps the beginning of a day in UTC to its beginning in the reader's time zone.
type DayBegins<'a> = &'a dyn Fn(i64) -> i64;

const TITLE_BOOST: f32 = 3.0;

const SHORTEST_PREFIX: usize = 2;

/// Shorter words are not corrected; those of `LONG` or more characters may have two mistakes.
const SHORTEST_MISTYPED: usize = 4;

const LONG: usize = 8;

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

/// The articles of feeds.
pub(crate) struct FeedFilter {
    pub(crate) feeds: Vec<u32>,
    /// Articles that belong to other feeds, but are listed in one of these too.
    pub(crate) also: Vec<u64>,
    pub(crate) negated: bool,
}

impl ParsedQuery {
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
    /// `day_begins` says; `mistyped` words also find what is spelled nearly so. If the caller
    /// narrows the results further (`narrowed`), a query without words is not empty.
    pub(crate) fn query(
        &self,
        analyzer: &mut Analyzer,
        vocabulary: &Vocabulary<'_>,
        feeds: &[FeedFilter],
        day_begins: DayBegins<'_>,
        mistyped: &HashSet<String>,
        narrowed: bool,
    ) -> Result<Option<(Box<dyn Query>, Highlights)>> {
        let mut highlights = Highlights::default();
        let mut wanted: Vec<(bool, Box<dyn Query>)> = Vec::new();
        let mut unwanted: Vec<Box<dyn Query>> = Vec::new();
        for clause in &self.clauses {
            let words = analyzer.words(&clause.text);
            let title_only = clause.title_only || self.in_title;
            let Some(query) = of_clause(clause, title_only, &words, vocabulary, mistyped)? else {
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
        let narrows = narrowed || !parts.is_empty();
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
        let terms_of = |field, numbers: Vec<u64>| {
            let terms = numbers.into_iter();
            TermSetQuery::new(terms.map(|number| Term::from_field_u64(field, number)))
        };
        for wanted in feeds {
            let feeds = wanted.feeds.iter().map(|id| u64::from(*id)).collect();
            let mut query: Box<dyn Query> = Box::new(terms_of(fields.feed, feeds));
            if !wanted.also.is_empty() {
                let also = terms_of(fields.id, wanted.also.clone());
                query = Box::new(BooleanQuery::union(vec![query, Box::new(also)]));
            }
            parts.push((occur(wanted.negated), Box::new(BoostQuery::new(query, 0.0))));
        }
        for (codes, negated) in self.languages() {
            let terms = codes.iter();
            let terms = terms.map(|code| Term::from_field_text(fields.language, code));
            let query = TermSetQuery::new(terms);
            parts.push((
                occur(negated),
                Box::new(BoostQuery::new(Box::new(query), 0.0)),
            ));
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

    /// The wanted languages, of which an article has one, and each that is excluded.
    fn languages(&self) -> Vec<(Vec<&str>, bool)> {
        let all = self.reading.filters.iter();
        let of_language = all.filter(|filter| filter.kind == FilterKind::Language);
        let (unwanted, wanted): (Vec<_>, Vec<_>) = of_language.partition(|filter| filter.negated);
        let wanted: Vec<&str> = wanted.into_iter().map(|one| one.value.as_str()).collect();
        let mut languages = Vec::new();
        if !wanted.is_empty() {
            languages.push((wanted, false));
        }
        let unwanted = unwanted.into_iter();
        languages.extend(unwanted.map(|one| (vec![one.value.as_str()], true)));
        languages
    }
}

fn occur(negated: bool) -> Occur {
    if negated { Occur::MustNot } else { Occur::Must }
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
    title_only: bool,
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
        if title_only && field != fields.title {
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
