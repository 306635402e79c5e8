//! What the pure crates make of a file, as the CLI's `inspect` prints it. No store, no network.

use serde_json::{Value, json};
use warta_feed::Source;
use warta_story::{Clusterer, Item};

use crate::api::{Failure, FailureCode, Result};

/// The parsed feed.
pub fn feed(bytes: &[u8], url: Option<&str>, content_type: Option<&str>) -> Result<Value> {
    let feed = warta_feed::parse(&Source {
        bytes,
        url,
        content_type,
    })
    .map_err(bad_input)?;
    value(&feed)
}

/// The article found on a page.
pub fn article(bytes: &[u8], url: Option<&str>, content_type: Option<&str>) -> Result<Value> {
    value(&warta_article::extract(bytes, url, content_type).map_err(bad_input)?)
}

/// Safe HTML, as `{html}`.
#[expect(clippy::unnecessary_wraps, reason = "every inspection answers alike")]
pub fn sanitize(bytes: &[u8], url: Option<&str>) -> Result<Value> {
    let html = String::from_utf8_lossy(bytes);
    Ok(json!({ "html": warta_article::sanitize(&html, url) }))
}

/// The feeds and folders of an OPML file, and what was wrong.
pub fn opml(bytes: &[u8]) -> Result<Value> {
    value(&warta_feed::opml::parse(bytes).map_err(bad_input)?)
}

/// Groups articles (JSON Lines, one [`Item`] a line) into stories: `{id, story}` each, in the order
/// they came in.
pub fn stories(lines: &[u8]) -> Result<Vec<Value>> {
    let text = std::str::from_utf8(lines).map_err(bad_input)?;
    let mut desk = Clusterer::new();
    let mut ids = Vec::new();
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let item: Item = serde_json::from_str(line)
            .map_err(|error| bad_input(format!("line {}: {error}", index + 1)))?;
        desk.insert(&item);
        ids.push(item.id);
    }
    // Stories may have been joined since an article was placed, so the answer is read at the end.
    Ok(ids
        .into_iter()
        .map(|id| json!({ "story": desk.story_of(&id).map(|n| n.0), "id": id }))
        .collect())
}

fn value(of: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(of).map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is called as a conversion"
)]
fn bad_input(error: impl ToString) -> Failure {
    Failure::new(FailureCode::BadInput, error.to_string())
}
