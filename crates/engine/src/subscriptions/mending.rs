//! Feeds that mend themselves: for a feed that ended, fails, is empty or has long been silent, the
//! address at which its publisher goes on is looked for, offered to the reader once, and can be
//! taken back.
//!
//! Looked at, in this order: the publisher's site, the page that answers instead of the feed, the
//! site that the articles link to, the other addresses of the catalogue, and the feed's own address
//! with and without TLS or `www`. A feed is offered only with proof that it has the same publisher
//! ([`Proof`]): anyone may answer at an address that was guessed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;
use warta_article::sections::link_id;
use warta_feed::Entry;
use warta_store::{
    DocumentKind, Feed, FeedId, FeedOptions, ListQuery, Place, ProblemCode, StoreError,
};
use warta_text::folded_words;

use crate::api::{
    self, AddressKind, Ailment, Connection, Event, Failure, FailureCode, FeedOffer, FoundFeed,
    FoundKind, OfferProof, ReplacedAddress, Result,
};
use crate::context::labels::{title, without_credentials};
use crate::context::locks::locked;
use crate::context::{Context, blocking, records};
use crate::network::connectivity::Connectivity;
use crate::network::credentials::may_be_sent;
use crate::subscriptions::catalogue::Catalogue;
use crate::subscriptions::discovery::Discovery;
use crate::subscriptions::health::Health;
use crate::subscriptions::page_feeds;

/// Prefix of the records, by the id of their feed.
const RECORDS: &str = "own/mending/";
const DAY: i64 = 86_400;
/// Number of a feed's newest articles that a found feed is compared with.
const COMPARED: usize = 300;
/// Number of links or titles that both must have.
const SHARED: usize = 2;
/// Number of entries that must link to the publisher's own site where nothing is shared.
const OWN_ENTRIES: usize = 3;
/// Minimum number of words of a title that tells articles apart.
const TITLE_WORDS: usize = 3;
/// Number of found feeds that are compared, of each place.
const CANDIDATES: usize = 6;
/// Number of headlines shown of an offer.
const HEADLINES: usize = 3;
/// Longest wait between two searches for the same feed, in days.
const LONGEST_WAIT: i64 = 32;
/// Number of feeds that are looked for in the background at a time.
const AT_A_TIME: usize = 3;
/// Failures that a publisher's server recovers from are looked at after this many.
const LASTING_FAILURES: u32 = 40;

/// What is known of the search for a feed's new address.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Record {
    /// The last search.
    looked_at: Option<i64>,
    /// Searches in a row without a result.
    fruitless: u32,
    /// Waits for the reader's answer.
    offer: Option<StoredOffer>,
    /// Addresses that the reader declined, which are not offered again.
    declined: Vec<String>,
    /// The last ones last.
    replaced: Vec<Replaced>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredOffer {
    found: FoundFeed,
    proof: OfferProof,
    newest: Option<i64>,
    headlines: Vec<String>,
}

/// A feed's earlier address and how it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Replaced {
    at: i64,
    from: String,
    to: String,
    kind: DocumentKind,
    options: FeedOptions,
}

/// What the stored articles say of a feed's publisher.
#[derive(Default)]
struct Archive {
    links: HashSet<String>,
    titles: HashSet<String>,
    /// Hosts of the articles' links, the most frequent first.
    hosts: Vec<String>,
    newest: Option<i64>,
}

/// Where feeds are looked for.
enum Spot {
    /// A page, whose feeds are discovered.
    Site(String),
    /// The address of a feed.
    Feed(String),
}

/// Looks for the new addresses of feeds that stopped.
pub struct Mending {
    ctx: Arc<Context>,
    discovery: Arc<Discovery>,
    catalogue: Arc<Catalogue>,
    connectivity: Arc<Connectivity>,
    health: Arc<Health>,
    /// Serialises changes to the records.
    storing: std::sync::Mutex<()>,
}

