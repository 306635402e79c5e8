//! Every channel with every kind of text; links cleaned; nothing lost on the way.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use warta_share::{Preferences, ShareError, Subject, channels, clean_link, compose, compose_with};

fn preferences() -> Preferences {
    Preferences {
        language: "id".into(),
        google_news: ("id".into(), "ID".into(), "ID:id".into()),
        via: false,
    }
}

fn subject(title: &str) -> Subject {
    Subject {
        title: title.into(),
        url: "https://kabar.example/a?id=7&utm_source=rss".into(),
        publisher: "Kabar Nusa".into(),
        excerpt: "Kapal itu tiba pada Senin pagi. Warga menyambutnya di dermaga.".into(),
    }
}

/// The values of a target's query, decoded: `name=value` pairs.
fn decoded(target: &str) -> Vec<(String, String)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| {
            let value = percent_decode_str(value)
                .decode_utf8()
                .expect("targets are UTF-8");
            (name.to_owned(), value.into_owned())
        })
        .collect()
}

#[test]
fn every_channel_carries_every_text_whole() {
    let long = "Sidang panjang sekali tentang pelabuhan dan laut. ".repeat(60);
    let titles = [
        "Feri baru tiba di Pulau Seribu",
        "Ferry reaches the island",
        "وصول العبارة الجديدة إلى الجزيرة",
        "新渡轮抵达岛屿",
        "Keluarga 👨‍👩‍👧‍👦 dan bendera 🇮🇩 berlayar",
        "50% & lebih? #satu + dua = {text} {url}",
        &long,
        "",
    ];
    for channel in channels() {
        for title in titles {
            for url in ["https://kabar.example/a?id=7&utm_source=rss", ""] {
                let subject = Subject {
                    url: url.into(),
                    ..subject(title)
                };
                let draft = match compose(channel.id, &subject, &preferences()) {
                    Ok(draft) => draft,
                    Err(ShareError::NoLink) if url.is_empty() => continue,
                    Err(error) => panic!("{} with {title:?}: {error:?}", channel.id),
                };
                let length = draft.message.chars().count();
                assert!(
                    channel.limit.is_none_or(|limit| length <= limit),
                    "{}: {length}",
                    channel.id
                );
                if !url.is_empty() && ["whatsapp", "email", "sms", "bluesky"].contains(&channel.id)
                {
                    assert!(
                        draft.message.contains("https://kabar.example/a?id=7"),
                        "the link is never cut: {}: {}",
                        channel.id,
                        draft.message
                    );
                }
                for target in draft.target.iter().chain(&draft.fallback) {
                    assert!(target.is_ascii() && !target.contains(' '), "{target}");
                    let pairs = decoded(target);
                    let carried = pairs
                        .iter()
                        .find(|(name, _)| ["text", "body", "title"].contains(&name.as_str()));
                    if channel.has_message {
                        let carried = carried
                            .expect("a message is carried")
                            .1
                            .replace("\r\n", "\n");
                        assert_eq!(carried, draft.message, "{}", channel.id);
                    }
                }
            }
        }
    }
}

#[test]
fn whatsapp_is_told_as_people_write() {
    let draft = compose("whatsapp", &subject("Feri *baru* tiba"), &preferences()).unwrap();
    assert_eq!(
        draft.message,
        "*Feri ∗baru∗ tiba*\nKabar Nusa\n\nKapal itu tiba pada Senin pagi. Warga menyambutnya di \
         dermaga.\n\nhttps://kabar.example/a?id=7"
    );
    let draft = compose_with(
        "whatsapp",
        &subject("x"),
        "Bu, ini & itu 100%",
        &preferences(),
    )
    .unwrap();
    assert_eq!(
        draft.target.as_deref(),
        Some("whatsapp://send?text=Bu%2C%20ini%20%26%20itu%20100%25")
    );
    assert_eq!(
        draft.fallback,
        [
            "https://wa.me/?text=Bu%2C%20ini%20%26%20itu%20100%25",
            "https://web.whatsapp.com/send?text=Bu%2C%20ini%20%26%20itu%20100%25"
        ]
    );
}

#[test]
fn google_news_is_searched_in_the_edition() {
    let draft = compose("google-news", &subject("Feri & laut"), &preferences()).unwrap();
    assert_eq!(
        draft.target.as_deref(),
        Some("https://news.google.com/search?q=Feri%20%26%20laut&hl=id&gl=ID&ceid=ID:id")
    );
    assert_eq!(draft.message, "");
}

#[test]
fn mail_breaks_lines_as_mail_does() {
    let draft = compose_with("email", &subject("Judul"), "a\nb", &preferences()).unwrap();
    assert_eq!(
        draft.target.as_deref(),
        Some("mailto:?subject=Judul&body=a%0D%0Ab")
    );
}

