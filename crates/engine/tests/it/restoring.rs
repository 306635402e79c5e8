//! Imported files and API calls: what they may set, and their limits.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use warta_engine::api::{
    FailureCode, FeedChange, Forwarding, HeaderLine, Login, Mark, NewFeed, OwnChannel, PackSource,
    PackWish, RefusedKind, Rule, ServiceAccount, Settings, Subject,
};
use warta_engine::{Clock, Engine, Opening};

use crate::{Bench, NOON};

/// A line of a snapshot with a valid checksum.
fn line(record: &serde_json::Value) -> String {
    let json = record.to_string();
    let crc = !json.bytes().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    });
    format!("{{\"crc\":\"{crc:08x}\",\"record\":{json}}}\n")
}

#[expect(clippy::disallowed_methods, reason = "a file of the test's own")]
fn write(file: &Path, records: &[serde_json::Value]) {
    std::fs::write(file, records.iter().map(line).collect::<String>()).unwrap();
}

fn setting(name: &str, json: &serde_json::Value) -> serde_json::Value {
    serde_json::json!({ "kind": "setting", "name": name, "json": json.to_string() })
}

fn feed(url: &str) -> serde_json::Value {
    serde_json::json!({
        "kind": "feed", "url": url, "custom_title": null, "folder": null, "added_at": NOON,
        "paused": false, "title": "Judul", "site": "javascript:alert(1)",
        "options": { "user_agent": "a\r\nX-Evil: 1", "headers": ["X-Good", "bad header"] },
    })
}

/// Hostile settings in a file, by the name of the record.
fn hostile_settings() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        (
            "settings",
            serde_json::json!({
                "language": "en", "proxy": "file:///etc/passwd", "textSize": 200, "viaWarta": true,
            }),
        ),
        (
            "forwarding",
            serde_json::json!({
                "own": [
                    { "id": "1", "name": "Baik", "template": "https://a.example/?u={url}" },
                    { "id": "2", "name": "Jahat", "template": "javascript:alert('{text}')" },
                    { "id": "3", "name": "Jahat", "template": "file:///{title}" },
                ],
                "mastodon": "javascript:alert(1)",
            }),
        ),
        (
            "services",
            serde_json::json!({
                "wallabag": { "address": "https://evil.example", "user": "ani" },
                "linkding": { "address": "javascript:x" },
            }),
        ),
        (
            "publisher-channels",
            serde_json::json!({
                "kabar.example": [
                    { "kind": "whatsapp-channel", "url": "javascript:alert(1)" },
                ],
            }),
        ),
        (
            "rule/7",
            serde_json::json!({
                "rule": { "id": 7, "name": "Jahat", "pattern": "\\w{1000}{1000}", "mute": true },
                "feed_urls": [],
            }),
        ),
        ("unknown", serde_json::json!({ "a": 1 })),
    ]
}

fn hostile_snapshot(folder: &Path) -> PathBuf {
    let mut records = vec![
        serde_json::json!({ "kind": "folder", "name": "Berita", "position": 0 }),
        serde_json::json!({ "kind": "folder", "name": "a".repeat(900), "position": 1 }),
        feed("https://kabar.example/rss"),
        feed("https://ani:rahasia@login.example/rss"),
        feed("javascript:alert(1)"),
        feed("file:///etc/passwd"),
        feed(&format!("https://kabar.example/{}", "a".repeat(9_000))),
        serde_json::json!({ "kind": "search", "name": "Baik", "query": "banjir" }),
        serde_json::json!({ "kind": "search", "name": "Jahat", "query": "a ".repeat(450) }),
        serde_json::json!({ "kind": "saved", "feed": "https://kabar.example/rss", "guid": "g",
            "url": "javascript:alert(1)", "title": "Tersimpan", "time": i64::MAX,
            "saved_at": i64::MIN, "read": true }),
    ];
    records.extend(
        hostile_settings()
            .iter()
            .map(|(name, json)| setting(name, json)),
    );
    records.push(setting(
        "rule/8",
        &serde_json::json!({
            "rule": { "id": 8, "name": "Baik", "words": ["bola"], "mute": true }, "feed_urls": [],
        }),
    ));
    let file = folder.join("hostile.jsonl");
    write(&file, &records);
    file
}

/// The content of a snapshot of the store, without times.
fn content(engine: &Engine) -> Vec<String> {
    let text = std::fs::read_to_string(engine.maintenance().snapshot().unwrap()).unwrap();
    let mut lines: Vec<String> = text.lines().skip(1).map(str::to_owned).collect();
    lines.pop();
    lines
}

