//! Typical use, command by command: subscribe, sync, read, search, forward, export.

use serde_json::Value;

use crate::Bench;
use crate::server::{Server, rss};

const ENTRIES: [(&str, &str, &str); 3] = [
    (
        "a",
        "Banjir surut di Arumba",
        "<p>Warga <b>pulang</b> &amp; membersihkan rumah.</p>",
    ),
    (
        "b",
        "Harga beras naik",
        "<p>Naik dua persen.</p><script>alert(1)</script>",
    ),
    ("c", "Konser malam ini", "<p>Di lapangan kota.</p>"),
];

/// A site whose page links to its feed.
fn site() -> Server {
    let server = Server::start();
    server.put(
        "/",
        "text/html",
        "<!doctype html><title>Kabar</title>\
         <link rel=alternate type=application/rss+xml href=/feed.xml title=Kabar>",
    );
    server.put(
        "/feed.xml",
        "application/rss+xml",
        rss("Kabar Contoh", &ENTRIES),
    );
    server
}

/// A fixture subscribed to the site's feed in a folder, and synced.
fn synced() -> (Bench, Server) {
    let (bench, server) = (Bench::new(), site());
    bench.done(&["feeds", "add", &server.url("/"), "--folder", "Nusantara"]);
    bench.done(&["sync"]);
    (bench, server)
}

fn id_of(bench: &Bench, title: &str) -> String {
    let articles = bench.lines(&["articles"]);
    let article = articles
        .iter()
        .find(|article| article["title"] == title)
        .expect(title);
    article["id"].to_string()
}

#[test]
fn publishers_of_the_catalogue_are_found_by_name_topic_and_place() {
    let bench = Bench::new();
    let titles = |words: &[&str]| -> Vec<Value> {
        let rows = bench.lines(&[&["feeds", "catalogue"], words].concat());
        rows.into_iter().map(|row| row["title"].clone()).collect()
    };
    assert!(titles(&["kompas"]).contains(&"Kompas.com".into()));
    assert_eq!(titles(&["factcheck", "jakarta"]), ["Jala Hoaks"]);
    assert!(titles(&["merauke"]).contains(&"RRI Merauke".into()));
    assert!(titles(&[]).len() > 300);
    let told = bench.done(&["feeds", "catalogue", "factcheck", "jakarta"]);
    assert!(told.starts_with("Jala Hoaks  "), "{told}");
    let why = bench.fails(&["feeds", "catalogue", "tak-ada-media-ini", "--add"]);
    assert!(why.contains("no publisher has these words"), "{why}");
}

#[test]
fn a_news_sitemap_is_found_added_and_said_to_be_one() {
    let (bench, server) = (Bench::new(), Server::start());
    server.put("/", "text/html", "<html><body>Kabar</body></html>");
    server.put("/robots.txt", "text/plain", "Sitemap: /berita.xml");
    let sitemap = format!(
        "<urlset><url><loc>{}</loc><news:news><news:publication><news:name>Kabar Contoh</news:name>\
         <news:language>id</news:language></news:publication><news:title>Banjir surut</news:title>\
         <news:publication_date>2026-05-04T02:00:00Z</news:publication_date></news:news></url></urlset>",
        server.url("/banjir")
    );
    server.put("/berita.xml", "text/xml", sitemap);
    let found = bench.done(&["discover", &server.url("/")]);
    assert!(found.contains("a news sitemap, 1 entry"), "{found}");
    let added = bench.done(&["feeds", "add", &server.url("/")]);
    let expected = format!(
        "Subscribed to Kabar Contoh, a news sitemap ({})",
        server.url("/berita.xml")
    );
    assert_eq!(added.trim(), expected);
    bench.done(&["sync"]);
    assert_eq!(bench.lines(&["articles"])[0]["title"], "Banjir surut");
}

