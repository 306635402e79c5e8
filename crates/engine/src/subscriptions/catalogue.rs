//! The built-in catalogue of feeds: collected from public lists, availability not checked.

use std::collections::HashSet;
use std::sync::Arc;

use crate::api::{CatalogueFeed, Result};
use crate::context::Context;

const CATALOGUE: &str = include_str!("../../data/catalogue.tsv");

/// The built-in catalogue of feeds.
pub struct Catalogue {
    ctx: Arc<Context>,
}

impl Catalogue {
    pub(crate) fn new(ctx: &Arc<Context>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
        }
    }

    /// The catalogue, in its own order (Indonesia first).
    pub fn catalogue(&self) -> Result<Vec<CatalogueFeed>> {
        let have: HashSet<String> = self.ctx.store.feeds()?.into_iter().map(|f| f.url).collect();
        Ok(entries(CATALOGUE)
            .map(|mut feed| {
                feed.already = have.contains(&feed.url);
                feed
            })
            .collect())
    }
}

fn entries(table: &str) -> impl Iterator<Item = CatalogueFeed> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split('\t').map(str::trim);
            let mut next = || cells.next().unwrap_or_default().to_owned();
            let (title, url, site) = (next(), next(), next());
            let (language, country, topic) = (next(), next(), next());
            (!url.is_empty()).then(|| CatalogueFeed {
                title,
                url,
                site: (!site.is_empty()).then_some(site),
                language,
                country,
                topic,
                already: false,
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_catalogue_is_complete() {
        let feeds: Vec<_> = entries(CATALOGUE).collect();
        assert!(feeds.len() >= 150, "too few feeds: {}", feeds.len());
        let mut seen = HashSet::new();
        for feed in &feeds {
            assert!(feed.url.starts_with("http"), "not a web address: {feed:?}");
            assert!(
                !feed.title.is_empty() && !feed.topic.is_empty(),
                "missing cells: {feed:?}"
            );
            assert!(
                feed.country.is_empty() || feed.country.len() == 2,
                "missing country: {feed:?}"
            );
            assert!(seen.insert(&feed.url), "duplicate: {feed:?}");
        }
        assert_eq!(feeds[0].country, "ID", "Indonesian feeds come first");
    }
}
