//! Messages in every encoding and form, and what is broken about them.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use encoding_rs::Encoding;
use proptest::prelude::*;
use warta_mail::{Heading, Newsletter};

const TEXT: &str = "Harga beras naik “lagi” – café, naïve, 12 €.";

/// A message with this header, after the usual fields, and this body.
fn message(header: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "From: Kabar Pagi <Redaksi@Kabar.Example>\r\nMessage-ID: <satu@kabar.example>\r\n\
         Date: Mon, 04 May 2026 07:30:00 +0700\r\n{header}\r\n\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn html_of(header: &str, body: &[u8]) -> String {
    Newsletter::read(&message(header, body)).html
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| format!("={byte:02X}").into_bytes())
        .collect()
}

#[test]
fn every_encoding_of_a_text_is_undone() {
    let japanese = "新聞は毎朝届きます。";
    let chinese = "今天的新闻从北京开始。";
    let latin = "Le café d’été";
    for (label, encoding, text) in [
        ("utf-8", encoding_rs::UTF_8, TEXT),
        ("iso-8859-1", encoding_rs::WINDOWS_1252, latin),
        ("iso-8859-15", encoding_rs::ISO_8859_15, "prix : 12 €"),
        ("windows-1252", encoding_rs::WINDOWS_1252, TEXT),
        ("iso-2022-jp", encoding_rs::ISO_2022_JP, japanese),
        ("shift_jis", encoding_rs::SHIFT_JIS, japanese),
        ("euc-jp", encoding_rs::EUC_JP, japanese),
        ("gb18030", encoding_rs::GB18030, chinese),
        ("gb2312", encoding_rs::GBK, chinese),
        ("big5", encoding_rs::BIG5, "新聞從台北開始"),
        ("koi8-r", encoding_rs::KOI8_R, "Новости"),
    ] {
        let (bytes, _, had_errors) = encoding.encode(text);
        assert!(!had_errors, "{label}");
        let base64 = BASE64_STANDARD.encode(&bytes).into_bytes();
        for (transfer, body) in [
            ("8bit", bytes.to_vec()),
            ("quoted-printable", quoted_printable(&bytes)),
            ("base64", base64),
        ] {
            let header = format!(
                "MIME-Version: 1.0\r\nContent-Type: text/plain; charset={label}\r\n\
                 Content-Transfer-Encoding: {transfer}"
            );
            assert_eq!(
                html_of(&header, &body),
                format!("<p>{text}</p>"),
                "{label} {transfer}"
            );
        }
    }
}

#[test]
fn text_without_a_stated_encoding_is_recognised() {
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode("Les élèves préfèrent l’été à Noël");
    let (chinese, ..) = encoding_rs::GB18030.encode("<meta charset=gb2312><p>今天的新闻</p>");
    for (header, body, expected) in [
        ("X: y", TEXT.as_bytes(), TEXT),
        ("X: y", &latin, "élèves préfèrent l’été à Noël"),
        (
            "Content-Type: text/plain; charset=us-ascii",
            &latin,
            "élèves préfèrent",
        ),
        (
            "Content-Type: text/plain; charset=tidak-ada",
            &latin,
            "élèves préfèrent",
        ),
        ("Content-Type: text/html", &chinese, "今天的新闻"),
    ] {
        let html = html_of(header, body);
        assert!(html.contains(expected), "{header}: {html}");
    }
}

/// A subject as RFC 2047 wants it.
fn word(label: &str, text: &str) -> String {
    let encoding = Encoding::for_label(label.as_bytes()).unwrap();
    let word = BASE64_STANDARD.encode(encoding.encode(text).0);
    format!("Subject: =?{label}?B?{word}?=\r\n")
}

#[test]
fn headers_are_decoded_however_they_are_written() {
    let (raw, ..) = encoding_rs::WINDOWS_1252.encode("Subject: Été à Genève, fête du café\r\n");
    for (header, expected) in [
        (
            &b"Subject: =?UTF-8?Q?Berita_=E2=80=9Cpagi=E2=80=9D?=\r\n"[..],
            "Berita “pagi”",
        ),
        (
            b"Subject: =?UTF-8?B?5paw?=\r\n =?UTF-8?B?6IGe?=\r\n",
            "新聞",
        ),
        (word("iso-2022-jp", "新聞。").as_bytes(), "新聞。"),
        (word("gb18030", "今天").as_bytes(), "今天"),
        (
            "Subject: Langsung – UTF-8\r\n".as_bytes(),
            "Langsung – UTF-8",
        ),
        (&raw, "Été à Genève, fête du café"),
        (b"Subject: satu\r\n dua\r\n\ttiga\r\n", "satu dua tiga"),
        (b"X-Subject: lain\r\n", ""),
    ] {
        let mut bytes = b"From: a@b.example\r\n".to_vec();
        bytes.extend_from_slice(header);
        bytes.extend_from_slice(b"\r\nisi");
        let read = Newsletter::read(&bytes);
        assert_eq!(
            read.subject,
            expected,
            "{}",
            String::from_utf8_lossy(header)
        );
        assert_eq!(read.html, "<p>isi</p>");
    }
}

