//! How fast articles are placed and what they take: `cargo run --release -p warta-story --example
//! pace -- 100000`. The stream is invented: events of one to twelve reports, headlines of nine
//! words and texts of thirty, common words drawn as languages have them. Memory is what the process
//! holds more than before, as Linux tells it.
#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::time::Instant;

use warta_story::{Clusterer, Item};

/// As in the product.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// A seeded pseudo-random number generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }

    /// A word; the lower its number, the more frequent.
    fn word(&mut self) -> String {
        let part = (self.below(1 << 20) + 1) as f64 / f64::from(1 << 20);
        format!("kata{}", (60_000.0 * part.powi(4)) as u64)
    }
}

fn text(event: &[String], own: usize, dice: &mut Dice) -> String {
    let mut words: Vec<String> = (0..own).map(|_| dice.word()).collect();
    for word in event {
        if dice.below(3) > 0 {
            let at = dice.below(words.len() as u64 + 1) as usize;
            words.insert(at, word.clone());
        }
    }
    words.join(" ")
}

/// Articles of an invented stream, two a second over five days at 800,000.
fn stream(count: usize) -> Vec<Item> {
    let mut dice = Dice(6);
    let mut open: Vec<(Vec<String>, u64)> = Vec::new();
    (0..count)
        .map(|index| {
            if open.len() < 200 {
                let names = (0..6).map(|n| format!("nama{index}n{n}")).collect();
                open.push((names, 1 + dice.below(12)));
            }
            let at = dice.below(open.len() as u64) as usize;
            let event = open[at].0.clone();
            open[at].1 -= 1;
            if open[at].1 == 0 {
                open.swap_remove(at);
            }
            Item {
                id: index as u64,
                title: text(&event[..4], 6, &mut dice),
                text: text(&event, 26, &mut dice),
                publisher: format!("p{}.id", dice.below(80)),
                published: Some(1_700_000_000 + (index as i64 * 5 * 86_400) / count.max(1) as i64),
                ..Item::default()
            }
        })
        .collect()
}

/// Bytes that the process holds in memory; none where the system does not tell.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

fn main() {
    let count = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(100_000);
    let items = stream(count + 5_000);
    let before = resident();
    let mut clusterer = Clusterer::new();
    let start = Instant::now();
    for item in &items[..count] {
        clusterer.insert(item);
    }
    let filling = start.elapsed().as_secs_f64();
    let start = Instant::now();
    for item in &items[count..] {
        clusterer.insert(item);
    }
    let more = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let trending = clusterer.trending(1_700_000_000 + 5 * 86_400, 300).len();
    let ranking = start.elapsed().as_secs_f64();
    println!(
        "{count} articles at {:.0}/s; 5,000 more beside them at {:.0}/s; {trending} trending in {:.0} ms",
        count as f64 / filling,
        5_000.0 / more,
        ranking * 1000.0
    );
    if let (Some(before), Some(now)) = (before, resident()) {
        let bytes = now.saturating_sub(before);
        let words = clusterer.words();
        println!(
            "{:.0} MB for {words} words kept: {:.0} bytes a word",
            bytes as f64 / 1e6,
            bytes as f64 / words.max(1) as f64
        );
    }
}
