//! What is told of a story at a moment: its rank, its course, why it is here.

use crate::desk::{Placed, publishers};
use crate::{Phase, Story, Why};

const HOUR: i64 = 3600;
/// Slices of a story's course.
const SLICES: usize = 12;
/// Hours over which what was taken up counts half.
const HALF_LIFE_HOURS: f64 = 12.0;
/// A publisher's copy of another's text counts so much of a report.
const COPY_WEIGHT: f64 = 0.35;

pub(crate) fn tell(number: u32, members: &[&Placed], now: i64) -> Story {
    let mut members = members.to_vec();
    members.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.id.cmp(&b.id)));
    let first_at = members.first().map_or(now, |m| m.at);
    let latest_at = members.last().map_or(now, |m| m.at);
    let names = publishers(&members);
    let taken_up = taken_up(&members);
    let hours = ((latest_at - first_at) + HOUR - 1).div_euclid(HOUR).max(1);
    Story {
        number,
        headline_item: headline(&members, now)
            .map(|m| m.id.clone())
            .unwrap_or_default(),
        items: members.iter().map(|m| m.id.clone()).collect(),
        copies: members
            .iter()
            .filter(|m| m.copy)
            .map(|m| m.id.clone())
            .collect(),
        first_at,
        latest_at,
        score: score(&taken_up, now),
        phase: phase(&taken_up, first_at, now),
        course: course(&members, first_at, now),
        why: Why {
            publishers: names.len() as u32,
            hours: u32::try_from(hours).unwrap_or(u32::MAX),
            first_publisher: names.first().cloned().unwrap_or_default(),
            first_at,
        },
        publishers: names,
    }
}

/// When each independent publisher took the story up, and what that counts.
fn taken_up(members: &[&Placed]) -> Vec<(i64, f64)> {
    let mut seen = std::collections::HashMap::<&str, usize>::new();
    let mut taken: Vec<(i64, f64)> = Vec::new();
    for member in members {
        let weight = if member.copy { COPY_WEIGHT } else { 1.0 };
        match seen.get(member.publisher.as_str()) {
            // A second article of the same publisher counts only where the first was a copy.
            Some(at) if !member.publisher.is_empty() => taken[*at].1 = taken[*at].1.max(weight),
            _ => {
                seen.insert(&member.publisher, taken.len());
                taken.push((member.at, weight));
            }
        }
    }
    taken
}

/// Publishers, each the less the longer ago; a story of one publisher has none.
fn score(taken_up: &[(i64, f64)], now: i64) -> f64 {
    if taken_up.len() < 2 {
        return 0.0;
    }
    let fresh: f64 = taken_up
        .iter()
        .map(|(at, weight)| {
            let hours = (now - at).max(0) as f64 / HOUR as f64;
            weight * 0.5_f64.powf(hours / HALF_LIFE_HOURS)
        })
        .sum();
    let all: f64 = taken_up.iter().map(|(_, weight)| weight).sum();
    fresh * (1.0 + all.ln_1p())
}

fn phase(taken_up: &[(i64, f64)], first_at: i64, now: i64) -> Phase {
    let within = |from: i64, to: i64| {
        taken_up
            .iter()
            .filter(|(at, _)| *at > now - from * HOUR && *at <= now - to * HOUR)
            .count()
    };
    let (lately, before) = (within(4, 0), within(8, 4));
    if now - first_at < 3 * HOUR {
        Phase::New
    } else if lately > before {
        Phase::Rising
    } else if lately > 0 {
        Phase::Peak
    } else {
        Phase::Fading
    }
}

fn course(members: &[&Placed], first_at: i64, now: i64) -> Vec<u16> {
    let span = (now - first_at).max(SLICES as i64);
    let mut course = vec![0_u16; SLICES];
    for member in members {
        let slice = (member.at - first_at).max(0) * SLICES as i64 / (span + 1);
        let slice = usize::try_from(slice).unwrap_or(0).min(SLICES - 1);
        course[slice] = course[slice].saturating_add(1);
    }
    course
}

/// The most central article with a headline of readable length, the later of two that tie.
fn headline<'p>(members: &[&'p Placed], now: i64) -> Option<&'p Placed> {
    members.iter().copied().max_by(|a, b| {
        let rank = |m: &Placed| {
            let readable = if (25..=110).contains(&m.title_length) {
                1.0
            } else {
                0.6
            };
            let copy = if m.copy { 0.8 } else { 1.0 };
            let age = (now - m.at).max(0) as f32 / (24 * HOUR) as f32;
            (1.0 + m.central) * readable * copy / (1.0 + 0.1 * age)
        };
        rank(a)
            .total_cmp(&rank(b))
            .then_with(|| a.at.cmp(&b.at))
            .then_with(|| b.id.cmp(&a.id))
    })
}
