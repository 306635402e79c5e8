//! Average-linkage clustering of a few articles and stories from scratch, so that the result does
//! not depend on their order of arrival.

use crate::tuning::Tuning;

/// Number of significant words of an article at which similarity is neither raised nor lowered.
const USUAL_WORDS: f32 = 12.0;
const DAY: f32 = 86_400.0;
/// Share of the join threshold from which clusters are considered.
pub(crate) const LOOK: f32 = 0.6;

/// An item of the clustering: one article, or a story that is too large to be split.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Part {
    /// Number of articles.
    pub(crate) size: f32,
    /// Number of articles with at most [`MAX_PER_SITE`](crate::clusterer) counted for each
    /// publisher.
    pub(crate) capped_size: f32,
    /// Time of its first article.
    pub(crate) from: i64,
    /// Time of its last article.
    pub(crate) to: i64,
    /// Mean number of significant words of its articles.
    pub(crate) words: f32,
    /// Factor on similarity for short articles, which share fewer words by chance.
    short: f32,
    /// Factor on similarity for large clusters.
    large: f32,
}

impl Part {
    pub(crate) fn new(
        size: f32,
        capped_size: f32,
        from: i64,
        to: i64,
        words: f32,
        tuning: &Tuning,
    ) -> Self {
        let large = (capped_size / tuning.large_cluster).clamp(1.0, tuning.large_max_boost);
        Self {
            size,
            capped_size,
            from,
            to,
            words,
            short: (USUAL_WORDS / words.max(4.0)).powf(tuning.length_exponent),
            large: large.powf(tuning.large_exponent),
        }
    }

    /// Upper bound of the factor on the mean similarity to a story of `size` articles.
    pub(crate) fn most_boost(&self, size: f32, tuning: &Tuning) -> f32 {
        let shortest = Self::new(size, size, 0, 0, 0.0, tuning);
        self.large.max(shortest.large) * self.short.max(shortest.short)
    }

    fn joined(&self, other: &Self, tuning: &Tuning) -> Self {
        let size = self.size + other.size;
        let words = (self.words * self.size + other.words * other.size) / size;
        let (from, to) = (self.from.min(other.from), self.to.max(other.to));
        Self::new(
            size,
            self.capped_size + other.capped_size,
            from,
            to,
            words,
            tuning,
        )
    }

    /// Similarity of two clusters, given the mean similarity of their articles.
    pub(crate) fn closeness(&self, other: &Self, mean: f32, tuning: &Tuning) -> f32 {
        let near = mean * self.large.max(other.large) * self.short.max(other.short);
        let apart = (self.from - other.to).max(other.from - self.to);
        // The factor is at most 1: not needed if they are too far apart already.
        if apart <= 0 || near < tuning.join_threshold * LOOK {
            return near;
        }
        near * tuning.daily_decay.powf(apart as f32 / DAY)
    }
}

/// Sums of similarity between the articles of every two parts.
#[derive(Debug, Clone)]
pub(crate) struct Links {
    parts: usize,
    sums: Vec<f32>,
}

impl Links {
    pub(crate) fn new(parts: usize) -> Self {
        Self {
            parts,
            sums: vec![0.0; parts * parts],
        }
    }

    pub(crate) fn add(&mut self, a: usize, b: usize, sum: f32) {
        self.sums[a * self.parts + b] += sum;
        if a != b {
            self.sums[b * self.parts + a] += sum;
        }
    }

    pub(crate) fn set(&mut self, a: usize, b: usize, sum: f32) {
        self.sums[a * self.parts + b] = sum;
        self.sums[b * self.parts + a] = sum;
    }

    fn get(&self, a: usize, b: usize) -> f32 {
        self.sums[a * self.parts + b]
    }

    fn join(&mut self, into: usize, from: usize) {
        for other in 0..self.parts {
            if other != into && other != from {
                self.set(into, other, self.get(into, other) + self.get(from, other));
            }
        }
    }
}

/// Which parts contain a word. Links are found by word rather than by pair, since most pairs share
/// none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Uses {
    /// By word, the 1-based position of its latest use in `all`; 0 if it has none.
    latest: Vec<u32>,
    all: Vec<Use>,
}

#[derive(Debug, Clone)]
struct Use {
    word: u32,
    part: u32,
    unit: f32,
    /// 1-based position of the previous use of the same word; 0 if there is none.
    before: u32,
}

