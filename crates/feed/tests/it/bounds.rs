//! Oversized values are truncated by the parser and affect nothing else.

use std::fmt::Write as _;

use warta_feed::{Feed, Source, opml, parse};

fn feed(document: &str) -> Feed {
    let source = Source {
        bytes: document.as_bytes(),
        url: Some("https://contoh.example/feed"),
        content_type: None,
    };
    parse(&source).expect("it is a feed")
}

/// Longer than every limit.
const MOST: usize = 20_000;

fn longest(feed: &Feed) -> usize {
    let texts = [
        &feed.title,
        &feed.link,
        &feed.description,
        &feed.language,
        &feed.icon,
        &feed.self_url,
    ];
    let mut longest = texts
        .into_iter()
        .flatten()
        .map(String::len)
        .max()
        .unwrap_or_default();
    for entry in &feed.entries {
        let texts = [
            &entry.title,
            &entry.link,
            &entry.original_link,
            &entry.comments,
            &entry.chapters,
            &entry.image,
            &entry.language,
            &entry.base,
        ];
        let lists = entry
            .authors
            .iter()
            .chain(&entry.categories)
            .chain([&entry.id]);
        let files = entry.enclosures.iter().flat_map(|file| {
            [
                Some(&file.url),
                file.media_type.as_ref(),
                file.title.as_ref(),
            ]
            .into_iter()
            .flatten()
        });
        let source = entry
            .source
            .iter()
            .flat_map(|s| [&s.title, &s.url].into_iter().flatten());
        let all = texts
            .into_iter()
            .flatten()
            .chain(lists)
            .chain(files)
            .chain(source);
        longest = longest.max(all.map(String::len).max().unwrap_or_default());
    }
    longest
}

#[test]
fn megabytes_anywhere_in_a_feed_are_cut_and_the_rest_is_read() {
    let long = "é".repeat(1_500_000);
    let address = format!("https://contoh.example/{}", "a".repeat(3_000_000));
    let good = "<item><title>Baik</title><link>https://contoh.example/baik</link></item>";
    let bad = format!(
        "<item><title>{long}</title><link>{address}</link><guid isPermaLink='false'>{long}</guid><author>{long}</author>\
         <category>{long}</category><comments>{address}</comments><source url='{address}'>{long}</source>\
         <enclosure url='{address}' type='audio/mpeg'/><enclosure url='https://a.example/1.mp3' type='{long}'/>\
         <language>{long}</language></item>"
    );
    let document = format!(
        "<rss><channel><title>{long}</title><link>{address}</link><description>{long}</description>\
         <language>{long}</language><image><url>{address}</url></image>{bad}{good}</channel></rss>"
    );
    let read = feed(&document);
    assert!(longest(&read) <= MOST, "{}", longest(&read));
    let title = read.title.as_deref().unwrap_or_default();
    assert!(
        title.len() > 1_000 && title.chars().all(|c| c == 'é'),
        "cut at a character"
    );
    assert_eq!(
        read.link, None,
        "an overlong URL is dropped: a truncated one would point elsewhere"
    );
    assert_eq!(read.entries.len(), 2);
    assert_eq!(read.entries[0].link.as_deref(), None);
    assert_eq!(read.entries[0].enclosures.len(), 1);
    assert_eq!(read.entries[1].title.as_deref(), Some("Baik"));

    let json = format!(
        r#"{{"version":"https://jsonfeed.org/version/1.1","title":"{long}","home_page_url":"{address}","items":[
        {{"id":"{long}","url":"{address}","title":"{long}","tags":["{long}"],"authors":[{{"name":"{long}"}}],
        "attachments":[{{"url":"{address}"}}],"language":"{long}"}},{{"id":"2","title":"Baik"}}]}}"#
    );
    let read = feed(&json);
    assert!(longest(&read) <= MOST, "{}", longest(&read));
    assert_eq!(read.entries[1].title.as_deref(), Some("Baik"));
}

