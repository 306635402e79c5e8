//! Cookies (RFC 6265) that live for one fetch: some sites redirect with a cookie and respond only
//! if it is sent back. Nothing is kept afterwards, so that sites cannot recognise the reader.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDateTime, Utc};
use reqwest::header::{self, HeaderMap, HeaderValue};
use url::{Host, Url};

/// Maximum number of cookies in a fetch.
const MAX_COOKIES: usize = 50;
/// Maximum length of a cookie's name and value (RFC 6265 § 6.1).
const MAX_COOKIE_BYTES: usize = 4096;

/// The cookies of one fetch.
#[derive(Debug, Default)]
pub(crate) struct CookieJar(Vec<Cookie>);

#[derive(Debug)]
struct Cookie {
    name: String,
    value: String,
    host: String,
    /// Also for subdomains of `host`.
    with_subdomains: bool,
    path: String,
    /// For encrypted connections only.
    secure: bool,
}

impl CookieJar {
    /// Stores the cookies that a response from `url` sets, and deletes those that it expires.
    pub(crate) fn store(&mut self, headers: &HeaderMap, url: &Url) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = String::from_utf8_lossy(line.as_bytes());
            let Some((cookie, is_expired)) = read(&line, url) else {
                continue;
            };
            self.0.retain(|known| {
                (&known.name, &known.host, &known.path)
                    != (&cookie.name, &cookie.host, &cookie.path)
            });
            if !is_expired && self.0.len() < MAX_COOKIES {
                self.0.push(cookie);
            }
        }
    }

    /// Adds the cookies for `url` to those already in `headers`.
    pub(crate) fn send(&self, url: &Url, headers: &mut HeaderMap) {
        let mut matching: Vec<&Cookie> =
            self.0.iter().filter(|cookie| cookie.is_for(url)).collect();
        if matching.is_empty() {
            return;
        }
        // Longer paths first (RFC 6265 § 5.4).
        matching.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let mut line = headers
            .get(header::COOKIE)
            .map(|own| String::from_utf8_lossy(own.as_bytes()).into_owned())
            .unwrap_or_default();
        for cookie in matching {
            if !line.is_empty() {
                line.push_str("; ");
            }
            line.extend([cookie.name.as_str(), "=", cookie.value.as_str()]);
        }
        if let Ok(mut line) = HeaderValue::from_str(&line) {
            line.set_sensitive(true);
            headers.insert(header::COOKIE, line);
        }
    }
}

impl Cookie {
    fn is_for(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let is_host = host == self.host || (self.with_subdomains && is_below(host, &self.host));
        let is_path = url.path().strip_prefix(&self.path).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/')
        });
        is_host && is_path && (!self.secure || url.scheme() == "https")
    }
}

/// Parses a `Set-Cookie` line from `url`, and whether it expires the cookie; `None` if `url` must
/// not set it.
fn read(line: &str, url: &Url) -> Option<(Cookie, bool)> {
    let mut parts = line.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let is_text = |text: &str| !text.contains(|c: char| c.is_control());
    if name.is_empty()
        || name.len() + value.len() > MAX_COOKIE_BYTES
        || !is_text(name)
        || !is_text(value)
    {
        return None;
    }
    let own = url.host_str()?;
    let mut cookie = Cookie {
        name: name.to_owned(),
        value: value.to_owned(),
        host: own.to_owned(),
        with_subdomains: false,
        path: default_path(url),
        secure: false,
    };
    let mut is_whole_site = false;
    let (mut expires, mut max_age) = (None, None);
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "secure" => cookie.secure = true,
            "path" => {
                is_whole_site = value == "/";
                cookie.path = if value.starts_with('/') {
                    value.to_owned()
                } else {
                    default_path(url)
                };
            }
            "domain" => {
                let domain = value.strip_prefix('.').unwrap_or(value);
                let domain = domain.to_ascii_lowercase();
                if domain == own {
                    cookie.with_subdomains = matches!(url.host(), Some(Host::Domain(_)));
                } else if domain.is_empty() {
                    cookie.with_subdomains = false;
                } else if domain.contains('.')
                    && matches!(url.host(), Some(Host::Domain(_)))
                    && is_below(own, &domain)
                {
                    (cookie.host, cookie.with_subdomains) = (domain, true);
                } else {
                    return None;
                }
            }
            "max-age" => max_age = value.parse::<i64>().ok(),
            "expires" => expires = date(value),
            _ => {}
        }
    }
    let may_be_secure = url.scheme() == "https";
    if cookie.secure && !may_be_secure
        || name.starts_with("__Secure-") && !cookie.secure
        || name.starts_with("__Host-")
            && !(cookie.secure && is_whole_site && !cookie.with_subdomains)
    {
        return None;
    }
    let now: DateTime<Utc> = SystemTime::now().into();
    let is_expired = match max_age {
        Some(seconds) => seconds <= 0,
        None => expires.is_some_and(|at| at <= now),
    };
    Some((cookie, is_expired))
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|below| below.ends_with('.'))
}

