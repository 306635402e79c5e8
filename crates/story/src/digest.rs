//! Summarises a story: what its articles agree on, in two or three of their own sentences, which
//! was first, which articles are copies, and what only one publisher reports. Deliberately absent:
//! any generated text.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use warta_text::{balanced, is_complete, sentences};

use crate::model::Item;
use crate::publisher_site::publisher_site;
use crate::tokenizer::{Language, Reader, Word};
use crate::tuning::Tuning;

/// Number of sentences in a summary.
const SENTENCES: usize = 3;
/// Maximum number of sentences reported by one publisher only.
const ONLY: usize = 5;
/// Length of a sentence that can be shown, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 40..=320;
/// Similarity from which two sentences in one language state the same.
const SAME: f32 = 0.5;
/// Share of the shorter sentence's words from which a longer one repeats it.
const REPEATED: f32 = 0.75;
/// Number of shared names and numbers from which sentences in two languages state the same.
const SHARED_FACTS: usize = 2;
/// Maximum number of sentences read from an article.
const LOOKED_AT: usize = 24;

/// A sentence with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttributedSentence {
    /// The article's id.
    pub item: u64,
    /// Its publisher.
    pub publisher: String,
    /// The sentence, verbatim.
    pub text: String,
}

/// An article and its copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArticleWithCopies {
    /// The article's id.
    pub item: u64,
    /// Ids of its copies, oldest first.
    pub copies: Vec<u64>,
}

/// The summary of a story.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// Up to three sentences in one language: the one that most publishers agree on, and others
    /// that add to it, from different articles if possible.
    pub summary: Vec<AttributedSentence>,
    /// The id of the earliest article.
    pub first: Option<u64>,
    /// The articles, oldest first, with copies under their source.
    pub articles: Vec<ArticleWithCopies>,
    /// Sentences with names or numbers that only one publisher reports.
    pub only: Vec<AttributedSentence>,
}

struct Sentence<'i> {
    /// Index of its article among the sources.
    source: usize,
    /// Language of its article.
    language: Spoken,
    /// Whether its article is in the reader's language.
    is_readable: bool,
    text: &'i str,
    words: HashMap<u32, f32>,
    /// Names and numbers.
    facts: HashSet<u32>,
    /// Words comparable across languages: names, numbers and words of the lexicon.
    across: HashSet<u32>,
    /// Whether it is its article's headline.
    is_title: bool,
}

/// A language; those without a stemmer are distinguished by their tags.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spoken(Language, String);

impl Spoken {
    fn new(language: Language, tag: Option<&str>) -> Self {
        let primary = tag.and_then(|tag| tag.split(['-', '_']).next());
        let other = primary.filter(|_| language == Language::Unknown);
        Self(language, other.unwrap_or_default().to_lowercase())
    }

    fn of_tag(tag: &str) -> Self {
        Self::new(Language::of_tag(tag), Some(tag))
    }

    fn is_known(&self) -> bool {
        self.0 != Language::Unknown || !self.1.is_empty()
    }
}

/// Summarises a story's articles, preferably in the reader's language (BCP 47). `copy_of` returns
/// the id of the article that an article copies, as
/// [`Clusterer::copy_of`](crate::Clusterer::copy_of) does.
#[must_use]
pub fn digest(
    items: &[Item],
    language: Option<&str>,
    copy_of: impl Fn(u64) -> Option<u64>,
) -> Digest {
    let mut ordered: Vec<&Item> = items.iter().collect();
    ordered.sort_by_key(|a| (a.published, a.id));
    let here: HashSet<u64> = items.iter().map(|item| item.id).collect();
    let source = |item: &Item| copy_of(item.id).filter(|source| here.contains(source));
    let sources: Vec<&Item> = ordered
        .iter()
        .copied()
        .filter(|item| source(item).is_none())
        .collect();
    let articles = sources
        .iter()
        .map(|item| ArticleWithCopies {
            item: item.id,
            copies: ordered
                .iter()
                .filter(|other| source(other) == Some(item.id))
                .map(|other| other.id)
                .collect(),
        })
        .collect();
    let sites: Vec<String> = sources
        .iter()
        .map(|item| publisher_site(&item.publisher))
        .collect();
    let sentences = read(&sources, language.map(Spoken::of_tag).as_ref());
    Digest {
        summary: summary(&sentences, &sites)
            .into_iter()
            .map(|sentence| said(sentence, &sources))
            .collect(),
        first: ordered.first().map(|item| item.id),
        articles,
        only: only(&sentences, &sites)
            .into_iter()
            .map(|sentence| said(sentence, &sources))
            .collect(),
    }
}

