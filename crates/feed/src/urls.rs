//! URLs as feeds write them, corrected and made absolute.

use std::borrow::Cow;

use url::Url;

use crate::google_news;

/// Maximum length of a base URL, in bytes.
const LONGEST_BASE: usize = 500;

/// An absolute URL, resolved against `bases` (innermost first), then the feed's own URL. What
/// cannot be resolved stays as it is.
pub(crate) fn absolute<'b>(
    address: &str,
    feed: Option<&Url>,
    bases: impl FnOnce() -> Vec<Cow<'b, str>>,
) -> Option<String> {
    let address = address.trim();
    if is_plainly_whole(address) && !address.contains("&amp;") {
        return Some(address.to_owned());
    }
    let tidied = tidy(address);
    let address = &*tidied;
    if address.is_empty() {
        return None;
    }
    if let Ok(url) = Url::parse(address) {
        // An absolute URL stays as written: normalising could change what the server sees.
        return Some(if is_written_whole(address) {
            address.to_owned()
        } else {
            url.into()
        });
    }
    let mut base = feed.map(Cow::Borrowed);
    for part in bases().iter().rev() {
        let joined = match &base {
            Some(base) => base.join(part).ok(),
            None => Url::parse(part).ok(),
        };
        // A very long base is a mistake, and every link would repeat it.
        if joined
            .as_ref()
            .is_none_or(|url| url.as_str().len() <= LONGEST_BASE)
        {
            base = joined.map(Cow::Owned);
        }
    }
    match base {
        Some(base) => base.join(address).ok().map(Into::into),
        None => Some(address.to_owned()),
    }
}

/// An address without accidental surroundings, with the scheme it is meant to have: invisible
/// characters, quotation marks and angle brackets around it are removed, `&amp;` is decoded,
/// `feed:` (which only means "subscribe") and doubled or mistyped schemes are corrected.
#[must_use]
pub fn tidy(address: &str) -> Cow<'_, str> {
    tidy_with(address, Ampersands::Decode)
}

/// What happens to `&amp;` in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ampersands {
    /// It becomes `&`.
    Decode,
    /// It stays.
    Keep,
}

/// [`tidy`] with a choice about `&amp;`.
pub(crate) fn tidy_with(address: &str, ampersands: Ampersands) -> Cow<'_, str> {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2064}' | '\u{feff}')
    };
    let quotes = |c: char| unseen(c) || matches!(c, '"' | '“' | '”' | '<' | '>');
    let mut rest = address.trim_matches(unseen);
    // A closing quotation mark belongs to the URL unless there is an opening one.
    let inside = rest.trim_start_matches(quotes);
    if inside.len() < rest.len() {
        rest = inside.trim_end_matches(quotes);
    }
    let mut scheme = "";
    loop {
        let lower = rest
            .get(..rest.floor_char_boundary(11))
            .unwrap_or(rest)
            .to_ascii_lowercase();
        // Schemes that may precede another URL.
        let wrapper = ["feed:", "itpc:", "pcast:", "podcast:"]
            .into_iter()
            .find(|wrapper| lower.starts_with(wrapper));
        let slashes = |text: &str| text.len() - text.trim_start_matches(['/', '\\']).len();
        if let Some(wrapper) = wrapper {
            let inner = rest[wrapper.len()..].trim_start();
            let bare = inner.trim_start_matches(['/', '\\']);
            scheme = if has_web_scheme(bare) { "" } else { "http://" };
            rest = bare;
        } else if let Some(web) = ["https:", "http:"]
            .into_iter()
            .find(|web| lower.starts_with(web))
            && has_web_scheme(&rest[web.len() + slashes(&rest[web.len()..])..])
        {
            rest = rest[web.len()..].trim_start_matches(['/', '\\']);
        } else if let Some((wrong, right)) = MISTYPED.iter().find(|(w, _)| lower.starts_with(w)) {
            (scheme, rest) = (*right, &rest[wrong.len()..]);
            break;
        } else {
            break;
        }
    }
    if scheme.is_empty()
        && rest
            .get(..4)
            .is_some_and(|www| www.eq_ignore_ascii_case("www."))
    {
        scheme = "https://";
    }
    let is_escaped = ampersands == Ampersands::Decode && rest.contains("&amp;");
    match (scheme, is_escaped) {
        ("", false) => Cow::Borrowed(rest),
        (_, false) => Cow::Owned(format!("{scheme}{rest}")),
        (_, true) => Cow::Owned(format!("{scheme}{rest}").replace("&amp;", "&")),
    }
}

/// Mistyped schemes, in lower case, and their corrections.
const MISTYPED: [(&str, &str); 8] = [
    ("http//", "http://"),
    ("https//", "https://"),
    ("ttp://", "http://"),
    ("ttps://", "https://"),
    ("htp://", "http://"),
    ("htps://", "https://"),
    ("hhttp://", "http://"),
    ("hhttps://", "https://"),
];

/// Whether an address begins with http or https, in any case and with any slashes.
fn has_web_scheme(address: &str) -> bool {
    ["http:", "https:"].iter().any(|scheme| {
        let start = address.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
            && address[scheme.len()..].starts_with(['/', '\\'])
    })
}

