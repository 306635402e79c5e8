//! Any bytes as OPML: what was read survives being written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use warta_feed::opml::{Subscriptions, parse, write};

fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = parse(bytes) else { return };
    let written = write(&read);
    let again = parse(written.as_bytes()).expect("what Warta writes is OPML");
    assert_eq!(addresses(&read), addresses(&again), "from {written}");
    assert_eq!(again.problems, [], "in {written}");
    // Once it went through, nothing changes any more, unless names hold what may be markup.
    let twice = parse(write(&again).as_bytes()).expect("what Warta writes is OPML");
    if written.contains("&lt;") || written.contains("&amp;") {
        assert_eq!(addresses(&again), addresses(&twice), "from {written}");
    } else {
        assert_eq!(again, twice, "from {written}");
    }
    let length: usize = read
        .feeds
        .iter()
        .map(|feed| feed.url.len() + feed.folder.iter().map(String::len).sum::<usize>())
        .sum();
    assert!(
        length <= 200 * bytes.len() + 4096,
        "{length} bytes from {}",
        bytes.len()
    );
});

/// What must not be lost; folders may bring other feeds first.
fn addresses(subscriptions: &Subscriptions) -> Vec<&str> {
    let mut addresses: Vec<&str> = subscriptions
        .feeds
        .iter()
        .map(|feed| feed.url.as_str())
        .collect();
    addresses.sort_unstable();
    addresses
}
