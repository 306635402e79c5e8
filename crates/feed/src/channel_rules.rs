//! Rules for channels of large platforms: YouTube, Telegram, Reddit, Bluesky, Mastodon and
//! compatible servers, and podcasts by the pages of apps. Facts about a platform that a rule relies
//! on are beside it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use crate::model::FeedLink;
use crate::site::{Site, encoded, link, own_origin};

const YOUTUBE: &str = "https://www.youtube.com";
/// Path of YouTube's feeds, which take a channel's id, an old user name or a playlist's id.
const YOUTUBE_FEED: &str = "/feeds/videos.xml";
const BLUESKY: &str = "https://bsky.app";
/// What the feed of a channel's long videos is called where it has no title.
const WITHOUT_SHORTS: &str = "YouTube: without Shorts";

/// The feeds of a YouTube channel that a page is about: all of its videos, and those that are not
/// Shorts.
pub(crate) fn youtube_channel(page: &Url, id: &str) -> Vec<FeedLink> {
    let origin = own_origin(page, YOUTUBE);
    let mut feeds = vec![link("", format!("{origin}{YOUTUBE_FEED}?channel_id={id}"))];
    // YouTube keeps a playlist of a channel's videos without Shorts and live streams, whose id is
    // the channel's with another beginning.
    if let Some(rest) = id.strip_prefix("UC").filter(|_| is_channel_id(id)) {
        let url = format!("{origin}{YOUTUBE_FEED}?playlist_id=UULF{rest}");
        feeds.push(link(WITHOUT_SHORTS, url));
    }
    feeds
}

/// Whether this is the id of a YouTube channel.
pub(crate) fn is_channel_id(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    id.len() == 24 && id.starts_with("UC") && id.bytes().all(plain)
}

/// Whether a feed is the one of a YouTube channel's videos without Shorts.
#[must_use]
pub fn is_without_shorts(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    url.host_str().is_some_and(is_youtube)
        && url.path() == YOUTUBE_FEED
        && url
            .query()
            .is_some_and(|q| q.starts_with("playlist_id=UULF"))
}

/// Why the channel of a page cannot be a feed, which its URL shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClosedChannel {
    /// Spotify publishes no feeds.
    Spotify,
    /// Messages of this channel, group or user of Telegram are not public.
    Telegram,
    /// YouTube asks for consent before it shows a page.
    YoutubeConsent,
}

/// Whether a page belongs to a channel that cannot be a feed.
#[must_use]
pub fn closed(url: &str) -> Option<ClosedChannel> {
    let url = Url::parse(url).ok()?;
    let path: Vec<&str> = url.path_segments()?.filter(|s| !s.is_empty()).collect();
    match (url.host_str()?, path.as_slice()) {
        ("open.spotify.com", [first, ..]) => {
            // `/intl-id/show/…`
            let kind = if first.starts_with("intl-") {
                path.get(1)?
            } else {
                first
            };
            matches!(*kind, "show" | "episode").then_some(ClosedChannel::Spotify)
        }
        ("t.me" | "telegram.me", ["c" | "joinchat", ..]) => Some(ClosedChannel::Telegram),
        ("t.me" | "telegram.me", [invitation, ..]) if invitation.starts_with('+') => {
            Some(ClosedChannel::Telegram)
        }
        ("consent.youtube.com", _) => Some(ClosedChannel::YoutubeConsent),
        _ => None,
    }
}

/// The page that has what a page of a known site is about: the video of a short YouTube link, the
/// page behind a consent page. `None` if it is the page itself.
#[must_use]
pub fn page_of(url: &str) -> Option<String> {
    let parsed = Url::parse(url).ok()?;
    let path: Vec<&str> = parsed.path_segments()?.filter(|s| !s.is_empty()).collect();
    let video = |id: &str| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let is_id = !id.is_empty() && id.bytes().all(plain);
        is_id.then(|| format!("{YOUTUBE}/watch?v={id}"))
    };
    match (parsed.host_str()?, path.as_slice()) {
        ("youtu.be", [id]) => video(id),
        (host, ["shorts" | "live" | "embed", id]) if is_youtube(host) => video(id),
        ("consent.youtube.com", _) => {
            let (_, page) = parsed.query_pairs().find(|(name, _)| name == "continue")?;
            let page = Url::parse(&page).ok()?;
            is_youtube(page.host_str()?).then(|| page.into())
        }
        ("music.youtube.com" | "m.youtube.com", [_, ..]) => {
            let mut page = parsed.clone();
            page.set_host(Some("www.youtube.com")).ok()?;
            Some(page.into())
        }
        _ => None,
    }
}

