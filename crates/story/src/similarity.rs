//! Compares a text with others: what a new report adds to a story, and how similar two texts are,
//! by names, numbers and the order of words.

use std::collections::HashSet;

use crate::model::Item;
use crate::near_duplicates;
use crate::tokenizer::{Reader, Text, Word};
use crate::tuning::Tuning;

/// Minimum number of new names and numbers that make a development; one new number is enough.
const NEW_FACTS: usize = 2;
/// Minimum number of words in the same order; fewer are ignored, whatever share of a text they are.
const FEWEST_IN_ORDER: usize = 5;

/// How similar two texts are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Similarity {
    /// Share of the shorter text's words that occur in the longer one in the same order, 0 to 1; 0
    /// if they are too few.
    pub in_order: f32,
    /// Share of the first text's names and numbers that the second has too, 0 to 1.
    pub facts: f32,
    /// How many names and numbers they share.
    pub shared: usize,
}

/// Compares two articles by title and text.
#[must_use]
pub fn similarity(one: &Item, other: &Item) -> Similarity {
    let mut reader = Reader::default();
    let (a, b) = (read(&mut reader, one), read(&mut reader, other));
    let shorter = a.word_hashes.len().min(b.word_hashes.len());
    // A pasted message may hold the headline alone, or have the headline among other words.
    let mut in_order = share(
        near_duplicates::in_order(&a.word_hashes, &b.word_hashes),
        shorter,
    );
    let title = reader.read(
        &other.title,
        "",
        other.language.as_deref(),
        &Tuning::default(),
    );
    let common = near_duplicates::in_order(&a.word_hashes, &title.word_hashes);
    if title.word_hashes.len() <= a.word_hashes.len() && common == title.word_hashes.len() {
        in_order = in_order.max(share(common, title.word_hashes.len()));
    }
    let (mine, theirs) = (facts(&a.words), words(&b.words));
    let shared = mine.intersection(&theirs).count();
    Similarity {
        in_order,
        facts: shared as f32 / mine.len().max(1) as f32,
        shared,
    }
}

fn share(common: usize, of: usize) -> f32 {
    if common < FEWEST_IN_ORDER {
        return 0.0;
    }
    common as f32 / of as f32
}

fn read(reader: &mut Reader, item: &Item) -> Text {
    let tuning = Tuning {
        text_weight: 1.0,
        ..Tuning::default()
    };
    reader.read(&item.title, &item.text, item.language.as_deref(), &tuning)
}

/// Names and numbers; all words if the text has hardly any.
fn facts(words: &[Word]) -> HashSet<u32> {
    let fact = |word: &&Word| word.is_numeric || word.capital == Some(true);
    let found: HashSet<u32> = words.iter().filter(fact).map(|word| word.number).collect();
    if found.len() < NEW_FACTS {
        return self::words(words);
    }
    found
}

fn words(words: &[Word]) -> HashSet<u32> {
    words.iter().map(|word| word.number).collect()
}

/// What a report adds to a story: its sentence (or headline) with the most names and numbers that
/// no known article has. `None` if it adds nothing.
#[must_use]
pub fn development(report: &Item, known: &[Item]) -> Option<String> {
    let mut reader = Reader::default();
    let mut seen: HashSet<u32> = HashSet::new();
    for item in known {
        let text = read(&mut reader, item);
        seen.extend(text.words.into_iter().map(|word| word.number));
    }
    let mut best: Option<(usize, &str)> = None;
    for sentence in
        std::iter::once(report.title.as_str()).chain(warta_text::sentences(&report.text))
    {
        let text = reader.read("", sentence, report.language.as_deref(), &Tuning::default());
        let new = text
            .words
            .iter()
            .filter(|word| !seen.contains(&word.number));
        let (mut numbers, mut names) = (0, 0);
        for word in new {
            numbers += usize::from(word.is_numeric);
            names += usize::from(!word.is_numeric && word.capital == Some(true));
        }
        let count = numbers + names;
        let tells = numbers > 0 || count >= NEW_FACTS;
        if tells && best.is_none_or(|(most, _)| count > most) {
            best = Some((count, sentence));
        }
    }
    best.map(|(_, sentence)| warta_text::balanced(sentence).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(title: &str, text: &str) -> Item {
        Item {
            title: title.into(),
            text: text.into(),
            language: Some("id".into()),
            ..Item::default()
        }
    }

    fn known() -> Vec<Item> {
        vec![item(
            "Feri Bahari karam di Selat Sape, 41 penumpang selamat",
            "Kapal feri Bahari karam di Selat Sape pada Senin. Sebanyak 41 penumpang selamat.",
        )]
    }

    #[test]
    fn a_development_is_a_new_fact() {
        let next = item(
            "Nakhoda feri Bahari ditahan",
            "Polisi menahan nakhoda. Menurut Kapolres Wisnu Bagaskara, muatan kapal 90 ton.",
        );
        let told = development(&next, &known());
        assert_eq!(
            told.as_deref(),
            Some("Menurut Kapolres Wisnu Bagaskara, muatan kapal 90 ton.")
        );
    }

    #[test]
    fn the_same_once_more_is_no_development() {
        let again = item(
            "41 penumpang feri Bahari selamat di Selat Sape",
            "Penumpang feri Bahari yang karam di Selat Sape, 41 orang, selamat semua.",
        );
        assert_eq!(development(&again, &known()), None);
    }

    #[test]
    fn a_pasted_message_is_like_the_article_it_quotes_and_unlike_others() {
        let pasted = item(
            "",
            "Bu baca ini! Feri Bahari karam di Selat Sape, 41 penumpang selamat. Sebarkan ya",
        );
        let same = similarity(&pasted, &known()[0]);
        assert!(same.in_order > 0.6 && same.facts > 0.5, "{same:?}");
        let other = item(
            "Harga cabai di Pasar Induk turun",
            "Pedagang di Pasar Induk menyebut harga cabai turun 12 persen sejak Senin.",
        );
        let unlike = similarity(&pasted, &other);
        assert!(unlike.in_order < 0.4 && unlike.shared < 2, "{unlike:?}");
        assert_eq!(similarity(&item("", ""), &other).shared, 0);
    }
}
