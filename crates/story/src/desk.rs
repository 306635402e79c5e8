//! Where articles are placed into stories.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::words::{self, Word};
use crate::{Item, Story, StoryNumber, trend};

/// An article joins the closest story at or above this closeness (0 to 1).
const JOIN: f32 = 0.30;
/// Two articles this close are copies of one text.
const COPY: f32 = 0.80;
/// Articles that share rare words and are compared at most.
const CANDIDATES: usize = 60;
/// Articles behind a word that are looked through, the newest.
const POSTINGS: usize = 400;
/// Days over which an article gets half as close to a story that has ended.
const HALF_LIFE_DAYS: f32 = 4.0;

/// An article as the desk remembers it.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) id: String,
    pub(crate) publisher: String,
    pub(crate) at: i64,
    pub(crate) title_length: usize,
    words: Vec<(u32, f32)>,
    pub(crate) story: u32,
    /// A near-copy of an earlier article of its story.
    pub(crate) copy: bool,
    /// How close it is to the rest of its story, summed.
    pub(crate) central: f32,
}

/// Groups articles into stories online: one pass, in arrival order.
#[derive(Debug, Default)]
pub struct Desk {
    placed: Vec<Placed>,
    by_id: HashMap<String, usize>,
    words: HashMap<String, u32>,
    /// How many articles have a word, and which, oldest first.
    postings: Vec<Vec<u32>>,
    stories: BTreeMap<u32, Vec<usize>>,
    next: u32,
}

impl Desk {
    /// An empty desk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Places one article and says into which story. An article that was placed before stays where it
    /// is.
    pub fn place(&mut self, item: &Item) -> StoryNumber {
        if let Some(at) = self.by_id.get(&item.id) {
            return StoryNumber(self.placed[*at].story);
        }
        let vector = self.vector(&words::of(&item.title, &item.text));
        let at = item
            .published
            .unwrap_or_else(|| self.placed.last().map_or(0, |p| p.at));
        let best = self.closest(&vector, at);
        let story = match best {
            Some((_, score, story)) if score >= JOIN => story,
            _ => {
                self.next += 1;
                self.next
            }
        };
        let copy = best
            .is_some_and(|(index, _, _)| self.cosine(&vector, &self.placed[index].words) >= COPY);
        let index = self.placed.len();
        let members = self.stories.entry(story).or_default();
        let mut central = 0.0;
        let close: Vec<(usize, f32)> = members
            .iter()
            .rev()
            .take(CANDIDATES)
            .map(|member| (*member, *member))
            .map(|(member, _)| {
                (
                    member,
                    cosine(
                        &self.postings,
                        self.placed.len(),
                        &vector,
                        &self.placed[member].words,
                    ),
                )
            })
            .collect();
        members.push(index);
        for (member, closeness) in close {
            self.placed[member].central += closeness;
            central += closeness;
        }
        for (word, _) in &vector {
            self.postings[*word as usize].push(index as u32);
        }
        self.by_id.insert(item.id.clone(), index);
        self.placed.push(Placed {
            id: item.id.clone(),
            publisher: item.publisher.trim().to_lowercase(),
            at,
            title_length: item.title.chars().count(),
            words: vector,
            story,
            copy,
            central,
        });
        StoryNumber(story)
    }

