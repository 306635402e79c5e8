//! What trends after each hour: articles as `inspect stories` reads them, one JSON object a line in
//! order of time, on standard input; for each hour up to the last article's, a line `{hour,
//! stories}` with the first twelve stories. `benches/week.mjs` writes a week and looks at the
//! answer.
#![expect(clippy::print_stdout, reason = "its answer is what it prints")]

use std::io::BufRead;

use warta_story::{Clusterer, Item};

const HOUR: i64 = 3600;
const FRONT: usize = 12;
/// Hours after which articles are forgotten.
const WINDOW: i64 = 5 * 24;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut clusterer = Clusterer::new();
    let mut hour = None;
    for line in std::io::stdin().lock().lines() {
        let item: Item = serde_json::from_str(&line?)?;
        let at = item.published.unwrap_or_default().div_euclid(HOUR);
        let first = *hour.get_or_insert(at);
        for over in first..at {
            tell(&mut clusterer, over)?;
        }
        hour = Some(at);
        clusterer.insert(&item);
    }
    if let Some(last) = hour {
        tell(&mut clusterer, last)?;
    }
    Ok(())
}

/// What trends when an hour is over.
fn tell(clusterer: &mut Clusterer, hour: i64) -> serde_json::Result<()> {
    if hour % 24 == 0 {
        clusterer.forget_before((hour - WINDOW) * HOUR);
    }
    let stories = clusterer.trending((hour + 1) * HOUR, FRONT);
    let stories = serde_json::to_string(&stories)?;
    println!("{{\"hour\":{hour},\"stories\":{stories}}}");
    Ok(())
}
