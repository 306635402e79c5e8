//! Word statistics of the stream: how rare each word is, whether it is a name, and an inverted
//! index of the stories that contain it.

use std::cmp::Ordering;

use crate::tokenizer::Word;
use crate::tuning::Tuning;

/// Maximum number of index entries visited for one article; frequent words, which come last, are
/// dropped.
const MAX_ENTRIES: usize = 20_000;
/// Maximum number of words looked up for a story or article.
const MAX_WORDS: usize = 40;
/// Interpolation steps of a search among entries, and the number of entries left for binary search.
const GUESSES: usize = 4;
const NEARBY: usize = 16;
/// With fewer stories per visited entry than this, all stories are scanned for the near ones.
const SWEPT: usize = 8;
/// Number of stories scanned at once.
const LINE: usize = 16;
/// Number of entries that can be walked in the time of one search.
const WALKED: usize = 16;
/// The most frequent words, up to this share of an article's weight, are not used to find stories.
const LEFT: f32 = 0.15;
/// Share of an article's weight below which the remaining words are ignored.
const FAINT: f32 = 0.02;
/// Share of the required similarity that a story's rarer words must reach.
const SURE: f32 = 0.75;

/// No word.
pub(crate) const ALONE: u32 = u32::MAX;

/// A word of an article.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Term {
    pub(crate) word: u32,
    /// Weight by position (title or text).
    pub(crate) weight: f32,
    /// Weight by position and rarity, normalised so that the article's words form a unit vector.
    pub(crate) unit: f32,
    /// Whether it means the same in other languages.
    pub(crate) shared: bool,
    /// The word before it in the same name; [`ALONE`] if there is none.
    pub(crate) after: u32,
}

/// Occurrences of a word in one story.
#[derive(Debug, Clone, Copy)]
struct Entry {
    story: u32,
    articles: u32,
    sum: f32,
}

#[derive(Debug, Clone, Default)]
struct Known {
    articles: u32,
    /// Occurrences with a capital and with a lower-case letter, counted where a capital indicates a
    /// name.
    capital: u32,
    small: u32,
    is_numeric: bool,
    /// Sorted by story.
    entries: Vec<Entry>,
}

/// Word statistics and the inverted index.
#[derive(Debug, Default)]
pub(crate) struct Index {
    known: Vec<Known>,
    articles: usize,
    /// Similarity by story during a search; all zero between searches.
    sums: Vec<f32>,
    touched: Vec<u32>,
    /// Number of articles of each story.
    sizes: Vec<u32>,
    /// Story number of the first element of `sums` and `sizes`.
    base: u32,
}

impl Index {
    /// Adds an article's words to the statistics.
    pub(crate) fn learn(&mut self, words: &[Word]) -> Vec<Term> {
        self.articles += 1;
        let all = words.iter().map(|word| word.number as usize + 1).max();
        if let Some(all) = all.filter(|all| *all > self.known.len()) {
            self.known.resize_with(all, Known::default);
        }
        for word in words {
            let known = &mut self.known[word.number as usize];
            known.articles += 1;
            known.is_numeric = word.is_numeric;
            match word.capital {
                Some(true) => known.capital += 1,
                Some(false) => known.small += 1,
                None => {}
            }
        }
        terms(words)
    }

    /// The words of an article that occur in the stream, without counting them.
    pub(crate) fn known_terms(&self, words: &[Word]) -> Vec<Term> {
        let mut terms = terms(words);
        terms.retain(|term| {
            let known = self.known.get(term.word as usize);
            known.is_some_and(|known| known.articles > 0)
        });
        terms
    }

    /// Reverts [`Self::unlearn`].
    pub(crate) fn count(&mut self, terms: &[Term]) {
        self.articles += 1;
        for term in terms {
            self.known[term.word as usize].articles += 1;
        }
    }

    /// Removes an article's words from the statistics.
    pub(crate) fn unlearn(&mut self, terms: &[Term]) {
        self.articles -= 1;
        for term in terms {
            self.known[term.word as usize].articles -= 1;
        }
    }

    /// Number of articles counted.
    pub(crate) fn articles(&self) -> usize {
        self.articles
    }

