//! Feeds that break a rule, and what a reader must still get from them.

use warta_feed::{Entry, Feed, Source, parse};

fn feed(document: &[u8]) -> Feed {
    let source = Source {
        bytes: document,
        url: Some("http://example.org/feed/"),
        content_type: None,
    };
    parse(&source).expect("the document holds a feed")
}

fn entry(document: &str) -> Entry {
    let mut entries = feed(document.as_bytes()).entries;
    assert_eq!(entries.len(), 1, "one entry in {document}");
    entries.remove(0)
}

#[test]
fn a_feed_inside_a_page_keeps_its_own_default_namespace() {
    let entry = entry(
        r#"<html xmlns="http://www.w3.org/1999/xhtml"><body>
        <feed xmlns="http://www.w3.org/2005/Atom"><title>f</title>
        <entry><title>Judul</title><id>http://example.org/1</id>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Isi</p></div></content>
        </entry></feed></body></html>"#,
    );
    assert_eq!(
        entry.title.as_deref(),
        Some("Judul"),
        "Atom names are Atom's again inside <feed>"
    );
    assert!(
        entry.content.is_some_and(|c| c.contains("<p>Isi</p>")),
        "XHTML content is kept"
    );
}

#[test]
fn base64_is_undone_where_atom_allows_it() {
    let entry = entry(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><entry>
        <title type="application/octet-stream"> Q29udG9oIDxiPkp1ZHVsPC9iPg== </title>
        <content mode="base64">PHA+SXNpPC9wPg==</content></entry></feed>"#,
    );
    assert_eq!(entry.title.as_deref(), Some("Contoh Judul"));
    assert_eq!(entry.content.as_deref(), Some("<p>Isi</p>"));
}

#[test]
fn scripts_are_no_text() {
    let entry = entry(
        "<rss><channel><item><title>a&lt;script&gt;evil()&lt;/script&gt; b</title>\
         <description>c&lt;style&gt;p{}&lt;/style&gt;d</description></item></channel></rss>",
    );
    assert_eq!(entry.title.as_deref(), Some("a b"));
    assert_eq!(entry.summary.as_deref(), Some("cd"));
}

#[test]
fn a_stray_script_tag_loses_no_text() {
    let entry = entry(
        "<rss><channel><item><description>a &lt;script&gt; b</description></item></channel></rss>",
    );
    assert!(
        entry.summary.is_some_and(|s| s.ends_with(" b")),
        "no end tag, nothing dropped"
    );
}

#[test]
fn what_podcasts_say_stands_in_only_for_a_missing_body() {
    let with = |body: &str| {
        entry(&format!(
            r#"<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
            xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>
            <itunes:summary>Ringkasan</itunes:summary>{body}</item></channel></rss>"#
        ))
    };
    assert_eq!(with("").summary.as_deref(), Some("Ringkasan"));
    let full = with("<content:encoded>&lt;p&gt;Isi&lt;/p&gt;</content:encoded>");
    assert_eq!(
        (full.summary, full.content.as_deref()),
        (None, Some("<p>Isi</p>"))
    );
}

#[test]
fn utf8_is_read_as_utf8_though_it_is_called_latin_1() {
    let text = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\
                <rss><channel><title>Kafé – 日本</title></channel></rss>";
    assert_eq!(feed(text.as_bytes()).title.as_deref(), Some("Kafé – 日本"));
}

#[test]
fn an_entry_in_cdf_is_dated_by_its_attribute() {
    let entry = entry(
        r#"<CHANNEL><ITEM HREF="/a" LASTMOD="2004-04-06T23:05:43-05:00"><TITLE>t</TITLE></ITEM></CHANNEL>"#,
    );
    assert_eq!(entry.updated.map(|t| t.timestamp()), Some(1_081_310_743));
    assert_eq!(entry.link.as_deref(), Some("http://example.org/a"));
}
