//! Reads a message (RFC 5322 with MIME): whose newsletter it is, its text as HTML, and its pictures.
//! Parsing never fails: what is broken or missing is left out.

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::Encoding;
use mail_parser::{
    Addr, HeaderForm, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders,
    PartType,
};
use percent_encoding::percent_decode_str;
use url::Url;
use warta_text::{escape, plain_line};

use crate::plain_text::{Flow, to_html};

/// Host of the addresses of pictures that a message contains; it never exists (RFC 2606 § 2).
pub const INLINE_HOST: &str = "inline.invalid";

/// Maximum number of pictures kept of a message, and of bytes of each.
const MAX_PICTURES: usize = 60;
const MAX_PICTURE_BYTES: usize = 8 << 20;
/// Maximum characters of names and subjects.
const MAX_LINE: usize = 500;
/// Maximum bytes of an HTML or text part.
const MAX_TEXT: usize = 4 << 20;

/// Who sends a newsletter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The same for all its messages: `list:` with the list's identifier (RFC 2919), else `from:`
    /// with the address, in lower case.
    pub key: String,
    /// Its name, else its address; plain text on one line, never empty.
    pub name: String,
    /// The address in `From`, in lower case; empty if there is none.
    pub address: String,
}

/// Where a reader of a newsletter can unsubscribe from it (RFC 2369, RFC 8058).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unsubscribe {
    /// A web page.
    pub page: Option<String>,
    /// A `mailto:` address.
    pub mail: Option<String>,
}

impl Unsubscribe {
    /// The link to show: the page, else the address.
    #[must_use]
    pub fn link(&self) -> Option<&str> {
        self.page.as_deref().or(self.mail.as_deref())
    }
}

/// What the header of a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Who sent it.
    pub sender: Sender,
    /// Whether it was sent to many: it names its list, or how to unsubscribe.
    pub is_newsletter: bool,
    /// How to unsubscribe.
    pub unsubscribe: Unsubscribe,
}

/// A picture inside a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlinePicture {
    /// The address by which [`Newsletter::html`] names it, on [`INLINE_HOST`]: made from its
    /// content, so that the same picture in several messages is one.
    pub url: String,
    /// Its bytes; whether they are a picture is not checked.
    pub bytes: Vec<u8>,
}

/// A message as an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newsletter {
    /// What its header says.
    pub heading: Heading,
    /// `Message-ID` without brackets; without one a hash of the message.
    pub id: String,
    /// Plain text on one line; empty if there is none.
    pub subject: String,
    /// `Date`, in seconds since 1970.
    pub date: Option<i64>,
    /// A BCP 47 tag, if `Content-Language` names one language.
    pub language: Option<String>,
    /// Its text, neither sanitised nor cleaned.
    pub html: String,
    /// The pictures inside it that its text shows.
    pub pictures: Vec<InlinePicture>,
}

impl Heading {
    /// Reads a header, or the header of a whole message.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let bytes = readable_header(bytes);
        match MessageParser::default().parse_headers(bytes.as_ref()) {
            Some(message) => heading(&message),
            None => Self {
                sender: sender(None, None),
                is_newsletter: false,
                unsubscribe: Unsubscribe::default(),
            },
        }
    }
}

impl Newsletter {
    /// Reads a message; one that was cut off is read as far as it goes.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let readable = readable_header(bytes);
        let Some(message) = MessageParser::default().parse(readable.as_ref()) else {
            return Self {
                heading: Heading::read(b""),
                id: hash(bytes),
                subject: String::new(),
                date: None,
                language: None,
                html: text_html(&String::from_utf8_lossy(bytes), Flow::default()),
                pictures: Vec::new(),
            };
        };
        let mut html = body(&message, &readable);
        let pictures = take_pictures(&message, &mut html);
        Self {
            heading: heading(&message),
            id: message
                .message_id()
                .map(|id| plain_line(id.trim()))
                .filter(|id| !id.is_empty())
                .map_or_else(|| hash(bytes), |id| shortened(&id)),
            subject: shortened(&plain_line(message.subject().unwrap_or_default())),
            date: message
                .date()
                .filter(|date| date.is_valid())
                .map(mail_parser::DateTime::to_timestamp)
                .filter(|at| *at > 0),
            language: language(&message),
            html,
            pictures,
        }
    }
}