#[test]
fn ids_that_are_too_long_stay_distinct_and_the_same() {
    let start = "a".repeat(50_000);
    let item = |id: &str| {
        format!("<item><guid isPermaLink='false'>{start}{id}</guid><title>t</title></item>")
    };
    let ids = |items: &str| -> Vec<String> {
        let read = feed(&format!("<rss><channel>{items}</channel></rss>"));
        read.entries.into_iter().map(|entry| entry.id).collect()
    };
    let both = ids(&(item("1") + &item("2")));
    assert_ne!(both[0], both[1]);
    assert!(both.iter().all(|id| id.len() <= 2_000));
    assert_eq!(ids(&item("2")), both[1..], "from fetch to fetch");
    let short = "<item><guid isPermaLink='false'>g</guid><title>t</title></item>";
    assert_eq!(ids(short), ["g"], "others stay as they are");
}

#[test]
fn lists_end() {
    let mut parts = String::new();
    for n in 0..500 {
        let _ = write!(
            parts,
            "<category>{n}</category><author>p{n}</author><enclosure url='https://a.example/{n}.mp3' type='audio/mpeg'/>"
        );
    }
    let read = feed(&format!(
        "<rss><channel><item><title>t</title>{parts}</item></channel></rss>"
    ));
    let entry = &read.entries[0];
    let lengths = [
        entry.categories.len(),
        entry.authors.len(),
        entry.enclosures.len(),
    ];
    assert_eq!(lengths, [50; 3]);
}

#[test]
fn of_too_many_entries_the_newest_are_kept() {
    let entries = |order: &mut dyn Iterator<Item = u32>| {
        let mut items = String::new();
        for n in order {
            let (hour, minute) = (n / 60 % 24, n % 60);
            let day = 1 + n / 1440;
            let _ = write!(
                items,
                "<item><guid>{n}</guid><pubDate>{day} Mar 2026 {hour:02}:{minute:02}:00 GMT</pubDate></item>"
            );
        }
        let read = feed(&format!("<rss><channel>{items}</channel></rss>"));
        assert_eq!(read.entries.len(), 10_000);
        assert_eq!(read.problems, ["50 entries are left out"]);
        let ids: Vec<String> = read.entries.into_iter().map(|entry| entry.id).collect();
        (ids[0].clone(), ids[ids.len() - 1].clone())
    };
    let oldest_first = entries(&mut (0..10_050));
    assert_eq!(oldest_first, ("50".to_owned(), "10049".to_owned()));
    let newest_first = entries(&mut (0..10_050).rev());
    assert_eq!(newest_first, ("10049".to_owned(), "50".to_owned()));
}

#[test]
fn an_overlong_folder_or_name_affects_no_other_subscription() {
    let long = "é".repeat(1_500);
    let address = format!("https://a.example/{}", "a".repeat(50_000));
    let document = format!(
        "<opml><body><outline text='{long}'><outline text='Satu' xmlUrl='https://a.example/1'/>\
         <outline text='{long}'><outline text='{long}' htmlUrl='{address}' xmlUrl='https://a.example/2'/></outline></outline>\
         <outline text='Terlalu panjang' xmlUrl='{address}'/><outline text='Tiga' category='/{long}/{long}/{long}/{long}' xmlUrl='https://a.example/3'/>\
         </body></opml>"
    );
    let read = opml::parse(document.as_bytes()).unwrap();
    let urls: Vec<_> = read.feeds.iter().map(|feed| feed.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://a.example/1",
            "https://a.example/2",
            "https://a.example/3"
        ]
    );
    for feed in &read.feeds {
        let path = feed.folder.join(" / ");
        assert!(
            !path.is_empty() && path.len() <= 1_000,
            "{} bytes",
            path.len()
        );
        assert!(feed.title.as_ref().is_none_or(|title| title.len() <= 4_000));
        assert_eq!(feed.site, None);
    }
    assert!(
        read.problems.iter().any(|p| p.what.contains("too long")),
        "{:?}",
        read.problems
    );
    assert!(read.problems.iter().all(|p| p.what.len() < 1_000));
}
