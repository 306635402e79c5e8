//! Fills a store with made-up articles and measures it:
//! `archive FOLDER ARTICLES FEEDS SENTENCES [PART …]`, best through `benches/archive.py`.
//! Parts: `fill`, `open`, `lists`, `mark`, `search`, `index`, `beside`, `purge`; without one, all but
//! the last three. `fill` is left out where a store is already.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use warta_store::{
    Added, Committed, FeedBatch, FeedFacts, FeedId, Keep, ListQuery, Mark, NewArticle, NewFeed,
    Options, Place, Result, Store, StoreError,
};

/// The one of both programs.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const NOW: i64 = 1_795_500_000;
const BATCH: usize = 30;
const FOLDERS: usize = 20;
/// Fetches that are stored at the same time.
const WRITERS: usize = 16;
/// Batches that are stored together, as in a sync.
const TOGETHER: usize = 32;
/// One in this many articles is saved.
const SAVED: usize = 50;
/// Looks of each kind.
const LOOKS: usize = 2_000;
/// How often storing with and without the index is compared.
const ROUNDS: usize = 5;
/// Seconds after the first article in which the index is still left alone, and in which it follows.
const INDEX_WAITS: (u64, u64) = (1, 9);
const INDEX_FOLLOWS: (u64, u64) = (11, 21);

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
}

struct Bench {
    folder: PathBuf,
    articles: usize,
    feeds: usize,
    sentences: Vec<String>,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, articles, feeds, sentences, parts @ ..] = arguments.as_slice() else {
        let usage = "FOLDER ARTICLES FEEDS SENTENCES [PART …]";
        return Err(StoreError::Invalid(usage.into()));
    };
    let number = |text: &String| text.parse().map_err(|_| StoreError::Invalid(text.clone()));
    let bench = Bench {
        folder: folder.into(),
        articles: number(articles)?,
        feeds: number(feeds)?,
        sentences: std::fs::read_to_string(sentences)?
            .lines()
            .map(str::to_owned)
            .collect(),
    };
    let wants = |part: &str, by_default: bool| {
        (parts.is_empty() && by_default) || parts.iter().any(|wanted| wanted == part)
    };
    if wants("fill", true) && !bench.folder.join("format").exists() {
        bench.fill()?;
    }
    bench.dump()?;
    if wants("open", true) {
        bench.measure_open()?;
    }
    if wants("lists", true) {
        bench.measure_lists()?;
    }
    if wants("mark", true) {
        bench.measure_marking()?;
    }
    if wants("search", true) {
        bench.measure_search()?;
    }
    if wants("index", false) {
        bench.measure_index()?;
    }
    if wants("beside", false) {
        bench.measure_beside()?;
    }
    if wants("purge", false) {
        bench.measure_purge()?;
    }
    Ok(())
}

impl Bench {
    fn open(&self) -> Result<Store> {
        let options = Options {
            automatic_snapshots: false,
            ..Options::default()
        };
        Store::open_with(&self.folder, options)
    }

