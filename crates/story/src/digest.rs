//! A story in short: what its articles agree on in two or three of their own sentences, who was
//! first, which articles copy which, and what only one publisher says. Nothing is written that no
//! article says.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::words::{Language, Reader, Word};
use crate::{Item, Tuning, trend};

/// Sentences of a summary.
const SENTENCES: usize = 3;
/// Sentences of a publisher's own at most.
const ONLY: usize = 5;
/// Sentences shorter or longer than this, in characters, are passed over.
const LENGTH: std::ops::RangeInclusive<usize> = 40..=320;
/// Sentences that share so much of their words say the same.
const SAME: f32 = 0.5;
/// Sentences of an article that are looked at.
const LOOKED_AT: usize = 24;

/// A sentence and who says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The article's id.
    pub item: String,
    /// Its publisher.
    pub publisher: String,
    /// The sentence, as it stands there.
    pub text: String,
}

/// An article and those that copy it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Folded {
    /// The article's id.
    pub item: String,
    /// Ids of its copies, in order of their time.
    pub copies: Vec<String>,
}

/// A story in short.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// Two or three sentences that several publishers agree on, of different articles.
    pub summary: Vec<Said>,
    /// The id of the earliest article.
    pub first: Option<String>,
    /// The articles in order of time, copies under their source.
    pub articles: Vec<Folded>,
    /// What stands in the reports of one publisher alone: sentences with names or numbers that no
    /// other has.
    pub only: Vec<Said>,
}

struct Sentence<'i> {
    /// Its article's place among the sources.
    source: usize,
    /// Its article is in the reader's language.
    is_readable: bool,
    text: &'i str,
    words: HashMap<u32, f32>,
    /// Names and numbers.
    facts: HashSet<u32>,
}

/// Makes a story's articles short, in the reader's language (BCP 47) first. `copy_of` says of an article,
/// by its id, which one it copies, as [`Desk::copy_of`](crate::Desk::copy_of) does.
#[must_use]
pub fn digest<'d>(
    items: &[Item],
    language: Option<&str>,
    copy_of: impl Fn(&str) -> Option<&'d str>,
) -> Digest {
    let mut ordered: Vec<&Item> = items.iter().collect();
    ordered.sort_by(|a, b| (a.published, &a.id).cmp(&(b.published, &b.id)));
    let here: HashSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let source = |item: &Item| copy_of(&item.id).filter(|source| here.contains(source));
    let sources: Vec<&Item> = ordered
        .iter()
        .copied()
        .filter(|item| source(item).is_none())
        .collect();
    let articles = sources
        .iter()
        .map(|item| Folded {
            item: item.id.clone(),
            copies: ordered
                .iter()
                .filter(|other| source(other) == Some(item.id.as_str()))
                .map(|other| other.id.clone())
                .collect(),
        })
        .collect();
    let voices: Vec<String> = sources
        .iter()
        .map(|item| trend::voice(&item.publisher))
        .collect();
    let sentences = read(&sources, language.map(Language::of_tag));
    Digest {
        summary: summary(&sentences, &voices)
            .into_iter()
            .map(|sentence| said(sentence, &sources))
            .collect(),
        first: ordered.first().map(|item| item.id.clone()),
        articles,
        only: only(&sentences, &voices)
            .into_iter()
            .map(|sentence| said(sentence, &sources))
            .collect(),
    }
}

fn said(sentence: &Sentence<'_>, sources: &[&Item]) -> Said {
    let item = sources[sentence.source];
    Said {
        item: item.id.clone(),
        publisher: item.publisher.clone(),
        text: sentence.text.to_owned(),
    }
}

fn read<'i>(sources: &[&'i Item], own: Option<Language>) -> Vec<Sentence<'i>> {
    let tuning = Tuning {
        text_weight: 1.0,
        ..Tuning::default()
    };
    let mut reader = Reader::default();
    let mut sentences = Vec::new();
    for (source, item) in sources.iter().enumerate() {
        let tag = item.language.as_deref();
        let language = reader.read(&item.title, &item.text, tag, &tuning).language;
        let is_readable = own == Some(language) && language != Language::Unknown;
        for text in split(&item.text).into_iter().take(LOOKED_AT) {
            let read = reader.read("", text, tag, &tuning).words;
            let fact = |word: &&Word| word.is_figure || word.capital == Some(true);
            sentences.push(Sentence {
                source,
                is_readable,
                text,
                facts: read.iter().filter(fact).map(|w| w.number).collect(),
                words: read.into_iter().map(|word| (word.number, 1.0)).collect(),
            });
        }
    }
    weigh(&mut sentences);
    sentences
}

