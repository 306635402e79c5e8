//! The disk becomes full at a random moment. Files may not grow beyond a limit that the
//! shell sets for the child that writes (`ulimit -f`): every write beyond it fails, whichever file
//! it is for. A long run: `WARTA_STORE_FAULTS=500 cargo test --release -p warta-store --test it
//! full`.
use std::io::Write;
use std::path::Path;
use std::process::Command;

use warta_store::{ArticleId, Options, Store, StoreError};

use crate::faults::{FillingUp, rounds};
use crate::{assert_sound, open};

const FOLDER: &str = "WARTA_STORE_FULL_FOLDER";
const ROUND: &str = "WARTA_STORE_FULL_ROUND";

/// The child process whose disk runs full: writes until it is refused, and prints what was reported
/// as done.
#[test]
fn child_writes_until_refused() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let round = std::env::var(ROUND).unwrap().parse().unwrap();
    let options = Options {
        reserve_bytes: 0,
        automatic_snapshots: false,
        ..Options::default()
    };
    let mut run = FillingUp::default();
    let refused = match Store::open_with(Path::new(&folder), options) {
        Ok(store) => run.until_refused(&store, round),
        Err(error) => error,
    };
    let mut out = std::io::stdout();
    let mut say = |what: &str, ids: &mut dyn Iterator<Item = u64>| {
        for id in ids {
            writeln!(out, "\n{what} {id}").unwrap();
        }
        out.flush().unwrap();
    };
    say("stored", &mut run.stored.iter().map(|id| id.0));
    say("saved", &mut run.saved.iter().map(|id| id.0));
    say("purging", &mut run.purging.iter().map(|id| id.0));
    say("purged", &mut run.purged.iter().map(|id| id.0));
    say("compactions", &mut std::iter::once(run.compactions));
    match refused {
        StoreError::DiskFull => say("full", &mut std::iter::once(1)),
        other => panic!("failed with another error: {other:?}"),
    }
}

#[cfg(unix)]
#[test]
fn a_write_that_fails_anywhere_loses_nothing_that_was_reported() {
    let (mut stored, mut compactions, mut begun) = (0, 0, 0);
    let rounds = rounds().div_ceil(2);
    for round in 0..rounds {
        let dir = tempfile::tempdir().unwrap();
        // In blocks of 512 bytes: from about what it takes to begin to a megabyte.
        let limit = 300 + round * 397 % 1_900;
        let child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; ulimit -f $0; exec \"$@\""])
            .arg(limit.to_string())
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "full::child_writes_until_refused", "--nocapture"])
            .env(FOLDER, dir.path())
            .env(ROUND, round.to_string())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        assert!(
            child.status.success() && said.contains("\nfull 1"),
            "round {round}, {limit} blocks: {said} {}",
            String::from_utf8_lossy(&child.stderr)
        );
        let run = heard(&said);
        let store = open(dir.path());
        assert_sound(&store);
        run.hold_against(&store, round);
        stored += run.stored.len();
        compactions += run.compactions;
        begun += u64::from(!run.stored.is_empty());
    }
    assert!(begun * 2 > rounds, "most rounds store something: {begun}");
    eprintln!("{stored} articles reported stored, {compactions} compactions");
}

fn heard(said: &str) -> FillingUp {
    let mut run = FillingUp::default();
    for line in said.lines() {
        let Some((what, number)) = line.split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        match what {
            "stored" => drop(run.stored.insert(ArticleId(number))),
            "saved" => drop(run.saved.insert(ArticleId(number))),
            "purging" => drop(run.purging.insert(ArticleId(number))),
            "purged" => drop(run.purged.insert(ArticleId(number))),
            "compactions" => run.compactions = number,
            _ => {}
        }
    }
    run
}

fn with_reserve(dir: &Path, reserve_bytes: u64) -> Store {
    let options = Options {
        reserve_bytes,
        automatic_snapshots: false,
        ..Options::default()
    };
    Store::open_with(dir, options).unwrap()
}

/// Below the reserve nothing new is stored; marks and operations that free space still work.
#[test]
fn a_full_disk_accepts_marks_and_frees_space() {
    let dir = tempfile::tempdir().unwrap();
    let (feeds, ids) = {
        let store = open(dir.path());
        let feeds = ["https://one", "https://two"].map(|url| crate::feed(&store, url));
        let mut ids = Vec::new();
        for (n, feed) in feeds.iter().enumerate() {
            let articles = (0..30)
                .map(|a| crate::article(&format!("{n}-{a}"), crate::NOW - a))
                .collect();
            ids.extend(store.commit(crate::batch(*feed, articles)).unwrap().new);
        }
        store.folders().named("Berita").unwrap();
        store.saved_searches().save("Air", "banjir").unwrap();
        store
            .set_settings(&[("own/x".into(), Some("1".into()))])
            .unwrap();
        (feeds, ids)
    };
    {
        let store = with_reserve(dir.path(), u64::MAX);
        let new = store.commit(crate::batch(
            feeds[0],
            vec![crate::article("new", crate::NOW)],
        ));
        assert!(matches!(new, Err(StoreError::DiskFull)), "{new:?}");
        let mark = warta_store::Mark {
            read: Some(true),
            saved: Some(true),
        };
        assert_eq!(store.mark(&ids[..2], mark, crate::NOW).unwrap(), 2);
        let (count, undo) = store
            .mark_all_read(warta_store::Place::All, None, crate::NOW)
            .unwrap();
        assert_eq!(count, 58);
        assert!(store.undo(undo).unwrap());
        assert_eq!(store.purge(&ids[20..30], crate::NOW).unwrap().articles, 10);
        store.remove_feed(feeds[1], crate::NOW).unwrap();
        let folder = store.folders().all().unwrap()[0].id;
        store.folders().remove(folder).unwrap();
        let search = store.saved_searches().all().unwrap()[0].id;
        store.saved_searches().remove(search).unwrap();
        store.set_settings(&[("own/x".into(), None)]).unwrap();
        let before = store.usage().unwrap();
        assert!(before.bytes_dead > 0);
        store.compact(&|_| Vec::new(), &[]).unwrap();
        let after = store.usage().unwrap();
        assert!(after.bytes_bodies < before.bytes_bodies, "{after:?}");
        assert_sound(&store);
    }
    let store = open(dir.path());
    assert_eq!(store.counts().unwrap().all.total, 20);
    assert_eq!(store.counts().unwrap().saved, 2);
    assert_sound(&store);
}

/// The file does not count as the store's usage, and exists only if the disk has space for it.
#[test]
fn space_for_deletions_is_reserved() {
    let dir = tempfile::tempdir().unwrap();
    let reserve = dir.path().join("reserve");
    {
        let store = with_reserve(dir.path(), 1 << 20);
        assert_eq!(std::fs::metadata(&reserve).unwrap().len(), 1 << 20);
        assert!(store.usage().unwrap().bytes_total < 900 << 10 || cfg!(not(unix)));
    }
    drop(with_reserve(dir.path(), u64::MAX));
    assert!(reserve.exists(), "the reserve is deleted only when needed");
    std::fs::remove_file(&reserve).unwrap();
    drop(with_reserve(dir.path(), u64::MAX));
    assert!(!reserve.exists(), "not created on a full disk");
    drop(open(dir.path()));
    assert!(!reserve.exists(), "not created if `reserve_bytes` is 0");
}
