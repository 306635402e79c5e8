//! Kills the process while it makes a pack, repeatedly: the pack resumes where it stopped, and no
//! stored picture is fetched again.

use std::collections::HashMap;
use std::path::Path;

use warta_engine::api::{Event, FeedPlace, PackSource, PackStatus, PackWish, SyncScope};
use warta_engine::{Engine, Opening};

use crate::child::{Killable, child_folder};
use crate::packs::{asked, is_picture, page_of, png, wish};
use crate::server::{Page, Server};
use crate::{new_feed, rss};

const ARTICLES: usize = 24;

/// The child process: makes the pack and prints the articles whose pictures are all stored.
#[tokio::test(flavor = "multi_thread")]
async fn child_makes_a_pack_until_killed() {
    let Some(folder) = child_folder() else {
        return;
    };
    let engine = Engine::open(&Opening::usual(&folder, "id")).unwrap();
    let mut events = engine.events();
    tokio::spawn(async move {
        while let Ok(event) = events.recv().await {
            if let Event::PicturesArrived { articles } = event {
                println!("\narrived {}", articles[0]);
            }
        }
    });
    let pack = engine.packs().packs().unwrap().remove(0);
    engine.packs().run_pack(pack.id).await.unwrap();
    println!("\ndone");
}

/// Makes the pack in a child process and kills it when the pictures of `after` articles are
/// stored. Returns these articles, and whether the pack was done before.
fn run_and_kill(folder: &Path, after: usize) -> (Vec<u64>, bool) {
    let mut child = Killable::start("pack_kill::child_makes_a_pack_until_killed", folder);
    let mut arrived = Vec::new();
    let mut done = false;
    while arrived.len() < after && !done {
        let Some(line) = child.line() else { break };
        done = line == "done";
        arrived.extend(
            line.strip_prefix("arrived ")
                .and_then(|id| id.parse::<u64>().ok()),
        );
    }
    child.kill();
    (arrived, done)
}

/// The number of requests for each picture.
fn pictures(server: &Server) -> HashMap<String, usize> {
    let mut counts = asked(server);
    counts.retain(|path, _| is_picture(path));
    counts
}

/// A server with two feeds of ten teasers; every page has a picture of its own and one shared by
/// two.
async fn filled() -> Server {
    let server = Server::start().await;
    let guids: Vec<String> = (0..ARTICLES).map(|n| format!("k{n}")).collect();
    let beginning = "Kapal barang merapat di pelabuhan pada Senin pagi.";
    let entries: Vec<(&str, &str, &str)> = guids
        .iter()
        .map(|guid| (guid.as_str(), "Kapal merapat", beginning))
        .collect();
    let feed = rss("Harian", &entries[..10]).replace("https://kabar.example/", &server.url("/"));
    let second =
        rss("Harian dua", &entries[10..20]).replace("https://kabar.example/", &server.url("/"));
    server.put("/satu", Page::of("application/rss+xml", feed));
    server.put("/dua", Page::of("application/rss+xml", second));
    for (n, guid) in guids.iter().enumerate() {
        let shared = format!("/s{}.png", n / 2);
        let page = page_of("Kapal merapat", beginning, &format!("kata{n}"), &format!("/p{n}.png"))
            .replace("<footer>", &format!("<footer><img src=\"{shared}\">"))
            .replace("</article>", &format!("<figure><img src=\"{shared}\" width=\"800\" height=\"600\" alt=\"\"></figure></article>"));
        server.put(
            &format!("/{guid}?utm_source=rss"),
            Page::of("text/html", page),
        );
        server.put(&format!("/p{n}.png"), Page::of("image/png", png(n as u8)));
        server.put(&shared, Page::of("image/png", png(100 + (n / 2) as u8)));
    }
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_pack_resumes_and_fetches_no_picture_twice() {
    let server = filled().await;
    let folder = tempfile::tempdir().unwrap();
    {
        let engine = Engine::open(&Opening::usual(folder.path(), "id")).unwrap();
        let feeds = ["/satu", "/dua"].map(|path| new_feed(server.url(path)));
        engine.feeds().subscribe(&feeds).unwrap();
        engine.sync().sync(&SyncScope::All).await.unwrap();
        let feeds = engine.places().unwrap().feeds;
        let of_feed = |feed: &FeedPlace| PackSource::Feed { id: feed.id };
        let wish = PackWish {
            from: feeds.iter().map(of_feed).collect(),
            ..wish(PackSource::Unread)
        };
        assert_eq!(engine.packs().create_pack(&wish).unwrap().articles, 20);
        engine.flush().unwrap();
    }
    // For pictures reported as stored: how often they had been requested by then.
    let mut here: HashMap<String, usize> = HashMap::new();
    let mut kills = 0;
    for round in 0..40 {
        let (path, after) = (folder.path().to_owned(), 1 + round % 3);
        let (arrived, done) = tokio::task::spawn_blocking(move || run_and_kill(&path, after))
            .await
            .unwrap();
        kills += 1;
        let engine = Engine::open(&Opening::usual(folder.path(), "id")).unwrap();
        assert!(engine.maintenance().check().unwrap().is_sound());
        let asked = pictures(&server);
        for id in arrived {
            let url = engine.article(id).unwrap().row.url.unwrap();
            let number = url
                .split("/k")
                .nth(1)
                .and_then(|rest| rest.split('?').next());
            let number: usize = number.unwrap().parse().unwrap();
            for path in [format!("/p{number}.png"), format!("/s{}.png", number / 2)] {
                here.entry(path.clone()).or_insert(asked[&path]);
            }
        }
        if done {
            break;
        }
    }
    assert!(kills > 3, "it must have been killed while running");
    let engine = Engine::open(&Opening::usual(folder.path(), "id")).unwrap();
    let pack = engine.packs().packs().unwrap().remove(0);
    let done = engine.packs().run_pack(pack.id).await.unwrap();
    assert_eq!(
        (done.status, done.complete),
        (PackStatus::Done, 20),
        "{done:?}"
    );
    let asked = pictures(&server);
    for (path, times) in &here {
        assert_eq!(
            asked[path], *times,
            "{path} was stored already and was fetched again"
        );
    }
    assert!(here.len() >= 4, "{here:?}");
    assert_eq!(asked.len(), 30);
    // Only pictures in flight at a kill may be fetched again: one for each article in progress.
    let again: usize = asked.values().map(|times| times - 1).sum();
    eprintln!(
        "{kills} kills, {} pictures, {again} in flight at a kill",
        asked.len()
    );
    assert!(again <= kills * 6, "{again} in {kills} kills: {asked:?}");
}
