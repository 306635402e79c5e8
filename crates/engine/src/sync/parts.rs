//! Fetches the parts of a feed whose document is only an index (a sitemap index): conditionally,
//! one after the other, a bounded number in a sync, as robots.txt allows, and only those that may
//! have news. What waits for the next sync is remembered with what was fetched.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use chrono::DateTime;
use tokio::sync::Semaphore;
use warta_feed::sitemap::{FetchedPart, due_parts};
use warta_feed::{Entry, EntrySource, FeedKind, FeedPart};
use warta_net::{FetchError, Fetched, Response, Validators};
use warta_store::{Feed, StoredPart};

use crate::api::Result;
use crate::context::{Context, off_thread};
use crate::network::requests::Requests;
use crate::subscriptions::documents;

/// Maximum number of parts of one feed that a sync fetches.
const PARTS_A_SYNC: usize = 30;
/// Maximum number of parts that are remembered.
const REMEMBERED: usize = 300;
/// Maximum length of a part's address, in bytes: remembered ones are stored with the feed.
const LONGEST: usize = 2_000;
/// Maximum number of entries of all parts; the newest are kept.
const ENTRIES: usize = 5_000;
/// Maximum depth: an index may name further ones (against the protocol, but they exist).
const DEEPEST: u32 = 2;

/// Fetches parts of feeds.
pub(super) struct PartFetcher {
    ctx: Arc<Context>,
    requests: Arc<Requests>,
}

/// The content of the fetched parts.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Newest first, without duplicates.
    pub(super) entries: Vec<Entry>,
    pub(super) title: Option<String>,
    /// For the next sync.
    pub(super) parts: Vec<StoredPart>,
    pub(super) wire_bytes: u64,
    /// Why none of the parts could be fetched.
    pub(super) failure: Option<FetchError>,
}

/// A fetched part.
enum PartAnswer {
    NotModified(Validators),
    Document(Box<warta_feed::Feed>, Validators, u64),
    /// Something other than a feed.
    Nothing(u64),
}

impl PartFetcher {
    pub(super) fn new(ctx: &Arc<Context>, requests: &Arc<Requests>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            requests: Arc::clone(requests),
        }
    }

    /// Fetches those of the parts that may have news since the last sync.
    pub(super) async fn gather(
        &self,
        feed: &Feed,
        named: &[FeedPart],
        cpu: &Semaphore,
    ) -> Result<Gathered> {
        let now = self.ctx.now();
        let mut known = KnownParts::of(feed);
        let mut waiting: VecDeque<(FeedPart, u32)> = known.due(named, now, 1).into();
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut gathered = Gathered::default();
        let (mut asked, mut answered, mut failure) = (0, 0, None);
        while let Some((part, depth)) = waiting.pop_front() {
            if part.url.len() > LONGEST || !seen.insert(part.url.clone()) {
                continue;
            }
            if asked == PARTS_A_SYNC {
                known.wait(&part.url);
                continue;
            }
            asked += 1;
            match self
                .fetch(feed, &part, known.validators(&part.url), cpu)
                .await?
            {
                Ok(answer) => {
                    answered += 1;
                    let (validators, bytes) = match answer {
                        PartAnswer::NotModified(validators) => (Some(validators), 0),
                        PartAnswer::Nothing(bytes) => (None, bytes),
                        PartAnswer::Document(document, validators, bytes) => {
                            let is_index = document.kind == FeedKind::SitemapIndex;
                            if is_index && depth < DEEPEST {
                                waiting.extend(known.due(&document.parts, now, depth + 1));
                            }
                            found.push(*document);
                            // The parts of an index are unknown if it is not sent again.
                            ((!is_index).then_some(validators), bytes)
                        }
                    };
                    gathered.wire_bytes += bytes;
                    known.fetched(&part, validators.unwrap_or_default(), now);
                }
                Err(FetchError::Status {
                    status: 404 | 410, ..
                }) if known.forget(&part.url) => answered += 1,
                Err(error) => {
                    known.wait(&part.url);
                    failure.get_or_insert(error);
                }
            }
        }
        gathered.failure = failure.filter(|_| answered == 0);
        gathered.parts = known.into_parts();
        gathered.title = title_of(feed, &found);
        gathered.entries = entries_of(found, gathered.title.as_deref());
        Ok(gathered)
    }

    async fn fetch(
        &self,
        feed: &Feed,
        part: &FeedPart,
        validators: Validators,
        cpu: &Semaphore,
    ) -> Result<std::result::Result<PartAnswer, FetchError>> {
        let mut request = self.requests.request_named_by(feed, &part.url).await?;
        request.validators = validators;
        let fetched = match self.ctx.http.fetch_if_allowed(request).await {
            Ok(Response::Fetched(fetched)) => fetched,
            Ok(Response::NotModified { validators, .. }) => {
                return Ok(Ok(PartAnswer::NotModified(validators)));
            }
            Err(error) => return Ok(Err(error)),
        };
        let _reading = cpu.acquire().await;
        let now = self.ctx.now();
        off_thread(move || Ok(read_part(&fetched, now))).await
    }
}

