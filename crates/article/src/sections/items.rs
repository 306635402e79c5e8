//! The items of a list: from the element of an item to its link, title, snippet, date and picture.

use std::collections::HashSet;
use std::ops::Range;

use chrono::{DateTime, FixedOffset};
use warta_text::letters_only;

use crate::dates::{date, date_in_address};
use crate::media::{absolute_web, can_be_lead_picture, is_tiny, picture_address, pixels};
use crate::parse::NodeId;

use super::classes::Place;
use super::links::{LONGEST_DATE, Link, PageLinks, is_heading_name, is_invitation, letters};
use super::model::ListItem;

/// Maximum number of items of a list.
pub(super) const MAX_ITEMS: usize = 300;
/// Maximum number of parts read of an item.
const MAX_PARTS: usize = 4000;
/// Maximum number of parts of the siblings that belong to an item.
const MAX_SIBLING_PARTS: usize = 400;
/// Maximum length of a snippet, in bytes.
const LONGEST_SNIPPET: usize = 400;
/// Minimum length of a snippet, in letters.
const SHORTEST_SNIPPET: u32 = 30;

/// An item and where it was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) item: ListItem,
    pub(super) link: Link,
    pub(super) node: NodeId,
    /// The parts that belong to it.
    pub(super) range: Range<usize>,
    /// Letters of its text outside links.
    pub(super) prose: u32,
    pub(super) has_date: bool,
}

/// An item of which only the headline is known.
#[derive(Debug, Clone)]
pub(super) struct Headline {
    pub(super) link: Link,
    pub(super) title: String,
    pub(super) node: NodeId,
    /// The first of its parts, inside or around its node.
    start: usize,
    /// Where the next element of the list begins.
    next: Option<usize>,
}

/// The items of elements, in document order: one for each page that is linked to.
pub(super) fn of_elements(page: &PageLinks<'_>, nodes: &[NodeId]) -> Vec<Found> {
    of_headlines(page, headlines(page, nodes))
}

/// The items of headlines.
pub(super) fn of_headlines(page: &PageLinks<'_>, headlines: Vec<Headline>) -> Vec<Found> {
    let found = headlines.into_iter();
    found.map(|headline| item(page, headline)).collect()
}

/// The headlines of elements. Reading the rest of an item takes longer.
pub(super) fn headlines(page: &PageLinks<'_>, nodes: &[NodeId]) -> Vec<Headline> {
    let mut parts: Vec<usize> = nodes
        .iter()
        .filter_map(|node| page.part_of(*node))
        .collect();
    parts.sort_unstable();
    parts.dedup();
    // A reader may point at the list instead of its items.
    if let [list] = parts[..]
        && headlines_in(page, list) >= 3
    {
        let links = page.links_in(list..page.outline.parts[list].end);
        parts = links
            .iter()
            .filter(|link| link.is_headline())
            .map(|link| link.part)
            .collect();
    }
    let inner = innermost(page, &parts);
    let mut found = Vec::new();
    for (at, part) in inner.iter().enumerate() {
        let next = inner.get(at + 1).copied();
        found.extend(headline(page, *part, next));
        if found.len() >= MAX_ITEMS * 2 {
            break;
        }
    }
    without_strangers(found)
}

fn headlines_in(page: &PageLinks<'_>, part: usize) -> usize {
    let links = page.links_in(part..page.outline.parts[part].end);
    let ids: HashSet<&str> = links
        .iter()
        .filter(|link| link.is_headline())
        .map(|link| &*link.id)
        .collect();
    ids.len()
}

/// The parts without those that contain another one.
fn innermost(page: &PageLinks<'_>, parts: &[usize]) -> Vec<usize> {
    let holds_next = |at: usize| {
        parts
            .get(at + 1)
            .is_some_and(|next| page.outline.holds(parts[at], *next))
    };
    (0..parts.len())
        .filter(|at| !holds_next(*at))
        .map(|at| parts[at])
        .collect()
}

/// Leaves out advertisements, links to other sites in a list of one site, and repetitions.
fn without_strangers(found: Vec<Headline>) -> Vec<Headline> {
    let own = found.iter().filter(|one| one.link.own_site).count();
    let is_of_site = own * 2 >= found.len();
    let mut seen: HashSet<String> = HashSet::new();
    found
        .into_iter()
        .filter(|one| !one.link.sponsored && (one.link.own_site || !is_of_site))
        .filter(|one| seen.insert(one.link.id.clone()))
        .take(MAX_ITEMS)
        .collect()
}

