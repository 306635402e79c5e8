//! UTF-8 that was taken for windows-1252 and encoded again: "itâ€™s" for "it’s", "CafÃ©â€¦" for "Café…".
//!
//! Old databases are full of it. The parser leaves it as the feed has it; who shows an entry to a reader
//! calls [`Entry::mend`]. (The same accident with Latin-1 can be told from the text alone, see
//! `text::mended`.)

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use memchr::memmem;

use crate::model::Entry;

/// Who writes about the accident shows it on purpose.
const SPEAKS_OF_IT: [&str; 7] = [
    "utf-8", "utf8", "encod", "mojibake", "charset", "unicode", "1252",
];

impl Entry {
    /// Undoes the accident in the title, the texts, the names and the tags, where one of them shows it
    /// beyond doubt and the entry does not speak of character encodings. A text that also holds letters
    /// beyond ASCII as they were meant stays as it is.
    pub fn mend(&mut self) {
        let shows_it = self.texts().any(|text| shows_it(text));
        if !shows_it || self.texts().any(|text| speaks_of_it(text)) {
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

/// Whether it holds a sequence that nobody writes: "â€" with what makes it typographic punctuation, or "Ã"
/// with what makes it a letter and is no punctuation (a word in capitals may end with "Ã…" or "Ã»").
fn shows_it(text: &str) -> bool {
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

fn speaks_of_it(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    SPEAKS_OF_IT.iter().any(|word| text.contains(word))
}

/// The text before the accident, if all of it beyond ASCII can come from one.
fn undone(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let certain = shows_it(text);
    let mut undone = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let plain = rest.bytes().take_while(u8::is_ascii).count();
        let (before, after) = rest.split_at(plain);
        undone += before;
        let length = after.find(|c: char| c.is_ascii()).unwrap_or(after.len());
        let (run, next) = after.split_at(length);
        // What became of "”" and of a no-break space is often lost on the way.
        undone += &match run {
            "â€" if certain => Cow::Borrowed("”"),
            "Ã" if certain && next.starts_with(' ') => Cow::Borrowed("à"),
            "Â" if certain && next.starts_with([' ', '<']) => Cow::Borrowed(""),
            _ => Cow::Owned(run_undone(run)?),
        };
        rest = next;
    }
    Some(undone)
}

/// A stretch beyond ASCII before the accident. Typographic punctuation in it may be as it was meant:
/// feeds often write that as entities, which the accident does not reach.
fn run_undone(run: &str) -> Option<String> {
    let (bytes, _, failed) = WINDOWS_1252.encode(run);
    if failed {
        return None;
    }
    // A byte each.
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

/// The byte of windows-1252 that stands for this character beyond ASCII; as WHATWG has it, the five
/// bytes without a character stand for control characters.
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

    fn mended(title: &str, content: &str) -> (String, String) {
        let mut entry = Entry {
            title: Some(title.into()),
            content: Some(content.into()),
            ..Entry::default()
        };
        entry.mend();
        (entry.title.unwrap(), entry.content.unwrap())
    }

    #[test]
    fn what_was_encoded_twice_is_undone() {
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
            assert_eq!(mended(text, "").0, expected, "{text}");
        }
    }

    #[test]
    fn much_of_it_is_only_longer() {
        for many in ["—", "â€™", "Ã©—", "Ã", "é’"].map(|text| text.repeat(100_000)) {
            let (_, content) = mended("itâ€™s", &many);
            assert!(content.len() <= many.len());
        }
    }

    #[test]
    fn one_text_shows_it_for_all_but_each_is_undone_for_itself() {
        let shown = "<p>Donâ€™t</p>";
        let whole = "<p>Don’t</p>".to_owned();
        assert_eq!(mended("cafÃ©", shown), ("café".into(), whole.clone()));
        assert_eq!(
            mended("AMANHÃ E", shown),
            ("AMANHÃ E".into(), whole.clone())
        );
        assert_eq!(mended("Café", shown), ("Café".into(), whole.clone()));
        assert_eq!(mended("日本 Ã©", shown), ("日本 Ã©".into(), whole));
    }

    #[test]
    fn what_may_be_meant_stays() {
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
            assert_eq!(mended(text, "").0, text);
        }
    }

    proptest! {
        #[test]
        fn whatever_was_encoded_twice_comes_back(before in "\\PC{0,20}", after in "\\PC{0,20}") {
            let meant = format!("{before} Jum’at {after}");
            prop_assume!(!speaks_of_it(&meant));
            let (twice, _) = WINDOWS_1252.decode_without_bom_handling(meant.as_bytes());
            prop_assert_eq!(&mended(&twice, "").0, &meant);
            prop_assert_eq!(&mended(&meant, "").0, &meant);
        }
    }
}
