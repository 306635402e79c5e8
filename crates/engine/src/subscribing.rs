//! From an address to subscriptions: discovery, OPML, folders.

use std::collections::{BTreeMap, HashMap, HashSet};

use url::Url;
use warta_feed::{Source, discovery, opml};
use warta_net::{Answer, Custom, FetchError, Fetched, Request, Secret, Slot, Wanted};
use warta_store::{Added, Feed, FeedId, FolderId};

use crate::api::{
    Discovery, Event, Failure, FailureCode, FeedActivity, FeedChange, FeedDetails, FetchRecord,
    FoundFeed, FullText, HeaderLine, ImportReport, LineProblem, NewFeed, Problem, SecretsKept,
    Subscribed, Undoable,
};
use crate::main_feed;
use crate::names::{title, without_credentials};
use crate::pictures::off_async;
use crate::vault::Secrets;
use crate::{Engine, Result, checks, schedule};

/// Feeds that one page can offer at most; each is fetched to see that it is one.
const OFFERED: usize = 12;
/// Guessed addresses that are tried at most.
const GUESSES: usize = 8;

/// The record of trusted feeds.
const TRUSTED: &str = "own/trusted";

/// The feeds that the reader trusts.
pub(crate) fn trusted(store: &warta_store::Store) -> Result<HashSet<u32>> {
    let json = store.setting(TRUSTED)?;
    Ok(json.map_or_else(HashSet::new, |json| crate::tags::read(TRUSTED, &json)))
}

impl Engine {
    /// The feeds that an address offers, the site's main feed first: the address itself if it is a
    /// feed, else those that its page names, else those that known sites and common paths imply.
    /// Every one was fetched and is a feed. An address without a scheme is tried with https, then http.
    pub async fn discover(&self, address: &str) -> Result<Discovery> {
        checks::typed(checks::length("an address", address, checks::ADDRESS))?;
        let mut last = Failure::new(
            FailureCode::BadAddress,
            format!("`{}` is no address", without_credentials(address)),
        );
        for url in completed(address) {
            // What is found is shown, so the login stays behind.
            let url = match Url::parse(&url).as_ref().map(login_apart) {
                Ok((bare, Some(login))) => {
                    self.inner.vault.offer(&bare, login);
                    bare
                }
                _ => url,
            };
            match self.discover_at(&url).await {
                Ok(found) => return Ok(found),
                Err(failure) => last = failure,
            }
            // A host that is not there is misspelt rather than that nobody can be reached.
            if last.code == FailureCode::Offline && !self.is_cut_off(&url).await? {
                last.code = FailureCode::FetchFailed;
            }
        }
        Err(last)
    }

    async fn discover_at(&self, url: &str) -> Result<Discovery> {
        let implied = discovery::by_rule(url);
        if !implied.is_empty() {
            let feeds = self.look_at(implied, url).await?;
            if !feeds.is_empty() {
                return Ok(Discovery {
                    url: url.to_owned(),
                    feeds,
                });
            }
        }
        let fetched = self.fetch(url, Wanted::FeedOrPage, None).await?;
        let page_url = fetched.url.clone();
        if let Some(feed) = self.found(url, &fetched, None).await? {
            return Ok(Discovery {
                url: page_url,
                feeds: vec![feed],
            });
        }
        let (base, content_type) = (page_url.clone(), fetched.content_type);
        let named =
            off_async(move || discovery::in_page(&fetched.bytes, &base, content_type.as_deref()))
                .await?;
        let named = self.look_at(named, &page_url).await?;
        let mut feeds = main_feed::first(named, &page_url);
        if feeds.is_empty() {
            let guesses = discovery::common_paths(&page_url).into_iter().take(GUESSES);
            let links = guesses.map(|url| discovery::FeedLink {
                url,
                title: None,
                media_type: None,
            });
            feeds = self.look_at(links.collect(), &page_url).await?;
        }
        if feeds.is_empty() {
            let message = format!("{} offers no feed", without_credentials(&page_url));
            return Err(Failure::new(FailureCode::NoFeed, message));
        }
        Ok(Discovery {
            url: page_url,
            feeds,
        })
    }

