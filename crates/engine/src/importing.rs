//! Imports what other readers and read-later services export, in two steps: a plan, which reads the
//! file and counts, and its application, which is complete or did not happen. A snapshot is written
//! before, and the import can be undone until Warta ends. Importing the same file again adds
//! nothing.
//!
//! Articles go to their feed where the reader is subscribed to it, or the file subscribes; other
//! saved ones become saved pages. Articles that are here already only get marks and tags.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use warta_article::from_entry;
use warta_import::{Feed, ImportError, Item, Library, Reason, Source};
use warta_store::{
    ArticleId, Brought, BroughtArticle, BroughtFeed, DocumentKind, Imports, NewArticle, UndoToken,
    note_name,
};

use crate::api::{Event, Failure, FailureCode, ImportSummary, LeftOut, LeftOutReason, Result};
use crate::context::labels::without_credentials;
use crate::context::locks::locked;
use crate::context::{Context, SAVED_PAGES, checks};
use crate::network::own_network::OwnNetwork;
use crate::offline::imported_pictures::ImportedPictures;
use crate::offline::saved_pages::{bare, page_address};
use crate::reading::tags::Tags;
use crate::rules::{Rules, note_of_tags, tags_of_note};
use crate::subscriptions::opml::page_of;
use crate::subscriptions::page_feeds;

/// Maximum number of tags of an article.
const MOST_TAGS: usize = 50;

/// A file that was read.
struct Pending {
    plan: u32,
    sources: Vec<String>,
    feeds: Vec<BroughtFeed>,
    feeds_already: u32,
    articles: Vec<BroughtArticle>,
    left_out: BTreeMap<LeftOutReason, u32>,
}

/// The last import, for its undo.
struct Applied {
    token: UndoToken,
    /// Articles that got each tag, and whether it was new.
    tagged: Vec<(String, Vec<u64>, bool)>,
}

#[derive(Default)]
struct State {
    last_plan: u32,
    pending: Option<Pending>,
    applied: Option<Applied>,
}

/// Imports files of other readers and services.
pub struct Importing {
    ctx: Arc<Context>,
    own_network: Arc<OwnNetwork>,
    rules: Arc<Rules>,
    tags: Arc<Tags>,
    pictures: Arc<ImportedPictures>,
    state: Mutex<State>,
}

