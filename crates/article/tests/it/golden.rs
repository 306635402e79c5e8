//! Self-written pages in `tests/pages`, each named after the rule it shows. Beside every
//! `NAME.html` is `NAME.md`: the expected facts, text and safe HTML.
//! `UPDATE_GOLDEN=1 cargo test -p warta-article golden` rewrites these; look at the diff.

use std::fmt::Write as _;
use std::path::Path;

use warta_article::{Page, extract};

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the pages are files of the test, not of the reader's store"
)]
fn every_page_gives_the_article_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "html"))
        .collect();
    files.sort();
    assert!(files.len() >= 30, "{} pages", files.len());
    let mut differing = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let day = if name == "day-from-the-address" {
            "2026/05/05/"
        } else {
            ""
        };
        let url = format!("https://kabar.example/daerah/{day}{name}.html");
        let got = match extract(&std::fs::read(&file).unwrap(), Some(&url), None) {
            Ok(page) => described(&page),
            Err(error) => format!("no article: {error}\n"),
        };
        let expected = file.with_extension("md");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&expected, &got).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != got {
            differing.push(format!("{name}:\n{got}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
}

fn described(page: &Page) -> String {
    let mut out = String::new();
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "- {name}: {value}");
        }
    };
    fact("title", page.title.clone());
    fact("byline", page.byline.clone());
    fact("published", page.published.map(|date| date.to_rfc3339()));
    fact("language", page.language.clone());
    fact("right to left", page.right_to_left.then(|| "yes".into()));
    fact("dateline", page.dateline.clone());
    fact("lead picture", page.image.clone());
    let pictures: Vec<&str> = page.images.iter().map(|one| one.url.as_str()).collect();
    fact(
        "pictures",
        (!pictures.is_empty()).then(|| pictures.join(" ")),
    );
    for channel in &page.publisher_channels {
        fact("channel", Some(channel.url.clone()));
    }
    fact("site", page.site_name.clone());
    fact("canonical", page.canonical.clone());
    fact("next page", page.next_page.clone());
    fact("single page", page.single_page.clone());
    fact("paywalled", page.paywalled.then(|| "yes".into()));
    let html = page.html.as_str().replace("><", ">\n<");
    let _ = write!(out, "\n{}\n\n```html\n{html}\n```\n", page.text.trim());
    out
}
