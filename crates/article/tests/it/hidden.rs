//! Hidden content is neither extracted nor fetched; content that only looks hidden is.

use warta_article::{extract, from_entry, sanitize};

const BASE: &str = "https://warta.example/berita/1";

fn text(html: &str) -> String {
    from_entry(html, None, Some(BASE), None).text
}

fn sources(html: &str) -> Vec<String> {
    let readable = from_entry(html, None, Some(BASE), None);
    readable.pictures.into_iter().map(|p| p.url).collect()
}

#[test]
fn hidden_text_is_no_text() {
    for hidden in [
        "<p style='display:none'>rahasia</p>",
        "<p style='display:block;display:none'>rahasia</p>",
        "<p style='display:none!important;display:block'>rahasia</p>",
        "<p hidden>rahasia</p>",
        "<p hidden=hidden>rahasia</p>",
        "<p popover>rahasia</p>",
        "<p style='visibility:hidden'>rahasia</p>",
        "<div style='visibility:collapse'><p>rahasia</p></div>",
        "<p style='opacity:0'>rahasia</p>",
        "<p style='font-size:0'>rahasia</p>",
        "<div style='font-size:0'><span style='color:red'>rahasia</span></div>",
        "<p style='position:absolute;left:-9999px'>rahasia</p>",
        "<p style='text-indent:-9999px'>rahasia</p>",
        "<div style='max-height:0;overflow:hidden'><p>rahasia</p></div>",
        "<p style='position:absolute;clip:rect(0 0 0 0)'>rahasia</p>",
        "<dialog><p>rahasia</p></dialog>",
        "<template><p>rahasia</p></template>",
        "<div style='display:none'><div style='display:block'>rahasia</div></div>",
        "<style>.x{display:none}</style><p class='a x'>rahasia</p>",
        "<style>p.x, #y { color:red; display:none }</style><p id=y>rahasia</p>",
        "<style>@media screen{.x{visibility:hidden}}</style><p class=x>rahasia</p>",
    ] {
        assert_eq!(
            text(&format!("<p>Tampak.</p>{hidden}")),
            "Tampak.",
            "{hidden}"
        );
    }
}

#[test]
fn content_that_only_looks_hidden_is_read() {
    for shown in [
        "<p style='backface-visibility:hidden'>isi</p>",
        "<p style='--x:display:none'>isi</p>",
        "<p style='background:url(a.png?display:none)'>isi</p>",
        "<p style=\"background:url('a;display:none')\">isi</p>",
        "<p style='display:none;display:block'>isi</p>",
        "<p style='display:none;display:nonsense;display:block'>isi</p>",
        "<p style='overflow:hidden'>isi</p>",
        "<p style='opacity:0.4'>isi</p>",
        "<p style='opacity:0;transition:opacity 1s'>isi</p>",
        "<p hidden=until-found>isi</p>",
        "<p hidden style='display:block'>isi</p>",
        "<p aria-hidden=true>isi</p>",
        "<p inert>isi</p>",
        "<dialog open><p>isi</p></dialog>",
        "<details><p>isi</p></details>",
        "<div style='visibility:hidden'><p style='visibility:visible'>isi</p></div>",
        "<div style='font-size:0'><p style='font-size:16px'>isi</p></div>",
        "<div style='height:0;overflow:hidden;padding-bottom:56%'><p>isi</p></div>",
        "<style>.x{display:none}</style><p class=y>isi</p>",
        "<style>.x{display:none}</style><p class=x style='display:block'>isi</p>",
        "<style>.x{display:none} p.x{display:block}</style><p class=x>isi</p>",
        "<style>.a .x{display:none}</style><p class=x>isi</p>",
        "<style>@media print{.x{display:none}}</style><p class=x>isi</p>",
        "<style>.x:hover{display:none}</style><p class=x>isi</p>",
    ] {
        assert_eq!(
            text(&format!("<p>Satu.</p>{shown}")),
            "Satu.\n\nisi",
            "{shown}"
        );
    }
    assert_eq!(
        text(
            "<p>a <span style='visibility:hidden'>b <i style='visibility:visible'>c</i></span></p>"
        ),
        "a c"
    );
}

