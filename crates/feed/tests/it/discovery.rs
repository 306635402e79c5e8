//! Feeds found from URLs and in pages.

use warta_feed::discovery::{by_rule, common_paths, icons, in_page};

/// Addresses and the first feed that a rule knows for them, empty where there is none.
const RULES: &[(&str, &str)] = &[
    (
        "https://www.youtube.com/channel/UCabc/videos",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCabc",
    ),
    (
        "https://m.youtube.com/user/Warta",
        "https://www.youtube.com/feeds/videos.xml?user=Warta",
    ),
    (
        "https://youtube.com/playlist?list=PLa_b-1",
        "https://www.youtube.com/feeds/videos.xml?playlist_id=PLa_b-1",
    ),
    (
        "https://www.youtube.com/watch?v=x&list=PLx",
        "https://www.youtube.com/feeds/videos.xml?playlist_id=PLx",
    ),
    ("https://www.youtube.com/@warta", ""),
    ("https://www.youtube.com/playlist?list=a%26b", ""),
    ("https://www.reddit.com/", "https://www.reddit.com/.rss"),
    (
        "https://old.reddit.com/r/indonesia/",
        "https://www.reddit.com/r/indonesia/.rss",
    ),
    (
        "https://www.reddit.com/r/indonesia/top/?t=week",
        "https://www.reddit.com/r/indonesia/top/.rss?t=week",
    ),
    (
        "https://www.reddit.com/r/indonesia/comments/abc/judul/",
        "https://www.reddit.com/r/indonesia/comments/abc/.rss",
    ),
    (
        "https://www.reddit.com/user/ani/m/berita",
        "https://www.reddit.com/user/ani/m/berita/.rss",
    ),
    ("https://www.reddit.com/r/indonesia/.rss", ""),
    ("https://github.com/ani", "https://github.com/ani.atom"),
    (
        "https://github.com/ani/warta",
        "https://github.com/ani/warta/releases.atom",
    ),
    (
        "https://github.com/ani/warta.git",
        "https://github.com/ani/warta/releases.atom",
    ),
    (
        "https://github.com/ani/warta/commits/a/b",
        "https://github.com/ani/warta/commits/a/b.atom",
    ),
    (
        "https://github.com/ani/warta/tags",
        "https://github.com/ani/warta/tags.atom",
    ),
    ("https://github.com/topics/rust", ""),
    (
        "https://gitlab.com/grup/sub/proyek/-/issues",
        "https://gitlab.com/grup/sub/proyek/-/releases.atom",
    ),
    (
        "https://gitlab.contoh.example/grup/proyek",
        "https://gitlab.contoh.example/grup/proyek/-/releases.atom",
    ),
    ("https://gitlab.com/ani", "https://gitlab.com/ani.atom"),
    (
        "https://codeberg.org/ani/warta",
        "https://codeberg.org/ani/warta/releases.rss",
    ),
    (
        "https://mastodon.example/@ani",
        "https://mastodon.example/@ani.rss",
    ),
    (
        "https://mastodon.example/@ani/1234",
        "https://mastodon.example/@ani.rss",
    ),
    (
        "https://mastodon.example/@budi@lain.example",
        "https://lain.example/@budi.rss",
    ),
    (
        "https://mastodon.example/users/ani",
        "https://mastodon.example/@ani.rss",
    ),
    ("https://www.tiktok.com/@ani", ""),
    (
        "https://bsky.app/profile/ani.example/post/3k",
        "https://bsky.app/profile/ani.example/rss",
    ),
    (
        "https://medium.com/@ani/cerita-1",
        "https://medium.com/feed/@ani",
    ),
    (
        "https://medium.com/tag/berita",
        "https://medium.com/feed/tag/berita",
    ),
    (
        "https://ani.medium.com/cerita",
        "https://ani.medium.com/feed",
    ),
    ("https://medium.com/feed/@ani", ""),
    (
        "https://kabar.substack.com/p/satu",
        "https://kabar.substack.com/feed",
    ),
    (
        "https://substack.com/@kabar",
        "https://kabar.substack.com/feed",
    ),
    (
        "https://open.substack.com/pub/kabar/p/satu",
        "https://kabar.substack.com/feed",
    ),
    (
        "https://kabar.blogspot.co.id/2026/01/a.html",
        "https://kabar.blogspot.co.id/feeds/posts/default",
    ),
    (
        "https://kabar.blogspot.com/search/label/Desa",
        "https://kabar.blogspot.com/feeds/posts/default/-/Desa",
    ),
    (
        "https://kabar.wordpress.com/2026/01/01/a/",
        "https://kabar.wordpress.com/feed/",
    ),
    (
        "https://kabar.wordpress.com/category/desa/",
        "https://kabar.wordpress.com/category/desa/feed/",
    ),
    (
        "https://kabar.tumblr.com/post/1",
        "https://kabar.tumblr.com/rss",
    ),
    (
        "https://kabar.tumblr.com/tagged/desa",
        "https://kabar.tumblr.com/tagged/desa/rss",
    ),
    (
        "https://www.tumblr.com/kabar",
        "https://kabar.tumblr.com/rss",
    ),
    (
        "https://www.tumblr.com/blog/view/kabar/1",
        "https://kabar.tumblr.com/rss",
    ),
    ("https://www.tumblr.com/explore/trending", ""),
    ("https://vimeo.com/ani", "https://vimeo.com/ani/videos/rss"),
    (
        "https://vimeo.com/channels/desa",
        "https://vimeo.com/channels/desa/videos/rss",
    ),
    ("https://vimeo.com/12345", ""),
    ("https://dev.to/ani", "https://dev.to/feed/ani"),
    (
        "https://news.google.com/search?q=banjir&hl=id&gl=ID&ceid=ID:id",
        "https://news.google.com/rss/search?q=banjir&hl=id&gl=ID&ceid=ID:id",
    ),
    (
        "https://news.google.com/home?hl=id&gl=ID&ceid=ID:id",
        "https://news.google.com/rss?hl=id&gl=ID&ceid=ID:id",
    ),
    ("https://news.google.com/rss/search?q=banjir", ""),
    (
        "https://stackoverflow.com/questions/tagged/rust",
        "https://stackoverflow.com/feeds/tag/rust",
    ),
    ("https://kabar.example/", ""),
    ("mailto:ani@kabar.example", ""),
    ("", ""),
];

