//! Which sitemaps have news, judged by their names, and which parts of an index to fetch.

use std::cmp::Reverse;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use url::Url;

use crate::model::FeedPart;

/// Age of the news that a part may have, in days: two, and one for time zones and dates without a
/// time.
const NEWS_DAYS: i64 = 3;
/// An index with at most this many parts needs no names or dates: all of its parts are fetched.
const FEW: usize = 5;
/// Hours from midnight UTC until the date has ended in every time zone.
const DAY_HOURS: i64 = 36;

/// What the name of a sitemap suggests about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SitemapName {
    /// News, or what is newest.
    News,
    /// Nothing.
    Unknown,
    /// Something other than articles: pictures, tags, authors.
    Other,
}

/// Words of names, in lower case; German, Spanish, French, Italian and Indonesian ones too.
const NEWS: [&str; 20] = [
    "news",
    "newssitemap",
    "sitemapnews",
    "googlenews",
    "gnews",
    "berita",
    "terbaru",
    "terkini",
    "latest",
    "recent",
    "breaking",
    "today",
    "actu",
    "actualites",
    "aktuell",
    "nachrichten",
    "noticias",
    "ultimas",
    "notizie",
    "nyheter",
];
const OTHER: [&str; 26] = [
    "image",
    "images",
    "foto",
    "photo",
    "photos",
    "gallery",
    "galleries",
    "galeri",
    "tag",
    "tags",
    "category",
    "categories",
    "kategori",
    "author",
    "authors",
    "penulis",
    "page",
    "pages",
    "topic",
    "topics",
    "topik",
    "product",
    "products",
    "static",
    "section",
    "sections",
];

impl SitemapName {
    /// What the path and the query of an address suggest about its content. The host, which contains
    /// the site's name, does not count.
    #[must_use]
    pub fn of(address: &str) -> Self {
        let Some(named) = after_host(address) else {
            return Self::Unknown;
        };
        let named = named.to_ascii_lowercase();
        let mut words = named.split(|c: char| !c.is_ascii_alphanumeric());
        let mut is_other = false;
        if words.any(|word| {
            is_other |= OTHER.contains(&word);
            NEWS.contains(&word)
        }) {
            Self::News
        } else if is_other {
            Self::Other
        } else {
            Self::Unknown
        }
    }
}

/// What is known of a part that was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchedPart {
    /// Its modification date, as the index stated it at that fetch.
    pub changed_at: Option<DateTime<Utc>>,
    /// When it was fetched.
    pub fetched_at: DateTime<Utc>,
}

/// The parts of an index that may have news since they were fetched, in the order in which to fetch
/// them. Where parts are named after news, only those count. A part with a modification date is due
/// when that is newer than at its last fetch, one without a date each time.
#[must_use]
pub fn due_parts(
    parts: &[FeedPart],
    fetched: impl Fn(&str) -> Option<FetchedPart>,
    now: DateTime<Utc>,
) -> Vec<&FeedPart> {
    let names: Vec<SitemapName> = parts.iter().map(|p| SitemapName::of(&p.url)).collect();
    let least = if names.contains(&SitemapName::News) {
        SitemapName::News
    } else {
        SitemapName::Unknown
    };
    let mut due: Vec<(&FeedPart, Option<FetchedPart>)> = Vec::new();
    for (part, name) in parts.iter().zip(names) {
        if name > least {
            continue;
        }
        let known = fetched(&part.url);
        let is_due = match (part.changed_at, known) {
            (Some(changed), Some(known)) => is_newer(changed, known),
            (Some(changed), None) => {
                changed >= now - TimeDelta::days(NEWS_DAYS)
                    && period_of(&part.url, now) != Period::Over
            }
            (None, Some(_)) => period_of(&part.url, now) != Period::Over,
            (None, None) => match period_of(&part.url, now) {
                Period::Over => false,
                Period::Current => true,
                Period::Unnamed => name == SitemapName::News || parts.len() <= FEW,
            },
        };
        if is_due {
            due.push((part, known));
        }
    }
    // What changed last first; of parts without dates those that were not fetched for longest.
    due.sort_by_key(|(part, known)| {
        (
            Reverse(part.changed_at),
            known.map(|known| known.fetched_at),
        )
    });
    due.into_iter().map(|(part, _)| part).collect()
}

/// Whether a part was changed after it was fetched. A date without a time stays the same while the
/// day lasts.
fn is_newer(changed: DateTime<Utc>, known: FetchedPart) -> bool {
    let is_date = changed.timestamp() % 86_400 == 0;
    known.changed_at.is_none_or(|before| changed > before)
        || is_date && known.fetched_at < changed + TimeDelta::hours(DAY_HOURS)
}

/// How the year, month or day in a name relates to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Period {
    Unnamed,
    /// Not over: the part may have news.
    Current,
    Over,
}

/// The path and the query of an address.
fn after_host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let query = url.query().unwrap_or_default();
    Some(format!("{} {query}", url.path()))
}

