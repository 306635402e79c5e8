//! Lists of subscriptions as other readers write them.

use warta_feed::opml::{
    OpmlPage, OpmlPageKind, OpmlXpath, Subscription, Subscriptions, parse, write,
};

fn read(body: &str) -> Subscriptions {
    let document = format!("<opml version=\"2.0\"><body>\n{body}\n</body></opml>");
    parse(document.as_bytes()).expect("the document is OPML")
}

#[test]
fn folders_nest() {
    let read = read(
        r#"<outline text="Dunia"><outline text="Asia"><outline text="Indonesia">
           <outline text="a" type="rss" xmlUrl="https://a.example/f"/></outline></outline>
           <outline text="b" type="rss" xmlUrl="https://b.example/f"/></outline>
           <outline text="c" type="rss" xmlUrl="https://c.example/f"/>"#,
    );
    let folders: Vec<String> = read.feeds.iter().map(|f| f.folder.join(" / ")).collect();
    assert_eq!(folders, ["Dunia / Asia / Indonesia", "Dunia", ""]);
}

#[test]
fn deep_nesting_loses_no_feed() {
    let feed = r#"<outline text="a" type="rss" xmlUrl="https://a.example/f"/>"#;
    let document = format!("{}{feed}", "<outline text=\"x\">".repeat(2_000));
    let read = read(&document);
    assert_eq!(read.feeds.len(), 1);
    assert!(read.feeds[0].folder.len() <= 16);
}

/// One line each, and what is to be read from it: address, title, folder.
#[test]
fn every_reader_writes_it_in_its_own_way() {
    for (reader, line, expected) in [
        (
            "capitals",
            r#"<OUTLINE TEXT="a" XMLURL="https://a.example/f"/>"#,
            ("https://a.example/f", "a", ""),
        ),
        (
            "title before text",
            r#"<outline title="Judul" text="teks" xmlUrl="https://a.example/f"/>"#,
            ("https://a.example/f", "Judul", ""),
        ),
        (
            "escaped twice",
            r#"<outline text="A &amp;amp; B" xmlUrl="https://a.example/?a=1&amp;b=2"/>"#,
            ("https://a.example/?a=1&b=2", "A & B", ""),
        ),
        (
            "not escaped",
            r#"<outline text="A & B" xmlUrl="https://a.example/?a=1&b=2"/>"#,
            ("https://a.example/?a=1&b=2", "A & B", ""),
        ),
        (
            "feed:",
            r#"<outline text="a" xmlUrl="feed://a.example/f"/>"#,
            ("http://a.example/f", "a", ""),
        ),
        (
            "feed:https:",
            r#"<outline text="a" xmlUrl="feed:https://a.example/f"/>"#,
            ("https://a.example/f", "a", ""),
        ),
        (
            "url of a feed",
            r#"<outline text="a" type="rss" url="https://a.example/f"/>"#,
            ("https://a.example/f", "a", ""),
        ),
        (
            "atom",
            r#"<outline text="a" type="atom" feedUrl="https://a.example/f"/>"#,
            ("https://a.example/f", "a", ""),
        ),
        (
            "single quotes and line breaks",
            "<outline\n text='a'\n xmlUrl='https://a.example/\nf'\n></outline>",
            ("https://a.example/f", "a", ""),
        ),
        (
            "categories instead of folders",
            r#"<outline text="a" xmlUrl="https://a.example/f" category="/Teknologi/Linux,/Berita"/>"#,
            ("https://a.example/f", "a", "Teknologi / Linux"),
        ),
        (
            "a category inside of a folder",
            r#"<outline text="F"><outline text="a" xmlUrl="https://a.example/f" category="b"/></outline>"#,
            ("https://a.example/f", "a", "F"),
        ),
        (
            "a folder without a name",
            r#"<outline><outline text="a" xmlUrl="https://a.example/f"/></outline>"#,
            ("https://a.example/f", "a", ""),
        ),
        (
            "a feed that holds others",
            r#"<outline text="a" xmlUrl="https://a.example/f"><outline text="b"/></outline>"#,
            ("https://a.example/f", "a", ""),
        ),
        (
            "a text that ends like an attribute",
            r#"<outline text="b xmlUrl=" title="a" xmlUrl="https://a.example/f"/>"#,
            ("https://a.example/f", "a", ""),
        ),
    ] {
        let read = read(line);
        let found: Vec<(&str, &str, String)> = read
            .feeds
            .iter()
            .map(|f| {
                let title = f.title.as_deref().unwrap_or_default();
                (f.url.as_str(), title, f.folder.join(" / "))
            })
            .collect();
        let (url, title, folder) = expected;
        assert_eq!(found, [(url, title, folder.to_owned())], "{reader}");
        assert_eq!(read.problems, [], "{reader}");
    }
}

