//! JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), read field by field so that a wrong type costs
//! that field alone.

use serde_json::Value;
use url::Url;

use crate::addresses::is_redirect;
use crate::read::{content_id, make_unique};
use crate::text::{as_html, plain};
use crate::{Enclosure, Entry, Feed, FeedKind, NotAFeed, Schedule, dates};

/// No feed has lists in lists of this depth.
const DEEPEST: usize = 100;

pub(crate) fn read(text: &str, url: Option<&str>) -> Result<Feed, NotAFeed> {
    let mut problems = Vec::new();
    let json: Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            let whole = whole_part(text).and_then(|part| serde_json::from_str(&part).ok());
            problems.push(format!("its JSON is broken: {error}"));
            whole.ok_or_else(|| NotAFeed::Unrecognised(problems.remove(0)))?
        }
    };
    let items = json.get("items").and_then(Value::as_array);
    let says_so = string(&json, "version").is_some_and(|v| v.contains("jsonfeed.org"));
    if items.is_none() && !says_so {
        return Err(NotAFeed::Unrecognised(
            "it is JSON, but no JSON Feed".into(),
        ));
    }
    let base = url.and_then(|u| Url::parse(u).ok());
    let feed_authors = authors(&json);
    let mut entries: Vec<Entry> = items
        .into_iter()
        .flatten()
        .filter(|item| item.is_object())
        .take(10_000)
        .map(|item| entry(item, base.as_ref(), &feed_authors))
        .collect();
    make_unique(&mut entries);
    Ok(Feed {
        kind: FeedKind::Json,
        title: string(&json, "title").map(|t| plain(&t)),
        link: address(&json, "home_page_url", base.as_ref()),
        description: string(&json, "description").map(|d| plain(&d)),
        language: string(&json, "language"),
        updated: None,
        icon: address(&json, "icon", base.as_ref())
            .or_else(|| address(&json, "favicon", base.as_ref())),
        self_url: address(&json, "feed_url", base.as_ref()),
        schedule: Schedule::default(),
        entries,
        problems,
    })
}

/// What is whole of a document that was cut off: everything up to the last list or object that ended,
/// those around it closed.
fn whole_part(text: &str) -> Option<String> {
    let mut open = Vec::new();
    let mut whole = None;
    let mut in_string = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if in_string => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            b'{' if !in_string => open.push('}'),
            b'[' if !in_string => open.push(']'),
            b'}' | b']' if !in_string => {
                if open.pop() != Some(char::from(byte)) {
                    break;
                }
                whole = Some((at + 1, open.clone()));
                if open.len() > DEEPEST {
                    break;
                }
            }
            _ => {}
        }
    }
    let (end, open) = whole?;
    Some(text[..end].chars().chain(open.into_iter().rev()).collect())
}

fn entry(item: &Value, base: Option<&Url>, feed_authors: &[String]) -> Entry {
    let own = authors(item);
    let html = string(item, "content_html");
    let text = string(item, "content_text").map(|t| as_html(&t));
    let mut entry = Entry {
        id: String::new(),
        title: string(item, "title")
            .map(|t| plain(&t))
            .filter(|t| !t.is_empty()),
        link: address(item, "url", base).or_else(|| address(item, "external_url", base)),
        original_link: None,
        comments: None,
        published: string(item, "date_published").and_then(|d| dates::parse(&d)),
        updated: string(item, "date_modified").and_then(|d| dates::parse(&d)),
        authors: if own.is_empty() {
            feed_authors.to_vec()
        } else {
            own
        },
        summary: string(item, "summary").map(|s| as_html(&s)),
        content: html.or(text),
        categories: item
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|tag| tag.as_str().map(plain))
            .filter(|tag| !tag.is_empty())
            .take(50)
            .collect(),
        enclosures: attachments(item, base),
        image: address(item, "image", base).or_else(|| address(item, "banner_image", base)),
        language: string(item, "language"),
        source: None,
        chapters: None,
        link_is_id: false,
        link_is_redirect: false,
    };
    entry.link_is_redirect = entry.link.as_deref().is_some_and(is_redirect);
    entry.id = string(item, "id")
        .or_else(|| entry.link.clone())
        .unwrap_or_else(|| content_id(&entry));
    entry
}

fn attachments(item: &Value, base: Option<&Url>) -> Vec<Enclosure> {
    let list = item.get("attachments").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .take(50)
        .filter_map(|attachment| {
            Some(Enclosure {
                url: address(attachment, "url", base)?,
                media_type: string(attachment, "mime_type"),
                length: attachment
                    .get("size_in_bytes")
                    .and_then(Value::as_f64)
                    .map(|size| size as u64),
                duration_seconds: attachment
                    .get("duration_in_seconds")
                    .and_then(Value::as_f64)
                    .map(|duration| duration.round() as u32)
                    .filter(|duration| *duration > 0),
                title: string(attachment, "title").map(|title| plain(&title)),
            })
        })
        .collect()
}

fn authors(of: &Value) -> Vec<String> {
    let list = of
        .get("authors")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let single = of.get("author").cloned();
    list.iter()
        .chain(single.as_ref())
        .filter_map(|author| string(author, "name").or_else(|| author.as_str().map(str::to_owned)))
        .map(|name| plain(&name))
        .filter(|name| !name.is_empty())
        .collect()
}

/// A string that is not blank; numbers count as their digits, as ids are often written.
fn string(of: &Value, name: &str) -> Option<String> {
    match of.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn address(of: &Value, name: &str, base: Option<&Url>) -> Option<String> {
    let text = string(of, name)?;
    let text = text.trim();
    match base {
        Some(base) if Url::parse(text).is_err() => base.join(text).ok().map(Into::into),
        _ => Some(text.to_owned()),
    }
}
