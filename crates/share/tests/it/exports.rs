//! Exported files of hostile articles. The Markdown is parsed by an independent parser: it must
//! contain no HTML, no pictures, only web links and no control characters.

use proptest::prelude::*;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, html};
use warta_share::document::{Document, Format, write};
use warta_share::{openable, safe_mailto};

fn document(html: &str) -> Document<'_> {
    Document {
        title: "Feri karam",
        publisher: "Kabar Nusa",
        byline: "Ani",
        date: "4 Mei 2026",
        link: "https://kabar.example/a?id=7",
        language: "id",
        html,
    }
}

/// The rendered text, after checking that it contains no HTML, no pictures and only web links.
fn inspected(markdown: &str) -> String {
    let mut text = String::new();
    for options in [Options::empty(), Options::all()] {
        text.clear();
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Html(raw) | Event::InlineHtml(raw) => {
                    panic!("HTML {raw:?} in:\n{markdown}")
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    panic!("a picture of {dest_url:?} in:\n{markdown}")
                }
                Event::Start(Tag::Link {
                    dest_url,
                    link_type,
                    ..
                }) => {
                    let is_web =
                        dest_url.starts_with("https://") || dest_url.starts_with("http://");
                    assert!(is_web, "a link to {dest_url:?} in:\n{markdown}");
                    assert!(
                        matches!(link_type, LinkType::Inline | LinkType::Autolink),
                        "{link_type:?} in:\n{markdown}"
                    );
                }
                Event::Text(part) | Event::Code(part) => text += &part,
                Event::SoftBreak | Event::HardBreak => text += "\n",
                _ => {}
            }
        }
        let mut shown = String::new();
        html::push_html(&mut shown, Parser::new_ext(markdown, options));
        for forbidden in [
            "<script",
            "<img",
            "<iframe",
            "<svg",
            "javascript:\"",
            "onerror=\"",
        ] {
            assert!(!shown.contains(forbidden), "{forbidden} in {shown}");
        }
    }
    assert!(!markdown.contains(warta_text::is_unsafe), "{markdown:?}");
    text
}

#[test]
fn markdown_carries_no_live_html_links_or_pictures() {
    let live = "&lt;img src=x onerror=alert(1)&gt; [klik](javascript:alert(1)) ![foto](https://e.org/pixel.png) \
                &lt;javascript:alert(1)&gt; &lt;https://e.org&gt; [acuan]: javascript:alert(1)";
    for html in [
        format!("<pre>{live}</pre>"),
        format!("<pre><code>```\n{live}\n````\n{live}\n~~~\n{live}</code></pre>"),
        format!("<ul><li><pre>{live}\n\n{live}</pre></li></ul>"),
        format!("<blockquote><pre>a\r{live}\r\n{live}</pre><p>{live}</p></blockquote>"),
        format!("<ol><li>satu<pre>```\n{live}</pre>{live}</li></ol>"),
        format!("<p><code>{live}</code> <code>`{live}``</code><code>`</code>{live}</p>"),
        format!("<p>`<code>a</code>` {live} `</p>"),
        format!("<p>{live}</p><h2>{live}<br>{live}</h2><table><tr><td>{live}</td></tr></table>"),
        format!("<p>a<br>{live}<br>- {live}<br>===<br>1. {live}</p>"),
        format!("<p>{live}\n\n{live}\n    {live}\n\t{live}</p>"),
        format!("<p><b>{live}</b><i><b>{live}</i></b></p>"),
        "<p><a href=\"javascript:alert(1)\">klik</a> <a href=\"data:text/html,x\">klik</a></p>".into(),
        "<p><a href=\"https://e.org/`>)&lt;script&gt;\">`x`</a> ` <a href=\"http-evil:x\">y</a></p>".into(),
        "<p><a href=\"https://e.org/\"><img src=\"https://e.org/p.png\" alt=\"](javascript:x)\"></a></p>".into(),
        "<a href=\"https://a.org/\"><p>satu</p><a href=\"https://b.org/\">dua</a><p>tiga</p></a>".into(),
        "<p>&amp;lt;script&amp;gt; &amp;#60;img&amp;#62; &amp;l<span>t;</span></p>".into(),
        "<p>$$<code>$$![a](https://e.org/x)</code> $<code>$![a](https://e.org/x)</code></p>".into(),
        "<p>&#60;script&#62;&#x3c;img src=x&#x3e;</p>".into(),
        "<p>!<a href=\"https://e.org/\">a</a> \\!<a href=\"https://e.org/\"><b>b</b></a>!<b><a href=\"https://e.org/\">c</a></b></p>".into(),
    ] {
        inspected(&write(&document(&html), Format::Markdown));
    }
    let hostile = Document {
        title: "<img src=x> [a](javascript:b) `",
        publisher: "](javascript:a) *",
        byline: "<script>",
        link: "javascript:alert(1)",
        ..document("<p>isi</p>")
    };
    let shown = inspected(&write(&hostile, Format::Markdown));
    assert!(
        shown.contains("<img src=x> [a](javascript:b) `"),
        "as text: {shown}"
    );
}

