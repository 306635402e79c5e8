//! Renders an article's sanitised HTML as text for a terminal. Input that is not well formed gives
//! odd text, but no error.

use warta_engine::text::{HtmlPart, HtmlTag, html_parts, unescape};

use crate::text::wrapped;

/// Renders HTML as text: blank lines between paragraphs, bullets for lists, a bar before quotes;
/// wrapped to `width` if given.
pub(crate) fn html_text(html: &str, width: Option<usize>) -> String {
    let mut page = Page {
        width: width.unwrap_or(usize::MAX),
        ..Page::default()
    };
    for part in html_parts(html) {
        match part {
            HtmlPart::Text(text) => page.block.push_str(&unescape(text)),
            HtmlPart::Tag(tag) => page.tag(tag),
        }
    }
    page.end_block();
    page.out.trim_end().to_owned()
}

#[derive(Default)]
struct Page {
    out: String,
    width: usize,
    /// Text of the current block.
    block: String,
    /// Whether a block has ended since the last write.
    ended: bool,
    /// Whether the last written text was in a list.
    after_list: bool,
    quotes: usize,
    preformatted: bool,
    /// The open lists: the next number of an ordered one.
    lists: Vec<Option<u32>>,
    bullet: String,
}

impl Page {
    fn tag(&mut self, tag: HtmlTag<'_>) {
        let (name, closing) = (tag.name, tag.is_end);
        match name.to_ascii_lowercase().as_str() {
            "br" if self.preformatted => self.block.push('\n'),
            "br" => self.write(),
            "img" if !closing => {
                if let Some(words) = tag.attribute("alt").filter(|alt| !alt.trim().is_empty()) {
                    self.block.extend([" [", words.trim(), "] "]);
                }
            }
            "blockquote" => {
                self.end_block();
                self.quotes = if closing {
                    self.quotes.saturating_sub(1)
                } else {
                    self.quotes + 1
                };
            }
            "pre" => {
                self.end_block();
                self.preformatted = !closing;
            }
            "ul" | "ol" => {
                self.end_block();
                if closing {
                    self.lists.pop();
                } else {
                    self.lists
                        .push(name.eq_ignore_ascii_case("ol").then_some(1));
                }
            }
            "li" => {
                self.end_block();
                self.bullet = if closing {
                    String::new()
                } else {
                    self.next_bullet()
                };
            }
            "td" | "th" => self.block.push_str("  "),
            "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "tr" | "table" | "hr"
            | "dl" | "dt" | "dd" | "figure" | "figcaption" | "section" | "article" | "header"
            | "footer" | "aside" | "details" | "summary" | "caption" => self.end_block(),
            _ => {}
        }
    }

    fn next_bullet(&mut self) -> String {
        let Some(Some(number)) = self.lists.last_mut() else {
            return "• ".into();
        };
        let bullet = format!("{number}. ");
        *number = number.saturating_add(1);
        bullet
    }

    fn end_block(&mut self) {
        self.write();
        self.ended = true;
    }

    /// Writes the current block; list items are not separated by blank lines.
    fn write(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.trim().is_empty() {
            return;
        }
        let in_list = !self.lists.is_empty();
        if self.ended && !self.out.is_empty() && !(self.after_list && in_list) {
            self.out.push('\n');
        }
        (self.ended, self.after_list) = (false, in_list);
        // Limit the indentation of deeply nested blocks.
        let quotes = "│ ".repeat(self.quotes.min(4));
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(8));
        let mut bullet = std::mem::take(&mut self.bullet);
        let taken = quotes.chars().count() + indent.len() + bullet.chars().count();
        let lines = if self.preformatted {
            block
                .trim_matches('\n')
                .lines()
                .map(str::to_owned)
                .collect()
        } else {
            wrapped(&block, self.width.saturating_sub(taken).max(20))
        };
        for line in lines {
            self.out
                .extend([quotes.as_str(), &indent, &bullet, &line, "\n"]);
            bullet = " ".repeat(bullet.chars().count());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn html_becomes_text() {
        for (html, expected) in [
            ("<p>Satu &amp; dua.</p><p>Tiga</p>", "Satu & dua.\n\nTiga"),
            ("<ul><li>a</li><li>b</li></ul><p>c</p>", "• a\n• b\n\nc"),
            (
                "<ul><li>a<ul><li>b</li></ul></li><li></li></ul>",
                "• a\n  • b",
            ),
            ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
            (
                "<p>x</p><blockquote><p>kutipan</p></blockquote>",
                "x\n\n│ kutipan",
            ),
            ("a<br>b", "a\nb"),
            ("<pre>  a\n  b</pre>", "  a\n  b"),
            (
                "<p><img src=\"warta-media://x\" alt=\"Banjir\"> di kota</p>",
                "[Banjir] di kota",
            ),
            ("a < b & c &#x41;&bogus;", "a < b & c A&bogus;"),
            ("", ""),
        ] {
            assert_eq!(html_text(html, None), expected, "{html}");
        }
        assert_eq!(
            html_text("<p>satu dua tiga empat lima</p>", Some(20)),
            "satu dua tiga empat\nlima"
        );
    }

    #[test]
    fn deep_nesting_is_rendered() {
        let html = "<blockquote><ul><li>".repeat(100_000) + "x";
        assert!(html_text(&html, Some(60)).contains('x'));
    }

    proptest! {
        #[test]
        fn anything_gives_text(html in "(<|>|&|;|/|p|li|ul|\"|\\PC){0,60}", width in 1usize..50) {
            let _ = html_text(&html, Some(width));
        }
    }
}
