//! Kills the process during syncs, repeatedly on the same store: it always opens, a check finds no
//! damage, every article reported as stored is there, and rules were applied to every article.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use warta_engine::api::{Event, NewFeed, Place, Rule, SyncScope};
use warta_engine::{Engine, Opening};

use crate::child::{Killable, child_folder};
use crate::server::{Page, Server};
use crate::{list_request, new_feed};

const FEEDS: usize = 12;
const ENTRIES: usize = 15;

/// Number of rounds: 50 unless `WARTA_KILL_ROUNDS` is set.
fn rounds() -> u32 {
    std::env::var("WARTA_KILL_ROUNDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(50)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_reported_as_stored_is_lost() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().unwrap();
    {
        let engine = Engine::open(&Opening::usual(folder.path(), "id")).unwrap();
        let feeds: Vec<NewFeed> = (0..FEEDS)
            .map(|n| new_feed(server.url(&format!("/{n}"))))
            .collect();
        engine.feeds().subscribe(&feeds).unwrap();
        let tagging = Rule {
            words: vec!["judul".into()],
            tag: Some("Semua".into()),
            ..Rule::default()
        };
        engine.rules().keep_rule(tagging).unwrap();
        engine.flush().unwrap();
    }
    let mut reported = BTreeSet::new();
    let mut killed_in_the_middle = 0;
    // A small generator, so that the moments are reproducible.
    let mut moment: u64 = 0x9E37_79B9_7F4A_7C15;
    for round in 0..rounds() {
        for feed in 0..FEEDS {
            server.put(
                &format!("/{feed}"),
                Page::of("application/rss+xml", body(feed, round)),
            );
        }
        moment = moment
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let lines = (moment >> 33) as usize % (FEEDS + 1);
        let micros = (moment >> 40) % 4000;
        let (path, before) = (folder.path().to_owned(), reported.len());
        let told = tokio::task::spawn_blocking(move || sync_and_kill(&path, lines, micros))
            .await
            .unwrap();
        reported.extend(told);
        let new = reported.len() - before;
        killed_in_the_middle += u32::from(new > 0 && new < FEEDS * ENTRIES);

        let engine = Engine::open(&Opening::usual(folder.path(), "id")).unwrap_or_else(|failure| {
            panic!("round {round}: the store does not open: {failure:?}")
        });
        let checkup = engine.maintenance().check().unwrap();
        assert!(checkup.is_sound(), "round {round}: {checkup:?}");
        let there = titles(&engine);
        let lost: Vec<_> = reported.difference(&there).collect();
        assert!(
            lost.is_empty(),
            "round {round}: reported as stored but missing: {lost:?}"
        );
        let tags = engine.places().unwrap().tags;
        let tagged = tags.first().map_or(0, |tag| tag.count.total);
        assert_eq!(
            tagged as usize,
            there.len(),
            "round {round}: the rule was not applied to every article"
        );
    }
    assert!(
        killed_in_the_middle > rounds() / 4,
        "the kills should happen while articles arrive"
    );
}

/// Syncs in a child process, kills it after it has reported `feeds` feeds, and returns the titles
/// of the articles that it reported as stored.
fn sync_and_kill(folder: &Path, feeds: usize, micros: u64) -> Vec<String> {
    let mut child = Killable::start("kill::syncs_in_a_process_of_its_own", folder);
    let mut lines = Vec::new();
    let mut reported = 0;
    while reported < feeds {
        let Some(line) = child.line() else { break };
        reported += usize::from(line == "feed");
        lines.push(line);
    }
    std::thread::sleep(Duration::from_micros(micros));
    lines.extend(child.kill());
    let titles = lines.iter().filter_map(|line| line.strip_prefix("stored "));
    titles.map(str::to_owned).collect()
}

/// The child process: does nothing unless the test above starts it.
#[tokio::test(flavor = "multi_thread")]
async fn syncs_in_a_process_of_its_own() {
    let Some(folder) = child_folder() else {
        return;
    };
    let engine = Engine::open(&Opening::usual(&folder, "id")).unwrap();
    let mut events = engine.events();
    let teller = engine.clone();
    let telling = tokio::spawn(async move {
        while let Ok(event) = events.recv().await {
            if let Event::ArticlesArrived { feed, .. } = event {
                let place = Place::Feed { id: feed };
                for title in titles_of(&teller, place, ENTRIES as u32) {
                    println!("stored {title}");
                }
                println!("feed");
            }
        }
    });
    engine.sync().sync(&SyncScope::All).await.unwrap();
    tokio::time::timeout(Duration::from_mins(1), telling)
        .await
        .ok();
}

fn titles(engine: &Engine) -> BTreeSet<String> {
    let mut titles = BTreeSet::new();
    let mut request = list_request(Place::All, 500);
    loop {
        let page = engine.lists().list(&request).unwrap();
        titles.extend(page.rows.into_iter().map(|row| row.title));
        request.before = page.next;
        if request.before.is_none() {
            return titles;
        }
    }
}

fn titles_of(engine: &Engine, place: Place, limit: u32) -> Vec<String> {
    let request = list_request(place, limit);
    engine
        .lists()
        .list(&request)
        .unwrap()
        .rows
        .into_iter()
        .map(|row| row.title)
        .collect()
}

fn body(feed: usize, round: u32) -> String {
    let mut items = String::new();
    for n in 0..ENTRIES {
        let text = format!("Alinea {n} putaran {round}. ").repeat(40);
        write!(
            items,
            "<item><guid>{feed}-{round}-{n}</guid><title>Judul {feed}-{round}-{n}</title>\
             <description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
        )
        .unwrap();
    }
    format!(
        "<rss version=\"2.0\"><channel><title>Umpan {feed}</title><link>https://u{feed}.example/</link>\
         <description>d</description>{items}</channel></rss>"
    )
}
