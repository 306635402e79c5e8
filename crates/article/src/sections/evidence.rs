//! Whether a page is a list or an article: an article page has lists too, beside and below its
//! text, and must not be offered as a feed.

use std::collections::{BTreeMap, HashSet};

use url::Url;

use crate::facts::Facts;
use crate::parse::Data;

use super::address::{form, identity, is_listing, looks_like_text, spells};
use super::classes::Place;
use super::declared::Declared;
use super::items::Found;
use super::links::{PageLinks, letters};

/// Minimum number of letters of a block of prose.
const PROSE: u32 = 60;
/// Added to every sum: article pages are rarely near zero, odd lists are.
const LEANING: f64 = 1.0;

/// What speaks for a list and what for an article.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a point of its own")]
pub(super) struct Evidence {
    /// Letters of prose outside the items of the list.
    prose: u32,
    /// Letters of the headlines and the prose of the items.
    listed: u32,
    items: usize,
    /// Share of the items with a date.
    dated: f64,
    /// Share of the items whose headline is a heading.
    headed: f64,
    /// Share of the items that are neither in furniture nor in a list beside the main one.
    in_main: f64,
    /// Whether the page's address is that of its site.
    address_root: bool,
    /// Whether the page's address names a listing.
    address_listing: bool,
    /// How much the page's address looks like that of a text, 0 to 1.
    address_text: f64,
    /// Share of the items whose address has the form of the page's own: siblings of the page.
    same_form: f64,
    /// Whether the page's address repeats its title.
    spelt: bool,
    /// Whether the metadata call the page an article.
    og_article: bool,
    /// Whether the metadata have a date of publication.
    declared_date: bool,
    /// Number of articles that the JSON-LD declares for the page itself.
    articles: usize,
    /// Whether the JSON-LD calls the page a collection.
    collection: bool,
    /// Whether the list is declared in JSON-LD.
    structured: bool,
    /// Mean of how much the addresses of the items look like those of texts.
    text_like: f64,
    /// Median length of the headlines, in letters.
    median: u32,
    /// Share of the page's headlines that are in the list.
    share: f64,
    /// Whether a heading repeats the page's title, which is a headline.
    title_heading: bool,
}

impl Evidence {
    pub(super) fn of(
        page: &PageLinks<'_>,
        facts: &Facts,
        declared: &Declared,
        best: &[Found],
        structured: bool,
    ) -> Self {
        let outline = page.outline;
        let mut inside = vec![false; outline.parts.len()];
        for found in best {
            inside[found.range.clone()].fill(true);
        }
        let prose = prose_outside(page, &inside);
        let count = best.len().max(1) as f64;
        let share_of = |is: &dyn Fn(&Found) -> bool| {
            best.iter().filter(|found| is(found)).count() as f64 / count
        };
        let mut lengths: Vec<u32> = best
            .iter()
            .map(|found| letters(&found.item.title))
            .collect();
        lengths.sort_unstable();
        let title = facts.title().unwrap_or_default();
        let address = page.address.as_ref();
        let own_form = address.map(form);
        let same_form = |found: &Found| Some(form(&found.link.url)) == own_form;
        let is_of_page = |article: &Option<String>| {
            article.as_deref().is_none_or(|url| {
                let base = page.base.as_ref();
                let url = base.map_or_else(|| Url::parse(url), |base| base.join(url));
                match (url, address) {
                    (Ok(url), Some(own)) => identity(&url) == identity(own),
                    _ => true,
                }
            })
        };
        let all_headlines: HashSet<&str> = page
            .links
            .iter()
            .filter(|link| link.is_headline())
            .map(|link| &*link.id)
            .collect();
        Self {
            prose,
            listed: best
                .iter()
                .map(|found| letters(&found.item.title) + found.prose)
                .sum(),
            items: best.len(),
            dated: share_of(&|found| found.item.published.is_some()),
            headed: share_of(&|found| found.link.heading),
            in_main: share_of(&|found| page.places[found.link.part] == Place::Main),
            address_root: address.is_some_and(|url| {
                url.path().trim_matches('/').is_empty() && url.query().is_none()
            }),
            address_listing: address.is_some_and(is_listing),
            address_text: address.map_or(0.0, looks_like_text),
            same_form: share_of(&same_form),
            spelt: address.is_some_and(|url| spells(url, &title)),
            og_article: facts.calls_itself_article(),
            declared_date: facts.has_declared_date(),
            articles: declared
                .articles
                .iter()
                .filter(|article| is_of_page(article))
                .count(),
            collection: declared.collection,
            structured,
            text_like: best
                .iter()
                .map(|found| found.link.looks_like_text())
                .sum::<f64>()
                / count,
            median: lengths.get(lengths.len() / 2).copied().unwrap_or(0),
            share: best.len() as f64 / all_headlines.len().max(1) as f64,
            title_heading: has_own_heading(page, &title),
        }
    }
}

