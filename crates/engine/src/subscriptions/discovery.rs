//! Discovers the feeds of an address, and beside them the sitemaps of its site that have news.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::DateTime;
use url::Url;
use warta_feed::back_issues::archive_kind;
use warta_feed::discovery::ClosedChannel;
use warta_feed::sitemap::{SitemapName, due_parts, usual_places};
use warta_feed::{Entry, FeedKind, NotAFeed, discovery};
use warta_net::{FetchPermit, Fetched, Request, Response, Wanted};

use crate::api::{
    self, ClosedReason, Failure, FailureCode, FoundFeed, FoundKind, PageFeed, PageFeedKind, Result,
};
use crate::context::labels::{login_apart, without_credentials};
use crate::context::{Context, blocking, checks, off_thread};
use crate::network::connectivity::Connectivity;
use crate::network::credentials::Credentials;
use crate::network::own_network::OwnNetwork;
use crate::network::requests::Requests;
use crate::subscriptions::podcast_directory::PodcastDirectory;
use crate::subscriptions::{documents, main_feed, page_feeds};

/// Maximum number of links from one page that are fetched to check whether they are feeds.
const OFFERED: usize = 12;
/// Maximum number of guessed addresses that are tried.
const GUESSES: usize = 8;
/// Maximum number of sitemaps that are tried.
const SITEMAPS: usize = 6;

/// Discovers the feeds of an address.
pub struct Discovery {
    ctx: Arc<Context>,
    credentials: Arc<Credentials>,
    own_network: Arc<OwnNetwork>,
    requests: Arc<Requests>,
    connectivity: Arc<Connectivity>,
    podcasts: Arc<PodcastDirectory>,
}

