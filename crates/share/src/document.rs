//! An article as a file: plain text, Markdown (`CommonMark`), or a self-contained web page.
//! Pictures are replaced by their descriptions. Whatever the HTML, a file contains no control
//! characters or direction overrides, and the Markdown renders to text and web links only: no HTML,
//! no pictures, no other schemes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;
use warta_text::plain;

use warta_text::{collapse_whitespace, escape_html, is_right_to_left, unescape};

use crate::link::safe_mailto;

pub use warta_text::file_name;

/// Maximum nesting of quotations and lists.
const DEEPEST: usize = 12;

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// `.txt`
    Text,
    /// `.md`
    Markdown,
    /// `.html`
    Html,
}

impl Format {
    /// From the extension of a file name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let end = name.rsplit_once('.')?.1.to_ascii_lowercase();
        match end.as_str() {
            "txt" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }

    /// The file extension.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }
}

/// An article to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'a> {
    /// The headline.
    pub title: &'a str,
    /// Its publisher.
    pub publisher: &'a str,
    /// Its author.
    pub byline: &'a str,
    /// Its date, formatted for the reader.
    pub date: &'a str,
    /// Its link, without tracking parameters.
    pub link: &'a str,
    /// BCP 47; may be empty.
    pub language: &'a str,
    /// Safe HTML from the sanitizer: well-formed, without scripts.
    pub html: &'a str,
}

/// Writes the file.
#[must_use]
pub fn write(document: &Document<'_>, format: Format) -> String {
    let written = match format {
        Format::Text => text(document),
        Format::Markdown => markdown(document),
        Format::Html => page(document),
    };
    plain(&written).into_owned()
}

/// Publisher, author and date in one line.
fn facts(document: &Document<'_>) -> String {
    [document.publisher, document.byline, document.date]
        .iter()
        .map(|fact| collapse_whitespace(&plain(fact)))
        .filter(|fact| !fact.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

fn text(document: &Document<'_>) -> String {
    let body = Writer::new(false).write(document.html);
    joined(&[
        collapse_whitespace(document.title),
        facts(document),
        body,
        document.link.into(),
    ])
}

fn markdown(document: &Document<'_>) -> String {
    let title = collapse_whitespace(&plain(document.title));
    let heading = if title.is_empty() {
        title
    } else {
        format!("# {}", literal(&title))
    };
    let facts = facts(document);
    let facts = if facts.is_empty() {
        facts
    } else {
        format!("*{}*", literal(&facts))
    };
    let body = Writer::new(true).write(document.html);
    // In an autolink nothing is escaped; a normalized address holds nothing that would need it.
    let link = web_address(document.link).map(|link| format!("<{link}>"));
    joined(&[heading, facts, body, link.unwrap_or_default()])
}

fn page(document: &Document<'_>) -> String {
    let title = collapse_whitespace(document.title);
    let title = escape_html(&title);
    let direction = if is_right_to_left(document.title) {
        "rtl"
    } else {
        "auto"
    };
    let language = if document.language.is_empty() {
        String::new()
    } else {
        format!(" lang=\"{}\"", escape_html(document.language))
    };
    let source = web_address(document.link).map_or_else(String::new, |link| {
        let link = escape_html(&link);
        format!("<p><a href=\"{link}\">{link}</a></p>\n")
    });
    // Nothing is loaded when the file is opened: the pictures are described in
    // words.
    format!(
        "<!DOCTYPE html>\n<html{language} dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>body{{max-width:42em;margin:2em auto;padding:0 1em;font:1.1em/1.6 Georgia,serif}}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n{}\n{source}</body>\n</html>\n",
        escape_html(&facts(document)),
        without_pictures(document.html),
    )
}

fn joined(parts: &[String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n\n") + "\n"
}

/// Safe HTML with pictures replaced by their descriptions.
fn without_pictures(html: &str) -> String {
    let mut kept = String::new();
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) if name_of(tag) == "img" => {
                if let Some(words) = attribute(tag, "alt").filter(|alt| !alt.trim().is_empty()) {
                    kept.extend(["<em>[", &escape_html(words.trim()), "]</em>"]);
                }
            }
            Piece::Tag(tag) => kept.extend(["<", &with_safe_mail(tag), ">"]),
            // Decoded and encoded again, so that no reference represents a character that is left
            // out.
            Piece::Text(text) => kept += &escape_html(&plain(&unescape(text))),
        }
    }
    kept
}