/// Letters of prose outside the given parts: in blocks that are mostly not links.
fn prose_outside(page: &PageLinks<'_>, inside: &[bool]) -> u32 {
    let parts = &page.outline.parts;
    let mut blocks: BTreeMap<usize, (u32, u32)> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        if let Data::Text(text) = page.tree().data(part.node)
            && !inside[at]
            && page.places[at] != Place::Furniture
        {
            let count = letters(text);
            let block = blocks.entry(part.block).or_default();
            block.0 += count;
            block.1 += if part.linked { count } else { 0 };
        }
    }
    blocks
        .values()
        .filter(|(all, linked)| *all >= PROSE && linked * 3 < *all)
        .map(|(all, linked)| all - linked)
        .sum()
}

/// Whether a heading outside the lists repeats the page's title, and the title is a headline.
fn has_own_heading(page: &PageLinks<'_>, title: &str) -> bool {
    let wanted = warta_text::letters_only(title);
    title.split_whitespace().count() >= 4
        && page.outline.parts.iter().enumerate().any(|(at, part)| {
            matches!(part.name, "h1" | "h2")
                && !part.linked
                && page
                    .text(at, 400)
                    .is_some_and(|text| warta_text::letters_only(&text) == wanted)
        })
}

impl Evidence {
    /// How certain the list is, 0 to 1: the logistic function of a sum of what speaks for it.
    pub(super) fn confidence(&self) -> f64 {
        1.0 / (1.0 + (-self.sum()).exp())
    }

    fn sum(&self) -> f64 {
        let share = f64::from(self.prose) / f64::from(self.prose + self.listed).max(1.0);
        let points = [
            (self.prose >= 700 && share > 0.5, -2.5),
            (self.prose >= 400 && share > 0.25, -1.5),
            (self.prose < 250, 1.0),
            (self.og_article, -0.8),
            (self.declared_date, -1.5),
            (self.articles > 0, -1.5),
            (self.address_root, 2.0),
            (self.address_listing, 1.2),
            (self.address_text >= 0.8, -1.5),
            (self.same_form >= 0.5 && self.address_text >= 0.5, -1.5),
            (self.spelt, -1.0),
            (self.title_heading && !self.address_root, -1.0),
            (self.collection, 1.5),
            (self.structured, 1.0),
            (self.items >= 8, 0.7),
            (self.items >= 15, 0.7),
            (self.items < 5, -1.0),
            (self.headed >= 0.8, 0.4),
            (self.dated >= 0.8, 0.7),
            (self.in_main < 0.5, -1.5),
            (self.text_like < 0.4, -0.7),
            (self.share >= 0.5, 0.7),
            (self.share < 0.2, -0.7),
            (self.median < 20, -0.8),
        ];
        let sum: f64 = points
            .iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, points)| points)
            .sum();
        sum + LEANING
    }
}
