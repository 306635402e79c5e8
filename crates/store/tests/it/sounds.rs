//! Sounds' files: what is kept, what was begun, and what nobody needs any more.
use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

use warta_store::{ArticleId, Sound, Store};

const NOW: i64 = 1_795_500_000;

fn kept(url: &str) -> Sound {
    Sound {
        url: url.into(),
        article: ArticleId(1),
        media_type: "audio/mpeg".into(),
        ending: "mp3".into(),
        bytes: 0,
        by_pack: false,
    }
}

#[test]
fn only_what_was_begun_long_ago_is_swept() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let begin = |url: &str, last_piece: i64| {
        let id = Sound::id_of(url);
        let mut file = store.write_sound(id, 0, Some("\"v1\"")).unwrap();
        store.append_sound(&mut file, b"some of it").unwrap();
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
        .keep_sound(file, kept("https://pod.example/whole.mp3"))
        .unwrap();
    std::fs::write(dir.path().join("sounds/nobody.mp3"), "x").unwrap();

    store.sweep_sounds(NOW).unwrap();

    assert_eq!(store.sound_begun(left), None);
    assert_eq!(store.sound_begun(growing), Some((10, "\"v1\"".into())));
    assert!(store.sound(whole).unwrap().is_some());
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

#[test]
fn a_sound_is_read_and_copied_in_pieces() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let url = "https://pod.example/long.mp3";
    let bytes: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
    let mut file = store.write_sound(Sound::id_of(url), 0, None).unwrap();
    store.append_sound(&mut file, &bytes).unwrap();
    let sound = store.keep_sound(file, kept(url)).unwrap();
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
        let read = store.read_sound(&sound, from, most);
        assert_eq!(read.unwrap_or_default(), expected, "{from} {most}");
    }
    let copy = dir.path().join("copy.mp3");
    store.copy_sound(&sound, &copy).unwrap();
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
    // A file of another length is not copied, and what was there stays.
    std::fs::write(
        dir.path().join(format!("sounds/{}.mp3", Sound::id_of(url))),
        "x",
    )
    .unwrap();
    assert!(store.copy_sound(&sound, &copy).is_err());
    assert_eq!(std::fs::read(&copy).unwrap(), bytes);
}

#[test]
fn the_record_of_a_sound_names_no_other_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let url = "https://pod.example/1.mp3";
    let id = Sound::id_of(url);
    std::fs::create_dir_all(dir.path().join(format!("sounds/{id}."))).unwrap();
    std::fs::write(dir.path().join("secret"), "rahasia").unwrap();
    for (url, ending) in [
        (url, "/../../secret"),
        (url, "..\\..\\secret"),
        (url, ""),
        (url, "toolongforit"),
        ("https://pod.example/2.mp3", "mp3"),
    ] {
        let record = Sound {
            ending: ending.into(),
            bytes: 7,
            ..kept(url)
        };
        let json = serde_json::to_string(&record).unwrap();
        store
            .set_setting(&format!("own/sound/{id}"), &json)
            .unwrap();
        assert_eq!(store.sound(id).unwrap(), None, "{url} {ending}");
    }
}