/// Safe HTML with `mailto:` links reduced by [`safe_mailto`].
#[must_use]
pub fn safe_links(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) => kept.extend(["<", &with_safe_mail(tag), ">"]),
            Piece::Text(text) => kept += text,
        }
    }
    kept
}

/// Applies [`safe_mailto`] to a tag.
fn with_safe_mail(tag: &str) -> Cow<'_, str> {
    let target = attribute(tag, "href").filter(|_| name_of(tag) == "a");
    match target {
        Some(target) if target.to_ascii_lowercase().starts_with("mailto:") => {
            let safe = safe_mailto(&target).unwrap_or_default();
            Cow::Owned(format!("a href=\"{}\"", escape_html(&safe)))
        }
        _ => Cow::Borrowed(tag),
    }
}

enum Piece<'a> {
    /// Without its brackets.
    Tag(&'a str),
    Text(&'a str),
}

/// Tags and text, in order. Sanitised HTML has no `>` in attributes and no comments.
fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(inside) = rest.strip_prefix('<') {
            let end = inside.find('>').unwrap_or(inside.len());
            rest = inside.get(end + 1..).unwrap_or_default();
            return Some(Piece::Tag(&inside[..end]));
        }
        let end = rest.find('<').unwrap_or(rest.len());
        let text = &rest[..end];
        rest = &rest[end..];
        Some(Piece::Text(text))
    })
}

fn name_of(tag: &str) -> &str {
    let tag = tag.trim_start_matches('/');
    tag.split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[start..];
    Some(unescape(&value[..value.find('"')?]).into_owned())
}

/// An open quotation or list item.
#[derive(Debug)]
enum Container {
    Quote,
    Item {
        /// "- ", "3. "
        marker: String,
        /// Whether the marker has been written.
        begun: bool,
    },
}

/// Inline formatting.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Mark {
    Strong,
    Emphasis,
    /// A link with its target; `None` if it is not a web URL.
    Link(Option<String>),
}

