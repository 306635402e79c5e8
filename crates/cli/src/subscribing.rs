//! Subscribing to a feed that was found.

use warta_engine::Engine;
use warta_engine::api::{FoundFeed, NewFeed, SecretsKept};

use crate::output::{Done, remark};

/// A feed that was found, to subscribe to.
pub(crate) fn new_feed(found: &FoundFeed, title: &str, folder: &[String]) -> NewFeed {
    NewFeed {
        url: found.url.clone(),
        title: Some(title.to_owned()),
        site: found.site.clone(),
        folder: folder.to_vec(),
        page: found.page.clone(),
    }
}

/// Subscribes to a feed; gives its id, and whether it is new.
pub(crate) fn subscribe_to(engine: &Engine, feed: NewFeed) -> Done<(Option<u32>, bool)> {
    let subscribed = engine.feeds().subscribe(&[feed])?;
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
