//! Describes a story at a given time: rank, phase, course, and the figures behind them.
//!
//! A publisher counts once, however much it publishes and under however many hosts of its site. All
//! copies together count less than one original report. A story that no further publisher joins
//! sinks steadily, so a quiet day looks quiet.

use std::collections::HashMap;

use crate::article::Article;
use crate::model::{Phase, Preferences, Story, Why};
use crate::tokenizer::Language;

const HOUR: i64 = 3600;
/// Number of slices of a story's course.
const SLICES: usize = 12;
/// Half-life of a publisher's contribution, in hours.
const HALF_LIFE_HOURS: f64 = 12.0;
/// Window for how fast publishers join, in hours.
const LATELY_HOURS: i64 = 3;
/// Weight of all copies together relative to one report, at most; each further copy adds half of
/// the rest.
const COPIES_WEIGHT: f64 = 0.8;
/// Hours without a new publisher after which a fading story is no longer trending.
const NOW_HOURS: i64 = 12;
/// Articles whose closeness is at least this share of the best are considered equally close.
const EQUALLY: f32 = 0.95;
/// Score below which a story is over: two publishers after a day and a half.
const OVER: f64 = 0.25;

/// An article of a story.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member<'p> {
    pub(crate) article: &'p Article,
    /// Its similarity to the rest of the story, summed.
    pub(crate) central: f32,
}

impl std::ops::Deref for Member<'_> {
    type Target = Article;

    fn deref(&self) -> &Article {
        self.article
    }
}

/// A publisher of a story.
#[derive(Debug)]
struct SitePublisher<'m> {
    /// As named by the first of its articles.
    name: &'m str,
    /// Time of its first report, or of its first copy if it has none.
    at: i64,
    /// Whether it has an article that is not a copy.
    reports: bool,
}

/// Whether an article in `language` is in the one that the reader reads.
fn is_readable(preferences: &Preferences, language: Language) -> bool {
    let own = preferences.language.as_deref().map(Language::of_tag);
    own.is_some_and(|own| own == language && own != Language::Unknown)
}

pub(crate) fn story(
    number: u32,
    mut members: Vec<Member<'_>>,
    preferences: &Preferences,
    now: i64,
) -> Story {
    members.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
    let first_at = members.first().map_or(now, |m| m.at);
    let latest_at = members.last().map_or(now, |m| m.at);
    let publishers = publishers(&members);
    let weights = weights(&publishers);
    let phase = phase(&weights, first_at, now);
    let taken_up = weights.iter().map(|(at, _)| *at).max();
    let hours = ((latest_at - first_at) + HOUR - 1).div_euclid(HOUR).max(1);
    let names: Vec<String> = publishers
        .iter()
        .map(|publisher| publisher.name.to_owned())
        .collect();
    Story {
        number,
        headline_item: headline(&members, preferences)
            .map(|m| m.id)
            .unwrap_or_default(),
        items: members.iter().map(|m| m.id).collect(),
        copies: members
            .iter()
            .filter(|m| m.copy_of.is_some())
            .map(|m| m.id)
            .collect(),
        first_at,
        latest_at,
        score: score(&weights, now),
        is_trending: weights.len() > 1
            && (phase != Phase::Fading || taken_up.is_some_and(|at| at > now - NOW_HOURS * HOUR)),
        phase,
        course: course(&members, first_at, now),
        why: Why {
            publishers: names.len() as u32,
            reports: publishers
                .iter()
                .filter(|publisher| publisher.reports)
                .count() as u32,
            hours: u32::try_from(hours).unwrap_or(u32::MAX),
            first_publisher: members
                .first()
                .map(|member| member.publisher.clone())
                .unwrap_or_default(),
            first_at,
        },
        publishers: names,
    }
}

