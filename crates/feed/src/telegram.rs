//! Reads the public preview page of a Telegram channel (`https://t.me/s/NAME`): each message is an
//! entry. The page has no specification; what is read are the classes of its elements. Words come
//! from the page, none are added. Deliberately absent: views, reactions, buttons, and messages about
//! the channel itself ("Channel photo updated").

use std::fmt::Write as _;

use memchr::memmem;
use url::Url;
use warta_text::{escape, escape_into, sentences, single_line};

use crate::model::{Entry, Feed, FeedKind, NotAFeed};
use crate::urls::{absolute, is_web};
use crate::xml::{NodeId, Tree, Visit};
use crate::{bounds, dates};

/// The class of a message; those of its parts begin with it.
const MESSAGE: &str = "tgme_widget_message";
/// Maximum length of a title made from the text, in characters.
const TITLE: usize = 120;
/// Maximum number of pictures of a message; Telegram's albums have ten.
const PICTURES: usize = 20;
/// Maximum number of options of a poll.
const OPTIONS: usize = 30;

/// The channel on a page, if it is one of Telegram's; an error if Telegram introduces a channel or
/// user there without showing messages.
pub(crate) fn read(
    tree: &Tree<'_>,
    text: &str,
    url: Option<&str>,
) -> Option<Result<Feed, NotAFeed>> {
    memmem::find(text.as_bytes(), b"tgme_")?;
    let page = Page::of(tree);
    if !page.has_messages {
        return page.is_introduction.then_some(Err(NotAFeed::NoPreview));
    }
    let base = url.and_then(|url| Url::parse(url).ok());
    let mut entries: Vec<Entry> = page
        .messages
        .iter()
        .rev()
        .take(bounds::ENTRIES)
        .filter_map(|id| Message::of(tree, base.as_ref(), *id)?.entry())
        .collect();
    let mut seen = std::collections::HashSet::new();
    entries.retain(|entry| seen.insert(entry.id.clone()));
    let name = entries
        .first()
        .and_then(|entry| entry.id.split_once('/'))
        .map(|(name, _)| name.to_owned());
    let mut feed = Feed {
        title: page.title.filter(|title| !title.is_empty()),
        link: name.map(|name| format!("https://t.me/{name}")),
        description: page.description.filter(|text| !text.is_empty()),
        icon: page
            .icon
            .and_then(|icon| absolute(&icon, base.as_ref(), Vec::new))
            .filter(|icon| is_web(icon)),
        entries,
        ..Feed::empty(FeedKind::Telegram)
    };
    if feed.link.is_none() {
        feed.link = base.map(Into::into).filter(|link: &String| is_web(link));
    }
    bounds::feed(&mut feed);
    Some(Ok(feed))
}

/// What a page says about the channel, and where its messages are.
#[derive(Default)]
struct Page {
    title: Option<String>,
    description: Option<String>,
    icon: Option<String>,
    messages: Vec<NodeId>,
    /// It is a preview; it may have no message yet.
    has_messages: bool,
    /// It introduces a channel, group, bot or user.
    is_introduction: bool,
}

impl Page {
    fn of(tree: &Tree<'_>) -> Self {
        let mut page = Self::default();
        let roots = tree.roots.iter();
        for id in roots.flat_map(|root| std::iter::once(*root).chain(tree.descendants(*root))) {
            if tree.element(id).raw_name.eq_ignore_ascii_case("meta") {
                let content = || {
                    let content = tree.attribute(id, "content")?;
                    Some(bounds::beginning(content).into_owned())
                };
                match tree.attribute(id, "property").as_deref() {
                    Some("og:title") => page.title = content().map(|text| single_line(&text)),
                    Some("og:description") => {
                        page.description = content().map(|text| single_line(&text));
                    }
                    Some("og:image") => page.icon = content(),
                    _ => {}
                }
                continue;
            }
            let Some(classes) = tree.attribute(id, "class") else {
                continue;
            };
            for class in classes.split_ascii_whitespace() {
                match class {
                    MESSAGE if tree.attribute(id, "data-post").is_some() => {
                        page.messages.push(id);
                    }
                    "tgme_channel_history" | "tgme_channel_info" => page.has_messages = true,
                    "tgme_page" => page.is_introduction = true,
                    _ => {}
                }
            }
        }
        page
    }
}