impl Discovery {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        credentials: &Arc<Credentials>,
        own_network: &Arc<OwnNetwork>,
        requests: &Arc<Requests>,
        connectivity: &Arc<Connectivity>,
        podcasts: &Arc<PodcastDirectory>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            credentials: Arc::clone(credentials),
            own_network: Arc::clone(own_network),
            requests: Arc::clone(requests),
            connectivity: Arc::clone(connectivity),
            podcasts: Arc::clone(podcasts),
        }
    }

    /// The feeds of an address, the site's main feed first: the address itself if it is a feed,
    /// otherwise those its page links to, otherwise guesses from known sites and common paths;
    /// after them the site's news sitemaps, and where there are no feeds other sitemaps too; last
    /// the main list of headlines of the page itself. Every result was fetched and is a feed. An
    /// address without a scheme is tried with https, then http. The names of channels of large
    /// platforms that have no address (`@name`, `r/name`) are known too, as
    /// [`discovery::shorthand`] says.
    pub async fn discover(self: &Arc<Self>, address: &str) -> Result<api::Discovery> {
        checks::typed(checks::length("an address", address, checks::ADDRESS))?;
        let mut last = Failure::new(
            FailureCode::BadAddress,
            format!("`{}` is not an address", without_credentials(address)),
        );
        let channel = discovery::shorthand(address);
        for url in completed(channel.as_deref().unwrap_or(address)) {
            // Results are displayed, so remove credentials.
            let url = match Url::parse(&url).as_ref().map(login_apart) {
                Ok((bare, Some(login))) => {
                    self.credentials.offer(&bare, login);
                    bare
                }
                _ => url,
            };
            match self.discover_channel(&url).await {
                Ok(found) => return Ok(found),
                Err(failure) => last = failure,
            }
            if channel.is_some()
                && last.code != FailureCode::ClosedChannel
                && let Some(found) = self.discover_account(&url).await
            {
                return Ok(found);
            }
            // An unknown host is more likely a typo than a network failure.
            if last.code == FailureCode::Offline && !self.connectivity.is_cut_off(&url).await? {
                last.code = FailureCode::FetchFailed;
            }
        }
        Err(last)
    }

    /// The feed at an address, which is not searched for links; `None` if it is something else.
    pub(crate) async fn feed_at(self: &Arc<Self>, url: &str) -> Result<Option<FoundFeed>> {
        let fetched = self.requests.fetch(url, Wanted::Feed, None).await?;
        Ok(self.found(url, &fetched, None).await?.ok())
    }

    /// The entries of a feed that was found. For a sitemap index they are those of its first part
    /// that can have news.
    pub(crate) async fn entries_of(self: &Arc<Self>, found: &FoundFeed) -> Result<Vec<Entry>> {
        let wanted = match found.page {
            Some(_) => Wanted::Page,
            None => Wanted::Feed,
        };
        let fetched = self.requests.fetch(&found.url, wanted, None).await?;
        let page = found.page.clone();
        let now = self.ctx.now();
        let feed = off_thread(move || read(&fetched, page.as_ref(), now)).await?;
        let Some(part) = first_part(&feed, now) else {
            return Ok(feed.entries);
        };
        let named_by = self.own_network.named_by(found.url.clone());
        let fetched = self.requests.fetch(&part, Wanted::Feed, named_by).await?;
        Ok(off_thread(move || read(&fetched, None, now)).await?.entries)
    }

    /// The feeds of an address, which may be of a platform's channel.
    async fn discover_channel(self: &Arc<Self>, url: &str) -> Result<api::Discovery> {
        let page = discovery::page_of(url);
        let url = page.as_deref().unwrap_or(url);
        if let Some(closed) = discovery::closed(url) {
            return Err(reason_of(closed).into());
        }
        if let Some(number) = discovery::apple_podcast(url)
            && let Ok(Some(podcast)) = self.podcasts.feed_of(number).await
        {
            let link = discovery::FeedLink {
                url: podcast.feed,
                title: Some(podcast.title),
                media_type: None,
            };
            let feeds = self.look_at(vec![link], url).await?;
            if !feeds.is_empty() {
                return Ok(api::Discovery {
                    url: url.to_owned(),
                    feeds,
                    guessed: false,
                });
            }
        }
        let found = self.discover_at(url).await;
        found.map_err(|failure| match failure.detail.as_str() {
            "forbidden" | "tooManyRequests" if is_reddit(url) => ClosedReason::Reddit.into(),
            _ => failure,
        })
    }

    /// The feeds of an account of the fediverse whose profile is at another address than
    /// `/@name` of its server, which `WebFinger` (RFC 7033) names.
    async fn discover_account(self: &Arc<Self>, url: &str) -> Option<api::Discovery> {
        let asked = discovery::account_query(url)?;
        let fetched = self
            .requests
            .fetch(&asked, Wanted::Manifest, None)
            .await
            .ok()?;
        let profile = discovery::account_profile(&fetched.bytes)?;
        if profile == url {
            return None;
        }
        let feeds = self.discover_at(&profile).await.ok()?;
        Some(feeds)
    }

    async fn discover_at(self: &Arc<Self>, url: &str) -> Result<api::Discovery> {
        let implied = discovery::by_rule(url);
        if !implied.is_empty() {
            let feeds = self.look_at(implied, url).await?;
            if !feeds.is_empty() {
                return Ok(api::Discovery {
                    url: url.to_owned(),
                    feeds,
                    guessed: false,
                });
            }
        }
        let fetched = self.requests.fetch(url, Wanted::FeedOrPage, None).await?;
        let page_url = fetched.url.clone();
        let why_not = match self.found(url, &fetched, None).await? {
            Ok(feed) => {
                return Ok(api::Discovery {
                    url: page_url,
                    feeds: vec![feed],
                    guessed: false,
                });
            }
            Err(why_not) => why_not,
        };
        if let Some(closed) = discovery::closed(&page_url) {
            return Err(reason_of(closed).into());
        }
        if why_not == NotAFeed::NoPreview {
            return Err(ClosedReason::Telegram.into());
        }
        let page = fetched.clone();
        let named = off_thread(move || {
            discovery::in_page(&page.bytes, &page.url, page.content_type.as_deref())
        })
        .await?;
        let named = self.look_at(named, &page_url).await?;
        let mut feeds = main_feed::first(named, &page_url);
        let guessed = feeds.is_empty();
        if guessed {
            let usual = discovery::common_paths(&page_url).into_iter().take(GUESSES);
            let links = usual.map(|url| discovery::FeedLink {
                url,
                title: None,
                media_type: None,
            });
            feeds = self.look_at(links.collect(), &page_url).await?;
        }
        let sitemaps = self.sitemaps(&page_url, feeds.is_empty()).await?;
        feeds.extend(sitemaps);
        feeds.extend(self.headline_list(url, fetched).await?);
        if feeds.is_empty() {
            let message = format!("{} has no feed", without_credentials(&page_url));
            return Err(Failure::new(FailureCode::NoFeed, message));
        }
        Ok(api::Discovery {
            url: page_url,
            feeds,
            guessed,
        })
    }

    /// The main list of headlines of a page, if it is a front or section page that robots.txt lets
    /// Warta fetch again and again.
    async fn headline_list(
        self: &Arc<Self>,
        asked: &str,
        fetched: Fetched,
    ) -> Result<Option<FoundFeed>> {
        let request = Request {
            url: fetched.url.clone(),
            named_by: self.own_network.named_by(fetched.url.clone()),
            ..Request::default()
        };
        if !matches!(self.ctx.http.allows(&request).await, Ok(true)) {
            return Ok(None);
        }
        let url = without_credentials(fetched.moved_to.as_deref().unwrap_or(asked));
        blocking(self, move |this| {
            let source = documents::source_of(&fetched);
            let Some((title, list)) = page_feeds::best_list(&source) else {
                return Ok(None);
            };
            let feeds = this.ctx.store.feeds()?;
            let already = feeds.iter().any(|f| f.url == url && f.kind.is_page());
            Ok(Some(FoundFeed {
                title: title
                    .or_else(|| crate::context::labels::host_of(&fetched.url))
                    .unwrap_or_default(),
                site: Some(url.clone()),
                description: None,
                entries: Some(list.items.len() as u32),
                already,
                url,
                kind: FoundKind::HeadlineList,
                archive: None,
                page: Some(PageFeed {
                    kind: PageFeedKind::HeadlineList,
                    selector: list.selector,
                }),
            }))
        })
        .await
    }

    /// The sitemaps of a page's site that have news, as robots.txt names them or at the usual
    /// places; `with_others`: also those that are not marked as news.
    async fn sitemaps(
        self: &Arc<Self>,
        page_url: &str,
        with_others: bool,
    ) -> Result<Vec<FoundFeed>> {
        let request = Request {
            url: page_url.to_owned(),
            wanted: Wanted::Feed,
            named_by: self.own_network.named_by(page_url.to_owned()),
            ..Request::default()
        };
        // Nothing is allowed where robots.txt could not be fetched.
        let Ok(mut addresses) = self.ctx.http.sitemaps(&request).await else {
            return Ok(Vec::new());
        };
        let is_news = |address: &String| SitemapName::of(address) == SitemapName::News;
        if !addresses.iter().any(is_news) {
            let has_some = !addresses.is_empty();
            let usual = usual_places(page_url).into_iter();
            addresses.extend(usual.filter(|address| is_news(address) || !has_some));
        }
        let mut seen = HashSet::new();
        addresses.retain(|address| seen.insert(address.clone()));
        addresses.retain(|address| match SitemapName::of(address) {
            SitemapName::News => true,
            SitemapName::Unknown => with_others,
            SitemapName::Other => false,
        });
        addresses.sort_by_key(|address| SitemapName::of(address));
        let mut tasks = Vec::new();
        for address in addresses.into_iter().take(SITEMAPS) {
            let this = Arc::clone(self);
            let request = Request {
                url: address.clone(),
                ..request.clone()
            };
            tasks.push(tokio::spawn(async move {
                let Ok(Response::Fetched(fetched)) = this.ctx.http.fetch_if_allowed(request).await
                else {
                    return Ok(None);
                };
                let fetched = Fetched {
                    permit: FetchPermit::default(),
                    ..fetched
                };
                let found = this.found(&address, &fetched, None).await?;
                Ok::<_, Failure>(found.ok())
            }));
        }
        let mut found: Vec<FoundFeed> = Vec::new();
        for task in tasks {
            let sitemap = task
                .await
                .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))??;
            let Some(sitemap) = sitemap else {
                continue;
            };
            let is_wanted = match sitemap.kind {
                FoundKind::NewsSitemap => true,
                FoundKind::Sitemap => with_others,
                FoundKind::Feed | FoundKind::WithoutShorts | FoundKind::HeadlineList => false,
            };
            let is_known = found.iter().any(|known| known.url == sitemap.url);
            if is_wanted && !is_known && sitemap.entries != Some(0) {
                found.push(sitemap);
            }
        }
        found.sort_by_key(|sitemap| sitemap.kind != FoundKind::NewsSitemap);
        Ok(found)
    }

    /// Fetches all links concurrently and drops those that are not feeds.
    async fn look_at(
        self: &Arc<Self>,
        links: Vec<discovery::FeedLink>,
        named_by: &str,
    ) -> Result<Vec<FoundFeed>> {
        let mut tasks = Vec::new();
        for link in links.into_iter().take(OFFERED) {
            let (this, named_by) = (
                Arc::clone(self),
                self.own_network.named_by(named_by.to_owned()),
            );
            tasks.push(tokio::spawn(async move {
                let fetched = this.requests.fetch(&link.url, Wanted::Feed, named_by).await;
                match fetched {
                    Ok(fetched) => {
                        let found = this.found(&link.url, &fetched, link.title).await?;
                        Ok::<_, Failure>(found.ok().map(|found| (found, fetched.url)))
                    }
                    Err(_) => Ok(None),
                }
            }));
        }
        let mut feeds: Vec<FoundFeed> = Vec::new();
        // Several links may redirect to one feed.
        let mut seen = HashSet::new();
        for task in tasks {
            let found = task
                .await
                .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))??;
            let Some((feed, answered)) = found else {
                continue;
            };
            let is_known = seen.contains(&feed.url) || seen.contains(&answered);
            seen.extend([feed.url.clone(), answered]);
            if !is_known {
                feeds.push(feed);
            }
        }
        Ok(feeds)
    }

    /// The fetched feed, or why it is none. Its address is the requested one unless there was a
    /// permanent redirect (RFC 9110 § 15.4).
    async fn found(
        self: &Arc<Self>,
        asked: &str,
        fetched: &Fetched,
        name: Option<String>,
    ) -> Result<std::result::Result<FoundFeed, NotAFeed>> {
        let fetched = fetched.clone();
        let asked = without_credentials(asked);
        blocking(self, move |this| {
            let source = documents::source_of(&fetched);
            let now = this.ctx.now();
            let feed = match documents::read(&source, now) {
                Ok(feed) => feed,
                Err(why_not) => return Ok(Err(why_not)),
            };
            let archive = archive_kind(&feed, &fetched.url).map(Into::into);
            let (mut kind, entries) = described(&feed, now);
            if discovery::is_without_shorts(&asked) {
                kind = FoundKind::WithoutShorts;
            }
            this.own_network.note_looked_at(&asked, fetched.is_inside)?;
            let moved_to = fetched.moved_to.as_deref().map(without_credentials);
            let url = moved_to.unwrap_or_else(|| asked.clone());
            let known = [url.as_str(), asked.as_str(), fetched.url.as_str()];
            let feeds = this.ctx.store.feeds()?;
            let already = feeds.iter().any(|f| known.contains(&f.url.as_str()));
            Ok(Ok(FoundFeed {
                archive,
                title: feed
                    .title
                    .filter(|t| !t.is_empty())
                    .or(name)
                    .or_else(|| crate::context::labels::host_of(&fetched.url))
                    .unwrap_or_default(),
                site: feed.link,
                description: feed.description,
                entries,
                already,
                url,
                kind,
                page: None,
            }))
        })
        .await
    }
}

