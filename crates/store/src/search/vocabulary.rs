//! Expands a query word to the words of the index.
use std::collections::{BTreeSet, HashSet};

use tantivy::query::{BoostQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::error::Result;
use crate::search::analysis::Word;
use crate::search::schema::Fields;
use crate::search::stemming::StemIndex;

/// Words this rare may be misspelt, by the reader or by a writer.
const RARE: u64 = 3;

/// Boost of the exact word over others with its stem.
const EXACT: f32 = 1.5;

pub(crate) struct Vocabulary<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) forms: &'a StemIndex,
    pub(crate) fields: Fields,
}

impl Vocabulary<'_> {
    /// The word, its stems, and the words that share one with it.
    pub(crate) fn relatives(&self, word: &Word) -> BTreeSet<String> {
        let mut relatives = BTreeSet::from([word.folded.clone()]);
        for stem in word.stems.iter().chain([&word.folded]) {
            relatives.extend(self.forms.of(stem));
        }
        relatives.extend(word.stems.iter().cloned());
        relatives
    }

    /// Queries for a word in a field by all of its forms. Together they weigh as one word that
    /// occurs as often as all of them (BM25's inverse document frequency).
    pub(crate) fn finding(&self, field: Field, word: &Word) -> Result<Vec<Box<dyn Query>>> {
        let mut terms = Vec::new();
        let mut together = 0;
        for form in self.relatives(word) {
            let term = Term::from_field_text(field, &form);
            let occurs = self.searcher.doc_freq(&term)?;
            if occurs > 0 {
                together += occurs;
                terms.push((term, occurs, form == word.folded));
            }
        }
        let documents = self.searcher.num_docs();
        let weight = |occurs: u64| {
            let (occurs, documents) = (occurs.min(documents) as f32, documents as f32);
            (1.0 + (documents - occurs + 0.5) / (occurs + 0.5)).ln()
        };
        let single = terms.len() == 1;
        let finding = terms.into_iter().map(|(term, occurs, is_exact)| {
            let query = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            if single {
                return query as Box<dyn Query>;
            }
            let boost = weight(together) / weight(occurs) * if is_exact { EXACT } else { 1.0 };
            Box::new(BoostQuery::new(query, boost))
        });
        Ok(finding.collect())
    }

    /// Words of a query that may be misspelt: those that are rare or absent.
    pub(crate) fn suspects(&self, words: Vec<Word>) -> Result<HashSet<String>> {
        let mut suspects = HashSet::new();
        for word in words {
            let mut occurs = 0;
            for form in self.relatives(&word) {
                for field in [self.fields.title, self.fields.body] {
                    occurs += self
                        .searcher
                        .doc_freq(&Term::from_field_text(field, &form))?;
                }
            }
            if occurs <= RARE {
                suspects.insert(word.folded);
            }
        }
        Ok(suspects)
    }
}