#[test]
fn older_articles_come_from_the_archive() {
    let (bench, server) = (Bench::new(), site());
    let item = |n: u32| {
        format!(
            "<item><guid>k{n}</guid><title>Kabar {n}</title>\
             <pubDate>{:02} Mar 2026 08:00:00 GMT</pubDate></item>",
            20 - n
        )
    };
    let page = |items: String| {
        format!(
            "<rss version=\"2.0\"><channel><title>Arsip</title>\
             <generator>https://wordpress.org/?v=6.5</generator>{items}</channel></rss>"
        )
    };
    server.put("/feed/", "application/rss+xml", page(item(1) + &item(2)));
    server.put(
        "/feed/?paged=2",
        "application/rss+xml",
        page(item(3) + &item(4)),
    );
    bench.done(&["feeds", "add", &server.url("/feed/")]);
    bench.done(&["sync"]);
    let run = &bench.lines(&["feeds", "older", "1", "--number", "1"])[0];
    assert_eq!(
        (&run["articles"], &run["end"]),
        (&1.into(), &"number".into())
    );
    let said = bench.done(&["feeds", "older", "1"]);
    assert!(
        said.starts_with("Stored 1 older article from 2026-03-16"),
        "{said}"
    );
    assert!(said.contains("The archive has no older ones."), "{said}");
    assert_eq!(bench.lines(&["articles"]).len(), 4);
    bench.fails(&["feeds", "older", "7"]);
}

#[test]
fn a_feed_that_is_well_has_no_new_address() {
    let (bench, server) = (Bench::new(), site());
    bench.done(&["feeds", "add", &server.url("/feed.xml")]);
    assert_eq!(bench.done(&["feeds", "mend"]).trim(), "Nothing was found.");
    assert!(bench.lines(&["feeds", "mend", "1"]).is_empty());
    let said = bench.fails(&["feeds", "mend", "1", "--accept"]);
    assert!(said.contains("offer"), "{said}");
    let said = bench.fails(&["feeds", "mend", "1", "--take-back"]);
    assert!(said.contains("earlier address"), "{said}");
    bench.fails(&["feeds", "mend", "7"]);
}

#[test]
fn a_page_is_previewed_and_subscribed_to_as_a_list_and_watched() {
    let (bench, server) = (Bench::new(), Server::start());
    let titles = [
        "Banjir surut di Arumba sejak pagi",
        "Harga beras turun di pasar induk",
        "Jembatan baru dibuka untuk umum",
    ];
    let items = titles.map(|title| {
        let path = title.to_lowercase().replace(' ', "-");
        format!("<li class=\"judul\"><a href=\"/2026/05/04/{path}\">{title}</a></li>")
    });
    let items = items.concat();
    let page = format!(
        "<html><title>Kabar</title><body><ul>{items}</ul><p id=\"cuaca\">Hujan sore</p></body></html>"
    );
    server.put("/", "text/html", page);
    let url = server.url("/");
    let shown = bench.done(&["feeds", "page", &url]);
    assert!(shown.contains("3 headlines, by --list '"), "{shown}");
    assert!(
        shown.contains("\n  Harga beras turun di pasar induk"),
        "{shown}"
    );
    let shown = bench.done(&["feeds", "page", &url, "--watch", "#cuaca"]);
    assert_eq!(shown.trim(), "Hujan sore");
    for rule in [["--watch", "#tiada"], ["--list", ".tiada"]] {
        let said = bench.fails(&["feeds", "page", &url, rule[0], rule[1], "--add"]);
        let expected = format!("nothing on the page matches `{}`", rule[1]);
        assert!(said.contains(&expected), "{said}");
    }
    let said = bench.fails(&["feeds", "page", &url, "--list", "li["]);
    assert!(
        said.contains("selector cannot be read, from character 4"),
        "{said}"
    );

    let added = bench.json(&["feeds", "page", &url, "--list", ".judul", "--add"]);
    assert_eq!(added["page"]["selector"], ".judul");
    let said = bench.done(&["feeds", "page", &url, "--watch", "#cuaca", "--add"]);
    assert_eq!(said.trim(), format!("Subscribed to Kabar ({url})"));
    bench.done(&["sync"]);
    let titles: Vec<_> = bench
        .lines(&["articles"])
        .iter()
        .map(|row| row["title"].to_string())
        .collect();
    assert_eq!(titles.len(), 4, "{titles:?}");
}

