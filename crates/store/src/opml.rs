//! The subscriptions as OPML, beside each snapshot, for other feed readers.
use warta_text::{OpmlFeed, write_opml};

use crate::model::{Feed, Folder};

/// `written` is a date as in RFC 822.
pub(crate) fn write(folders: &[Folder], feeds: &[Feed], written: &str) -> String {
    let names: Vec<&str> = folders.iter().map(|folder| folder.name.as_str()).collect();
    let entries: Vec<OpmlFeed<'_>> = feeds
        .iter()
        .map(|feed| {
            let folder = folders.iter().find(|folder| Some(folder.id) == feed.folder);
            let title = feed.custom_title.as_ref().or(feed.facts.title.as_ref());
            OpmlFeed {
                url: &feed.url,
                title: title.map(String::as_str),
                site: feed.facts.site.as_deref(),
                folder: folder.map_or("", |folder| &folder.name),
                ..OpmlFeed::default()
            }
        })
        .collect();
    write_opml("Warta", Some(written), &names, &entries)
}
