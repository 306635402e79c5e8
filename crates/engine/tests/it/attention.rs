//! Followed and muted stories, rules, tags, saved searches, retention, trending history and the
//! source finder.

use warta_engine::api::{
    ArticleRow, Event, FailureCode, FeedChange, FrontPage, Mark, Notice, Period, Place, Rule,
    Settings, Sureness,
};

use crate::server::{Page, Server};
use crate::{Bench, NOON, rss};

const RSS: &str = "application/rss+xml";
const DAY: i64 = 86_400;

/// Publishers with one feed each, whose entries a test changes.
struct Papers {
    bench: Bench,
    servers: Vec<Server>,
}

type Entry<'a> = (&'a str, &'a str, &'a str);

const FERRY: [Entry<'static>; 3] = [
    (
        "a",
        "Feri Nusa Laut tenggelam di Selat Bangka, 40 penumpang selamat",
        "<p>Feri Nusa Laut tenggelam di Selat Bangka pada Senin pagi. Sebanyak 40 penumpang selamat.</p>",
    ),
    (
        "a",
        "40 penumpang selamat setelah feri Nusa Laut tenggelam",
        "<p>Sebanyak 40 penumpang feri Nusa Laut selamat setelah kapal tenggelam di Selat Bangka.</p>",
    ),
    (
        "a",
        "Tim penyelamat Selat Bangka: seluruh penumpang feri Nusa Laut selamat",
        "<p>Tim penyelamat menyebut 40 penumpang feri Nusa Laut di Selat Bangka selamat semua. Asuransi \
         Jaya Mandiri menyiapkan santunan Rp 90 juta bagi pemilik muatan.</p>",
    ),
];

impl Papers {
    async fn new(count: usize) -> Self {
        let bench = Bench::new();
        let mut servers = Vec::new();
        for _ in 0..count {
            let server = Server::start().await;
            bench.subscribe(&server.url("/feed"));
            servers.push(server);
        }
        Self { bench, servers }
    }

    async fn with_ferry() -> Self {
        let papers = Self::new(3).await;
        for (at, entry) in FERRY.into_iter().enumerate() {
            papers.publish(at, &[entry]);
        }
        papers.sync().await;
        papers.bench.engine.stories().gather_stories().unwrap();
        papers
    }

