//! Undoing an import: what it brought is removed, without tombstones, so that it can be imported
//! again; marks that it set are taken off. What the reader did since stays: an article that was put
//! into a pack or highlighted, a folder with other feeds.
use std::collections::HashSet;

use sled::IVec;

use crate::error::Result;
use crate::model::{ArticleId, FeedId, FolderId};
use crate::purge::{Victims, purge_articles};
use crate::settings::note_name;
use crate::store::{Core, Store};
use crate::trace::Trace;
use crate::trees::{Changes, Name};

/// Marks changed in one transaction.
const TOGETHER: usize = 1_000;

/// Undoes an import.
pub(crate) fn take_back(store: &Store, trace: Trace, now: i64) -> Result<()> {
    let core = &store.core;
    let Trace {
        mut feeds,
        mut folders,
        articles,
        read,
        saved,
        waiting,
    } = trace;
    for (feed, ids) in read {
        for ids in ids.chunks(TOGETHER) {
            let _writing = core.write_little()?;
            let here = crate::marks::still_here(core, vec![(feed, ids.to_vec())]);
            crate::marks::set_read(core, &here, false)?;
        }
    }
    for saved in saved.chunks(TOGETHER) {
        let _writing = core.write_little()?;
        crate::marks::end_saving(core, saved)?;
    }
    for waiting in waiting.chunks(TOGETHER) {
        let _writing = core.write_little()?;
        restore_waiting(core, waiting)?;
    }
    for articles in articles.chunks(TOGETHER) {
        let _writing = core.write_little()?;
        remove_notes(core, articles)?;
    }
    purge_articles(core, &Victims::returning(&articles), now)?;
    {
        let state = core.state();
        feeds.retain(|feed| state.is_visible(*feed));
    }
    store.folders().unsubscribe(&feeds, &[], now)?;
    // The innermost were made last.
    folders.reverse();
    for folder in folders {
        if is_empty(core, folder) {
            store.folders().remove(folder)?;
        }
    }
    core.search.poke();
    Ok(())
}

/// Removes the notes of articles, which say what is still to be done for them.
fn remove_notes(core: &Core, articles: &[(FeedId, u64)]) -> Result<()> {
    let mut changes = Changes::default();
    for (_, id) in articles {
        let name = note_name(ArticleId(*id));
        changes.remove(Name::Settings, name.as_bytes());
    }
    core.apply(&changes)
}

/// Restores waiting marks whose article did not arrive meanwhile.
fn restore_waiting(core: &Core, waiting: &[([u8; 12], Option<IVec>)]) -> Result<()> {
    let mut changes = Changes::default();
    let mut seen = HashSet::new();
    for (key, before) in waiting {
        // If a mark changed several times, the first trace has its value before the import.
        if !seen.insert(key) || core.trees().waiting.get(key)?.is_none() {
            continue;
        }
        match before {
            Some(before) => changes.put_bytes(Name::Waiting, key, before.clone()),
            None => changes.remove(Name::Waiting, key),
        }
    }
    core.apply(&changes)?;
    core.flush()
}

fn is_empty(core: &Core, folder: FolderId) -> bool {
    let state = core.state();
    let mut feeds = state.feeds.values().filter(|known| known.visible());
    let mut folders = state.folders.values();
    state.folders.contains_key(&folder)
        && !feeds.any(|known| known.feed.folder == Some(folder))
        && !folders.any(|other| other.parent == Some(folder))
}
