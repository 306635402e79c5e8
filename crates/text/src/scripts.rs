//! Properties of scripts: writing direction, and whether words are separated by spaces.

/// Number of letters that decide the direction of a text.
const MAX_LETTERS: usize = 400;

/// Whether `c` belongs to a script without spaces between words: Han, kana, Thai, Lao, Khmer,
/// Burmese.
#[must_use]
pub fn is_unspaced(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x2FA1F)
}

/// Whether most letters of the beginning of `text` are from a script written from right to left
/// (Hebrew, Arabic and related ones).
#[must_use]
pub fn is_right_to_left(text: &str) -> bool {
    // First bytes of those letters in UTF-8; most texts have none.
    let begins = |byte: &u8| matches!(byte, 0xD6..=0xE0 | 0xEF | 0xF0);
    let mut parts = text.as_bytes().chunks(64);
    if !parts.any(|part| part.iter().fold(false, |any, byte| any | begins(byte))) {
        return false;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (mut right, mut all) = (0_usize, 0_usize);
    for letter in letters.take(MAX_LETTERS) {
        all += 1;
        right += usize::from(
            matches!(letter as u32, 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF),
        );
    }
    right * 2 > all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_direction_is_that_of_most_letters() {
        for (text, expected) in [
            ("", false),
            ("Berita hari ini", false),
            ("\u{645}\u{631}\u{62d}\u{628}\u{627}", true),
            ("\u{5e9}\u{5dc}\u{5d5}\u{5dd} ABC", true),
            (
                "Kata \u{5e9}\u{5dc}\u{5d5}\u{5dd}, lalu kata lain lagi",
                false,
            ),
            ("\u{1f600} 123", false),
        ] {
            assert_eq!(is_right_to_left(text), expected, "{text}");
        }
    }
}
