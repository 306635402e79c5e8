//! Extracts plain text from stored HTML, for rules and stories.

/// Elements that start a new line.
const BLOCKS: [&str; 22] = [
    "p",
    "div",
    "br",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "tr",
    "pre",
    "section",
    "article",
    "ul",
    "ol",
    "table",
    "hr",
    "dt",
    "dd",
    "figcaption",
];
/// Elements that are not running text.
const LEFT_OUT: [&str; 3] = ["figure", "table", "pre"];

/// The text with one line per block, without tables, code, pictures and captions. The HTML comes
/// from the sanitiser, so `<` always starts a tag.
pub(crate) fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut left_out = 0_usize;
    for (at, piece) in html.split('<').enumerate() {
        let rest = if at == 0 {
            piece
        } else {
            let Some((tag, rest)) = piece.split_once('>') else {
                continue;
            };
            let closing = tag.starts_with('/');
            let name = tag.trim_start_matches('/');
            let name = name.split([' ', '/']).next().unwrap_or_default();
            if LEFT_OUT.contains(&name) {
                left_out = if closing {
                    left_out.saturating_sub(1)
                } else {
                    left_out + 1
                };
            }
            if BLOCKS.contains(&name) && !text.ends_with('\n') {
                text.truncate(text.trim_end_matches(' ').len());
                text.push('\n');
            }
            rest
        };
        if left_out == 0 {
            push_running(&mut text, &htmlize::unescape(rest));
        }
    }
    text.trim().to_owned()
}

/// Appends running text and collapses white space as a browser does: line breaks in the HTML do not
/// end a line or sentence.
fn push_running(text: &mut String, running: &str) {
    for part in running.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        text.push_str(word);
        let gap = word.len() < part.len();
        if gap && !text.is_empty() && !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
    }
}

/// The text in lower case without accents.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.to_lowercase();
    lower.chars().map(warta_text::unaccented).collect()
}

/// The words of a text, folded as in [`folded`].
pub(crate) fn words(text: &str) -> Vec<String> {
    folded(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines_and_entities_are_decoded() {
        for (html, expected) in [
            (
                "<p>Satu &amp; dua.</p><p>Tiga <b>empat</b></p>",
                "Satu & dua.\nTiga empat",
            ),
            (
                "<figure><img src=\"a\"><figcaption>Foto</figcaption></figure><p>Isi</p>",
                "Isi",
            ),
            ("tanpa tag", "tanpa tag"),
            (
                "<p>Kapal No.\n 4 tiba\r\n di\n<b>Bima</b>\nkemarin.</p>\n\n<p>Dua</p>",
                "Kapal No. 4 tiba di Bima kemarin.\nDua",
            ),
            ("", ""),
            ("a<br>b<ul><li>c</li></ul>", "a\nb\nc"),
        ] {
            assert_eq!(plain_text(html), expected, "{html}");
        }
    }

    #[test]
    fn words_are_lowercase_without_punctuation() {
        assert_eq!(words("Café, di \"Bogor\"!"), ["cafe", "di", "bogor"]);
    }
}
