//! Any bytes in any charset: the first line is what the server says, the rest is the document.
#![no_main]

use libfuzzer_sys::fuzz_target;
use warta_feed::{Source, parse};

fuzz_target!(|bytes: &[u8]| {
    let (label, body) = match bytes.iter().position(|b| *b == b'\n') {
        Some(end) => (String::from_utf8_lossy(&bytes[..end]), &bytes[end + 1..]),
        None => ("".into(), bytes),
    };
    let header = format!("text/xml; charset={label}");
    let read = |document: &[u8], content_type| {
        let source = Source {
            bytes: document,
            url: None,
            content_type,
        };
        parse(&source).ok()
    };
    // As the document itself, with the declaration that it has.
    for content_type in [Some(header.as_str()), Some(&*label), None] {
        read(body, content_type);
    }
    // As text inside of a document.
    let document = [
        b"<rss><channel><title>".as_slice(),
        body,
        b"</title></channel></rss>",
    ]
    .concat();
    let title = |content_type| read(&document, content_type).and_then(|feed| feed.title);
    let (told, untold) = (title(Some(header.as_str())), title(None));
    // Text that is UTF-8 stays UTF-8, whatever anyone says.
    if std::str::from_utf8(body).is_ok_and(|text| !text.is_ascii()) {
        assert_eq!(told, untold, "called {label}");
    }
    for title in [told, untold].into_iter().flatten() {
        assert!(
            title.len() <= 8 * body.len() + 64,
            "{} bytes from {}",
            title.len(),
            body.len()
        );
    }
});
