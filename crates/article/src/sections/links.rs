//! A page and its links: where each is, what it leads to, and which words it offers as a headline.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use chrono::{DateTime, FixedOffset};
use url::Url;
use warta_text::{collapse_whitespace, is_unspaced};

use crate::dates::date;
use crate::hidden::{Hidden, Surroundings};
use crate::media::absolute_web;
use crate::outline::{Outline, Part};
use crate::parse::{DOCUMENT, NodeId, Tree};
use crate::signs::shown_characters;

use super::address::{identity, is_advertiser, looks_like_text, site, tidied};
use super::classes::{Place, place};

/// Maximum number of links read of a page.
const MAX_LINKS: usize = 6000;
/// Maximum length of a text with a date, in bytes.
pub(super) const LONGEST_DATE: usize = 80;
/// Maximum length of a headline, in bytes; longer text of a link is a whole card.
const LONGEST_HEADLINE: usize = 300;
/// Minimum number of letters of a headline; a letter of a script without spaces counts as three.
pub(super) const SHORTEST_HEADLINE: u32 = 12;
/// Minimum number of letters before a link on its line that make it a part of a running text.
const WORDS_BEFORE: u32 = 20;

/// A page as the search for lists reads it.
pub(super) struct PageLinks<'t> {
    pub(super) outline: &'t Outline<'t>,
    /// In document order.
    pub(super) links: Vec<Link>,
    /// Where each part is.
    pub(super) places: Vec<Place>,
    /// Parts by node.
    by_node: HashMap<NodeId, usize>,
    pub(super) base: Option<Url>,
    /// The page's address, as it was fetched or as the page declares it.
    pub(super) address: Option<Url>,
    sites: Vec<String>,
    /// Which parts are labels of advertisements, as far as it was asked.
    ad_labels: Vec<Cell<Option<bool>>>,
    /// The dates that parts say, as far as it was asked.
    dates: RefCell<HashMap<usize, Option<DateTime<FixedOffset>>>>,
}

/// A link to another page.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of its own"
)]
pub(super) struct Link {
    pub(super) part: usize,
    pub(super) url: Url,
    pub(super) id: String,
    /// Its words as a headline; empty for pictures and arrows.
    pub(super) title: String,
    /// Letters of the title.
    pub(super) letters: u32,
    pub(super) own_site: bool,
    /// Whether it is, or is in, a heading.
    pub(super) heading: bool,
    /// Whether it is marked as paid for.
    pub(super) sponsored: bool,
    /// Whether it is in the middle of a running text.
    pub(super) running: bool,
    likeness: OnceCell<f64>,
}

impl Link {
    /// How much its address looks like that of an article, 0 to 1.
    pub(super) fn looks_like_text(&self) -> f64 {
        *self.likeness.get_or_init(|| looks_like_text(&self.url))
    }

    /// Whether its words may be a headline.
    pub(super) fn is_headline(&self) -> bool {
        self.letters >= SHORTEST_HEADLINE && !is_invitation(&self.title)
    }

    /// Whether it may be the headline of an item of a list: not a link in a running text.
    pub(super) fn may_head_item(&self) -> bool {
        self.is_headline() && !self.running
    }
}

impl<'t> PageLinks<'t> {
    pub(super) fn of(outline: &'t Outline<'t>, url: Option<&str>) -> Self {
        let tree = outline.tree;
        let fetched = url.and_then(|url| Url::parse(url).ok());
        let base = tree
            .below(DOCUMENT)
            .filter(|id| tree.name(*id) == Some("base"))
            .find_map(|id| absolute_web(tree.attribute(id, "href")?, fetched.as_ref()))
            .or_else(|| fetched.clone());
        let declared = declared_addresses(tree, base.as_ref());
        let mut page = Self {
            outline,
            links: Vec::new(),
            places: places(outline),
            by_node: outline
                .parts
                .iter()
                .enumerate()
                .map(|(at, part)| (part.node, at))
                .collect(),
            sites: fetched.iter().chain(&declared).map(site).collect(),
            // A copy of a page on another host declares where it belongs.
            address: declared.first().cloned().or(fetched),
            base,
            ad_labels: vec![Cell::new(None); outline.parts.len()],
            dates: RefCell::default(),
        };
        page.read_links();
        page
    }

    fn read_links(&mut self) {
        let mut by_site: HashMap<String, usize> = HashMap::new();
        for at in 0..self.outline.parts.len() {
            if self.outline.parts[at].name != "a" || self.links.len() >= MAX_LINKS {
                continue;
            }
            if let Some(link) = self.link(at) {
                *by_site.entry(site(&link.url)).or_default() += 1;
                self.links.push(link);
            }
        }
        let own =
            |sites: &[String]| -> usize { sites.iter().filter_map(|site| by_site.get(site)).sum() };
        // A page that was saved elsewhere: most of its links say whose it is.
        if own(&self.sites) * 5 < self.links.len()
            && let Some((most, count)) = by_site.iter().max_by_key(|(name, count)| (**count, *name))
            && count * 2 > self.links.len()
        {
            self.sites.push(most.clone());
        }
        for link in &mut self.links {
            link.own_site = self.sites.contains(&site(&link.url));
        }
    }

