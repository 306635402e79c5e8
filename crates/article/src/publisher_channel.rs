//! Recognises links to a publisher's WhatsApp Channel or Google News page.

use url::Url;

use crate::model::{ChannelKind, PublisherChannel};

/// The publisher channel that a link points to, if any.
#[must_use]
pub fn publisher_channel(link: &str) -> Option<PublisherChannel> {
    let url = Url::parse(link).ok()?;
    let host = url.host_str()?.trim_start_matches("www.");
    let path = url.path().trim_end_matches('/');
    let code = |prefix: &str| {
        let rest = path.strip_prefix(prefix)?.split('/').next()?;
        let fits = (4..=300).contains(&rest.len())
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        fits.then(|| rest.to_owned())
    };
    match host {
        "whatsapp.com" | "wa.me" => {
            let code = code("/channel/")?;
            Some(PublisherChannel {
                kind: ChannelKind::WhatsappChannel,
                url: format!("https://whatsapp.com/channel/{code}"),
            })
        }
        "news.google.com" => {
            let code = code("/publications/")?;
            Some(PublisherChannel {
                kind: ChannelKind::GoogleNews,
                url: format!("https://news.google.com/publications/{code}"),
            })
        }
        _ => None,
    }
}
