//! Finds feeds: offered by a page, implied by a known site, or at common paths.

use url::Url;

pub use crate::channel_rules::{
    ClosedChannel, account_profile, account_query, apple_podcast, closed, is_without_shorts,
    page_of,
};
use crate::channel_rules::{is_channel_id, youtube_channel};
use crate::decode::decode;
pub use crate::model::FeedLink;
use crate::names::Name;
pub use crate::shorthands::shorthand;
pub use crate::site_rules::by_rule;
use crate::text::plain;
use crate::urls::tidy;
use crate::xml::{NodeId, Tree};

/// Maximum number of links of a page.
const MAX_LINKS: usize = 40;

/// The feeds offered by a page, best first, without duplicates: `link` elements with a feed type
/// (RSS Board and WHATWG autodiscovery), else feeds in its embedded data, else anchors that look
/// like feeds.
#[must_use]
pub fn in_page(html: &[u8], url: &str, content_type: Option<&str>) -> Vec<FeedLink> {
    let text = decode(html, content_type);
    let Ok(page) = Url::parse(url) else {
        return Vec::new();
    };
    let tree = Tree::parse(&text);
    let all = elements(&tree);
    let is = |id: &NodeId, name: &str| tree.element(*id).name().eq_ignore_ascii_case(name);
    let base = base_of(&tree, &all, &page);
    let mut links: Vec<FeedLink> = Vec::new();
    let mut add = |href: &str, title: Option<String>, media_type: Option<String>| {
        let Ok(mut url) = base.join(&tidy(href)) else {
            return;
        };
        url.set_fragment(None);
        let web = matches!(url.scheme(), "http" | "https");
        if web && links.len() < MAX_LINKS && links.iter().all(|l| l.url != url.as_str()) {
            links.push(FeedLink {
                url: url.into(),
                title: title.filter(|t| !t.is_empty()),
                media_type,
            });
        }
    };
    for id in all.iter().filter(|id| is(id, "link")) {
        let rel = tree
            .attribute(*id, "rel")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let rels: Vec<&str> = rel.split_whitespace().collect();
        let media_type = tree
            .attribute(*id, "type")
            .map(|t| t.trim().to_ascii_lowercase());
        let of_feed = media_type.as_deref().is_some_and(is_feed_type);
        let fits = (rels.contains(&"alternate") && of_feed && !rels.contains(&"stylesheet"))
            || rels.contains(&"feed");
        if let Some(href) = tree
            .attribute(*id, "href")
            .filter(|h| fits && !h.trim().is_empty())
        {
            add(
                &href,
                tree.attribute(*id, "title").map(|t| plain(&t)),
                media_type,
            );
        }
    }
    // WordPress offers a comments feed beside the posts: posts come first.
    links.sort_by_key(is_comments);
    if is_youtube(&page) {
        let named = links.iter().find_map(|link| {
            let (_, id) = link.url.split_once("channel_id=")?;
            is_channel_id(id).then(|| id.to_owned())
        });
        let channel = named.or_else(|| channel_in(&text).map(str::to_owned));
        if let Some(channel) = channel {
            return youtube_channel(&page, &channel);
        }
    }
    if links.is_empty() {
        links.extend(in_data(&text).map(|url| FeedLink {
            url,
            title: None,
            media_type: None,
        }));
    }
    if links.is_empty() {
        links.extend(refreshed(&tree, &all, &base).map(|url| FeedLink {
            url: url.into(),
            title: None,
            media_type: None,
        }));
    }
    if links.is_empty() {
        links = anchors(&tree, &all, &base, &page);
    }
    links
}

/// The target of an immediate redirect (`<meta http-equiv="refresh">`), as used by old feed URLs.
fn refreshed(tree: &Tree<'_>, all: &[NodeId], base: &Url) -> Option<Url> {
    all.iter().find_map(|id| {
        let element = tree.element(*id);
        let of = |name| tree.attribute(*id, name).unwrap_or_default();
        let refreshes = element.name().eq_ignore_ascii_case("meta")
            && of("http-equiv").trim().eq_ignore_ascii_case("refresh");
        let content = refreshes.then(|| of("content"))?;
        let (_, target) = content.split_once([';', ','])?;
        let target = target.trim_start();
        let named = target
            .get(..3)
            .is_some_and(|url| url.eq_ignore_ascii_case("url"));
        let target = if named {
            target[3..].trim_start().strip_prefix('=')?
        } else {
            target
        };
        let target = base.join(&tidy(target.trim().trim_matches('\''))).ok()?;
        matches!(target.scheme(), "http" | "https").then_some(target)
    })
}

