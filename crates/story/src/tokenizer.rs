//! Turns an article into words: folded, stemmed by the language of the text, stop words removed;
//! and into the sequence of all its words as hashes, by which copies are recognised.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, LazyLock};

use foldhash::fast::FixedState;
use frostem::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::lexicon;
use crate::tuning::Tuning;

/// Maximum number of words read from a title.
const TITLE_WORDS: usize = 60;
/// Maximum number of words read from a text.
const TEXT_WORDS: usize = 120;
/// Maximum number of cached word forms.
const WRITTEN_KEPT: usize = 100_000;

/// The languages that are stemmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Language {
    Indonesian,
    English,
    French,
    #[default]
    Unknown,
}

impl Language {
    /// From a BCP 47 tag.
    pub(crate) fn of_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some("id" | "in" | "ms") => Self::Indonesian,
            Some("en") => Self::English,
            Some("fr") => Self::French,
            _ => Self::Unknown,
        }
    }
}

/// A word of an article.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// The number of its stem, or of its English translation in the lexicon; numbers are local to a
    /// [`Reader`].
    pub(crate) number: u32,
    /// Weight by position, 0 to 1.
    pub(crate) weight: f32,
    /// Whether it means the same in other languages: a number or a word of the lexicon.
    pub(crate) shared: bool,
    /// Whether it contains digits.
    pub(crate) is_numeric: bool,
    /// Whether it is capitalised within a sentence; `None` if that cannot be told.
    pub(crate) capital: Option<bool>,
    /// Index of the word before it in the same name, if that is so at every occurrence.
    pub(crate) after: Option<usize>,
}

/// An article as words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub(crate) words: Vec<Word>,
    /// Hashes of all its words in text order, stop words included.
    pub(crate) word_hashes: Vec<u32>,
    pub(crate) language: Language,
}

/// A word form, without case and accents.
#[derive(Debug, Clone)]
struct Written {
    text: Arc<str>,
    hash: u32,
    /// Which of Indonesian, English and French it indicates.
    tells: [bool; 3],
    /// Its reading in each language, filled in on demand.
    forms: [Option<Form>; 4],
}

/// The reading of a word form in one language.
#[derive(Debug, Clone, Copy)]
struct Form {
    /// `None` for stop words and words that are too short.
    number: Option<u32>,
    shared: bool,
    is_numeric: bool,
}

/// Tokenises articles, with caches of word forms and stems.
#[derive(Default)]
pub(crate) struct Reader {
    stemmers: Stemmers,
    written: Vec<Written>,
    places: HashMap<Arc<str>, u32, FixedState>,
    /// Stems by number.
    numbers: HashMap<Box<str>, u32, FixedState>,
    /// By stem number, the 1-based position among the current article's words; all zero between
    /// articles.
    seen: Vec<u32>,
    folded: String,
}

