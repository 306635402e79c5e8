//! Removes tracking from links, and checks links before they are opened.

use std::sync::LazyLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;
use warta_text::collapse_whitespace;

/// All but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Tracking parameters and their hosts; the format is described in the file.
static TRACKERS: LazyLock<Vec<Tracker>> = LazyLock::new(|| {
    include_str!("../data/trackers.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (name, hosts) = line.split_once(" @").unwrap_or((line, ""));
            Tracker {
                name: name.trim_end_matches('*'),
                any_ending: name.ends_with('*'),
                hosts: hosts.split(',').filter(|host| !host.is_empty()).collect(),
            }
        })
        .collect()
});

struct Tracker {
    name: &'static str,
    any_ending: bool,
    /// Empty means every host.
    hosts: Vec<&'static str>,
}

impl Tracker {
    fn is(&self, name: &str, host: &str) -> bool {
        let named = if self.any_ending {
            name.starts_with(self.name)
        } else {
            name == self.name
        };
        named && (self.hosts.is_empty() || self.hosts.iter().any(|of| is_within(host, of)))
    }
}

/// Whether a host is `of` or a subdomain of it.
fn is_within(host: &str, of: &str) -> bool {
    host.strip_suffix(of)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The link without tracking parameters. Google redirects, AMP caches and old Google News links are
/// replaced by their target if the URL contains it. Anything but a web URL stays as it is.
#[must_use]
pub fn clean_link(link: &str) -> String {
    let link = link.trim();
    let Ok(url) = Url::parse(link) else {
        return link.to_owned();
    };
    if !matches!(url.scheme(), "http" | "https") {
        return link.to_owned();
    }
    let mut url = escaped_once(link)
        .and_then(|link| Url::parse(&link).ok())
        .unwrap_or(url);
    // Redirects can be nested; more than three levels do not occur.
    for _ in 0..3 {
        match unwrapped(&url) {
            Some(inner) => url = inner,
            None => break,
        }
    }
    without_trackers(&mut url);
    url.into()
}

/// Header fields allowed in a `mailto:` link: they are visible before the message is sent.
const MAIL_FIELDS: [&str; 4] = ["to", "cc", "subject", "body"];

/// A `mailto:` link with recipients, subject and body only. Removed are blind copies, attachments
/// (which would send a file of the reader), all other header fields, and line breaks that would
/// start a new field. `None` if it is not a `mailto:` link.
#[must_use]
pub fn safe_mailto(link: &str) -> Option<String> {
    let link = link.trim();
    let (scheme, rest) = link.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("mailto") {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let (recipients, query) = rest.split_once('?').unwrap_or((rest, ""));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let recipients: Vec<String> = recipients
        .split(',')
        .map(|one| collapse_whitespace(&warta_text::plain_line(&decoded(one))))
        // A mail program may take a leading dash for an option.
        .filter(|one| !one.is_empty() && !one.starts_with('-'))
        .map(|one| percent_encoded(&one).replace("%40", "@"))
        .collect();
    let mut fields = Vec::new();
    let mut seen = Vec::new();
    for field in query.split('&') {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        let name = decoded(name).to_ascii_lowercase();
        let Some(name) = MAIL_FIELDS.into_iter().find(|known| *known == name) else {
            continue;
        };
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let value = decoded(value);
        let value = if name == "body" {
            warta_text::plain(&value).replace('\n', "\r\n")
        } else {
            collapse_whitespace(&warta_text::plain_line(&value))
        };
        fields.push(format!("{name}={}", percent_encoded(&value)));
    }
    let query = if fields.is_empty() { "" } else { "?" };
    Some(format!(
        "mailto:{}{query}{}",
        recipients.join(","),
        fields.join("&")
    ))
}

/// A link that may be passed to the system: with one of these schemes (in lower case), `mailto:`
/// links through [`safe_mailto`].
#[must_use]
pub fn openable(link: &str, schemes: &[&str]) -> Option<String> {
    let link = link.trim();
    let scheme = link
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if !schemes.contains(&scheme.as_str()) || link.contains(char::is_control) {
        return None;
    }
    if scheme == "mailto" {
        return safe_mailto(link);
    }
    Some(link.to_owned())
}

/// The link with escaped ampersands decoded, if there are any: no parameter name begins with
/// `amp;`.
fn escaped_once(link: &str) -> Option<String> {
    let (path, query) = link.split_once('?')?;
    let mut query = query.to_owned();
    let mut is_changed = false;
    // Each level of escaping adds an `amp;`.
    for _ in 0..8 {
        let once = ["&amp;", "&#38;", "&#038;", "&#x26;", "&#X26;", "&AMP;"]
            .iter()
            .fold(query.clone(), |query, reference| {
                query.replace(reference, "&")
            });
        if once == query {
            break;
        }
        is_changed = true;
        query = once;
    }
    is_changed.then(|| format!("{path}?{query}"))
}

/// The canonical URL of a page (`rel=canonical`) if it is on the same site and not its front page,
/// else the link itself; without tracking parameters.
#[must_use]
pub fn preferred_link(link: &str, canonical: Option<&str>) -> String {
    let link = clean_link(link);
    let Some(canonical) = canonical.map(clean_link) else {
        return link;
    };
    let (Ok(here), Ok(there)) = (Url::parse(&link), Url::parse(&canonical)) else {
        return link;
    };
    let web = matches!(there.scheme(), "http" | "https");
    let says_where = there.path() != "/" || there.query().is_some() || here.path() == "/";
    if web && says_where && site(&here) == site(&there) {
        canonical
    } else {
        link
    }
}

/// A host without the prefixes for mobile and AMP pages.
fn site(url: &Url) -> String {
    let mut host = url.host_str().unwrap_or_default();
    while let Some(rest) = ["www.", "m.", "amp.", "mobile."]
        .iter()
        .find_map(|prefix| host.strip_prefix(prefix).filter(|rest| rest.contains('.')))
    {
        host = rest;
    }
    host.to_owned()
}

fn without_trackers(url: &mut Url) {
    let host = url.host_str().unwrap_or_default().to_owned();
    let is_tracker = |name: &str, value: &str| {
        let name = name.to_ascii_lowercase();
        // Some blogs name themselves as the referrer.
        let itself = name == "ref" && host == value;
        itself || TRACKERS.iter().any(|tracker| tracker.is(&name, &host))
    };
    if let Some(query) = url.query().map(str::to_owned)
        && url
            .query_pairs()
            .any(|(name, value)| is_tracker(&name, &value))
    {
        // The rest keeps its encoding: servers differ in how they handle others.
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| {
                let mut parsed = url::form_urlencoded::parse(pair.as_bytes());
                !parsed
                    .next()
                    .is_some_and(|(name, value)| is_tracker(&name, &value))
            })
            .collect();
        url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    if let Some(fragment) = url.fragment()
        && ["xtor=", "utm_", "Echobox=", "ref=rss"]
            .iter()
            .any(|start| fragment.starts_with(start))
    {
        url.set_fragment(None);
    }
}

/// The target of a redirect, if its URL contains it.
fn unwrapped(url: &Url) -> Option<Url> {
    let host = url.host_str()?.trim_start_matches("www.");
    let path = url.path();
    if host.starts_with("google.") && path == "/url" {
        return query_link(url, &["q", "url"]);
    }
    if host == "l.facebook.com" || host == "lm.facebook.com" || host == "l.instagram.com" {
        return query_link(url, &["u"]);
    }
    if host.starts_with("google.")
        && let Some(rest) = path.strip_prefix("/amp/")
    {
        return amp_target(rest, url.query());
    }
    if host == "cdn.ampproject.org" || host.ends_with(".cdn.ampproject.org") {
        let rest = ["/c/", "/v/", "/i/"]
            .iter()
            .find_map(|p| path.strip_prefix(p))?;
        return amp_target(rest, url.query());
    }
    if host == "news.google.com" {
        return google_news_target(path);
    }
    None
}

fn query_link(url: &Url, names: &[&str]) -> Option<Url> {
    let pairs = url.query_pairs();
    names.iter().find_map(|wanted| {
        let value = pairs.clone().find(|(name, _)| name == wanted)?.1;
        web(&value)
    })
}

/// `s/host/path` is https, `host/path` http.
fn amp_target(rest: &str, query: Option<&str>) -> Option<Url> {
    let (scheme, rest) = match rest.strip_prefix("s/") {
        Some(rest) => ("https", rest),
        None => ("http", rest),
    };
    let query = query.map(|q| format!("?{q}")).unwrap_or_default();
    web(&format!("{scheme}://{rest}{query}"))
        .filter(|u| u.host_str().is_some_and(|h| h.contains('.')))
}

/// Old Google News links contain the publisher's URL in their id: base64 of a protocol buffer with
/// the URL as its fourth field. Newer ones contain an opaque key and stay as they are.
fn google_news_target(path: &str) -> Option<Url> {
    let id = path
        .strip_prefix("/rss/articles/")
        .or_else(|| path.strip_prefix("/articles/"))?;
    let bytes = base64(id.split('/').next()?)?;
    let start = bytes.windows(4).position(|w| w == b"http")?;
    // The byte (or two, for a length above 127) before the address is its length.
    let length = match bytes.get(..start)? {
        [.., low, high @ 1..=15] if low & 0x80 != 0 => {
            usize::from(low & 0x7f) | usize::from(*high) << 7
        }
        [.., length] => usize::from(*length),
        [] => return None,
    };
    let address = bytes
        .get(start..start + length)
        .or_else(|| bytes.get(start..))?;
    let end = address
        .iter()
        .position(|b| !(0x21..0x7f).contains(b))
        .unwrap_or(address.len());
    web(std::str::from_utf8(&address[..end]).ok()?)
        .filter(|u| u.host_str() != Some("news.google.com"))
}

/// URL-safe base64 without padding (RFC 4648 § 5); `None` if it is invalid.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for character in text.trim_end_matches('=').bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

fn web(address: &str) -> Option<Url> {
    Url::parse(address)
        .ok()
        .filter(|u| matches!(u.scheme(), "http" | "https"))
}

/// Percent-encoded UTF-8 by RFC 3986: only unreserved characters stay as they are.
pub(crate) fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
