//! Comparing the index with its checksums and with the store.
use std::io::ErrorKind;
use std::path::Path;

use tantivy::Index;
use tantivy::index::SegmentComponent;

use crate::error::{Result, StoreError};
use crate::search::directory::IndexDirectory;
use crate::search::index::Opened;
use crate::state::Bits;
use crate::store::Core;

/// Compares the index's files with their checksums, and its articles with the store's.
pub(crate) fn verify(core: &Core) -> Result<()> {
    let index = &core.search;
    let verified = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let opened = index.opened();
        verify_files(&index.folder, &opened.index)?;
        match verify_articles(core, &opened) {
            // After a kill, sled may have lost articles that the index already contains.
            Err(StoreError::SearchIndex(why)) if !index.was_closed => Err(StoreError::Invalid(why)),
            verified => verified,
        }
    }));
    verified.unwrap_or_else(|_| Err(StoreError::SearchIndex("its files cannot be read".into())))
}

/// The files of a segment.
const PARTS: [SegmentComponent; 7] = [
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Terms,
    SegmentComponent::Store,
    SegmentComponent::Delete,
];

/// Verifies the files of the index that have changed since they were last verified.
fn verify_files(folder: &Path, index: &Index) -> Result<()> {
    let directory = IndexDirectory::open(folder)?;
    let managed = index.directory().list_managed_files();
    for segment in index.load_metas()?.segments {
        for part in PARTS {
            let name = segment.relative_path(part.clone());
            let verified = directory.verify_file(&name.to_string_lossy());
            match verified {
                // Not every segment has every file.
                Err(error)
                    if error.kind() == ErrorKind::NotFound
                        && (!managed.contains(&name) || part == SegmentComponent::Delete) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    let what = format!("{} is missing", name.display());
                    return Err(StoreError::SearchIndex(what));
                }
                Err(error) => return Err(StoreError::SearchIndex(error.to_string())),
                Ok(()) => {}
            }
        }
    }
    Ok(())
}

/// Compares the articles of the index with those of the store.
fn verify_articles(core: &Core, opened: &Opened) -> Result<()> {
    let wrong = |what: String| Err(StoreError::SearchIndex(what));
    let mut indexed = Bits::default();
    let searcher = opened.reader.searcher();
    for segment in searcher.segment_readers() {
        let ids = segment.fast_fields().u64("id")?;
        for document in segment.doc_ids_alive() {
            let Some(id) = ids.first(document) else {
                return wrong("an article in it has no number".into());
            };
            // A damaged file may contain any id.
            if id >= core.state().next_article {
                return wrong(format!(
                    "it contains article {id}, which does not exist yet"
                ));
            }
            if indexed.get(id) {
                return wrong(format!("it contains article {id} twice"));
            }
            indexed.set(id, true);
        }
    }
    let trees = core.trees();
    let waits = |id: u64| trees.reindex.contains_key(id.to_be_bytes());
    let mut lacking = Vec::new();
    {
        let state = core.state();
        // Several feeds may list one article.
        let mut listed = Bits::default();
        for entry in state.feeds.values().flat_map(|feed| &feed.entries) {
            if listed.get(entry.id) {
                continue;
            }
            listed.set(entry.id, true);
            if indexed.get(entry.id) {
                indexed.set(entry.id, false);
            } else if entry.id <= opened.last {
                lacking.push(entry.id);
            }
        }
    }
    for id in lacking {
        if !waits(id)? && trees.articles.contains_key(id.to_be_bytes())? {
            return wrong(format!("it lacks article {id}"));
        }
    }
    for id in indexed.ones() {
        if !trees.articles.contains_key(id.to_be_bytes())? && !waits(id)? {
            return wrong(format!(
                "it contains article {id}, which the store does not have"
            ));
        }
    }
    Ok(())
}
