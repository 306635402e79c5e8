//! The subscriptions as OPML 2.0, beside each snapshot, for other feed readers.
use crate::model::{Feed, Folder};
use crate::text::escape;

pub(crate) fn write(folders: &[Folder], feeds: &[Feed], written: &str) -> String {
    let mut opml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n");
    opml.push_str("<head><title>Warta</title><dateCreated>");
    opml.push_str(&escape(written));
    opml.push_str("</dateCreated></head>\n<body>\n");
    for folder in folders {
        let name = escape(&folder.name);
        opml.extend(["<outline text=\"", &name, "\" title=\"", &name, "\">\n"]);
        for feed in feeds.iter().filter(|feed| feed.folder == Some(folder.id)) {
            outline(&mut opml, feed);
        }
        opml.push_str("</outline>\n");
    }
    let known = |feed: &&Feed| folders.iter().any(|folder| Some(folder.id) == feed.folder);
    for feed in feeds.iter().filter(|feed| !known(feed)) {
        outline(&mut opml, feed);
    }
    opml.push_str("</body>\n</opml>\n");
    opml
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
}
