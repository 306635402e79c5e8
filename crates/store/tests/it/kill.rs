//! kill -9 at random moments of storing, marking, purging, compacting and migrating: the store
//! opens, is sound, has all that was reported stored and nothing that was reported purged. A long
//! run: `WARTA_STORE_KILLS=1000 cargo test --release -p warta-store --test it kill`.
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use warta_store::{
    ArticleId, FullText, Mark, Pack, PackState, PackedArticle, Picture, Place, Store,
};

use crate::{NOW, article, assert_sound, batch, feed, open};

const FOLDER: &str = "WARTA_STORE_KILL_FOLDER";
/// How many kills; more for a long run.
const ROUNDS: &str = "WARTA_STORE_KILLS";
/// Kills in one folder; then a new one is begun, so that looking at everything stays quick.
const IN_A_FOLDER: u64 = 20;

/// The child process to kill: commits, marks, stores, purges and compacts endlessly, and prints
/// what was reported done.
#[expect(clippy::too_many_lines, reason = "one step after the other")]
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
    let start = store
        .setting("n")
        .unwrap()
        .map_or(0, |n| n.parse().unwrap());
    for n in start..u64::MAX {
        store.set_setting("n", &(n + 1).to_string()).unwrap();
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
        if n % 2 == 0
            && let Some(first) = committed.new.first()
        {
            let page = FullText {
                html: format!("<p>Teks lengkap {}.</p>", first.0),
                is_better: true,
                ..FullText::default()
            };
            store.full_text().keep(*first, &page).unwrap();
            said(format!("paged {}", first.0));
        }
        if n % 5 == 0 && committed.new.len() > 3 {
            let pack = Pack {
                id: 0,
                name: String::new(),
                made_at: NOW,
                wish: String::new(),
                state: PackState::Running,
                done_at: None,
                wire_bytes: 0,
            };
            let packed = &committed.new[committed.new.len() - 2..];
            let pack = store.packs().add(pack, packed).unwrap();
            for id in packed {
                said(format!("packed {}", id.0));
                let tried = PackedArticle {
                    tried: true,
                    ..PackedArticle::waiting(*id)
                };
                store.packs().set_article(pack.id, &tried, 1).unwrap();
                said(format!("tried {}", id.0));
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
                .pictures()
                .keep(&format!("https://p/{n}"), &picture)
                .unwrap();
        }
        if n % 3 == 1 {
            let mut going = committed.new[committed.new.len() / 2..].to_vec();
            going.retain(|id| !store.packs().contains(*id));
            for id in &going {
                said(format!("purging {}", id.0));
            }
            store.purge(&going, NOW).unwrap();
            for id in &going {
                said(format!("purged {}", id.0));
            }
        }
        if n % 8 == 0 {
            store.compact(&|_| Vec::new(), &[]).unwrap();
            said(format!("compacted {n}"));
        }
        if n % 11 == 0 {
            store.mark_all_read(Place::Feed(feed), None, NOW).unwrap();
        }
    }
}

/// What the child processes reported.
#[derive(Default)]
struct Said {
    stored: HashSet<u64>,
    marked: HashSet<u64>,
    /// May be gone.
    purging: HashSet<u64>,
    purged: HashSet<u64>,
    /// The text of their page is here.
    paged: HashSet<u64>,
    /// Kept by a pack, whatever is purged.
    packed: HashSet<u64>,
    /// The pack says that they were tried.
    tried: HashSet<u64>,
    compactions: u64,
}

impl Said {
    fn take(&mut self, line: &str) {
        // The last line may have been cut: a number is only taken from a whole line.
        let Some((what, number)) = line.split_once(' ') else {
            return;
        };
        let Ok(number) = number.parse() else { return };
        match what {
            "stored" => drop(self.stored.insert(number)),
            "marked" => drop(self.marked.insert(number)),
            "purging" => drop(self.purging.insert(number)),
            "purged" => drop(self.purged.insert(number)),
            "paged" => drop(self.paged.insert(number)),
            "packed" => drop(self.packed.insert(number)),
            "tried" => drop(self.tried.insert(number)),
            "compacted" => self.compactions += 1,
            _ => {}
        }
    }

