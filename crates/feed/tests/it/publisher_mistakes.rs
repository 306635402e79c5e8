//! Documents with mistakes of publishers, read as they were meant.

use warta_feed::{Entry, Feed, NotAFeed, Source, discovery, parse};

fn read(document: &str) -> Result<Feed, NotAFeed> {
    parse(&Source {
        bytes: document.as_bytes(),
        url: Some("https://contoh.example/umpan/rss.xml"),
        content_type: None,
    })
}

fn feed(document: &str) -> Feed {
    read(document).unwrap_or_else(|error| panic!("{error}: {document}"))
}

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>Kabar</title>{items}</channel></rss>")
}

fn first(document: &str) -> Entry {
    feed(document).entries.remove(0)
}

const ATOM: &str = "xmlns=\"http://www.w3.org/2005/Atom\"";

#[test]
fn a_page_whose_elements_are_called_like_a_feeds_is_a_page() {
    for inner in [
        "<item><title>a</title></item>",
        "<entry class=x><p>a</p></entry>",
        "<channel><title>a</title><p>b</p></channel>",
        "<rss><title>a</title></rss>",
        "<feed class=x><title>a</title></feed>",
        "<rdf:item>a</rdf:item>",
        "<app-item><title>a</title></app-item>",
    ] {
        for page in [
            format!(
                "<!DOCTYPE html><html><head><title>Situs</title></head><body>{inner}</body></html>"
            ),
            format!("<html><body><main>{inner}</main></body></html>"),
            format!("<!doctype HTML><title>Situs</title>{inner}"),
            format!("<body>{inner}"),
            format!("<div><p>Situs</p>{inner}</div>"),
        ] {
            assert_eq!(read(&page), Err(NotAFeed::Html), "{page}");
        }
    }
}

#[test]
fn a_feed_behind_or_inside_of_html_is_a_feed() {
    let item = "<item><title>a</title><link>https://contoh.example/a</link></item>";
    for document in [
        format!("<br /><b>Warning</b>: x in <b>y.php</b><br />{}", rss(item)),
        format!("<html><body>{}</body></html>", rss(item)),
        format!("<!DOCTYPE html><html><body>x</body></html>{}", rss(item)),
        format!(
            "<html><body><feed {ATOM}><title>t</title><entry><id>1</id><title>a</title></entry></feed>"
        ),
        format!("<!-- <!doctype html> --><rss><channel><title>t</title>{item}</channel></rss>"),
    ] {
        assert_eq!(feed(&document).entries.len(), 1, "{document}");
    }
}

#[test]
fn the_target_of_a_meta_refresh_is_found() {
    for (meta, expected) in [
        (
            "<meta http-equiv=\"Refresh\" content=\"0; URL=/kabar/\">",
            Some("https://contoh.example/kabar/"),
        ),
        (
            "<META HTTP-EQUIV=refresh CONTENT=\"3;url='feed.xml'\">",
            Some("https://contoh.example/umpan/feed.xml"),
        ),
        (
            "<meta http-equiv=refresh content='0, https://lain.example/'>",
            Some("https://lain.example/"),
        ),
        ("<meta http-equiv=refresh content=60>", None),
        (
            "<meta http-equiv=refresh content='0; url=javascript:alert(1)'>",
            None,
        ),
    ] {
        let page = format!("<html><head>{meta}</head></html>");
        let found = discovery::in_page(page.as_bytes(), "https://contoh.example/umpan/", None);
        assert_eq!(
            found.first().map(|link| link.url.as_str()),
            expected,
            "{meta}"
        );
    }
}

