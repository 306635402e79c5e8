//! What the feeds hold: words without meaning, the same for the same feed, entry and revision.

use std::fmt::Write;

use crate::Arguments;

/// When the newest entry of revision 0 was published: 2026-11-18.
const NEWEST: u64 = 1_795_000_000;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const CONSONANTS: [&str; 22] = [
    "b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "st", "tr",
    "pl", "sh", "ch", "th",
];
const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ou", "ai"];
const ENDS: [&str; 10] = ["", "n", "r", "s", "t", "l", "ng", "ck", "rd", ""];
const FREQUENT: [&str; 19] = [
    "the", "of", "and", "to", "a", "in", "is", "that", "for", "it", "was", "on", "are", "as",
    "with", "be", "this", "by", "from",
];

/// A random number generator of one word of state (SplitMix64; Steele, Lea and Flood, 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// Words that texts are made of, frequent ones first.
pub(crate) struct Vocabulary(Vec<String>);

impl Vocabulary {
    pub(crate) fn new() -> Self {
        let mut random = Random(42);
        let mut words: Vec<String> = FREQUENT.map(String::from).to_vec();
        while words.len() < 6_000 {
            let mut word = String::new();
            for _ in 0..=random.below(3) {
                word += random.of(&CONSONANTS);
                word += random.of(&VOWELS);
            }
            word += random.of(&ENDS);
            if random.below(60) == 0 {
                word += "é";
            }
            words.push(word);
        }
        Self(words)
    }

