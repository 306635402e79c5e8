//! Whole pages: the article found, what surrounds it left out.

use chrono::{DateTime, FixedOffset};
use warta_article::{ChannelKind, NoArticle, Page, extract};

const URL: &str = "https://kabar.example/berita/jembatan";

/// A page as Indonesian news sites build them, written for this test.
const PAGE: &str = r#"<!doctype html><html lang="id"><head><meta charset="utf-8">
<title>Jembatan Baru di Sungai Kapas Dibuka - Kabar Kita</title>
<meta property="og:title" content="Jembatan Baru di Sungai Kapas Dibuka - Kabar Kita">
<meta property="og:site_name" content="Kabar Kita">
<meta property="og:image" content="/gambar/jembatan.jpg">
<link rel="canonical" href="/berita/jembatan">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"Jembatan Baru di Sungai Kapas Dibuka","datePublished":"2026-03-04T08:15:00+07:00",
"author":[{"@type":"Person","name":"Rani Prasetya"}]}</script></head>
<body><header><nav><ul><li><a href="/">Beranda</a><li><a href="/olahraga">Olahraga</a></ul></nav></header>
<main><h1>Jembatan Baru di Sungai Kapas Dibuka</h1><div class="meta">Rabu, 4 Maret 2026</div>
<article><figure><img data-src="/gambar/jembatan.jpg" src="data:image/gif;base64,R0" alt="Jembatan"><figcaption>Warga menyeberang.</figcaption></figure>
<p><strong>Lembah Kapas (KABAR)</strong> - Pemerintah daerah membuka jembatan baru yang menghubungkan dua kampung di seberang Sungai Kapas, setelah pembangunannya berjalan selama dua tahun.</p>
<p>Kepala desa mengatakan bahwa anak-anak kini dapat berjalan kaki ke sekolah dalam sepuluh menit, sedangkan dulu mereka harus menunggu perahu hampir satu jam setiap pagi.</p>
<p><strong>Baca juga: <a href="/berita/perahu">Perahu Terakhir di Sungai Kapas</a></strong></p>
<p>Para pedagang pasar berharap hasil kebun lebih cepat sampai ke kota, karena jalan memutar lewat bukit sering tertutup longsor pada musim hujan, kata seorang pedagang sayur.</p>
<div class="ads">ADVERTISEMENT</div>
<p>Jembatan itu dapat dilewati sepeda motor dan mobil kecil, tetapi truk besar tetap harus memakai jalan lama sampai penguatan tebing selesai pada akhir tahun.</p>
<p>Silakan baca konten menarik lainnya dari Kabar Kita di <a href="https://news.google.com/publications/CAAqBwgKMLabc">Google News</a> dan <a href="https://whatsapp.com/channel/0029VaAbCdEf">Whatsapp Channel</a>!</p>
</article></main>
<aside><h3>Terpopuler</h3><ul><li><a href="/a">Harga cabai naik lagi</a><li><a href="/b">Lomba perahu naga</a></ul></aside>
<footer>Hak cipta Kabar Kita. Semua hak dilindungi.</footer></body></html>"#;

fn page(html: &str) -> Page {
    extract(html.as_bytes(), Some(URL), None).expect("the page has an article")
}

