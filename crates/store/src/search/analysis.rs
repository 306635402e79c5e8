//! Words as the index knows them. A word gives its folded form (small letters, no accents) and, at
//! the same position, its Indonesian and its English stem where they differ: feeds' language tags
//! are too often wrong to choose one stemmer by them. Scripts without spaces give one token a
//! character; whatever a reader types that makes several tokens is looked for as a phrase.
use std::collections::HashMap;

use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RawTokenizer, TextAnalyzer, Token, TokenStream,
};
use unicode_segmentation::UnicodeSegmentation;

/// Goes up whenever the same text gives other tokens: an older index is then made again.
pub(crate) const VERSION: u32 = 1;
/// Longer words are not indexed, in bytes.
const LONGEST_WORD: usize = 80;
const STEMS_KEPT: usize = 50_000;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// In small letters, without accents.
    pub(crate) folded: String,
    /// Stems that differ from it.
    pub(crate) stems: Vec<String>,
}

pub(crate) struct Analyzer {
    folder: TextAnalyzer,
    indonesian: Stemmer,
    english: Stemmer,
    /// News says the same words again and again.
    known: HashMap<String, Vec<String>>,
}

impl Analyzer {
    pub(crate) fn new() -> Self {
        Self {
            folder: TextAnalyzer::builder(RawTokenizer::default())
                .filter(LowerCaser)
                .filter(AsciiFoldingFilter)
                .build(),
            indonesian: Stemmer::new(Algorithm::Indonesian),
            english: Stemmer::new(Algorithm::English),
            known: HashMap::new(),
        }
    }

    pub(crate) fn words(&mut self, text: &str) -> Vec<Word> {
        let mut words = Vec::new();
        for (start, chunk) in text.unicode_word_indices() {
            // Words hold together over full stops and colons; a reader types "google", not
            // "google.com".
            let mut from = start;
            for part in chunk.split_inclusive(['.', ':', '_', '·']) {
                let bare = part.trim_end_matches(['.', ':', '_', '·']);
                if !bare.is_empty() && bare.len() <= LONGEST_WORD {
                    let folded = self.fold(bare);
                    let stems = self.stems(&folded);
                    words.push(Word {
                        from,
                        to: from + bare.len(),
                        folded,
                        stems,
                    });
                }
                from += part.len();
            }
        }
        words
    }

    /// The words as the index takes them, positions starting at zero.
    pub(crate) fn tokens(&mut self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        for (position, word) in self.words(text).into_iter().enumerate() {
            for text in std::iter::once(word.folded).chain(word.stems) {
                tokens.push(Token {
                    offset_from: word.from,
                    offset_to: word.to,
                    position,
                    text,
                    position_length: 1,
                });
            }
        }
        tokens
    }

    fn fold(&mut self, word: &str) -> String {
        if word.is_ascii() {
            return word.to_ascii_lowercase();
        }
        let mut stream = self.folder.token_stream(word);
        let mut folded = String::new();
        while stream.advance() {
            folded.push_str(&stream.token().text);
        }
        folded
    }

    fn stems(&mut self, word: &str) -> Vec<String> {
        if word.len() < 3
            || !word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'\'')
        {
            return Vec::new();
        }
        if let Some(stems) = self.known.get(word) {
            return stems.clone();
        }
        let mut stems: Vec<String> = Vec::new();
        for stem in [self.indonesian.stem(word), self.english.stem(word)] {
            if stem.len() >= 2 && *stem != *word && !stems.iter().any(|known| **known == *stem) {
                stems.push(stem.into());
            }
        }
        if self.known.len() >= STEMS_KEPT {
            self.known.clear();
        }
        self.known.insert(word.to_owned(), stems.clone());
        stems
    }
}

/// Words that say nothing by themselves: searched along, never required.
pub(crate) fn is_stop_word(word: &str) -> bool {
    const STOP_WORDS: &[&str] = &[
        "a", "ada", "adalah", "akan", "an", "and", "are", "as", "at", "atau", "be", "by", "dalam",
        "dan", "dari", "dengan", "di", "for", "from", "in", "ini", "is", "it", "itu", "juga", "ke",
        "of", "oleh", "on", "or", "pada", "para", "that", "the", "this", "to", "untuk", "was",
        "with", "yang",
    ];
    STOP_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_in_order_and_found() {
        for word in ["a", "ada", "dan", "the", "yang"] {
            assert!(is_stop_word(word), "{word}");
        }
        assert!(!is_stop_word("banjir"));
    }

    #[test]
    fn words_are_folded_and_split() {
        let words = Analyzer::new().words("Élan google.com Anak-anak 東京 it’s");
        let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        assert_eq!(
            folded,
            ["elan", "google", "com", "anak", "anak", "東", "京", "it's"]
        );
    }
}