/// The headline of one element. `next` is where the next one begins.
fn headline(page: &PageLinks<'_>, part: usize, next: Option<usize>) -> Option<Headline> {
    let parts = &page.outline.parts;
    // A card may be inside its link.
    let around = page
        .outline
        .upwards(part)
        .take(4)
        .find(|at| parts[*at].name == "a");
    let start = around.unwrap_or(part);
    let inside = inside(page, start);
    if is_advertisement(page, inside.clone()) {
        return None;
    }
    let link = headline_link(page, inside.clone())?.clone();
    let title = title(page, &link, inside)?;
    Some(Headline {
        link,
        title,
        node: parts[part].node,
        start,
        next,
    })
}

/// The parts of an item that are read.
fn inside(page: &PageLinks<'_>, start: usize) -> Range<usize> {
    start..page.outline.parts[start].end.min(start + MAX_PARTS)
}

/// The item of a headline.
fn item(page: &PageLinks<'_>, headline: Headline) -> Found {
    let Headline {
        link,
        title,
        node,
        start,
        next,
    } = headline;
    let mut range = inside(page, start);
    let mut facts = Facts::read(page, range.clone(), &link, &title);
    if facts.is_bare() {
        let longer = range.start..until_next(page, start, next);
        if longer.end > range.end {
            range = longer;
            facts = Facts::read(page, range.clone(), &link, &title);
        }
    }
    let stated = facts.published.or_else(|| published_before(page, start));
    let has_date = stated.is_some();
    let published = stated.or_else(|| date_in_address(link.url.as_str()));
    Found {
        item: ListItem {
            id: link.id.clone(),
            url: link.url.as_str().to_owned(),
            title,
            snippet: facts.snippet,
            published,
            picture: facts.picture,
        },
        link,
        node,
        range,
        prose: facts.prose,
        has_date,
    }
}

/// The link of an item's headline: in a heading, named a title, or with the most words.
fn headline_link<'p>(page: &'p PageLinks<'_>, inside: Range<usize>) -> Option<&'p Link> {
    let links = page.links_in(inside);
    let worth = |link: &Link| {
        let named = page.is_named_title(link.part)
            || page.is_named_title(page.outline.parts[link.part].parent);
        let words = f64::from(link.letters.min(90));
        let marked = if link.heading || named { 60.0 } else { 0.0 };
        let is_title = link.is_headline();
        let home = if link.own_site { 20.0 } else { 0.0 };
        let furniture = match page.places[link.part] {
            Place::Furniture => -60.0,
            _ => 0.0,
        };
        let running = if link.running { -40.0 } else { 0.0 };
        let form = link.looks_like_text() * 30.0;
        (if is_title {
            words + marked
        } else {
            words * 0.2
        }) + home
            + furniture
            + running
            + form
    };
    let mut best: Option<(&Link, f64)> = None;
    for link in links {
        let worth = worth(link);
        if best.is_none_or(|(_, most)| worth > most) {
            best = Some((link, worth));
        }
    }
    let (best, _) = best?;
    // Of several links to one page the first has the headline, later ones the beginning of the text.
    let is_marked = |link: &Link| link.heading || page.is_named_title(link.part);
    let first = links.iter().find(|link| {
        link.id == best.id && link.is_headline() && page.places[link.part] != Place::Furniture
    });
    match first {
        Some(first) if !is_marked(best) => Some(first),
        _ => Some(best),
    }
}

/// The headline: the words of the link, else a heading of the item, else what describes the link.
fn title(page: &PageLinks<'_>, link: &Link, inside: Range<usize>) -> Option<String> {
    if link.is_headline() {
        return Some(link.title.clone());
    }
    let outline = page.outline;
    let heading = inside
        .clone()
        .filter(|at| is_heading_name(outline.parts[*at].name))
        .find_map(|at| page.text(at, 300).filter(|text| letters(text) >= 4));
    let named = || {
        inside
            .clone()
            .filter(|at| outline.parts[*at].name != "#text" && page.is_named_title(*at))
            .find_map(|at| page.text(at, 300).filter(|text| letters(text) >= 8))
    };
    let described = || {
        let own = ["aria-label", "title"]
            .iter()
            .find_map(|name| outline.attribute(link.part, name));
        let picture = || {
            (link.part..outline.parts[link.part].end)
                .filter(|at| outline.parts[*at].name == "img")
                .find_map(|at| outline.attribute(at, "alt"))
        };
        own.or_else(picture)
            .map(|text| warta_text::collapse_whitespace(&crate::signs::shown_characters(text)))
            .filter(|text| letters(text) >= 8 && text.len() <= 300)
    };
    heading
        .or_else(named)
        .or_else(|| Some(link.title.clone()).filter(|t| letters(t) >= 4 && !is_invitation(t)))
        .or_else(described)
}

