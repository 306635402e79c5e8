//! Podcast episodes against loopback servers: downloaded on request, resumed, stored with the
//! playback position, and removed when no longer needed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use warta_engine::Part;
use warta_engine::api::{
    AudioState, AudioView, Event, FailureCode, Listening, Mark, PackSource, PackStatus, PackWish,
    Place, ProblemCode,
};

use crate::server::{Page, Server};
use crate::{Bench, packs};

/// Long enough to be written in several chunks.
fn episode() -> Vec<u8> {
    let mut bytes = b"ID3\x04\0\0\0\0\0\0".to_vec();
    bytes.extend((0..3_000_000_u32).map(|n| (n % 251) as u8));
    bytes
}

/// Serves one episode, supports ranges, and stops halfway while told to.
struct Station {
    url: String,
    /// Number of body bytes sent.
    sent: Arc<AtomicUsize>,
    halts: Arc<AtomicBool>,
}

impl Station {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/e1.mp3", listener.local_addr().unwrap());
        let (sent, halts) = (
            Arc::new(AtomicUsize::new(0)),
            Arc::new(AtomicBool::new(false)),
        );
        let (counted, halted) = (Arc::clone(&sent), Arc::clone(&halts));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (counted, halted) = (Arc::clone(&counted), Arc::clone(&halted));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    let mut buffer = [0; 4096];
                    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                        match stream.read(&mut buffer).await {
                            Ok(read) if read > 0 => head.extend_from_slice(&buffer[..read]),
                            _ => return,
                        }
                    }
                    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
                    let from: usize = head
                        .split("range: bytes=")
                        .nth(1)
                        .and_then(|rest| rest.split('-').next()?.parse().ok())
                        .unwrap_or(0);
                    let whole = episode();
                    let body = &whole[from..];
                    let status = if from > 0 { "206 Partial" } else { "200 OK" };
                    let answer = format!(
                        "HTTP/1.1 {status}\r\nContent-Type: audio/mpeg\r\nETag: \"e1\"\r\n\
                         Content-Length: {}\r\nContent-Range: bytes {from}-{}/{}\r\n\
                         Connection: close\r\n\r\n",
                        body.len(),
                        whole.len() - 1,
                        whole.len()
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                    for piece in body.chunks(100_000) {
                        let half = counted.load(Ordering::SeqCst) >= whole.len() / 2;
                        while half && halted.load(Ordering::SeqCst) {
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                        if stream.write_all(piece).await.is_err() {
                            return;
                        }
                        counted.fetch_add(piece.len(), Ordering::SeqCst);
                    }
                });
            }
        });
        Self { url, sent, halts }
    }

    fn halt(&self, halts: bool) {
        self.halts.store(halts, Ordering::SeqCst);
    }
}

/// A feed with one article that has the audio file at `url`.
async fn podcast(url: &str) -> (Server, Bench, u64) {
    let server = Server::start().await;
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>Siniar Uji</title><item><guid>1</guid>\
         <title>Episode satu</title><description>Tentang pelabuhan.</description>\
         <enclosure url=\"{url}\" type=\"audio/mpeg\" length=\"3000010\"/>\
         <enclosure url=\"{url}.pdf\" type=\"application/pdf\"/></item></channel></rss>"
    );
    server.put("/feed", Page::of("application/rss+xml", feed));
    let bench = Bench::new();
    bench.subscribe(&server.url("/feed"));
    bench.sync_all().await;
    let id = bench.rows(Place::All)[0].id;
    (server, bench, id)
}

fn audio_state_of(bench: &Bench, id: u64) -> AudioView {
    let article = bench.engine.article(id).unwrap();
    assert!(
        article.enclosures[1].audio.is_none(),
        "a document is not audio"
    );
    article.enclosures[0].audio.clone().unwrap()
}

fn wish() -> PackWish {
    PackWish {
        audio: true,
        ..packs::wish(PackSource::Unread)
    }
}

/// The bytes that the media protocol returns for an audio file.
fn heard(bench: &Bench, audio: &AudioView) -> Option<Vec<u8>> {
    let src = audio.src.as_deref()?;
    let path = src.strip_prefix("warta-media://localhost")?;
    let media = bench.engine.media().media(path, None)?;
    assert_eq!(media.content_type, "audio/mpeg");
    Some(media.bytes)
}

