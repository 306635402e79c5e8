//! The built-in catalogue of publishers, collected from public lists, availability not checked.
//!
//! A publisher has several addresses. They are tried when the reader subscribes, and the first one
//! that answers with articles is taken. What was found is kept and changes the order of the next
//! time.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use tokio::sync::Semaphore;
use warta_store::{Feed, ProblemCode};

use super::catalogue_findings::{Finding, Findings};
use super::catalogue_table::{self, Address, Row};
use crate::api::{
    AddressKind, CatalogueAddress, CatalogueCheck, CatalogueFeed, Failure, FailureCode, FoundFeed,
    Result,
};
use crate::context::locks::locked;
use crate::context::{Context, blocking, checks};
use crate::network::connectivity::Connectivity;
use crate::subscriptions::discovery::Discovery;

/// Number of publishers whose addresses are tried at a time.
const AT_A_TIME: usize = 8;

/// The built-in catalogue of publishers.
pub struct Catalogue {
    ctx: Arc<Context>,
    discovery: Arc<Discovery>,
    connectivity: Arc<Connectivity>,
    table: &'static str,
    /// Serialises changes to the stored findings.
    storing: Mutex<()>,
}

/// The outcome of trying the addresses of a row.
struct Tried {
    feed: Option<FoundFeed>,
    findings: Vec<(String, Finding)>,
    /// Whether any server answered.
    answered: bool,
    /// The first address that could not be reached.
    unreached: Option<String>,
}

impl Catalogue {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        discovery: &Arc<Discovery>,
        connectivity: &Arc<Connectivity>,
        table: Option<&'static str>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            discovery: Arc::clone(discovery),
            connectivity: Arc::clone(connectivity),
            table: table.unwrap_or(catalogue_table::BUILT_IN),
            storing: Mutex::default(),
        }
    }

    /// The catalogue, in its own order (Indonesia first). The addresses of each row are in the order
    /// in which they are tried.
    pub fn catalogue(&self) -> Result<Vec<CatalogueFeed>> {
        let feeds = self.ctx.subscriptions()?;
        let findings = Findings::load(&self.ctx.store, &feeds)?;
        let have: HashSet<&str> = feeds.iter().map(|feed| feed.url.as_str()).collect();
        let rows = catalogue_table::rows(self.table);
        let now = self.ctx.now();
        let listed = rows.into_iter().map(|row| {
            let addresses = in_order(&row, &findings, now);
            let has = |address: &CatalogueAddress| {
                have.contains(address.url.as_str())
                    || led_to(address).is_some_and(|url| have.contains(url))
            };
            CatalogueFeed {
                already: addresses.iter().any(has),
                title: row.title(),
                addresses,
                site: row.site,
                topics: row.topics,
                language: row.language,
                country: row.country,
                region: row.region,
                city: row.city,
            }
        });
        Ok(listed.collect())
    }

    /// Tries the addresses of rows, named by their titles, and stores what was found. Each check
    /// has the first feed with articles, else the first without, if any address answered with a
    /// feed. Titles that the catalogue does not have are ignored.
    ///
    /// Fails if no server at all answered, and stores nothing then: the network is the more likely
    /// cause.
    pub async fn check(self: &Arc<Self>, titles: &[String]) -> Result<Vec<CatalogueCheck>> {
        checks::typed(checks::count("publishers", titles.len(), checks::FEEDS))?;
        let chosen: HashSet<String> = titles.iter().cloned().collect();
        let rows = blocking(self, move |this| this.rows_to_try(&chosen)).await?;
        let places = Arc::new(Semaphore::new(AT_A_TIME));
        let tasks: Vec<_> = rows
            .into_iter()
            .map(|(title, addresses)| {
                let (this, places) = (Arc::clone(self), Arc::clone(&places));
                tokio::spawn(async move {
                    let _place = places.acquire_owned().await;
                    (title, this.try_all(addresses).await)
                })
            })
            .collect();
        let mut tried = Vec::with_capacity(tasks.len());
        for task in tasks {
            let (title, outcome) = task
                .await
                .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
            tried.push((title, outcome?));
        }
        if !tried.iter().any(|(_, tried)| tried.answered)
            && let Some(url) = tried.iter().find_map(|(_, tried)| tried.unreached.clone())
        {
            self.fail_if_cut_off(&url).await?;
        }
        blocking(self, move |this| this.store_outcomes(tried)).await
    }

    /// The other addresses of the row that lists `url`, in the order in which they are to be tried;
    /// none if it is in no row.
    pub fn alternatives(&self, url: &str) -> Result<Vec<CatalogueAddress>> {
        let findings = Findings::load(&self.ctx.store, &self.ctx.subscriptions()?)?;
        let now = self.ctx.now();
        let rows = catalogue_table::rows(self.table);
        let is_it = |address: &CatalogueAddress| address.url == url || led_to(address) == Some(url);
        let mut listed = rows.iter().map(|row| in_order(row, &findings, now));
        let mut others = listed
            .find(|addresses| addresses.iter().any(is_it))
            .unwrap_or_default();
        others.retain(|address| !is_it(address));
        Ok(others)
    }

    fn rows_to_try(
        &self,
        chosen: &HashSet<String>,
    ) -> Result<Vec<(String, Vec<CatalogueAddress>)>> {
        let feeds = self.ctx.subscriptions()?;
        let findings = Findings::load(&self.ctx.store, &feeds)?;
        let now = self.ctx.now();
        let rows = catalogue_table::rows(self.table);
        let rows = rows.iter().filter(|row| chosen.contains(&row.title()));
        Ok(rows
            .map(|row| (row.title(), in_order(row, &findings, now)))
            .collect())
    }

    /// Tries addresses one after the other until one has a feed with articles.
    async fn try_all(self: Arc<Self>, addresses: Vec<CatalogueAddress>) -> Result<Tried> {
        let mut tried = Tried {
            feed: None,
            findings: Vec::new(),
            answered: false,
            unreached: None,
        };
        let mut empty = None;
        for address in addresses {
            let found = match address.kind {
                AddressKind::Site => self.discovery.discover(&address.url).await.map(first_full),
                _ => self.discovery.feed_at(&address.url).await,
            };
            let (feed, code) = match found {
                Ok(Some(feed)) if may_have_articles(&feed) => (Some(feed), None),
                Ok(Some(feed)) => {
                    empty.get_or_insert(feed);
                    (None, Some(ProblemCode::Empty))
                }
                Ok(None) => (None, Some(ProblemCode::NotAFeed)),
                Err(failure) => (None, Some(reason(&failure)?)),
            };
            if code.is_some_and(is_unreached) {
                tried.unreached.get_or_insert_with(|| address.url.clone());
            } else {
                tried.answered = true;
            }
            let answered_at = feed.as_ref().map(|feed| feed.url.clone());
            let finding = Finding {
                at: self.ctx.now(),
                code,
                feed: answered_at.filter(|url| *url != address.url),
            };
            tried.findings.push((address.url, finding));
            if feed.is_some() {
                tried.feed = feed;
                return Ok(tried);
            }
        }
        tried.feed = empty;
        Ok(tried)
    }

    async fn fail_if_cut_off(self: &Arc<Self>, url: &str) -> Result<()> {
        let message = "no address could be reached";
        if self.connectivity.is_cut_off(url).await? {
            return Err(Failure::new(FailureCode::Offline, message));
        }
        // Without subscriptions there is nothing to probe the network with.
        let can_probe = blocking(self, |this| Ok(!this.connectivity.probed()?.is_empty())).await?;
        if can_probe {
            Ok(())
        } else {
            Err(Failure::new(FailureCode::FetchFailed, message))
        }
    }

    fn store_outcomes(&self, tried: Vec<(String, Tried)>) -> Result<Vec<CatalogueCheck>> {
        let _storing = locked(&self.storing);
        let rows = catalogue_table::rows(self.table);
        let mut found = Vec::new();
        let mut feeds: HashMap<String, Option<FoundFeed>> = HashMap::new();
        for (title, tried) in tried {
            found.extend(tried.findings);
            feeds.insert(title, tried.feed);
        }
        Findings::add(&self.ctx.store, &rows, found)?;
        let subscribed: Vec<Feed> = self.ctx.subscriptions()?;
        let findings = Findings::load(&self.ctx.store, &subscribed)?;
        let now = self.ctx.now();
        let checked = rows.iter().filter_map(|row| {
            let title = row.title();
            let feed = feeds.remove(&title)?;
            Some(CatalogueCheck {
                title,
                feed,
                addresses: in_order(row, &findings, now),
            })
        });
        Ok(checked.collect())
    }
}

