//! The results of the pure crates for a file, for the CLI's `inspect`. Uses no store and no
//! network.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use warta_feed::Source;
use warta_story::{Clusterer, Item};

use crate::api::{Failure, FailureCode, Result};

/// Parses a feed.
pub fn feed(bytes: &[u8], url: Option<&str>, content_type: Option<&str>) -> Result<Value> {
    let feed = warta_feed::parse(&Source {
        bytes,
        url,
        content_type,
    })
    .map_err(bad_input)?;
    value(&feed)
}

/// Extracts the article from a page.
pub fn article(bytes: &[u8], url: Option<&str>, content_type: Option<&str>) -> Result<Value> {
    value(&warta_article::extract(bytes, url, content_type).map_err(bad_input)?)
}

/// Sanitises HTML; returns `{html}`.
#[expect(
    clippy::unnecessary_wraps,
    reason = "all inspections return a `Result`"
)]
pub fn sanitize(bytes: &[u8], url: Option<&str>) -> Result<Value> {
    let html = String::from_utf8_lossy(bytes);
    Ok(json!({ "html": warta_article::sanitize(&html, url) }))
}

/// Parses an OPML file; returns its feeds, folders and problems.
pub fn opml(bytes: &[u8]) -> Result<Value> {
    value(&warta_feed::opml::parse(bytes).map_err(bad_input)?)
}

/// Clusters articles (JSON Lines, one [`Item`] with an `id` per line) into stories; returns
/// `{id, story}` for each, in input order. Ids are any texts or numbers; numbers in texts keep
/// their order.
pub fn stories(lines: &[u8]) -> Result<Vec<Value>> {
    let text = std::str::from_utf8(lines).map_err(bad_input)?;
    let mut clusterer = Clusterer::new();
    let mut read: Vec<(String, Item)> = Vec::new();
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let bad_line = |error| bad_input(format!("line {}: {error}", index + 1));
        let item: Item = serde_json::from_str(line).map_err(bad_line)?;
        let Named { id } = serde_json::from_str(line).map_err(bad_line)?;
        read.push((id, item));
    }
    let mut names: Vec<&str> = read.iter().map(|(id, _)| id.as_str()).collect();
    names.sort_unstable_by_key(|name| (name.len(), *name));
    names.dedup();
    let numbers: HashMap<&str, u64> = names.into_iter().zip(0..).collect();
    for (id, item) in &read {
        clusterer.insert(&Item {
            id: numbers[id.as_str()],
            ..item.clone()
        });
    }
    // Stories may be merged after an article was inserted, so read the result at the end.
    Ok(read
        .iter()
        .map(|(id, _)| json!({ "story": clusterer.story_of(numbers[id.as_str()]).map(|n| n.0), "id": id }))
        .collect())
}

/// The id of a line.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    #[serde(deserialize_with = "text_or_number")]
    id: String,
}

fn text_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(i64),
    }
    Ok(match Id::deserialize(deserializer)? {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    })
}

fn value(of: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(of).map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "passed to `map_err`")]
fn bad_input(error: impl ToString) -> Failure {
    Failure::new(FailureCode::BadInput, error.to_string())
}
