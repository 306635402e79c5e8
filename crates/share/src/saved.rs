//! Saved articles as one file: JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>), a Netscape
//! bookmark file, which web browsers import, or CSV (RFC 4180).

use std::fmt::Write as _;

use serde_json::{Value, json};
use warta_text::{escape_html, plain};

/// A saved article.
#[derive(Debug, Clone, Default)]
pub struct SavedArticle {
    /// Its id in its feed.
    pub guid: String,
    /// Its page.
    pub url: Option<String>,
    /// Its title, plain text.
    pub title: String,
    /// Names.
    pub authors: Vec<String>,
    /// Its publisher's name.
    pub publisher: String,
    /// The address of its feed.
    pub feed_url: Option<String>,
    /// When it was published, RFC 3339.
    pub published: Option<String>,
    /// When it was saved, RFC 3339.
    pub saved_at: Option<String>,
    /// The same, in seconds since 1970 UTC.
    pub saved_seconds: Option<i64>,
    /// As a BCP 47 tag.
    pub language: Option<String>,
    /// Plain text, a few lines.
    pub excerpt: String,
    /// Sanitised HTML.
    pub html: String,
    /// The reader's tags and the publisher's categories.
    pub tags: Vec<String>,
    /// It was read.
    pub read: bool,
}

/// A JSON Feed; the extension `_warta` carries what the format has no field for.
#[must_use]
pub fn json_feed(articles: &[SavedArticle]) -> String {
    let items: Vec<Value> = articles
        .iter()
        .map(|article| {
            let authors: Vec<Value> = article
                .authors
                .iter()
                .map(|name| json!({ "name": plain(name) }))
                .collect();
            let mut item = json!({
                "id": article.url.as_deref().unwrap_or(&article.guid),
                "title": plain(&article.title),
                "content_html": plain(&article.html),
                "summary": plain(&article.excerpt),
                "_warta": {
                    "guid": article.guid,
                    "feed_url": article.feed_url,
                    "feed_title": plain(&article.publisher),
                    "saved_at": article.saved_at,
                    "read": article.read,
                },
            });
            let optional = [
                ("url", article.url.as_ref().map(|url| json!(url))),
                (
                    "date_published",
                    article.published.as_ref().map(|at| json!(at)),
                ),
                ("language", article.language.as_ref().map(|tag| json!(tag))),
                ("authors", (!authors.is_empty()).then(|| json!(authors))),
                (
                    "tags",
                    (!article.tags.is_empty()).then(|| json!(article.tags)),
                ),
            ];
            for (name, value) in optional {
                if let Some(value) = value {
                    item[name] = value;
                }
            }
            item
        })
        .collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Warta",
        "items": items,
    });
    warta_text::json_safe(format!("{feed:#}"))
}

/// A Netscape bookmark file. Articles without a page are left out.
#[must_use]
pub fn bookmarks(articles: &[SavedArticle]) -> String {
    let mut file = String::from(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n\
         <META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n\
         <TITLE>Warta</TITLE>\n<H1>Warta</H1>\n<DL><p>\n",
    );
    for article in articles {
        let Some(url) = &article.url else { continue };
        let _ = write!(file, "    <DT><A HREF=\"{}\"", escape_html(&plain(url)));
        if let Some(at) = article.saved_seconds {
            let _ = write!(file, " ADD_DATE=\"{at}\"");
        }
        // Commas separate tags.
        let tags: Vec<String> = article
            .tags
            .iter()
            .map(|tag| tag.replace(',', " "))
            .collect();
        if !tags.is_empty() {
            let _ = write!(file, " TAGS=\"{}\"", escape_html(&plain(&tags.join(","))));
        }
        if !article.read {
            file.push_str(" TOREAD=\"1\"");
        }
        let title = warta_text::plain_line(&article.title);
        let _ = writeln!(file, ">{}</A>", escape_html(&title));
    }
    file.push_str("</DL><p>\n");
    file
}

/// A table with a header line.
#[must_use]
pub fn csv(articles: &[SavedArticle]) -> String {
    let mut file = String::from("title,url,author,publisher,feed,published,saved_at,read,tags\r\n");
    for article in articles {
        let authors = article.authors.join(", ");
        let tags = article.tags.join("|");
        let fields = [
            article.title.as_str(),
            article.url.as_deref().unwrap_or_default(),
            &authors,
            &article.publisher,
            article.feed_url.as_deref().unwrap_or_default(),
            article.published.as_deref().unwrap_or_default(),
            article.saved_at.as_deref().unwrap_or_default(),
            if article.read { "true" } else { "false" },
            &tags,
        ];
        let fields: Vec<String> = fields.into_iter().map(field).collect();
        file.push_str(&fields.join(","));
        file.push_str("\r\n");
    }
    file
}

/// A quoted field. One that a spreadsheet would take for a formula begins with an apostrophe.
fn field(text: &str) -> String {
    let text = warta_text::plain_line(text);
    let guard = if text.starts_with(['=', '+', '-', '@', '\t']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn articles() -> Vec<SavedArticle> {
        vec![
            SavedArticle {
                guid: "g-1".into(),
                url: Some("https://a.example/?a=1&b=\"2\"".into()),
                title: "\"Two\" <kites>\u{202e}, & a\nline".into(),
                tags: vec!["a,b".into(), "c".into()],
                saved_seconds: Some(1_700_000_000),
                saved_at: Some("2023-11-14T22:13:20Z".into()),
                html: "<p>x</p>".into(),
                ..SavedArticle::default()
            },
            SavedArticle {
                guid: "g-2".into(),
                title: "=HYPERLINK(\"https://evil.example\")".into(),
                read: true,
                ..SavedArticle::default()
            },
        ]
    }

    #[test]
    fn bookmarks_are_escaped() {
        let file = bookmarks(&articles());
        let line = file.lines().find(|line| line.contains("<DT>")).unwrap();
        assert_eq!(
            line.trim(),
            "<DT><A HREF=\"https://a.example/?a=1&amp;b=&quot;2&quot;\" ADD_DATE=\"1700000000\" \
             TAGS=\"a b,c\" TOREAD=\"1\">&quot;Two&quot; &lt;kites&gt;, &amp; a line</A>"
        );
        assert_eq!(file.matches("<DT>").count(), 1, "one has no address");
    }

    #[test]
    fn a_table_has_no_formulas() {
        let file = csv(&articles());
        let lines: Vec<&str> = file.split("\r\n").collect();
        assert_eq!(lines.len(), 4);
        assert!(
            lines[1].starts_with("\"\"\"Two\"\" <kites>, & a line\","),
            "{file}"
        );
        assert!(lines[2].starts_with("\"'=HYPERLINK("), "{file}");
    }

    #[test]
    fn the_json_feed_is_of_version_1_1() {
        let feed: Value = serde_json::from_str(&json_feed(&articles())).unwrap();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        assert_eq!(feed["items"][0]["id"], feed["items"][0]["url"]);
        assert_eq!(feed["items"][1]["id"], "g-2");
        assert_eq!(feed["items"][1]["url"], Value::Null);
        assert!(feed["items"][1].get("url").is_none());
        assert!(
            !feed["items"][0]["title"]
                .as_str()
                .unwrap()
                .contains('\u{202e}')
        );
    }
}
