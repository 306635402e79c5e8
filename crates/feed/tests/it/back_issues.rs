//! Walks through archives of each kind, and those that lead nowhere.

use warta_feed::back_issues::{ArchiveKind, PAGES, Walk, WalkEnd, archive_kind};
use warta_feed::{Feed, Source, parse};

const HOST: &str = "https://kabar.example";

fn read(document: &str, url: &str) -> Feed {
    let source = Source {
        bytes: document.as_bytes(),
        url: Some(url),
        content_type: None,
    };
    parse(&source).unwrap()
}

/// An Atom feed of the entries `numbers`, each a day older than the next, with these elements.
fn atom(numbers: &[u32], head: &str) -> String {
    let entries: Vec<String> = numbers
        .iter()
        .map(|n| {
            let (month, day) = (1 + n / 28, 1 + n % 28);
            format!(
                "<entry><id>urn:kabar:{n}</id><title>Kabar {n}</title><link href='/k{n}'/>\
                 <updated>2025-{month:02}-{day:02}T08:00:00Z</updated></entry>"
            )
        })
        .collect();
    let entries = entries.concat();
    format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' \
         xmlns:fh='http://purl.org/syndication/history/1.0'>\
         <title>Kabar</title><link href='{HOST}/'/>{head}{entries}</feed>"
    )
}

