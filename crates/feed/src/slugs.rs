//! Titles from the addresses of articles, for entries that have none.

use url::Url;

use crate::bounds;

/// Minimum number of words of an article's address; sections and tags have fewer.
const ARTICLE_WORDS: usize = 3;
/// The same for an address that is known to be an article's.
const NEWS_WORDS: usize = 2;
/// Minimum number of letters of a title in a script without spaces between words.
const UNSPACED_LETTERS: usize = 8;
/// Minimum number of digits of an article's number; shorter ones are years and amounts.
const NUMBER_DIGITS: usize = 5;
/// Minimum length of a hash in an address.
const HASH_LENGTH: usize = 8;

/// A title in words from the last part of an address that has enough of them
/// (`/2026/banjir-di-pesisir-utara-123456.html`: "Banjir di pesisir utara"). `is_news`: the address
/// is certainly an article's.
pub(crate) fn title(address: &str, is_news: bool) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let least = if is_news { NEWS_WORDS } else { ARTICLE_WORDS };
    let parts: Vec<&str> = url.path_segments()?.collect();
    parts.iter().rev().find_map(|part| in_words(part, least))
}

fn in_words(part: &str, least: usize) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(part)
        .decode_utf8()
        .ok()?;
    let mut words: Vec<&str> = without_ending(&decoded)
        .split(|c: char| matches!(c, '-' | '_' | '+' | ',' | '~') || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    while words.last().is_some_and(|word| is_number(word)) {
        words.pop();
    }
    let numbers = words.iter().take_while(|word| is_number(word)).count();
    words.drain(..numbers);
    let is_word = |word: &&&str| word.chars().any(char::is_alphabetic);
    let unspaced = |word: &&str| {
        let letters = word.chars().filter(|c| warta_text::is_unspaced(*c));
        letters.count() >= UNSPACED_LETTERS
    };
    if words.iter().filter(is_word).count() < least && !words.iter().any(unspaced) {
        return None;
    }
    let mut letters = words.join(" ");
    if let Some(first) = letters.chars().next() {
        letters = first
            .to_uppercase()
            .chain(letters.chars().skip(1))
            .collect();
    }
    bounds::cut(&mut letters, bounds::TITLE);
    let letters = warta_text::single_line(&letters);
    (!letters.is_empty()).then_some(letters)
}

/// A file name without its ending.
fn without_ending(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((start, end))
            if !start.is_empty()
                && (2..=5).contains(&end.len())
                && end.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            start
        }
        _ => name,
    }
}

/// Whether a word is an article's number or a hash.
fn is_number(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_hash = word.len() >= HASH_LENGTH
        && digits * 4 >= word.len()
        && word.bytes().all(|b| b.is_ascii_hexdigit());
    digits >= NUMBER_DIGITS || is_hash
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn titles_come_from_the_words_of_an_address() {
        for (path, is_news, expected) in [
            (
                "/banjir-di-pesisir-utara",
                false,
                Some("Banjir di pesisir utara"),
            ),
            (
                "/2026/05/04/banjir_di_pesisir.html",
                false,
                Some("Banjir di pesisir"),
            ),
            (
                "/berita/d-7654321/gempa-magnitudo-6-di-laut",
                false,
                Some("Gempa magnitudo 6 di laut"),
            ),
            (
                "/read/12345678/harga-beras-naik-10-persen",
                false,
                Some("Harga beras naik 10 persen"),
            ),
            (
                "/harga-beras-naik-7654321.php",
                false,
                Some("Harga beras naik"),
            ),
            (
                "/harga-beras-naik-a1b2c3d4e5",
                false,
                Some("Harga beras naik"),
            ),
            ("/anggaran-desa-2026/", false, None),
            (
                "/tag/%D0%BA%D0%BE%D1%80%D0%BE%D0%BD%D0%B0%D0%B2%D0%B8%D1%80%D1%83%D1%81",
                false,
                None,
            ),
            ("/anggaran-desa-2026/", true, Some("Anggaran desa 2026")),
            (
                "/artikel/%C3%A9cole-de-la-mer",
                false,
                Some("École de la mer"),
            ),
            (
                "/article/%E6%B2%BF%E5%B2%B8%E5%9C%B0%E5%8C%BA%E5%8F%91%E7%94%9F%E6%B4%AA%E6%B0%B4",
                false,
                Some("沿岸地区发生洪水"),
            ),
            ("/tag/banjir", false, None),
            ("/politik", true, None),
            ("/", true, None),
            ("/%FF%FE-a-b-c", false, None),
            ("/a-b-c", false, Some("A b c")),
        ] {
            let found = title(&format!("https://kabar.example{path}"), is_news);
            assert_eq!(found.as_deref(), expected, "{path}");
        }
    }
}
