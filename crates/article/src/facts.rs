//! Facts about a page: from JSON-LD (schema.org), `OpenGraph`, meta elements, and from visible
//! bylines and dates.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use serde_json::{Map, Value};
use warta_text::{collapse_whitespace, letters_only};

use crate::dates::{date, date_in_address};
use crate::media::absolute_web_url;
use crate::model::PublisherChannel;
use crate::parse::{DOCUMENT, NodeId, Tree};
use crate::publisher_channel::publisher_channel;

/// Maximum size of JSON-LD, in bytes.
const LONGEST_JSON: usize = 1 << 20;
/// Maximum number of meta elements read.
const MAX_METAS: usize = 400;
/// Maximum number of visible dates read.
const MAX_DATES: usize = 40;
/// Maximum number of headings read, of each kind.
const MAX_HEADINGS: usize = 12;
/// Maximum length of a title, in bytes.
const LONGEST_HEADING: usize = 400;
/// Number of visible dates that may correct the day.
const MAX_SEEN: usize = 3;
/// Maximum length of a text with a date, in bytes.
const LONGEST_DATE: usize = 120;

/// Meta elements with the publication date, most reliable first.
const PUBLISHED: [&str; 24] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "content_publisheddate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "pubdate",
    "publication_date",
    "sailthru.date",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date.created",
    "dc.date",
    "date",
    "last-published",
    "rnews:datepublished",
    "originalpublicationdate",
];
/// Meta elements with the modification date, used as a fallback.
const MODIFIED: [&str; 7] = [
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
];

/// Facts about a page.
#[derive(Default)]
pub(crate) struct Facts {
    metas: Vec<(String, String)>,
    title: Option<String>,
    /// Texts of `h1`, and of lesser headings, in order.
    headings: Vec<String>,
    lesser: Vec<String>,
    pub(crate) language: Option<String>,
    canonical: Option<String>,
    json: FromJson,
    dates: Dates,
    author: Option<String>,
    pub(crate) channels: Vec<PublisherChannel>,
}

/// Dates by source, the first of each kind.
#[derive(Default)]
struct Dates {
    /// Marked up as the publication date.
    marked: Option<DateTime<FixedOffset>>,
    /// In a `time` element.
    time: Option<DateTime<FixedOffset>>,
    /// In an element with a date-like name.
    named: Option<DateTime<FixedOffset>>,
    /// In a short text.
    printed: Option<DateTime<FixedOffset>>,
    /// Any of these, but outside the article.
    beside: Option<DateTime<FixedOffset>>,
    /// Visible days within the article.
    seen: Vec<NaiveDate>,
    looked_at: usize,
}

#[derive(Default)]
struct FromJson {
    headline: Option<String>,
    published: Option<String>,
    page_published: Option<String>,
    modified: Option<String>,
    author: Option<String>,
    image: Option<String>,
    language: Option<String>,
    body: Option<String>,
    /// Whether `isAccessibleForFree` is false.
    paid: bool,
}

impl Facts {
    pub(crate) fn of(tree: &Tree) -> Self {
        let mut facts = Self::default();
        let mut scripts = Vec::new();
        for id in tree.below(DOCUMENT) {
            match tree.name(id) {
                Some("script") => scripts.push(id),
                Some(name) => facts.element(tree, id, name),
                None => {}
            }
        }
        for id in scripts {
            facts.script(tree, id);
        }
        if facts.json.language.is_some() && facts.language.is_none() {
            facts.language = facts.json.language.take();
        }
        facts
    }