/// The addresses of a row in the order in which they are tried: those that did not answer lately
/// come last, otherwise the catalogue's order of trust counts.
fn in_order(row: &Row, findings: &Findings, now: i64) -> Vec<CatalogueAddress> {
    let mut addresses: Vec<&Address> = row.addresses.iter().collect();
    // The sort is stable.
    addresses.sort_by_key(|address| findings.is_stepped_back(&address.url, now));
    let addresses = addresses.into_iter().map(|address| CatalogueAddress {
        url: address.url.clone(),
        kind: address.kind,
        finding: findings.of(&address.url).map(Into::into),
    });
    addresses.collect()
}

/// The feed that an address led to, if that has another address.
fn led_to(address: &CatalogueAddress) -> Option<&str> {
    address.finding.as_ref()?.feed.as_deref()
}

/// Whether a feed has articles; of a sitemap index that may have some, the number is unknown.
fn may_have_articles(feed: &FoundFeed) -> bool {
    feed.entries != Some(0)
}

/// The best feed of a site that has articles, else its best feed.
fn first_full(found: crate::api::Discovery) -> Option<FoundFeed> {
    let mut feeds = found.feeds;
    let at = feeds.iter().position(may_have_articles).unwrap_or(0);
    (at < feeds.len()).then(|| feeds.swap_remove(at))
}

/// Why an address did not answer; failures that have nothing to do with the address are returned.
fn reason(failure: &Failure) -> Result<ProblemCode> {
    match failure.code {
        FailureCode::NoFeed => Ok(ProblemCode::NotAFeed),
        FailureCode::BadAddress => Ok(ProblemCode::BadAddress),
        FailureCode::Offline | FailureCode::FetchFailed => {
            Ok(ProblemCode::parse(&failure.detail).unwrap_or(ProblemCode::NoConnection))
        }
        _ => Err(failure.clone()),
    }
}

/// Whether a failure may be the network's rather than the address's.
fn is_unreached(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::HostNotFound
            | ProblemCode::NoConnection
            | ProblemCode::TimedOut
            | ProblemCode::Tls
            | ProblemCode::BrokeOff
            | ProblemCode::Portal
    )
}