/// A message as it is read.
struct Message<'t, 'a> {
    tree: &'t Tree<'a>,
    base: Option<&'t Url>,
    /// `NAME/NUMBER`.
    post: String,
    html: String,
    /// The text, with line breaks.
    text: String,
    /// A name for a message without text: of a poll, a linked page, a file.
    name: Option<String>,
    pictures: Vec<String>,
    published: Option<chrono::DateTime<chrono::Utc>>,
    authors: Vec<String>,
    /// What Telegram says where it does not show something.
    unsupported: Option<String>,
}

impl<'t, 'a> Message<'t, 'a> {
    /// Reads a message; `None` if it is about the channel itself, or has no valid name.
    fn of(tree: &'t Tree<'a>, base: Option<&'t Url>, id: NodeId) -> Option<Self> {
        let post = tree.attribute(id, "data-post")?.trim().to_owned();
        if !is_post(&post) || has_class(tree, id, "service_message") {
            return None;
        }
        let mut message = Self {
            tree,
            base,
            post,
            html: String::new(),
            text: String::new(),
            name: None,
            pictures: Vec::new(),
            published: None,
            authors: Vec::new(),
            unsupported: None,
        };
        tree.walk(id, &mut |visit| match visit {
            Visit::Start(id) => message.element(id),
            Visit::Text(_) | Visit::End(_) => false,
        });
        Some(message)
    }

    /// Reads an element; returns whether what is inside it is to be read by itself.
    fn element(&mut self, id: NodeId) -> bool {
        if let Some(written) = self.tree.attribute(id, "datetime") {
            self.published = self.published.or_else(|| dates::parse(&written));
            return false;
        }
        let Some(classes) = self.tree.attribute(id, "class") else {
            return true;
        };
        let part = |class: &str| {
            let known = class.strip_prefix(MESSAGE);
            known.map(|part| part.trim_start_matches('_').to_owned())
        };
        for class in classes.split_ascii_whitespace() {
            if class == "message_media_not_supported_label" {
                let label = self.line(id);
                self.unsupported.get_or_insert(label);
                return false;
            }
            let Some(part) = part(class) else { continue };
            match part.as_str() {
                // A message inside this one, which is not closed, is read by itself.
                "" | "user" | "author" | "reactions" | "inline_keyboard" | "inline_row" => {}
                "forwarded_from" => {
                    let (html, _) = self.inline(id);
                    let _ = write!(self.html, "<p>{html}</p>");
                }
                "reply" => self.reply(id),
                "photo_wrap" => self.picture(picture_of(self.tree, id), None),
                "video_player" | "roundvideo_player" => self.video(id),
                "sticker_wrap" => {
                    let sticker = self.inside(id, "tgme_widget_message_sticker");
                    let picture = sticker.and_then(|id| {
                        let webp = self.tree.attribute(id, "data-webp");
                        webp.map(Into::into).or_else(|| picture_of(self.tree, id))
                    });
                    self.picture(picture, None);
                }
                "document_wrap" => {
                    let title = self.inside(id, "tgme_widget_message_document_title");
                    let extra = self.inside(id, "tgme_widget_message_document_extra");
                    self.file(id, title, extra, "📎");
                }
                "voice_player" => {
                    let time = self.inside(id, "tgme_widget_message_voice_duration");
                    self.file(id, None, time, "🎤");
                }
                "location_wrap" => {
                    let map = self.inside(id, "tgme_widget_message_location");
                    let map = map.and_then(|id| picture_of(self.tree, id));
                    self.picture(map, None);
                    self.file(id, None, None, "📍");
                }
                "poll" => self.poll(id),
                "link_preview" => self.link_preview(id),
                "text" => {
                    let (html, text) = self.inline(id);
                    // A paragraph has no blocks in it.
                    let has_blocks = html.contains("<pre>") || html.contains("<blockquote>");
                    let tag = if has_blocks { "div" } else { "p" };
                    let _ = write!(self.html, "<{tag}>{html}</{tag}>");
                    self.text += &text;
                    self.text.push('\n');
                }
                "from_author" => {
                    let author = self.line(id);
                    self.authors.extend(Some(author).filter(|a| !a.is_empty()));
                }
                _ => continue,
            }
            return false;
        }
        true
    }

