//! Forwarding: what is opened, copied, queued and recorded.

use std::sync::Mutex;

use warta_engine::api::{
    CardRequest, CardShape, FailureCode, FileFormat, ForwardRequest, ForwardState, Forwarding,
    OwnChannel, OwnMessage, Place, Subject, WhatsappContact,
};
use warta_engine::{Host, ShareSheet, Shared};

use crate::server::{Page, Server};
use crate::{Bench, rss};

/// Records what it was asked to open or copy; opens only some schemes.
#[derive(Default)]
struct Recorder {
    opened: Mutex<Vec<String>>,
    copied: Mutex<Vec<String>>,
    without: Vec<&'static str>,
    sheet: Option<Sheet>,
}

/// A share sheet that records its content and can fail to open.
#[derive(Default)]
struct Sheet {
    got: Mutex<Vec<Shared>>,
    is_stuck: bool,
}

impl ShareSheet for Sheet {
    fn open(&self, shared: &Shared) -> Result<(), String> {
        if self.is_stuck {
            return Err("0x80070005".into());
        }
        self.got.lock().unwrap().push(shared.clone());
        Ok(())
    }
}

impl Host for Recorder {
    fn open(&self, target: &str) -> Result<(), String> {
        if self.without.iter().any(|scheme| target.starts_with(scheme)) {
            return Err("no handler".into());
        }
        self.opened.lock().unwrap().push(target.into());
        Ok(())
    }

    fn copy(&self, text: &str) -> Result<(), String> {
        self.copied.lock().unwrap().push(text.into());
        Ok(())
    }

    fn copy_picture(&self, rgba: Vec<u8>, width: u32, height: u32) -> Result<(), String> {
        assert_eq!(rgba.len(), (width * height * 4) as usize);
        self.copied
            .lock()
            .unwrap()
            .push(format!("{width} × {height}"));
        Ok(())
    }

    fn share_sheet(&self) -> Option<&dyn ShareSheet> {
        self.sheet.as_ref().map(|sheet| sheet as &dyn ShareSheet)
    }
}