fn said(sentence: &Sentence<'_>, sources: &[&Item]) -> AttributedSentence {
    let item = sources[sentence.source];
    AttributedSentence {
        item: item.id,
        publisher: item.publisher.clone(),
        // A long quotation is cut between its sentences: each part gets both quotation marks.
        text: balanced(sentence.text).into_owned(),
    }
}

fn read<'i>(sources: &[&'i Item], own: Option<&Spoken>) -> Vec<Sentence<'i>> {
    let tuning = Tuning {
        text_weight: 1.0,
        ..Tuning::default()
    };
    let mut reader = Reader::default();
    let mut found = Vec::new();
    for (source, item) in sources.iter().enumerate() {
        let tag = item.language.as_deref();
        let language = reader.read(&item.title, &item.text, tag, &tuning).language;
        let language = Spoken::new(language, tag);
        let is_readable = language.is_known() && own == Some(&language);
        let title = std::iter::once((item.title.as_str(), true)).filter(|(t, _)| !t.is_empty());
        let text = sentences(&item.text).into_iter().take(LOOKED_AT);
        for (text, is_title) in title.chain(text.map(|text| (text, false))) {
            let read = reader.read("", text, tag, &tuning).words;
            let fact = |word: &&Word| word.is_numeric || word.capital == Some(true);
            found.push(Sentence {
                source,
                language: language.clone(),
                is_readable,
                text,
                facts: read.iter().filter(fact).map(|w| w.number).collect(),
                across: (read.iter().filter(|word| word.shared || fact(word)))
                    .map(|word| word.number)
                    .collect(),
                is_title,
                words: read.into_iter().map(|word| (word.number, 1.0)).collect(),
            });
        }
    }
    weigh(&mut found);
    found
}

/// Weighs words by rarity and normalises each sentence to a unit vector.
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
    // Sum in a fixed order: rounding would otherwise depend on the hash map's order.
    products.sort_unstable_by(f32::total_cmp);
    products.iter().sum()
}

/// Whether a sentence can be shown: of readable length, complete, and not a headline.
fn is_shown(sentence: &Sentence<'_>) -> bool {
    !sentence.is_title
        && LENGTH.contains(&sentence.text.chars().count())
        && is_complete(sentence.text)
}

/// Whether one sentence repeats another in the same language.
fn repeats(one: &Sentence<'_>, other: &Sentence<'_>) -> bool {
    let (short, long) = if one.words.len() <= other.words.len() {
        (one, other)
    } else {
        (other, one)
    };
    let shared = short.words.keys().filter(|w| long.words.contains_key(w));
    closeness(one, other) >= SAME
        || shared.count() as f32 >= REPEATED * short.words.len().max(1) as f32
}

/// Whether a sentence states the same fact as another, which may be in another language: compared
/// by names and numbers.
fn states(sentence: &Sentence<'_>, main: &Sentence<'_>) -> bool {
    if sentence.language == main.language {
        return repeats(sentence, main);
    }
    let shared = sentence.across.intersection(&main.across);
    shared.count() >= SHARED_FACTS.min(main.across.len().max(1))
}

/// How well other publishers agree with each sentence, plus its similarity to the headlines, which
/// state the main fact.
fn agreement(sentences: &[Sentence<'_>], sites: &[String]) -> Vec<f32> {
    let agreed = |sentence: &Sentence<'_>| {
        let mut best = HashMap::<&str, f32>::new();
        for other in sentences {
            let site = sites[other.source].as_str();
            if site != sites[sentence.source] {
                let near = best.entry(site).or_default();
                *near = near.max(closeness(sentence, other));
            }
        }
        let mut agreed: Vec<f32> = best.into_values().collect();
        agreed.sort_unstable_by(f32::total_cmp);
        let titles = sentences.iter().filter(|other| other.is_title);
        let mut near: Vec<f32> = titles.map(|title| closeness(sentence, title)).collect();
        near.sort_unstable_by(f32::total_cmp);
        agreed.iter().sum::<f32>() + near.iter().sum::<f32>() / near.len().max(1) as f32
    };
    sentences.iter().map(agreed).collect()
}

