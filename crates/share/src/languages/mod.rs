//! The languages in which Warta writes messages, channel names and files. A new one is a file like
//! `en.rs` and a line in [`LANGUAGES`]; the window's texts are in `ui/src/lib/i18n`.

mod en;
mod id;

use crate::language::Language;
use en::ENGLISH;
use id::INDONESIAN;

/// The languages, in the order in which they are offered.
pub static LANGUAGES: &[&Language] = &[&INDONESIAN, &ENGLISH];

/// The language with this tag; English if there is none.
#[must_use]
pub fn language(tag: &str) -> &'static Language {
    let found = LANGUAGES.iter().copied().find(|one| one.tag == tag);
    found.unwrap_or(&ENGLISH)
}

/// The language for a system's locale, such as `ms_MY.UTF-8`; English if none is understood.
#[must_use]
pub fn language_of_locale(locale: &str) -> &'static Language {
    let primary = locale
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let understood = |one: &&Language| one.understood_by.contains(&primary.as_str());
    let found = LANGUAGES.iter().copied().find(understood);
    found.unwrap_or(&ENGLISH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_words_for_the_same_channels() {
        let shape = |language: &Language| -> Vec<(&str, bool, bool)> {
            let words = language.channels.iter();
            words
                .map(|(id, words)| (*id, words.name.is_empty(), words.note.is_empty()))
                .collect()
        };
        for language in LANGUAGES {
            assert_eq!(shape(language), shape(&ENGLISH), "{}", language.tag);
        }
    }

    #[test]
    fn a_system_gets_the_language_that_its_reader_understands() {
        for (locale, tag) in [
            ("id_ID.UTF-8", "id"),
            ("id", "id"),
            ("in", "id"),
            ("ms-MY", "id"),
            ("su_ID@latin", "id"),
            ("en_GB.UTF-8", "en"),
            ("fr", "en"),
            ("idx", "en"),
            ("C", "en"),
            ("", "en"),
        ] {
            assert_eq!(language_of_locale(locale).tag, tag, "{locale}");
        }
    }
}