/// The publishers of a story in the order they joined; those with copies only come last. Articles
/// of unknown publishers count as one publisher, since they may be from the same one.
fn publishers<'m>(members: &'m [Member<'_>]) -> Vec<SitePublisher<'m>> {
    let mut at = HashMap::<&str, usize>::new();
    let mut publishers: Vec<SitePublisher<'m>> = Vec::new();
    for member in members {
        let reports = member.copy_of.is_none();
        let next = publishers.len();
        let place = *at.entry(member.publisher_site.as_str()).or_insert(next);
        if place == next {
            publishers.push(SitePublisher {
                name: &member.publisher,
                at: member.at,
                reports,
            });
        } else if reports && !publishers[place].reports {
            publishers[place].at = member.at;
            publishers[place].reports = true;
        }
    }
    publishers.sort_by_key(|publisher| (!publisher.reports, publisher.at));
    publishers
}

/// When each publisher joined, and its weight.
fn weights(publishers: &[SitePublisher<'_>]) -> Vec<(i64, f64)> {
    let mut copy = COPIES_WEIGHT;
    publishers
        .iter()
        .map(|publisher| {
            if publisher.reports {
                return (publisher.at, 1.0);
            }
            copy /= 2.0;
            (publisher.at, copy)
        })
        .collect()
}

/// The sum of the publishers' weights, decayed by age, increased by their number and by how many
/// joined lately. Zero for a story of one publisher and for one that is over.
fn score(weights: &[(i64, f64)], now: i64) -> f64 {
    if weights.len() < 2 {
        return 0.0;
    }
    let left = |at: i64| {
        let hours = (now - at).max(0) as f64 / HOUR as f64;
        0.5_f64.powf(hours / HALF_LIFE_HOURS)
    };
    let fresh: f64 = weights.iter().map(|(at, weight)| weight * left(*at)).sum();
    if fresh < OVER {
        return 0.0;
    }
    let all: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let lately: f64 = weights
        .iter()
        .filter(|(at, _)| *at > now - LATELY_HOURS * HOUR)
        .map(|(_, weight)| weight)
        .sum();
    fresh * (1.0 + all.ln_1p()) * (1.0 + 0.5 * lately.ln_1p())
}

/// Compares the publishers of the last four hours with those of the four before.
fn phase(weights: &[(i64, f64)], first_at: i64, now: i64) -> Phase {
    let within = |from: i64, to: i64| -> f64 {
        weights
            .iter()
            .filter(|(at, _)| *at > now - from * HOUR && *at <= now - to * HOUR)
            .map(|(_, weight)| weight)
            .sum()
    };
    let (lately, before) = (within(4, 0), within(8, 4));
    if now - first_at < 3 * HOUR {
        Phase::New
    } else if lately > before {
        Phase::Rising
    } else if lately > 0.0 {
        Phase::Peak
    } else {
        Phase::Fading
    }
}

fn course(members: &[Member<'_>], first_at: i64, now: i64) -> Vec<u16> {
    let span = (now - first_at).max(SLICES as i64);
    let mut course = vec![0_u16; SLICES];
    for member in members {
        let part = (member.at - first_at).max(0) as f64 / (span as f64 + 1.0);
        let slice = ((part * SLICES as f64) as usize).min(SLICES - 1);
        course[slice] = course[slice].saturating_add(1);
    }
    course
}

/// The article closest to the centre of its story; copies and headlines that are too short or too
/// long are penalised. Among [equally close](EQUALLY) ones, prefers the reader's language, then the
/// most frequent language, then the latest article. A trusted publisher comes before all others,
/// unless its article is far from the centre.
fn headline<'m, 'p>(
    members: &'m [Member<'p>],
    preferences: &Preferences,
) -> Option<&'m Member<'p>> {
    let centre = members.iter().map(|m| m.central).fold(0.0, f32::max);
    let is_trusted = |m: &Member<'_>| {
        m.central >= centre / 2.0
            && m.copy_of.is_none()
            && preferences.trusted.contains(&m.publisher)
    };
    let closeness = |m: &Member<'_>| {
        let is_readable = (25..=110).contains(&m.title_length);
        let copy = if m.copy_of.is_some() { 0.8 } else { 1.0 };
        m.central * copy * if is_readable { 1.0 } else { 0.6 }
    };
    let has_trusted = members.iter().any(is_trusted);
    let is_first = |m: &&Member<'_>| !has_trusted || is_trusted(m);
    let closest = members
        .iter()
        .filter(is_first)
        .map(closeness)
        .fold(0.0, f32::max);
    let mut counts: HashMap<Language, usize> = HashMap::new();
    for member in members {
        *counts.entry(member.language).or_default() += 1;
    }
    members
        .iter()
        .filter(is_first)
        .filter(|m| closeness(m) >= closest * EQUALLY)
        .max_by(|a, b| {
            let rank = |m: &Member<'_>| (is_readable(preferences, m.language), counts[&m.language]);
            rank(a)
                .cmp(&rank(b))
                .then_with(|| closeness(a).total_cmp(&closeness(b)))
                .then_with(|| a.at.cmp(&b.at))
                .then_with(|| b.id.cmp(&a.id))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_copies_together_count_less_than_a_report() {
        let publisher = |reports| SitePublisher {
            name: "",
            at: 0,
            reports,
        };
        let one_more = weights(&[publisher(true), publisher(true), publisher(true)]);
        let mut copied = vec![publisher(true), publisher(true)];
        copied.extend((0..200).map(|_| publisher(false)));
        let copied = weights(&copied);
        assert!(score(&copied, 0) < score(&one_more, 0));
    }

    #[test]
    fn a_story_sinks_steadily_and_ends() {
        let weights = [(0, 1.0), (600, 1.0), (1200, 1.0)];
        let mut last = f64::MAX;
        for hour in 1..48 {
            let score = score(&weights, hour * HOUR);
            assert!(score < last || score == 0.0, "hour {hour}");
            last = score;
        }
        assert!(last == 0.0, "a story that no publisher joins any more ends");
    }
}
