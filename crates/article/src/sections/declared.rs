//! Lists that a page declares: JSON-LD (schema.org `ItemList`, arrays of articles,
//! `LiveBlogPosting`), microdata, and microformats (`h-entry`, `hentry`).

use std::collections::HashMap;

use serde_json::{Map, Value};
use url::Url;
use warta_text::collapse_whitespace;

use crate::dates::{date, date_in_address};
use crate::facts::json_ld;
use crate::media::absolute_web;
use crate::parse::{DOCUMENT, NodeId, Tree};
use crate::signs::shown_characters;

use super::address::{identity, tidied};
use super::items::{MAX_ITEMS, shortened};
use super::links::{PageLinks, letters};
use super::model::ListItem;
use super::selector::Selector;

/// The selector of lists in JSON-LD.
pub(super) const JSON_LD: &str = "script[type=\"application/ld+json\"]";
/// Maximum nesting of JSON-LD that is read.
const DEEPEST: usize = 14;
/// Maximum number of values read of a page's JSON-LD.
const MAX_VALUES: usize = 60_000;
/// Minimum number of items of a declared list.
const FEWEST: usize = 3;

/// The JSON-LD of a page.
#[derive(Default)]
pub(super) struct Declared {
    /// Lists, in document order.
    pub(super) lists: Vec<DeclaredList>,
    /// What is known of a page by its identity.
    pub(super) known: HashMap<String, ListItem>,
    /// Articles that are no item of a list.
    pub(super) articles: Vec<Option<String>>,
    /// Whether the page calls itself a collection.
    pub(super) collection: bool,
    values: usize,
}

pub(super) struct DeclaredList {
    pub(super) items: Vec<ListItem>,
    pub(super) live: bool,
}

/// Reads the JSON-LD of the given script elements.
pub(super) fn json_lists(page: &PageLinks<'_>, scripts: &[NodeId]) -> Declared {
    let mut declared = Declared::default();
    for script in scripts {
        if let Some(json) = json_ld(page.tree(), *script) {
            declared.value(page, &json, 0, false);
        }
    }
    // The site itself may be declared as if it were an article.
    declared
        .lists
        .retain(|list| list.items.len() >= if list.live { 1 } else { FEWEST });
    declared
}

/// The script elements with JSON-LD.
pub(super) fn scripts(tree: &Tree) -> Vec<NodeId> {
    tree.below(DOCUMENT)
        .filter(|id| tree.name(*id) == Some("script"))
        .filter(|id| {
            tree.attribute(*id, "type")
                .is_some_and(|kind| kind.contains("ld+json"))
        })
        .collect()
}

impl Declared {
    fn value(&mut self, page: &PageLinks<'_>, value: &Value, depth: usize, in_list: bool) {
        self.values += 1;
        if depth > DEEPEST || self.values > MAX_VALUES {
            return;
        }
        match value {
            Value::Array(values) => self.array(page, values, depth, in_list),
            Value::Object(object) => self.object(page, object, depth, in_list),
            _ => {}
        }
    }

    /// An array of articles is a list.
    fn array(&mut self, page: &PageLinks<'_>, values: &[Value], depth: usize, in_list: bool) {
        let articles = values
            .iter()
            .filter(|value| value.as_object().is_some_and(is_article))
            .count();
        let lists_articles = !in_list && articles >= FEWEST && articles * 2 >= values.len();
        if lists_articles {
            self.list(page, values, false);
        }
        for value in values {
            self.value(page, value, depth + 1, in_list || lists_articles);
        }
    }

