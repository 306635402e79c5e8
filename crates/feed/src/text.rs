//! Plain text from what feeds put into titles, names and descriptions.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memmem, memrchr};
use warta_text::{escape, escape_into, single_line, unescape};

/// Whether a text is HTML: it contains a tag or an entity.
pub(crate) fn looks_like_html(text: &str) -> bool {
    has_tag(text) || unescape(text).len() != text.len()
}

/// Whether a text contains an HTML tag. Words in angle brackets are not tags: "Vec<T>", "<ada>".
fn has_tag(text: &str) -> bool {
    // Only a "<" before the last ">" can open a tag: one search for it keeps this linear.
    let bytes = text.as_bytes();
    let Some(last) = memrchr(b'>', bytes) else {
        return false;
    };
    let mut tags = Tags::default();
    memchr_iter(b'<', &bytes[..last]).any(|at| tags.length(&text[at..]).is_some())
}

/// Maximum length of a tag with a "<" inside, in bytes.
const LONGEST_TAG: usize = 4_000;
/// Maximum length of a URL that becomes a link, in bytes.
const LONGEST_LINK: usize = 2_000;

/// Finds the ends of tags.
#[derive(Default)]
struct Tags {
    /// Whether the rest has no end of a comment, so that it is not searched again.
    no_comment_ends: bool,
}

impl Tags {
    /// Length of the HTML tag at the start of `text`, if there is one.
    fn length(&mut self, text: &str) -> Option<usize> {
        let after = &text[1..];
        if after.starts_with("!--") {
            let end = (!self.no_comment_ends).then(|| memmem::find(text.as_bytes(), b"-->"));
            self.no_comment_ends = end.flatten().is_none();
            return end
                .flatten()
                .map(|end| end + 3)
                .or_else(|| Some(text.find('>')? + 1));
        }
        if after.starts_with('!') {
            return Some(memchr(b'>', text.as_bytes())? + 1);
        }
        let (name, rest) = tag_name(after.strip_prefix('/').unwrap_or(after));
        if !is_element(name) {
            return None;
        }
        // A "<" begins another tag, unless it is in an attribute value.
        let mut end = memchr2(b'>', b'<', rest.as_bytes())?;
        if rest.as_bytes()[end] == b'<' {
            let value = rest[..end].contains(['"', '\'']);
            let within = &rest.as_bytes()[..rest.len().min(LONGEST_TAG)];
            end = value.then(|| memchr(b'>', within)).flatten()?;
        }
        let inside = rest[..end].trim_end_matches('/').trim();
        // Words after the name are a sentence, unless one is an attribute.
        let is_tag = inside.is_empty() || inside.contains('=') || is_word(inside);
        is_tag.then(|| text.len() - rest.len() + end + 1)
    }
}

/// Whether the inside of a tag is a single attribute without a value.
fn is_word(inside: &str) -> bool {
    [
        "noshade", "hidden", "disabled", "checked", "selected", "controls", "async", "defer",
        "open",
    ]
    .contains(&inside)
}

