//! Links and their sites: whether two links are one page, and whether two feeds belong to one
//! publisher. Works on the text alone, without lookups.

/// Tracking parameters, which do not change the page.
const TRACKING: [&str; 7] = [
    "fbclid", "gclid", "yclid", "msclkid", "mc_cid", "mc_eid", "igshid",
];

/// Hosts on which every subdomain is another publisher.
const PLATFORMS: [&str; 22] = [
    "bearblog.dev",
    "blogspot.com",
    "dreamwidth.org",
    "ghost.io",
    "github.io",
    "gitlab.io",
    "hatenablog.com",
    "livejournal.com",
    "medium.com",
    "micro.blog",
    "neocities.org",
    "netlify.app",
    "pages.dev",
    "substack.com",
    "tumblr.com",
    "typepad.com",
    "vercel.app",
    "web.app",
    "weebly.com",
    "wixsite.com",
    "wordpress.com",
    "workers.dev",
];

/// Second-level domains under which countries register names.
const SECOND_LEVEL: [&str; 18] = [
    "ac", "biz", "co", "com", "desa", "edu", "gen", "go", "gob", "gov", "mil", "my", "ne", "net",
    "nom", "or", "org", "sch",
];

/// A normalised link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Link {
    /// Without scheme, `www.`, tracking parameters and a slash at the end.
    pub(crate) text: String,
    /// It leads to a specific page, not to a front page.
    pub(crate) is_specific: bool,
}

impl Link {
    pub(crate) fn read(url: &str) -> Self {
        let rest = url.trim();
        let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let path = path.trim_end_matches('/');
        let mut text = host_only(host);
        text.push_str(path);
        let kept = query.split('&').filter(|part| {
            let name = part.split('=').next().unwrap_or_default();
            !(part.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name))
        });
        let mut mark = '?';
        for part in kept {
            text.push(mark);
            text.push_str(part);
            mark = '&';
        }
        let has_query = mark == '&';
        let has_fragment = !fragment.is_empty() && !fragment.starts_with(":~:");
        if has_fragment {
            text.push('#');
            text.push_str(fragment);
        }
        let is_front = matches!(
            path,
            "" | "/index.html" | "/index.htm" | "/index.php" | "/home"
        );
        Self {
            text,
            is_specific: has_query || has_fragment || !is_front,
        }
    }

    /// The path alone.
    pub(crate) fn path(&self) -> &str {
        let end = self.text.find(['?', '#']).unwrap_or(self.text.len());
        let start = self.text[..end].find('/').unwrap_or(end);
        &self.text[start..end]
    }
}

/// The host in lower case, without user name, port and `www.`.
fn host_only(authority: &str) -> String {
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let host = host.to_lowercase();
    host.strip_prefix("www.")
        .map_or(host.clone(), str::to_owned)
}

/// The registered domain: `news.example.co.id` and `example.co.id` have the same. A guess from the
/// labels; callers have further evidence.
pub(crate) fn site_of(url: &str) -> String {
    let rest = url.trim();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let host = host_only(rest.split(['/', '?', '#']).next().unwrap_or_default());
    let is_number = host.contains(':') || host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let labels: Vec<&str> = host.split('.').collect();
    if is_number || labels.len() <= 2 {
        return host;
    }
    let last = |count: usize| labels[labels.len() - count..].join(".");
    if PLATFORMS.contains(&last(2).as_str()) {
        return host;
    }
    let (top, second) = (labels[labels.len() - 1], labels[labels.len() - 2]);
    let is_country = top.len() == 2 && SECOND_LEVEL.contains(&second);
    last(if is_country { 3 } else { 2 })
}

/// Equal for feeds of one publisher: they are fetched from one site and belong to one.
pub(crate) fn publisher_of(feed_url: &str, site: Option<&str>) -> u64 {
    let (from, of) = (site_of(feed_url), site.map(site_of));
    let of = of.as_deref().filter(|of| !of.is_empty()).unwrap_or(&from);
    crate::hash::guid_hash(&format!("publisher:{from}\n{of}"))
}

/// Whether a link leads to its feed's own site. Links of aggregators lead elsewhere.
#[must_use]
pub fn is_own(link: &str, feed_url: &str, site: Option<&str>) -> bool {
    let of = site_of(link);
    !of.is_empty() && (site.is_some_and(|site| site_of(site) == of) || site_of(feed_url) == of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_one_page_are_equal() {
        for (one, other) in [
            ("http://www.kabar.example/a/", "https://kabar.example/a"),
            (
                "https://kabar.example/a?utm_source=rss",
                "https://kabar.example/a",
            ),
            (
                "https://kabar.example:443/a?p=1&fbclid=x",
                "https://KABAR.example/a?p=1",
            ),
            (
                "https://kabar.example/a#:~:text=b",
                "https://kabar.example/a",
            ),
        ] {
            assert_eq!(Link::read(one), Link::read(other), "{one} {other}");
        }
        for (one, other) in [
            ("https://kabar.example/#a", "https://kabar.example/#b"),
            ("https://kabar.example/?p=1", "https://kabar.example/?p=2"),
            ("https://kabar.example/a", "https://kabar.example/A"),
            ("https://kabar.example/a", "https://lain.example/a"),
        ] {
            assert_ne!(Link::read(one), Link::read(other), "{one} {other}");
        }
    }

    #[test]
    fn a_front_page_is_not_specific() {
        for front in [
            "https://kabar.example",
            "https://kabar.example/",
            "https://kabar.example/?utm_medium=feed",
            "https://kabar.example/index.html",
        ] {
            assert!(!Link::read(front).is_specific, "{front}");
        }
        for page in [
            "https://kabar.example/?p=7",
            "https://kabar.example/#satu",
            "https://kabar.example/satu",
        ] {
            assert!(Link::read(page).is_specific, "{page}");
        }
    }

    #[test]
    fn a_publisher_is_a_registered_domain() {
        for (url, site) in [
            ("https://news.kabar.co.id/rss", "kabar.co.id"),
            ("https://www.kabar.example/rss", "kabar.example"),
            (
                "https://ani:x@feeds.kabar.example:8080/rss",
                "kabar.example",
            ),
            ("https://ani.blogspot.com/feeds", "ani.blogspot.com"),
            ("http://127.0.0.1:8000/feed", "127.0.0.1"),
            ("http://[::1]:8000/feed", "[::1]"),
        ] {
            assert_eq!(site_of(url), site, "{url}");
        }
        let same = |a: (&str, Option<&str>), b: (&str, Option<&str>)| {
            publisher_of(a.0, a.1) == publisher_of(b.0, b.1)
        };
        let main = (
            "https://feeds.kabar.example/main",
            Some("https://kabar.example"),
        );
        assert!(same(
            main,
            (
                "https://feeds.kabar.example/sport",
                Some("https://www.kabar.example/sport")
            )
        ));
        assert!(
            !same(
                main,
                ("https://jahat.example/feed", Some("https://kabar.example"))
            ),
            "a feed can claim any site as its own"
        );
        assert!(!same(
            ("https://ani.blogspot.com/f", None),
            ("https://budi.blogspot.com/f", None)
        ));
        assert!(is_own(
            "https://kabar.example/a",
            "https://feeds.example/f",
            Some("https://kabar.example")
        ));
        assert!(!is_own(
            "https://kabar.example/a",
            "https://planet.example/f",
            Some("https://planet.example")
        ));
    }
}
