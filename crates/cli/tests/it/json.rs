//! The JSON output of every command, compared with a snapshot because scripts depend on it.
//!
//! `WARTA_UPDATE_SNAPSHOTS=1 cargo test -p warta-cli json` updates the snapshot. Values that vary
//! between runs (times, sizes, ports, folders) are replaced by placeholders.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::Bench;
use crate::server::{Server, rss};

/// Keys of numbers that vary between machines.
const MEASURED: [&str; 7] = [
    "seconds",
    "bytes",
    "size",
    "disk",
    "before",
    "took",
    "looked_at",
];

/// Three publishers that report the same event, and one feed that fails.
fn publishers() -> Vec<Server> {
    let entries = [
        (
            "Banjir rendam Arumba, 300 warga mengungsi",
            "Tiga ratus warga Arumba mengungsi sejak Sabtu malam karena banjir setinggi dua meter.",
        ),
        (
            "Banjir di Arumba, ratusan warga mengungsi",
            "Ratusan warga Arumba mengungsi sejak Sabtu malam. Banjir setinggi dua meter merendam desa.",
        ),
        (
            "Warga Arumba mengungsi karena banjir dua meter",
            "Banjir dua meter di Arumba membuat ratusan warga mengungsi pada Sabtu malam.",
        ),
    ];
    entries
        .iter()
        .enumerate()
        .map(|(number, (title, text))| {
            let server = Server::start_on(&format!("127.0.0.{}", number + 1));
            let html = format!("<p>{text}</p><p><img src=\"{}\"></p>", server.url("/p.png"));
            let feed = rss(
                &format!("Kabar {number}"),
                &[
                    ("a", title, &html),
                    ("b", "Harga beras naik", "<p>Naik.</p>"),
                ],
            )
            .replace("https://kabar.example", &server.url(""));
            server.put("/feed.xml", "application/rss+xml", feed);
            server
        })
        .collect()
}

/// Collects output and replaces varying values.
struct Snapshot<'a> {
    bench: &'a Bench,
    servers: &'a [Server],
    text: String,
}

impl Snapshot<'_> {
    /// Runs a command that must succeed and records its JSON.
    fn take(&mut self, words: &[&str]) -> Vec<Value> {
        let ran = self.bench.run(&[&["--json"], words].concat());
        assert_eq!(ran.code, Some(0), "{words:?}: {ran:?}");
        let lines: Vec<Value> = ran
            .out
            .lines()
            .map(|line| serde_json::from_str(line).expect(line))
            .collect();
        let command = self.plain(&words.join(" "));
        writeln!(self.text, "$ warta {command}").unwrap();
        for line in &lines {
            let mut line = line.clone();
            self.settle("", &mut line);
            self.text += &serde_json::to_string_pretty(&line).unwrap();
            self.text.push('\n');
        }
        lines
    }

    fn settle(&self, key: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.settle(key, value);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.settle(key, item)),
            Value::Number(number) => {
                let measured = MEASURED.iter().any(|one| key.contains(one));
                if number.is_f64() || measured {
                    *value = "MEASURED".into();
                } else if number.as_i64().is_some_and(|number| number > 1_500_000_000) {
                    *value = "TIME".into();
                }
            }
            Value::String(text) => *value = self.plain(text).into(),
            _ => {}
        }
    }

    fn plain(&self, text: &str) -> String {
        if chrono::DateTime::parse_from_rfc3339(text).is_ok() {
            return "TIME".into();
        }
        let mut plain = text.replace(&self.bench.path("").display().to_string(), "FOLDER/");
        for (number, server) in self.servers.iter().enumerate() {
            let address = server.url("");
            let host = address.trim_start_matches("http://");
            let encoded = host.replace(':', "%3A");
            plain = plain
                .replace(host, &format!("server-{number}"))
                .replace(&encoded, &format!("server-{number}"));
        }
        without_snapshot_time(&plain)
    }
}

