//! Converts a parsed feed into the records that are stored.

use warta_article::{NormalizedEntry, can_be_lead_picture, from_entry};
use warta_feed::Entry;
use warta_store::{Enclosure, Feed, FeedFacts, NewArticle, PublisherChannel};
use warta_text::sentence_ends;

use crate::subscriptions::publisher_channels::stored_kind;

/// Entries of a feed's first fetch that are older than this arrive as read.
const OLD_AT_FIRST_SECONDS: i64 = 45 * 86_400;
/// Maximum characters of a title made from an untitled entry's text.
const MADE_TITLE_CHARACTERS: usize = 80;
/// Minimum bytes of the sentences that make a title.
const MADE_TITLE_LEAST: usize = 20;

/// The records to store from one fetch.
pub(crate) struct Prepared {
    pub(crate) facts: FeedFacts,
    pub(crate) articles: Vec<NewArticle>,
}

/// Normalises the entries of `parsed` and updates the feed's facts. `known_until` is the time of
/// the feed's newest article, if this is the first fetch of its address.
pub(crate) fn prepare(
    feed: &Feed,
    parsed: warta_feed::Feed,
    url: &str,
    now: i64,
    known_until: Option<i64>,
) -> Prepared {
    let first = feed.facts.succeeded_at.is_none();
    // Entries up to then arrive as read.
    let old = (now - OLD_AT_FIRST_SECONDS).max(known_until.unwrap_or(i64::MIN));
    let read_until = first.then_some(old);
    let mut channels = Vec::new();
    let entries = parsed.entries;
    let language = parsed.language;
    let articles: Vec<NewArticle> = entries
        .into_iter()
        .map(|mut entry| {
            entry.repair_mojibake();
            let (article, found) = article(entry, url, language.as_deref(), read_until, now);
            channels.extend(found);
            article
        })
        .collect();
    let facts = FeedFacts {
        title: parsed
            .title
            .filter(|t| !t.is_empty())
            .or_else(|| feed.facts.title.clone()),
        site: parsed.link.or_else(|| feed.facts.site.clone()),
        description: parsed.description,
        language: language.or_else(|| most_common_language(&articles)),
        icon_url: parsed.icon.or_else(|| feed.facts.icon_url.clone()),
        checked_at: Some(now),
        succeeded_at: Some(now),
        publisher_channels: merged(&feed.facts.publisher_channels, channels),
        ..FeedFacts::default()
    };
    Prepared { facts, articles }
}

/// An article from an archive, which is not new.
pub(crate) fn older(
    mut entry: Entry,
    url: &str,
    language: Option<&str>,
    now: i64,
    read: bool,
) -> NewArticle {
    entry.repair_mojibake();
    let (article, _) = article(entry, url, language, None, now);
    NewArticle { read, ..article }
}

fn article(
    entry: Entry,
    feed_url: &str,
    language: Option<&str>,
    read_until: Option<i64>,
    now: i64,
) -> (NewArticle, Vec<PublisherChannel>) {
    let link = entry.page().map(str::to_owned);
    let headline = entry.headline().map(str::to_owned);
    let html = entry.content.or(entry.summary).unwrap_or_default();
    let base = entry
        .base
        .as_deref()
        .or(link.as_deref())
        .unwrap_or(feed_url);
    let hint = entry.language.as_deref().or(language);
    let readable = from_entry(&html, headline.as_deref(), Some(base), hint);
    let dates = [entry.published, entry.updated];
    let dates = dates.into_iter().flatten().map(|date| date.timestamp());
    // A publication date in the future is an error; use the modification date.
    let published = dates
        .clone()
        .find(|at| *at <= now)
        .or_else(|| dates.clone().next());
    let enclosed_picture = entry
        .enclosures
        .iter()
        .find(|e| {
            e.media_type
                .as_deref()
                .is_some_and(|t| t.starts_with("image/"))
        })
        .map(|e| e.url.clone());
    let in_text = readable
        .lead_picture
        .as_ref()
        .map(|picture| picture.url.clone());
    let channels = readable
        .publisher_channels
        .iter()
        .map(|c| PublisherChannel {
            kind: stored_kind(c.kind),
            url: c.url.clone(),
        })
        .collect();
    let article = NewArticle {
        guid: entry.id,
        title: headline
            .filter(|t| !t.trim().is_empty())
            .unwrap_or_else(|| made_title(&readable)),
        url: link,
        authors: entry.authors,
        published,
        updated: entry.updated.map(|t| t.timestamp()),
        language: readable.language,
        right_to_left: readable.right_to_left,
        dateline: readable.dateline,
        excerpt: readable.excerpt,
        word_count: readable.word_count,
        html: readable.html.into_string(),
        lead_picture: in_text
            .or(entry.image.filter(|url| can_be_lead_picture(url)))
            .or(enclosed_picture.filter(|url| can_be_lead_picture(url)))
            .filter(|u| u.starts_with("http")),
        pictures: readable
            .pictures
            .into_iter()
            .map(|picture| picture.url)
            .collect(),
        enclosures: entry
            .enclosures
            .into_iter()
            .map(|e| Enclosure {
                url: e.url,
                media_type: e.media_type,
                length: e.length,
                duration_seconds: e.duration_seconds,
                title: e.title,
            })
            .collect(),
        categories: entry.categories,
        source: entry
            .source
            .and_then(|source| source.title)
            .filter(|t| !t.is_empty()),
        comments: entry.comments,
        chapters: entry.chapters,
        link_is_redirect: entry.link_is_redirect,
        note: None,
        saved: false,
        read: read_until
            .zip(published)
            .is_some_and(|(until, at)| at <= until),
    };
    (article, channels)
}

/// A title for an untitled entry: its first sentences, or its first words if the first sentence is
/// long.
fn made_title(readable: &NormalizedEntry) -> String {
    let excerpt = readable.excerpt.as_str();
    let Some((limit, _)) = excerpt.char_indices().nth(MADE_TITLE_CHARACTERS) else {
        return excerpt.to_owned();
    };
    let ends = sentence_ends(excerpt).into_iter();
    let fitting = ends.take_while(|end| *end <= limit).last();
    if let Some(end) = fitting.filter(|end| *end >= MADE_TITLE_LEAST) {
        return excerpt[..end].trim_end().to_owned();
    }
    let words = &excerpt[..limit];
    let (words, _) = words.rsplit_once(' ').unwrap_or((words, ""));
    format!("{words}…")
}

/// One channel of each kind: the one in the newest articles, else the known one.
fn merged(known: &[PublisherChannel], found: Vec<PublisherChannel>) -> Vec<PublisherChannel> {
    let mut channels: Vec<PublisherChannel> = Vec::new();
    for channel in found.into_iter().chain(known.iter().cloned()) {
        if channels.iter().all(|c| c.kind != channel.kind) {
            channels.push(channel);
        }
    }
    channels.sort_by_key(|channel| std::cmp::Reverse(channel.kind));
    channels
}

fn most_common_language(articles: &[NewArticle]) -> Option<String> {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for language in articles.iter().filter_map(|a| a.language.as_deref()) {
        *counts.entry(language).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .map(|(language, _)| language.to_owned())
}