struct Stemmers {
    indonesian: Stemmer,
    english: Stemmer,
    french: Stemmer,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Reader {
    /// The distinct words of title and text.
    pub(crate) fn read(
        &mut self,
        title: &str,
        text: &str,
        tag: Option<&str>,
        tuning: &Tuning,
    ) -> Text {
        if self.written.len() >= WRITTEN_KEPT {
            self.written.clear();
            self.places.clear();
        }
        let title_words = self.raw(title, TITLE_WORDS);
        let text_words = self.raw(text, TEXT_WORDS);
        let language = self.language(&title_words, &text_words, tag);
        let mut words: Vec<Word> = Vec::new();
        // In a title where most words are capitalised, capitals do not indicate names.
        let capitals = title_words.iter().filter(|w| w.capital).count() * 3 > title_words.len();
        let in_title = title_words
            .iter()
            .map(|word| (word, 1.0, !word.first && !capitals));
        let in_text = text_words
            .iter()
            .map(|word| (word, tuning.text_weight, !word.first));
        let mut word_hashes = Vec::with_capacity(title_words.len() + text_words.len());
        let mut previous: Option<usize> = None;
        for (word, weight, telling) in in_title.chain(in_text) {
            word_hashes.push(self.written[word.written].hash);
            let form = self.form(word.written, language);
            let after = previous.take().filter(|_| word.capital && !word.first);
            let Some(number) = form.number else {
                continue;
            };
            let capital = telling.then_some(word.capital);
            let seen = &mut self.seen[number as usize];
            if let Some(at) = seen.checked_sub(1).map(|at| at as usize) {
                let known = &mut words[at];
                known.weight = known.weight.max(weight);
                known.capital = match (known.capital, capital) {
                    (Some(a), Some(b)) => Some(a && b),
                    (a, b) => a.or(b),
                };
                known.after = known.after.filter(|known| after == Some(*known));
                previous = word.capital.then_some(at);
            } else {
                previous = word.capital.then_some(words.len());
                words.push(Word {
                    number,
                    weight,
                    shared: form.shared,
                    is_numeric: form.is_numeric,
                    capital,
                    after,
                });
                *seen = words.len() as u32;
            }
        }
        for word in &words {
            self.seen[word.number as usize] = 0;
        }
        Text {
            words,
            word_hashes,
            language,
        }
    }

    fn raw(&mut self, text: &str, most: usize) -> Vec<Raw> {
        let mut words = Vec::new();
        let mut end = 0;
        for (at, word) in word_indices(text) {
            let between = &text[end..at];
            let mut first = end == 0 || between.contains(['.', '!', '?', ':', '"', '“', '\n']);
            end = at + word.len();
            for part in word.split(['\'', '’', '-']) {
                // "5,6" and "5.6" are one number in two languages.
                let is_numeric = part.bytes().any(|byte| byte.is_ascii_digit());
                let parts = part.split(|sign| sign == '.' && !is_numeric);
                for part in parts.filter(|part| !part.is_empty()) {
                    words.push(Raw {
                        written: self.written_as(part),
                        capital: part.starts_with(char::is_uppercase),
                        first,
                    });
                }
                first &= part.is_empty();
            }
            if words.len() >= most {
                break;
            }
        }
        words
    }

    /// Index of a word form in the cache.
    fn written_as(&mut self, word: &str) -> usize {
        fold(word, &mut self.folded);
        let word = self.folded.as_str();
        if let Some(place) = self.places.get(word) {
            return *place as usize;
        }
        let text: Arc<str> = word.into();
        let place = self.written.len();
        self.written.push(Written {
            hash: FixedState::default().hash_one(word) as u32,
            tells: TELLING.get(word).copied().unwrap_or_default(),
            forms: [None; 4],
            text: Arc::clone(&text),
        });
        self.places.insert(text, place as u32);
        place
    }

    fn form(&mut self, written: usize, language: Language) -> Form {
        if let Some(form) = self.written[written].forms[language as usize] {
            return form;
        }
        let word = Arc::clone(&self.written[written].text);
        let form = self.new_form(&word, language);
        self.written[written].forms[language as usize] = Some(form);
        form
    }

    fn new_form(&mut self, word: &str, language: Language) -> Form {
        let is_numeric = word.bytes().any(|byte| byte.is_ascii_digit());
        if STOP_WORDS.contains(word) || (!is_numeric && too_short(word)) {
            return Form {
                number: None,
                shared: false,
                is_numeric,
            };
        }
        let stem = self.stem(word, language);
        let concept = match language {
            Language::Indonesian => lexicon::english(word, &stem),
            _ => None,
        };
        let shared = is_numeric || concept.is_some() || lexicon::has_english(&stem);
        let number = self.numbered(concept.unwrap_or(&stem));
        Form {
            number: Some(number),
            shared,
            is_numeric,
        }
    }

    fn numbered(&mut self, stem: &str) -> u32 {
        let next = self.seen.len() as u32;
        let number = *self.numbers.entry(stem.into()).or_insert(next);
        if number == next {
            self.seen.push(0);
        }
        number
    }

    /// Decides by each language's function words; the feed's tag is only a fallback, because tags
    /// are often wrong.
    fn language(&self, title: &[Raw], text: &[Raw], tag: Option<&str>) -> Language {
        let mut counts = [0_usize; 3];
        for word in title.iter().chain(text) {
            for (count, tells) in counts.iter_mut().zip(self.written[word.written].tells) {
                *count += usize::from(tells);
            }
        }
        let known = [Language::Indonesian, Language::English, Language::French];
        let most = (0..3).max_by_key(|at| (counts[*at], 3 - at)).unwrap_or(0);
        let runner_up = (0..3)
            .filter(|at| *at != most)
            .map(|at| counts[at])
            .max()
            .unwrap_or(0);
        if counts[most] > runner_up {
            return known[most];
        }
        tag.map_or(Language::Unknown, Language::of_tag)
    }

    fn stem<'w>(&self, word: &'w str, language: Language) -> Cow<'w, str> {
        if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Cow::Borrowed(word);
        }
        let stemmers = &self.stemmers;
        let stem = match language {
            Language::Indonesian => stemmers.indonesian.stem(word),
            Language::French => stemmers.french.stem(word),
            Language::English | Language::Unknown => stemmers.english.stem(word),
        };
        if stem.len() < 2 {
            return Cow::Borrowed(word);
        }
        Cow::Owned(stem.to_string())
    }
}

impl Default for Stemmers {
    fn default() -> Self {
        Self {
            indonesian: Stemmer::new(Algorithm::Indonesian),
            english: Stemmer::new(Algorithm::English),
            french: Stemmer::new(Algorithm::French),
        }
    }
}

/// An occurrence of a word.
struct Raw {
    written: usize,
    capital: bool,
    /// Whether it begins a sentence, where a capital does not indicate a name.
    first: bool,
}

/// The words of a text (UAX #29) with their positions. ASCII stretches, which are most of the text,
/// are segmented separately, where no Unicode tables are needed.
fn word_indices(text: &str) -> impl Iterator<Item = (usize, &str)> {
    stretches(text).flat_map(|(from, stretch)| {
        let words = stretch.unicode_word_indices();
        words.map(move |(at, word)| (from + at, word))
    })
}

