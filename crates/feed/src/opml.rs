//! Reads and writes OPML 1.0, 1.1 and 2.0, as other readers write it, pages as feeds included
//! (FreshRSS's `HTML+XPath`). Deliberately absent: what the selectors and XPath expressions mean.

use std::collections::HashSet;

use serde::Serialize;
use url::Url;
use warta_text::unescape;

use crate::bounds;
use crate::decode::decode;
use crate::text::plain_of_text;
use crate::urls::{Ampersands, is_web, tidy_with};
use crate::xml::{NodeId, Tree};

/// Maximum number of subscriptions in a file.
const MAX_FEEDS: usize = 100_000;
/// FreshRSS's type of pages as feeds, in small letters.
const HTML_XPATH: &str = "html+xpath";
/// Maximum distance between a recovered URL and the start of its outline, in bytes.
const LONGEST_TAG: usize = 4_000;

/// The content of an OPML file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Subscriptions {
    /// The document's title.
    pub title: Option<String>,
    /// The feeds, in document order.
    pub feeds: Vec<Subscription>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// A subscribed feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// The feed's address.
    pub url: String,
    /// Its name.
    pub title: Option<String>,
    /// Its site.
    pub site: Option<String>,
    /// What it is about.
    pub description: Option<String>,
    /// Folder names, outermost first; empty at the top level. Outside of any folder, its first
    /// category is used (`/Technology/Linux`).
    pub folder: Vec<String>,
    /// Its publisher's WhatsApp Channel, as written by Warta (`warta:whatsappChannel`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp_channel: Option<String>,
    /// Its publisher's Google News page (`warta:googleNews`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub google_news: Option<String>,
    /// The part that it is of the web page at its address; `None` for any other feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<OpmlPage>,
}

/// A part of a web page that is a feed. It has a selector, XPath expressions, or both.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct OpmlPage {
    /// What its entries are.
    pub kind: OpmlPageKind,
    /// The CSS selector of the items or the part, if Warta wrote the line.
    pub selector: Option<String>,
    /// The XPath expressions, as FreshRSS reads and writes them.
    pub xpath: Option<OpmlXpath>,
}

/// What the entries of a page are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpmlPageKind {
    /// The items of a list (`warta:list`).
    List,
    /// The changes of a watched part (`warta:watch`).
    Watch,
}

/// XPath expressions for the items of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
pub struct OpmlXpath {
    /// Selects the items (`frss:xPathItem`).
    pub item: String,
    /// The title, from an item (`frss:xPathItemTitle`).
    pub title: Option<String>,
    /// The content, from an item (`frss:xPathItemContent`).
    pub content: Option<String>,
    /// The address, from an item (`frss:xPathItemUri`).
    pub uri: Option<String>,
}

/// A problem and its position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// From 1; 0 for the whole document.
    pub line: usize,
    /// English.
    pub what: String,
}

/// The document is not OPML.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub enum NotOpml {
    /// No byte, or white space only.
    #[error("the document is empty")]
    Empty,
    /// Anything else.
    #[error("this is not OPML: {0}")]
    Unrecognised(String),
}

