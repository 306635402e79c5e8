//! Lists of links in HTML: Pocket's export and bookmarks of web browsers.

use crate::model::{ImportError, Item, Library, Source, some, tags_of};
use crate::when;

pub(crate) fn read(text: &str, library: &mut Library) -> Result<(), ImportError> {
    let start: String = text.chars().take(2_000).collect::<String>().to_lowercase();
    let source = if start.contains("netscape-bookmark-file") {
        Source::Bookmarks
    } else if start.contains("<title>pocket export</title>") || start.contains("time_added=") {
        Source::Pocket
    } else {
        return Err(ImportError::Unknown);
    };
    library.came_from(source);
    // Pocket's list under "Read Archive" was read.
    let mut is_archive = false;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name_ends = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_ends);
        let heading = name.eq_ignore_ascii_case("h1") || name.eq_ignore_ascii_case("h3");
        if !name.eq_ignore_ascii_case("a") && !heading {
            continue;
        }
        let (attributes, after) = attributes(after);
        let end = after.find('<').unwrap_or(after.len());
        let inner = after.get(..end).unwrap_or_default();
        let inner = warta_text::unescape(inner).trim().to_owned();
        rest = after.get(end..).unwrap_or_default();
        if heading {
            is_archive = inner.to_lowercase().contains("archive");
            continue;
        }
        let get = |name: &str| {
            let found = attributes.iter().find(|(known, _)| known == name);
            found.and_then(|(_, value)| some(value))
        };
        let url = get("href");
        library.add(Item {
            title: some(&inner).or_else(|| url.clone()).unwrap_or_default(),
            url,
            saved: true,
            saved_at: get("time_added")
                .or_else(|| get("add_date"))
                .and_then(|time| when::of_text(&time)),
            // A bookmark has no read state; it was seen when it was made.
            read: is_archive
                || source == Source::Bookmarks && get("toread").is_none_or(|is| is != "1"),
            tags: get("tags")
                .map(|tags| tags_of(&tags, &[',']))
                .unwrap_or_default(),
            ..Item::default()
        });
    }
    Ok(())
}

/// The attributes of a tag, names in lower case, and what follows the tag.
fn attributes(tag: &str) -> (Vec<(String, String)>, &str) {
    let mut attributes = Vec::new();
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (attributes, after);
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let value = after.trim_start().strip_prefix('=').map(str::trim_start);
        let Some(value) = value else {
            if after.is_empty() {
                return (attributes, after);
            }
            attributes.push((name.to_ascii_lowercase(), String::new()));
            rest = after;
            continue;
        };
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let inner = quote.map_or(value, |_| value.get(1..).unwrap_or_default());
        let end = match quote {
            Some(quote) => inner.find(quote),
            None => inner.find(|c: char| c.is_whitespace() || c == '>'),
        }
        .unwrap_or(inner.len());
        let (text, after) = inner.split_at(end);
        attributes.push((
            name.to_ascii_lowercase(),
            warta_text::unescape(text).into_owned(),
        ));
        rest = quote.map_or(after, |quote| after.strip_prefix(quote).unwrap_or(after));
    }
}
