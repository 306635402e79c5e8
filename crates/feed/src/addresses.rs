//! Addresses as feeds write them, made whole.

use std::borrow::Cow;

use url::Url;

use crate::google_news;

/// The longest address that others are joined to, in bytes.
const LONGEST_BASE: usize = 500;

/// An address made whole: against `bases`, innermost first, then the feed's own. What cannot be made
/// whole stays as it is.
pub(crate) fn absolute<'b>(
    address: &str,
    feed: Option<&Url>,
    bases: impl FnOnce() -> Vec<Cow<'b, str>>,
) -> Option<String> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    if is_plainly_whole(address) {
        return Some(address.to_owned());
    }
    if let Ok(url) = Url::parse(address) {
        let known = matches!(url.scheme(), "http" | "https");
        // As written where it is whole: servers know their own spelling.
        return Some(if known && !address.contains(char::is_whitespace) {
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
        // One that is very long is no address of a folder, and every link would repeat it.
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

/// Whether an address is certainly one of the web with nothing to resolve: the common case, told
/// without parsing it. Ports, addresses in numbers and anything unusual take the long way.
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
            // A label that is empty or Punycode needs a look.
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

/// Whether an address is one of the web.
pub(crate) fn is_web(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

/// Whether an address only counts who follows it and leads on to a page that it does not name: Google
/// News' newer links, and FeedBurner's.
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
    fn an_address_is_made_whole_and_otherwise_left_as_written() {
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
    fn a_plainly_whole_address_needs_no_parser() {
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
