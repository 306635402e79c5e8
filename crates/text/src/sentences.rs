//! Finds the ends of sentences, in Indonesian, English and languages with similar punctuation. A
//! full stop also follows abbreviations, initials, numbers and list letters. It ends a sentence
//! unless it follows one of these and the next word may continue the sentence. Quotations and
//! brackets on one line are not split. Deliberately absent: a statistical model; the abbreviations
//! are a list, so that the same text always gives the same sentences.

use crate::quotes::quotation_end;

/// The kind of an abbreviation with a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Precedes a name or a word: never ends a sentence. "Dr.", "Jl.", "a.n."
    Before,
    /// Precedes a number: ends a sentence before anything else. "No. 4", "hlm. 12"
    Number,
    /// Follows a name or time: ends a sentence if the next word begins one. "S.H.", "p.m."
    Behind,
    /// Ends an enumeration: ends a sentence before any capital. "dll.", "etc."
    List,
}

/// Titles and other abbreviations before a name or word, in lower case.
const BEFORE: &str = " dr drs dra drg drh ir prof hj kh tgk tn ny nn sdr sdri bpk bp yth alm almh mr mrs ms mx \
    ste sgt cpl capt cmdr adm msgr supt insp atty jend letjen mayjen brigjen komjen irjen kombes kompol iptu \
    ipda serka serda kopka pratu praka peltu pelda jl jln gg kel kec kab prov dsn kp blk pt cv ud tgl tlp telp \
    tel faks fax a.n u.p u.b d.a q.q a.l e.g i.e s.d s/d c/o viz cf vs v approx utk sbg kpd dlm krn yg dgn mis \
    dept univ attn cet terj ttd ";

/// The same, but words of their own in lower case: abbreviations only if capitalised.
const BEFORE_CAPITAL: &str =
    " gen lt maj col sen rep gov pres rev hon fr br det st mt ft kol ds h ";

/// Abbreviations before a number, in lower case.
const NUMBER: &str = " no nos nr num hlm hal halm p pp vol jil jld bab ps psl art par sec ch fig figs gbr tab \
    lamp ay eq op bk th thn bln pkl pk rp usd idr ed ver ";

/// Months before a number: abbreviations only if capitalised.
const NUMBER_CAPITAL: &str =
    " jan feb mar apr jun jul agt agst agu aug sep sept okt oct nop nov des dec ";

/// Abbreviations after a name, in lower case. Those with full stops inside are recognised by their
/// form.
const BEHIND: &str = " jr sr inc corp ltd co bros tbk plc esq al bhd sdn ave blvd rd ";

/// Abbreviations at the end of an enumeration, in lower case.
const LIST: &str = " dll dsb dst dkk dls etc tsb ybs ";

/// Words that begin sentences and never occur in names: after "S.H." or "p.m." they indicate a new
/// sentence.
const STARTERS: &str = " ia dia mereka kami kita saya aku anda beliau ini itu hal namun tetapi tapi akan \
    sementara sedangkan selain setelah sebelum sejak ketika saat pada di dari dalam dengan untuk oleh karena \
    jika bila kalau meski meskipun walaupun menurut sebanyak sekitar para polisi pemerintah warga adapun \
    kemudian lalu selanjutnya sebelumnya akibatnya hingga sampai bahkan juga tidak belum sudah telah semua \
    setiap seorang sebuah tiga dua satu atas bagi kata ujar demikian \
    he she it they we you i the a an this that these those there here but and or so yet however meanwhile \
    after before when while since if although though because in on at by for from with as to of not no \
    his her its their our my your who what where why how some many most all each both one two three \
    police officials according then later now ";

/// Months, which identify the ordinal of a day: "19. Oktober".
const MONTHS: &str = " januari februari maret april mei juni juli agustus september oktober november desember \
    january february march may june july august october december januar februar märz mai juni juli \
    dezember ";

fn is_in(list: &str, word: &str) -> bool {
    !word.is_empty()
        && !word.contains(' ')
        && list
            .match_indices(word)
            .any(|(at, _)| list[..at].ends_with(' ') && list[at + word.len()..].starts_with(' '))
}

