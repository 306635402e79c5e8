//! Audio files: complete, partial, and no longer needed.
use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

use warta_store::{ArticleId, Audio, Store};

const NOW: i64 = 1_795_500_000;

fn kept(url: &str) -> Audio {
    Audio {
        url: url.into(),
        article: ArticleId(1),
        media_type: "audio/mpeg".into(),
        ending: "mp3".into(),
        bytes: 0,
        by_pack: false,
    }
}

#[test]
fn only_old_partial_files_are_swept() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let begin = |url: &str, last_piece: i64| {
        let id = Audio::id_of(url);
        let mut file = store.podcasts().open_file(id, 0, Some("\"v1\"")).unwrap();
        store.podcasts().append(&mut file, b"some of it").unwrap();
        let at = UNIX_EPOCH + Duration::from_secs(last_piece as u64);
        for ending in ["part", "tag"] {
            let path = dir.path().join(format!("sounds/{id}.{ending}"));
            // Its tag was written when it was begun, always before its last piece.
            let at = if ending == "tag" {
                at - Duration::from_hours(24)
            } else {
                at
            };
            File::options()
                .append(true)
                .open(path)
                .unwrap()
                .set_modified(at)
                .unwrap();
        }
        (id, file)
    };
    let (left, _) = begin("https://pod.example/left.mp3", NOW - 100);
    let (growing, _) = begin("https://pod.example/growing.mp3", NOW + 100);
    let (whole, file) = begin("https://pod.example/whole.mp3", NOW - 100);
    store
        .podcasts()
        .keep(file, kept("https://pod.example/whole.mp3"))
        .unwrap();
    std::fs::write(dir.path().join("sounds/nobody.mp3"), "x").unwrap();

    store.podcasts().sweep(NOW).unwrap();

    assert_eq!(store.podcasts().partial(left), None);
    assert_eq!(
        store.podcasts().partial(growing),
        Some((10, "\"v1\"".into()))
    );
    assert!(store.podcasts().get(whole).unwrap().is_some());
    let mut files: Vec<_> = std::fs::read_dir(dir.path().join("sounds"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut expected = vec![
        format!("{growing}.part"),
        format!("{growing}.tag"),
        format!("{whole}.mp3"),
    ];
    expected.sort();
    assert_eq!(files, expected);
}

/// A damaged episode is found by its checksum, moved aside and can be downloaded again.
#[test]
fn a_damaged_episode_is_reported_and_moved_aside() {
    for how in ["one bit", "cut", "deleted", "exchanged"] {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        for n in 0..2_u8 {
            let url = format!("https://sound/{n}");
            let mut file = store
                .podcasts()
                .open_file(Audio::id_of(&url), 0, None)
                .unwrap();
            store.podcasts().append(&mut file, &[n; 2_000]).unwrap();
            store.podcasts().keep(file, kept(&url)).unwrap();
        }
        drop(store);
        let path = |n: u8| {
            let id = Audio::id_of(&format!("https://sound/{n}"));
            dir.path().join(format!("sounds/{id}.mp3"))
        };
        let mut bytes = std::fs::read(path(0)).unwrap();
        match how {
            "one bit" => {
                bytes[700] ^= 1;
                std::fs::write(path(0), bytes).unwrap();
            }
            "cut" => std::fs::write(path(0), &bytes[..1_999]).unwrap(),
            "deleted" => std::fs::remove_file(path(0)).unwrap(),
            _ => {
                std::fs::copy(path(1), path(0)).unwrap();
                std::fs::write(path(1), bytes).unwrap();
            }
        }
        {
            let store = Store::open(dir.path()).unwrap();
            let checkup = store.check().unwrap();
            let check = checkup.checks.iter().find(|check| check.name == "sounds");
            let count = if how == "exchanged" { 2 } else { 1 };
            assert_eq!(check.unwrap().found.len(), count, "{how}");
        }
        let repaired = warta_store::repair(dir.path(), NOW).unwrap();
        assert!(
            repaired.left.unwrap().is_sound(),
            "{how}: {:?}",
            repaired.notes
        );
        assert!(repaired.rebuilt.is_none(), "{how}");
        let store = Store::open(dir.path()).unwrap();
        let is_kept = |n: u8| {
            let kept = store
                .podcasts()
                .get(Audio::id_of(&format!("https://sound/{n}")))
                .unwrap();
            kept.is_some_and(|kept| store.podcasts().read(&kept, 0, 3_000).unwrap() == [n; 2_000])
        };
        assert!(is_kept(1), "{how}: the other one is there");
        assert_eq!(is_kept(0), how == "exchanged", "{how}");
    }
}

#[test]
fn an_audio_file_is_read_and_copied_in_chunks() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let url = "https://pod.example/long.mp3";
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
    let mut file = store
        .podcasts()
        .open_file(Audio::id_of(url), 0, None)
        .unwrap();
    store.podcasts().append(&mut file, &bytes).unwrap();
    let sound = store.podcasts().keep(file, kept(url)).unwrap();
    for (from, most) in [
        (0, 10),
        (99_990, 100),
        (5, 70_000),
        (100_000, 1),
        (u64::MAX, 9),
        (7, 0),
    ] {
        let expected: Vec<u8> = bytes
            .iter()
            .copied()
            .skip(from.min(1 << 20) as usize)
            .take(most)
            .collect();
        let read = store.podcasts().read(&sound, from, most);
        assert_eq!(read.unwrap_or_default(), expected, "{from} {most}");
    }
    let copy = dir.path().join("copy.mp3");
    store.podcasts().copy(&sound, &copy).unwrap();
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
    // A file of another length is not copied, and the target stays unchanged.
    std::fs::write(
        dir.path().join(format!("sounds/{}.mp3", Audio::id_of(url))),
        "x",
    )
    .unwrap();
    assert!(store.podcasts().copy(&sound, &copy).is_err());
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
}

#[test]
fn the_record_of_an_audio_file_cannot_name_another_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let url = "https://pod.example/1.mp3";
    let id = Audio::id_of(url);
    std::fs::create_dir_all(dir.path().join(format!("sounds/{id}."))).unwrap();
    std::fs::write(dir.path().join("secret"), "rahasia").unwrap();
    for (url, ending) in [
        (url, "/../../secret"),
        (url, "..\\..\\secret"),
        (url, ""),
        (url, "toolongforit"),
        ("https://pod.example/2.mp3", "mp3"),
    ] {
        let record = Audio {
            ending: ending.into(),
            bytes: 7,
            ..kept(url)
        };
        let json = serde_json::to_string(&record).unwrap();
        store
            .set_setting(&format!("own/sound/{id}"), &json)
            .unwrap();
        assert_eq!(store.podcasts().get(id).unwrap(), None, "{url} {ending}");
    }
    // Nor does a repair move the file away, as it does with a damaged episode.
    let record = Audio {
        ending: "/../../secret".into(),
        bytes: 9,
        ..kept(url)
    };
    let json = serde_json::to_string(&record).unwrap();
    store
        .set_setting(&format!("own/sound/{id}"), &json)
        .unwrap();
    drop(store);
    warta_store::repair(dir.path(), NOW).unwrap();
    assert_eq!(
        std::fs::read(dir.path().join("secret")).unwrap(),
        b"rahasia"
    );
}