impl Mending {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        discovery: &Arc<Discovery>,
        catalogue: &Arc<Catalogue>,
        connectivity: &Arc<Connectivity>,
        health: &Arc<Health>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            discovery: Arc::clone(discovery),
            catalogue: Arc::clone(catalogue),
            connectivity: Arc::clone(connectivity),
            health: Arc::clone(health),
            storing: std::sync::Mutex::default(),
        }
    }

    /// The offers that wait for the reader's answer. Those of feeds that recovered are left out.
    pub fn offers(&self) -> Result<Vec<FeedOffer>> {
        let mut offers = Vec::new();
        for (name, json) in self.ctx.store.settings_under(RECORDS)? {
            let id = name.strip_prefix(RECORDS).and_then(|id| id.parse().ok());
            let record: Record = records::read(&name, &json);
            if let (Some(id), Some(offer)) = (id, record.offer)
                && let Some(feed) = self.ctx.store.feed(FeedId(id))?
            {
                offers.push(shown(&feed, offer));
            }
        }
        if !offers.is_empty() {
            let ailing: HashSet<u32> = self.ailing()?.into_iter().map(|id| id.0).collect();
            offers.retain(|offer| ailing.contains(&offer.feed));
        }
        offers.sort_by_key(|offer| offer.feed);
        Ok(offers)
    }

    /// Looks for the new address of a feed now, on the reader's request.
    pub async fn look_for(self: &Arc<Self>, feed: u32) -> Result<Option<FeedOffer>> {
        let feed = self
            .ctx
            .store
            .feed(FeedId(feed))?
            .ok_or_else(|| Failure::not_found("feed"))?;
        self.look_for_feed(feed).await
    }

    /// Looks for the new addresses of the feeds that are due for it, a few at a time. Returns the
    /// number of new offers.
    pub async fn look(self: &Arc<Self>) -> Result<usize> {
        if self.connectivity.connection() == Connection::Offline
            || self.ctx.store.may_write().is_err()
        {
            return Ok(0);
        }
        let due = blocking(self, |this| this.due()).await?;
        let mut offers = 0;
        for feed in due {
            if let Some(offer) = self.look_for_feed(feed).await? {
                offers += 1;
                let (feed, title) = (offer.feed, offer.title);
                self.ctx.emit(Event::FeedOffered { feed, title });
            }
        }
        Ok(offers)
    }

    /// Takes the offered address. Its articles arrive with the feed's next fetch; those that are
    /// older than what is stored arrive as read.
    pub fn accept(&self, feed: u32) -> Result<()> {
        let _storing = locked(&self.storing);
        let id = FeedId(feed);
        let mut record = self.record(id)?;
        let Some(offer) = record.offer.take() else {
            return Err(Failure::not_found("offer"));
        };
        let before = self
            .ctx
            .store
            .feed(id)?
            .ok_or_else(|| Failure::not_found("feed"))?;
        let to = offer.found.url.clone();
        let kind = match offer.found.kind {
            FoundKind::NewsSitemap | FoundKind::Sitemap => DocumentKind::Sitemap,
            FoundKind::Feed | FoundKind::WithoutShorts | FoundKind::HeadlineList => {
                page_feeds::rule(offer.found.page.as_ref())?
            }
        };
        let keeps_secrets = may_be_sent(&before.url, &to);
        self.change(id, |feed| {
            to.clone_into(&mut feed.url);
            feed.kind = kind.clone();
            feed.choose_full_text();
            if !keeps_secrets {
                feed.options.secret = false;
                feed.options.headers.clear();
            }
        })?;
        record.replaced.push(Replaced {
            at: self.ctx.now(),
            from: before.url,
            to,
            kind: before.kind,
            options: before.options,
        });
        record.fruitless = 0;
        self.store(id, &record)
    }

    /// Declines the offer: its address is not offered for this feed again.
    pub fn decline(&self, feed: u32) -> Result<()> {
        let _storing = locked(&self.storing);
        let mut record = self.record(FeedId(feed))?;
        if let Some(offer) = record.offer.take() {
            record.declined.push(offer.found.url);
            self.store(FeedId(feed), &record)?;
        }
        Ok(())
    }

    /// The addresses that a feed had, the last one first.
    pub fn replaced(&self, feed: u32) -> Result<Vec<ReplacedAddress>> {
        let replaced = self.record(FeedId(feed))?.replaced;
        Ok(replaced
            .iter()
            .rev()
            .map(|one| ReplacedAddress {
                at: one.at,
                from: without_credentials(&one.from),
                to: without_credentials(&one.to),
            })
            .collect())
    }

    /// Takes the last replacement back: the feed has its earlier address again, and the other one
    /// is not offered again.
    pub fn take_back(&self, feed: u32) -> Result<()> {
        let _storing = locked(&self.storing);
        let id = FeedId(feed);
        let mut record = self.record(id)?;
        let Some(last) = record.replaced.pop() else {
            return Err(Failure::not_found("earlier address"));
        };
        self.change(id, |feed| {
            last.from.clone_into(&mut feed.url);
            feed.kind = last.kind.clone();
            feed.options = last.options.clone();
        })?;
        record.declined.push(last.to);
        self.store(id, &record)
    }

    /// Changes where a feed is fetched, and lets its next fetch be like its first.
    fn change(&self, id: FeedId, how: impl Fn(&mut Feed)) -> Result<()> {
        let now = self.ctx.now();
        let changed = self.ctx.store.update_feed(id, &mut |feed| {
            feed.options.ended_at = None;
            how(feed);
            let facts = &mut feed.facts;
            (facts.etag, facts.last_modified, facts.body_hash) = (None, None, None);
            (facts.succeeded_at, facts.next_due_at) = (None, Some(now));
            (facts.failure, facts.failures_in_a_row) = (None, 0);
            facts.moved_to = None;
            facts.parts.clear();
        });
        match changed {
            Err(StoreError::Invalid(why)) => Err(Failure::new(FailureCode::BadInput, why)),
            other => {
                self.ctx.labels.learn(&other?);
                self.ctx.emit(Event::PlacesChanged);
                Ok(())
            }
        }
    }

    fn record(&self, feed: FeedId) -> Result<Record> {
        let name = record_name(feed);
        let json = self.ctx.store.setting(&name)?;
        Ok(json.map_or_else(Record::default, |json| records::read(&name, &json)))
    }

    fn store(&self, feed: FeedId, record: &Record) -> Result<()> {
        let json = Some(records::json(record));
        Ok(self.ctx.store.set_settings(&[(record_name(feed), json)])?)
    }

    /// Feeds that ended, fail, are empty or have long been silent.
    fn ailing(&self) -> Result<Vec<FeedId>> {
        let health = self.health.feed_health()?;
        let is_ill = |ailment: &Ailment| match ailment {
            Ailment::Ended { .. } | Ailment::Silent { .. } | Ailment::Empty { .. } => true,
            Ailment::Failing {
                failures, problem, ..
            } => is_lasting(problem.code) || *failures >= LASTING_FAILURES,
            Ailment::Flood { .. } | Ailment::NeverRead { .. } | Ailment::Duplicate { .. } => false,
        };
        Ok(health
            .iter()
            .filter(|one| one.ailments.iter().any(is_ill))
            .map(|one| FeedId(one.feed))
            .collect())
    }

    /// The feeds that a replacement is due to be looked for: after 1, 2, 4 … days without one.
    fn due(&self) -> Result<Vec<Feed>> {
        let now = self.ctx.now();
        let mut due = Vec::new();
        for id in self.ailing()? {
            let record = self.record(id)?;
            let wait = (1_i64 << record.fruitless.min(6)).min(LONGEST_WAIT) * DAY;
            let waits = record.looked_at.is_some_and(|at| now - at < wait);
            let feed = self.ctx.store.feed(id)?.filter(|feed| !feed.paused);
            if let Some(feed) = feed.filter(|_| record.offer.is_none() && !waits) {
                due.push(feed);
            }
            if due.len() == AT_A_TIME {
                break;
            }
        }
        Ok(due)
    }

    async fn look_for_feed(self: &Arc<Self>, feed: Feed) -> Result<Option<FeedOffer>> {
        let found = self.search(&feed).await?;
        let known = feed.clone();
        let offer = blocking(self, move |this| {
            let _storing = locked(&this.storing);
            let mut record = this.record(known.id)?;
            record.looked_at = Some(this.ctx.now());
            record.fruitless = match found {
                None => record.fruitless.saturating_add(1),
                Some(_) => 0,
            };
            record.offer.clone_from(&found);
            this.store(known.id, &record)?;
            Ok(found)
        })
        .await?;
        Ok(offer.map(|offer| shown(&feed, offer)))
    }

    async fn search(self: &Arc<Self>, feed: &Feed) -> Result<Option<StoredOffer>> {
        if feed.kind.is_newsletter() {
            return Ok(None);
        }
        let known = feed.clone();
        let (archive, declined, spots) = blocking(self, move |this| {
            let archive = this.archive(&known)?;
            let spots = this.spots(&known, &archive)?;
            let declined = this.record(known.id)?.declined;
            Ok((archive, declined, spots))
        })
        .await?;
        let mut seen: HashSet<String> = declined.into_iter().collect();
        seen.insert(feed.url.clone());
        let (mut answered, mut offline) = (false, None);
        for spot in spots {
            let found = match spot {
                Spot::Site(url) => {
                    let found = self.discovery.discover(&url).await;
                    let named = |found: &api::Discovery| {
                        let host = host_and_port(&found.url);
                        host.filter(|_| !found.guessed)
                    };
                    found.map(|found| (named(&found), found.feeds))
                }
                Spot::Feed(url) => {
                    let found = self.discovery.feed_at(&url).await;
                    found.map(|found| (None, found.into_iter().collect()))
                }
            };
            // A place that does not answer has no feed; the next one may.
            let (named_by, found) = match found {
                Ok(found) => found,
                Err(failure) if failure.code == FailureCode::Offline => {
                    offline = Some(failure);
                    continue;
                }
                Err(_) => {
                    answered = true;
                    continue;
                }
            };
            answered = true;
            for found in found.into_iter().take(CANDIDATES) {
                if found.already || !seen.insert(found.url.clone()) {
                    continue;
                }
                let Ok(entries) = self.discovery.entries_of(&found).await else {
                    continue;
                };
                if let Some(proof) = prove(feed, &archive, (&found, named_by.as_deref()), &entries)
                {
                    return Ok(Some(offer_of(found, proof, &entries)));
                }
            }
        }
        match offline.filter(|_| !answered) {
            // Nothing was looked at.
            Some(failure) => Err(failure),
            None => Ok(None),
        }
    }

    fn archive(&self, feed: &Feed) -> Result<Archive> {
        let page = self
            .ctx
            .store
            .list(&ListQuery::newest(Place::Feed(feed.id), COMPARED))?;
        let mut archive = Archive::default();
        let mut hosts: HashMap<String, usize> = HashMap::new();
        for row in &page.rows {
            archive.newest = archive.newest.max(Some(row.time));
            archive.titles.extend(telling(&row.title));
            if let Some(url) = &row.url {
                archive.links.extend(link_id(url));
                *hosts
                    .entry(host_and_port(url).unwrap_or_default())
                    .or_default() += 1;
            }
        }
        let mut hosts: Vec<(String, usize)> = hosts.into_iter().collect();
        hosts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        archive.hosts = hosts.into_iter().map(|(host, _)| host).collect();
        Ok(archive)
    }

    /// Where to look, without repetition.
    fn spots(&self, feed: &Feed, archive: &Archive) -> Result<Vec<Spot>> {
        let root = |url: &str| Url::parse(url).ok()?.join("/").ok().map(String::from);
        let mut sites: Vec<String> = Vec::new();
        sites.extend(feed.facts.site.clone());
        let failure = feed.facts.failure.as_ref().map(|failure| failure.code);
        if failure == Some(ProblemCode::WebPage) || feed.kind.is_page() {
            sites.push(feed.url.clone());
        }
        sites.extend(root(&feed.url));
        let articles = archive.hosts.first().filter(|host| !host.is_empty());
        sites.extend(articles.map(|host| format!("https://{host}/")));
        let mut spots: Vec<Spot> = Vec::new();
        let mut seen = HashSet::new();
        for site in sites {
            if seen.insert(link_id(&site)) {
                spots.push(Spot::Site(site));
            }
        }
        for address in self.catalogue.alternatives(&feed.url)? {
            spots.push(match address.kind {
                AddressKind::Site if !seen.insert(link_id(&address.url)) => continue,
                AddressKind::Site => Spot::Site(address.url),
                AddressKind::Feed | AddressKind::Sitemap | AddressKind::Search => {
                    Spot::Feed(address.url)
                }
            });
        }
        if !feed.kind.is_page() {
            spots.extend(variants(&feed.url).into_iter().map(Spot::Feed));
        }
        Ok(spots)
    }
}

