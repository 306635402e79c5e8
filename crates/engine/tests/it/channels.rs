//! Channels of large platforms as sources, through a proxy that answers as their sites do.

use warta_engine::api::{ClosedReason, FailureCode, FoundKind, FullText, Place, ProblemCode};

use crate::server::{Page, Server};
use crate::{Bench, rss};

const HTML: &str = "text/html; charset=utf-8";

/// An engine whose requests all go to the server, which sees whole addresses.
fn behind(server: &Server) -> Bench {
    let bench = Bench::new();
    let mut settings = bench.engine.settings();
    settings.proxy = server.url("/");
    bench.engine.set_settings(settings).unwrap();
    bench
}

async fn refusal(bench: &Bench, typed: &str) -> (FailureCode, String) {
    let failure = bench.engine.discovery().discover(typed).await.unwrap_err();
    (failure.code, failure.detail)
}

/// What is said where a platform does not give a channel out.
fn closed(reason: ClosedReason) -> (FailureCode, String) {
    (FailureCode::ClosedChannel, reason.key().to_owned())
}

/// The preview of a Telegram channel with these messages.
fn telegram(messages: &[(u32, &str)]) -> Page {
    let messages: Vec<String> = messages
        .iter()
        .map(|(number, text)| {
            format!(
                "<div class=\"tgme_widget_message\" data-post=\"kabar/{number}\">\
                 <div class=\"tgme_widget_message_text\">{text}</div>\
                 <a class=\"tgme_widget_message_date\" href=\"https://t.me/kabar/{number}\">\
                 <time datetime=\"2026-05-04T0{number}:00:00+00:00\">x</time></a></div>"
            )
        })
        .collect();
    let messages = messages.concat();
    let page = format!(
        "<!DOCTYPE html><html><head><meta property=\"og:title\" content=\"Kabar Pesisir\">\
         </head><body><section class=\"tgme_channel_history\">{messages}</section></body></html>"
    );
    Page::of(HTML, page)
}

/// The page with which Telegram introduces a user.
const INTRODUCTION: &str = "<!DOCTYPE html><html><body><div class=\"tgme_page\">\
    <div class=\"tgme_page_title\">Ani</div></div></body></html>";

