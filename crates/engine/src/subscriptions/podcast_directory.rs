//! Apple's podcast directory: searched by words when the reader asks for it, and asked for the feed
//! of a page that has Apple's number. Nothing else is sent, and nothing is asked for by itself.

use std::sync::Arc;

use url::Url;
use warta_feed::podcast_directory::{DirectoryPodcast, podcasts};
use warta_net::Wanted;

use crate::api::{Failure, FailureCode, FoundPodcast, Result};
use crate::context::{Context, blocking, checks};
use crate::network::connectivity::Connectivity;
use crate::network::requests::Requests;

/// Where the directory answers.
pub(crate) const APPLE: &str = "https://itunes.apple.com";
/// Maximum number of podcasts of a search.
const FOUND: &str = "30";

/// Searches Apple's podcast directory.
pub struct PodcastDirectory {
    ctx: Arc<Context>,
    requests: Arc<Requests>,
    connectivity: Arc<Connectivity>,
    /// URL of the directory, without a path.
    base: String,
}

impl PodcastDirectory {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        requests: &Arc<Requests>,
        connectivity: &Arc<Connectivity>,
        base: &str,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            requests: Arc::clone(requests),
            connectivity: Arc::clone(connectivity),
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// The podcasts that the directory finds for words, in its order. The words are sent to Apple.
    /// Fails where they are missing or too long, where the directory cannot be reached, and where
    /// its answer cannot be read.
    pub async fn search(self: &Arc<Self>, words: &str) -> Result<Vec<FoundPodcast>> {
        let words = words.trim();
        checks::typed(checks::length("a search", words, checks::NAME))?;
        if words.is_empty() {
            return Err(Failure::new(
                FailureCode::BadInput,
                "there are no words to look for",
            ));
        }
        let country = match self.ctx.settings().language.as_str() {
            "id" => "ID",
            _ => "US",
        };
        let values = [
            ("media", "podcast"),
            ("term", words),
            ("country", country),
            ("limit", FOUND),
        ];
        let found = self.ask("search", &values).await?;
        blocking(self, move |this| {
            let feeds = this.ctx.store.feeds()?;
            let found = found.into_iter().map(|podcast| FoundPodcast {
                already: feeds.iter().any(|feed| feed.url == podcast.feed),
                url: podcast.feed,
                title: podcast.title,
                author: podcast.author,
                site: podcast.page,
                newest: podcast.newest.map(|at| at.timestamp()),
                episodes: podcast.episodes,
            });
            Ok(found.collect())
        })
        .await
    }

    /// The feed of the podcast with this number; `None` if the directory names none.
    pub(crate) async fn feed_of(self: &Arc<Self>, number: u64) -> Result<Option<DirectoryPodcast>> {
        let number = number.to_string();
        let found = self
            .ask("lookup", &[("id", &number), ("entity", "podcast")])
            .await?;
        Ok(found.into_iter().next())
    }

    async fn ask(
        self: &Arc<Self>,
        what: &str,
        values: &[(&str, &str)],
    ) -> Result<Vec<DirectoryPodcast>> {
        let url = Url::parse_with_params(&format!("{}/{what}", self.base), values)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        let fetched = match self
            .requests
            .fetch(url.as_str(), Wanted::Manifest, None)
            .await
        {
            Ok(fetched) => fetched,
            Err(error) => {
                let mut failure = Failure::from(error);
                let is_offline = failure.code == FailureCode::Offline;
                if is_offline && !self.connectivity.is_cut_off(url.as_str()).await? {
                    failure.code = FailureCode::FetchFailed;
                }
                return Err(failure);
            }
        };
        podcasts(&fetched.bytes).ok_or_else(|| {
            Failure::new(
                FailureCode::BadInput,
                "the podcast directory's answer could not be read",
            )
        })
    }
}