fn reason_of(closed: ClosedChannel) -> ClosedReason {
    match closed {
        ClosedChannel::Spotify => ClosedReason::Spotify,
        ClosedChannel::Telegram => ClosedReason::Telegram,
        ClosedChannel::YoutubeConsent => ClosedReason::YoutubeConsent,
    }
}

fn is_reddit(url: &str) -> bool {
    let host = crate::context::labels::host_of(url).unwrap_or_default();
    host == "reddit.com" || host.ends_with(".reddit.com")
}

/// What a document has as a feed; empty if it is none.
fn read(fetched: &Fetched, page: Option<&PageFeed>, now: i64) -> warta_feed::Feed {
    let source = documents::source_of(fetched);
    let empty = || warta_feed::Feed::of_page(None, &fetched.url, Vec::new());
    match page {
        Some(page) => page_feeds::read_list(&source, &page.selector).unwrap_or_else(empty),
        None => documents::read(&source, now).unwrap_or_else(|_| empty()),
    }
}

/// The part of a sitemap index that is fetched first.
fn first_part(feed: &warta_feed::Feed, now: i64) -> Option<String> {
    let now = DateTime::from_timestamp(now, 0).unwrap_or_default();
    let due = due_parts(&feed.parts, |_| None, now);
    due.first().map(|part| part.url.clone())
}