    fn object(
        &mut self,
        page: &PageLinks<'_>,
        object: &Map<String, Value>,
        depth: usize,
        in_list: bool,
    ) {
        let mut lists: Vec<&str> = Vec::new();
        let kind = |name: &str| has_type(object, |own| own == name);
        if kind("ItemList") || kind("OfferCatalog") {
            lists.push("itemListElement");
        }
        if kind("LiveBlogPosting") {
            lists.push("liveBlogUpdate");
        }
        if kind("Blog") {
            lists.extend(["blogPost", "blogPosts"]);
        }
        if kind("DataFeed") {
            lists.push("dataFeedElement");
        }
        if kind("CollectionPage") || kind("SearchResultsPage") {
            self.collection = true;
        }
        lists.push("hasPart");
        for name in &lists {
            if let Some(values) = object.get(*name) {
                let live = *name == "liveBlogUpdate";
                let parts = values
                    .as_array()
                    .map_or(std::slice::from_ref(values), Vec::as_slice);
                let fits = *name != "hasPart"
                    || parts
                        .iter()
                        .filter(|p| p.as_object().is_some_and(is_article))
                        .count()
                        >= FEWEST;
                if fits && !in_list {
                    self.list(page, parts, live);
                }
            }
        }
        if is_article(object) {
            if let Some(item) = item(page, object, false) {
                self.known.entry(item.id.clone()).or_insert(item);
            }
            if !in_list {
                self.articles.push(address(object).map(str::to_owned));
            }
        }
        for (name, value) in object {
            let inside = in_list || lists.contains(&&**name);
            if !matches!(
                &**name,
                "author" | "publisher" | "image" | "isPartOf" | "breadcrumb"
            ) {
                self.value(page, value, depth + 1, inside);
            }
        }
    }

    fn list(&mut self, page: &PageLinks<'_>, values: &[Value], live: bool) {
        let mut items: Vec<ListItem> = Vec::new();
        for value in values.iter().take(MAX_ITEMS) {
            if let Some(item) = entry(page, value, live)
                && items.iter().all(|known| known.id != item.id)
            {
                self.known
                    .entry(item.id.clone())
                    .or_insert_with(|| item.clone());
                items.push(item);
            }
        }
        self.lists.push(DeclaredList { items, live });
    }
}

/// An element of a list: an address, a `ListItem` around the item, or the item itself.
fn entry(page: &PageLinks<'_>, value: &Value, live: bool) -> Option<ListItem> {
    match value {
        Value::String(address) => bare(page, address, live),
        Value::Object(object) => {
            if let Some(inner) = object.get("item") {
                let mut found = match inner {
                    Value::String(address) => bare(page, address, live),
                    Value::Object(inner) if is_goods(inner) => None,
                    Value::Object(inner) => item(page, inner, live),
                    _ => None,
                }?;
                if found.title.is_empty() {
                    found.title = words(object.get("name")).unwrap_or_default();
                }
                return Some(found);
            }
            if is_goods(object) {
                return None;
            }
            item(page, object, live)
        }
        _ => None,
    }
}

/// Things that are no texts: goods, places, people, navigation.
fn is_goods(object: &Map<String, Value>) -> bool {
    has_type(object, |kind| {
        matches!(
            kind,
            "Product"
                | "Offer"
                | "Person"
                | "Organization"
                | "SiteNavigationElement"
                | "Place"
                | "LocalBusiness"
                | "Restaurant"
                | "Hotel"
                | "WPHeader"
                | "WPFooter"
                | "Brand"
                | "SportsTeam"
                | "Question"
                | "HowToStep"
                | "ImageObject"
        )
    })
}

/// An item of which only the address is known. The updates of a live blog keep their fragment.
fn bare(page: &PageLinks<'_>, address: &str, live: bool) -> Option<ListItem> {
    let url = absolute_web(address, page.base.as_ref())?;
    let update = live.then(|| url.clone());
    let url = tidied(url, update.as_ref().or(page.address.as_ref()));
    Some(ListItem {
        id: identity(&url),
        published: date_in_address(url.as_str()),
        url: url.into(),
        title: String::new(),
        snippet: None,
        picture: None,
    })
}

