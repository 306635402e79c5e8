//! Answers of Apple's podcast directory (the iTunes Search API): what a search or a look-up found.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use warta_text::single_line;

use crate::bounds;
use crate::urls::is_web;

/// Maximum number of podcasts that are read.
const PODCASTS: usize = 200;

/// A podcast of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryPodcast {
    /// URL of its feed.
    pub feed: String,
    /// Its name.
    pub title: String,
    /// Who makes it; empty if that is not said.
    pub author: String,
    /// Its page in the directory.
    pub page: Option<String>,
    /// When its newest episode was published.
    pub newest: Option<DateTime<Utc>>,
    /// Number of its episodes.
    pub episodes: Option<u32>,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    feed_url: String,
    collection_name: Option<String>,
    artist_name: Option<String>,
    collection_view_url: Option<String>,
    release_date: Option<DateTime<Utc>>,
    track_count: Option<u32>,
}

/// The podcasts of an answer that have a feed, in its order and each once; `None` if it is not an
/// answer of the directory.
#[must_use]
pub fn podcasts(answer: &[u8]) -> Option<Vec<DirectoryPodcast>> {
    let answer: Answer = serde_json::from_slice(answer).ok()?;
    let mut podcasts: Vec<DirectoryPodcast> = Vec::new();
    for result in answer.results {
        // Podcasts that only Apple has come without a feed.
        let Ok(found) = serde_json::from_value::<Found>(result) else {
            continue;
        };
        let feed = found.feed_url.trim().to_owned();
        let is_usable = is_web(&feed) && feed.len() <= bounds::ADDRESS;
        if !is_usable || podcasts.iter().any(|known| known.feed == feed) {
            continue;
        }
        let line = |text: Option<String>| {
            let mut line = single_line(&text.unwrap_or_default());
            bounds::cut(&mut line, bounds::TITLE);
            line
        };
        podcasts.push(DirectoryPodcast {
            title: line(found.collection_name),
            author: line(found.artist_name),
            page: found
                .collection_view_url
                .filter(|page| is_web(page) && page.len() <= bounds::ADDRESS),
            newest: found.release_date,
            episodes: found.track_count,
            feed,
        });
        if podcasts.len() == PODCASTS {
            break;
        }
    }
    Some(podcasts)
}
