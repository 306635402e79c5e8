//! Highlights as Markdown, as W3C Web Annotations (JSON-LD), and as requests to Readwise.

use std::fmt::Write as _;

use serde_json::{Value, json};
use warta_text::{collapse_whitespace, plain};

use crate::document::{literal, web_address};
use crate::link::clean_link;
use crate::service::{self, Account, Request};

/// Maximum number of highlights in one request to Readwise.
pub const PER_REQUEST: usize = 100;
// Readwise's limits, in characters.
const TEXT: usize = 8_191;
const TITLE: usize = 511;
const AUTHOR: usize = 1_024;
const LINK: usize = 2_047;

/// A highlight. Times are RFC 3339.
#[derive(Debug, Clone, Copy, Default)]
pub struct Highlight<'a> {
    /// Its id.
    pub id: u64,
    /// The passage.
    pub exact: &'a str,
    /// The text before it.
    pub prefix: &'a str,
    /// The text after it.
    pub suffix: &'a str,
    /// Code points before it, and up to its end.
    pub position: (u32, u32),
    /// The colour's name, a letter first.
    pub colour: &'a str,
    /// The reader's note; may be empty.
    pub note: &'a str,
    /// When it was made.
    pub created: &'a str,
    /// When it was last changed.
    pub modified: &'a str,
    /// The article's title.
    pub title: &'a str,
    /// The article's publisher.
    pub publisher: &'a str,
    /// The article's link; may be empty.
    pub link: &'a str,
    /// Identifies the article where it has no link.
    pub guid: &'a str,
}

/// Markdown: a heading for each article, below it its highlights as quotations, each with its note.
/// Highlights of one article have to follow each other.
#[must_use]
pub fn markdown(highlights: &[Highlight<'_>]) -> String {
    let mut written = String::new();
    for (at, one) in highlights.iter().enumerate() {
        let follows = at > 0 && {
            let before = &highlights[at - 1];
            (before.link, before.guid) == (one.link, one.guid)
        };
        if !follows {
            let title = collapse_whitespace(&plain(one.title));
            let title = if title.is_empty() {
                "…".into()
            } else {
                title
            };
            let publisher = collapse_whitespace(&plain(one.publisher));
            let _ = write!(written, "## {}\n\n", literal(&title));
            if !publisher.is_empty() {
                let _ = write!(written, "*{}*\n\n", literal(&publisher));
            }
            if let Some(link) = web_address(&clean_link(one.link)) {
                let _ = write!(written, "<{link}>\n\n");
            }
        }
        for line in plain(one.exact).lines().map(collapse_whitespace) {
            written += if line.is_empty() { ">" } else { "> " };
            written += &literal(&line);
            written.push('\n');
        }
        written.push('\n');
        for line in plain(one.note).lines().map(collapse_whitespace) {
            if !line.is_empty() {
                let _ = write!(
                    written,
                    "{}\n\n",
                    crate::document::literal_start(&literal(&line))
                );
            }
        }
    }
    plain(written.trim_end()).into_owned() + "\n"
}

/// An `AnnotationCollection` (<https://www.w3.org/TR/annotation-model/>) with one page.
#[must_use]
pub fn annotations(highlights: &[Highlight<'_>]) -> Value {
    let items: Vec<Value> = highlights.iter().map(annotation).collect();
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "urn:warta:highlights",
        "type": "AnnotationCollection",
        "label": "Warta",
        "total": items.len(),
        "first": {
            "id": "urn:warta:highlights:1",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    })
}

fn annotation(one: &Highlight<'_>) -> Value {
    let link = clean_link(one.link);
    let source = if link.is_empty() {
        let guid =
            percent_encoding::utf8_percent_encode(one.guid, percent_encoding::NON_ALPHANUMERIC);
        format!("urn:warta:entry:{guid}")
    } else {
        link
    };
    let mut annotation = json!({
        "id": format!("urn:warta:highlight:{}", one.id),
        "type": "Annotation",
        "motivation": if one.note.is_empty() { "highlighting" } else { "commenting" },
        "created": one.created,
        "modified": one.modified,
        "stylesheet": {
            "type": "CssStylesheet",
            "value": format!(".{0} {{ background: {0} }}", one.colour),
        },
        "target": {
            "type": "SpecificResource",
            "source": source,
            "styleClass": one.colour,
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": one.exact,
                    "prefix": one.prefix,
                    "suffix": one.suffix,
                },
                {
                    "type": "TextPositionSelector",
                    "start": one.position.0,
                    "end": one.position.1,
                },
            ],
        },
    });
    if !one.note.is_empty() {
        annotation["body"] = json!({
            "type": "TextualBody",
            "value": one.note,
            "format": "text/plain",
            "purpose": "commenting",
        });
    }
    annotation
}

/// The request that adds highlights to Readwise, at most [`PER_REQUEST`]. Readwise recognises a
/// highlight that it has by title, author, link and text, and then only updates its note.
/// <https://readwise.io/api_deets>
#[must_use]
pub fn readwise(account: &Account, highlights: &[Highlight<'_>]) -> Request {
    let cut = |text: &str, most: usize| -> String { text.chars().take(most).collect() };
    let highlights: Vec<Value> = highlights
        .iter()
        .take(PER_REQUEST)
        .map(|one| {
            let mut item = json!({
                "text": cut(one.exact.trim(), TEXT),
                "title": cut(&collapse_whitespace(one.title), TITLE),
                "author": cut(&collapse_whitespace(one.publisher), AUTHOR),
                "source_type": "warta",
                "category": "articles",
                "location": one.position.0,
                "location_type": "order",
                "highlighted_at": one.created,
            });
            let link = clean_link(one.link);
            if !link.is_empty() && link.chars().count() <= LINK {
                item["source_url"] = json!(link);
            }
            if !one.note.trim().is_empty() {
                item["note"] = json!(cut(one.note.trim(), TEXT));
            }
            item
        })
        .collect();
    service::posting(
        account,
        "/api/v2/highlights/",
        &json!({ "highlights": highlights }),
    )
}