    /// Checks the store against those reports.
    fn hold_against(&self, store: &Store, round: u64) {
        for (at, id) in self.stored.iter().enumerate() {
            if self.purging.contains(id) && !self.purged.contains(id) {
                continue;
            }
            let row = store.rows(&[ArticleId(*id)]).unwrap().pop();
            assert_eq!(
                row.is_none(),
                self.purged.contains(id),
                "round {round}: {id} was stored, and may have been purged"
            );
            if at % 10 == 0 && row.is_some() {
                let article = store.article(ArticleId(*id)).unwrap().unwrap();
                assert!(article.html.starts_with("<p>"));
            }
        }
        for id in self.paged.difference(&self.purging) {
            let page = store.full_text().get(ArticleId(*id)).unwrap();
            let html = page.map(|page| page.html);
            assert_eq!(
                html.as_deref(),
                Some(format!("<p>Teks lengkap {id}.</p>").as_str()),
                "round {round}: the page of {id} was stored"
            );
        }
        let packs = store.packs().all().unwrap();
        let packed: Vec<_> = packs
            .iter()
            .flat_map(|pack| store.packs().articles(pack.id).unwrap())
            .collect();
        for id in &self.packed {
            let one = packed.iter().find(|one| one.article.0 == *id);
            let one = one.unwrap_or_else(|| panic!("round {round}: {id} was packed"));
            assert!(
                one.tried || !self.tried.contains(id),
                "round {round}: {id} was tried"
            );
        }
        let marked: Vec<_> = self.marked.iter().map(|id| ArticleId(*id)).collect();
        for row in store.rows(&marked).unwrap() {
            assert!(
                row.read && row.saved,
                "round {round}: {:?} was marked",
                row.id
            );
        }
    }
}

fn rounds() -> u64 {
    let wanted = std::env::var(ROUNDS).ok();
    wanted.and_then(|n| n.parse().ok()).unwrap_or(12)
}

/// Runs a test of this program as a child process with the given folder, and kills it after a
/// delay.
fn run_and_kill(test: &str, folder: &Path, after: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reader = std::thread::spawn(move || lines.map_while(Result::ok).collect());
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn a_kill_loses_nothing_that_was_reported() {
    let rounds = rounds();
    let mut dir = tempfile::tempdir().unwrap();
    let mut said = Said::default();
    let (mut stored, mut marked, mut purged, mut compactions) = (0, 0, 0, 0);
    let seed = Instant::now();
    for round in 0..rounds {
        let jitter = scattered(seed.elapsed().subsec_nanos(), round) % 600;
        let after = Duration::from_millis(60 + jitter);
        let test = "kill::child_writes_until_killed";
        for line in run_and_kill(test, dir.path(), after) {
            said.take(&line);
        }
        let store = open(dir.path());
        assert_sound(&store);
        said.hold_against(&store, round);
        drop(store);
        if (round + 1) % IN_A_FOLDER == 0 || round + 1 == rounds {
            stored += said.stored.len();
            marked += said.marked.len();
            purged += said.purged.len();
            compactions += said.compactions;
            said = Said::default();
            dir = tempfile::tempdir().unwrap();
        }
    }
    assert!(stored > rounds as usize, "the children stored something");
    eprintln!(
        "{rounds} kills: {stored} articles reported stored, {marked} marked, {purged} purged, \
         {compactions} compactions"
    );
}

/// The child process that is killed: opens a store of format 1.
#[test]
fn child_migrates_until_killed() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let store = open(folder.as_ref());
        store.finish_indexing().unwrap();
        std::thread::sleep(Duration::from_mins(1));
    }
}

#[test]
fn a_kill_while_migrating_loses_nothing() {
    let rounds = rounds().div_ceil(4);
    let seed = Instant::now();
    let mut before = 0;
    for round in 0..rounds {
        let dir = crate::migration::of_format_1();
        let jitter = scattered(seed.elapsed().subsec_nanos(), round) % 150_000;
        let after = Duration::from_micros(1_000 + jitter);
        run_and_kill("kill::child_migrates_until_killed", dir.path(), after);
        before += u64::from(crate::migration::format_of(dir.path()) == "1\n");
        let store = open(dir.path());
        crate::migration::assert_articles(&store);
        assert_sound(&store);
    }
    eprintln!("{rounds} kills while migrating, {before} of them before it was done");
}

fn scattered(nanos: u32, round: u64) -> u64 {
    (u64::from(nanos) ^ round << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}