    fn fill(&self) -> Result<()> {
        let store = self.open()?;
        let mut new = Vec::new();
        for at in 0..self.feeds {
            new.push(NewFeed {
                url: feed_url(at),
                folder: Some(store.folders().named(&format!("Folder {}", at % FOLDERS))?),
                title: Some(format!("Feed {at}")),
                ..NewFeed::default()
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
        committing(&store, |commit| {
            at_once(|| self.write(&store, commit, &ids, &next))
        })?;
        let spent = started.elapsed();
        let rate = self.articles as f64 / spent.as_secs_f64();
        println!("stored {} in {spent:.1?}: {rate:.0}/s", self.articles);
        println!("resident {} MB after storing", resident() >> 20);
        store.finish_indexing()?;
        println!("stored and indexed after {:.1?}", started.elapsed());
        Ok(())
    }

    /// Commits batches until all are taken, as the fetches of a sync do.
    fn write(
        &self,
        store: &Store,
        commit: &Commit<'_>,
        feeds: &[FeedId],
        next: &AtomicUsize,
    ) -> Result<()> {
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            if first >= self.articles {
                return Ok(());
            }
            let until = self.articles.min(first + BATCH);
            let committed = commit(self.batch(feeds, first, until))?;
            let saved: Vec<_> = committed.new.iter().step_by(SAVED).copied().collect();
            let mark = Mark {
                read: None,
                saved: Some(true),
            };
            store.mark(&saved, mark, NOW + first as i64)?;
        }
    }

    /// What a feed brings: the articles of these numbers.
    fn batch(&self, feeds: &[FeedId], first: usize, until: usize) -> FeedBatch {
        FeedBatch {
            feed: feeds[first / BATCH % feeds.len()],
            facts: FeedFacts::default(),
            articles: (first..until).map(|at| self.article(at)).collect(),
            received_at: NOW,
        }
    }

    /// An article of about 3 KB of HTML; the same for the same number.
    fn article(&self, at: usize) -> NewArticle {
        let mut numbers = Numbers(at as u64 ^ 0x5bd1_e995);
        let sentence = |numbers: &mut Numbers| &*self.sentences[numbers.next(self.sentences.len())];
        let mut html = String::new();
        while html.len() < 2_900 {
            html.push_str("<p>");
            for _ in 0..=numbers.next(3) {
                html.push_str(sentence(&mut numbers));
                html.push(' ');
            }
            if numbers.next(4) == 0 {
                let link = format!(
                    "<a href=\"https://site.example/tag/{}\">",
                    numbers.next(900)
                );
                html.extend([link.as_str(), sentence(&mut numbers), "</a>"]);
            }
            html.push_str("</p>\n");
        }
        let headline: Vec<&str> = sentence(&mut numbers).split(' ').take(10).collect();
        let excerpt: String = sentence(&mut numbers).chars().take(220).collect();
        NewArticle {
            guid: format!("https://site.example/2026/11/{at}"),
            url: Some(format!("https://site.example/2026/11/{at}")),
            title: headline.join(" "),
            authors: vec![format!("Redaksi {}", numbers.next(500))],
            published: Some(NOW - 10 * self.articles as i64 + 10 * at as i64),
            language: Some("id".into()),
            excerpt,
            word_count: 450,
            html,
            read: numbers.next(10) == 0,
            ..NewArticle::default()
        }
    }

    /// Writes the first articles as JSON Lines into the file that `DUMP` names.
    fn dump(&self) -> Result<()> {
        let Some(file) = std::env::var_os("DUMP") else {
            return Ok(());
        };
        let count = std::env::var("DUMP_ARTICLES").unwrap_or_default();
        let mut file = std::io::BufWriter::new(std::fs::File::create(file)?);
        for at in 0..count.parse().unwrap_or(self.articles) {
            let feed = at / BATCH % self.feeds;
            let article = self.article(at);
            let line = serde_json::json!({
                "feed": feed_url(feed), "feed_title": format!("Feed {feed}"),
                "guid": article.guid, "url": article.url, "title": article.title,
                "author": article.authors.join(", "), "published": article.published,
                "html": article.html, "read": article.read,
            });
            writeln!(file, "{line}")?;
        }
        Ok(())
    }

    fn measure_open(&self) -> Result<()> {
        let started = Instant::now();
        let store = self.open()?;
        let opened = started.elapsed();
        store.list(&newest(Place::All, false))?;
        let first = started.elapsed();
        println!("opened in {opened:.1?}, first list after {first:.1?}");
        println!("resident {} MB after open", resident() >> 20);
        Ok(())
    }

    fn measure_lists(&self) -> Result<()> {
        let store = self.open()?;
        let feeds = store.feeds()?;
        let folders = store.folders().all()?;
        let mut numbers = Numbers(3);
        for (name, unread) in [("newest 100", false), ("newest 100 unread", true)] {
            let of_feed = timed(&store, unread, || {
                Place::Feed(feeds[numbers.next(feeds.len())].id)
            })?;
            println!("{name} of a feed: {of_feed}");
            let of_folder = timed(&store, unread, || {
                Place::Folder(folders[numbers.next(folders.len())].id)
            })?;
            println!("{name} of a folder: {of_folder}");
            println!("{name} of all: {}", timed(&store, unread, || Place::All)?);
        }
        println!(
            "newest 100 saved: {}",
            timed(&store, false, || Place::Saved)?
        );
        let counted = Instant::now();
        let counts = store.counts()?;
        let (all, saved) = (counts.all, counts.saved);
        println!(
            "{all:?}, {saved} saved, counted in {:.1?}",
            counted.elapsed()
        );
        println!("resident {} MB at work", resident() >> 20);
        Ok(())
    }

    fn measure_marking(&self) -> Result<()> {
        let store = self.open()?;
        let before = store.counts()?.all.unread;
        // So far back that about a hundred thousand are unread.
        let since = NOW - 10 * 111_000;
        let started = Instant::now();
        let (changed, token) = store.mark_all_read(Place::Since(since), None, NOW)?;
        let spent = started.elapsed();
        let shown = store.counts()?.all.unread;
        println!("marked {changed} read in {spent:.1?}, seen by the reader as well");
        if shown + changed as u64 != before {
            return Err(StoreError::Invalid("the counters are wrong".into()));
        }
        let started = Instant::now();
        store.undo(token)?;
        println!("taken back in {:.1?}", started.elapsed());
        Ok(())
    }

    /// Words of the sentences, one to three at a time, as a reader might ask for them.
    fn measure_search(&self) -> Result<()> {
        let store = self.open()?;
        store.finish_indexing()?;
        let mut numbers = Numbers(17);
        let mut word = || loop {
            let sentence = &self.sentences[numbers.next(self.sentences.len())];
            let words: Vec<&str> = sentence
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| word.chars().count() > 3)
                .collect();
            if !words.is_empty() {
                return words[numbers.next(words.len())].to_owned();
            }
        };
        for words in 1..=3 {
            let mut times = Vec::new();
            let mut found = 0;
            for _ in 0..LOOKS / 4 {
                let query: Vec<String> = (0..words).map(|_| word()).collect();
                let query = query.join(" ");
                let started = Instant::now();
                found += store.search(&query, 20, 0)?.total;
                times.push(started.elapsed());
            }
            let (each, times) = (found / times.len(), quantiles(times));
            println!("search for {words} words: {times}, {each} found on average");
        }
        println!("resident {} MB at work", resident() >> 20);
        Ok(())
    }

    /// Makes the index again from nothing.
    fn measure_index(&self) -> Result<()> {
        std::fs::remove_dir_all(self.folder.join("search")).ok();
        let store = self.open()?;
        let (started, worked) = (Instant::now(), processor_time());
        store.finish_indexing()?;
        let spent = started.elapsed();
        let worked = processor_time().saturating_sub(worked);
        let per = |spent: Duration| self.articles as f64 / spent.as_secs_f64();
        println!(
            "indexed {} in {spent:.1?}: {:.0}/s, {:.0}/s of processor time",
            self.articles,
            per(spent),
            per(worked)
        );
        Ok(())
    }

    /// How fast articles are stored while the index follows, compared to before and after it, while it waits
    /// for the sync to end: so what the machine does meanwhile and the growing store even out.
    fn measure_beside(&self) -> Result<()> {
        let store = self.open()?;
        let feeds: Vec<FeedId> = store.feeds()?.iter().map(|feed| feed.id).collect();
        // Beyond every number that a run before this one stored.
        let first = 3 * self.articles + store.usage()?.articles as usize;
        let next = AtomicUsize::new(first.next_multiple_of(BATCH));
        let (mut waiting, mut following) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            store.finish_indexing()?;
            let began = Instant::now();
            waiting.push(self.rate(&store, &feeds, &next, began, INDEX_WAITS)?);
            if round < ROUNDS {
                following.push(self.rate(&store, &feeds, &next, began, INDEX_FOLLOWS)?);
            }
        }
        let mut parts: Vec<f64> = following
            .iter()
            .zip(waiting.windows(2))
            .map(|(follows, waits)| 2.0 * follows / (waits[0] + waits[1]))
            .collect();
        println!(
            "stored {waiting:.0?}/s while the index waits, {following:.0?}/s while it follows"
        );
        print!("{parts:.3?} of it, ");
        println!("median {:.3}", median(&mut parts));
        // What the machine alone does to such a comparison.
        let mut noise: Vec<f64> = waiting
            .windows(3)
            .map(|waits| 2.0 * waits[1] / (waits[0] + waits[2]))
            .collect();
        print!("{noise:.3?} of the ones before and after while it waits, ");
        println!("median {:.3}", median(&mut noise));
        Ok(())
    }

