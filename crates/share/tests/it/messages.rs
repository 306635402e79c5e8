//! The message of every channel, and that its target decodes to exactly that message.

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;
use warta_share::{
    Channel, Daypart, Draft, Means, Preferences, ShareError, Subject, channels, compose,
    compose_with, digest, is_valid_template, length, mastodon_instance, qr_code, whatsapp_channel,
    whatsapp_number,
};

use crate::{preferences, subject};

const LINK: &str = "https://kabar.example/a?id=7";

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

/// Checks the invariants of every draft: it is within the limit, and every target decodes to what
/// is shown.
fn check(channel: &Channel, draft: &Draft, row: &str) {
    let at = format!("{} with {row}", channel.id);
    if let Some(limit) = channel.limit {
        let long = length(&draft.message, limit.unit);
        assert!(long <= limit.most, "{at}: {long} of {limit:?}");
    }
    let opens = matches!(channel.means, Means::Open | Means::CopyAndOpen);
    assert_eq!(draft.target.is_some(), opens, "{at}");
    assert_eq!(
        draft.copies,
        matches!(channel.means, Means::Copy | Means::CopyAndOpen),
        "{at}"
    );
    assert_eq!(
        draft.sheet.is_some(),
        channel.means == Means::System,
        "{at}"
    );
    for target in draft.target.iter().chain(&draft.fallback) {
        let unescaped =
            |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
        assert!(target.chars().all(unescaped), "RFC 3986: {at}: {target}");
        let scheme = target.split(':').next().unwrap_or_default();
        assert!(warta_share::SCHEMES.contains(&scheme), "{at}: {target}");
        if channel.means == Means::CopyAndOpen {
            continue;
        }
        let pairs = decoded(target);
        let carried: Vec<&str> = pairs
            .iter()
            .filter(|(name, _)| {
                !["phone", "hl", "gl", "ceid", "subject", "judul", "dari"].contains(&name.as_str())
            })
            .map(|(_, value)| value.as_str())
            .collect();
        let mut expected: Vec<&str> = Vec::new();
        expected.extend(draft.link.as_deref());
        let message = if channel.id == "email" {
            draft.message.replace('\n', "\r\n")
        } else {
            draft.message.clone()
        };
        if !message.is_empty() {
            expected.push(&message);
        }
        let (mut carried, mut expected) = (carried, expected);
        carried.sort_unstable();
        expected.sort_unstable();
        assert_eq!(carried, expected, "{at}: the target carries what is shown");
    }
}