impl Uses {
    pub(crate) fn add(&mut self, word: u32, part: usize, unit: f32) {
        let at = word as usize;
        if at >= self.latest.len() {
            self.latest.resize(at + 1, 0);
        }
        self.all.push(Use {
            word,
            part: part as u32,
            unit,
            before: self.latest[at],
        });
        self.latest[at] = self.all.len() as u32;
    }

    /// Calls `found` with each part that contains `word`, and the word's weight there.
    pub(crate) fn of(&self, word: u32, mut found: impl FnMut(usize, f32)) {
        let mut at = self.latest.get(word as usize).copied().unwrap_or(0);
        while let Some(one) = at.checked_sub(1).map(|at| &self.all[at as usize]) {
            found(one.part as usize, one.unit);
            at = one.before;
        }
    }

    pub(crate) fn clear(&mut self) {
        for one in self.all.drain(..) {
            self.latest[one.word as usize] = 0;
        }
    }
}

/// Joins the two closest clusters until none are close enough. Returns for each part the lowest
/// part of its cluster.
pub(crate) fn grouped(mut parts: Vec<Part>, mut links: Links, tuning: &Tuning) -> Vec<usize> {
    let count = parts.len();
    let mut group: Vec<usize> = (0..count).collect();
    let mut alive = vec![true; count];
    let value = |a: usize, b: usize, parts: &[Part], links: &Links| {
        let sum = links.get(a, b);
        if sum <= 0.0 {
            return 0.0;
        }
        let mean = sum / (parts[a].size * parts[b].size);
        parts[a].closeness(&parts[b], mean, tuning)
    };
    // The nearest neighbour of each, updated as clusters are joined.
    let nearest = |a: usize, alive: &[bool], parts: &[Part], links: &Links| {
        let mut best = (0.0_f32, a);
        for b in (0..count).filter(|b| *b != a && alive[*b]) {
            let near = value(a, b, parts, links);
            if near > best.0 {
                best = (near, b);
            }
        }
        best
    };
    let mut near: Vec<(f32, usize)> = (0..count)
        .map(|a| nearest(a, &alive, &parts, &links))
        .collect();
    loop {
        let mut best = (0.0_f32, 0);
        for a in (0..count).filter(|a| alive[*a]) {
            if near[a].0 > best.0 {
                best = (near[a].0, a);
            }
        }
        if best.0 < tuning.join_threshold {
            return group;
        }
        let (a, b) = (best.1.min(near[best.1].1), best.1.max(near[best.1].1));
        links.join(a, b);
        parts[a] = parts[a].joined(&parts[b], tuning);
        alive[b] = false;
        for of in &mut group {
            if *of == b {
                *of = a;
            }
        }
        near[a] = nearest(a, &alive, &parts, &links);
        for c in (0..count).filter(|c| *c != a && alive[*c]) {
            if near[c].1 == a || near[c].1 == b {
                near[c] = nearest(c, &alive, &parts, &links);
            } else {
                let to_a = value(c, a, &parts, &links);
                if to_a > near[c].0 {
                    near[c] = (to_a, a);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(count: usize) -> Vec<Part> {
        vec![Part::new(1.0, 1.0, 0, 0, USUAL_WORDS, &Tuning::default()); count]
    }

    fn tuning(least: f32) -> Tuning {
        Tuning {
            join_threshold: least,
            ..Tuning::default()
        }
    }

    #[test]
    fn close_parts_are_joined_and_far_ones_are_not() {
        let mut links = Links::new(4);
        links.set(0, 2, 0.9);
        links.set(1, 3, 0.8);
        links.set(0, 1, 0.1);
        links.set(2, 3, 0.1);
        let groups = grouped(parts(4), links, &tuning(0.3));
        assert_eq!(groups, [0, 1, 0, 1]);
    }

    #[test]
    fn a_bridge_does_not_chain_two_groups_together() {
        // 2 is close to both pairs, but the pairs are far from each other.
        let mut links = Links::new(5);
        links.set(0, 1, 0.9);
        links.set(3, 4, 0.9);
        links.set(1, 2, 0.5);
        links.set(2, 3, 0.4);
        let groups = grouped(parts(5), links, &tuning(0.2));
        assert_eq!(groups[0], groups[1]);
        assert_ne!(groups[0], groups[4], "average link is not single link");
    }
}
