//! Measures how much clustering new articles adds to a sync; `node benches/sync.mjs --placing`
//! serves the feeds, runs this and answers its prompts. Each round syncs twice from an empty store,
//! once with stories clustered between the two syncs and once without, in alternating order. The
//! second sync is compared, whose articles are inserted beside existing ones. Before each sync this
//! prints which one follows (`first`, `second`) and waits for a line, so that the feeds can
//! advance. Arguments: an OPML file, the time (seconds since 1970), and the number of rounds.
#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use warta_engine::api::SyncScope;
use warta_engine::{Clock, Engine, Opening};

/// The same allocator as in the app.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Prints the next step and waits until it is served.
fn ask(which: &str) -> Result<(), Box<dyn Error>> {
    println!("{which}");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(())
}

/// Duration of the second sync in seconds, and its number of new articles.
async fn second_sync(
    opml: &[u8],
    now: i64,
    with_stories: bool,
) -> Result<(f64, u32), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let engine = Engine::open(&opening(folder.path(), now))?;
    engine.opml().import_opml(opml)?;
    ask("first")?;
    engine.sync().sync(&SyncScope::All).await?;
    if with_stories {
        engine.stories().gather_stories()?;
    }
    engine.search().finish_indexing()?;
    ask("second")?;
    let began = Instant::now();
    let report = engine.sync().sync(&SyncScope::All).await?;
    Ok((began.elapsed().as_secs_f64(), report.new))
}

fn opening(folder: &Path, now: i64) -> Opening {
    Opening {
        clock: Clock::given(move || now),
        ..Opening::usual(folder, "id")
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [file, now, rounds] = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "an OPML file, a time and rounds are needed")?;
    #[expect(clippy::disallowed_methods, reason = "a bench's own file")]
    let opml = std::fs::read(file)?;
    let now = now.parse()?;
    let (mut without, mut with, mut added) = (Vec::new(), Vec::new(), Vec::new());
    let mut new = 0;
    for round in 0..rounds.parse::<usize>()? {
        let mut took = [0.0; 2];
        // Alternate the order.
        for with_stories in [round % 2 == 0, round % 2 == 1] {
            let (seconds, articles) = second_sync(&opml, now, with_stories).await?;
            took[usize::from(with_stories)] = seconds;
            new = articles;
        }
        without.push(took[0]);
        with.push(took[1]);
        added.push((took[1] / took[0] - 1.0) * 100.0);
    }
    println!(
        "{new} new articles: {:.3} s without stories, {:.3} s with them; {:+.1} % in the median round",
        median(&mut without),
        median(&mut with),
        median(&mut added),
    );
    Ok(())
}

fn median(of: &mut [f64]) -> f64 {
    of.sort_unstable_by(f64::total_cmp);
    of[of.len() / 2]
}
