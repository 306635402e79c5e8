//! The words of an article that tell events apart: folded, stemmed by the text's own language, words
//! that every text has left out; and the text as a row of hashed words, by which copies are told.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::Tuning;
use crate::lexicon;

/// Words of a title that are looked at.
const TITLE_WORDS: usize = 60;
/// Words of a text that are looked at.
const TEXT_WORDS: usize = 120;
/// Stems that are remembered.
const STEMS_KEPT: usize = 50_000;

/// The language a text is written in, as far as that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Language {
    Indonesian,
    English,
    French,
    #[default]
    Unknown,
}

impl Language {
    /// By a BCP 47 tag.
    pub(crate) fn of_tag(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some("id" | "in" | "ms") => Self::Indonesian,
            Some("en") => Self::English,
            Some("fr") => Self::French,
            _ => Self::Unknown,
        }
    }
}

/// A word that an article has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// What it counts by where it stands, 0 to 1.
    pub(crate) weight: f32,
    /// It says the same in other languages: a number or a word of the lexicon.
    pub(crate) shared: bool,
    /// It has digits.
    pub(crate) number: bool,
    /// Begins with a capital in the middle of a sentence; the reverse; neither can be seen.
    pub(crate) capital: Option<bool>,
    /// The word, by its place among these, that it continues as a name wherever it stands.
    pub(crate) after: Option<usize>,
}

/// An article as words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    pub(crate) words: Vec<Word>,
    /// All its words in their order, hashed, the frequent ones too.
    pub(crate) row: Vec<u32>,
    pub(crate) language: Language,
}

/// Reads articles.
pub(crate) struct Reader {
    indonesian: Stemmer,
    english: Stemmer,
    french: Stemmer,
    stems: HashMap<(String, Language), String>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reader").finish_non_exhaustive()
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            indonesian: Stemmer::new(Algorithm::Indonesian),
            english: Stemmer::new(Algorithm::English),
            french: Stemmer::new(Algorithm::French),
            stems: HashMap::new(),
        }
    }
}

impl Reader {
    /// The words of title and text, each once.
    pub(crate) fn read(
        &mut self,
        title: &str,
        text: &str,
        tag: Option<&str>,
        tuning: &Tuning,
    ) -> Text {
        let title_words: Vec<Raw> = raw(title, TITLE_WORDS);
        let text_words: Vec<Raw> = raw(text, TEXT_WORDS);
        let language = language(&title_words, &text_words, tag);
        let mut words: Vec<Word> = Vec::new();
        let mut seen = HashMap::<String, usize>::new();
        // Where most words of a title begin with a capital, capitals say nothing.
        let capitals = title_words.iter().filter(|w| w.capital).count() * 3 > title_words.len();
        let in_title = title_words
            .iter()
            .map(|word| (word, 1.0, !word.first && !capitals));
        let in_text = text_words
            .iter()
            .map(|word| (word, tuning.text_weight, !word.first));
        let mut row = Vec::new();
        let mut previous: Option<usize> = None;
        for (word, weight, telling) in in_title.chain(in_text) {
            row.push(hashed(&word.folded));
            let after = previous.take().filter(|_| word.capital && !word.first);
            let number = word.folded.bytes().any(|byte| byte.is_ascii_digit());
            if STOP_WORDS.contains(word.folded.as_str()) || (!number && too_short(&word.folded)) {
                continue;
            }
            let stem = self.stem(&word.folded, language);
            let concept = match language {
                Language::Indonesian => lexicon::english(&word.folded, &stem),
                _ => None,
            };
            let shared = number || concept.is_some() || lexicon::has_english(&stem);
            let key = concept.map_or(stem, str::to_owned);
            let capital = telling.then_some(word.capital);
            if let Some(at) = seen.get(&key) {
                let known: &mut Word = &mut words[*at];
                known.weight = known.weight.max(weight);
                known.capital = match (known.capital, capital) {
                    (Some(a), Some(b)) => Some(a && b),
                    (a, b) => a.or(b),
                };
                known.after = known.after.filter(|known| after == Some(*known));
                previous = word.capital.then_some(*at);
            } else {
                previous = word.capital.then_some(words.len());
                seen.insert(key.clone(), words.len());
                words.push(Word {
                    text: key,
                    weight,
                    shared,
                    number,
                    capital,
                    after,
                });
            }
        }
        Text {
            words,
            row,
            language,
        }
    }