/// The media protocol returns the requested range and its position.
fn pieces_are_bounded(bench: &Bench, audio: &AudioView) {
    let all = episode();
    let of = all.len() as u64;
    let path = audio.src.as_deref().unwrap();
    let path = path.strip_prefix("warta-media://localhost").unwrap();
    let media = |range: &str| bench.engine.media().media(path, Some(range)).unwrap();
    for (range, from, to) in [
        ("bytes=0-9", 0, 10),
        ("bytes=1000-1999", 1000, 2000),
        ("bytes=-7", all.len() - 7, all.len()),
    ] {
        let piece = media(range);
        assert_eq!(piece.bytes, all[from..to], "{range}");
        let expected = format!("bytes {from}-{}/{of}", to - 1);
        assert_eq!(piece.content_range(), Some(expected), "{range}");
    }
    let behind = media(&format!("bytes={of}-"));
    assert_eq!(
        (behind.part, behind.bytes.len()),
        (Part::Unsatisfiable { of }, 0)
    );
    let mut whole = Vec::new();
    while whole.len() < all.len() {
        let piece = media(&format!("bytes={}-", whole.len()));
        assert!(!piece.bytes.is_empty() && piece.bytes.len() <= 4 << 20);
        whole.extend(piece.bytes);
    }
    assert_eq!(whole, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn audio_is_downloaded_on_request_with_its_playback_position() {
    let station = Station::start().await;
    let (server, bench, id) = podcast(&station.url).await;
    let before = audio_state_of(&bench, id);
    assert_eq!((before.state, before.src), (AudioState::Away, None));
    assert_eq!(
        station.sent.load(Ordering::SeqCst),
        0,
        "nothing is downloaded automatically"
    );

    let stranger = bench
        .engine
        .podcasts()
        .fetch_audio(id, &server.url("/feed"))
        .await;
    assert_eq!(
        stranger.unwrap_err().code,
        FailureCode::NotFound,
        "only the article's enclosures can be fetched"
    );
    bench
        .engine
        .podcasts()
        .fetch_audio(id, &station.url)
        .await
        .unwrap();
    let kept = audio_state_of(&bench, id);
    assert_eq!(kept.state, AudioState::Kept);
    assert_eq!(heard(&bench, &kept).unwrap(), episode());
    assert!(bench.engine.maintenance().usage().unwrap().bytes_audio >= kept.bytes);
    pieces_are_bounded(&bench, &kept);
    let copy = bench.folder.path().join("copy.mp3");
    bench
        .engine
        .podcasts()
        .copy_audio(&station.url, &copy)
        .unwrap();
    #[expect(clippy::disallowed_methods, reason = "a file of the test's own")]
    let copied = std::fs::read(&copy).unwrap();
    assert_eq!(copied, episode());

    let listening = Listening {
        seconds: 61,
        heard: false,
    };
    bench
        .engine
        .podcasts()
        .listened(&station.url, listening)
        .unwrap();
    let bench = bench.reopened();
    let after = audio_state_of(&bench, id);
    assert_eq!(
        after.listening, listening,
        "the position survives a restart"
    );
    assert_eq!(heard(&bench, &after).unwrap(), episode());

    bench
        .engine
        .podcasts()
        .remove_audio(id, &station.url)
        .unwrap();
    let gone = audio_state_of(&bench, id);
    assert_eq!((gone.state, gone.listening), (AudioState::Away, listening));
    assert_eq!(bench.engine.maintenance().usage().unwrap().bytes_audio, 0);
    assert_eq!(heard(&bench, &after), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_download_resumes() {
    let station = Station::start().await;
    let (_server, bench, id) = podcast(&station.url).await;
    station.halt(true);
    let mut events = bench.engine.events();
    let (engine, url) = (bench.engine.clone(), station.url.clone());
    let fetch = tokio::spawn(async move { engine.podcasts().fetch_audio(id, &url).await });
    // Until more than one write buffer has arrived.
    loop {
        if let Event::AudioChanged { audio, .. } = events.recv().await.unwrap() {
            assert_eq!(audio.state, AudioState::Fetching);
            assert_eq!(audio.of, Some(episode().len() as u64));
            if audio.bytes > 1_200_000 {
                break;
            }
        }
        if audio_state_of(&bench, id).bytes > 1_200_000 {
            break;
        }
    }
    bench.engine.podcasts().stop_audio(&station.url);
    fetch.await.unwrap().unwrap();
    assert_eq!(audio_state_of(&bench, id).state, AudioState::Away);

    station.halt(false);
    let sent = station.sent.load(Ordering::SeqCst);
    let bench = bench.reopened();
    bench
        .engine
        .podcasts()
        .fetch_audio(id, &station.url)
        .await
        .unwrap();
    assert_eq!(
        heard(&bench, &audio_state_of(&bench, id)).unwrap(),
        episode()
    );
    let again = station.sent.load(Ordering::SeqCst) - sent;
    assert!(again < 2_400_000, "only the rest is downloaded: {again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_in_place_of_audio_is_rejected_with_a_reason() {
    let server = Server::start().await;
    server.put("/e.mp3", Page::of("audio/mpeg", "<html>Masuk dulu</html>"));
    let (_feed, bench, id) = podcast(&server.url("/e.mp3")).await;
    let refused = bench
        .engine
        .podcasts()
        .fetch_audio(id, &server.url("/e.mp3"))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code, refused.detail.as_str()),
        (FailureCode::FetchFailed, "badSound")
    );
    assert_eq!(audio_state_of(&bench, id).state, AudioState::Away);
    assert_eq!(
        bench.engine.maintenance().usage().unwrap().bytes_audio,
        0,
        "no partial file is left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_includes_audio_and_can_be_paused_during_a_download() {
    let station = Station::start().await;
    let (_server, bench, id) = podcast(&station.url).await;
    let without = bench
        .engine
        .packs()
        .preview_pack(&PackWish {
            audio: false,
            ..wish()
        })
        .unwrap();
    let with = bench.engine.packs().preview_pack(&wish()).unwrap();
    assert_eq!(
        (without.ready, with.ready),
        (1, 0),
        "its audio is not stored"
    );

    station.halt(true);
    let pack = bench.engine.packs().create_pack(&wish()).unwrap();
    let engine = bench.engine.clone();
    let running = tokio::spawn(async move { engine.packs().run_pack(pack.id).await });
    while audio_state_of(&bench, id).bytes < 1_200_000 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    bench.engine.packs().pause_pack(pack.id).unwrap();
    let paused = running.await.unwrap().unwrap();
    assert_eq!((paused.status, paused.tried), (PackStatus::Paused, 0));

    station.halt(false);
    bench.engine.packs().resume_pack(pack.id).unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(
        (done.status, done.complete),
        (PackStatus::Done, 1),
        "{done:?}"
    );
    assert!(
        done.bytes > episode().len() as u64,
        "the audio file's size is included"
    );
    assert_eq!(
        heard(&bench, &audio_state_of(&bench, id)).unwrap(),
        episode()
    );
    assert!(
        station.sent.load(Ordering::SeqCst) < episode().len() + 1_500_000,
        "the partial file is not downloaded again"
    );

    // Kept while the pack exists; that of a saved article always.
    bench.engine.maintenance().free_space().unwrap();
    assert_eq!(audio_state_of(&bench, id).state, AudioState::Kept);
    bench.engine.packs().remove_pack(pack.id).unwrap();
    let save = |saved| Mark {
        read: None,
        saved: Some(saved),
    };
    bench.engine.marks().mark(&[id], save(true)).unwrap();
    bench.engine.maintenance().free_space().unwrap();
    assert_eq!(audio_state_of(&bench, id).state, AudioState::Kept);
    bench.engine.marks().mark(&[id], save(false)).unwrap();
    assert_eq!(bench.engine.maintenance().free_space().unwrap().episodes, 1);
    assert_eq!(audio_state_of(&bench, id).state, AudioState::Away);
}

#[tokio::test(flavor = "multi_thread")]
async fn downloaded_audio_is_kept_until_played() {
    let station = Station::start().await;
    let (_server, bench, id) = podcast(&station.url).await;
    bench
        .engine
        .podcasts()
        .fetch_audio(id, &station.url)
        .await
        .unwrap();
    assert_eq!(bench.engine.maintenance().free_space().unwrap().episodes, 0);
    let heard = Listening {
        seconds: 0,
        heard: true,
    };
    bench
        .engine
        .podcasts()
        .listened(&station.url, heard)
        .unwrap();
    assert_eq!(bench.engine.maintenance().free_space().unwrap().episodes, 1);
    let gone = audio_state_of(&bench, id);
    assert_eq!((gone.state, gone.listening), (AudioState::Away, heard));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_reports_missing_audio_with_reasons() {
    let server = Server::start().await;
    let (_feed, bench, _) = podcast(&server.url("/weg.mp3")).await;
    let pack = bench.engine.packs().create_pack(&wish()).unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!((done.status, done.complete), (PackStatus::Done, 0));
    let lack = &done.lacks[0];
    assert_eq!(
        (lack.what.as_str(), lack.code.as_str()),
        ("sounds", "notFound")
    );

    let small = PackWish {
        megabytes: Some(2),
        ..wish()
    };
    let pack = bench.engine.packs().create_pack(&small).unwrap();
    let done = bench.engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(
        done.lacks[0].code,
        ProblemCode::NoRoom,
        "the episode exceeds the size limit of the pack"
    );
}
