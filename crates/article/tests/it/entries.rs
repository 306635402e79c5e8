//! Feed entries made readable.

use warta_article::{ChannelKind, from_entry, place_pictures, sanitize};

const BASE: &str = "https://warta.example/berita/1";

fn clean(html: &str) -> String {
    sanitize(html, Some(BASE)).into_string()
}

#[test]
fn what_articles_are_made_of_is_kept() {
    for html in [
        "<h2>Judul</h2><p>Satu <strong>dua</strong> <em>tiga</em></p>",
        "<ul><li>a</li><li>b<ol start=\"3\"><li>c</li></ol></li></ul>",
        "<table><caption>t</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td colspan=\"2\">b</td></tr></tbody></table>",
        "<pre><code>x\n  y</code></pre>",
        "<blockquote><p>q</p></blockquote>",
        "<dl><dt>a</dt><dd>b</dd></dl>",
        "<p>H<sub>2</sub>O m<sup>2</sup> <abbr title=\"x\">y</abbr> <time datetime=\"2026-01-01\">z</time></p>",
        "<details><summary>a</summary><p>b</p></details>",
        "<p dir=\"rtl\" lang=\"ar\">مرحبا</p>",
        "<figure><img src=\"https://warta.example/a.jpg\" alt=\"a\"><figcaption>b</figcaption></figure>",
    ] {
        assert_eq!(clean(html), html);
    }
}

#[test]
fn links_are_absolute_and_tell_nothing() {
    let rel = "rel=\"noopener noreferrer nofollow\"";
    for (html, expected) in [
        (
            "<a href=/x?a=1&b=2 target=_blank id=q>y</a>",
            format!("<a href=\"https://warta.example/x?a=1&amp;b=2\" {rel}>y</a>"),
        ),
        (
            "<a href=mailto:a@b.example>y</a>",
            format!("<a href=\"mailto:a@b.example\" {rel}>y</a>"),
        ),
        ("<a href=ftp://x.example/>y</a>", "<a>y</a>".into()),
    ] {
        assert_eq!(clean(html), expected);
    }
    assert_eq!(
        sanitize("<a href=/x>y</a><img src=/z.png>", None).as_str(),
        "<a>y</a>"
    );
}

#[test]
fn pictures_are_found_where_scripts_would_put_them() {
    for (html, expected) in [
        (
            "<img data-src=/a.jpg src=data:image/gif;base64,R0>",
            Some("a.jpg"),
        ),
        (
            "<img data-original=/a.jpg src=/lazy/placeholder.png>",
            Some("a.jpg"),
        ),
        (
            "<img srcset='/s.jpg 320w, /a.jpg 1200w, /x.jpg 6000w'>",
            Some("a.jpg"),
        ),
        (
            "<picture><source srcset='/a.jpg 1x'><img alt=x></picture>",
            Some("a.jpg"),
        ),
        (
            "<img class=lazy src=data:x><noscript><img src=/a.jpg></noscript>",
            Some("a.jpg"),
        ),
        (
            "<img data-src=/a.jpg><noscript><img src=/a.jpg></noscript>",
            Some("a.jpg"),
        ),
        ("<img src=/a.jpg width=1 height=1>", None),
        ("<img src=/a.jpg style='width: 1px; height: 1px'>", None),
        ("<img src=https://feeds.feedburner.com/~r/x/4/a.jpg>", None),
        ("<img src=https://www.facebook.com/tr?id=1>", None),
        ("<img src=data:image/png;base64,AAAA>", None),
    ] {
        let readable = from_entry(html, None, Some(BASE), None);
        let urls: Vec<&str> = readable.pictures.iter().map(|p| p.url.as_str()).collect();
        let expected: Vec<String> = expected
            .iter()
            .map(|name| format!("https://warta.example/{name}"))
            .collect();
        assert_eq!(urls, expected, "{html}");
        assert_eq!(readable.lead_picture, readable.pictures.first().cloned());
    }
}

#[test]
fn embedded_videos_become_links_with_their_still() {
    let html = clean(
        "<p>x</p><iframe src='https://www.youtube.com/embed/abcdefghijk' title='Banjir'></iframe>",
    );
    assert!(
        html.contains("https://i.ytimg.com/vi/abcdefghijk/hqdefault.jpg"),
        "{html}"
    );
    assert!(html.contains("▶ Banjir</a>"), "{html}");
    assert_eq!(clean("<iframe src=https://ads.example/x></iframe>"), "");
    assert!(clean("<video><source src=/v.mp4></video>").contains("https://warta.example/v.mp4"));
}

