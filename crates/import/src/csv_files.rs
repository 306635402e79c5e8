//! Tables: Pocket, Instapaper, Raindrop.io, and any other with a column of links; and Newsboat's
//! list of feeds.

use std::collections::HashMap;

use crate::model::{Feed, ImportError, Item, Library, Reason, Source, is_web, some, tags_of};
use crate::when;

pub(crate) fn read(bytes: &[u8], library: &mut Library) -> Result<(), ImportError> {
    if is_url_list(bytes) {
        url_list(bytes, library);
        return Ok(());
    }
    let mut table = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::Headers)
        .from_reader(bytes);
    let Ok(headers) = table.byte_headers() else {
        return Err(ImportError::Unknown);
    };
    let columns: HashMap<String, usize> = headers
        .iter()
        .enumerate()
        .map(|(at, name)| (String::from_utf8_lossy(name).to_lowercase(), at))
        .collect();
    let has = |names: &[&str]| names.iter().all(|name| columns.contains_key(*name));
    let source = if has(&["url", "time_added", "status"]) {
        Source::Pocket
    } else if has(&["url", "selection", "folder", "timestamp"]) {
        Source::Instapaper
    } else if has(&["url", "excerpt", "folder", "created"]) {
        Source::Raindrop
    } else if has(&["url"]) || has(&["link"]) {
        Source::Table
    } else {
        return Err(ImportError::Unknown);
    };
    library.came_from(source);
    let mut row = csv::ByteRecord::new();
    loop {
        match table.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                library.leave_out(Reason::Damaged);
                break;
            }
        }
        let get = |names: &[&str]| {
            names.iter().find_map(|name| {
                let field = row.get(*columns.get(*name)?)?;
                some(&String::from_utf8_lossy(field))
            })
        };
        let item = item(source, &get);
        library.add(item);
    }
    Ok(())
}

fn item(source: Source, get: &dyn Fn(&[&str]) -> Option<String>) -> Item {
    let paragraph = |text: String| format!("<p>{}</p>", warta_text::escape_html(&text));
    let excerpt = match source {
        Source::Instapaper => get(&["selection"]),
        _ => get(&["excerpt", "note", "description"]),
    };
    let state = get(&["status", "folder", "location", "state"]).unwrap_or_default();
    let is_read = match source {
        Source::Pocket | Source::Instapaper => state.eq_ignore_ascii_case("archive"),
        // A bookmark has no read state; it was seen when it was made.
        Source::Raindrop => true,
        _ => match get(&["read"]) {
            Some(read) => matches!(read.to_lowercase().as_str(), "1" | "true" | "yes"),
            None => state.to_lowercase().starts_with("archive"),
        },
    };
    let url = get(&["url", "link"]);
    Item {
        title: get(&["title", "name"])
            .or_else(|| url.clone())
            .unwrap_or_default(),
        url,
        author: get(&["author"]),
        html: excerpt.map(paragraph).unwrap_or_default(),
        published: get(&["published"]).and_then(|text| when::of_text(&text)),
        saved: true,
        saved_at: get(&[
            "time_added",
            "timestamp",
            "created",
            "saved_at",
            "saved date",
            "date",
        ])
        .and_then(|text| when::of_text(&text)),
        read: is_read,
        tags: get(&["tags", "document tags", "labels"])
            .map(|tags| list(&tags))
            .unwrap_or_default(),
        ..Item::default()
    }
}

/// `a|b` (Pocket), `a, b` (Raindrop) or `["a","b"]` (Instapaper).
fn list(tags: &str) -> Vec<String> {
    if let Ok(tags) = serde_json::from_str::<Vec<String>>(tags) {
        return tags.iter().filter_map(|tag| some(tag)).collect();
    }
    let separator: &[char] = if tags.contains('|') { &['|'] } else { &[','] };
    tags_of(tags, separator)
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = String> + '_ {
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines = lines.map(|line| String::from_utf8_lossy(line).trim().to_owned());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Newsboat's `urls`: an address a line, then tags.
fn is_url_list(bytes: &[u8]) -> bool {
    lines(bytes).next().is_some_and(|line| {
        let first = line.split_whitespace().next().unwrap_or_default();
        let is_query = line.starts_with("\"query:") || first.starts_with("exec:");
        is_query || (is_web(first) && !first.contains(','))
    })
}

fn url_list(bytes: &[u8], library: &mut Library) {
    library.came_from(Source::Newsboat);
    for line in lines(bytes) {
        let (url, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        if !is_web(url) {
            library.leave_out(Reason::NotWeb);
            continue;
        }
        let tags = quoted(rest);
        let title = tags.iter().find_map(|tag| tag.strip_prefix('~'));
        let folder = tags.iter().find(|tag| !tag.starts_with(['~', '!']));
        library.feeds.push(Feed {
            url: Some(url.to_owned()),
            title: title.and_then(some),
            folder: folder.and_then(|tag| some(tag)).into_iter().collect(),
            subscribed: true,
            ..Feed::default()
        });
    }
}

/// Words, some of them in quotes.
fn quoted(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in text.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            c if c.is_whitespace() && !is_quoted => words.push(String::new()),
            c => words.last_mut().into_iter().for_each(|word| word.push(c)),
        }
    }
    words.retain(|word| !word.trim().is_empty());
    words
}
