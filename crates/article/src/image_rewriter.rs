//! Rewrites picture URLs to the media protocol when an article is opened.

use crate::dom::{Dom, Id, Kind, ROOT};
use crate::model::ImageLocation;
use crate::sanitize;

/// See [`crate::rewrite_image_urls`].
pub(crate) fn rewrite_image_urls(
    html: &str,
    locate: &mut dyn FnMut(&str) -> ImageLocation,
) -> String {
    // Stored HTML is sanitised again: it costs little, and the web view only gets safe HTML
    // whatever wrote the store.
    let clean = sanitize::clean(html, None);
    let mut placed = Dom::new();
    let mut waiting: Vec<(Id, Id)> = clean
        .children(ROOT)
        .iter()
        .rev()
        .map(|id| (*id, ROOT))
        .collect();
    while let Some((id, parent)) = waiting.pop() {
        let copy = match (clean.name(id), clean.text(id)) {
            (_, Some(text)) => placed.append(parent, Kind::Text(text.to_owned())),
            ("img", _) => {
                picture(&clean, id, &mut placed, parent, locate);
                continue;
            }
            _ => placed.append(parent, clean.kind(id).clone()),
        };
        waiting.extend(clean.children(id).iter().rev().map(|child| (*child, copy)));
    }
    placed.to_html()
}

fn picture(
    clean: &Dom,
    id: Id,
    placed: &mut Dom,
    parent: Id,
    locate: &mut dyn FnMut(&str) -> ImageLocation,
) {
    let alt = clean.attribute(id, "alt").unwrap_or_default().to_owned();
    let located = clean
        .attribute(id, "src")
        .map_or(ImageLocation::Missing, locate);
    if located == ImageLocation::LeftOut {
        return;
    }
    let ImageLocation::At(src) = located else {
        let attributes = vec![
            ("class", "picture-missing".to_owned()),
            ("role", "img".to_owned()),
            ("aria-label", alt.clone()),
        ];
        let span = placed.append(parent, Kind::Element("span", attributes));
        placed.append(span, Kind::Text(alt));
        return;
    };
    let mut attributes = vec![
        ("src", src),
        ("alt", alt),
        ("loading", "lazy".to_owned()),
        ("decoding", "async".to_owned()),
    ];
    for name in ["title", "width", "height"] {
        attributes.extend(
            clean
                .attribute(id, name)
                .map(|value| (name, value.to_owned())),
        );
    }
    placed.append(parent, Kind::Element("img", attributes));
}
