//! Safe HTML as XHTML for EPUB (EPUB 3.3, § 6.1): well-formed and valid by HTML's content models.
//! Elements that are not allowed anywhere are replaced by their text.

use std::fmt::Write as _;

use crate::dom::{Dom, Id, Kind, ROOT};
use crate::sanitize;

/// The content allowed in a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Flow content: paragraphs, lists and all else.
    Flow,
    /// Phrasing content: text and inline elements.
    Phrasing,
}

/// See [`crate::xhtml`].
pub(crate) fn xhtml(html: &str, locate: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let dom = sanitize::clean(html, None);
    let mut writer = Writer {
        dom: &dom,
        locate,
        out: String::with_capacity(html.len() + html.len() / 8),
        in_link: false,
    };
    writer.flow(ROOT);
    writer.out
}

struct Writer<'a> {
    dom: &'a Dom,
    locate: &'a mut dyn FnMut(&str) -> Option<String>,
    out: String,
    in_link: bool,
}

impl Writer<'_> {
    /// The content of an element as blocks; text beside blocks gets a paragraph.
    fn flow(&mut self, id: Id) {
        let mut in_words = false;
        for child in self.dom.children(id).to_vec() {
            if self.is_blockish(child) {
                if std::mem::take(&mut in_words) {
                    self.out.push_str("</p>\n");
                }
                self.node(child, Place::Flow);
            } else {
                let blank = self
                    .dom
                    .text(child)
                    .is_some_and(|text| text.trim().is_empty());
                if !in_words && !blank {
                    self.out.push_str("<p>");
                    in_words = true;
                }
                if in_words {
                    self.node(child, Place::Phrasing);
                }
            }
        }
        if in_words {
            self.out.push_str("</p>\n");
        }
    }

    fn phrasing(&mut self, id: Id) {
        for child in self.dom.children(id).to_vec() {
            if is_block(self.dom.name(child)) {
                // Separates the text of two former blocks.
                self.out.push(' ');
            }
            self.node(child, Place::Phrasing);
        }
    }

    /// Whether a node is a block or contains one.
    fn is_blockish(&self, id: Id) -> bool {
        is_block(self.dom.name(id))
            || (self.dom.text(id).is_none()
                && self
                    .dom
                    .below(id)
                    .iter()
                    .any(|below| is_block(self.dom.name(*below))))
    }

    fn node(&mut self, id: Id, place: Place) {
        if let Some(text) = self.dom.text(id) {
            escape(&mut self.out, text);
            return;
        }
        let name = self.dom.name(id);
        if name == "br" {
            self.out.push_str("<br/>");
        } else if name == "img" {
            self.picture(id, place);
        } else if name == "wbr" {
            self.out.push_str("<wbr/>");
        } else if place == Place::Phrasing {
            self.among_words(id, name);
        } else {
            self.block(id, name);
        }
    }

    fn among_words(&mut self, id: Id, name: &'static str) {
        match name {
            "a" if self.in_link => self.phrasing(id),
            "a" => {
                let href = self.dom.attribute(id, "href").and_then(address);
                let Some(href) = href else {
                    return self.phrasing(id);
                };
                self.in_link = true;
                let _ = write!(self.out, "<a href=\"{href}\">");
                self.phrasing(id);
                self.out.push_str("</a>");
                self.in_link = false;
            }
            // Its parts only make sense together.
            "ruby" | "rt" | "rp" => self.phrasing(id),
            _ if is_block(name) => self.phrasing(id),
            _ => {
                self.open(id, name);
                self.phrasing(id);
                self.close(name);
            }
        }
    }

    fn block(&mut self, id: Id, name: &'static str) {
        match name {
            "p" | "h2" | "h3" | "h4" | "h5" | "h6" | "pre" => {
                let holds_blocks = self.dom.children(id).iter().any(|c| self.is_blockish(*c));
                if holds_blocks && name == "p" {
                    return self.flow(id);
                }
                self.open(id, name);
                self.phrasing(id);
                self.close(name);
                self.out.push('\n');
            }
            "hr" => self.out.push_str("<hr/>\n"),
            "ul" | "ol" => self.list(id, name),
            "dl" => self.terms(id),
            "table" => self.table(id),
            "figure" => self.figure(id),
            "blockquote" | "div" => {
                self.open(id, name);
                self.flow(id);
                self.close(name);
                self.out.push('\n');
            }
            "summary" => {
                self.out.push_str("<p><b>");
                self.phrasing(id);
                self.out.push_str("</b></p>\n");
            }
            // An inline element with blocks inside, or a part without its container.
            _ => self.flow(id),
        }
    }

    fn list(&mut self, id: Id, name: &'static str) {
        let items: Vec<Id> = self.filled(id);
        if items.is_empty() {
            return;
        }
        self.open(id, name);
        self.out.push('\n');
        for item in items {
            self.out.push_str("<li>");
            if self.dom.name(item) == "li" {
                self.flow_or_words(item);
            } else {
                let place = if self.is_blockish(item) {
                    Place::Flow
                } else {
                    Place::Phrasing
                };
                self.node(item, place);
            }
            self.out.push_str("</li>\n");
        }
        self.close(name);
        self.out.push('\n');
    }

    /// A list of terms and descriptions; paragraphs if they are not in pairs.
    fn terms(&mut self, id: Id) {
        let parts = self.filled(id);
        let name = |part: Option<&Id>| part.map(|id| self.dom.name(*id));
        let regular = parts
            .iter()
            .all(|part| matches!(self.dom.name(*part), "dt" | "dd"))
            && name(parts.first()) == Some("dt")
            && name(parts.last()) == Some("dd");
        if !regular {
            return self.flow(id);
        }
        self.out.push_str("<dl>\n");
        for part in parts {
            let name = self.dom.name(part);
            self.open(part, name);
            if name == "dt" {
                self.phrasing(part);
            } else {
                self.flow_or_words(part);
            }
            self.close(name);
            self.out.push('\n');
        }
        self.out.push_str("</dl>\n");
    }

    fn table(&mut self, id: Id) {
        let below = self.dom.below(id);
        let own = |wanted: &str| -> Vec<Id> {
            below
                .iter()
                .copied()
                .filter(|node| self.dom.name(*node) == wanted && self.table_of(*node) == id)
                .collect()
        };
        let caption = own("caption").first().copied();
        let rows: Vec<(Id, Vec<Id>)> = own("tr")
            .into_iter()
            .map(|row| {
                let cells = self.dom.children(row).iter().copied();
                let cells = cells.filter(|cell| matches!(self.dom.name(*cell), "td" | "th"));
                (row, cells.collect())
            })
            .filter(|(_, cells): &(Id, Vec<Id>)| !cells.is_empty())
            .collect();
        if rows.is_empty() {
            return self.flow(id);
        }
        self.out.push_str("<table>\n");
        if let Some(caption) = caption {
            self.out.push_str("<caption>");
            self.phrasing(caption);
            self.out.push_str("</caption>\n");
        }
        self.out.push_str("<tbody>\n");
        for (row, cells) in rows {
            self.open(row, "tr");
            for cell in cells {
                let name = self.dom.name(cell);
                self.open(cell, name);
                self.flow_or_words(cell);
                self.close(name);
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n");
    }

    /// The table around a part of one.
    fn table_of(&self, id: Id) -> Id {
        let mut at = self.dom.parent(id);
        while at != ROOT && self.dom.name(at) != "table" {
            at = self.dom.parent(at);
        }
        at
    }

    fn figure(&mut self, id: Id) {
        let parts = self.filled(id);
        let captions = parts
            .iter()
            .filter(|part| self.dom.name(**part) == "figcaption")
            .count();
        let last = parts.last().copied();
        self.out.push_str("<figure>\n");
        for part in parts {
            if self.dom.name(part) == "figcaption" && captions == 1 && last == Some(part) {
                self.out.push_str("<figcaption>");
                self.flow_or_words(part);
                self.out.push_str("</figcaption>\n");
            } else if self.dom.name(part) == "img" {
                self.picture(part, Place::Flow);
                self.out.push('\n');
            } else if self.is_blockish(part) {
                self.node(part, Place::Flow);
            } else {
                self.out.push_str("<p>");
                self.node(part, Place::Phrasing);
                self.out.push_str("</p>\n");
            }
        }
        self.out.push_str("</figure>\n");
    }

    /// Writes the children as blocks if one of them is a block, otherwise as inline content.
    fn flow_or_words(&mut self, id: Id) {
        if self.dom.children(id).iter().any(|c| self.is_blockish(*c)) {
            self.flow(id);
        } else {
            self.phrasing(id);
        }
    }

    fn picture(&mut self, id: Id, place: Place) {
        let alt = self.dom.attribute(id, "alt").unwrap_or_default().to_owned();
        let src = self.dom.attribute(id, "src").map(str::to_owned);
        if let Some(src) = src.and_then(|src| (self.locate)(&src)) {
            self.out.push_str("<img src=\"");
            escape(&mut self.out, &src);
            self.out.push_str("\" alt=\"");
            escape(&mut self.out, &alt);
            self.out.push_str("\"/>");
        } else if !alt.trim().is_empty() {
            let name = if place == Place::Flow { "p" } else { "i" };
            let _ = write!(self.out, "<{name}>");
            escape(&mut self.out, &alt);
            self.close(name);
        }
    }

    /// The children except white space.
    fn filled(&self, id: Id) -> Vec<Id> {
        let blank = |id: &Id| {
            self.dom
                .text(*id)
                .is_some_and(|text| text.trim().is_empty())
        };
        let children = self.dom.children(id).iter().copied();
        children.filter(|child| !blank(child)).collect()
    }

    fn open(&mut self, id: Id, name: &'static str) {
        let _ = write!(self.out, "<{name}");
        if let Kind::Element(_, attributes) = self.dom.kind(id) {
            for (attribute, value) in attributes {
                let kept = match *attribute {
                    "dir" | "start" | "type" => true,
                    "value" => name == "li",
                    "lang" => is_language(value),
                    "colspan" | "rowspan" => value.parse().is_ok_and(|n: u32| n > 0),
                    "title" => matches!(name, "abbr" | "dfn"),
                    "reversed" => {
                        self.out.push_str(" reversed=\"reversed\"");
                        false
                    }
                    _ => false,
                };
                if kept {
                    let _ = write!(self.out, " {attribute}=\"");
                    escape(&mut self.out, value);
                    self.out.push('"');
                    if *attribute == "lang" {
                        let _ = write!(self.out, " xml:lang=\"{value}\"");
                    }
                }
            }
        }
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        let _ = write!(self.out, "</{name}>");
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "blockquote"
            | "caption"
            | "col"
            | "colgroup"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "figcaption"
            | "figure"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "li"
            | "ol"
            | "p"
            | "pre"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// A BCP 47 tag, in its simplest form.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_first = |first: &str| {
        (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    parts.next().is_some_and(is_first)
        && parts.all(|part| {
            matches!(part.len(), 2 | 4) && part.bytes().all(|b| b.is_ascii_alphabetic())
        })
}

/// The URL with all invalid characters (RFC 3986) percent-encoded.
fn address(href: &str) -> Option<String> {
    let url = url::Url::parse(href).ok()?;
    if matches!(url.scheme(), "http" | "https") && url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    let mut out = String::with_capacity(href.len());
    let text = url.as_str();
    let mut fragments = 0;
    for (at, character) in text.char_indices() {
        let kept = character.is_ascii_alphanumeric()
            || "-._~:/?@!$'()*+,;=".contains(character)
            || (character == '#' && fragments == 0)
            || (character == '%'
                && text.as_bytes().get(at + 1..at + 3).is_some_and(|hex| {
                    hex.iter().all(u8::is_ascii_hexdigit)
                }))
            // An IPv6 address.
            || (matches!(character, '[' | ']') && text[..at].matches('/').count() == 2);
        fragments += u32::from(character == '#');
        if kept {
            out.push(character);
        } else if character == '&' {
            out.push_str("&amp;");
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Some(out.replace('\'', "%27"))
}

/// Appends text as allowed in XML 1.0.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            character if character.is_control() => {}
            character => out.push(character),
        }
    }
}
