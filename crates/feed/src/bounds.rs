//! The size limits of feeds and OPML, in one place. Texts are truncated between characters, URLs
//! that are too long are dropped (a truncated one leads elsewhere), ids stay distinct, lists are
//! truncated. What is too long in one entry or subscription affects nothing else.

use std::borrow::Cow;

use crate::model::{Enclosure, Entry, Feed};

/// Maximum number of entries of a feed; of more the newest are kept, and it is reported.
pub(crate) const ENTRIES: usize = 10_000;
/// Maximum number of authors, categories and files of an entry.
pub(crate) const LIST: usize = 50;
/// Maximum depth of nested folders.
pub(crate) const FOLDERS: usize = 16;

/// Title of a feed, an entry or a subscription, in bytes.
pub(crate) const TITLE: usize = 4_000;
/// Description of a feed.
pub(crate) const DESCRIPTION: usize = 20_000;
/// Names of people, publications and files.
const NAME: usize = 1_000;
const CATEGORY: usize = 200;
/// Name of one folder, and names of all folders of a subscription together.
pub(crate) const FOLDER: usize = 200;
pub(crate) const FOLDER_PATH: usize = 600;
const MEDIA_TYPE: usize = 200;
const LANGUAGE: usize = 40;
/// Browsers open URLs of some thousand characters.
pub(crate) const ADDRESS: usize = 8_000;
/// A selector, or an XPath expression, for a part of a page.
pub(crate) const RULE: usize = 4_000;
const ID: usize = 2_000;
/// Number of bytes kept of an id that is too long; a hash follows.
const ID_KEPT: usize = 200;

/// Applies the limits of a feed; the entries have their own.
pub(crate) fn feed(feed: &mut Feed) {
    text(&mut feed.title, TITLE);
    text(&mut feed.description, DESCRIPTION);
    address(&mut feed.link);
    address(&mut feed.icon);
    address(&mut feed.self_url);
    address(&mut feed.archive.prev_archive);
    address(&mut feed.archive.next);
    text(&mut feed.archive.generator, NAME);
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

/// Replaces an id that is too long with its beginning and a hash, so that it stays distinct.
pub(crate) fn id(id: &mut String) {
    if id.len() > ID {
        let hash = blake3::hash(id.as_bytes()).to_hex();
        cut(id, ID_KEPT);
        id.push_str("#long:");
        id.push_str(&hash[..32]);
    }
}

/// A folder's name, truncated.
pub(crate) fn folder(mut name: String) -> String {
    cut(&mut name, FOLDER);
    name
}

/// The beginning of a text that is short in valid feeds, so that one of megabytes costs little.
pub(crate) fn beginning(text: Cow<'_, str>) -> Cow<'_, str> {
    /// Markup and entities may be many times longer than the text that is kept.
    const MAX_READ: usize = 1 << 18;
    if text.len() <= MAX_READ {
        return text;
    }
    let end = text.floor_char_boundary(MAX_READ);
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
