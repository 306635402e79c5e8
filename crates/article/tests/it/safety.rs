//! Nothing that a stranger writes runs, loads, hangs or breaks the sanitizer.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use warta_article::{
    ImageLocation, extract, from_entry, rewrite_image_urls, sanitize, stored_html,
};

use crate::corpora;
use crate::danger::dangers;

const BASE: &str = "http://example.org/a";

fn check(payload: &str) {
    let clean = sanitize(payload, Some(BASE));
    let found = dangers(clean.as_str());
    assert!(
        found.is_empty(),
        "{payload:?} leaves {found:?} in {:?}",
        clean.as_str()
    );
    let again = sanitize(clean.as_str(), Some(BASE));
    assert_eq!(again, clean, "what is clean stays as it is: {payload:?}");
}

const PAYLOADS: [&str; 62] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
    "<img srcset=\"javascript:alert(1) 2x\">",
    "<img data-src=\"javascript:alert(1)\">",
    "<img/src=x/onerror=alert(1)>",
    "<img \0src=x onerror\0=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\" \u{1}javascript:alert(1)\">x</a>",
    "<a href=\"java&#x0A;script:alert(1)\">x</a>",
    "<a href=\"jAvAsCrIpT&colon;alert(1)\">x</a>",
    "<a href=\"vbscript:x\">x</a><a href=\"data:text/html,x\">y</a><a href=\"file:///etc/passwd\">z</a>",
    "<a href=\"blob:https://e.org/x\">x</a><a href=\"warta-media:1\">x</a><a href=\"ms-settings:\">x</a>",
    "<a href=\"//evil.example\" target=_top ping=http://evil.example>x</a>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>",
    "<div style=\"position:fixed;inset:0\" class=overlay id=app>x</div>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><foreignObject><p onclick=alert(1)>x</p></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<noembed><img src=x onerror=alert(1)></noembed><noframes><p onclick=x></noframes>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<title><img src=x onerror=alert(1)></title>",
    "<style>@import 'http://evil.example';</style>x",
    "<template><script>alert(1)</script></template>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<iframe src=\"https://www.youtube.com/embed/abcdefghijk\" title=\"<script>x</script>\"></iframe>",
    "<object data=x><embed src=x></object>",
    "<form action=http://evil.example><input name=q><button formaction=javascript:x>x</button></form>",
    "<base href=http://evil.example/><a href=x>x</a>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1) src=https://e.org/v.mp4></video>",
    "<audio src=\"javascript:alert(1)\"></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<table background=javascript:alert(1)><td background=x>x</table>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=1?><?php echo 1 ?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<select><option><style></option></select><b><img src=x onerror=alert(1)></style></option>",
    "<p>\u{feff}\0\r&#13;&#0;x</p>\u{feff}",
    "<a><b><a><p><table><a><tr><td><p><a>",
    "<p><div><p><ul><li><li><dl><dd><li><dt></p></ul><h1><h2>x",
    "<table><p>x<tr>y<td>z<table><caption><table></caption><col><td><b>q",
    "<b><i><u><s><p>x</b></i><div>y</u></s></div><pre>\n\nx</pre>",
    "<ruby>x<rt>y<rp>z<rt><rt>w</ruby><rt>q",
];

#[test]
fn payloads_lose_what_runs() {
    for payload in PAYLOADS {
        check(payload);
    }
}

#[test]
#[ignore = "needs WARTA_CORPORA"]
fn the_corpora_of_payloads_lose_what_runs() {
    let root = corpora("html");
    let mut payloads = Vec::new();
    let mut waiting: Vec<PathBuf> = ["xss", "dompurify", "sanitizer"]
        .iter()
        .map(|folder| root.join(folder))
        .collect();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).expect("the folder can be read");
            waiting.extend(entries.flatten().map(|entry| entry.path()));
        } else {
            payloads.extend(payloads_of(&file(&path)));
        }
    }
    assert!(
        payloads.len() > 5000,
        "the payloads are read: {}",
        payloads.len()
    );
    for payload in &payloads {
        check(payload);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the corpora are files of the test's own"
)]
fn file(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).expect("the file can be read")).into_owned()
}

fn payloads_of(file: &str) -> Vec<String> {
    let of = |value: &serde_json::Value| {
        let named = ["payload", "input", "data"]
            .iter()
            .find_map(|key| value.get(key)?.as_str());
        value.as_str().or(named).map(str::to_owned)
    };
    match serde_json::from_str::<serde_json::Value>(file) {
        Ok(serde_json::Value::Array(list)) => list.iter().filter_map(of).collect(),
        Ok(serde_json::Value::Object(map)) => map.values().filter_map(of).collect(),
        _ => file
            .lines()
            .map(|line| {
                let value = serde_json::from_str(line).ok();
                value
                    .as_ref()
                    .and_then(of)
                    .unwrap_or_else(|| line.to_owned())
            })
            .collect(),
    }
}