/// The message with a header in UTF-8 (RFC 6532). Headers must be ASCII or UTF-8, and some are not.
fn readable_header(bytes: &[u8]) -> Cow<'_, [u8]> {
    let end = [&b"\r\n\r\n"[..], b"\n\n"]
        .iter()
        .filter_map(|gap| bytes.windows(gap.len()).position(|window| window == *gap))
        .min()
        .unwrap_or(bytes.len());
    let (header, rest) = bytes.split_at(end);
    if std::str::from_utf8(header).is_ok() {
        return Cow::Borrowed(bytes);
    }
    let mut whole = decoded(header).into_bytes();
    whole.extend_from_slice(rest);
    Cow::Owned(whole)
}

/// Text of unknown encoding.
fn decoded(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    encoding.decode(bytes).0.into_owned()
}

fn heading(message: &Message<'_>) -> Heading {
    let list = text_of(message, HeaderName::ListId);
    let from = message
        .from()
        .and_then(mail_parser::Address::first)
        .or_else(|| message.sender().and_then(mail_parser::Address::first));
    let unsubscribe = text_of(message, HeaderName::ListUnsubscribe);
    Heading {
        is_newsletter: list.is_some() || unsubscribe.is_some(),
        sender: sender(list.as_deref(), from),
        unsubscribe: unsubscribe.map_or_else(Unsubscribe::default, |text| links(&text)),
    }
}

