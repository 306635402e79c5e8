//! A simulated week: ordinary news, wire copies on many small sites, one publisher that floods, a
//! slow burner, and bursts. Each hour is a sync, and the front page is looked at after it.

use warta_story::{Clusterer, Item, Story};

use crate::ranking::{id_of, is_of, report};

const HOUR: i64 = 3600;
const HOURS: i64 = 7 * 24;
/// Stories on the front page.
const FRONT: usize = 12;
/// Hours at which five publishers take an event up at once.
const BURSTS: [i64; 6] = [9, 31, 58, 90, 117, 150];

/// A seeded pseudo-random number generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }
}

fn hour(hour: i64, dice: &mut Dice) -> Vec<Item> {
    let at = hour * HOUR;
    let mut items = Vec::new();
    // Ordinary events, each by a few publishers, some of them sent round by a wire.
    for n in 0..4 {
        let event = format!("biasa{hour}n{n}x");
        let reports = 1 + dice.below(3) as usize;
        for id in 0..reports {
            let publisher = format!("koran{}.id", (dice.below(15) as usize + id) % 15);
            let minute = dice.below(50) as i64;
            items.push(report(&event, &publisher, at + minute * 60, id));
        }
        if n == 0 {
            for id in 0..12 {
                let mut copy = report(&event, "kantorberita.id", at + 3000, 0);
                copy.publisher = format!("salin{id}.id");
                copy.id = id_of(&event, &format!("salin{id}"));
                items.push(copy);
            }
        }
    }
    // One publisher says the same thing again and again, on all its hosts.
    for id in 0..10 {
        let host = ["www", "m", "news", "bola"][id % 4];
        let mut item = report(
            "banjirpromo",
            &format!("{host}.banjir.id"),
            at + id as i64 * 300,
            id,
        );
        item.id = id_of("banjirpromo", &format!("{hour}-{id}"));
        items.push(item);
    }
    // A case that one more publisher takes up every eight hours.
    if hour % 8 == 0 {
        let id = (hour / 8) as usize;
        items.push(report("kasuslama", &format!("koran{}.id", id % 15), at, id));
    }
    if BURSTS.contains(&hour) {
        for id in 0..5 {
            let event = format!("letusan{hour}x");
            items.push(report(
                &event,
                &format!("koran{id}.id"),
                at + 60 * id as i64,
                id,
            ));
        }
    }
    items.sort_by_key(|item| (item.published, item.id));
    items
}

fn has(story: &Story, event: &str) -> bool {
    story.items.iter().any(|id| is_of(*id, event))
}

#[test]
fn a_week_of_news_ranks_as_it_should() {
    let mut clusterer = Clusterer::new();
    let mut dice = Dice(20_260_306);
    let mut slow_seen = 0;
    for now in 0..HOURS {
        for item in hour(now, &mut dice) {
            clusterer.insert(&item);
        }
        if now % 24 == 23 {
            clusterer.forget_before((now - 5 * 24) * HOUR);
        }
        let front = clusterer.trending((now + 1) * HOUR, FRONT);
        for story in &front {
            assert!(!has(story, "banjirpromo"), "hour {now}: the flood trends");
            assert!(story.publishers.len() > 1, "hour {now}");
        }
        if BURSTS.contains(&now) {
            let burst = format!("letusan{now}x");
            let place = front.iter().position(|story| has(story, &burst));
            assert_eq!(place, Some(0), "hour {now}: a burst leads at the next sync");
        }
        let leads = front.first().map_or(2, |story| story.why.reports);
        assert!(
            leads > 1 || now < 3,
            "hour {now}: a story of one report and copies leads"
        );
        slow_seen += usize::from(front.iter().any(|story| has(story, "kasuslama")));
    }
    assert!(
        slow_seen > 24,
        "the slow burner is seen at times: {slow_seen} hours"
    );
}