impl Mark {
    fn opening(&self) -> &'static str {
        match self {
            Self::Strong => "**",
            Self::Emphasis => "*",
            Self::Link(Some(_)) => "[",
            Self::Link(None) => "",
        }
    }

    fn closing(&self) -> String {
        match self {
            Self::Strong => "**".into(),
            Self::Emphasis => "*".into(),
            Self::Link(Some(target)) => format!("](<{target}>)"),
            Self::Link(None) => String::new(),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Writes blocks as text or Markdown. Formatting is opened before its first letter and closed with
/// the block, so that it never extends beyond it.
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
struct Writer {
    markdown: bool,
    out: String,
    block: String,
    containers: Vec<Container>,
    /// Open lists, with the next number of ordered ones.
    lists: Vec<Option<u32>>,
    /// Open formatting, outermost first.
    marks: Vec<Mark>,
    /// Number of them written in this block.
    written: usize,
    /// Text of inline code.
    code: Option<String>,
    preformatted: bool,
    heading: bool,
    /// Whether the last block began a list item.
    after_item: bool,
}

impl Writer {
    fn new(markdown: bool) -> Self {
        Self {
            markdown,
            out: String::new(),
            block: String::new(),
            containers: Vec::new(),
            lists: Vec::new(),
            marks: Vec::new(),
            written: 0,
            code: None,
            preformatted: false,
            heading: false,
            after_item: false,
        }
    }

    fn write(mut self, html: &str) -> String {
        for piece in pieces(html) {
            match piece {
                Piece::Text(text) => self.text(&plain(&unescape(text))),
                Piece::Tag(tag) => self.tag(tag),
            }
        }
        self.end();
        self.out
    }

    fn text(&mut self, text: &str) {
        if self.preformatted {
            self.block += text;
            return;
        }
        if let Some(code) = &mut self.code {
            code.push_str(text);
            return;
        }
        for c in text.chars() {
            if c.is_whitespace() {
                self.space();
            } else {
                self.open_marks();
                if self.markdown {
                    push_literal(&mut self.block, c);
                } else {
                    self.block.push(c);
                }
            }
        }
    }

    fn space(&mut self) {
        if !self.block.is_empty() && !self.block.ends_with([' ', '\n']) {
            self.block.push(' ');
        }
    }

    fn open_marks(&mut self) {
        for mark in &self.marks[self.written..] {
            let opening = mark.opening();
            // `![` would begin a picture.
            if opening == "[" && self.block.ends_with('!') {
                self.block.insert(self.block.len() - 1, '\\');
            }
            self.block += opening;
        }
        self.written = self.marks.len();
    }

    /// Closes formatting from the outermost that ends; inner ones are reopened for the following
    /// text.
    fn close_marks(&mut self, from: usize) {
        while self.written > from {
            self.written -= 1;
            let gap = self.block.len() - self.block.trim_end_matches(' ').len();
            self.block.truncate(self.block.len() - gap);
            let closing = self.marks[self.written].closing();
            self.block += &closing;
            self.block += &" ".repeat(gap.min(1));
        }
    }

    fn mark(&mut self, mark: Mark, closing: bool) {
        if !self.markdown || self.preformatted || self.code.is_some() {
            return;
        }
        let open = self.marks.iter().rposition(|open| open.is_like(&mark));
        match (open, closing) {
            (Some(at), true) => {
                self.close_marks(at);
                self.marks.remove(at);
            }
            // Formatting is not nested in itself, and links are not nested.
            (None, false) => self.marks.push(mark),
            _ => {}
        }
    }

    fn begin_code(&mut self) {
        if self.markdown && !self.preformatted && self.code.is_none() {
            self.code = Some(String::new());
        }
    }

    /// Writes code between more backticks than it contains in a row.
    fn end_code(&mut self) {
        let Some(code) = self.code.take() else {
            return;
        };
        let code = collapse_whitespace(&code);
        if code.is_empty() {
            return;
        }
        self.open_marks();
        if self.block.ends_with('`') {
            self.block.push(' ');
        }
        let fence = "`".repeat(longest_run(&code, '`') + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') {
            " "
        } else {
            ""
        };
        self.block.extend([fence.as_str(), pad, &code, pad, &fence]);
    }

    fn tag(&mut self, tag: &str) {
        let closing = tag.starts_with('/');
        match name_of(tag) {
            "br" if self.preformatted => self.block.push('\n'),
            "br" if self.code.is_some() || (self.markdown && self.heading) => self.text(" "),
            "br" if self.markdown => self.line_break(),
            "br" => self.block.push('\n'),
            "img" => {
                let alt = attribute(tag, "alt").unwrap_or_default();
                let alt = plain(&alt);
                if !alt.trim().is_empty() {
                    self.text(&format!("[{}]", alt.trim()));
                }
            }
            "a" => {
                let target = attribute(tag, "href").and_then(|href| web_address(&href));
                self.mark(
                    Mark::Link(target.map(|target| destination(&target))),
                    closing,
                );
            }
            "b" | "strong" => self.mark(Mark::Strong, closing),
            "i" | "em" => self.mark(Mark::Emphasis, closing),
            "code" if closing => self.end_code(),
            "code" => self.begin_code(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end();
                self.heading = !closing;
            }
            "blockquote" => {
                self.end();
                if closing {
                    self.leave(|open| matches!(open, Container::Quote));
                } else {
                    self.containers.push(Container::Quote);
                }
            }
            "ul" | "ol" => {
                self.end();
                if closing {
                    self.lists.pop();
                    self.after_item &= !self.lists.is_empty();
                } else {
                    self.lists.push((name_of(tag) == "ol").then_some(1));
                }
            }
            "li" => {
                self.end();
                if closing {
                    self.leave(|open| matches!(open, Container::Item { .. }));
                } else {
                    let marker = self.next_marker();
                    let begun = false;
                    self.containers.push(Container::Item { marker, begun });
                }
            }
            "pre" => {
                self.end();
                self.preformatted = !closing;
            }
            "hr" => {
                self.end();
                let line = if self.markdown { "---" } else { "* * *" };
                self.put(&[line.to_owned()]);
            }
            "p" | "div" | "section" | "figure" | "figcaption" | "table" | "tr" | "dl" | "dt"
            | "dd" | "caption" => self.end(),
            "td" | "th" if closing => self.text(" "),
            _ => {}
        }
    }

    /// Ends formatting at the line break, so that no mark begins a line.
    fn line_break(&mut self) {
        if !self.block.is_empty() {
            self.close_marks(0);
            self.block += "\\\n";
        }
    }

    fn next_marker(&mut self) -> String {
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number = number.saturating_add(1);
                format!("{}. ", *number - 1)
            }
            _ if self.markdown => "- ".into(),
            _ => "• ".into(),
        }
    }

    /// Closes the innermost container of a kind and those inside it.
    fn leave(&mut self, is_kind: impl Fn(&Container) -> bool) {
        if let Some(at) = self.containers.iter().rposition(is_kind) {
            self.containers.truncate(at);
        }
    }

    /// Ends the block that is being written.
    fn end(&mut self) {
        self.end_code();
        if self.preformatted {
            let block = std::mem::take(&mut self.block);
            self.end_preformatted(block.trim_matches('\n'));
            return;
        }
        self.close_marks(0);
        let block = std::mem::take(&mut self.block);
        let mut block = block.trim_matches(' ');
        // Drop a line break at the end of the block.
        while let Some(before) = block.strip_suffix("\\\n").filter(|_| self.markdown) {
            block = before.trim_end_matches(' ');
        }
        let block = block.trim();
        if block.is_empty() {
            return;
        }
        let heading = std::mem::take(&mut self.heading);
        if !self.markdown {
            let lines: Vec<String> = block.lines().map(str::to_owned).collect();
            return self.put(&lines);
        }
        let mut lines: Vec<String> = block.lines().map(literal_start).collect();
        if heading && let Some(first) = lines.first_mut() {
            first.insert_str(0, "## ");
        }
        self.put(&lines);
    }

    fn end_preformatted(&mut self, block: &str) {
        if block.trim().is_empty() {
            return;
        }
        if !self.markdown {
            let lines: Vec<String> = block.lines().map(|line| format!("    {line}")).collect();
            return self.put(&lines);
        }
        // A fence that is longer than any in the text: nothing in it can end it.
        let fence = "`".repeat((longest_run(block, '`') + 1).max(3));
        let mut lines = vec![fence.clone()];
        lines.extend(block.lines().map(str::to_owned));
        lines.push(fence);
        self.put(&lines);
    }

    /// Writes lines as a block of the containers that are open.
    fn put(&mut self, lines: &[String]) {
        let begins_item = self
            .containers
            .iter()
            .take(DEEPEST)
            .any(|open| matches!(open, Container::Item { begun, .. } if !begun));
        if !self.out.is_empty() {
            self.out += if begins_item && self.after_item {
                "\n"
            } else {
                "\n\n"
            };
        }
        let mut rest = String::new();
        for container in self.containers.iter_mut().take(DEEPEST) {
            match container {
                Container::Quote => {
                    self.out += "> ";
                    rest += "> ";
                }
                Container::Item { marker, begun } => {
                    let indent = " ".repeat(marker.chars().count());
                    self.out += if *begun { &indent } else { marker };
                    *begun = true;
                    rest += &indent;
                }
            }
        }
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
                self.out += &rest;
            }
            self.out += line;
        }
        self.after_item = begins_item;
    }
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

