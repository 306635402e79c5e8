//! Extraction: what is kept, what is removed, what is distinguished, and its time limits.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use warta_article::{
    ChannelKind, NoArticle, Page, PreferredText, extract, from_entry, preferred_text,
    wants_full_text,
};

use crate::corpora;

const URL: &str = "https://kabar.example/berita/7123456/pasar-terapung";

/// Four paragraphs of a report, written for these tests.
const REPORT: [&str; 4] = [
    "Pasar terapung di muara Sungai Kapas kembali ramai sejak subuh, setelah dua pekan sepi karena banjir yang merendam sebagian besar dermaga kayu.",
    "Para pedagang sayur menambatkan perahu mereka berjajar, sementara pembeli menawar dari tepian sambil menunggu kabut terangkat dari permukaan air.",
    "Menurut kepala dermaga, jumlah perahu pekan ini sudah mendekati keadaan semula, dan harga cabai serta bawang mulai turun sedikit demi sedikit.",
    "Pemerintah kampung berjanji menambah lampu di sepanjang dermaga sebelum musim hujan tiba, supaya bongkar muat dapat dimulai lebih pagi lagi.",
];

fn paragraphs() -> String {
    REPORT.iter().fold(String::new(), |mut html, text| {
        let _ = write!(html, "<p>{text}</p>");
        html
    })
}

fn found(html: &str) -> Page {
    extract(html.as_bytes(), Some(URL), None).expect("the page has an article")
}

fn article(inside: &str) -> Page {
    found(&format!(
        "<html lang=id><head><title>Pasar terapung ramai lagi</title></head><body><main><h1>Pasar terapung ramai lagi</h1><div class=article-body>{inside}</div></main></body></html>"
    ))
}