    fn entry(mut self) -> Option<Entry> {
        let address = format!("https://t.me/{}", self.post);
        if self.html.is_empty() {
            let label = self.unsupported.take()?;
            let _ = write!(
                self.html,
                "<p><a href=\"{address}\">{}</a></p>",
                escape(&label)
            );
        }
        let title = title_of(&self.text)
            .filter(|title| !is_web(title) || title.contains(' '))
            .or_else(|| self.name.as_deref().and_then(title_of))
            .or_else(|| title_of(&self.text))
            .unwrap_or_else(|| format!("t.me/{}", self.post));
        let mut entry = Entry {
            id: self.post,
            title: Some(title),
            link: Some(address),
            published: self.published,
            authors: self.authors,
            content: Some(self.html),
            image: self.pictures.into_iter().next(),
            ..Entry::default()
        };
        bounds::entry(&mut entry);
        Some(entry)
    }

    /// The message that this one answers, quoted.
    fn reply(&mut self, id: NodeId) {
        let who = self.line_inside(id, "tgme_widget_message_author_name");
        let text = self.line_inside(id, "js-message_reply_text");
        let mut quoted: Vec<String> = Vec::new();
        if let Some(who) = who {
            quoted.push(self.linked(id, &who));
        }
        quoted.extend(text.map(|text| escape(&text).into_owned()));
        if !quoted.is_empty() {
            let _ = write!(
                self.html,
                "<blockquote><p>{}</p></blockquote>",
                quoted.join("<br>")
            );
        }
    }

    fn picture(&mut self, address: Option<String>, caption: Option<&str>) {
        let address = address
            .and_then(|address| absolute(&address, self.base, Vec::new))
            .filter(|address| is_web(address));
        if let Some(address) = address
            && self.pictures.len() < PICTURES
            && !self.pictures.contains(&address)
        {
            let _ = write!(self.html, "<figure><img src=\"{}\">", escape(&address));
            if let Some(caption) = caption {
                let _ = write!(self.html, "<figcaption>{caption}</figcaption>");
            }
            self.html += "</figure>";
            self.pictures.push(address);
        }
    }

    /// A video is its picture with its length, which is a link to the message: the addresses of
    /// Telegram's files are valid for a short time.
    fn video(&mut self, id: NodeId) {
        let mut thumb = None;
        let mut length = String::new();
        for inside in self.tree.descendants(id) {
            if thumb.is_none() {
                thumb = picture_of(self.tree, inside);
            }
            if length.is_empty() && self.is_video_length(inside) {
                length = self.line(inside);
            }
        }
        let label = format!("▶ {length}");
        self.name = self.name.take().or_else(|| Some(label.clone()));
        let link = format!(
            "<a href=\"https://t.me/{}\">{}</a>",
            self.post,
            escape(label.trim())
        );
        let before = self.pictures.len();
        self.picture(thumb, Some(&link));
        if self.pictures.len() == before {
            let _ = write!(self.html, "<p>{link}</p>");
        }
    }

    fn is_video_length(&self, id: NodeId) -> bool {
        [
            "message_video_duration",
            "tgme_widget_message_roundvideo_duration",
        ]
        .iter()
        .any(|class| has_class(self.tree, id, class))
    }

