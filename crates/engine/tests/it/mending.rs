//! Feeds that mend themselves: publishers that break in every way, found again, proven, taken back.

use std::fmt::Write as _;

use warta_engine::api::{
    FailureCode, FeedOffer, FoundKind, ListRequest, OfferProof, Place, ProblemCode,
};

use crate::server::{Page, Server};
use crate::{Bench, NOON, list_request};

const HTML: &str = "text/html";
const RSS: &str = "application/rss+xml";
const DAY: i64 = 86_400;

/// Articles of `(path, title, hours before NOON)`.
fn articles(name: &str, hours: &[i64]) -> Vec<(String, String, i64)> {
    let article = |hour: &i64| {
        (
            format!("/berita/{hour}/kabar-{name}-{hour}"),
            format!("Kabar {name} tentang panen nomor {hour}"),
            NOON - hour * 3_600,
        )
    };
    hours.iter().map(article).collect()
}

fn feed(server: &Server, title: &str, articles: &[(String, String, i64)]) -> Page {
    let mut items = String::new();
    for (path, title, at) in articles {
        let link = server.url(path);
        let date = chrono::DateTime::from_timestamp(*at, 0).unwrap();
        write!(
            items,
            "<item><guid>{link}</guid><title>{title}</title><link>{link}</link>\
             <pubDate>{}</pubDate><description>Isi.</description></item>",
            date.to_rfc2822()
        )
        .unwrap();
    }
    let site = server.url("/");
    let body = format!(
        "<rss version=\"2.0\"><channel><title>{title}</title><link>{site}</link>\
         <description>d</description>{items}</channel></rss>"
    );
    Page::of(RSS, body)
}

/// A front page that names a feed.
fn front(feed: &str) -> Page {
    let link = format!(
        "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"RSS\" href=\"{feed}\">"
    );
    Page::of(
        HTML,
        format!("<html><head>{link}</head><body>Beranda</body></html>"),
    )
}

/// A publisher whose feed is at `/feed`, with three articles.
struct Publisher {
    name: &'static str,
    server: Server,
    id: u32,
}

impl Publisher {
    async fn subscribed(bench: &Bench, name: &'static str) -> Self {
        let server = Server::start().await;
        server.put("/feed", feed(&server, name, &articles(name, &[1, 2, 3])));
        let id = bench.subscribe(&server.url("/feed"));
        Self { name, server, id }
    }

    /// Where the feed goes on: one more article, and two of the old ones.
    fn goes_on_at(&self, path: &str) {
        let going_on = articles(self.name, &[-60, 1, 2]);
        self.server
            .put(path, feed(&self.server, self.name, &going_on));
        self.server.put("/", front(path));
    }

    fn breaks(&self, page: Page) {
        self.server.put("/feed", page);
    }
}

/// Two publishers, the first of which has answered with 404 since the first sync.
async fn one_of_two_broken() -> (Bench, Publisher, Publisher) {
    let bench = Bench::new();
    let one = Publisher::subscribed(&bench, "satu").await;
    let sound = Publisher::subscribed(&bench, "sehat").await;
    bench.sync_all().await;
    one.breaks(Page::status(404));
    (bench, one, sound)
}

/// Syncs once a day, on `count` days.
async fn days(bench: &Bench, count: usize) {
    for _ in 0..count {
        bench.pass(DAY);
        bench.sync_all().await;
    }
}

fn place(feed: u32) -> ListRequest {
    list_request(Place::Feed { id: feed }, 100)
}

fn titles(bench: &Bench, feed: u32) -> Vec<String> {
    let rows = bench.engine.lists().list(&place(feed)).unwrap().rows;
    rows.into_iter().map(|row| row.title).collect()
}

