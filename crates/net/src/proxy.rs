//! Which targets are reached through a proxy, and the proxies' host names. The same rules as the
//! HTTP library's own, which it does not expose.

use std::collections::HashSet;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::request::Proxy;

/// The proxies of one setting.
#[derive(Debug)]
pub(crate) struct Proxies {
    rule: Rule,
    hosts: Arc<HashSet<String>>,
}

#[derive(Debug)]
enum Rule {
    Never,
    Always(ProxyKind),
    System(Box<Matcher>),
}

/// The proxy that a target is reached through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProxyKind {
    /// Whether it takes the target's address, resolved here, instead of its name.
    pub(crate) wants_addresses: bool,
}

impl ProxyKind {
    fn by_scheme(scheme: &str) -> Self {
        Self {
            wants_addresses: matches!(scheme, "socks4" | "socks5"),
        }
    }
}

impl Proxies {
    pub(crate) fn of(proxy: &Proxy) -> Self {
        let mut hosts = HashSet::new();
        let rule = match proxy {
            Proxy::None => Rule::Never,
            Proxy::At(address) => {
                let url = match Url::parse(address) {
                    Ok(url) if url.has_host() => Some(url),
                    // Without a scheme it is an http proxy, as in the HTTP library.
                    _ => Url::parse(&format!("http://{address}")).ok(),
                };
                let scheme = url.as_ref().map_or("http", Url::scheme);
                hosts.extend(url.as_ref().and_then(host));
                Rule::Always(ProxyKind::by_scheme(scheme))
            }
            Proxy::System => {
                let matcher = Matcher::from_system();
                for target in ["http://kabar.example/", "https://kabar.example/"] {
                    let found = matcher.intercept(&http::Uri::from_static(target));
                    let proxy = found.and_then(|found| Url::parse(&found.uri().to_string()).ok());
                    hosts.extend(proxy.as_ref().and_then(host));
                }
                Rule::System(Box::new(matcher))
            }
        };
        Self {
            rule,
            hosts: Arc::new(hosts),
        }
    }

    /// The names of the proxies themselves.
    pub(crate) fn hosts(&self) -> &Arc<HashSet<String>> {
        &self.hosts
    }

    /// The proxy that an address is reached through; none where it is reached directly.
    pub(crate) fn of_target(&self, url: &Url) -> Option<ProxyKind> {
        match &self.rule {
            Rule::Never => None,
            Rule::Always(through) => Some(*through),
            Rule::System(matcher) => {
                let target: http::Uri = url.as_str().parse().ok()?;
                let found = matcher.intercept(&target)?;
                Some(ProxyKind::by_scheme(
                    found.uri().scheme_str().unwrap_or("http"),
                ))
            }
        }
    }
}

fn host(url: &Url) -> Option<String> {
    url.host_str().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_and_their_host_names_are_recognised() {
        let target = Url::parse("https://kabar.example/rss").unwrap();
        for (address, host, wants_addresses) in [
            ("http://proxy.lan:3128", "proxy.lan", false),
            (
                "https://proxy.kantor.example",
                "proxy.kantor.example",
                false,
            ),
            ("socks5h://Tor:9050", "tor", false),
            ("socks5://nas.local:1080", "nas.local", true),
            ("proxy.lan:3128", "proxy.lan", false),
        ] {
            let proxies = Proxies::of(&Proxy::At(address.into()));
            assert!(proxies.hosts().contains(host), "{address}: {proxies:?}");
            let through = proxies.of_target(&target).unwrap();
            assert_eq!(through.wants_addresses, wants_addresses, "{address}");
        }
        let none = Proxies::of(&Proxy::None);
        assert_eq!(none.of_target(&target), None);
        assert!(none.hosts().is_empty());
    }
}