fn read_part(fetched: &Fetched, now: i64) -> PartAnswer {
    let source = documents::source_of(fetched);
    match documents::read(&source, now) {
        Ok(document) => PartAnswer::Document(
            Box::new(document),
            fetched.validators.clone(),
            fetched.wire_bytes,
        ),
        Err(_) => PartAnswer::Nothing(fetched.wire_bytes),
    }
}

/// The parts that the store remembers.
struct KnownParts(HashMap<String, StoredPart>);

impl KnownParts {
    fn of(feed: &Feed) -> Self {
        let parts = feed.facts.parts.iter();
        Self(parts.map(|part| (part.url.clone(), part.clone())).collect())
    }

    fn due(&self, named: &[FeedPart], now: i64, depth: u32) -> Vec<(FeedPart, u32)> {
        let time = |seconds| DateTime::from_timestamp(seconds, 0);
        let fetched = |url: &str| {
            let part = self.0.get(url)?;
            Some(FetchedPart {
                changed_at: part.changed_at.and_then(time),
                fetched_at: time(part.fetched_at)?,
            })
        };
        let due = due_parts(named, fetched, time(now).unwrap_or_default());
        due.into_iter().map(|part| (part.clone(), depth)).collect()
    }

    fn validators(&self, url: &str) -> Validators {
        self.0
            .get(url)
            .map_or_else(Validators::default, |part| Validators {
                etag: part.etag.clone(),
                last_modified: part.last_modified.clone(),
            })
    }

    /// Without validators, those of an earlier answer still hold (RFC 9111 § 3.2).
    fn fetched(&mut self, part: &FeedPart, validators: Validators, now: i64) {
        let known = self.0.entry(part.url.clone()).or_default();
        known.url.clone_from(&part.url);
        known.changed_at = part.changed_at.map(|at| at.timestamp());
        known.fetched_at = now;
        known.etag = validators.etag.or_else(|| known.etag.take());
        known.last_modified = validators
            .last_modified
            .or_else(|| known.last_modified.take());
    }

    /// Remembers a part for the next sync, even if its index is not sent again.
    fn wait(&mut self, url: &str) {
        let known = self.0.entry(url.to_owned()).or_default();
        url.clone_into(&mut known.url);
        known.changed_at = None;
    }

    fn forget(&mut self, url: &str) -> bool {
        self.0.remove(url).is_some()
    }

    /// The parts fetched last, by address, so that the record changes only where they do.
    fn into_parts(self) -> Vec<StoredPart> {
        let mut parts: Vec<StoredPart> = self.0.into_values().collect();
        parts.sort_by_key(|part| Reverse(part.fetched_at));
        parts.truncate(REMEMBERED);
        parts.sort_by(|one, other| one.url.cmp(&other.url));
        parts
    }
}

/// The parts of an index that was not sent again, as they are remembered.
pub(super) fn remembered(feed: &Feed) -> Vec<FeedPart> {
    let parts = feed.facts.parts.iter().map(|part| FeedPart {
        url: part.url.clone(),
        changed_at: part
            .changed_at
            .and_then(|at| DateTime::from_timestamp(at, 0)),
    });
    parts.collect()
}

/// The feed's title, taken from all parts at first. Later syncs fetch only some parts and keep it.
fn title_of(feed: &Feed, found: &[warta_feed::Feed]) -> Option<String> {
    if feed.facts.succeeded_at.is_some() {
        return feed.facts.title.clone();
    }
    let mut titles = found.iter().filter_map(|part| part.title.as_ref());
    let first = titles.next()?;
    titles.all(|title| title == first).then(|| first.clone())
}

/// The entries of all parts, with their publication where it is not the feed's.
fn entries_of(found: Vec<warta_feed::Feed>, title: Option<&str>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for part in found {
        let publication = part.title.filter(|own| Some(own.as_str()) != title);
        let of_part = part.entries.into_iter().map(|mut entry| {
            if entry.source.is_none() && publication.is_some() {
                entry.source = Some(EntrySource {
                    title: publication.clone(),
                    url: None,
                });
            }
            entry
        });
        entries.extend(of_part);
    }
    entries.sort_by_key(|entry| Reverse(entry.date()));
    let mut seen = HashSet::new();
    entries.retain(|entry| seen.insert(entry.id.clone()));
    entries.truncate(ENTRIES);
    entries
}
