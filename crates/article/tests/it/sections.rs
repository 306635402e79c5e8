//! Section pages: the list of self-written pages in `tests/sections`, their selectors and items,
//! and the lists of the corpora's pages.
//!
//! `tests/sections/labels.json` gives the address and the headlines of the right list of each page.
//! `UPDATE_GOLDEN=1 cargo test -p warta-article sections` rewrites the `NAME.md` beside a page,
//! which shows its first list; look at the diff.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use warta_article::sections::{
    BadSelector, HeadlineList, ListItem, ListSource, Selector, all_lists, list_items, section,
};

use crate::corpora;

/// What is right about a page.
#[derive(Debug, Deserialize)]
struct Label {
    address: Option<String>,
    /// Headlines of the right list: all of them, or, of pages of others, some.
    first_list: Vec<String>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pages are files of the test, not of the reader's store"
)]
fn read(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).expect("a file");
    if path.extension().is_none_or(|ending| ending != "gz") {
        return bytes;
    }
    let mut html = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..])
        .read_to_end(&mut html)
        .expect("gzip");
    html
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sections")
}

fn labels(file: &str) -> BTreeMap<String, Label> {
    serde_json::from_slice(&read(&folder().join(file))).expect("labels")
}

/// Letters of a title: quotation marks and spaces differ between a label and a page.
fn folded(title: &str) -> String {
    title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How many of the wanted headlines a list has, and how many of its items are wanted.
fn overlap(items: &[ListItem], wanted: &[String]) -> (f64, f64) {
    let titles: HashSet<String> = items.iter().map(|item| folded(&item.title)).collect();
    let right: HashSet<String> = wanted.iter().map(|title| folded(title)).collect();
    let both = titles.intersection(&right).count() as f64;
    (
        both / right.len().max(1) as f64,
        both / titles.len().max(1) as f64,
    )
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the pages are files of the test, not of the reader's store"
)]
fn every_page_gives_the_list_beside_it() {
    let labels = labels("labels.json");
    assert!(labels.len() >= 40, "{} pages", labels.len());
    let (mut differing, mut wrong) = (Vec::new(), Vec::new());
    for (name, label) in &labels {
        let html = read(&folder().join(format!("{name}.html")));
        let url = label.address.as_deref();
        let found = section(&html, url, None);
        let first = found.as_ref().map(|section| &section.lists[0]);
        let (recall, precision) =
            first.map_or((0.0, 0.0), |list| overlap(&list.items, &label.first_list));
        if recall < 0.8 || precision < 0.9 {
            wrong.push(format!(
                "{name}: {recall:.2} of the list, {precision:.2} right"
            ));
        }
        if let Some(section) = &found {
            for list in &section.lists {
                check_again(&html, url, name, list);
            }
        }
        let got = described(first);
        let expected = folder().join(format!("{name}.md"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&expected, &got).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != got {
            differing.push(format!("{name}:\n{got}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        labels.len(),
        wrong.join("\n")
    );
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
}

/// The selector of a list gives the items that were shown.
fn check_again(html: &[u8], url: Option<&str>, name: &str, list: &HeadlineList) {
    let selector = Selector::parse(&list.selector).expect("a selector");
    let again = list_items(html, url, None, &selector);
    assert_eq!(again, list.items, "{name}: {}", list.selector);
    let ids: HashSet<&str> = again.iter().map(|item| &*item.id).collect();
    assert_eq!(ids.len(), again.len(), "{name}: an item is listed once");
}

fn described(list: Option<&HeadlineList>) -> String {
    let Some(list) = list else {
        return "no list\n".into();
    };
    let mut out = format!("{:?}: `{}`\n\n", list.source, list.selector);
    for item in &list.items {
        let _ = writeln!(out, "- [{}]({})", item.title, item.url);
        let mut fact = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                let _ = writeln!(out, "  {name}: {value}");
            }
        };
        fact("published", item.published.map(|date| date.to_rfc3339()));
        fact("picture", item.picture.clone());
        fact("snippet", item.snippet.clone());
    }
    out
}

/// The article pages of this crate's own tests claim no list.
#[test]
fn no_list_is_claimed_on_articles() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut claimed = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(pages).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "html") {
            count += 1;
            let url = "https://kabar.example/daerah/harga-cabai-naik-lagi.html";
            if let Some(section) = section(&read(&path), Some(url), None) {
                claimed.push(format!("{}: {}", path.display(), section.lists[0].selector));
            }
        }
    }
    assert!(count >= 30, "{count} pages");
    assert!(claimed.is_empty(), "{}", claimed.join("\n"));
}

