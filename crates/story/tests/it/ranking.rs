//! Which publishers can raise a story's rank.

use proptest::prelude::*;
use warta_story::{Clusterer, Item, Phase, Story};

const HOUR: i64 = 3600;
/// An id that names its event, for [`is`], and something within that event.
pub(crate) fn id_of(event: &str, within: &str) -> u64 {
    let hash = |text: &str| {
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
        })
    };
    u64::from(hash(event)) << 32 | u64::from(hash(within))
}

/// Whether an article's id names this event.
pub(crate) fn is_of(id: u64, event: &str) -> bool {
    id >> 32 == id_of(event, "") >> 32
}

/// An original report: the event's names in another order, with different words.
pub(crate) fn report(event: &str, publisher: &str, at: i64, id: usize) -> Item {
    let mut words: Vec<String> = (0..7).map(|n| format!("{event}{n}")).collect();
    words.extend((0..5).map(|n| format!("lain{event}{id}x{n}")));
    words.sort_by_key(|word| {
        let mixed = word.bytes().chain([id as u8]);
        mixed.fold(7_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
        })
    });
    Item {
        id: id_of(event, &format!("{publisher}-{id}")),
        title: words[..4].join(" "),
        text: format!("{}.", words[4..].join(" ")),
        publisher: publisher.to_owned(),
        published: Some(at),
        language: Some("id".to_owned()),
        ..Item::default()
    }
}

fn trending(items: &[Item], now: i64) -> Vec<Story> {
    let mut items = items.to_vec();
    items.sort_by_key(|item| (item.published, item.id));
    let mut clusterer = Clusterer::new();
    for item in &items {
        clusterer.insert(item);
    }
    clusterer.trending(now, 100)
}

fn is(story: &Story, event: &str) -> bool {
    story.items.iter().all(|id| is_of(*id, event))
}

#[test]
fn a_burst_of_five_publishers_is_first_at_once() {
    let mut items = Vec::new();
    for event in ["banjirkota", "pilkadesa", "hargacabai"] {
        for n in 0..3 {
            items.push(report(
                event,
                &format!("lama{n}.id"),
                n as i64 * 2 * HOUR,
                n,
            ));
        }
    }
    for n in 0..5 {
        items.push(report(
            "gempalaut",
            &format!("baru{n}.id"),
            9 * HOUR + n as i64 * 300,
            n,
        ));
    }
    let stories = trending(&items, 10 * HOUR);
    assert!(is(&stories[0], "gempalaut"), "{:?}", stories[0]);
    assert_eq!(stories[0].phase, Phase::New);
    assert_eq!(stories[0].why.publishers, 5);
    assert_eq!(stories[0].why.first_publisher, "baru0.id");
    assert_eq!(stories[0].course.iter().sum::<u16>(), 5);
}

#[test]
fn one_publisher_alone_never_trends_however_much_it_floods() {
    let mut items = Vec::new();
    for n in 0..60 {
        let host = ["www.banjir.id", "m.banjir.id", "sport.banjir.id"][n % 3];
        items.push(report("promosi", host, n as i64 * 60, n));
    }
    assert!(trending(&items, 2 * HOUR).is_empty());
    for n in 0..60 {
        let mut item = report("tanpanama", "", n as i64 * 60, n);
        item.id = n as u64;
        items.push(item);
    }
    assert!(trending(&items, 2 * HOUR).is_empty(), "nor do unknown ones");
}

#[test]
fn phases_follow_the_course_of_a_story() {
    let items: Vec<Item> = [0, 60, 180, 240, 300, 330]
        .into_iter()
        .enumerate()
        .map(|(n, minute)| report("kasusbesar", &format!("p{n}.id"), minute * 60, n))
        .collect();
    let phase = |until: usize, now: i64| trending(&items[..until], now)[0].phase;
    assert_eq!(phase(2, 2 * HOUR), Phase::New);
    assert_eq!(phase(6, 6 * HOUR), Phase::Rising);
    assert_eq!(phase(6, 8 * HOUR), Phase::Peak);
    assert_eq!(phase(6, 14 * HOUR), Phase::Fading);
}

