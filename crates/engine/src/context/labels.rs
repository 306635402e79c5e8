//! Titles, hosts and icons of feeds, held in memory so that lists need no disk access.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use url::Url;
use warta_store::{Feed, FeedId};

/// A feed's label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) title: String,
    pub(crate) host: Option<String>,
    pub(crate) site: Option<String>,
    pub(crate) icon_url: Option<String>,
}

impl Label {
    /// The publisher's key for the story crate: its site, so that two feeds of one publisher count
    /// as one.
    pub(crate) fn key(&self) -> &str {
        self.host.as_deref().unwrap_or(&self.title)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Labels(RwLock<HashMap<FeedId, Arc<Label>>>);

impl Labels {
    pub(crate) fn of(feeds: &[Feed]) -> Self {
        Self(RwLock::new(
            feeds
                .iter()
                .map(|feed| (feed.id, Arc::new(name(feed))))
                .collect(),
        ))
    }

    pub(crate) fn get(&self, id: FeedId) -> Option<Arc<Label>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }

    /// The title of a feed whose publisher has this key.
    pub(crate) fn titled(&self, key: &str) -> Option<String> {
        let names = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let name = names.values().find(|name| name.key() == key)?;
        Some(name.title.clone())
    }

    /// Removes a feed after unsubscribing.
    pub(crate) fn forget(&self, id: FeedId) {
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        names.remove(&id);
    }

    /// Updates a feed's label; returns whether it changed.
    pub(crate) fn learn(&self, feed: &Feed) -> bool {
        let new = Arc::new(name(feed));
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        names
            .insert(feed.id, Arc::clone(&new))
            .is_none_or(|old| old != new)
    }
}

fn name(feed: &Feed) -> Label {
    let site = feed
        .facts
        .site
        .clone()
        .filter(|site| site.starts_with("http"));
    let host = site
        .as_deref()
        .and_then(host_of)
        .or_else(|| host_of(&feed.url));
    Label {
        title: title(feed),
        host,
        icon_url: icon_url(feed),
        site,
    }
}

/// The reader's name for the feed, else the feed's title, else its host, else its URL.
pub(crate) fn title(feed: &Feed) -> String {
    feed.custom_title
        .clone()
        .or_else(|| feed.facts.title.clone())
        .filter(|title| !title.trim().is_empty())
        .or_else(|| host_of(&feed.url))
        .unwrap_or_else(|| without_credentials(&feed.url))
}

/// URL of the feed's icon: as given by the feed, else `favicon.ico`.
pub(crate) fn icon_url(feed: &Feed) -> Option<String> {
    feed.facts.icon_url.clone().or_else(|| {
        let site = feed.facts.site.as_deref().unwrap_or(&feed.url);
        Url::parse(site)
            .ok()?
            .join("/favicon.ico")
            .ok()
            .map(Into::into)
    })
}

/// The host, without a leading `www.`.
pub(crate) fn host_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}

/// The URL without user name and password, for display.
pub(crate) fn without_credentials(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else {
        return url.to_owned();
    };
    if parsed.username().is_empty() && parsed.password().is_none() {
        return url.to_owned();
    }
    // Both fail only for URLs that cannot have credentials.
    let _ = parsed.set_username("");
    let _ = parsed.set_password(None);
    parsed.into()
}

/// Splits a URL into the URL without credentials, and the name and password.
pub(crate) fn login_apart(url: &Url) -> (String, Option<(String, String)>) {
    let part = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };
    let login = (!url.username().is_empty() || url.password().is_some()).then(|| {
        (
            part(url.username()),
            part(url.password().unwrap_or_default()),
        )
    });
    (without_credentials(url.as_str()), login)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_never_shown() {
        assert_eq!(
            without_credentials("https://ani:rahasia@e.org/f"),
            "https://e.org/f"
        );
        assert_eq!(without_credentials("https://e.org/f"), "https://e.org/f");
        assert_eq!(without_credentials("bukan alamat"), "bukan alamat");
    }
}