    /// Articles stored in a second, between these seconds after `began`; stores until then.
    fn rate(
        &self,
        store: &Store,
        feeds: &[FeedId],
        next: &AtomicUsize,
        began: Instant,
        (from, to): (u64, u64),
    ) -> Result<f64> {
        let (from, to) = (Duration::from_secs(from), Duration::from_secs(to));
        let stored = AtomicUsize::new(0);
        committing(store, |commit| {
            at_once(|| {
                while began.elapsed() < to {
                    let first = next.fetch_add(BATCH, Ordering::Relaxed);
                    commit(self.batch(feeds, first, first + BATCH))?;
                    if began.elapsed() >= from {
                        stored.fetch_add(BATCH, Ordering::Relaxed);
                    }
                }
                Ok(())
            })
        })?;
        Ok(stored.into_inner() as f64 / to.saturating_sub(from).as_secs_f64())
    }

    fn measure_purge(&self) -> Result<()> {
        let store = self.open()?;
        let tell = |name: &str| -> Result<u64> {
            let usage = store.usage()?;
            let kept = usage.bytes_bodies + usage.bytes_lists;
            println!(
                "{name}: {} articles, {:.0} MB (texts {:.0}, lists {:.0}), search {:.0} MB",
                usage.articles,
                megabytes(kept),
                megabytes(usage.bytes_bodies),
                megabytes(usage.bytes_lists),
                megabytes(usage.bytes_search),
            );
            Ok(kept)
        };
        let before = tell("before")?;
        let keep = Keep {
            articles: Some(self.articles as u64 / 2),
            ..Keep::default()
        };
        let started = Instant::now();
        let purged = store.retain(&keep, NOW)?;
        println!("purged {} in {:.1?}", purged.articles, started.elapsed());
        let started = Instant::now();
        store.compact(&|_| Vec::new(), &[])?;
        println!("compacted in {:.1?}", started.elapsed());
        let after = tell("after")?;
        println!("{:.2} of before", after as f64 / before as f64);
        println!("resident {} MB", resident() >> 20);
        Ok(())
    }
}