    /// A document, a voice message or a place, as a link with its name.
    fn file(&mut self, id: NodeId, title: Option<NodeId>, extra: Option<NodeId>, sign: &str) {
        let title = title.map(|id| self.line(id)).filter(|t| !t.is_empty());
        let extra = extra.map(|id| self.line(id)).filter(|t| !t.is_empty());
        let name = title.clone().or_else(|| extra.clone()).unwrap_or_default();
        let link = self.linked(id, format!("{sign} {name}").trim());
        let _ = write!(self.html, "<p>{link}");
        if let Some(extra) = extra.as_deref().filter(|_| title.is_some()) {
            let _ = write!(self.html, " ({})", escape(extra));
        }
        self.html += "</p>";
        self.name = self
            .name
            .take()
            .or(title)
            .or_else(|| Some(format!("{sign} {name}")));
    }

    fn poll(&mut self, id: NodeId) {
        let question = self.line_inside(id, "tgme_widget_message_poll_question");
        let kind = self.line_inside(id, "tgme_widget_message_poll_type");
        let question = question.unwrap_or_default();
        let _ = write!(self.html, "<p><b>{}</b>", escape(&question));
        if let Some(kind) = kind {
            let _ = write!(self.html, "<br>{}", escape(&kind));
        }
        self.html += "</p><ul>";
        let options = self.tree.descendants(id).filter(|inside| {
            let class = "tgme_widget_message_poll_option";
            has_class(self.tree, *inside, class)
        });
        let options: Vec<NodeId> = options.take(OPTIONS).collect();
        for option in options {
            let text = self.line_inside(option, "tgme_widget_message_poll_option_text");
            let share = self.line_inside(option, "tgme_widget_message_poll_option_percent");
            let line: Vec<String> = [share, text].into_iter().flatten().collect();
            let _ = write!(self.html, "<li>{}</li>", escape(&line.join(" ")));
        }
        self.html += "</ul>";
        self.name = self.name.take().or(Some(question));
    }

    fn link_preview(&mut self, id: NodeId) {
        let site = self.line_inside(id, "link_preview_site_name");
        let title = self.line_inside(id, "link_preview_title");
        let picture = ["link_preview_image", "link_preview_right_image"]
            .iter()
            .find_map(|class| picture_of(self.tree, self.inside(id, class)?));
        let mut lines: Vec<String> = Vec::new();
        if let Some(name) = title.as_deref().or(site.as_deref()) {
            lines.push(self.linked(id, name));
        }
        if let Some(site) = site.as_deref().filter(|_| title.is_some()) {
            lines.push(escape(site).into_owned());
        }
        if let Some(text) = self.inside(id, "link_preview_description") {
            lines.push(self.inline(text).0);
        }
        if !lines.is_empty() {
            let _ = write!(
                self.html,
                "<blockquote><p>{}</p></blockquote>",
                lines.join("<br>")
            );
        }
        self.picture(picture, None);
        self.name = self.name.take().or(title);
    }

    /// A name as a link to where an element leads, if that is on the web.
    fn linked(&self, id: NodeId, name: &str) -> String {
        match self.target(id) {
            Some(target) => format!("<a href=\"{}\">{}</a>", escape(&target), escape(name)),
            None => escape(name).into_owned(),
        }
    }

    fn target(&self, id: NodeId) -> Option<String> {
        let href = self.tree.attribute(id, "href")?;
        let target = absolute(&href, self.base, Vec::new)?;
        (is_web(&target) && target.len() <= bounds::ADDRESS).then_some(target)
    }

    /// The first element inside another that has a class.
    fn inside(&self, id: NodeId, class: &str) -> Option<NodeId> {
        self.tree
            .descendants(id)
            .find(|inside| has_class(self.tree, *inside, class))
    }

    fn line_inside(&self, id: NodeId, class: &str) -> Option<String> {
        let line = self.line(self.inside(id, class)?);
        Some(line).filter(|line| !line.is_empty())
    }

    /// The text of an element in one line.
    fn line(&self, id: NodeId) -> String {
        single_line(&self.inline(id).1)
    }

