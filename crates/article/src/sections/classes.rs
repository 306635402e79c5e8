//! Names in `class` and `id`: which of them are stable, and which name furniture of a page.

use crate::class_hints::words;

/// Maximum number of classes read of an element.
const MAX_CLASSES: usize = 24;

/// A class that is likely to be the same tomorrow and on the next item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// The whole name.
    Whole(String),
    /// A readable beginning before a hash of a build, as CSS modules write it: `Card_title__`.
    Stem(String),
}

/// The stable classes of an element.
pub(super) fn stable(class: &str) -> Vec<Class> {
    let mut found: Vec<Class> = class
        .split_ascii_whitespace()
        .take(MAX_CLASSES)
        .filter_map(of_name)
        .collect();
    found.sort();
    found.dedup();
    found
}

fn of_name(name: &str) -> Option<Class> {
    if let Some(stem) = stem(name) {
        return Some(Class::Stem(stem.to_owned()));
    }
    let is_plain = name.len() >= 2
        && name.len() <= 48
        && name
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '_'));
    (is_plain && !is_state(name) && !is_layout(name) && !looks_random(name))
        .then(|| Class::Whole(name.to_owned()))
}

/// Whether an id is likely to be the same tomorrow.
pub(super) fn is_stable_id(id: &str) -> bool {
    id.len() >= 2
        && id.len() <= 40
        && id
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '_') || c.is_ascii_digit())
        && id.bytes().filter(u8::is_ascii_digit).count() <= 1
        && !looks_random(id)
}

/// `Card_title__x3Fq1` and `Card-module--title--x3Fq1`: what is before the hash.
fn stem(name: &str) -> Option<&str> {
    let (at, mark) = [("__", 2), ("--", 2)]
        .iter()
        .filter_map(|(mark, length)| Some((name.rfind(mark)?, *length)))
        .max()?;
    let (head, hash) = (&name[..at + mark], &name[at + mark..]);
    let mixed = hash.bytes().any(|b| b.is_ascii_digit())
        || hash.bytes().skip(1).any(|b| b.is_ascii_uppercase());
    let is_hash = (5..=10).contains(&hash.len())
        && hash
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && mixed;
    (is_hash && head.len() >= 5 && head.contains(['_', '-'])).then_some(head)
}

/// Names that differ from item to item of one list.
fn is_state(name: &str) -> bool {
    let low = name.to_ascii_lowercase();
    let starts = [
        "category-",
        "tag-",
        "status-",
        "format-",
        "has-",
        "no-",
        "with-",
        "without-",
        "is-",
        "js-",
        "post_tag-",
        "kategori-",
        "section-",
        "topic-",
        "author-",
        "hide-",
        "show-",
        "color-",
        "bg-",
        "theme-",
        "supports-",
        "tax-",
        "term-",
    ];
    starts.iter().any(|start| low.starts_with(start))
        || matches!(
            &*low,
            "new"
                | "read"
                | "unread"
                | "alt"
                | "left"
                | "right"
                | "premium"
                | "big"
                | "small"
                | "large"
                | "medium"
                | "video"
                | "foto"
                | "gallery"
                | "ganjil"
                | "genap"
        )
        || words(name).iter().any(|word| {
            matches!(
                &**word,
                "first"
                    | "last"
                    | "odd"
                    | "even"
                    | "active"
                    | "current"
                    | "sticky"
                    | "selected"
                    | "lazy"
                    | "lazyload"
                    | "loaded"
                    | "hover"
                    | "animated"
                    | "visible"
                    | "fade"
            )
        })
}

