//! Forwarding: what is opened, what is copied, what waits, what is remembered.

use std::sync::Mutex;

use warta_newsroom::Outside;
use warta_newsroom::face::{FailureCode, ForwardRequest, ForwardState, Place, Subject};

use crate::server::{Page, Server};
use crate::{Bench, rss};

/// Remembers what it was asked to open or copy; opens only some schemes.
#[derive(Default)]
struct Recorder {
    opened: Mutex<Vec<String>>,
    copied: Mutex<Vec<String>>,
    without: Vec<&'static str>,
}

impl Outside for Recorder {
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
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatsapp_opens_with_the_readers_own_words_and_a_clean_link() {
    let (bench, id) = bench().await;
    let outside = Recorder::default();
    let draft = bench
        .newsroom
        .draft(Subject::Article { id }, "whatsapp", None)
        .unwrap();
    assert!(
        draft.message.contains("https://kabar.example/a"),
        "{}",
        draft.message
    );
    assert!(
        !draft.message.contains("utm_"),
        "trackers stay behind: {}",
        draft.message
    );
    let record = bench
        .newsroom
        .forward(
            &request(id, "whatsapp", Some("Bu, baca ini & itu")),
            &outside,
        )
        .unwrap();
    assert_eq!(record.state, ForwardState::Opened);
    let opened = outside.opened.lock().unwrap().clone();
    assert_eq!(
        opened,
        ["whatsapp://send?text=Bu%2C%20baca%20ini%20%26%20itu"]
    );
    let bench = bench.reopened();
    let history = bench.newsroom.article(id).unwrap().forwards;
    assert_eq!(history.len(), 1, "the article remembers where it went");
    assert_eq!(history[0].channel_name, "WhatsApp");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_app_the_web_target_opens() {
    let (bench, id) = bench().await;
    let outside = Recorder {
        without: vec!["whatsapp:"],
        ..Recorder::default()
    };
    bench
        .newsroom
        .forward(&request(id, "whatsapp", Some("Halo")), &outside)
        .unwrap();
    assert_eq!(
        *outside.opened.lock().unwrap(),
        ["https://wa.me/?text=Halo"]
    );
    let outside = Recorder {
        without: vec!["whatsapp:", "http"],
        ..Recorder::default()
    };
    let failure = bench
        .newsroom
        .forward(&request(id, "whatsapp", None), &outside)
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::NoHandler);
}

#[tokio::test(flavor = "multi_thread")]
async fn google_news_is_searched_in_the_readers_edition() {
    let (bench, id) = bench().await;
    let outside = Recorder::default();
    bench
        .newsroom
        .forward(&request(id, "google-news", None), &outside)
        .unwrap();
    assert_eq!(
        *outside.opened.lock().unwrap(),
        [
            "https://news.google.com/search?q=Feri%20%26%20kapal%20100%25&hl=id&gl=ID&ceid=ID%3Aid"
                .replace("%3A", ":")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_goes_out_once() {
    let (bench, id) = bench().await;
    let outside = Recorder::default();
    let waiting = ForwardRequest {
        wait: true,
        ..request(id, "google-news", None)
    };
    let record = bench.newsroom.forward(&waiting, &outside).unwrap();
    assert_eq!(record.state, ForwardState::Waiting);
    assert!(outside.opened.lock().unwrap().is_empty());
    let bench = bench.reopened();
    assert_eq!(
        bench.newsroom.places().unwrap().waiting,
        1,
        "the outbox outlives a restart"
    );
    bench.newsroom.forward_waiting(record.id, &outside).unwrap();
    assert_eq!(outside.opened.lock().unwrap().len(), 1);
    let again = bench
        .newsroom
        .forward_waiting(record.id, &outside)
        .unwrap_err();
    assert_eq!(again.code, FailureCode::NotFound, "it leaves exactly once");
}

#[tokio::test(flavor = "multi_thread")]
async fn copying_and_links_go_through_the_allow_list() {
    let (bench, id) = bench().await;
    let outside = Recorder::default();
    bench
        .newsroom
        .forward(&request(id, "copy-link", None), &outside)
        .unwrap();
    assert_eq!(*outside.copied.lock().unwrap(), ["https://kabar.example/a"]);
    bench
        .newsroom
        .open_link("https://kabar.example/", &outside)
        .unwrap();
    for link in [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "ssh://x",
        "",
    ] {
        let failure = bench.newsroom.open_link(link, &outside).unwrap_err();
        assert_eq!(failure.code, FailureCode::BadAddress, "{link}");
    }
    assert_eq!(outside.opened.lock().unwrap().len(), 1);
}
