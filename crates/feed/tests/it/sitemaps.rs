//! Sitemaps: what is kept of them, their bounds, and hostile ones. Dialects are in `golden.rs`.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use warta_feed::{Feed, FeedKind, Source, parse, sitemap};

/// Generous for a debug build on a busy machine, far below what quadratic time would take.
const SOON: Duration = Duration::from_secs(10);

/// 2026-05-04 12:00 UTC.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_777_896_000, 0).unwrap()
}

fn read(document: &str) -> Feed {
    let source = Source {
        bytes: document.as_bytes(),
        url: Some("https://kabar.example/sitemap.xml"),
        content_type: None,
    };
    parse(&source).unwrap()
}

fn news(number: usize, date: DateTime<Utc>) -> String {
    format!(
        "<url><loc>https://kabar.example/{number}</loc><news:news><news:publication_date>{}\
         </news:publication_date><news:title>Berita {number}</news:title></news:news></url>",
        date.to_rfc3339()
    )
}

fn titles(feed: &Feed) -> Vec<&str> {
    let entries = feed.entries.iter();
    entries.filter_map(|entry| entry.title.as_deref()).collect()
}

#[test]
fn two_days_are_kept_before_the_newest_news() {
    let at = |hours: i64| noon() - TimeDelta::hours(hours);
    for (now, dates, expected) in [
        (at(0), vec![1, 49, 50, 60], vec!["Berita 0", "Berita 1"]),
        // After a holiday the last news is still shown.
        (at(0), vec![100, 140, 149], vec!["Berita 0", "Berita 1"]),
        // A mistyped year does not hide what is new.
        (at(0), vec![-9_000, 2, 60], vec!["Berita 0", "Berita 1"]),
    ] {
        let body: String = dates
            .iter()
            .enumerate()
            .map(|(number, hours)| news(number, at(*hours)))
            .collect();
        let mut feed = read(&format!("<urlset>{body}</urlset>"));
        assert_eq!(feed.kind, FeedKind::NewsSitemap);
        sitemap::keep_recent(&mut feed, now);
        assert_eq!(titles(&feed), expected, "{dates:?} hours ago");
    }
}

#[test]
fn a_plain_sitemap_that_rested_has_no_news() {
    let document = "<urlset><url><loc>https://kabar.example/banjir-surut-di-pesisir</loc>\
                    <lastmod>2026-04-20</lastmod></url></urlset>";
    let mut feed = read(document);
    assert_eq!((feed.kind, feed.entries.len()), (FeedKind::Sitemap, 1));
    sitemap::keep_recent(&mut feed, noon());
    assert_eq!(titles(&feed), [] as [&str; 0]);
}

#[test]
fn other_feeds_keep_their_old_entries() {
    let document = "<rss><channel><title>Kabar</title><item><title>Lama</title>\
                    <pubDate>Mon, 04 May 2020 02:00:00 GMT</pubDate></item></channel></rss>";
    let mut feed = read(document);
    sitemap::keep_recent(&mut feed, noon());
    assert_eq!(titles(&feed), ["Lama"]);
}

#[test]
fn of_too_many_entries_the_newest_are_kept() {
    let mut body = String::new();
    // Neither oldest nor newest first.
    for number in (0..3_000).map(|number| number * 1_009 % 3_000) {
        body += &news(number, noon() - TimeDelta::seconds(number as i64));
    }
    let feed = read(&format!("<urlset>{body}</urlset>"));
    assert_eq!(feed.entries.len(), 2_000);
    assert_eq!(feed.entries[0].title.as_deref(), Some("Berita 0"));
    assert_eq!(feed.entries[1_999].title.as_deref(), Some("Berita 1999"));
    assert_eq!(feed.problems, ["1000 entries are left out"]);
}

