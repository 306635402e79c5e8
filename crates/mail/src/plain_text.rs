//! The text of a mail as HTML: paragraphs, quotations and links.

use std::fmt::Write as _;

use url::Url;
use warta_text::{escape, escape_html};

/// Lines of at least this many characters were broken by the program that sent them.
const WRAPPED_FROM: usize = 56;
/// Longer lines were not broken at a fixed width.
const WRAPPED_UNTIL: usize = 100;
/// Deeper quotations are shown as this deep.
const MAX_DEPTH: usize = 8;

/// How a plain text is broken into lines (RFC 3676).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flow {
    /// A line that ends in a space goes on in the next (`format=flowed`).
    pub(crate) flowed: bool,
    /// That space is not part of the text (`delsp=yes`).
    pub(crate) delsp: bool,
}

/// A line with its depth of quotation.
struct Line {
    depth: usize,
    text: String,
}

/// Makes HTML of a plain text.
pub(crate) fn to_html(text: &str, flow: Flow) -> String {
    let lines = if flow.flowed {
        unfolded(text, flow.delsp)
    } else {
        text.lines().map(quoted).collect()
    };
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let mut depth = 0;
    let mut paragraph: Vec<&str> = Vec::new();
    for line in &lines {
        if line.depth != depth || line.text.trim().is_empty() {
            write_paragraph(&mut html, &paragraph, flow);
            paragraph.clear();
        }
        while depth < line.depth {
            html.push_str("<blockquote>");
            depth += 1;
        }
        while depth > line.depth {
            html.push_str("</blockquote>");
            depth -= 1;
        }
        if !line.text.trim().is_empty() {
            paragraph.push(&line.text);
        }
    }
    write_paragraph(&mut html, &paragraph, flow);
    for _ in 0..depth {
        html.push_str("</blockquote>");
    }
    html
}

fn quoted(line: &str) -> Line {
    let mut rest = line;
    let mut depth = 0;
    while let Some(inner) = rest.strip_prefix('>') {
        depth += 1;
        rest = inner.strip_prefix(' ').unwrap_or(inner);
    }
    Line {
        depth: depth.min(MAX_DEPTH),
        text: rest.trim_end().to_owned(),
    }
}

/// Joins the lines of `format=flowed` (RFC 3676 § 4).
fn unfolded(text: &str, delsp: bool) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let marks = line.len() - line.trim_start_matches('>').len();
        let content = &line[marks..];
        // Space-stuffing (§ 4.4).
        let content = content.strip_prefix(' ').unwrap_or(content);
        let depth = marks.min(MAX_DEPTH);
        let is_signature = content == "-- ";
        let flows = content.ends_with(' ') && !is_signature;
        let kept = match content.strip_suffix(' ') {
            Some(kept) if flows && delsp => kept,
            _ => content,
        };
        match lines.last_mut() {
            Some(last) if goes_on && last.depth == depth && !is_signature => {
                last.text.push_str(kept);
            }
            _ => lines.push(Line {
                depth,
                text: kept.to_owned(),
            }),
        }
        goes_on = flows;
    }
    lines
}

fn write_paragraph(html: &mut String, lines: &[&str], flow: Flow) {
    let Some((last, before)) = lines.split_last() else {
        return;
    };
    // A paragraph that was broken at a fixed width is one line.
    let length = |line: &str| line.chars().count();
    let is_wrapped = !flow.flowed
        && before
            .iter()
            .all(|line| (WRAPPED_FROM..WRAPPED_UNTIL).contains(&length(line)))
        && length(last) < WRAPPED_UNTIL;
    let between = if is_wrapped { " " } else { "<br>" };
    html.push_str("<p>");
    for line in before {
        write_line(html, line);
        html.push_str(between);
    }
    write_line(html, last);
    html.push_str("</p>");
}

/// Writes a line, its web addresses as links.
fn write_line(html: &mut String, line: &str) {
    let mut rest = line;
    while let Some(at) = next_address(rest) {
        let (before, from) = rest.split_at(at);
        html.push_str(&escape_html(before));
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'))
            .unwrap_or(from.len());
        let address = trimmed(&from[..end]);
        match Url::parse(address) {
            Ok(url) if url.has_host() => {
                let _ = write!(
                    html,
                    "<a href=\"{}\">{}</a>",
                    escape(url.as_str()),
                    escape_html(address)
                );
            }
            _ => html.push_str(&escape_html(address)),
        }
        rest = &from[address.len()..];
    }
    html.push_str(&escape_html(rest));
}

fn next_address(text: &str) -> Option<usize> {
    ["https://", "http://"]
        .iter()
        .filter_map(|scheme| text.find(scheme))
        .min()
}

/// An address without the punctuation after it.
fn trimmed(address: &str) -> &str {
    let mut kept = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    while kept.ends_with(')') && kept.matches(')').count() > kept.matches('(').count() {
        kept = &kept[..kept.len() - 1];
    }
    // Never empty, so that the caller goes on.
    if kept.is_empty() { address } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOWED: Flow = Flow {
        flowed: true,
        delsp: false,
    };

    #[test]
    fn lines_become_paragraphs_quotations_and_links() {
        let fixed = Flow::default();
        let delsp = Flow {
            delsp: true,
            ..FLOWED
        };
        for (text, flow, expected) in [
            ("satu\ndua\n\ntiga", fixed, "<p>satu<br>dua</p><p>tiga</p>"),
            (
                "<b> & (https://a.example/?a=1&b=2).",
                fixed,
                "<p>&lt;b&gt; &amp; (<a href=\"https://a.example/?a=1&amp;b=2\">https://a.example/?a=1&amp;b=2</a>).</p>",
            ),
            (
                "> dikutip\nbalasan",
                fixed,
                "<blockquote><p>dikutip</p></blockquote><p>balasan</p>",
            ),
            ("satu \ndua\ntiga", FLOWED, "<p>satu dua<br>tiga</p>"),
            ("一二 \n三", delsp, "<p>一二三</p>"),
            (
                ">> a \n>> b\n> c",
                FLOWED,
                "<blockquote><blockquote><p>a b</p></blockquote><p>c</p></blockquote>",
            ),
            (" >bukan kutipan", FLOWED, "<p>&gt;bukan kutipan</p>"),
            ("isi \n-- \nAni", FLOWED, "<p>isi <br>-- <br>Ani</p>"),
            ("https://", fixed, "<p>https://</p>"),
        ] {
            assert_eq!(to_html(text, flow), expected, "{text:?}");
        }
    }

    #[test]
    fn a_paragraph_broken_at_a_fixed_width_is_one_line() {
        let line = "Warga kampung itu menanam seribu pohon di tepi sungai pada pagi";
        let html = to_html(&format!("{line}\n{line}\nhari."), Flow::default());
        assert_eq!(html, format!("<p>{line} {line} hari.</p>"));
    }
}