    fn link(&self, at: usize) -> Option<Link> {
        let href = self.outline.attribute(at, "href")?.trim();
        if href.is_empty() || href == "#" {
            return None;
        }
        let url = absolute_web(href, self.base.as_ref())?;
        let page = self.address.as_ref().or(self.base.as_ref());
        let url = tidied(url, page);
        let id = identity(&url);
        if page.is_some_and(|page| id == identity(page)) {
            return None;
        }
        let title = self.title_of_link(at);
        let heading = self.is_in_heading(at);
        let relation = self.outline.attribute(at, "rel").unwrap_or_default();
        let sponsored = relation
            .split_ascii_whitespace()
            .any(|word| word == "sponsored")
            || is_advertiser(&url);
        Some(Link {
            part: at,
            letters: letters(&title),
            url,
            id,
            title,
            own_site: false,
            heading,
            sponsored,
            running: self.is_running(at),
            likeness: OnceCell::new(),
        })
    }

    /// The words of a link: a heading inside it, an element that is named a title, or all of it.
    fn title_of_link(&self, at: usize) -> String {
        let inside = at + 1..self.outline.parts[at].end;
        let parts = &self.outline.parts;
        let heading = inside
            .clone()
            .find(|part| is_heading_name(parts[*part].name));
        let named = || {
            inside.clone().find(|part| {
                !matches!(parts[*part].name, "#text" | "img") && self.is_named_title(*part)
            })
        };
        for part in heading.into_iter().chain(named()) {
            if let Some(text) = self.text(part, LONGEST_HEADLINE)
                && letters(&text) >= 4
            {
                return text;
            }
        }
        match self.text(at, LONGEST_HEADLINE) {
            Some(text) if letters(&text) > 0 => {
                // Of a card, the first block that is long enough.
                let first = inside
                    .filter(|part| parts[*part].block == *part && parts[*part].name != "#text")
                    .filter(|part| self.outline.own[*part].letters >= SHORTEST_HEADLINE)
                    .find_map(|part| self.text(part, LONGEST_HEADLINE));
                first.unwrap_or(text)
            }
            Some(_) => String::new(),
            None => inside
                .filter(|part| self.outline.own[*part].letters >= SHORTEST_HEADLINE)
                .find_map(|part| self.text(part, LONGEST_HEADLINE))
                .unwrap_or_default(),
        }
    }

    pub(super) fn is_named_title(&self, part: usize) -> bool {
        let attribute = |name| self.outline.attribute(part, name).unwrap_or_default();
        let property = attribute("itemprop");
        if property == "headline" || property == "name" {
            return true;
        }
        attribute("class").split_ascii_whitespace().any(|name| {
            crate::class_hints::words(name).iter().any(|word| {
                matches!(
                    &**word,
                    "title"
                        | "headline"
                        | "judul"
                        | "titulo"
                        | "titre"
                        | "titel"
                        | "heading"
                        | "hed"
                        | "tit"
                        | "ttl"
                        | "titolo"
                )
            })
        })
    }

    /// Whether other words come before a link on its line.
    fn is_running(&self, at: usize) -> bool {
        let parts = &self.outline.parts;
        let block = parts[parts[at].parent].block;
        let mut before = 0;
        for part in (block.max(at.saturating_sub(40))..at).rev() {
            let Part { name, linked, .. } = parts[part];
            if parts[part].block != block || matches!(name, "br" | "hr") || part == block {
                break;
            }
            if name == "#text" && !linked {
                before += self
                    .text(part, 2000)
                    .map_or(WORDS_BEFORE, |text| letters(&text));
                if before >= WORDS_BEFORE {
                    return true;
                }
            }
        }
        false
    }

    fn is_in_heading(&self, at: usize) -> bool {
        let parts = &self.outline.parts;
        let around = self
            .outline
            .upwards(at)
            .take(4)
            .any(|part| is_heading_name(parts[part].name));
        around
            || parts[at..parts[at].end]
                .iter()
                .any(|part| is_heading_name(part.name))
    }

    /// The visible text of a part on one line; `None` if it is longer than `longest` bytes.
    pub(super) fn text(&self, at: usize, longest: usize) -> Option<String> {
        let text = self.outline.short_text(at, longest)?;
        Some(collapse_whitespace(&shown_characters(&text)))
    }

    /// Whether a part is nothing but a label that `is_ad_label` knows. Lists share their parts.
    pub(super) fn is_ad_label(&self, at: usize, is_ad_label: impl FnOnce(&str) -> bool) -> bool {
        self.ad_labels[at].get().unwrap_or_else(|| {
            let is_label = self.outline.parts[at].name != "#text"
                && self.text(at, 40).is_some_and(|text| is_ad_label(&text));
            self.ad_labels[at].set(Some(is_label));
            is_label
        })
    }