/// Whether an item is marked as an advertisement.
fn is_advertisement(page: &PageLinks<'_>, mut inside: Range<usize>) -> bool {
    let start = inside.start;
    let names_itself = |at: usize| {
        let attribute = |name| page.outline.attribute(at, name).unwrap_or_default();
        [attribute("class"), attribute("id")]
            .into_iter()
            .flat_map(str::split_ascii_whitespace)
            .filter(|name| !name.starts_with("has-") && !name.starts_with("no-"))
            .any(|name| {
                crate::class_hints::words(name).iter().any(|word| {
                    matches!(
                        &**word,
                        "ad" | "ads"
                            | "advert"
                            | "advertisement"
                            | "advertorial"
                            | "sponsor"
                            | "sponsored"
                            | "iklan"
                            | "promoted"
                            | "native"
                            | "taboola"
                            | "outbrain"
                    )
                })
            })
    };
    if names_itself(start) || names_itself(page.outline.parts[start].parent) {
        return true;
    }
    inside.any(|at| page.is_ad_label(at, is_ad_label))
}

fn is_ad_label(text: &str) -> bool {
    matches!(
        &*letters_only(text),
        "ad" | "ads"
            | "iklan"
            | "sponsored"
            | "advertisement"
            | "advertorial"
            | "promoted"
            | "anzeige"
            | "sponsor"
            | "sponsoredcontent"
            | "paidcontent"
            | "paidpost"
            | "partnercontent"
            | "kontenbersponsor"
            | "infografisiklan"
            | "publicidad"
            | "promotedby"
            | "brandedcontent"
            | "contenupartenaire"
            | "publireportaje"
            | "pariwara"
    )
}

/// The end of what belongs to a bare item: its siblings before the next one.
fn until_next(page: &PageLinks<'_>, start: usize, next: Option<usize>) -> usize {
    let parts = &page.outline.parts;
    let own_end = parts[start].end;
    let holder = parts[start].parent;
    if !matches!(
        parts[start].name,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dt" | "tr" | "a" | "b" | "strong" | "p" | "div"
    ) {
        return own_end;
    }
    let limit = parts[holder].end.min(own_end + MAX_SIBLING_PARTS);
    let bound = match next {
        Some(next) if next < limit => next,
        Some(_) => own_end,
        // The last one takes no more than its next two siblings.
        None => limit,
    };
    let mut end = own_end;
    let mut taken = 0;
    while end < bound {
        let sibling = end;
        let is_element = parts[sibling].name != "#text";
        let ends = is_heading_name(parts[sibling].name)
            || page
                .links_in(sibling..parts[sibling].end)
                .iter()
                .any(|link| link.is_headline() && link.heading)
            || is_element && taken >= 3;
        if ends || parts[sibling].end > bound {
            break;
        }
        taken += usize::from(is_element);
        end = parts[sibling].end;
    }
    end
}

/// What the parts of an item say about it.
struct Facts {
    snippet: Option<String>,
    published: Option<DateTime<FixedOffset>>,
    picture: Option<String>,
    prose: u32,
}

impl Facts {
    fn read(page: &PageLinks<'_>, range: Range<usize>, link: &Link, title: &str) -> Self {
        Self {
            published: published(page, range.clone()),
            picture: picture(page, range.clone()),
            snippet: snippet(page, range.clone(), link, title),
            prose: prose(page, range),
        }
    }

    fn is_bare(&self) -> bool {
        self.snippet.is_none() && self.published.is_none()
    }
}

fn prose(page: &PageLinks<'_>, range: Range<usize>) -> u32 {
    range
        .map(|at| page.outline.own[at])
        .filter(|own| own.letters >= 25)
        .map(|own| own.letters.saturating_sub(own.linked))
        .sum()
}