#[test]
fn a_snapshot_sets_only_valid_values() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let file = hostile_snapshot(bench.folder.path());
    let before = content(engine);
    let plan = engine.restoring().plan_restore(&file).unwrap();
    assert_eq!(content(engine), before, "a plan changes nothing");
    assert!(!plan.applied);
    assert_eq!((plan.feeds, plan.feeds_removed, plan.folders), (2, 0, 1));
    assert_eq!((plan.searches, plan.channels, plan.rules), (1, 1, 1));
    assert_eq!(plan.proxy, None, "the rejected proxy must not be shown");
    let refused = |kind: RefusedKind| plan.refused.iter().filter(|r| r.kind == kind).count();
    for (kind, many) in [
        (RefusedKind::Feed, 3),
        (RefusedKind::Folder, 1),
        (RefusedKind::Proxy, 1),
        // Two channels of the reader, the Mastodon instance, and the publisher's channel.
        (RefusedKind::Channel, 4),
        (RefusedKind::Service, 2),
        (RefusedKind::Rule, 1),
        (RefusedKind::Search, 1),
    ] {
        assert_eq!(refused(kind), many, "{kind:?}: {:?}", plan.refused);
    }
    assert_eq!(plan.refused_count as usize, plan.refused.len());
    assert!(
        !format!("{plan:?}").contains("rahasia"),
        "passwords must not be shown"
    );

    let done = engine.restoring().apply_restore(plan.plan).unwrap();
    assert!(done.applied);
    assert_eq!(
        (
            done.feeds,
            done.folders,
            done.marks,
            done.settings,
            done.searches
        ),
        (
            plan.feeds,
            plan.folders,
            plan.marks,
            plan.settings,
            plan.searches
        ),
        "it must do what the plan said"
    );
    let settings = engine.settings();
    assert_eq!(
        (settings.proxy.as_str(), settings.text_size),
        ("system", 28)
    );
    assert!(
        settings.via_warta && settings.language == "en",
        "the valid settings are applied immediately"
    );
    let own = engine.sharing().forwarding().own;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].template, "https://a.example/?u={url}");
    assert!(
        engine
            .integrations()
            .share_services()
            .unwrap()
            .iter()
            .all(|s| !s.connected)
    );
    assert_eq!(engine.rules().rules().len(), 1);
    let feeds = engine.places().unwrap().feeds;
    let mut urls: Vec<&str> = feeds.iter().map(|feed| feed.url.as_str()).collect();
    urls.sort_unstable();
    assert_eq!(
        urls,
        ["https://kabar.example/rss", "https://login.example/rss"]
    );
    assert!(feeds.iter().all(|feed| feed.site.is_none()));
    let details = engine.feeds().feed_details(feeds[0].id).unwrap();
    assert_eq!(
        (details.user_agent, details.headers),
        (None, vec!["X-Good".to_owned()])
    );
    assert!(!content(engine).concat().contains("rahasia"));
    let again = engine.restoring().apply_restore(plan.plan);
    assert_eq!(
        again.unwrap_err().code,
        FailureCode::NotFound,
        "a plan can be applied only once"
    );
    let bench = bench.reopened();
    assert_eq!(bench.engine.sharing().forwarding().own.len(), 1);
}

