//! Subscribing to a feed that was found.

use warta_engine::Engine;
use warta_engine::api::{FoundFeed, NewFeed, SecretsKept};

use crate::output::{Done, remark};

/// Subscribes to a feed; gives its id, and whether it is new.
pub(crate) fn subscribe_to(
    engine: &Engine,
    feed: &FoundFeed,
    title: &str,
    folder: &[String],
) -> Done<(Option<u32>, bool)> {
    let subscribed = engine.feeds().subscribe(&[NewFeed {
        url: feed.url.clone(),
        title: Some(title.to_owned()),
        site: feed.site.clone(),
        folder: folder.to_vec(),
        page: feed.page.clone(),
    }])?;
    if subscribed.secrets == SecretsKept::Session {
        remark(format_args!(
            "This system has no keyring, so the password is not stored."
        ));
    }
    let id = subscribed.added.iter().chain(&subscribed.already).next();
    Ok((id.copied(), !subscribed.added.is_empty()))
}

/// What [`subscribe_to`] did, in words.
pub(crate) fn outcome(added: bool) -> &'static str {
    if added {
        "Subscribed to"
    } else {
        "Already subscribed to"
    }
}
