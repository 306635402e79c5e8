//! Hostile input: parsing may find nothing, but must end quickly and without a panic.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use warta_feed::{Source, discovery, opml, parse};

fn read_everything(bytes: &[u8]) {
    let _ = parse(&Source {
        bytes,
        url: Some("http://example.org/"),
        content_type: None,
    });
    let _ = opml::parse(bytes);
    let _ = discovery::in_page(bytes, "http://example.org/", None);
}

/// Generous for a debug build on a busy machine, far below what quadratic time would take.
const SOON: Duration = Duration::from_secs(10);

#[test]
#[expect(clippy::too_many_lines, reason = "a table of documents")]
fn no_document_takes_quadratic_time() {
    const PARTS: usize = 200_000;
    let wrapped = |inner: String| format!("<rss><channel><item>{inner}</item></channel></rss>");
    let mut prefixes = String::new();
    let mut authors = String::new();
    for n in 0..PARTS {
        let _ = write!(prefixes, "<p{n}:a xmlns:p{n}='u:{n}'/>");
        let _ = write!(authors, "<author>{n}</author>");
    }
    let cases = [
        (
            "open tags",
            wrapped(format!("<title><![CDATA[{}]]></title>", "<a".repeat(PARTS))),
        ),
        (
            "scripts",
            wrapped(format!(
                "<title><![CDATA[{}]]></title>",
                "<script>".repeat(PARTS)
            )),
        ),
        (
            "lone brackets",
            wrapped(format!(
                "<title><![CDATA[{}>]]></title>",
                "< ".repeat(PARTS)
            )),
        ),
        ("nesting", "<a>".repeat(PARTS)),
        ("nested entries", format!("<rss>{}", "<item>".repeat(PARTS))),
        ("end tags", format!("<rss>{}", "</a>".repeat(PARTS))),
        ("open comments", "<!--".repeat(PARTS)),
        (
            "comments in a title",
            wrapped(format!("<title>{}</title>", "<!--".repeat(PARTS))),
        ),
        (
            "comments that end far away",
            wrapped(format!("<title>{}</title>-->", "<!-- <a".repeat(PARTS))),
        ),
        (
            "open sections",
            wrapped("<title><![CDATA[</title>".repeat(PARTS)),
        ),
        (
            "sections that end far away",
            wrapped(format!("{}]]>", "<title><![CDATA[</title>".repeat(PARTS))),
        ),
        (
            "tags with values",
            wrapped(format!(
                "<title><![CDATA[{}>]]></title>",
                "<a '".repeat(PARTS)
            )),
        ),
        (
            "comments in a text",
            wrapped(format!(
                "<title><![CDATA[{}>]]></title>",
                "<!-- a".repeat(PARTS)
            )),
        ),
        (
            "addresses in a text",
            wrapped(format!(
                "<description>{}</description>",
                "http://a)))".repeat(PARTS)
            )),
        ),
        (
            "brackets behind an address",
            wrapped(format!(
                "<description>http://a{}</description>",
                ")".repeat(PARTS)
            )),
        ),
        (
            "surrogates",
            wrapped(format!("<title>{}</title>", "&#xD83D;".repeat(PARTS))),
        ),
        (
            "broken json",
            format!(
                "{{\"items\":[{}",
                "{\"a\":[{},{\"b\":\"c\" \"},".repeat(PARTS / 4)
            ),
        ),
        (
            "slashes in an address",
            wrapped(format!("<link>http:{}x</link>", "/".repeat(PARTS))),
        ),
        (
            "schemes",
            wrapped(format!("<link>{}x</link>", "feed:".repeat(PARTS))),
        ),
        ("declarations", "<!D[".repeat(PARTS)),
        (
            "instructions without an end",
            format!("<rss>{}", "<?a>".repeat(PARTS)),
        ),
        (
            "ampersands",
            wrapped(format!("<title>{}</title>", "&".repeat(PARTS))),
        ),
        ("attributes", format!("<rss {}>", "a='b' ".repeat(PARTS))),
        ("namespaces", wrapped(prefixes)),
        ("authors", wrapped(authors)),
        (
            "entries",
            format!("<rss><channel>{}", "<item/>".repeat(PARTS)),
        ),
        ("json", "[".repeat(PARTS)),
        ("messages in messages", telegram("", PARTS / 4)),
        (
            "pictures without an end",
            telegram(
                "<a class='tgme_widget_message_photo_wrap' style=\"background-image:url('https://a/b.png')\">",
                PARTS / 8,
            ),
        ),
        (
            "previews in previews",
            telegram(
                "<a class='tgme_widget_message_link_preview'><i class='link_preview_title'>a",
                PARTS / 8,
            ),
        ),
        ("json objects", "{\"a\":".repeat(PARTS)),
    ];
    for (name, document) in cases {
        let start = Instant::now();
        read_everything(document.as_bytes());
        assert!(start.elapsed() < SOON, "{name} took {:?}", start.elapsed());
    }
}