#[test]
fn a_profile_and_a_repaired_store_set_only_valid_values() {
    let made = tempfile::tempdir().unwrap();
    let file = made.path().join("hostile.warta");
    {
        let store = warta_store::Store::open(&made.path().join("store")).unwrap();
        for (name, json) in hostile_settings() {
            store.set_setting(name, &json.to_string()).unwrap();
        }
        let id = warta_store::PictureId::of_url("https://a.example/1.mp3");
        let audio = serde_json::json!({
            "url": "https://a.example/1.mp3", "article": 1, "media_type": "audio/mpeg",
            "ending": "x/../../../secret", "bytes": 7, "by_pack": false,
        });
        store
            .set_setting(&format!("own/sound/{id}"), &audio.to_string())
            .unwrap();
        let new = |url: &str| warta_store::NewFeed {
            url: url.into(),
            ..warta_store::NewFeed::default()
        };
        store
            .add_feeds(
                &[new("https://kabar.example/rss"), new("file:///etc/passwd")],
                NOON,
            )
            .unwrap();
        store.export(&file, NOON).unwrap();
    }
    let target = tempfile::tempdir().unwrap();
    let (_, summary) =
        warta_engine::Restoring::import(&file, target.path(), &Clock::given(|| NOON)).unwrap();
    assert!(
        summary
            .refused
            .iter()
            .any(|refused| refused.kind == RefusedKind::Proxy)
    );
    assert!(
        summary
            .refused
            .iter()
            .any(|refused| refused.kind == RefusedKind::Feed)
    );
    // Opened after import, and opened directly as a hostile store, as after a repair.
    for (folder, feeds) in [
        (target.path().to_owned(), 1),
        (made.path().join("store"), 2),
    ] {
        let engine = Engine::open(&Opening::usual(&folder, "id")).unwrap();
        assert_eq!(engine.settings().proxy, "system");
        assert_eq!(engine.sharing().forwarding().own.len(), 1);
        assert!(engine.sharing().forwarding().mastodon.is_empty());
        assert!(engine.rules().rules().is_empty());
        assert_eq!(engine.places().unwrap().feeds.len(), feeds);
    }
}