fn check_whole(page: &Page) {
    for part in REPORT {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
}

#[test]
fn page_furniture_is_removed_and_the_article_kept() {
    let teasers = (0..6).fold(String::new(), |mut html, n| {
        let _ = write!(
            html,
            "<article class=card><h3><a href=/b/{n}>Kabar lain yang ke-{n} dari desa</a></h3>\
             <p>Cuplikan singkat kabar lain nomor {n}, dengan beberapa kata supaya tampak seperti isi, titik.</p></article>"
        );
        html
    });
    let page = found(&format!(
        "<html><head><title>Pasar terapung ramai lagi | Kabar Kita</title></head><body class=has-sidebar>
        <header><nav><a href=/>Beranda</a> <a href=/o>Olahraga</a></nav></header>
        <div id=page><div class=cookie-banner>Situs ini memakai kuki, dengan membaca terus Anda setuju, terima kasih banyak.</div>
        <div class=col><h1>Pasar terapung ramai lagi</h1><p class=intro>Dermaga Sungai Kapas hidup kembali, pedagang dan pembeli berdatangan sejak subuh.</p>
        <div class=meta>Oleh Rani Prasetya, Rabu, 4 Maret 2026</div><div class=share-buttons><a href=#>Bagikan</a></div>
        <div class=entry>{}<p>Lea también: <a href=/x>Otra noticia del río que no viene a cuento</a></p>
        <h3>Artikel terkait</h3><ul><li><a href=/1>Satu kabar lain lagi dari hulu</a><li><a href=/2>Dua kabar lain lagi dari hulu</a></ul></div>
        <div class=author-bio>Rani Prasetya menulis tentang pasar dan sungai, tinggal di Lembah Kapas bersama dua kucing.</div>
        <div id=comments><p>Komentar pembaca yang cukup panjang, dengan koma, titik, dan pendapat yang kuat sekali.</p></div></div>
        <aside>{teasers}</aside></div><footer>Hak cipta 2026 Kabar Kita, semua hak dilindungi undang-undang.</footer></body></html>",
        paragraphs()
    ));
    check_whole(&page);
    assert_eq!(page.title.as_deref(), Some("Pasar terapung ramai lagi"));
    assert!(
        page.text.contains("hidup kembali"),
        "the standfirst is part of it: {}",
        page.text
    );
    for part in [
        "Beranda",
        "kuki",
        "Bagikan",
        "Lea también",
        "terkait",
        "dari hulu",
        "dua kucing",
        "Komentar pembaca",
        "Cuplikan",
        "Hak cipta",
        "Rabu",
    ] {
        assert!(!page.text.contains(part), "{part} in {}", page.text);
    }
}

#[test]
fn of_several_articles_the_one_below_the_title_is_taken() {
    let other = "Kabar kedua bercerita panjang lebar tentang lomba layang-layang di lapangan desa, yang diikuti puluhan anak dan orang tua mereka. ".repeat(8);
    let page = found(&format!(
        "<html><head><meta property=og:title content='Pasar terapung ramai lagi'></head><body><main><article class=post><h1>Pasar terapung ramai lagi</h1><div>{}</div></article><article class=post><h1>Lomba layang-layang</h1><div><p>{other}</p></div></article></main></body></html>",
        paragraphs()
    ));
    check_whole(&page);
    assert!(!page.text.contains("layang-layang"), "{}", page.text);
}

#[test]
fn indonesian_lines_become_structure() {
    let [first, second, third, fourth] = REPORT;
    for (line, dateline) in [
        ("Jakarta (ANTARA) - ", Some("JAKARTA (ANTARA)")),
        (
            "<strong>JAKARTA, KOMPAS.com</strong> - ",
            Some("JAKARTA, KOMPAS.com"),
        ),
        ("JAKARTA, KOMPAS.com – ", Some("JAKARTA, KOMPAS.com")),
        ("<b>Lembah Kapas</b> - ", Some("LEMBAH KAPAS")),
        ("", None),
    ] {
        let page = article(&format!(
            "<p>{line}{first}</p><p><strong>Baca juga: <a href=/x>Perahu terakhir di hulu</a></strong></p><p>{second}</p>
            <div>ADVERTISEMENT</div><div>SCROLL TO CONTINUE WITH CONTENT</div><p>Scroll untuk melanjutkan</p><p>{third}</p>
            <p>Simak juga: <a href=/y>Video: Pasar dari udara</a></p><p>{fourth}</p><p>(rpr/abc)</p>
            <p>Ikuti berita terbaru di <a href=https://news.google.com/publications/CAAqBwgKMLabc>Google News</a> dan <a href=https://whatsapp.com/channel/0029VaAbCdEf>WhatsApp Channel</a> kami.</p>"
        ));
        check_whole(&page);
        assert_eq!(page.dateline.as_deref(), dateline, "{line}");
        for part in [
            "Baca juga",
            "ADVERTISEMENT",
            "SCROLL",
            "Scroll",
            "Simak juga",
            "rpr/abc",
            "Google News",
            "Perahu terakhir",
        ] {
            assert!(!page.text.contains(part), "{part} in {}", page.text);
        }
        let kinds: Vec<ChannelKind> = page.publisher_channels.iter().map(|c| c.kind).collect();
        assert_eq!(
            kinds,
            [ChannelKind::GoogleNews, ChannelKind::WhatsappChannel]
        );
    }
}

#[test]
fn a_dateline_may_stand_alone_or_behind_a_standfirst() {
    let page = article(&format!(
        "<p>ISTANBUL, 23 Februari 2016 (Antara/PRNewswire) -</p>{}",
        paragraphs()
    ));
    assert_eq!(
        page.dateline.as_deref(),
        Some("ISTANBUL, 23 FEBRUARI 2016 (Antara/PRNewswire)")
    );
    check_whole(&page);
    assert!(!page.text.contains("ISTANBUL"), "{}", page.text);
}

#[test]
fn the_next_page_of_an_article_is_found() {
    let page = article(&format!(
        "{}<div class=paging>Halaman: <a href='?page=2'>2</a> <a href='?page=3'>3</a> <a href='?page=2'>Selanjutnya</a> <a href='?page=all'>Tampilkan Semua</a></div>",
        paragraphs()
    ));
    check_whole(&page);
    assert_eq!(page.next_page, Some(format!("{URL}?page=2")));
    assert_eq!(page.single_page, Some(format!("{URL}?page=all")));
    assert!(!page.text.contains("Tampilkan"), "{}", page.text);
    let whole = article(&paragraphs());
    assert_eq!((whole.next_page, whole.single_page), (None, None));
}

#[test]
fn figures_tables_quotes_code_and_videos_keep_their_form() {
    let [first, second, third, fourth] = REPORT;
    let page = article(&format!(
        "<p>{first}</p><div class=photo><img data-src=/gambar/satu.jpg src='data:image/gif;base64,R0' alt=Dermaga><span class=caption>Dermaga pada pagi hari. Foto: Kabar Kita</span></div>
        <p>{second}</p><noscript><img src=/gambar/dua.jpg></noscript><img srcset='/gambar/tiga-400.jpg 400w, /gambar/tiga-1200.jpg 1200w'>
        <blockquote><p>Kami senang air sudah surut, kata seorang pedagang tua.</p></blockquote><p>{third}</p>
        <table><tr><th>Barang</th><th>Harga</th></tr><tr><td>Cabai</td><td>40.000</td></tr></table>
        <pre><code>perahu = 12</code></pre><iframe src=https://www.youtube.com/embed/abcdefghijk></iframe><p>{fourth}</p>"
    ));
    check_whole(&page);
    let html = page.html.as_str();
    let address = |name: &str| format!("https://kabar.example/gambar/{name}.jpg");
    for name in ["satu", "dua", "tiga-1200"] {
        assert!(
            page.images.iter().any(|image| image.url == address(name)),
            "{name} of {:?}",
            page.images
        );
    }
    for part in [
        "<figcaption>Dermaga pada pagi hari.",
        "<blockquote>",
        "<td>40.000</td>",
        "<code>perahu = 12</code>",
        "https://www.youtube.com/watch?v=abcdefghijk",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(
        page.text.contains("perahu = 12") && page.text.contains("Cabai 40.000"),
        "{}",
        page.text
    );
    assert!(
        !page.text.contains("pada pagi hari"),
        "captions are not part of the text: {}",
        page.text
    );
}

#[test]
fn paywalled_beginnings_are_marked() {
    let [first, ..] = REPORT;
    let paid = "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"Pasar\",\"isAccessibleForFree\":\"False\"}</script>";
    let long = paragraphs().repeat(6);
    for (inside, expected) in [
        (
            format!(
                "<p>{first}</p><div class=paywall-box><p>Artikel ini khusus pelanggan. Berlangganan untuk membaca selengkapnya.</p></div>"
            ),
            true,
        ),
        (
            format!(
                "<p>{first}</p><div class=box><p>Subscribe to continue reading this article today.</p></div>"
            ),
            true,
        ),
        (format!("{paid}<p>{first}</p>"), true),
        (format!("{paid}{long}"), false),
        (paragraphs(), false),
    ] {
        let page = article(&inside);
        assert_eq!(page.paywalled, expected, "{inside}");
        assert!(!page.text.contains("Berlangganan"), "{}", page.text);
    }
}

#[test]
fn short_texts_of_feeds_ask_for_the_page() {
    let feed = |html: &str| from_entry(html, None, None, None);
    let long = paragraphs().repeat(3);
    for (html, expected) in [
        ("", true),
        ("<p>Dua baris saja.</p>", true),
        (long.as_str(), false),
        (&format!("{long}<p>Selengkapnya […]</p>"), true),
        (&format!("{long}<p>Dan kemudian mereka…</p>"), true),
        (
            &paragraphs().repeat(2).replace("lagi.</p>", "lagi dan</p>"),
            true,
        ),
    ] {
        assert_eq!(wants_full_text(&feed(html)), expected, "{html}");
    }
}

#[test]
fn the_longer_text_of_the_same_article_shows() {
    let [first, ..] = REPORT;
    let feed = |html: &str| from_entry(html, None, None, None);
    let page = article(&paragraphs());
    assert_eq!(
        preferred_text(&feed(&format!("<p>{first}</p>")), &page),
        PreferredText::Page
    );
    assert_eq!(
        preferred_text(&feed(&paragraphs()), &page),
        PreferredText::Feed,
        "no longer"
    );
    assert_eq!(
        preferred_text(&feed(&paragraphs().repeat(2)), &page),
        PreferredText::Feed,
        "shorter"
    );
    let consent = article(&"<p>We value your privacy, and with our partners store information on devices for advertising, measurement and research.</p>".repeat(8));
    assert_eq!(
        preferred_text(&feed(&format!("<p>{first}</p>")), &consent),
        PreferredText::Feed,
        "another text"
    );
}

/// `../shared/seed`, the page that Warta started from, as a page of HTML.
#[test]
fn the_page_that_warta_started_from_comes_out_whole() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seed/article.txt");
    let Ok(seed) = std::fs::read_to_string(path) else {
        println!("skipped: the seed was not found");
        return;
    };
    let blocks: Vec<&str> = seed
        .split("\n\n")
        .map(str::trim)
        .filter(|b| !b.is_empty())
        .collect();
    let [section, title, since, text @ .., invitation] = &blocks[..] else {
        panic!("the seed has a section, a title, a time, a text and an invitation");
    };
    let paragraphs = text
        .iter()
        .fold(String::new(), |html, p| html + "<p>" + p + "</p>");
    let invitation = invitation
        .replace(
            "Google News",
            "<a href='https://news.google.com/publications/CAAqBwgKMLabc'>Google News</a>",
        )
        .replace(
            "Whatsapp Channel",
            "<a href='https://whatsapp.com/channel/0029VaAbCdEf'>Whatsapp Channel</a>",
        );
    let page = found(&format!(
        "<html lang=id><head><title>{title}</title><meta property=og:title content='{title}'><meta property=og:site_name content=Beritaja></head><body>
        <nav><a href=/>Beranda</a><a href=/t>Trending</a></nav><div class=wrap><div class=section>{section}</div><h1>{title}</h1><div>{since}</div>
        <div class=post-body><img src=/foto.jpg>{paragraphs}<br><br><br><p>{invitation}</p></div></div>
        <div class=related><h3>Terkait</h3><a href=/1>Kabar lain</a></div></body></html>"
    ));
    assert_eq!(
        page.title.as_deref(),
        title.rsplit_once(" - ").map(|(title, _)| title)
    );
    assert_eq!(page.dateline.as_deref(), Some("BEIJING (BERITAJA)"));
    for paragraph in text {
        let rest = paragraph.trim_start_matches("Beijing (BERITAJA) - ");
        assert!(page.text.contains(rest), "{rest} in {}", page.text);
    }
    assert_eq!(
        page.text.split("\n\n").count(),
        text.len(),
        "nothing else: {}",
        page.text
    );
    assert_eq!(page.publisher_channels.len(), 2);
}

/// Four-word shingles and their counts.
fn shingles(text: &str) -> HashMap<Vec<String>, usize> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let mut counts = HashMap::new();
    for run in words.windows(4.min(words.len().max(1))) {
        *counts.entry(run.to_vec()).or_default() += 1;
    }
    counts
}

