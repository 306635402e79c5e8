//! Sitemaps as feeds: the sitemap protocol (sitemaps.org, 0.9) with Google's news, image and video
//! extensions. A sitemap index is a feed without entries that names its [`Feed::parts`].
//!
//! Elements are recognised by their names, and by their parents where namespaces are missing or
//! misspelt. Deliberately absent: fetching the parts, and a clock: [`keep_recent`] takes the time.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::children::Children;
use crate::model::{Enclosure, Entry, EntrySource, Feed, FeedKind, FeedPart};
use crate::names::{Name, Space, usual_prefix};
use crate::reader::Reader;
pub use crate::sitemap_parts::{FetchedPart, SitemapName, due_parts, usual_places};
use crate::text::{as_html, plain};
use crate::urls::is_web;
use crate::xml::{NodeId, Tree};
use crate::{bounds, dates, media, slugs};

/// Maximum age of sitemap entries that count as news, in hours: news sitemaps list two days.
const NEWS_HOURS: i64 = 48;
/// Maximum number of entries of a sitemap; of more the newest are kept. A news sitemap may have
/// 1,000 by its rules.
const ENTRIES: usize = 2_000;
/// Maximum number of parts of a sitemap index (sitemaps.org).
const PARTS: usize = 50_000;
/// Number of nested elements searched for a sitemap that something encloses.
const LOOKED_AT: usize = 200;
/// Maximum number of elements and pieces of text in a title.
const TITLE_PIECES: usize = 100;
/// Minimum number of entries from which a shared modification time is taken for the time at which
/// the sitemap was written.
const SHARED_BY: usize = 10;
/// The same for modification dates without a time: that many articles are not changed in a day.
const SHARED_DAY_BY: usize = 1_000;

/// Removes the entries of a sitemap that are too old to be news: more than two days older than `now`,
/// or in a news sitemap, which may pause over a holiday, than its newest entry. Changes no other
/// feed.
pub fn keep_recent(feed: &mut Feed, now: DateTime<Utc>) {
    if !matches!(feed.kind, FeedKind::NewsSitemap | FeedKind::Sitemap) {
        return;
    }
    let age = TimeDelta::hours(NEWS_HOURS);
    let published = feed.entries.iter().filter_map(|entry| entry.published);
    let newest = published.filter(|at| *at <= now).max().unwrap_or(now);
    let newest = match feed.kind {
        FeedKind::NewsSitemap => newest,
        _ => now,
    };
    feed.entries
        .retain(|entry| match (entry.published, entry.updated) {
            (Some(published), _) => published >= newest - age,
            (None, Some(updated)) => updated >= now - age,
            (None, None) => true,
        });
}

/// The root elements of a sitemap in a document: several where files were concatenated, enclosed
/// where something was wrapped around them.
pub(crate) fn roots(tree: &Tree<'_>) -> Vec<NodeId> {
    let is_root =
        |id: &NodeId| matches!(tree.element(*id).known(), Name::UrlSet | Name::SitemapIndex);
    let outer: Vec<NodeId> = tree.roots.iter().copied().filter(is_root).collect();
    if !outer.is_empty() {
        return outer;
    }
    let is_other = |id: &NodeId| {
        matches!(
            tree.element(*id).known(),
            Name::Html | Name::Head | Name::Body | Name::Rss | Name::Feed | Name::Rdf
        )
    };
    if tree.roots.iter().any(is_other) {
        return Vec::new();
    }
    let enclosed = tree.roots.iter().flat_map(|id| tree.children(*id));
    enclosed.take(LOOKED_AT).filter(is_root).collect()
}

/// An entry with what decides whether it is kept.
struct Candidate {
    id: NodeId,
    link: String,
    /// `news:news`, or the entry itself if it contains the news elements without `news:news`.
    news: Option<NodeId>,
    published: Option<DateTime<Utc>>,
    /// The date, and whether it has a time of day.
    modified: Option<(DateTime<Utc>, bool)>,
}

impl Candidate {
    fn date(&self) -> Option<DateTime<Utc>> {
        self.published.or(self.modified.map(|(at, _)| at))
    }
}