    /// Fetches each link, all at once, and leaves out what is no feed.
    async fn look_at(
        &self,
        links: Vec<discovery::FeedLink>,
        named_by: &str,
    ) -> Result<Vec<FoundFeed>> {
        let mut tasks = Vec::new();
        for link in links.into_iter().take(OFFERED) {
            let (engine, named_by) = (self.clone(), self.named_by(named_by.to_owned()));
            tasks.push(tokio::spawn(async move {
                let fetched = engine.fetch(&link.url, Wanted::Feed, named_by).await;
                match fetched {
                    Ok(fetched) => {
                        let found = engine.found(&link.url, &fetched, link.title).await?;
                        Ok::<_, Failure>(found.map(|found| (found, fetched.url)))
                    }
                    Err(_) => Ok(None),
                }
            }));
        }
        let mut feeds: Vec<FoundFeed> = Vec::new();
        // Several links may lead to one feed.
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

    /// The feed that was fetched, if it is one. Its address is the one that was asked for, unless a
    /// permanent redirect says otherwise (RFC 9110 § 15.4).
    async fn found(
        &self,
        asked: &str,
        fetched: &Fetched,
        name: Option<String>,
    ) -> Result<Option<FoundFeed>> {
        let (fetched, engine) = (fetched.clone(), self.clone());
        let asked = without_credentials(asked);
        off_async(move || {
            let source = Source {
                bytes: &fetched.bytes,
                url: Some(&fetched.url),
                content_type: fetched.content_type.as_deref(),
            };
            let Ok(feed) = warta_feed::parse(&source) else {
                return Ok(None);
            };
            engine.note_looked_at(&asked, fetched.is_inside)?;
            let moved_to = fetched.moved_to.as_deref().map(without_credentials);
            let url = moved_to.unwrap_or_else(|| asked.clone());
            let known = [url.as_str(), asked.as_str(), fetched.url.as_str()];
            let feeds = engine.store().feeds()?;
            let already = feeds.iter().any(|f| known.contains(&f.url.as_str()));
            Ok(Some(FoundFeed {
                title: feed
                    .title
                    .filter(|t| !t.is_empty())
                    .or(name)
                    .or_else(|| crate::names::host_of(&fetched.url))
                    .unwrap_or_default(),
                site: feed.link,
                description: feed.description,
                entries: Some(feed.entries.len() as u32),
                already,
                url,
            }))
        })
        .await?
    }

    pub(crate) async fn fetch(
        &self,
        url: &str,
        wanted: Wanted,
        named_by: Option<String>,
    ) -> std::result::Result<Fetched, FetchError> {
        let offered = self.inner.vault.offered(url);
        let request = Request {
            url: url.to_owned(),
            wanted,
            named_by,
            custom: Custom {
                login: offered.map(|(user, password)| (user, Secret(password))),
                ..Custom::default()
            },
            ..Request::default()
        };
        match self.inner.client.fetch(request).await? {
            // Whoever looks at this one fetches others meanwhile.
            Answer::Fetched(fetched) => Ok(Fetched {
                slot: Slot::default(),
                ..fetched
            }),
            Answer::NotModified { .. } => Err(FetchError::Status {
                status: 304,
                retry_after: None,
            }),
        }
    }

    /// Subscribes to feeds. Blocks. What is new is fetched by a [`Engine::sync`] of it.
    pub fn subscribe(&self, feeds: &[NewFeed]) -> Result<Subscribed> {
        checks::typed(checks::count("feeds", feeds.len(), checks::FEEDS))?;
        let mut new = Vec::with_capacity(feeds.len());
        let mut logins = HashMap::new();
        for feed in feeds {
            let url = checks::web_address(&feed.url)
                .map_err(|why| Failure::new(FailureCode::BadAddress, why))?;
            let (url, login) = login_apart(&url);
            let login = login.or_else(|| self.inner.vault.offered(&url));
            logins.extend(login.map(|login| (url.clone(), login)));
            let folder = checks::typed(checks::folder(feed.folder.as_deref()))?;
            let feed = warta_store::NewFeed {
                url,
                custom_title: None,
                folder: None,
                title: feed.title.as_deref().and_then(checks::title),
                site: feed.site.clone().filter(|s| checks::web_address(s).is_ok()),
            };
            new.push((feed, folder));
        }
        let mut subscribed = Subscribed {
            added: Vec::new(),
            already: Vec::new(),
            secrets: SecretsKept::None,
        };
        for added in self.store().add_feeds_in_folders(&new, self.now())? {
            match added {
                Added::New(id) => subscribed.added.push(id.0),
                Added::Already(id) => subscribed.already.push(id.0),
            }
        }
        self.note_subscribed(new.iter().map(|(feed, _)| feed.url.clone()))?;
        let with_login = !logins.is_empty();
        for feed in self.store().feeds()?.iter().filter(|_| with_login) {
            let is_new = subscribed.added.contains(&feed.id.0);
            if let Some(login) = logins.remove(&feed.url).filter(|_| is_new) {
                let secrets = Secrets {
                    login: Some(login),
                    ..Secrets::default()
                };
                subscribed.secrets = self.keep_secrets(feed, secrets)?;
            }
        }
        self.learn_feeds(&subscribed.added)?;
        self.tell(Event::PlacesChanged);
        Ok(subscribed)
    }

    /// Puts a feed's secrets where they belong; the store only learns that there are some.
    fn keep_secrets(&self, feed: &Feed, secrets: Secrets) -> Result<SecretsKept> {
        let headers: Vec<String> = secrets.headers.keys().cloned().collect();
        let kept = self.inner.vault.keep(&feed.url, secrets);
        self.store().update_feed(feed.id, &mut |feed| {
            feed.options.headers.clone_from(&headers);
            feed.options.secret = kept != SecretsKept::None;
        })?;
        Ok(kept)
    }

    fn learn_feeds(&self, ids: &[u32]) -> Result<()> {
        for id in ids {
            if let Some(feed) = self.store().feed(FeedId(*id))? {
                self.inner.names.learn(&feed);
            }
        }
        Ok(())
    }

    /// Removes a feed and hides its articles; [`Engine::undo`] brings them back. Blocks.
    pub fn remove_feed(&self, id: u32) -> Result<Undoable> {
        let token = self.store().remove_feed(FeedId(id), self.now())?;
        self.inner.names.forget(FeedId(id));
        self.tell(Event::PlacesChanged);
        self.tell(Event::StoriesChanged);
        Ok(Undoable {
            changed: 1,
            token: token.0,
        })
    }

    /// Changes what the reader decides about a feed, and says where its secrets are now. Blocks.
    pub fn change_feed(&self, id: u32, change: &FeedChange) -> Result<SecretsKept> {
        // Everything is checked before anything is changed.
        let custom_title = match change.custom_title.as_deref().map(str::trim) {
            None => None,
            Some("") => Some(None),
            Some(title) => Some(Some(checks::typed(checks::name("a feed's name", title))?)),
        };
        let user_agent = match change.user_agent.as_deref().map(str::trim) {
            None => None,
            Some("") => Some(None),
            Some(agent) => Some(Some(checks::typed(checks::user_agent(agent))?)),
        };
        if let Some(login) = &change.login {
            for part in [&login.user, &login.password] {
                checks::typed(checks::length("a login", part, checks::SECRET))?;
            }
        }
        if let Some(headers) = &change.headers {
            header_lines(headers, &BTreeMap::new())?;
        }
        let folder = match change.folder.as_deref() {
            None => None,
            Some(name) => Some(match checks::typed(checks::folder(Some(name)))? {
                None => None,
                Some(name) => Some(self.store().folder_named(&name)?),
            }),
        };
        let now = self.now();
        let feed = self.store().update_feed(FeedId(id), &mut |feed| {
            if let Some(title) = &custom_title {
                feed.custom_title.clone_from(title);
            }
            if let Some(folder) = folder {
                feed.folder = folder;
            }
            if let Some(paused) = change.paused {
                feed.paused = paused;
                // Whoever takes up a feed again that has ended wants it tried again.
                feed.options.ended_at = feed.options.ended_at.filter(|_| paused);
            }
            if let Some(agent) = &user_agent {
                feed.options.user_agent.clone_from(agent);
            }
            if let Some(days) = change.keep_days {
                feed.options.keep.days = (days > 0).then_some(days);
            }
            if let Some(articles) = change.keep_articles {
                feed.options.keep.articles = (articles > 0).then_some(articles);
            }
            if let Some(full_text) = change.full_text {
                feed.options.full_text = match full_text {
                    FullText::WhereShort => None,
                    FullText::Always => Some(true),
                    FullText::OnRequest => Some(false),
                };
            }
            if let Some(minutes) = change.every_minutes {
                feed.options.every_minutes = (minutes > 0).then_some(minutes);
                let every = feed.options.every_minutes;
                let now = feed.facts.checked_at.unwrap_or(now);
                feed.facts.next_due_at = Some(schedule::next_due(
                    now,
                    feed.id,
                    &feed.facts.schedule,
                    every,
                ));
            }
        })?;
        let mut kept = SecretsKept::None;
        if change.login.is_some() || change.headers.is_some() {
            let mut secrets = self.inner.vault.of(&feed.url);
            if let Some(login) = &change.login {
                let user = login.user.trim();
                secrets.login =
                    (!user.is_empty()).then(|| (user.to_owned(), login.password.clone()));
            }
            if let Some(headers) = &change.headers {
                secrets.headers = header_lines(headers, &secrets.headers)?;
            }
            kept = self.keep_secrets(&feed, secrets)?;
        }
        if let Some(trust) = change.trusted {
            self.trust(id, trust)?;
        }
        if let Some(may) = change.own_network {
            self.let_inside(&feed.url, may)?;
            if may {
                self.store().update_feed(FeedId(id), &mut |feed| {
                    feed.facts.next_due_at = Some(now);
                })?;
            }
        }
        self.inner.names.learn(&feed);
        self.tell(Event::PlacesChanged);
        Ok(kept)
    }

    /// Whether a feed's headlines and pictures stand for stories first.
    fn trust(&self, id: u32, trust: bool) -> Result<()> {
        let all = {
            let mut trusted = crate::written(&self.inner.trusted);
            if trust {
                trusted.insert(id);
            } else {
                trusted.remove(&id);
            }
            trusted.clone()
        };
        let record = (TRUSTED.to_owned(), Some(crate::tags::json(&all)));
        self.store().set_settings(&[record])?;
        self.take_to_taste();
        self.tell(Event::StoriesChanged);
        Ok(())
    }

    /// All that can be said of a feed and its fetches. Blocks.
    pub fn feed_details(&self, id: u32) -> Result<FeedDetails> {
        let feed = self
            .store()
            .feed(FeedId(id))?
            .ok_or_else(|| Failure::not_found("feed"))?;
        let secrets = if feed.options.secret {
            self.inner.vault.of(&feed.url)
        } else {
            Secrets::default()
        };
        Ok(FeedDetails {
            url: without_credentials(&feed.url),
            user_agent: feed.options.user_agent.clone(),
            every_minutes: feed.options.every_minutes,
            keep_days: feed.options.keep.days,
            keep_articles: feed.options.keep.articles,
            trusted: crate::read(&self.inner.trusted).contains(&id),
            own_network: self.may_be_inside(&feed.url),
            user: secrets.login.map(|(user, _)| user),
            headers: feed.options.headers.clone(),
            full_text: match feed.options.full_text {
                None => FullText::WhereShort,
                Some(true) => FullText::Always,
                Some(false) => FullText::OnRequest,
            },
            interval_seconds: feed.facts.schedule.interval_seconds,
            history: feed
                .facts
                .history
                .iter()
                .map(|fetch| FetchRecord {
                    at: fetch.at,
                    took_ms: fetch.took_ms,
                    bytes: fetch.wire_bytes,
                    new: fetch.new,
                    code: fetch.code.clone(),
                })
                .collect(),
            activity: activity_of(feed),
        })
    }

    /// Renames a folder. Blocks.
    pub fn rename_folder(&self, id: u32, name: &str) -> Result<()> {
        let name = checks::typed(checks::name("a folder's name", name))?;
        self.store().rename_folder(FolderId(id), &name)?;
        self.tell(Event::PlacesChanged);
        Ok(())
    }

    /// Removes a folder; its feeds move to the top. [`Engine::undo`] brings it back. Blocks.
    pub fn remove_folder(&self, id: u32) -> Result<Undoable> {
        let folder = FolderId(id);
        let feeds = self.store().feeds()?;
        let moved = feeds.iter().filter(|feed| feed.folder == Some(folder));
        let changed = moved.count() as u32;
        let token = self.store().remove_folder(folder)?;
        self.tell(Event::PlacesChanged);
        Ok(Undoable {
            changed,
            token: token.0,
        })
    }

    /// Subscribes to everything that an OPML file names, and says what could not be read; gives the
    /// new feeds too. Blocks.
    pub fn import_opml(&self, bytes: &[u8]) -> Result<(ImportReport, Vec<u32>)> {
        let read = opml::parse(bytes)
            .map_err(|error| Failure::new(FailureCode::BadInput, error.to_string()))?;
        let mut problems: Vec<LineProblem> = read
            .problems
            .into_iter()
            .map(|p| LineProblem {
                line: p.line as u32,
                what: p.what,
            })
            .collect();
        let mut seen = HashSet::new();
        let mut feeds = Vec::new();
        let mut channels = Vec::new();
        let mut left_out = 0;
        for subscription in read.feeds {
            let mut problem = |what: String| problems.push(LineProblem { line: 0, what });
            if let Err(why) = checks::web_address(&subscription.url) {
                problem(why);
                continue;
            }
            if !seen.insert(subscription.url.clone()) {
                continue;
            }
            if feeds.len() == checks::FEEDS {
                left_out += 1;
                continue;
            }
            let folder = checks::folder(Some(&subscription.folder.join(" / ")));
            let folder = folder.unwrap_or_else(|why| {
                let shown = without_credentials(&subscription.url);
                problem(format!("{shown} is added without its folder: {why}"));
                None
            });
            channels.push((
                subscription.url.clone(),
                [subscription.whatsapp_channel, subscription.google_news],
            ));
            feeds.push(NewFeed {
                url: subscription.url,
                title: subscription.title,
                site: subscription.site,
                folder,
            });
        }
        if left_out > 0 {
            let what = format!(
                "{left_out} feeds are left out: one list adds at most {}",
                checks::FEEDS
            );
            problems.push(LineProblem { line: 0, what });
        }
        let subscribed = self.subscribe(&feeds)?;
        self.take_channels(channels)?;
        let report = ImportReport {
            added: subscribed.added.len() as u32,
            already: subscribed.already.len() as u32,
            problems,
        };
        Ok((report, subscribed.added))
    }

    /// The subscriptions as OPML 2.0, for other readers. Blocks.
    pub fn export_opml(&self) -> Result<String> {
        let folders = self.store().folders()?;
        let folder_name =
            |id: FolderId| folders.iter().find(|f| f.id == id).map(|f| f.name.clone());
        let feeds = self.store().feeds()?.into_iter().map(|feed| {
            let [whatsapp_channel, google_news] = self.channels_for_others(&feed);
            opml::Subscription {
                whatsapp_channel,
                google_news,
                title: Some(title(&feed)),
                site: feed.facts.site.clone(),
                folder: feed.folder.and_then(folder_name).into_iter().collect(),
                url: feed.url,
                description: None,
            }
        });
        let written = opml::write(&opml::Subscriptions {
            title: Some("Warta".into()),
            feeds: feeds.collect(),
            problems: Vec::new(),
        });
        Ok(warta_text::plain(&written).into_owned())
    }

    /// What the last fetch of every feed did, failed ones first. Blocks.
    pub fn activity(&self) -> Result<Vec<FeedActivity>> {
        let mut activity: Vec<FeedActivity> =
            self.store().feeds()?.into_iter().map(activity_of).collect();
        activity.sort_by_cached_key(|a| {
            (
                a.failure.is_none(),
                std::cmp::Reverse(a.checked_at),
                a.title.to_lowercase(),
            )
        });
        Ok(activity)
    }
}

fn activity_of(feed: Feed) -> FeedActivity {
    FeedActivity {
        feed: feed.id.0,
        title: title(&feed),
        checked_at: feed.facts.checked_at,
        succeeded_at: feed.facts.succeeded_at,
        next_due_at: feed.facts.next_due_at,
        failure: feed.facts.failure.map(|f| Problem {
            code: f.code,
            detail: f.detail,
        }),
        failures: feed.facts.failures_in_a_row,
        last_new: feed.facts.last_new,
        took_ms: feed.facts.took_ms,
        bytes: feed.facts.wire_bytes,
        paused: feed.paused,
        ended_at: feed.options.ended_at,
        moving_to: feed.facts.moved_to.map(|(to, _)| without_credentials(&to)),
    }
}

/// An address without its name and password, and these.
fn login_apart(url: &Url) -> (String, Option<(String, String)>) {
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

/// Headers as they are kept; an empty value keeps what is known under that name.
fn header_lines(
    lines: &[HeaderLine],
    known: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    checks::typed(checks::count("headers", lines.len(), checks::HEADERS))?;
    let mut headers = BTreeMap::new();
    for line in lines {
        let name = checks::typed(checks::header_name(&line.name))?;
        checks::typed(checks::length("a header", &line.value, checks::SECRET))?;
        if line.value.contains(['\r', '\n', '\0']) {
            return Err(Failure::new(
                FailureCode::BadInput,
                format!("the value of `{name}` is not on one line"),
            ));
        }
        let value = match line.value.trim() {
            "" => known.get(&name).cloned().unwrap_or_default(),
            value => value.to_owned(),
        };
        headers.insert(name, value);
    }
    Ok(headers)
}

/// The web addresses that a reader's input can mean, most likely first.
fn completed(address: &str) -> Vec<String> {
    let mut address = address.trim();
    // "Subscribe", not a protocol; the scheme has no case.
    while let Some(rest) = address
        .get(5..)
        .filter(|_| address[..5].eq_ignore_ascii_case("feed:"))
    {
        address = rest.trim_start();
    }
    let address = address.trim_start_matches("//");
    let tidy = warta_feed::tidy_address(address);
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
        // A password is sent in the open only where the reader wrote so.
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
    fn an_address_is_completed_as_a_browser_would() {
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
