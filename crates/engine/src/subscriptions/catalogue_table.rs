//! Reads the table of the catalogue (`data/catalogue.tsv`, whose head describes its columns).

use url::Url;

use crate::api::AddressKind;

/// The built-in table.
pub(crate) const BUILT_IN: &str = include_str!("../../data/catalogue.tsv");

/// The host of feeds of searches of Google News.
const GOOGLE_NEWS: &str = "news.google.com";

/// A publisher, or a section of one.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) publisher: String,
    /// Empty for the whole publisher.
    pub(crate) section: String,
    pub(crate) topics: Vec<String>,
    pub(crate) language: String,
    pub(crate) country: String,
    pub(crate) region: String,
    pub(crate) city: String,
    pub(crate) site: String,
    /// In order of trust.
    pub(crate) addresses: Vec<Address>,
}

/// Where a publisher's articles may be found.
#[derive(Debug)]
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) kind: AddressKind,
}

impl Row {
    /// The name that identifies the row.
    pub(crate) fn title(&self) -> String {
        if self.section.is_empty() {
            self.publisher.clone()
        } else {
            format!("{}: {}", self.publisher, self.section)
        }
    }
}

/// The rows of a table, in its order. Lines that begin with `#` and the line of column names are
/// left out.
pub(crate) fn rows(table: &str) -> Vec<Row> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(row)
        .collect()
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.split('\t').map(|cell| cell.trim().to_owned());
    let mut next = || cells.next().unwrap_or_default();
    let (publisher, section, topics) = (next(), next(), next());
    let (language, country, region, city) = (next(), next(), next(), next());
    let (site, listed) = (next(), next());
    let mut addresses: Vec<Address> = listed.split_whitespace().map(listed_address).collect();
    if section.is_empty() && !site.is_empty() {
        let before = |address: &Address| address.kind == AddressKind::Search;
        let at = addresses.iter().position(before).unwrap_or(addresses.len());
        let url = site.clone();
        let kind = AddressKind::Site;
        addresses.insert(at, Address { url, kind });
    }
    (!publisher.is_empty() && !addresses.is_empty()).then(|| Row {
        publisher,
        section,
        topics: topics.split(',').map(str::to_owned).collect(),
        language,
        country,
        region,
        city,
        site,
        addresses,
    })
}

