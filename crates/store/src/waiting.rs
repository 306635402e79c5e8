//! Marks that wait for their article to arrive.
use crate::error::Result;
use crate::model::FeedId;
use crate::records::{self, WaitingMark};
use crate::store::Core;
use crate::trace::Trace;
use crate::trees::{Changes, Name};

/// A mark for an article that did not arrive yet.
pub(crate) struct Wait {
    /// The hash of its GUID, or its fingerprint.
    pub(crate) hash: u64,
    pub(crate) read: bool,
    pub(crate) saved_at: Option<i64>,
}

/// Adds to the waiting mark of an article; returns whether that changes it.
pub(crate) fn wait_for(
    core: &Core,
    feed: FeedId,
    wait: &Wait,
    changes: &mut Changes,
    trace: &mut Trace,
) -> Result<bool> {
    let key = crate::keys::guid_key(feed, wait.hash);
    let stored = core.trees().waiting.get(key)?;
    let before: WaitingMark = match &stored {
        Some(value) => records::decode(value, "a waiting mark")?,
        None => WaitingMark::default(),
    };
    let mark = WaitingMark {
        read: before.read || wait.read,
        saved_at: before.saved_at.or(wait.saved_at),
    };
    if (mark.read, mark.saved_at) == (before.read, before.saved_at) {
        return Ok(false);
    }
    changes.put(Name::Waiting, &key, &mark)?;
    trace.waiting.push((key, stored));
    Ok(true)
}