/// The pages of the corpora that are front or section pages, by the labels in
/// `tests/sections/corpora.json`.
#[test]
#[ignore = "needs WARTA_CORPORA"]
fn the_right_list_is_first_on_front_pages() {
    let mut wrong = Vec::new();
    let labels = labels("corpora.json");
    for (path, label) in &labels {
        let html = read(&corpora("").join(path));
        let found = section(&html, label.address.as_deref(), None);
        let recall = found.as_ref().map_or(0.0, |section| {
            overlap(&section.lists[0].items, &label.first_list).0
        });
        if recall < 0.75 {
            wrong.push(format!("{path}: {recall:.2}"));
        }
    }
    let right = labels.len() - wrong.len();
    println!(
        "{right} of {} front pages\n{}",
        labels.len(),
        wrong.join("\n")
    );
    assert!(right * 10 >= labels.len() * 9, "{}", wrong.join("\n"));
}

/// The article pages of the corpora; those of one half were not looked at while the rules were
/// written (`is_held_out`).
#[test]
#[ignore = "needs WARTA_CORPORA"]
fn article_pages_of_the_corpora_claim_no_list() {
    let listings = labels("corpora.json");
    let mut counts = [(0_usize, Vec::new()), (0, Vec::new())];
    for folder in [
        "extract/trafilatura",
        "extract/indonesian-2015",
        "extract/scrapinghub",
    ] {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(corpora(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_string_lossy().ends_with(".html.gz"))
            .collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let key = format!("{folder}/{name}");
            if listings.contains_key(&key) || name.contains("mainpage") {
                continue;
            }
            let expected =
                PathBuf::from(path.to_string_lossy().replace(".html.gz", ".expected.json"));
            let expected: serde_json::Value = serde_json::from_slice(&read(&expected)).unwrap();
            let (count, claimed) = &mut counts[usize::from(is_held_out(&name))];
            *count += 1;
            if let Some(section) = section(&read(&path), expected["url"].as_str(), None) {
                claimed.push(format!("{key}: {:.2}", section.confidence));
            }
        }
    }
    for (half, (count, claimed)) in ["looked at", "held out"].iter().zip(&counts) {
        println!(
            "{half}: {} of {count} claim a list\n{}",
            claimed.len(),
            claimed.join("\n")
        );
    }
    for (count, claimed) in &counts {
        assert!(claimed.len() * 20 <= *count, "{} of {count}", claimed.len());
    }
}

/// Half of the pages, by their names.
fn is_held_out(name: &str) -> bool {
    name.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    }) % 2
        == 1
}

const FRONT: &str = "https://www.kabar.example/daerah";

/// A list of ten, with what is between its items.
fn list_page(between: impl Fn(usize) -> String) -> String {
    let items = (0..10).fold(String::new(), |mut html, n| {
        let _ = write!(
            html,
            "<li class=berita><h3><a href='/daerah/{n}/warga-kampung-{n}-menanam-bakau?utm_source=depan&ref={}'>Warga kampung ke-{n} menanam bakau di muara</a></h3><p>Tanggal {} November 2026</p></li>{}",
            n * 7,
            n + 1,
            between(n)
        );
        html
    });
    format!(
        "<html><head><title>Daerah</title></head><body><nav><a href=/>Beranda</a></nav><ul class=utama>{items}</ul></body></html>"
    )
}