/// Parses an OPML document.
pub fn parse(bytes: &[u8]) -> Result<Subscriptions, NotOpml> {
    let text = decode(bytes, None);
    if text.trim().is_empty() {
        return Err(NotOpml::Empty);
    }
    let tree = Tree::parse(&text);
    let mut read = Subscriptions::default();
    let is = |id: NodeId, name: &str| tree.element(id).name().eq_ignore_ascii_case(name);
    let known = |id: &NodeId| {
        ["opml", "outlinedocument", "outline", "body"]
            .iter()
            .any(|n| is(*id, n))
    };
    let inside = |id: &NodeId| tree.descendants(*id).any(|d| is(d, "outline"));
    if !tree.roots.iter().any(|id| known(id) || inside(id)) {
        let what = tree
            .roots
            .first()
            .map_or("it has no elements".into(), |id| {
                format!("its outermost element is <{}>", tree.element(*id).raw_name)
            });
        return Err(NotOpml::Unrecognised(what));
    }
    for (what, offset) in &tree.problems {
        read.problems.push(Problem {
            line: line_at(&text, *offset),
            what: (*what).to_owned(),
        });
    }
    // Depth first in document order, each outline with its enclosing folders.
    let mut refused = Vec::new();
    let mut waiting: Vec<(NodeId, Vec<String>)> = tree
        .roots
        .iter()
        .rev()
        .map(|id| (*id, Vec::new()))
        .collect();
    while let Some((id, folder)) = waiting.pop() {
        if is(id, "title") && read.title.is_none() && folder.is_empty() {
            read.title = Some(plain_of_text(&tree.text_of(id))).filter(|t| !t.is_empty());
        }
        let mut inner = folder.clone();
        if is(id, "outline") {
            match subscription(&tree, id, folder) {
                Outline::Feed(mut feed) if read.feeds.len() < MAX_FEEDS => {
                    if bound(&mut feed) {
                        read.feeds.push(*feed);
                    } else {
                        let what = format!("the address of `{}` is too long", called(&feed));
                        let line = line_of(&text, tree.element(id).raw_name);
                        read.problems.push(Problem { line, what });
                    }
                }
                // Bounded, since each feed inside repeats the names.
                Outline::Folder(Some(name)) if inner.len() < bounds::FOLDERS => {
                    inner.push(bounds::folder(name));
                }
                Outline::Feed(_) | Outline::Folder(_) => {}
                Outline::Unreadable(what, url) => {
                    let line = line_of(&text, tree.element(id).raw_name);
                    read.problems.push(Problem { line, what });
                    refused.extend(url);
                }
            }
        }
        let from = waiting.len();
        waiting.extend(tree.children(id).map(|child| (child, inner.clone())));
        waiting[from..].reverse();
    }
    recover(&text, refused, &mut read);
    Ok(read)
}

/// Applies the limits; returns whether the feed's URL is short enough to be fetched.
fn bound(feed: &mut Subscription) -> bool {
    bounds::text(&mut feed.title, bounds::TITLE);
    bounds::text(&mut feed.description, bounds::DESCRIPTION);
    bounds::address(&mut feed.site);
    bounds::address(&mut feed.whatsapp_channel);
    bounds::address(&mut feed.google_news);
    feed.folder.truncate(bounds::FOLDERS);
    let mut left = bounds::FOLDER_PATH;
    for name in &mut feed.folder {
        bounds::cut(name, bounds::FOLDER.min(left));
        left = left.saturating_sub(name.len() + " / ".len());
    }
    feed.folder.retain(|name| !name.is_empty());
    feed.url.len() <= bounds::ADDRESS
}

fn called(feed: &Subscription) -> &str {
    feed.title.as_deref().unwrap_or_default()
}

/// The kind of an outline.
enum Outline {
    Feed(Box<Subscription>),
    /// Optionally with a name.
    Folder(Option<String>),
    /// With the reason, and the address if it is complete.
    Unreadable(String, Option<String>),
}

fn subscription(tree: &Tree<'_>, id: NodeId, folder: Vec<String>) -> Outline {
    let name = name_of(tree, id);
    let called = || bounds::folder(name.clone().unwrap_or_default());
    let text = |attribute| {
        let text = plain_of_text(&tree.attribute(id, attribute)?);
        Some(text).filter(|t| !t.is_empty())
    };
    let kind = text("type").unwrap_or_default().to_ascii_lowercase();
    let is_feed = matches!(
        kind.as_str(),
        "rss" | "rss1" | "rss2" | "atom" | "feed" | "pie" | "podcast" | "jsonfeed" | HTML_XPATH
    );
    // Some programs write a feed's URL into `url`, OPML's attribute for links to pages.
    let named = ["xmlurl", "feedurl", "rssurl", "xml_url"]
        .iter()
        .find_map(|attribute| address_of(tree, id, attribute))
        .or_else(|| address_of(tree, id, "url").filter(|_| is_feed));
    let Some(url) = named else {
        if is_feed && tree.children(id).next().is_none() {
            let what = format!("the feed `{}` has no address", called());
            return Outline::Unreadable(what, None);
        }
        let included = address_of(tree, id, "url").filter(|url| {
            kind == "include" || (kind == "link" && url.to_ascii_lowercase().ends_with(".opml"))
        });
        return match included {
            Some(url) => Outline::Unreadable(
                format!(
                    "`{}` links to another OPML file, which is not imported: {}",
                    called(),
                    bounds::folder(url)
                ),
                None,
            ),
            None => Outline::Folder(name),
        };
    };
    if is_command(&url) {
        let what = format!("`{}` is a command, not an address", called());
        return Outline::Unreadable(what, None);
    }
    let page = match page(tree, id, &kind) {
        Ok(page) => page,
        Err(why) => {
            let what = format!("`{}` was left out: {why}", called());
            return Outline::Unreadable(what, Some(url));
        }
    };
    let folder = if folder.is_empty() {
        text("category").map_or_else(Vec::new, |text| folder_named(&text))
    } else {
        folder
    };
    Outline::Feed(Box::new(Subscription {
        url,
        title: name,
        site: address_of(tree, id, "htmlurl"),
        description: text("description"),
        folder,
        whatsapp_channel: address_of(tree, id, "whatsappchannel").filter(|a| is_web(a)),
        google_news: address_of(tree, id, "googlenews").filter(|a| is_web(a)),
        page,
    }))
}

