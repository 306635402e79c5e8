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
        "inside <feed>, unprefixed names are Atom's again"
    );
    assert!(
        entry.content.is_some_and(|c| c.contains("<p>Isi</p>")),
        "XHTML content is kept"
    );
}

#[test]
fn base64_is_decoded_where_atom_allows_it() {
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
fn itunes_summary_replaces_only_a_missing_body() {
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
fn a_feed_on_a_damaged_line_of_opml_is_read_and_reported() {
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

#[test]
fn length_title_and_chapters_of_an_episode_are_read() {
    let entry = entry(
        r#"<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
        xmlns:podcast="https://podcastindex.org/namespace/1.0"
        xmlns:media="http://search.yahoo.com/mrss/"><channel><item>
        <itunes:duration>1:02:03</itunes:duration>
        <enclosure url="/sampul.jpg" type="image/jpeg" length="10"/>
        <enclosure url="/a.mp3" type="audio/mpeg" length="123"/>
        <media:content url="/a.mp3" type="audio/mpeg" duration="99"><media:title>Bagian &amp;amp; satu</media:title></media:content>
        <media:content url="/b.mp4" type="video/mp4" duration="61.5"/>
        <podcast:chapters url="/bab.json" type="application/json+chapters"/>
        </item></channel></rss>"#,
    );
    let files: Vec<(&str, Option<u32>, Option<&str>)> = entry
        .enclosures
        .iter()
        .map(|e| (e.url.as_str(), e.duration_seconds, e.title.as_deref()))
        .collect();
    assert_eq!(
        files,
        [
            ("http://example.org/sampul.jpg", None, None),
            (
                "http://example.org/a.mp3",
                Some(3723),
                Some("Bagian & satu")
            ),
            ("http://example.org/b.mp4", Some(62), None),
        ]
    );
    assert_eq!(
        entry.chapters.as_deref(),
        Some("http://example.org/bab.json")
    );
}

#[test]
fn chapters_are_found_where_atom_links_them() {
    let entry = entry(
        r#"<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title>
        <link rel="related" type="application/json+chapters" href="https://a.example/bab.json"/>
        <link rel="enclosure" title="Suara" type="audio/ogg" href="https://a.example/a.ogg"/></entry></feed>"#,
    );
    assert_eq!(
        entry.chapters.as_deref(),
        Some("https://a.example/bab.json")
    );
    assert_eq!(entry.enclosures[0].title.as_deref(), Some("Suara"));
}

fn source(bytes: &[u8]) -> Source<'_> {
    Source {
        bytes,
        ..Source::default()
    }
}

#[test]
fn a_truncated_json_feed_gives_its_complete_entries() {
    let whole = br#"{"version":"https://jsonfeed.org/version/1.1","title":"f \"[","items":[
        {"id":"1","content_text":"a ] } b","attachments":[{"url":"https://a.example/1.mp3"}]},
        {"id":"2","tags":["x"],"content_text":"c"}]}"#;
    let ids = |bytes: &[u8]| -> Vec<String> {
        let feed = parse(&source(bytes)).unwrap();
        assert_eq!(feed.problems.is_empty(), bytes.len() == whole.len());
        feed.entries.into_iter().map(|entry| entry.id).collect()
    };
    assert_eq!(ids(whole), ["1", "2"]);
    assert_eq!(
        ids(&whole[..whole.len() - 10]),
        ["1", "2"],
        "up to a list of its own"
    );
    assert_eq!(ids(&whole[..whole.len() - 45]), ["1"]);
    assert!(parse(&source(&whole[..60])).is_err());
}

#[test]
fn length_and_title_of_json_attachments_are_read() {
    let feed = feed(
        br#"{"version":"https://jsonfeed.org/version/1.1","title":"f","items":[{"id":"1",
        "attachments":[{"url":"https://a.example/a.mp3","mime_type":"audio/mpeg","title":"Satu &amp; dua",
        "size_in_bytes":5,"duration_in_seconds":61.4},{"url":"https://a.example/b.mp3","duration_in_seconds":-1}]}]}"#,
    );
    let files = &feed.entries[0].enclosures;
    assert_eq!(files[0].duration_seconds, Some(61));
    assert_eq!(files[0].title.as_deref(), Some("Satu & dua"));
    assert_eq!(files[1].duration_seconds, None);
}

#[test]
fn update_schedules_of_publishers_are_read() {
    let schedule = |facts: &str| {
        let document = format!(
            "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>\
             <title>t</title>{facts}</channel></rss>"
        );
        let read = feed(document.as_bytes()).schedule;
        (read.ttl_minutes, read.skip_hours, read.skip_days)
    };
    for (facts, expected) in [
        ("", (None, 0, 0)),
        ("<ttl> 60 </ttl>", (Some(60), 0, 0)),
        ("<ttl>0</ttl>", (None, 0, 0)),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            (Some(360), 0, 0),
        ),
        (
            "<skipHours><hour>0</hour><hour>1</hour><hour> 23 </hour></skipHours>",
            (None, 1 | 1 << 1 | 1 << 23, 0),
        ),
        (
            "<skipHours><hour>24</hour><hour>25</hour><hour>-1</hour></skipHours>",
            (None, 1, 0),
        ),
        (
            "<skipDays><day>Monday</day><day>sunday</day><day>Hari</day></skipDays>",
            (None, 0, 1 | 1 << 6),
        ),
    ] {
        assert_eq!(schedule(facts), expected, "{facts}");
    }
}