/// A normalised web URL, which contains no spaces and brackets; `None` for other schemes.
pub(crate) fn web_address(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    let address: String = url.into();
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    is_web.then(|| {
        address
            .replace('<', "%3C")
            .replace('>', "%3E")
            .replace('`', "%60")
    })
}

/// A normalised URL as a link target in Markdown, where backslashes and character references are
/// special.
fn destination(address: &str) -> String {
    let mut target = String::with_capacity(address.len());
    for (at, c) in address.char_indices() {
        match c {
            '\\' => target += "%5C",
            '&' if is_reference(&address[at..]) => target += "&amp;",
            c => target.push(c),
        }
    }
    target
}

/// Whether a character is special in Markdown or a common extension such as formulas.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '|' | '$' | '^'
    )
}

/// Whether a text begins with a character reference such as `&lt;` or `&#60;`.
fn is_reference(text: &str) -> bool {
    let name = text.strip_prefix('&').and_then(|rest| {
        let end = rest.bytes().take(40).position(|b| b == b';')?;
        Some(&rest[..end])
    });
    name.is_some_and(|name| {
        let name = name.strip_prefix('#').unwrap_or(name);
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// Escapes plain text for Markdown.
pub(crate) fn literal(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    text.chars().for_each(|c| push_literal(&mut written, c));
    written
}

/// Adds an escaped character.
fn push_literal(written: &mut String, c: char) {
    // A reference to a character ends here: `&lt;` is text.
    let ends_reference = || {
        let name = written.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        name.len() < written.len() && name.ends_with('&')
    };
    if is_mark(c) || (c == ';' && ends_reference()) {
        written.push('\\');
    }
    written.push(c);
}

/// Escapes the start of a line that Markdown would take for a list or the underline of a heading.
pub(crate) fn literal_start(line: &str) -> String {
    let line = line.trim_start();
    if line.starts_with(['-', '+', '=', ':']) {
        return format!("\\{line}");
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    line.to_owned()
}
