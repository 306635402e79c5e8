//! Which feeds a page offers, a known site implies, or a guess may find.

use serde::Serialize;
use url::Url;

use crate::decode::decode;
use crate::text::plain;
use crate::xml::{NodeId, Tree};

/// A feed that a page or a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedLink {
    /// Its address.
    pub url: String,
    /// Its name, as the page gives it.
    pub title: Option<String>,
    /// Its media type, as the page gives it.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
}

/// Links of a page at most.
const MOST_LINKS: usize = 40;

/// Feeds that a page names, best first, without repeats: `link` elements of a feed's type (the
/// autodiscovery of RSS Board and WHATWG), then anchors whose address looks like a feed's.
#[must_use]
pub fn in_page(html: &[u8], url: &str, content_type: Option<&str>) -> Vec<FeedLink> {
    let text = decode(html, content_type);
    let Ok(page) = Url::parse(url) else {
        return Vec::new();
    };
    let tree = Tree::parse(&text);
    let all: Vec<NodeId> = tree
        .roots
        .iter()
        .flat_map(|root| std::iter::once(*root).chain(tree.descendants(*root)))
        .collect();
    let is = |id: &NodeId, name: &str| tree.element(*id).name().eq_ignore_ascii_case(name);
    let base = all
        .iter()
        .find(|id| is(id, "base"))
        .and_then(|id| page.join(tree.attribute(*id, "href")?.trim()).ok())
        .unwrap_or_else(|| page.clone());
    let mut links: Vec<FeedLink> = Vec::new();
    let mut add = |href: &str, title: Option<String>, media_type: Option<String>| {
        let Ok(mut url) = base.join(href.trim()) else {
            return;
        };
        if url.scheme() == "feed" {
            let web = url.as_str().replacen("feed:", "http:", 1);
            let Ok(fixed) = Url::parse(&web) else { return };
            url = fixed;
        }
        url.set_fragment(None);
        let web = matches!(url.scheme(), "http" | "https");
        if web && links.len() < MOST_LINKS && links.iter().all(|l| l.url != url.as_str()) {
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
    // WordPress offers the comments of a site beside its posts: the posts come first.
    links.sort_by_key(is_comments);
    if links.is_empty() {
        let mut anchors: Vec<(u8, String, String)> = Vec::new();
        for id in all.iter().filter(|id| is(id, "a") || is(id, "area")) {
            let Some(href) = tree.attribute(*id, "href") else {
                continue;
            };
            if let Some(rank) = base
                .join(href.trim())
                .ok()
                .and_then(|u| anchor_rank(&u, &page))
            {
                anchors.push((rank, href.into_owned(), plain(&tree.text_of(*id))));
            }
        }
        anchors.sort_by_key(|(rank, _, _)| *rank);
        for (_, href, title) in anchors {
            let Ok(url) = base.join(href.trim()) else {
                continue;
            };
            if links.len() < MOST_LINKS && links.iter().all(|l| l.url != url.as_str()) {
                links.push(FeedLink {
                    url: url.into(),
                    title: Some(title).filter(|t| !t.is_empty()),
                    media_type: None,
                });
            }
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

/// How much an anchor looks like a feed's, 0 best: by its ending on the same site, by a word in its
/// address there, then the same elsewhere.
fn anchor_rank(url: &Url, page: &Url) -> Option<u8> {
    let address = url.as_str().to_ascii_lowercase();
    let path = url.path().to_ascii_lowercase();
    if !matches!(url.scheme(), "http" | "https" | "feed") {
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

/// Feed addresses that a known site's address implies; no request needed.
#[must_use]
pub fn by_rule(url: &str) -> Vec<FeedLink> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let Some(host) = url.host_str() else {
        return Vec::new();
    };
    let host = host.trim_start_matches("www.").trim_start_matches("m.");
    let segments: Vec<&str> = url.path().split('/').filter(|s| !s.is_empty()).collect();
    let query = |name: &str| {
        url.query_pairs()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.into_owned())
    };
    let found: Vec<String> = match (host, segments.as_slice()) {
        ("youtube.com", ["channel", id, ..]) => {
            vec![format!(
                "https://www.youtube.com/feeds/videos.xml?channel_id={id}"
            )]
        }
        ("youtube.com", ["user", name, ..]) => {
            vec![format!(
                "https://www.youtube.com/feeds/videos.xml?user={name}"
            )]
        }
        ("youtube.com", ["playlist", ..]) => query("list")
            .map(|list| format!("https://www.youtube.com/feeds/videos.xml?playlist_id={list}"))
            .into_iter()
            .collect(),
        ("reddit.com" | "old.reddit.com", [kind @ ("r" | "u" | "user"), name, rest @ ..])
            if !rest
                .last()
                .is_some_and(|l| l.to_ascii_lowercase().ends_with(".rss")) =>
        {
            vec![format!("https://www.reddit.com/{kind}/{name}/.rss")]
        }
        ("github.com", [owner, repository]) => ["releases", "tags", "commits"]
            .iter()
            .map(|what| format!("https://github.com/{owner}/{repository}/{what}.atom"))
            .collect(),
        ("github.com", [owner]) => vec![format!("https://github.com/{owner}.atom")],
        ("medium.com", [name, ..]) if *name != "feed" => {
            vec![format!("https://medium.com/feed/{name}")]
        }
        ("bsky.app", ["profile", name]) => vec![format!("https://bsky.app/profile/{name}/rss")],
        (host, [name])
            if name.starts_with('@') && !host.contains("youtube") && !host.contains("tiktok") =>
        {
            // Mastodon and its relatives.
            vec![format!("https://{host}/{name}.rss")]
        }
        (host, []) if host.ends_with(".substack.com") => vec![format!("https://{host}/feed")],
        (host, []) if host.ends_with(".medium.com") => vec![format!("https://{host}/feed")],
        (host, []) if host.ends_with(".tumblr.com") => vec![format!("https://{host}/rss")],
        (host, []) if host.ends_with(".wordpress.com") => vec![format!("https://{host}/feed/")],
        (host, []) if host.ends_with(".blogspot.com") => {
            vec![format!("https://{host}/feeds/posts/default")]
        }
        _ => Vec::new(),
    };
    found
        .into_iter()
        .map(|url| FeedLink {
            url,
            title: None,
            media_type: None,
        })
        .collect()
}

/// Addresses worth trying when the page names none, best first.
#[must_use]
pub fn common_paths(url: &str) -> Vec<String> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let paths = [
        "/feed",
        "/rss",
        "/rss.xml",
        "/feed.xml",
        "/atom.xml",
        "/index.xml",
        "/feed/",
        "/feeds/posts/default",
        "/rss/",
        "/index.rdf",
        "/feed.json",
        "/blog/feed",
    ];
    let mut found: Vec<String> = Vec::new();
    for path in paths {
        if let Ok(joined) = url.join(path) {
            let joined: String = joined.into();
            if !found.contains(&joined) {
                found.push(joined);
            }
        }
    }
    found
}
