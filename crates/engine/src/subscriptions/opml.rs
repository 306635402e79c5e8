//! Imports and exports subscription lists (OPML).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use warta_feed::opml;
use warta_store::FolderId;

use crate::api::{Failure, FailureCode, ImportReport, LineProblem, NewFeed, Result};
use crate::context::labels::{title, without_credentials};
use crate::context::{Context, checks};
use crate::subscriptions::feeds::Feeds;
use crate::subscriptions::publisher_channels::PublisherChannels;

/// Imports and exports subscription lists.
pub struct Opml {
    ctx: Arc<Context>,
    feeds: Arc<Feeds>,
    publisher_channels: Arc<PublisherChannels>,
}

impl Opml {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        feeds: &Arc<Feeds>,
        publisher_channels: &Arc<PublisherChannels>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            feeds: Arc::clone(feeds),
            publisher_channels: Arc::clone(publisher_channels),
        }
    }

    /// Subscribes to all feeds in an OPML file. Returns a report and the ids of the new feeds.
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
            let folder = checks::folder(&subscription.folder).unwrap_or_else(|why| {
                let shown = without_credentials(&subscription.url);
                problem(format!("{shown} was added without its folder: {why}"));
                Vec::new()
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
                page: None,
            });
        }
        if left_out > 0 {
            let what = format!(
                "{left_out} feeds were skipped: one list adds at most {}",
                checks::FEEDS
            );
            problems.push(LineProblem { line: 0, what });
        }
        let subscribed = self.feeds.subscribe(&feeds)?;
        self.publisher_channels.take_channels(channels)?;
        let report = ImportReport {
            added: subscribed.added.len() as u32,
            already: subscribed.already.len() as u32,
            problems,
        };
        Ok((report, subscribed.added))
    }

    /// The subscriptions as OPML 2.0.
    pub fn export_opml(&self) -> Result<String> {
        let paths: HashMap<FolderId, Vec<String>> =
            self.ctx.store.folders().paths().into_iter().collect();
        let feeds = self.ctx.subscriptions()?.into_iter().map(|feed| {
            let folder = feed.folder.and_then(|id| paths.get(&id));
            let [whatsapp_channel, google_news] =
                self.publisher_channels.channels_for_others(&feed);
            opml::Subscription {
                whatsapp_channel,
                google_news,
                title: Some(title(&feed)),
                site: feed.facts.site.clone(),
                folder: folder.cloned().unwrap_or_default(),
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
}