/// Splits a text into stretches with their positions: chunks between white space that contain
/// non-ASCII characters, and the ASCII text between them.
fn stretches(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let is_space = u8::is_ascii_whitespace;
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at;
        let odd = from + bytes[from..].iter().take_while(|b| b.is_ascii()).count();
        let piece = bytes[from..odd].iter().rposition(is_space);
        at = match piece {
            _ if odd == bytes.len() => odd,
            Some(space) => from + space + 1,
            None => odd + bytes[odd..].iter().take_while(|b| !is_space(b)).count(),
        };
        (at > from).then(|| (from, &text[from..at]))
    })
}

/// Writes a word in lower case without accents.
fn fold(word: &str, folded: &mut String) {
    folded.clear();
    if word.is_ascii() {
        folded.extend(word.chars().map(|sign| match sign {
            ',' => '.',
            other => other.to_ascii_lowercase(),
        }));
        return;
    }
    folded.extend(word.to_lowercase().chars().map(warta_text::unaccented));
}

/// Single letters are ignored, except in scripts whose words are one or two characters.
fn too_short(word: &str) -> bool {
    let mut characters = word.chars();
    let first = characters.next();
    characters.next().is_none() && first.is_none_or(|c| (c as u32) < 0x3040)
}

/// Words that indicate a language: which of Indonesian, English and French use them.
static TELLING: LazyLock<HashMap<&'static str, [bool; 3], FixedState>> = LazyLock::new(|| {
    let languages = [
        "yang dan di ke dari untuk dengan pada ini itu akan tidak telah oleh dalam adalah jadi bisa \
             usai saat soal bakal tak warga polisi warganya sudah karena juga atau serta hingga agar para \
             orang tewas gempa harga tahun hari",
        "the of to in for and on with is at by from s as an it be are was after over that his her",
        "le la les des du de et en un une au pour sur par d l est dans avec ce ne pas qui aux se",
    ];
    let mut telling = HashMap::<_, [bool; 3], _>::default();
    for (at, words) in languages.into_iter().enumerate() {
        for word in words.split_whitespace() {
            telling.entry(word).or_default()[at] = true;
        }
    }
    telling
});

/// Indonesian, English and French stop words.
static STOP_WORDS: LazyLock<HashSet<&'static str, FixedState>> = LazyLock::new(|| {
    "ada adalah adanya agar akan aku anda antara apa apakah atas atau awal baca bagi bahkan bahwa banyak \
         baru beberapa begini begitu belum berapa berita bersama bila bisa bukan cara dalam dan dapat dari \
         daripada demi dengan di dia diri dirinya dua guna hal hanya hari harus hingga ia ikut ini inilah itu \
         jadi jangan jelang jika juga kali kalau kami kamu karena kata katanya ke kembali kemudian kepada \
         ketika kita lagi lain lainnya lalu lebih lewat maka makin masih mau melalui memang mengaku menjadi \
         menurut menurutnya merupakan mereka meski mungkin namun nanti nya oleh orang pada para per perlu \
         pernah pihak pihaknya pula pun rp saat saja salah sama sampai sangat satu saya se sebab sebagai \
         sebelum sebelumnya sebuah sebut secara sedang sehingga sejak sejumlah sekali selain selama semua \
         sementara seorang seperti serta setelah setiap siapa simak soal sudah supaya tahun tak tanpa tapi \
         telah tentang terhadap terkait terus tersebut tetap tetapi tiap tidak ucap ujar ujarnya ungkap \
         untuk usai yaitu yakni yang akui minta tutur jelas senin selasa rabu kamis jumat sabtu minggu wib \
         wita wit \
         a about after again all also amid among an and any are as at back be been before being but by can \
         could day did do does down for from get gets got had has have he her here him his how i if in into \
         is it its just like may me more most my new news no not now of off on one only or our out over own \
         said say says set she should so some such than that the their them then there these they this \
         those three through to two under until up upon us via was way we were what when where which while \
         who why will with would year years you your s t \
         alors apres au aussi autre aux avant avec avoir c ca car ce ces cet cette ceux chez comme contre d \
         dans de des deux donc dont du elle elles en encore entre est et ete etre fait font hors il ils j je \
         l la le les leur leurs lui m ma mais meme mes moins mon n ne nous on ont ou par pas peu plus pour \
         pourquoi qu quand que quel quelle qui sa sans se ses si son sont sous sur ta te ton tous tout toute \
         tres tu un une vers voici vos votre vous y"
        .split_whitespace()
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn words_read_in_stretches_are_those_of_the_whole(text in "([a-c0-2'.,;:_\"\\- ·’“”…–é東ぁ\u{301}\u{200d}\u{a0}ש]|\n|\t){0,40}") {
            let words: Vec<_> = word_indices(&text).collect();
            proptest::prop_assert_eq!(words, text.unicode_word_indices().collect::<Vec<_>>());
        }
    }
}
