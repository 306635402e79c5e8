//! Writes OPML 2.0 (opml.org/spec2.opml), with the extensions of Warta and FreshRSS
//! (freshrss.github.io/FreshRSS/en/developers/OPML.html). Deliberately absent: reading it, which the
//! feed crate does.

use std::collections::HashSet;

use crate::entities::escape;

/// How deep folders are written.
const MOST_LEVELS: usize = 32;

/// A subscription to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpmlFeed<'a> {
    /// The feed's address.
    pub url: &'a str,
    /// Its name; the address if there is none.
    pub title: Option<&'a str>,
    /// Its site.
    pub site: Option<&'a str>,
    /// What it is about.
    pub description: Option<&'a str>,
    /// The names of its folder and those around it, outermost first; empty at the top level.
    pub folder: &'a [String],
    /// Its publisher's WhatsApp Channel (`warta:whatsappChannel`).
    pub whatsapp_channel: Option<&'a str>,
    /// Its publisher's Google News page (`warta:googleNews`).
    pub google_news: Option<&'a str>,
    /// The part that it is of the web page at its address; `None` for any other feed.
    pub page: Option<OpmlPage<'a>>,
}

/// A part of a web page that is a feed.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpmlPage<'a> {
    /// The CSS selector of the items of a list (`warta:list`).
    pub list: Option<&'a str>,
    /// The CSS selector of a part whose changes are the entries (`warta:watch`).
    pub watch: Option<&'a str>,
    /// The same for FreshRSS.
    pub xpath: Option<OpmlXpath<'a>>,
}

/// XPath expressions for the items of a page.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpmlXpath<'a> {
    /// Selects the items (`frss:xPathItem`).
    pub item: &'a str,
    /// The title, from an item (`frss:xPathItemTitle`).
    pub title: Option<&'a str>,
    /// The content, from an item (`frss:xPathItemContent`).
    pub content: Option<&'a str>,
    /// The address, from an item (`frss:xPathItemUri`).
    pub uri: Option<&'a str>,
}

/// Writes a document with nested outlines for the folders, each with its folders before its feeds.
/// `folders` are paths like those of feeds: they give the order, and the folders without feeds; others
/// follow in the order of their first feeds. `created` is a date as in RFC 822. Folders nested deeper
/// than [`MOST_LEVELS`] are left out; their feeds are in the innermost one that is written.
#[must_use]
pub fn write_opml(
    title: &str,
    created: Option<&str>,
    folders: &[Vec<String>],
    feeds: &[OpmlFeed<'_>],
) -> String {
    let pages = || feeds.iter().filter_map(|feed| feed.page);
    let has_channels = feeds
        .iter()
        .any(|feed| feed.whatsapp_channel.is_some() || feed.google_news.is_some());
    let has_rules = pages().any(|page| page.list.is_some() || page.watch.is_some());
    let mut namespaces = String::new();
    if has_channels || has_rules {
        namespaces += " xmlns:warta=\"urn:warta:opml\"";
    }
    if pages().any(|page| page.xpath.is_some()) {
        namespaces += " xmlns:frss=\"https://freshrss.org/opml\"";
    }
    let created = created.map(|date| format!("    <dateCreated>{}</dateCreated>\n", value(date)));
    let mut document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\"{namespaces}>\n  <head>\n    <title>{}</title>\n{}  </head>\n  <body>\n",
        value(title),
        created.unwrap_or_default(),
    );
    level(&mut document, &[], folders, feeds, "    ");
    document + "  </body>\n</opml>\n"
}

