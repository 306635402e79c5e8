//! Publisher channels: a publisher's WhatsApp Channel and Google News page. They are found in feeds
//! and on pages; the reader can correct them, and the reader's values take precedence from then on.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use warta_net::Wanted;
use warta_store::{ChannelKind, Feed, FeedId};

use crate::api::{Event, Failure, FailureCode, PublisherChannel, Result};
use crate::context::{Context, blocking, checks};
use crate::network::own_network::OwnNetwork;
use crate::network::requests::Requests;

/// Setting: the reader's publisher channels, by host.
pub(crate) const RECORD: &str = "publisher-channels";
/// Maximum number of channels of one publisher.
const MOST: usize = 20;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Said(BTreeMap<String, Vec<Channel>>);

impl Said {
    /// Removes entries that [`channel_at`] does not recognise as publisher channels.
    fn leave_out_others(&mut self, refused: &mut dyn FnMut(&str)) {
        for channels in self.0.values_mut() {
            let is_good = |channel: &Channel| {
                let is_good =
                    channel_at(&channel.url).is_some_and(|known| known.kind == channel.kind);
                if !is_good {
                    refused(&channel.url);
                }
                is_good
            };
            channels.retain(is_good);
            channels.truncate(MOST);
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Channel {
    /// A [`ChannelKind`], or what an imported file says.
    kind: String,
    url: String,
}

/// Finds and stores the WhatsApp Channels and Google News pages of publishers.
pub struct PublisherChannels {
    ctx: Arc<Context>,
    own_network: Arc<OwnNetwork>,
    requests: Arc<Requests>,
}

impl PublisherChannels {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        own_network: &Arc<OwnNetwork>,
        requests: &Arc<Requests>,
    ) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            own_network: Arc::clone(own_network),
            requests: Arc::clone(requests),
        }
    }

    /// The channels of a feed's publisher: the reader's values, else those found.
    pub(crate) fn channels_of(&self, feed: FeedId) -> Result<Vec<PublisherChannel>> {
        if let Some(said) = self.said()?.0.remove(&self.publisher_key(feed)?) {
            return Ok(known(said));
        }
        let found = self
            .ctx
            .store
            .feed(feed)?
            .map(|feed| feed.facts.publisher_channels)
            .unwrap_or_default();
        Ok(found
            .into_iter()
            .map(|c| PublisherChannel {
                kind: c.kind,
                url: c.url,
            })
            .collect())
    }

    /// The channels of a feed's publisher.
    pub fn publisher_channels(&self, feed: u32) -> Result<Vec<PublisherChannel>> {
        self.channels_of(FeedId(feed))
    }

    /// Stores the reader's channels of a publisher: URLs of WhatsApp Channels and Google News
    /// pages. An empty list means that the publisher has none.
    pub fn set_publisher_channels(
        &self,
        feed: u32,
        addresses: &[String],
    ) -> Result<Vec<PublisherChannel>> {
        checks::typed(checks::count("addresses", addresses.len(), MOST))?;
        let mut channels = Vec::new();
        for address in addresses.iter().map(|a| a.trim()).filter(|a| !a.is_empty()) {
            let found = channel_at(address).ok_or_else(|| {
                Failure::new(
                    FailureCode::BadAddress,
                    format!("`{address}` is neither a WhatsApp Channel nor a Google News page"),
                )
            })?;
            channels.retain(|known: &Channel| known.kind != found.kind);
            channels.push(found);
        }
        self.say_channels(&self.publisher_key(FeedId(feed))?, Some(channels.clone()))?;
        Ok(known(channels))
    }

    /// Looks for channels on the publisher's home page and stores them. This replaces the reader's
    /// values; where the page has none, those from the feed are kept.
    pub async fn find_publisher_channels(
        self: &Arc<Self>,
        feed: u32,
    ) -> Result<Vec<PublisherChannel>> {
        let id = FeedId(feed);
        let site = self
            .ctx
            .labels
            .get(id)
            .and_then(|name| name.site.clone())
            .ok_or_else(|| {
                Failure::new(FailureCode::BadAddress, "the feed does not name its site")
            })?;
        let named_by = blocking(self, move |this| Ok(this.ctx.store.feed(id)?)).await?;
        let named_by = named_by.and_then(|feed| self.own_network.named_by(feed.url));
        let fetched = self.requests.fetch(&site, Wanted::Page, named_by).await?;
        blocking(self, move |this| {
            let found =
                warta_article::publisher_channels(&fetched.bytes, fetched.content_type.as_deref());
            let key = this.publisher_key(id)?;
            this.say_channels(&key, None)?;
            let mut channels: Vec<Channel> = found.into_iter().map(Into::into).collect();
            for known in this.channels_of(id)? {
                if channels.iter().all(|c| c.kind != known.kind.as_str()) {
                    channels.push(Channel {
                        kind: known.kind.to_string(),
                        url: known.url,
                    });
                }
            }
            if !channels.is_empty() {
                this.say_channels(&key, Some(channels.clone()))?;
            }
            Ok(known(channels))
        })
        .await
    }

