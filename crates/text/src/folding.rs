//! Letters and words reduced to what is compared: without case, accents and white space.

use unicode_segmentation::UnicodeSegmentation;

/// A lower-case letter of the Latin-1 Supplement without its accent; any other character unchanged.
/// Word statistics depend on this set: see [`base_letter`] for a larger one.
#[must_use]
pub fn unaccented(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

/// Base letters and their variants.
const FOLDS: [(char, &str); 30] = [
    ('a', "áàâäãåāăąảạấầẩẫậắằẳẵặ"),
    ('e', "éèêëēėęěẻẽẹếềểễệ"),
    ('i', "íìîïīįıỉĩị"),
    ('o', "óòôöõøōőỏọốồổỗộơớờởỡợ"),
    ('u', "úùûüūůűųủũụưứừửữự"),
    ('y', "ýÿỳỷỹỵ"),
    ('c', "çćč"),
    ('d', "ďđð"),
    ('g', "ğģ"),
    ('l', "łľĺļ"),
    ('n', "ñńňņ"),
    ('r', "řŕ"),
    ('s', "śšşș"),
    ('t', "ťţț"),
    ('z', "źżž"),
    ('k', "ķ"),
    ('α', "ά"),
    ('ε', "έ"),
    ('η', "ή"),
    ('ι', "ίϊΐ"),
    ('ο', "ό"),
    ('υ', "ύϋΰ"),
    ('ω', "ώ"),
    ('σ', "ς"),
    ('е', "ё"),
    ('ا', "أإ"),
    ('ي', "یئى"),
    ('ك', "ک"),
    ('ه', "ة"),
    ('آ', "ٱ"),
];

/// A lower-case letter without accents and other variants, in the scripts of the
/// [month](crate::month) names; any other character unchanged.
#[must_use]
pub fn base_letter(letter: char) -> char {
    if letter.is_ascii() {
        return letter;
    }
    let fold = FOLDS.iter().find(|(_, accented)| accented.contains(letter));
    fold.map_or(letter, |(plain, _)| *plain)
}

/// The text in lower case without accents.
#[must_use]
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.to_lowercase();
    lower.chars().map(unaccented).collect()
}

/// The words of a text, folded as in [`folded`].
#[must_use]
pub fn folded_words(text: &str) -> Vec<String> {
    folded(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The letters and digits of `text` in lower case, to compare texts that differ in white space and
/// punctuation.
#[must_use]
pub fn letters_only(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether two texts consist of the same words, ignoring case and what is between the words.
#[must_use]
pub fn same_words(a: &str, b: &str) -> bool {
    let words = |text: &str| {
        text.unicode_words()
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    words(a) == words(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_lowercase_without_punctuation() {
        assert_eq!(folded_words("Café, di \"Bogor\"!"), ["cafe", "di", "bogor"]);
    }
}
