//! Feeds found from URLs and in pages.

use warta_feed::discovery::{
    ClosedChannel, account_profile, account_query, apple_podcast, by_rule, closed, common_paths,
    icons, in_page, is_without_shorts, page_of, shorthand,
};

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
    ("https://t.me/kabar_pesisir", "https://t.me/s/kabar_pesisir"),
    (
        "http://telegram.me/kabar_pesisir",
        "https://t.me/s/kabar_pesisir",
    ),
    (
        "https://t.me/kabar_pesisir/123?single",
        "https://t.me/s/kabar_pesisir",
    ),
    (
        "https://t.me/s/kabar_pesisir?before=20",
        "https://t.me/s/kabar_pesisir",
    ),
    ("https://t.me/+AbCdEf", ""),
    ("https://t.me/c/123/4", ""),
    ("https://t.me/", ""),
    (
        "https://www.reddit.com/r/indonesia+bali",
        "https://www.reddit.com/r/indonesia+bali/.rss",
    ),
    (
        "https://www.reddit.com/search/?q=banjir%20rob%26x",
        "https://www.reddit.com/search.rss?q=banjir+rob%26x&sort=new",
    ),
    (
        "https://www.reddit.com/r/indonesia/search/?q=rob",
        "https://www.reddit.com/r/indonesia/search.rss?q=rob&sort=new&restrict_sr=on",
    ),
    (
        "https://www.reddit.com/user/ani/submitted/",
        "https://www.reddit.com/user/ani/.rss",
    ),
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
    (
        "https://mastodon.example/web/@ani",
        "https://mastodon.example/@ani.rss",
    ),
    (
        "https://mastodon.example/tags/banjir",
        "https://mastodon.example/tags/banjir.rss",
    ),
    (
        "http://mastodon.example:8080/@ani",
        "http://mastodon.example:8080/@ani.rss",
    ),
    (
        "https://lemmy.example/c/desa@lain.example",
        "https://lain.example/feeds/c/desa.xml?sort=New",
    ),
    (
        "https://lemmy.example/u/ani",
        "https://lemmy.example/feeds/u/ani.xml?sort=New",
    ),
    (
        "https://video.example/c/desa/videos",
        "https://video.example/feeds/videos.xml?videoChannelName=desa",
    ),
    (
        "https://video.example/a/ani",
        "https://video.example/feeds/videos.xml?accountName=ani",
    ),
    (
        "https://pixelfed.example/ani",
        "https://pixelfed.example/users/ani.atom",
    ),
    (
        "https://bsky.app/profile/did:plc:abc123",
        "https://bsky.app/profile/did:plc:abc123/rss",
    ),
    (
        "https://ani.bsky.social/",
        "https://bsky.app/profile/ani.bsky.social/rss",
    ),
    (
        "https://antennapod.org/deeplink/subscribe?url=https%3A%2F%2Fkabar.example%2Fpodcast.xml",
        "https://kabar.example/podcast.xml",
    ),
    (
        "https://podcasts.google.com/feed/aHR0cHM6Ly9rYWJhci5leGFtcGxlL3BvZGNhc3QueG1s",
        "https://kabar.example/podcast.xml",
    ),
    (
        "https://antennapod.org/deeplink/subscribe?url=javascript:x",
        "",
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

#[test]
fn a_youtube_channel_is_also_offered_without_its_shorts() {
    let channel = "https://www.youtube.com/channel/UC0123456789abcdefghi-_X";
    let found = by_rule(channel);
    let urls: Vec<&str> = found.iter().map(|link| link.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghi-_X",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=UULF0123456789abcdefghi-_X",
        ]
    );
    let without: Vec<bool> = urls.iter().map(|url| is_without_shorts(url)).collect();
    assert_eq!(without, [false, true]);
    // A page that links to its feed gives the same, and its data does not count then.
    let page = br#"<link rel="alternate" type="application/rss+xml" title="RSS"
        href="https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghi-_X">
        <script>{"channelId":"UCzzzzzzzzzzzzzzzzzzzzzz"}</script>"#;
    assert_eq!(in_page(page, "https://www.youtube.com/@kabar", None), found);
    // A video names its channel; those of other videos on its page do not count.
    let video = br#"<script>{"externalChannelId":"UC0123456789abcdefghi-_X"}</script>
        <script>{"channelId":"UCzzzzzzzzzzzzzzzzzzzzzz"}</script>"#;
    let at = "https://www.youtube.com/watch?v=abc";
    assert_eq!(in_page(video, at, None), found);
}

