//! Tokens of the index: lower case, without accents. The index contains no stems: a query word is
//! expanded to the words that share its Indonesian or English stem (`stemming`), since feeds'
//! language tags are too often wrong to select a stemmer. Stop words are a third of a text: they
//! are indexed in titles only. Scripts without spaces give one token per character; input of
//! several tokens is searched as a phrase.
use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RawTokenizer, TextAnalyzer, Token, TokenStream, Tokenizer,
};
use unicode_segmentation::{UnicodeSegmentation, UnicodeWordIndices};

/// Incremented whenever the same text gives other tokens: an older index is then rebuilt.
pub(crate) const VERSION: u32 = 2;

/// The tokenizer of titles in the index's schema: every word.
pub(crate) const OF_TITLES: &str = "warta-title";

/// The tokenizer of texts: no stop words.
pub(crate) const OF_TEXTS: &str = "warta-text";

/// Maximum length of an indexed word, in bytes.
const LONGEST_WORD: usize = 80;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// In lower case, without accents.
    pub(crate) folded: String,
    /// Its stems, if they differ.
    pub(crate) stems: Vec<String>,
}

/// Folds and stems words. As a tantivy tokenizer it emits folded words, positions starting at zero.
#[derive(Clone)]
pub(crate) struct Analyzer {
    folder: TextAnalyzer,
    indonesian: Stemmer,
    english: Stemmer,
    /// Whether it omits stop words.
    passes_over_stop_words: bool,
    /// The text being tokenized, ASCII in lower case.
    lowered: String,
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
            passes_over_stop_words: false,
            lowered: String::new(),
        }
    }

    /// The tokenizer of [`OF_TEXTS`].
    pub(crate) fn of_texts() -> Self {
        Self {
            passes_over_stop_words: true,
            ..Self::new()
        }
    }

    pub(crate) fn words(&mut self, text: &str) -> Vec<Word> {
        Scan::of(text)
            .map(|(_, word)| {
                let mut folded = String::new();
                self.fold(word, &mut folded);
                Word {
                    stems: self.stems(&folded),
                    folded,
                }
            })
            .collect()
    }

    /// The ranges of a text's words, and whether each is highlighted; `is_highlighted` gets its
    /// folded form.
    pub(crate) fn places(
        &mut self,
        text: &str,
        is_highlighted: &dyn Fn(&str) -> bool,
    ) -> Vec<(usize, usize, bool)> {
        let mut folded = String::new();
        Scan::of(text)
            .map(|(from, word)| {
                self.fold(word, &mut folded);
                (from, from + word.len(), is_highlighted(&folded))
            })
            .collect()
    }

    /// A folded copy of a text.
    pub(crate) fn folded(&mut self, text: &str) -> String {
        let mut folded = String::new();
        self.fold(text, &mut folded);
        folded
    }

    pub(crate) fn fold(&mut self, word: &str, folded: &mut String) {
        folded.clear();
        if word.is_ascii() {
            folded.push_str(word);
            folded.make_ascii_lowercase();
        } else {
            fold_by_tables(&mut self.folder, word, folded);
        }
    }

    /// The stems of a folded word that differ from it.
    pub(crate) fn stems(&self, word: &str) -> Vec<String> {
        if !is_stemmed(word.as_bytes()) {
            return Vec::new();
        }
        let mut stems: Vec<String> = Vec::new();
        for stem in [self.indonesian.stem(word), self.english.stem(word)] {
            if stem.len() >= 2 && *stem != *word && !stems.iter().any(|known| **known == *stem) {
                stems.push(stem.into());
            }
        }
        stems
    }
}

/// Whether a folded word may have stems.
pub(crate) fn is_stemmed(word: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'\'';
    word.len() >= 3 && word.iter().all(is_letter)
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        // Lowercasing the whole text takes no longer than a few words.
        self.lowered.clear();
        self.lowered.push_str(text);
        self.lowered.make_ascii_lowercase();
        Tokens {
            words: Scan::of(&self.lowered),
            folder: &mut self.folder,
            passes_over_stop_words: self.passes_over_stop_words,
            token: Token::default(),
        }
    }
}