#[test]
fn the_parts_of_an_index_are_bounded() {
    let mut body = String::new();
    for number in 0..60_000 {
        let _ = write!(
            body,
            "<sitemap><loc>https://kabar.example/{number}.xml</loc></sitemap>"
        );
    }
    let feed = read(&format!("<sitemapindex>{body}</sitemapindex>"));
    assert_eq!(
        (feed.kind, feed.parts.len()),
        (FeedKind::SitemapIndex, 50_000)
    );
}

#[test]
fn overlong_texts_of_a_sitemap_are_cut() {
    let long = "panjang ".repeat(100_000);
    let keywords = (0..1_000).fold(String::new(), |all, n| format!("{all}kata {n},"));
    let document = format!(
        "<urlset><url><loc>https://kabar.example/a</loc><news:news><news:publication>\
         <news:name>{long}</news:name><news:language>{long}</news:language></news:publication>\
         <news:publication_date>2026-05-04</news:publication_date><news:title>{long}</news:title>\
         <news:keywords>{keywords}{long}</news:keywords></news:news></url></urlset>"
    );
    let feed = read(&document);
    let entry = &feed.entries[0];
    assert!(
        entry
            .title
            .as_ref()
            .is_some_and(|title| title.len() <= 4_000)
    );
    assert!(
        feed.title
            .as_ref()
            .is_some_and(|title| title.len() <= 4_000)
    );
    assert_eq!((entry.categories.len(), &entry.language), (50, &None));
}

#[test]
fn no_sitemap_takes_quadratic_time() {
    const PARTS: usize = 100_000;
    let of = |inner: &str| format!("<urlset>{}", inner.repeat(PARTS));
    let one = |inner: &str| format!("<urlset><url>{}", inner.repeat(PARTS));
    let in_news = |inner: &str| {
        format!(
            "<urlset><url><loc>https://k.example/a</loc><news:news>{}",
            inner.repeat(PARTS)
        )
    };
    let mut addresses = String::new();
    for number in 0..PARTS {
        let _ = write!(
            addresses,
            "<url><loc>https://k.example/berita-di-pesisir-{number}</loc>\
             <lastmod>2026-05-04T10:00:{:02}Z</lastmod></url>",
            number % 60
        );
    }
    let cases = [
        ("addresses", format!("<urlset>{addresses}</urlset>")),
        ("open entries", of("<url>")),
        ("open addresses", of("<url><loc>https://k.example/a")),
        (
            "open news",
            of("<url><loc>https://k.example/a</loc><news:news><news:title>a"),
        ),
        (
            "locations of one entry",
            one("<loc>https://k.example/a</loc>"),
        ),
        ("nested locations", one("<loc>a")),
        (
            "pictures of one entry",
            one("<image:image><image:loc>https://k.example/a</image:loc></image:image>"),
        ),
        (
            "videos of one entry",
            one(
                "<loc>https://k.example/a</loc><lastmod>2026-05-04</lastmod><video:video><video:content_loc>https://k.example/a</video:content_loc><video:tag>a</video:tag></video:video>",
            ),
        ),
        ("news of one entry", in_news("<news:title>a</news:title>")),
        ("keywords", in_news("<news:keywords>a,b,")),
        (
            "words of an address",
            format!(
                "<urlset><url><loc>https://k.example/{}</loc><lastmod>2026-05-04",
                "a-".repeat(3_000)
            ),
        ),
        (
            "parts",
            format!(
                "<sitemapindex>{}",
                "<sitemap><loc>https://k.example/a.xml</loc></sitemap>".repeat(PARTS)
            ),
        ),
        ("indexes", "<sitemapindex>".repeat(PARTS)),
        ("documents", "<urlset></urlset>".repeat(PARTS)),
        (
            "namespaces",
            of("<url xmlns:news='a'><news:news xmlns='b'/></url>"),
        ),
    ];
    for (name, document) in cases {
        let start = Instant::now();
        let _ = parse(&Source {
            bytes: document.as_bytes(),
            url: Some("https://k.example/"),
            content_type: None,
        });
        assert!(start.elapsed() < SOON, "{name} took {:?}", start.elapsed());
    }
}
