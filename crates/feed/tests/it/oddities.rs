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

#[test]
fn a_feed_on_a_damaged_line_of_opml_is_read_and_told() {
    let document = br#"<opml version="2.0"><body>
<outline text="Utuh" xmlUrl="https://utuh.example/feed" type="rss"/>
<!-- <outline text="Tidak" xmlUrl="https://tidak.example/feed"/> -->
<outline text="Rusak" description="kata <em class="miring">di sini</em> dan" xmlUrl="https://rusak.example/feed?a=1&amp;b=2" type="rss" />
<outline text="Lagi" xmlUrl="https://lagi.example/feed" type="rss"/>
</body></opml>"#;
    let read = warta_feed::opml::parse(document).unwrap();
    let mut urls: Vec<&str> = read.feeds.iter().map(|feed| feed.url.as_str()).collect();
    urls.sort_unstable();
    assert_eq!(
        urls,
        [
            "https://lagi.example/feed",
            "https://rusak.example/feed?a=1&b=2",
            "https://utuh.example/feed"
        ]
    );
    let rescued = read
        .feeds
        .iter()
        .find(|feed| feed.url.contains("rusak"))
        .unwrap();
    assert_eq!(rescued.title.as_deref(), Some("Rusak"));
    assert!(
        read.problems.iter().any(|problem| problem.line == 4),
        "{:?}",
        read.problems
    );
}

#[test]
fn a_link_that_is_only_an_id_is_no_page() {
    let feed = |id: &str| {
        let document = format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title><author><name>Ani</name></author>\
             <entry><id>{id}</id><title>a</title></entry></feed>"
        );
        let source = warta_feed::Source {
            bytes: document.as_bytes(),
            url: Some("https://contoh.example/feed"),
            content_type: None,
        };
        warta_feed::parse(&source).unwrap().entries.remove(0)
    };
    let tag = feed("tag:contoh.example,2026:1");
    assert_eq!(tag.link.as_deref(), Some("tag:contoh.example,2026:1"));
    assert!(tag.link_is_id);
    assert_eq!(tag.page(), None);
    assert_eq!(tag.authors, ["Ani"]);
    assert_eq!(feed("abc-123").page(), None);
    assert_eq!(
        feed("https://contoh.example/1").page(),
        Some("https://contoh.example/1")
    );
}

#[test]
fn the_publication_that_an_aggregator_appends_is_not_in_the_headline() {
    let document = "<rss version=\"2.0\"><channel><item><title>Banjir surut - Kabar Kita</title>\
        <source url=\"https://kabar.example\">Kabar Kita</source></item></channel></rss>";
    let source = warta_feed::Source {
        bytes: document.as_bytes(),
        ..warta_feed::Source::default()
    };
    let feed = warta_feed::parse(&source).unwrap();
    assert_eq!(
        feed.entries[0].title.as_deref(),
        Some("Banjir surut - Kabar Kita")
    );
    assert_eq!(feed.entries[0].headline(), Some("Banjir surut"));
}