#[test]
fn content_that_a_script_would_show_is_read() {
    let story =
        "<p>Pasar terapung kembali ramai sejak subuh, pedagang menambatkan perahu berjajar.</p>"
            .repeat(12);
    for wrapper in [
        "<div style='opacity:0'>",
        "<div style='display:none'>",
        "<div style='visibility:hidden'>",
        "<div hidden>",
    ] {
        assert!(
            text(&format!("{wrapper}{story}</div>")).contains("ramai"),
            "{wrapper}"
        );
        let page = format!(
            "<html><head><title>Pasar</title></head><body><nav><a href=/>Beranda</a></nav>{wrapper}{story}</div></body></html>"
        );
        let page = extract(page.as_bytes(), Some(BASE), None).expect("it has an article");
        assert!(page.text.contains("ramai"), "{wrapper}");
    }
    for body in [
        "<body style='display:none'>",
        "<body style='opacity:0'>",
        "<body style='visibility:hidden' hidden>",
        "<style>body{display:none}</style><body>",
    ] {
        let page = format!("<html><head><title>Pasar</title></head>{body}{story}</body></html>");
        let page = extract(page.as_bytes(), Some(BASE), None).expect("it has an article");
        assert!(page.text.contains("ramai"), "{body}");
    }
    let faded = "<p style='opacity:0'>Satu paragraf yang muncul perlahan ketika pembaca sampai ke sana.</p>";
    assert!(text(&faded.repeat(8)).contains("perlahan"));
    assert_eq!(
        text(&format!("{story}<div hidden>rahasia</div>"))
            .matches("rahasia")
            .count(),
        0
    );
}

#[test]
fn hidden_pictures_are_never_named() {
    let pixel = "https://t.example/p.gif?u=1";
    for hidden in [
        "style='display:none'",
        "hidden",
        "style='visibility:hidden'",
        "style='opacity:0'",
        "style='position:absolute;left:-5000px'",
        "width=1 height=1",
        "width=0 height=0",
        "width='1.0' height='1.0'",
        "width=' 1px' height='01'",
        "width='0%' height=9",
        "style='width:1px;height:1px'",
        "style='width:1px !important;height:1px !important'",
        "style='width:0;height:0;max-height:0'",
        "style='max-width:1px;max-height:1px'",
        "width=600 height=400 style='width:1px;height:1px'",
        "width=1 height=1 style='border:0;max-width:100%'",
        "width=1 height=1 style='width:auto;height:auto'",
    ] {
        assert_eq!(
            sources(&format!("<p>a</p><img src='{pixel}' {hidden}>")),
            Vec::<String>::new(),
            "{hidden}"
        );
    }
    for around in [
        "<div style='display:none'>",
        "<div hidden>",
        "<div style='visibility:hidden'>",
        "<div style='opacity:0'>",
        "<picture style='display:none'>",
        "<style>.t{display:none}</style><div class=t>",
    ] {
        assert_eq!(
            sources(&format!(
                "<p>a</p>{around}<a href=/x><img src='{pixel}'></a></div>"
            )),
            Vec::<String>::new(),
            "{around}"
        );
    }
    for counter in [
        "https://blogger.googleusercontent.com/tracker/123-456/abc",
        "https://vg08.met.vgwort.de/na/0123456789abcdef",
        "https://mc.yandex.ru/watch/1",
        "https://pixel.example.org/x?id=1",
        "https://news.us1.list-manage.example/track/open.php?u=1",
        "https://u1.ct.sendgrid.example/wf/open?upn=1",
        "https://counter.theconversation.com/content/1/count.gif?distributor=republish",
        "https://stats.wp.com/b.gif?v=1",
    ] {
        assert_eq!(
            sources(&format!("<p>a</p><img src='{counter}'>")),
            Vec::<String>::new(),
            "{counter}"
        );
        let noscript = format!("<p>a</p><noscript><img src='{counter}'></noscript>");
        assert_eq!(sources(&noscript), Vec::<String>::new(), "{noscript}");
    }
    for (name, hidden) in [
        (
            "video",
            "<video style='display:none' src=/v.mp4 poster=/p.jpg></video>",
        ),
        (
            "frame",
            "<iframe src=https://tube.example/embed/1 width=0 height=0></iframe>",
        ),
        (
            "object",
            "<object hidden data=https://tube.example/v.swf></object>",
        ),
        ("audio", "<div hidden><audio src=/a.mp3></audio></div>"),
    ] {
        let clean = sanitize(&format!("<p>a</p>{hidden}"), Some(BASE));
        assert!(!clean.as_str().contains("example"), "{name}: {clean:?}");
    }
}

#[test]
fn pictures_that_are_shown_stay() {
    for shown in [
        "width=600 height=400",
        "width='600px' height=auto",
        "width='100%' height='100%'",
        "style='width:100%;height:auto' width=1 height=1",
        "style='font-size:0'",
        "style='opacity:0;transition:opacity .5s'",
        "style='opacity:0' data-src='/a.jpg'",
        "style='backface-visibility:hidden'",
        "style='object-fit:cover;height:100px'",
    ] {
        assert_eq!(
            sources(&format!("<p>a</p><img src=/a.jpg {shown}>")),
            ["https://warta.example/a.jpg"],
            "{shown}"
        );
    }
    assert_eq!(
        sources("<p>a</p><div style='font-size:0'><img src=/a.jpg></div>"),
        ["https://warta.example/a.jpg"],
        "font-size: 0 does not hide pictures"
    );
}
