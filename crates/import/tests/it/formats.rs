use warta_import::{Item, Library, Reason, Source, parse};

use crate::file;

fn library(name: &str) -> Library {
    parse(&file(name), None).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn item<'l>(library: &'l Library, title: &str) -> &'l Item {
    let found = library.items.iter().find(|item| item.title == title);
    found.unwrap_or_else(|| panic!("no {title} in {:#?}", library.items))
}

/// Feed address, saved and read of an article.
fn state(library: &Library, title: &str) -> (Option<String>, bool, bool) {
    let item = item(library, title);
    let feed = item.feed.and_then(|at| library.feeds[at].url.clone());
    (feed, item.saved, item.read)
}

#[test]
fn newsboat() {
    let library = library("newsboat.db");
    assert_eq!(library.sources, [Source::Newsboat]);
    let feeds: Vec<_> = library
        .feeds
        .iter()
        .map(|feed| (feed.url.as_deref(), feed.title.as_deref(), feed.subscribed))
        .collect();
    assert_eq!(
        feeds,
        [
            (
                Some("http://127.0.0.4:8099/feed.atom"),
                Some("The Meridian Lantern"),
                true
            ),
            (
                Some("http://127.0.0.9:8099/feed"),
                Some("Kolong Langit"),
                true
            ),
        ]
    );
    assert_eq!(library.items.len(), 8, "the deleted ninth is left out");
    let feed = || Some("http://127.0.0.4:8099/feed.atom".to_owned());
    let cubs = "Camera trap films two tiger cubs crossing a stream";
    assert_eq!(state(&library, cubs), (feed(), true, false), "flagged");
    let wirata = "Thousands moved from the slopes of Mount Wirata as alert level rises";
    assert_eq!(state(&library, wirata), (feed(), false, true));
    let wirata = item(&library, wirata);
    assert!(
        wirata
            .guid
            .as_deref()
            .is_some_and(|guid| guid.starts_with("urn:warta-demo:lantern:")),
        "{wirata:?}"
    );
    assert!(wirata.html.contains("<p>"), "{wirata:?}");
    assert!(wirata.published.is_some());
}

#[test]
fn newsboats_list_of_feeds() {
    let library = library("newsboat-urls.txt");
    let feeds: Vec<_> = library
        .feeds
        .iter()
        .map(|feed| (feed.title.as_deref(), feed.folder.join("/")))
        .collect();
    assert_eq!(
        feeds,
        [(None, "World".into()), (Some("Kolong"), "Jakarta".into())]
    );
    assert_eq!(library.left_out.get(&Reason::NotWeb), Some(&1), "the query");
}

#[test]
fn a_write_ahead_log_holds_what_was_written_last() {
    let (bytes, wal) = (file("newsboat-wal.db"), file("newsboat-wal.db-wal"));
    let titles = |wal: Option<&[u8]>| -> Vec<String> {
        let library = parse(&bytes, wal).unwrap();
        library.items.into_iter().map(|item| item.title).collect()
    };
    assert_eq!(titles(None), ["Old title"]);
    assert_eq!(titles(Some(&wal)), ["New title", "Only in the log"]);
    // A frame that is cut off or altered ends the log.
    assert_eq!(titles(Some(&wal[..wal.len() - 1])), ["New title"]);
    let mut altered = wal.clone();
    altered[32 + 24 + 900] ^= 1;
    assert_eq!(titles(Some(&altered)), ["Old title"]);
}

#[test]
fn liferea() {
    let library = library("liferea.db");
    assert_eq!(library.sources, [Source::Liferea]);
    let lantern = library
        .feeds
        .iter()
        .find(|feed| feed.title.as_deref() == Some("The Meridian Lantern"))
        .unwrap();
    assert_eq!(
        lantern.url.as_deref(),
        Some("http://127.0.0.4:8099/feed.atom")
    );
    assert!(lantern.subscribed);
    assert!(library.items.iter().any(|item| item.saved && !item.read));
    assert!(library.items.iter().any(|item| item.read && !item.saved));
    assert!(library.items.iter().all(|item| item.guid.is_some()));
    assert!(library.items.iter().all(|item| item.published.is_some()));
}

