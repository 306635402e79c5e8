//! What trends after each hour: articles as `inspect stories` reads them, one JSON object a line in
//! order of time, on standard input; for each hour up to the last article's, a line `{hour,
//! stories}` with the first twelve stories. `benches/week.mjs` writes a week and looks at the
//! answer.
#![expect(clippy::print_stdout, reason = "its answer is what it prints")]

use std::io::BufRead;

use serde::Deserialize;
use serde_json::{Value, json};
use warta_story::{Clusterer, Item};

const HOUR: i64 = 3600;
const FRONT: usize = 12;
/// Hours after which articles are forgotten.
const WINDOW: i64 = 5 * 24;

/// An article and the id that the input gives it, which is printed for it.
#[derive(Deserialize)]
struct Line {
    id: String,
    #[serde(flatten)]
    item: Item,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut clusterer = Clusterer::new();
    let mut names = Vec::new();
    let mut hour = None;
    for line in std::io::stdin().lock().lines() {
        let Line { id, mut item } = serde_json::from_str(&line?)?;
        item.id = names.len() as u64;
        names.push(id);
        let at = item.published.unwrap_or_default().div_euclid(HOUR);
        let first = *hour.get_or_insert(at);
        for over in first..at {
            print_trending(&mut clusterer, &names, over);
        }
        hour = Some(at);
        clusterer.insert(&item);
    }
    if let Some(last) = hour {
        print_trending(&mut clusterer, &names, last);
    }
    Ok(())
}

/// Prints what trends when an hour is over.
fn print_trending(clusterer: &mut Clusterer, names: &[String], hour: i64) {
    if hour % 24 == 0 {
        clusterer.forget_before((hour - WINDOW) * HOUR);
    }
    let input_ids =
        |ids: &[u64]| -> Vec<&str> { ids.iter().map(|id| &*names[*id as usize]).collect() };
    let stories = clusterer.trending((hour + 1) * HOUR, FRONT).into_iter();
    let stories: Vec<Value> = stories
        .map(|story| {
            let mut printed = json!(story);
            printed["headline_item"] = json!(names[story.headline_item as usize]);
            printed["items"] = json!(input_ids(&story.items));
            printed["copies"] = json!(input_ids(&story.copies));
            printed
        })
        .collect();
    println!("{}", json!({ "hour": hour, "stories": stories }));
}