/// Every channel with every kind of text, in both languages.
#[test]
fn every_channel_carries_every_text_whole() {
    let long = "Sidang panjang sekali tentang pelabuhan dan laut. "
        .repeat(60)
        .chars()
        .take(3000)
        .collect::<String>();
    let long_chinese = "新渡轮抵达岛屿"
        .repeat(429)
        .chars()
        .take(3000)
        .collect::<String>();
    let rows = [
        ("Indonesian", "Feri baru tiba di Pulau Seribu"),
        ("English", "Ferry reaches the island"),
        ("Arabic", "وصول العبارة الجديدة إلى الجزيرة"),
        ("Chinese", "新渡轮抵达岛屿"),
        ("emoji with joiners", "Keluarga 👨‍👩‍👧‍👦 berlayar 🏴‍☠️ ke 🇮🇩 🧑🏽‍🚀"),
        (
            "signs",
            "50% & lebih? #satu + dua = {text} {url} *tebal* _miring_",
        ),
        ("3,000 characters", &long),
        ("3,000 Chinese characters", &long_chinese),
        ("no title", ""),
    ];
    let links = [
        (
            "link",
            "https://kabar.example/a?id=7&utm_source=rss".to_owned(),
        ),
        ("no link", String::new()),
        (
            "long link",
            format!("https://kabar.example/{}", "laut-".repeat(120)),
        ),
    ];
    let mut drawn_up = 0;
    for language in ["id", "en"] {
        let preferences = preferences(language);
        let channels = channels(&preferences);
        assert!(channels.len() >= 24, "{}", channels.len());
        for channel in &channels {
            for (name, title) in rows {
                for (link_name, link) in &links {
                    let row = format!("{name}, {link_name}, {language}");
                    let subject = Subject {
                        url: link.clone(),
                        ..subject(title)
                    };
                    let draft = match compose(&channel.id, &subject, &preferences) {
                        Ok(draft) => draft,
                        Err(ShareError::NoLink) => {
                            let alone =
                                ["facebook", "linkedin", "copy-link", "qr-code", "readwise"];
                            assert!(
                                link.is_empty() && alone.contains(&channel.id.as_str()),
                                "{} {row}",
                                channel.id
                            );
                            continue;
                        }
                        Err(error) => panic!("{} with {row}: {error:?}", channel.id),
                    };
                    check(channel, &draft, &row);
                    if channel.has_message && channel.link_inside && *link_name == "link" {
                        assert!(
                            draft.message.contains(LINK),
                            "the link is never cut: {}: {}",
                            channel.id,
                            draft.message
                        );
                    }
                    if channel.has_message {
                        assert!(!draft.message.is_empty(), "{} {row}", channel.id);
                        // Composing with the unchanged message gives the same draft.
                        let again =
                            compose_with(&channel.id, &subject, &draft.message, &preferences);
                        assert_eq!(again.as_ref(), Ok(&draft), "{} {row}", channel.id);
                    }
                    drawn_up += 1;
                }
            }
        }
    }
    assert!(drawn_up > 1000, "{drawn_up}");
}

#[test]
fn an_empty_subject_is_not_forwarded() {
    let nothing = Subject::default();
    for channel in channels(&preferences("id")) {
        let draft = compose(&channel.id, &nothing, &preferences("id"));
        if !channel.template.is_empty() || channel.id == "facebook" {
            assert!(draft.is_err(), "{}: {draft:?}", channel.id);
        }
    }
}

