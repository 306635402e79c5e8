//! Feed entries made readable.

use warta_article::{
    ChannelKind, ImageLocation, MAX_PICTURES, from_entry, rewrite_image_urls, sanitize,
};

const BASE: &str = "https://warta.example/berita/1";

fn clean(html: &str) -> String {
    sanitize(html, Some(BASE)).into_string()
}

#[test]
fn formatting_of_articles_is_kept() {
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
        "<ol start=\"5\" reversed=\"\"><li>five</li><li>four</li></ol>",
        "<ol type=\"a\"><li value=\"7\">g</li><li>h</li></ol>",
        "<ol start=\"-2\" type=\"I\"><li>a</li><li value=\"-9\">b</li></ol>",
    ] {
        assert_eq!(clean(html), html);
    }
}

#[test]
fn links_are_absolute_and_send_no_referrer() {
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
    assert_eq!(clean("<iframe src=about:blank></iframe>"), "");
    assert!(clean("<video><source src=/v.mp4></video>").contains("https://warta.example/v.mp4"));
}

#[test]
fn datelines_are_extracted() {
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
fn boilerplate_lines_are_removed() {
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
fn language_direction_and_word_count_are_detected() {
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
    let placed = rewrite_image_urls(&html, &mut |url| {
        asked.push(url.to_owned());
        url.ends_with("a.jpg")
            .then(|| "warta-media://localhost/1".to_owned())
            .into()
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

#[test]
fn numbers_of_lists_are_numbers() {
    for (html, expected) in [
        (
            "<ol start='+3'><li>a</ol>",
            "<ol start=\"3\"><li>a</li></ol>",
        ),
        (
            "<ol start=' 3x'><li>a</ol>",
            "<ol start=\"3\"><li>a</li></ol>",
        ),
        ("<ol start=x type=square><li>a</ol>", "<ol><li>a</li></ol>"),
        ("<ol start=99999999999><li>a</ol>", "<ol><li>a</li></ol>"),
        ("<ul><li value=--4>a</ul>", "<ul><li>a</li></ul>"),
        (
            "<ol REVERSED=reversed><li>a</ol>",
            "<ol reversed=\"\"><li>a</li></ol>",
        ),
    ] {
        assert_eq!(clean(html), expected, "{html}");
    }
}

#[test]
fn formulas_keep_their_letters() {
    for (html, expected) in [
        (
            "<math><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></mrow><annotation encoding='application/x-tex'>E=mc^2</annotation></semantics></math>",
            "E=mc<sup>2</sup>",
        ),
        (
            "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>",
            "(a+b)/2",
        ),
        (
            "<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup><msqrt><mn>3</mn></msqrt></math>",
            "x<sub>i</sub><sup>2</sup>√(3)",
        ),
        ("<math alttext='a over b'></math>", "a over b"),
        (
            "<math><semantics><annotation encoding='application/x-tex'>\\pi r^2</annotation></semantics></math>",
            "\\pi r^2",
        ),
        (
            "<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable></math>",
            "1 0; 0 1",
        ),
    ] {
        assert_eq!(
            clean(&format!("<p>x {html} y</p>")),
            format!("<p>x {expected} y</p>"),
            "{html}"
        );
    }
}

#[test]
fn embedded_media_become_links() {
    for (html, trace) in [
        (
            "<iframe title='Rapat' src=https://tube.example/videos/embed/1></iframe>",
            "https://tube.example/videos/embed/1",
        ),
        (
            "<iframe title='Rapat' src=https://tube.example/videos/embed/1></iframe>",
            "▶ Rapat",
        ),
        (
            "<iframe src='https://www.google.com/maps/embed?pb=x'></iframe>",
            "https://www.google.com/maps/embed?pb=x",
        ),
        (
            "<iframe src='' data-cookieblock-src=https://www.youtube.com/embed/abcdefghijk></iframe>",
            "watch?v=abcdefghijk",
        ),
        (
            "<iframe data-src-cmplz=https://player.vimeo.com/video/7></iframe>",
            "player.vimeo.com/video/7",
        ),
        (
            "<iframe src=about:blank data-lazy-src=//tube.example/7></iframe>",
            "https://tube.example/7",
        ),
        (
            "<object><param name=movie value=https://www.youtube.com/v/abcdefghijk><embed src=x></object>",
            "watch?v=abcdefghijk",
        ),
        (
            "<embed src=https://tube.example/x.swf>",
            "https://tube.example/x.swf",
        ),
        (
            "<object data=/a.png type=image/png>Denah <b>gedung</b></object>",
            "alt=\"Denah gedung\"",
        ),
        ("<object>Denah gedung</object>", "Denah gedung"),
        (
            "<amp-youtube data-videoid=abcdefghijk></amp-youtube>",
            "watch?v=abcdefghijk",
        ),
        (
            "<lite-youtube videoid=abcdefghijk></lite-youtube>",
            "watch?v=abcdefghijk",
        ),
        (
            "<lite-vimeo videoid=364402896></lite-vimeo>",
            "https://vimeo.com/364402896",
        ),
        (
            "<amp-iframe src=https://tube.example/7></amp-iframe>",
            "https://tube.example/7",
        ),
        (
            "<amp-twitter data-tweetid=885634330868850689></amp-twitter>",
            "https://twitter.com/i/status/885634330868850689",
        ),
    ] {
        let html_clean = clean(&format!("<p>A</p>{html}<p>B</p>"));
        assert!(html_clean.contains(trace), "{html} leaves {html_clean}");
    }
    for nothing in [
        "<iframe src=https://www.googletagmanager.com/ns.html?id=GTM-1 height=0 width=0></iframe>",
        "<iframe src=https://www.facebook.com/plugins/like.php?href=x></iframe>",
        "<iframe src=https://disqus.com/embed/comments/></iframe>",
        "<iframe src=javascript:x data-src=javascript:y></iframe>",
        "<amp-pixel src=https://t.example/p></amp-pixel>",
        "<lite-youtube videoid='\"><script>'></lite-youtube>",
        "<object><script>x</script></object>",
    ] {
        assert_eq!(
            clean(&format!("<p>A</p>{nothing}<p>B</p>")),
            "<p>A</p><p>B</p>",
            "{nothing}"
        );
    }
}

#[test]
fn pictures_within_the_html_leave_their_description() {
    let photo = format!("data:image/jpeg;base64,{}", "QUJD".repeat(400));
    let png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJ";
    let dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    let chart = "data:image/svg+xml,%3Csvg xmlns='x'%3E%3Cpath d='M0 0'/%3E%3C/svg%3E";
    let frame = "data:image/svg+xml,%3Csvg xmlns='x' viewBox='0 0 3 2'%3E%3C/svg%3E";
    for carried in [photo.as_str(), png, chart] {
        let html = clean(&format!(
            "<p>Bagan <img alt='Harga beras' src=\"{carried}\"> naik.</p>"
        ));
        assert_eq!(html, "<p>Bagan 🖼 Harga beras naik.</p>", "{carried}");
    }
    for stand_in in [dot, frame, "data:,", "data:image/png;base64,AAAA"] {
        let html = clean(&format!(
            "<p>a<img alt='Harga beras' src=\"{stand_in}\"></p>"
        ));
        assert_eq!(html, "<p>a</p>", "{stand_in}");
    }
    let html = format!("<p><img alt=x src=\"{photo}\"><noscript><img src=/a.jpg></noscript></p>");
    assert!(
        !clean(&html).contains('🖼'),
        "a `data:` picture is not a placeholder"
    );
    let html = format!("<p><img alt=x src=\"{photo}\" data-src=/a.jpg></p>");
    assert!(clean(&html).contains("/a.jpg"), "the lazy URL is used");
}

#[test]
fn lazy_attributes_count_where_they_hold_a_picture() {
    for (attributes, expected) in [
        (
            "src=/a.jpg data-url=https://warta.example/galeri/12",
            "a.jpg",
        ),
        ("src=/a.jpg data-image=48213", "a.jpg"),
        ("src=/a.jpg data-src=true", "a.jpg"),
        ("src=/a.jpg data-original=/foto/4.html", "a.jpg"),
        ("src=/a.jpg data-img=/", "a.jpg"),
        ("src=/a.jpg data-src=#", "a.jpg"),
        ("src=/a.jpg data-lazy='{\"a\":\"b.jpg\"}'", "a.jpg"),
        ("src=/a.jpg data-full=false", "a.jpg"),
        ("src=/a-low.jpg data-src=/a.jpg", "a.jpg"),
        ("src=/a-low.jpg data-src=/media/12?w=900", "media/12?w=900"),
        ("src=/blank.gif data-cfsrc=/a.jpg", "a.jpg"),
        ("data-lazyload=/a.jpg", "a.jpg"),
        ("data-src=/12/900", "12/900"),
        // Blurred stand-ins.
        (
            "src='/a.jpg?w=20' srcset='/a.jpg?w=20 20w, /a.jpg?w=1200 1200w'",
            "a.jpg?w=1200",
        ),
        (
            "src='/a.jpg?w=20&blur=10' srcset='/a.jpg?w=900 900w'",
            "a.jpg?w=900",
        ),
        (
            "src=/a-20x13.jpg srcset='/a-800x533.jpg 800w'",
            "a-800x533.jpg",
        ),
        (
            "src=/w_30,e_blur/a.jpg data-srcset='/w_900/a.jpg 900w'",
            "w_900/a.jpg",
        ),
        (
            "src=/small.jpg srcset='/small.jpg 150w, /a.jpg 1024w'",
            "a.jpg",
        ),
        ("src=/a.jpg srcset='/a.jpg 1024w, /b.jpg 1600w'", "a.jpg"),
        // The only one there is.
        ("src='/a.jpg?w=20'", "a.jpg?w=20"),
    ] {
        let readable = from_entry(
            &format!("<p>x <img {attributes}></p>"),
            None,
            Some(BASE),
            None,
        );
        let urls: Vec<&str> = readable.pictures.iter().map(|p| p.url.as_str()).collect();
        assert_eq!(
            urls,
            [format!("https://warta.example/{expected}")],
            "{attributes}"
        );
    }
}

#[test]
fn of_several_types_one_that_every_system_shows_is_taken() {
    for (sources, expected) in [
        (
            "<source type=image/avif srcset=/a.avif><source type=image/webp srcset=/a.webp>",
            "a.webp",
        ),
        (
            "<source type=image/jxl srcset=/a.jxl><source type=image/jpeg srcset=/a.jpg>",
            "a.jpg",
        ),
        ("<source type=image/avif srcset=/a.avif>", "a.avif"),
    ] {
        let readable = from_entry(
            &format!("<p>x</p><picture>{sources}<img alt=x></picture>"),
            None,
            Some(BASE),
            None,
        );
        assert_eq!(
            readable.pictures[0].url,
            format!("https://warta.example/{expected}"),
            "{sources}"
        );
    }
}

#[test]
fn the_lead_picture_shows_what_the_article_is_about() {
    let photo = "<img src=/foto/banjir.jpg>";
    for before in [
        "<img src=https://s.w.org/images/core/emoji/15/72x72/1f600.png alt=😀>",
        "<img src=/x.png alt=😀>",
        "<img src=https://secure.gravatar.com/avatar/1?s=96>",
        "<img src=/avatars/rani.jpg>",
        "<img src=/img/logo.png>",
        "<img src=/kabar-logo.png>",
        "<img src=/icons/share.png>",
        "<img src=/a.jpg width=32 height=32>",
        "<img src=/a.jpg style='width:1px;height:1px'>",
    ] {
        let readable = from_entry(
            &format!("<p>x {before} y {photo}</p>"),
            None,
            Some(BASE),
            None,
        );
        let lead = readable.lead_picture.map(|lead| lead.url);
        assert_eq!(
            lead.as_deref(),
            Some("https://warta.example/foto/banjir.jpg"),
            "{before}"
        );
        let alone = from_entry(&format!("<p>x {before} y</p>"), None, Some(BASE), None);
        assert_eq!(alone.lead_picture, None, "{before}");
    }
    for lead in [
        "<img src=/foto/klub-perkenalkan-logo-baru-hari-ini.jpg>",
        "<img src=/logo.png width=800 height=600>",
        "<img src=/foto/iconic-bridge.jpg>",
        "<img src=/a.jpg alt=Banjir>",
    ] {
        let readable = from_entry(&format!("<p>x {lead}</p>"), None, Some(BASE), None);
        assert!(readable.lead_picture.is_some(), "{lead}");
    }
}

#[test]
fn the_number_of_listed_pictures_is_limited() {
    let html = (0..1_000).fold(String::from("<p>x</p>"), |html, n| {
        html + &format!("<img src=/{n}.jpg alt={n}>")
    });
    let readable = from_entry(&html, None, Some(BASE), None);
    assert_eq!(readable.pictures.len(), MAX_PICTURES);
    let mut asked = 0;
    let placed = rewrite_image_urls(&readable.html, &mut |_| {
        asked += 1;
        ImageLocation::Missing
    });
    assert_eq!(asked, 1_000, "pictures beyond the limit stay in the HTML");
    assert!(
        placed.contains("aria-label=\"999\""),
        "with their descriptions"
    );
}

#[test]
fn pictures_that_show_nothing_leave_no_gap() {
    let html = sanitize(
        "<p>x</p><img src=/a.jpg alt=A><img src=/b.jpg alt=B>",
        Some(BASE),
    );
    let placed = rewrite_image_urls(&html, &mut |url| {
        if url.ends_with("a.jpg") {
            ImageLocation::LeftOut
        } else {
            ImageLocation::Missing
        }
    });
    assert!(
        !placed.contains('A') && placed.contains("aria-label=\"B\""),
        "{placed}"
    );
}

#[test]
fn control_characters_are_removed() {
    let html = "<p>a&#27;[31m\u{1b}]0;x\u{7}b\u{202e}c</p><img src=/a.jpg alt='x\u{202e}\u{8}y' title='\u{9b}z'>\
        <p lang=ar>\u{202b}مرحبا\u{202c}</p><p>d\u{200f}e\u{200e}</p>";
    let readable = from_entry(html, None, Some(BASE), None);
    for text in [
        readable.html.as_str(),
        &readable.text,
        &readable.excerpt,
        &readable.pictures[0].alt,
    ] {
        let is_control =
            |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202d}' | '\u{202e}');
        assert!(!text.contains(is_control), "{text:?}");
    }
    assert!(
        readable.text.contains("\u{202b}مرحبا\u{202c}"),
        "a closed bidi embedding is kept"
    );
    assert!(readable.text.contains("d\u{200f}e\u{200e}"), "marks stay");
}

#[test]
fn line_ends_beside_markup_are_white_space() {
    for (html, breaks, paragraphs) in [
        (
            "<b>Harga</b> beras naik\ndi pasar <a href=/x>kota</a>\npagi ini.",
            0,
            1,
        ),
        ("Satu <em>dua</em>\ntiga.\n\nEmpat\nlima.", 0, 2),
        ("Satu\ndua <img src=/a.jpg>\ntiga", 0, 1),
        ("Satu\ndua\n\ntiga", 1, 2),
        ("1 < 2\ndan 3 > 2", 1, 1),
    ] {
        let readable = from_entry(html, None, Some(BASE), None);
        let count = |tag: &str| readable.html.as_str().matches(tag).count();
        assert_eq!(
            (count("<br>"), count("<p>")),
            (breaks, paragraphs),
            "{html}: {:?}",
            readable.html
        );
    }
}