#[test]
fn a_quiet_day_looks_quiet() {
    let items: Vec<Item> = (0..30)
        .map(|n| {
            report(
                &format!("sendiri{n}x"),
                &format!("p{n}.id"),
                n as i64 * 600,
                n,
            )
        })
        .collect();
    assert!(trending(&items, 6 * HOUR).is_empty(), "nothing is shared");
    let items: Vec<Item> = (0..3)
        .map(|n| report("kemarin", &format!("p{n}.id"), n as i64 * 600, n))
        .collect();
    assert_eq!(trending(&items, 2 * HOUR).len(), 1);
    assert!(
        trending(&items, 60 * HOUR).is_empty(),
        "the old story has ended"
    );
}

proptest! {
    #[test]
    fn copies_never_lift_a_story_above_one_that_more_report(
        reports in 2..6_usize,
        copies in 0..40_usize,
        hosts in 1..12_usize,
    ) {
        let mut items = Vec::new();
        for n in 0..reports {
            items.push(report("disalin", &format!("a{n}.id"), n as i64 * 60, n));
        }
        for n in 0..=reports {
            items.push(report("dilaporkan", &format!("b{n}.id"), n as i64 * 60, n));
        }
        for n in 0..copies {
            let mut copy = report("disalin", "a0.id", 60, 0);
            copy.publisher = format!("salin{}.id", n % hosts);
            copy.id = id_of("disalin", &format!("salin-{n}"));
            items.push(copy);
        }
        let stories = trending(&items, HOUR);
        prop_assert!(is(&stories[0], "dilaporkan"), "{:?}", &stories[0]);
    }

    #[test]
    fn another_report_never_lowers_a_story(reports in 2..8_usize) {
        let items: Vec<Item> = (0..=reports)
            .map(|n| report("acara", &format!("p{n}.id"), n as i64 * 600, n))
            .collect();
        let (fewer, more) = (trending(&items[..reports], 2 * HOUR), trending(&items, 2 * HOUR));
        prop_assert!(more[0].score > fewer[0].score);
    }
}

#[test]
fn the_headline_is_of_a_feed_that_the_reader_trusts() {
    let texts = [
        (
            "Feri Nusa Laut tenggelam di Selat Bangka, 40 penumpang selamat",
            "Feri Nusa Laut tenggelam di Selat Bangka pada Senin pagi. Sebanyak 40 penumpang selamat.",
        ),
        (
            "40 penumpang selamat setelah feri Nusa Laut tenggelam",
            "Sebanyak 40 penumpang feri Nusa Laut selamat setelah kapal tenggelam di Selat Bangka.",
        ),
    ];
    let mut clusterer = Clusterer::new();
    let mut story = None;
    for (at, (title, text)) in texts.into_iter().enumerate() {
        story = Some(clusterer.insert(&Item {
            id: at as u64,
            title: title.into(),
            text: text.into(),
            publisher: format!("koran{at}.id"),
            published: Some(HOUR),
            language: Some("id".into()),
            ..Item::default()
        }));
    }
    for at in 0..texts.len() {
        clusterer.set_preferences(warta_story::Preferences {
            language: Some("id".into()),
            trusted: [format!("koran{at}.id")].into(),
        });
        let told = clusterer.story(story.unwrap(), 2 * HOUR).unwrap();
        assert_eq!(told.items.len(), 2, "one story");
        assert_eq!(told.headline_item, at as u64, "koran{at} is trusted");
    }
    let asked = Item {
        text: "40 penumpang feri Nusa Laut selamat".into(),
        ..Item::default()
    };
    assert_eq!(clusterer.nearest(&asked, 2).len(), 2);
}