    fn element(&mut self, tree: &Tree, id: NodeId, name: &str) {
        let attribute = |wanted: &str| tree.attribute(id, wanted);
        match name {
            "html" => {
                self.language = attribute("lang")
                    .filter(|l| !l.is_empty())
                    .map(str::to_owned);
            }
            "meta" => self.meta(tree, id),
            "title" if self.title.is_none() => {
                self.title =
                    Some(collapse_whitespace(&tree.text(id))).filter(|title| !title.is_empty());
            }
            "h1" | "h2" | "h3" => {
                let of_kind = if name == "h1" {
                    &mut self.headings
                } else {
                    &mut self.lesser
                };
                if of_kind.len() < MAX_HEADINGS && !is_beside(tree, id) {
                    let text = collapse_whitespace(&tree.text(id));
                    let fits = text.len() > 3 && text.len() < LONGEST_HEADING;
                    of_kind.extend(Some(text).filter(|_| fits));
                }
                self.printed(tree, id, name);
            }
            "link" if attribute("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                self.canonical = attribute("href")
                    .filter(|h| !h.is_empty())
                    .map(str::to_owned);
            }
            "a" => {
                if let Some(found) = attribute("href").and_then(publisher_channel)
                    && self.channels.iter().all(|known| known.kind != found.kind)
                {
                    self.channels.push(found);
                }
                if self.author.is_none()
                    && attribute("rel") == Some("author")
                    && !is_beside(tree, id)
                {
                    self.author = name_of(&tree.text(id));
                }
            }
            "head" | "body" | "style" | "template" | "noscript" | "link" => {}
            _ => self.printed(tree, id, name),
        }
    }

