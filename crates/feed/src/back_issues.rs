//! Back issues: which address has the entries before those of a fetched feed.
//!
//! A [`Walk`] goes from the newest page of an archive to the oldest, as the formats force: it gives
//! the address to fetch next and takes in what was fetched there. Servers are not trusted: no
//! address is asked twice, a page that repeats, leads elsewhere or goes forward in time ends the
//! walk, and so does their number. Pure: fetching, storing and the reader's limits are the caller's.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::{Entry, Feed, FeedKind, FeedPart};
use crate::sitemap_parts::{SitemapName, last_number, named_period};

/// Maximum number of pages of a walk.
pub const PAGES: usize = 2_000;
/// Entries asked for in a page of a Blogger archive; its servers send at most 150.
const BLOGGER_PAGE: usize = 100;
/// Maximum depth of sitemap indexes.
const DEEPEST: u32 = 2;
/// Maximum number of sitemaps that wait to be fetched.
const WAITING: usize = 1_000;
/// Years in the names of sitemaps end here.
const LAST_YEAR: i32 = 2_100;

/// How a publisher offers older entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ArchiveKind {
    /// Archive documents linked by `rel=prev-archive` (RFC 5005 § 4).
    Archived,
    /// Pages linked by `rel=next` (RFC 5005 § 3).
    Paged,
    /// Pages linked by `next_url` (JSON Feed 1.1).
    JsonFeed,
    /// WordPress: `?paged=2`, or `/page/2/` in the path.
    WordPress,
    /// Blogger: `?start-index=26&max-results=25`.
    Blogger,
    /// Sitemaps that an index names.
    Sitemaps,
}

/// Why a walk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WalkEnd {
    /// There are no older entries.
    Oldest,
    /// A page had only entries of earlier pages, or an address came again: the server ignores page
    /// numbers, or its pages form a loop.
    Repeats,
    /// The next page is not the publisher's.
    Elsewhere,
    /// A page had only entries newer than those of the feed.
    Forward,
    /// More than [`PAGES`] pages.
    Endless,
}

/// A sitemap that waits to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct WaitingPart {
    url: String,
    depth: u32,
}

/// How the next page of WordPress is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum PageNumber {
    Query,
    Path,
}

/// The way through an archive. It can be stored and continued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    kind: ArchiveKind,
    /// The address from which those of numbered pages are made.
    base: String,
    next: Option<String>,
    /// The sitemap to fetch next is the last.
    parts: Vec<WaitingPart>,
    depth: u32,
    /// The number of the page to fetch next; for Blogger, of its first entry.
    number: usize,
    page_number: PageNumber,
    /// Hashes of the addresses that were fetched.
    visited: BTreeSet<u64>,
    /// Hashes of the ids of the feed's own entries and of the last page's.
    first: BTreeSet<u64>,
    last: BTreeSet<u64>,
    /// The newest date of the feed's own entries.
    newest: Option<i64>,
    end: Option<WalkEnd>,
}

/// How the feed at this address offers older entries, as far as its document shows that.
#[must_use]
pub fn archive_kind(feed: &Feed, address: &str) -> Option<ArchiveKind> {
    Walk::begin(feed, address).map(|walk| walk.kind)
}

impl Walk {
    /// The way from a feed to what is older; `None` if it offers no archive.
    #[must_use]
    pub fn begin(feed: &Feed, address: &str) -> Option<Self> {
        let links = &feed.archive;
        let written_by = |name: &str| {
            let generator = links.generator.as_deref().unwrap_or_default();
            generator.to_ascii_lowercase().contains(name)
        };
        if links.is_complete {
            return None;
        }
        let (kind, base, next) = if feed.kind == FeedKind::SitemapIndex {
            (ArchiveKind::Sitemaps, address.to_owned(), None)
        } else if let Some(previous) = &links.prev_archive {
            (ArchiveKind::Archived, String::new(), Some(previous.clone()))
        } else if written_by("blogger") {
            (ArchiveKind::Blogger, blogger_base(feed, address)?, None)
        } else if let Some(next) = &links.next {
            let kind = match feed.kind {
                FeedKind::Json => ArchiveKind::JsonFeed,
                _ => ArchiveKind::Paged,
            };
            (kind, String::new(), Some(next.clone()))
        } else if written_by("wordpress") {
            (ArchiveKind::WordPress, wordpress_base(feed, address)?, None)
        } else {
            return None;
        };
        let mut walk = Self {
            kind,
            base,
            next,
            parts: Vec::new(),
            depth: 0,
            number: match kind {
                ArchiveKind::Blogger => feed.entries.len() + 1,
                _ => 2,
            },
            page_number: PageNumber::Query,
            visited: BTreeSet::from([hash(address)]),
            first: ids(feed),
            last: BTreeSet::new(),
            newest: dates(feed).max(),
            end: None,
        };
        walk.wait_for(&feed.parts, 1);
        walk.choose_next();
        walk.end.is_none().then_some(walk)
    }