/// The sentences of a text, without white space around them; a line break ends one too.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut from = 0;
        for end in sentence_ends(line) {
            found.push(line[from..end].trim());
            from = end;
        }
        found.push(line[from..].trim());
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// The ends of the sentences of a text, including their closing marks. The text after the last one
/// is an incomplete sentence.
#[must_use]
pub fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut from = 0;
    let mut quoted_until = 0;
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        if at >= quoted_until
            && let Some(end) = quotation_end(text, at, c)
        {
            quoted_until = end;
        }
        if !is_terminal(c) {
            if c == '\n' {
                from = at + 1;
            }
            continue;
        }
        let marks = run(&text[at..], |c| is_terminal(c) || is_closing(c));
        let end = at + marks;
        if end >= quoted_until && ends_sentence(text, from, at, end) {
            ends.push(end);
            from = end;
        }
        // The rest of the run was examined already.
        while rest.clone().next().is_some_and(|(next, _)| next < end) {
            rest.next();
        }
    }
    ends
}

/// Whether a text ends like a sentence. One that ends with an ellipsis may be truncated.
#[must_use]
pub fn is_complete(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches(is_closing);
    bare.ends_with(is_terminal) && !bare.ends_with('…') && !bare.ends_with("...")
}

fn is_terminal(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…') || ends_alone(c)
}

/// Marks that always end a sentence.
fn ends_alone(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '।' | '॥' | '۔' | '؟')
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '"' | '”' | '’' | '\'' | '»' | '›' | ')' | ']' | '」' | '』' | '）'
    )
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '"' | '“' | '„' | '‘' | '\'' | '«' | '‹' | '(' | '[' | '¿' | '¡' | '「' | '『' | '（'
    )
}

/// The length of the run of such characters at the start of a text.
fn run(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !is_part(c)).unwrap_or(text.len())
}

/// Whether the sentence that began at `from` ends with the run of marks from `at` to `end`.
fn ends_sentence(text: &str, from: usize, at: usize, end: usize) -> bool {
    let marks = &text[at..end];
    let after = &text[end..];
    let next = after.trim_start();
    if next.is_empty() || marks.contains(ends_alone) {
        return true;
    }
    // Numbers, URLs and file names continue without a space.
    if !after.starts_with(char::is_whitespace) {
        return false;
    }
    // A line break ends the sentence in any case.
    if after[..after.len() - next.len()].contains('\n') {
        return true;
    }
    let next = next.trim_start_matches(is_opening);
    let begins = begins_sentence(next);
    if !begins {
        return false;
    }
    if !marks.starts_with('.') || marks.starts_with("..") {
        return true;
    }
    !continues_behind(&text[from..at], next)
}

/// Whether a sentence can begin like this: not with a lower-case letter (except names such as
/// "iPhone"), a dash or a closing mark.
fn begins_sentence(next: &str) -> bool {
    let mut characters = next.chars();
    let Some(first) = characters.next() else {
        return true;
    };
    if first.is_lowercase() {
        // "b. Rebus telur": the letter of a list.
        let mut rest = next.chars().skip(1);
        let is_letter = matches!(rest.next(), Some('.' | ')')) && rest.next() == Some(' ');
        if is_letter && rest.next().is_some_and(char::is_uppercase) {
            return true;
        }
        let word: String = next
            .chars()
            .take_while(|c| c.is_alphanumeric())
            .take(8)
            .collect();
        return word.chars().skip(1).take(2).any(char::is_uppercase);
    }
    !matches!(
        first,
        '-' | '–' | '—' | ',' | ';' | ':' | '/' | '&' | '+' | '=' | '.' | ')' | ']'
    )
}

