//! Files that are handed over to the reader (an export, a snapshot, a book, an episode) on a disk that
//! is full: they fail as such, leave nothing half, and an older file of that name stays.
#![cfg(target_os = "linux")]
use std::path::Path;
use std::process::Command;

use warta_store::{ArticleId, Audio, Options, Result, Store, StoreError};

use crate::{NOW, article, batch, feed, open};

const FOLDER: &str = "WARTA_STORE_HANDOVER_FOLDER";
const EPISODE: &str = "https://pod.example/1.mp3";
/// Larger than what the child may write, in bytes.
const LARGE: usize = 1 << 20;
/// In bytes.
const LIMIT: u64 = 96 << 10;

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 32);
    let mut block = blake3::hash(b"noise");
    while bytes.len() < length {
        bytes.extend(block.as_bytes());
        block = blake3::hash(block.as_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn hexadecimal(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.concat()
}

/// A store whose export, snapshot and episode are larger than the limit.
fn fill(dir: &Path) {
    let store = open(dir);
    let id = feed(&store, "https://feed");
    let mut large = article("large", NOW);
    large.html = hexadecimal(&noise(LARGE));
    store.commit(batch(id, vec![large])).unwrap();
    for n in 0..40 {
        let value = hexadecimal(&noise(4_000));
        store.set_setting(&format!("s{n}"), &value).unwrap();
    }
    let podcasts = store.podcasts();
    let mut file = podcasts.open_file(Audio::id_of(EPISODE), 0, None).unwrap();
    podcasts.append(&mut file, &noise(LARGE)).unwrap();
    let kept = Audio {
        url: EPISODE.into(),
        article: ArticleId(1),
        media_type: "audio/mpeg".into(),
        ending: "mp3".into(),
        bytes: 0,
        by_pack: false,
    };
    podcasts.keep(file, kept).unwrap();
}

/// The child process: its files may not grow beyond the limit once the store is open.
#[test]
fn child_hands_over_on_a_full_disk() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let above = Path::new(&folder);
    let options = Options {
        reserve_bytes: 0,
        automatic_snapshots: false,
        ..Options::default()
    };
    let store = Store::open_with(&above.join("data"), options).unwrap();
    store.finish_indexing().unwrap();
    let limited = Command::new("prlimit")
        .arg(format!("--pid={}", std::process::id()))
        .arg(format!("--fsize={LIMIT}"))
        .status();
    assert!(limited.unwrap().success());
    let out = above.join("out");
    let say = |what: &str, result: Result<()>| {
        let ended = match result {
            Err(StoreError::DiskFull) => "full".to_owned(),
            other => format!("{other:?}"),
        };
        println!("\n{what}: {ended}");
    };
    let sound = store
        .podcasts()
        .get(Audio::id_of(EPISODE))
        .unwrap()
        .unwrap();
    say("export", store.export(&out.join("a.warta"), NOW).map(drop));
    say(
        "book",
        warta_store::write_file(&out.join("b.epub"), &noise(LARGE)),
    );
    say("episode", store.podcasts().copy(&sound, &out.join("c.mp3")));
    say("snapshot", store.snapshot(NOW + 1).map(drop));
    // Closing would write.
    std::process::exit(0);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_handed_over_on_a_full_disk_is_whole_or_not_there() {
    for older in [false, true] {
        let above = tempfile::tempdir().unwrap();
        let (data, out) = (above.path().join("data"), above.path().join("out"));
        std::fs::create_dir(&out).unwrap();
        fill(&data);
        let files = ["a.warta", "b.epub", "c.mp3"];
        if older {
            for name in files {
                std::fs::write(out.join(name), "older").unwrap();
            }
            open(&data).snapshot(NOW).unwrap();
        }
        let before = names(&data.join("snapshots"));
        let child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"])
            .arg(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "handover::child_hands_over_on_a_full_disk",
                "--nocapture",
            ])
            .env(FOLDER, above.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        for what in ["export", "book", "episode", "snapshot"] {
            assert!(
                said.contains(&format!("\n{what}: full")),
                "{what}: {said} {}",
                String::from_utf8_lossy(&child.stderr)
            );
        }
        if older {
            assert_eq!(names(&out), files);
            for name in files {
                assert_eq!(std::fs::read(out.join(name)).unwrap(), b"older", "{name}");
            }
        } else {
            assert_eq!(names(&out), Vec::<String>::new());
        }
        assert_eq!(names(&data.join("snapshots")), before, "no half snapshot");
        crate::assert_sound(&open(&data));
    }
}