fn is_youtube(host: &str) -> bool {
    matches!(
        host,
        "youtube.com" | "www.youtube.com" | "m.youtube.com" | "music.youtube.com"
    )
}

/// Apple's number of the podcast that a page is about, on Apple's pages and those of apps that use
/// its numbers.
#[must_use]
pub fn apple_podcast(url: &str) -> Option<u64> {
    let url = Url::parse(url).ok()?;
    let path: Vec<&str> = url.path_segments()?.filter(|s| !s.is_empty()).collect();
    let number = match (url.host_str()?, path.as_slice()) {
        (
            "podcasts.apple.com" | "itunes.apple.com",
            [.., "podcast", id] | [.., "podcast", _, id],
        ) => id.strip_prefix("id")?,
        ("overcast.fm", [id, ..]) => id.strip_prefix("itunes")?,
        ("pca.st" | "castro.fm", ["itunes", id, ..]) => id,
        _ => return None,
    };
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    number[..digits].parse().ok()
}

/// The `WebFinger` query (RFC 7033) for the account that a page is of: `/@name` of its server.
#[must_use]
pub fn account_query(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let name = url.path().strip_prefix("/@")?;
    if name.is_empty() || name.contains(['/', '@']) {
        return None;
    }
    let host = url.host_str()?;
    let port = url.port().map(|port| format!(":{port}"));
    let account = format!("acct:{name}@{host}{}", port.unwrap_or_default());
    let mut query = url.clone();
    query.set_path("/.well-known/webfinger");
    query.set_query(Some(&format!("resource={}", encoded(&account))));
    query.set_fragment(None);
    Some(query.into())
}

/// The profile page that a `WebFinger` answer names.
#[must_use]
pub fn account_profile(answer: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(answer).ok()?;
    let links = answer.get("links")?.as_array()?;
    let profile = links.iter().find(|link| {
        let rel = link.get("rel").and_then(serde_json::Value::as_str);
        rel == Some("http://webfinger.net/rel/profile-page")
    })?;
    let page = Url::parse(profile.get("href")?.as_str()?).ok()?;
    matches!(page.scheme(), "http" | "https").then(|| page.into())
}