#[test]
fn a_site_is_subscribed_to_and_synced() {
    let (bench, server) = (Bench::new(), site());
    let found = bench.lines(&["discover", &server.url("/")]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["url"], server.url("/feed.xml"));

    let added = bench.json(&["feeds", "add", &server.url("/"), "--folder", "Nusantara"]);
    assert_eq!(
        (&added["added"], &added["title"]),
        (&true.into(), &"Kabar Contoh".into())
    );
    let again = bench.json(&["feeds", "add", &server.url("/feed.xml")]);
    assert_eq!(
        (&again["added"], &again["id"]),
        (&false.into(), &added["id"])
    );

    let report = bench.json(&["sync"]);
    for field in [
        "feeds",
        "fetched",
        "not_modified",
        "failed",
        "new",
        "updated",
        "bytes",
        "seconds",
    ] {
        assert!(report[field].is_number(), "{field}: {report}");
    }
    assert_eq!(
        (&report["fetched"], &report["new"]),
        (&1.into(), &3.into()),
        "{report}"
    );
    let nothing = bench.json(&["sync"]);
    assert_eq!(nothing["feeds"], 0, "the feed is not due yet");
    let unchanged = bench.json(&["sync", "--all"]);
    assert_eq!(
        (&unchanged["not_modified"], &unchanged["new"]),
        (&1.into(), &0.into())
    );
    let id = added["id"].to_string();
    assert_eq!(bench.json(&["sync", "--feed", &id])["feeds"], 1);

    let feeds = bench.lines(&["feeds", "list"]);
    assert_eq!(feeds[0]["count"]["total"], 3);
    let shown = bench.done(&["feeds", "list"]);
    assert!(
        shown.contains("Nusantara") && shown.contains("3/3"),
        "{shown}"
    );
    assert!(bench.done(&["sync", "--all"]).contains("1 unchanged"));
}

#[test]
fn articles_are_listed_read_and_marked() {
    let (bench, _server) = synced();
    let id = id_of(&bench, "Banjir surut di Arumba");
    let text = bench.done(&["article", &id]);
    assert!(
        text.contains("Warga pulang & membersihkan rumah."),
        "{text}"
    );
    assert!(text.contains("Kabar Contoh"), "{text}");
    let html = bench.done(&["article", &id, "--format", "html"]);
    assert!(html.contains("<b>pulang</b> &amp;"), "{html}");
    assert_eq!(bench.json(&["article", &id])["row"]["id"].to_string(), id);
    assert!(
        !bench
            .done(&["article", &id_of(&bench, "Harga beras naik")])
            .contains("alert")
    );

    assert_eq!(
        bench.json(&["mark", &id, "--read", "--saved"])["changed"],
        1
    );
    assert_eq!(bench.lines(&["articles", "--unread"]).len(), 2);
    assert_eq!(bench.lines(&["articles", "--saved"]).len(), 1);
    assert_eq!(bench.lines(&["articles", "--folder", "nusantara"]).len(), 3);
    assert_eq!(
        bench
            .lines(&["articles", "--feed", "1", "--limit", "2"])
            .len(),
        2
    );
    bench.done(&["mark", &id, "--unread", "--unsaved"]);
    assert_eq!(bench.lines(&["articles", "--unread"]).len(), 3);
    assert!(bench.lines(&["articles", "--saved"]).is_empty());

    let hits = bench.lines(&["search", "banjir"]);
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0]["row"]["id"].to_string(), id);
    assert!(
        bench
            .done(&["search", "banjir", "surut"])
            .contains("1 of 1 article")
    );
    assert!(
        bench
            .done(&["search", "tidakada"])
            .contains("Nothing found")
    );
}

#[test]
fn searches_are_sorted_and_mistakes_are_reported() {
    let (bench, _server) = synced();
    let titles = |words: &[&str]| -> Vec<String> {
        let hits = bench.lines(words);
        let titles = hits.iter().map(|hit| hit["row"]["title"].to_string());
        titles.collect()
    };
    let newest = titles(&["search", "folder:nusantara", "--sort", "newest"]);
    let mut oldest = titles(&["search", "folder:nusantara sort:oldest"]);
    assert_eq!(newest.len(), 3);
    oldest.reverse();
    assert_eq!(newest, oldest);
    for (query, expected) in [
        ("fedd:kabar", "no operator `fedd:`; did you mean `feed:`"),
        ("banjir after:2026-13-40", "`2026-13-40` is not a date"),
        ("banjir \"surut", "is not closed"),
        ("feed:kabra", "no feed `kabra`; did you mean `Kabar Contoh`"),
    ] {
        let ran = bench.run(&["search", query]);
        assert!(ran.err.contains(expected), "{query}: {}", ran.err);
        let ran = bench.run(&["--json", "search", query]);
        let line: Value = serde_json::from_str(ran.err.trim()).expect(query);
        assert!(line["problem"]["kind"].is_string(), "{query}: {line}");
    }
}