    /// A word; a word's frequency falls with its rank, as in real texts (Zipf).
    fn word(&self, random: &mut Random) -> &str {
        let share = (random.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = (self.0.len() as f64).powf(share) as usize;
        &self.0[rank.clamp(1, self.0.len()) - 1]
    }

    pub(crate) fn text(&self, random: &mut Random, words: u64) -> String {
        let words: Vec<_> = (0..words).map(|_| self.word(random)).collect();
        words.join(" ")
    }
}

/// The loopback address with this number.
pub(crate) fn host(number: u64) -> String {
    format!("127.0.{}.{}", number / 250, 1 + number % 250)
}

pub(crate) fn address(arguments: &Arguments, feed: u64) -> String {
    let host = host(feed % arguments.hosts.max(1));
    format!("http://{host}:{}/feed/{feed}", arguments.port)
}

/// The revision of a feed: some stay at the first.
pub(crate) fn revision(arguments: &Arguments, feed: u64) -> u64 {
    let changes = Random(feed ^ 77).below(100) < arguments.changed_pct;
    if changes { arguments.rev } else { 0 }
}

/// When the feed was changed last, for `Last-Modified`.
pub(crate) fn modified(arguments: &Arguments, feed: u64) -> String {
    rfc_822(NEWEST + revision(arguments, feed) * HOUR)
}

pub(crate) fn is_atom(feed: u64) -> bool {
    feed % 3 == 2
}

/// The document of a feed.
pub(crate) fn document(arguments: &Arguments, words: &Vocabulary, feed: u64) -> String {
    let site = format!("http://127.0.0.1:{}/site/{feed}", arguments.port);
    let mut random = Random(feed * 7_919 + 1);
    let title = format!("{} {feed}", words.text(&mut random, 3));
    let description = words.text(&mut random, 8);
    let revision = revision(arguments, feed);
    let changed = NEWEST + revision * HOUR;
    let mut out = String::new();
    if is_atom(feed) {
        out += "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
        let _ = writeln!(
            out,
            "<title>{title}</title><subtitle>{description}</subtitle><link href=\"{site}\"/>\
             <id>urn:bench:feed:{feed}</id><updated>{}</updated>",
            rfc_3339(changed)
        );
    } else {
        out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
                xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
                xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>\n";
        let _ = writeln!(
            out,
            "<title>{title}</title><link>{site}</link><description>{description}</description>\
             <language>en</language><lastBuildDate>{}</lastBuildDate>",
            rfc_822(changed)
        );
    }
    let oldest = revision * arguments.new;
    for number in (oldest..oldest + arguments.items).rev() {
        entry(&mut out, arguments, words, feed, number);
    }
    out += if is_atom(feed) {
        "</feed>\n"
    } else {
        "</channel></rss>\n"
    };
    out
}

fn entry(out: &mut String, arguments: &Arguments, words: &Vocabulary, feed: u64, number: u64) {
    let mut random = Random((feed << 32) | number);
    // Two hours between entries, and feeds that do not publish at the same second.
    let published =
        NEWEST + number * 2 * HOUR - arguments.items * 2 * HOUR - feed * 37 % (2 * HOUR);
    let count = 6 + random.below(6);
    let title = words.text(&mut random, count);
    let summary = words.text(&mut random, 22);
    let author = words.text(&mut random, 2);
    let category = words.text(&mut random, 1);
    let html = html(arguments, words, &mut random, feed, number);
    let site = format!("http://127.0.0.1:{}/site/{feed}/{number}", arguments.port);
    let _ = if is_atom(feed) {
        let date = rfc_3339(published);
        writeln!(
            out,
            "<entry><title>{title}</title><link href=\"{site}\"/><id>urn:bench:{feed}:{number}</id>\
             <published>{date}</published><updated>{date}</updated><author><name>{author}</name></author>\
             <category term=\"{category}\"/><summary>{summary}</summary>\
             <content type=\"html\">{}</content></entry>",
            escaped(&html)
        )
    } else {
        let body = if feed.is_multiple_of(2) {
            format!("<![CDATA[{html}]]>")
        } else {
            escaped(&html)
        };
        writeln!(
            out,
            "<item><title>{title}</title><link>{site}</link>\
             <guid isPermaLink=\"false\">bench-{feed}-{number}</guid><pubDate>{}</pubDate>\
             <dc:creator>{author}</dc:creator><category>{category}</category>\
             <description>{summary}</description><content:encoded>{body}</content:encoded></item>",
            rfc_822(published)
        )
    };
}

fn html(
    arguments: &Arguments,
    words: &Vocabulary,
    random: &mut Random,
    feed: u64,
    number: u64,
) -> String {
    let spread = arguments.max_bytes.saturating_sub(arguments.min_bytes) + 1;
    let wanted = arguments.min_bytes + random.below(spread);
    let mut out = String::new();
    if arguments.images {
        let _ = write!(
            out,
            "<figure><img src=\"http://127.0.0.1:{}/img/{feed}-{number}.png\" alt=\"{}\" width=\"640\"></figure>",
            arguments.port,
            words.text(random, 4)
        );
    }
    while (out.len() as u64) < wanted {
        let _ = match random.below(10) {
            0 => writeln!(out, "<h3>{}</h3>", words.text(random, 5)),
            1 => writeln!(
                out,
                "<ul><li>{}</li><li>{}</li></ul>",
                words.text(random, 8),
                words.text(random, 9)
            ),
            2 => writeln!(
                out,
                "<blockquote><p>{}</p></blockquote>",
                words.text(random, 20)
            ),
            _ => {
                let length = 25 + random.below(30);
                writeln!(
                    out,
                    "<p>{} <a href=\"https://example.org/{}\">{}</a>, {} &amp; <em>{}</em>.</p>",
                    words.text(random, length),
                    random.below(99_999),
                    words.text(random, 3),
                    words.text(random, length / 2),
                    words.text(random, 2)
                )
            }
        };
    }
    out
}

fn escaped(html: &str) -> String {
    html.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Year, month from 1 and day from 1 of a Unix time, in the proleptic Gregorian calendar.
fn date(time: u64) -> (u64, usize, u64) {
    let (mut year, mut day) = (1970, time / DAY);
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    loop {
        let days = if is_leap(year) { 366 } else { 365 };
        if day < days {
            break;
        }
        day -= days;
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    for (month, days) in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .into_iter()
        .enumerate()
    {
        if day < days {
            return (year, month + 1, day + 1);
        }
        day -= days;
    }
    unreachable!("a year's days are those of its months")
}

fn clock(time: u64) -> String {
    let second = time % DAY;
    format!(
        "{:02}:{:02}:{:02}",
        second / HOUR,
        second / 60 % 60,
        second % 60
    )
}

fn rfc_822(time: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (year, month, day) = date(time);
    let weekday = DAYS[(time / DAY % 7) as usize];
    format!(
        "{weekday}, {day:02} {} {year} {} GMT",
        MONTHS[month - 1],
        clock(time)
    )
}

fn rfc_3339(time: u64) -> String {
    let (year, month, day) = date(time);
    format!("{year}-{month:02}-{day:02}T{}Z", clock(time))
}
