//! Answers of Apple's podcast directory.

use proptest::prelude::*;
use warta_feed::podcast_directory::podcasts;

#[test]
fn podcasts_with_a_feed_are_read_in_order() {
    let answer = br#"

        {"resultCount":5,"results":[
        {"wrapperType":"track","kind":"podcast","collectionId":1,"trackId":1,"artistName":"Radio  Pesisir",
         "collectionName":"Obrolan\nPesisir","collectionViewUrl":"https://podcasts.example/id1",
         "feedUrl":"https://kabar.example/podcast.xml","releaseDate":"2026-05-03T17:00:00Z","trackCount":41},
        {"collectionName":"Hanya di Apple","artistName":"X"},
        {"feedUrl":"javascript:alert(1)","collectionName":"Palsu"},
        {"feedUrl":"https://kabar.example/podcast.xml","collectionName":"Dua kali"},
        "bukan objek",
        {"feedUrl":"http://laut.example/f"}]}"#;
    let found = podcasts(answer).unwrap();
    let brief: Vec<_> = found
        .iter()
        .map(|one| {
            (
                one.title.as_str(),
                one.author.as_str(),
                one.feed.as_str(),
                one.episodes,
            )
        })
        .collect();
    assert_eq!(
        brief,
        [
            (
                "Obrolan Pesisir",
                "Radio Pesisir",
                "https://kabar.example/podcast.xml",
                Some(41)
            ),
            ("", "", "http://laut.example/f", None),
        ]
    );
    let newest = found[0].newest.map(|at| at.timestamp());
    assert_eq!(newest, Some(1_777_827_600));
    assert_eq!(
        found[0].page.as_deref(),
        Some("https://podcasts.example/id1")
    );
}

#[test]
fn nothing_found_differs_from_no_answer() {
    assert_eq!(
        podcasts(br#"{"resultCount":0,"results":[]}"#),
        Some(Vec::new())
    );
    for broken in [&b""[..], b"<html>", b"[]", br#"{"results":7}"#] {
        assert_eq!(
            podcasts(broken),
            None,
            "{}",
            String::from_utf8_lossy(broken)
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = podcasts(&bytes);
    }
}
