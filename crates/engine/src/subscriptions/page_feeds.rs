//! Web pages as feeds, by the reader's rule: the items of a list of headlines are the entries, or
//! each change in a watched part of the page is one.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use warta_article::sections::{self, ListItem, Selector};
use warta_article::{barrier, difference, watched_part};
use warta_feed::{Entry, Source};
use warta_net::{Response, Wanted};
use warta_store::{DocumentKind, Feed, ListQuery, Place, ProblemCode, Store};

use crate::api::failures::barrier_code;
use crate::api::{
    Failure, FailureCode, PageFeed, PageFeedKind, PageItem, PageList, PagePreview, Problem, Result,
};
use crate::context::labels::{host_of, login_apart, title, without_credentials};
use crate::context::records::id_of;
use crate::context::{Context, blocking, checks, records};
use crate::network::credentials::Credentials;
use crate::network::own_network::OwnNetwork;
use crate::network::requests::Requests;
use crate::subscriptions::documents;

/// Prefix of the records with the text of watched parts, by the id of their feed.
const WATCHED: &str = "own/watched/";
/// Minimum number of known entries by which a list is recognised on a page that was rebuilt.
const KNOWN_ITEMS: usize = 2;
/// Number of a feed's newest articles whose links are compared with a list's.
const REMEMBERED: usize = 500;
/// Maximum number of items of a list in a preview.
const PREVIEWED_ITEMS: usize = 30;
/// Maximum length of a watched part in a preview, in characters.
const PREVIEWED_PART: usize = 4000;

/// The outcome of reading a page.
pub(crate) enum PageRead {
    /// Its entries, and what changes with them.
    Entries(Box<warta_feed::Feed>, Learnt),
    /// Nothing in the watched part changed that counts.
    Unchanged,
    /// It does not have the list or part.
    Failed(Problem),
}

/// What reading a page brought besides entries, to be stored after them.
#[derive(Default)]
pub(crate) struct Learnt {
    /// The rule by which its list was found again, if the page was rebuilt.
    pub(crate) rule: Option<DocumentKind>,
    watched: Option<Watched>,
}

/// The version of a watched part that the next one is compared with.
#[derive(Serialize, Deserialize)]
struct Watched {
    selector: String,
    /// [`warta_article::WatchedPart::text`].
    text: String,
}

impl Learnt {
    /// Stores the text of the watched part. If that fails, the next change shows this one again.
    pub(crate) fn keep_watched(&self, store: &Store, feed: &Feed) -> Result<()> {
        let Some(text) = &self.watched else {
            return Ok(());
        };
        let mut records = vec![(
            watched_name(feed),
            Some(crate::context::records::json(text)),
        )];
        // Those of feeds that are gone.
        for (name, _) in store.settings_under(WATCHED)? {
            let id = name.strip_prefix(WATCHED).and_then(|id| id.parse().ok());
            let feed = id.map(warta_store::FeedId);
            if feed.map_or(Ok(None), |id| store.feed(id))?.is_none() {
                records.push((name, None));
            }
        }
        Ok(store.set_settings(&records)?)
    }
}

fn watched_name(feed: &Feed) -> String {
    format!("{WATCHED}{}", feed.id.0)
}

/// Reads a page that is a feed; `None` if the feed is not a page.
pub(crate) fn read(store: &Store, feed: &Feed, source: &Source<'_>) -> Result<Option<PageRead>> {
    Ok(Some(match &feed.kind {
        DocumentKind::HeadlineList { selector } => headlines(store, feed, source, selector)?,
        DocumentKind::Watch { selector } => changes(store, feed, source, selector)?,
        DocumentKind::Feed | DocumentKind::Sitemap | DocumentKind::Newsletter { .. } => {
            return Ok(None);
        }
    }))
}

fn headlines(store: &Store, feed: &Feed, source: &Source<'_>, selector: &str) -> Result<PageRead> {
    let Ok(parsed) = Selector::parse(selector) else {
        return Ok(PageRead::Failed(missing(source, selector)));
    };
    let mut items = sections::list_items(source.bytes, source.url, source.content_type, &parsed);
    let mut rule = None;
    if items.is_empty() {
        let Some(list) = found_again(store, feed, source) else {
            return Ok(PageRead::Failed(missing(source, selector)));
        };
        items = list.items;
        rule = Some(DocumentKind::HeadlineList {
            selector: list.selector,
        });
    }
    leave_out_known(store, feed, &mut items)?;
    let entries = items.into_iter().map(entry).collect();
    let learnt = Learnt {
        rule,
        ..Learnt::default()
    };
    let page = Box::new(of_page(feed, source, entries));
    Ok(PageRead::Entries(page, learnt))
}

