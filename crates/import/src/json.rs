//! JSON: streams of the Google Reader API and Feedly, Omnivore's metadata, Pocket's API, JSON Feed.

use serde_json::Value;

use crate::model::{Feed, Feeds, ImportError, Item, Library, Source, is_web, some, tags_of};
use crate::when;

/// Maximum size of a JSON file: parsed, it needs several times its size.
const LARGEST: usize = 256 << 20;

pub(crate) fn read(bytes: &[u8], library: &mut Library) -> Result<(), ImportError> {
    if bytes.len() > LARGEST {
        return Err(ImportError::TooLarge);
    }
    let json: Value =
        serde_json::from_slice(bytes).map_err(|error| ImportError::Damaged(error.to_string()))?;
    let items = match &json {
        Value::Array(items) => items,
        Value::Object(_) => match (&json["items"], &json["list"]) {
            (Value::Array(items), _) => items,
            (_, Value::Object(list)) => {
                library.came_from(Source::Pocket);
                for item in list.values() {
                    pocket(item, library);
                }
                return Ok(());
            }
            _ => return Err(ImportError::Unknown),
        },
        _ => return Err(ImportError::Unknown),
    };
    let stream = text(&json["id"]).unwrap_or_default();
    let any = |key: &str| items.iter().any(|item| !item[key].is_null());
    if text(&json["version"]).is_some_and(|version| version.contains("jsonfeed.org")) {
        library.came_from(Source::JsonFeed);
        let mut feeds = Feeds::default();
        for item in items {
            json_feed(item, &mut feeds, library);
        }
    } else if any("savedAt") && any("slug") {
        library.came_from(Source::Omnivore);
        for item in items {
            omnivore(item, "", library);
        }
    } else if any("given_url") || any("resolved_url") {
        library.came_from(Source::Pocket);
        for item in items {
            pocket(item, library);
        }
    } else if any("originId") || stream.contains("/tag/global.") {
        library.came_from(Source::Feedly);
        feedly(items, &stream, library);
    } else if any("origin") || stream.contains("com.google") {
        library.came_from(Source::GoogleReader);
        google_reader(items, &stream, library);
    } else {
        return Err(ImportError::Unknown);
    }
    Ok(())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn time(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => when::of_text(text),
        Value::Number(number) => when::of_number(number.as_f64()?),
        _ => None,
    }
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(text).collect()
}

/// The first link of `canonical`, then `alternate`.
fn link(item: &Value) -> Option<String> {
    ["canonical", "alternate"].into_iter().find_map(|key| {
        item[key]
            .as_array()?
            .iter()
            .find_map(|one| text(&one["href"]))
    })
}

/// The feed that an item of a stream comes from.
fn origin(item: &Value, feeds: &mut Feeds, library: &mut Library) -> Option<usize> {
    let origin = &item["origin"];
    let stream = text(&origin["streamId"]).unwrap_or_default();
    let address = text(&origin["feedUrl"])
        .or_else(|| stream.strip_prefix("feed/").map(str::to_owned))
        .filter(|url| is_web(url));
    let title = text(&origin["title"]);
    let key = address
        .clone()
        .or_else(|| some(&stream))
        .or_else(|| title.clone())?;
    Some(feeds.of(&key, library, || Feed {
        url: address,
        title,
        site: text(&origin["htmlUrl"]),
        ..Feed::default()
    }))
}

/// The longer of `content` and `summary`.
fn html(item: &Value) -> String {
    let of = |key: &str| text(&item[key]["content"]).unwrap_or_default();
    let (content, summary) = (of("content"), of("summary"));
    if content.len() >= summary.len() {
        content
    } else {
        summary
    }
}

fn google_reader(items: &[Value], stream: &str, library: &mut Library) {
    let mut feeds = Feeds::default();
    let ends = |text: &str, state: &str| {
        text.starts_with("user/") && text.ends_with(&format!("/state/com.google/{state}"))
    };
    let names_stars = |item: &Value| {
        let categories = texts(&item["categories"]);
        categories.iter().any(|one| ends(one, "starred"))
    };
    // An export of starred items need not repeat in each item that it is starred.
    let all_saved =
        ends(stream, "starred") || (stream.is_empty() && !items.iter().any(names_stars));
    for item in items {
        let categories = texts(&item["categories"]);
        let has = |state: &str| categories.iter().any(|one| ends(one, state));
        let feed = origin(item, &mut feeds, library);
        let tags = categories.iter().filter_map(|one| {
            let label = one.strip_prefix("user/")?.split_once("/label/")?.1;
            some(label)
        });
        library.add(Item {
            feed,
            guid: text(&item["guid"]),
            url: link(item),
            title: text(&item["title"]).unwrap_or_default(),
            author: text(&item["author"]),
            html: html(item),
            published: time(&item["published"]),
            saved: all_saved || has("starred"),
            read: has("read"),
            tags: tags.collect(),
            saved_at: time(&item["starred"]),
        });
    }
}

