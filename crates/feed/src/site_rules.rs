//! Feed URLs of well-known sites, derived from page URLs without a request. The caller fetches
//! them, so a rule may suggest feeds that do not exist.

use url::Url;

use crate::model::FeedLink;
use crate::site::{Site, link};

/// The feeds implied by the URL of a known site, best first, with titles.
#[must_use]
pub fn by_rule(url: &str) -> Vec<FeedLink> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let Some(host) = url.host_str() else {
        return Vec::new();
    };
    let host = ["www.", "m.", "old.", "new.", "mobile."]
        .iter()
        .find_map(|start| host.strip_prefix(start))
        .unwrap_or(host);
    let path: Vec<&str> = url.path().split('/').filter(|s| !s.is_empty()).collect();
    let site = Site {
        url: &url,
        host,
        path: &path,
    };
    match host {
        "youtube.com" | "music.youtube.com" => site.youtube(),
        "reddit.com" => site.reddit(),
        "t.me" | "telegram.me" | "telegram.dog" => site.telegram(),
        "antennapod.org" | "podcasts.google.com" => site.podcast_app(),
        "github.com" => site.github(),
        "gist.github.com" => site.one_each("https://gist.github.com/", ".atom"),
        "codeberg.org" | "gitea.com" => site.forgejo(),
        "medium.com" => site.medium(),
        "substack.com" | "open.substack.com" => site.substack(),
        "bsky.app" => site.bluesky(),
        "vimeo.com" => site.vimeo(),
        "tumblr.com" => site.tumblr(),
        "dev.to" => site.one_each("https://dev.to/feed/", ""),
        "news.google.com" => site.google_news(),
        "news.ycombinator.com" => vec![link("Hacker News", "https://news.ycombinator.com/rss")],
        "stackoverflow.com" => site.stack_exchange(),
        "gitlab.com" => site.gitlab(),
        _ if host.ends_with(".bsky.social") => site.bluesky_handle(),
        _ if host.starts_with("gitlab.") => site.gitlab(),
        _ if host.ends_with(".stackexchange.com") => site.stack_exchange(),
        _ => site.hosted_blog(),
    }
}