fn json(numbers: &[u32], next: &str) -> String {
    let items: Vec<String> = numbers
        .iter()
        .map(|n| format!(r#"{{"id":"{n}","title":"Kabar {n}","content_text":"Isi"}}"#))
        .collect();
    let items = items.join(",");
    format!(
        r#"{{"version":"https://jsonfeed.org/version/1.1","title":"K",{next}"items":[{items}]}}"#
    )
}

/// Walks through what `serve` answers; the fetched addresses, the found ids and why it ended.
fn walk(
    address: &str,
    first: &str,
    serve: impl Fn(&str) -> Option<String>,
) -> (Vec<String>, Vec<String>, WalkEnd) {
    let mut walk = Walk::begin(&read(first, address), address).expect("it offers an archive");
    let (mut asked, mut found) = (Vec::new(), Vec::new());
    loop {
        walk.stay_with(|url| url.starts_with("https://kabar.example/"));
        let Some(next) = walk.next().map(str::to_owned) else {
            break;
        };
        asked.push(next.trim_start_matches(HOST).to_owned());
        match serve(&next) {
            Some(page) => found.extend(walk.take(read(&page, &next)).into_iter().map(|e| e.id)),
            None => walk.skip(),
        }
    }
    (asked, found, walk.end().expect("it ended"))
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers
        .into_iter()
        .map(|n| format!("urn:kabar:{n}"))
        .collect()
}

#[test]
fn each_kind_is_recognised() {
    let wordpress = "<generator>https://wordpress.org/?v=6.5</generator>";
    let blogger = "<generator uri='http://www.blogger.com'>Blogger</generator>";
    for (head, expected) in [
        ("", None),
        ("<fh:complete/>", None),
        ("<fh:complete/><link rel='next' href='/2'/>", None),
        ("<link rel='next' href='/2'/>", Some(ArchiveKind::Paged)),
        (
            "<link rel='prev-archive' href='/2'/>",
            Some(ArchiveKind::Archived),
        ),
        (
            "<link rel='next' href='/2'/><link rel='prev-archive' href='/3'/>",
            Some(ArchiveKind::Archived),
        ),
        (wordpress, Some(ArchiveKind::WordPress)),
        (blogger, Some(ArchiveKind::Blogger)),
        ("<generator>Hugo</generator>", None),
        ("<link rel='next' href='mailto:a@b.example'/>", None),
    ] {
        let address = format!("{HOST}/feed/");
        let feed = read(&atom(&[9, 8], head), &address);
        assert_eq!(archive_kind(&feed, &address), expected, "{head}");
    }
    let feed = read(&json(&[2], r#""next_url":"/2.json","#), HOST);
    assert_eq!(archive_kind(&feed, HOST), Some(ArchiveKind::JsonFeed));
}

#[test]
fn links_in_rss_count_too() {
    let rss = "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>K</title>\
         <atom:link rel='next' href='https://kabar.example/rss?p=2'/>\
         <item><guid>a</guid><title>A</title></item></channel></rss>";
    let address = format!("{HOST}/rss");
    let walk = Walk::begin(&read(rss, &address), &address).unwrap();
    assert_eq!(walk.next(), Some("https://kabar.example/rss?p=2"));
}

#[test]
fn archived_documents_are_followed_to_the_oldest() {
    let previous = |at: &str| format!("<link rel='prev-archive' href='{at}'/>");
    let (asked, found, end) = walk(
        &format!("{HOST}/feed.atom"),
        &atom(&[6, 5], &previous("/2025-02.atom")),
        |url| match url.trim_start_matches(HOST) {
            // Archive documents may overlap with the feed.
            "/2025-02.atom" => Some(atom(&[5, 4, 3], &previous("/2025-01.atom"))),
            "/2025-01.atom" => Some(atom(&[2, 1], "<fh:archive/>")),
            _ => None,
        },
    );
    assert_eq!(asked, ["/2025-02.atom", "/2025-01.atom"]);
    assert_eq!(found, ids([4, 3, 2, 1]));
    assert_eq!(end, WalkEnd::Oldest);
}

#[test]
fn json_pages_are_followed() {
    let (asked, found, end) = walk(
        &format!("{HOST}/feed.json"),
        &json(&[3], r#""next_url":"https://kabar.example/2.json","#),
        |url| match url.trim_start_matches(HOST) {
            "/2.json" => Some(json(&[2], r#""next_url":"3.json","#)),
            "/3.json" => Some(json(&[1], "")),
            _ => None,
        },
    );
    assert_eq!(asked, ["/2.json", "/3.json"]);
    assert_eq!(found, ["2", "1"]);
    assert_eq!(end, WalkEnd::Oldest);
}

const WORDPRESS: &str = "<generator>https://wordpress.org/?v=6.5</generator>";

#[test]
fn wordpress_pages_are_numbered_and_end_with_a_404() {
    let (asked, found, end) = walk(
        &format!("{HOST}/category/dunia/feed/?lang=id"),
        &atom(&[9, 8], WORDPRESS),
        |url| match url.split_once("paged=").map(|(_, n)| n) {
            Some("2") => Some(atom(&[7, 6], WORDPRESS)),
            Some("3") => Some(atom(&[5], WORDPRESS)),
            _ => None,
        },
    );
    let page = |n: u32| format!("/category/dunia/feed/?lang=id&paged={n}");
    assert_eq!(asked, [page(2), page(3), page(4)]);
    assert_eq!(found, ids([7, 6, 5]));
    assert_eq!(end, WalkEnd::Oldest);
}

#[test]
fn wordpress_that_ignores_the_query_is_asked_by_path() {
    let (asked, found, end) =
        walk(
            &format!("{HOST}/feed"),
            &atom(&[9, 8], WORDPRESS),
            |url| match url.trim_start_matches(HOST) {
                "/page/2/feed/" => Some(atom(&[7, 6], WORDPRESS)),
                "/page/3/feed/" => None,
                _ => Some(atom(&[9, 8], WORDPRESS)),
            },
        );
    assert_eq!(asked, ["/feed?paged=2", "/page/2/feed/", "/page/3/feed/"]);
    assert_eq!(found, ids([7, 6]));
    assert_eq!(end, WalkEnd::Oldest);
}

#[test]
fn the_same_page_for_ever_is_noticed() {
    let first = atom(&[9, 8], WORDPRESS);
    let (asked, found, end) = walk(&format!("{HOST}/feed/"), &first, |_| Some(first.clone()));
    assert_eq!(asked.len(), 2, "by query and by path");
    assert!(found.is_empty());
    assert_eq!(end, WalkEnd::Repeats);
}

#[test]
fn the_last_page_for_ever_is_noticed() {
    let (asked, found, end) = walk(&format!("{HOST}/feed/"), &atom(&[9], WORDPRESS), |_| {
        Some(atom(&[8], WORDPRESS))
    });
    assert_eq!(asked.len(), 2);
    assert_eq!(found, ids([8]), "an entry is given once");
    assert_eq!(end, WalkEnd::Repeats);
}

#[test]
fn blogger_counts_entries() {
    let head = "<generator uri='http://www.blogger.com'>Blogger</generator>\
         <link rel='next' href='https://www.blogger.com/feeds/1/posts/default?start-index=3'/>";
    let (asked, found, end) = walk(
        &format!("{HOST}/feeds/posts/default?alt=rss"),
        &atom(&[9, 8], head),
        |url| match url.split_once("start-index=").map(|(_, n)| n) {
            Some("3&max-results=100") => Some(atom(&[7, 6, 5], head)),
            Some("6&max-results=100") => Some(atom(&[], head)),
            _ => None,
        },
    );
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[0].starts_with("/feeds/posts/default?alt=rss&start-index=3&"));
    assert_eq!(found, ids([7, 6, 5]));
    assert_eq!(end, WalkEnd::Oldest);
}

#[test]
fn a_feed_passed_on_by_another_host_has_its_archive_at_its_site() {
    let passed_on = "https://feeds.perantara.example/kabar";
    let walk = Walk::begin(&read(&atom(&[1], WORDPRESS), passed_on), passed_on).unwrap();
    assert_eq!(walk.next(), Some("https://kabar.example/feed/?paged=2"));
}

#[test]
fn loops_end() {
    let next = |at: &str| format!("<link rel='next' href='{at}'/>");
    let (asked, _, end) = walk(&format!("{HOST}/f"), &atom(&[9], &next("/2")), |url| {
        let to = if url.ends_with("/2") { "/3" } else { "/2" };
        Some(atom(&[if url.ends_with("/2") { 8 } else { 7 }], &next(to)))
    });
    assert_eq!(asked, ["/2", "/3"]);
    assert_eq!(end, WalkEnd::Repeats);
    let itself = read(&atom(&[9], &next("/f")), &format!("{HOST}/f"));
    assert!(Walk::begin(&itself, &format!("{HOST}/f")).is_none());
}

#[test]
fn endless_pages_end() {
    let number = |url: &str| url.rsplit('/').next().unwrap().parse::<u32>().unwrap();
    let next = |n: u32| format!("<link rel='next' href='/{n}'/>");
    let page = |n: u32| {
        atom(&[], &next(n + 1)).replace("</feed>", "")
            + &format!("<entry><id>e{n}</id><title>K</title></entry></feed>")
    };
    let (asked, _, end) = walk(&format!("{HOST}/f"), &page(1), |url| {
        Some(page(number(url)))
    });
    assert_eq!(asked.len(), PAGES);
    assert_eq!(end, WalkEnd::Endless);
}

#[test]
fn pages_that_go_forward_end_it() {
    let (_, found, end) = walk(
        &format!("{HOST}/f"),
        &atom(&[9, 8], "<link rel='next' href='/2'/>"),
        |_| Some(atom(&[12, 11], "<link rel='next' href='/3'/>")),
    );
    assert!(found.is_empty(), "what is newer comes with the sync");
    assert_eq!(end, WalkEnd::Forward);
}

#[test]
fn entries_newer_than_the_feed_are_left_to_the_sync() {
    let (_, found, _) = walk(
        &format!("{HOST}/f"),
        &atom(&[9, 8], "<link rel='next' href='/2'/>"),
        |_| Some(atom(&[10, 8, 7], "")),
    );
    assert_eq!(found, ids([7]));
}

#[test]
fn another_hosts_archive_is_refused() {
    let (asked, _, end) = walk(
        &format!("{HOST}/f"),
        &atom(
            &[9],
            "<link rel='prev-archive' href='https://lain.example/a'/>",
        ),
        |_| panic!("it must not be asked"),
    );
    assert!(asked.is_empty());
    assert_eq!(end, WalkEnd::Elsewhere);
}

fn index(parts: &[&str]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| format!("<sitemap><loc>{HOST}{part}</loc></sitemap>"))
        .collect();
    let parts = parts.concat();
    format!(
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{parts}</sitemapindex>"
    )
}

fn urlset(slug: &str, date: &str) -> String {
    format!(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url>\
         <loc>{HOST}/berita/{slug}</loc><lastmod>{date}</lastmod></url></urlset>"
    )
}

#[test]
fn sitemaps_are_read_from_the_newest_month_to_the_oldest() {
    let names = [
        "/sitemap-news.xml",
        "/sitemap-image.xml",
        "/sitemap-2025-09.xml",
        "/sitemap-2025-10.xml",
        "/arsip.xml",
    ];
    let (asked, found, end) = walk(&format!("{HOST}/sitemap.xml"), &index(&names), |url| {
        match url.trim_start_matches(HOST) {
            "/sitemap-2025-10.xml" => {
                Some(urlset("kapal-barang-merapat-di-pelabuhan", "2025-10-03"))
            }
            // One that is missing does not end the walk.
            "/sitemap-2025-09.xml" => None,
            "/arsip.xml" => Some(index(&["/sitemap-2024.xml", "/sitemap.xml"])),
            "/sitemap-2024.xml" => Some(urlset("jembatan-baru-dibuka-di-kota", "2024-03-03")),
            other => panic!("{other} has no articles"),
        }
    });
    assert_eq!(
        asked,
        [
            "/sitemap-2025-10.xml",
            "/sitemap-2025-09.xml",
            "/arsip.xml",
            "/sitemap-2024.xml"
        ]
    );
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(end, WalkEnd::Oldest);
}

#[test]
fn numbered_sitemaps_are_read_from_the_highest_number() {
    let names = [
        "/post-sitemap.xml",
        "/post-sitemap2.xml",
        "/post-sitemap10.xml",
    ];
    let (asked, ..) = walk(&format!("{HOST}/sitemap.xml"), &index(&names), |_| None);
    assert_eq!(
        asked,
        [
            "/post-sitemap10.xml",
            "/post-sitemap2.xml",
            "/post-sitemap.xml"
        ]
    );
}

#[test]
fn sitemaps_before_a_date_are_left_out() {
    let names = [
        "/s-2025-10.xml",
        "/s-2025-09.xml",
        "/s-2025-08.xml",
        "/s-2024.xml",
    ];
    let address = format!("{HOST}/sitemap.xml");
    let mut walk = Walk::begin(&read(&index(&names), &address), &address).unwrap();
    walk.leave_out_before("2025-09-30T00:00:00Z".parse().unwrap());
    assert_eq!(walk.next(), Some("https://kabar.example/s-2025-10.xml"));
    walk.skip();
    assert_eq!(walk.next(), Some("https://kabar.example/s-2025-09.xml"));
    walk.skip();
    assert_eq!(walk.end(), Some(WalkEnd::Oldest));
}

#[test]
fn a_walk_is_stored_and_continued() {
    let address = format!("{HOST}/feed/");
    let mut walk = Walk::begin(&read(&atom(&[9, 8], WORDPRESS), &address), &address).unwrap();
    walk.take(read(&atom(&[7], WORDPRESS), &address));
    let stored = serde_json::to_string(&walk).unwrap();
    let continued: Walk = serde_json::from_str(&stored).unwrap();
    assert_eq!(continued, walk);
    assert_eq!(
        continued.next(),
        Some("https://kabar.example/feed/?paged=3")
    );
    assert_eq!(continued.pages(), 1);
}