/// The sentence that other publishers agree with most is the story's main fact. It is given in the
/// reader's language if an article in it states that fact; the other sentences are in the same
/// language, so that nothing is repeated. In the order of their articles.
fn summary<'s, 'i>(sentences: &'s [Sentence<'i>], sites: &[String]) -> Vec<&'s Sentence<'i>> {
    let agreed = agreement(sentences, sites);
    let mut ranked: Vec<usize> = (0..sentences.len())
        .filter(|at| is_shown(&sentences[*at]))
        .collect();
    ranked.sort_by(|a, b| agreed[*b].total_cmp(&agreed[*a]).then(a.cmp(b)));
    let Some(main) = ranked.first().copied() else {
        return Vec::new();
    };
    let stated = |at: &usize| {
        let sentence = &sentences[*at];
        sentence.is_readable && states(sentence, &sentences[main])
    };
    let first = ranked.iter().copied().find(stated).unwrap_or(main);
    let language = &sentences[first].language;
    let mut chosen = vec![first];
    // From other articles first; from the same ones if the others add nothing.
    for may_repeat_source in [false, true] {
        for at in &ranked {
            let sentence = &sentences[*at];
            let is_new = sentence.language == *language
                && chosen.iter().all(|other| {
                    let other = &sentences[*other];
                    (may_repeat_source || sentence.source != other.source)
                        && !repeats(sentence, other)
                });
            if is_new && chosen.len() < SENTENCES {
                chosen.push(*at);
            }
        }
        if chosen.len() > 1 {
            break;
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|at| &sentences[at]).collect()
}

/// Sentences with two names or numbers that no other publisher has, most of them first.
fn only<'s, 'i>(sentences: &'s [Sentence<'i>], sites: &[String]) -> Vec<&'s Sentence<'i>> {
    let mut said_by = HashMap::<u32, HashSet<&str>>::new();
    for sentence in sentences {
        for word in sentence.words.keys() {
            let by = said_by.entry(*word).or_default();
            by.insert(&sites[sentence.source]);
        }
    }
    if sites.iter().collect::<HashSet<_>>().len() < 2 {
        return Vec::new();
    }
    let mut own: Vec<(usize, &Sentence<'_>)> = sentences
        .iter()
        .filter(|sentence| is_shown(sentence))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: u64, publisher: &str, at: i64, text: &str) -> Item {
        Item {
            id,
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
                1,
                "suluh.id",
                0,
                "Kapal feri Bahari karam di Selat Sape, 41 penumpang selamat. Nakhoda Karim Daeng diperiksa \
                 polisi di Bima.",
            ),
            item(
                2,
                "pesisir.id",
                60,
                "Sebanyak 41 penumpang feri Bahari selamat setelah kapal karam di Selat Sape. Cuaca saat itu \
                 buruk sekali bagi pelayaran.",
            ),
            item(
                3,
                "pos.id",
                120,
                "Feri Bahari karam di Selat Sape. Asuransi Nusa Jaya menyiapkan santunan Rp 90 juta untuk \
                 pemilik muatan.",
            ),
            item(
                4,
                "salin.id",
                180,
                "Kapal feri Bahari karam di Selat Sape, 41 penumpang selamat.",
            ),
        ]
    }

    fn is_copy_of(id: u64) -> Option<u64> {
        (id == 4).then_some(1)
    }

    #[test]
    fn a_story_is_summed_up_in_its_publishers_own_sentences() {
        let digest = digest(&ferry(), Some("id"), is_copy_of);
        let first = &digest.summary[0];
        assert_eq!(first.publisher, "suluh.id");
        assert!(
            first.text.contains("41 penumpang selamat"),
            "what all agree on: {first:?}"
        );
        let items: HashSet<u64> = digest.summary.iter().map(|said| said.item).collect();
        assert_eq!(items.len(), digest.summary.len(), "of different articles");
        assert!(!items.contains(&4), "copies do not count as agreement");
    }

    #[test]
    fn sentences_in_the_readers_language_come_first() {
        let mut items = ferry();
        items.push(Item {
            language: Some("en".into()),
            ..item(
                5,
                "lantern.example",
                30,
                "The ferry Bahari sank in the Sape Strait and all of the 41 passengers were saved. The master of \
                 the ship was questioned by the police of Bima.",
            )
        });
        let said = |language| -> Vec<u64> {
            let digest = digest(&items, Some(language), is_copy_of);
            digest.summary.into_iter().map(|said| said.item).collect()
        };
        assert_eq!(said("en"), [5, 5], "one language, nothing twice");
        assert!(!said("id").contains(&5), "{:?}", said("id"));
        assert_eq!(said("fr"), said("id"), "else the language of most");
    }

    /// Reports of one event in two languages, and one in the reader's language about another event.
    fn quake() -> Vec<Item> {
        let english = |id: u64, publisher: &str, text: &str| Item {
            language: Some("en".into()),
            ..item(id, publisher, 10, text)
        };
        vec![
            item(
                1,
                "suluh.id",
                0,
                "Gempa bermagnitudo 5,6 mengguncang Cianjur dan merusak 120 rumah. Warga mengungsi ke lapangan \
                 dekat kantor kecamatan.",
            ),
            item(
                2,
                "pos.id",
                5,
                "Sebanyak 120 rumah di Cianjur rusak karena gempa bermagnitudo 5,6. Listrik padam di tiga desa.",
            ),
            english(
                3,
                "lantern.example",
                "A magnitude 5.6 earthquake shook Cianjur and damaged 120 houses. Schools there will stay closed \
                 until Thursday.",
            ),
            english(
                4,
                "harbour.example",
                "The exchange in Jakarta was closed on Monday for a public holiday as planned.",
            ),
        ]
    }

    #[test]
    fn no_fact_is_given_in_two_languages_and_the_main_one_is_given() {
        for (language, main, items) in [
            ("id", "Cianjur", quake()),
            ("en", "Cianjur", quake()),
            // No article in the reader's language states the main fact: it is given in the other.
            (
                "en",
                "Cianjur",
                quake().into_iter().filter(|i| i.id != 3).collect(),
            ),
            ("fr", "Cianjur", quake()),
            ("id", "Cianjur", quake()[..3].to_vec()),
        ] {
            let summary = digest(&items, Some(language), |_| None).summary;
            let about: Vec<&str> = summary.iter().map(|said| said.text.as_str()).collect();
            assert_eq!(
                about.iter().filter(|text| text.contains(main)).count(),
                1,
                "{language}: {about:?}"
            );
            let english = |said: &&AttributedSentence| [3, 4].contains(&said.item);
            let of_english = summary.iter().filter(english).count();
            assert!(of_english == 0 || of_english == summary.len(), "{about:?}");
        }
        let own = digest(&quake(), Some("en"), |_| None).summary;
        assert!(own[0].text.starts_with("A magnitude 5.6"), "{own:?}");
    }

    #[test]
    fn sentences_are_whole_and_quotations_keep_their_marks() {
        let items = vec![
            item(
                1,
                "suluh.id",
                0,
                "Menurut Prof. Dr. Ir. Hamid Yusuf, S.H. kapal No. 4 itu tiba pukul 09.30 di Bima. Penumpang \
                 turun satu per satu dengan tertib dan ten…",
            ),
            item(
                2,
                "pos.id",
                5,
                "\"Kapal No. 4 tiba di Bima. Semua penumpang turun,\" kata Prof. Dr. Ir. Hamid Yusuf.",
            ),
        ];
        let digest = digest(&items, Some("id"), |_| None);
        let whole = [
            "Menurut Prof. Dr. Ir. Hamid Yusuf, S.H. kapal No. 4 itu tiba pukul 09.30 di Bima.",
            "\"Kapal No. 4 tiba di Bima. Semua penumpang turun,\" kata Prof. Dr. Ir. Hamid Yusuf.",
        ];
        assert!(!digest.summary.is_empty());
        for said in &digest.summary {
            assert!(whole.contains(&said.text.as_str()), "{said:?}");
        }
    }

    #[test]
    fn a_long_quotation_is_cut_with_both_marks_on_each_part() {
        let part = "Kami menunggu kabar dari kapal itu di dermaga sejak pagi buta";
        let text = format!("\"{}.\"", [part; 12].join(". "));
        let items = [item(1, "suluh.id", 0, &text)];
        let digest = digest(&items, Some("id"), |_| None);
        let said = &digest.summary[0].text;
        assert_eq!(said, &format!("\"{part}.\""));
    }

    #[test]
    fn copies_stand_under_their_source_and_the_first_is_named() {
        let digest = digest(&ferry(), Some("id"), is_copy_of);
        assert_eq!(digest.first, Some(1));
        let folded: Vec<(u64, usize)> = digest
            .articles
            .iter()
            .map(|article| (article.item, article.copies.len()))
            .collect();
        assert_eq!(folded, [(1, 1), (2, 0), (3, 0)]);
    }

    #[test]
    fn sentences_of_only_one_publisher_are_found() {
        let digest = digest(&ferry(), Some("id"), is_copy_of);
        let only: Vec<&str> = digest
            .only
            .iter()
            .map(|said| said.publisher.as_str())
            .collect();
        assert!(
            only.contains(&"pos.id"),
            "the sentence about the insurance is missing: {:?}",
            digest.only
        );
        assert!(
            !only.contains(&"pesisir.id"),
            "no name or number of its own"
        );
    }

    #[test]
    fn no_article_gives_no_digest_and_one_article_its_own_sentences() {
        assert_eq!(digest(&[], None, |_| None), Digest::default());
        let alone = digest(&ferry()[..1], None, |_| None);
        assert!(alone.only.is_empty());
        assert_eq!(alone.summary.len(), 2, "its own sentences");
    }
}
