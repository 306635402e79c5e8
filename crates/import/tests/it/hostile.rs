//! Nothing that a file holds makes parsing panic, hang or need much more memory than the file.

use proptest::prelude::*;
use warta_import::{ImportError, parse};

use crate::file;

#[test]
fn other_files_are_not_taken_for_exports() {
    for bytes in [
        b"".as_slice(),
        b"   \n",
        b"hello",
        b"{}",
        b"[]",
        b"null",
        b"{\"items\":[]}",
        b"<html><body><a href=\"https://a.example/\">a</a></body></html>",
        b"a,b\n1,2\n",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04",
        b"SQLite format 3\0",
    ] {
        let read = parse(bytes, None);
        assert!(
            read.is_err(),
            "{:?}: {read:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn a_database_of_another_program_is_unknown() {
    // An empty database of one page.
    let mut bytes = file("quiterss.db");
    bytes.truncate(1024);
    assert!(matches!(
        parse(&bytes, None),
        Err(ImportError::Damaged(_) | ImportError::Unknown)
    ));
}

#[test]
fn a_tree_that_contains_itself_ends() {
    let mut bytes = file("newsboat.db");
    let page = 4096;
    // Make every page an interior page that names the first pages again.
    for at in (page..bytes.len()).step_by(page) {
        bytes[at] = 0x05;
        bytes[at + 3..at + 5].copy_from_slice(&[0, 40]);
        for cell in 0..40 {
            bytes[at + 12 + cell * 2..at + 14 + cell * 2].copy_from_slice(&[0, 200]);
        }
        bytes[at + 200..at + 204].copy_from_slice(&[0, 0, 0, 2]);
    }
    let read = parse(&bytes, None);
    assert!(read.is_ok_and(|library| library.items.is_empty()));
}

#[test]
fn deeply_nested_json_is_an_error() {
    let bytes = "[".repeat(1_000_000);
    assert!(parse(bytes.as_bytes(), None).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_files_never_panic(
        name in prop::sample::select(vec![
            "newsboat.db", "rssguard.db", "quiterss.db", "netnewswire.db", "liferea.db",
            "omnivore.zip", "freshrss.zip", "google-reader.json", "feedly.json",
            "pocket.csv", "pocket.html", "instapaper.csv", "raindrop.csv", "newsboat-urls.txt",
        ]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = file(name);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = parse(&bytes, None);
    }

    #[test]
    fn a_damaged_log_never_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
    ) {
        let mut wal = file("newsboat-wal.db-wal");
        for (at, byte) in changes {
            let at = at.index(wal.len());
            wal[at] = byte;
        }
        let _ = parse(&file("newsboat-wal.db"), Some(&wal));
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,400}") {
        let _ = parse(text.as_bytes(), None);
        let _ = parse(format!("<!DOCTYPE NETSCAPE-Bookmark-file-1>{text}").as_bytes(), None);
        let _ = parse(format!("url,title\n{text}").as_bytes(), None);
    }
}