fn fold_by_tables(tables: &mut TextAnalyzer, word: &str, folded: &mut String) {
    let mut stream = tables.token_stream(word);
    while stream.advance() {
        folded.push_str(&stream.token().text);
    }
}

/// The words of a text, one after the other.
pub(crate) struct Tokens<'a> {
    words: Scan<'a>,
    folder: &'a mut TextAnalyzer,
    passes_over_stop_words: bool,
    token: Token,
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        for (from, word) in self.words.by_ref() {
            self.token.position = self.token.position.wrapping_add(1);
            let folded = &mut self.token.text;
            folded.clear();
            if word.is_ascii() {
                folded.push_str(word);
            } else {
                fold_by_tables(self.folder, word, folded);
            }
            if self.passes_over_stop_words && is_stop_word(folded) {
                continue;
            }
            self.token.offset_from = from;
            self.token.offset_to = from + word.len();
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// The words of a text and their offsets: those of UAX #29, also split at full stops, colons and
/// underscores, since a reader types "google", not "google.com". ASCII between two spaces, as most
/// of English and Indonesian, needs no tables, and a single word takes a fast path.
struct Scan<'a> {
    text: &'a str,
    /// Where to continue.
    at: usize,
    /// Words of the current non-ASCII piece, and its offset.
    parts: Option<(usize, UnicodeWordIndices<'a>)>,
    /// The rest of a word that contains separators, and its offset.
    chunk: (usize, &'a str),
    /// The end of the current ASCII piece.
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
            let mut ahead = self.text.as_bytes()[self.at..].iter();
            let from = self.at + ahead.position(|byte| kind(*byte) != Kind::Space)?;
            if let Some((word, to)) = self.only_word(from) {
                self.at = to;
                return Some(word);
            }
            self.next_piece(from);
        }
    }

    /// The single word at `from`, surrounded at most by ASCII punctuation up to the next space; and
    /// the offset of that space.
    fn only_word(&self, from: usize) -> Option<((usize, &'a str), usize)> {
        let bytes = self.text.as_bytes();
        let past = |from: usize, passed: Kind| {
            let rest = bytes[from..].iter();
            from + rest.take_while(|byte| kind(**byte) == passed).count()
        };
        let begins = past(from, Kind::Sign);
        let ends = past(begins, Kind::Letter);
        let to = past(ends, Kind::Sign);
        let is_all = ends > begins && bytes.get(to).is_none_or(|byte| kind(*byte) == Kind::Space);
        is_all.then(|| ((begins, &self.text[begins..ends]), to))
    }

    /// Begins the piece between `from` and the next space.
    fn next_piece(&mut self, from: usize) {
        let ahead = self.text.as_bytes()[from..].iter();
        let length = ahead.take_while(|byte| kind(**byte) != Kind::Space).count();
        let piece = &self.text[from..from + length];
        let inner = piece.trim_matches(EDGES);
        if piece.is_ascii() {
            (self.at, self.ascii_to) = (from, from + length);
        } else if inner.is_ascii() && !inner.is_empty() {
            self.at = from + (length - piece.trim_start_matches(EDGES).len());
            self.ascii_to = self.at + inner.len();
        } else {
            self.parts = (!inner.is_empty()).then(|| (from, piece.unicode_word_indices()));
            self.at = from + length;
        }
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

/// Classes of bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// White space of ASCII.
    Space,
    /// A letter or digit of ASCII.
    Letter,
    /// Another character of ASCII.
    Sign,
    /// Part of one beyond ASCII.
    Beyond,
}

fn kind(byte: u8) -> Kind {
    KINDS[usize::from(byte)]
}

static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Beyond; 256];
    let mut byte = 0_u8;
    while byte.is_ascii() {
        kinds[byte as usize] = if byte.is_ascii_whitespace() {
            Kind::Space
        } else if byte.is_ascii_alphanumeric() {
            Kind::Letter
        } else {
            Kind::Sign
        };
        byte += 1;
    }
    kinds
};