/// An article of a story in two languages.
fn told(name: &str, language: &str, title: &str, text: &str) -> Item {
    Item {
        id: id_of(name, ""),
        title: title.into(),
        text: text.into(),
        publisher: format!("{name}.example"),
        published: Some(HOUR),
        language: Some(language.into()),
        ..Item::default()
    }
}

fn headline(items: &[Item], language: &str) -> (usize, u64) {
    let mut clusterer = Clusterer::new();
    clusterer.set_preferences(warta_story::Preferences {
        language: Some(language.into()),
        ..warta_story::Preferences::default()
    });
    for item in items {
        clusterer.insert(item);
    }
    let story = clusterer
        .story(clusterer.story_of(items[0].id).unwrap(), 2 * HOUR)
        .unwrap();
    (story.items.len(), story.headline_item)
}

#[test]
fn the_central_article_represents_a_story_in_any_language() {
    let indonesian = told(
        "satu",
        "id",
        "Gempa magnitudo 5,6 guncang Cianjur, 120 rumah rusak",
        "Gempa bermagnitudo 5,6 mengguncang Cianjur pada Senin. Sebanyak 120 rumah rusak.",
    );
    let english = told(
        "two",
        "en",
        "Magnitude 5.6 earthquake shakes Cianjur, 120 houses damaged",
        "A magnitude 5.6 earthquake shook Cianjur on Monday and damaged 120 houses.",
    );
    // Two are equally close to each other: the reader's language decides.
    let pair = [indonesian.clone(), english.clone()];
    assert_eq!(headline(&pair, "en"), (2, id_of("two", "")));
    assert_eq!(headline(&pair, "id"), (2, id_of("satu", "")));
    // If most articles are in one language, the central article is one of them.
    let most = [
        indonesian,
        told(
            "tiga",
            "id",
            "Gempa magnitudo 5,6 guncang Cianjur, warga mengungsi ke lapangan",
            "Warga Cianjur mengungsi ke lapangan setelah gempa bermagnitudo 5,6 merusak rumah mereka.",
        ),
        told(
            "empat",
            "id",
            "Rumah rusak akibat gempa Cianjur bertambah, warga mengungsi",
            "Rumah rusak di Cianjur bertambah menjadi 120 setelah gempa bermagnitudo 5,6 mengguncang pada Senin.",
        ),
        english,
    ];
    let (count, of_english_reader) = headline(&most, "en");
    assert_eq!(count, 4, "one story");
    assert_ne!(
        of_english_reader,
        id_of("two", ""),
        "an article far from the centre does not give the headline"
    );
    assert_eq!(
        headline(&most, "id").1,
        of_english_reader,
        "the centre is the same for every reader"
    );
}

#[test]
fn a_fading_story_of_the_day_before_does_not_trend() {
    let at = |minutes: [i64; 3]| -> Vec<Item> {
        let items = minutes.into_iter().enumerate();
        items
            .map(|(n, minute)| report("tadimalam", &format!("p{n}.id"), minute * 60, n))
            .collect()
    };
    let shown = |items: &[Item], now: i64| {
        let stories = trending(items, now);
        (stories[0].phase, stories[0].is_trending)
    };
    let items = at([0, 20, 60]);
    assert_eq!(shown(&items, 2 * HOUR), (Phase::New, true));
    assert_eq!(shown(&items, 4 * HOUR), (Phase::Rising, true));
    assert_eq!(
        shown(&items, 10 * HOUR),
        (Phase::Fading, true),
        "the same day"
    );
    assert_eq!(
        shown(&items, 14 * HOUR),
        (Phase::Fading, false),
        "the day before"
    );
    // A repetition by one of its publishers does not revive the story; a new publisher does.
    let mut repeated = items.clone();
    repeated.push(report("tadimalam", "p0.id", 19 * HOUR, 7));
    assert_eq!(shown(&repeated, 20 * HOUR), (Phase::Fading, false));
    let mut taken_up = items;
    taken_up.push(report("tadimalam", "p9.id", 19 * HOUR, 9));
    assert!(shown(&taken_up, 20 * HOUR).1);
}
