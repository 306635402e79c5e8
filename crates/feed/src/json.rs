//! JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), read field by field so that a wrong type only
//! loses that field.

use serde_json::Value;
use url::Url;

use crate::entry_ids::{content_id, make_unique};
use crate::model::{ArchiveLinks, Enclosure, Entry, Feed, FeedKind, NotAFeed, Schedule};
use crate::text::{as_html, plain_of_text};
use crate::urls::{self, is_redirect};
use crate::{bounds, dates};

/// Maximum length of an item that is read separately, in bytes.
const LONGEST_ITEM: usize = 1 << 16;
/// Maximum number of attempts to complete such an item.
const MAX_TRIES: usize = 32;
/// Maximum nesting of lists and objects.
const DEEPEST: usize = 100;

pub(crate) fn read(text: &str, url: Option<&str>) -> Result<Feed, NotAFeed> {
    let mut problems = Vec::new();
    let json: Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            problems.push(format!("its JSON is broken: {error}"));
            let repaired = repaired(text);
            let whole: Option<Value> = serde_json::from_str(&repaired).ok().or_else(|| {
                let part = whole_part(&repaired)?;
                serde_json::from_str(&part).ok()
            });
            let count = |json: &Value| {
                json.get("items")
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len)
            };
            let found = whole.as_ref().map_or(0, count);
            // If a missing or extra quotation mark hides the end, the items are read one by one.
            let apart = items_apart(&repaired);
            match apart.filter(|apart| count(apart) > found) {
                Some(apart) => apart,
                None => whole.ok_or_else(|| NotAFeed::Unrecognised(problems.remove(0)))?,
            }
        }
    };
    let items = json.get("items").and_then(Value::as_array);
    let says_so = string(&json, "version").is_some_and(|v| v.contains("jsonfeed.org"));
    if items.is_none() && !says_so {
        return Err(NotAFeed::Unrecognised(
            "it is JSON, but not a JSON Feed".into(),
        ));
    }
    let base = url.and_then(|u| Url::parse(u).ok());
    let feed_authors = authors(&json);
    let mut items: Vec<&Value> = items
        .into_iter()
        .flatten()
        .filter(|i| i.is_object())
        .collect();
    if items.len() > bounds::ENTRIES {
        let too_many = items.len() - bounds::ENTRIES;
        problems.push(format!("{too_many} entries are left out"));
        let dated = |item: &&Value| dates::parse(&string(item, "date_published")?);
        let oldest_first = items.iter().find_map(dated) < items.iter().rev().find_map(dated);
        items.drain(if oldest_first {
            0..too_many
        } else {
            bounds::ENTRIES..items.len()
        });
    }
    let mut entries: Vec<Entry> = items
        .into_iter()
        .map(|item| entry(item, base.as_ref(), &feed_authors))
        .collect();
    make_unique(&mut entries);
    let mut feed = Feed {
        kind: FeedKind::Json,
        title: string(&json, "title").map(|t| plain_of_text(&t)),
        link: address(&json, "home_page_url", base.as_ref()),
        description: string(&json, "description").map(|d| plain_of_text(&d)),
        language: string(&json, "language"),
        updated: None,
        icon: address(&json, "icon", base.as_ref())
            .or_else(|| address(&json, "favicon", base.as_ref())),
        self_url: address(&json, "feed_url", base.as_ref()),
        schedule: Schedule::default(),
        entries,
        parts: Vec::new(),
        archive: ArchiveLinks {
            next: address(&json, "next_url", base.as_ref()),
            ..ArchiveLinks::default()
        },
        problems,
    };
    bounds::feed(&mut feed);
    Ok(feed)
}

/// Repairs common mistakes: raw control characters, invalid escapes, unpaired surrogates, trailing
/// commas, `NaN`, comments. Everything else stays as it is.
fn repaired(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '"' => {
                in_string = !in_string;
                repaired.push(c);
                after
            }
            '\\' if in_string => escape(&mut repaired, after),
            _ if in_string => {
                match c {
                    '\n' => repaired += "\\n",
                    '\t' => repaired += "\\t",
                    '\0'..' ' => repaired.push(' '),
                    _ => repaired.push(c),
                }
                after
            }
            '}' | ']' => {
                let end = repaired.trim_end().len();
                if repaired[..end].ends_with(',') {
                    repaired.truncate(end - 1);
                }
                repaired.push(c);
                after
            }
            '/' if after.starts_with('/') => &after[after.find('\n').unwrap_or(after.len())..],
            '/' if after.starts_with('*') => after.find("*/").map_or("", |end| &after[end + 2..]),
            'N' | 'I' | 'u' => {
                let word = ["NaN", "Infinity", "undefined"]
                    .into_iter()
                    .find(|w| rest.starts_with(w));
                let word = word.map_or(1, |word| {
                    // "-Infinity"
                    if repaired.ends_with('-') {
                        repaired.pop();
                    }
                    repaired += "null";
                    word.len()
                });
                if word == 1 {
                    repaired.push(c);
                }
                &rest[word..]
            }
            _ => {
                repaired.push(c);
                after
            }
        };
    }
    repaired
}

