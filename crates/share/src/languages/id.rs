//! Indonesian.

use crate::language::{ChannelWords, Language};
use crate::model::Daypart;

pub(super) static INDONESIAN: Language = Language {
    tag: "id",
    // "in" is the old tag; readers of Malay, Javanese and Sundanese understand Indonesian.
    understood_by: &["id", "in", "ms", "jv", "su"],
    channels: &[
        (
            "link-alone",
            ChannelWords {
                name: "",
                note: "Hanya tautan yang dibagikan; tulis teksnya di sana.",
            },
        ),
        (
            "google-news",
            ChannelWords {
                name: "",
                note: "Mencari berita ini di Google News. Anda tidak bisa memposting di sana.",
            },
        ),
        (
            "copy-link",
            ChannelWords {
                name: "Salin tautan",
                note: "",
            },
        ),
        (
            "email",
            ChannelWords {
                name: "Email",
                note: "",
            },
        ),
        (
            "telegram",
            ChannelWords {
                name: "",
                note: "Telegram menaruh tautan sebelum teks.",
            },
        ),
        (
            "whatsapp-channel",
            ChannelWords {
                name: "Saluran WhatsApp saya",
                note: "WhatsApp tidak punya tautan untuk menulis di saluran: pesannya disalin, salurannya dibuka, lalu tempelkan di sana.",
            },
        ),
        (
            "signal",
            ChannelWords {
                name: "",
                note: "Signal tidak punya tautan untuk membagikan: pesannya disalin, tempelkan di Signal.",
            },
        ),
        (
            "messenger",
            ChannelWords {
                name: "",
                note: "Messenger tidak punya tautan untuk membagikan dari komputer: pesannya disalin, tempelkan di Messenger.",
            },
        ),
        (
            "copy-text",
            ChannelWords {
                name: "Salin teks",
                note: "",
            },
        ),
        (
            "system",
            ChannelWords {
                name: "Bagikan lewat sistem…",
                note: "",
            },
        ),
        (
            "qr-code",
            ChannelWords {
                name: "Kode QR",
                note: "Membuka tautan di ponsel: pindai kode ini dengan kameranya.",
            },
        ),
        (
            "picture-card",
            ChannelWords {
                name: "Kartu gambar",
                note: "Gambar memuat judul dan penerbit, bukan tautan.",
            },
        ),
        (
            "file",
            ChannelWords {
                name: "Berkas",
                note: "",
            },
        ),
    ],
    months: [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    contents: "Isi",
    digest,
    reported_by,
};

fn digest(count: usize, daypart: Daypart) -> String {
    let when = match daypart {
        Daypart::Morning => "pagi ini",
        Daypart::Noon => "siang ini",
        Daypart::Afternoon => "sore ini",
        Daypart::Night => "malam ini",
    };
    format!("{count} berita {when}")
}

fn reported_by(named: &str, more: usize) -> String {
    match more {
        0 => format!("Diberitakan {named}"),
        more => format!("Diberitakan {named} dan {more} lainnya"),
    }
}