fn record_name(feed: FeedId) -> String {
    format!("{RECORDS}{}", feed.0)
}

/// Whether a failure says that the feed is no longer at its address, rather than that its server
/// has trouble.
fn is_lasting(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::HostNotFound
            | ProblemCode::NotFound
            | ProblemCode::Gone
            | ProblemCode::Tls
            | ProblemCode::WebPage
            | ProblemCode::NotAFeed
            | ProblemCode::PartMissing
            | ProblemCode::Empty
            | ProblemCode::TooManyRedirects
            | ProblemCode::Status
            | ProblemCode::DisallowedByRobots
    )
}

/// The address with `www` or without, and without TLS, which fails where a certificate has expired.
fn variants(url: &str) -> Vec<String> {
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let other = match host.strip_prefix("www.") {
        Some(bare) => bare.to_owned(),
        None => format!("www.{host}"),
    };
    let with = |scheme: &str, host: &str| {
        let mut url = url.clone();
        let is_set = url.set_scheme(scheme).is_ok() && url.set_host(Some(host)).is_ok();
        is_set.then(|| url.to_string())
    };
    let mut variants: Vec<String> = [("https", &host), ("https", &other), ("http", &host)]
        .iter()
        .filter_map(|(scheme, host)| with(scheme, host))
        .collect();
    variants.retain(|variant| variant != url.as_str());
    variants
}

