//! Fills a store with made-up articles and measures it:
//! `cargo run --release -p warta-store --example archive -- FOLDER ARTICLES FEEDS`.
//! A folder that is filled already is only opened and read.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use warta_store::{
    Added, FeedBatch, FeedFacts, FeedId, ListQuery, NewArticle, NewFeed, Options, Place, Result,
    Store, StoreError,
};

const NOW: i64 = 1_795_500_000;
const BATCH: usize = 30;
/// Fetches that are stored at the same time.
const WRITERS: usize = 16;
const WORDS: &[&str] = &[
    "pemerintah",
    "kota",
    "warga",
    "banjir",
    "harga",
    "beras",
    "pasar",
    "menteri",
    "sekolah",
    "guru",
    "jalan",
    "kereta",
    "hujan",
    "pelabuhan",
    "nelayan",
    "government",
    "market",
    "school",
    "river",
    "train",
    "yang",
    "dan",
    "di",
    "untuk",
    "dengan",
    "the",
    "of",
    "and",
    "to",
    "in",
];

/// A small generator of numbers that look random; the same every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963);
        (self.0 >> 33) as usize % below.max(1)
    }

    fn sentence(&mut self, words: usize) -> String {
        let mut text = String::new();
        for at in 0..words {
            if at > 0 {
                text.push(' ');
            }
            // Common words and a long tail of rare ones, as in a language.
            if self.next(3) > 0 {
                text.push_str(WORDS[self.next(WORDS.len())]);
            } else {
                let rare = self.next(200).pow(2) + self.next(100);
                text.push_str(["ka", "ri", "mo", "ten", "su", "la"][rare % 6]);
                text.push_str(["bara", "nusa", "lima", "tera", "wangi"][rare / 6 % 5]);
                text.push_str(&rare.to_string());
            }
        }
        text
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, articles, feeds] = arguments.as_slice() else {
        return Err(StoreError::Invalid("FOLDER ARTICLES FEEDS".into()));
    };
    let number = |text: &String| text.parse().map_err(|_| StoreError::Invalid(text.clone()));
    let (articles, feeds): (usize, usize) = (number(articles)?, number(feeds)?);
    let folder = Path::new(folder);
    if !folder.join("format").exists() {
        fill(folder, articles, feeds)?;
    }
    measure(folder)
}

fn open(folder: &Path) -> Result<Store> {
    Store::open_with(
        folder,
        Options {
            automatic_snapshots: false,
            ..Options::default()
        },
    )
}

fn fill(folder: &Path, articles: usize, feeds: usize) -> Result<()> {
    let store = open(folder)?;
    let mut new = Vec::new();
    for at in 0..feeds {
        new.push(NewFeed {
            url: format!("https://feed.example/{at}"),
            custom_title: None,
            folder: Some(store.folder_named(&format!("Folder {}", at % 20))?),
            title: Some(format!("Feed {at}")),
            site: None,
        });
    }
    let ids: Vec<FeedId> = store
        .add_feeds(&new, NOW)?
        .into_iter()
        .map(|added| match added {
            Added::New(id) | Added::Already(id) => id,
        })
        .collect();
    let started = Instant::now();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| scope.spawn(|| write(&store, &ids, articles, &next)))
            .collect();
        writers.into_iter().try_for_each(|writer| {
            writer
                .join()
                .unwrap_or_else(|_| Err(StoreError::Invalid("a writer panicked".into())))
        })
    })?;
    let spent = started.elapsed();
    println!(
        "stored {articles} in {spent:.1?}: {:.0}/s",
        articles as f64 / spent.as_secs_f64()
    );
    store.finish_indexing()?;
    println!("stored and indexed after {:.1?}", started.elapsed());
    Ok(())
}

/// Commits batches until all are taken, as the fetches of a sync do.
fn write(store: &Store, feeds: &[FeedId], articles: usize, next: &AtomicUsize) -> Result<()> {
    loop {
        let first = next.fetch_add(BATCH, Ordering::Relaxed);
        if first >= articles {
            return Ok(());
        }
        let mut numbers = Numbers(first as u64);
        let articles = (first..articles.min(first + BATCH))
            .map(|at| made_up(&mut numbers, at))
            .collect();
        let feed = feeds[first / BATCH % feeds.len()];
        let facts = FeedFacts::default();
        store.commit(FeedBatch {
            feed,
            facts,
            articles,
            received_at: NOW,
        })?;
    }
}