/// The default path (RFC 6265 § 5.1.4).
fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => url.path()[..end].to_owned(),
    }
}

/// A date in one of the formats in use, with spaces or hyphens.
fn date(value: &str) -> Option<DateTime<Utc>> {
    let value = value.replace('-', " ");
    let value = value
        .split_once(',')
        .map_or(value.as_str(), |(_, date)| date);
    let value = value.trim().trim_end_matches("GMT").trim_end();
    let at = ["%d %b %Y %H:%M:%S", "%d %b %y %H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(value, form).ok())?;
    Some(at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cookies sent to the second address after the first has set some.
    fn sent(set: &[&str], from: &str, to: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in set {
            headers.append(header::SET_COOKIE, HeaderValue::from_str(line).unwrap());
        }
        let mut jar = CookieJar::default();
        jar.store(&headers, &Url::parse(from).unwrap());
        let mut headers = HeaderMap::new();
        jar.send(&Url::parse(to).unwrap(), &mut headers);
        let line = headers.get(header::COOKIE)?;
        Some(line.to_str().unwrap().to_owned())
    }

    #[test]
    fn a_cookie_is_sent_only_where_its_attributes_allow() {
        let news = "https://kabar.example/rss/feed.xml";
        for (set, from, to, expected) in [
            ("a=1; Path=/", news, "https://kabar.example/", Some("a=1")),
            ("a=1", news, "https://kabar.example/rss/b", Some("a=1")),
            ("a=1", news, "https://kabar.example/other", None),
            ("a=1", news, "https://kabar.example/rssb", None),
            (
                "a=1; path=rss",
                news,
                "https://kabar.example/rss",
                Some("a=1"),
            ),
            ("a=1; Path=/", news, "https://www.kabar.example/", None),
            ("a=1; Path=/", news, "https://lain.example/", None),
            (
                "a=1; Path=/; Domain=.Kabar.example",
                news,
                "https://www.kabar.example/",
                Some("a=1"),
            ),
            (
                "a=1; Path=/; Domain=kabar.example",
                "https://rss.kabar.example/",
                "https://kabar.example/",
                Some("a=1"),
            ),
            (
                "a=1; Path=/; Domain=kabar.example",
                "https://rss.kabar.example/",
                "https://jahatkabar.example/",
                None,
            ),
            ("a=1; Domain=lain.example", news, news, None),
            ("a=1; Domain=example", news, news, None),
            (
                "a=1; Domain=1",
                "http://127.0.0.1/",
                "http://127.0.0.1/",
                None,
            ),
            (
                "a=1; Domain=127.0.0.1",
                "http://127.0.0.1/",
                "http://127.0.0.1/",
                Some("a=1"),
            ),
            ("a=1; Secure", news, "http://kabar.example/rss/b", None),
            ("a=1; Secure", "http://kabar.example/", news, None),
            ("__Host-a=1; Secure; Path=/", news, news, Some("__Host-a=1")),
            ("__Host-a=1; Secure", news, news, None),
            ("__Secure-a=1", news, news, None),
            ("a=1; Max-Age=0", news, news, None),
            (
                "a=1; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
                news,
                news,
                None,
            ),
            (
                "a=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=9",
                news,
                news,
                Some("a=1"),
            ),
            (
                "a=1; Expires=Fri, 31 Dec 2999 00:00:00 GMT",
                news,
                news,
                Some("a=1"),
            ),
            ("a=1; Expires=soon", news, news, Some("a=1")),
            ("=1", news, news, None),
            ("a", news, news, None),
            ("a=b=c; HttpOnly; SameSite=Lax", news, news, Some("a=b=c")),
        ] {
            assert_eq!(
                sent(&[set], from, to).as_deref(),
                expected,
                "{set} from {from} to {to}"
            );
        }
    }

    #[test]
    fn cookies_are_replaced_expired_and_limited() {
        let url = "https://kabar.example/a/b";
        let lines = ["x=1; Path=/", "y=2; Path=/a", "x=3; Path=/"];
        assert_eq!(sent(&lines, url, url).as_deref(), Some("y=2; x=3"));
        let ended = ["x=1; Path=/", "x=; Path=/; Max-Age=0"];
        assert_eq!(sent(&ended, url, url), None);
        let long = format!("x={}", "y".repeat(5_000));
        assert_eq!(sent(&[&long], url, url), None);
        let many: Vec<String> = (0..500).map(|n| format!("c{n}=1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let all = sent(&many, url, url).unwrap();
        assert_eq!(all.matches('=').count(), MAX_COOKIES);
    }
}
