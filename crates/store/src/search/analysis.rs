//! Words as the index knows them. A word gives its folded form (small letters, no accents) and, at
//! the same position, its Indonesian and its English stem where they differ: feeds' language tags
//! are too often wrong to choose one stemmer by them. Scripts without spaces give one token a
//! character; whatever a reader types that makes several tokens is looked for as a phrase.
use std::collections::HashMap;
use std::sync::Arc;

use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RawTokenizer, TextAnalyzer, Token, TokenStream, Tokenizer,
};
use unicode_segmentation::{UnicodeSegmentation, UnicodeWordIndices};

/// Goes up whenever the same text gives other tokens: an older index is then made again.
pub(crate) const VERSION: u32 = 1;
/// The tokenizer's name in the index's schema.
pub(crate) const TOKENIZER: &str = "warta";
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

/// The stems of a word that differ from it; most words have none.
type Stems = Option<Arc<[String]>>;

/// Folds and stems words. As a tantivy tokenizer it gives them as the index takes them, positions
/// starting at zero.
#[derive(Clone)]
pub(crate) struct Analyzer {
    folder: TextAnalyzer,
    indonesian: Stemmer,
    english: Stemmer,
    /// News says the same words again and again.
    known: HashMap<String, Stems>,
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
        Scan::of(text)
            .map(|(from, word)| {
                let mut folded = String::new();
                self.fold(word, &mut folded);
                let stems = self
                    .stems(&folded)
                    .map_or_else(Vec::new, |stems| stems.to_vec());
                Word {
                    from,
                    to: from + word.len(),
                    folded,
                    stems,
                }
            })
            .collect()
    }

    /// Where the words of a text stand, and whether each shines; `shines` is given its folded form
    /// and its stems.
    pub(crate) fn places(
        &mut self,
        text: &str,
        shines: &dyn Fn(&str, &[String]) -> bool,
    ) -> Vec<(usize, usize, bool)> {
        let mut folded = String::new();
        Scan::of(text)
            .map(|(from, word)| {
                self.fold(word, &mut folded);
                let stems = self.stems(&folded);
                let stems = stems.as_deref().unwrap_or_default();
                (from, from + word.len(), shines(&folded, stems))
            })
            .collect()
    }

    pub(crate) fn fold(&mut self, word: &str, folded: &mut String) {
        folded.clear();
        if word.is_ascii() {
            folded.push_str(word);
            folded.make_ascii_lowercase();
            return;
        }
        let mut stream = self.folder.token_stream(word);
        while stream.advance() {
            folded.push_str(&stream.token().text);
        }
    }

    fn stems(&mut self, word: &str) -> Stems {
        if word.len() < 3
            || !word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'\'')
        {
            return None;
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
        let stems = (!stems.is_empty()).then(|| stems.into());
        if self.known.len() >= STEMS_KEPT {
            self.known.clear();
        }
        self.known.insert(word.to_owned(), stems.clone());
        stems
    }
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        Tokens {
            words: Scan::of(text),
            analyzer: self,
            token: Token::default(),
            stems: None,
            given: 0,
        }
    }
}

/// The words of a text and their stems, one after the other.
pub(crate) struct Tokens<'a> {
    analyzer: &'a mut Analyzer,
    words: Scan<'a>,
    token: Token,
    /// Of the word at hand.
    stems: Stems,
    /// How many of them were given.
    given: usize,
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        if let Some(stem) = self.stems.as_ref().and_then(|stems| stems.get(self.given)) {
            self.given += 1;
            self.token.text.clone_from(stem);
            return true;
        }
        let Some((from, word)) = self.words.next() else {
            return false;
        };
        self.token.offset_from = from;
        self.token.offset_to = from + word.len();
        self.token.position = self.token.position.wrapping_add(1);
        self.analyzer.fold(word, &mut self.token.text);
        self.stems = self.analyzer.stems(&self.token.text);
        self.given = 0;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// The words of a text and where they begin: those of UAX #29, parted at full stops, colons and
