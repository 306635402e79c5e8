//! What the readers of a feed's parts share: its tree, its base address, and texts, dates and links
//! of single elements.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use url::Url;
use warta_text::single_line;

use crate::children::Children;
use crate::model::FeedKind;
use crate::names::{Name, Space};
use crate::text::{plain, plain_of_html, plain_of_text, repair_latin1_mojibake};
use crate::xml::{NodeId, Tree};
use crate::{bounds, dates, urls};

/// A feed's elements with their context.
pub(crate) struct Reader<'t, 'a> {
    pub(crate) tree: &'t Tree<'a>,
    pub(crate) url: Option<Url>,
    pub(crate) kind: FeedKind,
    /// Authors of entries without their own.
    pub(crate) feed_authors: Vec<String>,
}

impl<'a> Reader<'_, 'a> {
    /// The first child with this name, without collecting the children.
    pub(crate) fn child(&self, id: NodeId, space: Space, name: Name) -> Option<NodeId> {
        self.tree.children(id).find(|child| {
            let element = self.tree.element(*child);
            element.known() == name && element.space() == space
        })
    }

    /// A child's plain text: core namespace first, then Dublin Core, Media RSS and iTunes.
    pub(crate) fn plain_child(&self, children: &Children, name: Name) -> Option<String> {
        let spaces = [Space::Core, Space::DublinCore, Space::Media, Space::Itunes];
        Some(self.plain_text(children.first(&spaces, name)?))
    }

    /// A title or description inside a Media RSS group or content.
    pub(crate) fn media_text(&self, id: NodeId, name: Name) -> Option<NodeId> {
        self.child(id, Space::Media, name).or_else(|| {
            let contents = self.tree.children(id).filter(|child| {
                let element = self.tree.element(*child);
                element.space() == Space::Media && element.known() == Name::Content
            });
            contents
                .into_iter()
                .find_map(|content| self.child(content, Space::Media, name))
        })
    }

    /// An element's `type`, in lower case; empty if it has none.
    pub(crate) fn media_type(&self, id: NodeId) -> Cow<'a, str> {
        let mut media_type = self.tree.attribute(id, "type").unwrap_or_default();
        if media_type.bytes().any(|b| b.is_ascii_uppercase()) {
            media_type.to_mut().make_ascii_lowercase();
        }
        media_type
    }

    pub(crate) fn plain_text(&self, id: NodeId) -> String {
        let media_type = self.media_type(id);
        let text = repair_latin1_mojibake(bounds::beginning(self.tree.text_of(id)));
        if self.is_base64(id, &media_type)
            && let Some(decoded) = base64(&text)
        {
            return plain(&decoded);
        }
        // Atom declares the type of its texts (RFC 4287, section 3.1.1); other formats may contain
        // markup.
        let is_atom = self.kind == FeedKind::Atom && self.tree.element(id).space() == Space::Core;
        match &*media_type {
            "text" | "text/plain" | "xhtml" if is_atom => single_line(&text),
            "html" if is_atom => plain_of_html(&text),
            "" if is_atom => plain_of_text(&text),
            _ => plain(&text),
        }
    }

    pub(crate) fn first_date(
        &self,
        children: &Children,
        names: &[Name],
    ) -> Option<chrono::DateTime<chrono::Utc>> {
        names.iter().find_map(|name| {
            children
                .named(&[Space::Core, Space::DublinCore], *name)
                .find_map(|found| dates::parse(&self.tree.text_of(found)))
        })
    }

    /// An absolute URL, resolved against `xml:base` of the enclosing elements, then the feed's own
    /// URL.
    pub(crate) fn absolute(&self, id: NodeId, address: &str) -> Option<String> {
        urls::absolute(address, self.url.as_ref(), || self.tree.bases(id))
    }

    /// Whether an element's text is base64: by its mode in Atom 0.3, by a type that is neither text
    /// nor XML in Atom 1.0 (RFC 4287, section 4.1.3.3).
    pub(crate) fn is_base64(&self, id: NodeId, media_type: &str) -> bool {
        if media_type.is_empty() {
            return self
                .tree
                .attribute(id, "mode")
                .is_some_and(|mode| mode == "base64");
        }
        let is_text = matches!(media_type, "text" | "html" | "xhtml" | "plain")
            || media_type.starts_with("text/")
            || media_type.ends_with("+xml")
            || media_type.ends_with("/xml");
        let mode = self.tree.attribute(id, "mode");
        mode.is_some_and(|mode| mode == "base64")
            || (self.kind == FeedKind::Atom && !is_text && media_type.contains('/'))
    }
}

/// Standard base64 (Atom 0.3's `mode="base64"`), as UTF-8 text.
pub(crate) fn base64(text: &str) -> Option<String> {
    let bytes: Vec<u8> = text
        .bytes()
        .filter(|b| !b.is_ascii_whitespace() && *b != b'=')
        .collect();
    String::from_utf8(STANDARD_NO_PAD.decode(bytes).ok()?).ok()
}