/// The part of a page that an outline of a type is, or why it cannot be read.
fn page(tree: &Tree<'_>, id: NodeId, kind: &str) -> Result<Option<OpmlPage>, &'static str> {
    let rule = |attribute| {
        let text = tree
            .attribute(id, attribute)?
            .replace(char::is_control, " ");
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let xpath = rule("xpathitem").filter(|_| kind == HTML_XPATH);
    let xpath = xpath.map(|item| OpmlXpath {
        item,
        title: rule("xpathitemtitle"),
        content: rule("xpathitemcontent"),
        uri: rule("xpathitemuri"),
    });
    // With their prefix, since these names are common ones.
    let list = rule("warta:list").map(|selector| (OpmlPageKind::List, selector));
    let own = list.or_else(|| Some((OpmlPageKind::Watch, rule("warta:watch")?)));
    if own.is_none() && xpath.is_none() {
        return match kind {
            HTML_XPATH => Err("it has no rule for the items of its page"),
            "xml+xpath" => Err("feeds made from XML by XPath are not supported"),
            _ if kind.starts_with("json+") || kind.starts_with("html+xpath+") => {
                Err("feeds made from JSON are not supported")
            }
            _ => Ok(None),
        };
    }
    let texts = own.iter().map(|(_, selector)| selector);
    let expressions = xpath.iter().flat_map(|xpath| {
        let others = [&xpath.title, &xpath.content, &xpath.uri];
        others.into_iter().flatten().chain([&xpath.item])
    });
    if texts
        .chain(expressions)
        .any(|text| text.len() > bounds::RULE)
    {
        return Err("its rule is too long");
    }
    let (kind, selector) = own.map_or((OpmlPageKind::List, None), |(kind, selector)| {
        (kind, Some(selector))
    });
    Ok(Some(OpmlPage {
        kind,
        selector,
        xpath,
    }))
}

/// Terminal feed readers support commands whose output is a feed.
fn is_command(address: &str) -> bool {
    ["|", "exec:", "filter:"]
        .iter()
        .any(|start| address.starts_with(start))
}

/// The folder of the first category (OPML 2.0): `/Technology/Linux,/News`.
fn folder_named(categories: &str) -> Vec<String> {
    let first = categories.split(',').map(str::trim).find(|c| !c.is_empty());
    let parts = first.unwrap_or_default().split('/').map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .take(bounds::FOLDERS)
        .map(str::to_owned)
        .collect()
}

/// Recovers URLs that the tree misses in a damaged document (a quotation mark inside a value ends
/// it early): every `xmlUrl` outside of comments is a feed, except for the addresses of `refused`.
fn recover(text: &str, refused: Vec<String>, read: &mut Subscriptions) {
    let mut known: HashSet<String> = read.feeds.iter().map(|feed| feed.url.clone()).collect();
    known.extend(refused);
    let lower = text.to_ascii_lowercase();
    let (mut at, mut line, mut counted) = (0, 1, 0);
    while let Some(found) = lower[at..].find("xmlurl") {
        let start = at + found;
        if let Some(comment) = lower[at..start].find("<!--") {
            match lower[at + comment..].find("-->") {
                Some(end) => at += comment + end,
                None => return,
            }
            continue;
        }
        at = start + "xmlurl".len();
        let Some(value) = quoted(&text[at..]) else {
            continue;
        };
        let url = plain_address(&unescape(value));
        // The name of the attribute may be the end of another text.
        if !is_web(&url) {
            continue;
        }
        // The URL itself may contain the name of the attribute.
        at = value.as_ptr() as usize - text.as_ptr() as usize + value.len();
        if url.is_empty()
            || is_command(&url)
            || read.feeds.len() >= MAX_FEEDS
            || !known.insert(url.clone())
        {
            continue;
        }
        line += text[counted..start].matches('\n').count();
        counted = start;
        let before = &text[text.floor_char_boundary(start.saturating_sub(LONGEST_TAG))..start];
        let tag = before.rfind("<outline").map_or("", |tag| &before[tag..]);
        let title = ["title", "text"].iter().find_map(|name| {
            let value = tag.split_once(&format!(" {name}"))?.1;
            Some(plain_of_text(quoted(value)?)).filter(|t| !t.is_empty())
        });
        let what = "this line is damaged; the feed's address was read from it".into();
        let mut feed = Subscription {
            url,
            title,
            ..Subscription::default()
        };
        if bound(&mut feed) {
            read.problems.push(Problem { line, what });
            read.feeds.push(feed);
        }
    }
}

/// The value of `="value"` at the start of `text`.
fn quoted(text: &str) -> Option<&str> {
    let text = text.trim_start().strip_prefix('=')?.trim_start();
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = &text[1..];
    Some(&value[..value.find(quote)?])
}

fn name_of(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let of = |name| {
        tree.attribute(id, name)
            .map(|t| plain_of_text(&t))
            .filter(|t| !t.is_empty())
    };
    of("title").or_else(|| of("text"))
}

fn address_of(tree: &Tree<'_>, id: NodeId, attribute: &str) -> Option<String> {
    let url = plain_address(&tree.attribute(id, attribute)?);
    (!url.is_empty()).then_some(url)
}

/// A corrected URL, without control characters and line breaks.
fn plain_address(url: &str) -> String {
    let clean: String = url.chars().filter(|c| !c.is_control()).collect();
    // The program that wrote the list fetched a complete address as it is, `&amp;` included.
    let ampersands = if is_web(&clean) {
        Ampersands::Keep
    } else {
        Ampersands::Decode
    };
    let url = tidy_with(&clean, ampersands);
    // Host and scheme are case-insensitive (RFC 3986, section 3.1); a valid URL stays as written.
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let odd = url.contains('\\') || scheme.bytes().any(|b| b.is_ascii_uppercase());
    let begins = |start: &str| {
        url.get(..start.len())
            .is_some_and(|s| s.eq_ignore_ascii_case(start))
    };
    let slashes = (begins("http:") || begins("https:")) && scheme.is_empty();
    match Url::parse(&url) {
        Ok(parsed) if odd || slashes => parsed.into(),
        _ => url.into_owned(),
    }
}

/// The line of a slice of the document.
fn line_of(text: &str, slice: &str) -> usize {
    line_at(
        text,
        (slice.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize),
    )
}

fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset)
        .map_or(0, |before| before.matches('\n').count() + 1)
}