impl Site<'_> {
    fn github(&self) -> Vec<FeedLink> {
        const PAGES: [&str; 14] = [
            "about",
            "apps",
            "collections",
            "customer-stories",
            "explore",
            "features",
            "login",
            "marketplace",
            "notifications",
            "orgs",
            "search",
            "settings",
            "topics",
            "trending",
        ];
        if self.path.first().is_some_and(|first| PAGES.contains(first)) {
            return Vec::new();
        }
        let feed = |owner: &str, repository: &str, what: &str| {
            link(
                &format!("{owner}/{repository}: {what}"),
                format!("https://github.com/{owner}/{repository}/{what}.atom"),
            )
        };
        match self.path {
            [owner] => vec![link(owner, format!("https://github.com/{owner}.atom"))],
            [owner, repository, "commits" | "tree", branch @ ..] if !branch.is_empty() => {
                vec![feed(
                    owner,
                    repository,
                    &format!("commits/{}", branch.join("/")),
                )]
            }
            [
                owner,
                repository,
                first @ ("releases" | "tags" | "wiki"),
                ..,
            ] => {
                vec![feed(owner, repository, first)]
            }
            [owner, repository, ..] => {
                let repository = repository.trim_end_matches(".git");
                ["releases", "tags", "commits"]
                    .map(|what| feed(owner, repository, what))
                    .into()
            }
            [] => Vec::new(),
        }
    }

    /// Projects are in groups of any depth; `-` ends the project's path.
    fn gitlab(&self) -> Vec<FeedLink> {
        let end = self.path.iter().position(|part| *part == "-");
        let project = self.path[..end.unwrap_or(self.path.len())].join("/");
        let host = self.url.host_str().unwrap_or_default();
        match self.path {
            [] | ["explore" | "users" | "help" | "dashboard", ..] => Vec::new(),
            [name] => vec![link(name, format!("https://{host}/{name}.atom"))],
            _ => [
                ("releases", "-/releases.atom"),
                ("tags", "-/tags?format=atom"),
                ("commits", "-/commits/HEAD?format=atom"),
            ]
            .map(|(what, path)| {
                link(
                    &format!("{project}: {what}"),
                    format!("https://{host}/{project}/{path}"),
                )
            })
            .into(),
        }
    }

    /// Forgejo and Gitea.
    fn forgejo(&self) -> Vec<FeedLink> {
        let host = self.host;
        match self.path {
            [owner] => vec![link(owner, format!("https://{host}/{owner}.rss"))],
            [owner, repository, ..] => ["releases", "tags"]
                .map(|what| {
                    link(
                        &format!("{owner}/{repository}: {what}"),
                        format!("https://{host}/{owner}/{repository}/{what}.rss"),
                    )
                })
                .into(),
            [] => Vec::new(),
        }
    }

    fn medium(&self) -> Vec<FeedLink> {
        match self.path {
            []
            | [
                "feed" | "p" | "m" | "me" | "search" | "about" | "membership",
                ..,
            ] => Vec::new(),
            ["tag", tag, ..] => vec![link(tag, format!("https://medium.com/feed/tag/{tag}"))],
            [name, ..] => vec![link(name, format!("https://medium.com/feed/{name}"))],
        }
    }

    fn substack(&self) -> Vec<FeedLink> {
        let name = match self.path {
            ["pub", name, ..] => name,
            [handle, ..] if handle.starts_with('@') => &handle[1..],
            _ => return Vec::new(),
        };
        vec![link(name, format!("https://{name}.substack.com/feed"))]
    }

    fn vimeo(&self) -> Vec<FeedLink> {
        let feed = |path: &str| vec![link(path, format!("https://vimeo.com/{path}/videos/rss"))];
        match self.path {
            [kind @ ("channels" | "groups"), name, ..] => feed(&format!("{kind}/{name}")),
            [
                "categories" | "watch" | "features" | "upgrade" | "log_in" | "join",
                ..,
            ] => Vec::new(),
            // A number is a video.
            [name] if !name.bytes().all(|b| b.is_ascii_digit()) => feed(name),
            _ => Vec::new(),
        }
    }

    /// Blogs shown within the site: `/name`, `/blog/view/name`.
    fn tumblr(&self) -> Vec<FeedLink> {
        let (["blog", "view", name, ..] | ["blog", name, ..] | [name, ..]) = self.path else {
            return Vec::new();
        };
        if [
            "dashboard",
            "explore",
            "search",
            "tagged",
            "login",
            "register",
        ]
        .contains(name)
        {
            return Vec::new();
        }
        vec![link(name, format!("https://{name}.tumblr.com/rss"))]
    }

    /// Every page of Google News has its feed under `/rss`.
    fn google_news(&self) -> Vec<FeedLink> {
        match self.path {
            [] | ["home" | "topstories"] => vec![self.google_news_feed("")],
            ["search" | "topics" | "publications", ..] => {
                vec![self.google_news_feed(self.url.path())]
            }
            _ => Vec::new(),
        }
    }

    fn google_news_feed(&self, path: &str) -> FeedLink {
        let query = self.url.query().map(|query| format!("?{query}"));
        let query = query.unwrap_or_default();
        link(
            "Google News",
            format!("https://news.google.com/rss{path}{query}"),
        )
    }

    fn stack_exchange(&self) -> Vec<FeedLink> {
        let host = self.host;
        match self.path {
            [] | ["questions"] => vec![link(host, format!("https://{host}/feeds"))],
            ["questions", "tagged", tag, ..] => {
                vec![link(tag, format!("https://{host}/feeds/tag/{tag}"))]
            }
            ["questions", number, ..] => {
                vec![link("", format!("https://{host}/feeds/question/{number}"))]
            }
            _ => Vec::new(),
        }
    }

    /// Blogs on a hosting domain, and servers of the fediverse.
    fn hosted_blog(&self) -> Vec<FeedLink> {
        let host = self.host;
        let of = |domain: &str| host.strip_suffix(domain).filter(|name| !name.is_empty());
        let feed = |path: &str| vec![link("", format!("https://{host}/{path}"))];
        if of(".substack.com").is_some() || of(".medium.com").is_some() {
            return feed("feed");
        }
        if of(".tumblr.com").is_some() {
            return match self.path {
                ["tagged", tag, ..] => feed(&format!("tagged/{tag}/rss")),
                _ => feed("rss"),
            };
        }
        if of(".wordpress.com").is_some() {
            return match self.path {
                [kind @ ("category" | "tag" | "author"), name, ..] => {
                    let mut feeds = feed(&format!("{kind}/{name}/feed/"));
                    feeds.extend(feed("feed/"));
                    feeds
                }
                _ => feed("feed/"),
            };
        }
        // Blogger has one domain for each country.
        if host.contains(".blogspot.") {
            return match self.path {
                ["search", "label", label, ..] => {
                    let mut feeds = feed(&format!("feeds/posts/default/-/{label}"));
                    feeds.extend(feed("feeds/posts/default"));
                    feeds
                }
                _ => feed("feeds/posts/default"),
            };
        }
        self.fediverse()
    }
}