#[test]
fn whatsapp_messages_are_formatted() {
    let preferences = preferences("id");
    let draft = compose("whatsapp", &subject("Feri *baru* tiba"), &preferences).unwrap();
    assert_eq!(
        draft.message,
        "*Feri ∗baru∗ tiba*\nKabar Nusa\n\nKapal itu tiba pada Senin pagi. Warga menyambutnya di \
         dermaga.\n\nhttps://kabar.example/a?id=7"
    );
    let draft = compose_with(
        "whatsapp",
        &subject("x"),
        "Bu, ini & itu 100%",
        &preferences,
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
    let draft = compose_with("whatsapp:6281234567890", &subject("x"), "Bu", &preferences).unwrap();
    assert_eq!(
        draft.target.as_deref(),
        Some("whatsapp://send?phone=6281234567890&text=Bu")
    );
    assert_eq!(draft.fallback, ["https://wa.me/6281234567890?text=Bu"]);
}

#[test]
fn quotes_and_stories_are_worded() {
    let quoted = Subject {
        quote: "Laut akan tenang besok.".into(),
        ..subject("Feri tiba")
    };
    let draft = compose("whatsapp", &quoted, &preferences("id")).unwrap();
    assert_eq!(
        draft.message,
        "“Laut akan tenang besok.”\n\n*Feri tiba*\nKabar Nusa\n\nhttps://kabar.example/a?id=7"
    );
    let story = Subject {
        reported_by: ["A", "B", "C", "D", "E", "F"].map(Into::into).to_vec(),
        ..subject("Feri tiba")
    };
    for (language, expected) in [
        ("id", "Diberitakan A, B, C, D dan 2 lainnya"),
        ("en", "Reported by A, B, C, D and 2 more"),
    ] {
        let draft = compose("telegram", &story, &preferences(language)).unwrap();
        assert_eq!(draft.message.lines().nth(1), Some(expected));
        assert_eq!(draft.link.as_deref(), Some(LINK));
    }
}

#[test]
fn right_to_left_lines_begin_at_the_right() {
    let draft = compose(
        "whatsapp",
        &subject("BBC: وصول العبارة الجديدة"),
        &preferences("id"),
    )
    .unwrap();
    let first = draft.message.lines().next().unwrap();
    assert!(first.starts_with("\u{200F}*BBC"), "{first:?}");
    assert!(
        !draft
            .message
            .lines()
            .nth(1)
            .unwrap()
            .starts_with('\u{200F}')
    );
}

#[test]
fn templates_order_and_hidden_channels_are_respected() {
    let own = Preferences {
        via: true,
        order: vec!["sms".into(), "own:1".into()],
        hidden: vec!["facebook".into()],
        messages: [(
            "sms".to_owned(),
            "Baca: {title}\n{tidak-ada}\n{link}".to_owned(),
        )]
        .into(),
        ..preferences("id")
    };
    let all = channels(&own);
    assert_eq!(
        [&*all[0].id, &*all[1].id, &*all[2].id],
        ["sms", "own:1", "whatsapp"]
    );
    assert_eq!(all[3].id, "whatsapp:6281234567890");
    assert!(all.iter().all(|c| c.hidden == (c.id == "facebook")));
    let draft = compose("sms", &subject("Feri"), &own).unwrap();
    assert_eq!(draft.message, format!("Baca: Feri\n{LINK}\n\nvia Warta"));
    let bare = Preferences {
        language: "id".into(),
        ..Preferences::default()
    };
    let wanting = |id| compose(id, &subject("x"), &bare).unwrap_err();
    assert_eq!(wanting("mastodon"), ShareError::NeedsInstance);
    assert_eq!(
        wanting("whatsapp-channel"),
        ShareError::NeedsWhatsappChannel
    );
    assert_eq!(wanting("own:1"), ShareError::UnknownChannel("own:1".into()));
}

#[test]
fn the_share_sheet_gets_text_and_a_web_link_only() {
    let preferences = preferences("id");
    let draft = compose("system", &subject("Feri baru tiba"), &preferences).unwrap();
    assert_eq!(draft.sheet.as_deref(), Some("Feri baru tiba"));
    assert_eq!(
        draft.message,
        "Feri baru tiba\nKabar Nusa\n\nKapal itu tiba pada Senin pagi. Warga menyambutnya di dermaga."
    );
    assert_eq!(draft.link.as_deref(), Some(LINK));
    assert_eq!((draft.target, draft.copies), (None, false));
    for url in ["file:///rumah/rahasia.txt", "javascript:alert(1)", ""] {
        let subject = Subject {
            url: url.into(),
            ..subject("Feri baru tiba")
        };
        let draft = compose("system", &subject, &preferences).unwrap();
        assert_eq!(
            draft.link, None,
            "a file's link would share the file: {url}"
        );
    }
    let unnamed = Subject {
        excerpt: "Kapal itu tiba.".into(),
        ..Subject::default()
    };
    let draft = compose("system", &unnamed, &preferences).unwrap();
    assert_eq!(draft.sheet.as_deref(), Some("Kapal itu tiba."));
    let several = digest("system", &five(), Daypart::Morning, &preferences).unwrap();
    assert_eq!(several.len(), 1);
    assert_eq!(several[0].sheet.as_deref(), Some("5 berita pagi ini"));
    assert_eq!(several[0].link, None, "a digest's links are in its text");
}

#[test]
fn mail_breaks_lines_as_mail_does() {
    let draft = compose_with("email", &subject("Judul"), "a\nb", &preferences("id")).unwrap();
    assert_eq!(
        draft.target.as_deref(),
        Some("mailto:?subject=Judul&body=a%0D%0Ab")
    );
}

#[test]
fn google_news_is_searched_in_the_edition() {
    let draft = compose("google-news", &subject("Feri & laut"), &preferences("id")).unwrap();
    assert_eq!(
        draft.target.as_deref(),
        Some("https://news.google.com/search?q=Feri%20%26%20laut&hl=id&gl=ID&ceid=ID:id")
    );
}

#[test]
fn long_messages_end_at_a_sentence_or_word_and_never_inside_a_link() {
    let preferences = preferences("id");
    let link = "https://kabar.example/sangat/panjang/sekali";
    let message = format!("{} {link}", "kata ".repeat(195).trim());
    let draft = compose_with("whatsapp", &subject("x"), &message, &preferences).unwrap();
    assert!(draft.message.chars().count() <= 1000);
    assert!(
        !draft.message.contains("https"),
        "a link must not be truncated: {}",
        draft.message
    );
    for channel in ["whatsapp", "bluesky", "x"] {
        let family = "👨‍👩‍👧‍👦".repeat(400);
        let draft = compose_with(channel, &subject("x"), &family, &preferences).unwrap();
        let kept = draft.message.trim_end_matches('…');
        assert!(
            kept.graphemes(true).all(|one| one == "👨‍👩‍👧‍👦") && !kept.is_empty(),
            "an emoji sequence is never split on {channel}"
        );
    }
    let sentences = "Kapal tiba di dermaga. ".repeat(60);
    let draft = compose_with("whatsapp", &subject("x"), &sentences, &preferences).unwrap();
    assert!(draft.message.ends_with("dermaga."), "{}", draft.message);
}

#[test]
fn characters_are_counted_as_x_documents() {
    for (text, weight) in [
        ("abc", 3),
        ("日本", 4),
        ("👨‍👩‍👧‍👦", 2),
        ("a https://kabar.example/sangat/panjang/sekali b", 27),
        ("é’”", 3),
    ] {
        assert_eq!(length(text, warta_share::Unit::Weighted), weight, "{text}");
    }
}

fn five() -> Vec<Subject> {
    (1..=5)
        .map(|n| Subject {
            url: format!("https://kabar.example/berita/{n}?utm_source=rss"),
            ..subject(&format!("Berita nomor {n} tentang laut"))
        })
        .collect()
}

#[test]
fn several_articles_make_one_message_or_as_many_as_the_limit_asks_for() {
    let id = preferences("id");
    let drafts = digest("whatsapp", &five(), Daypart::Morning, &id).unwrap();
    assert_eq!(drafts.len(), 1);
    let message = &drafts[0].message;
    assert!(message.starts_with("*5 berita pagi ini*\n\n1. Berita nomor 1 tentang laut – Kabar Nusa\nhttps://kabar.example/berita/1\n\n2. "), "{message}");
    let drafts = digest("bluesky", &five(), Daypart::Night, &preferences("en")).unwrap();
    assert!(drafts.len() > 1);
    assert!(
        drafts[0].message.starts_with("5 stories tonight (1/"),
        "{}",
        drafts[0].message
    );
    for n in 1..=5 {
        let with = drafts
            .iter()
            .filter(|d| {
                d.message
                    .contains(&format!("https://kabar.example/berita/{n}"))
            })
            .count();
        assert_eq!(with, 1, "every link is in exactly one message, untruncated");
    }
    let long: Vec<Subject> = five()
        .into_iter()
        .map(|s| Subject {
            title: "新渡轮抵达岛屿".repeat(400),
            ..s
        })
        .collect();
    for channel in channels(&id) {
        for subjects in [&five(), &long] {
            match digest(&channel.id, subjects, Daypart::Noon, &id) {
                Ok(drafts) => drafts
                    .iter()
                    .for_each(|draft| check(&channel, draft, "digest")),
                Err(error) => {
                    assert_eq!(error, ShareError::OneAtATime);
                    assert!(!channel.takes_several, "{}", channel.id);
                }
            }
        }
    }
}

#[test]
fn the_day_has_four_parts() {
    for (hour, part) in [
        (5, Daypart::Morning),
        (10, Daypart::Morning),
        (12, Daypart::Noon),
        (16, Daypart::Afternoon),
        (20, Daypart::Night),
        (2, Daypart::Night),
    ] {
        assert_eq!(Daypart::of(hour * 3600), part, "{hour}");
    }
}

#[test]
fn numbers_and_links_are_parsed_as_readers_write_them() {
    for (written, number) in [
        ("+62 812-3456-7890", Some("6281234567890")),
        ("0812 3456 7890", Some("6281234567890")),
        ("0065 8123 4567", Some("6581234567")),
        ("6281234567890", Some("6281234567890")),
        ("+0812", None),
        ("12", None),
        ("ibu", None),
    ] {
        assert_eq!(whatsapp_number(written).as_deref(), number, "{written}");
    }
    for (written, host) in [
        ("mastodon.social", Some("mastodon.social")),
        ("https://Fosstodon.org/", Some("fosstodon.org")),
        ("@ani@sosial.example", Some("sosial.example")),
        ("ani", None),
        ("", None),
    ] {
        assert_eq!(mastodon_instance(written).as_deref(), host, "{written}");
    }
    for (written, code) in [
        (
            "https://whatsapp.com/channel/0029VaSaya",
            Some("0029VaSaya"),
        ),
        (
            "www.whatsapp.com/channel/0029VaSaya?x=1",
            Some("0029VaSaya"),
        ),
        ("https://lain.example/channel/0029VaSaya", None),
        ("0029VaSaya", None),
    ] {
        assert_eq!(whatsapp_channel(written).as_deref(), code, "{written}");
    }
    for (template, sound) in [
        ("https://e.org/?t={title}", true),
        ("https://e.org/{url}", true),
        ("mailto:a@e.org?body={text}", true),
        ("https://e.org/", false),
        ("https://{title}/", false),
        ("javascript:alert({title})", false),
        ("file:///{url}", false),
        ("{url}", false),
        ("", false),
    ] {
        assert_eq!(is_valid_template(template), sound, "{template}");
    }
}

#[test]
fn a_qr_code_is_read_back() {
    for link in [
        LINK.to_owned(),
        "https://berita.example/新渡轮?a=%20&b=1".to_owned(),
        format!("https://kabar.example/{}", "laut-".repeat(60)),
    ] {
        let code = qr_code(&link).unwrap();
        let scale = 4;
        let dark = drawn(&code.path, code.size);
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(
            code.size * scale,
            code.size * scale,
            |x, y| if dark[y / scale][x / scale] { 0 } else { 255 },
        );
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "{link}");
        assert_eq!(grids[0].decode().unwrap().1, link);
    }
    assert_eq!(qr_code(&"x".repeat(3000)), Err(ShareError::TooLong));
}