    /// Sets the words' weights from the current statistics.
    pub(crate) fn weigh(&self, terms: &mut [Term], tuning: &Tuning) {
        let mut squares = 0.0;
        for term in &mut *terms {
            let known = &self.known[term.word as usize];
            let telling = if known.is_numeric || self.is_name(term.word) {
                tuning.name_weight
            } else {
                1.0
            };
            term.unit = term.weight * telling * self.rarity(known.articles, tuning);
            squares += term.unit * term.unit;
        }
        if squares > 0.0 {
            let length = squares.sqrt();
            for term in terms {
                term.unit /= length;
            }
        }
    }

    /// Rarity of a word, between 0 and 1. A word seen a few times counts as rare as one seen once:
    /// otherwise a text's chance words would outweigh those that its story has in common.
    fn rarity(&self, articles: u32, tuning: &Tuning) -> f32 {
        let all = self.articles as f32 + tuning.prior_articles;
        let whole = (all / tuning.rarity_smoothing).ln();
        ((all / (articles as f32 + tuning.rarity_smoothing)).ln() / whole).max(0.02)
    }

    /// Whether the stream capitalises a word where only names are capitalised.
    pub(crate) fn is_name(&self, word: u32) -> bool {
        let known = &self.known[word as usize];
        known.capital > 0 && known.capital > 3 * known.small
    }

    /// Whether a word is a name or a number.
    pub(crate) fn is_fact(&self, word: u32) -> bool {
        self.known[word as usize].is_numeric || self.is_name(word)
    }

    pub(crate) fn add(&mut self, story: u32, terms: &[Term]) {
        self.resize(story, 1);
        for term in terms {
            let entries = &mut self.known[term.word as usize].entries;
            match position_of(story, entries) {
                Ok(at) => {
                    entries[at].articles += 1;
                    entries[at].sum += term.unit;
                }
                Err(at) => entries.insert(
                    at,
                    Entry {
                        story,
                        articles: 1,
                        sum: term.unit,
                    },
                ),
            }
        }
    }

    pub(crate) fn remove(&mut self, story: u32, terms: &[Term]) {
        self.resize(story, -1);
        for term in terms {
            let entries = &mut self.known[term.word as usize].entries;
            if let Ok(at) = position_of(story, entries) {
                entries[at].articles -= 1;
                entries[at].sum -= term.unit;
                if entries[at].articles == 0 {
                    entries.remove(at);
                }
            }
        }
    }

    /// Clears the inverted index; stories start at `oldest`.
    pub(crate) fn clear_stories(&mut self, oldest: u32) {
        for known in &mut self.known {
            known.entries.clear();
        }
        self.base = oldest;
        self.sums = Vec::new();
        self.sizes = Vec::new();
    }