/// The name at the start of a tag's inside, and the rest.
fn tag_name(text: &str) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|b| !b.is_ascii_alphanumeric() && !matches!(b, b':' | b'-'))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// Whether a name is an HTML element, current or obsolete, or one written by office programs.
#[expect(clippy::too_many_lines, reason = "a list of names")]
fn is_element(name: &str) -> bool {
    const LONGEST: usize = 10;
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..name.len()) else {
        return false;
    };
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).unwrap_or_default();
    matches!(
        lower,
        "a" | "abbr"
            | "acronym"
            | "address"
            | "applet"
            | "area"
            | "article"
            | "aside"
            | "audio"
            | "b"
            | "base"
            | "basefont"
            | "bdi"
            | "bdo"
            | "bgsound"
            | "big"
            | "blink"
            | "blockquote"
            | "body"
            | "br"
            | "button"
            | "canvas"
            | "caption"
            | "center"
            | "cite"
            | "code"
            | "col"
            | "colgroup"
            | "data"
            | "datalist"
            | "dd"
            | "del"
            | "details"
            | "dfn"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "embed"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "font"
            | "footer"
            | "form"
            | "frame"
            | "frameset"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "i"
            | "iframe"
            | "img"
            | "input"
            | "ins"
            | "kbd"
            | "label"
            | "layer"
            | "legend"
            | "li"
            | "link"
            | "main"
            | "map"
            | "mark"
            | "marquee"
            | "menu"
            | "meta"
            | "meter"
            | "nav"
            | "nobr"
            | "noframes"
            | "noscript"
            | "object"
            | "ol"
            | "optgroup"
            | "option"
            | "output"
            | "p"
            | "param"
            | "picture"
            | "pre"
            | "progress"
            | "q"
            | "rb"
            | "rp"
            | "rt"
            | "rtc"
            | "ruby"
            | "s"
            | "samp"
            | "script"
            | "section"
            | "select"
            | "slot"
            | "small"
            | "source"
            | "span"
            | "strike"
            | "strong"
            | "style"
            | "sub"
            | "summary"
            | "sup"
            | "table"
            | "tbody"
            | "td"
            | "template"
            | "textarea"
            | "tfoot"
            | "th"
            | "thead"
            | "time"
            | "title"
            | "tr"
            | "track"
            | "tt"
            | "u"
            | "ul"
            | "var"
            | "video"
            | "wbr"
            | "xmp"
    ) || lower.starts_with("o:")
        || lower.starts_with("st1:")
}

