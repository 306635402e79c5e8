//! The suites of other readers, field by field: the gofeed pairs and the `SimplePie` cases.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a broken corpus fails the test; differences and skipped cases are printed"
)]

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;
use warta_feed::{Entry, Feed, Source, parse};

/// Minimum share of the compared fields that must match the suite.
const FLOOR: f64 = 0.97;

/// A folder of the corpora: below `WARTA_CORPORA`, else beside the project.
fn corpus(folder: &str) -> PathBuf {
    let corpora = std::env::var_os("WARTA_CORPORA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let folder = corpora.join(folder);
    assert!(folder.is_dir(), "{} is missing", folder.display());
    folder
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    let files = entries.into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path).collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the corpora are files of the test, not of the reader's store"
)]
fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

/// How many fields were compared, and which differ.
#[derive(Default)]
struct Score {
    right: usize,
    wrong: Vec<String>,
}

impl Score {
    fn compare(&mut self, place: &str, got: Option<&str>, expected: Option<&str>) {
        let (got, expected) = (folded(got), folded(expected));
        if got == expected {
            self.right += 1;
        } else {
            self.wrong
                .push(format!("{place}: {got:?}, expected {expected:?}"));
        }
    }

    fn moment(&mut self, place: &str, got: Option<DateTime<Utc>>, expected: Option<DateTime<Utc>>) {
        let seconds = |moment: Option<DateTime<Utc>>| moment.map(|m| m.timestamp().to_string());
        self.compare(place, seconds(got).as_deref(), seconds(expected).as_deref());
    }

    fn finish(self) {
        let all = self.right + self.wrong.len();
        let share = self.right as f64 / all as f64;
        println!("{} of {all} fields = {share:.4}", self.right);
        for line in &self.wrong {
            println!("  {line}");
        }
        assert!(all > 0 && share >= FLOOR, "{share:.4} of {all} fields");
    }
}

/// What a reader sees of a text: tags left out, entities undone as often as they were escaped,
/// white space folded. Suites differ in what they escape; whether markup survives is tested
/// elsewhere.
fn folded(text: Option<&str>) -> String {
    let mut text = text.unwrap_or_default().to_owned();
    for _ in 0..3 {
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find('<') {
            let Some(length) = rest[start..].find('>') else {
                break;
            };
            plain += &rest[..start];
            plain.push(' ');
            rest = &rest[start + length + 1..];
        }
        plain += rest;
        text = warta_text::unescape(&plain).into_owned();
    }
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .trim_end_matches('/')
        .to_owned()
}

fn read(bytes: &[u8], url: Option<&str>) -> Option<Feed> {
    let source = Source {
        bytes,
        url,
        content_type: None,
    };
    parse(&source).ok()
}

fn text<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    of.get(name)?.as_str().filter(|t| !t.is_empty())
}

/// The value of the first of these keys that exists: the suite's formats differ.
fn text_of<'v>(of: &'v Value, names: &[&str]) -> Option<&'v str> {
    names.iter().find_map(|name| text(of, name))
}

fn moment(of: &Value, name: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text(of, name)?).ok()?.to_utc())
}

fn list<'v>(of: &'v Value, name: &str) -> &'v [Value] {
    of.get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Names as the suite writes them: strings, or objects under one of `keys`.
fn names(values: &[Value], keys: &[&str]) -> String {
    let name = |value: &Value| {
        let inner = text_of(value, keys);
        inner.or(value.as_str()).map(|name| folded(Some(name)))
    };
    values
        .iter()
        .filter_map(name)
        .collect::<Vec<_>>()
        .join(", ")
}

fn gofeed_feed(score: &mut Score, place: &str, got: &Feed, expected: &Value) {
    let title = text(expected, "title");
    if title.is_some() {
        score.compare(&format!("{place} title"), got.title.as_deref(), title);
    }
    let description = text_of(expected, &["description", "subtitle"]);
    if description.is_some() {
        score.compare(
            &format!("{place} description"),
            got.description.as_deref(),
            description,
        );
    }
    for name in ["link", "home_page_url"] {
        if let Some(link) = text(expected, name) {
            score.compare(&format!("{place} link"), got.link.as_deref(), Some(link));
        }
    }
    if let Some(language) = text(expected, "language") {
        score.compare(
            &format!("{place} language"),
            got.language.as_deref(),
            Some(language),
        );
    }
    for (number, item) in list(expected, "items")
        .iter()
        .chain(list(expected, "entries"))
        .enumerate()
    {
        let place = format!("{place} [{number}]");
        match got.entries.get(number) {
            Some(entry) => gofeed_entry(score, &place, entry, item),
            None => score.wrong.push(format!("{place} is missing")),
        }
    }
}

