//! Plain text from sanitised HTML, in one pass. Deliberately absent: repairing HTML, which is the
//! sanitiser's task; input that is not well formed gives odd text, but no error.

use memchr::memchr;

use crate::entities::unescape;
use crate::whitespace::push_collapsed;

/// Elements that start a new line.
const BLOCKS: [&str; 22] = [
    "p",
    "div",
    "br",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "tr",
    "pre",
    "section",
    "article",
    "ul",
    "ol",
    "table",
    "hr",
    "dt",
    "dd",
    "figcaption",
];
/// Elements that are not running text.
const LEFT_OUT: [&str; 3] = ["figure", "table", "pre"];

/// Elements within words.
const INLINE: [&str; 20] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "u", "wbr",
];

/// A part of an HTML text, in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HtmlPart<'h> {
    /// Text between tags, with its character references.
    Text(&'h str),
    /// A tag, comment or declaration.
    Tag(HtmlTag<'h>),
}

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HtmlTag<'h> {
    /// The element's name as written; empty for comments and declarations.
    pub name: &'h str,
    /// Whether it is an end tag.
    pub is_end: bool,
    /// What follows the name.
    pub attributes: &'h str,
}

impl HtmlTag<'_> {
    fn is_one_of(&self, names: &[&str]) -> bool {
        names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(self.name))
    }

    /// The value of an attribute that is written in double quotes, with its references decoded.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<String> {
        let start = self.attributes.find(&format!(" {name}=\""))? + name.len() + 3;
        let value = &self.attributes[start..];
        Some(unescape(&value[..value.find('"')?]).into_owned())
    }
}

/// Splits sanitised HTML into its parts. `<` begins a tag before a letter, `/`, `!` and `?`; a tag
/// that does not end is left out with everything after it.
pub fn html_parts(html: &str) -> impl Iterator<Item = HtmlPart<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if is_tag(rest) {
            let end = memchr(b'>', rest.as_bytes())?;
            let tag = &rest[1..end];
            rest = &rest[end + 1..];
            return Some(HtmlPart::Tag(tag_of(tag)));
        }
        let mut end = 0;
        while let Some(at) = memchr(b'<', &rest.as_bytes()[end..]) {
            end += at;
            if is_tag(&rest[end..]) {
                let text = &rest[..end];
                rest = &rest[end..];
                return Some(HtmlPart::Text(text));
            }
            end += 1;
        }
        Some(HtmlPart::Text(std::mem::take(&mut rest)))
    })
}

fn is_tag(rest: &str) -> bool {
    let rest = rest.as_bytes();
    rest.first() == Some(&b'<')
        && rest
            .get(1)
            .is_some_and(|next| next.is_ascii_alphabetic() || b"/!?".contains(next))
}

fn tag_of(tag: &str) -> HtmlTag<'_> {
    let (is_end, tag) = tag
        .strip_prefix('/')
        .map_or((false, tag), |tag| (true, tag));
    let end = tag
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(tag.len());
    HtmlTag {
        name: &tag[..end],
        is_end,
        attributes: &tag[end..],
    }
}

/// The text in one line, for a search index: tags within words disappear, others become a space.
/// Ends after about `most` bytes.
#[must_use]
pub fn html_line(html: &str, most: usize) -> String {
    let mut text = String::with_capacity(html.len().min(most) / 2);
    for part in html_parts(html) {
        if text.len() >= most {
            break;
        }
        match part {
            HtmlPart::Text(piece) => push_collapsed(&mut text, &unescape(piece)),
            HtmlPart::Tag(tag) if tag.is_one_of(&INLINE) => {}
            HtmlPart::Tag(_) => push_collapsed(&mut text, " "),
        }
    }
    let kept = text.trim_end().len();
    text.truncate(kept);
    text
}

/// The running text with one line per block, without tables, code, pictures and captions. Line
/// breaks in the HTML do not end a line, as in a browser.
#[must_use]
pub fn html_lines(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut left_out = 0_usize;
    for part in html_parts(html) {
        match part {
            HtmlPart::Tag(tag) => {
                if tag.is_one_of(&LEFT_OUT) {
                    left_out = if tag.is_end {
                        left_out.saturating_sub(1)
                    } else {
                        left_out + 1
                    };
                }
                if tag.is_one_of(&BLOCKS) && !text.ends_with('\n') {
                    text.truncate(text.trim_end_matches(' ').len());
                    text.push('\n');
                }
            }
            HtmlPart::Text(piece) if left_out == 0 => {
                push_collapsed(&mut text, &unescape(piece));
            }
            HtmlPart::Text(_) => {}
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_one_line() {
        for (html, text) in [
            ("<p>Satu</p><p>dua</p>", "Satu dua"),
            (
                "ha<b>lf</b> a&nbsp;word &amp; &#8212; &#x41;",
                "half a word & — A",
            ),
            ("3 < 4 &unknown; & more", "3 < 4 &unknown; & more"),
            ("<p>cut <a href=\"x", "cut"),
            ("<ul><li>a</li><li>b</li></ul>", "a b"),
            ("  a \t b\u{2003}\u{3000}é “c”\n ", "a b é “c”"),
        ] {
            assert_eq!(html_line(html, 1_000), text, "{html}");
        }
        assert_eq!(html_line("<p>satu</p><p>dua</p>", 3), "satu");
    }

    #[test]
    fn blocks_become_lines_and_entities_are_decoded() {
        for (html, expected) in [
            (
                "<p>Satu &amp; dua.</p><p>Tiga <b>empat</b></p>",
                "Satu & dua.\nTiga empat",
            ),
            (
                "<figure><img src=\"a\"><figcaption>Foto</figcaption></figure><p>Isi</p>",
                "Isi",
            ),
            ("tanpa tag", "tanpa tag"),
            (
                "<p>Kapal No.\n 4 tiba\r\n di\n<b>Bima</b>\nkemarin.</p>\n\n<p>Dua</p>",
                "Kapal No. 4 tiba di Bima kemarin.\nDua",
            ),
            ("", ""),
            ("a<br>b<ul><li>c</li></ul>", "a\nb\nc"),
        ] {
            assert_eq!(html_lines(html), expected, "{html}");
        }
    }

    #[test]
    fn a_tag_has_a_name_and_attributes() {
        let parts: Vec<HtmlPart<'_>> = html_parts("a < b<img alt=\"x &amp; y\" /></P>").collect();
        let [
            HtmlPart::Text("a < b"),
            HtmlPart::Tag(img),
            HtmlPart::Tag(end),
        ] = parts[..]
        else {
            panic!("{parts:?}");
        };
        assert_eq!(img.attribute("alt").as_deref(), Some("x & y"));
        assert_eq!(
            (img.name, img.is_end, end.name, end.is_end),
            ("img", false, "P", true)
        );
    }

    proptest::proptest! {
        #[test]
        fn anything_gives_text(html in "(<|>|&|;|/|p|li|ul|\"|\\PC){0,60}") {
            let _ = (html_line(&html, 100), html_lines(&html));
        }
    }
}
