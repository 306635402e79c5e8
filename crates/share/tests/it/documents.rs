//! Articles as files.

use proptest::prelude::*;
use warta_share::document::{Document, Format, file_name, write};

const HTML: &str = "<p>Kapal <strong>baru</strong> tiba &amp; <a href=\"https://e.org/a?x=1&amp;y=2\">bersandar</a>.</p>\
<h2>Jadwal</h2><ul><li>Pagi</li><li>Sore<ul><li>pukul 3*</li></ul></li></ul><ol><li>satu</li><li>dua</li></ol>\
<blockquote><p>Laut tenang.</p><p>Angin reda.</p></blockquote>\
<figure><img src=\"https://e.org/a.jpg\" alt=\"Kapal di dermaga\"><figcaption>Dermaga</figcaption></figure>\
<pre>a &lt; b\n  c</pre>";

fn document() -> Document<'static> {
    Document {
        title: "Feri *baru* & laut",
        publisher: "Kabar Nusa",
        byline: "Ani",
        date: "4 Mei 2026",
        link: "https://kabar.example/a?id=7",
        language: "id",
        html: HTML,
    }
}

#[test]
fn plain_text_reads_as_it_was_written() {
    assert_eq!(
        write(&document(), Format::Text),
        "Feri *baru* & laut\n\nKabar Nusa · Ani · 4 Mei 2026\n\nKapal baru tiba & bersandar.\n\nJadwal\n\n\
         • Pagi\n• Sore\n  • pukul 3*\n\n1. satu\n2. dua\n\nLaut tenang.\n\nAngin reda.\n\n\
         [Kapal di dermaga]\n\nDermaga\n\n    a < b\n      c\n\nhttps://kabar.example/a?id=7\n"
            .replace("Laut tenang.", "> Laut tenang.")
            .replace("Angin reda.", "> Angin reda.")
    );
}

#[test]
fn markdown_keeps_formatting_and_escapes_text() {
    assert_eq!(
        write(&document(), Format::Markdown),
        "# Feri \\*baru\\* & laut\n\n*Kabar Nusa · Ani · 4 Mei 2026*\n\n\
         Kapal **baru** tiba & [bersandar](<https://e.org/a?x=1&y=2>).\n\n## Jadwal\n\n- Pagi\n- Sore\n  - pukul 3\\*\n\n\
         1. satu\n2. dua\n\n> Laut tenang.\n\n> Angin reda.\n\n\\[Kapal di dermaga\\]\n\nDermaga\n\n```\na < b\n  c\n```\n\n\
         <https://kabar.example/a?id=7>\n"
    );
}

#[test]
fn an_html_file_is_self_contained_and_loads_nothing() {
    let page = write(&document(), Format::Html);
    assert!(
        page.starts_with("<!DOCTYPE html>\n<html lang=\"id\""),
        "{page}"
    );
    assert!(page.contains("<h1>Feri *baru* &amp; laut</h1>"));
    assert!(page.contains("<em>[Kapal di dermaga]</em>") && !page.contains("<img"));
    assert!(page.contains("default-src 'none'"));
    let evil = Document {
        title: "</title><script>alert(1)</script>",
        ..document()
    };
    assert!(!write(&evil, Format::Html).contains("<script"));
    let arabic = Document {
        title: "وصول العبارة",
        ..document()
    };
    assert!(write(&arabic, Format::Html).contains("dir=\"rtl\""));
}

#[test]
fn a_format_is_known_by_its_name() {
    assert_eq!(
        file_name("Feri: baru/tiba?", Format::Markdown.extension()),
        "Feri baru tiba.md"
    );
    assert_eq!(Format::of_name("a.MD"), Some(Format::Markdown));
    assert_eq!(Format::of_name("a.pdf"), None);
}

proptest! {
    #[test]
    fn any_html_ends_with_an_answer(html in "(<[a-z/]{0,5}[ a-z=\"]{0,8}>?|[a-z &;\n]{0,6}){0,40}") {
        for format in [Format::Text, Format::Markdown, Format::Html] {
            let _ = write(&Document { html: &html, ..document() }, format);
        }
    }
}