    /// A feed's WhatsApp Channel and Google News page, for OPML export.
    pub(crate) fn channels_for_others(&self, feed: &Feed) -> [Option<String>; 2] {
        let channels = self.channels_of(feed.id).unwrap_or_default();
        [ChannelKind::WhatsappChannel, ChannelKind::GoogleNews].map(|kind| {
            let found = channels.iter().find(|channel| channel.kind == kind);
            found.map(|channel| channel.url.clone())
        })
    }

    /// Adopts the channels in an imported subscription list, unless the reader has set their own.
    pub(crate) fn take_channels(&self, named: Vec<(String, [Option<String>; 2])>) -> Result<()> {
        let feeds = self.ctx.store.feeds()?;
        let mut said = self.said()?;
        let mut changed = false;
        for (url, addresses) in named {
            let channels: Vec<Channel> = addresses
                .iter()
                .flatten()
                .filter_map(|address| channel_at(address))
                .collect();
            let Some(feed) = feeds.iter().find(|feed| feed.url == url) else {
                continue;
            };
            let key = self.publisher_key(feed.id)?;
            if !channels.is_empty() && !said.0.contains_key(&key) {
                said.0.insert(key, channels);
                changed = true;
            }
        }
        if changed {
            self.keep_said(&said)?;
        }
        Ok(())
    }

    /// The key of a publisher: its host, or the feed's URL if there is none.
    fn publisher_key(&self, feed: FeedId) -> Result<String> {
        if let Some(host) = self.ctx.labels.get(feed).and_then(|name| name.host.clone()) {
            return Ok(host);
        }
        let feed = self.ctx.store.feed(feed)?;
        feed.map(|feed| feed.url)
            .ok_or_else(|| Failure::not_found("feed"))
    }

    fn said(&self) -> Result<Said> {
        let json = self.ctx.store.setting(RECORD)?.unwrap_or_default();
        let mut said: Said = serde_json::from_str(&json).unwrap_or_default();
        said.leave_out_others(&mut |_| {});
        Ok(said)
    }

    fn say_channels(&self, publisher: &str, channels: Option<Vec<Channel>>) -> Result<()> {
        let mut said = self.said()?;
        match channels {
            Some(channels) => {
                said.0.insert(publisher.to_owned(), channels);
            }
            None => {
                said.0.remove(publisher);
            }
        }
        self.keep_said(&said)
    }

    fn keep_said(&self, said: &Said) -> Result<()> {
        let json = serde_json::to_string(said)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        self.ctx.store.set_setting(RECORD, &json)?;
        self.ctx.emit(Event::PlacesChanged);
        Ok(())
    }
}

/// Checks the record in an imported file; calls `refused` for each entry that is not a publisher
/// channel.
pub(crate) fn checked_record(json: &str, refused: &mut dyn FnMut(&str)) -> checks::Checked<String> {
    let mut said: Said = serde_json::from_str(json).map_err(|error| error.to_string())?;
    checks::count("publishers", said.0.len(), checks::FEEDS)?;
    for publisher in said.0.keys() {
        checks::length("a publisher's address", publisher, checks::ADDRESS)?;
    }
    let had_channels: Vec<bool> = said
        .0
        .values()
        .map(|channels| !channels.is_empty())
        .collect();
    said.leave_out_others(refused);
    // An empty list means that a publisher has none; drop lists that became empty only by this
    // check.
    let mut had_channels = had_channels.into_iter();
    said.0
        .retain(|_, channels| !(had_channels.next() == Some(true) && channels.is_empty()));
    Ok(crate::context::records::json(&said))
}

/// A channel kind in the store and the API.
pub(crate) fn stored_kind(kind: warta_article::ChannelKind) -> ChannelKind {
    match kind {
        warta_article::ChannelKind::WhatsappChannel => ChannelKind::WhatsappChannel,
        warta_article::ChannelKind::GoogleNews => ChannelKind::GoogleNews,
    }
}

fn channel_at(address: &str) -> Option<Channel> {
    checks::length("an address", address, checks::ADDRESS).ok()?;
    let address = if address.contains("://") {
        address.to_owned()
    } else {
        format!("https://{address}")
    };
    warta_article::publisher_channel(&address).map(Into::into)
}

impl From<warta_article::PublisherChannel> for Channel {
    fn from(channel: warta_article::PublisherChannel) -> Self {
        Self {
            kind: stored_kind(channel.kind).to_string(),
            url: channel.url,
        }
    }
}

/// Leaves out channels of kinds that this version does not know.
fn known(channels: Vec<Channel>) -> Vec<PublisherChannel> {
    let known = channels.into_iter().filter_map(|Channel { kind, url }| {
        let kind = ChannelKind::parse(&kind)?;
        Some(PublisherChannel { kind, url })
    });
    known.collect()
}