    /// The stories that are trending at `now` (seconds since 1970), most first, at most `limit`. Only
    /// what two independent publishers report can be among them.
    #[must_use]
    pub fn trending(&self, now: i64, limit: usize) -> Vec<Story> {
        let mut stories: Vec<Story> = self
            .stories
            .iter()
            .filter(|(_, members)| members.len() > 1)
            .map(|(number, members)| self.tell(*number, members, now))
            .filter(|story| story.publishers.len() > 1 && story.score > 0.0)
            .collect();
        stories.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.number.cmp(&b.number)));
        stories.truncate(limit);
        stories
    }

    /// One story at `now`.
    #[must_use]
    pub fn story(&self, number: StoryNumber, now: i64) -> Option<Story> {
        let members = self.stories.get(&number.0)?;
        Some(self.tell(number.0, members, now))
    }

    /// The story of an article, by the article's id.
    #[must_use]
    pub fn story_of(&self, item_id: &str) -> Option<StoryNumber> {
        self.by_id
            .get(item_id)
            .map(|at| StoryNumber(self.placed[*at].story))
    }

    fn tell(&self, number: u32, members: &[usize], now: i64) -> Story {
        let members: Vec<&Placed> = members.iter().map(|at| &self.placed[*at]).collect();
        trend::tell(number, &members, now)
    }

    fn vector(&mut self, words: &[Word]) -> Vec<(u32, f32)> {
        let mut vector = Vec::with_capacity(words.len());
        for word in words {
            let next = self.postings.len() as u32;
            let id = *self.words.entry(word.text.clone()).or_insert(next);
            if id == next {
                self.postings.push(Vec::new());
            }
            vector.push((id, word.weight));
        }
        vector.sort_unstable_by_key(|(id, _)| *id);
        vector
    }

    /// The article that is closest, how close its story is, and the story.
    fn closest(&self, vector: &[(u32, f32)], at: i64) -> Option<(usize, f32, u32)> {
        let total = self.placed.len();
        let mut rare: Vec<(u32, f32)> = vector
            .iter()
            .map(|(word, weight)| (*word, weight * self.rarity(*word, total)))
            .collect();
        rare.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut shared: HashMap<u32, f32> = HashMap::new();
        for (word, weight) in rare.iter().take(24) {
            for index in self.postings[*word as usize].iter().rev().take(POSTINGS) {
                *shared.entry(*index).or_default() += weight;
            }
        }
        let mut candidates: Vec<(u32, f32)> = shared.into_iter().collect();
        candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates.truncate(CANDIDATES);
        // A story is as close as its closest articles: the best, blended with the next best two.
        let mut by_story: BTreeMap<u32, Vec<(f32, usize)>> = BTreeMap::new();
        for (index, _) in candidates {
            let placed = &self.placed[index as usize];
            let closeness = self.cosine(vector, &placed.words) * decay(at - placed.at);
            by_story
                .entry(placed.story)
                .or_default()
                .push((closeness, index as usize));
        }
        by_story
            .into_iter()
            .map(|(story, mut close)| {
                close.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                let best = close[0];
                let others = &close[1..close.len().min(3)];
                let mean = if others.is_empty() {
                    best.0
                } else {
                    others.iter().map(|(c, _)| c).sum::<f32>() / others.len() as f32
                };
                (best.1, 0.75 * best.0 + 0.25 * mean, story)
            })
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.2.cmp(&a.2)))
    }

    fn rarity(&self, word: u32, total: usize) -> f32 {
        rarity(&self.postings, word, total)
    }

    fn cosine(&self, a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
        cosine(&self.postings, self.placed.len(), a, b)
    }

    /// Forgets articles that are older than `time` (seconds since 1970), and stories that end with
    /// them.
    pub fn forget_before(&mut self, time: i64) {
        if self.placed.iter().all(|placed| placed.at >= time) {
            return;
        }
        let old = std::mem::take(self);
        self.next = old.next;
        let kept: Vec<Placed> = old
            .placed
            .into_iter()
            .filter(|placed| placed.at >= time)
            .collect();
        let names: HashMap<u32, String> =
            old.words.into_iter().map(|(text, id)| (id, text)).collect();
        for mut placed in kept {
            let index = self.placed.len();
            for (word, _) in &mut placed.words {
                let next = self.postings.len() as u32;
                let text = names.get(word).cloned().unwrap_or_default();
                let id = *self.words.entry(text).or_insert(next);
                if id == next {
                    self.postings.push(Vec::new());
                }
                self.postings[id as usize].push(index as u32);
                *word = id;
            }
            placed.words.sort_unstable_by_key(|(id, _)| *id);
            self.by_id.insert(placed.id.clone(), index);
            self.stories.entry(placed.story).or_default().push(index);
            self.placed.push(placed);
        }
    }

    /// The articles that are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.placed.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }
}

fn rarity(postings: &[Vec<u32>], word: u32, total: usize) -> f32 {
    let seen = postings[word as usize].len() as f32;
    // A stream that has just begun knows no rarity: as if a few hundred articles had passed.
    ((total as f32 + 400.0) / (seen + 2.0)).ln().max(0.1)
}

fn cosine(postings: &[Vec<u32>], total: usize, a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let weigh = |(word, weight): &(u32, f32)| weight * rarity(postings, *word, total);
    let norm = |v: &[(u32, f32)]| v.iter().map(|w| weigh(w).powi(2)).sum::<f32>().sqrt();
    let mut dot = 0.0;
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                dot += weigh(&a[i]) * weigh(&b[j]);
                i += 1;
                j += 1;
            }
        }
    }
    let norms = norm(a) * norm(b);
    if norms > 0.0 { dot / norms } else { 0.0 }
}

fn decay(seconds: i64) -> f32 {
    let days = seconds.unsigned_abs() as f32 / 86_400.0;
    0.5_f32.powf((days - 1.0).max(0.0) / HALF_LIFE_DAYS)
}

/// Independent publishers in the order they took a story up; who only copied comes last. Unknown ones
/// count as one each.
pub(crate) fn publishers(members: &[&Placed]) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut publishers = Vec::new();
    for member in members {
        let name = if member.publisher.is_empty() {
            format!("#{}", member.id)
        } else {
            member.publisher.clone()
        };
        if seen.insert(name.clone()) {
            publishers.push(name);
        }
    }
    publishers
}