#[test]
fn titles_are_unescaped_as_often_as_the_format_says() {
    let atom = |kind: &str, title: &str| {
        let document = format!(
            "<feed {ATOM}><title{kind}>{title}</title><entry><id>1</id><title{kind}>{title}</title></entry></feed>"
        );
        let feed = feed(&document);
        assert_eq!(
            feed.title, feed.entries[0].title,
            "the feed's title is read likewise"
        );
        feed.title.unwrap_or_default()
    };
    for (kind, title, expected) in [
        ("", "Apa &lt;animate&gt; itu?", "Apa <animate> itu?"),
        ("", "A &amp;amp; B &amp;#8211; C", "A & B – C"),
        (
            " type=\"text\"",
            "Vec&lt;T&gt; &amp; &lt;b&gt;",
            "Vec<T> & <b>",
        ),
        (
            " type=\"text\"",
            "Tulis &amp;lt; begini",
            "Tulis &lt; begini",
        ),
        (
            " type=\"html\"",
            "Elemen &amp;lt;head&amp;gt; &lt;i&gt;ini&lt;/i&gt;",
            "Elemen <head> ini",
        ),
        (
            " type=\"html\"",
            "R&amp;amp;D &amp;lt;b&amp;gt;tebal&amp;lt;/b&amp;gt;",
            "R&D <b>tebal</b>",
        ),
        (
            " type=\"xhtml\"",
            "<div xmlns='http://www.w3.org/1999/xhtml'>Kata <em>ini</em> &lt;b&gt; &amp; itu</div>",
            "Kata ini <b> & itu",
        ),
    ] {
        assert_eq!(atom(kind, title), expected, "{kind} {title}");
    }
    for (title, expected) in [
        ("<![CDATA[Elemen &lt;head&gt;]]>", "Elemen <head>"),
        ("std::vector&amp;lt;int&amp;gt;", "std::vector<int>"),
        ("&lt;ada&gt;", "<ada>"),
        ("<![CDATA[Harga < 5 & laba > 3]]>", "Harga < 5 & laba > 3"),
        ("&lt;b&gt;Tebal&lt;/b&gt; &amp;amp; biasa", "Tebal & biasa"),
        ("Halo &#55357;&#56841; &#xD83D;&#xDE09;", "Halo 😉 😉"),
    ] {
        let entry = first(&rss(&format!("<item><title>{title}</title></item>")));
        assert_eq!(entry.title.as_deref(), Some(expected), "{title}");
    }
    let json = feed(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"<ada> & Vec<T>","items":[
        {"id":"1","title":"Pakai <b> & <head>","tags":["C<T>","R&D"],"authors":[{"name":"<ani>"}]}]}"#,
    );
    assert_eq!(json.title.as_deref(), Some("<ada> & Vec<T>"));
    assert_eq!(json.entries[0].title.as_deref(), Some("Pakai <b> & <head>"));
    assert_eq!(json.entries[0].categories, ["C<T>", "R&D"]);
    assert_eq!(json.entries[0].authors, ["<ani>"]);
    let opml = "<opml><body><outline text=\"&lt;ada&gt; &amp; Vec&lt;T&gt;\" xmlUrl=\"https://a.example/\"/></body></opml>";
    let read = warta_feed::opml::parse(opml.as_bytes()).unwrap();
    assert_eq!(read.feeds[0].title.as_deref(), Some("<ada> & Vec<T>"));
}

#[test]
fn words_in_brackets_stay_in_tags_names_and_plain_texts() {
    let entry = first(&rss(
        "<item><title>a</title><category>Vec&lt;T&gt;</category><author>ani@contoh.example (Ani)</author>\
         <description>Pakai Vec&lt;T&gt; &amp; Box&lt;T&gt;</description></item>",
    ));
    assert_eq!(entry.categories, ["Vec<T>"]);
    assert_eq!(entry.authors, ["Ani"]);
    assert_eq!(
        entry.summary.as_deref(),
        Some("Pakai Vec&lt;T&gt; &amp; Box&lt;T&gt;")
    );
}