fn made_up(numbers: &mut Numbers, at: usize) -> NewArticle {
    let mut html = String::new();
    for _ in 0..8 {
        html.push_str("<p>");
        html.push_str(&numbers.sentence(50));
        html.push_str(".</p>\n");
    }
    NewArticle {
        guid: format!("https://site.example/2026/{at}"),
        url: Some(format!("https://site.example/2026/{at}")),
        title: numbers.sentence(9),
        authors: vec!["Redaksi".into()],
        published: Some(NOW - 1_000_000 + at as i64),
        excerpt: numbers.sentence(30),
        word_count: 400,
        html,
        read: numbers.next(10) > 0,
        ..NewArticle::default()
    }
}

fn measure(folder: &Path) -> Result<()> {
    let started = Instant::now();
    let store = open(folder)?;
    let opened = started.elapsed();
    let first = ListQuery {
        place: Place::All,
        unread_only: false,
        before: None,
        limit: 100,
    };
    store.list(&first)?;
    println!(
        "opened in {opened:.1?}, first list after {:.1?}",
        started.elapsed()
    );
    println!("resident {} MB after open", resident() >> 20);
    let feeds = store.feeds()?;
    let folders = store.folders()?;
    let mut numbers = Numbers(3);
    for (name, unread_only) in [("lists", false), ("unread lists", true)] {
        let feed = |n: &mut Numbers| Place::Feed(feeds[n.next(feeds.len())].id);
        let of_feed = timed(&store, 500, unread_only, || feed(&mut numbers))?;
        let folder = |n: &mut Numbers| Place::Folder(folders[n.next(folders.len())].id);
        let of_folder = timed(&store, 500, unread_only, || folder(&mut numbers))?;
        let all = timed(&store, 500, unread_only, || Place::All)?;
        println!("{name}: feed {of_feed}, folder {of_folder}, all {all}");
    }
    store.finish_indexing()?;
    let queries = [
        "banjir",
        "harga beras",
        "pemerintah kota warga",
        "pel",
        "\"harga beras\"",
    ];
    for query in queries {
        let mut times = Vec::new();
        let mut total = 0;
        for _ in 0..50 {
            let before = Instant::now();
            total = store.search(query, 20, 0)?.total;
            times.push(before.elapsed());
        }
        println!("search {query:?}: {total} found, {}", quantiles(times));
    }
    println!("resident {} MB at work", resident() >> 20);
    let before = Instant::now();
    let (changed, token) = store.mark_all_read(Place::All, None, NOW)?;
    println!("marked {changed} read in {:.1?}", before.elapsed());
    let all = timed(&store, 100, true, || Place::All)?;
    println!("unread list of nothing: {all}");
    let before = Instant::now();
    store.undo(token)?;
    println!("taken back in {:.1?}", before.elapsed());
    let usage = store.usage()?;
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "{} articles: {:.0} MB, of which texts {:.0}, search {:.0}",
        usage.articles,
        megabytes(usage.bytes_total),
        megabytes(usage.bytes_bodies),
        megabytes(usage.bytes_search)
    );
    Ok(())
}

fn timed(
    store: &Store,
    times: usize,
    unread_only: bool,
    mut place: impl FnMut() -> Place,
) -> Result<String> {
    let mut spent = Vec::new();
    for _ in 0..times {
        let query = ListQuery {
            place: place(),
            unread_only,
            before: None,
            limit: 100,
        };
        let before = Instant::now();
        store.list(&query)?;
        spent.push(before.elapsed());
    }
    Ok(quantiles(spent))
}

fn quantiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    format!("p50 {:.2?} p99 {:.2?}", at(0.5), at(0.99))
}

/// What this process has in memory, in bytes; zero where the system does not say.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok())
        .unwrap_or(0)
        << 10
}
