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

/// An article and its name, which stands for it in the answer.
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
            tell(&mut clusterer, &names, over);
        }
        hour = Some(at);
        clusterer.insert(&item);
    }
    if let Some(last) = hour {
        tell(&mut clusterer, &names, last);
    }
    Ok(())
}

/// What trends when an hour is over.
fn tell(clusterer: &mut Clusterer, names: &[String], hour: i64) {
    if hour % 24 == 0 {
        clusterer.forget_before((hour - WINDOW) * HOUR);
    }
    let written =
        |ids: &[u64]| -> Vec<&str> { ids.iter().map(|id| &*names[*id as usize]).collect() };
    let stories = clusterer.trending((hour + 1) * HOUR, FRONT).into_iter();
    let stories: Vec<Value> = stories
        .map(|story| {
            let mut told = json!(story);
            told["headline_item"] = json!(names[story.headline_item as usize]);
            told["items"] = json!(written(&story.items));
            told["copies"] = json!(written(&story.copies));
            told
        })
        .collect();
    println!("{}", json!({ "hour": hour, "stories": stories }));
}