/// HTML without scripts and style sheets, which are not text. The result is not safe to show.
pub(crate) fn without_scripts(html: Cow<'_, str>) -> Cow<'_, str> {
    let Some((start, end)) = script(&html) else {
        return html;
    };
    let mut kept = html[..start].to_owned();
    let mut rest = &html[end..];
    while let Some((start, end)) = script(rest) {
        kept += &rest[..start];
        rest = &rest[end..];
    }
    Cow::Owned(kept + rest)
}

/// Start and end of the first script or style sheet. One without an end is ignored, so that a stray
/// tag loses no text.
fn script(html: &str) -> Option<(usize, usize)> {
    let bytes = html.as_bytes();
    let (start, name) = memchr_iter(b'<', bytes).find_map(|at| {
        let after = &bytes[at + 1..];
        if !matches!(after.first(), Some(b's' | b'S')) {
            return None;
        }
        let named = |name: &str| {
            starts_like(after, name)
                && after
                    .get(name.len())
                    .is_some_and(|b| !b.is_ascii_alphanumeric() && *b != b'-')
        };
        let name = ["script", "style"].into_iter().find(|name| named(name))?;
        Some((at, name))
    })?;
    let closing = memchr_iter(b'<', &bytes[start..]).find_map(|at| {
        let after = bytes[start + at + 1..].strip_prefix(b"/")?;
        starts_like(after, name).then_some(start + at)
    })?;
    let end = memchr(b'>', &bytes[closing..]).map_or(html.len(), |end| closing + end + 1);
    Some((start, end))
}

fn starts_like(bytes: &[u8], name: &str) -> bool {
    bytes
        .get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

/// Unescapes HTML that was escaped once or twice too often.
pub(crate) fn unescaped_again(html: Cow<'_, str>) -> Cow<'_, str> {
    match markup_in(&html) {
        Some(markup) if !has_tag(&html) => Cow::Owned(markup),
        _ => html,
    }
}

/// The markup in an escaped text, if the text begins with a tag. A text that only mentions tags
/// begins with words.
pub(crate) fn markup_in(text: &str) -> Option<String> {
    let mut undone = Cow::Borrowed(text.trim());
    for _ in 0..2 {
        if !undone.starts_with("&amp;lt;") && !undone.starts_with("&lt;") {
            return None;
        }
        undone = Cow::Owned(unescape(&undone).into_owned());
        if undone.starts_with('<') && has_tag(&undone) {
            return Some(undone.into_owned());
        }
    }
    None
}

/// One line of plain text from what may be HTML (RSS leaves that open): tags removed, entities
/// decoded however often they were escaped. A tag that appears only after decoding is text ("A
/// guide to the &lt;head&gt; element"), unless it encloses the whole text.
pub(crate) fn plain(text: &str) -> String {
    if memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return single_line(text);
    }
    let mut current = untagged(Cow::Borrowed(text));
    // Titles are escaped once (as the format requires), twice (HTML inside), rarely three times.
    for _ in 0..3 {
        let Cow::Owned(undone) = unescape(&current) else {
            break;
        };
        if undone == *current {
            break;
        }
        current = Cow::Owned(undone);
        if is_wrapped(&current) {
            current = untagged(current);
        }
    }
    single_line(&current)
}

/// One line of plain text from declared HTML: tags removed, entities decoded once.
pub(crate) fn plain_of_html(html: &str) -> String {
    if memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return single_line(html);
    }
    single_line(&unescape(&untagged(Cow::Borrowed(html))))
}

/// One line of declared plain text. Entities are decoded once; nothing is a tag.
pub(crate) fn plain_of_text(text: &str) -> String {
    single_line(&unescape(text))
}

fn untagged(text: Cow<'_, str>) -> Cow<'_, str> {
    if has_tag(&text) {
        Cow::Owned(without_tags(&without_scripts(text)))
    } else {
        text
    }
}

/// Whether a text begins with an HTML element and contains its end tag.
fn is_wrapped(text: &str) -> bool {
    let text = text.trim_start();
    if !text.starts_with('<') || Tags::default().length(text).is_none() {
        return false;
    }
    let (name, _) = tag_name(&text[1..]);
    let ends = |at: usize| {
        let after = text.as_bytes()[at + 1..].strip_prefix(b"/");
        after.is_some_and(|after| starts_like(after, name))
    };
    !name.is_empty() && memchr_iter(b'<', text.as_bytes()).any(ends)
}

/// Repairs UTF-8 that was decoded as Latin-1 and encoded again ("actualitÃ©s"). If the result is
/// valid UTF-8, it was hardly intended otherwise.
pub(crate) fn repair_latin1_mojibake(text: Cow<'_, str>) -> Cow<'_, str> {
    // Ã, Â, â, Ð, Ñ, Å, Ä: each begins with this byte.
    let bytes = text.as_bytes();
    let accident = |at: usize| matches!(bytes.get(at + 1), Some(0x82..=0x85 | 0x90 | 0x91 | 0xA2));
    if !memchr_iter(0xC3, bytes).any(accident) {
        return text;
    }
    // In intact text the first non-ASCII letter ends this loop.
    let mut following = 0;
    for c in text.chars() {
        following = match (following, c) {
            (0, '\0'..='\u{7f}') => 0,
            (0, '\u{c2}'..'\u{e0}') => 1,
            (0, '\u{e0}'..'\u{f0}') => 2,
            (0, '\u{f0}'..'\u{f5}') => 3,
            (1.., '\u{80}'..'\u{c0}') => following - 1,
            _ => return text,
        };
    }
    let undone = text.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    String::from_utf8(undone).map_or(text, Cow::Owned)
}

fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut tags = Tags::default();
    // No tag ends after the last ">".
    let (mut rest, tail) = text.split_at(text.rfind('>').map_or(0, |last| last + 1));
    while let Some(start) = rest.find('<') {
        plain += &rest[..start];
        let tag = &rest[start..];
        let Some(length) = tags.length(tag) else {
            plain.push('<');
            rest = &tag[1..];
            continue;
        };
        let (name, _) = tag_name(tag[1..].trim_start_matches('/'));
        rest = &tag[length..];
        match name.to_ascii_lowercase().as_str() {
            "br" | "p" | "div" | "li" | "td" => plain.push(' '),
            // `10<sup>6</sup>` is 10^6, as text browsers write it, not 106.
            "sup" if !tag.starts_with("</") && is_power(&plain, rest) => plain.push('^'),
            _ => {}
        }
    }
    plain + rest + tail
}

/// Whether a superscript is a number after a letter or another number.
fn is_power(before: &str, raised: &str) -> bool {
    let raised = raised.trim_start_matches(['-', '+', '−']);
    before.ends_with(char::is_alphanumeric) && raised.starts_with(|c: char| c.is_ascii_digit())
}

/// Plain text as HTML. Web URLs become links; then line breaks are written too, since only a text
/// without tags gets them when it is normalised.
pub(crate) fn as_html(text: &str) -> String {
    let mut links = links(text).peekable();
    if links.peek().is_none() {
        return escape(text).into_owned();
    }
    let mut html = String::from("<p>");
    let mut done = 0;
    let put = |html: &mut String, text: &str| {
        let mut rows = text.split('\n');
        escape_into(html, rows.next().unwrap_or_default().trim_end_matches('\r'));
        for line in rows {
            *html += "<br>";
            escape_into(html, line.trim_end_matches('\r'));
        }
    };
    for link in links {
        put(&mut html, &text[done..link.start]);
        let address = escape(&text[link.clone()]);
        for part in ["<a href=\"", &address, "\">", &address, "</a>"] {
            html += part;
        }
        done = link.end;
    }
    put(&mut html, &text[done..]);
    html + "</p>"
}

/// Ranges of web URLs in a plain text, without trailing punctuation.
fn links(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut from = 0;
    // End of the previous link: one truncated for its length may contain the beginning of the next.
    let mut done = 0;
    std::iter::from_fn(move || {
        while let Some(found) = memmem::find(&text.as_bytes()[from..], b"://") {
            let colon = from + found;
            from = colon + 3;
            let scheme = ["https", "http"].into_iter().find(|scheme| {
                let start = colon.checked_sub(scheme.len());
                let written = start.and_then(|start| text.get(start..colon));
                written.is_some_and(|written| written.eq_ignore_ascii_case(scheme))
            });
            let Some(start) = scheme.map(|scheme| colon - scheme.len()) else {
                continue;
            };
            if start < done || text[..start].ends_with(char::is_alphanumeric) {
                continue;
            }
            let rest = &text[colon + 3..];
            let rest = &rest[..rest.floor_char_boundary(LONGEST_LINK)];
            let ends =
                |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"');
            let mut address = &rest[..rest.find(ends).unwrap_or(rest.len())];
            // A closing bracket belongs to the URL if it is opened in it: x_(y).
            let unopened = |address: &str, [open, close]: [char; 2]| {
                let opened = address.matches(open).count();
                address.matches(close).count().saturating_sub(opened)
            };
            let mut round = unopened(address, ['(', ')']);
            let mut square = unopened(address, ['[', ']']);
            loop {
                address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '”', '’']);
                let unopened = match address.as_bytes().last() {
                    Some(b')') => &mut round,
                    Some(b']') => &mut square,
                    _ => break,
                };
                if *unopened == 0 {
                    break;
                }
                *unopened -= 1;
                address = &address[..address.len() - 1];
            }
            from = colon + 3 + address.len();
            if address.starts_with(char::is_alphanumeric) {
                done = from;
                return Some(start..from);
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::{as_html, plain, plain_of_html, plain_of_text, repair_latin1_mojibake};

    #[test]
    fn latin1_mojibake_is_repaired() {
        for (text, expected) in [
            ("actualitÃ©s", "actualités"),
            ("Ã\u{a0} lâ\u{80}\u{99}heure", "à l’heure"),
            ("ÐŸ ÃŸ", "ÐŸ ÃŸ"),
            ("château Â«", "château Â«"),
            ("Â« ArrÃªt Â»", "« Arrêt »"),
            ("São João, Pâris", "São João, Pâris"),
            ("日本 Ã©", "日本 Ã©"),
        ] {
            assert_eq!(repair_latin1_mojibake(text.into()), expected, "{text}");
        }
    }

    #[test]
    fn declared_types_are_respected() {
        for (html, expected) in [
            (
                "Elemen &lt;head&gt; &amp; <i>lain</i>",
                "Elemen <head> & lain",
            ),
            ("&lt;b&gt;tebal&lt;/b&gt;", "<b>tebal</b>"),
            ("Tulis &amp;lt; untuk &lt;", "Tulis &lt; untuk <"),
            ("Vec<T>", "Vec<T>"),
        ] {
            assert_eq!(plain_of_html(html), expected, "{html}");
        }
        for (text, expected) in [
            ("<b>tebal</b> &amp; <animate>", "<b>tebal</b> & <animate>"),
            ("1 < 2 &lt; 3", "1 < 2 < 3"),
        ] {
            assert_eq!(plain_of_text(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_in_plain_text_are_links() {
        let link = |address: &str| format!("<a href=\"{address}\">{address}</a>");
        for (text, expected) in [
            ("a < b", "a &lt; b".to_owned()),
            ("lihat://sini", "lihat://sini".to_owned()),
            (
                "Toko: https://toko.example/a?b=1&c=2.\r\nLalu\n\n(http://x.example/y_(z))",
                format!(
                    "<p>Toko: {}.<br>Lalu<br><br>({})</p>",
                    link("https://toko.example/a?b=1&amp;c=2"),
                    link("http://x.example/y_(z)")
                ),
            ),
            (
                "xhttps://a.example http://",
                "xhttps://a.example http://".to_owned(),
            ),
            (
                "HTTPS://A.example!",
                format!("<p>{}!</p>", link("HTTPS://A.example")),
            ),
            (
                "\"https://a.example/\"",
                format!("<p>&quot;{}&quot;</p>", link("https://a.example/")),
            ),
        ] {
            assert_eq!(as_html(text), expected, "{text}");
        }
    }

    #[test]
    fn titles_are_plain_text_however_they_are_escaped() {
        for (text, expected) in [
            ("AT&T", "AT&T"),
            ("AT&amp;T", "AT&T"),
            ("AT&amp;amp;T", "AT&T"),
            ("<b>Tebal</b> sekali", "Tebal sekali"),
            ("&lt;b&gt;Tebal&lt;/b&gt;", "Tebal"),
            ("&amp;lt;b&amp;gt;Tebal&amp;lt;/b&amp;gt;", "Tebal"),
            ("&amp;amp;lt;b&amp;amp;gt; itu tebal", "<b> itu tebal"),
            ("<<<<<<b>b>b> a", "<<<<<b>b> a"),
            (
                "Pakai &lt;head&gt; dan &lt;b&gt;tebal&lt;/b&gt;",
                "Pakai <head> dan <b>tebal</b>",
            ),
            ("<ada> menulis", "<ada> menulis"),
            (
                "Vec<T>, map<K,V> &amp; <my-tag>",
                "Vec<T>, map<K,V> & <my-tag>",
            ),
            ("a <b and c> d", "a <b and c> d"),
            ("x<y && z>w", "x<y && z>w"),
            ("<a href='x'>Judul</a> <!-- a > b -->baru", "Judul baru"),
            ("<P CLASS=x>Judul</P><br/>baru<hr noshade>", "Judul baru"),
            ("Office <o:p></o:p>tua", "Office tua"),
            ("ani <ani@contoh.example>", "ani <ani@contoh.example>"),
            ("2 < 3 dan 5 > 4", "2 < 3 dan 5 > 4"),
            ("a <3 b", "a <3 b"),
            ("  spasi \n banyak ", "spasi banyak"),
            ("a\u{a0}b\u{0}c\u{85}", "a b c"),
            ("10<sup>6</sup> ft<sup>2</sup>", "10^6 ft^2"),
            ("&lt;sup&gt;6&lt;/sup&gt; 1<sup>st</sup>", "6 1st"),
            ("caf&eacute; &#8211; &#x201c;x&#x201d;", "café – “x”"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