    fn meta(&mut self, tree: &Tree, id: NodeId) {
        let attribute = |wanted: &str| tree.attribute(id, wanted);
        let key = ["property", "name", "itemprop", "http-equiv"]
            .iter()
            .find_map(|k| attribute(k));
        if let (Some(key), Some(value)) = (key, attribute("content"))
            && self.metas.len() < MAX_METAS
            && !value.trim().is_empty()
        {
            self.metas
                .push((key.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }

    /// Dates and names in the text of a page.
    fn printed(&mut self, tree: &Tree, id: NodeId, name: &str) {
        let attribute = |wanted: &str| tree.attribute(id, wanted);
        let property = attribute("itemprop")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let called = [attribute("class"), attribute("id")].into_iter().flatten();
        let called = called.collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        let is_author = property == "author"
            || ["byline", "author-name", "author_name"]
                .iter()
                .any(|n| called.contains(n));
        if is_author && self.author.is_none() && !is_beside(tree, id) {
            self.author = short_text(tree, id).as_deref().and_then(name_of);
        }
        let marked = property == "datepublished"
            || (called.contains("published")
                || called.contains("dtreviewed")
                || called.contains("pubdate"))
            || attribute("pubdate").is_some();
        let named = [
            "date", "datum", "tanggal", "time", "posted", "publish", "meta", "waktu", "info",
        ]
        .iter()
        .any(|n| called.contains(n));
        if !(marked
            || named
            || name == "time"
            || self.dates.printed.is_none() && !matches!(name, "a" | "li"))
            || self.dates.looked_at > MAX_DATES
        {
            return;
        }
        let machine = ["datetime", "content", "title"]
            .iter()
            .find_map(|k| date(attribute(k)?));
        let seen = short_text(tree, id).and_then(|text| date(&text));
        let Some(found) = machine.or(seen) else {
            return;
        };
        self.dates.looked_at += 1;
        let place = if is_date_beside(tree, id) {
            if is_in_comments(tree, id) {
                return;
            }
            &mut self.dates.beside
        } else if marked {
            &mut self.dates.marked
        } else if name == "time" {
            &mut self.dates.time
        } else if named {
            &mut self.dates.named
        } else {
            &mut self.dates.printed
        };
        place.get_or_insert(found);
        if let Some(seen) = seen.filter(|_| !is_date_beside(tree, id)) {
            self.dates.seen.push(seen.date_naive());
        }
    }

    fn script(&mut self, tree: &Tree, id: NodeId) {
        let is_json = tree
            .attribute(id, "type")
            .is_some_and(|kind| kind.contains("ld+json"));
        if !is_json {
            return;
        }
        match json_ld(tree, id) {
            Some(json) => self.json.read(&json),
            None if tree.text(id).len() <= LONGEST_JSON => {
                self.json.guess(&without_controls(&tree.text(id)));
            }
            None => {}
        }
    }

    fn first(&self, keys: &[&str]) -> Option<&str> {
        let named = |key: &&str| self.metas.iter().find(|(known, _)| known == key);
        keys.iter().find_map(named).map(|(_, value)| value.as_str())
    }

    /// Whether the page's metadata say that it is one article.
    pub(crate) fn calls_itself_article(&self) -> bool {
        let kind = self.first(&["og:type"]);
        kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("article"))
    }

    /// Whether the page's metadata have a date of publication.
    pub(crate) fn has_declared_date(&self) -> bool {
        self.first(&PUBLISHED).is_some()
    }

    pub(crate) fn site_name(&self) -> Option<String> {
        self.first(&["og:site_name", "application-name"])
            .map(collapse_whitespace)
    }

    pub(crate) fn image(&self) -> Option<String> {
        let meta = self.first(&[
            "og:image",
            "og:image:url",
            "twitter:image",
            "twitter:image:src",
            "image",
        ]);
        meta.map(str::to_owned).or_else(|| self.json.image.clone())
    }

    /// The headline: the visible heading if it matches the metadata, else the one in the metadata
    /// without the site's name.
    pub(crate) fn title(&self) -> Option<String> {
        let metas = || {
            self.first(&["og:title", "twitter:title", "dc.title"])
                .map(collapse_whitespace)
        };
        let declared = self.json.headline.clone().or_else(metas);
        let Some(whole) = declared.clone().or_else(|| self.title.clone()) else {
            return self.headings.first().cloned();
        };
        let site = self.first(&["og:site_name"]);
        let is_site =
            |text: &str| site.is_some_and(|site| letters_only(site) == letters_only(text));
        let printed = self
            .headings
            .iter()
            .filter(|heading| !(is_site(heading) || declared.is_none() && is_tail(heading, &whole)))
            .map(|heading| (similarity(heading, &whole), heading))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((similarity, heading)) = printed
            && similarity >= 0.5
        {
            // Some sites put a topic before the headline.
            let shorter = without_site(&whole, site);
            let is_inside =
                declared.is_some() && heading.len() > shorter.len() && heading.contains(&*shorter);
            return Some(if is_inside { shorter } else { heading.clone() });
        }
        // A part of the title may be a lower heading.
        let parts = || {
            SEPARATORS
                .iter()
                .flat_map(|by| whole.split(by))
                .map(str::trim)
        };
        let lesser = self.lesser.iter().find(|heading| {
            heading.split_whitespace().count() > 1
                && !is_site(heading)
                && parts().any(|part| part == *heading)
        });
        if let Some(heading) = lesser {
            return Some(heading.clone());
        }
        // The title element alone is less reliable than the only h1.
        if declared.is_none()
            && let [heading] = &self.headings[..]
            && !is_site(heading)
            && heading.split_whitespace().count() > 2
        {
            return Some(heading.clone());
        }
        Some(without_site(&whole, site))
    }

    /// The article's text from the metadata, blocks separated by line breaks.
    pub(crate) fn body(&self) -> Option<String> {
        let body = self.json.body.as_deref()?;
        let marked = body.contains('<')
            || body.contains("&lt;")
            || body.contains("&amp;")
            || body.contains("&quot;");
        Some(if marked {
            let once = Tree::of_fragment(body).text(DOCUMENT);
            if once.contains("</") {
                Tree::of_fragment(&once).text(DOCUMENT)
            } else {
                once
            }
        } else {
            body.to_owned()
        })
    }

    /// Whether the metadata call the article paid.
    pub(crate) fn is_paid(&self) -> bool {
        let tier = self.first(&["article:content_tier", "og:article:content_tier"]);
        self.json.paid
            || tier.is_some_and(|tier| {
                matches!(
                    tier.to_ascii_lowercase().as_str(),
                    "locked" | "metered" | "paid" | "premium"
                )
            })
    }

    pub(crate) fn byline(&self) -> Option<String> {
        let metas = [
            "author",
            "article:author",
            "dc.creator",
            "sailthru.author",
            "parsely-author",
            "byl",
        ];
        let meta = metas.iter().find_map(|key| name_of(self.first(&[key])?));
        self.json
            .author
            .as_deref()
            .and_then(name_of)
            .or(meta)
            .or_else(|| self.author.clone())
    }

    /// When it was published, on the day shown on the page.
    pub(crate) fn published(&self, url: Option<&str>) -> Option<DateTime<FixedOffset>> {
        let found = self.declared(url)?;
        if found.offset().local_minus_utc() != 0 || found.time() == NaiveTime::MIN {
            return Some(found);
        }
        let address = url.and_then(date_in_address).map(|date| date.date_naive());
        let shown = address.into_iter().chain(self.dates.seen.iter().copied());
        let mut days = shown
            .take(MAX_SEEN)
            .filter(|day| (*day - found.date_naive()).num_days().abs() <= 1);
        Some(days.next().map_or(found, |day| on_day(found, day)))
    }

    fn declared(&self, url: Option<&str>) -> Option<DateTime<FixedOffset>> {
        let json = |text: &Option<String>| text.as_deref().and_then(date);
        let meta = |keys: &[&str]| keys.iter().find_map(|key| date(self.first(&[key])?));
        let canonical = || self.canonical.as_deref().and_then(date_in_address);
        json(&self.json.published)
            .or_else(|| meta(&PUBLISHED))
            .or(self.dates.marked)
            .or_else(|| json(&self.json.page_published))
            .or(self.dates.time)
            .or_else(|| url.and_then(date_in_address))
            .or_else(canonical)
            .or(self.dates.named)
            .or_else(|| meta(&MODIFIED))
            .or_else(|| json(&self.json.modified))
            .or_else(|| self.title.as_deref().and_then(date))
            .or(self.dates.printed)
            .or(self.dates.beside)
    }

    pub(crate) fn canonical(&self, url: Option<&str>) -> Option<String> {
        let declared = self
            .canonical
            .as_deref()
            .or_else(|| self.first(&["og:url"]))?;
        absolute_web_url(declared, url)
    }
}

impl FromJson {
    fn read(&mut self, json: &Value) {
        let mut waiting = vec![json];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(list) => waiting.extend(list.iter().rev()),
                Value::Object(map) => {
                    waiting.extend(
                        ["@graph", "mainEntity", "mainEntityOfPage"]
                            .iter()
                            .filter_map(|k| map.get(*k)),
                    );
                    self.object(map);
                }
                _ => {}
            }
        }
    }

