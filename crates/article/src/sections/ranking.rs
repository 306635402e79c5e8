//! Which list of a page is the main one.

use warta_text::letters_only;

use super::classes::Place;
use super::items::Found;
use super::links::{PageLinks, is_heading_name, letters};

/// How much of a page a list is: the sum of what its items weigh.
pub(super) fn weight(page: &PageLinks<'_>, found: &[Found]) -> f64 {
    if found.is_empty() {
        return 0.0;
    }
    let sum: f64 = found.iter().map(|one| of_item(page, one)).sum();
    let count = found.len() as f64;
    let mut lengths: Vec<u32> = found.iter().map(|one| letters(&one.item.title)).collect();
    lengths.sort_unstable();
    let short = match lengths[lengths.len() / 2] {
        0..18 => 0.25,
        18..26 => 0.6,
        _ => 1.0,
    };
    let own_site = found.iter().filter(|one| one.link.own_site).count() as f64 / count;
    let strange = if own_site < 0.5 { 0.6 } else { 1.0 };
    let position = found[0].range.start as f64 / page.outline.parts.len().max(1) as f64;
    let titled = if is_below_side_heading(page, found) {
        0.3
    } else {
        1.0
    };
    sum * short * strange * titled * (1.15 - 0.35 * position)
}

fn of_item(page: &PageLinks<'_>, found: &Found) -> f64 {
    let length = f64::from(letters(&found.item.title).min(90)) / 40.0;
    let mut weight = length;
    for (is, factor) in [
        (found.link.heading, 1.4),
        (found.has_date, 1.3),
        (found.item.snippet.is_some(), 1.25),
        (found.item.picture.is_some(), 1.15),
    ] {
        if is {
            weight *= factor;
        }
    }
    let place = match page.places.get(found.link.part) {
        Some(Place::Beside) => 0.3,
        Some(Place::Furniture) => 0.03,
        _ => 1.0,
    };
    weight * place * (0.35 + 0.75 * found.link.looks_like_text())
}

/// Words of headings above lists that are not the main one.
const SIDE_HEADINGS: [&str; 44] = [
    "popular",
    "terpopuler",
    "populer",
    "mostread",
    "mostpopular",
    "mostviewed",
    "trending",
    "trendingnow",
    "related",
    "relatedarticles",
    "relatednews",
    "relatedposts",
    "relatedstories",
    "beritaterkait",
    "artikelterkait",
    "terkait",
    "bacajuga",
    "readalso",
    "alsoread",
    "recommended",
    "recommendedforyou",
    "rekomendasi",
    "rekomendasiuntukanda",
    "youmayalsolike",
    "youmightlike",
    "editorspick",
    "editorspicks",
    "editorschoice",
    "pilihaneditor",
    "sponsored",
    "promoted",
    "partnercontent",
    "fromourpartners",
    "palingdibaca",
    "banyakdibaca",
    "beritapopuler",
    "recentcomments",
    "komentarterbaru",
    "lesplusluss",
    "meistgelesen",
    "lomasleido",
    "tag",
    "tags",
    "archives",
];

/// Whether the nearest heading before the list says that it is not the main one.
fn is_below_side_heading(page: &PageLinks<'_>, found: &[Found]) -> bool {
    let parts = &page.outline.parts;
    let (Some(first), Some(last)) = (found.first(), found.last()) else {
        return false;
    };
    // The smallest element around all items; the heading is in it or just before it.
    let around = page
        .outline
        .upwards(first.range.start)
        .find(|at| page.outline.holds(*at, last.link.part))
        .unwrap_or(0);
    let from = around.saturating_sub(30);
    let near = (from..first.range.start).rev().take(60).find(|at| {
        is_heading_name(parts[*at].name) || parts[*at].name != "#text" && page.is_named_title(*at)
    });
    near.and_then(|at| page.text(at, 80))
        .is_some_and(|text| SIDE_HEADINGS.contains(&&*letters_only(&text)))
}