    /// How the publisher offers its archive.
    #[must_use]
    pub fn kind(&self) -> ArchiveKind {
        self.kind
    }

    /// The address to fetch next.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref().filter(|_| self.end.is_none())
    }

    /// Why it ended, if it did.
    #[must_use]
    pub fn end(&self) -> Option<WalkEnd> {
        self.end
    }

    /// Number of pages fetched.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.visited.len() - 1
    }

    /// Ends the walk if the address to fetch next is not the publisher's.
    pub fn stay_with(&mut self, is_publishers: impl Fn(&str) -> bool) {
        if self.next().is_some_and(|next| !is_publishers(next)) {
            self.end = Some(WalkEnd::Elsewhere);
        }
    }

    /// Takes in the page that was fetched at [`Self::next`]; returns its older entries: those that
    /// neither the feed nor the page before it had, and that are not newer than the feed's.
    pub fn take(&mut self, page: Feed) -> Vec<Entry> {
        let Some(asked) = self.next.take().filter(|_| self.end.is_none()) else {
            return Vec::new();
        };
        self.visited.insert(hash(&asked));
        let is_list = self.kind == ArchiveKind::Sitemaps;
        let here = ids(&page);
        let newest = self.newest;
        let is_new = |id: &u64| !self.first.contains(id) && !self.last.contains(id);
        if !is_list && !here.is_empty() && !here.iter().any(is_new) {
            self.repeats();
            return Vec::new();
        }
        let is_forward =
            newest.is_some_and(|newest| dates(&page).min().is_some_and(|oldest| oldest > newest));
        if !is_list && is_forward {
            self.end = Some(WalkEnd::Forward);
            return Vec::new();
        }
        let (first, last) = (&self.first, &self.last);
        let count = page.entries.len();
        let older = page.entries.into_iter().filter(|entry| {
            let id = hash(&entry.id);
            let is_older = date(entry).zip(newest).is_none_or(|(at, most)| at <= most);
            is_older && !first.contains(&id) && !last.contains(&id)
        });
        let older: Vec<Entry> = older.collect();
        self.last = here;
        match self.kind {
            ArchiveKind::Archived => self.next = page.archive.prev_archive,
            ArchiveKind::Paged | ArchiveKind::JsonFeed => self.next = page.archive.next,
            ArchiveKind::WordPress => self.number += 1,
            ArchiveKind::Blogger => self.number += count,
            ArchiveKind::Sitemaps => self.wait_for(&page.parts, self.depth + 1),
        }
        if count == 0 && !is_list {
            self.end = Some(WalkEnd::Oldest);
        }
        self.choose_next();
        older
    }

    /// Notes that there is nothing at [`Self::next`], such as after a 404: numbered pages end so,
    /// and the other sitemaps remain.
    pub fn skip(&mut self) {
        let Some(asked) = self.next.take() else {
            return;
        };
        self.visited.insert(hash(&asked));
        if self.kind == ArchiveKind::Sitemaps {
            self.choose_next();
        } else {
            self.end.get_or_insert(WalkEnd::Oldest);
        }
    }

    /// Leaves out the sitemaps that are named after a time before `since`.
    pub fn leave_out_before(&mut self, since: DateTime<Utc>) {
        let is_over = |url: &str| last_day(url).is_some_and(|day| day < since.date_naive());
        self.parts.retain(|part| !is_over(&part.url));
        if self.kind == ArchiveKind::Sitemaps && self.next().is_some_and(is_over) {
            self.next = None;
            self.choose_next();
        }
    }

    /// The server ignores the number of the page: WordPress is asked once more, with the number in
    /// the path.
    fn repeats(&mut self) {
        let may_be_in_path = self.kind == ArchiveKind::WordPress
            && self.page_number == PageNumber::Query
            && self.number == 2;
        if may_be_in_path {
            self.page_number = PageNumber::Path;
            self.choose_next();
        } else {
            self.end = Some(WalkEnd::Repeats);
        }
    }

    fn choose_next(&mut self) {
        if self.end.is_some() {
            return;
        }
        match self.kind {
            ArchiveKind::Archived | ArchiveKind::Paged | ArchiveKind::JsonFeed => {}
            ArchiveKind::WordPress => {
                self.next = wordpress_page(&self.base, self.number, self.page_number);
            }
            ArchiveKind::Blogger => self.next = blogger_page(&self.base, self.number),
            ArchiveKind::Sitemaps => {
                let visited = &self.visited;
                self.parts
                    .retain(|part| !visited.contains(&hash(&part.url)));
                let part = self.parts.pop();
                self.depth = part.as_ref().map_or(0, |part| part.depth);
                self.next = part.map(|part| part.url);
            }
        }
        self.end = match &self.next {
            None => Some(WalkEnd::Oldest),
            Some(_) if self.pages() >= PAGES => Some(WalkEnd::Endless),
            Some(next) if self.visited.contains(&hash(next)) => Some(WalkEnd::Repeats),
            Some(_) => None,
        };
    }

    /// Adds the sitemaps of an index, the oldest first. Those of news are the feed itself, and those
    /// of pictures, tags and authors have no articles.
    fn wait_for(&mut self, parts: &[FeedPart], depth: u32) {
        if depth > DEEPEST {
            return;
        }
        let is_articles = |part: &&FeedPart| match SitemapName::of(&part.url) {
            SitemapName::Unknown => true,
            SitemapName::News => is_dated_or_numbered(&part.url),
            SitemapName::Other => false,
        };
        let mut articles: Vec<&FeedPart> = parts.iter().filter(is_articles).collect();
        articles.sort_by_cached_key(|part| {
            let named = last_day(&part.url).or(part.changed_at.map(|at| at.date_naive()));
            (Reverse(named), Reverse(last_number(&part.url)))
        });
        articles.truncate(WAITING.saturating_sub(self.parts.len()));
        let waiting = articles.into_iter().rev().map(|part| WaitingPart {
            url: part.url.clone(),
            depth,
        });
        self.parts.extend(waiting);
    }
}