/// The proof that a found feed has the publisher of `feed`, if there is one and it goes on where
/// the feed stopped. Beside the found feed: the host whose page named it, to which the publisher's
/// site leads; `None` if it was guessed.
fn prove(
    feed: &Feed,
    archive: &Archive,
    (found, named_by): (&FoundFeed, Option<&str>),
    entries: &[Entry],
) -> Option<OfferProof> {
    let page = |entry: &Entry| entry.page().map(str::to_owned);
    let links: Vec<String> = entries.iter().filter_map(page).collect();
    let is_known = |link: &String| link_id(link).is_some_and(|id| archive.links.contains(&id));
    let shared = links.iter().filter(|link| is_known(link)).count();
    // A feed that answers is only replaced by one that has what it has not.
    let answers = feed.facts.failure.is_none() && feed.options.ended_at.is_none();
    if answers && !is_newer(archive, entries) {
        return None;
    }
    let known = archive.links.len().min(entries.len());
    if shared >= SHARED.min(known).max(1) {
        return Some(OfferProof::Articles {
            count: shared as u32,
        });
    }
    let mut own = own_hosts(feed, archive);
    own.extend(named_by.map(str::to_owned));
    let is_own = |link: &String| host_and_port(link).is_some_and(|host| is_among(&host, &own));
    let at_home = links.iter().filter(|link| is_own(link)).count();
    let titles = entries
        .iter()
        .filter_map(|entry| telling(entry.headline()?));
    let shared: HashSet<String> = titles.filter(|one| archive.titles.contains(one)).collect();
    // News agencies' titles are the same everywhere.
    let is_at_home =
        at_home > 0 || host_and_port(&found.url).is_some_and(|host| is_among(&host, &own));
    let enough = if is_at_home { SHARED } else { 2 * SHARED };
    if shared.len() >= enough {
        return Some(OfferProof::Titles {
            count: shared.len() as u32,
        });
    }
    let name = feed.facts.title.as_deref().map(telling_name);
    let name = name.filter(|name| !name.is_empty());
    let is_same_name = name == Some(telling_name(&found.title));
    let is_all_own = at_home == links.len() && at_home >= OWN_ENTRIES;
    (named_by.is_some() && is_all_own && is_same_name).then_some(OfferProof::Site)
}

