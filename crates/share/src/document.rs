//! An article as a file: plain text, Markdown (`CommonMark`), or a web page that stands alone. Pictures
//! are named by their descriptions; the files hold none.

use serde::{Deserialize, Serialize};

use crate::message::{one_line, runs_right_to_left};

/// What kind of file.
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
    /// Of a file's name, by its end.
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

    /// How such files' names end.
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
    /// Who published it.
    pub publisher: &'a str,
    /// By whom.
    pub byline: &'a str,
    /// When, in the reader's words.
    pub date: &'a str,
    /// Where it stands, clean.
    pub link: &'a str,
    /// BCP 47, or nothing.
    pub language: &'a str,
    /// Safe HTML, as the sanitizer gives it: well formed, without scripts.
    pub html: &'a str,
}

/// The file.
#[must_use]
pub fn write(document: &Document<'_>, format: Format) -> String {
    match format {
        Format::Text => text(document),
        Format::Markdown => markdown(document),
        Format::Html => page(document),
    }
}

/// A name for a file of that title, without what file systems do not take.
#[must_use]
pub fn file_name(title: &str, extension: &str) -> String {
    let kept: String = title
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let name = crate::message::shortened(&one_line(&kept), 80, crate::Unit::Characters);
    let name = name.trim_matches(['.', ' ', '…']);
    let name = if name.is_empty() { "Warta" } else { name };
    format!("{name}.{extension}")
}