#[test]
fn stories_show_on_the_front_page() {
    let (bench, server) = synced();
    let others = Server::start();
    let same = "<p>Air sungai turun dan warga Arumba pulang setelah banjir surut.</p>";
    others.put(
        "/lain.xml",
        "application/rss+xml",
        // On another site, so from another publisher.
        rss("Lain", &[("x", "Banjir Arumba surut, warga pulang", same)])
            .replace("kabar.example", "lain.example"),
    );
    bench.done(&["feeds", "add", &others.url("/lain.xml")]);
    bench.done(&["sync"]);
    let page = bench.done(&["front-page"]);
    assert!(page.starts_with("WARTA · "), "{page}");
    for (_, title, _) in ENTRIES.iter().skip(1) {
        assert!(page.contains(title), "{page}");
    }
    assert!(bench.json(&["front-page"])["latest"].is_array());
    bench.done(&["trending"]);
    for story in bench.lines(&["trending", "--limit", "3"]) {
        assert!(story["why"]["publishers"].as_u64().unwrap() >= 2, "{story}");
    }
    let id = bench.lines(&["trending"])[0]["id"].to_string();
    let whole = bench.json(&["story", &id]);
    assert_eq!(whole["reports"].as_array().unwrap().len(), 2, "{whole}");
    let told = bench.done(&["story", &id]);
    for title in [
        "Banjir surut di Arumba",
        "Banjir Arumba surut, warga pulang",
    ] {
        assert!(told.contains(title), "{told}");
    }
    drop(server);
}

#[test]
fn a_preview_opens_nothing() {
    let (bench, _server) = synced();
    let id = id_of(&bench, "Banjir surut di Arumba");
    for words in [
        vec!["share", &id, "--to", "whatsapp"],
        vec!["share", &id, "--to", "whatsapp", "--print"],
    ] {
        let draft = bench.json(&words);
        let fields: Vec<_> = draft.as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields, ["channel", "fallback", "message", "target"]);
        let message = draft["message"].as_str().unwrap();
        assert!(message.contains("https://kabar.example/a"), "{message}");
        assert!(!message.contains("utm_source"), "{message}");
        assert!(
            draft["target"]
                .as_str()
                .unwrap()
                .starts_with("whatsapp://send?text="),
            "{draft}"
        );
    }
    let own = bench.json(&[
        "share",
        &id,
        "--to",
        "whatsapp",
        "--message",
        "Baca ini & itu",
    ]);
    assert_eq!(own["target"], "whatsapp://send?text=Baca%20ini%20%26%20itu");
    assert!(
        bench
            .done(&["share", &id, "--to", "whatsapp"])
            .contains("opens  whatsapp://")
    );
    let channels = bench.lines(&["share", "channels"]);
    let ids: Vec<_> = channels
        .iter()
        .filter_map(|channel| channel["id"].as_str())
        .collect();
    assert!(
        ids.contains(&"whatsapp") && ids.contains(&"google-news"),
        "{ids:?}"
    );
    assert!(!ids.contains(&"system"), "a terminal has no share sheet");
}