#[test]
fn problems_are_reported_with_their_line() {
    let read = read(
        "<outline text=\"Kosong\" type=\"rss\"/>\n\
         <outline text=\"Perintah\" xmlUrl=\"exec:~/skrip\"/>\n\
         <outline text=\"Daftar\" type=\"include\" url=\"https://a.example/b.opml\"/>\n\
         <outline text=\"Utuh\" xmlUrl=\"https://a.example/f\"/>\n\
         </outline>",
    );
    let told: Vec<(usize, &str)> = read
        .problems
        .iter()
        .map(|p| (p.line, p.what.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (6, "an end tag fits no start tag"),
            (2, "the feed `Kosong` has no address"),
            (3, "`Perintah` is a command, not an address"),
            (
                4,
                "`Daftar` links to another OPML file, which is not imported: https://a.example/b.opml"
            ),
        ]
    );
    assert_eq!(read.feeds.len(), 1);
}

#[test]
fn opml_survives_a_round_trip() {
    let feed = |url: &str, title: &str, folder: &[&str]| Subscription {
        url: url.into(),
        title: Some(title.into()),
        site: Some("https://kabar.example/?a=1&b=\"2\"".into()),
        description: Some("Kabar <pagi> & 'sore'".into()),
        folder: folder.iter().map(|&name| name.into()).collect(),
        whatsapp_channel: (title == "Satu").then(|| "https://whatsapp.com/channel/0029Va".into()),
        google_news: None,
        page: None,
    };
    let subscriptions = Subscriptions {
        title: Some("Langganan Ani & Budi".into()),
        feeds: vec![
            feed(
                "https://a.example/f?x=1&y=2",
                "A & \"B\" 2 < 3",
                &["Dunia & Asia"],
            ),
            feed("https://b.example/f", "日本 – «é»", &["Dunia & Asia"]),
            feed("https://c.example/f", "c", &["Lain"]),
            feed("https://d.example/f", "d", &[]),
        ],
        problems: Vec::new(),
    };
    let document = write(&subscriptions);
    assert_eq!(
        parse(document.as_bytes()),
        Ok(subscriptions),
        "words in angle brackets are text: {document}"
    );
}

#[test]
fn nested_folders_are_written_nested() {
    let subscriptions = Subscriptions {
        feeds: vec![Subscription {
            url: "https://a.example/f".into(),
            folder: vec!["Dunia".into(), "Asia".into()],
            ..Subscription::default()
        }],
        ..Subscriptions::default()
    };
    let read = parse(write(&subscriptions).as_bytes()).unwrap();
    assert_eq!(read.feeds[0].folder, ["Dunia", "Asia"]);
}