/// Writes the folders at a path, then its feeds.
fn level(
    document: &mut String,
    path: &[String],
    folders: &[Vec<String>],
    feeds: &[OpmlFeed<'_>],
    indent: &str,
) {
    let is_deepest = path.len() == MOST_LEVELS;
    let child = |inside: &[String]| {
        let name = inside.get(path.len()).filter(|_| !is_deepest);
        name.filter(|_| inside.starts_with(path)).cloned()
    };
    let of_feeds = feeds.iter().map(|feed| feed.folder);
    let mut known: HashSet<String> = HashSet::new();
    let mut children: Vec<Vec<String>> = Vec::new();
    for inside in folders.iter().map(Vec::as_slice).chain(of_feeds) {
        if let Some(name) = child(inside).filter(|name| known.insert(name.clone())) {
            children.push([path, &[name]].concat());
        }
    }
    let here = feeds
        .iter()
        .filter(|feed| feed.folder.starts_with(path) && child(feed.folder).is_none());
    let inner = format!("{indent}  ");
    for folder in &children {
        let name = value(folder.last().map_or("", String::as_str));
        for part in [
            indent,
            "<outline text=\"",
            &name,
            "\" title=\"",
            &name,
            "\">\n",
        ] {
            *document += part;
        }
        level(document, folder, folders, feeds, &inner);
        for part in [indent, "</outline>\n"] {
            *document += part;
        }
    }
    for feed in here {
        outline(document, feed, indent);
    }
}

fn outline(document: &mut String, feed: &OpmlFeed<'_>, indent: &str) {
    let name = value(feed.title.unwrap_or(feed.url));
    let page = feed.page.unwrap_or_default();
    let xpath = page.xpath.unwrap_or_default();
    let item = page.xpath.map(|xpath| xpath.item);
    let attributes = [
        ("text", Some(name.clone())),
        ("title", Some(name)),
        ("description", feed.description.map(value)),
        ("xmlUrl", Some(value(feed.url))),
        ("htmlUrl", feed.site.map(value)),
        // Other readers ignore attributes with a prefix (OPML 2.0, "Extending OPML").
        ("warta:whatsappChannel", feed.whatsapp_channel.map(value)),
        ("warta:googleNews", feed.google_news.map(value)),
        ("warta:list", page.list.map(rule)),
        ("warta:watch", page.watch.map(rule)),
        ("frss:xPathItem", item.map(rule)),
        ("frss:xPathItemTitle", xpath.title.map(rule)),
        ("frss:xPathItemContent", xpath.content.map(rule)),
        ("frss:xPathItemUri", xpath.uri.map(rule)),
    ];
    let kind = match feed.page {
        Some(_) => "HTML+XPath",
        None => "rss",
    };
    *document += indent;
    for part in ["<outline type=\"", kind, "\""] {
        *document += part;
    }
    for (name, value) in attributes {
        if let Some(value) = value {
            for part in [" ", name, "=\"", &value, "\""] {
                *document += part;
            }
        }
    }
    *document += "/>\n";
}

/// A selector or XPath expression as an attribute's value. Control characters separate words in it.
fn rule(text: &str) -> String {
    value(&text.replace(char::is_control, " "))
}

/// `text` as an attribute's value, without characters that XML 1.0 does not allow.
fn value(text: &str) -> String {
    let allowed: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\t' | '\n'))
        .collect();
    escape(&allowed).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_nested_folders_then_other_feeds() {
        let news = ["Berita".to_owned()];
        let inside = ["Berita".to_owned(), "Kota & desa".to_owned()];
        let feeds = [
            OpmlFeed {
                url: "https://a.example/?a=1&b=2",
                title: Some("A \"satu\""),
                folder: &news,
                ..OpmlFeed::default()
            },
            OpmlFeed {
                url: "https://b.example/feed",
                site: Some("https://b.example/"),
                ..OpmlFeed::default()
            },
            OpmlFeed {
                url: "https://c.example/feed",
                title: Some("C"),
                folder: &inside,
                ..OpmlFeed::default()
            },
        ];
        let folders = [vec!["Kosong".to_owned()], news.to_vec()];
        let created = Some("Mon, 2 Mar 2026 08:00:00 +0000");
        let written = write_opml("Warta", created, &folders, &feeds);
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<opml version=\"2.0\">
  <head>
    <title>Warta</title>
    <dateCreated>Mon, 2 Mar 2026 08:00:00 +0000</dateCreated>
  </head>
  <body>
    <outline text=\"Kosong\" title=\"Kosong\">
    </outline>
    <outline text=\"Berita\" title=\"Berita\">
      <outline text=\"Kota &amp; desa\" title=\"Kota &amp; desa\">
        <outline type=\"rss\" text=\"C\" title=\"C\" xmlUrl=\"https://c.example/feed\"/>
      </outline>
      <outline type=\"rss\" text=\"A &quot;satu&quot;\" title=\"A &quot;satu&quot;\" xmlUrl=\"https://a.example/?a=1&amp;b=2\"/>
    </outline>
    <outline type=\"rss\" text=\"https://b.example/feed\" title=\"https://b.example/feed\" xmlUrl=\"https://b.example/feed\" htmlUrl=\"https://b.example/\"/>
  </body>
</opml>
";
        assert_eq!(written, expected);
    }
    #[test]
    fn a_part_of_a_page_has_a_selector_and_xpath() {
        let xpath = OpmlXpath {
            item: "//li[@class = \"a < b\"]",
            title: Some("descendant::h2"),
            content: None,
            uri: Some("descendant::a/@href"),
        };
        let page = |list, watch, xpath| OpmlFeed {
            url: "https://a.example/",
            title: Some("A"),
            page: Some(OpmlPage { list, watch, xpath }),
            ..OpmlFeed::default()
        };
        let feeds = [
            page(Some("li >\u{c}a[title='\"']"), None, Some(xpath)),
            page(None, Some("#jadwal"), None),
        ];
        let written = write_opml("Warta", None, &[], &feeds);
        let expected = "<opml version=\"2.0\" xmlns:warta=\"urn:warta:opml\" xmlns:frss=\"https://freshrss.org/opml\">
  <head>
    <title>Warta</title>
  </head>
  <body>
    <outline type=\"HTML+XPath\" text=\"A\" title=\"A\" xmlUrl=\"https://a.example/\" warta:list=\"li &gt; a[title=&apos;&quot;&apos;]\" frss:xPathItem=\"//li[@class = &quot;a &lt; b&quot;]\" frss:xPathItemTitle=\"descendant::h2\" frss:xPathItemUri=\"descendant::a/@href\"/>
    <outline type=\"HTML+XPath\" text=\"A\" title=\"A\" xmlUrl=\"https://a.example/\" warta:watch=\"#jadwal\"/>
  </body>
</opml>
";
        assert_eq!(
            written.split_once('\n').map(|(_, rest)| rest),
            Some(expected)
        );
        let plain = write_opml("Warta", None, &[], &[OpmlFeed::default()]);
        assert!(!plain.contains("xmlns"), "{plain}");
    }
}