#[test]
fn articles_are_shared_as_digest_quote_file_and_card() {
    let (bench, _server) = synced();
    let articles = bench.lines(&["articles", "--limit", "2"]);
    let ids: Vec<String> = articles.iter().map(|a| a["id"].to_string()).collect();
    let [first, second] = ids.as_slice() else {
        panic!("two articles: {ids:?}")
    };
    let draft = bench.json(&["share", first, second, "--to", "telegram"]);
    let message = draft["message"].as_str().unwrap();
    assert!(message.starts_with("2 "), "{message}");
    assert!(
        message.contains("\n\n1. ") && message.contains("\n\n2. "),
        "{message}"
    );
    assert!(
        bench
            .fails(&["share", first, second, "--to", "facebook"])
            .contains("one article at a time")
    );
    let id = id_of(&bench, "Banjir surut di Arumba");
    let draft = bench.json(&["share", &id, "--to", "email", "--quote", "Air surut."]);
    assert!(
        draft["message"]
            .as_str()
            .unwrap()
            .starts_with("“Air surut.”\n\nBanjir surut"),
        "{draft}"
    );
    let file = bench.path("a.md");
    bench.done(&["share", &id, "--save", file.to_str().unwrap()]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("# Banjir surut di Arumba\n\n"), "{text}");
    assert!(
        bench
            .fails(&["share", &id, "--save", "a.pdf"])
            .contains(".txt, .md, .html or .epub")
    );
    let file = bench.path("a.png");
    let output = bench
        .command(&["share", &id, "--card", file.to_str().unwrap(), "--status"])
        .output()
        .unwrap();
    if output.status.success() {
        assert!(std::fs::read(&file).unwrap().starts_with(b"\x89PNG"));
    } else {
        println!("skipped: {}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stderr).contains("no fonts"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn targets_are_opened_unchanged_now_or_later() {
    let (bench, _server) = synced();
    let id = id_of(&bench, "Banjir surut di Arumba");
    let programs = tempfile::tempdir().unwrap();
    let opened = bench.path("opened");
    crate::program(
        programs.path(),
        "xdg-open",
        &format!(
            "#!/bin/sh\nprintf '%s\\n' \"$#:$1\" >> '{}'\n",
            opened.display()
        ),
    );
    let path = format!(
        "{}:{}",
        programs.path().display(),
        std::env::var("PATH").unwrap()
    );
    let run = |words: &[&str]| {
        let output = bench.command(words).env("PATH", &path).output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let message = "Satu'dua\"; $(rm) & tiga";
    run(&[
        "share",
        &id,
        "--to",
        "whatsapp",
        "--message",
        message,
        "--open",
    ]);
    let target = "whatsapp://send?text=Satu%27dua%22%3B%20%24%28rm%29%20%26%20tiga";
    assert_eq!(
        std::fs::read_to_string(&opened).unwrap(),
        format!("1:{target}\n")
    );

    assert!(run(&["share", &id, "--to", "telegram", "--later"]).contains("Waits in the outbox"));
    assert_eq!(
        std::fs::read_to_string(&opened).unwrap().lines().count(),
        1,
        "not yet opened"
    );
    let waiting = bench.lines(&["outbox", "list"]);
    assert_eq!(
        (waiting.len(), &waiting[0]["channel"]),
        (1, &Value::from("telegram"))
    );
    assert!(bench.done(&["outbox", "list"]).contains("Banjir surut"));
    run(&["outbox", "send"]);
    assert_eq!(std::fs::read_to_string(&opened).unwrap().lines().count(), 2);
    assert!(bench.lines(&["outbox", "list"]).is_empty());

    let nothing = tempfile::tempdir().unwrap();
    let output = bench
        .command(&["share", &id, "--to", "whatsapp", "--open"])
        .env("PATH", nothing.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing on this machine opens"));
}

#[test]
fn diagnostics_name_no_feed_and_open_nothing_that_is_damaged() {
    let (bench, server) = synced();
    let text = bench.done(&["doctor", "--diagnostics"]);
    assert!(text.starts_with("Warta: "), "{text}");
    assert!(text.contains(", 1 feeds, "), "{text}");
    for secret in [
        "127.0.0.1",
        &server.url("/"),
        "Kabar",
        bench.path("").to_str().unwrap(),
    ] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    let json = bench.json(&["doctor", "--diagnostics"]);
    assert!(json["diagnostics"].as_str().unwrap().starts_with("Warta: "));
    bench.file("data/format", "damaged");
    let text = bench.done(&["doctor", "--diagnostics"]);
    assert!(text.contains("\nLog:\n"), "{text}");
    let both = bench.run(&["doctor", "--diagnostics", "--repair"]);
    assert_eq!(both.code, Some(2));
}

#[test]
fn a_program_beside_portable_txt_keeps_its_data_there() {
    let bench = Bench::new();
    let place = bench.path("stick");
    std::fs::create_dir(&place).unwrap();
    let program = place.join(format!("warta{}", std::env::consts::EXE_SUFFIX));
    std::fs::copy(env!("CARGO_BIN_EXE_warta"), &program).unwrap();
    let run = |words: &[&str]| {
        let mut command = std::process::Command::new(&program);
        command
            .args(words)
            .env("HOME", bench.path("home"))
            .env("XDG_DATA_HOME", bench.path("home"))
            .env("APPDATA", bench.path("home"))
            .env_remove("WARTA_DATA_DIR")
            .env_remove("APPIMAGE");
        command.output().unwrap()
    };
    bench.file("stick/portable.txt", "");
    assert!(run(&["feeds", "list"]).status.success());
    assert!(place.join("warta-data").join("format").exists());
    assert!(
        !bench.path("home").exists(),
        "the usual folder is left alone"
    );
    // `--data-dir` takes precedence over `portable.txt`.
    let given = bench.path("given");
    assert!(
        run(&["--data-dir", given.to_str().unwrap(), "feeds", "list"])
            .status
            .success()
    );
    assert!(given.join("format").exists());
}

#[test]
fn subscriptions_and_marks_move_to_another_folder() {
    let (bench, _server) = synced();
    assert_eq!(bench.json(&["doctor"])["sound"], true);
    assert!(bench.done(&["doctor"]).contains("counters"));
    let opml = bench.done(&["feeds", "export"]);
    let file = bench.file("feeds.opml", &opml);
    let other = Bench::new();
    let report = other.json(&["feeds", "import", file.to_str().unwrap()]);
    assert_eq!(
        (&report["added"], &report["already"]),
        (&1.into(), &0.into())
    );
    let again = other.fed(&["--json", "feeds", "import", "-"], opml.as_bytes());
    assert!(again.out.contains("\"already\":1"), "{again:?}");

    let snapshot = bench.json(&["snapshot"])["file"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        bench.json(&["doctor", "--repair"])["repaired"]["rebuilt"],
        serde_json::Value::Null,
        "an undamaged store is not changed"
    );
    let usage = bench.json(&["usage"]);
    assert_eq!(usage["feeds"][0]["articles"], usage["articles"]);
    let compacted = bench.json(&["compact", "--keep-days", "100000"]);
    assert_eq!(compacted["purged"]["articles"], 0);
    let profile = bench.path("me.warta");
    let profile = profile.to_str().unwrap();
    let exported = bench.json(&["export", profile]);
    assert_eq!(exported["articles"], usage["articles"]);
    let fourth = Bench::new();
    let imported = fourth.json(&["import", profile]);
    assert_eq!(imported["articles"], usage["articles"]);
    assert_eq!(fourth.lines(&["articles"]), bench.lines(&["articles"]));
    assert!(
        fourth
            .run(&["import", profile])
            .err
            .contains("holds a store")
    );
    std::fs::remove_dir_all(fourth.data_dir().join("db")).unwrap();
    let repaired = fourth.json(&["doctor", "--repair"]);
    assert_eq!(repaired["sound"], true);
    assert_eq!(
        repaired["repaired"]["rebuilt"]["articles"],
        usage["articles"]
    );
    assert!(
        fourth
            .done(&["doctor", "--repair"])
            .contains("nothing had to be")
    );

    let third = Bench::new();
    let planned = third.json(&["restore", "--dry-run", &snapshot]);
    assert_eq!(
        (&planned["feeds"], &planned["applied"]),
        (&1.into(), &false.into())
    );
    assert_eq!(
        (&planned["feedsRemoved"], &planned["refusedCount"]),
        (&0.into(), &0.into())
    );
    assert!(
        third.lines(&["feeds", "list"]).is_empty(),
        "a dry run changes nothing"
    );
    let said = third.done(&["restore", "--dry-run", &snapshot]);
    assert!(
        said.contains("1 feed") && said.contains("would be added"),
        "{said}"
    );
    assert_eq!(third.json(&["restore", &snapshot])["feeds"], 1);
    assert_eq!(third.lines(&["feeds", "list"])[0]["title"], "Kabar Contoh");

    let removed = bench.done(&["feeds", "remove", "1"]);
    assert!(removed.contains("Kabar Contoh"), "{removed}");
    assert!(bench.lines(&["feeds", "list"]).is_empty());
    assert!(bench.lines(&["articles"]).is_empty());
}
