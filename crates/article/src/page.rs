//! A whole page: its article by readability, its facts by what it declares (JSON-LD, `OpenGraph`, meta).

use chrono::{DateTime, NaiveDateTime, Utc};
use dom_smoothie::{Config, Readability};
use encoding_rs::Encoding;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;
use url::Url;

use crate::boilerplate::channel;
use crate::readable;
use crate::{NoArticle, Page, PublisherChannel, sanitize};

/// Longer pages are cut, in bytes.
const LONGEST: usize = 8 << 20;
/// Elements of a page that readability looks at; pages with more are read as a whole.
const MOST_ELEMENTS: usize = 60_000;
/// Nesting that readability follows.
const DEEPEST: usize = 400;

pub(crate) fn extract(
    bytes: &[u8],
    url: Option<&str>,
    content_type: Option<&str>,
) -> Result<Page, NoArticle> {
    let bytes = &bytes[..bytes.len().min(LONGEST)];
    let html = decode(bytes, content_type);
    if html.trim().is_empty() {
        return Err(NoArticle::Empty);
    }
    let facts = Facts::of(&html);
    let base = facts.canonical_against(url);
    let body = if facts.elements <= MOST_ELEMENTS && facts.depth <= DEEPEST {
        main_html(&html, url)
    } else {
        None
    };
    let title = facts.title();
    let mut dom = sanitize::clean(body.as_deref().unwrap_or(&html), url);
    let readable = readable::finish(&mut dom, title.as_deref(), facts.language.as_deref());
    if readable.text.trim().is_empty() {
        return Err(NoArticle::NotFound);
    }
    let image = facts
        .first(&["og:image", "twitter:image", "image"])
        .or(facts.json_image.clone());
    let image = image
        .and_then(|i| resolve(&i, url))
        .or_else(|| readable.lead_picture.as_ref().map(|p| p.url.clone()));
    let mut channels = readable.publisher_channels;
    for found in facts.channels.iter().cloned() {
        if channels.iter().all(|c| c.kind != found.kind) {
            channels.push(found);
        }
    }
    Ok(Page {
        title,
        byline: facts.byline(),
        published: facts.published(),
        language: readable.language,
        dateline: readable.dateline,
        excerpt: readable.excerpt,
        text: readable.text,
        html: readable.html,
        image,
        images: readable.pictures,
        publisher_channels: channels,
        site_name: facts.first(&["og:site_name", "application-name"]),
        canonical: base,
    })
}

fn main_html(html: &str, url: Option<&str>) -> Option<String> {
    let config = Config {
        max_elements_to_parse: MOST_ELEMENTS,
        ..Config::default()
    };
    let mut readability = Readability::new(html, url, Some(config)).ok()?;
    readability
        .parse()
        .ok()
        .map(|article| article.content.to_string())
}

fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> std::borrow::Cow<'a, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let label = |text: &str| {
        let rest = text[text.find("charset")? + 7..]
            .trim_start()
            .strip_prefix('=')?
            .trim_start();
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest
            .find(['"', '\'', ' ', '>', ';', '/'])
            .unwrap_or(rest.len());
        Encoding::for_label(&rest.as_bytes()[..end])
    };
    let named = content_type
        .map(str::to_ascii_lowercase)
        .as_deref()
        .and_then(label)
        .or_else(|| label(&head));
    let encoding = named.unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        detector.guess(None, chardetng::Utf8Detection::Allow)
    });
    encoding.decode_without_bom_handling(bytes).0
}

/// What a page declares about itself.
#[derive(Default)]
struct Facts {
    metas: Vec<(String, String)>,
    title: Option<String>,
    heading: Option<String>,
    language: Option<String>,
    canonical: Option<String>,
    time: Option<String>,
    json_headline: Option<String>,
    json_published: Option<String>,
    json_author: Option<String>,
    json_image: Option<String>,
    channels: Vec<PublisherChannel>,
    elements: usize,
    depth: usize,
}

