//! Which addresses belong to the reader's own machine and network, so that a public feed or page
//! cannot make Warta request them (server-side request forgery).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Whether an address names a host of the reader's own machine or network, judged by the name
/// alone: a literal private address, `localhost`, or a name that only a local network resolves
/// (`.local`, `.lan`, `.internal`, `.home.arpa` and the like, or no dot at all).
#[must_use]
pub fn is_private_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_private(ip.into()),
        Some(Host::Ipv6(ip)) => is_private(ip.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            let local = [
                ".localhost",
                ".local",
                ".localdomain",
                ".lan",
                ".internal",
                ".intranet",
                ".corp",
                ".home",
                ".home.arpa",
            ];
            !name.contains('.') || local.iter().any(|suffix| name.ends_with(suffix))
        }
        None => true,
    }
}

/// Whether an address names the machine itself.
pub(crate) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => {
            ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback())
        }
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// Whether an address is not globally routable (RFC 6890 and its registries). An IPv6 address that
/// embeds an IPv4 one counts as that one.
pub(crate) fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_special_v6(ip) || translated(ip).any(is_private_v4),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    // "This network", private networks, loopback, link-local, shared by a provider's customers.
    let is_inside = matches!(a, 0 | 10 | 127)
        || matches!(
            (a, b),
            (169, 254) | (172, 16..=31) | (192, 168) | (100, 64..=127)
        );
    // Protocol assignments, 6to4 relays, benchmarking, documentation.
    let is_special = matches!(
        (a, b, c),
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 18..=19, _) | (198, 51, 100) | (203, 0, 113)
    );
    // Multicast, reserved, broadcast.
    is_inside || is_special || a >= 224
}

fn is_special_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, ..] = ip.segments();
    // Unique local, link-local, site-local, multicast.
    a & 0xfe00 == 0xfc00
        || a & 0xff80 == 0xfe80
        || a & 0xff00 == 0xff00
        // Discard-only and dummy prefixes, segment routing.
        || (a == 0x0100 && b == 0 && c == 0)
        || a == 0x5f00
        // Protocol assignments, which include Teredo and benchmarking; documentation.
        || (a == 0x2001 && b < 0x0200)
        || (a == 0x2001 && b == 0x0db8)
        || (a == 0x3fff && b < 0x1000)
}

/// The IPv4 addresses that an IPv6 address may embed.
fn translated(ip: Ipv6Addr) -> impl Iterator<Item = Ipv4Addr> {
    let segments = ip.segments();
    let octets = ip.octets();
    let at = |places: [usize; 4]| Some(Ipv4Addr::from(places.map(|place| octets[place])));
    let last = at([12, 13, 14, 15]);
    let mut found = [None; 4];
    match segments {
        // Compatible, which includes `::` and `::1`; mapped; SIIT (RFC 2765); NAT64 (RFC 6052);
        // ISATAP (RFC 5214 § 6.1).
        [0, 0, 0, 0, 0, 0 | 0xffff, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, ..]
        | [.., 0 | 0x0200, 0x5efe, _, _] => found[0] = last,
        // Local-use NAT64, with any prefix length (RFC 6052 § 2.2, RFC 8215).
        [0x64, 0xff9b, 1, ..] => {
            let ends_at = |end: usize| octets[end..].iter().all(|octet| *octet == 0);
            found = [
                last.filter(|_| !ends_at(12)),
                at([9, 10, 11, 12]).filter(|_| ends_at(13)),
                at([7, 9, 10, 11]).filter(|_| ends_at(12)),
                at([6, 7, 9, 10]).filter(|_| ends_at(11)),
            ];
        }
        // 6to4 (RFC 3056).
        [0x2002, ..] => found[0] = at([2, 3, 4, 5]),
        _ => {}
    }
    found.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_recognised_in_every_form() {
        let private = [
            "0.0.0.0",
            "0.1.2.3",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.251",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::2",
            "::127.0.0.1",
            "::192.168.1.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "::ffff:0:192.168.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::127.0.0.1",
            "64:ff9b:1:ffff:ffff:ffff:10.0.0.1",
            "64:ff9b:1:7f00:0:100::",
            "64:ff9b:1:c0:a8:101::",
            "64:ff9b:1:0:c0:a801:100:0",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2002:a00:1:5:1:2:3:4",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "feff::1",
            "ff02::fb",
            "2a00::5efe:10.0.0.1",
            "2a00::200:5efe:127.0.0.1",
        ];
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:93.184.216.34",
            "::ffff:0:93.184.216.34",
            "64:ff9b::93.184.216.34",
            "64:ff9b:1::93.184.216.34",
            "64:ff9b:1:5db8:d8:2200::",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2002:5db8:d822::1",
            "2606:2800:220:1::1",
            "2a00:1450:4009::5efe:1",
        ];
        for address in private {
            assert!(is_private(address.parse().unwrap()), "{address}");
        }
        for address in public {
            assert!(!is_private(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn private_hosts_are_recognised_by_name() {
        for (url, private) in [
            ("http://localhost/", true),
            ("http://a.localhost./", true),
            ("http://nas.local/", true),
            ("http://mesin.localdomain/", true),
            ("http://wiki.corp/", true),
            ("http://router/", true),
            ("http://2130706433/", true),
            ("http://0x7f.1/", true),
            ("http://[64:ff9b::127.0.0.1]/", true),
            ("https://kabar.example/", false),
            ("https://local.kabar.example/", false),
        ] {
            assert_eq!(is_private_host(&Url::parse(url).unwrap()), private, "{url}");
        }
    }
}