/// Balanced precision and recall of one text against another.
fn agreement(text: &str, expected: &str) -> f64 {
    let (text, expected) = (shingles(text), shingles(expected));
    let both: usize = text
        .iter()
        .map(|(run, count)| count.min(expected.get(run).unwrap_or(&0)))
        .sum();
    let all: usize = text.values().sum::<usize>() + expected.values().sum::<usize>();
    2.0 * both as f64 / all.max(1) as f64
}

#[test]
#[ignore = "needs WARTA_CORPORA"]
fn the_readability_pages_come_out_as_others_expect() {
    let folder = corpora("extract/readability/mozilla__readability/test/test-pages");
    let mut results = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let page = entry.expect("the folder can be read").path();
        let (Ok(source), Ok(expected)) = (
            std::fs::read_to_string(page.join("source.html")),
            std::fs::read_to_string(page.join("expected.html")),
        ) else {
            continue;
        };
        let url = Some("http://fakehost/test/page.html");
        let text = extract(source.as_bytes(), url, None).map_or_else(
            |_| String::new(),
            |page| from_entry(page.html.as_str(), None, None, None).text,
        );
        let expected = from_entry(&expected, None, url, None).text;
        results.push((agreement(&text, &expected), page));
    }
    results.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean = results.iter().map(|r| r.0).sum::<f64>() / results.len() as f64;
    for (agreement, page) in results.iter().take(10) {
        println!("{agreement:.3} {}", page.display());
    }
    println!("mean of {} pages: {mean:.3}", results.len());
    assert!(results.len() >= 100, "all pages are there");
    assert!(mean >= 0.92, "the mean agreement is {mean:.3}");
}

