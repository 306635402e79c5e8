//! Writes OPML 2.0 (opml.org/spec2.opml). Deliberately absent: reading it, which the feed crate
//! does.

use crate::entities::escape;

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
    /// The name of its folder; empty at the top level.
    pub folder: &'a str,
    /// Its publisher's WhatsApp Channel (`warta:whatsappChannel`).
    pub whatsapp_channel: Option<&'a str>,
    /// Its publisher's Google News page (`warta:googleNews`).
    pub google_news: Option<&'a str>,
}

/// Writes a document with `folders` in this order, then the feeds outside of any of them. `created`
/// is a date as in RFC 822.
#[must_use]
pub fn write_opml(
    title: &str,
    created: Option<&str>,
    folders: &[&str],
    feeds: &[OpmlFeed<'_>],
) -> String {
    let is_extended = feeds
        .iter()
        .any(|feed| feed.whatsapp_channel.is_some() || feed.google_news.is_some());
    let namespace = if is_extended {
        " xmlns:warta=\"urn:warta:opml\""
    } else {
        ""
    };
    let created = created.map(|date| format!("    <dateCreated>{}</dateCreated>\n", value(date)));
    let mut document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\"{namespace}>\n  <head>\n    <title>{}</title>\n{}  </head>\n  <body>\n",
        value(title),
        created.unwrap_or_default(),
    );
    for folder in folders {
        let name = value(folder);
        for part in ["    <outline text=\"", &name, "\" title=\"", &name, "\">\n"] {
            document += part;
        }
        for feed in feeds.iter().filter(|feed| feed.folder == *folder) {
            outline(&mut document, feed, "      ");
        }
        document += "    </outline>\n";
    }
    let is_outside = |feed: &&OpmlFeed<'_>| !folders.contains(&feed.folder);
    for feed in feeds.iter().filter(is_outside) {
        outline(&mut document, feed, "    ");
    }
    document + "  </body>\n</opml>\n"
}

fn outline(document: &mut String, feed: &OpmlFeed<'_>, indent: &str) {
    let name = value(feed.title.unwrap_or(feed.url));
    let attributes = [
        ("text", Some(name.clone())),
        ("title", Some(name)),
        ("description", feed.description.map(value)),
        ("xmlUrl", Some(value(feed.url))),
        ("htmlUrl", feed.site.map(value)),
        // Other readers ignore attributes with a prefix (OPML 2.0, "Extending OPML").
        ("warta:whatsappChannel", feed.whatsapp_channel.map(value)),
        ("warta:googleNews", feed.google_news.map(value)),
    ];
    *document += indent;
    *document += "<outline type=\"rss\"";
    for (name, value) in attributes {
        if let Some(value) = value {
            for part in [" ", name, "=\"", &value, "\""] {
                *document += part;
            }
        }
    }
    *document += "/>\n";
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
    fn a_document_has_folders_then_other_feeds() {
        let feeds = [
            OpmlFeed {
                url: "https://a.example/?a=1&b=2",
                title: Some("A \"satu\""),
                folder: "Berita",
                ..OpmlFeed::default()
            },
            OpmlFeed {
                url: "https://b.example/feed",
                site: Some("https://b.example/"),
                ..OpmlFeed::default()
            },
        ];
        let written = write_opml(
            "Warta",
            Some("Mon, 2 Mar 2026 08:00:00 +0000"),
            &["Berita"],
            &feeds,
        );
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<opml version=\"2.0\">
  <head>
    <title>Warta</title>
    <dateCreated>Mon, 2 Mar 2026 08:00:00 +0000</dateCreated>
  </head>
  <body>
    <outline text=\"Berita\" title=\"Berita\">
      <outline type=\"rss\" text=\"A &quot;satu&quot;\" title=\"A &quot;satu&quot;\" xmlUrl=\"https://a.example/?a=1&amp;b=2\"/>
    </outline>
    <outline type=\"rss\" text=\"https://b.example/feed\" title=\"https://b.example/feed\" xmlUrl=\"https://b.example/feed\" htmlUrl=\"https://b.example/\"/>
  </body>
</opml>
";
        assert_eq!(written, expected);
    }
}