/// underscores, since a reader types "google", not "google.com". What stands between two white
/// spaces and is ASCII, as most is in English and Indonesian, needs no tables.
struct Scan<'a> {
    text: &'a str,
    /// Where to go on.
    at: usize,
    /// Parts of the piece at hand that is not ASCII, and where that begins.
    parts: Option<(usize, UnicodeWordIndices<'a>)>,
    /// The rest of a word that has such signs in it, and where that begins.
    chunk: (usize, &'a str),
    /// Up to where the piece at hand is ASCII.
    ascii_to: usize,
}

impl<'a> Scan<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            parts: None,
            chunk: (0, ""),
            ascii_to: 0,
        }
    }

    fn next_of_any_length(&mut self) -> Option<(usize, &'a str)> {
        loop {
            if !self.chunk.1.is_empty() {
                let (from, chunk) = self.chunk;
                let end = chunk.find(SEPARATORS).unwrap_or(chunk.len());
                let past = chunk[end..].chars().next().map_or(0, char::len_utf8);
                self.chunk = (from + end + past, &chunk[end + past..]);
                if end > 0 {
                    return Some((from, &chunk[..end]));
                }
                continue;
            }
            if let Some((start, parts)) = &mut self.parts {
                if let Some((at, chunk)) = parts.next() {
                    self.chunk = (*start + at, chunk);
                    continue;
                }
                self.parts = None;
            }
            if self.at < self.ascii_to {
                let word = ascii_word(&self.text.as_bytes()[..self.ascii_to], self.at);
                self.at = word.map_or(self.ascii_to, |(_, to)| to);
                if let Some((from, to)) = word {
                    return Some((from, &self.text[from..to]));
                }
                continue;
            }
            self.next_piece()?;
        }
    }

    /// Goes on to what stands between the next two white spaces.
    fn next_piece(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let from = self.at
            + bytes[self.at..]
                .iter()
                .position(|b| !b.is_ascii_whitespace())?;
        let length = bytes[from..].iter().position(u8::is_ascii_whitespace);
        let to = length.map_or(bytes.len(), |length| from + length);
        if bytes[from..to].is_ascii() {
            (self.at, self.ascii_to) = (from, to);
        } else {
            self.parts = Some((from, self.text[from..to].unicode_word_indices()));
            self.at = to;
        }
        Some(())
    }
}

impl<'a> Iterator for Scan<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (from, word) = self.next_of_any_length()?;
            if word.len() <= LONGEST_WORD {
                return Some((from, word));
            }
        }
    }
}

/// Words are parted at these even where UAX #29 holds them together.
const SEPARATORS: [char; 4] = ['.', ':', '_', '·'];

/// The first word at or after `at` in ASCII: letters and digits; an apostrophe between two letters
/// or two digits, a comma or semicolon between two digits (UAX #29, WB6, WB7, WB11, WB12).
fn ascii_word(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let from = at + bytes[at..].iter().position(u8::is_ascii_alphanumeric)?;
    let mut to = from + 1;
    loop {
        match &bytes[to..] {
            [next, ..] if next.is_ascii_alphanumeric() => to += 1,
            [b'\'', next, ..]
                if next.is_ascii_alphabetic() && bytes[to - 1].is_ascii_alphabetic() =>
            {
                to += 2;
            }
            [b'\'' | b',' | b';', next, ..]
                if next.is_ascii_digit() && bytes[to - 1].is_ascii_digit() =>
            {
                to += 2;
            }
            _ => return Some((from, to)),
        }
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

    /// The words of UAX #29, parted at the signs that Warta parts words at.
    fn by_tables(text: &str) -> Vec<(usize, &str)> {
        let mut words = Vec::new();
        for (start, chunk) in text.unicode_word_indices() {
            let mut from = start;
            for part in chunk.split_inclusive(SEPARATORS) {
                let bare = part.trim_end_matches(SEPARATORS);
                if !bare.is_empty() && bare.len() <= LONGEST_WORD {
                    words.push((from, bare));
                }
                from += part.len();
            }
        }
        words
    }

    proptest::proptest! {
        #[test]
        fn the_scan_gives_the_words_of_the_tables(text in "([a-c0-2'.,;:_\"\\- ·’é東ぁ\u{301}\u{200d}\u{a0}ש]|\n){0,40}") {
            proptest::prop_assert_eq!(Scan::of(&text).collect::<Vec<_>>(), by_tables(&text));
        }
    }

    #[test]
    fn words_and_stems_share_a_position() {
        let mut analyzer = Analyzer::new();
        let mut stream = analyzer.token_stream("Bacaan flooded x");
        let mut tokens = Vec::new();
        while stream.advance() {
            let token = stream.token();
            tokens.push((token.position, token.offset_from, token.text.clone()));
        }
        assert_eq!(
            tokens,
            [
                (0, 0, "bacaan".to_owned()),
                (0, 0, "baca".to_owned()),
                (1, 7, "flooded".to_owned()),
                (1, 7, "flood".to_owned()),
                (2, 15, "x".to_owned()),
            ]
        );
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
