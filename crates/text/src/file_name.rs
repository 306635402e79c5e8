//! File names from headlines.

use unicode_segmentation::UnicodeSegmentation;

/// Maximum length of a name with its extension, in bytes. File systems allow 255, but names get
/// longer in synced or encrypted folders.
const LONGEST: usize = 120;

/// Names reserved for devices on Windows, with any extension.
const DEVICES: [&str; 7] = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// A file name for this title that is valid on every file system and safe for every program:
/// without separators, reserved and control characters, direction overrides, leading dots and
/// dashes, trailing dots and spaces, and device names; at most 120 bytes, truncated between
/// characters.
#[must_use]
pub fn file_name(title: &str, extension: &str) -> String {
    let extension: String = extension
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(16)
        .collect();
    let kept: String = title.chars().filter_map(kept).collect();
    let words = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.trim_start_matches(['.', '-', '~', ' ', '…']);
    let room = LONGEST - 2 - extension.len();
    let mut end = 0;
    for (at, character) in words.grapheme_indices(true) {
        if at + character.len() > room {
            break;
        }
        end = at + character.len();
    }
    // A truncated word is left out, unless it is the only one.
    if end < words.len() && !words[end..].starts_with(' ') {
        end = words[..end]
            .rfind(' ')
            .filter(|at| *at > end / 2)
            .unwrap_or(end);
    }
    let mut name = words[..end].trim_end_matches(['.', ' ', '…']).to_owned();
    if name.is_empty() {
        name.push_str("Warta");
    }
    if is_device(&name) {
        name.insert(0, '_');
    }
    if extension.is_empty() {
        return name;
    }
    format!("{name}.{extension}")
}

/// The character as allowed in a name; `None` if it is left out.
fn kept(c: char) -> Option<char> {
    match c {
        // Unicode variants of slashes, which some systems convert to real ones.
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{2044}' | '\u{2215}'
        | '\u{29f5}' | '\u{fe68}' | '\u{ff0f}' | '\u{ff3c}' => Some(' '),
        c if c.is_control() => Some(' '),
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}' => None,
        c if crate::is_unsafe(c) => None,
        c => Some(c),
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    let numbered = ["com", "lpt"].iter().any(|port| {
        stem.strip_prefix(port).is_some_and(|number| {
            let mut digits = number.chars();
            let is_one = digits
                .next()
                .is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c));
            is_one && digits.next().is_none()
        })
    });
    numbered || DEVICES.contains(&stem.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_taken_by_every_file_system() {
        for (title, name) in [
            ("Feri: baru/tiba?", "Feri baru tiba.md"),
            ("وصول العبارة", "وصول العبارة.md"),
            ("...", "Warta.md"),
            ("", "Warta.md"),
            // Windows device names, with any extension.
            ("CON", "_CON.md"),
            ("nul", "_nul.md"),
            ("com1", "_com1.md"),
            ("LPT9", "_LPT9.md"),
            ("COM²", "_COM².md"),
            ("Aux.txt", "_Aux.txt.md"),
            ("con .kabar", "_con .kabar.md"),
            ("CONIN$", "_CONIN$.md"),
            ("Com10 dan Console", "Com10 dan Console.md"),
            ("Nulla", "Nulla.md"),
            // Leading dots (hidden files) and dashes (options).
            (".bashrc", "bashrc.md"),
            ("--rf *", "rf.md"),
            ("- . -x", "x.md"),
            ("~/.ssh", "ssh.md"),
            ("../../etc/passwd", "etc passwd.md"),
            // Trailing dots and spaces, which Windows removes.
            ("Judul. . ", "Judul.md"),
            ("Lalu…", "Lalu.md"),
            // Invisible characters.
            ("foto\u{202e}gpj.exe", "fotogpj.exe.md"),
            ("a\u{1b}[2J\u{7}b\u{0}c\r\nd", "a [2J b c d.md"),
            ("\u{2066}\u{200f}x\u{2069}", "x.md"),
            ("a\u{ff0f}b\u{2215}c", "a b c.md"),
        ] {
            assert_eq!(file_name(title, "md"), name, "{title:?}");
        }
        assert_eq!(file_name("a", "../sh"), "a.sh");
        assert_eq!(file_name("NUL", ""), "_NUL");
    }

    #[test]
    fn long_names_are_cut_between_whole_characters() {
        let words = file_name(&"kata ".repeat(60), "txt");
        assert!(
            words.len() <= LONGEST && words.ends_with("kata.txt"),
            "{words}"
        );
        let wide = file_name(&"新聞".repeat(80), "html");
        assert!(wide.len() <= LONGEST && wide.len() > 100, "{}", wide.len());
        let family = file_name(&"👨‍👩‍👧‍👦".repeat(20), "md");
        let whole = family.trim_end_matches(".md").graphemes(true);
        assert!(family.len() <= LONGEST && whole.into_iter().all(|one| one == "👨‍👩‍👧‍👦"));
    }

    proptest! {
        #[test]
        fn any_title_gives_a_sound_name(title in "(\\PC|[./\\\\ \u{0}-\u{1f}\u{202e}-]|con|nul){0,80}") {
            let name = file_name(&title, "md");
            prop_assert!(name.len() <= LONGEST && name.strip_suffix(".md").is_some_and(|stem| !stem.is_empty()));
            prop_assert!(!name.starts_with(['.', '-', ' ']), "{}", name);
            prop_assert!(!name.contains(|c: char| crate::is_unsafe(c) || "/\\:*?\"<>|\n\t".contains(c)));
            let stem = name.trim_end_matches(".md");
            prop_assert!(!stem.ends_with(['.', ' ']) && !is_device(&name));
        }
    }
}