fn is_newer(archive: &Archive, entries: &[Entry]) -> bool {
    let newest = newest(entries);
    match (newest, archive.newest) {
        (Some(found), Some(stored)) => found > stored,
        _ => !entries.is_empty(),
    }
}

fn newest(entries: &[Entry]) -> Option<i64> {
    let dates = entries.iter().filter_map(|entry| entry.published);
    dates.map(|date| date.timestamp()).max()
}

/// The hosts of the feed's site and of most of its articles.
fn own_hosts(feed: &Feed, archive: &Archive) -> Vec<String> {
    let site = feed.facts.site.as_deref().and_then(host_and_port);
    let articles = archive.hosts.first().cloned();
    let mut hosts: Vec<String> = site.into_iter().chain(articles).collect();
    if hosts.is_empty() {
        hosts.extend(host_and_port(&feed.url));
    }
    hosts
}

/// A URL's host, with its port if that is not the usual one.
fn host_and_port(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Whether a host is one of these, or one is part of the other's domain.
fn is_among(host: &str, hosts: &[String]) -> bool {
    let bare = |host: &str| host.trim_start_matches("www.").to_owned();
    let host = bare(host);
    hosts.iter().map(|other| bare(other)).any(|other| {
        host == other
            || host
                .strip_suffix(&other)
                .is_some_and(|rest| rest.ends_with('.'))
            || (host.contains('.')
                && other
                    .strip_suffix(&host)
                    .is_some_and(|rest| rest.ends_with('.')))
    })
}

/// A title as it is compared, if it has enough words to tell articles apart.
fn telling(title: &str) -> Option<String> {
    let words = telling_name(title);
    (words.split(' ').count() >= TITLE_WORDS).then_some(words)
}

/// A name in small letters without accents and punctuation.
fn telling_name(name: &str) -> String {
    folded_words(name).join(" ")
}

fn offer_of(found: FoundFeed, proof: OfferProof, entries: &[Entry]) -> StoredOffer {
    let headlines = entries.iter().filter_map(|entry| entry.headline());
    StoredOffer {
        proof,
        newest: newest(entries),
        headlines: headlines.take(HEADLINES).map(str::to_owned).collect(),
        found,
    }
}

fn shown(feed: &Feed, offer: StoredOffer) -> FeedOffer {
    FeedOffer {
        feed: feed.id.0,
        title: title(feed),
        from: without_credentials(&feed.url),
        loses_tls: feed.url.starts_with("https:") && offer.found.url.starts_with("http:"),
        to: offer.found,
        proof: offer.proof,
        newest: offer.newest,
        headlines: offer.headlines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_one_domain_are_the_publishers_own() {
        let own = ["www.kabar.example".to_owned()];
        for (host, expected) in [
            ("kabar.example", true),
            ("m.kabar.example", true),
            ("example", false),
            ("kabar.example.evil", false),
            ("lainkabar.example", false),
        ] {
            assert_eq!(is_among(host, &own), expected, "{host}");
        }
    }

    #[test]
    fn an_address_is_tried_with_and_without_www_and_last_without_tls() {
        let variants = variants("https://kabar.example/rss?x=1");
        assert_eq!(
            variants,
            [
                "https://www.kabar.example/rss?x=1",
                "http://kabar.example/rss?x=1"
            ]
        );
        assert_eq!(
            super::variants("http://www.kabar.example/rss"),
            ["https://www.kabar.example/rss", "https://kabar.example/rss"]
        );
        assert!(super::variants("not an address").is_empty());
    }

    #[test]
    fn short_titles_tell_nothing() {
        assert_eq!(telling("Opini"), None);
        assert_eq!(telling("Hari  ini!"), None);
        assert_eq!(
            telling("Banjir: “300 warga” mengungsi").as_deref(),
            Some("banjir 300 warga mengungsi")
        );
    }
}