#[tokio::test(flavor = "multi_thread")]
async fn a_telegram_channel_is_found_followed_and_read() {
    let server = Server::start().await;
    let at = |path: &str| format!("http://t.me:8080{path}");
    server.put(
        &at("/s/kabar"),
        telegram(&[(1, "Banjir rob<br/>Jalan ditutup"), (2, "Air surut")]),
    );
    let bench = behind(&server);
    let found = bench.discover(&at("/kabar/2?single")).await;
    assert_eq!(found.feeds.len(), 1);
    let feed = &found.feeds[0];
    assert_eq!(
        (
            feed.url.as_str(),
            feed.title.as_str(),
            feed.entries,
            feed.kind
        ),
        (
            at("/s/kabar").as_str(),
            "Kabar Pesisir",
            Some(2),
            FoundKind::Feed
        )
    );
    let id = bench.subscribe(&feed.url);
    bench.sync_all().await;
    assert_eq!(
        bench.titles(Place::Feed { id }),
        ["Air surut", "Banjir rob"]
    );
    let details = bench.engine.feeds().feed_details(id).unwrap();
    assert_eq!(
        details.full_text,
        FullText::OnRequest,
        "a message has no further text on its page"
    );

    server.put(
        &at("/s/kabar"),
        telegram(&[(2, "Air surut"), (3, "Pasar dibuka")]),
    );
    bench.pass(86_400);
    bench.sync_all().await;
    assert_eq!(
        bench.titles(Place::Feed { id }),
        ["Pasar dibuka", "Air surut", "Banjir rob"]
    );
    server.put(&at("/s/kabar"), Page::of(HTML, INTRODUCTION));
    bench.pass(86_400);
    bench.sync_all().await;
    let details = bench.engine.feeds().feed_details(id).unwrap();
    let code = details.activity.failure.map(|problem| problem.code);
    assert_eq!(code, Some(ProblemCode::NoPreview));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_does_not_show_is_said() {
    let server = Server::start().await;
    let at = |path: &str| format!("http://t.me:8080{path}");
    server.put(&at("/ani"), Page::of(HTML, INTRODUCTION));
    let mut away = Page::status(302);
    away.headers.push(("Location".into(), at("/ani")));
    server.put(&at("/s/ani"), away);
    server.put(&at("/sibuk"), Page::status(429));
    let bench = behind(&server);
    assert_eq!(
        refusal(&bench, &at("/ani")).await,
        closed(ClosedReason::Telegram)
    );
    assert_eq!(
        refusal(&bench, "https://t.me/+undangan").await,
        closed(ClosedReason::Telegram)
    );
    assert_eq!(
        refusal(&bench, &at("/sibuk")).await.0,
        FailureCode::FetchFailed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_youtube_handle_leads_to_its_channel_with_and_without_shorts() {
    let server = Server::start().await;
    let at = |path: &str| format!("http://www.youtube.com:8080{path}");
    let channel = "UC0123456789abcdefghi-_X";
    let page = format!("<html><script>var d = {{\"externalId\":\"{channel}\"}}</script></html>");
    server.put(&at("/@kabar/videos"), Page::of(HTML, page));
    let feed = |title: &str| {
        let feed = format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{title}</title>\
             <author><name>Kabar</name></author><entry><id>yt:video:a</id>\
             <title>Rob</title><link href=\"https://www.youtube.com/watch?v=a\"/></entry></feed>"
        );
        Page::of("text/xml", feed)
    };
    let all = at(&format!("/feeds/videos.xml?channel_id={channel}"));
    let long = at(&format!(
        "/feeds/videos.xml?playlist_id=UULF{}",
        &channel[2..]
    ));
    server.put(&all, feed("Kabar"));
    server.put(&long, feed("Videos"));
    let bench = behind(&server);
    let found = bench.discover(&at("/@kabar/videos")).await;
    let found: Vec<_> = found
        .feeds
        .iter()
        .map(|feed| (feed.url.as_str(), feed.title.as_str(), feed.kind))
        .collect();
    assert_eq!(
        found[..2],
        [
            (all.as_str(), "Kabar", FoundKind::Feed),
            (long.as_str(), "Kabar – Videos", FoundKind::WithoutShorts),
        ]
    );
    // Where consent is asked for, that is said.
    let mut away = Page::status(302);
    let consent = "http://consent.youtube.com:8080/m?gl=ID";
    away.headers.push(("Location".into(), consent.into()));
    server.put(&at("/@lain"), away);
    server.put(consent, Page::of(HTML, "<html><form>Setuju?</form></html>"));
    assert_eq!(
        refusal(&bench, &at("/@lain")).await,
        closed(ClosedReason::YoutubeConsent)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reddit_and_spotify_refuse_is_said() {
    let server = Server::start().await;
    let at = |path: &str| format!("http://www.reddit.com:8080{path}");
    for status in [403, 429] {
        server.put(&at("/r/indonesia"), Page::status(status));
        server.put(&at("/r/indonesia/.rss"), Page::status(status));
        let bench = behind(&server);
        assert_eq!(
            refusal(&bench, &at("/r/indonesia")).await,
            closed(ClosedReason::Reddit),
            "{status}"
        );
    }
    let bench = behind(&server);
    assert_eq!(
        refusal(&bench, &at("/r/hilang")).await.0,
        FailureCode::FetchFailed
    );
    assert_eq!(
        refusal(&bench, "open.spotify.com/show/abc").await,
        closed(ClosedReason::Spotify)
    );
    server.put(
        &at("/r/bali/.rss"),
        Page::of("application/atom+xml", rss("r/bali", &[("a", "Satu", "x")])),
    );
    let found = bench.discover(&at("/r/bali")).await;
    assert_eq!(found.feeds[0].title, "r/bali");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_the_fediverse_is_found_where_webfinger_says() {
    let server = Server::start().await;
    let host = server.url("").replace("http://", "");
    let feed = rss("Ani", &[("a", "Satu", "x")]);
    server.put("/@budi.rss", Page::of("application/rss+xml", feed.clone()));
    server.put(
        "/profil/ani",
        Page::of(
            HTML,
            "<link rel=alternate type=application/rss+xml href=/ani.rss>",
        ),
    );
    server.put("/ani.rss", Page::of("application/rss+xml", feed));
    let account = format!("acct%3Aani%40{}", host.replace(':', "%3A"));
    let answer = format!(
        "{{\"links\":[{{\"rel\":\"http://webfinger.net/rel/profile-page\",\"href\":\"{}\"}}]}}",
        server.url("/profil/ani")
    );
    server.put(
        &format!("/.well-known/webfinger?resource={account}"),
        Page::of("application/jrd+json", answer),
    );
    let bench = Bench::new();
    let found = bench.discover(&format!("@budi@{host}")).await;
    assert_eq!(found.feeds[0].url, server.url("/@budi.rss"));
    let found = bench.discover(&format!("@ani@{host}")).await;
    assert_eq!(found.feeds[0].url, server.url("/ani.rss"));
}

/// Bluesky's feeds have no titles.
#[tokio::test(flavor = "multi_thread")]
async fn posts_without_titles_get_them_from_their_text() {
    let server = Server::start().await;
    let url = "http://bsky.app:8080/profile/ani.example/rss";
    let feed = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>\
        <title>@ani.example - Ani</title><link>https://bsky.app/profile/ani.example</link>\
        <item><link>https://bsky.app/profile/ani.example/post/3k</link>\
        <description>Banjir rob menutup jalan pesisir.\n\nWarga memakai perahu ke pasar sejak pagi, \
        kata petugas yang berjaga di sana.</description>\
        <pubDate>04 May 2026 09:00 +0000</pubDate>\
        <guid isPermaLink=\"false\">at://did:plc:abc/app.bsky.feed.post/3k</guid></item>\
        </channel></rss>";
    server.put(url, Page::of("application/rss+xml", feed));
    let bench = behind(&server);
    let found = bench
        .discover("http://bsky.app:8080/profile/ani.example")
        .await;
    assert_eq!(found.feeds[0].title, "@ani.example - Ani");
    let id = bench.subscribe(&found.feeds[0].url);
    bench.sync_all().await;
    assert_eq!(
        bench.titles(Place::Feed { id }),
        ["Banjir rob menutup jalan pesisir."]
    );
}

const SEARCH: &str = "/search?media=podcast&term=obrolan+laut&country=ID&limit=30";

fn answer(feed: &str) -> Page {
    let answer = format!(
        "{{\"results\":[{{\"collectionName\":\"Obrolan Laut\",\"artistName\":\"Radio\",\
         \"feedUrl\":\"{feed}\",\"releaseDate\":\"2026-05-03T17:00:00Z\",\"trackCount\":41}}]}}"
    );
    Page::of("text/javascript; charset=utf-8", answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn podcasts_are_found_by_words_and_by_apples_pages() {
    let server = Server::start().await;
    let feed = server.url("/obrolan.xml");
    server.put(
        "/obrolan.xml",
        Page::of(
            "application/rss+xml",
            rss("Obrolan Laut", &[("a", "Satu", "x")]),
        ),
    );
    server.put(SEARCH, answer(&feed));
    server.put("/lookup?id=123&entity=podcast", answer(&feed));
    let base = server.url("/");
    let bench = Bench::with(|opening| opening.podcast_directory.clone_from(&base));
    let directory = bench.engine.podcast_directory();

    let found = directory.search(" obrolan laut ").await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (
            found[0].title.as_str(),
            found[0].author.as_str(),
            found[0].url.as_str()
        ),
        ("Obrolan Laut", "Radio", feed.as_str())
    );
    assert_eq!(
        (found[0].newest, found[0].already),
        (Some(1_777_827_600), false)
    );

    let page = "https://podcasts.apple.com/id/podcast/obrolan-laut/id123";
    let discovered = bench.engine.discovery().discover(page).await;
    // A page of the web may not name a feed in the reader's network.
    assert!(discovered.is_err(), "{discovered:?}");
    let lookups = server.asked();
    assert!(
        lookups
            .iter()
            .any(|head| head.starts_with("GET /lookup?id=123&entity=podcast "))
    );

    bench.subscribe(&feed);
    let found = directory.search("obrolan laut").await.unwrap();
    assert!(found[0].already);
    let asked = server.asked();
    assert!(
        asked
            .iter()
            .all(|head| !head.to_ascii_lowercase().contains("\ncookie:")),
        "{asked:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_of_podcasts_fails_with_a_reason() {
    let server = Server::start().await;
    server.put(SEARCH, Page::of(HTML, "<html>"));
    let base = server.url("");
    let bench = Bench::with(|opening| opening.podcast_directory.clone_from(&base));
    let directory = bench.engine.podcast_directory();
    let code = async |words: &str| directory.search(words).await.unwrap_err().code;
    assert_eq!(
        code("obrolan laut").await,
        FailureCode::BadInput,
        "no answer of a directory"
    );
    assert_eq!(code("lain").await, FailureCode::FetchFailed);
    let before = server.asked().len();
    assert_eq!(code("  ").await, FailureCode::BadInput);
    assert_eq!(code(&"a".repeat(5_000)).await, FailureCode::BadInput);
    assert_eq!(server.asked().len(), before, "nothing is sent");
    bench.subscribe(&server.url("/umpan.xml"));
    server.stop().await;
    assert_eq!(code("obrolan laut").await, FailureCode::Offline);
}