fn offers(bench: &Bench) -> Vec<FeedOffer> {
    bench.engine.mending().offers().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_publishers_that_break_in_eight_ways_come_back() {
    let bench = Bench::new();
    let mut publishers = Vec::new();
    for name in [
        "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sehat",
    ] {
        publishers.push(Publisher::subscribed(&bench, name).await);
    }
    bench.sync_all().await;
    let [not_found, gone, html, tls, empty, silent, moved, cms, sound] = &publishers[..] else {
        panic!("nine publishers");
    };
    assert_eq!(titles(&bench, sound.id).len(), 3);

    not_found.breaks(Page::status(404));
    not_found.goes_on_at("/rss.xml");
    gone.breaks(Page::status(410));
    gone.goes_on_at("/rss.xml");
    html.goes_on_at("/rss.xml");
    html.breaks(front("/rss.xml"));
    empty.breaks(Page::of(RSS, ""));
    empty.goes_on_at("/rss.xml");
    // It goes on answering with what it had.
    silent.goes_on_at("/rss.xml");
    // The site redirects to another host, where the paths are the same.
    let new_home = Server::start().await;
    moved.breaks(Page::status(404));
    let mut redirect = Page::status(302);
    redirect
        .headers
        .push(("Location".into(), new_home.url("/")));
    moved.server.put("/", redirect);
    let there = feed(&new_home, "tujuh", &articles("tujuh", &[-60, 1, 2]));
    new_home.put("/feed", there);
    new_home.put("/", front("/feed"));
    // Other paths, the same titles.
    cms.breaks(Page::status(404));
    let mut rebuilt = articles("delapan", &[-60, 1, 2, 3]);
    for (path, _, _) in &mut rebuilt {
        *path = format!("/2026{path}.html");
    }
    let page = feed(&cms.server, "Delapan Baru", &rebuilt);
    cms.server.put("/index.xml", page);
    cms.server.put("/", front("/index.xml"));
    // The certificate is wrong: nothing on this server speaks TLS.
    let secure = tls.server.url("/feed").replace("http:", "https:");
    let bench = bench.reopened_after(|folder| {
        let store = warta_store::Store::open(folder).unwrap();
        let id = warta_store::FeedId(tls.id);
        let changed = store.update_feed(id, &mut |feed| secure.clone_into(&mut feed.url));
        assert_eq!(changed.unwrap().url, secure);
    });
    let page = feed(&tls.server, "empat", &articles("empat", &[-60, 1, 2]));
    tls.server.put("/feed", page);

    days(&bench, 4).await;
    let mut broken = vec![
        not_found.id,
        gone.id,
        html.id,
        tls.id,
        empty.id,
        moved.id,
        cms.id,
    ];
    for id in &broken {
        let offer = bench.engine.mending().look_for(*id).await.unwrap();
        let offer = offer.unwrap_or_else(|| panic!("feed {id} is found again"));
        assert!(!offer.headlines.is_empty() && offer.newest.is_some());
        assert_eq!(offer.loses_tls, *id == tls.id);
    }
    days(&bench, 40).await;
    let offer = bench.engine.mending().look_for(silent.id).await.unwrap();
    assert_eq!(offer.unwrap().proof, OfferProof::Articles { count: 2 });
    broken.push(silent.id);
    let waiting: Vec<u32> = offers(&bench).iter().map(|offer| offer.feed).collect();
    let mut expected = broken.clone();
    expected.sort_unstable();
    assert_eq!(waiting, expected, "one question each");
    for id in &broken {
        bench.engine.mending().accept(*id).unwrap();
    }
    bench.sync_all().await;
    for id in &broken {
        assert_eq!(
            titles(&bench, *id).len(),
            4,
            "only the new article of {id} is new"
        );
        assert!(titles(&bench, *id)[0].ends_with("-60"));
    }
    assert!(offers(&bench).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_feed_at_a_guessed_address_is_refused() {
    let (bench, one, _sound) = one_of_two_broken().await;
    // The site lapsed: its new owner answers at the usual addresses.
    let strangers = Server::start().await;
    for (title, host) in [
        ("Kasino", &strangers),
        ("Kasino", &one.server),
        ("satu", &strangers),
    ] {
        let theirs = articles("judi", &[-60, -59, -58]);
        one.server.put("/rss.xml", feed(host, title, &theirs));
        one.server
            .put("/", Page::of(HTML, "<html><body>Kasino</body></html>"));
        days(&bench, 4).await;
        let offer = bench.engine.mending().look_for(one.id).await.unwrap();
        assert!(offer.is_none(), "{title} at {}", host.url("/"));
    }
    assert!(offers(&bench).is_empty());
    assert_eq!(titles(&bench, one.id).len(), 3, "what was stored stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_can_be_taken_back_and_is_not_offered_again() {
    let (bench, one, _sound) = one_of_two_broken().await;
    one.goes_on_at("/rss.xml");
    days(&bench, 4).await;
    bench.engine.mending().look_for(one.id).await.unwrap();
    let bench = bench.reopened();
    bench.engine.mending().accept(one.id).unwrap();
    bench.sync_all().await;
    let rows = bench.engine.lists().list(&place(one.id)).unwrap().rows;
    let unread: Vec<&str> = rows
        .iter()
        .filter(|row| !row.read)
        .map(|row| &*row.title)
        .collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(unread.len(), 4, "what was unread stays unread: {unread:?}");
    let replaced = bench.engine.mending().replaced(one.id).unwrap();
    assert_eq!(
        (&*replaced[0].from, &*replaced[0].to),
        (&*one.server.url("/feed"), &*one.server.url("/rss.xml"))
    );

    bench.engine.mending().take_back(one.id).unwrap();
    let details = bench.engine.feeds().feed_details(one.id).unwrap();
    assert_eq!(details.url, one.server.url("/feed"));
    assert_eq!(titles(&bench, one.id).len(), 4, "its articles stay");
    days(&bench, 4).await;
    let details = bench.engine.feeds().feed_details(one.id).unwrap();
    assert_eq!(
        details.activity.failure.unwrap().code,
        ProblemCode::NotFound
    );
    assert!(
        bench
            .engine
            .mending()
            .look_for(one.id)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_is_declined_is_not_made_again() {
    let (bench, one, _sound) = one_of_two_broken().await;
    one.goes_on_at("/rss.xml");
    days(&bench, 4).await;
    assert!(
        bench
            .engine
            .mending()
            .look_for(one.id)
            .await
            .unwrap()
            .is_some()
    );
    bench.engine.mending().decline(one.id).unwrap();
    assert!(offers(&bench).is_empty());
    let bench = bench.reopened();
    assert!(
        bench
            .engine
            .mending()
            .look_for(one.id)
            .await
            .unwrap()
            .is_none()
    );

    // It goes on at another address still.
    one.goes_on_at("/atom.xml");
    let offer = bench
        .engine
        .mending()
        .look_for(one.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(offer.to.url, one.server.url("/atom.xml"));
    // A feed that recovers needs no other address.
    one.server.put(
        "/feed",
        feed(&one.server, "satu", &articles("satu", &[-90, 1])),
    );
    days(&bench, 1).await;
    assert!(offers(&bench).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_feed_the_sites_list_of_headlines_is_offered() {
    let (bench, one, _sound) = one_of_two_broken().await;
    let items: Vec<String> = articles("satu", &[-60, -59, 1, 2, 3])
        .iter()
        .map(|(path, title, _)| format!("<li><h3><a href=\"{path}\">{title}</a></h3></li>"))
        .collect();
    let body = format!(
        "<html><title>satu</title><body><main><ul>{}</ul></main></body></html>",
        items.concat()
    );
    one.server.put("/", Page::of(HTML, body));
    days(&bench, 4).await;
    let offer = bench
        .engine
        .mending()
        .look_for(one.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(offer.to.kind, FoundKind::HeadlineList);
    assert_eq!(offer.proof, OfferProof::Articles { count: 3 });
    bench.engine.mending().accept(one.id).unwrap();
    let report = bench.sync_all().await;
    assert_eq!(
        (report.new, report.failed),
        (2, 0),
        "known articles are not new"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_background_a_feed_is_looked_for_at_growing_intervals() {
    let (bench, one, _sound) = one_of_two_broken().await;
    days(&bench, 4).await;
    let mending = bench.engine.mending();
    let mut searches = Vec::new();
    for day in 0..16 {
        let before = one.server.asked().len();
        assert_eq!(mending.look().await.unwrap(), 0);
        if one.server.asked().len() > before {
            searches.push(day);
        }
        bench.pass(DAY);
    }
    assert_eq!(searches, [0, 2, 6, 14]);
    one.goes_on_at("/rss.xml");
    bench.pass(20 * DAY);
    assert_eq!(mending.look().await.unwrap(), 1);
    assert_eq!(mending.look().await.unwrap(), 0, "asked once");
    assert_eq!(offers(&bench).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_nothing_is_said_to_be_missing() {
    let (bench, one, sound) = one_of_two_broken().await;
    one.goes_on_at("/rss.xml");
    days(&bench, 4).await;
    let id = one.id;
    one.server.stop().await;
    sound.server.stop().await;
    let failure = bench.engine.mending().look_for(id).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Offline);
    assert!(offers(&bench).is_empty());
}