#[test]
fn hostile_pages_end_soon_with_a_result() {
    let paragraph = format!("<p>{}</p>", REPORT[0]);
    // Generous, for loaded machines; `examples/extract.rs` measures.
    let most = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 5 });
    let many = |piece: &str, bytes: usize| piece.repeat(bytes / piece.len());
    for (name, html) in [
        ("ten megabytes of prose", many(&paragraph, 10 << 20)),
        ("ten megabytes of one word", many("kata ", 10 << 20)),
        (
            "ten megabytes of links",
            many("<li><a href=/x>kabar lain</a></li>", 10 << 20),
        ),
        (
            "ten megabytes of headings",
            many("<h2><a href=/x>kabar</a></h2><p>dan, isi.</p>", 10 << 20),
        ),
        ("nested divs", "<div>".repeat(100_000) + &paragraphs()),
        (
            "nested named divs",
            "<div class='caption image comment'><h1>".repeat(100_000) + &paragraphs(),
        ),
        (
            "nested lists",
            "<ul><li><a href=x>y</a>".repeat(50_000) + &paragraphs(),
        ),
        (
            "nested figures",
            "<figure><img src=x>".repeat(100_000) + &paragraphs(),
        ),
        (
            "nested tables",
            "<table><tr><td>".repeat(30_000) + &paragraphs(),
        ),
        (
            "nested links",
            "<a href=x><b>".repeat(50_000) + &paragraphs(),
        ),
        (
            "many classes",
            many(
                "<p class='a b c d e f g h i j k l m n o p'>x, y.</p>",
                5 << 20,
            ),
        ),
        (
            "much JSON",
            format!(
                "<script type=application/ld+json>{}</script>{}",
                "[".repeat(900_000),
                paragraphs()
            ),
        ),
    ] {
        let mut page = Err(NoArticle::Empty);
        // Another process may take the processor meanwhile: the shortest of three times counts.
        let took = (0..3).map(|_| {
            let start = Instant::now();
            page = extract(html.as_bytes(), Some(URL), None);
            start.elapsed()
        });
        let took = took.min().expect("it was timed");
        assert!(took < most, "{name} took {took:?}");
        match page {
            Ok(page) => assert!(!page.text.is_empty(), "{name}"),
            Err(error) => assert_eq!(error, NoArticle::NotFound, "{name}"),
        }
    }
}