#[test]
fn text_with_entities_is_the_same_in_markdown() {
    for (html, text) in [
        (
            "<p>AT&amp;T &amp;amp; &amp;lt;b&amp;gt; &amp; co;</p>",
            "AT&T &amp; &lt;b&gt; & co;",
        ),
        (
            "<p>1. satu</p><p>- dua</p><p>+ tiga</p><p>== empat</p>",
            "1. satu- dua+ tiga== empat",
        ),
        (
            "<p>2026) lima</p><p># enam | tujuh ~~ delapan</p>",
            "2026) lima# enam | tujuh ~~ delapan",
        ),
        ("<p><code>a `b` &lt;c&gt;</code></p>", "a `b` <c>"),
        (
            "<pre>satu ``` dua\n    &lt;b&gt;\n</pre>",
            "satu ``` dua\n    <b>\n",
        ),
        ("<p>a <b> b </b>c<i></i></p>", "a b c"),
    ] {
        let bare = Document {
            title: "",
            publisher: "",
            byline: "",
            date: "",
            link: "",
            ..document(html)
        };
        let shown = inspected(&write(&bare, Format::Markdown));
        assert_eq!(shown, text, "{html}");
    }
}

#[test]
fn no_file_holds_control_characters_or_direction_overrides() {
    let html = "<p>a\u{1b}]0;x\u{7}b\u{9b}31m\u{202e}c\u{2066}d\u{0}&#27;[2J&#x202e;&#x9b;e\u{200f}</p><pre>f\u{8}\u{7f}\r\ng\th</pre>\
                <p><img src=\"https://e.org/a.png\" alt=\"\u{1b}[31mfoto\u{202d}\"></p>";
    let hostile = Document {
        title: "Judul\u{1b}[2J\u{202e}",
        publisher: "Kabar\u{7}\u{90}",
        byline: "A\u{2067}ni",
        date: "4\u{85}Mei",
        ..document(html)
    };
    for format in [Format::Text, Format::Markdown, Format::Html] {
        let file = write(&hostile, format);
        assert!(
            !file.contains(warta_text::is_unsafe),
            "{format:?}: {file:?}"
        );
        for reference in ["&#27;", "&#x202e;", "&#x9b;"] {
            assert!(
                !file.contains(reference),
                "{format:?}: {reference} was decoded to the character"
            );
        }
        assert!(
            file.contains('\u{200f}') && file.contains("g\th"),
            "{format:?}: {file:?}"
        );
    }
}