fn published(page: &PageLinks<'_>, range: Range<usize>) -> Option<DateTime<FixedOffset>> {
    let outline = page.outline;
    let machine = range.clone().find_map(|at| {
        let name = outline.parts[at].name;
        if name == "#text" {
            return None;
        }
        let attribute = |name| outline.attribute(at, name);
        let class = attribute("class").unwrap_or_default();
        let is_time = name == "time"
            || attribute("itemprop").is_some_and(|p| matches!(p, "datePublished" | "dateCreated"))
            || class.contains("published");
        let named = ["datetime", "content", "title", "data-date", "data-datetime"];
        let by_name = || named.iter().find_map(|name| date(attribute(name)?));
        // "2 hours ago", with the date as its tool tip.
        let by_tip = || {
            let is_small = matches!(name, "span" | "abbr" | "small" | "i" | "em" | "div" | "p");
            (is_small && outline.letters(at) < 40)
                .then(|| date(attribute("title")?))
                .flatten()
        };
        is_time.then(by_name).flatten().or_else(by_tip)
    });
    machine.or_else(|| {
        range
            .filter(|at| outline.parts[*at].name != "#text")
            .find_map(|at| page.date_of(at))
    })
}

/// A date in the element before an item, as in `<dt>4 March 2026</dt><dd>…</dd>`.
fn published_before(page: &PageLinks<'_>, part: usize) -> Option<DateTime<FixedOffset>> {
    let tree = page.tree();
    let node = page.outline.parts[part].node;
    let before = std::iter::successors(tree.previous(node), |id| tree.previous(*id))
        .find(|id| tree.name(*id).is_some())?;
    let before = page.part_of(before)?;
    let is_short = page.outline.letters(before) < 40 && page.outline.linked(before) == 0;
    is_short.then(|| page.date_of(before)).flatten()
}

fn picture(page: &PageLinks<'_>, range: Range<usize>) -> Option<String> {
    let outline = page.outline;
    range
        .filter(|at| matches!(outline.parts[*at].name, "img" | "source"))
        .find_map(|at| {
            let attribute = |name: &str| outline.attribute(at, name);
            let url = if outline.parts[at].name == "source" {
                let set = attribute("srcset").or_else(|| attribute("data-srcset"))?;
                absolute_web(crate::media::largest(set)?, page.base.as_ref())?
            } else if is_tiny(&attribute) {
                return None;
            } else {
                picture_address(&attribute, page.base.as_ref())?
            };
            let alt = attribute("alt").unwrap_or_default();
            let (width, height) = (pixels(attribute("width")), pixels(attribute("height")));
            // Thumbnails of lists may be small.
            let fits = |side: Option<u32>| side.filter(|side| *side < 40);
            can_be_lead_picture(url.as_str(), alt, fits(width), fits(height))
                .then(|| url.as_str().to_owned())
        })
}

fn snippet(page: &PageLinks<'_>, range: Range<usize>, link: &Link, title: &str) -> Option<String> {
    let outline = page.outline;
    let own_title = letters_only(title);
    let candidate = |at: &usize| {
        let own = outline.own[*at];
        own.letters >= SHORTEST_SNIPPET
            && (own.linked * 2 < own.letters
                || link.part <= *at && *at < outline.parts[link.part].end)
            && !is_heading_name(outline.parts[*at].name)
    };
    range
        .filter(|at| outline.parts[*at].block == *at)
        .filter(candidate)
        .find_map(|at| {
            let text = page.text(at, 20_000)?;
            let plain = letters_only(&text);
            let repeats = plain == own_title || own_title.contains(&plain);
            let is_date = text.len() <= LONGEST_DATE && date(&text).is_some();
            (!repeats && !is_date).then(|| shortened(&text))
        })
        .filter(|text| !is_invitation(text))
}

pub(super) fn shortened(text: &str) -> String {
    if text.len() <= LONGEST_SNIPPET {
        return text.to_owned();
    }
    let cut = text.floor_char_boundary(LONGEST_SNIPPET);
    let at_word = text[..cut].rfind(' ').unwrap_or(cut);
    format!(
        "{}…",
        text[..at_word].trim_end_matches([',', ';', ':', ' '])
    )
}
