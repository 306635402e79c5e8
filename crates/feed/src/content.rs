//! Summary and content of an entry: which elements contain them, and how they become HTML.

use std::borrow::Cow;

use warta_text::escape;

use crate::children::Children;
use crate::model::FeedKind;
use crate::names::{Name, Space};
use crate::reader::{Reader, base64};
use crate::text::{
    as_html, looks_like_html, plain, repair_latin1_mojibake, unescaped_again, without_scripts,
};
use crate::urls::is_web;
use crate::xml::NodeId;

/// Maximum length of a caption, in bytes.
const LONGEST_CAPTION: usize = 2_000;

/// The texts of an entry as HTML.
pub(crate) struct EntryTexts {
    pub(crate) summary: Option<String>,
    pub(crate) content: Option<String>,
    /// Base of relative URLs in the content, else the summary, from `xml:base`.
    pub(crate) base: Option<String>,
}

impl<'a> Reader<'_, 'a> {
    /// Summary and content; the longest of several contents wins.
    pub(crate) fn content(&self, children: &Children) -> EntryTexts {
        let mut content: Option<Cow<'a, str>> = None;
        let mut summary: Option<Cow<'a, str>> = None;
        // The elements that content and summary come from.
        let (mut content_at, mut summary_at) = (None, None);
        // Elements of other vocabularies, read only if needed.
        let mut others: Vec<NodeId> = Vec::new();
        for child in children.iter() {
            match (child.space, child.name) {
                (Space::Content, Name::Encoded)
                | (Space::Core, Name::Content | Name::FullItem | Name::Body)
                | (Space::Xhtml, Name::Body | Name::Div) => {
                    let html = self.html_of(child.id);
                    if content.as_ref().is_none_or(|c| c.len() < html.len()) {
                        content = Some(html);
                        content_at = Some(child.id);
                    }
                }
                // RDF statements about the entry are not its text.
                (Space::Core, Name::Description)
                    if self.tree.element(child.id).raw_name == "rdf:Description" => {}
                (Space::Core, Name::Description | Name::Summary | Name::Abstract)
                    if blank(summary.as_deref()) =>
                {
                    summary = Some(self.html_of(child.id));
                    summary_at = Some(child.id);
                }
                (Space::DublinCore, Name::Description | Name::Abstract)
                | (Space::Itunes, Name::Summary)
                | (Space::Media, Name::Description | Name::Group | Name::Content) => {
                    others.push(child.id);
                }
                _ => {}
            }
        }
        // They replace a missing text but never compete with one.
        if blank(summary.as_deref()) && blank(content.as_deref()) {
            summary = self.fallback_summary(&others);
            summary_at = others.first().copied();
        }
        let at = content_at
            .filter(|_| !blank(content.as_deref()))
            .or(summary_at);
        let base = at.and_then(|at| self.base(at));
        let kept = |html: Option<Cow<'a, str>>| {
            html.filter(|html| !blank(Some(html))).map(Cow::into_owned)
        };
        EntryTexts {
            summary: kept(summary),
            content: kept(content),
            base,
        }
    }

    /// The longest of these; descriptions inside of media only count if there is no other.
    fn fallback_summary(&self, others: &[NodeId]) -> Option<Cow<'a, str>> {
        let mut found: Option<Cow<'a, str>> = None;
        for id in others {
            if matches!(self.tree.element(*id).known(), Name::Group | Name::Content) {
                if found.is_none()
                    && let Some(inner) = self.media_text(*id, Name::Description)
                {
                    found = Some(self.html_of(inner));
                }
                continue;
            }
            let html = self.html_of(*id);
            if found.as_ref().is_none_or(|f| f.len() < html.len()) {
                found = Some(html);
            }
        }
        found
    }

    /// The body with the picture and caption that Media RSS provides beside it, if the body has
    /// neither. `None` if there is nothing to add.
    pub(crate) fn captioned(
        &self,
        children: &Children,
        picture: Option<&str>,
        body: Option<&str>,
    ) -> Option<String> {
        if !children.any(&[Name::Description, Name::Content, Name::Group]) {
            return None;
        }
        let (picture, body) = (picture?, body?);
        let described = children
            .first(&[Space::Media], Name::Description)
            .or_else(|| {
                let media = children.iter().filter(|child| child.space == Space::Media);
                media
                    .filter(|child| matches!(child.name, Name::Content | Name::Group))
                    .find_map(|child| self.media_text(child.id, Name::Description))
            })?;
        let caption = self.plain_text(described);
        if caption.is_empty() || caption.len() > LONGEST_CAPTION || body.contains(picture) {
            return None;
        }
        // The description of the picture only repeats the text.
        if plain(body).contains(&caption) {
            return None;
        }
        let (picture, caption) = (escape(picture), escape(&caption));
        Some(format!(
            "{body}<figure><img src=\"{picture}\" alt=\"\"><figcaption>{caption}</figcaption></figure>"
        ))
    }

    /// An element's content as HTML: markup as it is, plain text escaped with its lines kept.
    fn html_of(&self, id: NodeId) -> Cow<'a, str> {
        let media_type = self.media_type(id);
        let html = repair_latin1_mojibake(
            self.tree
                .inner_html(id, &|at, address| self.absolute(at, address)),
        );
        if self.is_base64(id, &media_type)
            && let Some(decoded) = base64(&html)
        {
            return without_scripts(Cow::Owned(decoded));
        }
        let has_elements = self.tree.children(id).next().is_some();
        let is_plain = matches!(&*media_type, "text" | "text/plain") && self.kind == FeedKind::Atom;
        if has_elements {
            without_scripts(html)
        } else if !is_plain && looks_like_html(&html) {
            without_scripts(unescaped_again(html))
        } else {
            Cow::Owned(as_html(&html))
        }
    }

    /// The resolved `xml:base` of an element; `None` if there is none.
    fn base(&self, id: NodeId) -> Option<String> {
        self.tree.inherited(id, "xml:base")?;
        self.absolute(id, ".").filter(|base| is_web(base))
    }
}

fn blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}
