//! Names of channels as people write them, without an address: `@name@server`, `r/name`,
//! `tg://resolve?domain=name`.

use url::Url;

/// The address, without a scheme if it may have any, that a typed name of a channel stands for.
///
/// `@user@server` is an account of the fediverse, `@handle.domain` one of Bluesky, `@name` a handle
/// of YouTube; `r/name` and `u/name` are Reddit's; `did:plc:…` and `at://…` (AT Protocol) are
/// Bluesky's; `tg:` links are Telegram's.
#[must_use]
pub fn shorthand(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.contains(char::is_whitespace) {
        return None;
    }
    let lower = typed.to_ascii_lowercase();
    if lower.starts_with("tg:") {
        return telegram(typed);
    }
    if lower.starts_with("did:plc:") || lower.starts_with("did:web:") {
        return Some(format!("https://bsky.app/profile/{typed}"));
    }
    if lower.starts_with("at://") {
        let name = typed[5..].trim_start_matches('@').split('/').next()?;
        return (!name.is_empty()).then(|| format!("https://bsky.app/profile/{name}"));
    }
    if let Some(rest) = typed.strip_prefix('@') {
        return handle(rest);
    }
    // `acct:` is how WebFinger writes an account (RFC 7565).
    if lower.starts_with("acct:") {
        return handle(typed[5..].trim_start_matches('@')).filter(|_| typed.contains('@'));
    }
    let reddit = typed.strip_prefix('/').unwrap_or(typed);
    let (kind, name) = reddit.split_once('/')?;
    let name = name.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+');
    (matches!(kind, "r" | "R" | "u" | "U") && !name.is_empty() && name.chars().all(plain)).then(
        || {
            let kind = if kind.eq_ignore_ascii_case("r") {
                "r"
            } else {
                "user"
            };
            format!("https://www.reddit.com/{kind}/{name}")
        },
    )
}

/// What follows an `@`.
fn handle(name: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if let Some((user, server)) = name.split_once('@') {
        let is_user = !user.is_empty() && user.chars().all(plain);
        let is_server = |c: char| plain(c) || c == ':';
        let named = server.contains('.') && server.chars().all(is_server);
        return (is_user && named).then(|| format!("{server}/@{user}"));
    }
    if name.is_empty() || !name.chars().all(plain) {
        return None;
    }
    Some(match name.split_once('.') {
        Some((first, rest)) if !first.is_empty() && !rest.is_empty() => {
            format!("https://bsky.app/profile/{name}")
        }
        _ => format!("https://www.youtube.com/@{name}"),
    })
}

/// `tg://resolve?domain=NAME` and `tg:resolve?domain=NAME`.
fn telegram(typed: &str) -> Option<String> {
    let url = Url::parse(typed).ok()?;
    let (_, name) = url.query_pairs().find(|(key, _)| key == "domain")?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let is_resolve = typed.to_ascii_lowercase().contains("resolve");
    (is_resolve && !name.is_empty() && name.bytes().all(plain))
        .then(|| format!("https://t.me/{name}"))
}