/// Stores a fetch's articles.
type Commit<'c> = dyn Fn(FeedBatch) -> Result<Committed> + Sync + 'c;

/// Does this with a thread beside it that stores the batches that wait together, as a sync's does.
fn committing(store: &Store, work: impl FnOnce(&Commit<'_>) -> Result<()>) -> Result<()> {
    let ended = || StoreError::Invalid("the committing thread has ended".into());
    let (to_store, batches) = mpsc::sync_channel::<(FeedBatch, mpsc::Sender<_>)>(TOGETHER);
    std::thread::scope(move |scope| {
        scope.spawn(move || {
            while let Ok(first) = batches.recv() {
                let more = batches.try_iter().take(TOGETHER - 1);
                let (group, replies): (Vec<_>, Vec<_>) = std::iter::once(first).chain(more).unzip();
                for (reply, outcome) in replies.into_iter().zip(store.commit_many(group)) {
                    // A writer that stopped at a failure of its own does not wait any more.
                    let _ = reply.send(outcome);
                }
            }
        });
        // Moved in, so that its end ends the thread.
        let commit = move |batch| {
            let (reply, outcome) = mpsc::channel();
            to_store.send((batch, reply)).map_err(|_| ended())?;
            outcome.recv().map_err(|_| ended())?
        };
        work(&commit)
    })
}

/// Does this in every writer's thread.
fn at_once(work: impl Fn() -> Result<()> + Sync) -> Result<()> {
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(&work)).collect();
        writers.into_iter().try_for_each(|writer| {
            writer
                .join()
                .unwrap_or_else(|_| Err(StoreError::Invalid("a writer panicked".into())))
        })
    })
}

fn feed_url(at: usize) -> String {
    format!("https://feed.example/{at}")
}

fn newest(place: Place, unread_only: bool) -> ListQuery {
    ListQuery {
        place,
        unread_only,
        before: None,
        limit: 100,
    }
}

fn timed(store: &Store, unread_only: bool, mut place: impl FnMut() -> Place) -> Result<String> {
    let mut spent = Vec::new();
    for _ in 0..LOOKS {
        let query = newest(place(), unread_only);
        let before = Instant::now();
        store.list(&query)?;
        spent.push(before.elapsed());
    }
    Ok(quantiles(spent))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

fn quantiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    format!("p50 {:.2?} p99 {:.2?}", at(0.5), at(0.99))
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// What this process has in memory, in bytes; zero where the system does not say.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok())
        .unwrap_or(0)
        << 10
}

/// How long this process has worked, over all processors; zero where the system does not say.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}
