//! The labelled Indonesian set, written for Warta: invented events, most reported by several
//! publishers, with near-copies, copies whose words were swapped, look-alikes that are other
//! events, reports that quote the same sentence, and English reports of Indonesian events. Families
//! of look-alikes were dealt to the two halves at random before anything was tuned.

use std::collections::HashMap;

use serde_json::Value;
use warta_story::{Clusterer, Item};

use crate::labelled::bcubed;

const SET: &str = include_str!("../data/indonesian.jsonl");

pub(crate) struct Labelled {
    pub(crate) item: Item,
    story: String,
    half: String,
    copy: bool,
    language: String,
}

pub(crate) fn articles() -> Vec<Labelled> {
    // The order of the ids decides between articles of the same minute.
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].to_string();
    let mut ids: Vec<String> = SET.lines().map(id).collect();
    ids.sort_by_key(|id| (id.len(), id.clone()));
    SET.lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| value[key].as_str().unwrap().to_owned();
            Labelled {
                story: text("story"),
                half: text("half"),
                language: text("language"),
                copy: value.get("copy_of").is_some(),
                item: Item {
                    id: ids.iter().position(|one| *one == id(line)).unwrap() as u64,
                    ..serde_json::from_value(value).unwrap()
                },
            }
        })
        .collect()
}

fn numbered<'a>(names: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut numbers = HashMap::new();
    names
        .map(|name| {
            let next = numbers.len();
            *numbers.entry(name).or_insert(next)
        })
        .collect()
}

fn check(half: &str) {
    let articles: Vec<Labelled> = articles().into_iter().filter(|a| a.half == half).collect();
    let mut clusterer = Clusterer::new();
    for article in &articles {
        clusterer.insert(&article.item);
    }
    let gold = numbered(articles.iter().map(|article| article.story.as_str()));
    let mine: Vec<u32> = articles
        .iter()
        .map(|article| clusterer.story_of(article.item.id).unwrap().0)
        .collect();
    let (precision, recall, f1) = bcubed(&gold, &mine);
    let said: Vec<&Labelled> = articles
        .iter()
        .filter(|article| clusterer.copy_of(article.item.id).is_some())
        .collect();
    let right = said.iter().filter(|article| article.copy).count() as f64;
    let copies = articles.iter().filter(|article| article.copy).count() as f64;
    let (copy_precision, copy_recall) = (right / said.len() as f64, right / copies);
    println!(
        "{half}: {} articles, BCubed P {precision:.3} R {recall:.3} F1 {f1:.3}; copies P \
         {copy_precision:.3} R {copy_recall:.3}",
        articles.len()
    );
    assert!(f1 >= 0.90, "{half}: BCubed F1 {f1:.3}");
    assert!(copy_precision >= 0.95, "{half}: copies {copy_precision:.3}");
    assert!(copy_recall >= 0.90, "{half}: copies found {copy_recall:.3}");
}

#[test]
fn the_held_out_half_is_clustered_well() {
    check("test");
}

#[test]
fn the_half_for_tuning_is_grouped_well() {
    check("tuning");
}

#[test]
fn the_labels_are_consistent() {
    let articles = articles();
    let stories = numbered(articles.iter().map(|article| article.story.as_str()));
    assert!(articles.len() >= 400, "{} articles", articles.len());
    assert!(stories.iter().max().unwrap() + 1 >= 120, "stories");
    assert!(articles.iter().any(|article| article.language == "en"));
    let mut half_of = HashMap::new();
    for article in &articles {
        let half = half_of.entry(&article.story).or_insert(&article.half);
        assert_eq!(*half, &article.half, "a story is in one half");
    }
}
