//! Every channel with every kind of text; links cleaned; nothing lost on the way.

mod cards;
mod documents;
mod exports;
mod links;
mod messages;
mod services;

use warta_share::{Contact, OwnChannel, Preferences, Subject};

pub(crate) fn preferences(language: &str) -> Preferences {
    Preferences {
        language: language.into(),
        google_news: ("id".into(), "ID".into(), "ID:id".into()),
        mastodon: "sosial.example".into(),
        whatsapp_channel: "0029VaSaya".into(),
        contacts: vec![Contact {
            name: "Ibu".into(),
            number: "6281234567890".into(),
        }],
        own: vec![OwnChannel {
            id: "1".into(),
            name: "Buku tamu".into(),
            template: "https://tamu.example/kirim?judul={title}&isi={text}&dari={publisher}".into(),
        }],
        services: vec!["readwise".into()],
        ..Preferences::default()
    }
}

pub(crate) fn subject(title: &str) -> Subject {
    Subject {
        title: title.into(),
        url: "https://kabar.example/a?id=7&utm_source=rss".into(),
        publisher: "Kabar Nusa".into(),
        excerpt: "Kapal itu tiba pada Senin pagi. Warga menyambutnya di dermaga.".into(),
        ..Subject::default()
    }
}
