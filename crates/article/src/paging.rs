//! Articles on several pages: finds the next page and the single-page version.

use url::Url;
use warta_text::collapse_whitespace;

use crate::parse::{DOCUMENT, NodeId, Tree};

/// Maximum number of links examined.
const MAX_LINKS: usize = 4000;
/// Maximum number of pages of an article.
const MAX_PAGES: u32 = 60;
/// Query parameters with page numbers.
const PARAMETERS: [&str; 9] = [
    "page", "p", "pg", "paged", "halaman", "hal", "seite", "pagina", "pageno",
];

/// The further pages of an article.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Paging {
    /// The next page.
    pub(crate) next: Option<String>,
    /// The single-page version.
    pub(crate) whole: Option<String>,
}

/// Finds the further pages of the article at `url`.
pub(crate) fn paging(tree: &Tree, url: &Url) -> Paging {
    let mut found = Paging::default();
    let links = tree
        .below(DOCUMENT)
        .filter(|id| matches!(tree.name(*id), Some("a" | "link")))
        .take(MAX_LINKS);
    for link in links {
        let Some(target) = tree
            .attribute(link, "href")
            .and_then(|href| crate::media::absolute_web(href, Some(url)))
        else {
            continue;
        };
        let is_next = || {
            // A name may end with a number for other reasons.
            is_next(url, &target) && (!has_numbered_name(&target) || says_next(tree, link))
        };
        if found.next.is_none() && is_next() {
            found.next = Some(without_fragment(&target));
        }
        if found.whole.is_none() && is_whole(tree, link, url, &target) {
            found.whole = Some(without_fragment(&target));
        }
    }
    // Without further pages there is no single-page version.
    if found.next.is_none() && number(url).1 <= 1 {
        found.whole = found.whole.filter(|whole| whole != url.as_str());
    }
    found
}

fn without_fragment(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.into()
}

/// Whether `target` is the next page after `url`: the same URL with the next number.
fn is_next(url: &Url, target: &Url) -> bool {
    let (article, current) = number(url);
    let (other, following) = number(target);
    following == current + 1 && article == other && following <= MAX_PAGES
}

/// `/name-2`, without an extension.
fn has_numbered_name(url: &Url) -> bool {
    let path = url.path().trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    !name.contains('.') && stem.len() < name.len() && stem.ends_with(['-', '_', ','])
}

/// Whether the text of a link is a page number or "next".
fn says_next(tree: &Tree, link: NodeId) -> bool {
    let words = tree.text(link).trim().to_lowercase();
    let says = [
        "next",
        "next page",
        "selanjutnya",
        "berikutnya",
        "halaman selanjutnya",
        "halaman berikutnya",
        "weiter",
        "suivant",
        "siguiente",
        ">",
        "»",
        "›",
        "next »",
        "next ›",
    ];
    says.contains(&&*words)
        || !words.is_empty() && words.len() < 3 && words.bytes().all(|b| b.is_ascii_digit())
}

/// A URL without its page number, and the number (1 if it has none).
fn number(url: &Url) -> (String, u32) {
    let host = url
        .host_str()
        .unwrap_or_default()
        .trim_start_matches("www.");
    let mut path = url.path().trim_end_matches('/').to_owned();
    let mut page = None;
    let mut query: Vec<String> = Vec::new();
    for (name, value) in url.query_pairs() {
        let named = PARAMETERS.contains(&name.to_ascii_lowercase().as_str());
        match value
            .parse::<u32>()
            .ok()
            .filter(|n| named && *n <= MAX_PAGES)
        {
            Some(number) if page.is_none() => page = Some(number),
            _ if is_tracking(&name) => {}
            _ => query.push(format!("{name}={value}")),
        }
    }
    if page.is_none()
        && let Some((rest, number)) = number_of_path(&path)
    {
        page = Some(number);
        path = rest;
    }
    query.sort();
    (
        format!("{host}{path}?{}", query.join("&")),
        page.unwrap_or(1).max(1),
    )
}

fn is_tracking(name: &str) -> bool {
    name.starts_with("utm_") || matches!(name, "fbclid" | "gclid" | "ref" | "source")
}