    fn publish(&self, at: usize, entries: &[Entry<'_>]) {
        let site = format!("https://penerbit{at}.example/");
        let feed = rss(&format!("Penerbit {at}"), entries).replace("https://kabar.example/", &site);
        self.servers[at].put("/feed", Page::of(RSS, feed));
    }

    async fn sync(&self) {
        self.bench.sync_all().await;
    }

    fn reopened(self) -> Self {
        let bench = self.bench.reopened();
        bench.engine.stories().gather_stories().unwrap();
        Self { bench, ..self }
    }

    fn front(&self) -> FrontPage {
        self.bench.engine.stories().front_page().unwrap()
    }

    fn all(&self) -> Vec<ArticleRow> {
        self.bench.rows(Place::All)
    }
}

fn rule(words: &[&str]) -> Rule {
    Rule {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        ..Rule::default()
    }
}

fn notices(events: &mut tokio::sync::broadcast::Receiver<Event>) -> Vec<Notice> {
    let mut all = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Noticed { notice } = event {
            all.push(notice);
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn publishers_of_removed_feeds_are_omitted_from_stories() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    let before = papers.front().stories.remove(0);
    assert_eq!(before.publishers.len(), 3);
    let first = before.why.first_publisher.clone();
    let feeds = engine.places().unwrap().feeds;
    let left = feeds.iter().find(|feed| feed.title == first).unwrap().id;
    let undoable = engine.feeds().remove_feed(left).unwrap();
    let after = papers.front().stories.remove(0);
    assert_eq!((after.publishers.len(), after.why.publishers), (2, 2));
    assert!(!after.publishers.contains(&first), "{after:?}");
    assert!(after.publishers.contains(&after.why.first_publisher));
    assert!(after.why.first_at >= before.why.first_at);

    assert!(engine.marks().undo(undoable.token).unwrap());
    let again = papers.front().stories.remove(0);
    assert_eq!(
        (&again.publishers, &again.why),
        (&before.publishers, &before.why)
    );

    for feed in &feeds[..2] {
        engine.feeds().remove_feed(feed.id).unwrap();
    }
    assert!(
        papers.front().stories.is_empty(),
        "one publisher is not enough to be trending"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_is_summarised_with_sentences_of_its_publishers() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    let silent = papers.bench.subscribe(&papers.servers[0].url("/lain"));
    let other = rss("Lain", &[("z", "Harga cabai turun", "<p>Cabai murah.</p>")]);
    papers.servers[0].put("/lain", Page::of(RSS, other));
    let into = |name: &str| FeedChange {
        folder: Some(vec![name.into()]),
        ..FeedChange::default()
    };
    engine
        .feeds()
        .change_feed(silent, &into("Ekonomi"))
        .unwrap();
    let ferry = papers.all()[0].feed;
    engine.feeds().change_feed(ferry, &into("Umum")).unwrap();
    papers.sync().await;
    let story = papers.front().stories.remove(0);
    let page = engine.stories().story(story.id).unwrap();
    assert!(!page.summary.is_empty(), "{page:?}");
    for quote in &page.summary {
        assert!(quote.publisher.starts_with("Penerbit "), "{quote:?}");
    }
    let reported: usize = page.reports.iter().map(|one| 1 + one.copies.len()).sum();
    assert_eq!(
        reported,
        page.articles.len(),
        "every article is listed once"
    );
    let times: Vec<i64> = page.articles.iter().map(|row| row.time).collect();
    assert!(times.is_sorted(), "oldest first");
    assert!(
        page.only
            .iter()
            .any(|quote| quote.text.contains("Jaya Mandiri")),
        "sentences of one publisher only: {:?}",
        page.only
    );
    assert_eq!(page.silent, ["Ekonomi"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_followed_story_notifies_also_after_a_restart() {
    let papers = Papers::with_ferry().await;
    let story = papers.front().stories.remove(0);
    papers
        .bench
        .engine
        .stories()
        .follow_story(story.id, true)
        .unwrap();
    assert!(papers.front().stories[0].followed);
    let papers = papers.reopened();
    assert!(papers.front().stories[0].followed, "it is still followed");
    assert_eq!(papers.bench.engine.stories().watched().followed.len(), 1);
    papers.bench.pass(3600);
    let mut events = papers.bench.engine.events();
    // The same report again is not a development.
    let again = (
        "b",
        "Sebanyak 40 penumpang feri Nusa Laut selamat di Selat Bangka",
        "<p>Sebanyak 40 penumpang feri Nusa Laut yang tenggelam di Selat Bangka selamat.</p>",
    );
    papers.publish(0, &[again, FERRY[0]]);
    papers.sync().await;
    assert_eq!(notices(&mut events), []);
    let next = (
        "c",
        "Feri Nusa Laut tenggelam di Selat Bangka: nakhoda ditahan, penumpang selamat",
        "<p>Nakhoda feri Nusa Laut yang tenggelam di Selat Bangka bersama 40 penumpang ditahan. Menurut \
         Kapolres Wisnu Bagaskara, muatan kapal mencapai 90 ton.</p>",
    );
    papers.publish(1, &[next, FERRY[1]]);
    papers.sync().await;
    let told = notices(&mut events);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].text.starts_with("Penerbit 1: "), "{told:?}");
    assert!(told[0].story.is_some());
    papers
        .bench
        .engine
        .stories()
        .follow_story(story.id, false)
        .unwrap();
    assert!(papers.bench.engine.stories().watched().followed.is_empty());
    assert!(!papers.front().stories[0].followed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_muted_story_is_hidden_until_unmuted() {
    let papers = Papers::with_ferry().await;
    let story = papers.front().stories.remove(0);
    let watch = papers.bench.engine.stories().mute_story(story.id).unwrap();
    let papers = papers.reopened();
    assert!(papers.front().stories.is_empty());
    assert!(
        papers.front().latest.is_empty(),
        "it must not be among the latest"
    );
    assert!(papers.all().is_empty(), "it must not be in a list");
    let next = (
        "c",
        "Bangkai feri Nusa Laut ditemukan di Selat Bangka",
        "<p>Bangkai feri Nusa Laut yang tenggelam di Selat Bangka dengan 40 penumpang ditemukan.</p>",
    );
    let other = (
        "d",
        "Harga cabai turun di Pasar Induk",
        "<p>Cabai murah.</p>",
    );
    papers.publish(0, &[next, other, FERRY[0]]);
    papers.sync().await;
    assert_eq!(papers.bench.titles(Place::All), [other.1]);
    let places = papers.bench.engine.places().unwrap();
    assert_eq!(places.all.unread, 1, "muted articles count as read");
    papers.bench.engine.search().finish_indexing().unwrap();
    let found = papers
        .bench
        .engine
        .search()
        .search("nusa laut", 10, 0)
        .unwrap();
    assert_eq!(found.total, 4, "search still finds it");
    papers.bench.engine.stories().unwatch(watch).unwrap();
    assert_eq!(papers.all().len(), 5);
    assert_eq!(papers.front().stories.len(), 1);
    assert_eq!(papers.bench.engine.places().unwrap().all.unread, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_apply_once_to_arriving_articles() {
    let papers = Papers::new(2).await;
    let engine = &papers.bench.engine;
    let mute = engine
        .rules()
        .keep_rule(Rule {
            mute: true,
            ..rule(&["Liga Satu"])
        })
        .unwrap();
    assert_eq!(mute.name, "Liga Satu", "named by its first word");
    let of_text = Rule {
        save: true,
        notify: true,
        tag: Some("Kapal".into()),
        ..rule(&["selat bangka"])
    };
    engine.rules().keep_rule(of_text).unwrap();
    let ended = Rule {
        mark_read: true,
        ends_at: Some(NOON - 1),
        ..rule(&["cabai"])
    };
    engine.rules().keep_rule(ended).unwrap();
    let mut events = engine.events();
    papers.publish(
        0,
        &[
            ("a", "Hasil Liga Satu semalam", "<p>Skor.</p>"),
            ("b", "Kabar laut", "<p>Ombak tinggi di Selat Bangka.</p>"),
            ("c", "Harga cabai", "<p>Naik.</p>"),
        ],
    );
    papers.sync().await;
    assert_eq!(
        papers.bench.titles(Place::All),
        ["Kabar laut", "Harga cabai"]
    );
    assert_eq!(papers.bench.titles(Place::Saved), ["Kabar laut"]);
    assert_eq!(
        papers.bench.titles(Place::Unread),
        ["Kabar laut", "Harga cabai"]
    );
    let places = engine.places().unwrap();
    assert_eq!(places.all.unread, 2);
    assert_eq!(places.tags.len(), 1);
    assert_eq!(
        (places.tags[0].name.as_str(), places.tags[0].count.unread),
        ("Kapal", 1)
    );
    let tag = Place::Tag {
        id: places.tags[0].id,
    };
    assert_eq!(papers.bench.titles(tag), ["Kabar laut"]);
    let told = notices(&mut events);
    assert_eq!((told.len(), told[0].text.as_str()), (1, "Kabar laut"));
    // The reader's marks are kept when the feed is fetched with changes.
    let unsave = Mark {
        read: None,
        saved: Some(false),
    };
    engine.marks().mark(&[papers.all()[0].id], unsave).unwrap();
    papers.publish(
        0,
        &[(
            "b",
            "Kabar laut",
            "<p>Ombak tinggi sekali di Selat Bangka.</p>",
        )],
    );
    papers.sync().await;
    assert!(papers.bench.titles(Place::Saved).is_empty());
    let papers = papers.reopened();
    assert_eq!(papers.bench.engine.rules().rules().len(), 3);
    assert_eq!(
        papers.bench.titles(Place::All),
        ["Kabar laut", "Harga cabai"]
    );
    assert_eq!(papers.bench.titles(tag), ["Kabar laut"]);
    papers.bench.engine.rules().remove_rule(mute.id).unwrap();
    papers.publish(1, &[("z", "Liga Satu libur", "<p>Jeda.</p>")]);
    papers.sync().await;
    assert_eq!(papers.bench.titles(Place::All)[0], "Liga Satu libur");
    let undo = papers
        .bench
        .engine
        .marks()
        .mark_all_read(tag, None)
        .unwrap();
    assert_eq!(undo.changed, 1);
    assert!(papers.bench.engine.marks().undo(undo.token).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_rule_actions_are_done_after_a_kill() {
    let papers = Papers::new(1).await;
    papers.sync().await;
    let Papers { bench, servers } = papers;
    let bench = bench.reopened_after(|folder| {
        // The state after a kill between storing the article and carrying out the rules.
        let store = warta_store::Store::open(folder).unwrap();
        let feed = store.feeds().unwrap().remove(0);
        let article = warta_store::NewArticle {
            guid: "a".into(),
            title: "Kabar laut".into(),
            note: Some(r#"{"tags":["Kapal"],"told_by":["Laut"]}"#.into()),
            ..warta_store::NewArticle::default()
        };
        let batch = warta_store::FeedBatch {
            feed: feed.id,
            facts: feed.facts,
            articles: vec![article],
            received_at: NOON,
        };
        store.commit(batch).unwrap();
    });
    let tags = bench.engine.places().unwrap().tags;
    assert_eq!((tags[0].name.as_str(), tags[0].count.total), ("Kapal", 1));

    for told in [1, 0] {
        let mut events = bench.engine.events();
        let engine = bench.engine.clone();
        let background = tokio::spawn(async move { engine.background().keep_fresh().await });
        tokio::time::sleep(std::time::Duration::from_millis(800)).await;
        background.abort();
        let notices = notices(&mut events);
        assert_eq!(
            notices.len(),
            told,
            "only one notification is sent: {notices:?}"
        );
        assert!(notices.iter().all(|notice| notice.text == "Kabar laut"));
    }
    drop(servers);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_trial_changes_nothing() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    let of_text = Rule {
        mute: true,
        ..rule(&["santunan"])
    };
    let trial = engine.rules().try_rule(of_text).unwrap();
    assert_eq!(
        (trial.looked_at, trial.matching, trial.rows.len()),
        (3, 1, 1)
    );
    assert_eq!(papers.all().len(), 3);
    assert!(engine.rules().rules().is_empty());
    let broken = Rule {
        pattern: Some("(".into()),
        mute: true,
        ..Rule::default()
    };
    let refused = engine.rules().try_rule(broken).unwrap_err();
    assert_eq!(refused.code, FailureCode::BadPattern);
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_an_article_marks_its_story_read_if_set() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    let _ = papers.front();
    let first = papers.all()[0].id;
    assert_eq!(engine.marks().mark_opened(first).unwrap(), [first]);
    engine
        .set_settings(Settings {
            mark_story_read: true,
            ..engine.settings()
        })
        .unwrap();
    let _ = papers.front();
    assert_eq!(engine.marks().mark_opened(first).unwrap().len(), 2);
    assert!(papers.bench.titles(Place::Unread).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn past_trending_stories_are_available() {
    let papers = Papers::with_ferry().await;
    let _ = papers.front();
    papers.bench.pass(30 * DAY);
    let papers = papers.reopened();
    let engine = &papers.bench.engine;
    assert!(
        papers.front().stories.is_empty(),
        "the story is no longer trending"
    );
    for period in [Period::Day, Period::Week] {
        let past = engine.stories().past_trending(period, None).unwrap();
        assert!(past.from <= NOON && NOON < past.to);
        assert_eq!(past.stories.len(), 1);
        assert_eq!(past.stories[0].publishers.len(), 3);
        assert_eq!(
            past.stories[0].articles.len(),
            3,
            "its articles are still stored"
        );
        assert_eq!((past.earlier, past.later), (None, None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_text_or_link_finds_the_earliest_article() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    engine.search().finish_indexing().unwrap();
    let rows = papers.all();
    let link = rows[1].url.clone().unwrap();
    let link = link.split('?').next().unwrap();
    let by_link = engine
        .stories()
        .find_original(&format!("lihat {link}?fbclid=x"))
        .unwrap();
    assert_eq!(by_link.sure, Sureness::SameLink);
    assert_eq!(
        by_link.others.len() + usize::from(by_link.closest.is_some()),
        2
    );
    let message = format!(
        "*{}*\n_diteruskan berkali-kali_\nHati-hati ya",
        rows[0].title
    );
    let same = engine.stories().find_original(&message).unwrap();
    assert_eq!(same.sure, Sureness::SameText, "{same:?}");
    assert!(same.story.is_some());
    let reworded = "Kapal feri Nusa Laut karam Selat Bangka 40 orang selamat semua katanya";
    let likely = engine.stories().find_original(reworded).unwrap();
    assert!(likely.sure >= Sureness::Perhaps, "{likely:?}");
    let nothing = engine
        .stories()
        .find_original("Presiden Antah Berantah meresmikan 12 jembatan gantung")
        .unwrap();
    assert_eq!(nothing.sure, Sureness::Nothing, "{nothing:?}");
    let empty = engine.stories().find_original("  ").unwrap_err();
    assert_eq!(empty.code, FailureCode::BadInput);
}

#[tokio::test(flavor = "multi_thread")]
async fn saved_searches_are_listed_with_counts() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    engine.search().finish_indexing().unwrap();
    let kept = engine
        .saved_searches()
        .save_search("Feri", "nusa laut")
        .unwrap();
    let count = engine.saved_searches().search_counts().unwrap()[0];
    assert_eq!(
        (count.id, count.count.total, count.count.unread),
        (kept.id, 3, 3)
    );
    engine
        .saved_searches()
        .save_search("Kapal feri", "nusa laut")
        .unwrap();
    let places = engine.places().unwrap();
    assert_eq!(places.searches.len(), 1, "renamed, not duplicated");
    assert_eq!(places.searches[0].name, "Kapal feri");
    engine.saved_searches().remove_search(kept.id).unwrap();
    assert!(engine.places().unwrap().searches.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn retention_removes_articles_and_reports_it() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    let save = Mark {
        read: None,
        saved: Some(true),
    };
    let kept = papers.all()[2].clone();
    engine.marks().mark(&[kept.id], save).unwrap();
    assert_eq!(engine.maintenance().usage().unwrap().tidied, None);
    engine
        .set_settings(Settings {
            keep_days: 30,
            keep_unread: false,
            ..engine.settings()
        })
        .unwrap();
    let nothing = engine.maintenance().free_space().unwrap();
    assert_eq!((nothing.articles, nothing.failure), (0, None));
    papers.bench.pass(31 * DAY);
    let tidied = engine.maintenance().free_space().unwrap();
    assert_eq!(tidied.articles, 2);
    assert_eq!(papers.all().len(), 1, "saved articles are always kept");
    assert_eq!(papers.all()[0].id, kept.id);
    assert_eq!(engine.maintenance().usage().unwrap().tidied, Some(tidied));
    let own = FeedChange {
        keep_articles: Some(5),
        ..FeedChange::default()
    };
    engine.feeds().change_feed(kept.feed, &own).unwrap();
    let details = engine.feeds().feed_details(kept.feed).unwrap();
    assert_eq!((details.keep_articles, details.keep_days), (Some(5), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_feed_provides_the_headline() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    for row in papers.all() {
        let trust = |trusted| FeedChange {
            trusted: Some(trusted),
            ..FeedChange::default()
        };
        engine.feeds().change_feed(row.feed, &trust(true)).unwrap();
        assert_eq!(papers.front().stories[0].headline, row.title);
        assert!(engine.feeds().feed_details(row.feed).unwrap().trusted);
        engine.feeds().change_feed(row.feed, &trust(false)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_applied_rule_does_what_its_trial_found_and_is_undone() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    let wanted = Rule {
        mute: true,
        save: true,
        tag: Some("Laut".into()),
        ..rule(&["santunan"])
    };
    let before: Vec<(u64, bool, bool)> = marks(&papers);
    let trial = engine.rules().try_rule(wanted.clone()).unwrap();
    let applied = engine.rules().apply_rule(wanted).unwrap();
    assert_eq!(applied.matching, trial.matching);
    assert_eq!(papers.all().len(), 2, "muted articles are not listed");
    let saved = papers.bench.rows(Place::Saved);
    assert_eq!(saved.len(), 1);
    assert!(saved[0].read);
    let tags = engine.tags().tags_of(&[saved[0].id]).unwrap();
    assert_eq!((tags[0].name.as_str(), tags[0].articles), ("Laut", 1));
    assert!(engine.rules().undo_rule(applied.token).unwrap());
    assert_eq!(marks(&papers), before);
    assert_eq!(
        engine.tags().tags_of(&[saved[0].id]).unwrap()[0].articles,
        0
    );
    assert!(!engine.rules().undo_rule(applied.token).unwrap(), "once");
}

fn marks(papers: &Papers) -> Vec<(u64, bool, bool)> {
    let rows = papers.all();
    rows.iter()
        .map(|row| (row.id, row.read, row.saved))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_is_switched_off_does_nothing() {
    let papers = Papers::with_ferry().await;
    let engine = &papers.bench.engine;
    let off = Rule {
        mute: true,
        off: true,
        ..rule(&["kapal"])
    };
    let kept = engine.rules().keep_rule(off).unwrap();
    papers.publish(0, &[("z", "Kapal lain tiba", "<p>Kapal lain.</p>")]);
    papers.sync().await;
    assert!(
        papers
            .all()
            .iter()
            .any(|row| row.title == "Kapal lain tiba")
    );
    let on = Rule { off: false, ..kept };
    engine.rules().keep_rule(on).unwrap();
    papers.publish(0, &[("y", "Kapal ketiga tiba", "<p>Kapal ketiga.</p>")]);
    papers.sync().await;
    assert!(
        papers
            .all()
            .iter()
            .all(|row| row.title != "Kapal ketiga tiba")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_given_taken_off_renamed_and_joined() {
    let papers = Papers::with_ferry().await;
    let ids: Vec<u64> = papers.all().iter().map(|row| row.id).collect();
    let tags = papers.bench.engine.tags();
    let sea = tags.tag(&ids[..2], " Laut ", true).unwrap();
    assert_eq!((sea.name.as_str(), sea.changed.len()), ("Laut", 2));
    let more = tags.tag(&ids, "laut", true).unwrap();
    assert_eq!((more.id, &more.changed), (sea.id, &vec![ids[2]]));
    let off = tags.tag(&ids[..1], "Laut", false).unwrap();
    assert_eq!(off.changed, [ids[0]]);
    assert!(tags.tag(&[99], "Laut", true).unwrap().changed.is_empty());
    tags.tag(&ids, "", true).unwrap_err();
    tags.tag(&ids, "Belum ada", false).unwrap_err();
    let port = tags.tag(&ids[..1], "Pelabuhan", true).unwrap();
    let joined = tags.rename_tag(port.id, "laut").unwrap();
    assert_eq!(joined.id, sea.id);
    let papers = papers.reopened();
    let tags = papers.bench.engine.tags();
    let all = tags.tags_of(&ids).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].id, all[0].articles), (sea.id, 3));
    let renamed = tags.rename_tag(sea.id, "Samudra").unwrap();
    assert_eq!(renamed.id, sea.id);
    assert_eq!(papers.bench.rows(Place::Tag { id: sea.id }).len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_tag_can_be_undone() {
    let papers = Papers::with_ferry().await;
    let ids: Vec<u64> = papers.all().iter().map(|row| row.id).collect();
    let tags = papers.bench.engine.tags();
    let sea = tags.tag(&ids[..2], "Laut", true).unwrap();
    let empty = tags.tag(&[], "Kosong", true).unwrap();
    for tag in [&sea, &empty] {
        let removed = tags.remove_tag(tag.id).unwrap();
        assert_eq!((removed.id, &removed.name), (tag.id, &tag.name));
        tags.remove_tag(tag.id).unwrap_err();
        tags.tag(&removed.changed, &removed.name, true).unwrap();
    }
    let papers = papers.reopened();
    let all = papers.bench.engine.tags().tags_of(&ids).unwrap();
    let all: Vec<(&str, u32)> = all
        .iter()
        .map(|tag| (tag.name.as_str(), tag.articles))
        .collect();
    assert_eq!(all, [("Kosong", 0), ("Laut", 2)]);
}