#[test]
fn datelines_are_set_off() {
    for (html, dateline, text) in [
        (
            "<p>Beijing (BERITAJA) - Presiden tiba.</p>",
            "BEIJING (BERITAJA)",
            "Presiden tiba.",
        ),
        (
            "<p>BEIJING (BERITAJA) — Presiden tiba.</p>",
            "BEIJING (BERITAJA)",
            "Presiden tiba.",
        ),
        (
            "<p>Jakarta (ANTARA) -\nPresiden tiba.</p>",
            "JAKARTA (ANTARA)",
            "Presiden tiba.",
        ),
        (
            "<p><strong>JAKARTA, KOMPAS.com</strong> – Hujan turun.</p>",
            "JAKARTA, KOMPAS.com",
            "Hujan turun.",
        ),
        (
            "<p><strong>Surabaya, Media</strong> - Hujan turun.</p>",
            "SURABAYA, Media",
            "Hujan turun.",
        ),
        (
            "<div><b>Jakarta</b> - Hujan turun.</div>",
            "JAKARTA",
            "Hujan turun.",
        ),
        (
            "<img src=/a.jpg><p>LONDON (Reuters) - Rain fell.</p>",
            "LONDON (Reuters)",
            "Rain fell.",
        ),
        (
            "LONDON, May 5 (Reuters) -- Rain fell.",
            "LONDON, MAY 5 (Reuters)",
            "Rain fell.",
        ),
        (
            "<p><b>Kupang</b> (<a href=/x>ANTARA</a>) - Hujan turun.</p>",
            "KUPANG (ANTARA)",
            "Hujan turun.",
        ),
    ] {
        let readable = from_entry(html, None, Some(BASE), None);
        assert_eq!(readable.dateline.as_deref(), Some(dateline), "{html}");
        assert_eq!(readable.text, text, "{html}");
        assert_eq!(readable.excerpt, text, "{html}");
        assert!(!readable.html.as_str().contains("ANTARA"), "{html}");
    }
    for html in [
        "<p>Ini berita - bukan garis tempat.</p>",
        "<p><b>Penting sekali untuk semua orang</b> - begitu katanya.</p>",
        "<p>Dia (30) pergi - lalu kembali.</p>",
        "<p>Hari-hari berlalu.</p>",
        "<h3>JAKARTA - Hujan</h3>",
    ] {
        let readable = from_entry(html, None, Some(BASE), None);
        assert_eq!(readable.dateline, None, "{html}");
    }
}

#[test]
fn lines_that_are_no_article_text_go() {
    let kept = "Isi berita yang sebenarnya.";
    for line in [
        "<p>Silakan baca konten menarik lainnya dari Wartaku di Google News dan Whatsapp Channel!</p>",
        "<p>Baca juga di Google News dan WhatsApp Channel</p>",
        "<p>Ikuti kami di <a href=https://whatsapp.com/channel/0029VaAbCdEf>WhatsApp Channel</a>.</p>",
        "<p>Follow us on Google News and WhatsApp Channel</p>",
        "<p><strong>Baca juga:</strong> <a href=/2>Berita lain hari ini</a></p>",
        "<div>Simak juga: <a href=/2>Video lain</a></div>",
        "<p>ADVERTISEMENT</p>",
        "<p>SCROLL TO CONTINUE WITH CONTENT</p>",
        "<p>Scroll untuk melanjutkan</p>",
        "<p>The post <a href=/1>Judul</a> appeared first on <a href=/>Wartaku</a>.</p>",
        "<ul><li>Baca juga: <a href=/2>Lain</a></li></ul>",
    ] {
        let readable = from_entry(&format!("<p>{kept}</p>{line}"), None, Some(BASE), None);
        assert_eq!(readable.text, kept, "{line}");
        assert_eq!(readable.html.as_str(), format!("<p>{kept}</p>"), "{line}");
    }
    for line in [
        "<p>Baca buku juga penting bagi anak.</p>",
        "<p>Google News kini hadir dalam bahasa baru.</p>",
        "<p>Iklan rokok dilarang mulai bulan depan.</p>",
    ] {
        let readable = from_entry(line, None, Some(BASE), None);
        assert!(!readable.text.is_empty(), "{line}");
    }
}

#[test]
fn publisher_channels_are_returned_wherever_they_stand() {
    let html = "<p>Isi <a href='https://news.google.com/publications/CAAqBwgKMLabc?hl=id'>di sini</a>.</p>\
        <p>Baca konten lain di <a href=https://www.whatsapp.com/channel/0029VaAbCdEf>WhatsApp Channel</a></p>";
    let readable = from_entry(html, None, Some(BASE), None);
    let found: Vec<(ChannelKind, &str)> = readable
        .publisher_channels
        .iter()
        .map(|c| (c.kind, c.url.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (
                ChannelKind::GoogleNews,
                "https://news.google.com/publications/CAAqBwgKMLabc"
            ),
            (
                ChannelKind::WhatsappChannel,
                "https://whatsapp.com/channel/0029VaAbCdEf"
            ),
        ]
    );
    assert_eq!(readable.text, "Isi di sini.");
    let short = from_entry(
        "<a href=https://wa.me/channel/0029VaAbCdEf>x</a>",
        None,
        None,
        None,
    );
    assert_eq!(
        short.publisher_channels[0].url,
        "https://whatsapp.com/channel/0029VaAbCdEf"
    );
}

