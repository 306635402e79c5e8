//! Ranks the feeds that a site offers to find the main one. Sites also list feeds of comments,
//! sections, tags and authors, in any order; a reader who adds a site wants its main feed.

use std::cmp::Reverse;
use std::collections::HashMap;

use url::Url;

use crate::api::FoundFeed;
use crate::context::labels::host_of;

/// Word parts that mark comment feeds, in lower case.
const COMMENTS: [&str; 13] = [
    "comment",
    "coment",
    "koment",
    "komment",
    "reacties",
    "replies",
    "yorum",
    "коммент",
    "コメント",
    "评论",
    "評論",
    "댓글",
    "تعليق",
];
/// Path parts that any feed may have.
const PLAIN: [&str; 34] = [
    "all",
    "all.xml",
    "atom",
    "atom.xml",
    "berita",
    "beranda",
    "blog",
    "blogs",
    "default",
    "feed",
    "feed.atom",
    "feed.json",
    "feed.rss",
    "feed.xml",
    "feeds",
    "frontpage",
    "front",
    "full",
    "headlines",
    "home",
    "index.atom",
    "index.json",
    "index.rdf",
    "index.rss",
    "index.xml",
    "latest",
    "main",
    "news",
    "posts",
    "rdf",
    "rss",
    "rss.xml",
    "rss2",
    "terbaru",
];
/// Path segments that precede the name of a section.
const SECTIONS: [&str; 16] = [
    "author",
    "authors",
    "categories",
    "category",
    "kanal",
    "kategori",
    "label",
    "labels",
    "rubrik",
    "search",
    "section",
    "sections",
    "tag",
    "tags",
    "topic",
    "topics",
];
/// Parameters that select a format, not content.
const FORMS: [&str; 6] = ["alt", "feed", "format", "output", "type", "version"];

/// Moves the main feed to the front; the others follow from general to specific, comments last.
/// `page` is the requested address or the one it redirected to.
pub(crate) fn first(mut feeds: Vec<FoundFeed>, page: &str) -> Vec<FoundFeed> {
    let titles: Vec<String> = feeds.iter().map(|feed| stem(&feed.title)).collect();
    let ranks: HashMap<String, (bool, bool, usize, Reverse<usize>)> = feeds
        .iter()
        .zip(&titles)
        .map(|(feed, title)| {
            let begins = |other: &&String| *other != title && other.starts_with(title.as_str());
            let begun = titles.iter().filter(begins).count();
            let covers = if title.is_empty() { 0 } else { begun };
            let comments = is_of_comments(feed);
            let asked = !comments && is_of_page(&feed.url, page);
            let rank = (comments, !asked, limits(&feed.url, page), Reverse(covers));
            (feed.url.clone(), rank)
        })
        .collect();
    // The sort is stable: otherwise the page's order decides.
    feeds.sort_by_key(|feed| ranks.get(&feed.url).copied());
    feeds
}

fn is_of_comments(feed: &FoundFeed) -> bool {
    let title = feed.title.to_lowercase();
    let url = feed.url.to_lowercase();
    let path = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let path = path.find(['/', '?']).map_or("", |at| &path[at..]);
    COMMENTS
        .iter()
        .any(|word| title.contains(word) || path.contains(word))
}

/// Whether the reader asked for a section of the site and this is its feed.
fn is_of_page(feed: &str, page: &str) -> bool {
    let (Ok(feed), Ok(page)) = (Url::parse(feed), Url::parse(page)) else {
        return false;
    };
    let (asked, offered) = (parts(&page), parts(&feed));
    host_of(feed.as_str()) == host_of(page.as_str())
        && !asked.is_empty()
        && offered.len() > asked.len()
        && offered.starts_with(&asked)
}

