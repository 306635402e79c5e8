//! Prints the lists of headlines of pages, as JSON, one page a line.
//!
//! `sections [--all] FILE…`: `*.html` and `*.html.gz`, where a `*.expected.json` beside the page
//! gives the address; with `--all` lists of pages that are likely to be articles, too.

use std::io::Read;
use std::path::Path;
use std::time::Instant;

use warta_article::sections;

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::print_stdout, reason = "an example prints what it found")]
fn main() -> Result<(), Failure> {
    let all = std::env::args().any(|argument| argument == "--all");
    for argument in std::env::args().skip(1).filter(|a| a != "--all") {
        let path = Path::new(&argument);
        let html = read(path)?;
        let url = address(path);
        let start = Instant::now();
        let section = if all {
            sections::all_lists(&html, url.as_deref(), None)
        } else {
            sections::section(&html, url.as_deref(), None)
        };
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        println!(
            "{}",
            serde_json::json!({"path": path, "url": url, "ms": ms, "section": section})
        );
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "an example reads what it is given"
)]
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = std::fs::read(path)?;
    if path.extension().is_none_or(|ending| ending != "gz") {
        return Ok(bytes);
    }
    let mut html = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut html)?;
    Ok(html)
}

#[expect(
    clippy::disallowed_methods,
    reason = "an example reads what it is given"
)]
fn address(path: &Path) -> Option<String> {
    let name = path.to_string_lossy();
    let expected = name.strip_suffix(".html.gz")?.to_owned() + ".expected.json";
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(expected).ok()?).ok()?;
    expected["url"].as_str().map(str::to_owned)
}
