//! An article as the clusterer remembers it.

use crate::index::Term;
use crate::tokenizer::Language;

/// An article as the clusterer remembers it.
#[derive(Debug, Clone)]
pub(crate) struct Article {
    pub(crate) id: u64,
    /// In lower case.
    pub(crate) publisher: String,
    /// The site that the publisher's hosts belong to.
    pub(crate) publisher_site: String,
    /// The number of that site; 0 if the publisher is unknown.
    pub(crate) site: u32,
    /// Time of publication, seconds since 1970.
    pub(crate) at: i64,
    /// In characters.
    pub(crate) title_length: usize,
    pub(crate) terms: Vec<Term>,
    /// Hashes of its words, in text order.
    pub(crate) word_hashes: Vec<u32>,
    pub(crate) language: Language,
    pub(crate) story: u32,
    /// The earlier article that it copies.
    pub(crate) copy_of: Option<u32>,
    /// Whether its words are counted in the word statistics.
    pub(crate) counted: bool,
}

impl Article {
    /// Sort key of the articles of one hour: time, then id.
    pub(crate) fn hour_order(&self) -> (i64, u64) {
        (self.at, self.id)
    }
}
