//! Dates reduced to one spelling: lower case, no accents, ASCII digits and marks, units of Chinese,
//! Japanese and Korean set apart.

use warta_text::base_letter;

/// A date in lower case without accents, quotation marks and invisible characters; digits, spaces
/// and punctuation of all scripts in ASCII.
pub(crate) fn fold_date(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => folded.push(c),
            '"'
            | '“'
            | '”'
            | '״'
            | '\u{ad}'
            | '\u{feff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{300}'..='\u{36f}'
            | '\u{64b}'..='\u{652}'
            | '\u{640}'
            | '\u{61c}' => {}
            '‐'..='―' | '−' | '﹣' | '－' => folded.push('-'),
            '，' | '、' | '،' | '､' | '·' | '•' | '|' => folded.push(','),
            '：' => folded.push(':'),
            '．' | '。' => folded.push('.'),
            '／' => folded.push('/'),
            '＋' => folded.push('+'),
            '（' => folded.push('('),
            '）' => folded.push(')'),
            '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | '[' | ']' | '［' | '］' | '【' | '】' => {
                folded.push(' ');
            }
            _ if c.is_whitespace() || c.is_control() => folded.push(' '),
            _ if c.is_ascii() => folded.push(c),
            _ => folded.push(digit(c).unwrap_or_else(|| base_letter(c))),
        }
    }
    if folded.chars().any(|c| c >= '\u{e00}') {
        folded = without_thai_dots(&folded);
    }
    if folded.chars().any(|c| c >= '\u{2e80}') {
        folded = east_asian(&folded);
    }
    folded
}

/// The ASCII digit for a digit of another script.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 17] = [
        0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
        0xf20, 0x1040, 0x17e0, 0xff10,
    ];
    let value = ZEROS
        .iter()
        .find_map(|zero| (c as u32).checked_sub(*zero).filter(|v| *v < 10))?;
    char::from_digit(value, 10)
}

/// Removes the dots within Thai abbreviations: "ม.ค." is January.
fn without_thai_dots(text: &str) -> String {
    let is_thai = |c: char| ('\u{e00}'..'\u{e80}').contains(&c);
    let mut before = ' ';
    let kept = text.chars().filter(|c| {
        let dropped = *c == '.' && is_thai(before);
        if !dropped {
            before = *c;
        }
        !dropped
    });
    kept.collect()
}

/// Chinese, Japanese and Korean dates without days of the week, with English parts of the day, one
/// separated sign per unit, and digits for Chinese numerals.
fn east_asian(text: &str) -> String {
    const DAYS: &str = "一二三四五六日天1234567";
    const WORDS: [(&str, &str); 28] = [
        ("上午", " am "),
        ("午前", " am "),
        ("오전", " am "),
        ("凌晨", " am "),
        ("早上", " am "),
        ("早晨", " am "),
        ("清晨", " am "),
        ("새벽", " am "),
        ("아침", " am "),
        ("下午", " pm "),
        ("午後", " pm "),
        ("오후", " pm "),
        ("傍晚", " pm "),
        ("저녁", " pm "),
        ("晚上", " malam "),
        ("夜间", " malam "),
        ("밤", " malam "),
        ("中午", " noon "),
        ("正午", " noon "),
        ("元年", "1年"),
        ("时间", " "),
        ("時間", " "),
        ("民国", " 民國 "),
        ("民國", " 民國 "),
        ("令和", " 令和 "),
        ("平成", " 平成 "),
        ("昭和", " 昭和 "),
        ("分钟", "分"),
    ];
    let mut text = text.to_owned();
    for mark in ["星期", "礼拜", "禮拜", "周", "週"] {
        let mut rest = text.as_str();
        let mut kept = String::with_capacity(text.len());
        while let Some((before, after)) = rest.split_once(mark) {
            kept.push_str(before);
            kept.push(' ');
            rest = after
                .strip_prefix(|c: char| DAYS.contains(c))
                .unwrap_or(after);
        }
        kept.push_str(rest);
        text = kept;
    }
    for mark in ["曜日", "요일", "曜"] {
        while let Some(at) = text.find(mark) {
            let day = text[..at].chars().next_back().map_or(0, char::len_utf8);
            text.replace_range(at - day..at + mark.len(), " ");
        }
    }
    for (word, instead) in WORDS {
        if text.contains(word) {
            text = text.replace(word, instead);
        }
    }
    let mut plain = String::with_capacity(text.len());
    let mut numeral = String::new();
    for c in text.chars().chain([' ']) {
        if chinese_digit(c).is_some() || c == '十' {
            numeral.push(c);
            continue;
        }
        if !numeral.is_empty() {
            plain += &chinese_number(&numeral);
            numeral.clear();
        }
        let unit = match c {
            '年' | '년' => '年',
            '月' | '월' => '月',
            '日' | '일' | '号' | '號' => '日',
            '时' | '時' | '点' | '點' | '시' => '時',
            '分' | '분' => '分',
            '秒' | '초' => '秒',
            _ => {
                plain.push(c);
                continue;
            }
        };
        plain.extend([' ', unit, ' ']);
    }
    plain
}

fn chinese_digit(c: char) -> Option<usize> {
    if c == '零' {
        return Some(0);
    }
    "〇一二三四五六七八九".chars().position(|digit| digit == c)
}

/// Converts Chinese numerals: 二〇二六 is 2026, 二十五 is 25, 十 is 10.
fn chinese_number(numeral: &str) -> String {
    let digits = |text: &str| -> String {
        text.chars()
            .filter_map(chinese_digit)
            .map(|d| d.to_string())
            .collect()
    };
    match numeral.split_once('十') {
        None => digits(numeral),
        Some((tens, ones)) => {
            let (tens, ones) = (digits(tens), digits(ones));
            let tens = if tens.is_empty() { "1" } else { &tens };
            format!("{tens}{}", if ones.is_empty() { "0" } else { &ones })
        }
    }
}
