//! Small files that describe the data folder: `format` (the version of the records), `generation`
//! (which folder of sled is in use) and `stamp` (closed properly). They can be derived from the
//! files beside them, so a damaged one never locks the store: it is rewritten.
//!
//! A marker is a line with the number and a line with a checksum of name and number. The checksum
//! is written in blanks, one for each bit: versions before 0.2 accept a number surrounded by blanks
//! and nothing else, and so still recognise a newer folder. A number without a checksum was written
//! by those versions, and is accepted too.
use std::fs;
use std::path::Path;

use crate::error::Result;

pub(crate) const FORMAT: &str = "format";

pub(crate) const GENERATION: &str = "generation";

/// The number of the clean close at which sled's log ends; present only while the store is closed.
pub(crate) const STAMP: &str = "stamp";

/// Maximum length of a marker, in bytes.
const LONGEST: u64 = 64;

/// A higher number without a checksum is noise, not a newer version.
const HIGHEST_WITHOUT_CHECKSUM: u32 = 999;

/// The content of a marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Marker {
    Missing,
    /// Invalid, with the reason.
    Damaged(String),
    Says(u32),
}

/// Reads the marker `name` in the data folder `dir`.
pub(crate) fn read(dir: &Path, name: &str) -> Marker {
    let path = dir.join(name);
    let damaged = |why: String| Marker::Damaged(format!("the file `{name}` {why}"));
    let facts = match fs::symlink_metadata(&path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Marker::Missing,
        Err(error) => return damaged(format!("cannot be read: {error}")),
    };
    if facts.is_dir() {
        return damaged("is a folder".into());
    }
    if facts.len() > LONGEST {
        return damaged(format!("has {} bytes", facts.len()));
    }
    let text = match fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes),
        Err(error) => return damaged(format!("cannot be read: {error}")),
    };
    match text.ok().and_then(|text| number(name, &text)) {
        Some(number) => Marker::Says(number),
        None => damaged("contains no number".into()),
    }
}

/// Writes a marker, durably; a foreign file under its name is moved aside.
pub(crate) fn write(dir: &Path, name: &str, number: u32) -> Result<()> {
    let path = dir.join(name);
    let is_foreign = |facts: fs::Metadata| facts.is_dir() || facts.len() > LONGEST;
    if fs::symlink_metadata(&path).is_ok_and(is_foreign) {
        crate::damaged::set_aside(dir, &path)?;
    }
    let text = format!("{number}\n{}\n", checksum(name, number));
    crate::files::write_atomically(&path, text.as_bytes())
}

/// The checksum's bits from the highest on: a tab is a one, a space a zero.
fn checksum(name: &str, number: u32) -> String {
    let sum = crc32fast::hash(format!("{name} {number}").as_bytes());
    let bits = (0..32).rev().map(|bit| sum >> bit & 1 == 1);
    bits.map(|is_one| if is_one { '\t' } else { ' ' }).collect()
}

fn number(name: &str, text: &str) -> Option<u32> {
    let mut lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
    let digits = lines.next()?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u32 = digits.parse().ok().filter(|number| *number > 0)?;
    let is_believed = match (lines.next(), lines.next()) {
        (None, _) => number <= HIGHEST_WITHOUT_CHECKSUM,
        (Some(sum), None) => sum == checksum(name, number),
        _ => false,
    };
    is_believed.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_accepted_only_if_intact() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path(), FORMAT), Marker::Missing);
        write(dir.path(), FORMAT, 3).unwrap();
        assert_eq!(read(dir.path(), FORMAT), Marker::Says(3));
        let whole = fs::read(dir.path().join(FORMAT)).unwrap();
        for at in 0..whole.len() - 1 {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                fs::write(dir.path().join(FORMAT), &changed).unwrap();
                let said = read(dir.path(), FORMAT);
                let is_harmless = matches!(said, Marker::Damaged(_) | Marker::Says(3));
                assert!(is_harmless, "byte {at}, bit {bit}: {said:?}");
            }
        }
        fs::rename(dir.path().join(FORMAT), dir.path().join(GENERATION)).unwrap();
        write(dir.path(), FORMAT, 3).unwrap();
        fs::copy(dir.path().join(FORMAT), dir.path().join(GENERATION)).unwrap();
        assert!(matches!(read(dir.path(), GENERATION), Marker::Damaged(_)));
    }

    /// Versions before 0.2 parse the whole file as a number.
    #[test]
    fn versions_before_0_2_read_the_number_and_refuse_it() {
        let dir = tempfile::tempdir().unwrap();
        for number in [1, 4, 4_000_000_000] {
            write(dir.path(), FORMAT, number).unwrap();
            let text = fs::read_to_string(dir.path().join(FORMAT)).unwrap();
            assert_eq!(text.trim().parse(), Ok(number));
            assert!(text.len() as u64 <= LONGEST);
        }
    }

    #[test]
    fn noise_is_not_a_number() {
        let dir = tempfile::tempdir().unwrap();
        let say = |bytes: &[u8]| {
            fs::write(dir.path().join(FORMAT), bytes).unwrap();
            read(dir.path(), FORMAT)
        };
        for noise in [
            b"".as_slice(),
            b"\xff\xfe",
            b"\0\0",
            b"0\n",
            b"-3\n",
            b"+3\n",
            b"4000000000\n",
            b"99999999999999999999\n",
            b"3 xyz\n",
            b" 3\n",
            b"3\n  \n",
            b"3\n                                \n",
            b"3\n\n\n",
            &[b'3'; 5_000],
        ] {
            assert!(matches!(say(noise), Marker::Damaged(_)), "{noise:?}");
        }
        assert_eq!(say(b"3\n"), Marker::Says(3));
        assert_eq!(say(b"9\n"), Marker::Says(9));
    }
}