    /// An element's text as HTML and as plain text: marks of emphasis, links and line breaks are
    /// kept, pictures of emoji are replaced by their characters.
    fn inline(&self, id: NodeId) -> (String, String) {
        let mut html = String::new();
        let mut text = String::new();
        self.tree.walk(id, &mut |visit| {
            match visit {
                Visit::Text(piece) => {
                    escape_into(&mut html, &piece);
                    text.extend(piece.chars().map(|c| if c == '\n' { ' ' } else { c }));
                }
                // A message inside this one, which is not closed, is read by itself.
                Visit::Start(id) if has_class(self.tree, id, MESSAGE) => return false,
                Visit::Start(id) if has_class(self.tree, id, "emoji") => {
                    let emoji = self.tree.text_of(id);
                    escape_into(&mut html, &emoji);
                    text += &emoji;
                    return false;
                }
                Visit::Start(id) => match self.tree.element(id).raw_name {
                    "br" => {
                        html += "<br>";
                        text.push('\n');
                    }
                    "a" => {
                        if let Some(target) = self.target(id) {
                            let _ = write!(html, "<a href=\"{}\">", escape(&target));
                        }
                    }
                    "script" | "style" => return false,
                    name => {
                        if let Some(tag) = kept_tag(name) {
                            let _ = write!(html, "<{tag}>");
                        }
                        if matches!(name, "pre" | "blockquote" | "div" | "p") {
                            text.push('\n');
                        }
                    }
                },
                Visit::End(id) => {
                    let name = self.tree.element(id).raw_name;
                    let tag = match name {
                        "a" => self.target(id).map(|_| "a"),
                        name => kept_tag(name),
                    };
                    if let Some(tag) = tag {
                        let _ = write!(html, "</{tag}>");
                    }
                    if matches!(name, "pre" | "blockquote") {
                        text.push('\n');
                    }
                }
            }
            true
        });
        (html, text)
    }
}

/// A tag of a message's text that is kept.
fn kept_tag(name: &str) -> Option<&'static str> {
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "del",
        "code",
        "pre",
        "blockquote",
    ]
    .into_iter()
    .find(|tag| *tag == name)
}

fn has_class(tree: &Tree<'_>, id: NodeId, class: &str) -> bool {
    let classes = tree.attribute(id, "class");
    classes.is_some_and(|all| all.split_ascii_whitespace().any(|one| one == class))
}

/// The background picture of an element, as its style gives it.
fn picture_of(tree: &Tree<'_>, id: NodeId) -> Option<String> {
    let style = tree.attribute(id, "style")?;
    let (_, rest) = style.split_once("background-image")?;
    let (_, rest) = rest.split_once("url(")?;
    let (address, _) = rest.split_once(')')?;
    let address = address.trim().trim_matches(['\'', '"']);
    (!address.is_empty() && address.len() <= bounds::ADDRESS).then(|| address.to_owned())
}

/// Whether this is the name of a message: `NAME/NUMBER`.
fn is_post(post: &str) -> bool {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    post.len() <= 100
        && post.split_once('/').is_some_and(|(name, number)| {
            !name.is_empty()
                && name.bytes().all(is_name)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        })
}

/// The first line that has letters; of a long one its first sentences, else its first words.
fn title_of(text: &str) -> Option<String> {
    let mut lines = text.lines().map(single_line);
    let line = lines.find(|line| line.chars().any(char::is_alphanumeric))?;
    if line.chars().count() <= TITLE {
        return Some(line);
    }
    let mut title = String::new();
    for sentence in sentences(&line) {
        let length = title.chars().count() + 1 + sentence.chars().count();
        if length > TITLE {
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title += sentence;
    }
    if title.chars().any(char::is_alphanumeric) {
        return Some(title);
    }
    let words: String = line.chars().take(TITLE - 1).collect();
    let end = words.rfind(' ').unwrap_or(words.len());
    Some(format!("{}…", words[..end].trim_end()))
}