fn listed_address(url: &str) -> Address {
    let parsed = Url::parse(url).ok();
    let is_search = parsed.as_ref().and_then(Url::host_str) == Some(GOOGLE_NEWS);
    let kind = if is_search {
        AddressKind::Search
    } else if parsed.is_some_and(|url| url.path().contains("sitemap")) {
        AddressKind::Sitemap
    } else {
        AddressKind::Feed
    };
    Address {
        url: url.to_owned(),
        kind,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

    use super::*;

    const TOPICS: [&str; 16] = [
        "business",
        "culture",
        "entertainment",
        "environment",
        "factcheck",
        "general",
        "health",
        "lifestyle",
        "opinion",
        "politics",
        "regional",
        "religion",
        "science",
        "sport",
        "technology",
        "world",
    ];
    const LANGUAGES: [&str; 28] = [
        "ar", "bn", "cs", "da", "de", "en", "es", "fi", "fr", "hi", "hu", "id", "it", "ja", "ko",
        "ms", "nb", "nl", "pl", "pt", "ru", "sv", "tet", "th", "tr", "uk", "vi", "zh",
    ];
    /// The provinces of Indonesia (ISO 3166-2:ID).
    const PROVINCES: [&str; 38] = [
        "ID-AC", "ID-BA", "ID-BB", "ID-BE", "ID-BT", "ID-GO", "ID-JA", "ID-JB", "ID-JI", "ID-JK",
        "ID-JT", "ID-KB", "ID-KI", "ID-KR", "ID-KS", "ID-KT", "ID-KU", "ID-LA", "ID-MA", "ID-MU",
        "ID-NB", "ID-NT", "ID-PA", "ID-PB", "ID-PD", "ID-PE", "ID-PS", "ID-PT", "ID-RI", "ID-SA",
        "ID-SB", "ID-SG", "ID-SN", "ID-SR", "ID-SS", "ID-ST", "ID-SU", "ID-YO",
    ];
    /// Services that publish feeds for others.
    const SERVICES: [&str; 2] = [GOOGLE_NEWS, "feeds.feedburner.com"];
    /// Hosts of publishers on other domains than their sites, with their sites' domains.
    const OTHER_HOSTS: [(&str, &str); 7] = [
        ("e00-elmundo.uecdn.es", "elmundo.es"),
        ("feeds.a.dj.com", "wsj.com"),
        ("feeds.bbci.co.uk", "bbc.com"),
        ("feeds.content.dowjones.io", "wsj.com"),
        ("feeds.skynews.com", "sky.com"),
        ("news.mongabay.com", "mongabay.co.id"),
        ("www.francetvinfo.fr", "franceinfo.fr"),
    ];
    /// Second-level domains under which anyone registers a name.
    const SHARED: [&str; 9] = ["ac", "co", "com", "edu", "go", "gov", "net", "or", "org"];
    /// Tracking parameters, which tell a publisher where its readers come from.
    const TRACKING: [&str; 7] = [
        "utm_", "fbclid", "gclid", "partner", "source", "ref", "campaign",
    ];

    fn built_in() -> Vec<Row> {
        rows(BUILT_IN)
    }

    fn parsed(url: &str) -> Url {
        Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    /// The part of a host that its owner registered.
    fn registered(host: &str) -> String {
        let labels: Vec<&str> = host.split('.').collect();
        let is_shared = labels.len() > 2 && SHARED.contains(&labels[labels.len() - 2]);
        let kept = if is_shared { 3 } else { 2 };
        labels[labels.len().saturating_sub(kept)..].join(".")
    }

    #[test]
    fn registered_domains_are_told_apart() {
        for (host, expected) in [
            ("rss.detik.com", "detik.com"),
            ("investasi.kontan.co.id", "kontan.co.id"),
            ("kompas.id", "kompas.id"),
            ("jalahoaks.jakarta.go.id", "jakarta.go.id"),
            ("rss.tempo.co", "tempo.co"),
            ("www.abc.net.au", "abc.net.au"),
        ] {
            assert_eq!(registered(host), expected, "{host}");
        }
    }

    #[test]
    fn every_address_is_well_formed_and_the_publishers_own() {
        for row in built_in() {
            let site = parsed(&row.site);
            let own = registered(site.host_str().unwrap());
            for address in row.addresses.iter().map(|address| &address.url) {
                let url = parsed(address);
                let host = url.host_str().unwrap();
                let of = row.title();
                assert_eq!(url.scheme(), "https", "{of}: {address}");
                assert_eq!(url.as_str(), address, "{of}: not in its normal form");
                assert_eq!(url.fragment(), None, "{of}: {address}");
                assert_eq!(url.port(), None, "{of}: {address}");
                assert!(
                    url.username().is_empty() && url.password().is_none(),
                    "{of}: {address}"
                );
                for (name, _) in url.query_pairs() {
                    assert!(
                        !TRACKING.iter().any(|tracking| name.starts_with(tracking)),
                        "{of}: {address} tells where its reader comes from"
                    );
                }
                assert!(
                    registered(host) == own
                        || SERVICES.contains(&host)
                        || OTHER_HOSTS.contains(&(host, own.as_str())),
                    "{of}: {host} is neither its publisher's nor a known service"
                );
            }
        }
    }

    #[test]
    fn addresses_are_listed_once_and_in_order_of_trust() {
        let mut listed: HashMap<String, String> = HashMap::new();
        for row in built_in() {
            let mut kinds = Vec::new();
            for address in &row.addresses {
                let other = listed.insert(address.url.clone(), row.title());
                assert_eq!(other, None, "{} is listed twice", address.url);
                kinds.push(address.kind);
            }
            let sorted = {
                let mut sorted = kinds.clone();
                sorted.sort_by_key(|kind| match kind {
                    AddressKind::Feed => 0,
                    AddressKind::Sitemap => 1,
                    AddressKind::Site => 2,
                    AddressKind::Search => 3,
                });
                sorted
            };
            assert_eq!(kinds, sorted, "{}", row.title());
            let searches = kinds.iter().filter(|kind| **kind == AddressKind::Search);
            let feeds = kinds.iter().filter(|kind| **kind == AddressKind::Feed);
            assert!(
                searches.count() == 0 || feeds.count() == 0,
                "{}: a search is only for publishers without a known feed",
                row.title()
            );
        }
    }

    #[test]
    fn every_row_is_complete_and_its_words_are_known() {
        let mut titles = HashSet::new();
        for row in built_in() {
            let title = row.title();
            assert!(!row.topics.is_empty(), "{title}");
            for topic in &row.topics {
                assert!(TOPICS.contains(&topic.as_str()), "{title}: {topic}");
            }
            let language = row.language.as_str();
            assert!(LANGUAGES.contains(&language), "{title}: {language}");
            let country = row.country.as_str();
            let is_code = country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase());
            assert!(country.is_empty() || is_code, "{title}: {country}");
            let region = row.region.as_str();
            assert!(
                (country == "ID") == (region.starts_with("ID-")) || region.is_empty(),
                "{title}: {region}"
            );
            assert!(
                !region.starts_with("ID-") || PROVINCES.contains(&region),
                "{title}: {region}"
            );
            assert!(
                row.city.is_empty() || !region.is_empty(),
                "{title}: a city is in a region"
            );
            assert!(titles.insert(title.clone()), "{title} is listed twice");
        }
        let lines = BUILT_IN.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(
            lines.clone().count() - 1,
            titles.len(),
            "every line is read"
        );
        for line in lines {
            assert_eq!(line.matches('\t').count(), 8, "{line}");
        }
    }

    #[test]
    fn at_least_300_publishers_cover_every_province() {
        let rows = built_in();
        let publishers: Vec<&Row> = rows.iter().filter(|row| row.section.is_empty()).collect();
        assert!(publishers.len() >= 300, "{}", publishers.len());
        let sites: BTreeSet<&str> = publishers.iter().map(|row| row.site.as_str()).collect();
        assert_eq!(sites.len(), publishers.len(), "a site is one publisher's");
        let mut regional: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &publishers {
            if row.topics.iter().any(|topic| topic == "regional") {
                *regional.entry(row.region.as_str()).or_default() += 1;
            }
        }
        for province in PROVINCES {
            assert!(
                regional.contains_key(province),
                "{province} has no publisher"
            );
        }
        let first_abroad = rows.iter().position(|row| row.country != "ID");
        let last_indonesian = rows.iter().rposition(|row| row.country == "ID");
        assert!(last_indonesian < first_abroad, "Indonesia comes first");
        let checks = publishers
            .iter()
            .filter(|row| row.topics.iter().any(|topic| topic == "factcheck"));
        assert!(checks.count() >= 10, "fact-checks are a topic");
    }
}