/// Small inputs that took some parser too long.
#[test]
fn nothing_nests_deep_or_costs_more_than_its_length() {
    let many = |text: &str, times: usize| text.repeat(times);
    let numbered = |from: &str, to: &str, times: usize| {
        (0..times).fold(String::new(), |text, i| text + from + &i.to_string() + to)
    };
    let hostile = [
        many("<div>", 100_000),
        many("<table><tr><td>", 3_000),
        many("<table>", 3_000),
        many("<b>", 10_000),
        many("<a><div>", 3_000),
        many("<b><p></b>", 1_000),
        many("<div><p></p>", 2_000),
        many("<ul><li><dl><dd>", 1_000),
        many("<svg><g>", 2_000),
        many("<math><mi>", 2_000),
        many("<template>", 2_000),
        many("<select><option>", 2_000),
        many("<blockquote>", 2_000) + &many("</div></b></p>", 2_000),
        many("<p>a<br><br>b</p>", 1_000),
        many("<p>Baca juga: <a href=/x>x</a></p>", 1_000),
        many("<p></p>", 2_000),
        many("<", 60_000),
        many("&", 60_000),
        many("<!--", 5_000),
        "<table>".to_owned() + &many("<a>x</a>", 1_000),
        numbered("<p><b x=", ">y</p>", 300),
        numbered("<img src=/", ".png>", 1_000),
        "<a ".to_owned() + &numbered("x", "=1 ", 2_000) + ">x</a>",
    ];
    let work = move || {
        for html in &hostile {
            let _ = sanitize(html, Some(BASE));
            let readable = from_entry(html, Some("x"), Some(BASE), None);
            let _ = rewrite_image_urls(&readable.html, &mut |_| ImageLocation::Missing);
            let _ = extract(html.as_bytes(), Some(BASE), None);
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread
        .expect("a thread starts")
        .join()
        .expect("the stack is deep enough for any HTML");
}

fn tags() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "p",
        "div",
        "a",
        "b",
        "i",
        "span",
        "table",
        "tr",
        "td",
        "tbody",
        "caption",
        "colgroup",
        "col",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "pre",
        "blockquote",
        "figure",
        "figcaption",
        "img",
        "br",
        "svg",
        "math",
        "mi",
        "mtext",
        "annotation-xml",
        "foreignObject",
        "desc",
        "style",
        "script",
        "noscript",
        "template",
        "form",
        "select",
        "option",
        "iframe",
        "textarea",
        "title",
        "xmp",
        "ruby",
        "rt",
        "details",
        "summary",
        "font",
        "nobr",
        "button",
        "center",
        "hr",
        "video",
    ]);
    let attributes = prop::sample::select(vec![
        "",
        " href=/x",
        " href=javascript:x",
        " src=/p.png",
        " onclick=x",
        " title='\"<>&'",
        " title=\"&#13;\u{a0}\"",
        " xmlns=x",
        " dir=rtl",
        " lang=id",
        " open",
        " style='display:none'",
        " data-src=/l.png src='data:x'",
        " encoding=text/html",
        " width=1",
        " colspan=2",
    ]);
    let tag = (names, attributes, any::<bool>()).prop_map(|(name, attributes, opens)| {
        if opens {
            format!("<{name}{attributes}>")
        } else {
            format!("</{name}>")
        }
    });
    let words = prop::sample::select(vec![
        "x",
        " ",
        "\n",
        "&lt;b&gt;",
        "&#13;",
        "\0",
        "\u{feff}",
        "<!--",
        "-->",
        "]]>",
        "Jakarta (X) - y",
        "Baca juga: z",
    ]);
    let piece = prop_oneof![3 => tag, 1 => words.prop_map(str::to_owned)];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tag_soup_becomes_safe_and_stays_as_it_is(html in tags()) {
        check(&html);
    }

    #[test]
    fn any_text_becomes_safe_and_stays_as_it_is(html in "\\PC{0,80}") {
        check(&html);
    }

    #[test]
    fn entries_and_pages_of_tag_soup_are_safe(html in tags()) {
        let readable = from_entry(&html, Some("x"), Some(BASE), Some("id"));
        prop_assert!(dangers(readable.html.as_str()).is_empty(), "{:?}", readable.html);
        prop_assert_eq!(&sanitize(readable.html.as_str(), None), &readable.html);
        prop_assert!(readable.excerpt.chars().count() <= 280);
        if let Ok(page) = extract(html.as_bytes(), Some(BASE), None) {
            prop_assert!(dangers(page.html.as_str()).is_empty(), "{:?}", page.html);
        }
    }

    #[test]
    fn any_bytes_are_read_as_a_page(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(page) = extract(&bytes, None, None) {
            prop_assert!(dangers(page.html.as_str()).is_empty());
        }
    }

    #[test]
    fn rewritten_html_has_no_missing_pictures(html in tags()) {
        let placed = rewrite_image_urls(&stored_html(html), &mut |_| ImageLocation::Missing);
        prop_assert!(!placed.contains("<img"), "{}", placed);
    }
}