/// Replaces the time in a snapshot's file name.
fn without_snapshot_time(text: &str) -> String {
    match text.split_once("snapshots/") {
        Some((before, _)) => format!("{before}snapshots/SNAPSHOT"),
        None => text.to_owned(),
    }
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "one data folder goes through all commands in order"
)]
#[cfg(not(target_os = "macos"))] // It has no loopback address but 127.0.0.1.
fn json_output_matches_the_snapshot() {
    let (bench, servers) = (Bench::new(), publishers());
    let mut snapshot = Snapshot {
        bench: &bench,
        servers: &servers,
        text: String::new(),
    };
    let feeds: Vec<String> = servers
        .iter()
        .map(|server| server.url("/feed.xml"))
        .collect();
    let path = |name: &str| bench.path(name).display().to_string();

    snapshot.take(&["discover", &feeds[0]]);
    snapshot.take(&["feeds", "catalogue", "factcheck", "jakarta"]);
    for feed in &feeds {
        snapshot.take(&["feeds", "add", feed, "--folder", "Nusantara"]);
    }
    let opml = format!(
        "<opml version=\"2.0\"><body><outline text=\"Olahraga\"><outline text=\"Gagal\" xmlUrl=\"{}\"/>\
         </outline><outline text=\"Rusak\" xmlUrl=\"ftp://kabar.example/\"/></body></opml>",
        servers[0].url("/missing.xml")
    );
    let opml = bench.file("feeds.opml", opml);
    snapshot.take(&["feeds", "import", opml.to_str().unwrap()]);
    // One at a time, so that article ids are the same in each run.
    for feed in ["1", "2", "3", "4"] {
        snapshot.take(&["sync", "--feed", feed]);
    }
    snapshot.take(&["sync", "--all"]);
    snapshot.take(&["feeds", "list"]);
    let articles = snapshot.take(&["articles", "--limit", "3"]);
    snapshot.take(&[
        "articles",
        "--folder",
        "Nusantara",
        "--unread",
        "--limit",
        "1",
    ]);
    let id = articles[0]["id"].to_string();
    snapshot.take(&["article", &id]);
    snapshot.take(&["mark", &id, "--read", "--saved"]);
    snapshot.take(&["search", "title:\"ratusan warga\""]);
    snapshot.take(&["highlights", "list"]);
    snapshot.take(&["highlights", "export"]);
    let stories = snapshot.take(&["trending"]);
    assert!(!stories.is_empty(), "three publishers make a story");
    let story = match &stories[0]["id"] {
        Value::String(id) => id.clone(),
        id => id.to_string(),
    };
    snapshot.take(&["story", &story]);
    snapshot.take(&["front-page"]);
    snapshot.take(&["pack", "create", "--saved", "--name", "Kereta"]);
    snapshot.take(&["pack", "list"]);
    snapshot.take(&["pack", "resume", "1"]);
    snapshot.take(&["pack", "export", "1", &path("pack.epub")]);
    snapshot.take(&["pack", "remove", "1"]);
    snapshot.take(&["share", "channels"]);
    snapshot.take(&["share", &id, "--to", "whatsapp", "--print"]);
    snapshot.take(&["share", &story, "--story", "--to", "telegram", "--print"]);
    snapshot.take(&["share", &id, "--to", "whatsapp", "--later"]);
    snapshot.take(&["share", &id, "--to", "whatsapp", "--later"]);
    let waiting = snapshot.take(&["outbox", "list"]);
    let ids: Vec<String> = waiting.iter().map(|one| one["id"].to_string()).collect();
    snapshot.take(&["outbox", "edit", &ids[0], "--message", "Baca ini"]);
    snapshot.take(&["outbox", "drop", &ids[0]]);
    snapshot.take(&["doctor"]);
    snapshot.take(&["doctor", "--repair"]);
    let saved = snapshot.take(&["snapshot"]);
    let file = saved[0]["file"]
        .as_str()
        .or_else(|| saved[0]["path"].as_str())
        .expect("a snapshot names its file")
        .to_owned();
    snapshot.take(&["restore", "--dry-run", &file]);
    snapshot.take(&["restore", &file]);
    snapshot.take(&["usage"]);
    snapshot.take(&["compact", "--keep-articles", "2"]);
    snapshot.take(&["export", &path("profile.warta")]);
    snapshot.take(&["feeds", "allow", "1"]);
    snapshot.take(&["feeds", "remove", "4"]);
    snapshot.take(&["newsletters", "list"]);
    let page = bench.file(
        "page.html",
        "<!doctype html><html lang=id><title>Banjir surut</title><article><h1>Banjir surut</h1>\
         <p>Warga Arumba kembali ke rumah pada hari Minggu setelah banjir surut sejak pagi.</p>\
         <p>Pemerintah daerah membagikan air bersih dan makanan kepada seribu warga desa.</p></article>",
    );
    let page = page.to_str().unwrap();
    snapshot.take(&[
        "inspect",
        "article",
        page,
        "--url",
        "https://kabar.example/a",
    ]);
    snapshot.take(&[
        "inspect",
        "sanitize",
        page,
        "--url",
        "https://kabar.example/a",
    ]);
    snapshot.take(&["inspect", "opml", opml.to_str().unwrap()]);
    let feed = bench.file(
        "feed.xml",
        "<rss version=\"2.0\"><channel><title>Kabar</title><link>https://kabar.example/</link><item>\
         <guid>a</guid><title>Banjir surut</title><link>https://kabar.example/a</link>\
         <pubDate>Sat, 28 Nov 2026 10:00:00 +0700</pubDate><description>Warga pulang.</description>\
         <enclosure url=\"https://kabar.example/a.mp3\" type=\"audio/mpeg\" length=\"9\"/></item></channel></rss>",
    );
    snapshot.take(&["inspect", "feed", feed.to_str().unwrap()]);
    let stream = bench.file(
        "stream.jsonl",
        "{\"id\":\"1\",\"title\":\"Banjir rendam Arumba\"}\n{\"id\":\"2\",\"title\":\"Harga beras naik\"}\n",
    );
    snapshot.take(&["inspect", "stories", stream.to_str().unwrap()]);

    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands.json.txt");
    if std::env::var_os("WARTA_UPDATE_SNAPSHOTS").is_some() {
        bench.file("commands.json.txt", &snapshot.text);
        std::fs::copy(bench.path("commands.json.txt"), &recorded).unwrap();
    }
    let expected = include_str!("../commands.json.txt");
    for (number, (now, then)) in snapshot.text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(now, then, "line {} of {}", number + 1, recorded.display());
    }
    assert_eq!(snapshot.text.lines().count(), expected.lines().count());
}