/// Whether a sitemap's name has a date or a number.
fn is_dated_or_numbered(url: &str) -> bool {
    last_number(url).is_some()
}

/// The last day of the year, month or day in a sitemap's name.
fn last_day(url: &str) -> Option<NaiveDate> {
    let (year, month, day) = named_period(url, LAST_YEAR)?;
    let first = |year, month| NaiveDate::from_ymd_opt(year, month, 1);
    match (month, day) {
        (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day),
        (Some(12) | None, _) => first(year + 1, 1).map(|next| next - TimeDelta::days(1)),
        (Some(month), None) => first(year, month + 1).map(|next| next - TimeDelta::days(1)),
    }
}

/// The feed's address if it looks like one of WordPress, else the one that its site should have: a
/// feed may be passed on by another host.
fn wordpress_base(feed: &Feed, address: &str) -> Option<String> {
    let is_own = |address: &&str| {
        Url::parse(address).is_ok_and(|url| {
            let mut parts = url.path().split('/');
            parts.any(|part| part == "feed") || url.query_pairs().any(|(name, _)| name == "feed")
        })
    };
    let named = [Some(address), feed.self_url.as_deref()];
    if let Some(own) = named.into_iter().flatten().find(is_own) {
        return Some(own.to_owned());
    }
    let mut site = Url::parse(feed.link.as_deref()?).ok()?;
    site.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(["feed", ""]);
    Some(site.into())
}

fn wordpress_page(base: &str, number: usize, how: PageNumber) -> Option<String> {
    let mut url = Url::parse(base).ok()?;
    match how {
        PageNumber::Query => set_query(&mut url, &[("paged", number)]),
        PageNumber::Path => {
            let path = url.path().trim_end_matches('/');
            let before = path.strip_suffix("/feed")?;
            let path = format!("{before}/page/{number}/feed/");
            url.set_path(&path);
        }
    }
    Some(url.into())
}

fn blogger_base(feed: &Feed, address: &str) -> Option<String> {
    let is_own = |address: &&str| address.contains("/feeds/") && address.contains("/default");
    let named = [Some(address), feed.self_url.as_deref()];
    if let Some(own) = named.into_iter().flatten().find(is_own) {
        return Some(own.to_owned());
    }
    let site = Url::parse(feed.link.as_deref()?).ok()?;
    Some(site.join("/feeds/posts/default").ok()?.into())
}

fn blogger_page(base: &str, first: usize) -> Option<String> {
    let mut url = Url::parse(base).ok()?;
    let numbers = [("start-index", first), ("max-results", BLOGGER_PAGE)];
    set_query(&mut url, &numbers);
    Some(url.into())
}

/// Sets numbers in the query of an address and keeps the rest.
fn set_query(url: &mut Url, numbers: &[(&str, usize)]) {
    let is_other = |name: &str| numbers.iter().all(|(number, _)| *number != name);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| is_other(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut query = url.query_pairs_mut();
    query.clear().extend_pairs(kept);
    for (name, number) in numbers {
        query.append_pair(name, &number.to_string());
    }
}

fn ids(feed: &Feed) -> BTreeSet<u64> {
    feed.entries.iter().map(|entry| hash(&entry.id)).collect()
}

fn date(entry: &Entry) -> Option<i64> {
    entry.date().map(|at| at.timestamp())
}

fn dates(feed: &Feed) -> impl Iterator<Item = i64> {
    feed.entries.iter().filter_map(date)
}

fn hash(text: &str) -> u64 {
    let mut short = [0; 8];
    short.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..8]);
    u64::from_be_bytes(short)
}