#[test]
fn names_of_channels_stand_for_addresses() {
    for (typed, expected) in [
        (
            "tg://resolve?domain=kabar_pesisir",
            "https://t.me/kabar_pesisir",
        ),
        ("tg:resolve?domain=kabar&post=5", "https://t.me/kabar"),
        ("tg://join?invite=abc", ""),
        ("tg://resolve?domain=a/b", ""),
        (
            "@ani.bsky.social",
            "https://bsky.app/profile/ani.bsky.social",
        ),
        ("@kabar.example", "https://bsky.app/profile/kabar.example"),
        ("did:plc:abc123", "https://bsky.app/profile/did:plc:abc123"),
        (
            "at://ani.example/app.bsky.feed.post/3k",
            "https://bsky.app/profile/ani.example",
        ),
        ("@ani@mastodon.example", "mastodon.example/@ani"),
        ("acct:ani@mastodon.example", "mastodon.example/@ani"),
        ("@ani@mastodon.example:8080", "mastodon.example:8080/@ani"),
        ("@ani@tanpatitik", ""),
        ("@kabar", "https://www.youtube.com/@kabar"),
        ("@kabar pesisir", ""),
        ("@", ""),
        ("r/indonesia", "https://www.reddit.com/r/indonesia"),
        (
            " /r/indonesia+bali/ ",
            "https://www.reddit.com/r/indonesia+bali",
        ),
        ("u/ani", "https://www.reddit.com/user/ani"),
        ("r/../x", ""),
        ("kabar.example/r/x", ""),
        ("ani@kabar.example", ""),
        ("kabar.example", ""),
        ("", ""),
    ] {
        assert_eq!(shorthand(typed).unwrap_or_default(), expected, "{typed}");
    }
}

#[test]
fn pages_that_stand_for_others_are_known() {
    for (url, expected) in [
        (
            "https://youtu.be/abc-_1?si=x",
            "https://www.youtube.com/watch?v=abc-_1",
        ),
        (
            "https://www.youtube.com/shorts/abc",
            "https://www.youtube.com/watch?v=abc",
        ),
        (
            "https://music.youtube.com/watch?v=abc",
            "https://www.youtube.com/watch?v=abc",
        ),
        (
            "https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2F%40kabar&gl=ID",
            "https://www.youtube.com/@kabar",
        ),
        (
            "https://consent.youtube.com/m?continue=https%3A%2F%2Fjahat.example%2F",
            "",
        ),
        ("https://www.youtube.com/@kabar", ""),
        ("https://kabar.example/shorts/abc", ""),
    ] {
        assert_eq!(page_of(url).unwrap_or_default(), expected, "{url}");
    }
    for (url, expected) in [
        (
            "https://podcasts.apple.com/id/podcast/kabar-laut/id123456?i=9",
            Some(123_456),
        ),
        ("https://podcasts.apple.com/podcast/id123", Some(123)),
        ("https://itunes.apple.com/us/podcast/kabar/id77", Some(77)),
        ("https://overcast.fm/itunes123/kabar", Some(123)),
        ("https://pca.st/itunes/123", Some(123)),
        ("https://podcasts.apple.com/id/genre/id26", None),
        ("https://podcasts.apple.com/id/podcast/kabar/id", None),
        ("https://kabar.example/podcast/id123", None),
    ] {
        assert_eq!(apple_podcast(url), expected, "{url}");
    }
    for (url, expected) in [
        (
            "https://open.spotify.com/show/abc",
            Some(ClosedChannel::Spotify),
        ),
        (
            "https://open.spotify.com/intl-id/episode/abc?si=1",
            Some(ClosedChannel::Spotify),
        ),
        ("https://open.spotify.com/artist/abc", None),
        ("https://t.me/+AbCd", Some(ClosedChannel::Telegram)),
        ("https://t.me/c/12/3", Some(ClosedChannel::Telegram)),
        ("https://t.me/kabar", None),
        (
            "https://consent.youtube.com/m?gl=ID",
            Some(ClosedChannel::YoutubeConsent),
        ),
        ("kabar", None),
    ] {
        assert_eq!(closed(url), expected, "{url}");
    }
}

#[test]
fn webfinger_names_the_profile_of_an_account() {
    assert_eq!(
        account_query("http://sosial.example:8080/@ani").as_deref(),
        Some(
            "http://sosial.example:8080/.well-known/webfinger?resource=acct%3Aani%40sosial.example%3A8080"
        )
    );
    assert_eq!(account_query("https://sosial.example/ani"), None);
    assert_eq!(account_query("https://sosial.example/@ani/1"), None);
    let answer = br#"{"subject":"acct:ani@sosial.example","links":[
        {"rel":"self","href":"https://sosial.example/users/ani"},
        {"rel":"http://webfinger.net/rel/profile-page","href":"https://lain.example/@ani"}]}"#;
    assert_eq!(
        account_profile(answer).as_deref(),
        Some("https://lain.example/@ani")
    );
    for broken in [
        &b"{"[..],
        br#"{"links":3}"#,
        br#"{"links":[{"rel":"http://webfinger.net/rel/profile-page","href":"javascript:x"}]}"#,
    ] {
        assert_eq!(account_profile(broken), None);
    }
}
