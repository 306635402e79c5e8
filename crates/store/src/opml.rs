//! The subscriptions as OPML, beside each snapshot, for other feed readers; without the feed of saved
//! pages and newsletters, which have no address on the web.
use std::collections::HashMap;

use warta_text::{OpmlFeed, OpmlPage, write_opml};

use crate::documents::DocumentKind;
use crate::folder_tree::{Folders, path};
use crate::model::{Feed, Folder, FolderId, SAVED_PAGES};

/// `written` is a date as in RFC 822.
pub(crate) fn write(folders: &[Folder], feeds: &[Feed], written: &str) -> String {
    let tree: Folders = folders
        .iter()
        .map(|folder| (folder.id, folder.clone()))
        .collect();
    let in_order: Vec<Vec<String>> = folders
        .iter()
        .map(|folder| path(&tree, folder.id))
        .collect();
    let ids = folders.iter().map(|folder| folder.id);
    let paths: HashMap<FolderId, &Vec<String>> = ids.zip(&in_order).collect();
    let entries: Vec<OpmlFeed<'_>> = feeds
        .iter()
        .filter(|feed| feed.url != SAVED_PAGES && !feed.kind.is_newsletter())
        .map(|feed| {
            let title = feed.custom_title.as_ref().or(feed.facts.title.as_ref());
            let folder = feed.folder.and_then(|id| paths.get(&id));
            let page = page(&feed.kind);
            // The fragment only tells feeds of one page apart.
            let page_url = page.and_then(|_| feed.url.split('#').next());
            OpmlFeed {
                url: page_url.unwrap_or(&feed.url),
                page,
                title: title.map(String::as_str),
                site: feed.facts.site.as_deref(),
                folder: folder.map_or(&[], |path| path.as_slice()),
                ..OpmlFeed::default()
            }
        })
        .collect();
    write_opml("Warta", Some(written), &in_order, &entries)
}

/// The part of a page that a feed is, without `XPath`, which the store does not know.
fn page(kind: &DocumentKind) -> Option<OpmlPage<'_>> {
    match kind {
        DocumentKind::Feed | DocumentKind::Sitemap | DocumentKind::Newsletter { .. } => None,
        DocumentKind::HeadlineList { selector } => Some(OpmlPage {
            list: Some(selector),
            ..OpmlPage::default()
        }),
        DocumentKind::Watch { selector } => Some(OpmlPage {
            watch: Some(selector),
            ..OpmlPage::default()
        }),
    }
}