/// How many parts of a URL narrow the feed's content.
fn limits(feed: &str, page: &str) -> usize {
    let Ok(url) = Url::parse(feed) else { return 0 };
    let parts = parts(&url);
    let named = parts
        .iter()
        .filter(|part| !PLAIN.contains(&part.as_str()))
        .count();
    let sections = parts
        .iter()
        .filter(|part| SECTIONS.contains(&part.as_str()))
        .count();
    let parameters = url
        .query_pairs()
        .filter(|(name, _)| !FORMS.contains(&name.to_lowercase().as_str()))
        .count();
    let host = |url: &str| {
        host_of(url).map(|host| {
            let general = host.strip_prefix("feeds.").or(host.strip_prefix("rss."));
            general.map_or_else(|| host.clone(), str::to_owned)
        })
    };
    named + 2 * sections + parameters + usize::from(host(feed) != host(page))
}

fn parts(url: &Url) -> Vec<String> {
    let path = url.path().to_lowercase();
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// A title without words that only mark it as a feed.
fn stem(title: &str) -> String {
    let title = title.to_lowercase();
    let title = title.trim();
    let mut stem = title;
    for end in ["feed", "rss", "atom", "»", "-", "|", ":"] {
        stem = stem.strip_suffix(end).unwrap_or(stem).trim_end();
    }
    if stem.is_empty() { title } else { stem }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, offered: &[(&str, &str)], expected: &str) {
        let feeds = offered
            .iter()
            .map(|(url, title)| FoundFeed {
                archive: None,
                url: (*url).into(),
                title: (*title).into(),
                site: None,
                description: None,
                entries: Some(3),
                already: false,
                kind: crate::api::FoundKind::Feed,
                page: None,
            })
            .collect();
        let ordered = first(feeds, page);
        assert_eq!(ordered[0].url, expected, "{ordered:#?}");
    }

    #[test]
    fn comment_and_section_feeds_rank_below_the_main_feed() {
        let site = "https://kabar.example/";
        check(
            site,
            &[
                (
                    "https://kabar.example/comments/feed/",
                    "Komentar untuk Kabar",
                ),
                (
                    "https://kabar.example/category/olahraga/feed/",
                    "Kabar » Olahraga",
                ),
                ("https://kabar.example/feed/", "Kabar"),
            ],
            "https://kabar.example/feed/",
        );
        check(
            site,
            &[
                ("https://kabar.example/rss/sport.xml", "Kabar - Sport"),
                ("https://kabar.example/rss/", "Kabar"),
            ],
            "https://kabar.example/rss/",
        );
        check(
            site,
            &[
                ("https://kabar.example/?feed=comments-rss2", "Kabar"),
                ("https://kabar.example/?cat=7&feed=rss2", "Kabar"),
                ("https://kabar.example/?feed=rss2", "Kabar"),
            ],
            "https://kabar.example/?feed=rss2",
        );
        check(
            site,
            &[
                ("https://sport.kabar.example/rss", "Kabar Sport"),
                ("https://feeds.kabar.example/rss", "Kabar"),
            ],
            "https://feeds.kabar.example/rss",
        );
    }

    #[test]
    fn titles_decide_when_addresses_do_not() {
        check(
            "https://kabar.example/",
            &[
                ("https://kabar.example/rss/a1.xml", "Kabar: Ekonomi"),
                ("https://kabar.example/rss/a2.xml", "Kabar"),
                ("https://kabar.example/rss/a3.xml", "Kabar: Dunia"),
            ],
            "https://kabar.example/rss/a2.xml",
        );
    }

    #[test]
    fn the_order_on_the_page_breaks_ties() {
        check(
            "https://kabar.example/",
            &[
                ("https://kabar.example/rss.xml", "Kabar"),
                ("https://kabar.example/atom.xml", "Kabar"),
            ],
            "https://kabar.example/rss.xml",
        );
    }

    #[test]
    fn a_section_page_yields_the_section_feed() {
        check(
            "https://kabar.example/olahraga/",
            &[
                ("https://kabar.example/feed/", "Kabar"),
                ("https://kabar.example/olahraga/feed/", "Kabar » Olahraga"),
            ],
            "https://kabar.example/olahraga/feed/",
        );
        check(
            "https://kabar.example/2026/banjir/",
            &[
                (
                    "https://kabar.example/2026/banjir/feed/",
                    "Comments on: Banjir",
                ),
                ("https://kabar.example/feed/", "Kabar"),
            ],
            "https://kabar.example/feed/",
        );
    }
}