/// Removes the items that are stored under another GUID, with their texts, from the time when the
/// feed was not a page.
fn leave_out_known(store: &Store, feed: &Feed, items: &mut Vec<ListItem>) -> Result<()> {
    let is_known = |item: &ListItem| store.find_guid(&feed.url, &item.id).is_some();
    if items.iter().all(is_known) {
        return Ok(());
    }
    let page = store.list(&ListQuery::newest(Place::Feed(feed.id), REMEMBERED))?;
    let links = page.rows.iter().filter_map(|row| row.url.as_deref());
    let links: HashSet<String> = links.filter_map(sections::link_id).collect();
    items.retain(|item| is_known(item) || !links.contains(&item.id));
    Ok(())
}

/// The items of a page's list as a feed; `None` if the selector cannot be read.
pub(crate) fn read_list(source: &Source<'_>, selector: &str) -> Option<warta_feed::Feed> {
    let selector = Selector::parse(selector).ok()?;
    let items = sections::list_items(source.bytes, source.url, source.content_type, &selector);
    let entries = items.into_iter().map(entry).collect();
    let link = source.url.unwrap_or_default();
    Some(warta_feed::Feed::of_page(None, link, entries))
}

/// The list of a rebuilt page with most of the feed's entries.
fn found_again(store: &Store, feed: &Feed, source: &Source<'_>) -> Option<sections::HeadlineList> {
    let is_known = |item: &&ListItem| store.find_guid(&feed.url, &item.id).is_some();
    let lists = sections::all_lists(source.bytes, source.url, source.content_type)?.lists;
    lists
        .into_iter()
        .map(|list| (list.items.iter().filter(is_known).count(), list))
        .filter(|(known, _)| *known >= KNOWN_ITEMS)
        .rev()
        .max_by_key(|(known, _)| *known)
        .map(|(_, list)| list)
}

fn entry(item: ListItem) -> Entry {
    Entry {
        id: item.id,
        title: Some(item.title),
        link: Some(item.url),
        summary: item
            .snippet
            .map(|text| warta_text::escape_html(&text).into()),
        published: item.published.map(|at| at.to_utc()),
        image: item.picture,
        ..Entry::default()
    }
}

fn changes(store: &Store, feed: &Feed, source: &Source<'_>, selector: &str) -> Result<PageRead> {
    let part = Selector::parse(selector).ok().and_then(|selector| {
        watched_part(source.bytes, source.url, source.content_type, &selector)
    });
    let Some(part) = part else {
        return Ok(PageRead::Failed(missing(source, selector)));
    };
    let name = watched_name(feed);
    let before: Option<Watched> = match store.setting(&name)? {
        Some(json) => records::read(&name, &json),
        None => None,
    };
    let (id, headline, html) = match before.filter(|before| before.selector == selector) {
        None => (id_of(&["", &part.text]), title(feed), part.html),
        Some(before) => match difference(&before.text, &part.text) {
            None => return Ok(PageRead::Unchanged),
            Some(change) => {
                let id = id_of(&[&before.text, &part.text]);
                (id, change.summary, change.html)
            }
        },
    };
    let entry = Entry {
        id,
        title: Some(headline),
        link: source.url.map(str::to_owned),
        content: Some(html.into_string()),
        ..Entry::default()
    };
    let learnt = Learnt {
        watched: Some(Watched {
            selector: selector.to_owned(),
            text: part.text,
        }),
        ..Learnt::default()
    };
    let page = Box::new(of_page(feed, source, vec![entry]));
    Ok(PageRead::Entries(page, learnt))
}

fn of_page(feed: &Feed, source: &Source<'_>, entries: Vec<Entry>) -> warta_feed::Feed {
    let link = source.url.unwrap_or(&feed.url);
    warta_feed::Feed::of_page(feed.facts.title.clone(), link, entries)
}

/// Why a page does not have what the reader chose: it may be a bot check or the like.
fn missing(source: &Source<'_>, selector: &str) -> Problem {
    match barrier(source.bytes, source.content_type) {
        Some(barrier) => Problem {
            code: barrier_code(barrier),
            detail: format!("the site answered with another page: {barrier:?}"),
        },
        None => Problem {
            code: ProblemCode::PartMissing,
            detail: format!("nothing on the page matches `{selector}`"),
        },
    }
}

/// The rule of a page that is subscribed to.
pub(crate) fn rule(page: Option<&PageFeed>) -> Result<DocumentKind> {
    let Some(page) = page else {
        return Ok(DocumentKind::Feed);
    };
    let selector = parsed(&page.selector)?.as_str().to_owned();
    Ok(match page.kind {
        PageFeedKind::HeadlineList => DocumentKind::HeadlineList { selector },
        PageFeedKind::Watch => DocumentKind::Watch { selector },
    })
}

/// The address of the `number`th feed of a page, counted from 1: those after the first end in a
/// fragment, which is never sent. Other feeds have their own.
pub(crate) fn address(url: &str, kind: &DocumentKind, number: usize) -> String {
    let page = without_part(url, kind);
    match number {
        _ if !kind.is_page() => url.to_owned(),
        1 => page.to_owned(),
        _ => format!("{page}#part-{number}"),
    }
}