/// Reads a sitemap or a sitemap index.
pub(crate) fn read(tree: &Tree<'_>, roots: &[NodeId], text: &str, url: Option<&str>) -> Feed {
    let reader = Reader {
        tree,
        url: url.and_then(|url| Url::parse(url).ok()),
        kind: FeedKind::Sitemap,
        feed_authors: Vec::new(),
    };
    let mut problems = tree.problem_texts();
    let mut items = reader.items(roots);
    // If the document is cut off, its last address may be too, and would lead elsewhere.
    let is_cut_off = tree.ends_in_the_middle() && !ends_with_an_item(text);
    if is_cut_off && items.last().is_some_and(|(id, _)| tree.is_at_the_end(*id)) {
        items.pop();
    }
    let is_index = tree.element(roots[0]).known() == Name::SitemapIndex;
    let parts = reader.parts(&items, is_index);
    let mut feed = Feed::index_of(parts);
    if feed.parts.is_empty() && !is_index {
        reader.read_entries(&items, &mut feed, &mut problems);
    }
    let first = feed.entries.iter().find_map(|entry| entry.link.as_deref());
    let first = first.or_else(|| feed.parts.first().map(|part| part.url.as_str()));
    feed.link = first.and_then(site_of);
    feed.problems = problems;
    bounds::feed(&mut feed);
    feed
}

/// Whether the document ends with the end tag of an entry or part, whatever its prefix.
fn ends_with_an_item(text: &str) -> bool {
    let text = text.trim_end().as_bytes();
    ["url>", "sitemap>"].iter().any(|end| {
        let last = text.len().checked_sub(end.len()).map(|at| &text[at..]);
        last.is_some_and(|last| last.eq_ignore_ascii_case(end.as_bytes()))
    })
}

/// The root of an address's site.
fn site_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    url.join("/").ok().map(Into::into)
}

impl Reader<'_, '_> {
    /// The `url` and `sitemap` elements at any depth, since a missing end tag nests those that
    /// follow; true for `sitemap`.
    fn items(&self, roots: &[NodeId]) -> Vec<(NodeId, bool)> {
        let all = roots.iter().flat_map(|root| self.tree.descendants(*root));
        all.filter_map(|id| {
            let element = self.tree.element(id);
            match element.known() {
                Name::Url => Some((id, false)),
                Name::Sitemap => Some((id, true)),
                _ => None,
            }
        })
        .collect()
    }

    /// The parts of an index, each address once; none of a sitemap that has entries. An index may be
    /// written as `urlset`.
    fn parts(&self, items: &[(NodeId, bool)], is_index: bool) -> Vec<FeedPart> {
        let has_parts = is_index || items.iter().any(|(_, is_sitemap)| *is_sitemap);
        let mut children = Children::default();
        let mut seen = HashSet::new();
        let mut parts = Vec::new();
        for (id, is_sitemap) in items {
            children.read(self.tree, *id);
            let Some(url) = self.location(&children) else {
                continue;
            };
            let is_file = is_sitemap_file(&url);
            let is_entry = !is_file || children.any(&[Name::News, Name::PublicationDate]);
            if is_entry && !has_parts {
                return Vec::new();
            }
            if (is_index || *is_sitemap || is_file)
                && parts.len() < PARTS
                && seen.insert(url.clone())
            {
                let changed_at = self.first_text(&children, Name::LastMod);
                parts.push(FeedPart {
                    url,
                    changed_at: changed_at.and_then(|text| dates::parse(&text)),
                });
            }
        }
        parts
    }

    /// The address of an entry or part: a web address that is not too long.
    fn location(&self, children: &Children) -> Option<String> {
        let found = children
            .iter()
            .find(|child| child.name == Name::Loc && self.extension(child.id) == Space::Core)?;
        self.absolute(found.id, &self.tree.own_text(found.id))
            .filter(|url| is_web(url) && url.len() <= bounds::ADDRESS)
    }

    /// The extension that an element belongs to: by its namespace, else by its prefix.
    fn extension(&self, id: NodeId) -> Space {
        let element = self.tree.element(id);
        match element.space() {
            found @ (Space::News | Space::SitemapImage | Space::SitemapVideo) => found,
            _ => match element.raw_name.split_once(':') {
                None => Space::Core,
                Some((prefix, _)) => match usual_prefix(prefix) {
                    found @ (Space::News | Space::SitemapImage | Space::SitemapVideo) => found,
                    _ => Space::Core,
                },
            },
        }
    }

    /// The text of the first child with this name that has some.
    fn first_text(&self, children: &Children, name: Name) -> Option<String> {
        let named = children.iter().filter(|child| child.name == name);
        named
            .map(|child| plain(&bounds::beginning(self.tree.own_text(child.id))))
            .find(|text| !text.is_empty())
    }

