//! The bounds of what comes from outside, in one place. Texts are cut at a character's end, addresses are
//! dropped where they are too long (a cut one leads elsewhere), ids stay distinct, lists end. What one
//! entry or subscription has too much of costs nothing else.

use std::borrow::Cow;

use crate::model::{Enclosure, Entry, Feed};

/// Entries of a feed at most; of more the newest are kept, and that is said.
pub(crate) const ENTRIES: usize = 10_000;
/// Authors, categories and files of an entry at most.
pub(crate) const LIST: usize = 50;
/// Folders inside each other at most.
pub(crate) const FOLDERS: usize = 16;

/// A title of a feed, an entry or a subscription, in bytes.
pub(crate) const TITLE: usize = 4_000;
/// What a feed says about itself.
pub(crate) const DESCRIPTION: usize = 20_000;
/// Names of people, publications and files.
const NAME: usize = 1_000;
const CATEGORY: usize = 200;
/// One folder's name, and all those of a subscription together.
pub(crate) const FOLDER: usize = 200;
pub(crate) const FOLDER_PATH: usize = 600;
const MEDIA_TYPE: usize = 200;
const LANGUAGE: usize = 40;
/// Browsers open addresses of some thousand characters.
pub(crate) const ADDRESS: usize = 8_000;
const ID: usize = 2_000;
/// Of a longer id so much is kept before its hash.
const ID_KEPT: usize = 200;

/// Holds a feed and its entries to their bounds; before ids are compared.
pub(crate) fn feed(feed: &mut Feed) {
    text(&mut feed.title, TITLE);
    text(&mut feed.description, DESCRIPTION);
    address(&mut feed.link);
    address(&mut feed.icon);
    address(&mut feed.self_url);
    feed.language = feed.language.take().filter(|l| l.len() <= LANGUAGE);
}

pub(crate) fn entry(entry: &mut Entry) {
    id(&mut entry.id);
    text(&mut entry.title, TITLE);
    for one in [
        &mut entry.link,
        &mut entry.original_link,
        &mut entry.comments,
        &mut entry.chapters,
        &mut entry.image,
        &mut entry.base,
    ] {
        address(one);
    }
    for (list, longest) in [
        (&mut entry.authors, NAME),
        (&mut entry.categories, CATEGORY),
    ] {
        list.truncate(LIST);
        for text in list {
            cut(text, longest);
        }
    }
    entry.enclosures.retain(|file| file.url.len() <= ADDRESS);
    entry.enclosures.truncate(LIST);
    for Enclosure {
        media_type, title, ..
    } in &mut entry.enclosures
    {
        text(title, NAME);
        text(media_type, MEDIA_TYPE);
    }
    entry.language = entry.language.take().filter(|l| l.len() <= LANGUAGE);
    if let Some(source) = &mut entry.source {
        text(&mut source.title, NAME);
        address(&mut source.url);
    }
}

/// An id that is too long: its beginning and a hash of all of it, so that two stay two.
pub(crate) fn id(id: &mut String) {
    if id.len() > ID {
        let hash = blake3::hash(id.as_bytes()).to_hex();
        cut(id, ID_KEPT);
        id.push_str("#long:");
        id.push_str(&hash[..32]);
    }
}

/// A folder's name as far as it is kept.
pub(crate) fn folder(mut name: String) -> String {
    cut(&mut name, FOLDER);
    name
}

/// A text as far as anything may be made of it, so that one of megabytes costs little.
pub(crate) fn glimpse(text: Cow<'_, str>) -> Cow<'_, str> {
    /// Markup and entities around it may be many times longer than what is kept of a title.
    const LOOKED_AT: usize = 1 << 18;
    if text.len() <= LOOKED_AT {
        return text;
    }
    let end = text.floor_char_boundary(LOOKED_AT);
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }
}

pub(crate) fn text(text: &mut Option<String>, longest: usize) {
    if let Some(text) = text {
        cut(text, longest);
    }
    *text = text.take().filter(|text| !text.is_empty());
}

pub(crate) fn cut(text: &mut String, longest: usize) {
    if text.len() > longest {
        text.truncate(text.floor_char_boundary(longest));
        text.truncate(text.trim_end().len());
        text.shrink_to_fit();
    }
}

pub(crate) fn address(address: &mut Option<String>) {
    *address = address.take().filter(|address| address.len() <= ADDRESS);
}
