//! The `SQLite` databases of desktop readers, told apart by their tables.
//!
//! Newsboat: `rss_feed`, `rss_item` (schema 2.11). Liferea: `items`, `node`, `subscription` (schema
//! 10). RSS Guard: `Feeds`, `Messages`, `Categories` (all versions since 2). `QuiteRSS`: `feeds`,
//! `news`. `NetNewsWire`: `articles`, `statuses` of an account's `DB.sqlite3`.

use std::collections::HashMap;

use crate::model::{Feed, Feeds, ImportError, Item, Library, Reason, Source, is_web, some};
use crate::sqlite::{Database, Row};
use crate::when;

pub(crate) fn read(
    bytes: &[u8],
    wal: Option<&[u8]>,
    library: &mut Library,
) -> Result<(), ImportError> {
    let database =
        Database::open(bytes, wal).map_err(|damaged| ImportError::Damaged(damaged.to_string()))?;
    let has = |table: &str, column: &str| database.table(table).is_some_and(|it| it.has(column));
    let (source, read): (_, fn(&Database<'_>, &mut Library)) = if has("rss_item", "feedurl") {
        (Source::Newsboat, newsboat)
    } else if has("items", "marked") && has("subscription", "source") {
        (Source::Liferea, liferea)
    } else if has("messages", "is_important") && has("feeds", "title") {
        (Source::RssGuard, rss_guard)
    } else if has("news", "starred") && has("feeds", "xmlurl") {
        (Source::QuiteRss, quite_rss)
    } else if has("articles", "feedid") && has("statuses", "starred") {
        (Source::NetNewsWire, net_news_wire)
    } else {
        return Err(ImportError::Unknown);
    };
    library.came_from(source);
    read(&database, library);
    Ok(())
}

/// Calls `each` with every row of a table; what is damaged is counted.
fn rows(
    database: &Database<'_>,
    table: &str,
    library: &mut Library,
    each: &mut dyn FnMut(&Row<'_>, &mut Library),
) {
    let Some(table) = database.table(table) else {
        return;
    };
    if database.rows(table, &mut |row| each(row, library)).is_err() {
        library.leave_out(Reason::Damaged);
    }
}

/// Adds a subscription; `None` if it is not of the web.
fn subscribe(
    feeds: &mut Feeds,
    key: &str,
    url: &str,
    library: &mut Library,
    feed: impl FnOnce() -> Feed,
) -> Option<usize> {
    if !is_web(url) {
        library.leave_out(Reason::NotWeb);
        return None;
    }
    Some(feeds.of(key, library, || Feed {
        url: Some(url.trim().to_owned()),
        subscribed: true,
        ..feed()
    }))
}

fn newsboat(database: &Database<'_>, library: &mut Library) {
    let mut feeds = Feeds::default();
    rows(database, "rss_feed", library, &mut |row, library| {
        let url = row.text("rssurl");
        subscribe(&mut feeds, &url, &url, library, || Feed {
            title: some(&row.text("title")),
            site: some(&row.text("url")),
            ..Feed::default()
        });
    });
    rows(database, "rss_item", library, &mut |row, library| {
        if row.flag("deleted") {
            return;
        }
        // Newsboat has no stars: a flag is the reader's own mark.
        let flags = row.text("flags");
        library.add(Item {
            feed: feeds.get(&row.text("feedurl")),
            guid: some(&row.text("guid")),
            url: some(&row.text("url")),
            title: row.text("title"),
            author: some(&row.text("author")),
            html: row.text("content"),
            published: when::of_number(row.number("pubDate")),
            saved: !flags.trim().is_empty(),
            read: !row.flag("unread"),
            ..Item::default()
        });
    });
}

fn liferea(database: &Database<'_>, library: &mut Library) {
    let mut nodes: HashMap<String, (String, String)> = HashMap::new();
    rows(database, "node", library, &mut |row, _| {
        let node = (row.text("title"), row.text("parent_id"));
        nodes.insert(row.text("node_id"), node);
    });
    let mut sites = HashMap::new();
    rows(database, "subscription_metadata", library, &mut |row, _| {
        if row.text("key") == "homepage" {
            sites.insert(row.text("node_id"), row.text("value"));
        }
    });
    let mut authors = HashMap::new();
    rows(database, "metadata", library, &mut |row, _| {
        if matches!(row.text("key").as_str(), "author" | "creator") {
            authors.insert(row.text("item_id"), row.text("value"));
        }
    });
    let mut feeds = Feeds::default();
    rows(database, "subscription", library, &mut |row, library| {
        let id = row.text("node_id");
        subscribe(&mut feeds, &id, &row.text("source"), library, || Feed {
            title: nodes.get(&id).and_then(|(title, _)| some(title)),
            site: sites.get(&id).and_then(|site| some(site)),
            folder: folders(&id, &nodes),
            ..Feed::default()
        });
    });
    rows(database, "items", library, &mut |row, library| {
        if row.flag("comment") {
            return;
        }
        let node = row.text("node_id");
        let feed = feeds.get(&node).or_else(|| {
            // A news bin or a feed that is not of the web.
            let title = nodes.get(&node).and_then(|(title, _)| some(title))?;
            Some(feeds.of(&node, library, || Feed {
                title: Some(title),
                ..Feed::default()
            }))
        });
        library.add(Item {
            feed,
            guid: some(&row.text("source_id")),
            url: some(&row.text("source")),
            title: row.text("title"),
            author: authors
                .get(&row.text("item_id"))
                .and_then(|author| some(author)),
            html: row.text("description"),
            published: when::of_number(row.number("date")),
            saved: row.flag("marked"),
            read: row.flag("read"),
            ..Item::default()
        });
    });
}

/// The folders of a node, outermost first.
fn folders(id: &str, nodes: &HashMap<String, (String, String)>) -> Vec<String> {
    /// Deeper nesting is taken for a circle.
    const DEEPEST: usize = 20;
    let mut names = Vec::new();
    let mut parent = nodes.get(id).map(|(_, parent)| parent);
    // Folders without a name count too: a circle of them would never end.
    for _ in 0..DEEPEST {
        let Some((title, next)) = parent.and_then(|parent| nodes.get(parent)) else {
            names.reverse();
            return names;
        };
        names.extend(some(title));
        parent = Some(next);
    }
    Vec::new()
}

fn rss_guard(database: &Database<'_>, library: &mut Library) {
    let mut categories = HashMap::new();
    rows(database, "categories", library, &mut |row, _| {
        let category = (row.text("title"), row.text("parent_id"));
        categories.insert(row.text("id"), category);
    });
    let mut labels = HashMap::new();
    rows(database, "labels", library, &mut |row, _| {
        let name = row.text("name");
        labels.insert(row.text("custom_id"), name.clone());
        labels.insert(row.text("id"), name);
    });
    let mut labelled: HashMap<String, Vec<String>> = HashMap::new();
    rows(database, "labelsinmessages", library, &mut |row, _| {
        if let Some(label) = labels.get(&row.text("label")).and_then(|name| some(name)) {
            labelled.entry(row.text("message")).or_default().push(label);
        }
    });
    let mut feeds = Feeds::default();
    let mut by_custom_id = HashMap::new();
    rows(database, "feeds", library, &mut |row, library| {
        let id = row.text("id");
        let url = some(&row.text("source")).unwrap_or_else(|| row.text("url"));
        let category = row.text("category");
        let added = subscribe(&mut feeds, &id, &url, library, || Feed {
            title: some(&row.text("title")),
            folder: categories
                .get(&category)
                .map(|(title, _)| {
                    let mut folder = folders(&category, &categories);
                    folder.extend(some(title));
                    folder
                })
                .unwrap_or_default(),
            ..Feed::default()
        });
        if let Some(at) = added {
            by_custom_id.insert(row.text("custom_id"), at);
        }
    });
    rows(database, "messages", library, &mut |row, library| {
        if row.flag("is_deleted") || row.flag("is_pdeleted") {
            return;
        }
        // Until version 4, a message names its feed by the custom id.
        let feed = row.text("feed");
        let id = row.text("id");
        let custom_id = row.text("custom_id");
        let tags = labelled.get(&id).or_else(|| labelled.get(&custom_id));
        library.add(Item {
            feed: feeds
                .get(&feed)
                .or_else(|| by_custom_id.get(&feed).copied()),
            guid: some(&custom_id),
            url: some(&row.text("url")),
            title: row.text("title"),
            author: some(&row.text("author")),
            html: row.text("contents"),
            published: when::of_number(row.number("date_created")),
            saved: row.flag("is_important"),
            read: row.flag("is_read"),
            tags: tags.cloned().unwrap_or_default(),
            ..Item::default()
        });
    });
}

fn quite_rss(database: &Database<'_>, library: &mut Library) {
    let mut nodes: HashMap<String, (String, String)> = HashMap::new();
    rows(database, "feeds", library, &mut |row, _| {
        let node = (row.text("text"), row.text("parentId"));
        nodes.insert(row.text("id"), node);
    });
    let mut labels = HashMap::new();
    rows(database, "labels", library, &mut |row, _| {
        labels.insert(row.text("id"), row.text("name"));
    });
    let mut feeds = Feeds::default();
    rows(database, "feeds", library, &mut |row, library| {
        let id = row.text("id");
        let url = row.text("xmlUrl");
        // A folder is a feed without an address.
        if url.trim().is_empty() {
            return;
        }
        subscribe(&mut feeds, &id, &url, library, || Feed {
            title: some(&row.text("text")).or_else(|| some(&row.text("title"))),
            site: some(&row.text("htmlUrl")),
            folder: folders(&id, &nodes),
            ..Feed::default()
        });
    });
    rows(database, "news", library, &mut |row, library| {
        if row.flag("deleted") {
            return;
        }
        let (content, description) = (row.text("content"), row.text("description"));
        let html = if content.len() > description.len() {
            content
        } else {
            description
        };
        let link = some(&row.text("link_href")).or_else(|| some(&row.text("link_alternate")));
        let tags = row.text("label");
        library.add(Item {
            feed: feeds.get(&row.text("feedId")),
            guid: some(&row.text("guid")),
            url: link,
            title: row.text("title"),
            author: some(&row.text("author_name")),
            html,
            published: when::of_text(&row.text("published"))
                .or_else(|| when::of_text(&row.text("received"))),
            saved: row.flag("starred"),
            read: row.flag("read"),
            tags: tags
                .split(',')
                .filter_map(|id| labels.get(id).and_then(|name| some(name)))
                .collect(),
            ..Item::default()
        });
    });
}

fn net_news_wire(database: &Database<'_>, library: &mut Library) {
    let mut status = HashMap::new();
    rows(database, "statuses", library, &mut |row, _| {
        let flags = (row.flag("read"), row.flag("starred"));
        status.insert(row.text("articleID"), flags);
    });
    let mut feeds = Feeds::default();
    rows(database, "articles", library, &mut |row, library| {
        let feed = row.text("feedID");
        let at = if is_web(&feed) {
            subscribe(&mut feeds, &feed, &feed, library, Feed::default)
        } else {
            // An account of a service names its feeds by numbers.
            None
        };
        let (read, starred) = status
            .get(&row.text("articleID"))
            .copied()
            .unwrap_or_default();
        let html = ["contentHTML", "contentText", "summary"]
            .into_iter()
            .find_map(|column| some(&row.text(column)));
        library.add(Item {
            feed: at,
            guid: some(&row.text("uniqueID")),
            url: some(&row.text("url")).or_else(|| some(&row.text("externalURL"))),
            title: row.text("title"),
            html: html.unwrap_or_default(),
            published: when::of_number(row.number("datePublished")),
            saved: starred,
            read,
            ..Item::default()
        });
    });
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::folders;

    #[test]
    fn folders_in_a_circle_end_with_and_without_names() {
        let node = |title: &str, parent: &str| (title.to_owned(), parent.to_owned());
        for title in ["Kabar", ""] {
            let nodes = HashMap::from([
                ("1".to_owned(), node(title, "2")),
                ("2".to_owned(), node(title, "1")),
                ("3".to_owned(), node(title, "3")),
                ("4".to_owned(), node("Laut", "5")),
                ("5".to_owned(), node("", "6")),
                ("6".to_owned(), node("Nusantara", "")),
                ("7".to_owned(), node("Umpan", "4")),
            ]);
            assert!(folders("1", &nodes).is_empty());
            assert!(folders("3", &nodes).is_empty());
            assert_eq!(folders("7", &nodes), ["Nusantara", "Laut"]);
        }
    }
}