    fn candidate(&self, id: NodeId, children: &Children) -> Option<Candidate> {
        let link = self.location(children)?;
        let enclosed = children.iter().find(|child| child.name == Name::News);
        let loose = || {
            children
                .any(&[Name::PublicationDate, Name::Publication])
                .then_some(id)
        };
        let news = enclosed.map(|child| child.id).or_else(loose);
        let published = news.and_then(|news| {
            let of_news = Children::of(self.tree, news);
            dates::parse(&self.first_text(&of_news, Name::PublicationDate)?)
        });
        let modified = self.first_text(children, Name::LastMod);
        Some(Candidate {
            id,
            link,
            news,
            published,
            modified: modified
                .and_then(|text| Some((dates::parse(&text)?, text.trim().len() > DATE.len()))),
        })
    }

    /// Reads the newest entries.
    fn read_entries(&self, items: &[(NodeId, bool)], feed: &mut Feed, problems: &mut Vec<String>) {
        let mut children = Children::default();
        let mut candidates: Vec<Candidate> = Vec::new();
        for (id, _) in items {
            children.read(self.tree, *id);
            candidates.extend(self.candidate(*id, &children));
        }
        let has_news = candidates.iter().any(|found| found.news.is_some());
        feed.kind = if has_news {
            FeedKind::NewsSitemap
        } else {
            FeedKind::Sitemap
        };
        if drop_shared_times(&mut candidates) {
            problems.push("modification times are those of the sitemap, not of its entries".into());
        }
        let before = candidates.len();
        candidates.retain(|found| found.news.is_some() || found.modified.is_some());
        if candidates.len() < before {
            problems.push(format!(
                "{} addresses have no date",
                before - candidates.len()
            ));
        }
        // By date, since sitemaps are in any order; stable, so that the order decides among equals.
        candidates.sort_by_key(|found| std::cmp::Reverse(found.date()));
        let mut seen = HashSet::new();
        candidates.retain(|found| seen.insert(found.link.clone()));
        let mut entries: Vec<Entry> = Vec::new();
        let mut publications: Vec<String> = Vec::new();
        let (mut sections, mut made) = (0_usize, 0_usize);
        let mut left_out = 0_usize;
        for found in &candidates {
            if entries.len() >= ENTRIES {
                left_out += 1;
                continue;
            }
            let mut entry = self.sitemap_entry(found);
            if entry.title.is_none() {
                let Some(title) = slugs::title(&found.link, found.news.is_some()) else {
                    // A news entry is an article even if no title can be found; other addresses
                    // without words are sections, tags and front pages.
                    if found.news.is_some() {
                        entries.push(entry);
                    } else {
                        sections += 1;
                    }
                    continue;
                };
                made += 1;
                entry.title = Some(title);
            }
            let publication = entry
                .source
                .as_ref()
                .and_then(|source| source.title.clone());
            if let Some(name) = publication.filter(|name| !publications.contains(name))
                && publications.len() < bounds::LIST
            {
                publications.push(name);
            }
            entries.push(entry);
        }
        for (number, what) in [
            (left_out, "entries are left out"),
            (sections, "addresses are not those of articles"),
            (made, "titles are made from addresses"),
        ] {
            if number > 0 {
                problems.push(format!("{number} {what}"));
            }
        }
        // The only publication is the feed itself.
        if let [only] = publications.as_slice() {
            feed.title = Some(only.clone());
            for entry in &mut entries {
                entry.source = None;
            }
        }
        feed.language = common_language(&entries);
        feed.entries = entries;
    }

    fn sitemap_entry(&self, found: &Candidate) -> Entry {
        let children = Children::of(self.tree, found.id);
        let mut entry = Entry {
            id: found.link.clone(),
            link: Some(found.link.clone()),
            published: found.published,
            updated: found.modified.map(|(at, _)| at),
            ..Entry::default()
        };
        if let Some(news) = found.news {
            self.read_news(news, &mut entry);
        }
        let mut inner = Children::default();
        let of = |space: Space, name: Name| {
            let all = children.iter().filter(move |child| child.name == name);
            all.filter(move |child| self.extension(child.id) == space)
                .map(|child| child.id)
        };
        for image in of(Space::SitemapImage, Name::Image).chain(of(Space::Core, Name::Image)) {
            inner.read(self.tree, image);
            entry.image = entry
                .image
                .or_else(|| self.first_address(&inner, Name::Loc));
        }
        // Also locations outside an `image:image` element.
        for location in of(Space::SitemapImage, Name::Loc) {
            let address = self.tree.own_text(location);
            entry.image = entry.image.or_else(|| self.absolute(location, &address));
        }
        for video in of(Space::SitemapVideo, Name::Video).chain(of(Space::Core, Name::Video)) {
            inner.read(self.tree, video);
            self.read_video(&inner, &mut entry);
        }
        entry.image = entry.image.filter(|url| is_web(url));
        bounds::entry(&mut entry);
        entry
    }