/// Anchors that look like feeds.
fn anchors(tree: &Tree<'_>, all: &[NodeId], base: &Url, page: &Url) -> Vec<FeedLink> {
    let mut ranked: Vec<(u8, Url, NodeId)> = Vec::new();
    for id in all {
        if !matches!(tree.element(*id).name(), "a" | "A" | "area" | "AREA") {
            continue;
        }
        let address = tree
            .attribute(*id, "href")
            .and_then(|href| base.join(&tidy(&href)).ok());
        if let Some(address) = address
            && let Some(rank) = anchor_rank(&address, page)
        {
            ranked.push((rank, address, *id));
        }
    }
    ranked.sort_by_key(|(rank, _, _)| *rank);
    let mut links: Vec<FeedLink> = Vec::new();
    for (_, url, id) in ranked {
        if links.len() >= MAX_LINKS {
            break;
        }
        if links.iter().all(|l| l.url != url.as_str()) {
            links.push(FeedLink {
                url: url.into(),
                title: Some(plain(&tree.text_of(id))).filter(|t| !t.is_empty()),
                media_type: None,
            });
        }
    }
    links
}

fn is_feed_type(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    matches!(
        essence,
        "application/rss+xml"
            | "application/atom+xml"
            | "application/rdf+xml"
            | "application/feed+json"
            | "application/rss"
            | "application/atom"
            | "application/x.atom+xml"
            | "application/x-atom+xml"
            | "application/xml"
            | "text/xml"
            | "text/rss+xml"
            | "text/atom+xml"
            | "text/rdf+xml"
            | "text/rss"
            | "text/atom"
            | "application/json"
    )
}

fn is_comments(link: &FeedLink) -> bool {
    let url = link.url.to_ascii_lowercase();
    url.contains("/comments/") || url.ends_with("/comments") || url.contains("feed=comments")
}

/// How likely an anchor is a feed, 0 best: by extension on the same site, by a word in the URL
/// there, then the same on other sites.
fn anchor_rank(url: &Url, page: &Url) -> Option<u8> {
    let address = url.as_str().to_ascii_lowercase();
    let path = url.path().to_ascii_lowercase();
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let ending = [
        ".rss",
        ".rdf",
        ".xml",
        ".atom",
        "/feed",
        "/feed/",
        "/rss",
        "/rss/",
        "/atom",
        "feed.json",
    ]
    .iter()
    .any(|e| path.ends_with(e));
    let word = ["rss", "rdf", "xml", "atom", "feed"]
        .iter()
        .any(|w| address.contains(w));
    let here = url.host_str() == page.host_str();
    match (ending, word, here) {
        (true, _, true) => Some(0),
        (false, true, true) => Some(1),
        (true, _, false) => Some(2),
        (false, true, false) if path.contains("feed") || path.contains("rss") => Some(3),
        _ => None,
    }
}

/// URLs to try if a page offers no feed, best first: of the site, and of the section that the URL
/// is in.
#[must_use]
pub fn common_paths(url: &str) -> Vec<String> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let mut parts = url.path().split('/').filter(|part| !part.is_empty());
    let section = parts.next().filter(|part| !part.contains('.'));
    let section = section.map(|part| format!("/{part}")).unwrap_or_default();
    let paths = [
        "/feed".to_owned(),
        format!("{section}/feed"),
        "/rss.xml".to_owned(),
        "/feed.xml".to_owned(),
        "/atom.xml".to_owned(),
        "/index.xml".to_owned(),
        "/rss".to_owned(),
        format!("{section}/rss"),
        format!("{section}/index.xml"),
        "/feed/".to_owned(),
        "/feeds/posts/default".to_owned(),
        "/index.rdf".to_owned(),
        "/feed.json".to_owned(),
        "/blog/feed".to_owned(),
    ];
    let mut found: Vec<String> = Vec::new();
    for path in paths {
        if let Ok(joined) = url.join(&path) {
            let joined: String = joined.into();
            if !found.contains(&joined) {
                found.push(joined);
            }
        }
    }
    found
}

