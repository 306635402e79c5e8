//! Picture cards: Latin with the bundled fonts, other scripts if this machine has fonts for them.

use std::io::Cursor;
use std::sync::{LazyLock, Mutex};

use warta_share::card::{Card, Fonts, Shape, draw, fontdb};

static FONTS: LazyLock<Mutex<Fonts>> = LazyLock::new(|| {
    let mut db = fontdb::Database::new();
    db.load_system_fonts();
    Mutex::new(Fonts::of(db, "id"))
});

const TITLES: [(&str, &str); 5] = [
    (
        "indonesian",
        "Feri baru tiba di Pulau Seribu setelah tiga hari berlayar melawan angin timur",
    ),
    (
        "arabic",
        "وصول العبارة الجديدة إلى الجزيرة بعد ثلاثة أيام من الإبحار",
    ),
    (
        "chinese",
        "新渡轮在海上航行三天后抵达千岛群岛,居民在码头迎接",
    ),
    ("mixed", "BBC: «وصول العبارة» في 2026 مع 3 سفن"),
    (
        "long",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft melaporkan bahwa pelabuhan akan dibuka kembali pada hari Senin, setelah perbaikan dermaga yang memakan waktu tujuh bulan dan biaya yang tidak sedikit, demikian menurut keterangan resmi yang diterima pagi ini di kantor syahbandar setempat",
    ),
];

fn card(title: &str) -> Card<'_> {
    Card {
        title,
        publisher: "Kabar Nusa",
        foot: "4 Mei 2026 · kabar.example",
        picture: None,
    }
}

/// `WARTA_WRITE_CARDS=folder` writes them there, to be looked at.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the test names the folder"
)]
#[test]
fn cards_have_their_size_and_show_every_letter_that_has_a_font() {
    let mut fonts = FONTS.lock().unwrap();
    for shape in [Shape::Post, Shape::Status] {
        for (name, title) in TITLES {
            let drawn = draw(&card(title), shape, &mut fonts);
            let picture = image::load_from_memory(&drawn.png)
                .expect("a PNG")
                .to_rgb8();
            assert_eq!(picture.dimensions(), shape.size());
            assert_eq!((drawn.width, drawn.height), shape.size());
            let dark = picture.pixels().filter(|p| p.0[0] < 100).count();
            assert!(dark > 4000, "{name}: {dark} dark pixels");
            let at_edge = picture
                .enumerate_pixels()
                .filter(|(x, y, p)| {
                    p.0[1] < 200
                        && (*x < 60 || *x >= drawn.width - 60 || *y < 60 || *y >= drawn.height - 60)
                })
                .count();
            assert_eq!(at_edge, 0, "{name}: nothing runs over the margins");
            if !drawn.missing.is_empty() {
                println!(
                    "skipped in part: no font here for {} ({name})",
                    drawn.missing
                );
            }
            if let Some(folder) = std::env::var_os("WARTA_WRITE_CARDS") {
                let file =
                    std::path::Path::new(&folder).join(format!("{name}-{}.png", drawn.height));
                std::fs::write(file, &drawn.png).unwrap();
            }
        }
    }
}

#[test]
fn arabic_begins_at_the_right() {
    let mut fonts = FONTS.lock().unwrap();
    let drawn = draw(&card("وصول العبارة"), Shape::Post, &mut fonts);
    if !drawn.missing.is_empty() {
        println!("skipped: no font for Arabic");
        return;
    }
    let picture = image::load_from_memory(&drawn.png).unwrap().to_rgb8();
    let side = |left: bool| {
        picture
            .enumerate_pixels()
            .filter(|(x, _, p)| p.0[0] < 100 && (*x < 540) == left)
            .count()
    };
    assert!(
        side(false) > 2 * side(true),
        "{} {}",
        side(false),
        side(true)
    );
}

#[test]
fn characters_without_a_font_are_reported() {
    let mut own = Fonts::of(fontdb::Database::new(), "id");
    let mut missing = |title| draw(&card(title), Shape::Post, &mut own).missing;
    assert_eq!(missing("Feri “Đà Nẵng” – 5 €, naïve façade, Łódź…"), "");
    assert_eq!(missing("Feri 新"), "新");
    let mut fonts = FONTS.lock().unwrap();
    // A character that is not assigned.
    let drawn = draw(&card("Feri \u{1FBFA}"), Shape::Post, &mut fonts);
    assert_eq!(drawn.missing, "\u{1FBFA}");
}

#[test]
fn a_card_of_latin_letters_looks_the_same_on_every_machine() {
    let mut own = Fonts::of(fontdb::Database::new(), "id");
    let mut fonts = FONTS.lock().unwrap();
    let card = card("Feri baru tiba di Pulau Seribu");
    assert_eq!(
        draw(&card, Shape::Post, &mut own),
        draw(&card, Shape::Post, &mut fonts)
    );
}

#[test]
fn a_chosen_picture_is_drawn_and_a_broken_one_is_left_out() {
    let mut fonts = FONTS.lock().unwrap();
    let red = image::RgbImage::from_pixel(300, 100, image::Rgb([200, 10, 10]));
    let mut bytes = Cursor::new(Vec::new());
    red.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    let with = Card {
        picture: Some(bytes.get_ref()),
        ..card("Feri")
    };
    let drawn = draw(&with, Shape::Status, &mut fonts);
    let picture = image::load_from_memory(&drawn.png).unwrap().to_rgb8();
    assert_eq!(picture.get_pixel(10, 10).0, [200, 10, 10]);
    let broken = Card {
        picture: Some(b"GIF89a"),
        ..card("Feri")
    };
    assert_eq!(
        draw(&broken, Shape::Post, &mut fonts),
        draw(&card("Feri"), Shape::Post, &mut fonts)
    );
}