impl Importing {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        own_network: &Arc<OwnNetwork>,
        rules: &Arc<Rules>,
        tags: &Arc<Tags>,
        pictures: &Arc<ImportedPictures>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            own_network: Arc::clone(own_network),
            rules: Arc::clone(rules),
            tags: Arc::clone(tags),
            pictures: Arc::clone(pictures),
            state: Mutex::default(),
        }
    }

    /// Reads a file and returns what importing it would bring. Changes nothing; pass the plan's id
    /// to [`Importing::apply_import`].
    pub fn plan_import(&self, file: &Path) -> Result<ImportSummary> {
        let bytes = warta_store::read_foreign(file)?;
        let wal = warta_store::read_wal(file)?;
        self.plan_bytes(&bytes, wal.as_deref())
    }

    /// The same with a file's content, and its write-ahead log if it is an `SQLite` database that
    /// has one.
    pub fn plan_bytes(&self, bytes: &[u8], wal: Option<&[u8]>) -> Result<ImportSummary> {
        let library = match warta_import::parse(bytes, wal) {
            Err(ImportError::Unknown) if is_opml(bytes) => {
                let mut library = Library::default();
                library.sources.push(Source::Opml);
                library.opml.push(bytes.to_vec());
                Ok(library)
            }
            read => read,
        };
        let library = library.map_err(|error| {
            let code = match error {
                ImportError::Unknown => FailureCode::UnknownFile,
                ImportError::Damaged(_) | ImportError::TooLarge => FailureCode::BadInput,
            };
            Failure::new(code, error.to_string())
        })?;
        let mut pending = self.sort(library)?;
        let mut state = locked(&self.state);
        state.last_plan = state.last_plan.wrapping_add(1);
        pending.plan = state.last_plan;
        let summary = self.summary(&pending);
        state.pending = Some(pending);
        Ok(summary)
    }

    /// Applies the last plan, after a snapshot. Also returns the ids of the new feeds.
    pub fn apply_import(&self, plan: u32) -> Result<(ImportSummary, Vec<u32>)> {
        self.ctx.store.may_write()?;
        let pending = {
            let mut state = locked(&self.state);
            state.pending.take_if(|pending| pending.plan == plan)
        };
        let Some(mut pending) = pending else {
            return Err(Failure::new(
                FailureCode::NotFound,
                "this is not the last file that was read",
            ));
        };
        let mut summary = self.summary(&pending);
        let now = self.ctx.now();
        summary.snapshot = Some(self.ctx.store.snapshot(now)?.display().to_string());
        let known: HashSet<u32> = self.feeds()?.into_values().collect();
        let present = Imports::into(&self.ctx.store).present(&pending.articles);
        for (one, present) in pending.articles.iter_mut().zip(present) {
            let article = &mut one.article;
            if present.is_none() && !article.html.is_empty() {
                normalise(article);
            }
            article.note = note_of_tags(std::mem::take(&mut article.categories));
        }
        self.own_network
            .note_subscribed(pending.feeds.iter().map(|feed| feed.url.clone()))?;
        let brought = Brought {
            feeds: pending.feeds,
            articles: pending.articles,
        };
        let done = Imports::into(&self.ctx.store).bring(brought, now)?;
        // Some may be known by more than their GUID or link.
        let planned = summary.articles + summary.saved_pages;
        let known_after_all = planned.saturating_sub(done.added.articles as u32);
        let of_feeds = known_after_all.min(summary.articles);
        summary.articles -= of_feeds;
        summary.saved_pages -= (known_after_all - of_feeds).min(summary.saved_pages);
        summary.articles_already += known_after_all;
        let tagged = self.tag(&done.noted)?;
        locked(&self.state).applied = Some(Applied {
            token: done.undo,
            tagged,
        });
        self.pictures.add(&done.saved)?;
        let mut new = Vec::new();
        for feed in self.ctx.store.feeds()? {
            self.ctx.labels.learn(&feed);
            if !known.contains(&feed.id.0) && feed.url != SAVED_PAGES {
                new.push(feed.id.0);
            }
        }
        summary.applied = true;
        summary.can_undo = true;
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::StoriesChanged);
        Ok((summary, new))
    }

    /// Gives the articles the tags of their notes; returns what changed.
    fn tag(&self, noted: &[ArticleId]) -> Result<Vec<(String, Vec<u64>, bool)>> {
        let noted: HashSet<ArticleId> = noted.iter().copied().collect();
        let mut by_tag: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (id, note) in self.ctx.store.notes()? {
            if noted.contains(&id) {
                for tag in tags_of_note(&note_name(id), &note) {
                    by_tag.entry(tag).or_default().push(id.0);
                }
            }
        }
        let tagged = by_tag.into_iter().map(|(tag, ids)| {
            let is_new = self.tags.id_of(&tag).is_none();
            let ids = self.tags.without(Some(&tag), &ids);
            (tag, ids, is_new)
        });
        let tagged = tagged.collect();
        self.rules.carry_out(false)?;
        Ok(tagged)
    }

    /// Undoes the last import of this session: what it brought is removed, except for what the
    /// reader has put into packs or highlighted since. False if there is none.
    pub fn undo_import(&self) -> Result<bool> {
        let Some(applied) = locked(&self.state).applied.take() else {
            return Ok(false);
        };
        let before = self.feeds()?;
        for (name, ids, is_new) in &applied.tagged {
            let Some(tag) = self.tags.id_of(name) else {
                continue;
            };
            self.tags.untag(&[(tag, ids.clone())])?;
            if *is_new && self.tags.articles_of(tag).is_empty() {
                self.tags.remove_tag(tag)?;
            }
        }
        let done = self.ctx.store.undo(applied.token)?;
        let after: HashSet<u32> = self.feeds()?.into_values().collect();
        for id in before.into_values().filter(|id| !after.contains(id)) {
            self.ctx.labels.forget(warta_store::FeedId(id));
        }
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::StoriesChanged);
        Ok(done)
    }

    /// Discards the last plan.
    pub fn cancel_import(&self) {
        locked(&self.state).pending = None;
    }

    /// The subscriptions, by address.
    fn feeds(&self) -> Result<HashMap<String, u32>> {
        let feeds = self.ctx.store.feeds()?.into_iter();
        Ok(feeds.map(|feed| (feed.url, feed.id.0)).collect())
    }

    /// Decides where everything in a file goes.
    fn sort(&self, library: Library) -> Result<Pending> {
        let known = self.feeds()?;
        let mut sorting = Sorting {
            known: &known,
            feeds: Vec::new(),
            feeds_already: 0,
            urls: HashSet::new(),
            left_out: BTreeMap::new(),
        };
        for (reason, count) in &library.left_out {
            let reason = match reason {
                Reason::NoAddress => LeftOutReason::NoAddress,
                Reason::NotWeb => LeftOutReason::NotWeb,
                Reason::Damaged => LeftOutReason::Damaged,
                Reason::Unknown => LeftOutReason::Unknown,
            };
            sorting.leave_out(reason, *count);
        }
        for feed in library.feeds.iter().filter(|feed| feed.subscribed) {
            sorting.subscribe(feed.clone(), DocumentKind::Feed);
        }
        for opml in &library.opml {
            let Ok(read) = warta_feed::opml::parse(opml) else {
                sorting.leave_out(LeftOutReason::Damaged, 1);
                continue;
            };
            sorting.leave_out(LeftOutReason::Damaged, read.problems.len());
            for feed in read.feeds {
                let page = feed.page.map(page_of).transpose();
                let Ok(kind) = page.and_then(|page| {
                    page_feeds::rule(page.as_ref()).map_err(|_| "its selector cannot be read")
                }) else {
                    sorting.leave_out(LeftOutReason::Damaged, 1);
                    continue;
                };
                let subscription = Feed {
                    url: Some(feed.url),
                    title: feed.title,
                    site: feed.site,
                    folder: feed.folder,
                    subscribed: true,
                };
                sorting.subscribe(subscription, kind);
            }
        }
        let mut articles = Vec::new();
        for item in library.items {
            let origin = item.feed.and_then(|at| library.feeds.get(at));
            let url = origin.and_then(|feed| feed.url.as_deref());
            let feed = url
                .map(without_credentials)
                .filter(|url| sorting.urls.contains(url) || known.contains_key(url))
                .filter(|url| url != SAVED_PAGES);
            if feed.is_none() && !item.saved {
                sorting.leave_out(LeftOutReason::NotSubscribed, 1);
                continue;
            }
            let name = origin.and_then(|feed| feed.title.clone());
            match article(item, feed, name) {
                Some(article) => articles.push(article),
                None => sorting.leave_out(LeftOutReason::NoAddress, 1),
            }
        }
        let saved_pages = articles.iter().any(|one| one.feed == SAVED_PAGES);
        if saved_pages && !known.contains_key(SAVED_PAGES) {
            sorting.feeds.push(BroughtFeed {
                url: SAVED_PAGES.into(),
                paused: true,
                ..BroughtFeed::default()
            });
        }
        Ok(Pending {
            plan: 0,
            sources: library.sources.into_iter().map(source_name).collect(),
            feeds: sorting.feeds,
            feeds_already: sorting.feeds_already,
            articles,
            left_out: sorting.left_out,
        })
    }

    fn summary(&self, pending: &Pending) -> ImportSummary {
        let feeds = pending.feeds.iter().filter(|feed| feed.url != SAVED_PAGES);
        let mut summary = ImportSummary {
            plan: pending.plan,
            sources: pending.sources.clone(),
            feeds: feeds.count() as u32,
            feeds_already: pending.feeds_already,
            ..ImportSummary::default()
        };
        let present = Imports::into(&self.ctx.store).present(&pending.articles);
        // A file may list an article several times.
        let mut seen: HashMap<(&str, &str), Seen> = HashMap::new();
        let mut order = Vec::new();
        for (one, present) in pending.articles.iter().zip(present) {
            let article = &one.article;
            let key = (one.feed.as_str(), article.guid.as_str());
            let seen = seen.entry(key).or_insert_with(|| {
                order.push(key);
                Seen {
                    present,
                    ..Seen::default()
                }
            });
            seen.read |= article.read;
            seen.saved |= article.saved;
            seen.has_text |= !article.html.is_empty();
            let tags = article.categories.iter().map(String::as_str);
            seen.tags.extend(tags);
        }
        let mut tags_lost = 0;
        for (feed, guid) in order {
            let Some(one) = seen.get(&(feed, guid)) else {
                continue;
            };
            let was = one.present;
            let is_stored = was.is_some() || one.saved || one.has_text;
            let becomes_read = one.read && !was.is_some_and(|was| was.read);
            if is_stored {
                summary.read += u32::from(becomes_read);
            } else {
                summary.read_later += u32::from(becomes_read);
            }
            summary.saved += u32::from(one.saved && !was.is_some_and(|was| was.saved));
            let is_tagged = match was {
                Some(was) => {
                    let mut tags = one.tags.iter();
                    tags.any(|tag| !self.tags.without(Some(tag), &[was.id.0]).is_empty())
                }
                None => !one.tags.is_empty(),
            };
            if is_stored {
                summary.tagged += u32::from(is_tagged);
            } else {
                tags_lost += u32::from(is_tagged);
            }
            if was.is_some() {
                summary.articles_already += 1;
            } else if feed == SAVED_PAGES {
                summary.saved_pages += 1;
                summary.without_text += u32::from(!one.has_text);
            } else if is_stored {
                summary.articles += 1;
            }
        }
        let mut left_out = pending.left_out.clone();
        if tags_lost > 0 {
            left_out.insert(LeftOutReason::Tags, tags_lost);
        }
        summary.left_out = left_out
            .into_iter()
            .map(|(reason, count)| LeftOut { reason, count })
            .collect();
        summary
    }
}