fn item(page: &PageLinks<'_>, object: &Map<String, Value>, live: bool) -> Option<ListItem> {
    let mut found = bare(page, address(object)?, live)?;
    let is_page = |id: &str| page.address.as_ref().is_some_and(|own| identity(own) == id);
    if is_page(&found.id) && !live {
        return None;
    }
    let text = |name: &str| words(object.get(name));
    let body = text("articleBody");
    found.title = text("headline")
        .or_else(|| text("name"))
        .or_else(|| live.then(|| body.as_deref().map(first_sentence)).flatten())
        .unwrap_or_default();
    found.snippet = text("description")
        .or_else(|| text("abstract"))
        .or(body)
        .filter(|text| letters(text) >= 10 && *text != found.title)
        .map(|text| shortened(&text));
    found.published = ["datePublished", "dateCreated", "uploadDate", "dateModified"]
        .iter()
        .find_map(|name| date(object.get(*name)?.as_str()?))
        .or(found.published);
    found.picture = object
        .get("image")
        .or_else(|| object.get("thumbnailUrl"))
        .and_then(picture)
        .and_then(|address| absolute_web(address, page.base.as_ref()))
        .map(Url::into);
    Some(found)
}

fn first_sentence(text: &str) -> String {
    let end = warta_text::sentence_ends(text).first().copied();
    shortened(text[..end.unwrap_or(text.len())].trim())
}

/// The first string of a value, without markup.
fn words(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text,
        Value::Array(values) => values.first()?.as_str()?,
        Value::Object(object) => object.get("@value")?.as_str()?,
        _ => return None,
    };
    let plain = if text.contains(['<', '&']) {
        Tree::of_fragment(text).text(DOCUMENT)
    } else {
        text.to_owned()
    };
    Some(collapse_whitespace(&shown_characters(&plain))).filter(|text| !text.is_empty())
}

fn picture(value: &Value) -> Option<&str> {
    match value {
        Value::String(address) => Some(address),
        Value::Array(values) => picture(values.first()?),
        Value::Object(object) => object.get("url").and_then(Value::as_str),
        _ => None,
    }
}

/// The address of an article: its own, else that of the page that it is on.
fn address(object: &Map<String, Value>) -> Option<&str> {
    let of_page = || match object.get("mainEntityOfPage")? {
        Value::String(address) => Some(&**address),
        Value::Object(page) => page.get("@id").or_else(|| page.get("url"))?.as_str(),
        _ => None,
    };
    let id = || object.get("@id").and_then(Value::as_str);
    let web = |address: &&str| !address.trim().is_empty();
    object
        .get("url")
        .and_then(Value::as_str)
        .filter(web)
        .or_else(|| of_page().filter(web))
        .or_else(id)
}

fn is_article(object: &Map<String, Value>) -> bool {
    has_type(object, |kind| {
        kind.ends_with("Article")
            || kind.ends_with("BlogPosting")
            || matches!(
                kind,
                "Report" | "VideoObject" | "Review" | "SocialMediaPosting"
            )
    }) && object
        .keys()
        .any(|key| matches!(&**key, "headline" | "name" | "articleBody"))
}

/// Whether one of the types of an object, without the vocabulary's address, is wanted.
fn has_type(object: &Map<String, Value>, is_wanted: impl Fn(&str) -> bool) -> bool {
    let short = |kind: &Value| {
        kind.as_str().map(|kind| {
            kind.rsplit(['/', '#', ':'])
                .next()
                .unwrap_or(kind)
                .to_owned()
        })
    };
    match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(short).any(|kind| is_wanted(&kind)),
        Some(kind) => short(kind).is_some_and(|kind| is_wanted(&kind)),
        None => false,
    }
}

/// The elements that are marked up as articles: by microdata or microformats.
pub(super) fn marked(tree: &Tree) -> Vec<(bool, Vec<NodeId>)> {
    const MICRODATA: [&str; 4] = [
        "[itemtype$=\"/NewsArticle\"]",
        "[itemtype$=\"/BlogPosting\"]",
        "[itemtype$=\"/Article\"]",
        "[itemprop=\"itemListElement\"]",
    ];
    const FORMATS: [&str; 2] = [".h-entry", ".hentry"];
    let select = |text: &&str| {
        Selector::parse(text)
            .map(|s| s.select(tree))
            .unwrap_or_default()
    };
    let of_kind = |all: &[&str], formats: bool| -> Vec<(bool, Vec<NodeId>)> {
        all.iter()
            .map(|text| (formats, select(text)))
            .filter(|(_, nodes)| nodes.len() >= FEWEST)
            .collect()
    };
    let mut found = of_kind(&MICRODATA, false);
    found.extend(of_kind(&FORMATS, true));
    found
}