/// Names of a utility framework, which say how an element looks.
fn is_layout(name: &str) -> bool {
    let low = name.to_ascii_lowercase();
    let (first, rest) = low.split_once(['-', '_']).unwrap_or((&low, ""));
    let by_first = matches!(
        first,
        "col"
            | "row"
            | "flex"
            | "grid"
            | "inline"
            | "text"
            | "font"
            | "px"
            | "py"
            | "pt"
            | "pb"
            | "pl"
            | "pr"
            | "mx"
            | "my"
            | "mt"
            | "mb"
            | "ml"
            | "mr"
            | "gap"
            | "space"
            | "items"
            | "justify"
            | "rounded"
            | "shadow"
            | "border"
            | "overflow"
            | "relative"
            | "absolute"
            | "float"
            | "clearfix"
            | "clear"
            | "cf"
            | "align"
            | "order"
            | "container"
            | "columns"
            | "transition"
            | "duration"
            | "cursor"
            | "underline"
            | "uppercase"
            | "truncate"
            | "leading"
            | "tracking"
            | "max"
            | "min"
            | "self"
            | "sm"
            | "md"
            | "lg"
            | "xl"
            | "uk"
            | "pull"
            | "fl"
            | "fr"
            | "antialiased"
            | "opacity"
            | "aspect"
            | "divide"
            | "wow"
            | "animate"
            | "fluid"
    );
    let by_letter = matches!(first, "m" | "p" | "w" | "h" | "z" | "d")
        && matches!(
            rest,
            "" | "auto" | "full" | "screen" | "none" | "flex" | "block" | "inline" | "fit"
        );
    let alone = matches!(
        &*low,
        "block"
            | "group"
            | "span"
            | "wrapper"
            | "wrap"
            | "inner"
            | "outer"
            | "column"
            | "table"
            | "img"
            | "object"
            | "card-body"
            | "overflow"
    );
    by_first || by_letter || alone || name.contains([':', '/', '[', '@', '%', '!'])
}

/// Letters that no one typed: hashes of a build.
fn looks_random(name: &str) -> bool {
    let starts = ["sc-", "css-", "jsx-", "jss", "svelte-", "emotion-", "_"];
    if starts.iter().any(|start| name.starts_with(start)) {
        return true;
    }
    name.split(['-', '_']).any(|part| {
        let letters = part.as_bytes();
        let switches = letters
            .windows(2)
            .filter(|two| two[0].is_ascii_lowercase() != two[1].is_ascii_lowercase())
            .count();
        let is_vowel = |b: &u8| {
            matches!(
                b.to_ascii_lowercase(),
                b'a' | b'e' | b'i' | b'o' | b'u' | b'y'
            )
        };
        let dry = letters.split(is_vowel).map(<[u8]>::len).max().unwrap_or(0);
        part.is_ascii()
            && (letters.len() >= 5
                && letters.len() <= 8
                && switches * 2 >= letters.len()
                && letters.iter().any(u8::is_ascii_uppercase)
                || letters.len() >= 6 && dry >= 6)
    })
}

/// What the names of an element say about the links inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) enum Place {
    /// Nothing in particular.
    #[default]
    Main,
    /// A list beside the main one: most read, related, recommended, a side column.
    Beside,
    /// Not headlines: navigation, footer, tags, comments, sharing, advertisements.
    Furniture,
}

/// The place that the names of an element state.
pub(super) fn place(class: Option<&str>, id: Option<&str>) -> Place {
    let all = class.into_iter().chain(id).flat_map(str::split_whitespace);
    all.take(MAX_CLASSES)
        .map(of_names)
        .max()
        .unwrap_or_default()
}

fn of_names(name: &str) -> Place {
    let states = [
        "has-",
        "no-",
        "with-",
        "without-",
        "is-",
        "js-",
        "hide-",
        "tag-",
        "category-",
        "status-",
        "format-",
        "post_tag-",
    ];
    if states.iter().any(|start| name.starts_with(start))
        && !matches!(name, "tag-cloud" | "tag-list" | "tag-links")
    {
        return Place::Main;
    }
    // The side column of WordPress themes; in other names it is a size.
    if name == "secondary" {
        return Place::Beside;
    }
    let words = words(name);
    let mut found = words
        .iter()
        .map(|word| of_word(word))
        .max()
        .unwrap_or_default();
    for (at, first) in words.iter().enumerate() {
        for second in &words[at + 1..] {
            found = found.max(of_pair(first, second));
        }
    }
    found
}