/// Whether the text before a full stop ends with an abbreviation or the like after which the
/// sentence continues; `next` is the text after it.
fn continues_behind(before: &str, next: &str) -> bool {
    let token = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default()
        .trim_start_matches(is_opening);
    // "Jl.Sudirman", "ke-2", "Senin-s.d": the part after the last dash counts.
    let token = token
        .rsplit(['–', '—', ',', '('])
        .next()
        .unwrap_or_default();
    let begins = before
        .trim_start_matches(|c: char| is_opening(c) || c.is_whitespace())
        .len()
        == token.len();
    let word = next_word(next);
    let starter = is_in(STARTERS, &word.to_lowercase());
    let is_number = next.starts_with(|c: char| c.is_ascii_digit());
    let small = token.to_lowercase();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());

    // "1. Siapkan air. 2. Rebus": numbers of a list; "19. Oktober": a day.
    if is_digits(token) {
        let is_list = begins && token.len() <= 3;
        let is_day = token.len() <= 2 && is_in(MONTHS, &word.to_lowercase());
        return is_list || is_day;
    }
    let mut letters = token.chars();
    if let (Some(letter), None) = (letters.next(), letters.next())
        && letter.is_alphabetic()
    {
        // "a. Siapkan air", "A. Yani": a letter of a list, or an initial.
        if begins {
            return true;
        }
        if letter.is_lowercase() {
            return match kind(&small, token) {
                Some(Kind::Before) => true,
                Some(Kind::Number) => is_number,
                _ => false,
            };
        }
        // "So did I. Then": the word is an initial only beside another.
        if letter == 'I' && !is_initial(next) && !ends_with_initial(before, token) {
            return false;
        }
        return !starter && !is_number;
    }
    match kind(&small, token) {
        Some(Kind::Before) => true,
        Some(Kind::Number) => {
            let is_code = is_single(word) && next[word.len()..].starts_with('-');
            let is_numeral = is_single(word) || is_roman(word);
            // "No. Rekening" in a sentence, unlike "No. Polisi berkata" as an answer.
            let is_name = small == "no" && token != small && !begins;
            is_number || is_code || (!starter && (is_numeral || is_name))
        }
        Some(Kind::Behind) => !starter,
        Some(Kind::List) | None => false,
    }
}

/// The kind of a token before a full stop; `small` is the token in lower case.
fn kind(small: &str, token: &str) -> Option<Kind> {
    let is_capital = token.starts_with(char::is_uppercase);
    let lists = [
        (BEFORE, Kind::Before, true),
        (BEFORE_CAPITAL, Kind::Before, is_capital),
        (NUMBER, Kind::Number, true),
        (NUMBER_CAPITAL, Kind::Number, is_capital),
        (BEHIND, Kind::Behind, true),
        (LIST, Kind::List, true),
    ];
    let known = lists
        .into_iter()
        .find_map(|(list, kind, counts)| (counts && is_in(list, small)).then_some(kind));
    known.or_else(|| is_dotted(token).then_some(Kind::Behind))
}

/// "S.H", "Ph.D", "M.Kom", "U.S", "w.i.b": short parts with full stops between them, unlike
/// "ui.ac.id".
fn is_dotted(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let is_letters = |part: &&str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    if parts.len() < 2 || !parts.iter().all(is_letters) {
        return false;
    }
    let length = |part: &str| part.chars().count();
    let is_capital = parts[0].starts_with(char::is_uppercase);
    let is_single = parts.iter().all(|part| length(part) == 1);
    let is_degree = is_capital
        && length(parts[0]) <= 2
        && parts
            .iter()
            .all(|part| length(part) <= 5 && part.starts_with(char::is_uppercase));
    is_single || is_degree
}

/// The first word of a text, without joining marks.
fn next_word(text: &str) -> &str {
    &text[..run(text, char::is_alphanumeric)]
}

/// "K. Rowling": one capital and a full stop.
fn is_initial(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(char::is_uppercase) && characters.next() == Some('.')
}

/// Whether an initial precedes the last token of a text.
fn ends_with_initial(before: &str, token: &str) -> bool {
    let before = before[..before.len() - token.len()].trim_end();
    let last = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let mut characters = last.chars();
    characters.next().is_some_and(char::is_uppercase)
        && characters.next() == Some('.')
        && characters.next().is_none()
}