/// How the year, month or day in the name of a sitemap relates to now.
fn period_of(address: &str, now: DateTime<Utc>) -> Period {
    match named_period(address, now.year() + 1) {
        None => Period::Unnamed,
        Some((year, month, day)) if is_current(year, month, day, now) => Period::Current,
        Some(_) => Period::Over,
    }
}

/// Finds a year, a month or a day in the name of a sitemap (`sitemap-2026-05.xml`, `?yyyy=2026`,
/// `20260504.xml`); years after `last_year` are other numbers.
pub(crate) fn named_period(
    address: &str,
    last_year: i32,
) -> Option<(i32, Option<u32>, Option<u32>)> {
    let named = after_host(address).unwrap_or_default();
    let numbers: Vec<&str> = named
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    let year_in = |text: &str| {
        let year: i32 = text.parse().ok()?;
        (1990..=last_year).contains(&year).then_some(year)
    };
    for (at, number) in numbers.iter().enumerate() {
        let two = |text: Option<&str>| {
            text.filter(|text| text.len() <= 2)
                .and_then(|text| text.parse::<u32>().ok())
        };
        let (year, month, day) = match number.len() {
            4 => (
                *number,
                two(numbers.get(at + 1).copied()),
                two(numbers.get(at + 2).copied()),
            ),
            6 => (&number[..4], two(number.get(4..)), None),
            8 => (&number[..4], two(number.get(4..6)), two(number.get(6..))),
            _ => continue,
        };
        let Some(year) = year_in(year) else {
            continue;
        };
        let month = month.filter(|month| (1..=12).contains(month));
        if number.len() > 4 && month.is_none() {
            continue;
        }
        let day = day.filter(|_| month.is_some());
        return Some((year, month, day));
    }
    None
}

/// The last number in the name of a sitemap (`post-sitemap12.xml`).
pub(crate) fn last_number(address: &str) -> Option<u64> {
    let named = after_host(address)?;
    let mut numbers = named.split(|c: char| !c.is_ascii_digit());
    numbers.rfind(|number| !number.is_empty())?.parse().ok()
}

/// Whether a year, month or day has any of the last days.
fn is_current(year: i32, month: Option<u32>, day: Option<u32>, now: DateTime<Utc>) -> bool {
    let first = now.date_naive() - TimeDelta::days(NEWS_DAYS);
    let last = now.date_naive() + TimeDelta::days(1);
    let date = month
        .zip(day)
        .and_then(|(m, d)| NaiveDate::from_ymd_opt(year, m, d));
    match (date, month) {
        (Some(date), _) => (first..=last).contains(&date),
        (None, Some(month)) => [first, last]
            .iter()
            .any(|at| (at.year(), at.month()) == (year, month)),
        (None, None) => [first, last].iter().any(|at| at.year() == year),
    }
}