/// The reverse of [`address`].
pub(crate) fn without_part<'u>(url: &'u str, kind: &DocumentKind) -> &'u str {
    let page = url.split('#').next().unwrap_or(url);
    if kind.is_page() { page } else { url }
}

/// The reverse of [`rule`].
pub(crate) fn page_feed(kind: &DocumentKind) -> Option<PageFeed> {
    let (kind, selector) = match kind {
        DocumentKind::Feed | DocumentKind::Sitemap | DocumentKind::Newsletter { .. } => {
            return None;
        }
        DocumentKind::HeadlineList { selector } => (PageFeedKind::HeadlineList, selector),
        DocumentKind::Watch { selector } => (PageFeedKind::Watch, selector),
    };
    Some(PageFeed {
        kind,
        selector: selector.clone(),
    })
}

fn parsed(selector: &str) -> Result<Selector> {
    Selector::parse(selector)
        .map_err(|error| Failure::new(FailureCode::BadSelector, error.to_string()))
}

/// The best list of a page that is a front or section page.
pub(crate) fn best_list(source: &Source<'_>) -> Option<(Option<String>, sections::HeadlineList)> {
    let found = sections::section(source.bytes, source.url, source.content_type)?;
    let list = found.lists.into_iter().next()?;
    Some((found.title, list))
}

/// Shows what a page would be as a feed.
pub struct PageFeeds {
    ctx: Arc<Context>,
    credentials: Arc<Credentials>,
    own_network: Arc<OwnNetwork>,
    requests: Arc<Requests>,
}

impl PageFeeds {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        credentials: &Arc<Credentials>,
        own_network: &Arc<OwnNetwork>,
        requests: &Arc<Requests>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            credentials: Arc::clone(credentials),
            own_network: Arc::clone(own_network),
            requests: Arc::clone(requests),
        }
    }

    /// Fetches a page and shows its lists of headlines, best first. With `chosen` also what that
    /// rule gives: its list first, or its part. Fails with [`FailureCode::BadSelector`] if the
    /// selector cannot be read, and with [`FailureCode::FetchFailed`] also where the site's
    /// robots.txt disallows the page.
    pub async fn preview(
        self: &Arc<Self>,
        url: &str,
        chosen: Option<PageFeed>,
    ) -> Result<PagePreview> {
        checks::typed(checks::length("an address", url, checks::ADDRESS))?;
        let url =
            checks::web_address(url).map_err(|why| Failure::new(FailureCode::BadAddress, why))?;
        let (url, login) = login_apart(&url);
        if let Some(login) = login {
            self.credentials.offer(&url, login);
        }
        let selector = chosen.as_ref().map(|page| parsed(&page.selector));
        let selector = selector.transpose()?;
        let named_by = self.own_network.named_by(url.clone());
        let request = self.requests.request_to(&url, Wanted::Page, named_by);
        let Response::Fetched(fetched) = self.ctx.http.fetch_if_allowed(request).await? else {
            return Err(Failure::new(FailureCode::FetchFailed, "nothing was sent"));
        };
        blocking(self, move |_| {
            let source = documents::source_of(&fetched);
            let found = sections::all_lists(source.bytes, source.url, source.content_type);
            let title = found.as_ref().and_then(|found| found.title.clone());
            let is_list = found.as_ref().is_some_and(sections::Section::is_list);
            let mut lists: Vec<PageList> = found
                .into_iter()
                .flat_map(|found| found.lists)
                .map(|list| page_list(list.selector, &list.items))
                .collect();
            let mut part = None;
            if let (Some(page), Some(selector)) = (&chosen, &selector) {
                let (bytes, url, media) = (source.bytes, source.url, source.content_type);
                match page.kind {
                    PageFeedKind::HeadlineList => {
                        let items = sections::list_items(bytes, url, media, selector);
                        lists.retain(|list| list.selector != page.selector);
                        lists.insert(0, page_list(page.selector.clone(), &items));
                    }
                    PageFeedKind::Watch => {
                        part = watched_part(bytes, url, media, selector)
                            .map(|part| part.text.chars().take(PREVIEWED_PART).collect());
                    }
                }
            }
            Ok(PagePreview {
                title: title.or_else(|| host_of(&fetched.url)).unwrap_or_default(),
                url: without_credentials(fetched.moved_to.as_deref().unwrap_or(&url)),
                is_list,
                lists,
                part,
            })
        })
        .await
    }
}

fn page_list(selector: String, items: &[ListItem]) -> PageList {
    PageList {
        selector,
        total: items.len() as u32,
        items: items
            .iter()
            .take(PREVIEWED_ITEMS)
            .map(|item| PageItem {
                title: item.title.clone(),
                url: item.url.clone(),
                published: item.published.map(|at| at.timestamp()),
            })
            .collect(),
    }
}
