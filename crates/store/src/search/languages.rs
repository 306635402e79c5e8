//! Languages in queries: BCP 47 tags, and the English and Indonesian names of those that feeds use
//! most.
use crate::search::spelling::nearest;

/// Codes and names.
const NAMES: &[(&str, &str)] = &[
    ("indonesian", "id"),
    ("indonesia", "id"),
    ("english", "en"),
    ("inggris", "en"),
    ("malay", "ms"),
    ("melayu", "ms"),
    ("javanese", "jv"),
    ("jawa", "jv"),
    ("sundanese", "su"),
    ("sunda", "su"),
    ("arabic", "ar"),
    ("arab", "ar"),
    ("chinese", "zh"),
    ("mandarin", "zh"),
    ("japanese", "ja"),
    ("jepang", "ja"),
    ("korean", "ko"),
    ("korea", "ko"),
    ("hindi", "hi"),
    ("french", "fr"),
    ("prancis", "fr"),
    ("german", "de"),
    ("jerman", "de"),
    ("spanish", "es"),
    ("spanyol", "es"),
    ("portuguese", "pt"),
    ("portugis", "pt"),
    ("dutch", "nl"),
    ("belanda", "nl"),
    ("italian", "it"),
    ("italia", "it"),
    ("russian", "ru"),
    ("rusia", "ru"),
    ("turkish", "tr"),
    ("turki", "tr"),
    ("thai", "th"),
    ("vietnamese", "vi"),
    ("vietnam", "vi"),
    ("tagalog", "tl"),
    ("filipino", "fil"),
    ("persian", "fa"),
    ("persia", "fa"),
    ("hebrew", "he"),
    ("ibrani", "he"),
    ("ukrainian", "uk"),
    ("ukraina", "uk"),
    ("polish", "pl"),
    ("polandia", "pl"),
];

/// The code of a typed language, in lower case.
pub(crate) fn code(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    let name = typed.strip_prefix("bahasa ").unwrap_or(&typed);
    if let Some((_, code)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some((*code).to_owned());
    }
    tags(&typed).pop()
}

/// The name that was probably meant.
pub(crate) fn meant(typed: &str) -> Option<&'static str> {
    nearest(&typed.to_lowercase(), &NAMES.iter().map(|(name, _)| *name))
}

/// What an article's language tag is indexed as: the language, and the whole tag if it says more.
/// Empty if it is not a tag.
pub(crate) fn tags(tag: &str) -> Vec<String> {
    let tag = tag.trim().to_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let is_language =
        (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase());
    let is_subtag = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    if !is_language || tag.len() > 35 || !parts.all(is_subtag) {
        return Vec::new();
    }
    // The code of Indonesian before 1989.
    let primary = if primary == "in" { "id" } else { primary }.to_owned();
    if primary.len() == tag.len() {
        vec![primary]
    } else {
        vec![primary, tag]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_code_and_name() {
        for (typed, expected) in [
            ("id", Some("id")),
            ("EN", Some("en")),
            ("en-GB", Some("en-gb")),
            ("zh_Hant", Some("zh-hant")),
            ("Indonesian", Some("id")),
            ("Bahasa Inggris", Some("en")),
            ("in", Some("id")),
            ("jawa", Some("jv")),
            ("klingon", None),
            ("e", None),
            ("12", None),
            ("", None),
        ] {
            assert_eq!(code(typed).as_deref(), expected, "{typed}");
        }
        assert_eq!(meant("inggirs"), Some("inggris"));
        assert_eq!(tags("en-GB"), ["en", "en-gb"]);
        assert_eq!(tags("EN"), ["en"]);
    }
}