impl Facts {
    fn of(html: &str) -> Self {
        let parsed = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        let mut facts = Self::default();
        let mut waiting: Vec<(Handle, usize)> = vec![(parsed.document.clone(), 0)];
        while let Some((node, depth)) = waiting.pop() {
            if let NodeData::Element { name, attrs, .. } = &node.data {
                facts.elements += 1;
                facts.depth = facts.depth.max(depth);
                let attribute = |wanted: &str| {
                    let attrs = attrs.borrow();
                    attrs
                        .iter()
                        .find(|a| &*a.name.local == wanted)
                        .map(|a| a.value.to_string())
                };
                facts.element(&name.local, &attribute, &node);
            }
            waiting.extend(
                node.children
                    .borrow()
                    .iter()
                    .rev()
                    .map(|c| (c.clone(), depth + 1)),
            );
        }
        facts
    }

    fn element(&mut self, name: &str, attribute: &dyn Fn(&str) -> Option<String>, node: &Handle) {
        match name {
            "html" => self.language = attribute("lang").filter(|l| !l.is_empty()),
            "meta" => {
                let key = ["property", "name", "itemprop"]
                    .iter()
                    .find_map(|k| attribute(k));
                if let (Some(key), Some(value)) = (key, attribute("content"))
                    && self.metas.len() < 400
                    && !value.trim().is_empty()
                {
                    self.metas
                        .push((key.to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
            "title" if self.title.is_none() => {
                self.title = Some(folded(&text_of(node))).filter(|t| !t.is_empty());
            }
            "h1" if self.heading.is_none() => {
                self.heading = Some(folded(&text_of(node))).filter(|t| t.len() > 3);
            }
            "link" if attribute("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                self.canonical = attribute("href").filter(|h| !h.is_empty());
            }
            "time" if self.time.is_none() => {
                self.time = attribute("datetime").filter(|t| !t.is_empty());
            }
            "script" if attribute("type").is_some_and(|t| t.contains("ld+json")) => {
                let text = text_of(node);
                if text.len() < 1 << 20
                    && let Ok(json) = serde_json::from_str::<Value>(text.trim())
                {
                    self.json_ld(&json);
                }
            }
            "a" => {
                if let Some(found) = attribute("href").as_deref().and_then(channel)
                    && self.channels.iter().all(|c| c.kind != found.kind)
                {
                    self.channels.push(found);
                }
            }
            _ => {}
        }
    }

    fn json_ld(&mut self, json: &Value) {
        let mut waiting = vec![json];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(list) => waiting.extend(list),
                Value::Object(map) => {
                    waiting.extend(map.get("@graph"));
                    let is = |kind: &str| match map.get("@type") {
                        Some(Value::String(t)) => t.contains(kind),
                        Some(Value::Array(ts)) => ts
                            .iter()
                            .any(|t| t.as_str().is_some_and(|t| t.contains(kind))),
                        _ => false,
                    };
                    if !(is("Article") || is("BlogPosting") || is("Report") || is("LiveBlog")) {
                        continue;
                    }
                    let text = |name: &str| {
                        map.get(name)
                            .and_then(Value::as_str)
                            .map(folded)
                            .filter(|t| !t.is_empty())
                    };
                    self.json_headline = self
                        .json_headline
                        .take()
                        .or_else(|| text("headline").map(|t| unescaped(&t)));
                    self.json_published = self
                        .json_published
                        .take()
                        .or_else(|| text("datePublished").or_else(|| text("dateCreated")));
                    self.json_author = self
                        .json_author
                        .take()
                        .or_else(|| map.get("author").and_then(names));
                    self.json_image = self
                        .json_image
                        .take()
                        .or_else(|| map.get("image").and_then(first_url));
                }
                _ => {}
            }
        }
    }

    fn first(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| {
            self.metas
                .iter()
                .find(|(k, _)| k == key)
                .map(|(_, v)| v.clone())
        })
    }

    /// The headline: what the page declares, without the site's name behind it.
    fn title(&self) -> Option<String> {
        let declared = self
            .json_headline
            .clone()
            .or_else(|| self.first(&["og:title", "twitter:title", "dc.title"]));
        let site = self.first(&["og:site_name"]);
        let whole = declared.or_else(|| self.title.clone())?;
        // A heading that the longer title contains is the headline itself.
        if let Some(heading) = &self.heading
            && whole.contains(heading.as_str())
            && heading.chars().count() * 2 > whole.chars().count()
        {
            return Some(heading.clone());
        }
        let mut title = whole.as_str();
        for separator in [" | ", " - ", " – ", " — ", " :: ", " » "] {
            if let Some((head, tail)) = title.rsplit_once(separator) {
                let named = site
                    .as_deref()
                    .is_some_and(|s| s.eq_ignore_ascii_case(tail.trim()));
                let short =
                    tail.split_whitespace().count() <= 4 && head.split_whitespace().count() >= 4;
                if named || short {
                    title = head;
                    break;
                }
            }
        }
        Some(folded(title))
            .filter(|t| !t.is_empty())
            .or_else(|| self.heading.clone())
    }

    fn byline(&self) -> Option<String> {
        let declared = self.json_author.clone().or_else(|| {
            self.first(&[
                "author",
                "article:author",
                "dc.creator",
                "sailthru.author",
                "parsely-author",
            ])
        });
        declared.filter(|b| !b.starts_with("http") && b.len() < 200)
    }

    fn published(&self) -> Option<DateTime<Utc>> {
        let keys = [
            "article:published_time",
            "og:published_time",
            "datepublished",
            "publishdate",
            "pubdate",
            "date",
            "dc.date",
            "dc.date.issued",
            "sailthru.date",
            "parsely-pub-date",
            "article.published",
            "content_publisheddate",
            "publish-date",
            "article:published",
        ];
        let declared = self.json_published.clone().into_iter();
        declared
            .chain(keys.iter().filter_map(|k| self.first(&[k])))
            .chain(self.time.clone())
            .find_map(|text| date(&text))
    }

    fn canonical_against(&self, url: Option<&str>) -> Option<String> {
        let declared = self.canonical.as_deref()?;
        resolve(declared, url).filter(|c| c.starts_with("http"))
    }
}

fn text_of(node: &Handle) -> String {
    let mut text = String::new();
    let mut waiting = vec![node.clone()];
    while let Some(node) = waiting.pop() {
        if let NodeData::Text { contents } = &node.data {
            text.push_str(&contents.borrow());
        }
        waiting.extend(node.children.borrow().iter().rev().cloned());
    }
    text
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Headlines in JSON-LD often keep HTML's entities.
fn unescaped(text: &str) -> String {
    text.replace("&amp;", "&")
        .replace("&quot;", "\"")
        .replace("&#039;", "'")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
}

fn names(author: &Value) -> Option<String> {
    match author {
        Value::String(name) => Some(folded(name)),
        Value::Array(list) => Some(list.iter().filter_map(names).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => map.get("name").and_then(names),
        _ => None,
    }
    .filter(|n| !n.is_empty())
}

fn first_url(image: &Value) -> Option<String> {
    match image {
        Value::String(url) => Some(url.clone()),
        Value::Array(list) => list.iter().find_map(first_url),
        Value::Object(map) => map.get("url").and_then(first_url),
        _ => None,
    }
}

fn resolve(address: &str, base: Option<&str>) -> Option<String> {
    match Url::parse(address) {
        Ok(url) => Some(url.into()),
        Err(_) => Url::parse(base?).ok()?.join(address).ok().map(Into::into),
    }
    .filter(|url: &String| url.starts_with("http"))
}

/// ISO 8601 as pages write it.
fn date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(date) = DateTime::parse_from_rfc3339(text) {
        return Some(date.with_timezone(&Utc));
    }
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.with_timezone(&Utc));
    }
    for format in [
        "%Y-%m-%dT%H:%M:%S%z",
        "%Y-%m-%dT%H:%M%z",
        "%Y-%m-%d %H:%M:%S%z",
        "%Y-%m-%d %H:%M:%S %z",
        "%Y-%m-%dT%H:%M:%S%.f%z",
    ] {
        if let Ok(date) = DateTime::parse_from_str(text, format) {
            return Some(date.with_timezone(&Utc));
        }
    }
    for format in [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y/%m/%d %H:%M:%S",
    ] {
        if let Ok(date) = NaiveDateTime::parse_from_str(text, format) {
            return Some(date.and_utc());
        }
    }
    let day = text.get(..10)?;
    let day = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .or_else(|_| chrono::NaiveDate::parse_from_str(day, "%Y/%m/%d"));
    day.ok()?.and_hms_opt(0, 0, 0).map(|d| d.and_utc())
}
