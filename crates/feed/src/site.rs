//! A page's URL as the rules for known sites see it.

use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::model::FeedLink;

/// A feed that a rule implies.
pub(crate) fn link(title: &str, url: impl Into<String>) -> FeedLink {
    FeedLink {
        url: url.into(),
        title: Some(title.to_owned()).filter(|title| !title.is_empty()),
        media_type: None,
    }
}

/// A parsed page URL.
pub(crate) struct Site<'a> {
    pub(crate) url: &'a Url,
    /// Without `www.` and the like.
    pub(crate) host: &'a str,
    /// Path segments.
    pub(crate) path: &'a [&'a str],
}

impl Site<'_> {
    /// A value of the query that may be put into another URL as it is.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        // A value put into another URL must not end a part of it.
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
        self.text(name).filter(|value| value.chars().all(plain))
    }

    /// A value of the query, decoded.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let mut pairs = self.url.query_pairs();
        let (_, value) = pairs.find(|(n, _)| n == name)?;
        Some(value.into_owned()).filter(|value| !value.is_empty())
    }

    /// A feed for the first part of the path, such as a user.
    pub(crate) fn one_each(&self, before: &str, after: &str) -> Vec<FeedLink> {
        match self.path {
            [name] => vec![link(name, format!("{before}{name}{after}"))],
            _ => Vec::new(),
        }
    }

    /// The origin of the site: `usual`, unless the URL names a port.
    pub(crate) fn own_origin(&self, usual: &str) -> String {
        own_origin(self.url, usual)
    }

    /// The origin of another host. The URL's own host stays where it is if the URL names a port;
    /// otherwise the web is https.
    pub(crate) fn origin(&self, host: &str) -> String {
        let own = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) if host == own => format!("{}://{host}:{port}", self.url.scheme()),
            _ => format!("https://{host}"),
        }
    }
}

/// The origin of a page's site: `usual`, unless its URL names a port.
pub(crate) fn own_origin(url: &Url, usual: &str) -> String {
    match (url.port(), url.host_str()) {
        (Some(port), Some(host)) => format!("{}://{host}:{port}", url.scheme()),
        _ => usual.to_owned(),
    }
}

/// A text as a value of a query.
pub(crate) fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