#[test]
fn html_is_preferred_and_nested_parts_are_found() {
    let nested = b"intro\r\n--luar\r\nContent-Type: multipart/alternative; boundary=\"dalam\"\r\n\r\n\
        --dalam\r\nContent-Type: text/plain\r\n\r\nteks\r\n\
        --dalam\r\nContent-Type: text/html\r\n\r\n<p>html</p>\r\n--dalam--\r\n\
        --luar\r\nContent-Type: text/plain; name*=UTF-8''berkas%20%E2%82%AC.txt\r\n\
        Content-Disposition: attachment; filename*=UTF-8''berkas%20%E2%82%AC.txt\r\n\r\nlampiran\r\n\
        --luar--\r\n";
    let html = html_of("Content-Type: multipart/mixed; boundary=luar", nested);
    assert!(
        html.contains("<p>html</p>") && !html.contains("teks"),
        "{html}"
    );
    assert!(
        !html.contains("lampiran"),
        "an attachment is not the text: {html}"
    );
}

#[test]
fn pictures_of_the_message_are_taken_out() {
    let picture = BASE64_STANDARD.encode(b"GIF89a-gambar");
    let body = format!(
        "--b\r\nContent-Type: text/html\r\n\r\n<p>x<img alt=a SRC = 'cid:logo%401'><img src=\"cid:tidak-ada\">\
         <img src=cid:logo@1><a href=\"https://a.example/?src=cid:logo@1\">t</a></p>\r\n\
         --b\r\nContent-Type: image/gif; name*0*=UTF-8''lo; name*1=go.gif\r\n\
         Content-ID: <logo@1>\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: inline\r\n\r\n{picture}\r\n\
         --b\r\nContent-Type: image/gif\r\nContent-ID: <tak-dipakai>\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{picture}AAAA\r\n--b--\r\n"
    );
    let header = "Content-Type: multipart/related; boundary=b";
    let read = Newsletter::read(&message(header, body.as_bytes()));
    assert_eq!(
        read.pictures.len(),
        1,
        "only what the text shows: {:?}",
        read.pictures
    );
    let url = &read.pictures[0].url;
    assert!(url.starts_with("https://inline.invalid/"), "{url}");
    assert_eq!(read.pictures[0].bytes, b"GIF89a-gambar");
    assert_eq!(read.html.matches(url.as_str()).count(), 2, "{}", read.html);
    assert!(read.html.contains("cid:tidak-ada"));
    assert!(
        read.html.contains("?src=cid:logo@1\""),
        "only pictures are replaced"
    );
}

#[test]
fn a_sender_is_its_list_or_its_address() {
    let of = |header: &str| Heading::read(header.as_bytes()).sender;
    for (header, key, name) in [
        (
            "From: \"Kabar Pagi\" <A@B.Example>\r\n",
            "from:a@b.example",
            "Kabar Pagi",
        ),
        ("From: a@b.example\r\n", "from:a@b.example", "a@b.example"),
        (
            "From: =?UTF-8?Q?Caf=C3=A9?= <a@b.example>\r\nList-Id: Warta <Berita.B.Example>\r\n",
            "list:berita.b.example",
            "Café",
        ),
        (
            "List-ID: \"Surat\" <s.b.example>\r\n",
            "list:s.b.example",
            "Surat",
        ),
        (
            "List-Id: s.b.example\r\n",
            "list:s.b.example",
            "s.b.example",
        ),
        (
            "From:\r\nSender: Kantor <k@b.example>\r\n",
            "from:k@b.example",
            "Kantor",
        ),
        ("X: y\r\n", "from:", "?"),
    ] {
        let sender = of(&format!("{header}\r\n"));
        assert_eq!(
            (sender.key.as_str(), sender.name.as_str()),
            (key, name),
            "{header}"
        );
    }
}