/// A Telegram channel whose messages are not closed, each with this in it.
fn telegram(inner: &str, messages: usize) -> String {
    let mut page = "<!DOCTYPE html><div class='tgme_channel_history'>".to_owned();
    for n in 0..messages {
        let _ = write!(
            page,
            "<div class='tgme_widget_message' data-post='kabar/{n}'>{inner}<div class='tgme_widget_message_text'>a"
        );
    }
    page
}

/// Nested content must not be repeated for every enclosing level.
#[test]
fn nested_entries_do_not_repeat_their_content() {
    let text = "kata ".repeat(20_000);
    let document = format!("<rss><channel>{}{text}", "<item><description>".repeat(120));
    let source = Source {
        bytes: document.as_bytes(),
        ..Source::default()
    };
    let feed = parse(&source).unwrap();
    let length: usize = feed
        .entries
        .iter()
        .map(|entry| entry.summary.as_ref().map_or(0, String::len))
        .sum();
    assert!(feed.entries.len() > 100);
    assert!(length < 2 * document.len(), "{length} bytes");
}

/// Data inherited by entries must be small: thousands of tiny entries would each copy it.
#[test]
fn inherited_data_is_small() {
    let author = format!("<author><name>{}", "a".repeat(250));
    let base = "b".repeat(100_000);
    let document = format!(
        "<feed xml:base='http://contoh.example/{base}/'>{}{}",
        (0..50).fold(String::new(), |all, n| format!(
            "{all}{author}{n}</name></author>"
        )),
        "<entry><link href='a'/></entry>".repeat(3_000)
    );
    let source = Source {
        bytes: document.as_bytes(),
        ..Source::default()
    };
    let feed = parse(&source).unwrap();
    let length: usize = feed
        .entries
        .iter()
        .map(|entry| {
            let authors: usize = entry.authors.iter().map(String::len).sum();
            authors + entry.link.as_ref().map_or(0, String::len)
        })
        .sum();
    assert_eq!(feed.entries.len(), 3_000);
    assert!(length < 50 * document.len(), "{length} bytes");
}

proptest! {
    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_everything(&bytes);
    }

    #[test]
    fn no_mixture_of_tags_breaks_it(parts in prop::collection::vec(prop_oneof![
        Just("<rss>"), Just("<channel>"), Just("<item>"), Just("</item>"), Just("<feed xmlns='http://www.w3.org/2005/Atom'>"),
        Just("<entry>"), Just("<title type='html'>"), Just("</title>"), Just("<link href='//é' rel="), Just("<link>"),
        Just("<![CDATA["), Just("]]>"), Just("&#x110000;"), Just("&#xD800;"), Just("&lt;"), Just("&"), Just("<!--"),
        Just("-->"), Just("<outline xmlUrl='"), Just("'/>"), Just("<opml><body>"), Just("<pubDate>Mon, 31 Feb 99999"),
        Just("\u{0}"), Just("é日"), Just("<?xml encoding='utf-16'?>"), Just("{\"items\":["), Just("{}]}"), Just("<content mode='base64'>"),
        Just("<urlset>"), Just("<url><loc>http://a/b"), Just("<news:news>"), Just("<sitemapindex><sitemap>"),
        Just("<lastmod>2026-05-04"), Just("<video:video><video:content_loc>"), Just("<div class='tgme_channel_history'>"),
        Just("<div class='tgme_widget_message' data-post='kabar/1'>"), Just("<div class='tgme_widget_message_text'>"),
        Just("<a class='tgme_widget_message_video_player'><i style='background-image:url("), Just("</div>"),
        Just("<script"), Just("</script"), Just(">"), Just("<html><head><link rel=alternate href=")
    ], 0..40)) {
        read_everything(parts.concat().as_bytes());
    }
}
