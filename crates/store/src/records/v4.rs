//! The shapes of versions 2 to 4 that were extended since. No longer written, only read.
use serde::Deserialize;

use crate::documents::DocumentKind;
use crate::model::{self, FeedId, FeedOptions, FeedSchedule, FetchRecord, FolderId};
use crate::records::shapes::StoredFeed;
use crate::records::v1;

#[derive(Deserialize)]
pub(super) struct Feed {
    feed: Subscription,
    removed_at: Option<i64>,
}

#[derive(Deserialize)]
struct Subscription {
    id: FeedId,
    url: String,
    custom_title: Option<String>,
    folder: Option<FolderId>,
    added_at: i64,
    paused: bool,
    options: FeedOptions,
    facts: Facts,
}

/// The facts of version 1 and the fields added since. The encoding of a nested struct is only its fields.
#[derive(Deserialize)]
struct Facts {
    first: v1::Facts,
    schedule: FeedSchedule,
    history: Vec<FetchRecord>,
}

impl From<Feed> for StoredFeed {
    fn from(old: Feed) -> Self {
        let Subscription {
            id,
            url,
            custom_title,
            folder,
            added_at,
            paused,
            options,
            facts,
        } = old.feed;
        Self {
            feed: model::Feed {
                id,
                url,
                custom_title,
                folder,
                added_at,
                paused,
                kind: DocumentKind::Feed,
                options,
                facts: facts.into(),
            },
            removed_at: old.removed_at,
        }
    }
}

impl From<Facts> for model::FeedFacts {
    fn from(old: Facts) -> Self {
        Self {
            schedule: old.schedule,
            history: old.history,
            ..old.first.into()
        }
    }
}