/// What a file has of one article.
#[derive(Default)]
struct Seen<'p> {
    present: Option<warta_store::Present>,
    read: bool,
    saved: bool,
    has_text: bool,
    tags: HashSet<&'p str>,
}

/// Subscriptions of a file, and what of it cannot be imported.
struct Sorting<'k> {
    known: &'k HashMap<String, u32>,
    feeds: Vec<BroughtFeed>,
    feeds_already: u32,
    urls: HashSet<String>,
    left_out: BTreeMap<LeftOutReason, u32>,
}

impl Sorting<'_> {
    fn leave_out(&mut self, reason: LeftOutReason, count: usize) {
        if count > 0 {
            *self.left_out.entry(reason).or_default() += count as u32;
        }
    }

    /// Adds a subscription. One that the reader has stays as it is.
    fn subscribe(&mut self, feed: Feed, kind: DocumentKind) {
        let url = feed.url.as_deref().map(without_credentials);
        let url = url.unwrap_or_default();
        if checks::web_address(&url).is_err() {
            self.leave_out(LeftOutReason::NotWeb, 1);
            return;
        }
        let Some(url) = self.address_for(&url, &kind) else {
            return;
        };
        if self.known.contains_key(&url) {
            self.feeds_already += 1;
            return;
        }
        if self.feeds.len() == checks::FEEDS {
            self.leave_out(LeftOutReason::TooMany, 1);
            return;
        }
        self.feeds.push(BroughtFeed {
            url,
            title: feed.title.as_deref().and_then(checks::title),
            site: feed.site.filter(|site| checks::web_address(site).is_ok()),
            folder: checks::folder(&feed.folder).unwrap_or_default(),
            paused: false,
            kind,
        });
    }

    /// The address of a subscription of the file; `None` if it comes twice.
    fn address_for(&mut self, url: &str, kind: &DocumentKind) -> Option<String> {
        let is_same = |one: &BroughtFeed, url: &str| one.url == url && one.kind == *kind;
        let mut number = 1;
        loop {
            let address = page_feeds::address(url, kind, number);
            if self.urls.insert(address.clone()) {
                return Some(address);
            }
            if !kind.is_page() || self.feeds.iter().any(|one| is_same(one, &address)) {
                return None;
            }
            number += 1;
        }
    }
}