#[test]
fn a_placeholder_date_is_replaced_by_a_valid_one() {
    let entry = first(&format!(
        "<feed {ATOM}><entry><id>1</id><title>a</title><published>0001-01-01T00:00:00Z</published>\
         <updated>2026-03-04T08:15:00Z</updated></entry></feed>"
    ));
    assert_eq!(entry.published, None);
    assert_eq!(entry.updated.map(|t| t.timestamp()), Some(1_772_612_100));
    let entry = first(&rss(
        "<item><title>a</title><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>\
         <dc:date>2026-03-04T08:15:00Z</dc:date></item>",
    ));
    assert_eq!(entry.published.map(|t| t.timestamp()), Some(1_772_612_100));
}

#[test]
fn an_unclosed_construct_affects_only_its_item() {
    let whole = "<item><title>Dua</title><description><![CDATA[<p>Utuh</p>]]></description></item>";
    for opened in [
        "<![CDATA[<p>Putus…",
        "Sebelum <!-- tidak ditutup",
        "<![CDATA[a <![CDATA[b",
    ] {
        let document = rss(&format!(
            "<item><title>Satu</title><description>{opened}</description></item>{whole}<item><title>Tiga</title></item>"
        ));
        let feed = feed(&document);
        let titles: Vec<_> = feed
            .entries
            .iter()
            .filter_map(|e| e.title.as_deref())
            .collect();
        assert_eq!(titles, ["Satu", "Dua", "Tiga"], "{opened}");
        assert_eq!(feed.entries[1].summary.as_deref(), Some("<p>Utuh</p>"));
        assert!(!feed.problems.is_empty(), "it is said");
    }
    let commented = rss("<!-- <item><title>x</title></item> --><item><title>a</title></item>");
    assert_eq!(
        feed(&commented).entries.len(),
        1,
        "what is commented out stays out"
    );
}

#[test]
fn a_mistake_in_json_affects_only_its_item() {
    let document = |title: &str| {
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"k\",\"items\":[\
             {{\"id\":\"1\",\"title\":\"{title}\",\"tags\":[\"x\"]}},{{\"id\":\"2\",\"title\":\"utuh\"}}]}}"
        )
    };
    let titles = |document: &str| -> Vec<String> {
        let entries = feed(document).entries;
        entries
            .into_iter()
            .map(|e| format!("{} {}", e.id, e.title.unwrap_or_default()))
            .collect()
    };
    for (title, expected) in [
        ("a\tb\nc", "1 a b c"),
        ("a \\ud83d b", "1 a \u{fffd} b"),
        ("a \\uDFC6", "1 a \u{fffd}"),
        ("a \\ud83d\\ude09", "1 a 😉"),
        ("a \\x b \\' c", "1 a x b ' c"),
        ("a \\u12 b", "1 a \u{fffd}12 b"),
        ("a \\\\ \\\" b", "1 a \\ \" b"),
        ("a\u{1}b", "1 a b"),
    ] {
        assert_eq!(titles(&document(title)), [expected, "2 utuh"], "{title:?}");
    }
    for (from, to) in [
        ("\"k\"", "\"k\",\"n\":NaN,\"m\":-Infinity,\"o\":undefined"),
        ("\"x\"]}", "\"x\",],}"),
        ("\"items\"", "/* a */ \"items\""),
        ("]},{", "]}, // satu\n{"),
        ("\"utuh\"}", "\"utuh\",}"),
    ] {
        let document = document("a").replacen(from, to, 1);
        assert_eq!(
            titles(&document).last().map(String::as_str),
            Some("2 utuh"),
            "{document}"
        );
    }
    let quoted = document("kata \"ini\" saja");
    assert_eq!(
        titles(&quoted),
        ["2 utuh"],
        "a stray quotation mark loses only its own item"
    );
}

