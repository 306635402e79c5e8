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