fn first(html: &str) -> HeadlineList {
    let found = section(html.as_bytes(), Some(FRONT), None).expect("a list");
    found.lists.into_iter().next().expect("a list")
}

#[test]
fn items_have_tidied_links_titles_and_dates() {
    let list = first(&list_page(|_| String::new()));
    assert_eq!(list.source, ListSource::Links);
    assert_eq!(list.selector, "li.berita");
    assert_eq!(list.items.len(), 10);
    let item = &list.items[3];
    assert_eq!(
        item.url,
        "https://www.kabar.example/daerah/3/warga-kampung-3-menanam-bakau"
    );
    assert_eq!(
        item.id,
        "kabar.example/daerah/3/warga-kampung-3-menanam-bakau"
    );
    assert_eq!(item.title, "Warga kampung ke-3 menanam bakau di muara");
    assert_eq!(
        item.published.unwrap().to_rfc3339(),
        "2026-11-04T00:00:00+00:00"
    );
}

#[test]
fn advertisements_and_tracking_make_no_new_items() {
    let plain = first(&list_page(|_| String::new()));
    let ids =
        |list: &[ListItem]| -> Vec<String> { list.iter().map(|item| item.id.clone()).collect() };
    let advertisement = |n: usize| match n % 4 {
        0 => format!(
            "<li class='berita'><span>Iklan</span><h3><a href='/promo/{n}/beli-sekarang-juga-murah'>Beli sekarang juga sebelum kehabisan barang</a></h3></li>"
        ),
        1 => format!(
            "<li class=berita><h3><a href='https://toko{n}.example/beli?x={n}'>Sepatu lari yang sedang diobral besar-besaran</a></h3></li>"
        ),
        2 => format!(
            "<li class='berita ad-slot'><h3><a href='/klik?id={n}&to=jauh'>Sepuluh cara cepat kaya menurut para ahli</a></h3></li>"
        ),
        _ => format!(
            "<li class=berita><h3><a rel=sponsored href='/mitra/{n}/kabar-dari-mitra-kami'>Kabar dari mitra kami yang terpercaya</a></h3></li>"
        ),
    };
    let page = list_page(advertisement);
    let selector = Selector::parse(&plain.selector).unwrap();
    let again = list_items(page.as_bytes(), Some(FRONT), None, &selector);
    assert_eq!(ids(&again), ids(&plain.items));
    assert_eq!(ids(&first(&page).items), ids(&plain.items));
}

#[test]
fn a_selector_outlives_a_new_build_of_the_page() {
    let build = |hash: &str, random: &str| {
        list_page(|_| String::new())
            .replace(
                "class=berita",
                &format!("class='Berita_kartu__{hash} {random}'"),
            )
            .replace("class=utama", &format!("class='css-{hash}'"))
    };
    let before = first(&build("aB3dE", "sc-kYtRwQ"));
    assert_eq!(before.selector, "li[class*=\"Berita_kartu__\"]");
    let selector = Selector::parse(&before.selector).unwrap();
    let after = list_items(
        build("Zx9Qw", "sc-pLmKoN").as_bytes(),
        Some(FRONT),
        None,
        &selector,
    );
    assert_eq!(after, before.items);
}

#[test]
fn a_reader_may_write_the_selector() {
    let page = list_page(|_| String::new());
    for (selector, count) in [
        ("li", 10),
        ("h3 a", 10),
        ("ul.utama", 10),
        (".berita:nth-child(-n+3)", 3),
        ("li:has(h3), footer", 10),
        (".berita h3", 10),
        (".tidak-ada", 0),
    ] {
        let found = Selector::parse(selector).unwrap();
        let items = list_items(page.as_bytes(), Some(FRONT), None, &found);
        assert_eq!(items.len(), count, "{selector}: {items:#?}");
    }
    assert!(matches!(
        Selector::parse("li >"),
        Err(BadSelector::NotUnderstood { .. })
    ));
}