/// Words of many sentences count less, and each sentence is of length 1.
fn weigh(sentences: &mut [Sentence<'_>]) {
    let mut seen = HashMap::<u32, usize>::new();
    for word in sentences.iter().flat_map(|sentence| sentence.words.keys()) {
        *seen.entry(*word).or_default() += 1;
    }
    let all = sentences.len() as f32;
    for sentence in sentences {
        let mut squares = 0.0;
        for (word, weight) in &mut sentence.words {
            *weight = ((all + 1.0) / (seen[word] as f32 + 0.5)).ln().max(0.05);
            squares += *weight * *weight;
        }
        let length = squares.sqrt().max(f32::MIN_POSITIVE);
        sentence.words.values_mut().for_each(|w| *w /= length);
    }
}

fn closeness(a: &Sentence<'_>, b: &Sentence<'_>) -> f32 {
    let mut products: Vec<f32> = a
        .words
        .iter()
        .filter_map(|(word, weight)| Some(weight * b.words.get(word)?))
        .collect();
    // The order of a hash map must not show in the last digit.
    products.sort_unstable_by(f32::total_cmp);
    products.iter().sum()
}

/// The sentences that other publishers say most alike, those that the reader can read before all
/// others, no two that say the same, in the order of their articles.
fn summary<'s, 'i>(sentences: &'s [Sentence<'i>], voices: &[String]) -> Vec<&'s Sentence<'i>> {
    let mut ranked: Vec<(bool, f32, usize)> = Vec::new();
    for (at, sentence) in sentences.iter().enumerate() {
        if !LENGTH.contains(&sentence.text.chars().count()) {
            continue;
        }
        let mut best = HashMap::<&str, f32>::new();
        for other in sentences {
            let voice = voices[other.source].as_str();
            if voice != voices[sentence.source] {
                let near = best.entry(voice).or_default();
                *near = near.max(closeness(sentence, other));
            }
        }
        let mut agreed: Vec<f32> = best.into_values().collect();
        agreed.sort_unstable_by(f32::total_cmp);
        ranked.push((sentence.is_readable, agreed.iter().sum(), at));
    }
    ranked.sort_by(|a, b| {
        (b.0.cmp(&a.0))
            .then(b.1.total_cmp(&a.1))
            .then(a.2.cmp(&b.2))
    });
    let mut chosen: Vec<usize> = Vec::new();
    for (.., at) in ranked {
        let new = chosen.iter().all(|other| {
            let (one, two) = (&sentences[at], &sentences[*other]);
            one.source != two.source && closeness(one, two) < SAME
        });
        if new {
            chosen.push(at);
        }
        if chosen.len() == SENTENCES {
            break;
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|at| &sentences[at]).collect()
}

/// Sentences with two names or numbers that no other publisher has, those with most of them first.
fn only<'s, 'i>(sentences: &'s [Sentence<'i>], voices: &[String]) -> Vec<&'s Sentence<'i>> {
    let mut said_by = HashMap::<u32, HashSet<&str>>::new();
    for sentence in sentences {
        for word in sentence.words.keys() {
            let by = said_by.entry(*word).or_default();
            by.insert(&voices[sentence.source]);
        }
    }
    if voices.iter().collect::<HashSet<_>>().len() < 2 {
        return Vec::new();
    }
    let mut own: Vec<(usize, &Sentence<'_>)> = sentences
        .iter()
        .filter(|sentence| LENGTH.contains(&sentence.text.chars().count()))
        .map(|sentence| {
            let alone = |fact: &&u32| said_by[*fact].len() == 1;
            (sentence.facts.iter().filter(alone).count(), sentence)
        })
        .filter(|(count, _)| *count >= 2)
        .collect();
    own.sort_by_key(|(count, sentence)| std::cmp::Reverse((sentence.is_readable, *count)));
    own.truncate(ONLY);
    own.into_iter().map(|(_, sentence)| sentence).collect()
}

/// The sentences of a text: at a full stop, question or exclamation mark that a capital follows, or
/// at the end of a line; not behind an initial or a title.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut from = 0;
    for (at, character) in text.char_indices() {
        let end = at + character.len_utf8();
        let ends = match character {
            '\n' => true,
            '.' | '!' | '?' => {
                let rest = text[end..].trim_start_matches(['"', '”', '’', ')']);
                let next = rest.trim_start();
                rest.len() > next.len()
                    && next.starts_with(|c: char| {
                        c.is_uppercase() || c.is_ascii_digit() || c == '"' || c == '“'
                    })
                    && !abbreviated(&text[from..at])
            }
            _ => false,
        };
        if ends {
            let quote =
                text[end..].len() - text[end..].trim_start_matches(['"', '”', '’', ')']).len();
            sentences.push(text[from..end + quote].trim());
            from = end + quote;
        }
    }
    sentences.push(text[from..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Whether a text ends with an initial or a title, behind which a full stop ends nothing.
fn abbreviated(text: &str) -> bool {
    let last = text
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase);
    initial
        || [
            "Dr", "Mr", "Mrs", "Ms", "Hj", "No", "St", "Prof", "Ir", "Drs", "Jl", "Rp",
        ]
        .contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, publisher: &str, at: i64, text: &str) -> Item {
        Item {
            id: id.to_owned(),
            publisher: publisher.to_owned(),
            published: Some(at),
            text: text.to_owned(),
            language: Some("id".to_owned()),
            ..Item::default()
        }
    }

    fn ferry() -> Vec<Item> {
        vec![
            item(
                "1",
                "suluh.id",
                0,
                "Kapal feri Bahari karam di Selat Sape, 41 penumpang selamat. Nakhoda Karim Daeng diperiksa \
                 polisi di Bima.",
            ),
            item(
                "2",
                "pesisir.id",
                60,
                "Sebanyak 41 penumpang feri Bahari selamat setelah kapal karam di Selat Sape. Cuaca saat itu \
                 buruk sekali bagi pelayaran.",
            ),
            item(
                "3",
                "pos.id",
                120,
                "Feri Bahari karam di Selat Sape. Asuransi Nusa Jaya menyiapkan santunan Rp 90 juta untuk \
                 pemilik muatan.",
            ),
            item(
                "4",
                "salin.id",
                180,
                "Kapal feri Bahari karam di Selat Sape, 41 penumpang selamat.",
            ),
        ]
    }

    fn copies(id: &str) -> Option<&'static str> {
        (id == "4").then_some("1")
    }

    #[test]
    fn a_story_is_summed_up_in_its_publishers_own_sentences() {
        let digest = digest(&ferry(), Some("id"), copies);
        let first = &digest.summary[0];
        assert_eq!(first.publisher, "suluh.id");
        assert!(
            first.text.contains("41 penumpang selamat"),
            "what all agree on: {first:?}"
        );
        let items: HashSet<&str> = digest
            .summary
            .iter()
            .map(|said| said.item.as_str())
            .collect();
        assert_eq!(items.len(), digest.summary.len(), "of different articles");
        assert!(!items.contains("4"), "copies are not asked");
    }

    #[test]
    fn what_the_reader_can_read_comes_first() {
        let mut items = ferry();
        items.push(Item {
            language: Some("en".into()),
            ..item(
                "5",
                "lantern.example",
                30,
                "The ferry Bahari sank in the Sape Strait and all of the 41 passengers were saved. The master of \
                 the ship was questioned by the police of Bima.",
            )
        });
        let said = |language| -> Vec<String> {
            let digest = digest(&items, Some(language), copies);
            digest.summary.into_iter().map(|said| said.item).collect()
        };
        assert!(said("en").contains(&"5".to_owned()), "{:?}", said("en"));
        assert_eq!(said("en").len(), SENTENCES, "others make it whole");
        assert!(!said("id").contains(&"5".to_owned()), "{:?}", said("id"));
    }

    #[test]
    fn copies_stand_under_their_source_and_the_first_is_named() {
        let digest = digest(&ferry(), Some("id"), copies);
        assert_eq!(digest.first.as_deref(), Some("1"));
        let folded: Vec<(&str, usize)> = digest
            .articles
            .iter()
            .map(|article| (article.item.as_str(), article.copies.len()))
            .collect();
        assert_eq!(folded, [("1", 1), ("2", 0), ("3", 0)]);
    }

    #[test]
    fn what_only_one_publisher_says_is_found() {
        let digest = digest(&ferry(), Some("id"), copies);
        let only: Vec<&str> = digest
            .only
            .iter()
            .map(|said| said.publisher.as_str())
            .collect();
        assert!(only.contains(&"pos.id"), "the insurance: {:?}", digest.only);
        assert!(
            !only.contains(&"pesisir.id"),
            "no name or number of its own"
        );
    }

    #[test]
    fn nothing_makes_nothing_and_one_article_has_no_rival() {
        assert_eq!(digest(&[], None, |_| None), Digest::default());
        let alone = digest(&ferry()[..1], None, |_| None);
        assert!(alone.only.is_empty());
        assert_eq!(alone.summary.len(), 1, "one sentence an article");
    }

    #[test]
    fn sentences_end_where_they_end() {
        assert_eq!(
            split("Dr. Wisnu menang. \"Kami siap,\" kata A. Yani. Harga 5.600 naik! Benar?\nYa."),
            [
                "Dr. Wisnu menang.",
                "\"Kami siap,\" kata A. Yani.",
                "Harga 5.600 naik!",
                "Benar?",
                "Ya."
            ]
        );
    }
}