    fn read_news(&self, news: NodeId, entry: &mut Entry) {
        let children = Children::of(self.tree, news);
        entry.title = children
            .iter()
            .filter(|child| {
                // Without `news:news`, titles of pictures and videos are among these children.
                let space = self.extension(child.id);
                child.name == Name::Title && matches!(space, Space::News | Space::Core)
            })
            .map(|child| {
                // A title that contains further entries was not closed.
                if self.tree.size(child.id) <= TITLE_PIECES {
                    self.plain_text(child.id)
                } else {
                    plain(&bounds::beginning(self.tree.own_text(child.id)))
                }
            })
            .find(|title| !title.is_empty());
        let publication = children
            .iter()
            .find(|child| child.name == Name::Publication);
        let outer = publication.map(|publication| Children::of(self.tree, publication.id));
        let named = |name| {
            let inside = outer
                .as_ref()
                .and_then(|outer| self.first_text(outer, name));
            inside.or_else(|| self.first_text(&children, name))
        };
        entry.language = named(Name::Language).filter(|language| language.len() < 20);
        entry.source = named(Name::Named).map(|name| EntrySource {
            title: Some(name),
            url: None,
        });
        for name in [Name::Keywords, Name::Genres, Name::StockTickers] {
            self.add_categories(&children, name, entry);
        }
    }

    /// Adds the words of a list with commas as categories.
    fn add_categories(&self, children: &Children, name: Name, entry: &mut Entry) {
        for child in children.iter().filter(|child| child.name == name) {
            let list = bounds::beginning(self.tree.own_text(child.id));
            let separators: &[char] = if list.contains([',', ';', '、']) {
                &[',', ';', '、']
            } else {
                &['|']
            };
            for word in list.split(separators) {
                let word = plain(word);
                if entry.categories.len() >= bounds::LIST {
                    return;
                }
                if !word.is_empty() && !entry.categories.contains(&word) {
                    entry.categories.push(word);
                }
            }
        }
    }

    fn read_video(&self, video: &Children, entry: &mut Entry) {
        entry.title = entry
            .title
            .take()
            .or_else(|| self.first_text(video, Name::Title));
        entry.image = entry
            .image
            .take()
            .or_else(|| self.first_address(video, Name::ThumbnailLoc));
        entry.summary = entry.summary.take().or_else(|| {
            let text = self.first_text(video, Name::Description)?;
            Some(as_html(&text))
        });
        self.add_categories(video, Name::Category, entry);
        self.add_categories(video, Name::Tag, entry);
        let Some(url) = self.first_address(video, Name::ContentLoc) else {
            return;
        };
        if entry.enclosures.len() < bounds::LIST && entry.enclosures.iter().all(|e| e.url != url) {
            let duration = self.first_text(video, Name::Duration);
            entry.enclosures.push(Enclosure {
                media_type: Some(media::video_type(&url).to_owned()),
                url,
                length: None,
                duration_seconds: duration.and_then(|text| media::seconds(&text)),
                title: self.first_text(video, Name::Title),
            });
        }
    }

    fn first_address(&self, children: &Children, name: Name) -> Option<String> {
        let named = children.iter().filter(|child| child.name == name);
        named
            .filter_map(|child| self.absolute(child.id, &self.tree.own_text(child.id)))
            .find(|url| is_web(url))
    }
}

/// A date without a time.
const DATE: &str = "2026-05-04";

/// Forgets modification times that most entries share: many programs write the time at which the
/// sitemap was made. True if there were such.
fn drop_shared_times(candidates: &mut [Candidate]) -> bool {
    let mut shared: HashMap<(DateTime<Utc>, bool), usize> = HashMap::new();
    for modified in candidates.iter().filter_map(|found| found.modified) {
        *shared.entry(modified).or_default() += 1;
    }
    let most = shared.into_iter().max_by_key(|(_, number)| *number);
    let Some((time, number)) = most else {
        return false;
    };
    let (_, has_time) = time;
    let least = if has_time { SHARED_BY } else { SHARED_DAY_BY };
    if number < least || number * 2 <= candidates.len() {
        return false;
    }
    for found in candidates {
        found.modified = found.modified.filter(|modified| *modified != time);
    }
    true
}

/// Whether an address is that of a further sitemap by its name.
fn is_sitemap_file(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.to_ascii_lowercase();
    [".xml", ".xml.gz"].iter().any(|end| path.ends_with(end))
}

/// The language shared by all entries that state one.
fn common_language(entries: &[Entry]) -> Option<String> {
    let mut languages = entries.iter().filter_map(|entry| entry.language.as_deref());
    let first = languages.next()?;
    languages
        .all(|language| language.eq_ignore_ascii_case(first))
        .then(|| first.to_owned())
}
