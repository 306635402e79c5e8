//! Google News links: the older ones contain the publisher's URL.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

/// The publisher's URL contained in a Google News link. Links made since mid-2024 contain only a
/// token that Google resolves: `None` for those.
///
/// The code is a protocol buffer in URL-safe base64: field 1 is 19, field 4 the address, and
/// another field may hold the address of its AMP page (observed; Google documents none of it).
pub(crate) fn publisher_address(address: &str) -> Option<String> {
    let code = article_code(address)?;
    let bytes = URL_SAFE_NO_PAD.decode(code.trim_end_matches('=')).ok()?;
    let rest = bytes.strip_prefix(&[0x08, 0x13, 0x22])?;
    let (length, rest) = varint(rest)?;
    let inner = std::str::from_utf8(rest.get(..length)?).ok()?;
    let found = Url::parse(inner).ok()?;
    matches!(found.scheme(), "http" | "https").then(|| inner.to_owned())
}

/// Whether an address is a Google News article link, which redirects to the publisher's page.
pub(crate) fn is_article(address: &str) -> bool {
    article_code(address).is_some()
}

/// The part of a Google News link that names the article.
fn article_code(address: &str) -> Option<String> {
    // Called for every link of every feed: a cheap test comes before parsing.
    if !address.contains("news.google.") {
        return None;
    }
    let url = Url::parse(address).ok()?;
    if url.host_str() != Some("news.google.com") {
        return None;
    }
    let mut parts = url.path_segments()?;
    parts.find(|part| *part == "articles" || *part == "read")?;
    Some(parts.next().filter(|code| !code.is_empty())?.to_owned())
}

/// A base-128 number and the rest of the bytes.
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (index, byte) in bytes.iter().take(3).enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(payload: &[u8]) -> String {
        let code = URL_SAFE_NO_PAD.encode(payload);
        format!("https://news.google.com/rss/articles/{code}?oc=5")
    }

    #[test]
    fn an_old_link_gives_the_publisher_address() {
        let address = format!("https://contoh.example/berita/{}", "a".repeat(150));
        for target in ["https://contoh.example/a?b=c", &address] {
            let mut payload = vec![0x08, 0x13, 0x22];
            if target.len() < 128 {
                payload.push(target.len() as u8);
            } else {
                payload.extend([
                    (target.len() & 0x7f) as u8 | 0x80,
                    (target.len() >> 7) as u8,
                ]);
            }
            payload.extend(target.as_bytes());
            payload.extend([0xd2, 0x01, 0x00]);
            assert_eq!(publisher_address(&link(&payload)).as_deref(), Some(target));
        }
    }

    #[test]
    fn a_new_link_and_a_strange_one_give_none() {
        let token = link(b"\x08\x13\x22\x08AU_yqLOx\xd2\x01\x00");
        assert!(article_code(&token).is_some());
        for address in [
            token.as_str(),
            "https://news.google.com/rss/articles/CBMi",
            "https://news.google.com/rss/articles/CBMi____________",
            "https://news.google.com/topics/x",
            "https://contoh.example/articles/CBMiHGh0dHBzOi8vY29udG9oLmV4YW1wbGUvYT9iPWM",
        ] {
            assert_eq!(publisher_address(address), None, "{address}");
        }
    }
}