fn feedly(items: &[Value], stream: &str, library: &mut Library) {
    let mut feeds = Feeds::default();
    let is_saved = |tag: &str| tag.ends_with("/tag/global.saved");
    let labels_of = |item: &Value| -> Vec<(String, Option<String>)> {
        let tags = item["tags"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let tags = tags
            .iter()
            .filter_map(|tag| Some((text(&tag["id"])?, text(&tag["label"]))));
        tags.collect()
    };
    let all_saved = is_saved(stream)
        || !items
            .iter()
            .any(|item| labels_of(item).iter().any(|(id, _)| is_saved(id)));
    for item in items {
        let tags = labels_of(item);
        let feed = origin(item, &mut feeds, library);
        library.add(Item {
            feed,
            guid: text(&item["originId"]),
            url: text(&item["canonicalUrl"]).or_else(|| link(item)),
            title: text(&item["title"]).unwrap_or_default(),
            author: text(&item["author"]),
            html: html(item),
            published: time(&item["published"]),
            saved: all_saved || tags.iter().any(|(id, _)| is_saved(id)),
            saved_at: time(&item["actionTimestamp"]),
            read: item["unread"] == Value::Bool(false),
            tags: tags
                .into_iter()
                .filter(|(id, _)| !id.contains("/tag/global."))
                .filter_map(|(_, label)| label)
                .collect(),
        });
    }
}

fn pocket(item: &Value, library: &mut Library) {
    let first = |keys: [&str; 2]| keys.into_iter().find_map(|key| text(&item[key]));
    let tags = match &item["tags"] {
        Value::Object(tags) => tags.keys().filter_map(|tag| some(tag)).collect(),
        Value::String(tags) => tags_of(tags, &[',', '|']),
        list => texts(list),
    };
    library.add(Item {
        url: first(["resolved_url", "given_url"]),
        title: first(["resolved_title", "given_title"]).unwrap_or_default(),
        html: text(&item["excerpt"])
            .map(|excerpt| format!("<p>{}</p>", warta_text::escape_html(&excerpt)))
            .unwrap_or_default(),
        saved: true,
        saved_at: time(&item["time_added"]),
        read: text(&item["status"]).is_some_and(|status| status == "1"),
        tags,
        ..Item::default()
    });
}

/// An entry of Omnivore's `metadata_….json`; `content` is the page that its slug names.
fn omnivore(item: &Value, content: &str, library: &mut Library) {
    let progress = item["readingProgress"].as_f64().unwrap_or_default();
    let is_archived = text(&item["state"]).is_some_and(|state| state == "Archived");
    let html = some(content).or_else(|| {
        let description = text(&item["description"])?;
        Some(format!("<p>{}</p>", warta_text::escape_html(&description)))
    });
    library.add(Item {
        url: text(&item["url"]),
        title: text(&item["title"]).unwrap_or_default(),
        author: text(&item["author"]),
        html: html.unwrap_or_default(),
        published: time(&item["publishedAt"]),
        saved: true,
        saved_at: time(&item["savedAt"]),
        read: is_archived || progress >= 100.0,
        tags: texts(&item["labels"]),
        ..Item::default()
    });
}

/// Reads Omnivore's metadata with the pages of its archive; `None` if it is something else.
pub(crate) fn read_omnivore(
    bytes: &[u8],
    page: &mut dyn FnMut(&str) -> Option<String>,
    library: &mut Library,
) -> Option<()> {
    let json: Value = serde_json::from_slice(bytes).ok()?;
    let items = json.as_array()?;
    let is_it = |item: &Value| !item["slug"].is_null() && !item["savedAt"].is_null();
    if !items.iter().any(is_it) {
        return None;
    }
    library.came_from(Source::Omnivore);
    for item in items {
        let content = text(&item["slug"]).and_then(|slug| page(&slug));
        omnivore(item, &content.unwrap_or_default(), library);
    }
    Some(())
}

fn json_feed(item: &Value, feeds: &mut Feeds, library: &mut Library) {
    let authors = item["authors"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let own = &item["_warta"];
    let feed = text(&own["feed_url"]).filter(|url| is_web(url));
    let feed = feed.map(|url| {
        feeds.of(&url, library, || Feed {
            url: Some(url.clone()),
            title: text(&own["feed_title"]),
            ..Feed::default()
        })
    });
    let text_only = || {
        let text = text(&item["content_text"])?;
        Some(format!("<p>{}</p>", warta_text::escape_html(&text)))
    };
    library.add(Item {
        feed,
        guid: text(&own["guid"]).or_else(|| text(&item["id"])),
        url: text(&item["url"]).or_else(|| text(&item["external_url"])),
        title: text(&item["title"]).unwrap_or_default(),
        author: authors
            .first()
            .and_then(|author| text(&author["name"]))
            .or_else(|| text(&item["author"]["name"])),
        html: text(&item["content_html"])
            .or_else(text_only)
            .unwrap_or_default(),
        published: time(&item["date_published"]),
        saved: true,
        saved_at: time(&own["saved_at"]),
        read: own["read"] == Value::Bool(true),
        tags: texts(&item["tags"]),
    });
}
