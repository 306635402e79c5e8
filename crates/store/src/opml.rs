//! The subscriptions as OPML, beside each snapshot, for other feed readers.
use std::collections::HashMap;

use warta_text::{OpmlFeed, write_opml};

use crate::model::{Feed, Folder, FolderId};

/// `written` is a date as in RFC 822.
pub(crate) fn write(folders: &[Folder], feeds: &[Feed], written: &str) -> String {
    let by_id: HashMap<FolderId, &Folder> =
        folders.iter().map(|folder| (folder.id, folder)).collect();
    let paths: HashMap<FolderId, Vec<String>> = folders
        .iter()
        .map(|folder| (folder.id, path(folder, &by_id)))
        .collect();
    let in_order: Vec<Vec<String>> = folders
        .iter()
        .map(|folder| paths[&folder.id].clone())
        .collect();
    let entries: Vec<OpmlFeed<'_>> = feeds
        .iter()
        .map(|feed| {
            let title = feed.custom_title.as_ref().or(feed.facts.title.as_ref());
            OpmlFeed {
                url: &feed.url,
                title: title.map(String::as_str),
                site: feed.facts.site.as_deref(),
                folder: feed
                    .folder
                    .and_then(|id| paths.get(&id))
                    .map_or(&[], Vec::as_slice),
                ..OpmlFeed::default()
            }
        })
        .collect();
    write_opml("Warta", Some(written), &in_order, &entries)
}

/// The names of a folder and those around it, outermost first.
fn path(folder: &Folder, by_id: &HashMap<FolderId, &Folder>) -> Vec<String> {
    let mut names = vec![folder.name.clone()];
    let mut parent = folder.parent;
    // No more levels than there are folders: a damaged store may hold a circle.
    while let Some(around) = parent
        .and_then(|id| by_id.get(&id))
        .filter(|_| names.len() <= by_id.len())
    {
        names.push(around.name.clone());
        parent = around.parent;
    }
    names.reverse();
    names
}