/// Writes the escape sequence at the start of `after`, which follows a backslash; returns the rest.
fn escape<'t>(repaired: &mut String, after: &'t str) -> &'t str {
    let Some(c) = after.chars().next() else {
        return after;
    };
    let rest = &after[c.len_utf8()..];
    let hex = |text: &str| {
        let digits = text
            .get(..4)
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    match c {
        '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => {
            repaired.push('\\');
            repaired.push(c);
            rest
        }
        'u' => {
            let Some(unit) = hex(rest) else {
                repaired.push('\u{fffd}');
                return rest;
            };
            let second = rest[4..].strip_prefix("\\u").and_then(hex);
            let pair = (0xd800..0xdc00).contains(&unit)
                && second.is_some_and(|low| (0xdc00..0xe000).contains(&low));
            let length = if pair { 10 } else { 4 };
            if !pair && (0xd800..0xe000).contains(&unit) {
                repaired.push('\u{fffd}');
            } else {
                *repaired += "\\u";
                *repaired += &rest[..length];
            }
            &rest[length..]
        }
        '\0'..' ' => {
            repaired.push(' ');
            rest
        }
        _ => {
            repaired.push(c);
            rest
        }
    }
}

/// The document with those items that can be parsed separately. `None` if it has no list of items.
fn items_apart(text: &str) -> Option<Value> {
    let at = text.find("\"items\"")?;
    let list = at + text[at..].find('[')? + 1;
    let head = format!("{}[]}}", &text[..list - 1]);
    let mut json: Value = serde_json::from_str(&head).ok()?;
    let mut items = Vec::new();
    let mut parts = text[list..].split('{').skip(1).peekable();
    let mut item = String::new();
    let mut tries = 0;
    while let Some(part) = parts.next() {
        item.push('{');
        item += part;
        let end = item.trim_end();
        let is_last = parts.peek().is_none();
        // An item ends before the next one, or with the list.
        let whole = match (end.strip_suffix(','), is_last) {
            (Some(whole), _) => whole.trim_end(),
            (None, true) => end
                .rfind(']')
                .map_or(end, |end_of_list| item[..end_of_list].trim_end()),
            (None, false) => continue,
        };
        if !whole.ends_with('}') {
            continue;
        }
        match serde_json::from_str::<Value>(whole) {
            Ok(value) => items.push(value),
            // Nested objects contain commas too: an incomplete item may be completed by the next
            // part.
            Err(error) if error.is_eof() && item.len() < LONGEST_ITEM && tries < MAX_TRIES => {
                tries += 1;
                continue;
            }
            Err(_) => {}
        }
        item.clear();
        tries = 0;
    }
    json.as_object_mut()?
        .insert("items".into(), Value::Array(items));
    Some(json)
}

/// The complete part of a truncated document: everything up to the last closed list or object, with
/// the enclosing ones closed.
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
            .map(|t| plain_of_text(&t))
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
            .filter_map(|tag| tag.as_str().map(plain_of_text))
            .filter(|tag| !tag.is_empty())
            .take(bounds::LIST)
            .collect(),
        enclosures: attachments(item, base),
        image: address(item, "image", base).or_else(|| address(item, "banner_image", base)),
        language: string(item, "language"),
        source: None,
        base: None,
        chapters: None,
        link_is_id: false,
        link_is_redirect: false,
    };
    entry.link_is_redirect = entry.link.as_deref().is_some_and(is_redirect);
    entry.id = string(item, "id")
        .or_else(|| entry.link.clone())
        .unwrap_or_else(|| content_id(&entry));
    bounds::entry(&mut entry);
    entry
}

fn attachments(item: &Value, base: Option<&Url>) -> Vec<Enclosure> {
    let list = item.get("attachments").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .take(bounds::LIST)
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
                title: string(attachment, "title").map(|title| plain_of_text(&title)),
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
        .map(|name| plain_of_text(&name))
        .filter(|name| !name.is_empty())
        .collect()
}

/// A string that is not blank; numbers are converted, since ids are often written as such.
fn string(of: &Value, name: &str) -> Option<String> {
    match of.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn address(of: &Value, name: &str, base: Option<&Url>) -> Option<String> {
    urls::absolute(&string(of, name)?, base, Vec::new)
}