fn of_word(word: &str) -> Place {
    match word {
        "nav" | "navbar" | "navigation" | "navi" | "menu" | "submenu" | "megamenu" | "footer"
        | "breadcrumb" | "breadcrumbs" | "pagination" | "pager" | "paging" | "pagenav"
        | "tagcloud" | "tags" | "taglist" | "hashtag" | "hashtags" | "comments" | "comment"
        | "komentar" | "commentlist" | "kommentare" | "disqus" | "share" | "sharing" | "social"
        | "socials" | "login" | "cookie" | "consent" | "gdpr" | "blogroll" | "copyright"
        | "adsbygoogle" | "ads" | "advert" | "advertisement" | "advertising" | "iklan"
        | "sponsor" | "sponsored" | "sponsors" | "advertorial" | "taboola" | "outbrain"
        | "mgid" | "anzeige" | "werbung" | "publicidad" | "partner" | "partners" | "toolbar"
        | "topbar" | "dropdown" | "offcanvas" | "modal" | "popup" | "sitemap" | "subnav"
        | "langswitch" => Place::Furniture,
        "sidebar" | "side" | "aside" | "rail" | "populer" | "terpopuler" | "popular"
        | "trending" | "mostread" | "mostpopular" | "mostviewed" | "related" | "relateds"
        | "terkait" | "relatedposts" | "relatednews" | "relatedarticles" | "yarpp"
        | "recommended" | "recommendation" | "recommendations" | "rekomendasi" | "recirc"
        | "recirculation" | "similar" | "bacajuga" | "readalso" | "lihatjuga" | "ticker"
        | "newsticker" | "breakingnews" | "bestof" | "onthisday" | "editorpick"
        | "complementary" | "jadwal" | "promoted" | "relacionadas" | "relacionados" => {
            Place::Beside
        }
        _ => Place::Main,
    }
}

fn of_pair(first: &str, second: &str) -> Place {
    match (first, second) {
        ("most", "read" | "popular" | "viewed" | "shared" | "commented")
        | ("read" | "see", "also" | "next")
        | ("baca" | "lihat" | "simak", "juga")
        | ("you", "may" | "might")
        | ("side" | "right" | "left", "bar" | "column" | "col" | "rail")
        | ("editor" | "editors", "pick" | "picks" | "choice")
        | ("pilihan", "editor") => Place::Beside,
        ("tag", "list" | "cloud" | "links" | "box")
        | ("site" | "page" | "main" | "global", "footer" | "nav" | "menu" | "navigation")
        | ("ad", "slot" | "unit" | "container" | "box" | "wrapper" | "banner" | "block")
        | ("link", "partner" | "terkait")
        | ("skip", "link" | "links") => Place::Furniture,
        _ => Place::Main,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_classes_are_told_from_hashes_and_states() {
        for (class, expected) in [
            (
                "post post-123 type-post status-publish category-news",
                "post type-post",
            ),
            ("card col-md-6 mb-3 first", "card"),
            ("css-1x2y3z sc-bdVaJa gKdXyz", ""),
            ("ArticleCard_title__x3Fq1", "ArticleCard_title__*"),
            ("list-berita item odd", "item list-berita"),
            ("block__element--modifier", "block__element--modifier"),
            ("flex items-center md:w-1/2 hover:underline", ""),
            ("media media--horizontal", "media media--horizontal"),
        ] {
            let found: Vec<String> = stable(class)
                .into_iter()
                .map(|class| match class {
                    Class::Whole(name) => name,
                    Class::Stem(name) => name + "*",
                })
                .collect();
            assert_eq!(found.join(" "), expected, "{class}");
        }
    }

    #[test]
    fn names_say_where_links_are() {
        for (class, expected) in [
            ("has-sidebar home", Place::Main),
            ("sidebar", Place::Beside),
            ("box mostRead", Place::Beside),
            ("footer-widget", Place::Furniture),
            ("tag-cloud", Place::Furniture),
            ("tag-politik", Place::Main),
            ("list-berita-terbaru", Place::Main),
            ("ads-slot", Place::Furniture),
        ] {
            assert_eq!(place(Some(class), None), expected, "{class}");
        }
    }
}