#[test]
fn pages_as_feeds_are_read_as_other_readers_write_them() {
    let xpath = |item: &str| {
        Some(OpmlXpath {
            item: item.into(),
            ..OpmlXpath::default()
        })
    };
    let page = |kind, selector: Option<&str>, xpath| OpmlPage {
        kind,
        selector: selector.map(str::to_owned),
        xpath,
    };
    for (case, attributes, expected) in [
        (
            "FreshRSS",
            r#"type="HTML+XPath" xmlns:frss="https://freshrss.org/opml" frss:xPathItem="//a[contains(@href, '/x/')]/ancestor::article""#,
            Some(page(
                OpmlPageKind::List,
                None,
                xpath("//a[contains(@href, '/x/')]/ancestor::article"),
            )),
        ),
        (
            "another prefix, other letters, escaped signs",
            "type=\"html+xpath\" f:XPATHITEM=\" //li[position()&lt;3]\n[@title=&quot;a  b&quot;] \"",
            Some(page(
                OpmlPageKind::List,
                None,
                xpath("//li[position()<3] [@title=\"a  b\"]"),
            )),
        ),
        (
            "Warta, a list",
            r#"type="HTML+XPath" warta:list="li &gt; a" frss:xPathItem="//li/a""#,
            Some(page(OpmlPageKind::List, Some("li > a"), xpath("//li/a"))),
        ),
        (
            "Warta, a watched part",
            r##"type="rss" warta:watch="#jadwal""##,
            Some(page(OpmlPageKind::Watch, Some("#jadwal"), None)),
        ),
        (
            "an expression of another type",
            r#"type="rss" frss:xPathItem="//li""#,
            None,
        ),
        (
            "a name without a prefix",
            r#"type="rss" list="li" watch="p""#,
            None,
        ),
        ("JSON Feed", r#"type="JSONFeed""#, None),
    ] {
        let line = format!("<outline text=\"A\" xmlUrl=\"https://a.example/\" {attributes}/>");
        let read = read(&line);
        let pages: Vec<Option<OpmlPage>> = read.feeds.into_iter().map(|feed| feed.page).collect();
        assert_eq!(pages, [expected], "{case}");
        assert_eq!(read.problems, [], "{case}");
    }
}

#[test]
fn feeds_that_only_freshrss_can_read_are_reported_and_left_out() {
    let long = "a".repeat(100_000);
    for (attributes, expected) in [
        (
            r#"type="XML+XPath" frss:xPathItem="//item""#,
            "feeds made from XML by XPath are not supported",
        ),
        (
            r#"type="JSON+DotNotation" frss:jsonItem="data.items""#,
            "feeds made from JSON are not supported",
        ),
        (
            r#"type="HTML+XPath+JSON+DotNotation" frss:xPathToJson="//script""#,
            "feeds made from JSON are not supported",
        ),
        (
            r#"type="HTML+XPath""#,
            "it has no rule for the items of its page",
        ),
        (
            &*format!("type=\"HTML+XPath\" frss:xPathItem=\"//{long}\""),
            "its rule is too long",
        ),
        (
            &*format!("type=\"HTML+XPath\" frss:xPathItem=\"//a\" frss:xPathItemUri=\"{long}\""),
            "its rule is too long",
        ),
        (&*format!("warta:list=\"{long}\""), "its rule is too long"),
    ] {
        let line = format!("<outline text=\"A\" {attributes} xmlUrl=\"https://a.example/x\"/>");
        let read = read(&line);
        assert_eq!(read.feeds, [], "{attributes:.60}");
        let problems: Vec<&str> = read.problems.iter().map(|p| p.what.as_str()).collect();
        assert_eq!(problems, [format!("`A` was left out: {expected}")]);
        assert_eq!(read.problems[0].line, 2);
    }
}

#[test]
fn pages_as_feeds_survive_a_round_trip() {
    let feed = |kind, selector: &str, item: Option<&str>| Subscription {
        url: "https://a.example/?a=1&b=2".into(),
        title: Some("A".into()),
        page: Some(OpmlPage {
            kind,
            selector: Some(selector.into()),
            xpath: item.map(|item| OpmlXpath {
                item: item.into(),
                title: Some("descendant::h2 | descendant::h3".into()),
                content: Some(".".into()),
                uri: None,
            }),
        }),
        ..Subscription::default()
    };
    let subscriptions = Subscriptions {
        title: Some("Warta".into()),
        feeds: vec![
            feed(
                OpmlPageKind::List,
                "li > a[title='\"<&amp;'] ~ :is(b, \u{e9})",
                Some("//li[@title = concat(\"'\", '\"<&amp;&#10;', \"  \")]/a"),
            ),
            feed(OpmlPageKind::List, "#lain li", None),
            feed(OpmlPageKind::Watch, "#jadwal", Some("//*[@id = 'jadwal']")),
        ],
        problems: Vec::new(),
    };
    let document = write(&subscriptions);
    assert_eq!(parse(document.as_bytes()), Ok(subscriptions), "{document}");
}
