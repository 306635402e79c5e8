//! kill -9 at random moments: the store opens, is sound, and has all that was reported stored.
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use warta_store::{Mark, Picture, Place};

use crate::{NOW, article, assert_sound, batch, feed, open};

const FOLDER: &str = "WARTA_STORE_KILL_FOLDER";
/// How many kills; more for a long run.
const ROUNDS: &str = "WARTA_STORE_KILLS";

/// The killed one: commits, marks and keeps without end, and says what was reported done.
#[test]
fn child_writes_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = open(folder.as_ref());
    let feeds: Vec<_> = (0..5)
        .map(|n| feed(&store, &format!("https://feed/{n}")))
        .collect();
    let mut out = std::io::stdout();
    let mut said = |line: String| {
        writeln!(out, "\n{line}")
            .and_then(|()| out.flush())
            .unwrap();
    };
    let start = store.usage().unwrap().articles;
    for n in start.. {
        let feed = feeds[n as usize % feeds.len()];
        let articles = (0..n % 40)
            .map(|a| {
                let mut article = article(&format!("{n}-{a}"), NOW - n as i64);
                article.html = format!("<p>{}</p>", "Berita hari ini. ".repeat(a as usize * 10));
                article
            })
            .collect();
        let committed = store.commit(batch(feed, articles)).unwrap();
        for id in &committed.new {
            said(format!("stored {}", id.0));
        }
        if n % 3 == 0 {
            store
                .mark(
                    &committed.new,
                    Mark {
                        read: Some(true),
                        saved: Some(true),
                    },
                    NOW,
                )
                .unwrap();
            for id in &committed.new {
                said(format!("marked {}", id.0));
            }
        }
        if n % 7 == 0 {
            let bytes = vec![n as u8; 3_000];
            let picture = Picture {
                bytes,
                media_type: "image/png".into(),
                width: 1,
                height: 1,
            };
            store
                .keep_picture(&format!("https://p/{n}"), &picture)
                .unwrap();
        }
        if n % 11 == 0 {
            store.mark_all_read(Place::Feed(feed), None, NOW).unwrap();
        }
    }
}

#[test]
fn a_kill_loses_nothing_that_was_reported() {
    let rounds: u64 = std::env::var(ROUNDS)
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(12);
    let dir = tempfile::tempdir().unwrap();
    let mut stored: Vec<u64> = Vec::new();
    let mut marked: Vec<u64> = Vec::new();
    let seed = Instant::now();
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child_writes_until_killed", "--nocapture"])
            .env(FOLDER, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reader = std::thread::spawn(move || {
            lines
                .map_while(Result::ok)
                .filter(|l| l.contains(' '))
                .collect::<Vec<_>>()
        });
        let jitter = scattered(seed.elapsed().subsec_nanos(), round) % 700;
        std::thread::sleep(Duration::from_millis(120 + jitter));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in reader.join().unwrap() {
            // The last line may have been cut: ids are only taken from whole lines.
            if let Some(id) = line.strip_prefix("stored ").and_then(|id| id.parse().ok()) {
                stored.push(id);
            }
            if let Some(id) = line.strip_prefix("marked ").and_then(|id| id.parse().ok()) {
                marked.push(id);
            }
        }
        let store = open(dir.path());
        assert_sound(&store);
        for (at, id) in stored.iter().enumerate() {
            let article = store.article(warta_store::ArticleId(*id)).unwrap();
            let article = article.unwrap_or_else(|| panic!("round {round}: {id} was stored"));
            assert!(at % 10 != 0 || article.html.starts_with("<p>"));
        }
        let marked: Vec<_> = marked
            .iter()
            .map(|id| warta_store::ArticleId(*id))
            .collect();
        for row in store.rows(&marked).unwrap() {
            assert!(
                row.read && row.saved,
                "round {round}: {:?} was marked",
                row.id
            );
        }
    }
    assert!(
        stored.len() > rounds as usize,
        "the children stored something: {}",
        stored.len()
    );
    eprintln!(
        "{rounds} kills, {} articles reported stored, {} marks",
        stored.len(),
        marked.len()
    );
}

fn scattered(nanos: u32, round: u64) -> u64 {
    (u64::from(nanos) ^ round << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}