    fn object(&mut self, map: &Map<String, Value>) {
        let kinds = match map.get("@type") {
            Some(Value::String(kind)) => kind.clone(),
            Some(Value::Array(kinds)) => kinds
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(" "),
            _ => return,
        };
        let text = |name: &str| {
            map.get(name)
                .and_then(Value::as_str)
                .map(|t| collapse_whitespace(&unescaped(t)))
                .filter(|t| !t.is_empty())
        };
        let keep = |place: &mut Option<String>, found: Option<String>| {
            if place.is_none() {
                *place = found;
            }
        };
        let named = [
            "Article",
            "BlogPosting",
            "Report",
            "LiveBlog",
            "SocialMediaPosting",
            "Recipe",
            "Review",
        ];
        if named.iter().any(|kind| kinds.contains(kind)) {
            keep(&mut self.headline, text("headline"));
            keep(
                &mut self.published,
                text("datePublished").or_else(|| text("dateCreated")),
            );
            keep(&mut self.modified, text("dateModified"));
            keep(&mut self.author, map.get("author").and_then(author_names));
            keep(&mut self.image, map.get("image").and_then(first_url));
            keep(&mut self.language, text("inLanguage"));
            keep(
                &mut self.body,
                map.get("articleBody")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            self.paid |= map.get("isAccessibleForFree").is_some_and(is_no);
        } else if !kinds.contains("Comment") {
            keep(&mut self.page_published, text("datePublished"));
            keep(&mut self.modified, text("dateModified"));
        }
    }

    /// Extracts what is possible from malformed JSON.
    fn guess(&mut self, text: &str) {
        let value = |name: &str| {
            let rest = &text[text.find(name)? + name.len()..];
            let rest = rest
                .trim_start()
                .strip_prefix(':')?
                .trim_start()
                .strip_prefix('"')?;
            Some(rest[..rest.find('"')?].to_owned())
        };
        if self.published.is_none() {
            self.published = value("\"datePublished\"");
        }
    }
}

/// The JSON of a script element; `None` if it is malformed or too large.
pub(crate) fn json_ld(tree: &Tree, id: NodeId) -> Option<Value> {
    let text = tree.text(id);
    if text.len() > LONGEST_JSON {
        return None;
    }
    serde_json::from_str(text.trim().trim_end_matches(';'))
        .or_else(|_| serde_json::from_str(without_controls(&text).trim()))
        .ok()
}

/// Line breaks inside strings are the most common error in JSON-LD.
fn without_controls(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Separators between a title and the name of its site.
const SEPARATORS: [&str; 9] = [
    " | ", " - ", " – ", " — ", " :: ", " » ", " • ", " « ", " // ",
];

/// Share of the words of a heading that occur in the whole title, 0 to 1.
fn similarity(heading: &str, whole: &str) -> f64 {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (heading, whole) = (words(heading), words(whole));
    if heading.is_empty() {
        return 0.0;
    }
    let shared = heading.iter().filter(|word| whole.contains(word)).count();
    // A one-word heading does not match a title of several words.
    let least = if heading.len() == 1 && whole.len() > 2 {
        3.0
    } else {
        1.0
    };
    shared as f64 / (heading.len() as f64).max(least)
}

/// Whether a heading is the last part of a title: the site's name.
fn is_tail(heading: &str, whole: &str) -> bool {
    let tail = |by: &str| whole.rsplit_once(by).map(|(_, tail)| tail.trim());
    SEPARATORS
        .iter()
        .filter_map(|by| tail(by))
        .any(|tail| letters_only(tail) == letters_only(heading))
}

/// The same time in a time zone where it is that day: sites that write UTC show their local day.
fn on_day(moment: DateTime<FixedOffset>, day: NaiveDate) -> DateTime<FixedOffset> {
    if day == moment.date_naive() {
        return moment;
    }
    let hours = if day > moment.date_naive() {
        1..=14
    } else {
        -12..=-1
    };
    let mut hours: Vec<i32> = hours.collect();
    hours.sort_by_key(|hour| hour.abs());
    hours
        .into_iter()
        .filter_map(|hour| FixedOffset::east_opt(hour * 3600))
        .map(|offset| moment.with_timezone(&offset))
        .find(|there| there.date_naive() == day)
        .unwrap_or(moment)
}

/// A title without the name of its site.
fn without_site(whole: &str, site: Option<&str>) -> String {
    for separator in SEPARATORS {
        if let Some((head, tail)) = whole.rsplit_once(separator) {
            let named = site.is_some_and(|site| site.eq_ignore_ascii_case(tail.trim()));
            let short =
                tail.split_whitespace().count() <= 4 && head.split_whitespace().count() >= 4;
            if named || short {
                return collapse_whitespace(head);
            }
        }
    }
    collapse_whitespace(whole)
}

/// Whether an element is outside the article: in a sidebar, below it, in the comments.
fn is_beside(tree: &Tree, id: NodeId) -> bool {
    let names = [
        "comment",
        "sidebar",
        "side-bar",
        "related",
        "footer",
        "widget",
        "copyright",
        "popular",
        "recent",
        "latest",
        "terkait",
        "terpopuler",
        "teaser-list",
        "kommentar",
        "archive",
        "calendar",
        "disqus",
        "newsticker",
    ];
    is_within(tree, id, &["aside", "footer", "nav"], &names)
}

/// Whether a date is outside the article: in teasers, or today's date in the page header.
fn is_date_beside(tree: &Tree, id: NodeId) -> bool {
    let names = [
        "teaser",
        "swiper",
        "slider",
        "top-bar",
        "topbar",
        "recommend",
    ];
    is_beside(tree, id) || is_within(tree, id, &[], &names)
}

/// Whether an element is in the comments.
fn is_in_comments(tree: &Tree, id: NodeId) -> bool {
    is_within(tree, id, &[], &["comment", "kommentar", "disqus"])
}

fn is_within(tree: &Tree, id: NodeId, elements: &[&str], names: &[&str]) -> bool {
    std::iter::successors(Some(id), |node| tree.parent(*node)).any(|node| {
        let element = tree.name(node).unwrap_or_default();
        let whole_page = matches!(element, "body" | "html" | "main" | "article");
        let called = [tree.attribute(node, "class"), tree.attribute(node, "id")];
        elements.contains(&element)
            || !whole_page
                && called.into_iter().flatten().any(|called| {
                    let low = called.to_ascii_lowercase();
                    names.iter().any(|name| low.contains(name))
                })
    })
}

/// The text of an element, if it is short.
fn short_text(tree: &Tree, id: NodeId) -> Option<String> {
    let mut text = String::new();
    for node in tree.below(id).take(24) {
        if let crate::parse::Data::Text(characters) = tree.data(node) {
            text.push_str(characters);
            text.push(' ');
            if text.len() > LONGEST_DATE * 3 {
                return None;
            }
        }
    }
    let text = collapse_whitespace(&text);
    (text.len() <= LONGEST_DATE && text.len() >= 3).then_some(text)
}

/// A person's or desk's name, without "By".
fn name_of(text: &str) -> Option<String> {
    let text = collapse_whitespace(text);
    let low = text.to_lowercase();
    let lead = [
        "by ",
        "oleh ",
        "oleh: ",
        "von ",
        "penulis: ",
        "par ",
        "by: ",
    ];
    let skipped = lead
        .iter()
        .find(|lead| low.starts_with(*lead))
        .map_or(0, |lead| lead.len());
    let name = text.get(skipped..).unwrap_or(&text).trim();
    let fits =
        name.len() < 200 && name.len() > 1 && !name.starts_with("http") && !name.starts_with('@');
    fits.then(|| name.to_owned())
}

/// Decodes HTML entities, which are frequent in JSON-LD headlines.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let tree = Tree::of_fragment(&text.replace('<', "&lt;"));
    tree.text(DOCUMENT)
}

fn author_names(author: &Value) -> Option<String> {
    match author {
        Value::String(name) => Some(collapse_whitespace(name)),
        Value::Array(list) => Some(
            list.iter()
                .filter_map(author_names)
                .collect::<Vec<_>>()
                .join(", "),
        ),
        Value::Object(map) => map.get("name").and_then(author_names),
        _ => None,
    }
    .filter(|n| !n.is_empty())
}

/// Whether a value is false, as a boolean or a string.
fn is_no(value: &Value) -> bool {
    match value {
        Value::Bool(free) => !free,
        Value::String(free) => free.eq_ignore_ascii_case("false"),
        _ => false,
    }
}

fn first_url(image: &Value) -> Option<String> {
    match image {
        Value::String(url) => Some(url.clone()),
        Value::Array(list) => list.iter().find_map(first_url),
        Value::Object(map) => map.get("url").and_then(first_url),
        _ => None,
    }
}
