//! Page watch: the watched part, and what counts as a change.

use proptest::prelude::*;
use warta_article::sections::Selector;
use warta_article::{difference, watched_part};

fn part(html: &str, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).expect("a selector");
    watched_part(
        html.as_bytes(),
        Some("https://desa.example/x"),
        None,
        &selector,
    )
    .map(|part| part.text)
}

const PAGE: &str = "<body><nav>Beranda</nav><div id=harga><h2>Harga pasar</h2>\
     <ul><li>Beras: Rp 14.000<li>Cabai: <b>Rp 52.000</b></ul><script>x()</script>\
     <p style='display:none'>rahasia</p></div><div class=kotak>Satu</div><div class=kotak>Dua</div>";

#[test]
fn the_part_of_a_selector_is_watched() {
    for (selector, expected) in [
        (
            "#harga",
            Some("Harga pasar\n\nBeras: Rp 14.000\nCabai: Rp 52.000"),
        ),
        ("#harga li", Some("Beras: Rp 14.000\nCabai: Rp 52.000")),
        (
            "#harga, #harga li",
            Some("Harga pasar\n\nBeras: Rp 14.000\nCabai: Rp 52.000"),
        ),
        (".kotak", Some("Satu\nDua")),
        ("#tidak-ada", None),
        ("[style]", None),
    ] {
        assert_eq!(part(PAGE, selector).as_deref(), expected, "{selector}");
    }
}

#[test]
fn the_part_is_safe_html() {
    let page = "<div id=a><a href=/b onclick=x()>B</a><img src=/c.jpg><script>x()</script></div>";
    let selector = Selector::parse("#a").unwrap();
    let part = watched_part(page.as_bytes(), Some("https://e.org/"), None, &selector).unwrap();
    let html = part.html.as_str();
    assert!(
        html.contains("https://e.org/b") && html.contains("https://e.org/c.jpg"),
        "{html}"
    );
    assert!(
        !html.contains("script") && !html.contains("onclick"),
        "{html}"
    );
}

#[test]
fn only_what_was_written_counts_as_a_change() {
    for (before, after) in [
        ("Jadwal  kapal\n\nSenin", "Jadwal kapal\nSenin"),
        ("Dibaca 1.204 kali", "Dibaca 1.377 kali"),
        ("12 komentar", "15 komentar"),
        ("1.2K views · 3 shares", "1.3K views · 9 shares"),
        ("Posted 3 hours ago by Ruth", "Posted 2 days ago by Ruth"),
        ("2 jam yang lalu", "3 jam lalu"),
        (
            "Monday, 30 November 2026 16:44:17 WIB",
            "Monday, 30 November 2026 16:59:02 WIB",
        ),
        (
            "Last updated: 30 November 2026, 10:00",
            "Last updated: 1 December 2026, 11:00",
        ),
        ("Terakhir diperbarui 10:00", "Terakhir diperbarui 11:00"),
        ("Pengunjung hari ini: 31", "Pengunjung hari ini: 64"),
    ] {
        assert_eq!(difference(before, after), None, "{before} → {after}");
    }
    for (before, after) in [
        ("Beras: Rp 14.000", "Beras: Rp 14.500"),
        ("Rapat pukul 14:00", "Rapat pukul 15:00"),
        (
            "Batas akhir: 30 November 2026",
            "Batas akhir: 1 Desember 2026",
        ),
        ("30 November 2026", "1 Desember 2026"),
        ("Tersedia 3 kamar", "Tersedia 2 kamar"),
        (
            "The committee received 120 comments on the plan, which it will answer in public before the end of the coming year.",
            "The committee received 140 comments on the plan, which it will answer in public before the end of the coming year.",
        ),
        ("", "Baru"),
        ("Lama", ""),
        ("a b", "A b"),
    ] {
        assert!(difference(before, after).is_some(), "{before} → {after}");
    }
}

#[test]
fn a_difference_is_readable() {
    let before = "Jadwal kapal\n\nSenin: 08:00\nSelasa: 08:00\nRabu: libur\nKamis: 08:00\nJumat: 08:00\nSabtu: 09:00";
    let after = "Jadwal kapal\n\nSenin: 08:00\nSelasa: 08:00\nRabu: 10:00\nKamis: 08:00\nJumat: 08:00\nSabtu: 09:00\nMinggu: 12:00";
    let found = difference(before, after).unwrap();
    assert_eq!(
        found.html.as_str(),
        "<p>…</p><p>Selasa: 08:00</p><p>Rabu: <del>libur</del> <ins>10:00</ins></p><p>Kamis: 08:00</p>\
         <p>…</p><p>Sabtu: 09:00</p><p><ins>Minggu: 12:00</ins></p>"
    );
    assert_eq!((found.added, found.removed), (2, 1));
    assert_eq!(found.summary, "Rabu: 10:00");
}

#[test]
fn long_lines_are_compared_by_sentence() {
    let first = "Bendungan dibuka pada pagi hari oleh kepala balai dan disaksikan ratusan warga dari tiga desa di sekitarnya.";
    let old = "Air mulai mengalir ke sawah pada pekan depan bila hujan tidak turun lebih dahulu di hulu sungai.";
    let last = "Panitia menyiapkan makan siang untuk semua yang datang ke bendungan pada hari itu.";
    let found = difference(&format!("{first} {old} {last}"), &format!("{first} {last}")).unwrap();
    assert_eq!(
        found.html.as_str(),
        format!("<p>{first}</p><p><del>{old}</del></p><p>{last}</p>")
    );
    assert_eq!((found.added, found.removed), (0, 1));
    assert_eq!(found.summary, old);
}

#[test]
fn text_in_a_difference_is_no_markup() {
    let found = difference("a", "<script>alert(1)</script> & <b>").unwrap();
    assert!(!found.html.as_str().contains("<script"), "{:?}", found.html);
    assert!(
        found.html.as_str().contains("&lt;script&gt;"),
        "{:?}",
        found.html
    );
}

#[test]
fn very_long_and_entirely_different_texts_are_compared_in_time() {
    let text =
        |word: &str| (0..20_000).fold(String::new(), |text, n| text + word + &n.to_string() + "\n");
    let start = std::time::Instant::now();
    let found = difference(&text("lama"), &text("baru")).unwrap();
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    assert_eq!((found.added, found.removed), (2500, 2500));
}

proptest! {
    #[test]
    fn any_two_texts_have_a_difference_or_none(before in "[a-c0-9 .\n<&]{0,60}", after in "[a-c0-9 .\n<&]{0,60}") {
        prop_assert!(difference(&before, &before).is_none());
        if let Some(found) = difference(&before, &after) {
            prop_assert!(found.added + found.removed > 0);
            prop_assert_eq!(warta_article::sanitize(found.html.as_str(), None), found.html);
        }
    }
}
