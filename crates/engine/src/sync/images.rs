//! Selects and fetches the pictures of a sync, and reports their arrival.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::{JoinError, JoinSet};
use warta_store::{ArticleId, ArticleRow, Feed};

use crate::api::{Event, Result};
use crate::context::Context;
use crate::context::labels::host_of;
use crate::offline::pictures::{PictureRequest, Pictures};

/// Number of pictures fetched concurrently.
const PICTURES_AT_ONCE: usize = 12;
/// Maximum number of pictures of one feed that one sync fetches.
const PICTURES_A_FEED: usize = 600;
/// Maximum number of pictures that one sync fetches from one host, for all feeds. At the rate limit
/// of a host this takes several minutes.
const PICTURES_A_HOST: u32 = 1_500;
/// Minimum time between two events about arrived pictures.
const REPORT_EVERY: Duration = Duration::from_millis(700);

/// URLs of pictures by GUID: the lead picture, and all pictures.
pub(super) type PicturesByGuid = HashMap<String, (Option<String>, Vec<String>)>;

/// A fetched picture's article, and the bytes transferred if it was stored now.
pub(super) type Fetched = (Option<ArticleId>, Result<Option<u64>>);

/// The pictures that a sync fetches concurrently with the feeds.
pub(super) struct ImageQueue {
    pictures: Arc<Pictures>,
    permits: Arc<Semaphore>,
    tasks: JoinSet<Fetched>,
    requested: HashSet<String>,
    requested_of_host: HashMap<Option<String>, u32>,
    unreported: HashSet<u64>,
    reported_at: Option<Instant>,
}

impl ImageQueue {
    pub(super) fn new(pictures: &Arc<Pictures>) -> Self {
        Self {
            pictures: Arc::clone(pictures),
            permits: Arc::new(Semaphore::new(PICTURES_AT_ONCE)),
            tasks: JoinSet::new(),
            requested: HashSet::new(),
            requested_of_host: HashMap::new(),
            unreported: HashSet::new(),
            reported_at: None,
        }
    }

    /// Starts fetching pictures; returns how many were deferred because of their host's limit.
    pub(super) fn request(&mut self, requests: Vec<PictureRequest>) -> u32 {
        let mut left_for_later = 0;
        for request in requests {
            if !self.requested.insert(request.url.clone()) {
                continue;
            }
            let of_host = self
                .requested_of_host
                .entry(host_of(&request.url))
                .or_default();
            if *of_host >= PICTURES_A_HOST {
                left_for_later += 1;
                continue;
            }
            *of_host += 1;
            let (pictures, permits) = (Arc::clone(&self.pictures), Arc::clone(&self.permits));
            let article = request.article;
            self.tasks.spawn(async move {
                let _permit = permits.acquire_owned().await;
                (article, pictures.fetch_picture(request).await)
            });
        }
        left_for_later
    }

    pub(super) async fn join_next(&mut self) -> Option<std::result::Result<Fetched, JoinError>> {
        self.tasks.join_next().await
    }

    /// Number of pictures not fetched yet.
    pub(super) fn left(&self) -> u32 {
        self.tasks.len() as u32
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    pub(super) fn abort_all(&mut self) {
        self.tasks.abort_all();
    }

    /// Records that a picture of an article arrived.
    pub(super) fn arrived(&mut self, article: Option<ArticleId>) {
        self.unreported.extend(article.map(|id| id.0));
    }

    /// Reports arrived pictures, at once or if some time has passed since the last report.
    pub(super) fn report(&mut self, ctx: &Context, at_once: bool) {
        let is_due = at_once
            || self
                .reported_at
                .is_none_or(|last| last.elapsed() >= REPORT_EVERY);
        if is_due && !self.unreported.is_empty() {
            let articles = self.unreported.drain().collect();
            ctx.emit(Event::PicturesArrived { articles });
            self.reported_at = Some(Instant::now());
        }
    }
}

/// The missing pictures of new and changed articles and the feed's icon, and how many were deferred
/// because of the feed's limit. `guids` are those of `rows`.
pub(super) fn requests_for(
    ctx: &Context,
    pictures: &Pictures,
    feed: &Feed,
    (rows, guids): (&[ArticleRow], &[String]),
    addresses: &PicturesByGuid,
) -> Result<(Vec<PictureRequest>, u32)> {
    let mut requests = Vec::new();
    let mut left_for_later = 0;
    if !ctx.settings().fetch_pictures {
        return Ok((requests, left_for_later));
    }
    let icon = ctx
        .labels
        .get(feed.id)
        .and_then(|label| label.icon_url.clone());
    if let Some(url) = icon
        && pictures.is_wanted(&url, false)?
    {
        requests.push(PictureRequest {
            url,
            named_by: feed.url.clone(),
            article: None,
            with_thumbnail: false,
        });
    }
    let of_rows = || {
        let rows = rows.iter().zip(guids);
        rows.filter_map(|(row, guid)| Some((row.id, addresses.get(guid)?)))
    };
    // Lists show lead pictures, so request those of all articles first.
    let leads = of_rows().filter_map(|(id, (lead, _))| Some((id, lead.as_ref()?, true)));
    let others = of_rows().flat_map(|(id, (lead, urls))| {
        let others = urls.iter().filter(move |url| Some(*url) != lead.as_ref());
        others.map(move |url| (id, url, false))
    });
    for (article, url, with_thumbnail) in leads.chain(others) {
        if requests.len() >= PICTURES_A_FEED {
            left_for_later += 1;
        } else if pictures.is_wanted(url, false)? {
            requests.push(PictureRequest {
                url: url.clone(),
                named_by: feed.url.clone(),
                article: Some(article),
                with_thumbnail,
            });
        }
    }
    Ok((requests, left_for_later))
}