    /// The date that a part says, if its text is at most [`LONGEST_DATE`]. Lists share their parts.
    pub(super) fn date_of(&self, at: usize) -> Option<DateTime<FixedOffset>> {
        let read = || date(&self.text(at, LONGEST_DATE)?);
        *self.dates.borrow_mut().entry(at).or_insert_with(read)
    }

    /// The part of a node, unless it is not visible.
    pub(super) fn part_of(&self, node: NodeId) -> Option<usize> {
        self.by_node.get(&node).copied()
    }

    /// The links inside a range of parts.
    pub(super) fn links_in(&self, range: std::ops::Range<usize>) -> &[Link] {
        let from = self.links.partition_point(|link| link.part < range.start);
        let to = self.links.partition_point(|link| link.part < range.end);
        &self.links[from..to]
    }

    /// The parsed page.
    pub(super) fn tree(&self) -> &'t Tree {
        self.outline.tree
    }
}

/// The outline of a page.
pub(super) fn outline(tree: &Tree) -> Outline<'_> {
    Outline::of(tree, &Hidden::of(tree, Surroundings::Page))
}

fn declared_addresses(tree: &Tree, base: Option<&Url>) -> Vec<Url> {
    let mut found = Vec::new();
    for id in tree.below(DOCUMENT) {
        let attribute = |name| tree.attribute(id, name);
        let address = match tree.name(id) {
            Some("link")
                if attribute("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) =>
            {
                attribute("href")
            }
            Some("meta") if attribute("property") == Some("og:url") => attribute("content"),
            Some("body") => break,
            _ => continue,
        };
        let address = address.filter(|address| !address.trim().is_empty());
        found.extend(address.and_then(|address| absolute_web(address, base)));
    }
    found
}

/// Where every part is, by the names and kinds of the elements around it. Names of elements that
/// hold a large part of the page's links are not believed.
fn places(outline: &Outline<'_>) -> Vec<Place> {
    let parts = &outline.parts;
    let all = outline.linked(0).max(1);
    let mut places = vec![Place::Main; parts.len()];
    let mut in_main = vec![false; parts.len()];
    for at in 1..parts.len() {
        let part = &parts[at];
        let around = places[part.parent];
        in_main[at] = in_main[part.parent] || matches!(part.name, "main" | "article");
        if part.name == "#text" || part.linked && part.name != "a" {
            places[at] = around;
            continue;
        }
        let attribute = |name| outline.attribute(at, name);
        let role = attribute("role").unwrap_or_default();
        let by_kind = match part.name {
            "nav" | "footer" | "form" if !(in_main[part.parent] && part.name == "footer") => {
                Place::Furniture
            }
            "header" if !in_main[at] => Place::Beside,
            "aside" => Place::Beside,
            _ if matches!(role, "navigation" | "contentinfo" | "search" | "menu") => {
                Place::Furniture
            }
            _ if role == "complementary" => Place::Beside,
            _ => Place::Main,
        };
        let by_name = if matches!(part.name, "html" | "body" | "main") {
            Place::Main
        } else {
            place(attribute("class"), attribute("id"))
        };
        let share = outline.linked(at) * 10 / all;
        let believed = match by_kind.max(by_name) {
            Place::Furniture if share >= 7 => Place::Main,
            Place::Beside if share >= 5 => Place::Main,
            found => found,
        };
        places[at] = around.max(believed);
    }
    places
}

pub(super) fn is_heading_name(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Letters of a text; a letter of a script without spaces counts as three.
pub(super) fn letters(text: &str) -> u32 {
    text.chars()
        .map(|c| match c {
            c if is_unspaced(c) => 3,
            c if c.is_alphanumeric() => 1,
            _ => 0,
        })
        .sum()
}

/// How links begin that only invite to read on.
const INVITATIONS: [&str; 34] = [
    "read more",
    "continue reading",
    "read full",
    "read the full",
    "read article",
    "read on",
    "full story",
    "learn more",
    "view more",
    "view all",
    "see all",
    "see more",
    "show more",
    "more »",
    "load more",
    "selengkapnya",
    "baca selengkapnya",
    "lihat selengkapnya",
    "lihat semua",
    "lihat lainnya",
    "baca lebih",
    "baca lanjut",
    "lanjutkan membaca",
    "berita selengkapnya",
    "weiterlesen",
    "mehr lesen",
    "lire la suite",
    "leer más",
    "leia mais",
    "seguir leyendo",
    "leave a comment",
    "add a comment",
    "permalink",
    "download",
];

/// Whether the words of a link only invite to read on.
pub(super) fn is_invitation(text: &str) -> bool {
    let low = text.to_lowercase();
    let low = low.trim_matches(|c: char| !c.is_alphanumeric());
    INVITATIONS.iter().any(|start| low.starts_with(start))
        || low.len() < 40 && (low.ends_with("comments") || low.ends_with("komentar"))
}
