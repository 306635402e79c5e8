//! Times the extraction of articles on the pages of folders, one core, and prints what was found.
//!
//! `extract [--json] FOLDER…`: every `*.html` and `*.html.gz` below; with `--json` one line a page,
//! `{path, ms, page}`, where a `*.expected.json` beside the page gives the address.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

#[expect(clippy::print_stdout, reason = "an example prints what it measured")]
fn main() -> Result<(), Failure> {
    let mut as_json = false;
    let mut pages = Vec::new();
    for argument in std::env::args().skip(1) {
        if argument == "--json" {
            as_json = true;
        } else {
            gather(Path::new(&argument), &mut pages)?;
        }
    }
    pages.sort();
    let mut times = Vec::new();
    let mut found = 0;
    for path in &pages {
        let html = read(path)?;
        let url = address(path);
        let start = Instant::now();
        let page = warta_article::extract(&html, url.as_deref(), None);
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        times.push((ms, path));
        found += usize::from(page.is_ok());
        if as_json {
            let page = page.ok();
            println!(
                "{}",
                serde_json::json!({"path": path, "ms": ms, "page": page})
            );
        }
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some((longest, slowest)) = times.last() else {
        return Ok(());
    };
    if !as_json {
        let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize].0;
        let sum: f64 = times.iter().map(|(ms, _)| ms).sum();
        println!(
            "{} pages, an article on {found}; {:.1} ms in all\nmedian {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, longest {longest:.2} ms ({})",
            times.len(),
            sum,
            at(0.5),
            at(0.9),
            at(0.99),
            slowest.display()
        );
    }
    Ok(())
}

fn gather(path: &Path, pages: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            gather(&entry?.path(), pages)?;
        }
    } else if [".html", ".html.gz"]
        .iter()
        .any(|ending| path.to_string_lossy().ends_with(ending))
    {
        pages.push(path.to_owned());
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "an example reads what it measures"
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
    reason = "an example reads what it measures"
)]
fn address(path: &Path) -> Option<String> {
    let name = path.to_string_lossy();
    let expected = name.strip_suffix(".html.gz")?.to_owned() + ".expected.json";
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(expected).ok()?).ok()?;
    Some(
        expected["url"]
            .as_str()
            .unwrap_or("http://example.org/")
            .to_owned(),
    )
}