    /// Stories whose mean similarity to these words may reach `least` (a function of the story's
    /// size), each with the sum over its articles. Only the rarer words find stories; frequent
    /// ones, which occur in every story, only add to the similarity of those found.
    pub(crate) fn stories_near(
        &mut self,
        words: &[(u32, f32)],
        newest: u32,
        least: impl Fn(f32) -> f32,
    ) -> Vec<(u32, f32)> {
        let mut words: Vec<(u32, f32)> = words.to_vec();
        words.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        words.truncate(MAX_WORDS);
        self.sums
            .resize((newest - self.base.min(newest)) as usize + 1, 0.0);
        // Upper bound of what the remaining words can add.
        let mut left: f32 = words.iter().map(|(_, unit)| unit * unit).sum();
        let mut looked_at = 0;
        let mut seeking = 0;
        while left > LEFT && seeking < words.len() {
            let (word, unit) = words[seeking];
            looked_at += self.known[word as usize].entries.len();
            if looked_at > MAX_ENTRIES {
                words.truncate(seeking);
                break;
            }
            left -= unit * unit;
            seeking += 1;
        }
        let (seeking, rest) = words.split_at(seeking);
        let (base, sizes, sums) = (self.base, &self.sizes, &mut self.sums);
        let at = |story: u32| (story - base) as usize;
        let is_swept = looked_at * SWEPT > sums.len();
        for (word, unit) in seeking {
            for entry in &self.known[*word as usize].entries {
                let sum = &mut sums[at(entry.story)];
                if !is_swept && *sum == 0.0 {
                    self.touched.push(entry.story);
                }
                *sum += unit * entry.sum;
            }
        }
        let asked = |story: u32| {
            let size = sizes[at(story)] as f32;
            size * least(size)
        };
        // A story of one article has the lowest requirement.
        let fewest = SURE * least(1.0);
        if is_swept {
            for (line, sums) in sums.chunks(LINE).enumerate() {
                let any: u32 = sums.iter().map(|sum| u32::from(*sum >= fewest)).sum();
                if any > 0 {
                    let first = base + (line * LINE) as u32;
                    let near = (first..).zip(sums);
                    let near = near
                        .filter(|(story, sum)| **sum >= fewest && **sum >= SURE * asked(*story));
                    self.touched.extend(near.map(|(story, _)| story));
                }
            }
        } else {
            self.touched.retain(|story| {
                let sum = &mut sums[at(*story)];
                let is_near = *sum >= fewest && *sum >= SURE * asked(*story);
                if !is_near {
                    *sum = 0.0;
                }
                is_near
            });
        }
        for (word, unit) in rest {
            if left < FAINT {
                break;
            }
            left -= unit * unit;
            let entries = &self.known[*word as usize].entries;
            if entries.len() < self.touched.len() * WALKED {
                for entry in entries {
                    let sum = &mut sums[at(entry.story)];
                    // After a scan all sums are cleared at the end.
                    if is_swept || *sum != 0.0 {
                        *sum += unit * entry.sum;
                    }
                }
                continue;
            }
            for story in &self.touched {
                if let Ok(found) = position_of(*story, entries) {
                    sums[at(*story)] += unit * entries[found].sum;
                }
            }
        }
        let near = self
            .touched
            .drain(..)
            .map(|story| (story, std::mem::take(&mut sums[at(story)])))
            .filter(|(story, sum)| *sum >= asked(*story))
            .collect();
        if is_swept {
            sums.fill(0.0);
        }
        near
    }

    /// Changes the number of articles of a story.
    fn resize(&mut self, story: u32, by: i32) {
        // Older than the index: restored at the end of an hour. The reweighing that follows counts
        // its articles again.
        let Some(at) = story.checked_sub(self.base) else {
            return;
        };
        let at = at as usize;
        if at >= self.sizes.len() {
            self.sizes.resize(at + 1, 0);
        }
        self.sizes[at] = self.sizes[at].saturating_add_signed(by);
    }
}

/// An article's words sorted by number, without weights.
fn terms(words: &[Word]) -> Vec<Term> {
    let mut terms: Vec<Term> = words
        .iter()
        .map(|word| Term {
            word: word.number,
            weight: word.weight,
            unit: 0.0,
            shared: word.shared,
            after: word.after.map_or(ALONE, |after| words[after].number),
        })
        .collect();
    terms.sort_unstable_by_key(|term| term.word);
    terms
}

/// Position of a story among entries, as in a binary search. The newest stories are looked up most
/// often, and stories are spread about evenly, so one or two interpolation steps leave little to
/// search.
fn position_of(story: u32, entries: &[Entry]) -> Result<usize, usize> {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else {
        return Err(0);
    };
    match story.cmp(&last.story) {
        Ordering::Greater => return Err(entries.len()),
        Ordering::Equal => return Ok(entries.len() - 1),
        Ordering::Less => {}
    }
    if story < first.story {
        return Err(0);
    }
    let (mut low, mut high) = (0, entries.len() - 1);
    for _ in 0..GUESSES {
        let (from, to) = (entries[low].story, entries[high].story);
        if high - low <= NEARBY || to <= from {
            break;
        }
        let part = u64::from(story - from) * (high - low) as u64 / u64::from(to - from);
        let guess = low + part as usize;
        if entries[guess].story <= story {
            low = guess;
            let beyond = guess + NEARBY;
            if beyond < high && entries[beyond].story > story {
                high = beyond;
            }
        } else {
            high = guess;
            let before = guess.saturating_sub(NEARBY);
            if before > low && entries[before].story <= story {
                low = before;
            }
        }
    }
    let found = entries[low..=high].binary_search_by_key(&story, |entry| entry.story);
    found.map(|at| low + at).map_err(|at| low + at)
}