/// What a feed is, and the number of its entries. For a sitemap index the number is unknown, unless
/// none of its parts can have news: then it is 0.
fn described(feed: &warta_feed::Feed, now: i64) -> (FoundKind, Option<u32>) {
    let entries = Some(feed.entries.len() as u32);
    match feed.kind {
        FeedKind::NewsSitemap => (FoundKind::NewsSitemap, entries),
        FeedKind::Sitemap => (FoundKind::Sitemap, entries),
        FeedKind::SitemapIndex => {
            let now = DateTime::from_timestamp(now, 0).unwrap_or_default();
            let due = due_parts(&feed.parts, |_| None, now);
            let is_news = due
                .first()
                .is_some_and(|part| SitemapName::of(&part.url) == SitemapName::News);
            let kind = if is_news {
                FoundKind::NewsSitemap
            } else {
                FoundKind::Sitemap
            };
            (kind, due.is_empty().then_some(0))
        }
        FeedKind::Rss
        | FeedKind::Rdf
        | FeedKind::Atom
        | FeedKind::Json
        | FeedKind::Cdf
        | FeedKind::Telegram
        | FeedKind::Page => (FoundKind::Feed, entries),
    }
}

/// The web addresses that user input can mean, most likely first.
fn completed(address: &str) -> Vec<String> {
    let mut address = address.trim();
    // `feed:` is a prefix for subscribing, not a protocol; schemes are case-insensitive.
    while let Some(rest) = address
        .get(5..)
        .filter(|_| address[..5].eq_ignore_ascii_case("feed:"))
    {
        address = rest.trim_start();
    }
    let address = address.trim_start_matches("//");
    let tidy = warta_feed::tidy_url(address);
    let address = if tidy.starts_with("https://www.") {
        address
    } else {
        &*tidy
    };
    let given = Url::parse(address);
    if let Ok(url) = &given
        && matches!(url.scheme(), "http" | "https")
    {
        return vec![url.to_string()];
    }
    if address.is_empty() || address.contains(char::is_whitespace) || address.contains("://") {
        return Vec::new();
    }
    ["https", "http"]
        .iter()
        .filter_map(|scheme| Url::parse(&format!("{scheme}://{address}")).ok())
        .filter(|url| {
            url.host_str()
                .is_some_and(|h| h.contains('.') || h == "localhost" || h.starts_with('['))
        })
        // Send a password over plain http only if the user typed `http://`.
        .filter(|url| {
            url.scheme() == "https" || (url.username().is_empty() && url.password().is_none())
        })
        .map(Into::into)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::completed;

    #[test]
    fn addresses_are_completed_as_in_a_browser() {
        for (input, expected) in [
            (
                " kabar.example ",
                vec!["https://kabar.example/", "http://kabar.example/"],
            ),
            ("https://kabar.example/a", vec!["https://kabar.example/a"]),
            (
                "ana:geheim@kabar.example/a",
                vec!["https://ana:geheim@kabar.example/a"],
            ),
            (
                "feed:https://kabar.example/a",
                vec!["https://kabar.example/a"],
            ),
            (
                "feed://kabar.example/a",
                vec!["https://kabar.example/a", "http://kabar.example/a"],
            ),
            (
                "127.0.0.2:8080",
                vec!["https://127.0.0.2:8080/", "http://127.0.0.2:8080/"],
            ),
            (
                "localhost:8080/x",
                vec!["https://localhost:8080/x", "http://localhost:8080/x"],
            ),
            ("berita hari ini", vec![]),
            ("ftp://kabar.example", vec![]),
            ("berita", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(completed(input), expected, "{input}");
        }
    }
}
