//! Adds, changes and removes subscriptions and folders.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, RwLock};

use warta_store::{Added, DocumentKind, Feed, FeedId, FolderId};

use crate::api::{
    ChosenPlaces, Event, Failure, FailureCode, FeedActivity, FeedChange, FeedDetails, FeedInterval,
    FetchRecord, FullText, HeaderLine, NewFeed, Problem, Result, SecretsKept, Subscribed, Undoable,
};
use crate::context::labels::{login_apart, title, without_credentials};
use crate::context::locks::{read_locked, write_locked};
use crate::context::{Context, checks};
use crate::network::credentials::{Credentials, Secrets};
use crate::network::own_network::OwnNetwork;
use crate::subscriptions::{page_feeds, schedule};

/// The record of trusted feeds.
const TRUSTED: &str = "own/trusted";

/// Adds, changes and removes feeds and folders.
pub struct Feeds {
    ctx: Arc<Context>,
    credentials: Arc<Credentials>,
    own_network: Arc<OwnNetwork>,
    trusted: RwLock<HashSet<u32>>,
}

impl Feeds {
    /// The feeds whose headlines and pictures stories prefer.
    pub(crate) fn trusted(&self) -> HashSet<u32> {
        read_locked(&self.trusted).clone()
    }

    pub(crate) fn new(
        ctx: &Arc<Context>,
        credentials: &Arc<Credentials>,
        own_network: &Arc<OwnNetwork>,
        trusted: HashSet<u32>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            credentials: Arc::clone(credentials),
            own_network: Arc::clone(own_network),
            trusted: RwLock::new(trusted),
        }
    }

    /// Subscribes to feeds. [`crate::FeedSync::sync`] fetches the new ones.
    pub fn subscribe(&self, feeds: &[NewFeed]) -> Result<Subscribed> {
        checks::typed(checks::count("feeds", feeds.len(), checks::FEEDS))?;
        let mut new = Vec::with_capacity(feeds.len());
        let mut logins = HashMap::new();
        for feed in feeds {
            let url = checks::web_address(&feed.url)
                .map_err(|why| Failure::new(FailureCode::BadAddress, why))?;
            let (url, login) = login_apart(&url);
            let login = login.or_else(|| self.credentials.offered(&url));
            let kind = page_feeds::rule(feed.page.as_ref())?;
            let url = self.address_for(&url, &kind, &new)?;
            logins.extend(login.map(|login| (url.clone(), login)));
            let folder = checks::typed(checks::folder(&feed.folder))?;
            let feed = warta_store::NewFeed {
                url,
                title: feed.title.as_deref().and_then(checks::title),
                site: feed.site.clone().filter(|s| checks::web_address(s).is_ok()),
                kind,
                ..warta_store::NewFeed::default()
            };
            new.push((feed, folder));
        }
        let mut subscribed = Subscribed {
            added: Vec::new(),
            already: Vec::new(),
            secrets: SecretsKept::None,
        };
        for added in self.ctx.store.add_feeds_in_folders(&new, self.ctx.now())? {
            match added {
                Added::New(id) => subscribed.added.push(id.0),
                Added::Already(id) => subscribed.already.push(id.0),
            }
        }
        self.own_network
            .note_subscribed(new.iter().map(|(feed, _)| feed.url.clone()))?;
        let with_login = !logins.is_empty();
        for feed in self.ctx.store.feeds()?.iter().filter(|_| with_login) {
            let is_new = subscribed.added.contains(&feed.id.0);
            if let Some(login) = logins.remove(&feed.url).filter(|_| is_new) {
                let secrets = Secrets {
                    login: Some(login),
                    ..Secrets::default()
                };
                subscribed.secrets = self.keep_secrets(feed, secrets)?;
            }
        }
        for id in &subscribed.added {
            let id = FeedId(*id);
            let feed = self.ctx.store.feed(id)?;
            if feed.is_some_and(|feed| feed.kind.is_page()) {
                self.ctx
                    .store
                    .update_feed(id, &mut Feed::choose_full_text)?;
            }
        }
        self.learn_feeds(&subscribed.added)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(subscribed)
    }

    /// The address of a new feed. A page may be several feeds: each after the first gets a fragment
    /// of its own, which is never sent.
    fn address_for(
        &self,
        url: &str,
        kind: &DocumentKind,
        others: &[(warta_store::NewFeed, Vec<String>)],
    ) -> Result<String> {
        if !kind.is_page() {
            return Ok(url.to_owned());
        }
        let mut number = 1;
        loop {
            let address = page_feeds::address(url, kind, number);
            let known = match self.ctx.store.feed_at(&address) {
                Some(id) => self.ctx.store.feed(id)?.map(|feed| feed.kind),
                None => None,
            };
            let other = others.iter().find(|(other, _)| other.url == address);
            let taken = known.as_ref().or(other.map(|(other, _)| &other.kind));
            if taken.is_none_or(|taken| taken == kind) {
                return Ok(address);
            }
            number += 1;
        }
    }

    /// Stores a feed's secrets in the keyring; the store records only that there are some.
    fn keep_secrets(&self, feed: &Feed, secrets: Secrets) -> Result<SecretsKept> {
        let headers: Vec<String> = secrets.headers.keys().cloned().collect();
        let kept = self.credentials.keep(&feed.url, secrets);
        self.ctx.store.update_feed(feed.id, &mut |feed| {
            feed.options.headers.clone_from(&headers);
            feed.options.secret = kept != SecretsKept::None;
        })?;
        Ok(kept)
    }

    fn learn_feeds(&self, ids: &[u32]) -> Result<()> {
        for id in ids {
            if let Some(feed) = self.ctx.store.feed(FeedId(*id))? {
                self.ctx.labels.learn(&feed);
            }
        }
        Ok(())
    }

    /// Removes a feed and hides its articles; [`crate::Marks::undo`] restores them.
    pub fn remove_feed(&self, id: u32) -> Result<Undoable> {
        let token = self.ctx.store.remove_feed(FeedId(id), self.ctx.now())?;
        self.ctx.labels.forget(FeedId(id));
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::StoriesChanged);
        Ok(Undoable {
            changed: 1,
            token: token.0,
        })
    }

    /// Changes a feed's settings and returns where its secrets are stored.
    pub fn change_feed(&self, id: u32, change: &FeedChange) -> Result<SecretsKept> {
        // Validate everything before changing anything.
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
            Some(path) => {
                let path = checks::typed(checks::folder(path))?;
                Some(self.ctx.store.folders().at(&path)?)
            }
        };
        let page = match &change.page {
            None => None,
            Some(page) => Some(page_feeds::rule(Some(page))?),
        };
        let now = self.ctx.now();
        let feed = self.ctx.store.update_feed(FeedId(id), &mut |feed| {
            if let Some(page) = &page {
                set_rule(feed, page);
            }
            if let Some(title) = &custom_title {
                feed.custom_title.clone_from(title);
            }
            if let Some(folder) = folder {
                feed.folder = folder;
            }
            if let Some(paused) = change.paused {
                feed.paused = paused;
                // Resuming a feed that has ended (410) tries it again.
                feed.options.ended_at = feed.options.ended_at.filter(|_| paused);
            }
            if let Some(agent) = &user_agent {
                feed.options.user_agent.clone_from(agent);
            }
            set_retention(feed, change);
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
            let mut secrets = self.credentials.of(&feed.url);
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
            self.own_network.let_inside(&feed.url, may)?;
            if may {
                self.ctx.store.update_feed(FeedId(id), &mut |feed| {
                    feed.facts.next_due_at = Some(now);
                })?;
            }
        }
        self.ctx.labels.learn(&feed);
        self.ctx.emit(Event::PlacesChanged);
        Ok(kept)
    }

    /// Sets how often feeds are fetched; returns the former intervals, which undo it.
    pub fn set_intervals(&self, intervals: &[FeedInterval]) -> Result<Vec<FeedInterval>> {
        checks::typed(checks::count("feeds", intervals.len(), checks::FEEDS))?;
        let mut before = Vec::with_capacity(intervals.len());
        for interval in intervals {
            let id = interval.feed;
            let Some(feed) = self.ctx.store.feed(FeedId(id))? else {
                continue;
            };
            before.push(FeedInterval {
                feed: id,
                every_minutes: feed.options.every_minutes.unwrap_or(0),
            });
            let change = FeedChange {
                every_minutes: Some(interval.every_minutes),
                ..FeedChange::default()
            };
            self.change_feed(id, &change)?;
        }
        Ok(before)
    }

    /// Whether stories prefer a feed's headlines and pictures.
    fn trust(&self, id: u32, trust: bool) -> Result<()> {
        let all = {
            let mut trusted = write_locked(&self.trusted);
            if trust {
                trusted.insert(id);
            } else {
                trusted.remove(&id);
            }
            trusted.clone()
        };
        let record = (
            TRUSTED.to_owned(),
            Some(crate::context::records::json(&all)),
        );
        self.ctx.store.set_settings(&[record])?;
        self.ctx.ranking_changed();
        self.ctx.emit(Event::StoriesChanged);
        Ok(())
    }

    /// A feed's settings and fetch history.
    pub fn feed_details(&self, id: u32) -> Result<FeedDetails> {
        let feed = self
            .ctx
            .store
            .feed(FeedId(id))?
            .ok_or_else(|| Failure::not_found("feed"))?;
        let secrets = if feed.options.secret {
            self.credentials.of(&feed.url)
        } else {
            Secrets::default()
        };
        Ok(FeedDetails {
            url: without_credentials(&feed.url),
            user_agent: feed.options.user_agent.clone(),
            every_minutes: feed.options.every_minutes,
            page: page_feeds::page_feed(&feed.kind),
            keep_days: feed.options.keep.days,
            keep_articles: feed.options.keep.articles,
            trusted: read_locked(&self.trusted).contains(&id),
            own_network: self.own_network.may_be_inside(&feed.url),
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
                    code: fetch.code,
                })
                .collect(),
            activity: activity_of(feed),
        })
    }

    /// Renames a folder.
    pub fn rename_folder(&self, id: u32, name: &str) -> Result<()> {
        let name = checks::typed(checks::name("a folder's name", name))?;
        self.ctx.store.folders().rename(FolderId(id), &name)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }

    /// Adds a folder, inside another or at the top level, and returns its id.
    pub fn add_folder(&self, name: &str, parent: Option<u32>) -> Result<u32> {
        let name = checks::typed(checks::name("a folder's name", name))?;
        let id = self.ctx.store.folders().add(&name, parent.map(FolderId))?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(id.0)
    }

    /// Moves feeds and folders into a folder, or to the top level; [`crate::Marks::undo`] moves
    /// them back.
    pub fn move_places(&self, chosen: &ChosenPlaces, into: Option<u32>) -> Result<Undoable> {
        let (feeds, folders) = chosen_ids(chosen)?;
        let into = into.map(FolderId);
        let token = self.ctx.store.folders().move_into(&feeds, &folders, into)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(Undoable {
            changed: (feeds.len() + folders.len()) as u32,
            token: token.0,
        })
    }

    /// Removes feeds, and folders with everything in them; [`crate::Marks::undo`] restores them.
    /// Returns the number of feeds.
    pub fn unsubscribe(&self, chosen: &ChosenPlaces) -> Result<Undoable> {
        let (feeds, folders) = chosen_ids(chosen)?;
        let before: HashSet<FeedId> = self.ctx.store.feeds()?.iter().map(|f| f.id).collect();
        let now = self.ctx.now();
        let token = self
            .ctx
            .store
            .folders()
            .unsubscribe(&feeds, &folders, now)?;
        let after: HashSet<FeedId> = self.ctx.store.feeds()?.iter().map(|f| f.id).collect();
        for id in before.difference(&after) {
            self.ctx.labels.forget(*id);
        }
        self.ctx.emit(Event::PlacesChanged);
        self.ctx.emit(Event::StoriesChanged);
        Ok(Undoable {
            changed: before.difference(&after).count() as u32,
            token: token.0,
        })
    }

    /// Removes a folder; what is in it moves to the folder around it. [`crate::Marks::undo`]
    /// restores it.
    pub fn remove_folder(&self, id: u32) -> Result<Undoable> {
        let folder = FolderId(id);
        let feeds = self.ctx.store.feeds()?;
        let moved = feeds.iter().filter(|feed| feed.folder == Some(folder));
        let changed = moved.count() as u32;
        let token = self.ctx.store.folders().remove(folder)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(Undoable {
            changed,
            token: token.0,
        })
    }

    /// The last fetch of every feed, failed ones first.
    pub fn activity(&self) -> Result<Vec<FeedActivity>> {
        let mut activity: Vec<FeedActivity> = self
            .ctx
            .subscriptions()?
            .into_iter()
            .map(activity_of)
            .collect();
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

fn chosen_ids(chosen: &ChosenPlaces) -> Result<(Vec<FeedId>, Vec<FolderId>)> {
    let most = checks::FEEDS;
    checks::typed(checks::count("feeds", chosen.feeds.len(), most))?;
    checks::typed(checks::count("folders", chosen.folders.len(), most))?;
    let feeds = chosen.feeds.iter().map(|id| FeedId(*id)).collect();
    Ok((
        feeds,
        chosen.folders.iter().map(|id| FolderId(*id)).collect(),
    ))
}

/// The feeds that the reader trusts.
pub(crate) fn load_trusted(store: &warta_store::Store) -> Result<HashSet<u32>> {
    let json = store.setting(TRUSTED)?;
    Ok(json.map_or_else(HashSet::new, |json| {
        crate::context::records::read(TRUSTED, &json)
    }))
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

/// Changes the rule by which a page is read.
fn set_rule(feed: &mut Feed, rule: &DocumentKind) {
    if feed.kind == *rule {
        return;
    }
    feed.kind.clone_from(rule);
    // The same bytes are read otherwise.
    feed.facts.body_hash = None;
    feed.facts.etag = None;
    feed.facts.last_modified = None;
}

fn set_retention(feed: &mut Feed, change: &FeedChange) {
    if let Some(days) = change.keep_days {
        feed.options.keep.days = (days > 0).then_some(days);
    }
    if let Some(articles) = change.keep_articles {
        feed.options.keep.articles = (articles > 0).then_some(articles);
    }
}

/// Headers to store; an empty value keeps the known value of that name.
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
                format!("the value of `{name}` contains a line break"),
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