fn gofeed_entry(score: &mut Score, place: &str, got: &Entry, expected: &Value) {
    if let Some(title) = text(expected, "title") {
        score.compare(&format!("{place} title"), got.title.as_deref(), Some(title));
    }
    let link = text_of(expected, &["link", "url"]);
    if link.is_some() {
        score.compare(&format!("{place} link"), got.link.as_deref(), link);
    }
    let summary = text_of(expected, &["description", "summary"]);
    if summary.is_some() {
        score.compare(&format!("{place} summary"), got.summary.as_deref(), summary);
    }
    let content = ["content_html", "content_text", "content"]
        .iter()
        .find_map(|name| text(expected, name).or_else(|| text(expected.get(*name)?, "value")));
    if content.is_some() {
        score.compare(&format!("{place} content"), got.content.as_deref(), content);
    }
    let id = ["guid", "id"]
        .iter()
        .find_map(|name| text(expected, name).or_else(|| text(expected.get(*name)?, "value")));
    if id.is_some() {
        score.compare(&format!("{place} id"), Some(&got.id), id);
    }
    for name in ["publishedParsed", "pubDateParsed", "date_published"] {
        if let Some(published) = moment(expected, name) {
            // Like the article list, the suite uses the modification date if there is no
            // publication date.
            let got = got.published.or(got.updated);
            score.moment(&format!("{place} published"), got, Some(published));
        }
    }
    for name in ["updatedParsed", "date_modified"] {
        if let Some(updated) = moment(expected, name) {
            score.moment(&format!("{place} updated"), got.updated, Some(updated));
        }
    }
    let categories = names(list(expected, "categories"), &["label", "term", "value"]);
    if !categories.is_empty() {
        let got = got.categories.join(", ");
        score.compare(
            &format!("{place} categories"),
            Some(&got),
            Some(&categories),
        );
    }
    let enclosures = list(expected, "enclosures")
        .iter()
        .chain(list(expected, "attachments"));
    for (number, enclosure) in enclosures.enumerate() {
        let mine = got.enclosures.get(number);
        let place = format!("{place} enclosure {number}");
        score.compare(&place, mine.map(|e| e.url.as_str()), text(enclosure, "url"));
        if let Some(media_type) = text(enclosure, "type") {
            let mine = mine.and_then(|e| e.media_type.as_deref());
            score.compare(&place, mine, Some(media_type));
        }
        if let Some(length) = text(enclosure, "length") {
            let mine = mine.and_then(|e| e.length).map(|l| l.to_string());
            score.compare(&place, mine.as_deref(), Some(length));
        }
    }
}

#[test]
#[ignore = "needs WARTA_CORPORA"]
fn the_gofeed_pairs() {
    let mut score = Score::default();
    for folder in ["feeds/gofeed-parse", "feeds/gofeed-translate"] {
        let folder = corpus(folder);
        for path in files(&folder) {
            let name = path.to_string_lossy().into_owned();
            let answer = match path.extension().and_then(|e| e.to_str()) {
                Some("xml") => path.with_extension("json"),
                Some("json") if !name.contains("_expected") => {
                    PathBuf::from(name.replace(".json", "_expected.json"))
                }
                _ => continue,
            };
            if !answer.is_file() {
                continue;
            }
            let Ok(expected) = serde_json::from_slice::<Value>(&bytes(&answer)) else {
                continue;
            };
            let place = path.file_name().unwrap().to_string_lossy().into_owned();
            match read(&bytes(&path), None) {
                Some(feed) => gofeed_feed(&mut score, &place, &feed, &expected),
                None if expected.get("title").is_none() => {}
                None => score.wrong.push(format!("{place} was refused")),
            }
        }
    }
    score.finish();
}

/// The parsed value that a `SimplePie` case tests: empty if it is absent, `None` if Warta has no such
/// field.
fn simplepie_field(test: &str, feed: &Feed) -> Option<String> {
    let nothing = Entry::default();
    let entry = feed.entries.first().unwrap_or(&nothing);
    let found = match test {
        "feed test_get_title" => feed.title.clone(),
        "feed test_get_description" => feed.description.clone(),
        "feed test_get_link" => feed.link.clone(),
        "feed test_get_language" => feed.language.clone(),
        "feed test_get_image_url" => feed.icon.clone(),
        "item test_get_title" => entry.title.clone(),
        "item test_get_description" => entry.summary.clone().or_else(|| entry.content.clone()),
        "item test_get_content" => entry.content.clone().or_else(|| entry.summary.clone()),
        "item test_get_date" => {
            let moment = entry.published.or(entry.updated);
            moment.map(|moment| moment.timestamp().to_string())
        }
        "item test_get_id" => Some(entry.id.clone()),
        "item test_get_permalink" => entry.link.clone(),
        "item test_get_label_from_item_category" => entry.categories.first().cloned(),
        "item test_get_name_from_author" => entry.authors.first().cloned(),
        _ => return None,
    };
    Some(found.unwrap_or_default())
}