#[test]
fn the_base_of_a_text_is_the_innermost_that_is_named() {
    let document = format!(
        "<feed {ATOM} xml:base=\"https://asal.example/blog/\">\
         <entry xml:base=\"2026/\"><id>1</id><link href=\"https://lain.example/x\"/><content type=\"html\">a</content></entry>\
         <entry><id>2</id><content type=\"html\" xml:base=\"/isi/hal.html\">a</content></entry>\
         <entry><id>3</id><summary>a</summary></entry>\
         <entry><id>4</id><content type=\"xhtml\"><div xml:base=\"https://dalam.example/d/\">\
         <a href=\"x.html\">x</a><img src=\"/y.png\"/><a href=\"#z\">z</a></div><a href=\"luar\">l</a></content></entry></feed>"
    );
    let entries = feed(&document).entries;
    let bases: Vec<_> = entries
        .iter()
        .map(|e| e.base.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(
        bases,
        [
            "https://asal.example/blog/2026/",
            "https://asal.example/isi/",
            "https://asal.example/blog/",
            "https://asal.example/blog/"
        ]
    );
    let html = entries[3].content.as_deref().unwrap_or_default();
    for part in [
        "href=\"https://dalam.example/d/x.html\"",
        "src=\"https://dalam.example/y.png\"",
        "href=\"#z\"",
        "href=\"luar\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let plain = first(&rss(
        "<item><title>a</title><description>b</description></item>",
    ));
    assert_eq!(
        plain.base, None,
        "without xml:base the page's URL is the base"
    );
}

#[test]
fn duration_and_link_are_those_of_the_audio_file() {
    let episode = |files: &str| {
        let entry = first(&format!(
            "<rss xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" xmlns:media=\"http://search.yahoo.com/mrss/\">\
             <channel><item><title>a</title>{files}<itunes:duration>10:00</itunes:duration></item></channel></rss>"
        ));
        let timed = entry
            .enclosures
            .iter()
            .find(|e| e.duration_seconds == Some(600));
        (
            timed.map(|e| e.url.clone()).unwrap_or_default(),
            entry.link.unwrap_or_default(),
        )
    };
    let mp3 = "https://a.example/1.mp3";
    for files in [
        "<enclosure url=\"https://a.example/1.mp3\" type=\"file\"/>",
        "<enclosure url=\"https://a.example/s.jpg\"/><enclosure url=\"https://a.example/1.mp3\"/>",
        "<enclosure url=\"https://a.example/s.pdf\" type=\"application/pdf\"/><enclosure url=\"https://a.example/1.mp3\" type=\"AUDIO/MPEG\"/>",
        "<media:content url=\"https://a.example/s.jpg\" medium=\"image\"/><media:content url=\"https://a.example/1.mp3\" type=\"application/octet-stream\"/>",
        "<media:content url=\"https://a.example/1.mp3\" medium=\"Audio\"/>",
    ] {
        assert_eq!(episode(files), (mp3.to_owned(), mp3.to_owned()), "{files}");
    }
    let picture = episode("<enclosure url=\"https://a.example/s.jpg\" type=\"image/jpeg\"/>");
    assert_eq!(
        picture,
        (String::new(), String::new()),
        "a picture is not an episode"
    );
}

#[test]
fn subscription_urls_are_corrected_like_links() {
    for (address, expected) in [
        ("FEED://a.example/feed", "http://a.example/feed"),
        ("Feed:HTTPS://A.example/feed", "https://a.example/feed"),
        ("feed:https:/a.example/feed", "https://a.example/feed"),
        ("https:\\\\a.example\\feed", "https://a.example/feed"),
        ("\u{feff}https://a.example/feed", "https://a.example/feed"),
        ("www.a.example/feed", "https://www.a.example/feed"),
        (
            "https://a.example/?a=1&amp;amp;b=2",
            "https://a.example/?a=1&amp;b=2",
        ),
    ] {
        let opml = format!("<opml><body><outline text=\"a\" xmlUrl=\"{address}\"/></body></opml>");
        let read = warta_feed::opml::parse(opml.as_bytes()).unwrap();
        let urls: Vec<_> = read.feeds.iter().map(|feed| feed.url.as_str()).collect();
        assert_eq!(urls, [expected], "{address}");
    }
}