/// Publisher, author and date in one line.
fn facts(document: &Document<'_>) -> String {
    [document.publisher, document.byline, document.date]
        .iter()
        .map(|fact| one_line(fact))
        .filter(|fact| !fact.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

fn text(document: &Document<'_>) -> String {
    let body = Writer::new(false).write(document.html);
    joined(&[
        one_line(document.title),
        facts(document),
        body,
        document.link.into(),
    ])
}

fn markdown(document: &Document<'_>) -> String {
    let title = one_line(document.title);
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
    let link = if document.link.is_empty() {
        String::new()
    } else {
        format!("<{}>", document.link)
    };
    joined(&[heading, facts, body, link])
}

fn page(document: &Document<'_>) -> String {
    let title = escaped(&one_line(document.title));
    let direction = if runs_right_to_left(document.title) {
        "rtl"
    } else {
        "auto"
    };
    let language = if document.language.is_empty() {
        String::new()
    } else {
        format!(" lang=\"{}\"", escaped(document.language))
    };
    let link = escaped(document.link);
    let source = if link.is_empty() {
        link
    } else {
        format!("<p><a href=\"{link}\">{link}</a></p>\n")
    };
    // Nothing is loaded when the file is opened: what the article's pictures showed is told in words.
    format!(
        "<!DOCTYPE html>\n<html{language} dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>body{{max-width:42em;margin:2em auto;padding:0 1em;font:1.1em/1.6 Georgia,serif}}</style>\n\
         </head>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n{}\n{source}</body>\n</html>\n",
        escaped(&facts(document)),
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

/// Safe HTML with its pictures' descriptions in their place.
fn without_pictures(html: &str) -> String {
    let mut kept = String::new();
    for piece in pieces(html) {
        match piece {
            Piece::Tag(tag) if name_of(tag) == "img" => {
                if let Some(words) = attribute(tag, "alt").filter(|alt| !alt.trim().is_empty()) {
                    kept.extend(["<em>[", &escaped(words.trim()), "]</em>"]);
                }
            }
            Piece::Tag(tag) => kept.extend(["<", tag, ">"]),
            Piece::Text(text) => kept += text,
        }
    }
    kept
}

enum Piece<'a> {
    /// Without its brackets.
    Tag(&'a str),
    Text(&'a str),
}

/// Tags and text, in order. The sanitizer leaves no `>` in an attribute and no comment.
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
    Some(unescaped(&value[..value.find('"')?]))
}

/// Writes blocks as text or Markdown.
struct Writer {
    markdown: bool,
    out: String,
    block: String,
    /// What begins each line of the blocks that are open.
    prefix: Vec<&'static str>,
    /// Lists that are open: the next number of an ordered one.
    lists: Vec<Option<u32>>,
    /// Stands before the next block.
    bullet: Option<String>,
    preformatted: bool,
    /// Targets of the links that are open.
    links: Vec<Option<String>>,
    /// Whether the last block was a list's line.
    after_item: bool,
}

impl Writer {
    fn new(markdown: bool) -> Self {
        Self {
            markdown,
            out: String::new(),
            block: String::new(),
            prefix: Vec::new(),
            lists: Vec::new(),
            bullet: None,
            preformatted: false,
            links: Vec::new(),
            after_item: false,
        }
    }

    fn write(mut self, html: &str) -> String {
        for piece in pieces(html) {
            match piece {
                Piece::Text(text) => self.text(&unescaped(text)),
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
        for c in text.chars() {
            if c.is_whitespace() {
                if !self.block.ends_with([' ', '\n']) && !self.block.is_empty() {
                    self.block.push(' ');
                }
            } else if self.markdown && is_mark(c) {
                self.block.push('\\');
                self.block.push(c);
            } else {
                self.block.push(c);
            }
        }
    }

    fn tag(&mut self, tag: &str) {
        let closing = tag.starts_with('/');
        match name_of(tag) {
            "br" => {
                let break_ = if self.markdown && !self.preformatted {
                    "\\\n"
                } else {
                    "\n"
                };
                self.block += break_;
            }
            "img" => {
                let alt = attribute(tag, "alt").unwrap_or_default();
                if !alt.trim().is_empty() {
                    self.text(&format!("[{}]", alt.trim()));
                }
            }
            "a" if self.markdown && !closing => {
                let target = attribute(tag, "href").filter(|href| href.starts_with("http"));
                if target.is_some() {
                    self.block.push('[');
                }
                self.links.push(target);
            }
            "a" if self.markdown => {
                if let Some(Some(target)) = self.links.pop() {
                    let target = target.replace(['<', '>'], "");
                    self.block.extend(["](<", &target, ">)"]);
                }
            }
            "b" | "strong" if self.markdown => self.mark("**", closing),
            "i" | "em" if self.markdown => self.mark("*", closing),
            "code" if self.markdown && !self.preformatted => self.mark("`", closing),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end();
                if self.markdown && !closing {
                    self.block += "## ";
                }
            }
            "blockquote" => {
                self.end();
                if closing {
                    self.prefix.pop();
                } else {
                    self.prefix.push("> ");
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
                if !closing {
                    self.bullet = Some(match self.lists.last_mut() {
                        Some(Some(number)) => {
                            *number += 1;
                            format!("{}. ", *number - 1)
                        }
                        _ if self.markdown => "- ".into(),
                        _ => "• ".into(),
                    });
                }
            }
            "pre" => {
                self.end();
                self.preformatted = !closing;
            }
            "hr" => {
                self.end();
                self.block += if self.markdown { "---" } else { "* * *" };
                self.end();
            }
            "p" | "div" | "section" | "figure" | "figcaption" | "table" | "tr" | "dl" | "dt"
            | "dd" | "caption" => self.end(),
            "td" | "th" if closing => self.block.push(' '),
            _ => {}
        }
    }

    /// Opens or closes what is set off; nothing is set off without a word in it.
    fn mark(&mut self, mark: &str, closing: bool) {
        if closing {
            let space = self.block.ends_with(' ');
            let end = self.block.trim_end().len();
            self.block.truncate(end);
            if self.block.ends_with(mark) {
                self.block.truncate(end - mark.len());
            } else {
                self.block += mark;
            }
            if space {
                self.block.push(' ');
            }
        } else {
            self.block += mark;
        }
    }

    /// Ends the block that is being written.
    fn end(&mut self) {
        let block = std::mem::take(&mut self.block);
        let block = if self.preformatted {
            block.trim_matches('\n')
        } else {
            block.trim()
        };
        if block.is_empty() || block.chars().all(|c| matches!(c, '*' | '#' | '`')) {
            return;
        }
        let is_item = self.bullet.is_some();
        let depth = self.lists.len().saturating_sub(1);
        let bullet = self.bullet.take().unwrap_or_default();
        let prefix = self.prefix.concat();
        let indent = " ".repeat(2 * depth);
        let code = if self.preformatted { "    " } else { "" };
        if !self.out.is_empty() {
            self.out += if is_item && self.after_item {
                "\n"
            } else {
                "\n\n"
            };
        }
        let lines: Vec<String> = block
            .lines()
            .enumerate()
            .map(|(index, line)| {
                let start = if index == 0 { bullet.as_str() } else { "" };
                format!("{prefix}{indent}{code}{start}{line}")
            })
            .collect();
        self.out += &lines.join("\n");
        self.after_item = is_item;
    }
}

/// What Markdown would take for a mark.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '|'
    )
}

/// Plain text that Markdown shows as it is.
fn literal(text: &str) -> String {
    text.chars()
        .flat_map(|c| is_mark(c).then_some('\\').into_iter().chain([c]))
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The references that the sanitizer writes.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
