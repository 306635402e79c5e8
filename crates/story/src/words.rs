//! The words of an article that tell events apart: folded, stemmed by the text's own language, words
//! that every text has left out; and the text as a row of hashed words, by which copies are told.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::{Arc, LazyLock};

use foldhash::fast::FixedState;
use frostem::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

use crate::Tuning;
use crate::lexicon;

/// Words of a title that are looked at.
const TITLE_WORDS: usize = 60;
/// Words of a text that are looked at.
const TEXT_WORDS: usize = 120;
/// Written words that are remembered, of each language.
const FORMS_KEPT: usize = 50_000;

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
    pub(crate) text: Arc<str>,
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

/// What a language makes of a word as it is written.
#[derive(Debug, Clone)]
struct Form {
    /// The stem, or the English word of the lexicon for it.
    text: Arc<str>,
    shared: bool,
    number: bool,
    /// Every text has it, or it is too short to tell anything.
    empty: bool,
    hash: u32,
}

/// Reads articles.
#[derive(Default)]
pub(crate) struct Reader {
    stemmers: Stemmers,
    /// By the folded word; one table for each language.
    forms: [HashMap<Box<str>, Form, FixedState>; 4],
    /// Where each word stands among an article's; empty between articles.
    seen: HashMap<Arc<str>, usize, FixedState>,
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
    /// The words of title and text, each once.
    pub(crate) fn read(
        &mut self,
        title: &str,
        text: &str,
        tag: Option<&str>,
        tuning: &Tuning,
    ) -> Text {
        let title_words: Vec<Raw<'_>> = raw(title, TITLE_WORDS);
        let text_words: Vec<Raw<'_>> = raw(text, TEXT_WORDS);
        let language = language(&title_words, &text_words, tag);
        let mut words: Vec<Word> = Vec::new();
        // Where most words of a title begin with a capital, capitals say nothing.
        let capitals = title_words.iter().filter(|w| w.capital).count() * 3 > title_words.len();
        let in_title = title_words
            .iter()
            .map(|word| (word, 1.0, !word.first && !capitals));
        let in_text = text_words
            .iter()
            .map(|word| (word, tuning.text_weight, !word.first));
        let mut row = Vec::with_capacity(title_words.len() + text_words.len());
        let mut previous: Option<usize> = None;
        let mut seen = std::mem::take(&mut self.seen);
        for (word, weight, telling) in in_title.chain(in_text) {
            let form = self.form(&word.folded, language);
            row.push(form.hash);
            let after = previous.take().filter(|_| word.capital && !word.first);
            if form.empty {
                continue;
            }
            let capital = telling.then_some(word.capital);
            if let Some(at) = seen.get(&form.text) {
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
                seen.insert(Arc::clone(&form.text), words.len());
                words.push(Word {
                    text: Arc::clone(&form.text),
                    weight,
                    shared: form.shared,
                    number: form.number,
                    capital,
                    after,
                });
            }
        }
        seen.clear();
        self.seen = seen;
        Text {
            words,
            row,
            language,
        }
    }

    fn form(&mut self, word: &str, language: Language) -> &Form {
        let of = language as usize;
        if !self.forms[of].contains_key(word) {
            if self.forms[of].len() >= FORMS_KEPT {
                self.forms[of].clear();
            }
            let form = self.form_anew(word, language);
            self.forms[of].insert(word.into(), form);
        }
        &self.forms[of][word]
    }

    fn form_anew(&self, word: &str, language: Language) -> Form {
        let number = word.bytes().any(|byte| byte.is_ascii_digit());
        let empty = STOP_WORDS.contains(word) || (!number && too_short(word));
        let stem = if empty {
            Cow::Borrowed(word)
        } else {
            self.stem(word, language)
        };
        let concept = match language {
            Language::Indonesian => lexicon::english(word, &stem),
            _ => None,
        };
        Form {
            shared: number || concept.is_some() || lexicon::has_english(&stem),
            text: concept.unwrap_or(&stem).into(),
            number,
            empty,
            hash: FixedState::default().hash_one(word) as u32,
        }
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

struct Raw<'t> {
    folded: Cow<'t, str>,
    capital: bool,
    /// Begins a sentence, where a capital says nothing.
    first: bool,
}

fn raw(text: &str, most: usize) -> Vec<Raw<'_>> {
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
            let mut add = |part| {
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

fn folded(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        let is_folded = |byte: u8| !byte.is_ascii_uppercase() && byte != b',';
        return if word.bytes().all(is_folded) {
            Cow::Borrowed(word)
        } else {
            Cow::Owned(word.to_ascii_lowercase().replace(',', "."))
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

/// By the small words that each language cannot do without; the feed's own tag where these are
/// silent, because tags are often wrong.
fn language(title: &[Raw<'_>], text: &[Raw<'_>], tag: Option<&str>) -> Language {
    let mut counts = [0_usize; 3];
    for word in title.iter().chain(text) {
        if let Some(telling) = TELLING.get(&*word.folded) {
            for (count, tells) in counts.iter_mut().zip(telling) {
                *count += usize::from(*tells);
            }
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

/// Words that tell a language, and which of Indonesian, English and French have them.
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

/// Indonesian, English and French words that tell nothing of an event.
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
