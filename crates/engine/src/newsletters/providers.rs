//! The IMAP servers of large mail providers, and the usual server of other domains.

use crate::api::{MailGuess, MailSecurity};

/// A provider: its server, whether it wants app passwords, and its domains.
const PROVIDERS: [(&str, bool, &[&str]); 12] = [
    ("imap.gmail.com", true, &["gmail.com", "googlemail.com"]),
    (
        "imap.mail.yahoo.com",
        true,
        &["yahoo.com", "yahoo.co.id", "ymail.com", "rocketmail.com"],
    ),
    (
        "imap.mail.me.com",
        true,
        &["icloud.com", "me.com", "mac.com"],
    ),
    ("imap.fastmail.com", true, &["fastmail.com", "fastmail.fm"]),
    ("imap.zoho.com", true, &["zoho.com", "zohomail.com"]),
    ("imap.aol.com", true, &["aol.com"]),
    ("imap.yandex.com", true, &["yandex.com", "yandex.ru"]),
    ("imap.gmx.com", false, &["gmx.com"]),
    (
        "imap.gmx.net",
        false,
        &["gmx.de", "gmx.net", "gmx.at", "gmx.ch"],
    ),
    ("imap.web.de", false, &["web.de"]),
    ("imap.mailbox.org", false, &["mailbox.org"]),
    ("posteo.de", false, &["posteo.de", "posteo.net"]),
];

/// The usual server of a mail address; `None` if it has no domain.
pub(super) fn guess(address: &str) -> Option<MailGuess> {
    let (_, domain) = address.trim().rsplit_once('@')?;
    let domain = domain.to_lowercase();
    let is_domain = domain.contains('.')
        && !domain.starts_with('.')
        && domain
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    if !is_domain {
        return None;
    }
    let known = PROVIDERS
        .iter()
        .find(|(_, _, domains)| domains.contains(&domain.as_str()));
    Some(MailGuess {
        host: known.map_or_else(|| format!("imap.{domain}"), |(host, ..)| (*host).to_owned()),
        port: 993,
        security: MailSecurity::Tls,
        needs_app_password: known.is_some_and(|(_, needs, _)| *needs),
        is_known: known.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::guess;

    #[test]
    fn the_server_is_guessed_by_the_domain() {
        for (address, host, known) in [
            ("ani@gmail.com", Some("imap.gmail.com"), true),
            (" Ani@Yahoo.CO.ID ", Some("imap.mail.yahoo.com"), true),
            ("ani@kabar.example", Some("imap.kabar.example"), false),
            ("ani", None, false),
            ("ani@", None, false),
            ("ani@a b.c", None, false),
        ] {
            let found = guess(address);
            assert_eq!(found.as_ref().map(|g| g.host.as_str()), host, "{address}");
            assert_eq!(found.is_some_and(|g| g.is_known), known, "{address}");
        }
    }
}