fn is_opml(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(4_000)).unwrap_or_default();
    String::from_utf8_lossy(start)
        .to_lowercase()
        .contains("<opml")
}

/// An article to store, with its HTML as it came and its tags as categories; `None` if nothing
/// names it.
fn article(item: Item, feed: Option<String>, origin: Option<String>) -> Option<BroughtArticle> {
    let url = item
        .url
        .map(|url| without_credentials(url.trim()))
        .filter(|url| checks::web_address(url).is_ok());
    // The same form of address as for pages saved in Warta, so that none is there twice.
    let url = match &feed {
        Some(_) => url,
        None => url.map(|url| page_address(&url).unwrap_or(url)),
    };
    let guid = item.guid.filter(|_| feed.is_some());
    let guid = guid
        .or_else(|| url.clone())
        .unwrap_or_else(|| format!("warta:{}", blake3::hash(item.html.as_bytes()).to_hex()));
    if checks::guid(&guid).is_err() || (url.is_none() && item.html.is_empty()) {
        return None;
    }
    let title = checks::title(&warta_text::unescape(&item.title))
        .or_else(|| url.as_deref().map(bare))
        .unwrap_or_default();
    let authors = item.author.as_deref().and_then(checks::title);
    let tags = item.tags.iter().filter_map(|tag| {
        let tag = checks::title(tag)?;
        checks::name("a tag", &tag).ok()
    });
    Some(BroughtArticle {
        article: NewArticle {
            guid,
            url,
            title,
            authors: authors.into_iter().collect(),
            published: item.published.or(item.saved_at.filter(|_| feed.is_none())),
            html: item.html,
            categories: tags.take(MOST_TAGS).collect(),
            source: origin
                .filter(|_| feed.is_none())
                .as_deref()
                .and_then(checks::title),
            read: item.read,
            saved: item.saved,
            ..NewArticle::default()
        },
        feed: feed.unwrap_or_else(|| SAVED_PAGES.into()),
        saved_at: item.saved_at.or(item.published),
    })
}

