//! Repairs mojibake: UTF-8 that was decoded as windows-1252 and encoded again, such as "itâ€™s" for
//! "it’s" and "CafÃ©â€¦" for "Café…".
//!
//! It is frequent in old databases. The parser does not change it; call [`Entry::repair_mojibake`]
//! before showing an entry. (The same with Latin-1 is recognisable by the text
//! alone: see `text::repair_latin1_mojibake`.)

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use memchr::memmem;

use crate::model::Entry;

/// Texts about character encodings show mojibake on purpose.
const ENCODING_WORDS: [&str; 7] = [
    "utf-8", "utf8", "encod", "mojibake", "charset", "unicode", "1252",
];

impl Entry {
    /// Repairs mojibake in title, texts, names and tags, if one of them certainly contains it and
    /// the entry is not about character encodings. A text that also contains intended non-ASCII
    /// letters stays as it is.
    pub fn repair_mojibake(&mut self) {
        let has_mojibake = self.texts().any(|text| has_mojibake(text));
        if !has_mojibake || self.texts().any(|text| is_about_encodings(text)) {
            return;
        }
        for text in self.texts() {
            if let Some(undone) = undone(text) {
                *text = undone;
            }
        }
    }

    fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let single = [&mut self.title, &mut self.summary, &mut self.content];
        let lists = self.authors.iter_mut().chain(&mut self.categories);
        single.into_iter().flatten().chain(lists)
    }
}

/// Whether a text contains a sequence that is certainly mojibake: "â€" and a character that
/// completes typographic punctuation, or "Ã" and one that completes a letter and is not punctuation
/// itself (a word in capitals may end with "Ã…" or "Ã»").
fn has_mojibake(text: &str) -> bool {
    let holds = |start: &str, before: &dyn Fn(char) -> bool| {
        let next = |at| text.get(at + start.len()..)?.chars().next();
        memmem::find_iter(text.as_bytes(), start).any(|at| next(at).is_some_and(before))
    };
    let goes_on = |c: char| byte(c).is_some_and(|byte| (0x80..0xc0).contains(&byte));
    let is_letter = |c: char| {
        !matches!(c, '\u{a0}' | '«' | '»' | '·')
            && (matches!(c, '\u{a1}'..='\u{bf}') || "€‡ˆ‰ŠŒœžŸ".contains(c))
    };
    holds("â€", &goes_on) || holds("Ã", &is_letter)
}

fn is_about_encodings(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ENCODING_WORDS.iter().any(|word| text.contains(word))
}

/// The repaired text, if all its non-ASCII characters can be mojibake.
fn undone(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let certain = has_mojibake(text);
    let mut undone = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.bytes().take_while(u8::is_ascii).count();
        let (before, after) = rest.split_at(plain);
        undone += before;
        let length = after.find(|c: char| c.is_ascii()).unwrap_or(after.len());
        let (run, next) = after.split_at(length);
        // The last byte of "”" and of a no-break space is often lost.
        undone += &match run {
            "â€" if certain => Cow::Borrowed("”"),
            "Ã" if certain && next.starts_with(' ') => Cow::Borrowed("à"),
            "Â" if certain && next.starts_with([' ', '<']) => Cow::Borrowed(""),
            _ => Cow::Owned(repaired_run(run)?),
        };
        rest = next;
    }
    Some(undone)
}

/// Repairs a run of non-ASCII characters. Typographic punctuation within may be intended: feeds
/// often write it as entities, which are not affected.
fn repaired_run(run: &str) -> Option<String> {
    let (bytes, _, failed) = WINDOWS_1252.encode(run);
    if failed {
        return None;
    }
    // One byte each.
    let characters: Vec<char> = run.chars().collect();
    let mut undone = String::with_capacity(run.len());
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        undone += chunk.valid();
        at += chunk.valid().len();
        for meant in &characters[at..at + chunk.invalid().len()] {
            if !matches!(meant, '\u{2010}'..='\u{203a}') {
                return None;
            }
            undone.push(*meant);
        }
        at += chunk.invalid().len();
    }
    Some(undone)
}

/// The windows-1252 byte of a non-ASCII character; the five unassigned bytes map to control
/// characters, as specified by WHATWG.
fn byte(c: char) -> Option<u8> {
    let mut buffer = [0; 4];
    let (bytes, _, failed) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
    match (*bytes).first() {
        Some(byte) if !failed => Some(*byte),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn repaired(title: &str, content: &str) -> (String, String) {
        let mut entry = Entry {
            title: Some(title.into()),
            content: Some(content.into()),
            ..Entry::default()
        };
        entry.repair_mojibake();
        (entry.title.unwrap(), entry.content.unwrap())
    }

    #[test]
    fn text_encoded_twice_is_repaired() {
        for (text, expected) in [
            ("itâ€™s", "it’s"),
            (
                "â€œJa,â€\u{9d} katanya â€“ lalu diam â€¦",
                "“Ja,” katanya – lalu diam …",
            ),
            ("â€œJa,â€ katanya", "“Ja,” katanya"),
            ("L’Ã‰tat – “Ã‰lysÃ©e”", "L’État – “Élysée”"),
            ("Lâ€™Ã‰tat", "L’État"),
            ("Ã‰lysÃ©e Ã Paris", "Élysée à Paris"),
            ("Ã‰lysÃ©e Ã\u{a0} Paris", "Élysée à Paris"),
            ("Ã‰lysÃ©eÂ : oui", "Élysée : oui"),
            ("ðŸ˜€ itâ€™s", "😀 it’s"),
        ] {
            assert_eq!(repaired(text, "").0, expected, "{text}");
        }
    }

    #[test]
    fn much_of_it_is_only_longer() {
        for many in ["—", "â€™", "Ã©—", "Ã", "é’"].map(|text| text.repeat(100_000)) {
            let (_, content) = repaired("itâ€™s", &many);
            assert!(content.len() <= many.len());
        }
    }

    #[test]
    fn one_text_proves_mojibake_and_each_is_repaired_separately() {
        let shown = "<p>Donâ€™t</p>";
        let whole = "<p>Don’t</p>".to_owned();
        assert_eq!(repaired("cafÃ©", shown), ("café".into(), whole.clone()));
        assert_eq!(
            repaired("AMANHÃ E", shown),
            ("AMANHÃ E".into(), whole.clone())
        );
        assert_eq!(repaired("Café", shown), ("Café".into(), whole.clone()));
        assert_eq!(repaired("日本 Ã©", shown), ("日本 Ã©".into(), whole));
    }

    #[test]
    fn text_that_may_be_intended_is_kept() {
        for text in [
            "AMANHÃ…",
            "“AMANHÔ",
            "«AMANHû",
            "São João, Pâris: 5 €",
            "CAFÉ…",
            "Its price is 5 €â",
            "Why does my page show â€™ in place of a quote though it says UTF-8?",
            "Why are there â€™ in my database? It has the wrong encoding.",
            "Tidak – “ya”…",
            "ascii",
            "",
        ] {
            assert_eq!(repaired(text, "").0, text);
        }
    }

    proptest! {
        #[test]
        fn any_text_encoded_twice_is_repaired(before in "\\PC{0,20}", after in "\\PC{0,20}") {
            let meant = format!("{before} Jum’at {after}");
            prop_assume!(!is_about_encodings(&meant));
            let (twice, _) = WINDOWS_1252.decode_without_bom_handling(meant.as_bytes());
            prop_assert_eq!(&repaired(&twice, "").0, &meant);
            prop_assert_eq!(&repaired(&meant, "").0, &meant);
        }
    }
}