/// A header as text, encoded words decoded (RFC 2047).
fn text_of(message: &Message<'_>, name: HeaderName<'static>) -> Option<String> {
    let values = message.header_as(name, HeaderForm::Text);
    let text = values.iter().find_map(HeaderValue::as_text)?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn sender(list: Option<&str>, from: Option<&Addr<'_>>) -> Sender {
    let address = from
        .and_then(Addr::address)
        .map(|address| shortened(&plain_line(address.trim()).to_lowercase()))
        .unwrap_or_default();
    let (phrase, id) = list.map(list_id).unwrap_or_default();
    let key = match &id {
        Some(id) => format!("list:{id}"),
        None => format!("from:{address}"),
    };
    let named = |name: &str| {
        let name = plain_line(name.trim().trim_matches(['"', '\'']).trim());
        (!name.is_empty()).then(|| shortened(&name))
    };
    let name = from
        .and_then(Addr::name)
        .and_then(named)
        .or_else(|| named(&phrase))
        .or_else(|| named(&address))
        .or(id)
        .unwrap_or_else(|| "?".to_owned());
    Sender { key, name, address }
}

/// The phrase and the identifier of a `List-Id` (RFC 2919 § 3).
fn list_id(text: &str) -> (String, Option<String>) {
    let (phrase, id) = match text.rsplit_once('<') {
        Some((phrase, rest)) => (phrase, rest.split('>').next().unwrap_or_default()),
        None => ("", text),
    };
    let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
    let id = shortened(&plain_line(&id).to_lowercase());
    (phrase.to_owned(), (!id.is_empty()).then_some(id))
}

/// The addresses in `List-Unsubscribe` (RFC 2369 § 3): each in angle brackets, separated by commas.
fn links(text: &str) -> Unsubscribe {
    let mut found = Unsubscribe::default();
    for part in text.split('<').skip(1) {
        let link: String = part
            .split('>')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let Ok(url) = Url::parse(&link) else { continue };
        match url.scheme() {
            "https" | "http" if url.has_host() => found.page.get_or_insert(url.into()),
            "mailto" => found.mail.get_or_insert(url.into()),
            _ => continue,
        };
    }
    found
}

/// `Content-Language`, if it is one tag.
fn language(message: &Message<'_>) -> Option<String> {
    let tag = text_of(message, HeaderName::ContentLanguage)?;
    let is_tag = tag.len() <= 35
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && tag.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    is_tag.then_some(tag)
}

/// The text of a message as HTML: its HTML, else its plain text.
fn body(message: &Message<'_>, raw: &[u8]) -> String {
    let mut html = String::new();
    for id in &message.html_body {
        let Some(part) = message.part(*id) else {
            continue;
        };
        match &part.body {
            PartType::Html(text) => html.push_str(&cut(&read_text(part, text, raw))),
            PartType::Text(text) if is_plain(part) => {
                html.push_str(&text_html(&read_text(part, text, raw), flow_of(part)));
            }
            _ => {}
        }
    }
    if html.trim().is_empty() {
        return leftover(message, raw);
    }
    html
}

/// The text of a message whose parts end nowhere, or have no boundary: its first HTML, else its first
/// plain text.
fn leftover(message: &Message<'_>, raw: &[u8]) -> String {
    let mut plain = None;
    for part in &message.parts {
        if !matches!(part.body, PartType::Html(_) | PartType::Text(_)) {
            continue;
        }
        // The parser leaves the transfer encoding of such parts as it is.
        let bytes = transfer_decoded(part, raw);
        let text = match stated_encoding(part) {
            Some(encoding) => encoding.decode(&bytes).0.into_owned(),
            None => decoded(&bytes),
        };
        let kind = part.content_type();
        let is = |subtype: &str| {
            kind.and_then(|kind| kind.subtype())
                .is_some_and(|found| found.eq_ignore_ascii_case(subtype))
        };
        if is_undivided(part) {
            return undivided(&text);
        } else if is("html") && !is_attached(part) {
            return cut(&text).into_owned();
        } else if plain.is_none() && is_plain(part) {
            plain = Some(text_html(&text, flow_of(part)));
        }
    }
    plain.unwrap_or_default()
}

/// The text of a message whose parts cannot be told apart, because their boundary is missing.
fn undivided(text: &str) -> String {
    let tags = ["<html", "<body", "</p>", "<br"];
    if tags.iter().any(|tag| text.contains(tag)) {
        cut(text).into_owned()
    } else {
        text_html(text, Flow::default())
    }
}

/// Whether the parser found no parts in it.
fn is_undivided(part: &MessagePart<'_>) -> bool {
    part.content_type()
        .is_some_and(|content| content.ctype().eq_ignore_ascii_case("multipart"))
}

fn is_plain(part: &MessagePart<'_>) -> bool {
    part.content_type().is_none_or(|content| {
        let subtype = content.subtype().unwrap_or("plain");
        subtype.eq_ignore_ascii_case("plain") && !is_attached(part)
    })
}

fn is_attached(part: &MessagePart<'_>) -> bool {
    part.content_disposition()
        .is_some_and(mail_parser::ContentType::is_attachment)
}

fn text_html(text: &str, flow: Flow) -> String {
    to_html(&cut(text), flow)
}

fn cut(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_TEXT {
        return Cow::Borrowed(text);
    }
    Cow::Borrowed(&text[..text.floor_char_boundary(MAX_TEXT)])
}

fn flow_of(part: &MessagePart<'_>) -> Flow {
    let is = |name: &str, value: &str| {
        part.content_type()
            .and_then(|content| content.attribute(name))
            .is_some_and(|found| found.eq_ignore_ascii_case(value))
    };
    Flow {
        flowed: is("format", "flowed"),
        delsp: is("delsp", "yes"),
    }
}

/// A part's text. `known` is as its stated encoding gives it.
fn read_text<'t>(part: &MessagePart<'_>, known: &'t str, raw: &[u8]) -> Cow<'t, str> {
    if known.contains('\u{FFFD}') && stated_encoding(part).is_none() {
        let bytes = transfer_decoded(part, raw);
        return Cow::Owned(match declared(&bytes) {
            Some(encoding) => encoding.decode(&bytes).0.into_owned(),
            None => decoded(&bytes),
        });
    }
    windows_1252(known)
}

/// The encoding that a part states; `us-ascii` says nothing about the other bytes.
fn stated_encoding(part: &MessagePart<'_>) -> Option<&'static Encoding> {
    let label = part.content_type()?.attribute("charset")?.trim();
    Encoding::for_label(label.as_bytes()).filter(|_| !label.eq_ignore_ascii_case("us-ascii"))
}

/// The bytes of a part after its transfer encoding was undone.
fn transfer_decoded(part: &MessagePart<'_>, raw: &[u8]) -> Vec<u8> {
    let range = part.raw_body_offset() as usize..part.raw_end_offset() as usize;
    let bytes = raw.get(range).unwrap_or_default();
    let named = part.content_transfer_encoding().unwrap_or_default();
    match named.trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => {
            mail_parser::decoders::quoted_printable::quoted_printable_decode(bytes)
        }
        "base64" => mail_parser::decoders::base64::base64_decode(bytes),
        _ => None,
    }
    .unwrap_or_else(|| bytes.to_vec())
}

/// The encoding that an HTML part declares itself.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(2048)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=")?;
    let label = after.trim_start_matches(['"', '\'', ' ']);
    let end = label
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')))
        .unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// Text that is called ISO-8859-1 and is windows-1252, as browsers read it: the control characters
/// U+0080 to U+009F are in no text.
fn windows_1252(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| ('\u{80}'..='\u{9F}').contains(&c);
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mapped = text.chars().map(|c| match u8::try_from(u32::from(c)) {
        Ok(byte) if is_control(c) => {
            let bytes = [byte];
            let (decoded, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            decoded.chars().next().unwrap_or(c)
        }
        _ => c,
    });
    Cow::Owned(mapped.collect())
}

/// Replaces the addresses of the message's own pictures (`cid:`, RFC 2392, and `Content-Location`,
/// RFC 2557) and returns those that the text shows.
fn take_pictures(message: &Message<'_>, html: &mut String) -> Vec<InlinePicture> {
    let mut by_name: HashMap<String, &[u8]> = HashMap::new();
    for part in &message.parts {
        let (PartType::Binary(bytes) | PartType::InlineBinary(bytes)) = &part.body else {
            continue;
        };
        if bytes.is_empty() || bytes.len() > MAX_PICTURE_BYTES {
            continue;
        }
        if let Some(id) = part.content_id() {
            let id = id.trim().trim_matches(['<', '>']);
            by_name.entry(format!("cid:{id}")).or_insert(bytes);
        }
        if let Some(location) = part.content_location() {
            by_name.entry(location.trim().to_owned()).or_insert(bytes);
        }
    }
    if by_name.is_empty() {
        return Vec::new();
    }
    let mut pictures: Vec<InlinePicture> = Vec::new();
    let mut shown = |address: &str| -> Option<String> {
        let bytes = by_name.get(address)?;
        let url = format!("https://{INLINE_HOST}/{}", short_hash(bytes));
        if pictures.iter().all(|picture| picture.url != url) {
            if pictures.len() == MAX_PICTURES {
                return None;
            }
            pictures.push(InlinePicture {
                url: url.clone(),
                bytes: bytes.to_vec(),
            });
        }
        Some(url)
    };
    *html = with_sources(html, &mut shown);
    pictures
}

/// The HTML with the sources of its pictures replaced where `replace` has another.
fn with_sources(html: &str, replace: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = find_source(rest) {
        let (before, value) = rest.split_at(at);
        out.push_str(before);
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = &value[quote.map_or(0, char::len_utf8)..];
        let end = match quote {
            Some(quote) => value.find(quote),
            None => value.find(|c: char| c.is_whitespace() || c == '>'),
        };
        let (address, after) = value.split_at(end.unwrap_or(value.len()));
        if let Some(quote) = quote {
            out.push(quote);
        }
        let plain = warta_text::unescape(address.trim());
        let named = match plain.get(..4) {
            Some(scheme) if scheme.eq_ignore_ascii_case("cid:") => {
                format!(
                    "cid:{}",
                    percent_decode_str(&plain[4..]).decode_utf8_lossy()
                )
            }
            _ => plain.into_owned(),
        };
        match replace(&named) {
            Some(url) => out.push_str(&escape(&url)),
            None => out.push_str(address),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where the value of the next `src` or `background` attribute begins.
fn find_source(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut from = 0;
    while let Some(equals) = bytes[from..].iter().position(|byte| *byte == b'=') {
        let equals = from + equals;
        let name = html[..equals].trim_ascii_end();
        let is_source = ["src", "background"].iter().any(|wanted| {
            let start = name.len().saturating_sub(wanted.len());
            name.get(start..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(wanted))
                && start > 0
                && name.as_bytes()[start - 1].is_ascii_whitespace()
        });
        if is_source {
            let value = &html[equals + 1..];
            return Some(equals + 1 + (value.len() - value.trim_ascii_start().len()));
        }
        from = equals + 1;
    }
    None
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_LINE).collect()
}

/// The identifier of a message without one.
fn hash(message: &[u8]) -> String {
    format!("hash:{}", short_hash(message))
}

fn short_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..32].to_owned()
}