/// `/x/2`, `/x/page/2`, `/x-2.html`, `/x,2.html` as `/x` and 2.
fn number_of_path(path: &str) -> Option<(String, u32)> {
    let (stem, extension) = match path.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 5 && !extension.contains('/') => {
            (stem, Some(extension))
        }
        _ => (path, None),
    };
    let digits = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    let number: u32 = stem[digits.len()..].parse().ok()?;
    // Article numbers are longer than page numbers.
    if !(2..=MAX_PAGES).contains(&number) || stem.len() - digits.len() > 2 {
        return None;
    }
    let rest = match digits.strip_suffix('/') {
        Some(rest) => {
            let named = ["/page", "/halaman", "/hal", "/seite"];
            named
                .iter()
                .find_map(|name| rest.strip_suffix(name))
                .unwrap_or(rest)
        }
        None => digits.strip_suffix(['-', '_', ','])?,
    };
    if rest.len() < 2 {
        return None;
    }
    let extension = extension
        .map(|extension| format!(".{extension}"))
        .unwrap_or_default();
    Some((format!("{rest}{extension}"), number))
}

/// Whether a link leads to the single-page version.
fn is_whole(tree: &Tree, link: NodeId, url: &Url, target: &Url) -> bool {
    let same_path = target.host_str() == url.host_str()
        && number(target).0.split('?').next() == number(url).0.split('?').next();
    let asks = target.query_pairs().any(|(name, value)| {
        let value = value.to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            "page" | "view" | "showpage" | "pages" | "halaman" => {
                matches!(value.as_str(), "all" | "single" | "semua")
            }
            "single" | "onepage" | "fullpage" => {
                matches!(value.as_str(), "1" | "true" | "yes" | "all")
            }
            _ => false,
        }
    });
    if same_path && asks {
        return true;
    }
    let extends = target.host_str() == url.host_str()
        && target
            .path()
            .trim_end_matches('/')
            .strip_prefix(url.path().trim_end_matches('/'))
            .is_some_and(|rest| matches!(rest, "/all" | "/single" | "/full" | "/semua"));
    if extends {
        return true;
    }
    let words = collapse_whitespace(&tree.text(link).to_lowercase());
    same_path
        && target != url
        && words.len() < 40
        && [
            "tampilkan semua",
            "semua halaman",
            "lihat semua halaman",
            "baca semua halaman",
            "all pages",
            "single page",
            "view as one page",
            "show full article",
            "auf einer seite",
            "artikel auf einer seite",
            "tout sur une page",
        ]
        .iter()
        .any(|says| words.contains(says))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, links: &[&str], next: Option<&str>, whole: Option<&str>) {
        let html = links.iter().fold(String::new(), |html, href| {
            html + "<a href='" + href + "'>x</a>"
        });
        let found = paging(&Tree::of_document(&html), &Url::parse(url).unwrap());
        assert_eq!(found.next.as_deref(), next, "next of {url} among {links:?}");
        assert_eq!(
            found.whole.as_deref(),
            whole,
            "whole of {url} among {links:?}"
        );
    }

    #[test]
    fn the_next_page_is_the_same_address_with_the_next_number() {
        let news = "https://e.org/berita/7123456/jembatan-baru";
        check(
            news,
            &["?page=2", "?page=3", "?page=all"],
            Some("https://e.org/berita/7123456/jembatan-baru?page=2"),
            Some("https://e.org/berita/7123456/jembatan-baru?page=all"),
        );
        check(
            &format!("{news}?page=2"),
            &["?page=1", "?page=3#isi"],
            Some("https://e.org/berita/7123456/jembatan-baru?page=3"),
            None,
        );
        check(
            news,
            &["/berita/7123456/jembatan-baru/2"],
            Some("https://e.org/berita/7123456/jembatan-baru/2"),
            None,
        );
        check(
            news,
            &["/berita/7123456/jembatan-baru/page/2/"],
            Some("https://e.org/berita/7123456/jembatan-baru/page/2/"),
            None,
        );
        check(
            "https://e.org/a/cerita.html",
            &["cerita-2.html", "cerita-3.html"],
            Some("https://e.org/a/cerita-2.html"),
            None,
        );
        check(
            "https://e.org/a/cerita?utm_source=rss",
            &["cerita?page=2"],
            Some("https://e.org/a/cerita?page=2"),
            None,
        );
    }

    #[test]
    fn other_articles_and_lists_are_no_next_page() {
        let news = "https://e.org/berita/7123456/jembatan-baru";
        check(
            news,
            &[
                "/berita/7123457/perahu",
                "/berita?page=2",
                "/2",
                "https://other.org/berita/7123456/jembatan-baru?page=2",
                "/berita/7123456/jembatan-baru",
            ],
            None,
            None,
        );
        check("https://e.org/", &["/2", "?page=2&x=1"], None, None);
        check("https://e.org/berita/1", &["/berita/2"], None, None);
    }
}