#[test]
fn a_mailto_link_sets_only_visible_fields() {
    for (link, safe) in [
        (
            "mailto:redaksi@kabar.example",
            "mailto:redaksi@kabar.example",
        ),
        (
            "mailto:a@b.example?subject=Halo%20semua&body=Baris%0D%0Adua",
            "mailto:a@b.example?subject=Halo%20semua&body=Baris%0D%0Adua",
        ),
        (
            "mailto:a@b.example?attach=/etc/passwd",
            "mailto:a@b.example",
        ),
        (
            "MAILTO:a@b.example?ATTACHMENT=~/.ssh/id_rsa&subject=x",
            "mailto:a@b.example?subject=x",
        ),
        (
            "mailto:a@b.example?%61ttach=/etc/passwd&Subject=x",
            "mailto:a@b.example?subject=x",
        ),
        (
            "mailto:a@b.example?bcc=c@d.example&cc=e@f.example",
            "mailto:a@b.example?cc=e%40f.example",
        ),
        (
            "mailto:a@b.example?subject=x%0D%0ABcc:%20c@d.example",
            "mailto:a@b.example?subject=x%20Bcc%3A%20c%40d.example",
        ),
        (
            "mailto:a@b.example?in-reply-to=1&from=x&x-any=y",
            "mailto:a@b.example",
        ),
        (
            "mailto:a@b.example?subject=satu&subject=dua",
            "mailto:a@b.example?subject=satu",
        ),
        (
            "mailto:a@b.example?subject=x&amp;attach=/etc/passwd",
            "mailto:a@b.example?subject=x",
        ),
        ("mailto:--attach,a@b.example", "mailto:a@b.example"),
        (
            "mailto:a%3Fattach=x@b.example",
            "mailto:a%3Fattach%3Dx@b.example",
        ),
        ("mailto:a@b.example#?attach=x", "mailto:a@b.example"),
        ("mailto:?body=tanpa%20alamat", "mailto:?body=tanpa%20alamat"),
    ] {
        assert_eq!(safe_mailto(link).as_deref(), Some(safe), "{link}");
        let again = safe_mailto(safe);
        assert_eq!(again.as_deref(), Some(safe), "what is safe stays");
    }
    assert_eq!(safe_mailto("https://kabar.example/"), None);
    let schemes = ["https", "mailto", "tel"];
    for refused in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://a",
        "//a",
        "",
        "https://a\u{7}",
        "smb://a/b",
    ] {
        assert_eq!(openable(refused, &schemes), None, "{refused}");
    }
    assert_eq!(
        openable("HTTPS://a.example/", &schemes).as_deref(),
        Some("HTTPS://a.example/")
    );
    assert!(!warta_share::is_valid_template(
        "mailto:a@b.example?attach=/etc/passwd&body={text}"
    ));
    assert!(!warta_share::is_valid_template(
        "mailto:?bcc=c@d.example&subject={title}"
    ));
    assert!(warta_share::is_valid_template(
        "mailto:a@b.example?subject={title}&body={text}"
    ));
    let page = write(
        &document("<p><a href=\"mailto:a@b.example?attach=/etc/passwd\">tulis</a></p>"),
        Format::Html,
    );
    assert!(
        page.contains("<a href=\"mailto:a@b.example\">tulis</a>"),
        "{page}"
    );
}

/// Pieces of which hostile articles are made: tags, marks of Markdown, references, hostile
/// addresses.
fn hostile() -> impl Strategy<Value = String> {
    let tags = "</?(p|pre|code|b|i|em|ul|ol|li|blockquote|h2|br|hr|td|tr|table|figure|span)>";
    let links = "<a href=\"(javascript:x|https://e\\.org/`?[<>)(\\\\]{0,2}|data:x|mailto:a@b)\">|</a>|<img src=\"https://e\\.org/x\" alt=\"[\\[\\]()!`<>a-z]{0,6}\">";
    let marks = "[`*_~#<>!\\[\\]()|\\\\&;:=+-]{1,4}|&(lt|gt|amp|quot);|&#(60|62|96|27);|```|~~~|\\$\\$|<!--|:::";
    let text = "[a-z0-9.) \n\r\t]{1,5}|javascript:x|https://e\\.org|<https://e\\.org>|!\\[a\\]\\(https://e\\.org/x\\)|\\[a\\]: javascript:x";
    let piece = prop_oneof![
        3 => tags.prop_map(|s: String| s),
        2 => links.prop_map(|s: String| s),
        4 => marks.prop_map(|s: String| s),
        4 => text.prop_map(|s: String| s),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_article_becomes_live_markdown(html in hostile()) {
        inspected(&write(&document(&html), Format::Markdown));
    }

    #[test]
    fn no_title_becomes_live_markdown(title in "[a-z`*_~#<>!\\[\\]()|\\\\&;:=+ -]{0,30}") {
        let of = Document { title: &title, publisher: &title, link: &title, ..document("") };
        inspected(&write(&of, Format::Markdown));
    }
}
