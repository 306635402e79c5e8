//! robots.txt (RFC 9309) with its `Sitemap` lines (sitemaps.org), for what Warta fetches by itself.
//! What the reader requests is not subject to it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use crate::error::FetchError;

/// Warta's product token.
const NAME: &str = "warta";
/// How long a site's rules are cached.
const CACHED_FOR: Duration = Duration::from_hours(24);
/// How long a server's refusal to send its robots.txt is cached.
const REFUSAL_CACHED_FOR: Duration = Duration::from_mins(10);
/// Maximum number of cached sites.
const SITES_KEPT: usize = 2048;
/// Maximum length that is parsed, in bytes (RFC 9309 § 2.5 requires at least 500 KiB).
const MAX_BYTES: usize = 512 << 10;

/// A site's rules, or why its robots.txt could not be fetched.
pub(crate) type Answered = Result<Arc<Rules>, FetchError>;

/// What sites answered, by origin.
#[derive(Debug, Default)]
pub(crate) struct RobotsCache(Mutex<HashMap<String, (Instant, Answered)>>);

impl RobotsCache {
    pub(crate) fn get(&self, origin: &str) -> Option<Answered> {
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, answered) = sites.get(origin)?;
        if *until < Instant::now() {
            sites.remove(origin);
            return None;
        }
        Some(answered.clone())
    }

    /// Caches a server's answer. A failure of the network is not an answer: the next fetch asks
    /// again.
    pub(crate) fn insert(&self, origin: String, answered: &Answered) {
        let cached_for = match answered {
            Ok(_) => CACHED_FOR,
            Err(error) if error.is_answer() => REFUSAL_CACHED_FOR,
            Err(_) => return,
        };
        let mut sites = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sites.len() >= SITES_KEPT {
            let now = Instant::now();
            sites.retain(|_, (until, _)| *until > now);
            if sites.len() >= SITES_KEPT {
                sites.clear();
            }
        }
        sites.insert(origin, (Instant::now() + cached_for, answered.clone()));
    }
}

/// Maximum number of `Sitemap` lines that are read.
const SITEMAPS: usize = 200;
/// Maximum length of the address in one, in bytes.
const SITEMAP_BYTES: usize = 2_000;

/// The address of a site's robots.txt; `None` for an address without a host.
pub(crate) fn address(url: &Url) -> Option<Url> {
    let mut address = url.clone();
    address.set_path("/robots.txt");
    address.set_query(None);
    address.set_fragment(None);
    url.has_host().then_some(address)
}

/// The rules of one site for Warta, and its sitemaps, which are the same for all crawlers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Patterns and whether they allow.
    patterns: Vec<(String, bool)>,
    /// As written, each once.
    pub(crate) sitemaps: Vec<String>,
}

impl Rules {
    /// Parses a robots.txt: the groups that name Warta, else those for `*`.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_BYTES)]);
        let mut ours: Option<Vec<(String, bool)>> = None;
        let mut of_everyone = Vec::new();
        let mut sitemaps: Vec<String> = Vec::new();
        let (mut for_us, mut for_all, mut naming) = (false, false, false);
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if !naming {
                        (for_us, for_all, naming) = (false, false, true);
                    }
                    let name = value.split('/').next().unwrap_or_default().trim();
                    for_us |= name.eq_ignore_ascii_case(NAME);
                    for_all |= name == "*";
                    if for_us {
                        ours.get_or_insert_default();
                    }
                }
                "allow" | "disallow" => {
                    naming = false;
                    let allows = key == "allow";
                    if value.is_empty() {
                        continue;
                    }
                    let rule = (normal(value), allows);
                    if for_all {
                        of_everyone.push(rule.clone());
                    }
                    if let Some(ours) = ours.as_mut().filter(|_| for_us) {
                        ours.push(rule);
                    }
                }
                // Belongs to no group. A colon is part of the address.
                "sitemap"
                    if !value.is_empty()
                        && value.len() <= SITEMAP_BYTES
                        && sitemaps.len() < SITEMAPS
                        && !sitemaps.iter().any(|known| known == value) =>
                {
                    sitemaps.push(value.to_owned());
                }
                _ => {}
            }
        }
        Self {
            patterns: ours.unwrap_or(of_everyone),
            sitemaps,
        }
    }

    /// Whether an address may be fetched: the longest matching pattern decides, and `allow` among
    /// equals.
    pub(crate) fn allow(&self, url: &Url) -> bool {
        let mut path = url.path().to_owned();
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        let path = normal(&path);
        self.patterns
            .iter()
            .filter(|(pattern, _)| matches(pattern, &path))
            .map(|(pattern, allows)| (pattern.len(), *allows))
            .max()
            .is_none_or(|(_, allows)| allows)
    }
}

