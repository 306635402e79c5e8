//! Links of a page: tidied, compared, and told apart by their form.

use url::Url;
use warta_text::letters_only;

/// Query parameters that only say where a link was clicked, on any site.
const TRACKING: [&str; 24] = [
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "yclid",
    "igshid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "cmpid",
    "icid",
    "intcid",
    "intcmp",
    "ito",
    "ocid",
    "ncid",
    "s_cid",
    "xtor",
    "tag_from",
    "jxrecoid",
    "traffic_source",
    "wt_mc",
    "spm",
];
/// Beginnings of such parameters.
const TRACKING_PREFIXES: [&str; 8] = [
    "utm_", "itm_", "mtm_", "pk_", "at_", "hsa_", "int_", "stat_",
];
/// Parameters that track where the rest of the address names the page already.
const MAYBE_TRACKING: [&str; 14] = [
    "ref", "referrer", "source", "src", "from", "via", "cid", "cmp", "pos", "position", "click",
    "origin", "campaign", "amp",
];
/// Parameters with the id of a session.
const SESSIONS: [&str; 5] = [
    "phpsessid",
    "jsessionid",
    "sid",
    "sessionid",
    "aspsessionid",
];

/// Second-level domains below which sites register, such as `co.id`.
const SECOND_LEVELS: [&str; 22] = [
    "co", "com", "go", "ac", "or", "web", "sch", "net", "org", "gov", "edu", "my", "desa", "mil",
    "ne", "biz", "gob", "gouv", "govt", "asso", "nom", "ponpes",
];
/// Hosts below which every name is a site of its own.
const SHARED: [&str; 9] = [
    "blogspot.com",
    "wordpress.com",
    "github.io",
    "substack.com",
    "tumblr.com",
    "medium.com",
    "netlify.app",
    "pages.dev",
    "livejournal.com",
];
/// Hosts that serve or count advertisements.
const ADVERTISERS: [&str; 16] = [
    "doubleclick.net",
    "googleadservices.com",
    "googlesyndication.com",
    "taboola.com",
    "outbrain.com",
    "mgid.com",
    "adnxs.com",
    "criteo.com",
    "revcontent.com",
    "zergnet.com",
    "plista.com",
    "adjust.com",
    "onelink.me",
    "teads.tv",
    "popin.cc",
    "adskom.com",
];

/// The link without fragment, session and tracking parameters. A fragment stays where it makes a
/// page of its own (`#!`), or names a part of `page`, as the updates of a live blog do.
pub(super) fn tidied(mut url: Url, page: Option<&Url>) -> Url {
    let is_update = |fragment: &str| {
        fragment.starts_with('!')
            || fragment.starts_with('/')
            || page.is_some_and(|page| same_document(page, &url))
    };
    if !url.fragment().is_some_and(is_update) {
        url.set_fragment(None);
    }
    if let Some(at) = url.path().to_ascii_lowercase().find(";jsessionid=") {
        let path = url.path()[..at].to_owned();
        url.set_path(&path);
    }
    if let Some(query) = url.query().map(str::to_owned) {
        let names_page = url.path().trim_matches('/').contains('/')
            || url.path().len() > 16
            || query.contains('&');
        let is_kept = |pair: &&str| {
            let name = pair.split('=').next().unwrap_or_default();
            let name = name.to_ascii_lowercase();
            let tracks = TRACKING.contains(&&*name)
                || SESSIONS.contains(&&*name)
                || TRACKING_PREFIXES
                    .iter()
                    .any(|start| name.starts_with(start))
                || names_page && MAYBE_TRACKING.contains(&&*name);
            !pair.is_empty() && !tracks
        };
        let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
        url.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    }
    url
}

fn same_document(one: &Url, two: &Url) -> bool {
    one.host_str() == two.host_str() && one.path() == two.path() && one.query() == two.query()
}

/// What two links to one page share: neither scheme, `www.`, `m.`, `amp.` nor a closing slash.
pub(super) fn identity(url: &Url) -> String {
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/amp").unwrap_or(path);
    let mut id = bare_host(url).to_owned();
    if let Some(port) = url.port() {
        id.push(':');
        id.push_str(&port.to_string());
    }
    id.push_str(path);
    for (mark, part) in [('?', url.query()), ('#', url.fragment())] {
        if let Some(part) = part {
            id.push(mark);
            id.push_str(part);
        }
    }
    id
}

/// The host without the prefixes of mobile and AMP pages.
fn bare_host(url: &Url) -> &str {
    let mut host = url.host_str().unwrap_or_default();
    while let Some(rest) = ["www.", "m.", "amp.", "mobile."]
        .iter()
        .find_map(|prefix| host.strip_prefix(prefix).filter(|rest| rest.contains('.')))
    {
        host = rest;
    }
    host
}

/// The site that a link leads to: the registered domain, by the usual second levels.
pub(super) fn site(url: &Url) -> String {
    let Some(host) = url.domain() else {
        // An IP address.
        return url.host_str().unwrap_or_default().to_owned();
    };
    let labels: Vec<&str> = host.rsplit('.').collect();
    let is_shared = SHARED.iter().any(|shared| host.ends_with(shared));
    let registered = match labels[..] {
        [_, _, _, ..] if is_shared => 3,
        [top, second, _, ..] if top.len() == 2 && SECOND_LEVELS.contains(&second) => 3,
        _ => 2,
    };
    let mut kept: Vec<&str> = labels.into_iter().take(registered).collect();
    kept.reverse();
    kept.join(".")
}