    fn stem(&mut self, word: &str, language: Language) -> String {
        if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return word.to_owned();
        }
        let key = (word.to_owned(), language);
        if let Some(stem) = self.stems.get(&key) {
            return stem.clone();
        }
        let stem = match language {
            Language::Indonesian => self.indonesian.stem(word),
            Language::French => self.french.stem(word),
            Language::English | Language::Unknown => self.english.stem(word),
        };
        let stem = if stem.len() < 2 {
            word.to_owned()
        } else {
            stem.to_string()
        };
        if self.stems.len() >= STEMS_KEPT {
            self.stems.clear();
        }
        self.stems.insert(key, stem.clone());
        stem
    }
}

struct Raw {
    folded: String,
    capital: bool,
    /// Begins a sentence, where a capital says nothing.
    first: bool,
}

fn raw(text: &str, most: usize) -> Vec<Raw> {
    let mut words = Vec::new();
    let mut end = 0;
    for (at, word) in text.unicode_word_indices() {
        let between = &text[end..at];
        let first = end == 0 || between.contains(['.', '!', '?', ':', '"', '“', '\n']);
        end = at + word.len();
        let mut first = first;
        for part in word.split(['\'', '’', '-']) {
            // "5,6" and "5.6" are one number in two languages.
            let number = part.bytes().any(|byte| byte.is_ascii_digit());
            if part.is_empty() {
                continue;
            }
            let mut add = |part: &str| {
                words.push(Raw {
                    folded: folded(part),
                    capital: part.chars().next().is_some_and(char::is_uppercase),
                    first,
                });
            };
            if number {
                add(part);
            } else {
                part.split('.').filter(|p| !p.is_empty()).for_each(add);
            }
            first = false;
        }
        if words.len() >= most {
            break;
        }
    }
    words
}

fn folded(word: &str) -> String {
    if word.is_ascii() {
        return if word.bytes().any(|b| b.is_ascii_digit()) {
            word.to_ascii_lowercase().replace(',', ".")
        } else {
            word.to_ascii_lowercase()
        };
    }
    word.to_lowercase()
        .chars()
        .map(|character| match character {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
            'è' | 'é' | 'ê' | 'ë' => 'e',
            'ì' | 'í' | 'î' | 'ï' => 'i',
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
            'ù' | 'ú' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            'ñ' => 'n',
            other => other,
        })
        .collect()
}

/// One letter tells nothing, except in scripts whose words are a character or two.
fn too_short(word: &str) -> bool {
    let mut characters = word.chars();
    let first = characters.next();
    characters.next().is_none() && first.is_none_or(|c| (c as u32) < 0x3040)
}

fn hashed(word: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish() as u32
}

/// By the small words that each language cannot do without; the feed's own tag where these are
/// silent, because tags are often wrong.
fn language(title: &[Raw], text: &[Raw], tag: Option<&str>) -> Language {
    let mut counts = [0_usize; 3];
    for word in title.iter().chain(text) {
        for (count, telling) in counts.iter_mut().zip(&*TELLING) {
            *count += usize::from(telling.contains(word.folded.as_str()));
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

fn table(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

/// In the order Indonesian, English, French.
static TELLING: LazyLock<[HashSet<&'static str>; 3]> = LazyLock::new(|| {
    [
        table(
            "yang dan di ke dari untuk dengan pada ini itu akan tidak telah oleh dalam adalah jadi bisa \
             usai saat soal bakal tak warga polisi warganya sudah karena juga atau serta hingga agar para \
             orang tewas gempa harga tahun hari",
        ),
        table(
            "the of to in for and on with is at by from s as an it be are was after over that his her",
        ),
        table(
            "le la les des du de et en un une au pour sur par d l est dans avec ce ne pas qui aux se",
        ),
    ]
});

/// Indonesian, English and French words that tell nothing of an event.
static STOP_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    table(
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
         tres tu un une vers voici vos votre vous y",
    )
});
