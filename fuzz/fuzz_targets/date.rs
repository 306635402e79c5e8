//! Any text as a date: a moment that is read is one that can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use warta_feed::{Source, parse};

fuzz_target!(|text: &str| {
    if let Some(moment) = read(text) {
        let written = moment.to_rfc3339();
        // Years that do not have four digits have no common form.
        if written.starts_with(|c: char| c.is_ascii_digit()) && written.find('-') == Some(4) {
            assert_eq!(read(&written), Some(moment), "{text:?} as {written}");
        }
        let padded = format!(" {text}\n");
        assert_eq!(read(&padded), Some(moment), "white space around {text:?}");
    }
});

fn read(date: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    let date = date.replace('&', "&amp;").replace('<', "&lt;");
    let document = format!(
        "<rss><channel><item><title>a</title><pubDate>{date}</pubDate></item></channel></rss>"
    );
    let source = Source {
        bytes: document.as_bytes(),
        ..Source::default()
    };
    parse(&source).ok()?.entries.first()?.published
}