#[test]
#[ignore = "needs WARTA_CORPORA"]
fn the_simplepie_cases() {
    let folder = corpus("feeds/simplepie-cases");
    let mut score = Score::default();
    for path in files(&folder) {
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        let cases: Vec<Value> = serde_json::from_slice(&bytes(&path)).unwrap();
        for case in &cases {
            let test = text(case, "test").unwrap_or_default();
            let level = if file == "SimplePieTest" {
                "feed"
            } else {
                "item"
            };
            let (document, asked) = if let Some(title) = text(case, "title") {
                let document =
                    format!("<rss version=\"2.0\"><channel><title>{title}</title></channel></rss>");
                (document, "feed test_get_title".to_owned())
            } else if test == "test_parse_date" {
                let date = text(case, "data").unwrap_or_default();
                let document = format!(
                    "<rss version=\"2.0\"><channel><item><title>d</title><pubDate>{date}</pubDate>\
                     </item></channel></rss>"
                );
                (document, "item test_get_date".to_owned())
            } else if let Some(data) = text(case, "data").filter(|_| file != "HttpParserTest") {
                (data.to_owned(), format!("{level} {test}"))
            } else {
                continue;
            };
            let Some(feed) = read(document.as_bytes(), None) else {
                score
                    .wrong
                    .push(format!("{file} {test} was refused: {document}"));
                continue;
            };
            let Some(got) = simplepie_field(&asked, &feed) else {
                continue;
            };
            let expected = match &case["expected"] {
                Value::String(value) => Some(value.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            if case.get("format").is_some() {
                // Date formatting is not part of parsing.
                continue;
            }
            let place = format!("{file} {test} {}", text(case, "name").unwrap_or(&document));
            score.compare(&place, Some(&got), expected.as_deref());
        }
    }
    score.finish();
}

/// The pages of the feed validator's autodiscovery suite name a feed each, in every spelling that a
/// link element has; those without a feed beside them name one that must not be taken (404).
#[test]
#[ignore = "needs WARTA_CORPORA"]
fn the_discovery_pages() {
    let folder = corpus("discovery");
    let mut score = Score::default();
    for path in files(&folder) {
        if path.extension().is_none_or(|ending| ending != "html") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let page = format!("http://diveintomark.org/tests/client/autodiscovery/{name}.html");
        let found = warta_feed::discovery::in_page(&bytes(&path), &page, None);
        let first = found.first().map_or("", |link| link.url.as_str());
        if path.with_extension("xml").is_file() {
            let end = first.rsplit('/').next();
            score.compare(&name, end, Some(&format!("{name}.xml")));
        } else if name.starts_with("html4-") {
            let trap = found.iter().any(|link| link.url.ends_with("/404"));
            score.compare(&name, Some(if trap { "404" } else { "" }), None);
        } else if name != "index" {
            let offers = if first.starts_with("http") {
                "a feed"
            } else {
                first
            };
            score.compare(&name, Some(offers), Some("a feed"));
        }
    }
    score.finish();
}

/// Real feeds contain texts that were encoded twice; after repair hardly any are left.
#[test]
#[ignore = "needs WARTA_CORPORA"]
fn texts_that_were_encoded_twice() {
    let folder = corpus("feeds/real");
    let texts = |entry: &Entry| {
        let texts = [&entry.title, &entry.summary, &entry.content];
        texts.map(|text| text.clone().unwrap_or_default()).join(" ")
    };
    let (mut held, mut left) = (0, Vec::new());
    for path in files(&folder) {
        let feed = read(&bytes(&path), None);
        for mut entry in feed.into_iter().flat_map(|feed| feed.entries) {
            held += usize::from(texts(&entry).contains("â€"));
            entry.repair_mojibake();
            let shown = texts(&entry);
            if let Some(at) = shown.find("â€") {
                let passage: String = shown[at..].chars().take(40).collect();
                left.push(format!("{}: {passage}", path.display()));
            }
        }
    }
    println!("{held} entries contained mojibake; left after repair: {left:#?}");
    assert!(left.len() * 20 < held);
}
