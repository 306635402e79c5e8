//! Extracts a whole page: its article by scoring, its facts from its metadata.

use chrono::{DateTime, FixedOffset};
use encoding_rs::Encoding;
use url::Url;
use warta_text::assigned_value;

use crate::barrier::barrier;
use crate::dates::date;
use crate::dom::{Dom, Kind, ROOT};
use crate::facts::Facts;
use crate::hidden::{Hidden, Surroundings};
use crate::media::absolute_web_url;
use crate::model::{NoArticle, Page, PublisherChannel};
use crate::outline::Outline;
use crate::paging::paging;
use crate::parse::Tree;
use crate::sanitize::Selection;
use crate::scoring::find_article;
use crate::signs::shown_characters;
use crate::{cleanup, normalize, paywall, sanitize};

/// Length of the beginning of a text that is searched for a date, in bytes.
const FIRST_WORDS: usize = 60;
/// Minimum length of a declared text to replace a much shorter visible one, in bytes.
const DECLARED: usize = 500;

pub(crate) fn extract(
    bytes: &[u8],
    url: Option<&str>,
    content_type: Option<&str>,
) -> Result<Page, NoArticle> {
    let html = decode(bytes, content_type);
    let html = sanitize::bounded(&html);
    if html.trim().is_empty() {
        return Err(NoArticle::Empty);
    }
    let tree = Tree::of_document(html);
    let facts = Facts::of(&tree);
    let base = url.and_then(|url| Url::parse(url).ok());
    let hidden = Hidden::of(&tree, Surroundings::Page);
    let outline = Outline::of(&tree, &hidden);
    let declared = facts.body();
    let title = facts.title().map(|title| shown_characters(&title));
    let found = find_article(&outline, title.as_deref(), declared.as_deref());
    let mut dom = match &found {
        Some(found) => {
            let selection = Selection {
                parts: &found.parts,
                left_out: &found.left_out,
                captions: &found.captions,
                figures: &found.figures,
            };
            sanitize::clean_parts(&tree, &selection, &hidden, base.as_ref())
        }
        None => sanitize::clean_parts(&tree, &Selection::all(), &hidden, base.as_ref()),
    };
    // Pages that are filled by scripts may declare their text in metadata.
    if let Some(declared) = declared.as_deref().filter(|_| !facts.is_paid())
        && declared.len() > DECLARED
        && dom.plain_text(ROOT).len() * 3 < declared.len()
    {
        dom = paragraphs(declared);
    }
    normalize::paragraphs_from_breaks(&mut dom);
    let published = facts.published(url).or_else(|| date_in_first_words(&dom));
    let dateline = normalize::take_dateline_of_page(&mut dom);
    cleanup::clean_up(
        &mut dom,
        title.as_deref(),
        facts.byline().as_deref(),
        declared.as_deref(),
    );
    let entry = normalize::finish_page(&mut dom, title.as_deref(), facts.language.as_deref());
    let found = barrier(
        &tree,
        &outline,
        title.as_deref(),
        &entry.text,
        entry.word_count,
    );
    if let Some(found) = found {
        return Err(NoArticle::Barrier(found));
    }
    if entry.text.trim().is_empty() {
        return Err(NoArticle::NotFound);
    }
    let paging = base
        .as_ref()
        .map(|base| paging(&tree, base))
        .unwrap_or_default();
    let image = facts
        .image()
        .and_then(|image| absolute_web_url(&image, url));
    let mut channels = entry.publisher_channels;
    for found in &facts.channels {
        if channels.iter().all(|known| known.kind != found.kind) {
            channels.push(found.clone());
        }
    }
    Ok(Page {
        title,
        byline: facts.byline().map(|byline| shown_characters(&byline)),
        published,
        language: entry.language,
        dateline: dateline.or(entry.dateline),
        excerpt: entry.excerpt,
        text: entry.text,
        html: entry.html,
        image: image.or_else(|| entry.lead_picture.map(|picture| picture.url)),
        images: entry.pictures,
        publisher_channels: channels,
        site_name: facts.site_name().map(|name| shown_characters(&name)),
        canonical: facts.canonical(url),
        next_page: paging.next,
        single_page: paging.whole,
        paywalled: paywall::is_stub(
            &outline,
            entry.word_count,
            facts.is_paid(),
            declared.as_deref(),
        ),
        word_count: entry.word_count,
        right_to_left: entry.right_to_left,
    })
}

/// The publisher channels that a page links to, the first of each kind.
pub(crate) fn channels(bytes: &[u8], content_type: Option<&str>) -> Vec<PublisherChannel> {
    let html = decode(bytes, content_type);
    let tree = Tree::of_document(sanitize::bounded(&html));
    Facts::of(&tree).channels
}

/// Plain text as paragraphs, one a line.
fn paragraphs(text: &str) -> Dom {
    let mut dom = Dom::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let paragraph = dom.append(ROOT, Kind::Element("p", Vec::new()));
        dom.append(paragraph, Kind::Text(shown_characters(line)));
    }
    dom
}

/// A date at the beginning of the text.
fn date_in_first_words(dom: &Dom) -> Option<DateTime<FixedOffset>> {
    let lines = dom.leaves().into_iter().take(3);
    lines.into_iter().find_map(|line| {
        let text = dom.plain_text(line);
        date(&text[..text.floor_char_boundary(FIRST_WORDS)])
    })
}

pub(crate) fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>) -> std::borrow::Cow<'a, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let label = |text: &str| Encoding::for_label(assigned_value(text, "charset")?.as_bytes());
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