/// Whether the link leads to an advertiser, or through one.
pub(super) fn is_advertiser(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    ADVERTISERS.iter().any(|known| {
        host.strip_suffix(known)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Whether an address looks like that of one text: a date, a long number or a slug of several
/// words. From 0 (not at all) to 1.
pub(super) fn looks_like_text(url: &Url) -> f64 {
    let path = url.path().trim_matches('/');
    if path.is_empty() && url.query().is_none() {
        return 0.0;
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let words = last
        .split(['-', '_', '+', '.', '%'])
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2)
        .count();
    let longest_number = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit())
            .map(str::len)
            .max()
            .unwrap_or(0)
    };
    let query = url.query().unwrap_or_default();
    let number = longest_number(path).max(longest_number(query));
    let dated = crate::dates::date_in_address(url.as_str()).is_some();
    if is_listing(url) {
        return 0.1;
    }
    if words >= 4 || dated && words >= 1 {
        1.0
    } else if number >= 5 || words == 3 || dated {
        0.8
    } else if number >= 2 || query.contains("id=") || query.contains("p=") {
        0.5
    } else if path.contains('/') || words == 2 {
        0.3
    } else {
        0.1
    }
}

/// Whether an address names a listing: a tag, a topic, an author, a page of an index.
pub(super) fn is_listing(url: &Url) -> bool {
    let last = url.path().trim_end_matches('/').rsplit('/').next();
    if last.is_some_and(|last| last.matches('-').count() >= 4) {
        return false;
    }
    let mut segments = url.path().split('/').filter(|segment| !segment.is_empty());
    segments.any(|segment| {
        let word = segment.to_ascii_lowercase();
        matches!(
            &*word,
            "tag"
                | "tags"
                | "topic"
                | "topics"
                | "topik"
                | "category"
                | "categories"
                | "kategori"
                | "author"
                | "authors"
                | "penulis"
                | "user"
                | "users"
                | "profile"
                | "search"
                | "label"
                | "archives"
                | "indeks"
                | "index"
                | "page"
                | "rubrik"
                | "kanal"
                | "channel"
                | "section"
                | "login"
                | "register"
                | "about"
                | "contact"
        )
    })
}

/// The form of an address, for comparing those of one site: the kind of each part of its path.
pub(super) fn form(url: &Url) -> Vec<char> {
    let path = url.path().trim_matches('/');
    let mut form: Vec<char> = path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let digits = part.bytes().filter(u8::is_ascii_digit).count();
            let dashes = part.matches(['-', '_', '+']).count();
            if digits == part.len() {
                'n'
            } else if dashes >= 3 || part.len() > 30 {
                's'
            } else if digits * 2 >= part.len() {
                'i'
            } else {
                'w'
            }
        })
        .collect();
    let names = url
        .query_pairs()
        .filter(|(_, value)| !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric()));
    form.extend(names.take(2).map(|_| 'q'));
    form
}

/// Whether the last part of an address repeats words of a title.
pub(super) fn spells(url: &Url, title: &str) -> bool {
    let last = url
        .path()
        .trim_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let slug = letters_only(last);
    let words: Vec<String> = title
        .split_whitespace()
        .map(letters_only)
        .filter(|word| word.chars().count() >= 4)
        .collect();
    let found = words.iter().filter(|word| slug.contains(&***word)).count();
    found >= 2 && found * 2 >= words.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect(text)
    }

    #[test]
    fn links_are_tidied() {
        for (link, expected) in [
            (
                "https://e.org/a?utm_source=x&id=3&fbclid=1",
                "https://e.org/a?id=3",
            ),
            (
                "https://e.org/a/long-slug?ref=home",
                "https://e.org/a/long-slug",
            ),
            ("https://e.org/a.php?from=9", "https://e.org/a.php?from=9"),
            (
                "https://e.org/a.php?id=4&from=9",
                "https://e.org/a.php?id=4",
            ),
            ("https://e.org/a#comments", "https://e.org/a"),
            ("https://e.org/#!/a/1", "https://e.org/#!/a/1"),
            (
                "https://e.org/live/x#update-7",
                "https://e.org/live/x#update-7",
            ),
            ("https://e.org/a;jsessionid=AB12?b=1", "https://e.org/a?b=1"),
            ("https://e.org/a.php?PHPSESSID=1", "https://e.org/a.php"),
        ] {
            let page = url("https://e.org/live/x");
            assert_eq!(tidied(url(link), Some(&page)).as_str(), expected, "{link}");
        }
    }

    #[test]
    fn two_links_to_one_page_have_one_identity() {
        let first = identity(&url("https://www.e.org/a/b/?x=1"));
        for link in [
            "http://e.org/a/b?x=1",
            "https://m.e.org/a/b/?x=1",
            "https://amp.e.org/a/b/amp?x=1",
        ] {
            assert_eq!(identity(&url(link)), first, "{link}");
        }
        for link in [
            "http://e.org/a/c?x=1",
            "http://e.org/a/b?x=2",
            "http://f.org/a/b?x=1",
            "http://e.org:81/a/b?x=1",
        ] {
            assert_ne!(identity(&url(link)), first, "{link}");
        }
    }

    #[test]
    fn sites_are_registered_domains() {
        for (link, expected) in [
            ("https://news.kabar.example/a", "kabar.example"),
            ("https://www.kabar.co.id/a", "kabar.co.id"),
            ("https://a.b.go.id", "b.go.id"),
            ("https://ani.blogspot.com/x", "ani.blogspot.com"),
            ("http://127.0.0.1:80/x", "127.0.0.1"),
        ] {
            assert_eq!(site(&url(link)), expected, "{link}");
        }
    }
}
