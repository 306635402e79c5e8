//! Recognises boilerplate lines: invitations to the publisher's channels, teasers of other
//! articles, labels of advertisements, lines appended by blog software.

use std::sync::LazyLock;

use memchr::memmem;

/// Maximum length of a boilerplate line, in characters.
const LONGEST: usize = 320;

/// Whether a text of this length is too long to be boilerplate.
pub(crate) fn is_long(length: usize) -> bool {
    length > LONGEST
}

/// Whether a block is boilerplate. `linked`: number of its characters in links.
pub(crate) fn is_boilerplate(text: &str, linked: usize) -> bool {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || is_long(length) {
        return false;
    }
    let low = text.to_lowercase();
    let low = low.trim_matches(|c: char| !c.is_alphanumeric());
    is_invitation(low) || is_teaser(low, length, linked) || is_note(low, length)
}

/// "Silakan baca konten menarik lainnya dari … di Google News dan WhatsApp Channel!"
fn is_invitation(low: &str) -> bool {
    // One of them is in every name below: a cheap test for most lines.
    static SERVICES: LazyLock<[memmem::Finder<'static>; 3]> =
        LazyLock::new(|| ["google", "whatsapp", "telegram"].map(memmem::Finder::new));
    let is_named = SERVICES
        .iter()
        .any(|service| service.find(low.as_bytes()).is_some());
    is_named && names_channel(low) && invites(low)
}

fn names_channel(low: &str) -> bool {
    [
        "google news",
        "googlenews",
        "whatsapp channel",
        "saluran whatsapp",
        "kanal whatsapp",
        "channel whatsapp",
        "telegram channel",
        "channel telegram",
        "whatsapp kami",
        "google berita",
    ]
    .iter()
    .any(|name| low.contains(name))
}

fn invites(low: &str) -> bool {
    [
        "baca",
        "ikuti",
        "simak",
        "cek ",
        "follow",
        "dapatkan",
        "gabung",
        "bergabung",
        "join",
        "read more",
        "read other",
        "silakan",
        "silahkan",
        "kunjungi",
        "subscribe",
        "langganan",
        "get our",
        "more from",
        "more stories",
    ]
    .iter()
    .any(|verb| low.contains(verb))
}

/// "Baca juga: …", "Read also: …": a teaser is short or mostly a link.
fn is_teaser(low: &str, length: usize, linked: usize) -> bool {
    let starts = [
        "baca juga",
        "baca pula",
        "simak juga",
        "simak pula",
        "lihat juga",
        "tonton juga",
        "baca selengkapnya",
        "artikel terkait",
        "berita terkait",
        "saksikan juga",
        "simak video",
        "lihat video",
        "read also",
        "also read",
        "read more:",
        "see also",
        "related:",
        "related articles",
        "pilihan editor",
        "baca lainnya",
        "selengkapnya baca",
    ]
    .iter()
    .any(|s| low.starts_with(s));
    starts && (length < 200 || linked * 2 > length)
}

/// "ADVERTISEMENT", "Scroll untuk melanjutkan", "The post … appeared first on …".
fn is_note(low: &str, length: usize) -> bool {
    if length < 80 {
        let exact = [
            "advertisement",
            "advertising",
            "iklan",
            "adv",
            "scroll to continue",
            "scroll to continue with content",
            "scroll untuk melanjutkan",
            "scroll ke bawah untuk melanjutkan membaca",
            "lanjutkan membaca",
            "continue reading",
            "story continues below",
            "article continues below",
            "gambas:video",
            "gambas:audio",
            "gambas:instagram",
            "gambas:twitter",
            "sponsored",
            "halaman selanjutnya",
            "halaman berikutnya",
            "next page",
            "baca artikel detiknews selengkapnya",
        ];
        if exact.contains(&low)
            || low.starts_with("gambas:")
            || low.starts_with("advertisement scroll")
        {
            return true;
        }
    }
    (low.starts_with("the post ")
        && (low.contains("appeared first on") || low.contains("first appeared on")))
        || low.starts_with("pos ") && low.contains("muncul pertama kali")
        || low.starts_with("artikel ini telah tayang di ")
        || low.starts_with("copyright ©")
}
