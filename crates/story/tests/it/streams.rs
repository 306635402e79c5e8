//! What holds for every stream of articles.

use std::collections::HashMap;

use proptest::prelude::*;
use warta_story::{Clusterer, Item};

use crate::indonesian::articles;
use crate::labelled::bcubed;

fn placed(items: &[Item]) -> HashMap<u64, u32> {
    let mut clusterer = Clusterer::new();
    for item in items {
        clusterer.insert(item);
    }
    items
        .iter()
        .map(|item| (item.id, clusterer.story_of(item.id).unwrap().0))
        .collect()
}

fn items() -> Vec<Item> {
    articles().into_iter().map(|article| article.item).collect()
}

#[test]
fn the_same_articles_in_the_same_order_give_the_same_stories() {
    assert_eq!(placed(&items()), placed(&items()));
}

#[test]
fn another_order_within_the_hour_gives_nearly_the_same_stories() {
    let first = items();
    let mut shuffled = first.clone();
    // Ordered by the last bits of their ids, which are unrelated to their content.
    shuffled.sort_by_key(|item| {
        let hour = item.published.unwrap().div_euclid(3600);
        (hour, item.id.reverse_bits())
    });
    assert_ne!(first, shuffled);
    let (before, after) = (placed(&first), placed(&shuffled));
    let gold: Vec<u32> = first.iter().map(|item| before[&item.id]).collect();
    let mine: Vec<u32> = first.iter().map(|item| after[&item.id]).collect();
    let (_, _, f1) = bcubed(&gold, &mine);
    assert!(f1 >= 0.95, "BCubed F1 against the first order: {f1:.3}");
}

#[test]
fn forgotten_articles_are_removed_and_other_stories_kept() {
    let items = items();
    let mut clusterer = Clusterer::new();
    for item in &items {
        clusterer.insert(item);
    }
    let time = items[items.len() / 2].published.unwrap();
    let pairs: Vec<(&Item, &Item)> = items
        .iter()
        .filter(|item| item.published.unwrap() >= time)
        .zip(items.iter().rev())
        .filter(|(a, b)| b.published.unwrap() >= time && a.id != b.id)
        .collect();
    clusterer.forget_before(time);
    assert!(clusterer.len() < items.len());
    assert!(clusterer.story_of(items[0].id).is_none());
    let together: Vec<bool> = pairs
        .iter()
        .map(|(a, b)| clusterer.story_of(a.id) == clusterer.story_of(b.id))
        .collect();
    // Forgetting twice changes nothing, and inserting known articles moves nothing.
    clusterer.forget_before(time);
    for item in items.iter().filter(|item| item.published.unwrap() >= time) {
        clusterer.insert(item);
    }
    for ((a, b), together) in pairs.iter().zip(together) {
        assert_eq!(
            clusterer.story_of(a.id) == clusterer.story_of(b.id),
            together
        );
    }
}

proptest! {
    #[test]
    fn any_text_at_any_time_is_placed(
        articles in prop::collection::vec(
            (".{0,60}", ".{0,200}", prop::option::of(any::<i64>().prop_map(|t| t / 4)), "[a-c]{0,1}"),
            1..60,
        ),
    ) {
        let mut clusterer = Clusterer::new();
        for (index, (title, text, published, publisher)) in articles.into_iter().enumerate() {
            let item = Item {
                id: index as u64,
                title,
                text,
                publisher,
                published,
                ..Item::default()
            };
            clusterer.insert(&item);
            prop_assert!(clusterer.story_of(item.id).is_some());
        }
        for now in [0, i64::MAX / 4, i64::MIN / 4] {
            for story in clusterer.trending(now, 100) {
                prop_assert!(story.score.is_finite());
            }
        }
        clusterer.forget_before(0);
        clusterer.forget_before(i64::MAX);
        prop_assert!(clusterer.is_empty());
    }

    #[test]
    fn few_words_again_and_again_never_lose_an_article(
        articles in prop::collection::vec(prop::collection::vec(0..12_u8, 1..6), 1..150),
    ) {
        let mut clusterer = Clusterer::new();
        for (index, words) in articles.iter().enumerate() {
            let title: Vec<String> = words.iter().map(|w| format!("word{w}")).collect();
            clusterer.insert(&Item {
                id: index as u64,
                title: title.join(" "),
                published: Some(index as i64 * 700),
                ..Item::default()
            });
        }
        let mut seen = 0;
        for index in 0..articles.len() {
            let number = clusterer.story_of(index as u64).unwrap();
            let story = clusterer.story(number, 0).unwrap();
            prop_assert!(story.items.contains(&(index as u64)));
            seen += 1;
        }
        prop_assert_eq!(seen, clusterer.len());
    }
}