#[test]
fn a_link_that_redirects_is_marked() {
    let marked = |link: &str, also: &str| {
        let entry = entry(&format!(
            "<rss xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><channel><item>\
             <link>{link}</link>{also}</item></channel></rss>"
        ));
        (entry.link_is_redirect, entry.original_link)
    };
    let original = "<feedburner:origLink>https://a.example/1</feedburner:origLink>";
    let old = "https://news.google.com/rss/articles/CBMiEWh0dHBzOi8vYS5leGFtcGxl0gEA?oc=5";
    for (link, also, expected) in [
        ("https://a.example/1", "", (false, None)),
        (
            "https://news.google.com/rss/articles/CBMiCEFVX3lxTE94?oc=5",
            "",
            (true, None),
        ),
        (old, "", (false, Some("https://a.example".to_owned()))),
        ("http://feedproxy.google.com/~r/a/~3/b/", "", (true, None)),
        (
            "http://feedproxy.google.com/~r/a/~3/b/",
            original,
            (false, Some("https://a.example/1".to_owned())),
        ),
    ] {
        assert_eq!(marked(link, also), expected, "{link}");
    }
}

#[test]
fn entries_that_share_an_id_stay_apart_and_keep_theirs_in_any_order() {
    let ids = |items: &[&str]| {
        let items = items
            .iter()
            .map(|item| format!("<item><guid isPermaLink='false'>g</guid>{item}</item>"))
            .collect::<Vec<_>>()
            .concat();
        let document = format!("<rss><channel>{items}</channel></rss>");
        let entries = feed(document.as_bytes()).entries;
        entries.into_iter().map(|e| e.id).collect::<Vec<_>>()
    };
    let (a, b, c) = (
        "<title>a</title><link>http://a.example/</link>",
        "<title>b</title><link>http://b.example/</link>",
        "<title>c</title><link>http://b.example/</link>",
    );
    assert_eq!(ids(&[a, a]), ["g", "g"], "identical entries keep one id");
    assert_eq!(ids(&[a, b]), ["g", "g#http://b.example/"]);
    let (forth, back) = (ids(&[a, b, c]), ids(&[c, b, a]));
    assert_eq!(forth[0], "g#http://a.example/");
    assert!(
        forth.iter().all(|id| id != "g"),
        "a GUID shared by three entries is not used alone"
    );
    assert_eq!(forth, back.into_iter().rev().collect::<Vec<_>>());
    let same_page = ids(&["<title>a</title>", "<title>b</title>", "<title>c</title>"]);
    assert!(same_page[0] != same_page[1] && same_page[1] != same_page[2]);
}

#[test]
fn a_described_picture_comes_with_its_description() {
    let entry = |description: &str| {
        entry(&format!(
            "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item>\
             <description>{description}</description>\
             <media:content medium='image' url='https://a.example/a.jpg'/>\
             <media:description>Warga &amp;amp; tim</media:description></item></channel></rss>"
        ))
    };
    let with = entry("Air surut.");
    assert_eq!(with.summary.as_deref(), Some("Air surut."));
    assert_eq!(
        with.content.as_deref(),
        Some(
            "Air surut.<figure><img src=\"https://a.example/a.jpg\" alt=\"\">\
             <figcaption>Warga &amp; tim</figcaption></figure>"
        )
    );
    let said = entry("Air surut. Warga &amp;amp; tim pulang.");
    assert_eq!(said.content, None, "the caption only repeats the text");
    let shown = entry("&lt;img src=\"https://a.example/a.jpg\"&gt; Air surut.");
    assert_eq!(shown.content, None, "the picture is in the text already");
}

#[test]
fn markup_that_was_escaped_too_often_beside_markup_is_markup() {
    let entry = entry(
        "<rss><channel><item><description>&amp;lt;p&amp;gt;Isi&amp;lt;/p&amp;gt; oleh<b>Ani</b>, \
         yang menulis &amp;lt;p&amp;gt;</description></item></channel></rss>",
    );
    assert_eq!(
        entry.summary.as_deref(),
        Some("<p>Isi</p> oleh<b>Ani</b>, yang menulis &amp;lt;p&amp;gt;")
    );
}

#[test]
fn a_title_that_never_ends_is_cut_between_words() {
    let title = "é ".repeat(4_000);
    let entry = entry(&format!(
        "<rss><channel><item><title>{title}</title></item></channel></rss>"
    ));
    let title = entry.title.expect("it has a title");
    assert!(title.len() <= 4_000 && title.ends_with('é'));
}