#[test]
fn what_json_ld_knows_of_an_item_is_added() {
    let known = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"x",
        "url":"/daerah/3/warga-kampung-3-menanam-bakau","datePublished":"2026-11-04T09:30:00+07:00",
        "description":"Bibit dari tiga kampung.","image":["/bakau.jpg"]}</script>"#;
    let page = list_page(|_| String::new()).replace("</body>", &format!("{known}</body>"));
    let item = &first(&page).items[3];
    assert_eq!(
        item.published.unwrap().to_rfc3339(),
        "2026-11-04T09:30:00+07:00"
    );
    assert_eq!(
        item.picture.as_deref(),
        Some("https://www.kabar.example/bakau.jpg")
    );
}

#[test]
fn lists_of_goods_paths_and_navigation_are_no_headlines() {
    let lists = [
        r#"{"@type":"BreadcrumbList","itemListElement":[{"@type":"ListItem","name":"Halaman depan kabar","item":"/"},{"@type":"ListItem","name":"Kabar dari daerah","item":"/daerah"},{"@type":"ListItem","name":"Kabar kampung bakau","item":"/kampung"}]}"#,
        r#"{"@type":"ItemList","itemListElement":[{"@type":"Product","name":"Sepatu lari","url":"/p/1"},{"@type":"Product","name":"Sepatu jalan","url":"/p/2"},{"@type":"Product","name":"Sepatu gunung","url":"/p/3"}]}"#,
        r#"[{"@type":"SiteNavigationElement","name":"Daerah","url":"/d"},{"@type":"SiteNavigationElement","name":"Olahraga","url":"/o"},{"@type":"SiteNavigationElement","name":"Hiburan","url":"/h"}]"#,
    ];
    for json in lists {
        let page = format!(
            "<html><head><script type='application/ld+json'>{json}</script></head><body><p>Kosong</p></body></html>"
        );
        assert_eq!(
            all_lists(page.as_bytes(), Some(FRONT), None),
            None,
            "{json}"
        );
    }
}

#[test]
fn empty_broken_and_enormous_pages_end_in_time() {
    let many = |text: &str, count: usize| text.repeat(count);
    let nested = many("<div class=a>", 5000)
        + &many(
            "<a href=/x/satu-dua-tiga-empat>Satu dua tiga empat lima</a>",
            3000,
        );
    let rows = (0..20_000).fold(String::new(), |mut html, n| {
        let _ = write!(
            html,
            "<li class=c{n}><a href=/berita/{n}>Berita nomor {n} dari pulau seberang</a>"
        );
        html
    });
    let json = format!(
        "<script type='application/ld+json'>{}{}</script>",
        many("{\"itemListElement\":[", 100),
        many("]}", 100)
    );
    for page in [
        "",
        "<a",
        "\u{0}",
        "<a href>x</a>",
        &nested,
        &rows,
        &json,
        "<base href='::'><a href=/x>Satu dua tiga empat lima</a>",
    ] {
        let start = std::time::Instant::now();
        let found = all_lists(page.as_bytes(), Some(FRONT), None);
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
        if let Some(section) = found {
            assert!(section.lists.iter().all(|list| list.items.len() <= 300));
        }
        let _ = all_lists(page.as_bytes(), None, None);
        let _ = all_lists(page.as_bytes(), Some("not an address"), None);
    }
}

proptest::proptest! {
    #[test]
    fn any_page_and_selector_are_read(html in "(<(div|a href=/x/1|li class=b|h3|script type=application/ld\\+json)>|</(div|a|li|h3)>|[a-z ]{1,20}){0,40}", selector in "[a-z.#> :()\\[\\]=*+~,]{0,20}") {
        let found = all_lists(html.as_bytes(), Some(FRONT), None);
        for list in found.iter().flat_map(|section| &section.lists) {
            proptest::prop_assert!(Selector::parse(&list.selector).is_ok(), "{}", list.selector);
        }
        if let Ok(selector) = Selector::parse(&selector) {
            let _ = list_items(html.as_bytes(), Some(FRONT), None, &selector);
        }
    }
}
