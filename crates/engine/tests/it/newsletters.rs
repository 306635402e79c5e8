//! Newsletters from a real IMAP server: two hundred messages of twelve senders in every encoding, of
//! which nothing is changed on the server.
#![expect(
    clippy::disallowed_methods,
    reason = "files of the store and of the test"
)]

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use warta_engine::api::{
    ChosenPlaces, Event, MailSecurity, MailSender, MailTrial, Place, SyncScope,
};
use warta_engine::{Engine, Keyring, Opening};

use crate::child::{Killable, child_folder};
use crate::dovecot::{Dovecot, PASSWORD, USER};
use crate::{Bench, list_request};

const MESSAGES: usize = 200;
const SENDERS: usize = 12;
const FORMS: usize = 17;

/// A message, its title, and a part of its text.
struct Mail {
    bytes: Vec<u8>,
    subject: String,
    text: String,
}

fn sender_name(sender: usize) -> String {
    match sender {
        0 => "Café du Matin".into(),
        1 => "朝の新聞".into(),
        _ => format!("Buletin {sender}"),
    }
}

fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    let text = BASE64_STANDARD.encode(bytes);
    let lines: Vec<&[u8]> = text.as_bytes().chunks(76).collect();
    lines.join(&b"\r\n"[..])
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex: Vec<Vec<u8>> = bytes
        .chunks(20)
        .map(|part| {
            part.iter()
                .flat_map(|byte| format!("={byte:02X}").into_bytes())
                .collect()
        })
        .collect();
    hex.join(&b"=\r\n"[..])
}

fn encoded(label: &str, text: &str) -> Vec<u8> {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
    let (bytes, _, had_errors) = encoding.encode(text);
    assert!(!had_errors, "{label}: {text}");
    bytes.into_owned()
}

/// A header line as RFC 2047 wants it.
fn word(label: &str, text: &str) -> String {
    format!(
        "=?{label}?B?{}?=",
        BASE64_STANDARD.encode(encoded(label, text))
    )
}