#[test]
fn rss_guard() {
    let library = library("rssguard.db");
    assert_eq!(library.sources, [Source::RssGuard]);
    assert_eq!(library.feeds.len(), 1);
    assert_eq!(library.feeds[0].folder, ["Berita", "Laut"]);
    assert_eq!(library.left_out.get(&Reason::NotWeb), Some(&1), "a script");
    assert_eq!(library.items.len(), 2, "the deleted third is left out");
    let harbour = item(&library, "Pelabuhan buka malam hari");
    assert_eq!(harbour.guid.as_deref(), Some("teluk-1"));
    assert_eq!(harbour.author.as_deref(), Some("Sri Wahyuni"));
    assert_eq!(harbour.published, Some(1_760_000_000));
    assert_eq!(harbour.tags, ["penting"]);
    assert!(harbour.html.contains("é dan 日本"), "UTF-16");
    assert!(harbour.saved && harbour.read);
    let long = item(&library, "Kapal baru");
    assert_eq!(
        long.html.matches("<i>teks panjang</i> ").count(),
        120,
        "a row that overflows its page"
    );
}

#[test]
fn quite_rss() {
    let library = library("quiterss.db");
    assert_eq!(library.sources, [Source::QuiteRss]);
    assert_eq!(library.feeds[0].title.as_deref(), Some("My tides"));
    assert_eq!(library.feeds[0].folder, ["Science"]);
    assert_eq!(library.items.len(), 2);
    let spring = item(&library, "Spring tide on Friday");
    assert_eq!(spring.html, "<p>The whole text of it</p>");
    assert_eq!(spring.published, Some(1_759_996_800));
    assert_eq!(spring.tags, ["Later"]);
    assert!(spring.saved && spring.read);
    assert_eq!(item(&library, "Neap tide").html, "<p>Only this</p>");
}

#[test]
fn net_news_wire() {
    let library = library("netnewswire.db");
    assert_eq!(library.sources, [Source::NetNewsWire]);
    let kites = item(&library, "Kites over the dyke");
    assert!(kites.saved && kites.read);
    assert_eq!(kites.guid.as_deref(), Some("k-1"));
    assert_eq!(kites.published, Some(1_760_000_000));
    let second = item(&library, "Second");
    assert_eq!(second.url.as_deref(), Some("https://kites.example/2"));
    assert!(!second.saved && !second.read);
    let feed = &library.feeds[second.feed.unwrap()];
    assert_eq!(feed.url.as_deref(), Some("https://kites.example/feed"));
}

#[test]
fn google_reader() {
    let library = library("google-reader.json");
    assert_eq!(library.sources, [Source::GoogleReader]);
    let harbour = item(&library, "A &amp; B in the harbour");
    assert_eq!(
        harbour.url.as_deref(),
        Some("https://harbour.example/a?x=1")
    );
    assert_eq!(harbour.tags, ["Boats"]);
    assert!(harbour.saved && harbour.read);
    let feed = &library.feeds[harbour.feed.unwrap()];
    assert_eq!(feed.url.as_deref(), Some("https://harbour.example/rss"));
    assert!(!feed.subscribed, "a star does not subscribe");
    let other = item(&library, "Unread and starred");
    assert!(other.saved && !other.read);
    assert_eq!(other.html, "<p>Longer text here.</p>");
    assert_eq!(
        library.feeds[other.feed.unwrap()].url,
        None,
        "only a number"
    );
    assert_eq!(library.left_out.get(&Reason::NoAddress), Some(&1));
}

#[test]
fn feedly() {
    let library = library("feedly.json");
    assert_eq!(library.sources, [Source::Feedly]);
    let tide = item(&library, "Slack tide");
    assert_eq!(tide.guid.as_deref(), Some("https://verge.example/1"));
    assert_eq!(tide.published, Some(1_760_000_000), "in milliseconds");
    assert_eq!(tide.saved_at, Some(1_760_000_900));
    assert_eq!(tide.tags, ["Board one"]);
    assert!(tide.saved && tide.read);
    assert!(!item(&library, "Second").read);
}