#[test]
fn text_without_markup_gets_paragraphs() {
    for (html, expected) in [
        (
            "Satu.\n\nDua.\n\n\nTiga.",
            "<p>Satu.</p><p>Dua.</p><p>Tiga.</p>",
        ),
        (
            "Satu.<br><br>Dua.<br />\n<br />Tiga.",
            "<p>Satu.</p><p>Dua.</p><p>Tiga.</p>",
        ),
        ("Satu.<br>Dua.", "<p>Satu.<br>Dua.</p>"),
        (
            "<div>Satu.<br><br>Dua.<p>Tiga.</p></div>",
            "<div><p>Satu.</p><p>Dua.</p><p>Tiga.</p></div>",
        ),
        ("<p>Satu.<br><br>Dua.</p>", "<p>Satu.</p><p>Dua.</p>"),
    ] {
        assert_eq!(
            from_entry(html, None, None, None).html.as_str(),
            expected,
            "{html}"
        );
    }
    assert_eq!(
        from_entry("<p>a</p><ul><li>b<li>c</ul>", None, None, None).text,
        "a\n\nb\nc"
    );
}

#[test]
fn a_heading_that_repeats_the_title_goes() {
    let readable = from_entry(
        "<h1>Hujan di Bogor!</h1><p>Isi.</p>",
        Some("Hujan di Bogor"),
        None,
        None,
    );
    assert_eq!(readable.text, "Isi.");
    let other = from_entry(
        "<h1>Lain</h1><p>Isi.</p>",
        Some("Hujan di Bogor"),
        None,
        None,
    );
    assert_eq!(other.text, "Lain\n\nIsi.");
}

#[test]
fn languages_directions_and_words_are_told() {
    let indonesian = "Pemerintah daerah akan membangun jembatan baru yang menghubungkan dua kampung di seberang sungai agar anak-anak tidak lagi terlambat tiba di sekolah setiap pagi.";
    let english = "The council will build a new bridge between the two villages across the river so that children no longer arrive late for school in the morning.";
    let arabic = "ستقوم البلدية ببناء جسر جديد يربط بين القريتين عبر النهر حتى لا يتأخر الأطفال عن المدرسة كل صباح، وسيبدأ العمل في الشهر المقبل بعد انتهاء موسم الأمطار الطويل.";
    let malay = "Kerajaan negeri akan membina jambatan baharu yang menghubungkan dua kampung di seberang sungai supaya kanak-kanak tidak lagi lewat tiba di sekolah setiap pagi.";
    for (text, hint, language, right_to_left) in [
        (indonesian, None, Some("id"), false),
        (indonesian, Some("en"), Some("id"), false),
        (english, Some("id-ID"), Some("en"), false),
        (malay, Some("ms-MY"), Some("ms"), false),
        (arabic, None, Some("ar"), true),
        ("Hujan.", Some("in"), Some("id"), false),
        ("Hujan.", Some("nonsense!"), None, false),
    ] {
        let readable = from_entry(text, None, None, hint);
        assert_eq!(readable.language.as_deref(), language, "{text}");
        assert_eq!(readable.right_to_left, right_to_left, "{text}");
    }
    assert_eq!(from_entry("satu dua, tiga", None, None, None).word_count, 3);
    assert_eq!(from_entry("今天天气很好", None, None, None).word_count, 3);
}

/// Words are counted in many bytes at once: none is lost or counted twice where two parts meet.
#[test]
fn words_are_counted_the_same_wherever_they_stand() {
    for before in 1..=400 {
        let text = format!(
            "{} it's 1,000 google.com x_y a,,b – naïve end",
            "x".repeat(before)
        );
        let read = from_entry(&text, None, None, None);
        assert_eq!(read.word_count, 9, "behind {before} letters");
    }
}

#[test]
fn excerpts_end_at_a_word() {
    let readable = from_entry(&"kata-kata panjang ".repeat(50), None, None, None);
    assert!(readable.excerpt.ends_with('…') && readable.excerpt.chars().count() <= 280);
    assert!(!readable.excerpt.contains(" …"), "{}", readable.excerpt);
    assert!(
        from_entry(&"字".repeat(900), None, None, None)
            .excerpt
            .chars()
            .count()
            <= 280
    );
}

#[test]
fn pictures_load_only_from_where_they_are_kept() {
    let html = sanitize(
        "<p>x</p><img src=/a.jpg alt='A \"b\"' width=600 height=400><img src=/b.jpg alt=B>",
        Some(BASE),
    );
    let mut asked = Vec::new();
    let placed = place_pictures(&html, &mut |url| {
        asked.push(url.to_owned());
        url.ends_with("a.jpg")
            .then(|| "warta-media://localhost/1".to_owned())
    });
    assert_eq!(
        asked,
        ["https://warta.example/a.jpg", "https://warta.example/b.jpg"]
    );
    assert!(!placed.contains("warta.example"), "{placed}");
    for part in [
        "src=\"warta-media://localhost/1\"",
        "loading=\"lazy\"",
        "decoding=\"async\"",
        "alt=\"A &quot;b&quot;\"",
        "width=\"600\"",
        "height=\"400\"",
        "class=\"picture-missing\"",
        "aria-label=\"B\"",
    ] {
        assert!(placed.contains(part), "{part} in {placed}");
    }
}