#[expect(
    clippy::too_many_lines,
    reason = "a table of the forms that a message has"
)]
fn mail(n: usize) -> Mail {
    let (sender, form) = (n % SENDERS, n % FORMS);
    let latin = format!("Edisi {n}: café d’été à 12 heures");
    let plain = format!("Edisi {n}: harga beras naik di pasar pagi");
    let japanese = format!("第{n}号 新聞は毎朝届きます");
    let chinese = format!("第{n}期 今天的新闻从北京开始");
    let euro = format!("Edisi {n}: prix de 12 € à Genève");
    let html =
        |text: &str| format!("<html><body><p>{text}</p><p>Paragraf kedua.</p></body></html>");
    let part = |kind: &str, label: &str, transfer: &str| {
        format!(
            "MIME-Version: 1.0\r\nContent-Type: {kind}; charset={label}\r\nContent-Transfer-Encoding: {transfer}\r\n"
        )
    };
    let (label, text, header, body): (&str, String, String, Vec<u8>) = match form {
        0 => (
            "us-ascii",
            plain.clone(),
            part("text/plain", "us-ascii", "7bit"),
            plain.into_bytes(),
        ),
        1 => (
            "utf-8",
            latin.clone(),
            part("text/plain", "utf-8", "8bit"),
            latin.into_bytes(),
        ),
        2 => (
            "utf-8",
            latin.clone(),
            part("text/html", "utf-8", "quoted-printable"),
            quoted_printable(html(&latin).as_bytes()),
        ),
        3 => (
            "utf-8",
            chinese.clone(),
            part("text/html", "utf-8", "base64"),
            base64_lines(html(&chinese).as_bytes()),
        ),
        4 => {
            let text = format!("Edisi {n}: fête à Genève");
            (
                "iso-8859-1",
                text.clone(),
                part("text/plain", "iso-8859-1", "quoted-printable"),
                quoted_printable(&encoded("iso-8859-1", &text)),
            )
        }
        5 => (
            "iso-8859-15",
            euro.clone(),
            part("text/plain", "iso-8859-15", "8bit"),
            encoded("iso-8859-15", &euro),
        ),
        6 => (
            "windows-1252",
            latin.clone(),
            part("text/html", "windows-1252", "8bit"),
            encoded("windows-1252", &html(&latin)),
        ),
        7 => (
            "iso-2022-jp",
            japanese.clone(),
            part("text/plain", "iso-2022-jp", "7bit"),
            encoded("iso-2022-jp", &japanese),
        ),
        8 => (
            "gb18030",
            chinese.clone(),
            part("text/plain", "gb18030", "base64"),
            base64_lines(&encoded("gb18030", &chinese)),
        ),
        9 => (
            "shift_jis",
            japanese.clone(),
            part("text/html", "shift_jis", "8bit"),
            encoded("shift_jis", &html(&japanese)),
        ),
        10 => {
            let mut body = format!(
                "pembuka\r\n--luar\r\nContent-Type: multipart/related; boundary=\"tengah\"\r\n\r\n\
                 --tengah\r\nContent-Type: multipart/alternative; boundary=dalam\r\n\r\n\
                 --dalam\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhanya teks\r\n\
                 --dalam\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
                 <p>{latin}</p><p><img src=\"cid:foto{n}@kabar\" width=\"400\" height=\"300\" alt=\"Foto\"></p><p>Setelah foto.</p>\r\n--dalam--\r\n\
                 --tengah\r\nContent-Type: image/png; name*0*=UTF-8''gambar; name*1=.png\r\n\
                 Content-ID: <foto{n}@kabar>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            )
            .into_bytes();
            body.extend(base64_lines(&picture()));
            body.extend(
                b"\r\n--tengah--\r\n--luar\r\nContent-Type: application/pdf\r\n\
                  Content-Disposition: attachment; filename*=UTF-8''lampiran%20%E2%82%AC.pdf\r\n\r\n%PDF\r\n--luar--\r\n",
            );
            (
                "utf-8",
                latin,
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=luar\r\n".into(),
                body,
            )
        }
        11 => {
            let body = format!("{latin}, \r\ndan seterusnya.\r\n\r\n> kutipan \r\n> panjang\r\n");
            let text = format!("{latin}, dan seterusnya.");
            (
                "utf-8",
                text,
                part("text/plain; format=flowed", "utf-8", "8bit"),
                body.into_bytes(),
            )
        }
        12 => {
            let body = format!(
                "<p>{plain}</p><p><img src=\"http://127.0.0.1:9/foto.jpg?u=ani\" width=\"600\" height=\"400\"></p>\
                 <p>Akhir.</p><img src=\"http://127.0.0.1:9/terbuka.gif?u=ani\" width=\"1\" height=\"1\">\
                 <script>alert(1)</script>"
            );
            (
                "utf-8",
                plain,
                part("text/html", "utf-8", "7bit"),
                body.into_bytes(),
            )
        }
        13 => {
            let body = format!(
                "--lain\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>{latin}</p>"
            );
            (
                "utf-8",
                latin,
                "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=lain\r\n"
                    .into(),
                body.into_bytes(),
            )
        }
        16 if n < 60 => {
            let mut body = format!(
                "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{latin}\r\n\
                 --b\r\nContent-Type: application/zip\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            )
            .into_bytes();
            body.extend(base64_lines(&vec![b'x'; 3_000_000]));
            body.extend(b"\r\n--b--\r\n");
            (
                "utf-8",
                latin,
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n".into(),
                body,
            )
        }
        // Without `Date`, without `Message-ID`, and without any header of MIME.
        _ => ("utf-8", plain.clone(), String::new(), plain.into_bytes()),
    };
    let subject = text.split(':').next().unwrap().to_owned() + &format!(" ({n})");
    let name = match sender {
        0 => word("iso-8859-1", &sender_name(0)),
        1 => word("iso-2022-jp", &sender_name(1)),
        _ => format!("\"{}\"", sender_name(sender)),
    };
    let head = format!(
        "Received: from a.example by b.example; Mon, 04 May 2026 01:00:00 +0000\r\n\
         From: {name} <kabar{sender}@surat.example>\r\nTo: ani@rumah.example\r\nSubject: {}\r\n",
        word(if label == "us-ascii" { "utf-8" } else { label }, &subject)
    );
    // Some senders have a list, and others only an address.
    let list = match sender % 3 {
        0 => format!("List-Id: Daftar {sender} <d{sender}.surat.example>\r\n"),
        _ => String::new(),
    };
    let unsubscribe = format!(
        "List-Unsubscribe: <https://surat.example/berhenti/{sender}>, <mailto:b@surat.example>\r\n"
    );
    let (day, minute) = (1 + n / 60, n % 60);
    let date = match form {
        14 => String::new(),
        _ => format!("Date: {day:02} May 2026 05:{minute:02}:00 +0000\r\n"),
    };
    let message_id = match form {
        15 => String::new(),
        _ => format!("Message-ID: <edisi-{n}@surat.example>\r\n"),
    };
    let head = [head, list, unsubscribe, date, message_id].concat();
    let mut bytes = format!("{head}{header}\r\n").into_bytes();
    bytes.extend(body);
    Mail {
        bytes,
        subject,
        text,
    }
}

fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(400, 300, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// A server with all messages, a third of them seen.
fn filled() -> (Dovecot, Vec<Mail>) {
    let server = Dovecot::start("localhost");
    let mails: Vec<Mail> = (0..MESSAGES).map(mail).collect();
    for (number, mail) in mails.iter().enumerate() {
        server.put(number, if number % 3 == 0 { "S" } else { "" }, &mail.bytes);
    }
    (server, mails)
}

fn bench_for(server: &Dovecot) -> Bench {
    Bench::with(|opening| opening.mail_roots = vec![server.root.clone()])
}

async fn trial(bench: &Bench, server: &Dovecot) -> MailTrial {
    bench
        .engine
        .newsletters()
        .trial(server.setup())
        .await
        .unwrap()
}

/// Adds the account with all its senders.
async fn add_all(bench: &Bench, server: &Dovecot) -> Vec<MailSender> {
    let found = trial(bench, server).await;
    let newsletters = bench.engine.newsletters();
    newsletters
        .add(
            &server.setup(),
            &found.senders,
            &[],
            true,
            &["Buletin".into()],
        )
        .unwrap();
    found.senders
}

fn titles(engine: &Engine) -> Vec<String> {
    let request = list_request(Place::All, 500);
    let rows = engine.lists().list(&request).unwrap().rows;
    rows.into_iter().map(|row| row.title).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn newsletters_of_a_real_server_are_feeds_and_stay_untouched() {
    if !Dovecot::is_installed() {
        return;
    }
    let (server, mails) = filled();
    let before = server.messages();
    assert_eq!(before.len(), MESSAGES);
    let bench = bench_for(&server);
    let found = trial(&bench, &server).await;
    assert_eq!(found.folders, ["INBOX", "Buletin"]);
    assert_eq!(found.messages as usize, MESSAGES);
    assert_eq!(found.senders.len(), SENDERS, "{:?}", found.senders);
    assert!(found.senders.iter().all(|sender| sender.is_newsletter));
    add_all(&bench, &server).await;
    let report = bench.sync_all().await;
    assert_eq!(
        (report.new as usize, report.failed),
        (MESSAGES, 0),
        "{report:?}"
    );
    assert_eq!(bench.sync_all().await.new, 0, "nothing arrives twice");

    let places = bench.engine.places().unwrap();
    assert_eq!(places.feeds.len(), SENDERS);
    let names: BTreeSet<&str> = places
        .feeds
        .iter()
        .map(|feed| feed.title.as_str())
        .collect();
    let expected: Vec<String> = (0..SENDERS).map(sender_name).collect();
    assert_eq!(names, expected.iter().map(String::as_str).collect());
    let request = list_request(Place::All, 500);
    let rows = bench.engine.lists().list(&request).unwrap().rows;
    assert_eq!(rows.len(), MESSAGES);
    for (n, mail) in mails.iter().enumerate() {
        let row = rows.iter().find(|row| row.title == mail.subject);
        let row = row.unwrap_or_else(|| panic!("{n}: no article is named {}", mail.subject));
        let feed = places
            .feeds
            .iter()
            .find(|feed| feed.id == row.feed)
            .unwrap();
        assert_eq!(feed.title, sender_name(n % SENDERS), "{n}");
        let view = bench.engine.article(row.id).unwrap();
        assert!(
            view.html.contains(&mail.text),
            "{n} (form {}): {}",
            n % FORMS,
            view.html
        );
        for unwanted in ["127.0.0.1:9/terbuka", "<script", "cid:", "hanya teks"] {
            assert!(
                !view.html.contains(unwanted),
                "{n}: {unwanted} in {}",
                view.html
            );
        }
        if n % FORMS == 10 {
            assert_eq!(
                view.pictures_missing, 0,
                "{n}: the message's own picture is shown"
            );
            assert!(view.html.contains("<img"), "{n}: {}", view.html);
        }
    }
    assert_eq!(
        server.messages(),
        before,
        "no flag, file or byte was changed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_account_is_said() {
    if !Dovecot::is_installed() {
        return;
    }
    let server = Dovecot::start("localhost");
    let stranger = Dovecot::start("surat.example");
    let bench = bench_for(&server);
    let newsletters = bench.engine.newsletters();
    let mut failures = Vec::new();
    let good = server.setup();
    for setup in [
        warta_engine::api::MailSetup {
            password: Some("salah".into()),
            ..good.clone()
        },
        warta_engine::api::MailSetup {
            folder: "Tidak/Ada".into(),
            ..good.clone()
        },
        stranger.setup(),
        warta_engine::api::MailSetup {
            port: 1,
            ..good.clone()
        },
        warta_engine::api::MailSetup {
            host: "tidak-ada.invalid".into(),
            ..good.clone()
        },
        warta_engine::api::MailSetup {
            port: server.start_tls_port,
            ..good.clone()
        },
        warta_engine::api::MailSetup {
            security: MailSecurity::None,
            host: "surat.example".into(),
            ..good.clone()
        },
        warta_engine::api::MailSetup {
            password: None,
            ..good.clone()
        },
    ] {
        failures.push(newsletters.trial(setup).await.unwrap_err().detail);
    }
    let expected = [
        "wrongPassword",
        "folderMissing",
        "certificateUntrusted",
        "noConnection",
        "hostNotFound",
        "tls",
        "notAMailServer",
        "noPassword",
    ];
    assert_eq!(failures, expected);
    let start_tls = warta_engine::api::MailSetup {
        port: server.start_tls_port,
        security: MailSecurity::StartTls,
        ..good
    };
    newsletters.trial(start_tls).await.unwrap();
    let both = Bench::with(|opening| opening.mail_roots = vec![stranger.root.clone()]);
    let other_name = both
        .engine
        .newsletters()
        .trial(stranger.setup())
        .await
        .unwrap_err();
    assert_eq!(other_name.detail, "certificateName");
    assert!(!server.log().contains("rahasia"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_comes_back_brings_what_was_skipped() {
    if !Dovecot::is_installed() {
        return;
    }
    let server = Dovecot::start("localhost");
    for n in 0..24 {
        server.put(n, "", &mail(n).bytes);
    }
    let bench = bench_for(&server);
    let found = trial(&bench, &server).await;
    let (chosen, others) = found.senders.split_at(10);
    bench
        .engine
        .newsletters()
        .add(&server.setup(), chosen, others, true, &[])
        .unwrap();
    assert_eq!(
        bench.sync_all().await.new,
        20,
        "two senders were not chosen"
    );
    let feeds = bench.engine.places().unwrap().feeds;
    let left = feeds
        .iter()
        .find(|feed| feed.title == chosen[0].name)
        .unwrap()
        .id;
    let gone = ChosenPlaces {
        feeds: vec![left],
        folders: Vec::new(),
    };
    let undo = bench.engine.feeds().unsubscribe(&gone).unwrap();
    for n in 24..48 {
        server.put(n, "", &mail(n).bytes);
    }
    assert_eq!(
        bench.sync_all().await.new,
        18,
        "the sender is not a feed any more"
    );
    assert_eq!(bench.engine.places().unwrap().feeds.len(), 9);
    assert!(bench.engine.marks().undo(undo.token).unwrap());
    assert_eq!(
        bench.sync_all().await.new,
        2,
        "what was skipped comes with the sender"
    );

    // One that was not chosen at first.
    let setup = warta_engine::api::MailSetup {
        password: None,
        ..server.setup()
    };
    bench
        .engine
        .newsletters()
        .add(&setup, others, &[], true, &[])
        .unwrap();
    assert_eq!(bench.sync_all().await.new, 8);
    // And one that appears later.
    server.put(
        99,
        "",
        b"From: Baru <baru@lain.example>\r\nSubject: Halo\r\n\r\nSelamat pagi semua.",
    );
    assert_eq!(bench.sync_all().await.new, 1);
    let feeds = bench.engine.places().unwrap().feeds;
    let new = feeds.iter().find(|feed| feed.title == "Baru").unwrap();
    assert!(new.folder.is_some(), "it is in the folder of newsletters");

    server.renumber();
    let report = bench.sync_all().await;
    assert_eq!(
        (report.new, report.failed),
        (0, 0),
        "another UIDVALIDITY repeats nothing"
    );
    assert_eq!(titles(&bench.engine).len(), 49);

    let source = bench.engine.newsletters().source(left).unwrap().unwrap();
    let link = source.unsubscribe.unwrap();
    assert!(
        link.starts_with("https://surat.example/berhenti/"),
        "{link}"
    );
    let opml = bench.engine.opml().export_opml().unwrap();
    assert!(!opml.contains("warta:newsletters"), "{opml}");
    let account = bench.engine.newsletters().accounts().unwrap().remove(0);
    bench.engine.newsletters().remove(&account.id).unwrap();
    assert_eq!(
        bench.sync_all().await.feeds,
        0,
        "nothing is fetched without the account"
    );
    assert_eq!(titles(&bench.engine).len(), 49, "what was read stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_in_the_keyring_only_and_failures_reach_the_feeds() {
    if !Dovecot::is_installed() {
        return;
    }
    let server = Dovecot::start("localhost");
    for n in 0..12 {
        server.put(n, "", &mail(n).bytes);
    }
    let bench = bench_for(&server);
    add_all(&bench, &server).await;
    bench.sync_all().await;
    bench.engine.flush().unwrap();
    for file in walkdir::WalkDir::new(bench.folder.path()) {
        let file = file.unwrap();
        if file.file_type().is_file() {
            let bytes = std::fs::read(file.path()).unwrap_or_default();
            let is_in = bytes.windows(7).any(|window| window == b"rahasia");
            assert!(!is_in, "{}", file.path().display());
        }
    }
    let wrong = warta_engine::api::MailSetup {
        password: Some("lain".into()),
        ..server.setup()
    };
    bench
        .engine
        .newsletters()
        .add(&wrong, &[], &[], true, &[])
        .unwrap();
    let report = bench.sync_all().await;
    assert_eq!(report.failed, 1);
    let account = bench.engine.newsletters().accounts().unwrap().remove(0);
    assert_eq!(account.failure.unwrap().code.as_str(), "wrongPassword");
    for feed in bench.engine.places().unwrap().feeds {
        assert_eq!(
            feed.failure.unwrap().code.as_str(),
            "wrongPassword",
            "{}",
            feed.title
        );
    }
}

/// The keyring of a process that is killed.
struct Remembered;

impl Keyring for Remembered {
    fn get(&self, _: &str) -> Result<Option<String>, String> {
        Ok(Some(
            serde_json::json!({ "login": [USER, PASSWORD], "headers": {} }).to_string(),
        ))
    }

    fn set(&self, _: &str, _: Option<&str>) -> Result<(), String> {
        Ok(())
    }
}

fn open(folder: &Path) -> Engine {
    let mut opening = Opening::usual(&folder.join("data"), "id");
    opening.keyring = std::sync::Arc::new(Remembered);
    opening.mail_roots = vec![std::fs::read(folder.join("root.der")).unwrap()];
    Engine::open(&opening).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_loses_no_newsletter_and_repeats_none() {
    if !Dovecot::is_installed() {
        return;
    }
    let (server, mails) = filled();
    let before = server.messages();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("root.der"), &server.root).unwrap();
    {
        let engine = open(folder.path());
        let newsletters = engine.newsletters();
        newsletters
            .add(&server.setup(), &[], &[], true, &[])
            .unwrap();
        engine.flush().unwrap();
    }
    let mut killed_in_the_middle = 0;
    for round in 0..6_u64 {
        let path = folder.path().to_owned();
        tokio::task::spawn_blocking(move || {
            let mut child = Killable::start("newsletters::reads_in_a_process_of_its_own", &path);
            for _ in 0..=round * 5 {
                while child.line().is_some_and(|line| line != "stored") {}
            }
            std::thread::sleep(std::time::Duration::from_micros(round * 1_700));
            child.kill();
        })
        .await
        .unwrap();
        let engine = open(folder.path());
        assert!(engine.maintenance().check().unwrap().is_sound());
        let here = titles(&engine).len();
        killed_in_the_middle += u32::from(here > 0 && here < MESSAGES);
    }
    assert!(
        killed_in_the_middle > 1,
        "kills should happen while messages arrive"
    );
    let engine = open(folder.path());
    engine.sync().sync(&SyncScope::All).await.unwrap();
    let mut here = titles(&engine);
    here.sort();
    let mut expected: Vec<String> = mails.into_iter().map(|mail| mail.subject).collect();
    expected.sort();
    assert_eq!(here, expected);
    assert_eq!(server.messages(), before);
}

/// The child process: does nothing unless the test above starts it.
#[tokio::test(flavor = "multi_thread")]
async fn reads_in_a_process_of_its_own() {
    let Some(folder) = child_folder() else {
        return;
    };
    let engine = open(&folder);
    let mut events = engine.events();
    let telling = tokio::spawn(async move {
        while let Ok(event) = events.recv().await {
            if matches!(event, Event::ArticlesArrived { .. }) {
                println!("stored");
            }
        }
    });
    engine.sync().sync(&SyncScope::All).await.unwrap();
    telling.abort();
}