#[test]
fn what_is_too_long_ends_at_a_sentence_or_word_and_never_inside_a_link() {
    let link = "https://kabar.example/sangat/panjang/sekali";
    let message = format!("{} {link}", "kata ".repeat(195).trim());
    let draft = compose_with("whatsapp", &subject("x"), &message, &preferences()).unwrap();
    assert!(draft.message.chars().count() <= 1000);
    assert!(
        !draft.message.contains("https"),
        "a cut link is no link: {}",
        draft.message
    );
    let family = "👨‍👩‍👧‍👦".repeat(300);
    let draft = compose_with("whatsapp", &subject("x"), &family, &preferences()).unwrap();
    let kept = draft.message.trim_end_matches('…');
    assert!(
        family.starts_with(kept) && kept.chars().count().is_multiple_of(7),
        "no family is torn apart"
    );
}

#[test]
fn trackers_are_removed_and_nothing_else() {
    let cbm = "https://news.google.com/rss/articles/CBMiJGh0dHBzOi8va2FiYXIuZXhhbXBsZS9iZXJpdGEvZmVyaS03MdIBAA?oc=5";
    for (link, expected) in [
        (
            "https://e.org/a?id=1&utm_source=x&fbclid=y",
            "https://e.org/a?id=1",
        ),
        ("https://e.org/a?UTM_Source=x", "https://e.org/a"),
        (
            "https://e.org/a?q=a%20b+c&gclid=1",
            "https://e.org/a?q=a%20b+c",
        ),
        ("https://e.org/?p=12", "https://e.org/?p=12"),
        ("https://e.org/a?page=all", "https://e.org/a?page=all"),
        ("https://e.org/a?pp=2", "https://e.org/a?pp=2"),
        (
            "https://www.youtube.com/watch?v=abc&si=0123456789",
            "https://www.youtube.com/watch?v=abc",
        ),
        (
            "https://e.org/a?crop/1x2/format/webp",
            "https://e.org/a?crop/1x2/format/webp",
        ),
        ("https://e.org/a#bagian", "https://e.org/a#bagian"),
        (
            "https://www.google.com/url?q=https://e.org/a?id=1&sa=U",
            "https://e.org/a?id=1",
        ),
        ("https://www.google.com/amp/s/e.org/a", "https://e.org/a"),
        (
            "https://e-org.cdn.ampproject.org/c/s/e.org/a",
            "https://e.org/a",
        ),
        (
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fe.org%2Fa%3Ffbclid%3D1",
            "https://e.org/a",
        ),
        (cbm, "https://kabar.example/berita/feri-71"),
        ("mailto:a@e.org", "mailto:a@e.org"),
        ("bukan tautan", "bukan tautan"),
        ("", ""),
    ] {
        assert_eq!(clean_link(link), expected, "{link}");
    }
}

#[test]
fn the_corpus_of_tracked_links_comes_out_clean() {
    let corpora = std::env::var_os("WARTA_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let Ok(files) = std::fs::read_dir(corpora.join("urls/tracking-params")) else {
        println!("skipped: corpora not found");
        return;
    };
    let mut seen = 0;
    for file in files {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let cases: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        for case in cases {
            let (input, expected) = (
                case["input"].as_str().unwrap(),
                case["expected"].as_str().unwrap(),
            );
            // The same query in either encoding of a space.
            let same = |link: &str| link.replace('+', "%20").trim_end_matches('/').to_owned();
            assert_eq!(same(&clean_link(input)), same(expected), "{input}");
            seen += 1;
        }
    }
    assert!(seen > 0, "the corpus has cases");
}

proptest! {
    #[test]
    fn any_text_is_carried_whole(title in ".{0,400}", message in ".{0,1500}", url in ".{0,60}") {
        let subject = Subject { title: title.clone(), url, publisher: title, excerpt: message.clone() };
        for channel in channels() {
            for draft in [
                compose(channel.id, &subject, &preferences()),
                compose_with(channel.id, &subject, &message, &preferences()),
            ].into_iter().flatten() {
                let length = draft.message.chars().count();
                prop_assert!(channel.limit.is_none_or(|limit| length <= limit));
                prop_assert!(draft.target.is_none_or(|target| target.is_ascii()));
            }
        }
    }

    #[test]
    fn cleaning_ends_and_is_done_once(link in "https?://[a-z.]{1,20}/[a-z/]{0,20}(\\?[a-z_=&%0-9]{0,60})?") {
        let once = clean_link(&link);
        prop_assert_eq!(clean_link(&once), once);
    }
}