#[test]
fn pocket() {
    let library = library("pocket.csv");
    assert_eq!(library.sources, [Source::Pocket]);
    let first = item(&library, "Ikan, dan laut");
    assert_eq!(first.tags, ["laut", "ikan"]);
    assert_eq!(first.saved_at, Some(1_507_652_171));
    assert!(first.saved && !first.read);
    assert!(item(&library, "https://ikan.example/2").read, "archived");
    assert_eq!(library.left_out.get(&Reason::NoAddress), Some(&1));
    let page = self::library("pocket.html");
    assert_eq!(page.sources, [Source::Pocket]);
    let first = item(&page, "Ikan & laut");
    assert_eq!(first.url.as_deref(), Some("https://ikan.example/1?a=1&b=2"));
    assert_eq!(first.tags, ["laut", "ikan"]);
    assert!(!first.read);
    assert!(item(&page, "https://ikan.example/2").read);
}

#[test]
fn instapaper_raindrop_and_omnivore() {
    let paper = library("instapaper.csv");
    assert_eq!(paper.sources, [Source::Instapaper]);
    assert_eq!(item(&paper, "One paper").tags, ["kertas", "lama"]);
    assert!(!item(&paper, "One paper").read);
    assert_eq!(item(&paper, "Two papers").html, "<p>A quote, chosen</p>");
    assert!(item(&paper, "Two papers").read);
    let rain = library("raindrop.csv");
    assert_eq!(rain.sources, [Source::Raindrop]);
    assert_eq!(rain.items[0].saved_at, Some(1_507_652_171));
    assert_eq!(rain.items[0].tags, ["hujan", "basah"]);
    let omnivore = library("omnivore.zip");
    assert_eq!(omnivore.sources, [Source::Omnivore]);
    let dyke = item(&omnivore, "A quiet dyke");
    assert!(dyke.html.contains("The dyke is quiet tonight."));
    assert!(!dyke.read && dyke.saved);
    let archived = item(&omnivore, "Archived");
    assert!(archived.read);
    assert_eq!(archived.html, "<p>Only a &lt;description&gt;</p>");
}

#[test]
fn fresh_rss() {
    let library = library("freshrss.zip");
    assert_eq!(library.sources, [Source::GoogleReader]);
    assert_eq!(library.opml.len(), 1);
    assert_eq!(library.items.len(), 2);
}

#[test]
fn bookmarks_tables_and_json_feed() {
    let bookmarks = b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><H3>Folder</H3>\n\
        <DT><A HREF=\"https://one.example/\" ADD_DATE=\"1507652171\" TAGS=\"a,b\">One</A>\n</DL>";
    let library = parse(bookmarks, None).unwrap();
    assert_eq!(library.sources, [Source::Bookmarks]);
    let one = &library.items[0];
    assert_eq!(
        (one.title.as_str(), one.saved_at),
        ("One", Some(1_507_652_171))
    );
    assert_eq!(one.tags, ["a", "b"]);
    let table =
        b"Title,URL,Saved date,Location\nOne,https://one.example/,2017-10-10 16:16:11,archive\n";
    let library = parse(table, None).unwrap();
    assert_eq!(library.sources, [Source::Table]);
    assert!(library.items[0].read);
    assert_eq!(library.items[0].saved_at, Some(1_507_652_171));
    let feed = br#"{"version":"https://jsonfeed.org/version/1.1","title":"Saved","items":[
        {"id":"1","url":"https://one.example/1","title":"One","content_html":"<p>x</p>",
         "date_published":"2017-10-10T16:16:11Z","tags":["t"],
         "_warta":{"feed_url":"https://one.example/feed","guid":"g","saved_at":"2018-10-10T16:16:11Z","read":true}}]}"#;
    let library = parse(feed, None).unwrap();
    assert_eq!(library.sources, [Source::JsonFeed]);
    let one = &library.items[0];
    assert_eq!(one.guid.as_deref(), Some("g"));
    assert!(one.read && one.saved);
    assert_eq!(one.saved_at, Some(1_539_188_171));
}