#[test]
fn known_sites_have_the_feeds_that_the_rules_say() {
    for (address, expected) in RULES {
        let found = by_rule(address);
        let first = found.first().map_or("", |link| link.url.as_str());
        assert_eq!(first, *expected, "{address}");
    }
}

#[test]
fn several_feeds_of_a_site_are_distinguished_by_name() {
    let found = by_rule("https://github.com/ani/warta");
    let names: Vec<&str> = found.iter().filter_map(|l| l.title.as_deref()).collect();
    assert_eq!(
        names,
        [
            "ani/warta: releases",
            "ani/warta: tags",
            "ani/warta: commits"
        ]
    );
    let page = br#"<html><head>
        <link rel="alternate" type="application/rss+xml" title="Kabar &raquo; Komentar" href="/comments/feed/">
        <link rel="alternate" type="application/rss+xml" title="Kabar" href="/feed/">
        <link rel="alternate" type="application/feed+json" title="Kabar JSON" href="/feed.json"></head>"#;
    let found = in_page(page, "https://kabar.example/a/b", None);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|l| (l.url.as_str(), l.title.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        found,
        [
            ("https://kabar.example/feed/", "Kabar"),
            ("https://kabar.example/feed.json", "Kabar JSON"),
            ("https://kabar.example/comments/feed/", "Kabar » Komentar"),
        ],
        "comment feeds come last"
    );
}

#[test]
fn a_page_names_its_feed_in_its_data() {
    let channel = "UC0123456789abcdefghi-_X";
    let youtube = format!("https://www.youtube.com/feeds/videos.xml?channel_id={channel}");
    for (address, page, expected) in [
        (
            "https://www.youtube.com/@warta",
            format!("<html><script>var a = {{\"externalId\":\"{channel}\"}}</script>"),
            youtube.as_str(),
        ),
        (
            "https://www.youtube.com/watch?v=x",
            format!("<html><meta itemprop=\"identifier\" content=\"{channel}\">"),
            &youtube,
        ),
        (
            "https://www.youtube.com/c/warta",
            format!("<link rel=canonical href='https://www.youtube.com/channel/{channel}'>"),
            &youtube,
        ),
        (
            "https://podcasts.apple.com/id/podcast/kabar/id1",
            r#"<script>{"feedUrl":"https:\/\/kabar.example\/podcast.xml?a=1\u0026b=2"}</script>"#
                .to_owned(),
            "https://kabar.example/podcast.xml?a=1&b=2",
        ),
        (
            "https://podcasts.apple.com/id/podcast/kabar/id1",
            r#"<script>{"feedUrl":"javascript:alert(1)"}</script>"#.to_owned(),
            "",
        ),
        (
            "https://podcasts.apple.com/id/podcast/kabar/id1",
            r#"<script>{"feedUrl":"https:"#.to_owned(),
            "",
        ),
    ] {
        let found = in_page(page.as_bytes(), address, None);
        let first = found.first().map_or("", |link| link.url.as_str());
        assert_eq!(first, expected, "{page}");
    }
}

#[test]
fn the_most_common_paths_are_guessed_first() {
    let guesses = common_paths("https://kabar.example/blog/2026/a.html");
    assert_eq!(
        guesses[..3],
        [
            "https://kabar.example/feed",
            "https://kabar.example/blog/feed",
            "https://kabar.example/rss.xml"
        ]
    );
    let mut sorted = guesses.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), guesses.len(), "no URL is listed twice");
    assert!(common_paths("kabar").is_empty());
}

#[test]
fn a_sites_icon_is_the_one_that_is_sharp_enough() {
    for (page, expected) in [
        (
            r#"<link rel="shortcut icon" href="/favicon.ico"><link rel="apple-touch-icon" href="/touch.png">"#,
            "https://kabar.example/touch.png",
        ),
        (
            r#"<link rel=icon sizes="16x16 32x32" href=a.png><link rel=icon sizes=192x192 href=b.png>"#,
            "https://kabar.example/x/b.png",
        ),
        (
            r#"<link rel="icon" type="image/svg+xml" href="//cdn.example/i.svg"><link rel=icon sizes=192x192 href=b.png>"#,
            "https://cdn.example/i.svg",
        ),
        (
            r#"<base href="https://lain.example/"><link rel=icon href=i.png>"#,
            "https://lain.example/i.png",
        ),
        (
            "<link rel=icon href='data:image/png;base64,AA'>",
            "https://kabar.example/favicon.ico",
        ),
        ("<p>", "https://kabar.example/favicon.ico"),
    ] {
        let found = icons(page.as_bytes(), "https://kabar.example/x/y", None);
        assert_eq!(found.first().map(String::as_str), Some(expected), "{page}");
    }
}
