//! Which hosts belong to one publisher.

/// The site that a publisher's host belongs to, so that its sections count as one publisher. A name
/// that is not a host stays as it is, in lower case.
pub(crate) fn publisher_site(publisher: &str) -> String {
    let host = publisher.trim().trim_end_matches('.').to_lowercase();
    if host.contains(char::is_whitespace) || !host.contains('.') {
        return host;
    }
    let labels: Vec<&str> = host.split('.').collect();
    let shared = labels.len() > 2
        && labels[labels.len() - 1].len() == 2
        && SECOND_LEVEL.contains(&labels[labels.len() - 2]);
    let own = if shared || HOSTERS.iter().any(|hoster| host.ends_with(hoster)) {
        3
    } else {
        2
    };
    labels[labels.len().saturating_sub(own)..].join(".")
}

/// Second-level domains under which a country registers sites, such as `co` in `co.id`.
const SECOND_LEVEL: [&str; 16] = [
    "co", "com", "go", "gov", "ac", "edu", "or", "org", "net", "web", "sch", "my", "mil", "desa",
    "biz", "ne",
];

/// Hosting domains whose subdomains are independent sites.
const HOSTERS: [&str; 6] = [
    ".blogspot.com",
    ".wordpress.com",
    ".substack.com",
    ".medium.com",
    ".github.io",
    ".tumblr.com",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_a_site_are_one_publisher() {
        for (publisher, expected) in [
            ("news.detik.com", "detik.com"),
            ("www.antaranews.com", "antaranews.com"),
            ("bola.okezone.co.id", "okezone.co.id"),
            ("kabarku.blogspot.com", "kabarku.blogspot.com"),
            ("Harian Suluh", "harian suluh"),
            ("St. Louis Post", "st. louis post"),
            ("", ""),
        ] {
            assert_eq!(publisher_site(publisher), expected);
        }
    }
}
