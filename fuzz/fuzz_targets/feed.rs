//! Any bytes as a feed: it is read soon, twice the same, with ids that tell its entries apart, titles
//! without markup, and no more text than a multiple of what came in.
#![no_main]

use std::collections::HashMap;

use libfuzzer_sys::fuzz_target;
use warta_feed::{Entry, Feed, FeedKind, Source, discovery, parse};

fuzz_target!(|bytes: &[u8]| {
    let source = Source {
        bytes,
        url: Some("http://contoh.example/umpan"),
        content_type: None,
    };
    let _ = discovery::in_page(bytes, "http://contoh.example/", None);
    let Ok(mut feed) = parse(&source) else { return };
    let again = parse(&source);
    assert_eq!(Ok(&feed), again.as_ref(), "a feed is read the same twice");
    check_ids(&feed);
    for title in feed
        .entries
        .iter()
        .filter_map(|entry| entry.title.as_deref())
    {
        assert_eq!(title.trim(), title, "titles are trimmed");
        // Atom may say that its text is plain, so that a tag in it is spoken of.
        if feed.kind != FeedKind::Atom {
            assert!(!has_tag(title), "markup in {title:?}");
        }
    }
    let length = length(&feed);
    assert!(
        length <= 100 * bytes.len() + 4096,
        "{length} bytes from {}",
        bytes.len()
    );
    feed.entries.iter_mut().for_each(Entry::mend);
    assert!(self::length(&feed) <= length, "undoing makes nothing longer");
});

/// Entries with the same id are one article, so they must say the same.
fn check_ids(feed: &Feed) {
    let mut known: HashMap<&str, &Entry> = HashMap::new();
    for entry in &feed.entries {
        assert!(!entry.id.is_empty(), "every entry has an id");
        if let Some(other) = known.insert(&entry.id, entry) {
            let said = |entry: &Entry| {
                (
                    entry.title.clone(),
                    entry.summary.clone(),
                    entry.content.clone(),
                )
            };
            assert_eq!(
                said(other),
                said(entry),
                "two articles with the id {}",
                entry.id
            );
        }
    }
}

fn has_tag(text: &str) -> bool {
    let Some(last) = text.rfind('>') else {
        return false;
    };
    text[..last].match_indices('<').any(|(at, _)| {
        let after = text[at + 1..].trim_start_matches('/');
        after.starts_with(|c: char| c.is_ascii_alphabetic())
    })
}

/// All text that an entry or the feed itself holds, in bytes.
fn length(feed: &Feed) -> usize {
    let of = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let entries = feed.entries.iter().map(|entry| {
        let texts = [
            &entry.title,
            &entry.link,
            &entry.original_link,
            &entry.comments,
            &entry.summary,
            &entry.content,
            &entry.image,
            &entry.chapters,
            &entry.language,
        ];
        let source = entry
            .source
            .iter()
            .map(|s| of(&s.title) + of(&s.url))
            .sum::<usize>();
        let files = entry
            .enclosures
            .iter()
            .map(|file| file.url.len() + of(&file.media_type) + of(&file.title));
        let names = entry
            .authors
            .iter()
            .chain(&entry.categories)
            .map(String::len);
        entry.id.len()
            + source
            + texts.into_iter().map(of).sum::<usize>()
            + files.sum::<usize>()
            + names.sum::<usize>()
    });
    let texts = [
        &feed.title,
        &feed.link,
        &feed.description,
        &feed.language,
        &feed.icon,
        &feed.self_url,
    ];
    texts.into_iter().map(of).sum::<usize>() + entries.sum::<usize>()
}