#[test]
fn a_subscription_list_is_checked() {
    let bench = Bench::new();
    let long = "a".repeat(300);
    let opml = format!(
        "<opml version=\"2.0\"><body>\
         <outline text=\"Map\"><outline type=\"rss\" text=\"Satu\" xmlUrl=\"https://a.example/1\" htmlUrl=\"javascript:x\"/></outline>\
         <outline text=\"{long}\"><outline type=\"rss\" xmlUrl=\"https://a.example/2\"/></outline>\
         <outline type=\"rss\" xmlUrl=\"javascript:alert(1)\"/>\
         <outline type=\"rss\" xmlUrl=\"file:///etc/passwd\"/>\
         </body></opml>"
    );
    let (report, ids) = bench.engine.opml().import_opml(opml.as_bytes()).unwrap();
    assert_eq!((report.added, ids.len()), (2, 2));
    assert_eq!(report.problems.len(), 2, "{:?}", report.problems);
    let places = bench.engine.places().unwrap();
    // The parser truncates the long name, so its feed keeps a folder.
    assert_eq!(places.folders.len(), 2);
    assert_eq!(
        places
            .feeds
            .iter()
            .filter(|feed| feed.folder.is_some())
            .count(),
        2
    );
    assert!(places.feeds.iter().all(|feed| feed.site.is_none()));
    assert!(bench.engine.opml().import_opml(b"<html>").is_err());
    assert_eq!(bench.engine.places().unwrap().feeds.len(), 2);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of calls")]
async fn every_call_rejects_oversized_input() {
    let bench = Bench::new();
    let engine = &bench.engine;
    let long = "a".repeat(200_000);
    let many = vec![long.clone(); 1_000];
    let id = bench.subscribe("https://kabar.example/rss");
    let subject = Subject::Quote {
        id: 1,
        text: long.clone(),
    };
    let rule = Rule {
        words: vec!["bola".into()],
        mute: true,
        ..Rule::default()
    };
    let change = |change: FeedChange| engine.feeds().change_feed(id, &change).err();
    let settings = |settings: Settings| engine.set_settings(settings).err();
    let set = engine.settings();
    let own = OwnChannel {
        id: String::new(),
        name: "Kanal".into(),
        template: format!("https://a.example/{long}?u={{url}}"),
    };
    let feed = |url: &str, folder: Option<&String>| NewFeed {
        url: url.into(),
        title: None,
        site: None,
        folder: folder.cloned().into_iter().collect(),
        page: None,
    };
    let pack = PackWish {
        name: Some(long.clone()),
        from: vec![PackSource::Unread],
        minutes: Some(u32::MAX),
        megabytes: None,
        pictures: false,
        audio: false,
    };
    let secret = ServiceAccount {
        token: long.clone(),
        ..ServiceAccount::default()
    };
    let refusals = [
        ("search", engine.search().search(&long, 9, 0).err()),
        (
            "search's words",
            engine.search().search(&"a ".repeat(400), 9, 0).err(),
        ),
        (
            "saved search",
            engine.saved_searches().save_search("Nama", &long).err(),
        ),
        (
            "saved search's name",
            engine.saved_searches().save_search(&long, "kata").err(),
        ),
        (
            "empty name",
            engine.saved_searches().save_search(" \n ", "kata").err(),
        ),
        ("folder", engine.feeds().rename_folder(1, &long).err()),
        ("discover", engine.discovery().discover(&long).await.err()),
        (
            "search_podcasts",
            engine.podcast_directory().search(&long).await.err(),
        ),
        (
            "subscribe",
            engine
                .feeds()
                .subscribe(&[feed("https://b.example/", Some(&long))])
                .err(),
        ),
        (
            "draft",
            engine.sharing().draft(&subject, "whatsapp", None, 0).err(),
        ),
        (
            "message",
            engine
                .sharing()
                .draft(&Subject::Article { id: 1 }, "whatsapp", Some(&long), 0)
                .err(),
        ),
        ("topic", engine.sharing().follow_topic(&long).err()),
        (
            "rule's name",
            engine
                .rules()
                .keep_rule(Rule {
                    name: long.clone(),
                    ..rule.clone()
                })
                .err(),
        ),
        (
            "rule's tag",
            engine
                .rules()
                .keep_rule(Rule {
                    tag: Some(long.clone()),
                    ..rule.clone()
                })
                .err(),
        ),
        (
            "rule's words",
            engine
                .rules()
                .keep_rule(Rule {
                    words: many.clone(),
                    ..rule.clone()
                })
                .err(),
        ),
        (
            "rule's authors",
            engine
                .rules()
                .try_rule(Rule {
                    authors: many,
                    ..rule.clone()
                })
                .err(),
        ),
        (
            "pattern",
            engine
                .rules()
                .try_rule(Rule {
                    pattern: Some(long.clone()),
                    ..rule
                })
                .err(),
        ),
        ("pack", engine.packs().create_pack(&pack).err()),
        (
            "marks",
            engine
                .marks()
                .mark(
                    &vec![1; 1_000_001],
                    Mark {
                        read: Some(true),
                        saved: None,
                    },
                )
                .err(),
        ),
        (
            "channels",
            engine
                .publisher_channels()
                .set_publisher_channels(id, &vec![String::new(); 99])
                .err(),
        ),
        (
            "service",
            engine
                .integrations()
                .connect_service("readwise", &secret)
                .err(),
        ),
        (
            "title",
            change(FeedChange {
                custom_title: Some(long.clone()),
                ..FeedChange::default()
            }),
        ),
        (
            "agent",
            change(FeedChange {
                user_agent: Some("a\nb".into()),
                ..FeedChange::default()
            }),
        ),
        (
            "move",
            change(FeedChange {
                folder: Some(vec![long.clone()]),
                ..FeedChange::default()
            }),
        ),
        (
            "login",
            change(FeedChange {
                login: Some(Login {
                    user: long.clone(),
                    password: String::new(),
                }),
                ..FeedChange::default()
            }),
        ),
        (
            "header",
            change(FeedChange {
                headers: Some(vec![HeaderLine {
                    name: "X-A".into(),
                    value: long.clone(),
                }]),
                ..FeedChange::default()
            }),
        ),
        (
            "proxy",
            settings(Settings {
                proxy: "file:///x".into(),
                ..set.clone()
            }),
        ),
        (
            "edition",
            settings(Settings {
                google_news_country: long.clone(),
                ..set
            }),
        ),
        (
            "channel",
            engine
                .sharing()
                .set_forwarding(Forwarding {
                    own: vec![own],
                    ..Forwarding::default()
                })
                .err(),
        ),
    ];
    let before = content(engine);
    for (what, refusal) in refusals {
        let failure = refusal.unwrap_or_else(|| panic!("{what} is bounded"));
        assert_eq!(failure.code, FailureCode::BadInput, "{what}: {failure:?}");
        assert!(
            failure.message.len() < 500,
            "{what}: the message must be short"
        );
    }
    let bad_address = engine
        .feeds()
        .subscribe(&[feed(&format!("https://b.example/{long}"), None)]);
    assert_eq!(bad_address.unwrap_err().code, FailureCode::BadAddress);
    assert_eq!(content(engine), before, "the store must not change");
    assert_eq!(engine.places().unwrap().feeds.len(), 1);
    assert!(engine.places().unwrap().folders.is_empty());
}

#[test]
fn days_follow_the_readers_time_zone() {
    // 2026-05-04 12:00 UTC is already the 5th on Kiritimati, still the 4th (01:00) on Niue.
    for (hours, minutes, today, card) in [
        (14, 0, "2026-05-05", "5 Mei 2026"),
        (12, 45, "2026-05-05", "5 Mei 2026"),
        (-11, 0, "2026-05-04", "4 Mei 2026"),
        (0, 0, "2026-05-04", "4 Mei 2026"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        {
            let store = warta_store::Store::open(folder.path()).unwrap();
            let new = warta_store::NewFeed {
                url: "https://kabar.example/rss".into(),
                ..warta_store::NewFeed::default()
            };
            store.add_feeds(&[new], NOON).unwrap();
            let article = warta_store::NewArticle {
                guid: "a".into(),
                title: "Banjir".into(),
                published: Some(NOON),
                html: "<p>Banjir</p>".into(),
                ..warta_store::NewArticle::default()
            };
            let batch = warta_store::FeedBatch {
                feed: warta_store::FeedId(1),
                facts: warta_store::FeedFacts::default(),
                articles: vec![article],
                received_at: NOON,
            };
            store.commit(batch).unwrap();
        }
        let mut opening = Opening::usual(folder.path(), "id");
        let offset = hours * 3600 + minutes * 60 * i32::signum(hours);
        opening.clock = Clock::in_zone(|| NOON + 60, move |_| offset);
        let engine = Engine::open(&opening).unwrap();
        engine.search().finish_indexing().unwrap();
        let found = |query: &str| engine.search().search(query, 9, 0).unwrap().total;
        assert_eq!(found(&format!("after:{today}")), 1, "{hours}");
        assert_eq!(found(&format!("before:{today}")), 0, "{hours}");
        let (_, file) = engine
            .cards()
            .article_file(1, warta_engine::api::FileFormat::Text)
            .unwrap();
        let text = String::from_utf8(file).unwrap();
        assert!(text.contains(card), "{hours}: {text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Arbitrary values in the most sensitive records, in well-formed lines.
    #[test]
    fn no_snapshot_panics_or_exceeds_its_plan(
        name in prop::sample::select(vec!["settings", "forwarding", "services", "publisher-channels", "rule/1", "sound/0", "traffic", "x"]),
        key in prop::sample::select(vec!["proxy", "own", "rule", "language", "order", "autoPack", "contacts"]),
        value in prop_oneof![
            any::<i64>().prop_map(|n| serde_json::json!(n)),
            ".{0,40}".prop_map(|text| serde_json::json!(text)),
            Just(serde_json::json!([{ "id": "1", "name": "", "template": "javascript:{url}" }])),
            Just(serde_json::json!({ "id": 1, "words": ["a"], "mute": true })),
            Just(serde_json::json!(null)),
        ],
        url in ".{0,60}",
        text in ".{0,60}",
    ) {
        let bench = Bench::new();
        let file = bench.folder.path().join("any.jsonl");
        let records = [
            setting(name, &serde_json::json!({ key: value })),
            feed(&url),
            feed(&format!("https://{url}")),
            serde_json::json!({ "kind": "folder", "name": text, "position": 0 }),
            serde_json::json!({ "kind": "search", "name": text, "query": url }),
        ];
        write(&file, &records);
        let before = content(&bench.engine);
        if let Ok(plan) = bench.engine.restoring().plan_restore(&file) {
            prop_assert_eq!(content(&bench.engine), before);
            let done = bench.engine.restoring().apply_restore(plan.plan).unwrap();
            prop_assert_eq!(
                (plan.feeds, plan.folders, plan.settings, plan.searches),
                (done.feeds, done.folders, done.settings, done.searches)
            );
        }
        for own in bench.engine.sharing().forwarding().own {
            prop_assert!(!own.template.starts_with("javascript:"));
        }
        for place in bench.engine.places().unwrap().feeds {
            prop_assert!(place.url.starts_with("http"));
        }
    }

    #[test]
    fn no_opml_panics_or_is_partly_imported(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0..300_usize) {
        let bench = Bench::new();
        let mut opml = b"<opml version=\"2.0\"><body><outline text=\"Map\"><outline type=\"rss\" text=\"A\" xmlUrl=\"https://a.example/1\"/></outline></body></opml>".to_vec();
        let at = at.min(opml.len());
        opml.splice(at..at, bytes);
        let taken = bench.engine.opml().import_opml(&opml);
        let places = bench.engine.places().unwrap();
        match taken {
            Ok((report, _)) => prop_assert_eq!(report.added as usize, places.feeds.len()),
            Err(_) => prop_assert!(places.feeds.is_empty() && places.folders.is_empty()),
        }
    }
}