/// Makes the HTML safe and derives what rows show.
fn normalise(article: &mut NewArticle) {
    let html = std::mem::take(&mut article.html);
    let readable = from_entry(&html, Some(&article.title), article.url.as_deref(), None);
    article.language = readable.language;
    article.right_to_left = readable.right_to_left;
    article.dateline = readable.dateline;
    article.excerpt = readable.excerpt;
    article.word_count = readable.word_count;
    article.lead_picture = readable
        .lead_picture
        .map(|picture| picture.url)
        .filter(|url| url.starts_with("http"));
    article.pictures = readable
        .pictures
        .into_iter()
        .map(|picture| picture.url)
        .collect();
    article.html = readable.html.into_string();
}

/// The program's name, as it writes it.
fn source_name(source: Source) -> String {
    match source {
        Source::GoogleReader => "Google Reader, Inoreader, FreshRSS",
        Source::Feedly => "Feedly",
        Source::Pocket => "Pocket",
        Source::Instapaper => "Instapaper",
        Source::Omnivore => "Omnivore",
        Source::Raindrop => "Raindrop.io",
        Source::NetNewsWire => "NetNewsWire",
        Source::Newsboat => "Newsboat",
        Source::Liferea => "Liferea",
        Source::RssGuard => "RSS Guard",
        Source::QuiteRss => "QuiteRSS",
        Source::JsonFeed => "JSON Feed",
        Source::Bookmarks => "HTML bookmarks",
        Source::Table => "CSV",
        Source::Opml => "OPML",
    }
    .into()
}