/// The modules that a path of runs draws dark.
#[expect(clippy::unwrap_used, reason = "a path of another form fails the test")]
fn drawn(path: &str, size: usize) -> Vec<Vec<bool>> {
    let mut dark = vec![vec![false; size]; size];
    for run in path.split('M').filter(|run| !run.is_empty()) {
        let (place, rest) = run.split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let long: usize = rest.split_once('v').unwrap().0.parse().unwrap();
        dark[y][x..x + long].fill(true);
    }
    dark
}

proptest! {
    #[test]
    fn any_text_is_carried_whole(title in ".{0,400}", message in ".{0,1500}", url in ".{0,60}") {
        let preferences = preferences("id");
        let subject = Subject { title: title.clone(), url, publisher: title, excerpt: message.clone(), quote: message.clone(), reported_by: Vec::new() };
        for channel in channels(&preferences) {
            for draft in [
                compose(&channel.id, &subject, &preferences),
                compose_with(&channel.id, &subject, &message, &preferences),
            ].into_iter().flatten() {
                if let Some(limit) = channel.limit {
                    prop_assert!(length(&draft.message, limit.unit) <= limit.most, "{}", channel.id);
                }
                prop_assert!(draft.target.is_none_or(|target| target.is_ascii()));
            }
        }
    }
}