impl Site<'_> {
    /// Handles (`/@name`) do not contain the channel id; their pages do.
    pub(crate) fn youtube(&self) -> Vec<FeedLink> {
        let feed = |what: &str, id: &str| {
            let origin = self.own_origin(YOUTUBE);
            vec![link("", format!("{origin}{YOUTUBE_FEED}?{what}={id}"))]
        };
        match self.path {
            ["channel", id, ..] => youtube_channel(self.url, id),
            ["user", name, ..] => feed("user", name),
            ["playlist" | "watch", ..] => self
                .query("list")
                .map(|list| feed("playlist_id", &list))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// `/NAME`, `/s/NAME` and `/NAME/NUMBER`; the public preview is at `/s/NAME`.
    pub(crate) fn telegram(&self) -> Vec<FeedLink> {
        let name = match self.path {
            [
                "c" | "joinchat" | "addstickers" | "addemoji" | "addlist" | "share" | "proxy"
                | "iv",
                ..,
            ] => {
                return Vec::new();
            }
            ["s", name, ..] | [name, ..] => name,
            [] => return Vec::new(),
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        if !name.bytes().all(plain) {
            return Vec::new();
        }
        let origin = self.own_origin("https://t.me");
        vec![link(&format!("@{name}"), format!("{origin}/s/{name}"))]
    }

    pub(crate) fn reddit(&self) -> Vec<FeedLink> {
        let rest = self.path.join("/");
        if rest.to_ascii_lowercase().ends_with(".rss") {
            return Vec::new();
        }
        let origin = self.own_origin("https://www.reddit.com");
        let feed = |path: &str| link(path, format!("{origin}/{path}/.rss"));
        let search = |place: &str| {
            let words = self.text("q")?;
            let mut url = format!("{origin}/{place}search.rss?q={}&sort=new", encoded(&words));
            if !place.is_empty() {
                url += "&restrict_sr=on";
            }
            Some(link(&words, url))
        };
        match self.path {
            [] => vec![link("Reddit", format!("{origin}/.rss"))],
            ["search", ..] => search("").into_iter().collect(),
            ["r", name, "search", ..] => search(&format!("r/{name}/"))
                .into_iter()
                .chain([feed(&format!("r/{name}"))])
                .collect(),
            ["comments", id, ..] => vec![feed(&format!("comments/{id}"))],
            ["r", name, "comments", id, ..] => vec![
                feed(&format!("r/{name}/comments/{id}")),
                feed(&format!("r/{name}")),
            ],
            ["r", name, order @ ("new" | "top" | "hot" | "rising"), ..] => {
                let mut ordered = feed(&format!("r/{name}/{order}"));
                if let Some(time) = self.query("t") {
                    ordered.url += "?t=";
                    ordered.url += &time;
                }
                vec![ordered, feed(&format!("r/{name}"))]
            }
            ["user" | "u", name, "m", list, ..] => vec![feed(&format!("user/{name}/m/{list}"))],
            ["domain", name, ..] => vec![feed(&format!("domain/{name}"))],
            [kind @ ("r" | "u" | "user"), name, ..] => vec![feed(&format!("{kind}/{name}"))],
            _ => Vec::new(),
        }
    }

    pub(crate) fn bluesky(&self) -> Vec<FeedLink> {
        match self.path {
            ["profile", name, ..] => {
                let name = name.trim_start_matches('@');
                let origin = self.own_origin(BLUESKY);
                vec![link(name, format!("{origin}/profile/{name}/rss"))]
            }
            _ => Vec::new(),
        }
    }

    /// A handle of Bluesky's own domain, opened as a site.
    pub(crate) fn bluesky_handle(&self) -> Vec<FeedLink> {
        let host = self.host;
        vec![link(host, format!("{BLUESKY}/profile/{host}/rss"))]
    }

    /// Links of apps that name the feed itself.
    pub(crate) fn podcast_app(&self) -> Vec<FeedLink> {
        let address = match (self.host, self.path) {
            ("antennapod.org", ["deeplink", "subscribe", ..]) => self.text("url"),
            ("podcasts.google.com", ["feed", encoded, ..]) => {
                let bytes = URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('='));
                bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok())
            }
            _ => None,
        };
        let address = address.and_then(|address| Url::parse(&address).ok());
        let address = address.filter(|url| matches!(url.scheme(), "http" | "https"));
        address.map(|url| link("", url)).into_iter().collect()
    }

    /// Mastodon and servers that have its addresses; Lemmy, `PeerTube` and Pixelfed. A path tells them
    /// apart, not a host: the feeds may not exist.
    pub(crate) fn fediverse(&self) -> Vec<FeedLink> {
        let others = [
            "tiktok.",
            "threads.",
            "instagram.",
            "telegram.",
            "flipboard.",
        ];
        if others.iter().any(|other| self.host.starts_with(other)) {
            return Vec::new();
        }
        let host = self.url.host_str().unwrap_or_default();
        // A user of another server, as shown by this one.
        let apart = |name: &'_ str| -> (String, String) {
            let (name, host) = name.split_once('@').unwrap_or((name, host));
            (name.to_owned(), self.origin(host))
        };
        let path = match self.path {
            ["web" | "deck", rest @ ..] => rest,
            path => path,
        };
        let mastodon = |name: &str| {
            let (user, origin) = apart(name);
            let server = origin.split_once("://").map_or("", |(_, server)| server);
            let title = format!("@{user}@{server}");
            vec![link(&title, format!("{origin}/@{user}.rss"))]
        };
        match path {
            [handle, ..] if handle.len() > 1 && handle.starts_with('@') => mastodon(&handle[1..]),
            ["users", name] if self.host.starts_with("pixelfed.") => {
                vec![link(
                    name,
                    format!("{}/users/{name}.atom", self.origin(host)),
                )]
            }
            [name] if self.host.starts_with("pixelfed.") => {
                vec![link(
                    name,
                    format!("{}/users/{name}.atom", self.origin(host)),
                )]
            }
            ["users", name] => mastodon(name),
            ["tags", tag] if !tag.contains('.') => {
                vec![link(
                    &format!("#{tag}"),
                    format!("{}/tags/{tag}.rss", self.origin(host)),
                )]
            }
            ["c", name] => {
                let (name, origin) = apart(name);
                let lemmy = format!("{origin}/feeds/c/{name}.xml?sort=New");
                vec![
                    link(&name, lemmy),
                    peertube(&name, &origin, "videoChannelName"),
                ]
            }
            ["c" | "video-channels", name, "videos"] | ["video-channels", name] => {
                let (name, origin) = apart(name);
                vec![peertube(&name, &origin, "videoChannelName")]
            }
            ["a" | "accounts", name] | ["a" | "accounts", name, "videos" | "video-channels"] => {
                let (name, origin) = apart(name);
                vec![peertube(&name, &origin, "accountName")]
            }
            ["u", name] => {
                let (name, origin) = apart(name);
                vec![link(&name, format!("{origin}/feeds/u/{name}.xml?sort=New"))]
            }
            _ => Vec::new(),
        }
    }
}

/// The feed of a `PeerTube` channel or account.
fn peertube(name: &str, origin: &str, what: &str) -> FeedLink {
    link(name, format!("{origin}/feeds/videos.xml?{what}={name}"))
}