/// `*` matches anything, a final `$` the end. Linear in the path for each part of the pattern.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for piece in pieces {
        if let Some(before) = last.replace(piece) {
            match rest.find(before) {
                Some(at) => rest = &rest[at + before.len()..],
                None => return false,
            }
        }
    }
    match (last, to_the_end) {
        (None, true) => rest.is_empty(),
        (None, false) => true,
        (Some(last), true) => rest.ends_with(last),
        (Some(last), false) => rest.contains(last),
    }
}

/// Normalises percent-encoding: unreserved characters are decoded, hexadecimal digits are upper
/// case.
fn normal(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(path.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%')
            .then(|| std::str::from_utf8(bytes.get(at + 1..at + 3)?).ok())
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(code) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => {
                out.push(char::from(code));
            }
            Some(code) => out.push_str(&escaped(code)),
            None if bytes[at].is_ascii_graphic() => out.push(char::from(bytes[at])),
            None => out.push_str(&escaped(bytes[at])),
        }
        at += if code.is_some() { 3 } else { 1 };
    }
    out
}

fn escaped(byte: u8) -> String {
    format!("%{byte:02X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_pattern_decides() {
        let cases = [
            ("", "/a", true),
            ("User-agent: *\nDisallow:", "/a", true),
            ("User-agent: *\nDisallow: /", "/a", false),
            ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
            ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
            ("user-agent : *\nDISALLOW : /a # no\n", "/a/b", false),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false),
            ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?a", true),
            ("User-agent: *\nDisallow: /*?", "/berita?page=2", false),
            ("User-agent: *\nDisallow: /*a*b*c", "/1a2b3c4", false),
            ("User-agent: *\nDisallow: /*a*b*c", "/1a2c3b4", true),
            ("User-agent: *\nDisallow: /$", "/", false),
            ("User-agent: *\nDisallow: /$", "/a", true),
            ("User-agent: lain\nDisallow: /", "/a", true),
            (
                "User-agent: lain\nUser-agent: Warta/1.0\nDisallow: /x\n\nUser-agent: *\nDisallow: /",
                "/a",
                true,
            ),
            (
                "User-agent: *\nDisallow: /\nUser-agent: WARTA\nDisallow: /x",
                "/x/1",
                false,
            ),
            (
                "User-agent: warta\n\nUser-agent: *\nDisallow: /",
                "/a",
                false,
            ),
            ("User-agent: *\nDisallow: /a%2fb%7e", "/a%2Fb~", false),
            ("User-agent: *\nDisallow: /é", "/%C3%A9t%C3%A9", false),
            ("<!doctype html><p>Tidak ada: di sini</p>", "/a", true),
        ];
        for (text, path, expected) in cases {
            let url = Url::parse(&format!("https://e.org{path}")).unwrap();
            assert_eq!(
                Rules::parse(text.as_bytes()).allow(&url),
                expected,
                "{path} by\n{text}"
            );
        }
    }

    #[test]
    fn sitemaps_are_named_to_everyone() {
        let text = "Sitemap: https://e.org/a.xml\nUser-agent: lain\nDisallow: /\n\
                    SITEMAP : /b.xml # di sini\nsitemap:https://e.org/a.xml\nSitemap:\n\
                    User-agent: *\nSitemap: https://lain.example/c.xml\nDisallow: /x";
        let rules = Rules::parse(text.as_bytes());
        let expected = [
            "https://e.org/a.xml",
            "/b.xml",
            "https://lain.example/c.xml",
        ];
        assert_eq!(rules.sitemaps, expected);
        let x = Url::parse("https://e.org/x").unwrap();
        assert!(!rules.allow(&x), "the line ends no group");
        let many: Vec<String> = (0..1_000).map(|n| format!("Sitemap: /{n}")).collect();
        let many = many.join("\n");
        assert_eq!(Rules::parse(many.as_bytes()).sitemaps.len(), SITEMAPS);
    }
}
