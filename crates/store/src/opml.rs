<<<<<<< HEAD
//! The subscriptions as OPML, beside each snapshot, for other feed readers.
use warta_text::{OpmlFeed, write_opml};

use crate::model::{Feed, Folder};
=======
//! The subscriptions as OPML 2.0, beside each snapshot, for other feed readers.
use crate::model::{Feed, Folder, FolderId};
use crate::text::escape;
>>>>>>> sidebar

/// `written` is a date as in RFC 822.
pub(crate) fn write(folders: &[Folder], feeds: &[Feed], written: &str) -> String {
<<<<<<< HEAD
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
=======
    let mut opml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n");
    opml.push_str("<head><title>Warta</title><dateCreated>");
    opml.push_str(&escape(written));
    opml.push_str("</dateCreated></head>\n<body>\n");
    level(&mut opml, None, folders, feeds);
    let known = |id: FolderId| folders.iter().any(|folder| folder.id == id);
    let lost = |feed: &&Feed| feed.folder.is_some_and(|id| !known(id));
    for feed in feeds.iter().filter(lost) {
        outline(&mut opml, feed);
    }
    opml.push_str("</body>\n</opml>\n");
    opml
}

/// Writes the folders in `parent`, then its feeds. Folders nest at most [`crate::MOST_LEVELS`]
/// levels deep, and without circles.
fn level(opml: &mut String, parent: Option<FolderId>, folders: &[Folder], feeds: &[Feed]) {
    for folder in folders.iter().filter(|folder| folder.parent == parent) {
        let name = escape(&folder.name);
        opml.extend(["<outline text=\"", &name, "\" title=\"", &name, "\">\n"]);
        level(opml, Some(folder.id), folders, feeds);
        opml.push_str("</outline>\n");
    }
    for feed in feeds.iter().filter(|feed| feed.folder == parent) {
        outline(opml, feed);
    }
}

fn outline(opml: &mut String, feed: &Feed) {
    let title = feed
        .custom_title
        .as_ref()
        .or(feed.facts.title.as_ref())
        .unwrap_or(&feed.url);
    let title = escape(title);
    let url = escape(&feed.url);
    opml.extend([
        "<outline type=\"rss\" text=\"",
        &title,
        "\" title=\"",
        &title,
    ]);
    opml.extend(["\" xmlUrl=\"", &url, "\""]);
    if let Some(site) = &feed.facts.site {
        opml.extend([" htmlUrl=\"", &escape(site), "\""]);
    }
    opml.push_str("/>\n");
>>>>>>> sidebar
}