/// One capital, as in "No. A-12".
fn is_single(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(char::is_uppercase) && characters.next().is_none()
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b"IVXLC".contains(&b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts with `|` between sentences.
    const CASES: &[&str] = &[
        // Indonesian: numbers, money, times, dates.
        "Harga cabai naik Rp1.500 per kilogram.|Pedagang mengeluh.",
        "Harga Rp. 1.500 per kilogram.|Pedagang mengeluh.",
        "Gempa M 5.6 mengguncang Cianjur.|Warga panik.",
        "Suhu naik 1,5 derajat.|Itu rekor.",
        "Rapat mulai pukul 09.30 WIB.|Semua hadir.",
        "Rapat mulai pkl. 09.30 di balai desa.|Semua hadir.",
        "Tiket dijual Rp 1.500.000.|Habis dalam sejam.",
        "Inflasi tercatat 2,8 persen pada 2019.|Angka itu turun.",
        "Dibuka tgl. 5 Mei di Bima.|Acara itu gratis.",
        "Kegiatan berlangsung Senin s.d. Jumat.|Peserta 40 orang.",
        "Itu terjadi pada abad ke-19.|Belanda datang lagi.",
        "Jumlah korban 41.|Polisi mendata ulang.",
        // Indonesian: titles, degrees, addresses.
        "Kapal milik PT. Bahari karam.|Nakhoda selamat.",
        "Dr. Wisnu menang.|Lawannya mundur.",
        "Pasien dirawat dr. Tirta di Bima.|Ia membaik.",
        "Prof. Dr. Ir. Hamid Yusuf, M.Sc. memimpin rapat.|Rapat usai sore.",
        "Gugatan diajukan Rahman Hakim, S.H. pada Senin.|Sidang dimulai besok.",
        "Gugatan diajukan Rahman Hakim, S.H.|Dia optimistis.",
        "Ketua panitia, Siti Aminah, S.Pd., M.Pd. hadir.|Acara lancar.",
        "Kantor di Jl. Sudirman No. 4 terbakar.|Api padam pukul 10.00.",
        "Warga Kec. Wera, Kab. Bima mengungsi.|Bantuan tiba.",
        "Sumbangan atas nama Bpk. Amir diterima.|Jumlahnya besar.",
        "Ditransfer ke No. Rekening 123.|Bukti disimpan.",
        "Surat a.n. Direktur dikirim kemarin.|Isinya singkat.",
        "Lihat hlm. 12 dan hal. 40 buku itu.|Penjelasannya panjang.",
        "Ada dua hal.|Pertama soal harga.",
        "Pasar menjual beras, gula, dll. di dua kios.|Harganya stabil.",
        "Pasar menjual beras, gula, dll.|Pembeli ramai.",
        "Ia didampingi Letjen. Hadi dan Kombes. Rudi.|Keduanya diam.",
        "Almarhum K.H. Hasyim dikenang.|Haul digelar di Jombang.",
        "Menurut A. Yani, kapal aman.|Penumpang tenang.",
        "Jalan Jend. A. Yani macet.|Polisi mengatur lalu lintas.",
        "Ia kekurangan vitamin C.|Dia lemas.",
        "Pelaku berinisial R. Setiawan ditahan.|Ia bungkam.",
        "Pasal 5 ayat (2) UU No. 11 Tahun 2008 dipakai.|Terdakwa banding.",
        "Kejadian di depan ruko Blk. C berlangsung cepat.|Saksi dua orang.",
        // English: titles, initials, abbreviations.
        "No. 4 seed Maria Duff won.|She plays on Friday.",
        "Did he call?|No.|He left.",
        "J. K. Rowling spoke.|The hall was full.",
        "George R. R. Martin and J.R.R. Tolkien are read.|Both sell.",
        "Mr. and Mrs. Duff met Gen. Hale.|They talked.",
        "The vaccine, e.g. Novabin, works.|Trials go on.",
        "It works, i.e. Smith was right.|Others agree.",
        "The talks start at 9 a.m. Monday in Geneva.|No one else is invited.",
        "The talks end at 5 p.m.|The delegates left.",
        "The U.S. President spoke.|Congress listened.",
        "He moved to the U.S.|He found work.",
        "Apple Inc. Chief Ann Lee resigned.|Shares fell 3.5 percent.",
        "She lives in St. Louis near Mt. Hood.|It rains.",
        "Smith v. Jones was decided.|Both appealed.",
        "See Fig. 3 and vol. II of the report.|It is long.",
        "On Sept. 11 and Jan. 5 it closed.|It opens now.",
        "Red, blue, etc. are colours.|Grey is one too.",
        "Jane Roe, Ph.D. of Leeds, wrote it.|It sold well.",
        "So did I.|Then we left.",
        "It grew 0.5 percent vs. Monday.|Analysts were surprised.",
        "Dr. I. M. Pei designed it.|It stands.",
        // Lists and ordinals.
        "1. Siapkan air.|2. Rebus telur.",
        "a. Siapkan air.|b. Rebus telur.",
        "Pada 19. Oktober dibuka.|Ramai.",
        "Am 19. Oktober war es soweit.|Alle kamen.",
        // URLs.
        "Baca di https://kabar.example/a.b?x=1.2 sekarang.|Gratis.",
        "Daftar di ui.ac.id atau kabar.example.|Tutup besok.",
        "Tulis ke redaksi@kabar.example.|Kami balas.",
        // Quotations and brackets.
        "\"Kami siap. Kami berangkat,\" kata Yani.|Kapal lepas.",
        "\"Kami siap.\"|Yani pergi.",
        "Yani berkata, \"Kami siap. Semua aman.\"|Kapal lepas.",
        "“We are ready. We leave now,” she said.|The ship left.",
        "“Is it over?” he asked.|Nobody knew.",
        "«Nous partons. Adieu,» dit-il.|Il part.",
        "Kapal (KM Bahari. Milik Nusa) karam.|Semua selamat.",
        "Ia bertanya, \"Benarkah?\"|Tak ada jawaban.",
        "Dia berkata: 'Selesai.'|Lalu pergi.",
        // Other ends.
        "Benarkah?!|Ya!|Tentu.",
        "Ia menunggu...|Lalu pergi.",
        "Ia menunggu… lalu pergi.|Selesai.",
        "Harga turun.|iPhone baru laku.",
        "Harga turun.|$5 cukup.",
        "Selamat!|41 orang pulang.",
        "東京で地震。|けが人なし。",
        "यह सच है।|वह गया।",
        "هل هذا صحيح؟|نعم.",
        "Tanpa titik",
    ];

    #[test]
    fn sentences_end_where_they_end() {
        for case in CASES {
            let expected: Vec<&str> = case.split('|').collect();
            // Scripts without spaces have none between sentences either.
            let space = if case.contains('。') { "" } else { " " };
            let text = expected.join(space);
            assert_eq!(sentences(&text), expected, "{text}");
        }
        assert!(CASES.len() >= 60);
    }

    #[test]
    fn a_line_ends_a_sentence() {
        assert_eq!(
            sentences("Feri karam\n\nNakhoda selamat. Cuaca buruk\r\n\"Kami siap"),
            [
                "Feri karam",
                "Nakhoda selamat.",
                "Cuaca buruk",
                "\"Kami siap"
            ]
        );
        assert_eq!(sentences(" \n "), Vec::<&str>::new());
    }

    #[test]
    fn truncated_text_is_not_a_sentence() {
        for (text, complete) in [
            ("Kapal tiba.", true),
            ("\"Kapal tiba.\"", true),
            ("Benarkah? ", true),
            ("けが人なし。", true),
            ("Kapal tiba di…", false),
            ("Kapal tiba di...", false),
            ("Kapal tiba di", false),
            ("", false),
        ] {
            assert_eq!(is_complete(text), complete, "{text}");
        }
    }

    #[test]
    fn a_long_text_takes_no_long_time() {
        let text = "\"(A. ".repeat(50_000);
        assert!(sentence_ends(&text).len() < 50_000);
    }

    proptest! {
        #[test]
        fn sentences_are_the_text(text in "(\\PC|[A-Za-z.!? \"“”()…\n0-9]){0,80}") {
            let gapless = |text: &str| text.split_whitespace().collect::<String>();
            let found = sentences(&text);
            prop_assert_eq!(gapless(&found.concat()), gapless(&text));
            prop_assert!(found.iter().all(|one| !one.is_empty() && one.trim() == *one));
            for end in sentence_ends(&text) {
                prop_assert!(text.is_char_boundary(end) && end <= text.len());
            }
        }
    }
}
