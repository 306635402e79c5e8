//! Publishers' pages on other platforms, as stored with their feeds.
use serde::{Deserialize, Deserializer, Serialize};

use crate::codes::ChannelKind;

/// A page of a publisher on another platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherChannel {
    /// Its platform.
    pub kind: ChannelKind,
    /// Its address.
    pub url: String,
}

/// Reads a feed's channels, leaving out kinds that this version does not know.
pub(crate) fn known_channels<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<PublisherChannel>, D::Error> {
    #[derive(Deserialize)]
    struct Stored {
        kind: String,
        url: String,
    }
    let stored = Vec::<Stored>::deserialize(deserializer)?;
    let known = stored.into_iter().filter_map(|Stored { kind, url }| {
        let kind = ChannelKind::parse(&kind)?;
        Some(PublisherChannel { kind, url })
    });
    Ok(known.collect())
}