/// Punctuation that never begins or ends a word.
const EDGES: [char; 16] = [
    '“', '”', '‘', '’', '„', '«', '»', '–', '—', '…', '.', ',', ':', ';', '!', '?',
];

/// Words are split at these even if UAX #29 does not.
const SEPARATORS: [char; 4] = ['.', ':', '_', '·'];

/// The first word at or after `at` in ASCII: letters and digits; an apostrophe between two letters
/// or two digits, a comma or semicolon between two digits (UAX #29, WB6, WB7, WB11, WB12).
fn ascii_word(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let from = at + bytes[at..].iter().position(u8::is_ascii_alphanumeric)?;
    let mut to = from + 1;
    loop {
        while bytes.get(to).is_some_and(u8::is_ascii_alphanumeric) {
            to += 1;
        }
        let (Some(sign), Some(next)) = (bytes.get(to), bytes.get(to + 1)) else {
            return Some((from, to));
        };
        let before = bytes[to - 1];
        let joins = match sign {
            b'\'' if next.is_ascii_alphabetic() => before.is_ascii_alphabetic(),
            b'\'' | b',' | b';' if next.is_ascii_digit() => before.is_ascii_digit(),
            _ => false,
        };
        if !joins {
            return Some((from, to));
        }
        to += 2;
    }
}

/// Stop words: they add to the score, but are never required.
pub(crate) fn is_stop_word(word: &str) -> bool {
    // By length first: words of one length are compared without a call.
    match word.len() {
        1 => word == "a",
        2 => matches!(
            word,
            "an" | "as"
                | "at"
                | "be"
                | "by"
                | "di"
                | "in"
                | "is"
                | "it"
                | "ke"
                | "of"
                | "on"
                | "or"
                | "to"
        ),
        3 => matches!(
            word,
            "ada" | "and" | "are" | "dan" | "for" | "ini" | "itu" | "the" | "was"
        ),
        4 => matches!(
            word,
            "akan"
                | "atau"
                | "dari"
                | "from"
                | "juga"
                | "oleh"
                | "pada"
                | "para"
                | "that"
                | "this"
                | "with"
                | "yang"
        ),
        5 => matches!(word, "dalam" | "untuk"),
        6 => matches!(word, "adalah" | "dengan"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of UAX #29, also split at [`SEPARATORS`].
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
        fn the_scan_gives_the_words_of_uax_29(text in "([a-c0-2'.,;:_\"\\- ·’“”…–é東ぁ\u{301}\u{200d}\u{a0}ש]|\n){0,40}") {
            proptest::prop_assert_eq!(Scan::of(&text).collect::<Vec<_>>(), by_tables(&text));
        }
    }

    #[test]
    fn texts_are_indexed_without_stop_words() {
        for (mut analyzer, expected) in [
            (
                Analyzer::new(),
                vec![(0, "bacaan"), (1, "di"), (2, "flooded")],
            ),
            (Analyzer::of_texts(), vec![(0, "bacaan"), (2, "flooded")]),
        ] {
            let mut stream = analyzer.token_stream("Bacaan di Flooded");
            let mut tokens = Vec::new();
            while stream.advance() {
                let token = stream.token();
                tokens.push((token.position, token.text.clone()));
            }
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(at, text)| (at, text.to_owned()))
                .collect();
            assert_eq!(tokens, expected);
        }
    }

    #[test]
    fn words_have_stems_in_both_languages() {
        let analyzer = Analyzer::new();
        assert_eq!(analyzer.stems("bacaan"), ["baca"]);
        assert_eq!(analyzer.stems("flooded"), ["flood"]);
        assert!(analyzer.stems("7").is_empty());
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