/// Whether a web URL needs none of the corrections that browsers make.
fn is_written_whole(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['?', '#']).next().unwrap_or_default();
        !host.starts_with('/') && !host.contains('\\') && !rest.contains(char::is_whitespace)
    })
}

/// Whether an address is certainly an absolute web URL: the common case, decided without parsing.
/// Ports, IP addresses and anything unusual are parsed.
fn is_plainly_whole(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let Some(rest) = rest.map(str::as_bytes) else {
        return false;
    };
    let end = rest
        .iter()
        .position(|b| matches!(b, b'/' | b'?' | b'#'))
        .unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let mut last = 0;
    for (at, byte) in host.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => {}
            // Empty and Punycode labels are parsed.
            b'.' if at > last && !host[last..].starts_with(b"xn--") => last = at + 1,
            _ => return false,
        }
    }
    let top = &host[last..];
    last > 0
        && !top.is_empty()
        && !top.starts_with(b"xn--")
        && top.iter().all(u8::is_ascii_lowercase)
        && path.iter().all(u8::is_ascii_graphic)
}

/// Whether an address begins with http or https.
pub(crate) fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// Whether an address is a redirect whose target it does not contain: newer Google News links and
/// FeedBurner links.
pub(crate) fn is_redirect(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    let counted = ["feedproxy.google.com/~r/", "feeds.feedburner.com/~r/"];
    rest.is_some_and(|rest| counted.iter().any(|start| rest.starts_with(start)))
        || google_news::is_article(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_url_is_resolved_and_an_absolute_one_kept() {
        let feed = Url::parse("https://contoh.example/umpan/rss").unwrap();
        for (address, expected) in [
            (
                "https://contoh.example/a?b=C#d",
                "https://contoh.example/a?b=C#d",
            ),
            ("https://Contoh.example", "https://Contoh.example"),
            ("  /a  ", "https://contoh.example/a"),
            ("b", "https://contoh.example/umpan/b"),
            ("//lain.example/a", "https://lain.example/a"),
            ("tag:contoh.example,2026:1", "tag:contoh.example,2026:1"),
            ("http://contoh.example/a b", "http://contoh.example/a%20b"),
        ] {
            let whole = absolute(address, Some(&feed), Vec::new);
            assert_eq!(whole.as_deref(), Some(expected), "{address}");
        }
        assert_eq!(absolute("  ", Some(&feed), Vec::new), None);
        assert_eq!(absolute("/a", None, Vec::new).as_deref(), Some("/a"));
    }

    #[test]
    fn urls_are_corrected_as_in_browsers() {
        let feed = Url::parse("https://contoh.example/umpan/rss").unwrap();
        for (address, expected) in [
            ("HTTPS://Contoh.example/A", "https://contoh.example/A"),
            ("Http://contoh.example", "http://contoh.example/"),
            ("http:/contoh.example/a", "http://contoh.example/a"),
            ("http:contoh.example/a", "http://contoh.example/a"),
            ("https:///contoh.example/a", "https://contoh.example/a"),
            ("https:\\\\contoh.example\\a", "https://contoh.example/a"),
            ("https://contoh.example\\a", "https://contoh.example/a"),
            ("\\\\lain.example\\a", "https://lain.example/a"),
            (
                "\u{200b}https://contoh.example/a\u{feff}",
                "https://contoh.example/a",
            ),
            (
                "\u{feff} HTTP:\\contoh.example\u{200e}",
                "http://contoh.example/",
            ),
            ("<https://contoh.example/a>", "https://contoh.example/a"),
            ("feed://contoh.example/a", "http://contoh.example/a"),
            ("FEED:https://contoh.example/a", "https://contoh.example/a"),
            (
                "feed://https://contoh.example/a",
                "https://contoh.example/a",
            ),
            ("itpc://contoh.example/a", "http://contoh.example/a"),
            ("http//contoh.example/a", "http://contoh.example/a"),
            (
                "http://https://contoh.example/a",
                "https://contoh.example/a",
            ),
            ("ttps://contoh.example/a", "https://contoh.example/a"),
            ("www.contoh.example/a", "https://www.contoh.example/a"),
            (
                "https://contoh.example/?a=1&amp;b=2",
                "https://contoh.example/?a=1&b=2",
            ),
            (
                "https://contoh.example/?u=http://lain.example/",
                "https://contoh.example/?u=http://lain.example/",
            ),
            ("wwwa", "https://contoh.example/umpan/wwwa"),
        ] {
            let whole = absolute(address, Some(&feed), Vec::new);
            assert_eq!(whole.as_deref(), Some(expected), "{address}");
        }
        assert_eq!(absolute("\u{200b}", Some(&feed), Vec::new), None);
    }

    #[test]
    fn common_absolute_urls_are_not_parsed() {
        for (address, plain) in [
            ("https://contoh.example/a", true),
            ("http://a-b.contoh.co.id", true),
            ("https://contoh.example:8080/a", false),
            ("https://xn--bcher-kva.example/", false),
            ("https://a..example/", false),
            ("https://localhost/", false),
            ("https://127.0.0.1/", false),
            ("https://contoh.example/a b", false),
            ("https:///a", false),
            ("ftp://contoh.example/a", false),
        ] {
            assert_eq!(is_plainly_whole(address), plain, "{address}");
        }
    }
}