#[test]
fn ways_to_unsubscribe_are_read() {
    for (value, page, mail) in [
        (
            "<https://a.example/u?x=1>, <mailto:u@a.example?subject=stop>",
            "https://a.example/u?x=1",
            "mailto:u@a.example?subject=stop",
        ),
        (
            "<mailto:u@a.example>,\r\n <https://a.example/\r\n panjang>",
            "https://a.example/panjang",
            "mailto:u@a.example",
        ),
        (
            "=?us-ascii?Q?=3Chttps=3A=2F=2Fa=2Eexample=2Fu=3E?=",
            "https://a.example/u",
            "",
        ),
        (
            "<javascript:alert(1)>, <file:///etc/passwd>, <data:text/html,x>",
            "",
            "",
        ),
        ("https://tanpa-kurung.example/", "", ""),
    ] {
        let header = format!("From: a@b.example\r\nList-Unsubscribe: {value}\r\n\r\n");
        let found = Heading::read(header.as_bytes()).unsubscribe;
        assert_eq!(found.page.as_deref().unwrap_or_default(), page, "{value}");
        assert_eq!(found.mail.as_deref().unwrap_or_default(), mail, "{value}");
    }
}

#[test]
fn what_is_missing_is_made_up_for() {
    let bare = b"From: a@b.example\r\nSubject: x\r\n\r\nisi";
    let read = Newsletter::read(bare);
    assert_eq!(read.date, None);
    assert!(read.id.starts_with("hash:"), "{}", read.id);
    assert_eq!(
        read.id,
        Newsletter::read(bare).id,
        "the same message has the same id"
    );
    assert_ne!(
        read.id,
        Newsletter::read(b"From: a@b.example\r\nSubject: x\r\n\r\nlain").id
    );
    let whole = Newsletter::read(&message("Subject: x", b"isi"));
    assert_eq!(whole.id, "satu@kabar.example");
    assert_eq!(whole.date, Some(1_777_854_600));
    for broken in [
        "Date: gestern",
        "Date: Mon, 99 Foo 2026 99:99:99 +9999",
        "Date: Thu, 01 Jan 1970 00:00:00 +0000",
    ] {
        let bytes = format!("From: a@b.example\r\n{broken}\r\n\r\nisi");
        assert_eq!(Newsletter::read(bytes.as_bytes()).date, None, "{broken}");
    }
}

#[test]
fn broken_messages_give_what_they_have() {
    let open = "Content-Type: multipart/mixed; boundary=tidak-ada";
    assert!(html_of(open, b"isi tanpa batas").contains("isi tanpa batas"));
    let unended = "Content-Type: multipart/alternative; boundary=b";
    let html = html_of(
        unended,
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>terpotong",
    );
    assert!(html.contains("<p>terpotong"), "{html}");
    let part = b"--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>caf=E9 =\r\ndi pojok";
    let html = html_of(unended, part);
    assert!(html.contains("<p>café di pojok"), "{html}");
    for bytes in [
        &b""[..],
        b"\r\n",
        b"\r\n\r\n",
        b"tanpa kepala",
        b"\xFF\xFE\x00",
        b":\r\n:",
    ] {
        let read = Newsletter::read(bytes);
        assert!(!read.id.is_empty());
        assert!(!read.heading.sender.name.is_empty(), "{bytes:?}");
    }
    let bad = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64";
    html_of(bad, b"@@@@ bukan base64 @@@");
}

#[test]
fn deep_and_large_messages_end_soon() {
    let mut deep = String::from("From: a@b.example\r\n");
    for level in 0..2000 {
        write!(
            deep,
            "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
        )
        .unwrap();
    }
    deep.push_str("Content-Type: text/plain\r\n\r\ndalam");
    let started = std::time::Instant::now();
    let _ = Newsletter::read(deep.as_bytes());
    let mut long = message("Content-Type: text/html", b"");
    long.extend("<p>=src=x = src</p>".repeat(150_000).bytes());
    let read = Newsletter::read(&long);
    assert!(read.html.len() <= 4 << 20);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

proptest! {
    #[test]
    fn no_message_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Newsletter::read(&bytes);
        let mut related = message("Content-Type: multipart/related; boundary=b", b"--b\r\n");
        related.extend(&bytes);
        related.extend(b"\r\n--b--");
        let _ = Newsletter::read(&related);
    }

    #[test]
    fn no_text_panics(
        text in "(?s).{0,200}",
        kind in "text/(plain; format=flowed; delsp=yes|html)",
    ) {
        html_of(&format!("Content-Type: {kind}; charset=utf-8"), text.as_bytes());
    }
}