/// Icons of a page's site, best first; the default location if the page has none.
#[must_use]
pub fn icons(html: &[u8], url: &str, content_type: Option<&str>) -> Vec<String> {
    let text = decode(html, content_type);
    let Ok(page) = Url::parse(url) else {
        return Vec::new();
    };
    let tree = Tree::parse(&text);
    let all = elements(&tree);
    let base = base_of(&tree, &all, &page);
    let mut icons: Vec<(u32, String)> = Vec::new();
    for id in all
        .iter()
        .filter(|id| tree.element(**id).known() == Name::Link)
    {
        let of = |name| tree.attribute(*id, name).unwrap_or_default();
        let rel = of("rel").to_ascii_lowercase();
        let mut rels = rel.split_whitespace();
        let touch = rel.contains("apple-touch-icon");
        if !touch && !rels.any(|rel| rel == "icon") {
            continue;
        }
        // Side of the largest size; vector icons have any size, Apple's default to 180.
        let sizes = of("sizes").to_ascii_lowercase();
        let side = sizes
            .split_whitespace()
            .filter_map(|size| size.split_once('x')?.0.parse().ok())
            .max();
        let drawn = sizes.contains("any") || of("type").contains("svg");
        let side = side.unwrap_or(if touch { 180 } else { 16 });
        // Prefer the smallest icon that is still sharp when shown small.
        let rank = match side {
            _ if drawn => 0,
            64..=256 => 1,
            257.. => 2,
            32..64 => 3,
            _ => 4,
        };
        let icon = base.join(of("href").trim()).ok();
        let icon = icon.filter(|icon| matches!(icon.scheme(), "http" | "https"));
        if let Some(icon) = icon.filter(|_| !of("href").trim().is_empty())
            && icons.len() < MAX_LINKS
        {
            icons.push((rank, icon.into()));
        }
    }
    icons.sort_by_key(|(rank, _)| *rank);
    let mut found: Vec<String> = Vec::new();
    for (_, icon) in icons {
        if !found.contains(&icon) {
            found.push(icon);
        }
    }
    if found.is_empty() {
        found.extend(page.join("/favicon.ico").map(String::from));
    }
    found
}

fn elements(tree: &Tree<'_>) -> Vec<NodeId> {
    tree.roots
        .iter()
        .flat_map(|root| std::iter::once(*root).chain(tree.descendants(*root)))
        .collect()
}

/// The base URL of a page's links.
fn base_of(tree: &Tree<'_>, all: &[NodeId], page: &Url) -> Url {
    all.iter()
        .find(|id| tree.element(**id).name().eq_ignore_ascii_case("base"))
        .and_then(|id| page.join(tree.attribute(*id, "href")?.trim()).ok())
        .unwrap_or_else(|| page.clone())
}

/// The id of the channel that a YouTube page is about, in its data.
fn channel_in(text: &str) -> Option<&str> {
    // On a video's page other channels are named too; the first marks name its own.
    let marks = [
        "\"externalId\":\"",
        "\"externalChannelId\":\"",
        "itemprop=\"identifier\" content=\"",
        "itemprop=\"channelId\" content=\"",
        "\"channelId\":\"",
        "/channel/",
    ];
    marks.iter().find_map(|mark| {
        let id = text[text.find(mark)? + mark.len()..].get(..24)?;
        is_channel_id(id).then_some(id)
    })
}

fn is_youtube(page: &Url) -> bool {
    let host = page.host_str().unwrap_or_default();
    host == "youtu.be" || host == "youtube.com" || host.ends_with(".youtube.com")
}

/// The feed in the data for a page's scripts, as podcast directories such as Apple's have it.
fn in_data(text: &str) -> Option<String> {
    let mark = "\"feedUrl\":";
    let rest = text[text.find(mark)? + mark.len()..].trim_start();
    let quoted = rest.get(..rest.get(1..)?.find('"')? + 2)?;
    let address: String = serde_json::from_str(quoted).ok()?;
    let address = Url::parse(&address).ok()?;
    matches!(address.scheme(), "http" | "https").then(|| address.into())
}