#[test]
fn an_indonesian_page_comes_out_whole() {
    let page = page(PAGE);
    assert_eq!(
        page.title.as_deref(),
        Some("Jembatan Baru di Sungai Kapas Dibuka")
    );
    assert_eq!(page.byline.as_deref(), Some("Rani Prasetya"));
    let published: DateTime<FixedOffset> = "2026-03-04T01:15:00Z".parse().expect("a date");
    assert_eq!(page.published, Some(published));
    assert_eq!(page.language.as_deref(), Some("id"));
    assert_eq!(page.dateline.as_deref(), Some("LEMBAH KAPAS (KABAR)"));
    assert_eq!(page.site_name.as_deref(), Some("Kabar Kita"));
    assert_eq!(page.canonical.as_deref(), Some(URL));
    assert_eq!(
        page.image.as_deref(),
        Some("https://kabar.example/gambar/jembatan.jpg")
    );
    assert_eq!(page.images.len(), 1);
    assert!(
        page.excerpt.starts_with("Pemerintah daerah membuka"),
        "{}",
        page.excerpt
    );
    for part in [
        "membuka jembatan baru",
        "menunggu perahu",
        "pedagang sayur",
        "akhir tahun.",
    ] {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    for part in [
        "Baca juga",
        "ADVERTISEMENT",
        "Silakan baca",
        "Terpopuler",
        "Hak cipta",
        "Beranda",
    ] {
        assert!(!page.text.contains(part), "{part} in {}", page.text);
    }
    let kinds: Vec<ChannelKind> = page.publisher_channels.iter().map(|c| c.kind).collect();
    assert_eq!(
        kinds,
        [ChannelKind::GoogleNews, ChannelKind::WhatsappChannel]
    );
}

#[test]
fn days_are_found_where_pages_print_them() {
    let words = "Warga kampung menanam pohon di tepi sungai bersama anak-anak sekolah. ".repeat(12);
    let day = |head: &str, before: &str, url: &str| {
        let html = format!(
            "<html><head>{head}</head><body><article><h1>Pohon</h1>{before}<p>{words}</p></article></body></html>"
        );
        let page = extract(html.as_bytes(), Some(url), None).expect("the page has an article");
        page.published
            .map(|published| published.format("%Y-%m-%d").to_string())
    };
    for (head, before) in [
        (
            "<meta property=article:published_time content=2026-03-04T08:15:00Z>",
            "",
        ),
        ("<meta itemprop=datePublished content='2026-03-04'>", ""),
        (
            "<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"datePublished\":\"2026-03-04\",\"x\":\"a\nb\"}</script>",
            "",
        ),
        (
            "<script type=application/ld+json>{\"datePublished\": \"2026-03-04\", broken</script>",
            "",
        ),
        ("", "<time datetime=2026-03-04>kemarin</time>"),
        (
            "",
            "<div class=tanggal>Rabu, 4 Maret 2026 | 08:15 WIB</div>",
        ),
        ("", "<p>Kabar Kita, 4 Maret 2026</p>"),
        (
            "",
            "<div class=comment>1 Januari 2020</div><span class=date>04.03.2026</span>",
        ),
        ("<meta property=og:updated_time content=2026-03-04>", ""),
    ] {
        assert_eq!(
            day(head, before, URL).as_deref(),
            Some("2026-03-04"),
            "{head}{before}"
        );
    }
    assert_eq!(
        day("", "", "https://kabar.example/2026/03/04/x").as_deref(),
        Some("2026-03-04")
    );
    assert_eq!(day("", "", URL), None);
}

#[test]
fn encodings_are_detected_from_header_page_and_bytes() {
    let words = "Café à la crème, naïve façade. ".repeat(20);
    let html = |head: &str| {
        format!(
            "<html><head>{head}<title>Café</title></head><body><article><p>{words}</p><p>{words}</p></article></body></html>"
        )
    };
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(&words);
    assert!(latin.len() < words.len(), "the test's bytes are not UTF-8");
    for (head, content_type) in [
        ("", Some("text/html; charset=windows-1252")),
        ("<meta charset=iso-8859-1>", None),
        (
            "<meta http-equiv=content-type content='text/html; charset=iso-8859-1'>",
            None,
        ),
        ("", None),
    ] {
        let html = html(head);
        let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&html);
        let page = extract(&bytes, None, content_type).expect("the page has an article");
        assert!(
            page.text.contains("naïve façade"),
            "{head} {content_type:?}: {}",
            page.text
        );
    }
    let mut marked = vec![0xFF, 0xFE];
    marked.extend(html("").encode_utf16().flat_map(u16::to_le_bytes));
    let page = extract(&marked, None, None).expect("the page has an article");
    assert!(page.text.contains("naïve façade"));
}

#[test]
fn pages_without_an_article_are_reported() {
    assert_eq!(extract(b"", None, None), Err(NoArticle::Empty));
    assert_eq!(extract(b" \n\t", None, None), Err(NoArticle::Empty));
    assert_eq!(
        extract(b"<html><body></body></html>", None, None),
        Err(NoArticle::NotFound)
    );
}