/// Addresses of sitemaps to try if a site's robots.txt names none: those of news first, in the
/// section of the address too.
#[must_use]
pub fn usual_places(address: &str) -> Vec<String> {
    let Ok(url) = Url::parse(address) else {
        return Vec::new();
    };
    let mut parts = url.path().split('/').filter(|part| !part.is_empty());
    let section = parts.next().filter(|part| !part.contains('.'));
    let in_section = section.map(|section| format!("/{section}/sitemap_news.xml"));
    let paths = [
        "/sitemap-news.xml",
        "/news-sitemap.xml",
        "/sitemap_news.xml",
    ];
    let others = ["/sitemap.xml", "/sitemap_index.xml"];
    paths
        .into_iter()
        .chain(in_section.as_deref())
        .chain(others)
        .filter_map(|path| url.join(path).ok())
        .map(Into::into)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        // 2026-05-04 12:00 UTC.
        DateTime::from_timestamp(1_777_896_000, 0).unwrap_or_default() - TimeDelta::hours(hours)
    }

    #[test]
    fn names_promise_news() {
        for (path, expected) in [
            ("/sitemap-news.xml", SitemapName::News),
            ("/jabar/sitemap_news.xml.gz", SitemapName::News),
            ("/google-news.xml", SitemapName::News),
            ("/sitemap?type=news", SitemapName::News),
            ("/berita/sitemap.xml", SitemapName::News),
            ("/newsletter-sitemap.xml", SitemapName::Unknown),
            ("/sitemap.xml", SitemapName::Unknown),
            ("/post-sitemap1.xml", SitemapName::Unknown),
            ("/post_tag-sitemap.xml", SitemapName::Other),
            ("/category-sitemap.xml", SitemapName::Other),
            ("/sitemap-image.xml", SitemapName::Other),
        ] {
            let address = format!("https://news.kabar.example{path}");
            assert_eq!(SitemapName::of(&address), expected, "{path}");
        }
    }

    #[test]
    fn names_have_a_time() {
        for (path, expected) in [
            ("/sitemap-2026-05.xml", Period::Current),
            ("/sitemap-2026-04.xml", Period::Over),
            ("/sitemap.xml?yyyy=2026&mm=05&dd=04", Period::Current),
            ("/sitemap.xml?yyyy=2026&mm=05&dd=05", Period::Current),
            ("/sitemap.xml?yyyy=2026&mm=04&dd=30", Period::Over),
            ("/20260503.xml", Period::Current),
            ("/20260430.xml", Period::Over),
            ("/202605.xml", Period::Current),
            ("/2026.xml", Period::Current),
            ("/2019/sitemap.xml", Period::Over),
            ("/sitemap-12.xml", Period::Unnamed),
            ("/sitemap-3001.xml", Period::Unnamed),
            ("/sitemap-200045.xml", Period::Unnamed),
            ("/sitemap-20001399.xml", Period::Unnamed),
            ("/sitemap.xml", Period::Unnamed),
        ] {
            let address = format!("https://kabar2026.example{path}");
            assert_eq!(period_of(&address, at(0)), expected, "{path}");
        }
        let new_year = DateTime::from_timestamp(1_767_240_000, 0).unwrap_or_default();
        let december = "https://kabar.example/sitemap-2025-12.xml";
        assert_eq!(
            period_of(december, new_year),
            Period::Current,
            "on 1 January"
        );
    }

    #[test]
    fn only_parts_that_may_have_news_are_due() {
        let part = |path: &str, changed: Option<i64>| FeedPart {
            url: format!("https://kabar.example/{path}"),
            changed_at: changed.map(at),
        };
        let known = |changed: Option<i64>, fetched: i64| FetchedPart {
            changed_at: changed.map(at),
            fetched_at: at(fetched),
        };
        let many = |last: FeedPart| {
            let filled = (0..9).map(|n| part(&format!("{n}.xml"), Some(9_000)));
            filled.chain([last]).collect::<Vec<_>>()
        };
        for (what, last, before, is_due) in [
            ("new and recent", part("a.xml", Some(1)), None, true),
            ("new and old", part("a.xml", Some(100)), None, false),
            (
                "unchanged",
                part("a.xml", Some(1)),
                Some(known(Some(1), 0)),
                false,
            ),
            (
                "changed",
                part("a.xml", Some(1)),
                Some(known(Some(2), 0)),
                true,
            ),
            (
                "seen without a date",
                part("a.xml", Some(1)),
                Some(known(None, 0)),
                true,
            ),
            (
                "a day that lasts",
                part("a.xml", Some(12)),
                Some(known(Some(12), 1)),
                true,
            ),
            (
                "a day that is over",
                part("a.xml", Some(60)),
                Some(known(Some(60), 1)),
                false,
            ),
            ("without date or name", part("a.xml", None), None, false),
            ("without a date, named", part("news.xml", None), None, true),
            (
                "without a date, fetched",
                part("news.xml", None),
                Some(known(None, 1)),
                true,
            ),
            ("of this month", part("2026-05.xml", None), None, true),
            ("of another month", part("2026-03.xml", None), None, false),
            ("of pictures", part("image.xml", Some(1)), None, false),
        ] {
            let parts = many(last);
            let due = due_parts(&parts, |_| before, at(0));
            let due = due.iter().any(|part| part.url == parts[9].url);
            assert_eq!(due, is_due, "{what}");
        }
    }

    #[test]
    fn few_parts_are_due_without_names() {
        let part = |n: usize| FeedPart {
            url: format!("https://kabar.example/{n}"),
            changed_at: None,
        };
        for (number, expected) in [(1, 1), (5, 5), (6, 0)] {
            let parts: Vec<FeedPart> = (0..number).map(part).collect();
            assert_eq!(due_parts(&parts, |_| None, at(0)).len(), expected);
        }
    }

    #[test]
    fn parts_take_turns() {
        let part = |name: &str, changed: Option<i64>| FeedPart {
            url: format!("https://kabar.example/{name}/news.xml"),
            changed_at: changed.map(at),
        };
        let parts = [
            part("a", None),
            part("b", None),
            part("c", None),
            part("d", Some(2)),
            part("e", Some(1)),
        ];
        let fetched = |url: &str| {
            let hours = match url {
                url if url.contains("/a/") => 1,
                url if url.contains("/b/") => 2,
                _ => return None,
            };
            Some(FetchedPart {
                changed_at: None,
                fetched_at: at(hours),
            })
        };
        let due = due_parts(&parts, fetched, at(0));
        let names: Vec<&str> = due.iter().map(|part| &part.url[22..23]).collect();
        assert_eq!(names, ["e", "d", "c", "b", "a"]);
    }

    #[test]
    fn news_places_come_first() {
        assert_eq!(
            usual_places("https://kabar.example/berita/index?x=1"),
            [
                "/sitemap-news.xml",
                "/news-sitemap.xml",
                "/sitemap_news.xml",
                "/berita/sitemap_news.xml",
                "/sitemap.xml",
                "/sitemap_index.xml"
            ]
            .map(|path| format!("https://kabar.example{path}"))
        );
        assert_eq!(usual_places("bukan alamat"), [] as [String; 0]);
    }
}