/// Writes an OPML 2.0 document (opml.org/spec2.opml) with nested folders.
#[must_use]
pub fn write(subscriptions: &Subscriptions) -> String {
    let feeds = subscriptions.feeds.iter();
    let outlines: Vec<warta_text::OpmlFeed<'_>> = feeds
        .map(|feed| warta_text::OpmlFeed {
            url: &feed.url,
            title: feed.title.as_deref(),
            site: feed.site.as_deref(),
            description: feed.description.as_deref(),
            folder: &feed.folder,
            whatsapp_channel: feed.whatsapp_channel.as_deref(),
            google_news: feed.google_news.as_deref(),
            page: feed.page.as_ref().map(written),
        })
        .collect();
    let title = subscriptions.title.as_deref().unwrap_or("Warta");
    warta_text::write_opml(title, None, &[], &outlines)
}

fn written(page: &OpmlPage) -> warta_text::OpmlPage<'_> {
    let selector = |kind| page.selector.as_deref().filter(|_| page.kind == kind);
    let xpath = page.xpath.as_ref().map(|xpath| warta_text::OpmlXpath {
        item: &xpath.item,
        title: xpath.title.as_deref(),
        content: xpath.content.as_deref(),
        uri: xpath.uri.as_deref(),
    });
    warta_text::OpmlPage {
        list: selector(OpmlPageKind::List),
        watch: selector(OpmlPageKind::Watch),
        xpath,
    }
}
