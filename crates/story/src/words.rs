//! The words of an article that tell events apart: folded, stemmed, stop words left out.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;

/// Words of a text that are looked at.
const MOST_WORDS: usize = 120;

/// A word and what it counts: words of the title more than those of the text, names and numbers more
/// than others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) weight: f32,
}

/// The words of title and text, each once, with its weight.
pub(crate) fn of(title: &str, text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut seen = std::collections::HashMap::<String, usize>::new();
    let mut add = |raw: &str, weight: f32, first: bool| {
        let Some(text) = normal(raw) else { return };
        let name = !first && raw.chars().next().is_some_and(char::is_uppercase);
        let number = raw.bytes().any(|b| b.is_ascii_digit());
        let weight = if name || number { weight * 1.3 } else { weight };
        if let Some(at) = seen.get(&text) {
            words[*at].weight = words[*at].weight.max(weight);
        } else {
            seen.insert(text.clone(), words.len());
            words.push(Word { text, weight });
        }
    };
    // Where most words of a title begin with a capital, capitals say nothing.
    let capitals = mostly_capitals(title);
    for (index, raw) in title.unicode_words().take(MOST_WORDS).enumerate() {
        add(raw, 1.0, index == 0 || capitals);
    }
    for raw in text.unicode_words().take(MOST_WORDS) {
        add(raw, 0.45, false);
    }
    words
}

fn mostly_capitals(title: &str) -> bool {
    let (mut upper, mut all) = (0_usize, 0_usize);
    for word in title.unicode_words() {
        all += 1;
        upper += usize::from(word.chars().next().is_some_and(char::is_uppercase));
    }
    upper * 3 > all * 2
}

fn normal(raw: &str) -> Option<String> {
    let word: String = raw.to_lowercase().chars().map(folded).collect();
    let word = word
        .trim_matches('\'')
        .trim_end_matches("'s")
        .trim_end_matches("’s");
    let letters = word.chars().count();
    if letters < 2 || (letters < 3 && !word.bytes().any(|b| b.is_ascii_digit())) {
        // Scripts whose words are a character or two.
        return (word.chars().any(|c| c as u32 >= 0x3040)).then(|| word.to_owned());
    }
    if STOP_WORDS.contains(word) {
        return None;
    }
    Some(stem(word).to_owned())
}

fn folded(character: char) -> char {
    match character {
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

/// Cuts what inflects, lightly and in every language alike: enough that "penumpang" meets
/// "penumpangnya" and "ferry" meets "ferries".
fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 5 {
        return word;
    }
    for (ending, left) in [
        ("nya", 4),
        ("lah", 5),
        ("kah", 5),
        ("ing", 5),
        ("ies", 3),
        ("ed", 5),
        ("es", 4),
        ("an", 5),
        ("y", 4),
        ("s", 4),
    ] {
        if let Some(stem) = word.strip_suffix(ending)
            && stem.len() >= left
        {
            return stem;
        }
    }
    word
}

/// Indonesian, English and French words that tell nothing of an event.
static STOP_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    "ada adalah agar akan aku anda antara apa apakah atas atau awal baca bagi bahwa banyak baru beberapa \
     begini begitu belum berapa berita bersama bila bisa bukan cara dalam dan dapat dari daripada dengan \
     demi di dia diri dua guna hal hanya hari harus hingga ia ikut ini inilah itu jadi jangan jika juga \
     kali kalau kami kamu karena kata ke kembali kemudian kepada ketika kita lagi lain lalu lebih lewat \
     maka makin masih mau melalui memang mereka meski mungkin namun nanti oleh orang pada para per perlu \
     pernah pula pun saat saja salah sama sampai sangat satu saya se sebab sebagai sebelum sebut secara \
     sedang sehingga sejak sekali selain selama semua sementara seorang seperti serta setelah setiap siapa \
     soal sudah supaya tahun tak tanpa tapi telah tentang terhadap terus tetap tiap tidak untuk usai yaitu \
     yakni yang jelang simak begini ungkap sebut akui minta \
     about after again all also amid among and any are back been before being but can could day did does \
     down for from get gets got had has have her here him his how into its just like may more most new news \
     not now off one only our out over own said say says set she should some such than that the their them \
     then there these they this those three through two under until upon via was way were what when where \
     which while who why will with would year years you your \
     alors apres aussi autre aux avant avec avoir car ces cet cette ceux chez comme contre dans des deux \
     donc dont elle elles encore entre est etre fait font hors ils les leur leurs lui mais meme moins nous \
     par pas peu plus pour pourquoi quand que quel quelle qui sans ses son sont sous sur tous tout toute \
     tres une vers voici vos votre vous"
        .split_whitespace()
        .collect()
});
