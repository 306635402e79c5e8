//! The voices of the service.

use std::collections::HashSet;

/// A voice of a synthesizer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The synthesizer, which Speech Dispatcher calls output module.
    pub module: String,
    /// The voice's name, unique within its synthesizer.
    pub name: String,
    /// The tag of its language.
    pub language: String,
}

/// The module that Speech Dispatcher lists when it has no synthesizer.
pub(crate) const PLACEHOLDER_MODULE: &str = "dummy";
/// Maximum number of voices of a synthesizer.
const MOST: usize = 2_000;

/// Parses the lines of `LIST SYNTHESIS_VOICES`: name, language and variant, separated by tabs. The
/// variants that espeak-ng makes of each voice (`Indonesian+Adam`) are left out.
pub(crate) fn parse(module: &str, lines: &[String]) -> Vec<Voice> {
    let fields = |line: &'_ str| {
        let mut fields = line.split('\t').map(str::to_owned);
        Some((fields.next()?, fields.next()?))
    };
    let all: Vec<(String, String)> = lines.iter().filter_map(|line| fields(line)).collect();
    let names: HashSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let is_variant = |name: &str| {
        name.split_once('+')
            .is_some_and(|(base, _)| names.contains(base))
    };
    all.iter()
        .filter(|(name, language)| {
            crate::protocol::argument("voice", name).is_ok()
                && crate::protocol::language(language).is_ok()
                && !is_variant(name)
        })
        .take(MOST)
        .map(|(name, language)| Voice {
            module: module.to_owned(),
            name: name.clone(),
            language: language.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_and_unusable_voices_are_left_out() {
        let lines: Vec<String> = [
            "Indonesian\tid\tnone",
            "Indonesian+Adam\tid\tAdam",
            "English (America)\ten-US\tnone",
            "Lone+variant\ten\tnone",
            "No language",
            "\tid\tnone",
            "Bad\ti d\tnone",
            "",
        ]
        .map(str::to_owned)
        .into();
        let names: Vec<String> = parse("espeak-ng", &lines)
            .into_iter()
            .map(|voice| format!("{}/{}/{}", voice.module, voice.name, voice.language))
            .collect();
        assert_eq!(
            names,
            [
                "espeak-ng/Indonesian/id",
                "espeak-ng/English (America)/en-US",
                "espeak-ng/Lone+variant/en"
            ]
        );
    }
}