async fn bench() -> (Bench, u64) {
    let server = Server::start().await;
    let feed = rss("Kabar", &[("a", "Feri & kapal 100%", "<p>Isi berita.</p>")]);
    server.put(
        "/feed",
        Page::of(
            "application/rss+xml",
            feed.replace("Feri & kapal", "Feri &amp; kapal"),
        ),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    (bench, id)
}

fn request(id: u64, channel: &str, message: Option<&str>) -> ForwardRequest {
    ForwardRequest {
        subject: Subject::Article { id },
        channel: channel.into(),
        message: message.map(Into::into),
        wait: false,
        part: 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_opens_with_the_edited_message_and_a_clean_link() {
    let (bench, id) = bench().await;
    let host = Recorder::default();
    let draft = bench
        .engine
        .sharing()
        .draft(&Subject::Article { id }, "whatsapp", None, 0)
        .unwrap();
    assert!(
        draft.message.contains("https://kabar.example/a"),
        "{}",
        draft.message
    );
    assert!(
        !draft.message.contains("utm_"),
        "tracking parameters must be removed: {}",
        draft.message
    );
    let record = bench
        .engine
        .sharing()
        .forward(&request(id, "whatsapp", Some("Bu, baca ini & itu")), &host)
        .unwrap();
    assert_eq!(record.state, ForwardState::Opened);
    let opened = host.opened.lock().unwrap().clone();
    assert_eq!(
        opened,
        ["whatsapp://send?text=Bu%2C%20baca%20ini%20%26%20itu"]
    );
    let bench = bench.reopened();
    let history = bench.engine.article(id).unwrap().forwards;
    assert_eq!(
        history.len(),
        1,
        "the article's history contains the forward"
    );
    assert_eq!(history[0].channel_name, "WhatsApp");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_app_the_web_target_opens() {
    let (bench, id) = bench().await;
    let host = Recorder {
        without: vec!["whatsapp:"],
        ..Recorder::default()
    };
    bench
        .engine
        .sharing()
        .forward(&request(id, "whatsapp", Some("Halo")), &host)
        .unwrap();
    assert_eq!(*host.opened.lock().unwrap(), ["https://wa.me/?text=Halo"]);
    let host = Recorder {
        without: vec!["whatsapp:", "http"],
        ..Recorder::default()
    };
    let failure = bench
        .engine
        .sharing()
        .forward(&request(id, "whatsapp", None), &host)
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::NoHandler);
}

#[tokio::test(flavor = "multi_thread")]
async fn google_news_search_uses_the_readers_edition() {
    let (bench, id) = bench().await;
    let host = Recorder::default();
    bench
        .engine
        .sharing()
        .forward(&request(id, "google-news", None), &host)
        .unwrap();
    assert_eq!(
        *host.opened.lock().unwrap(),
        [
            "https://news.google.com/search?q=Feri%20%26%20kapal%20100%25&hl=id&gl=ID&ceid=ID%3Aid"
                .replace("%3A", ":")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_forward_is_sent_once() {
    let (bench, id) = bench().await;
    let host = Recorder::default();
    let waiting = ForwardRequest {
        wait: true,
        ..request(id, "google-news", None)
    };
    let record = bench.engine.sharing().forward(&waiting, &host).unwrap();
    assert_eq!(record.state, ForwardState::Waiting);
    assert!(host.opened.lock().unwrap().is_empty());
    let bench = bench.reopened();
    assert_eq!(
        bench.engine.places().unwrap().waiting,
        1,
        "the outbox survives a restart"
    );
    bench
        .engine
        .sharing()
        .forward_waiting(record.id, &host)
        .unwrap();
    assert_eq!(host.opened.lock().unwrap().len(), 1);
    let again = bench
        .engine
        .sharing()
        .forward_waiting(record.id, &host)
        .unwrap_err();
    assert_eq!(again.code, FailureCode::NotFound, "it is sent exactly once");
}

#[tokio::test(flavor = "multi_thread")]
async fn copied_and_opened_links_are_checked() {
    let (bench, id) = bench().await;
    let host = Recorder::default();
    bench
        .engine
        .sharing()
        .forward(&request(id, "copy-link", None), &host)
        .unwrap();
    assert_eq!(*host.copied.lock().unwrap(), ["https://kabar.example/a"]);
    bench
        .engine
        .sharing()
        .open_link("https://kabar.example/", &host)
        .unwrap();
    for link in [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "ssh://x",
        "",
    ] {
        let failure = bench.engine.sharing().open_link(link, &host).unwrap_err();
        assert_eq!(failure.code, FailureCode::BadAddress, "{link}");
    }
    assert_eq!(host.opened.lock().unwrap().len(), 1);
    // Parameters that a mail program could act on silently are removed.
    let mail = "mailto:a@kabar.example?subject=Halo&attach=/etc/passwd&bcc=b@kabar.example";
    bench.engine.sharing().open_link(mail, &host).unwrap();
    assert_eq!(
        host.opened.lock().unwrap().last().unwrap(),
        "mailto:a@kabar.example?subject=Halo"
    );
}

/// Five articles of one feed.
async fn five() -> (Bench, Vec<u64>, Server) {
    let server = Server::start().await;
    let entries = ["a", "b", "c", "d", "e"].map(|guid| {
        (
            guid,
            "Berita laut dan pelabuhan dari pulau ke pulau",
            "<p>Isi.</p>",
        )
    });
    server.put(
        "/feed",
        Page::of("application/rss+xml", rss("Kabar", &entries)),
    );
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let ids = bench.rows(Place::All).iter().map(|row| row.id).collect();
    (bench, ids, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_is_recorded_for_every_article() {
    let (bench, ids, _server) = five().await;
    let host = Recorder::default();
    let subject = Subject::Digest { ids: ids.clone() };
    let draft = bench
        .engine
        .sharing()
        .draft(&subject, "telegram", None, 0)
        .unwrap();
    assert!(
        draft
            .message
            .starts_with("5 berita siang ini\n\n1. Berita laut dan pelabuhan dari pulau ke pulau – Kabar\nhttps://kabar.example/a\n"),
        "{}",
        draft.message
    );
    assert_eq!(draft.parts, 1);
    let request = ForwardRequest {
        subject: subject.clone(),
        ..request(0, "telegram", None)
    };
    bench.engine.sharing().forward(&request, &host).unwrap();
    let opened = host.opened.lock().unwrap().clone();
    assert!(
        opened[0].starts_with("tg://msg_url?url=5%20berita%20siang%20ini%0A%0A1."),
        "{opened:?}"
    );
    for id in ids {
        assert_eq!(bench.engine.article(id).unwrap().forwards.len(), 1);
    }
    let draft = bench
        .engine
        .sharing()
        .draft(&subject, "bluesky", None, 1)
        .unwrap();
    assert!(draft.parts > 1 && draft.part == 1, "{draft:?}");
    let failure = bench
        .engine
        .sharing()
        .draft(&subject, "facebook", None, 0)
        .unwrap_err();
    assert_eq!(
        (failure.code, failure.detail.as_str()),
        (FailureCode::CannotForward, "oneAtATime")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_forward_can_be_edited_and_is_kept_when_it_cannot_be_opened() {
    let (bench, id) = bench().await;
    let nothing = Recorder {
        without: vec!["whatsapp:", "http"],
        ..Recorder::default()
    };
    let waiting = ForwardRequest {
        wait: true,
        ..request(id, "whatsapp", Some("Bu"))
    };
    let record = bench.engine.sharing().forward(&waiting, &nothing).unwrap();
    let failure = bench
        .engine
        .sharing()
        .forward_waiting(record.id, &nothing)
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::NoHandler);
    let record = bench
        .engine
        .sharing()
        .edit_waiting(record.id, "Bu & Pak")
        .unwrap();
    assert_eq!(
        record.target.as_deref(),
        Some("whatsapp://send?text=Bu%20%26%20Pak")
    );
    let bench = bench.reopened();
    let browser = Recorder {
        without: vec!["whatsapp:"],
        ..Recorder::default()
    };
    let sent = bench
        .engine
        .sharing()
        .forward_waiting(record.id, &browser)
        .unwrap();
    assert_eq!(sent.state, ForwardState::Opened);
    assert_eq!(
        *browser.opened.lock().unwrap(),
        ["https://wa.me/?text=Bu%20%26%20Pak"]
    );
    assert!(
        bench.engine.settings().whatsapp_in_browser,
        "the working target is remembered"
    );
    let both = Recorder::default();
    bench
        .engine
        .sharing()
        .forward(&request(id, "whatsapp", Some("Lagi")), &both)
        .unwrap();
    assert_eq!(*both.opened.lock().unwrap(), ["https://wa.me/?text=Lagi"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_headline_is_reported() {
    let (bench, ids, server) = five().await;
    let host = Recorder::default();
    bench
        .engine
        .sharing()
        .forward(&request(ids[0], "copy-link", None), &host)
        .unwrap();
    assert!(!bench.engine.article(ids[0]).unwrap().forwards[0].edited_since);
    let changed = rss("Kabar", &[("a", "Berita laut yang diralat", "<p>Isi.</p>")]);
    server.put("/feed", Page::of("application/rss+xml", changed));
    bench.sync_all().await;
    let forwards = bench.engine.article(ids[0]).unwrap().forwards;
    assert!(forwards[0].edited_since, "{forwards:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn own_channels_templates_and_contacts_are_stored() {
    let (bench, id) = bench().await;
    let own = Forwarding {
        order: vec!["telegram".into()],
        hidden: vec!["facebook".into()],
        mastodon: "@ani@Sosial.example".into(),
        whatsapp_channel: "whatsapp.com/channel/0029VaSaya".into(),
        contacts: vec![WhatsappContact {
            name: "Ibu".into(),
            number: "0812-3456-7890".into(),
        }],
        own: vec![OwnChannel {
            id: String::new(),
            name: "Buku".into(),
            template: "https://tamu.example/?u={url}".into(),
        }],
        messages: vec![OwnMessage {
            channel: "telegram".into(),
            template: "Lihat: {title}".into(),
        }],
        last_channel: String::new(),
    };
    let kept = bench.engine.sharing().set_forwarding(own.clone()).unwrap();
    assert_eq!(kept.mastodon, "sosial.example");
    assert_eq!(kept.contacts[0].number, "6281234567890");
    assert_eq!(kept.own[0].id, "1");
    let bench = bench.reopened();
    assert_eq!(bench.engine.sharing().forwarding(), kept);
    let channels = bench.engine.sharing().share_channels(&Recorder::default());
    assert_eq!(channels[0].id, "telegram");
    assert!(channels.iter().any(|c| c.id == "facebook" && c.hidden));
    let draft = |channel: &str| {
        bench
            .engine
            .sharing()
            .draft(&Subject::Article { id }, channel, None, 0)
            .unwrap()
    };
    assert_eq!(draft("telegram").message, "Lihat: Feri & kapal 100%");
    assert_eq!(
        draft("own:1").target.as_deref(),
        Some("https://tamu.example/?u=https%3A%2F%2Fkabar.example%2Fa")
    );
    assert!(
        draft("mastodon")
            .target
            .unwrap()
            .starts_with("https://sosial.example/share?text=")
    );
    let to_channel = draft("whatsapp-channel");
    assert!(to_channel.copies);
    assert_eq!(
        to_channel.target.as_deref(),
        Some("https://whatsapp.com/channel/0029VaSaya")
    );
    let host = Recorder::default();
    bench
        .engine
        .sharing()
        .forward(&request(id, "whatsapp-channel", None), &host)
        .unwrap();
    assert_eq!(
        (
            host.copied.lock().unwrap().len(),
            host.opened.lock().unwrap().len()
        ),
        (1, 1)
    );
    assert_eq!(
        bench.engine.sharing().forwarding().last_channel,
        "whatsapp-channel"
    );
    for wrong in [
        Forwarding {
            mastodon: "ani".into(),
            ..Forwarding::default()
        },
        Forwarding {
            whatsapp_channel: "https://e.org/".into(),
            ..Forwarding::default()
        },
        Forwarding {
            contacts: vec![WhatsappContact {
                name: "x".into(),
                number: "1".into(),
            }],
            ..Forwarding::default()
        },
        Forwarding {
            own: vec![OwnChannel {
                id: String::new(),
                name: "x".into(),
                template: "javascript:{url}".into(),
            }],
            ..Forwarding::default()
        },
    ] {
        let refused = bench.engine.sharing().set_forwarding(wrong).unwrap_err();
        assert_eq!(refused.code, FailureCode::BadInput);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_share_sheet_gets_the_draft_unchanged() {
    let (bench, id) = bench().await;
    let engine = &bench.engine;
    let host = Recorder {
        sheet: Some(Sheet::default()),
        ..Recorder::default()
    };
    let listed = |host| {
        let channels = engine.sharing().share_channels(host);
        channels.iter().any(|channel| channel.id == "system")
    };
    assert!(listed(&host));
    let subjects = [
        Subject::Article { id },
        Subject::Story { id },
        Subject::Quote {
            id,
            text: "Laut tenang.".into(),
        },
        Subject::Digest { ids: vec![id] },
    ];
    for subject in subjects {
        let draft = engine.sharing().draft(&subject, "system", None, 0).unwrap();
        assert!(!draft.needs_network, "the sheet opens offline: {draft:?}");
        let request = ForwardRequest {
            subject,
            wait: true,
            ..request(id, "system", None)
        };
        let record = engine.sharing().forward(&request, &host).unwrap();
        assert_eq!(
            (record.state, record.target, record.by_itself),
            (ForwardState::Opened, None, false)
        );
        let got = host.sheet.as_ref().unwrap().got.lock().unwrap().pop();
        let expected = Shared {
            title: draft.sheet.unwrap(),
            text: draft.message,
            link: draft.link,
        };
        assert_eq!(got, Some(expected));
    }
    let own = request(id, "system", Some("Bu, baca ini"));
    engine.sharing().forward(&own, &host).unwrap();
    let got = host.sheet.as_ref().unwrap().got.lock().unwrap().clone();
    assert_eq!(
        got,
        [Shared {
            title: "Feri & kapal 100%".into(),
            text: "Bu, baca ini".into(),
            link: Some("https://kabar.example/a".into()),
        }]
    );
    assert!(host.opened.lock().unwrap().is_empty());
    assert!(host.copied.lock().unwrap().is_empty());
    assert_eq!(engine.article(id).unwrap().forwards.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_or_failing_share_sheet_is_reported() {
    let (bench, id) = bench().await;
    let engine = &bench.engine;
    let without = Recorder::default();
    let listed = engine.sharing().share_channels(&without);
    assert!(listed.iter().all(|channel| channel.id != "system"));
    let detail = |host: &Recorder| {
        let failure = engine.sharing().forward(&request(id, "system", None), host);
        let failure = failure.unwrap_err();
        assert_eq!(failure.code, FailureCode::CannotForward);
        failure.detail
    };
    assert_eq!(detail(&without), "unknownChannel");
    assert_eq!(engine.article(id).unwrap().forwards, []);
    let stuck = Recorder {
        sheet: Some(Sheet {
            is_stuck: true,
            ..Sheet::default()
        }),
        ..Recorder::default()
    };
    assert_eq!(detail(&stuck), "noSheet");
    let history = engine.article(id).unwrap().forwards;
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].state, ForwardState::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn quotes_qr_codes_files_and_cards() {
    let (bench, id) = bench().await;
    let subject = Subject::Quote {
        id,
        text: " Laut tenang. ".into(),
    };
    let draft = bench
        .engine
        .sharing()
        .draft(&subject, "whatsapp", None, 0)
        .unwrap();
    assert!(
        draft
            .message
            .starts_with("“Laut tenang.”\n\n*Feri & kapal 100%*"),
        "{}",
        draft.message
    );
    let draft = bench
        .engine
        .sharing()
        .draft(&Subject::Article { id }, "qr-code", None, 0)
        .unwrap();
    assert_eq!(draft.message, "https://kabar.example/a");
    assert!(
        draft
            .qr_code
            .is_some_and(|code| code.size > 20 && !code.path.is_empty())
    );
    let (name, text) = bench
        .engine
        .cards()
        .article_file(id, FileFormat::Markdown)
        .unwrap();
    assert_eq!(name, "Feri & kapal 100%.md");
    assert_eq!(
        String::from_utf8(text).unwrap(),
        "# Feri & kapal 100%\n\n*Kabar · 4 Mei 2026*\n\nIsi berita.\n\n<https://kabar.example/a>\n"
    );
    let request = CardRequest {
        subject: Subject::Article { id },
        shape: CardShape::Status,
        with_picture: true,
    };
    let card = bench.engine.cards().picture_card(&request).unwrap();
    assert_eq!(
        (card.width, card.height, card.has_picture),
        (1080, 1920, false)
    );
    let host = Recorder::default();
    bench.engine.cards().copy_card(&request, &host).unwrap();
    assert_eq!(*host.copied.lock().unwrap(), ["1080 × 1920"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn publisher_channels_are_found_and_can_be_corrected() {
    let server = Server::start().await;
    let closing = "<p>Isi berita.</p><p>Silakan baca konten menarik lainnya dari Kabar di \
        <a href=\"https://news.google.com/publications/CAAqBwgKMLTrzwsw44TwAw?hl=id\">Google News</a> dan \
        <a href=\"https://whatsapp.com/channel/0029VaKabar\">Whatsapp Channel</a>!</p>";
    let feed = rss("Kabar", &[("a", "Feri", closing)])
        .replace("https://kabar.example/<", &format!("{}<", server.url("/")));
    server.put("/feed", Page::of("application/rss+xml", feed));
    server.put(
        "/",
        Page::of(
            "text/html",
            "<p>Beranda</p><a href=\"https://www.whatsapp.com/channel/0029VaBaru\">Saluran</a>",
        ),
    );
    let bench = Bench::new();
    let feed = bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    let addresses = |bench: &Bench| -> Vec<String> {
        let channels = bench.engine.article(id).unwrap().publisher.channels;
        channels.into_iter().map(|c| c.url).collect()
    };
    let google = "https://news.google.com/publications/CAAqBwgKMLTrzwsw44TwAw";
    assert_eq!(
        addresses(&bench),
        ["https://whatsapp.com/channel/0029VaKabar", google]
    );
    let places = bench
        .engine
        .sharing()
        .google_news(&Subject::Article { id })
        .unwrap();
    assert_eq!(places.publisher.as_deref(), Some(google));
    assert_eq!(
        places.prefer.as_deref(),
        Some("https://www.google.com/preferences/source?q=kabar.example")
    );
    let found = bench
        .engine
        .publisher_channels()
        .find_publisher_channels(feed)
        .await
        .unwrap();
    assert_eq!(found[0].url, "https://whatsapp.com/channel/0029VaBaru");
    assert_eq!(
        addresses(&bench),
        ["https://whatsapp.com/channel/0029VaBaru", google]
    );
    let set = bench
        .engine
        .publisher_channels()
        .set_publisher_channels(
            feed,
            &["whatsapp.com/channel/0029VaSendiri".into(), " ".into()],
        )
        .unwrap();
    assert_eq!(set.len(), 1);
    bench.sync_all().await;
    let bench = bench.reopened();
    assert_eq!(
        addresses(&bench),
        ["https://whatsapp.com/channel/0029VaSendiri"],
        "the reader's values take precedence"
    );
    let wrong = bench
        .engine
        .publisher_channels()
        .set_publisher_channels(feed, &["https://e.org/".into()]);
    assert_eq!(wrong.unwrap_err().code, FailureCode::BadAddress);
    let opml = bench.engine.opml().export_opml().unwrap();
    assert!(
        opml.contains("warta:whatsappChannel=\"https://whatsapp.com/channel/0029VaSendiri\""),
        "{opml}"
    );
    let other = Bench::new();
    other.engine.opml().import_opml(opml.as_bytes()).unwrap();
    other.sync_all().await;
    let id = other.rows(Place::All)[0].id;
    assert_eq!(
        other.engine.article(id).unwrap().publisher.channels[0].url,
        "https://whatsapp.com/channel/0029VaSendiri"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_is_followed_as_a_feed() {
    let (bench, _) = bench().await;
    let before = bench.engine.places().unwrap().feeds.len();
    let subscribed = bench
        .engine
        .sharing()
        .follow_topic(" feri & laut ")
        .unwrap();
    assert_eq!(subscribed.added.len(), 1);
    assert_eq!(
        bench
            .engine
            .sharing()
            .follow_topic("feri & laut")
            .unwrap()
            .already
            .len(),
        1
    );
    let feeds = bench.engine.places().unwrap().feeds;
    assert_eq!(feeds.len(), before + 1);
    let feed = feeds
        .iter()
        .find(|feed| feed.title == "feri & laut")
        .unwrap();
    assert_eq!(
        feed.url,
        "https://news.google.com/rss/search?q=feri%20%26%20laut&hl=id&gl=ID&ceid=ID:id"
    );
    assert!(bench.engine.sharing().follow_topic(" ").is_err());
}
